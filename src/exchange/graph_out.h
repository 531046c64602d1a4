/* A network collected from a view, for the exporters of networks; and XML, in which they write it. Nothing outside this
 * room includes it.
 *
 * Threads: as the view. Memory: graph_release() frees; texts live as long as the graph.
 */
#ifndef PARLEY_EXCHANGE_GRAPH_OUT_H
#define PARLEY_EXCHANGE_GRAPH_OUT_H

#include "exchange/shown.h"

enum graph_type { GRAPH_TEXT, GRAPH_WHOLE, GRAPH_DECIMAL, GRAPH_FLAG };

struct graph_column {
	const char *name; /* "kind", a field, or a member of the claim; no two alike */
	enum graph_type type;
};

struct graph_value {
	size_t column;
	const char *text; /* fits the column's type */
};

/* A node or an edge. */
struct graph_item {
	const char *id; /* letters, digits and hyphens */
	const char *label;
	size_t source, target; /* of an edge: places among the nodes */
	struct graph_value *values;
	size_t n_values;
	struct span *spans; /* when it is there; none: always, as far as is known */
	size_t n_spans;
};

struct graph_part {
	struct graph_column *columns;
	size_t n_columns, cap_columns;
	struct graph_item *items;
	size_t n, cap;
};

struct graph {
	struct arena arena;
	struct graph_part nodes, edges;
};

/** Collect what the request asks for.
 * @param report  gets the numbers, and losses added
 * @return 0; E_CANCELLED. The graph is to be released in any case */
MUST_CHECK int graph_collect(struct view *view, const struct export_request *request, struct graph *ret,
			     struct export_report *report, struct err *err);

void graph_release(struct graph *graph);

/* A network on its way out, in some format. */
struct graph_writer {
	struct sink *sink;
	struct export_report *report;
	const struct graph *graph;
	struct buf text; /* what was not put into the sink yet */
};

/** Collect what the request asks for and write it.
 * @param write  all of it, in its format
 * @return as graph_collect() and `write` */
MUST_CHECK int graph_export(struct view *view, struct sink *sink, const struct export_request *request,
			    int (*write)(struct graph_writer *w, struct err *err), struct export_report *ret,
			    struct err *err);

/** The first and the last day of a span, "" where it is open. */
void span_days(const struct span *span, char ret_first[static WHEN_TEXT_MAX], char ret_last[static WHEN_TEXT_MAX]);

/** Append text for an element or a quoted attribute. Characters that XML 1.0 cannot hold are left out and counted. */
void xml_put(struct buf *out, const char *text, uint64_t *ret_lost);

/** Append ` name="value"`. */
void xml_put_attribute(struct buf *out, const char *name, const char *value, uint64_t *ret_lost);

#endif
