/* What comes in: encodings, refusals with their reasons, strict, dry runs, batches, interruptions. */
#include "unit/exchange/fixture.h"

#define ACTOR(label, name) "{\"kind\":\"actor\",\"id\":\"@" label "\",\"set\":{\"name\":\"" name "\"}}"
#define NO_ENTRY "0000000000000000000000000000000000000000000000000000000000000000"

static const struct import_options plain;

static int64_t n_entries(struct home *h)
{
	return (int64_t)record_n_entries(h->record);
}

/* --- encodings --------------------------------------------------------------------------------------------- */

static void test_line_ends_and_blank_lines(void **state)
{
	struct home h;

	(void)state;
	home_init(&h, 1);
	expect_import(&h, "", 0, 0, 0);
	expect_import(&h, "\n \t\n\r\n\n", 0, 0, 0);
	assert_int_equal(h.report.n_lines, 0);
	expect_import(&h, ACTOR("a", "A"), 1, 0, 0); /* no line end */
	expect_import(&h, ACTOR("b", "B") "\r\n" ACTOR("c", "C") "\r\n", 2, 0, 0);
	expect_import(&h, "\n\n{\n" ACTOR("d", "D") "\n\nx\n", 1, 0, 2);
	assert_int_equal(h.report.n_lines, 3);
	expect_rejected(&h, "3: column 2: the text ends too early"); /* blank lines count */
	expect_rejected(&h, "6: column 1: one object");
	home_release(&h);
}

static void test_other_encodings_are_named(void **state)
{
	static const char utf16le[] = "\xff\xfe{\0\"\0k\0\"\0\n\0x\0\n\0", utf16be[] = "\xfe\xff\0{\0\n\0x\0\n";
	static const char nul[] = ACTOR("n", "A\0B") "\n" ACTOR("o", "O");
	struct text_source t;
	struct home h;

	(void)state;
	home_init(&h, 1);
	expect_import(&h, "\xef\xbb\xbf" ACTOR("a", "A") "\n" ACTOR("b", "B"), 1, 0, 1);
	expect_rejected(&h, "1: column 1: a byte order mark");
	expect_import(&h, ACTOR("c", "Bogot\xe1") "\n" ACTOR("d", "D"), 1, 0, 1); /* Latin-1 */
	expect_rejected(&h, "1: column 47: not UTF-8");
	t = text_of(nul, sizeof nul - 1);
	expect_ok(import_from(&h, &t, plain), &h.err);
	expect_report(&h, 1, 0, 1);
	t = text_of(utf16le, sizeof utf16le - 1);
	expect_err(import_from(&h, &t, plain), E_DAMAGED, &h.err, "the file is UTF-16");
	expect_report(&h, 0, 0, 0);
	t = text_of(utf16be, sizeof utf16be - 1);
	expect_err(import_from(&h, &t, plain), E_DAMAGED, &h.err, "the file is UTF-16");
	home_release(&h);
}

/* 1 GiB without a line end, then a good line. */
struct long_line {
	uint64_t left;
	const char *end;
	size_t at;
};

static int long_read(void *ctx, void *out, size_t n, size_t *ret_n, struct err *err)
{
	struct long_line *l = ctx;
	size_t rest = strlen(l->end) - l->at;

	(void)err;
	*ret_n = l->left ? (n < l->left ? n : (size_t)l->left) : (n < rest ? n : rest);
	if (l->left)
		memset(out, '"', *ret_n);
	else
		memcpy(out, l->end + l->at, *ret_n);
	l->at += l->left ? 0 : *ret_n;
	l->left -= l->left ? *ret_n : 0;
	return 0;
}

static void test_a_line_of_a_gibibyte_is_one_refused_line(void **state)
{
	struct long_line l = { (uint64_t)1024 * 1024 * 1024, "\n" ACTOR("a", "A") "\n", 0 };
	struct source source = { .read = long_read, .ctx = &l };
	struct import_options options = { .rejected = note_rejected };
	struct claims *claims;
	struct home h;

	(void)state;
	home_init(&h, 1);
	options.ctx = &h;
	claims = ndjson_claims(&source);
	expect_ok(import_claims(h.record, h.view, h.circle, claims, &options, &h.report, &h.err), &h.err);
	claims_close(claims);
	expect_report(&h, 1, 0, 1);
	assert_string_equal(buf_str(&h.rejected), "1: the line is longer than 131072 bytes\n");
	home_release(&h);
}

