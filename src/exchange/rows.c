#include "exchange/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "exchange/rows_internal.h"

int rows_next(struct rows *rows, struct row *ret, struct err *err)
{
	int rc = rows->over ? 0 : rows->type->next(rows, ret, err);

	rows->over = rc <= 0 && rc != E_INVALID && rc != E_LIMIT;
	return rc;
}

void rows_close(struct rows *rows)
{
	if (rows)
		rows->type->close(rows);
}

/* --- bytes ---------------------------------------------------------------------------------------------------- */

void place_step(struct place *place, uint8_t byte)
{
	if (byte == '\n' && place->after_cr) { /* the second half of CR LF: counted already */
		place->after_cr = false;
		return;
	}
	place->after_cr = byte == '\r';
	if (byte == '\n' || byte == '\r') {
		place->line++;
		place->column = 1;
	} else if ((byte & 0xc0) != 0x80) { /* not the later bytes of a character */
		place->column++;
	}
}

int place_err(struct err *err, int code, struct place place, const char *reason)
{
	if (place.column == 0)
		return err_set(err, code, "line %llu: %s", (unsigned long long)place.line, reason);
	return err_set(err, code, "line %llu, column %llu: %s", (unsigned long long)place.line,
		       (unsigned long long)place.column, reason);
}

static int refill(struct input *in, struct err *err)
{
	size_t n = 0;
	int rc = in->source->read(in->source->ctx, in->block, sizeof in->block, &n, err);

	if (rc < 0)
		return rc;
	in->at = 0;
	in->n = n;
	in->ended = n == 0;
	return 0;
}

int input_fill(struct input *in, struct err *err)
{
	if (in->p != in->block) {
		in->p = in->block;
		in->at = in->block_at;
		in->n = in->block_n;
	}
	if (in->at == in->n && !in->ended) {
		int rc = refill(in, err);

		if (rc < 0)
			return rc;
	}
	return in->at < in->n ? in->p[in->at] : INPUT_END;
}

void input_again(struct input *in, const uint8_t *p, size_t n, struct place from)
{
	in->block_at = in->at;
	in->block_n = in->n;
	in->p = p;
	in->at = 0;
	in->n = n;
	in->place = from;
}

int input_begin(struct input *in, struct source *source, struct err *err)
{
	static const uint8_t mark[] = { 0xef, 0xbb, 0xbf };
	int byte = 0;

	in->source = source;
	in->place = PLACE_FIRST;
	in->p = in->block;
	in->at = in->n = in->block_at = in->block_n = 0;
	in->ended = false;
	for (size_t i = 0; i < sizeof mark; i++) {
		byte = input_peek(in, err);
		if (byte < INPUT_END)
			return byte;
		if (i == 0 && is_wide(byte))
			return place_err(err, E_DAMAGED, in->place, WIDE_REASON);
		if (byte != mark[i])
			return i == 0 ? 0 : place_err(err, E_DAMAGED, in->place, "not UTF-8 text; save it as UTF-8");
		in->at++;
	}
	return 0;
}

static size_t digits(const char *p, size_t n)
{
	size_t i = 0;

	while (i < n && p[i] >= '0' && p[i] <= '9')
		i++;
	return i;
}

bool is_decimal(const char *p, size_t n)
{
	size_t at = n > 0 && (p[0] == '-' || p[0] == '+'), whole, part = 0;

	whole = digits(p + at, n - at);
	at += whole;
	if (at < n && p[at] == '.') {
		part = digits(p + at + 1, n - at - 1);
		at += 1 + part;
	}
	if (whole + part == 0)
		return false;
	if (at < n && (p[at] | 0x20) == 'e') {
		at++;
		at += at < n && (p[at] == '-' || p[at] == '+');
		whole = digits(p + at, n - at);
		at += whole;
		return whole > 0 && at == n;
	}
	return at == n;
}

/* --- columns -------------------------------------------------------------------------------------------------- */

