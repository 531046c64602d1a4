#include "node/find.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "record/kinds/kinds.h"

#define LABEL_CAP 160
#define WORDS_MAX 32
#define LIST_SEPARATOR '\x1f' /* view.h */

static const char *label_of(struct view *view, struct arena *a, const uint8_t obj[static OBJECT_ID_BYTES])
{
	char label[LABEL_CAP];

	view_label(view, obj, label, sizeof label);
	return arena_text(a, label);
}

/* A list that grows by malloc and ends in the arena. */
struct growing {
	struct found *items;
	size_t n;
};

/* Columns: obj, kind, when_from, n_claims, n_contested. */
static void take_object(struct growing *g, struct arena *a, struct stmt *s)
{
	struct found *f;

	g->items = mem_resize(g->items, (g->n + 1) * sizeof *g->items);
	f = &g->items[g->n++];
	*f = (struct found){ .n_claims = stmt_int(s, 3), .n_contested = stmt_int(s, 4) };
	memcpy(f->obj, stmt_blob(s, 0).p, OBJECT_ID_BYTES);
	f->kind = arena_text(a, stmt_text(s, 1));
	f->has_when = !stmt_is_null(s, 2);
	f->when_from = stmt_int(s, 2);
}

/* Cut to the limit, give labels and values, move to the arena. */
static int finish(struct view *view, struct arena *a, const struct growing *g, size_t limit, struct found_list *ret,
		  struct err *err)
{
	size_t n = limit && g->n > limit ? limit : g->n;
	struct found *out = arena_alloc(a, (n + 1) * sizeof *out);
	int rc = 0;

	if (n)
		memcpy(out, g->items, n * sizeof *out);
	for (size_t i = 0; i < n && rc == 0; i++) {
		out[i].label = label_of(view, a, out[i].obj);
		if (!out[i].values)
			rc = view_values(view, a, out[i].kind, out[i].obj, &out[i].values, &out[i].n_values, err);
	}
	if (rc == 0)
		*ret = (struct found_list){ out, n, g->n };
	return rc;
}

/* --- objects of a kind ------------------------------------------------------------------------------------- */

struct condition {
	const char *field, *value;
	bool contains;
};

