#include "cli/table.h"

#include <assert.h>
#include <stdlib.h>

#include "cli/text.h"

#define GAP 2
#define TEXT_MIN 8

void table_begin(struct table *t, FILE *out, const struct term *term, const struct column *columns, size_t n_columns)
{
	assert(n_columns > 0 && n_columns <= TABLE_COLUMNS_MAX);
	*t = (struct table){ .out = out, .term = term, .columns = columns, .n_columns = n_columns };
	arena_init(&t->arena);
	t->cells = mem_alloc(TABLE_LOOK_AHEAD * n_columns * sizeof(*t->cells));
}

static int least_width(const struct table *t, size_t i)
{
	int least = t->columns[i].min ? t->columns[i].min : TEXT_MIN;
	return t->columns[i].number || least > t->widths[i] ? t->widths[i] : least;
}

static void measure(struct table *t)
{
	for (size_t i = 0; i < t->n_columns; i++) {
		int widest = text_width(t->columns[i].title);
		for (size_t row = 0; row < t->n_waiting; row++) {
			int width = text_width(t->cells[row * t->n_columns + i]);
			widest = width > widest ? width : widest;
		}
		int most = t->term->fit && !t->columns[i].number ? t->columns[i].max : 0;
		t->widths[i] = most && widest > most ? most : widest;
	}
}

/* Take columns of the screen from the widest text until the table fits. */
static void shrink(struct table *t)
{
	int total = GAP * ((int)t->n_columns - 1);
	for (size_t i = 0; i < t->n_columns; i++)
		total += t->widths[i];

	for (; total > t->term->width; total--) {
		size_t widest = t->n_columns;
		for (size_t i = 0; i < t->n_columns; i++)
			if (t->widths[i] > least_width(t, i) &&
			    (widest == t->n_columns || t->widths[i] > t->widths[widest]))
				widest = i;
		if (widest == t->n_columns) {
			t->blocks = true;
			return;
		}
		t->widths[widest]--;
	}
}

static void write_line(struct table *t, const char *const *cells)
{
	struct arena scratch;
	int owed = 0; /* spaces before the next cell; none are left at the end of a line */

	arena_init(&scratch);
	for (size_t i = 0; i < t->n_columns; i++) {
		bool number = t->columns[i].number;
		bool cut = t->term->fit && !number;
		const char *cell = cut ? text_cut(&scratch, t->term, cells[i], t->widths[i]) : cells[i];
		int width = text_width(cell);
		int rest = width < t->widths[i] ? t->widths[i] - width : 0;
		if (*cell) {
			text_pad(t->out, "", number ? owed + rest : owed, false);
			fputs(cell, t->out);
			owed = 0;
		}
		owed += GAP + (number && *cell ? 0 : rest);
	}
	fputc('\n', t->out);
	arena_release(&scratch);
}

static void write_header(struct table *t)
{
	const char *titles[TABLE_COLUMNS_MAX];
	for (size_t i = 0; i < t->n_columns; i++)
		titles[i] = t->columns[i].title;
	fputs(term_style(t->term, STYLE_BOLD), t->out);
	write_line(t, titles);
	fputs(term_style(t->term, STYLE_END), t->out);
	for (size_t i = 0; i < t->n_columns; i++) {
		for (int at = 0; at < t->widths[i]; at++)
			fputs(t->term->utf8 ? "─" : "-", t->out);
		fprintf(t->out, i + 1 < t->n_columns ? "%*s" : "\n", GAP, "");
	}
}

static void write_block(struct table *t, const char *const *cells, bool first)
{
	if (!first)
		fputc('\n', t->out);
	for (size_t i = 0; i < t->n_columns; i++) {
		if (!*cells[i])
			continue;
		struct arena scratch;
		arena_init(&scratch);
		text_wrap(t->out, arena_printf(&scratch, "%s: %s", t->columns[i].title, cells[i]), 0, 0,
			  t->term->width);
		arena_release(&scratch);
	}
}

static void flush(struct table *t)
{
	if (t->n_waiting == 0)
		return;
	if (!t->started) {
		measure(t);
		if (t->term->fit)
			shrink(t);
		if (!t->blocks)
			write_header(t);
	}
	for (size_t row = 0; row < t->n_waiting; row++) {
		const char *const *cells = (const char *const *)t->cells + row * t->n_columns;
		if (t->blocks)
			write_block(t, cells, !t->started && row == 0);
		else
			write_line(t, cells);
	}
	t->started = true;
	t->n_waiting = 0;
	arena_release(&t->arena);
}

void table_row(struct table *t, const char *const cells[])
{
	char **row = t->cells + t->n_waiting * t->n_columns;
	for (size_t i = 0; i < t->n_columns; i++)
		row[i] = text_safe(&t->arena, t->term, cells[i] ? cells[i] : "");
	t->n_rows++;
	if (++t->n_waiting == TABLE_LOOK_AHEAD)
		flush(t);
}

size_t table_end(struct table *t)
{
	flush(t);
	arena_release(&t->arena);
	free(t->cells);
	t->cells = NULL;
	return t->n_rows;
}
