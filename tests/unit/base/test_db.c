#include "base/db.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "base/limits.h"
#include "support/faulty_disk.h"
#include "support/test.h"

static char folder[DISK_PATH_MAX];
static char path[DISK_PATH_MAX];

static int make_folder(void **state)
{
	struct err err;

	(void)state;
	folder_make(folder);
	return disk_join(folder, "x.db", path, &err);
}

static int remove_folder(void **state)
{
	(void)state;
	folder_clear(folder, true);
	return 0;
}

static struct db *open_db(enum db_mode mode)
{
	struct db *db = NULL;
	struct err err;

	expect_ok(db_open(disk_system(), path, mode, &db, &err), &err);
	return db;
}

static struct db *open_memory(void)
{
	struct db *db = NULL;
	struct err err;

	expect_ok(db_open_memory(&db, &err), &err);
	return db;
}

static void run(struct db *db, const char *sql)
{
	struct err err;

	expect_ok(db_exec(db, sql, &err), &err);
}

/* The integer that a query gives. */
static int64_t number(struct db *db, const char *sql)
{
	struct stmt *s;
	struct err err;
	int64_t n;

	expect_ok(db_prepare(db, sql, &s, &err), &err);
	assert_int_equal(stmt_step(s, &err), 1);
	n = stmt_int(s, 0);
	stmt_reset(s);
	return n;
}

static void expect_setting(struct db *db, const char *sql, const char *expected)
{
	struct stmt *s;
	struct err err;
	int rc;

	expect_ok(db_prepare(db, sql, &s, &err), &err);
	rc = stmt_step(s, &err);
	assert_int_equal(rc, expected ? 1 : 0);
	if (expected)
		assert_string_equal(stmt_text(s, 0), expected);
	stmt_reset(s);
}

static void insert(struct db *db, int64_t id, const void *p, size_t n)
{
	struct stmt *s;
	struct err err;

	expect_ok(db_prepare(db, "INSERT INTO t VALUES(?,?)", &s, &err), &err);
	stmt_bind_int(s, 1, id);
	stmt_bind_blob(s, 2, p, n);
	expect_ok(stmt_run(s, &err), &err);
}

static void expect_folder(const char *expected)
{
	char list[1024];

	folder_list(folder, list);
	assert_string_equal(list, expected);
}

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

static void put_file(const char *name, const void *p, size_t n)
{
	char at[DISK_PATH_MAX];
	struct err err;

	expect_ok(disk_join(folder, name, at, &err), &err);
	expect_ok(disk_replace(disk_system(), at, p, n, &err), &err);
}

static void read_file(const char *name, struct buf *out)
{
	char at[DISK_PATH_MAX];
	struct err err;

	expect_ok(disk_join(folder, name, at, &err), &err);
	buf_init(out, 64 << 20);
	expect_ok(disk_read_all(disk_system(), at, 64 << 20, out, &err), &err);
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

/* A killed process: what was committed is there, what was not is not, and nothing more was written. */
static void test_abandon(void **state)
{
	struct db *db = open_db(DB_READ_WRITE);
	struct buf before_db, before_wal, after;
	struct err err;

	(void)state;
	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB)");
	insert(db, 1, "a", 1);
	expect_ok(db_begin(db, &err), &err);
	insert(db, 2, "b", 1);
	read_file("x.db", &before_db);
	read_file("x.db-wal", &before_wal);
	db_abandon(db);
	read_file("x.db", &after);
	assert_int_equal(after.n, before_db.n);
	assert_memory_equal(after.p, before_db.p, after.n);
	buf_release(&after);
	read_file("x.db-wal", &after);
	assert_int_equal(after.n, before_wal.n);
	assert_memory_equal(after.p, before_wal.p, after.n);
	buf_release(&after);
	buf_release(&before_db);
	buf_release(&before_wal);
	db = open_db(DB_READ_WRITE);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 1);
	db_abandon(db);
	db_abandon(open_memory());
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

