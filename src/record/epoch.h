/* Epoch keys: boxes to member devices, and the two secrets that come from E_raw. docs/format-record.md 4.
 *
 * Threads: pure. Memory: the caller's; secrets belong into secret_alloc() memory or are wiped.
 */
#ifndef PARLEY_RECORD_EPOCH_H
#define PARLEY_RECORD_EPOCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "record/crypto.h"

#define BOX_BYTES 184
#define EPOCH_MEMBERS_MAX 255

struct member {
	uint8_t organisation[ID_BYTES];
	uint8_t device[KEY_BYTES];
	uint8_t box[KEY_BYTES]; /* X25519 sub-key */
};

/* What a share is bound to. */
struct epoch_context {
	uint8_t circle[ID_BYTES];
	uint8_t parent[ID_BYTES]; /* parents[0], or zeros at founding */
};

/** A sub-key pair from a seed. */
void box_keypair(const uint8_t seed[static KEY_BYTES], uint8_t pk[static KEY_BYTES], uint8_t sk[static KEY_BYTES]);

/** Make the box of one member: the same inputs give the same bytes.
 * @return 0; E_INVALID if the member's sub-key is of low order */
MUST_CHECK int epoch_box(const uint8_t e_raw[static KEY_BYTES], const struct epoch_context *context,
			 const struct member *to, uint8_t ret_box[static BOX_BYTES], struct err *err);

/** Open the box of one member and compare every field of the share.
 * @return 0; E_UNVERIFIED */
MUST_CHECK int epoch_open_box(const uint8_t box[static BOX_BYTES], const struct epoch_context *context,
			      const struct member *to, const uint8_t box_sk[static KEY_BYTES],
			      uint8_t ret_e_raw[static KEY_BYTES], struct err *err);

/** E0: seals the epoch entry's own body. */
void epoch_own_key(const uint8_t e_raw[static KEY_BYTES], const struct epoch_context *context,
		   uint8_t ret_e0[static KEY_BYTES]);

/** E: seals the entries that name this epoch. */
void epoch_secret(const uint8_t e_raw[static KEY_BYTES], const uint8_t epoch_id[static ID_BYTES],
		  uint8_t ret_e[static KEY_BYTES]);

#endif
