/* Parley's words for libsodium: hashes with a label, single-use sealing, secret memory.
 *
 * docs/format-record.md 1 names every construction. Beside this file only the
 * other files of this room call libsodium.
 *
 * Threads: pure after crypto_start(). Memory: caller's; secrets of longer life
 * live in secret_alloc() memory.
 */
#ifndef PARLEY_RECORD_CRYPTO_H
#define PARLEY_RECORD_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "record/labels.h"

#define KEY_BYTES 32
#define HASH_BYTES 32
#define ID_BYTES 32        /* entry, circle, organisation, process */
#define OBJECT_ID_BYTES 16 /* objects that claims are about */
#define SIGNATURE_BYTES 64
#define TAG_BYTES 16

/** Start the library and check that its verdicts on signatures are the format's (the edge vectors).
 * Call once before anything else of this room; later calls cost nothing.
 * @return 0; E_UNVERIFIED if this library judges an edge case otherwise: the program must not run then */
MUST_CHECK int crypto_start(struct err *err);

/** H of the format: labelled BLAKE2b without key, of 16 or 32 bytes, over up to three joined parts. */
void hash_labelled(enum label label, struct bytes a, struct bytes b, struct bytes c, uint8_t *out, size_t out_n);

/** K of the format: labelled BLAKE2b with a 32-byte key, of 16, 32 or 64 bytes, over up to three joined parts. */
void hash_keyed(const uint8_t key[static KEY_BYTES], enum label label, struct bytes a, struct bytes b, struct bytes c,
		uint8_t *out, size_t out_n);

#define NO_BYTES ((struct bytes){ NULL, 0 })
#define BYTES_OF(array) ((struct bytes){ (array), sizeof(array) })
#define BYTES(ptr, len) ((struct bytes){ (const uint8_t *)(ptr), (len) })

/** XChaCha20-Poly1305: out gets plain.n + TAG_BYTES bytes. nonce NULL: 24 zero bytes (single-use keys only). */
void aead_seal(const uint8_t key[static KEY_BYTES], const uint8_t *nonce, struct bytes ad, struct bytes plain,
	       uint8_t *out);

/** Open: out gets box.n - TAG_BYTES bytes. out may be the place of the box.
 * @return 0; E_UNVERIFIED if the tag does not fit (out is zeroed) */
MUST_CHECK int aead_open(const uint8_t key[static KEY_BYTES], const uint8_t *nonce, struct bytes ad, struct bytes box,
			 uint8_t *out);

/** True if equal, in time that does not depend on the content. */
bool secret_equal(const void *a, const void *b, size_t n);

/** Memory for secrets: guarded, not dumped, wiped when freed. Never NULL (aborts). Requires: crypto_start(). */
void *secret_alloc(size_t n);
void secret_free(void *p); /* NULL is fine */

/** Overwrite with zeros; the compiler does not drop it. */
void secret_wipe(void *p, size_t n);

/** Ed25519 key pair from a seed. sk is libsodium's 64-byte form. */
void sign_keypair(const uint8_t seed[static KEY_BYTES], uint8_t pk[static KEY_BYTES], uint8_t sk[static 64]);

/** Sign prefix(16) ‖ message. message.n is at most 512 bytes. */
void sign_prefixed(enum prefix prefix, struct bytes message, const uint8_t sk[static 64],
		   uint8_t signature[static SIGNATURE_BYTES]);

/** @return true if the signature over prefix(16) ‖ message is valid */
bool verify_prefixed(enum prefix prefix, struct bytes message, const uint8_t signature[static SIGNATURE_BYTES],
		     const uint8_t pk[static KEY_BYTES]);

#endif
