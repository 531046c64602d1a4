/* Lines: every end, every length, bounded memory, a source that fails. */
#include <sys/resource.h>

#include "unit/exchange/fixture.h"

#include "exchange/lines.h"

/* What came out: each line as LENGTH:FIRST-BYTES, too long ones as "too long". */
static void read_all(struct text_source *t, struct buf *out)
{
	struct lines *lines = mem_alloc(sizeof *lines);
	struct err err = { 0 };
	uint64_t number = 0;
	int rc;

	t->source.ctx = t;
	lines_init(lines, &t->source);
	while ((rc = lines_next(lines, &err)) == 1) {
		assert_int_equal(lines->number, ++number);
		if (lines->too_long)
			buf_text(out, "too long\n");
		else
			buf_printf(out, "%zu:%.8s\n", lines->line.n, buf_str(&lines->line));
	}
	expect_ok(rc, &err);
	assert_int_equal(lines->bytes, t->n);
	assert_int_equal(lines_next(lines, &err), 0); /* the end stays the end */
	lines_release(lines);
	free(lines);
}

static void expect_lines(const char *text, size_t n, size_t piece, const char *expected)
{
	struct text_source t = text_of(text, n);
	struct buf out;

	t.piece = piece;
	buf_init(&out, 1024 * 1024);
	read_all(&t, &out);
	assert_string_equal(buf_str(&out), expected);
	buf_release(&out);
}

static void test_every_end_of_a_line(void **state)
{
	static const struct {
		const char *text;
		size_t n;
		const char *expected;
	} cases[] = {
		{ "", 0, "" },
		{ "\n", 1, "0:\n" },
		{ "a", 1, "1:a\n" },
		{ "a\n", 2, "1:a\n" },
		{ "a\nb", 3, "1:a\n1:b\n" },
		{ "a\r\nb\r\n", 6, "1:a\n1:b\n" },
		{ "a\r", 2, "2:a\r\n" }, /* no line end: it may be the beginning of one */
		{ "\r\n\r\n", 4, "0:\n0:\n" },
		{ "a\r\r\n", 4, "2:a\r\n" }, /* one CR belongs to the end */
		{ "a\n\n\nb\n", 6, "1:a\n0:\n0:\n1:b\n" },
		{ "\0\n\0b\n", 5, "1:\n2:\n" }, /* NUL is a byte like any other here */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (size_t piece = 0; piece <= 3; piece++)
			expect_lines(cases[i].text, cases[i].n, piece, cases[i].expected);
}

/* A text with one line of n bytes, the ending given, and a line behind it. */
static void expect_length(size_t n, const char *end, const char *expected)
{
	struct buf text;
	char *fill = mem_alloc(n);

	memset(fill, 'x', n);
	buf_init(&text, 1024 * 1024);
	buf_put(&text, fill, n);
	buf_text(&text, end);
	buf_text(&text, "next\n");
	expect_lines(buf_str(&text), text.n, 0, expected);
	expect_lines(buf_str(&text), text.n, 65535, expected);
	free(fill);
	buf_release(&text);
}

static void test_the_longest_line_and_one_byte_more(void **state)
{
	(void)state;
	expect_length(NDJSON_LINE_MAX, "\n", "131072:xxxxxxxx\n4:next\n");
	expect_length(NDJSON_LINE_MAX, "\r\n", "131072:xxxxxxxx\n4:next\n");
	expect_length(NDJSON_LINE_MAX + 1, "\n", "too long\n4:next\n");
	expect_length(NDJSON_LINE_MAX + 1, "\r\n", "too long\n4:next\n");
	expect_length(NDJSON_LINE_MAX, "\r\r\n", "too long\n4:next\n");
	expect_length(64 * 1024, "\n", "65536:xxxxxxxx\n4:next\n"); /* as long as a block */
	expect_length(64 * 1024 - 1, "\n", "65535:xxxxxxxx\n4:next\n");
	expect_length(64 * 1024 - 1, "\r\n", "65535:xxxxxxxx\n4:next\n");
}

/* Whatever the pieces in which a text comes, its lines are the same. */
static void test_pieces_do_not_matter(void **state)
{
	uint64_t seed = 5;
	struct buf text, whole, cut;

	(void)state;
	for (int round = 0; round < 200; round++) {
		struct text_source t;

		buf_init(&text, 1024 * 1024);
		buf_init(&whole, 1024 * 1024);
		buf_init(&cut, 1024 * 1024);
		for (uint64_t i = sim_draw(&seed) % 2000; i > 0; i--)
			buf_put(&text, &"ab\n\r"[sim_draw(&seed) % 4], 1);
		t = text_of(buf_str(&text), text.n);
		read_all(&t, &whole);
		t = text_of(buf_str(&text), text.n);
		t.piece = 1 + sim_draw(&seed) % 70;
		read_all(&t, &cut);
		assert_string_equal(buf_str(&whole), buf_str(&cut));
		buf_release(&text);
		buf_release(&whole);
		buf_release(&cut);
	}
}

/* --- a line that no memory would hold ---------------------------------------------------------------------- */

#define GIB ((uint64_t)1024 * 1024 * 1024)

static int generated_read(void *ctx, void *out, size_t n, size_t *ret_n, struct err *err)
{
	uint64_t *left = ctx;

	(void)err;
	*ret_n = n < *left ? n : (size_t)*left;
	memset(out, 'x', *ret_n);
	if (*ret_n > 0 && *left == *ret_n)
		((char *)out)[*ret_n - 1] = '\n';
	*left -= *ret_n;
	return 0;
}

static long peak_kib(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return use.ru_maxrss;
}

static void test_a_line_of_a_gibibyte_takes_no_memory(void **state)
{
	uint64_t left = GIB;
	struct source source = { .read = generated_read, .ctx = &left };
	struct lines *lines = mem_alloc(sizeof *lines);
	struct err err = { 0 };
	long before;

	(void)state;
	lines_init(lines, &source);
	before = peak_kib();
	assert_int_equal(lines_next(lines, &err), 1);
	assert_true(lines->too_long);
	assert_int_equal(lines->bytes, GIB);
	assert_true(lines->line.cap <= NDJSON_LINE_MAX + 2);
	assert_true(peak_kib() - before < 4 * 1024);
	assert_int_equal(lines_next(lines, &err), 0);
	lines_release(lines);
	free(lines);
}

static void test_a_source_that_fails_is_an_error_and_not_an_end(void **state)
{
	struct text_source t = text_of("first\nsecond\nthird\n", 19);
	struct lines *lines = mem_alloc(sizeof *lines);
	struct err err = { 0 };

	(void)state;
	t.piece = 8;
	t.fail_at = 16; /* within the third line */
	t.source.ctx = &t;
	lines_init(lines, &t.source);
	assert_int_equal(lines_next(lines, &err), 1);
	assert_int_equal(lines_next(lines, &err), 1);
	assert_string_equal(buf_str(&lines->line), "second");
	expect_err(lines_next(lines, &err), E_IO, &err, "medium");
	lines_release(lines);
	free(lines);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_end_of_a_line),
		cmocka_unit_test(test_the_longest_line_and_one_byte_more),
		cmocka_unit_test(test_pieces_do_not_matter),
		cmocka_unit_test(test_a_line_of_a_gibibyte_takes_no_memory),
		cmocka_unit_test(test_a_source_that_fails_is_an_error_and_not_an_end),
	};

	return run_tests("exchange/lines", tests);
}
