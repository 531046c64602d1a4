#include "record/state.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { FEED_OWN = 1, FEED_SIGCHAIN = 2 };

#define FEED_BYTES (ID_BYTES + KEY_BYTES + 1 + 8 + ID_BYTES)

void state_release(struct state *state)
{
	free(state->feeds);
	free(state->control_rows);
	*state = (struct state){ 0 };
}

static void *copy_array(const void *p, size_t n_bytes)
{
	void *copy = NULL;

	if (n_bytes) {
		copy = mem_alloc(n_bytes);
		memcpy(copy, p, n_bytes);
	}
	return copy;
}

void state_copy(struct state *to, const struct state *from)
{
	state_release(to);
	*to = *from;
	to->feeds = copy_array(from->feeds, from->n_feeds * sizeof *from->feeds);
	to->control_rows = copy_array(from->control_rows, from->n_control_rows * sizeof *from->control_rows);
}

static void put_number(struct buf *out, uint64_t v)
{
	uint8_t b[8];

	put_u64(b, v);
	buf_put(out, b, sizeof b);
}

static void put_count(struct buf *out, size_t v)
{
	uint8_t b[4];

	put_u32(b, (uint32_t)v);
	buf_put(out, b, sizeof b);
}

void state_encode(const struct state *state, struct buf *out)
{
	put_number(out, state->counter);
	put_number(out, state->n_entries);
	put_number(out, state->n_keys);
	put_number(out, state->n_quarantine);
	put_number(out, state->quarantine_bytes);
	put_number(out, state->quarantine_dropped);
	put_count(out, state->n_feeds);
	for (size_t i = 0; i < state->n_feeds; i++) {
		const struct feed *f = &state->feeds[i];
		uint8_t flags = (uint8_t)((f->own ? FEED_OWN : 0) | (f->sigchain ? FEED_SIGCHAIN : 0));

		buf_put(out, f->circle, ID_BYTES);
		buf_put(out, f->device, KEY_BYTES);
		buf_put(out, &flags, 1);
		put_number(out, f->seq);
		buf_put(out, f->id, ID_BYTES);
	}
	put_count(out, state->n_control_rows);
	for (size_t i = 0; i < state->n_control_rows; i++)
		put_number(out, state->control_rows[i]);
}

/* A reader that runs dry once and for all. */
struct cursor {
	const uint8_t *p;
	size_t left;
	bool dry;
};

static const uint8_t *take(struct cursor *c, size_t n)
{
	static const uint8_t zeros[FEED_BYTES];
	const uint8_t *p = c->p;

	if (c->dry || c->left < n) {
		c->dry = true;
		return zeros;
	}
	c->p += n;
	c->left -= n;
	return p;
}

static size_t take_count(struct cursor *c, size_t each)
{
	size_t n = get_u32(take(c, 4));

	if (n > c->left / each)
		c->dry = true;
	return c->dry ? 0 : n;
}

int state_decode(struct bytes in, struct state *ret, struct err *err)
{
	struct cursor c = { in.p, in.n, false };
	struct state s = { 0 };
	uint8_t flags;

	s.counter = get_u64(take(&c, 8));
	s.n_entries = get_u64(take(&c, 8));
	s.n_keys = get_u64(take(&c, 8));
	s.n_quarantine = get_u64(take(&c, 8));
	s.quarantine_bytes = get_u64(take(&c, 8));
	s.quarantine_dropped = get_u64(take(&c, 8));
	s.n_feeds = take_count(&c, FEED_BYTES);
	s.feeds = s.n_feeds ? mem_alloc(s.n_feeds * sizeof *s.feeds) : NULL;
	for (size_t i = 0; i < s.n_feeds; i++) {
		memcpy(s.feeds[i].circle, take(&c, ID_BYTES), ID_BYTES);
		memcpy(s.feeds[i].device, take(&c, KEY_BYTES), KEY_BYTES);
		flags = *take(&c, 1);
		s.feeds[i].own = flags & FEED_OWN;
		s.feeds[i].sigchain = flags & FEED_SIGCHAIN;
		s.feeds[i].seq = get_u64(take(&c, 8));
		memcpy(s.feeds[i].id, take(&c, ID_BYTES), ID_BYTES);
	}
	s.n_control_rows = take_count(&c, 8);
	s.control_rows = s.n_control_rows ? mem_alloc(s.n_control_rows * sizeof *s.control_rows) : NULL;
	for (size_t i = 0; i < s.n_control_rows; i++)
		s.control_rows[i] = get_u64(take(&c, 8));
	if (c.dry || c.left) {
		state_release(&s);
		return err_set(err, E_DAMAGED, "record.db: the state row is not readable");
	}
	*ret = s;
	return 0;
}

static int feed_compare(const struct feed *f, const uint8_t *circle, const uint8_t *device)
{
	int order = memcmp(f->circle, circle, ID_BYTES);

	return order ? order : memcmp(f->device, device, KEY_BYTES);
}

/* Index of the first feed not below (circle, device). */
static size_t feed_place(const struct state *state, const uint8_t *circle, const uint8_t *device)
{
	size_t low = 0, high = state->n_feeds;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (feed_compare(&state->feeds[mid], circle, device) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct feed *state_feed(const struct state *state, const uint8_t circle[static ID_BYTES],
			      const uint8_t device[static KEY_BYTES])
{
	size_t at = feed_place(state, circle, device);

	if (at == state->n_feeds || feed_compare(&state->feeds[at], circle, device) != 0)
		return NULL;
	return &state->feeds[at];
}

void state_set_feed(struct state *state, const struct feed *feed)
{
	size_t at = feed_place(state, feed->circle, feed->device);

	if (at == state->n_feeds || feed_compare(&state->feeds[at], feed->circle, feed->device) != 0) {
		state->feeds = mem_resize(state->feeds, (state->n_feeds + 1) * sizeof *state->feeds);
		memmove(state->feeds + at + 1, state->feeds + at, (state->n_feeds - at) * sizeof *state->feeds);
		state->n_feeds++;
	}
	state->feeds[at] = *feed;
}

void state_add_control_row(struct state *state, uint64_t n)
{
	state->control_rows =
		mem_resize(state->control_rows, (state->n_control_rows + 1) * sizeof *state->control_rows);
	state->control_rows[state->n_control_rows++] = n;
}
