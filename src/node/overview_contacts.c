/* The overview's part on keeping in touch: lines and who says in what state they are, notices, measures taken. */
#include <stdlib.h>
#include <string.h>

#include "node/overview_internal.h"

/* --- lines ------------------------------------------------------------------------------------------------- */

/* What is said of the state of each line, in the order of time. A line of which nobody says a state has one row. */
static const char channels_sql[] =
	"SELECT k.obj, o.n_contested, k.state, c.says, s.value, coalesce(c.when_text, c.known_text),"
	" EXISTS (SELECT 1 FROM contested x WHERE x.obj = k.obj AND x.field = 'state')"
	" FROM k_channel k JOIN object o ON o.obj = k.obj LEFT JOIN claim c ON c.obj = k.obj AND c.status = 0"
	"  AND EXISTS (SELECT 1 FROM said x WHERE x.n = c.n AND x.field = 'state')"
	" LEFT JOIN said s ON s.n = c.n AND s.field = 'state' LEFT JOIN entry e ON e.n = c.n"
	" ORDER BY k.obj, coalesce(c.when_from, -9e18), c.known, c.recorded, e.seq, e.id";

/* A line while its claims are read: what each sayer says now. */
struct line {
	struct overview_channel channel;
	const char *state;  /* the code shown first, or NULL */
	const char **codes; /* of each standing */
	uint8_t (*says)[OBJECT_ID_BYTES];
};

struct lines {
	struct line *items;
	size_t n;
};

static struct line *line_of(struct overview_job *job, struct lines *all, struct stmt *s)
{
	struct line *l = all->n ? &all->items[all->n - 1] : NULL;
	struct bytes obj = stmt_blob(s, 0);

	if (l && obj.n == OBJECT_ID_BYTES && memcmp(l->channel.ref.obj, obj.p, obj.n) == 0)
		return l;
	all->items = overview_more(job->a, all->items, all->n, sizeof *l);
	l = &all->items[all->n++];
	*l = (struct line){ .state = arena_text(job->a, stmt_text(s, 2)) };
	l->channel.ref = overview_ref_of(job, obj, stmt_int(s, 1));
	l->channel.differ = stmt_int(s, 6);
	return l;
}

/* Where the sayer stands among those heard before; n_states: not yet. */
static size_t find_sayer(const struct line *l, const uint8_t *says)
{
	size_t at = 0;

	while (at < l->channel.n_states && memcmp(l->says[at], says, OBJECT_ID_BYTES) != 0)
		at++;
	return at;
}

static size_t add_sayer(struct overview_job *job, struct line *l, const uint8_t *says)
{
	const size_t at = l->channel.n_states++;
	const bool hidden = bytes_are_zero(says, OBJECT_ID_BYTES);

	l->channel.states = overview_more(job->a, l->channel.states, at, sizeof *l->channel.states);
	l->codes = overview_more(job->a, l->codes, at, sizeof *l->codes);
	l->says = overview_more(job->a, l->says, at, sizeof *l->says);
	memcpy(l->says[at], says, OBJECT_ID_BYTES);
	l->channel.states[at] = (struct overview_standing){ 0 };
	l->codes[at] = NULL;
	if (!hidden)
		l->channel.states[at].says = overview_ref_of(job, (struct bytes){ says, OBJECT_ID_BYTES }, false).label;
	return at;
}

/* A later word of a sayer: only another state begins anew. */
static void take_state(struct overview_job *job, struct lines *all, struct stmt *s)
{
	struct line *l = line_of(job, all, s);
	const char *code = stmt_text(s, 4);
	uint8_t says[OBJECT_ID_BYTES] = { 0 };
	struct overview_date date;
	size_t at;

	if (!code)
		return;
	if (stmt_blob(s, 3).n == sizeof says)
		memcpy(says, stmt_blob(s, 3).p, sizeof says);
	at = find_sayer(l, says);
	if (at == l->channel.n_states)
		at = add_sayer(job, l, says);
	date = overview_date_of(job->a, stmt_text(s, 5));
	if (date.text)
		l->channel.last = date;
	if (l->codes[at] && strcmp(l->codes[at], code) == 0)
		return;
	l->codes[at] = arena_text(job->a, code);
	l->channel.states[at].state = overview_short_words(job, "channel_state", code);
	l->channel.states[at].since = date.text;
}

/* The state shown first, then the others, equal ones together; those who came to it last come last. */
static void order_states(struct overview_job *job, struct line *l)
{
	struct overview_channel *c = &l->channel;
	struct overview_standing *out = arena_alloc(job->a, (c->n_states + 1) * sizeof *out);
	const char *state = l->state;
	size_t n = 0;

	while (n < c->n_states) {
		const size_t before = n;

		for (size_t i = 0; i < c->n_states; i++) {
			if (!l->codes[i] || (state && strcmp(l->codes[i], state) != 0))
				continue;
			state = l->codes[i];
			out[n++] = c->states[i];
			l->codes[i] = NULL;
		}
		if (n == before && !state)
			break;
		state = NULL;
	}
	c->states = out;
}

