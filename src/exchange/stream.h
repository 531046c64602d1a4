/* Where bytes come from and where they go: all that this room knows of files.
 *
 * Threads: one stream belongs to one thread. Memory: the caller's.
 */
#ifndef PARLEY_EXCHANGE_STREAM_H
#define PARLEY_EXCHANGE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* Where bytes come from: fill up to n, 0 at the end.
 * @return 0 or a negative code */
struct source {
	int (*read)(void *ctx, void *out, size_t n, size_t *ret_n, struct err *err);
	int (*rewind)(void *ctx, struct err *err); /* start anew; NULL if that is not possible */
	void *ctx;
	uint64_t size; /* 0 if not known: for progress only */
};

/* Where bytes go. */
struct sink {
	int (*write)(void *ctx, const void *p, size_t n, struct err *err);
	void *ctx;
};

#endif
