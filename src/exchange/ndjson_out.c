#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "exchange/ndjson.h"
#include "view/attachment.h"

#define CHUNK_DATA_BYTES 48000 /* 64,000 characters of base64url: well inside NDJSON_LINE_MAX */

struct exporter {
	struct record *record;
	struct view *view;
	struct sink *sink;
	const struct export_options *options;
	struct buf line;
	uint64_t n_lines;
};

static int put_line(struct exporter *ex, struct err *err)
{
	int rc;

	buf_text(&ex->line, "\n");
	rc = buf_check(&ex->line, "a line of the export", err);
	if (rc == 0)
		rc = ex->sink->write(ex->sink->ctx, ex->line.p, ex->line.n, err);
	ex->n_lines += rc == 0;
	buf_clear(&ex->line);
	return rc;
}

/* --- attachments ------------------------------------------------------------------------------------------- */

static int put_chunk(struct exporter *ex, const char *hash, int64_t i, struct bytes data, struct err *err)
{
	char *text = mem_alloc(base64url_len(data.n) + 1);
	struct json_out w = json_out_begin(&ex->line);

	base64url_encode(data.p, data.n, text);
	json_open(&w, NULL, '{');
	json_member_text(&w, "t", "chunk");
	json_member_text(&w, "file", hash);
	json_member_int(&w, "i", i);
	json_member_text(&w, "data", text);
	json_close(&w, '}');
	free(text);
	return put_line(ex, err);
}

static int put_attachment(struct exporter *ex, const struct json *file, struct err *err)
{
	const char *hash = json_get_text(file, "hash");
	struct buf content;
	int64_t i = 0;
	size_t at = 0;
	int rc;

	buf_init(&content, ATTACHMENT_MAX);
	rc = attachment_read(ex->view, ex->record, file, &content, err);
	do {
		size_t left = content.n - at, n = left < CHUNK_DATA_BYTES ? left : CHUNK_DATA_BYTES;

		if (rc == 0)
			rc = put_chunk(ex, hash, i++, BYTES(content.p + at, n), err);
		at += n;
	} while (rc == 0 && at < content.n);
	buf_release(&content);
	return rc;
}

/* --- claims ------------------------------------------------------------------------------------------------ */

static void put_hex(struct json_out *w, const char *key, struct stmt *s, int column)
{
	struct bytes b = stmt_blob(s, column);

	json_member_hex(w, key, b.p, b.n);
}

/* Whether the claim says who asserts it; an export must, because another organisation may read it in. */
static void put_claim_line(struct exporter *ex, struct stmt *s, const struct json *body)
{
	struct json_out w = json_out_begin(&ex->line);
	char time[WHEN_TEXT_MAX];

	json_open(&w, NULL, '{');
	for (const struct json *m = body->child; m; m = m->next) {
		bool is_says = strcmp(m->key, "says") == 0, is_known = strcmp(m->key, "known") == 0;

		if (is_says || is_known || strcmp(m->key, "by") == 0)
			continue;
		json_member_value(&w, m->key, m);
		if (strcmp(m->key, "set") == 0 && !stmt_is_null(s, 2))
			put_hex(&w, "says", s, 2);
	}
	when_format_ms(stmt_int(s, 4), time);
	json_member_text(&w, "known", stmt_is_null(s, 3) ? time : stmt_text(s, 3));
	json_member_text(&w, "by", stmt_text(s, 5));
	put_hex(&w, "entry", s, 1);
	put_hex(&w, "author", s, 6);
	when_format_ms(stmt_int(s, 7), time);
	json_member_text(&w, "recorded", time);
	json_close(&w, '}');
}

static int put_claim(struct exporter *ex, struct stmt *s, struct err *err)
{
	const char *text = stmt_text(s, 0);
	struct arena a = { 0 };
	const struct json *body, *files;
	int rc = json_parse(&a, text, strlen(text), &body, err);

	files = rc == 0 ? json_get(body, "files") : NULL;
	for (const struct json *f = files && ex->options->attachments ? files->child : NULL; f && rc == 0; f = f->next)
		rc = put_attachment(ex, f, err);
	if (rc == 0) {
		put_claim_line(ex, s, body);
		rc = put_line(ex, err);
	}
	arena_release(&a);
	return rc;
}

static int put_retraction(struct exporter *ex, struct stmt *s, struct err *err)
{
	struct json_out w = json_out_begin(&ex->line);
	char time[WHEN_TEXT_MAX];

	json_open(&w, NULL, '{');
	json_member_text(&w, "t", "retract");
	put_hex(&w, "entry", s, 1);
	json_member_text(&w, "reason", stmt_text(s, 0));
	put_hex(&w, "author", s, 6);
	when_format_ms(stmt_int(s, 7), time);
	json_member_text(&w, "recorded", time);
	json_close(&w, '}');
	return put_line(ex, err);
}

/* Claims and the retractions that stand, in order of arrival. Columns: body or reason, claim's entry id, says,
 * known_text, known, by, org, recorded, is a retraction. */
static const char export_sql[] =
	"SELECT c.body, e.id, c.says, c.known_text, c.known, c.by, c.org, c.recorded, 0, c.n AS n "
	"FROM claim c JOIN entry e ON e.n = c.n "
	"WHERE c.status < 2 AND (?1 IS NULL OR c.circle = ?1) AND (?2 IS NULL OR c.kind = ?2) "
	"UNION ALL "
	"SELECT r.reason, r.target, NULL, NULL, NULL, NULL, r.org, r.recorded, 1, r.n "
	"FROM retraction r JOIN entry e ON e.id = r.target JOIN claim c ON c.n = e.n "
	"WHERE c.status = 1 AND c.org = r.org AND (?1 IS NULL OR c.circle = ?1) AND (?2 IS NULL OR c.kind = ?2) "
	"ORDER BY n";

static int export_rows(struct exporter *ex, struct stmt *s, struct err *err)
{
	const struct export_options *o = ex->options;
	uint64_t done = 0;
	int rc;

	while ((rc = stmt_step(s, err)) == 1) {
		rc = stmt_int(s, 8) ? put_retraction(ex, s, err) : put_claim(ex, s, err);
		if (rc == 0 && o->progress && !o->progress(o->ctx, ++done, view_applied(ex->view)))
			rc = err_set(err, E_CANCELLED, "stopped after %llu lines", (unsigned long long)ex->n_lines);
		if (rc < 0)
			break;
	}
	stmt_reset(s);
	return rc;
}

int ndjson_export(struct record *record, struct view *view, struct sink *sink, const struct export_options *options,
		  uint64_t *ret_n, struct err *err)
{
	struct exporter ex = { .record = record, .view = view, .sink = sink, .options = options };
	struct stmt *s;
	int rc = db_prepare(view_db(view), export_sql, &s, err);

	if (rc < 0)
		return rc;
	buf_init(&ex.line, NDJSON_LINE_MAX);
	if (options->circle)
		stmt_bind_blob(s, 1, options->circle, ID_BYTES);
	stmt_bind_text(s, 2, options->kind);
	rc = export_rows(&ex, s, err);
	buf_release(&ex.line);
	if (rc == 0)
		*ret_n = ex.n_lines;
	return rc;
}
