/* NDJSON: every kind, in and out, one JSON object a line. docs/format-ndjson.md.
 *
 * A line is a claim (format-record.md 5.2; `t` may be left out), a retraction
 * ({"t":"retract","entry":...}, naming a claim of the same file by the `entry`
 * that its line carries, or of this record), or a piece of an attachment
 * ({"t":"chunk","file":HASH,"i":0,"data":BASE64URL}) before the claim whose
 * `files` names that hash. Exported claims carry besides: entry, author, recorded.
 *
 * Reading is idempotent: the k-th equal claim of a file is taken only if the
 * circle does not hold k equal claims of this organisation already; a line that
 * names an entry of this record and says what that says is that entry. Memory is
 * bounded whatever a line holds: one longer than NDJSON_LINE_MAX is skipped and
 * reported.
 *
 * Threads: as record and view. Memory: none is kept.
 */
#ifndef PARLEY_EXCHANGE_NDJSON_H
#define PARLEY_EXCHANGE_NDJSON_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "exchange/stream.h"
#include "record/record.h"
#include "view/view.h"

struct import_options {
	bool dry_run; /* check everything, write nothing */
	bool strict;  /* the first line that is not taken refuses the whole file: nothing is written */
	/* Sign retractions also of claims that stood here before this file: else anyone's file could take our word back in our
	 * name. Those of claims that the file itself brings are always taken. */
	bool take_retractions;
	bool keep_unknown; /* keep kinds and fields that this version does not know */
	/* Called for each line that is not taken; the reason is one line without content. May be NULL. */
	void (*rejected)(void *ctx, uint64_t line, const char *reason);
	bool (*progress)(void *ctx, uint64_t bytes_done, uint64_t bytes_total); /* false: stop. May be NULL */
	void *ctx;
};

struct import_report {
	uint64_t n_lines;   /* that are not blank */
	uint64_t n_added;   /* claims and retractions written (or that would be, in a dry run) */
	uint64_t n_present; /* equal ones were there already */
	uint64_t n_rejected;
};

/** Take a file into a circle.
 *
 * Batches of at most 4,096 entries, 4 MiB or 250 ms are acknowledged one by one. Where the source can be read again, a
 * first pass finds the objects that it introduces, so that the order of its lines does not matter; with `strict`, another
 * one checks everything.
 *
 * @param source  without rewind an object's first line must be whole, and strict is refused (E_USAGE)
 * @param ret     filled on failure too: what was acknowledged until then
 * @return 0, also when lines were rejected; E_INVALID with strict when one was; E_CANCELLED (what was acknowledged
 *         stays); E_IO, E_FULL and the like */
MUST_CHECK int ndjson_import(struct record *record, struct view *view, const uint8_t circle[static ID_BYTES],
			     struct source *source, const struct import_options *options, struct import_report *ret,
			     struct err *err);

struct export_options {
	const uint8_t *circle; /* NULL: all circles of the view */
	const char *kind;      /* NULL: all kinds */
	bool attachments;      /* with the content of files, as chunk lines */
	bool (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

/** Write the claims of a view, in order of arrival, retracted ones with their retractions; redacted ones are left out.
 * What the reader of the view may not see is not in it (view_cut()).
 * @param ret_n  fills the number of lines */
MUST_CHECK int ndjson_export(struct record *record, struct view *view, struct sink *sink,
			     const struct export_options *options, uint64_t *ret_n, struct err *err);

#endif
