/* What pajek_rows.c (the file and its sections) and pajek_items.c (what a section holds) share.
 *
 * Threads: one reader belongs to one thread. Memory: the reader's, released by its close().
 */
#ifndef PARLEY_EXCHANGE_PAJEK_INTERNAL_H
#define PARLEY_EXCHANGE_PAJEK_INTERNAL_H

#include "exchange/pajek_words.h"

enum { NODE, EDGE, N_TABLES };

enum section { NONE, VERTICES, ARCS, EDGES, ARCSLIST, EDGESLIST, MATRIX, IGNORED };

struct pajek_rows {
	struct rows rows; /* first */
	struct pajek_words w;
	struct columns tables[N_TABLES];
	struct cells cells;
	struct buf key;  /* an attribute's name, while its value is read */
	struct err flaw; /* why this row cannot be read; code 0: it can */
	uint64_t line;   /* of this row */
	enum section section;
	bool foreign; /* what follows belongs to something else than the network */

	bool has_vertices, two_modes;
	uint32_t n, n_first; /* vertices, and those of the first mode */
	uint8_t *seen;       /* a bit for each vertex that was listed */
	uint64_t vertices_line;
	uint32_t missing; /* the vertex from which on those not listed are made; 0: not now */

	char relation[16]; /* its number; "": none */
	struct buf relation_name;
	bool in_list;               /* behind the first word of a line of *Arcslist or *Edgeslist */
	uint32_t from;              /* that word */
	uint32_t at_row, at_column; /* of the matrix: what comes next, from 1 */
};

/* These read what stands next in a section of their kind. @return as rows_next(); 0: it was no row */

/** A line of *Vertices. */
MUST_CHECK int pajek_read_vertex(struct pajek_rows *p, struct row *ret, struct err *err);

/** The next vertex that was declared but not listed; after the last one p->missing is 0. */
MUST_CHECK int pajek_next_missing(struct pajek_rows *p, struct row *ret, struct err *err);

/** A line of *Arcs or *Edges. */
MUST_CHECK int pajek_read_edge(struct pajek_rows *p, struct row *ret, struct err *err);

/** The next word of a line "from to to ..." of *Arcslist or *Edgeslist. */
MUST_CHECK int pajek_read_in_list(struct pajek_rows *p, struct row *ret, struct err *err);

/** The next number of *Matrix; lines do not matter. */
MUST_CHECK int pajek_read_in_matrix(struct pajek_rows *p, struct row *ret, struct err *err);

/** Step over what is left of this line: it cannot be read. @return E_INVALID with the reason; or the source failed */
MUST_CHECK int pajek_refuse_line(struct pajek_rows *p, const char *reason, struct err *err);

/** True if the matrix needs no more numbers. */
bool pajek_matrix_ended(const struct pajek_rows *p);

#endif
