/* Circles: charters, founding epochs, later epochs, and the one to which a writer seals. */
#include "unit/record/devices.h"

#define DEVICES 5

/* A circle of up to five devices of two organisations (devices 0 to 2 of one, 3 and 4 of the other). */
struct scene {
	struct device devices[DEVICES];
	struct member members[DEVICES + 1];
	size_t n;
	uint8_t id[ID_BYTES];
	struct buf charter;
	struct circle circle;
	struct err err;
};

/* What an epoch entry is made of; each member can be made wrong before it is sealed. */
struct begin {
	size_t author;
	const struct member *members;
	size_t n_members;
	uint8_t (*parents)[ID_BYTES];
	size_t n_parents;
	uint8_t e_raw;                    /* its 32 bytes */
	const struct member *box_members; /* NULL: members */
};

static struct made entry;

static void scene_init(struct scene *s, size_t n)
{
	static const char text[] =
		"{\"t\":\"charter\",\"v\":1,\"rules\":1,\"name\":\"Havana\",\"purpose\":\"Talks\",\"process\":\"%s\","
		"\"random\":"
		"\"%s\",\"device\":\"%s\",\"box\":\"%s\",\"organisations\":[{\"id\":\"%s\",\"roles\":[\"admin\"]},{"
		"\"id\":\"%s\","
		"\"roles\":[]}],\"thresholds\":{\"admit\":1,\"remove\":1,\"amend\":2},\"retention_days\":0,\"history\":"
		"\"none\",\"min_version\":1,\"hubs\":[]}";
	char device[65], box[65], first[65], second[65];
	uint8_t org[ID_BYTES];

	memset(s, 0, sizeof *s);
	s->n = n;
	for (size_t i = 0; i < DEVICES; i++) {
		s->devices[i] = device_make((uint8_t)(i + 1));
		s->members[i] = member_of(&s->devices[i], i < 3 ? 0xc1 : 0xc2);
	}
	hex_encode(s->devices[0].key, KEY_BYTES, device);
	hex_encode(s->devices[0].box, KEY_BYTES, box);
	memset(org, 0xc1, sizeof org);
	hex_encode(org, sizeof org, first);
	memset(org, 0xc2, sizeof org);
	hex_encode(org, sizeof org, second);
	buf_init(&s->charter, BODY_MAX);
	buf_printf(&s->charter, text, first, second, device, box, first, second);
	circle_id(BYTES(s->charter.p, s->charter.n), s->id);
}

static void scene_release(struct scene *s)
{
	buf_release(&s->charter);
	circle_release(&s->circle);
}

static void write_ids(struct json_out *w, const char *key, uint8_t (*ids)[ID_BYTES], size_t n)
{
	json_open(w, key, '[');
	for (size_t i = 0; i < n; i++)
		json_member_hex(w, NULL, ids[i], ID_BYTES);
	json_close(w, ']');
}

