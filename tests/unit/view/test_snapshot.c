/* The sealed snapshot, on a real home: used when it fits, never when it does not; and the views of a real record. */
#include <unistd.h>

#include "support/test.h"

#include "record/record.h"
#include "view/view.h"
#include "view/view_internal.h"

struct home {
	char dir[64];
	struct record *record;
	uint8_t circle[ID_BYTES];
	uint8_t root[KEY_BYTES];
	struct record_founding founding;
	struct err err;
};

static void home_init(struct home *h)
{
	memset(h, 0, sizeof *h);
	h->founding = (struct record_founding){ .org_name = "Test", .cost = &kdf_cost_insecure_tests };
	snprintf(h->dir, sizeof h->dir, "/tmp/parley-view-XXXXXX");
	assert_non_null(mkdtemp(h->dir));
	expect_ok(record_create(env_system(), h->dir, &h->founding, &h->record, &h->err), &h->err);
	expect_ok(record_found_circle(h->record, "Havana", "Working level", h->circle, &h->err), &h->err);
}

static void home_release(struct home *h)
{
	static const char *const files[] = { "keys", "record.db", "record.db-wal", "heads", "snapshot", "lock" };
	struct err err = { 0 };
	char path[DISK_PATH_MAX];

	record_close(h->record);
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		expect_ok(disk_join(h->dir, files[i], path, &err), &err);
		remove(path);
	}
	assert_int_equal(rmdir(h->dir), 0);
}

static void reopen(struct home *h)
{
	bool insecure = false;

	record_close(h->record);
	h->record = NULL;
	expect_ok(record_unlock(env_system(), h->dir, h->founding.passphrase, h->root, &insecure, &h->err), &h->err);
	expect_ok(record_open(env_system(), h->dir, h->root, STORE_READ_WRITE, &h->record, &h->err), &h->err);
}

/* Append claims about 7 actors; returns the row of the last. */
static uint64_t append_claims(struct home *h, int from, int n)
{
	uint8_t id[ID_BYTES];
	uint64_t row = 0;
	char text[200];

	expect_ok(record_begin(h->record, true, &h->err), &h->err);
	for (int i = from; i < from + n; i++) {
		snprintf(text, sizeof text,
			 "{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"%032x\",\"set\":{\"name\":\"n%d\"}}",
			 i % 7 + 1, i);
		expect_ok(record_append(h->record, h->circle, BYTES(text, strlen(text)), &row, id, &h->err), &h->err);
	}
	expect_ok(record_commit(h->record, &h->err), &h->err);
	return row;
}

static struct view *load(struct home *h, bool expected)
{
	struct view *view = NULL;
	bool loaded = !expected;

	expect_ok(view_load(h->record, &view, &loaded, &h->err), &h->err);
	assert_int_equal(loaded, expected);
	if (!loaded)
		assert_int_equal(view_applied(view), 0);
	return view;
}

static void catch_up(struct home *h, struct view *view)
{
	expect_ok(view_catch_up(view, h->record, NULL, NULL, &h->err), &h->err);
	assert_int_equal(view_applied(view), record_n_entries(h->record));
}

static struct view *fresh(struct home *h)
{
	struct view *view = NULL;

	expect_ok(view_new(&view, &h->err), &h->err);
	catch_up(h, view);
	return view;
}

static void expect_same(struct view *a, struct view *b)
{
	const char *table = NULL;
	struct err err = { 0 };

	expect_ok(view_compare(a, b, &table, &err), &err);
	if (table)
		fail_msg("the views differ in table %s", table);
}

static void test_snapshot_and_tail(void **state)
{
	struct view *view, *loaded, *again;
	struct home h;

	(void)state;
	home_init(&h);
	append_claims(&h, 0, 50);
	view = fresh(&h);
	expect_ok(view_save(view, h.record, &h.err), &h.err);
	append_claims(&h, 50, 20);
	reopen(&h);
	loaded = load(&h, true);
	assert_int_equal(view_applied(loaded), view_applied(view));
	expect_same(view, loaded);
	catch_up(&h, loaded);
	again = fresh(&h);
	expect_same(again, loaded);
	view_free(again);
	view_free(loaded);
	view_free(view);
	home_release(&h);
}

