#include "base/idmap.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/bytes.h"

struct idmap_slot {
	bool used;
	uint8_t key[IDMAP_KEY_BYTES];
	uint64_t value;
};

void idmap_release(struct idmap *map)
{
	free(map->slots);
	*map = (struct idmap){ 0 };
}

static void pad(uint8_t key[static IDMAP_KEY_BYTES], const uint8_t *id, size_t id_n)
{
	memset(key, 0, IDMAP_KEY_BYTES);
	memcpy(key, id, id_n < IDMAP_KEY_BYTES ? id_n : IDMAP_KEY_BYTES);
}

/* Every byte tells on every bit (the steps of splitmix64 for each word), so that ids that count up or differ in one
 * place only are spread as well. It has no secret: who writes a file of ids made to fall together slows down the
 * import of that file, and nothing else. */
static uint64_t mix(const uint8_t key[static IDMAP_KEY_BYTES])
{
	uint64_t h = 0;

	for (size_t at = 0; at < IDMAP_KEY_BYTES; at += 8) {
		h = (h ^ get_u64(key + at)) + UINT64_C(0x9e3779b97f4a7c15);
		h = (h ^ h >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
		h = (h ^ h >> 27) * UINT64_C(0x94d049bb133111eb);
		h ^= h >> 31;
	}
	return h;
}

/* The slot of the key, or the free one where it would go. cap is a power of two and not full. */
static struct idmap_slot *find(const struct idmap *map, const uint8_t key[static IDMAP_KEY_BYTES])
{
	size_t i;

	for (i = mix(key) & (map->cap - 1); map->slots[i].used; i = (i + 1) & (map->cap - 1))
		if (memcmp(map->slots[i].key, key, IDMAP_KEY_BYTES) == 0)
			break;
	return &map->slots[i];
}

static void grow(struct idmap *map)
{
	struct idmap old = *map;

	map->cap = old.cap ? 2 * old.cap : 64;
	map->slots = mem_alloc(map->cap * sizeof *map->slots);
	memset(map->slots, 0, map->cap * sizeof *map->slots);
	for (size_t i = 0; i < old.cap; i++)
		if (old.slots[i].used)
			*find(map, old.slots[i].key) = old.slots[i];
	free(old.slots);
}

uint64_t *idmap_at(struct idmap *map, const uint8_t *id, size_t id_n)
{
	uint8_t key[IDMAP_KEY_BYTES];
	struct idmap_slot *slot;

	if (2 * (map->n + 1) > map->cap)
		grow(map);
	pad(key, id, id_n);
	slot = find(map, key);
	if (!slot->used) {
		slot->used = true;
		memcpy(slot->key, key, sizeof key);
		map->n++;
	}
	return &slot->value;
}

uint64_t idmap_get(const struct idmap *map, const uint8_t *id, size_t id_n)
{
	uint8_t key[IDMAP_KEY_BYTES];
	const struct idmap_slot *slot;

	if (map->cap == 0)
		return 0;
	pad(key, id, id_n);
	slot = find(map, key);
	return slot->used ? slot->value : 0;
}
