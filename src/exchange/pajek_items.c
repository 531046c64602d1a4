/* Vertices, edges, and the numbers of a matrix. */
#include <stdio.h>
#include <string.h>

#include "exchange/pajek_internal.h"

static void flaw(struct pajek_rows *p, int code, const char *reason)
{
	if (p->flaw.code == 0)
		place_err(&p->flaw, code, p->w.place, reason);
}

/* --- rows ----------------------------------------------------------------------------------------------------- */

static void begin_row(struct pajek_rows *p)
{
	p->line = p->w.place.line;
	p->flaw.code = 0;
	cells_clear(&p->cells);
}

static int end_row(struct pajek_rows *p, int table, struct row *ret, struct err *err)
{
	int rc;

	if (p->flaw.code != 0)
		return err_set(err, p->flaw.code, "%s", p->flaw.text);
	rc = cells_row(&p->cells, &p->tables[table], p->line, ret, err);
	return rc == 0 ? 1 : rc;
}

static void add(struct pajek_rows *p, int table, const char *name, const void *text, size_t n)
{
	size_t column = 0;
	struct err err;
	int rc = columns_named(&p->tables[table], name, &column, &err);

	if (rc < 0)
		flaw(p, rc, err.text);
	else if (cells_has(&p->cells, column))
		flaw(p, E_INVALID, "an attribute is there twice");
	else
		cells_add(&p->cells, column, text, n);
}

static void add_text(struct pajek_rows *p, int table, const char *name, const char *text)
{
	add(p, table, name, text, strlen(text));
}

/* The word read last as a value. */
static void add_word(struct pajek_rows *p, int table, const char *name)
{
	if (p->w.text.overflowed)
		cells_too_large(&p->cells);
	else
		add(p, table, name, p->w.text.p, p->w.text.n);
}

static void add_number(struct pajek_rows *p, int table, const char *name, uint32_t number)
{
	char text[16];

	snprintf(text, sizeof text, "%u", number);
	add_text(p, table, name, text);
}

/* The word read last as the number of a vertex. */
static bool is_vertex(const struct pajek_rows *p, int word, uint32_t *ret)
{
	uint32_t number = 0;

	if (word != PAJEK_WORD || !pajek_number(&p->w, &number) || number < 1 || number > p->n)
		return false;
	*ret = number;
	return true;
}

#define NO_VERTEX "expected the number of a vertex, from 1 to that behind *Vertices"

/* --- attributes ----------------------------------------------------------------------------------------------- */

static bool is_shape(const struct pajek_words *w)
{
	static const char *const shapes[] = { "ellipse", "circle", "box",   "diamond", "triangle",
					      "cross",   "empty",  "house", "man",     "woman" };

	for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
		if (pajek_is(w, shapes[i]))
			return true;
	return false;
}

/* An attribute whose name has been read.
 * @return 0; otherwise the source failed */
static int read_value(struct pajek_rows *p, int table, struct err *err)
{
	int word;

	buf_clear(&p->key);
	buf_put(&p->key, p->w.text.p, p->w.text.n);
	word = pajek_word(&p->w, err);
	if (word < 0)
		return word;
	if (word == PAJEK_WORD || word == PAJEK_QUOTED)
		add_word(p, table, buf_str(&p->key));
	else
		flaw(p, E_INVALID, "an attribute has no value");
	return 0;
}

static int read_attribute(struct pajek_rows *p, int table, int word, struct err *err)
{
	char first = buf_str(&p->w.text)[0];

	if (word == PAJEK_OPEN)
		flaw(p, E_INVALID, "the \" or ] that ends this is missing");
	else if (word == PAJEK_TIME)
		add_word(p, table, "time");
	else if (table == NODE && word == PAJEK_WORD && is_shape(&p->w))
		add_word(p, table, "shape");
	else if (word != PAJEK_WORD || !((first | 0x20) >= 'a' && (first | 0x20) <= 'z') ||
		 strlen(buf_str(&p->w.text)) != p->w.text.n)
		flaw(p, E_INVALID, "expected the name of an attribute, which begins with a letter");
	else
		return read_value(p, table, err);
	return 0;
}

