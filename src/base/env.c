/* The real machine: see env.h. */
#include "base/env.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <time.h>

static int64_t clock_ms(clockid_t clock)
{
	struct timespec now;

	if (clock_gettime(clock, &now) != 0) {
		fprintf(stderr, "the system has no such clock\n");
		abort();
	}
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t system_now_ms(struct env *env)
{
	(void)env;
	return clock_ms(CLOCK_REALTIME);
}

/* The clock that goes on while the machine sleeps: an agent that locks itself after some minutes must count those. */
static int64_t system_monotonic_ms(struct env *env)
{
	(void)env;
	return clock_ms(CLOCK_BOOTTIME);
}

static void system_random(struct env *env, void *out, size_t n)
{
	uint8_t *p = out;

	(void)env;
	while (n > 0) {
		const ssize_t got = getrandom(p, n, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			fprintf(stderr, "the system gives no random numbers\n");
			abort();
		}
		p += got;
		n -= (size_t)got;
	}
}

struct env *env_system(void)
{
	static struct env env = { .now_ms = system_now_ms,
				  .monotonic_ms = system_monotonic_ms,
				  .random = system_random };

	env.disk = disk_system();
	env.net = net_system();
	return &env;
}
