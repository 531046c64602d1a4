#include "cli/overview.h"

#include <string.h>

#include "base/bytes.h"
#include "base/when.h"
#include "cli/overview_internal.h"
#include "cli/text.h"

#define TABLES_MAX 8 /* of one track; the latest */

/* --- the head ---------------------------------------------------------------------------------------------- */

static const char *day_of(struct overview_page *p, int64_t ms)
{
	char text[WHEN_TEXT_MAX];

	when_format_day(ms, text);
	return arena_text(p->a, text);
}

/* What is not as one would expect of a whole record. */
static char *reservations(struct overview_page *p, char *text)
{
	const struct overview *o = p->o;

	if (o->n_retracted || o->n_redacted)
		text = arena_printf(p->a, "%s; %lld retracted, %lld redacted", text, (long long)o->n_retracted,
				    (long long)o->n_redacted);
	if (o->n_unreadable)
		text = arena_printf(p->a, "%s; %s not be read here", text,
				    overview_counted(p, o->n_unreadable, "entry can", "entries can"));
	if (o->n_unknown_kind)
		text = arena_printf(p->a, "%s; %s of a kind that this version does not know", text,
				    overview_counted(p, o->n_unknown_kind, "object is", "objects are"));
	return text;
}

/* When the process takes place, and what stands beside it. */
static const char *span_text(struct overview_page *p)
{
	const struct overview *o = p->o;
	const char *text = arena_printf(p->a, "Its own dates run from %s to %s; %s.", o->span.from, o->span.to,
					overview_counted(p, o->span.n_actors, "actor takes part", "actors take part"));

	if (!o->background.by)
		return text;
	return arena_printf(p->a, "%s What %s alone tells of others is counted apart, as background.", text,
			    overview_safe(p, o->background.by));
}

static void print_head(struct overview_page *p)
{
	const struct overview *o = p->o;
	const struct overview_head *head = p->head;
	char *text =
		arena_printf(p->a, "As of %s%s, as known %s%s.", head->as_of ? "" : "today, ", day_of(p, o->now_ms),
			     head->known ? "by " : "today", head->known ? day_of(p, head->known_ms - 1) : "");

	fputs(term_style(p->term, STYLE_BOLD), p->out);
	overview_line(p, 0, overview_safe(p, head->process));
	fputs(term_style(p->term, STYLE_END), p->out);
	text = arena_printf(p->a, "%s Record of %s: %s, %s about %s", text, overview_safe(p, head->organisation),
			    overview_counted(p, o->n_entries, "entry", "entries"),
			    overview_counted(p, o->n_claims, "claim", "claims"),
			    overview_counted(p, o->n_objects, "object", "objects"));
	overview_line(p, 0, arena_printf(p->a, "%s.", reservations(p, text)));
	if (o->span.from)
		overview_line(p, 0, span_text(p));
	if (head->tlp)
		overview_line(p, 0, arena_printf(p->a, "Shown as to a reader cleared for TLP %s.", head->tlp));
	overview_line(p, 0, "All numbers count what is claimed in this record; none says what is true.");
}

/* --- sides ------------------------------------------------------------------------------------------------- */

static bool is_same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Members i..ret-1 have one role and one end. */
static size_t run_of_members(const struct overview_side *side, size_t i)
{
	const struct overview_member *first = &side->members[i];

	while (++i < side->n_members && is_same(side->members[i].role, first->role) &&
	       is_same(side->members[i].until.text, first->until.text))
		;
	return i;
}

/* "Cuba, Norway (both until 2016-11)" */
static char *run_text(struct overview_page *p, const struct overview_side *side, size_t i, size_t end)
{
	const struct overview_member *first = &side->members[i];
	const char *how_many = end - i > 2 ? "all " : end - i == 2 ? "both " : "";
	char *text = arena_text(p->a, overview_marked(p, &first->actor));

	for (size_t j = i + 1; j < end; j++)
		text = arena_printf(p->a, "%s, %s", text, overview_marked(p, &side->members[j].actor));
	if (!first->until.text)
		return text;
	return arena_printf(p->a, "%s (%s%s %s)", text, how_many, first->past ? "until" : "to", first->until.text);
}

