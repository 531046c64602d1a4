/* What the files of the printed overview share; nobody else includes it. */
#ifndef PARLEY_CLI_OVERVIEW_INTERNAL_H
#define PARLEY_CLI_OVERVIEW_INTERNAL_H

#include "cli/overview.h"

#define OVERVIEW_NARROW 72 /* columns below which less is said on a line */

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

/* What stands on one line: left and right whole, the text between them cut to what room is left; where that is too
 * little, right goes below. */
struct overview_row {
	int indent, left_width;          /* left_width 0: no left */
	const char *left, *text, *right; /* safe; right "" for none */
};

/* --- lines: overview_lines.c ------------------------------------------------------------------------------- */

/** A title over a part, with more behind a colon ("" for none). */
void overview_heading(struct overview_page *p, const char *title, const char *more);

void overview_line(struct overview_page *p, int indent, const char *text); /* wrapped */
void overview_put_row(struct overview_page *p, const struct overview_row *row);

/** "and 3 more: parley list KIND", where n is not 0. */
void overview_say_more(struct overview_page *p, int indent, size_t n, const char *kind);

/** Text of the record, made safe; "" for NULL. */
const char *overview_safe(struct overview_page *p, const char *text);

/** The label, with a mark before it if it is contested. */
const char *overview_marked(struct overview_page *p, const struct overview_ref *ref);

/** A name that comes before another text on a line, cut so that it leaves room; safe. */
const char *overview_who(struct overview_page *p, const char *label);

/** "parley show 3f9a12cd"; on a narrow screen the digits alone. */
const char *overview_how_to_see(struct overview_page *p, const struct overview_ref *ref);

/** "1 entry", "2,000 entries". */
const char *overview_counted(struct overview_page *p, int64_t n, const char *one, const char *many);

/** The text of a date, "" if none was said. */
const char *overview_day(const struct overview_date *date);

/* --- parts: each prints nothing and returns false where there is nothing to say ---------------------------- */

bool overview_print_agreements(struct overview_page *p); /* overview_promises.c */
bool overview_print_commitments(struct overview_page *p);
bool overview_print_ceasefires(struct overview_page *p);
bool overview_print_incidents(struct overview_page *p); /* overview_events.c */
bool overview_print_contested(struct overview_page *p);
bool overview_print_attention(struct overview_page *p);

#endif
