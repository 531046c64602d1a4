/* Pairs that may be one: what they share is a key, keys are sorted, equal ones stand together. */
#include "node/same.h"

#include <stdlib.h>
#include <string.h>

#include "record/kinds/kinds.h"

#define LABEL_CAP 160

enum shared { SHARED_NUMBER, SHARED_NAME };

/* Something of an object by which another may be the same. */
struct trait {
	uint8_t obj[OBJECT_ID_BYTES];
	char kind; /* 'a' actor, 'p' person */
	enum shared shared;
	bool part;         /* of a name: what stands outside or inside of its brackets */
	const char *key;   /* in the arena */
	const char *words; /* as it was written */
};

/* An organisation speaks of it in its own name: it is no publisher's alone. */
#define SPOKEN_HERE 0x100

struct traits {
	struct arena *a;
	struct idmap kinds; /* of actors and persons: their letter, and SPOKEN_HERE */
	struct trait *items;
	size_t n;
};

static void add_trait(struct traits *t, struct trait trait)
{
	if ((t->n & (t->n - 1)) == 0)
		t->items = mem_resize(t->items, (t->n ? 2 * t->n : 1) * sizeof *t->items);
	t->items[t->n++] = trait;
}

static void add_name(struct traits *t, struct trait trait, const char *name)
{
	const char *forms[SAME_FORMS_MAX];
	const size_t n = same_name_forms(t->a, name, forms);

	trait.shared = SHARED_NAME;
	trait.words = arena_text(t->a, name);
	for (size_t i = 0; i < n; i++) {
		trait.key = forms[i];
		trait.part = i > 0;
		add_trait(t, trait);
	}
}

/* --- what they have ---------------------------------------------------------------------------------------- */

static void take_own(struct traits *t, struct stmt *s)
{
	struct trait trait = { .kind = stmt_text(s, 1)[0] };
	const char *field = stmt_text(s, 2), *value = stmt_text(s, 3);

	if (stmt_blob(s, 0).n != OBJECT_ID_BYTES)
		return;
	memcpy(trait.obj, stmt_blob(s, 0).p, OBJECT_ID_BYTES);
	*idmap_at(&t->kinds, trait.obj, OBJECT_ID_BYTES) |= (uint64_t)trait.kind | (stmt_int(s, 4) ? SPOKEN_HERE : 0);
	if (strcmp(field, "external_ids") == 0) {
		trait.key = trait.words = arena_text(t->a, value);
		add_trait(t, trait);
	} else {
		add_name(t, trait, value);
	}
}

static void take_name(struct traits *t, struct stmt *s)
{
	struct trait trait = { 0 };
	const char *of = stmt_text(s, 0);

	if (!of || hex_decode(of, strlen(of), trait.obj, OBJECT_ID_BYTES) < 0)
		return;
	trait.kind = (char)(idmap_get(&t->kinds, trait.obj, OBJECT_ID_BYTES) & 0xff);
	if (trait.kind)
		add_name(t, trait, stmt_text(s, 1));
}

static int read_rows(struct view *view, struct traits *t, const char *sql, void (*take)(struct traits *, struct stmt *),
		     struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(view), sql, &s, err);

	if (rc < 0)
		return rc;
	while ((rc = stmt_step(s, err)) == 1)
		take(t, s);
	return rc;
}

static int read_traits(struct view *view, struct traits *t, struct err *err)
{
	int rc = read_rows(view, t,
			   "SELECT c.obj, c.kind, s.field, s.value, c.says IS substr(c.org, 1, 16) FROM claim c CROSS "
			   "JOIN said s ON s.n = c.n"
			   " AND s.field IN ('name', 'short', 'external_ids')"
			   " WHERE c.status = 0 AND c.kind IN ('actor', 'person')",
			   take_own, err);

	if (rc == 0)
		rc = read_rows(view, t,
			       "SELECT k.of, s.value FROM k_name k CROSS JOIN claim c ON c.obj = k.obj AND c.status = 0"
			       " CROSS JOIN said s ON s.n = c.n AND s.field = 'text'",
			       take_name, err);
	return rc;
}

/* --- pairs ------------------------------------------------------------------------------------------------- */

static int compare_keys(const struct trait *a, const struct trait *b)
{
	if (a->shared != b->shared)
		return a->shared < b->shared ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return strcmp(a->key, b->key);
}

/* Of one object's equal traits the whole name comes first, then by how it was written: the order is the record's. */
static int by_key(const void *x, const void *y)
{
	const struct trait *a = x, *b = y;
	int c = compare_keys(a, b);

	if (c == 0)
		c = memcmp(a->obj, b->obj, OBJECT_ID_BYTES);
	if (c == 0)
		c = a->part - b->part;
	return c ? c : strcmp(a->words, b->words);
}

static size_t drop_repeated(struct trait *items, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		const bool again = kept > 0 && compare_keys(&items[kept - 1], &items[i]) == 0 &&
				   memcmp(items[kept - 1].obj, items[i].obj, OBJECT_ID_BYTES) == 0;

		if (!again)
			items[kept++] = items[i];
	}
	return kept;
}

struct pairs {
	struct view *view;
	struct arena *a;
	struct idmap known;    /* judged, or proposed already: by the objects that stand for their sets */
	struct same_sets sets; /* of what is one by judgements */
	const struct idmap *kinds;
	bool here; /* only pairs of which one is spoken of here */
	size_t limit;
	struct same_list *to;
};

