#include "base/disk.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "support/faulty_disk.h"
#include "support/test.h"

static char folder[DISK_PATH_MAX];

static int make_folder(void **state)
{
	(void)state;
	folder_make(folder);
	return 0;
}

static int remove_folder(void **state)
{
	(void)state;
	folder_clear(folder, true);
	return 0;
}

/* A path in the folder; two may be in use at a time. */
static const char *in_folder(const char *name)
{
	static char paths[2][DISK_PATH_MAX];
	static int turn;
	struct err err;

	turn = !turn;
	expect_ok(disk_join(folder, name, paths[turn], &err), &err);
	return paths[turn];
}

static void put_file(const char *path, const char *text)
{
	struct disk *d = disk_system();
	struct disk_file *file;
	struct err err;

	expect_ok(d->open(d, path, DISK_WRITE | DISK_CREATE, &file, &err), &err);
	expect_ok(d->truncate(d, file, 0, &err), &err);
	expect_ok(d->write(d, file, 0, text, strlen(text), &err), &err);
	d->close(d, file);
}

static void expect_file(const char *path, const char *text)
{
	struct buf b;
	struct err err;

	buf_init(&b, 10000);
	expect_ok(disk_read_all(disk_system(), path, 10000, &b, &err), &err);
	assert_string_equal(buf_str(&b), text);
	buf_release(&b);
}

static void test_read_and_write(void **state)
{
	struct disk *d = disk_system();
	struct disk_file *file;
	char out[16];
	uint64_t size = 0;
	size_t n = 99;
	struct err err;

	(void)state;
	expect_ok(d->open(d, in_folder("f"), DISK_READ | DISK_WRITE | DISK_CREATE, &file, &err), &err);
	expect_ok(d->read(d, file, 0, out, sizeof(out), &n, &err), &err);
	assert_int_equal(n, 0);
	expect_ok(d->write(d, file, 4, "efgh", 4, &err), &err);
	expect_ok(d->write(d, file, 0, "abcd", 4, &err), &err);
	expect_ok(d->write(d, file, 8, "", 0, &err), &err);
	expect_ok(d->sync(d, file, &err), &err);
	expect_ok(d->read(d, file, 0, out, sizeof(out), &n, &err), &err);
	assert_int_equal(n, 8);
	assert_memory_equal(out, "abcdefgh", 8);
	expect_ok(d->read(d, file, 6, out, 2, &n, &err), &err);
	assert_int_equal(n, 2);
	expect_ok(d->read(d, file, 6, out, 3, &n, &err), &err);
	assert_int_equal(n, 2);
	expect_ok(d->read(d, file, 100, out, 3, &n, &err), &err);
	assert_int_equal(n, 0);
	expect_ok(d->truncate(d, file, 3, &err), &err);
	expect_ok(d->size(d, file, &size, &err), &err);
	assert_int_equal(size, 3);
	expect_ok(d->write(d, file, 5, "x", 1, &err), &err); /* the hole reads as zeros */
	expect_ok(d->read(d, file, 0, out, sizeof(out), &n, &err), &err);
	assert_int_equal(n, 6);
	assert_memory_equal(out, "abc\0\0x", 6);
	d->close(d, file);
	d->close(d, NULL);
}

static void test_open_flags(void **state)
{
	struct disk *d = disk_system();
	struct disk_file *file;
	struct disk_stat st;
	struct err err;
	size_t n;
	char c;

	(void)state;
	expect_err(d->open(d, in_folder("f"), DISK_READ, &file, &err), E_NOT_FOUND, &err, "/f: no such file");
	expect_err(d->open(d, in_folder("f"), DISK_WRITE, &file, &err), E_NOT_FOUND, &err, "cannot write");
	expect_err(d->open(d, in_folder("no/f"), DISK_WRITE | DISK_CREATE, &file, &err), E_NOT_FOUND, &err, NULL);
	umask(0);
	expect_ok(d->open(d, in_folder("f"), DISK_WRITE | DISK_CREATE | DISK_EXCLUSIVE, &file, &err), &err);
	umask(022);
	assert_int_not_equal(d->read(d, file, 0, &c, 1, &n, &err), 0);
	d->close(d, file);
	expect_ok(d->stat(d, in_folder("f"), &st, &err), &err);
	assert_int_equal(st.type, DISK_REGULAR);
	assert_int_equal(st.mode, 0600);
	expect_err(d->open(d, in_folder("f"), DISK_WRITE | DISK_CREATE | DISK_EXCLUSIVE, &file, &err), E_EXISTS, &err,
		   "it exists already");
	put_file(in_folder("f"), "kept");
	expect_ok(d->open(d, in_folder("f"), DISK_READ | DISK_WRITE | DISK_CREATE, &file, &err), &err);
	d->close(d, file);
	expect_file(in_folder("f"), "kept");
	expect_ok(d->open(d, in_folder("f"), DISK_READ, &file, &err), &err);
	assert_int_not_equal(d->write(d, file, 0, "x", 1, &err), 0);
	d->close(d, file);
}

