/* GraphML as rows of nodes and edges.
 *
 * The parser is fed block by block and stopped at the end of every row, so that one row is held at a time. The source
 * gives UTF-8, whatever encoding the file says that it has. Entities are not read: a file that may declare any is refused.
 * Prefixes of names are ignored. Inside <data>, elements count for their text alone, without space at both ends: so the
 * labels that drawing programs keep there arrive.
 */
#include <expat.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "exchange/graphml_keys.h"

#define DEPTH_MAX 256 /* elements in elements */
#define BLOCK ((size_t)64 * 1024)
#define ROOT 2 /* an event of its own, beside a row (1) and errors: the outermost element is there */

enum where { AT_START, IN_ROOT, IN_KEY, IN_DEFAULT, IN_GRAPH, IN_ROW, IN_VALUE, IN_SKIPPED };

struct graphml_rows {
	struct rows rows; /* first */
	struct source *source;
	XML_Parser parser;
	struct columns tables[N_TABLES];
	struct cells cells;
	struct graphml_keys keys;

	enum where where, back; /* back: to where a value or what is skipped belongs */
	unsigned depth, opened; /* opened: the depth of the value or of what is skipped */
	bool has_graph;
	const char *directed; /* edgedefault: "true", "false", NULL */

	int table;       /* of this row */
	uint64_t line;   /* at which it begins */
	size_t column;   /* to which the value belongs */
	struct buf text; /* the value */
	struct err flaw; /* why this row cannot be read; code 0: it can */

	int event; /* what has stopped the parser: 1 a row, ROOT, E_INVALID something skipped, E_DAMAGED refused; 0 nothing */
	struct err why;
	uint64_t fed;
	bool suspended, final;
	uint8_t block[BLOCK];
};

/* --- places and events ---------------------------------------------------------------------------------------- */

static struct place place_now(const struct graphml_rows *g)
{
	return (struct place){ .line = XML_GetCurrentLineNumber(g->parser),
			       .column = XML_GetCurrentColumnNumber(g->parser) + 1 };
}

static void stop(struct graphml_rows *g, int event)
{
	if (g->event != 0)
		return;
	g->event = event;
	XML_StopParser(g->parser, event == E_DAMAGED ? XML_FALSE : XML_TRUE);
}

/* Of what cannot be read, the first counts. */
static void refuse(struct graphml_rows *g, const char *reason)
{
	if (g->event != E_DAMAGED)
		place_err(&g->why, E_DAMAGED, place_now(g), reason);
	g->event = 0;
	stop(g, E_DAMAGED);
}

/* This row cannot be read. */
static void flaw(struct graphml_rows *g, int code, const char *reason)
{
	if (g->flaw.code == 0)
		place_err(&g->flaw, code, place_now(g), reason);
}

static const char *attribute(const XML_Char **attributes, const char *name)
{
	for (; attributes[0]; attributes += 2)
		if (strcmp(attributes[0], name) == 0)
			return attributes[1];
	return NULL;
}

/* --- keys ----------------------------------------------------------------------------------------------------- */

static void start_key(struct graphml_rows *g, const XML_Char **attributes)
{
	struct graphml_declared declared = { .id = attribute(attributes, "id"),
					     .whose = attribute(attributes, "for"),
					     .name = attribute(attributes, "attr.name"),
					     .drawn = attribute(attributes, "yfiles.type") };
	struct err err;

	g->where = IN_KEY;
	if (graphml_keys_add(&g->keys, g->tables, &declared, &err) < 0)
		refuse(g, err.text);
}

/* The text of a value without the space around it. */
static struct cell value(const struct graphml_rows *g)
{
	struct cell v = { buf_str(&g->text), g->text.n };

	while (v.n > 0 && strchr(" \t\n\r", v.p[0])) {
		v.p++;
		v.n--;
	}
	while (v.n > 0 && strchr(" \t\n\r", v.p[v.n - 1]))
		v.n--;
	return v;
}

static void end_default(struct graphml_rows *g)
{
	struct err err;

	if (g->text.overflowed)
		refuse(g, "a default is larger than 1 MiB");
	else if (graphml_keys_default(&g->keys, value(g), &err) < 0)
		refuse(g, err.text);
}

/* --- rows ----------------------------------------------------------------------------------------------------- */

static void add_attribute(struct graphml_rows *g, const XML_Char **attributes, const char *name)
{
	const char *text = attribute(attributes, name);
	size_t column = 0;
	struct err err;

	if (!text)
		return;
	if (columns_named(&g->tables[g->table], name, &column, &err) < 0)
		flaw(g, E_LIMIT, err.text);
	else
		cells_add(&g->cells, column, text, strlen(text));
}

