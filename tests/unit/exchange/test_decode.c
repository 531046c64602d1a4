/* Other encodings than UTF-8 on their way in. */
#include "unit/exchange/fixture.h"

#include "exchange/decode.h"

/* Read a decoder to its end, `room` bytes at a time. */
static int read_all(struct source *s, size_t room, struct buf *out, struct err *err)
{
	char block[8192];
	size_t n = 1;
	int rc = 0;

	buf_clear(out);
	while (rc == 0 && n > 0) {
		rc = s->read(s->ctx, block, room, &n, err);
		assert_true(n <= room);
		if (rc == 0)
			buf_put(out, block, n);
	}
	return rc;
}

/* The same text whatever the pieces in which it comes and goes, and again after a rewind. */
static void expect_text_of(const char *encoding, const void *from, size_t n, const char *to, size_t n_to)
{
	static const size_t pieces[] = { 1, 2, 7, 0 }, rooms[] = { 1, 3, 31, 32, 8192 };
	struct buf out;

	buf_init(&out, 1024 * 1024);
	for (size_t i = 0; i < ARRAY_LEN(pieces) * ARRAY_LEN(rooms); i++) {
		struct text_source t = text_of(from, n);
		struct source *s = NULL;
		struct err err = { 0 };

		t.source.ctx = &t;
		t.piece = pieces[i % ARRAY_LEN(pieces)];
		expect_ok(decode_open(&t.source, encoding, &s, &err), &err);
		for (int again = 0; again < 2; again++) {
			expect_ok(read_all(s, rooms[i / ARRAY_LEN(pieces)], &out, &err), &err);
			assert_int_equal(out.n, n_to);
			assert_memory_equal(buf_str(&out), to, n_to);
			assert_int_equal(decode_bytes(s), n);
			expect_ok(s->rewind(s->ctx, &err), &err);
			assert_int_equal(decode_bytes(s), 0);
		}
		decode_close(s);
	}
	buf_release(&out);
}

#define expect_text(encoding, from, to) expect_text_of((encoding), (from), sizeof(from) - 1, (to), strlen(to))

/* Reading must fail, after what came before it and whatever the pieces. */
static void expect_failure_of(const char *encoding, const void *from, size_t n, const char *before, const char *why)
{
	struct buf out;

	buf_init(&out, 1024 * 1024);
	for (size_t piece = 0; piece < 5; piece++) {
		struct text_source t = text_of(from, n);
		struct source *s = NULL;
		struct err err = { 0 };

		t.source.ctx = &t;
		t.piece = piece;
		expect_ok(decode_open(&t.source, encoding, &s, &err), &err);
		expect_err(read_all(s, 4096, &out, &err), E_DAMAGED, &err, why);
		assert_string_equal(buf_str(&out), before);
		decode_close(s);
	}
	buf_release(&out);
}

#define expect_failure(encoding, from, before, why)                                                                    \
	expect_failure_of((encoding), (from), sizeof(from) - 1, (before), (why))

static void test_one_byte_encodings(void **state)
{
	(void)state;
	expect_text("windows-1252", "Bogot\xe1; \x93quoted\x94 \x80\r\n", "Bogotá; “quoted” €\r\n");
	expect_text("ISO-8859-1", "Bogot\xe1 \xfc", "Bogotá ü");
	expect_text("windows-1251", "\xcc\xee\xf1\xea\xe2\xe0", "Москва");
	expect_text("windows-1252", "", "");
	expect_text("WINDOWS-1252", "\xe1", "á");
}

/* Hebrew and Vietnamese letters may be followed by marks: the last of a file must not be kept back. */
static void test_encodings_that_wait_for_marks(void **state)
{
	(void)state;
	expect_text("windows-1255", "x\xe0", "xא");
	expect_text("windows-1258", "Vi\xea\xf2t a", "Việt a");
	expect_text("windows-1258", "\xea", "ê");
	expect_text("windows-1258", "\xea\xf2", "ệ");
}

