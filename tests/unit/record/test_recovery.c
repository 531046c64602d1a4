/* Recovery files: written, proved, read; each line damaged in turn, every bit flipped, disks that fail or lie. */
#include "record/recovery.h"
#include "unit/record/files.h"

#define TEXT_MAX 1024

static const char text_of_two[] = "parley-recovery: 1\n"
				  "organisation: 1111111111111111111111111111111111111111111111111111111111111111\n"
				  "key: 2\n"
				  "seed: 2222222222222222222222222222222222222222222222222222222222222222\n"
				  "check: 0eda122335812b68\n"; /* by docs/format-record.md 8.5, in Python */

static struct recovery_key make_key(int number)
{
	struct recovery_key key = { .number = number };
	uint8_t sk[64];

	memset(key.organisation, 0x11, sizeof(key.organisation));
	memset(key.seed, 0x22, sizeof(key.seed));
	sign_keypair(key.seed, key.public_key, sk);
	return key;
}

static void expect_key(const char *path, const struct recovery_key *wanted)
{
	struct recovery_key key;
	struct err err;

	expect_ok(recovery_read(env_system(), path, &key, &err), &err);
	assert_int_equal(key.number, wanted->number);
	assert_memory_equal(key.organisation, wanted->organisation, sizeof(key.organisation));
	assert_memory_equal(key.seed, wanted->seed, sizeof(key.seed));
	assert_memory_equal(key.public_key, wanted->public_key, sizeof(key.public_key));
}

static void expect_refused(const char *text, size_t n, int code, const char *part)
{
	const char *path = in_scratch("refused");
	struct recovery_key key = { .number = 77 };
	struct err err;

	file_put(path, text, n);
	expect_err(recovery_read(env_system(), path, &key, &err), code, &err, part);
	assert_int_equal(key.number, 77);
	assert_null(strstr(err.text, "2222"));
}

static void test_write_and_read(void **state)
{
	struct err err;

	(void)state;
	for (int number = 1; number <= RECOVERY_KEYS; number++) {
		const struct recovery_key key = make_key(number);
		struct disk_stat st;
		char name[16];
		const char *path;
		uint8_t *file;
		size_t n;

		snprintf(name, sizeof(name), "key-%d", number);
		path = in_scratch(name);
		expect_ok(recovery_write(env_system(), path, &key, &err), &err);
		expect_key(path, &key);
		expect_ok(disk_system()->stat(disk_system(), path, &st, &err), &err);
		assert_int_equal(st.mode, 0600);
		expect_err(recovery_write(env_system(), path, &key, &err), E_EXISTS, &err, "exists");
		expect_key(path, &key);
		file = file_get(path, TEXT_MAX, &n);
		if (number == 2) {
			assert_int_equal(n, strlen(text_of_two));
			assert_memory_equal(file, text_of_two, n);
		}
		free(file);
	}
}

static void test_write_refuses(void **state)
{
	const char *path = in_scratch("wrong");
	struct recovery_key key = make_key(0);
	struct err err;

	(void)state;
	expect_err(recovery_write(env_system(), path, &key, &err), E_INVALID, &err, "1 to 3");
	key.number = 4;
	expect_err(recovery_write(env_system(), path, &key, &err), E_INVALID, &err, "1 to 3");
	key = make_key(1);
	key.public_key[5] ^= 1; /* what the organisation would publish is not this seed's */
	expect_err(recovery_write(env_system(), path, &key, &err), E_UNVERIFIED, &err, "public key");
	assert_false(file_exists(path));
	key = make_key(1);
	expect_err(recovery_write(env_system(), in_scratch("no/folder"), &key, &err), E_NOT_FOUND, &err, "folder");
}

static void test_other_line_ends(void **state)
{
	const struct recovery_key key = make_key(2);
	const char *path = in_scratch("ends");
	char text[TEXT_MAX];
	size_t n = 0;

	(void)state;
	file_put(path, text_of_two, strlen(text_of_two) - 1); /* no end of line at the end */
	expect_key(path, &key);
	for (const char *p = text_of_two; *p; p++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, *p == '\n' ? " \r\n" : "%c", *p);
	n += (size_t)snprintf(text + n, sizeof(text) - n, "\r\n \n");
	file_put(path, text, n);
	expect_key(path, &key);
}

/* Replace the first `from` of the good text by `to`. */
static void expect_changed_refused(const char *from, const char *to, int code, const char *part)
{
	const char *at = strstr(text_of_two, from);
	char text[2 * TEXT_MAX];

	assert_non_null(at);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - text_of_two), text_of_two, to, at + strlen(from));
	expect_refused(text, strlen(text), code, part);
}

