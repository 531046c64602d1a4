/* Pajek's networks (.net) as rows of nodes and edges.
 *
 * A vertex has id, label, x, y, z, shape, its attributes by the names that Pajek gives them (ic, bc, x_fact ...), time,
 * and in a two-mode network mode 1 or 2. An edge has source, target, weight, directed, relation (its name, or its number
 * where it has none), relation_number, its attributes, and time. Vertices that are declared but not listed are rows with
 * an id alone. Of a matrix, every number but 0 is an edge.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/pajek_internal.h"

static int damaged(const struct pajek_rows *p, const char *reason, struct err *err)
{
	return place_err(err, E_DAMAGED, p->w.place, reason);
}

/* --- sections ------------------------------------------------------------------------------------------------- */

static int start_vertices(struct pajek_rows *p, struct err *err)
{
	uint32_t n = 0, n_first = 0;
	int word = pajek_word(&p->w, err);

	if (word < 0)
		return word;
	if (word != PAJEK_WORD || !pajek_number(&p->w, &n) || n > NETWORK_VERTICES_MAX)
		return damaged(p, "expected the number of vertices, at most 1,000,000", err);
	word = pajek_word(&p->w, err);
	if (word < 0)
		return word;
	if (word != PAJEK_LINE_END && (word != PAJEK_WORD || !pajek_number(&p->w, &n_first) || n_first > n))
		return damaged(p, "expected how many of the vertices are of the first mode", err);
	p->has_vertices = true;
	p->two_modes = word != PAJEK_LINE_END && n_first < n;
	p->n = n;
	p->n_first = p->two_modes ? n_first : n;
	p->seen = mem_alloc(n / 8 + 1);
	p->section = VERTICES;
	return 0;
}

/* Which relation the edges of this section are of: its number behind a colon, its name. */
static int start_edges(struct pajek_rows *p, enum section section, struct err *err)
{
	int word;

	if (!p->has_vertices)
		return damaged(p, "edges stand before *Vertices", err);
	p->section = section;
	p->at_row = p->at_column = 1;
	p->relation[0] = 0;
	buf_clear(&p->relation_name);
	while ((word = pajek_word(&p->w, err)) == PAJEK_WORD || word == PAJEK_QUOTED) {
		if (word == PAJEK_WORD && p->w.text.n > 1 && p->w.text.n < sizeof p->relation && p->w.text.p[0] == ':')
			snprintf(p->relation, sizeof p->relation, "%s", buf_str(&p->w.text) + 1);
		else if (p->relation_name.n == 0)
			buf_put(&p->relation_name, p->w.text.p, p->w.text.n);
	}
	return word < 0 ? word : 0;
}

enum heading { H_VERTICES, H_NETWORK, H_EDGES, H_FOREIGN, H_UNKNOWN };

static const struct {
	const char *word;
	enum heading heading;
	enum section section;
} headings[] = {
	{ "*vertices", H_VERTICES, VERTICES },
	{ "*network", H_NETWORK, NONE },
	{ "*arcs", H_EDGES, ARCS },
	{ "*edges", H_EDGES, EDGES },
	{ "*arcslist", H_EDGES, ARCSLIST },
	{ "*edgeslist", H_EDGES, EDGESLIST },
	{ "*matrix", H_EDGES, MATRIX },
	{ "*partition", H_FOREIGN, IGNORED },
	{ "*vector", H_FOREIGN, IGNORED },
	{ "*permutation", H_FOREIGN, IGNORED },
	{ "*cluster", H_FOREIGN, IGNORED },
	{ "*hierarchy", H_FOREIGN, IGNORED },
};

static enum heading find_heading(const struct pajek_rows *p, enum section *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(headings); i++) {
		if (pajek_is(&p->w, headings[i].word)) {
			*ret = headings[i].section;
			return headings[i].heading;
		}
	}
	return H_UNKNOWN;
}

static int ignore(struct pajek_rows *p, bool foreign, const char *reason, struct err *err)
{
	p->section = IGNORED;
	p->foreign = foreign;
	return place_err(err, E_INVALID, p->w.place, reason);
}

#define SECOND_NETWORK "a second network is skipped: a file is read as one; make it a file of its own"

static int start_section(struct pajek_rows *p, enum heading heading, enum section section, struct err *err)
{
	if (heading == H_NETWORK && !p->has_vertices) {
		p->section = NONE;
		p->foreign = false;
		return 0;
	}
	if (heading == H_FOREIGN)
		return ignore(p, true, "a partition, vector or its like is skipped: only networks are read", err);
	if (p->foreign) {
		p->section = IGNORED;
		return 0;
	}
	if (heading == H_NETWORK || (heading == H_VERTICES && p->has_vertices))
		return ignore(p, true, SECOND_NETWORK, err);
	if (heading == H_UNKNOWN)
		return ignore(p, false, "a section is skipped: none of the names of sections that are read", err);
	return heading == H_VERTICES ? start_vertices(p, err) : start_edges(p, section, err);
}

