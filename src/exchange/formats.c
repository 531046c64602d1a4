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
	if (options->map || options->kind || options->encoding || options->known)
		return err_set(err, E_USAGE,
			       "NDJSON says all of that itself: it takes no map, kind, encoding or known date");
	*ret = ndjson_claims(source);
	return 0;
}

/* The map of Parley's own table of one kind. */
static int write_own_table(struct buf *out, const char *name, struct err *err)
{
	const struct kind *kind = kind_find(name);

	if (!kind)
		return err_set(err, E_USAGE, "there is no kind '%.40s'", name);
	buf_text(out, "reader: csv\ndelimiter: comma\nneeds: id\n");
	map_own(out, kind, NULL);
	return 0;
}

/* The text of the map: the one given, the format's own, and for what Parley itself writes one made from the vocabulary. */
static int write_map(const struct import_format *format, const struct format_options *options, struct buf *out,
		     struct err *err)
{
	static const char *const in_networks[][2] = { { "actor", "node" }, { "person", "node" }, { "tie", "edge" } };
	const bool is_table = strcmp(format->name, "csv") == 0;

	if (options->kind && (!is_table || options->map))
		return err_set(err, E_USAGE, "a kind is only said of a table that Parley exported: csv without --map");
	if (options->kind)
		return write_own_table(out, options->kind, err);
	if (options->map || format->map) {
		buf_text(out, options->map ? options->map : format->map);
		for (size_t i = 0; i < 3 && !options->map && strcmp(format->name, "graphml") == 0; i++)
			map_own(out, kind_find(in_networks[i][0]), in_networks[i][1]);
		return buf_check(out, "the map", err);
	}
	return err_set(
		err, E_USAGE,
		"say with --map FILE what its columns are (--guess proposes such a file), or with --kind KIND that "
		"Parley wrote it");
}

int format_open(const struct import_format *format, struct source *source, const struct format_options *options,
		struct claims **ret, struct err *err)
{
	struct arena arena = { 0 };
	struct map *map = NULL;
	struct buf text;
	int rc;

	if (strcmp(format->name, "ndjson") == 0)
		return open_ndjson(source, options, ret, err);
	buf_init(&text, 2 * MAP_TEXT_MAX);
	rc = write_map(format, options, &text, err);
	if (rc == 0)
		rc = map_read(&arena, buf_str(&text), &map, err);
	buf_release(&text);
	if (rc < 0 || !map) {
		arena_release(&arena);
		return rc;
	}
	if (options->encoding)
		map->encoding = options->encoding;
	return map_claims_open(&arena, map, source, options->name ? options->name : "file", options->known, ret, err);
}
