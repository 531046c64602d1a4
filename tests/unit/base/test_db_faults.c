/* What a database leaves on the disk: when it is killed, when the disk fails, when it works hard. */
#include "base/db.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include "db_test.h"

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
	assert_string_equal(f.opened, "x.db|x.db-wal|"); /* no journal either, not even when the file is made */
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
		leave_out("no right to mount a small file system");
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_own_folder(test_abandon),
		in_own_folder(test_no_temporary_files),
		in_own_folder(test_memory_touches_no_file),
		in_own_folder(test_new_files_are_synced_with_their_folder),
		in_own_folder(test_each_operation_failing),
		in_own_folder(test_disk_full),
	};

	return run_tests("base/db_faults", tests);
}
