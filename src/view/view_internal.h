/* What the files of this room share. Nothing outside includes it.
 *
 * The way of an entry: apply.c puts it into the tables (claims.c: one claim and its values; control.c: control
 * entries) and touches the objects that it is about; object.c then judges each touched object anew from all that is
 * claimed about it. Only the last step depends on more than one entry, and it reads sets, so arrival order is of no
 * account.
 *
 * Threads, memory: as view.h.
 */
#ifndef PARLEY_VIEW_VIEW_INTERNAL_H
#define PARLEY_VIEW_VIEW_INTERNAL_H

#include "base/arena.h"
#include "record/kinds/kinds.h"
#include "view/view.h"

#define LIST_SEPARATOR "\x1f" /* between the values of a list in a k_KIND column */

/* A table that is the same for every vocabulary. */
struct view_table {
	const char *name;
	const char *create; /* one or more statements */
	const char *read;   /* all its rows, in an order that does not depend on how they came */
};

/* The table of one kind. */
struct kind_table {
	const struct kind *kind;
	const char *name; /* k_KIND */
	const char *create, *read, *read_one, *put, *remove;
};

struct view {
	struct db *db;
	uint64_t applied;
	bool is_cut;
	bool mentions; /* there may be retractions or redactions, whose targets come later: until one is seen, none is sought */
	bool scrub; /* redacted words may still stand in the index of the full text */
	struct kind_table *kinds;
	size_t n_kinds;
	uint8_t (*touched)[OBJECT_ID_BYTES]; /* to be judged anew; may hold one id several times */
	size_t n_touched, cap_touched;
	struct arena texts;           /* of kinds */
	uint8_t own[OBJECT_ID_BYTES]; /* the home's organisation as an actor, and its local name */
	char own_name[ORG_NAME_MAX];
};

/* --- schema.c ---------------------------------------------------------------------------------------------- */

const struct view_table *schema_tables(size_t *ret_n);

/** Write the SQL of the kinds' tables into view->kinds. */
void schema_compose(struct view *view);

/** Make all tables. */
MUST_CHECK int schema_create(struct view *view, struct err *err);

/** A number that changes with the tables, the vocabulary, and the rules by which the tables are filled. */
uint64_t schema_digest(const struct view *view);

/** The table of a kind, or NULL for a kind that this version does not know. name may be NULL. */
const struct kind_table *schema_kind(const struct view *view, const char *name);

/* --- view.c ------------------------------------------------------------------------------------------------ */

/** Remember that an object must be judged anew. */
void view_touch(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES]);

/** Judge all touched objects; within the transaction that touched them. */
MUST_CHECK int view_judge_touched(struct view *view, struct err *err);

/** A view without tables, for an image to be loaded into. */
MUST_CHECK int view_new_bare(struct view **ret, struct err *err);

/* --- apply.c ----------------------------------------------------------------------------------------------- */

/** Put one entry, with its body read, into the tables and touch what it is about; within a transaction. Does not count
 * it as applied. */
MUST_CHECK int apply_entry(struct view *view, const struct record *record, const struct scanned *row, struct err *err);

/** Put down that row n of the record cannot be read. */
MUST_CHECK int apply_damaged(struct view *view, uint64_t n, struct err *err);

/* --- claims.c ---------------------------------------------------------------------------------------------- */

/* An entry with what the record says about its author. */
struct author_entry {
	const struct record_entry *entry;
	const uint8_t *org;    /* ID_BYTES */
	const uint8_t *digest; /* HASH_BYTES, of a claim */
};

/** Add a claim; its values and words too if it is effective. */
MUST_CHECK int claim_add(struct view *view, const struct author_entry *in, const struct claim *claim,
			 enum claim_status status, struct err *err);

/** Add the values and words of a claim, and touch its object.
 * @param with_source  the words of its source too */
MUST_CHECK int claim_index(struct view *view, int64_t n, const struct claim *claim, bool with_source, struct err *err);

/** The same, from the body that the claim row keeps. */
MUST_CHECK int claim_index_body(struct view *view, int64_t n, const char *body, bool with_source, struct err *err);

/** Make the claim in row n effective or retracted, if there is one that is not redacted. */
MUST_CHECK int claim_set_status(struct view *view, int64_t n, enum claim_status status, struct err *err);

/** Leave of the class-1 entry in row n, whatever it held, only the row that says it was redacted. */
MUST_CHECK int claim_redact(struct view *view, int64_t n, struct err *err);

/** A value of a claim as text in arena a: see `value` in view.h; NULL for JSON null. */
const char *value_text(struct arena *a, const struct json *value);

/* --- control.c --------------------------------------------------------------------------------------------- */

/** Add what a control entry (classes 2 to 5) says. */
MUST_CHECK int control_add(struct view *view, const struct record *record, const struct author_entry *in,
			   const struct body *body, struct err *err);

/** The kind by which an entry of that class is judged when somebody wants to read it; "" where there is none. */
const char *control_kind(int64_t cls);

/* --- object.c ---------------------------------------------------------------------------------------------- */

/** Judge one object anew: which value is shown first, what is contested, its row, its kind's row. */
MUST_CHECK int object_judge(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES], struct err *err);

/* What the tables shall say of one object. */
struct verdict {
	const char *kind;   /* NULL: nothing is claimed any more */
	const char **shown; /* [n_fields of the kind's table], NULL where nobody said; NULL for an unknown kind */
	int64_t n_claims, n_contested;
	bool has_when;
	int64_t when_from, when_to, recorded;
};

/** Write a verdict over what the tables said before. */
MUST_CHECK int object_write(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES], const struct verdict *verdict,
			    struct err *err);

/** Judge an object of which control entries speak.
 * @param ret_found  false if none does; nothing is written then */
MUST_CHECK int control_judge(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES], bool *ret_found,
			     struct err *err);

/* --- access.c ---------------------------------------------------------------------------------------------- */

/** True if an attribution rule forbids to say who said it; rule may be NULL. A rule that is not known forbids it. */
bool rule_hides_speaker(const char *rule);

#endif
