/* The overview's part on events: incidents by the state of their handling, attestations, and what is contested. */
#include <stdlib.h>
#include <string.h>

#include "node/overview_internal.h"
#include "node/show.h"

/* --- incidents --------------------------------------------------------------------------------------------- */

/* What did not happen, or not in this process' present, is counted apart. */
static const char incidents_sql[] = "SELECT coalesce(f.state, k.state) AS st, count(*),"
				    " count(coalesce(k.deaths_best, k.deaths_low, k.deaths_high)),"
				    " total(coalesce(k.deaths_low, k.deaths_best, 0)),"
				    " total(coalesce(k.deaths_best, k.deaths_low, k.deaths_high)),"
				    " total(coalesce(k.deaths_high, k.deaths_best, k.deaths_low))"
				    " FROM k_incident k LEFT JOIN " SQL_FINDINGS " f ON f.incident = lower(hex(k.obj))"
				    " WHERE k.auxiliary IS NULL GROUP BY st";

static void take_incidents(struct overview_job *job, struct stmt *s)
{
	struct overview *to = job->to;
	struct overview_incidents *i;

	to->incidents = overview_more(job->a, to->incidents, to->n_incident_states, sizeof *i);
	i = &to->incidents[to->n_incident_states++];
	*i = (struct overview_incidents){ .state = arena_text(job->a, stmt_text(s, 0)), .n = stmt_int(s, 1) };
	i->words = overview_words(job, "incident_state", i->state);
	i->n_with_deaths = stmt_int(s, 2);
	i->deaths_low = stmt_int(s, 3);
	i->deaths_best = stmt_int(s, 4);
	i->deaths_high = stmt_int(s, 5);
	to->n_incidents += i->n;
}

static size_t place_of_state(const char *state)
{
	const struct code_list *list = code_list_find("incident_state");
	size_t i = 0;

	if (!state)
		return SIZE_MAX;
	while (list && i < list->n_codes && strcmp(list->codes[i].code, state) != 0)
		i++;
	return i;
}

/* In the order of the handling: few rows, so each goes where it belongs. */
static void order_incidents(struct overview *to)
{
	for (size_t i = 1; i < to->n_incident_states; i++) {
		const struct overview_incidents moving = to->incidents[i];
		size_t at = i;

		while (at > 0 && place_of_state(to->incidents[at - 1].state) > place_of_state(moving.state)) {
			to->incidents[at] = to->incidents[at - 1];
			at--;
		}
		to->incidents[at] = moving;
	}
}

static void take_attestations(struct overview_job *job, struct stmt *s)
{
	job->to->n_confirmed = stmt_int(s, 0);
	job->to->n_denied = stmt_int(s, 1);
	job->to->n_cannot_tell = stmt_int(s, 2);
	job->to->n_not_events = stmt_int(s, 3);
}

/* --- contested --------------------------------------------------------------------------------------------- */

/* A contested field, before it is known whether it is among those shown. */
struct dispute {
	uint8_t obj[OBJECT_ID_BYTES];
	const struct kind *kind; /* NULL: unknown to this version */
	const char *kind_name, *field;
	bool is_text; /* free words, which differ easily */
	int64_t n_values, when_from;
};

struct disputes {
	struct dispute *items;
	size_t n;
};

static void take_dispute(struct overview_job *job, struct disputes *all, struct stmt *s)
{
	struct dispute *d;
	const struct field *field;

	if (stmt_blob(s, 0).n != OBJECT_ID_BYTES)
		return;
	if ((all->n & (all->n - 1)) == 0)
		all->items = mem_resize(all->items, (all->n ? 2 * all->n : 1) * sizeof *all->items);
	d = &all->items[all->n++];
	*d = (struct dispute){ .kind = kind_find(stmt_text(s, 1)), .n_values = stmt_int(s, 3) };
	memcpy(d->obj, stmt_blob(s, 0).p, sizeof d->obj);
	d->kind_name = d->kind ? d->kind->name : arena_text(job->a, stmt_text(s, 1));
	field = d->kind ? kind_field(d->kind, stmt_text(s, 2)) : NULL;
	d->field = field ? field->name : arena_text(job->a, stmt_text(s, 2));
	d->is_text = !field || field->type == FIELD_TEXT;
	d->when_from = stmt_is_null(s, 4) ? INT64_MIN : stmt_int(s, 4);
}

