/* What the views know of claims that come in. */
#include <string.h>

#include "base/bytes.h"
#include "exchange/import_internal.h"

uint64_t kind_mark(const char *kind)
{
	return mark_bytes(MARK_BEGIN, kind, strlen(kind)) | 1;
}

int here_kind(struct here *here, const uint8_t obj[static OBJECT_ID_BYTES], uint64_t *ret, struct err *err)
{
	struct stmt *s;
	int rc = db_prepare(view_db(here->view), "SELECT kind FROM object WHERE obj = ?1", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, obj, OBJECT_ID_BYTES);
	rc = stmt_step(s, err);
	*ret = rc == 1 ? kind_mark(stmt_text(s, 0)) : 0;
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

int here_kth_equal(struct here *here, const uint8_t digest[static HASH_BYTES], uint64_t k, bool *ret_found,
		   uint8_t ret_id[static ID_BYTES], struct err *err)
{
	struct stmt *s;
	int rc = db_prepare(view_db(here->view),
			    "SELECT e.id FROM claim c JOIN entry e ON e.n = c.n "
			    "WHERE c.digest = ?1 AND c.org = ?2 AND c.circle = ?3 ORDER BY c.n LIMIT 1 OFFSET ?4",
			    &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, digest, HASH_BYTES);
	stmt_bind_blob(s, 2, here->org, ID_BYTES);
	stmt_bind_blob(s, 3, here->circle, ID_BYTES);
	stmt_bind_int(s, 4, (int64_t)(k - 1));
	rc = stmt_step(s, err);
	*ret_found = rc == 1;
	if (rc == 1)
		memcpy(ret_id, stmt_blob(s, 0).p, ID_BYTES);
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static bool is_id(struct bytes b, const uint8_t id[static ID_BYTES])
{
	return b.n == ID_BYTES && memcmp(b.p, id, ID_BYTES) == 0;
}

int here_claim(struct here *here, const uint8_t entry[static ID_BYTES], struct here_claim *ret, struct err *err)
{
	struct stmt *s;
	int rc = db_prepare(view_db(here->view),
			    "SELECT c.org, c.circle, c.status FROM entry e JOIN claim c ON c.n = e.n WHERE e.id = ?1",
			    &s, err);

	if (rc < 0)
		return rc;
	*ret = (struct here_claim){ 0 };
	stmt_bind_blob(s, 1, entry, ID_BYTES);
	rc = stmt_step(s, err);
	if (rc == 1) {
		ret->found = true;
		ret->own = is_id(stmt_blob(s, 0), here->org);
		ret->in_circle = is_id(stmt_blob(s, 1), here->circle);
		ret->status = (enum claim_status)stmt_int(s, 2);
	}
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

/* The export line of an entry, parsed; NULL if it is no claim with a body. */
static int export_line(struct here *here, struct arena *a, const uint8_t entry[static ID_BYTES],
		       const struct json **ret, struct err *err)
{
	struct buf text;
	struct stmt *s;
	int rc = db_prepare(view_db(here->view),
			    "SELECT " CLAIM_LINE_COLUMNS " FROM entry e JOIN claim c ON c.n = e.n "
			    "WHERE e.id = ?1 AND c.body IS NOT NULL",
			    &s, err);

	*ret = NULL;
	if (rc < 0)
		return rc;
	buf_init(&text, NDJSON_LINE_MAX);
	stmt_bind_blob(s, 1, entry, ID_BYTES);
	rc = stmt_step(s, err);
	if (rc == 1) {
		rc = claim_line(here->view, s, a, &text, err);
		if (rc == 0)
			rc = json_parse(a, arena_copy(a, buf_str(&text), text.n), text.n, ret, err);
	}
	stmt_reset(s);
	buf_release(&text);
	return rc;
}

int here_export_digest(struct here *here, struct arena *a, const uint8_t entry[static ID_BYTES], bool *ret_found,
		       uint8_t ret_digest[static HASH_BYTES], struct err *err)
{
	const struct compose_rules rules = { .keep_unknown = true };
	const struct json *line;
	struct buf body;
	int rc = export_line(here, a, entry, &line, err);

	*ret_found = rc == 0 && line;
	if (!*ret_found)
		return rc;
	buf_init(&body, JSON_TEXT_MAX);
	rc = claim_compose(a, line, &rules, &body, err);
	if (rc == E_INVALID || rc == E_LIMIT) { /* written by a later version: no line can be equal to it */
		*ret_found = false;
		rc = 0;
	} else if (rc == 0) {
		claim_digest(BYTES(body.p, body.n), ret_digest);
	}
	buf_release(&body);
	return rc;
}
