/* Import: claims from a file into a circle, whatever the format.
 *
 * A format gives claims (struct claims), in the JSON form that a line of NDJSON has (docs/format-ndjson.md); what
 * happens to them from there on is here, and the same for all: checked, compared with what is there already, signed,
 * written in batches.
 *
 * It is idempotent: the k-th equal claim of a file is taken only if the circle does not hold k equal claims of this
 * organisation already; a line that names an entry of this record and says what that says is that entry. So an import
 * that was stopped is resumed by running it again. Memory is bounded by the objects and claims that the file brings,
 * never by its size on the disk.
 *
 * Threads: as record and view. Memory: none is kept.
 */
#ifndef PARLEY_EXCHANGE_IMPORT_H
#define PARLEY_EXCHANGE_IMPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "record/record.h"
#include "view/view.h"

/* What one step of a file gives: claims that are taken all or none. */
struct claim_group {
	const struct json **lines; /* [n], each as a line of NDJSON */
	size_t n;
	bool passed_over; /* the step is nothing that could be recorded, by what the format is */
};

struct claims;

struct claims_type {
	/** @return 1 there is a group; 0 at the end; E_INVALID, E_LIMIT: the step at claims->line is not taken; E_DAMAGED:
	 *          the file is broken and none of it shall be taken; otherwise the source failed */
	int (*next)(struct claims *claims, struct arena *a, struct claim_group *ret, struct err *err);
	int (*rewind)(struct claims *claims, struct err *err);
	/* The last step is not taken: say more of why, such as in which column its cause stands. May be NULL. */
	void (*refused)(struct claims *claims, struct err *why);
	void (*close)(struct claims *claims);
};

/* Begins every format's own struct. */
struct claims {
	const struct claims_type *type;
	bool can_rewind;
	bool once;      /* equal claims of the file are one claim: a table says the same of an actor in many rows */
	bool gathering; /* set by the import: this pass looks only for what objects there are */
	size_t at;      /* set by the import: which line of the last group it takes, so that refused() knows */
	uint64_t line;  /* of the file, from 1, at which the last step began */
	uint64_t bytes; /* read in this pass */
	uint64_t size;  /* of the file; 0 if not known */
};

void claims_close(struct claims *claims); /* NULL is fine */

struct import_options {
	bool dry_run; /* check everything, write nothing */
	bool strict;  /* the first step that is not taken refuses the whole file: nothing is written */
	/* Sign retractions also of claims that stood here before this file: else anyone's file could take our word back in our
	 * name. Those of claims that the file itself brings are always taken. */
	bool take_retractions;
	bool keep_unknown; /* keep kinds and fields that this version does not know */
	/* Called for each step that is not taken; the reason is one line without content. May be NULL. */
	void (*rejected)(void *ctx, uint64_t line, const char *reason);
	bool (*progress)(void *ctx, uint64_t bytes_done, uint64_t bytes_total); /* false: stop. May be NULL */
	void *ctx;
};

struct import_report {
	uint64_t n_lines;   /* steps: lines that are not blank, rows */
	uint64_t n_added;   /* claims and retractions written (or that would be, in a dry run) */
	uint64_t n_present; /* equal ones were there already */
	uint64_t n_skipped; /* steps that say nothing, by what the format is */
	uint64_t n_rejected;
};

/** Take what a file claims into a circle.
 *
 * Batches of at most 4,096 entries, 4 MiB or 250 ms are acknowledged one by one. Where the file can be read again, a
 * first pass sees that it is whole and finds the objects that it introduces, so that the order of its lines does not
 * matter; with `strict`, another one checks everything.
 *
 * @param claims  at its beginning. If it cannot rewind, an object's first line must be whole, what comes before damage
 *                is taken, and strict is refused (E_USAGE)
 * @param ret     filled on failure too: what was acknowledged until then
 * @return 0, also when steps were rejected; E_INVALID with strict when one was; E_DAMAGED: the file is broken, nothing
 *         was taken; E_CANCELLED (what was acknowledged stays); E_IO, E_FULL and the like */
MUST_CHECK int import_claims(struct record *record, struct view *view, const uint8_t circle[static ID_BYTES],
			     struct claims *claims, const struct import_options *options, struct import_report *ret,
			     struct err *err);

#endif
