/* A growable run of bytes that cannot exist without a maximum.
 *
 * Invariant: b.p[b.n] == 0 whenever b.p is not NULL, so a buffer of text can be
 * printed. After the first append that would pass the maximum the buffer is
 * "overflowed": later appends do nothing and buf_check() reports E_LIMIT.
 *
 * Threads: one buffer belongs to one thread. Memory: owned; buf_release() frees.
 */
#ifndef PARLEY_BASE_BUF_H
#define PARLEY_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct buf {
	uint8_t *p;
	size_t n;
	size_t cap;
	size_t max;
	bool overflowed;
};

void buf_init(struct buf *b, size_t max);
void buf_release(struct buf *b); /* wipes before freeing */
void buf_clear(struct buf *b);   /* keeps the memory */

void buf_put(struct buf *b, const void *p, size_t n);
void buf_text(struct buf *b, const char *text);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** @return 0; E_LIMIT if an append was dropped, with `what` in the text */
MUST_CHECK int buf_check(const struct buf *b, const char *what, struct err *err);

/** The buffer as text ("" when empty). */
const char *buf_str(const struct buf *b);

#endif
