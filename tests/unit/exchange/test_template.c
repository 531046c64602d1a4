/* Templates: texts of cells, brackets, several values, places that are not there. */
#include "unit/exchange/map_fixture.h"

static const char *const row[] = { "a",     "x",     "b",     " y \n", "none", "",    "absent", NULL, "list",
				   "1;2;3", "other", "p;q;r", "two",   "m;n",  "ref", "z",      NULL };

static void test_texts_and_cells(void **state)
{
	(void)state;
	expect_made(row, "plain", "<plain>");
	expect_made(row, "", "");
	expect_made(row, "{a}", "<x>");
	expect_made(row, "@s/{a}-{b}.", "<@s/x-y.>"); /* without the blanks around a cell */
	expect_made(row, "{none}", "");
	expect_made(row, "text of {none} and {absent}, {nobody}", ""); /* nothing in it that came from the row */
	expect_made(row, "{a}/{none}", "<x/>");
	expect_made(row, "{{{a}}} [[{a}]]", "<{x} [x]>");
}

static void test_brackets(void **state)
{
	(void)state;
	expect_made(row, "{a}[ and {b}][ and {none}]", "<x and y>");
	expect_made(row, "{a}[ {b} {absent}]", "<x>");
	expect_made(row, "[{none}]", "");
	expect_made(row, "[{none}, ]{a}", "<x>");
	expect_made(row, "{a}[, always]", "<x, always>");
	expect_made(row, "{list|split:;}[-{none}]", "<1><2><3>");
}

static void test_several_values(void **state)
{
	(void)state;
	expect_made(row, "@n-{list|split:;}", "<@n-1><@n-2><@n-3>");
	expect_made(row, "{list|split:;}:{other|split:;}/{a}", "<1:p/x><2:q/x><3:r/x>");
	expect_made(row, "{list|split:;}[ {two|split:;}]", "E_INVALID column two: it has 2 values where another has 3");
	expect_made(row, "{list|split:;|not:2}{a}", "<1x><x><3x>"); /* those that were dropped keep their place */
	expect_made(row, "{list|split:;|not:2}", "<1><3>");
	expect_made(row, "{list|split:;}{none|split:;}", "<1><2><3>");
}

static void test_special_places(void **state)
{
	struct hand_row h;

	(void)state;
	expect_made(row, "{:name} {:line} {:hash} {:nth}", "<file 7 beef 1>");
	expect_made(row, "x[-{:nth|not:1}]{:each}", ""); /* all empty */
	hand_row_init(&h, row);
	h.scope.each = "e";
	h.scope.index = 1;
	h.scope.column = "c";
	assert_string_equal(make(&h, "{:each}{:index}{:column} {list|split:;|nth}", NULL), "<e2c 2>");
	h.scope.index = 3;
	assert_string_equal(make(&h, "{list|split:;|nth}", NULL), "");
	assert_string_equal(make(&h, "{:eech}", NULL), "E_INVALID there is no '{:eech}'");
	arena_release(&h.arena);
}

static void test_lists_of_json(void **state)
{
	static const char *const json[] = { "s.0.name", "A",  "s.2.name", "C", "s.2.code", "c2",
					    "s.1.code", "c1", "s.x.name", "X", "s.3.name", NULL,
					    "s.10name", "Z",  "s.name",   "N", NULL };

	(void)state;
	expect_made(json, "{s.*.name}", "<A><C>");
	expect_made(json, "{s.*.name}[-{s.*.code}]", "<A><-c1><C-c2>"); /* the second has a code only */
	expect_made(json, "{s.*.name}/{s.*.code}", "<A/></c1><C/c2>");
	expect_made(json, "{t.*.name}", "");
}

/* Of a list with gaps, what belongs together stays together. */
static void test_places_of_values(void **state)
{
	static const char *const json[] = { "s.1.name", "B", "s.1.code", "b", "s.0.code", "a", NULL };
	struct template *t = NULL;
	struct values v;
	struct hand_row h;

	(void)state;
	hand_row_init(&h, json);
	expect_ok(template_read(&h.arena, "{s.*.name}", NULL, &t, &h.err), &h.err);
	expect_ok(template_make(t, &h.scope, &v, &h.err), &h.err);
	assert_int_equal(v.n, 1);
	assert_int_equal(v.places[0], 1);
	h.scope.index = v.places[0];
	assert_string_equal(make(&h, "{s.*.code|nth}", NULL), "<b>");
	arena_release(&h.arena);
}

