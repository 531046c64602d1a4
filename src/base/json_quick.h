/* A quick way through the JSON that is met nearly always; json.c includes it, nobody else.
 *
 * Threads: pure. Memory: arena.
 */
#ifndef PARLEY_BASE_JSON_QUICK_H
#define PARLEY_BASE_JSON_QUICK_H

#include "base/json.h"

/** Read what is plainly right.
 * @return the same value as json_parse() gives; NULL if the text is wrong, or right in a rare way (surrogate escapes,
 *         very many members): then json_parse() takes its long way, which also words the error */
const struct json *json_quick(struct arena *a, const char *text, size_t n);

/** The long way: json_parse() without this. For tests, which compare the two.
 * Requires: n <= JSON_TEXT_MAX. @return as json_parse() */
MUST_CHECK int json_parse_slowly(struct arena *a, const char *text, size_t n, const struct json **ret, struct err *err);

#endif
