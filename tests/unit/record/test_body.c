/* Bodies as they are read: every rule of format 5 to 7, by an error that names the member. */
#include "record/body.h"

#include "base/limits.h"
#include "record/circle.h"
#include "support/test.h"

#define ID16 "00112233445566778899aabbccddeeff"
#define ID32 "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
#define ZEROS32 "0000000000000000000000000000000000000000000000000000000000000000"
#define AUTHOR32 "0101010101010101010101010101010101010101010101010101010101010101"
#define MEMBER(device) "{\"organisation\":\"" ID32 "\",\"device\":\"" device "\",\"box\":\"" ID32 "\"}"

static const char claim[] = "{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"name\":\"x\"}}";
static const char retract[] = "{\"t\":\"retract\",\"v\":1,\"entry\":\"" ID32 "\"}";
static const char redact[] =
	"{\"t\":\"redact\",\"v\":1,\"entry\":\"" ID32 "\",\"reason\":\"r\",\"authority\":\"" ID32 "\"}";
static const char founding[] =
	"{\"t\":\"epoch\",\"v\":1,\"members\":[" MEMBER(AUTHOR32) "],\"deps\":[],\"parents\":[],"
								  "\"reason\":\"founding\",\"psk\":\"" ZEROS32
								  "\",\"charter\":\"AAAA\"}";
static const char rotation[] =
	"{\"t\":\"epoch\",\"v\":1,\"members\":[" MEMBER(AUTHOR32) "],\"deps\":[\"" ID32 "\"],\"parents\":[\"" ID32
								  "\"],\"reason\":\"rotation\",\"psk\":\"" ZEROS32
								  "\"}";
static const char heads[] = "{\"t\":\"heads\",\"v\":1,\"heads\":\"\"}";
static const char org[] =
	"{\"t\":\"org\",\"v\":1,\"device\":\"" AUTHOR32 "\",\"box\":\"" ID32 "\",\"recovery\":[\"" ID32 "\",\"" ID32
	"\",\"" ID32 "\"],\"need\":2,\"random\":\"" ID32 "\"}";
static const char device_add[] =
	"{\"t\":\"device-add\",\"v\":1,\"device\":\"" ID32 "\",\"role\":\"writer\",\"box\":\"" ID32
	"\",\"random\":\"" ID32 "\",\"consent\":\"" ID32 ID32 "\",\"deps\":[\"" ID32 "\"]}";

/* An entry for a body of one device's feed: what body_check() looks at beside the body. */
struct place {
	struct envelope e;
	uint8_t entry[ENVELOPE_BYTES + 256];
};

static struct place place_of(const char *body, uint8_t cls)
{
	struct place p = { .e = { .cls = cls, .seq = 1 } };

	memset(p.e.author, 1, KEY_BYTES);
	if (cls != CLASS_SIGCHAIN && strstr(body, "\"epoch\"") == NULL)
		memset(p.e.epoch, 5, ID_BYTES);
	if (cls == CLASS_SIGCHAIN)
		hash_labelled(LABEL_ORG, BYTES(body, strlen(body)), NO_BYTES, NO_BYTES, p.e.circle, ID_BYTES);
	put_u16(p.entry + ENVELOPE_BYTES, 1);
	return p;
}

static int check(uint8_t cls, const char *text, struct err *err)
{
	struct place p = place_of(text, cls);
	struct arena a = { 0 };
	struct body body;
	int rc = body_check(&a, BYTES_OF(p.entry), &p.e, BYTES(text, strlen(text)), &body, err);

	arena_release(&a);
	return rc;
}

static uint8_t class_of(const char *body)
{
	static const struct {
		const char *body;
		uint8_t cls;
	} classes[] = {
		{ claim, CLASS_CLAIM },      { retract, CLASS_CLAIM },       { redact, CLASS_REDACTION },
		{ founding, CLASS_CONTROL }, { rotation, CLASS_CONTROL },    { heads, CLASS_HEADS },
		{ org, CLASS_SIGCHAIN },     { device_add, CLASS_SIGCHAIN },
	};

	for (size_t i = 0; i < ARRAY_LEN(classes); i++)
		if (classes[i].body == body)
			return classes[i].cls;
	fail_msg("no class for %s", body);
	return 0;
}

