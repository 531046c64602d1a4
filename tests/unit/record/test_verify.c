/* Verify: clean homes and their counts, and every kind of damage that is done to one from outside. */
#include "base/db.h"
#include "unit/record/devices.h"
#include "unit/record/home.h"

static struct made made;

static const char *db_path(const struct home *h)
{
	static char path[DISK_PATH_MAX];
	struct err err;

	expect_ok(disk_join(h->folder, "record.db", path, &err), &err);
	return path;
}

/* Run SQL on the closed home's database. */
static void damage(struct home *h, const char *sql)
{
	struct db *db = NULL;
	struct err err;

	home_close(h);
	expect_ok(db_open(disk_system(), db_path(h), DB_READ_WRITE, &db, &err), &err);
	expect_ok(db_exec(db, sql, &err), &err);
	db_close(db);
}

/* Change one byte of a file of the closed home. */
static void flip(struct home *h, const char *name, long at)
{
	char path[DISK_PATH_MAX];
	struct err err;
	FILE *f;
	int c;

	home_close(h);
	expect_ok(disk_join(h->folder, name, path, &err), &err);
	f = fopen(path, "r+b");
	assert_non_null(f);
	assert_int_equal(fseek(f, at, SEEK_SET), 0);
	c = fgetc(f);
	assert_true(c != EOF);
	assert_int_equal(fseek(f, at, SEEK_SET), 0);
	assert_true(fputc(c ^ 1, f) != EOF);
	assert_int_equal(fclose(f), 0);
}

/* A home of seven rows: genesis, epoch, three claims, a redaction of the second, a claim. */
static void seven_rows(struct home *h)
{
	home_found(h);
	home_claim(h, "one");
	home_claim(h, "two");
	home_claim(h, "three");
	expect_ok(record_redact(h->record, 4, "r", NULL, 0, &h->err), &h->err);
	home_claim(h, "four");
}

static void receive(struct home *h, const uint8_t *p, size_t n, enum receive_verdict expected)
{
	enum receive_verdict verdict;
	uint64_t row;

	expect_ok(record_begin(h->record, false, &h->err), &h->err);
	expect_ok(record_receive(h->record, BYTES(p, n), &verdict, &row, &h->err), &h->err);
	expect_ok(record_commit(h->record, &h->err), &h->err);
	assert_int_equal(verdict, expected);
}

static void test_counts(void **state)
{
	static const uint8_t key[KEY_BYTES] = { 1 }, epoch[ID_BYTES] = { 2 };
	struct device d = device_make(1);
	struct recipe r = { .cls = CLASS_CLAIM, .epoch = epoch, .key = key, .body = BYTES("{}", 2) };
	struct verify_report report;
	struct buf json;
	struct home h;

	(void)state;
	seven_rows(&h);
	buf_init(&json, 4096);
	expect_ok(record_begin(h.record, false, &h.err), &h.err);
	expect_ok(record_attach(h.record, h.circle, "f", BYTES("x", 1), &json, &h.err), &h.err);
	expect_ok(record_commit(h.record, &h.err), &h.err);
	buf_release(&json);
	r.circle = h.circle;
	device_write(&d, &r, &made);
	receive(&h, made.bytes, made.n, RECEIVED);
	r.cls = 200;
	device_write(&d, &r, &made);
	receive(&h, made.bytes, made.n, RECEIVED);
	receive(&h, made.bytes, 10, QUARANTINED);
	report = expect_clean(&h);
	assert_int_equal(report.n_entries, 10);
	assert_int_equal(report.by_class[0], 1);
	assert_int_equal(report.by_class[CLASS_CLAIM], 5);
	assert_int_equal(report.by_class[CLASS_CONTROL], 1);
	assert_int_equal(report.by_class[CLASS_HEADS], 0);
	assert_int_equal(report.by_class[CLASS_REDACTION], 1);
	assert_int_equal(report.by_class[CLASS_SIGCHAIN], 1);
	assert_int_equal(report.by_class[CLASS_CHUNK], 1);
	assert_int_equal(report.n_bodies, 6); /* not: the redacted one, the chunk, class 200, the one without key */
	assert_int_equal(report.n_dropped, 1);
	assert_int_equal(report.n_no_key, 1);
	assert_int_equal(report.n_feeds, 3);
	home_remove(&h);
}

static bool stop_at_first(void *ctx, uint64_t done, uint64_t total)
{
	(void)ctx;
	assert_int_equal(done, 256);
	assert_true(total >= 300);
	return false;
}

