/* Text on a terminal: made safe, measured, cut, padded and wrapped by columns, not bytes.
 *
 * Text of the record was written by others. Before it reaches a terminal it goes
 * through text_safe(): control characters, escape sequences, direction controls,
 * invisible characters and broken UTF-8 come out as visible marks. The other
 * functions take text that is safe already and never split a character, nor a
 * combining mark from its base.
 *
 * Widths are those of wcwidth() in the locale that term_set_locale() took.
 *
 * Threads: pure, given the locale. Memory: arena, or straight to a stream.
 */
#ifndef PARLEY_CLI_TEXT_H
#define PARLEY_CLI_TEXT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "cli/term.h"

#define TEXT_BROKEN UINT32_MAX

/** Read one UTF-8 character.
 * @param s    NUL-terminated, not at its end
 * @param ret  gives the code point, TEXT_BROKEN for a byte that belongs to none
 * @return bytes read, 1..4 */
size_t text_next(const char *s, uint32_t *ret);

/** A copy fit for one line of a terminal: every newline is a mark too, a tab is a space.
 * Marks: "␛" (in ASCII "^[") for control characters, "<U+202E>" for what is invisible or turns the
 * direction, "<8F>" for a broken byte. A terminal without UTF-8 gets "<U+00ED>" for all but ASCII. */
char *text_safe(struct arena *a, const struct term *term, const char *s);

/** The same, but newlines stay: for text_wrap(). */
char *text_safe_lines(struct arena *a, const struct term *term, const char *s);

/** Columns that safe text takes. */
int text_width(const char *s);

/** The text if it fits in `width` columns, else its beginning and an ellipsis, `width` columns at most. */
char *text_cut(struct arena *a, const struct term *term, const char *s, int width);

/** Write the text and spaces up to `width` columns; wider text stays whole.
 * @param right  spaces come first */
void text_pad(FILE *out, const char *s, int width, bool right);

/** Write paragraphs, broken between words so that no line is wider than `width`, and a newline.
 * A word wider than a line is broken between characters; "\n" starts a new line.
 * @param at      column where the cursor stands, behind a label; less than two columns before `indent` the text
 *                starts on a line of its own
 * @param indent  columns left free on every line; at most half of width is used */
void text_wrap(FILE *out, const char *s, int at, int indent, int width);

#endif
