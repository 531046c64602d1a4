/* Entries on their way into the store, many at once.
 *
 * An entry's id does not depend on its signature, so the chain of a batch is made first; what costs time, signing and
 * sealing, is then done for a block of entries on all processors, while the owner thread goes on. Four blocks go round:
 *
 *   filling -> being signed and sealed -> put into the database and read -> being opened and compared -> filling
 *
 * intake_turn() moves each by one place. A job sees only the plain arrays of its blocks, the signing key and the row
 * key; numbers of rows and random bytes are drawn by the owner thread, in the order of the entries.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/work.h"
#include "record/record_internal.h"

#define BLOCKS 4
#define BLOCK_ENTRIES 64
#define BLOCK_BYTES ((size_t)512 * 1024) /* of entries; one more fits behind */
#define BOXES_MAX (BLOCK_BYTES + ENTRY_MAX + BLOCK_ENTRIES * (size_t)ROW_OVERHEAD)

struct item {
	uint64_t row;
	size_t at, n; /* place in the bytes of the block */
	bool sign;
	bool good; /* it came back the same */
};

struct block {
	struct item items[BLOCK_ENTRIES];
	size_t n, used;
	size_t most; /* that was ever used */
	uint8_t nonces[BLOCK_ENTRIES][ROW_NONCE_BYTES];
	size_t starts[BLOCK_ENTRIES], sizes[BLOCK_ENTRIES];
	struct store_boxes back;
	uint8_t entries[BLOCK_BYTES + ENTRY_MAX];
	uint8_t boxes[BOXES_MAX];
	uint8_t opened[BLOCK_BYTES + ENTRY_MAX]; /* laid out as the entries are */
};

struct intake {
	const struct store *store;
	const uint8_t *sk; /* of this device, secret memory; NULL: nothing is to be signed */
	struct block *blocks[BLOCKS];
	size_t filling; /* counts up; the others are behind it */
	struct work *work;
	struct block *sealing, *comparing; /* of the work that runs */
	size_t n_pending;
	int failed; /* why no more of this batch is taken, and none of it committed */
};

static struct block *block_new(void)
{
	struct block *b = mem_alloc(sizeof *b);

	buf_init(&b->back.bytes, BOXES_MAX);
	b->back.starts = b->starts;
	b->back.sizes = b->sizes;
	return b;
}

/* The block that is so many places behind the one being filled. */
static struct block *block_behind(struct intake *in, size_t places)
{
	struct block **b = &in->blocks[(in->filling + BLOCKS - places) % BLOCKS];

	if (!*b)
		*b = block_new();
	return *b;
}

static size_t box_place(const struct block *b, size_t i)
{
	return b->items[i].at + i * ROW_OVERHEAD;
}

static void seal_item(const struct intake *in, struct block *b, size_t i)
{
	const struct item *item = &b->items[i];
	uint8_t *entry = b->entries + item->at;

	if (item->sign)
		envelope_sign(entry, in->sk, entry + HEADER_BYTES);
	store_seal(in->store, STORE_ENTRY, item->row, b->nonces[i], BYTES(entry, item->n), b->boxes + box_place(b, i));
}

static void compare_item(const struct intake *in, struct block *b, size_t i)
{
	struct item *item = &b->items[i];
	uint8_t *opened = b->opened + item->at;
	const struct bytes box = BYTES(b->back.bytes.p + b->starts[i], b->sizes[i]);

	item->good = box.n == item->n + ROW_OVERHEAD &&
		     store_unseal(in->store, STORE_ENTRY, item->row, box, opened, NULL) == 0 &&
		     memcmp(opened, b->entries + item->at, item->n) == 0;
}

static void work_on(void *ctx, size_t i)
{
	const struct intake *in = ctx;

	if (i < in->sealing->n)
		seal_item(in, in->sealing, i);
	else
		compare_item(in, in->comparing, i - in->sealing->n);
}

