#include "node/agent.h"

#include <string.h>

/* The conversation: one byte asks, one byte answers, then perhaps the key. */
enum { ASK_KEY = 'k', ASK_STOP = 's', ANSWER_YES = 'y' };

#define ANSWER_TIMEOUT_MS 5000
#define LOOK_MS 1000

static int socket_path(const char *home, char out[static DISK_PATH_MAX], struct err *err)
{
	return disk_join(home, "agent.sock", out, err);
}

/* Answer one connection; true if the agent is to end. */
static bool answer(struct env *env, struct net_conn *conn, const uint8_t root[static KEY_BYTES])
{
	struct net *net = env->net;
	struct err ignored;
	uint8_t question, yes = ANSWER_YES;

	if (!net->same_user(net, conn))
		return false; /* closed without a word */
	if (net->recv(net, conn, &question, 1, ANSWER_TIMEOUT_MS, &ignored) < 0)
		return false;
	if (question != ASK_KEY && question != ASK_STOP)
		return false;
	if (net->send(net, conn, &yes, 1, &ignored) < 0)
		return false;
	if (question == ASK_KEY && net->send(net, conn, root, KEY_BYTES, &ignored) < 0)
		return false;
	return question == ASK_STOP;
}

/* Waiting does not count while the machine sleeps, the end of the time does: look at it every second. */
static int wait_for_asker(struct env *env, struct net_listener *listener, int64_t end_ms, struct net_conn **ret,
			  struct err *err)
{
	int64_t left = end_ms - env->monotonic_ms(env);

	*ret = NULL;
	return left <= 0 ? 0 : env->net->accept(env->net, listener, left < LOOK_MS ? left : LOOK_MS, ret, err);
}

int agent_serve(struct env *env, const char *home, uint8_t *root, int64_t for_ms, struct err *err)
{
	struct net *net = env->net;
	const int64_t end = env->monotonic_ms(env) + for_ms;
	struct net_listener *listener = NULL;
	struct net_conn *last = NULL;
	char path[DISK_PATH_MAX];
	int rc = socket_path(home, path, err);

	if (rc == 0)
		rc = net->listen_local(net, path, &listener, err);
	if (rc == E_LOCKED)
		rc = err_set(err, E_LOCKED, "this home is unlocked already: 'parley lock' ends that");
	while (rc == 0 && !last && env->monotonic_ms(env) < end) {
		struct net_conn *conn = NULL;

		rc = wait_for_asker(env, listener, end, &conn, err);
		if (rc == 0 && conn && env->monotonic_ms(env) < end && answer(env, conn, root))
			last = conn; /* who asked learns that we have ended by the connection's end: close it last */
		else
			net->close(net, conn);
	}
	secret_free(root);
	net->stop(net, listener);
	net->close(net, last);
	return rc;
}

/* Ask one question and wait for the yes. */
static int ask(struct env *env, const char *home, uint8_t question, struct net_conn **ret, struct err *err)
{
	struct net *net = env->net;
	char path[DISK_PATH_MAX];
	struct net_conn *conn = NULL;
	uint8_t reply = 0;
	int rc = socket_path(home, path, err);

	if (rc == 0)
		rc = net->connect_local(net, path, &conn, err);
	if (rc == 0 && !net->same_user(net, conn))
		rc = err_set(err, E_DENIED,
			     "another user listens at this home's agent socket: nothing was asked of it");
	if (rc == 0)
		rc = net->send(net, conn, &question, 1, err);
	if (rc == 0)
		rc = net->recv(net, conn, &reply, 1, ANSWER_TIMEOUT_MS, err);
	if (rc == 0 && reply != ANSWER_YES)
		rc = err_set(err, E_DENIED, "the agent of this home refused");
	if (rc < 0) {
		net->close(net, conn);
		return rc;
	}
	*ret = conn;
	return 0;
}

int agent_ask(struct env *env, const char *home, uint8_t ret_root[static KEY_BYTES], struct err *err)
{
	struct net_conn *conn = NULL;
	int rc = ask(env, home, ASK_KEY, &conn, err);

	if (rc == 0)
		rc = env->net->recv(env->net, conn, ret_root, KEY_BYTES, ANSWER_TIMEOUT_MS, err);
	env->net->close(env->net, conn);
	return rc;
}

int agent_stop(struct env *env, const char *home, struct err *err)
{
	struct net_conn *conn = NULL;
	uint8_t rest, root[KEY_BYTES];
	int rc = ask(env, home, ASK_STOP, &conn, err);

	/* The agent closes the connection when it has let go of the key: that nothing more comes is what we wait for. */
	if (rc == 0 && (env->net->recv(env->net, conn, &rest, 1, ANSWER_TIMEOUT_MS, NULL) == 0 ||
			agent_ask(env, home, root, NULL) == 0))
		rc = err_set(err, E_IO,
			     "the agent of this home does not end: kill the process, or restart the machine");
	env->net->close(env->net, conn);
	secret_wipe(root, sizeof root);
	return rc;
}
