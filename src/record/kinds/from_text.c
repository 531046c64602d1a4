/* From what a person types to the JSON that a field takes. */
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "record/kinds/describe.h"
#include "record/kinds/tables.h"

#define INTEGER_DIGITS_MAX 16

/* A run of the typed text. */
struct piece {
	const char *p;
	size_t n;
};

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static struct piece trimmed(struct piece s)
{
	while (s.n > 0 && is_space(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && is_space(s.p[s.n - 1]))
		s.n--;
	return s;
}

static int refuse(const struct field *field, const char *what, struct err *err)
{
	char takes[256];

	field_describe(field, takes, sizeof takes);
	return err_set(err, E_INVALID, "%s; it takes %s", what, takes);
}

static int put_flag(const struct field *field, const char *text, struct buf *out, struct err *err)
{
	static const char *const words[2][2] = { { "false", "no" }, { "true", "yes" } };

	for (size_t i = 0; i < 2; i++)
		for (size_t j = 0; j < 2; j++)
			if (strcmp(text, words[i][j]) == 0) {
				buf_text(out, words[i][0]);
				return 0;
			}
	return refuse(field, "say yes or no", err);
}

static int put_number(const struct field *field, const char *text, struct buf *out, struct err *err)
{
	const char *digits = text + (text[0] == '-');
	size_t n = strspn(digits, "0123456789");

	if (n == 0 || digits[n] != '\0' || n > INTEGER_DIGITS_MAX)
		return refuse(field, "this is not a whole number", err);
	if ((n > 1 && digits[0] == '0') || strcmp(text, "-0") == 0)
		return refuse(field, "a number does not begin with 0", err);
	buf_text(out, text);
	return 0;
}

/* One value. Blanks around anything but a text mean nothing. */
static int put_single(struct arena *a, const struct field *field, struct piece s, struct buf *out, struct err *err)
{
	const char *text;

	if (field->type != FIELD_TEXT || (field->flags & FIELD_LIST))
		s = trimmed(s);
	if (s.n == 0)
		return refuse(field, "there is no value", err);
	if (!utf8_valid(s.p, s.n))
		return err_set(err, E_INVALID, "the text is not UTF-8");
	text = arena_copy(a, s.p, s.n);
	if (field->type == FIELD_FLAG)
		return put_flag(field, text, out, err);
	if (field->type == FIELD_NUMBER)
		return put_number(field, text, out, err);
	json_write_text(out, text);
	return 0;
}

/* Length of the first value of a list: up to a comma that does not stand between latitude and longitude. */
static size_t first_value(const struct field *field, struct piece s)
{
	bool in_degrees = false;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (field->type == FIELD_PLACE && s.p[i] == '@') {
			in_degrees = true;
		} else if (s.p[i] == ',') {
			if (!in_degrees)
				break;
			in_degrees = false;
		}
	}
	return i;
}

static int put_list(struct arena *a, const struct field *field, struct piece s, struct buf *out, struct err *err)
{
	char bracket = '[';
	int rc = 0;

	for (;;) {
		size_t n = first_value(field, s);

		buf_put(out, &bracket, 1);
		bracket = ',';
		rc = put_single(a, field, (struct piece){ s.p, n }, out, err);
		if (rc < 0 || n == s.n)
			break;
		s.p += n + 1;
		s.n -= n + 1;
	}
	buf_text(out, "]");
	return rc;
}

/* A list typed as JSON. It is read and written anew: what is typed must not reach beyond its own field. */
static int put_array(struct arena *a, const struct field *field, const char *text, struct buf *out, struct err *err)
{
	const char *whole = arena_printf(a, "{\"v\":%s}", text);
	const struct json *object;
	int rc = json_parse(a, whole, strlen(whole), &object, err);

	if (rc < 0)
		return rc;
	if (object->child->next || object->child->type != JSON_T_ARRAY)
		return refuse(field, "this is more than one list", err);
	json_write(out, object->child);
	return 0;
}

int field_from_text(const struct kind *kind, const struct field *field, const char *text, struct buf *out,
		    struct err *err)
{
	struct piece s = { text, strlen(text) };
	struct piece inner = trimmed(s);
	const size_t before = out->n;
	struct arena a;
	int rc;

	arena_init(&a);
	if (!(field->flags & FIELD_LIST))
		rc = put_single(&a, field, s, out, err);
	else if (inner.n > 0 && inner.p[0] == '[')
		rc = put_array(&a, field, text, out, err);
	else
		rc = put_list(&a, field, s, out, err);
	arena_release(&a);
	if (rc < 0) {
		out->n = before;
		if (out->p)
			out->p[before] = 0;
		err_prefix(err, "%s.%s: ", kind->name, field->name);
	}
	return rc;
}
