/* Nothing that was written can be read from the files of a home without its keys: unique words stand in every text of a
 * day, and neither they nor any key are found in what reaches the disk, in a dozen clothings. What was redacted is gone
 * in its sealed form too. On the real disk no file appears but those of the format. */
#include "life.h"

#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "record/epoch.h"
#include "scan.h"
#include "support/faulty_disk.h"

#define SEED 1
#define FILE_MAX (64 * 1024 * 1024)
#define WINDOW 64        /* bytes of an old sealed row that are looked for at a time */
#define KEY_TYPE_EPOCH 4 /* docs/format-record.md 8.2 */

/* --- what must not be found --------------------------------------------------------------------------------- */

static void add_words(struct scan *scan, const struct day *day)
{
	for (size_t i = 0; i < day->n_words; i++)
		scan_add_text(scan, day->words[i], day->words[i]);
}

static void add_epoch_keys(struct scan *scan, const uint8_t *value)
{
	const uint8_t *e_raw = value + 3 * ID_BYTES;
	struct epoch_context context;
	uint8_t key[KEY_BYTES];

	memcpy(context.circle, value, ID_BYTES);
	memcpy(context.parent, value + 2 * ID_BYTES, ID_BYTES);
	scan_add_key(scan, "E_raw", BYTES(e_raw, KEY_BYTES));
	epoch_own_key(e_raw, &context, key);
	scan_add_key(scan, "E0", BYTES_OF(key));
	epoch_secret(e_raw, value + ID_BYTES, key);
	scan_add_key(scan, "E", BYTES_OF(key));
}

/* Every row of the table `key` in the clear, and what follows from it. */
static void add_stored_keys(struct scan *scan, struct day *day, struct simdisk *copy)
{
	uint8_t home_id[HOME_ID_BYTES];
	struct slot_info slots[SLOTS_MAX];
	struct store *store = NULL;
	struct simenv machine;
	size_t n_slots = 0;
	struct buf row;
	struct err err;

	simenv_init(&machine, copy, SEED);
	life_ok(slots_inspect(&machine.env, DAY_HOME "/keys", home_id, slots, &n_slots, &err), &err);
	life_ok(store_open(&machine.env, DAY_HOME, day->root, home_id, STORE_READ_ONLY, &store, &err), &err);
	buf_init(&row, DB_ROW_MAX);
	for (uint64_t n = 1; n <= store_state(store)->n_keys; n++) {
		life_ok(store_read(store, STORE_KEY, n, &row, &err), &err);
		if (row.n < 1 + KEY_BYTES)
			continue; /* the organisation's name is one of the words */
		if (row.p[0] == KEY_TYPE_EPOCH)
			add_epoch_keys(scan, row.p + 1);
		else
			scan_add_key(scan, "a stored key", BYTES(row.p + 1, KEY_BYTES));
	}
	buf_release(&row);
	store_close(store);
}

static void add_secrets(struct scan *scan, struct day *day)
{
	struct simdisk *copy = simdisk_after_cut(day->machine.disk, SIM_ALL_KEPT, 0);
	struct simenv machine;
	struct err err;
	bool insecure;

	simenv_init(&machine, copy, SEED);
	life_ok(record_unlock(&machine.env, DAY_HOME, day->passphrase, day->root, &insecure, &err), &err);
	scan_add_key(scan, "root key", BYTES_OF(day->root));
	scan_add_text(scan, "passphrase", day->passphrase);
	scan_add_text(scan, "paper sheet", day->paper);
	for (size_t i = 0; i < RECOVERY_KEYS; i++)
		scan_add_key(scan, "recovery key", BYTES_OF(day->recovery[i]));
	add_stored_keys(scan, day, copy);
	simdisk_free(copy);
}

/* --- on a simulated disk ------------------------------------------------------------------------------------ */

static bool is_of_home(const char *path)
{
	return strncmp(path, DAY_HOME "/", strlen(DAY_HOME "/")) == 0;
}

