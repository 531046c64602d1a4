/* A map for a table that nobody described: what its columns are called and what stands in them tell what they may mean.
 *
 * The kind is the one whose fields the column names fit best; where none fits, rows with a date are incidents and rows
 * without one are actors. What is proposed is a beginning for a person to correct, and says so.
 */
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/idmap.h"
#include "base/limits.h"
#include "exchange/decode.h"
#include "exchange/filters.h"
#include "exchange/formats.h"
#include "exchange/map.h"
#include "record/body.h"

#define ROWS_SEEN 1000
#define BYTES_SEEN (4 * 1024 * 1024)

/* What was seen of one column. */
struct seen {
	const char *name;
	char *plain; /* small letters and digits only */
	size_t filled, whole, decimal, dates;
	size_t distinct; /* values */
	size_t longest;
	bool usable; /* a template can name it */
};

/* The beginning of the file, to be read several times. */
struct beginning {
	struct source source;
	struct buf bytes;
	size_t at;
	bool whole; /* it is all of the file */
};

struct guess {
	struct arena arena;
	struct seen *columns;
	size_t n, n_rows;
	struct idmap values; /* column and hash of a value -> 1 */
	struct beginning file;
	const char *encoding;
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
	return strlen(text) >= 6 && strpbrk(text, "-/. ") && !is_decimal(text) &&
	       (fits("date:dmy", text, a) || fits("date:mdy", text, a));
}

static bool is_new(struct guess *g, size_t column, const char *text)
{
	uint8_t key[16];

	put_u64(key, column);
	put_u64(key + 8, mark_bytes(MARK_BEGIN, text, strlen(text)));
	return (*idmap_at(&g->values, key, sizeof key))++ == 0;
}

static void see_cell(struct guess *g, size_t i, const struct cell *cell)
{
	struct arena a = { 0 };
	const char *text = cell_text(&a, *cell);
	struct seen *column = &g->columns[i];

	if (!text) {
		arena_release(&a);
		return;
	}
	column->filled++;
	column->whole += fits("whole", text, &a);
	column->decimal += is_decimal(text);
	column->dates += is_date(text, &a);
	column->distinct += is_new(g, i, text);
	column->longest = cell->n > column->longest ? cell->n : column->longest;
	arena_release(&a);
}

static bool is_usable(const char *name)
{
	return *name && *name != ':' && !strpbrk(name, "{}|\r\n") && !strstr(name, ".*.");
}

static void see_columns(struct guess *g, const struct table *table)
{
	if (g->columns)
		return;
	g->n = table->n_columns;
	g->columns = arena_alloc(&g->arena, (g->n + 1) * sizeof *g->columns);
	for (size_t i = 0; i < g->n; i++) {
		g->columns[i].name = arena_text(&g->arena, table->columns[i]);
		g->columns[i].usable = is_usable(table->columns[i]);
		g->columns[i].plain = plain_name(&g->arena, g->columns[i].usable ? table->columns[i] : "");
	}
}

