/* The overview's part on what is contested: which fields are shown, and the latest word of each sayer on them. */
#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "node/overview_internal.h"
#include "node/show.h"

/* What sort of thing differs: exact ones first, free words, which differ easily, last. */
enum sort { SORT_NUMBER, SORT_DATE, SORT_CODE, SORT_THING, SORT_WORDS, N_SORTS };

/* A contested field, before it is known whether it is among those shown. */
struct dispute {
	uint8_t obj[OBJECT_ID_BYTES];
	const struct kind *kind; /* NULL: unknown to this version */
	const char *kind_name, *field;
	enum sort sort;
	int64_t n_values, when_from;
};

struct disputes {
	struct dispute *items;
	size_t n;
};

static enum sort sort_of(const struct field *field)
{
	static const enum sort sorts[] = {
		[FIELD_TEXT] = SORT_WORDS,     [FIELD_ID] = SORT_THING,      [FIELD_CODE] = SORT_CODE,
		[FIELD_DATE] = SORT_DATE,      [FIELD_INTERVAL] = SORT_DATE, [FIELD_NUMBER] = SORT_NUMBER,
		[FIELD_DECIMAL] = SORT_NUMBER, [FIELD_AMOUNT] = SORT_NUMBER, [FIELD_PLACE] = SORT_THING,
		[FIELD_LANGUAGE] = SORT_CODE,  [FIELD_FLAG] = SORT_CODE,
	};

	return field ? sorts[field->type] : SORT_WORDS;
}

static void take_dispute(struct overview_job *job, struct disputes *all, struct stmt *s)
{
	struct dispute *d;
	const struct field *field;

	if (stmt_blob(s, 0).n != OBJECT_ID_BYTES || overview_place_of(job, stmt_blob(s, 0)) != PLACE_OWN)
		return;
	if ((all->n & (all->n - 1)) == 0)
		all->items = mem_resize(all->items, (all->n ? 2 * all->n : 1) * sizeof *all->items);
	d = &all->items[all->n++];
	*d = (struct dispute){ .kind = kind_find(stmt_text(s, 1)), .n_values = stmt_int(s, 3) };
	memcpy(d->obj, stmt_blob(s, 0).p, sizeof d->obj);
	d->kind_name = d->kind ? d->kind->name : arena_text(job->a, stmt_text(s, 1));
	field = d->kind ? kind_field(d->kind, stmt_text(s, 2)) : NULL;
	d->field = field ? field->name : arena_text(job->a, stmt_text(s, 2));
	d->sort = sort_of(field);
	d->when_from = stmt_is_null(s, 4) ? INT64_MIN : stmt_int(s, 4);
}

/* Sort by sort; within it most values first, then the latest. */
static int by_weight(const void *x, const void *y)
{
	const struct dispute *a = x, *b = y;
	int c;

	if (a->sort != b->sort)
		return a->sort > b->sort ? 1 : -1;
	if (a->n_values != b->n_values)
		return a->n_values > b->n_values ? -1 : 1;
	if (a->when_from != b->when_from)
		return a->when_from > b->when_from ? -1 : 1;
	c = memcmp(a->obj, b->obj, sizeof a->obj);
	return c ? c : strcmp(a->field, b->field);
}

/* How many of each sort are shown: by turns, so that each sort that there is has its place. */
static size_t share_out(const size_t there[N_SORTS], size_t shown[N_SORTS])
{
	size_t n = 0, before;

	memset(shown, 0, N_SORTS * sizeof *shown);
	do {
		before = n;
		for (int i = 0; i < N_SORTS && n < OVERVIEW_CONTESTED_MAX; i++)
			if (shown[i] < there[i]) {
				shown[i]++;
				n++;
			}
	} while (n > before);
	return n;
}

