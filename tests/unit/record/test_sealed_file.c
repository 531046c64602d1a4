/* Sealed files: every size at the borders of chunks, every cut, changes, other homes, chunks in another order, crashes
 * and failing disks. */
#include <sodium.h>

#include "base/limits.h"
#include "record/sealed_file.h"
#include "unit/record/files.h"

#define START 32
#define BOX ((size_t)65536 + 17)

static const uint8_t root[KEY_BYTES] = { 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42,
					 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42,
					 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42 };
static const uint8_t home_id[HOME_ID_BYTES] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };
static uint8_t content[1 << 20];

static const size_t sizes[] = { 0, 1, 65535, 65536, 65537, 2 * 65536 - 1, 2 * 65536, 2 * 65536 + 1, 1 << 20 };

static size_t file_size(size_t n)
{
	const size_t n_chunks = n == 0 ? 1 : (n + 65535) / 65536;

	return START + n + 17 * n_chunks;
}

/* Write the first n bytes of content, the first n_head of them as the head. */
static void write_n(const char *path, size_t n_head, size_t n)
{
	struct err err;

	expect_ok(sealed_file_write(env_system(), path, root, home_id, BYTES(content, n_head),
				    BYTES(content + n_head, n - n_head), &err),
		  &err);
}

static void expect_content(const char *path, size_t n)
{
	uint8_t *got = NULL;
	size_t n_got = 1;
	struct err err;

	expect_ok(sealed_file_read(env_system(), path, root, home_id, &got, &n_got, &err), &err);
	assert_int_equal(n_got, n);
	assert_memory_equal(got, content, n);
	free(got);
}

static void expect_no_content(const char *path, int code)
{
	uint8_t *got = NULL;
	size_t n_got = 1;
	struct err err;

	expect_err(sealed_file_read(env_system(), path, root, home_id, &got, &n_got, &err), code, &err, NULL);
	assert_null(got);
	assert_int_equal(n_got, 1);
}

static void test_bytes_as_documented(void **state)
{
	const char *path = in_scratch("golden");
	const size_t n = 65536 + 100;
	uint8_t hash[HASH_BYTES];
	char hex[2 * HASH_BYTES + 1];
	struct spy spy;
	struct err err;
	uint8_t *file;
	size_t n_file;

	(void)state;
	spy_init(&spy, 0);
	expect_ok(sealed_file_write(&spy.env, path, root, home_id, BYTES(content, 1000),
				    BYTES(content + 1000, n - 1000), &err),
		  &err);
	file = file_get(path, file_size(n), &n_file);
	hash_labelled(LABEL_FILE, BYTES(file, n_file), NO_BYTES, NO_BYTES, hash, sizeof(hash));
	hex_encode(hash, sizeof(hash), hex);
	/* from a Python program that makes the file by docs/format-record.md 8.4 */
	assert_string_equal(hex, "5d44f59f22a640756f5573a73953822d91fe2772906f780260160d0177617b3f");
	free(file);
}

static void test_sizes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		const size_t n = sizes[i];
		const size_t heads[] = { 0, 1, n / 2, 65536, n };

		for (size_t j = 0; j < ARRAY_LEN(heads); j++) {
			const char *path = in_scratch("size"); /* over the one before */
			size_t n_file;

			if (heads[j] > n)
				continue;
			write_n(path, heads[j], n);
			free(file_get(path, file_size(n), &n_file));
			assert_int_equal(n_file, file_size(n));
			expect_content(path, n);
			assert_false(file_exists(in_scratch("size.new")));
		}
	}
}

