/* The heads file: its five verdicts, torn writes, flipped bits, failing disks. */
#include "record/heads.h"
#include "unit/record/files.h"

#define SLOT_BYTES 72
#define AT_SECOND 4096
#define FILE_BYTES 4168

static const uint8_t root[KEY_BYTES] = { 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42,
					 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42,
					 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42 };
static const uint8_t home_id[HOME_ID_BYTES] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 };

static struct bytes text(const char *p)
{
	return BYTES(p, strlen(p));
}

static struct heads *open_heads(const char *path, bool write)
{
	struct heads *heads = NULL;
	struct err err;

	expect_ok(heads_open(env_system(), path, root, home_id, write, &heads, &err), &err);
	return heads;
}

/* A file that was created at 6 with the state "six" and has seen 7 with "seven". */
static const char *make(const char *name)
{
	const char *path = in_scratch(name);
	struct heads *heads;
	struct err err;

	expect_ok(heads_create(env_system(), path, root, home_id, 6, text("six"), &err), &err);
	heads = open_heads(path, true);
	expect_ok(heads_write(heads, 7, text("seven"), &err), &err);
	heads_close(heads);
	return path;
}

/* Open the file anew and compare. */
static enum heads_verdict verdict(const char *path, uint64_t counter, const char *state, int *ret_damaged)
{
	struct heads *heads = open_heads(path, false);
	const enum heads_verdict v = heads_compare(heads, counter, text(state), ret_damaged);

	heads_close(heads);
	return v;
}

static void expect_verdict(const char *path, uint64_t counter, const char *state, enum heads_verdict wanted,
			   int wanted_damaged)
{
	int damaged = -1;

	assert_int_equal(verdict(path, counter, state, &damaged), wanted);
	assert_int_equal(damaged, wanted_damaged);
}

static void test_bytes_as_documented(void **state)
{
	uint8_t hash[HASH_BYTES];
	char hex[2 * HASH_BYTES + 1];
	uint8_t *file;
	size_t n;

	(void)state;
	file = file_get(make("golden"), FILE_BYTES, &n);
	assert_int_equal(n, FILE_BYTES);
	hash_labelled(LABEL_FILE, BYTES(file, n), NO_BYTES, NO_BYTES, hash, sizeof(hash));
	hex_encode(hash, sizeof(hash), hex);
	/* from a Python program that makes the file by docs/format-record.md 8.3 */
	assert_string_equal(hex, "ed31e36186319053d7b5c7060990eaf6b8139e83143414af73543d7163f32947");
	free(file);
}

static void test_verdicts(void **state)
{
	const char *path = make("verdicts");

	(void)state;
	expect_verdict(path, 7, "seven", HEADS_AGREE, 0);
	expect_verdict(path, 8, "eight", HEADS_BEHIND, 0);
	expect_verdict(path, 9, "nine", HEADS_BEHIND, 0);
	expect_verdict(path, 6, "six", HEADS_AHEAD, 0);
	expect_verdict(path, 0, "", HEADS_AHEAD, 0);
	expect_verdict(path, 7, "Seven", HEADS_DIFFER, 0);
	expect_verdict(path, 7, "", HEADS_DIFFER, 0);
	expect_verdict(in_scratch("absent"), 7, "seven", HEADS_UNREADABLE, 0);
}

static void test_new_file(void **state)
{
	const char *path = in_scratch("new");
	struct heads *heads;
	struct err err;

	(void)state;
	expect_ok(heads_create(env_system(), path, root, home_id, 0, text("nothing"), &err), &err);
	expect_verdict(path, 0, "nothing", HEADS_AGREE, 0); /* the slot never written is not damaged */
	expect_err(heads_create(env_system(), path, root, home_id, 0, text("x"), &err), E_EXISTS, &err, "not replaced");
	expect_verdict(path, 0, "nothing", HEADS_AGREE, 0);
	expect_err(heads_open(env_system(), scratch, root, home_id, true, &heads, &err), E_INVALID, &err, "directory");
	heads_close(NULL);
}

