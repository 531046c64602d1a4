#include "exchange/json_flat.h"

#include <string.h>

/* What an array that is being read has shown so far; arrays in it count as parts of it. */
struct array {
	size_t n_objects;
	bool has_scalar;
};

static int read_value(struct json_flat *f, struct array *array, unsigned depth, struct err *err);

void json_flat_init(struct json_flat *f, struct columns *columns, struct cells *cells)
{
	memset(f, 0, sizeof *f);
	f->columns = columns;
	f->cells = cells;
	buf_init(&f->path, (size_t)2 * ROW_BYTES_MAX); /* the names of an object and its indexes: never passed */
	buf_init(&f->scratch, ROW_BYTES_MAX);
}

void json_flat_release(struct json_flat *f)
{
	buf_release(&f->path);
	buf_release(&f->scratch);
}

/* The place is counted only when it is asked for. */
static struct place place_now(const struct json_flat *f)
{
	struct place place = f->began;

	for (size_t i = 0; i < f->at; i++)
		place_step(&place, f->p[i]);
	return place;
}

static int bad(const struct json_flat *f, int code, const char *reason, struct err *err)
{
	return place_err(err, code, place_now(f), reason);
}

static int peek(const struct json_flat *f)
{
	return f->at < f->n ? f->p[f->at] : INPUT_END;
}

static int peek_behind_space(struct json_flat *f)
{
	while (f->at < f->n && (f->p[f->at] == ' ' || (f->p[f->at] >= '\t' && f->p[f->at] <= '\r')))
		f->at++;
	return peek(f);
}

static bool take(struct json_flat *f, int byte)
{
	bool is = peek(f) == byte;

	f->at += is;
	return is;
}

/* --- texts ---------------------------------------------------------------------------------------------------- */

static int read_hex4(struct json_flat *f, uint32_t *ret, struct err *err)
{
	uint32_t code = 0;

	for (int i = 0; i < 4; i++) {
		int c = peek(f);
		bool digit = c >= '0' && c <= '9', letter = (c | 32) >= 'a' && (c | 32) <= 'f';

		if (!digit && !letter)
			return bad(f, E_INVALID, "\\u needs four hexadecimal digits", err);
		code = code << 4 | (uint32_t)(digit ? c - '0' : (c | 32) - 'a' + 10);
		f->at++;
	}
	*ret = code;
	return 0;
}

static void put_utf8(struct buf *out, uint32_t code)
{
	uint8_t bytes[4] = { (uint8_t)code };
	size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	if (n > 1) {
		static const uint8_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };

		for (size_t i = n - 1; i > 0; i--, code >>= 6)
			bytes[i] = (uint8_t)(0x80 | (code & 0x3f));
		bytes[0] = (uint8_t)(lead[n] | code);
	}
	buf_put(out, bytes, n);
}

/* What stands behind "\u": one code, or two that make one character. */
static int read_unicode_escape(struct json_flat *f, struct buf *out, struct err *err)
{
	uint32_t code = 0, low = 0;
	int rc = read_hex4(f, &code, err);

	if (rc == 0 && code >= 0xd800 && code < 0xdc00) {
		if (!take(f, '\\') || !take(f, 'u'))
			return bad(f, E_INVALID, "half of a \\u pair", err);
		rc = read_hex4(f, &low, err);
		if (rc == 0 && (low < 0xdc00 || low > 0xdfff))
			return bad(f, E_INVALID, "half of a \\u pair", err);
		code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
	} else if (rc == 0 && code >= 0xdc00 && code <= 0xdfff) {
		return bad(f, E_INVALID, "half of a \\u pair", err);
	}
	if (rc == 0 && code == 0)
		return bad(f, E_INVALID, "a text holds \\u0000, which no text can", err);
	if (rc == 0)
		put_utf8(out, code);
	return rc;
}

static int read_escape(struct json_flat *f, struct buf *out, struct err *err)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	int c = peek(f);
	const char *found;

	if (take(f, 'u'))
		return read_unicode_escape(f, out, err);
	found = c > 0 ? strchr(letters, c) : NULL;
	if (!found)
		return bad(f, E_INVALID, "no such escape: \\ stands before one of \" \\ / b f n r t u", err);
	f->at++;
	buf_put(out, &meant[found - letters], 1);
	return 0;
}

/* Append a text without its quotation marks and escapes. */
static int read_text(struct json_flat *f, struct buf *out, struct err *err)
{
	int rc = 0;

	f->at++;
	while (rc == 0 && peek(f) != '"') {
		size_t from = f->at;

		while (peek(f) >= ' ' && peek(f) != '"' && peek(f) != '\\')
			f->at++;
		buf_put(out, f->p + from, f->at - from);
		if (take(f, '\\'))
			rc = read_escape(f, out, err);
		else if (peek(f) != '"')
			rc = bad(f, E_INVALID, "a text holds a control character; write it as an escape", err);
	}
	f->at++;
	return rc;
}

/* --- scalars -------------------------------------------------------------------------------------------------- */

static size_t skip_digits(struct json_flat *f)
{
	size_t from = f->at;

	while (peek(f) >= '0' && peek(f) <= '9')
		f->at++;
	return f->at - from;
}

