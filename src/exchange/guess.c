/* A map for a table that nobody described: what its columns are called and what stands in them tell what they may mean.
 *
 * The kind is the one whose fields the column names fit best; where none fits, rows with a date are incidents and rows
 * without one are actors. What is proposed is a beginning for a person to correct, and says so.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/when.h"
#include "exchange/decode.h"
#include "exchange/filters.h"
#include "exchange/formats.h"
#include "exchange/map.h"

#define ROWS_SEEN 1000

/* What was seen of one column. */
struct seen {
	const char *name;
	char *plain; /* small letters and digits only */
	size_t filled, whole, decimal, dates, unlike_last;
	size_t longest;
	uint64_t last;
};

struct guess {
	struct arena arena;
	struct seen *columns;
	size_t n, n_rows;
};

/* Words by which a column's meaning is known, beside the names of the fields themselves. */
static const struct {
	const char *word, *meaning;
} words[] = {
	{ "id", "id" },
	{ "eventid", "id" },
	{ "uid", "id" },
	{ "key", "id" },
	{ "code", "id" },
	{ "date", "when" },
	{ "eventdate", "when" },
	{ "day", "when" },
	{ "time", "when" },
	{ "datetime", "when" },
	{ "timestamp", "when" },
	{ "datestart", "when" },
	{ "start", "when" },
	{ "startdate", "when" },
	{ "dateend", "until" },
	{ "end", "until" },
	{ "enddate", "until" },
	{ "lat", "latitude" },
	{ "latitude", "latitude" },
	{ "y", "latitude" },
	{ "lon", "longitude" },
	{ "lng", "longitude" },
	{ "long", "longitude" },
	{ "longitude", "longitude" },
	{ "x", "longitude" },
	{ "place", "place" },
	{ "location", "place" },
	{ "city", "place" },
	{ "town", "place" },
	{ "village", "place" },
	{ "admin1", "place" },
	{ "name", "name" },
	{ "actor", "name" },
	{ "organisation", "name" },
	{ "organization", "name" },
	{ "group", "name" },
	{ "description", "text" },
	{ "summary", "text" },
	{ "event", "text" },
	{ "title", "text" },
	{ "notes", "note" },
	{ "note", "note" },
	{ "comment", "note" },
	{ "source", "source" },
	{ "deaths", "deaths" },
	{ "fatalities", "deaths" },
	{ "killed", "deaths" },
	{ "dead", "deaths" },
	{ "best", "deaths" },
	{ "injured", "injured" },
	{ "wounded", "injured" },
};

static char *plain_name(struct arena *a, const char *name)
{
	char *out = arena_alloc(a, strlen(name) + 1), *end = out;

	for (; *name; name++) {
		const char c = *name >= 'A' && *name <= 'Z' ? (char)(*name + 'a' - 'A') : *name;

		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
			*end++ = c;
	}
	*end = '\0';
	return out;
}

/* --- looking ----------------------------------------------------------------------------------------------- */

static bool fits(const char *filter, const char *text, struct arena *a)
{
	struct filter f = { 0 };
	const char *items[1] = { text };
	struct values values = { .items = items, .n = 1 };
	const struct scope scope = { .arena = a };

	return filter_read(filter, a, NULL, &f, NULL) == 0 && filter_run(&f, &scope, &values, NULL) == 0;
}

static bool is_decimal(const char *text)
{
	char *end;

	if (strspn(text, "-0123456789.") != strlen(text))
		return false;
	strtod(text, &end);
	return *end == '\0';
}

static bool is_date(const char *text, struct arena *a)
{
	return strlen(text) >= 6 && strpbrk(text, "-/. ") && !is_decimal(text) && fits("date:dmy", text, a);
}

static void see_cell(struct seen *column, const struct cell *cell)
{
	struct arena a = { 0 };
	const char *text = arena_copy(&a, cell->p, cell->n);
	uint64_t mark = 1469598103934665603u;

	for (size_t i = 0; i < cell->n; i++)
		mark = (mark ^ (uint8_t)cell->p[i]) * 1099511628211u;
	column->filled++;
	column->whole += fits("whole", text, &a);
	column->decimal += is_decimal(text);
	column->dates += is_date(text, &a);
	column->unlike_last += mark != column->last;
	column->last = mark;
	column->longest = cell->n > column->longest ? cell->n : column->longest;
	arena_release(&a);
}

static void see_columns(struct guess *g, const struct table *table)
{
	if (g->columns)
		return;
	g->n = table->n_columns;
	g->columns = arena_alloc(&g->arena, (g->n + 1) * sizeof *g->columns);
	for (size_t i = 0; i < g->n; i++) {
		g->columns[i].name = arena_text(&g->arena, table->columns[i]);
		g->columns[i].plain = plain_name(&g->arena, table->columns[i]);
	}
}

