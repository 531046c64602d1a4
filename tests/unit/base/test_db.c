#include "base/arena.h"
#include "base/db.h"
#include "base/limits.h"

#include "db_test.h"

static void test_settings_of_a_file(void **state)
{
	struct db *db = open_db(DB_READ_WRITE);

	(void)state;
	expect_setting(db, "PRAGMA journal_mode", "wal");
	expect_setting(db, "PRAGMA locking_mode", "exclusive");
	expect_setting(db, "PRAGMA synchronous", "2");
	expect_setting(db, "PRAGMA secure_delete", "1");
	expect_setting(db, "PRAGMA cell_size_check", "1");
	expect_setting(db, "PRAGMA trusted_schema", "0");
	expect_setting(db, "PRAGMA temp_store", "2");
	expect_setting(db, "PRAGMA mmap_size", NULL); /* the files know no mapping at all */
	expect_setting(db, "PRAGMA wal_autocheckpoint", "1000");
	expect_setting(db, "SELECT date('now')", "1970-01-01"); /* SQL has no clock */
	db_set_autocheckpoint(db, 16384);
	expect_setting(db, "PRAGMA wal_autocheckpoint", "16384");
	db_close(db);
	db_close(NULL);
	db_abandon(NULL);
}

static void test_hardening(void **state)
{
	struct db *db = open_memory();
	struct err err;

	(void)state;
	run(db, "CREATE TABLE t(a); CREATE VIRTUAL TABLE f USING fts5(x)");
	assert_int_not_equal(db_exec(db, "SELECT load_extension('x')", &err), 0);
	assert_int_not_equal(db_exec(db, "INSERT INTO f_data VALUES(1,2)", &err), 0); /* a shadow table */
	assert_int_not_equal(db_exec(db, "PRAGMA writable_schema=ON; DELETE FROM sqlite_schema", &err), 0);
	expect_err(db_exec(db, "SELECT \"no such column\"", &err), E_INVALID, &err, "no such column");
	db_close(db);
}

static void test_values(void **state)
{
	struct db *db = open_db(DB_READ_WRITE);
	struct stmt *s;
	struct err err;
	struct bytes blob;

	(void)state;
	run(db, "CREATE TABLE v(i, t, b, empty, n)");
	expect_ok(db_prepare(db, "INSERT INTO v VALUES(?,?,?,?,?)", &s, &err), &err);
	stmt_bind_int(s, 1, INT64_MIN);
	stmt_bind_text(s, 2, "\xc3\xa9");
	stmt_bind_blob(s, 3, "a\0b", 3);
	stmt_bind_blob(s, 4, NULL, 0);
	stmt_bind_text(s, 5, NULL);
	expect_ok(stmt_run(s, &err), &err);
	assert_int_equal(db_last_rowid(db), 1);
	assert_int_equal(db_changes(db), 1);
	expect_ok(db_prepare(db, "SELECT i, t, b, empty, n FROM v", &s, &err), &err);
	assert_int_equal(stmt_step(s, &err), 1);
	assert_int_equal(stmt_n_columns(s), 5);
	assert_string_equal(stmt_column_name(s, 3), "empty");
	assert_true(stmt_int(s, 0) == INT64_MIN);
	assert_string_equal(stmt_text(s, 1), "\xc3\xa9");
	blob = stmt_blob(s, 2);
	assert_int_equal(blob.n, 3);
	assert_memory_equal(blob.p, "a\0b", 3);
	assert_false(stmt_is_null(s, 3)); /* an empty blob is no NULL */
	blob = stmt_blob(s, 3);
	assert_int_equal(blob.n, 0);
	assert_non_null(blob.p);
	assert_true(stmt_is_null(s, 4));
	assert_null(stmt_text(s, 4));
	assert_int_equal(stmt_blob(s, 4).n, 0);
	assert_int_equal(stmt_step(s, &err), 0);
	assert_int_equal(stmt_step(s, &err), 1); /* done means reset: it runs again */
	stmt_reset(s);
	db_close(db);
}

