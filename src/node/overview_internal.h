/* What the files of the overview share; nobody outside src/node includes it. */
#ifndef PARLEY_NODE_OVERVIEW_INTERNAL_H
#define PARLEY_NODE_OVERVIEW_INTERNAL_H

#include "base/idmap.h"
#include "node/overview.h"
#include "node/same.h"

/* What the rules of overview.h find: sets of object ids. */
struct overview_own {
	struct idmap actors;     /* own ones */
	struct idmap publishers; /* 1: publishes; 2: there is background by it */
	struct idmap objects;    /* who speaks of it; empty where nobody publishes */
	bool published;          /* there are publishers */
	struct same_sets joined;
	struct same_judged *judged;
	size_t n_judged;
};

/* A reading under way. */
struct overview_job {
	struct view *view;
	struct arena *a;
	struct overview *to;
	struct overview_own own;
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

/* --- own and background: overview_own.c -------------------------------------------------------------------- */

/** Find what is own, before anything else is read; overview_own_release() frees. */
MUST_CHECK int overview_read_own(struct overview_job *job, struct err *err);
void overview_own_release(struct overview_own *own);

enum overview_place {
	PLACE_OWN,
	PLACE_BACKGROUND,
	PLACE_TWIN, /* a publisher's account of what others speak of too, as an identity says: counted nowhere */
};

/** Where an object belongs. */
enum overview_place overview_place_of(const struct overview_job *job, struct bytes obj);

bool overview_is_publisher(const struct overview_job *job, struct bytes actor);

/** Do publishers alone speak of it? */
bool overview_is_published(const struct overview_job *job, struct bytes obj);

/** Count something dated that is not own, if it is background; obj is column 0. */
void overview_count_other(struct overview_job *job, int64_t *count, struct stmt *s, int column_of_dates);

/* --- deaths: overview_deaths.c ----------------------------------------------------------------------------- */

/* One sayer's numbers; -1: not said. */
struct overview_toll {
	int64_t low, best, high;
};

struct overview_tolls {
	struct idmap at; /* incident: place in items, from 1 */
	struct overview_toll *items;
	size_t n;
	struct idmap contested; /* incidents on whose deaths sayers differ */
};

/** Read the numbers of those incidents of which there are several claims. */
MUST_CHECK int overview_read_tolls(struct overview_job *job, struct overview_tolls *ret, struct err *err);
void overview_tolls_release(struct overview_tolls *tolls);

/** Add one incident's numbers: those shown first, unless its sayers' stand in tolls. */
void overview_add_toll(const struct overview_tolls *tolls, struct bytes obj, struct overview_toll shown,
		       struct overview_deaths *to);

/* --- rows and values: overview.c --------------------------------------------------------------------------- */

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

/** The same up to its colon: "blocked" of "blocked: exists, nobody answers". */
const char *overview_short_words(struct overview_job *job, const char *list, const char *code);

/** The day of an instant; NULL of an open end. */
const char *overview_day_of(struct arena *a, int64_t ms);

/** A date as recorded; NULL, and what is no date, was not said. */
struct overview_date overview_date_of(struct arena *a, const char *text);

/** Is it over, by now? */
bool overview_is_past(const struct overview_job *job, const struct overview_date *date);

/* Each reads one part into job->to. */
MUST_CHECK int overview_read_promises(struct overview_job *job, struct err *err); /* overview_promises.c */
MUST_CHECK int overview_read_bonds(struct overview_job *job, struct err *err);    /* overview_bonds.c */
MUST_CHECK int overview_read_contacts(struct overview_job *job, struct err *err); /* overview_contacts.c */
MUST_CHECK int overview_read_contests(struct overview_job *job, struct err *err); /* overview_contests.c */
MUST_CHECK int overview_read_events(struct overview_job *job, struct err *err);   /* overview_events.c */
MUST_CHECK int overview_read_alerts(struct overview_job *job, struct err *err);   /* overview_alerts.c; comes last */

#endif
