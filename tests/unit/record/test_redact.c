/* Redaction: what may be redacted, by whom, and what is left. */
#include "base/db.h"
#include "unit/record/devices.h"
#include "unit/record/home.h"

static void expect_refused(struct home *h, uint64_t n, const uint64_t *also, size_t n_also, int code, const char *says)
{
	const uint64_t before = record_n_entries(h->record);
	struct err err;

	expect_err(record_redact(h->record, n, "r", also, n_also, &err), code, &err, says);
	assert_int_equal(record_n_entries(h->record), before);
}

static enum body_state state_of(struct home *h, uint64_t n)
{
	struct record_entry entry;

	expect_ok(record_read(h->record, n, &entry, &h->err), &h->err);
	return entry.state;
}

static void test_own_claim(void **state)
{
	struct record_entry before, after, redaction;
	uint8_t id[ID_BYTES], header[ENVELOPE_BYTES];
	char hex[2 * ID_BYTES + 1];
	struct home h;

	(void)state;
	home_found(&h);
	home_claim(&h, "secret");
	home_claim(&h, "kept");
	expect_ok(record_read(h.record, 3, &before, &h.err), &h.err);
	memcpy(id, before.id, sizeof id);
	memcpy(header, before.raw.p, sizeof header);
	expect_ok(record_redact(h.record, 3, "named a source", NULL, 0, &h.err), &h.err);
	for (int i = 0; i < 2; i++) {
		expect_ok(record_read(h.record, 3, &after, &h.err), &h.err);
		assert_int_equal(after.state, BODY_DROPPED);
		assert_int_equal(after.raw.n, ENVELOPE_BYTES);
		assert_memory_equal(after.raw.p, header, sizeof header);
		assert_memory_equal(after.id, id, sizeof id);
		expect_ok(record_read(h.record, 5, &redaction, &h.err), &h.err);
		assert_int_equal(redaction.envelope.cls, CLASS_REDACTION);
		assert_int_equal(redaction.state, BODY_OPEN);
		hex_encode(id, sizeof id, hex);
		assert_non_null(strstr((const char *)redaction.text.p, hex));
		assert_non_null(strstr((const char *)redaction.text.p, "\"reason\":\"named a source\""));
		hex_encode(record_org_id(h.record), ID_BYTES, hex);
		assert_non_null(strstr((const char *)redaction.text.p, hex));
		expect_claim(&h, 4, "kept");
		assert_int_equal(expect_clean(&h).n_dropped, 1);
		home_open(&h, STORE_READ_WRITE);
	}
	expect_refused(&h, 3, NULL, 0, E_INVALID, "gone already");
	home_remove(&h);
}

static void test_what_is_not_redacted(void **state)
{
	struct home h;

	(void)state;
	home_found(&h);
	home_claim(&h, "x");
	expect_refused(&h, 0, NULL, 0, E_NOT_FOUND, "row 0");
	expect_refused(&h, 4, NULL, 0, E_NOT_FOUND, "row 4");
	expect_refused(&h, 1, NULL, 0, E_INVALID, "the record needs it"); /* genesis */
	expect_refused(&h, 2, NULL, 0, E_INVALID, "the record needs it"); /* epoch */
	expect_err(record_redact(h.record, 3, NULL, NULL, 0, &h.err), E_INVALID, &h.err, "reason");
	expect_err(record_redact(h.record, 3, "", NULL, 0, &h.err), E_INVALID, &h.err, "reason");
	expect_ok(record_redact(h.record, 3, "r", NULL, 0, &h.err), &h.err);
	expect_refused(&h, 4, NULL, 0, E_INVALID, "the record needs it"); /* the redaction itself */
	expect_clean(&h);
	home_remove(&h);
}

/* Only the organisation that wrote an entry redacts it. */
static void test_of_others(void **state)
{
	static const uint8_t key[KEY_BYTES] = { 1 }, epoch[ID_BYTES] = { 2 };
	static struct made made;
	struct device d = device_make(1);
	enum receive_verdict verdict;
	struct home h;
	uint64_t row;

	(void)state;
	home_found(&h);
	device_write(&d,
		     &(struct recipe){ .cls = CLASS_CLAIM,
				       .circle = h.circle,
				       .epoch = epoch,
				       .key = key,
				       .body = claim_body("theirs") },
		     &made);
	expect_ok(record_begin(h.record, false, &h.err), &h.err);
	expect_ok(record_receive(h.record, BYTES(made.bytes, made.n), &verdict, &row, &h.err), &h.err);
	expect_ok(record_commit(h.record, &h.err), &h.err);
	assert_int_equal(row, 3);
	expect_refused(&h, 3, NULL, 0, E_DENIED, "another organisation");
	assert_int_equal(state_of(&h, 3), BODY_NO_KEY);
	home_remove(&h);
}

/* Attach a file of two chunks and claim it: rows first, first + 1, and the claim first + 2. */
static void claim_with_file(struct home *h, const char *word)
{
	static uint8_t content[BODY_MAX + 1];
	struct bytes plain = claim_body(word);
	struct buf body, file;
	uint8_t id[ID_BYTES];
	uint64_t n;

	buf_init(&body, BODY_MAX);
	buf_init(&file, BODY_MAX);
	expect_ok(record_begin(h->record, false, &h->err), &h->err);
	expect_ok(record_attach(h->record, h->circle, "f", BYTES_OF(content), &file, &h->err), &h->err);
	buf_put(&body, plain.p, plain.n - 1);
	buf_printf(&body, ",\"files\":[");
	buf_put(&body, file.p, file.n);
	buf_text(&body, "]}");
	expect_ok(record_append(h->record, h->circle, BYTES(body.p, body.n), &n, id, &h->err), &h->err);
	expect_ok(record_commit(h->record, &h->err), &h->err);
	buf_release(&body);
	buf_release(&file);
}

