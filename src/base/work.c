/* Work on plain arrays by all processors: see work.h. */
#include "base/work.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"

#define STRIDE 4 /* indexes taken at once: calls take some microseconds each */

struct work {
	void (*f)(void *ctx, size_t i);
	void *ctx;
	size_t n;
	atomic_size_t next;
	pthread_t threads[WORK_THREADS_MAX];
	size_t n_threads;
};

static atomic_uint threads_set;

void work_set_threads(unsigned n)
{
	atomic_store(&threads_set, n < WORK_THREADS_MAX ? n : WORK_THREADS_MAX);
}

unsigned work_threads(void)
{
	unsigned n = atomic_load(&threads_set);
	long processors;

	if (n == 0) {
		processors = sysconf(_SC_NPROCESSORS_ONLN);
		n = processors < 1 ? 1 : processors < WORK_THREADS_MAX ? (unsigned)processors : WORK_THREADS_MAX;
		atomic_store(&threads_set, n);
	}
	return n;
}

static void take_part(struct work *work)
{
	size_t from;

	while ((from = atomic_fetch_add(&work->next, STRIDE)) < work->n)
		for (size_t i = from; i < from + STRIDE && i < work->n; i++)
			work->f(work->ctx, i);
}

static void *helper(void *arg)
{
	take_part(arg);
	return NULL;
}

/* Start at most n, and one fewer than there are processors, for the caller works too. Signals stay with the threads that
 * there were before. */
static void start_helpers(struct work *work, size_t n)
{
	const size_t most = n < work_threads() - 1 ? n : work_threads() - 1;
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	while (work->n_threads < most && pthread_create(&work->threads[work->n_threads], NULL, helper, work) == 0)
		work->n_threads++;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static struct work *work_new(size_t n, void (*f)(void *ctx, size_t i), void *ctx)
{
	struct work *work = mem_alloc(sizeof *work);

	work->f = f;
	work->ctx = ctx;
	work->n = n;
	return work;
}

struct work *work_begin(size_t n, void (*f)(void *ctx, size_t i), void *ctx)
{
	struct work *work = work_new(n, f, ctx);

	if (n > 1)
		start_helpers(work, (n + STRIDE - 1) / STRIDE);
	return work;
}

struct work *work_aside(void (*f)(void *ctx, size_t i), void *ctx)
{
	struct work *work = work_new(1, f, ctx);

	start_helpers(work, 1);
	return work;
}

void work_end(struct work *work)
{
	if (!work)
		return;
	take_part(work);
	for (size_t i = 0; i < work->n_threads; i++)
		pthread_join(work->threads[i], NULL);
	free(work);
}

void work_each(size_t n, void (*f)(void *ctx, size_t i), void *ctx)
{
	work_end(work_begin(n, f, ctx));
}
