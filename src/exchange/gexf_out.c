#include "exchange/graph_out.h"

static void put_columns(struct graph_writer *w, const char *class, const struct graph_part *part)
{
	static const char *const types[] = {
		[GRAPH_TEXT] = "string", [GRAPH_WHOLE] = "long", [GRAPH_DECIMAL] = "double", [GRAPH_FLAG] = "boolean"
	};

	buf_printf(&w->text, "    <attributes class=\"%s\" mode=\"static\">\n", class);
	for (size_t i = 0; i < part->n_columns; i++)
		buf_printf(&w->text, "      <attribute id=\"%zu\" title=\"%s\" type=\"%s\"/>\n", i,
			   part->columns[i].name, types[part->columns[i].type]);
	buf_text(&w->text, "    </attributes>\n");
}

static void put_attribute(struct graph_writer *w, const char *name, const char *value)
{
	xml_put_attribute(&w->text, name, value, &w->report->lost[LOSS_CHARACTERS]);
}

static void put_days(struct graph_writer *w, const struct span *span)
{
	char first[WHEN_TEXT_MAX], last[WHEN_TEXT_MAX];

	span_days(span, first, last);
	if (first[0])
		put_attribute(w, "start", first);
	if (last[0])
		put_attribute(w, "end", last);
}

static void put_values(struct graph_writer *w, const struct graph_item *item)
{
	buf_text(&w->text, "<attvalues>");
	for (size_t i = 0; i < item->n_values; i++) {
		buf_printf(&w->text, "<attvalue for=\"%zu\"", item->values[i].column);
		put_attribute(w, "value", item->values[i].text);
		buf_text(&w->text, "/>");
	}
	buf_text(&w->text, "</attvalues>");
}

/* One span stands in the element itself, several as spells in it. */
static void put_spells(struct graph_writer *w, const struct graph_item *item)
{
	if (item->n_spans < 2)
		return;
	buf_text(&w->text, "<spells>");
	for (size_t i = 0; i < item->n_spans; i++) {
		buf_text(&w->text, "<spell");
		put_days(w, &item->spans[i]);
		buf_text(&w->text, "/>");
	}
	buf_text(&w->text, "</spells>");
}

static int put_rest(struct graph_writer *w, const char *element, const struct graph_item *item, struct err *err)
{
	put_attribute(w, "label", item->label);
	if (item->n_spans == 1)
		put_days(w, &item->spans[0]);
	buf_text(&w->text, ">");
	put_values(w, item);
	put_spells(w, item);
	buf_printf(&w->text, "</%s>\n", element);
	return export_put(w->sink, &w->text, false, err);
}

static int put_nodes(struct graph_writer *w, struct err *err)
{
	int rc = 0;

	buf_printf(&w->text, "    <nodes count=\"%zu\">\n", w->graph->nodes.n);
	for (size_t i = 0; i < w->graph->nodes.n && rc == 0; i++) {
		buf_printf(&w->text, "      <node id=\"%s\"", w->graph->nodes.items[i].id);
		rc = put_rest(w, "node", &w->graph->nodes.items[i], err);
	}
	buf_text(&w->text, "    </nodes>\n");
	return rc;
}

/* `kind` keeps edges apart that lie between the same two nodes. */
static int put_edges(struct graph_writer *w, struct err *err)
{
	const struct graph_item *nodes = w->graph->nodes.items;
	int rc = 0;

	buf_printf(&w->text, "    <edges count=\"%zu\">\n", w->graph->edges.n);
	for (size_t i = 0; i < w->graph->edges.n && rc == 0; i++) {
		const struct graph_item *e = &w->graph->edges.items[i];

		buf_printf(&w->text, "      <edge id=\"%s\" source=\"%s\" target=\"%s\"", e->id, nodes[e->source].id,
			   nodes[e->target].id);
		put_attribute(w, "kind", e->label);
		rc = put_rest(w, "edge", e, err);
	}
	buf_text(&w->text, "    </edges>\n");
	return rc;
}

static int put_graph(struct graph_writer *w, struct err *err)
{
	int rc;

	buf_text(&w->text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			   "<gexf xmlns=\"http://gexf.net/1.3\" version=\"1.3\">\n"
			   "  <meta><creator>Parley</creator></meta>\n"
			   "  <graph mode=\"dynamic\" defaultedgetype=\"directed\" timeformat=\"date\" "
			   "timerepresentation=\"interval\">\n");
	put_columns(w, "node", &w->graph->nodes);
	put_columns(w, "edge", &w->graph->edges);
	rc = put_nodes(w, err);
	if (rc == 0)
		rc = put_edges(w, err);
	buf_text(&w->text, "  </graph>\n</gexf>\n");
	return rc == 0 ? export_put(w->sink, &w->text, true, err) : rc;
}

int gexf_export(struct view *view, struct sink *sink, const struct export_request *request, struct export_report *ret,
		struct err *err)
{
	return graph_export(view, sink, request, put_graph, ret, err);
}
