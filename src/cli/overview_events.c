/* The printed overview's part on events, on what is contested, and on what needs attention. */
#include <string.h>

#include "base/bytes.h"
#include "cli/overview_internal.h"
#include "cli/table.h"
#include "cli/text.h"

#define ALERTS_MAX 3 /* of one rule */
#define VALUE_WIDTH 24
#define DATE_WIDTH 10

/* --- incidents --------------------------------------------------------------------------------------------- */

static void put_incidents(struct overview_page *p, struct table *out, const struct overview_incidents *i)
{
	char n[32], low[32], best[32], high[32];

	(void)p;
	term_count((uint64_t)i->n, n);
	term_count((uint64_t)i->deaths_low, low);
	term_count((uint64_t)i->deaths_best, best);
	term_count((uint64_t)i->deaths_high, high);
	table_row(out, (const char *const[]){ i->words ? i->words : "no state said", n, i->n_with_deaths ? low : "",
					      i->n_with_deaths ? best : "", i->n_with_deaths ? high : "" });
}

static void say_deaths(struct overview_page *p)
{
	int64_t with = 0;

	for (size_t i = 0; i < p->o->n_incident_states; i++)
		with += p->o->incidents[i].n_with_deaths;
	if (with)
		overview_line(
			p, 2,
			arena_printf(p->a,
				     "Deaths: sums of the estimates shown first, of the %s; some may be "
				     "contested.",
				     overview_counted(p, with, "incident that gives any", "incidents that give any")));
}

bool overview_print_incidents(struct overview_page *p)
{
	static const struct column columns[] = { { .title = "state of handling", .min = 12 },
						 { .title = "incidents", .number = true },
						 { .title = "deaths low", .number = true },
						 { .title = "best", .number = true },
						 { .title = "high", .number = true } };
	const struct overview *o = p->o;
	struct table out;

	if (o->n_incidents == 0 && o->n_not_events == 0)
		return false;
	overview_heading(p, "Incidents", arena_printf(p->a, "%lld, by verification", (long long)o->n_incidents));
	table_begin(&out, p->out, p->term, columns, ARRAY_LEN(columns));
	for (size_t i = 0; i < o->n_incident_states; i++)
		put_incidents(p, &out, &o->incidents[i]);
	table_end(&out);
	say_deaths(p);
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

/* --- contested --------------------------------------------------------------------------------------------- */

static void print_contest(struct overview_page *p, const struct overview_contest *c)
{
	int widest = 1;

	/* a label that is contested itself stands below, in all its forms */
	overview_put_row(p, &(struct overview_row){ 2, 0, "",
						    arena_printf(p->a, "%s of %s", overview_safe(p, c->field),
								 c->is_label ? arena_printf(p->a, "this %s", c->kind)
									     : overview_safe(p, c->ref.label)),
						    overview_how_to_see(p, &c->ref) });
	for (size_t i = 0; i < c->n_voices; i++) {
		int width = text_width(overview_safe(p, c->voices[i].value));

		widest = width > widest ? width : widest;
	}
	for (size_t i = 0; i < c->n_voices; i++) {
		const char *value = overview_safe(p, c->voices[i].value), *says = overview_safe(p, c->voices[i].says);

		if (widest <= VALUE_WIDTH)
			overview_put_row(p, &(struct overview_row){ 4, widest, value, says, "" });
		else
			overview_put_row(
				p, &(struct overview_row){ 4, 0, "", arena_printf(p->a, "%s: %s", says, value), "" });
	}
}

bool overview_print_contested(struct overview_page *p)
{
	const struct overview *o = p->o;
	int64_t more = o->n_contested_fields - (int64_t)o->n_contests;

	if (o->n_contested_fields == 0)
		return false;
	overview_heading(p, "Contested",
			 arena_printf(p->a, "%s of %s; all accounts stand",
				      overview_counted(p, o->n_contested_fields, "field", "fields"),
				      overview_counted(p, o->n_contested_objects, "object", "objects")));
	for (size_t i = 0; i < o->n_contests; i++)
		print_contest(p, &o->contests[i]);
	if (more > 0)
		overview_line(p, 2,
			      arena_printf(p->a, "and %s: parley list KIND --contested",
					   overview_counted(p, more, "more field", "more fields")));
	return true;
}

/* --- attention --------------------------------------------------------------------------------------------- */

static void print_alerts(struct overview_page *p, const struct overview_alerts *alerts)
{
	const size_t n = alerts->n_rows < ALERTS_MAX ? alerts->n_rows : ALERTS_MAX;

	fputs(term_style(p->term, STYLE_WARN), p->out);
	overview_line(p, 2, arena_printf(p->a, "%s: %zu", alerts->title, alerts->n_all));
	fputs(term_style(p->term, STYLE_END), p->out);
	for (size_t i = 0; i < n; i++) {
		const struct overview_alert *row = &alerts->rows[i];
		const char *text = overview_marked(p, &row->ref);

		if (row->who)
			text = arena_printf(p->a, "%s: %s", overview_who(p, row->who), text);
		overview_put_row(p, &(struct overview_row){ 4, DATE_WIDTH, overview_day(&row->date), text,
							    overview_how_to_see(p, &row->ref) });
	}
	overview_say_more(p, 4, alerts->n_all - n, alerts->kind);
}

bool overview_print_attention(struct overview_page *p)
{
	const struct overview *o = p->o;

	overview_heading(p, p->head->as_of ? "Needs attention on that day" : "Needs attention today", "");
	if (o->n_alerts == 0)
		overview_line(p, 2, "Nothing that this record can tell.");
	for (size_t i = 0; i < o->n_alerts; i++)
		print_alerts(p, &o->alerts[i]);
	if (o->n_alerts && p->width < OVERVIEW_NARROW)
		overview_line(p, 2, "'parley show ID' shows each.");
	return true;
}
