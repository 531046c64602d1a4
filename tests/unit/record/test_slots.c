/* The file of keys: every flipped bit is seen, no slot ever gives a wrong root key, what an enemy asks for is capped;
 * and the words of passphrases. */
#include <time.h>

#include "record/slots.h"
#include "unit/record/files.h"

#define SLOT_BYTES 256
#define HEADER_BYTES 64
#define FILE_BYTES (HEADER_BYTES + 2 * SLOT_BYTES)
#define N_WORDS 7776

static const char *const two[] = { "abacus Zoom yo-yo", "one two three four five six seven" };
static const enum slot_type two_types[] = { SLOT_PASSPHRASE, SLOT_PAPER };
static const uint8_t root[KEY_BYTES] = { 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42,
					 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42,
					 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42, 0x42 };

/* Create a file of n slots of one cost; types as above, then all passphrases. */
static int create(struct env *env, const char *path, const char *const *phrases, size_t n, const struct kdf_cost *cost,
		  uint8_t home_id[static HOME_ID_BYTES], struct err *err)
{
	struct new_slot slots[SLOTS_MAX + 1];

	for (size_t i = 0; i < ARRAY_LEN(slots); i++)
		slots[i] = (struct new_slot){ i < 2 ? two_types[i] : SLOT_PASSPHRASE, i < n ? phrases[i] : "", cost };
	return slots_create(env, path, root, slots, n, home_id, err);
}

/* A new file of two slots; gives its path. */
static const char *make_two(const char *name)
{
	const char *path = in_scratch(name);
	uint8_t home_id[HOME_ID_BYTES];
	struct spy spy;
	struct err err;

	spy_init(&spy, 0);
	expect_ok(create(&spy.env, path, two, 2, &kdf_cost_insecure_tests, home_id, &err), &err);
	return path;
}

/* Open; a success must give the root key and nothing else may be given. */
static int open_with(const char *path, const char *typed, struct err *err)
{
	uint8_t got[KEY_BYTES] = { 0 }, home_id[HOME_ID_BYTES] = { 0 };
	bool insecure = false;
	int rc = slots_open(env_system(), path, typed, got, home_id, &insecure, err);

	if (rc == 0) {
		assert_memory_equal(got, root, KEY_BYTES);
		assert_true(insecure);
	} else {
		assert_true(bytes_are_zero(got, KEY_BYTES));
		assert_true(bytes_are_zero(home_id, HOME_ID_BYTES));
	}
	return rc;
}

static void put_u32_in_slot(uint8_t *file, size_t slot, size_t at, uint32_t v)
{
	put_u32(file + HEADER_BYTES + slot * SLOT_BYTES + at, v);
}

/* Make the checksum of a slot fit again, as an enemy would. */
static void fix_sum(uint8_t *file, size_t slot)
{
	uint8_t *p = file + HEADER_BYTES + slot * SLOT_BYTES;

	hash_labelled(LABEL_SLOT_SUM, BYTES(file + 8, HOME_ID_BYTES), BYTES(p, 224), NO_BYTES, p + 224, 32);
}

static void fix_header(uint8_t *file)
{
	hash_labelled(LABEL_SLOT_SUM, BYTES(file, 32), NO_BYTES, NO_BYTES, file + 32, 32);
}

static void test_bytes_as_documented(void **state)
{
	const char *path = make_two("golden");
	uint8_t hash[HASH_BYTES];
	char hex[2 * HASH_BYTES + 1];
	uint8_t *file;
	size_t n;

	(void)state;
	file = file_get(path, FILE_BYTES, &n);
	assert_int_equal(n, FILE_BYTES);
	hash_labelled(LABEL_FILE, BYTES(file, n), NO_BYTES, NO_BYTES, hash, sizeof(hash));
	hex_encode(hash, sizeof(hash), hex);
	/* from a Python program that makes the file by docs/format-record.md 8.1 */
	assert_string_equal(hex, "d26d22ca5a32825534359bb55b60775399cfedd21fb561efb97c5fc9eb0a6bb9");
	free(file);
}

