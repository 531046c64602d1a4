/* Reading many rows in order: while the owner thread looks at one block of them, the next is opened and checked on the
 * other processors. A job sees the sealed rows of its block, the row key, and the record's circles and keys, which
 * nobody changes meanwhile; the database is read by the owner thread alone. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "base/work.h"
#include "record/record_internal.h"

#define BLOCK_ROWS 512
#define BLOCK_BYTES ((size_t)1024 * 1024)
#define GROUP_ROWS 4 /* that share an arena, and so a thread */
#define GROUPS (BLOCK_ROWS / GROUP_ROWS)

struct block {
	const struct record *record;
	unsigned what;
	uint64_t first;
	size_t n; /* rows */
	struct scanned rows[BLOCK_ROWS];
	size_t starts[BLOCK_ROWS], sizes[BLOCK_ROWS];
	struct store_boxes boxes;
	uint8_t *opened, *bodies; /* laid out as the boxes are */
	size_t cap;               /* bytes of each */
	struct arena arenas[GROUPS];
};

static void block_init(struct block *b, const struct record *record, unsigned what)
{
	b->record = record;
	b->what = what;
	buf_init(&b->boxes.bytes, BLOCK_BYTES + DB_ROW_MAX);
	b->boxes.starts = b->starts;
	b->boxes.sizes = b->sizes;
	b->boxes.enough = BLOCK_BYTES;
}

static void free_room(struct block *b)
{
	if (b->cap > 0) {
		secret_wipe(b->opened, b->cap);
		secret_wipe(b->bodies, b->cap);
	}
	free(b->opened);
	free(b->bodies);
}

static void block_release(struct block *b)
{
	for (size_t i = 0; i < GROUPS; i++)
		arena_release(&b->arenas[i]);
	buf_release(&b->boxes.bytes);
	free_room(b);
}

static void make_room(struct block *b)
{
	const size_t n = b->boxes.bytes.n;

	if (n <= b->cap)
		return;
	free_room(b);
	b->cap = n < BLOCK_BYTES ? n : BLOCK_BYTES + DB_ROW_MAX;
	b->opened = mem_alloc(b->cap);
	b->bodies = mem_alloc(b->cap);
}

/* --- on any thread ----------------------------------------------------------------------------------------- */

static void fail(struct scanned *row, struct arena *a, int rc, const struct err *err)
{
	row->rc = rc;
	row->why = arena_text(a, err->text);
}

static int check_signature(const struct record_entry *entry, struct err *err)
{
	struct envelope e;
	int rc = entry_check(entry->raw, &e, err);

	if (rc < 0)
		err_prefix(err, "record.db: table entry, row %llu: ", (unsigned long long)entry->n);
	return rc;
}

static void look_at_body(struct scanned *row, bool digest, struct arena *a)
{
	const struct record_entry *entry = &row->entry;
	struct err err;

	row->body_rc = body_check(a, entry->raw, &entry->envelope, entry->text, &row->body, &err);
	if (row->body_rc < 0)
		row->body_why = arena_text(a, err.text);
	else if (digest && row->body.type == BODY_CLAIM)
		claim_digest(entry->text, row->digest);
}

static void look_at_row(struct block *b, size_t i, struct arena *a)
{
	struct scanned *row = &b->rows[i];
	uint8_t *raw = b->opened + b->starts[i];
	struct err err;
	int rc;

	*row = (struct scanned){ .entry.n = b->first + i };
	if (b->sizes[i] == 0) {
		rc = err_set(&err, E_NOT_FOUND, "record.db: table entry, row %llu is missing",
			     (unsigned long long)row->entry.n);
		fail(row, a, rc, &err);
		return;
	}
	rc = store_unseal(b->record->store, STORE_ENTRY, row->entry.n,
			  BYTES(b->boxes.bytes.p + b->starts[i], b->sizes[i]), raw, &err);
	if (rc == 0)
		rc = read_row(row->entry.n, BYTES(raw, b->sizes[i] - ROW_OVERHEAD), &row->entry, &err);
	if (rc == 0 && (b->what & SCAN_SIGNATURES))
		rc = check_signature(&row->entry, &err);
	if (rc < 0) {
		fail(row, a, rc, &err);
		return;
	}
	if (b->what & SCAN_BODIES || row->entry.envelope.cls == CLASS_REDACTION)
		read_body(b->record, &row->entry, b->bodies + b->starts[i]);
	else
		row->entry.state = row->entry.raw.n == ENVELOPE_BYTES && row->entry.envelope.length > 0 ? BODY_DROPPED
													: BODY_IGNORED;
	if (row->entry.state == BODY_OPEN)
		look_at_body(row, b->what & SCAN_DIGESTS, a);
}

