/* The envelope: published vector, every header rule, every flipped bit, sealing and opening at the limits. */
#include "support/test.h"

#include "record/envelope.h"

static const uint8_t zeros32[32];

struct vector {
	uint8_t e_key[KEY_BYTES], salt[SALT_BYTES], pk[KEY_BYTES], sk[64], k_entry[KEY_BYTES];
	struct envelope envelope;
	uint8_t entry[ENVELOPE_BYTES + 640];
};

/* docs/format-record.md 3.1, put together by hand: its section is larger than the writer would take. */
static void make_vector(struct vector *v)
{
	static const char body[] = "{\"t\":\"claim\",\"v\":1}";
	uint8_t seed[KEY_BYTES], split[64], *plain = v->entry + ENVELOPE_BYTES + SALT_BYTES;

	memset(v, 0, sizeof *v);
	memset(seed, 1, sizeof seed);
	sign_keypair(seed, v->pk, v->sk);
	memset(v->e_key, 2, KEY_BYTES);
	memset(v->salt, 3, SALT_BYTES);
	v->envelope = (struct envelope){ .cls = CLASS_CLAIM, .seq = 1, .time_ms = 1700000000000, .length = 640 };
	memset(v->envelope.circle, 4, ID_BYTES);
	memset(v->envelope.epoch, 5, ID_BYTES);
	memset(v->envelope.seen, 6, ID_BYTES);
	memcpy(v->envelope.author, v->pk, KEY_BYTES);
	envelope_write(&v->envelope, v->entry);
	hash_keyed(v->e_key, LABEL_K_ENTRY, BYTES(v->entry, 184), BYTES(v->salt, 32), NO_BYTES, v->k_entry, 32);
	hash_keyed(v->k_entry, LABEL_K_SPLIT, NO_BYTES, NO_BYTES, NO_BYTES, split, 64);
	memcpy(v->envelope.kcom, split + 32, 32);
	memcpy(v->entry + 184, split + 32, 32);
	memcpy(v->entry + ENVELOPE_BYTES, v->salt, SALT_BYTES);
	memcpy(plain, body, sizeof body - 1);
	plain[sizeof body - 1] = 0x80;
	aead_seal(split, NULL, BYTES(v->entry, 216), BYTES(plain, 640 - SEAL_OVERHEAD), plain);
	hash_labelled(LABEL_BODY, BYTES(v->entry + ENVELOPE_BYTES, 640), NO_BYTES, NO_BYTES, v->envelope.bhash, 32);
	memcpy(v->entry + 216, v->envelope.bhash, 32);
	envelope_sign(v->entry, v->sk, v->entry + HEADER_BYTES);
}

static void expect_hex(const uint8_t *p, size_t n, const char *hex)
{
	char got[2 * 64 + 1];

	hex_encode(p, n, got);
	assert_string_equal(got, hex);
}

static void test_published_vector(void **state)
{
	struct vector v;
	struct envelope e;
	struct err err;
	uint8_t id[ID_BYTES];

	(void)state;
	make_vector(&v);
	entry_id(v.entry, id);
	expect_hex(v.pk, 32, "8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c");
	expect_hex(v.k_entry, 32, "7d6f28a6c322b1a4cb14d21117ac70c5b542cbab2cdd9c7c484d9360a3388a5b");
	expect_hex(v.envelope.kcom, 32, "8c407e4e59aea79d53462abf2463f9dd0b9bac618e402519328a4a51871196e2");
	expect_hex(v.envelope.bhash, 32, "20dbee118d3e4633b915201b338db7f802e9157cf0e22029ac4bb92b70ffa039");
	expect_hex(id, 32, "55f4805280655d1c07f7bac97f413be7d227567d539b6f0be1946ce94a01e949");
	expect_hex(v.entry + HEADER_BYTES, 64,
		   "5326ab99247141936ee7c8998d92f3734569deb8cfa415582230016f310bca3d"
		   "67dce1a21499fdd59025e2b3b912b9634e64fb3d1846b4dd10379bd3416d8a02");
	expect_ok(entry_check(BYTES_OF(v.entry), &e, &err), &err);
	assert_int_equal(e.length, 640);
}

