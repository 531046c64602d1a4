/* Formats that leave for other programs: a table (CSV), a network (GraphML, GEXF), event data (PLOVER).
 *
 * All of them show what `list` shows: one value a field, the one that the views show first (view.h). Only NDJSON
 * (ndjson.h) holds everything; what these leave out is counted and can be told (export_loss_words()). They are written
 * from a view alone, so what its reader may not see is not in them.
 *
 * Names of columns and attributes are the names of fields (record/kinds), of the members of a claim (when, known,
 * says, source, grade, tlp, rule), and these, which cannot be read back: label, n_claims, contested_fields, and
 * in networks start and end.
 * The members are those of the leading claim: the one from which the label's value comes or, without it, that of the
 * first field that has a value. But the marking is the strictest of all claims of which a value is shown, and the rule
 * one that hides the speaker, if any of them has such a rule.
 *
 *   csv       one kind. RFC 4180: UTF-8, CR LF, quotation marks where needed; the columns are id, label, the fields in
 *             the vocabulary's order, when, known, says, source, grade, tlp, rule, n_claims, contested_fields. A list's
 *             items are joined by "; ". An absent value is an empty cell. Control characters but tabs and line breaks
 *             are left out. Unless `raw`, a cell that a spreadsheet would take for a formula (it begins with = + - @,
 *             tab or CR, behind any apostrophes, and is no number) gets one apostrophe in front; who reads it back takes
 *             one apostrophe away from cells that begin with one or more of them and then one of these six characters
 *             (csv_unguard()).
 *   graphml   nodes are actors and persons with all their fields, edges are ties, from -> to; more with `with`. Whatever
 *             else is at the end of an edge is a node with kind, label and dates alone. An edge with an end that is not
 *             there is left out. An edge's `source` is called citation. Lists as in CSV. start and end are days, both included: of an actor from founded to
 *             dissolved, of an edge all that the speaker of its leading claim names, of other objects their `when`.
 *   gexf      the same in GEXF 1.3, dynamic: start and end, or spells, on nodes and edges.
 *   plover    one incident a line, as JSON of PLOVER 2.0, with fields of our own for what it has none: says, known,
 *             grade, tlp, rule, state, contested_fields.
 *
 * Threads: as the view. Memory: csv and plover keep one object at a time; networks keep all of it.
 */
#ifndef PARLEY_EXCHANGE_EXPORT_H
#define PARLEY_EXCHANGE_EXPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "exchange/stream.h"
#include "view/view.h"

#define GRAPH_CITATION "citation" /* what `source` of a claim is called on an edge of a network */

/* What becomes an edge beside ties. */
enum graph_with {
	WITH_ALIGNMENT = 1,  /* actor -> a node for its side */
	WITH_MANDATE = 2,    /* holder -> giver */
	WITH_ATTENDANCE = 4, /* who -> session or meeting */
};

struct export_request {
	const char *kind;                                           /* csv: needed */
	bool raw;                                                   /* csv: no guard against formulas */
	unsigned with;                                              /* graphml, gexf: enum graph_with, added up */
	bool (*progress)(void *ctx, uint64_t done, uint64_t total); /* false: stop. May be NULL */
	void *ctx;
};

/* What a format could not hold. */
enum export_loss {
	LOSS_CLAIMS,
	LOSS_VALUES,
	LOSS_WORDS,
	LOSS_FILES,
	LOSS_RETRACTED,
	LOSS_FIELDS,
	LOSS_ITEMS,
	LOSS_CHARACTERS,
	LOSS_TYPES,
	LOSS_ENDS,
	LOSS_SPANS,
	LOSS_DATES,
	LOSS_INCIDENTS,
	LOSS_CODES,
	N_EXPORT_LOSSES
};

struct export_report {
	uint64_t n;                     /* rows, records or nodes */
	uint64_t n_edges;               /* of networks */
	uint64_t lost[N_EXPORT_LOSSES]; /* by enum export_loss */
};

/** Plain words for what was lost, in the plural: "attached files". */
const char *export_loss_words(enum export_loss loss);

/* The formats. Each writes a whole file, also for an empty view.
 * @param ret  filled on success
 * @return 0; E_INVALID for a kind that this version does not know; E_CANCELLED; what the sink returns */
typedef int export_fn(struct view *view, struct sink *sink, const struct export_request *request,
		      struct export_report *ret, struct err *err);
MUST_CHECK export_fn csv_export;
MUST_CHECK export_fn graphml_export;
MUST_CHECK export_fn gexf_export;
MUST_CHECK export_fn plover_export;

/** The cell as it was before csv_export() guarded it: a part of the same text. */
const char *csv_unguard(const char *cell);

#endif
