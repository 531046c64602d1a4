/* One JSON object as the cells of one row: members of members as columns "a.b".
 *
 * Not base/json.h, which is the record's own strict form: other people's files have decimals, and a number is wanted as
 * the text that the file has.
 *
 * Threads: as the reader that it belongs to. Memory: the path is owned.
 */
#ifndef PARLEY_EXCHANGE_JSON_FLAT_H
#define PARLEY_EXCHANGE_JSON_FLAT_H

#include "exchange/rows_internal.h"

#define JSON_OBJECTS_MAX 64 /* objects of one array, each of which makes columns */

struct json_flat {
	struct columns *columns;
	struct cells *cells;
	struct buf path;    /* of the value being read: "a.0.b" */
	struct buf scratch; /* a text without its escapes */
	const uint8_t *p;
	size_t at, n;
	struct place began; /* of p[0] */
};

void json_flat_init(struct json_flat *f, struct columns *columns, struct cells *cells);
void json_flat_release(struct json_flat *f);

/** Put the object's members into the cells (which the caller has cleared) under columns that are added as needed:
 * texts without escapes; numbers, true and false as they are written; null and empty arrays and objects not at all;
 * scalars of an array as one cell, joined; objects of an array as "a.0.b", "a.1.b"; an array in an array as part of it.
 * @param p      an object, from its { to its }, at most ROW_BYTES_MAX bytes
 * @param began  the place of its {, for errors
 * @return 0; E_INVALID, E_LIMIT with line, column and reason: it is not such an object, or passes a limit */
MUST_CHECK int json_flatten(struct json_flat *f, const uint8_t *p, size_t n, struct place began, struct err *err);

#endif
