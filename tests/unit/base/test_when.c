#include "base/when.h"

#include "base/bytes.h"
#include "support/test.h"

#define DAY_MS INT64_C(86400000)

struct accepted {
	const char *text, *from, *to; /* the ends as instants */
	enum when_precision precision;
	bool interval;
};

static void test_forms(void **state)
{
	static const struct accepted CASES[] = {
		{ "2012", "2012-01-01T00:00:00Z", "2013-01-01T00:00:00Z", WHEN_YEAR, false },
		{ "2012-08", "2012-08-01T00:00:00Z", "2012-09-01T00:00:00Z", WHEN_MONTH, false },
		{ "2012-12", "2012-12-01T00:00:00Z", "2013-01-01T00:00:00Z", WHEN_MONTH, false },
		{ "2012-02", "2012-02-01T00:00:00Z", "2012-03-01T00:00:00Z", WHEN_MONTH, false },
		{ "2012-02-29", "2012-02-29T00:00:00Z", "2012-03-01T00:00:00Z", WHEN_DAY, false },
		{ "2012-08-26", "2012-08-26T00:00:00Z", "2012-08-27T00:00:00Z", WHEN_DAY, false },
		{ "2012-08-26T14Z", "2012-08-26T14:00:00Z", "2012-08-26T15:00:00Z", WHEN_HOUR, false },
		{ "2012-08-26T23Z", "2012-08-26T23:00:00Z", "2012-08-27T00:00:00Z", WHEN_HOUR, false },
		{ "2012-08-26T14:05Z", "2012-08-26T14:05:00Z", "2012-08-26T14:06:00Z", WHEN_MINUTE, false },
		{ "2012-08-26T14:05:30Z", "2012-08-26T14:05:30Z", "2012-08-26T14:05:31Z", WHEN_SECOND, false },
		{ "2012-08-26T14:05:30.250Z", "2012-08-26T14:05:30.250Z", "2012-08-26T14:05:30.251Z", WHEN_MS, false },
		{ "2012-08-26T14:05:30.000Z", "2012-08-26T14:05:30Z", "2012-08-26T14:05:30.001Z", WHEN_MS, false },
		{ "0001", "0001-01-01T00:00:00Z", "0002-01-01T00:00:00Z", WHEN_YEAR, false },
		{ "9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z", "+10000-01-01T00:00:00Z", WHEN_MS, false },
		{ "2000-02-29", "2000-02-29T00:00:00Z", "2000-03-01T00:00:00Z", WHEN_DAY, false },
		{ "2012/2013", "2012-01-01T00:00:00Z", "2014-01-01T00:00:00Z", WHEN_YEAR, true },
		{ "2012-08-26/2012-09", "2012-08-26T00:00:00Z", "2012-10-01T00:00:00Z", WHEN_MONTH, true },
		{ "2012-08-26/2012", "2012-08-26T00:00:00Z", "2013-01-01T00:00:00Z", WHEN_YEAR, true },
		{ "2012/2012-01-01", "2012-01-01T00:00:00Z", "2012-01-02T00:00:00Z", WHEN_YEAR, true },
		{ "2012/2012", "2012-01-01T00:00:00Z", "2013-01-01T00:00:00Z", WHEN_YEAR, true },
		{ "2012-08-26/..", "2012-08-26T00:00:00Z", "..", WHEN_DAY, true },
		{ "../2012-08-26T14:05:30.250Z", "..", "2012-08-26T14:05:30.251Z", WHEN_MS, true },
		{ "2012-08-26T14:05:30.250Z/2012-08-26T14:05:30.250Z", "2012-08-26T14:05:30.250Z",
		  "2012-08-26T14:05:30.251Z", WHEN_MS, true },
	};
	char from[WHEN_TEXT_MAX], to[WHEN_TEXT_MAX];
	struct when w, single;
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		expect_ok(when_parse(CASES[i].text, &w, &err), &err);
		when_format_ms(w.from_ms, from);
		when_format_ms(w.to_ms, to);
		assert_string_equal(from, CASES[i].from);
		assert_string_equal(to, CASES[i].to);
		assert_int_equal(w.precision, CASES[i].precision);
		assert_int_equal(w.interval, CASES[i].interval);
		assert_true(w.from_ms < w.to_ms);
		assert_true(strlen(CASES[i].text) < WHEN_TEXT_MAX);
		if (CASES[i].interval) {
			expect_err(when_parse_single(CASES[i].text, &single, &err), E_INVALID, &err, "not an interval");
		} else {
			expect_ok(when_parse_single(CASES[i].text, &single, &err), &err);
			assert_true(single.from_ms == w.from_ms && single.to_ms == w.to_ms);
			assert_int_equal(single.precision, w.precision);
			assert_false(single.interval);
		}
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} CASES[] = {
		{ "", "write 2012" },
		{ "x", "write 2012" },
		{ "12", "write 2012" },
		{ "201", "write 2012" },
		{ "20120826", "something behind" },
		{ "2012-8", "two digits" },
		{ "2012-08-2", "two digits" },
		{ "2012-08-", "two digits" },
		{ "2012-", "two digits" },
		{ "2012/", "not a date" },
		{ "/2012", "not a date" },
		{ "/", "not a date" },
		{ " 2012", "write 2012" },
		{ "2012 ", "something behind" },
		{ "-2012", "write 2012" },
		{ "+2012", "write 2012" },
		{ "12012", "something behind" },
		{ "0000", "years go from 0001" },
		{ "0000-12-31", "years go from 0001" },
		{ "2012-00", "months go from 01 to 12" },
		{ "2012-13", "months go from 01 to 12" },
		{ "26-08-2012", "not a date" },
		{ "26.08.2012", "not a date" },
		{ "2012/08/26", "2012-08-26" },
		{ "2012-08-00", "no such day: days of that month go from 01 to 31" },
		{ "2012-08-32", "no such day" },
		{ "2012-02-30", "go from 01 to 29" },
		{ "2013-02-29", "go from 01 to 28" },
		{ "1900-02-29", "go from 01 to 28" },
		{ "2100-02-29", "go from 01 to 28" },
		{ "2012-04-31", "go from 01 to 30" },
		{ "2012-08-26T", "write T14Z" },
		{ "2012-08-26TZ", "write T14Z" },
		{ "2012-08-26T1Z", "write T14Z" },
		{ "2012-08-26T14", "ends in Z" },
		{ "2012-08-26T14:05", "ends in Z" },
		{ "2012-08-26T14:05+01:00", "ends in Z" },
		{ "2012-08-26T14:05:30.25Z", "write T14Z" },
		{ "2012-08-26T14:05:30.2500Z", "ends in Z" },
		{ "2012-08-26T14:05:30,250Z", "ends in Z" },
		{ "2012-08-26T14.5Z", "ends in Z" },
		{ "2012-08-26 14:05Z", "something behind" },
		{ "2012-08-26t14:05Z", "something behind" },
		{ "2012-08-26T14:05z", "ends in Z" },
		{ "2012-08-26T14:05ZZ", "something behind" },
		{ "2012-08-26Z", "something behind" },
		{ "2012-08T14Z", "something behind" },
		{ "2012T14Z", "something behind" },
		{ "2012-08-26T24:00Z", "T00:00Z of the next one" },
		{ "2012-08-26T24Z", "hours go from 00 to 23" },
		{ "2012-08-26T14:60Z", "minutes go from 00 to 59" },
		{ "2016-12-31T23:59:60Z", "write a leap second as 59" },
		{ "2012-08-26T14:05:61Z", "seconds go from 00 to 59" },
		{ "../..", "at least one end" },
		{ "..", "not a date" },
		{ "2012/...", "not a date" },
		{ "2013/2012", "ends before it starts" },
		{ "2012-08/2012-07", "ends before it starts" },
		{ "2012-08-26/2012-08-25", "ends before it starts" },
		{ "2012-08-26T14:05:30.251Z/2012-08-26T14:05:30.250Z", "ends before it starts" },
		{ "2012/2013/2014", "not an interval" },
		{ "2012/2013-02-29", "go from 01 to 28" },
		{ "\xd9\xa2\xd9\xa0\xd9\xa1\xd9\xa2", "not a date" },
	};
	struct when w = { 1, 2, WHEN_DAY, true };
	struct err err;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++)
		expect_err(when_parse(CASES[i].text, &w, &err), E_INVALID, &err, CASES[i].says);
	assert_true(w.from_ms == 1 && w.to_ms == 2 && w.precision == WHEN_DAY && w.interval);
}