static int no_such_field(const struct kind *kind, const char *field, struct err *err)
{
	const char *near = kind_nearest_field(kind, field);

	return err_set(err, E_INVALID, "%s has no field '%.40s'%s%s%s", kind->name, field,
		       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static int read_conditions(struct arena *a, const struct find_query *query, const struct kind *kind,
			   struct condition *out, struct err *err)
{
	for (size_t i = 0; i < query->n_where; i++) {
		const char *text = query->where[i];
		size_t name = strcspn(text, "=~");

		if (!text[name] || name == 0)
			return err_set(err, E_INVALID, "--where takes FIELD=VALUE or FIELD~PART");
		out[i] = (struct condition){ arena_copy(a, text, name), text + name + 1, text[name] == '~' };
		if (kind && !kind_field(kind, out[i].field))
			return no_such_field(kind, out[i].field, err);
	}
	return 0;
}

/* A condition on an id may name the object as people do. */
static const char *condition_value(struct view *view, struct arena *a, const struct kind *kind,
				   const struct condition *c)
{
	uint8_t obj[OBJECT_ID_BYTES];
	const struct field *field = kind_field(kind, c->field);
	char *hex;

	if (c->contains || !field || field->type != FIELD_ID || view_find_object(view, c->value, obj, NULL) < 0)
		return c->value;
	hex = arena_alloc(a, 2 * OBJECT_ID_BYTES + 1);
	hex_encode(obj, sizeof obj, hex);
	return hex;
}

/* Whether one item of a list, or the only value, is the wanted one. */
static bool has_item(const char *list, const char *wanted)
{
	size_t n = strlen(wanted);

	for (const char *at = list; at; at = strchr(at, LIST_SEPARATOR)) {
		at += *at == LIST_SEPARATOR;
		if (strncmp(at, wanted, n) == 0 && (at[n] == 0 || at[n] == LIST_SEPARATOR))
			return true;
	}
	return false;
}

static bool meets(const struct found *f, const struct condition *c)
{
	for (size_t i = 0; i < f->n_values; i++)
		if (strcmp(f->values[i].field->name, c->field) == 0)
			return c->contains ? strcasestr(f->values[i].value, c->value) != NULL
					   : has_item(f->values[i].value, c->value);
	return false;
}

/* Keep the objects whose values shown first meet all conditions. */
static int filter(struct view *view, struct arena *a, struct growing *g, const struct condition *conditions, size_t n,
		  struct err *err)
{
	size_t kept = 0;

	for (size_t i = 0; i < g->n; i++) {
		struct found *f = &g->items[i];
		size_t met = 0;
		int rc = view_values(view, a, f->kind, f->obj, &f->values, &f->n_values, err);

		if (rc < 0)
			return rc;
		while (met < n && meets(f, &conditions[met]))
			met++;
		if (met == n)
			g->items[kept++] = *f;
	}
	g->n = kept;
	return 0;
}

static int check_kind(struct view *view, const char *name, struct err *err)
{
	const char *near = kinds_nearest_kind(name);
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(view), "SELECT 1 FROM object WHERE kind = ?1", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_text(s, 1, name);
	rc = stmt_step(s, err);
	stmt_reset(s);
	if (rc == 0)
		return err_set(err, E_INVALID, "there is no kind '%.40s'%s%s%s: 'parley add --help' lists them", name,
			       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
	return rc < 0 ? rc : 0;
}

/* Check kind and conditions; values that name objects become ids. */
static int prepare(struct view *view, struct arena *a, const struct find_query *query, struct condition *conditions,
		   struct err *err)
{
	const struct kind *kind = kind_find(query->kind);
	int rc = kind ? 0 : check_kind(view, query->kind, err);

	if (rc == 0)
		rc = read_conditions(a, query, kind, conditions, err);
	if (rc == 0 && !kind && query->n_where > 0)
		rc = err_set(err, E_INVALID, "this version does not know the fields of that kind: leave --where out");
	for (size_t i = 0; i < query->n_where && rc == 0; i++)
		conditions[i].value = condition_value(view, a, kind, &conditions[i]);
	return rc;
}

int find_objects(struct view *view, struct arena *a, const struct find_query *query, struct found_list *ret,
		 struct err *err)
{
	struct condition *conditions = arena_alloc(a, (query->n_where + 1) * sizeof *conditions);
	struct growing g = { 0 };
	struct stmt *s = NULL;
	int rc = prepare(view, a, query, conditions, err);

	if (rc == 0)
		rc = db_prepare(view_db(view),
				"SELECT obj, kind, when_from, n_claims, n_contested FROM object WHERE kind = ?1 AND "
				"(?2 = 0 OR n_contested > 0) ORDER BY when_from, label, obj",
				&s, err);
	if (rc < 0)
		return rc;
	stmt_bind_text(s, 1, query->kind);
	stmt_bind_int(s, 2, query->contested);
	while ((rc = stmt_step(s, err)) == 1)
		take_object(&g, a, s);
	if (rc == 0 && query->n_where > 0)
		rc = filter(view, a, &g, conditions, query->n_where, err);
	if (rc == 0)
		rc = finish(view, a, &g, query->limit, ret, err);
	free(g.items);
	return rc;
}

/* --- objects by words -------------------------------------------------------------------------------------- */

/* The words as a full-text query: each quoted, so that nothing in them is an operator, and open at its end. */
static int match_text(const char *const *words, size_t n, struct buf *out, struct err *err)
{
	if (n > WORDS_MAX)
		return err_set(err, E_LIMIT, "at most %d words can be searched at once", WORDS_MAX);
	for (size_t i = 0; i < n; i++) {
		buf_text(out, i ? " \"" : "\"");
		for (const char *c = words[i]; *c; c++)
			buf_put(out, *c == '"' ? "\"\"" : c, *c == '"' ? 2 : 1);
		buf_text(out, "\"*");
	}
	return buf_check(out, "the search", err);
}

static bool is_listed(const struct growing *g, const uint8_t *obj)
{
	for (size_t i = 0; i < g->n; i++)
		if (memcmp(g->items[i].obj, obj, OBJECT_ID_BYTES) == 0)
			return true;
	return false;
}

int find_text(struct view *view, struct arena *a, const char *const *words, size_t n_words, size_t limit,
	      struct found_list *ret, struct err *err)
{
	struct growing g = { 0 };
	struct buf match;
	struct stmt *s = NULL;
	int rc;

	buf_init(&match, 65536);
	rc = match_text(words, n_words, &match, err);
	if (rc == 0)
		rc = db_prepare(
			view_db(view),
			"SELECT o.obj, o.kind, o.when_from, o.n_claims, o.n_contested FROM search JOIN claim c ON "
			"c.n = search.rowid JOIN object o ON o.obj = c.obj WHERE search MATCH ?1 ORDER BY search.rank",
			&s, err);
	if (rc < 0)
		goto out;
	stmt_bind_text(s, 1, buf_str(&match));
	while ((rc = stmt_step(s, err)) == 1)
		if (!is_listed(&g, stmt_blob(s, 0).p))
			take_object(&g, a, s);
	if (rc == 0)
		rc = finish(view, a, &g, limit, ret, err);
out:
	buf_release(&match);
	free(g.items);
	return rc;
}

/* --- the log ----------------------------------------------------------------------------------------------- */

static const char log_sql[] =
	"SELECT e.id, e.recorded, e.class, c.kind, c.obj, c.says, c.status, r.target, r.reason, d.target, d.reason, "
	"e.n "
	"FROM entry e LEFT JOIN claim c ON c.n = e.n LEFT JOIN retraction r ON r.n = e.n LEFT JOIN redaction d ON d.n "
	"= e.n "
	"WHERE ?1 IS NULL OR c.obj = ?1 OR r.target IN (SELECT e2.id FROM claim c2 JOIN entry e2 ON e2.n = c2.n WHERE "
	"c2.obj = ?1) "
	"OR d.target IN (SELECT e3.id FROM claim c3 JOIN entry e3 ON e3.n = c3.n WHERE c3.obj = ?1) ORDER BY e.n";

static const char *act_of(struct stmt *s)
{
	static const char *const statuses[] = { "claim", "claim, retracted", "claim, redacted" };
	static const char *const classes[] = { "later class", "unreadable", "control",     "heads",
					       "redact",      "sigchain",   "part of file" };

	if (!stmt_is_null(s, 3) || !stmt_is_null(s, 6))
		return statuses[stmt_int(s, 6)];
	if (!stmt_is_null(s, 7))
		return "retract";
	return classes[stmt_int(s, 2) < 7 ? stmt_int(s, 2) : 0];
}

/* The names of the fields that a claim sets. */
static int fields_of(struct view *view, struct arena *a, int64_t n, const char **ret, struct err *err)
{
	struct stmt *s = NULL;
	char *text = arena_text(a, "");
	int rc = db_prepare(view_db(view), "SELECT DISTINCT field FROM value WHERE n = ?1 ORDER BY field", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_int(s, 1, n);
	while ((rc = stmt_step(s, err)) == 1)
		text = arena_printf(a, "%s%s%s", text, *text ? ", " : "", stmt_text(s, 0));
	*ret = text;
	return rc;
}

struct growing_log {
	struct logged *items;
	int64_t *rows; /* of claims, else 0 */
	size_t n;
};

static void take_entry(struct growing_log *log, struct arena *a, struct stmt *s)
{
	struct logged *l;

	log->items = mem_resize(log->items, (log->n + 1) * sizeof *log->items);
	log->rows = mem_resize(log->rows, (log->n + 1) * sizeof *log->rows);
	l = &log->items[log->n];
	log->rows[log->n++] = stmt_is_null(s, 3) ? 0 : stmt_int(s, 11);
	*l = (struct logged){ .recorded_ms = stmt_int(s, 1), .act = act_of(s) };
	if (stmt_blob(s, 0).n == ID_BYTES) /* a damaged entry has none */
		memcpy(l->entry, stmt_blob(s, 0).p, ID_BYTES);
	l->has_obj = stmt_blob(s, 4).n == OBJECT_ID_BYTES;
	if (l->has_obj)
		memcpy(l->obj, stmt_blob(s, 4).p, OBJECT_ID_BYTES);
	l->what = arena_text(a, stmt_is_null(s, 3) ? stmt_text(s, stmt_is_null(s, 7) ? 10 : 8) : stmt_text(s, 3));
	if (stmt_blob(s, 5).n == OBJECT_ID_BYTES)
		l->says = arena_copy(a, (const char *)stmt_blob(s, 5).p, OBJECT_ID_BYTES);
}

static int describe_entry(struct view *view, struct arena *a, struct logged *l, int64_t row, struct err *err)
{
	const char *fields = NULL;
	int rc = 0;

	if (l->says)
		l->says = label_of(view, a, (const uint8_t *)l->says);
	if (row)
		rc = fields_of(view, a, row, &fields, err);
	if (fields && *fields)
		l->what = arena_printf(a, "%s %s: %s", l->what, label_of(view, a, l->obj), fields);
	return rc;
}

int find_log(struct view *view, struct arena *a, const uint8_t *obj, size_t limit, struct log_list *ret,
	     struct err *err)
{
	struct growing_log log = { 0 };
	struct logged *out = NULL;
	size_t n, first;
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(view), log_sql, &s, err);

	if (rc < 0)
		return rc;
	if (obj)
		stmt_bind_blob(s, 1, obj, OBJECT_ID_BYTES);
	while ((rc = stmt_step(s, err)) == 1)
		take_entry(&log, a, s);
	n = limit && log.n > limit ? limit : log.n;
	first = log.n - n;
	out = arena_alloc(a, (n + 1) * sizeof *out);
	for (size_t i = 0; i < n && rc == 0; i++) {
		out[i] = log.items[first + i];
		rc = describe_entry(view, a, &out[i], log.rows[first + i], err);
	}
	if (rc == 0)
		*ret = (struct log_list){ out, n, log.n };
	free(log.items);
	free(log.rows);
	return rc;
}
