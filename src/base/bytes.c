/* Bytes and how they are written as text: see bytes.h. */
#include "base/bytes.h"

void put_u16(uint8_t out[static 2], uint16_t v)
{
	out[0] = (uint8_t)(v >> 8);
	out[1] = (uint8_t)v;
}

void put_u32(uint8_t out[static 4], uint32_t v)
{
	put_u16(out, (uint16_t)(v >> 16));
	put_u16(out + 2, (uint16_t)v);
}

void put_u64(uint8_t out[static 8], uint64_t v)
{
	put_u32(out, (uint32_t)(v >> 32));
	put_u32(out + 4, (uint32_t)v);
}

uint16_t get_u16(const uint8_t in[static 2])
{
	return (uint16_t)(in[0] << 8 | in[1]);
}

uint32_t get_u32(const uint8_t in[static 4])
{
	return (uint32_t)get_u16(in) << 16 | get_u16(in + 2);
}

uint64_t get_u64(const uint8_t in[static 8])
{
	return (uint64_t)get_u32(in) << 32 | get_u32(in + 4);
}

bool bytes_are_zero(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] != 0)
			return false;
	return true;
}

void hex_encode(const uint8_t *p, size_t n, char *out)
{
	static const char DIGITS[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = DIGITS[p[i] >> 4];
		out[2 * i + 1] = DIGITS[p[i] & 15];
	}
	out[2 * n] = '\0';
}

/* Value of a lower-case hex digit, or 16. */
static unsigned hex_value(char c)
{
	const unsigned digit = (unsigned)c - '0', letter = (unsigned)c - 'a';

	return digit < 10 ? digit : letter < 6 ? letter + 10 : 16;
}

int hex_decode(const char *text, size_t text_len, uint8_t *out, size_t n)
{
	if (text_len % 2 != 0 || text_len / 2 != n)
		return E_INVALID;
	for (size_t i = 0; i < text_len; i++)
		if (hex_value(text[i]) > 15)
			return E_INVALID;
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(hex_value(text[2 * i]) << 4 | hex_value(text[2 * i + 1]));
	return 0;
}

size_t base64url_len(size_t n)
{
	return n / 3 * 4 + (n % 3 ? n % 3 + 1 : 0);
}

void base64url_encode(const uint8_t *p, size_t n, char *out)
{
	static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint32_t bits = 0;
	unsigned n_bits = 0;

	for (size_t i = 0; i < n; i++) {
		bits = bits << 8 | p[i];
		for (n_bits += 8; n_bits >= 6; n_bits -= 6)
			*out++ = DIGITS[bits >> (n_bits - 6) & 63];
	}
	if (n_bits > 0)
		*out++ = DIGITS[bits << (6 - n_bits) & 63];
	*out = '\0';
}

/* Value of a base64url digit, or -1. */
static int base64url_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '-')
		return 62;
	return c == '_' ? 63 : -1;
}

/* The bits behind the last whole byte must be zero, or one run of bytes would have several texts. */
static bool base64url_canonical(const char *text, size_t text_len)
{
	const unsigned stray = text_len % 4 == 2 ? 15 : text_len % 4 == 3 ? 3 : 0;

	if (text_len % 4 == 1)
		return false;
	for (size_t i = 0; i < text_len; i++)
		if (base64url_value(text[i]) < 0)
			return false;
	return text_len == 0 || ((unsigned)base64url_value(text[text_len - 1]) & stray) == 0;
}

int base64url_decode(const char *text, size_t text_len, uint8_t *out, size_t cap, size_t *ret_n)
{
	const size_t n = text_len / 4 * 3 + (text_len % 4 > 1 ? text_len % 4 - 1 : 0);
	uint32_t bits = 0;
	unsigned n_bits = 0;

	if (!base64url_canonical(text, text_len))
		return E_INVALID;
	if (n > cap)
		return E_LIMIT;
	for (size_t i = 0; i < text_len; i++) {
		bits = bits << 6 | (uint32_t)base64url_value(text[i]);
		n_bits += 6;
		if (n_bits >= 8) {
			n_bits -= 8;
			*out++ = (uint8_t)(bits >> n_bits);
		}
	}
	*ret_n = n;
	return 0;
}

/* Length of the well-formed character at p, of which `left` bytes are there; 0 if there is none. */
static size_t utf8_char_len(const uint8_t *p, size_t left)
{
	size_t len;
	uint8_t low = 0x80, high = 0xbf; /* bounds of the second byte: they shut out overlong forms and surrogates */

	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	len = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if (p[0] == 0xe0)
		low = 0xa0;
	else if (p[0] == 0xed)
		high = 0x9f;
	else if (p[0] == 0xf0)
		low = 0x90;
	else if (p[0] == 0xf4)
		high = 0x8f;
	if (left < len || p[1] < low || p[1] > high)
		return 0;
	for (size_t i = 2; i < len; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return len;
}

uint64_t mark_bytes(uint64_t mark, const void *p, size_t n)
{
	const uint8_t *bytes = p;

	for (size_t i = 0; i < n; i++)
		mark = (mark ^ bytes[i]) * UINT64_C(0x100000001b3);
	return mark;
}

bool utf8_valid(const char *p, size_t n)
{
	const uint8_t *q = (const uint8_t *)p;

	for (size_t i = 0, len; i < n; i += len) {
		len = utf8_char_len(q + i, n - i);
		if (len == 0)
			return false;
	}
	return true;
}