#define SLOTS ((size_t)2 * ROW_COLUMNS_MAX) /* half of them stay free */
_Static_assert((SLOTS & (SLOTS - 1)) == 0, "a power of two");
_Static_assert(ROW_COLUMNS_MAX < UINT16_MAX, "an index fits a slot");

void columns_init(struct columns *c, const char *table)
{
	memset(c, 0, sizeof *c);
	c->table.name = table;
	c->slots = mem_alloc(SLOTS * sizeof *c->slots);
}

void columns_release(struct columns *c)
{
	arena_release(&c->names);
	free(c->table.columns);
	free(c->slots);
	memset(c, 0, sizeof *c);
}

/* The slot in which the name stands, or the free one in which it would. */
static uint16_t *find_slot(const struct columns *c, const char *name, size_t n)
{
	const uint64_t hash = mark_bytes(MARK_BEGIN, name, n);
	size_t i;

	for (i = (size_t)(hash ^ hash >> 32) % SLOTS; c->slots[i] != 0; i = (i + 1) % SLOTS) {
		const char *found = c->table.columns[c->slots[i] - 1];

		if (strlen(found) == n && memcmp(found, name, n) == 0)
			break;
	}
	return &c->slots[i];
}

static int append_column(struct columns *c, const char *name, size_t n, struct err *err)
{
	if (c->table.n_columns == ROW_COLUMNS_MAX)
		return err_set(err, E_LIMIT, "more than %d columns; split the file by columns", ROW_COLUMNS_MAX);
	if (c->table.n_columns == c->cap) {
		c->cap = c->cap ? 2 * c->cap : 64;
		c->table.columns = mem_resize(c->table.columns, c->cap * sizeof *c->table.columns);
	}
	c->table.columns[c->table.n_columns++] = arena_copy(&c->names, name, n);
	return 0;
}

int columns_get(struct columns *c, const char *name, size_t n, size_t *ret, struct err *err)
{
	uint16_t *slot = find_slot(c, name, n);
	int rc = 0;

	if (*slot == 0) {
		if (n > COLUMN_NAME_MAX)
			return err_set(err, E_LIMIT, "the name of a column is longer than %d bytes; shorten it",
				       COLUMN_NAME_MAX);
		if (memchr(name, 0, n) || !utf8_valid(name, n))
			return err_set(err, E_INVALID,
				       "the name of a column is not UTF-8 text; save the file as UTF-8");
		rc = append_column(c, name, n, err);
		if (rc == 0)
			*slot = (uint16_t)c->table.n_columns;
	}
	if (rc == 0)
		*ret = (size_t)*slot - 1;
	return rc;
}

int columns_named(struct columns *c, const char *name, size_t *ret, struct err *err)
{
	return columns_get(c, name, strlen(name), ret, err);
}

bool columns_find(const struct columns *c, const char *name, size_t n, size_t *ret)
{
	const uint16_t *slot = find_slot(c, name, n);

	if (*slot != 0)
		*ret = (size_t)*slot - 1;
	return *slot != 0;
}

int columns_add_nameless(struct columns *c, struct err *err)
{
	return append_column(c, "", 0, err);
}

/* --- a row ---------------------------------------------------------------------------------------------------- */

void cells_init(struct cells *c)
{
	memset(c, 0, sizeof *c);
	buf_init(&c->text, ROW_BYTES_MAX);
	c->stamp = 1;
}

void cells_release(struct cells *c)
{
	buf_release(&c->text);
	free(c->pieces);
	free(c->joined);
	free(c->cells);
}

void cells_clear(struct cells *c)
{
	buf_clear(&c->text);
	c->n = 0;
	c->too_many = false;
	if (++c->stamp == 0) { /* went round: no stamp of long ago may look like one of now */
		memset(c->stamps, 0, sizeof c->stamps);
		c->stamp = 1;
	}
}