/* --- refusals ---------------------------------------------------------------------------------------------- */

static void test_each_mistake_has_its_reason(void **state)
{
	static const struct {
		const char *line, *reason;
	} cases[] = {
		{ "[]", "one object, in braces" },
		{ "{\"kind\":\"actor\"", "column" },
		{ "{\"kind\":\"actor\",\"kind\":\"actor\"}", "the same key" },
		{ "{}", "id: must be the id" },
		{ "{\"t\":1}", "t must be claim" },
		{ "{\"t\":\"redact\",\"entry\":\"" NO_ENTRY "\"}", "t must be claim, retract or chunk" },
		{ "{\"v\":2,"
		  "\"kind\":\"actor\",\"id\":\"@v\",\"set\":{\"name\":\"V\"}}",
		  "v must be 1" },
		{ "{\"kind\":\"actor\",\"id\":5,\"set\":{\"name\":\"N\"}}", "id: must be the id" },
		{ "{\"kind\":\"actor\",\"id\":\"@Big\",\"set\":{\"name\":\"N\"}}", "id: an id must be" },
		{ "{\"kind\":\"actr\",\"id\":\"@a\",\"set\":{\"name\":\"N\"}}", "did you mean 'actor'" },
		{ "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"nam\":\"N\"}}", "did you mean 'name'" },
		{ "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"short\":\"N\"}}", "name" },
		{ "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{}}", "set must hold" },
		{ "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"name\":\"N\",\"strength\":\"9\"}}", "strength" },
		{ "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"name\":\"N\"},\"grade\":\"A7\"}", "grade" },
		{ "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"name\":\"N\"},\"sorce\":\"x\"}",
		  "did you mean 'source'" },
		{ "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"name\":\"N\"},\"known\":\"2016/2017\"}", "known" },
		{ "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"name\":\"N\"},\"entry\":\"12\"}", "entry must be 64" },
		{ "{\"kind\":\"incident\",\"id\":\"@i\",\"set\":{\"title\":\"T\"}}", "" },
		{ "{\"t\":\"retract\"}", "entry must be the id" },
		{ "{\"t\":\"retract\",\"entry\":\"" NO_ENTRY "\"}", "neither in this file" },
		{ "{\"t\":\"retract\",\"entry\":\"" NO_ENTRY "\",\"reason\":5}", "reason must be a text" },
		{ "{\"t\":\"retract\",\"entry\":\"" NO_ENTRY "\",\"why\":\"x\"}", "'why' is not a member" },
		{ "{\"t\":\"chunk\"}", "a chunk needs" },
		{ "{\"t\":\"chunk\",\"file\":\"" NO_ENTRY "\",\"i\":1,\"data\":\"\"}", "must follow" },
		{ "{\"t\":\"chunk\",\"file\":\"" NO_ENTRY "\",\"i\":0,\"data\":\"A\"}", "base64url" },
	};
	struct home h;
	int64_t before;

	(void)state;
	home_init(&h, 1);
	before = n_entries(&h);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		expect_import(&h, cases[i].line, 0, 0, 1);
		expect_rejected(&h, cases[i].reason);
	}
	assert_int_equal(n_entries(&h), before);
	home_release(&h);
}

static void test_what_this_version_does_not_know_is_kept_on_demand(void **state)
{
	static const char text[] =
		ACTOR("a", "A") "\n"
				"{\"kind\":\"spaceship\",\"id\":\"@s\",\"set\":{\"crew\":[1,{\"x\":null}]}}\n"
				"{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"mood\":\"calm\"},\"weight\":3}\n";
	struct home h;

	(void)state;
	home_init(&h, 1);
	expect_import(&h, text, 1, 0, 2);
	expect_rejected(&h, "2: there is no kind 'spaceship'");
	expect_rejected(&h, "3: ");
	expect_ok(import_text(&h, text, (struct import_options){ .keep_unknown = true }), &h.err);
	expect_report(&h, 2, 1, 0);
	assert_int_equal(count(&h, "SELECT count(*) FROM value WHERE field = 'mood' AND value = 'calm'"), 1);
	assert_int_equal(count(&h, "SELECT count(*) FROM claim WHERE body LIKE '%\"weight\":3}'"), 1);
	home_release(&h);
}

