/* The printed overview's part on what is contested, and on what needs attention. */
#include <string.h>

#include "base/bytes.h"
#include "cli/overview_internal.h"
#include "cli/text.h"

#define ALERTS_MAX 3 /* of one rule */
#define VOICES_MAX 6 /* of one field */
#define VALUE_MAX 160

/* --- contested --------------------------------------------------------------------------------------------- */

/* "deaths_best of Shots at the bridge". A label that is contested itself stands below, in all its forms: then the
 * object is told by its kind, its day and its id. */
static const char *contest_text(struct overview_page *p, const struct overview_contest *c)
{
	char hex[9];

	if (!c->is_label)
		return arena_printf(p->a, "%s of %s", overview_safe(p, c->field), overview_safe(p, c->ref.label));
	hex_encode(c->ref.obj, 4, hex);
	return arena_printf(p->a, "%s of the %s %s%s%s", overview_safe(p, c->field), overview_safe(p, c->kind), hex,
			    c->date ? " of " : "", c->date ? c->date : "");
}

static size_t shown_voices(const struct overview_contest *c)
{
	return c->n_voices < VOICES_MAX ? c->n_voices : VOICES_MAX;
}

/* One row for each sayer; a value that several share stands once. */
static void add_voices(struct overview_page *p, struct overview_grid *out, const struct overview_contest *c)
{
	for (size_t i = 0; i < shown_voices(c); i++) {
		const struct overview_voice *v = &c->voices[i];
		const char *value = overview_safe(p, v->value);
		const bool again = i > 0 && strcmp(v->value, c->voices[i - 1].value) == 0;

		overview_grid_add(p, out,
				  (const char *const[]){ again ? "" : text_cut(p->a, p->term, value, VALUE_MAX),
							 v->says ? overview_safe(p, v->says) : "not attributed",
							 overview_safe(p, v->grade), v->known });
	}
}

static void print_contests(struct overview_page *p, const struct overview_grid *out)
{
	size_t row = 0;

	overview_grid_titles(p, out);
	for (size_t i = 0; i < p->o->n_contests; i++) {
		const struct overview_contest *c = &p->o->contests[i];
		const size_t n = shown_voices(c);

		overview_put_row(
			p, &(struct overview_row){ 2, 0, "", contest_text(p, c), overview_how_to_see(p, &c->ref) });
		overview_grid_rows(p, out, row, n);
		if (c->n_voices > n)
			overview_line(p, 4, arena_printf(p->a, "and %zu more", c->n_voices - n));
		row += n;
	}
}

bool overview_print_contested(struct overview_page *p)
{
	static const struct overview_column columns[] = { { .title = "value", .min = 12 },
							  { .title = "who says so", .min = 10 },
							  { .title = "grade" },
							  { .title = "known since" } };
	const struct overview *o = p->o;
	int64_t more = o->n_contested_fields - (int64_t)o->n_contests;
	struct overview_grid out;

	if (o->n_contested_fields == 0)
		return false;
	overview_heading(p, "Contested",
			 arena_printf(p->a, "%s of %s; all accounts stand",
				      overview_counted(p, o->n_contested_fields, "field", "fields"),
				      overview_counted(p, o->n_contested_objects, "object", "objects")));
	overview_grid_begin(&out, 4, columns, ARRAY_LEN(columns) - (p->width < OVERVIEW_NARROW));
	for (size_t i = 0; i < o->n_contests; i++)
		add_voices(p, &out, &o->contests[i]);
	overview_grid_fit(p, &out);
	print_contests(p, &out);
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
	const int width = overview_widest_day(&alerts->rows[0].date, n, sizeof *alerts->rows);

	fputs(term_style(p->term, STYLE_WARN), p->out);
	overview_line(p, 2, arena_printf(p->a, "%s: %zu", alerts->title, alerts->n_all));
	fputs(term_style(p->term, STYLE_END), p->out);
	for (size_t i = 0; i < n; i++) {
		const struct overview_alert *row = &alerts->rows[i];
		const char *text = overview_marked(p, &row->ref);

		if (row->who)
			text = arena_printf(p->a, "%s: %s", overview_safe(p, row->who), text);
		overview_put_row(p, &(struct overview_row){ 4, width, overview_day(&row->date), text,
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
