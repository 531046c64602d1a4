/* Strict JSON: see json.h. The only file that includes jansson.
 *
 * What is plainly right is read by json_quick.c. All else takes the long way: a
 * lexical scan for the rules that jansson does not know (depth, "-0", decimals,
 * range, byte order mark) and for those that must hold before it recurses;
 * jansson for grammar, escapes and duplicate keys; a copy of its tree into the
 * arena. Error texts never repeat the text that was read: it may be secret.
 */
#include "base/json.h"

#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "base/bytes.h"
#include "base/json_quick.h"
#include "base/limits.h"

#define INTEGER_MAX INT64_C(9007199254740991) /* 2^53 - 1: what every JSON reader keeps exactly */

struct scan {
	const char *text;
	size_t n;
	size_t at;
	int depth;
};

/* Refuse, naming the place of byte `at`. Lines and columns count from 1, columns in characters. */
static int refuse(const struct scan *s, size_t at, const char *why, struct err *err)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < at && i < s->n; i++) {
		const uint8_t c = (uint8_t)s->text[i];

		if (c == '\n') {
			line++;
			column = 1;
		} else if ((c & 0xc0) != 0x80) {
			column++;
		}
	}
	return err_set(err, E_INVALID, "JSON, line %zu, column %zu: %s", line, column, why);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The byte at the place of the scan plus `ahead`, or 0 behind the end. */
static char peek(const struct scan *s, size_t ahead)
{
	return ahead < s->n - s->at ? s->text[s->at + ahead] : '\0';
}

/* Step over a string. An end that is missing is left for jansson to report. */
static void scan_string(struct scan *s)
{
	for (s->at++; s->at < s->n && s->text[s->at] != '"'; s->at++)
		if (s->text[s->at] == '\\')
			s->at++;
	s->at = s->at < s->n ? s->at + 1 : s->n;
}

static int scan_number(struct scan *s, struct err *err)
{
	const size_t start = s->at;
	const bool minus = peek(s, 0) == '-';
	int64_t value = 0;

	s->at += minus;
	if (!is_digit(peek(s, 0)))
		return refuse(s, start, "a minus sign needs a digit behind it", err);
	if (peek(s, 0) == '0' && is_digit(peek(s, 1)))
		return refuse(s, start, "a number may not begin with 0", err);
	for (; is_digit(peek(s, 0)); s->at++)
		if (value <= INTEGER_MAX)
			value = value * 10 + (peek(s, 0) - '0');
	if (peek(s, 0) == '.' || peek(s, 0) == 'e' || peek(s, 0) == 'E')
		return refuse(s, start, "decimals are written as text, such as \"0.5\"", err);
	if (minus && value == 0)
		return refuse(s, start, "\"-0\" is not a number here; write 0", err);
	if (value > INTEGER_MAX)
		return refuse(s, start, "an integer must be within +-9007199254740991", err);
	return 0;
}

static int scan_token(struct scan *s, struct err *err)
{
	const char c = s->text[s->at];

	if (c == '"') {
		scan_string(s);
		return 0;
	}
	if (c == '-' || is_digit(c))
		return scan_number(s, err);
	if (c == '{' || c == '[') {
		if (s->depth == JSON_DEPTH_MAX)
			return refuse(s, s->at, "nested deeper than 16 levels", err);
		s->depth++;
	} else if ((c == '}' || c == ']') && s->depth > 0) {
		s->depth--;
	}
	s->at++;
	return 0;
}

static size_t first_bad_utf8(const struct scan *s)
{
	size_t at = 0, len = 0;

	for (; at < s->n && len < 5; at += len < 5 ? len : 0) {
		len = 1;
		while (len < 5 && (len > s->n - at || !utf8_valid(s->text + at, len)))
			len++;
	}
	return at;
}

_Static_assert(JSON_DEPTH_MAX == 16, "the text of the depth error names the limit");

