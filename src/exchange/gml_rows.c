/* GML as rows of nodes and edges: keys with values in lists with brackets.
 *
 * A key inside a list becomes a column "graphics.x"; GML writes a list of values by repeating the key, so the values of
 * a repeated key make one cell. Edges have a column "directed", which tells what the graph says of all of them, unless
 * they say it themselves.
 */
#include <stdlib.h>
#include <string.h>

#include "exchange/gml_text.h"
#include "exchange/rows_internal.h"

#define DEPTH_MAX 16 /* lists in each other, the row's own counted */

enum { NODE, EDGE, N_TABLES };

enum token { WORD, NUMBER, TEXT, OPEN, CLOSE, END }; /* negative: the source failed, or broken */

struct gml_rows {
	struct rows rows; /* first */
	struct input in;
	struct columns tables[N_TABLES];
	struct cells cells;
	struct buf text;    /* of the token */
	struct place place; /* at which it begins */
	int ahead;          /* the token that open() read; -1: none */
	bool in_graph, has_graph;
	const char *directed; /* what the graph says: "true", "false", NULL: nothing */

	/* the row being read */
	int table;
	uint64_t line;
	unsigned depth;             /* of lists */
	struct buf path;            /* "graphics.x" */
	size_t ends[DEPTH_MAX + 1]; /* of the path, in each list */
	bool has_key;               /* a key waits for its value */
	struct err flaw;            /* why this row cannot be read; code 0: it can */
};

static int damaged(const struct gml_rows *g, const char *reason, struct err *err)
{
	return place_err(err, E_DAMAGED, g->place, reason);
}

static void flaw(struct gml_rows *g, int code, const char *reason)
{
	if (g->flaw.code == 0)
		place_err(&g->flaw, code, g->place, reason);
}

/* --- tokens --------------------------------------------------------------------------------------------------- */

