/* The record of one home: organisations, circles, feeds; append, read, redact, receive, verify.
 *
 * What is written is signed by this device, sealed for a circle, chained in this
 * device's feed of that circle, and acknowledged only when it is on the disk.
 * What it means is for the views (view/view.h). The format: docs/format-record.md.
 *
 * Invariants: this device signs each (circle, seq) once; nothing is signed while
 * record_is_sound() is false; what does not verify goes to quarantine and is
 * never shown as an entry.
 *
 * Threads: as the env. Memory: record_close() frees and wipes.
 */
#ifndef PARLEY_RECORD_RECORD_H
#define PARLEY_RECORD_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/env.h"
#include "base/err.h"
#include "record/body.h"
#include "record/envelope.h"
#include "record/recovery.h"
#include "record/slots.h"
#include "record/store.h"

#define ORG_NAME_MAX 200 /* bytes, NUL included */
#define EPOCH_LIFETIME_MS (INT64_C(7) * 24 * 3600 * 1000)

struct record;

/* --- a home ------------------------------------------------------------------------------------------------ */

/* What a new home is made of; the secrets are shown to the founder once and wiped by the caller. */
struct record_founding {
	const char *org_name; /* a local name, never sent anywhere */
	const struct kdf_cost *cost;
	/* filled: */
	char passphrase[PASSPHRASE_MAX];
	char paper[PASSPHRASE_MAX];
	struct recovery_key recovery[RECOVERY_KEYS];
};

/** Make a home in an empty or new directory: root key, two slots, organisation, device; then leave it open.
 * @return 0; E_EXISTS if a home or part of one is there already; E_INVALID for the organisation's name, or a file in the
 *         place of the directory; E_IO, E_FULL, E_DENIED */
MUST_CHECK int record_create(struct env *env, const char *home, struct record_founding *founding, struct record **ret,
			     struct err *err);

/** Find the root key with a passphrase. @return as slots_open() */
MUST_CHECK int record_unlock(struct env *env, const char *home, const char *passphrase,
			     uint8_t ret_root[static KEY_BYTES], bool *ret_insecure, struct err *err);

/** Open a home with its root key.
 * @return as store_open(); a damaged home opens as far as it can and is not sound */
MUST_CHECK int record_open(struct env *env, const char *home, const uint8_t root[static KEY_BYTES],
			   enum store_mode mode, struct record **ret, struct err *err);
void record_close(struct record *record);   /* NULL is fine */
void record_abandon(struct record *record); /* as a killed process would: for tests */

bool record_is_sound(const struct record *record);
const char *record_trouble(const struct record *record); /* one line, "" if sound */

/** The environment in which the home was opened. */
struct env *record_env(const struct record *record);

/** The organisation's local name; its id; this device's key. */
const char *record_org_name(const struct record *record);
const uint8_t *record_org_id(const struct record *record);
const uint8_t *record_device(const struct record *record);

/** The actor as which an organisation speaks: the first 16 bytes of its id. */
void org_actor(const uint8_t org[static ID_BYTES], uint8_t ret_id[static OBJECT_ID_BYTES]);

/** Entries in the record, and the transaction counter. */
uint64_t record_n_entries(const struct record *record);
uint64_t record_counter(const struct record *record);
uint64_t record_n_quarantine(const struct record *record, uint64_t *ret_dropped);

/** Seal or read the snapshot file of the views, bound to this home. head and body as in sealed_file_write(). */
MUST_CHECK int record_write_snapshot(struct record *record, struct bytes head, struct bytes body, struct err *err);
MUST_CHECK int record_read_snapshot(struct record *record, uint8_t **ret, size_t *ret_n, struct err *err);

/* The same, read piece by piece: as struct sealed_reader (record/sealed_file.h). */
struct snapshot_reader;
MUST_CHECK int snapshot_open(struct record *record, struct snapshot_reader **ret, uint64_t *ret_n, struct err *err);
MUST_CHECK int snapshot_read(struct snapshot_reader *reader, uint8_t *out, size_t n, struct err *err);
MUST_CHECK int snapshot_finish(struct snapshot_reader *reader, struct err *err);
void snapshot_close(struct snapshot_reader *reader); /* NULL is fine */

MUST_CHECK int record_drop_snapshot(struct record *record, struct err *err); /* absent is fine */

