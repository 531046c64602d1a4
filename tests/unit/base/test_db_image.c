/* Databases in memory as one run of bytes, and what deletion leaves. */
#include "base/arena.h"
#include "base/db.h"

#include "db_test.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_image),
		in_own_folder(test_image_is_asked_for_at_the_wrong_time),
		in_own_folder(test_bad_images),
		in_own_folder(test_deleted_bytes_are_gone),
	};

	return run_tests("base/db_image", tests);
}
