/* A table of the overview whose cells wrap: nothing is cut, what is empty throughout is left out. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cli/overview_internal.h"
#include "cli/text.h"

#define GAP 2

size_t overview_wrapped(struct overview_page *p, const char *text, int width, char ***ret)
{
	char *all = NULL, **lines = NULL;
	size_t size = 0, n = 0;
	FILE *out = open_memstream(&all, &size);

	if (!out)
		abort(); /* as any other want of memory */
	text_wrap(out, text, 0, 0, width);
	fclose(out);
	for (char *at = all; *at; at += *at == '\n') {
		const size_t used = strcspn(at, "\n");

		if ((n & (n - 1)) == 0) {
			char **more = arena_alloc(p->a, (n ? 2 * n : 1) * sizeof *more);

			if (n)
				memcpy(more, lines, n * sizeof *more);
			lines = more;
		}
		lines[n++] = arena_copy(p->a, at, used);
		at += used;
	}
	free(all);
	*ret = lines;
	return n;
}

void overview_grid_begin(struct overview_grid *g, int indent, const struct overview_column *columns, size_t n)
{
	assert(n > 0 && n <= OVERVIEW_COLUMNS_MAX);
	*g = (struct overview_grid){ .columns = columns, .n_columns = n, .indent = indent };
}

void overview_grid_add(struct overview_page *p, struct overview_grid *g, const char *const cells[])
{
	const size_t n = g->n_rows * g->n_columns;

	if ((g->n_rows & (g->n_rows - 1)) == 0) {
		const char **more = arena_alloc(p->a, (g->n_rows ? 2 * n : g->n_columns) * sizeof *more);

		if (n)
			memcpy(more, g->cells, n * sizeof *more);
		g->cells = more;
	}
	for (size_t i = 0; i < g->n_columns; i++)
		g->cells[n + i] = cells[i] ? cells[i] : "";
	g->n_rows++;
}

static int total(const struct overview_grid *g)
{
	int width = g->indent - GAP;

	for (size_t i = 0; i < g->n_columns; i++)
		width += g->widths[i] ? g->widths[i] + GAP : 0;
	return width;
}

/* The widest column that can give one more; n_columns: none. */
static size_t widest(const struct overview_grid *g)
{
	size_t at = g->n_columns;

	for (size_t i = 0; i < g->n_columns; i++) {
		if (g->columns[i].min == 0 || g->widths[i] <= g->columns[i].min)
			continue;
		if (at == g->n_columns || g->widths[i] > g->widths[at])
			at = i;
	}
	return at;
}

void overview_grid_fit(struct overview_page *p, struct overview_grid *g)
{
	for (size_t i = 0; i < g->n_columns; i++) {
		for (size_t row = 0; row < g->n_rows; row++) {
			int width = text_width(g->cells[row * g->n_columns + i]);

			g->widths[i] = width > g->widths[i] ? width : g->widths[i];
		}
		if (g->widths[i] > 0 && g->widths[i] < text_width(g->columns[i].title))
			g->widths[i] = text_width(g->columns[i].title);
	}
	for (size_t i = 0; p->term->fit && total(g) > p->width && (i = widest(g)) < g->n_columns;)
		g->widths[i]--;
}

/* Spaces are written only before what follows: no line ends in them. */
static void put_cell(struct overview_page *p, int *owed, const char *text, int width, bool right)
{
	const int used = text_width(text);

	if (right)
		*owed += width - used;
	if (*text) {
		fprintf(p->out, "%*s%s", *owed, "", text);
		*owed = 0;
	}
	*owed += right ? 0 : width - used;
	if (!*text && right)
		*owed += used;
}

static void put_line(struct overview_page *p, const struct overview_grid *g, char **const lines[], const size_t n[],
		     size_t line)
{
	int owed = g->indent;

	for (size_t i = 0; i < g->n_columns; i++) {
		if (!g->widths[i])
			continue;
		put_cell(p, &owed, line < n[i] ? lines[i][line] : "", g->widths[i], g->columns[i].number);
		owed += GAP;
	}
	fputc('\n', p->out);
}

static void put_row(struct overview_page *p, const struct overview_grid *g, const char *const *cells)
{
	char **lines[OVERVIEW_COLUMNS_MAX] = { 0 };
	size_t n[OVERVIEW_COLUMNS_MAX] = { 0 }, most = 0;

	for (size_t i = 0; i < g->n_columns; i++) {
		if (!g->widths[i])
			continue;
		n[i] = overview_wrapped(p, cells[i], g->widths[i], &lines[i]);
		most = n[i] > most ? n[i] : most;
	}
	for (size_t line = 0; line < most; line++)
		put_line(p, g, lines, n, line);
}

void overview_grid_titles(struct overview_page *p, const struct overview_grid *g)
{
	int owed = g->indent;

	fputs(term_style(p->term, STYLE_DIM), p->out);
	for (size_t i = 0; i < g->n_columns; i++) {
		if (!g->widths[i])
			continue;
		put_cell(p, &owed, g->columns[i].title, g->widths[i], g->columns[i].number);
		owed += GAP;
	}
	fprintf(p->out, "%s\n", term_style(p->term, STYLE_END));
}

void overview_grid_rows(struct overview_page *p, const struct overview_grid *g, size_t from, size_t n)
{
	for (size_t row = from; row < from + n; row++)
		put_row(p, g, &g->cells[row * g->n_columns]);
}