static int urgency(const struct overview_channel *c)
{
	if (c->differ)
		return 0;
	if (c->n_states == 0 || strcmp(c->states[0].state, "dead") == 0)
		return 3;
	return strcmp(c->states[0].state, "blocked") == 0 ? 1 : 2;
}

static int by_urgency(const void *x, const void *y)
{
	const struct overview_channel *a = x, *b = y;

	if (urgency(a) != urgency(b))
		return urgency(a) - urgency(b);
	if (a->last.from_ms != b->last.from_ms)
		return a->last.from_ms > b->last.from_ms ? -1 : 1;
	return memcmp(a->ref.obj, b->ref.obj, OBJECT_ID_BYTES);
}

static void keep_channels(struct overview_job *job, struct lines *all)
{
	struct overview *to = job->to;

	to->n_channels_in_all = all->n;
	to->channels = arena_alloc(job->a, (all->n + 1) * sizeof *to->channels);
	for (size_t i = 0; i < all->n; i++) {
		order_states(job, &all->items[i]);
		to->channels[i] = all->items[i].channel;
	}
	if (all->n > 1)
		qsort(to->channels, all->n, sizeof *to->channels, by_urgency);
	to->n_channels = all->n < OVERVIEW_ROWS_MAX ? all->n : OVERVIEW_ROWS_MAX;
}

static int read_channels(struct overview_job *job, struct err *err)
{
	struct lines all = { 0 };
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(job->view), channels_sql, &s, err);

	if (rc < 0)
		return rc;
	while ((rc = stmt_step(s, err)) == 1)
		take_state(job, &all, s);
	if (rc == 0)
		keep_channels(job, &all);
	return rc;
}

/* --- notices and measures ---------------------------------------------------------------------------------- */

static const char notices_sql[] =
	"SELECT k.obj, o.n_contested, k.window, k.\"from\", k.\"to\", k.status, k.objection, k.received, k.closed"
	" FROM k_notification k JOIN object o ON o.obj = k.obj"
	" ORDER BY k.window IS NULL, k.window DESC, o.when_from DESC, o.obj";

static void take_notice(struct overview_job *job, struct stmt *s)
{
	struct overview *to = job->to;
	struct overview_notice *n;

	if (to->n_notices_in_all++ >= OVERVIEW_ROWS_MAX)
		return;
	to->notices = overview_more(job->a, to->notices, to->n_notices, sizeof *n);
	n = &to->notices[to->n_notices++];
	*n = (struct overview_notice){ .ref = overview_ref_of(job, stmt_blob(s, 0), stmt_int(s, 1)) };
	n->window = arena_text(job->a, stmt_text(s, 2));
	n->from = overview_label(job, stmt_text(s, 3));
	n->to = overview_labels(job, stmt_text(s, 4));
	n->status = overview_words(job, "notification_status", stmt_text(s, 5));
	n->objection = arena_text(job->a, stmt_text(s, 6));
	n->received = overview_date_of(job->a, stmt_text(s, 7));
	n->closed = overview_date_of(job->a, stmt_text(s, 8));
}

static const char measures_sql[] = "SELECT k.obj, o.n_contested, " SQL_FIRST_WHEN ", k.takers, k.towards, k.mode"
				   " FROM k_measure_taken k JOIN object o ON o.obj = k.obj"
				   " ORDER BY o.when_from IS NULL, o.when_from DESC, o.obj";

static void take_measure(struct overview_job *job, struct stmt *s)
{
	struct overview *to = job->to;
	struct overview_measure *m;

	if (to->n_measures_in_all++ >= OVERVIEW_ROWS_MAX)
		return;
	to->measures = overview_more(job->a, to->measures, to->n_measures, sizeof *m);
	m = &to->measures[to->n_measures++];
	*m = (struct overview_measure){ .ref = overview_ref_of(job, stmt_blob(s, 0), stmt_int(s, 1)) };
	m->when = arena_text(job->a, stmt_text(s, 2));
	m->takers = overview_labels(job, stmt_text(s, 3));
	m->towards = overview_labels(job, stmt_text(s, 4));
	m->mode = overview_words(job, "cbm_mode", stmt_text(s, 5));
}

int overview_read_contacts(struct overview_job *job, struct err *err)
{
	int rc = read_channels(job, err);

	if (rc == 0)
		rc = overview_rows(job, notices_sql, take_notice, err);
	if (rc == 0)
		rc = overview_rows(job, measures_sql, take_measure, err);
	return rc;
}
