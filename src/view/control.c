/* What control entries say: charters, members, epochs, devices, heads, redactions.
 *
 * Each entry adds rows to `control`, in the shape of `value`; control_judge() picks, object by object, the entry that
 * counts. Which object: a charter by its circle, a device by its key, an epoch or a redaction by its entry (the first
 * 16 bytes each); a member by the label @member/CIRCLE/ORGANISATION, a head by @head/CIRCLE/WITNESS/DEVICE.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "view/view_internal.h"

#define HEX_ID (2 * ID_BYTES + 1)
#define HEAD_RECORD_BYTES (KEY_BYTES + 8 + ID_BYTES)

/* An entry that speaks, and the object of which it speaks at the moment. */
struct speech {
	struct view *view;
	const struct record *record;
	const struct author_entry *in;
	const struct body *body;
	struct arena *arena;
	char circle[HEX_ID], author[HEX_ID], entry[HEX_ID]; /* in hex */
	const char *kind;
	uint8_t obj[OBJECT_ID_BYTES];
};

const char *control_kind(int64_t cls)
{
	switch (cls) {
	case CLASS_CONTROL:
		return "epoch";
	case CLASS_HEADS:
		return "head";
	case CLASS_REDACTION:
		return "redaction";
	case CLASS_SIGCHAIN:
		return "device";
	default:
		return "";
	}
}

static void speak_of(struct speech *s, const char *kind, const uint8_t obj[static OBJECT_ID_BYTES])
{
	s->kind = kind;
	memcpy(s->obj, obj, OBJECT_ID_BYTES);
	view_touch(s->view, s->obj);
}

static int speak_of_label(struct speech *s, const char *kind, const char *label, struct err *err)
{
	uint8_t obj[OBJECT_ID_BYTES];
	int rc = object_id_parse(label, obj, err);

	if (rc == 0)
		speak_of(s, kind, obj);
	return rc;
}

/* Say one value of the object; NULL: nothing is said. */
static int say(struct speech *s, const char *field, int64_t i, const char *text, struct err *err)
{
	struct stmt *q = NULL;
	int rc;

	if (!text)
		return 0;
	rc = db_prepare(s->view->db,
			"INSERT OR IGNORE INTO control (n, obj, kind, field, i, value) VALUES (?, ?, ?, ?, ?, ?)", &q,
			err);
	if (rc < 0)
		return rc;
	stmt_bind_int(q, 1, (int64_t)s->in->entry->n);
	stmt_bind_blob(q, 2, s->obj, OBJECT_ID_BYTES);
	stmt_bind_text(q, 3, s->kind);
	stmt_bind_text(q, 4, field);
	stmt_bind_int(q, 5, i);
	stmt_bind_text(q, 6, text);
	return stmt_run(q, err);
}

static int say_each(struct speech *s, const char *field, const struct json *array, const char *member, struct err *err)
{
	const struct json *item = array && array->type == JSON_T_ARRAY ? array->child : NULL;
	int rc = 0;

	for (int64_t i = 0; item && rc == 0; i++, item = item->next) {
		const struct json *value = member ? json_get(item, member) : item;

		if (value && value->type == JSON_T_TEXT)
			rc = say(s, field, i, value->text, err);
	}
	return rc;
}

/* A text in hex of n bytes, or NULL. */
static const char *hex_member(const struct json *obj, const char *name, uint8_t *out, size_t n)
{
	const char *text = json_get_text(obj, name);

	return text && hex_decode(text, strlen(text), out, n) == 0 ? text : NULL;
}

/* --- devices ----------------------------------------------------------------------------------------------- */