static void start_row(struct graphml_rows *g, int table, const XML_Char **attributes)
{
	static const char *const names[] = { "id", "source", "target", "sourceport", "targetport" };
	const char *directed = attribute(attributes, "directed");
	size_t column = 0;

	g->where = IN_ROW;
	g->table = table;
	g->line = XML_GetCurrentLineNumber(g->parser);
	g->flaw.code = 0;
	cells_clear(&g->cells);
	for (size_t i = 0; i < (table == EDGE ? ARRAY_LEN(names) : 1); i++)
		add_attribute(g, attributes, names[i]);
	if (table == NODE && !attribute(attributes, "id"))
		flaw(g, E_INVALID, "a node has no id");
	if (table == EDGE && (!attribute(attributes, "source") || !attribute(attributes, "target")))
		flaw(g, E_INVALID, "an edge has no source or no target");
	directed = directed ? directed : g->directed;
	if (table == EDGE && directed && columns_find(&g->tables[EDGE], "directed", strlen("directed"), &column))
		cells_add(&g->cells, column, directed, strlen(directed));
}

static void end_row(struct graphml_rows *g)
{
	for (size_t i = 0; i < g->keys.n; i++) {
		const struct graphml_key *key = &g->keys.keys[i];

		if (key->fallback && key->is_for[g->table] && !cells_has(&g->cells, key->columns[g->table]))
			cells_add(&g->cells, key->columns[g->table], key->fallback, strlen(key->fallback));
	}
	stop(g, 1);
}

/* Step into a value or into what is skipped: whatever is inside does not count as an element. */
static void step_into(struct graphml_rows *g, enum where where)
{
	g->back = g->where;
	g->where = where;
	g->opened = g->depth;
	buf_clear(&g->text);
}

static void skip(struct graphml_rows *g, const char *reason)
{
	step_into(g, IN_SKIPPED);
	if (reason) {
		place_err(&g->why, E_INVALID, place_now(g), reason);
		stop(g, E_INVALID);
	}
}

static void start_data(struct graphml_rows *g, const XML_Char **attributes)
{
	const char *id = attribute(attributes, "key");
	const struct graphml_key *key = id ? graphml_keys_find(&g->keys, id) : NULL;

	if (!key || !key->is_for[g->table]) {
		flaw(g, E_INVALID, "no key of this id is declared for what this is");
		skip(g, NULL);
		return;
	}
	g->column = key->columns[g->table];
	if (cells_has(&g->cells, g->column))
		flaw(g, E_INVALID, "a value is there twice");
	step_into(g, IN_VALUE);
}

static void end_value(struct graphml_rows *g)
{
	struct cell v = value(g);

	if (g->text.overflowed)
		cells_too_large(&g->cells);
	else
		cells_add(&g->cells, g->column, v.p, v.n);
}

static void start_in_row(struct graphml_rows *g, const char *name, const XML_Char **attributes)
{
	struct err err;

	if (strcmp(name, "data") == 0)
		start_data(g, attributes);
	else if (strcmp(name, "desc") == 0 && columns_named(&g->tables[g->table], name, &g->column, &err) == 0)
		step_into(g, IN_VALUE);
	else if (strcmp(name, "port") == 0)
		skip(g, "a port is skipped: nodes are read without their ports");
	else if (strcmp(name, "graph") == 0)
		skip(g, "a graph inside a node or edge is skipped with all that it holds; make it a file of its own");
	else
		skip(g, NULL);
}

/* --- elements ------------------------------------------------------------------------------------------------- */

static void start_graph(struct graphml_rows *g, const XML_Char **attributes)
{
	const char *kind = attribute(attributes, "edgedefault");

	if (g->has_graph) {
		skip(g, "a second graph is skipped: a file is read as one network; make it a file of its own");
		return;
	}
	g->has_graph = true;
	g->where = IN_GRAPH;
	if (kind && strcmp(kind, "directed") == 0)
		g->directed = "true";
	else if (kind && strcmp(kind, "undirected") == 0)
		g->directed = "false";
}

static void start_in_root(struct graphml_rows *g, const char *name, const XML_Char **attributes)
{
	if (strcmp(name, "key") == 0)
		start_key(g, attributes);
	else if (strcmp(name, "graph") == 0)
		start_graph(g, attributes);
	else
		skip(g, NULL);
}