static void test_links(void **state)
{
	struct disk *d = disk_system();
	struct disk_file *file;
	struct disk_stat st;
	struct err err;

	(void)state;
	put_file(in_folder("f"), "x");
	assert_int_equal(symlink("f", in_folder("good")), 0);
	assert_int_equal(symlink("nowhere", in_folder("dangling")), 0);
	assert_int_equal(symlink("round", in_folder("round")), 0);
	expect_file(in_folder("good"), "x");
	expect_err(d->open(d, in_folder("dangling"), DISK_WRITE | DISK_CREATE, &file, &err), E_DENIED, &err,
		   "a link that leads nowhere");
	expect_err(d->open(d, in_folder("dangling"), DISK_READ, &file, &err), E_NOT_FOUND, &err, NULL);
	expect_err(d->open(d, in_folder("good"), DISK_WRITE | DISK_CREATE | DISK_EXCLUSIVE, &file, &err), E_EXISTS,
		   &err, NULL);
	expect_err(d->open(d, in_folder("round"), DISK_READ, &file, &err), E_DENIED, &err, NULL);
	expect_ok(d->stat(d, in_folder("dangling"), &st, &err), &err);
	assert_int_equal(st.type, DISK_ABSENT);
	expect_ok(d->stat(d, in_folder("nowhere"), &st, &err), &err); /* nothing was made behind the link */
	assert_int_equal(st.type, DISK_ABSENT);
}

static void test_what_is_no_file(void **state)
{
	struct disk *d = disk_system();
	struct disk_file *file;
	struct disk_stat st;
	struct buf b;
	struct err err;

	(void)state;
	buf_init(&b, 100);
	expect_err(d->open(d, folder, DISK_READ, &file, &err), E_INVALID, &err, "is a directory, not a file");
	expect_err(d->open(d, folder, DISK_WRITE, &file, &err), E_INVALID, &err, "is a directory, not a file");
	expect_err(disk_read_all(d, folder, 100, &b, &err), E_INVALID, &err, "is a directory, not a file");
	assert_int_equal(mkfifo(in_folder("pipe"), 0600), 0); /* and none of these waits for a writer */
	expect_err(d->open(d, in_folder("pipe"), DISK_READ, &file, &err), E_INVALID, &err, "not a regular file");
	expect_err(d->open(d, in_folder("pipe"), DISK_WRITE, &file, &err), E_INVALID, &err, "not a regular file");
	expect_err(disk_read_all(d, "/dev/null", 100, &b, &err), E_INVALID, &err, "not a regular file");
	expect_ok(d->stat(d, in_folder("pipe"), &st, &err), &err);
	assert_int_equal(st.type, DISK_OTHER);
	expect_ok(d->stat(d, folder, &st, &err), &err);
	assert_int_equal(st.type, DISK_DIRECTORY);
	assert_int_equal(st.mode, 0700);
	put_file(in_folder("f"), "x");
	expect_ok(d->stat(d, in_folder("f/below"), &st, &err), &err);
	assert_int_equal(st.type, DISK_ABSENT);
	expect_err(d->open(d, in_folder("f/below"), DISK_READ, &file, &err), E_INVALID, &err, "not a directory");
	buf_release(&b);
}

static void test_stat_tells_files_apart(void **state)
{
	struct disk *d = disk_system();
	struct disk_stat one, two, again;
	struct err err;

	(void)state;
	put_file(in_folder("one"), "12345");
	put_file(in_folder("two"), "12345");
	expect_ok(d->stat(d, in_folder("one"), &one, &err), &err);
	expect_ok(d->stat(d, in_folder("two"), &two, &err), &err);
	expect_ok(d->stat(d, in_folder("one"), &again, &err), &err);
	assert_int_equal(one.size, 5);
	assert_true(one.device == two.device && one.inode != two.inode);
	assert_true(one.device == again.device && one.inode == again.inode);
}

