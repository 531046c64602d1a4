/* What the readers of rows share: bytes with their place in the file, columns that become more, a row in the making.
 *
 * A reader embeds these and releases them in its close().
 *
 * Threads: as the reader that they belong to. Memory: owned; each has its own release.
 */
#ifndef PARLEY_EXCHANGE_ROWS_INTERNAL_H
#define PARLEY_EXCHANGE_ROWS_INTERNAL_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/bytes.h"
#include "exchange/rows.h"

#define COLUMN_NAME_MAX 4096               /* bytes: questions of a survey stand in headers */
#define ROW_PIECES_MAX 65536               /* values of one row, where several make one cell */
#define NETWORK_VERTICES_MAX (1000 * 1000) /* vertices that a file may declare before it lists them */
#define ROW_JOIN "; "                      /* between the values of one cell */

/* --- bytes ---------------------------------------------------------------------------------------------------- */

/* Where a byte stands. Lines end in LF, CR LF or CR. */
struct place {
	uint64_t line;   /* from 1 */
	uint64_t column; /* from 1, in characters */
	bool after_cr;
};

#define PLACE_FIRST ((struct place){ .line = 1, .column = 1 })

/** Step over one byte. */
void place_step(struct place *place, uint8_t byte);

/** Write "line L, column C: reason" (without the column where it is 0); returns code. */
int place_err(struct err *err, int code, struct place place, const char *reason);

/* A file that begins with this byte is in no encoding that has ASCII: UTF-16, UTF-32, or no text at all. */
static inline bool is_wide(int first)
{
	return first == 0xff || first == 0xfe || first == 0;
}

#define WIDE_REASON "not UTF-8 text, perhaps UTF-16; save it as UTF-8"

#define INPUT_END (-1) /* no error code is -1 */

/* Bytes of a source, one at a time. */
struct input {
	struct source *source;
	struct place place; /* of the byte that input_peek() shows */
	const uint8_t *p;   /* block, or what input_again() gave */
	size_t at, n;       /* of p */
	size_t block_at, block_n;
	bool ended;
	uint8_t block[64 * 1024];
};

/** Begin: skip a byte order mark. Reads the first block.
 * @return 0; E_DAMAGED if the file is UTF-16 or UTF-32; otherwise the source failed */
MUST_CHECK int input_begin(struct input *in, struct source *source, struct err *err);

/** input_peek() when nothing is left in memory. */
MUST_CHECK int input_fill(struct input *in, struct err *err);

/** Read n bytes, which the caller keeps, once more before going on; they began at `from`. Once only. */
void input_again(struct input *in, const uint8_t *p, size_t n, struct place from);

/** The next byte, without stepping over it: 0 to 255; INPUT_END; otherwise the source failed */
MUST_CHECK static inline int input_peek(struct input *in, struct err *err)
{
	return in->at < in->n ? in->p[in->at] : input_fill(in, err);
}

/** Step over the byte that input_peek() showed. */
static inline void input_step(struct input *in)
{
	place_step(&in->place, in->p[in->at++]);
}

/** True for a number in decimal digits: [+-] digits [. digits] [e [+-] digits], or . digits; no space around it. */
bool is_decimal(const char *p, size_t n);

/* --- columns -------------------------------------------------------------------------------------------------- */

/* A table whose columns become more. */
struct columns {
	struct table table; /* what rows point to */
	struct arena names;
	size_t cap;
	uint16_t *slots; /* by hash of the name: index + 1; 0: free */
};

/** @param table  its name; must outlive the columns */
void columns_init(struct columns *c, const char *table);
void columns_release(struct columns *c);

/** Index of the column of that name, which is added if it is not there.
 * @return 0; E_LIMIT if the name is longer than COLUMN_NAME_MAX or there are ROW_COLUMNS_MAX columns; E_INVALID if the
 *         name is not UTF-8 or holds a NUL. The texts name no place: the caller prefixes it */
MUST_CHECK int columns_get(struct columns *c, const char *name, size_t n, size_t *ret, struct err *err);

/** As columns_get(), for a name that ends in NUL. */
MUST_CHECK int columns_named(struct columns *c, const char *name, size_t *ret, struct err *err);

/** True, with its index, if a column of that name is there. */
bool columns_find(const struct columns *c, const char *name, size_t n, size_t *ret);

/** Append a column without a name (""), of which there may be many; columns_find() does not find it. */
MUST_CHECK int columns_add_nameless(struct columns *c, struct err *err);

/* --- a row ---------------------------------------------------------------------------------------------------- */

struct piece {
	size_t column, at, n; /* bytes text[at .. at + n) */
};

/* A row in the making: pieces in the order of the file; pieces of the same column become one cell, joined by ROW_JOIN.
 * What passes ROW_BYTES_MAX or ROW_PIECES_MAX is dropped, and cells_row() says so. */
struct cells {
	struct buf text; /* all pieces */
	struct piece *pieces;
	size_t n, cap;
	char *joined;
	size_t joined_cap;
	struct cell *cells; /* [cap_cells] */
	size_t cap_cells;
	uint32_t stamps[ROW_COLUMNS_MAX]; /* the row in which the column last had a piece */
	uint32_t stamp;                   /* of this row */
	bool too_many;
};

void cells_init(struct cells *c);
void cells_release(struct cells *c);

/** Begin a new row. */
void cells_clear(struct cells *c);

/** Begin a piece: an empty text until bytes are put. */
void cells_open(struct cells *c, size_t column);

/** Add bytes to the piece begun last. */
void cells_put(struct cells *c, const void *p, size_t n);

/** One whole piece. */
void cells_add(struct cells *c, size_t column, const void *p, size_t n);

/** This row is too large, of which more cannot be kept: cells_row() will say so. */
void cells_too_large(struct cells *c);

/** True if this row has a piece of that column. */
bool cells_has(const struct cells *c, size_t column);

/** The row as it stands: one cell for every column of the table, absent where there is no piece. Holds until the next
 * cells_clear().
 * @return 0; E_LIMIT: too large; E_INVALID: a cell is not UTF-8 or holds a NUL. The texts begin with the line */
MUST_CHECK int cells_row(struct cells *c, const struct columns *columns, uint64_t line, struct row *ret,
			 struct err *err);

#endif