static void start_in_graph(struct graphml_rows *g, const char *name, const XML_Char **attributes)
{
	if (strcmp(name, "node") == 0)
		start_row(g, NODE, attributes);
	else if (strcmp(name, "edge") == 0)
		start_row(g, EDGE, attributes);
	else if (strcmp(name, "hyperedge") == 0)
		skip(g, "a hyperedge is skipped: an edge has two ends; write it as edges between pairs");
	else
		skip(g, NULL);
}

static void start_root(struct graphml_rows *g, const char *name)
{
	if (strcmp(name, "graphml") != 0) {
		refuse(g, "not GraphML: the outermost element is not <graphml>");
		return;
	}
	g->where = IN_ROOT;
	stop(g, ROOT);
}

static void XMLCALL on_start(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	struct graphml_rows *g = ctx;
	const char *colon = strrchr(name, ':');

	if (++g->depth > DEPTH_MAX) {
		refuse(g, "more than 256 elements inside each other");
		return;
	}
	name = colon ? colon + 1 : name;
	switch (g->where) {
	case AT_START:
		start_root(g, name);
		break;
	case IN_ROOT:
		start_in_root(g, name, attributes);
		break;
	case IN_KEY:
		step_into(g, strcmp(name, "default") == 0 ? IN_DEFAULT : IN_SKIPPED);
		break;
	case IN_GRAPH:
		start_in_graph(g, name, attributes);
		break;
	case IN_ROW:
		start_in_row(g, name, attributes);
		break;
	default: /* inside a value, or skipped */
		break;
	}
}

/* The end of a value, or of what is skipped. */
static void end_inner(struct graphml_rows *g)
{
	if (g->where == IN_DEFAULT)
		end_default(g);
	else if (g->where == IN_VALUE)
		end_value(g);
	g->where = g->back;
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
	struct graphml_rows *g = ctx;
	unsigned depth = g->depth--;

	(void)name;
	switch (g->where) {
	case IN_KEY:
	case IN_GRAPH:
		g->where = IN_ROOT;
		break;
	case IN_ROW:
		g->where = IN_GRAPH;
		end_row(g);
		break;
	case IN_DEFAULT:
	case IN_VALUE:
	case IN_SKIPPED:
		if (depth == g->opened)
			end_inner(g);
		break;
	default:
		break;
	}
}

static void XMLCALL on_text(void *ctx, const XML_Char *text, int n)
{
	struct graphml_rows *g = ctx;

	if (g->where == IN_VALUE || g->where == IN_DEFAULT)
		buf_put(&g->text, text, (size_t)n);
}

/* A DOCTYPE that holds declarations may hold entities; one that only names what the file is does no harm. */
static void XMLCALL on_doctype(void *ctx, const XML_Char *name, const XML_Char *system, const XML_Char *public,
			       int has_declarations)
{
	(void)name, (void)system, (void)public;
	if (has_declarations)
		refuse(ctx, "the DOCTYPE declares entities or their like, which are not read; write their text in "
			    "their place");
}

static void XMLCALL on_skipped_entity(void *ctx, const XML_Char *name, int is_parameter)
{
	(void)name, (void)is_parameter;
	refuse(ctx, "an entity whose text is not in the file; write the text in its place");
}

/* --- feeding -------------------------------------------------------------------------------------------------- */

/* Full blocks, so that what comes out does not depend on the pieces in which the file comes. */
static int fill(struct graphml_rows *g, size_t *ret_n, struct err *err)
{
	size_t n = 0, got = 0;

	do {
		int rc = g->source->read(g->source->ctx, g->block + n, BLOCK - n, &got, err);

		if (rc < 0)
			return rc;
		n += got;
	} while (got > 0 && n < BLOCK);
	if (g->fed == 0 && n > 0 && is_wide(g->block[0]))
		return place_err(err, E_DAMAGED, PLACE_FIRST, WIDE_REASON);
	g->final = got == 0;
	g->fed += n;
	*ret_n = n;
	return 0;
}

static int not_well_formed(const struct graphml_rows *g, struct err *err)
{
	enum XML_Error code = XML_GetErrorCode(g->parser);
	char reason[128];

	if (code == XML_ERROR_NO_ELEMENTS)
		return place_err(err, E_DAMAGED, place_now(g),
				 g->fed == 0 ? "the file is empty"
					     : "the file ends too early; a part of it is missing");
	if (code == XML_ERROR_INVALID_TOKEN)
		return place_err(err, E_DAMAGED, place_now(g),
				 "not well-formed XML, or not UTF-8 text; in that case save it as UTF-8");
	snprintf(reason, sizeof reason, "not well-formed XML: %s", XML_ErrorString(code));
	return place_err(err, E_DAMAGED, place_now(g), reason);
}

