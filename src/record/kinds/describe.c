/* What a field takes, in plain words, and the nearest name to a mistyped one. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "record/kinds/describe.h"
#include "record/kinds/tables.h"

#define NEAREST_MAX 3   /* edits: more is another word */
#define NAME_LEN_MAX 48 /* longer names are not compared */

/* Text that is cut, never overrun. */
struct words {
	char *out;
	size_t cap, n;
};

static void say(struct words *w, const char *fmt, ...) PRINTF_LIKE(2, 3);

static void say(struct words *w, const char *fmt, ...)
{
	va_list args;
	int n;

	if (w->n + 1 >= w->cap)
		return;
	va_start(args, fmt);
	n = vsnprintf(w->out + w->n, w->cap - w->n, fmt, args);
	va_end(args);
	if (n > 0)
		w->n = (size_t)n < w->cap - w->n ? w->n + (size_t)n : w->cap - 1;
}

static void say_all_codes(struct words *w, const struct code_list *list)
{
	say(w, "one of: ");
	for (size_t i = 0; i < list->n_codes; i++)
		say(w, "%s%s", i > 0 ? ", " : "", list->codes[i].code);
}

void list_codes(const struct code_list *list, char *out, size_t cap)
{
	struct words w = { out, cap, 0 };

	say(&w, "it takes ");
	say_all_codes(&w, list);
}

void show_value(const char *text, char out[static SHOWN_MAX + 1])
{
	size_t n = 0;

	for (; n < SHOWN_MAX && text[n]; n++)
		out[n] = text[n] >= ' ' && text[n] <= '~' ? text[n] : '?';
	out[n] = '\0';
}

static void say_codes(struct words *w, const struct field *field)
{
	const struct code_list *list = code_list_find(field->arg);

	if (list->n_codes > CODES_SHOWN_MAX) {
		say(w, "a code of the list %s (see docs/vocabulary.md)", list->name);
		return;
	}
	say_all_codes(w, list);
}

static void say_number(struct words *w, const struct field *field, const char *noun)
{
	say(w, "%s", noun);
	if (field->min == 0 && field->max == 0)
		say(w, " (%s)", field->arg);
	else if (field->max >= SEQ_MAX)
		say(w, " from %" PRId64 " (%s)", field->min, field->arg);
	else
		say(w, " from %" PRId64 " to %" PRId64 " (%s)", field->min, field->max, field->arg);
}

static const char *article_of(const char *noun)
{
	return strchr("aeiou", noun[0]) ? "an" : "a";
}

int64_t field_text_max(const struct field *field)
{
	return field->max > 0 ? field->max : FIELD_TEXT_MAX;
}

void field_describe(const struct field *field, char *out, size_t cap)
{
	struct words w = { out, cap, 0 };

	if (cap == 0)
		return;
	out[0] = '\0';
	if (field->flags & FIELD_LIST)
		say(&w, "a list, each ");
	switch (field->type) {
	case FIELD_TEXT:
		say(&w, "a text of at most %" PRId64 " characters", field_text_max(field));
		break;
	case FIELD_ID:
		if (field->arg[0])
			say(&w, "the id of %s %s", article_of(field->arg), field->arg);
		else
			say(&w, "the id of an object");
		break;
	case FIELD_CODE:
		say_codes(&w, field);
		break;
	case FIELD_DATE:
		say(&w, "a date such as 2016-11-24 or 2016-11-24T14:05Z");
		break;
	case FIELD_INTERVAL:
		say(&w, "a date or a span such as 2016-08-29/2017-01-09");
		break;
	case FIELD_NUMBER:
		say_number(&w, field, "a whole number");
		break;
	case FIELD_DECIMAL:
		say_number(&w, field, "a decimal");
		break;
	case FIELD_AMOUNT:
		say(&w, "an amount such as 150000.00 USD");
		break;
	case FIELD_PLACE:
		say(&w, "a place such as Havana or Havana @23.1330,-82.3830");
		break;
	case FIELD_LANGUAGE:
		say(&w, "a language tag such as es or es-CO");
		break;
	case FIELD_FLAG:
		say(&w, "true or false");
		break;
	}
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edits (insert, delete, replace, swap neighbours) that turn a into b; a row at a time. */
static size_t edit_distance(const char *a, const char *b)
{
	size_t rows[3][NAME_LEN_MAX + 1];
	size_t na = strlen(a), nb = strlen(b);

	if (na > NAME_LEN_MAX || nb > NAME_LEN_MAX)
		return SIZE_MAX;
	for (size_t j = 0; j <= nb; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= na; i++) {
		const size_t *before = rows[(i + 1) % 3], *above = rows[(i + 2) % 3];
		size_t *row = rows[i % 3];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			row[j] = least(above[j - 1] + (a[i - 1] != b[j - 1]), least(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], before[j - 2] + 1);
		}
	}
	return rows[na % 3][nb];
}

struct nearest nearest_begin(const char *name)
{
	return (struct nearest){ name, NULL, NEAREST_MAX + 1 };
}

void nearest_try(struct nearest *n, const char *candidate)
{
	size_t distance = edit_distance(n->name, candidate);

	/* A short word is all edits: "to" is not "by". */
	if (distance < n->distance && distance < strlen(candidate)) {
		n->best = candidate;
		n->distance = distance;
	}
}

const char *kinds_nearest_kind(const char *name)
{
	struct nearest nearest = nearest_begin(name);
	size_t n;
	const struct kind *kinds = kinds_all(&n);

	for (size_t i = 0; i < n; i++)
		nearest_try(&nearest, kinds[i].name);
	return nearest.best;
}

const char *kind_nearest_field(const struct kind *kind, const char *name)
{
	struct nearest nearest = nearest_begin(name);

	for (size_t i = 0; i < kind->n_fields; i++)
		nearest_try(&nearest, kind->fields[i].name);
	return nearest.best;
}

const char *code_nearest(const struct code_list *list, const char *code)
{
	struct nearest nearest = nearest_begin(code);

	for (size_t i = 0; i < list->n_codes; i++)
		nearest_try(&nearest, list->codes[i].code);
	return nearest.best;
}
