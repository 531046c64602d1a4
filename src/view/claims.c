/* One claim in the tables: its row, its values, its words; and what a retraction or a redaction does to them. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "view/view_internal.h"

#define WORDS_MAX (512 * 1024) /* bytes of one claim in the full text: a body and the labels of its codes */

/* A claim whose values and words are being added, or its words taken out again. */
struct indexing {
	struct view *view;
	int64_t n;
	bool remove;
	const struct claim *claim;
	const struct kind *kind; /* NULL: unknown */
	struct arena arena;
	struct buf words;
};

static const char *json_text(struct arena *a, const struct json *value)
{
	struct buf b;
	const char *text;

	buf_init(&b, JSON_TEXT_MAX);
	json_write(&b, value);
	text = arena_text(a, buf_str(&b));
	buf_release(&b);
	return text;
}

const char *value_text(struct arena *a, const struct json *value)
{
	switch (value->type) {
	case JSON_T_NULL:
		return NULL;
	case JSON_T_BOOL:
		return value->number ? "true" : "false";
	case JSON_T_INT:
		return arena_printf(a, "%lld", (long long)value->number);
	case JSON_T_TEXT:
		return value->text;
	case JSON_T_ARRAY:
	case JSON_T_OBJECT:
		break;
	}
	return json_text(a, value);
}

/* What does not fit is left out: only a claim that repeats one code thousands of times is so large, and it must not
 * keep the views from what comes after it. */
static void add_words(struct buf *words, const char *text)
{
	if (!text || strlen(text) >= WORDS_MAX - words->n)
		return;
	if (words->n > 0)
		buf_text(words, "\n");
	buf_text(words, text);
}

/* Words of a value: texts as they are, codes with their plain words, ids and numbers not at all. */
static void add_value_words(struct indexing *in, const struct field *field, const struct json *value)
{
	const struct code *code;

	if (value->type != JSON_T_TEXT || (field && field->type == FIELD_ID))
		return;
	add_words(&in->words, value->text);
	if (!field || field->type != FIELD_CODE)
		return;
	code = code_find(code_list_find(field->arg), value->text);
	if (code)
		add_words(&in->words, code->label);
}

static int add_value(struct indexing *in, const char *field, int64_t i, const struct json *value, struct err *err)
{
	const char *text = value_text(&in->arena, value);
	struct stmt *s = NULL;
	int rc;

	if (!text)
		return 0;
	rc = db_prepare(in->view->db, "INSERT INTO said (n, field, i, value) VALUES (?, ?, ?, ?)", &s, err);
	if (rc < 0)
		return rc;
	stmt_bind_int(s, 1, in->n);
	stmt_lend_text(s, 2, field);
	stmt_bind_int(s, 3, i);
	stmt_lend_text(s, 4, text);
	return stmt_run(s, err);
}

static int add_field(struct indexing *in, const struct json *member, struct err *err)
{
	const struct field *field = in->kind ? kind_field(in->kind, member->key) : NULL;
	const struct json *item = member->type == JSON_T_ARRAY ? member->child : member;
	int rc = 0;

	for (int64_t i = 0; item && rc == 0; i++) {
		rc = in->remove ? 0 : add_value(in, member->key, i, item, err);
		add_value_words(in, field, item);
		item = item == member ? NULL : item->next;
	}
	return rc;
}

/* The index keeps no texts: to take one out it must be told it once more. */
static int write_search(struct indexing *in, struct err *err)
{
	const char *sql = in->remove ? "INSERT INTO search (search, rowid, text) VALUES ('delete', ?, ?)"
				     : "INSERT INTO search (rowid, text) VALUES (?, ?)";
	struct stmt *s = NULL;
	int rc = buf_check(&in->words, "the words of a claim", err);

	if (rc == 0)
		rc = db_prepare(in->view->db, sql, &s, err);
	if (rc < 0)
		return rc;
	stmt_bind_int(s, 1, in->n);
	stmt_lend_text(s, 2, buf_str(&in->words));
	return stmt_run(s, err);
}

static int index_claim(struct indexing *in, bool with_source, struct err *err)
{
	const struct claim *claim = in->claim;
	int rc = 0;

	in->kind = kind_find(claim->kind);
	arena_init(&in->arena);
	buf_init(&in->words, WORDS_MAX);
	for (const struct json *m = claim->set->child; m && rc == 0; m = m->next)
		rc = add_field(in, m, err);
	if (with_source)
		add_words(&in->words, claim->source);
	add_words(&in->words, claim->quote);
	add_words(&in->words, claim->note);
	if (rc == 0)
		rc = write_search(in, err);
	view_touch(in->view, claim->id);
	buf_release(&in->words);
	arena_release(&in->arena);
	return rc;
}

int claim_index(struct view *view, int64_t n, const struct claim *claim, bool with_source, struct err *err)
{
	struct indexing in = { .view = view, .n = n, .claim = claim };

	return index_claim(&in, with_source, err);
}

/* The same, from the body that the claim row keeps. */
static int index_body(struct view *view, int64_t n, const char *body, bool remove, bool with_source, struct err *err)
{
	struct arena arena;
	struct body read;
	int rc;

	arena_init(&arena);
	rc = body_read(&arena, CLASS_CLAIM, BYTES(body, strlen(body)), &read, err);
	if (rc == 0) {
		struct indexing in = { .view = view, .n = n, .remove = remove, .claim = &read.claim };

		rc = index_claim(&in, with_source, err);
	}
	arena_release(&arena);
	return rc;
}

int claim_index_body(struct view *view, int64_t n, const char *body, bool with_source, struct err *err)
{
	return index_body(view, n, body, false, with_source, err);
}