/* A code of side_role as one reads it: "third party". */
static const char *role_text(struct overview_page *p, const char *role)
{
	char *text = arena_text(p->a, overview_safe(p, role));

	for (char *c = text; *c; c++)
		if (*c == '_')
			*c = ' ';
	return text;
}

/* "X; third party: Cuba, Norway". To be a party to the conflict is what sides are made of: not said. */
static const char *members_text(struct overview_page *p, const struct overview_side *side)
{
	const char *text = "", *before = NULL;

	for (size_t i = 0, end; i < side->n_members; i = end) {
		const char *role = side->members[i].role;
		const bool says_role = role && !is_same(role, before) && strcmp(role, "party") != 0;

		end = run_of_members(side, i);
		text = arena_printf(p->a, "%s%s%s%s%s", text, i ? "; " : "", says_role ? role_text(p, role) : "",
				    says_role ? ": " : "", run_text(p, side, i, end));
		before = role;
	}
	return text;
}

static bool print_sides(struct overview_page *p)
{
	int widest = 0;

	if (p->o->n_sides == 0)
		return false;
	overview_heading(p, "Sides", "");
	for (size_t i = 0; i < p->o->n_sides; i++) {
		int width = text_width(overview_safe(p, p->o->sides[i].name));

		widest = width > widest ? width : widest;
	}
	widest = widest < p->width / 4 ? widest : p->width / 4;
	for (size_t i = 0; i < p->o->n_sides; i++) {
		const char *name = text_cut(p->a, p->term, overview_safe(p, p->o->sides[i].name), widest);

		fprintf(p->out, "  %s%s%s", term_style(p->term, STYLE_BOLD), name, term_style(p->term, STYLE_END));
		text_wrap(p->out, members_text(p, &p->o->sides[i]), 2 + text_width(name), widest + 4, p->width);
	}
	return true;
}

/* --- the pyramid ------------------------------------------------------------------------------------------- */

#define PYRAMID_WIDTH 22
#define DRAWING_WIDTH 60 /* columns that it takes with its texts */

/* One line of the drawing ("-" stands for the rule between two levels) with what is said beside it. */
static void put_layer(struct overview_page *p, const char *drawing, const char *beside)
{
	int columns = 0;

	if (p->width < DRAWING_WIDTH) { /* no room for a drawing */
		if (*beside)
			fprintf(p->out, "  %s\n", beside);
		return;
	}
	for (const char *c = drawing; *c; c++, columns++)
		fputs(*c == '-' && p->term->utf8 ? "─" : (const char[]){ *c, '\0' }, p->out);
	fprintf(p->out, "%*s%s\n", *beside ? PYRAMID_WIDTH - columns : 0, "", beside);
}

/* Two numbers and what they count. */
struct two_counts {
	int64_t first;
	const char *one_first, *many_first;
	int64_t second;
	const char *one_second, *many_second;
};

static const char *two_counts(struct overview_page *p, const char *name, const struct two_counts *c)
{
	char first[32], second[32];

	term_count((uint64_t)c->first, first);
	term_count((uint64_t)c->second, second);
	return arena_printf(p->a, "%-10s%5s %-7s%5s %s", name, first, c->first == 1 ? c->one_first : c->many_first,
			    second, c->second == 1 ? c->one_second : c->many_second);
}

static const char *level_text(struct overview_page *p, enum overview_level level)
{
	static const char *const names[] = { "top", "middle", "grassroots", "no level" };

	return two_counts(p, names[level],
			  &(struct two_counts){ p->o->actors[level], "actor", "actors", p->o->persons[level], "person",
						"persons" });
}

static const char *track_text(struct overview_page *p, enum overview_track track)
{
	static const char *const names[] = { "track 1", "track 1.5", "track 2", "track 3", "no track" };

	return two_counts(p, names[track],
			  &(struct two_counts){ p->o->tables[track], "table", "tables", p->o->sessions[track],
						"session", "sessions" });
}

