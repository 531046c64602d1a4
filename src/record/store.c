#include "record/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/db.h"
#include "base/limits.h"
#include "record/state.h"

#define STATE_ROW 1
#define AUTOCHECKPOINT_NORMAL 1000
#define AUTOCHECKPOINT_BULK 16384

struct store {
	struct env *env;
	char home[DISK_PATH_MAX];
	uint8_t home_id[HOME_ID_BYTES];
	uint8_t *row_key; /* secret memory */
	struct disk_file *lock;
	struct db *db;
	struct heads *heads;
	struct state state; /* as committed */
	struct state next;  /* as it will be after the running transaction */
	bool in_transaction;
	bool read_only;
	int damaged_heads;
	char trouble[512];
	int trouble_code;
	struct buf plain;
};

/* The record's schema. It never changes: what may change is derived and lives in the views. */
static const char schema[] = "CREATE TABLE entry(n INTEGER PRIMARY KEY, box BLOB NOT NULL);"
			     "CREATE TABLE key(n INTEGER PRIMARY KEY, box BLOB NOT NULL);"
			     "CREATE TABLE quarantine(n INTEGER PRIMARY KEY, box BLOB NOT NULL);"
			     "CREATE TABLE state(n INTEGER PRIMARY KEY, box BLOB NOT NULL);";

struct table_words {
	const char *name, *insert, *select, *replace, *count, *last;
};

#define TABLE_WORDS(t)                                                                                                 \
	{                                                                                                              \
#t, "INSERT INTO " #t "(n, box) VALUES(?1, ?2)", "SELECT box FROM " #t " WHERE n = ?1",                \
			"UPDATE " #t " SET box = ?2 WHERE n = ?1", "SELECT count(*) FROM " #t,                         \
			"SELECT max(n) FROM " #t                                                                       \
	}

static const struct table_words tables[N_STORE_TABLES] = {
	[STORE_ENTRY] = TABLE_WORDS(entry),
	[STORE_KEY] = TABLE_WORDS(key),
	[STORE_QUARANTINE] = TABLE_WORDS(quarantine),
	[STORE_STATE] = TABLE_WORDS(state),
};

/* --- sealed rows ------------------------------------------------------------------------------------------- */

static struct row_place place_of(const struct store *s, enum store_table table, uint64_t n)
{
	return (struct row_place){ s->row_key, s->home_id, tables[table].name, n };
}

void store_seal(const struct store *s, enum store_table table, uint64_t n, const uint8_t nonce[static ROW_NONCE_BYTES],
		struct bytes plain, uint8_t *ret_box)
{
	const struct row_place at = place_of(s, table, n);

	row_seal(&at, nonce, plain, ret_box);
}

int store_unseal(const struct store *s, enum store_table table, uint64_t n, struct bytes box, uint8_t *ret_plain,
		 struct err *err)
{
	const struct row_place at = place_of(s, table, n);

	return row_unseal(&at, box, ret_plain, err);
}

static int open_row(struct store *s, enum store_table table, uint64_t n, struct bytes box, struct buf *out,
		    struct err *err)
{
	uint8_t *room = mem_alloc(box.n);
	int rc = store_unseal(s, table, n, box, room, err);

	buf_clear(out);
	if (rc == 0)
		buf_put(out, room, box.n - ROW_OVERHEAD);
	secret_wipe(room, box.n);
	free(room);
	return rc < 0 ? rc : buf_check(out, "a stored row", err);
}

static int missing(int code, enum store_table table, uint64_t n, struct err *err)
{
	return err_set(err, code, "record.db: table %s, row %llu is missing", tables[table].name,
		       (unsigned long long)n);
}

int store_read(struct store *s, enum store_table table, uint64_t n, struct buf *out, struct err *err)
{
	struct stmt *st;
	int rc = db_prepare(s->db, tables[table].select, &st, err);

	if (rc < 0)
		return rc;
	stmt_bind_int(st, 1, (int64_t)n);
	rc = stmt_step(st, err);
	if (rc == 1)
		rc = open_row(s, table, n, stmt_blob(st, 0), out, err);
	else if (rc == 0)
		rc = missing(E_NOT_FOUND, table, n, err);
	else
		err_prefix(err, "record.db: table %s, row %llu: ", tables[table].name, (unsigned long long)n);
	stmt_reset(st);
	return rc;
}

