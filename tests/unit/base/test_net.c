#include "base/net.h"

#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "base/env.h"
#include "support/faulty_disk.h"
#include "support/test.h"

static char folder[DISK_PATH_MAX];
static char path[DISK_PATH_MAX];

static int make_folder(void **state)
{
	struct err err;

	(void)state;
	folder_make(folder);
	return disk_join(folder, "agent", path, &err);
}

static int remove_folder(void **state)
{
	(void)state;
	folder_clear(folder, true);
	return 0;
}

/* A connection with both ends in this process. */
static void connect_pair(const char *at, struct net_listener *listener, struct net_conn **ret_client,
			 struct net_conn **ret_server)
{
	struct net *n = net_system();
	struct err err;

	expect_ok(n->connect_local(n, at, ret_client, &err), &err);
	*ret_server = NULL;
	expect_ok(n->accept(n, listener, 1000, ret_server, &err), &err);
	assert_non_null(*ret_server);
}

static void check_talk(const char *at)
{
	struct net *n = net_system();
	struct net_listener *listener;
	struct net_conn *client, *server;
	struct stat st;
	struct err err;
	char in[8] = "";

	expect_ok(n->listen_local(n, at, &listener, &err), &err);
	assert_int_equal(stat(at, &st), 0);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 07777, 0600);
	connect_pair(at, listener, &client, &server);
	assert_true(n->same_user(n, client));
	assert_true(n->same_user(n, server));
	expect_ok(n->send(n, client, "abcdef", 6, &err), &err);
	expect_ok(n->recv(n, server, in, 2, 1000, &err), &err);
	expect_ok(n->recv(n, server, in + 2, 4, -1, &err), &err);
	assert_string_equal(in, "abcdef");
	expect_ok(n->send(n, server, "back", 4, &err), &err);
	expect_ok(n->recv(n, client, in, 4, 1000, &err), &err);
	assert_memory_equal(in, "back", 4);
	expect_ok(n->send(n, server, "", 0, &err), &err);
	expect_ok(n->recv(n, client, in, 0, 0, &err), &err);
	n->close(n, client);
	n->close(n, server);
	n->stop(n, listener);
	assert_int_equal(access(at, F_OK), -1); /* the file is removed */
}

static void test_talk(void **state)
{
	const mode_t was = umask(0);

	struct net *n = net_system();

	(void)state;
	check_talk(path);
	umask(was);
	n->close(n, NULL);
	n->stop(n, NULL);
}

/* Names and folders far beyond what a socket address holds. */
static void test_long_paths(void **state)
{
	struct disk *d = disk_system();
	char longer[DISK_PATH_MAX] = "", name[252];
	struct err err;

	(void)state;
	memset(name, 'n', sizeof(name));
	for (size_t n = 60; n < sizeof(name); n += 10) {
		name[n] = '\0';
		expect_ok(disk_join(folder, name, longer, &err), &err);
		check_talk(longer);
		name[n] = 'n';
	}
	name[200] = '\0';
	memcpy(longer, folder, sizeof(longer));
	for (int depth = 0; depth < 4; depth++)
		expect_ok(disk_join(longer, name, longer, &err), &err);
	expect_ok(d->make_dir(d, longer, &err), &err);
	expect_ok(disk_join(longer, name, longer, &err), &err);
	check_talk(longer);
	for (int depth = 0; depth < 4; depth++) {
		disk_parent(longer, longer);
		assert_int_equal(rmdir(longer), 0);
	}
}

static void test_nobody_listens(void **state)
{
	struct net *n = net_system();
	struct net_conn *conn;
	struct disk_file *file;
	struct err err;

	(void)state;
	expect_err(n->connect_local(n, path, &conn, &err), E_NOT_FOUND, &err, "nobody listens on");
	expect_err(n->connect_local(n, "/no/such/folder/agent", &conn, &err), E_NOT_FOUND, &err, NULL);
	expect_ok(disk_system()->open(disk_system(), path, DISK_WRITE | DISK_CREATE, &file, &err), &err);
	disk_system()->close(disk_system(), file);
	expect_err(n->connect_local(n, path, &conn, &err), E_NOT_FOUND, &err, "nobody listens on");
}

