/* A second view with only what passes a cut. Entry by entry it is decided what passes (reader_may_see() and the two
 * dates); that is copied; then the objects are judged anew from it, by the same code as ever. What must stay hidden
 * is never in the second view, not even for a moment, but for who said it: that is needed to see what is contested,
 * and struck out at the end. */
#include <stdlib.h>
#include <string.h>

#include "view/view_internal.h"

struct cutting {
	struct view *from, *to;
	const struct cut *cut;
	uint8_t *passes; /* one bit for each row of the record */
};

static void let_pass(struct cutting *c, int64_t n)
{
	c->passes[n / 8] |= (uint8_t)(1u << (n % 8));
}

static bool did_pass(const struct cutting *c, int64_t n)
{
	return c->passes[n / 8] >> (n % 8) & 1;
}

static bool may_see(const struct cutting *c, struct bytes circle, const char *kind, const char *tlp)
{
	static const uint8_t nowhere[ID_BYTES];

	return reader_may_see(&c->cut->reader, circle.n == ID_BYTES ? circle.p : nowhere, kind, tlp);
}

static bool is_before(int64_t when, int64_t limit)
{
	return limit == INT64_MAX || when < limit;
}

static bool must_hide_speaker(const struct cutting *c, const char *rule)
{
	return !c->cut->reader.attribution && rule_hides_speaker(rule);
}

/* --- what passes ------------------------------------------------------------------------------------------- */

/* Columns of the statement in decide_entries(). */
enum {
	ENTRY_N,
	ENTRY_CLASS,
	ENTRY_CIRCLE,
	ENTRY_RECORDED,
	CLAIM_STATUS,
	CLAIM_KIND,
	CLAIM_TLP,
	CLAIM_WHEN,
	CLAIM_KNOWN
};

static bool entry_passes(const struct cutting *c, struct stmt *s)
{
	const struct bytes circle = stmt_blob(s, ENTRY_CIRCLE);

	if (stmt_int(s, ENTRY_CLASS) == CLASS_CHUNK)
		return false; /* decide_chunks() */
	if (stmt_is_null(s, CLAIM_STATUS))
		return is_before(stmt_int(s, ENTRY_RECORDED), c->cut->known_ms) &&
		       may_see(c, circle, control_kind(stmt_int(s, ENTRY_CLASS)), NULL);
	if (stmt_int(s, CLAIM_STATUS) == CLAIM_REDACTED)
		return is_before(stmt_int(s, ENTRY_RECORDED), c->cut->known_ms) &&
		       may_see(c, circle, "redaction", NULL);
	if (!stmt_is_null(s, CLAIM_WHEN) && !is_before(stmt_int(s, CLAIM_WHEN), c->cut->as_of_ms))
		return false;
	return is_before(stmt_int(s, CLAIM_KNOWN), c->cut->known_ms) &&
	       may_see(c, circle, stmt_text(s, CLAIM_KIND), stmt_text(s, CLAIM_TLP));
}

static int decide_entries(struct cutting *c, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(c->from->db,
			    "SELECT e.n, e.class, e.circle, e.recorded, c.status, c.kind, c.tlp, c.when_from, c.known"
			    " FROM entry e LEFT JOIN claim c ON c.n = e.n"
			    " WHERE e.n NOT IN (SELECT n FROM retraction) ORDER BY e.n",
			    &s, err);

	if (rc < 0)
		return rc;
	while ((rc = stmt_step(s, err)) == 1)
		if (entry_passes(c, s))
			let_pass(c, stmt_int(s, ENTRY_N));
	return rc;
}

