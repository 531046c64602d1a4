/* Lists: objects of a kind, objects by words, entries in order of arrival.
 *
 * Threads: as the view. Memory: the arena.
 */
#ifndef PARLEY_NODE_FIND_H
#define PARLEY_NODE_FIND_H

#include "node/node.h"

struct found {
	uint8_t obj[OBJECT_ID_BYTES];
	const char *kind, *label;
	bool has_when;
	int64_t when_from;
	int64_t n_claims, n_contested;
	struct view_value *values; /* the ones shown first */
	size_t n_values;
};

struct found_list {
	struct found *items; /* in the arena */
	size_t n;
	size_t n_all; /* how many there are without the limit */
};

struct find_query {
	const char *kind;
	const char *const *where; /* "field=value" or "field~part"; all must hold of the values shown first */
	size_t n_where;
	bool contested;
	size_t limit; /* 0: all */
};

/** Objects of a kind, by date and label.
 * @return 0; E_INVALID for an unknown kind (and no such object) or field */
MUST_CHECK int find_objects(struct view *view, struct arena *a, const struct find_query *query, struct found_list *ret,
			    struct err *err);

/** Objects that have a claim with all these words (beginnings of words), best match first.
 * @param limit  0: all */
MUST_CHECK int find_text(struct view *view, struct arena *a, const char *const *words, size_t n_words, size_t limit,
			 struct found_list *ret, struct err *err);

/* One entry of the log. */
struct logged {
	uint8_t entry[ID_BYTES];
	int64_t recorded_ms;
	const char *act;  /* "claim", "retracted", "redacted", "retract", "redact", "control", ... */
	const char *what; /* kind, label and the fields set; or the reason */
	bool has_obj;
	uint8_t obj[OBJECT_ID_BYTES];
	const char *says; /* NULL if nobody */
};

struct log_list {
	struct logged *items; /* in the arena */
	size_t n;
	size_t n_all;
};

/** The last entries in order of arrival.
 * @param obj    only of this object; NULL: all
 * @param limit  0: all */
MUST_CHECK int find_log(struct view *view, struct arena *a, const uint8_t *obj, size_t limit, struct log_list *ret,
			struct err *err);

#endif
