/* Who is who: pairs of actors or persons that may be one, and what was judged of pairs. Nothing is ever merged: a pair
 * is one where the record says so, in claims of kind `identity`.
 *
 * Threads: as the view. Memory: the arena.
 */
#ifndef PARLEY_NODE_SAME_H
#define PARLEY_NODE_SAME_H

#include "base/idmap.h"
#include "node/node.h"

/* --- what was judged --------------------------------------------------------------------------------------- */

enum same_verdict {
	SAME_UNSURE,
	SAME_YES,
	SAME_NO,
	SAME_DISPUTED, /* some say the same, others different: joined nowhere */
};

struct same_judged {
	uint8_t one[OBJECT_ID_BYTES], other[OBJECT_ID_BYTES]; /* the lower id first */
	uint8_t obj[OBJECT_ID_BYTES];                         /* an identity that says so */
	enum same_verdict verdict;
};

/** Every pair that was judged, by the latest word of each sayer; in the order of ids. */
MUST_CHECK int same_read_judged(struct view *view, struct arena *a, struct same_judged **ret, size_t *ret_n,
				struct err *err);

/* Sets of objects that are one by the judgements: trees of places; a root is above itself. */
struct same_sets {
	struct idmap places; /* of an object that was judged the same as another, from 1 */
	const uint8_t **ids; /* by place from 0; they belong to the judgements */
	size_t *above;
	size_t n;
};

/** Join what was judged to be one: transitively; what is disputed joins nothing.
 * @param judged  must outlive the sets */
void same_sets_init(struct same_sets *sets, struct arena *a, const struct same_judged *judged, size_t n);
void same_sets_release(struct same_sets *sets);

/** The place of the root of that place's set. */
size_t same_sets_root(struct same_sets *sets, size_t place);

/** One object that stands for all of its set: the object itself where it is in none. */
const uint8_t *same_sets_one(struct same_sets *sets, const uint8_t id[static OBJECT_ID_BYTES]);

/* --- what may be one --------------------------------------------------------------------------------------- */

struct same_pair {
	uint8_t one[OBJECT_ID_BYTES], other[OBJECT_ID_BYTES]; /* the lower id first */
	const char *kind;                                     /* of both: actor or person */
	const char *labels[2];
	const char *why; /* "both have ucdp:743", "both are called FARC" */
};

struct same_list {
	struct same_pair *items;
	size_t n, n_all; /* n_all: without the limit */
};

/** Pairs of one kind that share a number of a register or a name, as anybody claims it, and of which nobody judged yet.
 * What is one by judgements is proposed once. Pairs of which at least one is spoken of by an organisation in its own
 * name come before those of publishers of data alone; numbers before names, each in the order of what is shared, then
 * of ids. Of more than SAME_SHARED_MAX that share one thing each is paired with the first only: so there are never many
 * more pairs than claims. Linear in what is claimed, but for sorting.
 * @param limit  0: all */
MUST_CHECK int same_find(struct view *view, struct arena *a, size_t limit, struct same_list *ret, struct err *err);

#define SAME_SHARED_MAX 8

/** The forms in which a name is compared: without case, accents of Latin letters, punctuation and the words the, of,
 * and, de, la; the whole first, and where it has brackets what is outside and what is inside. What is shorter than two
 * letters says nothing. Two parts alone make no pair: "Army (North)", "Police (North)".
 * @param ret  fills at most SAME_FORMS_MAX texts in the arena
 * @return how many */
size_t same_name_forms(struct arena *a, const char *name, const char **ret);

#define SAME_FORMS_MAX 3

/* --- judging ----------------------------------------------------------------------------------------------- */

struct same_judgement {
	const char *one, *other; /* ids or labels, as for view_find_object() */
	const char *verdict;     /* a code of identity_verdict */
	const char *basis;       /* or NULL */
};

/** Record a judgement as a claim of kind identity, in the name of this organisation. A pair has one identity object,
 * whichever way round and by whomever it is judged: who judges again says a later word.
 * @param now_ms  the clock: since when it is known, where the same was said once, and something else since
 * @return 0; E_NOT_FOUND; E_INVALID if they are one object or not of one kind; as node_write_claim() */
MUST_CHECK int same_judge(struct node *node, const uint8_t circle[static ID_BYTES], int64_t now_ms,
			  const struct same_judgement *judgement, struct written *ret, struct err *err);

#endif