/* Each row is sought anew, as store_read() does: a run read from leaf to leaf would not notice that a page above them
 * leads astray. */
static int seek_boxes(struct store *s, enum store_table table, uint64_t first, size_t n, struct store_boxes *ret,
		      struct err *err)
{
	struct stmt *st;
	int rc = db_prepare(s->db, tables[table].select, &st, err);

	while (rc >= 0 && ret->n < n && (ret->enough == 0 || ret->bytes.n < ret->enough)) {
		const size_t i = ret->n++;

		ret->starts[i] = ret->bytes.n;
		ret->sizes[i] = 0;
		stmt_bind_int(st, 1, (int64_t)(first + i));
		rc = stmt_step(st, err);
		if (rc == 1) {
			const struct bytes box = stmt_blob(st, 0);

			ret->sizes[i] = box.n;
			buf_put(&ret->bytes, box.p, box.n);
		}
		stmt_reset(st);
	}
	return rc < 0 ? rc : buf_check(&ret->bytes, "a run of stored rows", err);
}

int store_read_boxes(struct store *s, enum store_table table, uint64_t first, size_t n, struct store_boxes *ret,
		     struct err *err)
{
	int rc = 0;

	buf_clear(&ret->bytes);
	ret->n = 0;
	if (!s->in_transaction) /* or each row would begin one of its own */
		rc = db_exec(s->db, "BEGIN", err);
	if (rc == 0)
		rc = seek_boxes(s, table, first, n, ret, err);
	if (!s->in_transaction)
		db_rollback(s->db);
	return rc;
}

int store_count(struct store *s, enum store_table table, bool by_last, uint64_t *ret, struct err *err)
{
	struct stmt *st;
	int rc = db_prepare(s->db, by_last ? tables[table].last : tables[table].count, &st, err);

	if (rc < 0)
		return rc;
	rc = stmt_step(st, err);
	if (rc == 1)
		*ret = (uint64_t)stmt_int(st, 0);
	stmt_reset(st);
	return rc < 0 ? rc : 0;
}

/* Put a sealed row into the database. */
static int put_box(struct store *s, enum store_table table, const char *sql, uint64_t n, struct bytes box,
		   struct err *err)
{
	struct stmt *st = NULL;
	int rc = db_prepare(s->db, sql, &st, err);

	if (rc < 0)
		return rc;
	stmt_bind_int(st, 1, (int64_t)n);
	stmt_lend_blob(st, 2, box.p, box.n);
	rc = stmt_run(st, err);
	stmt_reset(st);
	return rc == 0 && db_changes(s->db) != 1 ? missing(E_DAMAGED, table, n, err) : rc;
}

/* Write a row by `sql` and compare what comes back, inside the same transaction. */
static int write_row(struct store *s, enum store_table table, const char *sql, uint64_t n, struct bytes plain,
		     struct err *err)
{
	uint8_t nonce[ROW_NONCE_BYTES];
	uint8_t *box;
	int rc;

	if (plain.n > DB_ROW_MAX - ROW_OVERHEAD)
		return err_set(err, E_LIMIT, "a stored row is larger than the limit of %d bytes", DB_ROW_MAX);
	box = mem_alloc(plain.n + ROW_OVERHEAD);
	s->env->random(s->env, nonce, sizeof nonce);
	store_seal(s, table, n, nonce, plain, box);
	rc = put_box(s, table, sql, n, BYTES(box, plain.n + ROW_OVERHEAD), err);
	free(box);
	if (rc == 0)
		rc = store_read(s, table, n, &s->plain, err);
	if (rc == 0 && (s->plain.n != plain.n || (plain.n > 0 && memcmp(s->plain.p, plain.p, plain.n) != 0)))
		rc = err_set(err, E_DAMAGED, "record.db: a row just written did not come back the same");
	return rc;
}

