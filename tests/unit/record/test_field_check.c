/* Does each type of field take what it should and nothing else, and does the error say what would be right. */
#include "support/test.h"

#include "base/bytes.h"
#include "base/limits.h"
#include "record/kinds/kinds.h"
#include "unit/record/kinds.h"

#define AN_ID "9f86d081884c7d659a2feaa0c55ad015"

static int check(const char *kind, const char *field, const char *json, struct err *err)
{
	return check_json(kind_of(kind), field_of(kind, field), json, err);
}

static int check_type(const struct field *field, const char *json, struct err *err)
{
	static const struct kind any = { .name = "any" };

	return check_json(&any, field, json, err);
}

static int check_set(const char *kind, const char *json, bool first, bool strict, struct err *err)
{
	struct arena a = { 0 };
	const struct json *set;
	int rc;

	expect_ok(json_parse(&a, json, strlen(json), &set, err), err);
	rc = kind_check(kind_of(kind), set, first, strict, err);
	arena_release(&a);
	return rc;
}

/* --- values */

static void test_text(void **state)
{
	static const struct field four = { .name = "f", .type = FIELD_TEXT, .max = 4 };
	struct err err = { 0 };

	(void)state;
	expect_ok(check_type(&four, "\"abcd\"", &err), &err);
	expect_ok(check_type(&four, "\"\xc3\xa1\xd8\xb9\xe4\xb8\xad\xf0\x9f\x95\x8a\"", &err), &err);
	expect_ok(check_type(&four, "\"a\\n\\tb\"", &err), &err);
	expect_err(check_type(&four, "\"abcde\"", &err), E_INVALID, &err,
		   "any.f: the text has 5 characters, the most is 4");
	expect_err(check_type(&four, "\"\xc3\xa1\xc3\xa1\xc3\xa1\xc3\xa1\xc3\xa1\"", &err), E_INVALID, &err,
		   "5 characters");
	expect_err(check_type(&four, "\"\"", &err), E_INVALID, &err, "any.f: the text is empty");
	expect_err(check_type(&four, "\" \\n\"", &err), E_INVALID, &err, "empty");
	expect_err(check_type(&four, "\"\\u200b\"", &err), E_INVALID, &err, "empty");
	expect_err(check_type(&four, "7", &err), E_INVALID, &err,
		   "any.f: this is an integer; it takes a text of at most 4 characters");
	expect_err(check_type(&four, "null", &err), E_INVALID, &err, "it takes a text");
	expect_err(check_type(&four, "[\"a\"]", &err), E_INVALID, &err, "it takes a text");
}

static void test_text_that_deceives_is_refused(void **state)
{
	static const char *const overrides[] = {
		"202a", "202b", "202c", "202d", "202e", "2066", "2067", "2068", "2069"
	};
	static const char *const harmless[] = { "2029", "202f", "2065", "206a", "200f", "00a0" };
	static const char *const controls[] = { "0001", "0008", "000b", "000d", "001b", "007f", "0080", "009f" };
	struct err err = { 0 };
	char json[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(overrides); i++) {
		snprintf(json, sizeof json, "\"a\\u%sb\"", overrides[i]);
		expect_err(check("actor", "name", json, &err), E_INVALID, &err, "hides what is written");
	}
	for (size_t i = 0; i < ARRAY_LEN(harmless); i++) {
		snprintf(json, sizeof json, "\"a\\u%sb\"", harmless[i]);
		expect_ok(check("actor", "name", json, &err), &err);
	}
	for (size_t i = 0; i < ARRAY_LEN(controls); i++) {
		snprintf(json, sizeof json, "\"a\\u%sb\"", controls[i]);
		expect_err(check("actor", "name", json, &err), E_INVALID, &err,
			   "actor.name: the text holds a control character");
	}
}

