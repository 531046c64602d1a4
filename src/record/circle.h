/* Organisations and circles as their control entries make them: sigchain, charter, members, epochs.
 * docs/format-record.md 6.
 *
 * Laid out for many organisations and devices. In this version membership is
 * what the charter and the founding epoch say; the operations that change it
 * come with sync, and their entries are kept without effect until then.
 *
 * Threads: pure. Memory: structs own their arrays; the _release functions free and wipe.
 */
#ifndef PARLEY_RECORD_CIRCLE_H
#define PARLEY_RECORD_CIRCLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "base/json.h"
#include "record/envelope.h"
#include "record/epoch.h"
#include "record/recovery.h"

#define CIRCLE_NAME_MAX 200 /* bytes, NUL included */
#define PURPOSE_MAX 1000    /* bytes, NUL included */
#define ORG_DEVICES_MAX 64

enum device_role { ROLE_ADMIN = 1, ROLE_WRITER = 2 };

struct org_device {
	uint8_t key[KEY_BYTES];
	uint8_t box[KEY_BYTES];
	enum device_role role;
};

struct org {
	uint8_t id[ID_BYTES];
	uint8_t recovery[RECOVERY_KEYS][KEY_BYTES];
	struct org_device devices[ORG_DEVICES_MAX];
	size_t n_devices;
};

/** The genesis body of an organisation. random is 32 fresh bytes. */
void org_compose_genesis(const struct org_device *device, const uint8_t (*recovery)[KEY_BYTES],
			 const uint8_t random[static 32], struct buf *ret_body);

/** The body that adds a device; consent is the new device's signature over org_consent_message(). */
void org_compose_device_add(const struct org_device *device, const uint8_t random[static 32],
			    const uint8_t consent[static SIGNATURE_BYTES], const uint8_t (*deps)[ID_BYTES],
			    size_t n_deps, struct buf *ret_body);

#define CONSENT_BYTES (ID_BYTES + 1 + 32 + KEY_BYTES)
/** What a new device signs (with PREFIX_DEVICE) to agree to be added. */
void org_consent_message(const uint8_t org[static ID_BYTES], const struct org_device *device,
			 const uint8_t random[static 32], uint8_t ret_message[static CONSENT_BYTES]);

/** Apply a sigchain entry whose signature and chain are good.
 * @param org   { 0 } before the genesis; untouched on failure
 * @param text  its body
 * @return 0, also for bodies of a later version; E_INVALID, E_UNVERIFIED, E_LIMIT: it has no effect, and why */
MUST_CHECK int org_apply(struct org *org, const struct envelope *e, struct bytes text, struct err *err);

/** The device, or NULL. */
const struct org_device *org_device(const struct org *org, const uint8_t key[static KEY_BYTES]);

struct epoch {
	uint8_t id[ID_BYTES];
	uint32_t depth; /* 1 at founding */
	bool may_seal;  /* every box is right: nobody who should read is left out */
	uint64_t time_ms;
	uint8_t *secret; /* E, in secret memory; NULL if this device has no box in it */
};

struct circle {
	uint8_t id[ID_BYTES];
	uint8_t process[ID_BYTES];
	char name[CIRCLE_NAME_MAX]; /* as in the charter, cut where it is longer; so is purpose */
	char purpose[PURPOSE_MAX];
	uint64_t founded_ms;
	struct member *members;
	size_t n_members;
	struct epoch *epochs;
	size_t n_epochs;
};

void circle_release(struct circle *circle);

/** Charter bytes of a new circle founded by one device. process and random are 32 fresh bytes. */
void charter_compose(const char *name, const char *purpose, const struct member *founder,
		     const uint8_t process[static ID_BYTES], const uint8_t random[static 32], struct buf *ret_charter);

void circle_id(struct bytes charter, uint8_t ret_id[static ID_BYTES]);

/** The body of an epoch entry. parent NULL: founding, with the charter. */
void epoch_compose(const struct member *members, size_t n_members, const uint8_t *parent, const char *reason,
		   struct bytes charter, struct buf *ret_body);

/** The boxes of an epoch entry: count and one box a member, in order.
 * @return 0; E_INVALID for a member whose sub-key is of low order; E_LIMIT for too many members */
MUST_CHECK int epoch_boxes(const uint8_t e_raw[static KEY_BYTES], const struct epoch_context *context,
			   const struct member *members, size_t n_members, struct buf *ret_boxes, struct err *err);

/** Size of the part in front of the salt of an epoch entry's section: 2 + 184 * count.
 * @return 0; E_INVALID if the section cannot hold it */
MUST_CHECK int epoch_prefix(struct bytes entry, size_t *ret, struct err *err);

/** Apply an epoch entry whose signature and chain are good. Wrong boxes do not make it invalid; nothing is sealed to it
 * then.
 *
 * @param circle  { 0 } before the founding entry; untouched on failure
 * @param text    its opened body
 * @param e_raw   its raw secret
 * @return 0; E_INVALID: it has no effect, and why */
MUST_CHECK int circle_apply_epoch(struct circle *circle, struct bytes entry, const struct envelope *e,
				  struct bytes text, const uint8_t e_raw[static KEY_BYTES], struct err *err);

/** The epoch that a writer seals to: the deepest that may be sealed to and of which it has the secret, tie the lowest
 * id; NULL if none. */
const struct epoch *circle_newest_epoch(const struct circle *circle);

/** The epoch of that id, or NULL. */
const struct epoch *circle_epoch(const struct circle *circle, const uint8_t id[static ID_BYTES]);

/** The member of that device key, or NULL. */
const struct member *circle_member(const struct circle *circle, const uint8_t device[static KEY_BYTES]);

#endif
