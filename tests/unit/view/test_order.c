/* The views are a function of the set of entries: rebuilt equals incremental, and arrival order is of no account. */
#include "unit/view/fixture.h"

#define N_OPS 2000

static size_t n_seeds(void)
{
	return getenv("PARLEY_SOAK") ? 100 : 4;
}

/* One by one as they are written, bodies still there; against all at once, redacted bodies gone. */
static void test_rebuild_equals_incremental(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= n_seeds(); seed++) {
		struct op *ops = history_random(seed, N_OPS);
		struct view *again;
		struct fixture f;

		fixture_init(&f);
		for (size_t i = 0; i < N_OPS; i++)
			history_put(&f.record, ops, i);
		apply_all(&f);
		history_drop_bodies(&f.record, ops, N_OPS);
		again = rebuilt(&f);
		expect_same(f.view, again);
		view_free(again);
		fixture_release(&f);
		free(ops);
	}
}

/* Everything but the place in the record, by entry id where there was a place. */
static void describe(struct view *view, struct buf *out)
{
	ask_all(view, "SELECT id, circle, device, org, seq, class, recorded, state FROM entry ORDER BY id", out);
	ask_all(view,
		"SELECT e.id, kind, obj, c.circle, c.org, says, when_text, when_from, known, c.recorded, grade, body, "
		"digest,"
		" status FROM claim c JOIN entry e USING (n) ORDER BY e.id",
		out);
	ask_all(view, "SELECT e.id, target, reason FROM retraction JOIN entry e USING (n) ORDER BY e.id", out);
	ask_all(view, "SELECT e.id, target, reason FROM redaction JOIN entry e USING (n) ORDER BY e.id", out);
	ask_all(view,
		"SELECT e.id, obj, kind, field, i, value FROM value JOIN entry e USING (n) ORDER BY e.id, field, i",
		out);
	ask_all(view, "SELECT e.id, hex(d.sz) FROM search_docsize d JOIN entry e ON e.n = d.id ORDER BY e.id", out);
	ask_all(view, "SELECT term, doc, cnt FROM search_word", out);
	ask_all(view, "SELECT * FROM object ORDER BY obj", out);
	ask_all(view, "SELECT * FROM contested ORDER BY obj, field", out);
	ask_all(view, "SELECT * FROM k_actor ORDER BY obj", out);
	ask_all(view, "SELECT * FROM k_programme ORDER BY obj", out);
	ask_all(view, "SELECT * FROM k_redaction ORDER BY obj", out);
}

static void shuffle(size_t *order, size_t n, uint64_t seed)
{
	struct dice dice = { seed };

	for (size_t i = 0; i < n; i++)
		order[i] = i;
	for (size_t i = n; i > 1; i--) {
		const size_t j = roll(&dice, (uint32_t)i), kept = order[i - 1];

		order[i - 1] = order[j];
		order[j] = kept;
	}
}

static void test_order_of_arrival_is_of_no_account(void **state)
{
	struct op *ops = history_random(77, N_OPS);
	size_t order[N_OPS];
	struct buf expected, got;

	(void)state;
	buf_init(&expected, 64 << 20);
	buf_init(&got, 64 << 20);
	for (uint64_t seed = 0; seed < n_seeds(); seed++) {
		struct fixture f;

		fixture_init(&f);
		shuffle(order, N_OPS, seed);
		for (size_t i = 0; i < N_OPS; i++)
			history_put(&f.record, ops, seed == 0 ? i : order[i]);
		apply_all(&f);
		buf_clear(&got);
		describe(f.view, seed == 0 ? &expected : &got);
		assert_false(expected.overflowed || got.overflowed);
		if (seed > 0) {
			assert_int_equal(got.n, expected.n);
			assert_memory_equal(got.p, expected.p, expected.n);
		}
		fixture_release(&f);
	}
	assert_true(expected.n > 100000);
	buf_release(&expected);
	buf_release(&got);
	free(ops);
}

/* The comparison itself must see every table. */
static void test_compare_sees_each_table(void **state)
{
	static const struct {
		const char *change, *table;
	} cases[] = {
		{ "UPDATE entry SET seq = seq + 1 WHERE n = 1", "entry" },
		{ "UPDATE claim SET note = '' WHERE n = 1", "claim" },
		{ "UPDATE retraction SET reason = 'y'", "retraction" },
		{ "DELETE FROM redaction", "redaction" },
		{ "UPDATE control SET value = 'z' WHERE field = 'reason'", "control" },
		{ "UPDATE said SET value = value || 'x' WHERE field = 'name'", "value" },
		{ "UPDATE object SET n_contested = NULL", "object" },
		{ "INSERT INTO contested VALUES (x'00', 'a', 2)", "contested" },
		{ "UPDATE object SET label = CAST(label AS BLOB)", "object" },
		{ "INSERT INTO search (rowid, text) VALUES (1000, 'other')", "search" },
		{ "INSERT INTO search (rowid, text) VALUES (1000, '')", "search" },
		{ "UPDATE k_actor SET level = 'top'", "k_actor" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fixture f;
		struct view *again;
		const char *table = NULL;

		fixture_init(&f);
		put_claim(&f, "actor", 1, "\"name\":\"x\"", "");
		put_claim(&f, "actor", 2, "\"name\":\"x\"", "");
		put_mention(&f, "retract", f.record.entries[1].id);
		put_claim(&f, "actor", 3, "\"name\":\"x\"", "");
		put_mention(&f, "redact", f.record.entries[3].id);
		apply_all(&f);
		f.record.entries[3].state = BODY_DROPPED;
		again = rebuilt(&f);
		expect_same(f.view, again);
		expect_same(f.view, f.view);
		expect_ok(db_exec(view_db(again), cases[i].change, &f.err), &f.err);
		expect_ok(view_compare(f.view, again, &table, &f.err), &f.err);
		assert_non_null(table);
		assert_string_equal(table, cases[i].table);
		view_free(again);
		fixture_release(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rebuild_equals_incremental),
		cmocka_unit_test(test_order_of_arrival_is_of_no_account),
		cmocka_unit_test(test_compare_sees_each_table),
	};

	return run_tests("view/order", tests);
}