static void test_write(void **state)
{
	const char *path = make("write");
	struct heads *heads = open_heads(path, true);
	uint8_t before[FILE_BYTES];
	uint8_t *file;
	struct err err;
	int damaged;
	size_t n;

	(void)state;
	for (uint64_t counter = 8; counter < 20; counter++) {
		const size_t other = counter % 2 ? 0 : AT_SECOND;
		char said[16];

		snprintf(said, sizeof(said), "%d", (int)counter);
		file = file_get(path, FILE_BYTES, &n);
		memcpy(before, file, FILE_BYTES);
		free(file);
		expect_ok(heads_write(heads, counter, text(said), &err), &err);
		assert_int_equal(heads_compare(heads, counter, text(said), &damaged), HEADS_AGREE);
		expect_verdict(path, counter, said, HEADS_AGREE, 0);
		file = file_get(path, FILE_BYTES, &n);
		assert_memory_equal(file + other, before + other, SLOT_BYTES); /* the slot before stays as it was */
		assert_int_equal(get_u64(file + (AT_SECOND - other)), counter);
		free(file);
	}
	expect_ok(heads_write(heads, 19, text("19"), &err), &err); /* again the same is fine */
	expect_err(heads_write(heads, 19, text("20"), &err), E_ROLLED_BACK, &err, "newer or another");
	expect_err(heads_write(heads, 18, text("18"), &err), E_ROLLED_BACK, &err, "newer or another");
	heads_close(heads);
	expect_verdict(path, 19, "19", HEADS_AGREE, 0);
	heads = open_heads(path, false);
	expect_err(heads_write(heads, 20, text("20"), &err), E_DENIED, &err, "reading only");
	heads_close(heads);
	heads = open_heads(in_scratch("absent"), true);
	expect_err(heads_write(heads, 20, text("20"), &err), E_NOT_FOUND, &err, "missing");
	heads_close(heads);
	assert_false(file_exists(in_scratch("absent")));
}

/* The power fails after any byte of a slot: what was acknowledged before is still known, and never more. */
static void test_torn_write(void **state)
{
	const char *path = make("torn");
	uint8_t torn[FILE_BYTES];
	uint8_t *old, *new;
	struct heads *heads;
	struct err err;
	size_t n;

	(void)state;
	old = file_get(path, FILE_BYTES, &n);
	heads = open_heads(path, true);
	expect_ok(heads_write(heads, 8, text("eight"), &err), &err); /* over the slot of 6 */
	heads_close(heads);
	new = file_get(path, FILE_BYTES, &n);
	for (size_t cut = 0; cut <= SLOT_BYTES; cut++) {
		const bool untouched = memcmp(old, new, cut) == 0;
		const int damaged = untouched || cut == SLOT_BYTES ? 0 : 1;
		bool whole;

		memcpy(torn, old, FILE_BYTES);
		memcpy(torn, new, cut);
		file_put(path, torn, FILE_BYTES);
		expect_verdict(path, 8, "eight", cut < SLOT_BYTES ? HEADS_BEHIND : HEADS_AGREE, damaged);
		expect_verdict(path, 7, "seven", cut < SLOT_BYTES ? HEADS_AGREE : HEADS_AHEAD, damaged);
		expect_verdict(path, 6, "six", HEADS_AHEAD, damaged);
		memcpy(torn, old, FILE_BYTES); /* and the other way: the end arrived, the beginning did not */
		memcpy(torn + cut, new + cut, SLOT_BYTES - cut);
		file_put(path, torn, FILE_BYTES);
		whole = memcmp(torn, new, SLOT_BYTES) == 0;
		expect_verdict(path, 7, "seven", whole ? HEADS_AHEAD : HEADS_AGREE,
			       whole || memcmp(torn, old, SLOT_BYTES) == 0 ? 0 : 1);
	}
	free(old);
	free(new);
}

/* A flipped bit of a slot is seen and takes its slot away, nothing else; between the slots it does nothing. */
static void test_every_flipped_bit(void **state)
{
	const char *path = make("flipped");
	uint8_t *file;
	size_t n;

	(void)state;
	file = file_get(path, FILE_BYTES, &n);
	for (size_t at = 0; at < FILE_BYTES; at++) {
		const bool older = at < SLOT_BYTES, newer = at >= AT_SECOND;

		for (int bit = 0; bit < 8; bit++) {
			if (!older && !newer && bit != (int)(at % 8))
				continue; /* one bit of each byte is enough there */
			file[at] ^= (uint8_t)(1 << bit);
			file_put(path, file, n);
			expect_verdict(path, 7, "seven", newer ? HEADS_BEHIND : HEADS_AGREE, older || newer ? 1 : 0);
			expect_verdict(path, 6, "six", newer ? HEADS_AGREE : HEADS_AHEAD, older || newer ? 1 : 0);
			file[at] ^= (uint8_t)(1 << bit);
		}
	}
	free(file);
}