/* --- transactions ------------------------------------------------------------------------------------------ */

static void set_trouble(struct store *s, int code, const char *text)
{
	if (s->trouble_code != 0)
		return;
	s->trouble_code = code;
	snprintf(s->trouble, sizeof s->trouble, "%s", text);
}

bool store_is_sound(const struct store *s)
{
	return s->trouble_code == 0;
}

const char *store_trouble(const struct store *s)
{
	return s->trouble;
}

int store_damaged_heads(const struct store *s)
{
	return s->damaged_heads;
}

const struct state *store_state(const struct store *s)
{
	return s->in_transaction ? &s->next : &s->state;
}

const struct feed *store_feed(const struct store *s, const uint8_t circle[static ID_BYTES],
			      const uint8_t device[static KEY_BYTES])
{
	return state_feed(store_state(s), circle, device);
}

int store_begin(struct store *s, struct err *err)
{
	int rc;

	if (s->trouble_code != 0)
		return err_set(err, s->trouble_code, "%s", s->trouble);
	if (s->read_only)
		return err_set(err, E_DENIED, "%s is open for reading only: nothing can be added", s->home);
	rc = db_begin(s->db, err);
	if (rc < 0)
		return rc;
	state_copy(&s->next, &s->state);
	s->in_transaction = true;
	return 0;
}

void store_rollback(struct store *s)
{
	if (!s->in_transaction)
		return;
	db_rollback(s->db);
	s->in_transaction = false;
}

static uint64_t *row_counter(struct state *state, enum store_table table)
{
	switch (table) {
	case STORE_ENTRY:
		return &state->n_entries;
	case STORE_KEY:
		return &state->n_keys;
	default:
		return &state->n_quarantine;
	}
}

int store_append(struct store *s, enum store_table table, struct bytes plain, uint64_t *ret_n, struct err *err)
{
	uint64_t *counter = row_counter(&s->next, table);
	int rc = write_row(s, table, tables[table].insert, *counter + 1, plain, err);

	if (rc == 0)
		*ret_n = ++*counter;
	return rc;
}

uint64_t store_reserve(struct store *s, enum store_table table)
{
	return ++*row_counter(&s->next, table);
}

int store_put_box(struct store *s, enum store_table table, uint64_t n, struct bytes box, struct err *err)
{
	return put_box(s, table, tables[table].insert, n, box, err);
}

int store_replace(struct store *s, enum store_table table, uint64_t n, struct bytes plain, struct err *err)
{
	return write_row(s, table, tables[table].replace, n, plain, err);
}

void store_set_feed(struct store *s, const struct feed *feed)
{
	state_set_feed(&s->next, feed);
}

void store_note_control(struct store *s, uint64_t n)
{
	state_add_control_row(&s->next, n);
}

void store_note_quarantine(struct store *s, uint64_t bytes, uint64_t dropped)
{
	s->next.quarantine_bytes += bytes;
	s->next.quarantine_dropped += dropped;
}

/* The disk failed where it is not known what reached it: write nothing more until the home was opened anew. */
static void mark_failed(struct store *s, const struct err *err)
{
	char text[sizeof s->trouble];

	snprintf(text, sizeof text,
		 "the disk failed while writing (%.200s): nothing more is written; "
		 "make room or mend the disk, then run the command again",
		 err->text);
	set_trouble(s, err->code, text);
}

/* A sync may also fail where SQLite folds its log in, behind a commit that is safe and is acknowledged. */
static void note_failed_sync(struct store *s)
{
	struct err err;

	if (!db_sync_failed(s->db))
		return;
	err_set(&err, E_IO, "record.db could not be brought to the disk");
	mark_failed(s, &err);
}