/* What a section leaves open at its end. */
static int end_section(struct pajek_rows *p, struct err *err)
{
	if (p->section == VERTICES)
		p->missing = 1;
	if (p->section == MATRIX && !pajek_matrix_ended(p))
		return damaged(p, "the matrix ends too early; a part of it is missing", err);
	p->section = NONE;
	return 0;
}

static int read_heading(struct pajek_rows *p, struct row *ret, struct err *err)
{
	enum section section = NONE;
	enum heading heading;
	struct err why;
	int rc, word = pajek_word(&p->w, err);

	if (word < 0)
		return word;
	ret->line = p->w.place.line;
	heading = find_heading(p, &section);
	rc = end_section(p, err);
	if (rc < 0)
		return rc;
	if (heading == H_VERTICES && !p->has_vertices)
		p->vertices_line = p->w.place.line;
	rc = start_section(p, heading, section, &why);
	if (rc < 0 && rc != E_INVALID)
		return err_set(err, rc, "%s", why.text);
	word = pajek_skip_line(&p->w, err);
	return word < 0 ? word : rc < 0 ? err_set(err, rc, "%s", why.text) : 0;
}

/* --- the file ------------------------------------------------------------------------------------------------- */

static int read_content(struct pajek_rows *p, struct row *ret, struct err *err)
{
	ret->line = p->w.place.line;
	switch (p->section) {
	case VERTICES:
		return pajek_read_vertex(p, ret, err);
	case ARCS:
	case EDGES:
		return pajek_read_edge(p, ret, err);
	case ARCSLIST:
	case EDGESLIST:
		return pajek_read_in_list(p, ret, err);
	case MATRIX:
		return pajek_read_in_matrix(p, ret, err);
	case IGNORED:
		return pajek_skip_line(&p->w, err);
	default:
		return pajek_refuse_line(p, "this line belongs to no section", err);
	}
}

/* @return as next_row(); 0: it was no row, and *ret_end says if there are no more */
static int step(struct pajek_rows *p, struct row *ret, bool *ret_end, struct err *err)
{
	int byte, rc;

	if (p->missing > 0)
		return pajek_next_missing(p, ret, err);
	if (p->in_list)
		return pajek_read_in_list(p, ret, err);
	byte = pajek_next_line(&p->w, err);
	if (byte >= 0)
		return byte == '*' ? read_heading(p, ret, err) : read_content(p, ret, err);
	if (byte < INPUT_END)
		return byte;
	rc = end_section(p, err);
	if (rc == 0 && !p->has_vertices)
		rc = damaged(p, "the file has no *Vertices", err);
	*ret_end = p->missing == 0;
	return rc;
}

static int next_row(struct rows *rows, struct row *ret, struct err *err)
{
	bool end = false;
	int rc = 0;

	while (rc == 0 && !end)
		rc = step((struct pajek_rows *)rows, ret, &end, err);
	return rc;
}

static void close_rows(struct rows *rows)
{
	struct pajek_rows *p = (struct pajek_rows *)rows;

	for (int i = 0; i < N_TABLES; i++)
		columns_release(&p->tables[i]);
	cells_release(&p->cells);
	pajek_words_release(&p->w);
	buf_release(&p->key);
	buf_release(&p->relation_name);
	free(p->seen);
	free(p);
}

/* The columns that most files have come first. */
static int add_columns(struct pajek_rows *p, struct err *err)
{
	static const char *const names[][6] = { { "id", "label", "x", "y", "z", "mode" },
						{ "source", "target", "weight", "directed", "relation",
						  "relation_number" } };
	size_t column = 0;
	int rc = 0;

	for (int table = 0; table < N_TABLES; table++)
		for (size_t i = 0; rc == 0 && i < ARRAY_LEN(names[table]); i++)
			rc = columns_named(&p->tables[table], names[table][i], &column, err);
	return rc;
}

static int begin(struct pajek_rows *p, struct source *source, struct err *err)
{
	int byte, rc = pajek_words_begin(&p->w, source, err);

	if (rc == 0)
		rc = add_columns(p, err);
	if (rc < 0)
		return rc;
	byte = pajek_next_line(&p->w, err);
	if (byte < 0)
		return byte == INPUT_END ? damaged(p, "the file is empty", err) : byte;
	return byte == '*' ? 0 : damaged(p, "not Pajek: expected *Vertices or *Network", err);
}

int pajek_rows_open(struct source *source, struct rows **ret, struct err *err)
{
	static const struct rows_type type = { next_row, close_rows };
	struct pajek_rows *p = mem_alloc(sizeof *p);
	int rc;

	p->rows.type = &type;
	columns_init(&p->tables[NODE], "node");
	columns_init(&p->tables[EDGE], "edge");
	cells_init(&p->cells);
	buf_init(&p->key, ROW_BYTES_MAX);
	buf_init(&p->relation_name, COLUMN_NAME_MAX);
	rc = begin(p, source, err);
	if (rc < 0)
		close_rows(&p->rows);
	else
		*ret = &p->rows;
	return rc;
}
