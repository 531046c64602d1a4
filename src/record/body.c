#include "record/body.h"

#include <string.h>

#include "base/limits.h"
#include "record/form.h"
#include "record/kinds/kinds.h"

#define BODY_VERSION 1

/* Body types, the class in which each may stand, its name. */
static const struct {
	enum body_type type;
	uint8_t cls;
	const char *name;
} body_types[] = {
	{ BODY_CLAIM, CLASS_CLAIM, "claim" },
	{ BODY_RETRACT, CLASS_CLAIM, "retract" },
	{ BODY_REDACT, CLASS_REDACTION, "redact" },
	{ BODY_EPOCH, CLASS_CONTROL, "epoch" },
	{ BODY_HEADS, CLASS_HEADS, "heads" },
	{ BODY_ORG, CLASS_SIGCHAIN, "org" },
	{ BODY_DEVICE_ADD, CLASS_SIGCHAIN, "device-add" },
};

/* --- reading ----------------------------------------------------------------------------------------------- */

static bool kind_name_is_well_formed(const char *kind)
{
	size_t n = strlen(kind);

	if (n == 0 || n > KIND_NAME_MAX || kind[0] < 'a' || kind[0] > 'z')
		return false;
	for (size_t i = 1; i < n; i++)
		if (kind[i] != '_' && !(kind[i] >= 'a' && kind[i] <= 'z'))
			return false;
	return true;
}

/* A member that must be a text if it is there. */
static int read_text(const struct json *obj, const char *key, const char **ret, struct err *err)
{
	const struct json *m = json_get(obj, key);

	*ret = NULL;
	if (!m)
		return 0;
	if (m->type != JSON_T_TEXT)
		return err_set(err, E_INVALID, "%s must be a text, not %s", key, json_type_words(m->type));
	*ret = m->text;
	return 0;
}

/* A member of n bytes in hex that must be there. */
static int read_hex(const struct json *obj, const char *key, uint8_t *out, size_t n, struct err *err)
{
	const struct json *m = json_get(obj, key);

	if (!m || m->type != JSON_T_TEXT || hex_decode(m->text, m->text_len, out, n) < 0)
		return err_set(err, E_INVALID, "%s must be %zu lower-case hex digits", key, 2 * n);
	return 0;
}

static int read_dates(struct claim *c, const struct json *obj, struct err *err)
{
	int rc = read_text(obj, "when", &c->when_text, err);

	if (rc == 0 && c->when_text) {
		rc = when_parse(c->when_text, &c->when, err);
		if (rc < 0)
			err_prefix(err, "when: ");
	}
	if (rc == 0)
		rc = read_text(obj, "known", &c->known_text, err);
	if (rc == 0 && c->known_text) {
		rc = when_parse_single(c->known_text, &c->known, err);
		if (rc < 0)
			err_prefix(err, "known: ");
	}
	return rc;
}

static int read_provenance(struct claim *c, const struct json *obj, struct err *err)
{
	const struct {
		const char *key;
		const char **place;
	} texts[] = {
		{ "by", &c->by },   { "source", &c->source }, { "quote", &c->quote }, { "grade", &c->grade },
		{ "tlp", &c->tlp }, { "rule", &c->rule },     { "lang", &c->lang },   { "note", &c->note },
	};
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(texts) && rc == 0; i++)
		rc = read_text(obj, texts[i].key, texts[i].place, err);
	c->files = json_get(obj, "files");
	if (rc == 0 && c->files && c->files->type != JSON_T_ARRAY)
		rc = err_set(err, E_INVALID, "files must be an array");
	return rc;
}

