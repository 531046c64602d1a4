#include "node/show.h"

#include <stdlib.h>
#include <string.h>

#define LABEL_CAP 160

static const char *label_of(struct view *view, struct arena *a, const uint8_t obj[static OBJECT_ID_BYTES])
{
	char label[LABEL_CAP];

	view_label(view, obj, label, sizeof label);
	return arena_text(a, label);
}

const char *show_words(struct view *view, struct arena *a, const struct field *field, const char *value)
{
	uint8_t obj[OBJECT_ID_BYTES];
	const struct code_list *list;
	const struct code *code;

	if (!field)
		return value;
	if (field->type == FIELD_ID && hex_decode(value, strlen(value), obj, sizeof obj) == 0)
		return label_of(view, a, obj);
	list = field->type == FIELD_CODE ? code_list_find(field->arg) : NULL;
	code = list ? code_find(list, value) : NULL;
	return code && code->label ? code->label : value;
}

/* Columns of the one query behind show_object(). */
enum {
	COL_FIELD,
	COL_VALUE,
	COL_N,
	COL_ENTRY,
	COL_SAYS,
	COL_ORG,
	COL_BY,
	COL_SOURCE,
	COL_QUOTE,
	COL_GRADE,
	COL_TLP,
	COL_RULE,
	COL_LANG,
	COL_NOTE,
	COL_WHEN,
	COL_KNOWN,
	COL_RECORDED
};

static const char claims_sql[] =
	"SELECT v.field, v.value, c.n, e.id, c.says, c.org, c.by, c.source, c.quote, c.grade, c.tlp, c.rule, c.lang, "
	"c.note, c.when_text, c.known, c.recorded "
	"FROM value v JOIN claim c ON c.n = v.n JOIN entry e ON e.n = c.n "
	"WHERE v.obj = ?1 ORDER BY v.field, c.n, v.i";

static const char *copy_text(struct arena *a, struct stmt *s, int column)
{
	return arena_text(a, stmt_text(s, column));
}

static void read_claim(struct view *view, struct arena *a, struct stmt *s, struct shown_claim *c)
{
	uint8_t author[OBJECT_ID_BYTES];

	*c = (struct shown_claim){ .n = stmt_int(s, COL_N) };
	if (stmt_blob(s, COL_SAYS).n == OBJECT_ID_BYTES)
		memcpy(c->says_id, stmt_blob(s, COL_SAYS).p, OBJECT_ID_BYTES);
	c->says = bytes_are_zero(c->says_id, OBJECT_ID_BYTES) ? NULL : label_of(view, a, c->says_id);
	if (stmt_blob(s, COL_ORG).n == ID_BYTES) {
		org_actor(stmt_blob(s, COL_ORG).p, author);
		c->author = label_of(view, a, author);
	}
	if (stmt_blob(s, COL_ENTRY).n == ID_BYTES)
		memcpy(c->entry, stmt_blob(s, COL_ENTRY).p, ID_BYTES);
	c->by = copy_text(a, s, COL_BY);
	c->source = copy_text(a, s, COL_SOURCE);
	c->quote = copy_text(a, s, COL_QUOTE);
	c->grade = copy_text(a, s, COL_GRADE);
	c->tlp = copy_text(a, s, COL_TLP);
	c->rule = copy_text(a, s, COL_RULE);
	c->lang = copy_text(a, s, COL_LANG);
	c->note = copy_text(a, s, COL_NOTE);
	c->when = copy_text(a, s, COL_WHEN);
	c->known_ms = stmt_int(s, COL_KNOWN);
	c->recorded_ms = stmt_int(s, COL_RECORDED);
}

static struct shown_field *field_of(struct shown *shown, struct arena *a, const char *name)
{
	struct shown_field *f = shown->n_fields ? &shown->fields[shown->n_fields - 1] : NULL;

	if (f && strcmp(f->name, name) == 0)
		return f;
	shown->fields = mem_resize(shown->fields, (shown->n_fields + 1) * sizeof *shown->fields);
	f = &shown->fields[shown->n_fields++];
	*f = (struct shown_field){ .name = arena_text(a, name) };
	f->field = shown->known_kind ? kind_field(shown->known_kind, name) : NULL;
	return f;
}