/* What differs in numbers, dates and codes before what differs in words; most values first; then the latest. */
static int by_weight(const void *x, const void *y)
{
	const struct dispute *a = x, *b = y;
	int c;

	if (a->is_text != b->is_text)
		return a->is_text ? 1 : -1;
	if (a->n_values != b->n_values)
		return a->n_values > b->n_values ? -1 : 1;
	if (a->when_from != b->when_from)
		return a->when_from > b->when_from ? -1 : 1;
	c = memcmp(a->obj, b->obj, sizeof a->obj);
	return c ? c : strcmp(a->field, b->field);
}

static void keep_disputes(struct overview_job *job, struct disputes *all)
{
	struct overview *to = job->to;

	if (all->n > 1)
		qsort(all->items, all->n, sizeof *all->items, by_weight);
	to->n_contests = all->n < OVERVIEW_CONTESTED_MAX ? all->n : OVERVIEW_CONTESTED_MAX;
	to->contests = arena_alloc(job->a, (to->n_contests + 1) * sizeof *to->contests);
	for (size_t i = 0; i < to->n_contests; i++) {
		const struct dispute *d = &all->items[i];
		const struct field *label = d->kind ? kind_label_field(d->kind) : NULL;

		to->contests[i] = (struct overview_contest){ .kind = d->kind_name, .field = d->field };
		to->contests[i].ref = overview_ref_of(job, (struct bytes){ d->obj, sizeof d->obj }, true);
		to->contests[i].is_label = label && strcmp(label->name, d->field) == 0;
	}
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
	if (rc == 0)
		keep_disputes(job, &all);
	free(all.items);
	return rc;
}

static void take_contested(struct overview_job *job, struct stmt *s)
{
	job->to->n_contested_fields = stmt_int(s, 0);
	job->to->n_contested_objects = stmt_int(s, 1);
}

static void add_sayer(struct overview_job *job, struct overview_voice *v, const char *says)
{
	const char *who = says ? says : "someone (not attributed)";

	v->says = v->says ? arena_printf(job->a, "%s, %s", v->says, who) : who;
}

/* The latest word of each sayer, equal values together. */
static void hear_voices(struct overview_job *job, struct overview_contest *c, const struct shown_field *f)
{
	for (size_t i = 0; i < f->n_claims; i++) {
		const struct shown_claim *claim = &f->claims[i];
		size_t at = 0;

		if (claim->rank == RANK_OLDER)
			continue;
		while (at < c->n_voices && strcmp(c->voices[at].value, claim->value) != 0)
			at++;
		if (at == c->n_voices) {
			c->voices = overview_more(job->a, c->voices, c->n_voices, sizeof *c->voices);
			c->voices[c->n_voices++] = (struct overview_voice){ .value = claim->value };
		}
		add_sayer(job, &c->voices[at], claim->says);
	}
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

static int read_contests(struct overview_job *job, struct err *err)
{
	int rc = overview_rows(job, "SELECT count(*), count(DISTINCT obj) FROM contested", take_contested, err);

	if (rc == 0)
		rc = read_disputes(job, err);
	for (size_t i = 0; i < job->to->n_contests && rc == 0; i++)
		rc = read_voices(job, &job->to->contests[i], err);
	return rc;
}

int overview_read_events(struct overview_job *job, struct err *err)
{
	int rc = overview_rows(job, incidents_sql, take_incidents, err);

	order_incidents(job->to);
	if (rc == 0)
		rc = overview_rows(job,
				   "SELECT count(*) FILTER (WHERE verdict = 'confirm'),"
				   " count(*) FILTER (WHERE verdict = 'deny'),"
				   " count(*) FILTER (WHERE verdict = 'cannot_tell'),"
				   " (SELECT count(*) FROM k_incident WHERE auxiliary IS NOT NULL) FROM k_attestation",
				   take_attestations, err);
	if (rc == 0)
		rc = read_contests(job, err);
	return rc;
}
