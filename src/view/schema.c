/* The tables: fixed ones, and one for each kind of the vocabulary. docs/views.md says what they hold. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "view/view_internal.h"

/* Raise it when rows come out otherwise from the same entries: it makes old snapshots useless. */
#define RULES_VERSION "4"
#define SQL_TEXT_MAX 65536

static const struct view_table tables[] = {
	{ "entry",
	  "CREATE TABLE entry (n INTEGER PRIMARY KEY, id BLOB, circle BLOB, device BLOB, org BLOB, seq INTEGER,"
	  " class INTEGER, recorded INTEGER, state TEXT NOT NULL);"
	  "CREATE INDEX entry_id ON entry (id)",
	  "SELECT * FROM entry ORDER BY n" },
	{ "claim",
	  "CREATE TABLE claim (n INTEGER PRIMARY KEY, kind TEXT, obj BLOB, circle BLOB, org BLOB, says BLOB,"
	  " when_text TEXT, when_from INTEGER, when_to INTEGER, known_text TEXT, known INTEGER, recorded INTEGER,"
	  " \"by\" TEXT, source TEXT, quote TEXT, grade TEXT, tlp TEXT, rule TEXT, lang TEXT, note TEXT, files TEXT,"
	  " body TEXT, digest BLOB, status INTEGER NOT NULL);"
	  "CREATE INDEX claim_obj ON claim (obj);"
	  "CREATE INDEX claim_digest ON claim (digest)",
	  "SELECT * FROM claim ORDER BY n" },
	{ "retraction",
	  "CREATE TABLE retraction (n INTEGER PRIMARY KEY, target BLOB, org BLOB, circle BLOB, recorded INTEGER,"
	  " reason TEXT);"
	  "CREATE INDEX retraction_target ON retraction (target)",
	  "SELECT * FROM retraction ORDER BY n" },
	{ "redaction",
	  "CREATE TABLE redaction (n INTEGER PRIMARY KEY, target BLOB, org BLOB, circle BLOB, recorded INTEGER,"
	  " reason TEXT);"
	  "CREATE INDEX redaction_target ON redaction (target)",
	  "SELECT * FROM redaction ORDER BY n" },
	{ "control",
	  "CREATE TABLE control (n INTEGER, obj BLOB, kind TEXT, field TEXT, i INTEGER, value TEXT,"
	  " PRIMARY KEY (obj, n, field, i)) WITHOUT ROWID",
	  "SELECT * FROM control ORDER BY obj, n, field, i" },
	/* By n: the rows of a claim lie together and new ones go to the end, and no index on obj must be kept, for there
	 * is one on claims. */
	{ "value",
	  "CREATE TABLE said (n INTEGER, field TEXT, i INTEGER, value TEXT, PRIMARY KEY (n, field, i)) WITHOUT ROWID;"
	  "CREATE VIEW value AS SELECT s.n, c.obj, c.kind, s.field, s.i, s.value FROM said s JOIN claim c ON c.n = s.n",
	  "SELECT * FROM said ORDER BY n, field, i" },
	{ "object",
	  "CREATE TABLE object (obj BLOB PRIMARY KEY, kind TEXT, label TEXT, n_claims INTEGER, n_contested INTEGER,"
	  " when_from INTEGER, when_to INTEGER, recorded INTEGER) WITHOUT ROWID;"
	  "CREATE INDEX object_kind ON object (kind)",
	  "SELECT * FROM object ORDER BY obj" },
	{ "contested",
	  "CREATE TABLE contested (obj BLOB, field TEXT, n_values INTEGER, PRIMARY KEY (obj, field)) WITHOUT ROWID",
	  "SELECT * FROM contested ORDER BY obj, field" },
	/* The index alone: the words stand in `said` and `claim`. Compared are the words with how often and in how many
	 * claims each stands, and then how many each claim has. */
	{ "search",
	  "CREATE VIRTUAL TABLE search USING fts5 (text, content = '', tokenize = 'unicode61 remove_diacritics 2');"
	  "CREATE VIRTUAL TABLE search_word USING fts5vocab (search, row)",
	  "SELECT term, doc, cnt FROM search_word" },
	{ "search", "", "SELECT id, sz FROM search_docsize ORDER BY id" },
};

const struct view_table *schema_tables(size_t *ret_n)
{
	*ret_n = ARRAY_LEN(tables);
	return tables;
}

