/* Every filter, and what it refuses. */
#include "unit/exchange/map_fixture.h"

/* What a filter chain makes of one cell. */
static void expect_filter(const char *cell, const char *filters, const char *expected)
{
	const char *pairs[] = { "c", cell, NULL };
	struct hand_row h;
	const char *text;

	hand_row_init(&h, pairs);
	text = make(&h, arena_printf(&h.arena, "{c|%s}", filters), NULL);
	if (strcmp(text, expected) != 0)
		fail_msg("{%s|%s}: %s, expected %s", cell, filters, text, expected);
	arena_release(&h.arena);
}

/* --- lists and texts --------------------------------------------------------------------------------------- */

static void test_lists(void **state)
{
	(void)state;
	expect_filter("a, b ,,c,", "split:,", "<a><b><c>");
	expect_filter("a | b", "split:bar", "<a><b>");
	expect_filter("a\tb", "split:tab", "<a><b>");
	expect_filter("a\nb\r\n", "split:line", "<a><b>");
	expect_filter("a, and b, and c", "split:, and ", "<a><b><c>");
	expect_filter(",;,", "split:,|split:;", "");
	expect_filter("a,b;c", "split:,|split:;", "<a><b><c>");
	expect_filter("a,b", "split:,|join: + ", "<a + b>");
	expect_filter("a,b,c", "split:,|not:b|join:+", "<a+c>");
	expect_filter("x,y", "split:,|only:z|join:+", "");
	expect_filter("a,b", "split:,|first", "<a>");
	expect_filter("a,b,c", "split:,|not:a|first", "<b>"); /* the first that is left */
	expect_filter("", "first", "");
	expect_filter("a", "first", "<a>");
	expect_filter("a,b", "split:,|nth", "<a>");
}

static void test_choices(void **state)
{
	(void)state;
	expect_filter("NA", "not:NA", "");
	expect_filter("NAB", "not:NA", "<NAB>");
	expect_filter("1", "only:1", "<1>");
	expect_filter("10", "only:1", "");
	expect_filter("", "else:none", "<none>");
	expect_filter("x", "else:none", "<x>");
	expect_filter("NA", "not:NA|else:none", "<none>");
	expect_filter("a,b", "split:,|else:none", "<a><b>");
}

static void test_texts(void **state)
{
	(void)state;
	expect_filter("ABC \xc3\x81", "lower", "<abc \xc3\x81>");
	expect_filter(" a \n\t b\r\n", "squeeze", "<a b>");
	expect_filter("abcdefgh", "cut:8", "<abcdefgh>");
	expect_filter("abcdefghi", "cut:8", "<abcde...>");
	expect_filter("ááááááááá", "cut:8", "<ááááá...>"); /* characters, not bytes */
	expect_filter("ááááááááá", "head:2", "<áá>");
	expect_filter("0401", "head:2", "<04>");
	expect_filter("0", "head:2", "<0>");
	expect_filter("Government of Syria (2000-)", "before:(", "<Government of Syria>");
	expect_filter("Syria", "before:(", "<Syria>");
	expect_filter("(x)", "before:(", "");
	expect_filter("Mali: Gao: city", "behind::", "<Gao: city>");
	expect_filter("Mali", "behind::", "");
}

/* --- labels ------------------------------------------------------------------------------------------------ */

static const char *slug_of(struct hand_row *h, const char *name)
{
	h->cells[0] = (struct cell){ name, strlen(name) };
	return make(h, "{c|slug}", NULL);
}

static bool is_label(const char *slug)
{
	const size_t n = strlen(slug);

	return n > 2 && n - 2 <= 80 && strspn(slug + 1, "abcdefghijklmnopqrstuvwxyz0123456789._-") == n - 2;
}

static void test_slugs(void **state)
{
	(void)state;
	expect_filter("Military Forces of Syria (2000-)", "slug", "<military-forces-of-syria-_282000--_29>");
	expect_filter("AQ-1.2", "slug", "<aq--1.2>");
	expect_filter("a_b", "slug", "<a_5fb>");
	expect_filter("50%", "slug", "<50_25>");
	expect_filter("داعش", "slug", "<_d8_af_d8_a7_d8_b9_d8_b4>");
	expect_filter("ИГ", "slug", "<_d0_98_d0_93>");
	expect_filter("a \t b", "slug", "<a-b>");
	expect_filter(".", "slug", "<.>");
}

