/* Bytes and the three ways Parley writes them as text.
 *
 * All integers in Parley's formats are unsigned and big-endian.
 * Threads: pure functions. Memory: caller's.
 */
#ifndef PARLEY_BASE_BYTES_H
#define PARLEY_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/err.h"

#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/** A borrowed run of bytes. */
struct bytes {
	const uint8_t *p;
	size_t n;
};

void put_u16(uint8_t out[static 2], uint16_t v);
void put_u32(uint8_t out[static 4], uint32_t v);
void put_u64(uint8_t out[static 8], uint64_t v);
uint16_t get_u16(const uint8_t in[static 2]);
uint32_t get_u32(const uint8_t in[static 4]);
uint64_t get_u64(const uint8_t in[static 8]);

/** True if all n bytes are zero (not constant time). */
bool bytes_are_zero(const uint8_t *p, size_t n);

/** Write n bytes as lower-case hex and a NUL: out needs 2 * n + 1 chars. */
void hex_encode(const uint8_t *p, size_t n, char *out);

/** Read exactly 2 * n lower-case hex digits into out.
 * @return 0; E_INVALID if the length differs, or a character is not 0-9 a-f */
MUST_CHECK int hex_decode(const char *text, size_t text_len, uint8_t *out, size_t n);

/** Length of the base64url text (no padding, no NUL) of n bytes. */
size_t base64url_len(size_t n);

/** Write base64url without padding and a NUL: out needs base64url_len(n) + 1 chars. */
void base64url_encode(const uint8_t *p, size_t n, char *out);

/** Read canonical base64url without padding.
 * @param out     fills at most cap bytes
 * @param ret_n   fills the number of bytes
 * @return 0; E_INVALID if not canonical (bad character, bad length, stray bits); E_LIMIT if cap is too small */
MUST_CHECK int base64url_decode(const char *text, size_t text_len, uint8_t *out, size_t cap, size_t *ret_n);

#define MARK_BEGIN UINT64_C(0xcbf29ce484222325)

/** Carry a 64-bit mark (FNV-1a) over n more bytes; begin with MARK_BEGIN. It tells things apart and keeps nobody out: who
 * wants two texts of one mark can make them. */
uint64_t mark_bytes(uint64_t mark, const void *p, size_t n);

/** True if the n bytes are well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF). */
bool utf8_valid(const char *p, size_t n);

/** Are two texts the same? For names in tables: most differ in their first letter. */
static inline bool name_is(const char *a, const char *b)
{
	return *a == *b && strcmp(a, b) == 0;
}

#endif