/* The body with one member given another value (JSON); value NULL: without it. A member that is not there is added. */
static const char *with(struct arena *a, const char *body, const char *member, const char *value)
{
	const struct json *obj;
	struct json_out w;
	struct buf out;
	struct err err;
	const char *text;

	expect_ok(json_parse(a, body, strlen(body), &obj, &err), &err);
	buf_init(&out, JSON_TEXT_MAX);
	w = json_out_begin(&out);
	json_open(&w, NULL, '{');
	for (const struct json *m = obj->child; m; m = m->next)
		if (strcmp(m->key, member) != 0)
			json_member_value(&w, m->key, m);
	if (value)
		buf_printf(&out, ",\"%s\":", member);
	if (value)
		buf_text(&out, value);
	json_close(&w, '}');
	text = arena_copy(a, buf_str(&out), out.n);
	buf_release(&out);
	return text;
}

static void test_every_type_is_read(void **state)
{
	static const struct {
		const char *body;
		enum body_type type;
	} cases[] = {
		{ claim, BODY_CLAIM },    { retract, BODY_RETRACT },       { redact, BODY_REDACT },
		{ founding, BODY_EPOCH }, { rotation, BODY_EPOCH },        { heads, BODY_HEADS },
		{ org, BODY_ORG },        { device_add, BODY_DEVICE_ADD },
	};
	struct arena a = { 0 };
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct place p = place_of(cases[i].body, class_of(cases[i].body));
		const struct bytes text = BYTES(cases[i].body, strlen(cases[i].body));
		struct body body;

		expect_ok(body_read(&a, p.e.cls, text, &body, &err), &err);
		assert_int_equal(body.type, cases[i].type);
		expect_ok(body_check(&a, BYTES_OF(p.entry), &p.e, text, &body, &err), &err);
		assert_int_equal(body.type, cases[i].type);
		assert_non_null(json_get(body.json, "t"));
	}
	arena_release(&a);
}

static void test_claim_members(void **state)
{
	static const char text[] =
		"{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"" ID16
		"\",\"set\":{\"name\":\"x\"},\"says\":\"" ID16 "\",\"when\":\"2012-08/"
		"..\",\"known\":\"2012\",\"by\":\"b\",\"source\":\"s\",\"quote\":\"q\",\"grade\":\"B2\","
		"\"tlp\":\"amber\",\"rule\":\"r\",\"lang\":\"es\",\"note\":\"n\",\"files\":[],\"more\":{\"x\":null}}";
	struct arena a = { 0 };
	struct body body;
	struct err err;
	char hex[2 * OBJECT_ID_BYTES + 1];

	(void)state;
	expect_ok(body_read(&a, CLASS_CLAIM, BYTES(text, strlen(text)), &body, &err), &err);
	hex_encode(body.claim.id, OBJECT_ID_BYTES, hex);
	assert_string_equal(hex, ID16);
	assert_true(body.claim.has_says);
	hex_encode(body.claim.says, OBJECT_ID_BYTES, hex);
	assert_string_equal(hex, ID16);
	assert_string_equal(body.claim.kind, "actor");
	assert_string_equal(json_get_text(body.claim.set, "name"), "x");
	assert_string_equal(body.claim.when_text, "2012-08/..");
	assert_true(body.claim.when.interval && body.claim.when.to_ms == WHEN_OPEN_END);
	assert_string_equal(body.claim.known_text, "2012");
	assert_true(body.claim.known.from_ms == 1325376000000);
	assert_string_equal(body.claim.by, "b");
	assert_string_equal(body.claim.source, "s");
	assert_string_equal(body.claim.quote, "q");
	assert_string_equal(body.claim.grade, "B2");
	assert_string_equal(body.claim.tlp, "amber");
	assert_string_equal(body.claim.rule, "r");
	assert_string_equal(body.claim.lang, "es");
	assert_string_equal(body.claim.note, "n");
	assert_int_equal(body.claim.files->type, JSON_T_ARRAY);
	expect_ok(body_read(&a, CLASS_CLAIM, BYTES(claim, strlen(claim)), &body, &err), &err);
	assert_false(body.claim.has_says);
	assert_true(!body.claim.when_text && !body.claim.known_text && !body.claim.by && !body.claim.files);
	arena_release(&a);
}