static void test_statements_are_kept(void **state)
{
	struct db *db = open_memory();
	struct stmt *first, *again, *other;
	struct err err;
	char sql[] = "SELECT ?"; /* the same text at another place */

	(void)state;
	expect_ok(db_prepare(db, "SELECT ?", &first, &err), &err);
	stmt_bind_int(first, 1, 7);
	assert_int_equal(stmt_step(first, &err), 1);
	expect_ok(db_prepare(db, sql, &again, &err), &err);
	assert_ptr_equal(first, again);
	assert_int_equal(stmt_step(again, &err), 1);
	assert_true(stmt_is_null(again, 0)); /* reset, and its value is gone */
	expect_ok(db_prepare(db, "SELECT ?+1", &other, &err), &err);
	assert_ptr_not_equal(first, other);
	stmt_reset(again);
	for (int i = 0; i < 1000; i++) { /* many texts share the buckets */
		char text[32];
		struct stmt *s, *same;

		snprintf(text, sizeof(text), "SELECT %d", i);
		expect_ok(db_prepare(db, text, &s, &err), &err);
		assert_int_equal(stmt_step(s, &err), 1);
		assert_int_equal(stmt_int(s, 0), i);
		stmt_reset(s);
		expect_ok(db_prepare(db, text, &same, &err), &err);
		assert_ptr_equal(s, same);
	}
	db_close(db);
}

static void test_wrong_statements(void **state)
{
	struct db *db = open_memory();
	struct stmt *s;
	struct err err;

	(void)state;
	expect_err(db_prepare(db, "SELEKT", &s, &err), E_INVALID, &err, "syntax error");
	expect_err(db_prepare(db, "SELECT * FROM nowhere", &s, &err), E_INVALID, &err, "no such table: nowhere");
	expect_err(db_prepare(db, "SELECT 1; SELECT 2", &s, &err), E_INVALID, &err, "exactly one SQL statement");
	expect_err(db_prepare(db, " ", &s, &err), E_INVALID, &err, "exactly one SQL statement");
	expect_ok(db_prepare(db, "SELECT 1 ; ", &s, &err), &err);
	stmt_bind_int(s, 1, 5); /* there is no parameter */
	expect_err(stmt_step(s, &err), E_INVALID, &err, "could not be bound");
	assert_int_equal(stmt_step(s, &err), 1); /* reported once */
	stmt_reset(s);
	db_close(db);
}

static void test_constraints(void **state)
{
	struct db *db = open_memory();
	struct stmt *s;
	struct err err;

	(void)state;
	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, u UNIQUE, c CHECK(c > 0))");
	run(db, "CREATE TABLE w(a, b, PRIMARY KEY(a, b)) WITHOUT ROWID");
	run(db, "INSERT INTO t VALUES(1, 'hemlig', 1); INSERT INTO w VALUES(1, 2)");
	expect_err(db_exec(db, "INSERT INTO t VALUES(1, 'x', 1)", &err), E_EXISTS, &err, "t.id");
	expect_err(db_exec(db, "INSERT INTO w VALUES(1, 2)", &err), E_EXISTS, &err, NULL);
	expect_err(db_exec(db, "INSERT INTO t VALUES(2, 'x', 0)", &err), E_INVALID, &err, "CHECK");
	expect_ok(db_prepare(db, "INSERT INTO t VALUES(NULL, ?, 1)", &s, &err), &err);
	stmt_bind_text(s, 1, "hemlig");
	expect_err(stmt_run(s, &err), E_EXISTS, &err, "t.u");
	assert_null(strstr(err.text, "hemlig"));
	stmt_bind_text(s, 1, "other");
	expect_ok(stmt_run(s, &err), &err);
	db_close(db);
}

/* The words of a search are the user's; they may not come back in an error that may be logged. */
static void test_search(void **state)
{
	static const char *const WRONG[] = {
		"\"hemlig", "hemlig:x", "AND hemlig", "*hemlig", "hemlig (", "^ ^hemlig ^"
	};
	struct db *db = open_memory();
	struct stmt *s;
	struct err err;

	(void)state;
	run(db, "CREATE VIRTUAL TABLE f USING fts5(x, tokenize='unicode61 remove_diacritics 2')");
	run(db, "INSERT INTO f VALUES('the caf\xc3\xa9 at noon'), ('a tent')");
	expect_ok(db_prepare(db, "SELECT rowid FROM f WHERE f MATCH ?", &s, &err), &err);
	stmt_bind_text(s, 1, "CAFE");
	assert_int_equal(stmt_step(s, &err), 1);
	assert_int_equal(stmt_int(s, 0), 1);
	assert_int_equal(stmt_step(s, &err), 0);
	for (size_t i = 0; i < ARRAY_LEN(WRONG); i++) {
		stmt_reset(s);
		stmt_bind_text(s, 1, WRONG[i]);
		expect_err(stmt_step(s, &err), E_INVALID, &err, NULL);
		assert_null(strstr(err.text, "hemlig"));
	}
	db_close(db);
}

