/* Proposals: whatever table comes in, what is proposed for it is a map, the same whatever the pieces in which it comes. */
#include "rows.h"

#include "exchange/formats.h"
#include "exchange/map.h"

static uint64_t guess(const uint8_t *data, size_t size, size_t piece)
{
	const struct format_options options = { 0 };
	struct pieces pieces = { .p = data, .n = size, .piece = piece };
	struct source source = { .read = pieces_read, .ctx = &pieces, .size = size };
	struct arena a = { 0 };
	struct map *map = NULL;
	struct buf out;
	uint64_t hash = 0;
	struct err err;
	int rc;

	buf_init(&out, (size_t)16 * 1024 * 1024);
	rc = format_guess(&source, &options, &out, &err);
	MUST(rc == 0 || rc == E_DAMAGED);
	MUST_EXPLAIN(rc, &err);
	if (rc == 0) {
		MUST(map_read(&a, buf_str(&out), &map, &err) == 0);
		hash = mix(1, out.p, out.n);
	}
	arena_release(&a);
	buf_release(&out);
	return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	MUST(guess(data, size, SIZE_MAX) == guess(data, size, 1 + size % 61));
	return 0;
}
