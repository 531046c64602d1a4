/* Many rows at once: on their way in and when they are read, in order, whatever the number of threads; and what a start
 * checks. */
#include "base/db.h"
#include "base/work.h"
#include "unit/record/home.h"

#define N_MANY 1500 /* some blocks of either direction */

static void append_many(struct home *h, size_t n)
{
	uint8_t id[ID_BYTES];
	uint64_t row;

	expect_ok(record_begin(h->record, true, &h->err), &h->err);
	for (size_t i = 0; i < n; i++) {
		char word[32];

		snprintf(word, sizeof word, "word %zu", i);
		expect_ok(record_append(h->record, h->circle, claim_body(word), &row, id, &h->err), &h->err);
	}
	expect_ok(record_commit(h->record, &h->err), &h->err);
}

/* What came of a scan. */
struct seen {
	uint64_t next, stop_at;
	size_t n_bad, n_claims;
	uint64_t bad;
};

static int see(void *ctx, const struct scanned *row, struct err *err)
{
	struct seen *s = ctx;
	uint8_t digest[HASH_BYTES];

	assert_int_equal(row->entry.n, s->next++);
	if (row->entry.n == s->stop_at)
		return err_set(err, E_CANCELLED, "enough");
	if (row->rc < 0) {
		assert_non_null(strstr(row->why, "row"));
		s->bad = row->entry.n;
		s->n_bad++;
		return 0;
	}
	if (row->entry.state != BODY_OPEN || row->entry.envelope.cls != CLASS_CLAIM)
		return 0;
	assert_int_equal(row->body_rc, 0);
	assert_int_equal(row->body.type, BODY_CLAIM);
	assert_string_equal(row->body.claim.kind, "actor");
	claim_digest(row->entry.text, digest);
	assert_memory_equal(digest, row->digest, HASH_BYTES);
	s->n_claims++;
	return 0;
}

static struct seen scan_all(struct home *h, uint64_t stop_at, int expected)
{
	struct seen s = { .next = 1, .stop_at = stop_at };
	int rc = record_scan(h->record, 1, record_n_entries(h->record), SCAN_BODIES | SCAN_DIGESTS | SCAN_SIGNATURES,
			     see, &s, &h->err);

	assert_int_equal(rc, expected);
	return s;
}

static void test_every_row_in_order(void **state)
{
	(void)state;
	for (unsigned threads = 1; threads <= 4; threads++) {
		struct seen s;
		struct home h;

		work_set_threads(threads);
		home_found(&h);
		append_many(&h, N_MANY);
		home_open(&h, STORE_READ_ONLY);
		s = scan_all(&h, 0, 0);
		assert_int_equal(s.next, N_MANY + 3); /* genesis, epoch, and the one that would be next */
		assert_int_equal(s.n_claims, N_MANY);
		assert_int_equal(s.n_bad, 0);
		expect_clean(&h);
		s = scan_all(&h, 700, E_CANCELLED);
		assert_int_equal(s.next, 701);
		home_remove(&h);
	}
	work_set_threads(0);
}

/* What is not in the store yet is read as if it were; what is rolled back is gone. */
static void test_within_a_batch(void **state)
{
	uint8_t id[ID_BYTES];
	struct seen s;
	struct home h;
	uint64_t row;

	(void)state;
	home_found(&h);
	expect_ok(record_begin(h.record, false, &h.err), &h.err);
	for (int i = 0; i < 200; i++)
		expect_ok(record_append(h.record, h.circle, claim_body("x"), &row, id, &h.err), &h.err);
	s = scan_all(&h, 0, 0);
	assert_int_equal(s.n_claims, 200);
	expect_ok(record_append(h.record, h.circle, claim_body("y"), &row, id, &h.err), &h.err);
	expect_claim(&h, row, "y");
	expect_ok(record_append(h.record, h.circle, claim_body("z"), &row, id, &h.err), &h.err);
	record_rollback(h.record);
	assert_int_equal(record_n_entries(h.record), 2);
	append_many(&h, 100);
	expect_clean(&h);
	home_remove(&h);
}

/* A batch so large that it is written before its end, to a disk that fails then: who commits all the same is refused. */
static void test_batch_that_failed_on_its_way(void **state)
{
	uint8_t id[ID_BYTES];
	struct home h;
	uint64_t row;
	int rc = 0;

	(void)state;
	home_found(&h);
	append_many(&h, 10);
	expect_ok(record_begin(h.record, true, &h.err), &h.err);
	h.machine.disk.fail_at = h.machine.disk.n + 1;
	h.machine.disk.fail_count = 1;
	h.machine.disk.code = E_IO;
	for (int i = 0; i < 20000 && rc == 0; i++)
		rc = record_append(h.record, h.circle, claim_body("x"), &row, id, &h.err);
	assert_int_equal(rc, E_IO);
	assert_int_equal(h.machine.disk.fired, 1);
	expect_err(record_append(h.record, h.circle, claim_body("y"), &row, id, &h.err), E_IO, &h.err,
		   "nothing of the batch is kept");
	expect_err(record_commit(h.record, &h.err), E_IO, &h.err, "nothing of the batch is kept");
	assert_int_equal(record_n_entries(h.record), 12);
	home_open(&h, STORE_READ_WRITE);
	assert_int_equal(record_n_entries(h.record), 12);
	append_many(&h, 10);
	expect_clean(&h);
	home_remove(&h);
}