static int read_claim(const struct json *obj, struct claim *ret, struct err *err)
{
	struct claim c = { 0 };
	int rc = read_text(obj, "kind", &c.kind, err);

	if (rc < 0)
		return rc;
	if (!c.kind || !kind_name_is_well_formed(c.kind))
		return err_set(err, E_INVALID, "kind must be a name of small letters, such as actor");
	rc = read_hex(obj, "id", c.id, sizeof c.id, err);
	c.set = json_get(obj, "set");
	if (rc == 0 && (!c.set || c.set->type != JSON_T_OBJECT || !c.set->child))
		rc = err_set(err, E_INVALID, "set must be an object with at least one field");
	c.has_says = json_get(obj, "says") != NULL;
	if (rc == 0 && c.has_says)
		rc = read_hex(obj, "says", c.says, sizeof c.says, err);
	if (rc == 0)
		rc = read_dates(&c, obj, err);
	if (rc == 0)
		rc = read_provenance(&c, obj, err);
	if (rc == 0)
		*ret = c;
	return rc;
}

static int read_mention(const struct json *obj, struct mention *ret, struct err *err)
{
	int rc = read_hex(obj, "entry", ret->entry, sizeof ret->entry, err);

	return rc < 0 ? rc : read_text(obj, "reason", &ret->reason, err);
}

/* What takes words away for ever must say why and by whom. */
static int read_redaction(const struct json *obj, struct mention *ret, struct err *err)
{
	uint8_t authority[ID_BYTES];
	int rc = read_mention(obj, ret, err);

	if (rc == 0 && !ret->reason)
		rc = err_set(err, E_INVALID, "a redaction must give its reason");
	return rc == 0 ? read_hex(obj, "authority", authority, sizeof authority, err) : rc;
}

static int find_type(const struct json *obj, uint8_t cls, enum body_type *ret, struct err *err)
{
	const char *t = json_get_text(obj, "t");
	const struct json *v = json_get(obj, "v");

	if (!t || !v || v->type != JSON_T_INT || v->number < 1)
		return err_set(err, E_INVALID, "a body must say its type (t) and version (v)");
	*ret = BODY_UNKNOWN;
	if (v->number > BODY_VERSION)
		return 0;
	for (size_t i = 0; i < ARRAY_LEN(body_types); i++) {
		if (!name_is(t, body_types[i].name))
			continue;
		if (cls != body_types[i].cls)
			return err_set(err, E_INVALID, "a body of type %s cannot stand in an entry of class %u",
				       body_types[i].name, cls);
		*ret = body_types[i].type;
	}
	return 0;
}

int body_read(struct arena *a, uint8_t cls, struct bytes text, struct body *ret, struct err *err)
{
	struct body b = { .type = BODY_UNKNOWN };
	int rc = json_parse(a, (const char *)text.p, text.n, &b.json, err);

	if (rc == 0)
		rc = find_type(b.json, cls, &b.type, err);
	if (rc == 0 && b.type == BODY_CLAIM)
		rc = read_claim(b.json, &b.claim, err);
	else if (rc == 0 && b.type == BODY_RETRACT)
		rc = read_mention(b.json, &b.mention, err);
	else if (rc == 0 && b.type == BODY_REDACT)
		rc = read_redaction(b.json, &b.mention, err);
	if (rc == 0)
		*ret = b;
	return rc;
}

/* --- a body and its entry ---------------------------------------------------------------------------------- */

int body_check(struct arena *a, struct bytes entry, const struct envelope *e, struct bytes text, struct body *ret,
	       struct err *err)
{
	struct body b = { .type = BODY_UNKNOWN };
	int rc = 0;

	if (e->cls == CLASS_CHUNK && text.n == 0)
		return err_set(err, E_INVALID, "a part of an attachment is empty");
	if (e->cls != CLASS_CHUNK) {
		rc = body_read(a, e->cls, text, &b, err);
		if (rc == 0)
			rc = form_check(b.type, b.json, err);
		if (rc == 0)
			rc = form_check_tie(entry, e, &b, text, err);
	}
	if (rc == 0)
		*ret = b;
	return rc;
}

/* --- writing ----------------------------------------------------------------------------------------------- */

static bool label_is_well_formed(const char *label)
{
	size_t n = strlen(label);

	if (n == 0 || n > LABEL_MAX)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789._/-", label[i]))
			return false;
	return true;
}

