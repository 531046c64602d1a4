/* The formats that can be imported: one table, from which the command line, its help and docs/importing.md are made.
 *
 * A format is NDJSON, or a reader of rows (rows.h) together with a map (map.h) that says what claims a row makes. The
 * maps of published datasets are texts in src/exchange/maps/; a person can take one, change it and use it instead.
 *
 * Threads: as import.h. Memory: see each function.
 */
#ifndef PARLEY_EXCHANGE_FORMATS_H
#define PARLEY_EXCHANGE_FORMATS_H

#include "exchange/import.h"
#include "exchange/stream.h"

/* Name, text of its map (NULL: NDJSON, or a map must be given), what it is. */
#define IMPORT_FORMATS(X)                                                                                              \
	X("ndjson", NULL, "Parley's own lines of JSON, every kind")                                                    \
	X("ucdp-ged", map_ucdp_ged, "UCDP Georeferenced Event Dataset, with or without the HXL tag row")               \
	X("ucdp-agreements", map_ucdp_agreements, "UCDP Peace Agreement Dataset")                                      \
	X("ucdp-actors", map_ucdp_actors, "UCDP Actor Dataset: names, renames, splinters, alliances")                  \
	X("ucdp-terminations", map_ucdp_terminations, "UCDP Conflict Termination Dataset, dyads")                      \
	X("pax", map_pax, "PA-X Peace Agreements Database")                                                            \
	X("pax-signatories", map_pax_signatories, "PA-X signatory tables")                                             \
	X("acled", map_acled, "ACLED events")                                                                          \
	X("icews", map_icews, "ICEWS coded events, separated by tabs")                                                 \
	X("plover", map_plover, "PLOVER events, JSON")                                                                 \
	X("sigacts", map_sigacts, "significant-activity reports: time, type, target, city")                            \
	X("csv", NULL, "any table of separated values, with --map")                                                    \
	X("graphml", map_graphml, "a network of actors in GraphML")                                                    \
	X("gml", map_gml, "a network of actors in GML")                                                                \
	X("pajek", map_pajek, "a network of actors in Pajek's format")                                                 \
	X("edges", map_edges, "a network of actors as a list of edges: source, target")                                \
	X("nodes", map_nodes, "the actors of a network as a list: node")

struct import_format {
	const char *name;
	const char *map;     /* text */
	const char *summary; /* one line */
};

/** All formats, in the order in which to show them. */
const struct import_format *import_formats(size_t *ret_n);

/** The format of that name, or NULL. */
const struct import_format *import_format_find(const char *name);

/* How a file is to be read. Every member may be NULL. */
struct format_options {
	const char *map;      /* text of a map in place of the format's own */
	const char *name;     /* of the file, for ids of objects that have none: {:name} in maps */
	const char *encoding; /* of the file, as iconv names it, in place of what the map says */
	const char *kind;     /* csv: the table is one that Parley exported, of this kind */
	const char *known;    /* since when the content could be known, for all claims that do not say it */
};

/** The claims of a file. The source is the caller's and must outlive them.
 * @param ret  gives; claims_close() frees
 * @return 0; E_USAGE for options that do not fit the format; E_INVALID with line and reason: the map is wrong; E_DAMAGED
 *         if the beginning shows that this is no such file (a column that the map needs is not there) */
MUST_CHECK int format_open(const struct import_format *format, struct source *source,
			   const struct format_options *options, struct claims **ret, struct err *err);

/** Propose a map for a table of separated values, from its column names and first rows.
 * @param out  gets the text of the map, with what was seen of each column as comments; or, if the columns are those of a
 *             format of the table, one comment line that names it
 * @return 0; E_DAMAGED; otherwise the source failed */
MUST_CHECK int format_guess(struct source *source, const struct format_options *options, struct buf *out,
			    struct err *err);

#endif
