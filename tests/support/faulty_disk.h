/* A disk that counts its operations and fails one of them, and a folder of a test's own.
 *
 * struct faulty_disk f; faulty_disk_init(&f); f.fail_at = n; ... pass &f.disk
 * From operation n on (counted from 1) `fail_count` operations fail with `code`; a write that fails has written half.
 */
#ifndef PARLEY_TESTS_FAULTY_DISK_H
#define PARLEY_TESTS_FAULTY_DISK_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/disk.h"
#include "support/test.h"

struct faulty_disk {
	struct disk disk; /* first */
	struct disk *real;
	long n;          /* operations so far */
	long fail_at;    /* 0: never */
	long fail_count; /* how many fail from there on */
	int code;
	bool lazy;  /* syncs are counted and can fail, but are not done: a test of thousands of them ends soon */
	long fired; /* how many did fail */
	long n_sync_dir, n_sync; /* how many of these succeeded */
	char opened[1024];       /* names of the files opened, each once, without their folder, "|" between */
};

/* Count an operation; its code if it is to fail. */
static inline int faulty_step(struct disk *disk, struct err *err)
{
	struct faulty_disk *f = (struct faulty_disk *)disk;

	f->n++;
	if (f->fail_at == 0 || f->n < f->fail_at || f->n >= f->fail_at + f->fail_count)
		return 0;
	f->fired++;
	return err_set(err, f->code, "injected fault");
}

static inline struct disk *faulty_real(struct disk *disk)
{
	return ((struct faulty_disk *)disk)->real;
}

static inline int faulty_open(struct disk *disk, const char *path, unsigned flags, struct disk_file **ret,
			      struct err *err)
{
	struct faulty_disk *f = (struct faulty_disk *)disk;
	const char *slash = strrchr(path, '/');
	char name[256];
	int rc = faulty_step(disk, err);

	snprintf(name, sizeof(name), "%s|", slash ? slash + 1 : path);
	if (!strstr(f->opened, name) && strlen(f->opened) + strlen(name) < sizeof(f->opened))
		memcpy(f->opened + strlen(f->opened), name, strlen(name) + 1);
	return rc < 0 ? rc : f->real->open(f->real, path, flags, ret, err);
}

static inline void faulty_close(struct disk *disk, struct disk_file *file)
{
	faulty_real(disk)->close(faulty_real(disk), file);
}

static inline int faulty_read(struct disk *disk, struct disk_file *file, uint64_t at, void *out, size_t n,
			      size_t *ret_n, struct err *err)
{
	int rc = faulty_step(disk, err);

	return rc < 0 ? rc : faulty_real(disk)->read(faulty_real(disk), file, at, out, n, ret_n, err);
}

static inline int faulty_write(struct disk *disk, struct disk_file *file, uint64_t at, const void *p, size_t n,
			       struct err *err)
{
	struct err ignored;
	int rc = faulty_step(disk, err);

	if (rc == 0)
		return faulty_real(disk)->write(faulty_real(disk), file, at, p, n, err);
	if (faulty_real(disk)->write(faulty_real(disk), file, at, p, n / 2, &ignored) < 0)
		return ignored.code;
	return rc;
}

static inline int faulty_truncate(struct disk *disk, struct disk_file *file, uint64_t size, struct err *err)
{
	int rc = faulty_step(disk, err);

	return rc < 0 ? rc : faulty_real(disk)->truncate(faulty_real(disk), file, size, err);
}

static inline int faulty_sync(struct disk *disk, struct disk_file *file, struct err *err)
{
	struct faulty_disk *f = (struct faulty_disk *)disk;
	int rc = faulty_step(disk, err);

	f->n_sync += rc == 0;
	return rc < 0 || f->lazy ? rc : f->real->sync(f->real, file, err);
}

static inline int faulty_size(struct disk *disk, struct disk_file *file, uint64_t *ret, struct err *err)
{
	int rc = faulty_step(disk, err);

	return rc < 0 ? rc : faulty_real(disk)->size(faulty_real(disk), file, ret, err);
}

