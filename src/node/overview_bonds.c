/* The overview's part on what binds without a promise to another: ceasefires, deeds, lists, exchanges. */
#include <string.h>

#include "node/overview_internal.h"

/* --- ceasefires -------------------------------------------------------------------------------------------- */

/* Somebody spoke of it: when that holds, or when it could be known. */
static const char ceasefires_sql[] =
	"SELECT k.obj, k.parties, k.starts, k.ends, k.ended, k.end_reason, o.n_contested,"
	" (SELECT max(max(coalesce(c.when_from, -9e18), c.known)) FROM claim c WHERE c.obj = k.obj AND c.status = 0)"
	" FROM k_ceasefire k JOIN object o ON o.obj = k.obj ORDER BY k.starts IS NULL, k.starts, o.when_from, o.obj";

static void take_ceasefire(struct overview_job *job, struct stmt *s)
{
	struct overview *to = job->to;
	struct overview_ceasefire *c;

	if (to->n_ceasefires_in_all++ >= OVERVIEW_ROWS_MAX)
		return;
	to->ceasefires = overview_more(job->a, to->ceasefires, to->n_ceasefires, sizeof *c);
	c = &to->ceasefires[to->n_ceasefires++];
	*c = (struct overview_ceasefire){ .ref = overview_ref_of(job, stmt_blob(s, 0), stmt_int(s, 6)) };
	c->parties = overview_labels(job, stmt_text(s, 1));
	c->starts = overview_date_of(job->a, stmt_text(s, 2));
	c->ends = overview_date_of(job->a, stmt_text(s, 3));
	c->ended = overview_date_of(job->a, stmt_text(s, 4));
	c->end_reason = arena_text(job->a, stmt_text(s, 5));
	c->mentioned_ms = stmt_int(s, 7);
}

/* An attestation speaks of a ceasefire too. Who attests: the monitor named, else who says so. */
static const char attested_sql[] = "SELECT k.incident, k.verdict, coalesce(k.monitor, lower(hex(c.says))), "
				   "max(coalesce(c.when_from, -9e18), c.known)"
				   " FROM k_attestation k CROSS JOIN claim c ON c.obj = k.obj AND c.status = 0"
				   " WHERE k.incident IN (SELECT lower(hex(obj)) FROM k_ceasefire) GROUP BY k.obj"
				   " ORDER BY min(coalesce(c.when_from, -9e18)), k.obj";

static void take_attested(struct overview_job *job, struct stmt *s)
{
	const char *verdict = stmt_text(s, 1), *who;
	uint8_t obj[OBJECT_ID_BYTES];
	struct overview_ceasefire *c = NULL;

	if (hex_decode(stmt_text(s, 0), strlen(stmt_text(s, 0)), obj, sizeof obj) < 0)
		return;
	for (size_t i = 0; i < job->to->n_ceasefires && !c; i++)
		if (memcmp(job->to->ceasefires[i].ref.obj, obj, sizeof obj) == 0)
			c = &job->to->ceasefires[i];
	if (!c)
		return;
	if (stmt_int(s, 3) > c->mentioned_ms)
		c->mentioned_ms = stmt_int(s, 3);
	if (!verdict || strcmp(verdict, "deny") != 0)
		return;
	who = overview_label(job, stmt_text(s, 2));
	if (!c->denied_by)
		c->denied_by = who;
	else if (!strstr(c->denied_by, who))
		c->denied_by = arena_printf(job->a, "%s, %s", c->denied_by, who);
}

static enum overview_truce truce_of(const struct overview_job *job, const struct overview_ceasefire *c)
{
	const int64_t now = job->to->now_ms;

	if (c->ended.text && c->ended.from_ms <= now)
		return TRUCE_ENDED;
	if (c->starts.text && c->starts.from_ms > now)
		return TRUCE_TO_COME;
	if (overview_is_past(job, &c->ends))
		return TRUCE_LAPSED;
	if (!c->starts.text)
		return TRUCE_UNKNOWN;
	if (!c->ends.text && now - c->starts.from_ms > OVERVIEW_QUIET_MS && now - c->mentioned_ms > OVERVIEW_QUIET_MS)
		return TRUCE_NO_END;
	return TRUCE_RUNNING;
}

