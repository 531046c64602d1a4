/* docs/importing.md says what there is, and its examples do what it says. */
#include "unit/exchange/fixture.h"

#define PAGE "docs/importing.md"

static const struct import_options plain;

static void read_page(struct buf *page)
{
	buf_init(page, 1024 * 1024);
	read_tree(PAGE, page);
}

static void test_every_format_is_on_the_page(void **state)
{
	size_t n;
	const struct import_format *formats = import_formats(&n);
	struct buf page;
	char name[64];

	(void)state;
	read_page(&page);
	for (size_t i = 0; i < n; i++) {
		snprintf(name, sizeof name, "%s ", formats[i].name);
		if (!strstr(buf_str(&page), name))
			fail_msg("%s does not name %s", PAGE, formats[i].name);
	}
	buf_release(&page);
}

/* The map of the page on a table of four rows: a good one, one to pass over, two to refuse. */
static void test_the_map_of_the_page_works(void **state)
{
	static const char rows[] = "No,Date,What,Place,Lat,Lon,Group,Dead\n"
				   "7,26/8/2012,Shelling,Timba,2.91667,-76.66667,First Front; Second Front,12.0\n"
				   "8,27/8/2012,test,,,,,\n"
				   "9,,Movement,,,,,\n"
				   "10,28/8/2012,parade,,,,,\n";
	struct text_source t = text_of(rows, sizeof rows - 1);
	struct format_options how = { .name = "page" };
	const char *begin, *end;
	struct buf page, map;
	struct home h;

	(void)state;
	read_page(&page);
	buf_init(&map, 1024 * 1024);
	begin = strstr(buf_str(&page), "\n```map\n");
	assert_non_null(begin);
	end = strstr(begin + 8, "\n```\n");
	assert_non_null(end);
	buf_put(&map, begin + 8, (size_t)(end - begin - 7));
	how.map = buf_str(&map);
	home_init(&h, 1);
	expect_ok(import_as(&h, "csv", &how, &t, plain), &h.err);
	assert_int_equal(h.report.n_lines, 4);
	assert_int_equal(h.report.n_skipped, 1);
	assert_int_equal(h.report.n_rejected, 2);
	expect_rejected(&h, "4: there is no date");
	expect_rejected(&h, "5: column What: 'parade' is not in the table 'type'");
	assert_int_equal(count(&h, "SELECT count(*) FROM object WHERE kind = 'incident'"), 1);
	assert_int_equal(count(&h, "SELECT count(*) FROM claim WHERE kind = 'incident' AND instr(body, 'Shelling in "
				   "Timba') AND instr(body, '\"deaths_best\":12')"),
			 1);
	home_release(&h);
	buf_release(&map);
	buf_release(&page);
}

struct shipped {
	const char *format, *file;
	int n_lines, n_skipped;
	const char *sql; /* counts what the page promises */
	int n;
};

/* The rows of UCDP that come with the worked example, with the counts of the page; read in twice they are there once. */
static void test_the_shipped_rows_give_what_the_page_says(void **state)
{
	static const struct shipped shipped[] = {
		{ "ucdp-actors", "actors.csv", 16, 0, "SELECT count(*) FROM object WHERE kind = 'actor'", 17 },
		{ "ucdp-ged", "ged.csv", 4633, 1, "SELECT count(*) FROM object WHERE kind = 'incident'", 4632 },
		{ "ucdp-agreements", "agreements.csv", 22, 0, "SELECT count(*) FROM object WHERE kind = 'agreement'",
		  22 },
		{ "ucdp-terminations", "terminations.csv", 101, 0, "SELECT count(*) FROM object WHERE kind = 'episode'",
		  19 },
	};
	const struct format_options how = { .known = "2022" };
	struct home h;

	(void)state;
	home_init(&h, 1);
	for (size_t round = 0; round < 2; round++)
		for (size_t i = 0; i < ARRAY_LEN(shipped); i++) {
			const struct shipped *s = &shipped[i];
			struct text_source t;
			char path[100];
			struct buf text;

			snprintf(path, sizeof path, "examples/havana/ucdp/%s", s->file);
			buf_init(&text, 16 * 1024 * 1024);
			read_tree(path, &text);
			t = text_of(text.p, text.n);
			expect_ok(import_as(&h, s->format, &how, &t, plain), &h.err);
			assert_int_equal(h.report.n_lines, s->n_lines);
			assert_int_equal(h.report.n_skipped, s->n_skipped);
			assert_int_equal(h.report.n_rejected, 0);
			assert_true(round == 0 || h.report.n_added == 0);
			if (round == 0)
				assert_int_equal(count(&h, s->sql), s->n);
			buf_release(&text);
		}
	assert_int_equal(count(&h, "SELECT count(*) FROM claim WHERE known_text <> '2022'"), 0);
	home_release(&h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_format_is_on_the_page),
		cmocka_unit_test(test_the_map_of_the_page_works),
		cmocka_unit_test(test_the_shipped_rows_give_what_the_page_says),
	};

	return run_tests("exchange/importing_page", tests);
}
