/* The overview's part on promises: agreements, commitments and what became of them. */
#include <stdlib.h>
#include <string.h>

#include "node/overview_internal.h"

/* --- agreements -------------------------------------------------------------------------------------------- */

static const char agreements_sql[] =
	"SELECT k.obj, k.stage, " SQL_FIRST_WHEN ", k.in_force, k.ended, x.t, r.obj, o.n_contested,"
	" o.when_from, o.when_to FROM k_agreement k JOIN object o ON o.obj = k.obj"
	" LEFT JOIN (SELECT replaces, min(obj) AS obj FROM k_agreement GROUP BY replaces) r"
	"  ON r.replaces = lower(hex(k.obj))"
	" LEFT JOIN (SELECT v.value AS at, min(i.when_from), " SQL_FIRST_WHEN " AS t FROM k_incident k"
	"  JOIN value v ON v.obj = k.obj AND v.field = 'targets' JOIN object i ON i.obj = k.obj"
	"  WHERE k.type = 'REJECT' AND k.auxiliary IS NULL AND i.when_from <= ?1 GROUP BY v.value) x"
	"  ON x.at = lower(hex(k.obj))"
	" ORDER BY o.when_from IS NULL, o.when_from, o.obj";

static void take_agreement(struct overview_job *job, struct stmt *s)
{
	struct overview *to = job->to;
	struct overview_agreement *g;

	if (overview_place_of(job, stmt_blob(s, 0)) != PLACE_OWN) {
		overview_count_other(job, &to->background.n_agreements, s, 8);
		return;
	}
	if (to->n_agreements_in_all++ >= OVERVIEW_ROWS_MAX)
		return;
	to->agreements = overview_more(job->a, to->agreements, to->n_agreements, sizeof *g);
	g = &to->agreements[to->n_agreements++];
	*g = (struct overview_agreement){ .ref = overview_ref_of(job, stmt_blob(s, 0), stmt_int(s, 7)) };
	g->stage = arena_text(job->a, stmt_text(s, 1));
	g->stage_words = overview_words(job, "pax_stage", g->stage);
	g->date = overview_date_of(job->a, stmt_text(s, 2));
	g->in_force = overview_date_of(job->a, stmt_text(s, 3));
	g->ended = overview_date_of(job->a, stmt_text(s, 4));
	g->rejected = overview_date_of(job->a, stmt_text(s, 5));
	if (stmt_is_null(s, 6))
		return;
	g->replaced_by = arena_alloc(job->a, sizeof *g->replaced_by);
	*g->replaced_by = overview_ref_of(job, stmt_blob(s, 6), false);
}

/* --- judgements of promises -------------------------------------------------------------------------------- */

#define JUDGES_MAX 16 /* sayers told apart for one promise */

/* What the fulfilments say of one promise. */
struct judged {
	char commitment[2 * OBJECT_ID_BYTES + 1];
	enum overview_fate fate;
	bool differently;
	/* the latest word of each sayer */
	struct {
		uint8_t says[OBJECT_ID_BYTES];
		enum overview_fate fate;
	} words[JUDGES_MAX];
	size_t n_words;
};

struct ledger {
	struct judged *items; /* by commitment */
	size_t n;
};

/* Judgements promise by promise, the latest last. A fulfilment that gives no level has one row without field. */
static const char judgements_sql[] = "SELECT k.commitment, c.says, v.field, v.value FROM k_fulfilment k"
				     " LEFT JOIN value v ON v.obj = k.obj AND v.field IN ('level', 'no_evidence')"
				     " LEFT JOIN claim c ON c.n = v.n WHERE k.commitment IS NOT NULL"
				     " ORDER BY k.commitment, c.when_from, c.known, c.n, v.field";