/* Descriptors that point to a file which has no name: how a hidden temporary file would show. */
static int n_nameless_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	char link[64], target[512];
	int n = 0;

	assert_non_null(dir);
	for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
		ssize_t len;

		snprintf(link, sizeof(link), "/proc/self/fd/%.20s", e->d_name);
		len = readlink(link, target, sizeof(target) - 1);
		target[len > 0 ? len : 0] = '\0';
		n += strstr(target, "(deleted)") != NULL;
	}
	closedir(dir);
	return n;
}

static void fill(struct db *db, int rows)
{
	uint8_t row[1000];

	for (int i = 0; i < rows; i++) {
		for (size_t k = 0; k < sizeof(row); k++)
			row[k] = (uint8_t)((size_t)i * 7919 + k * k);
		insert(db, i, row, sizeof(row));
	}
}

/* Many times the page cache in one transaction, a sort and an index over it, a statement that fails half way. */
static void big_work(struct db *db)
{
	struct err err;

	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB)");
	expect_ok(db_begin(db, &err), &err);
	fill(db, 12000);
	assert_true(number(db, "SELECT count(*) FROM (SELECT DISTINCT b FROM t ORDER BY b DESC)") > 12000 / 300);
	run(db, "CREATE INDEX by_b ON t(b, id)");
	run(db, "CREATE TEMP TABLE scratch AS SELECT b FROM t WHERE id < 6000");
	assert_int_equal(db_exec(db, "UPDATE t SET id = 11999 - id * 2 WHERE id >= 0", &err), E_EXISTS);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 12000);
}

static void test_no_temporary_files(void **state)
{
	struct faulty_disk f;
	struct db *db = NULL;
	struct err err;
	const int nameless = n_nameless_files();

	(void)state;
	faulty_disk_init(&f);
	expect_ok(db_open(&f.disk, path, DB_READ_WRITE, &db, &err), &err);
	big_work(db);
	expect_folder("x.db|x.db-wal|");
	assert_int_equal(n_nameless_files(), nameless);
	expect_ok(db_commit(db, &err), &err);
	expect_folder("x.db|x.db-wal|");
	db_close(db);
	expect_folder("x.db|");
	assert_string_equal(f.opened, "x.db|x.db-journal|x.db-wal|"); /* the journal when the file was made */
}

static void test_memory_touches_no_file(void **state)
{
	struct db *db = open_memory();
	struct err err;
	const int nameless = n_nameless_files();

	(void)state;
	big_work(db);
	assert_int_equal(n_nameless_files(), nameless);
	db_rollback(db);
	assert_int_equal(number(db, "SELECT count(*) FROM t"), 0);
	db_close(db);
	expect_folder("");
	expect_ok(db_open_memory(&db, &err), &err);
	db_close(db);
}

/* A new file must have its name on the disk before the first commit is acknowledged. */
static void test_new_files_are_synced_with_their_folder(void **state)
{
	struct faulty_disk f;
	struct db *db = NULL;
	struct err err;
	long n_sync;

	(void)state;
	faulty_disk_init(&f);
	expect_ok(db_open(&f.disk, path, DB_READ_WRITE, &db, &err), &err);
	assert_true(f.n_sync_dir >= 1); /* x.db */
	n_sync = f.n_sync_dir;
	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB)");
	assert_true(f.n_sync_dir > n_sync); /* x.db-wal */
	n_sync = f.n_sync;
	insert(db, 1, "a", 1);
	assert_true(f.n_sync > n_sync); /* each commit */
	db_close(db);
}