/* One member of a good body made wrong; the error names it. */
struct spoilt {
	const char *body, *member, *value, *says;
};

#define FILE_OF(size, chunks)                                                                                          \
	"[{\"name\":\"f\",\"size\":" size ",\"hash\":\"" ID32 "\",\"key\":\"" ID32 "\",\"chunks\":" chunks "}]"

static const struct spoilt spoilt_claims[] = {
	{ claim, "t", NULL, "(t)" },
	{ claim, "t", "1", "(t)" },
	{ claim, "v", NULL, "(v)" },
	{ claim, "v", "0", "(v)" },
	{ claim, "v", "-1", "(v)" },
	{ claim, "v", "true", "(v)" },
	{ claim, "v", "\"1\"", "(v)" },
	{ claim, "t", "\"redact\"", "redact cannot stand in an entry of class 1" },
	{ redact, "t", "\"claim\"", "claim cannot stand in an entry of class 4" },
	{ claim, "kind", NULL, "kind must" },
	{ claim, "kind", "1", "kind must" },
	{ claim, "kind", "\"\"", "kind must" },
	{ claim, "kind", "\"Actor\"", "kind must" },
	{ claim, "kind", "\"_actor\"", "kind must" },
	{ claim, "kind", "\"actor2\"", "kind must" },
	{ claim, "kind", "\"abcdefghijklmnopqrstuvwxyzabcdefghijklmno\"", "kind must" },
	{ claim, "id", NULL, "id must" },
	{ claim, "id", "1", "id must" },
	{ claim, "id", "\"" ID32 "\"", "id must be 32" },
	{ claim, "id", "\"00112233445566778899AABBCCDDEEFF\"", "id must" },
	{ claim, "id", "\"@label\"", "id must" },
	{ claim, "set", NULL, "set must" },
	{ claim, "set", "{}", "set must" },
	{ claim, "set", "[1]", "set must" },
	{ claim, "says", "\"x\"", "says must" },
	{ claim, "says", "null", "says must" },
	{ claim, "when", "2012", "when must be a text, not an integer" },
	{ claim, "when", "\"2012-13\"", "when: months" },
	{ claim, "when", "\"2013/2012\"", "when: " },
	{ claim, "known", "{}", "known must be a text" },
	{ claim, "known", "\"2012/2013\"", "known: one date" },
	{ claim, "by", "1", "by must be a text" },
	{ claim, "source", "null", "source must be a text" },
	{ claim, "quote", "[]", "quote must be a text" },
	{ claim, "grade", "2", "grade must be a text" },
	{ claim, "tlp", "true", "tlp must be a text" },
	{ claim, "rule", "{}", "rule must be a text" },
	{ claim, "lang", "1", "lang must be a text" },
	{ claim, "note", "1", "note must be a text" },
	{ claim, "files", "{}", "files must be an array" },
	{ claim, "files", "[1]", "files 1: must be an object, not an integer" },
	{ claim, "files", "[{}]", "files 1: name is missing" },
	{ claim, "files", FILE_OF("-1", "[]"), "files 1: size must be an integer from 0" },
	{ claim, "files", FILE_OF("33554433", "[]"), "files 1: size" },
	{ claim, "files", FILE_OF("\"0\"", "[]"), "files 1: size" },
	{ claim, "files", FILE_OF("1", "[]"), "files 1: chunks are 0" },
	{ claim, "files", FILE_OF("0", "[\"" ID32 "\"]"), "files 1: chunks are 1" },
	{ claim, "files", FILE_OF("65104", "[\"" ID32 "\"]"), "files 1: chunks are 1" },
	{ claim, "files", FILE_OF("1", "[\"" ID16 "\"]"), "files 1: chunks 1: must be 64" },
	{ claim, "files", FILE_OF("1", "1"), "files 1: chunks must be an array" },
	{ retract, "entry", NULL, "entry must" },
	{ retract, "entry", "\"" ID16 "\"", "entry must be 64" },
	{ retract, "reason", "1", "reason must be a text" },
	{ redact, "entry", NULL, "entry must" },
	{ redact, "entry", "[]", "entry must" },
	{ redact, "reason", NULL, "reason" },
	{ redact, "reason", "1", "reason must be a text" },
	{ redact, "authority", NULL, "authority must be 64" },
	{ redact, "authority", "\"x\"", "authority must be 64" },
};