static int look(struct guess *g, struct rows *rows, struct err *err)
{
	struct row row;
	int rc = 1;

	while (g->n_rows < ROWS_SEEN && (rc = rows_next(rows, &row, err)) != 0) {
		if (rc == E_INVALID || rc == E_LIMIT)
			continue;
		if (rc < 0) /* a row that is cut in two by the end of the beginning is none */
			return rc == E_DAMAGED && !g->file.whole ? 0 : rc;
		see_columns(g, row.table);
		g->n_rows++;
		for (size_t i = 0; i < g->n && i < row.table->n_columns; i++)
			see_cell(g, i, &row.cells[i]);
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
		if (g->columns[i].usable && g->columns[i].filled > 0 &&
		    g->columns[i].dates * 10 > g->columns[i].filled * 9)
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

/* How many columns are called like fields of a kind; what it needs and is not there counts against it. */
static int score(const struct guess *g, const struct kind *kind)
{
	int n = 0;

	for (size_t i = 0; i < kind->n_fields; i++) {
		const unsigned flags = kind->fields[i].flags;

		if (column_named(g, kind->fields[i].name))
			n += flags & FIELD_REQUIRED ? 2 : 1;
		else if (flags & FIELD_REQUIRED && !(flags & FIELD_LABEL))
			n--;
	}
	return n;
}

static const struct kind *best_kind(const struct guess *g)
{
	size_t n_kinds;
	int best = 2;
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

/* --- trying ------------------------------------------------------------------------------------------------ */

static int beginning_read(void *ctx, void *out, size_t n, size_t *ret_n, struct err *err)
{
	struct beginning *b = ctx;

	(void)err;
	*ret_n = n < b->bytes.n - b->at ? n : b->bytes.n - b->at;
	if (*ret_n > 0)
		memcpy(out, b->bytes.p + b->at, *ret_n);
	b->at += *ret_n;
	return 0;
}

static int beginning_take(struct beginning *b, struct source *from, struct err *err)
{
	char block[16 * 1024];
	size_t n = 1;
	int rc = 0;

	buf_init(&b->bytes, BYTES_SEEN + sizeof block);
	b->source = (struct source){ .read = beginning_read, .ctx = b };
	while (rc == 0 && n > 0 && b->bytes.n < BYTES_SEEN) {
		rc = from->read(from->ctx, block, sizeof block, &n, err);
		if (rc == 0)
			buf_put(&b->bytes, block, n);
	}
	b->whole = n == 0;
	return rc;
}

/* Whether a claim could be made; the first about its object must be whole, which this one need not be. */
static bool is_right(struct arena *a, const struct json *line)
{
	const struct compose_rules rules = { 0 };
	struct buf body;
	int rc;

	buf_init(&body, JSON_TEXT_MAX);
	rc = claim_compose(a, line, &rules, &body, NULL);
	buf_release(&body);
	return rc == 0;
}

/* How many rows a map refuses, of those that can be read. */
static size_t refused_by(struct guess *g, const char *map_text)
{
	const struct format_options how = { .map = map_text, .encoding = g->encoding };
	struct claims *claims = NULL;
	size_t n_right = 0;
	int rc = 1;

	g->file.at = 0;
	if (format_open(import_format_find("csv"), &g->file.source, &how, &claims, NULL) < 0)
		return g->n_rows;
	for (size_t i = 0; i < ROWS_SEEN && rc != 0 && rc != E_DAMAGED; i++) {
		struct arena a = { 0 };
		struct claim_group group = { 0 };

		rc = claims->type->next(claims, &a, &group, NULL);
		n_right += rc == 1 && (group.n == 0 || is_right(&a, group.lines[0]));
		arena_release(&a);
	}
	claims_close(claims);
	return n_right < g->n_rows ? g->n_rows - n_right : 0;
}

/* The same of one line of a claim, beside what the kind needs otherwise. */
static size_t refused_by_line(struct guess *g, const struct kind *kind, const char *line)
{
	const struct field *label = kind_label_field(kind);
	struct arena a = { 0 };
	size_t n = 0;

	if (label && label->type == FIELD_TEXT)
		n = refused_by(g, arena_printf(&a, "reader: csv\nclaim %s\n\tid: @x/y\n%s\twhen: 2000\n\t%s = x\n",
					       kind->name, line, label->name));
	arena_release(&a);
	return n;
}

/* A line that every row allows; else it stands as a remark, for a person to mend. */
static bool write_line(struct guess *g, const struct kind *kind, const char *line, struct buf *out)
{
	const size_t n = refused_by_line(g, kind, line);

	if (n == 0)
		buf_text(out, line);
	else
		buf_printf(out, "\t# %zu of %zu rows do not fit:%s", n, g->n_rows, line);
	return n == 0;
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

/* A name in a remark: on one line. */
static void write_name(const char *name, struct buf *out)
{
	if (!*name)
		buf_text(out, "(without a name)");
	for (; *name; name++)
		buf_printf(out, "%c", *name == '\n' || *name == '\r' ? ' ' : *name);
}

static const char *what_stands_in(const struct seen *s)
{
	if (s->filled == 0)
		return "always empty";
	if (s->whole == s->filled)
		return "whole numbers";
	if (s->decimal == s->filled)
		return "numbers";
	return s->dates == s->filled ? "dates" : "text";
}

static void write_columns(const struct guess *g, struct buf *out)
{
	buf_printf(out, "# %zu rows were looked at. Columns:\n", g->n_rows);
	for (size_t i = 0; i < g->n; i++) {
		const struct seen *s = &g->columns[i];
		const char *what = what_stands_in(s);

		buf_text(out, "#   ");
		write_name(s->name, out);
		buf_printf(out, ": %s, filled in %zu", what, s->filled);
		if (strcmp(what, "text") == 0)
			buf_printf(out, ", at most %zu bytes", s->longest);
		buf_text(out, *s->name && !s->usable ? " (a map cannot name it)\n" : "\n");
	}
}

static void write_id(const struct guess *g, const struct kind *kind, struct buf *out)
{
	const struct seen *id = column_of(g, "id");

	if (id && id->filled == g->n_rows && id->distinct == g->n_rows)
		buf_printf(out, "\tid: @{:name}/%s-{%s|slug}\n", kind->name, id->name);
	else
		buf_printf(out, "\tid: @{:name}/%s-{:hash}[-{:nth|not:1}]\n", kind->name);
}

static const char *when_line(struct arena *a, const struct seen *when, const struct seen *until, const char *order)
{
	const bool ends = until && until != when && until->dates == until->filled && until->filled > 0;

	return ends ? arena_printf(a, "\twhen: {%s|date:%s}[/{%s|date:%s}]\n", when->name, order, until->name, order)
		    : arena_printf(a, "\twhen: {%s|date:%s}\n", when->name, order);
}

/* Day or month first: the order that more rows allow. */
static void write_when(struct guess *g, const struct kind *kind, struct buf *out)
{
	const struct seen *when = date_column(g), *until = column_of(g, "until");
	const char *dmy, *mdy;

	if (!when)
		return;
	dmy = when_line(&g->arena, when, until, "dmy");
	mdy = when_line(&g->arena, when, until, "mdy");
	write_line(g, kind, refused_by_line(g, kind, mdy) < refused_by_line(g, kind, dmy) ? mdy : dmy, out);
}

static void write_place(struct guess *g, const struct kind *kind, struct buf *out)
{
	const struct seen *place = column_of(g, "place"), *lat = column_of(g, "latitude"),
			  *lon = column_of(g, "longitude");
	const char *name, *degrees = "";

	if (!place && !(lat && lon))
		return;
	name = place ? arena_printf(&g->arena, "{%s|squeeze|else:place not named|cut:200}", place->name)
		     : "place not named";
	if (lat && lon)
		degrees = arena_printf(&g->arena, "[ @{%s|degrees:latitude},{%s|degrees:longitude}]", lat->name,
				       lon->name);
	write_line(g, kind, arena_printf(&g->arena, "\tplace = %s%s\n", name, degrees), out);
}

/* The column by which people would recognise a row. */
static const struct seen *label_column(const struct guess *g)
{
	const struct seen *s = column_of(g, "text");

	s = s ? s : column_of(g, "name");
	for (size_t i = 0; i < g->n && !s; i++)
		if (g->columns[i].usable && g->columns[i].filled > 0 && g->columns[i].whole < g->columns[i].filled &&
		    g->columns[i].dates < g->columns[i].filled)
			s = &g->columns[i];
	return s;
}

/* A field that must be there: from a column that sounds like it, else a line for the person to fill in. */
static void write_required(struct guess *g, const struct kind *kind, const struct field *field, struct buf *out)
{
	const struct seen *s = field->flags & FIELD_LABEL ? label_column(g) : NULL;

	if (s && write_line(g, kind,
			    arena_printf(&g->arena, "\t%s = {%s|squeeze|cut:%lld}\n", field->name, s->name,
					 (long long)(field->max ? field->max : FIELD_TEXT_MAX)),
			    out))
		return;
	buf_printf(out, "\t# needed: %s, %s\n\t%s = FILL IN\n", field->name, field->help, field->name);
}

static void write_field(struct guess *g, const struct kind *kind, const struct field *field, struct buf *out)
{
	const struct seen *s = column_named(g, field->name);

	if (strcmp(field->name, "place") == 0) {
		write_place(g, kind, out);
		return;
	}
	if (!s && strcmp(field->name, "deaths_best") == 0)
		s = column_of(g, "deaths");
	if (!s && strcmp(field->name, "injured") == 0)
		s = column_of(g, "injured");
	if (s && write_line(g, kind,
			    arena_printf(&g->arena, "\t%s = {%s%s}\n", field->name, s->name, filter_for(field)), out))
		return;
	if (field->flags & FIELD_REQUIRED)
		write_required(g, kind, field, out);
}

static void write_map(struct guess *g, struct buf *out)
{
	const struct import_format *known = known_format(g);
	const struct kind *kind = best_kind(g);
	const struct seen *note = column_of(g, "note");

	if (known)
		buf_printf(out, "# These are the columns of %s: 'parley import %s FILE' reads it.\n", known->summary,
			   known->name);
	buf_text(out, "# A proposal, made from the names of the columns and what stands in them. Read it, correct it, "
		      "and try it with --dry-run.\n");
	write_columns(g, out);
	buf_text(out, "\nreader: csv\n# publisher: @label type-of-actor Whose data they are\nsource: File {:name}, "
		      "line {:line}\n\n");
	if (g->encoding)
		buf_printf(out, "encoding: %s\n\n", g->encoding);
	buf_printf(out, "claim %s\n", kind->name);
	write_id(g, kind, out);
	write_when(g, kind, out);
	if (note)
		write_line(g, kind, arena_printf(&g->arena, "\tnote: {%s|cut:4000}\n", note->name), out);
	for (size_t i = 0; i < kind->n_fields; i++)
		write_field(g, kind, &kind->fields[i], out);
}

/* What stands in the rows. */
static int look_at_file(struct guess *g, struct err *err)
{
	struct source *decoded = NULL;
	struct rows *rows = NULL;
	int rc = decode_open(&g->file.source, g->encoding, &decoded, err);

	if (rc == 0)
		rc = csv_rows_open(decoded, &(struct csv_options){ 0 }, &rows, err);
	if (rc == 0)
		rc = look(g, rows, err);
	if (rc == 0 && g->n_rows == 0)
		rc = err_set(err, E_DAMAGED, "there is no row in it that could be read");
	rows_close(rows);
	decode_close(decoded);
	return rc;
}

int format_guess(struct source *source, const struct format_options *options, struct buf *out, struct err *err)
{
	struct guess g = { .encoding = options->encoding };
	int rc = beginning_take(&g.file, source, err);

	if (rc == 0)
		rc = look_at_file(&g, err);
	if (rc == 0) {
		write_map(&g, out);
		rc = buf_check(out, "the proposed map", err);
	}
	buf_release(&g.file.bytes);
	idmap_release(&g.values);
	arena_release(&g.arena);
	return rc;
}
