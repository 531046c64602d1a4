#include <string.h>

#include "exchange/shown.h"

#define FORMULA_SIGNS "=+-@\t\r"

struct writer {
	struct sink *sink;
	const struct export_request *request;
	struct export_report *report;
	struct buf text;
	bool is_first; /* cell of its row */
};

/* A plain number is no formula, also with a sign in front. */
static bool is_number(const char *cell)
{
	size_t digits;

	cell += *cell == '-' || *cell == '+';
	digits = strspn(cell, "0123456789");
	if (digits == 0)
		return false;
	cell += digits;
	if (*cell == '.')
		cell += 1 + strspn(cell + 1, "0123456789");
	return *cell == 0;
}

/* Whether reading it back would take an apostrophe away, or a spreadsheet reckon with it. */
static bool needs_guard(const char *cell)
{
	const char sign = cell[strspn(cell, "'")];

	return sign && strchr(FORMULA_SIGNS, sign) && !is_number(cell);
}

const char *csv_unguard(const char *cell)
{
	const char sign = cell[strspn(cell, "'")];

	return *cell == '\'' && sign && strchr(FORMULA_SIGNS, sign) ? cell + 1 : cell;
}

static void put_quoted(struct buf *out, const char *cell)
{
	while (*cell) {
		const size_t n = strcspn(cell, "\"");

		buf_put(out, cell, n);
		cell += n;
		if (*cell) {
			buf_text(out, "\"\"");
			cell++;
		}
	}
}

static void put_clean_cell(struct writer *w, const char *cell)
{
	const bool quote = strpbrk(cell, ",;\"\r\n\t") || *cell == ' ' || (*cell && cell[strlen(cell) - 1] == ' ');

	buf_text(&w->text, quote ? "\"" : "");
	buf_text(&w->text, !w->request->raw && needs_guard(cell) ? "'" : "");
	put_quoted(&w->text, cell);
	buf_text(&w->text, quote ? "\"" : "");
}

/* RFC 4180 has no control characters but line breaks, and a terminal obeys them. */
static bool is_control(char c)
{
	return ((unsigned char)c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f;
}

/* @return the cell, or a copy without control characters in the arena */
static const char *clean_cell(struct writer *w, const char *cell, struct arena *a)
{
	size_t n = 0, kept = 0;
	char *copy;

	while (cell[n] && !is_control(cell[n]))
		n++;
	if (!cell[n])
		return cell;
	copy = arena_text(a, cell);
	for (n = 0; cell[n]; n++) {
		if (is_control(cell[n]))
			w->report->lost[LOSS_CHARACTERS]++;
		else
			copy[kept++] = cell[n];
	}
	copy[kept] = 0;
	return copy;
}

static void put_cell(struct writer *w, const char *cell)
{
	struct arena a = { 0 };

	if (!w->is_first)
		buf_text(&w->text, ",");
	w->is_first = false;
	if (cell)
		put_clean_cell(w, clean_cell(w, cell, &a));
	arena_release(&a);
}

static int end_row(struct writer *w, struct err *err)
{
	buf_text(&w->text, "\r\n");
	w->is_first = true;
	return export_put(w->sink, &w->text, false, err);
}

static int put_header(struct writer *w, const struct kind *kind, struct err *err)
{
	put_cell(w, "id");
	put_cell(w, "label");
	for (size_t i = 0; i < kind->n_fields; i++)
		put_cell(w, kind->fields[i].name);
	for (size_t i = 0; i < N_MEMBERS; i++)
		put_cell(w, member_names[i]);
	return end_row(w, err);
}

static void put_list_cell(struct writer *w, const char *value)
{
	struct buf joined;

	buf_init(&joined, EXPORT_ROW_MAX);
	shown_put_list(&joined, value, &w->report->lost[LOSS_ITEMS]);
	put_cell(w, buf_str(&joined));
	buf_release(&joined);
}

static int put_row(void *ctx, const struct shown *shown, struct err *err)
{
	struct writer *w = ctx;

	put_cell(w, shown->id);
	put_cell(w, shown->label);
	for (size_t i = 0; i < shown->kind->n_fields; i++) {
		const char *value = shown->values[i];

		if (value && shown->kind->fields[i].flags & FIELD_LIST)
			put_list_cell(w, value);
		else
			put_cell(w, value);
	}
	for (size_t i = 0; i < N_MEMBERS; i++)
		put_cell(w, shown->members[i]);
	w->report->n++;
	return end_row(w, err);
}

static int no_such_kind(const char *name, struct err *err)
{
	const char *near = name ? kinds_nearest_kind(name) : NULL;

	if (!name)
		return err_set(err, E_INVALID, "a table holds one kind: say which");
	return err_set(err, E_INVALID, "this version knows no kind '%.40s', so it has no columns for it%s%s%s", name,
		       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

int csv_export(struct view *view, struct sink *sink, const struct export_request *request, struct export_report *ret,
	       struct err *err)
{
	const struct kind *kind = request->kind ? kind_find(request->kind) : NULL;
	struct export_report report = { 0 };
	struct writer w = { .sink = sink, .request = request, .report = &report, .is_first = true };
	struct shown_walk walk = { .view = view, .request = request, .report = &report };
	int rc;

	if (!kind)
		return no_such_kind(request->kind, err);
	buf_init(&w.text, EXPORT_ROW_MAX);
	rc = shown_begin(&walk, &kind, 1, err);
	if (rc == 0)
		rc = put_header(&w, kind, err);
	if (rc == 0)
		rc = shown_each(&walk, kind, put_row, &w, err);
	if (rc == 0)
		rc = export_put(sink, &w.text, true, err);
	buf_release(&w.text);
	if (rc == 0)
		*ret = report;
	return rc;
}
