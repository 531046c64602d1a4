#include "exchange/filters.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "exchange/dates.h"
#include "exchange/export.h"

#define SLUG_MAX 80  /* of the 200 characters of a label, in which two may stand */
#define WHOLE_MAX 15 /* digits: they fit the integers of our JSON */

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

/* Not isspace(): in some locales that cuts characters in two. */
static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static const char *copy_trimmed(struct arena *a, const char *p, size_t n)
{
	while (n > 0 && is_blank(*p)) {
		p++;
		n--;
	}
	while (n > 0 && is_blank(p[n - 1]))
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

/* The values of one text, behind those that are there. */
static int split_text(const char *text, const char *sep, struct arena *a, struct values *out, struct err *err)
{
	for (const char *p = text, *end; *p; p = *end ? end + strlen(sep) : end) {
		const char *item;

		end = strstr(p, sep);
		end = end ? end : p + strlen(p);
		item = end > p ? copy_trimmed(a, p, (size_t)(end - p)) : "";
		if (*item && out->n == VALUES_MAX)
			return err_set(err, E_LIMIT, "there are more than %d values in one cell", VALUES_MAX);
		if (*item)
			out->items[out->n++] = item;
	}
	return 0;
}

static int split(const struct filter *f, const struct scope *scope, struct values *values, struct err *err)
{
	struct values out = { .items = arena_alloc(scope->arena, VALUES_MAX * sizeof *out.items) };
	int rc = 0;

	for (size_t i = 0; i < values->n && rc == 0; i++)
		rc = split_text(values->items[i], separator(f), scope->arena, &out, err);
	*values = out;
	return rc;
}

static int keep_nth(const struct filter *f, const struct scope *scope, struct values *values, struct err *err)
{
	(void)f;
	(void)err;
	/* fewer or more than the loop has: a name with a comma in it, and nobody knows which is whose */
	if (scope->index < values->n && (!scope->n_each || values->n == scope->n_each)) {
		values->items += scope->index;
		values->n = *values->items[0] != '\0';
	} else {
		values->n = 0;
	}
	return 0;
}

static int keep_first(const struct filter *f, const struct scope *scope, struct values *values, struct err *err)
{
	size_t i = 0;

	(void)f;
	(void)scope;
	(void)err;
	while (i < values->n && !*values->items[i]) /* dropped by a filter before */
		i++;
	if (i < values->n)
		values->items += i;
	values->n = i < values->n;
	return 0;
}

static int join(const struct filter *f, const struct scope *scope, struct values *values, struct err *err)
{
	const size_t n_between = strlen(f->arg);
	size_t total = 1;
	char *text, *end;

	(void)err;
	for (size_t i = 0; i < values->n; i++)
		total += strlen(values->items[i]) + n_between;
	text = end = arena_alloc(scope->arena, total);
	for (size_t i = 0; i < values->n; i++) {
		const size_t n = strlen(values->items[i]);

		if (n > 0 && end > text) {
			memcpy(end, f->arg, n_between);
			end += n_between;
		}
		memcpy(end, values->items[i], n);
		end += n;
	}
	values->n = *text != '\0';
	if (*text)
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

static int unguard(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		   struct err *err)
{
	(void)f;
	(void)scope;
	(void)err;
	*ret = csv_unguard(text);
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

/* A character as it stands in a label: itself, or in hex behind '_'. */
static char *put_slug(char *end, char c)
{
	static const char digits[] = "0123456789abcdef";
	const char low = c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;

	if ((low >= 'a' && low <= 'z') || (low >= '0' && low <= '9') || low == '.' || low == '-') {
		*end++ = low;
	} else {
		*end++ = '_';
		*end++ = digits[(uint8_t)c >> 4];
		*end++ = digits[(uint8_t)c & 15];
	}
	return end;
}

/* A text that fits a label, another one for every other text. Only the case of letters, how many blanks there are in one
 * place, and those at the ends are lost. A blank becomes '-', and '-' becomes "--", so that a blank beside a '-' must be
 * written in hex. */
static int slug(const struct filter *f, const struct scope *scope, const char *text, const char **ret, struct err *err)
{
	char *out = arena_alloc(scope->arena, 3 * strlen(text) + 32), *end = out;

	(void)f;
	(void)err;
	for (const char *p = text; *p; p++) {
		const bool blank = is_blank(*p);

		if (blank && (is_blank(p[1]) || !p[1] || end == out))
			continue; /* the last of a run stands for it */
		if (blank && p[1] != '-' && end[-1] != '-')
			*end++ = '-';
		else if (*p == '-')
			end = put_slug(put_slug(end, '-'), '-');
		else
			end = put_slug(end, blank ? ' ' : *p);
	}
	*end = '\0';
	*ret = end - out <= SLUG_MAX
		       ? out
		       : arena_printf(scope->arena, "%.*s.%016llx", SLUG_MAX - 20, out,
				      (unsigned long long)mark_bytes(MARK_BEGIN, out, (size_t)(end - out)));
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

/* The first so many characters of a code. */
static int head(const struct filter *f, const struct scope *scope, const char *text, const char **ret, struct err *err)
{
	unsigned long left = strtoul(f->arg, NULL, 10);
	size_t n = 0;

	(void)err;
	for (; text[n]; n++)
		if (((uint8_t)text[n] & 0xc0) != 0x80 && left-- == 0)
			break;
	*ret = arena_copy(scope->arena, text, n);
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
		if (!is_blank(*p))
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
	return err_set(err, E_INVALID, "'%.*s' is not %s", shown_bytes(text), text, what);
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

/* The digits of "1,200,000" or "1 200" without what parts the thousands; NULL if something else is parted. */
static char *without_thousands(struct arena *a, const char *text)
{
	char *out = arena_alloc(a, strlen(text) + 1), *end = out;
	const size_t sign = *text == '-' || *text == '+', first = strcspn(text, ", ");

	for (const char *p = text; *p; p++) {
		const bool parts = *p == ',' || *p == ' ';

		if (parts && (strspn(p + 1, "0123456789") != 3 || first > sign + 3 || first == sign))
			return NULL;
		if (!parts)
			*end++ = *p;
	}
	*end = '\0';
	return out;
}

/* A whole number written as "12.0" or "1,200"; halves and more are not rounded away. */
static int whole(const struct filter *f, const struct scope *scope, const char *text, const char **ret, struct err *err)
{
	char *out = without_thousands(scope->arena, text), *dot = out ? strchr(out, '.') : NULL;
	const char *from;

	(void)f;
	if (!out || number_length(out) != strlen(out) || (dot && strspn(dot + 1, "0") != strlen(dot + 1)))
		return not_a("a whole number", text, err);
	if (dot)
		*dot = '\0';
	from = out + (out[0] == '+' || out[0] == '-');
	while (from[0] == '0' && from[1])
		from++;
	if (strlen(from) > WHOLE_MAX)
		return not_a("a whole number", text, err);
	*ret = out[0] == '-' && from[0] != '0' ? arena_printf(scope->arena, "-%s", from) : from;
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
		return err_set(err, E_INVALID, "'%.*s' is not in the table '%s' of the map", shown_bytes(text), text,
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

static int to_date(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		   struct err *err)
{
	return date_read(scope->arena, text, f->arg, DATE_DAY, ret, err);
}

static int to_year(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		   struct err *err)
{
	return date_read(scope->arena, text, f->arg, DATE_YEAR, ret, err);
}

static int to_time(const struct filter *f, const struct scope *scope, const char *text, const char **ret,
		   struct err *err)
{
	return date_read(scope->arena, text, f->arg, DATE_TIME, ret, err);
}

/* --- the table --------------------------------------------------------------------------------------------- */

static const struct filter_type filter_types[] = {
	{ "unguard", false, unguard, NULL }, { "split", true, NULL, split },
	{ "nth", false, NULL, keep_nth },    { "first", false, NULL, keep_first },
	{ "join", true, NULL, join },        { "else", true, NULL, put_else },
	{ "not", true, drop_if, NULL },      { "only", true, keep_if, NULL },
	{ "lower", false, lower, NULL },     { "slug", false, slug, NULL },
	{ "cut", true, cut, NULL },          { "before", true, before, NULL },
	{ "behind", true, behind, NULL },    { "squeeze", false, squeeze, NULL },
	{ "whole", false, whole, NULL },     { "degrees", true, degrees, NULL },
	{ "codes", true, to_code, NULL },    { "codes?", true, to_code_or_none, NULL },
	{ "date", false, to_date, NULL },    { "head", true, head, NULL },
	{ "time", false, to_time, NULL },    { "year", false, to_year, NULL },
};

/* "dmy", "mdy46" */
static bool is_order(const char *arg)
{
	return (strncmp(arg, "dmy", 3) == 0 || strncmp(arg, "mdy", 3) == 0 || strncmp(arg, "ymd", 3) == 0) &&
	       strlen(arg) <= 5 && strspn(arg + 3, "0123456789") == strlen(arg + 3);
}

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
	    !is_order(f->arg))
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
		return err_set(err, E_INVALID, "there is no filter '%.*s'", shown_bytes(text), text);
	if (ret->type->needs_arg && !(arg && *arg))
		return err_set(err, E_INVALID, "the filter %s needs something behind a ':'", ret->type->name);
	ret->arg = arg ? arena_text(a, arg) : "";
	if (strncmp(ret->type->name, "codes", 5) != 0)
		return check_arg(ret, err);
	while (table && strcmp(table->name, arg) != 0)
		table = table->next;
	ret->codes = table;
	return table ? 0
		     : err_set(err, E_INVALID, "the map has no table 'codes %.*s' above this line", shown_bytes(arg),
			       arg);
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
