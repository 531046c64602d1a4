/* The contents of attachments while a file is read: chunks in, sealed files out. */
#include <stdlib.h>
#include <string.h>

#include "exchange/import_internal.h"

/* More than the parts that one claim can name, so every claim that a record can hold comes in again. */
#define FILES_BYTES_MAX (2 * (size_t)ATTACHMENT_MAX)
#define FILES_MAX 512

void files_init(struct files *files, struct record *record, const uint8_t circle[static ID_BYTES])
{
	*files = (struct files){ .record = record, .circle = circle };
	buf_init(&files->content, FILES_BYTES_MAX);
}

void files_release(struct files *files)
{
	buf_release(&files->content);
	free(files->list);
	*files = (struct files){ 0 };
}

/* --- chunks ------------------------------------------------------------------------------------------------ */

static int begin_file(struct files *files, const uint8_t hash[static HASH_BYTES], struct err *err)
{
	struct kept_file *file;

	if (files->used) {
		buf_clear(&files->content);
		files->n = 0;
		files->used = false;
	}
	if (files->n == FILES_MAX)
		return err_set(err, E_LIMIT, "more than %d files come before one claim", FILES_MAX);
	files->list = mem_resize(files->list, (files->n + 1) * sizeof *files->list);
	file = &files->list[files->n++];
	*file = (struct kept_file){ .at = files->content.n };
	memcpy(file->hash, hash, HASH_BYTES);
	return 0;
}

static int append_data(struct files *files, struct kept_file *file, struct bytes data, struct err *err)
{
	if (data.n > ATTACHMENT_MAX - file->n)
		return err_set(err, E_LIMIT, "an attachment holds at most %d bytes", ATTACHMENT_MAX);
	if (data.n > FILES_BYTES_MAX - files->content.n)
		return err_set(err, E_LIMIT, "the files before one claim hold at most %zu bytes together",
			       FILES_BYTES_MAX);
	buf_put(&files->content, data.p, data.n);
	file->n += data.n;
	file->next++;
	return 0;
}

static int take_data(struct files *files, struct arena *a, const char *text, struct err *err)
{
	struct kept_file *file = &files->list[files->n - 1];
	size_t cap = strlen(text), n = 0;
	uint8_t *data = arena_alloc(a, cap + 1);
	int rc = 0;

	if (base64url_decode(text, cap, data, cap, &n) < 0)
		rc = err_set(err, E_INVALID, "data of a chunk is not base64url without padding");
	if (rc == 0)
		rc = append_data(files, file, BYTES(data, n), err);
	if (rc < 0)
		file->next = -1;
	return rc;
}

int files_take_chunk(struct files *files, struct arena *a, const struct json *line, struct err *err)
{
	const char *hash_text = json_get_text(line, "file"), *data = json_get_text(line, "data");
	int64_t i = json_get_int(line, "i", -1);
	uint8_t hash[HASH_BYTES];
	const struct kept_file *last;
	int rc = 0;

	if (!hash_text || !data || i < 0 || hex_decode(hash_text, strlen(hash_text), hash, sizeof hash) < 0)
		return err_set(err, E_INVALID,
			       "a chunk needs file (64 hex digits), i (0, 1, 2, ...) and data (base64url)");
	if (i == 0)
		rc = begin_file(files, hash, err);
	if (rc < 0)
		return rc;
	last = files->n ? &files->list[files->n - 1] : NULL;
	if (!last || files->used || i != last->next || memcmp(hash, last->hash, sizeof hash) != 0)
		return err_set(err, E_INVALID,
			       "a chunk must follow the one before it: the same file, i one higher, from 0 on");
	return take_data(files, a, data, err);
}

/* --- what a claim names ------------------------------------------------------------------------------------ */

static struct bytes content_of(const struct files *files, const struct kept_file *file)
{
	return file->n ? BYTES(files->content.p + file->at, file->n) : NO_BYTES;
}

static bool hash_fits(const struct files *files, struct kept_file *file)
{
	uint8_t hash[HASH_BYTES];

	if (file->judged)
		return file->fits;
	hash_labelled(LABEL_FILE, content_of(files, file), NO_BYTES, NO_BYTES, hash, sizeof hash);
	file->judged = true;
	file->fits = memcmp(hash, file->hash, sizeof hash) == 0;
	return file->fits;
}

