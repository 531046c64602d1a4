/* SQLite's file operations on a struct disk: private to db.c.
 *
 * One VFS is registered per open database, so that it can carry what belongs to
 * that database alone: the first disk error since the last call, and whether
 * writing has stopped.
 *
 * Threads: as the db. Memory: db_vfs_free() after the last sqlite3_close().
 */
#ifndef PARLEY_BASE_DB_VFS_H
#define PARLEY_BASE_DB_VFS_H

#include <stdbool.h>

#include "base/disk.h"
#include "base/err.h"

struct db_vfs;

/** Register a VFS whose files live on `disk`. SQLite must be initialised. */
MUST_CHECK int db_vfs_new(struct disk *disk, bool read_only, struct db_vfs **ret, struct err *err);

/** Unregister; NULL is fine. */
void db_vfs_free(struct db_vfs *v);

/** The name to open a database with. */
const char *db_vfs_name(const struct db_vfs *v);

/** From now on nothing is written, truncated, synced or removed any more; each such call says "done". */
void db_vfs_abandon(struct db_vfs *v);

/** The first disk error since db_vfs_forget(); its code is 0 if there was none. */
const struct err *db_vfs_error(const struct db_vfs *v);
void db_vfs_forget(struct db_vfs *v);

/** True once a sync has failed. */
bool db_vfs_sync_failed(const struct db_vfs *v);

#endif
