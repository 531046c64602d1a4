/* What the targets of the readers of rows share: a file read whole and read in pieces gives the same rows, each within
 * its bounds, its cells UTF-8. */
#ifndef PARLEY_FUZZ_ROWS_H
#define PARLEY_FUZZ_ROWS_H

#include "fuzz.h"

#include "base/limits.h"
#include "exchange/rows.h"

#define ROWS_ENOUGH 5000 /* a short file may declare a million vertices */

typedef int rows_open_function(struct source *source, struct rows **ret, struct err *err);

struct pieces {
	const uint8_t *p;
	size_t n, at, piece;
};

static inline int pieces_read(void *ctx, void *out, size_t n, size_t *ret_n, struct err *err)
{
	struct pieces *pieces = ctx;
	size_t left = pieces->n - pieces->at;

	(void)err;
	n = n < pieces->piece ? n : pieces->piece;
	*ret_n = n < left ? n : left;
	if (*ret_n > 0)
		memcpy(out, pieces->p + pieces->at, *ret_n);
	pieces->at += *ret_n;
	return 0;
}

static inline uint64_t mix(uint64_t hash, const void *p, size_t n)
{
	const uint8_t *bytes = p;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3;
	return (hash ^ n) * 0x100000001b3;
}

static inline uint64_t mix_row(uint64_t hash, const struct row *row)
{
	size_t total = 0;

	MUST(row->line > 0 && row->table->name[0] && row->table->n_columns <= ROW_COLUMNS_MAX);
	hash = mix(mix(hash, &row->line, sizeof row->line), row->table->name, strlen(row->table->name));
	for (size_t i = 0; i < row->table->n_columns; i++) {
		const struct cell *cell = &row->cells[i];

		MUST(cell->p || cell->n == 0);
		if (!cell->p)
			continue;
		MUST(utf8_valid(cell->p, cell->n) && !memchr(cell->p, 0, cell->n));
		MUST(utf8_valid(row->table->columns[i], strlen(row->table->columns[i])));
		total += cell->n;
		hash = mix(mix(hash, row->table->columns[i], strlen(row->table->columns[i])), cell->p, cell->n);
	}
	MUST(total <= (size_t)2 * ROW_BYTES_MAX); /* what joins the values of a cell is counted here too */
	return hash;
}

/* All that comes out, as one number. */
static inline uint64_t read_rows(rows_open_function *open, const uint8_t *data, size_t size, size_t piece)
{
	struct pieces pieces = { .p = data, .n = size, .piece = piece };
	struct source source = { .read = pieces_read, .ctx = &pieces, .size = size };
	uint64_t hash = 0xcbf29ce484222325;
	struct rows *rows = NULL;
	struct row row;
	struct err err;
	int rc = open(&source, &rows, &err), n = 0;

	MUST(rc == 0 || rc == E_DAMAGED);
	MUST_EXPLAIN(rc, &err);
	if (rc < 0)
		return mix(hash, err.text, strlen(err.text));
	while (n++ < ROWS_ENOUGH && (rc = rows_next(rows, &row, &err)) != 0) {
		MUST(rc == 1 || rc == E_INVALID || rc == E_LIMIT || rc == E_DAMAGED);
		if (rc == 1) {
			hash = mix_row(hash, &row);
			continue;
		}
		MUST_EXPLAIN(rc, &err);
		MUST(rc == E_DAMAGED || row.line > 0);
		hash = mix(hash, err.text, strlen(err.text));
	}
	rows_close(rows);
	return hash;
}

static inline void fuzz_rows(rows_open_function *open, const uint8_t *data, size_t size)
{
	MUST(read_rows(open, data, size, SIZE_MAX) == read_rows(open, data, size, 1 + size % 61));
}

#endif
