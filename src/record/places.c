/* In which row each place of each feed stands. Made by one run through the record when it is first asked for, and kept
 * until the record is closed or a batch is rolled back: 8 bytes an entry. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "record/record_internal.h"

struct feed_places {
	uint8_t circle[ID_BYTES], device[KEY_BYTES];
	uint64_t *rows; /* [seq - 1]; 0: not known, for the row does not open */
	size_t n, cap;
};

struct places {
	struct feed_places *feeds; /* ascending by circle, then device */
	size_t n_feeds, cap_feeds;
};

static int compare(const struct feed_places *f, const struct envelope *e)
{
	const int c = memcmp(f->circle, e->circle, ID_BYTES);

	return c ? c : memcmp(f->device, e->author, KEY_BYTES);
}

/* Index of the first feed that is not before that of the entry. */
static size_t feed_index(const struct places *p, const struct envelope *e)
{
	size_t low = 0, high = p->n_feeds;

	while (low < high) {
		const size_t mid = low + (high - low) / 2;

		if (compare(&p->feeds[mid], e) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct feed_places *feed_of(struct places *p, const struct envelope *e)
{
	const size_t at = feed_index(p, e);
	struct feed_places *f;

	if (at < p->n_feeds && compare(&p->feeds[at], e) == 0)
		return &p->feeds[at];
	if (p->n_feeds == p->cap_feeds) {
		p->cap_feeds = p->cap_feeds ? 2 * p->cap_feeds : 16;
		p->feeds = mem_resize(p->feeds, p->cap_feeds * sizeof *p->feeds);
	}
	f = &p->feeds[at];
	memmove(f + 1, f, (p->n_feeds - at) * sizeof *f);
	p->n_feeds++;
	*f = (struct feed_places){ 0 };
	memcpy(f->circle, e->circle, ID_BYTES);
	memcpy(f->device, e->author, KEY_BYTES);
	return f;
}

/* A feed has no gaps, so a place behind the last row of the record is none. */
static void set_place(struct places *p, const struct envelope *e, uint64_t n)
{
	struct feed_places *f = feed_of(p, e);

	if (e->seq > n)
		return;
	if (e->seq > f->cap) {
		f->cap = 2 * (size_t)e->seq;
		f->rows = mem_resize(f->rows, f->cap * sizeof *f->rows);
		memset(f->rows + f->n, 0, (f->cap - f->n) * sizeof *f->rows);
	}
	f->rows[e->seq - 1] = n;
	if (e->seq > f->n)
		f->n = (size_t)e->seq;
}

static int take_row(void *ctx, const struct scanned *row, struct err *err)
{
	(void)err;
	if (row->rc == 0)
		set_place(ctx, &row->entry.envelope, row->entry.n);
	return 0;
}

int places_find(struct record *record, const struct envelope *e, uint64_t *ret_n, struct err *err)
{
	struct feed_places *f;
	int rc = 0;

	if (!record->places) {
		record->places = mem_alloc(sizeof *record->places);
		rc = record_scan(record, 1, record_n_entries(record), 0, take_row, record->places, err);
	}
	if (rc < 0) {
		places_drop(record);
		return rc;
	}
	f = feed_of(record->places, e);
	if (e->seq > f->n || f->rows[e->seq - 1] == 0)
		return err_set(
			err, E_DAMAGED,
			"record.db: the row of an entry that came once more does not open: 'parley verify' names it");
	*ret_n = f->rows[e->seq - 1];
	return 0;
}

void places_note(struct record *record, const struct envelope *e, uint64_t n)
{
	if (record->places)
		set_place(record->places, e, n);
}

void places_drop(struct record *record)
{
	struct places *p = record->places;

	for (size_t i = 0; p && i < p->n_feeds; i++)
		free(p->feeds[i].rows);
	if (p)
		free(p->feeds);
	free(p);
	record->places = NULL;
}
