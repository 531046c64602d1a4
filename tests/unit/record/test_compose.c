/* Bodies as they are written: one form for one claim, labels resolved, what a writer may say. */
#include "base/limits.h"
#include "record/body.h"
#include "unit/record/kinds.h"

#define ID16 "00112233445566778899aabbccddeeff"

static const struct compose_rules later = { false, false };
static const struct compose_rules first = { true, false };
static const struct compose_rules keep = { false, true };

/* Compose a line of JSON; ret gets the body, in the arena. */
static int compose(struct arena *a, const char *line, const struct compose_rules *rules, const char **ret,
		   struct err *err)
{
	const struct json *json;
	struct buf body;
	int rc;

	expect_ok(json_parse(a, line, strlen(line), &json, err), err);
	buf_init(&body, JSON_TEXT_MAX);
	rc = claim_compose(a, json, rules, &body, err);
	*ret = arena_copy(a, buf_str(&body), body.n);
	buf_release(&body);
	return rc;
}

static void expect_body(const char *line, const struct compose_rules *rules, const char *expected)
{
	struct arena a = { 0 };
	const char *body;
	struct err err;

	expect_ok(compose(&a, line, rules, &body, &err), &err);
	assert_string_equal(body, expected);
	arena_release(&a);
}

static void expect_refused(const char *line, const struct compose_rules *rules, const char *says)
{
	struct arena a = { 0 };
	const char *body;
	struct err err;

	expect_err(compose(&a, line, rules, &body, &err), E_INVALID, &err, says);
	arena_release(&a);
}

/* The id in hex of a label. */
static const char *label_hex(struct arena *a, const char *label)
{
	char hex[2 * OBJECT_ID_BYTES + 1];
	uint8_t id[OBJECT_ID_BYTES];
	struct err err;

	expect_ok(object_id_parse(label, id, &err), &err);
	hex_encode(id, sizeof id, hex);
	return arena_text(a, hex);
}

#define WHOLE                                                                                                          \
	"{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"name\":\"FARC\",\"type\":"         \
	"\"insurgent_group\",\"strength\":7000},\"says\":\"" ID16 "\",\"when\":\"2012-08\",\"known\":\"2012\","        \
	"\"by\":\"b\",\"source\":\"s\",\"quote\":\"q\",\"grade\":\"B2\",\"tlp\":\"amber\",\"rule\":\"on_record\","     \
	"\"lang\":\"es\",\"note\":\"n\",\"files\":[]}"

static void test_order_does_not_matter(void **state)
{
	(void)state;
	expect_body(WHOLE, &first, WHOLE);
	expect_body(" { \"files\": [], \"note\":\"n\", \"lang\":\"es\",\"rule\":\"on_record\",\"tlp\":\"amber\","
		    "\"grade\":\"B2\",\"quote\":\"q\",\"source\":\"s\",\"by\":\"b\",\"known\":\"2012\",\"when\":\"2012-"
		    "08\","
		    "\"says\":\"" ID16
		    "\",\"set\":{\"strength\":7000,\"type\":\"insurgent_group\",\"name\":\"FAR\\u0043\"},"
		    "\n\"id\":\"" ID16 "\",\"kind\":\"actor\"}",
		    &first, WHOLE);
}

/* Every other order of the members, by turning the list: always the same bytes. */
static void test_every_turn_of_the_members(void **state)
{
	struct arena a = { 0 };
	const struct json *json;
	struct err err;

	(void)state;
	expect_ok(json_parse(&a, WHOLE, strlen(WHOLE), &json, &err), &err);
	for (size_t turn = 0; turn < 16; turn++) {
		struct json_out w;
		struct buf line;
		size_t at = 0;

		buf_init(&line, JSON_TEXT_MAX);
		w = json_out_begin(&line);
		json_open(&w, NULL, '{');
		for (const struct json *m = json->child; m; m = m->next, at++)
			if (at >= turn)
				json_member_value(&w, m->key, m);
		at = 0;
		for (const struct json *m = json->child; m && at < turn; m = m->next, at++)
			json_member_value(&w, m->key, m);
		json_close(&w, '}');
		expect_body(buf_str(&line), &first, WHOLE);
		buf_release(&line);
	}
	arena_release(&a);
}

