/* Options and arguments: what is accepted, what each mistake says, which exit status it gives. */
#include "sample.h"

static void test_values(void **state)
{
	(void)state;
	struct run r = RUN("rehearse", "-m", "50", "a.json", "--for=2h", "-t", "one", "--tag", "two", "csv");
	assert_int_equal(r.status, 0);
	assert_string_equal(r.errs, "");
	assert_int_equal(seen.number, 50);
	assert_int_equal(seen.duration_ms, 7200000);
	assert_int_equal(seen.n_args, 2);
	assert_int_equal(seen.n_tags, 2);
	assert_string_equal(seen.last_tag, "two");
	run_free(&r);
}

static void test_fallbacks_and_last_wins(void **state)
{
	(void)state;
	struct run r = RUN("rehearse", "a.json");
	assert_int_equal(seen.number, 500);
	assert_int_equal(seen.duration_ms, 5400000);
	assert_int_equal(seen.n_tags, 0);
	run_free(&r);
	r = RUN("rehearse", "-m1", "-m", "2", "--members=3", "a.json");
	assert_int_equal(seen.number, 3);
	run_free(&r);
}

static void test_options_anywhere(void **state)
{
	(void)state;
	setenv("POSIXLY_CORRECT", "1", 1); /* must not matter */
	struct run r = RUN("--json", "rehearse", "a.json", "-m", "7");
	unsetenv("POSIXLY_CORRECT");
	assert_int_equal(r.status, 0);
	assert_string_equal(r.out, "{\"members\":7}\n");
	run_free(&r);
	r = RUN("--home", "rehearse", "--process=x", "process", "create", "Havana", "-q");
	assert_int_equal(r.status, 0);
	assert_string_equal(seen.name, "process create");
	run_free(&r);
}

static void test_double_dash(void **state)
{
	(void)state;
	struct run r = RUN("add", "actor", "--", "--help", "-x");
	assert_int_equal(r.status, 0);
	assert_int_equal(seen.n_args, 3);
	assert_string_equal(seen.text, "-x");
	run_free(&r);
}

static void test_prefix_of_option(void **state)
{
	(void)state;
	struct run r = RUN("rehearse", "--mem", "9", "a.json");
	assert_int_equal(seen.number, 9);
	run_free(&r);
}

