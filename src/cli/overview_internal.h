/* What the files of the printed overview share; nobody else includes it. */
#ifndef PARLEY_CLI_OVERVIEW_INTERNAL_H
#define PARLEY_CLI_OVERVIEW_INTERNAL_H

#include "cli/overview.h"

#define OVERVIEW_DATE_WIDTH 10
#define OVERVIEW_NARROW 72 /* columns below which less is said on a line */
#define OVERVIEW_TINY 52   /* and below which still less is */

/* A page being printed. */
struct overview_page {
	struct arena *a;
	FILE *out;
	const struct term *term;
	int width;
	const struct overview_head *head;
	const struct overview *o;
	bool has_marks; /* something contested was marked: the mark is explained at the end */
};

/* What stands side by side: left and right whole, the text between them wrapped to what room is left; where that is too
 * little, right goes below. */
struct overview_row {
	int indent, left_width;          /* left_width 0: no left; a wider left takes what it needs */
	const char *left, *text, *right; /* safe; right "" for none */
};

/* --- lines: overview_lines.c ------------------------------------------------------------------------------- */

/** A title over a part, with more behind a colon ("" for none). */
void overview_heading(struct overview_page *p, const char *title, const char *more);

void overview_line(struct overview_page *p, int indent, const char *text); /* wrapped */
void overview_put_row(struct overview_page *p, const struct overview_row *row);

/** The lines of safe text, wrapped; none of "". */
size_t overview_wrapped(struct overview_page *p, const char *text, int width, char ***ret); /* overview_grid.c */

/** "and 3 more: parley list KIND", where n is not 0. */
void overview_say_more(struct overview_page *p, int indent, size_t n, const char *kind);

/** Text of the record, made safe; "" for NULL. */
const char *overview_safe(struct overview_page *p, const char *text);

/** The label, with a mark before it if it is contested. */
const char *overview_marked(struct overview_page *p, const struct overview_ref *ref);

/** "A to B", "by A", "to B" or ""; safe. */
const char *overview_from_to(struct overview_page *p, const char *from, const char *to);

/** The text with ", more" behind it; nothing is added where more is NULL or "". */
const char *overview_and(struct overview_page *p, const char *text, const char *more);

/** "2016-11-13 to 2016-11-15" of an interval as it was recorded, "" of NULL; safe. */
const char *overview_interval(struct overview_page *p, const char *text);

/** "parley show 3f9a12cd"; on a narrow screen the digits alone. */
const char *overview_how_to_see(struct overview_page *p, const struct overview_ref *ref);

/** "1 entry", "2,000 entries". */
const char *overview_counted(struct overview_page *p, int64_t n, const char *one, const char *many);

/** The text of a date, "" if none was said. */
const char *overview_day(const struct overview_date *date);

/** Columns for the dates of n rows that lie `step` bytes apart. */
int overview_widest_day(const struct overview_date *dates, size_t n, size_t step);

/* --- tables whose cells wrap: overview_grid.c -------------------------------------------------------------- */

#define OVERVIEW_COLUMNS_MAX 6

struct overview_column {
	const char *title;
	int min;     /* to which it may be narrowed; 0: it is never */
	bool number; /* to the right */
};

struct overview_grid {
	const struct overview_column *columns;
	size_t n_columns;
	int indent;
	int widths[OVERVIEW_COLUMNS_MAX]; /* 0: nothing in it, left out */
	const char **cells;               /* row by row */
	size_t n_rows;
};

void overview_grid_begin(struct overview_grid *g, int indent, const struct overview_column *columns, size_t n);

/** Add a row; the cells are safe and live as long as the grid. NULL is an empty cell. */
void overview_grid_add(struct overview_page *p, struct overview_grid *g, const char *const cells[]);

/** Find the widths, when all rows are there; then print. */
void overview_grid_fit(struct overview_page *p, struct overview_grid *g);
void overview_grid_titles(struct overview_page *p, const struct overview_grid *g);
void overview_grid_rows(struct overview_page *p, const struct overview_grid *g, size_t from, size_t n);

/* --- parts: each prints nothing and returns false where there is nothing to say ---------------------------- */

bool overview_print_agreements(struct overview_page *p); /* overview_promises.c */
bool overview_print_commitments(struct overview_page *p);
bool overview_print_ceasefires(struct overview_page *p); /* overview_bonds.c */
bool overview_print_deeds(struct overview_page *p);
bool overview_print_exchanges(struct overview_page *p);
bool overview_print_lists(struct overview_page *p);
bool overview_print_channels(struct overview_page *p); /* overview_contacts.c */
bool overview_print_notices(struct overview_page *p);
bool overview_print_measures(struct overview_page *p);
bool overview_print_episodes(struct overview_page *p); /* overview_events.c */
bool overview_print_background(struct overview_page *p);
bool overview_print_incidents(struct overview_page *p);
bool overview_print_contested(struct overview_page *p); /* overview_attention.c */
bool overview_print_attention(struct overview_page *p);

#endif
