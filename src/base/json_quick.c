/* One pass over the text, straight into the arena: see json_quick.h. Every rule of json.h is held here too; where one is
 * broken this gives up and says nothing. */
#include "base/json_quick.h"

#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"

#define INTEGER_MAX INT64_C(9007199254740991)
#define MEMBERS_MAX 256 /* of one object: each key is compared with those before it */

/* The text ends with `end`; at < end wherever a byte is read. */
struct quick {
	struct arena *a;
	const char *at, *end;
	int depth;
};

static struct json *read_value(struct quick *q);

static void skip_space(struct quick *q)
{
	while (q->at < q->end && (*q->at == ' ' || *q->at == '\n' || *q->at == '\r' || *q->at == '\t'))
		q->at++;
}

/* Step over one byte that must be there. */
static bool take(struct quick *q, char c)
{
	if (q->at == q->end || *q->at != c)
		return false;
	q->at++;
	return true;
}

static bool take_word(struct quick *q, const char *word)
{
	const size_t n = strlen(word);

	if ((size_t)(q->end - q->at) < n || memcmp(q->at, word, n) != 0)
		return false;
	q->at += n;
	return true;
}

/* The end of a string's content, whose first byte is at q->at; NULL if there is none.
 * @param ret_escapes  whether there are escapes in it */
static const char *find_quote(const struct quick *q, bool *ret_escapes)
{
	const char *p = q->at;
	unsigned char high = 0;

	*ret_escapes = false;
	for (; p < q->end && *p != '"'; p++) {
		const unsigned char c = (unsigned char)*p;

		if (c < 0x20)
			return NULL;
		high |= c;
		if (c == '\\') {
			*ret_escapes = true;
			if (++p == q->end)
				return NULL;
		}
	}
	if (p == q->end || (high >= 0x80 && !utf8_valid(q->at, (size_t)(p - q->at))))
		return NULL;
	return p;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The character of "uXXXX" at p; 0 if it is none, U+0000 or half of a pair. */
static unsigned read_code(const char *p, const char *end)
{
	unsigned code = 0;

	if (end - p < 5)
		return 0;
	for (int i = 1; i <= 4; i++) {
		const int digit = hex_digit(p[i]);

		if (digit < 0)
			return 0;
		code = code << 4 | (unsigned)digit;
	}
	return code >= 0xd800 && code <= 0xdfff ? 0 : code;
}

static size_t put_utf8(char *out, unsigned code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | code >> 12);
	out[1] = (char)(0x80 | (code >> 6 & 0x3f));
	out[2] = (char)(0x80 | (code & 0x3f));
	return 3;
}

/* Copy p..end with its escapes resolved; false if one is wrong or rare. An escape is never shorter than what it means. */
static bool unescape(const char *p, const char *end, char *out, size_t *ret_n)
{
	static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	size_t n = 0;

	while (p < end) {
		const char *letter;

		if (*p != '\\') {
			out[n++] = *p++;
			continue;
		}
		p++; /* find_quote() saw that a byte follows */
		letter = strchr(letters, *p);
		if (letter && *p) {
			out[n++] = meanings[letter - letters];
			p++;
		} else {
			const unsigned code = *p == 'u' ? read_code(p, end) : 0;

			if (code == 0)
				return false;
			n += put_utf8(out + n, code);
			p += 5;
		}
	}
	*ret_n = n;
	return true;
}

static const char *read_string(struct quick *q, size_t *ret_n)
{
	bool escapes;
	const char *quote;
	char *out;

	if (!take(q, '"'))
		return NULL;
	quote = find_quote(q, &escapes);
	if (!quote)
		return NULL;
	*ret_n = (size_t)(quote - q->at);
	if (escapes) {
		out = arena_alloc(q->a, *ret_n + 1);
		if (!unescape(q->at, quote, out, ret_n))
			return NULL;
	} else {
		out = arena_copy(q->a, q->at, *ret_n);
	}
	q->at = quote + 1;
	return out;
}

