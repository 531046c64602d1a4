/* Does a value fit its field, and a set of fields its kind. */
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/when.h"
#include "record/kinds/describe.h"
#include "record/kinds/tables.h"

#define WHOLE_DIGITS_MAX 15 /* of a decimal: fits the integers of our JSON */
#define FRACTION_DIGITS_MAX 9
#define LANGUAGE_LEN_MAX 35 /* BCP 47, section 4.4.1 */
#define PLACE_NAME_MAX 200  /* characters before the degrees */

/* What the value would have to be: the end of most errors. */
static int refuse(const struct field *field, const char *what, struct err *err)
{
	char takes[256];
	struct field single = *field;

	single.flags &= ~(unsigned)FIELD_LIST;
	field_describe(&single, takes, sizeof takes);
	return err_set(err, E_INVALID, "%s; it takes %s", what, takes);
}

/* The value as far as it may be repeated in an error: codes, dates and numbers, never texts. */
static int refuse_value(const struct field *field, const char *text, const char *what, struct err *err)
{
	char shown[SHOWN_MAX + 1], full[SHOWN_MAX + 64];

	show_value(text, shown);
	snprintf(full, sizeof full, "'%s' is %s", shown, what);
	return refuse(field, full, err);
}

/* --- texts */

/* The code point at *p, which moves on; the bytes are well-formed UTF-8. */
static uint32_t next_code_point(const uint8_t **p)
{
	static const uint8_t first_bits[] = { 0x7f, 0x7f, 0x1f, 0x0f, 0x07 };
	const uint8_t *s = *p;
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;
	uint32_t c = s[0] & first_bits[n];

	for (size_t i = 1; i < n; i++)
		c = c << 6 | (s[i] & 0x3f);
	*p = s + n;
	return c;
}

static bool is_control(uint32_t c)
{
	return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0);
}