static uint64_t scan_home(const struct scan *scan, struct simdisk *disk)
{
	const char *path;
	uint64_t n_bytes = 0;

	for (size_t i = 0; (path = simdisk_name(disk, i)) != NULL; i++) {
		size_t n = 0;
		const uint8_t *p = simdisk_bytes(disk, path, &n);
		const char *found = is_of_home(path) ? scan_find(scan, BYTES(p, n)) : NULL;

		if (found)
			fail_msg("%s: readable in %s: %s", life_where_text(), path, found);
		if (is_of_home(path))
			n_bytes += n;
	}
	return n_bytes;
}

/* Words that have the same middle are all found by it: quick enough to look at every single write. */
struct writes {
	struct scan middle;
	uint64_t n, n_bytes;
};

static void look_at_write(void *ctx, enum sim_op op, const char *path, struct bytes written)
{
	struct writes *writes = ctx;
	const char *found;

	if (op != SIM_WRITE || !is_of_home(path))
		return;
	found = scan_find(&writes->middle, written);
	if (found)
		fail_msg("readable in a write to %s: %s", path, found);
	writes->n++;
	writes->n_bytes += written.n;
}

/* The same steps on another disk first, to know all words and keys from the beginning. */
static void learn(struct scan *scan)
{
	struct simdisk *disk = simdisk_new();
	struct day day;
	struct err err;

	life_where("seed %d, learning the words", SEED);
	day_init(&day, disk, DAY_WHOLE, SEED);
	life_ok(day_run(&day, day_n_steps(&day), &err), &err);
	add_words(scan, &day);
	add_secrets(scan, &day);
	day_release(&day);
	simdisk_free(disk);
}

/* Open after a kill and after each step, closed at the end. */
static void test_simulated_disk(void **state)
{
	struct simdisk *disk = simdisk_new();
	struct writes writes = { 0 };
	struct scan scan = { 0 };
	uint64_t n_bytes = 0, n_scans = 0;
	struct day day;
	struct err err;

	(void)state;
	learn(&scan);
	scan_add_text(&writes.middle, "any word", "quorum");
	day_init(&day, disk, DAY_WHOLE, SEED);
	disk->before = look_at_write;
	disk->ctx = &writes;
	while (day.step < day_n_steps(&day)) {
		life_where("seed %d, behind step %zu (%s)", SEED, day.step, day_step_name(&day, day.step));
		life_ok(day_next(&day, &err), &err);
		n_bytes += scan_home(&scan, disk); /* what a killed process leaves: see SIM_ALL_KEPT */
		n_scans++;
	}
	print_message(
		"# %d writes of %d bytes looked at; %d patterns of %d words and the keys in %d scans of %d bytes: "
		"0 found\n",
		(int)writes.n, (int)writes.n_bytes, (int)scan.n, (int)day.n_words, (int)n_scans, (int)n_bytes);
	assert_true(writes.n > 100 && scan.n > 1000);
	day_release(&day);
	scan_release(&scan);
	scan_release(&writes.middle);
	simdisk_free(disk);
}

/* A scan that finds nothing because it cannot see would pass everything. */
static void test_scanner_sees(void **state)
{
	static const char text[] = "canaryquorum007";
	struct scan scan = { 0 };
	uint8_t room[256];

	(void)state;
	scan_add_text(&scan, "canary", text);
	assert_true(scan.n >= 9);
	for (size_t i = 0; i < scan.n; i++) {
		const struct bytes pattern = scan_pattern(&scan, i);

		memset(room, 0xa5, sizeof room);
		assert_null(scan_find(&scan, BYTES_OF(room)));
		memcpy(room + 100, pattern.p, pattern.n);
		assert_non_null(scan_find(&scan, BYTES_OF(room)));
	}
	for (size_t before = 0; before < 6; before++) {
		char encoded[256];

		memset(room, 'x', sizeof room);
		memcpy(room + before, text, sizeof text - 1);
		base64url_encode(room, before + sizeof text + 5, encoded);
		assert_non_null(scan_find(&scan, BYTES(encoded, strlen(encoded))));
	}
	scan_release(&scan);
}