/* Different names are different labels; the same in other letters or with other blanks is the same. */
static void test_slugs_tell_names_apart(void **state)
{
	static const char *const names[] = {
		"Al Shabaab",
		"Al-Shabaab",
		"Al - Shabaab",
		"Al -Shabaab",
		"Al- Shabaab",
		"Al--Shabaab",
		"AlShabaab",
		"Al_Shabaab",
		"Al_20Shabaab",
		"Al%20Shabaab",
		"Al/Shabaab",
		"Al.Shabaab",
		"Al. Shabaab",
		"Al,Shabaab",
		"\"Al Shabaab\"",
		"Al\xc2\xa0Shabaab",
		"حركة الشباب",
		"حركة-الشباب",
		"حركه الشباب",
		"الشباب",
		"Москва",
		"Москвa",
		"МОСКВА",
		"100%",
		"100_",
		"100_25",
		"100",
		"a_5fb",
		"a_b",
		"_",
		"__",
		"_5f",
		"-",
		"--",
		"- -",
		"é",
		"e\xcc\x81",
		"e",
		"c3_a9",
		"_c3_a9",
		"@x",
		"x",
		"+",
		"1/2",
		"1-2",
		"1 2",
		"12",
		"d8",
		"_d8",
		"%d8",
	};
	struct hand_row h;
	const char *pairs[] = { "c", "", NULL }, *slugs[ARRAY_LEN(names)];

	(void)state;
	hand_row_init(&h, pairs);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		slugs[i] = slug_of(&h, names[i]);
		if (!is_label(slugs[i]))
			fail_msg("%s: %s is no label", names[i], slugs[i]);
		for (size_t k = 0; k < i; k++)
			if (strcmp(slugs[i], slugs[k]) == 0)
				fail_msg("%s and %s are both %s", names[i], names[k], slugs[i]);
	}
	assert_string_equal(slug_of(&h, "  AL   shabaab\t"), slug_of(&h, "Al Shabaab"));
	arena_release(&h.arena);
}

static void test_long_slugs(void **state)
{
	struct hand_row h;
	const char *pairs[] = { "c", "", NULL }, *a, *b;
	char name[4000];

	(void)state;
	hand_row_init(&h, pairs);
	memset(name, 'x', sizeof name);
	name[80] = '\0';
	assert_int_equal(strlen(slug_of(&h, name)), 82); /* as it is, within < and > */
	name[80] = 'x';
	name[sizeof name - 1] = '\0';
	a = slug_of(&h, name);
	name[3000] = 'y';
	b = slug_of(&h, name);
	assert_true(is_label(a) && is_label(b));
	assert_string_not_equal(a, b);
	name[3000] = 'Y';
	assert_string_equal(b, slug_of(&h, name));
	memset(name, '%', sizeof name - 1);
	assert_true(is_label(slug_of(&h, name)));
	arena_release(&h.arena);
}

/* --- numbers ----------------------------------------------------------------------------------------------- */

static void test_whole_numbers(void **state)
{
	static const char *const wrong[] = { "x",     "1.5",    "1.",     ".5",       "1,2",      "5, 6", "1,2,3",
					     "12 34", "1,2345", ",123",   "1234,567", "1,000,00", "--1",  "+-1",
					     "1e3",   "0x10",   "5 dead", "½",        "1,",       "- 1" };

	(void)state;
	expect_filter("5", "whole", "<5>");
	expect_filter("5.0", "whole", "<5>");
	expect_filter("-5.000", "whole", "<-5>");
	expect_filter("+5", "whole", "<5>");
	expect_filter("007", "whole", "<7>");
	expect_filter("-007", "whole", "<-7>");
	expect_filter("0", "whole", "<0>");
	expect_filter("-0.0", "whole", "<0>");
	expect_filter("1,200", "whole", "<1200>");
	expect_filter("12 345 678.0", "whole", "<12345678>");
	expect_filter("-1,200", "whole", "<-1200>");
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct hand_row h;
		const char *pairs[] = { "c", wrong[i], NULL };

		hand_row_init(&h, pairs);
		assert_non_null(strstr(make(&h, "{c|whole}", NULL), "is not a whole number"));
		arena_release(&h.arena);
	}
}

static void test_degrees(void **state)
{
	(void)state;
	expect_filter("33.5", "degrees:latitude", "<33.5>");
	expect_filter("-7", "degrees:latitude", "<-7.0>");
	expect_filter("36.12345678", "degrees:longitude", "<36.123457>");
	expect_filter("-0.0000001", "degrees:longitude", "<0.0>");
	expect_filter("90", "degrees:latitude", "<90.0>");
	expect_filter("91", "degrees:latitude", "E_INVALID column c: '91' is not a latitude");
	expect_filter("91", "degrees:longitude", "<91.0>");
	expect_filter("180.1", "degrees:longitude", "E_INVALID column c: '180.1' is not a longitude");
	expect_filter("33,5", "degrees:latitude", "E_INVALID column c: '33,5' is not a latitude");
	expect_filter("nan", "degrees:latitude", "E_INVALID column c: 'nan' is not a latitude");
	expect_filter("1e1", "degrees:latitude", "E_INVALID column c: '1e1' is not a latitude");
	expect_filter("33N", "degrees:latitude", "E_INVALID column c: '33N' is not a latitude");
}

