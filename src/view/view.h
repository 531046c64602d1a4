/* The views: what the record says, as tables in memory. Derived, dropped and rebuilt any day; never on a disk but
 * sealed (view_save()).
 *
 * Everything a program wants to read it reads from these tables by SQL (view_db()); the schema is a contract
 * within the program and stands in docs/views.md. Blobs are ids; times are ms since 1970-01-01T00:00Z.
 *
 *   entry(n, id, circle, device, org, seq, class, recorded, state)      every entry of the record; state is open,
 *                       dropped, no_key, bad, chunk (class 6), ignored (of a later version, or its author belongs to
 *                       no organisation: org is NULL) or damaged (only n is there)
 *   claim(n, kind, obj, circle, org, says, when_text, when_from, when_to, known_text, known, recorded,
 *         by, source, quote, grade, tlp, rule, lang, note, files, body, digest, status)
 *                       every readable claim; status 0 effective, 1 retracted, 2 redacted (then only n, circle, org
 *                       and recorded are left; any redacted class-1 entry has such a row)
 *   retraction(n, target, org, circle, recorded, reason)   also of what has not arrived yet
 *   redaction(n, target, org, circle, recorded, reason)
 *   value(n, obj, kind, field, i, value)   each value of each effective claim (by n or by obj); i counts within a list;
 *                       ids are 32 hex digits, flags "true"/"false", numbers decimal
 *   control(n, obj, kind, field, i, value)   the same, of control entries
 *   object(obj, kind, label, n_claims, n_contested, when_from, when_to, recorded)   each object with effective claims,
 *                       and each of which control entries speak; when: from the earliest to the latest `when` claimed,
 *                       recorded: the latest
 *   contested(obj, field, n_values)      fields on which different `says` differ
 *   k_KIND(obj, one column a field)      the value shown first, lists joined with U+001F; NULL: nobody said
 *   search                               full text of effective claims, for MATCH only: FTS5 without its texts; rowid =
 *                       claim.n; search_word: its words, with counts (fts5vocab)
 *
 * Which value is shown first, of one field of one object:
 *   1. For each `says`, its latest word: greatest when_from (none counts as earliest), then known, then recorded, then
 *      seq (the writer's own count), then entry id.
 *   2. Among these, the best grade (A1, A2, ... F6, none), then the latest known, then the latest recorded, then the
 *      greatest seq, then the lowest entry id.
 * A field is contested when step 1 leaves different values. The result depends on the set of entries only, not on
 * the order in which they came.
 *
 * Threads: one view belongs to one thread. Memory: view_free() frees.
 */
#ifndef PARLEY_VIEW_VIEW_H
#define PARLEY_VIEW_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/db.h"
#include "base/err.h"
#include "record/kinds/kinds.h"
#include "record/record.h"

struct view;

enum claim_status { CLAIM_EFFECTIVE, CLAIM_RETRACTED, CLAIM_REDACTED };

/* Markings in the order in which they open: a reader cleared for one may read all before it. */
enum tlp { TLP_CLEAR, TLP_GREEN, TLP_AMBER, TLP_AMBER_STRICT, TLP_RED };

/* Who is asking. { 0 } reads nothing; view_reader_owner() everything this home can open. */
struct reader {
	const uint8_t (*circles)[ID_BYTES]; /* whose circles he is in; NULL with all_circles */
	size_t n_circles;
	bool all_circles;
	enum tlp cleared_for;
	bool attribution; /* may see who said it under the Chatham House Rule and its like (all rules but on_record) */
};

struct reader view_reader_owner(void);

/* What to read: of which reader, as of which day, as known on which day. */
struct cut {
	struct reader reader;
	int64_t as_of_ms; /* what had happened before this instant (exclusive); INT64_MAX: no limit */
	int64_t known_ms; /* what was known before this instant (exclusive); INT64_MAX: no limit */
};

/** An empty view. */
MUST_CHECK int view_new(struct view **ret, struct err *err);
void view_free(struct view *view); /* NULL is fine */

/** The tables, for reading. */
struct db *view_db(struct view *view);

/** Rows of the record applied so far: 1..n without gaps. */
uint64_t view_applied(const struct view *view);

/** Apply the next entry (entry->n == view_applied() + 1).
 * A body that is not valid (body_check()) is kept in `entry` with state 'bad' and shown nowhere else.
 * @param record  asked only for the organisation of a device */
MUST_CHECK int view_apply(struct view *view, const struct record *record, const struct record_entry *entry,
			  struct err *err);