/* The device is shown if the record counts it to that organisation: its consent and its adder were checked there. */
static int add_device(struct speech *s, const char *role, struct err *err)
{
	const uint8_t *org = s->in->entry->envelope.circle;
	uint8_t key[KEY_BYTES], its_org[ID_BYTES];
	const char *device = hex_member(s->body->json, "device", key, sizeof key);
	int rc;

	if (!device || !record_device_org(s->record, org, key, its_org) || memcmp(its_org, org, ID_BYTES) != 0)
		return 0;
	speak_of(s, "device", key);
	rc = say(s, "device", 0, device, err);
	if (rc == 0)
		rc = say(s, "organisation", 0, s->circle, err);
	if (rc == 0)
		rc = say(s, "role", 0, role && strcmp(role, "writer") == 0 ? "node" : role, err);
	if (rc == 0)
		rc = say(s, "entry", 0, s->entry, err);
	return rc;
}

/* --- circles ----------------------------------------------------------------------------------------------- */

static const char *retention_words(struct speech *s, const struct json *charter)
{
	const int64_t days = json_get_int(charter, "retention_days", 0);

	return days > 0 ? arena_printf(s->arena, "%lld days", (long long)days) : "Kept for ever";
}

static const char *history_words(const struct json *charter)
{
	const char *history = json_get_text(charter, "history");

	if (!history)
		return NULL;
	return strcmp(history, "none") == 0 ? "Newcomers read nothing older" : "Newcomers read everything";
}

static const char *approvals(struct speech *s, const struct json *charter)
{
	const int64_t n = json_get_int(json_get(charter, "thresholds"), "amend", 0);

	return n > 0 ? arena_printf(s->arena, "%lld", (long long)n) : NULL;
}

static int add_charter(struct speech *s, const struct json *charter, struct err *err)
{
	const char *purpose = json_get_text(charter, "purpose");
	const struct {
		const char *field, *text;
	} rows[] = {
		{ "purpose", purpose && *purpose ? purpose : json_get_text(charter, "name") },
		{ "circle", s->circle },
		{ "process", json_get_text(charter, "process") },
		{ "founder", json_get_text(charter, "device") },
		{ "approvals", approvals(s, charter) },
		{ "retention", retention_words(s, charter) },
		{ "history", history_words(charter) },
	};
	int rc = 0;

	speak_of(s, "charter", s->in->entry->envelope.circle);
	for (size_t i = 0; i < ARRAY_LEN(rows) && rc == 0; i++)
		rc = say(s, rows[i].field, 0, rows[i].text, err);
	if (rc == 0)
		rc = say_each(s, "founders", json_get(charter, "organisations"), "id", err);
	return rc;
}

/* The charter in a founding epoch, or NULL: others have none, and one that is not this circle's has no effect. */
static const struct json *find_charter(struct speech *s)
{
	const char *text = json_get_text(s->body->json, "charter");
	const struct json *charter = NULL;
	uint8_t id[ID_BYTES];
	uint8_t *p;
	size_t n = 0;

	if (!text)
		return NULL;
	p = arena_alloc(s->arena, BODY_MAX);
	if (base64url_decode(text, strlen(text), p, BODY_MAX, &n) < 0)
		return NULL;
	hash_labelled(LABEL_CIRCLE, BYTES(p, n), NO_BYTES, NO_BYTES, id, sizeof id);
	if (memcmp(id, s->in->entry->envelope.circle, ID_BYTES) != 0 ||
	    json_parse(s->arena, (const char *)p, n, &charter, NULL) < 0)
		return NULL;
	return charter;
}

static bool has_role(const struct json *roles, const char *role)
{
	for (const struct json *r = roles ? roles->child : NULL; r; r = r->next)
		if (r->type == JSON_T_TEXT && strcmp(r->text, role) == 0)
			return true;
	return false;
}

/* The widest role that the charter gives an organisation, in the words of the vocabulary; NULL if it is not in it. */
static const char *role_in_charter(const struct json *charter, const char *org)
{
	const struct json *orgs = json_get(charter, "organisations");

	for (const struct json *o = orgs ? orgs->child : NULL; o; o = o->next) {
		const char *id = json_get_text(o, "id");
		const struct json *roles = json_get(o, "roles");

		if (!id || strcmp(id, org) != 0)
			continue;
		return has_role(roles, "admin") ? "admin" : has_role(roles, "write") ? "writer" : "reader";
	}
	return NULL;
}