static void test_row_limit(void **state)
{
	uint8_t *p = mem_alloc(DB_ROW_MAX + 1);
	struct db *db = open_db(DB_READ_WRITE);
	const size_t frame = 6; /* header of a row: its length, the place of the id, four bytes for so large a blob */
	struct stmt *s;
	struct err err;

	(void)state;
	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB)");
	insert(db, 1, p, DB_ROW_MAX - frame); /* a row of exactly DB_ROW_MAX */
	expect_ok(db_prepare(db, "INSERT INTO t VALUES(?,?)", &s, &err), &err);
	stmt_bind_int(s, 1, 2);
	stmt_bind_blob(s, 2, p, DB_ROW_MAX - frame + 1);
	expect_err(stmt_run(s, &err), E_LIMIT, &err, "limit of 1048576 bytes");
	stmt_bind_blob(s, 2, p, DB_ROW_MAX + 1);
	expect_err(stmt_run(s, &err), E_LIMIT, &err, "limit of 1048576 bytes");
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
	db_close(db);
	free(p);
}

static void test_row_limit_in_memory(void **state)
{
	uint8_t *p = mem_alloc(DB_MEMORY_ROW_MAX + 1);
	struct db *db = open_memory();
	const size_t frame = 6;
	struct stmt *s;
	struct err err;

	(void)state;
	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB)");
	insert(db, 1, p, DB_MEMORY_ROW_MAX - frame);
	expect_ok(db_prepare(db, "INSERT INTO t VALUES(?,?)", &s, &err), &err);
	stmt_bind_int(s, 1, 2);
	stmt_bind_blob(s, 2, p, DB_MEMORY_ROW_MAX - frame + 1);
	expect_err(stmt_run(s, &err), E_LIMIT, &err, "limit of 5215168 bytes");
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
	db_close(db);
	free(p);
}

static void test_transactions(void **state)
{
	struct db *db = open_db(DB_READ_WRITE);
	struct err err;

	(void)state;
	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB)");
	db_rollback(db); /* none is open: nothing */
	expect_ok(db_begin(db, &err), &err);
	assert_int_equal(db_begin(db, &err), E_INVALID); /* not inside another */
	insert(db, 1, "a", 1);
	db_rollback(db);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 0);
	expect_ok(db_begin(db, &err), &err);
	insert(db, 1, "a", 1);
	insert(db, 2, "b", 1);
	expect_ok(db_commit(db, &err), &err);
	assert_int_equal(db_commit(db, &err), E_INVALID);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 2);
	db_close(db);
	db = open_db(DB_READ_WRITE);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 2);
	db_close(db);
}

static void test_one_connection(void **state)
{
	struct db *db = open_db(DB_READ_WRITE), *second = NULL;
	struct err err;

	(void)state;
	run(db, "CREATE TABLE t(a)");
	expect_err(db_open(disk_system(), path, DB_READ_WRITE, &second, &err), E_LOCKED, &err, "in use by another");
	expect_err(db_open(disk_system(), path, DB_READ_ONLY, &second, &err), E_LOCKED, &err, "in use by another");
	assert_null(second);
	run(db, "INSERT INTO t VALUES(1)");
	db_close(db);
	db_close(open_db(DB_READ_WRITE));
}

static void test_read_only(void **state)
{
	struct db *db = NULL;
	struct err err;

	(void)state;
	expect_err(db_open(disk_system(), path, DB_READ_ONLY, &db, &err), E_NOT_FOUND, &err, "no such file");
	expect_folder("");
	db = open_db(DB_READ_WRITE);
	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB); INSERT INTO t VALUES(1, 'x')");
	db_close(db);
	db = open_db(DB_READ_ONLY); /* without a WAL */
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
	expect_err(db_exec(db, "DELETE FROM t", &err), E_DENIED, &err, "readonly");
	db_close(db);
	expect_folder("x.db|");
	db = open_db(DB_READ_WRITE);
	insert(db, 2, "y", 1);
	db_abandon(db);
	expect_folder("x.db|x.db-wal|");
	db = open_db(DB_READ_ONLY); /* with a WAL, whose row is seen and which stays */
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 2);
	db_close(db);
	expect_folder("x.db|x.db-wal|");
	db = open_db(DB_READ_WRITE);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 2);
	db_close(db);
	expect_folder("x.db|");
}

