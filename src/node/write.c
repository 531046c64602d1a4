/* Writing: claims, retractions, redactions, attachments, imports. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "node/node_internal.h"

/* --- what the views know ----------------------------------------------------------------------------------- */

/* The kind of a known object in the arena, or NULL. */
static int known_kind(struct node *node, struct arena *a, const uint8_t obj[static OBJECT_ID_BYTES], const char **ret,
		      struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(node->view), "SELECT kind FROM object WHERE obj = ?1", &s, err);

	*ret = NULL;
	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, obj, OBJECT_ID_BYTES);
	rc = stmt_step(s, err);
	if (rc == 1)
		*ret = arena_text(a, stmt_text(s, 0));
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

/* An effective equal claim of this organisation in the circle. */
static int find_equal(struct node *node, const uint8_t circle[static ID_BYTES], struct bytes body, bool *ret_found,
		      uint8_t ret_entry[static ID_BYTES], struct err *err)
{
	uint8_t digest[HASH_BYTES];
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(node->view),
			    "SELECT e.id FROM claim c JOIN entry e ON e.n = c.n "
			    "WHERE c.digest = ?1 AND c.org = ?2 AND c.circle = ?3 AND c.status = 0",
			    &s, err);

	if (rc < 0)
		return rc;
	claim_digest(body, digest);
	stmt_bind_blob(s, 1, digest, sizeof digest);
	stmt_bind_blob(s, 2, record_org_id(node->record), ID_BYTES);
	stmt_bind_blob(s, 3, circle, ID_BYTES);
	rc = stmt_step(s, err);
	*ret_found = rc == 1;
	if (rc == 1)
		memcpy(ret_entry, stmt_blob(s, 0).p, ID_BYTES);
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

int node_find_entry(struct node *node, const char *text, uint64_t *ret_n, struct err *err)
{
	struct stmt *s = NULL;
	size_t len = strlen(text);
	uint64_t found = 0;
	int rc;

	if (len < 8 || len > 2 * ID_BYTES || strspn(text, "0123456789abcdef") != len)
		return err_set(err, E_INVALID,
			       "an entry is named by at least 8 leading digits of its id, as 'parley log' shows");
	rc = db_prepare(view_db(node->view), "SELECT n FROM entry WHERE substr(lower(hex(id)), 1, ?2) = ?1", &s, err);
	if (rc < 0)
		return rc;
	stmt_bind_text(s, 1, text);
	stmt_bind_int(s, 2, (int64_t)len);
	while ((rc = stmt_step(s, err)) == 1) {
		*ret_n = (uint64_t)stmt_int(s, 0);
		found++;
	}
	if (rc < 0)
		return rc;
	if (found == 0)
		return err_set(err, E_NOT_FOUND, "there is no entry whose id begins so: 'parley log' lists them");
	if (found > 1)
		return err_set(err, E_INVALID, "%llu entries begin so: give more digits", (unsigned long long)found);
	return 0;
}

/* --- claims ------------------------------------------------------------------------------------------------ */

/* The line with an id: its own, resolved, or a random one for a new object. */
static int complete_line(struct node *node, struct arena *a, const struct json *line, const struct json **ret,
			 uint8_t ret_obj[static OBJECT_ID_BYTES], struct err *err)
{
	const char *text = json_get_text(line, "id");
	struct json *id_member, *copy;
	char *hex;
	int rc = 0;

	if (json_get(line, "id")) {
		*ret = line;
		if (!text)
			return err_set(err, E_INVALID, "id: must be the id of an object");
		rc = object_id_parse(text, ret_obj, err);
		return rc < 0 ? err_prefix(err, "id: ") : 0;
	}
	node->env->random(node->env, ret_obj, OBJECT_ID_BYTES);
	hex = arena_alloc(a, 2 * OBJECT_ID_BYTES + 1);
	hex_encode(ret_obj, OBJECT_ID_BYTES, hex);
	id_member = arena_alloc(a, sizeof *id_member);
	*id_member = (struct json){
		.type = JSON_T_TEXT, .key = "id", .text = hex, .text_len = 2 * OBJECT_ID_BYTES, .next = line->child
	};
	copy = arena_alloc(a, sizeof *copy);
	*copy = *line;
	copy->child = id_member;
	*ret = copy;
	return 0;
}