static void test_labels(void **state)
{
	struct arena a = { 0 };
	const char *body;
	struct err err;

	(void)state;
	expect_ok(compose(&a,
			  "{\"kind\":\"faction\",\"id\":\"@havana/east\",\"says\":\"@havana/"
			  "gov\",\"set\":{\"leader\":\"@havana/farc\","
			  "\"summary\":\"E\",\"before\":[\"@p/1\",\"" ID16 "\",\"@p/2\"]}}",
			  &later, &body, &err),
		  &err);
	assert_string_equal(
		body,
		arena_printf(&a,
			     "{\"t\":\"claim\",\"v\":1,\"kind\":\"faction\",\"id\":\"%s\",\"set\":{\"summary\":\"E\","
			     "\"before\":[\"%s\",\"" ID16 "\",\"%s\"],\"leader\":\"%s\"},\"says\":\"%s\"}",
			     label_hex(&a, "@havana/east"), label_hex(&a, "@p/1"), label_hex(&a, "@p/2"),
			     label_hex(&a, "@havana/farc"), label_hex(&a, "@havana/gov")));
	arena_release(&a);
	/* A text that begins with @ is a label in fields of ids only. */
	expect_body("{\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"short\":\"@x\"},\"note\":\"@y\"}", &later,
		    "{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"" ID16
		    "\",\"set\":{\"short\":\"@x\"},\"note\":"
		    "\"@y\"}");
}

static void test_bad_ids(void **state)
{
	(void)state;
	expect_refused("{\"kind\":\"actor\",\"set\":{\"short\":\"x\"}}", &later, "id: must be the id");
	expect_refused("{\"kind\":\"actor\",\"id\":7,\"set\":{\"short\":\"x\"}}", &later, "id: must be the id");
	expect_refused("{\"kind\":\"actor\",\"id\":\"@No\",\"set\":{\"short\":\"x\"}}", &later, "id: an id must be 32");
	expect_refused("{\"kind\":\"actor\",\"id\":\"" ID16 "\",\"says\":null,\"set\":{\"short\":\"x\"}}", &later,
		       "says: must be the id");
	expect_refused("{\"kind\":\"actor\",\"id\":\"" ID16 "\",\"says\":\"@\",\"set\":{\"short\":\"x\"}}", &later,
		       "says: an id must be 32");
	expect_refused("{\"kind\":\"faction\",\"id\":\"" ID16 "\",\"set\":{\"leader\":\"@No\"}}", &later,
		       "faction.leader");
	expect_refused("{\"kind\":\"faction\",\"id\":\"" ID16 "\",\"set\":{\"before\":[\"@ok\",\"@No\"]}}", &later,
		       "faction.before: value 2");
	expect_refused("{\"kind\":\"faction\",\"id\":\"" ID16 "\",\"set\":{\"before\":[\"@ok\",[\"@ok\"]]}}", &later,
		       "faction.before: value 2");
	expect_refused("{\"kind\":\"faction\",\"id\":\"" ID16 "\",\"set\":{\"before\":\"@ok\"}}", &later,
		       "faction.before: it takes a list");
	expect_refused("{\"kind\":\"faction\",\"id\":\"" ID16 "\",\"set\":{\"leader\":[\"@ok\"]}}", &later,
		       "faction.leader: this is an array");
	/* Two labels of one object are one object. */
	expect_refused("{\"kind\":\"faction\",\"id\":\"" ID16 "\",\"set\":{\"before\":[\"@p\",\"@p\"]}}", &later,
		       "already");
}

static void test_kinds(void **state)
{
	(void)state;
	expect_refused("{\"id\":\"" ID16 "\",\"set\":{\"x\":1}}", &keep, "kind must be a name");
	expect_refused("{\"kind\":\"Actor\",\"id\":\"" ID16 "\",\"set\":{\"x\":1}}", &keep, "kind must be a name");
	expect_refused("{\"kind\":\"aktor\",\"id\":\"" ID16 "\",\"set\":{\"x\":1}}", &later, "did you mean 'actor'?");
	expect_refused("{\"kind\":\"zzzzzzzz\",\"id\":\"" ID16 "\",\"set\":{\"x\":1}}", &later,
		       "there is no kind 'zzzzzzzz':");
	expect_refused("{\"kind\":\"device\",\"id\":\"" ID16 "\",\"set\":{\"x\":1}}", &keep,
		       "written by the record itself");
	expect_body("{\"set\":{\"b\":[1,{\"c\":null}],\"a\":false},\"id\":\"" ID16 "\",\"kind\":\"zzzzzzzz\"}", &keep,
		    "{\"t\":\"claim\",\"v\":1,\"kind\":\"zzzzzzzz\",\"id\":\"" ID16
		    "\",\"set\":{\"b\":[1,{\"c\":null}],\"a\":false}}");
}

