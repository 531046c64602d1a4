#include <stdlib.h>
#include <string.h>

#include "exchange/import_internal.h"
#include "exchange/ndjson.h"
#include "record/kinds/kinds.h"
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
			rc = put_chunk(ex, hash, i++, n ? BYTES(content.p + at, n) : NO_BYTES, err);
		at += n;
	} while (rc == 0 && at < content.n);
	buf_release(&content);
	return rc;
}

static int put_attachments(struct exporter *ex, struct stmt *s, int column, struct err *err)
{
	struct arena a = { 0 };
	const struct json *files = NULL;
	char *text;
	int rc = 0;

	if (!ex->options->attachments || stmt_is_null(s, column))
		return 0;
	text = arena_printf(&a, "{\"files\":%s}", stmt_text(s, column));
	rc = json_parse(&a, text, strlen(text), &files, err);
	files = rc == 0 ? json_get(files, "files") : NULL;
	for (const struct json *f = files ? files->child : NULL; f && rc == 0; f = f->next)
		rc = put_attachment(ex, f, err);
	arena_release(&a);
	return rc;
}

/* --- the line of a claim ----------------------------------------------------------------------------------- */

/* CLAIM_LINE_COLUMNS */
enum {
	LINE_BODY,
	LINE_N,
	LINE_ENTRY,
	LINE_SAYS,
	LINE_KNOWN_TEXT,
	LINE_KNOWN,
	LINE_BY,
	LINE_ORG,
	LINE_RECORDED,
	LINE_FILES,
	LINE_KIND,
	LINE_OBJ,
	LINE_WHEN,
	LINE_QUOTE,
	LINE_GRADE,
	LINE_TLP,
	LINE_RULE,
	LINE_NOTE,
	N_LINE_COLUMNS
};

static void put_hex(struct json_out *w, const char *key, struct stmt *s, int column)
{
	struct bytes b = stmt_blob(s, column);

	if (!stmt_is_null(s, column))
		json_member_hex(w, key, b.p, b.n);
}

static void put_time(struct json_out *w, const char *key, struct stmt *s, int column)
{
	char time[WHEN_TEXT_MAX];

	when_format_ms(stmt_int(s, column), time);
	json_member_text(w, key, time);
}