/* Let the chunk pass that the claim in row n names: one of its own feed that stands before it. */
static int decide_chunk(struct cutting *c, int64_t n, const struct json *chunk, struct err *err)
{
	uint8_t id[ID_BYTES];
	struct stmt *s = NULL;
	int rc;

	if (chunk->type != JSON_T_TEXT || hex_decode(chunk->text, chunk->text_len, id, sizeof id) < 0)
		return 0;
	rc = db_prepare(c->from->db,
			"SELECT e.n FROM entry e JOIN entry by ON by.circle = e.circle AND by.device = e.device"
			" AND by.seq > e.seq WHERE e.id = ?1 AND e.class = 6 AND by.n = ?2",
			&s, err);
	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, id, sizeof id);
	stmt_bind_int(s, 2, n);
	while ((rc = stmt_step(s, err)) == 1)
		let_pass(c, stmt_int(s, 0));
	return rc;
}

static int decide_chunks_of(struct cutting *c, int64_t n, const char *files, struct err *err)
{
	const struct json *list = NULL;
	struct arena arena;
	const char *text;
	int rc = 0;

	arena_init(&arena);
	text = arena_printf(&arena, "{\"files\":%s}", files);
	if (json_parse(&arena, text, strlen(text), &list, NULL) == 0)
		list = json_get(list, "files");
	for (const struct json *file = list ? list->child : NULL; file && rc == 0; file = file->next) {
		const struct json *chunks = json_get(file, "chunks");

		for (const struct json *k = chunks ? chunks->child : NULL; k && rc == 0; k = k->next)
			rc = decide_chunk(c, n, k, err);
	}
	arena_release(&arena);
	return rc;
}

/* Parts of attachments have no marking and no dates of their own: they pass with a claim that names them, where its
 * files are shown, and never otherwise. */
static int decide_chunks(struct cutting *c, struct err *err)
{
	struct stmt *s = NULL;
	int rc =
		db_prepare(c->from->db, "SELECT n, files, rule FROM claim WHERE files IS NOT NULL ORDER BY n", &s, err);

	if (rc < 0)
		return rc;
	while ((rc = stmt_step(s, err)) == 1) {
		if (did_pass(c, stmt_int(s, 0)) && !must_hide_speaker(c, stmt_text(s, 2)))
			rc = decide_chunks_of(c, stmt_int(s, 0), stmt_text(s, 1), err);
		if (rc < 0)
			break;
	}
	stmt_reset(s);
	return rc;
}

/* A retraction passes with the claim that it retracts, once it is known. What retracts nothing that is known here is
 * judged as if it were sensitive. */
static int decide_retractions(struct cutting *c, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(c->from->db,
			    "SELECT r.n, r.circle, r.recorded, t.n FROM retraction r LEFT JOIN"
			    " (SELECT e.n, e.id, e.org, e.circle FROM entry e JOIN claim USING (n)) t"
			    " ON t.id = r.target AND t.org = r.org AND t.circle = r.circle ORDER BY r.n",
			    &s, err);

	if (rc < 0)
		return rc;
	while ((rc = stmt_step(s, err)) == 1) {
		const bool visible =
			stmt_is_null(s, 3) ? may_see(c, stmt_blob(s, 1), "", NULL) : did_pass(c, stmt_int(s, 3));

		if (visible && is_before(stmt_int(s, 2), c->cut->known_ms))
			let_pass(c, stmt_int(s, 0));
	}
	return rc;
}

/* --- copying ----------------------------------------------------------------------------------------------- */

/* Bind the current row of `in`; types: i number, t text, b blob. */
static void bind_row(struct stmt *out, struct stmt *in, const char *types)
{
	for (int i = 0; types[i]; i++) {
		if (stmt_is_null(in, i))
			stmt_bind_null(out, i + 1);
		else if (types[i] == 'i')
			stmt_bind_int(out, i + 1, stmt_int(in, i));
		else if (types[i] == 't')
			stmt_bind_text(out, i + 1, stmt_text(in, i));
		else
			stmt_bind_blob(out, i + 1, stmt_blob(in, i).p, stmt_blob(in, i).n);
	}
}

