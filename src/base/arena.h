/* Memory by lifetime: everything of one command or request in one arena.
 *
 * Nothing is freed alone; arena_release() frees all. Under AddressSanitizer
 * every piece is an allocation of its own, so overflows are seen.
 * Running out of memory aborts with one line: every growing thing has a limit
 * (base/limits.h), so this means that the machine itself is exhausted.
 *
 * Threads: one arena belongs to one thread.
 */
#ifndef PARLEY_BASE_ARENA_H
#define PARLEY_BASE_ARENA_H

#include <stddef.h>

#include "base/err.h"

struct arena_block;

struct arena {
	struct arena_block *blocks;
};

/** An empty arena; { 0 } is the same. */
void arena_init(struct arena *a);

/** Free everything; the arena is empty and usable again. */
void arena_release(struct arena *a);

/** Forget everything, but keep some of the memory, wiped, for what comes next. */
void arena_clear(struct arena *a);

/** n zeroed bytes, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *a, size_t n);

/** A copy of n bytes with a NUL behind them. */
char *arena_copy(struct arena *a, const char *p, size_t n);

/** A copy of a NUL-terminated text; NULL gives NULL. */
char *arena_text(struct arena *a, const char *text);

/** printf into the arena. */
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** malloc, calloc and realloc that abort with one line instead of returning NULL. */
void *mem_alloc(size_t n);
void *mem_resize(void *p, size_t n);

#endif