/* They make a text read otherwise than it is stored. */
static bool is_bidi_override(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

static bool is_blank(uint32_t c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == 0xa0 || c == 0x3000 || c == 0xfeff ||
	       (c >= 0x2000 && c <= 0x200f);
}

static int check_text(const struct field *field, const char *text, size_t n, struct err *err)
{
	const uint8_t *p = (const uint8_t *)text, *end = p + n;
	int64_t count = 0;
	bool blank = true;

	if (!utf8_valid(text, n))
		return err_set(err, E_INVALID, "the text is not UTF-8");
	while (p < end) {
		uint32_t c = next_code_point(&p);

		if (is_control(c))
			return err_set(err, E_INVALID,
				       "the text holds a control character; only new lines and tabs may stand in it");
		if (is_bidi_override(c))
			return err_set(err, E_INVALID,
				       "the text holds U+%04X, which hides what is written; take it out", (unsigned)c);
		blank = blank && is_blank(c);
		count++;
	}
	if (blank)
		return refuse(field, "the text is empty", err);
	if (count > field_text_max(field))
		return err_set(err, E_INVALID,
			       "the text has %lld characters, the most is %lld; put long texts into an attachment",
			       (long long)count, (long long)field_text_max(field));
	return 0;
}

/* --- numbers */

struct decimal {
	bool negative;
	int64_t whole;
	bool has_fraction; /* a fraction other than zero */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t count_digits(const char *text)
{
	size_t n = 0;

	while (is_digit(text[n]))
		n++;
	return n;
}

/* Read a decimal from the start of a text.
 * @return number of bytes that it takes; 0 if there is none */
static size_t read_decimal(const char *text, struct decimal *ret)
{
	struct decimal d = { .negative = text[0] == '-' };
	const char *p = text + d.negative;
	size_t n_whole = count_digits(p);

	if (n_whole == 0 || n_whole > WHOLE_DIGITS_MAX || (n_whole > 1 && p[0] == '0'))
		return 0;
	for (size_t i = 0; i < n_whole; i++)
		d.whole = d.whole * 10 + (p[i] - '0');
	p += n_whole;
	if (*p == '.') {
		size_t n_fraction = count_digits(++p);

		if (n_fraction == 0 || n_fraction > FRACTION_DIGITS_MAX)
			return 0;
		for (size_t i = 0; i < n_fraction; i++)
			d.has_fraction = d.has_fraction || p[i] != '0';
		p += n_fraction;
	}
	if (d.negative && d.whole == 0 && !d.has_fraction)
		return 0; /* -0 */
	*ret = d;
	return (size_t)(p - text);
}

static bool is_within(const struct decimal *d, int64_t min, int64_t max)
{
	int64_t value = d->negative ? -d->whole : d->whole;

	if (value < min || value > max)
		return false;
	if (!d->has_fraction)
		return true;
	return d->negative ? value > min : value < max;
}

static int check_number(const struct field *field, int64_t number, struct err *err)
{
	char text[32];

	if ((field->min == 0 && field->max == 0) || (number >= field->min && number <= field->max))
		return 0;
	snprintf(text, sizeof text, "%lld", (long long)number);
	return refuse_value(field, text, "out of range", err);
}

static int check_decimal(const struct field *field, const char *text, struct err *err)
{
	struct decimal d;
	size_t n = read_decimal(text, &d);

	if (n == 0 || text[n] != '\0')
		return refuse_value(field, text, "not a decimal such as 12 or -0.50", err);
	if ((field->min != 0 || field->max != 0) && !is_within(&d, field->min, field->max))
		return refuse_value(field, text, "out of range", err);
	return 0;
}

static int check_amount(const struct field *field, const char *text, struct err *err)
{
	const struct code_list *currencies = code_list_find("iso4217");
	struct decimal d;
	size_t n = read_decimal(text, &d);

	if (n == 0 || text[n] != ' ')
		return refuse(field, "it begins with a decimal, a space and a currency behind it", err);
	if (d.negative)
		return refuse(field, "an amount is not negative", err);
	if (!code_find(currencies, text + n + 1))
		return refuse_value(field, text + n + 1, "not a currency of the list iso4217", err);
	return 0;
}

/* --- places, languages, ids, codes */

/* "23.1330,-82.3830" */
static bool is_degrees(const char *text)
{
	struct decimal latitude, longitude;
	size_t n = read_decimal(text, &latitude);
	size_t m = n > 0 && text[n] == ',' ? read_decimal(text + n + 1, &longitude) : 0;

	return m > 0 && text[n + 1 + m] == '\0' && is_within(&latitude, -90, 90) && is_within(&longitude, -180, 180);
}

static int check_place(const struct field *field, const char *text, struct err *err)
{
	const char *degrees = strstr(text, " @");
	struct field name = { .type = FIELD_TEXT, .max = PLACE_NAME_MAX };

	if (strpbrk(text, "\n\t"))
		return refuse(field, "a place stands in one line", err);
	if (text[0] == '@')
		return refuse(field, "a place begins with its name", err);
	if (degrees && !is_degrees(degrees + 2))
		return refuse(field, "behind ' @' stand latitude (-90 to 90), a comma and longitude (-180 to 180)",
			      err);
	return check_text(&name, text, degrees ? (size_t)(degrees - text) : strlen(text), err);
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_alphanumeric(char c)
{
	return is_lower(c) || (c >= 'A' && c <= 'Z') || is_digit(c);
}

static bool is_language(const char *text)
{
	size_t n = 0;

	while (is_lower(text[n]))
		n++;
	if (n < 2 || n > 3 || strlen(text) > LANGUAGE_LEN_MAX)
		return false;
	for (text += n; *text == '-'; text += n + 1) {
		for (n = 0; is_alphanumeric(text[n + 1]);)
			n++;
		if (n < 1 || n > 8)
			return false;
	}
	return *text == '\0';
}

static int check_id(const struct field *field, const char *text, struct err *err)
{
	uint8_t id[16];

	if (hex_decode(text, strlen(text), id, sizeof id) == 0)
		return 0;
	return refuse(field, "an id has 32 digits, 0-9 and a-f", err);
}

static int check_code(const struct field *field, const char *text, struct err *err)
{
	const struct code_list *list = code_list_find(field->arg);
	char shown[SHOWN_MAX + 1], all[256] = "see docs/vocabulary.md";
	const char *near;

	if (code_find(list, text))
		return 0;
	near = code_nearest(list, text);
	show_value(text, shown);
	if (list->n_codes <= CODES_SHOWN_MAX)
		list_codes(list, all, sizeof all);
	return err_set(err, E_INVALID, "'%s' is not a code of %s%s%s%s; %s", shown, list->name,
		       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "", all);
}

static int check_when(const struct field *field, const char *text, struct err *err)
{
	struct when when;
	char shown[SHOWN_MAX + 1];
	int rc = field->type == FIELD_DATE ? when_parse_single(text, &when, err) : when_parse(text, &when, err);

	if (rc == 0)
		return 0;
	show_value(text, shown);
	err_prefix(err, "'%s': ", shown);
	return rc;
}

/* --- one value */

static enum json_type json_type_of(enum field_type type)
{
	switch (type) {
	case FIELD_NUMBER:
		return JSON_T_INT;
	case FIELD_FLAG:
		return JSON_T_BOOL;
	case FIELD_TEXT:
	case FIELD_ID:
	case FIELD_CODE:
	case FIELD_DATE:
	case FIELD_INTERVAL:
	case FIELD_DECIMAL:
	case FIELD_AMOUNT:
	case FIELD_PLACE:
	case FIELD_LANGUAGE:
		break;
	}
	return JSON_T_TEXT;
}

static int check_single(const struct field *field, const struct json *value, struct err *err)
{
	char what[64];

	if (value->type != json_type_of(field->type)) {
		snprintf(what, sizeof what, "this is %s", json_type_words(value->type));
		return refuse(field, what, err);
	}
	switch (field->type) {
	case FIELD_TEXT:
		return check_text(field, value->text, value->text_len, err);
	case FIELD_ID:
		return check_id(field, value->text, err);
	case FIELD_CODE:
		return check_code(field, value->text, err);
	case FIELD_DATE:
	case FIELD_INTERVAL:
		return check_when(field, value->text, err);
	case FIELD_NUMBER:
		return check_number(field, value->number, err);
	case FIELD_DECIMAL:
		return check_decimal(field, value->text, err);
	case FIELD_AMOUNT:
		return check_amount(field, value->text, err);
	case FIELD_PLACE:
		return check_place(field, value->text, err);
	case FIELD_LANGUAGE:
		return is_language(value->text) ? 0 : refuse_value(field, value->text, "not a language tag", err);
	case FIELD_FLAG:
		break;
	}
	return 0;
}

/* --- lists */

static bool is_same(const struct json *a, const struct json *b)
{
	if (a->type != b->type)
		return false;
	return a->type == JSON_T_TEXT ? strcmp(a->text, b->text) == 0 : a->number == b->number;
}

static int check_list(const struct field *field, const struct json *list, struct err *err)
{
	size_t n = 0;

	if (list->type != JSON_T_ARRAY)
		return err_set(err, E_INVALID, "it takes a list, in brackets; this is %s", json_type_words(list->type));
	for (const struct json *value = list->child; value; value = value->next) {
		int rc = ++n > FIELD_LIST_MAX
				 ? err_set(err, E_INVALID, "a list holds at most %d values", FIELD_LIST_MAX)
				 : check_single(field, value, err);

		if (rc < 0) {
			err_prefix(err, "value %zu: ", n);
			return rc;
		}
		for (const struct json *before = list->child; before != value; before = before->next)
			if (is_same(before, value))
				return err_set(err, E_INVALID, "value %zu stands in the list already", n);
	}
	return n > 0 ? 0 : err_set(err, E_INVALID, "the list is empty; leave the field out");
}

int field_check(const struct kind *kind, const struct field *field, const struct json *value, struct err *err)
{
	int rc = field->flags & FIELD_LIST ? check_list(field, value, err) : check_single(field, value, err);

	if (rc < 0)
		err_prefix(err, "%s.%s: ", kind->name, field->name);
	return rc;
}

/* --- a set of fields */

static int refuse_unknown(const struct kind *kind, const char *name, struct err *err)
{
	const char *near = kind_nearest_field(kind, name);
	char shown[SHOWN_MAX + 1];

	show_value(name, shown);
	return err_set(err, E_INVALID, "%s has no field '%s'%s%s%s: docs/vocabulary.md lists them", kind->name, shown,
		       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static int check_required(const struct kind *kind, const struct json *set, struct err *err)
{
	for (size_t i = 0; i < kind->n_fields; i++) {
		const struct field *field = &kind->fields[i];

		if ((field->flags & FIELD_REQUIRED) && !json_get(set, field->name))
			return err_set(err, E_INVALID, "%s.%s is missing (%s), such as %s", kind->name, field->name,
				       field->help, field->example);
	}
	return 0;
}

int kind_check(const struct kind *kind, const struct json *set, bool first, bool strict, struct err *err)
{
	int rc = 0;

	if (set->type != JSON_T_OBJECT)
		return err_set(err, E_INVALID, "%s: the fields stand in an object, in braces", kind->name);
	for (const struct json *value = set->child; value && rc == 0; value = value->next) {
		const struct field *field = kind_field(kind, value->key);

		if (field)
			rc = field_check(kind, field, value, err);
		else if (strict)
			rc = refuse_unknown(kind, value->key, err);
	}
	if (rc == 0 && first)
		rc = check_required(kind, set, err);
	return rc;
}