static void damage(struct home *h, const char *sql)
{
	struct db *db = NULL;
	char path[DISK_PATH_MAX];
	struct err err;

	home_close(h);
	expect_ok(disk_join(h->folder, "record.db", path, &err), &err);
	expect_ok(db_open(disk_system(), path, DB_READ_WRITE, &db, &err), &err);
	expect_ok(db_exec(db, sql, &err), &err);
	db_close(db);
	home_open(h, STORE_READ_ONLY);
}

static void test_one_bad_row(void **state)
{
	static const char *const harms[] = {
		"UPDATE entry SET box = (SELECT box FROM entry WHERE n = 900) WHERE n = 901",
		"DELETE FROM entry WHERE n = 901",
		"UPDATE entry SET box = x'00' WHERE n = 901",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(harms); i++) {
		struct seen s;
		struct home h;

		home_found(&h);
		append_many(&h, N_MANY);
		damage(&h, harms[i]);
		s = scan_all(&h, 0, 0);
		assert_int_equal(s.n_bad, 1);
		assert_int_equal(s.bad, 901);
		assert_int_equal(s.n_claims, N_MANY - 1);
		home_remove(&h);
	}
}

/* --- what a start checks ----------------------------------------------------------------------------------- */

static struct verify_report check_start(struct home *h, enum start_check depth, struct findings *f)
{
	const struct verify_watch watch = { findings_take, NULL, f };
	struct verify_report report = { 0 };

	f->n = 0;
	expect_ok(record_verify_start(h->record, depth, &watch, &report, &h->err), &h->err);
	assert_int_equal(report.n_problems, f->n);
	return report;
}

/* Seal row n anew with one byte of its signature changed. */
static void spoil_signature(struct home *h, uint64_t n)
{
	uint8_t home_id[HOME_ID_BYTES], raw[ENTRY_MAX];
	struct slot_info slots[SLOTS_MAX];
	struct record_entry entry;
	struct store *store = NULL;
	char keys[DISK_PATH_MAX];
	size_t n_slots, size;
	struct err err;

	expect_ok(record_read(h->record, n, &entry, &err), &err);
	size = entry.raw.n;
	memcpy(raw, entry.raw.p, size);
	raw[HEADER_BYTES] ^= 1;
	home_close(h);
	expect_ok(disk_join(h->folder, "keys", keys, &err), &err);
	expect_ok(slots_inspect(&h->machine.env, keys, home_id, slots, &n_slots, &err), &err);
	expect_ok(store_open(&h->machine.env, h->folder, h->root, home_id, STORE_READ_WRITE, &store, &err), &err);
	expect_ok(store_begin(store, &err), &err);
	expect_ok(store_replace(store, STORE_ENTRY, n, BYTES(raw, size), &err), &err);
	expect_ok(store_commit(store, &err), &err);
	store_close(store);
	home_open(h, STORE_READ_ONLY);
}

static void test_start_of_a_sound_home(void **state)
{
	struct verify_report report;
	struct findings f;
	struct home h;

	(void)state;
	home_found(&h);
	append_many(&h, 20);
	expect_ok(record_redact(h.record, 5, "r", NULL, 0, &h.err), &h.err);
	for (int depth = CHECK_CHAIN; depth <= CHECK_SIGNATURES; depth++) {
		report = check_start(&h, (enum start_check)depth, &f);
		assert_int_equal(f.n, 0);
		assert_int_equal(report.n_entries, 23);
		assert_int_equal(report.n_dropped, 1);
		assert_int_equal(report.n_feeds, 2);
	}
	home_remove(&h);
}

/* Of a chain only the last signature is looked at; it vouches for the others. */
static void test_start_and_signatures(void **state)
{
	struct findings f;
	struct home h;

	(void)state;
	home_found(&h);
	append_many(&h, 20);
	spoil_signature(&h, 10);
	check_start(&h, CHECK_CHAIN, &f);
	assert_int_equal(f.n, 0);
	check_start(&h, CHECK_SIGNATURES, &f);
	assert_int_equal(f.n, 2); /* the one behind it stands alone now */
	assert_true(findings_say(&f, "row 10: the signature of an entry does not fit"));
	spoil_signature(&h, 22);
	check_start(&h, CHECK_CHAIN, &f);
	assert_int_equal(f.n, 1);
	assert_true(findings_say(&f, "row 22: the signature of an entry does not fit"));
	home_remove(&h);
}

static void test_start_of_a_damaged_home(void **state)
{
	struct findings f;
	struct home h;

	(void)state;
	home_found(&h);
	append_many(&h, 20);
	damage(&h, "UPDATE entry SET box = x'00' WHERE n = 10");
	check_start(&h, CHECK_CHAIN, &f);
	assert_true(findings_say(&f, "row 10 is damaged"));
	assert_true(findings_say(&f, "row 11 does not follow"));
	damage(&h, "INSERT INTO entry(n, box) SELECT 23, box FROM entry WHERE n = 22");
	check_start(&h, CHECK_CHAIN, &f);
	assert_true(findings_say(&f, "23 rows, it should have 22"));
	home_remove(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_row_in_order),           cmocka_unit_test(test_within_a_batch),
		cmocka_unit_test(test_batch_that_failed_on_its_way), cmocka_unit_test(test_one_bad_row),
		cmocka_unit_test(test_start_of_a_sound_home),        cmocka_unit_test(test_start_and_signatures),
		cmocka_unit_test(test_start_of_a_damaged_home),
	};

	return run_tests("record/scan", tests);
}
