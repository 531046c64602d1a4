/* The envelope: bytes <-> fields, id, signature, body section. docs/format-record.md 2 and 3.
 *
 * Bytes are signed, hashed and stored exactly as received; nothing here re-serialises.
 *
 * Threads: pure functions. Memory: the caller's.
 */
#ifndef PARLEY_RECORD_ENVELOPE_H
#define PARLEY_RECORD_ENVELOPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/err.h"
#include "record/crypto.h"

#define HEADER_BYTES 256
#define ENVELOPE_BYTES 320
#define SECTION_MAX 65152
#define ENTRY_MAX (ENVELOPE_BYTES + SECTION_MAX)
#define SALT_BYTES 32
#define SEAL_OVERHEAD (SALT_BYTES + TAG_BYTES)
#define SEQ_MAX ((UINT64_C(1) << 53) - 1)

enum entry_class {
	CLASS_CLAIM = 1,
	CLASS_CONTROL = 2,
	CLASS_HEADS = 3,
	CLASS_REDACTION = 4,
	CLASS_SIGCHAIN = 5,
	CLASS_CHUNK = 6
};

struct envelope {
	uint8_t cls;
	uint8_t circle[ID_BYTES];
	uint8_t author[KEY_BYTES];
	uint64_t seq;
	uint8_t prev[ID_BYTES];
	uint8_t epoch[ID_BYTES];
	uint8_t seen[ID_BYTES];
	uint64_t time_ms;
	uint8_t kcom[32];
	uint8_t bhash[HASH_BYTES];
	uint32_t length;
};

/** The smallest section of at least n bytes, or 0 if none is large enough. */
uint32_t section_length(size_t n);

/** Write the header. */
void envelope_write(const struct envelope *e, uint8_t header[static HEADER_BYTES]);

/** Read and check a header by itself: every rule of format 2 that needs neither key, signature nor neighbour.
 * @return 0; E_INVALID with the field and the rule */
MUST_CHECK int envelope_read(const uint8_t header[static HEADER_BYTES], struct envelope *ret, struct err *err);

void entry_id(const uint8_t header[static HEADER_BYTES], uint8_t ret_id[static ID_BYTES]);

/** Sign a header with the author's secret key (libsodium's 64-byte form). */
void envelope_sign(const uint8_t header[static HEADER_BYTES], const uint8_t sk[static 64],
		   uint8_t signature[static SIGNATURE_BYTES]);

/** Check a whole entry as far as it stands alone: header, length and hash of the section (if there is one), signature.
 * @param entry  ENVELOPE_BYTES, or ENVELOPE_BYTES + the header's length
 * @return 0; E_INVALID (header, length); E_UNVERIFIED (section hash or signature) */
MUST_CHECK int entry_check(struct bytes entry, struct envelope *ret, struct err *err);

/* What goes into an entry beside its header, and the secrets that seal and sign it. */
struct sealing {
	const uint8_t *key; /* E, E0 or the attachment key; NULL for class 5: a plain section */
	struct bytes boxes; /* stand in front of the salt of an epoch entry: count and boxes; else empty */
	struct bytes body;
	const uint8_t *salt_secret; /* KEY_BYTES, the device's */
	const uint8_t *noise;       /* 32 fresh random bytes: with salt_secret they make the salt */
	const uint8_t *sk; /* of the author, libsodium's 64-byte form; NULL: who calls signs, by envelope_sign() */
};

/** Put an entry together: pad the body, seal it, sign the header.
 *
 * @param e    all but kcom, bhash and length is set by the caller; those three are filled
 * @param out  gets ENVELOPE_BYTES + e->length bytes
 * @return 0; E_LIMIT if boxes and body are too large for a section */
MUST_CHECK int entry_seal(struct envelope *e, const struct sealing *what, uint8_t out[static ENTRY_MAX],
			  struct err *err);

/** Open the body of an entry, whether or not its signature holds.
 *
 * @param e       its header, read
 * @param key     as in struct sealing
 * @param prefix  bytes in front of the salt (epoch entries: 2 + 184 * count), else 0
 * @param out     fills the body, at most SECTION_MAX bytes, and a NUL behind it: cap SECTION_MAX + 1
 * @return 0; E_NOT_FOUND if the body was dropped; E_DENIED if kcom does not fit; E_UNVERIFIED if the tag does not;
 *         E_INVALID for no section or one of another length, for padding, for a section larger than needed */
MUST_CHECK int entry_open(struct bytes entry, const struct envelope *e, const uint8_t *key, size_t prefix, uint8_t *out,
			  size_t *ret_n, struct err *err);

/** The key of one entry, which opens it and no other: what is disclosed to a third party.
 * @param key  E; prefix as in entry_open() */
MUST_CHECK int entry_key(struct bytes entry, const uint8_t key[static KEY_BYTES], size_t prefix,
			 uint8_t ret_k_entry[static KEY_BYTES], struct err *err);

#endif
