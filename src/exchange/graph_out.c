#include "exchange/graph_out.h"

#include <stdlib.h>
#include <string.h>

#include "base/idmap.h"

/* --- XML --------------------------------------------------------------------------------------------------- */

static const char *xml_escape(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\t':
		return "&#9;";
	case '\n':
		return "&#10;";
	case '\r':
		return "&#13;";
	default:
		return NULL;
	}
}

/* Bytes of the character at p that XML 1.0 does not have: control characters, U+FFFE, U+FFFF. 0: it does. */
static size_t xml_forbids(const char *p)
{
	if ((unsigned char)*p < 0x20)
		return 1;
	return memcmp(p, "\xef\xbf", 2) == 0 && (p[2] == '\xbe' || p[2] == '\xbf') ? 3 : 0;
}

void xml_put(struct buf *out, const char *text, uint64_t *ret_lost)
{
	/* what may need attention: everything else goes out as it is */
	static const char special[] = "&<>\"\xef\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13"
				      "\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f";

	while (*text) {
		const size_t plain = strcspn(text, special);
		const char *escape;
		size_t forbidden;

		buf_put(out, text, plain);
		text += plain;
		if (!*text)
			break;
		escape = xml_escape(*text);
		forbidden = escape ? 0 : xml_forbids(text);
		if (escape)
			buf_text(out, escape);
		else if (forbidden == 0)
			buf_put(out, text, 1);
		*ret_lost += forbidden > 0;
		text += forbidden ? forbidden : 1;
	}
}

void xml_put_attribute(struct buf *out, const char *name, const char *value, uint64_t *ret_lost)
{
	buf_printf(out, " %s=\"", name);
	xml_put(out, value, ret_lost);
	buf_text(out, "\"");
}

void span_days(const struct span *span, char ret_first[static WHEN_TEXT_MAX], char ret_last[static WHEN_TEXT_MAX])
{
	ret_first[0] = ret_last[0] = 0;
	if (span->from_ms != WHEN_OPEN_START)
		when_format_day(span->from_ms, ret_first);
	if (span->to_ms != WHEN_OPEN_END)
		when_format_day(span->to_ms - 1, ret_last);
}

/* --- columns ----------------------------------------------------------------------------------------------- */

static enum graph_type column_type(const struct field *field)
{
	if (field->flags & FIELD_LIST)
		return GRAPH_TEXT;
	switch (field->type) {
	case FIELD_NUMBER:
		return GRAPH_WHOLE;
	case FIELD_DECIMAL:
		return GRAPH_DECIMAL;
	case FIELD_FLAG:
		return GRAPH_FLAG;
	default:
		return GRAPH_TEXT;
	}
}

/* The place of a column; one that several kinds have with different types is text. */
static size_t column_at(struct graph_part *part, const char *name, enum graph_type type)
{
	for (size_t i = 0; i < part->n_columns; i++) {
		if (strcmp(part->columns[i].name, name) != 0)
			continue;
		if (part->columns[i].type != type)
			part->columns[i].type = GRAPH_TEXT;
		return i;
	}
	if (part->n_columns == part->cap_columns) {
		part->cap_columns = part->cap_columns ? 2 * part->cap_columns : 64;
		part->columns = mem_resize(part->columns, part->cap_columns * sizeof *part->columns);
	}
	part->columns[part->n_columns] = (struct graph_column){ name, type };
	return part->n_columns++;
}

/* Nothing stops a later version from saying "about 20" where this one knows numbers. */
static bool fits(enum graph_type type, const char *text)
{
	switch (type) {
	case GRAPH_WHOLE:
		return text_is_whole(text);
	case GRAPH_DECIMAL:
		return text_is_decimal(text);
	case GRAPH_FLAG:
		return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
	case GRAPH_TEXT:
		break;
	}
	return true;
}

/* --- what becomes a node, what an edge --------------------------------------------------------------------- */

static const struct node_kind {
	const char *kind;
	const char *from, *until; /* fields that say since when and until when it is there; NULL: nothing does */
} node_kinds[] = {
	{ "actor", "founded", "dissolved" },
	{ "person", NULL, NULL },
};

static const struct edge_kind {
	const char *kind;
	const char *from, *to; /* fields with the two ends */
	const char *label;     /* field with the label; NULL: the kind */
	unsigned with;         /* only with that; 0: always */
	bool to_side;          /* `to` holds the name of a side, not an object */
} edge_kinds[] = {
	{ "tie", "from", "to", "code", 0, false },
	{ "alignment", "actor", "side", NULL, WITH_ALIGNMENT, true },
	{ "mandate", "holder", "giver", NULL, WITH_MANDATE, false },
	{ "attendance", "who", "session", NULL, WITH_ATTENDANCE, false },
};