static void test_stopped(void **state)
{
	struct findings f = { 0 };
	const struct verify_watch watch = { findings_take, stop_at_first, &f };
	struct verify_report report = { .n_entries = 77 };
	uint8_t id[ID_BYTES];
	struct home h;
	uint64_t n;

	(void)state;
	home_found(&h);
	expect_ok(record_begin(h.record, true, &h.err), &h.err);
	for (int i = 0; i < 300; i++)
		expect_ok(record_append(h.record, h.circle, claim_body("x"), &n, id, &h.err), &h.err);
	expect_ok(record_commit(h.record, &h.err), &h.err);
	expect_err(record_verify(h.record, &watch, &report, &h.err), E_CANCELLED, &h.err, "256 of 302");
	assert_int_equal(report.n_entries, 77);
	home_remove(&h);
}

/* --- rows, through SQLite */

static void test_rows_swapped(void **state)
{
	struct home h;

	(void)state;
	seven_rows(&h);
	damage(&h, "UPDATE entry SET n = 100 WHERE n = 3; UPDATE entry SET n = 3 WHERE n = 5;"
		   "UPDATE entry SET n = 5 WHERE n = 100");
	home_open(&h, STORE_READ_WRITE);
	assert_true(record_is_sound(h.record)); /* claims are read when they are asked for */
	expect_findings(&h, 4, "table entry, row 3 is damaged");
	expect_findings(&h, 4, "table entry, row 5 is damaged");
	expect_findings(&h, 4, "row 4 does not follow the entry before it");
	home_remove(&h);
}

static void test_row_deleted(void **state)
{
	struct home h;

	(void)state;
	seven_rows(&h);
	damage(&h, "DELETE FROM entry WHERE n = 5");
	home_open(&h, STORE_READ_WRITE);
	expect_findings(&h, 3, "table entry has 6 rows, it should have 7");
	expect_findings(&h, 3, "table entry, row 5 is missing");
	expect_findings(&h, 3, "row 6 does not follow");
	home_remove(&h);
	seven_rows(&h);
	damage(&h, "DELETE FROM entry WHERE n = 7"); /* the last one: nothing follows that would show it */
	home_open(&h, STORE_READ_WRITE);
	expect_findings(&h, 3, "ends otherwise than the state row says");
	home_remove(&h);
}

static void test_extra_rows(void **state)
{
	static const char *const tables[] = { "entry", "key", "quarantine", "state" };
	char sql[128], says[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		struct home h;

		seven_rows(&h);
		snprintf(sql, sizeof sql, "INSERT INTO %s SELECT 50, box FROM entry WHERE n = 3", tables[i]);
		snprintf(says, sizeof says, "table %s has ", tables[i]);
		damage(&h, sql);
		home_open(&h, STORE_READ_WRITE);
		expect_findings(&h, 1, says);
		home_remove(&h);
	}
}

/* A redacted body that comes back with an old part of the file. */
static void test_older_row_put_back(void **state)
{
	struct buf json;
	struct home h;

	(void)state;
	home_found(&h);
	home_claim(&h, "one");
	home_claim(&h, "two");
	damage(&h, "CREATE TABLE kept AS SELECT n, box FROM entry WHERE n = 4");
	home_open(&h, STORE_READ_WRITE);
	expect_ok(record_redact(h.record, 4, "r", NULL, 0, &h.err), &h.err);
	expect_clean(&h);
	damage(&h, "UPDATE entry SET box = (SELECT box FROM kept) WHERE n = 4");
	home_open(&h, STORE_READ_WRITE);
	expect_claim(&h, 4, "two");
	expect_findings(&h, 1, "row 4: its body was redacted and is back");
	home_remove(&h);
	/* The same with a part of an attachment that was redacted by itself. */
	home_found(&h);
	buf_init(&json, 4096);
	expect_ok(record_begin(h.record, false, &h.err), &h.err);
	expect_ok(record_attach(h.record, h.circle, "f", BYTES("x", 1), &json, &h.err), &h.err);
	expect_ok(record_commit(h.record, &h.err), &h.err);
	buf_release(&json);
	damage(&h, "CREATE TABLE kept AS SELECT n, box FROM entry WHERE n = 3");
	home_open(&h, STORE_READ_WRITE);
	expect_ok(record_redact(h.record, 3, "r", NULL, 0, &h.err), &h.err);
	expect_clean(&h);
	damage(&h, "UPDATE entry SET box = (SELECT box FROM kept) WHERE n = 3");
	home_open(&h, STORE_READ_WRITE);
	expect_findings(&h, 1, "row 3: its body was redacted and is back");
	home_remove(&h);
}

