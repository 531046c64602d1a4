/* The printed overview's part on keeping in touch: lines, notices, measures taken. */
#include <string.h>

#include "cli/overview_internal.h"

#define CHANNELS_MAX 10
#define NOTICES_MAX 6
#define MEASURES_MAX 6

/* --- lines ------------------------------------------------------------------------------------------------- */

/* " since 2017-09-17 (Russia)" */
static const char *standing_text(struct overview_page *p, const struct overview_standing *s)
{
	const char *text = s->since ? arena_printf(p->a, " since %s", s->since) : "";

	return s->says ? arena_printf(p->a, "%s (%s)", text, overview_safe(p, s->says)) : text;
}

/* "open since 2015-10-20 (United States), since 2017-09-17 (Russia) / blocked (Turkey)" */
static const char *states_text(struct overview_page *p, const struct overview_channel *c)
{
	const char *text = "", *before = NULL;

	for (size_t i = 0; i < c->n_states; i++) {
		const struct overview_standing *s = &c->states[i];

		if (before && strcmp(s->state, before) == 0)
			text = arena_printf(p->a, "%s,%s", text, standing_text(p, s));
		else
			text = arena_printf(p->a, "%s%s%s%s", text, before ? " / " : "", overview_safe(p, s->state),
					    standing_text(p, s));
		before = s->state;
	}
	return before ? text : "state not said";
}

bool overview_print_channels(struct overview_page *p)
{
	const struct overview *o = p->o;
	const size_t n = o->n_channels < CHANNELS_MAX ? o->n_channels : CHANNELS_MAX;

	if (o->n_channels == 0)
		return false;
	overview_heading(p, "Lines",
			 arena_printf(p->a, "%zu; state now, since when, who says so", o->n_channels_in_all));
	for (size_t i = 0; i < n; i++) {
		const struct overview_channel *c = &o->channels[i];

		overview_put_row(p, &(struct overview_row){ 2, 0, "",
							    arena_printf(p->a, "%s: %s", overview_marked(p, &c->ref),
									 states_text(p, c)),
							    overview_how_to_see(p, &c->ref) });
	}
	overview_say_more(p, 2, o->n_channels_in_all - n, "channel");
	return true;
}

/* --- notices ----------------------------------------------------------------------------------------------- */

/* "acknowledged, receipt 2016-11-13T09:20Z, objection: Mines at km 12" */
static const char *answer_text(struct overview_page *p, const struct overview_notice *n)
{
	const char *text = overview_safe(p, n->status);

	if (n->received.text)
		text = overview_and(p, text, arena_printf(p->a, "receipt %s", n->received.text));
	if (n->objection)
		text = overview_and(p, text, arena_printf(p->a, "objection: %s", overview_safe(p, n->objection)));
	if (n->closed.text)
		text = overview_and(p, text, arena_printf(p->a, "closed %s", n->closed.text));
	return *text ? text : "no receipt recorded";
}

bool overview_print_notices(struct overview_page *p)
{
	const struct overview *o = p->o;
	const size_t n = o->n_notices < NOTICES_MAX ? o->n_notices : NOTICES_MAX;

	if (o->n_notices == 0)
		return false;
	overview_heading(p, "Notices", arena_printf(p->a, "%zu, the latest first", o->n_notices_in_all));
	for (size_t i = 0; i < n; i++) {
		const struct overview_notice *notice = &o->notices[i];
		const char *text = overview_and(p, overview_interval(p, notice->window),
						overview_from_to(p, notice->from, notice->to));

		text = arena_printf(p->a, "%s%s%s: %s", text, *text ? ": " : "", overview_marked(p, &notice->ref),
				    answer_text(p, notice));
		overview_put_row(p, &(struct overview_row){ 2, 0, "", text, overview_how_to_see(p, &notice->ref) });
	}
	overview_say_more(p, 2, o->n_notices_in_all - n, "notification");
	return true;
}

/* --- measures ---------------------------------------------------------------------------------------------- */

static const char *measure_text(struct overview_page *p, const struct overview_measure *m)
{
	const char *text = overview_interval(p, m->when);

	text = overview_and(p, text, overview_safe(p, m->takers));
	if (m->towards)
		text = arena_printf(p->a, "%s towards %s", text, overview_safe(p, m->towards));
	text = arena_printf(p->a, "%s%s%s", text, *text ? ": " : "", overview_marked(p, &m->ref));
	return m->mode ? arena_printf(p->a, "%s (%s)", text, overview_safe(p, m->mode)) : text;
}

bool overview_print_measures(struct overview_page *p)
{
	const struct overview *o = p->o;
	const size_t n = o->n_measures < MEASURES_MAX ? o->n_measures : MEASURES_MAX;

	if (o->n_measures == 0)
		return false;
	overview_heading(p, "Measures taken", arena_printf(p->a, "%zu, the latest first", o->n_measures_in_all));
	for (size_t i = 0; i < n; i++)
		overview_put_row(p, &(struct overview_row){ 2, 0, "", measure_text(p, &o->measures[i]),
							    overview_how_to_see(p, &o->measures[i].ref) });
	overview_say_more(p, 2, o->n_measures_in_all - n, "measure_taken");
	return true;
}
