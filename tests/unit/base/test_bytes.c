#include "base/bytes.h"

#include "support/test.h"

static void test_integers_are_big_endian(void **state)
{
	static const uint8_t BYTES[8] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef };
	uint8_t out[8];

	(void)state;
	put_u16(out, 0x0123);
	assert_memory_equal(out, BYTES, 2);
	put_u32(out, 0x01234567);
	assert_memory_equal(out, BYTES, 4);
	put_u64(out, UINT64_C(0x0123456789abcdef));
	assert_memory_equal(out, BYTES, 8);
	assert_int_equal(get_u16(BYTES), 0x0123);
	assert_int_equal(get_u32(BYTES), 0x01234567);
	assert_true(get_u64(BYTES) == UINT64_C(0x0123456789abcdef));
	for (int bit = 0; bit < 64; bit++) {
		put_u64(out, UINT64_C(1) << bit);
		assert_true(get_u64(out) == UINT64_C(1) << bit);
		assert_int_equal(out[7 - bit / 8], 1 << bit % 8);
	}
}

static void test_zero(void **state)
{
	uint8_t p[64] = { 0 };

	(void)state;
	assert_true(bytes_are_zero(p, 0));
	assert_true(bytes_are_zero(p, sizeof(p)));
	for (size_t i = 0; i < sizeof(p); i++) {
		p[i] = 1;
		assert_false(bytes_are_zero(p, sizeof(p)));
		assert_true(bytes_are_zero(p, i));
		p[i] = 0;
	}
}

static void test_hex(void **state)
{
	static const uint8_t BYTES[] = { 0x00, 0x09, 0x0a, 0x9f, 0xf0, 0xff };
	char text[2 * sizeof(BYTES) + 1];
	uint8_t out[sizeof(BYTES)];

	(void)state;
	hex_encode(BYTES, sizeof(BYTES), text);
	assert_string_equal(text, "00090a9ff0ff");
	assert_int_equal(hex_decode(text, 12, out, 6), 0);
	assert_memory_equal(out, BYTES, 6);
	hex_encode(BYTES, 0, text);
	assert_string_equal(text, "");
	assert_int_equal(hex_decode("", 0, out, 0), 0);
}

static void test_hex_refuses(void **state)
{
	static const char DIGITS[] = "0123456789abcdef";
	uint8_t out[2] = { 0x5a, 0x5a };
	int good = 0;

	(void)state;
	for (int c = 0; c < 256; c++) {
		const char text[4] = { '0', '0', '1', (char)c };
		const int rc = hex_decode(text, 4, out, 2);

		assert_int_equal(rc, c != 0 && strchr(DIGITS, c) ? 0 : E_INVALID);
		good += rc == 0;
	}
	assert_int_equal(good, 16);
	memset(out, 0x5a, sizeof(out));
	assert_int_equal(hex_decode("000", 3, out, 2), E_INVALID);
	assert_int_equal(hex_decode("00000", 5, out, 2), E_INVALID);
	assert_int_equal(hex_decode("000000", 6, out, 2), E_INVALID);
	assert_int_equal(hex_decode("000x", 4, out, 2), E_INVALID);
	assert_int_equal(hex_decode("00FF", 4, out, 2), E_INVALID);
	assert_int_equal(out[0], 0x5a); /* untouched on failure */
	assert_int_equal(out[1], 0x5a);
}

static void test_base64url_vectors(void **state)
{
	static const struct {
		const char *bytes, *text;
	} CASES[] = {
		{ "", "" },           { "f", "Zg" },          { "fo", "Zm8" },          { "foo", "Zm9v" },
		{ "foob", "Zm9vYg" }, { "fooba", "Zm9vYmE" }, { "foobar", "Zm9vYmFy" }, { "\xfb\xff\xfe", "-__-" }
	};
	uint8_t out[8];
	char text[16];
	size_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		n = strlen(CASES[i].bytes);
		assert_int_equal(base64url_len(n), strlen(CASES[i].text));
		base64url_encode((const uint8_t *)CASES[i].bytes, n, text);
		assert_string_equal(text, CASES[i].text);
		assert_int_equal(base64url_decode(text, strlen(text), out, sizeof(out), &n), 0);
		assert_int_equal(n, strlen(CASES[i].bytes));
		assert_memory_equal(out, CASES[i].bytes, n);
	}
}

static void test_base64url_refuses(void **state)
{
	static const char *const TEXTS[] = {
		"Z",      "Zg==", "Zm8=", "Zh",   "Zn",   "Zm9",       "Zm-",   "Zm9vZ",
		"Zm9v\n", " Zg",  "Z g",  "Zm+v", "Zm/v", "Z\xc3\xa9", "Zm9v=", "Zm9v===="
	};
	uint8_t out[8] = { 0x5a };
	size_t n = 77;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(TEXTS); i++)
		assert_int_equal(base64url_decode(TEXTS[i], strlen(TEXTS[i]), out, sizeof(out), &n), E_INVALID);
	assert_int_equal(base64url_decode("Zm8", 3, out, 1, &n), E_LIMIT);
	assert_int_equal(out[0], 0x5a);
	assert_int_equal(n, 77);
	assert_int_equal(base64url_decode("Zm8", 3, out, 2, &n), 0);
	assert_int_equal(n, 2);
}