struct collector {
	struct shown_walk walk;
	struct graph *graph;
	struct export_report *report;
	struct idmap places; /* object -> place of its node, from 1 */
	const char **sides;  /* sorted */
	size_t n_sides;
	size_t first_side; /* its place among the nodes */
	/* of the kind that is being read */
	const struct node_kind *node_kind;
	const struct edge_kind *edge_kind;
	size_t columns[KIND_FIELDS_MAX]; /* of its fields */
	size_t kind_column, member_columns[N_MEMBERS];
	size_t node_kind_column;
};

/* The ends of an edge are no values of it. */
static bool is_end(const struct collector *c, const struct field *field)
{
	const struct edge_kind *e = c->edge_kind;

	return e && (strcmp(field->name, e->from) == 0 || (!e->to_side && strcmp(field->name, e->to) == 0));
}

/* An edge has a source already: the node at which it begins. */
static const char *member_column(const struct collector *c, size_t i)
{
	return c->edge_kind && i == MEMBER_SOURCE ? GRAPH_CITATION : member_names[i];
}

static void prepare_columns(struct collector *c, struct graph_part *part, const struct kind *kind)
{
	c->kind_column = column_at(part, "kind", GRAPH_TEXT);
	for (size_t i = 0; i < kind->n_fields; i++)
		if (!is_end(c, &kind->fields[i]))
			c->columns[i] = column_at(part, kind->fields[i].name, column_type(&kind->fields[i]));
	for (size_t i = 0; i < N_MEMBERS; i++)
		c->member_columns[i] =
			column_at(part, member_column(c, i), i == MEMBER_N_CLAIMS ? GRAPH_WHOLE : GRAPH_TEXT);
}

static struct graph_item *add_item(struct graph_part *part)
{
	if (part->n == part->cap) {
		part->cap = part->cap ? 2 * part->cap : 256;
		part->items = mem_resize(part->items, part->cap * sizeof *part->items);
	}
	part->items[part->n] = (struct graph_item){ 0 };
	return &part->items[part->n++];
}

static const char *joined_list(struct collector *c, const char *value)
{
	struct buf text;
	const char *copy;

	buf_init(&text, EXPORT_ROW_MAX);
	shown_put_list(&text, value, &c->report->lost[LOSS_ITEMS]);
	copy = arena_copy(&c->graph->arena, buf_str(&text), text.n);
	buf_release(&text);
	return copy;
}

/* Field i of an object, as its column takes it; NULL if there is none that fits. */
static const char *value_of(struct collector *c, const struct shown *shown, size_t i)
{
	const struct field *field = &shown->kind->fields[i];

	if (!shown->values[i] || is_end(c, field))
		return NULL;
	if (field->flags & FIELD_LIST)
		return joined_list(c, shown->values[i]);
	if (fits(column_type(field), shown->values[i]))
		return arena_text(&c->graph->arena, shown->values[i]);
	c->report->lost[LOSS_TYPES]++;
	return NULL;
}

static void put_value(struct graph_item *item, size_t column, const char *text)
{
	if (text)
		item->values[item->n_values++] = (struct graph_value){ column, text };
}

/* What nodes and edges have alike. */
static void fill_item(struct collector *c, struct graph_item *item, const struct shown *shown)
{
	struct arena *a = &c->graph->arena;

	item->id = arena_text(a, shown->id);
	item->values = arena_alloc(a, (1 + shown->kind->n_fields + N_MEMBERS) * sizeof *item->values);
	put_value(item, c->kind_column, shown->kind->name);
	for (size_t i = 0; i < shown->kind->n_fields; i++)
		put_value(item, c->columns[i], value_of(c, shown, i));
	for (size_t i = 0; i < N_MEMBERS; i++)
		put_value(item, c->member_columns[i], arena_text(a, shown->members[i]));
}

/* For a node of which there is no more to say. */
static void set_kind(struct collector *c, struct graph_item *node, const char *kind)
{
	node->values = arena_alloc(&c->graph->arena, sizeof *node->values);
	put_value(node, c->node_kind_column, kind);
}

static const char *field_value(const struct shown *shown, const char *name)
{
	const struct field *field = kind_field(shown->kind, name);

	return field ? shown->values[field - shown->kind->fields] : NULL;
}

/* --- nodes ------------------------------------------------------------------------------------------------- */