/* Cut at, before and behind each border, and with something behind the end. */
static void test_cut_or_longer(void **state)
{
	const size_t more[] = { 1, 16, 17, 18, 100, BOX - 1, BOX, BOX + 1, 2 * BOX };
	const char *path = in_scratch("cut");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		uint8_t *file, *longer;
		size_t n;

		write_n(path, 0, sizes[i]);
		file = file_get(path, file_size(sizes[i]), &n);
		for (size_t border = START; border < n + BOX; border += BOX) {
			for (size_t cut = border - 20; cut <= border + 20 && cut < n; cut++) {
				assert_int_equal(truncate(path, (off_t)cut), 0);
				expect_no_content(path, E_DAMAGED);
				file_put(path, file, n);
			}
		}
		for (size_t cut = 0; cut < n; cut += 1 + n / 50) {
			assert_int_equal(truncate(path, (off_t)cut), 0);
			expect_no_content(path, E_DAMAGED);
			file_put(path, file, n);
		}
		longer = calloc(1, n + 2 * BOX);
		assert_non_null(longer);
		memcpy(longer, file, n);
		memcpy(longer + n, file + START, n - START < BOX ? n - START : BOX); /* a chunk once more */
		for (size_t j = 0; j < ARRAY_LEN(more); j++) {
			file_put(path, longer, n + more[j]);
			expect_no_content(path, E_DAMAGED);
		}
		free(longer);
		free(file);
	}
}

static void expect_flip_is_seen(const char *path, uint8_t *file, size_t n, size_t bit)
{
	file[bit / 8] ^= (uint8_t)(1 << bit % 8);
	file_put(path, file, n);
	expect_no_content(path, E_DAMAGED);
	file[bit / 8] ^= (uint8_t)(1 << bit % 8);
}

static void test_flipped_bits(void **state)
{
	const char *path = in_scratch("flip");
	uint8_t *file;
	size_t n;

	(void)state;
	write_n(path, 0, 50); /* every bit of a small file */
	file = file_get(path, file_size(50), &n);
	for (size_t bit = 0; bit < 8 * n; bit++)
		expect_flip_is_seen(path, file, n, bit);
	free(file);
	write_n(path, 0, 2 * 65536 + 50); /* around the borders of a larger one */
	file = file_get(path, file_size(2 * 65536 + 50), &n);
	for (size_t border = START; border < n; border += BOX)
		for (size_t at = border - 20; at < border + 20; at++)
			expect_flip_is_seen(path, file, n, 8 * at + at % 8);
	expect_flip_is_seen(path, file, n, 8 * n - 1);
	free(file);
}

static void test_other_order(void **state)
{
	const char *path = in_scratch("order");
	const size_t size = 4 * 65536;
	uint8_t *file, *changed;
	size_t n;

	(void)state;
	write_n(path, 0, size);
	file = file_get(path, file_size(size), &n);
	changed = malloc(n);
	assert_non_null(changed);
	for (size_t a = 0; a < 4; a++) {
		for (size_t b = 0; b < 4; b++) {
			if (a == b)
				continue;
			memcpy(changed, file, n);
			memcpy(changed + START + a * BOX, file + START + b * BOX, BOX);
			file_put(path, changed, n); /* one twice */
			expect_no_content(path, E_DAMAGED);
			memcpy(changed + START + b * BOX, file + START + a * BOX, BOX);
			file_put(path, changed, n); /* two changed about */
			expect_no_content(path, E_DAMAGED);
		}
		memcpy(changed, file, n);
		memmove(changed + START + a * BOX, file + START + (a + 1) * BOX, (3 - a) * BOX);
		file_put(path, changed, n - BOX); /* one left out */
		expect_no_content(path, E_DAMAGED);
	}
	free(changed);
	free(file);
}

/* The start of one file before the chunks of another of the same home. */
static void test_other_start(void **state)
{
	const char *path = in_scratch("one");
	uint8_t *one, *two;
	size_t n;

	(void)state;
	write_n(path, 0, 100);
	one = file_get(path, file_size(100), &n);
	write_n(path, 0, 100);
	two = file_get(path, file_size(100), &n);
	assert_memory_not_equal(one, two, START); /* each with a header of its own */
	memcpy(two, one, START);
	file_put(path, two, n);
	expect_no_content(path, E_DAMAGED);
	free(one);
	free(two);
}