/* What has no place in the drawing. */
static void put_outside(struct overview_page *p)
{
	const struct overview *o = p->o;

	if (p->width >= DRAWING_WIDTH &&
	    o->actors[LEVEL_UNSAID] + o->persons[LEVEL_UNSAID] + o->tables[TRACK_UNSAID] + o->n_forums > 0)
		fputc('\n', p->out);
	if (o->actors[LEVEL_UNSAID] || o->persons[LEVEL_UNSAID])
		put_layer(p, "", level_text(p, LEVEL_UNSAID));
	if (o->tables[TRACK_UNSAID])
		put_layer(p, "", track_text(p, TRACK_UNSAID));
	if (o->n_forums)
		put_layer(p, "",
			  two_counts(p, "standing",
				     &(struct two_counts){ o->n_forums, "forum", "forums", o->n_forum_sessions,
							   "session", "sessions" }));
}

static bool print_pyramid(struct overview_page *p)
{
	const struct overview *o = p->o;
	int64_t n = o->n_forums;

	for (int i = 0; i < N_LEVELS; i++)
		n += o->actors[i] + o->persons[i];
	for (int i = 0; i < N_TRACKS; i++)
		n += o->tables[i];
	if (n == 0)
		return false;
	overview_heading(p, "Pyramid", "actors and persons by level, tables by track");
	put_layer(p, "          /\\", "");
	put_layer(p, "         /  \\", level_text(p, LEVEL_TOP));
	put_layer(p, "        /    \\", track_text(p, TRACK_1));
	put_layer(p, "       /------\\", "");
	put_layer(p, "      /        \\", level_text(p, LEVEL_MIDDLE));
	put_layer(p, "     /          \\", track_text(p, TRACK_1_5));
	put_layer(p, "    /            \\", track_text(p, TRACK_2));
	put_layer(p, "   /--------------\\", "");
	put_layer(p, "  /                \\", level_text(p, LEVEL_GRASSROOTS));
	put_layer(p, " /__________________\\", track_text(p, TRACK_3));
	put_outside(p);
	return true;
}

/* --- tables ------------------------------------------------------------------------------------------------ */

/* Who convenes, and who hosts where that is another. */
static const char *hosts_text(struct overview_page *p, const struct overview_table *t)
{
	const char *convener = overview_safe(p, t->convener), *host = overview_safe(p, t->host);

	if (!*host || strcmp(convener, host) == 0)
		return convener;
	return *convener ? arena_printf(p->a, "%s; host: %s", convener, host) : arena_printf(p->a, "host: %s", host);
}

static void add_table(struct overview_page *p, struct overview_grid *out, const struct overview_table *t)
{
	static const char *const tracks[] = { "1", "1.5", "2", "3", "-" };
	char sessions[32];

	term_count((uint64_t)t->n_sessions, sessions);
	overview_grid_add(p, out,
			  (const char *const[]){ t->is_forum ? "forum" : tracks[t->track], overview_marked(p, &t->ref),
						 arena_text(p->a, sessions), overview_day(&t->last),
						 t->is_forum ? "" : overview_safe(p, t->status), hosts_text(p, t) });
}

static bool is_beside(const struct overview_table *a, const struct overview_table *b)
{
	return a->is_forum == b->is_forum && a->track == b->track;
}

/* Add the latest tables of each track, which stand together.
 * @return how many were left out */
static size_t add_tables(struct overview_page *p, struct overview_grid *out)
{
	const struct overview_table *list = p->o->table_list;
	size_t n_hidden = 0;

	for (size_t i = 0, end; i < p->o->n_table_list; i = end) {
		for (end = i + 1; end < p->o->n_table_list && is_beside(&list[i], &list[end]);)
			end++;
		if (end - i > TABLES_MAX) {
			n_hidden += end - i - TABLES_MAX;
			i = end - TABLES_MAX;
		}
		for (; i < end; i++)
			add_table(p, out, &list[i]);
	}
	return n_hidden;
}

