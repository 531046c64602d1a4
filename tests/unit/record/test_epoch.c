/* The boxes and secrets of an epoch: reproducible, bound to everything that they name. */
#include "record/epoch.h"

#include <sodium.h>

#include "record/circle.h"
#include "support/test.h"

#define SHARE_BYTES 136

/* A box that the second program (tests/verifier) made: E_raw 01.., circle 02.., parent 03.., device 04.., sub-key from
 * the seed 07.. */
static const char published[] =
	"60be437eaa8769af628a34ce98d77ae52a0c87c772a4d5df9daf4ee4bab9644c59955643ef435ee49f347adb"
	"57366a94e71f10cc2ba55442c7d1ff7c4604089e4f15a1cd5c49ca3e91dadfe8b9226c4fd49dd3e89c6a95fb"
	"08ca8635c3508c2645164fda92fd897b182a8a1b485e83a474e6fc65f462eeeb9a578461a122d3cd6069df31"
	"a9f70c366603ab74e61397116961bc9e11f0cc2d1f7ffebf7ad1d423d4f2fec464064a061ed80abea736b4dc"
	"6e1815bb12a33518";

struct case_of_box {
	uint8_t e_raw[KEY_BYTES], box_sk[KEY_BYTES];
	struct epoch_context context;
	struct member to;
};

static void make_case(struct case_of_box *c)
{
	uint8_t seed[KEY_BYTES];

	memset(c->e_raw, 1, KEY_BYTES);
	memset(c->context.circle, 2, ID_BYTES);
	memset(c->context.parent, 3, ID_BYTES);
	memset(c->to.organisation, 6, ID_BYTES);
	memset(c->to.device, 4, KEY_BYTES);
	memset(seed, 7, sizeof seed);
	box_keypair(seed, c->to.box, c->box_sk);
}

static void expect_hex(const uint8_t *p, size_t n, const char *hex)
{
	char got[2 * BOX_BYTES + 1];

	hex_encode(p, n, got);
	assert_string_equal(got, hex);
}

static void test_same_bytes_as_the_second_program(void **state)
{
	uint8_t box[BOX_BYTES], key[KEY_BYTES], epoch[ID_BYTES];
	struct case_of_box c;
	struct err err;

	(void)state;
	make_case(&c);
	expect_hex(c.to.box, KEY_BYTES, "761d88ec830413919dfe9d4d1d56f17e653c8c994082df5b137b90a0ae6edf74");
	expect_ok(epoch_box(c.e_raw, &c.context, &c.to, box, &err), &err);
	expect_hex(box, sizeof box, published);
	epoch_own_key(c.e_raw, &c.context, key);
	expect_hex(key, KEY_BYTES, "90a782095dae8605b65956c3d5669c03b1fa1db2cc1d21c5264161e1bff9123e");
	memset(epoch, 5, sizeof epoch);
	epoch_secret(c.e_raw, epoch, key);
	expect_hex(key, KEY_BYTES, "3ddf2c9f6d08fd7f9d83b9f06b8a600586baff4414b692b78fe227c312dd4e5a");
}

/* Every input changes the box and the key; the organisation, which is no input, does not. */
static void test_every_input_counts(void **state)
{
	struct case_of_box c;
	uint8_t *const inputs[] = { c.e_raw, c.context.circle, c.context.parent, c.to.device };
	uint8_t box[BOX_BYTES], other[BOX_BYTES], key[KEY_BYTES], other_key[KEY_BYTES];
	struct err err;

	(void)state;
	make_case(&c);
	expect_ok(epoch_box(c.e_raw, &c.context, &c.to, box, &err), &err);
	epoch_own_key(c.e_raw, &c.context, key);
	for (size_t i = 0; i < ARRAY_LEN(inputs); i++) {
		inputs[i][31] ^= 1;
		expect_ok(epoch_box(c.e_raw, &c.context, &c.to, other, &err), &err);
		assert_memory_not_equal(box, other, sizeof box);
		epoch_own_key(c.e_raw, &c.context, other_key);
		assert_int_equal(memcmp(key, other_key, sizeof key) == 0, i == 3);
		inputs[i][31] ^= 1;
	}
	c.to.organisation[0] ^= 1;
	expect_ok(epoch_box(c.e_raw, &c.context, &c.to, other, &err), &err);
	assert_memory_equal(box, other, sizeof box);
}

