/* SQLite's file operations on a struct disk: see db_vfs.h.
 *
 * The methods are of version 1, without shared memory: under exclusive locking
 * SQLite then keeps the index of the WAL in its own heap. Lock calls do
 * nothing: a database is locked as a whole when it is opened, through the disk,
 * and the home that it stands in is locked as well.
 */
#include "base/db_vfs.h"

#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/env.h"

#define SECTOR_BYTES 4096 /* what a power cut may tear or spoil as a whole */

struct db_vfs {
	sqlite3_vfs vfs; /* its pAppData points back here */
	char name[32];
	struct disk *disk;
	bool read_only;
	bool abandoned;
	bool sync_failed;
	struct err first; /* code 0: none */
};

struct vfs_file {
	sqlite3_file base; /* first, as SQLite asks */
	struct db_vfs *v;
	struct disk_file *file; /* NULL: a WAL that is not there, seen read-only */
	const char *path;       /* SQLite keeps it until close */
	bool new_entry;         /* made by this open: its directory is synced with it */
};

static struct vfs_file *file_of(sqlite3_file *file)
{
	return (struct vfs_file *)file;
}

static struct db_vfs *vfs_of(sqlite3_vfs *vfs)
{
	return vfs->pAppData;
}

/* Remember a disk error and give SQLite the code that makes it react rightly. */
static int sqlite_code(struct db_vfs *v, int rc, const struct err *err, int otherwise)
{
	if (rc == 0)
		return SQLITE_OK;
	if (v->first.code == 0) {
		v->first = *err;
		v->first.code = rc;
	}
	return rc == E_FULL ? SQLITE_FULL : otherwise;
}

static int file_close(sqlite3_file *file)
{
	struct vfs_file *f = file_of(file);

	if (f->file)
		f->v->disk->close(f->v->disk, f->file);
	f->file = NULL;
	return SQLITE_OK;
}

static int file_read(sqlite3_file *file, void *out, int n, sqlite3_int64 at)
{
	struct vfs_file *f = file_of(file);
	struct err err = { 0 };
	size_t got = 0;
	int rc = 0;

	if (f->file)
		rc = f->v->disk->read(f->v->disk, f->file, (uint64_t)at, out, (size_t)n, &got, &err);
	if (rc < 0)
		return sqlite_code(f->v, rc, &err, SQLITE_IOERR_READ);
	if (got == (size_t)n)
		return SQLITE_OK;
	memset((uint8_t *)out + got, 0, (size_t)n - got); /* SQLite relies on it */
	return SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *file, const void *p, int n, sqlite3_int64 at)
{
	struct vfs_file *f = file_of(file);
	struct err err = { 0 };

	if (f->v->abandoned)
		return SQLITE_OK;
	if (f->v->read_only)
		return SQLITE_READONLY;
	return sqlite_code(f->v, f->v->disk->write(f->v->disk, f->file, (uint64_t)at, p, (size_t)n, &err), &err,
			   SQLITE_IOERR_WRITE);
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size)
{
	struct vfs_file *f = file_of(file);
	struct err err = { 0 };

	if (f->v->abandoned)
		return SQLITE_OK;
	if (f->v->read_only)
		return SQLITE_READONLY;
	return sqlite_code(f->v, f->v->disk->truncate(f->v->disk, f->file, (uint64_t)size, &err), &err,
			   SQLITE_IOERR_TRUNCATE);
}

static int sync_parent(struct db_vfs *v, const char *path)
{
	char dir[DISK_PATH_MAX];
	struct err err = { 0 };
	int rc;

	disk_parent(path, dir);
	rc = v->disk->sync_dir(v->disk, dir, &err);
	v->sync_failed = v->sync_failed || rc < 0;
	return sqlite_code(v, rc, &err, SQLITE_IOERR_DIR_FSYNC);
}

