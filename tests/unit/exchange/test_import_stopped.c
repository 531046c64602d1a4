/* Tables whose import was stopped, by a person or by a power cut: run again, they end like one that was not. */
#include "unit/exchange/map_fixture.h"

#define ROWS 300

static const char map[] =
	"reader: csv\nneeds: id\npublisher: @p ngo The Publisher\nsource: Published by P: row {id}\n"
	"codes type\n\tASSAULT = ASSAULT\n\tPROTEST = PROTEST\n"
	"claim actor\n\tonce: yes\n\teach: {who|split:;}\n\tid: @a/{:each|slug}\n\tsource: Published by P\n\tname = "
	"{:each}\n"
	"claim incident\n\tid: @i/{id|slug}\n\twhen: {date|date}\n\tsummary = {what}\n\ttype = {type|codes:type}\n"
	"\talleged = @a/{who|split:;|slug}\n\tdeaths_best = {dead|whole}\n";

static const struct format_options how = { .map = map, .name = "file" };
static const struct import_options plain;

/* Rows of some twenty actors; every seventeenth is refused. */
static void put_table(struct buf *out)
{
	buf_init(out, 1024 * 1024);
	buf_text(out, "id,date,what,type,who,dead\n");
	for (int i = 0; i < ROWS; i++)
		buf_printf(out, "%d,2012-%02d-%02d,\"Event, %d\",%s,Actor %d; Actor %d,%d\n", i, 1 + i % 12, 1 + i % 28,
			   i,
			   i % 17 == 16 ? "NOTHING"
			   : i % 2      ? "PROTEST"
					: "ASSAULT",
			   i % 19, i % 7, i);
}

/* What the views know, told so that two homes can be compared: all claims in the order in which they came, all objects. */
static void tell(struct home *h, struct buf *out)
{
	buf_clear(out);
	dump(h->view, "SELECT kind, hex(obj), when_text, status, hex(body) FROM claim ORDER BY n", out);
	dump(h->view, "SELECT hex(obj), kind FROM object WHERE kind IN ('actor', 'incident') ORDER BY obj", out);
}

static void expect_sound(struct home *h)
{
	struct view *again = NULL;
	const char *table = NULL;

	expect_ok(view_new(&again, &h->err), &h->err);
	expect_ok(view_catch_up(again, h->record, NULL, NULL, &h->err), &h->err);
	if (view_compare(h->view, again, &table, &h->err) != 0 || table)
		fail_msg("the views differ from a rebuild in %s", table ? table : h->err.text);
	view_free(again);
}

static void expect_told(struct home *h, const struct buf *expected)
{
	struct buf out;

	buf_init(&out, (size_t)64 * 1024 * 1024);
	tell(h, &out);
	assert_int_equal(out.n, expected->n);
	assert_memory_equal(out.p, expected->p, out.n);
	buf_release(&out);
}

/* As one run would leave it. */
static void tell_one_run(const struct buf *table, struct buf *out)
{
	struct text_source t = text_of(table->p, table->n);
	struct home h;

	home_init(&h, 1);
	expect_ok(import_as(&h, "csv", &how, &t, plain), &h.err);
	assert_int_equal(h.report.n_lines, ROWS);
	assert_int_equal(h.report.n_rejected, ROWS / 17);
	assert_int_equal(h.report.n_added, 1 + 19 + ROWS - ROWS / 17);
	buf_init(out, (size_t)64 * 1024 * 1024);
	tell(&h, out);
	home_release(&h);
}

/* --- a person ---------------------------------------------------------------------------------------------- */

struct stopping {
	uint64_t calls, stop_at;
};

static bool stop_at_call(void *ctx, uint64_t done, uint64_t total)
{
	struct stopping *s = ctx;

	(void)done;
	(void)total;
	return ++s->calls != s->stop_at;
}

static int import_until(struct home *h, const struct buf *table, uint64_t stop_at)
{
	struct stopping s = { .stop_at = stop_at };
	struct import_options options = { .progress = stop_at_call, .ctx = &s };
	struct text_source t = text_of(table->p, table->n);
	struct claims *claims = NULL;
	int rc;

	t.source.ctx = &t;
	expect_ok(format_open(format_of("csv"), &t.source, &how, &claims, &h->err), &h->err);
	rc = import_claims(h->record, h->view, h->circle, claims, &options, &h->report, &h->err);
	claims_close(claims);
	expect_ok(view_catch_up(h->view, h->record, NULL, NULL, &(struct err){ 0 }), &h->err);
	return rc;
}

