/* An open home: create, unlock, open, close, and the small questions. */
#include "record/record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "record/record_internal.h"
#include "record/sealed_file.h"

static int home_path(const struct record *record, const char *name, char out[static DISK_PATH_MAX], struct err *err)
{
	return disk_join(record->home, name, out, err);
}

static struct record *record_new(struct env *env, const char *home, const uint8_t root[static KEY_BYTES])
{
	struct record *record = mem_alloc(sizeof *record);

	memset(record, 0, sizeof *record);
	record->env = env;
	snprintf(record->home, sizeof record->home, "%s", home);
	record->root = secret_alloc(KEY_BYTES);
	memcpy(record->root, root, KEY_BYTES);
	buf_init(&record->row, DB_ROW_MAX);
	return record;
}

static void record_release(struct record *record)
{
	intake_release(record);
	places_drop(record);
	for (size_t i = 0; i < record->n_circles; i++)
		circle_release(&record->circles[i]);
	free(record->circles);
	keyring_release(&record->keys);
	buf_release(&record->row);
	secret_free(record->root);
	secret_wipe(record, sizeof *record);
	free(record);
}

void record_close(struct record *record)
{
	if (!record)
		return;
	record_rollback(record);
	store_close(record->store);
	record_release(record);
}

void record_abandon(struct record *record)
{
	if (!record)
		return;
	store_abandon(record->store);
	record_release(record);
}

/* --- create ------------------------------------------------------------------------------------------------ */

/* The directory must not hold a home, nor the beginnings of one. */
static int check_empty(struct env *env, const char *home, struct err *err)
{
	static const char *const names[] = { "keys", "record.db", "heads", "lock" };
	struct disk_stat st;
	char path[DISK_PATH_MAX];
	int rc = env->disk->stat(env->disk, home, &st, err);

	if (rc == 0 && st.type != DISK_ABSENT && st.type != DISK_DIRECTORY)
		return err_set(err, E_INVALID, "%s is a file, not a directory: choose another place for the home",
			       home);
	for (size_t i = 0; i < ARRAY_LEN(names) && rc == 0; i++) {
		rc = disk_join(home, names[i], path, err);
		if (rc == 0)
			rc = env->disk->stat(env->disk, path, &st, err);
		if (rc == 0 && st.type != DISK_ABSENT)
			rc = err_set(err, E_EXISTS,
				     "%s is a Parley home already (or part of one): nothing was changed. If its making "
				     "was interrupted, so that no passphrase was ever shown, remove it and try again",
				     home);
	}
	return rc;
}

static int add_org_name(struct record *record, const char *name, struct err *err)
{
	uint8_t row[1 + ORG_NAME_MAX];
	size_t n = strlen(name);
	uint64_t at;
	int rc;

	row[0] = KEY_ORG_NAME;
	memcpy(row + 1, name, n);
	rc = store_append(record->store, STORE_KEY, BYTES(row, n + 1), &at, err);
	if (rc == 0)
		rc = keyring_load_row(&record->keys, BYTES(row, n + 1), err);
	return rc;
}

static int found(struct record *record, struct record_founding *founding, struct err *err)
{
	int rc = record_begin(record, false, err);

	if (rc < 0)
		return rc;
	rc = keyring_make_device(record, err);
	if (rc == 0)
		rc = add_org_name(record, founding->org_name, err);
	if (rc == 0)
		rc = control_found_org(record, founding, err);
	if (rc == 0)
		return record_commit(record, err);
	record_rollback(record);
	return rc;
}

static int make_files(struct record *record, struct record_founding *founding, struct err *err)
{
	const struct new_slot slots[] = {
		{ SLOT_PASSPHRASE, founding->passphrase, founding->cost },
		{ SLOT_PAPER, founding->paper, founding->cost },
	};
	char keys[DISK_PATH_MAX];
	int rc;

	passphrase_generate(record->env, founding->passphrase);
	passphrase_generate(record->env, founding->paper);
	rc = home_path(record, "keys", keys, err);
	if (rc == 0)
		rc = slots_create(record->env, keys, record->root, slots, ARRAY_LEN(slots), record->home_id, err);
	if (rc == 0)
		rc = store_create(record->env, record->home, record->root, record->home_id, &record->store, err);
	return rc;
}

/* A home that was not made whole is taken away again; what cannot be removed stays and is named by the next try. */
static void remove_unfinished(struct env *env, const char *home)
{
	static const char *const names[] = { "keys",  "keys.new",  "record.db", "record.db-wal", "record.db-journal",
					     "heads", "heads.new", "lock" };
	char path[DISK_PATH_MAX];
	struct err ignored;

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (disk_join(home, names[i], path, &ignored) == 0 && env->disk->remove(env->disk, path, &ignored) < 0)
			continue;
}