static void keep_spans(struct collector *c, struct graph_item *item, const struct span *spans, size_t n)
{
	item->spans = arena_alloc(&c->graph->arena, (n + 1) * sizeof *spans);
	if (n > 0)
		memcpy(item->spans, spans, n * sizeof *spans);
	item->n_spans = n;
}

/* From the fields that say since when and until when it is there. */
static void set_lifetime(struct collector *c, struct graph_item *item, const struct shown *shown)
{
	const char *from = field_value(shown, c->node_kind->from), *until = field_value(shown, c->node_kind->until);
	struct span span = { WHEN_OPEN_START, WHEN_OPEN_END };
	struct when when;
	uint64_t bad = 0;

	if (from && when_parse_single(from, &when, NULL) == 0)
		span.from_ms = when.from_ms;
	else
		bad += from != NULL;
	if (until && when_parse_single(until, &when, NULL) == 0)
		span.to_ms = when.to_ms;
	else
		bad += until != NULL;
	if (span.from_ms >= span.to_ms)
		bad++;
	else if (span.from_ms != WHEN_OPEN_START || span.to_ms != WHEN_OPEN_END)
		keep_spans(c, item, &span, 1);
	c->report->lost[LOSS_DATES] += bad;
}

static int add_node(void *ctx, const struct shown *shown, struct err *err)
{
	struct collector *c = ctx;
	struct graph_item *node = add_item(&c->graph->nodes);

	(void)err;
	*idmap_at(&c->places, shown->obj, OBJECT_ID_BYTES) = c->graph->nodes.n;
	fill_item(c, node, shown);
	node->label = arena_text(&c->graph->arena, shown->label);
	if (c->node_kind->from)
		set_lifetime(c, node, shown);
	return 0;
}

static int collect_nodes(struct collector *c, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(node_kinds) && rc == 0; i++) {
		const struct kind *kind = kind_find(node_kinds[i].kind);

		c->node_kind = &node_kinds[i];
		prepare_columns(c, &c->graph->nodes, kind);
		c->node_kind_column = c->kind_column;
		rc = shown_each(&c->walk, kind, add_node, c, err);
	}
	return rc;
}

/* Sides are names, not objects: a node for each name, in their order. */
static int collect_sides(struct collector *c, struct err *err)
{
	static const char sql[] = "SELECT DISTINCT side FROM k_alignment WHERE side IS NOT NULL ORDER BY side";
	struct arena *a = &c->graph->arena;
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(c->walk.view), sql, &s, err);

	c->first_side = c->graph->nodes.n;
	if (rc < 0)
		return rc;
	while ((rc = stmt_step(s, err)) == 1) {
		struct graph_item *node = add_item(&c->graph->nodes);

		node->id = arena_printf(a, "side-%zu", c->graph->nodes.n - c->first_side);
		node->label = arena_text(a, stmt_text(s, 0));
		set_kind(c, node, "side");
	}
	c->n_sides = c->graph->nodes.n - c->first_side;
	return rc;
}

/* --- edges ------------------------------------------------------------------------------------------------- */

static int by_label(const void *key, const void *item)
{
	const struct graph_item *node = item;

	return strcmp(key, node->label);
}

/* A table, a session or whatever else is at the end of an edge becomes a node, too, with its name and its dates.
 * @param ret_place  gets its place from 1, or stays 0: the reader does not see it */
