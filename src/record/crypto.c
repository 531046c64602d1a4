/* Labelled hashes, sealing, signatures over libsodium: see crypto.h. */
#include "record/crypto.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/edge_vectors.h"

#define PREFIXED_MAX 512

static const unsigned char label_texts[N_LABELS][LABEL_BYTES] = {
#define X(name, text) [name] = text,
	LABEL_TABLE(X)
#undef X
};

static const unsigned char prefix_texts[N_PREFIXES][LABEL_BYTES] = {
#define X(name, text) [name] = text,
	PREFIX_TABLE(X)
#undef X
};

static const uint8_t zero_nonce[crypto_aead_xchacha20poly1305_ietf_NPUBBYTES];

const unsigned char *label_bytes(enum label label)
{
	return label_texts[label];
}

const unsigned char *prefix_bytes(enum prefix prefix)
{
	return prefix_texts[prefix];
}

/* For calls that no input can make wrong, only a mistake in the program or an exhausted machine. */
static _Noreturn void give_up(const char *why)
{
	fprintf(stderr, "parley: %s\n", why);
	abort();
}

/* Two nodes whose libraries differ on these cases would keep different records. */
static int check_edge_vectors(struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(edge_vectors); i++) {
		const struct edge_vector *v = &edge_vectors[i];
		const bool accepted = crypto_sign_verify_detached(v->sig, v->msg, v->msg_n, v->pk) == 0;

		if (accepted != v->accept)
			return err_set(err, E_UNVERIFIED,
				       "the installed libsodium judges the signature case \"%s\" otherwise than the "
				       "record's format; install libsodium 1.0.18, which is known to fit",
				       v->name);
	}
	return 0;
}

int crypto_start(struct err *err)
{
	static bool started;
	int rc;

	if (started)
		return 0;
	if (sodium_init() < 0)
		return err_set(err, E_UNVERIFIED, "libsodium does not start; install the system's libsodium again");
	rc = check_edge_vectors(err);
	started = rc == 0;
	return rc;
}

static void hash_parts(const uint8_t *key, enum label label, const struct bytes parts[static 3], uint8_t *out,
		       size_t out_n)
{
	crypto_generichash_blake2b_state state;
	int rc = crypto_generichash_blake2b_init_salt_personal(&state, key, key ? KEY_BYTES : 0, out_n, NULL,
							       label_bytes(label));

	for (int i = 0; i < 3 && rc == 0; i++)
		if (parts[i].n > 0)
			rc = crypto_generichash_blake2b_update(&state, parts[i].p, parts[i].n);
	if (rc == 0)
		rc = crypto_generichash_blake2b_final(&state, out, out_n);
	sodium_memzero(&state, sizeof(state));
	if (rc != 0)
		give_up("a hash of a length that BLAKE2b does not have");
}

void hash_labelled(enum label label, struct bytes a, struct bytes b, struct bytes c, uint8_t *out, size_t out_n)
{
	const struct bytes parts[3] = { a, b, c };

	hash_parts(NULL, label, parts, out, out_n);
}

void hash_keyed(const uint8_t key[static KEY_BYTES], enum label label, struct bytes a, struct bytes b, struct bytes c,
		uint8_t *out, size_t out_n)
{
	const struct bytes parts[3] = { a, b, c };

	hash_parts(key, label, parts, out, out_n);
}

void aead_seal(const uint8_t key[static KEY_BYTES], const uint8_t *nonce, struct bytes ad, struct bytes plain,
	       uint8_t *out)
{
	crypto_aead_xchacha20poly1305_ietf_encrypt(out, NULL, plain.p, plain.n, ad.p, ad.n, NULL,
						   nonce ? nonce : zero_nonce, key);
}

int aead_open(const uint8_t key[static KEY_BYTES], const uint8_t *nonce, struct bytes ad, struct bytes box,
	      uint8_t *out)
{
	if (box.n < TAG_BYTES)
		return E_UNVERIFIED;
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(out, NULL, NULL, box.p, box.n, ad.p, ad.n,
						       nonce ? nonce : zero_nonce, key) == 0)
		return 0;
	secret_wipe(out, box.n - TAG_BYTES);
	return E_UNVERIFIED;
}

bool secret_equal(const void *a, const void *b, size_t n)
{
	return sodium_memcmp(a, b, n) == 0;
}

/* sodium_malloc() locks the pages where the system lets it and goes on where it does not. */
void *secret_alloc(size_t n)
{
	void *p = sodium_malloc(n);

	if (!p)
		give_up("out of memory for keys; close other programs and start again");
	memset(p, 0, n);
	return p;
}

void secret_free(void *p)
{
	sodium_free(p);
}

void secret_wipe(void *p, size_t n)
{
	if (n > 0)
		sodium_memzero(p, n);
}

void sign_keypair(const uint8_t seed[static KEY_BYTES], uint8_t pk[static KEY_BYTES], uint8_t sk[static 64])
{
	crypto_sign_seed_keypair(pk, sk, seed);
}

static size_t join_prefix(enum prefix prefix, struct bytes message, uint8_t joined[static LABEL_BYTES + PREFIXED_MAX])
{
	memcpy(joined, prefix_bytes(prefix), LABEL_BYTES);
	if (message.n > 0)
		memcpy(joined + LABEL_BYTES, message.p, message.n);
	return LABEL_BYTES + message.n;
}

void sign_prefixed(enum prefix prefix, struct bytes message, const uint8_t sk[static 64],
		   uint8_t signature[static SIGNATURE_BYTES])
{
	uint8_t joined[LABEL_BYTES + PREFIXED_MAX];

	if (message.n > PREFIXED_MAX)
		give_up("a message too long to be signed");
	crypto_sign_detached(signature, NULL, joined, join_prefix(prefix, message, joined), sk);
}

bool verify_prefixed(enum prefix prefix, struct bytes message, const uint8_t signature[static SIGNATURE_BYTES],
		     const uint8_t pk[static KEY_BYTES])
{
	uint8_t joined[LABEL_BYTES + PREFIXED_MAX];

	if (message.n > PREFIXED_MAX)
		return false;
	return crypto_sign_verify_detached(signature, joined, join_prefix(prefix, message, joined), pk) == 0;
}