static void test_unknown_fields_and_members(void **state)
{
	static const char line[] =
		"{\"more\":[1],\"kind\":\"actor\",\"id\":\"" ID16
		"\",\"set\":{\"zeta\":1,\"short\":\"x\",\"alpha\":{\"y\":2},\"name\":\"N\"},\"extra\":2}";

	(void)state;
	expect_body(line, &keep,
		    "{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"name\":\"N\",\"short\":"
		    "\"x\",\"zeta\":1,\"alpha\":{\"y\":2}},\"more\":[1],\"extra\":2}");
	expect_refused(line, &later, "'more' is not a member of a claim");
	expect_refused("{\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"shortt\":\"x\"}}", &later,
		       "did you mean 'short'?");
	expect_refused("{\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"short\":\"x\"},\"sourc\":\"x\"}", &later,
		       "did you mean 'source'?");
	/* Known fields are checked whatever is kept beside them. */
	expect_refused("{\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"strength\":\"many\"}}", &keep,
		       "actor.strength");
	expect_refused("{\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{}}", &keep, "set must hold at least one");
	expect_refused("{\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":[1]}", &keep, "set must hold at least one");
	expect_refused("{\"kind\":\"actor\",\"id\":\"" ID16 "\"}", &keep, "set must hold at least one");
}

static void test_common_members_are_checked(void **state)
{
	static const struct {
		const char *member, *says;
	} cases[] = {
		{ "\"when\":\"2012-13\"", "claim.when" },
		{ "\"known\":\"2012/2013\"", "claim.known" },
		{ "\"by\":1", "claim.by" },
		{ "\"source\":\"\"", "claim.source" },
		{ "\"quote\":[]", "claim.quote" },
		{ "\"grade\":\"G9\"", "claim.grade" },
		{ "\"tlp\":\"white\"", "claim.tlp" },
		{ "\"rule\":\"none\"", "claim.rule" },
		{ "\"lang\":\"Spanish\"", "claim.lang" },
		{ "\"note\":\"\\u0007\"", "claim.note" },
		{ "\"files\":1", "files must be an array" },
	};
	char line[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(line, sizeof line, "{\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"short\":\"x\"},%s}",
			 cases[i].member);
		expect_refused(line, &keep, cases[i].says);
	}
}

static void test_members_of_exports_are_left_out(void **state)
{
	(void)state;
	expect_body(
		"{\"entry\":\"e\",\"author\":1,\"recorded\":\"r\",\"circle\":\"c\",\"process\":\"p\",\"status\":\"s\","
		"\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"short\":\"x\"}}",
		&later, "{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"short\":\"x\"}}");
}

static void test_other_types_and_versions(void **state)
{
	(void)state;
	expect_refused("{\"t\":\"retract\",\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"short\":\"x\"}}", &keep,
		       "t must be claim");
	expect_refused("{\"v\":2,\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"short\":\"x\"}}", &keep,
		       "v must be 1");
	expect_refused("{\"v\":\"1\",\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"short\":\"x\"}}", &keep,
		       "v must be 1");
}

static void test_required_fields_for_the_first_claim(void **state)
{
	static const char part[] =
		"{\"kind\":\"faction\",\"id\":\"" ID16 "\",\"when\":\"2016\",\"set\":{\"summary\":\"x\"}}";
	static const char event[] =
		"{\"kind\":\"incident\",\"id\":\"" ID16 "\",\"set\":{\"summary\":\"x\",\"type\":\"ASSAULT\"}}";
	struct arena a = { 0 };
	const char *body;
	struct err err;

	(void)state;
	expect_refused(part, &first, "faction.change is missing");
	expect_ok(compose(&a, part, &later, &body, &err), &err);
	assert_true(kind_of("incident")->flags & KIND_EVENT);
	expect_refused(event, &first, "say when");
	expect_ok(compose(&a, event, &later, &body, &err), &err);
	arena_release(&a);
}