static int read_ceasefires(struct overview_job *job, struct err *err)
{
	int rc = overview_rows(job, ceasefires_sql, take_ceasefire, err);

	if (rc == 0 && job->to->n_ceasefires)
		rc = overview_rows(job, attested_sql, take_attested, err);
	for (size_t i = 0; i < job->to->n_ceasefires; i++)
		job->to->ceasefires[i].state = truce_of(job, &job->to->ceasefires[i]);
	return rc;
}

/* --- deeds ------------------------------------------------------------------------------------------------- */

static const char deeds_sql[] = "SELECT k.obj, o.n_contested, " SQL_FIRST_WHEN ", k.declarant, k.witnesses, k.topic,"
				" k.status FROM k_deed k JOIN object o ON o.obj = k.obj"
				" ORDER BY o.when_from IS NULL, o.when_from, o.obj";

static void take_deed(struct overview_job *job, struct stmt *s)
{
	struct overview *to = job->to;
	struct overview_deed *d;

	if (to->n_deeds_in_all++ >= OVERVIEW_ROWS_MAX)
		return;
	to->deeds = overview_more(job->a, to->deeds, to->n_deeds, sizeof *d);
	d = &to->deeds[to->n_deeds++];
	*d = (struct overview_deed){ .ref = overview_ref_of(job, stmt_blob(s, 0), stmt_int(s, 1)) };
	d->date = overview_date_of(job->a, stmt_text(s, 2));
	d->declarant = overview_label(job, stmt_text(s, 3));
	d->witnesses = overview_labels(job, stmt_text(s, 4));
	d->topic = overview_words(job, "deed_topic", stmt_text(s, 5));
	d->status = overview_words(job, "deed_status", stmt_text(s, 6));
}

/* --- lists ------------------------------------------------------------------------------------------------- */

static const char listings_sql[] =
	"SELECT k.obj, o.n_contested, k.actor, k.jurisdiction, k.list, k.listed, k.delisted, k.reference"
	" FROM k_designation k"
	" JOIN object o ON o.obj = k.obj LEFT JOIN k_actor a ON lower(hex(a.obj)) = k.actor WHERE k.actor IS NOT NULL"
	" ORDER BY a.name IS NULL, a.name, k.actor, k.delisted IS NOT NULL, k.listed IS NULL, k.listed, o.obj";

/* Whose listing this is; they come together. NULL: no more are kept. */
static struct overview_listed *listed_of(struct overview_job *job, const char *actor)
{
	struct overview *to = job->to;
	struct overview_listed *l = to->n_listed ? &to->listed[to->n_listed - 1] : NULL;
	uint8_t obj[OBJECT_ID_BYTES];

	if (hex_decode(actor, strlen(actor), obj, sizeof obj) < 0)
		return NULL;
	if (l && memcmp(l->actor.obj, obj, sizeof obj) == 0)
		return l;
	if (to->n_listed == OVERVIEW_ROWS_MAX)
		return NULL;
	to->listed = overview_more(job->a, to->listed, to->n_listed, sizeof *l);
	l = &to->listed[to->n_listed++];
	*l = (struct overview_listed){ .actor = overview_ref_of(job, (struct bytes){ obj, sizeof obj }, false) };
	return l;
}

static void take_listing(struct overview_job *job, struct stmt *s)
{
	struct overview_listing listing = { .ref = overview_ref_of(job, stmt_blob(s, 0), stmt_int(s, 1)) };
	struct overview_listed *l;

	listing.jurisdiction = arena_text(job->a, stmt_text(s, 3));
	listing.list = overview_words(job, "designation_list", stmt_text(s, 4));
	listing.forbids = !stmt_text(s, 4) || strcmp(stmt_text(s, 4), "un_caac") != 0;
	listing.reference = arena_text(job->a, stmt_text(s, 7));
	listing.listed = overview_date_of(job->a, stmt_text(s, 5));
	listing.delisted = overview_date_of(job->a, stmt_text(s, 6));
	listing.past = listing.delisted.text && listing.delisted.from_ms <= job->to->now_ms;
	job->to->n_listings += !listing.past;
	l = listed_of(job, stmt_text(s, 2));
	if (!l)
		return;
	l->listings = overview_more(job->a, l->listings, l->n_listings, sizeof listing);
	l->listings[l->n_listings++] = listing;
}