static void check_living(const char *at)
{
	struct net *n = net_system();
	struct net_listener *first, *second;
	struct net_conn *client, *server;
	struct err err;
	char c;

	expect_ok(n->listen_local(n, at, &first, &err), &err);
	expect_err(n->listen_local(n, at, &second, &err), E_LOCKED, &err, "another program listens");
	expect_ok(n->accept(n, first, 1000, &server, &err), &err); /* the second's question: closed at once */
	expect_err(n->recv(n, server, &c, 1, 1000, &err), E_IO, &err, "closed the connection");
	n->close(n, server);
	connect_pair(at, first, &client, &server);
	n->close(n, client);
	n->close(n, server);
	n->stop(n, first);
}

static void check_dead(const char *at)
{
	struct net *n = net_system();
	struct net_listener *listener;
	struct err err;
	const pid_t child = fork();
	int status = -1;

	if (child == 0)
		_exit(n->listen_local(n, at, &listener, &err) == 0 ? 0 : 1); /* without stop: the file stays */
	assert_true(child > 0 && waitpid(child, &status, 0) == child);
	assert_int_equal(status, 0);
	assert_int_equal(access(at, F_OK), 0);
	check_talk(at);
}

/* A path whose last name alone is longer than a socket address. */
static const char *long_path(void)
{
	static char at[DISK_PATH_MAX];
	char name[201];
	struct err err;

	memset(name, 'n', sizeof(name));
	name[sizeof(name) - 1] = '\0';
	expect_ok(disk_join(folder, name, at, &err), &err);
	return at;
}

static void test_living_listener_is_left_alone(void **state)
{
	(void)state;
	check_living(path);
	check_living(long_path());
	folder_clear(folder, false);
}

static void test_dead_listener_is_replaced(void **state)
{
	char list[1024];

	(void)state;
	check_dead(path);
	check_dead(long_path());
	folder_list(folder, list);
	assert_string_equal(list, ""); /* nothing of a short name is left either */
}

static void test_where_nobody_may_listen(void **state)
{
	struct net *n = net_system();
	const uid_t was = geteuid();
	char longer[DISK_PATH_MAX + 1];
	struct net_listener *listener;
	struct net_conn *conn;
	struct err err;
	int rc;

	(void)state;
	memset(longer, 'x', sizeof(longer));
	longer[DISK_PATH_MAX] = '\0';
	expect_err(n->listen_local(n, longer, &listener, &err), E_LIMIT, &err, "too long");
	expect_err(n->connect_local(n, longer, &conn, &err), E_LIMIT, &err, "too long");
	assert_int_equal(chmod(folder, 0555), 0);
	if (was == 0)
		assert_int_equal(seteuid(65534), 0);
	rc = n->listen_local(n, path, &listener, &err);
	assert_int_equal(seteuid(was), 0);
	assert_int_equal(chmod(folder, 0700), 0);
	expect_err(rc, E_DENIED, &err, "cannot listen on");
}

/* Ten seconds long, so it runs in the soak only. */
static void test_peer_that_does_not_read(void **state)
{
	const size_t size = 16 << 20;
	struct net *n = net_system();
	struct net_listener *listener;
	struct net_conn *client, *server;
	uint8_t *bytes;
	struct err err;

	(void)state;
	if (!getenv("PARLEY_SOAK"))
		leave_out("takes ten seconds; set PARLEY_SOAK");
	bytes = mem_alloc(size);
	expect_ok(n->listen_local(n, path, &listener, &err), &err);
	connect_pair(path, listener, &client, &server);
	expect_err(n->send(n, client, bytes, size, &err), E_IO, &err, "does not read");
	n->close(n, client);
	n->close(n, server);
	n->stop(n, listener);
	free(bytes);
}

