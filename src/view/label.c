/* Short names for objects, and the object that a person means. */
#include <stdio.h>
#include <string.h>

#include "view/view_internal.h"

#define SHORT_DIGITS 8 /* of an id, where there is no better name */
#define PREFIX_MIN 4   /* digits of an id that are worth looking up */
#define HEX_OBJECT (2 * OBJECT_ID_BYTES + 1)
#define PART_MAX 80 /* bytes of a label within a label that is put together */

/* Copy the first n bytes of text as far as they fit, whole characters only. Requires: cap > 0. */
static void copy_cut(char *out, size_t cap, const char *text, size_t n)
{
	if (n >= cap) {
		n = cap - 1;
		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
	}
	memcpy(out, text, n);
	out[n] = '\0';
}

static void short_id(const char *kind, const uint8_t obj[static OBJECT_ID_BYTES], char *out, size_t cap)
{
	char hex[HEX_OBJECT], text[KIND_NAME_MAX + SHORT_DIGITS + 2];

	hex_encode(obj, OBJECT_ID_BYTES, hex);
	snprintf(text, sizeof text, "%s %.*s", kind, SHORT_DIGITS, hex);
	copy_cut(out, cap, text, strlen(text));
}

/* Write the label that the tables hold, else kind and digits.
 * @param ret_table  gets the table of its kind, or NULL
 * @return true if it is a label */
static bool own_label(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES], char *out, size_t cap,
		      const struct kind_table **ret_table)
{
	const char *label = NULL;
	struct stmt *s = NULL;

	*ret_table = NULL;
	short_id("object", obj, out, cap);
	if (db_prepare(view->db, "SELECT kind, label FROM object WHERE obj = ?", &s, NULL) < 0)
		return false;
	stmt_bind_blob(s, 1, obj, OBJECT_ID_BYTES);
	if (stmt_step(s, NULL) == 1) {
		*ret_table = schema_kind(view, stmt_text(s, 0));
		label = stmt_text(s, 1);
		if (label)
			copy_cut(out, cap, label, strlen(label));
		else
			short_id(stmt_text(s, 0), obj, out, cap);
	}
	stmt_reset(s);
	return label != NULL;
}

/* What a label can be put together from: two objects and a code. */
struct parts {
	char names[2][PART_MAX];
	size_t n_names;
	char code[PART_MAX];
};

/* Take the first value of a field as a part, if it is of a sort that helps. */
static void take_part(struct view *view, const struct field *field, const char *value, struct parts *parts)
{
	const size_t n = strcspn(value, LIST_SEPARATOR);
	const struct kind_table *ignored;
	uint8_t obj[OBJECT_ID_BYTES];

	if (field->type == FIELD_CODE && !parts->code[0])
		copy_cut(parts->code, sizeof parts->code, value, n);
	if (field->type == FIELD_ID && parts->n_names < ARRAY_LEN(parts->names) &&
	    hex_decode(value, n, obj, sizeof obj) == 0)
		own_label(view, obj, parts->names[parts->n_names++], PART_MAX, &ignored);
}

static void collect_parts(struct view *view, const struct kind_table *table, const uint8_t obj[static OBJECT_ID_BYTES],
			  struct parts *parts)
{
	struct stmt *s = NULL;

	if (db_prepare(view->db, table->read_one, &s, NULL) < 0)
		return;
	stmt_bind_blob(s, 1, obj, OBJECT_ID_BYTES);
	if (stmt_step(s, NULL) == 1) {
		for (size_t i = 0; i < table->kind->n_fields; i++) {
			const char *value = stmt_text(s, (int)i + 1);

			if (value)
				take_part(view, &table->kind->fields[i], value, parts);
		}
	}
	stmt_reset(s);
}

void view_name_own(struct view *view, const uint8_t actor[static OBJECT_ID_BYTES], const char *name)
{
	memcpy(view->own, actor, OBJECT_ID_BYTES);
	snprintf(view->own_name, sizeof view->own_name, "%s", name);
}

