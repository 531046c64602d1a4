/* What a node can do: every use case as one function. The command line and, later, the API are thin over this.
 *
 * A node is one open home: its record and the views of it. Reading goes through
 * a cut of the views (node_view()); writing goes through the same validation
 * whoever asks, is acknowledged on the disk, and shows in the views at once.
 *
 * Threads: one thread owns a node. Memory: node_close() frees and wipes; results
 * that are pointers live in the arena given.
 */
#ifndef PARLEY_NODE_NODE_H
#define PARLEY_NODE_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "exchange/formats.h"
#include "exchange/ndjson.h"
#include "record/record.h"
#include "view/view.h"

struct node;

/* Progress of anything that may take over a second; false from `step` stops it. Both may be NULL. */
struct node_progress {
	bool (*step)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
};

enum node_mode { NODE_READ, NODE_WRITE };

/** Open a home with its root key and bring the views up to date.
 * @param mode  NODE_READ opens a home on a read-only disk too
 * @return as record_open(); a damaged home opens for reading as far as it can: see node_trouble() */
MUST_CHECK int node_open(struct env *env, const char *home, const uint8_t root[static KEY_BYTES], enum node_mode mode,
			 const struct node_progress *progress, struct node **ret, struct err *err);

/** Close; seals a new snapshot of the views when the last is far behind. NULL is fine. */
void node_close(struct node *node);

/** One line on why nothing can be signed, "" if all is well. */
const char *node_trouble(const struct node *node);

struct record *node_record(struct node *node);

/** The views as the cut allows. Owned by the node until the next call or node_close().
 * @param cut  NULL: everything that this home can open */
MUST_CHECK int node_view(struct node *node, const struct cut *cut, struct view **ret, struct err *err);

/* --- processes --------------------------------------------------------------------------------------------- */

/** Found a process; the organisation itself becomes an actor in it.
 * @return 0; E_EXISTS if one of that name is here; E_INVALID */
MUST_CHECK int node_create_process(struct node *node, const char *name, const char *purpose,
				   uint8_t ret_circle[static ID_BYTES], struct err *err);

/** The founding circle of the process that a person means: its name, at least 4 leading digits of its circle id, or,
 * with NULL, the only one.
 * @return 0; E_NOT_FOUND (and what there is); E_USAGE if several and none was named */
MUST_CHECK int node_find_process(struct node *node, const char *name, uint8_t ret_circle[static ID_BYTES],
				 struct err *err);

/* --- writing ----------------------------------------------------------------------------------------------- */

struct written {
	uint8_t obj[OBJECT_ID_BYTES];
	uint8_t entry[ID_BYTES];
	bool present; /* this organisation's equal claim was there already; nothing was added */
};

/* A claim to be recorded. */
struct claim_request {
	const struct json *line;  /* as for claim_compose(); without `id` a new object gets a random one */
	bool must_exist;          /* `id` must be a known object */
	bool keep_unknown;        /* as in struct compose_rules */
	const char *const *files; /* paths of files to attach; they are recorded by their last name */
	size_t n_files;
};

/** Record a claim with its attachments, in one transaction.
 * @return 0; E_INVALID with what is wrong; E_NOT_FOUND; E_LIMIT, E_IO for a file */
MUST_CHECK int node_write_claim(struct node *node, const uint8_t circle[static ID_BYTES],
				const struct claim_request *request, struct written *ret, struct err *err);

/** Take claims back: one entry (at least 8 leading digits of its id), or all effective claims of this organisation on an
 * object (id or label).
 * @param ret_n  fills how many were retracted
 * @return 0; E_NOT_FOUND; E_DENIED if only others claim it */
MUST_CHECK int node_retract(struct node *node, const char *what, const char *reason, uint64_t *ret_n, struct err *err);

/** Redact one entry of this organisation: its body, with its attachments, is dropped for ever. */
MUST_CHECK int node_redact(struct node *node, const char *entry, const char *reason, struct err *err);

/** Write the nth attachment (from 1) of a claim to a new file, checked against its hash. */
MUST_CHECK int node_save_attachment(struct node *node, const char *entry, int nth, const char *path, struct err *err);

/** The row of the entry that a person means: at least 8 leading hex digits of its id.
 * @return 0; E_NOT_FOUND; E_INVALID if several begin so */
MUST_CHECK int node_find_entry(struct node *node, const char *text, uint64_t *ret_n, struct err *err);

/* A file to import. */
struct import_file {
	const char *format; /* a name of exchange/formats.h */
	struct source *source;
	struct format_options how;
};

/** Import a file into a circle; views are up to date afterwards.
 * @return as format_open() and import_claims() */
MUST_CHECK int node_import(struct node *node, const uint8_t circle[static ID_BYTES], const struct import_file *file,
			   const struct import_options *options, struct import_report *ret, struct err *err);

/** Propose a map for a table: as format_guess(). */
MUST_CHECK int node_guess_map(struct source *source, const struct format_options *how, struct buf *out,
			      struct err *err);

/** The text of a format's map, or NULL. */
const char *node_format_map(const char *format);

/* --- checking ---------------------------------------------------------------------------------------------- */

/** Check every byte that counts, and that the views equal a rebuild. */
MUST_CHECK int node_verify(struct node *node, const struct verify_watch *watch, struct verify_report *ret,
			   struct err *err);

/** Drop the views, build them anew, seal a snapshot.
 * @param ret_table  fills the first table in which the new views differ from the old ones, or NULL
 * @return 0; E_DAMAGED if entries do not open: the old views, which may know what they said, are kept */
MUST_CHECK int node_rebuild(struct node *node, const struct node_progress *progress, const char **ret_table,
			    struct err *err);

#endif
