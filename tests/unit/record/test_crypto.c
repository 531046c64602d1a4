/* Labels as the format document has them, hashes against values of another program, sealing, signatures, and the
 * refusal of a library that judges edge signatures otherwise. */
#include <dlfcn.h>
#include <sodium.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "record/crypto.h"
#include "record/edge_vectors.h"
#include "support/test.h"

/* AddressSanitizer replaces mlock() by one that does nothing and succeeds. */
#if defined(__SANITIZE_ADDRESS__)
#define MLOCK_IS_FAKE true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MLOCK_IS_FAKE true
#endif
#endif
#ifndef MLOCK_IS_FAKE
#define MLOCK_IS_FAKE false
#endif

static int lie_at = -1; /* which call of the library's verdict is turned round */
static int n_calls;

/* Stands in front of libsodium's function for this program. */
int crypto_sign_verify_detached(const unsigned char *sig, const unsigned char *m, unsigned long long n,
				const unsigned char *pk)
{
	static int (*real)(const unsigned char *, const unsigned char *, unsigned long long, const unsigned char *);
	int rc;

	if (!real) {
		void *found = dlsym(RTLD_NEXT, "crypto_sign_verify_detached");

		memcpy(&real, &found, sizeof(real));
	}
	if (!real)
		abort();
	rc = real(sig, m, n, pk);
	return n_calls++ == lie_at ? (rc == 0 ? -1 : 0) : rc;
}

static void test_other_verdict_is_refused(void **state)
{
	struct err err;

	(void)state;
	assert_true(ARRAY_LEN(edge_vectors) >= 20);
	for (size_t i = 0; i < ARRAY_LEN(edge_vectors); i++) {
		n_calls = 0;
		lie_at = (int)i;
		expect_err(crypto_start(&err), E_UNVERIFIED, &err, edge_vectors[i].name);
	}
	lie_at = -1;
}

static void test_start(void **state)
{
	struct err err;

	(void)state;
	n_calls = 0;
	expect_ok(crypto_start(&err), &err);
	assert_int_equal(n_calls, ARRAY_LEN(edge_vectors));
	expect_ok(crypto_start(&err), &err);
	assert_int_equal(n_calls, ARRAY_LEN(edge_vectors));
}

/* The text between the first two backticks of a table row, and the number of zero bytes that the row promises. */
static bool read_row(const char *line, char text[static 64], size_t *ret_zeros)
{
	const char *plus = strstr(line, "` + ");

	if (sscanf(line, "| `%63[^`]`", text) != 1)
		return false;
	*ret_zeros = plus ? (size_t)strtoul(plus + 4, NULL, 10) : 0;
	return true;
}

/* Compare the rows of one table of the document with n rows of 16 bytes; zeros_said: rows tell their zero bytes. */
static void check_table(const char *head, const unsigned char *(*row)(size_t), size_t n, bool zeros_said)
{
	FILE *doc = fopen("docs/format-record.md", "r");
	char line[1024], text[64];
	size_t i = 0, zeros;

	assert_non_null(doc);
	while (fgets(line, sizeof(line), doc) && strncmp(line, head, strlen(head)) != 0)
		;
	while (fgets(line, sizeof(line), doc) && line[0] == '|') {
		unsigned char wanted[LABEL_BYTES] = { 0 };

		if (!read_row(line, text, &zeros))
			continue;
		assert_true(i < n);
		assert_true(strlen(text) <= LABEL_BYTES);
		if (zeros_said)
			assert_int_equal(strlen(text) + zeros, LABEL_BYTES);
		memcpy(wanted, text, strlen(text));
		assert_memory_equal(row(i), wanted, LABEL_BYTES);
		i++;
	}
	assert_int_equal(i, n);
	fclose(doc);
}

static const unsigned char *label_row(size_t i)
{
	return label_bytes((enum label)i);
}

static const unsigned char *prefix_row(size_t i)
{
	return prefix_bytes((enum prefix)i);
}

