/* The keys of GraphML: what the attributes of nodes and edges are called, and what they are where none is given.
 *
 * Threads: as the reader that they belong to. Memory: owned.
 */
#ifndef PARLEY_EXCHANGE_GRAPHML_KEYS_H
#define PARLEY_EXCHANGE_GRAPHML_KEYS_H

#include "exchange/rows_internal.h"

#define GRAPHML_DEFAULTS_MAX (64 * 1024) /* bytes of all defaults, which every row may repeat */

enum { NODE, EDGE, N_TABLES };

struct graphml_key {
	const char *id;
	bool is_for[N_TABLES];
	size_t columns[N_TABLES];
	const char *fallback; /* NULL: no default */
};

struct graphml_keys {
	struct graphml_key *keys;
	size_t n, cap;
	size_t last;     /* found last */
	size_t defaults; /* bytes */
	struct arena arena;
};

/* Attributes of <key>; NULL: not there. */
struct graphml_declared {
	const char *id;
	const char *whose; /* for: "node", "edge", "all", ... */
	const char *name;  /* attr.name */
	const char *drawn; /* yfiles.type */
};

void graphml_keys_release(struct graphml_keys *keys);

/** Take in a key: a column in the table that it is for, or in both. The column is called as the attribute; if that name
 * is taken, with the key's id behind it; a label in a drawing "label"; without any name as the key's id.
 * @return 0; E_INVALID, E_LIMIT: the file's keys are no good. The texts name no place */
MUST_CHECK int graphml_keys_add(struct graphml_keys *keys, struct columns tables[static N_TABLES],
				const struct graphml_declared *declared, struct err *err);

/** The default of the key that was added last.
 * @return 0; E_LIMIT: all defaults together are too large */
MUST_CHECK int graphml_keys_default(struct graphml_keys *keys, struct cell value, struct err *err);

/** The key with that id, or NULL. */
const struct graphml_key *graphml_keys_find(struct graphml_keys *keys, const char *id);

#endif