/* What the claim says of its files; key and parts mean something in the home alone. */
static void put_files(struct json_out *w, const struct json *files)
{
	json_open(w, "files", '[');
	for (const struct json *f = files->child; f; f = f->next) {
		json_open(w, NULL, '{');
		json_member_text(w, "name", json_get_text(f, "name"));
		json_member_int(w, "size", json_get_int(f, "size", 0));
		json_member_text(w, "hash", json_get_text(f, "hash"));
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* The members of the body, but for those that put_context() writes. */
static void put_body(struct json_out *w, struct stmt *s, const struct json *body)
{
	static const char *const elsewhere[] = { "says", "known", "by", "entry", "author", "recorded" };

	for (const struct json *m = body->child; m; m = m->next) {
		bool skip = false;

		for (size_t i = 0; i < ARRAY_LEN(elsewhere); i++)
			skip = skip || strcmp(m->key, elsewhere[i]) == 0;
		if (strcmp(m->key, "files") == 0)
			put_files(w, m);
		else if (!skip)
			json_member_value(w, m->key, m);
		if (strcmp(m->key, "set") == 0)
			put_hex(w, "says", s, LINE_SAYS);
	}
}

/* What an export says in full, because another organisation may read it in, at another time; and where it comes from. */
static void put_context(struct json_out *w, struct stmt *s)
{
	if (stmt_is_null(s, LINE_KNOWN_TEXT))
		put_time(w, "known", s, LINE_KNOWN);
	else
		json_member_text(w, "known", stmt_text(s, LINE_KNOWN_TEXT));
	json_member_text(w, "by", stmt_text(s, LINE_BY));
	put_hex(w, "entry", s, LINE_ENTRY);
	put_hex(w, "author", s, LINE_ORG);
	put_time(w, "recorded", s, LINE_RECORDED);
}

/* One value of the table `value` as JSON: by the type of its field, else as a text. */
static void put_value(struct json_out *w, const char *key, const struct field *field, const char *text)
{
	if (field && field->type == FIELD_NUMBER)
		json_member_int(w, key, strtoll(text, NULL, 10));
	else if (field && field->type == FIELD_FLAG)
		json_member_bool(w, key, strcmp(text, "true") == 0);
	else
		json_member_text(w, key, text);
}

/* The fields of a claim whose body is hidden: what the values table holds of it. */
static int put_set(struct json_out *w, struct view *view, struct stmt *claim, struct arena *a, struct err *err)
{
	const struct kind *kind = kind_find(stmt_text(claim, LINE_KIND));
	const char *list = NULL;
	struct stmt *s;
	int rc = db_prepare(view_db(view),
			    "SELECT field, value, (SELECT count(*) FROM value m WHERE m.n = v.n AND m.field = v.field) "
			    "FROM value v WHERE n = ?1 ORDER BY field, i",
			    &s, err);

	if (rc < 0)
		return rc;
	json_open(w, "set", '{');
	stmt_bind_int(s, 1, stmt_int(claim, LINE_N));
	while ((rc = stmt_step(s, err)) == 1) {
		const char *name = stmt_text(s, 0);
		const struct field *field = kind ? kind_field(kind, name) : NULL;
		bool is_list = field ? field->flags & FIELD_LIST : stmt_int(s, 2) > 1;

		if (list && strcmp(list, name) != 0) {
			json_close(w, ']');
			list = NULL;
		}
		if (is_list && !list) {
			json_open(w, name, '[');
			list = arena_text(a, name);
		}
		put_value(w, is_list ? NULL : name, field, stmt_text(s, 1));
	}
	if (list)
		json_close(w, ']');
	json_close(w, '}');
	return rc;
}

/* A claim of which the reader may not know who said it: the views keep no body of it, and no files. */
static int put_hidden(struct json_out *w, struct view *view, struct stmt *s, struct arena *a, struct err *err)
{
	static const struct {
		const char *key;
		int column;
	} texts[] = { { "when", LINE_WHEN }, { "quote", LINE_QUOTE }, { "grade", LINE_GRADE },
		      { "tlp", LINE_TLP },   { "rule", LINE_RULE },   { "note", LINE_NOTE } };
	int rc;

	json_member_text(w, "t", "claim");
	json_member_int(w, "v", 1);
	json_member_text(w, "kind", stmt_text(s, LINE_KIND));
	put_hex(w, "id", s, LINE_OBJ);
	rc = put_set(w, view, s, a, err);
	put_hex(w, "says", s, LINE_SAYS);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		json_member_text(w, texts[i].key, stmt_text(s, texts[i].column));
	return rc;
}

int claim_line(struct view *view, struct stmt *s, struct arena *a, struct buf *out, struct err *err)
{
	struct json_out w = json_out_begin(out);
	const char *text = stmt_text(s, LINE_BODY);
	const struct json *body;
	int rc;

	json_open(&w, NULL, '{');
	if (text) {
		rc = json_parse(a, text, strlen(text), &body, err);
		if (rc == 0)
			put_body(&w, s, body);
	} else {
		rc = put_hidden(&w, view, s, a, err);
	}
	put_context(&w, s);
	json_close(&w, '}');
	return rc == 0 ? buf_check(out, "a line of the export", err) : rc;
}

/* --- all of them ------------------------------------------------------------------------------------------- */

static int put_claim(struct exporter *ex, struct stmt *s, struct err *err)
{
	struct arena a = { 0 };
	int rc = put_attachments(ex, s, LINE_FILES, err);

	if (rc == 0)
		rc = claim_line(ex->view, s, &a, &ex->line, err);
	if (rc == 0)
		rc = put_line(ex, err);
	arena_release(&a);
	return rc;
}

/* Columns: LINE_BODY is the reason, LINE_ENTRY the claim that is retracted. */
static int put_retraction(struct exporter *ex, struct stmt *s, struct err *err)
{
	struct json_out w = json_out_begin(&ex->line);

	json_open(&w, NULL, '{');
	json_member_text(&w, "t", "retract");
	put_hex(&w, "entry", s, LINE_ENTRY);
	json_member_text(&w, "reason", stmt_text(s, LINE_BODY));
	put_hex(&w, "author", s, LINE_ORG);
	put_time(&w, "recorded", s, LINE_RECORDED);
	json_close(&w, '}');
	return put_line(ex, err);
}

/* Claims, and the retractions that took effect, each behind its claim. A retracted claim that is hidden has no values left
 * to write, so neither it nor its retraction is here. */
static const char export_sql[] =
	"SELECT " CLAIM_LINE_COLUMNS ", 0 AS retracts, c.n AS place "
	"FROM claim c JOIN entry e ON e.n = c.n "
	"WHERE (c.status = 0 OR c.status = 1 AND c.body IS NOT NULL) "
	"AND (?1 IS NULL OR c.circle = ?1) AND (?2 IS NULL OR c.kind = ?2) "
	"UNION ALL "
	"SELECT r.reason, r.n, r.target, NULL, NULL, NULL, NULL, r.org, r.recorded, NULL, NULL, NULL, "
	"NULL, NULL, NULL, NULL, NULL, NULL, 1, max(r.n, c.n) "
	"FROM retraction r JOIN entry e ON e.id = r.target JOIN claim c ON c.n = e.n "
	"WHERE c.status = 1 AND c.body IS NOT NULL AND c.org = r.org AND c.circle = r.circle "
	"AND (?1 IS NULL OR c.circle = ?1) AND (?2 IS NULL OR c.kind = ?2) "
	"ORDER BY place, retracts";

static int export_rows(struct exporter *ex, struct stmt *s, struct err *err)
{
	const struct export_options *o = ex->options;
	uint64_t done = 0;
	int rc;

	while ((rc = stmt_step(s, err)) == 1) {
		rc = stmt_int(s, N_LINE_COLUMNS) ? put_retraction(ex, s, err) : put_claim(ex, s, err);
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
