/* Strict JSON: the reading half of docs/format-record.md section 5, and a writer.
 *
 * Accepted: UTF-8 without byte order mark, one object at the top, no duplicate
 * keys, depth at most JSON_DEPTH_MAX, integers within +-(2^53 - 1) and no "-0",
 * no real numbers, no NUL, no lone surrogates, nothing behind the object.
 *
 * Values live in the caller's arena and are read-only. The library behind this
 * header (jansson) appears in json.c only.
 *
 * Threads: pure. Memory: arena.
 */
#ifndef PARLEY_BASE_JSON_H
#define PARLEY_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

enum json_type { JSON_T_NULL, JSON_T_BOOL, JSON_T_INT, JSON_T_TEXT, JSON_T_ARRAY, JSON_T_OBJECT };

struct json {
	enum json_type type;
	const char *key;  /* member name, when inside an object; else NULL */
	const char *text; /* JSON_T_TEXT: UTF-8, NUL-terminated, holds no NUL */
	size_t text_len;
	int64_t number;           /* JSON_T_INT, JSON_T_BOOL */
	const struct json *child; /* first element or member, in the order of the text */
	const struct json *next;  /* next sibling */
};

/** Parse one strict JSON object.
 * @param ret  gives the object, in arena a
 * @return 0; E_INVALID with line and column and what is wrong, never the text itself; E_LIMIT if n > JSON_TEXT_MAX */
MUST_CHECK int json_parse(struct arena *a, const char *text, size_t n, const struct json **ret, struct err *err);

/** The member of an object, or NULL. obj may be NULL. */
const struct json *json_get(const struct json *obj, const char *key);

/** The text of a member, or NULL if absent or not a text. */
const char *json_get_text(const struct json *obj, const char *key);

/** The integer of a member, or fallback if absent or not an integer. */
int64_t json_get_int(const struct json *obj, const char *key, int64_t fallback);

/** Plain words for a type: "a text", "an integer", "an array". */
const char *json_type_words(enum json_type type);

/** Append a value as compact JSON; what json_parse() accepts it reproduces. */
void json_write(struct buf *out, const struct json *value);

/** Append a quoted, escaped JSON text. */
void json_write_text(struct buf *out, const char *text);

/* A small writer for objects and arrays: it puts the commas.
 *   struct json_out w = json_out_begin(&buf);
 *   json_open(&w, NULL, '{'); json_member_text(&w, "t", "claim"); json_close(&w, '}');
 * key is NULL inside arrays and at the top. */
struct json_out {
	struct buf *out;
	bool comma;
};
struct json_out json_out_begin(struct buf *out);
void json_open(struct json_out *w, const char *key, char bracket);
void json_close(struct json_out *w, char bracket);
void json_member_text(struct json_out *w, const char *key, const char *text); /* NULL text: nothing is written */
void json_member_int(struct json_out *w, const char *key, int64_t number);
void json_member_bool(struct json_out *w, const char *key, bool value);
void json_member_null(struct json_out *w, const char *key);
void json_member_hex(struct json_out *w, const char *key, const uint8_t *p, size_t n);
void json_member_value(struct json_out *w, const char *key, const struct json *value);

#endif