static int add_other_node(struct collector *c, const uint8_t obj[static OBJECT_ID_BYTES], uint64_t *ret_place,
			  struct err *err)
{
	static const char sql[] = "SELECT kind, when_from, when_to FROM object WHERE obj = ?1 AND n_claims > 0";
	struct arena *a = &c->graph->arena;
	char label[SHOWN_LABEL_MAX], hex[2 * OBJECT_ID_BYTES + 1];
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(c->walk.view), sql, &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, obj, OBJECT_ID_BYTES);
	rc = stmt_step(s, err);
	if (rc == 1) {
		const struct span span = { stmt_int(s, 1), stmt_int(s, 2) };
		struct graph_item *node = add_item(&c->graph->nodes);

		hex_encode(obj, OBJECT_ID_BYTES, hex);
		view_label(c->walk.view, obj, label, sizeof label);
		node->id = arena_text(a, hex);
		node->label = arena_text(a, label);
		set_kind(c, node, arena_text(a, stmt_text(s, 0)));
		keep_spans(c, node, &span, stmt_is_null(s, 1) ? 0 : 1);
		*ret_place = *idmap_at(&c->places, obj, OBJECT_ID_BYTES) = c->graph->nodes.n;
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

/* The place of the node that a field names.
 * @return 1 there is one, 0 there is none, or an error */
static int find_object(struct collector *c, const char *id, size_t *ret, struct err *err)
{
	uint8_t obj[OBJECT_ID_BYTES];
	uint64_t place;
	int rc = 0;

	if (!id || hex_decode(id, strlen(id), obj, sizeof obj) < 0)
		return 0;
	place = idmap_get(&c->places, obj, sizeof obj);
	if (place == 0)
		rc = add_other_node(c, obj, &place, err);
	if (rc == 0 && place > 0)
		*ret = (size_t)place - 1;
	return rc < 0 ? rc : place > 0;
}

static int find_side(const struct collector *c, const char *side, size_t *ret)
{
	const struct graph_item *nodes = c->graph->nodes.items, *found = NULL;

	if (side && c->n_sides > 0)
		found = bsearch(side, nodes + c->first_side, c->n_sides, sizeof *nodes, by_label);
	if (found)
		*ret = (size_t)(found - nodes);
	return found != NULL;
}

/* An edge needs both ends: who may not see one of them does not see that there is a tie. */
static int add_edge(void *ctx, const struct shown *shown, struct err *err)
{
	struct collector *c = ctx;
	const struct edge_kind *e = c->edge_kind;
	const char *to = field_value(shown, e->to), *label = e->label ? field_value(shown, e->label) : NULL;
	size_t source = 0, target = 0;
	struct graph_item *edge;
	int found = find_object(c, field_value(shown, e->from), &source, err);

	if (found == 1)
		found = e->to_side ? find_side(c, to, &target) : find_object(c, to, &target, err);
	if (found < 1) {
		c->report->lost[LOSS_ENDS] += found == 0;
		return found;
	}
	edge = add_item(&c->graph->edges);
	fill_item(c, edge, shown);
	edge->label = label ? arena_text(&c->graph->arena, label) : e->kind;
	edge->source = source;
	edge->target = target;
	keep_spans(c, edge, shown->spans, shown->n_spans);
	return 0;
}

static int collect_edges(struct collector *c, unsigned with, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(edge_kinds) && rc == 0; i++) {
		const struct kind *kind = kind_find(edge_kinds[i].kind);

		if (edge_kinds[i].with && !(edge_kinds[i].with & with))
			continue;
		c->edge_kind = &edge_kinds[i];
		prepare_columns(c, &c->graph->edges, kind);
		rc = shown_each(&c->walk, kind, add_edge, c, err);
	}
	return rc;
}

static int begin_walk(struct shown_walk *walk, unsigned with, struct err *err)
{
	const struct kind *kinds[ARRAY_LEN(node_kinds) + ARRAY_LEN(edge_kinds)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(node_kinds); i++)
		kinds[n++] = kind_find(node_kinds[i].kind);
	for (size_t i = 0; i < ARRAY_LEN(edge_kinds); i++)
		if (!edge_kinds[i].with || edge_kinds[i].with & with)
			kinds[n++] = kind_find(edge_kinds[i].kind);
	return shown_begin(walk, kinds, n, err);
}

int graph_collect(struct view *view, const struct export_request *request, struct graph *ret,
		  struct export_report *report, struct err *err)
{
	struct collector c = { .walk = { .view = view, .request = request, .report = report },
			       .graph = ret,
			       .report = report };
	int rc = begin_walk(&c.walk, request->with, err);

	if (rc == 0)
		rc = collect_nodes(&c, err);
	if (rc == 0 && request->with & WITH_ALIGNMENT)
		rc = collect_sides(&c, err);
	if (rc == 0)
		rc = collect_edges(&c, request->with, err);
	idmap_release(&c.places);
	report->n = ret->nodes.n;
	report->n_edges = ret->edges.n;
	return rc;
}

void graph_release(struct graph *graph)
{
	free(graph->nodes.columns);
	free(graph->nodes.items);
	free(graph->edges.columns);
	free(graph->edges.items);
	arena_release(&graph->arena);
}

int graph_export(struct view *view, struct sink *sink, const struct export_request *request,
		 int (*write)(struct graph_writer *w, struct err *err), struct export_report *ret, struct err *err)
{
	struct export_report report = { 0 };
	struct graph graph = { 0 };
	struct graph_writer w = { .sink = sink, .report = &report, .graph = &graph };
	int rc;

	buf_init(&w.text, EXPORT_ROW_MAX);
	rc = graph_collect(view, request, &graph, &report, err);
	if (rc == 0)
		rc = write(&w, err);
	graph_release(&graph);
	buf_release(&w.text);
	if (rc == 0)
		*ret = report;
	return rc;
}