static void test_damaged_lines(void **state)
{
	(void)state;
	expect_changed_refused("parley-recovery: 1", "parley-recovery: 2", E_INVALID, "line 1");
	expect_changed_refused("parley-recovery: 1", "parley-recovery: 11", E_INVALID, "line 1");
	expect_changed_refused("parley-recovery: 1", "parley-recovery:", E_INVALID, "line 1");
	expect_changed_refused("parley-recovery", "Parley-recovery", E_INVALID, "line 1");
	expect_changed_refused("parley-recovery: 1\n", "", E_INVALID, "line 1");
	expect_changed_refused("organisation: 11", "organisation: 1", E_INVALID, "line 2");
	expect_changed_refused("organisation: 11", "organisation: 1A", E_INVALID, "line 2");
	expect_changed_refused("organisation: 11", "organisation: 12", E_DAMAGED, "check");
	expect_changed_refused("organisation:", "organization:", E_INVALID, "line 2");
	expect_changed_refused("key: 2", "key: 0", E_INVALID, "line 3");
	expect_changed_refused("key: 2", "key: 4", E_INVALID, "line 3");
	expect_changed_refused("key: 2", "key: 02", E_INVALID, "line 3");
	expect_changed_refused("key: 2", "key: 3", E_DAMAGED, "check");
	expect_changed_refused("key: 2\n", "\nkey: 2\n", E_INVALID, "line 3");
	expect_changed_refused("key: 2\n", "key: 2\nkey: 2\n", E_INVALID, "line 4");
	expect_changed_refused("seed: 2", "seed: ", E_INVALID, "line 4");
	expect_changed_refused("seed: 22", "seed: 222", E_INVALID, "line 4");
	expect_changed_refused("seed: 22", "seed: g2", E_INVALID, "line 4");
	expect_changed_refused("seed: 22", "seed: 32", E_DAMAGED, "check");
	expect_changed_refused("seed: ", "seed ", E_INVALID, "line 4");
	expect_changed_refused("check: 0eda", "check: 0edb", E_DAMAGED, "check");
	expect_changed_refused("check: 0eda", "check: eda", E_INVALID, "line 5");
	expect_changed_refused("check: 0eda122335812b68\n", "", E_INVALID, "line 5");
	expect_changed_refused("2b68\n", "2b68\nmore: 1\n", E_INVALID, "line 6");
	expect_refused("", 0, E_INVALID, "line 1");
	expect_refused("\n\n\n\n\n", 5, E_INVALID, "line 1");
}

static void test_every_flipped_bit_and_cut(void **state)
{
	char text[TEXT_MAX];
	const size_t n = strlen(text_of_two);

	(void)state;
	for (size_t bit = 0; bit < 8 * n; bit++) {
		const char *path = in_scratch("flipped");
		struct recovery_key key;
		struct err err;
		int rc;

		memcpy(text, text_of_two, n);
		text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
		file_put(path, text, n);
		rc = recovery_read(env_system(), path, &key, &err);
		assert_true(rc == E_INVALID || rc == E_DAMAGED);
	}
	for (size_t cut = 0; cut < n - 1; cut++) /* the last end of line is not needed */
		expect_refused(text_of_two, cut, E_INVALID, "line");
}

static void test_limits(void **state)
{
	const struct recovery_key key = make_key(2);
	const char *path = in_scratch("long");
	char text[TEXT_MAX + 1];
	struct recovery_key got;
	struct err err;

	(void)state;
	memset(text, '\n', sizeof(text));
	memcpy(text, text_of_two, strlen(text_of_two));
	file_put(path, text, TEXT_MAX);
	expect_key(path, &key);
	expect_refused(text, TEXT_MAX + 1, E_INVALID, "too long");
	expect_err(recovery_read(env_system(), in_scratch("absent"), &got, &err), E_NOT_FOUND, &err, "absent");
}

static void test_failing_disk(void **state)
{
	const struct recovery_key key = make_key(3);
	const char *path = in_scratch("failing");
	struct spy spy;
	struct err err;
	long fail_at = 0;
	int rc;

	(void)state;
	do {
		spy_init(&spy, ++fail_at);
		rc = recovery_write(&spy.env, path, &key, &err);
		assert_int_equal(file_exists(path), rc == 0);
		if (rc < 0) /* 5 and on are those of reading back */
			assert_int_equal(rc, fail_at <= 4 ? E_IO : E_UNVERIFIED);
	} while (rc < 0);
	expect_key(path, &key);
	assert_string_equal(spy.log, "owsd");
	assert_true(fail_at > 6);
}

static size_t lie_at;

/* A medium that gives one other byte back than it took. */
static int lying_read(struct disk *disk, struct disk_file *file, uint64_t at, void *out, size_t n, size_t *ret_n,
		      struct err *err)
{
	int rc = disk_system()->read(disk_system(), file, at, out, n, ret_n, err);

	(void)disk;
	if (rc == 0 && lie_at >= at && lie_at < at + *ret_n)
		((uint8_t *)out)[lie_at - at] ^= 1;
	return rc;
}

static void test_lying_medium(void **state)
{
	const struct recovery_key key = make_key(2);
	const char *path = in_scratch("lying");
	struct spy spy;
	struct err err;

	(void)state;
	for (lie_at = 0; lie_at < strlen(text_of_two); lie_at++) {
		spy_init(&spy, 0);
		spy.faulty.disk.read = lying_read;
		expect_err(recovery_write(&spy.env, path, &key, &err), E_UNVERIFIED, &err, "medium");
		assert_false(file_exists(path));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write_and_read),  cmocka_unit_test(test_write_refuses),
		cmocka_unit_test(test_other_line_ends), cmocka_unit_test(test_damaged_lines),
		cmocka_unit_test(test_limits),          cmocka_unit_test(test_every_flipped_bit_and_cut),
		cmocka_unit_test(test_failing_disk),    cmocka_unit_test(test_lying_medium),
	};

	return run_tests_with_files("record/recovery", tests);
}