static const struct spoilt spoilt_controls[] = {
	{ rotation, "members", NULL, "members is missing" },
	{ rotation, "members", "{}", "members must be an array, not an object" },
	{ rotation, "members", "[]", "members holds 0 values" },
	{ rotation, "members", "[1]", "members 1: must be an object" },
	{ rotation, "members", "[" MEMBER("x") "]", "members 1: device must be 64" },
	{ rotation, "members", "[" MEMBER(ID32) "," MEMBER(ID32) "]", "members must not name a device twice" },
	{ rotation, "members", "[" MEMBER(ID32) "," MEMBER(AUTHOR32) "]", "members are 2, and there are 1 boxes" },
	{ rotation, "deps", NULL, "deps is missing" },
	{ rotation, "deps", "[\"x\"]", "deps 1: must be 64" },
	{ rotation, "parents", NULL, "parents is missing" },
	{ rotation, "parents", "[\"" ID32 "\",2]", "parents 2: must be 64" },
	{ rotation, "parents", "[]", "parents must be empty at founding, and only then" },
	{ rotation, "reason", "\"weekly\"", "reason must be one of: founding rotation" },
	{ rotation, "reason", "\"founding\"", "parents must be empty" },
	{ rotation, "reason", "\"rotation \"", "reason must be one of" },
	{ rotation, "reason", "1", "reason must be one of" },
	{ rotation, "psk", NULL, "psk is missing" },
	{ rotation, "psk", "\"" ID32 "\"", "psk must be zeros" },
	{ rotation, "psk", "0", "psk must be 64" },
	{ rotation, "charter", "\"AAAA\"", "charter must be there at founding, and only then" },
	{ founding, "charter", NULL, "charter must be there" },
	{ founding, "charter", "\"AAA\"", "" }, /* three letters are two bytes */
	{ founding, "charter", "\"AAB\"", "charter must be base64url" },
	{ founding, "charter", "\"AAA=\"", "charter must be base64url" },
	{ founding, "charter", "\"A\"", "charter must be base64url" },
	{ founding, "charter", "\"a+b/\"", "charter must be base64url" },
	{ founding, "charter", "1", "charter must be a text" },
	{ founding, "parents", "[\"" ID32 "\"]", "parents must be empty" },
	{ heads, "heads", NULL, "heads is missing" },
	{ heads, "heads", "1", "heads must be a text" },
	{ heads, "heads", "\"A\"", "heads must be base64url" },
	{ heads, "heads", "\"AAAA\"", "heads must hold whole records" },
	{ heads, "box", "\"x\"", "box must be 64" },
	{ org, "device", NULL, "device is missing" },
	{ org, "device", "\"" ID32 "\"", "device of an organisation's first entry" },
	{ org, "box", "\"" ID16 "\"", "box must be 64" },
	{ org, "recovery", "[\"" ID32 "\",\"" ID32 "\"]", "recovery holds 2 values; it must hold 3 to 3" },
	{ org, "recovery", "[\"" ID32 "\",\"" ID32 "\",\"" ID32 "\",\"" ID32 "\"]", "recovery holds 4" },
	{ org, "recovery", "[\"" ID32 "\",\"" ID32 "\",3]", "recovery 3: must be 64" },
	{ org, "need", "1", "need must be 2" },
	{ org, "need", NULL, "need is missing" },
	{ org, "random", "\"\"", "random must be 64" },
	{ device_add, "device", "null", "device must be 64" },
	{ device_add, "role", NULL, "role is missing" },
	{ device_add, "role", "\"reader\"", "role must be one of: admin writer" },
	{ device_add, "role", "\"\"", "role must be one of" },
	{ device_add, "box", NULL, "box is missing" },
	{ device_add, "random", NULL, "random is missing" },
	{ device_add, "consent", "\"" ID32 "\"", "consent must be 128" },
	{ device_add, "deps", NULL, "deps is missing" },
	{ device_add, "deps", "\"" ID32 "\"", "deps must be an array" },
};