/* Be the one that makes this home: of two at once only one creates the lock file. */
static int claim_place(struct env *env, const char *home, struct err *err)
{
	struct disk *disk = env->disk;
	struct disk_file *lock = NULL;
	char path[DISK_PATH_MAX];
	struct disk_stat st;
	int rc = check_empty(env, home, err);

	if (rc == 0)
		rc = disk->make_dir(disk, home, err);
	if (rc == 0)
		rc = disk->stat(disk, home, &st, err);
	if (rc == 0 && (st.mode & 077))
		rc = err_set(err, E_DENIED, "%s may be entered by others: 'chmod 700' it first, or name a new folder",
			     home);
	if (rc == 0)
		rc = disk_join(home, "lock", path, err);
	if (rc == 0)
		rc = disk->open(disk, path, DISK_WRITE | DISK_CREATE | DISK_EXCLUSIVE, &lock, err);
	if (rc == 0)
		disk->close(disk, lock);
	return rc;
}

int record_create(struct env *env, const char *home, struct record_founding *founding, struct record **ret,
		  struct err *err)
{
	uint8_t root[KEY_BYTES];
	struct record *record;
	size_t name_len = strlen(founding->org_name);
	int rc = crypto_start(err);

	if (rc < 0)
		return rc;
	if (name_len == 0 || name_len >= ORG_NAME_MAX || !utf8_valid(founding->org_name, name_len))
		return err_set(err, E_INVALID, "the organisation needs a name of 1 to %d bytes in UTF-8",
			       ORG_NAME_MAX - 1);
	rc = claim_place(env, home, err);
	if (rc < 0)
		return rc;
	env->random(env, root, sizeof root);
	record = record_new(env, home, root);
	secret_wipe(root, sizeof root);
	rc = make_files(record, founding, err);
	if (rc == 0)
		rc = found(record, founding, err);
	if (rc == 0)
		rc = env->disk->sync_dir(env->disk, home, err);
	if (rc < 0) {
		record_close(record);
		remove_unfinished(env, home);
		return rc;
	}
	*ret = record;
	return 0;
}

/* --- open -------------------------------------------------------------------------------------------------- */

int record_unlock(struct env *env, const char *home, const char *passphrase, uint8_t ret_root[static KEY_BYTES],
		  bool *ret_insecure, struct err *err)
{
	uint8_t home_id[HOME_ID_BYTES];
	char keys[DISK_PATH_MAX];
	int rc = crypto_start(err);

	if (rc == 0)
		rc = disk_join(home, "keys", keys, err);
	if (rc == 0)
		rc = slots_open(env, keys, passphrase, ret_root, home_id, ret_insecure, err);
	if (rc == E_NOT_FOUND)
		return err_set(err, E_NOT_FOUND, "%s is not a Parley home: 'parley init' makes one", home);
	return rc;
}

/* Keep the first reason why this home is not sound. */
static void note_trouble(struct record *record, const struct err *err)
{
	if (!record->trouble[0])
		snprintf(record->trouble, sizeof record->trouble,
			 "%.300s; nothing is signed: 'parley verify' lists all damage", err->text);
}

static void load_keys(struct record *record)
{
	uint64_t n_keys = store_state(record->store)->n_keys;
	struct err err;

	for (uint64_t n = 1; n <= n_keys; n++) {
		int rc = store_read(record->store, STORE_KEY, n, &record->row, &err);

		if (rc == 0)
			rc = keyring_load_row(&record->keys, BYTES(record->row.p, record->row.n), &err);
		if (rc < 0)
			note_trouble(record, &err);
	}
}

static void load_control(struct record *record)
{
	const struct state *state = store_state(record->store);
	struct record_entry entry;
	struct envelope e;
	struct err err;

	for (size_t i = 0; i < state->n_control_rows; i++) {
		int rc = record_read(record, state->control_rows[i], &entry, &err);

		if (rc == 0)
			rc = entry_check(entry.raw, &e, &err);
		if (rc == 0)
			control_apply(record, &entry);
		else
			note_trouble(record, &err);
	}
}

static int read_home_id(struct record *record, struct err *err)
{
	struct slot_info slots[SLOTS_MAX];
	char keys[DISK_PATH_MAX];
	size_t n;
	int rc = home_path(record, "keys", keys, err);

	if (rc == 0)
		rc = slots_inspect(record->env, keys, record->home_id, slots, &n, err);
	if (rc == E_NOT_FOUND)
		return err_set(err, E_NOT_FOUND, "%s is not a Parley home: 'parley init' makes one", record->home);
	return rc;
}

int record_open(struct env *env, const char *home, const uint8_t root[static KEY_BYTES], enum store_mode mode,
		struct record **ret, struct err *err)
{
	struct record *record;
	int rc = crypto_start(err);