/* Copy the rows that pass from one table; column 0 is n. */
static int copy_rows(struct cutting *c, const char *read, const char *write, const char *types, struct err *err)
{
	struct stmt *in = NULL, *out = NULL;
	int rc = db_prepare(c->from->db, read, &in, err);

	if (rc == 0)
		rc = db_prepare(c->to->db, write, &out, err);
	if (rc < 0)
		return rc;
	while ((rc = stmt_step(in, err)) == 1) {
		if (!did_pass(c, stmt_int(in, 0)))
			continue;
		bind_row(out, in, types);
		rc = stmt_run(out, err);
		if (rc < 0)
			break;
	}
	stmt_reset(in);
	return rc;
}

/* What is read instead for readers whom may_see_reasons() denies is NULL where it is the same. */
static const struct copy {
	const char *read, *write, *types, *read_without_reasons;
} copies[] = {
	{ "SELECT n, id, circle, device, org, seq, class, recorded, state FROM entry ORDER BY n",
	  "INSERT INTO entry (n, id, circle, device, org, seq, class, recorded, state) VALUES (?, ?, ?, ?, ?, ?, ?, ?, "
	  "?)",
	  "ibbbbiiit", NULL },
	{ "SELECT n, kind, obj, circle, org, says, when_text, when_from, when_to, known_text, known, recorded, \"by\","
	  " source, quote, grade, tlp, rule, lang, note, files, body, digest, status FROM claim ORDER BY n",
	  "INSERT INTO claim (n, kind, obj, circle, org, says, when_text, when_from, when_to, known_text, known,"
	  " recorded, \"by\", source, quote, grade, tlp, rule, lang, note, files, body, digest, status)"
	  " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	  "itbbbbtiitiittttttttttbi", NULL },
	{ "SELECT n, target, org, circle, recorded, reason FROM retraction ORDER BY n",
	  "INSERT INTO retraction (n, target, org, circle, recorded, reason) VALUES (?, ?, ?, ?, ?, ?)", "ibbbit",
	  NULL },
	{ "SELECT n, target, org, circle, recorded, reason FROM redaction ORDER BY n",
	  "INSERT INTO redaction (n, target, org, circle, recorded, reason) VALUES (?, ?, ?, ?, ?, ?)", "ibbbit",
	  "SELECT n, target, org, circle, recorded, NULL FROM redaction ORDER BY n" },
	{ "SELECT n, obj, kind, field, i, value FROM control ORDER BY obj, n, field, i",
	  "INSERT INTO control (n, obj, kind, field, i, value) VALUES (?, ?, ?, ?, ?, ?)", "ibttit",
	  "SELECT n, obj, kind, field, i, value FROM control WHERE kind <> 'redaction' OR field <> 'reason'"
	  " ORDER BY obj, n, field, i" },
};

/* The reason of a redaction may tell what was redacted, whose marking and rule went with its body. */
static bool may_see_reasons(const struct reader *reader)
{
	return reader->cleared_for >= TLP_AMBER_STRICT && reader->attribution;
}

static int copy_tables(struct cutting *c, struct err *err)
{
	const bool reasons = may_see_reasons(&c->cut->reader);
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(copies) && rc == 0; i++) {
		const struct copy *t = &copies[i];

		rc = copy_rows(c, reasons || !t->read_without_reasons ? t->read : t->read_without_reasons, t->write,
			       t->types, err);
	}
	return rc;
}

/* A retraction that is not known yet does not count: its claim is effective again. */
static int reinstate_claims(struct cutting *c, struct err *err)
{
	return db_exec(c->to->db,
		       "UPDATE claim SET status = 0 WHERE status = 1 AND NOT EXISTS (SELECT 1 FROM retraction r"
		       " JOIN entry e ON e.id = r.target WHERE e.n = claim.n AND r.org = claim.org"
		       " AND r.circle = claim.circle)",
		       err);
}

static int touch_controlled(struct cutting *c, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(c->to->db, "SELECT DISTINCT obj FROM control", &s, err);

	if (rc < 0)
		return rc;
	while ((rc = stmt_step(s, err)) == 1)
		view_touch(c->to, stmt_blob(s, 0).p);
	return rc;
}