static void test_foreign_and_damaged_files(void **state)
{
	struct db *db = NULL;
	struct buf bytes;
	struct err err;
	char words[5000];

	(void)state;
	memset(words, 'w', sizeof(words));
	put_file("x.db", words, sizeof(words));
	expect_err(db_open(disk_system(), path, DB_READ_WRITE, &db, &err), E_DAMAGED, &err, "/x.db is damaged");
	expect_err(db_open(disk_system(), path, DB_READ_ONLY, &db, &err), E_DAMAGED, &err, "/x.db is damaged");
	read_file("x.db", &bytes);
	assert_memory_equal(bytes.p, words, sizeof(words)); /* and it was not touched */
	buf_release(&bytes);
	folder_clear(folder, false);
	db = open_db(DB_READ_WRITE);
	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB)");
	for (int i = 0; i < 500; i++)
		insert(db, i, words, 500);
	db_close(db);
	read_file("x.db", &bytes);
	memset(bytes.p + 100, 0xff, 8); /* the header of the root page of the schema */
	put_file("x.db", bytes.p, bytes.n);
	expect_err(db_open(disk_system(), path, DB_READ_WRITE, &db, &err), E_DAMAGED, &err, "is damaged");
	buf_release(&bytes);
	expect_err(db_open(disk_system(), folder, DB_READ_WRITE, &db, &err), E_INVALID, &err, "is a directory");
}

/* A damaged page is an error when it is read, never a wrong row count. */
static void test_damaged_page(void **state)
{
	struct db *db = open_db(DB_READ_WRITE);
	struct stmt *s;
	struct buf bytes;
	struct err err;
	int rc;

	(void)state;
	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB)");
	for (int i = 0; i < 500; i++)
		insert(db, i, "0123456789", 10);
	db_close(db);
	read_file("x.db", &bytes);
	memset(bytes.p + 2 * 4096, 0xee, 4096);
	put_file("x.db", bytes.p, bytes.n);
	buf_release(&bytes);
	db = open_db(DB_READ_WRITE);
	expect_ok(db_prepare(db, "SELECT sum(length(b)) FROM t", &s, &err), &err);
	rc = stmt_step(s, &err);
	expect_err(rc, E_DAMAGED, &err, "is damaged");
	db_close(db);
}

static void test_checkpoint(void **state)
{
	struct db *db = open_db(DB_READ_WRITE);
	struct buf wal;
	struct err err;

	(void)state;
	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB)");
	insert(db, 1, "a", 1);
	read_file("x.db-wal", &wal);
	assert_true(wal.n > 0);
	buf_release(&wal);
	expect_ok(db_checkpoint(db, &err), &err);
	read_file("x.db-wal", &wal);
	assert_int_equal(wal.n, 0);
	buf_release(&wal);
	insert(db, 2, "b", 1);
	db_close(db);
	expect_folder("x.db|");
	db = open_memory();
	expect_ok(db_checkpoint(db, &err), &err);
	db_close(db);
}

static void test_long_path(void **state)
{
	char deep[DISK_PATH_MAX];
	struct db *db = NULL;
	struct err err;

	(void)state;
	memset(deep, 'd', sizeof(deep));
	deep[sizeof(deep) - 1] = '\0';
	assert_true(db_open(disk_system(), deep, DB_READ_WRITE, &db, &err) < 0);
	assert_null(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_own_folder(test_settings_of_a_file),
		cmocka_unit_test(test_hardening),
		in_own_folder(test_values),
		cmocka_unit_test(test_statements_are_kept),
		cmocka_unit_test(test_wrong_statements),
		cmocka_unit_test(test_constraints),
		cmocka_unit_test(test_search),
		in_own_folder(test_row_limit),
		in_own_folder(test_row_limit_in_memory),
		in_own_folder(test_transactions),
		in_own_folder(test_one_connection),
		in_own_folder(test_read_only),
		in_own_folder(test_foreign_and_damaged_files),
		in_own_folder(test_damaged_page),
		in_own_folder(test_checkpoint),
		cmocka_unit_test(test_long_path),
	};

	return run_tests("base/db", tests);
}
