/* Rows: what every format with a table in it comes down to, so that one way of mapping serves them all.
 *
 * A reader turns bytes into rows of cells. A table of values has one table, "row"; a network has two, "node" and
 * "edge". Columns are known by name; a format without a header (JSON, GraphML) makes one when it first meets it, so that
 * a table's columns may become more while it is read, and never change place. A cell is UTF-8 text as the file has it,
 * unescaped, without NUL; or absent (p is NULL), which is not the same as empty.
 *
 * What one row holds is bounded (ROW_* of base/limits.h): a reader never keeps the file. A row that cannot be read is
 * reported and skipped; a file of which nothing can be known beyond some point (XML that is not well-formed, a quotation mark that
 * nothing closes) is refused as a whole: the caller reads it to its end before it takes anything.
 *
 * Threads: one reader belongs to one thread. Memory: a row and its cells hold until the next call.
 */
#ifndef PARLEY_EXCHANGE_ROWS_H
#define PARLEY_EXCHANGE_ROWS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/limits.h"
#include "exchange/stream.h"

/* A text that need not end in NUL; p is NULL where there is none. */
struct cell {
	const char *p;
	size_t n;
};

struct table {
	const char *name;     /* "row", "node", "edge" */
	const char **columns; /* [n_columns]: UTF-8, no two alike; "" where the file gives no name */
	size_t n_columns;
};

struct row {
	const struct table *table;
	const struct cell *cells; /* [table->n_columns] */
	uint64_t line;            /* of the file, from 1, at which the row begins */
};

struct rows;

/* What a reader is made of; rows.h's own functions call it. */
struct rows_type {
	int (*next)(struct rows *rows, struct row *ret, struct err *err); /* as rows_next(); not called after the end */
	void (*close)(struct rows *rows);
};

/* Begins every reader's own struct. */
struct rows {
	const struct rows_type *type;
	const struct table *header; /* what the file itself says before its first row; NULL if it says nothing */
	bool over;                  /* rows_next()'s own: no more can come */
};

/** Read the next row.
 * @param ret  filled; after E_INVALID and E_LIMIT its line says where
 * @return 1 there is one; 0 at the end; E_INVALID, E_LIMIT: this row cannot be read, the next one can; E_DAMAGED with
 *         line and reason: the file is broken; otherwise the source failed. After the end and after these two it is 0 */
MUST_CHECK int rows_next(struct rows *rows, struct row *ret, struct err *err);

/** Free a reader; NULL is fine. The source is the caller's. */
void rows_close(struct rows *rows);

/* How a table of separated values is written. */
struct csv_options {
	char delimiter;     /* 0: comma, semicolon, tab or bar, whichever the first line has most of */
	bool no_quotes;     /* quotation marks are characters like any other */
	const char *header; /* names of the columns where the file has no header row: separated by commas; else NULL */
};

/* The readers. Each needs UTF-8 (stream.h turns other encodings into it) and gives the reader in *ret.
 * @return 0; E_DAMAGED if the beginning shows that it is not such a file; otherwise the source failed */
MUST_CHECK int csv_rows_open(struct source *source, const struct csv_options *options, struct rows **ret,
			     struct err *err);
MUST_CHECK int json_rows_open(struct source *source, struct rows **ret, struct err *err);
MUST_CHECK int graphml_rows_open(struct source *source, struct rows **ret, struct err *err);
MUST_CHECK int gml_rows_open(struct source *source, struct rows **ret, struct err *err);
MUST_CHECK int pajek_rows_open(struct source *source, struct rows **ret, struct err *err);

#endif
