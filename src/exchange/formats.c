#include "exchange/formats.h"

#include <string.h>

#include "exchange/decode.h"
#include "exchange/map.h"
#include "exchange/maps.h"
#include "exchange/ndjson.h"

static const struct import_format formats[] = {
#define X(name, map, summary) { name, map, summary },
	IMPORT_FORMATS(X)
#undef X
};

const struct import_format *import_formats(size_t *ret_n)
{
	*ret_n = sizeof formats / sizeof *formats;
	return formats;
}

const struct import_format *import_format_find(const char *name)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

int map_rows_open(const struct map *map, struct source *source, struct rows **ret, struct err *err)
{
	switch (map->reader) {
	case READ_JSON:
		return json_rows_open(source, ret, err);
	case READ_GRAPHML:
		return graphml_rows_open(source, ret, err);
	case READ_GML:
		return gml_rows_open(source, ret, err);
	case READ_PAJEK:
		return pajek_rows_open(source, ret, err);
	default:
		return csv_rows_open(source, &map->csv, ret, err);
	}
}

static int open_ndjson(struct source *source, const struct format_options *options, struct claims **ret,
		       struct err *err)
{
	if (options->map || options->encoding || options->known)
		return err_set(err, E_USAGE, "NDJSON says all of that itself: it takes no map, encoding or known date");
	*ret = ndjson_claims(source);
	return 0;
}

int format_open(const struct import_format *format, struct source *source, const struct format_options *options,
		struct claims **ret, struct err *err)
{
	const char *text = options->map ? options->map : format->map;
	struct arena arena = { 0 };
	struct map *map = NULL;
	int rc;

	if (strcmp(format->name, "ndjson") == 0)
		return open_ndjson(source, options, ret, err);
	if (!text)
		return err_set(err, E_USAGE, "say with --map FILE what its columns are; --guess proposes such a file");
	rc = map_read(&arena, text, &map, err);
	if (rc < 0) {
		arena_release(&arena);
		return rc;
	}
	if (options->encoding)
		map->encoding = options->encoding;
	return map_claims_open(&arena, map, source, options->name ? options->name : "file", options->known, ret, err);
}
