/* One entry into the tables: what it claims, retracts, redacts or controls. */
#include <string.h>

#include "view/view_internal.h"

/* One entry on its way in. */
struct arrival {
	struct view *view;
	const struct record *record;
	struct author_entry in;
	uint8_t org[ID_BYTES]; /* in.org points here, or is NULL: nobody known wrote it */
	bool redacted;
	int body_rc;
	const struct body *body; /* read, if the state is "open" */
};

static void bind_id(struct stmt *s, int i, const uint8_t *id)
{
	if (id)
		stmt_lend_blob(s, i, id, ID_BYTES);
	else
		stmt_bind_null(s, i);
}

/* Is there a mention of this entry by its own organisation in its own circle? */
static int is_mentioned(struct view *view, const char *sql, const struct author_entry *in, bool *ret, struct err *err)
{
	struct stmt *s = NULL;
	int rc;

	if (!view->mentions)
		return 0;
	rc = db_prepare(view->db, sql, &s, err);
	if (rc < 0)
		return rc;
	bind_id(s, 1, in->entry->id);
	bind_id(s, 2, in->org);
	bind_id(s, 3, in->entry->envelope.circle);
	rc = stmt_step(s, err);
	*ret = rc == 1;
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

/* Devices, members and the like come from control entries; a claim that pretends to be one is none. */
static bool is_forged_control(const struct body *body)
{
	const struct kind *kind = body->type == BODY_CLAIM ? kind_find(body->claim.kind) : NULL;

	return kind && (kind->flags & KIND_RECORD);
}

static const char *state_of_body(const struct arrival *a)
{
	static const char *const names[] = {
		[BODY_OPEN] = "open", [BODY_DROPPED] = "dropped", [BODY_NO_KEY] = "no_key",
		[BODY_BAD] = "bad",   [BODY_CHUNK] = "chunk",     [BODY_IGNORED] = "ignored",
	};
	const struct record_entry *entry = a->in.entry;

	if (entry->envelope.cls == CLASS_CHUNK)
		return "chunk";
	if (a->redacted)
		return "dropped";
	if (entry->state != BODY_OPEN)
		return names[entry->state];
	if (!a->in.org)
		return "ignored";
	if (a->body_rc < 0 || is_forged_control(a->body))
		return "bad"; /* by the same check as record_verify(): what it reports does not count here */
	return a->body->type == BODY_UNKNOWN ? "ignored" : "open";
}

static int add_entry(struct view *view, const struct author_entry *in, const char *state, struct err *err)
{
	const struct record_entry *e = in->entry;
	struct stmt *s = NULL;
	int rc = db_prepare(view->db,
			    "INSERT INTO entry (n, id, circle, device, org, seq, class, recorded, state)"
			    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
			    &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_int(s, 1, (int64_t)e->n);
	bind_id(s, 2, e->id);
	bind_id(s, 3, e->envelope.circle);
	bind_id(s, 4, e->envelope.author);
	bind_id(s, 5, in->org);
	stmt_bind_int(s, 6, (int64_t)e->envelope.seq);
	stmt_bind_int(s, 7, e->envelope.cls);
	stmt_bind_int(s, 8, (int64_t)e->envelope.time_ms);
	stmt_lend_text(s, 9, state);
	return stmt_run(s, err);
}

int apply_damaged(struct view *view, uint64_t n, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view->db, "INSERT INTO entry (n, state) VALUES (?, 'damaged')", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_int(s, 1, (int64_t)n);
	return stmt_run(s, err);
}

static int add_mention(struct view *view, const char *sql, const struct author_entry *in, const struct mention *mention,
		       struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view->db, sql, &s, err);

	if (rc < 0)
		return rc;
	view->mentions = true;
	stmt_bind_int(s, 1, (int64_t)in->entry->n);
	bind_id(s, 2, mention->entry);
	bind_id(s, 3, in->org);
	bind_id(s, 4, in->entry->envelope.circle);
	stmt_bind_int(s, 5, (int64_t)in->entry->envelope.time_ms);
	stmt_bind_text(s, 6, mention->reason);
	return stmt_run(s, err);
}

/* The class-1 entry that a mention may touch: of the same organisation and circle. ret_n is 0 if it is not there. */
static int find_mentioned(struct view *view, const struct author_entry *in, const struct mention *mention,
			  int64_t *ret_n, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view->db, "SELECT n FROM entry WHERE id = ? AND org = ? AND circle = ? AND class = 1", &s,
			    err);

	if (rc < 0)
		return rc;
	bind_id(s, 1, mention->entry);
	bind_id(s, 2, in->org);
	bind_id(s, 3, in->entry->envelope.circle);
	rc = stmt_step(s, err);
	*ret_n = rc == 1 ? stmt_int(s, 0) : 0;
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static int apply_retraction(struct arrival *a, struct err *err)
{
	static const char ADD[] = "INSERT INTO retraction (n, target, org, circle, recorded, reason)"
				  " VALUES (?, ?, ?, ?, ?, ?)";
	int64_t target = 0;
	int rc = add_mention(a->view, ADD, &a->in, &a->body->mention, err);

	if (rc == 0)
		rc = find_mentioned(a->view, &a->in, &a->body->mention, &target, err);
	if (rc == 0 && target)
		rc = claim_set_status(a->view, target, CLAIM_RETRACTED, err);
	return rc;
}

/* A retraction that is redacted itself is as if it had never been made: what is left when the record is read anew
 * does not say what it retracted. */
static int undo_retraction(struct view *view, int64_t n, struct err *err)
{
	struct stmt *s = NULL;
	int64_t target;
	int rc;

	rc = db_prepare(view->db,
			"SELECT t.n FROM retraction r JOIN entry t ON t.id = r.target AND t.org = r.org"
			" AND t.circle = r.circle WHERE r.n = ?1 AND NOT EXISTS (SELECT 1 FROM retraction o"
			" WHERE o.target = r.target AND o.org = r.org AND o.circle = r.circle AND o.n <> r.n)",
			&s, err);
	if (rc < 0)
		return rc;
	stmt_bind_int(s, 1, n);
	rc = stmt_step(s, err);
	target = rc == 1 ? stmt_int(s, 0) : 0;
	stmt_reset(s);
	if (rc >= 0)
		rc = db_prepare(view->db, "DELETE FROM retraction WHERE n = ?", &s, err);
	if (rc < 0)
		return rc;
	stmt_bind_int(s, 1, n);
	rc = stmt_run(s, err);
	if (rc == 0 && target)
		rc = claim_set_status(view, target, CLAIM_EFFECTIVE, err);
	return rc;
}

static int drop_entry(struct view *view, int64_t n, struct err *err)
{
	struct stmt *s = NULL;
	int rc = undo_retraction(view, n, err);

	if (rc == 0)
		rc = claim_redact(view, n, err);
	if (rc == 0)
		rc = db_prepare(view->db, "UPDATE entry SET state = 'dropped' WHERE n = ?", &s, err);
	if (rc < 0)
		return rc;
	stmt_bind_int(s, 1, n);
	return stmt_run(s, err);
}

static int apply_redaction(struct arrival *a, struct err *err)
{
	static const char ADD[] = "INSERT INTO redaction (n, target, org, circle, recorded, reason)"
				  " VALUES (?, ?, ?, ?, ?, ?)";
	int64_t target = 0;
	int rc = add_mention(a->view, ADD, &a->in, &a->body->mention, err);

	if (rc == 0)
		rc = control_add(a->view, a->record, &a->in, a->body, err);
	if (rc == 0)
		rc = find_mentioned(a->view, &a->in, &a->body->mention, &target, err);
	if (rc == 0 && target)
		rc = drop_entry(a->view, target, err);
	return rc;
}

static int apply_claim(struct arrival *a, struct err *err)
{
	bool retracted = false;
	int rc = is_mentioned(a->view, "SELECT 1 FROM retraction WHERE target = ? AND org = ? AND circle = ?", &a->in,
			      &retracted, err);

	if (rc < 0)
		return rc;
	return claim_add(a->view, &a->in, &a->body->claim, retracted ? CLAIM_RETRACTED : CLAIM_EFFECTIVE, err);
}

static int apply_body(struct arrival *a, struct err *err)
{
	switch (a->body->type) {
	case BODY_CLAIM:
		return apply_claim(a, err);
	case BODY_RETRACT:
		return apply_retraction(a, err);
	case BODY_REDACT:
		return apply_redaction(a, err);
	case BODY_EPOCH:
	case BODY_HEADS:
	case BODY_ORG:
	case BODY_DEVICE_ADD:
		return control_add(a->view, a->record, &a->in, a->body, err);
	case BODY_UNKNOWN:
		break;
	}
	return 0;
}

/* Does a redaction that came before name this entry? */
static int look_for_redaction(struct arrival *a, struct err *err)
{
	if (a->in.entry->envelope.cls != CLASS_CLAIM)
		return 0;
	return is_mentioned(a->view, "SELECT 1 FROM redaction WHERE target = ? AND org = ? AND circle = ?", &a->in,
			    &a->redacted, err);
}

int apply_entry(struct view *view, const struct record *record, const struct scanned *row, struct err *err)
{
	const struct record_entry *entry = &row->entry;
	struct arrival a = { .view = view,
			     .record = record,
			     .in = { .entry = entry, .digest = row->digest },
			     .body_rc = row->body_rc,
			     .body = &row->body };
	const char *state;
	int rc;

	if (record_device_org(record, entry->envelope.circle, entry->envelope.author, a.org))
		a.in.org = a.org;
	rc = look_for_redaction(&a, err);
	if (rc < 0)
		return rc;
	state = state_of_body(&a);
	rc = add_entry(view, &a.in, state, err);
	if (rc == 0 && a.redacted)
		rc = claim_redact(view, (int64_t)entry->n, err);
	else if (rc == 0 && strcmp(state, "open") == 0)
		rc = apply_body(&a, err);
	return rc;
}