static void test_text_limits(void **state)
{
	static const struct field plain = { .name = "f", .type = FIELD_TEXT };
	char json[FIELD_TEXT_MAX + 4];
	struct err err = { 0 };

	(void)state;
	memset(json, 'x', sizeof json);
	json[0] = json[FIELD_TEXT_MAX + 1] = '"';
	json[FIELD_TEXT_MAX + 2] = '\0';
	expect_ok(check_type(&plain, json, &err), &err);
	json[FIELD_TEXT_MAX + 1] = 'x';
	json[FIELD_TEXT_MAX + 2] = '"';
	json[FIELD_TEXT_MAX + 3] = '\0';
	expect_err(check_type(&plain, json, &err), E_INVALID, &err, "4001 characters, the most is 4000");
	assert_null(strstr(err.text, "xx"));
}

static void test_id(void **state)
{
	struct err err = { 0 };

	(void)state;
	expect_ok(check("tie", "from", "\"" AN_ID "\"", &err), &err);
	expect_err(check("tie", "from", "\"9F86d081884c7d659a2feaa0c55ad015\"", &err), E_INVALID, &err,
		   "tie.from: an id has 32 digits, 0-9 and a-f; it takes the id of an object");
	expect_err(check("person", "actor", "\"" AN_ID "0\"", &err), E_INVALID, &err, "the id of an actor");
	expect_err(check("name", "of", "\"9f86\"", &err), E_INVALID, &err, "32 digits");
	expect_err(check("name", "of", "5", &err), E_INVALID, &err, "this is an integer");
}

static void test_code(void **state)
{
	struct err err = { 0 };

	(void)state;
	expect_ok(check("claim", "tlp", "\"amber+strict\"", &err), &err);
	expect_ok(check("dialogue", "track", "\"1.5\"", &err), &err);
	expect_err(check("commitment", "strength", "\"shal\"", &err), E_INVALID, &err,
		   "commitment.strength: 'shal' is not a code of obligation; did you mean 'shall'?; "
		   "it takes one of: must, shall, should, may, can");
	expect_err(check("actor", "type", "\"milita\"", &err), E_INVALID, &err,
		   "actor.type: 'milita' is not a code of actor_type; did you mean 'militia'?; see docs/vocabulary.md");
	expect_err(check("actor", "type", "\"extraterrestrial\"", &err), E_INVALID, &err,
		   "'extraterrestrial' is not a code of actor_type; see docs/vocabulary.md");
	expect_err(check("claim", "grade", "\"G1\"", &err), E_INVALID, &err, "'G1' is not a code of admiralty_grade");
	expect_err(check("claim", "tlp", "\"RED\"", &err), E_INVALID, &err, "'RED' is not a code of tlp");
	expect_err(check("claim", "tlp", "2", &err), E_INVALID, &err, "it takes one of: clear, green");
}

/* An error line repeats no more than 40 plain characters of what was typed. */
static void test_errors_repeat_little(void **state)
{
	struct err err = { 0 };

	(void)state;
	expect_err(check("claim", "tlp", "\"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddEEEEE\"", &err), E_INVALID, &err,
		   "'aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd' is");
	expect_err(check("claim", "tlp", "\"r\\u001b[31m\xc3\xa9\"", &err), E_INVALID, &err,
		   "'r?[31m?"
		   "?' is");
	expect_err(check("actor", "name", "\"secret\\u0007name\"", &err), E_INVALID, &err, NULL);
	assert_null(strstr(err.text, "secret"));
	expect_err(check("actor", "seat", "\"secret @91,0\"", &err), E_INVALID, &err, NULL);
	assert_null(strstr(err.text, "secret"));
}