/* Each wrong line, the one line that it gives, and exit status 2; nothing runs. */
static void test_wrong_usage(void **state)
{
	(void)state;
	static const struct {
		const char *words[6];
		const char *says;
	} cases[] = {
		{ { "ad" }, "there is no command 'ad'; did you mean 'add'? See 'parley --help'" },
		{ { "frobnicate" }, "there is no command 'frobnicate'; see 'parley --help'" },
		{ { "process" }, "process: say which of its commands; see 'parley process --help'" },
		{ { "process", "-q" }, "process: say which of its commands; see 'parley process --help'" },
		{ { "process", "crate" },
		  "there is no command 'process crate'; did you mean 'process create'? See 'parley --help'" },
		{ { "--json" }, "a command is missing; see 'parley --help'" },
		{ { "--jsno", "add" }, "unknown option --jsno; did you mean --json? See 'parley --help'" },
		{ { "add", "--foo" }, "add: unknown option --foo; see 'parley add --help'" },
		{ { "add", "--foo=bar", "actor" }, "add: unknown option --foo; see 'parley add --help'" },
		{ { "rehearse", "--memebrs", "3" },
		  "rehearse: unknown option --memebrs; did you mean --members? See 'parley rehearse --help'" },
		{ { "rehearse", "--me", "3" },
		  "rehearse: --me may be --members or --measures; see 'parley rehearse --help'" },
		{ { "add", "-x" }, "add: unknown option -x; see 'parley add --help'" },
		{ { "add", "--json=1" }, "add: --json takes no value; see 'parley add --help'" },
		{ { "rehearse", "a", "--members" },
		  "rehearse: --members needs a value: --members N; see 'parley rehearse --help'" },
		{ { "rehearse", "a", "-s" },
		  "rehearse: --strategy needs a value: --strategy CHOICE; see 'parley rehearse --help'" },
		{ { "rehearse" }, "rehearse: SCENARIO is missing; see 'parley rehearse --help'" },
		{ { "rehearse", "a", "csv", "c" },
		  "rehearse: takes at most 2 arguments; texts with spaces need quotes; see 'parley rehearse --help'" },
		{ { "process", "list", "x" }, "process list: takes no arguments; see 'parley process list --help'" },
		{ { "rehearse", "a", "cvs" },
		  "rehearse: FORMAT: there is no 'cvs'; did you mean csv? See 'parley rehearse --help'" },
		{ { "rehearse", "a", "parquet" },
		  "rehearse: FORMAT: there is no 'parquet'; it takes one of csv|json|ndjson; see 'parley rehearse "
		  "--help'" },
		{ { "rehearse", "" }, "rehearse: SCENARIO: the path is empty; see 'parley rehearse --help'" },
		{ { "rehearse", "a", "-m", "many" },
		  "rehearse: --members: 'many' is not a whole number; see 'parley rehearse --help'" },
		{ { "rehearse", "a", "-m", "0" },
		  "rehearse: --members: 0 is outside 1 to 100000; see 'parley rehearse --help'" },
		{ { "rehearse", "a", "--for", "soon" },
		  "rehearse: --for: 'soon' is not a duration such as 30m, 2h, 1d or 1h30m; see 'parley rehearse "
		  "--help'" },
		{ { "add", "--home=", "x" }, "add: --home: the path is empty; see 'parley add --help'" },
		{ { "add", "--\u202ered" }, "add: unknown option --???red; see 'parley add --help'" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *argv[8] = { "parley" };
		int argc = 1;
		for (; cases[i].words[argc - 1]; argc++)
			argv[argc] = strdup(cases[i].words[argc - 1]);
		struct run r = run_line(argc, argv);
		char expected[400];
		snprintf(expected, sizeof(expected), "parley: %s\n", cases[i].says);
		assert_string_equal(r.errs, expected);
		assert_string_equal(r.out, "");
		assert_int_equal(r.status, 2);
		assert_int_equal(seen.n_runs, 0);
		run_free(&r);
		for (int w = 1; w < argc; w++)
			free(argv[w]);
	}
}

static void test_date_option(void **state)
{
	(void)state;
	struct arena a;
	struct parsed p;
	struct err err = { 0 };
	struct when when = { 0 };

	arena_init(&a);
	opt_init(&p, &a);
	expect_ok(opt_parse(&p, &sample_rehearse, 3, (char *[]){ "rehearse", "--as-of=2016-08", "x", NULL }, &err),
		  &err);
	expect_ok(opt_check(&p, &err), &err);
	assert_true(opt_when(&p, "as-of", &when));
	assert_int_equal(when.precision, WHEN_MONTH);
	assert_true(opt_given(&p, "as-of"));
	assert_false(opt_given(&p, "members"));

	opt_init(&p, &a);
	expect_ok(opt_parse(&p, &sample_rehearse, 3, (char *[]){ "rehearse", "--as-of=August", "x", NULL }, &err),
		  &err);
	expect_err(opt_check(&p, &err), E_USAGE, &err, "--as-of: ");
	opt_init(&p, &a);
	expect_ok(opt_parse(&p, &sample_rehearse, 2, (char *[]){ "rehearse", "x", NULL }, &err), &err);
	assert_false(opt_when(&p, "as-of", &when));
	assert_null(opt_text(&p, "as-of"));
	assert_null(opt_arg(&p, 1));
	arena_release(&a);
}

static void test_refusal(void **state)
{
	(void)state;
	struct run r = RUN("process", "list");
	assert_int_equal(r.status, 1);
	assert_string_equal(r.errs, "parley: process list: closed; ask ???later\n");
	run_free(&r);
}

static void test_full_output(void **state)
{
	(void)state;
	FILE *full = fopen("/dev/full", "w");
	if (!full)
		skip();
	char *errs;
	size_t n;
	struct cli cli = { .program = &sample,
			   .out = full,
			   .errs = open_memstream(&errs, &n),
			   .out_term = { .width = 80 },
			   .errs_term = { .width = 80 } };
	assert_int_equal(cli_run(&cli, 1, (char *[]){ "parley", NULL }), 1);
	fclose(cli.errs);
	(void)fclose(full);
	assert_string_equal(errs, "parley: the output could not be written to its end\n");
	free(errs);
}

static void test_durations(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms; /* -1: refused */
	} cases[] = {
		{ "0s", 0 },
		{ "250ms", 250 },
		{ "30s", 30000 },
		{ "30m", 1800000 },
		{ "2h", 7200000 },
		{ "1d", 86400000 },
		{ "2w", 1209600000 },
		{ "1h30m", 5400000 },
		{ "1d12h", 129600000 },
		{ "", -1 },
		{ "30", -1 },
		{ "m", -1 },
		{ "-1h", -1 },
		{ "1.5h", -1 },
		{ "1h30", -1 },
		{ "1hh", -1 },
		{ "1 h", -1 },
		{ " 1h", -1 },
		{ "1y", -1 },
		{ "106751991167d", 9223372036828800000 },
		{ "106751991168d", -1 },
		{ "99999999999999999999s", -1 },
		{ "106751991167d106751991167d", -1 },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err err = { 0 };
		int64_t ms = -7;
		int rc = opt_parse_duration(cases[i].text, &ms, &err);
		if (cases[i].ms < 0) {
			assert_int_equal(rc, E_INVALID);
			assert_int_equal(ms, -7);
		} else {
			expect_ok(rc, &err);
			assert_int_equal(ms, cases[i].ms);
		}
	}
}

