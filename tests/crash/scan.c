/* Looking for words and keys in bytes: see scan.h. */
#include "scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define NAME_MAX_ 64

struct scan_pattern {
	uint8_t *p;
	size_t n;
	char name[NAME_MAX_];
};

static void add(struct scan *scan, const char *what, const char *clothing, const void *p, size_t n)
{
	struct scan_pattern *pattern;

	if (scan->n == scan->cap) {
		scan->cap = scan->cap ? 2 * scan->cap : 64;
		scan->patterns = mem_resize(scan->patterns, scan->cap * sizeof *scan->patterns);
	}
	pattern = &scan->patterns[scan->n++];
	*pattern = (struct scan_pattern){ .p = mem_alloc(n), .n = n };
	memcpy(pattern->p, p, n);
	snprintf(pattern->name, sizeof pattern->name, "%s, %s", what, clothing);
}

static void add_hex(struct scan *scan, const char *what, const uint8_t *p, size_t n)
{
	char *hex = mem_alloc(2 * n + 1);

	hex_encode(p, n, hex);
	add(scan, what, "hex", hex, 2 * n);
	for (size_t i = 0; i < 2 * n; i++)
		if (hex[i] >= 'a')
			hex[i] = (char)(hex[i] - 'a' + 'A');
	add(scan, what, "HEX", hex, 2 * n);
	free(hex);
}

/* Behind `before` bytes of something else: only the characters that follow from the bytes alone. */
static void add_base64(struct scan *scan, const char *what, const uint8_t *p, size_t n, size_t before)
{
	uint8_t *shifted = mem_alloc(before + n);
	char *text = mem_alloc(base64url_len(before + n) + 1);
	const size_t from = (8 * before + 5) / 6, to = 8 * (before + n) / 6;
	bool differs = false;

	memcpy(shifted + before, p, n);
	base64url_encode(shifted, before + n, text);
	add(scan, what, "base64url", text + from, to - from);
	for (size_t i = from; i < to; i++) {
		differs = differs || text[i] == '-' || text[i] == '_';
		text[i] = text[i] == '-' ? '+' : text[i] == '_' ? '/' : text[i];
	}
	if (differs)
		add(scan, what, "base64", text + from, to - from);
	free(text);
	free(shifted);
}

static void add_backwards(struct scan *scan, const char *what, const uint8_t *p, size_t n)
{
	uint8_t *back = mem_alloc(n);

	for (size_t i = 0; i < n; i++)
		back[i] = p[n - 1 - i];
	add(scan, what, "backwards", back, n);
	free(back);
}

void scan_add_key(struct scan *scan, const char *what, struct bytes key)
{
	add(scan, what, "plain", key.p, key.n);
	add_hex(scan, what, key.p, key.n);
	for (size_t before = 0; before < 3; before++)
		add_base64(scan, what, key.p, key.n, before);
	add_backwards(scan, what, key.p, key.n);
}

void scan_add_text(struct scan *scan, const char *what, const char *text)
{
	const size_t n = strlen(text);
	uint8_t *wide = mem_alloc(2 * n + 1);

	scan_add_key(scan, what, (struct bytes){ (const uint8_t *)text, n });
	for (size_t i = 0; i < n; i++)
		wide[2 * i + 1] = (uint8_t)text[i];
	add(scan, what, "UTF-16BE", wide, 2 * n);
	add(scan, what, "UTF-16LE", wide + 1, 2 * n);
	free(wide);
}

void scan_release(struct scan *scan)
{
	for (size_t i = 0; i < scan->n; i++)
		free(scan->patterns[i].p);
	free(scan->patterns);
	*scan = (struct scan){ 0 };
}

const char *scan_find(const struct scan *scan, struct bytes in)
{
	for (size_t i = 0; i < scan->n; i++)
		if (memmem(in.p, in.n, scan->patterns[i].p, scan->patterns[i].n))
			return scan->patterns[i].name;
	return NULL;
}

struct bytes scan_pattern(const struct scan *scan, size_t i)
{
	return (struct bytes){ scan->patterns[i].p, scan->patterns[i].n };
}
