/* Maps: whatever text comes in, it is a map or its first mistake is named. */
#include "fuzz.h"

#include "exchange/map.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct arena a = { 0 };
	struct map *map = NULL;
	struct err err;
	int rc;

	memcpy(text, data, size);
	text[size] = '\0';
	rc = map_read(&a, text, &map, &err);
	MUST(rc == 0 || rc == E_INVALID || rc == E_LIMIT);
	MUST_EXPLAIN(rc, &err);
	MUST((rc == 0) == (map != NULL));
	for (const struct map_claim *c = map ? map->claims : NULL; c; c = c->next)
		MUST(c->kind && c->members && c->line > 0);
	arena_release(&a);
	free(text);
	return 0;
}
