/* JSON objects as rows: in one array, one after the other, or in the first array of objects of one object.
 *
 * The ends of an object are found before it is read, so that one that cannot be read costs that row and no other. */
#include <stdlib.h>
#include <string.h>

#include "exchange/json_flat.h"

enum form {
	FORM_FIRST,   /* at the first object, which may be the only one and hold the rows */
	FORM_OBJECTS, /* one after the other */
	FORM_ARRAY    /* in an array */
};

struct json_rows {
	struct rows rows; /* first */
	struct input in;
	struct columns columns;
	struct cells cells;
	struct json_flat flat;
	struct buf text;    /* the object being read */
	struct buf first;   /* the first object, while it is looked through again */
	struct place began; /* of text */
	enum form form;
	bool wrapped; /* the array is in an object */
	bool started; /* the array has shown its first value */
};

static int damaged(const struct json_rows *j, const char *reason, struct err *err)
{
	return place_err(err, E_DAMAGED, j->in.place, reason);
}

/* --- where values end ----------------------------------------------------------------------------------------- */

static bool is_space(int byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static int peek_behind_space(struct json_rows *j, struct err *err)
{
	int byte;

	while (is_space(byte = input_peek(&j->in, err)))
		input_step(&j->in);
	return byte;
}

struct scan {
	uint64_t depth;
	bool in_text, escaped;
};

/* True if the value is complete with this byte. */
static bool scan_byte(struct scan *scan, int byte)
{
	if (scan->in_text) {
		scan->in_text = scan->escaped || byte != '"';
		scan->escaped = !scan->escaped && byte == '\\';
		return !scan->in_text && scan->depth == 0;
	}
	if (byte == '"')
		scan->in_text = true;
	else if (byte == '{' || byte == '[')
		scan->depth++;
	else if (byte == '}' || byte == ']')
		return --scan->depth == 0;
	return false;
}

/* Step over what is left of a value that begins with { [ or ". It is kept if there is room for it.
 * @param keep  NULL: not kept; when it overflows, the rest is left unread
 * @return 0 or 1: its end was not reached; otherwise broken, or the source failed */
static int scan_on(struct json_rows *j, struct scan scan, struct buf *keep, struct err *err)
{
	bool whole = false;

	while (!whole) {
		int byte = input_peek(&j->in, err);
		uint8_t kept = (uint8_t)byte;

		if (byte == INPUT_END)
			return damaged(j, "the file ends inside a value; a part of it is missing, or a \" or } is",
				       err);
		if (byte < 0)
			return byte;
		if (scan.in_text && (byte == '\n' || byte == '\r'))
			return damaged(j, "a text does not end in the line in which it begins; a \" is missing", err);
		if (keep)
			buf_put(keep, &kept, 1);
		if (keep && keep->overflowed)
			return 1;
		whole = scan_byte(&scan, byte);
		input_step(&j->in);
	}
	return 0;
}

static int skip_rest(struct json_rows *j, uint64_t depth, struct err *err)
{
	return scan_on(j, (struct scan){ .depth = depth }, NULL, err);
}

/* Step over any value; one that is neither { [ nor " ends before the next byte that cannot belong to it. */
static int skip_value(struct json_rows *j, struct err *err)
{
	int byte = peek_behind_space(j, err);

	if (byte == '{' || byte == '[' || byte == '"')
		return skip_rest(j, 0, err);
	while (byte >= 0 && !strchr(",]}", byte) && byte != 0 && !is_space(byte)) {
		input_step(&j->in);
		byte = input_peek(&j->in, err);
	}
	return byte < INPUT_END ? byte : 0;
}

static int skip_line(struct json_rows *j, struct err *err)
{
	uint64_t line = j->in.place.line;
	int byte = input_peek(&j->in, err);

	while (byte >= 0 && j->in.place.line == line) {
		input_step(&j->in);
		byte = input_peek(&j->in, err);
	}
	return byte < INPUT_END ? byte : 0;
}

/* --- one row -------------------------------------------------------------------------------------------------- */

/* The object in text as a row. */
static int object_row(struct json_rows *j, struct row *ret, struct err *err)
{
	int rc;

	cells_clear(&j->cells);
	rc = json_flatten(&j->flat, j->text.p, j->text.n, j->began, err);
	if (rc == 0)
		rc = cells_row(&j->cells, &j->columns, j->began.line, ret, err);
	return rc == 0 ? 1 : rc;
}

/* The object at which the input stands as a row. */
static int read_object(struct json_rows *j, struct row *ret, struct err *err)
{
	int rc;

	buf_clear(&j->text);
	rc = scan_on(j, (struct scan){ 0 }, &j->text, err);
	if (rc == 1) {
		/* what was kept says how deep the rest is */
		struct scan scan = { 0 };

		for (size_t i = 0; i < j->text.n; i++)
			scan_byte(&scan, j->text.p[i]);
		rc = scan_on(j, scan, NULL, err);
		return rc < 0 ? rc : place_err(err, E_LIMIT, j->began, "this row is larger than 1 MiB; split it");
	}
	return rc < 0 ? rc : object_row(j, ret, err);
}

/* --- where rows are ------------------------------------------------------------------------------------------- */

/* Step over a member's name and value, or into its value if that is an array of objects.
 * @return 1 into; 0 over; otherwise broken, or the source failed */
static int enter_member(struct json_rows *j, struct err *err)
{
	int byte, rc = skip_value(j, err);

	if (rc < 0)
		return rc;
	byte = peek_behind_space(j, err);
	if (byte != ':')
		return byte < INPUT_END ? byte : damaged(j, "expected : behind the name of a member", err);
	input_step(&j->in);
	if (peek_behind_space(j, err) != '[')
		return skip_value(j, err);
	input_step(&j->in);
	return peek_behind_space(j, err) == '{' ? 1 : skip_rest(j, 1, err);
}

/* Step into the first array of objects of the object at which the input stands.
 * @return 1 done; 0 there is none, and the object has ended; otherwise broken, or the source failed */
static int enter_array(struct json_rows *j, struct err *err)
{
	int byte, rc;

	input_step(&j->in);
	byte = peek_behind_space(j, err);
	while (byte == '"') {
		rc = enter_member(j, err);
		if (rc != 0)
			return rc;
		byte = peek_behind_space(j, err);
		if (byte != ',')
			break;
		input_step(&j->in);
		byte = peek_behind_space(j, err);
	}
	if (byte != '}')
		return byte < INPUT_END ? byte : damaged(j, "expected a member, or } at the end of the object", err);
	input_step(&j->in);
	return 0;
}

static int end_array(struct json_rows *j, struct err *err)
{
	int byte, rc = 0;

	input_step(&j->in);
	if (j->wrapped)
		rc = skip_rest(j, 1, err);
	if (rc < 0)
		return rc;
	byte = peek_behind_space(j, err);
	if (byte != INPUT_END)
		return byte < 0 ? byte : damaged(j, "something stands behind the end of the JSON text", err);
	return 0;
}

/* The comma between two values. -> the byte behind it, as input_peek() */
static int step_over_comma(struct json_rows *j, struct err *err)
{
	int byte = peek_behind_space(j, err);

	if (j->started && byte == ',') {
		input_step(&j->in);
		byte = peek_behind_space(j, err);
		if (byte == ']')
			return damaged(j, "no value stands behind a comma", err);
	} else if (j->started && byte >= 0 && byte != ']') {
		return damaged(j, "expected , or ] behind a value of the array", err);
	}
	j->started = true;
	return byte;
}

static int next_in_array(struct json_rows *j, struct row *ret, struct err *err)
{
	int rc, byte = step_over_comma(j, err);

	j->began = j->in.place;
	ret->line = j->began.line;
	if (byte == '{')
		return read_object(j, ret, err);
	if (byte == ']')
		return end_array(j, err);
	if (byte == INPUT_END)
		return damaged(j, "the file ends inside the array; a part of it is missing, or its ] is", err);
	if (byte < 0)
		return byte;
	rc = skip_value(j, err);
	return rc < 0 ? rc : place_err(err, E_INVALID, j->began, "not an object; each row is one, in { and }");
}

static int next_object(struct json_rows *j, struct row *ret, struct err *err)
{
	int rc, byte = peek_behind_space(j, err);

	j->began = j->in.place;
	ret->line = j->began.line;
	if (byte == '{')
		return read_object(j, ret, err);
	if (byte < 0)
		return byte == INPUT_END ? 0 : byte;
	rc = skip_line(j, err);
	return rc < 0 ? rc : place_err(err, E_INVALID, j->began, "not an object; each row is one, in { and }");
}

/* Only the file's end says whether the first object is a row or holds the rows; one too large for a row may hold them. */
static int first_object(struct json_rows *j, struct row *ret, struct err *err)
{
	bool large;
	int rc;

	j->began = j->in.place;
	ret->line = j->began.line;
	rc = scan_on(j, (struct scan){ 0 }, &j->text, err);
	if (rc < 0)
		return rc;
	large = rc == 1;
	if (!large) {
		int byte = peek_behind_space(j, err);

		if (byte < INPUT_END)
			return byte;
		j->form = FORM_OBJECTS;
		if (byte != INPUT_END)
			return object_row(j, ret, err);
	}
	buf_put(&j->first, j->text.p, j->text.n);
	input_again(&j->in, j->first.p, j->first.n, j->began);
	rc = enter_array(j, err);
	if (rc < 0)
		return rc;
	j->form = rc == 1 ? FORM_ARRAY : FORM_OBJECTS;
	j->wrapped = rc == 1;
	if (rc == 1)
		return next_in_array(j, ret, err);
	return large ? place_err(err, E_LIMIT, j->began, "this row is larger than 1 MiB; split it")
		     : object_row(j, ret, err);
}

static int next_row(struct rows *rows, struct row *ret, struct err *err)
{
	struct json_rows *j = (struct json_rows *)rows;

	switch (j->form) {
	case FORM_FIRST:
		return first_object(j, ret, err);
	case FORM_OBJECTS:
		return next_object(j, ret, err);
	case FORM_ARRAY:
		return next_in_array(j, ret, err);
	}
	return 0;
}

static void close_rows(struct rows *rows)
{
	struct json_rows *j = (struct json_rows *)rows;

	json_flat_release(&j->flat);
	cells_release(&j->cells);
	columns_release(&j->columns);
	buf_release(&j->first);
	buf_release(&j->text);
	free(j);
}

int json_rows_open(struct source *source, struct rows **ret, struct err *err)
{
	static const struct rows_type type = { next_row, close_rows };
	struct json_rows *j = mem_alloc(sizeof *j);
	int byte, rc;

	j->rows.type = &type;
	columns_init(&j->columns, "row");
	cells_init(&j->cells);
	json_flat_init(&j->flat, &j->columns, &j->cells);
	buf_init(&j->text, ROW_BYTES_MAX);
	buf_init(&j->first, ROW_BYTES_MAX);
	rc = input_begin(&j->in, source, err);
	byte = rc < 0 ? rc : peek_behind_space(j, err);
	if (byte == '[') {
		input_step(&j->in);
		j->form = FORM_ARRAY;
	} else if (byte != '{') {
		rc = byte < INPUT_END    ? byte
		     : byte == INPUT_END ? damaged(j, "the file is empty", err)
					 : damaged(j, "not JSON: expected { or [ at the beginning", err);
	}
	if (rc < 0)
		close_rows(&j->rows);
	else
		*ret = &j->rows;
	return rc;
}
