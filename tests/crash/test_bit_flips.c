/* A small home is damaged in every way that a disk knows: one flipped bit in every byte of every file, files cut off,
 * pages exchanged, pages and files of an earlier day. Each is detected, or it does no harm: then verify is clean and
 * everything reads as it did. */
#include "life.h"

#include <stdlib.h>

#include "base/limits.h"

#define SEED 1
/* Of each so many harmless or listed damages the views are compared too, in CI and with PARLEY_SOAK. */
#define LOOK_CLOSER 61
#define LOOK_CLOSER_SOAK 7
#define SNAPSHOT_APART 61
#define KILLED_DB_APART 16
#define CUT_HEADS_APART 8
/* Every byte in the builds by gcc; under sanitizers and by clang, where CI only looks whether all is alike, fewer. */
#if defined(__SANITIZE_ADDRESS__) || defined(__clang__)
#define SLOWER 7
#else
#define SLOWER 1
#endif

#define KEYS DAY_HOME "/keys"
#define HEADS DAY_HOME "/heads"
#define RECORD DAY_HOME "/record.db"
#define LOG DAY_HOME "/record.db-wal"
#define SNAPSHOT DAY_HOME "/snapshot"

enum outcome { LOCKED_OUT, NOT_OPENED, NOT_SOUND, LISTED, HARMLESS, N_OUTCOMES };

static const char *const outcome_words[N_OUTCOMES] = { "keys refused", "home refused", "not sound", "listed by verify",
						       "harmless" };

/* A state of the home, and what reads from it when nothing is damaged. */
struct state_of_home {
	struct simdisk *image;
	struct simdisk *twin; /* on which the reference is open */
	struct simenv machine;
	struct node *node;
	struct buf export;
	uint64_t digest;
};

struct flips {
	struct day day;
	struct state_of_home created, begun, whole, closed, killed;
	uint64_t counts[N_OUTCOMES];
	uint64_t n_closer, n_judged;
};

static struct flips flips;

static bool soak(void)
{
	return getenv("PARLEY_SOAK") != NULL;
}

/* --- what reads from a home --------------------------------------------------------------------------------- */

static int sink_write(void *ctx, const void *p, size_t n, struct err *err)
{
	(void)err;
	buf_put(ctx, p, n);
	return 0;
}

static int export(struct node *node, struct buf *out, struct err *err)
{
	const struct export_options options = { .attachments = true };
	struct sink sink = { .write = sink_write, .ctx = out };
	struct view *view = NULL;
	uint64_t n = 0;
	int rc;

	buf_init(out, ATTACHMENT_MAX);
	rc = node_view(node, NULL, &view, err);
	return rc < 0 ? rc : ndjson_export(node_record(node), view, &sink, &options, &n, err);
}

/* FNV-1a over everything that the record gives out: the views are made of nothing else. */
static void digest_bytes(uint64_t *digest, const void *p, size_t n)
{
	const uint8_t *at = p;

	for (size_t i = 0; i < n; i++)
		*digest = (*digest ^ at[i]) * UINT64_C(0x100000001b3);
}

static uint64_t digest_record(struct record *record)
{
	uint64_t digest = UINT64_C(0xcbf29ce484222325), n = record_n_entries(record);
	struct record_entry entry;

	digest_bytes(&digest, &n, sizeof n);
	digest_bytes(&digest, record_org_id(record), ID_BYTES);
	digest_bytes(&digest, record_org_name(record), strlen(record_org_name(record)));
	digest_bytes(&digest, record_device(record), KEY_BYTES);
	for (uint64_t i = 1; i <= n; i++) {
		if (record_read(record, i, &entry, NULL) < 0)
			return 0;
		digest_bytes(&digest, entry.raw.p, entry.raw.n);
		digest_bytes(&digest, &entry.state, sizeof entry.state);
		digest_bytes(&digest, entry.text.p, entry.text.n);
	}
	return digest;
}

static void remember(struct state_of_home *home)
{
	struct err err;

	home->image = simdisk_after_cut(flips.day.machine.disk, SIM_ALL_KEPT, 0);
	home->twin = simdisk_after_cut(home->image, SIM_ALL_KEPT, 0);
	simenv_init(&home->machine, home->twin, SEED);
	life_ok(day_open(&home->machine.env, &flips.day, NODE_READ, &home->node, &err), &err);
	life_check_verify(home->node);
	life_ok(export(home->node, &home->export, &err), &err);
	home->digest = digest_record(node_record(home->node));
}

