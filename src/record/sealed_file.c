/* Sealed files: see sealed_file.h. */
#include "record/sealed_file.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "record/sync_parent.h"

#define CHUNK_BYTES ((size_t)65536)
#define CHUNK_OVERHEAD crypto_secretstream_xchacha20poly1305_ABYTES
#define BOX_BYTES (CHUNK_BYTES + CHUNK_OVERHEAD)
#define STREAM_HEADER_BYTES crypto_secretstream_xchacha20poly1305_HEADERBYTES
#define MAGIC_BYTES 8 /* "PRLS", version, zeros */
#define START_BYTES (MAGIC_BYTES + STREAM_HEADER_BYTES)
#define TAG_MESSAGE crypto_secretstream_xchacha20poly1305_TAG_MESSAGE
#define TAG_FINAL crypto_secretstream_xchacha20poly1305_TAG_FINAL

static const uint8_t magic[MAGIC_BYTES] = { 'P', 'R', 'L', 'S', 0, 1, 0, 0 };

/* One run through a file; lives in secret memory. */
struct stream {
	crypto_secretstream_xchacha20poly1305_state state;
	uint8_t start[START_BYTES];
	uint8_t plain[CHUNK_BYTES];
	uint8_t box[BOX_BYTES];
	uint64_t at; /* place of the next chunk in the file */
	struct disk *disk;
	struct disk_file *file;
	const char *path;
};

static struct stream *stream_new(struct disk *disk, const char *path)
{
	struct stream *s = secret_alloc(sizeof(*s));

	s->disk = disk;
	s->path = path;
	return s;
}

static void stream_free(struct stream *s)
{
	if (s->file)
		s->disk->close(s->disk, s->file);
	secret_free(s);
}

/* Begin behind s->start. Sealing begins in the same state as opening; libsodium's own call for sealing would draw the
 * header from another randomness than the env's. */
static void stream_begin(struct stream *s, const uint8_t root[static KEY_BYTES],
			 const uint8_t home_id[static HOME_ID_BYTES])
{
	uint8_t key[KEY_BYTES];

	hash_keyed(root, LABEL_SNAP_KEY, BYTES(home_id, HOME_ID_BYTES), NO_BYTES, NO_BYTES, key, KEY_BYTES);
	crypto_secretstream_xchacha20poly1305_init_pull(&s->state, s->start + MAGIC_BYTES, key);
	secret_wipe(key, sizeof(key));
	s->at = START_BYTES;
}

/* The first chunk is bound to the start of the file. */
static struct bytes chunk_context(const struct stream *s)
{
	return s->at == START_BYTES ? BYTES_OF(s->start) : NO_BYTES;
}

/* Copy n bytes of head ‖ body from place `from`. */
static void gather(struct bytes head, struct bytes body, size_t from, size_t n, uint8_t *out)
{
	size_t of_head = 0;

	if (from < head.n) {
		of_head = head.n - from < n ? head.n - from : n;
		memcpy(out, head.p + from, of_head);
	}
	if (n > of_head)
		memcpy(out + of_head, body.p + (from + of_head - head.n), n - of_head);
}

static int write_chunk(struct stream *s, size_t n, bool last, struct err *err)
{
	const struct bytes context = chunk_context(s);
	const size_t n_box = n + CHUNK_OVERHEAD;
	const uint64_t at = s->at;

	crypto_secretstream_xchacha20poly1305_push(&s->state, s->box, NULL, s->plain, n, context.p, context.n,
						   last ? TAG_FINAL : TAG_MESSAGE);
	s->at += n_box;
	return s->disk->write(s->disk, s->file, at, s->box, n_box, err);
}

/* Write everything to the new file, down to the disk. */
static int write_all(struct stream *s, struct bytes head, struct bytes body, struct err *err)
{
	const size_t total = head.n + body.n;
	size_t done = 0;
	bool last = false;
	int rc = s->disk->write(s->disk, s->file, 0, s->start, START_BYTES, err);

	while (rc == 0 && !last) {
		const size_t n = total - done < CHUNK_BYTES ? total - done : CHUNK_BYTES;

		gather(head, body, done, n, s->plain);
		done += n;
		last = done == total;
		rc = write_chunk(s, n, last, err);
	}
	return rc < 0 ? rc : s->disk->sync(s->disk, s->file, err);
}

/* Make the file at s->path, in place of what a crash left there. */
static int open_new(struct stream *s, struct err *err)
{
	const int rc = s->disk->remove(s->disk, s->path, err);

	if (rc < 0 && rc != E_NOT_FOUND)
		return rc;
	return s->disk->open(s->disk, s->path, DISK_WRITE | DISK_CREATE | DISK_EXCLUSIVE, &s->file, err);
}

int sealed_file_write(struct env *env, const char *path, const uint8_t root[static KEY_BYTES],
		      const uint8_t home_id[static HOME_ID_BYTES], struct bytes head, struct bytes body,
		      struct err *err)
{
	struct disk *disk = env->disk;
	char path_new[DISK_PATH_MAX];
	struct err ignored;
	struct stream *s;
	int rc;