/* Every kind, with all examples of its fields at once: it composes, reads back, and composes to the same again. */
static void test_every_example_composes(void **state)
{
	size_t n_kinds, n_composed = 0;
	const struct kind *kinds = kinds_all(&n_kinds);
	struct arena a = { 0 };
	struct err err;

	(void)state;
	for (size_t k = 0; k < n_kinds; k++) {
		const struct kind *kind = &kinds[k];
		const char *body, *again;
		struct buf line;

		buf_init(&line, JSON_TEXT_MAX);
		buf_printf(&line, "{\"when\":\"2016-11-24\",\"kind\":\"%s\",\"id\":\"" ID16 "\",\"set\":{", kind->name);
		for (size_t i = kind->n_fields; i > 0; i--)
			buf_printf(&line, "\"%s\":%s%s", kind->fields[i - 1].name, kind->fields[i - 1].example,
				   i > 1 ? "," : "");
		buf_text(&line, "}}");
		if (kind->flags & KIND_RECORD) {
			expect_refused(buf_str(&line), &first, "written by the record itself");
		} else {
			expect_ok(compose(&a, buf_str(&line), &first, &body, &err), &err);
			expect_ok(compose(&a, body, &first, &again, &err), &err);
			assert_string_equal(body, again);
			n_composed++;
		}
		buf_release(&line);
	}
	assert_true(n_composed > 50);
	arena_release(&a);
}

/* A claim whose body has exactly n bytes: the kind is unknown, so its one field may be as long as it likes. */
static const char *long_claim(struct arena *a, size_t n)
{
	static const char head[] =
		"{\"t\":\"claim\",\"v\":1,\"kind\":\"zzzzzzzz\",\"id\":\"" ID16 "\",\"set\":{\"x\":\"";
	char *line = arena_alloc(a, n + 1);

	memset(line, 'x', n);
	memcpy(line, head, strlen(head));
	memcpy(line + n - 3, "\"}}", 3);
	return line;
}

static void test_longest_claim(void **state)
{
	struct arena a = { 0 };
	const char *line = long_claim(&a, BODY_MAX), *body;
	const struct json *json;
	struct buf small;
	struct err err;

	(void)state;
	expect_ok(compose(&a, line, &keep, &body, &err), &err);
	assert_int_equal(strlen(body), BODY_MAX);
	expect_err(compose(&a, long_claim(&a, BODY_MAX + 1), &keep, &body, &err), E_LIMIT, &err,
		   "more than 65103 bytes");
	/* The caller's buffer may be the smaller limit. */
	expect_ok(json_parse(&a, line, strlen(line), &json, &err), &err);
	buf_init(&small, BODY_MAX);
	expect_ok(claim_compose(&a, json, &keep, &small, &err), &err);
	buf_release(&small);
	buf_init(&small, 1000);
	expect_err(claim_compose(&a, json, &keep, &small, &err), E_LIMIT, &err, "attachment");
	buf_release(&small);
	arena_release(&a);
}

static void test_object_ids(void **state)
{
	static const char too_long[] = ID16 "00";
	static const char *const bad[] = {
		"",          "@",  too_long, "0011",         "00112233445566778899AABBCCDDEEFF", "@A", "@a b", "@a\n",
		"@\xc3\xa9", "@@", "@a@",    "havana/table",
	};
	char label[1 + LABEL_MAX + 2];
	uint8_t id[OBJECT_ID_BYTES], expected[OBJECT_ID_BYTES];
	struct err err;

	(void)state;
	expect_ok(object_id_parse(ID16, id, &err), &err);
	assert_int_equal(id[15], 0xff);
	expect_ok(object_id_parse("@abcdefghijklmnopqrstuvwxyz0123456789._/-", id, &err), &err);
	hash_labelled(LABEL_LABEL, BYTES("abcdefghijklmnopqrstuvwxyz0123456789._/-", 40), NO_BYTES, NO_BYTES, expected,
		      sizeof expected);
	assert_memory_equal(id, expected, sizeof id);
	memset(label, 'a', sizeof label);
	label[0] = '@';
	label[1 + LABEL_MAX] = '\0';
	expect_ok(object_id_parse(label, id, &err), &err);
	label[1 + LABEL_MAX] = 'a';
	label[2 + LABEL_MAX] = '\0';
	expect_err(object_id_parse(label, id, &err), E_INVALID, &err, "label");
	memset(id, 0x5a, sizeof id);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		expect_err(object_id_parse(bad[i], id, &err), E_INVALID, &err, "32 lower-case hex digits");
}

