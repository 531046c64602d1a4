/* What the files of import share; nobody outside src/exchange includes it. */
#ifndef PARLEY_EXCHANGE_IMPORT_INTERNAL_H
#define PARLEY_EXCHANGE_IMPORT_INTERNAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/idmap.h"
#include "base/json.h"
#include "base/limits.h"
#include "exchange/import.h"

/* --- contents of attachments: import_files.c --------------------------------------------------------------- */

/* Content that the chunks of one file gave. */
struct kept_file {
	uint8_t hash[HASH_BYTES]; /* as the chunks name it */
	bool judged, fits;        /* whether the content has it: when a claim names the file, all of it is there */
	size_t at, n;             /* of files.content */
	int64_t next;             /* the number that the next chunk must have; -1 after a chunk that was not taken */
};

/* The files of the claim that is to come, and where it is to go. */
struct files {
	struct record *record;
	const uint8_t *circle;
	struct buf content;
	struct kept_file *list;
	size_t n;
	bool used; /* a claim took them: the next first chunk begins anew */
};

void files_init(struct files *files, struct record *record, const uint8_t circle[static ID_BYTES]);
void files_release(struct files *files);

/** Take a chunk line.
 * @return 0; E_INVALID, E_LIMIT */
MUST_CHECK int files_take_chunk(struct files *files, struct arena *a, const struct json *line, struct err *err);

/** Check what a claim says of its files.
 * @param ret_here  whether the content of all of them is at hand
 * @return 0; E_INVALID */
MUST_CHECK int files_check(struct files *files, const struct json *line, bool *ret_here, struct err *err);

/* The bytes and entries that sealing the files of a claim took. */
struct sealed_size {
	size_t entries, bytes;
};

/** The line with its files as a body names them. Requires: files_check() found the content of all.
 * @param seal  into the open batch; else keys and parts are zeros, which gives a body of the same length
 * @param size  grows by what was sealed
 * @return 0; E_LIMIT if the claim cannot hold them; otherwise as record_attach() */
MUST_CHECK int files_put(struct files *files, struct arena *a, const struct json *line, bool seal,
			 const struct json **ret, struct sealed_size *size, struct err *err);

/* --- what is here already: import_here.c ------------------------------------------------------------------- */

/* Whose import into which circle, and the views as they were before it: it does not change them. */
struct here {
	struct view *view;
	const uint8_t *org, *circle;
};

/* A kind as a number that is never 0: kinds are many when unknown ones are kept, and only compared. */
uint64_t kind_mark(const char *kind);

/** The mark of the kind as which an object is known, 0 if it is not known. */
MUST_CHECK int here_kind(struct here *here, const uint8_t obj[static OBJECT_ID_BYTES], uint64_t *ret, struct err *err);

/** The id of the kth (from 1) equal claim of the organisation in the circle, in order of arrival. */
MUST_CHECK int here_kth_equal(struct here *here, const uint8_t digest[static HASH_BYTES], uint64_t k, bool *ret_found,
			      uint8_t ret_id[static ID_BYTES], struct err *err);

/* A claim of this record. */
struct here_claim {
	bool found;
	bool own; /* of the organisation */
	bool in_circle;
	enum claim_status status;
};

MUST_CHECK int here_claim(struct here *here, const uint8_t entry[static ID_BYTES], struct here_claim *ret,
			  struct err *err);

/** The digest of a claim of this record as its export line would be composed; false if it has none. */
MUST_CHECK int here_export_digest(struct here *here, struct arena *a, const uint8_t entry[static ID_BYTES],
				  bool *ret_found, uint8_t ret_digest[static HASH_BYTES], struct err *err);

/* --- an import: import.c, import_take.c ---------------------------------------------------------------------- */

/* A claim of the file that carries `entry`. */
struct local {
	uint8_t id[ID_BYTES]; /* its entry here */
	uint8_t digest[HASH_BYTES];
};

struct importer {
	struct record *record;
	struct here here;
	const struct import_options *options;
	struct import_report report;
	struct claims *claims;
	struct arena arena; /* of one step */
	struct buf body;
	struct files files;
	struct idmap seen;    /* claim digest -> equal claims met in this file */
	struct idmap objects; /* object id -> mark of the kind as which this file introduces it; see introduce() */
	struct idmap entries; /* entry id in the file -> 1 + index in locals */
	struct local *locals;
	size_t n_locals;
	struct idmap retracted; /* entry id here -> 1: retracted in this import */
	uint64_t n_pretended;   /* claims that a dry run did not write */
	uint64_t bytes_before;  /* read in earlier passes */
	unsigned n_passes;
	bool broken_file; /* what is damaged is the file, not the record */
	bool in_batch;
	uint64_t batch_added;
	struct sealed_size batch;
	int64_t batch_began_ms;
};

/** Begin a batch if none is open. */
MUST_CHECK int batch_open(struct importer *im, struct err *err);

/** Whether the ith claim line of a group is right, and will be when those before it were taken: nothing is done with it.
 * While gathering: whether it is right in itself.
 * @return 0; E_INVALID, E_LIMIT */
MUST_CHECK int check_claim(struct importer *im, const struct claim_group *group, size_t i, struct err *err);

/** Take a claim line, or a retraction line, with its own mistakes as E_INVALID or E_LIMIT. */
MUST_CHECK int take_claim(struct importer *im, const struct json *line, struct err *err);
MUST_CHECK int take_retraction(struct importer *im, const struct json *line, struct err *err);

/** Before anything is taken: note the object that a claim line introduces. */
MUST_CHECK int gather_claim(struct importer *im, const struct json *line, struct err *err);

/* --- the line of a claim: ndjson_out.c --------------------------------------------------------------------- */

/* The columns that claim_line() reads, of claim c and its entry e. */
#define CLAIM_LINE_COLUMNS                                                                                             \
	"c.body, c.n, e.id, c.says, c.known_text, c.known, c.\"by\", c.org, c.recorded, c.files, c.kind, c.obj, "      \
	"c.when_text, c.quote, c.grade, c.tlp, c.rule, c.note"

/** Append the line (without its end) of the claim in the current row of s, whose first columns are CLAIM_LINE_COLUMNS. */
MUST_CHECK int claim_line(struct view *view, struct stmt *s, struct arena *a, struct buf *out, struct err *err);

#endif
