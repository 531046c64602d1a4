/* What the files of a node share; nobody outside src/node includes it. */
#ifndef PARLEY_NODE_NODE_INTERNAL_H
#define PARLEY_NODE_NODE_INTERNAL_H

#include "node/node.h"

struct node {
	struct env *env;
	enum node_mode mode;
	struct record *record;
	struct view *view;   /* everything that this home can open */
	struct view *cut;    /* the last cut asked for, or NULL */
	uint64_t snapshot_n; /* entries in the snapshot on disk */
};

/* Apply what was appended to the record since the views were last brought up to date. */
MUST_CHECK int node_catch_up(struct node *node, struct err *err);

#endif