/* Content with that hash, or NULL. */
static const struct kept_file *find_file(struct files *files, const char *hash_text)
{
	uint8_t hash[HASH_BYTES];

	if (hex_decode(hash_text, strlen(hash_text), hash, sizeof hash) < 0)
		return NULL;
	for (size_t i = 0; i < files->n; i++)
		if (memcmp(files->list[i].hash, hash, sizeof hash) == 0 && hash_fits(files, &files->list[i]))
			return &files->list[i];
	return NULL;
}

static int check_one(struct files *files, const struct json *item, bool *here, struct err *err)
{
	const char *name = json_get_text(item, "name"), *hash = json_get_text(item, "hash");
	int64_t size = json_get_int(item, "size", -1);
	const struct kept_file *file;
	uint8_t bytes[HASH_BYTES];

	if (!name || !*name || !hash || size < 0 || hex_decode(hash, strlen(hash), bytes, sizeof bytes) < 0)
		return err_set(err, E_INVALID, "files: each needs name, size (bytes) and hash (64 hex digits)");
	file = find_file(files, hash);
	if (file && file->n != (uint64_t)size)
		return err_set(err, E_INVALID, "files: size is not that of the content before it");
	*here = *here && file;
	return 0;
}

int files_check(struct files *files, const struct json *line, bool *ret_here, struct err *err)
{
	const struct json *list = json_get(line, "files");
	int rc = 0;

	if (list->type != JSON_T_ARRAY || !list->child)
		return err_set(err, E_INVALID, "files must be an array with at least one file");
	*ret_here = true;
	for (const struct json *item = list->child; item && rc == 0; item = item->next)
		rc = check_one(files, item, ret_here, err);
	files->used = true;
	return rc;
}

/* --- the line as it is sealed ------------------------------------------------------------------------------ */

static size_t n_parts(size_t n)
{
	return (n + BODY_MAX - 1) / BODY_MAX;
}

/* What record_attach() would write, with zeros for keys and ids. */
static void put_plan(const struct json *item, size_t n, struct buf *out)
{
	static const uint8_t zeros[ID_BYTES];
	struct json_out w = json_out_begin(out);

	json_open(&w, NULL, '{');
	json_member_text(&w, "name", json_get_text(item, "name"));
	json_member_int(&w, "size", (int64_t)n);
	json_member_text(&w, "hash", json_get_text(item, "hash"));
	json_member_hex(&w, "key", zeros, KEY_BYTES);
	json_open(&w, "chunks", '[');
	for (size_t i = 0; i < n_parts(n); i++)
		json_member_hex(&w, NULL, zeros, sizeof zeros);
	json_close(&w, ']');
	json_close(&w, '}');
}

static int put_items(struct files *files, const struct json *list, bool seal, struct buf *out, struct sealed_size *size,
		     struct err *err)
{
	int rc = 0;

	for (const struct json *item = list->child; item && rc == 0; item = item->next) {
		const struct kept_file *file = find_file(files, json_get_text(item, "hash"));

		if (seal)
			rc = record_attach(files->record, files->circle, json_get_text(item, "name"),
					   content_of(files, file), out, err);
		else
			put_plan(item, file->n, out);
		size->entries += n_parts(file->n);
		size->bytes += file->n;
		if (item->next)
			buf_text(out, ",");
	}
	return rc;
}

int files_put(struct files *files, struct arena *a, const struct json *line, bool seal, const struct json **ret,
	      struct sealed_size *size, struct err *err)
{
	const struct json *list = json_get(line, "files");
	struct json_out w;
	struct buf text;
	int rc;

	buf_init(&text, JSON_TEXT_MAX);
	w = json_out_begin(&text);
	json_open(&w, NULL, '{');
	for (const struct json *m = line->child; m; m = m->next)
		if (m != list)
			json_member_value(&w, m->key, m);
	buf_text(&text, w.comma ? ",\"files\":[" : "\"files\":[");
	rc = put_items(files, list, seal, &text, size, err);
	buf_text(&text, "]}");
	if (rc == 0)
		rc = buf_check(&text, "a claim with attachments", err);
	if (rc == 0)
		rc = json_parse(a, arena_copy(a, buf_str(&text), text.n), text.n, ret, err);
	buf_release(&text);
	return rc;
}