static void test_date_and_interval(void **state)
{
	struct err err = { 0 };

	(void)state;
	expect_ok(check("actor", "founded", "\"1964\"", &err), &err);
	expect_ok(check("actor", "founded", "\"1964-05-27T12:30Z\"", &err), &err);
	expect_ok(check("claim", "when", "\"2012/..\"", &err), &err);
	expect_ok(check("claim", "when", "\"2012-08-26\"", &err), &err);
	expect_err(check("actor", "founded", "\"1964-13\"", &err), E_INVALID, &err,
		   "actor.founded: '1964-13': months go from");
	expect_err(check("actor", "founded", "\"1964/1970\"", &err), E_INVALID, &err,
		   "actor.founded: '1964/1970': one date");
	expect_err(check("claim", "when", "\"2013/2012\"", &err), E_INVALID, &err,
		   "claim.when: '2013/2012': the interval ends");
	expect_err(check("actor", "founded", "1964", &err), E_INVALID, &err,
		   "this is an integer; it takes a date such as");
}

static void test_number(void **state)
{
	static const struct field free_number = { .name = "f", .type = FIELD_NUMBER, .arg = "points" };
	struct err err = { 0 };

	(void)state;
	expect_ok(check("pulse", "heard", "1", &err), &err);
	expect_ok(check("pulse", "heard", "5", &err), &err);
	expect_err(check("pulse", "heard", "0", &err), E_INVALID, &err,
		   "pulse.heard: '0' is out of range; it takes a whole number from 1 to 5 (of 5)");
	expect_err(check("pulse", "heard", "6", &err), E_INVALID, &err, "'6' is out of range");
	expect_err(check("pulse", "heard", "\"5\"", &err), E_INVALID, &err, "this is a text");
	expect_err(check("pulse", "heard", "true", &err), E_INVALID, &err, "whole number");
	expect_ok(check_type(&free_number, "-9007199254740991", &err), &err);
	expect_ok(check("head", "seq", "9007199254740991", &err), &err);
	expect_err(check("head", "seq", "0", &err), E_INVALID, &err, "a whole number from 1 (entry)");
}

static void test_decimal(void **state)
{
	static const char *const good[] = { "0", "7", "-7", "0.5", "-0.05", "10.000000001", "999999999999999" };
	static const char *const bad[] = { "",    "-",   ".5",   "5.",           "05",
					   "00",  "-0",  "-0.0", "+1",           "1e3",
					   "1,5", " 1",  "1 ",   "1.0000000001", "1000000000000000",
					   "0x1", "NaN", "1.2.3" };
	static const struct field free_decimal = { .name = "f", .type = FIELD_DECIMAL, .arg = "points" };
	struct err err = { 0 };
	char json[40];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		snprintf(json, sizeof json, "\"%s\"", good[i]);
		expect_ok(check_type(&free_decimal, json, &err), &err);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(json, sizeof json, "\"%s\"", bad[i]);
		expect_err(check_type(&free_decimal, json, &err), E_INVALID, &err,
			   "is not a decimal such as 12 or -0.50");
	}
	expect_err(check_type(&free_decimal, "1", &err), E_INVALID, &err, "this is an integer; it takes a decimal");
}

static void test_decimal_range(void **state)
{
	static const struct field signed_share = {
		.name = "f", .type = FIELD_DECIMAL, .arg = "share", .min = -1, .max = 1
	};
	struct err err = { 0 };

	(void)state;
	expect_ok(check("tie", "strength", "\"0\"", &err), &err);
	expect_ok(check("tie", "strength", "\"1.000\"", &err), &err);
	expect_err(check("tie", "strength", "\"1.000000001\"", &err), E_INVALID, &err,
		   "tie.strength: '1.000000001' is out of range; it takes a decimal from 0 to 1 (share)");
	expect_err(check("tie", "strength", "\"-0.1\"", &err), E_INVALID, &err, "out of range");
	expect_ok(check_type(&signed_share, "\"-1\"", &err), &err);
	expect_ok(check_type(&signed_share, "\"-0.999\"", &err), &err);
	expect_err(check_type(&signed_share, "\"-1.001\"", &err), E_INVALID, &err, "out of range");
	expect_err(check_type(&signed_share, "\"2\"", &err), E_INVALID, &err, "out of range");
}

