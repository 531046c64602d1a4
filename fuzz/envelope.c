/* Envelopes: what is accepted has one form of writing and one signer; opening never reads beside the entry. */
#include "fuzz.h"

#include "base/limits.h"
#include "record/body.h"
#include "record/circle.h"
#include "record/envelope.h"

/* First byte: the entry as it is; signed anew, so that what is behind the signature is reached; or made from a body. */
enum { AS_IT_IS, SIGNED_ANEW, SEALED, N_MODES };

static struct {
	uint8_t pk[KEY_BYTES], sk[64], key[KEY_BYTES];
} author;

static void init_author(void)
{
	static bool done;
	uint8_t seed[KEY_BYTES];
	struct err err;

	if (done)
		return;
	MUST(crypto_start(&err) == 0);
	memset(seed, 1, sizeof seed);
	memset(author.key, 2, sizeof author.key); /* of the published vector */
	sign_keypair(seed, author.pk, author.sk);
	done = true;
}

/* Any other header must fail: the signature is over all of it. */
static void expect_signed(const uint8_t *entry, size_t n)
{
	uint8_t *copy = malloc(n);
	struct envelope e;
	size_t bit = (size_t)entry[HEADER_BYTES] * 8 % (HEADER_BYTES * 8);

	MUST(copy);
	memcpy(copy, entry, n);
	copy[bit / 8] ^= (uint8_t)(1u << (bit % 8));
	MUST(entry_check(BYTES(copy, n), &e, NULL) < 0);
	free(copy);
}

static void open_body(struct bytes entry, const struct envelope *e)
{
	uint8_t *out = malloc(SECTION_MAX + 1);
	size_t n = 0, prefix = 0;
	struct arena a = { 0 };
	struct body body;
	struct err err = { 0 };
	int rc = 0;

	MUST(out);
	if (e->cls == CLASS_CONTROL && bytes_are_zero(e->epoch, ID_BYTES))
		rc = epoch_prefix(entry, &prefix, &err);
	if (rc == 0)
		rc = entry_open(entry, e, e->cls == CLASS_SIGCHAIN ? NULL : author.key, prefix, out, &n, &err);
	MUST_EXPLAIN(rc, &err);
	if (rc == 0) {
		MUST(n <= BODY_MAX + SEAL_OVERHEAD - SALT_BYTES); /* a plain section has no tag */
		MUST(out[n] == 0);
		if (e->cls < 128) {
			rc = body_check(&a, entry, e, BYTES(out, n), &body, &err);
			MUST_EXPLAIN(rc, &err);
		}
	}
	arena_release(&a);
	free(out);
}

static void check(struct bytes entry)
{
	uint8_t header[HEADER_BYTES], id[ID_BYTES], again[ID_BYTES];
	struct envelope e;
	struct err err = { 0 };
	int rc = entry_check(entry, &e, &err);

	MUST_EXPLAIN(rc, &err);
	if (rc < 0)
		return;
	envelope_write(&e, header);
	MUST(memcmp(header, entry.p, HEADER_BYTES) == 0);
	entry_id(entry.p, id);
	entry_id(header, again);
	MUST(memcmp(id, again, sizeof id) == 0);
	expect_signed(entry.p, entry.n);
	open_body(entry, &e);
}

/* Make author, hash of the section and signature fit, where the header reads. */
static void sign_anew(uint8_t *entry, size_t n)
{
	struct envelope e;

	if (n < ENVELOPE_BYTES || envelope_read(entry, &e, NULL) < 0)
		return;
	memcpy(e.author, author.pk, sizeof e.author);
	if (n > ENVELOPE_BYTES)
		hash_labelled(LABEL_BODY, BYTES(entry + ENVELOPE_BYTES, n - ENVELOPE_BYTES), NO_BYTES, NO_BYTES,
			      e.bhash, sizeof e.bhash);
	envelope_write(&e, entry);
	envelope_sign(entry, author.sk, entry + HEADER_BYTES);
}

/* Seal a body in a class and open it: it comes out as it went in. */
static void seal(uint8_t cls, struct bytes body)
{
	uint8_t noise[32] = { 0 };
	struct sealing what = { .key = cls == CLASS_SIGCHAIN ? NULL : author.key,
				.body = body,
				.salt_secret = author.key,
				.noise = noise,
				.sk = author.sk };
	struct envelope e = { .cls = cls, .seq = 1, .time_ms = 1700000000000 }, read;
	uint8_t *entry = malloc(ENTRY_MAX), *out = malloc(SECTION_MAX + 1);
	size_t n = 0;
	int rc;

	MUST(entry && out);
	memcpy(e.author, author.pk, sizeof e.author);
	if (what.key)
		memset(e.epoch, 5, sizeof e.epoch);
	rc = entry_seal(&e, &what, entry, NULL);
	MUST(rc == 0 || (rc == E_LIMIT && body.n > BODY_MAX));
	if (rc == 0) {
		struct bytes whole = BYTES(entry, ENVELOPE_BYTES + e.length);

		MUST(entry_check(whole, &read, NULL) == 0);
		MUST(entry_open(whole, &read, what.key, 0, out, &n, NULL) == 0);
		MUST(n == body.n && memcmp(out, body.p, n) == 0);
		open_body(whole, &read);
	}
	free(entry);
	free(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *entry;
	uint8_t mode;

	init_author();
	if (size < 1)
		return 0;
	mode = data[0] % N_MODES;
	entry = malloc(size);
	MUST(entry);
	memcpy(entry, data + 1, size - 1);
	if (mode == SEALED) {
		seal(1 + data[0] / N_MODES % 6, BYTES(entry, size - 1));
	} else {
		if (mode == SIGNED_ANEW)
			sign_anew(entry, size - 1);
		check(BYTES(entry, size - 1));
	}
	free(entry);
	return 0;
}