/* The whole database as it was before, or its state row alone: nothing may be signed. */
static void test_older_state_put_back(void **state)
{
	uint8_t id[ID_BYTES];
	struct home h;

	(void)state;
	home_found(&h);
	damage(&h, "CREATE TABLE kept AS SELECT box FROM state");
	home_open(&h, STORE_READ_WRITE);
	home_claim(&h, "one");
	damage(&h, "UPDATE state SET box = (SELECT box FROM kept)");
	home_open(&h, STORE_READ_WRITE);
	assert_false(record_is_sound(h.record));
	assert_non_null(strstr(record_trouble(h.record), "older than what this home acknowledged"));
	expect_err(record_begin(h.record, false, &h.err), E_ROLLED_BACK, &h.err, "older");
	expect_err(record_found_circle(h.record, "x", NULL, id, &h.err), E_ROLLED_BACK, &h.err, "older");
	expect_findings(&h, 2, "older than what this home acknowledged");
	expect_findings(&h, 2, "table entry has 3 rows, it should have 2");
	home_remove(&h);
}

/* The same number of transactions, other content: a copy of the home that went its own way. */
static void test_state_of_a_twin(void **state)
{
	char path[DISK_PATH_MAX], heads[DISK_PATH_MAX];
	struct buf db_then, heads_then;
	struct err err;
	struct home h;

	(void)state;
	home_found(&h);
	home_close(&h);
	buf_init(&db_then, 1 << 24);
	buf_init(&heads_then, 1 << 16);
	memcpy(path, db_path(&h), sizeof path);
	expect_ok(disk_join(h.folder, "heads", heads, &err), &err);
	expect_ok(disk_read_all(disk_system(), path, db_then.max, &db_then, &err), &err);
	expect_ok(disk_read_all(disk_system(), heads, heads_then.max, &heads_then, &err), &err);
	home_open(&h, STORE_READ_WRITE);
	home_claim(&h, "here");
	home_close(&h);
	buf_clear(&heads_then);
	expect_ok(disk_read_all(disk_system(), heads, heads_then.max, &heads_then, &err), &err);
	expect_ok(disk_replace(disk_system(), path, db_then.p, db_then.n, &err), &err);
	home_open(&h, STORE_READ_WRITE);
	expect_err(record_begin(h.record, false, &h.err), E_ROLLED_BACK, &h.err, NULL);
	home_close(&h);
	/* Without the heads file of that time, the old database goes on by itself. */
	assert_int_equal(unlink(heads), 0);
	home_open(&h, STORE_READ_WRITE);
	expect_err(record_begin(h.record, false, &h.err), E_DAMAGED, &h.err, "heads file is missing or damaged");
	expect_findings(&h, 1, "heads file is missing or damaged");
	buf_release(&db_then);
	buf_release(&heads_then);
	home_remove(&h);
}

/* One bit of a sealed row. */
static void test_bits_of_rows(void **state)
{
	static const char flip_entry[] = "UPDATE entry SET box = CAST(substr(box, 1, 40) || CASE substr(box, 41, 1) "
					 "WHEN x'00' THEN x'01' ELSE x'00' END"
					 " || substr(box, 42) AS BLOB) WHERE n = 3";
	static const char shorten[] = "UPDATE entry SET box = substr(box, 1, 20) WHERE n = 3";
	static const char key_id[] = "UPDATE entry SET box = CAST(x'00000002' || substr(box, 5) AS BLOB) WHERE n = 3";
	static const char text[] = "UPDATE entry SET box = 'no bytes' WHERE n = 3";
	static const char *const sql[] = { flip_entry, shorten, key_id, text };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sql); i++) {
		struct record_entry entry;
		struct home h;

		seven_rows(&h);
		damage(&h, sql[i]);
		home_open(&h, STORE_READ_WRITE);
		expect_err(record_read(h.record, 3, &entry, &h.err), E_DAMAGED, &h.err, "row 3");
		expect_findings(&h, 2, "table entry, row 3 is damaged");
		home_remove(&h);
	}
}

