#include "base/json.h"

#include "base/bytes.h"
#include "base/disk.h"
#include "base/json_quick.h"
#include "base/limits.h"
#include "support/test.h"

#define CASES "tests/vectors/json/"

/* A word that stands in many refused cases and may not come back in an error. */
#define SECRET "hemlig"

static void decode(const struct json *line, const char *key, struct buf *out)
{
	const char *text = json_get_text(line, key);
	uint8_t *bytes;
	size_t n = 0;

	assert_non_null(text);
	bytes = mem_alloc(strlen(text));
	assert_int_equal(base64url_decode(text, strlen(text), bytes, strlen(text), &n), 0);
	buf_put(out, bytes, n);
	free(bytes);
}

/* Both ways of reading give the same verdict and the same value; only the quick one may leave a text to the other. */
static void check_both_ways(struct arena *a, const char *name, const struct buf *text)
{
	const struct json *quick = text->n <= JSON_TEXT_MAX ? json_quick(a, buf_str(text), text->n) : NULL;
	const struct json *slow = NULL;
	struct buf one, other;
	struct err err;

	if (!quick)
		return;
	buf_init(&one, JSON_TEXT_MAX);
	buf_init(&other, JSON_TEXT_MAX);
	if (json_parse_slowly(a, buf_str(text), text->n, &slow, &err) != 0)
		fail_msg("%s: accepted the quick way only: %s", name, err.text);
	json_write(&one, quick);
	json_write(&other, slow);
	if (one.n != other.n || memcmp(buf_str(&one), buf_str(&other), one.n) != 0)
		fail_msg("%s: read the quick way as %s", name, buf_str(&one));
	buf_release(&one);
	buf_release(&other);
}

static void check_accepted(struct arena *a, const char *name, const struct json *line, const struct buf *text)
{
	const struct json *value = NULL;
	struct buf compact, written;
	struct err err;

	buf_init(&compact, JSON_TEXT_MAX);
	buf_init(&written, JSON_TEXT_MAX);
	if (json_parse(a, buf_str(text), text->n, &value, &err) != 0)
		fail_msg("%s: %s", name, err.text);
	check_both_ways(a, name, text);
	decode(line, "compact_b64url", &compact);
	json_write(&written, value);
	if (strcmp(buf_str(&compact), buf_str(&written)) != 0)
		fail_msg("%s: written as %s", name, buf_str(&written));
	buf_release(&compact);
	buf_release(&written);
}

static void check_refused(struct arena *a, const char *name, const struct json *line, const struct buf *text)
{
	const struct json *untouched = line;
	struct err err;
	int rc = json_parse(a, buf_str(text), text->n, &untouched, &err);

	check_both_ways(a, name, text);
	if (rc != (strcmp(json_get_text(line, "rule"), "size") == 0 ? E_LIMIT : E_INVALID))
		fail_msg("%s: %s", name, err_name(rc));
	assert_ptr_equal(untouched, line);
	assert_null(strstr(err.text, SECRET));
	assert_true(rc == E_LIMIT || strncmp(err.text, "JSON, line ", 11) == 0);
}

/* One line of a case file. Returns whether the case asks for acceptance. */
static bool check_case(const char *text, size_t n)
{
	const struct json *line = NULL, *ok;
	struct arena a = { 0 };
	struct buf input;
	struct err err;
	bool accepted;

	expect_ok(json_parse(&a, text, n, &line, &err), &err);
	ok = json_get(line, "ok");
	assert_non_null(ok);
	assert_int_equal(ok->type, JSON_T_BOOL);
	buf_init(&input, JSON_TEXT_MAX + 1);
	decode(line, "text_b64url", &input);
	for (int64_t pad = json_get_int(line, "pad", 0); pad > 0; pad--)
		buf_put(&input, " ", 1);
	expect_ok(buf_check(&input, "a case", &err), &err);
	if (ok->number)
		check_accepted(&a, json_get_text(line, "name"), line, &input);
	else
		check_refused(&a, json_get_text(line, "name"), line, &input);
	accepted = ok->number;
	buf_release(&input);
	arena_release(&a);
	return accepted;
}