int object_id_parse(const char *text, uint8_t ret_id[static OBJECT_ID_BYTES], struct err *err)
{
	if (text[0] == '@' && label_is_well_formed(text + 1)) {
		hash_labelled(LABEL_LABEL, BYTES(text + 1, strlen(text + 1)), NO_BYTES, NO_BYTES, ret_id,
			      OBJECT_ID_BYTES);
		return 0;
	}
	if (text[0] != '@' && hex_decode(text, strlen(text), ret_id, OBJECT_ID_BYTES) == 0)
		return 0;
	return err_set(err, E_INVALID,
		       "an id must be 32 lower-case hex digits, or a label such as @havana/table (small letters, "
		       "digits, . _ / -)");
}

/* A copy of an id text with labels resolved; NULL where it is neither. */
static const char *resolved_id(struct arena *a, const char *text)
{
	uint8_t id[OBJECT_ID_BYTES];
	char hex[2 * OBJECT_ID_BYTES + 1];

	if (object_id_parse(text, id, NULL) < 0)
		return NULL;
	hex_encode(id, sizeof id, hex);
	return arena_text(a, hex);
}

static struct json *json_copy(struct arena *a, const struct json *from)
{
	struct json *copy = arena_alloc(a, sizeof *copy);

	*copy = *from;
	return copy;
}

/* Put a member at the end of a list; returns the new end. */
static const struct json **append_member(const struct json **end, struct json *member)
{
	*end = member;
	return &member->next;
}

/* The value of an id field with labels resolved; anything that is no text is left for the check to refuse. */
static struct json *resolve_value(struct arena *a, const struct field *field, const struct json *value)
{
	struct json *copy = json_copy(a, value);

	copy->next = NULL;
	if (!field || field->type != FIELD_ID)
		return copy;
	if (value->type == JSON_T_TEXT) {
		const char *id = resolved_id(a, value->text);

		if (id) {
			copy->text = id;
			copy->text_len = strlen(id);
		}
	} else if (value->type == JSON_T_ARRAY && (field->flags & FIELD_LIST)) {
		struct field single = *field;
		const struct json **link = &copy->child;

		single.flags &= ~(unsigned)FIELD_LIST;
		for (const struct json *item = value->child; item; item = item->next)
			link = append_member(link, resolve_value(a, &single, item));
		*link = NULL;
	}
	return copy;
}

/* `set` with labels resolved, its fields in the order of the vocabulary, unknown ones behind in their own order. */
static const struct json *arranged_set(struct arena *a, const struct kind *kind, const struct json *set)
{
	struct json *out = json_copy(a, set);
	const struct json **link = &out->child;

	out->next = NULL;
	out->child = NULL;
	for (size_t i = 0; kind && i < kind->n_fields; i++) {
		const struct json *m = json_get(set, kind->fields[i].name);

		if (m)
			link = append_member(link, resolve_value(a, &kind->fields[i], m));
	}
	for (const struct json *m = set->child; m; m = m->next)
		if (!kind || !kind_field(kind, m->key))
			link = append_member(link, resolve_value(a, NULL, m));
	return out;
}

/* Members of a line that are not the claim itself but say where an export took it from. */
static bool is_export_member(const char *key)
{
	static const char *const members[] = { "entry", "author", "recorded", "circle", "process", "status" };

	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (name_is(key, members[i]))
			return true;
	return false;
}

static bool is_claim_member(const char *key)
{
	static const char *const members[] = { "t", "v", "kind", "id", "set", "files" };

	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (name_is(key, members[i]))
			return true;
	return kind_field(kinds_common(), key) != NULL;
}

static int refuse_member(const char *key, struct err *err)
{
	const char *near = kind_nearest_field(kinds_common(), key);

	return err_set(err, E_INVALID, "'%.40s' is not a member of a claim%s%s%s", key,
		       near ? "; did you mean '" : " (fields of the kind stand in 'set')", near ? near : "",
		       near ? "'?" : "");
}

