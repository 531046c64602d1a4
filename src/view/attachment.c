#include "view/attachment.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

static int row_of(struct view *view, const struct json *chunk, uint64_t *ret_n, struct err *err)
{
	uint8_t id[ID_BYTES];
	struct stmt *s;
	int rc;

	if (chunk->type != JSON_T_TEXT || hex_decode(chunk->text, chunk->text_len, id, sizeof id) < 0)
		return err_set(err, E_INVALID, "an attachment names a part that is no entry id");
	rc = db_prepare(view_db(view), "SELECT n FROM entry WHERE id = ?1", &s, err);
	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, id, sizeof id);
	rc = stmt_step(s, err);
	if (rc == 1)
		*ret_n = (uint64_t)stmt_int(s, 0);
	stmt_reset(s);
	if (rc == 0)
		return err_set(err, E_NOT_FOUND, "a part of the attachment is not here");
	return rc < 0 ? rc : 0;
}

int attachment_rows(struct view *view, const struct json *file, bool skip_missing, uint64_t *rows, size_t *n,
		    struct err *err)
{
	const struct json *chunks = json_get(file, "chunks");
	size_t first = *n;
	int rc = 0;

	if (!chunks || chunks->type != JSON_T_ARRAY)
		return err_set(err, E_INVALID, "an attachment does not name its parts");
	for (const struct json *c = chunks->child; c && rc == 0; c = c->next) {
		if (*n - first == ATTACHMENT_CHUNKS_MAX)
			return err_set(err, E_LIMIT, "an attachment has more than %d parts", ATTACHMENT_CHUNKS_MAX);
		rc = row_of(view, c, &rows[*n], err);
		*n += rc == 0;
		if (rc == E_NOT_FOUND && skip_missing)
			rc = 0;
	}
	return rc;
}

/* A member of n bytes in hex. */
static int read_hex(const struct json *file, const char *key, uint8_t *out, size_t n, struct err *err)
{
	const char *text = json_get_text(file, key);

	if (!text || hex_decode(text, strlen(text), out, n) < 0)
		return err_set(err, E_INVALID, "an attachment does not give its %s", key);
	return 0;
}

static int read_chunks(struct view *view, struct record *record, const struct json *file, struct buf *out,
		       struct err *err)
{
	uint64_t *rows = mem_alloc(ATTACHMENT_CHUNKS_MAX * sizeof *rows);
	uint8_t key[KEY_BYTES];
	size_t n = 0;
	int rc = attachment_rows(view, file, false, rows, &n, err);

	if (rc == 0)
		rc = read_hex(file, "key", key, sizeof key, err);
	for (size_t i = 0; i < n && rc == 0; i++) {
		struct bytes chunk;

		rc = record_read_chunk(record, rows[i], key, &chunk, err);
		if (rc == 0)
			buf_put(out, chunk.p, chunk.n);
	}
	secret_wipe(key, sizeof key);
	free(rows);
	return rc == 0 ? buf_check(out, "the attachment", err) : rc;
}

int attachment_read(struct view *view, struct record *record, const struct json *file, struct buf *out, struct err *err)
{
	uint8_t hash[HASH_BYTES], got[HASH_BYTES];
	int rc = read_hex(file, "hash", hash, sizeof hash, err);

	if (rc == 0)
		rc = read_chunks(view, record, file, out, err);
	if (rc < 0)
		return rc;
	hash_labelled(LABEL_FILE, BYTES(out->p, out->n), NO_BYTES, NO_BYTES, got, sizeof got);
	if (memcmp(got, hash, sizeof hash) != 0)
		return err_set(err, E_UNVERIFIED, "the attachment does not have the hash that its claim names");
	return 0;
}
