#include "cli/opt.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

#define SHOWN_MAX 40 /* bytes of a wrong value that an error repeats */
#define NAME_MAX_TYPED 64

/* Bytes of text to repeat in an error, never half a character. */
static int shown(const char *text)
{
	size_t n = strnlen(text, SHOWN_MAX);
	while (n && text[n] && !utf8_valid(text, n))
		n--;
	return (int)n;
}

int opt_parse_number(const char *text, int64_t *ret, struct err *err)
{
	char *end;
	errno = 0;
	long long v = strtoll(text, &end, 10);
	if (end == text || *end || isspace((unsigned char)*text) || errno)
		return err_set(err, E_INVALID, "'%.*s' is not a whole number", shown(text), text);
	*ret = v;
	return 0;
}

static int64_t unit_ms(const char *unit, size_t n)
{
	static const struct {
		const char *unit;
		int64_t ms;
	} units[] = {
		{ "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 }, { "w", 604800000 },
	};
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (strlen(units[i].unit) == n && memcmp(units[i].unit, unit, n) == 0)
			return units[i].ms;
	return 0;
}

int opt_parse_duration(const char *text, int64_t *ret_ms, struct err *err)
{
	int64_t total = 0;
	const char *p = text;
	do {
		char *unit;
		errno = 0;
		long long n = isdigit((unsigned char)*p) ? strtoll(p, &unit, 10) : -1;
		if (n < 0 || errno)
			goto wrong;
		size_t len = strspn(unit, "mshdw");
		int64_t part, ms = unit_ms(unit, len);
		if (!ms || __builtin_mul_overflow(n, ms, &part) || __builtin_add_overflow(total, part, &total))
			goto wrong;
		p = unit + len;
	} while (*p);
	*ret_ms = total;
	return 0;
wrong:
	return err_set(err, E_INVALID, "'%.*s' is not a duration such as 30m, 2h, 1d or 1h30m", shown(text), text);
}

static int check_range(int64_t v, int64_t min, int64_t max, const char *unit, struct err *err)
{
	if ((min || max) && (v < min || v > max))
		return err_set(err, E_INVALID, "%lld%s is outside %lld to %lld%s", (long long)v, unit, (long long)min,
			       (long long)max, unit);
	return 0;
}

static int check_choice(const char *choices, const char *text, struct err *err)
{
	char choice[NAME_MAX_TYPED], best_copy[NAME_MAX_TYPED] = "";
	for (const char *p = choices; *p;) {
		size_t n = strcspn(p, "|");
		snprintf(choice, sizeof(choice), "%.*s", (int)n, p);
		if (strcmp(choice, text) == 0)
			return 0;
		if (opt_nearer(text, *best_copy ? best_copy : NULL, choice) == choice)
			memcpy(best_copy, choice, sizeof(choice));
		p += n + (p[n] == '|');
	}
	if (*best_copy)
		return err_set(err, E_INVALID, "there is no '%.*s'; did you mean %s?", shown(text), text, best_copy);
	return err_set(err, E_INVALID, "there is no '%.*s'; it takes one of %s", shown(text), text, choices);
}

static int check_by_type(enum opt_type type, const char *choices, int64_t min, int64_t max, const char *text,
			 struct err *err)
{
	int64_t v = 0;
	struct when when;
	int rc = 0;

	switch (type) {
	case OPT_NUMBER:
		rc = opt_parse_number(text, &v, err);
		return rc ? rc : check_range(v, min, max, "", err);
	case OPT_DURATION:
		rc = opt_parse_duration(text, &v, err);
		return rc ? rc : check_range(v, min, max, " ms", err);
	case OPT_DATE:
		return when_parse_single(text, &when, err);
	case OPT_CHOICE:
		return check_choice(choices, text, err);
	case OPT_FILE:
	case OPT_DIR:
		return *text ? 0 : err_set(err, E_INVALID, "the path is empty");
	case OPT_TEXT:
	case OPT_FLAG:
	case OPT_KIND:
	case OPT_FIELD:
	case OPT_COMMAND:
		return 0;
	}
	return 0;
}

int opt_check_value(const char *what, enum opt_type type, const char *choices, int64_t min, int64_t max,
		    const char *text, struct err *err)
{
	struct err why;
	if (check_by_type(type, choices, min, max, text, &why) == 0)
		return 0;
	return err_set(err, E_USAGE, "%s: %.400s", what, why.text);
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours that lead from a to b; long names count as far. */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][NAME_MAX_TYPED + 1];
	size_t la = strlen(a), lb = strlen(b);
	if (la > NAME_MAX_TYPED || lb > NAME_MAX_TYPED)
		return SIZE_MAX;
	for (size_t j = 0; j <= lb; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= la; i++) {
		size_t *now = rows[i % 3], *up = rows[(i + 2) % 3], *up2 = rows[(i + 1) % 3];
		now[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			now[j] = least(least(up[j], now[j - 1]) + 1, up[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], up2[j - 2] + 1);
		}
	}
	return rows[la % 3][lb];
}

const char *opt_nearer(const char *typed, const char *best, const char *candidate)
{
	size_t typed_len = strlen(typed);
	size_t limit = typed_len < 3 ? 1 : typed_len < 6 ? 2 : 3;
	size_t far = distance(typed, candidate);
	if (typed_len >= 3 && strncmp(typed, candidate, typed_len) == 0)
		far = 1; /* the beginning of it */
	if (far > limit || far >= strlen(candidate))
		return best;
	return best && distance(typed, best) <= far ? best : candidate;
}

const char *opt_metavar(enum opt_type type, const char *metavar, const char *choices)
{
	static const char *const by_type[] = {
		[OPT_TEXT] = "TEXT",         [OPT_FLAG] = "",           [OPT_NUMBER] = "N",
		[OPT_DURATION] = "TIME",     [OPT_DATE] = "DATE",       [OPT_CHOICE] = "CHOICE",
		[OPT_FILE] = "FILE",         [OPT_DIR] = "DIR",         [OPT_KIND] = "KIND",
		[OPT_FIELD] = "FIELD=VALUE", [OPT_COMMAND] = "COMMAND",
	};
	if (metavar)
		return metavar;
	return type == OPT_CHOICE && strlen(choices) <= 24 ? choices : by_type[type];
}