/* The body of an epoch with any number of parents. */
static void write_body(const struct scene *s, const struct begin *b, struct buf *out)
{
	uint8_t(*parents)[ID_BYTES] = b->parents;
	struct json_out w = json_out_begin(out);
	const uint8_t psk[KEY_BYTES] = { 0 };

	json_open(&w, NULL, '{');
	json_member_text(&w, "t", "epoch");
	json_member_int(&w, "v", 1);
	json_open(&w, "members", '[');
	for (size_t i = 0; i < b->n_members; i++) {
		json_open(&w, NULL, '{');
		json_member_hex(&w, "organisation", b->members[i].organisation, ID_BYTES);
		json_member_hex(&w, "device", b->members[i].device, KEY_BYTES);
		json_member_hex(&w, "box", b->members[i].box, KEY_BYTES);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	write_ids(&w, "deps", parents, b->n_parents);
	write_ids(&w, "parents", parents, b->n_parents);
	json_member_text(&w, "reason", b->n_parents ? "rotation" : "founding");
	json_member_hex(&w, "psk", psk, sizeof psk);
	if (b->n_parents == 0) {
		char *text = malloc(base64url_len(s->charter.n) + 1);

		base64url_encode(s->charter.p, s->charter.n, text);
		json_member_text(&w, "charter", text);
		free(text);
	}
	json_close(&w, '}');
}

/* Seal an epoch entry into `entry`. */
static void make_epoch(struct scene *s, const struct begin *b)
{
	struct epoch_context context = { 0 };
	uint8_t e_raw[KEY_BYTES], e0[KEY_BYTES];
	struct buf boxes, body;

	memset(e_raw, b->e_raw, sizeof e_raw);
	memcpy(context.circle, s->id, ID_BYTES);
	if (b->n_parents)
		memcpy(context.parent, b->parents[0], ID_BYTES);
	buf_init(&boxes, SECTION_MAX);
	buf_init(&body, BODY_MAX);
	expect_ok(epoch_boxes(e_raw, &context, b->box_members ? b->box_members : b->members, b->n_members, &boxes,
			      &s->err),
		  &s->err);
	write_body(s, b, &body);
	epoch_own_key(e_raw, &context, e0);
	device_write(&s->devices[b->author],
		     &(struct recipe){ .cls = CLASS_CONTROL,
				       .circle = s->id,
				       .key = e0,
				       .boxes = BYTES(boxes.p, boxes.n),
				       .body = BYTES(body.p, body.n) },
		     &entry);
	buf_release(&boxes);
	buf_release(&body);
}

/* Open `entry` as a reader does, and apply it. */
static int apply_made(struct scene *s, const struct begin *b)
{
	static uint8_t text[SECTION_MAX + 1];
	const struct bytes bytes = BYTES(entry.bytes, entry.n);
	struct epoch_context context = { 0 };
	uint8_t e_raw[KEY_BYTES], e0[KEY_BYTES];
	struct envelope e;
	size_t prefix, n;

	memset(e_raw, b->e_raw, sizeof e_raw);
	memcpy(context.circle, s->id, ID_BYTES);
	if (b->n_parents)
		memcpy(context.parent, b->parents[0], ID_BYTES);
	epoch_own_key(e_raw, &context, e0);
	expect_ok(entry_check(bytes, &e, &s->err), &s->err);
	expect_ok(epoch_prefix(bytes, &prefix, &s->err), &s->err);
	expect_ok(entry_open(bytes, &e, e0, prefix, text, &n, &s->err), &s->err);
	return circle_apply_epoch(&s->circle, bytes, &e, BYTES(text, n), e_raw, &s->err);
}

static int begin(struct scene *s, const struct begin *b)
{
	make_epoch(s, b);
	return apply_made(s, b);
}

static struct begin founding_of(const struct scene *s)
{
	return (struct begin){ .members = s->members, .n_members = s->n, .e_raw = 1 };
}

static struct begin rotation_of(const struct scene *s, uint8_t (*parents)[ID_BYTES], size_t n, uint8_t e_raw)
{
	return (struct begin){
		.members = s->members, .n_members = s->n, .parents = parents, .n_parents = n, .e_raw = e_raw
	};
}

static void scene_found(struct scene *s, size_t n)
{
	struct begin b;

	scene_init(s, n);
	b = founding_of(s);
	expect_ok(begin(s, &b), &s->err);
}

/* An epoch that must be refused and change nothing. */
static void expect_refused(struct scene *s, const struct begin *b, const char *says)
{
	const struct circle before = s->circle;

	expect_err(begin(s, b), E_INVALID, &s->err, says);
	assert_memory_equal(&s->circle, &before, sizeof before);
}

static void expect_founding_refused(const char *from, const char *to, const char *says)
{
	struct scene s;
	struct begin b;
	char *at;

	scene_init(&s, 2);
	at = strstr((char *)s.charter.p, from);
	assert_non_null(at);
	assert_int_equal(strlen(from), strlen(to));
	memcpy(at, to, strlen(to));
	circle_id(BYTES(s.charter.p, s.charter.n), s.id);
	b = founding_of(&s);
	expect_refused(&s, &b, says);
	scene_release(&s);
}

static void test_founding(void **state)
{
	uint8_t e_raw[KEY_BYTES], e[KEY_BYTES], process[ID_BYTES];

	(void)state;
	memset(e_raw, 1, sizeof e_raw);
	memset(process, 0xc1, sizeof process);
	for (size_t n = 1; n <= DEVICES; n++) {
		struct scene s;

		scene_found(&s, n);
		assert_memory_equal(s.circle.id, s.id, ID_BYTES);
		assert_memory_equal(s.circle.process, process, ID_BYTES);
		assert_string_equal(s.circle.name, "Havana");
		assert_string_equal(s.circle.purpose, "Talks");
		assert_true(s.circle.founded_ms == entry.e.time_ms);
		assert_int_equal(s.circle.n_members, n);
		for (size_t i = 0; i < n; i++)
			assert_memory_equal(circle_member(&s.circle, s.devices[i].key), &s.members[i],
					    sizeof(struct member));
		assert_null(circle_member(&s.circle, s.id));
		assert_int_equal(s.circle.n_epochs, 1);
		assert_memory_equal(s.circle.epochs[0].id, entry.id, ID_BYTES);
		assert_int_equal(s.circle.epochs[0].depth, 1);
		assert_true(s.circle.epochs[0].may_seal);
		epoch_secret(e_raw, entry.id, e);
		assert_memory_equal(s.circle.epochs[0].secret, e, KEY_BYTES);
		assert_ptr_equal(circle_newest_epoch(&s.circle), &s.circle.epochs[0]);
		assert_ptr_equal(circle_epoch(&s.circle, entry.id), &s.circle.epochs[0]);
		assert_null(circle_epoch(&s.circle, s.id));
		scene_release(&s);
	}
}

/* What charter_compose() and epoch_compose() write is what circle_apply_epoch() takes. */
static void test_composed_founding(void **state)
{
	const uint8_t process[ID_BYTES] = { 5 }, random[32] = { 6 };
	struct epoch_context context = { 0 };
	uint8_t e_raw[KEY_BYTES] = { 1 }, e0[KEY_BYTES];
	struct buf charter, boxes, body;
	struct scene s;

	(void)state;
	scene_init(&s, 1);
	buf_init(&charter, BODY_MAX);
	buf_init(&boxes, SECTION_MAX);
	buf_init(&body, BODY_MAX);
	charter_compose("N \"x\"", NULL, &s.members[0], process, random, &charter);
	circle_id(BYTES(charter.p, charter.n), context.circle);
	expect_ok(epoch_boxes(e_raw, &context, s.members, 1, &boxes, &s.err), &s.err);
	epoch_compose(s.members, 1, NULL, "founding", BYTES(charter.p, charter.n), &body);
	epoch_own_key(e_raw, &context, e0);
	device_write(&s.devices[0],
		     &(struct recipe){ .cls = CLASS_CONTROL,
				       .circle = context.circle,
				       .key = e0,
				       .boxes = BYTES(boxes.p, boxes.n),
				       .body = BYTES(body.p, body.n) },
		     &entry);
	expect_ok(circle_apply_epoch(&s.circle, BYTES(entry.bytes, entry.n), &entry.e, BYTES(body.p, body.n), e_raw,
				     &s.err),
		  &s.err);
	assert_string_equal(s.circle.name, "N \"x\"");
	assert_string_equal(s.circle.purpose, "");
	assert_memory_equal(s.circle.process, process, ID_BYTES);
	assert_true(s.circle.epochs[0].may_seal);
	buf_clear(&body);
	epoch_compose(s.members, 1, entry.id, "rotation", NO_BYTES, &body);
	memcpy(context.parent, entry.id, ID_BYTES);
	buf_clear(&boxes);
	expect_ok(epoch_boxes(e_raw, &context, s.members, 1, &boxes, &s.err), &s.err);
	device_write(&s.devices[0],
		     &(struct recipe){ .cls = CLASS_CONTROL,
				       .circle = context.circle,
				       .key = e0,
				       .boxes = BYTES(boxes.p, boxes.n),
				       .body = BYTES(body.p, body.n) },
		     &entry);
	expect_ok(circle_apply_epoch(&s.circle, BYTES(entry.bytes, entry.n), &entry.e, BYTES(body.p, body.n), e_raw,
				     &s.err),
		  &s.err);
	assert_int_equal(s.circle.epochs[1].depth, 2);
	buf_release(&charter);
	buf_release(&boxes);
	buf_release(&body);
	scene_release(&s);
}

static void test_charter_that_does_not_fit(void **state)
{
	struct scene s;
	struct begin b;

	(void)state;
	expect_founding_refused("\"t\":\"charter\"", "\"t\":\"Charter\"", "charter: t must be");
	expect_founding_refused("\"v\":1", "\"v\":2", "charter: v must be 1");
	expect_founding_refused("\"rules\":1", "\"rules\":2", "does not know: use a newer one");
	expect_founding_refused("\"name\":\"Havana\"", "\"nAme\":\"Havana\"", "charter: name is missing");
	expect_founding_refused("\"purpose\":\"Talks\"", "\"purpose\":[1,2,3]", "charter: purpose must be a text");
	expect_founding_refused("\"process\":\"c", "\"process\":\"C", "charter: process must be 64");
	expect_founding_refused("\"random\":\"c", "\"random\":\"g", "charter: random must be 64");
	expect_founding_refused("\"device\"", "\"Device\"", "charter: device is missing");
	expect_founding_refused("\"box\"", "\"Box\"", "charter: box is missing");
	expect_founding_refused("\"organisations\":[{\"id\":\"c", "\"organisations\":[{\"id\":\"C",
				"charter: organisations 1: id must be 64");
	expect_founding_refused("[\"admin\"]", "[\"ADMIN\"]", "charter: organisations 1: roles 1: must be one of");
	expect_founding_refused("\"amend\":2", "\"amend\":0", "charter: thresholds amend must be");
	expect_founding_refused("\"retention_days\":0", "\"retention_Days\":0", "charter: retention_days is missing");
	expect_founding_refused("\"none\"", "\"some\"", "charter: history must be one of");
	expect_founding_refused("\"min_version\":1", "\"min_version\":2", "charter: min_version must be 1");
	expect_founding_refused("\"hubs\":[]", "\"hubs\":{}", "charter: hubs must be an array");
	expect_founding_refused("\"hubs\":[]}", "\"hubs\":[] ", "charter: JSON");
	/* A charter that is right in itself, in a circle of another id. */
	scene_init(&s, 2);
	s.id[0] ^= 1;
	b = founding_of(&s);
	expect_refused(&s, &b, "not the one that the circle's id names");
	scene_release(&s);
}

/* The charter names the device that founds, its sub-key, and the organisations whose devices are members. */
static void test_founders(void **state)
{
	struct scene s;
	struct begin b;

	(void)state;
	scene_init(&s, 2);
	b = founding_of(&s);
	b.author = 1;
	expect_refused(&s, &b, "the device in its charter");
	b = founding_of(&s);
	s.devices[0].seq = 1;
	s.devices[0].prev[0] = 1;
	expect_refused(&s, &b, "by the first entry");
	scene_release(&s);
	scene_init(&s, 2);
	b = founding_of(&s);
	b.members = &s.members[1];
	expect_refused(&s, &b, "lack the founding device");
	scene_release(&s);
	scene_init(&s, 2);
	memcpy(s.members[0].box, s.members[1].box, KEY_BYTES);
	b = founding_of(&s);
	expect_refused(&s, &b, "with its box key");
	scene_release(&s);
	scene_init(&s, 2);
	memset(s.members[1].organisation, 0xc3, ID_BYTES);
	b = founding_of(&s);
	expect_refused(&s, &b, "no founding organisation");
	scene_release(&s);
}

/* Names of any length are valid; they are cut where they are shown, never within a character. */
static void test_long_name(void **state)
{
	struct scene s;
	struct begin b;
	struct buf longer;
	const char *rest;

	(void)state;
	scene_init(&s, 1);
	rest = strstr(buf_str(&s.charter), "Havana");
	buf_init(&longer, BODY_MAX);
	buf_put(&longer, s.charter.p, (size_t)(rest - buf_str(&s.charter)));
	buf_text(&longer, "x");
	for (int i = 0; i < 150; i++)
		buf_text(&longer, "\xc3\xa9");
	buf_text(&longer, rest + strlen("Havana"));
	buf_release(&s.charter);
	s.charter = longer;
	circle_id(BYTES(s.charter.p, s.charter.n), s.id);
	b = founding_of(&s);
	expect_ok(begin(&s, &b), &s.err);
	assert_int_equal(strlen(s.circle.name), CIRCLE_NAME_MAX - 1); /* 1 + 99 characters of two bytes */
	assert_true(utf8_valid(s.circle.name, strlen(s.circle.name)));
	scene_release(&s);
}

static void test_later_epochs(void **state)
{
	uint8_t ids[4][ID_BYTES];
	struct scene s;
	struct begin b;

	(void)state;
	scene_found(&s, 2);
	memcpy(ids[0], entry.id, ID_BYTES);
	b = rotation_of(&s, &ids[0], 1, 2);
	b.author = 1; /* any member */
	expect_ok(begin(&s, &b), &s.err);
	memcpy(ids[1], entry.id, ID_BYTES);
	assert_int_equal(s.circle.epochs[1].depth, 2);
	b = rotation_of(&s, &ids[0], 2, 3);
	expect_ok(begin(&s, &b), &s.err);
	memcpy(ids[2], entry.id, ID_BYTES);
	assert_int_equal(s.circle.epochs[2].depth, 3); /* behind the deeper of its parents */
	b = rotation_of(&s, &ids[0], 1, 4);
	expect_ok(begin(&s, &b), &s.err);
	assert_int_equal(s.circle.epochs[3].depth, 2);
	assert_int_equal(s.circle.n_epochs, 4);
	assert_memory_equal(circle_newest_epoch(&s.circle)->id, ids[2], ID_BYTES);
	/* The same entry again, an unknown parent, no parent. */
	expect_err(apply_made(&s, &b), E_INVALID, &s.err, "begun already");
	memset(ids[3], 9, ID_BYTES);
	b = rotation_of(&s, &ids[3], 1, 5);
	expect_refused(&s, &b, "a parent that is not known");
	b = rotation_of(&s, &ids[2], 2, 5);
	expect_refused(&s, &b, "a parent that is not known");
	b = founding_of(&s);
	expect_refused(&s, &b, "only the first epoch");
	assert_int_equal(s.circle.n_epochs, 4);
	scene_release(&s);
	/* A rotation as the first entry of a circle. */
	scene_init(&s, 2);
	b = rotation_of(&s, &ids[0], 1, 2);
	expect_refused(&s, &b, "a parent that is not known");
	scene_release(&s);
}

static void test_other_members(void **state)
{
	uint8_t parent[1][ID_BYTES];
	struct member others[DEVICES];
	struct scene s;
	struct begin b;

	(void)state;
	scene_found(&s, 3);
	memcpy(parent[0], entry.id, ID_BYTES);
	b = rotation_of(&s, parent, 1, 2);
	b.author = 3;
	expect_refused(&s, &b, "a device that is no member");
	b = rotation_of(&s, parent, 1, 2);
	b.n_members = 2; /* one is missing */
	expect_refused(&s, &b, "other members");
	b.n_members = 4; /* one is added */
	expect_refused(&s, &b, "other members");
	b.n_members = 3;
	b.members = others;
	memcpy(others, s.members, sizeof others);
	others[1] = s.members[3]; /* one is exchanged */
	expect_refused(&s, &b, "other members");
	memcpy(others, s.members, sizeof others);
	memcpy(others[1].organisation, s.members[3].organisation, ID_BYTES);
	expect_refused(&s, &b, "other members");
	memcpy(others, s.members, sizeof others);
	memcpy(others[1].box, s.members[3].box, KEY_BYTES);
	expect_refused(&s, &b, "other members");
	memcpy(others, s.members, sizeof others);
	others[0] = s.members[2]; /* another order is the same list */
	others[2] = s.members[0];
	expect_ok(begin(&s, &b), &s.err);
	scene_release(&s);
}

static void test_another_circle(void **state)
{
	static uint8_t text[SECTION_MAX + 1];
	uint8_t parent[1][ID_BYTES], e_raw[KEY_BYTES];
	struct scene s;
	struct begin b;

	(void)state;
	scene_found(&s, 2);
	memcpy(parent[0], entry.id, ID_BYTES);
	b = rotation_of(&s, parent, 1, 2);
	make_epoch(&s, &b);
	memset(e_raw, 2, sizeof e_raw);
	memcpy(text, entry.body, entry.body_n);
	entry.e.circle[0] ^= 1;
	expect_err(circle_apply_epoch(&s.circle, BYTES(entry.bytes, entry.n), &entry.e, BYTES(text, entry.body_n),
				      e_raw, &s.err),
		   E_INVALID, &s.err, "other members");
	scene_release(&s);
}

/* Boxes that are not what the secret gives: the epoch is valid, and nobody seals to it. */
static void test_wrong_boxes(void **state)
{
	uint8_t parent[2][ID_BYTES];
	struct member swapped[2];
	const struct epoch *newest;
	struct scene s;
	struct begin b;

	(void)state;
	scene_found(&s, 2);
	memcpy(parent[0], entry.id, ID_BYTES);
	b = rotation_of(&s, parent, 1, 2);
	swapped[0] = s.members[1];
	swapped[1] = s.members[0];
	b.box_members = swapped;
	expect_ok(begin(&s, &b), &s.err);
	memcpy(parent[1], entry.id, ID_BYTES);
	assert_int_equal(s.circle.n_epochs, 2);
	assert_false(s.circle.epochs[1].may_seal);
	assert_non_null(s.circle.epochs[1].secret);
	newest = circle_newest_epoch(&s.circle);
	assert_memory_equal(newest->id, parent[0], ID_BYTES);
	/* What follows it is deeper and may be sealed to. */
	b = rotation_of(&s, &parent[1], 1, 3);
	expect_ok(begin(&s, &b), &s.err);
	newest = circle_newest_epoch(&s.circle);
	assert_memory_equal(newest->id, entry.id, ID_BYTES);
	assert_int_equal(newest->depth, 3);
	scene_release(&s);
}

/* A member whose sub-key is of low order: valid, as the format has it, and never sealed to. */
static void test_sub_key_of_low_order(void **state)
{
	struct member boxed[2];
	struct scene s;
	struct begin b;

	(void)state;
	scene_init(&s, 2);
	b = founding_of(&s);
	memcpy(boxed, s.members, sizeof boxed);
	b.box_members = boxed; /* the author cannot make the second box and puts another one there */
	memset(s.members[1].box, 0, KEY_BYTES);
	expect_ok(begin(&s, &b), &s.err);
	assert_int_equal(s.circle.n_epochs, 1);
	assert_null(circle_newest_epoch(&s.circle));
	scene_release(&s);
}

static void test_later_version(void **state)
{
	static const char body[] = "{\"t\":\"epoch\",\"v\":2}";
	uint8_t e_raw[KEY_BYTES];
	struct scene s;
	struct begin b;

	(void)state;
	scene_init(&s, 1);
	b = founding_of(&s);
	make_epoch(&s, &b);
	memset(e_raw, 1, sizeof e_raw);
	expect_err(circle_apply_epoch(&s.circle, BYTES(entry.bytes, entry.n), &entry.e, BYTES(body, strlen(body)),
				      e_raw, &s.err),
		   E_INVALID, &s.err, "later version");
	scene_release(&s);
}

/* The deepest, of these the lowest id, of those that may be sealed to and whose secret is here. */
static void test_newest_epoch(void **state)
{
	uint8_t secret[KEY_BYTES] = { 1 };
	struct epoch epochs[] = {
		{ .id = { 5 }, .depth = 1, .may_seal = true, .secret = secret },
		{ .id = { 4 }, .depth = 2, .may_seal = true, .secret = secret },
		{ .id = { 3 }, .depth = 2, .may_seal = true, .secret = secret },
		{ .id = { 9 }, .depth = 2, .may_seal = true, .secret = secret },
		{ .id = { 1 }, .depth = 3, .may_seal = false, .secret = secret },
		{ .id = { 2 }, .depth = 3, .may_seal = true, .secret = NULL },
	};
	struct circle circle = { .epochs = epochs, .n_epochs = ARRAY_LEN(epochs) };

	(void)state;
	assert_ptr_equal(circle_newest_epoch(&circle), &epochs[2]);
	circle.n_epochs = 2;
	assert_ptr_equal(circle_newest_epoch(&circle), &epochs[1]);
	circle.n_epochs = 1;
	assert_ptr_equal(circle_newest_epoch(&circle), &epochs[0]);
	circle.n_epochs = 0;
	assert_null(circle_newest_epoch(&circle));
	circle.epochs = &epochs[4];
	circle.n_epochs = 2;
	assert_null(circle_newest_epoch(&circle));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_founding),
		cmocka_unit_test(test_composed_founding),
		cmocka_unit_test(test_charter_that_does_not_fit),
		cmocka_unit_test(test_founders),
		cmocka_unit_test(test_long_name),
		cmocka_unit_test(test_later_epochs),
		cmocka_unit_test(test_other_members),
		cmocka_unit_test(test_another_circle),
		cmocka_unit_test(test_wrong_boxes),
		cmocka_unit_test(test_sub_key_of_low_order),
		cmocka_unit_test(test_later_version),
		cmocka_unit_test(test_newest_epoch),
	};

	if (crypto_start(NULL) < 0)
		return 1;
	return run_tests("record/circle", tests);
}
