/* A map is proposed for a table that nobody described. */
#include "unit/exchange/map_fixture.h"

static const struct import_options plain;

/* The proposed map, in the arena. It must be a map. */
static const char *guess(struct arena *a, const char *text, size_t n)
{
	static const size_t pieces[] = { 0, 1, 100 };
	const struct format_options how = { 0 };
	struct map *map = NULL;
	struct err err = { 0 };
	struct buf first, out;
	const char *ret;

	buf_init(&first, 1024 * 1024);
	buf_init(&out, 1024 * 1024);
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct text_source t = text_of(text, n);

		t.source.ctx = &t;
		t.piece = pieces[i];
		buf_clear(&out);
		expect_ok(format_guess(&t.source, &how, &out, &err), &err);
		if (i == 0)
			buf_put(&first, out.p, out.n);
		assert_string_equal(buf_str(&out), buf_str(&first));
	}
	ret = arena_text(a, buf_str(&out));
	if (map_read(a, ret, &map, &err) < 0)
		fail_msg("%s: %s", err.text, ret);
	buf_release(&first);
	buf_release(&out);
	return ret;
}

static void expect_lines(const char *map, const char *const *lines)
{
	for (; *lines; lines++)
		if (!strstr(map, *lines))
			fail_msg("not in it: %s\n%s", *lines, map);
}

/* The file from which a map was made is imported by it without a refusal. */
static void expect_import_of(const char *map, const char *text, size_t n, uint64_t n_lines)
{
	const struct format_options how = { .map = map, .name = "mine" };
	const struct import_options dry = { .dry_run = true };
	struct text_source t = text_of(text, n);
	struct home h;

	home_init(&h, 1);
	expect_ok(import_as(&h, "csv", &how, &t, dry), &h.err);
	if (h.report.n_rejected > 0)
		fail_msg("%s%s", buf_str(&h.rejected), map);
	assert_int_equal(h.report.n_lines, n_lines);
	assert_int_equal(h.report.n_skipped, 0);
	t = text_of(text, n);
	expect_ok(import_as(&h, "csv", &how, &t, plain), &h.err);
	assert_int_equal(h.report.n_added, n_lines);
	home_release(&h);
}

#define G(text, n_lines, ...)                                                                                          \
	do {                                                                                                           \
		struct arena a_ = { 0 };                                                                               \
		const char *map_ = guess(&a_, (text), strlen(text));                                                   \
		expect_lines(map_, (const char *const[]){ __VA_ARGS__, NULL });                                        \
		if ((n_lines) > 0)                                                                                     \
			expect_import_of(map_, (text), strlen(text), (uint64_t)(n_lines));                             \
		arena_release(&a_);                                                                                    \
	} while (0)

static void test_events(void **state)
{
	(void)state;
	G("Event ID,Date,Summary,Type,City,Lat,Lon,Killed,Wounded,Notes,Empty\n"
	  "7,26/8/2012,Shots at the crossing,ASSAULT,Timba,2.91667,-76.66667,12,,\"A note, on\ntwo lines\",\n"
	  "8,1/9/2012,March,PROTEST,,,,0,3,,\n",
	  2, "claim incident\n", "\tid: @{:name}/incident-{Event ID|slug}\n", "\twhen: {Date|date:dmy}\n",
	  "\tnote: {Notes|cut:4000}\n", "\tsummary = {Summary|squeeze}\n", "\ttype = {Type}\n",
	  "\tplace = {City|squeeze|else:place not named|cut:200}[ @{Lat|degrees:latitude},{Lon|degrees:longitude}]\n",
	  "\tdeaths_best = {Killed|whole}\n", "\tinjured = {Wounded|whole}\n", "#   Date: dates, filled in 2\n",
	  "#   Killed: whole numbers, filled in 2\n", "#   Lat: numbers, filled in 1\n",
	  "#   Empty: always empty, filled in 0\n", "# 2 rows were looked at");
}

static void test_dates(void **state)
{
	(void)state;
	G("date,summary,type\n12/31/2012,One,ASSAULT\n01/02/2013,Two,ASSAULT\n", 2, "\twhen: {date|date:mdy}\n");
	G("date,summary,type\n2012-12-31,One,ASSAULT\n5 March 2013,Two,ASSAULT\n", 2, "\twhen: {date|date:dmy}\n");
	G("start,end,summary,type\n2012-12-30,2012-12-31,One,ASSAULT\n2012-12-30,,Two,ASSAULT\n", 2,
	  "\twhen: {start|date:dmy}[/{end|date:dmy}]\n");
	G("what,seen on,type\nOne,2012-12-31,ASSAULT\n", 1, "\twhen: {seen on|date:dmy}\n",
	  "\tsummary = {what|squeeze|cut:500}\n");
}

static void test_actors_and_other_kinds(void **state)
{
	(void)state;
	G("Name,Short,Description\nFirst Front,FF,A front\nSecond Front,,\n", 2, "claim actor\n",
	  "\tname = {Name|squeeze}\n", "\tshort = {Short|squeeze}\n");
	G("organisation\nFirst Front\nSecond Front\n", 2, "claim actor\n", "\tname = {organisation|squeeze|cut:200}\n");
}

static void test_ids(void **state)
{
	(void)state;
	/* a number that is given twice, one that is missing, none at all */
	G("id,name\n1,A\n2,B\n1,C\n", 3, "\tid: @{:name}/actor-{:hash}[-{:nth|not:1}]\n");
	G("id,name\n1,A\n,B\n", 2, "\tid: @{:name}/actor-{:hash}[-{:nth|not:1}]\n");
	G("name\nA\nA\nB\n", 3, "\tid: @{:name}/actor-{:hash}[-{:nth|not:1}]\n");
	G("key,name\na b,A\na-b,B\n", 2, "\tid: @{:name}/actor-{key|slug}\n");
}

