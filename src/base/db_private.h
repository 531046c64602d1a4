/* What db.c and db_stmt.c share. Nothing else includes this. */
#ifndef PARLEY_BASE_DB_PRIVATE_H
#define PARLEY_BASE_DB_PRIVATE_H

#include <sqlite3.h>

#include "base/db.h"
#include "base/db_vfs.h"

#define N_BUCKETS 64

struct stmt {
	sqlite3_stmt *inner; /* NULL after db_deserialize(), until it is prepared again */
	struct db *db;
	char *sql;
	int bind_code; /* first failed bind since the last step, SQLite's code */
	struct stmt *next;
};

struct db {
	sqlite3 *handle;
	struct db_vfs *vfs;              /* NULL: in memory */
	char *name;                      /* path, or words, for error texts */
	unsigned char *copy;             /* what db_serialize() had to copy */
	struct stmt *buckets[N_BUCKETS]; /* by hash of the text */
};

/** Write the error of a call that gave sqlite_rc; returns its code of base/err.h. */
int db_failed(struct db *db, int sqlite_rc, const char *why, struct err *err);

/** The same in the words of SQLite: for SQL that is a literal. */
int db_failed_sql(struct db *db, int sqlite_rc, struct err *err);

/** Start a call: a disk error of an earlier one is no news. */
void db_forget_disk_error(struct db *db);

/** Let go of all inner statements; each struct stmt stays, for it is the caller's as long as the db lives. */
void db_finalize_statements(struct db *db);

/** Free the statements altogether. */
void db_free_statements(struct db *db);

#endif