static void test_amount(void **state)
{
	struct err err = { 0 };

	(void)state;
	expect_ok(check("funding", "amount", "\"0 EUR\"", &err), &err);
	expect_ok(check("funding", "amount", "\"150000.00 USD\"", &err), &err);
	expect_ok(check("funding", "amount", "\"12 DEM\"", &err), &err);
	expect_err(check("funding", "amount", "\"12 USX\"", &err), E_INVALID, &err,
		   "funding.amount: 'USX' is not a currency of the list iso4217; it takes an amount such as 150000.00 "
		   "USD");
	expect_err(check("funding", "amount", "\"12 usd\"", &err), E_INVALID, &err, "not a currency");
	expect_err(check("funding", "amount", "\"12 USD \"", &err), E_INVALID, &err, "not a currency");
	expect_err(check("funding", "amount", "\"12USD\"", &err), E_INVALID, &err, "it begins with a decimal");
	expect_err(check("funding", "amount", "\"USD 12\"", &err), E_INVALID, &err, "it begins with a decimal");
	expect_err(check("funding", "amount", "\"-12 USD\"", &err), E_INVALID, &err, "not negative");
	expect_err(check("funding", "amount", "12", &err), E_INVALID, &err, "this is an integer");
}

static void test_place(void **state)
{
	static const char *const good[] = { "Havana",     "Havana @23.1330,-82.3830", "Pole @-90,180", "a@b",
					    "S @90,-180", "Washington, D.C." };
	static const char *const bad_degrees[] = { "P @90.0001,0", "P @-91,0", "P @0,180.5", "P @0,-181",
						   "P @0",         "P @0,",    "P @0, 0",    "P @0,0 ",
						   "P @x,y",       "P @",      "P @0,0,0" };
	struct err err = { 0 };
	char json[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		snprintf(json, sizeof json, "\"%s\"", good[i]);
		expect_ok(check("actor", "seat", json, &err), &err);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad_degrees); i++) {
		snprintf(json, sizeof json, "\"%s\"", bad_degrees[i]);
		expect_err(check("actor", "seat", json, &err), E_INVALID, &err,
			   "actor.seat: behind ' @' stand latitude (-90 to 90), a comma and longitude (-180 to 180)");
	}
	expect_err(check("actor", "seat", "\"@1,2\"", &err), E_INVALID, &err, "begins with its name");
	expect_err(check("actor", "seat", "\"  @1,2\"", &err), E_INVALID, &err, "empty");
	expect_err(check("actor", "seat", "\"a\\nb\"", &err), E_INVALID, &err, "one line");
	expect_err(check("actor", "seat", "\"a\\u202eb\"", &err), E_INVALID, &err, "hides");
}

static void test_place_limits(void **state)
{
	char name[202], json[256];
	struct err err = { 0 };

	(void)state;
	memset(name, 'n', sizeof name);
	name[200] = '\0';
	snprintf(json, sizeof json, "\"%s @1,2\"", name);
	expect_ok(check("actor", "seat", json, &err), &err);
	name[200] = 'n';
	name[201] = '\0';
	snprintf(json, sizeof json, "\"%s @1,2\"", name);
	expect_err(check("actor", "seat", json, &err), E_INVALID, &err, "201 characters, the most is 200");
}

static void test_language(void **state)
{
	static const char *const good[] = { "es",
					    "es-CO",
					    "pbb",
					    "zh-Hant-TW",
					    "sr-Latn",
					    "de-CH-1996",
					    "en-a-bbbbbbbb-cccccccc-dddddddd-eee" /* 35 */ };
	static const char *const bad[] = { "",
					   "e",
					   "ES",
					   "espa",
					   "es-",
					   "es--CO",
					   "-es",
					   "es_CO",
					   "es CO",
					   "es-abcdefghi",
					   "en-a-bbbbbbbb-cccccccc-dddddddd-eeee" /* 36 */ };
	struct err err = { 0 };
	char json[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		snprintf(json, sizeof json, "\"%s\"", good[i]);
		expect_ok(check("claim", "lang", json, &err), &err);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		snprintf(json, sizeof json, "\"%s\"", bad[i]);
		expect_err(check("claim", "lang", json, &err), E_INVALID, &err,
			   "is not a language tag; it takes a language tag");
	}
}

