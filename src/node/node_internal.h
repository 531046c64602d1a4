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

/* Files read and not yet sealed (attachment.c). { 0 } is none. */
struct upload {
	const char *name;
	struct buf content;
};
struct uploads {
	struct upload *list;
	size_t n;
};

/* Read files; release in any case. */
MUST_CHECK int uploads_read(struct node *node, const char *const *paths, size_t n, struct uploads *ret,
			    struct err *err);
void uploads_release(struct uploads *uploads);

/* The line with `files` in it. circle NULL: only described, nothing is written; else sealed within the running batch. */
MUST_CHECK int uploads_line(struct node *node, const uint8_t *circle, const struct uploads *uploads, struct arena *a,
			    const struct json *line, const struct json **ret, struct err *err);

/* Apply what was appended to the record since the views were last brought up to date. */
MUST_CHECK int node_catch_up(struct node *node, struct err *err);

#endif