/* --- codes ------------------------------------------------------------------------------------------------- */

static void test_codes(void **state)
{
	static struct code_row rows[] = {
		{ "1", "one" }, { "Rebel*", "rebel" }, { "Rebel group*", "group" }, { "Rebel group", "exact" },
		{ "drop", "" }, { "a = b", "equals" }
	};
	static const struct code_table table = { "kinds", rows, ARRAY_LEN(rows), NULL };
	static const char *const cases[][2] = {
		{ "1", "<one>" },
		{ "Rebels", "<rebel>" },
		{ "Rebel group of X", "<group>" },
		{ "Rebel group", "<exact>" },
		{ "drop", "" },
		{ "a = b", "<equals>" },
		{ "10", "E_INVALID column c: '10' is not in the table 'kinds' of the map" },
		{ "rebels", "E_INVALID column c: 'rebels' is not in the table 'kinds' of the map" },
	};
	const char *pairs[] = { "c", "", NULL };
	struct hand_row h;

	(void)state;
	hand_row_init(&h, pairs);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		h.cells[0] = (struct cell){ cases[i][0], strlen(cases[i][0]) };
		assert_string_equal(make(&h, "{c|codes:kinds}", &table), cases[i][1]);
		assert_string_equal(make(&h, "{c|codes?:kinds}", &table), cases[i][1][0] == '<' ? cases[i][1] : "");
	}
	h.cells[0] = (struct cell){ "1,x,Rebels", 10 };
	assert_string_equal(make(&h, "{c|split:,|codes?:kinds}", &table), "<one><rebel>");
	assert_string_equal(make(&h, "{c|codes:other}", &table),
			    "E_INVALID the map has no table 'codes other' above this line");
	arena_release(&h.arena);
}

/* --- dates ------------------------------------------------------------------------------------------------- */