static void test_flag(void **state)
{
	struct err err = { 0 };

	(void)state;
	expect_ok(check("actor", "armed", "true", &err), &err);
	expect_ok(check("actor", "armed", "false", &err), &err);
	expect_err(check("actor", "armed", "1", &err), E_INVALID, &err,
		   "actor.armed: this is an integer; it takes true or false");
	expect_err(check("actor", "armed", "\"true\"", &err), E_INVALID, &err, "this is a text");
}

static void test_list(void **state)
{
	struct err err = { 0 };

	(void)state;
	expect_ok(check("dialogue", "purpose", "[\"open\",\"detail\"]", &err), &err);
	expect_err(check("dialogue", "purpose", "[]", &err), E_INVALID, &err, "dialogue.purpose: the list is empty");
	expect_err(check("dialogue", "purpose", "\"open\"", &err), E_INVALID, &err,
		   "it takes a list, in brackets; this is a text");
	expect_err(check("dialogue", "purpose", "[\"open\",\"opne\"]", &err), E_INVALID, &err,
		   "dialogue.purpose: value 2: 'opne' is not a code of dialogue_purpose; did you mean 'open'?");
	expect_err(check("dialogue", "purpose", "[\"open\",\"detail\",\"open\"]", &err), E_INVALID, &err,
		   "value 3 stands in the list already");
	expect_err(check("dialogue", "purpose", "[[\"open\"]]", &err), E_INVALID, &err, "value 1: this is an array");
}

static void test_list_limits(void **state)
{
	char json[FIELD_LIST_MAX * 8 + 16];
	struct err err = { 0 };

	(void)state;
	for (int n = FIELD_LIST_MAX; n <= FIELD_LIST_MAX + 1; n++) {
		size_t at = 0;

		for (int i = 0; i < n; i++)
			at += (size_t)snprintf(json + at, sizeof json - at, "%s\"s%d\"", i ? "," : "[", i);
		snprintf(json + at, sizeof json - at, "]");
		if (n == FIELD_LIST_MAX)
			expect_ok(check("plan", "steps", json, &err), &err);
		else
			expect_err(check("plan", "steps", json, &err), E_INVALID, &err,
				   "plan.steps: value 65: a list holds at most 64 values");
	}
}

/* --- sets */

static void test_set(void **state)
{
	struct err err = { 0 };

	(void)state;
	expect_ok(check_set("actor", "{\"name\":\"X\",\"type\":\"ngo\"}", true, true, &err), &err);
	expect_err(check_set("incident", "{\"summary\":\"X\"}", true, true, &err), E_INVALID, &err,
		   "incident.type is missing (type of event), such as \"ASSAULT\"");
	expect_ok(check_set("actor", "{\"armed\":true}", false, true, &err), &err);
	expect_err(check_set("actor", "{\"armed\":2}", false, true, &err), E_INVALID, &err, "actor.armed");
	expect_err(check_set("actor", "{\"armd\":true}", false, true, &err), E_INVALID, &err,
		   "actor has no field 'armd'; did you mean 'armed'?");
	expect_err(check_set("actor", "{\"zzzzzzzzz\":true}", false, true, &err), E_INVALID, &err,
		   "actor has no field 'zzzzzzzzz': docs/vocabulary.md lists them");
	expect_ok(check_set("actor", "{\"armd\":true}", false, false, &err), &err);
	expect_err(check_set("actor", "{\"armd\":true,\"armed\":2}", false, false, &err), E_INVALID, &err,
		   "actor.armed");
	expect_err(check_set("actor", "{\"armd\":true}", true, false, &err), E_INVALID, &err, "actor.name is missing");
}

/* --- typed texts */

