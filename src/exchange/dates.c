#include "exchange/dates.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"

#define SHOWN_MAX 40 /* characters of a value in an error */

static int not_a(const char *what, const char *text, struct err *err)
{
	return err_set(err, E_INVALID, "'%.*s' is not %s", SHOWN_MAX, text, what);
}

/* A date in pieces; 0 where it does not say. */
struct date {
	long year, month, day;
	bool short_year;  /* written with two digits */
	const char *rest; /* behind it */
};

static long month_of(const char *p, size_t n)
{
	static const char *const names[] = { "january", "february", "march",     "april",   "may",      "june",
					     "july",    "august",   "september", "october", "november", "december" };

	for (long i = 0; i < 12 && n >= 3; i++)
		if (n <= strlen(names[i]) && strncasecmp(p, names[i], n) == 0)
			return i + 1;
	return 0;
}

/* Numbers and a month's name, as they stand: 3 at most, and which of them is the name (-1: none). */
struct pieces {
	long v[3];
	size_t digits[3];
	int n, name;
};

static const char *read_pieces(const char *p, struct pieces *ret)
{
	*ret = (struct pieces){ .name = -1 };
	while (*p && ret->n < 3) {
		size_t n = strspn(p, "0123456789");

		if (n > 0 && n <= 4) {
			ret->digits[ret->n] = n;
			ret->v[ret->n++] = strtol(p, NULL, 10);
		} else if (isalpha((unsigned char)*p) && ret->name < 0 && *p != 'T') {
			for (n = 0; isalpha((unsigned char)p[n]);)
				n++;
			ret->name = ret->n;
			ret->v[ret->n++] = month_of(p, n);
		} else {
			break;
		}
		p += n;
		if (*p == ':' || *p == 'T' || ret->n == 3)
			break;
		p += strspn(p, "-/., ");
	}
	return p;
}

/* Which piece is what: by the argument ("dmy", "mdy"), by a month's name, else year first. */
static bool place_pieces(const struct pieces *p, const char *order, struct date *ret)
{
	static const char *const by_name[] = { "mdy", "dmy", "ymd" };
	char plain[4] = "ymd";

	if (p->n == 2 && p->name == 0)
		memcpy(plain, "my", 3);
	else if (p->name >= 0 && p->n == 3)
		memcpy(plain, p->digits[0] == 4 ? "ymd" : by_name[p->name], 4);
	else if (p->n == 3 && strlen(order) >= 3 && p->digits[0] != 4)
		memcpy(plain, order, 3);
	for (int i = 0; i < p->n; i++) {
		long *to = plain[i] == 'y' ? &ret->year : plain[i] == 'm' ? &ret->month : &ret->day;

		*to = p->v[i];
		ret->short_year |= plain[i] == 'y' && p->digits[i] <= 2;
		if (plain[i] == 'y' && p->digits[i] != 4 && p->digits[i] != 2)
			return false;
	}
	return p->n > 0;
}

/* "dmy46": years of two digits below 46 are of 20.., the others of 19... Without it they are refused. */
static bool full_year(struct date *d, const char *order)
{
	const char *pivot = order + strcspn(order, "0123456789");

	if (!d->short_year)
		return true;
	if (!*pivot)
		return false;
	d->year += d->year < strtol(pivot, NULL, 10) ? 2000 : 1900;
	return true;
}

static int read_pieces_of(const char *text, const char *order, struct date *ret, struct err *err)
{
	struct pieces pieces;

	*ret = (struct date){ 0 };
	ret->rest = read_pieces(text, &pieces);
	if (!place_pieces(&pieces, order, ret))
		return not_a("a date", text, err);
	if (!full_year(ret, order))
		return err_set(err, E_INVALID,
			       "'%.*s' has a year of two digits: the map must say which century (date:%s46)", SHOWN_MAX,
			       text, *order ? order : "dmy");
	return 0;
}

static int checked(const char *date, const char *text, struct err *err)
{
	struct when when;

	return when_parse_single(date, &when, NULL) == 0 ? 0 : not_a("a date", text, err);
}

static const char *date_text(struct arena *a, const struct date *d)
{
	if (d->month == 0)
		return arena_printf(a, "%04ld", d->year);
	return d->day ? arena_printf(a, "%04ld-%02ld-%02ld", d->year, d->month, d->day)
		      : arena_printf(a, "%04ld-%02ld", d->year, d->month);
}

/* A time of day behind a date, as UTC; what is known to the minute is not given seconds. */
static int day_and_time(struct arena *a, const struct date *d, const char *text, const char **ret, struct err *err)
{
	const char *rest = d->rest + (*d->rest == 'T' || *d->rest == ' ');
	size_t n = strspn(rest, "0123456789:");

	if ((n != 5 && n != 8) || (rest[n] && strcmp(rest + n, "Z") != 0))
		return not_a("a time such as 2004-01-31T23:59:59", text, err);
	if (n == 8 && strncmp(rest + 5, ":00", 3) == 0)
		n = 5;
	*ret = arena_printf(a, "%sT%.*sZ", date_text(a, d), (int)n, rest);
	return 0;
}

int date_read(struct arena *a, const char *text, const char *order, enum date_wanted wanted, const char **ret,
	      struct err *err)
{
	const char *out = NULL;
	struct date d;
	int rc = read_pieces_of(text, order, &d, err);

	if (rc < 0)
		return rc;
	if (*d.rest && *d.rest != 'T' && *d.rest != ' ')
		return not_a("a date", text, err);
	if (wanted == DATE_YEAR)
		out = arena_printf(a, "%04ld", d.year);
	else if (wanted == DATE_DAY || !*d.rest)
		out = date_text(a, &d);
	else
		rc = day_and_time(a, &d, text, &out, err);
	if (rc == 0)
		rc = checked(out, text, err);
	if (rc == 0)
		*ret = out;
	return rc;
}