	if (rc < 0)
		return rc;
	record = record_new(env, home, root);
	rc = read_home_id(record, err);
	if (rc == 0)
		rc = store_open(env, home, root, record->home_id, mode, &record->store, err);
	if (rc < 0) {
		record_close(record);
		return rc;
	}
	load_keys(record);
	load_control(record);
	*ret = record;
	return 0;
}

/* --- questions --------------------------------------------------------------------------------------------- */

bool record_is_sound(const struct record *record)
{
	return store_is_sound(record->store) && !record->trouble[0];
}

const char *record_trouble(const struct record *record)
{
	return store_is_sound(record->store) ? record->trouble : store_trouble(record->store);
}

struct env *record_env(const struct record *record)
{
	return record->env;
}

const char *record_org_name(const struct record *record)
{
	return record->keys.org_name;
}

const uint8_t *record_org_id(const struct record *record)
{
	return record->org.id;
}

const uint8_t *record_device(const struct record *record)
{
	return record->keys.device;
}

void org_actor(const uint8_t org[static ID_BYTES], uint8_t ret_id[static OBJECT_ID_BYTES])
{
	memcpy(ret_id, org, OBJECT_ID_BYTES);
}

uint64_t record_n_entries(const struct record *record)
{
	return store_state(record->store)->n_entries;
}

uint64_t record_counter(const struct record *record)
{
	return store_state(record->store)->counter;
}

uint64_t record_n_quarantine(const struct record *record, uint64_t *ret_dropped)
{
	*ret_dropped = store_state(record->store)->quarantine_dropped;
	return store_state(record->store)->n_quarantine;
}

size_t record_n_circles(const struct record *record)
{
	return record->n_circles;
}

static size_t count_organisations(const struct circle *circle)
{
	size_t n = 0;

	for (size_t i = 0; i < circle->n_members; i++) {
		size_t j = 0;

		while (j < i && memcmp(circle->members[j].organisation, circle->members[i].organisation, ID_BYTES) != 0)
			j++;
		n += j == i;
	}
	return n;
}

void record_circle(const struct record *record, size_t i, struct circle_info *ret)
{
	const struct circle *circle = &record->circles[i];

	memcpy(ret->id, circle->id, ID_BYTES);
	memcpy(ret->process, circle->process, ID_BYTES);
	ret->name = circle->name;
	ret->purpose = circle->purpose;
	ret->founded_ms = circle->founded_ms;
	ret->n_members = circle->n_members;
	ret->n_organisations = count_organisations(circle);
	ret->n_epochs = circle->n_epochs;
}

/* --- snapshot of the views --------------------------------------------------------------------------------- */

int record_write_snapshot(struct record *record, struct bytes head, struct bytes body, struct err *err)
{
	char path[DISK_PATH_MAX];
	int rc = home_path(record, "snapshot", path, err);

	if (rc == 0)
		rc = sealed_file_write(record->env, path, record->root, record->home_id, head, body, err);
	return rc;
}

int record_read_snapshot(struct record *record, uint8_t **ret, size_t *ret_n, struct err *err)
{
	char path[DISK_PATH_MAX];
	int rc = home_path(record, "snapshot", path, err);

	if (rc == 0)
		rc = sealed_file_read(record->env, path, record->root, record->home_id, ret, ret_n, err);
	return rc;
}

struct snapshot_reader {
	struct sealed_reader *inner;
};

int snapshot_open(struct record *record, struct snapshot_reader **ret, uint64_t *ret_n, struct err *err)
{
	struct sealed_reader *inner = NULL;
	char path[DISK_PATH_MAX];
	int rc = home_path(record, "snapshot", path, err);

	if (rc == 0)
		rc = sealed_reader_open(record->env, path, record->root, record->home_id, &inner, ret_n, err);
	if (rc < 0)
		return rc;
	*ret = mem_alloc(sizeof **ret);
	(*ret)->inner = inner;
	return 0;
}

int snapshot_read(struct snapshot_reader *reader, uint8_t *out, size_t n, struct err *err)
{
	return sealed_reader_read(reader->inner, out, n, err);
}

int snapshot_finish(struct snapshot_reader *reader, struct err *err)
{
	return sealed_reader_finish(reader->inner, err);
}

void snapshot_close(struct snapshot_reader *reader)
{
	if (reader)
		sealed_reader_close(reader->inner);
	free(reader);
}

int record_drop_snapshot(struct record *record, struct err *err)
{
	static const char *const names[] = { "snapshot", "snapshot.new" }; /* the latter from a crash while writing */
	char path[DISK_PATH_MAX];
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(names) && rc == 0; i++) {
		rc = home_path(record, names[i], path, err);
		if (rc == 0)
			rc = record->env->disk->remove(record->env->disk, path, err);
		if (rc == E_NOT_FOUND)
			rc = 0;
	}
	return rc == 0 ? record->env->disk->sync_dir(record->env->disk, record->home, err) : rc;
}