/* Values and words of all effective claims, from their bodies. */
static int index_claims(struct cutting *c, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(c->to->db, "SELECT n, body, rule FROM claim WHERE status = 0 ORDER BY n", &s, err);

	if (rc < 0)
		return rc;
	while ((rc = stmt_step(s, err)) == 1) {
		rc = claim_index_body(c->to, stmt_int(s, 0), stmt_text(s, 1), !must_hide_speaker(c, stmt_text(s, 2)),
				      err);
		if (rc < 0)
			break;
	}
	stmt_reset(s);
	return rc;
}

/* --- hiding ------------------------------------------------------------------------------------------------ */

/* All that leads to who said the claim in row ?1. The order of statements matters: the first finds the retractions by
 * the entry. */
static const char *const strike_out[] = {
	"UPDATE retraction SET org = NULL, reason = NULL WHERE target = (SELECT id FROM entry WHERE n = ?1)",
	"UPDATE entry SET device = NULL, org = NULL, seq = NULL WHERE n = ?1 OR n IN (SELECT r.n FROM retraction r"
	" JOIN entry t ON t.id = r.target WHERE t.n = ?1)",
	"UPDATE claim SET says = zeroblob(16), org = NULL, \"by\" = NULL, source = NULL, lang = NULL, files = NULL,"
	" body = NULL, digest = NULL WHERE n = ?1",
};

static int hide_speaker(struct view *view, int64_t n, struct err *err)
{
	struct stmt *s = NULL;
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(strike_out) && rc == 0; i++) {
		rc = db_prepare(view->db, strike_out[i], &s, err);
		if (rc < 0)
			break;
		stmt_bind_int(s, 1, n);
		rc = stmt_run(s, err);
	}
	return rc;
}

static int hide_speakers(struct cutting *c, struct err *err)
{
	struct stmt *s = NULL;
	int rc;

	if (c->cut->reader.attribution)
		return 0;
	rc = db_prepare(c->to->db, "SELECT n, rule FROM claim WHERE rule IS NOT NULL ORDER BY n", &s, err);
	if (rc < 0)
		return rc;
	while ((rc = stmt_step(s, err)) == 1) {
		if (must_hide_speaker(c, stmt_text(s, 1)))
			rc = hide_speaker(c->to, stmt_int(s, 0), err);
		if (rc < 0)
			break;
	}
	stmt_reset(s);
	return rc;
}

static int fill(struct cutting *c, struct err *err)
{
	int rc = decide_entries(c, err);

	if (rc == 0)
		rc = decide_chunks(c, err);
	if (rc == 0)
		rc = decide_retractions(c, err);
	if (rc == 0)
		rc = copy_tables(c, err);
	if (rc == 0)
		rc = reinstate_claims(c, err);
	if (rc == 0)
		rc = touch_controlled(c, err);
	if (rc == 0)
		rc = index_claims(c, err);
	if (rc == 0)
		rc = view_judge_touched(c->to, err);
	if (rc == 0)
		rc = hide_speakers(c, err);
	return rc;
}

int view_cut(struct view *view, const struct cut *cut, struct view **ret, struct err *err)
{
	struct cutting c = { .from = view, .cut = cut };
	int rc;

	if (view->is_cut)
		return err_set(err, E_INVALID, "a cut of the views cannot be cut again; cut the whole view");
	rc = view_new(&c.to, err);
	if (rc < 0)
		return rc;
	c.passes = mem_alloc((size_t)view->applied / 8 + 1);
	rc = db_begin(c.to->db, err);
	if (rc == 0)
		rc = fill(&c, err);
	if (rc == 0)
		rc = db_commit(c.to->db, err);
	free(c.passes);
	if (rc < 0) {
		view_free(c.to);
		return rc;
	}
	view_name_own(c.to, view->own, view->own_name);
	c.to->applied = view->applied;
	c.to->is_cut = true;
	*ret = c.to;
	return 0;
}