void view_label(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES], char *out, size_t cap)
{
	const struct kind_table *table;
	struct parts parts = { 0 };
	char text[3 * PART_MAX + 16];

	if (own_label(view, obj, out, cap, &table))
		return;
	if (!table) {
		if (view->own_name[0] && memcmp(obj, view->own, OBJECT_ID_BYTES) == 0)
			copy_cut(out, cap, view->own_name, strlen(view->own_name));
		return;
	}
	collect_parts(view, table, obj, &parts);
	if (parts.n_names == 0)
		return;
	snprintf(text, sizeof text, "%s%s%s%s%s%s", parts.names[0], parts.n_names > 1 ? " - " : "", parts.names[1],
		 parts.code[0] ? " (" : "", parts.code, parts.code[0] ? ")" : "");
	copy_cut(out, cap, text, strlen(text));
}

/* --- finding ----------------------------------------------------------------------------------------------- */

/* How many objects have ids from `from` to `to`, and one of them. */
static int find_range(struct view *view, const uint8_t from[static OBJECT_ID_BYTES],
		      const uint8_t to[static OBJECT_ID_BYTES], int64_t *ret_n, uint8_t ret[static OBJECT_ID_BYTES],
		      struct err *err)
{
	struct stmt *s = NULL;
	/* also objects of which every claim was taken back: their history can still be asked for */
	int rc = db_prepare(view->db,
			    "SELECT count(*), min(obj) FROM (SELECT obj FROM object WHERE obj BETWEEN ?1 AND ?2"
			    " UNION SELECT obj FROM claim WHERE obj BETWEEN ?1 AND ?2)",
			    &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, from, OBJECT_ID_BYTES);
	stmt_bind_blob(s, 2, to, OBJECT_ID_BYTES);
	rc = stmt_step(s, err);
	*ret_n = rc == 1 ? stmt_int(s, 0) : 0;
	if (*ret_n > 0 && stmt_blob(s, 1).n == OBJECT_ID_BYTES)
		memcpy(ret, stmt_blob(s, 1).p, OBJECT_ID_BYTES);
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

/* The smallest and the greatest id that begin with these digits. */
static int prefix_range(const char *digits, uint8_t from[static OBJECT_ID_BYTES], uint8_t to[static OBJECT_ID_BYTES],
			struct err *err)
{
	const size_t n = strlen(digits);
	char low[HEX_OBJECT], high[HEX_OBJECT];

	if (n >= PREFIX_MIN && n < HEX_OBJECT) {
		memset(low, '0', sizeof low);
		memset(high, 'f', sizeof high);
		memcpy(low, digits, n);
		memcpy(high, digits, n);
		if (hex_decode(low, HEX_OBJECT - 1, from, OBJECT_ID_BYTES) == 0 &&
		    hex_decode(high, HEX_OBJECT - 1, to, OBJECT_ID_BYTES) == 0)
			return 0;
	}
	return err_set(
		err, E_INVALID,
		"an object is named by %d to %d lower-case hex digits of its id, or by a label such as @havana/table",
		PREFIX_MIN, HEX_OBJECT - 1);
}

int view_find_object(struct view *view, const char *text, uint8_t ret[static OBJECT_ID_BYTES], struct err *err)
{
	uint8_t from[OBJECT_ID_BYTES], to[OBJECT_ID_BYTES], found[OBJECT_ID_BYTES] = { 0 };
	int64_t n = 0;
	int rc;

	if (text[0] == '@') {
		rc = object_id_parse(text, from, err);
		memcpy(to, from, sizeof to);
	} else {
		rc = prefix_range(text, from, to, err);
	}
	if (rc == 0)
		rc = find_range(view, from, to, &n, found, err);
	if (rc < 0)
		return rc;
	if (n == 0)
		return err_set(err, E_NOT_FOUND, "there is no such object; `parley search` and `parley list` show ids");
	if (n > 1)
		return err_set(err, E_INVALID, "%lld objects begin so; give more digits", (long long)n);
	memcpy(ret, found, sizeof found);
	return 0;
}