static int look(struct guess *g, struct rows *rows, struct err *err)
{
	struct row row;
	int rc = 1;

	while (g->n_rows < ROWS_SEEN && (rc = rows_next(rows, &row, err)) != 0) {
		if (rc == E_INVALID || rc == E_LIMIT)
			continue;
		if (rc < 0)
			return rc;
		see_columns(g, row.table);
		g->n_rows++;
		for (size_t i = 0; i < g->n && i < row.table->n_columns; i++)
			if (row.cells[i].n > 0)
				see_cell(&g->columns[i], &row.cells[i]);
	}
	return 0;
}

/* --- meaning ----------------------------------------------------------------------------------------------- */

static const struct seen *column_of(const struct guess *g, const char *meaning)
{
	for (size_t w = 0; w < sizeof words / sizeof *words; w++)
		for (size_t i = 0; i < g->n && strcmp(words[w].meaning, meaning) == 0; i++)
			if (g->columns[i].filled > 0 && strcmp(g->columns[i].plain, words[w].word) == 0)
				return &g->columns[i];
	return NULL;
}

static const struct seen *date_column(const struct guess *g)
{
	const struct seen *named = column_of(g, "when");

	if (named && named->dates * 2 > named->filled)
		return named;
	for (size_t i = 0; i < g->n; i++)
		if (g->columns[i].filled > 0 && g->columns[i].dates * 10 > g->columns[i].filled * 9)
			return &g->columns[i];
	return NULL;
}

static const struct seen *column_named(const struct guess *g, const char *field)
{
	struct arena a = { 0 };
	const char *plain = plain_name(&a, field);
	const struct seen *found = NULL;

	for (size_t i = 0; i < g->n && !found; i++)
		if (g->columns[i].filled > 0 && strcmp(g->columns[i].plain, plain) == 0)
			found = &g->columns[i];
	arena_release(&a);
	return found;
}

/* How many columns are called like fields of a kind. */
static size_t score(const struct guess *g, const struct kind *kind)
{
	size_t n = 0;

	for (size_t i = 0; i < kind->n_fields; i++)
		n += column_named(g, kind->fields[i].name) ? 1 + (kind->fields[i].flags & FIELD_REQUIRED) : 0;
	return n;
}

static const struct kind *best_kind(const struct guess *g)
{
	size_t n_kinds, best = 2;
	const struct kind *kinds = kinds_all(&n_kinds), *found = kind_find(date_column(g) ? "incident" : "actor");

	for (size_t i = 0; i < n_kinds; i++)
		if (!(kinds[i].flags & KIND_RECORD) && score(g, &kinds[i]) > best) {
			best = score(g, &kinds[i]);
			found = &kinds[i];
		}
	return found;
}

/* The format whose needed columns are all there, or NULL. */
static const struct import_format *known_format(const struct guess *g)
{
	size_t n;
	const struct import_format *formats = import_formats(&n), *found = NULL;
	size_t most = 0;

	for (size_t i = 0; i < n; i++) {
		struct arena a = { 0 };
		struct map *map;

		if (formats[i].map && map_read(&a, formats[i].map, &map, NULL) == 0 && map->n_needs > most) {
			size_t there = 0;

			for (size_t k = 0; k < map->n_needs; k++)
				for (size_t c = 0; c < g->n; c++)
					there += strcmp(g->columns[c].name, map->needs[k]) == 0;
			if (there == map->n_needs) {
				most = there;
				found = &formats[i];
			}
		}
		arena_release(&a);
	}
	return found;
}

/* --- writing ----------------------------------------------------------------------------------------------- */

static const char *filter_for(const struct field *field)
{
	switch (field->type) {
	case FIELD_NUMBER:
		return "|whole";
	case FIELD_DATE:
		return "|date";
	default:
		return field->flags & FIELD_LIST ? "|split:;" : field->type == FIELD_TEXT ? "|squeeze" : "";
	}
}

static void write_columns(const struct guess *g, struct buf *out)
{
	buf_printf(out, "# %zu rows were looked at. Columns:\n", g->n_rows);
	for (size_t i = 0; i < g->n; i++) {
		const struct seen *s = &g->columns[i];
		const char *what = s->filled == 0            ? "always empty"
				   : s->whole == s->filled   ? "whole numbers"
				   : s->decimal == s->filled ? "numbers"
				   : s->dates == s->filled   ? "dates"
							     : "text";

		buf_printf(out, "#   %s: %s, filled in %zu", *s->name ? s->name : "(without a name)", what, s->filled);
		if (strcmp(what, "text") == 0)
			buf_printf(out, ", at most %zu bytes", s->longest);
		buf_text(out, "\n");
	}
}

static void write_id(const struct guess *g, const struct kind *kind, struct buf *out)
{
	const struct seen *id = column_of(g, "id");

	if (id && id->filled == g->n_rows && id->unlike_last == g->n_rows)
		buf_printf(out, "\tid: @{:name}/%s-{%s|slug}\n", kind->name, id->name);
	else
		buf_printf(out, "\tid: @{:name}/%s-{:hash}[-{:nth|not:1}]\n", kind->name);
}

