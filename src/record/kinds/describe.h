/* Small helpers for the words of errors and help. Private to this folder.
 *
 * Threads: pure. Memory: none.
 */
#ifndef PARLEY_RECORD_KINDS_DESCRIBE_H
#define PARLEY_RECORD_KINDS_DESCRIBE_H

#include <stddef.h>
#include <stdint.h>

#include "record/kinds/kinds.h"

#define CODES_SHOWN_MAX 12 /* longer lists are named, not printed */

/* The nearest of several names to one that was typed: begin, try each, read best (NULL: none is near). */
struct nearest {
	const char *name;
	const char *best;
	size_t distance;
};

struct nearest nearest_begin(const char *name);
void nearest_try(struct nearest *n, const char *candidate);

/** The nearest code of the list by edit distance at most 3, or NULL. */
const char *code_nearest(const struct code_list *list, const char *code);

#define SHOWN_MAX 40 /* chars of a value that an error repeats */

/** The value as an error may repeat it: at most SHOWN_MAX bytes, anything but printable ASCII as '?'. */
void show_value(const char *text, char out[static SHOWN_MAX + 1]);

/** "it takes one of: a, b, c": all codes of a list of at most CODES_SHOWN_MAX. */
void list_codes(const struct code_list *list, char *out, size_t cap);

/** Largest number of code points that a FIELD_TEXT takes. */
int64_t field_text_max(const struct field *field);

#endif
