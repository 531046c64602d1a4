/* Every maximum in one place: value, unit, reason. A test stands at each limit and one above. */
#ifndef PARLEY_BASE_LIMITS_H
#define PARLEY_BASE_LIMITS_H

#define JSON_DEPTH_MAX 16                             /* levels, the outer object counted; docs/format-record.md 5.1 */
#define JSON_TEXT_MAX (128 * 1024)                    /* bytes of one JSON text; the largest body is 65,103 */
#define NDJSON_LINE_MAX (128 * 1024)                  /* bytes of one line: a body and room for its provenance */
#define ROW_BYTES_MAX (1024 * 1024)                   /* bytes of one row of a dataset; the longest met has 40,000 */
#define ROW_COLUMNS_MAX 2048                          /* columns of a dataset; PA-X has some 260 */
#define BODY_MAX 65103                                /* bytes of JSON in the largest section */
#define ATTACHMENT_MAX (32 * 1024 * 1024)             /* bytes: its list of chunks must fit one claim */
#define QUARANTINE_MAX_BYTES (16 * 1024 * 1024)       /* bytes kept of what did not verify; beyond that it is counted */
#define DB_ROW_MAX (1024 * 1024)                      /* bytes of one row stored in a file */
#define SNAPSHOT_MAX ((size_t)4 * 1024 * 1024 * 1024) /* bytes of serialised views */

#define KIND_FIELDS_MAX 64 /* fields of one kind; the largest has 27 */

/* Bytes of one row in memory. Each field of an object may be said by another claim, and be as large as a body. */
#define DB_MEMORY_ROW_MAX (KIND_FIELDS_MAX * BODY_MAX + DB_ROW_MAX)

#endif