/* One row of the query: a new claim, or one more item of the list that the last claim gives. */
static void take_row(struct view *view, struct arena *a, struct stmt *s, struct shown *shown, int64_t *last_n)
{
	size_t before = shown->n_fields;
	struct shown_field *f = field_of(shown, a, stmt_text(s, COL_FIELD));
	const char *value = copy_text(a, s, COL_VALUE);
	const char *words = show_words(view, a, f->field, value);
	struct shown_claim *c = f->n_claims ? &f->claims[f->n_claims - 1] : NULL;

	if (c && shown->n_fields == before && *last_n == stmt_int(s, COL_N)) {
		c->value = arena_printf(a, "%s; %s", c->value, words);
		c->raw = arena_printf(a, "%s\x1f%s", c->raw, value);
		return;
	}
	f->claims = mem_resize(f->claims, (f->n_claims + 1) * sizeof *f->claims);
	c = &f->claims[f->n_claims++];
	read_claim(view, a, s, c);
	c->value = words;
	c->raw = value;
	*last_n = stmt_int(s, COL_N);
}

static int read_claims(struct view *view, struct arena *a, struct shown *shown, struct err *err)
{
	int64_t last_n = 0;
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(view), claims_sql, &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, shown->obj, OBJECT_ID_BYTES);
	while ((rc = stmt_step(s, err)) == 1)
		take_row(view, a, s, shown, &last_n);
	return rc;
}

/* --- which comes first ------------------------------------------------------------------------------------- */

static int compare_fields(const void *pa, const void *pb)
{
	const struct shown_field *a = pa, *b = pb;

	if (a->field && b->field)
		return (a->field > b->field) - (a->field < b->field);
	if (!a->field && !b->field)
		return strcmp(a->name, b->name);
	return a->field ? -1 : 1;
}

static int compare_claims(const void *pa, const void *pb)
{
	const struct shown_claim *a = pa, *b = pb;

	if (a->rank != b->rank)
		return a->rank > b->rank ? -1 : 1;
	if (a->known_ms != b->known_ms)
		return a->known_ms < b->known_ms ? 1 : -1;
	return memcmp(a->entry, b->entry, ID_BYTES);
}

static void take_rank(void *ctx, const char *field, int64_t n, enum rank rank)
{
	struct shown *shown = ctx;

	for (size_t i = 0; i < shown->n_fields; i++)
		for (size_t j = 0; j < shown->fields[i].n_claims && strcmp(shown->fields[i].name, field) == 0; j++)
			if (shown->fields[i].claims[j].n == n)
				shown->fields[i].claims[j].rank = rank;
}

static int mark_contested(struct view *view, struct shown *shown, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(view), "SELECT field FROM contested WHERE obj = ?1", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, shown->obj, OBJECT_ID_BYTES);
	while ((rc = stmt_step(s, err)) == 1)
		for (size_t i = 0; i < shown->n_fields; i++)
			if (strcmp(shown->fields[i].name, stmt_text(s, 0)) == 0)
				shown->fields[i].contested = true;
	return rc;
}

static int order(struct view *view, struct shown *shown, struct err *err)
{
	int rc = view_ranks(view, shown->obj, take_rank, shown, err);

	if (rc == 0)
		rc = mark_contested(view, shown, err);
	for (size_t i = 0; i < shown->n_fields; i++)
		qsort(shown->fields[i].claims, shown->fields[i].n_claims, sizeof *shown->fields[i].claims,
		      compare_claims);
	qsort(shown->fields, shown->n_fields, sizeof *shown->fields, compare_fields);
	return rc;
}

/* --- around the object ------------------------------------------------------------------------------------- */

static int read_object(struct view *view, struct arena *a, struct shown *shown, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(view), "SELECT kind FROM object WHERE obj = ?1", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, shown->obj, OBJECT_ID_BYTES);
	rc = stmt_step(s, err);
	if (rc == 1) {
		shown->kind = arena_text(a, stmt_text(s, 0));
		shown->known_kind = kind_find(shown->kind);
		stmt_reset(s);
		shown->label = label_of(view, a, shown->obj);
		return 0;
	}
	return rc < 0 ? rc
		      : err_set(err, E_NOT_FOUND,
				"nothing is claimed of that object as of these dates and for that reader");
}

