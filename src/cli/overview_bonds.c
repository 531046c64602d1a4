/* The printed overview's part on ceasefires, deeds, exchanges and lists. */
#include <string.h>

#include "cli/overview_internal.h"
#include "cli/text.h"

#define CEASEFIRES_MAX 10
#define DEEDS_MAX 6
#define EXCHANGES_MAX 6
#define LISTED_MAX 8

/* A row that begins with a date, in so many columns. */
static void put_dated(struct overview_page *p, int width, const struct overview_date *date, const char *text,
		      const struct overview_ref *ref)
{
	overview_put_row(p, &(struct overview_row){ 2, width, overview_day(date), text, overview_how_to_see(p, ref) });
}

/* --- ceasefires -------------------------------------------------------------------------------------------- */

static const char *with_date(struct overview_page *p, const char *words, const struct overview_date *date)
{
	return date->text ? arena_printf(p->a, "%s %s", words, date->text) : words;
}

static const char *truce_text(struct overview_page *p, const struct overview_ceasefire *c)
{
	switch (c->state) {
	case TRUCE_TO_COME:
		return "to come";
	case TRUCE_RUNNING:
		return with_date(p, c->ends.text ? "running, to" : "running", &c->ends);
	case TRUCE_NO_END:
		return "no end recorded";
	case TRUCE_LAPSED:
		return arena_printf(p->a, "its end date %s has passed", c->ends.text);
	case TRUCE_ENDED:
		return arena_printf(p->a, "%s%s%s", with_date(p, "ended", &c->ended), c->end_reason ? ", " : "",
				    overview_safe(p, c->end_reason));
	default:
		return "beginning not said";
	}
}

bool overview_print_ceasefires(struct overview_page *p)
{
	const struct overview *o = p->o;
	const size_t hidden = o->n_ceasefires > CEASEFIRES_MAX ? o->n_ceasefires - CEASEFIRES_MAX : 0;
	int width;

	if (o->n_ceasefires == 0)
		return false;
	width = overview_widest_day(&o->ceasefires[hidden].starts, o->n_ceasefires - hidden, sizeof *o->ceasefires);
	overview_heading(p, "Ceasefires", arena_printf(p->a, "%zu", o->n_ceasefires_in_all));
	for (size_t i = hidden; i < o->n_ceasefires; i++) { /* the latest */
		const struct overview_ceasefire *c = &o->ceasefires[i];
		const char *text = arena_printf(p->a, "%s: %s", overview_marked(p, &c->ref), truce_text(p, c));

		if (c->denied_by)
			text = arena_printf(p->a, "%s; denied by %s", text, overview_safe(p, c->denied_by));
		if (c->parties)
			text = arena_printf(p->a, "%s; of %s", text, overview_safe(p, c->parties));
		put_dated(p, width, &c->starts, text, &c->ref);
	}
	overview_say_more(p, 2, hidden + o->n_ceasefires_in_all - o->n_ceasefires, "ceasefire");
	return true;
}

/* --- deeds ------------------------------------------------------------------------------------------------- */

bool overview_print_deeds(struct overview_page *p)
{
	const struct overview *o = p->o;
	const size_t hidden = o->n_deeds > DEEDS_MAX ? o->n_deeds - DEEDS_MAX : 0;
	int width;

	if (o->n_deeds == 0)
		return false;
	width = overview_widest_day(&o->deeds[hidden].date, o->n_deeds - hidden, sizeof *o->deeds);
	overview_heading(p, "Deeds", arena_printf(p->a, "%zu, by which a party binds itself alone", o->n_deeds_in_all));
	for (size_t i = hidden; i < o->n_deeds; i++) { /* the latest */
		const struct overview_deed *d = &o->deeds[i];
		const char *text = overview_marked(p, &d->ref);

		if (d->declarant)
			text = arena_printf(p->a, "%s: %s", overview_safe(p, d->declarant), text);
		if (d->status)
			text = arena_printf(p->a, "%s: %s", text, overview_safe(p, d->status));
		if (d->witnesses)
			text = arena_printf(p->a, "%s; witnessed by %s", text, overview_safe(p, d->witnesses));
		put_dated(p, width, &d->date, text, &d->ref);
	}
	overview_say_more(p, 2, hidden + o->n_deeds_in_all - o->n_deeds, "deed");
	return true;
}

/* --- exchanges --------------------------------------------------------------------------------------------- */