static void test_nothing_readable(void **state)
{
	const char *path = make("unreadable");
	const uint8_t zeros[FILE_BYTES] = { 0 };
	uint8_t swapped[FILE_BYTES] = { 0 };
	uint8_t *file;
	size_t n;

	(void)state;
	file = file_get(path, FILE_BYTES, &n);
	file_put(path, zeros, sizeof(zeros));
	expect_verdict(path, 7, "seven", HEADS_UNREADABLE, 0);
	file_put(path, zeros, 0);
	expect_verdict(path, 7, "seven", HEADS_UNREADABLE, 0);
	memcpy(swapped, file + AT_SECOND, SLOT_BYTES);
	memcpy(swapped + AT_SECOND, file, SLOT_BYTES);
	file_put(path, swapped, sizeof(swapped)); /* each slot in the place of the other */
	expect_verdict(path, 7, "seven", HEADS_UNREADABLE, 2);
	for (size_t cut = 0; cut < FILE_BYTES; cut += cut < SLOT_BYTES + 2 || cut > AT_SECOND - 2 ? 1 : 64) {
		const int first = cut > 7 && cut < SLOT_BYTES; /* the counter 6 begins with seven zeros */
		const int second = cut > AT_SECOND + 7;

		file_put(path, file, cut);
		expect_verdict(path, 7, "seven", cut < SLOT_BYTES ? HEADS_UNREADABLE : HEADS_BEHIND, first + second);
	}
	free(file);
}

static void test_other_home(void **state)
{
	const char *path = make("other");
	uint8_t other[KEY_BYTES] = { 1 };
	struct heads *heads;
	struct err err;
	int damaged;

	(void)state;
	expect_ok(heads_open(env_system(), path, other, home_id, true, &heads, &err), &err);
	assert_int_equal(heads_compare(heads, 7, text("seven"), &damaged), HEADS_UNREADABLE);
	assert_int_equal(damaged, 2);
	heads_close(heads);
	expect_ok(heads_open(env_system(), path, root, other, true, &heads, &err), &err);
	assert_int_equal(heads_compare(heads, 7, text("seven"), &damaged), HEADS_UNREADABLE);
	assert_int_equal(damaged, 2);
	heads_close(heads);
}

static void test_failing_disk(void **state)
{
	const char *path = make("failing");
	struct heads *heads;
	struct spy spy;
	struct err err;
	int damaged;

	(void)state;
	for (long fail_at = 1; fail_at <= 3; fail_at++) {
		spy_init(&spy, fail_at);
		expect_err(heads_open(&spy.env, path, root, home_id, true, &heads, &err), E_IO, &err, "fault");
	}
	for (long fail_at = 4; fail_at <= 5; fail_at++) {
		spy_init(&spy, fail_at);
		expect_ok(heads_open(&spy.env, path, root, home_id, true, &heads, &err), &err);
		expect_err(heads_write(heads, 8, text("eight"), &err), E_IO, &err, "fault");
		assert_int_equal(heads_compare(heads, 7, text("seven"), &damaged), HEADS_AGREE);
		heads_close(heads);
		assert_int_equal(verdict(path, 8, "eight", &damaged), fail_at == 4 ? HEADS_BEHIND : HEADS_AGREE);
	}
	spy_init(&spy, 0);
	expect_ok(heads_open(&spy.env, path, root, home_id, true, &heads, &err), &err);
	expect_ok(heads_write(heads, 9, text("nine"), &err), &err);
	heads_close(heads);
	assert_string_equal(spy.log, "ws"); /* on the disk before it returned */
	spy_init(&spy, 0);
	expect_ok(heads_create(&spy.env, in_scratch("synced"), root, home_id, 1, text("one"), &err), &err);
	assert_string_equal(spy.log, "owsrd");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_as_documented),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_new_file),
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_torn_write),
		cmocka_unit_test(test_every_flipped_bit),
		cmocka_unit_test(test_nothing_readable),
		cmocka_unit_test(test_other_home),
		cmocka_unit_test(test_failing_disk),
	};

	return run_tests_with_files("record/heads", tests);
}
