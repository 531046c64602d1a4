#include "support/test.h"

static void test_codes_are_distinct_and_negative(void **state)
{
#define X(name, exit_status, http, meaning) name,
	static const int CODES[] = { ERR_TABLE(X) };
#undef X
	const size_t n = sizeof(CODES) / sizeof(CODES[0]);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_true(CODES[i] < 0);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(CODES[i], CODES[j]);
	}
}

static void test_table(void **state)
{
	(void)state;
	assert_string_equal(err_name(E_OK), "E_OK");
	assert_string_equal(err_name(E_USAGE), "E_USAGE");
	assert_string_equal(err_name(E_CANCELLED), "E_CANCELLED");
	assert_string_equal(err_name(E_CANCELLED + 1), "E_UNKNOWN");
	assert_string_equal(err_name(1), "E_UNKNOWN");
	assert_string_equal(err_name(INT32_MIN), "E_UNKNOWN");
	assert_int_equal(err_exit_status(E_OK), 0);
	assert_int_equal(err_exit_status(E_USAGE), 2);
	assert_int_equal(err_exit_status(E_IO), 1);
	assert_int_equal(err_exit_status(-1), 1);
	assert_int_equal(err_http_status(E_OK), 200);
	assert_int_equal(err_http_status(E_NOT_FOUND), 404);
	assert_int_equal(err_http_status(-1), 500);
}

static void test_set_and_prefix(void **state)
{
	struct err err;

	(void)state;
	assert_int_equal(err_set(&err, E_INVALID, "%d apples", 3), E_INVALID);
	assert_int_equal(err.code, E_INVALID);
	assert_string_equal(err.text, "3 apples");
	assert_int_equal(err_prefix(&err, "box %s: ", "a"), E_INVALID);
	assert_string_equal(err.text, "box a: 3 apples");
	err_set(&err, E_IO, "again %s", err.text);
	assert_string_equal(err.text, "again box a: 3 apples");
	assert_int_equal(err_set(NULL, E_FULL, "x"), E_FULL);
	assert_true(err_prefix(NULL, "x") < 0);
}

static void test_one_line(void **state)
{
	struct err err;

	(void)state;
	err_set(&err, E_IO, "cannot read %s", "a\nb\x1b[31m\x7f\tc");
	assert_string_equal(err.text, "cannot read a?b?[31m??c");
}

/* The reason stands at the end and must survive, whatever the length; no character is cut in two. */
static void test_long_texts_keep_their_end(void **state)
{
	char path[3000];
	struct err err;

	(void)state;
	for (size_t n = 0; n + 3 < sizeof(path); n += 2) {
		for (size_t i = 0; i < n; i += 2)
			memcpy(path + i, "\xc3\xa9", 2);
		path[n] = '\0';
		err_set(&err, E_FULL, "cannot write %s: no space left", path);
		assert_true(strlen(err.text) < sizeof(err.text));
		assert_non_null(strstr(err.text, "cannot write "));
		assert_string_equal(err.text + strlen(err.text) - 15, ": no space left");
		for (const char *p = err.text; *p; p++)
			assert_true(*p != '\xc3' || p[1] == '\xa9');
		for (const char *p = err.text + 1; *p; p++)
			assert_true(*p != '\xa9' || p[-1] == '\xc3');
	}
}

static void test_text_at_the_limit(void **state)
{
	char text[sizeof(((struct err *)0)->text) + 1];
	struct err err;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[sizeof(err.text) - 1] = '\0';
	err_set(&err, E_IO, "%s", text);
	assert_string_equal(err.text, text);
	text[sizeof(err.text) - 1] = 'x';
	text[sizeof(err.text)] = '\0';
	err_set(&err, E_IO, "%s", text);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_non_null(strstr(err.text, "x...x"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes_are_distinct_and_negative),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_set_and_prefix),
		cmocka_unit_test(test_one_line),
		cmocka_unit_test(test_long_texts_keep_their_end),
		cmocka_unit_test(test_text_at_the_limit),
	};

	return run_tests("base/err", tests);
}