static void ignore_problem(void *ctx, const char *line)
{
	(void)line;
	++*(int *)ctx;
}

/* The record is checked meanwhile, to either depth; larger than one step of reading. */
static void test_loaded_beside_a_check(void **state)
{
	int n_problems = 0;
	const struct verify_watch watch = { ignore_problem, NULL, &n_problems };
	struct view *view, *loaded = NULL;
	struct verify_report report;
	struct home h;

	(void)state;
	home_init(&h);
	append_claims(&h, 0, 2000);
	view = fresh(&h);
	expect_ok(view_save(view, h.record, &h.err), &h.err);
	reopen(&h);
	for (int depth = CHECK_CHAIN; depth <= CHECK_SIGNATURES; depth++) {
		bool taken = false;

		expect_ok(
			view_load_checked(h.record, (enum start_check)depth, &watch, &report, &loaded, &taken, &h.err),
			&h.err);
		assert_true(taken);
		assert_int_equal(report.n_entries, 2002);
		assert_int_equal(report.n_problems + (uint64_t)n_problems, 0);
		expect_same(view, loaded);
		view_free(loaded);
	}
	view_free(view);
	home_release(&h);
}

static void test_redaction_after_snapshot(void **state)
{
	struct view *view, *loaded, *again;
	struct home h;
	uint64_t row;

	(void)state;
	home_init(&h);
	row = append_claims(&h, 0, 5);
	view = fresh(&h);
	expect_ok(record_redact(h.record, row, "test", NULL, 0, &h.err), &h.err);
	expect_ok(view_save(view, h.record, &h.err), &h.err);
	loaded = load(&h, true);
	catch_up(&h, loaded);
	again = fresh(&h);
	expect_same(again, loaded);
	catch_up(&h, view); /* had seen the body */
	expect_same(again, view);
	view_free(again);
	view_free(loaded);
	view_free(view);
	home_release(&h);
}

static void test_no_snapshot(void **state)
{
	struct home h;

	(void)state;
	home_init(&h);
	view_free(load(&h, false));
	home_release(&h);
}

/* Change one byte of the snapshot's content, sealed properly again, and see whether it is still taken. */
static void expect_taken_after(struct home *h, uint64_t schema, size_t at, uint8_t flip, bool expected)
{
	uint8_t *p = NULL;
	size_t n = 0;

	expect_ok(record_read_snapshot(h->record, &p, &n, &h->err), &h->err);
	assert_true(at < n);
	assert_int_equal(get_u64(p + 8), schema);
	p[at] ^= flip;
	expect_ok(record_write_snapshot(h->record, BYTES(p, 10), BYTES(p + 10, n - 10), &h->err), &h->err);
	view_free(load(h, expected));
	p[at] ^= flip;
	expect_ok(record_write_snapshot(h->record, BYTES(p, 10), BYTES(p + 10, n - 10), &h->err), &h->err);
	free(p);
}

/* Head: magic 8, schema 8, rows 8, id of the last row 32; then the image. */
static void test_snapshot_that_does_not_fit(void **state)
{
	struct view *view;
	struct home h;

	(void)state;
	home_init(&h);
	append_claims(&h, 0, 5);
	view = fresh(&h);
	expect_ok(view_save(view, h.record, &h.err), &h.err);
	expect_taken_after(&h, schema_digest(view), 0, 0, true);
	expect_taken_after(&h, schema_digest(view), 3, 1, false);  /* another magic */
	expect_taken_after(&h, schema_digest(view), 12, 1, false); /* tables or vocabulary of another version */
	expect_taken_after(&h, schema_digest(view), 23, 1, false); /* another number of rows */
	expect_taken_after(&h, schema_digest(view), 16, 1, false); /* more rows than there are */
	expect_taken_after(&h, schema_digest(view), 55, 1, false); /* another record */
	expect_taken_after(&h, schema_digest(view), 56, 1, false); /* an image that is no database */
	expect_ok(record_write_snapshot(h.record, BYTES("PRL", 3), NO_BYTES, &h.err), &h.err);
	view_free(load(&h, false));
	view_free(view);
	home_release(&h);
}