/* A day on a disk of which operation `at` fails; counts the commits that were acknowledged. */
static int day(struct faulty_disk *f, int64_t *ret_acknowledged, struct err *err)
{
	struct db *db = NULL;
	struct stmt *s;
	int rc = db_open(&f->disk, path, DB_READ_WRITE, &db, err);

	*ret_acknowledged = 0;
	if (rc == 0)
		rc = db_exec(db, "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, b BLOB)", err);
	for (int64_t id = 1; id <= 4 && rc == 0; id++) {
		rc = db_begin(db, err);
		if (rc == 0)
			rc = db_prepare(db, "INSERT INTO t VALUES(?,zeroblob(9000))", &s, err);
		if (rc == 0) {
			stmt_bind_int(s, 1, id);
			rc = stmt_run(s, err);
		}
		if (rc == 0)
			rc = db_commit(db, err);
		else if (db)
			db_rollback(db);
		if (rc == 0)
			*ret_acknowledged = id;
		if (rc == 0 && id == 2)
			rc = db_checkpoint(db, err);
	}
	if (rc < 0)
		db_abandon(db);
	else
		db_close(db);
	return rc;
}

/* Whatever operation fails, for good or once: the failure has the disk's words, no acknowledged row is lost, and the
 * database opens again whole. */
static bool check_day(long at, bool for_good, int code)
{
	struct faulty_disk f;
	struct db *db = NULL;
	struct err err;
	int64_t acknowledged = 0, rows;
	int rc;

	faulty_disk_init(&f);
	f.lazy = true;
	f.fail_at = at;
	f.fail_count = for_good ? 1000000 : 1;
	f.code = code;
	rc = day(&f, &acknowledged, &err);
	if (f.fired == 0) {
		assert_int_equal(rc, 0);
		assert_int_equal(acknowledged, 4);
	}
	if (rc != 0 && (rc != code || strcmp(err.text, "injected fault") != 0))
		fail_msg("operation %ld: %s: %s", at, err_name(rc), err.text);
	f.fail_at = 0;
	expect_ok(db_open(&f.disk, path, DB_READ_WRITE, &db, &err), &err);
	expect_setting(db, "PRAGMA integrity_check", "ok");
	run(db, "CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, b BLOB)");
	rows = number(db, "SELECT count(*) FROM t");
	if (rows < acknowledged || rows > acknowledged + 1)
		fail_msg("operation %ld: %d rows, %d acknowledged", at, (int)rows, (int)acknowledged);
	db_close(db);
	folder_clear(folder, false);
	return f.fired > 0;
}

static void test_each_operation_failing(void **state)
{
	long n = 0;

	(void)state;
	for (int kind = 0; kind < 4; kind++) {
		for (long at = 1; check_day(at, kind % 2, kind / 2 ? E_FULL : E_IO); at++)
			n++;
	}
	assert_true(n > 4 * 60);
}

static void make_image(struct db *db, struct bytes *ret)
{
	struct err err;

	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB); CREATE VIRTUAL TABLE f USING fts5(x)");
	fill(db, 300);
	run(db, "INSERT INTO f VALUES('peace at noon')");
	expect_ok(db_serialize(db, ret, &err), &err);
}

static void test_image(void **state)
{
	struct db *one = open_memory(), *two = open_memory();
	struct bytes image, again;
	struct stmt *s, *same;
	struct err err;

	(void)state;
	expect_ok(db_serialize(one, &image, &err), &err); /* an empty database has an image, too */
	assert_int_equal(image.n, 4096);
	expect_ok(db_deserialize(two, image, &err), &err);
	make_image(one, &image);
	assert_int_equal(image.n % 4096, 0);
	run(two, "CREATE TABLE other(x)");
	expect_ok(db_prepare(two, "SELECT count(*) FROM sqlite_schema", &s, &err), &err);
	assert_int_equal(stmt_step(s, &err), 1);
	expect_ok(db_deserialize(two, image, &err), &err);
	assert_true(stmt_step(s, &err) < 0); /* a statement must be taken again */
	stmt_reset(s);
	expect_ok(db_prepare(two, "SELECT count(*) FROM sqlite_schema", &same, &err), &err);
	assert_ptr_equal(s, same);
	assert_int_equal(number(two, "SELECT count(*) FROM t"), 300);
	assert_int_equal(number(two, "SELECT count(*) FROM f WHERE f MATCH 'peace'"), 1);
	assert_int_equal(number(two, "SELECT count(*) FROM sqlite_schema WHERE name='other'"), 0);
	expect_ok(db_serialize(two, &again, &err), &err);
	assert_int_equal(again.n, image.n);
	assert_memory_equal(again.p, image.p, image.n);
	expect_setting(two, "PRAGMA secure_delete", "1");
	expect_setting(two, "PRAGMA cell_size_check", "1");
	run(two, "INSERT INTO f VALUES('written after')");
	expect_ok(db_begin(two, &err), &err);
	for (int i = 300; i < 3000; i++) /* it grows on */
		insert(two, i, "x", 1);
	expect_ok(db_commit(two, &err), &err);
	assert_int_equal(number(two, "SELECT count(*) FROM t"), 3000);
	assert_int_equal(number(one, "SELECT count(*) FROM t"), 300);
	db_close(one);
	db_close(two);
}