#define FILE_SEALED(key) "{\"name\":\"f\",\"size\":1,\"hash\":\"h\",\"key\":\"" key "\",\"chunks\":[\"" key "\"]}"

static void digest_of(const char *body, uint8_t ret[static HASH_BYTES])
{
	claim_digest(BYTES(body, strlen(body)), ret);
}

static void test_digest(void **state)
{
	static const char plain[] =
		"{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"short\":\"x\"}}";
	static const char reduced[] =
		"{\"t\":\"claim\",\"v\":1,\"set\":{},\"files\":[{\"name\":\"f\",\"size\":1,\"hash\":\"h\"}]}";
	uint8_t a[HASH_BYTES], b[HASH_BYTES];
	char hex[2 * HASH_BYTES + 1];

	(void)state;
	digest_of(plain, a);
	hash_labelled(LABEL_CLAIM, BYTES(plain, strlen(plain)), NO_BYTES, NO_BYTES, b, sizeof b);
	assert_memory_equal(a, b, sizeof a);
	digest_of("{\"t\":\"claim\",\"v\":1,\"set\":{},\"files\":[" FILE_SEALED("k1") "]}", a);
	digest_of("{\"t\":\"claim\",\"v\":1,\"set\":{},\"files\":[" FILE_SEALED("k2") "]}", b);
	assert_memory_equal(a, b, sizeof a);
	hash_labelled(LABEL_CLAIM, BYTES(reduced, strlen(reduced)), NO_BYTES, NO_BYTES, b, sizeof b);
	assert_memory_equal(a, b, sizeof a);
	digest_of("{\"t\":\"claim\",\"v\":1,\"set\":{},\"files\":[" FILE_SEALED("k1") "," FILE_SEALED("k1") "]}", b);
	assert_memory_not_equal(a, b, sizeof a);
	digest_of("{\"t\":\"claim\",\"v\":1,\"set\":{\"files\":[" FILE_SEALED("k1") "]}}", a);
	digest_of("{\"t\":\"claim\",\"v\":1,\"set\":{\"files\":[" FILE_SEALED("k2") "]}}", b);
	assert_memory_not_equal(a, b, sizeof a); /* a field of that name is a field */
	/* The digest decides whether an import adds a claim again: it may never change. */
	digest_of(plain, a);
	hex_encode(a, sizeof a, hex);
	assert_string_equal(hex, "828504aa6ff1ec4c6a727b9eebc805ec47ef9c2eb32be97ad088bde38726c255");
}

static void test_retraction(void **state)
{
	uint8_t entry[ID_BYTES] = { 0xab };
	struct arena a = { 0 };
	struct body read;
	struct buf body;
	struct err err;

	(void)state;
	buf_init(&body, BODY_MAX);
	retract_compose(entry, NULL, &body);
	assert_string_equal(buf_str(&body),
			    "{\"t\":\"retract\",\"v\":1,\"entry\":\"ab0000000000000000000000000000000000000000"
			    "0000000000000000000000\"}");
	buf_clear(&body);
	retract_compose(entry, "said \"twice\"", &body);
	expect_ok(body_read(&a, CLASS_CLAIM, BYTES(body.p, body.n), &read, &err), &err);
	assert_int_equal(read.type, BODY_RETRACT);
	assert_memory_equal(read.mention.entry, entry, sizeof entry);
	assert_string_equal(read.mention.reason, "said \"twice\"");
	buf_release(&body);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order_does_not_matter),
		cmocka_unit_test(test_every_turn_of_the_members),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_bad_ids),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_unknown_fields_and_members),
		cmocka_unit_test(test_common_members_are_checked),
		cmocka_unit_test(test_members_of_exports_are_left_out),
		cmocka_unit_test(test_other_types_and_versions),
		cmocka_unit_test(test_required_fields_for_the_first_claim),
		cmocka_unit_test(test_every_example_composes),
		cmocka_unit_test(test_longest_claim),
		cmocka_unit_test(test_object_ids),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_retraction),
	};

	if (crypto_start(NULL) < 0)
		return 1;
	return run_tests("record/compose", tests);
}
