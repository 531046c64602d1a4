/* The disk: the few file operations that Parley uses, behind one table.
 *
 * SQLite runs on this table too (db_vfs.c), so that a fault injected here hits
 * the database as it hits the heads file. Paths are absolute or relative to the
 * working directory, UTF-8, shorter than DISK_PATH_MAX.
 *
 * Every function returns 0 or E_IO, E_FULL, E_NOT_FOUND, E_EXISTS, E_DENIED,
 * E_LOCKED with a text that names path and reason (paths are not secret).
 *
 * Threads: as the env. Memory: a disk_file is owned by who opened it.
 */
#ifndef PARLEY_BASE_DISK_H
#define PARLEY_BASE_DISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define DISK_PATH_MAX 4096

struct disk_file;

enum disk_open { DISK_READ = 1, DISK_WRITE = 2, DISK_CREATE = 4, DISK_EXCLUSIVE = 8 /* must not exist yet */ };

enum disk_type { DISK_ABSENT, DISK_REGULAR, DISK_DIRECTORY, DISK_OTHER };

struct disk_stat {
	enum disk_type type;
	uint64_t size;
	uint32_t mode; /* permission bits */
	uint64_t device, inode;
};

struct disk {
	/* Files are created 0600, never follow a dangling link, are closed on exec. A directory is refused: E_INVALID. */
	int (*open)(struct disk *disk, const char *path, unsigned flags, struct disk_file **ret, struct err *err);
	void (*close)(struct disk *disk, struct disk_file *file);
	/* Read up to n bytes; ret_n < n only at the end of the file. */
	int (*read)(struct disk *disk, struct disk_file *file, uint64_t at, void *out, size_t n, size_t *ret_n,
		    struct err *err);
	/* Write all n bytes or fail. */
	int (*write)(struct disk *disk, struct disk_file *file, uint64_t at, const void *p, size_t n, struct err *err);
	int (*truncate)(struct disk *disk, struct disk_file *file, uint64_t size, struct err *err);
	int (*sync)(struct disk *disk, struct disk_file *file, struct err *err); /* data and size are on the disk */
	int (*size)(struct disk *disk, struct disk_file *file, uint64_t *ret, struct err *err);
	/* Hold the whole file for this process until close; E_LOCKED if another holds it. */
	int (*lock)(struct disk *disk, struct disk_file *file, struct err *err);
	/* An absent file is no error. */
	int (*stat)(struct disk *disk, const char *path, struct disk_stat *ret, struct err *err);
	int (*rename)(struct disk *disk, const char *from, const char *to, struct err *err);
	int (*remove)(struct disk *disk, const char *path, struct err *err); /* E_NOT_FOUND if absent */
	/* 0700, with parents, their names on the disk; there already: 0. */
	int (*make_dir)(struct disk *disk, const char *path, struct err *err);
	/* Renames and removals are on the disk. */
	int (*sync_dir)(struct disk *disk, const char *path, struct err *err);
};

/** The real disk. One static object. */
struct disk *disk_system(void);

/** Read a whole regular file of at most max bytes into out (appended).
 * @return 0; E_NOT_FOUND; E_LIMIT if larger; E_INVALID if it is a directory; E_IO */
MUST_CHECK int disk_read_all(struct disk *disk, const char *path, size_t max, struct buf *out, struct err *err);

/** Replace a file so that after a crash it is the old one or the new one, whole:
 * write to PATH.new, sync, rename, sync the directory. */
MUST_CHECK int disk_replace(struct disk *disk, const char *path, const void *p, size_t n, struct err *err);

/** Write a new file, sync it and its directory. What is there is never replaced.
 * @return 0; E_EXISTS; on another failure nothing is left at path */
MUST_CHECK int disk_write_new(struct disk *disk, const char *path, const void *p, size_t n, struct err *err);

/** dir + "/" + name into out.
 * @return 0; E_LIMIT if longer than DISK_PATH_MAX */
MUST_CHECK int disk_join(const char *dir, const char *name, char out[static DISK_PATH_MAX], struct err *err);

/** The directory that a path stands in: "." for a bare name.
 * Requires: strlen(path) < DISK_PATH_MAX. */
void disk_parent(const char *path, char out[static DISK_PATH_MAX]);

#endif
