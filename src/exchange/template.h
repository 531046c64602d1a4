/* Templates: how a map says what text to make of a row. docs/importing.md has the language.
 *
 *   @ucdp/actor-{side_a_new_id}      text and a cell
 *   {date_start|date}/{date_end|date}   cells through filters
 *   {where}[ @{latitude},{longitude}]   the part in brackets only if no cell in it is empty
 *   {actor_id|split:,}               several values, for fields that take a list
 *
 * A template makes a list of texts. It is empty if all cells in it are. With several values in one cell the text is made
 * once for each; two cells with several must have equally many.
 *
 * Threads: a template belongs to one thread: it remembers where its columns are. Memory: arena.
 */
#ifndef PARLEY_EXCHANGE_TEMPLATE_H
#define PARLEY_EXCHANGE_TEMPLATE_H

#include <stdbool.h>

#include "base/arena.h"
#include "exchange/rows.h"

#define VALUES_MAX 4096 /* of one cell */

struct values {
	const char **items; /* UTF-8, none empty */
	size_t n;
	const size_t *places; /* template_make(): the number, from 0, of the cells' values of which each was made */
	size_t n_places;      /* and how many values the cells have */
};

#define ROW_TEXTS_MAX ((size_t)64 * 1024 * 1024) /* bytes that go through templates for one row */

/* A table of codes: from what a file says to what the record says. A key may end in '*': any text that begins so; the
 * longest key wins. */
struct code_row {
	const char *from, *to;
};

struct code_table {
	const char *name;
	struct code_row *rows;
	size_t n;
	struct code_table *next;
};

/* What a template may speak of. */
struct scope {
	struct arena *arena;
	const struct row *row;
	const char *name; /* {:name}: of the file */
	const char *hash; /* {:hash}: of the row's content; {:nth}: the how-manieth row that is equal */
	uint64_t nth;
	const char *each;     /* {:each}, {:index}: the value of a loop and its number from 0, for the filter nth */
	size_t index, n_each; /* n_each: how many values there are; 0: no loop */
	const char *column;   /* {:column}: of a loop over columns */
	size_t *n_bytes;      /* how much went through templates for this row; NULL: not counted */
};

struct template;

/** Read a template.
 * @param codes  tables that the filter codes may name
 * @return 0; E_INVALID with what is wrong in it */
MUST_CHECK int template_read(struct arena *a, const char *text, const struct code_table *codes, struct template **ret,
			     struct err *err);

/** Make the texts.
 * @return 0; E_INVALID: a filter refused a value; the text begins with the column. E_LIMIT: more than ROW_TEXTS_MAX */
MUST_CHECK int template_make(struct template *t, const struct scope *scope, struct values *ret, struct err *err);

/** A cell without blanks around it, its lines ended by LF; NULL if nothing is left. */
const char *cell_text(struct arena *a, struct cell cell);

/** Whether it speaks of {:NAME}. */
bool template_uses(const struct template *t, const char *name);

/** The first column of which it speaks, or NULL. */
const char *template_column(const struct template *t);

/** Put the column of which it speaks before an error, unless one stands there. */
void template_blame(const struct template *t, struct err *err);

/** The row of a table that fits the text, or NULL. */
const struct code_row *code_table_find(const struct code_table *table, const char *text);

#endif