static enum overview_fate fate_of(const char *field, const char *value)
{
	static const struct {
		const char *level;
		enum overview_fate fate;
	} levels[] = {
		{ "3", FATE_COMPLETE }, { "2", FATE_INTERMEDIATE }, { "1", FATE_MINIMUM }, { "0", FATE_NOT_BEGUN }
	};

	if (!field || !value)
		return FATE_NO_LEVEL;
	if (strcmp(field, "no_evidence") == 0)
		return strcmp(value, "true") == 0 ? FATE_NO_EVIDENCE : FATE_NO_LEVEL;
	for (size_t i = 0; i < ARRAY_LEN(levels); i++)
		if (strcmp(value, levels[i].level) == 0)
			return levels[i].fate;
	return FATE_NO_LEVEL;
}

static void hear(struct judged *j, struct bytes says, enum overview_fate fate)
{
	uint8_t who[OBJECT_ID_BYTES] = { 0 };
	size_t i = 0;

	if (says.n == sizeof who)
		memcpy(who, says.p, sizeof who);
	while (i < j->n_words && memcmp(j->words[i].says, who, sizeof who) != 0)
		i++;
	if (i == JUDGES_MAX)
		return;
	if (i == j->n_words)
		j->n_words++;
	memcpy(j->words[i].says, who, sizeof who);
	j->words[i].fate = fate;
	j->differently = false;
	for (i = 1; i < j->n_words; i++)
		j->differently |= j->words[i].fate != j->words[0].fate;
}

static struct judged *judged_of(struct ledger *l, const char *commitment)
{
	struct judged *j = l->n ? &l->items[l->n - 1] : NULL;

	if (j && strcmp(j->commitment, commitment) == 0)
		return j;
	if ((l->n & (l->n - 1)) == 0)
		l->items = mem_resize(l->items, (l->n ? 2 * l->n : 1) * sizeof *l->items);
	j = &l->items[l->n++];
	*j = (struct judged){ .fate = FATE_NO_LEVEL };
	memcpy(j->commitment, commitment, sizeof j->commitment);
	return j;
}

static int read_ledger(struct overview_job *job, struct ledger *l, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(job->view), judgements_sql, &s, err);

	if (rc < 0)
		return rc;
	while ((rc = stmt_step(s, err)) == 1) {
		const enum overview_fate fate = fate_of(stmt_text(s, 2), stmt_text(s, 3));
		struct judged *j;

		if (strlen(stmt_text(s, 0)) != 2 * (size_t)OBJECT_ID_BYTES)
			continue;
		j = judged_of(l, stmt_text(s, 0));
		if (fate == FATE_NO_LEVEL)
			continue;
		j->fate = fate;
		hear(j, stmt_blob(s, 1), fate);
	}
	return rc;
}

static int by_commitment(const void *key, const void *item)
{
	const struct judged *j = item;

	return strcmp(key, j->commitment);
}

static const struct judged *find_judged(const struct ledger *l, const uint8_t *obj)
{
	char hex[2 * OBJECT_ID_BYTES + 1];

	hex_encode(obj, OBJECT_ID_BYTES, hex);
	return l->n ? bsearch(hex, l->items, l->n, sizeof *l->items, by_commitment) : NULL;
}

/* --- commitments ------------------------------------------------------------------------------------------- */

static const char commitments_sql[] =
	"SELECT k.obj, k.obligor, k.due, k.status, o.n_contested FROM k_commitment k JOIN object o ON o.obj = k.obj";

/* Promises that stand, are not complete and have a due date; not named yet: obligor is the id. */
struct dated {
	struct overview_commitment *items;
	size_t n;
};

static bool stands(const char *status)
{
	static const char *const gone[] = { "released", "replaced", "withdrawn" };

	for (size_t i = 0; status && i < ARRAY_LEN(gone); i++)
		if (strcmp(status, gone[i]) == 0)
			return false;
	return true;
}

