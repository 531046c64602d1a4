/* A table on a terminal, as wide as its content and no wider than the screen.
 *
 *   struct table t;
 *   table_begin(&t, out, &term, columns, ARRAY_LEN(columns));
 *   table_row(&t, (const char *const[]){ name, type, since });
 *   size_t n = table_end(&t);
 *
 * Where the rows do not fit, the widest columns of text are cut first, with an
 * ellipsis; numbers are never cut. Where even that is not enough (a narrow
 * screen), every row is written as a block of "Title: value" lines.
 * Widths come from the first TABLE_LOOK_AHEAD rows; a table of any length is
 * written in that much memory.
 *
 * Threads: one table belongs to one thread. Memory: table_end() releases all.
 */
#ifndef PARLEY_CLI_TABLE_H
#define PARLEY_CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "cli/term.h"

#define TABLE_LOOK_AHEAD 1000 /* rows */
#define TABLE_COLUMNS_MAX 16

struct column {
	const char *title;
	int min;     /* columns of the screen that a column of text keeps; 0: 8 */
	int max;     /* and never passes on a terminal; 0: no limit */
	bool number; /* to the right, never cut */
};

struct table {
	FILE *out;
	const struct term *term;
	const struct column *columns;
	size_t n_columns;
	struct arena arena;
	char **cells; /* of the rows that wait, row by row */
	size_t n_waiting, n_rows;
	int widths[TABLE_COLUMNS_MAX];
	bool blocks; /* too narrow for a table */
	bool started;
};

/** Begin a table; columns, term and out must outlive it. */
void table_begin(struct table *t, FILE *out, const struct term *term, const struct column *columns, size_t n_columns);

/** Add a row of n_columns cells; they are copied and made safe. NULL is an empty cell. */
void table_row(struct table *t, const char *const cells[]);

/** Write what waits and release. A table without rows writes nothing.
 * @return number of rows */
size_t table_end(struct table *t);

#endif