/* --- circles ----------------------------------------------------------------------------------------------- */

struct circle_info {
	uint8_t id[ID_BYTES];
	uint8_t process[ID_BYTES];
	const char *name; /* of the process, as its charter says */
	const char *purpose;
	uint64_t founded_ms;
	size_t n_members; /* devices */
	size_t n_organisations;
	size_t n_epochs;
};

size_t record_n_circles(const struct record *record);
void record_circle(const struct record *record, size_t i, struct circle_info *ret);

/** Found a process: a charter, the founding epoch, in a transaction of its own.
 * @return 0; E_INVALID (name empty or too long); otherwise as record_commit() */
MUST_CHECK int record_found_circle(struct record *record, const char *name, const char *purpose,
				   uint8_t ret_circle[static ID_BYTES], struct err *err);

/** The organisation to which a device belongs in a circle (or, for class 5, in its sigchain).
 * @return true and fills ret_org; false if the device is no member */
bool record_device_org(const struct record *record, const uint8_t circle[static ID_BYTES],
		       const uint8_t device[static KEY_BYTES], uint8_t ret_org[static ID_BYTES]);

/* --- writing ----------------------------------------------------------------------------------------------- */

/** Start a batch: everything until record_commit() is acknowledged together, or not at all.
 * @param bulk  many entries follow
 * @return 0; E_DENIED read-only; E_ROLLED_BACK, E_DAMAGED if the home is not sound; E_IO */
MUST_CHECK int record_begin(struct record *record, bool bulk, struct err *err);
MUST_CHECK int record_commit(struct record *record, struct err *err);
void record_rollback(struct record *record);

/** Within a batch: sign and append a class-1 body (from claim_compose() or retract_compose()) to this device's feed of
 * the circle. Begins a new epoch first when the last one is EPOCH_LIFETIME_MS old.
 * @param ret_n   fills the row number: its place in order of arrival
 * @param ret_id  fills the entry id
 * @return 0; E_INVALID if the body is not one that every reader will find valid; E_NOT_FOUND if this device is no member
 *         of the circle; E_DENIED if it has no key of it; E_LIMIT, E_FULL, E_IO */
MUST_CHECK int record_append(struct record *record, const uint8_t circle[static ID_BYTES], struct bytes body,
			     uint64_t *ret_n, uint8_t ret_id[static ID_BYTES], struct err *err);

/** Within a batch: cut content into chunks and append them; what `files` of a claim must say is appended to ret_json
 * as one JSON object.
 * @return 0; E_LIMIT if larger than ATTACHMENT_MAX */
MUST_CHECK int record_attach(struct record *record, const uint8_t circle[static ID_BYTES], const char *name,
			     struct bytes content, struct buf *ret_json, struct err *err);

/** Sign a redaction of the class-1 or class-6 entry in row n, and drop its body, in a transaction of its own; then
 * overwrite the freed bytes.
 * @param reason  must say something; it stays in the record
 * @param also    rows of the chunks of a claim's attachments, whose bodies go with it
 * @return 0; E_NOT_FOUND; E_DENIED if another organisation wrote it; E_INVALID without a reason, for another class, an
 *         entry that is redacted already, a chunk that is not the claim's */
MUST_CHECK int record_redact(struct record *record, uint64_t n, const char *reason, const uint64_t *also, size_t n_also,
			     struct err *err);

enum receive_verdict { RECEIVED, RECEIVED_BEFORE, RECEIVED_OUT_OF_ORDER, QUARANTINED };

/** Take an entry made elsewhere: check it, append it if it is next in its feed, else quarantine it or ask for what is
 * missing before it (RECEIVED_OUT_OF_ORDER: not kept). Within a batch.
 * A second entry at the same place of a feed is kept in quarantine as proof of a fork. What stands there is bounded
 * (QUARANTINE_MAX_BYTES); beyond that it is only counted.
 * @param ret_n  fills the row number; 0 unless RECEIVED */
MUST_CHECK int record_receive(struct record *record, struct bytes entry, enum receive_verdict *ret, uint64_t *ret_n,
			      struct err *err);

/* --- reading ----------------------------------------------------------------------------------------------- */