static void test_image_is_asked_for_at_the_wrong_time(void **state)
{
	struct db *file = open_db(DB_READ_WRITE), *db = open_memory();
	struct bytes image = { (const uint8_t *)"x", 1 };
	struct err err;

	(void)state;
	expect_err(db_serialize(file, &image, &err), E_INVALID, &err, "only a database in memory");
	expect_err(db_deserialize(file, image, &err), E_INVALID, &err, "only a database in memory");
	expect_ok(db_begin(db, &err), &err);
	expect_err(db_serialize(db, &image, &err), E_INVALID, &err, "a transaction is open");
	expect_err(db_deserialize(db, image, &err), E_INVALID, &err, "a transaction is open");
	db_rollback(db);
	expect_ok(db_serialize(db, &image, &err), &err);
	db_close(file);
	db_close(db);
}

static void expect_bad_image(struct db *db, const uint8_t *p, size_t n)
{
	const struct bytes image = { p, n };
	struct err err;

	expect_err(db_deserialize(db, image, &err), E_DAMAGED, &err, "the image is damaged");
	assert_int_equal(number(db, "SELECT x FROM kept"), 42); /* the content stays */
}

static void test_bad_images(void **state)
{
	struct db *source = open_memory(), *db = open_memory();
	struct bytes image;
	struct buf file;
	uint8_t *copy;

	(void)state;
	run(db, "CREATE TABLE kept(x); INSERT INTO kept VALUES(42)");
	make_image(source, &image);
	copy = mem_alloc(image.n + 4096);
	memcpy(copy, image.p, image.n);
	expect_bad_image(db, copy, 0);
	for (size_t n = 1; n < image.n; n += 1021) /* cut short */
		expect_bad_image(db, copy, n);
	expect_bad_image(db, (const uint8_t *)"no database at all, only words that are long enough", 50);
	for (size_t i = 0; i < 4096; i += 8) { /* eight bytes of the first page after the other */
		const struct bytes changed = { copy, image.n };
		struct err err;
		int rc;

		memset(copy + i, 0xa5, 8);
		rc = db_deserialize(db, changed, &err);
		assert_true(rc == 0 || rc == E_DAMAGED);
		if (rc == 0)
			run(db, "DROP TABLE IF EXISTS kept; CREATE TABLE kept(x); INSERT INTO kept VALUES(42)");
		memcpy(copy, image.p, 4096);
	}
	memset(copy + 5 * 4096, 0xee, 4096);
	expect_bad_image(db, copy, image.n);
	free(copy);
	db_close(db);
	db = open_db(DB_READ_WRITE); /* the file of a database with a WAL cannot be one in memory */
	run(db, "CREATE TABLE kept(x)");
	db_close(db);
	read_file("x.db", &file);
	db = open_memory();
	run(db, "CREATE TABLE kept(x); INSERT INTO kept VALUES(42)");
	expect_bad_image(db, file.p, file.n);
	buf_release(&file);
	db_close(db);
	db_close(source);
}