static void test_utf_8_passes(void **state)
{
	(void)state;
	expect_text(NULL, "Bogot\xc3\xa1", "Bogotá");
	expect_text("utf-8", "Bogot\xc3\xa1", "Bogotá");
	expect_text("UTF-8",
		    "\xff\xfe"
		    "a",
		    "\xff\xfe"
		    "a"); /* as they are: the reader refuses them */
	expect_text(NULL, "Bogot\xe1", "Bogot\xe1");
	expect_text(NULL, "", "");
	expect_text(NULL, "\xff", "\xff");
}

static void test_utf_16(void **state)
{
	static const char le[] = "\xff\xfe"
				 "a\0\n\0\xe1\0\x3d\xd8\x4a\xdd",
			  be[] = "\xfe\xff\0a\0\n\0\xe1\xd8\x3d\xdd\x4a";

	(void)state;
	expect_text(NULL, le, "a\ná🕊"); /* by its byte order mark */
	expect_text(NULL, be, "a\ná🕊");
	expect_text("UTF-16", be, "a\ná🕊");
	expect_text_of("UTF-16LE", le + 2, sizeof le - 3, "a\ná🕊", strlen("a\ná🕊"));
	expect_text_of("UTF-16BE", be + 2, sizeof be - 3, "a\ná🕊", strlen("a\ná🕊"));
}

static void test_bytes_that_are_not_of_it(void **state)
{
	static const char half[] = "\xff\xfe"
				   "a\0b",
			  lone[] = "\xff\xfe"
				   "a\0\0\xdc"
				   "b\0";

	(void)state;
	expect_failure("windows-1252",
		       "ab\x81"
		       "c",
		       "ab", "byte 3 is not of the encoding");
	expect_failure("ascii", "Bogot\xe1", "Bogot", "byte 6 is not of the encoding");
	expect_failure("utf-16le", half,
		       "\xef\xbb\xbf"
		       "a",
		       "byte 5 is not of the encoding");
	expect_failure(NULL, half, "a", "byte 5 is not of the encoding");
	expect_failure(NULL, lone, "a", "byte 5 is not of the encoding");
	expect_failure("shift_jis", "a\x82", "a", "byte 2 is not of the encoding");
}

static void test_long_texts(void **state)
{
	struct buf from, to;

	(void)state;
	buf_init(&from, 1024 * 1024);
	buf_init(&to, 1024 * 1024);
	for (int i = 0; i < 70000; i++) {
		buf_text(&from, i % 3 ? "\xe1" : "a");
		buf_text(&to, i % 3 ? "á" : "a");
	}
	expect_text_of("latin1", from.p, from.n, buf_str(&to), to.n);
	buf_release(&from);
	buf_release(&to);
}

static void test_unknown_encodings_and_failing_sources(void **state)
{
	struct text_source t = text_of("abcdef", 6);
	struct source *s = NULL;
	struct err err = { 0 };
	struct buf out;

	(void)state;
	t.source.ctx = &t;
	expect_err(decode_open(&t.source, "klingon-7", &s, &err), E_USAGE, &err, "there is no encoding 'klingon-7'");
	assert_null(s);
	buf_init(&out, 1024);
	t.piece = 1;
	for (t.fail_at = 0; t.fail_at < 6; t.fail_at++)
		for (int i = 0; i < 2; i++) {
			t.at = 0;
			expect_ok(decode_open(&t.source, i ? "latin1" : NULL, &s, &err), &err);
			expect_err(read_all(s, 100, &out, &err), E_IO, &err, "the medium is gone");
			decode_close(s);
		}
	t.source.rewind = NULL;
	expect_ok(decode_open(&t.source, NULL, &s, &err), &err);
	assert_null(s->rewind);
	decode_close(s);
	decode_close(NULL);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_byte_encodings),
		cmocka_unit_test(test_encodings_that_wait_for_marks),
		cmocka_unit_test(test_utf_8_passes),
		cmocka_unit_test(test_utf_16),
		cmocka_unit_test(test_bytes_that_are_not_of_it),
		cmocka_unit_test(test_long_texts),
		cmocka_unit_test(test_unknown_encodings_and_failing_sources),
	};

	return run_tests("decode", tests);
}
