/* Memory by lifetime: see arena.h. */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define EACH_ALONE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EACH_ALONE 1
#endif
#endif
#ifndef EACH_ALONE
#define EACH_ALONE 0
#endif

#define BLOCK_MIN 4096
#define BLOCK_MAX ((size_t)256 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t cap;
	size_t used;
	alignas(max_align_t) unsigned char data[];
};

static _Noreturn void out_of_memory(size_t n)
{
	fprintf(stderr, "out of memory: %zu bytes were asked for\n", n);
	abort();
}

void *mem_alloc(size_t n)
{
	void *p = calloc(1, n > 0 ? n : 1);

	if (!p)
		out_of_memory(n);
	return p;
}

void *mem_resize(void *p, size_t n)
{
	void *q = realloc(p, n > 0 ? n : 1);

	if (!q)
		out_of_memory(n);
	return q;
}

void arena_init(struct arena *a)
{
	a->blocks = NULL;
}

void arena_release(struct arena *a)
{
	struct arena_block *block = a->blocks, *next;

	for (; block; block = next) {
		next = block->next;
		explicit_bzero(block->data, block->used); /* opened bodies live in arenas */
		free(block);
	}
	a->blocks = NULL;
}

/* The block in front is the one in use, and the largest but for pieces that stand alone. */
void arena_clear(struct arena *a)
{
	struct arena_block *kept = a->blocks;
	struct arena rest = { kept ? kept->next : NULL };

	if (!kept || EACH_ALONE || kept->cap > BLOCK_MAX) {
		arena_release(a);
		return;
	}
	explicit_bzero(kept->data, kept->used);
	kept->used = 0;
	kept->next = NULL;
	arena_release(&rest);
}

static struct arena_block *block_new(size_t cap)
{
	struct arena_block *block;

	if (cap > SIZE_MAX - sizeof(*block))
		out_of_memory(cap);
	block = mem_alloc(sizeof(*block) + cap);
	block->cap = cap;
	return block;
}

/* A block for this piece alone. It goes behind the block in use, so that the room left there is not lost. */
static void *alloc_alone(struct arena *a, size_t n)
{
	struct arena_block *block = block_new(n);

	block->used = n;
	if (a->blocks) {
		block->next = a->blocks->next;
		a->blocks->next = block;
	} else {
		a->blocks = block;
	}
	return block->data;
}

void *arena_alloc(struct arena *a, size_t n)
{
	struct arena_block *block = a->blocks;
	size_t cap;
	void *p;

	if (EACH_ALONE || n > BLOCK_MAX / 4)
		return alloc_alone(a, n);
	n = (n + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
	if (!block || block->cap - block->used < n) {
		cap = block ? block->cap * 2 : BLOCK_MIN;
		cap = cap > BLOCK_MAX ? BLOCK_MAX : cap;
		block = block_new(cap > n ? cap : n);
		block->next = a->blocks;
		a->blocks = block;
	}
	p = block->data + block->used;
	block->used += n;
	return p;
}

char *arena_copy(struct arena *a, const char *p, size_t n)
{
	char *copy;

	if (n == SIZE_MAX)
		out_of_memory(n);
	copy = arena_alloc(a, n + 1);
	if (n > 0)
		memcpy(copy, p, n);
	return copy;
}

char *arena_text(struct arena *a, const char *text)
{
	return text ? arena_copy(a, text, strlen(text)) : NULL;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args;
	char *text;
	int n;

	va_start(args, fmt);
	n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	if (n < 0)
		out_of_memory(SIZE_MAX); /* the text would pass INT_MAX bytes: the only way that these formats fail */
	text = arena_alloc(a, (size_t)n + 1);
	va_start(args, fmt);
	vsnprintf(text, (size_t)n + 1, fmt, args);
	va_end(args);
	return text;
}