static bool is_space(int byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

static int skip_space(struct gml_rows *g, struct err *err)
{
	int byte = input_peek(&g->in, err);
	bool comment = false;

	while (is_space(byte) || (comment && byte >= 0) || byte == '#') {
		comment = byte != '\n' && byte != '\r' && (comment || byte == '#');
		input_step(&g->in);
		byte = input_peek(&g->in, err);
	}
	return byte;
}

static void keep(struct gml_rows *g, int byte)
{
	uint8_t kept = (uint8_t)byte;

	buf_put(&g->text, &kept, 1);
	input_step(&g->in);
}

static int read_text(struct gml_rows *g, struct err *err)
{
	int byte;

	input_step(&g->in);
	while ((byte = input_peek(&g->in, err)) >= 0 && byte != '"')
		keep(g, byte);
	if (byte < 0)
		return byte == INPUT_END ? damaged(g, "the \" that ends this text is missing", err) : byte;
	input_step(&g->in);
	if (g->text.n > 0)
		g->text.n = gml_text_decode((char *)g->text.p, g->text.n);
	return TEXT;
}

static bool is_number(const char *p, size_t n)
{
	size_t sign = n > 0 && (p[0] == '-' || p[0] == '+');

	return is_decimal(p, n) ||
	       (n - sign == 3 && (strncasecmp(p + sign, "inf", 3) == 0 || strncasecmp(p + sign, "nan", 3) == 0));
}

static int read_word(struct gml_rows *g, int byte, struct err *err)
{
	do {
		keep(g, byte);
		byte = input_peek(&g->in, err);
	} while (byte >= 0 && !is_space(byte) && byte != '[' && byte != ']' && byte != '"');
	if (byte < INPUT_END)
		return byte;
	return is_number(buf_str(&g->text), g->text.n) ? NUMBER : WORD;
}

/* The next token, its text in g->text. */
static int next_token(struct gml_rows *g, struct err *err)
{
	int byte = g->ahead;

	g->ahead = -1;
	if (byte >= 0)
		return byte;
	byte = skip_space(g, err);
	g->place = g->in.place;
	buf_clear(&g->text);
	switch (byte) {
	case INPUT_END:
		return END;
	case '[':
		input_step(&g->in);
		return OPEN;
	case ']':
		input_step(&g->in);
		return CLOSE;
	case '"':
		return read_text(g, err);
	default:
		return byte < 0 ? byte : read_word(g, byte, err);
	}
}

/* True if the token is this key; programs differ in capitals. */
static bool is_key(const struct gml_rows *g, const char *key)
{
	return g->text.n == strlen(key) && strncasecmp(buf_str(&g->text), key, g->text.n) == 0;
}

static bool may_be_key(const struct gml_rows *g)
{
	char first = buf_str(&g->text)[0];

	return (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z') || first == '_';
}

/* --- what is not a row ---------------------------------------------------------------------------------------- */

static int skip_list(struct gml_rows *g, struct err *err)
{
	uint64_t depth = 1;

	while (depth > 0) {
		int token = next_token(g, err);

		if (token < 0)
			return token;
		if (token == END)
			return damaged(g, "the file ends inside a list; a part of it is missing, or its ] is", err);
		depth += token == OPEN;
		depth -= token == CLOSE;
	}
	return 0;
}

/* Step over the value that is this token. */
static int skip_value(struct gml_rows *g, int token, struct err *err)
{
	if (token == OPEN)
		return skip_list(g, err);
	if (token == NUMBER || token == TEXT || token < 0)
		return token < 0 ? token : 0;
	return damaged(g, "expected a number, a text in quotation marks or a list in [ and ]", err);
}

/* --- one row -------------------------------------------------------------------------------------------------- */

static void add_value(struct gml_rows *g)
{
	struct columns *columns = &g->tables[g->table];
	size_t column = 0;
	struct err err;
	int rc = columns_get(columns, buf_str(&g->path), g->path.n, &column, &err);

	if (rc < 0)
		flaw(g, rc, err.text);
	else if (column < (g->table == NODE ? 1 : 2) && cells_has(&g->cells, column))
		flaw(g, E_INVALID, "a node or edge has two of id, source or target");
	else if (g->text.overflowed)
		cells_too_large(&g->cells);
	else
		cells_add(&g->cells, column, g->text.p, g->text.n);
}

static void take_key(struct gml_rows *g)
{
	if (!may_be_key(g) || g->text.overflowed) {
		flaw(g, E_INVALID, "expected a key, which begins with a letter");
		return;
	}
	g->path.n = g->ends[g->depth];
	if (g->path.n > 0)
		buf_text(&g->path, ".");
	buf_put(&g->path, g->text.p, g->text.n);
	if (g->path.overflowed)
		flaw(g, E_LIMIT, "the names of keys in each other are too long");
	g->has_key = true;
}

static void open_list(struct gml_rows *g)
{
	if (!g->has_key)
		flaw(g, E_INVALID, "expected a key before a list");
	if (++g->depth > DEPTH_MAX)
		flaw(g, E_LIMIT, "more than 16 lists in each other");
	else
		g->ends[g->depth] = g->path.n;
	g->has_key = false;
}

static void close_list(struct gml_rows *g)
{
	if (g->has_key)
		flaw(g, E_INVALID, "a key has no value");
	g->has_key = false;
	g->depth--;
}

/* One token of a row. After a flaw only the brackets count, which say where the row ends. */
static void take_token(struct gml_rows *g, int token)
{
	if (token == OPEN) {
		open_list(g);
	} else if (token == CLOSE) {
		close_list(g);
	} else if (g->flaw.code == 0 && g->has_key) {
		if (token == WORD)
			flaw(g, E_INVALID, "expected a number, a text in quotation marks or a list in [ and ]");
		else
			add_value(g);
		g->has_key = false;
	} else if (g->flaw.code == 0) {
		if (token == WORD)
			take_key(g);
		else
			flaw(g, E_INVALID, "expected a key before a value");
	}
}

static int finish_row(struct gml_rows *g, struct row *ret, struct err *err)
{
	size_t column = 0;
	int rc;

	if (g->flaw.code == 0 && !cells_has(&g->cells, 0))
		flaw(g, E_INVALID,
		     g->table == NODE ? "the node that ends here has no id" : "the edge that ends here has no source");
	if (g->flaw.code == 0 && g->table == EDGE && !cells_has(&g->cells, 1))
		flaw(g, E_INVALID, "the edge that ends here has no target");
	if (g->flaw.code != 0)
		return err_set(err, g->flaw.code, "%s", g->flaw.text);
	if (g->table == EDGE && g->directed &&
	    columns_find(&g->tables[EDGE], "directed", strlen("directed"), &column) && !cells_has(&g->cells, column))
		cells_add(&g->cells, column, g->directed, strlen(g->directed));
	rc = cells_row(&g->cells, &g->tables[g->table], g->line, ret, err);
	return rc == 0 ? 1 : rc;
}

/* The row whose list has been opened. */
static int read_row(struct gml_rows *g, int table, struct row *ret, struct err *err)
{
	g->table = table;
	g->depth = 1;
	g->ends[1] = 0;
	g->has_key = false;
	g->flaw.code = 0;
	buf_clear(&g->path);
	cells_clear(&g->cells);
	while (g->depth > 0) {
		int token = next_token(g, err);

		if (token < 0)
			return token;
		if (token == END)
			return damaged(g, "the file ends inside a node or edge; a part of it is missing, or its ] is",
				       err);
		take_token(g, token);
	}
	return finish_row(g, ret, err);
}

/* --- the file ------------------------------------------------------------------------------------------------- */

/* A key of the graph with its value.
 * @return as next_row(); 0: it was no row */
static int read_in_graph(struct gml_rows *g, struct row *ret, struct err *err)
{
	int table = is_key(g, "node") ? NODE : is_key(g, "edge") ? EDGE : N_TABLES;
	bool directed = is_key(g, "directed");
	int token;

	g->line = ret->line = g->place.line;
	token = next_token(g, err);
	if (token == OPEN && table < N_TABLES)
		return read_row(g, table, ret, err);
	if (token == NUMBER && directed)
		g->directed = strcmp(buf_str(&g->text), "0") == 0 ? "false" : "true";
	return skip_value(g, token, err);
}

static int read_in_file(struct gml_rows *g, struct row *ret, struct err *err)
{
	bool graph = is_key(g, "graph");
	struct place place = g->place;
	int rc, token = next_token(g, err);

	ret->line = place.line;
	if (token == OPEN && graph && !g->has_graph) {
		g->in_graph = g->has_graph = true;
		return 0;
	}
	rc = skip_value(g, token, err);
	if (rc == 0 && token == OPEN && graph)
		return place_err(err, E_INVALID, place,
				 "a second graph is skipped: a file is read as one network; make it a file of its own");
	return rc;
}

static int at_end(const struct gml_rows *g, struct err *err)
{
	if (g->in_graph)
		return damaged(g, "the file ends inside the graph; a part of it is missing, or its ] is", err);
	return g->has_graph ? 0 : damaged(g, "the file has no graph [ ]", err);
}

/* What this token begins between rows.
 * @return as next_row(); 0: it was no row */
static int step(struct gml_rows *g, int token, struct row *ret, struct err *err)
{
	if (token == CLOSE && g->in_graph) {
		g->in_graph = false;
		return 0;
	}
	if (token != WORD || !may_be_key(g))
		return damaged(g, "expected a key, which begins with a letter", err);
	return g->in_graph ? read_in_graph(g, ret, err) : read_in_file(g, ret, err);
}

static int next_row(struct rows *rows, struct row *ret, struct err *err)
{
	struct gml_rows *g = (struct gml_rows *)rows;
	int rc = 0;

	while (rc == 0) {
		int token = next_token(g, err);

		if (token < 0)
			return token;
		if (token == END)
			return at_end(g, err);
		rc = step(g, token, ret, err);
	}
	return rc;
}

static void close_rows(struct rows *rows)
{
	struct gml_rows *g = (struct gml_rows *)rows;

	for (int i = 0; i < N_TABLES; i++)
		columns_release(&g->tables[i]);
	cells_release(&g->cells);
	buf_release(&g->text);
	buf_release(&g->path);
	free(g);
}

/* The columns that every file has come first: add_value() counts on their places. */
static int add_columns(struct gml_rows *g, struct err *err)
{
	static const char *const names[] = { "source", "target", "directed" };
	size_t column = 0;
	int rc = columns_named(&g->tables[NODE], "id", &column, err);

	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(names); i++)
		rc = columns_named(&g->tables[EDGE], names[i], &column, err);
	return rc;
}

static int begin(struct gml_rows *g, struct source *source, struct err *err)
{
	int rc = add_columns(g, err);

	if (rc == 0)
		rc = input_begin(&g->in, source, err);
	if (rc < 0)
		return rc;
	g->ahead = next_token(g, err);
	if (g->ahead < 0)
		return g->ahead;
	if (g->ahead == END)
		return damaged(g, "the file is empty", err);
	if (g->ahead != WORD || !may_be_key(g) || strpbrk(buf_str(&g->text), ",;:<>{}=*"))
		return damaged(g, "not GML: expected a key, such as graph", err);
	return 0;
}

int gml_rows_open(struct source *source, struct rows **ret, struct err *err)
{
	static const struct rows_type type = { next_row, close_rows };
	struct gml_rows *g = mem_alloc(sizeof *g);
	int rc;

	g->rows.type = &type;
	g->ahead = -1;
	for (int i = 0; i < N_TABLES; i++)
		columns_init(&g->tables[i], i == NODE ? "node" : "edge");
	cells_init(&g->cells);
	buf_init(&g->text, ROW_BYTES_MAX);
	buf_init(&g->path, COLUMN_NAME_MAX);
	rc = begin(g, source, err);
	if (rc < 0)
		close_rows(&g->rows);
	else
		*ret = &g->rows;
	return rc;
}