static bool print_tables(struct overview_page *p)
{
	static const struct overview_column columns[] = {
		{ .title = "track" }, { .title = "table", .min = 14 }, { .title = "met", .number = true },
		{ .title = "last" },  { .title = "status", .min = 9 }, { .title = "convener/host", .min = 14 }
	};
	const struct overview *o = p->o;
	struct overview_grid out;
	size_t n_hidden;

	if (o->n_table_list == 0 && o->n_loose_sessions == 0)
		return false;
	overview_heading(p, "Tables", arena_printf(p->a, "%zu, by track", o->n_table_list));
	overview_grid_begin(&out, 2, columns,
			    ARRAY_LEN(columns) - (p->width < OVERVIEW_NARROW) - (p->width < OVERVIEW_TINY));
	n_hidden = add_tables(p, &out);
	overview_grid_fit(p, &out);
	if (out.n_rows)
		overview_grid_titles(p, &out);
	overview_grid_rows(p, &out, 0, out.n_rows);
	overview_say_more(p, 2, n_hidden, "dialogue, parley list forum");
	if (o->n_loose_sessions)
		overview_line(p, 2,
			      arena_printf(p->a, "%s no table of this record.",
					   overview_counted(p, o->n_loose_sessions, "session names", "sessions name")));
	return true;
}

/* --- the page ---------------------------------------------------------------------------------------------- */

static const struct part {
	const char *name;
	bool (*print)(struct overview_page *p);
	bool may_lack; /* many a process has nothing of the sort: only who asks for it is told so */
} parts_table[] = {
	{ "sides", print_sides, false },
	{ "pyramid", print_pyramid, false },
	{ "tables", print_tables, false },
	{ "channels", overview_print_channels, true },
	{ "notices", overview_print_notices, true },
	{ "measures", overview_print_measures, true },
	{ "agreements", overview_print_agreements, false },
	{ "commitments", overview_print_commitments, false },
	{ "deeds", overview_print_deeds, true },
	{ "ceasefires", overview_print_ceasefires, false },
	{ "exchanges", overview_print_exchanges, true },
	{ "incidents", overview_print_incidents, false },
	{ "fighting", overview_print_episodes, true },
	{ "lists", overview_print_lists, true },
	{ "contested", overview_print_contested, false },
	{ "background", overview_print_background, true },
	{ "attention", overview_print_attention, false },
};

static bool is_asked(const char *name, const char *const *parts, size_t n_parts)
{
	for (size_t i = 0; i < n_parts; i++)
		if (strcmp(parts[i], name) == 0)
			return true;
	return n_parts == 0;
}

/* @return the names of parts of which there is nothing, or NULL */
static const char *print_parts(struct overview_page *p, const char *const *parts, size_t n_parts)
{
	const char *empty = NULL;

	for (size_t i = 0; i < ARRAY_LEN(parts_table); i++) {
		const struct part *part = &parts_table[i];

		if (!is_asked(part->name, parts, n_parts) || part->print(p) || (part->may_lack && n_parts == 0))
			continue;
		empty = empty ? arena_printf(p->a, "%s, %s", empty, part->name) : part->name;
	}
	return empty;
}

void overview_print(struct cli *cli, const struct overview_head *head, const struct overview *o,
		    const char *const *parts, size_t n_parts)
{
	const struct term *term = &cli->out_term;
	struct overview_page p = { .a = &cli->arena, .out = cli->out, .term = term, .head = head, .o = o };
	const char *empty;

	p.width = term->width < OVERVIEW_WIDTH_MAX ? term->width : OVERVIEW_WIDTH_MAX;
	print_head(&p);
	empty = print_parts(&p, parts, n_parts);
	fputc('\n', p.out);
	if (p.has_marks)
		overview_line(&p, 0, "* is contested on some field: sayers differ.");
	if (empty)
		overview_line(&p, 0, arena_printf(p.a, "Nothing is recorded for: %s.", empty));
	if (o->n_claims == 0)
		overview_line(&p, 0,
			      "'parley add' writes the first claim, 'parley import ndjson FILE' brings many in.");
	else
		overview_line(&p, 0,
			      "'parley show ID' gives every claim behind a line, with source and grade; --as-of and "
			      "--known show another day.");
}
