#include "exchange/filters.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/when.h"

#define SLUG_MAX 120 /* of the 200 characters of a label */
#define SHOWN_MAX 40 /* characters of a value in an error */

struct filter_type {
	const char *name;
	bool needs_arg;
	/* One text to another; "" and NULL drop it. */
	int (*one)(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		   struct err *err);
	/* Or all texts of the place at once. */
	int (*all)(const struct filter *f, const struct scope *scope, struct values *values, struct err *err);
};

/* --- whole lists ------------------------------------------------------------------------------------------- */

static int put_else(const struct filter *f, const struct scope *scope, struct values *values, struct err *err)
{
	(void)err;
	if (values->n > 0)
		return 0;
	values->items = arena_alloc(scope->arena, sizeof *values->items);
	values->items[values->n++] = f->arg;
	return 0;
}

static const char *copy_trimmed(struct arena *a, const char *p, size_t n)
{
	while (n > 0 && isspace((unsigned char)*p)) {
		p++;
		n--;
	}
	while (n > 0 && isspace((unsigned char)p[n - 1]))
		n--;
	return arena_copy(a, p, n);
}

/* Where a list ends its values: "split:," or, for "tab" and "line", those characters. */
static const char *separator(const struct filter *f)
{
	if (strcmp(f->arg, "tab") == 0)
		return "\t";
	if (strcmp(f->arg, "bar") == 0)
		return "|";
	return strcmp(f->arg, "line") == 0 ? "\n" : f->arg;
}

static int split(const struct filter *f, const struct scope *scope, struct values *values, struct err *err)
{
	const char *sep = separator(f);
	struct values out = { 0 };
	size_t cap = 0;

	(void)err;
	for (size_t i = 0; i < values->n; i++)
		for (const char *p = values->items[i]; *p; p = strstr(p, sep) ? strstr(p, sep) + strlen(sep) : "")
			cap++;
	out.items = arena_alloc(scope->arena, (cap + 1) * sizeof *out.items);
	for (size_t i = 0; i < values->n; i++)
		for (const char *p = values->items[i], *end; *p; p = *end ? end + strlen(sep) : end) {
			const char *item;

			end = strstr(p, sep);
			end = end ? end : p + strlen(p);
			item = copy_trimmed(scope->arena, p, (size_t)(end - p));
			if (*item)
				out.items[out.n++] = item;
		}
	*values = out;
	return 0;
}

static int keep_nth(const struct filter *f, const struct scope *scope, struct values *values, struct err *err)
{
	(void)f;
	(void)err;
	if (scope->index < values->n) {
		values->items += scope->index;
		values->n = *values->items[0] != '\0';
	} else {
		values->n = 0;
	}
	return 0;
}

static int keep_first(const struct filter *f, const struct scope *scope, struct values *values, struct err *err)
{
	(void)f;
	(void)scope;
	(void)err;
	values->n = values->n > 0;
	return 0;
}

static int join(const struct filter *f, const struct scope *scope, struct values *values, struct err *err)
{
	const char *text = NULL;

	(void)err;
	for (size_t i = 0; i < values->n; i++)
		if (*values->items[i])
			text = text ? arena_printf(scope->arena, "%s%s%s", text, f->arg, values->items[i])
				    : values->items[i];
	values->n = text != NULL;
	if (text)
		values->items[0] = text;
	return 0;
}

/* --- texts ------------------------------------------------------------------------------------------------- */

static int drop_if(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		   struct err *err)
{
	(void)scope;
	(void)err;
	*ret = strcmp(text, f->arg) == 0 ? NULL : text;
	return 0;
}

static int keep_if(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		   struct err *err)
{
	(void)scope;
	(void)err;
	*ret = strcmp(text, f->arg) == 0 ? text : NULL;
	return 0;
}