static void test_lock(void **state)
{
	struct disk *d = disk_system();
	struct disk_file *one, *two;
	struct err err;

	(void)state;
	expect_ok(d->open(d, in_folder("lock"), DISK_WRITE | DISK_CREATE, &one, &err), &err);
	expect_ok(d->open(d, in_folder("lock"), DISK_READ, &two, &err), &err);
	expect_ok(d->lock(d, one, &err), &err);
	expect_ok(d->lock(d, one, &err), &err);
	expect_err(d->lock(d, two, &err), E_LOCKED, &err, "in use by another program");
	d->close(d, one);
	expect_ok(d->lock(d, two, &err), &err);
	d->close(d, two);
}

static void test_rename_and_remove(void **state)
{
	struct disk *d = disk_system();
	struct disk_stat st;
	struct err err;

	(void)state;
	put_file(in_folder("a"), "new");
	put_file(in_folder("b"), "old");
	expect_ok(d->rename(d, in_folder("a"), in_folder("b"), &err), &err);
	expect_ok(d->sync_dir(d, folder, &err), &err);
	expect_file(in_folder("b"), "new");
	expect_ok(d->stat(d, in_folder("a"), &st, &err), &err);
	assert_int_equal(st.type, DISK_ABSENT);
	expect_err(d->rename(d, in_folder("a"), in_folder("b"), &err), E_NOT_FOUND, &err, NULL);
	expect_ok(d->remove(d, in_folder("b"), &err), &err);
	expect_err(d->remove(d, in_folder("b"), &err), E_NOT_FOUND, &err, "cannot remove");
	assert_true(d->remove(d, folder, &err) < 0);
	expect_err(d->sync_dir(d, in_folder("absent"), &err), E_NOT_FOUND, &err, NULL);
}

static void test_make_dir(void **state)
{
	struct disk *d = disk_system();
	struct disk_stat st;
	struct err err;
	char path[DISK_PATH_MAX + 10];

	(void)state;
	umask(0);
	expect_ok(d->make_dir(d, in_folder("a/b//c/"), &err), &err);
	umask(022);
	expect_ok(d->make_dir(d, in_folder("a/b/c"), &err), &err);
	expect_ok(d->make_dir(d, folder, &err), &err);
	expect_ok(d->make_dir(d, "/", &err), &err);
	expect_ok(d->stat(d, in_folder("a"), &st, &err), &err);
	assert_int_equal(st.mode, 0700);
	expect_ok(d->stat(d, in_folder("a/b/c"), &st, &err), &err);
	assert_int_equal(st.type, DISK_DIRECTORY);
	assert_int_equal(st.mode, 0700);
	put_file(in_folder("f"), "x");
	expect_err(d->make_dir(d, in_folder("f"), &err), E_EXISTS, &err, "a file has that name");
	assert_true(d->make_dir(d, in_folder("f/g"), &err) < 0);
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	expect_err(d->make_dir(d, path, &err), E_LIMIT, &err, "too long");
	assert_int_equal(rmdir(in_folder("a/b/c")), 0);
	assert_int_equal(rmdir(in_folder("a/b")), 0);
}

static void test_read_all(void **state)
{
	struct disk *d = disk_system();
	char *text = mem_alloc(200001);
	struct buf b;
	struct err err;

	(void)state;
	memset(text, 'x', 200000);
	put_file(in_folder("f"), text);
	buf_init(&b, 200010);
	buf_text(&b, "before");
	expect_err(disk_read_all(d, in_folder("f"), 199999, &b, &err), E_LIMIT, &err, "/f: larger than the limit");
	assert_string_equal(buf_str(&b), "before"); /* untouched on failure */
	expect_ok(disk_read_all(d, in_folder("f"), 200000, &b, &err), &err);
	assert_int_equal(b.n, 200006);
	expect_err(disk_read_all(d, in_folder("f"), 200000, &b, &err), E_LIMIT, &err,
		   NULL); /* the buffer's own limit */
	buf_release(&b);
	put_file(in_folder("f"), "");
	buf_init(&b, 10);
	expect_ok(disk_read_all(d, in_folder("f"), 0, &b, &err), &err);
	assert_int_equal(b.n, 0);
	for (size_t n = 65535; n <= 65537; n++) { /* around one step of reading */
		text[n] = '\0';
		put_file(in_folder("f"), text);
		text[n] = 'x';
		buf_release(&b);
		buf_init(&b, n);
		expect_ok(disk_read_all(d, in_folder("f"), n, &b, &err), &err);
		assert_int_equal(b.n, n);
	}
	expect_err(disk_read_all(d, in_folder("absent"), 10, &b, &err), E_NOT_FOUND, &err, NULL);
	buf_release(&b);
	free(text);
}