/* The members beside set: known ones are checked against the common table, others refused or kept. */
static int check_members(const struct json *line, const struct compose_rules *rules, struct err *err)
{
	const struct kind *common = kinds_common();
	int rc = 0;

	for (const struct json *m = line->child; m && rc == 0; m = m->next) {
		const struct field *field = kind_field(common, m->key);

		if (field && field->type != FIELD_ID)
			rc = field_check(common, field, m, err);
		else if (!rules->keep_unknown && !is_export_member(m->key) && !is_claim_member(m->key))
			rc = refuse_member(m->key, err);
	}
	return rc;
}

/* A line that says that it is something else, or of a later version, is not read as a claim of this one. */
static int check_type(const struct json *line, struct err *err)
{
	const struct json *t = json_get(line, "t"), *v = json_get(line, "v");

	if (t && (t->type != JSON_T_TEXT || strcmp(t->text, "claim") != 0))
		return err_set(err, E_INVALID, "t must be claim");
	if (v && (v->type != JSON_T_INT || v->number != BODY_VERSION))
		return err_set(err, E_INVALID, "v must be %d: other versions of a claim are not known here",
			       BODY_VERSION);
	return 0;
}

static int check_kind(const struct json *line, const struct compose_rules *rules, const struct kind **ret,
		      struct err *err)
{
	const char *name = json_get_text(line, "kind");
	const char *near;