/* Rows without which the home is not understood: opened as far as it goes, and nothing is signed. */
static void test_keys_and_control_rows(void **state)
{
	static const struct {
		const char *sql, *says;
		size_t n; /* findings */
	} cases[] = {
		{ "UPDATE key SET box = zeroblob(100) WHERE n = 1", "table key, row 1 is damaged", 1 },
		{ "DELETE FROM key WHERE n = 5", "table key, row 5 is missing", 2 },
		{ "UPDATE key SET n = 100 WHERE n = 2; UPDATE key SET n = 2 WHERE n = 3; UPDATE key SET n = 3 WHERE n "
		  "= 100",
		  "table key, row 2 is damaged", 2 },
		{ "UPDATE entry SET box = zeroblob(1000) WHERE n = 1", "table entry, row 1 is damaged", 3 },
		{ "UPDATE entry SET box = zeroblob(1000) WHERE n = 2", "table entry, row 2 is damaged", 3 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct findings f;
		struct home h;

		seven_rows(&h);
		damage(&h, cases[i].sql);
		home_open(&h, STORE_READ_WRITE);
		assert_false(record_is_sound(h.record));
		assert_non_null(strstr(record_trouble(h.record), "nothing is signed"));
		for (int again = 0; again < 2; again++)
			expect_err(record_begin(h.record, false, &h.err), E_DAMAGED, &h.err, "nothing is signed");
		home_verify(&h, &f);
		assert_true(f.n >= cases[i].n);
		assert_true(findings_say(&f, cases[i].says));
		home_remove(&h);
	}
}

static void test_quarantine_rows(void **state)
{
	struct home h;

	(void)state;
	seven_rows(&h);
	receive(&h, (const uint8_t *)"junk", 4, QUARANTINED);
	expect_clean(&h);
	damage(&h, "UPDATE quarantine SET box = zeroblob(60)");
	home_open(&h, STORE_READ_WRITE);
	expect_findings(&h, 1, "table quarantine, row 1 is damaged");
	home_remove(&h);
}

/* --- files */

static void test_other_files(void **state)
{
	struct home h;

	(void)state;
	seven_rows(&h);
	expect_ok(record_write_snapshot(h.record, NO_BYTES, BYTES("x", 1), &h.err), &h.err);
	flip(&h, "snapshot", 40);
	home_open(&h, STORE_READ_WRITE);
	expect_findings(&h, 1, "'parley rebuild' makes a new one");
	expect_ok(record_drop_snapshot(h.record, &h.err), &h.err);
	flip(&h, "keys", 64 + 20);
	home_open(&h, STORE_READ_WRITE);
	expect_findings(&h, 1, "keys: slot 1 is damaged: its passphrase no longer opens");
	flip(&h, "keys", 64 + 20);
	flip(&h, "keys", 64 + 256 + 20);
	home_open(&h, STORE_READ_WRITE);
	expect_findings(&h, 1, "keys: slot 2 is damaged: its paper sheet");
	flip(&h, "keys", 64 + 256 + 20);
	flip(&h, "heads", 4096);
	home_open(&h, STORE_READ_ONLY);
	assert_true(record_is_sound(h.record)); /* the newest slot is the other one: the eighth transaction */
	expect_findings(&h, 1, "heads: 1 of its 2 slots is damaged");
	flip(&h, "heads", 0);
	home_open(&h, STORE_READ_ONLY);
	assert_false(record_is_sound(h.record));
	expect_findings(&h, 2, "heads: 2 of its 2 slots are damaged");
	flip(&h, "heads", 0);
	flip(&h, "heads", 4096);
	home_open(&h, STORE_READ_WRITE);
	expect_clean(&h);
	home_remove(&h);
}

/* --- what only a holder of the root key can write: mistakes of a program, caught all the same */

/* The closed home's store, in a transaction. */
static struct store *open_store(struct home *h)
{
	struct slot_info slots[SLOTS_MAX];
	uint8_t home_id[HOME_ID_BYTES];
	char keys[DISK_PATH_MAX];
	struct store *store = NULL;
	struct err err;
	size_t n_slots;

	home_close(h);
	expect_ok(disk_join(h->folder, "keys", keys, &err), &err);
	expect_ok(slots_inspect(&h->machine.env, keys, home_id, slots, &n_slots, &err), &err);
	expect_ok(store_open(&h->machine.env, h->folder, h->root, home_id, STORE_READ_WRITE, &store, &err), &err);
	expect_ok(store_begin(store, &err), &err);
	return store;
}

static void close_store(struct home *h, struct store *store)
{
	struct err err;

	expect_ok(store_commit(store, &err), &err);
	store_close(store);
	home_open(h, STORE_READ_WRITE);
}

static void replace_row(struct home *h, enum store_table table, uint64_t n, struct bytes plain)
{
	struct store *store = open_store(h);
	struct err err;

	expect_ok(store_replace(store, table, n, plain, &err), &err);
	close_store(h, store);
}

static void read_row(struct home *h, uint64_t n, struct made *ret)
{
	struct record_entry entry;

	expect_ok(record_read(h->record, n, &entry, &h->err), &h->err);
	memcpy(ret->bytes, entry.raw.p, entry.raw.n);
	ret->n = entry.raw.n;
}

static void test_sealed_but_wrong(void **state)
{
	struct home h;

	(void)state;
	seven_rows(&h);
	read_row(&h, 3, &made);
	replace_row(&h, STORE_ENTRY, 3, BYTES(made.bytes, ENVELOPE_BYTES));
	expect_findings(&h, 1, "row 3: its body is missing and no redaction says why");
	made.bytes[HEADER_BYTES] ^= 1;
	replace_row(&h, STORE_ENTRY, 3, BYTES(made.bytes, made.n));
	expect_findings(&h, 2, "row 3: the signature of an entry does not fit");
	made.bytes[HEADER_BYTES] ^= 1;
	made.bytes[made.n - 1] ^= 1;
	replace_row(&h, STORE_ENTRY, 3, BYTES(made.bytes, made.n));
	expect_findings(&h, 2, "row 3: the body of an entry is not the one that was signed");
	made.bytes[made.n - 1] ^= 1;
	replace_row(&h, STORE_ENTRY, 3, BYTES(made.bytes, made.n - 1));
	expect_findings(&h, 2, "row 3: its length does not fit");
	replace_row(&h, STORE_ENTRY, 3, BYTES(made.bytes, 100));
	expect_findings(&h, 2, "row 3 is too short");
	replace_row(&h, STORE_ENTRY, 3, BYTES(made.bytes, made.n));
	expect_clean(&h);
	read_row(&h, 7, &made);
	replace_row(&h, STORE_ENTRY, 5, BYTES(made.bytes, made.n)); /* good in itself, at another place */
	expect_findings(&h, 2, "row 5 does not follow");
	home_remove(&h);
	seven_rows(&h);
	read_row(&h, 6, &made);
	replace_row(&h, STORE_ENTRY, 6, BYTES(made.bytes, ENVELOPE_BYTES)); /* the redaction itself */
	expect_findings(&h, 2, "row 6: its body is missing, and no redaction may take it away");
	expect_findings(&h, 2, "row 4: its body is missing and no redaction says why");
	home_remove(&h);
}

/* A good signature of this device over a place that is not the next: seq or prev is another. */
static void test_entries_out_of_chain(void **state)
{
	struct home h;

	(void)state;
	for (int i = 0; i < 2; i++) {
		uint8_t seed[KEY_BYTES], pk[KEY_BYTES], sk[64];

		seven_rows(&h);
		home_own_seed(&h, seed);
		sign_keypair(seed, pk, sk);
		read_row(&h, 7, &made);
		made.bytes[i == 0 ? 79 : 80] ^= 1;
		envelope_sign(made.bytes, sk, made.bytes + HEADER_BYTES);
		replace_row(&h, STORE_ENTRY, 7, BYTES(made.bytes, made.n));
		/* ... so that its key is another too, and the state names another entry */
		expect_findings(&h, 2, "row 7 does not follow");
		assert_int_equal(record_n_entries(h.record), 7);
		home_remove(&h);
	}
}

/* A state row that counts or marks otherwise than the rows are. */
static void test_state_that_is_wrong(void **state)
{
	struct store *store;
	struct feed feed;
	struct home h;

	(void)state;
	seven_rows(&h);
	store = open_store(&h);
	store_note_quarantine(store, 5, 0);
	close_store(&h, store);
	expect_findings(&h, 1, "table quarantine holds 0 bytes, the state row says 5");
	home_remove(&h);
	seven_rows(&h);
	store = open_store(&h);
	store_note_control(store, 3);
	close_store(&h, store);
	expect_findings(&h, 1, "the control entries are others than the state row says");
	home_remove(&h);
	for (int i = 0; i < 5; i++) {
		seven_rows(&h);
		store = open_store(&h);
		feed = store_state(store)->feeds[0];
		feed.own ^= i == 0;
		feed.sigchain ^= i == 1;
		feed.seq += i == 2;
		feed.id[0] ^= i == 3;
		feed.device[0] ^= i == 4; /* a feed of which there is no entry */
		store_set_feed(store, &feed);
		close_store(&h, store);
		expect_findings(&h, i == 4 ? 2 : 1, "ends otherwise than the state row says");
		home_remove(&h);
	}
}

static void test_keys_that_are_none(void **state)
{
	static const uint8_t of_no_type[33] = { 9 }, too_short[5] = { 1 }, long_name[1 + ORG_NAME_MAX] = { 5, 'x' };
	struct home h;

	(void)state;
	seven_rows(&h);
	replace_row(&h, STORE_KEY, 4, BYTES_OF(of_no_type));
	assert_false(record_is_sound(h.record));
	expect_findings(&h, 1, "a key of an unknown type");
	replace_row(&h, STORE_KEY, 4, BYTES_OF(too_short));
	expect_findings(&h, 1, "a key row does not hold a key");
	replace_row(&h, STORE_KEY, 4, NO_BYTES);
	expect_findings(&h, 1, "a key row does not hold a key");
	replace_row(&h, STORE_KEY, 4, BYTES_OF(long_name));
	expect_findings(&h, 1, "the name row is too long");
	replace_row(&h, STORE_KEY, 4, BYTES(long_name, ORG_NAME_MAX));
	expect_clean(&h);
	home_remove(&h);
}

/* A redaction by another organisation has no effect: the body stays, and that is right. */
static void test_redaction_without_effect(void **state)
{
	static char text[512];
	static const char redact[] =
		"{\"t\":\"redact\",\"v\":1,\"entry\":\"%s\",\"reason\":\"r\",\"authority\":\"%s\"}";
	struct device d = device_make(1);
	struct record_entry epoch_entry, claim;
	char hex[2 * ID_BYTES + 1];
	uint8_t e_raw[KEY_BYTES], e[KEY_BYTES];
	struct verify_report report;
	struct home h;
	size_t found = 0;

	(void)state;
	home_found(&h);
	home_claim(&h, "one");
	expect_ok(record_read(h.record, 3, &claim, &h.err), &h.err);
	hex_encode(claim.id, ID_BYTES, hex);
	snprintf(text, sizeof text, redact, hex, hex);
	expect_ok(record_read(h.record, 2, &epoch_entry, &h.err), &h.err);
	/* The raw secret of the epoch is among what the machine drew; the outsider got hold of it. */
	for (size_t i = 0; i < h.machine.n_draws && !found; i++) {
		static uint8_t out[SECTION_MAX + 1];
		size_t n;

		memcpy(e_raw, h.machine.draws[i], sizeof e_raw);
		epoch_secret(e_raw, epoch_entry.id, e);
		expect_ok(record_read(h.record, 3, &claim, &h.err), &h.err);
		found = entry_open(claim.raw, &claim.envelope, e, 0, out, &n, NULL) == 0;
	}
	assert_true(found);
	device_write(&d,
		     &(struct recipe){ .cls = CLASS_REDACTION,
				       .circle = h.circle,
				       .epoch = epoch_entry.id,
				       .key = e,
				       .body = BYTES(text, strlen(text)) },
		     &made);
	receive(&h, made.bytes, made.n, RECEIVED);
	report = expect_clean(&h);
	assert_int_equal(report.by_class[CLASS_REDACTION], 1);
	assert_int_equal(report.n_bodies, 4);
	assert_int_equal(report.n_dropped, 0);
	home_remove(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_rows_swapped),
		cmocka_unit_test(test_row_deleted),
		cmocka_unit_test(test_extra_rows),
		cmocka_unit_test(test_older_row_put_back),
		cmocka_unit_test(test_older_state_put_back),
		cmocka_unit_test(test_state_of_a_twin),
		cmocka_unit_test(test_bits_of_rows),
		cmocka_unit_test(test_keys_and_control_rows),
		cmocka_unit_test(test_quarantine_rows),
		cmocka_unit_test(test_other_files),
		cmocka_unit_test(test_sealed_but_wrong),
		cmocka_unit_test(test_entries_out_of_chain),
		cmocka_unit_test(test_state_that_is_wrong),
		cmocka_unit_test(test_keys_that_are_none),
		cmocka_unit_test(test_redaction_without_effect),
	};

	return run_tests("record/verify", tests);
}