/* One home, in which each run is stopped one row later than the one before it. */
static void test_stopped_at_every_row(void **state)
{
	struct buf table, expected;
	struct home h;

	(void)state;
	put_table(&table);
	tell_one_run(&table, &expected);
	home_init(&h, 2);
	for (uint64_t row = 1; row <= ROWS; row++) {
		expect_err(import_until(&h, &table, ROWS + row), E_CANCELLED, &h.err, "what was taken stays");
		assert_true(h.report.n_added <= 1 + 3 && h.report.n_lines == row);
	}
	expect_ok(import_until(&h, &table, 0), &h.err);
	assert_int_equal(h.report.n_added, 0);
	expect_told(&h, &expected);
	expect_sound(&h);
	home_release(&h);
	buf_release(&table);
	buf_release(&expected);
}

/* Homes of their own, each stopped once: while looking, and while taking. */
static void test_stopped_once(void **state)
{
	static const uint64_t stops[] = {
		1, 2, ROWS / 2, ROWS, ROWS + 1, ROWS + 18, ROWS + 150, 2 * ROWS - 1, 2 * ROWS
	};
	struct buf table, expected;

	(void)state;
	put_table(&table);
	tell_one_run(&table, &expected);
	for (size_t i = 0; i < ARRAY_LEN(stops); i++) {
		struct home h;

		home_init(&h, 3 + i);
		h.machine.monotonic_step_ms = 100; /* batches of a few rows */
		expect_err(import_until(&h, &table, stops[i]), E_CANCELLED, &h.err, NULL);
		if (stops[i] <= ROWS)
			assert_int_equal(count(&h, "SELECT count(*) FROM claim"), 0);
		expect_ok(import_until(&h, &table, 0), &h.err);
		expect_told(&h, &expected);
		expect_sound(&h);
		home_release(&h);
	}
	buf_release(&table);
	buf_release(&expected);
}

/* --- the power --------------------------------------------------------------------------------------------- */

#define CUTS_MAX 60

struct cuts {
	struct simdisk *disk;
	struct simdisk *images[CUTS_MAX];
	size_t n;
	uint64_t apart;
};

static void cut_some(void *ctx, enum sim_op op, const char *path, struct bytes written)
{
	struct cuts *cuts = ctx;
	const uint64_t n = cuts->disk->n_ops;

	(void)op;
	(void)path;
	(void)written;
	if (n % cuts->apart == 0 && cuts->n < CUTS_MAX)
		cuts->images[cuts->n++] =
			simdisk_after_cut(cuts->disk, (enum sim_model)(n / cuts->apart % N_SIM_MODELS), n);
}

/* The home on what a cut left of its disk. */
static void home_on(struct home *ret, struct simdisk *image, const struct home *h)
{
	uint8_t root[KEY_BYTES];
	bool insecure;

	memset(ret, 0, sizeof *ret);
	ret->disk = image;
	simenv_init(&ret->machine, image, 77);
	memcpy(ret->circle, h->circle, sizeof ret->circle);
	buf_init(&ret->rejected, 1024 * 1024);
	expect_ok(record_unlock(&ret->machine.env, "/home", h->passphrase, root, &insecure, &ret->err), &ret->err);
	expect_ok(record_open(&ret->machine.env, "/home", root, STORE_READ_WRITE, &ret->record, &ret->err), &ret->err);
	assert_true(record_is_sound(ret->record));
	expect_ok(view_new(&ret->view, &ret->err), &ret->err);
	expect_ok(view_catch_up(ret->view, ret->record, NULL, NULL, &ret->err), &ret->err);
}

