#include "exchange/lines.h"

#include <string.h>

#include "base/limits.h"

void lines_init(struct lines *lines, struct source *source)
{
	lines->source = source;
	lines->at = lines->n = 0;
	lines->number = lines->bytes = 0;
	lines->too_long = lines->ended = false;
	buf_init(&lines->line, NDJSON_LINE_MAX + 1); /* the CR of a CR LF may be there too */
}

void lines_release(struct lines *lines)
{
	buf_release(&lines->line);
}

static int refill(struct lines *lines, struct err *err)
{
	size_t n = 0;
	int rc = lines->source->read(lines->source->ctx, lines->block, sizeof lines->block, &n, err);

	lines->at = 0;
	lines->n = n;
	lines->bytes += n;
	lines->ended = rc == 0 && n == 0;
	return rc;
}

/* Take what the block holds of the line; true when its end was found. */
static bool take(struct lines *lines)
{
	const uint8_t *from = lines->block + lines->at;
	size_t left = lines->n - lines->at;
	const uint8_t *end = memchr(from, '\n', left);
	size_t n = end ? (size_t)(end - from) : left;

	buf_put(&lines->line, from, n);
	lines->at += n + (end != NULL);
	return end != NULL;
}

int lines_next(struct lines *lines, struct err *err)
{
	bool started = false, whole = false;

	buf_clear(&lines->line);
	while (!whole) {
		if (lines->at == lines->n && !lines->ended) {
			int rc = refill(lines, err);

			if (rc < 0)
				return rc;
		}
		if (lines->ended)
			break;
		started = true;
		whole = take(lines);
	}
	if (!started)
		return 0;
	lines->number++;
	if (whole && !lines->line.overflowed && lines->line.n > 0 && lines->line.p[lines->line.n - 1] == '\r')
		lines->line.p[--lines->line.n] = 0;
	lines->too_long = lines->line.overflowed || lines->line.n > NDJSON_LINE_MAX;
	return 1;
}