static void expect_spoilt(const struct spoilt *cases, size_t n)
{
	struct arena a = { 0 };
	struct err err;

	for (size_t i = 0; i < n; i++) {
		const char *text = with(&a, cases[i].body, cases[i].member, cases[i].value);

		if (!*cases[i].says)
			expect_ok(check(class_of(cases[i].body), text, &err), &err);
		else
			expect_err(check(class_of(cases[i].body), text, &err), E_INVALID, &err, cases[i].says);
	}
	arena_release(&a);
}

static void test_each_member_of_claims_and_mentions(void **state)
{
	(void)state;
	expect_spoilt(spoilt_claims, ARRAY_LEN(spoilt_claims));
}

static void test_each_member_of_control_bodies(void **state)
{
	(void)state;
	expect_spoilt(spoilt_controls, ARRAY_LEN(spoilt_controls));
}

/* What this version does not know is kept: types, versions, kinds, fields, codes, members. */
static void test_unknown_is_kept(void **state)
{
	static const struct {
		const char *member, *value;
		enum body_type type;
	} cases[] = {
		{ "t", "\"dance\"", BODY_UNKNOWN },
		{ "v", "2", BODY_UNKNOWN },
		{ "kind", "\"abcdefghijklmnopqrstuvwxyzabcdefghijklmn\"", BODY_CLAIM },
		{ "set", "{\"no_such_field\":[1,{}]}", BODY_CLAIM },
		{ "grade", "\"Z9\"", BODY_CLAIM },
		{ "tlp", "\"white\"", BODY_CLAIM },
		{ "lang", "\"?\"", BODY_CLAIM },
		{ "more", "[{\"x\":1}]", BODY_CLAIM },
		{ "files", FILE_OF("0", "[]"), BODY_CLAIM },
		{ "files", FILE_OF("65103", "[\"" ID32 "\"]"), BODY_CLAIM },
		{ "files", FILE_OF("65104", "[\"" ID32 "\",\"" ID32 "\"]"), BODY_CLAIM },
	};
	struct arena a = { 0 };
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *text = with(&a, claim, cases[i].member, cases[i].value);
		struct place p = place_of(text, CLASS_CLAIM);
		struct body body;

		expect_ok(body_check(&a, BYTES_OF(p.entry), &p.e, BYTES(text, strlen(text)), &body, &err), &err);
		assert_int_equal(body.type, cases[i].type);
	}
	/* A later version of a type may stand in another class. */
	expect_ok(check(CLASS_REDACTION, with(&a, claim, "v", "2"), &err), &err);
	expect_ok(check(CLASS_CONTROL, "{\"t\":\"dance\",\"v\":1,\"of\":\"another epoch\"}", &err), &err);
	arena_release(&a);
}

static void test_no_json_at_all(void **state)
{
	static const char *const texts[] = { "", "[]", "{", "{\"t\":\"claim\",\"v\":1,\"v\":1}",
					     "{\"t\":\"x\",\"v\":1.0}" };
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		expect_err(check(CLASS_CLAIM, texts[i], &err), E_INVALID, &err, "JSON");
}

/* The lists of heads: whole records, ascending, in range, without the own feed. */
static void test_heads_records(void **state)
{
	static const struct {
		uint8_t first, second; /* devices; 0: none */
		uint64_t seq;
		const char *says; /* NULL: good */
	} cases[] = {
		{ 2, 0, 1, NULL },
		{ 2, 3, SEQ_MAX, NULL },
		{ 2, 2, 1, "heads must ascend" },
		{ 3, 2, 1, "heads must ascend" },
		{ 2, 0, 0, "heads must name places" },
		{ 2, 3, SEQ_MAX + 1, "heads must name places" },
		{ 1, 0, 1, "heads must leave the author's own feed out" },
	};
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t records[2 * 72] = { 0 };
		char text[400], base64[200];
		size_t n = cases[i].second ? 144 : 72;

		memset(records, cases[i].first, 32);
		memset(records + 72, cases[i].second, 32);
		put_u64(records + 32, cases[i].seq);
		put_u64(records + 72 + 32, cases[i].seq);
		base64url_encode(records, n, base64);
		snprintf(text, sizeof text, "{\"t\":\"heads\",\"v\":1,\"heads\":\"%s\",\"box\":\"" ID32 "\"}", base64);
		if (cases[i].says)
			expect_err(check(CLASS_HEADS, text, &err), E_INVALID, &err, cases[i].says);
		else
			expect_ok(check(CLASS_HEADS, text, &err), &err);
	}
}

