/* The examples of docs/format-ndjson.md, and the worked example of this project: they are taken as they stand. */
#include <dirent.h>

#include "unit/exchange/fixture.h"

#define PAGE "docs/format-ndjson.md"
#define WORKED "examples/havana"

/* The next block that opens with that line, in a buffer of its own; returns what is behind it, NULL if there is none. */
static const char *next_block(const char *from, const char *opening, struct buf *out)
{
	const char *begin = strstr(from, opening), *end;

	if (!begin)
		return NULL;
	begin += strlen(opening);
	end = strstr(begin, "\n```\n");
	assert_non_null(end);
	buf_clear(out);
	buf_put(out, begin, (size_t)(end + 1 - begin));
	return end + 5;
}

static int count_lines(const struct buf *text)
{
	int n = 0;

	for (size_t i = 0; i < text->n; i++)
		n += text->p[i] == '\n';
	return n;
}

static void test_the_examples_of_the_page_are_taken(void **state)
{
	struct buf page, block;
	const char *at;
	int n_blocks = 0;

	(void)state;
	buf_init(&page, 1024 * 1024);
	buf_init(&block, 1024 * 1024);
	read_tree(PAGE, &page);
	for (at = next_block(buf_str(&page), "\n```json\n", &block); at; at = next_block(at, "\n```json\n", &block)) {
		struct home h;

		home_init(&h, 1);
		expect_ok(import_text(&h, buf_str(&block), (struct import_options){ .strict = true }), &h.err);
		assert_int_equal(h.report.n_lines, count_lines(&block));
		assert_in_range(h.report.n_added, 1, h.report.n_lines);
		home_release(&h);
		n_blocks++;
	}
	assert_in_range(n_blocks, 4, 20);
	buf_release(&page);
	buf_release(&block);
}

/* Each line is refused, and for the reason that the page gives: the reasons are those below, in the order of the page. */
static void test_what_the_page_says_is_refused_is_refused(void **state)
{
	static const char *const reasons[] = {
		"1: column 1: one object",
		"2: column",
		"3: column",
		"4: v must be 1",
		"5: t must be",
		"6: there is no kind",
		"7: id: ",
		"8: ",
		"9: ",
		"10: actor.strength",
		"11: ",
		"12: ",
		"13: session",
		"14: it retracts",
		"15: a chunk",
		"16: its attachment",
	};
	struct buf page, block;
	struct home h;

	(void)state;
	buf_init(&page, 1024 * 1024);
	buf_init(&block, 1024 * 1024);
	read_tree(PAGE, &page);
	assert_non_null(next_block(buf_str(&page), "\n```json refused\n", &block));
	home_init(&h, 1);
	expect_import(&h, buf_str(&block), 0, 0, ARRAY_LEN(reasons));
	for (size_t i = 0; i < ARRAY_LEN(reasons); i++)
		expect_rejected(&h, reasons[i]);
	home_release(&h);
	buf_release(&page);
	buf_release(&block);
}

static int is_ndjson(const struct dirent *d)
{
	const char *dot = strrchr(d->d_name, '.');

	return dot && strcmp(dot, ".ndjson") == 0;
}

static void test_the_worked_example_is_taken_once(void **state)
{
	struct dirent **names = NULL;
	int n = scandir(WORKED, &names, is_ndjson, alphasort);
	uint64_t entries = 0, n_lines = 0;
	struct home h;

	(void)state;
	assert_true(n > 0);
	home_init(&h, 1);
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < n; i++) {
			char path[400];
			struct buf text;

			snprintf(path, sizeof path, "%s/%s", WORKED, names[i]->d_name);
			buf_init(&text, 16 * 1024 * 1024);
			read_tree(path, &text);
			expect_ok(import_text(&h, buf_str(&text), (struct import_options){ .strict = true }), &h.err);
			assert_int_equal(h.report.n_added, round ? 0 : h.report.n_lines);
			assert_int_equal(h.report.n_present, round ? h.report.n_lines : 0);
			n_lines += round ? 0 : h.report.n_lines;
			buf_release(&text);
		}
		if (round == 0)
			entries = record_n_entries(h.record);
	}
	assert_int_equal(record_n_entries(h.record), entries);
	assert_int_equal(count(&h, "SELECT count(*) FROM claim WHERE status = 0"), n_lines);
	home_release(&h);
	for (int i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_examples_of_the_page_are_taken),
		cmocka_unit_test(test_what_the_page_says_is_refused_is_refused),
		cmocka_unit_test(test_the_worked_example_is_taken_once),
	};

	return run_tests("exchange/ndjson-page", tests);
}