/* Whether the pair of two sets is known; it is from now on. One set is no pair. */
static bool was_known(struct pairs *p, const uint8_t *one, const uint8_t *other)
{
	const uint8_t *a = same_sets_one(&p->sets, one), *b = same_sets_one(&p->sets, other);
	const int order = memcmp(a, b, OBJECT_ID_BYTES);
	uint8_t key[2 * OBJECT_ID_BYTES];
	uint64_t *known;
	bool was;

	if (order == 0)
		return true;
	memcpy(key, order < 0 ? a : b, OBJECT_ID_BYTES);
	memcpy(key + OBJECT_ID_BYTES, order < 0 ? b : a, OBJECT_ID_BYTES);
	known = idmap_at(&p->known, key, sizeof key);
	was = *known;
	*known = 1;
	return was;
}

static const char *label_of(struct pairs *p, const uint8_t *obj)
{
	char label[LABEL_CAP];

	view_label(p->view, obj, label, sizeof label);
	return arena_text(p->a, label);
}

static const char *why_text(struct pairs *p, const struct trait *one, const struct trait *other)
{
	if (one->shared == SHARED_NUMBER)
		return arena_printf(p->a, "both have %s", one->words);
	if (strcmp(one->words, other->words) == 0)
		return arena_printf(p->a, "both are called %s", one->words);
	return arena_printf(p->a, "%s / %s", one->words, other->words);
}

static bool is_spoken_here(const struct pairs *p, const struct trait *t)
{
	return idmap_get(p->kinds, t->obj, OBJECT_ID_BYTES) & SPOKEN_HERE;
}

/* Requires: one before other, as sorted. */
static void propose(struct pairs *p, const struct trait *one, const struct trait *other)
{
	struct same_pair *pair;

	if (one->part && other->part) /* "Army (North)" and "Police (North)" */
		return;
	if (p->here && !is_spoken_here(p, one) && !is_spoken_here(p, other))
		return;
	if (was_known(p, one->obj, other->obj))
		return;
	if (p->to->n_all++ >= p->limit && p->limit > 0)
		return;
	if ((p->to->n & (p->to->n - 1)) == 0)
		p->to->items = mem_resize(p->to->items, (p->to->n ? 2 * p->to->n : 1) * sizeof *p->to->items);
	pair = &p->to->items[p->to->n++];
	*pair = (struct same_pair){ .kind = one->kind == 'a' ? "actor" : "person", .why = why_text(p, one, other) };
	memcpy(pair->one, one->obj, OBJECT_ID_BYTES);
	memcpy(pair->other, other->obj, OBJECT_ID_BYTES);
	pair->labels[0] = label_of(p, pair->one);
	pair->labels[1] = label_of(p, pair->other);
}

/* All pairs of a few; of many each with the first only: who judges these has judged all. */
static void pair_up(struct pairs *p, const struct trait *group, size_t n)
{
	const size_t firsts = n <= SAME_SHARED_MAX ? n : 1;

	for (size_t i = 0; i < firsts; i++)
		for (size_t j = i + 1; j < n; j++)
			propose(p, &group[i], &group[j]);
}

static void pair_groups(struct pairs *p, const struct traits *t)
{
	for (size_t i = 0, end; i < t->n; i = end) {
		for (end = i + 1; end < t->n && compare_keys(&t->items[i], &t->items[end]) == 0;)
			end++;
		pair_up(p, &t->items[i], end - i);
	}
}

/* First those who stand in the organisations' own words, then publishers' among themselves. */
static void pair_all(struct pairs *p, struct traits *t)
{
	if (t->n > 1)
		qsort(t->items, t->n, sizeof *t->items, by_key);
	t->n = drop_repeated(t->items, t->n);
	p->kinds = &t->kinds;
	p->here = true;
	pair_groups(p, t);
	p->here = false;
	pair_groups(p, t);
}

static int know_judged(struct pairs *p, struct err *err)
{
	struct same_judged *judged = NULL;
	size_t n = 0;
	int rc = same_read_judged(p->view, p->a, &judged, &n, err);

	if (rc < 0)
		return rc;
	same_sets_init(&p->sets, p->a, judged, n);
	for (size_t i = 0; i < n; i++)
		(void)was_known(p, judged[i].one, judged[i].other);
	return rc;
}

int same_find(struct view *view, struct arena *a, size_t limit, struct same_list *ret, struct err *err)
{
	struct arena keys = { 0 };
	struct traits t = { .a = &keys };
	struct same_list list = { 0 };
	struct pairs p = { .view = view, .a = a, .limit = limit, .to = &list };
	int rc = know_judged(&p, err);

	if (rc == 0)
		rc = read_traits(view, &t, err);
	if (rc == 0) {
		pair_all(&p, &t);
		*ret = list;
		ret->items = arena_alloc(a, (list.n + 1) * sizeof *ret->items);
		if (list.n)
			memcpy(ret->items, list.items, list.n * sizeof *ret->items);
	}
	free(list.items);
	free(t.items);
	idmap_release(&t.kinds);
	idmap_release(&p.known);
	same_sets_release(&p.sets);
	arena_release(&keys);
	return rc;
}