/* What is deleted is gone from the image and from the file, not only from the tables. */
static void test_deleted_bytes_are_gone(void **state)
{
	static const char CANARY[] = "CANARY-7f3a";
	struct db *db = open_memory();
	struct bytes image;
	struct buf file;
	struct err err;

	(void)state;
	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB)");
	insert(db, 1, CANARY, sizeof(CANARY));
	expect_ok(db_serialize(db, &image, &err), &err);
	assert_non_null(memmem(image.p, image.n, CANARY, sizeof(CANARY)));
	run(db, "DELETE FROM t");
	expect_ok(db_serialize(db, &image, &err), &err);
	assert_null(memmem(image.p, image.n, CANARY, sizeof(CANARY)));
	db_close(db);
	db = open_db(DB_READ_WRITE);
	run(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB)");
	insert(db, 1, CANARY, sizeof(CANARY));
	expect_ok(db_checkpoint(db, &err), &err);
	run(db, "DELETE FROM t");
	expect_ok(db_checkpoint(db, &err), &err);
	read_file("x.db", &file);
	assert_null(memmem(file.p, file.n, CANARY, sizeof(CANARY)));
	buf_release(&file);
	db_close(db);
}

static int write_until_full(void)
{
	struct db *db = NULL;
	struct stmt *s;
	struct err err;
	int64_t rows = 0;
	int rc;

	if (mount("none", folder, "tmpfs", 0, "size=512k,mode=700") != 0)
		return 77;
	if (db_open(disk_system(), path, DB_READ_WRITE, &db, &err) < 0 ||
	    db_exec(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, b BLOB)", &err) < 0 ||
	    db_prepare(db, "INSERT INTO t VALUES(NULL, zeroblob(5000))", &s, &err) < 0)
		return 1;
	do {
		rc = stmt_run(s, &err);
		rows += rc == 0;
	} while (rc == 0 && rows < 1000);
	if (rc != E_FULL || !strstr(err.text, "no space left on the disk") || rows < 10)
		return 2;
	if (number(db, "SELECT count(*) FROM t") != rows) /* reading goes on */
		return 3;
	db_abandon(db);
	if (mount("none", folder, "tmpfs", MS_REMOUNT, "size=4m") != 0) /* space is freed */
		return 77;
	if (db_open(disk_system(), path, DB_READ_WRITE, &db, &err) < 0)
		return 4;
	if (number(db, "SELECT count(*) FROM t") - rows > 1 || number(db, "SELECT count(*) FROM t") < rows)
		return 6; /* what was not acknowledged may be there, but whole */
	if (db_prepare(db, "INSERT INTO t VALUES(NULL, zeroblob(5000))", &s, &err) < 0 || stmt_run(s, &err) < 0)
		return 5;
	db_close(db);
	return 0;
}

static void test_disk_full(void **state)
{
	int status = 0;
	const pid_t child = fork();

	(void)state;
	if (child == 0) {
		if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0)
			_exit(77);
		_exit(write_until_full());
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		skip(); /* the machine does not let us mount */
	assert_int_equal(WEXITSTATUS(status), 0);
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

#define in_own_folder(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

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
		in_own_folder(test_transactions),
		in_own_folder(test_one_connection),
		in_own_folder(test_read_only),
		in_own_folder(test_foreign_and_damaged_files),
		in_own_folder(test_damaged_page),
		in_own_folder(test_abandon),
		in_own_folder(test_checkpoint),
		in_own_folder(test_no_temporary_files),
		in_own_folder(test_memory_touches_no_file),
		in_own_folder(test_new_files_are_synced_with_their_folder),
		in_own_folder(test_each_operation_failing),
		cmocka_unit_test(test_image),
		in_own_folder(test_image_is_asked_for_at_the_wrong_time),
		in_own_folder(test_bad_images),
		in_own_folder(test_deleted_bytes_are_gone),
		in_own_folder(test_disk_full),
		cmocka_unit_test(test_long_path),
	};

	return run_tests("base/db", tests);
}