/* What stands behind the ends of an edge or the label of a vertex: numbers with these names, then attributes.
 * @return 0; otherwise the source failed */
static int read_attributes(struct pajek_rows *p, int table, const char *const *numbers, size_t n, struct err *err)
{
	int word = pajek_word(&p->w, err);
	size_t at = 0;

	while (word >= 0 && word != PAJEK_LINE_END && p->flaw.code == 0) {
		if (at < n && word == PAJEK_WORD && is_decimal(buf_str(&p->w.text), p->w.text.n)) {
			add_word(p, table, numbers[at++]);
		} else {
			int rc = read_attribute(p, table, word, err);

			if (rc < 0)
				return rc;
			at = n;
		}
		word = pajek_word(&p->w, err);
	}
	return word < 0 ? word : 0;
}

/* --- vertices ------------------------------------------------------------------------------------------------- */

static void add_vertex(struct pajek_rows *p, uint32_t number)
{
	add_number(p, NODE, "id", number);
	if (p->two_modes)
		add_text(p, NODE, "mode", number <= p->n_first ? "1" : "2");
	p->seen[number / 8] |= (uint8_t)(1 << number % 8);
}

static bool is_seen(const struct pajek_rows *p, uint32_t number)
{
	return p->seen[number / 8] >> number % 8 & 1;
}

static int read_vertex_words(struct pajek_rows *p, struct err *err)
{
	static const char *const numbers[] = { "x", "y", "z" };
	int word = pajek_word(&p->w, err);
	uint32_t number = 0;

	if (word < 0)
		return word;
	if (!is_vertex(p, word, &number)) {
		flaw(p, E_INVALID, NO_VERTEX);
		return 0;
	}
	if (is_seen(p, number))
		flaw(p, E_INVALID, "this vertex is there twice");
	add_vertex(p, number);
	word = pajek_word(&p->w, err);
	if (word < 0 || word == PAJEK_LINE_END)
		return word < 0 ? word : 0;
	if (word != PAJEK_WORD && word != PAJEK_QUOTED)
		return read_attribute(p, NODE, word, err);
	add_word(p, NODE, "label");
	return read_attributes(p, NODE, numbers, ARRAY_LEN(numbers), err);
}

int pajek_read_vertex(struct pajek_rows *p, struct row *ret, struct err *err)
{
	int rc;

	begin_row(p);
	rc = read_vertex_words(p, err);
	if (rc == 0)
		rc = pajek_skip_line(&p->w, err);
	return rc < 0 ? rc : end_row(p, NODE, ret, err);
}

int pajek_next_missing(struct pajek_rows *p, struct row *ret, struct err *err)
{
	uint32_t number = p->missing;

	while (number <= p->n && is_seen(p, number))
		number++;
	p->missing = number < p->n ? number + 1 : 0;
	if (number > p->n)
		return 0;
	begin_row(p);
	p->line = ret->line = p->vertices_line;
	add_vertex(p, number);
	return end_row(p, NODE, ret, err);
}

/* --- edges ---------------------------------------------------------------------------------------------------- */

static void add_ends(struct pajek_rows *p, uint32_t from, uint32_t to)
{
	bool directed = p->section == ARCS || p->section == ARCSLIST || (p->section == MATRIX && !p->two_modes);

	add_number(p, EDGE, "source", from);
	add_number(p, EDGE, "target", to);
	add_text(p, EDGE, "directed", directed ? "true" : "false");
}

/* "2:" before the ends of an edge is the number of its relation. -> true if the word was that */
static bool take_relation(struct pajek_rows *p)
{
	size_t n = p->w.text.n;
	uint32_t number = 0;

	if (n < 2 || p->w.text.p[n - 1] != ':')
		return false;
	p->w.text.n--;
	if (!pajek_number(&p->w, &number))
		return false;
	add_number(p, EDGE, "relation", number);
	add_number(p, EDGE, "relation_number", number);
	return true;
}

/* The relation of the section: its name, or its number where it has no name. */
static void add_relation(struct pajek_rows *p)
{
	if (p->relation_name.n > 0)
		add(p, EDGE, "relation", p->relation_name.p, p->relation_name.n);
	else if (p->relation[0])
		add_text(p, EDGE, "relation", p->relation);
	if (p->relation[0])
		add_text(p, EDGE, "relation_number", p->relation);
}