int store_commit(struct store *s, struct err *err)
{
	struct buf state;
	int rc;

	buf_init(&state, DB_ROW_MAX);
	s->next.counter = s->state.counter + 1;
	state_encode(&s->next, &state);
	rc = buf_check(&state, "the state of the home", err);
	if (rc == 0)
		rc = write_row(s, STORE_STATE, tables[STORE_STATE].replace, STATE_ROW, BYTES(state.p, state.n), err);
	if (rc < 0) {
		store_rollback(s);
		goto out;
	}
	rc = db_commit(s->db, err);
	if (rc < 0) {
		store_rollback(s);
		if (rc != E_FULL) /* no space: nothing reached the log; unless it was the sync that found none */
			mark_failed(s, err);
		note_failed_sync(s);
		goto out;
	}
	s->in_transaction = false;
	state_copy(&s->state, &s->next);
	rc = heads_write(s->heads, s->state.counter, BYTES(state.p, state.n), err);
	if (rc < 0)
		mark_failed(s, err);
	note_failed_sync(s);
out:
	buf_release(&state);
	return rc;
}

void store_set_bulk(struct store *s, bool bulk)
{
	db_set_autocheckpoint(s->db, bulk ? AUTOCHECKPOINT_BULK : AUTOCHECKPOINT_NORMAL);
}

int store_scrub(struct store *s, struct err *err)
{
	const int rc = db_checkpoint(s->db, err);

	note_failed_sync(s);
	return rc;
}

/* --- open and close ---------------------------------------------------------------------------------------- */

static struct store *store_new(struct env *env, const char *home, const uint8_t root[static KEY_BYTES],
			       const uint8_t home_id[static HOME_ID_BYTES])
{
	struct store *s = mem_alloc(sizeof *s);

	memset(s, 0, sizeof *s);
	s->env = env;
	snprintf(s->home, sizeof s->home, "%s", home);
	memcpy(s->home_id, home_id, HOME_ID_BYTES);
	s->row_key = secret_alloc(KEY_BYTES);
	row_key(root, s->row_key);
	buf_init(&s->plain, DB_ROW_MAX);
	return s;
}

static int take_lock(struct store *s, bool create, struct err *err)
{
	struct disk *disk = s->env->disk;
	unsigned flags = s->read_only ? DISK_READ : DISK_READ | DISK_WRITE | (create ? DISK_CREATE : 0);
	char path[DISK_PATH_MAX];
	int rc = disk_join(s->home, "lock", path, err);

	if (rc == 0)
		rc = disk->open(disk, path, flags, &s->lock, err);
	if (rc == E_NOT_FOUND)
		return err_set(err, E_NOT_FOUND, "%s is not a Parley home: 'parley init' makes one", s->home);
	if (rc == 0)
		rc = disk->lock(disk, s->lock, err);
	if (rc == E_LOCKED)
		return err_set(err, E_LOCKED, "%s is in use by another parley: wait for it, or stop it", s->home);
	return rc;
}

static int open_db(struct store *s, struct err *err)
{
	char path[DISK_PATH_MAX];
	int rc = disk_join(s->home, "record.db", path, err);

	if (rc == 0)
		rc = db_open(s->env->disk, path, s->read_only ? DB_READ_ONLY : DB_READ_WRITE, &s->db, err);
	return rc;
}

static int write_first_state(struct store *s, struct buf *state, struct err *err)
{
	int rc = db_begin(s->db, err);

	if (rc < 0)
		return rc;
	rc = db_exec(s->db, schema, err);
	if (rc == 0) {
		s->state.counter = 1;
		state_encode(&s->state, state);
		rc = write_row(s, STORE_STATE, tables[STORE_STATE].insert, STATE_ROW, BYTES(state->p, state->n), err);
	}
	if (rc == 0)
		rc = db_commit(s->db, err);
	if (rc < 0)
		db_rollback(s->db);
	return rc;
}

int store_create(struct env *env, const char *home, const uint8_t root[static KEY_BYTES],
		 const uint8_t home_id[static HOME_ID_BYTES], struct store **ret, struct err *err)
{
	struct store *s = store_new(env, home, root, home_id);
	char heads[DISK_PATH_MAX];
	struct buf state;
	int rc;

	buf_init(&state, DB_ROW_MAX);
	rc = take_lock(s, true, err);
	if (rc == 0)
		rc = disk_join(home, "heads", heads, err);
	if (rc == 0)
		rc = open_db(s, err);
	if (rc == 0)
		rc = write_first_state(s, &state, err);
	if (rc == 0)
		rc = heads_create(env, heads, root, home_id, s->state.counter, BYTES(state.p, state.n), err);
	if (rc == 0)
		rc = heads_open(env, heads, root, home_id, true, &s->heads, err);
	buf_release(&state);
	if (rc < 0) {
		store_close(s);
		return rc;
	}
	*ret = s;
	return 0;
}

