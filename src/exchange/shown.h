/* An object as one row: what the exporters of tables, networks and event data share. Nothing outside this room includes it.
 *
 * Threads: as the view. Memory: a row holds until the callback returns.
 */
#ifndef PARLEY_EXCHANGE_SHOWN_H
#define PARLEY_EXCHANGE_SHOWN_H

#include "base/limits.h"
#include "exchange/export.h"
#include "record/kinds/kinds.h"

#define SHOWN_LABEL_MAX 512
#define EXPORT_ROW_MAX ((size_t)8 * DB_MEMORY_ROW_MAX) /* bytes of one row as text; &quot; makes six of one */

/* What a row says beside its fields; the names stand in member_names. */
enum member {
	MEMBER_WHEN,
	MEMBER_KNOWN,
	MEMBER_SAYS, /* 32 hex digits; NULL where the reader may not know */
	MEMBER_SOURCE,
	MEMBER_GRADE,
	MEMBER_TLP,
	MEMBER_RULE,
	MEMBER_N_CLAIMS,
	MEMBER_CONTESTED, /* joined by "; " */
	N_MEMBERS
};

extern const char *const member_names[N_MEMBERS];

struct span {
	int64_t from_ms, to_ms; /* half open; WHEN_OPEN_START, WHEN_OPEN_END */
};

struct shown {
	const struct kind *kind;
	uint8_t obj[OBJECT_ID_BYTES];
	char id[2 * OBJECT_ID_BYTES + 1];
	char label[SHOWN_LABEL_MAX];    /* never empty */
	const char **values;            /* [kind->n_fields], as in the k_KIND table; NULL: nobody said */
	const char *members[N_MEMBERS]; /* NULL: there is none */
	struct span *spans;             /* the times that the speaker of the leading claim names, merged, ascending */
	size_t n_spans;
};

/* A walk over the objects of one kind after the other. */
struct shown_walk {
	struct view *view;
	const struct export_request *request;
	struct export_report *report; /* losses of the objects walked over are added to it */
	uint64_t done, total;         /* objects */
};

/** Begin a walk over these kinds. */
MUST_CHECK int shown_begin(struct shown_walk *walk, const struct kind *const *kinds, size_t n, struct err *err);

/** Show each object of a kind, by date and label, as `list` does.
 * @param each  a negative code ends the walk and is returned
 * @return 0; E_CANCELLED */
MUST_CHECK int shown_each(struct shown_walk *walk, const struct kind *kind,
			  int (*each)(void *ctx, const struct shown *shown, struct err *err), void *ctx,
			  struct err *err);

/** Append a value of the k_KIND table, the items of a list joined by "; ".
 * @param ret_lost  is added up for items that hold that themselves */
void shown_put_list(struct buf *out, const char *value, uint64_t *ret_lost);

/** True for a whole number of at most 18 digits, and for "-12.50": a value may have been said by a version with other types. */
bool text_is_whole(const char *text);
bool text_is_decimal(const char *text);

/** Hand the text over once there is enough of it, or with `all` in any case. */
MUST_CHECK int export_put(struct sink *sink, struct buf *text, bool all, struct err *err);

#endif
