/* One object as people look it up: every claim with who made it, field by field, contested ones side by side.
 *
 * Threads: as the node. Memory: the arena.
 */
#ifndef PARLEY_NODE_SHOW_H
#define PARLEY_NODE_SHOW_H

#include "node/node.h"
#include "record/kinds/kinds.h"

/* One claim about one field. Texts are NULL where nothing was said. */
struct shown_claim {
	const char *value; /* plain words: labels for ids and codes, lists joined with "; " */
	const char *raw;   /* as recorded: JSON */
	const char *says;  /* label of the actor whose assertion it is */
	uint8_t says_id[OBJECT_ID_BYTES];
	const char *author; /* organisation that wrote it: its label */
	const char *by, *source, *quote, *grade, *tlp, *rule, *lang, *note, *when;
	int64_t known_ms, recorded_ms;
	uint8_t entry[ID_BYTES];
	int64_t n; /* its row; 0: no claim, the record itself says it (kinds of family order) */
	enum rank rank;
};

struct shown_field {
	const char *name;
	const struct field *field; /* NULL: a field that this version does not know */
	bool contested;
	struct shown_claim *claims; /* the one shown first comes first */
	size_t n_claims;
};

struct shown {
	uint8_t obj[OBJECT_ID_BYTES];
	const char *kind;
	const struct kind *known_kind; /* NULL: a kind that this version does not know */
	const char *label;
	struct shown_field *fields; /* in the order of the vocabulary, unknown ones behind */
	size_t n_fields;
	size_t n_retracted, n_redacted; /* claims that no longer count */
	/* objects that refer to this one, newest first, at most SHOWN_LINKS_MAX */
	struct shown_link {
		const char *kind, *label, *field;
		uint8_t obj[OBJECT_ID_BYTES];
	} * links;
	size_t n_links, n_links_in_all;
};

#define SHOWN_LINKS_MAX 50

/** Look an object up in a view.
 * @return 0; E_NOT_FOUND if nothing effective is claimed about it in this view */
MUST_CHECK int show_object(struct view *view, struct arena *a, const uint8_t obj[static OBJECT_ID_BYTES],
			   struct shown *ret, struct err *err);

/** Plain words for a stored value of a field: the label of an object or a code; else the value itself. */
const char *show_words(struct view *view, struct arena *a, const struct field *field, const char *value);

#endif
