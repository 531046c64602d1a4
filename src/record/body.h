/* Bodies of entries: strict JSON to typed claims, and claims to their one written form.
 * docs/format-record.md section 5.
 *
 * Threads: pure. Memory: everything in a struct body borrows from the arena it was read into.
 */
#ifndef PARLEY_RECORD_BODY_H
#define PARLEY_RECORD_BODY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/json.h"
#include "base/when.h"
#include "record/crypto.h"
#include "record/envelope.h"

#define KIND_NAME_MAX 40
#define LABEL_MAX 200

struct claim {
	const char *kind;
	uint8_t id[OBJECT_ID_BYTES];
	const struct json *set; /* an object, not empty */
	bool has_says;
	uint8_t says[OBJECT_ID_BYTES];
	const char *when_text; /* NULL if absent */
	struct when when;
	const char *known_text; /* NULL if absent: the entry's claimed time stands for it */
	struct when known;
	/* each NULL if absent */
	const char *by, *source, *quote, *grade, *tlp, *rule, *lang, *note;
	const struct json *files;
};

/* A retraction or a redaction: it names another entry. */
struct mention {
	uint8_t entry[ID_BYTES];
	const char *reason; /* NULL if absent */
};

enum body_type {
	BODY_CLAIM,
	BODY_RETRACT,
	BODY_REDACT,
	BODY_EPOCH,
	BODY_HEADS,
	BODY_ORG,
	BODY_DEVICE_ADD,
	BODY_UNKNOWN /* of a later version: kept, shown raw, without effect */
};

struct body {
	enum body_type type;
	const struct json *json;
	struct claim claim;     /* BODY_CLAIM */
	struct mention mention; /* BODY_RETRACT, BODY_REDACT */
};

/** Read a body: what fills struct body is checked, other members are not.
 * Kinds, fields and codes are not checked against this version's vocabulary: see claim_compose().
 *
 * @param cls  class of the entry; chunks (class 6) are raw bytes and must not come here
 * @return 0; E_INVALID with the member and what would be right; E_LIMIT if larger than JSON_TEXT_MAX */
MUST_CHECK int body_read(struct arena *a, uint8_t cls, struct bytes text, struct body *ret, struct err *err);

/** Read the body of an entry and check all that format 4 to 7 ask of it: an entry that opens is body-valid exactly
 * when this returns 0. What needs other entries, keys or charters is not asked here.
 *
 * @param entry  its bytes; only epoch entries need them, for the number of their boxes
 * @param e      its header, read; of a class below 128
 * @param text   its body, opened; a chunk (class 6) gives BODY_UNKNOWN without json
 * @return as body_read() */
MUST_CHECK int body_check(struct arena *a, struct bytes entry, const struct envelope *e, struct bytes text,
			  struct body *ret, struct err *err);

/* How strictly a new claim is checked. */
struct compose_rules {
	bool first;        /* nothing is known of the object yet: required fields must be there */
	bool keep_unknown; /* unknown kinds and fields are kept instead of refused */
};

/** Check a claim that a person, a file or the simulator wants to make, and write the body to be signed.
 *
 * `line` is an object with the members of a claim; `id`, `says` and fields that take an id may be labels ("@name/x").
 * Members `t` and `v` may be absent. Members that only exports carry (`entry`, `author`, `recorded`, ...) are left out.
 *
 * Attachments (`files`) are taken as they stand; body_check() refuses those that are not whole.
 *
 * @param ret_body  gets the body appended: format 5.5, the same claim gives the same bytes; holds rubbish on failure
 * @return 0; E_INVALID with the field, the value and what would be right; E_LIMIT if too large for an entry */
MUST_CHECK int claim_compose(struct arena *a, const struct json *line, const struct compose_rules *rules,
			     struct buf *ret_body, struct err *err);

/** The body of a retraction. */
void retract_compose(const uint8_t entry[static ID_BYTES], const char *reason, struct buf *ret_body);

/** The object id that a text names: 32 hex digits, or "@label".
 * @return 0; E_INVALID */
MUST_CHECK int object_id_parse(const char *text, uint8_t ret_id[static OBJECT_ID_BYTES], struct err *err);

/** The digest by which equal claims are recognised. */
void claim_digest(struct bytes body, uint8_t ret_digest[static HASH_BYTES]);

#endif