static void test_every_flipped_bit_is_refused(void **state)
{
	struct vector v;
	struct envelope e;

	(void)state;
	make_vector(&v);
	for (size_t bit = 0; bit < 8 * sizeof v.entry; bit++) {
		v.entry[bit / 8] ^= (uint8_t)(1 << bit % 8);
		if (entry_check(BYTES_OF(v.entry), &e, NULL) == 0)
			fail_msg("bit %zu flipped and accepted", bit);
		v.entry[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
}

static void test_larger_section_than_needed_is_body_invalid(void **state)
{
	struct vector v;
	uint8_t out[SECTION_MAX + 1];
	size_t n;
	struct err err;

	(void)state;
	make_vector(&v);
	expect_err(entry_open(BYTES_OF(v.entry), &v.envelope, v.e_key, 0, out, &n, &err), E_INVALID, &err,
		   "larger section");
}

/* Write a header with one field broken; each must be refused for its own reason. */
static void test_header_rules(void **state)
{
	static const struct {
		size_t at, n;
		uint8_t value;
		const char *says;
	} cases[] = {
		{ 0, 1, 'Q', "PRLY" },
		{ 5, 1, 2, "version" },
		{ 4, 1, 1, "version" },
		{ 6, 1, 0, "class" },
		{ 6, 1, 7, "class" },
		{ 6, 1, 127, "class" },
		{ 7, 1, 1, "flags" },
		{ 72, 8, 0, "seq" },
		{ 72, 1, 0x20, "seq" },
		{ 79, 1, 2, "prev" },
		{ 80, 32, 9, "prev" },
		{ 112, 32, 0, "epoch is missing" },
		{ 176, 1, 0x20, "time" },
		{ 184, 32, 0, "commitment" },
		{ 216, 32, 0, "body hash" },
		{ 250, 2, 1, "length" },
		{ 252, 1, 1, "252" },
		{ 255, 1, 1, "252" },
		{ 6, 1, CLASS_SIGCHAIN, "epoch is set" },
	};
	struct vector v;
	struct envelope e;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		make_vector(&v);
		memset(v.entry + cases[i].at, cases[i].value, cases[i].n);
		expect_err(envelope_read(v.entry, &e, &err), E_INVALID, &err, cases[i].says);
	}
	for (int cls = 128; cls <= 255; cls++) {
		make_vector(&v);
		v.entry[6] = (uint8_t)cls;
		expect_ok(envelope_read(v.entry, &e, &err), &err);
	}
}

/* Every field comes back as it was written, over whatever stood there. */
static void test_header_round_trip(void **state)
{
	struct envelope e = { .cls = CLASS_CONTROL, .seq = SEQ_MAX, .time_ms = SEQ_MAX, .length = 640 }, back;
	uint8_t header[HEADER_BYTES];
	struct err err;

	(void)state;
	memset(e.circle, 1, ID_BYTES);
	memset(e.author, 2, KEY_BYTES);
	memset(e.prev, 3, ID_BYTES);
	memset(e.epoch, 4, ID_BYTES);
	memset(e.seen, 5, ID_BYTES);
	memset(e.kcom, 6, sizeof e.kcom);
	memset(e.bhash, 7, HASH_BYTES);
	memset(header, 0xff, sizeof header);
	envelope_write(&e, header);
	expect_ok(envelope_read(header, &back, &err), &err);
	assert_int_equal(back.cls, e.cls);
	assert_true(back.seq == e.seq && back.time_ms == e.time_ms && back.length == e.length);
	assert_memory_equal(back.circle, e.circle, ID_BYTES);
	assert_memory_equal(back.author, e.author, KEY_BYTES);
	assert_memory_equal(back.prev, e.prev, ID_BYTES);
	assert_memory_equal(back.epoch, e.epoch, ID_BYTES);
	assert_memory_equal(back.seen, e.seen, ID_BYTES);
	assert_memory_equal(back.kcom, e.kcom, sizeof e.kcom);
	assert_memory_equal(back.bhash, e.bhash, HASH_BYTES);
}

/* Values at the end of what a header allows, and one beyond. */
static void test_header_limits(void **state)
{
	struct vector v;
	struct envelope e;
	struct err err;

	(void)state;
	make_vector(&v);
	v.envelope.prev[0] = 1;
	for (uint64_t seq = SEQ_MAX; seq <= SEQ_MAX + 1; seq++) {
		v.envelope.seq = seq;
		envelope_write(&v.envelope, v.entry);
		if (seq == SEQ_MAX)
			expect_ok(envelope_read(v.entry, &e, &err), &err);
		else
			expect_err(envelope_read(v.entry, &e, &err), E_INVALID, &err, "seq is out of range");
	}
	v.envelope.seq = 0;
	envelope_write(&v.envelope, v.entry);
	expect_err(envelope_read(v.entry, &e, &err), E_INVALID, &err, "seq is out of range");
	v.envelope.seq = 2;
	v.envelope.time_ms = SEQ_MAX + 1;
	envelope_write(&v.envelope, v.entry);
	expect_err(envelope_read(v.entry, &e, &err), E_INVALID, &err, "time is out of range");
	v.envelope.time_ms = SEQ_MAX;
	memset(v.envelope.epoch, 0, ID_BYTES);
	for (int cls = 127; cls <= 128; cls++) {
		v.envelope.cls = (uint8_t)cls;
		envelope_write(&v.envelope, v.entry);
		assert_int_equal(envelope_read(v.entry, &e, NULL), cls == 128 ? 0 : E_INVALID);
	}
}

static void test_section_lengths(void **state)
{
	(void)state;
	assert_int_equal(section_length(0), 256);
	assert_int_equal(section_length(256), 256);
	assert_int_equal(section_length(257), 640);
	assert_int_equal(section_length(65152), 65152);
	assert_int_equal(section_length(65153), 0);
}

struct sealed {
	struct envelope e;
	uint8_t *entry;
	struct bytes bytes;
};

static int seal(struct sealed *s, uint8_t cls, const uint8_t *key, const uint8_t *body, size_t n, struct err *err)
{
	uint8_t seed[32], pk[32], sk[64];
	int rc;

	memset(seed, 7, sizeof seed);
	sign_keypair(seed, pk, sk);
	s->e = (struct envelope){ .cls = cls, .seq = 1, .time_ms = 5 };
	memset(s->e.circle, 1, 32);
	memcpy(s->e.author, pk, 32);
	if (cls != CLASS_SIGCHAIN)
		memset(s->e.epoch, 2, 32);
	s->entry = malloc(ENTRY_MAX);
	rc = entry_seal(
		&s->e,
		&(struct sealing){
			.key = key, .body = BYTES(body, n), .salt_secret = zeros32, .noise = zeros32, .sk = sk },
		s->entry, err);
	s->bytes = BYTES(s->entry, ENVELOPE_BYTES + s->e.length);
	return rc;
}

/* At each section's limit and one byte above: the section is the smallest, and the body comes back. */
static void test_seal_and_open_at_the_limits(void **state)
{
	static const uint32_t lengths[] = { 256, 640, 1664, 3712, 7808, 16000, 32384, 65152 };
	static uint8_t body[SECTION_MAX + 1], out[SECTION_MAX + 1];
	uint8_t key[32] = { 9 };
	struct err err;

	(void)state;
	for (size_t i = 0; i < sizeof body; i++)
		body[i] = (uint8_t)(i * 31 + 1);
	for (size_t i = 0; i < ARRAY_LEN(lengths); i++) {
		for (size_t above = 0; above < 2; above++) {
			size_t n = lengths[i] - SEAL_OVERHEAD - 1 + above, got = 0;
			struct sealed s;
			struct envelope e;

			if (above && i + 1 == ARRAY_LEN(lengths)) {
				expect_err(seal(&s, CLASS_CLAIM, key, body, n, &err), E_LIMIT, &err, "65103");
				free(s.entry);
				continue;
			}
			expect_ok(seal(&s, CLASS_CLAIM, key, body, n, &err), &err);
			assert_int_equal(s.e.length, lengths[i + above]);
			expect_ok(entry_check(s.bytes, &e, &err), &err);
			expect_ok(entry_open(s.bytes, &e, key, 0, out, &got, &err), &err);
			assert_int_equal(got, n);
			assert_memory_equal(out, body, n);
			free(s.entry);
		}
	}
}

static void test_another_key_is_refused_before_decryption(void **state)
{
	static uint8_t out[SECTION_MAX + 1];
	uint8_t key[32] = { 9 }, other[32] = { 10 };
	struct sealed s;
	struct err err;
	size_t n;

	(void)state;
	expect_ok(seal(&s, CLASS_CLAIM, key, (const uint8_t *)"{}", 2, &err), &err);
	expect_err(entry_open(s.bytes, &s.e, other, 0, out, &n, &err), E_DENIED, &err, "share");
	free(s.entry);
}

/* What a third party does with a disclosed key: compare the commitment, then decrypt. */
static int open_disclosed(const struct sealed *s, const uint8_t k_entry[static KEY_BYTES], uint8_t *out)
{
	const uint8_t *section = s->entry + ENVELOPE_BYTES;
	uint8_t split[64];

	hash_keyed(k_entry, LABEL_K_SPLIT, NO_BYTES, NO_BYTES, NO_BYTES, split, 64);
	if (memcmp(split + KEY_BYTES, s->e.kcom, 32) != 0)
		return E_DENIED;
	return aead_open(split, NULL, BYTES(s->entry, 216), BYTES(section + SALT_BYTES, s->e.length - SALT_BYTES), out);
}

static void test_entry_key_discloses_one_entry(void **state)
{
	static uint8_t out[SECTION_MAX];
	uint8_t key[32] = { 9 }, k_entry[32];
	struct sealed a, b;
	struct err err;

	(void)state;
	expect_ok(seal(&a, CLASS_CLAIM, key, (const uint8_t *)"{\"a\":1}", 7, &err), &err);
	expect_ok(seal(&b, CLASS_CLAIM, key, (const uint8_t *)"{\"b\":1}", 7, &err), &err);
	expect_ok(entry_key(a.bytes, key, 0, k_entry, &err), &err);
	assert_int_equal(open_disclosed(&a, k_entry, out), 0);
	assert_memory_equal(out, "{\"a\":1}", 7);
	assert_int_equal(open_disclosed(&b, k_entry, out), E_DENIED);
	expect_err(entry_key(BYTES(a.entry, ENVELOPE_BYTES), key, 0, k_entry, &err), E_NOT_FOUND, &err, "not here");
	expect_err(entry_key(a.bytes, key, 256 - SEAL_OVERHEAD, k_entry, &err), E_INVALID, &err, "too short");
	a.entry[0] = 'Q';
	expect_err(entry_key(a.bytes, key, 0, k_entry, &err), E_INVALID, &err, "PRLY");
	free(a.entry);
	free(b.entry);
}

/* The salt follows from device secret, header, body and noise: each of them changes it, and nothing else does. */
static void test_salt_of_the_writer(void **state)
{
	static uint8_t entries[5][ENTRY_MAX];
	uint8_t seed[32] = { 7 }, pk[32], sk[64], key[32] = { 9 }, other[32] = { 1 };
	const struct sealing same = { key, NO_BYTES, BYTES("{}", 2), zeros32, zeros32, sk };
	struct sealing cases[5] = { same, same, same, same, same };
	struct err err;

	(void)state;
	sign_keypair(seed, pk, sk);
	cases[2].noise = other;
	cases[3].salt_secret = other;
	cases[4].body = BYTES("[]", 2);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct envelope e = { .cls = CLASS_CLAIM, .seq = 1, .epoch = { 2 } };

		memcpy(e.author, pk, sizeof pk);
		expect_ok(entry_seal(&e, &cases[i], entries[i], &err), &err);
	}
	assert_memory_equal(entries[0], entries[1], ENVELOPE_BYTES + 256);
	for (size_t i = 2; i < ARRAY_LEN(cases); i++)
		assert_memory_not_equal(entries[0] + ENVELOPE_BYTES, entries[i] + ENVELOPE_BYTES, SALT_BYTES);
}