static bool is_listed_in(const struct overview_listed *l, const char *jurisdiction)
{
	for (size_t i = 0; i < l->n_listings; i++)
		if (l->listings[i].forbids && l->listings[i].jurisdiction &&
		    strcmp(l->listings[i].jurisdiction, jurisdiction) == 0)
			return true;
	return false;
}

#define JURISDICTIONS_MAX 12 /* that are told apart; of more one would not read that something is not there */

static size_t jurisdictions(const struct overview *to, const char *out[JURISDICTIONS_MAX + 1])
{
	size_t n = 0;

	for (size_t i = 0; i < to->n_listed; i++)
		for (size_t j = 0; j < to->listed[i].n_listings && n <= JURISDICTIONS_MAX; j++) {
			const struct overview_listing *listing = &to->listed[i].listings[j];
			const char *name = listing->forbids ? listing->jurisdiction : NULL;
			size_t at = 0;

			while (name && at < n && strcmp(out[at], name) != 0)
				at++;
			if (name && at == n)
				out[n++] = name;
		}
	return n;
}

/* Listed here, not there: only of jurisdictions whose sanctions and proscription lists this record speaks of. */
static void compare_lists(struct overview_job *job)
{
	const char *names[JURISDICTIONS_MAX + 1];
	const size_t n = jurisdictions(job->to, names);

	for (size_t i = 0; n <= JURISDICTIONS_MAX && i < job->to->n_listed; i++) {
		struct overview_listed *l = &job->to->listed[i];

		for (size_t j = 0; j < n; j++)
			if (!is_listed_in(l, names[j]))
				l->not_there = l->not_there ? arena_printf(job->a, "%s, %s", l->not_there, names[j])
							    : names[j];
	}
}

/* --- exchanges --------------------------------------------------------------------------------------------- */

static const char exchanges_sql[] = "SELECT k.obj, o.n_contested, " SQL_FIRST_WHEN ", k.\"from\", k.\"to\", k.what,"
				    " k.status, coalesce(k.planned, -1), coalesce(k.done, -1) FROM k_exchange k"
				    " JOIN object o ON o.obj = k.obj ORDER BY o.when_from IS NULL, o.when_from, o.obj";

static void take_exchange(struct overview_job *job, struct stmt *s)
{
	struct overview *to = job->to;
	struct overview_exchange *x;

	if (to->n_exchanges_in_all++ >= OVERVIEW_ROWS_MAX)
		return;
	to->exchanges = overview_more(job->a, to->exchanges, to->n_exchanges, sizeof *x);
	x = &to->exchanges[to->n_exchanges++];
	*x = (struct overview_exchange){ .ref = overview_ref_of(job, stmt_blob(s, 0), stmt_int(s, 1)) };
	x->date = overview_date_of(job->a, stmt_text(s, 2));
	x->from = overview_label(job, stmt_text(s, 3));
	x->to = overview_label(job, stmt_text(s, 4));
	x->what = overview_words(job, "exchange_what", stmt_text(s, 5));
	x->status = overview_words(job, "exchange_status", stmt_text(s, 6));
	x->planned = stmt_int(s, 7);
	x->done = stmt_int(s, 8);
}

int overview_read_bonds(struct overview_job *job, struct err *err)
{
	int rc = read_ceasefires(job, err);

	if (rc == 0)
		rc = overview_rows(job, deeds_sql, take_deed, err);
	if (rc == 0)
		rc = overview_rows(job, listings_sql, take_listing, err);
	if (rc == 0)
		compare_lists(job);
	if (rc == 0)
		rc = overview_rows(job, exchanges_sql, take_exchange, err);
	return rc;
}