static void test_dates_that_are_clear(void **state)
{
	static const char *const cases[][2] = {
		{ "2012", "2012" },
		{ "2012-08", "2012-08" },
		{ "2012-08-26", "2012-08-26" },
		{ "2012/8/6", "2012-08-06" },
		{ "2012.08.06", "2012-08-06" },
		{ "2012 08 06", "2012-08-06" },
		{ "26 August 2012", "2012-08-26" },
		{ "26 AUG 2012", "2012-08-26" },
		{ "August 26, 2012", "2012-08-26" },
		{ "Aug. 26, 2012", "2012-08-26" },
		{ "26-Aug-2012", "2012-08-26" },
		{ "2012-Aug-26", "2012-08-26" },
		{ "2012 26 Aug", "2012-08-26" },
		{ "Sept 2012", "2012-09" },
		{ "2012 September", "2012-09" },
		{ "08/2012", "2012-08" },
		{ "2012-08-26T14:05:00Z", "2012-08-26" },
		{ "2012-08-26 14:05", "2012-08-26" },
		{ "2012-08-26 00:00:00.000", "2012-08-26" },
		{ "2012-08-26 2:05 PM", "2012-08-26" },
		{ "0001-01-01", "0001-01-01" },
		{ "9999-12-31", "9999-12-31" },
		{ "2012-02-29", "2012-02-29" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char expected[40];

		snprintf(expected, sizeof expected, "<%s>", cases[i][1]);
		expect_filter(cases[i][0], "date", expected);
		expect_filter(cases[i][0], "date:dmy", expected);
	}
}

static void test_dates_that_need_an_order(void **state)
{
	(void)state;
	expect_filter("31/01/2004", "date:dmy", "<2004-01-31>");
	expect_filter("01/31/2004", "date:mdy", "<2004-01-31>");
	expect_filter("1.2.2004", "date:dmy", "<2004-02-01>");
	expect_filter("31/01/2004", "date",
		      "E_INVALID column c: '31/01/2004' may mean two days: the map must say which number is "
		      "what (date:dmy, date:mdy)");
	expect_filter("31/01/2004", "date:mdy", "E_INVALID column c: '31/01/2004' is not a date");
	expect_filter("31/01/46", "date:dmy46", "<1946-01-31>");
	expect_filter("31/01/45", "date:dmy46", "<2045-01-31>");
	expect_filter("1/31/05", "date:mdy46", "<2005-01-31>");
	expect_filter("04-01-31", "date:ymd46", "<2004-01-31>");
	expect_filter("26-Aug-12", "date:dmy46", "<2012-08-26>");
	expect_filter("26-Aug-12", "date",
		      "E_INVALID column c: '26-Aug-12' has a year of two digits: the map must say which century "
		      "(date:dmy46)");
	expect_filter("31/01/04", "date:dmy",
		      "E_INVALID column c: '31/01/04' has a year of two digits: the map must say which "
		      "century (date:dmy46)");
	expect_filter("14", "date:dmy46", "<2014>");
}

static void test_dates_that_are_none(void **state)
{
	static const char *const wrong[] = {
		"30 February 2012",
		"2011-02-29",
		"2012-13-01",
		"2012-00-05",
		"2012-01-32",
		"0000-01-01",
		"0000",
		"0 AD",
		"5 Foo 2012",
		"5 Ma 2012",
		"x",
		"2012-08-26 or 27",
		"2012-08-26 and so on",
		"2012-08-26-27",
		"12:30",
		"20120826",
		"-2012",
		"2012-08-26Z",
		"5 August",
		"05 August",
		"31/01/004",
		"2012 2013",
		"1/2/3/2004",
		"Monday",
		"2012-08-26T",
		"26 August 2012 August",
		"12345-01-01",
		"5 2012 August",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		char expected[120];

		snprintf(expected, sizeof expected, "E_INVALID column c: '%s' is not a date", wrong[i]);
		expect_filter(wrong[i], "date:dmy46", expected);
	}
	/* a long value is cut between two characters */
	expect_filter("áááááááááááááááááááxáááá", "date", "E_INVALID column c: 'áááááááááááááááááááx' is not a date");
	expect_filter("", "date", "");
}

static void test_times_and_years(void **state)
{
	(void)state;
	expect_filter("2004-01-31T23:59:59", "time", "<2004-01-31T23:59:59Z>");
	expect_filter("2004-01-31 23:59:00", "time", "<2004-01-31T23:59Z>"); /* known to the minute */
	expect_filter("2004-01-31T23:59Z", "time", "<2004-01-31T23:59Z>");
	expect_filter("31/01/2004 23:59", "time:dmy", "<2004-01-31T23:59Z>");
	expect_filter("2004-01-31", "time", "<2004-01-31>");
	expect_filter("2004", "time", "<2004>");
	expect_filter("2004-01-31 24:00", "time", "E_INVALID column c: '2004-01-31 24:00' is not a date");
	expect_filter("2004-01-31 12345", "time", "E_INVALID column c: '2004-01-31 12345' is not a date");
	expect_filter("2004-01 12:30", "time", "E_INVALID column c: '2004-01 12:30' is not a date");
	expect_filter("2004-01-31 2:59 PM", "time",
		      "E_INVALID column c: '2004-01-31 2:59 PM' is not a time such as "
		      "2004-01-31T23:59:59");
	expect_filter("2004-01-31T23:59+02:00", "time",
		      "E_INVALID column c: '2004-01-31T23:59+02:00' is not a time such as "
		      "2004-01-31T23:59:59");
	expect_filter("2004-01-31", "year", "<2004>");
	expect_filter("1/31/46", "year:mdy46", "<1946>");
	expect_filter("x", "year", "E_INVALID column c: 'x' is not a date");
	expect_filter("2004-05 or 2005", "year", "E_INVALID column c: '2004-05 or 2005' is not a date");
}

/* --- what a map may ask ------------------------------------------------------------------------------------ */

static void test_arguments(void **state)
{
	(void)state;
	expect_filter("x", "split", "E_INVALID the filter split needs something behind a ':'");
	expect_filter("x", "else:", "E_INVALID the filter else needs something behind a ':'");
	expect_filter("x", "cut:3", "E_INVALID cut takes a number of characters, at least 4");
	expect_filter("x", "cut:ten", "E_INVALID cut takes a number of characters, at least 4");
	expect_filter("x", "head:x", "E_INVALID head takes a number of characters");
	expect_filter("x", "degrees:north", "E_INVALID degrees takes latitude or longitude");
	expect_filter("x", "codes:none", "E_INVALID the map has no table 'codes none' above this line");
	expect_filter("x", "date:ydm",
		      "E_INVALID date takes dmy, mdy or ymd, and behind it the year from which 19.. is meant");
	expect_filter("x", "time:dmyx",
		      "E_INVALID time takes dmy, mdy or ymd, and behind it the year from which 19.. is meant");
	expect_filter("x", "year:mdy1946",
		      "E_INVALID year takes dmy, mdy or ymd, and behind it the year from which 19.. is meant");
	expect_filter("x", "dates", "E_INVALID there is no filter 'dates'");
	expect_filter("x", "", "E_INVALID there is no filter ''");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_choices),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_slugs),
		cmocka_unit_test(test_slugs_tell_names_apart),
		cmocka_unit_test(test_long_slugs),
		cmocka_unit_test(test_whole_numbers),
		cmocka_unit_test(test_degrees),
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_dates_that_are_clear),
		cmocka_unit_test(test_dates_that_need_an_order),
		cmocka_unit_test(test_dates_that_are_none),
		cmocka_unit_test(test_times_and_years),
		cmocka_unit_test(test_arguments),
	};

	return run_tests("filters", tests);
}