/* A body that is all zeros, without the mark at which padding begins. */
static void test_padding_without_mark(void **state)
{
	static uint8_t out[SECTION_MAX + 1];
	uint8_t key[32] = { 9 };
	struct sealed s;
	struct err err;
	size_t n;

	(void)state;
	expect_ok(seal(&s, CLASS_SIGCHAIN, NULL, (const uint8_t *)"{}", 2, &err), &err);
	memset(s.entry + ENVELOPE_BYTES + SALT_BYTES, 0, 256 - SALT_BYTES);
	expect_err(entry_open(s.bytes, &s.e, NULL, 0, out, &n, &err), E_INVALID, &err, "padding");
	s.entry[ENVELOPE_BYTES + 255] = 0x80; /* the mark in the last byte: a body of zeros */
	expect_ok(entry_open(s.bytes, &s.e, NULL, 0, out, &n, &err), &err);
	assert_int_equal(n, 256 - SALT_BYTES - 1);
	free(s.entry);
	expect_ok(seal(&s, CLASS_CLAIM, key, NULL, 0, &err), &err);
	expect_ok(entry_open(s.bytes, &s.e, key, 0, out, &n, &err), &err);
	assert_int_equal(n, 0);
	free(s.entry);
}

/* A header that was filled before is filled anew: the key of the entry does not hang on what stood in it. */
static void test_sealing_again(void **state)
{
	static uint8_t first[ENTRY_MAX], second[ENTRY_MAX];
	uint8_t seed[32] = { 7 }, pk[32], sk[64], key[32] = { 9 };
	const struct sealing what = { key, NO_BYTES, BYTES("{}", 2), zeros32, zeros32, sk };
	struct envelope e = { .cls = CLASS_CLAIM, .seq = 1, .epoch = { 2 } };
	struct err err;

	(void)state;
	sign_keypair(seed, pk, sk);
	memcpy(e.author, pk, sizeof pk);
	expect_ok(entry_seal(&e, &what, first, &err), &err);
	expect_ok(entry_seal(&e, &what, second, &err), &err);
	assert_memory_equal(first, second, ENVELOPE_BYTES + 256);
	expect_ok(entry_check(BYTES(second, ENVELOPE_BYTES + 256), &e, &err), &err);
}