static void test_other_home(void **state)
{
	const char *path = in_scratch("home");
	const uint8_t other[KEY_BYTES] = { 1 };
	uint8_t *got = NULL;
	struct err err;
	size_t n;

	(void)state;
	write_n(path, 0, 1000);
	expect_err(sealed_file_read(env_system(), path, other, home_id, &got, &n, &err), E_DAMAGED, &err,
		   "another home");
	expect_err(sealed_file_read(env_system(), path, root, other, &got, &n, &err), E_DAMAGED, &err, "another home");
	assert_null(got);
	expect_no_content(in_scratch("absent"), E_NOT_FOUND);
	expect_no_content(scratch, E_INVALID);
}

/* A file of a later version, sealed as well as one of this, is not read as one of this. */
static void test_other_version(void **state)
{
	const char *path = in_scratch("version");

	(void)state;
	for (uint8_t version = 1; version <= 2; version++) {
		crypto_secretstream_xchacha20poly1305_state stream;
		uint8_t file[START + 5 + 17] = { 'P', 'R', 'L', 'S', 0, version, 0, 0 };
		uint8_t key[KEY_BYTES];

		hash_keyed(root, LABEL_SNAP_KEY, BYTES_OF(home_id), NO_BYTES, NO_BYTES, key, sizeof(key));
		crypto_secretstream_xchacha20poly1305_init_push(&stream, file + 8, key);
		crypto_secretstream_xchacha20poly1305_push(&stream, file + START, NULL, content, 5, file, START,
							   crypto_secretstream_xchacha20poly1305_TAG_FINAL);
		file_put(path, file, sizeof(file));
		if (version == 1)
			expect_content(path, 5);
		else
			expect_no_content(path, E_DAMAGED);
	}
}

static void test_limits(void **state)
{
	const char *path = in_scratch("limit");
	const uint64_t n_chunks = SNAPSHOT_MAX / 65536 + 1;
	char long_path[DISK_PATH_MAX + 1];
	struct err err;

	(void)state;
	expect_err(
		sealed_file_write(env_system(), path, root, home_id, NO_BYTES, BYTES(content, SNAPSHOT_MAX + 1), &err),
		E_LIMIT, &err, "limit");
	expect_err(sealed_file_write(env_system(), path, root, home_id, BYTES(content, 1), BYTES(content, SNAPSHOT_MAX),
				     &err),
		   E_LIMIT, &err, "limit");
	assert_false(file_exists(path));
	write_n(path, 0, 100);
	assert_int_equal(truncate(path, (off_t)(START + 17 * n_chunks + SNAPSHOT_MAX + 1)), 0); /* sparse: one above */
	expect_no_content(path, E_LIMIT);
	memset(long_path, 'x', sizeof(long_path));
	long_path[DISK_PATH_MAX - 4] = '\0'; /* with ".new" one byte too long */
	expect_err(sealed_file_write(env_system(), long_path, root, home_id, NO_BYTES, NO_BYTES, &err), E_LIMIT, &err,
		   "too long");
}

/* Whatever the disk refuses: the old file or the new one, whole, and nothing beside it. */
static void test_failing_disk(void **state)
{
	const char *path = in_scratch("failing"), *path_new = in_scratch("failing.new");
	struct spy spy;
	struct err err;
	long fail_at = 0;
	int rc;

	(void)state;
	do {
		write_n(path, 0, 100);
		file_put(path_new, "left by a crash", 15);
		spy_init(&spy, ++fail_at);
		rc = sealed_file_write(&spy.env, path, root, home_id, NO_BYTES, BYTES(content, 100000), &err);
		assert_true(rc == 0 || rc == E_IO);
		expect_content(path, fail_at <= 7 ? 100 : 100000); /* 7 is the rename */
		assert_false(file_exists(path_new));
	} while (rc < 0);
	assert_string_equal(spy.log, "xowwwsrd");
	assert_int_equal(fail_at, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_as_documented),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_cut_or_longer),
		cmocka_unit_test(test_flipped_bits),
		cmocka_unit_test(test_other_order),
		cmocka_unit_test(test_other_start),
		cmocka_unit_test(test_other_home),
		cmocka_unit_test(test_other_version),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_failing_disk),
	};

	for (size_t i = 0; i < sizeof(content); i++)
		content[i] = (uint8_t)(i * 7 % 251);
	return run_tests_with_files("record/sealed_file", tests);
}