enum body_state {
	BODY_OPEN,    /* opened; text is there */
	BODY_DROPPED, /* removed: redacted, or not arrived */
	BODY_NO_KEY,  /* sealed to an epoch whose secret this device does not have, or keys differ */
	BODY_BAD,     /* opened wrongly: padding, tag */
	BODY_CHUNK,   /* class 6: its key stands in a claim */
	BODY_IGNORED, /* class of a later version */
};

/* One entry as read; pointers are valid until the next call that reads or writes the record. */
struct record_entry {
	uint64_t n;
	uint8_t id[ID_BYTES];
	struct envelope envelope;
	struct bytes raw; /* envelope and section */
	enum body_state state;
	struct bytes text; /* BODY_OPEN: the body; a NUL stands behind it */
};

/** Read the entry in row n (1..record_n_entries()) and open its body. Signatures are not checked here: rows were
 * checked when they came in, and their seal holds since.
 * @return 0; E_NOT_FOUND, E_DAMAGED with the row */
MUST_CHECK int record_read(struct record *record, uint64_t n, struct record_entry *ret, struct err *err);

/** Read one chunk's bytes with the attachment key. ret borrows as in record_read(). */
MUST_CHECK int record_read_chunk(struct record *record, uint64_t n, const uint8_t key[static KEY_BYTES],
				 struct bytes *ret, struct err *err);

/* What record_scan() does beside opening the row and reading its header. */
enum scan_what {
	SCAN_SIGNATURES = 1, /* check the body section's hash and the signature */
	SCAN_BODIES = 2,     /* open the body and see what it says: body_check(); redactions are read anyway */
	SCAN_DIGESTS = 4     /* with SCAN_BODIES, of claims: claim_digest() */
};

/* One row as record_scan() found it. */
struct scanned {
	struct record_entry entry; /* only .n is set where rc is negative */
	int rc;                    /* as record_read(); E_UNVERIFIED if hash or signature do not fit */
	const char *why;           /* one line, where rc is negative */
	/* where the body was read: */
	int body_rc; /* as body_check() */
	const char *body_why;
	struct body body;
	uint8_t digest[HASH_BYTES]; /* with SCAN_DIGESTS */
};

/** Read rows first..last one after the other, each opened and checked; on all processors, some hundred rows ahead.
 * @param what  of enum scan_what
 * @param each  called in order, for rows that are damaged or missing too; what it gets is valid during the call, in
 *              which the record may be read but not changed; a negative code stops
 * @return 0; what `each` returned; E_IO and the like if the database cannot be read at all */
MUST_CHECK int record_scan(struct record *record, uint64_t first, uint64_t last, unsigned what,
			   int (*each)(void *ctx, const struct scanned *row, struct err *err), void *ctx,
			   struct err *err);

/* --- verify ------------------------------------------------------------------------------------------------ */

struct verify_report {
	uint64_t n_entries;   /* checked and good */
	uint64_t by_class[7]; /* of these: classes 1..6; [0] later classes */
	uint64_t n_bodies;    /* opened and read */
	uint64_t n_dropped;   /* redacted */
	uint64_t n_no_key;
	uint64_t n_feeds;
	uint64_t n_problems;
};

struct verify_watch {
	void (*problem)(void *ctx, const char *line);               /* where and what, without content */
	bool (*progress)(void *ctx, uint64_t done, uint64_t total); /* false: stop. May be NULL */
	void *ctx;
};

/** Check every byte that counts: slots, heads, state, every row's seal, every signature, chain, body and redaction.
 * @return 0 when it went through (see n_problems); E_CANCELLED; otherwise a failure to check */
MUST_CHECK int record_verify(struct record *record, const struct verify_watch *watch, struct verify_report *ret,
			     struct err *err);

/* How much of it a start checks. */
enum start_check {
	/* Every row's seal, which was made of bytes that were checked; every header's hash and place in its chain; heads,
	 * redactions; of each feed the last signature, by which the author vouches for the chain before it. */
	CHECK_CHAIN,
	CHECK_SIGNATURES /* every signature and every body section's hash, too */
};

/** As record_verify() without what opened bodies say and without the snapshot: for a start, before the views are trusted.
 * @param ret  n_bodies: of redactions only */
MUST_CHECK int record_verify_start(struct record *record, enum start_check depth, const struct verify_watch *watch,
				   struct verify_report *ret, struct err *err);

#endif
