/* Dates and times as people know them: with a precision, and as intervals.
 *
 * Written forms (a subset of ISO 8601-1 and EDTF level 0):
 *   2012            2012-08          2012-08-26
 *   2012-08-26T14Z  2012-08-26T14:05Z  2012-08-26T14:05:30Z  2012-08-26T14:05:30.250Z
 *   A/B (both of the forms above, A's start not after B's end)   A/..  (open end)   ../B (open start)
 * Only UTC ("Z"): what a person types in local time the screen converts.
 *
 * Every form stands for the half-open span [from_ms, to_ms) in milliseconds since
 * 1970-01-01T00:00Z: "2012-08" is the whole month. Years 0001 to 9999.
 *
 * Threads: pure functions. Memory: caller's.
 */
#ifndef PARLEY_BASE_WHEN_H
#define PARLEY_BASE_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define WHEN_OPEN_START INT64_MIN
#define WHEN_OPEN_END INT64_MAX
#define WHEN_TEXT_MAX 64 /* chars of the longest written form, NUL included */

enum when_precision { WHEN_YEAR, WHEN_MONTH, WHEN_DAY, WHEN_HOUR, WHEN_MINUTE, WHEN_SECOND, WHEN_MS };

struct when {
	int64_t from_ms;
	int64_t to_ms;
	enum when_precision precision; /* of the coarser end */
	bool interval;                 /* written with a slash */
};

/** Read a date, an instant or an interval.
 * @return 0; E_INVALID with an example of what would be right */
MUST_CHECK int when_parse(const char *text, struct when *ret, struct err *err);

/** Read a date or an instant; an interval is E_INVALID. */
MUST_CHECK int when_parse_single(const char *text, struct when *ret, struct err *err);

/** The instant as text, to the millisecond only where it has one: 2012-08-26T14:05:30Z. */
void when_format_ms(int64_t ms, char out[static WHEN_TEXT_MAX]);

/** The UTC day of the instant: 2012-08-26. */
void when_format_day(int64_t ms, char out[static WHEN_TEXT_MAX]);

#endif
