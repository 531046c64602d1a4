/* The store of a home: sealed rows in SQLite, the state row, the heads file, the lock.
 * docs/format-record.md 8.2, 8.3.
 *
 * It knows rows and feeds' heads, not what entries mean (record.h does).
 *
 * Invariants: a transaction is acknowledged only after it and its heads slot are
 * on the disk; every row written is read back and compared before commit; after
 * a failure of the disk nothing more is written (store_is_sound() is false).
 *
 * Threads: as the env. Memory: store_close() frees and wipes.
 */
#ifndef PARLEY_RECORD_STORE_H
#define PARLEY_RECORD_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/err.h"
#include "record/crypto.h"
#include "record/heads.h"
#include "record/row.h"
#include "record/slots.h"

enum store_table { STORE_ENTRY, STORE_KEY, STORE_QUARANTINE, STORE_STATE, N_STORE_TABLES };

enum store_mode { STORE_READ_WRITE, STORE_READ_ONLY };

/* The last entry of one feed. */
struct feed {
	uint8_t circle[ID_BYTES];
	uint8_t device[KEY_BYTES];
	bool own;      /* of this device */
	bool sigchain; /* holds class 5 only; other feeds never hold it */
	uint64_t seq;
	uint8_t id[ID_BYTES];
};

/* The state row. */
struct state {
	uint64_t counter;
	uint64_t n_entries, n_keys, n_quarantine;
	uint64_t quarantine_bytes, quarantine_dropped;
	struct feed *feeds; /* ascending by circle, then device */
	size_t n_feeds;
	uint64_t *control_rows;
	size_t n_control_rows;
};

struct store;

/** Make the files of a new home (the directory and `keys` exist) and leave it open. */
MUST_CHECK int store_create(struct env *env, const char *home, const uint8_t root[static KEY_BYTES],
			    const uint8_t home_id[static HOME_ID_BYTES], struct store **ret, struct err *err);

/** Open a home.
 *
 * @param mode  STORE_READ_ONLY: nothing is written, a home on a read-only disk opens too
 * @return 0, also for a home that is rolled back or damaged: then store_is_sound() is false and store_trouble() says
 *         why; E_LOCKED if another process has it open; E_NOT_FOUND if there is no home; E_DAMAGED if not even the
 *         state row opens; E_DENIED on a read-only disk with STORE_READ_WRITE; E_IO */
MUST_CHECK int store_open(struct env *env, const char *home, const uint8_t root[static KEY_BYTES],
			  const uint8_t home_id[static HOME_ID_BYTES], enum store_mode mode, struct store **ret,
			  struct err *err);
void store_close(struct store *store); /* NULL is fine */

/** Let go of a home as a killed process would: for tests. */
void store_abandon(struct store *store);

/** True while the home agrees with what it acknowledged and the disk has not failed: only then may anything be signed. */
bool store_is_sound(const struct store *store);

/** One line on why store_is_sound() is false, and what to do; "" if it is true. */
const char *store_trouble(const struct store *store);

/** Number of heads slots that are damaged (0..2), though another one still served. */
int store_damaged_heads(const struct store *store);

const struct state *store_state(const struct store *store);

/** The feed's head, or NULL if it has no entry yet. Valid until the next change. */
const struct feed *store_feed(const struct store *store, const uint8_t circle[static ID_BYTES],
			      const uint8_t device[static KEY_BYTES]);

/** Start a transaction. @return 0; E_DENIED read-only; E_ROLLED_BACK, E_DAMAGED if not sound */
MUST_CHECK int store_begin(struct store *store, struct err *err);

/** Append a row, read it back and compare.
 * @param ret_n  fills its number */
MUST_CHECK int store_append(struct store *store, enum store_table table, struct bytes plain, uint64_t *ret_n,
			    struct err *err);

/* The same in steps, for many rows at once. Who takes this way reads the rows back himself, before store_commit(). */

/** The number of the next row. */
uint64_t store_reserve(struct store *store, enum store_table table);

/** Seal it, on any thread: only the row key is read.
 * @param nonce    fresh random bytes
 * @param ret_box  gets plain.n + ROW_OVERHEAD bytes */
void store_seal(const struct store *store, enum store_table table, uint64_t n,
		const uint8_t nonce[static ROW_NONCE_BYTES], struct bytes plain, uint8_t *ret_box);

/** Put it in. */
MUST_CHECK int store_put_box(struct store *store, enum store_table table, uint64_t n, struct bytes box,
			     struct err *err);

/** Replace a row (a redacted entry, an erased key), read it back and compare. */
MUST_CHECK int store_replace(struct store *store, enum store_table table, uint64_t n, struct bytes plain,
			     struct err *err);

/** Within a transaction: move a feed's head. */
void store_set_feed(struct store *store, const struct feed *feed);

/** Within a transaction: remember a row of a control entry, an item put in or dropped from quarantine. */
void store_note_control(struct store *store, uint64_t n);
void store_note_quarantine(struct store *store, uint64_t bytes, uint64_t dropped);

/** Commit, sync, write and sync the heads slot. When this returns 0 the transaction is acknowledged.
 * On failure the transaction is rolled back (or, if the disk failed behind it, not acknowledged and the store unsound). */
MUST_CHECK int store_commit(struct store *store, struct err *err);
void store_rollback(struct store *store);

/** Read one row, opened, into out (cleared first).
 * @return 0; E_NOT_FOUND if it is missing; E_DAMAGED if it does not open; both with table and number */
MUST_CHECK int store_read(struct store *store, enum store_table table, uint64_t n, struct buf *out, struct err *err);

/* Sealed rows, one behind the other. */
struct store_boxes {
	struct buf bytes;       /* its maximum is the caller's */
	size_t *starts, *sizes; /* of row first + i; size 0: it is missing */
	size_t n;               /* rows that were looked at: fewer than asked for where `enough` bytes came together */
	size_t enough;          /* bytes; 0: no end but the rows asked for */
};

/** Read n rows from `first` on, still sealed.
 * @param ret  its arrays have room for n */
MUST_CHECK int store_read_boxes(struct store *store, enum store_table table, uint64_t first, size_t n,
				struct store_boxes *ret, struct err *err);

/** Open a sealed row (on any thread: only the row key is read).
 * @param ret_plain  gets box.n - ROW_OVERHEAD bytes
 * @return 0; E_DAMAGED with table and number */
MUST_CHECK int store_unseal(const struct store *store, enum store_table table, uint64_t n, struct bytes box,
			    uint8_t *ret_plain, struct err *err);

/** Rows found in the table, whatever the state counts.
 * @param by_last  the number of the last one instead, which needs no count
 * @param ret      fills how many there are */
MUST_CHECK int store_count(struct store *store, enum store_table table, bool by_last, uint64_t *ret, struct err *err);

/** While importing many entries: let the WAL grow longer between foldings. */
void store_set_bulk(struct store *store, bool bulk);

/** Fold the WAL in and overwrite what was deleted: after a redaction. */
MUST_CHECK int store_scrub(struct store *store, struct err *err);

#endif