/* --- what is known of an object ---------------------------------------------------------------------------- */

#define PART(label) "{\"kind\":\"actor\",\"id\":\"@" label "\",\"set\":{\"short\":\"S\"}}"

static void test_the_order_of_lines_does_not_matter(void **state)
{
	struct text_source t = text_of(PART("b") "\n" ACTOR("b", "B"), strlen(PART("b") "\n" ACTOR("b", "B")));
	struct home h;

	(void)state;
	home_init(&h, 1);
	expect_import(&h, PART("a") "\n" ACTOR("a", "A") "\n" PART("c"), 2, 0, 1);
	expect_rejected(&h, "3: ");
	expect_import(&h, PART("a") "\n" ACTOR("a", "A") "\n" PART("c"), 0, 2, 1);
	t.source.rewind = NULL; /* from a pipe: what introduces an object must come first */
	expect_ok(import_from(&h, &t, plain), &h.err);
	expect_report(&h, 1, 0, 1);
	expect_rejected(&h, "1: ");
	home_release(&h);
}

static void test_an_object_has_one_kind(void **state)
{
	static const char person[] = "{\"kind\":\"person\",\"id\":\"@a\",\"set\":{\"name\":\"Ana\"}}";
	struct home h;

	(void)state;
	home_init(&h, 1);
	expect_import(&h, ACTOR("a", "A") "\n{\"kind\":\"person\",\"id\":\"@a\",\"set\":{\"name\":\"Ana\"}}", 1, 0, 1);
	expect_rejected(&h, "2: kind: ");
	expect_import(&h, person, 0, 0, 1);
	expect_rejected(&h, "1: kind: ");
	home_release(&h);
}

/* What was exported is whole where it came from, even if the lines that made it so were left out. */
static void test_an_exported_line_needs_no_other(void **state)
{
	struct home h;

	(void)state;
	home_init(&h, 1);
	expect_import(&h, "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"short\":\"S\"},\"entry\":\"" NO_ENTRY "\"}", 1,
		      0, 0);
	home_release(&h);
}

/* --- strict and dry ---------------------------------------------------------------------------------------- */

static const char mixed[] = ACTOR("a", "A") "\nx\n" PART("b") "\n" ACTOR("b", "B") "\n" ACTOR(
	"a",
	"A") "\n"
	     "{\"t\":\"retract\",\"entry\":\"" NO_ENTRY "\"}\n"
	     "{\"kind\":\"actor\",\"id\":\"@c\",\"set\":{\"name\":\"C\"},\"entry\":"
	     "\"1100000000000000000000000000000000000000000000000000000000000000\"}\n"
	     "{\"t\":\"retract\",\"entry\":\"1100000000000000000000000000000000000000000000000000000000000000\"}\n"
	     "{\"t\":\"retract\",\"entry\":\"1100000000000000000000000000000000000000000000000000000000000000\"}\n";

static void test_strict_takes_all_or_nothing(void **state)
{
	struct text_source t = text_of(ACTOR("a", "A"), strlen(ACTOR("a", "A")));
	struct import_options strict = { .strict = true };
	struct home h;
	int64_t before;

	(void)state;
	home_init(&h, 1);
	before = n_entries(&h);
	expect_err(import_text(&h, mixed, strict), E_INVALID, &h.err, "2 lines are not right");
	assert_int_equal(h.report.n_added, 0);
	assert_int_equal(h.report.n_rejected, 2);
	expect_rejected(&h, "2: ");
	expect_rejected(&h, "6: ");
	assert_int_equal(n_entries(&h), before);
	expect_err(import_text(&h, "x", strict), E_INVALID, &h.err, "1 line is not right");
	t.source.rewind = NULL;
	expect_err(import_from(&h, &t, strict), E_USAGE, &h.err, "twice");
	assert_int_equal(n_entries(&h), before);
	expect_ok(import_text(&h, PART("b") "\n" ACTOR("b", "B"), strict), &h.err);
	expect_report(&h, 2, 0, 0);
	assert_int_equal(n_entries(&h), before + 2);
	home_release(&h);
}

