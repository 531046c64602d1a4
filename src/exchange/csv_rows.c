/* Separated values (RFC 4180, and what spreadsheets and statistics programs make of it) as rows.
 *
 * A value may stand in quotation marks and then hold anything, line ends too; a doubled mark stands for one. A mark in
 * the middle of a bare value is a character like any other. Row ends are LF, CR LF or CR; rows without any text are
 * passed over. A row must have as many values as there are columns; empty ones more at its end are let pass.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/rows_internal.h"

struct csv {
	struct rows rows;
	struct input input;
	struct columns columns;
	struct cells cells;
	uint8_t delimiter;
	bool no_quotes;
	size_t *of_value; /* [n_values] column of each value of a row */
	size_t n_values;
	struct buf first_line; /* looked at for the delimiter, then read again */
};

/* The row that is being read. */
struct reading {
	struct place from;
	size_t n; /* values begun */
	size_t n_bytes;
	bool any_text;       /* any character, blanks and delimiters not counted */
	bool surplus_text;   /* in a value for which there is no column */
	const char *trouble; /* why the row cannot be read, or NULL; the rest of its line is passed over then */
	struct place at;     /* of that */
};

static bool is_end(int byte)
{
	return byte == '\n' || byte == '\r' || byte < 0;
}

/* Step over the byte that ends a line, and over the LF of CR LF. */
static int end_line(struct csv *csv, int byte, struct err *err)
{
	int next;

	if (byte < 0)
		return 0;
	input_step(&csv->input);
	if (byte != '\r')
		return 0;
	next = input_peek(&csv->input, err);
	if (next == '\n')
		input_step(&csv->input);
	return next == INPUT_END || next >= 0 ? 0 : next;
}

static void put(struct csv *csv, struct reading *row, int byte)
{
	const uint8_t b = (uint8_t)byte;

	row->any_text |= b != ' ' && b != '\t';
	if (row->n > csv->n_values) {
		row->surplus_text |= b != ' ' && b != '\t';
		return;
	}
	cells_put(&csv->cells, &b, 1);
}

static void begin_value(struct csv *csv, struct reading *row)
{
	if (row->n++ < csv->n_values)
		cells_open(&csv->cells, csv->of_value[row->n - 1]);
}

static void trouble(struct reading *row, struct place at, const char *why)
{
	if (!row->trouble) {
		row->trouble = why;
		row->at = at;
	}
}

/* A value in quotation marks, to its closing mark.
 * @return the byte behind it, not stepped over; negative at the end or if the source failed, or E_DAMAGED */
static int read_quoted(struct csv *csv, struct reading *row, struct err *err)
{
	const struct place opened = csv->input.place;
	size_t n = 0;
	int byte;

	input_step(&csv->input);
	row->any_text = true;
	while ((byte = input_peek(&csv->input, err)) >= 0) {
		input_step(&csv->input);
		if (byte == '"') {
			byte = input_peek(&csv->input, err);
			if (byte != '"')
				return byte;
			input_step(&csv->input);
		}
		if (++n > ROW_BYTES_MAX)
			return place_err(err, E_DAMAGED, opened,
					 "the quotation mark that opens here is not closed within a mebibyte: mend the "
					 "file there");
		if (++row->n_bytes <= ROW_BYTES_MAX)
			put(csv, row, byte);
	}
	return byte != INPUT_END ? byte
				 : place_err(err, E_DAMAGED, opened,
					     "the quotation mark that opens here is never closed: mend the file there");
}

/* @return the byte that ends the value (delimiter, line end or INPUT_END), not stepped over; otherwise the source failed */
static int read_value(struct csv *csv, struct reading *row, struct err *err)
{
	int byte = input_peek(&csv->input, err);

	begin_value(csv, row);
	if (byte == '"' && !csv->no_quotes) {
		byte = read_quoted(csv, row, err);
		while (byte == ' ' && csv->delimiter != ' ') {
			input_step(&csv->input);
			byte = input_peek(&csv->input, err);
		}
		if (byte != csv->delimiter && !is_end(byte))
			trouble(row, csv->input.place, "text stands behind a closing quotation mark");
	}
	while (byte >= 0 && byte != csv->delimiter && !is_end(byte)) {
		if (++row->n_bytes <= ROW_BYTES_MAX)
			put(csv, row, byte);
		input_step(&csv->input);
		byte = input_peek(&csv->input, err);
	}
	return byte;
}