static void test_other_files_are_not_replaced(void **state)
{
	struct net *n = net_system();
	struct disk *d = disk_system();
	struct net_listener *listener;
	struct disk_file *file;
	struct disk_stat st;
	struct err err;

	(void)state;
	expect_ok(d->open(d, path, DISK_WRITE | DISK_CREATE, &file, &err), &err);
	expect_ok(d->write(d, file, 0, "x", 1, &err), &err);
	d->close(d, file);
	expect_err(n->listen_local(n, path, &listener, &err), E_EXISTS, &err, "another file has that name");
	expect_ok(d->stat(d, path, &st, &err), &err);
	assert_true(st.type == DISK_REGULAR && st.size == 1);
	expect_err(n->listen_local(n, "/no/such/folder/agent", &listener, &err), E_NOT_FOUND, &err, NULL);
}

/* stop() removes what it made and nothing that came later under the same name. */
static void test_stop_removes_only_its_own(void **state)
{
	struct net *n = net_system();
	struct net_listener *first, *second;
	struct net_conn *client, *server;
	struct err err;

	(void)state;
	expect_ok(n->listen_local(n, path, &first, &err), &err);
	assert_int_equal(unlink(path), 0);
	expect_ok(n->listen_local(n, path, &second, &err), &err);
	n->stop(n, first);
	assert_int_equal(access(path, F_OK), 0);
	connect_pair(path, second, &client, &server);
	n->close(n, client);
	n->close(n, server);
	n->stop(n, second);
}

static void test_time_outs(void **state)
{
	struct net *n = net_system();
	struct env *env = env_system();
	struct net_listener *listener;
	struct net_conn *client, *server, *none = (struct net_conn *)&listener;
	struct err err;
	int64_t start, waited;
	char in[4];

	(void)state;
	expect_ok(n->listen_local(n, path, &listener, &err), &err);
	start = env->monotonic_ms(env);
	expect_ok(n->accept(n, listener, 60, &none, &err), &err);
	assert_null(none);
	waited = env->monotonic_ms(env) - start;
	assert_true(waited >= 59 && waited < 5000);
	expect_ok(n->accept(n, listener, 0, &none, &err), &err);
	assert_null(none);
	connect_pair(path, listener, &client, &server);
	expect_ok(n->send(n, client, "ab", 2, &err), &err);
	start = env->monotonic_ms(env);
	expect_err(n->recv(n, server, in, 3, 60, &err), E_IO, &err, "in time"); /* two of three bytes came */
	waited = env->monotonic_ms(env) - start;
	assert_true(waited >= 59 && waited < 5000);
	n->close(n, client);
	expect_err(n->recv(n, server, in, 1, 60, &err), E_IO, &err, "closed the connection");
	n->close(n, server);
	n->stop(n, listener);
}

static void on_alarm(int number)
{
	(void)number;
}

static void test_signal_ends_accept(void **state)
{
	struct net *n = net_system();
	const struct itimerval soon = { .it_value = { .tv_usec = 50000 } };
	const struct sigaction action = { .sa_handler = on_alarm };
	struct net_listener *listener;
	struct net_conn *none = (struct net_conn *)&listener;
	struct err err;

	(void)state;
	expect_ok(n->listen_local(n, path, &listener, &err), &err);
	assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
	expect_ok(n->accept(n, listener, -1, &none, &err), &err); /* would wait for ever */
	assert_null(none);
	n->stop(n, listener);
}

static void test_send_to_a_closed_peer(void **state)
{
	struct net *n = net_system();
	struct net_listener *listener;
	struct net_conn *client, *server;
	struct err err;

	(void)state;
	expect_ok(n->listen_local(n, path, &listener, &err), &err);
	connect_pair(path, listener, &client, &server);
	n->close(n, server);
	expect_err(n->send(n, client, "x", 1, &err), E_IO, &err, "cannot send"); /* and no SIGPIPE */
	n->close(n, client);
	n->stop(n, listener);
}