static void test_opens_as_a_sealed_box(void **state)
{
	uint8_t box[BOX_BYTES], share[SHARE_BYTES], e_raw[KEY_BYTES];
	struct case_of_box c;
	struct err err;

	(void)state;
	make_case(&c);
	expect_ok(epoch_box(c.e_raw, &c.context, &c.to, box, &err), &err);
	assert_int_equal(crypto_box_seal_open(share, box, sizeof box, c.to.box, c.box_sk), 0);
	assert_memory_equal(share, c.e_raw, 32);
	assert_memory_equal(share + 32, c.context.circle, 32);
	assert_memory_equal(share + 64, c.context.parent, 32);
	assert_memory_equal(share + 96, c.to.device, 32);
	assert_true(bytes_are_zero(share + 128, 8));
	expect_ok(epoch_open_box(box, &c.context, &c.to, c.box_sk, e_raw, &err), &err);
	assert_memory_equal(e_raw, c.e_raw, sizeof e_raw);
}

/* A share that is good but for one byte, in a box that opens: refused wherever that byte stands, but in E_raw, which
 * may be any. */
static void test_every_swapped_byte_of_a_share(void **state)
{
	uint8_t box[BOX_BYTES], share[SHARE_BYTES], e_raw[KEY_BYTES] = { 0x5a }, untouched[KEY_BYTES] = { 0x5a };
	struct case_of_box c;
	struct err err;

	(void)state;
	make_case(&c);
	memcpy(share, c.e_raw, 32);
	memcpy(share + 32, c.context.circle, 32);
	memcpy(share + 64, c.context.parent, 32);
	memcpy(share + 96, c.to.device, 32);
	memset(share + 128, 0, 8);
	for (size_t i = 32; i < SHARE_BYTES; i++) {
		share[i] ^= 1;
		crypto_box_seal(box, share, sizeof share, c.to.box);
		expect_err(epoch_open_box(box, &c.context, &c.to, c.box_sk, e_raw, &err), E_UNVERIFIED, &err,
			   "bound to something else");
		assert_memory_equal(e_raw, untouched, sizeof e_raw);
		share[i] ^= 1;
	}
	share[0] ^= 1;
	crypto_box_seal(box, share, sizeof share, c.to.box);
	expect_ok(epoch_open_box(box, &c.context, &c.to, c.box_sk, e_raw, &err), &err);
	assert_memory_equal(e_raw, share, sizeof e_raw);
}

/* Boxes made for another circle, parent or device, and every changed byte of a box. */
static void test_boxes_of_others(void **state)
{
	struct case_of_box c;
	uint8_t *const bound[] = { c.context.circle, c.context.parent, c.to.device };
	uint8_t box[BOX_BYTES], e_raw[KEY_BYTES], seed[KEY_BYTES] = { 8 }, pk[KEY_BYTES], sk[KEY_BYTES];
	struct err err;

	(void)state;
	make_case(&c);
	for (size_t i = 0; i < ARRAY_LEN(bound); i++) {
		bound[i][0] ^= 1;
		expect_ok(epoch_box(c.e_raw, &c.context, &c.to, box, &err), &err);
		bound[i][0] ^= 1;
		expect_err(epoch_open_box(box, &c.context, &c.to, c.box_sk, e_raw, &err), E_UNVERIFIED, &err,
			   "something else");
	}
	expect_ok(epoch_box(c.e_raw, &c.context, &c.to, box, &err), &err);
	for (size_t i = 0; i < sizeof box; i++) {
		box[i] ^= 1;
		expect_err(epoch_open_box(box, &c.context, &c.to, c.box_sk, e_raw, &err), E_UNVERIFIED, &err,
			   "does not open");
		box[i] ^= 1;
	}
	box_keypair(seed, pk, sk);
	expect_err(epoch_open_box(box, &c.context, &c.to, sk, e_raw, &err), E_UNVERIFIED, &err, "does not open");
	memcpy(c.to.box, pk, sizeof pk);
	expect_err(epoch_open_box(box, &c.context, &c.to, sk, e_raw, &err), E_UNVERIFIED, &err, "does not open");
}