static void test_open(void **state)
{
	const char *path = make_two("open");
	uint8_t home_id[HOME_ID_BYTES], got[KEY_BYTES];
	struct slot_info info[SLOTS_MAX] = { 0 };
	struct disk_stat st;
	bool insecure;
	struct err err;
	size_t n;

	(void)state;
	expect_ok(disk_system()->stat(disk_system(), path, &st, &err), &err);
	assert_int_equal(st.mode, 0600);
	expect_ok(open_with(path, two[0], &err), &err);
	expect_ok(open_with(path, "  ABACUS zoom\tyo   yo\n", &err), &err);
	expect_ok(open_with(path, two[1], &err), &err);
	expect_err(open_with(path, "abacus zoom yo", &err), E_DENIED, &err, "wrong passphrase");
	expect_err(open_with(path, "   ", &err), E_INVALID, &err, "empty");
	expect_err(open_with(in_scratch("absent"), two[0], &err), E_NOT_FOUND, &err, "absent");
	expect_ok(slots_inspect(env_system(), path, home_id, info, &n, &err), &err);
	assert_int_equal(n, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(info[i].type, two_types[i]);
		assert_int_equal(info[i].cost.memory_kib, 8);
		assert_int_equal(info[i].cost.passes, 1);
		assert_true(info[i].cost.insecure);
		assert_false(info[i].damaged);
	}
	assert_int_equal(get_u64(home_id), 0); /* as the test's randomness gave it */
	assert_int_equal(get_u64(home_id + 8), 1);
	expect_ok(slots_open(env_system(), path, two[1], got, got, &insecure, NULL), &err); /* without a struct err */
	assert_int_equal(slots_open(env_system(), path, "wrong", got, got, &insecure, NULL), E_DENIED);
}

static void test_create_refuses(void **state)
{
	const char *path = in_scratch("refused");
	const char *const empty[] = { two[0], " - " };
	const char *const nine[SLOTS_MAX + 1] = { "a", "b", "c", "d", "e", "f", "g", "h", "i" };
	const struct kdf_cost too_much = { .memory_kib = 1024 * 1024 + 1, .passes = 1 };
	const struct kdf_cost too_long = { .memory_kib = 8, .passes = 11 };
	const struct kdf_cost too_little = { .memory_kib = 7, .passes = 1 }, no_pass = { .memory_kib = 8 };
	const struct kdf_cost *cost = &kdf_cost_insecure_tests;
	struct env *env = env_system();
	uint8_t id[HOME_ID_BYTES];
	struct err err;

	(void)state;
	expect_err(create(env, path, two, 0, cost, id, &err), E_INVALID, &err, "slots");
	expect_err(create(env, path, nine, ARRAY_LEN(nine), cost, id, &err), E_INVALID, &err, "slots");
	expect_err(create(env, path, empty, 2, cost, id, &err), E_INVALID, &err, "empty");
	expect_err(create(env, path, two, 2, &too_much, id, &err), E_LIMIT, &err, "at most");
	expect_err(create(env, path, two, 2, &too_long, id, &err), E_LIMIT, &err, "at most");
	expect_err(create(env, path, two, 2, &too_little, id, &err), E_INVALID, &err, "least");
	expect_err(create(env, path, two, 2, &no_pass, id, &err), E_INVALID, &err, "least");
	assert_false(file_exists(path));
	expect_ok(create(env, path, two, 2, cost, id, &err), &err);
	expect_err(create(env, path, two, 2, cost, id, &err), E_EXISTS, &err, "not replaced");
	expect_ok(open_with(path, two[0], &err), &err);
}

static void test_eight_slots(void **state)
{
	const char *path = in_scratch("eight");
	const char *const phrases[SLOTS_MAX] = { "a", "b", "c", "d", "e", "f", "g", "h" };
	const struct kdf_cost ten_passes = { .memory_kib = 8, .passes = 10, .insecure = true };
	uint8_t id[HOME_ID_BYTES];
	struct err err;

	(void)state;
	expect_ok(create(env_system(), path, phrases, SLOTS_MAX, &ten_passes, id, &err), &err);
	for (size_t i = 0; i < SLOTS_MAX; i++)
		expect_ok(open_with(path, phrases[i], &err), &err);
	expect_err(open_with(path, "i", &err), E_DENIED, &err, "wrong passphrase");
}