static int check_object(const char *known, const struct json *line, bool must_exist, struct err *err)
{
	const char *kind = json_get_text(line, "kind");

	if (!known && must_exist)
		return err_set(err, E_NOT_FOUND, "there is no such object: 'parley add %s' makes one",
			       kind ? kind : "KIND");
	if (known && kind && strcmp(known, kind) != 0)
		return err_set(err, E_INVALID, "this object is known as %s: it cannot be claimed to be a %.40s", known,
			       kind);
	return 0;
}

/* A claim on its way into the record. */
struct writing {
	struct node *node;
	const uint8_t *circle;
	struct arena a;
	const struct json *line;
	struct compose_rules rules;
	struct uploads uploads;
	struct buf body;
	struct written done;
};

static int compose(struct writing *w, const uint8_t *circle, struct err *err)
{
	const struct json *line;
	int rc = uploads_line(w->node, circle, &w->uploads, &w->a, w->line, &line, err);

	buf_clear(&w->body);
	return rc == 0 ? claim_compose(&w->a, line, &w->rules, &w->body, err) : rc;
}

/* Everything that can be wrong is found before anything is written. */
static int prepare(struct writing *w, const struct claim_request *request, struct err *err)
{
	const char *known = NULL;
	int rc = complete_line(w->node, &w->a, request->line, &w->line, w->done.obj, err);

	if (rc == 0)
		rc = known_kind(w->node, &w->a, w->done.obj, &known, err);
	if (rc == 0)
		rc = check_object(known, w->line, request->must_exist, err);
	w->rules = (struct compose_rules){ .first = known == NULL, .keep_unknown = request->keep_unknown };
	if (rc == 0)
		rc = uploads_read(w->node, request->files, request->n_files, &w->uploads, err);
	if (rc == 0)
		rc = compose(w, NULL, err);
	if (rc == 0)
		rc = find_equal(w->node, w->circle, BYTES(w->body.p, w->body.n), &w->done.present, w->done.entry, err);
	return rc;
}

/* Seal attachments and claim in one transaction and show them in the views. */
static int commit(struct writing *w, struct err *err)
{
	struct record *record = w->node->record;
	uint64_t n;
	int rc = record_begin(record, w->uploads.n > 0, err);

	if (rc < 0)
		return rc;
	rc = compose(w, w->circle, err);
	if (rc == 0)
		rc = record_append(record, w->circle, BYTES(w->body.p, w->body.n), &n, w->done.entry, err);
	if (rc == 0)
		rc = record_commit(record, err);
	else
		record_rollback(record);
	return rc == 0 ? node_catch_up(w->node, err) : rc;
}

int node_write_claim(struct node *node, const uint8_t circle[static ID_BYTES], const struct claim_request *request,
		     struct written *ret, struct err *err)
{
	struct writing w = { .node = node, .circle = circle };
	int rc;

	buf_init(&w.body, JSON_TEXT_MAX);
	rc = prepare(&w, request, err);
	if (rc == 0 && !w.done.present)
		rc = commit(&w, err);
	if (rc == 0)
		*ret = w.done;
	uploads_release(&w.uploads);
	buf_release(&w.body);
	arena_release(&w.a);
	return rc;
}

/* --- retractions ------------------------------------------------------------------------------------------- */

struct target {
	uint8_t entry[ID_BYTES];
	uint8_t circle[ID_BYTES];
	bool own;
};

#define TARGETS_MAX 10000

/* The effective claims that `sql` selects by its one blob or number. */
static int collect_targets(struct node *node, struct stmt *s, struct target **ret, size_t *ret_n, struct err *err)
{
	struct target *list = NULL;
	size_t n = 0;
	int rc;

	while ((rc = stmt_step(s, err)) == 1 && n < TARGETS_MAX) {
		list = mem_resize(list, (n + 1) * sizeof *list);
		memcpy(list[n].entry, stmt_blob(s, 0).p, ID_BYTES);
		memcpy(list[n].circle, stmt_blob(s, 1).p, ID_BYTES);
		list[n].own = memcmp(stmt_blob(s, 2).p, record_org_id(node->record), ID_BYTES) == 0;
		n++;
	}
	stmt_reset(s);
	*ret = list;
	*ret_n = n;
	return rc < 0 ? rc : 0;
}