/* A file whose name is not on the disk yet would be lost with all its synced bytes. */
static int file_sync(sqlite3_file *file, int flags)
{
	struct vfs_file *f = file_of(file);
	struct err err = { 0 };
	int rc;

	(void)flags;
	if (f->v->abandoned || f->v->read_only)
		return SQLITE_OK;
	rc = f->v->disk->sync(f->v->disk, f->file, &err);
	f->v->sync_failed = f->v->sync_failed || rc < 0;
	rc = sqlite_code(f->v, rc, &err, SQLITE_IOERR_FSYNC);
	if (rc == SQLITE_OK && f->new_entry)
		rc = sync_parent(f->v, f->path);
	if (rc == SQLITE_OK)
		f->new_entry = false;
	return rc;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *ret)
{
	struct vfs_file *f = file_of(file);
	struct err err = { 0 };
	uint64_t size = 0;
	int rc = 0;

	if (f->file)
		rc = f->v->disk->size(f->v->disk, f->file, &size, &err);
	if (rc == 0)
		*ret = (sqlite3_int64)size;
	return sqlite_code(f->v, rc, &err, SQLITE_IOERR_FSTAT);
}

static int file_lock(sqlite3_file *file, int level)
{
	(void)file;
	(void)level;
	return SQLITE_OK;
}

static int file_check_reserved(sqlite3_file *file, int *ret)
{
	(void)file;
	*ret = 0;
	return SQLITE_OK;
}

static int file_control(sqlite3_file *file, int op, void *arg)
{
	(void)file;
	(void)op;
	(void)arg;
	return SQLITE_NOTFOUND;
}

static int file_sector_size(sqlite3_file *file)
{
	(void)file;
	return SECTOR_BYTES;
}

/* No promise at all: a power cut during a write may spoil the rest of its sector, so SQLite pads each commit. */
static int file_characteristics(sqlite3_file *file)
{
	(void)file;
	return 0;
}

static const sqlite3_io_methods METHODS = {
	.iVersion = 1,
	.xClose = file_close,
	.xRead = file_read,
	.xWrite = file_write,
	.xTruncate = file_truncate,
	.xSync = file_sync,
	.xFileSize = file_size,
	.xLock = file_lock,
	.xUnlock = file_lock,
	.xCheckReservedLock = file_check_reserved,
	.xFileControl = file_control,
	.xSectorSize = file_sector_size,
	.xDeviceCharacteristics = file_characteristics,
};