/* Every single flipped bit: its slot is damaged and says so, the other slot still opens. */
static void test_every_flipped_bit(void **state)
{
	const char *path = make_two("flipped");
	uint8_t home_id[HOME_ID_BYTES];
	struct slot_info info[SLOTS_MAX] = { 0 };
	uint8_t *file;
	struct err err;
	size_t n;

	(void)state;
	file = file_get(path, FILE_BYTES, &n);
	for (size_t bit = 0; bit < 8 * (size_t)FILE_BYTES; bit++) {
		const bool in_header = bit < 8 * HEADER_BYTES;
		const size_t slot = in_header ? 0 : (bit / 8 - HEADER_BYTES) / SLOT_BYTES;

		file[bit / 8] ^= (uint8_t)(1 << bit % 8);
		file_put(path, file, n);
		expect_err(open_with(path, two[slot], &err), E_DAMAGED, &err, NULL);
		if (in_header) {
			expect_err(open_with(path, two[1], &err), E_DAMAGED, &err, "header");
			expect_err(slots_inspect(env_system(), path, home_id, info, &n, &err), E_DAMAGED, &err,
				   "header");
		} else {
			assert_non_null(strstr(err.text, slot == 0 ? "slot 1" : "slot 2"));
			expect_ok(open_with(path, two[1 - slot], &err), &err);
			expect_ok(slots_inspect(env_system(), path, home_id, info, &n, &err), &err);
			assert_true(info[slot].damaged);
			assert_false(info[1 - slot].damaged);
		}
		n = FILE_BYTES;
		file[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	free(file);
}

/* A bit flipped by somebody who can make checksums: no slot opens to a wrong root, and the other slot still opens. */
static void test_every_forged_bit(void **state)
{
	const char *path = make_two("forged");
	uint8_t *file;
	struct err err;
	size_t n;

	(void)state;
	file = file_get(path, FILE_BYTES, &n);
	for (size_t bit = 0; bit < 8 * 224; bit++) {
		uint8_t *p = file + HEADER_BYTES + bit / 8;
		const bool costly = bit / 8 >= 4 && bit / 8 < 6; /* more than 16 MiB: slow, or capped (below) */
		int rc;

		if (costly)
			continue;
		*p ^= (uint8_t)(1 << bit % 8);
		fix_sum(file, 0);
		file_put(path, file, n);
		rc = open_with(path, two[0], &err);
		assert_true(rc == E_DENIED || rc == E_DAMAGED || rc == E_LIMIT);
		expect_ok(open_with(path, two[1], &err), &err);
		*p ^= (uint8_t)(1 << bit % 8);
	}
	free(file);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A hostile file asks for 4 TiB, or for years: it gets nothing, at once, and the honest slot still opens. */
static void test_hostile_cost(void **state)
{
	const struct {
		uint32_t memory_kib, passes;
	} cases[] = { { UINT32_MAX, 3 }, { 1024 * 1024 + 1, 1 }, { 8, 11 }, { 8, UINT32_MAX } };
	const char *path = make_two("hostile");
	const double start = seconds();
	struct err err;
	uint8_t *file;
	size_t n;

	(void)state;
	file = file_get(path, FILE_BYTES, &n);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		put_u32_in_slot(file, 0, 4, cases[i].memory_kib);
		put_u32_in_slot(file, 0, 8, cases[i].passes);
		fix_sum(file, 0);
		file_put(path, file, n);
		expect_err(open_with(path, two[0], &err), E_LIMIT, &err, "slot 1");
		expect_ok(open_with(path, two[1], &err), &err);
	}
	assert_true(seconds() - start < 5);
	free(file);
}

static void test_fields_out_of_range(void **state)
{
	const char *path = make_two("fields");
	struct err err;
	uint8_t *file;
	size_t n;

	(void)state;
	file = file_get(path, FILE_BYTES, &n);
	file[HEADER_BYTES] = 3; /* a type that there is not */
	fix_sum(file, 0);
	file_put(path, file, n);
	expect_err(open_with(path, two[0], &err), E_DAMAGED, &err, "slot 1");
	file[HEADER_BYTES] = SLOT_PASSPHRASE;
	put_u32_in_slot(file, 0, 4, 7);
	fix_sum(file, 0);
	file_put(path, file, n);
	expect_err(open_with(path, two[0], &err), E_DAMAGED, &err, "slot 1");
	expect_ok(open_with(path, two[1], &err), &err);
	for (size_t count = 0; count < 16; count++) {
		if (count == 2)
			continue;
		put_u16(file + 6, (uint16_t)count);
		fix_header(file);
		file_put(path, file, n);
		if (count > 2 && count <= SLOTS_MAX) /* slots that the file is too short for */
			expect_ok(open_with(path, two[1], &err), &err);
		else
			expect_err(open_with(path, two[1], &err), E_DAMAGED, &err, NULL);
	}
	put_u16(file + 6, 2);
	put_u16(file + 4, 2); /* a later version */
	fix_header(file);
	file_put(path, file, n);
	expect_err(open_with(path, two[1], &err), E_DAMAGED, &err, "version");
	free(file);
}

static void test_other_lengths(void **state)
{
	const char *path = make_two("lengths");
	uint8_t longer[FILE_BYTES + 8 * SLOT_BYTES] = { 0 };
	struct err err;
	uint8_t *file;
	size_t n;

	(void)state;
	file = file_get(path, FILE_BYTES, &n);
	for (size_t cut = 0; cut < n; cut++) {
		file_put(path, file, cut);
		if (cut < HEADER_BYTES + SLOT_BYTES)
			expect_err(open_with(path, two[0], &err), E_DAMAGED, &err, NULL);
		else
			expect_ok(open_with(path, two[0], &err), &err);
		expect_err(open_with(path, two[1], &err), E_DAMAGED, &err, NULL);
	}
	memcpy(longer, file, n);
	file_put(path, longer, n + 1);
	expect_err(open_with(path, two[0], &err), E_DAMAGED, &err, "longer");
	file_put(path, longer, sizeof(longer));
	expect_err(open_with(path, two[0], &err), E_DAMAGED, &err, "longer");
	free(file);
}

/* Whatever the disk refuses, there is no file of keys afterwards, or a whole one. */
static void test_create_on_failing_disk(void **state)
{
	const char *path = in_scratch("failing"), *path_new = in_scratch("failing.new");
	struct spy spy;
	struct err err;
	long fail_at = 0;
	int rc;

	(void)state;
	do {
		uint8_t home_id[HOME_ID_BYTES] = { 0xee };

		spy_init(&spy, ++fail_at);
		rc = create(&spy.env, path, two, 2, &kdf_cost_insecure_tests, home_id, &err);
		if (rc < 0)
			assert_int_equal(home_id[0], 0xee);
		if (file_exists(path)) {
			expect_ok(open_with(path, two[0], &err), &err);
			assert_int_equal(remove(path), 0);
		} else {
			assert_int_equal(rc, E_IO);
		}
		(void)remove(path_new); /* what a refused rename leaves; the next try would take it away */
	} while (rc < 0);
	assert_string_equal(spy.log, "owsrd");
	assert_int_equal(spy.faulty.n, fail_at - 1);
}

static unsigned next_draw;

static void draw_in_turn(struct env *env, void *out, size_t n)
{
	(void)env;
	assert_int_equal(n, 2);
	put_u16(out, (uint16_t)next_draw++);
}

/* The 16-bit draws give the words of the list in turn, those above the last whole round are drawn again: so each word
 * stands for equally many draws. */
static void test_words_are_drawn_evenly(void **state)
{
	static char list[N_WORDS][16];
	const unsigned whole = 65536 / N_WORDS * N_WORDS;
	struct env env = { .random = draw_in_turn };
	char phrase[PASSPHRASE_MAX];

	(void)state;
	next_draw = 0;
	for (unsigned taken = 0; taken < 7 * whole;) { /* seven times through all draws: whole passphrases */
		int words = 0;

		passphrase_generate(&env, phrase);
		for (char *word = strtok(phrase, " "); word; word = strtok(NULL, " "), words++, taken++) {
			if (taken < N_WORDS)
				snprintf(list[taken], sizeof(list[0]), "%s", word);
			assert_string_equal(word, list[taken % whole % N_WORDS]);
		}
		assert_int_equal(words, PASSPHRASE_WORDS);
	}
	assert_int_equal(next_draw, 7 * 65536 - (65536 - whole));
	assert_string_equal(list[0], "abacus");
	assert_string_equal(list[N_WORDS - 1], "zoom");
	for (unsigned i = 0; i < N_WORDS; i++) {
		assert_int_equal(strspn(list[i], "abcdefghijklmnopqrstuvwxyz-"), strlen(list[i]));
		assert_in_range(strlen(list[i]), 3, 9);
		assert_true(i == 0 || strcmp(list[i - 1], list[i]) < 0); /* in order, so none stands twice */
	}
}

static void test_generated_passphrase_opens(void **state)
{
	const char *path = in_scratch("generated");
	char phrase[PASSPHRASE_MAX], again[PASSPHRASE_MAX];
	const char *const phrases[] = { phrase };
	uint8_t home_id[HOME_ID_BYTES];
	struct err err;

	(void)state;
	passphrase_generate(env_system(), phrase);
	passphrase_generate(env_system(), again);
	assert_string_not_equal(phrase, again);
	expect_ok(create(env_system(), path, phrases, 1, &kdf_cost_insecure_tests, home_id, &err), &err);
	expect_ok(open_with(path, phrase, &err), &err);
	expect_err(open_with(path, again, &err), E_DENIED, &err, "wrong passphrase");
}

static void test_normalise(void **state)
{
	static const char *const cases[][2] = {
		{ "abacus", "abacus" },
		{ "  Abacus \t ZOOM\r\n", "abacus zoom" },
		{ "yo-yo", "yo yo" },
		{ "- yo -- - yo -", "yo yo" },
		{ "a\vb\fc", "a b c" },
		{ "stra\xc3\x9f"
		  "e \xc3\x84",
		  "stra\xc3\x9f"
		  "e \xc3\x84" }, /* letters beyond A to Z stay as typed */
		{ "a\xe2\x80\x90"
		  "b",
		  "a\xe2\x80\x90"
		  "b" }, /* and so do other hyphens */
	};
	char out[PASSPHRASE_MAX] = "kept", typed[3 * PASSPHRASE_MAX];
	struct err err;

	(void)state;
	expect_err(passphrase_normalise("", out, &err), E_INVALID, &err, "empty");
	expect_err(passphrase_normalise(" \t-\n", out, &err), E_INVALID, &err, "empty");
	expect_err(passphrase_normalise("a\xff", out, &err), E_INVALID, &err, "UTF-8");
	expect_err(passphrase_normalise("\xc3", out, &err), E_INVALID, &err, "UTF-8");
	memset(typed, 'x', sizeof(typed));
	typed[PASSPHRASE_MAX] = '\0';
	expect_err(passphrase_normalise(typed, out, &err), E_LIMIT, &err, "255");
	typed[PASSPHRASE_MAX - 2] = '-';
	expect_err(passphrase_normalise(typed, out, &err), E_LIMIT, &err, "255");
	assert_string_equal(out, "kept");
	typed[PASSPHRASE_MAX - 1] = '\0'; /* the space at the end goes */
	expect_ok(passphrase_normalise(typed, out, &err), &err);
	assert_int_equal(strlen(out), PASSPHRASE_MAX - 2);
	typed[PASSPHRASE_MAX - 2] = 'X';
	expect_ok(passphrase_normalise(typed, out, &err), &err);
	assert_int_equal(strlen(out), PASSPHRASE_MAX - 1);
	memset(typed, ' ', sizeof(typed)); /* what is dropped does not count */
	memcpy(typed + sizeof(typed) - 2, "z", 2);
	expect_ok(passphrase_normalise(typed, out, &err), &err);
	assert_string_equal(out, "z");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		expect_ok(passphrase_normalise(cases[i][0], out, &err), &err);
		assert_string_equal(out, cases[i][1]);
	}
}

static void test_word_matches(void **state)
{
	const char *phrase = "abacus yo-yo zoom";
	char longer[PASSPHRASE_MAX + 2];

	(void)state;
	assert_true(passphrase_word_matches(phrase, 1, "abacus"));
	assert_true(passphrase_word_matches(phrase, 1, " Abacus\n"));
	assert_true(passphrase_word_matches(phrase, 2, "yo-yo"));
	assert_true(passphrase_word_matches(phrase, 2, "YO YO"));
	assert_true(passphrase_word_matches(phrase, 3, "zoom"));
	assert_false(passphrase_word_matches(phrase, 1, "abacu"));
	assert_false(passphrase_word_matches(phrase, 1, "abacuss"));
	assert_false(passphrase_word_matches(phrase, 1, "zoom"));
	assert_false(passphrase_word_matches(phrase, 2, "yo"));
	assert_false(passphrase_word_matches(phrase, 1, ""));
	assert_false(passphrase_word_matches(phrase, 0, "abacus"));
	assert_false(passphrase_word_matches(phrase, -1, "abacus"));
	assert_false(passphrase_word_matches(phrase, 4, "zoom"));
	assert_false(passphrase_word_matches(phrase, 4, ""));
	assert_false(passphrase_word_matches("", 1, ""));
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	assert_false(passphrase_word_matches(longer, 1, longer));
}

/* The cost of a real home, once; and of the largest slot that is not refused, in longer runs. */
static void test_standard_cost(void **state)
{
	const struct kdf_cost largest = { .memory_kib = 1024 * 1024, .passes = 1 };
	const struct kdf_cost *costs[] = { &kdf_cost_standard, &largest };
	const size_t n = getenv("PARLEY_SOAK") ? 2 : 1;

	(void)state;
	assert_int_equal(kdf_cost_standard.memory_kib, 262144);
	assert_int_equal(kdf_cost_standard.passes, 3);
	for (size_t i = 0; i < n; i++) {
		const char *path = in_scratch(i == 0 ? "standard" : "largest");
		uint8_t home_id[HOME_ID_BYTES], id[HOME_ID_BYTES], got[KEY_BYTES];
		bool insecure = true;
		double start;
		struct err err;

		expect_ok(create(env_system(), path, two, 1, costs[i], home_id, &err), &err);
		start = seconds();
		expect_ok(slots_open(env_system(), path, two[0], got, id, &insecure, &err), &err);
		printf("# %u KiB, %u passes: %.2f s\n", costs[i]->memory_kib, costs[i]->passes, seconds() - start);
		assert_memory_equal(got, root, KEY_BYTES);
		assert_memory_equal(id, home_id, HOME_ID_BYTES);
		assert_false(insecure);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bytes_as_documented),
		cmocka_unit_test(test_open),
		cmocka_unit_test(test_create_refuses),
		cmocka_unit_test(test_eight_slots),
		cmocka_unit_test(test_every_flipped_bit),
		cmocka_unit_test(test_every_forged_bit),
		cmocka_unit_test(test_hostile_cost),
		cmocka_unit_test(test_fields_out_of_range),
		cmocka_unit_test(test_other_lengths),
		cmocka_unit_test(test_create_on_failing_disk),
		cmocka_unit_test(test_words_are_drawn_evenly),
		cmocka_unit_test(test_generated_passphrase_opens),
		cmocka_unit_test(test_normalise),
		cmocka_unit_test(test_word_matches),
		cmocka_unit_test(test_standard_cost),
	};

	return run_tests_with_files("record/slots", tests);
}