/* An encoding that had to be told is told by the map. */
static void test_encodings(void **state)
{
	static const char text[] = "name\nBogot\xe1\n";
	const struct format_options how = { .encoding = "windows-1252" };
	struct text_source t = text_of(text, sizeof text - 1);
	struct err err = { 0 };
	struct buf out;

	(void)state;
	buf_init(&out, 65536);
	t.source.ctx = &t;
	expect_ok(format_guess(&t.source, &how, &out, &err), &err);
	assert_non_null(strstr(buf_str(&out), "\nencoding: windows-1252\n"));
	expect_import_of(buf_str(&out), text, sizeof text - 1, 1);
	buf_release(&out);
}

/* What does not fit in every row stands as a remark, and what is needed and not there is said. */
static void test_what_does_not_fit(void **state)
{
	(void)state;
	G("date,summary,type,killed\n2012-01-01,One,bombing,5\n2012-01-02,Two,ASSAULT,few\n", 0,
	  "\t# 1 of 2 rows do not fit:\ttype = {type}\n", "\t# needed: type, type of event\n\ttype = FILL IN\n",
	  "\t# 1 of 2 rows do not fit:\tdeaths_best = {killed|whole}\n");
	G("name,type,armed\nA,fruit,maybe\nB,state,yes\n", 2, "\t# 1 of 2 rows do not fit:\ttype = {type}\n");
	G("x,y,name\n200,1,A\n", 1, "\tname = {name|squeeze}\n");
}

/* Names of columns that a map cannot write, and that would break the proposal. */
static void test_odd_columns(void **state)
{
	(void)state;
	G("\"date\nof day\",\"{name}\",a|b,:x,s.*.y,,name,name\n2012-01-01,1,2,3,4,5,A,B\n", 1,
	  "#   date of day: dates, filled in 1 (a map",
	  "#   {name}: whole numbers, filled in 1 (a map cannot name it)\n", "#   (without a name): ", "claim actor\n",
	  "\tname = {name|squeeze}\n");
	G("Name;\"Note, long\"\n A ;x\n", 1, "\tname = {Name|squeeze}\n");
}

static void test_files_that_are_no_tables(void **state)
{
	static const char *const wrong[] = { "", "a,b\n", "a,b\n1\n2\n", "a,b\n1,\"x\n" };
	struct err err = { 0 };
	struct buf out;

	(void)state;
	buf_init(&out, 65536);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct text_source t = text_of(wrong[i], strlen(wrong[i]));
		const struct format_options how = { 0 };

		t.source.ctx = &t;
		expect_err(format_guess(&t.source, &how, &out, &err), E_DAMAGED, &err, NULL);
	}
	buf_release(&out);
}

/* Of a long file the beginning is looked at, and a row that is cut in two there is no fault. */
static void test_long_files(void **state)
{
	struct arena a = { 0 };
	struct buf text;
	const char *map;

	(void)state;
	buf_init(&text, (size_t)16 * 1024 * 1024);
	buf_text(&text, "name,notes\n");
	while (text.n < (size_t)5 * 1024 * 1024) {
		buf_text(&text, "A,\"");
		for (int i = 0; i < 1000; i++)
			buf_text(&text, "some words\n");
		buf_text(&text, "\"\n");
	}
	map = guess(&a, buf_str(&text), text.n);
	assert_non_null(strstr(map, "\tname = {name|squeeze}\n"));
	assert_non_null(strstr(map, "\t# 381 of 381 rows do not fit:\tnote: {notes|cut:4000}\n")
				? map
				: strstr(map, "\tnote: {notes|cut:4000}\n"));
	buf_release(&text);
	arena_release(&a);
}

static void test_the_columns_of_our_formats(void **state)
{
	static const char *const files[][2] = {
		{ "ucdp-ged", "ucdp-ged.csv" },
		{ "ucdp-ged", "ucdp-ged-hdx.csv" },
		{ "ucdp-agreements", "ucdp-agreements.csv" },
		{ "ucdp-actors", "ucdp-actors.csv" },
		{ "ucdp-terminations", "ucdp-terminations.csv" },
		{ "pax", "pax-v1.csv" },
		{ "pax", "pax-v9.csv" },
		{ "pax-signatories", "pax-signatories.csv" },
		{ "acled", "acled-old.csv" },
		{ "acled", "acled-new.csv" },
		{ "icews", "icews.tab" },
		{ "sigacts", "sigacts.csv" },
		{ "edges", "edges.csv" },
		{ "nodes", "nodes.csv" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct arena a = { 0 };
		struct buf text;
		char path[80];

		snprintf(path, sizeof path, "tests/data/%s", files[i][1]);
		buf_init(&text, 1024 * 1024);
		read_tree(path, &text);
		expect_lines(guess(&a, buf_str(&text), text.n),
			     (const char *const[]){
				     arena_printf(&a, "'parley import %s FILE' reads it.\n", files[i][0]), NULL });
		buf_release(&text);
		arena_release(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_actors_and_other_kinds),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_encodings),
		cmocka_unit_test(test_what_does_not_fit),
		cmocka_unit_test(test_odd_columns),
		cmocka_unit_test(test_files_that_are_no_tables),
		cmocka_unit_test(test_long_files),
		cmocka_unit_test(test_the_columns_of_our_formats),
	};

	return run_tests("guess", tests);
}