static enum heads_verdict judge_heads(struct store *s, struct bytes state)
{
	enum heads_verdict verdict = heads_compare(s->heads, s->state.counter, state, &s->damaged_heads);

	switch (verdict) {
	case HEADS_AGREE:
	case HEADS_BEHIND:
		break;
	case HEADS_AHEAD:
		set_trouble(s, E_ROLLED_BACK,
			    "record.db is older than what this home acknowledged (heads file): entries are missing; "
			    "nothing is signed. Keep a copy of the home, and bring back the newer record.db and "
			    "record.db-wal");
		break;
	case HEADS_DIFFER:
		set_trouble(
			s, E_DAMAGED,
			"record.db does not hold what this home acknowledged (heads file): it is damaged or was "
			"exchanged; nothing is signed. Keep a copy of the home, and bring back the right record.db");
		break;
	case HEADS_UNREADABLE:
		set_trouble(s, E_DAMAGED,
			    "the heads file is missing or damaged, so it is not known whether entries are missing; "
			    "nothing is signed. Keep a copy of the home, and bring back its heads file");
		break;
	}
	return verdict;
}

static int load_state(struct store *s, const char *heads_path, const uint8_t root[static KEY_BYTES], struct err *err)
{
	enum heads_verdict verdict = HEADS_AGREE;
	struct buf row;
	int rc;

	buf_init(&row, DB_ROW_MAX);
	rc = store_read(s, STORE_STATE, STATE_ROW, &row, err);
	if (rc == 0)
		rc = state_decode(BYTES(row.p, row.n), &s->state, err);
	if (rc == E_NOT_FOUND)
		rc = err_set(err, E_DAMAGED, "record.db: the state row is missing");
	if (rc == 0)
		rc = heads_open(s->env, heads_path, root, s->home_id, !s->read_only, &s->heads, err);
	if (rc == 0)
		verdict = judge_heads(s, BYTES(row.p, row.n));
	/* After a crash between the two writes, or within the second, the slot is written now: the next one must not replace
	 * the newest good one. */
	if (rc == 0 && verdict == HEADS_BEHIND && !s->read_only) {
		rc = heads_write(s->heads, s->state.counter, BYTES(row.p, row.n), err);
		if (rc == 0)
			judge_heads(s, BYTES(row.p, row.n));
	}
	buf_release(&row);
	return rc;
}

int store_open(struct env *env, const char *home, const uint8_t root[static KEY_BYTES],
	       const uint8_t home_id[static HOME_ID_BYTES], enum store_mode mode, struct store **ret, struct err *err)
{
	struct store *s = store_new(env, home, root, home_id);
	char heads[DISK_PATH_MAX];
	int rc;

	s->read_only = mode == STORE_READ_ONLY;
	rc = take_lock(s, false, err);
	if (rc == 0)
		rc = disk_join(home, "heads", heads, err);
	if (rc == 0)
		rc = open_db(s, err);
	if (rc == 0)
		rc = load_state(s, heads, root, err);
	if (rc < 0) {
		store_close(s);
		return rc;
	}
	*ret = s;
	return 0;
}

static void store_release(struct store *s)
{
	heads_close(s->heads);
	if (s->lock)
		s->env->disk->close(s->env->disk, s->lock);
	state_release(&s->state);
	state_release(&s->next);
	buf_release(&s->plain);
	secret_free(s->row_key);
	free(s);
}

void store_close(struct store *s)
{
	if (!s)
		return;
	store_rollback(s);
	db_close(s->db);
	store_release(s);
}

void store_abandon(struct store *s)
{
	if (!s)
		return;
	db_abandon(s->db);
	store_release(s);
}