/* "prisoners of war, 38 of 40 handed over, under way" */
static const char *exchange_text(struct overview_page *p, const struct overview_exchange *x)
{
	const char *text = overview_safe(p, x->what);

	if (x->done >= 0 && x->planned >= 0)
		text = overview_and(
			p, text,
			arena_printf(p->a, "%lld of %lld handed over", (long long)x->done, (long long)x->planned));
	else if (x->done >= 0 || x->planned >= 0)
		text = overview_and(p, text,
				    arena_printf(p->a, "%lld %s", (long long)(x->done >= 0 ? x->done : x->planned),
						 x->done >= 0 ? "handed over" : "agreed"));
	return overview_and(p, text, overview_safe(p, x->status));
}

bool overview_print_exchanges(struct overview_page *p)
{
	const struct overview *o = p->o;
	const size_t hidden = o->n_exchanges > EXCHANGES_MAX ? o->n_exchanges - EXCHANGES_MAX : 0;
	int width;

	if (o->n_exchanges == 0)
		return false;
	width = overview_widest_day(&o->exchanges[hidden].date, o->n_exchanges - hidden, sizeof *o->exchanges);
	overview_heading(p, "Exchanges", arena_printf(p->a, "%zu, of people or remains", o->n_exchanges_in_all));
	for (size_t i = hidden; i < o->n_exchanges; i++) { /* the latest */
		const struct overview_exchange *x = &o->exchanges[i];
		const char *who = overview_from_to(p, x->from, x->to), *what = exchange_text(p, x);

		put_dated(p, width, &x->date,
			  arena_printf(p->a, "%s%s%s%s%s", who, *who ? ": " : "", overview_marked(p, &x->ref),
				       *what ? ": " : "", what),
			  &x->ref);
	}
	overview_say_more(p, 2, hidden + o->n_exchanges_in_all - o->n_exchanges, "exchange");
	return true;
}

/* --- lists ------------------------------------------------------------------------------------------------- */

/* "United States (Foreign Terrorist Organizations) since 1997-10-08": the list by its words behind the colon, where it
 * has such, for a jurisdiction may keep several. */
static const char *listing_text(struct overview_page *p, const struct overview_listing *l)
{
	const char *text = l->jurisdiction ? overview_safe(p, l->jurisdiction) : "jurisdiction not said";
	const char *list = overview_safe(p, l->list), *colon = strstr(list, ": ");

	if (colon)
		text = arena_printf(p->a, "%s (%s)", text, colon + 2);
	else if (l->reference)
		text = arena_printf(p->a, "%s (%s)", text, overview_safe(p, l->reference));
	if (l->listed.text)
		text = arena_printf(p->a, "%s%s %s", text, l->past ? " from" : " since", l->listed.text);
	if (l->delisted.text)
		text = arena_printf(p->a, "%s to %s", text, l->delisted.text);
	return text;
}

static const char *listed_text(struct overview_page *p, const struct overview_listed *l)
{
	const char *now = "", *before = "";

	for (size_t i = 0; i < l->n_listings; i++) {
		const struct overview_listing *listing = &l->listings[i];

		if (listing->past)
			before = overview_and(p, before, listing_text(p, listing));
		else
			now = overview_and(p, now, listing_text(p, listing));
	}
	if (*now)
		now = arena_printf(p->a, "listed by %s", now);
	if (*before)
		now = arena_printf(p->a, "%s%staken off by %s", now, *now ? "; " : "", before);
	if (l->not_there)
		now = arena_printf(p->a, "%s; no sanctions or proscription recorded by %s", now,
				   overview_safe(p, l->not_there));
	return now;
}

bool overview_print_lists(struct overview_page *p)
{
	const struct overview *o = p->o;
	const size_t n = o->n_listed < LISTED_MAX ? o->n_listed : LISTED_MAX;

	if (o->n_listed == 0)
		return false;
	overview_heading(
		p, "Lists",
		arena_printf(p->a, "%s on sanctions, proscription or other lists, now or before",
			     overview_counted(p, (int64_t)o->n_listed, "actor or person", "actors or persons")));
	for (size_t i = 0; i < n; i++) {
		const struct overview_listed *l = &o->listed[i];

		overview_put_row(p,
				 &(struct overview_row){ 2, 0, "",
							 arena_printf(p->a, "%s: %s", overview_safe(p, l->actor.label),
								      listed_text(p, l)),
							 overview_how_to_see(p, &l->listings[0].ref) });
	}
	overview_say_more(p, 2, o->n_listed - n, "designation");
	return true;
}