	if (strlen(path) + sizeof(".new") > sizeof(path_new))
		return err_set(err, E_LIMIT, "cannot write %s: the path is too long", path);
	if (head.n > SNAPSHOT_MAX || body.n > SNAPSHOT_MAX - head.n)
		return err_set(err, E_LIMIT, "cannot write %s: more than the limit of %zu bytes", path, SNAPSHOT_MAX);
	snprintf(path_new, sizeof(path_new), "%s.new", path);
	s = stream_new(disk, path_new);
	memcpy(s->start, magic, MAGIC_BYTES);
	env->random(env, s->start + MAGIC_BYTES, STREAM_HEADER_BYTES);
	stream_begin(s, root, home_id);
	rc = open_new(s, err);
	if (rc == 0)
		rc = write_all(s, head, body, err);
	stream_free(s);
	if (rc == 0)
		rc = disk->rename(disk, path_new, path, err);
	if (rc == 0)
		return sync_parent(disk, path, err);
	(void)disk->remove(disk, path_new, &ignored); /* the failure before it is the one to report */
	return rc;
}

static int damaged(const char *path, struct err *err)
{
	return err_set(err, E_DAMAGED, "%s is cut off, changed, or of another home", path);
}

/* How the bytes behind the start divide into chunks. */
struct division {
	uint64_t n_chunks;
	uint64_t n_plain;
};

/* @return false if no file has that size */
static bool divide(uint64_t file_size, struct division *ret)
{
	const uint64_t n = file_size - START_BYTES;

	if (file_size < START_BYTES + CHUNK_OVERHEAD)
		return false;
	ret->n_chunks = (n + BOX_BYTES - 1) / BOX_BYTES;
	if (n - (ret->n_chunks - 1) * BOX_BYTES < CHUNK_OVERHEAD)
		return false;
	ret->n_plain = n - ret->n_chunks * CHUNK_OVERHEAD;
	return true;
}

static int read_start(struct stream *s, struct division *ret, struct err *err)
{
	uint64_t size = 0;
	size_t n = 0;
	int rc = s->disk->size(s->disk, s->file, &size, err);

	if (rc == 0)
		rc = s->disk->read(s->disk, s->file, 0, s->start, START_BYTES, &n, err);
	if (rc < 0)
		return rc;
	if (n < START_BYTES || memcmp(s->start, magic, MAGIC_BYTES) != 0 || !divide(size, ret))
		return damaged(s->path, err);
	if (ret->n_plain > SNAPSHOT_MAX)
		return err_set(err, E_LIMIT, "%s is larger than the limit of %zu bytes", s->path, SNAPSHOT_MAX);
	return 0;
}

/* Open the next chunk, of n plain bytes. */
static int read_chunk(struct stream *s, size_t n, bool last, uint8_t *out, struct err *err)
{
	const struct bytes context = chunk_context(s);
	unsigned char tag = 0;
	size_t got = 0;
	int rc = s->disk->read(s->disk, s->file, s->at, s->box, n + CHUNK_OVERHEAD, &got, err);

	if (rc < 0)
		return rc;
	if (got < n + CHUNK_OVERHEAD)
		return damaged(s->path, err);
	s->at += got;
	rc = crypto_secretstream_xchacha20poly1305_pull(&s->state, out, NULL, &tag, s->box, got, context.p, context.n);
	if (rc != 0 || tag != (last ? TAG_FINAL : TAG_MESSAGE))
		return damaged(s->path, err);
	return 0;
}

static int read_all(struct stream *s, struct division d, uint8_t *out, struct err *err)
{
	uint64_t left = d.n_plain;
	int rc = 0;

	for (uint64_t i = 1; i <= d.n_chunks && rc == 0; i++) {
		const size_t n = left < CHUNK_BYTES ? (size_t)left : CHUNK_BYTES;

		rc = read_chunk(s, n, i == d.n_chunks, out + (d.n_plain - left), err);
		left -= n;
	}
	return rc;
}

int sealed_file_read(struct env *env, const char *path, const uint8_t root[static KEY_BYTES],
		     const uint8_t home_id[static HOME_ID_BYTES], uint8_t **ret, size_t *ret_n, struct err *err)
{
	struct stream *s = stream_new(env->disk, path);
	struct division d = { 0 };
	uint8_t *out = NULL;
	int rc = s->disk->open(s->disk, path, DISK_READ, &s->file, err);

	if (rc == 0)
		rc = read_start(s, &d, err);
	if (rc < 0)
		goto out;
	out = malloc(d.n_plain > 0 ? (size_t)d.n_plain : 1);
	if (!out) {
		rc = err_set(err, E_LIMIT, "too little free memory to read %s; close other programs", path);
		goto out;
	}
	stream_begin(s, root, home_id);
	rc = read_all(s, d, out, err);
	if (rc < 0)
		goto out;
	*ret = out;
	*ret_n = (size_t)d.n_plain;
	out = NULL;
out:
	if (out)
		secret_wipe(out, (size_t)d.n_plain);
	free(out);
	stream_free(s);
	return rc;
}