/* Take the values and words of a claim out of the tables again. */
static int claim_unindex(struct view *view, int64_t n, const char *body, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view->db, "DELETE FROM said WHERE n = ?", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_int(s, 1, n);
	rc = stmt_run(s, err);
	return rc == 0 ? index_body(view, n, body, true, true, err) : rc;
}

static void bind_dates(struct stmt *s, const struct record_entry *entry, const struct claim *claim)
{
	const int64_t recorded = (int64_t)entry->envelope.time_ms;

	stmt_lend_text(s, 7, claim->when_text);
	if (claim->when_text) {
		stmt_bind_int(s, 8, claim->when.from_ms);
		stmt_bind_int(s, 9, claim->when.to_ms);
	} else {
		stmt_bind_null(s, 8);
		stmt_bind_null(s, 9);
	}
	stmt_lend_text(s, 10, claim->known_text);
	stmt_bind_int(s, 11, claim->known_text ? claim->known.from_ms : recorded);
	stmt_bind_int(s, 12, recorded);
}

static void bind_provenance(struct stmt *s, struct arena *a, const struct claim *claim)
{
	const char *const texts[] = { claim->by,    claim->source, claim->quote,
				      claim->grade, claim->tlp,    claim->rule,
				      claim->lang,  claim->note,   claim->files ? json_text(a, claim->files) : NULL };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		stmt_lend_text(s, 13 + (int)i, texts[i]);
}

static int add_row(struct view *view, const struct author_entry *in, const struct claim *claim,
		   enum claim_status status, struct err *err)
{
	const struct record_entry *entry = in->entry;
	uint8_t says[OBJECT_ID_BYTES];
	struct arena arena;
	struct stmt *s = NULL;
	int rc;

	rc = db_prepare(view->db,
			"INSERT INTO claim (n, kind, obj, circle, org, says, when_text, when_from, when_to, known_text,"
			" known, recorded, \"by\", source, quote, grade, tlp, rule, lang, note, files, body, digest,"
			" status)"
			" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			&s, err);
	if (rc < 0)
		return rc;
	org_actor(in->org, says);
	arena_init(&arena);
	stmt_bind_int(s, 1, (int64_t)entry->n);
	stmt_lend_text(s, 2, claim->kind);
	stmt_lend_blob(s, 3, claim->id, OBJECT_ID_BYTES);
	stmt_lend_blob(s, 4, entry->envelope.circle, ID_BYTES);
	stmt_lend_blob(s, 5, in->org, ID_BYTES);
	stmt_lend_blob(s, 6, claim->has_says ? claim->says : says, OBJECT_ID_BYTES);
	bind_dates(s, entry, claim);
	bind_provenance(s, &arena, claim);
	stmt_lend_text(s, 22, (const char *)entry->text.p);
	stmt_lend_blob(s, 23, in->digest, HASH_BYTES);
	stmt_bind_int(s, 24, status);
	rc = stmt_run(s, err);
	arena_release(&arena);
	return rc;
}

int claim_add(struct view *view, const struct author_entry *in, const struct claim *claim, enum claim_status status,
	      struct err *err)
{
	int rc = add_row(view, in, claim, status, err);

	if (rc == 0 && status == CLAIM_EFFECTIVE)
		rc = claim_index(view, (int64_t)in->entry->n, claim, true, err);
	return rc;
}

/* What is there of a claim that is about to change. */
struct present {
	bool found;
	enum claim_status status;
	char *body; /* in the arena */
};

static int find_claim(struct view *view, int64_t n, struct arena *a, struct present *ret, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view->db, "SELECT status, body FROM claim WHERE n = ?", &s, err);

	if (rc < 0)
		return rc;
	*ret = (struct present){ 0 };
	stmt_bind_int(s, 1, n);
	rc = stmt_step(s, err);
	if (rc == 1) {
		ret->found = true;
		ret->status = (enum claim_status)stmt_int(s, 0);
		ret->body = arena_text(a, stmt_text(s, 1));
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static int write_status(struct view *view, int64_t n, enum claim_status status, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view->db, "UPDATE claim SET status = ? WHERE n = ?", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_int(s, 1, status);
	stmt_bind_int(s, 2, n);
	return stmt_run(s, err);
}

int claim_set_status(struct view *view, int64_t n, enum claim_status status, struct err *err)
{
	struct present claim;
	struct arena arena;
	int rc;

	arena_init(&arena);
	rc = find_claim(view, n, &arena, &claim, err);
	if (rc < 0 || !claim.found || claim.status == status || claim.status == CLAIM_REDACTED)
		goto out;
	rc = write_status(view, n, status, err);
	if (rc == 0 && status == CLAIM_RETRACTED)
		rc = claim_unindex(view, n, claim.body, err);
	else if (rc == 0)
		rc = claim_index_body(view, n, claim.body, true, err);
out:
	arena_release(&arena);
	return rc;
}

int claim_redact(struct view *view, int64_t n, struct err *err)
{
	struct present claim;
	struct arena arena;
	struct stmt *s = NULL;
	int rc;

	arena_init(&arena);
	rc = find_claim(view, n, &arena, &claim, err);
	if (rc == 0 && claim.found && claim.status == CLAIM_EFFECTIVE)
		rc = claim_unindex(view, n, claim.body, err);
	if (rc == 0 && claim.found && claim.status != CLAIM_REDACTED)
		view->scrub = true; /* retracted words may still be there too */
	if (rc == 0)
		rc = db_prepare(view->db,
				"INSERT OR REPLACE INTO claim (n, circle, org, recorded, status)"
				" SELECT n, circle, org, recorded, 2 FROM entry WHERE n = ?",
				&s, err);
	if (rc == 0) {
		stmt_bind_int(s, 1, n);
		rc = stmt_run(s, err);
	}
	arena_release(&arena);
	return rc;
}