	if (!name || !kind_name_is_well_formed(name))
		return err_set(err, E_INVALID, "kind must be a name such as actor or commitment (docs/vocabulary.md)");
	*ret = kind_find(name);
	if (*ret && ((*ret)->flags & KIND_RECORD))
		return err_set(err, E_INVALID, "%s is written by the record itself and cannot be added", name);
	if (*ret || rules->keep_unknown)
		return 0;
	near = kinds_nearest_kind(name);
	return err_set(err, E_INVALID, "there is no kind '%s'%s%s%s: docs/vocabulary.md lists them", name,
		       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static int check_set(const struct kind *kind, const struct json *line, const struct json *set,
		     const struct compose_rules *rules, struct err *err)
{
	if (!set || set->type != JSON_T_OBJECT || !set->child)
		return err_set(err, E_INVALID, "set must hold at least one field with its value");
	if (!kind)
		return 0;
	if (rules->first && (kind->flags & KIND_EVENT) && !json_get(line, "when"))
		return err_set(err, E_INVALID, "%s is something that happened: say when (such as when=2016-11-24)",
			       kind->name);
	return kind_check(kind, set, rules->first, !rules->keep_unknown, err);
}

static void write_member_id(struct json_out *w, struct arena *a, const char *key, const char *text)
{
	const char *id = resolved_id(a, text);

	json_member_text(w, key, id ? id : text);
}

static void write_claim(struct arena *a, const struct json *line, const struct json *set, struct buf *out)
{
	const struct kind *common = kinds_common();
	struct json_out w = json_out_begin(out);
	const char *says = json_get_text(line, "says");

	json_open(&w, NULL, '{');
	json_member_text(&w, "t", "claim");
	json_member_int(&w, "v", BODY_VERSION);
	json_member_text(&w, "kind", json_get_text(line, "kind"));
	write_member_id(&w, a, "id", json_get_text(line, "id"));
	json_member_value(&w, "set", set);
	if (says)
		write_member_id(&w, a, "says", says);
	for (size_t i = 0; i < common->n_fields; i++) {
		const struct json *m = json_get(line, common->fields[i].name);

		if (m && strcmp(common->fields[i].name, "says") != 0)
			json_member_value(&w, m->key, m);
	}
	if (json_get(line, "files"))
		json_member_value(&w, "files", json_get(line, "files"));
	for (const struct json *m = line->child; m; m = m->next)
		if (!is_claim_member(m->key) && !is_export_member(m->key))
			json_member_value(&w, m->key, m);
	json_close(&w, '}');
}

/* Read back what was written, as every reader will: catches what the checks above let through. */
static int check_written(struct arena *a, const struct buf *out, size_t from, struct err *err)
{
	struct body body;

	if (out->overflowed || out->n - from > BODY_MAX)
		return err_set(err, E_LIMIT, "the claim takes more than %d bytes: put long texts into an attachment",
			       BODY_MAX);
	return body_read(a, CLASS_CLAIM, BYTES(out->p + from, out->n - from), &body, err);
}

static int check_id_member(const struct json *line, const char *key, bool required, struct err *err)
{
	const struct json *m = json_get(line, key);
	uint8_t id[OBJECT_ID_BYTES];
	int rc;

	if (!m && !required)
		return 0;
	rc = m && m->type == JSON_T_TEXT ? object_id_parse(m->text, id, err)
					 : err_set(err, E_INVALID, "must be the id of an object");
	if (rc < 0)
		err_prefix(err, "%s: ", key);
	return rc;
}

int claim_compose(struct arena *a, const struct json *line, const struct compose_rules *rules, struct buf *ret_body,
		  struct err *err)
{
	const struct kind *kind = NULL;
	const struct json *set = json_get(line, "set");
	size_t from = ret_body->n;
	int rc = check_type(line, err);

	if (rc == 0)
		rc = check_kind(line, rules, &kind, err);
	if (rc == 0)
		rc = check_id_member(line, "id", true, err);
	if (rc == 0)
		rc = check_id_member(line, "says", false, err);
	if (rc == 0)
		rc = check_members(line, rules, err);
	if (rc == 0 && set && set->type == JSON_T_OBJECT)
		set = arranged_set(a, kind, set);
	if (rc == 0)
		rc = check_set(kind, line, set, rules, err);
	if (rc == 0) {
		write_claim(a, line, set, ret_body);
		rc = check_written(a, ret_body, from, err);
	}
	return rc;
}

void retract_compose(const uint8_t entry[static ID_BYTES], const char *reason, struct buf *ret_body)
{
	struct json_out w = json_out_begin(ret_body);

	json_open(&w, NULL, '{');
	json_member_text(&w, "t", "retract");
	json_member_int(&w, "v", BODY_VERSION);
	json_member_hex(&w, "entry", entry, ID_BYTES);
	json_member_text(&w, "reason", reason);
	json_close(&w, '}');
}

/* The body with each attachment reduced to name, size and hash: the same file sealed anew has another key. */
static void write_for_digest(const struct json *claim, struct buf *out)
{
	struct json_out w = json_out_begin(out);

	json_open(&w, NULL, '{');
	for (const struct json *m = claim->child; m; m = m->next) {
		if (strcmp(m->key, "files") != 0) {
			json_member_value(&w, m->key, m);
			continue;
		}
		json_open(&w, "files", '[');
		for (const struct json *file = m->child; file; file = file->next) {
			json_open(&w, NULL, '{');
			json_member_text(&w, "name", json_get_text(file, "name"));
			json_member_int(&w, "size", json_get_int(file, "size", 0));
			json_member_text(&w, "hash", json_get_text(file, "hash"));
			json_close(&w, '}');
		}
		json_close(&w, ']');
	}
	json_close(&w, '}');
}

void claim_digest(struct bytes body, uint8_t ret_digest[static HASH_BYTES])
{
	const struct json *claim;
	struct arena a = { 0 };
	struct buf reduced;

	buf_init(&reduced, JSON_TEXT_MAX);
	if (memmem(body.p, body.n, "\"files\":", 8) &&
	    json_parse(&a, (const char *)body.p, body.n, &claim, NULL) == 0) {
		write_for_digest(claim, &reduced);
		body = BYTES(reduced.p, reduced.n);
	}
	hash_labelled(LABEL_CLAIM, body, NO_BYTES, NO_BYTES, ret_digest, HASH_BYTES);
	buf_release(&reduced);
	arena_release(&a);
}
