#include "record/epoch.h"

#include <sodium.h>
#include <string.h>

#define SHARE_BYTES 136

static const uint8_t no_psk[KEY_BYTES]; /* version 1 has no pre-shared secret */

void box_keypair(const uint8_t seed[static KEY_BYTES], uint8_t pk[static KEY_BYTES], uint8_t sk[static KEY_BYTES])
{
	crypto_box_seed_keypair(pk, sk, seed);
}

static void write_share(const uint8_t e_raw[static KEY_BYTES], const struct epoch_context *context,
			const struct member *to, uint8_t share[static SHARE_BYTES])
{
	memset(share, 0, SHARE_BYTES);
	memcpy(share, e_raw, KEY_BYTES);
	memcpy(share + 32, context->circle, ID_BYTES);
	memcpy(share + 64, context->parent, ID_BYTES);
	memcpy(share + 96, to->device, KEY_BYTES);
}

int epoch_box(const uint8_t e_raw[static KEY_BYTES], const struct epoch_context *context, const struct member *to,
	      uint8_t ret_box[static BOX_BYTES], struct err *err)
{
	uint8_t seed[KEY_BYTES], epk[KEY_BYTES], esk[KEY_BYTES], nonce[crypto_box_NONCEBYTES], share[SHARE_BYTES];
	crypto_generichash_state hash;
	int rc;

	hash_keyed(e_raw, LABEL_BOX_EPH, BYTES_OF(context->circle), BYTES_OF(to->box), BYTES_OF(to->device), seed,
		   KEY_BYTES);
	crypto_box_seed_keypair(epk, esk, seed);
	crypto_generichash_init(&hash, NULL, 0, sizeof nonce);
	crypto_generichash_update(&hash, epk, sizeof epk);
	crypto_generichash_update(&hash, to->box, KEY_BYTES);
	crypto_generichash_final(&hash, nonce, sizeof nonce);
	write_share(e_raw, context, to, share);
	memcpy(ret_box, epk, KEY_BYTES);
	rc = crypto_box_easy(ret_box + KEY_BYTES, share, sizeof share, nonce, to->box, esk);
	secret_wipe(seed, sizeof seed);
	secret_wipe(esk, sizeof esk);
	secret_wipe(share, sizeof share);
	if (rc != 0)
		return err_set(err, E_INVALID, "a member's box key is not usable (of low order)");
	return 0;
}

int epoch_open_box(const uint8_t box[static BOX_BYTES], const struct epoch_context *context, const struct member *to,
		   const uint8_t box_sk[static KEY_BYTES], uint8_t ret_e_raw[static KEY_BYTES], struct err *err)
{
	uint8_t share[SHARE_BYTES], expected[SHARE_BYTES];
	int rc = 0;

	if (crypto_box_seal_open(share, box, BOX_BYTES, to->box, box_sk) != 0)
		return err_set(err, E_UNVERIFIED, "the key box of an epoch does not open");
	write_share(share, context, to, expected);
	if (!secret_equal(share, expected, SHARE_BYTES))
		rc = err_set(err, E_UNVERIFIED, "the key box of an epoch is bound to something else");
	else
		memcpy(ret_e_raw, share, KEY_BYTES);
	secret_wipe(share, sizeof share);
	secret_wipe(expected, sizeof expected);
	return rc;
}

void epoch_own_key(const uint8_t e_raw[static KEY_BYTES], const struct epoch_context *context,
		   uint8_t ret_e0[static KEY_BYTES])
{
	hash_keyed(no_psk, LABEL_EPOCH0, BYTES(e_raw, KEY_BYTES), BYTES_OF(context->circle), BYTES_OF(context->parent),
		   ret_e0, KEY_BYTES);
}

void epoch_secret(const uint8_t e_raw[static KEY_BYTES], const uint8_t epoch_id[static ID_BYTES],
		  uint8_t ret_e[static KEY_BYTES])
{
	hash_keyed(no_psk, LABEL_EPOCH, BYTES(e_raw, KEY_BYTES), BYTES(epoch_id, ID_BYTES), NO_BYTES, ret_e, KEY_BYTES);
}