static int check_file(const char *path, bool accepted)
{
	struct buf file;
	struct err err;
	int n = 0;

	buf_init(&file, 1 << 20);
	expect_ok(disk_read_all(disk_system(), path, 1 << 20, &file, &err), &err);
	for (const char *p = buf_str(&file), *end; *p; p = end + 1, n++) {
		end = strchr(p, '\n');
		assert_non_null(end);
		assert_int_equal(check_case(p, (size_t)(end - p)), accepted);
	}
	buf_release(&file);
	return n;
}

static void test_cases(void **state)
{
	(void)state;
	assert_true(check_file(CASES "accepted.ndjson", true) >= 50);
	assert_true(check_file(CASES "refused.ndjson", false) >= 120);
}

static void test_refusals_say_where_and_why(void **state)
{
	static const struct {
		const char *text, *says;
	} CASES_[] = {
		{ "{\"a\":1.5}", "line 1, column 6: decimals are written as text" },
		{ "{\"a\":-0}", "line 1, column 6: \"-0\"" },
		{ "{\n\"a\":1,\n  \"b\":9007199254740992}", "line 3, column 7: an integer must be within" },
		{ "{\"\xc3\xa4\xe2\x82\xac\":01}", "line 1, column 7: a number may not begin with 0" },
		{ "{\"a\":-x}", "a minus sign needs a digit" },
		{ "\xef\xbb\xbf{}", "line 1, column 1: a byte order mark" },
		{ "{\"a\":\"\xc3\xa4\xff\"}", "line 1, column 8: not UTF-8" },
		{ "{}\xe2\x82", "line 1, column 3: not UTF-8" },
		{ "\n []", "line 2, column 2: one object" },
		{ "{\"a\":[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]}", "line 1, column 21: nested deeper than 16 levels" },
		{ "{\"a\":1", "ends too early" },
		{ "{}\n{}", "line 2, column 2: there is something behind the object" },
		{ "{\"a\":1,\"a\":2}", "the same key stands twice" },
		{ "{\"a\":\"\\u0000\"}", "a NUL character" },
		{ "{\"a\" 1}", "a comma, colon, quote, bracket or escape" },
	};
	struct arena a = { 0 };
	const struct json *value;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES_); i++)
		expect_err(json_parse(&a, CASES_[i].text, strlen(CASES_[i].text), &value, &err), E_INVALID, &err,
			   CASES_[i].says);
	arena_release(&a);
}

static void test_no_prefix_is_accepted(void **state)
{
	static const char TEXT[] = "{\"a\":[1,-20,{\"b\":null}],\"c\":\"\\ud83d\\ude00\xe2\x82\xac\",\"d\":true}";
	struct arena a = { 0 };
	const struct json *value;
	struct err err;

	(void)state;
	for (size_t n = 0; n < sizeof(TEXT) - 1; n++) {
		char *exact = mem_alloc(n); /* so that a read behind the end is seen */

		memcpy(exact, TEXT, n);
		assert_int_equal(json_parse(&a, exact, n, &value, &err), E_INVALID);
		free(exact);
	}
	expect_ok(json_parse(&a, TEXT, sizeof(TEXT) - 1, &value, &err), &err);
	arena_release(&a);
}