static void keep_dispute(struct overview_job *job, const struct dispute *d)
{
	const struct field *label = d->kind ? kind_label_field(d->kind) : NULL;
	struct overview_contest *c = &job->to->contests[job->to->n_contests++];

	*c = (struct overview_contest){ .kind = d->kind_name, .field = d->field };
	c->ref = overview_ref_of(job, (struct bytes){ d->obj, sizeof d->obj }, true);
	c->is_label = label && strcmp(label->name, d->field) == 0;
	c->date = overview_day_of(job->a, d->when_from);
}

static void keep_disputes(struct overview_job *job, struct disputes *all)
{
	size_t there[N_SORTS] = { 0 }, shown[N_SORTS], kept[N_SORTS] = { 0 }, n;

	if (all->n > 1)
		qsort(all->items, all->n, sizeof *all->items, by_weight);
	for (size_t i = 0; i < all->n; i++)
		there[all->items[i].sort]++;
	n = share_out(there, shown);
	job->to->contests = arena_alloc(job->a, (n + 1) * sizeof *job->to->contests);
	for (size_t i = 0; i < all->n; i++)
		if (kept[all->items[i].sort]++ < shown[all->items[i].sort])
			keep_dispute(job, &all->items[i]);
}

static void count_disputes(struct overview_job *job, const struct disputes *all)
{
	struct idmap seen = { 0 };

	job->to->n_contested_fields = (int64_t)all->n;
	for (size_t i = 0; i < all->n; i++) {
		uint64_t *at = idmap_at(&seen, all->items[i].obj, OBJECT_ID_BYTES);

		job->to->n_contested_objects += *at == 0;
		*at = 1;
	}
	idmap_release(&seen);
}

static int read_disputes(struct overview_job *job, struct err *err)
{
	struct disputes all = { 0 };
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(job->view),
			    "SELECT c.obj, o.kind, c.field, c.n_values, o.when_from"
			    " FROM contested c JOIN object o ON o.obj = c.obj",
			    &s, err);

	if (rc < 0)
		return rc;
	while ((rc = stmt_step(s, err)) == 1)
		take_dispute(job, &all, s);
	if (rc == 0) {
		count_disputes(job, &all);
		keep_disputes(job, &all);
	}
	free(all.items);
	return rc;
}

static void add_voice(struct overview_job *job, struct overview_contest *c, const struct shown_claim *claim)
{
	char day[WHEN_TEXT_MAX];
	size_t at = c->n_voices, i;

	for (i = 0; i < c->n_voices; i++) /* behind the last one of the same value */
		if (strcmp(c->voices[i].value, claim->value) == 0)
			at = i + 1;
	c->voices = overview_more(job->a, c->voices, c->n_voices, sizeof *c->voices);
	for (i = c->n_voices++; i > at; i--)
		c->voices[i] = c->voices[i - 1];
	when_format_day(claim->known_ms, day);
	c->voices[at] = (struct overview_voice){ .value = claim->value, .says = claim->says, .grade = claim->grade };
	c->voices[at].known = arena_text(job->a, day);
}

/* The latest word of each sayer, equal values together. */
static void hear_voices(struct overview_job *job, struct overview_contest *c, const struct shown_field *f)
{
	for (size_t i = 0; i < f->n_claims; i++)
		if (f->claims[i].rank != RANK_OLDER)
			add_voice(job, c, &f->claims[i]);
}

static int read_voices(struct overview_job *job, struct overview_contest *c, struct err *err)
{
	struct shown shown;
	int rc = show_object(job->view, job->a, c->ref.obj, &shown, err);

	for (size_t i = 0; rc == 0 && i < shown.n_fields; i++)
		if (strcmp(shown.fields[i].name, c->field) == 0)
			hear_voices(job, c, &shown.fields[i]);
	return rc;
}

int overview_read_contests(struct overview_job *job, struct err *err)
{
	int rc = read_disputes(job, err);

	for (size_t i = 0; i < job->to->n_contests && rc == 0; i++)
		rc = read_voices(job, &job->to->contests[i], err);
	return rc;
}
