/* Maps: what claims the rows of a dataset make. docs/importing.md has the language; src/exchange/maps/ the texts.
 *
 * A map is lines of text. At the margin stand statements about the file, `skip` and `reject` with a test, tables of codes
 * and `claim KIND`; indented below a claim stand its members ("when: {date}") and fields ("name = {side_a}").
 *
 * Threads: as template.h. Memory: the arena in which it was read.
 */
#ifndef PARLEY_EXCHANGE_MAP_H
#define PARLEY_EXCHANGE_MAP_H

#include <stdbool.h>

#include "exchange/import.h"
#include "exchange/rows.h"
#include "exchange/template.h"
#include "record/kinds/kinds.h"

#define MAP_TEXT_MAX (256 * 1024) /* bytes */

enum map_reader { READ_CSV, READ_JSON, READ_GRAPHML, READ_GML, READ_PAJEK };

enum test_type { TEST_FILLED, TEST_EMPTY, TEST_IS, TEST_IS_NOT };

/* "{sides} is 2"; "{when}": it is not empty */
struct map_test {
	struct template *template;
	enum test_type type;
	const char *text;
	const char *reason; /* of skip and reject */
	struct map_test *next;
};

/* A member or field of a claim. */
struct map_member {
	const char *name;
	const struct field *field; /* of the kind, or of kinds_common() */
	bool in_set;
	struct template *template;
	struct map_member *next;
};

/* One claim that a row may make. */
struct map_claim {
	const struct kind *kind;
	unsigned line;                    /* of the map */
	const char *table;                /* of the row: "row", "node", "edge"; NULL: any */
	bool no_common;                   /* what is said for all claims of the file is not said for this one */
	bool once;                        /* many rows say the same: it is not made twice */
	bool own_word;                    /* of who imports: it does not say what `says` at the margin says */
	struct template *each;            /* made for each of its values, or NULL */
	const struct code_table *columns; /* made for each column named in it that is filled, or NULL */
	struct map_test *tests;           /* all must hold */
	struct map_member *members;
	struct map_claim *next;
};

struct map {
	enum map_reader reader;
	struct csv_options csv;
	const char *title, *about, *cite, *licence, *encoding; /* may be NULL */
	const char **needs;                                    /* columns without which it is another file */
	size_t n_needs;
	struct map_test *skips, *rejects;
	struct code_table *codes;
	struct map_member *common; /* of all claims that do not say it themselves */
	struct map_claim *claims;
	bool uses_hash; /* {:hash} or {:nth} stands somewhere in it */
};

/** Read a map.
 * @param ret  gives, in the arena
 * @return 0; E_INVALID with the line and what is wrong; E_LIMIT */
MUST_CHECK int map_read(struct arena *a, const char *text, struct map **ret, struct err *err);

/** Put the column from which came what is not right before an error such as "actor.name: ..." or "when: ...". */
void map_blame(const struct map *map, const struct map_claim *claim, struct err *why);

/** The claims that a map makes of a file.
 * @param arena   of the map; taken, also on failure
 * @param source  the caller's
 * @param name    of the file, for {:name}: borrowed
 * @param known   for claims that do not say it, or NULL: borrowed
 * @return 0; E_DAMAGED if it is no such file; E_USAGE: unknown encoding; otherwise the source failed */
MUST_CHECK int map_claims_open(struct arena *arena, struct map *map, struct source *source, const char *name,
			       const char *known, struct claims **ret, struct err *err);

/** The reader of a map's rows, at the beginning of a source. @return as the readers of rows.h */
MUST_CHECK int map_rows_open(const struct map *map, struct source *source, struct rows **ret, struct err *err);

/** Append the claim of a map that reads an object back from one of Parley's own exports.
 * @param table  of a network: "node" or "edge"; NULL: a table of one kind (CSV) */
void map_own(struct buf *out, const struct kind *kind, const char *table);

#endif