/* Sub-keys with which every shared secret is zero. */
static void test_keys_of_low_order(void **state)
{
	static const char *const keys[] = {
		"0000000000000000000000000000000000000000000000000000000000000000",
		"0100000000000000000000000000000000000000000000000000000000000000",
		"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
		"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	};
	uint8_t box[BOX_BYTES];
	struct case_of_box c;
	struct buf boxes;
	struct err err;

	(void)state;
	make_case(&c);
	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		assert_int_equal(hex_decode(keys[i], 64, c.to.box, KEY_BYTES), 0);
		expect_err(epoch_box(c.e_raw, &c.context, &c.to, box, &err), E_INVALID, &err, "low order");
		buf_init(&boxes, 4096);
		expect_err(epoch_boxes(c.e_raw, &c.context, &c.to, 1, &boxes, &err), E_INVALID, &err, "low order");
		buf_release(&boxes);
	}
}

static void test_boxes_of_many_members(void **state)
{
	static struct member members[EPOCH_MEMBERS_MAX + 1];
	uint8_t e_raw[KEY_BYTES];
	struct case_of_box c;
	struct buf boxes;
	struct err err;

	(void)state;
	make_case(&c);
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		members[i] = c.to;
		members[i].device[0] = (uint8_t)i;
	}
	buf_init(&boxes, SECTION_MAX);
	expect_ok(epoch_boxes(c.e_raw, &c.context, members, EPOCH_MEMBERS_MAX, &boxes, &err), &err);
	assert_int_equal(boxes.n, 2 + EPOCH_MEMBERS_MAX * BOX_BYTES);
	assert_int_equal(get_u16(boxes.p), EPOCH_MEMBERS_MAX);
	for (size_t i = 0; i < EPOCH_MEMBERS_MAX; i++)
		expect_ok(epoch_open_box(boxes.p + 2 + i * BOX_BYTES, &c.context, &members[i], c.box_sk, e_raw, &err),
			  &err);
	buf_clear(&boxes);
	expect_err(epoch_boxes(c.e_raw, &c.context, members, EPOCH_MEMBERS_MAX + 1, &boxes, &err), E_LIMIT, &err,
		   "255");
	expect_err(epoch_boxes(c.e_raw, &c.context, members, 0, &boxes, &err), E_LIMIT, &err, "not 0");
	buf_release(&boxes);
}

/* What stands in front of the salt, from the first two bytes of a section. */
static void test_prefix(void **state)
{
	static uint8_t entry[ENTRY_MAX];
	size_t prefix = 7;
	struct err err;

	(void)state;
	put_u16(entry + ENVELOPE_BYTES, 1);
	expect_ok(epoch_prefix(BYTES(entry, ENVELOPE_BYTES + 256), &prefix, &err), &err);
	assert_int_equal(prefix, 186);
	expect_ok(epoch_prefix(BYTES(entry, ENVELOPE_BYTES + 186 + SEAL_OVERHEAD + 1), &prefix, &err), &err);
	expect_err(epoch_prefix(BYTES(entry, ENVELOPE_BYTES + 186 + SEAL_OVERHEAD), &prefix, &err), E_INVALID, &err,
		   NULL);
	expect_err(epoch_prefix(BYTES(entry, ENVELOPE_BYTES + 1), &prefix, &err), E_INVALID, &err, "boxes");
	expect_err(epoch_prefix(BYTES(entry, ENVELOPE_BYTES), &prefix, &err), E_INVALID, &err, "boxes");
	put_u16(entry + ENVELOPE_BYTES, 0);
	expect_err(epoch_prefix(BYTES_OF(entry), &prefix, &err), E_INVALID, &err, "boxes");
	put_u16(entry + ENVELOPE_BYTES, EPOCH_MEMBERS_MAX);
	expect_ok(epoch_prefix(BYTES_OF(entry), &prefix, &err), &err);
	assert_int_equal(prefix, 2 + 184 * 255);
	put_u16(entry + ENVELOPE_BYTES, EPOCH_MEMBERS_MAX + 1);
	expect_err(epoch_prefix(BYTES_OF(entry), &prefix, &err), E_INVALID, &err, "boxes");
	assert_int_equal(prefix, 2 + 184 * 255);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_bytes_as_the_second_program),
		cmocka_unit_test(test_every_input_counts),
		cmocka_unit_test(test_opens_as_a_sealed_box),
		cmocka_unit_test(test_every_swapped_byte_of_a_share),
		cmocka_unit_test(test_boxes_of_others),
		cmocka_unit_test(test_keys_of_low_order),
		cmocka_unit_test(test_boxes_of_many_members),
		cmocka_unit_test(test_prefix),
	};

	if (crypto_start(NULL) < 0)
		return 1;
	return run_tests("record/epoch", tests);
}
