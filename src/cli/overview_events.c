/* The printed overview's part on events, and on what publishers tell beside them. */
#include <string.h>

#include "base/bytes.h"
#include "cli/overview_internal.h"

#define EPISODES_MAX 6

/* --- incidents --------------------------------------------------------------------------------------------- */

static const char *number_text(struct overview_page *p, int64_t n)
{
	char digits[32];

	term_count((uint64_t)n, digits);
	return arena_text(p->a, digits);
}

static void add_incidents(struct overview_page *p, struct overview_grid *out, const struct overview_incidents *i)
{
	const struct overview_deaths *d = &i->deaths;

	overview_grid_add(p, out,
			  (const char *const[]){ i->words ? overview_safe(p, i->words) : "no state said",
						 number_text(p, i->n), d->n_incidents ? number_text(p, d->best) : "",
						 d->n_incidents ? number_text(p, d->low) : "",
						 d->n_incidents ? number_text(p, d->high) : "" });
}

static void say_deaths(struct overview_page *p)
{
	int64_t with = 0, contested = 0;
	const char *text;

	for (size_t i = 0; i < p->o->n_incident_states; i++) {
		with += p->o->incidents[i].deaths.n_incidents;
		contested += p->o->incidents[i].deaths.n_contested;
	}
	if (!with)
		return;
	text = arena_printf(p->a, "Deaths: sums over the %s, each by the sayer whose number is shown first",
			    overview_counted(p, with, "incident that gives any", "incidents that give any"));
	if (contested)
		text = arena_printf(p->a, "%s; in %lld of them sayers differ", text, (long long)contested);
	overview_line(p, 2, arena_printf(p->a, "%s.", text));
}

static void say_published(struct overview_page *p)
{
	if (p->o->n_published)
		overview_line(p, 2,
			      arena_printf(p->a,
					   "%s told by a publisher of data alone; an event under two names counts "
					   "twice.",
					   overview_counted(p, p->o->n_published, "of these is", "of these are")));
}

bool overview_print_incidents(struct overview_page *p)
{
	static const struct overview_column columns[] = { { .title = "state of handling", .min = 12 },
							  { .title = "incidents", .number = true },
							  { .title = "deaths", .number = true },
							  { .title = "low", .number = true },
							  { .title = "high", .number = true } };
	const struct overview *o = p->o;
	struct overview_grid out;

	if (o->n_incidents == 0 && o->n_not_events == 0)
		return false;
	overview_heading(p, "Incidents", arena_printf(p->a, "%s, by verification", number_text(p, o->n_incidents)));
	overview_grid_begin(&out, 2, columns, ARRAY_LEN(columns) - (p->width < OVERVIEW_TINY ? 2 : 0));
	for (size_t i = 0; i < o->n_incident_states; i++)
		add_incidents(p, &out, &o->incidents[i]);
	overview_grid_fit(p, &out);
	if (out.n_rows)
		overview_grid_titles(p, &out);
	overview_grid_rows(p, &out, 0, out.n_rows);
	say_deaths(p);
	say_published(p);
	if (o->n_confirmed || o->n_denied || o->n_cannot_tell)
		overview_line(p, 2,
			      arena_printf(p->a, "Attestations: %lld confirm, %lld deny, %lld cannot tell.",
					   (long long)o->n_confirmed, (long long)o->n_denied,
					   (long long)o->n_cannot_tell));
	if (o->n_not_events)
		overview_line(p, 2,
			      arena_printf(p->a, "%s left out: past, future, supposed, or said not to have happened.",
					   overview_counted(p, o->n_not_events, "more is", "more are")));
	return true;
}

/* --- spells of fighting ------------------------------------------------------------------------------------ */

/* "Government - Front, 1964 to 2016: peace agreement" */
static const char *episode_text(struct overview_page *p, const struct overview_episode *e)
{
	const char *text = overview_marked(p, &e->ref);

	if (e->from)
		text = overview_and(p, text, e->from);
	if (e->to && !(e->from && strcmp(e->from, e->to) == 0))
		text = arena_printf(p->a, "%s to %s", text, overview_safe(p, e->to));
	if (!e->ended)
		return arena_printf(p->a, "%s: no end recorded", text);
	return e->outcome ? arena_printf(p->a, "%s: %s", text, overview_safe(p, e->outcome)) : text;
}

bool overview_print_episodes(struct overview_page *p)
{
	const struct overview *o = p->o;
	const size_t hidden = o->n_episodes > EPISODES_MAX ? o->n_episodes - EPISODES_MAX : 0;

	if (o->n_episodes == 0)
		return false;
	overview_heading(p, "Spells of fighting", number_text(p, (int64_t)o->n_episodes_in_all));
	for (size_t i = hidden; i < o->n_episodes; i++) { /* the latest */
		const struct overview_episode *e = &o->episodes[i];

		overview_put_row(
			p, &(struct overview_row){ 2, 0, "", episode_text(p, e), overview_how_to_see(p, &e->ref) });
	}
	overview_say_more(p, 2, hidden + o->n_episodes_in_all - o->n_episodes, "episode");
	return true;
}

/* --- background -------------------------------------------------------------------------------------------- */

/* "12 actors", nothing for none. */
static const char *and_counted(struct overview_page *p, const char *text, int64_t n, const char *one, const char *many)
{
	return n ? overview_and(p, text, overview_counted(p, n, one, many)) : text;
}

bool overview_print_background(struct overview_page *p)
{
	const struct overview_background *b = &p->o->background;
	const char *text = "";

	if (!b->by)
		return false;
	overview_heading(p, "Background", "of others than the process' own, or of other times");
	text = and_counted(p, text, b->n_incidents, "incident", "incidents");
	if (b->deaths.n_incidents)
		text = arena_printf(p->a, "%s with %s (%s to %s)", text,
				    overview_counted(p, b->deaths.best, "death", "deaths"),
				    number_text(p, b->deaths.low), number_text(p, b->deaths.high));
	text = and_counted(p, text, b->n_actors, "actor", "actors");
	text = and_counted(p, text, b->n_agreements, "agreement", "agreements");
	text = and_counted(p, text, b->n_episodes, "spell of fighting", "spells of fighting");
	if (!*text)
		text = "nothing that is counted here";
	if (b->from && b->to && strcmp(b->from, b->to) == 0)
		text = arena_printf(p->a, "%s, on %s", text, b->from);
	else if (b->from && b->to)
		text = arena_printf(p->a, "%s, from %s to %s", text, b->from, b->to);
	overview_line(p, 2, arena_printf(p->a, "%s; by %s.", text, overview_safe(p, b->by)));
	if (b->n_twins)
		overview_line(p, 2,
			      arena_printf(p->a, "%s not counted: by an identity they are what others tell too.",
					   overview_counted(p, b->n_twins, "more is", "more are")));
	if (b->n_actors && p->o->span.n_identities == 0)
		overview_line(
			p, 2,
			"Nobody has said yet whom of these actors the process knows: 'parley same' proposes pairs.");
	return true;
}