static void test_numbers(void **state)
{
	(void)state;
	static const char *const wrong[] = { "", " 1", "1 ", "1.0", "0x10", "1e3", "9223372036854775808", "+-1" };
	int64_t v = 0;
	struct err err;
	expect_ok(opt_parse_number("-9223372036854775808", &v, &err), &err);
	assert_true(v == INT64_MIN);
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		expect_err(opt_parse_number(wrong[i], &v, &err), E_INVALID, &err, "not a whole number");
	/* what is repeated is cut between characters: 39 letters, then one of two bytes */
	expect_err(opt_parse_number("aaaaaaaaaabbbbbbbbbbccccccccccddddddddd\u00e9\u00e9", &v, &err), E_INVALID, &err,
		   "'aaaaaaaaaabbbbbbbbbbccccccccccddddddddd' is");
}

static void test_nearest(void **state)
{
	(void)state;
	assert_string_equal(opt_nearer("actro", NULL, "actor"), "actor");
	assert_string_equal(opt_nearer("reh", NULL, "rehearse"), "rehearse");
	assert_null(opt_nearer("x", NULL, "y")); /* nothing in common */
	assert_null(opt_nearer("zebra", NULL, "actor"));
	assert_string_equal(opt_nearer("lst", "last", "list"), "last");
	assert_string_equal(opt_nearer("verfiy", "very", "verify"), "verify");
	char word[400];
	memset(word, 'a', sizeof(word) - 1);
	word[sizeof(word) - 1] = '\0';
	assert_null(opt_nearer(word, NULL, "add"));
}

static void test_home(void **state)
{
	(void)state;
	struct cli cli = { 0 };
	struct err err;
	const char *home = NULL;

	setenv("HOME", "/u", 1);
	setenv("XDG_DATA_HOME", "relative", 1);
	setenv("PARLEY_HOME", "", 1);
	expect_ok(cli_home(&cli, &home, &err), &err);
	assert_string_equal(home, "/u/.local/share/parley");
	setenv("XDG_DATA_HOME", "/d", 1);
	expect_ok(cli_home(&cli, &home, &err), &err);
	assert_string_equal(home, "/d/parley");
	setenv("PARLEY_HOME", "p", 1);
	expect_ok(cli_home(&cli, &home, &err), &err);
	assert_string_equal(home, "p");
	cli.home = "h";
	expect_ok(cli_home(&cli, &home, &err), &err);
	assert_string_equal(home, "h");
	cli.home = NULL;
	unsetenv("HOME");
	unsetenv("XDG_DATA_HOME");
	unsetenv("PARLEY_HOME");
	expect_err(cli_home(&cli, &home, &err), E_USAGE, &err, "--home DIR");
	arena_release(&cli.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_fallbacks_and_last_wins),
		cmocka_unit_test(test_options_anywhere),
		cmocka_unit_test(test_double_dash),
		cmocka_unit_test(test_prefix_of_option),
		cmocka_unit_test(test_wrong_usage),
		cmocka_unit_test(test_date_option),
		cmocka_unit_test(test_refusal),
		cmocka_unit_test(test_full_output),
		cmocka_unit_test(test_durations),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_home),
	};
	return run_tests("opt", tests);
}