static int count_gone(struct view *view, struct shown *shown, struct err *err)
{
	struct stmt *s = NULL;
	int rc =
		db_prepare(view_db(view), "SELECT sum(status = 1), sum(status = 2) FROM claim WHERE obj = ?1", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, shown->obj, OBJECT_ID_BYTES);
	rc = stmt_step(s, err);
	if (rc == 1) {
		shown->n_retracted = (size_t)stmt_int(s, 0);
		shown->n_redacted = (size_t)stmt_int(s, 1);
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static int read_links(struct view *view, struct arena *a, struct shown *shown, struct err *err)
{
	char hex[2 * OBJECT_ID_BYTES + 1];
	struct stmt *s = NULL;
	int rc = db_prepare(
		view_db(view),
		"SELECT DISTINCT v.obj, v.kind, v.field FROM value v JOIN object o ON o.obj = v.obj "
		"WHERE v.value = ?1 AND v.obj <> ?2 ORDER BY o.when_from DESC, o.recorded DESC, v.obj, v.field",
		&s, err);

	if (rc < 0)
		return rc;
	hex_encode(shown->obj, OBJECT_ID_BYTES, hex);
	stmt_bind_text(s, 1, hex);
	stmt_bind_blob(s, 2, shown->obj, OBJECT_ID_BYTES);
	shown->links = arena_alloc(a, SHOWN_LINKS_MAX * sizeof *shown->links);
	while ((rc = stmt_step(s, err)) == 1) {
		struct shown_link *link = &shown->links[shown->n_links];

		shown->n_links_in_all++;
		if (shown->n_links == SHOWN_LINKS_MAX)
			continue;
		memcpy(link->obj, stmt_blob(s, 0).p, OBJECT_ID_BYTES);
		link->kind = copy_text(a, s, 1);
		link->field = copy_text(a, s, 2);
		shown->n_links++;
	}
	for (size_t i = 0; i < shown->n_links; i++)
		shown->links[i].label = label_of(view, a, shown->links[i].obj);
	return rc;
}

/* What the record itself says: values without a claim behind them. */
static int read_control(struct view *view, struct arena *a, struct shown *shown, struct err *err)
{
	struct view_value *values = NULL;
	size_t n = 0;
	int rc = view_values(view, a, shown->kind, shown->obj, &values, &n, err);

	for (size_t i = 0; i < n && rc == 0; i++) {
		struct shown_field *f = field_of(shown, a, values[i].field->name);

		f->claims = mem_alloc(sizeof *f->claims);
		f->n_claims = 1;
		f->claims[0] = (struct shown_claim){ .value = show_words(view, a, f->field, values[i].value),
						     .raw = values[i].value,
						     .rank = RANK_FIRST };
	}
	return rc;
}

/* The growing arrays were malloc'ed: move them to the arena. */
static void move_to_arena(struct shown *shown, struct arena *a)
{
	struct shown_field *fields = arena_alloc(a, (shown->n_fields + 1) * sizeof *fields);

	for (size_t i = 0; i < shown->n_fields; i++) {
		fields[i] = shown->fields[i];
		fields[i].claims = arena_alloc(a, fields[i].n_claims * sizeof *fields[i].claims);
		memcpy(fields[i].claims, shown->fields[i].claims, fields[i].n_claims * sizeof *fields[i].claims);
		free(shown->fields[i].claims);
	}
	free(shown->fields);
	shown->fields = fields;
}

int show_object(struct view *view, struct arena *a, const uint8_t obj[static OBJECT_ID_BYTES], struct shown *ret,
		struct err *err)
{
	struct shown shown = { 0 };
	int rc;

	memcpy(shown.obj, obj, OBJECT_ID_BYTES);
	rc = read_object(view, a, &shown, err);
	if (rc == 0)
		rc = read_claims(view, a, &shown, err);
	if (rc == 0)
		rc = order(view, &shown, err);
	if (rc == 0 && shown.n_fields == 0 && shown.known_kind && (shown.known_kind->flags & KIND_RECORD))
		rc = read_control(view, a, &shown, err);
	move_to_arena(&shown, a);
	if (rc == 0)
		rc = count_gone(view, &shown, err);
	if (rc == 0)
		rc = read_links(view, a, &shown, err);
	if (rc == 0)
		*ret = shown;
	return rc;
}
