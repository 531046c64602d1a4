/* The terminal: how wide it is, what it can show, and a few marks made for it.
 *
 * A struct term describes one output stream. Tests fill it by hand; the program
 * uses term_detect(). Meaning is never carried by colour alone: a style only
 * repeats what the words say.
 *
 * Threads: one thread (locale and environment are of the process).
 */
#ifndef PARLEY_CLI_TERM_H
#define PARLEY_CLI_TERM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"

#define TERM_WIDTH_DEFAULT 80
#define TERM_WIDTH_MAX 1000

struct term {
	int width;   /* columns, 1..TERM_WIDTH_MAX */
	bool tty;    /* a person is looking */
	bool fit;    /* tables are cut to width: a terminal, or COLUMNS is set; else every cell stays whole */
	bool colour; /* escape sequences for styles are welcome */
	bool utf8;   /* the locale is UTF-8: ellipsis, bars and rules are drawn with it; else plain ASCII */
};

enum term_style { STYLE_BOLD, STYLE_DIM, STYLE_WARN, STYLE_GOOD, STYLE_END };

/** Take the locale of the environment. Where none is set at all, UTF-8 is taken instead of ASCII. */
void term_set_locale(void);

/** Find out about a stream: COLUMNS, the terminal's own answer or 80; NO_COLOR and TERM=dumb; the locale. */
void term_detect(struct term *ret, FILE *stream);

/** The escape sequence of a style, "" where colour is off. End every style with STYLE_END. */
const char *term_style(const struct term *term, enum term_style style);

/** Append a bar of `width` columns, filled from the left: full blocks and eighths, or "#" in ASCII.
 * @param share  0..1; outside it is taken as the nearer end; NAN gives "?"
 *
 * More than nothing never looks empty, and less than all never looks full. */
void term_bar(const struct term *term, double share, int width, struct buf *out);

/** A count for reading: 1234567 gives 1,234,567. */
void term_count(uint64_t n, char out[static 32]);

/** A time span for reading, to the second below an hour: "8 s", "3:05 min", "2:10 h", "4 d". */
void term_span(int64_t ms, char out[static 32]);

#endif
