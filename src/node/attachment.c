/* Attachments and redactions: what touches the chunks behind a claim. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "node/node_internal.h"
#include "view/attachment.h"

void uploads_release(struct uploads *u)
{
	for (size_t i = 0; i < u->n; i++)
		buf_release(&u->list[i].content);
	free(u->list);
	*u = (struct uploads){ 0 };
}

int uploads_read(struct node *node, const char *const *paths, size_t n, struct uploads *ret, struct err *err)
{
	int rc = 0;

	ret->list = n ? mem_alloc(n * sizeof *ret->list) : NULL;
	for (size_t i = 0; i < n && rc == 0; i++) {
		struct upload *u = &ret->list[ret->n++];
		const char *slash = strrchr(paths[i], '/');

		u->name = slash ? slash + 1 : paths[i];
		buf_init(&u->content, ATTACHMENT_MAX);
		rc = disk_read_all(node->env->disk, paths[i], ATTACHMENT_MAX, &u->content, err);
	}
	return rc;
}

/* What a claim says of a file before it is sealed: enough to recognise an equal claim. */
static void describe(const struct upload *u, struct buf *out)
{
	struct json_out w = json_out_begin(out);
	uint8_t hash[HASH_BYTES];

	hash_labelled(LABEL_FILE, BYTES(u->content.p, u->content.n), NO_BYTES, NO_BYTES, hash, sizeof hash);
	json_open(&w, NULL, '{');
	json_member_text(&w, "name", u->name);
	json_member_int(&w, "size", (int64_t)u->content.n);
	json_member_hex(&w, "hash", hash, sizeof hash);
	json_close(&w, '}');
}

int uploads_line(struct node *node, const uint8_t *circle, const struct uploads *u, struct arena *a,
		 const struct json *line, const struct json **ret, struct err *err)
{
	const struct json *parsed = NULL;
	struct json *files, *copy;
	struct buf text;
	int rc = 0;

	*ret = line;
	if (u->n == 0)
		return 0;
	buf_init(&text, JSON_TEXT_MAX);
	buf_text(&text, "{\"files\":[");
	for (size_t i = 0; i < u->n && rc == 0; i++) {
		if (i)
			buf_text(&text, ",");
		if (circle)
			rc = record_attach(node->record, circle, u->list[i].name,
					   BYTES(u->list[i].content.p, u->list[i].content.n), &text, err);
		else
			describe(&u->list[i], &text);
	}
	buf_text(&text, "]}");
	if (rc == 0)
		rc = buf_check(&text, "the list of attachments", err);
	if (rc == 0)
		rc = json_parse(a, buf_str(&text), text.n, &parsed, err);
	buf_release(&text);
	if (rc < 0 || !parsed)
		return rc;
	files = arena_alloc(a, sizeof *files);
	*files = *parsed->child;
	files->next = line->child;
	copy = arena_alloc(a, sizeof *copy);
	*copy = *line;
	copy->child = files;
	*ret = copy;
	return 0;
}

/* The body of the claim in row n, parsed. */
static int claim_body(struct node *node, struct arena *a, uint64_t n, struct body *ret, struct err *err)
{
	struct record_entry entry;
	char *text;
	int rc = record_read(node->record, n, &entry, err);

	if (rc < 0)
		return rc;
	if (entry.envelope.cls != CLASS_CLAIM || entry.state != BODY_OPEN)
		return err_set(err, E_INVALID, "this entry is no claim that can be opened");
	text = arena_copy(a, (const char *)entry.text.p, entry.text.n);
	return body_read(a, CLASS_CLAIM, BYTES(text, entry.text.n), ret, err);
}

/* Rows of the chunks of all files of a claim, as far as they are here: what is damaged or missing is no reason to keep
 * the rest. */
static int all_chunk_rows(struct node *node, const struct json *files, uint64_t **ret, size_t *ret_n, struct err *err)
{
	int rc = 0;

	for (const struct json *f = files->child; f && rc == 0; f = f->next) {
		*ret = mem_resize(*ret, (*ret_n + ATTACHMENT_CHUNKS_MAX) * sizeof **ret);
		rc = attachment_rows(node->view, f, true, *ret, ret_n, err);
	}
	return rc;
}

int node_redact(struct node *node, const char *entry, const char *reason, struct err *err)
{
	uint64_t *also = NULL;
	struct arena a = { 0 };
	struct body body = { 0 };
	struct err later;
	size_t n_also = 0;
	uint64_t n;
	int rc_view, rc = node_find_entry(node, entry, &n, err);

	if (rc == 0)
		rc = claim_body(node, &a, n, &body, err);
	if (rc == 0 && body.type == BODY_CLAIM && body.claim.files)
		rc = all_chunk_rows(node, body.claim.files, &also, &n_also, err);
	if (rc < 0)
		goto out;
	rc = record_redact(node->record, n, reason, also, n_also, err);
	/* The snapshot held the body and is gone. The redaction may stand though the overwriting behind it has failed. */
	node->snapshot_n = 0;
	rc_view = node_catch_up(node, rc < 0 ? &later : err);
	rc = rc < 0 ? rc : rc_view;
out:
	arena_release(&a);
	free(also);
	return rc;
}

int node_save_attachment(struct node *node, const char *entry, int nth, const char *path, struct err *err)
{
	struct arena a = { 0 };
	const struct json *file = NULL;
	struct body body = { 0 };
	struct buf content;
	uint64_t n;
	int rc = node_find_entry(node, entry, &n, err);

	buf_init(&content, ATTACHMENT_MAX);
	if (rc == 0)
		rc = claim_body(node, &a, n, &body, err);
	if (rc == 0 && body.type == BODY_CLAIM && body.claim.files) {
		file = body.claim.files->child;
		for (int i = 1; file && i < nth; i++)
			file = file->next;
	}
	if (rc == 0 && !file)
		rc = err_set(err, E_NOT_FOUND, "this entry has no attachment number %d", nth);
	if (rc == 0)
		rc = attachment_read(node->view, node->record, file, &content, err);
	if (rc == 0)
		rc = disk_write_new(node->env->disk, path, content.p, content.n, err);
	buf_release(&content);
	arena_release(&a);
	return rc;
}