/* The header above the body: a genesis is seq 1 of the organisation that it hashes to; epochs name no epoch. */
static void test_header_above_the_body(void **state)
{
	struct place p = place_of(org, CLASS_SIGCHAIN);
	struct arena a = { 0 };
	struct body body;
	struct err err;

	(void)state;
	p.e.seq = 2;
	expect_err(body_check(&a, BYTES_OF(p.entry), &p.e, BYTES(org, strlen(org)), &body, &err), E_INVALID, &err,
		   "first entry");
	p.e.seq = 1;
	p.e.circle[0] ^= 1;
	expect_err(body_check(&a, BYTES_OF(p.entry), &p.e, BYTES(org, strlen(org)), &body, &err), E_INVALID, &err,
		   "first entry");
	p = place_of(rotation, CLASS_CONTROL);
	p.e.epoch[0] = 1;
	expect_err(body_check(&a, BYTES_OF(p.entry), &p.e, BYTES(rotation, strlen(rotation)), &body, &err), E_INVALID,
		   &err, "t is epoch");
	p = place_of(rotation, CLASS_CONTROL);
	expect_err(body_check(&a, BYTES_OF(p.entry), &p.e, BYTES("{\"t\":\"x\",\"v\":2}", 15), &body, &err), E_INVALID,
		   &err, "t must be epoch");
	expect_ok(body_check(&a, BYTES_OF(p.entry), &p.e, BYTES("{\"t\":\"epoch\",\"v\":2}", 19), &body, &err), &err);
	assert_int_equal(body.type, BODY_UNKNOWN);
	put_u16(p.entry + ENVELOPE_BYTES, 0);
	expect_err(body_check(&a, BYTES_OF(p.entry), &p.e, BYTES(rotation, strlen(rotation)), &body, &err), E_INVALID,
		   &err, "boxes");
	p = place_of(claim, CLASS_CHUNK);
	expect_ok(body_check(&a, BYTES_OF(p.entry), &p.e, BYTES("\0", 1), &body, &err), &err);
	expect_err(body_check(&a, BYTES_OF(p.entry), &p.e, NO_BYTES, &body, &err), E_INVALID, &err, "empty");
	arena_release(&a);
}

static void test_what_fails_is_untouched(void **state)
{
	struct body body, before;
	struct arena a = { 0 };

	(void)state;
	memset(&body, 0x5a, sizeof body);
	memcpy(&before, &body, sizeof body);
	assert_int_equal(body_read(&a, CLASS_CLAIM, BYTES("{}", 2), &body, NULL), E_INVALID);
	assert_memory_equal(&body, &before, sizeof body);
	assert_int_equal(body_read(&a, CLASS_CLAIM, BYTES("{\"t\":\"claim\",\"v\":1,\"kind\":\"a\"}", 30), &body, NULL),
			 E_INVALID);
	assert_memory_equal(&body, &before, sizeof body);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_type_is_read),
		cmocka_unit_test(test_claim_members),
		cmocka_unit_test(test_each_member_of_claims_and_mentions),
		cmocka_unit_test(test_each_member_of_control_bodies),
		cmocka_unit_test(test_unknown_is_kept),
		cmocka_unit_test(test_no_json_at_all),
		cmocka_unit_test(test_heads_records),
		cmocka_unit_test(test_header_above_the_body),
		cmocka_unit_test(test_what_fails_is_untouched),
	};

	if (crypto_start(NULL) < 0)
		return 1;
	return run_tests("record/body", tests);
}
