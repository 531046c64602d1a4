/* Sealed files: see sealed_file.h. */
#include "record/sealed_file.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/work.h"
#include "record/sync_parent.h"

#define CHUNK_BYTES ((size_t)SEALED_CHUNK_BYTES)
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

/* --- reading piece by piece -------------------------------------------------------------------------------- */

#define PAGE_BYTES 4096
#define RUN_CHUNKS 16 /* that are read at once, and opened while the next are read */

/* Sealed chunks that lie one behind the other in memory. */
struct run {
	uint8_t *boxes;
	size_t n_chunks, n_last; /* n_last: plain bytes of the last of them */
	bool ends_file;
	uint8_t *out;
	bool good; /* all opened */
};

struct sealed_reader {
	struct stream *s;
	uint64_t n_chunks, n_plain; /* that were not read yet */
	size_t have, used;          /* plain bytes in the stream's buffer, and how many of them were given away */
	uint64_t at;                /* place in the file of what is read next */
	struct run runs[2];
	size_t next_run;
	struct run *opening; /* by work; NULL: none */
	struct work *work;
};

static size_t chunk_size(const struct run *run, size_t i)
{
	return i + 1 == run->n_chunks ? run->n_last : CHUNK_BYTES;
}

/* On any thread: the state of the stream belongs to this run until it is done. */
static void open_run(struct stream *s, struct run *run)
{
	const uint8_t *box = run->boxes;
	uint8_t *out = run->out;

	run->good = true;
	for (size_t i = 0; i < run->n_chunks && run->good; i++) {
		const size_t n = chunk_size(run, i);
		const bool last = run->ends_file && i + 1 == run->n_chunks;
		const struct bytes context = chunk_context(s);
		unsigned char tag = 0;

		run->good = crypto_secretstream_xchacha20poly1305_pull(&s->state, out, NULL, &tag, box,
								       n + CHUNK_OVERHEAD, context.p, context.n) == 0 &&
			    tag == (last ? TAG_FINAL : TAG_MESSAGE);
		s->at += n + CHUNK_OVERHEAD;
		box += n + CHUNK_OVERHEAD;
		out += n;
	}
}

/* Have the machine give the pages behind `out` now: on this thread, while the other opens the run before. */
static void touch(uint8_t *out, size_t n)
{
	volatile uint8_t *p = out;

	for (size_t at = 0; at < n; at += PAGE_BYTES)
		p[at] = 0;
}

/* Read the sealed bytes of the next chunks, at most n_chunks of them, which open to `out`. */
static int fetch_run(struct sealed_reader *r, size_t n_chunks, uint8_t *out, struct run *run, struct err *err)
{
	size_t n, got = 0;
	int rc;

	if (!run->boxes)
		run->boxes = mem_alloc(RUN_CHUNKS * BOX_BYTES);
	run->n_chunks = n_chunks < RUN_CHUNKS ? n_chunks : RUN_CHUNKS;
	run->ends_file = run->n_chunks == r->n_chunks;
	run->n_last = run->ends_file ? (size_t)(r->n_plain - (run->n_chunks - 1) * CHUNK_BYTES) : CHUNK_BYTES;
	run->out = out;
	run->good = false;
	n = (run->n_chunks - 1) * BOX_BYTES + run->n_last + CHUNK_OVERHEAD;
	touch(out, n - run->n_chunks * CHUNK_OVERHEAD);
	rc = r->s->disk->read(r->s->disk, r->s->file, r->at, run->boxes, n, &got, err);
	if (rc < 0)
		return rc;
	r->at += n;
	r->n_chunks -= run->n_chunks;
	r->n_plain -= n - run->n_chunks * CHUNK_OVERHEAD;
	return got < n ? damaged(r->s->path, err) : 0;
}

static void open_aside(void *ctx, size_t i)
{
	const struct sealed_reader *r = ctx;

	(void)i;
	open_run(r->s, r->opening);
}

int sealed_reader_finish(struct sealed_reader *r, struct err *err)
{
	const bool good = !r->opening || (work_end(r->work), r->opening->good);

	r->work = NULL;
	r->opening = NULL;
	return good ? 0 : damaged(r->s->path, err);
}

