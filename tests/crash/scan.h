/* Looking for words and keys in bytes, in every clothing in which a careless program might leave them there.
 *
 * Threads: one. Memory: scan_release() frees.
 */
#ifndef PARLEY_TESTS_SCAN_H
#define PARLEY_TESTS_SCAN_H

#include <stddef.h>

#include "base/bytes.h"

struct scan_pattern;

struct scan {
	struct scan_pattern *patterns;
	size_t n, cap;
};

/** Look for a word: as UTF-8, UTF-16 of both byte orders, hex, base64 of both alphabets at each of three alignments, and
 * backwards.
 * @param what  what is printed of it; it is cut to fit */
void scan_add_text(struct scan *scan, const char *what, const char *text);

/** Look for a key: as it is, as hex, as base64, backwards. */
void scan_add_key(struct scan *scan, const char *what, struct bytes key);

void scan_release(struct scan *scan);

/** @return NULL, or the name of the first pattern that is there and in which clothing: "note003, base64url" */
const char *scan_find(const struct scan *scan, struct bytes in);

/** The number of patterns, and the ith (from 0): to try whether each can be found. */
struct bytes scan_pattern(const struct scan *scan, size_t i);

#endif
