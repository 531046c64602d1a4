/* Lines of a source of any size, in bounded memory.
 *
 * Threads: one reader belongs to one thread. Memory: one line is held at a time.
 */
#ifndef PARLEY_EXCHANGE_LINES_H
#define PARLEY_EXCHANGE_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "exchange/ndjson.h"

struct lines {
	struct source *source;
	uint8_t block[64 * 1024];
	size_t at, n; /* of block */
	struct buf line;
	uint64_t number; /* of the current line, from 1 */
	uint64_t bytes;  /* read so far */
	bool too_long;   /* the current line was longer than NDJSON_LINE_MAX and was skipped */
	bool ended;
};

void lines_init(struct lines *lines, struct source *source);
void lines_release(struct lines *lines);

/** Read the next line into lines->line, without its end (LF or CR LF).
 * @return 1 there is one (perhaps too_long); 0 at the end; negative: the source failed */
MUST_CHECK int lines_next(struct lines *lines, struct err *err);

#endif
