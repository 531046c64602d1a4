/* Work on plain arrays by all processors.
 *
 * A job is a function called once for each index; which thread calls it for which index, and in what order, is not
 * known, so each call writes to its own place only and the result does not depend on the number of threads. A job
 * never touches a database, an env or anything else that belongs to the owner thread; what it reads, the owner leaves
 * alone until work_end().
 *
 * Threads: started by work_begin() and gone after work_end(): none sleeps between jobs, so that a process may fork.
 * Where none can be started the caller does all the work. Memory: work_end() frees.
 */
#ifndef PARLEY_BASE_WORK_H
#define PARLEY_BASE_WORK_H

#include <stddef.h>

#define WORK_THREADS_MAX 16

struct work;

/** Start calling f(ctx, i) for i in 0..n-1 on the other processors, and go on.
 * @param n  with less than two, everything is left for work_end() */
struct work *work_begin(size_t n, void (*f)(void *ctx, size_t i), void *ctx);

/** Let another processor make the one call f(ctx, 0). */
struct work *work_aside(void (*f)(void *ctx, size_t i), void *ctx);

/** Take part until all calls are done, then free the job. NULL is fine. */
void work_end(struct work *work);

/** Both at once. */
void work_each(size_t n, void (*f)(void *ctx, size_t i), void *ctx);

/** How many threads work at once, the caller's included: as many as there are processors, unless set otherwise.
 * @param n  1..WORK_THREADS_MAX; 0: as many as there are processors */
void work_set_threads(unsigned n);
unsigned work_threads(void);

#endif