static void take_commitment(struct overview_job *job, const struct ledger *l, struct dated *dated, struct stmt *s)
{
	const struct judged *j = find_judged(l, stmt_blob(s, 0).p);
	struct overview_commitment c = { .fate = j ? j->fate : FATE_NO_REPORT };

	if (!stands(stmt_text(s, 3))) {
		job->to->n_dropped++;
		return;
	}
	job->to->n_commitments++;
	job->to->fates[c.fate]++;
	job->to->n_judged_differently += j && j->differently;
	if (c.fate == FATE_COMPLETE)
		return;
	c.due = overview_date_of(job->a, stmt_text(s, 2));
	if (!c.due.text) {
		job->to->n_undated++;
		return;
	}
	if (c.fate == FATE_NO_LEVEL && overview_is_past(job, &c.due)) { /* how far it was kept is not for us to say */
		job->to->n_reported_late++;
		return;
	}
	memcpy(c.ref.obj, stmt_blob(s, 0).p, OBJECT_ID_BYTES);
	c.ref.contested = stmt_int(s, 4) > 0;
	c.obligor = arena_text(job->a, stmt_text(s, 1));
	if ((dated->n & (dated->n - 1)) == 0)
		dated->items = mem_resize(dated->items, (dated->n ? 2 * dated->n : 1) * sizeof *dated->items);
	dated->items[dated->n++] = c;
}

static int by_due(const void *x, const void *y)
{
	const struct overview_commitment *a = x, *b = y;

	if (a->due.to_ms != b->due.to_ms)
		return a->due.to_ms < b->due.to_ms ? -1 : 1;
	return memcmp(a->ref.obj, b->ref.obj, OBJECT_ID_BYTES);
}

/* The first n of them, with names. */
static struct overview_commitment *name_commitments(struct overview_job *job, const struct overview_commitment *from,
						    size_t n)
{
	struct overview_commitment *out = arena_alloc(job->a, (n + 1) * sizeof *out);

	for (size_t i = 0; i < n; i++) {
		out[i] = from[i];
		out[i].ref =
			overview_ref_of(job, (struct bytes){ from[i].ref.obj, OBJECT_ID_BYTES }, from[i].ref.contested);
		out[i].obligor = overview_label(job, from[i].obligor);
	}
	return out;
}

static void place_commitments(struct overview_job *job, struct dated *dated)
{
	struct overview *to = job->to;
	size_t n = 0;

	if (dated->n > 1)
		qsort(dated->items, dated->n, sizeof *dated->items, by_due);
	while (n < dated->n && overview_is_past(job, &dated->items[n].due))
		n++;
	to->n_overdue_in_all = n;
	to->n_overdue = n < OVERVIEW_ROWS_MAX ? n : OVERVIEW_ROWS_MAX;
	to->overdue = name_commitments(job, dated->items, to->n_overdue);
	to->n_next_in_all = dated->n - n;
	to->n_next = to->n_next_in_all < OVERVIEW_ROWS_MAX ? to->n_next_in_all : OVERVIEW_ROWS_MAX;
	to->next = name_commitments(job, dated->items ? dated->items + n : NULL, to->n_next);
}

static int read_commitments(struct overview_job *job, struct err *err)
{
	struct ledger ledger = { 0 };
	struct dated dated = { 0 };
	struct stmt *s = NULL;
	int rc = read_ledger(job, &ledger, err);

	if (rc == 0)
		rc = db_prepare(view_db(job->view), commitments_sql, &s, err);
	if (rc < 0)
		goto out;
	while ((rc = stmt_step(s, err)) == 1)
		take_commitment(job, &ledger, &dated, s);
	if (rc == 0)
		place_commitments(job, &dated);
out:
	free(ledger.items);
	free(dated.items);
	return rc;
}

int overview_read_promises(struct overview_job *job, struct err *err)
{
	int rc = overview_rows(job, agreements_sql, take_agreement, err);

	if (rc == 0)
		rc = read_commitments(job, err);
	return rc;
}