/* The number in the head changes with the tables and with the vocabulary, and with nothing else. */
static void test_schema_digest(void **state)
{
	struct field fields[32];
	struct kind kind;
	struct err err = { 0 };
	struct view *view = NULL, *other = NULL;

	(void)state;
	expect_ok(view_new(&view, &err), &err);
	expect_ok(view_new(&other, &err), &err);
	assert_int_equal(schema_digest(view), schema_digest(other));
	kind = *view->kinds[0].kind;
	assert_true(kind.n_fields < 32);
	memcpy(fields, kind.fields, kind.n_fields * sizeof fields[0]);
	kind.fields = fields;
	other->kinds[0].kind = &kind;
	assert_int_equal(schema_digest(view), schema_digest(other));
	fields[1].flags ^= FIELD_LABEL;
	assert_int_not_equal(schema_digest(view), schema_digest(other));
	fields[1].flags ^= FIELD_LABEL;
	fields[1].type = FIELD_ID;
	assert_int_not_equal(schema_digest(view), schema_digest(other));
	other->kinds[0] = view->kinds[0];
	other->kinds[0].create = "CREATE TABLE k_other (obj)";
	assert_int_not_equal(schema_digest(view), schema_digest(other));
	view_free(view);
	view_free(other);
}

static void test_snapshot_on_disk_is_sealed(void **state)
{
	struct buf file;
	struct view *view;
	struct home h;
	char path[DISK_PATH_MAX];

	(void)state;
	home_init(&h);
	append_claims(&h, 0, 5);
	view = fresh(&h);
	expect_ok(view_save(view, h.record, &h.err), &h.err);
	expect_ok(disk_join(h.dir, "snapshot", path, &h.err), &h.err);
	buf_init(&file, 64 << 20);
	expect_ok(disk_read_all(disk_system(), path, 64 << 20, &file, &h.err), &h.err);
	assert_true(file.n > 1000);
	assert_null(memmem(file.p, file.n, "k_actor", 7));
	assert_null(memmem(file.p, file.n, "SQLite", 6));
	/* damage: not used, no error */
	file.p[file.n / 2] ^= 1;
	expect_ok(disk_replace(disk_system(), path, file.p, file.n, &h.err), &h.err);
	view_free(load(&h, false));
	buf_release(&file);
	view_free(view);
	home_release(&h);
}

static void expect_number(struct view *view, const char *sql, int64_t expected)
{
	struct stmt *s = NULL;
	struct err err = { 0 };

	expect_ok(db_prepare(view_db(view), sql, &s, &err), &err);
	assert_int_equal(stmt_step(s, &err), 1);
	assert_int_equal(stmt_int(s, 0), expected);
	stmt_reset(s);
}

/* What the real record writes by itself is understood. */
static void test_control_entries_of_a_real_home(void **state)
{
	struct view *view;
	struct home h;

	(void)state;
	home_init(&h);
	append_claims(&h, 0, 3);
	view = fresh(&h);
	expect_number(view, "SELECT count(*) FROM entry WHERE state = 'open' AND org IS NOT NULL", 5);
	expect_number(view, "SELECT count(*) FROM k_charter WHERE purpose = 'Working level' AND founder IS NOT NULL",
		      1);
	expect_number(view, "SELECT count(*) FROM k_member WHERE role = 'admin'", 1);
	expect_number(view, "SELECT count(*) FROM k_epoch WHERE reason = 'founding' AND members = 1", 1);
	expect_number(view, "SELECT count(*) FROM k_device WHERE role = 'admin'", 1);
	expect_number(
		view,
		"SELECT count(*) FROM claim c, k_device d WHERE lower(hex(c.says)) = substr(d.organisation, 1, 32)", 3);
	view_free(view);
	home_release(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_snapshot_and_tail),
		cmocka_unit_test(test_loaded_beside_a_check),
		cmocka_unit_test(test_redaction_after_snapshot),
		cmocka_unit_test(test_no_snapshot),
		cmocka_unit_test(test_snapshot_that_does_not_fit),
		cmocka_unit_test(test_schema_digest),
		cmocka_unit_test(test_snapshot_on_disk_is_sealed),
		cmocka_unit_test(test_control_entries_of_a_real_home),
	};

	return run_tests("view/snapshot", tests);
}