static inline int faulty_lock(struct disk *disk, struct disk_file *file, struct err *err)
{
	int rc = faulty_step(disk, err);

	return rc < 0 ? rc : faulty_real(disk)->lock(faulty_real(disk), file, err);
}

static inline int faulty_stat(struct disk *disk, const char *path, struct disk_stat *ret, struct err *err)
{
	int rc = faulty_step(disk, err);

	return rc < 0 ? rc : faulty_real(disk)->stat(faulty_real(disk), path, ret, err);
}

static inline int faulty_rename(struct disk *disk, const char *from, const char *to, struct err *err)
{
	int rc = faulty_step(disk, err);

	return rc < 0 ? rc : faulty_real(disk)->rename(faulty_real(disk), from, to, err);
}

static inline int faulty_remove(struct disk *disk, const char *path, struct err *err)
{
	int rc = faulty_step(disk, err);

	return rc < 0 ? rc : faulty_real(disk)->remove(faulty_real(disk), path, err);
}

static inline int faulty_make_dir(struct disk *disk, const char *path, struct err *err)
{
	int rc = faulty_step(disk, err);

	return rc < 0 ? rc : faulty_real(disk)->make_dir(faulty_real(disk), path, err);
}

static inline int faulty_sync_dir(struct disk *disk, const char *path, struct err *err)
{
	struct faulty_disk *f = (struct faulty_disk *)disk;
	int rc = faulty_step(disk, err);

	f->n_sync_dir += rc == 0;
	return rc < 0 || f->lazy ? rc : f->real->sync_dir(f->real, path, err);
}

static inline void faulty_disk_init(struct faulty_disk *f)
{
	*f = (struct faulty_disk){
		.disk = { .open = faulty_open,
			  .close = faulty_close,
			  .read = faulty_read,
			  .write = faulty_write,
			  .truncate = faulty_truncate,
			  .sync = faulty_sync,
			  .size = faulty_size,
			  .lock = faulty_lock,
			  .stat = faulty_stat,
			  .rename = faulty_rename,
			  .remove = faulty_remove,
			  .make_dir = faulty_make_dir,
			  .sync_dir = faulty_sync_dir },
		.real = disk_system(),
		.fail_count = 1,
		.code = E_IO,
	};
}

/* An empty folder of this test's own, below $TMPDIR or /tmp. */
static inline void folder_make(char out[static DISK_PATH_MAX])
{
	const char *base = getenv("TMPDIR");

	assert_true(snprintf(out, DISK_PATH_MAX, "%s/parley-test-XXXXXX", base ? base : "/tmp") < DISK_PATH_MAX);
	assert_non_null(mkdtemp(out));
}

/* Remove the files in a folder and, with `itself`, the folder; folders inside must be empty. */
static inline void folder_clear(const char *path, bool itself)
{
	char name[DISK_PATH_MAX + 256];
	DIR *dir = opendir(path);

	assert_non_null(dir);
	for (struct dirent *e = readdir(dir); e; e = readdir(dir)) {
		if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
			continue;
		snprintf(name, sizeof(name), "%s/%s", path, e->d_name);
		if (unlink(name) != 0)
			assert_int_equal(rmdir(name), 0);
	}
	closedir(dir);
	if (itself)
		assert_int_equal(rmdir(path), 0);
}

/* The names in a folder but for "." and "..", sorted, "|" behind each. */
static inline void folder_list(const char *path, char out[static 1024])
{
	struct dirent **entries = NULL;
	int n = scandir(path, &entries, NULL, alphasort);
	size_t used = 0;

	assert_true(n >= 2);
	out[0] = '\0';
	for (int i = 0; i < n; i++) {
		if (strcmp(entries[i]->d_name, ".") != 0 && strcmp(entries[i]->d_name, "..") != 0)
			used += (size_t)snprintf(out + used, 1024 - used, "%s|", entries[i]->d_name);
		assert_true(used < 1024);
		free(entries[i]);
	}
	free(entries);
}

#endif
