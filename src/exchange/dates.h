/* Dates as datasets write them.
 *
 * Understood are 2012, 2012-08, 2012-08-26 (also with / . or blanks, and with a time of day behind it), 26 August 2012,
 * 26-Aug-12, August 26, 2012, and numbers in an order that is told. A year of two digits is refused unless it is told
 * which century it means.
 *
 * Threads: pure functions. Memory: the arena given.
 */
#ifndef PARLEY_EXCHANGE_DATES_H
#define PARLEY_EXCHANGE_DATES_H

#include "base/arena.h"
#include "base/err.h"

enum date_wanted { DATE_DAY, DATE_YEAR, DATE_TIME };

/** The written form of base/when.h for a date.
 * @param order   how numbers stand: "", "dmy", "mdy" or "ymd"; behind it, for years of two digits, the year from which
 *                19.. is meant ("mdy46")
 * @param wanted  DATE_DAY drops a time of day; DATE_TIME keeps it as UTC: what zone is meant the dataset must say
 * @return 0; E_INVALID with the value and what would be right */
MUST_CHECK int date_read(struct arena *a, const char *text, const char *order, enum date_wanted wanted,
			 const char **ret, struct err *err);

/** How many bytes of a value an error shows: 40, or fewer so that no character is cut in two. */
static inline int shown_bytes(const char *text)
{
	int n = 0;

	while (n < 40 && text[n])
		n++;
	while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	return n;
}

#endif