static bool read_number(struct quick *q, struct json *to)
{
	const bool minus = take(q, '-');
	const char *start = q->at;
	int64_t value = 0;

	for (; q->at < q->end && *q->at >= '0' && *q->at <= '9'; q->at++) {
		value = value * 10 + (*q->at - '0');
		if (value > INTEGER_MAX)
			return false;
	}
	if (q->at == start || (*start == '0' && (q->at - start > 1 || minus)))
		return false;
	to->type = JSON_T_INT;
	to->number = minus ? -value : value;
	return q->at < q->end && *q->at != '.' && *q->at != 'e' && *q->at != 'E';
}

/* Keys as bits: where a key's bit is new, no key before it is the same. */
static uint64_t key_bit(const char *key, size_t n)
{
	const unsigned first = n > 0 ? (unsigned char)key[0] : 0, last = n > 0 ? (unsigned char)key[n - 1] : 0;

	return UINT64_C(1) << ((first * 5 + last * 11 + n * 17) & 63);
}

static bool has_key(const struct json *obj, const char *key)
{
	for (const struct json *m = obj->child; m; m = m->next)
		if (name_is(m->key, key))
			return true;
	return false;
}

static struct json *read_member(struct quick *q, const struct json *obj, uint64_t *bits)
{
	size_t n;
	const char *key;
	struct json *value;
	uint64_t bit;

	skip_space(q);
	key = read_string(q, &n);
	if (!key)
		return NULL;
	bit = key_bit(key, n);
	if ((*bits & bit) && has_key(obj, key))
		return NULL;
	*bits |= bit;
	skip_space(q);
	if (!take(q, ':'))
		return NULL;
	value = read_value(q);
	if (value)
		value->key = key;
	return value;
}

/* What stands between the brackets; the opening one is behind us. */
static bool read_children(struct quick *q, struct json *to, char close)
{
	const bool object = close == '}';
	const struct json **tail = &to->child;
	uint64_t bits = 0;

	skip_space(q);
	if (take(q, close))
		return true;
	for (int n = 0; !object || n < MEMBERS_MAX; n++) {
		struct json *child = object ? read_member(q, to, &bits) : read_value(q);

		if (!child)
			return false;
		*tail = child;
		tail = &child->next;
		skip_space(q);
		if (take(q, close))
			return true;
		if (!take(q, ','))
			return false;
	}
	return false;
}

static bool read_nested(struct quick *q, struct json *to, bool object)
{
	bool good;

	if (q->depth == JSON_DEPTH_MAX)
		return false;
	q->depth++;
	q->at++;
	to->type = object ? JSON_T_OBJECT : JSON_T_ARRAY;
	good = read_children(q, to, object ? '}' : ']');
	q->depth--;
	return good;
}

static bool read_word(struct quick *q, struct json *to)
{
	to->type = *q->at == 'n' ? JSON_T_NULL : JSON_T_BOOL;
	to->number = *q->at == 't';
	return take_word(q, "true") || take_word(q, "false") || take_word(q, "null");
}

/* Recursion is at most JSON_DEPTH_MAX deep. */
static struct json *read_value(struct quick *q)
{
	struct json *to = arena_alloc(q->a, sizeof *to);
	bool good;

	skip_space(q);
	if (q->at == q->end)
		return NULL;
	switch (*q->at) {
	case '"':
		to->type = JSON_T_TEXT;
		to->text = read_string(q, &to->text_len);
		good = to->text != NULL;
		break;
	case '{':
	case '[':
		good = read_nested(q, to, *q->at == '{');
		break;
	case 't':
	case 'f':
	case 'n':
		good = read_word(q, to);
		break;
	default:
		good = read_number(q, to);
	}
	return good ? to : NULL;
}

const struct json *json_quick(struct arena *a, const char *text, size_t n)
{
	struct quick q = { .a = a, .at = text, .end = text + n };
	const struct json *value;

	skip_space(&q);
	if (q.at == q.end || *q.at != '{')
		return NULL;
	value = read_value(&q);
	skip_space(&q);
	return q.at == q.end ? value : NULL;
}