/* What a typed text becomes; the whole is then parsed and checked, as a caller does. */
static void expect_typed(const char *kind, const char *field, const char *typed, const char *json)
{
	struct buf out;
	struct err err = { 0 };

	buf_init(&out, BODY_MAX);
	expect_ok(field_from_text(kind_of(kind), field_of(kind, field), typed, &out, &err), &err);
	assert_string_equal(buf_str(&out), json);
	expect_ok(check(kind, field, buf_str(&out), &err), &err);
	buf_release(&out);
}

static void expect_refused(const char *kind, const char *field, const char *typed, const char *part)
{
	struct buf out;
	struct err err = { 0 };

	buf_init(&out, BODY_MAX);
	buf_text(&out, "before");
	expect_err(field_from_text(kind_of(kind), field_of(kind, field), typed, &out, &err), E_INVALID, &err, part);
	assert_string_equal(buf_str(&out), "before");
	assert_int_equal(out.n, strlen("before"));
	buf_release(&out);
}

static void test_typed_texts(void **state)
{
	(void)state;
	expect_typed("actor", "name", "a \"b\", c\\d", "\"a \\\"b\\\", c\\\\d\"");
	expect_typed("actor", "strength", " 150 ", "150");
	expect_typed("actor", "armed", "yes", "true");
	expect_typed("actor", "armed", "false", "false");
	expect_typed("tie", "strength", "0.7", "\"0.7\"");
	expect_typed("actor", "founded", " 1964-05-27 ", "\"1964-05-27\"");
	expect_typed("dialogue", "purpose", "open,detail", "[\"open\",\"detail\"]");
	expect_typed("dialogue", "purpose", " open , detail ", "[\"open\",\"detail\"]");
	expect_typed("dialogue", "purpose", " [ \"open\" ,\"detail\" ] ", "[\"open\",\"detail\"]");
	expect_typed("actor", "areas", "Cauca,Havana @23.1,-82.3,Quibdo @5,-76",
		     "[\"Cauca\",\"Havana @23.1,-82.3\",\"Quibdo @5,-76\"]");
	expect_typed("plan", "steps", "[\"one, two\",\"three\"]", "[\"one, two\",\"three\"]");
}

static void test_typed_texts_that_are_refused(void **state)
{
	(void)state;
	expect_refused("actor", "strength", "many",
		       "actor.strength: this is not a whole number; it takes a whole number from");
	expect_refused("actor", "strength", "1.5", "not a whole number");
	expect_refused("actor", "strength", "007", "does not begin with 0");
	expect_refused("actor", "strength", "-0", "does not begin with 0");
	expect_refused("actor", "strength", "-", "not a whole number");
	expect_refused("actor", "strength", "12345678901234567", "not a whole number");
	expect_refused("actor", "armed", "perhaps", "say yes or no");
	expect_refused("actor", "name", "", "there is no value");
	expect_refused("actor", "name", "\xff", "not UTF-8");
	expect_refused("dialogue", "purpose", "open,", "there is no value");
	expect_refused("dialogue", "purpose", "open,,detail", "there is no value");
	expect_refused("dialogue", "purpose", "[\"open\"", "JSON");
	expect_refused("dialogue", "purpose", "[\"open\"],\"status\":[\"active\"]", "more than one list");
	expect_refused("dialogue", "purpose", "[\"open\"]}{", "JSON");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_that_deceives_is_refused),
		cmocka_unit_test(test_text_limits),
		cmocka_unit_test(test_id),
		cmocka_unit_test(test_code),
		cmocka_unit_test(test_errors_repeat_little),
		cmocka_unit_test(test_date_and_interval),
		cmocka_unit_test(test_number),
		cmocka_unit_test(test_decimal),
		cmocka_unit_test(test_decimal_range),
		cmocka_unit_test(test_amount),
		cmocka_unit_test(test_place),
		cmocka_unit_test(test_place_limits),
		cmocka_unit_test(test_language),
		cmocka_unit_test(test_flag),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_list_limits),
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_typed_texts),
		cmocka_unit_test(test_typed_texts_that_are_refused),
	};

	return run_tests("record/field_check", tests);
}
