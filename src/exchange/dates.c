#include "exchange/dates.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/when.h"

static int not_a(const char *what, const char *text, struct err *err)
{
	return err_set(err, E_INVALID, "'%.*s' is not %s", shown_bytes(text), text, what);
}

/* A date in pieces; 0 where it does not say. */
struct date {
	long year, month, day;
	bool short_year;  /* written with two digits */
	const char *rest; /* behind it */
};

/* Not isalpha(): that asks the locale. */
static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

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
		} else if (is_letter(*p) && ret->name < 0 && *p != 'T') {
			for (n = 0; is_letter(p[n]);)
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

/* Which piece is what, "" if it cannot be told: by a month's name, by a year of four digits, else by the order given. */
static const char *order_of(const struct pieces *p, const char *order)
{
	const bool year_first = p->digits[0] == 4;
	static const char *const by_name[] = { "mdy", "dmy", "" };

	if (p->name >= 0 && p->v[p->name] == 0)
		return "";
	if (p->n == 1)
		return "y";
	if (p->n == 2 && year_first)
		return "ym";
	if (p->n == 2) /* "05 March" is no month of a year */
		return p->name == 0 || (p->name < 0 && p->digits[1] == 4) ? "my" : "";
	if (year_first)
		return p->name == 2 ? "ydm" : "ymd";
	return p->name >= 0 ? by_name[p->name] : order;
}

static bool place_pieces(const struct pieces *p, const char *order, struct date *ret)
{
	bool right = p->n > 0 && strlen(order) >= (size_t)p->n;

	for (int i = 0; i < p->n && right; i++) {
		long *to = order[i] == 'y' ? &ret->year : order[i] == 'm' ? &ret->month : &ret->day;

		*to = p->v[i];
		if (order[i] != 'y')
			continue;
		ret->short_year = p->digits[i] == 2;
		right = p->digits[i] == 4 || p->digits[i] == 2;
	}
	return right && (ret->month > 0 || ret->day == 0);
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
	if (pieces.n == 3 && pieces.name < 0 && pieces.digits[0] < 4 && !*order)
		return err_set(err, E_INVALID,
			       "'%.*s' may mean two days: the map must say which number is what (date:dmy, date:mdy)",
			       shown_bytes(text), text);
	if (!place_pieces(&pieces, order_of(&pieces, order), ret))
		return not_a("a date", text, err);
	if (!full_year(ret, order))
		return err_set(err, E_INVALID,
			       "'%.*s' has a year of two digits: the map must say which century (date:%s46)",
			       shown_bytes(text), text, *order ? order : "dmy");
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

/* Whether nothing but a time of day stands behind a date. */
static bool is_time(const char *rest)
{
	return (*rest == 'T' || *rest == ' ') && rest[1] >= '0' && rest[1] <= '9' &&
	       strspn(rest + 1, "0123456789:.+-Z APMapm") == strlen(rest + 1);
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
	if (*d.rest && !is_time(d.rest))
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