/* A column that is not there yet is found when it comes; a file read again begins with fewer columns. */
static void test_columns_that_become_more(void **state)
{
	static const char *const more[] = { "a", "x", "late", "L", NULL };
	struct template *t = NULL;
	struct values v;
	struct hand_row h;

	(void)state;
	hand_row_init(&h, more);
	expect_ok(template_read(&h.arena, "{late}", NULL, &t, &h.err), &h.err);
	h.table.n_columns = 1;
	expect_ok(template_make(t, &h.scope, &v, &h.err), &h.err);
	assert_int_equal(v.n, 0);
	h.table.n_columns = 2;
	expect_ok(template_make(t, &h.scope, &v, &h.err), &h.err);
	assert_string_equal(v.items[0], "L");
	h.table.n_columns = 1;
	expect_ok(template_make(t, &h.scope, &v, &h.err), &h.err);
	assert_int_equal(v.n, 0);
	arena_release(&h.arena);
}

static void test_mistakes(void **state)
{
	static const char *const wrong[][2] = {
		{ "{a", "E_INVALID a '{' is not closed; write {{ for the character" },
		{ "a}", "E_INVALID a '}' closes nothing; write }} for the character" },
		{ "{}", "E_INVALID a place {} must name a column" },
		{ "{|lower}", "E_INVALID a place {} must name a column" },
		{ "[{a}", "E_INVALID '[' and ']' must stand in pairs, not within each other" },
		{ "{a}]", "E_INVALID '[' and ']' must stand in pairs, not within each other" },
		{ "[[{a}]", "E_INVALID '[' and ']' must stand in pairs, not within each other" },
		{ "[{a}[{b}] {ref}]", "E_INVALID '[' and ']' must stand in pairs, not within each other" },
		{ "{a|nothing}", "E_INVALID there is no filter 'nothing'" },
		{ "{a|lower|lower|lower|lower|lower|lower|lower|lower|lower}",
		  "E_INVALID more than 8 filters in one place" },
		{ "{a|whole}", "E_INVALID column a: 'x' is not a whole number" },
	};
	struct hand_row h;
	struct buf many;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		expect_made(row, wrong[i][0], wrong[i][1]);
	buf_init(&many, 4096);
	for (int i = 0; i < 65; i++)
		buf_text(&many, "{a}");
	hand_row_init(&h, row);
	assert_string_equal(make(&h, buf_str(&many), NULL), "E_INVALID the template has more than 64 parts");
	arena_release(&h.arena);
	buf_release(&many);
}

/* A short row must not ask for endless text: many values, and a long cell in each of them. */
static void test_what_a_row_may_ask_for(void **state)
{
	const char *pairs[] = { "long", NULL, "list", NULL, NULL };
	struct buf text, list;
	struct hand_row h;
	size_t n_bytes = 0;

	(void)state;
	buf_init(&text, 1024 * 1024);
	buf_init(&list, 1024 * 1024);
	for (int i = 0; i < 60 * 1000; i++)
		buf_text(&text, "0123456789");
	for (int i = 0; i < VALUES_MAX; i++)
		buf_text(&list, "1,");
	pairs[1] = buf_str(&text);
	pairs[3] = buf_str(&list);
	hand_row_init(&h, pairs);
	h.scope.n_bytes = &n_bytes;
	assert_string_equal(make(&h, "{long}{list|split:,}", NULL),
			    "E_LIMIT the row makes more than 64 MiB of text by this map");
	n_bytes = 0;
	assert_non_null(strstr(make(&h, "{list|split:,|join:+}", NULL), "<1+1+1"));
	buf_text(&list, "1");
	h.cells[1] = (struct cell){ buf_str(&list), list.n };
	assert_string_equal(make(&h, "{list|split:,}", NULL),
			    "E_LIMIT column list: there are more than 4096 values in one cell");
	arena_release(&h.arena);
	buf_release(&text);
	buf_release(&list);
}

static void test_what_a_template_speaks_of(void **state)
{
	struct template *t = NULL;
	struct hand_row h;

	(void)state;
	hand_row_init(&h, row);
	expect_ok(template_read(&h.arena, "x-{:hash}-{b}-{a}", NULL, &t, &h.err), &h.err);
	assert_true(template_uses(t, ":hash"));
	assert_false(template_uses(t, ":nth"));
	assert_string_equal(template_column(t), "b");
	expect_ok(template_read(&h.arena, "x-{:hash}", NULL, &t, &h.err), &h.err);
	assert_null(template_column(t));
	arena_release(&h.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts_and_cells),
		cmocka_unit_test(test_brackets),
		cmocka_unit_test(test_several_values),
		cmocka_unit_test(test_special_places),
		cmocka_unit_test(test_lists_of_json),
		cmocka_unit_test(test_places_of_values),
		cmocka_unit_test(test_columns_that_become_more),
		cmocka_unit_test(test_mistakes),
		cmocka_unit_test(test_what_a_row_may_ask_for),
		cmocka_unit_test(test_what_a_template_speaks_of),
	};

	return run_tests("template", tests);
}
