/* The real disk, and helpers on any disk: see disk.h. */
#include "base/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"

#define READ_STEP ((size_t)64 * 1024)

struct disk_file {
	int fd;
	char *path; /* for error texts */
};

/* Turn errno into a code and a line such as "cannot write /x: no space left". */
static int failed(int no, const char *verb, const char *path, struct err *err)
{
	switch (no) {
	case ENOSPC:
		return err_set(err, E_FULL, "cannot %s %s: no space left on the disk", verb, path);
	case EDQUOT:
		return err_set(err, E_FULL, "cannot %s %s: the disk quota is used up", verb, path);
	case EFBIG:
		return err_set(err, E_FULL, "cannot %s %s: the file would be larger than allowed here", verb, path);
	case EROFS:
		return err_set(err, E_DENIED, "cannot %s %s: read-only file system", verb, path);
	case EACCES:
	case EPERM:
		return err_set(err, E_DENIED, "cannot %s %s: permission denied", verb, path);
	case ENOENT:
		return err_set(err, E_NOT_FOUND, "cannot %s %s: no such file or directory", verb, path);
	case EEXIST:
		return err_set(err, E_EXISTS, "cannot %s %s: it exists already", verb, path);
	case EISDIR:
		return err_set(err, E_INVALID, "cannot %s %s: is a directory, not a file", verb, path);
	case ENOTDIR:
		return err_set(err, E_INVALID, "cannot %s %s: a part of the path is not a directory", verb, path);
	case ENAMETOOLONG:
		return err_set(err, E_LIMIT, "cannot %s %s: the path is too long", verb, path);
	default:
		return err_set(err, E_IO, "cannot %s %s: %s", verb, path, strerrordesc_np(no));
	}
}

/* open(2) for our flags. A new file is made with O_EXCL, because O_CREAT alone would create what a dangling link
 * points to. O_NONBLOCK keeps a named pipe from blocking before it can be refused; on files it does nothing. */