/* Read to the end of the row. @return 1; 0 at the end of the file; E_DAMAGED; otherwise the source failed */
static int read_row(struct csv *csv, struct reading *row, struct err *err)
{
	int byte;

	*row = (struct reading){ .from = csv->input.place };
	cells_clear(&csv->cells);
	byte = input_peek(&csv->input, err);
	if (byte == INPUT_END)
		return 0;
	while ((byte = read_value(csv, row, err)) == csv->delimiter)
		input_step(&csv->input);
	if (byte < 0 && byte != INPUT_END)
		return byte;
	byte = end_line(csv, byte, err);
	return byte < 0 ? byte : 1;
}

/* Whether what was read can be a row at all. */
static int check_row(struct csv *csv, const struct reading *row, struct err *err)
{
	char why[160];

	if (row->n_bytes > ROW_BYTES_MAX)
		return place_err(err, E_LIMIT, (struct place){ .line = row->from.line },
				 "the row is longer than a mebibyte");
	if (row->trouble)
		return place_err(err, E_INVALID, row->at, row->trouble);
	if (row->n == csv->n_values || (row->n > csv->n_values && !row->surplus_text))
		return 0;
	snprintf(why, sizeof why,
		 "the row has %zu values and there are %zu columns: is a delimiter or a quotation mark missing?",
		 row->n, csv->n_values);
	return place_err(err, E_INVALID, (struct place){ .line = row->from.line }, why);
}

static int csv_next(struct rows *rows, struct row *ret, struct err *err)
{
	struct csv *csv = (struct csv *)rows;
	struct reading row;
	int rc;

	do
		rc = read_row(csv, &row, err);
	while (rc == 1 && !row.any_text);
	ret->line = row.from.line;
	if (rc != 1)
		return rc;
	rc = check_row(csv, &row, err);
	if (rc == 0)
		rc = cells_row(&csv->cells, &csv->columns, row.from.line, ret, err);
	return rc < 0 ? rc : 1;
}

/* --- the header -------------------------------------------------------------------------------------------- */

#define FIRST_LINE_MAX (256 * 1024) /* bytes of it that are looked at */

/* The first line with text, and the blank ones before it; the input is then as it was.
 * @return 0; otherwise the source failed */
static int see_first_line(struct csv *csv, struct err *err)
{
	const struct place from = csv->input.place;
	bool any_text = false, quoted = false;
	int byte;

	while ((byte = input_peek(&csv->input, err)) >= 0 && csv->first_line.n < FIRST_LINE_MAX) {
		const uint8_t b = (uint8_t)byte;

		if (is_end(byte) && any_text && !quoted)
			break;
		any_text |= !is_end(byte) && byte != ' ';
		quoted ^= byte == '"';
		buf_put(&csv->first_line, &b, 1);
		input_step(&csv->input);
	}
	if (byte < INPUT_END)
		return byte;
	input_again(&csv->input, csv->first_line.p, csv->first_line.n, from);
	return 0;
}

/* The character of which the first line has most, outside quotation marks. */
static uint8_t guess_delimiter(const struct buf *line)
{
	static const uint8_t candidates[] = { ',', ';', '\t', '|' };
	size_t counts[sizeof candidates] = { 0 }, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < line->n; i++) {
		const uint8_t *which = memchr(candidates, line->p[i], sizeof candidates);

		quoted ^= line->p[i] == '"';
		if (which && !quoted)
			counts[which - candidates]++;
	}
	for (size_t i = 1; i < sizeof candidates; i++)
		if (counts[i] > counts[best])
			best = i;
	return candidates[best];
}

static struct bytes trimmed(struct bytes name)
{
	while (name.n > 0 && (name.p[0] == ' ' || name.p[0] == '\t')) {
		name.p++;
		name.n--;
	}
	while (name.n > 0 && (name.p[name.n - 1] == ' ' || name.p[name.n - 1] == '\t'))
		name.n--;
	return name;
}