static void forget(struct state_of_home *home)
{
	node_close(home->node);
	simdisk_free(home->twin);
	simdisk_free(home->image);
	buf_release(&home->export);
}

static int make_homes(void **state)
{
	struct simdisk *disk = simdisk_new();
	uint8_t root[KEY_BYTES];
	struct err err;
	bool insecure;

	(void)state;
	life_where("seed %d, making the homes", SEED);
	day_init(&flips.day, disk, DAY_SMALL_HOME, SEED);
	life_ok(day_run(&flips.day, SMALL_CREATED, &err), &err);
	remember(&flips.created);
	life_ok(day_run(&flips.day, SMALL_BEGUN, &err), &err);
	remember(&flips.begun);
	life_ok(day_run(&flips.day, SMALL_WHOLE, &err), &err);
	remember(&flips.whole);
	life_ok(day_run(&flips.day, SMALL_CLOSED, &err), &err);
	remember(&flips.closed);
	life_ok(day_run(&flips.day, SMALL_KILLED, &err), &err);
	remember(&flips.killed);
	life_ok(record_unlock(&flips.day.machine.env, DAY_HOME, flips.day.passphrase, root, &insecure, &err), &err);
	memcpy(flips.day.root, root, sizeof root);
	return 0;
}

static int free_homes(void **state)
{
	struct simdisk *disk = flips.day.machine.disk;

	(void)state;
	forget(&flips.created);
	forget(&flips.begun);
	forget(&flips.whole);
	forget(&flips.closed);
	forget(&flips.killed);
	day_release(&flips.day);
	simdisk_free(disk);
	return 0;
}

/* --- judging one damaged home ------------------------------------------------------------------------------- */

static void note_problem(void *ctx, const char *line)
{
	life_true(line[0] != '\0');
	++*(uint64_t *)ctx;
}

/* Every line of the export stood in the export of the home before it was damaged. */
static void check_nothing_invented(const struct buf *got, const struct buf *expected)
{
	const char *line = buf_str(got);

	while (*line) {
		const char *end = strchr(line, '\n');
		const size_t n = (size_t)(end - line) + 1;

		if (!memmem(expected->p, expected->n, line, n))
			fail_msg("%s: the damaged home shows a line that was never written: %.*s", life_where_text(),
				 (int)n, line);
		line += n;
	}
}

/* The views too, and what is taken elsewhere: the same if nothing was found, else nothing but what was written. */
static void look_closer(struct simdisk *damaged, const struct state_of_home *home, bool listed)
{
	struct node *node = NULL;
	struct view *view, *expected;
	const char *table = NULL;
	struct simenv machine;
	struct buf out;
	struct err err;

	flips.n_closer++;
	simenv_init(&machine, damaged, SEED);
	life_ok(node_open(&machine.env, DAY_HOME, flips.day.root, NODE_WRITE, NULL, &node, &err), &err);
	if (export(node, &out, &err) == 0)
		check_nothing_invented(&out, &home->export);
	else
		life_true(listed);
	if (!listed) {
		life_true(out.n == home->export.n && memcmp(out.p, home->export.p, out.n) == 0);
		life_ok(node_view(node, NULL, &view, &err), &err);
		life_ok(node_view(home->node, NULL, &expected, &err), &err);
		life_ok(view_compare(view, expected, &table, &err), &err);
		if (table)
			fail_msg("%s: nothing was detected, and the view %s differs", life_where_text(), table);
	}
	buf_release(&out);
	node_close(node);
}

static enum outcome open_and_verify(struct simenv *machine, const struct state_of_home *home)
{
	struct record *record = NULL;
	uint64_t n_problems = 0;
	const struct verify_watch watch = { .problem = note_problem, .ctx = &n_problems };
	struct verify_report report;
	enum outcome outcome = HARMLESS;
	struct err err = { 0 };

	if (record_open(&machine->env, DAY_HOME, flips.day.root, STORE_READ_WRITE, &record, &err) < 0) {
		life_true(err.text[0] != '\0');
		return NOT_OPENED;
	}
	if (!record_is_sound(record))
		outcome = NOT_SOUND;
	else if (record_verify(record, &watch, &report, &err) < 0 || n_problems > 0)
		outcome = LISTED;
	else if (digest_record(record) != home->digest)
		fail_msg("%s: nothing was detected, and the record reads otherwise", life_where_text());
	if (outcome == NOT_SOUND)
		life_true(record_trouble(record)[0] != '\0');
	record_close(record);
	return outcome;
}

