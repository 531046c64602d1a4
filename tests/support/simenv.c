/* A machine that is all settable: see simenv.h. */
#include "support/simenv.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/db.h"

static struct simenv *of(struct env *env)
{
	return (struct simenv *)env;
}

static int64_t sim_now_ms(struct env *env)
{
	struct simenv *e = of(env);

	e->now_ms += e->now_step_ms;
	return e->now_ms;
}

static int64_t sim_monotonic_ms(struct env *env)
{
	struct simenv *e = of(env);

	e->monotonic_now_ms += e->monotonic_step_ms;
	return e->monotonic_now_ms;
}

static void sim_random(struct env *env, void *out, size_t n)
{
	struct simenv *e = of(env);
	uint8_t *p = out;

	while (n > 0) {
		const uint64_t word = sim_draw(&e->seed);
		const size_t part = n < sizeof word ? n : sizeof word;

		memcpy(p, &word, part);
		p += part;
		n -= part;
	}
}

/* --- no network -------------------------------------------------------------------------------------------- */

static int refuse(struct err *err)
{
	return err_set(err, E_DENIED, "this machine has no network");
}

static int sim_listen(struct net *net, const char *path, struct net_listener **ret, struct err *err)
{
	(void)net;
	(void)path;
	(void)ret;
	return refuse(err);
}

static int sim_accept(struct net *net, struct net_listener *listener, int64_t timeout_ms, struct net_conn **ret,
		      struct err *err)
{
	(void)net;
	(void)listener;
	(void)timeout_ms;
	(void)ret;
	return refuse(err);
}

static int sim_connect(struct net *net, const char *path, struct net_conn **ret, struct err *err)
{
	(void)net;
	(void)ret;
	return err_set(err, E_NOT_FOUND, "nobody listens at %s", path);
}

static bool sim_same_user(struct net *net, struct net_conn *conn)
{
	(void)net;
	(void)conn;
	return false;
}

static int sim_send(struct net *net, struct net_conn *conn, const void *p, size_t n, struct err *err)
{
	(void)net;
	(void)conn;
	(void)p;
	(void)n;
	return refuse(err);
}

static int sim_recv(struct net *net, struct net_conn *conn, void *out, size_t n, int64_t timeout_ms, struct err *err)
{
	(void)net;
	(void)conn;
	(void)out;
	(void)n;
	(void)timeout_ms;
	return refuse(err);
}

static void sim_close_conn(struct net *net, struct net_conn *conn)
{
	(void)net;
	(void)conn;
}

static void sim_stop(struct net *net, struct net_listener *listener)
{
	(void)net;
	(void)listener;
}

void simenv_init(struct simenv *e, struct simdisk *disk, uint64_t seed)
{
	*e = (struct simenv){
		.env = { .now_ms = sim_now_ms, .monotonic_ms = sim_monotonic_ms, .random = sim_random },
		.net = { .listen_local = sim_listen,
			 .accept = sim_accept,
			 .connect_local = sim_connect,
			 .same_user = sim_same_user,
			 .send = sim_send,
			 .recv = sim_recv,
			 .close = sim_close_conn,
			 .stop = sim_stop },
		.disk = disk,
		.now_ms = SIM_MORNING,
		.now_step_ms = 1000,
		.monotonic_step_ms = 20,
		.seed = seed,
	};
	e->env.disk = disk ? &disk->disk : NULL;
	e->env.net = &e->net;
	simenv_seed_library(seed);
}

/* The library must be started by base, with its settings, before anything else touches it. */
static void start_library(void)
{
	static bool started;
	struct db *db = NULL;

	if (started)
		return;
	if (db_open_memory(&db, NULL) < 0)
		abort();
	db_close(db);
	started = true;
}

void simenv_seed_library(uint64_t seed)
{
	start_library();
	sqlite3_test_control(SQLITE_TESTCTRL_PRNG_SEED, (int)(seed % 0x7fffffff) + 1, (sqlite3 *)NULL);
	sqlite3_randomness(0, NULL); /* draw anew from that seed */
}
