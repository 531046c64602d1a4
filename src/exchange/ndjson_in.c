/* Lines of NDJSON as claims. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "exchange/lines.h"
#include "exchange/ndjson.h"

struct ndjson {
	struct claims claims;
	struct source *source;
	struct lines lines;
};

static bool line_is_blank(const struct lines *lines)
{
	return !lines->too_long && strspn(buf_str(&lines->line), " \t\r") == lines->line.n;
}

/* How exports begin a chunk line: long, and of no interest to the first pass. */
static bool line_begins_as_chunk(const struct buf *line)
{
	static const char begin[] = "{\"t\":\"chunk\",";

	return line->n >= sizeof begin - 1 && memcmp(line->p, begin, sizeof begin - 1) == 0;
}

/* UTF-16 has no lines that could be told apart: one reason for all of it. */
static bool is_utf16(const struct lines *lines)
{
	const struct buf *line = &lines->line;

	return lines->number == 1 && line->n >= 2 &&
	       (memcmp(line->p, "\xff\xfe", 2) == 0 || memcmp(line->p, "\xfe\xff", 2) == 0);
}

/* Every line is the first of its own text: its place there says nothing. */
static void drop_place(struct err *why)
{
	static const char place[] = "JSON, line 1, ";

	if (strncmp(why->text, place, sizeof place - 1) == 0)
		memmove(why->text, why->text + sizeof place - 1, strlen(why->text) - sizeof place + 2);
}

static int read_line(struct ndjson *nd, struct arena *a, struct claim_group *ret, struct err *err)
{
	const struct buf *line = &nd->lines.line;
	const struct json **one = arena_alloc(a, sizeof(const struct json *));
	struct err why;
	int rc;

	if (nd->lines.too_long)
		return err_set(err, E_LIMIT, "the line is longer than %d bytes", NDJSON_LINE_MAX);
	*ret = (struct claim_group){ .lines = one };
	if (nd->claims.gathering && line_begins_as_chunk(line))
		return 1;
	rc = json_parse(a, buf_str(line), line->n, one, &why);
	if (rc < 0) {
		drop_place(&why);
		return err_set(err, rc, "%s", why.text);
	}
	ret->n = 1;
	return 1;
}

static int ndjson_next(struct claims *claims, struct arena *a, struct claim_group *ret, struct err *err)
{
	struct ndjson *nd = (struct ndjson *)claims;
	int rc;

	do
		rc = lines_next(&nd->lines, err);
	while (rc == 1 && line_is_blank(&nd->lines));
	claims->line = nd->lines.number;
	claims->bytes = nd->lines.bytes;
	if (rc != 1)
		return rc;
	if (is_utf16(&nd->lines))
		return err_set(
			err, E_DAMAGED,
			"the file is UTF-16: it must be UTF-8 (iconv -f UTF-16 -t UTF-8); nothing of it was read");
	return read_line(nd, a, ret, err);
}

static int ndjson_rewind(struct claims *claims, struct err *err)
{
	struct ndjson *nd = (struct ndjson *)claims;
	int rc = nd->source->rewind(nd->source->ctx, err);

	lines_release(&nd->lines);
	lines_init(&nd->lines, nd->source);
	return rc;
}

static void ndjson_close(struct claims *claims)
{
	struct ndjson *nd = (struct ndjson *)claims;

	lines_release(&nd->lines);
	free(nd);
}

struct claims *ndjson_claims(struct source *source)
{
	static const struct claims_type type = { .next = ndjson_next, .rewind = ndjson_rewind, .close = ndjson_close };
	struct ndjson *nd = mem_alloc(sizeof *nd);

	nd->claims = (struct claims){ .type = &type, .can_rewind = source->rewind != NULL, .size = source->size };
	nd->source = source;
	lines_init(&nd->lines, source);
	return &nd->claims;
}