/* True if what the parser has not yet shown, because its end is missing, is larger than a row may be. */
static bool is_too_large(const struct graphml_rows *g)
{
	XML_Index shown = XML_GetCurrentByteIndex(g->parser);

	return shown >= 0 && g->fed - (uint64_t)shown > ROW_BYTES_MAX + BLOCK;
}

/* Feed the next block, or go on in the one at which the parser was stopped.
 * @return 0; E_DAMAGED: broken or refused; otherwise the source failed */
static int parse_on(struct graphml_rows *g, struct err *err)
{
	enum XML_Status status;
	size_t n = 0;

	if (g->suspended) {
		status = XML_ResumeParser(g->parser);
	} else {
		int rc = fill(g, &n, err);

		if (rc < 0)
			return rc;
		status = XML_Parse(g->parser, (const char *)g->block, (int)n, g->final);
	}
	g->suspended = status == XML_STATUS_SUSPENDED;
	if (g->event == E_DAMAGED)
		return err_set(err, E_DAMAGED, "%s", g->why.text);
	return status == XML_STATUS_ERROR ? not_well_formed(g, err) : 0;
}

/* Go on until something has happened.
 * @return the event; 0 at the end; otherwise broken, or the source failed */
static int run(struct graphml_rows *g, struct err *err)
{
	g->event = 0;
	while (g->event == 0 && (g->suspended || !g->final)) {
		int rc = parse_on(g, err);

		if (rc < 0)
			return rc;
		if (g->event == 0 && is_too_large(g))
			return place_err(err, E_DAMAGED, place_now(g), "a tag or comment is larger than 1 MiB");
	}
	return g->event;
}

static int next_row(struct rows *rows, struct row *ret, struct err *err)
{
	struct graphml_rows *g = (struct graphml_rows *)rows;
	int event = run(g, err);

	ret->line = event == 1 ? g->line : XML_GetCurrentLineNumber(g->parser);
	if (event == E_INVALID)
		return err_set(err, E_INVALID, "%s", g->why.text);
	if (event != 1)
		return event;
	if (g->flaw.code != 0)
		return err_set(err, g->flaw.code, "%s", g->flaw.text);
	event = cells_row(&g->cells, &g->tables[g->table], g->line, ret, err);
	return event == 0 ? 1 : event;
}

static void close_rows(struct rows *rows)
{
	struct graphml_rows *g = (struct graphml_rows *)rows;

	XML_ParserFree(g->parser);
	for (int i = 0; i < N_TABLES; i++)
		columns_release(&g->tables[i]);
	cells_release(&g->cells);
	graphml_keys_release(&g->keys);
	buf_release(&g->text);
	free(g);
}

/* The columns that every file has come first. */
static int add_columns(struct graphml_rows *g, struct err *err)
{
	static const char *const names[] = { "source", "target", "id", "directed" };
	size_t column = 0;
	int rc = columns_named(&g->tables[NODE], "id", &column, err);

	for (size_t i = 0; rc == 0 && i < ARRAY_LEN(names); i++)
		rc = columns_named(&g->tables[EDGE], names[i], &column, err);
	return rc;
}

int graphml_rows_open(struct source *source, struct rows **ret, struct err *err)
{
	static const struct rows_type type = { next_row, close_rows };
	struct graphml_rows *g = mem_alloc(sizeof *g);
	int rc;

	g->rows.type = &type;
	g->source = source;
	columns_init(&g->tables[NODE], "node");
	columns_init(&g->tables[EDGE], "edge");
	cells_init(&g->cells);
	buf_init(&g->text, ROW_BYTES_MAX);
	g->parser = XML_ParserCreate("UTF-8");
	if (!g->parser) {
		rc = err_set(err, E_LIMIT, "out of memory");
		goto out;
	}
	XML_SetUserData(g->parser, g);
	XML_SetElementHandler(g->parser, on_start, on_end);
	XML_SetCharacterDataHandler(g->parser, on_text);
	XML_SetStartDoctypeDeclHandler(g->parser, on_doctype);
	XML_SetSkippedEntityHandler(g->parser, on_skipped_entity);
	rc = add_columns(g, err);
	if (rc == 0)
		rc = run(g, err);
	if (rc == ROOT)
		rc = 0;
out:
	if (rc < 0)
		close_rows(&g->rows);
	else
		*ret = &g->rows;
	return rc;
}
