/* What was judged of pairs: the latest word of each sayer. */
#include <stdlib.h>
#include <string.h>

#include "node/same.h"

/* One sayer's word on one pair. */
struct word {
	uint8_t pair[2 * OBJECT_ID_BYTES]; /* both ids, the lower one first */
	uint8_t says[OBJECT_ID_BYTES], obj[OBJECT_ID_BYTES];
	enum same_verdict verdict;
	size_t at; /* its place in time */
};

struct words {
	struct word *items;
	size_t n;
};

static const char words_sql[] = "SELECT k.one, k.other, k.obj, c.says, s.value FROM k_identity k"
				" CROSS JOIN claim c ON c.obj = k.obj AND c.status = 0"
				" JOIN said s ON s.n = c.n AND s.field = 'verdict' JOIN entry e ON e.n = c.n"
				" ORDER BY coalesce(c.when_from, -9e18), c.known, c.recorded, e.seq, e.id";

static bool read_id(struct stmt *s, int column, uint8_t out[static OBJECT_ID_BYTES])
{
	const char *hex = stmt_text(s, column);

	return hex && hex_decode(hex, strlen(hex), out, OBJECT_ID_BYTES) == 0;
}

static bool read_pair(struct stmt *s, uint8_t out[static 2 * OBJECT_ID_BYTES])
{
	uint8_t one[OBJECT_ID_BYTES], other[OBJECT_ID_BYTES];
	int order;

	if (!read_id(s, 0, one) || !read_id(s, 1, other))
		return false;
	order = memcmp(one, other, OBJECT_ID_BYTES);
	memcpy(out, order < 0 ? one : other, OBJECT_ID_BYTES);
	memcpy(out + OBJECT_ID_BYTES, order < 0 ? other : one, OBJECT_ID_BYTES);
	return order != 0;
}

static enum same_verdict verdict_of(const char *code)
{
	if (strcmp(code, "same") == 0)
		return SAME_YES;
	return strcmp(code, "different") == 0 ? SAME_NO : SAME_UNSURE;
}

static void take_word(struct words *all, struct stmt *s)
{
	struct word w = { .at = all->n };

	if (!read_pair(s, w.pair) || stmt_blob(s, 2).n != OBJECT_ID_BYTES || stmt_is_null(s, 4))
		return;
	memcpy(w.obj, stmt_blob(s, 2).p, sizeof w.obj);
	if (stmt_blob(s, 3).n == sizeof w.says)
		memcpy(w.says, stmt_blob(s, 3).p, sizeof w.says);
	w.verdict = verdict_of(stmt_text(s, 4));
	if ((all->n & (all->n - 1)) == 0)
		all->items = mem_resize(all->items, (all->n ? 2 * all->n : 1) * sizeof *all->items);
	all->items[all->n++] = w;
}

static int by_pair(const void *x, const void *y)
{
	const struct word *a = x, *b = y;
	int c = memcmp(a->pair, b->pair, sizeof a->pair);

	if (c == 0)
		c = memcmp(a->says, b->says, sizeof a->says);
	return c ? c : (a->at > b->at) - (a->at < b->at);
}

static enum same_verdict together(enum same_verdict a, enum same_verdict b)
{
	if (a == b || b == SAME_UNSURE)
		return a;
	return a == SAME_UNSURE ? b : SAME_DISPUTED;
}

/* Words i.. are of one pair: judge it by the last one of each sayer.
 * @return the first word of the next pair */
static size_t judge(const struct words *all, size_t i, struct same_judged *ret)
{
	const struct word *first = &all->items[i];

	*ret = (struct same_judged){ .verdict = SAME_UNSURE };
	memcpy(ret->one, first->pair, OBJECT_ID_BYTES);
	memcpy(ret->other, first->pair + OBJECT_ID_BYTES, OBJECT_ID_BYTES);
	memcpy(ret->obj, first->obj, OBJECT_ID_BYTES);
	for (; i < all->n && memcmp(all->items[i].pair, first->pair, sizeof first->pair) == 0; i++) {
		const struct word *w = &all->items[i], *next = i + 1 < all->n ? w + 1 : NULL;
		const bool said_again = next && memcmp(next->pair, w->pair, sizeof w->pair) == 0 &&
					memcmp(next->says, w->says, sizeof w->says) == 0;

		if (!said_again)
			ret->verdict = together(ret->verdict, w->verdict);
	}
	return i;
}

int same_read_judged(struct view *view, struct arena *a, struct same_judged **ret, size_t *ret_n, struct err *err)
{
	struct words all = { 0 };
	struct stmt *s = NULL;
	size_t n = 0;
	int rc = db_prepare(view_db(view), words_sql, &s, err);

	if (rc < 0)
		return rc;
	while ((rc = stmt_step(s, err)) == 1)
		take_word(&all, s);
	if (rc < 0)
		goto out;
	if (all.n > 1)
		qsort(all.items, all.n, sizeof *all.items, by_pair);
	*ret = arena_alloc(a, (all.n + 1) * sizeof **ret);
	for (size_t i = 0; i < all.n; n++)
		i = judge(&all, i, &(*ret)[n]);
	*ret_n = n;
out:
	free(all.items);
	return rc;
}

/* --- sets -------------------------------------------------------------------------------------------------- */

static size_t place_in(struct same_sets *sets, const uint8_t *id)
{
	uint64_t *at = idmap_at(&sets->places, id, OBJECT_ID_BYTES);

	if (*at == 0) {
		sets->ids[sets->n] = id;
		sets->above[sets->n] = sets->n;
		*at = ++sets->n;
	}
	return (size_t)*at - 1;
}

size_t same_sets_root(struct same_sets *sets, size_t place)
{
	while (sets->above[place] != place) {
		sets->above[place] = sets->above[sets->above[place]]; /* halve the way for the next */
		place = sets->above[place];
	}
	return place;
}

const uint8_t *same_sets_one(struct same_sets *sets, const uint8_t id[static OBJECT_ID_BYTES])
{
	const uint64_t place = idmap_get(&sets->places, id, OBJECT_ID_BYTES);

	return place ? sets->ids[same_sets_root(sets, (size_t)place - 1)] : id;
}

void same_sets_init(struct same_sets *sets, struct arena *a, const struct same_judged *judged, size_t n)
{
	*sets = (struct same_sets){ 0 };
	sets->ids = arena_alloc(a, (2 * n + 1) * sizeof *sets->ids);
	sets->above = arena_alloc(a, (2 * n + 1) * sizeof *sets->above);
	for (size_t i = 0; i < n; i++) {
		size_t one, other;

		if (judged[i].verdict != SAME_YES)
			continue;
		one = same_sets_root(sets, place_in(sets, judged[i].one));
		other = same_sets_root(sets, place_in(sets, judged[i].other));
		sets->above[one] = other;
	}
}

void same_sets_release(struct same_sets *sets)
{
	idmap_release(&sets->places);
}