static void test_long_text(void **state)
{
	char text[4000];
	struct when w;
	struct err err;

	(void)state;
	memset(text, '1', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(when_parse(text, &w, &err), E_INVALID);
	text[1000] = '/';
	expect_err(when_parse(text, &w, &err), E_INVALID, &err, "write 2012-08-26/2012-09-04");
}

static bool is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Every day of the years 1 to 9999, counted one by one, written and read. */
static void test_every_day(void **state)
{
	int64_t at = INT64_C(-719162) * DAY_MS; /* 0001-01-01 */
	char expected[40], text[WHEN_TEXT_MAX];
	struct when w;
	struct err err;

	(void)state;
	for (int year = 1; year <= 9999; year++) {
		for (int month = 1; month <= 12; month++) {
			const int days = month == 2 ? 28 + is_leap(year) : 30 + (month + (month > 7)) % 2;

			for (int day = 1; day <= days; day++, at += DAY_MS) {
				snprintf(expected, sizeof(expected), "%04d-%02d-%02d", year, month, day);
				when_format_day(at, text);
				if (strcmp(text, expected) != 0)
					fail_msg("%s is not %s", text, expected);
				if (when_parse(text, &w, &err) != 0 || w.from_ms != at || w.to_ms != at + DAY_MS)
					fail_msg("%s is read wrongly", text);
			}
		}
	}
	when_format_day(at, text);
	assert_string_equal(text, "+10000-01-01");
}

static void test_known_instants(void **state)
{
	static const struct {
		int64_t ms;
		const char *instant, *day;
	} CASES[] = {
		{ 0, "1970-01-01T00:00:00Z", "1970-01-01" },
		{ -1, "1969-12-31T23:59:59.999Z", "1969-12-31" },
		{ 1, "1970-01-01T00:00:00.001Z", "1970-01-01" },
		{ 1000, "1970-01-01T00:00:01Z", "1970-01-01" },
		{ -DAY_MS, "1969-12-31T00:00:00Z", "1969-12-31" },
		{ INT64_C(1345989930000), "2012-08-26T14:05:30Z", "2012-08-26" },
		{ INT64_C(1345989930250), "2012-08-26T14:05:30.250Z", "2012-08-26" },
		{ INT64_C(951782400000), "2000-02-29T00:00:00Z", "2000-02-29" },
		{ INT64_C(1700000000000), "2023-11-14T22:13:20Z", "2023-11-14" },
		{ INT64_C(-62135596800000), "0001-01-01T00:00:00Z", "0001-01-01" },
		{ INT64_C(-62135596800001), "0000-12-31T23:59:59.999Z", "0000-12-31" },
		{ INT64_C(-62167219200001), "-0001-12-31T23:59:59.999Z", "-0001-12-31" },
		{ INT64_C(253402300799999), "9999-12-31T23:59:59.999Z", "9999-12-31" },
		{ INT64_C(253402300800000), "+10000-01-01T00:00:00Z", "+10000-01-01" },
		{ INT64_C(9007199254740991), "+287396-10-12T08:59:00.991Z", "+287396-10-12" },
		{ INT64_MAX - 1, "+292278994-08-17T07:12:55.806Z", "+292278994-08-17" },
		{ INT64_MIN + 1, "-292275055-05-16T16:47:04.193Z", "-292275055-05-16" },
		{ WHEN_OPEN_START, "..", ".." },
		{ WHEN_OPEN_END, "..", ".." },
	};
	char text[WHEN_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(CASES); i++) {
		when_format_ms(CASES[i].ms, text);
		assert_string_equal(text, CASES[i].instant);
		when_format_day(CASES[i].ms, text);
		assert_string_equal(text, CASES[i].day);
	}
}

/* Instants all over the range come back from their text. */
static void test_round_trip(void **state)
{
	char text[WHEN_TEXT_MAX];
	struct when w;
	struct err err;

	(void)state;
	for (int64_t ms = INT64_C(-62135596800000); ms <= INT64_C(253402300799999); ms += INT64_C(3155379839)) {
		when_format_ms(ms, text);
		expect_ok(when_parse_single(text, &w, &err), &err);
		assert_true(w.from_ms == ms);
		assert_true(w.to_ms == ms + (w.precision == WHEN_MS ? 1 : 1000));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),          cmocka_unit_test(test_refused),
		cmocka_unit_test(test_long_text),      cmocka_unit_test(test_every_day),
		cmocka_unit_test(test_known_instants), cmocka_unit_test(test_round_trip),
	};

	return run_tests("base/when", tests);
}