static void look_at_group(void *ctx, size_t group)
{
	struct block *b = ctx;

	for (size_t i = group * GROUP_ROWS; i < (group + 1) * GROUP_ROWS && i < b->n; i++)
		look_at_row(b, i, &b->arenas[group]);
}

/* --- on the owner's ---------------------------------------------------------------------------------------- */

struct scan {
	struct record *record;
	struct block *blocks[2];
	uint64_t next, last; /* rows that were not read yet */
	size_t singly;       /* so many rows are read one by one, because a run of them could not be */
};

/* The row is what cannot be read. */
static void mark_unreadable(struct block *b, int rc, struct err *why)
{
	err_prefix(why, "record.db: table entry, row %llu: ", (unsigned long long)b->first);
	b->rows[0] = (struct scanned){ .entry.n = b->first };
	fail(&b->rows[0], &b->arenas[0], rc, why);
}

/* Read the next rows, still sealed. Where the database does not give a run of them, each is asked for alone, so that
 * only what is damaged is lost. Returns whether there is something to open. */
static bool read_block(struct scan *s, struct block *b)
{
	struct err why;
	size_t n;
	int rc;

	for (size_t i = 0; i < GROUPS; i++)
		arena_clear(&b->arenas[i]);
	b->first = s->next;
	n = s->last - s->next < BLOCK_ROWS ? (size_t)(s->last - s->next) + 1 : BLOCK_ROWS;
	if (s->singly > 0) {
		s->singly--;
		n = 1;
	}
	rc = store_read_boxes(s->record->store, STORE_ENTRY, b->first, n, &b->boxes, &why);
	if (rc < 0 && n > 1) {
		s->singly = n - 1;
		n = 1;
		rc = store_read_boxes(s->record->store, STORE_ENTRY, b->first, n, &b->boxes, &why);
	}
	if (rc < 0)
		mark_unreadable(b, rc, &why);
	b->n = rc < 0 ? 1 : b->boxes.n;
	s->next += b->n;
	return rc == 0;
}

static struct work *begin_block(struct scan *s, struct block *b)
{
	b->n = 0;
	if (s->next > s->last || !read_block(s, b))
		return NULL;
	make_room(b);
	return work_begin((b->n + GROUP_ROWS - 1) / GROUP_ROWS, look_at_group, b);
}

static int tell_block(const struct block *b, int (*each)(void *ctx, const struct scanned *row, struct err *err),
		      void *ctx, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < b->n && rc == 0; i++)
		rc = each(ctx, &b->rows[i], err);
	return rc;
}

int record_scan(struct record *record, uint64_t first, uint64_t last, unsigned what,
		int (*each)(void *ctx, const struct scanned *row, struct err *err), void *ctx, struct err *err)
{
	struct scan s = { .record = record, .next = first, .last = last };
	struct work *work;
	int rc = intake_flush(record, err);

	if (rc < 0 || first > last)
		return rc;
	for (size_t i = 0; i < ARRAY_LEN(s.blocks); i++) {
		s.blocks[i] = mem_alloc(sizeof *s.blocks[i]);
		block_init(s.blocks[i], record, what);
	}
	work = begin_block(&s, s.blocks[0]);
	for (size_t i = 0; rc == 0 && s.blocks[i % 2]->n > 0; i++) {
		struct block *now = s.blocks[i % 2];

		work_end(work);
		work = begin_block(&s, s.blocks[(i + 1) % 2]);
		rc = tell_block(now, each, ctx, err);
	}
	work_end(work);
	for (size_t i = 0; i < ARRAY_LEN(s.blocks); i++) {
		block_release(s.blocks[i]);
		free(s.blocks[i]);
	}
	return rc;
}