static void test_replace(void **state)
{
	struct disk *d = disk_system();
	struct disk_stat st;
	struct err err;
	char list[1024], path[DISK_PATH_MAX];

	(void)state;
	expect_ok(disk_replace(d, in_folder("f"), "one", 3, &err), &err);
	expect_file(in_folder("f"), "one");
	put_file(in_folder("f.new"), "left behind by a crash, and longer");
	expect_ok(disk_replace(d, in_folder("f"), "two", 3, &err), &err);
	expect_file(in_folder("f"), "two");
	expect_ok(disk_replace(d, in_folder("f"), "", 0, &err), &err);
	expect_file(in_folder("f"), "");
	expect_ok(d->stat(d, in_folder("f"), &st, &err), &err);
	assert_int_equal(st.mode, 0600);
	folder_list(folder, list);
	assert_string_equal(list, "f|");
	expect_err(disk_replace(d, in_folder("no/f"), "x", 1, &err), E_NOT_FOUND, &err, NULL);
	memset(path, 'x', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	expect_err(disk_replace(d, path, "x", 1, &err), E_LIMIT, &err, "too long");
}

/* Whatever operation fails, the file is the old one or the new one, whole, and a failure is reported. */
static void test_replace_with_each_operation_failing(void **state)
{
	struct faulty_disk f;
	struct err err;
	char list[1024];
	int n_failed = 0;
	bool fired = true;

	(void)state;
	for (long at = 1; fired; at++) {
		int rc;

		expect_ok(disk_replace(disk_system(), in_folder("f"), "old", 3, &err), &err);
		faulty_disk_init(&f);
		f.fail_at = at;
		f.code = at % 2 ? E_IO : E_FULL;
		rc = disk_replace(&f.disk, in_folder("f"), "new", 3, &err);
		fired = f.fired > 0;
		if (!fired)
			expect_ok(rc, &err);
		else
			assert_int_equal(rc, f.code);
		n_failed += fired;
		expect_file(in_folder("f"), f.n_sync > 0 && f.n > 5 ? "new" : "old");
		expect_ok(disk_replace(disk_system(), in_folder("f"), "old", 3, &err), &err);
	}
	assert_true(n_failed >= 6); /* remove, open, write, sync, rename, sync_dir */
	folder_list(folder, list);
	assert_string_equal(list, "f|");
}

static void test_join_and_parent(void **state)
{
	char out[DISK_PATH_MAX], dir[DISK_PATH_MAX];
	struct err err;

	(void)state;
	expect_ok(disk_join("/a", "b", out, &err), &err);
	assert_string_equal(out, "/a/b");
	expect_ok(disk_join("/", "b", out, &err), &err);
	assert_string_equal(out, "/b");
	expect_ok(disk_join("", "b", out, &err), &err);
	assert_string_equal(out, "b");
	memset(dir, 'd', sizeof(dir));
	dir[DISK_PATH_MAX - 3] = '\0'; /* and "/", "b", NUL: at the limit */
	expect_ok(disk_join(dir, "b", out, &err), &err);
	assert_int_equal(strlen(out), DISK_PATH_MAX - 1);
	expect_err(disk_join(dir, "bb", out, &err), E_LIMIT, &err, "the path is too long");
	disk_parent("/a/b", out);
	assert_string_equal(out, "/a");
	disk_parent("/a", out);
	assert_string_equal(out, "/");
	disk_parent("a", out);
	assert_string_equal(out, ".");
	disk_parent("a/b/c", out);
	assert_string_equal(out, "a/b");
}

static void test_file_size_limit_is_full(void **state)
{
	struct disk *d = disk_system();
	struct rlimit was, small;
	struct disk_file *file;
	struct err err;
	char block[4096];
	int rc = 0;

	(void)state;
	memset(block, 'x', sizeof(block));
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &was), 0);
	small = was;
	small.rlim_cur = 10000;
	signal(SIGXFSZ, SIG_IGN);
	expect_ok(d->open(d, in_folder("f"), DISK_WRITE | DISK_CREATE, &file, &err), &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	for (uint64_t at = 0; rc == 0 && at < 100000; at += sizeof(block))
		rc = d->write(d, file, at, block, sizeof(block), &err);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &was), 0);
	d->close(d, file);
	expect_err(rc, E_FULL, &err, "/f: the file would be larger than allowed");
}