/* Keys are harmed as soon as one of the two slots no longer opens. */
static void check_paper_opens(struct simenv *machine)
{
	uint8_t root[KEY_BYTES];
	struct err err;
	bool insecure;

	life_ok(record_unlock(&machine->env, DAY_HOME, flips.day.paper, root, &insecure, &err), &err);
	life_true(memcmp(root, flips.day.root, sizeof root) == 0);
}

static enum outcome judge(const struct simdisk *damaged, const struct state_of_home *home, bool unlock)
{
	struct simdisk *copy = simdisk_after_cut(damaged, SIM_ALL_KEPT, 0);
	enum outcome outcome = HARMLESS;
	uint8_t root[KEY_BYTES];
	struct simenv machine;
	struct err err = { 0 };
	bool insecure;

	simenv_init(&machine, copy, SEED);
	if (unlock && record_unlock(&machine.env, DAY_HOME, flips.day.passphrase, root, &insecure, &err) < 0) {
		life_true(err.text[0] != '\0');
		outcome = LOCKED_OUT;
	} else {
		life_true(!unlock || memcmp(root, flips.day.root, sizeof root) == 0);
		outcome = open_and_verify(&machine, home);
	}
	if (unlock && outcome == HARMLESS)
		check_paper_opens(&machine);
	life_true(copy->n_open == 0);
	if ((outcome == HARMLESS || outcome == LISTED) &&
	    flips.n_judged++ % (soak() ? LOOK_CLOSER_SOAK : LOOK_CLOSER) == 0) {
		simdisk_free(copy);
		copy = simdisk_after_cut(damaged, SIM_ALL_KEPT, 0);
		look_closer(copy, home, outcome == LISTED);
	}
	simdisk_free(copy);
	flips.counts[outcome]++;
	return outcome;
}

static void report(const char *what, uint64_t n)
{
	print_message("# %s: %d;", what, (int)n);
	for (enum outcome o = 0; o < N_OUTCOMES; o++)
		if (flips.counts[o] > 0)
			print_message(" %s %d,", outcome_words[o], (int)flips.counts[o]);
	print_message(" views compared %d\n", (int)flips.n_closer);
	memset(flips.counts, 0, sizeof flips.counts);
	flips.n_closer = 0;
}

/* A copy to damage; without the snapshot, which is derived and has a test of its own. */
static struct simdisk *copy_of(const struct state_of_home *home)
{
	struct simdisk *copy = simdisk_after_cut(home->image, SIM_ALL_KEPT, 0);

	simdisk_drop(copy, SNAPSHOT);
	return copy;
}

/* --- flipped bits ------------------------------------------------------------------------------------------- */

static void flip_byte(struct simdisk *disk, const struct state_of_home *home, const char *path, size_t at, unsigned bit)
{
	size_t n = 0;
	uint8_t *p = simdisk_bytes(disk, path, &n);

	life_where("seed %d, %s, byte %zu, bit %u flipped", SEED, path, at, bit);
	p[at] ^= (uint8_t)(1u << bit);
	judge(disk, home, strcmp(path, KEYS) == 0);
	p[at] ^= (uint8_t)(1u << bit);
}

static void flip_file(const struct state_of_home *home, const char *name, const char *path, size_t apart)
{
	struct simdisk *disk = copy_of(home);
	uint64_t seed = SEED, n_flips = 0;
	size_t n = 0;
	char what[64];

	assert_non_null(simdisk_bytes(disk, path, &n));
	apart = soak() ? 1 : apart * SLOWER;
	for (size_t at = 0; at < n; at += apart)
		for (unsigned bit = 0; bit < (soak() ? 8 : 1); bit++, n_flips++)
			flip_byte(disk, home, path, at, soak() ? bit : (unsigned)(sim_draw(&seed) % 8));
	snprintf(what, sizeof what, "%s, %zu bytes, bits flipped", name, n);
	report(what, n_flips);
	simdisk_free(disk);
}

static void test_flips_in_keys(void **state)
{
	(void)state;
	flip_file(&flips.closed, "keys", KEYS, 1);
}

static void test_flips_in_heads(void **state)
{
	(void)state;
	flip_file(&flips.closed, "heads", HEADS, 1);
}

static void test_flips_in_database(void **state)
{
	(void)state;
	flip_file(&flips.closed, "record.db", RECORD, 1);
}