/* --- what was redacted -------------------------------------------------------------------------------------- */

/* The sealed bytes of a row as they stand in the database now. */
static void read_box(struct simdisk *disk, uint64_t n, struct buf *out)
{
	struct simdisk *copy = simdisk_after_cut(disk, SIM_ALL_KEPT, 0);
	struct db *db = NULL;
	struct stmt *s;
	struct err err;

	life_ok(db_open(&copy->disk, DAY_HOME "/record.db", DB_READ_WRITE, &db, &err), &err);
	life_ok(db_prepare(db, "SELECT box FROM entry WHERE n = ?1", &s, &err), &err);
	stmt_bind_int(s, 1, (int64_t)n);
	life_true(stmt_step(s, &err) == 1);
	buf_put(out, stmt_blob(s, 0).p, stmt_blob(s, 0).n);
	stmt_reset(s);
	db_close(db);
	simdisk_free(copy);
}

/* How many pieces of the old bytes are still somewhere in the home. */
static size_t pieces_left(struct simdisk *disk, const struct buf *box)
{
	size_t n_left = 0;
	const char *path;

	for (size_t i = 0; (path = simdisk_name(disk, i)) != NULL; i++) {
		size_t n = 0;
		const uint8_t *p = simdisk_bytes(disk, path, &n);

		for (size_t at = 0; at + WINDOW <= box->n; at += WINDOW)
			n_left += memmem(p, n, box->p + at, WINDOW) != NULL;
	}
	return n_left;
}

/* Rows of the claim that the next step redacts, and of its chunks, which stand right before it. */
static size_t rows_to_go(struct day *day, uint64_t rows[static 2])
{
	size_t n = 0;

	for (size_t i = 0; i < day->n_facts; i++) {
		const struct fact *fact = &day->facts[i];
		struct view *view = NULL;
		struct stmt *s;

		if (!day_redacts(day, fact->number) || (fact->type != FACT_CLAIM && fact->type != FACT_ATTACHED))
			continue;
		assert_int_equal(node_view(day->node, NULL, &view, NULL), 0);
		assert_int_equal(db_prepare(view_db(view), "SELECT n FROM entry WHERE id = ?1", &s, NULL), 0);
		stmt_bind_blob(s, 1, fact->id, ID_BYTES);
		assert_int_equal(stmt_step(s, NULL), 1);
		rows[n++] = (uint64_t)stmt_int(s, 0) - (fact->type == FACT_ATTACHED);
		stmt_reset(s);
	}
	return n;
}

static void test_redacted_is_gone(void **state)
{
	struct simdisk *disk = simdisk_new();
	unsigned n_redacted = 0, n_pieces = 0;
	struct buf boxes[2];
	struct day day;
	struct err err;

	(void)state;
	day_init(&day, disk, DAY_WHOLE, SEED);
	while (day.step < day_n_steps(&day)) {
		uint64_t rows[2];
		const size_t n = rows_to_go(&day, rows);

		life_where("seed %d, step %zu (%s)", SEED, day.step, day_step_name(&day, day.step));
		for (size_t i = 0; i < n; i++) {
			buf_init(&boxes[i], DB_ROW_MAX);
			read_box(disk, rows[i], &boxes[i]);
			life_true(pieces_left(disk, &boxes[i]) > 0);
			n_pieces += (unsigned)(boxes[i].n / WINDOW);
		}
		life_ok(day_next(&day, &err), &err);
		for (size_t i = 0; i < n; i++) {
			life_true(pieces_left(disk, &boxes[i]) == 0);
			buf_release(&boxes[i]);
			n_redacted++;
		}
	}
	print_message("# %u sealed rows redacted: of %u pieces of %d bytes none is left in any file\n", n_redacted,
		      n_pieces, WINDOW);
	assert_true(n_redacted >= 4);
	day_release(&day);
	simdisk_free(disk);
}

/* --- on the real disk --------------------------------------------------------------------------------------- */