/* Step over a number, as JSON writes numbers. */
static bool take_number(struct json_flat *f)
{
	size_t first;

	take(f, '-');
	first = f->at;
	if (skip_digits(f) == 0 || (f->p[first] == '0' && f->at - first > 1))
		return false;
	if (take(f, '.') && skip_digits(f) == 0)
		return false;
	if (take(f, 'e') || take(f, 'E')) {
		if (!take(f, '+'))
			take(f, '-');
		return skip_digits(f) > 0;
	}
	return true;
}

static bool take_word(struct json_flat *f, const char *word)
{
	size_t n = strlen(word);

	if (f->n - f->at < n || memcmp(f->p + f->at, word, n) != 0)
		return false;
	f->at += n;
	return true;
}

/* The column in which the value read now belongs. Outside arrays it has one value only. */
static int column_here(struct json_flat *f, struct array *array, size_t *ret, struct err *err)
{
	int rc = columns_get(f->columns, buf_str(&f->path), f->path.n, ret, err);

	if (rc < 0) {
		struct place place = place_now(f);

		return err_prefix(err, "line %llu, column %llu: ", (unsigned long long)place.line,
				  (unsigned long long)place.column);
	}
	if ((!array || !array->has_scalar) && cells_has(f->cells, *ret))
		return bad(f, E_INVALID, "a member is there twice", err);
	if (array)
		array->has_scalar = true;
	return 0;
}

static int read_scalar(struct json_flat *f, struct array *array, struct err *err)
{
	size_t from = f->at, column = 0;
	bool known;
	int rc;

	if (take_word(f, "null"))
		return 0;
	if (peek(f) == '"') {
		buf_clear(&f->scratch);
		rc = read_text(f, &f->scratch, err);
		if (rc == 0)
			rc = column_here(f, array, &column, err);
		if (rc == 0)
			cells_add(f->cells, column, f->scratch.p, f->scratch.n);
		return rc;
	}
	known = take_word(f, "true") || take_word(f, "false") || take_number(f);
	if (!known)
		return bad(f, E_INVALID, "expected a text, a number, true, false, null, { or [", err);
	rc = column_here(f, array, &column, err);
	if (rc == 0)
		cells_add(f->cells, column, f->p + from, f->at - from);
	return rc;
}

/* --- objects and arrays --------------------------------------------------------------------------------------- */

/* The path is that of the object before and after. */
static int read_member(struct json_flat *f, unsigned depth, struct err *err)
{
	size_t path = f->path.n;
	int rc;

	if (peek_behind_space(f) != '"')
		return bad(f, E_INVALID, "expected the name of a member in quotation marks", err);
	if (path > 0)
		buf_text(&f->path, ".");
	rc = read_text(f, &f->path, err);
	if (rc == 0 && (peek_behind_space(f) != ':' || !take(f, ':')))
		rc = bad(f, E_INVALID, "expected : behind the name of a member", err);
	if (rc == 0)
		rc = read_value(f, NULL, depth, err);
	f->path.n = path;
	return rc;
}

static int read_object(struct json_flat *f, unsigned depth, struct err *err)
{
	int rc = 0;

	if (depth > JSON_DEPTH_MAX)
		return bad(f, E_LIMIT, "more than 16 levels of { and [", err);
	f->at++;
	if (peek_behind_space(f) == '}')
		goto out;
	do {
		rc = read_member(f, depth, err);
		if (rc < 0)
			return rc;
		peek_behind_space(f);
	} while (take(f, ','));
	if (peek(f) != '}')
		return bad(f, E_INVALID, "expected , or } behind a member", err);
out:
	f->at++;
	return 0;
}

/* An object of an array: its index is part of the path. */
static int read_indexed(struct json_flat *f, struct array *array, unsigned depth, struct err *err)
{
	size_t path = f->path.n;
	int rc;

	if (array->n_objects == JSON_OBJECTS_MAX)
		return bad(f, E_LIMIT, "more than 64 objects in one array of this row", err);
	buf_printf(&f->path, ".%zu", array->n_objects++);
	rc = read_object(f, depth, err);
	f->path.n = path;
	return rc;
}

static int read_array(struct json_flat *f, struct array *array, unsigned depth, struct err *err)
{
	int rc = 0;

	if (depth > JSON_DEPTH_MAX)
		return bad(f, E_LIMIT, "more than 16 levels of { and [", err);
	f->at++;
	if (peek_behind_space(f) == ']')
		goto out;
	do {
		rc = read_value(f, array, depth, err);
		if (rc < 0)
			return rc;
		peek_behind_space(f);
	} while (take(f, ','));
	if (peek(f) != ']')
		return bad(f, E_INVALID, "expected , or ] behind a value", err);
out:
	f->at++;
	return 0;
}

/* array: the outermost array in which the value stands, below the last object; NULL if it stands in none. */
static int read_value(struct json_flat *f, struct array *array, unsigned depth, struct err *err)
{
	struct array own = { 0 };

	switch (peek_behind_space(f)) {
	case '{':
		return array ? read_indexed(f, array, depth + 1, err) : read_object(f, depth + 1, err);
	case '[':
		return read_array(f, array ? array : &own, depth + 1, err);
	default:
		return read_scalar(f, array, err);
	}
}

int json_flatten(struct json_flat *f, const uint8_t *p, size_t n, struct place began, struct err *err)
{
	f->p = p;
	f->at = 0;
	f->n = n;
	f->began = began;
	f->path.n = 0;
	return read_object(f, 1, err);
}