static void test_flips_in_killed_home(void **state)
{
	(void)state;
	flip_file(&flips.killed, "record.db-wal of a killed home", LOG, 1);
	flip_file(&flips.killed, "record.db of a killed home", RECORD, KILLED_DB_APART);
}

/* Each flip makes the snapshot unreadable, so the views are built anew: the same code for all, so looked at rarely. */
static void test_flips_in_snapshot(void **state)
{
	const size_t apart = soak() ? 1 : SNAPSHOT_APART * SLOWER;
	struct simdisk *disk = simdisk_after_cut(flips.closed.image, SIM_ALL_KEPT, 0);
	struct record *record = NULL;
	struct simenv machine;
	uint64_t n_flips = 0, n_judged = 0;
	size_t n = 0;
	uint8_t *p = simdisk_bytes(disk, SNAPSHOT, &n);
	struct err err;

	(void)state;
	assert_non_null(p);
	simenv_init(&machine, disk, SEED);
	life_ok(record_open(&machine.env, DAY_HOME, flips.day.root, STORE_READ_ONLY, &record, &err), &err);
	for (size_t at = 0; at < n; at += apart, n_flips++) {
		const uint8_t mask = (uint8_t)(1u << at % 8);
		uint8_t *image = NULL;
		size_t n_image = 0;

		life_where("seed %d, snapshot, byte %zu flipped", SEED, at);
		p[at] ^= mask;
		life_true(record_read_snapshot(record, &image, &n_image, &err) == E_DAMAGED);
		p[at] ^= mask;
	}
	record_close(record);
	for (size_t at = 0; at < n; at += n / 20, n_judged++) {
		struct simdisk *copy;

		p[at] ^= 1;
		life_where("seed %d, snapshot, byte %zu flipped, the whole home", SEED, at);
		life_true(judge(disk, &flips.closed, false) == LISTED);
		copy = simdisk_after_cut(disk, SIM_ALL_KEPT, 0);
		look_closer(copy, &flips.closed, false);
		simdisk_free(copy);
		p[at] ^= 1;
	}
	print_message("# snapshot, %d bytes, bits flipped: %d; all detected, and the views built anew\n", (int)n,
		      (int)n_flips);
	report("snapshot, whole home judged", n_judged);
	simdisk_free(disk);
}

/* --- cut off ------------------------------------------------------------------------------------------------ */

static void cut_file(const struct state_of_home *home, const char *name, const char *path, size_t apart)
{
	uint64_t n_cuts = 0;
	size_t n = 0;
	char what[64];

	assert_non_null(simdisk_bytes(home->image, path, &n));
	for (size_t at = 0; at < n; at += apart, n_cuts++) {
		struct simdisk *disk = copy_of(home);
		size_t n_now = 0;
		const uint8_t *whole = simdisk_bytes(home->image, path, &n_now);

		life_where("%s cut off behind %zu bytes", path, at);
		simdisk_put(disk, path, whole, at);
		judge(disk, home, strcmp(path, KEYS) == 0);
		simdisk_free(disk);
	}
	snprintf(what, sizeof what, "%s, %zu bytes, cut off", name, n);
	report(what, n_cuts);
}

static void test_cut_off(void **state)
{
	(void)state;
	cut_file(&flips.closed, "keys", KEYS, 1);
	cut_file(&flips.closed, "heads", HEADS, soak() ? 1 : CUT_HEADS_APART);
	cut_file(&flips.closed, "record.db", RECORD, SIM_SECTOR);
	cut_file(&flips.killed, "record.db-wal", LOG, SIM_SECTOR);
	cut_file(&flips.closed, "snapshot", SNAPSHOT, SIM_SECTOR);
}

/* A file that is gone. */
static void test_missing(void **state)
{
	static const char *const paths[] = { KEYS, HEADS, RECORD, LOG, DAY_HOME "/lock" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct simdisk *disk = copy_of(&flips.killed);

		life_where("%s is gone", paths[i]);
		simdisk_drop(disk, paths[i]);
		life_true(judge(disk, &flips.killed, true) != HARMLESS);
		simdisk_free(disk);
	}
	report("a file gone", ARRAY_LEN(paths));
}

/* --- pages and files of the wrong place or time -------------------------------------------------------------- */

