/* Thin SQLite: open with our settings, prepare, bind, step, read, transaction.
 *
 * Files open through the env's disk (db_vfs.c) with these settings: WAL,
 * synchronous=FULL, exclusive locking, one connection, no mmap,
 * secure_delete, cell_size_check, trusted_schema off, defensive, temp_store in
 * memory, no extensions. Only prepared statements; SQL is a literal or made
 * from the kinds table, never from input.
 *
 * Errors: E_FULL (no space), E_DAMAGED (corrupt, not a database), E_IO, E_LOCKED,
 * E_LIMIT (a row larger than DB_ROW_MAX, in memory DB_MEMORY_ROW_MAX), E_EXISTS (a uniqueness constraint),
 * E_DENIED (opened read-only), E_NOT_FOUND (no file to read), E_INVALID (all that
 * is wrong with a statement or its values). Texts never repeat bound values.
 *
 * Threads: one db belongs to one thread.
 * Memory: db_close() frees; statements are cached in the db and live as long as it.
 */
#ifndef PARLEY_BASE_DB_H
#define PARLEY_BASE_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/disk.h"
#include "base/err.h"

struct db;
struct stmt; /* a prepared statement; bound values are copied */

enum db_mode { DB_READ_WRITE, DB_READ_ONLY };

/** Open or create (read-write only) a database file. */
MUST_CHECK int db_open(struct disk *disk, const char *path, enum db_mode mode, struct db **ret, struct err *err);

/** Open an empty database in memory; nothing of it ever reaches a disk. */
MUST_CHECK int db_open_memory(struct db **ret, struct err *err);

/** Close; NULL is fine. A file's WAL is folded in. */
void db_close(struct db *db);

/** Close as a killed process would: no checkpoint, nothing more is written. */
void db_abandon(struct db *db);

/** Run one or more statements without values. */
MUST_CHECK int db_exec(struct db *db, const char *sql, struct err *err);

/** Get the statement for `sql`, reset and with no values bound. The same text gives the same statement, so a
 * statement must not be taken again while it is being stepped. */
MUST_CHECK int db_prepare(struct db *db, const char *sql, struct stmt **ret, struct err *err);

/* Bind parameter i (from 1). Failure is remembered and returned by the next stmt_step(). */
void stmt_bind_int(struct stmt *s, int i, int64_t v);
void stmt_bind_text(struct stmt *s, int i, const char *text); /* NULL binds SQL NULL */
void stmt_bind_blob(struct stmt *s, int i, const void *p, size_t n);
void stmt_bind_null(struct stmt *s, int i);

/* As stmt_bind_text() and stmt_bind_blob(), but nothing is copied: the bytes must stay until the statement was run to
 * its end or reset. */
void stmt_lend_text(struct stmt *s, int i, const char *text);
void stmt_lend_blob(struct stmt *s, int i, const void *p, size_t n);

/** @return 1 a row is there; 0 done (and reset); negative an error (and reset) */
MUST_CHECK int stmt_step(struct stmt *s, struct err *err);

/** Step a statement that gives no rows, to its end. */
MUST_CHECK int stmt_run(struct stmt *s, struct err *err);

/** Let go of a statement before its end; bound values are cleared. */
void stmt_reset(struct stmt *s);

/* Read column i (from 0) of the current row; valid until the next step or reset. */
int64_t stmt_int(struct stmt *s, int i);
const char *stmt_text(struct stmt *s, int i); /* NULL for SQL NULL */
struct bytes stmt_blob(struct stmt *s, int i);
bool stmt_is_null(struct stmt *s, int i);
int stmt_n_columns(struct stmt *s);
/** Whether column i of the current rows of two statements is the same: type and value. */
bool stmt_cells_equal(struct stmt *a, struct stmt *b, int i);
const char *stmt_column_name(struct stmt *s, int i);

MUST_CHECK int db_begin(struct db *db, struct err *err);
MUST_CHECK int db_commit(struct db *db, struct err *err); /* on failure the transaction is rolled back */
void db_rollback(struct db *db);                          /* without a transaction: nothing */

int64_t db_last_rowid(struct db *db);
int64_t db_changes(struct db *db);

/** Fold the WAL into the database file now. */
MUST_CHECK int db_checkpoint(struct db *db, struct err *err);

/** True once a sync of the file or of its WAL has failed, also where no call could say so: the WAL is folded in by itself
 * behind a commit that is safe. What the file holds is not known from then on. */
bool db_sync_failed(const struct db *db);

/** Pages of WAL after which SQLite folds it in by itself (default 1,000; 16,384 while importing). */
void db_set_autocheckpoint(struct db *db, int pages);

/** The whole in-memory database as bytes, without copying where SQLite can.
 * Borrowed until the next change of db. E_INVALID while a transaction is open. */
MUST_CHECK int db_serialize(struct db *db, struct bytes *ret, struct err *err);

/** Replace the content of an in-memory database by serialised bytes (copied). Foreign or damaged bytes: E_DAMAGED, and
 * the content stays. Statements must be taken again by db_prepare(). SQLite holds at most 2 GiB. E_INVALID while a
 * transaction is open. */
MUST_CHECK int db_deserialize(struct db *db, struct bytes image, struct err *err);

/** Memory for an image that db_adopt() takes over; NULL if there is none, or it would be larger than SQLite takes. */
uint8_t *db_image_alloc(size_t n);
void db_image_free(uint8_t *image); /* NULL is fine */

/** The same as db_deserialize() without a copy, of an image that is known to be what db_serialize() gave: only its header
 * is looked at.
 * @param image  from db_image_alloc(); belongs to db from here on, also on failure */
MUST_CHECK int db_adopt(struct db *db, uint8_t *image, size_t n, struct err *err);

#endif
