/* What the files of the overview share; nobody outside src/node includes it. */
#ifndef PARLEY_NODE_OVERVIEW_INTERNAL_H
#define PARLEY_NODE_OVERVIEW_INTERNAL_H

#include "node/overview.h"

/* A reading under way. */
struct overview_job {
	struct view *view;
	struct arena *a;
	struct overview *to;
};

/* When it was, in words: of the first claim about k.obj that says when. */
#define SQL_FIRST_WHEN                                                                                                 \
	"(SELECT wc.when_text FROM claim wc WHERE wc.obj = k.obj AND wc.status = 0 AND wc.when_text IS NOT NULL"       \
	" ORDER BY wc.when_from, wc.n LIMIT 1)"

/* When the latest claim about k.obj says that it was so. */
#define SQL_LATEST_FROM "(SELECT max(wc.when_from) FROM claim wc WHERE wc.obj = k.obj AND wc.status = 0)"

/* The handling of incidents by their latest finding: columns incident (hex digits), state. */
#define SQL_FINDINGS                                                                                                   \
	"(SELECT incident, state, max(coalesce(" SQL_LATEST_FROM ", -9e18)) FROM k_finding k"                          \
	" WHERE state IS NOT NULL GROUP BY incident)"

/** Give each row of a query to `take`. ?1, where it stands in the text, is now. */
MUST_CHECK int overview_rows(struct overview_job *job, const char *sql,
			     void (*take)(struct overview_job *job, struct stmt *s), struct err *err);

/** Make room for one more item behind n; doubles. Items live in the arena. */
void *overview_more(struct arena *a, void *items, size_t n, size_t size);

/** Name the object of a blob; other blobs give label "". */
struct overview_ref overview_ref_of(struct overview_job *job, struct bytes obj, bool contested);

/** The label of an id as k_KIND tables hold it (hex digits), NULL for NULL. */
const char *overview_label(struct overview_job *job, const char *hex);

/** The labels of a list of ids, with commas; NULL for NULL. */
const char *overview_labels(struct overview_job *job, const char *list);

/** The words of a code, the code itself if it is unknown; NULL for NULL. */
const char *overview_words(struct overview_job *job, const char *list, const char *code);

/** A date as recorded; NULL, and what is no date, was not said. */
struct overview_date overview_date_of(struct arena *a, const char *text);

/** Is it over, by now? */
bool overview_is_past(const struct overview_job *job, const struct overview_date *date);

/* Each reads one part into job->to. */
MUST_CHECK int overview_read_promises(struct overview_job *job, struct err *err); /* overview_promises.c */
MUST_CHECK int overview_read_events(struct overview_job *job, struct err *err);   /* overview_events.c */
MUST_CHECK int overview_read_alerts(struct overview_job *job, struct err *err);   /* overview_alerts.c; comes last */

#endif