/* Run f in a child with a file system of its own of 128 KiB mounted on the folder; 77: the machine does not let us. */
static int in_small_file_system(int (*f)(void))
{
	const pid_t child = fork();
	int status = 0;

	if (child == 0) {
		if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
		    mount("none", folder, "tmpfs", 0, "size=128k,mode=700") != 0)
			_exit(77);
		_exit(f());
	}
	assert_true(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int fill_the_disk(void)
{
	struct disk *d = disk_system();
	char path[DISK_PATH_MAX], list[1024], block[4096] = "old";
	struct disk_file *file;
	struct err err;
	int rc = 0;

	if (disk_join(folder, "f", path, &err) < 0 || disk_replace(d, path, block, 3, &err) < 0)
		return 1;
	if (d->open(d, in_folder("filler"), DISK_WRITE | DISK_CREATE, &file, &err) < 0)
		return 2;
	for (uint64_t at = 0; rc == 0 && at < 1 << 20; at += sizeof(block))
		rc = d->write(d, file, at, block, sizeof(block), &err);
	d->close(d, file);
	if (rc != E_FULL || !strstr(err.text, "no space left on the disk"))
		return 3;
	if (disk_replace(d, path, block, sizeof(block), &err) != E_FULL)
		return 4;
	folder_list(folder, list);
	return strcmp(list, "f|filler|") == 0 ? 0 : 5; /* the new one is not left behind */
}

static int write_to_read_only(void)
{
	struct disk *d = disk_system();
	char path[DISK_PATH_MAX];
	struct disk_file *file;
	struct err err;

	if (disk_join(folder, "f", path, &err) < 0 || disk_replace(d, path, "old", 3, &err) < 0)
		return 1;
	if (mount("none", folder, "tmpfs", MS_REMOUNT | MS_RDONLY, "") != 0)
		return 77;
	if (d->open(d, path, DISK_READ | DISK_WRITE, &file, &err) != E_DENIED ||
	    !strstr(err.text, "/f: read-only file system"))
		return 2;
	if (disk_replace(d, path, "new", 3, &err) != E_DENIED || d->make_dir(d, path, &err) != E_EXISTS)
		return 3;
	return d->make_dir(d, folder, &err) == 0 ? 0 : 4;
}

static void test_disk_full(void **state)
{
	const int status = in_small_file_system(fill_the_disk);

	(void)state;
	if (status == 77)
		leave_out("no right to mount a small file system");
	assert_int_equal(status, 0);
}

static void test_read_only_file_system(void **state)
{
	const int status = in_small_file_system(write_to_read_only);

	(void)state;
	if (status == 77)
		leave_out("no right to mount a small file system");
	assert_int_equal(status, 0);
}

static void test_permission_denied(void **state)
{
	struct disk *d = disk_system();
	const uid_t was = geteuid();
	struct disk_file *file;
	struct err read_err, write_err;
	int read_rc, write_rc;

	(void)state;
	put_file(in_folder("f"), "x");
	assert_int_equal(chmod(in_folder("f"), 0), 0);
	assert_int_equal(chmod(folder, 0555), 0);
	if (was == 0)
		assert_int_equal(seteuid(65534), 0);
	read_rc = d->open(d, in_folder("f"), DISK_READ, &file, &read_err);
	write_rc = d->open(d, in_folder("g"), DISK_WRITE | DISK_CREATE, &file, &write_err);
	assert_int_equal(seteuid(was), 0);
	assert_int_equal(chmod(folder, 0700), 0);
	expect_err(read_rc, E_DENIED, &read_err, "cannot read");
	expect_err(write_rc, E_DENIED, &write_err, "/g: permission denied");
}

#define in_own_folder(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int main(void)
{
	const struct CMUnitTest tests[] = {
		in_own_folder(test_read_and_write),
		in_own_folder(test_open_flags),
		in_own_folder(test_links),
		in_own_folder(test_what_is_no_file),
		in_own_folder(test_stat_tells_files_apart),
		in_own_folder(test_lock),
		in_own_folder(test_rename_and_remove),
		in_own_folder(test_make_dir),
		in_own_folder(test_read_all),
		in_own_folder(test_replace),
		in_own_folder(test_replace_with_each_operation_failing),
		cmocka_unit_test(test_join_and_parent),
		in_own_folder(test_file_size_limit_is_full),
		in_own_folder(test_disk_full),
		in_own_folder(test_read_only_file_system),
		in_own_folder(test_permission_denied),
	};

	return run_tests("base/disk", tests);
}