static void test_labels_as_documented(void **state)
{
	(void)state;
	check_table("| personalisation |", label_row, N_LABELS, false);
	check_table("| prefix of a signed message", prefix_row, N_PREFIXES, true);
}

static void test_labels_are_unique(void **state)
{
	const unsigned char *all[N_LABELS + N_PREFIXES];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		all[i] = i < N_LABELS ? label_row(i) : prefix_row(i - N_LABELS);
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		assert_memory_equal(all[i], "Parley/1 ", 9);
		for (size_t j = 0; j < i; j++)
			assert_memory_not_equal(all[i], all[j], LABEL_BYTES);
	}
}

#define X(name, text) _Static_assert(sizeof(text) - 1 <= LABEL_BYTES, text);
LABEL_TABLE(X)
PREFIX_TABLE(X)
#undef X

static void expect_hex(const uint8_t *p, size_t n, const char *hex)
{
	char got[2 * 64 + 1];

	hex_encode(p, n, got);
	assert_string_equal(got, hex);
}

/* Values from Python's hashlib.blake2b(data, digest_size, key, person). */
static void test_hashes(void **state)
{
	const uint8_t key[KEY_BYTES] = { 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7,
					 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7 };
	uint8_t out[64];

	(void)state;
	hash_labelled(LABEL_BODY, BYTES("ab", 2), BYTES("cd", 2), BYTES("ef", 2), out, 32);
	expect_hex(out, 32, "4c1b91b193a6692067195c664a70f57a9aea5345fe8318e53e55e58136b66ddc");
	hash_labelled(LABEL_BODY, NO_BYTES, BYTES("abcdef", 6), NO_BYTES, out, 32);
	expect_hex(out, 32, "4c1b91b193a6692067195c664a70f57a9aea5345fe8318e53e55e58136b66ddc");
	hash_labelled(LABEL_LABEL, BYTES("abcdef", 6), NO_BYTES, NO_BYTES, out, 16);
	expect_hex(out, 16, "7f7a93130061c292255023478464c58e");
	hash_keyed(key, LABEL_ENTRY_ID, BYTES("abcdef", 6), NO_BYTES, NO_BYTES, out, 32);
	expect_hex(out, 32, "6e866d286c41f54d850cafd3d7b644b88806d75d1b81a2ba4260fefda2fa139d");
	hash_keyed(key, LABEL_K_SPLIT, NO_BYTES, NO_BYTES, NO_BYTES, out, 64);
	expect_hex(out, 64,
		   "ad275624505deb8e088f0cd780de0272f445056b37209009d3d1ba3efe355b1e"
		   "d98339a202de2e55299f2ada0359b2b8c3fd2f235915b26f62c20f9378e6c6f9");
}