/* Put a sealed block into the database and read what came of it. */
static int put_block(struct record *record, struct block *b, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < b->n && rc == 0; i++)
		rc = store_put_box(record->store, STORE_ENTRY, b->items[i].row,
				   BYTES(b->boxes + box_place(b, i), b->items[i].n + ROW_OVERHEAD), err);
	if (rc == 0 && b->n > 0)
		rc = store_read_boxes(record->store, STORE_ENTRY, b->items[0].row, b->n, &b->back, err);
	return rc;
}

static int check_block(const struct block *b, struct err *err)
{
	for (size_t i = 0; i < b->n; i++)
		if (!b->items[i].good)
			return err_set(err, E_DAMAGED, "record.db: a row just written did not come back the same");
	return 0;
}

static void block_clear(struct block *b)
{
	b->most = b->used > b->most ? b->used : b->most;
	b->n = 0;
	b->used = 0;
}

static int refuse(const struct intake *in, struct err *err)
{
	return err_set(err, in->failed, "an entry before this one could not be stored: nothing of the batch is kept");
}

/* Move every block by one place. */
static int turn(struct record *record, struct err *err)
{
	struct intake *in = record->intake;
	struct block *sealed = block_behind(in, 1), *done = block_behind(in, 3);
	int rc;

	work_end(in->work);
	in->work = NULL;
	rc = check_block(done, err);
	in->n_pending -= done->n;
	block_clear(done);
	if (rc < 0)
		return rc;
	in->sk = record->keys.device_sk;
	in->sealing = block_behind(in, 0);
	in->comparing = block_behind(in, 2);
	record->env->random(record->env, in->sealing->nonces, in->sealing->n * ROW_NONCE_BYTES);
	in->work = work_begin(in->sealing->n + in->comparing->n, work_on, in);
	in->filling++;
	return put_block(record, sealed, err);
}

static int intake_turn(struct record *record, struct err *err)
{
	int rc = turn(record, err);

	if (rc < 0)
		record->intake->failed = rc;
	return rc;
}

int intake_add(struct record *record, struct bytes entry, bool sign, uint64_t *ret_n, struct err *err)
{
	struct intake *in = record->intake;
	struct block *b;
	int rc = 0;

	if (!in) {
		in = record->intake = mem_alloc(sizeof *in);
		in->store = record->store;
	}
	if (in->failed)
		return refuse(in, err);
	b = block_behind(in, 0);
	if (b->n == BLOCK_ENTRIES || b->used >= BLOCK_BYTES) {
		rc = intake_turn(record, err);
		b = block_behind(in, 0);
	}
	if (rc < 0)
		return rc;
	memcpy(b->entries + b->used, entry.p, entry.n);
	*ret_n = store_reserve(record->store, STORE_ENTRY);
	b->items[b->n++] = (struct item){ .row = *ret_n, .at = b->used, .n = entry.n, .sign = sign };
	b->used += entry.n;
	in->n_pending++;
	return 0;
}

int intake_flush(struct record *record, struct err *err)
{
	struct intake *in = record->intake;
	int rc = 0;

	if (in && in->failed)
		return refuse(in, err);
	while (in && in->n_pending > 0 && rc == 0)
		rc = intake_turn(record, err);
	return rc;
}

void intake_drop(struct record *record)
{
	struct intake *in = record->intake;

	if (!in)
		return;
	work_end(in->work);
	in->work = NULL;
	for (size_t i = 0; i < BLOCKS; i++)
		if (in->blocks[i])
			block_clear(in->blocks[i]);
	in->n_pending = 0;
	in->failed = 0;
}

void intake_release(struct record *record)
{
	struct intake *in = record->intake;

	intake_drop(record);
	for (size_t i = 0; in && i < BLOCKS; i++) {
		if (!in->blocks[i])
			continue;
		buf_release(&in->blocks[i]->back.bytes);
		secret_wipe(in->blocks[i]->entries, in->blocks[i]->most);
		secret_wipe(in->blocks[i]->opened, in->blocks[i]->most);
		free(in->blocks[i]);
	}
	free(in);
	record->intake = NULL;
}
