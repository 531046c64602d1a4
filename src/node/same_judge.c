/* A judgement is a claim like any other. */
#include <string.h>

#include "base/when.h"
#include "node/same.h"

/* The two objects, the lower id first. */
static int find_two(struct view *view, const struct same_judgement *j, uint8_t ret[static 2 * OBJECT_ID_BYTES],
		    struct err *err)
{
	uint8_t one[OBJECT_ID_BYTES] = { 0 }, other[OBJECT_ID_BYTES] = { 0 };
	int rc = view_find_object(view, j->one, one, err), order;

	if (rc == 0)
		rc = view_find_object(view, j->other, other, err);
	if (rc < 0)
		return rc;
	order = memcmp(one, other, OBJECT_ID_BYTES);
	if (order == 0)
		return err_set(err, E_INVALID, "both are one object already: name two");
	memcpy(ret, order < 0 ? one : other, OBJECT_ID_BYTES);
	memcpy(ret + OBJECT_ID_BYTES, order < 0 ? other : one, OBJECT_ID_BYTES);
	return 0;
}

/* @return 1 if both are of one kind; 0 if not */
static int are_alike(struct view *view, const uint8_t pair[static 2 * OBJECT_ID_BYTES], struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(view),
			    "SELECT 1 FROM object a JOIN object b ON b.obj = ?2 AND b.kind = a.kind WHERE a.obj = ?1",
			    &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, pair, OBJECT_ID_BYTES);
	stmt_bind_blob(s, 2, pair + OBJECT_ID_BYTES, OBJECT_ID_BYTES);
	rc = stmt_step(s, err);
	stmt_reset(s);
	return rc;
}

/* The claim as a line. The object of a pair has the same label, so the same id, in every home. */
static int compose(struct arena *a, const uint8_t *pair, const struct same_judgement *j, const char *known,
		   const struct json **ret, struct err *err)
{
	char one[2 * OBJECT_ID_BYTES + 1], other[2 * OBJECT_ID_BYTES + 1];
	struct json_out w;
	struct buf buf;
	int rc;

	hex_encode(pair, OBJECT_ID_BYTES, one);
	hex_encode(pair + OBJECT_ID_BYTES, OBJECT_ID_BYTES, other);
	buf_init(&buf, 65536);
	w = json_out_begin(&buf);
	json_open(&w, NULL, '{');
	json_member_text(&w, "kind", "identity");
	json_member_text(&w, "id", arena_printf(a, "@identity/%s/%s", one, other));
	json_open(&w, "set", '{');
	json_member_text(&w, "one", one);
	json_member_text(&w, "other", other);
	json_member_text(&w, "verdict", j->verdict);
	json_member_text(&w, "basis", j->basis);
	json_close(&w, '}');
	json_member_text(&w, "known", known);
	json_close(&w, '}');
	rc = buf_check(&buf, "the judgement", err);
	if (rc == 0)
		rc = json_parse(a, arena_copy(a, buf_str(&buf), buf.n), buf.n, ret, err);
	buf_release(&buf);
	return rc;
}

static int write_judgement(struct node *node, const uint8_t *circle, const uint8_t *pair,
			   const struct same_judgement *j, const char *known, struct written *ret, struct err *err)
{
	struct claim_request request = { 0 };
	struct arena a = { 0 };
	int rc = compose(&a, pair, j, known, &request.line, err);

	if (rc == 0)
		rc = node_write_claim(node, circle, &request, ret, err);
	arena_release(&a);
	return rc;
}

/* What the record says of the pair now, as a code; NULL: nothing, or nothing that one can agree with. */
static int verdict_now(struct view *view, const uint8_t *pair, const char **ret, struct err *err)
{
	static const char *const codes[] = { [SAME_UNSURE] = "unsure", [SAME_YES] = "same", [SAME_NO] = "different" };
	struct same_judged *judged = NULL;
	struct arena a = { 0 };
	size_t n = 0;
	int rc = same_read_judged(view, &a, &judged, &n, err);

	*ret = NULL;
	for (size_t i = 0; i < n && rc == 0; i++)
		if (memcmp(judged[i].one, pair, OBJECT_ID_BYTES) == 0 &&
		    memcmp(judged[i].other, pair + OBJECT_ID_BYTES, OBJECT_ID_BYTES) == 0)
			*ret = judged[i].verdict == SAME_DISPUTED ? NULL : codes[judged[i].verdict];
	arena_release(&a);
	return rc;
}

int same_judge(struct node *node, const uint8_t circle[static ID_BYTES], int64_t now_ms,
	       const struct same_judgement *judgement, struct written *ret, struct err *err)
{
	uint8_t pair[2 * OBJECT_ID_BYTES];
	char known[WHEN_TEXT_MAX];
	struct view *view = NULL;
	const char *now = NULL;
	int rc = node_view(node, NULL, &view, err);

	if (rc == 0)
		rc = find_two(view, judgement, pair, err);
	if (rc == 0)
		rc = are_alike(view, pair, err);
	if (rc == 0)
		rc = err_set(err, E_INVALID, "only two of one kind can be one and the same: two actors, two persons");
	if (rc > 0)
		rc = write_judgement(node, circle, pair, judgement, NULL, ret, err);
	if (rc < 0 || !ret->present)
		return rc;
	/* Said before in just these words: if the organisation changed its mind since, it says so now. */
	rc = node_view(node, NULL, &view, err);
	if (rc == 0)
		rc = verdict_now(view, pair, &now, err);
	if (rc < 0 || (now && strcmp(now, judgement->verdict) == 0))
		return rc;
	when_format_ms(now_ms, known);
	return write_judgement(node, circle, pair, judgement, known, ret, err);
}