static void test_a_dry_run_counts_and_writes_nothing(void **state)
{
	struct import_options dry = { .dry_run = true };
	struct import_report of_dry;
	uint64_t digest;
	struct home h;

	(void)state;
	home_init(&h, 1);
	digest = simdisk_digest(h.disk);
	expect_ok(import_text(&h, mixed, dry), &h.err);
	expect_report(&h, 6, 1, 2);
	of_dry = h.report;
	expect_ok(import_text(&h, mixed, (struct import_options){ .dry_run = true, .strict = true }), &h.err);
	assert_memory_equal(&h.report, &of_dry, sizeof of_dry);
	assert_true(simdisk_digest(h.disk) == digest);
	expect_ok(import_text(&h, mixed, plain), &h.err);
	assert_memory_equal(&h.report, &of_dry, sizeof of_dry);
	expect_ok(import_text(&h, mixed, dry), &h.err);
	expect_report(&h, 0, 7, 2);
	home_release(&h);
}

/* --- batches ----------------------------------------------------------------------------------------------- */

/* A file of n claims about as many actors, each with a note of some bytes. */
static void put_actors(struct buf *out, int n, size_t note)
{
	char *fill = mem_alloc(note + 1);

	memset(fill, 'n', note);
	fill[note] = 0;
	buf_init(out, (size_t)64 * 1024 * 1024);
	for (int i = 0; i < n; i++)
		buf_printf(out, "{\"kind\":\"actor\",\"id\":\"@a/%d\",\"set\":{\"name\":\"%d\"%s%s%s}}\n", i, i,
			   note ? ",\"x\":\"" : "", fill, note ? "\"" : "");
	free(fill);
}

/* How many transactions an import takes. */
static uint64_t n_batches(struct home *h, int n, size_t note)
{
	uint64_t before = record_counter(h->record);
	struct text_source t;
	struct buf text;

	put_actors(&text, n, note);
	t = text_of(buf_str(&text), text.n);
	expect_ok(import_from(h, &t, (struct import_options){ .keep_unknown = true }), &h->err);
	expect_report(h, n, 0, 0);
	buf_release(&text);
	return record_counter(h->record) - before;
}