static int add_member(struct speech *s, const struct json *member, const struct json *charter, struct err *err)
{
	uint8_t id[ID_BYTES];
	const char *org = hex_member(member, "organisation", id, sizeof id);
	int rc;

	if (!org)
		return 0;
	rc = speak_of_label(s, "member", arena_printf(s->arena, "@member/%s/%s", s->circle, org), err);
	if (rc == 0)
		rc = say(s, "circle", 0, s->circle, err);
	if (rc == 0)
		rc = say(s, "organisation", 0, org, err);
	if (rc == 0)
		rc = say(s, "role", 0, role_in_charter(charter, org), err);
	if (rc == 0)
		rc = say(s, "entry", 0, s->entry, err);
	return rc;
}

static int add_epoch(struct speech *s, struct err *err)
{
	const struct json *body = s->body->json;
	const struct json *members = json_get(body, "members");
	const char *reason = json_get_text(body, "reason");
	long long n = 0;
	int rc;

	for (const struct json *m = members ? members->child : NULL; m; m = m->next)
		n++;
	speak_of(s, "epoch", s->in->entry->id);
	rc = say(s, "circle", 0, s->circle, err);
	if (rc == 0)
		rc = say(s, "entry", 0, s->entry, err);
	if (rc == 0)
		rc = say_each(s, "parents", json_get(body, "parents"), NULL, err);
	if (rc == 0)
		rc = say(s, "reason", 0, reason && strcmp(reason, "rotation") == 0 ? "weekly" : reason, err);
	if (rc == 0)
		rc = say(s, "members", 0, arena_printf(s->arena, "%lld", n), err);
	return rc;
}

static int add_circle(struct speech *s, struct err *err)
{
	const struct json *charter = find_charter(s);
	const struct json *members = json_get(s->body->json, "members");
	int rc = add_epoch(s, err);

	if (rc == 0 && charter)
		rc = add_charter(s, charter, err);
	for (const struct json *m = members ? members->child : NULL; m && rc == 0; m = m->next)
		rc = add_member(s, m, charter, err);
	return rc;
}

/* --- heads, redactions ------------------------------------------------------------------------------------- */

static int add_head(struct speech *s, const uint8_t record[static HEAD_RECORD_BYTES], struct err *err)
{
	char device[HEX_ID], entry[HEX_ID];
	int rc;

	hex_encode(record, KEY_BYTES, device);
	hex_encode(record + KEY_BYTES + 8, ID_BYTES, entry);
	rc = speak_of_label(s, "head", arena_printf(s->arena, "@head/%s/%s/%s", s->circle, s->author, device), err);
	if (rc == 0)
		rc = say(s, "circle", 0, s->circle, err);
	if (rc == 0)
		rc = say(s, "device", 0, device, err);
	if (rc == 0)
		rc = say(s, "seq", 0, arena_printf(s->arena, "%llu", (unsigned long long)get_u64(record + KEY_BYTES)),
			 err);
	if (rc == 0)
		rc = say(s, "entry", 0, entry, err);
	if (rc == 0)
		rc = say(s, "witness", 0, s->author, err);
	return rc;
}

static int add_heads(struct speech *s, struct err *err)
{
	const char *text = json_get_text(s->body->json, "heads");
	uint8_t *p = arena_alloc(s->arena, BODY_MAX);
	size_t n = 0;
	int rc = 0;

	if (!text || base64url_decode(text, strlen(text), p, BODY_MAX, &n) < 0 || n % HEAD_RECORD_BYTES != 0)
		return 0;
	for (size_t at = 0; at < n && rc == 0; at += HEAD_RECORD_BYTES)
		rc = add_head(s, p + at, err);
	return rc;
}

static int add_redaction(struct speech *s, struct err *err)
{
	int rc;

	speak_of(s, "redaction", s->in->entry->id);
	rc = say(s, "entry", 0, json_get_text(s->body->json, "entry"), err);
	if (rc == 0)
		rc = say(s, "reason", 0, s->body->mention.reason, err);
	if (rc == 0)
		rc = say(s, "authority", 0, json_get_text(s->body->json, "authority"), err);
	return rc;
}