/* More than the socket holds: both sides must take it in pieces. */
static void test_much(void **state)
{
	const size_t size = 4 << 20;
	struct net *n = net_system();
	struct net_listener *listener;
	struct net_conn *client, *server;
	uint8_t *bytes = mem_alloc(size), *in = mem_alloc(size);
	struct err err;
	pid_t child;
	int status = -1;

	(void)state;
	for (size_t i = 0; i < size; i++)
		bytes[i] = (uint8_t)(i * 31 + i / 251);
	expect_ok(n->listen_local(n, path, &listener, &err), &err);
	connect_pair(path, listener, &client, &server);
	child = fork();
	if (child == 0)
		_exit(n->send(n, client, bytes, size, &err) == 0 ? 0 : 1);
	assert_true(child > 0);
	expect_ok(n->recv(n, server, in, size, 10000, &err), &err);
	assert_memory_equal(in, bytes, size);
	assert_true(waitpid(child, &status, 0) == child && status == 0);
	n->close(n, client);
	n->close(n, server);
	n->stop(n, listener);
	free(bytes);
	free(in);
}

static void test_other_user(void **state)
{
	struct net *n = net_system();
	struct net_listener *listener;
	struct net_conn *server = NULL;
	struct err err;
	pid_t child;
	int status = -1;

	(void)state;
	if (geteuid() != 0)
		leave_out("only root can become another user");
	expect_ok(n->listen_local(n, path, &listener, &err), &err);
	assert_int_equal(chmod(path, 0666), 0);
	assert_int_equal(chmod(folder, 0755), 0);
	child = fork();
	if (child == 0) {
		struct net_conn *client;
		char c;

		if (setuid(65534) != 0 || n->connect_local(n, path, &client, &err) < 0)
			_exit(1);
		_exit(n->recv(n, client, &c, 1, 5000, &err) == 0 ? 0 : 2);
	}
	expect_ok(n->accept(n, listener, 5000, &server, &err), &err);
	assert_non_null(server);
	assert_false(n->same_user(n, server));
	expect_ok(n->send(n, server, "x", 1, &err), &err);
	assert_true(child > 0 && waitpid(child, &status, 0) == child);
	assert_int_equal(status, 0);
	n->close(n, server);
	n->stop(n, listener);
}

static void test_env(void **state)
{
	struct env *env = env_system();
	uint8_t one[512], two[512];
	const int64_t before = env->monotonic_ms(env);

	(void)state;
	memset(one, 0, sizeof(one));
	memset(two, 0, sizeof(two));
	env->random(env, one, sizeof(one));
	env->random(env, two, sizeof(two));
	assert_memory_not_equal(one, two, sizeof(one));
	assert_memory_not_equal(one, one + 256, 256);
	env->random(env, one, 0);
	assert_true(env->monotonic_ms(env) >= before);
	assert_true(env->now_ms(env) > INT64_C(1600000000000)); /* 2020: milliseconds, not seconds */
	assert_true(env->now_ms(env) < INT64_C(9007199254740991));
	assert_ptr_equal(env->disk, disk_system());
	assert_ptr_equal(env->net, net_system());
	assert_ptr_equal(env, env_system());
}

#define in_own_folder(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_own_folder(test_talk),
		in_own_folder(test_long_paths),
		in_own_folder(test_nobody_listens),
		in_own_folder(test_living_listener_is_left_alone),
		in_own_folder(test_dead_listener_is_replaced),
		in_own_folder(test_other_files_are_not_replaced),
		in_own_folder(test_where_nobody_may_listen),
		in_own_folder(test_peer_that_does_not_read),
		in_own_folder(test_stop_removes_only_its_own),
		in_own_folder(test_time_outs),
		in_own_folder(test_signal_ends_accept),
		in_own_folder(test_send_to_a_closed_peer),
		in_own_folder(test_much),
		in_own_folder(test_other_user),
		cmocka_unit_test(test_env),
	};

	return run_tests("base/net", tests);
}
