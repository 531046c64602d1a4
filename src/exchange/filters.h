/* Filters: what a template does to the texts of a cell. The table is in filters.c.
 *
 * Threads: pure functions. Memory: the scope's arena.
 */
#ifndef PARLEY_EXCHANGE_FILTERS_H
#define PARLEY_EXCHANGE_FILTERS_H

#include "exchange/template.h"

struct filter_type;

struct filter {
	const struct filter_type *type;
	const char *arg; /* "" if none */
	const struct code_table *codes;
};

/** Read "date:dmy".
 * @return 0; E_INVALID: no such filter, or its argument is wrong */
MUST_CHECK int filter_read(const char *text, struct arena *a, const struct code_table *codes, struct filter *ret,
			   struct err *err);

/** Put texts through a filter. @return 0; E_INVALID with what is wrong, the value named only where it is a code, a date
 * or a number */
MUST_CHECK int filter_run(const struct filter *filter, const struct scope *scope, struct values *values,
			  struct err *err);

#endif