static int scan(struct scan *s, struct err *err)
{
	int rc;

	if (s->n >= 3 && memcmp(s->text, "\xef\xbb\xbf", 3) == 0)
		return refuse(s, 0, "a byte order mark is not allowed", err);
	if (!utf8_valid(s->text, s->n))
		return refuse(s, first_bad_utf8(s), "not UTF-8", err);
	while (s->at < s->n && is_space(s->text[s->at]))
		s->at++;
	if (peek(s, 0) != '{')
		return refuse(s, s->at, "one object, in braces, is expected", err);
	while (s->at < s->n) {
		rc = scan_token(s, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* The words for what jansson found. Its own would repeat the text. */
static const char *grammar_words(enum json_error_code code)
{
	switch (code) {
	case json_error_premature_end_of_input:
		return "the text ends too early";
	case json_error_end_of_input_expected:
		return "there is something behind the object";
	case json_error_null_character:
	case json_error_null_byte_in_key:
		return "a NUL character (\\u0000) is not allowed";
	case json_error_duplicate_key:
		return "the same key stands twice in one object";
	default:
		return "a comma, colon, quote, bracket or escape is wrong here";
	}
}

static struct json *copy_tree(struct arena *a, const char *key, json_t *from);

static void copy_scalar(struct arena *a, struct json *to, json_t *from)
{
	switch (json_typeof(from)) {
	case JSON_STRING:
		to->type = JSON_T_TEXT;
		to->text_len = json_string_length(from);
		to->text = arena_copy(a, json_string_value(from), to->text_len);
		break;
	case JSON_INTEGER:
		to->type = JSON_T_INT;
		to->number = json_integer_value(from);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		to->type = JSON_T_BOOL;
		to->number = json_is_true(from);
		break;
	default:
		to->type = JSON_T_NULL;
	}
}

static void copy_members(struct arena *a, struct json *to, json_t *from)
{
	const struct json **tail = &to->child;
	const char *key;
	json_t *value;

	to->type = JSON_T_OBJECT;
	json_object_foreach(from, key, value)
	{
		struct json *member = copy_tree(a, key, value);

		*tail = member;
		tail = &member->next;
	}
}

static void copy_elements(struct arena *a, struct json *to, json_t *from)
{
	const struct json **tail = &to->child;
	size_t i;
	json_t *value;

	to->type = JSON_T_ARRAY;
	json_array_foreach(from, i, value)
	{
		struct json *element = copy_tree(a, NULL, value);

		*tail = element;
		tail = &element->next;
	}
}

/* Recursion is at most JSON_DEPTH_MAX + 1 deep: the scan came first. */
static struct json *copy_tree(struct arena *a, const char *key, json_t *from)
{
	struct json *to = arena_alloc(a, sizeof(*to));

	to->key = arena_text(a, key);
	if (json_is_object(from))
		copy_members(a, to, from);
	else if (json_is_array(from))
		copy_elements(a, to, from);
	else
		copy_scalar(a, to, from);
	return to;
}

int json_parse_slowly(struct arena *a, const char *text, size_t n, const struct json **ret, struct err *err)
{
	struct scan s = { .text = text, .n = n };
	json_error_t where;
	json_t *root;
	int rc;

	rc = scan(&s, err);
	if (rc < 0)
		return rc;
	root = json_loadb(text, n, JSON_REJECT_DUPLICATES, &where);
	if (!root)
		return refuse(&s, where.position > 0 ? (size_t)where.position : 0,
			      grammar_words(json_error_code(&where)), err);
	*ret = copy_tree(a, NULL, root);
	json_decref(root);
	return 0;
}

int json_parse(struct arena *a, const char *text, size_t n, const struct json **ret, struct err *err)
{
	const struct json *value;

	if (n > JSON_TEXT_MAX)
		return err_set(err, E_LIMIT, "JSON: %zu bytes, more than the limit of %d", n, JSON_TEXT_MAX);
	value = json_quick(a, text, n);
	if (!value)
		return json_parse_slowly(a, text, n, ret, err);
	*ret = value;
	return 0;
}

const struct json *json_get(const struct json *obj, const char *key)
{
	if (!obj || obj->type != JSON_T_OBJECT)
		return NULL;
	for (const struct json *member = obj->child; member; member = member->next)
		if (name_is(member->key, key))
			return member;
	return NULL;
}

const char *json_get_text(const struct json *obj, const char *key)
{
	const struct json *member = json_get(obj, key);

	return member && member->type == JSON_T_TEXT ? member->text : NULL;
}

int64_t json_get_int(const struct json *obj, const char *key, int64_t fallback)
{
	const struct json *member = json_get(obj, key);

	return member && member->type == JSON_T_INT ? member->number : fallback;
}

const char *json_type_words(enum json_type type)
{
	static const char *const WORDS[] = {
		[JSON_T_NULL] = "null",   [JSON_T_BOOL] = "true or false", [JSON_T_INT] = "an integer",
		[JSON_T_TEXT] = "a text", [JSON_T_ARRAY] = "an array",     [JSON_T_OBJECT] = "an object",
	};

	return WORDS[type];
}

void json_write_text(struct buf *out, const char *text)
{
	static const char NAMED[] = "\"\\\b\f\n\r\t", LETTERS[] = "\"\\bfnrt";
	const char *from = text; /* start of the run that needs no escape */

	buf_text(out, "\"");
	for (; *text; text++) {
		const char *named;

		if ((uint8_t)*text >= 0x20 && *text != '"' && *text != '\\')
			continue;
		named = strchr(NAMED, *text);
		buf_put(out, from, (size_t)(text - from));
		if (named)
			buf_printf(out, "\\%c", LETTERS[named - NAMED]);
		else
			buf_printf(out, "\\u%04x", (unsigned)*text);
		from = text + 1;
	}
	buf_put(out, from, (size_t)(text - from));
	buf_text(out, "\"");
}

/* The separators of compact JSON in front of one value. */
static void begin_value(struct json_out *w, const char *key)
{
	if (w->comma)
		buf_text(w->out, ",");
	w->comma = true;
	if (key) {
		json_write_text(w->out, key);
		buf_text(w->out, ":");
	}
}

static void write_children(struct buf *out, const struct json *value)
{
	struct json_out w = json_out_begin(out);

	json_open(&w, NULL, value->type == JSON_T_OBJECT ? '{' : '[');
	for (const struct json *child = value->child; child; child = child->next)
		json_member_value(&w, child->key, child);
	json_close(&w, value->type == JSON_T_OBJECT ? '}' : ']');
}

void json_write(struct buf *out, const struct json *value)
{
	switch (value->type) {
	case JSON_T_NULL:
		buf_text(out, "null");
		break;
	case JSON_T_BOOL:
		buf_text(out, value->number ? "true" : "false");
		break;
	case JSON_T_INT:
		buf_printf(out, "%" PRId64, value->number);
		break;
	case JSON_T_TEXT:
		json_write_text(out, value->text);
		break;
	case JSON_T_ARRAY:
	case JSON_T_OBJECT:
		write_children(out, value);
		break;
	}
}

struct json_out json_out_begin(struct buf *out)
{
	return (struct json_out){ .out = out };
}

void json_open(struct json_out *w, const char *key, char bracket)
{
	begin_value(w, key);
	buf_put(w->out, &bracket, 1);
	w->comma = false;
}

void json_close(struct json_out *w, char bracket)
{
	buf_put(w->out, &bracket, 1);
	w->comma = true;
}

void json_member_text(struct json_out *w, const char *key, const char *text)
{
	if (!text)
		return;
	begin_value(w, key);
	json_write_text(w->out, text);
}

void json_member_int(struct json_out *w, const char *key, int64_t number)
{
	begin_value(w, key);
	buf_printf(w->out, "%" PRId64, number);
}

void json_member_bool(struct json_out *w, const char *key, bool value)
{
	begin_value(w, key);
	buf_text(w->out, value ? "true" : "false");
}

void json_member_null(struct json_out *w, const char *key)
{
	begin_value(w, key);
	buf_text(w->out, "null");
}

void json_member_hex(struct json_out *w, const char *key, const uint8_t *p, size_t n)
{
	char pair[3];

	begin_value(w, key);
	buf_text(w->out, "\"");
	for (size_t i = 0; i < n; i++) {
		hex_encode(p + i, 1, pair);
		buf_text(w->out, pair);
	}
	buf_text(w->out, "\"");
}

void json_member_value(struct json_out *w, const char *key, const struct json *value)
{
	if (!value)
		return;
	begin_value(w, key);
	json_write(w->out, value);
}