static int find_targets(struct node *node, const char *what, struct target **ret, size_t *ret_n, struct err *err)
{
	uint8_t obj[OBJECT_ID_BYTES];
	struct stmt *s = NULL;
	uint64_t row = 0;
	bool is_object = view_find_object(node->view, what, obj, err) == 0;
	int rc = is_object ? 0 : node_find_entry(node, what, &row, err);

	if (rc < 0)
		return err_set(err, E_NOT_FOUND,
			       "there is no object or entry of that id: 'parley log' and 'parley list KIND' show them");
	rc = db_prepare(view_db(node->view),
			is_object ? "SELECT e.id, c.circle, c.org FROM claim c JOIN entry e ON e.n = c.n "
				    "WHERE c.obj = ?1 AND c.status = 0 ORDER BY c.n"
				  : "SELECT e.id, c.circle, c.org FROM claim c JOIN entry e ON e.n = c.n "
				    "WHERE c.n = ?1 AND c.status = 0",
			&s, err);
	if (rc < 0)
		return rc;
	if (is_object)
		stmt_bind_blob(s, 1, obj, sizeof obj);
	else
		stmt_bind_int(s, 1, (int64_t)row);
	return collect_targets(node, s, ret, ret_n, err);
}

static int retract_all(struct node *node, const struct target *targets, size_t n, const char *reason, uint64_t *ret_n,
		       struct err *err)
{
	uint8_t id[ID_BYTES];
	uint64_t row, done = 0;
	struct buf body;
	int rc = record_begin(node->record, false, err);

	if (rc < 0)
		return rc;
	buf_init(&body, JSON_TEXT_MAX);
	for (size_t i = 0; i < n && rc == 0; i++) {
		if (!targets[i].own)
			continue;
		buf_clear(&body);
		retract_compose(targets[i].entry, reason, &body);
		rc = record_append(node->record, targets[i].circle, BYTES(body.p, body.n), &row, id, err);
		done++;
	}
	buf_release(&body);
	if (rc == 0)
		rc = record_commit(node->record, err);
	else
		record_rollback(node->record);
	if (rc == 0)
		*ret_n = done;
	return rc == 0 ? node_catch_up(node, err) : rc;
}

int node_retract(struct node *node, const char *what, const char *reason, uint64_t *ret_n, struct err *err)
{
	struct target *targets = NULL;
	size_t n = 0, n_own = 0;
	int rc = find_targets(node, what, &targets, &n, err);

	for (size_t i = 0; i < n; i++)
		n_own += targets[i].own;
	if (rc == 0 && n == 0)
		rc = err_set(err, E_NOT_FOUND, "nothing there stands: it was retracted or redacted already");
	else if (rc == 0 && n_own == 0)
		rc = err_set(err, E_DENIED,
			     "only its author's organisation can take a claim back: record your own instead");
	if (rc == 0)
		rc = retract_all(node, targets, n, reason, ret_n, err);
	free(targets);
	return rc;
}

/* --- import ------------------------------------------------------------------------------------------------ */

int node_import(struct node *node, const uint8_t circle[static ID_BYTES], const struct import_file *file,
		const struct import_options *options, struct import_report *ret, struct err *err)
{
	const struct import_format *format = import_format_find(file->format);
	struct claims *claims = NULL;
	struct err later;
	int rc, rc_view;

	*ret = (struct import_report){ 0 };
	if (!format)
		return err_set(err, E_USAGE, "there is no format '%.40s'", file->format);
	rc = format_open(format, file->source, &file->how, &claims, err);
	if (rc == 0)
		rc = import_claims(node->record, node->view, circle, claims, options, ret, err);
	claims_close(claims);
	/* also of the batches acknowledged before a failure */
	rc_view = node_catch_up(node, rc < 0 ? &later : err);
	return rc < 0 ? rc : rc_view;
}

int node_guess_map(struct source *source, const struct format_options *how, struct buf *out, struct err *err)
{
	return format_guess(source, how, out, err);
}

const char *node_format_map(const char *format)
{
	const struct import_format *found = import_format_find(format);

	return found ? found->map : NULL;
}
