/* Attachments and redactions: what touches the chunks behind a claim. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "node/node_internal.h"
#include "view/attachment.h"

int node_attach(struct node *node, const uint8_t circle[static ID_BYTES], const char *path, const char *name,
		struct buf *ret_json, struct err *err)
{
	struct buf content;
	int rc;

	buf_init(&content, ATTACHMENT_MAX);
	rc = disk_read_all(node->env->disk, path, ATTACHMENT_MAX, &content, err);
	if (rc == 0)
		rc = record_begin(node->record, true, err);
	if (rc < 0)
		goto out;
	rc = record_attach(node->record, circle, name, BYTES(content.p, content.n), ret_json, err);
	if (rc == 0)
		rc = record_commit(node->record, err);
	else
		record_rollback(node->record);
	if (rc == 0)
		rc = node_catch_up(node, err);
out:
	buf_release(&content);
	return rc;
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

/* Rows of the chunks of all files of a claim. */
static int all_chunk_rows(struct node *node, const struct json *files, uint64_t **ret, size_t *ret_n, struct err *err)
{
	int rc = 0;

	for (const struct json *f = files->child; f && rc == 0; f = f->next) {
		*ret = mem_resize(*ret, (*ret_n + ATTACHMENT_CHUNKS_MAX) * sizeof **ret);
		rc = attachment_rows(node->view, f, *ret, ret_n, err);
	}
	return rc;
}

int node_redact(struct node *node, const char *entry, const char *reason, struct err *err)
{
	uint64_t *also = NULL;
	struct arena a = { 0 };
	struct body body;
	size_t n_also = 0;
	uint64_t n;
	int rc = node_find_entry(node, entry, &n, err);

	if (rc == 0)
		rc = claim_body(node, &a, n, &body, err);
	if (rc == 0 && body.type == BODY_CLAIM && body.claim.files)
		rc = all_chunk_rows(node, body.claim.files, &also, &n_also, err);
	if (rc == 0)
		rc = record_redact(node->record, n, reason, also, n_also, err);
	if (rc == 0) {
		node->snapshot_n = 0; /* the old snapshot held the body and is gone */
		rc = node_catch_up(node, err);
	}
	arena_release(&a);
	free(also);
	return rc;
}

int node_save_attachment(struct node *node, const char *entry, int nth, const char *path, struct err *err)
{
	struct disk *disk = node->env->disk;
	struct arena a = { 0 };
	const struct json *file = NULL;
	struct disk_stat st;
	struct body body;
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
		rc = disk->stat(disk, path, &st, err);
	if (rc == 0 && st.type != DISK_ABSENT)
		rc = err_set(err, E_EXISTS, "%s is there already: choose another name", path);
	if (rc == 0)
		rc = disk_replace(disk, path, content.p, content.n, err);
	buf_release(&content);
	arena_release(&a);
	return rc;
}