static void test_sealing(void **state)
{
	const uint8_t key[KEY_BYTES] = { 1, 2, 3 }, other[KEY_BYTES] = { 1, 2, 4 }, zeros[24] = { 0 };
	const uint8_t nonce[24] = { 9 };
	const struct bytes ad = BYTES("context", 7), plain = BYTES("what is sealed", 14);
	uint8_t box[14 + TAG_BYTES], again[14 + TAG_BYTES], out[14];

	(void)state;
	aead_seal(key, NULL, ad, plain, box);
	aead_seal(key, zeros, ad, plain, again);
	assert_memory_equal(box, again, sizeof(box));
	assert_int_equal(aead_open(key, NULL, ad, BYTES_OF(box), out), 0);
	assert_memory_equal(out, plain.p, plain.n);
	assert_int_equal(aead_open(key, nonce, ad, BYTES_OF(box), out), E_UNVERIFIED);
	assert_true(bytes_are_zero(out, sizeof(out)));
	assert_int_equal(aead_open(other, NULL, ad, BYTES_OF(box), out), E_UNVERIFIED);
	assert_int_equal(aead_open(key, NULL, NO_BYTES, BYTES_OF(box), out), E_UNVERIFIED);
	for (size_t bit = 0; bit < 8 * sizeof(box); bit++) {
		memset(out, 0xff, sizeof(out));
		box[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_int_equal(aead_open(key, NULL, ad, BYTES_OF(box), out), E_UNVERIFIED);
		assert_true(bytes_are_zero(out, sizeof(out)));
		box[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	for (size_t n = 0; n < sizeof(box); n++)
		assert_int_equal(aead_open(key, NULL, ad, BYTES(box, n), out), E_UNVERIFIED);
	assert_int_equal(aead_open(key, NULL, ad, BYTES_OF(box), box), 0); /* in place */
	assert_memory_equal(box, plain.p, plain.n);
	aead_seal(key, nonce, NO_BYTES, NO_BYTES, box);
	assert_int_equal(aead_open(key, nonce, NO_BYTES, BYTES(box, TAG_BYTES), out), 0);
}

static void test_signatures(void **state)
{
	uint8_t seed[KEY_BYTES], pk[KEY_BYTES], sk[64], signature[SIGNATURE_BYTES], message[513] = { 5 };

	(void)state;
	memset(seed, 1, sizeof(seed));
	sign_keypair(seed, pk, sk);
	expect_hex(pk, sizeof(pk), "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c");
	for (size_t n = 0; n <= 512; n += 64) {
		sign_prefixed(PREFIX_ENTRY, BYTES(message, n), sk, signature);
		assert_true(verify_prefixed(PREFIX_ENTRY, BYTES(message, n), signature, pk));
		assert_false(verify_prefixed(PREFIX_PERSON, BYTES(message, n), signature, pk));
		assert_false(verify_prefixed(PREFIX_ENTRY, BYTES(message, n + 1), signature, pk));
	}
	for (size_t bit = 0; bit < 8 * sizeof(signature); bit++) {
		signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(verify_prefixed(PREFIX_ENTRY, BYTES(message, 512), signature, pk));
		signature[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	assert_true(verify_prefixed(PREFIX_ENTRY, BYTES(message, 512), signature, pk));
}

static void test_secret_memory(void **state)
{
	uint8_t *p = secret_alloc(100);

	(void)state;
	assert_true(bytes_are_zero(p, 100));
	memset(p, 1, 100);
	secret_wipe(p, 99);
	assert_true(bytes_are_zero(p, 99));
	assert_int_equal(p[99], 1);
	secret_free(p);
	secret_free(NULL);
	secret_wipe(NULL, 0);
	assert_true(secret_equal("abc", "abd", 2));
	assert_false(secret_equal("abc", "abd", 3));
}

/* Where the system lets nobody lock memory (and even root only as root), keys still have a place. */
static void test_secret_memory_without_locking(void **state)
{
	const struct rlimit none = { 0, 0 };
	const uid_t user = geteuid();
	uint8_t *p[64];

	(void)state;
	assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &none), 0);
	if (user == 0)
		assert_int_equal(seteuid(65534), 0);
	if (!MLOCK_IS_FAKE)
		assert_int_not_equal(mlock(&none, sizeof(none)), 0);
	for (size_t i = 0; i < ARRAY_LEN(p); i++) {
		p[i] = secret_alloc(200000);
		memset(p[i], (int)i + 1, 200000);
	}
	for (size_t i = 0; i < ARRAY_LEN(p); i++) {
		assert_int_equal(p[i][199999], i + 1);
		secret_free(p[i]);
	}
	if (user == 0)
		assert_int_equal(seteuid(user), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_other_verdict_is_refused), /* before the library is started */
		cmocka_unit_test(test_start),
		cmocka_unit_test(test_labels_as_documented),
		cmocka_unit_test(test_labels_are_unique),
		cmocka_unit_test(test_hashes),
		cmocka_unit_test(test_sealing),
		cmocka_unit_test(test_signatures),
		cmocka_unit_test(test_secret_memory),
		cmocka_unit_test(test_secret_memory_without_locking),
	};

	return run_tests("record/crypto", tests);
}
