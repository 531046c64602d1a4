/* The overview's part on events: incidents by the state of their handling, attestations, spells of fighting. */
#include <string.h>

#include "base/when.h"
#include "node/overview_internal.h"

/* --- incidents --------------------------------------------------------------------------------------------- */

/* What did not happen, or not in this process' present, is counted apart. */
static const char incidents_sql[] =
	"SELECT k.obj, o.when_from, o.when_to, k.auxiliary IS NOT NULL, coalesce(f.state, k.state),"
	" coalesce(k.deaths_low, -1), coalesce(k.deaths_best, -1), coalesce(k.deaths_high, -1)"
	" FROM k_incident k JOIN object o ON o.obj = k.obj"
	" LEFT JOIN " SQL_FINDINGS " f ON f.incident = lower(hex(k.obj))";

static struct overview_incidents *incidents_of(struct overview_job *job, const char *state)
{
	struct overview *to = job->to;
	struct overview_incidents *i;

	for (size_t at = 0; at < to->n_incident_states; at++) {
		i = &to->incidents[at];
		if (i->state == state || (i->state && state && strcmp(i->state, state) == 0))
			return i;
	}
	to->incidents = overview_more(job->a, to->incidents, to->n_incident_states, sizeof *i);
	i = &to->incidents[to->n_incident_states++];
	*i = (struct overview_incidents){ .state = arena_text(job->a, state) };
	i->words = overview_words(job, "incident_state", i->state);
	return i;
}

static void take_incident(struct overview_job *job, const struct overview_tolls *tolls, struct stmt *s)
{
	const struct overview_toll shown = { stmt_int(s, 5), stmt_int(s, 6), stmt_int(s, 7) };
	struct bytes obj = stmt_blob(s, 0);
	struct overview *to = job->to;
	struct overview_incidents *i;

	if (overview_place_of(job, obj) != PLACE_OWN) {
		overview_count_other(job, &to->background.n_incidents, s, 1);
		if (overview_place_of(job, obj) == PLACE_BACKGROUND)
			overview_add_toll(tolls, obj, shown, &to->background.deaths);
		return;
	}
	if (stmt_int(s, 3)) {
		to->n_not_events++;
		return;
	}
	i = incidents_of(job, stmt_text(s, 4));
	i->n++;
	to->n_incidents++;
	to->n_published += overview_is_published(job, obj);
	overview_add_toll(tolls, obj, shown, &i->deaths);
}

static int read_incidents(struct overview_job *job, struct err *err)
{
	struct overview_tolls tolls = { 0 };
	struct stmt *s = NULL;
	int rc = overview_read_tolls(job, &tolls, err);

	if (rc == 0)
		rc = db_prepare(view_db(job->view), incidents_sql, &s, err);
	while (rc >= 0 && s && (rc = stmt_step(s, err)) == 1)
		take_incident(job, &tolls, s);
	overview_tolls_release(&tolls);
	return rc;
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
}

/* --- spells of fighting ------------------------------------------------------------------------------------ */

static const char episodes_sql[] =
	"SELECT k.obj, o.when_from, o.when_to, " SQL_FIRST_WHEN ", k.outcome, o.n_contested, k.ended"
	" FROM k_episode k JOIN object o ON o.obj = k.obj"
	" ORDER BY o.when_from IS NULL, o.when_from, o.obj";

static void take_episode(struct overview_job *job, struct stmt *s)
{
	struct overview *to = job->to;
	struct overview_episode *e;

	if (overview_place_of(job, stmt_blob(s, 0)) != PLACE_OWN) {
		overview_count_other(job, &to->background.n_episodes, s, 1);
		return;
	}
	if (to->n_episodes_in_all++ >= OVERVIEW_ROWS_MAX)
		return;
	to->episodes = overview_more(job->a, to->episodes, to->n_episodes, sizeof *e);
	e = &to->episodes[to->n_episodes++];
	*e = (struct overview_episode){ .ref = overview_ref_of(job, stmt_blob(s, 0), stmt_int(s, 5)) };
	e->from = overview_date_of(job->a, stmt_text(s, 3)).text;
	e->outcome = overview_words(job, "ucdp_termination", stmt_text(s, 4));
	e->to = arena_text(job->a, stmt_text(s, 6));
	e->ended = e->to || e->outcome;
	if (!e->to && !stmt_is_null(s, 2) && stmt_int(s, 2) != WHEN_OPEN_END)
		e->to = overview_day_of(job->a, stmt_int(s, 2) - 1);
}

int overview_read_events(struct overview_job *job, struct err *err)
{
	int rc = read_incidents(job, err);

	order_incidents(job->to);
	if (rc == 0)
		rc = overview_rows(job,
				   "SELECT count(*) FILTER (WHERE verdict = 'confirm'),"
				   " count(*) FILTER (WHERE verdict = 'deny'),"
				   " count(*) FILTER (WHERE verdict = 'cannot_tell') FROM k_attestation",
				   take_attestations, err);
	if (rc == 0)
		rc = overview_rows(job, episodes_sql, take_episode, err);
	return rc;
}