/* Sections that no writer makes: of another length than announced, without room, of length 0. */
static void test_sections_of_no_form(void **state)
{
	static uint8_t out[SECTION_MAX + 1];
	uint8_t key[32] = { 9 };
	struct sealed s;
	struct err err;
	size_t n;

	(void)state;
	expect_ok(seal(&s, CLASS_CLAIM, key, (const uint8_t *)"{}", 2, &err), &err);
	expect_err(entry_open(BYTES(s.entry, s.bytes.n - 1), &s.e, key, 0, out, &n, &err), E_INVALID, &err, "length");
	expect_err(entry_open(BYTES(s.entry, s.bytes.n + 1), &s.e, key, 0, out, &n, &err), E_INVALID, &err, "length");
	expect_err(entry_open(s.bytes, &s.e, key, 256 - SEAL_OVERHEAD, out, &n, &err), E_INVALID, &err, "too short");
	s.entry[s.bytes.n - 1] ^= 1;
	expect_err(entry_open(s.bytes, &s.e, key, 0, out, &n, &err), E_UNVERIFIED, &err, "decrypt");
	s.e.length = 0;
	expect_err(entry_open(BYTES(s.entry, ENVELOPE_BYTES), &s.e, key, 0, out, &n, &err), E_INVALID, &err,
		   "without a body");
	free(s.entry);
}