static void write_when(const struct guess *g, struct buf *out)
{
	const struct seen *when = date_column(g), *until = column_of(g, "until");

	if (!when)
		return;
	buf_printf(out, "\twhen: {%s|date:dmy}", when->name);
	if (until && until != when && until->dates == until->filled && until->filled > 0)
		buf_printf(out, "[/{%s|date:dmy}]", until->name);
	buf_text(out, "\n");
}

static void write_place(const struct guess *g, struct buf *out)
{
	const struct seen *place = column_of(g, "place"), *lat = column_of(g, "latitude"),
			  *lon = column_of(g, "longitude");

	if (!place && !(lat && lon))
		return;
	buf_text(out, "\tplace = ");
	if (place)
		buf_printf(out, "{%s|squeeze|else:place not named|cut:200}", place->name);
	else
		buf_text(out, "place not named");
	if (lat && lon)
		buf_printf(out, "[ @{%s|degrees:latitude},{%s|degrees:longitude}]", lat->name, lon->name);
	buf_text(out, "\n");
}

/* A field that must be there: from a column that sounds like it, else a line for the person to fill in. */
static void write_required(const struct guess *g, const struct field *field, struct buf *out)
{
	const struct seen *s = NULL;

	if (field->flags & FIELD_LABEL) {
		s = column_of(g, "text");
		s = s ? s : column_of(g, "name");
		for (size_t i = 0; i < g->n && !s; i++)
			if (g->columns[i].filled > 0 && g->columns[i].whole < g->columns[i].filled &&
			    g->columns[i].dates < g->columns[i].filled)
				s = &g->columns[i];
	}
	if (s)
		buf_printf(out, "\t%s = {%s|squeeze|cut:%lld}\n", field->name, s->name,
			   (long long)(field->max ? field->max : FIELD_TEXT_MAX));
	else
		buf_printf(out, "\t# needed: %s, %s\n\t%s = FILL IN\n", field->name, field->help, field->name);
}

static void write_fields(const struct guess *g, const struct kind *kind, struct buf *out)
{
	const struct seen *deaths = column_of(g, "deaths"), *injured = column_of(g, "injured");

	for (size_t i = 0; i < kind->n_fields; i++) {
		const struct field *field = &kind->fields[i];
		const struct seen *s = column_named(g, field->name);

		if (strcmp(field->name, "place") == 0)
			write_place(g, out);
		else if (s)
			buf_printf(out, "\t%s = {%s%s}\n", field->name, s->name, filter_for(field));
		else if (field->flags & FIELD_REQUIRED)
			write_required(g, field, out);
		else if (deaths && strcmp(field->name, "deaths_best") == 0)
			buf_printf(out, "\tdeaths_best = {%s|whole}\n", deaths->name);
		else if (injured && strcmp(field->name, "injured") == 0)
			buf_printf(out, "\tinjured = {%s|whole}\n", injured->name);
	}
}

static void write_map(const struct guess *g, struct buf *out)
{
	const struct import_format *known = known_format(g);
	const struct kind *kind = best_kind(g);
	const struct seen *note = column_of(g, "note");

	if (known)
		buf_printf(out, "# These are the columns of %s: 'parley import %s FILE' reads it.\n", known->summary,
			   known->name);
	buf_text(out, "# A proposal, made from the names of the columns and what stands in them. Read it, correct it, "
		      "and try it "
		      "with --dry-run.\n");
	write_columns(g, out);
	buf_text(out, "\nreader: csv\n# publisher: @label type-of-actor Whose data they are\nsource: File {:name}, "
		      "line {:line}\n\n");
	buf_printf(out, "claim %s\n", kind->name);
	write_id(g, kind, out);
	write_when(g, out);
	if (note)
		buf_printf(out, "\tnote: {%s|cut:4000}\n", note->name);
	write_fields(g, kind, out);
}

int format_guess(struct source *source, const struct format_options *options, struct buf *out, struct err *err)
{
	struct guess g = { 0 };
	struct source *decoded = NULL;
	struct rows *rows = NULL;
	int rc = decode_open(source, options->encoding, &decoded, err);

	if (rc == 0)
		rc = csv_rows_open(decoded, &(struct csv_options){ 0 }, &rows, err);
	if (rc == 0)
		rc = look(&g, rows, err);
	if (rc == 0 && g.n_rows == 0)
		rc = err_set(err, E_DAMAGED, "there is no row in it that could be read");
	if (rc == 0) {
		write_map(&g, out);
		rc = buf_check(out, "the proposed map", err);
	}
	rows_close(rows);
	decode_close(decoded);
	arena_release(&g.arena);
	return rc;
}
