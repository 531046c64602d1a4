/* What leaves for other programs.
 *
 * Threads: as node.h. Memory: none is kept.
 */
#ifndef PARLEY_NODE_EXPORT_H
#define PARLEY_NODE_EXPORT_H

#include "exchange/export.h"
#include "node/node.h"

struct node_export {
	export_fn *write;            /* the format */
	uint8_t circle[1][ID_BYTES]; /* of this process only */
	struct cut cut;              /* its reader's circles are replaced by that one */
	struct export_request request;
};

/** Write what a reader may see of one process.
 * @return 0; as export_fn */
MUST_CHECK int node_export(struct node *node, const struct node_export *what, struct sink *sink,
			   struct export_report *ret, struct err *err);

#endif
