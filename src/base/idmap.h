/* A map from 32-byte ids to numbers, for counting and looking up while a file is read.
 *
 * Ids may come from a file, so they need not be random. A shorter id is padded with zeros.
 * Threads: one map belongs to one thread. Memory: idmap_release() frees; { 0 } is empty.
 */
#ifndef PARLEY_BASE_IDMAP_H
#define PARLEY_BASE_IDMAP_H

#include <stddef.h>
#include <stdint.h>

#define IDMAP_KEY_BYTES 32

struct idmap_slot;

struct idmap {
	struct idmap_slot *slots;
	size_t n, cap;
};

void idmap_release(struct idmap *map);

/** The number stored under the id: a place to read and write; it is 0 when the id is new.
 * Valid until the next idmap_at(). */
uint64_t *idmap_at(struct idmap *map, const uint8_t *id, size_t id_n);

/** The number, or 0 if the id is not in the map. */
uint64_t idmap_get(const struct idmap *map, const uint8_t *id, size_t id_n);

#endif
