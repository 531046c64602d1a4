/* NDJSON: every kind, in and out, one JSON object a line. docs/format-ndjson.md.
 *
 * A line is a claim (format-record.md 5.2; `t` may be left out), a retraction
 * ({"t":"retract","entry":...}, naming a claim of the same file by the `entry`
 * that its line carries, or of this record), or a piece of an attachment
 * ({"t":"chunk","file":HASH,"i":0,"data":BASE64URL}) before the claim whose
 * `files` names that hash. Exported claims carry besides: entry, author, recorded.
 *
 * A line longer than NDJSON_LINE_MAX is skipped and reported.
 *
 * Threads: as record and view. Memory: none is kept.
 */
#ifndef PARLEY_EXCHANGE_NDJSON_H
#define PARLEY_EXCHANGE_NDJSON_H

#include "exchange/import.h"
#include "exchange/stream.h"

/** The claims of such a file. The source is the caller's. */
struct claims *ndjson_claims(struct source *source);

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