int control_add(struct view *view, const struct record *record, const struct author_entry *in, const struct body *body,
		struct err *err)
{
	struct arena arena;
	struct speech s = { .view = view, .record = record, .in = in, .body = body, .arena = &arena };
	int rc = 0;

	arena_init(&arena);
	hex_encode(in->entry->envelope.circle, ID_BYTES, s.circle);
	hex_encode(in->entry->envelope.author, KEY_BYTES, s.author);
	hex_encode(in->entry->id, ID_BYTES, s.entry);
	if (body->type == BODY_EPOCH)
		rc = add_circle(&s, err);
	else if (body->type == BODY_HEADS)
		rc = add_heads(&s, err);
	else if (body->type == BODY_REDACT)
		rc = add_redaction(&s, err);
	else if (body->type == BODY_ORG)
		rc = add_device(&s, "admin", err);
	else if (body->type == BODY_DEVICE_ADD)
		rc = add_device(&s, json_get_text(body->json, "role"), err);
	arena_release(&arena);
	return rc;
}

/* --- which entry counts ------------------------------------------------------------------------------------ */

/* Find the entry whose word on this object counts: a head by the greatest number, everything else by who came first.
 * ret_n is 0 if none speaks of it. */
static int find_counting(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES], int64_t *ret_n,
			 int64_t *ret_recorded, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view->db,
			    "SELECT c.n, e.recorded, max(CASE WHEN c.kind = 'head' AND c.field = 'seq'"
			    " THEN CAST(c.value AS INTEGER) ELSE 0 END) AS seq"
			    " FROM control c JOIN entry e ON e.n = c.n WHERE c.obj = ?"
			    " GROUP BY c.n ORDER BY seq DESC, e.recorded, e.id LIMIT 1",
			    &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, obj, OBJECT_ID_BYTES);
	rc = stmt_step(s, err);
	*ret_n = rc == 1 ? stmt_int(s, 0) : 0;
	*ret_recorded = rc == 1 ? stmt_int(s, 1) : 0;
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

/* Put a value behind what the field of that name holds already. */
static void show(const struct kind *kind, const char **shown, struct arena *a, const char *name, const char *value)
{
	const struct field *field = kind_field(kind, name);
	const char **cell;

	if (!field)
		return;
	cell = &shown[field - kind->fields];
	*cell = *cell ? arena_printf(a, "%s" LIST_SEPARATOR "%s", *cell, value) : arena_text(a, value);
}

static int read_counting(struct view *view, struct arena *a, const uint8_t obj[static OBJECT_ID_BYTES], int64_t n,
			 struct verdict *ret, struct err *err)
{
	const struct kind_table *table = NULL;
	struct stmt *s = NULL;
	int rc = db_prepare(
		view->db, "SELECT kind, field, value FROM control WHERE obj = ? AND n = ? ORDER BY field, i", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, obj, OBJECT_ID_BYTES);
	stmt_bind_int(s, 2, n);
	while ((rc = stmt_step(s, err)) == 1) {
		if (!table) {
			table = schema_kind(view, stmt_text(s, 0));
			if (!table)
				break;
			ret->kind = table->kind->name;
			ret->shown = arena_alloc(a, table->kind->n_fields * sizeof *ret->shown);
		}
		show(table->kind, ret->shown, a, stmt_text(s, 1), stmt_text(s, 2));
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

int control_judge(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES], bool *ret_found, struct err *err)
{
	struct verdict verdict = { 0 };
	struct arena arena;
	int64_t n = 0;
	int rc = find_counting(view, obj, &n, &verdict.recorded, err);

	*ret_found = rc == 0 && n != 0;
	if (!*ret_found)
		return rc;
	arena_init(&arena);
	rc = read_counting(view, &arena, obj, n, &verdict, err);
	if (rc == 0)
		rc = object_write(view, obj, &verdict, err);
	arena_release(&arena);
	return rc;
}