/* Numbers compare as numbers in SQL; everything else stays as it was written. */
static const char *column_type(const struct field *field)
{
	return field->type == FIELD_NUMBER && !(field->flags & FIELD_LIST) ? "INTEGER" : "TEXT";
}

static const char *create_text(struct arena *a, const char *name, const struct kind *kind)
{
	const char *text;
	struct buf b;

	buf_init(&b, SQL_TEXT_MAX);
	buf_printf(&b, "CREATE TABLE %s (obj BLOB PRIMARY KEY", name);
	for (size_t i = 0; i < kind->n_fields; i++)
		buf_printf(&b, ", \"%s\" %s", kind->fields[i].name, column_type(&kind->fields[i]));
	buf_text(&b, ") WITHOUT ROWID");
	text = arena_text(a, buf_str(&b));
	buf_release(&b);
	return text;
}

static const char *put_text(struct arena *a, const char *name, const struct kind *kind)
{
	const char *text;
	struct buf b;

	buf_init(&b, SQL_TEXT_MAX);
	buf_printf(&b, "INSERT OR REPLACE INTO %s VALUES (?", name);
	for (size_t i = 0; i < kind->n_fields; i++)
		buf_text(&b, ", ?");
	buf_text(&b, ")");
	text = arena_text(a, buf_str(&b));
	buf_release(&b);
	return text;
}

void schema_compose(struct view *view)
{
	struct arena *a = &view->texts;
	const struct kind *kinds = kinds_all(&view->n_kinds);

	view->kinds = arena_alloc(a, view->n_kinds * sizeof *view->kinds);
	for (size_t i = 0; i < view->n_kinds; i++) {
		struct kind_table *t = &view->kinds[i];

		t->kind = &kinds[i];
		t->name = arena_printf(a, "k_%s", kinds[i].name);
		t->create = create_text(a, t->name, t->kind);
		t->put = put_text(a, t->name, t->kind);
		t->read = arena_printf(a, "SELECT * FROM %s ORDER BY obj", t->name);
		t->read_one = arena_printf(a, "SELECT * FROM %s WHERE obj = ?", t->name);
		t->remove = arena_printf(a, "DELETE FROM %s WHERE obj = ?", t->name);
	}
}

int schema_create(struct view *view, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(tables) && rc == 0; i++)
		rc = db_exec(view->db, tables[i].create, err);
	for (size_t i = 0; i < view->n_kinds && rc == 0; i++)
		rc = db_exec(view->db, view->kinds[i].create, err);
	return rc;
}

/* With the NUL behind each text, so that texts do not run into each other. It only has to tell versions
 * apart: the snapshot's seal keeps out forgeries. */
static void digest_text(uint64_t *digest, const char *text)
{
	const char *p = text ? text : "";

	*digest = mark_bytes(*digest, p, strlen(p) + 1);
}

static void digest_kind(uint64_t *digest, const struct kind *kind)
{
	for (size_t i = 0; i < kind->n_fields; i++) {
		const struct field *f = &kind->fields[i];
		const char marks[] = { (char)('a' + (int)f->type), (char)('a' + (int)(f->flags & 15)), 0 };

		digest_text(digest, marks);
		digest_text(digest, f->type == FIELD_CODE ? f->arg : NULL);
	}
}

uint64_t schema_digest(const struct view *view)
{
	uint64_t digest = MARK_BEGIN;
	size_t n_lists;
	const struct code_list *lists = kinds_code_lists(&n_lists);

	digest_text(&digest, RULES_VERSION);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		digest_text(&digest, tables[i].create);
	for (size_t i = 0; i < view->n_kinds; i++) {
		digest_text(&digest, view->kinds[i].create);
		digest_kind(&digest, view->kinds[i].kind);
	}
	for (size_t i = 0; i < n_lists; i++) {
		digest_text(&digest, lists[i].name);
		for (size_t j = 0; j < lists[i].n_codes; j++) {
			digest_text(&digest, lists[i].codes[j].code);
			digest_text(&digest, lists[i].codes[j].label);
		}
	}
	return digest;
}

const struct kind_table *schema_kind(const struct view *view, const char *name)
{
	for (size_t i = 0; name && i < view->n_kinds; i++)
		if (name_is(view->kinds[i].kind->name, name))
			return &view->kinds[i];
	return NULL;
}
