#include "node/export.h"

#include "node/node_internal.h"

int node_export(struct node *node, const struct node_export *what, struct sink *sink, struct export_report *ret,
		struct err *err)
{
	struct cut cut = what->cut;
	struct view *view = NULL;
	int rc;

	/* with one process all that is here is of that process, and the whole view serves */
	if (record_n_circles(node->record) > 1) {
		cut.reader.all_circles = false;
		cut.reader.circles = what->circle;
		cut.reader.n_circles = 1;
	}
	rc = node_view(node, &cut, &view, err);
	return rc == 0 ? what->write(view, sink, &what->request, ret, err) : rc;
}
