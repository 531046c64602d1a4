#include "exchange/graphml_keys.h"

#include <stdlib.h>
#include <string.h>

void graphml_keys_release(struct graphml_keys *keys)
{
	arena_release(&keys->arena);
	free(keys->keys);
}

const struct graphml_key *graphml_keys_find(struct graphml_keys *keys, const char *id)
{
	for (size_t i = 0; i < keys->n; i++) {
		size_t k = (keys->last + 1 + i) % keys->n; /* data mostly stand in the order of their keys */

		if (strcmp(keys->keys[k].id, id) == 0) {
			keys->last = k;
			return &keys->keys[k];
		}
	}
	return NULL;
}

/* Some programs give the labels of their drawings no name. */
static const char *column_name(const struct graphml_declared *d)
{
	if (d->name && d->name[0])
		return d->name;
	if (d->drawn && (strcmp(d->drawn, "nodegraphics") == 0 || strcmp(d->drawn, "edgegraphics") == 0))
		return "label";
	return d->id;
}

static int add_column(struct graphml_keys *keys, struct columns *table, const struct graphml_declared *declared,
		      size_t *ret, struct err *err)
{
	const char *name = column_name(declared);
	size_t taken = 0;

	if (columns_find(table, name, strlen(name), &taken))
		name = arena_printf(&keys->arena, "%s.%s", name, declared->id);
	return columns_named(table, name, ret, err);
}

int graphml_keys_add(struct graphml_keys *keys, struct columns tables[static N_TABLES],
		     const struct graphml_declared *declared, struct err *err)
{
	static const char *const names[] = { "node", "edge" };
	struct graphml_key key = { 0 };
	const char *whose = declared->whose;
	int rc = 0;

	if (!declared->id)
		return err_set(err, E_INVALID, "a key has no id");
	if (graphml_keys_find(keys, declared->id))
		return err_set(err, E_INVALID, "two keys have the same id");
	if (keys->n == ROW_COLUMNS_MAX)
		return err_set(err, E_LIMIT, "more than %d keys; remove those that are not needed", ROW_COLUMNS_MAX);
	for (int table = 0; rc == 0 && table < N_TABLES; table++) {
		key.is_for[table] = !whose || strcmp(whose, "all") == 0 || strcmp(whose, names[table]) == 0;
		if (key.is_for[table])
			rc = add_column(keys, &tables[table], declared, &key.columns[table], err);
	}
	if (rc < 0)
		return rc;
	if (keys->n == keys->cap) {
		keys->cap = keys->cap ? 2 * keys->cap : 16;
		keys->keys = mem_resize(keys->keys, keys->cap * sizeof *keys->keys);
	}
	key.id = arena_text(&keys->arena, declared->id);
	keys->keys[keys->n++] = key;
	return 0;
}

int graphml_keys_default(struct graphml_keys *keys, struct cell value, struct err *err)
{
	keys->defaults += value.n;
	if (keys->defaults > GRAPHML_DEFAULTS_MAX)
		return err_set(err, E_LIMIT, "the defaults of the keys are larger than 64 KiB");
	keys->keys[keys->n - 1].fallback = arena_copy(&keys->arena, value.p, value.n);
	return 0;
}