/* One more column. Of two with the same name the second can only be passed over. */
static int add_column(struct csv *csv, struct bytes name, struct err *err)
{
	size_t column = csv->columns.table.n_columns;
	const char *text = (const char *)name.p;
	int rc;

	if (name.n == 0 || columns_find(&csv->columns, text, name.n, &column)) {
		column = csv->columns.table.n_columns;
		rc = columns_add_nameless(&csv->columns, err);
	} else {
		rc = columns_get(&csv->columns, text, name.n, &column, err);
	}
	if (rc < 0)
		return rc;
	csv->of_value = mem_resize(csv->of_value, (csv->n_values + 1) * sizeof *csv->of_value);
	csv->of_value[csv->n_values++] = column;
	return 0;
}

static struct bytes piece_bytes(const struct csv *csv, const struct piece *piece)
{
	struct bytes none = { NULL, 0 };

	return piece->n > 0 ? (struct bytes){ csv->cells.text.p + piece->at, piece->n } : none;
}

/* The names of a header row, which is read as if each of its values were a column of its own. */
static int read_header(struct csv *csv, struct err *err)
{
	struct reading row;
	int rc;

	csv->of_value = mem_alloc(ROW_COLUMNS_MAX * sizeof *csv->of_value);
	for (csv->n_values = 0; csv->n_values < ROW_COLUMNS_MAX; csv->n_values++)
		csv->of_value[csv->n_values] = csv->n_values;
	do
		rc = read_row(csv, &row, err);
	while (rc == 1 && !row.any_text);
	if (rc == 0)
		return err_set(err, E_DAMAGED, "the file is empty: the first row must name the columns");
	if (rc == 1 && row.n > ROW_COLUMNS_MAX)
		return place_err(err, E_DAMAGED, row.from, "there are more columns than can be read");
	if (rc == 1 && (row.trouble || row.n_bytes > ROW_BYTES_MAX))
		return place_err(err, E_DAMAGED, row.from, "the row that should name the columns cannot be read");
	csv->n_values = 0;
	for (size_t i = 0; i < row.n && rc == 1; i++) {
		const struct piece *piece = &csv->cells.pieces[i];

		rc = add_column(csv, trimmed(piece_bytes(csv, piece)), err);
		rc = rc < 0 ? err_prefix(err, "line %llu: ", (unsigned long long)row.from.line) : 1;
	}
	return rc;
}

static int take_header(struct csv *csv, const char *header, struct err *err)
{
	int rc = 0;

	for (const char *end; rc == 0 && header; header = end ? end + 1 : NULL) {
		end = strchr(header, ',');
		rc = add_column(csv,
				trimmed((struct bytes){ (const uint8_t *)header,
							end ? (size_t)(end - header) : strlen(header) }),
				err);
	}
	return rc;
}

static void csv_close(struct rows *rows)
{
	struct csv *csv = (struct csv *)rows;

	columns_release(&csv->columns);
	cells_release(&csv->cells);
	buf_release(&csv->first_line);
	free(csv->of_value);
	free(csv);
}

int csv_rows_open(struct source *source, const struct csv_options *options, struct rows **ret, struct err *err)
{
	static const struct rows_type type = { .next = csv_next, .close = csv_close };
	struct csv *csv = mem_alloc(sizeof *csv);
	int rc;

	csv->rows.type = &type;
	columns_init(&csv->columns, "row");
	cells_init(&csv->cells);
	buf_init(&csv->first_line, FIRST_LINE_MAX);
	csv->delimiter = (uint8_t)options->delimiter;
	csv->no_quotes = options->no_quotes;
	rc = input_begin(&csv->input, source, err);
	if (rc == 0 && !csv->delimiter)
		rc = see_first_line(csv, err);
	if (rc == 0 && !csv->delimiter)
		csv->delimiter = guess_delimiter(&csv->first_line);
	if (rc == 0)
		rc = options->header ? take_header(csv, options->header, err) : read_header(csv, err);
	if (rc == E_INVALID || rc == E_LIMIT) { /* without its columns nothing of it can be read */
		rc = E_DAMAGED;
		if (err)
			err->code = rc;
	}
	if (rc < 0) {
		csv_close(&csv->rows);
		return rc;
	}
	csv->rows.header = &csv->columns.table;
	*ret = &csv->rows;
	return 0;
}