/** Apply all entries from view_applied() + 1 on, in one transaction for each 4,096; entries that cannot be read from
 * the disk are kept as state 'damaged'.
 * @param progress  may be NULL; false stops: E_CANCELLED */
MUST_CHECK int view_catch_up(struct view *view, struct record *record,
			     bool (*progress)(void *ctx, uint64_t done, uint64_t total), void *ctx, struct err *err);

/** The single place that decides whether a reader may see a claim.
 * @param kind  a kind that this version does not know counts as sensitive
 * @param tlp   as claimed, or NULL: then the default of the kind (amber+strict if sensitive, else green); a marking
 *              that this version does not know counts as red */
bool reader_may_see(const struct reader *reader, const uint8_t circle[static ID_BYTES], const char *kind,
		    const char *tlp);

/** The marking of that name. @return 0; E_INVALID */
MUST_CHECK int tlp_parse(const char *text, enum tlp *ret, struct err *err);

/** A second view with only what passes the cut: claims whose `when` begins before as_of_ms (none: they pass), whose
 * `known` is before known_ms, that the reader may see. A retraction recorded at or after known_ms does not count yet;
 * a redaction always counts, its reason is NULL if he is not cleared for TLP_AMBER_STRICT or has no attribution. Where
 * the reader has no attribution and the claim's rule asks for it, `says` is zeros, and what else leads to the speaker
 * is NULL: by, org, source, lang, files, body, digest of the claim, org and reason of its retraction, device, org, seq
 * of their entries. What is contested is judged before that.
 * Parts of attachments pass with a claim that names them and whose files are shown, whenever they were recorded.
 * A cut is for reading: it cannot be applied to, saved or cut again (E_INVALID). */
MUST_CHECK int view_cut(struct view *view, const struct cut *cut, struct view **ret, struct err *err);

/** Seal the view into the home's snapshot file, bound to the entries applied. */
MUST_CHECK int view_save(struct view *view, struct record *record, struct err *err);

/** Load the snapshot if it fits this program and is a prefix of this record; else an empty view. A snapshot that does
 * not open is no error: it is derived.
 * @param ret_loaded  whether it was used */
MUST_CHECK int view_load(struct record *record, struct view **ret, bool *ret_loaded, struct err *err);

/** The same while the record is checked, each on its own processor.
 * @param watch       told of problems and asked whether to go on, as by record_verify_start()
 * @param ret_report  says whether the record, and so the view, is to be trusted
 * @return as record_verify_start() */
MUST_CHECK int view_load_checked(struct record *record, enum start_check depth, const struct verify_watch *watch,
				 struct verify_report *ret_report, struct view **ret, bool *ret_loaded,
				 struct err *err);

/** Compare two views table by table.
 * @param ret_table  fills the name of the first table that differs (lives as long as a), or NULL if all are equal */
MUST_CHECK int view_compare(struct view *a, struct view *b, const char **ret_table, struct err *err);

enum rank { RANK_OLDER, RANK_LATEST /* the latest word of its `says` */, RANK_FIRST /* and shown first */ };

/** Judge one object by the rule above, and tell of each field of each effective claim about it where it stands. */
MUST_CHECK int view_ranks(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES],
			  void (*each)(void *ctx, const char *field, int64_t n, enum rank rank), void *ctx,
			  struct err *err);

struct view_value {
	const struct field *field;
	const char *value; /* as in the k_KIND table */
};

/** The values shown first of one object of a known kind, in the order of the vocabulary.
 * @param ret  gives an array in the arena; ret_n its length, 0 for a kind that this version does not know */
MUST_CHECK int view_values(struct view *view, struct arena *a, const char *kind,
			   const uint8_t obj[static OBJECT_ID_BYTES], struct view_value **ret, size_t *ret_n,
			   struct err *err);

/** Say which actor the home's own organisation is: its local name is its label where no claim names it, as in a cut to
 * days before the organisation wrote anything. Cuts inherit it. */
void view_name_own(struct view *view, const uint8_t actor[static OBJECT_ID_BYTES], const char *name);

/** Write a short name for an object into out: its label; else one made from its fields ("FARC-EP - ELN (hostile_to)");
 * else kind and the first 8 digits of its id. Never empty. */
void view_label(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES], char *out, size_t cap);

/** Find the object that a person means, also one of which every claim was taken back: 32 hex digits, "@label", or at least 4 leading hex digits of one object's id.
 * @return 0; E_NOT_FOUND; E_INVALID if several begin so (the text says how many) */
MUST_CHECK int view_find_object(struct view *view, const char *text, uint8_t ret[static OBJECT_ID_BYTES],
				struct err *err);

#endif