void cells_open(struct cells *c, size_t column)
{
	if (c->n == ROW_PIECES_MAX) {
		c->too_many = true;
		return;
	}
	if (c->n == c->cap) {
		c->cap = c->cap ? 2 * c->cap : 64;
		c->pieces = mem_resize(c->pieces, c->cap * sizeof *c->pieces);
	}
	c->pieces[c->n++] = (struct piece){ column, c->text.n, 0 };
	c->stamps[column] = c->stamp;
}

void cells_put(struct cells *c, const void *p, size_t n)
{
	if (c->too_many)
		return;
	buf_put(&c->text, p, n);
	c->pieces[c->n - 1].n = c->text.n - c->pieces[c->n - 1].at;
}

void cells_add(struct cells *c, size_t column, const void *p, size_t n)
{
	cells_open(c, column);
	cells_put(c, p, n);
}

void cells_too_large(struct cells *c)
{
	c->too_many = true;
}

bool cells_has(const struct cells *c, size_t column)
{
	return c->stamps[column] == c->stamp;
}

/* How long each cell becomes; -> bytes of all. p only tells absent from present here. */
static size_t measure(struct cells *c, size_t n_columns)
{
	size_t total = 0;

	for (size_t i = 0; i < n_columns; i++)
		c->cells[i] = (struct cell){ NULL, 0 };
	for (size_t i = 0; i < c->n; i++) {
		struct cell *cell = &c->cells[c->pieces[i].column];
		size_t n = c->pieces[i].n + (cell->p ? sizeof ROW_JOIN - 1 : 0);

		cell->p = "";
		cell->n += n;
		total += n;
	}
	return total;
}

static void join(struct cells *c, size_t n_columns)
{
	size_t at = 0;

	for (size_t i = 0; i < n_columns; i++) {
		if (!c->cells[i].p)
			continue;
		c->cells[i].p = c->joined + at;
		at += c->cells[i].n;
		c->cells[i].n = 0; /* grows again as the pieces come */
	}
	for (size_t i = 0; i < c->n; i++) {
		const struct piece *piece = &c->pieces[i];
		struct cell *cell = &c->cells[piece->column];
		char *to = c->joined + (cell->p - c->joined) + cell->n;

		if (c->stamps[piece->column] != c->stamp) { /* joined already has a piece of it */
			memcpy(to, ROW_JOIN, sizeof ROW_JOIN - 1);
			to += sizeof ROW_JOIN - 1;
			cell->n += sizeof ROW_JOIN - 1;
		}
		c->stamps[piece->column] = c->stamp - 1;
		if (piece->n > 0)
			memcpy(to, c->text.p + piece->at, piece->n);
		cell->n += piece->n;
	}
	for (size_t i = 0; i < c->n; i++)
		c->stamps[c->pieces[i].column] = c->stamp;
}

int cells_row(struct cells *c, const struct columns *columns, uint64_t line, struct row *ret, struct err *err)
{
	size_t n_columns = columns->table.n_columns, total;
	struct place place = { .line = line };

	ret->line = line;
	if (c->too_many || c->text.overflowed)
		return place_err(err, E_LIMIT, place,
				 "this row is larger than 1 MiB or has more than 65,536 values; split it");
	if (n_columns > c->cap_cells) {
		c->cap_cells = columns->cap;
		c->cells = mem_resize(c->cells, c->cap_cells * sizeof *c->cells);
	}
	total = measure(c, n_columns);
	if (total + 1 > c->joined_cap) {
		c->joined_cap = total + 1;
		c->joined = mem_resize(c->joined, c->joined_cap);
	}
	join(c, n_columns);
	for (size_t i = 0; i < n_columns; i++)
		if (c->cells[i].p &&
		    (memchr(c->cells[i].p, 0, c->cells[i].n) || !utf8_valid(c->cells[i].p, c->cells[i].n)))
			return place_err(err, E_INVALID, place,
					 "a value of this row is not UTF-8 text; save the file as UTF-8");
	*ret = (struct row){ &columns->table, c->cells, line };
	return 0;
}