static void test_the_power_is_cut(void **state)
{
	struct cuts cuts = { .apart = 13 };
	struct buf table, expected;
	struct text_source t;
	struct home h;
	int64_t fewest = INT64_MAX, most = 0;

	(void)state;
	put_table(&table);
	tell_one_run(&table, &expected);
	home_init(&h, 4);
	h.machine.monotonic_step_ms = 50; /* batches of five rows */
	cuts.disk = h.disk;
	h.disk->before = cut_some;
	h.disk->ctx = &cuts;
	t = text_of(table.p, table.n);
	expect_ok(import_as(&h, "csv", &how, &t, plain), &h.err);
	h.disk->before = NULL;
	expect_told(&h, &expected);
	assert_true(cuts.n > 20);
	for (size_t i = 0; i < cuts.n; i++) {
		struct home left;
		int64_t n;

		home_on(&left, cuts.images[i], &h);
		n = count(&left, "SELECT count(*) FROM claim");
		fewest = n < fewest ? n : fewest;
		most = n > most ? n : most;
		t = text_of(table.p, table.n);
		expect_ok(import_as(&left, "csv", &how, &t, plain), &left.err);
		assert_int_equal(h.report.n_lines, ROWS);
		expect_told(&left, &expected);
		expect_sound(&left);
		home_release(&left);
	}
	print_message("# the power cut at %d points, with %d to %d claims there\n", (int)cuts.n, (int)fewest,
		      (int)most);
	assert_true(fewest < 10 && most > 200);
	home_release(&h);
	buf_release(&table);
	buf_release(&expected);
}

/* --- broken files ------------------------------------------------------------------------------------------ */

/* A file that is broken at its end gives nothing at all if it can be read twice; from a pipe, what came before. */
static void expect_nothing(const char *format, const struct format_options *options, const char *text, const char *why,
			   int from_pipe)
{
	struct text_source t = text_of(text, strlen(text));
	struct home h;

	home_init(&h, 5);
	expect_err(import_as(&h, format, options, &t, plain), E_DAMAGED, &h.err, why);
	assert_int_equal(h.report.n_added, 0);
	assert_int_equal(count(&h, "SELECT count(*) FROM claim"), 0);
	t = text_of(text, strlen(text));
	t.source.rewind = NULL;
	expect_err(import_as(&h, format, options, &t, plain), E_DAMAGED, &h.err, why);
	assert_int_equal(count(&h, "SELECT count(*) FROM claim"), from_pipe);
	assert_int_equal(h.report.n_added, from_pipe);
	home_release(&h);
}

static void test_broken_files(void **state)
{
	static const struct format_options named = { .name = "net" };
	struct buf table;

	(void)state;
	put_table(&table);
	buf_text(&table,
		 "301,2012-01-01,\"Event without an end,ASSAULT,Actor 1,1\n302,2012-01-01,x,ASSAULT,Actor 1,1\n");
	expect_nothing("csv", &how, buf_str(&table),
		       "line 302, column 16: the quotation mark that opens here is never closed",
		       1 + 19 + ROWS - ROWS / 17);
	buf_release(&table);
	expect_nothing("graphml", &named,
		       "<graphml><graph><node id=\"1\"/>\n<node id=\"2\"/><edge source=\"1\" target=\"2\"/>", "line",
		       3);
	expect_nothing("plover", &named,
		       "[{\"id\":\"1\",\"date\":\"2000-01-01\",\"event\":\"AGREE\",\"text\":\"x\"},\n{\"id\":\"2",
		       "line 2", 2);
	expect_nothing("gml", &named, "graph [ node [ id 1 ]\nnode [ id 2 ] edge [ source 1", "line 2", 2);
}

/* Rows that are refused hold up nothing: the same refusals when the file comes again, and their actors are introduced by
 * other rows. */
static void test_a_refused_row_leaves_nothing_behind(void **state)
{
	static const char text[] = "id,date,what,type,who,dead\n1,2012-01-01,One,ASSAULT,Only here,x\n"
				   "2,2012-01-01,,ASSAULT,Also only here,2\n3,2012-01-01,Three,ASSAULT,Actor,3\n";
	struct text_source t;
	struct home h;

	(void)state;
	home_init(&h, 6);
	for (int again = 0; again < 2; again++) {
		t = text_of(text, sizeof text - 1);
		expect_ok(import_as(&h, "csv", &how, &t, plain), &h.err);
		assert_string_equal(
			buf_str(&h.rejected),
			"2: column dead: 'x' is not a whole number\n"
			"3: column what: incident.summary is missing (what is said to have happened), such as "
			"\"Shots at the north crossing, two wounded\"\n");
		assert_int_equal(h.report.n_added, again ? 0 : 3);
	}
	assert_int_equal(count(&h, "SELECT count(*) FROM object WHERE kind = 'actor'"),
			 2); /* the publisher and Actor */
	home_release(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stopped_at_every_row),
		cmocka_unit_test(test_stopped_once),
		cmocka_unit_test(test_the_power_is_cut),
		cmocka_unit_test(test_broken_files),
		cmocka_unit_test(test_a_refused_row_leaves_nothing_behind),
	};

	return run_tests("import stopped", tests);
}
