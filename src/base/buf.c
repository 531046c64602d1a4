/* A growable run of bytes with a maximum: see buf.h. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define CAP_MIN 64

void buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void buf_release(struct buf *b)
{
	if (b->p)
		explicit_bzero(b->p, b->cap);
	free(b->p);
	buf_init(b, b->max);
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->overflowed = false;
	if (b->p)
		b->p[0] = 0;
}

/* Bytes to allocate for n bytes and their NUL: doubling, but never more than the maximum needs. */
static size_t cap_for(const struct buf *b, size_t n)
{
	size_t cap = b->cap > CAP_MIN / 2 ? b->cap * 2 : CAP_MIN;

	if (cap < n + 1)
		cap = n + 1;
	if (cap - 1 > b->max)
		cap = b->max + 1;
	return cap;
}

void buf_put(struct buf *b, const void *p, size_t n)
{
	uint8_t *old = NULL;
	size_t old_cap = b->cap;

	if (b->overflowed)
		return;
	if (n > b->max || b->n > b->max - n) {
		b->overflowed = true;
		return;
	}
	if (b->n + n + 1 > b->cap) {
		const size_t cap = cap_for(b, b->n + n);
		uint8_t *grown = mem_alloc(cap);

		if (b->n > 0)
			memcpy(grown, b->p, b->n);
		old = b->p;
		b->p = grown;
		b->cap = cap;
	}
	if (n > 0)
		memmove(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = 0;
	if (old) /* freed last: p may point into it; wiped, which realloc() would not do */
		explicit_bzero(old, old_cap);
	free(old);
}

void buf_text(struct buf *b, const char *text)
{
	buf_put(b, text, strlen(text));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	char small[256];
	char *text = small;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(small, sizeof(small), fmt, args);
	va_end(args);
	if (n < 0) {
		b->overflowed = true; /* longer than INT_MAX */
		return;
	}
	if ((size_t)n >= sizeof(small)) {
		text = mem_alloc((size_t)n + 1);
		va_start(args, fmt);
		vsnprintf(text, (size_t)n + 1, fmt, args);
		va_end(args);
	}
	buf_put(b, text, (size_t)n);
	explicit_bzero(text, (size_t)n);
	if (text != small)
		free(text);
}

int buf_check(const struct buf *b, const char *what, struct err *err)
{
	if (!b->overflowed)
		return 0;
	return err_set(err, E_LIMIT, "%s is larger than the limit of %zu bytes", what, b->max);
}

const char *buf_str(const struct buf *b)
{
	return b->p ? (const char *)b->p : "";
}
