/* For the tests of files: a scratch folder, whole files in one call, a disk that writes down what is done to it,
 * randomness that repeats. */
#ifndef PARLEY_TESTS_RECORD_FILES_H
#define PARLEY_TESTS_RECORD_FILES_H

#include "base/env.h"
#include "record/crypto.h"
#include "support/faulty_disk.h"
#include "support/test.h"

static char scratch[DISK_PATH_MAX];

static inline int scratch_make(void **state)
{
	struct err err;

	(void)state;
	folder_make(scratch);
	return crypto_start(&err);
}

static inline int scratch_remove(void **state)
{
	(void)state;
	folder_clear(scratch, true);
	return 0;
}

#define run_tests_with_files(name, tests)                                                                              \
	(cmocka_set_message_output(CM_OUTPUT_TAP),                                                                     \
	 cmocka_run_group_tests_name((name), (tests), scratch_make, scratch_remove))

/* The path of a file in the scratch folder; the last four stay valid. */
static inline const char *in_scratch(const char *name)
{
	static char paths[4][DISK_PATH_MAX];
	static int i;
	struct err err;

	i = (i + 1) % 4;
	expect_ok(disk_join(scratch, name, paths[i], &err), &err);
	return paths[i];
}

static inline void file_put(const char *path, const void *p, size_t n)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(p, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* Read a file of at most max bytes; frees with free(). */
static inline uint8_t *file_get(const char *path, size_t max, size_t *ret_n)
{
	FILE *f = fopen(path, "rb");
	uint8_t *p = malloc(max + 1);

	assert_non_null(f);
	assert_non_null(p);
	*ret_n = fread(p, 1, max + 1, f);
	assert_true(*ret_n <= max);
	fclose(f);
	return p;
}

static inline bool file_exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* A disk that fails on purpose, written down, and randomness that repeats. log: one letter for each change that was
 * made: o new file, w write, s sync, r rename, x remove, d sync of a directory. */
struct spy {
	struct faulty_disk faulty; /* first */
	struct env env;
	char log[64];
	uint64_t next_random; /* counts up: 8 bytes big-endian at a time */
};

static inline int spy_note(struct disk *disk, char what, int rc)
{
	struct spy *spy = (struct spy *)disk;
	const size_t n = strlen(spy->log);

	if (rc == 0 && n < sizeof(spy->log) - 1)
		spy->log[n] = what;
	return rc;
}

static inline int spy_open(struct disk *disk, const char *path, unsigned flags, struct disk_file **ret, struct err *err)
{
	int rc = faulty_open(disk, path, flags, ret, err);

	return flags & DISK_CREATE ? spy_note(disk, 'o', rc) : rc;
}

static inline int spy_write(struct disk *disk, struct disk_file *file, uint64_t at, const void *p, size_t n,
			    struct err *err)
{
	return spy_note(disk, 'w', faulty_write(disk, file, at, p, n, err));
}

static inline int spy_sync(struct disk *disk, struct disk_file *file, struct err *err)
{
	return spy_note(disk, 's', faulty_sync(disk, file, err));
}

static inline int spy_rename(struct disk *disk, const char *from, const char *to, struct err *err)
{
	return spy_note(disk, 'r', faulty_rename(disk, from, to, err));
}

static inline int spy_remove(struct disk *disk, const char *path, struct err *err)
{
	return spy_note(disk, 'x', faulty_remove(disk, path, err));
}

static inline int spy_sync_dir(struct disk *disk, const char *path, struct err *err)
{
	return spy_note(disk, 'd', faulty_sync_dir(disk, path, err));
}

static inline void spy_random(struct env *env, void *out, size_t n)
{
	struct spy *spy = (struct spy *)env->disk;
	uint8_t *p = out;

	for (size_t i = 0; i < n; i += 8) {
		uint8_t word[8];

		put_u64(word, spy->next_random++);
		memcpy(p + i, word, n - i < 8 ? n - i : 8);
	}
}

/* Start watching; operation fail_at is refused, with 0 none. */
static inline void spy_init(struct spy *spy, long fail_at)
{
	struct disk *disk = &spy->faulty.disk;

	memset(spy, 0, sizeof(*spy));
	faulty_disk_init(&spy->faulty);
	spy->faulty.fail_at = fail_at;
	disk->open = spy_open;
	disk->write = spy_write;
	disk->sync = spy_sync;
	disk->rename = spy_rename;
	disk->remove = spy_remove;
	disk->sync_dir = spy_sync_dir;
	spy->env = *env_system();
	spy->env.disk = disk;
	spy->env.random = spy_random;
}

#endif
