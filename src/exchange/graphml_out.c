#include "exchange/graph_out.h"

/* Keys of our own stand before the columns. */
enum { KEY_LABEL, KEY_START, KEY_END, N_OWN_KEYS };
static const char *const own_keys[] = { [KEY_LABEL] = "label", [KEY_START] = "start", [KEY_END] = "end" };

static void put_key(struct graph_writer *w, char prefix, size_t i, const char *name, const char *type)
{
	buf_printf(&w->text, "  <key id=\"%c%zu\" for=\"%s\" attr.name=\"%s\" attr.type=\"%s\"/>\n", prefix, i,
		   prefix == 'n' ? "node" : "edge", name, type);
}

static void put_keys(struct graph_writer *w, char prefix, const struct graph_part *part)
{
	static const char *const types[] = {
		[GRAPH_TEXT] = "string", [GRAPH_WHOLE] = "long", [GRAPH_DECIMAL] = "double", [GRAPH_FLAG] = "boolean"
	};

	for (size_t i = 0; i < N_OWN_KEYS; i++)
		put_key(w, prefix, i, own_keys[i], "string");
	for (size_t i = 0; i < part->n_columns; i++)
		put_key(w, prefix, N_OWN_KEYS + i, part->columns[i].name, types[part->columns[i].type]);
}

static void put_data(struct graph_writer *w, char prefix, size_t key, const char *text)
{
	if (!*text)
		return;
	buf_printf(&w->text, "<data key=\"%c%zu\">", prefix, key);
	xml_put(&w->text, text, &w->report->lost[LOSS_CHARACTERS]);
	buf_text(&w->text, "</data>");
}

static void put_item_data(struct graph_writer *w, char prefix, const struct graph_item *item)
{
	char first[WHEN_TEXT_MAX], last[WHEN_TEXT_MAX];

	put_data(w, prefix, KEY_LABEL, item->label);
	if (item->n_spans > 0) {
		const struct span whole = { item->spans[0].from_ms, item->spans[item->n_spans - 1].to_ms };

		span_days(&whole, first, last);
		put_data(w, prefix, KEY_START, first);
		put_data(w, prefix, KEY_END, last);
		w->report->lost[LOSS_SPANS] += item->n_spans - 1;
	}
	for (size_t i = 0; i < item->n_values; i++)
		put_data(w, prefix, N_OWN_KEYS + item->values[i].column, item->values[i].text);
}

static int put_nodes(struct graph_writer *w, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < w->graph->nodes.n && rc == 0; i++) {
		buf_printf(&w->text, "    <node id=\"%s\">", w->graph->nodes.items[i].id);
		put_item_data(w, 'n', &w->graph->nodes.items[i]);
		buf_text(&w->text, "</node>\n");
		rc = export_put(w->sink, &w->text, false, err);
	}
	return rc;
}

static int put_edges(struct graph_writer *w, struct err *err)
{
	const struct graph_item *nodes = w->graph->nodes.items;
	int rc = 0;

	for (size_t i = 0; i < w->graph->edges.n && rc == 0; i++) {
		const struct graph_item *e = &w->graph->edges.items[i];

		buf_printf(&w->text, "    <edge id=\"%s\" source=\"%s\" target=\"%s\">", e->id, nodes[e->source].id,
			   nodes[e->target].id);
		put_item_data(w, 'e', e);
		buf_text(&w->text, "</edge>\n");
		rc = export_put(w->sink, &w->text, false, err);
	}
	return rc;
}

static int put_graph(struct graph_writer *w, struct err *err)
{
	int rc;

	buf_text(&w->text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
			   "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
	put_keys(w, 'n', &w->graph->nodes);
	put_keys(w, 'e', &w->graph->edges);
	buf_text(&w->text, "  <graph edgedefault=\"directed\">\n");
	rc = put_nodes(w, err);
	if (rc == 0)
		rc = put_edges(w, err);
	buf_text(&w->text, "  </graph>\n</graphml>\n");
	return rc == 0 ? export_put(w->sink, &w->text, true, err) : rc;
}

int graphml_export(struct view *view, struct sink *sink, const struct export_request *request,
		   struct export_report *ret, struct err *err)
{
	return graph_export(view, sink, request, put_graph, ret, err);
}