static void test_swapped_pages(void **state)
{
	size_t n = 0;
	uint64_t n_swaps = 0;

	(void)state;
	assert_non_null(simdisk_bytes(flips.closed.image, RECORD, &n));
	for (size_t i = 0; i < n / SIM_PAGE; i++) {
		for (size_t j = i + 1; j < n / SIM_PAGE; j++, n_swaps++) {
			struct simdisk *disk = copy_of(&flips.closed);

			life_where("pages %zu and %zu of record.db exchanged", i + 1, j + 1);
			simdisk_swap_pages(disk, RECORD, i, j);
			judge(disk, &flips.closed, false);
			simdisk_free(disk);
		}
	}
	report("two pages of record.db exchanged", n_swaps);
}

static uint64_t older_pages(const struct state_of_home *home, const struct state_of_home *older, const char *name)
{
	uint64_t n_pages = 0;
	size_t n = 0, n_older = 0;
	const uint8_t *now = simdisk_bytes(home->image, RECORD, &n),
		      *then = simdisk_bytes(older->image, RECORD, &n_older);

	for (size_t at = 0; at + SIM_PAGE <= n && at + SIM_PAGE <= n_older; at += SIM_PAGE) {
		struct simdisk *disk;
		size_t n_copy = 0;

		if (memcmp(now + at, then + at, SIM_PAGE) == 0)
			continue;
		disk = copy_of(home);
		life_where("page %zu of record.db as it was when %s", at / SIM_PAGE + 1, name);
		memcpy(simdisk_bytes(disk, RECORD, &n_copy) + at, then + at, SIM_PAGE);
		judge(disk, home, false);
		simdisk_free(disk);
		n_pages++;
	}
	return n_pages;
}

static void test_older_pages(void **state)
{
	uint64_t n;

	(void)state;
	n = older_pages(&flips.closed, &flips.created, "the home was made") +
	    older_pages(&flips.closed, &flips.begun, "it was closed before") +
	    older_pages(&flips.closed, &flips.whole, "nothing was redacted yet") +
	    older_pages(&flips.killed, &flips.begun, "it was closed before, with a log");
	report("a page of record.db from earlier", n);
}

static void put_older(struct simdisk *disk, const struct state_of_home *older, const char *path)
{
	size_t n = 0;
	const uint8_t *p = simdisk_bytes(older->image, path, &n);

	if (p)
		simdisk_put(disk, path, p, n);
	else
		simdisk_drop(disk, path);
}

static enum outcome judge_older(const struct state_of_home *expected, const char *first, const char *second,
				const struct state_of_home *older)
{
	struct simdisk *disk = simdisk_after_cut(flips.killed.image, SIM_ALL_KEPT, 0);
	enum outcome outcome;

	life_where("%s%s%s from earlier", first, second ? ", " : "", second ? second : "");
	put_older(disk, older, first);
	if (second)
		put_older(disk, older, second);
	if (strcmp(first, RECORD) == 0)
		simdisk_drop(disk, LOG);
	outcome = judge(disk, expected, false);
	simdisk_free(disk);
	return outcome;
}

/* The log without its database and the other way round, the heads alone: seen. Both together are the home of an
 * earlier day as it was: this machine alone cannot know better, but nothing of the two days is mixed. */
static void test_older_files(void **state)
{
	const struct state_of_home *const days[] = { &flips.created, &flips.begun, &flips.whole, &flips.closed };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(days); i++) {
		life_true(judge_older(&flips.killed, RECORD, NULL, days[i]) == NOT_SOUND);
		life_true(judge_older(days[i], RECORD, HEADS, days[i]) != NOT_SOUND);
	}
	report("record.db from earlier, alone and with heads", 2 * ARRAY_LEN(days));
	for (size_t i = 0; i < ARRAY_LEN(days); i++)
		judge_older(&flips.killed, HEADS, NULL, days[i]);
	report("heads from earlier alone", ARRAY_LEN(days));
	for (size_t i = 0; i < ARRAY_LEN(days); i++)
		life_true(judge_older(&flips.killed, SNAPSHOT, NULL, days[i]) == HARMLESS);
	report("snapshot from earlier, or none", ARRAY_LEN(days));
	life_true(judge_older(&flips.killed, LOG, NULL, &flips.closed) == NOT_SOUND);
	report("the log gone", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_flips_in_keys),     cmocka_unit_test(test_flips_in_heads),
		cmocka_unit_test(test_flips_in_database), cmocka_unit_test(test_flips_in_killed_home),
		cmocka_unit_test(test_flips_in_snapshot), cmocka_unit_test(test_cut_off),
		cmocka_unit_test(test_missing),           cmocka_unit_test(test_swapped_pages),
		cmocka_unit_test(test_older_pages),       cmocka_unit_test(test_older_files),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests_name("bit flips", tests, make_homes, free_homes);
}
