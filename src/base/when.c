/* Dates and times: see when.h. The calendar is reckoned here, so that no time zone setting can reach it. */
#include "base/when.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define DAY_MS (24 * HOUR_MS)
#define FORMS_HINT "write 2012, 2012-08, 2012-08-26 or 2012-08-26T14:05Z"

/* A date taken apart; parts are numbered by enum when_precision, those behind the last written one at their start. */
struct fields {
	int part[WHEN_MS + 1];
	enum when_precision precision;
};

/* Days from 1970-01-01 to a day of the proleptic Gregorian calendar. Years are taken from March to February, so that
 * the leap day is the last of its year; 400 of them (an era) always have 146,097 days. */
static int64_t days_from_civil(int64_t year, int month, int day)
{
	const int64_t y = year - (month <= 2);
	const int64_t era = (y >= 0 ? y : y - 399) / 400;
	const int64_t year_of_era = y - era * 400;
	const int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void civil_from_days(int64_t days, int64_t *ret_year, int *ret_month, int *ret_day)
{
	const int64_t z = days + 719468;
	const int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	const int64_t day_of_era = z - era * 146097;
	const int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	const int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	const int64_t month = (5 * day_of_year + 2) / 153; /* from March */

	*ret_day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
	*ret_month = (int)(month < 10 ? month + 3 : month - 9);
	*ret_year = year_of_era + era * 400 + (*ret_month <= 2);
}

static int days_in_month(int year, int month)
{
	static const int DAYS[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return DAYS[month - 1] + (month == 2 && leap);
}

/* Read exactly n digits and step over them. */
static bool take_digits(const char **p, int n, int *ret)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		const char c = (*p)[i];

		if (c < '0' || c > '9')
			return false;
		value = value * 10 + (c - '0');
	}
	*p += n;
	*ret = value;
	return true;
}

static bool take_char(const char **p, char c)
{
	if (**p != c)
		return false;
	(*p)++;
	return true;
}

/* Only the shape; whether there is such a day is asked later. */
static int take_fields(const char *text, struct fields *ret, struct err *err)
{
	static const char TIME_HINT[] =
		"the time of day is not readable: write T14Z, T14:05Z, T14:05:30Z or T14:05:30.250Z";
	static const struct {
		char before;
		int digits;
		const char *wrong;
	} PARTS[] = {
		[WHEN_YEAR] = { '\0', 4, "not a date: " FORMS_HINT },
		[WHEN_MONTH] = { '-', 2, "the month needs two digits: " FORMS_HINT },
		[WHEN_DAY] = { '-', 2, "the day needs two digits: " FORMS_HINT },
		[WHEN_HOUR] = { 'T', 2, TIME_HINT },
		[WHEN_MINUTE] = { ':', 2, TIME_HINT },
		[WHEN_SECOND] = { ':', 2, TIME_HINT },
		[WHEN_MS] = { '.', 3, TIME_HINT },
	};
	struct fields f = { .part = { [WHEN_MONTH] = 1, [WHEN_DAY] = 1 } };
	const char *p = text;

	for (int i = WHEN_YEAR; i <= WHEN_MS && (i == WHEN_YEAR || take_char(&p, PARTS[i].before)); i++) {
		if (!take_digits(&p, PARTS[i].digits, &f.part[i]))
			return err_set(err, E_INVALID, "%s", PARTS[i].wrong);
		f.precision = (enum when_precision)i;
	}
	if (f.precision >= WHEN_HOUR && !take_char(&p, 'Z'))
		return err_set(err, E_INVALID, "a time of day ends in Z, for UTC, such as 2012-08-26T14:05Z");
	if (*p)
		return err_set(err, E_INVALID, "there is something behind the date: " FORMS_HINT);
	*ret = f;
	return 0;
}

static int days_of(const struct fields *f)
{
	return days_in_month(f->part[WHEN_YEAR], f->part[WHEN_MONTH]);
}

static int check_fields(const struct fields *f, struct err *err)
{
	if (f->part[WHEN_YEAR] < 1)
		return err_set(err, E_INVALID, "years go from 0001 to 9999");
	if (f->part[WHEN_MONTH] < 1 || f->part[WHEN_MONTH] > 12)
		return err_set(err, E_INVALID, "months go from 01 to 12; dates are year-month-day, such as 2012-08-26");
	if (f->part[WHEN_DAY] < 1 || f->part[WHEN_DAY] > days_of(f))
		return err_set(err, E_INVALID, "there is no such day: days of that month go from 01 to %d", days_of(f));
	if (f->part[WHEN_HOUR] > 23)
		return err_set(err, E_INVALID, "hours go from 00 to 23; the end of a day is T00:00Z of the next one");
	if (f->part[WHEN_MINUTE] > 59)
		return err_set(err, E_INVALID, "minutes go from 00 to 59");
	if (f->part[WHEN_SECOND] > 59)
		return err_set(err, E_INVALID, "seconds go from 00 to 59; write a leap second as 59");
	return 0;
}