static void test_plain_section_of_a_sigchain(void **state)
{
	static uint8_t out[SECTION_MAX + 1];
	struct sealed s;
	struct envelope e;
	struct err err;
	size_t n;

	(void)state;
	expect_ok(seal(&s, CLASS_SIGCHAIN, NULL, (const uint8_t *)"{\"t\":\"org\"}", 11, &err), &err);
	expect_ok(entry_check(s.bytes, &e, &err), &err);
	assert_true(bytes_are_zero(e.kcom, 32));
	expect_ok(entry_open(s.bytes, &e, NULL, 0, out, &n, &err), &err);
	assert_int_equal(n, 11);
	assert_string_equal((char *)out, "{\"t\":\"org\"}");
	free(s.entry);
}

static void test_a_dropped_body_keeps_the_entry_valid(void **state)
{
	static uint8_t out[SECTION_MAX + 1];
	uint8_t key[32] = { 9 };
	struct sealed s;
	struct envelope e;
	struct err err;
	size_t n;

	(void)state;
	expect_ok(seal(&s, CLASS_CLAIM, key, (const uint8_t *)"{}", 2, &err), &err);
	memset(s.entry + ENVELOPE_BYTES, 0x55, 256); /* nobody looks there */
	expect_ok(entry_check(BYTES(s.entry, ENVELOPE_BYTES), &e, &err), &err);
	expect_err(entry_open(BYTES(s.entry, ENVELOPE_BYTES), &e, key, 0, out, &n, &err), E_NOT_FOUND, &err, NULL);
	expect_err(entry_check(BYTES(s.entry, ENVELOPE_BYTES + 10), &e, &err), E_INVALID, &err, "length");
	expect_err(entry_check(BYTES(s.entry, 100), &e, &err), E_INVALID, &err, "shorter");
	free(s.entry);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published_vector),
		cmocka_unit_test(test_every_flipped_bit_is_refused),
		cmocka_unit_test(test_larger_section_than_needed_is_body_invalid),
		cmocka_unit_test(test_header_rules),
		cmocka_unit_test(test_header_round_trip),
		cmocka_unit_test(test_header_limits),
		cmocka_unit_test(test_section_lengths),
		cmocka_unit_test(test_seal_and_open_at_the_limits),
		cmocka_unit_test(test_another_key_is_refused_before_decryption),
		cmocka_unit_test(test_entry_key_discloses_one_entry),
		cmocka_unit_test(test_salt_of_the_writer),
		cmocka_unit_test(test_padding_without_mark),
		cmocka_unit_test(test_sealing_again),
		cmocka_unit_test(test_sections_of_no_form),
		cmocka_unit_test(test_plain_section_of_a_sigchain),
		cmocka_unit_test(test_a_dropped_body_keeps_the_entry_valid),
	};

	if (crypto_start(NULL) < 0)
		return 1;
	return run_tests("record/envelope", tests);
}