/* Whatever one byte is changed to: no crash, and what is accepted can be written and read again. */
static void test_every_byte_changed(void **state)
{
	static const char TEXT[] = "{\"a\":[1,-2,{}],\"b\":\"\\u00e9\xc3\xa9\",\"c\":null}";
	struct arena a = { 0 };
	const struct json *value, *again;
	char changed[sizeof(TEXT)];
	struct buf out;
	struct err err;
	int accepted = 0;

	(void)state;
	buf_init(&out, 1000);
	for (size_t i = 0; i < (sizeof(TEXT) - 1) * 256; i++) {
		memcpy(changed, TEXT, sizeof(TEXT));
		changed[i / 256] = (char)(i % 256);
		if (json_parse(&a, changed, sizeof(TEXT) - 1, &value, &err) != 0)
			continue;
		accepted++;
		buf_clear(&out);
		json_write(&out, value);
		expect_ok(json_parse(&a, buf_str(&out), out.n, &again, &err), &err);
		arena_release(&a);
	}
	assert_true(accepted > 45 && accepted < 3000);
	buf_release(&out);
	arena_release(&a);
}

static void test_tree(void **state)
{
	static const char TEXT[] = "{\"n\":null,\"t\":true,\"i\":-5,\"s\":\"a\\\"b\",\"l\":[1,\"x\"],\"o\":{\"k\":{}}}";
	struct arena a = { 0 };
	const struct json *v = NULL, *l;
	struct err err;

	(void)state;
	expect_ok(json_parse(&a, TEXT, sizeof(TEXT) - 1, &v, &err), &err);
	assert_int_equal(v->type, JSON_T_OBJECT);
	assert_null(v->key);
	assert_string_equal(v->child->key, "n");
	assert_int_equal(json_get(v, "n")->type, JSON_T_NULL);
	assert_int_equal(json_get(v, "t")->type, JSON_T_BOOL);
	assert_int_equal(json_get(v, "t")->number, 1);
	assert_int_equal(json_get_int(v, "i", 9), -5);
	assert_int_equal(json_get_int(v, "t", 9), 9); /* a bool is no integer */
	assert_int_equal(json_get_int(v, "absent", 9), 9);
	assert_string_equal(json_get_text(v, "s"), "a\"b");
	assert_int_equal(json_get(v, "s")->text_len, 3);
	assert_null(json_get_text(v, "i"));
	assert_null(json_get_text(v, "absent"));
	l = json_get(v, "l");
	assert_int_equal(l->type, JSON_T_ARRAY);
	assert_null(l->child->key);
	assert_int_equal(l->child->number, 1);
	assert_string_equal(l->child->next->text, "x");
	assert_null(l->child->next->next);
	assert_null(json_get(json_get(json_get(v, "o"), "k"), "x"));
	assert_null(json_get(NULL, "x"));
	assert_null(json_get(l, "x"));
	arena_release(&a);
}

static void test_type_words(void **state)
{
	(void)state;
	assert_string_equal(json_type_words(JSON_T_TEXT), "a text");
	assert_string_equal(json_type_words(JSON_T_INT), "an integer");
	assert_string_equal(json_type_words(JSON_T_ARRAY), "an array");
	for (int type = JSON_T_NULL; type <= JSON_T_OBJECT; type++)
		assert_true(strlen(json_type_words((enum json_type)type)) > 3);
}

static void test_writer(void **state)
{
	static const uint8_t BYTES[] = { 0x00, 0xab, 0xff };
	struct json_out w;
	struct buf out;

	(void)state;
	buf_init(&out, 1000);
	w = json_out_begin(&out);
	json_open(&w, NULL, '{');
	json_member_text(&w, "t", "claim");
	json_member_text(&w, "left out", NULL);
	json_open(&w, "list", '[');
	json_member_int(&w, NULL, 1);
	json_member_text(&w, NULL, "x");
	json_open(&w, NULL, '{');
	json_close(&w, '}');
	json_open(&w, NULL, '[');
	json_close(&w, ']');
	json_member_null(&w, NULL);
	json_close(&w, ']');
	json_member_bool(&w, "yes", true);
	json_member_bool(&w, "no", false);
	json_member_hex(&w, "hex", BYTES, sizeof(BYTES));
	json_member_hex(&w, "none", BYTES, 0);
	json_member_value(&w, "nothing", NULL);
	json_member_int(&w, "least", INT64_MIN);
	json_member_text(&w, "a \"key\"", "");
	json_close(&w, '}');
	assert_string_equal(buf_str(&out), "{\"t\":\"claim\",\"list\":[1,\"x\",{},[],null],\"yes\":true,\"no\":false,"
					   "\"hex\":\"00abff\",\"none\":\"\",\"least\":-9223372036854775808,"
					   "\"a \\\"key\\\"\":\"\"}");
	buf_release(&out);
}