/* Open the file behind f, and lock the database itself. */
static int open_on_disk(struct vfs_file *f, int flags, struct err *err)
{
	struct disk *disk = f->v->disk;
	const unsigned how = f->v->read_only              ? DISK_READ
			     : flags & SQLITE_OPEN_CREATE ? DISK_READ | DISK_WRITE | DISK_CREATE
							  : DISK_READ | DISK_WRITE;
	struct disk_stat st;
	int rc;

	rc = disk->stat(disk, f->path, &st, err);
	if (rc < 0)
		return rc;
	if (st.type == DISK_ABSENT && f->v->read_only && flags & SQLITE_OPEN_WAL)
		return 0; /* a database that was closed in order; its WAL is seen as empty */
	f->new_entry = st.type == DISK_ABSENT;
	rc = disk->open(disk, f->path, how, &f->file, err);
	if (rc < 0 || !(flags & SQLITE_OPEN_MAIN_DB))
		return rc;
	rc = disk->lock(disk, f->file, err);
	if (rc < 0)
		disk->close(disk, f->file);
	return rc;
}

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *ret_flags)
{
	struct vfs_file *f = file_of(file);
	struct db_vfs *v = vfs_of(vfs);
	struct err err = { 0 };
	int rc;

	*f = (struct vfs_file){ .v = v, .path = path };
	if (!path)
		rc = err_set(&err, E_IO, "the database asked for a temporary file, which must never be");
	else
		rc = open_on_disk(f, flags, &err);
	if (rc < 0)
		return sqlite_code(v, rc, &err, SQLITE_CANTOPEN);
	f->base.pMethods = &METHODS;
	if (ret_flags)
		*ret_flags = v->read_only
				     ? (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY
				     : flags;
	return SQLITE_OK;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_dir)
{
	struct db_vfs *v = vfs_of(vfs);
	struct err err = { 0 };
	int rc;

	if (v->abandoned)
		return SQLITE_OK;
	if (v->read_only)
		return SQLITE_IOERR_DELETE;
	rc = v->disk->remove(v->disk, path, &err);
	if (rc == E_NOT_FOUND)
		return SQLITE_IOERR_DELETE_NOENT;
	if (rc < 0)
		return sqlite_code(v, rc, &err, SQLITE_IOERR_DELETE);
	return sync_dir ? sync_parent(v, path) : SQLITE_OK;
}

/* An empty journal or WAL counts as none, as in SQLite's own VFS. */
static int vfs_access(sqlite3_vfs *vfs, const char *path, int flags, int *ret)
{
	struct db_vfs *v = vfs_of(vfs);
	struct disk_stat st = { 0 };
	struct err err = { 0 };
	const int rc = v->disk->stat(v->disk, path, &st, &err);

	if (rc < 0)
		return sqlite_code(v, rc, &err, SQLITE_IOERR_ACCESS);
	*ret = st.type != DISK_ABSENT && (flags != SQLITE_ACCESS_EXISTS || st.type != DISK_REGULAR || st.size > 0);
	return SQLITE_OK;
}

static int vfs_full_pathname(sqlite3_vfs *vfs, const char *path, int n_out, char *out)
{
	(void)vfs;
	if (snprintf(out, (size_t)n_out, "%s", path) >= n_out)
		return SQLITE_CANTOPEN;
	return SQLITE_OK;
}

/* For names of files and the like, never for keys. */
static int vfs_randomness(sqlite3_vfs *vfs, int n, char *out)
{
	struct env *env = env_system();

	(void)vfs;
	env->random(env, out, (size_t)n);
	return n;
}

/* SQLite sleeps only while it waits for a lock, and here nothing is waited for. */
static int vfs_sleep(sqlite3_vfs *vfs, int microseconds)
{
	(void)vfs;
	return microseconds;
}

/* SQL has no clock here: times come from the env, as values. 'now' is 1970-01-01 in every file. */
static int vfs_current_time(sqlite3_vfs *vfs, double *ret)
{
	(void)vfs;
	*ret = 2440587.5;
	return SQLITE_OK;
}

static int vfs_last_error(sqlite3_vfs *vfs, int n, char *out)
{
	(void)vfs;
	(void)n;
	(void)out;
	return 0;
}

int db_vfs_new(struct disk *disk, bool read_only, struct db_vfs **ret, struct err *err)
{
	static atomic_uint counter;
	struct db_vfs *v = mem_alloc(sizeof(*v));

	*v = (struct db_vfs){ .disk = disk, .read_only = read_only };
	snprintf(v->name, sizeof(v->name), "parley-%u", atomic_fetch_add(&counter, 1));
	v->vfs = (sqlite3_vfs){
		.iVersion = 1,
		.szOsFile = sizeof(struct vfs_file),
		.mxPathname = DISK_PATH_MAX - 1,
		.zName = v->name,
		.pAppData = v,
		.xOpen = vfs_open,
		.xDelete = vfs_delete,
		.xAccess = vfs_access,
		.xFullPathname = vfs_full_pathname,
		.xRandomness = vfs_randomness, /* the xDl functions stay NULL: extensions are off */
		.xSleep = vfs_sleep,
		.xCurrentTime = vfs_current_time,
		.xGetLastError = vfs_last_error,
	};
	if (sqlite3_vfs_register(&v->vfs, 0) != SQLITE_OK) {
		free(v);
		return err_set(err, E_IO, "the database library takes no file operations");
	}
	*ret = v;
	return 0;
}

void db_vfs_free(struct db_vfs *v)
{
	if (!v)
		return;
	sqlite3_vfs_unregister(&v->vfs);
	free(v);
}

const char *db_vfs_name(const struct db_vfs *v)
{
	return v->name;
}

void db_vfs_abandon(struct db_vfs *v)
{
	v->abandoned = true;
}

const struct err *db_vfs_error(const struct db_vfs *v)
{
	return &v->first;
}

void db_vfs_forget(struct db_vfs *v)
{
	v->first.code = 0;
}

bool db_vfs_sync_failed(const struct db_vfs *v)
{
	return v->sync_failed;
}