static int lower(const struct filter *f, const struct scope *scope, const char *text, const char **ret, struct err *err)
{
	char *out = arena_text(scope->arena, text);

	(void)f;
	(void)err;
	for (char *p = out; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p += 'a' - 'A';
	*ret = out;
	return 0;
}

/* A text that fits a label, another one for every other text: what a label cannot hold is written in hex behind '_'.
 * Only case and runs of blanks are lost. */
static int slug(const struct filter *f, const struct scope *scope, const char *text, const char **ret, struct err *err)
{
	static const char digits[] = "0123456789abcdef";
	char *out = arena_alloc(scope->arena, 3 * strlen(text) + 32), *end = out;
	uint64_t mark = UINT64_C(0xcbf29ce484222325);

	(void)f;
	(void)err;
	for (const char *p = text; *p; p++) {
		const uint8_t c = (uint8_t)*p, low = c >= 'A' && c <= 'Z' ? (uint8_t)(c + 'a' - 'A') : c;

		mark = (mark ^ low) * UINT64_C(0x100000001b3);
		if ((low >= 'a' && low <= 'z') || (low >= '0' && low <= '9') || low == '.' || low == '-') {
			*end++ = (char)low;
		} else if (isspace(c)) {
			if (end > out && end[-1] != '-')
				*end++ = '-';
		} else {
			*end++ = '_';
			*end++ = digits[low >> 4];
			*end++ = digits[low & 15];
		}
	}
	*end = '\0';
	*ret = end - out <= SLUG_MAX
		       ? out
		       : arena_printf(scope->arena, "%.*s.%016llx", SLUG_MAX - 20, out, (unsigned long long)mark);
	return 0;
}

/* At most so many characters; what was cut ends in "...". */
static int cut(const struct filter *f, const struct scope *scope, const char *text, const char **ret, struct err *err)
{
	const unsigned long max = strtoul(f->arg, NULL, 10);
	size_t keep = 0;
	unsigned long n = 0;

	(void)err;
	for (size_t i = 0; text[i]; i++) {
		if (((uint8_t)text[i] & 0xc0) == 0x80)
			continue;
		if (n == max - 3)
			keep = i;
		n++;
	}
	*ret = n <= max ? text : arena_printf(scope->arena, "%.*s...", (int)keep, text);
	return 0;
}

/* The first so many bytes of a code. */
static int head(const struct filter *f, const struct scope *scope, const char *text, const char **ret, struct err *err)
{
	(void)err;
	*ret = arena_printf(scope->arena, "%.*s", (int)strtoul(f->arg, NULL, 10), text);
	return 0;
}

static int before(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		  struct err *err)
{
	const char *at = strstr(text, f->arg);

	(void)err;
	*ret = at ? copy_trimmed(scope->arena, text, (size_t)(at - text)) : text;
	return 0;
}

static int behind(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		  struct err *err)
{
	const char *at = strstr(text, f->arg);

	(void)err;
	*ret = at ? copy_trimmed(scope->arena, at + strlen(f->arg), strlen(at) - strlen(f->arg)) : NULL;
	return 0;
}

/* All on one line: runs of blanks and line ends become one blank. */
static int squeeze(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		   struct err *err)
{
	char *out = arena_alloc(scope->arena, strlen(text) + 1), *end = out;

	(void)f;
	(void)err;
	for (const char *p = text; *p; p++)
		if (!isspace((unsigned char)*p))
			*end++ = *p;
		else if (end > out && end[-1] != ' ')
			*end++ = ' ';
	if (end > out && end[-1] == ' ')
		end--;
	*end = '\0';
	*ret = out;
	return 0;
}

/* --- numbers ----------------------------------------------------------------------------------------------- */

static int not_a(const char *what, const char *text, struct err *err)
{
	return err_set(err, E_INVALID, "'%.*s' is not %s", SHOWN_MAX, text, what);
}

/* The length of "-12.5" at the beginning of a text; 0 if there is none. */
static size_t number_length(const char *text)
{
	size_t n = text[0] == '-' || text[0] == '+', digits = strspn(text + n, "0123456789");

	if (digits == 0)
		return 0;
	n += digits;
	if (text[n] != '.')
		return n;
	digits = strspn(text + n + 1, "0123456789");
	return digits ? n + 1 + digits : n;
}

/* A whole number written as "12.0" or "1,200"; halves and more are not rounded away. */
static int whole(const struct filter *f, const struct scope *scope, const char *text, const char **ret, struct err *err)
{
	char *out = arena_text(scope->arena, text), *end = out;
	const char *dot, *from;

	(void)f;
	for (const char *p = text; *p; p++)
		if (*p != ',' && *p != ' ')
			*end++ = *p;
	*end = '\0';
	dot = strchr(out, '.');
	if (number_length(out) != strlen(out) || (dot && strspn(dot + 1, "0") != strlen(dot + 1)))
		return not_a("a whole number", text, err);
	out[dot ? (size_t)(dot - out) : strlen(out)] = '\0';
	from = out + (out[0] == '+');
	while (from[0] == '0' && from[1])
		from++;
	*ret = strcmp(from, "-0") == 0 ? "0" : from;
	return 0;
}

/* Degrees with at most six decimals, in a range. */
static int degrees(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		   struct err *err)
{
	const double max = strcmp(f->arg, "latitude") == 0 ? 90 : 180;
	const double value = strtod(text, NULL);
	char *out, *end;

	if (number_length(text) != strlen(text) || !(value >= -max && value <= max))
		return not_a(max == 90 ? "a latitude" : "a longitude", text, err);
	out = arena_printf(scope->arena, "%.6f", value);
	end = out + strlen(out);
	while (end[-1] == '0' && end[-2] != '.')
		*--end = '\0';
	*ret = strcmp(out, "-0.0") == 0 ? "0.0" : out;
	return 0;
}

/* --- codes ------------------------------------------------------------------------------------------------- */

const struct code_row *code_table_find(const struct code_table *table, const char *text)
{
	const struct code_row *best = NULL;
	size_t best_n = 0;

	for (size_t i = 0; i < table->n; i++) {
		const char *from = table->rows[i].from;
		const size_t n = strlen(from);

		if (strcmp(from, text) == 0)
			return &table->rows[i];
		if (n > 0 && from[n - 1] == '*' && strncmp(from, text, n - 1) == 0 && (!best || n > best_n)) {
			best = &table->rows[i];
			best_n = n;
		}
	}
	return best;
}

static int to_code(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		   struct err *err)
{
	const struct code_row *row = code_table_find(f->codes, text);

	(void)scope;
	if (!row)
		return err_set(err, E_INVALID, "'%.*s' is not in the table '%s' of the map", SHOWN_MAX, text,
			       f->codes->name);
	*ret = row->to;
	return 0;
}

static int to_code_or_none(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
			   struct err *err)
{
	const struct code_row *row = code_table_find(f->codes, text);

	(void)scope;
	(void)err;
	*ret = row ? row->to : NULL;
	return 0;
}

/* --- dates ------------------------------------------------------------------------------------------------- */

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

static int read_date(const struct filter *f, const char *text, struct date *ret, struct err *err)
{
	struct pieces pieces;

	*ret = (struct date){ 0 };
	ret->rest = read_pieces(text, &pieces);
	if (!place_pieces(&pieces, f->arg, ret))
		return not_a("a date", text, err);
	if (!full_year(ret, f->arg))
		return err_set(err, E_INVALID,
			       "'%.*s' has a year of two digits: the map must say which century (date:%s46)", SHOWN_MAX,
			       text, *f->arg ? f->arg : "dmy");
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

static int to_date(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		   struct err *err)
{
	struct date d;
	int rc = read_date(f, text, &d, err);

	if (rc < 0)
		return rc;
	if (*d.rest && *d.rest != 'T' && *d.rest != ' ')
		return not_a("a date", text, err);
	*ret = date_text(scope->arena, &d);
	return checked(*ret, text, err);
}

/* A day and a time of day, taken as UTC: what zone a dataset means, its map must say in words. */
static int to_year(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		   struct err *err)
{
	struct date d;
	int rc = read_date(f, text, &d, err);

	if (rc < 0)
		return rc;
	*ret = arena_printf(scope->arena, "%04ld", d.year);
	return checked(*ret, text, err);
}

static int to_time(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		   struct err *err)
{
	struct date d;
	size_t n;
	int rc = read_date(f, text, &d, err);

	if (rc < 0)
		return rc;
	d.rest += *d.rest == 'T' || *d.rest == ' ';
	n = strspn(d.rest, "0123456789:");
	if (!*d.rest) {
		*ret = date_text(scope->arena, &d);
		return checked(*ret, text, err);
	}
	if ((n != 5 && n != 8) || (d.rest[n] && strcmp(d.rest + n, "Z") != 0))
		return not_a("a time such as 2004-01-31T23:59:59", text, err);
	if (n == 8 && strncmp(d.rest + 5, ":00", 3) == 0)
		n = 5; /* it is known to the minute */
	*ret = arena_printf(scope->arena, "%sT%.*sZ", date_text(scope->arena, &d), (int)n, d.rest);
	return checked(*ret, text, err);
}

/* --- the table --------------------------------------------------------------------------------------------- */

static const struct filter_type filter_types[] = {
	{ "split", true, NULL, split },
	{ "nth", false, NULL, keep_nth },
	{ "first", false, NULL, keep_first },
	{ "join", true, NULL, join },
	{ "else", true, NULL, put_else },
	{ "not", true, drop_if, NULL },
	{ "only", true, keep_if, NULL },
	{ "lower", false, lower, NULL },
	{ "slug", false, slug, NULL },
	{ "cut", true, cut, NULL },
	{ "before", true, before, NULL },
	{ "behind", true, behind, NULL },
	{ "squeeze", false, squeeze, NULL },
	{ "whole", false, whole, NULL },
	{ "degrees", true, degrees, NULL },
	{ "codes", true, to_code, NULL },
	{ "codes?", true, to_code_or_none, NULL },
	{ "date", false, to_date, NULL },
	{ "head", true, head, NULL },
	{ "time", false, to_time, NULL },
	{ "year", false, to_year, NULL },
};

static int check_arg(const struct filter *f, struct err *err)
{
	const char *name = f->type->name;

	if (strcmp(name, "cut") == 0 &&
	    (strspn(f->arg, "0123456789") != strlen(f->arg) || strtoul(f->arg, NULL, 10) < 4))
		return err_set(err, E_INVALID, "cut takes a number of characters, at least 4");
	if (strcmp(name, "head") == 0 && (strspn(f->arg, "0123456789") != strlen(f->arg) || strlen(f->arg) > 3))
		return err_set(err, E_INVALID, "head takes a number of characters");
	if (strcmp(name, "degrees") == 0 && strcmp(f->arg, "latitude") != 0 && strcmp(f->arg, "longitude") != 0)
		return err_set(err, E_INVALID, "degrees takes latitude or longitude");
	if ((strcmp(name, "date") == 0 || strcmp(name, "time") == 0 || strcmp(name, "year") == 0) && *f->arg &&
	    strncmp(f->arg, "dmy", 3) != 0 && strncmp(f->arg, "mdy", 3) != 0 && strncmp(f->arg, "ymd", 3) != 0)
		return err_set(err, E_INVALID,
			       "%s takes dmy, mdy or ymd, and behind it the year from which 19.. is meant", name);
	return 0;
}

int filter_read(const char *text, struct arena *a, const struct code_table *codes, struct filter *ret, struct err *err)
{
	const size_t n = strcspn(text, ":");
	const char *arg = text[n] ? text + n + 1 : NULL;
	const struct code_table *table = codes;

	for (size_t i = 0; i < ARRAY_LEN(filter_types) && !ret->type; i++)
		if (strlen(filter_types[i].name) == n && strncmp(filter_types[i].name, text, n) == 0)
			ret->type = &filter_types[i];
	if (!ret->type)
		return err_set(err, E_INVALID, "there is no filter '%.*s'", SHOWN_MAX, text);
	if (ret->type->needs_arg && !(arg && *arg))
		return err_set(err, E_INVALID, "the filter %s needs something behind a ':'", ret->type->name);
	ret->arg = arg ? arena_text(a, arg) : "";
	if (strncmp(ret->type->name, "codes", 5) != 0)
		return check_arg(ret, err);
	while (table && strcmp(table->name, arg) != 0)
		table = table->next;
	ret->codes = table;
	return table ? 0 : err_set(err, E_INVALID, "the map has no table 'codes %.*s' above this line", SHOWN_MAX, arg);
}

int filter_run(const struct filter *filter, const struct scope *scope, struct values *values, struct err *err)
{
	size_t n = 0;
	int rc = 0;

	if (filter->type->all)
		return filter->type->all(filter, scope, values, err);
	/* within a place several values keep their numbers: those that are dropped become "" */
	for (size_t i = 0; i < values->n && rc == 0; i++) {
		const char *out = NULL;

		if (*values->items[i])
			rc = filter->type->one(filter, scope, values->items[i], &out, err);
		values->items[i] = out ? out : "";
		n += *values->items[i] != '\0';
	}
	if (n == 0)
		values->n = 0;
	return rc;
}