static void test_writer_escapes_every_character(void **state)
{
	struct arena a = { 0 };
	const struct json *v = NULL;
	struct buf out;
	struct err err;
	char text[128];

	(void)state;
	for (int c = 1; c < 128; c++)
		text[c - 1] = (char)c;
	text[127] = '\0';
	buf_init(&out, 1000);
	buf_text(&out, "{\"a\":");
	json_write_text(&out, text);
	buf_text(&out, "}");
	for (size_t i = 0; i < out.n; i++)
		assert_true(out.p[i] >= 0x20);
	expect_ok(json_parse(&a, buf_str(&out), out.n, &v, &err), &err);
	assert_string_equal(json_get_text(v, "a"), text);
	buf_clear(&out);
	json_write_text(&out, "\xc3\xa9\xf0\x9f\x98\x80\x01\x1f\x7f");
	assert_string_equal(buf_str(&out), "\"\xc3\xa9\xf0\x9f\x98\x80\\u0001\\u001f\x7f\"");
	buf_release(&out);
	arena_release(&a);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* Write a random value of at most `depth` further levels. */
static void write_random(struct json_out *w, const char *key, uint32_t *seed, int depth)
{
	static const char *const TEXTS[] = { "", "x", "\"\\/", "\n\t\x01", "\xc3\xa9", "\xf0\x9f\x98\x80", "{[,:" };
	const uint32_t kind = next_random(seed) % (depth > 0 ? 7 : 4);
	char name[16];

	if (kind == 0) {
		json_member_null(w, key);
	} else if (kind == 1) {
		json_member_bool(w, key, next_random(seed) % 2);
	} else if (kind == 2) {
		json_member_int(w, key, (int64_t)next_random(seed) - INT64_C(2147483648));
	} else if (kind == 3) {
		json_member_text(w, key, TEXTS[next_random(seed) % ARRAY_LEN(TEXTS)]);
	} else {
		json_open(w, key, kind == 4 ? '[' : '{');
		for (uint32_t i = 0, n = next_random(seed) % 5; i < n; i++) {
			snprintf(name, sizeof(name), "k%u", i);
			write_random(w, kind == 4 ? NULL : name, seed, depth - 1);
		}
		json_close(w, kind == 4 ? ']' : '}');
	}
}

static void test_what_is_written_is_read_the_same(void **state)
{
	struct arena a = { 0 };
	struct buf first, second;
	struct err err;

	(void)state;
	buf_init(&first, JSON_TEXT_MAX);
	buf_init(&second, JSON_TEXT_MAX);
	for (uint32_t i = 1; i <= 2000; i++) {
		struct json_out w = json_out_begin(&first);
		const struct json *value = NULL;
		uint32_t seed = i;

		json_open(&w, NULL, '{');
		write_random(&w, "a", &seed, 15);
		json_close(&w, '}');
		expect_ok(json_parse(&a, buf_str(&first), first.n, &value, &err), &err);
		json_write(&second, value);
		assert_string_equal(buf_str(&first), buf_str(&second));
		buf_clear(&first);
		buf_clear(&second);
		arena_release(&a);
	}
	buf_release(&first);
	buf_release(&second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_refusals_say_where_and_why),
		cmocka_unit_test(test_no_prefix_is_accepted),
		cmocka_unit_test(test_every_byte_changed),
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_type_words),
		cmocka_unit_test(test_writer),
		cmocka_unit_test(test_writer_escapes_every_character),
		cmocka_unit_test(test_what_is_written_is_read_the_same),
	};

	return run_tests("base/json", tests);
}
