/* What the tests of the database share: a folder, a file in it, and calls that must succeed. */
#ifndef PARLEY_TESTS_BASE_DB_TEST_H
#define PARLEY_TESTS_BASE_DB_TEST_H

#include "base/db.h"
#include "support/faulty_disk.h"
#include "support/test.h"

static char folder[DISK_PATH_MAX];
static char path[DISK_PATH_MAX];

static inline int make_folder(void **state)
{
	struct err err;

	(void)state;
	folder_make(folder);
	return disk_join(folder, "x.db", path, &err);
}

static inline int remove_folder(void **state)
{
	(void)state;
	folder_clear(folder, true);
	return 0;
}

static inline struct db *open_db(enum db_mode mode)
{
	struct db *db = NULL;
	struct err err;

	expect_ok(db_open(disk_system(), path, mode, &db, &err), &err);
	return db;
}

static inline struct db *open_memory(void)
{
	struct db *db = NULL;
	struct err err;

	expect_ok(db_open_memory(&db, &err), &err);
	return db;
}

static inline void run(struct db *db, const char *sql)
{
	struct err err;

	expect_ok(db_exec(db, sql, &err), &err);
}

/* The integer that a query gives. */
static inline int64_t number(struct db *db, const char *sql)
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

static inline void expect_setting(struct db *db, const char *sql, const char *expected)
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

static inline void insert(struct db *db, int64_t id, const void *p, size_t n)
{
	struct stmt *s;
	struct err err;

	expect_ok(db_prepare(db, "INSERT INTO t VALUES(?,?)", &s, &err), &err);
	stmt_bind_int(s, 1, id);
	stmt_bind_blob(s, 2, p, n);
	expect_ok(stmt_run(s, &err), &err);
}

static inline void expect_folder(const char *expected)
{
	char list[1024];

	folder_list(folder, list);
	assert_string_equal(list, expected);
}

static inline void put_file(const char *name, const void *p, size_t n)
{
	char at[DISK_PATH_MAX];
	struct err err;

	expect_ok(disk_join(folder, name, at, &err), &err);
	expect_ok(disk_replace(disk_system(), at, p, n, &err), &err);
}

static inline void read_file(const char *name, struct buf *out)
{
	char at[DISK_PATH_MAX];
	struct err err;

	expect_ok(disk_join(folder, name, at, &err), &err);
	buf_init(out, 64 << 20);
	expect_ok(disk_read_all(disk_system(), at, 64 << 20, out, &err), &err);
}

static inline void fill(struct db *db, int rows)
{
	uint8_t row[1000];

	for (int i = 0; i < rows; i++) {
		for (size_t k = 0; k < sizeof(row); k++)
			row[k] = (uint8_t)((size_t)i * 7919 + k * k);
		insert(db, i, row, sizeof(row));
	}
}

#define in_own_folder(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

#endif