static int read_edge_words(struct pajek_rows *p, struct err *err)
{
	static const char *const numbers[] = { "weight" };
	uint32_t from = 0, to = 0;
	int word = pajek_word(&p->w, err);

	if (word == PAJEK_WORD && take_relation(p))
		word = pajek_word(&p->w, err);
	else
		add_relation(p);
	if (word < 0)
		return word;
	if (!is_vertex(p, word, &from)) {
		flaw(p, E_INVALID, NO_VERTEX);
		return 0;
	}
	word = pajek_word(&p->w, err);
	if (word < 0)
		return word;
	if (!is_vertex(p, word, &to)) {
		flaw(p, E_INVALID, NO_VERTEX);
		return 0;
	}
	add_ends(p, from, to);
	return read_attributes(p, EDGE, numbers, ARRAY_LEN(numbers), err);
}

int pajek_read_edge(struct pajek_rows *p, struct row *ret, struct err *err)
{
	int rc;

	begin_row(p);
	rc = read_edge_words(p, err);
	if (rc == 0)
		rc = pajek_skip_line(&p->w, err);
	return rc < 0 ? rc : end_row(p, EDGE, ret, err);
}

/* An edge of which only the ends are known, and perhaps the weight. */
static int plain_edge(struct pajek_rows *p, uint32_t from, uint32_t to, bool weighted, struct row *ret, struct err *err)
{
	begin_row(p);
	ret->line = p->line;
	if (weighted)
		add_word(p, EDGE, "weight");
	add_relation(p);
	add_ends(p, from, to);
	return end_row(p, EDGE, ret, err);
}

int pajek_refuse_line(struct pajek_rows *p, const char *reason, struct err *err)
{
	struct place place = p->w.place;
	int rc = pajek_skip_line(&p->w, err);

	p->in_list = false;
	return rc < 0 ? rc : place_err(err, E_INVALID, place, reason);
}

int pajek_read_in_list(struct pajek_rows *p, struct row *ret, struct err *err)
{
	int word = pajek_word(&p->w, err);
	uint32_t number = 0;

	ret->line = p->w.place.line;
	if (word < 0)
		return word;
	if (word == PAJEK_LINE_END) {
		p->in_list = false;
		return 0;
	}
	if (!is_vertex(p, word, &number))
		return pajek_refuse_line(p, NO_VERTEX, err);
	if (p->in_list)
		return plain_edge(p, p->from, number, false, ret, err);
	p->in_list = true;
	p->from = number;
	return 0;
}

/* --- matrix --------------------------------------------------------------------------------------------------- */

static uint32_t matrix_columns(const struct pajek_rows *p)
{
	return p->two_modes ? p->n - p->n_first : p->n;
}

bool pajek_matrix_ended(const struct pajek_rows *p)
{
	return p->at_row > p->n_first || matrix_columns(p) == 0;
}

static bool is_zero(const struct pajek_words *w)
{
	for (size_t i = 0; i < w->text.n; i++) {
		if ((w->text.p[i] | 0x20) == 'e')
			break;
		if (w->text.p[i] >= '1' && w->text.p[i] <= '9')
			return false;
	}
	return true;
}

int pajek_read_in_matrix(struct pajek_rows *p, struct row *ret, struct err *err)
{
	int word = pajek_word(&p->w, err);
	uint32_t from = p->at_row, to = p->at_column + (p->two_modes ? p->n_first : 0);

	ret->line = p->w.place.line;
	if (word < 0 || word == PAJEK_LINE_END)
		return word < 0 ? word : 0;
	if (pajek_matrix_ended(p)) {
		p->section = IGNORED;
		return pajek_refuse_line(p, "the matrix has more numbers than its vertices need", err);
	}
	if (++p->at_column > matrix_columns(p)) {
		p->at_column = 1;
		p->at_row++;
	}
	if (word != PAJEK_WORD || !is_decimal(buf_str(&p->w.text), p->w.text.n))
		return place_err(err, E_INVALID, p->w.place, "expected a number of the matrix");
	return is_zero(&p->w) ? 0 : plain_edge(p, from, to, true, ret, err);
}
