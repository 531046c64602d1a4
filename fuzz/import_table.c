/* A map and a table: whatever both are, rows become claims or are refused, the same whatever the pieces in which the table
 * comes, and the same when it is read again. */
#include "rows.h"

#include "base/json.h"
#include "exchange/formats.h"

#define STEPS_ENOUGH 300

/* A group as a number. */
static uint64_t mix_group(uint64_t hash, const struct claims *claims, const struct claim_group *group)
{
	struct buf text;

	MUST(group->n <= 4096);
	buf_init(&text, (size_t)256 * 1024 * 1024);
	buf_printf(&text, "%llu %d", (unsigned long long)claims->line, group->passed_over);
	for (size_t i = 0; i < group->n; i++) {
		MUST(json_get_text(group->lines[i], "kind") && json_get_text(group->lines[i], "id"));
		MUST(json_get(group->lines[i], "set") && json_get(group->lines[i], "set")->child);
		json_write(&text, group->lines[i]);
	}
	hash = mix(hash, text.p, text.n);
	buf_release(&text);
	return hash;
}

static uint64_t read_claims(struct claims *claims)
{
	uint64_t hash = 0xcbf29ce484222325;
	int rc = 1, n = 0;

	while (n++ < STEPS_ENOUGH && rc != 0 && rc != E_DAMAGED) {
		struct claim_group group = { 0 };
		struct arena a = { 0 };
		struct err err;

		rc = claims->type->next(claims, &a, &group, &err);
		MUST(rc == 1 || rc == 0 || rc == E_INVALID || rc == E_LIMIT || rc == E_DAMAGED);
		if (rc < 0)
			MUST_EXPLAIN(rc, &err);
		if (rc == E_INVALID || rc == E_LIMIT)
			claims->type->refused(claims, &err);
		hash = rc < 0    ? mix(hash, err.text, strlen(err.text))
		       : rc == 1 ? mix_group(hash, claims, &group)
				 : hash;
		arena_release(&a);
	}
	return hash;
}

static int rewind_pieces(void *ctx, struct err *err)
{
	struct pieces *pieces = ctx;

	(void)err;
	pieces->at = 0;
	return 0;
}

/* Twice; they must be equal. 1 if the map or the options are wrong. */
static uint64_t import(const char *format, const char *map, const uint8_t *data, size_t size, size_t piece)
{
	const struct format_options options = { .map = map, .name = "fuzz", .known = "2019" };
	struct pieces pieces = { .p = data, .n = size, .piece = piece };
	struct source source = { .read = pieces_read, .rewind = rewind_pieces, .ctx = &pieces, .size = size };
	struct claims *claims = NULL;
	struct err err;
	uint64_t hash;
	int rc = format_open(import_format_find(format), &source, &options, &claims, &err);

	MUST(rc == 0 || rc == E_INVALID || rc == E_LIMIT || rc == E_DAMAGED || rc == E_USAGE);
	MUST_EXPLAIN(rc, &err);
	if (rc < 0)
		return mix(1, err.text, strlen(err.text));
	hash = read_claims(claims);
	MUST(claims->type->rewind(claims, &err) == 0);
	MUST(read_claims(claims) == hash);
	claims_close(claims);
	return hash;
}

/* The first byte: 0 a map of one's own up to a NUL, then the table; otherwise the format of that number. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	size_t n_formats, n_map = 0;
	const struct import_format *formats = import_formats(&n_formats), *format;
	char *map = NULL;

	if (size < 2)
		return 0;
	format = &formats[data[0] % n_formats];
	if (data[0] == 0) {
		while (1 + n_map < size && data[1 + n_map])
			n_map++;
		map = malloc(n_map + 1);
		memcpy(map, data + 1, n_map);
		map[n_map] = '\0';
		format = import_format_find("csv");
		n_map = n_map + 1 < size - 1 ? n_map + 1 : size - 1;
	}
	if (map || format->map)
		MUST(import(format->name, map, data + 1 + n_map, size - 1 - n_map, SIZE_MAX) ==
		     import(format->name, map, data + 1 + n_map, size - 1 - n_map, 1 + size % 61));
	free(map);
	return 0;
}