/* Open n_chunks chunks to `out`: while one run of them is opened the next is read. */
static int read_chunks(struct sealed_reader *r, size_t n_chunks, uint8_t *out, struct err *err)
{
	int rc = 0;

	while (n_chunks > 0 && rc == 0) {
		struct run *run = &r->runs[r->next_run];

		rc = fetch_run(r, n_chunks, out, run, err);
		if (rc == 0)
			rc = sealed_reader_finish(r, err);
		if (rc < 0)
			return rc;
		out += (run->n_chunks - 1) * CHUNK_BYTES + run->n_last;
		n_chunks -= run->n_chunks;
		r->next_run = 1 - r->next_run;
		r->opening = run;
		r->work = work_aside(open_aside, r);
	}
	return rc;
}

/* Give the first n bytes of the next chunk, and keep the others. */
static int read_part(struct sealed_reader *r, uint8_t *out, size_t n, struct err *err)
{
	const size_t have = r->n_plain < CHUNK_BYTES ? (size_t)r->n_plain : CHUNK_BYTES;
	int rc = read_chunks(r, 1, r->s->plain, err);

	if (rc == 0)
		rc = sealed_reader_finish(r, err);
	if (rc < 0)
		return rc;
	memcpy(out, r->s->plain, n);
	r->have = have;
	r->used = n;
	return 0;
}

int sealed_reader_read(struct sealed_reader *r, uint8_t *out, size_t n, struct err *err)
{
	const size_t kept = r->have - r->used < n ? r->have - r->used : n;
	size_t whole;
	int rc = 0;

	if (n - kept > r->n_plain)
		return damaged(r->s->path, err);
	memcpy(out, r->s->plain + r->used, kept);
	r->used += kept;
	out += kept;
	n -= kept;
	/* Chunks of which all bytes are wanted go to their place at once; so does the last one with what it has. */
	whole = n == r->n_plain ? n : n / CHUNK_BYTES * CHUNK_BYTES;
	if (whole > 0 || (n == 0 && r->n_plain == 0 && r->n_chunks > 0))
		rc = read_chunks(r, n == r->n_plain ? (size_t)r->n_chunks : n / CHUNK_BYTES, out, err);
	if (rc == 0 && n > whole)
		rc = read_part(r, out + whole, n - whole, err);
	return rc;
}

int sealed_reader_open(struct env *env, const char *path, const uint8_t root[static KEY_BYTES],
		       const uint8_t home_id[static HOME_ID_BYTES], struct sealed_reader **ret, uint64_t *ret_n,
		       struct err *err)
{
	struct sealed_reader *r = mem_alloc(sizeof *r);
	struct division d = { 0 };
	int rc;

	r->s = stream_new(env->disk, path);
	rc = env->disk->open(env->disk, path, DISK_READ, &r->s->file, err);
	if (rc == 0)
		rc = read_start(r->s, &d, err);
	if (rc < 0) {
		sealed_reader_close(r);
		return rc;
	}
	stream_begin(r->s, root, home_id);
	r->at = r->s->at;
	r->n_chunks = d.n_chunks;
	r->n_plain = d.n_plain;
	*ret = r;
	*ret_n = d.n_plain;
	return 0;
}

void sealed_reader_close(struct sealed_reader *r)
{
	if (!r)
		return;
	work_end(r->work);
	for (size_t i = 0; i < ARRAY_LEN(r->runs); i++)
		free(r->runs[i].boxes);
	stream_free(r->s);
	free(r);
}

int sealed_file_read(struct env *env, const char *path, const uint8_t root[static KEY_BYTES],
		     const uint8_t home_id[static HOME_ID_BYTES], uint8_t **ret, size_t *ret_n, struct err *err)
{
	struct sealed_reader *r = NULL;
	uint8_t *out = NULL;
	uint64_t n = 0;
	int rc = sealed_reader_open(env, path, root, home_id, &r, &n, err);

	if (rc < 0)
		return rc;
	out = malloc(n > 0 ? (size_t)n : 1);
	if (out) {
		rc = sealed_reader_read(r, out, (size_t)n, err);
		if (rc == 0)
			rc = sealed_reader_finish(r, err);
	} else {
		rc = err_set(err, E_LIMIT, "too little free memory to read %s; close other programs", path);
	}
	sealed_reader_close(r);
	if (rc == 0) {
		*ret = out;
		*ret_n = (size_t)n;
		return 0;
	}
	if (out)
		secret_wipe(out, (size_t)n);
	free(out);
	return rc;
}