static int open_fd(const char *path, unsigned flags)
{
	const int access = flags & DISK_WRITE ? (flags & DISK_READ ? O_RDWR : O_WRONLY) : O_RDONLY;
	const int how = access | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	int fd = -1;

	errno = ENOENT;
	if (!(flags & DISK_EXCLUSIVE))
		fd = open(path, how);
	if (fd < 0 && errno == ENOENT && flags & DISK_CREATE) {
		fd = open(path, how | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
		if (fd < 0 && errno == EEXIST && !(flags & DISK_EXCLUSIVE))
			fd = open(path, how | O_NOFOLLOW); /* made meanwhile by another; of a dangling link: ELOOP */
	}
	return fd;
}

static int system_open(struct disk *disk, const char *path, unsigned flags, struct disk_file **ret, struct err *err)
{
	const char *verb = flags & DISK_WRITE ? "write" : "read";
	struct disk_file *file;
	struct stat st;
	int fd = open_fd(path, flags);
	int rc = 0;

	(void)disk;
	if (fd < 0 && errno == ELOOP)
		return err_set(err, E_DENIED, "cannot %s %s: it is a link that leads nowhere", verb, path);
	if (fd < 0 && errno == ENXIO) /* a pipe without a reader, or a socket */
		return err_set(err, E_INVALID, "cannot %s %s: not a regular file", verb, path);
	if (fd < 0)
		return failed(errno, verb, path, err);
	if (fstat(fd, &st) != 0)
		rc = failed(errno, verb, path, err);
	else if (S_ISDIR(st.st_mode))
		rc = failed(EISDIR, verb, path, err);
	else if (!S_ISREG(st.st_mode))
		rc = err_set(err, E_INVALID, "cannot %s %s: not a regular file", verb, path);
	if (rc < 0) {
		close(fd);
		return rc;
	}
	file = mem_alloc(sizeof(*file));
	file->fd = fd;
	file->path = mem_alloc(strlen(path) + 1);
	memcpy(file->path, path, strlen(path));
	*ret = file;
	return 0;
}

static void system_close(struct disk *disk, struct disk_file *file)
{
	(void)disk;
	if (!file)
		return;
	close(file->fd); /* what had to reach the disk was synced before */
	free(file->path);
	free(file);
}

static int system_read(struct disk *disk, struct disk_file *file, uint64_t at, void *out, size_t n, size_t *ret_n,
		       struct err *err)
{
	uint8_t *p = out;
	size_t done = 0;

	(void)disk;
	while (done < n) {
		const ssize_t got = pread(file->fd, p + done, n - done, (off_t)(at + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return failed(errno, "read", file->path, err);
		if (got == 0)
			break;
		done += (size_t)got;
	}
	*ret_n = done;
	return 0;
}

static int system_write(struct disk *disk, struct disk_file *file, uint64_t at, const void *p, size_t n,
			struct err *err)
{
	const uint8_t *from = p;
	size_t done = 0;

	(void)disk;
	while (done < n) {
		const ssize_t put = pwrite(file->fd, from + done, n - done, (off_t)(at + done));

		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return failed(put < 0 ? errno : EIO, "write", file->path, err);
		done += (size_t)put;
	}
	return 0;
}

static int system_truncate(struct disk *disk, struct disk_file *file, uint64_t size, struct err *err)
{
	int rc;

	(void)disk;
	do {
		rc = ftruncate(file->fd, (off_t)size);
	} while (rc != 0 && errno == EINTR);
	return rc == 0 ? 0 : failed(errno, "resize", file->path, err);
}

/* Never tried again after EIO: the kernel forgets what it could not write and would then say "done". */
static int system_sync(struct disk *disk, struct disk_file *file, struct err *err)
{
	int rc;

	(void)disk;
	do {
		rc = fdatasync(file->fd);
	} while (rc != 0 && errno == EINTR);
	return rc == 0 ? 0 : failed(errno, "sync", file->path, err);
}

static int system_size(struct disk *disk, struct disk_file *file, uint64_t *ret, struct err *err)
{
	struct stat st;

	(void)disk;
	if (fstat(file->fd, &st) != 0)
		return failed(errno, "read", file->path, err);
	*ret = (uint64_t)st.st_size;
	return 0;
}

static int system_lock(struct disk *disk, struct disk_file *file, struct err *err)
{
	int rc;

	(void)disk;
	do {
		rc = flock(file->fd, LOCK_EX | LOCK_NB);
	} while (rc != 0 && errno == EINTR);
	if (rc != 0 && errno == EWOULDBLOCK)
		return err_set(err, E_LOCKED, "%s is in use by another program; try again when that has ended",
			       file->path);
	return rc == 0 ? 0 : failed(errno, "lock", file->path, err);
}

static int system_stat(struct disk *disk, const char *path, struct disk_stat *ret, struct err *err)
{
	struct stat st;

	(void)disk;
	if (stat(path, &st) != 0) {
		if (errno != ENOENT && errno != ENOTDIR)
			return failed(errno, "look at", path, err);
		*ret = (struct disk_stat){ .type = DISK_ABSENT };
		return 0;
	}
	*ret = (struct disk_stat){
		.type = S_ISREG(st.st_mode)   ? DISK_REGULAR
			: S_ISDIR(st.st_mode) ? DISK_DIRECTORY
					      : DISK_OTHER,
		.size = (uint64_t)st.st_size,
		.mode = st.st_mode & 07777,
		.device = (uint64_t)st.st_dev,
		.inode = (uint64_t)st.st_ino,
	};
	return 0;
}

static int system_rename(struct disk *disk, const char *from, const char *to, struct err *err)
{
	(void)disk;
	if (rename(from, to) == 0)
		return 0;
	return failed(errno, "rename to", to, err);
}

static int system_remove(struct disk *disk, const char *path, struct err *err)
{
	(void)disk;
	if (unlink(path) == 0)
		return 0;
	return failed(errno, "remove", path, err);
}

static bool is_dir(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int system_sync_dir(struct disk *disk, const char *path, struct err *err);

static int make_one(const char *path, struct err *err)
{
	char parent[DISK_PATH_MAX];

	if (mkdir(path, 0700) == 0) {
		disk_parent(path, parent);
		return system_sync_dir(NULL, parent, err);
	}
	if (errno == EEXIST && is_dir(path))
		return 0;
	if (errno == EEXIST)
		return err_set(err, E_EXISTS, "cannot make the directory %s: a file has that name", path);
	return failed(errno, "make the directory", path, err);
}

static int system_make_dir(struct disk *disk, const char *path, struct err *err)
{
	char part[DISK_PATH_MAX];
	const size_t n = strlen(path);
	int rc = 0;

	(void)disk;
	if (n >= sizeof(part))
		return failed(ENAMETOOLONG, "make the directory", path, err);
	memcpy(part, path, n + 1);
	for (size_t i = 1; i < n && rc == 0; i++) {
		if (part[i] != '/' || part[i - 1] == '/')
			continue;
		part[i] = '\0';
		if (!is_dir(part)) /* asked first: mkdir of "/" on a read-only disk says so instead of EEXIST */
			rc = make_one(part, err);
		part[i] = '/';
	}
	return rc < 0 || is_dir(path) ? rc : make_one(path, err);
}

static int system_sync_dir(struct disk *disk, const char *path, struct err *err)
{
	int fd, rc;

	(void)disk;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return failed(errno, "sync", path, err);
	do {
		rc = fsync(fd);
	} while (rc != 0 && errno == EINTR);
	if (rc != 0)
		rc = failed(errno, "sync", path, err);
	close(fd);
	return rc;
}

struct disk *disk_system(void)
{
	static struct disk disk = {
		.open = system_open,
		.close = system_close,
		.read = system_read,
		.write = system_write,
		.truncate = system_truncate,
		.sync = system_sync,
		.size = system_size,
		.lock = system_lock,
		.stat = system_stat,
		.rename = system_rename,
		.remove = system_remove,
		.make_dir = system_make_dir,
		.sync_dir = system_sync_dir,
	};

	return &disk;
}

/* Append the rest of the file. On failure out may have grown. */
static int read_to_end(struct disk *disk, struct disk_file *file, size_t max, struct buf *out, struct err *err)
{
	uint8_t *step = mem_alloc(READ_STEP);
	uint64_t at = 0;
	size_t n = 0;
	int rc;

	do {
		rc = disk->read(disk, file, at, step, READ_STEP, &n, err);
		if (rc < 0)
			break;
		at += n;
		if (at > max)
			rc = err_set(err, E_LIMIT, "larger than the limit of %zu bytes", max);
		else
			buf_put(out, step, n);
	} while (rc == 0 && n == READ_STEP);
	if (rc == 0)
		rc = buf_check(out, "what was read", err);
	explicit_bzero(step, READ_STEP);
	free(step);
	return rc;
}

int disk_read_all(struct disk *disk, const char *path, size_t max, struct buf *out, struct err *err)
{
	const size_t before = out->n;
	struct disk_file *file = NULL;
	int rc;

	rc = disk->open(disk, path, DISK_READ, &file, err);
	if (rc < 0)
		return rc;
	rc = read_to_end(disk, file, max, out, err);
	disk->close(disk, file);
	if (rc == E_LIMIT)
		err_prefix(err, "cannot read %s: ", path);
	if (rc < 0 && out->p) {
		explicit_bzero(out->p + before, out->n - before);
		out->n = before;
	}
	return rc;
}

/* Write the whole of a file that must not exist yet, down to the disk. */
static int write_new(struct disk *disk, const char *path, const void *p, size_t n, struct err *err)
{
	struct disk_file *file = NULL;
	struct err ignored;
	int rc;

	rc = disk->open(disk, path, DISK_WRITE | DISK_CREATE | DISK_EXCLUSIVE, &file, err);
	if (rc < 0)
		return rc;
	rc = disk->write(disk, file, 0, p, n, err);
	if (rc == 0)
		rc = disk->sync(disk, file, err);
	disk->close(disk, file);
	if (rc < 0 && disk->remove(disk, path, &ignored) < 0)
		err_prefix(err, "(and %s is left behind) ", path);
	return rc;
}

int disk_write_new(struct disk *disk, const char *path, const void *p, size_t n, struct err *err)
{
	char dir[DISK_PATH_MAX];
	int rc;

	if (strlen(path) >= sizeof(dir))
		return err_set(err, E_LIMIT, "cannot write %s: the path is too long", path);
	rc = write_new(disk, path, p, n, err);
	disk_parent(path, dir);
	return rc == 0 ? disk->sync_dir(disk, dir, err) : rc;
}

int disk_replace(struct disk *disk, const char *path, const void *p, size_t n, struct err *err)
{
	char next[DISK_PATH_MAX], dir[DISK_PATH_MAX];
	int rc;

	if (strlen(path) + sizeof(".new") > sizeof(next))
		return err_set(err, E_LIMIT, "cannot write %s: the path is too long", path);
	snprintf(next, sizeof(next), "%s.new", path);
	disk_parent(path, dir);
	rc = disk->remove(disk, next, err); /* what a crash left behind */
	if (rc < 0 && rc != E_NOT_FOUND)
		return rc;
	rc = write_new(disk, next, p, n, err);
	if (rc == 0)
		rc = disk->rename(disk, next, path, err);
	if (rc == 0)
		rc = disk->sync_dir(disk, dir, err);
	return rc;
}

int disk_join(const char *dir, const char *name, char out[static DISK_PATH_MAX], struct err *err)
{
	const size_t n_dir = strlen(dir), n_name = strlen(name);
	const size_t slash = n_dir > 0 && dir[n_dir - 1] != '/';

	if (n_dir + slash + n_name >= DISK_PATH_MAX)
		return err_set(err, E_LIMIT, "%s/%s: the path is too long", dir, name);
	memmove(out, dir, n_dir);
	if (slash)
		out[n_dir] = '/';
	memcpy(out + n_dir + slash, name, n_name + 1);
	return 0;
}

void disk_parent(const char *path, char out[static DISK_PATH_MAX])
{
	const char *slash = strrchr(path, '/');
	size_t n = slash ? (size_t)(slash - path) : 1;

	if (slash == path)
		n = 1; /* "/x" stands in "/" */
	memmove(out, slash ? path : ".", n);
	out[n] = '\0';
}