static void test_claim_with_its_chunks(void **state)
{
	const uint64_t chunks[] = { 3, 4 }, others[] = { 6, 7 }, not_a_chunk[] = { 3, 2 }, later[] = { 3, 6 };
	struct home h;

	(void)state;
	home_found(&h);
	claim_with_file(&h, "one"); /* rows 3 to 5 */
	claim_with_file(&h, "two"); /* rows 6 to 8 */
	expect_refused(&h, 5, not_a_chunk, 2, E_INVALID, "entry 2 is no attachment");
	expect_refused(&h, 5, later, 2, E_INVALID, "entry 6 is no attachment"); /* stands behind the claim */
	assert_int_equal(state_of(&h, 3), BODY_CHUNK);
	assert_int_equal(state_of(&h, 5), BODY_OPEN);
	expect_ok(record_redact(h.record, 5, "r", chunks, 2, &h.err), &h.err);
	for (uint64_t n = 3; n <= 5; n++)
		assert_int_equal(state_of(&h, n), BODY_DROPPED);
	for (uint64_t n = 6; n <= 7; n++)
		assert_int_equal(state_of(&h, n), BODY_CHUNK);
	assert_int_equal(expect_clean(&h).n_dropped, 3);
	/* A chunk that is gone already does not stop the redaction of its claim. */
	expect_ok(record_redact(h.record, 6, "r", NULL, 0, &h.err), &h.err);
	assert_int_equal(state_of(&h, 6), BODY_DROPPED);
	assert_int_equal(state_of(&h, 8), BODY_OPEN);
	expect_ok(record_redact(h.record, 8, "r", others, 2, &h.err), &h.err);
	assert_int_equal(state_of(&h, 7), BODY_DROPPED);
	assert_int_equal(expect_clean(&h).n_dropped, 6);
	home_open(&h, STORE_READ_WRITE);
	expect_clean(&h);
	home_remove(&h);
}

/* The sealed views hold the body: they go before the redaction is acknowledged. */
static void test_snapshot_goes_too(void **state)
{
	uint8_t *p = NULL;
	struct home h;
	size_t n;

	(void)state;
	home_found(&h);
	home_claim(&h, "x");
	expect_ok(record_write_snapshot(h.record, NO_BYTES, BYTES("views", 5), &h.err), &h.err);
	expect_refused(&h, 2, NULL, 0, E_INVALID, NULL);
	expect_ok(record_read_snapshot(h.record, &p, &n, &h.err), &h.err);
	free(p);
	expect_ok(record_redact(h.record, 3, "r", NULL, 0, &h.err), &h.err);
	expect_err(record_read_snapshot(h.record, &p, &n, &h.err), E_NOT_FOUND, &h.err, NULL);
	home_remove(&h);
}

/* The sealed row as it lies in the database. */
static size_t read_box(const char *path, uint64_t n, uint8_t *out, size_t cap)
{
	struct db *db = NULL;
	struct stmt *s = NULL;
	struct bytes box;
	struct err err;

	expect_ok(db_open(disk_system(), path, DB_READ_ONLY, &db, &err), &err);
	expect_ok(db_prepare(db, "SELECT box FROM entry WHERE n = ?", &s, &err), &err);
	stmt_bind_int(s, 1, (int64_t)n);
	assert_int_equal(stmt_step(s, &err), 1);
	box = stmt_blob(s, 0);
	assert_true(box.n <= cap);
	memcpy(out, box.p, box.n);
	stmt_reset(s);
	db_close(db);
	return box.n;
}

static bool file_holds(const char *path, const uint8_t *p, size_t n)
{
	struct buf content;
	struct err err;
	bool held;

	buf_init(&content, 16 * 1024 * 1024);
	expect_ok(disk_read_all(disk_system(), path, content.max, &content, &err), &err);
	held = memmem(content.p, content.n, p, n) != NULL;
	buf_release(&content);
	return held;
}

static uint64_t file_size(const char *path)
{
	struct disk_stat st;
	struct err err;

	expect_ok(disk_system()->stat(disk_system(), path, &st, &err), &err);
	return st.size;
}

/* No copy of the sealed row is left in the database, nor in its log. */
static void test_nothing_is_left_of_the_row(void **state)
{
	char db[DISK_PATH_MAX + 32], wal[DISK_PATH_MAX + 32];
	uint8_t box[2048];
	struct home h;
	size_t n;

	(void)state;
	home_found(&h);
	home_claim(&h, "secret");
	home_close(&h);
	snprintf(db, sizeof db, "%s/record.db", h.folder);
	snprintf(wal, sizeof wal, "%s/record.db-wal", h.folder);
	n = read_box(db, 3, box, sizeof box);
	assert_true(n > 320 + 256);
	assert_true(file_holds(db, box + 400, 100)); /* a piece of its ciphertext */
	home_open(&h, STORE_READ_WRITE);
	expect_ok(record_redact(h.record, 3, "r", NULL, 0, &h.err), &h.err);
	assert_false(file_holds(db, box + 400, 100));
	assert_false(file_holds(wal, box + 400, 100));
	home_claim(&h, "in the log only");
	assert_true(file_size(wal) > 0);
	expect_ok(record_redact(h.record, 5, "r", NULL, 0, &h.err), &h.err);
	assert_int_equal(file_size(wal), 0);
	home_remove(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own_claim),         cmocka_unit_test(test_what_is_not_redacted),
		cmocka_unit_test(test_of_others),         cmocka_unit_test(test_claim_with_its_chunks),
		cmocka_unit_test(test_snapshot_goes_too), cmocka_unit_test(test_nothing_is_left_of_the_row),
	};

	return run_tests("record/redact", tests);
}