/* Every run of bytes has exactly one text: all texts of two and of three characters are tried. */
static void test_base64url_is_canonical(void **state)
{
	uint8_t out[2];
	char text[4], again[4];
	int good = 0;
	size_t n;

	(void)state;
	for (unsigned i = 0; i < 65536; i++) {
		const char two[2] = { (char)(i >> 8), (char)i };

		good += base64url_decode(two, 2, out, 2, &n) == 0;
	}
	assert_int_equal(good, 256);
	good = 0;
	for (unsigned i = 0; i < 1u << 24; i++) {
		text[0] = (char)(i >> 16 & 0xff);
		text[1] = (char)(i >> 8 & 0xff);
		text[2] = (char)(i & 0xff);
		if (base64url_decode(text, 3, out, 2, &n) != 0)
			continue;
		good++;
		base64url_encode(out, n, again);
		assert_memory_equal(text, again, 3);
	}
	assert_int_equal(good, 65536);
}

static void test_base64url_every_length(void **state)
{
	uint8_t bytes[300] = { 0 }, out[300];
	char text[401];
	size_t got;

	(void)state;
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		for (size_t i = 0; i < n; i++)
			bytes[i] = (uint8_t)(i * 151 + n * 7);
		base64url_encode(bytes, n, text);
		assert_int_equal(strlen(text), base64url_len(n));
		assert_int_equal(base64url_decode(text, strlen(text), out, n, &got), 0);
		assert_int_equal(got, n);
		assert_memory_equal(out, bytes, n);
		if (n > 0)
			assert_int_equal(base64url_decode(text, strlen(text), out, n - 1, &got), E_LIMIT);
	}
}

/* A plain decoder to compare with: take the bits, then ask whether they needed that length. */
static bool naive_utf8(const uint8_t *p, size_t n)
{
	static const uint32_t LEAST[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t i = 0;

	while (i < n) {
		const size_t len = p[i] < 0x80 ? 1 : p[i] >> 5 == 6 ? 2 : p[i] >> 4 == 14 ? 3 : p[i] >> 3 == 30 ? 4 : 0;
		uint32_t c = len == 1 ? p[i] : p[i] & (0x7fu >> len);

		if (len == 0 || n - i < len)
			return false;
		for (size_t k = 1; k < len; k++) {
			if (p[i + k] >> 6 != 2)
				return false;
			c = c << 6 | (p[i + k] & 63);
		}
		if (c < LEAST[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
			return false;
		i += len;
	}
	return true;
}

static void test_utf8_against_naive(void **state)
{
	uint8_t p[4];
	size_t good = 0;

	(void)state;
	for (unsigned i = 0; i < 1u << 24; i++) { /* every run of three bytes, and so of one and two */
		p[0] = (uint8_t)(i >> 16);
		p[1] = (uint8_t)(i >> 8);
		p[2] = (uint8_t)i;
		if (utf8_valid((const char *)p, 3) != naive_utf8(p, 3))
			fail_msg("%02x %02x %02x", p[0], p[1], p[2]);
		good += utf8_valid((const char *)p, 3);
	}
	assert_int_equal(good, 128 * 128 * 128 + 2 * 128 * 1920 + 61440); /* 1+1+1, 1+2 and 2+1, 3 */
	good = 0;
	for (unsigned i = 0; i < 16u << 16; i++) { /* four bytes: all of F0 to FF, edges of the last two */
		static const uint8_t EDGES[] = { 0x00, 0x7f, 0x80, 0x81, 0x9f, 0xa0, 0xbe, 0xbf, 0xc0, 0xff };

		p[0] = (uint8_t)(0xf0 + (i >> 16));
		p[1] = (uint8_t)(i >> 8);
		p[2] = EDGES[(i >> 4 & 15) % ARRAY_LEN(EDGES)];
		p[3] = EDGES[(i & 15) % ARRAY_LEN(EDGES)];
		if (utf8_valid((const char *)p, 4) != naive_utf8(p, 4))
			fail_msg("%02x %02x %02x %02x", p[0], p[1], p[2], p[3]);
		good += utf8_valid((const char *)p, 4);
	}
	assert_true(good > 0);
}

static void test_utf8_cut(void **state)
{
	static const char TEXT[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80z";
	static const size_t WHOLE[] = { 0, 1, 3, 6, 10, 11 };
	size_t good = 0;

	(void)state;
	for (size_t n = 0; n < sizeof(TEXT); n++)
		if (utf8_valid(TEXT, n))
			assert_int_equal(n, WHOLE[good++]);
	assert_int_equal(good, ARRAY_LEN(WHOLE));
	assert_true(utf8_valid("a\0b", 3));
}

/* The vectors that the authors of FNV-1a publish. */
static void test_mark(void **state)
{
	(void)state;
	assert_true(mark_bytes(MARK_BEGIN, "", 0) == UINT64_C(0xcbf29ce484222325));
	assert_true(mark_bytes(MARK_BEGIN, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
	assert_true(mark_bytes(MARK_BEGIN, "foobar", 6) == UINT64_C(0x85944171f73967e8));
	assert_true(mark_bytes(mark_bytes(MARK_BEGIN, "foo", 3), "bar", 3) == UINT64_C(0x85944171f73967e8));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_integers_are_big_endian),
		cmocka_unit_test(test_zero),
		cmocka_unit_test(test_hex),
		cmocka_unit_test(test_hex_refuses),
		cmocka_unit_test(test_base64url_vectors),
		cmocka_unit_test(test_base64url_refuses),
		cmocka_unit_test(test_base64url_is_canonical),
		cmocka_unit_test(test_base64url_every_length),
		cmocka_unit_test(test_utf8_against_naive),
		cmocka_unit_test(test_utf8_cut),
		cmocka_unit_test(test_mark),
	};

	return run_tests("base/bytes", tests);
}