static int64_t start_of(const struct fields *f)
{
	return days_from_civil(f->part[WHEN_YEAR], f->part[WHEN_MONTH], f->part[WHEN_DAY]) * DAY_MS +
	       f->part[WHEN_HOUR] * HOUR_MS + f->part[WHEN_MINUTE] * MINUTE_MS + f->part[WHEN_SECOND] * SECOND_MS +
	       f->part[WHEN_MS];
}

static int64_t end_of(const struct fields *f)
{
	static const int64_t STEP_MS[] = { [WHEN_DAY] = DAY_MS,
					   [WHEN_HOUR] = HOUR_MS,
					   [WHEN_MINUTE] = MINUTE_MS,
					   [WHEN_SECOND] = SECOND_MS,
					   [WHEN_MS] = 1 };

	if (f->precision == WHEN_YEAR)
		return days_from_civil(f->part[WHEN_YEAR] + 1, 1, 1) * DAY_MS;
	if (f->precision == WHEN_MONTH)
		return start_of(f) + days_of(f) * DAY_MS;
	return start_of(f) + STEP_MS[f->precision];
}

int when_parse_single(const char *text, struct when *ret, struct err *err)
{
	struct fields f = { .precision = WHEN_YEAR };
	int rc;

	if (strchr(text, '/'))
		return err_set(err, E_INVALID, "one date is expected here, not an interval: " FORMS_HINT);
	rc = take_fields(text, &f, err);
	if (rc == 0)
		rc = check_fields(&f, err);
	if (rc == 0)
		*ret = (struct when){ .from_ms = start_of(&f), .to_ms = end_of(&f), .precision = f.precision };
	return rc;
}

/* One end of an interval: n bytes at text; ".." is open. */
static int parse_end(const char *text, size_t n, struct when *ret, struct err *err)
{
	char copy[WHEN_TEXT_MAX];

	if (n == 2 && memcmp(text, "..", 2) == 0) {
		*ret = (struct when){ WHEN_OPEN_START, WHEN_OPEN_END, WHEN_MS, false };
		return 0;
	}
	if (n >= sizeof(copy))
		return err_set(err, E_INVALID, "not an interval: write 2012-08-26/2012-09-04, 2012/.. or ../2012");
	memcpy(copy, text, n);
	copy[n] = '\0';
	return when_parse_single(copy, ret, err);
}

int when_parse(const char *text, struct when *ret, struct err *err)
{
	const char *slash = strchr(text, '/');
	struct when a = { 0 }, b = { 0 };
	int rc;

	if (!slash)
		return when_parse_single(text, ret, err);
	rc = parse_end(text, (size_t)(slash - text), &a, err);
	if (rc < 0)
		return rc;
	rc = parse_end(slash + 1, strlen(slash + 1), &b, err);
	if (rc < 0)
		return rc;
	if (a.from_ms == WHEN_OPEN_START && b.to_ms == WHEN_OPEN_END)
		return err_set(err, E_INVALID, "an interval needs at least one end, such as 2012/.. or ../2012");
	if (a.from_ms >= b.to_ms)
		return err_set(err, E_INVALID, "the interval ends before it starts: write the earlier date first");
	*ret = (struct when){ a.from_ms, b.to_ms, a.precision < b.precision ? a.precision : b.precision, true };
	return 0;
}

/* Write the day and give the milliseconds since its start. Years outside 0..9999 have a sign, as ISO 8601 asks. */
static int format_day(int64_t ms, char out[static WHEN_TEXT_MAX], int64_t *ret_rest)
{
	const int64_t rest = (ms % DAY_MS + DAY_MS) % DAY_MS;
	const int64_t days = ms / DAY_MS - (ms % DAY_MS < 0);
	const char *sign = "";
	int64_t year;
	int month, day;

	civil_from_days(days, &year, &month, &day);
	if (year < 0 || year > 9999)
		sign = year < 0 ? "-" : "+";
	*ret_rest = rest;
	return snprintf(out, WHEN_TEXT_MAX, "%s%04" PRId64 "-%02d-%02d", sign, year < 0 ? -year : year, month, day);
}

static bool is_open(int64_t ms)
{
	return ms == WHEN_OPEN_START || ms == WHEN_OPEN_END;
}

void when_format_ms(int64_t ms, char out[static WHEN_TEXT_MAX])
{
	int64_t rest;
	int n;

	if (is_open(ms)) {
		snprintf(out, WHEN_TEXT_MAX, "..");
		return;
	}
	n = format_day(ms, out, &rest);
	n += snprintf(out + n, WHEN_TEXT_MAX - (size_t)n, "T%02d:%02d:%02d", (int)(rest / HOUR_MS),
		      (int)(rest / MINUTE_MS % 60), (int)(rest / SECOND_MS % 60));
	if (rest % SECOND_MS != 0)
		n += snprintf(out + n, WHEN_TEXT_MAX - (size_t)n, ".%03d", (int)(rest % SECOND_MS));
	snprintf(out + n, WHEN_TEXT_MAX - (size_t)n, "Z");
}

void when_format_day(int64_t ms, char out[static WHEN_TEXT_MAX])
{
	int64_t rest;

	if (is_open(ms))
		snprintf(out, WHEN_TEXT_MAX, "..");
	else
		format_day(ms, out, &rest);
}