static void test_batches_end_by_number_by_bytes_and_by_time(void **state)
{
	static const struct {
		int n;
		size_t note;
		int64_t step_ms;
		uint64_t batches;
	} cases[] = {
		{ 1, 0, 0, 1 },       { 4096, 0, 0, 1 }, { 4097, 0, 0, 2 }, { 50, 40000, 0, 1 }, /* 2 MB */
		{ 150, 40000, 0, 2 },                                                            /* 6 MB */
		{ 5, 0, 250, 5 },     { 6, 0, 125, 3 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct home h;

		home_init(&h, 1);
		h.machine.monotonic_step_ms = cases[i].step_ms;
		assert_int_equal(n_batches(&h, cases[i].n, cases[i].note), cases[i].batches);
		home_release(&h);
	}
}

/* --- interruptions ----------------------------------------------------------------------------------------- */

struct stopping {
	int calls, stop_at;
};

static bool stop_at_call(void *ctx, uint64_t done, uint64_t total)
{
	struct stopping *s = ctx;

	assert_true(done <= total);
	return ++s->calls != s->stop_at;
}

/* Nothing that the import reported is missing after a power cut, and nothing else is there. */
static void expect_kept(struct home *h, int64_t before, int64_t added)
{
	struct home left;

	assert_int_equal(n_entries(h), before + added);
	home_after_cut(&left, h);
	assert_int_equal(n_entries(&left), before + added);
	assert_int_equal(count(&left, "SELECT count(*) FROM claim"), added);
	home_release(&left);
}

static void test_who_stops_keeps_what_was_acknowledged(void **state)
{
	struct stopping s = { .stop_at = 20 + 13 }; /* the first pass has 20 lines */
	struct import_options options = { .progress = stop_at_call, .ctx = &s };
	struct claims *claims;
	struct text_source t;
	struct buf text;
	struct home h;
	int64_t before;

	(void)state;
	home_init(&h, 1);
	h.machine.monotonic_step_ms = 100; /* batches of three lines */
	before = n_entries(&h);
	put_actors(&text, 20, 0);
	t = text_of(buf_str(&text), text.n);
	t.source.ctx = &t;
	claims = ndjson_claims(&t.source);
	expect_err(import_claims(h.record, h.view, h.circle, claims, &options, &h.report, &h.err), E_CANCELLED, &h.err,
		   "line 13");
	claims_close(claims);
	assert_int_equal(h.report.n_added, 13);
	expect_kept(&h, before, 13);
	expect_ok(import_text(&h, buf_str(&text), plain), &h.err);
	assert_int_equal(h.report.n_added + h.report.n_present, 20);
	buf_release(&text);
	home_release(&h);
}

static void test_a_source_that_fails_takes_no_acknowledged_line_along(void **state)
{
	struct text_source t;
	struct buf text;
	struct home h;
	int64_t before;

	(void)state;
	home_init(&h, 1);
	h.machine.monotonic_step_ms = 50; /* batches of five or six lines */
	before = n_entries(&h);
	put_actors(&text, 20, 0);
	t = text_of(buf_str(&text), text.n);
	t.piece = 100;
	t.fail_at = 800;
	expect_err(import_from(&h, &t, plain), E_IO, &h.err, "medium"); /* in the first pass: nothing was written yet */
	assert_int_equal(h.report.n_added, 0);
	expect_kept(&h, before, 0);
	t.at = 0;
	t.source.rewind = NULL;
	expect_err(import_from(&h, &t, plain), E_IO, &h.err, "medium");
	assert_in_range(h.report.n_added, 5, 15);
	expect_kept(&h, before, (int64_t)h.report.n_added);
	expect_ok(import_text(&h, buf_str(&text), plain), &h.err);
	assert_int_equal(n_entries(&h), before + 20);
	buf_release(&text);
	home_release(&h);
}

static void test_a_full_disk_stops_it_and_takes_nothing_back(void **state)
{
	struct buf text;
	struct home h;
	int64_t before;

	(void)state;
	home_init(&h, 1);
	h.machine.monotonic_step_ms = 100;
	before = n_entries(&h);
	put_actors(&text, 50, 0);
	h.disk->fault = (struct sim_fault){ .ops = SIM_BIT(SIM_WRITE), .at = 40, .lasting = true, .code = E_FULL };
	expect_err(import_text(&h, buf_str(&text), plain), E_FULL, &h.err, NULL);
	h.disk->fault = (struct sim_fault){ 0 };
	assert_in_range(h.report.n_added, 1, 49);
	expect_kept(&h, before, (int64_t)h.report.n_added);
	buf_release(&text);
	home_release(&h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_line_ends_and_blank_lines),
		cmocka_unit_test(test_other_encodings_are_named),
		cmocka_unit_test(test_a_line_of_a_gibibyte_is_one_refused_line),
		cmocka_unit_test(test_each_mistake_has_its_reason),
		cmocka_unit_test(test_what_this_version_does_not_know_is_kept_on_demand),
		cmocka_unit_test(test_the_order_of_lines_does_not_matter),
		cmocka_unit_test(test_an_object_has_one_kind),
		cmocka_unit_test(test_an_exported_line_needs_no_other),
		cmocka_unit_test(test_strict_takes_all_or_nothing),
		cmocka_unit_test(test_a_dry_run_counts_and_writes_nothing),
		cmocka_unit_test(test_batches_end_by_number_by_bytes_and_by_time),
		cmocka_unit_test(test_who_stops_keeps_what_was_acknowledged),
		cmocka_unit_test(test_a_source_that_fails_takes_no_acknowledged_line_along),
		cmocka_unit_test(test_a_full_disk_stops_it_and_takes_nothing_back),
	};

	return run_tests("exchange/ndjson-in", tests);
}