/* Names of the format (docs/format-record.md 8), and those under which two of them are made. */
static const char *const names_allowed[] = { "keys",      "keys.new", "record.db",    "record.db-wal", "heads",
					     "heads.new", "snapshot", "snapshot.new", "lock",          "agent.sock" };

static bool is_allowed(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(names_allowed); i++)
		if (strcmp(names_allowed[i], name) == 0)
			return true;
	return false;
}

/* Every name that appeared in the watched folders since the last look. */
static unsigned check_names(int watch, int home)
{
	_Alignas(struct inotify_event) char events[64 * 1024];
	unsigned n_names = 0;
	ssize_t n;

	while ((n = read(watch, events, sizeof events)) > 0) {
		for (char *at = events; at < events + n;) {
			const struct inotify_event *event = (const struct inotify_event *)(const void *)at;

			life_true(!(event->mask & IN_Q_OVERFLOW));
			if (event->wd != home || !is_allowed(event->name))
				fail_msg("%s: the file %s appeared", life_where_text(), event->name);
			n_names++;
			at += sizeof *event + event->len;
		}
	}
	return n_names;
}

static uint64_t scan_folder(const struct scan *scan, const char *folder)
{
	uint64_t n_bytes = 0;

	for (size_t i = 0; i < ARRAY_LEN(names_allowed); i++) {
		char path[DISK_PATH_MAX];
		struct disk_stat st;
		struct err err;
		struct buf file;
		const char *found;

		life_ok(disk_join(folder, names_allowed[i], path, &err), &err);
		life_ok(disk_system()->stat(disk_system(), path, &st, &err), &err);
		if (st.type == DISK_ABSENT)
			continue;
		life_true(st.mode == 0600);
		buf_init(&file, FILE_MAX);
		life_ok(disk_read_all(disk_system(), path, FILE_MAX, &file, &err), &err);
		found = scan_find(scan, BYTES(file.p, file.n));
		if (found)
			fail_msg("%s: readable in %s: %s", life_where_text(), path, found);
		n_bytes += file.n;
		buf_release(&file);
	}
	return n_bytes;
}

static void test_real_disk(void **state)
{
	char room[DISK_PATH_MAX], temporary[DISK_PATH_MAX];
	unsigned n_names = 0, n_scans = 0;
	struct scan scan = { 0 };
	uint64_t n_bytes = 0;
	int watch, home;
	struct day day;
	struct err err;

	(void)state;
	learn(&scan);
	folder_make(room);
	folder_make(temporary);
	setenv("TMPDIR", temporary, 1);
	setenv("SQLITE_TMPDIR", temporary, 1);
	day_init_real(&day, room, DAY_WHOLE, SEED);
	assert_int_equal(mkdir(day.home, 0700), 0);
	watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	home = inotify_add_watch(watch, day.home, IN_CREATE | IN_MOVED_TO);
	assert_true(watch >= 0 && home >= 0);
	assert_true(inotify_add_watch(watch, temporary, IN_CREATE | IN_MOVED_TO) >= 0);
	while (day.step < day_n_steps(&day)) {
		life_where("seed %d, on the real disk, behind step %zu (%s)", SEED, day.step,
			   day_step_name(&day, day.step));
		life_ok(day_next(&day, &err), &err);
		n_names += check_names(watch, home);
		if (day.step % 4 == 0 || day.step == day_n_steps(&day)) {
			n_bytes += scan_folder(&scan, day.home);
			n_scans++;
		}
	}
	print_message("# on the real disk: %u times a file appeared, each of the format's names; %u scans of %d bytes: "
		      "0 found\n",
		      n_names, n_scans, (int)n_bytes);
	assert_true(n_names > 10);
	close(watch);
	folder_clear(day.home, true);
	folder_clear(room, true);
	folder_clear(temporary, true);
	day_release(&day);
	scan_release(&scan);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_scanner_sees),
		cmocka_unit_test(test_simulated_disk),
		cmocka_unit_test(test_redacted_is_gone),
		cmocka_unit_test(test_real_disk),
	};

	return run_tests("nothing readable", tests);
}
