#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/idmap.h"
#include "base/limits.h"
#include "exchange/lines.h"
#include "exchange/ndjson.h"

#define BATCH_ENTRIES 4096
#define BATCH_BYTES (4 * 1024 * 1024)
#define BATCH_MS 250

struct importer {
	struct record *record;
	struct view *view; /* as it was before the import: it is not changed here */
	const uint8_t *circle;
	const struct import_options *options;
	struct import_report report;
	struct lines lines;
	struct arena arena;      /* of one line */
	struct buf body;
	struct idmap seen;       /* claim digest -> equal claims met in this file */
	struct idmap objects;    /* object id -> 1: claimed in this import */
	struct idmap entries;    /* entry id in the file -> 1 + index of its id here */
	uint8_t (*local)[ID_BYTES];
	size_t n_local;
	struct idmap retracted;  /* entry id here -> 1: retracted in this import */
	struct buf file;         /* content of the attachment whose chunks are being read */
	uint8_t file_hash[HASH_BYTES];
	bool in_batch;
	size_t batch_entries, batch_bytes;
	int64_t batch_began_ms;
};

/* --- batches ----------------------------------------------------------------------------------------------- */

static int64_t monotonic(struct importer *im)
{
	struct env *env = record_env(im->record);

	return env->monotonic_ms(env);
}

static int batch_open(struct importer *im, struct err *err)
{
	int rc;

	if (im->in_batch)
		return 0;
	rc = record_begin(im->record, true, err);
	if (rc < 0)
		return rc;
	im->in_batch = true;
	im->batch_entries = im->batch_bytes = 0;
	im->batch_began_ms = monotonic(im);
	return 0;
}

static int batch_close(struct importer *im, struct err *err)
{
	if (!im->in_batch)
		return 0;
	im->in_batch = false;
	return record_commit(im->record, err);
}

static int batch_close_if_full(struct importer *im, struct err *err)
{
	if (!im->in_batch || (im->batch_entries < BATCH_ENTRIES && im->batch_bytes < BATCH_BYTES &&
			      monotonic(im) - im->batch_began_ms < BATCH_MS))
		return 0;
	return batch_close(im, err);
}

static int append(struct importer *im, uint8_t ret_id[static ID_BYTES], struct err *err)
{
	uint64_t n;
	int rc = batch_open(im, err);

	if (rc == 0)
		rc = record_append(im->record, im->circle, BYTES(im->body.p, im->body.n), &n, ret_id, err);
	im->batch_entries++;
	im->batch_bytes += im->body.n;
	return rc;
}

/* --- what is there already --------------------------------------------------------------------------------- */

static int object_is_known(struct importer *im, const uint8_t obj[static OBJECT_ID_BYTES], bool *ret, struct err *err)
{
	struct stmt *s;
	int rc;

	*ret = idmap_get(&im->objects, obj, OBJECT_ID_BYTES) != 0;
	if (*ret)
		return 0;
	rc = db_prepare(view_db(im->view), "SELECT 1 FROM object WHERE obj = ?1", &s, err);
	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, obj, OBJECT_ID_BYTES);
	rc = stmt_step(s, err);
	*ret = rc == 1;
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

/* The id of the kth (from 1) equal claim of this organisation in the circle, by arrival. */
static int find_kth_equal(struct importer *im, const uint8_t digest[static HASH_BYTES], uint64_t k, bool *ret_found,
			  uint8_t ret_id[static ID_BYTES], struct err *err)
{
	struct stmt *s;
	int rc = db_prepare(view_db(im->view),
			    "SELECT e.id FROM claim c JOIN entry e ON e.n = c.n "
			    "WHERE c.digest = ?1 AND c.org = ?2 AND c.circle = ?3 ORDER BY c.n LIMIT 1 OFFSET ?4",
			    &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, digest, HASH_BYTES);
	stmt_bind_blob(s, 2, record_org_id(im->record), ID_BYTES);
	stmt_bind_blob(s, 3, im->circle, ID_BYTES);
	stmt_bind_int(s, 4, (int64_t)(k - 1));
	rc = stmt_step(s, err);
	*ret_found = rc == 1;
	if (rc == 1)
		memcpy(ret_id, stmt_blob(s, 0).p, ID_BYTES);
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static int is_retracted(struct importer *im, const uint8_t id[static ID_BYTES], bool *ret, struct err *err)
{
	struct stmt *s;
	int rc;

	*ret = idmap_get(&im->retracted, id, ID_BYTES) != 0;
	if (*ret)
		return 0;
	rc = db_prepare(view_db(im->view), "SELECT 1 FROM retraction WHERE target = ?1 AND org = ?2", &s, err);
	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, id, ID_BYTES);
	stmt_bind_blob(s, 2, record_org_id(im->record), ID_BYTES);
	rc = stmt_step(s, err);
	*ret = rc == 1;
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

/* Remember under which id the claim with the file's `entry` stands here. */
static void remember_entry(struct importer *im, const struct json *line, const uint8_t id[static ID_BYTES])
{
	const char *text = json_get_text(line, "entry");
	uint8_t there[ID_BYTES];

	if (!text || hex_decode(text, strlen(text), there, sizeof there) < 0)
		return;
	im->local = mem_resize(im->local, (im->n_local + 1) * sizeof *im->local);
	memcpy(im->local[im->n_local++], id, ID_BYTES);
	*idmap_at(&im->entries, there, sizeof there) = im->n_local;
}

/* --- attachments ------------------------------------------------------------------------------------------- */

static int take_chunk(struct importer *im, const struct json *line, struct err *err)
{
	const char *hash_text = json_get_text(line, "file"), *data = json_get_text(line, "data");
	uint8_t hash[HASH_BYTES];
	uint8_t *piece;
	size_t n = 0, cap = data ? strlen(data) : 0;

	if (!hash_text || !data || hex_decode(hash_text, strlen(hash_text), hash, sizeof hash) < 0)
		return err_set(err, E_INVALID, "a chunk needs file (64 hex digits) and data (base64url)");
	if (json_get_int(line, "i", -1) == 0) {
		buf_clear(&im->file);
		memcpy(im->file_hash, hash, sizeof hash);
	}
	if (memcmp(hash, im->file_hash, sizeof hash) != 0)
		return err_set(err, E_INVALID, "a chunk does not follow the first one (i: 0) of its file");
	piece = arena_alloc(&im->arena, cap + 1);
	if (base64url_decode(data, strlen(data), piece, cap, &n) < 0)
		return err_set(err, E_INVALID, "data of a chunk is not base64url without padding");
	buf_put(&im->file, piece, n);
	return buf_check(&im->file, "an attachment", err);
}

/* Append the chunks of one file whose content was read before, and write what the claim must say of it. */
static int attach_one(struct importer *im, const struct json *file, struct buf *out, struct err *err)
{
	const char *hash = json_get_text(file, "hash"), *name = json_get_text(file, "name");
	uint8_t got[HASH_BYTES];
	char hex[2 * HASH_BYTES + 1];

	hash_labelled(LABEL_FILE, BYTES(im->file.p, im->file.n), NO_BYTES, NO_BYTES, got, sizeof got);
	hex_encode(got, sizeof got, hex);
	if (!hash || !name || strcmp(hash, hex) != 0)
		return err_set(err, E_INVALID, "its attachment is not in the lines before it: export with --attachments");
	return record_attach(im->record, im->circle, name, BYTES(im->file.p, im->file.n), out, err);
}

/* The line with its files sealed anew. One file a claim is what exports write; more than one needs the CLI. */
static int attach_files(struct importer *im, const struct json *line, const struct json **ret, struct err *err)
{
	const struct json *files = json_get(line, "files");
	struct json_out w;
	struct buf text;
	int rc = 0;

	buf_init(&text, JSON_TEXT_MAX);
	w = json_out_begin(&text);
	json_open(&w, NULL, '{');
	for (const struct json *m = line->child; m; m = m->next)
		if (m != files)
			json_member_value(&w, m->key, m);
	buf_text(&text, ",\"files\":[");
	for (const struct json *f = files->child; f && rc == 0; f = f->next) {
		rc = attach_one(im, f, &text, err);
		if (f->next)
			buf_text(&text, ",");
	}
	buf_text(&text, "]}");
	if (rc == 0)
		rc = buf_check(&text, "a claim with attachments", err);
	if (rc == 0)
		rc = json_parse(&im->arena, arena_copy(&im->arena, buf_str(&text), text.n), text.n, ret, err);
	buf_release(&text);
	return rc;
}

/* --- lines ------------------------------------------------------------------------------------------------- */

static int compose(struct importer *im, const struct json *line, bool first, struct err *err)
{
	struct compose_rules rules = { .first = first, .keep_unknown = im->options->keep_unknown };

	buf_clear(&im->body);
	return claim_compose(&im->arena, line, &rules, &im->body, err);
}

/* Sign a claim that is new here. */
static int add_claim(struct importer *im, const struct json *line, bool first, uint8_t ret_id[static ID_BYTES],
		     struct err *err)
{
	int rc = 0;

	if (json_get(line, "files")) {
		rc = batch_open(im, err);
		if (rc == 0)
			rc = attach_files(im, line, &line, err);
		if (rc == 0)
			rc = compose(im, line, first, err);
	}
	return rc == 0 ? append(im, ret_id, err) : rc;
}

static int take_claim(struct importer *im, const struct json *line, struct err *err)
{
	uint8_t obj[OBJECT_ID_BYTES], digest[HASH_BYTES], id[ID_BYTES] = { 0 };
	const char *id_text = json_get_text(line, "id");
	bool known = false, present = false;
	int rc;

	if (!id_text)
		return err_set(err, E_INVALID, "id: must be the id of an object");
	rc = object_id_parse(id_text, obj, err);
	if (rc == 0)
		rc = object_is_known(im, obj, &known, err);
	if (rc == 0)
		rc = compose(im, line, !known, err);
	if (rc < 0)
		return rc;
	claim_digest(BYTES(im->body.p, im->body.n), digest);
	rc = find_kth_equal(im, digest, ++*idmap_at(&im->seen, digest, sizeof digest), &present, id, err);
	if (rc == 0 && !present && !im->options->dry_run)
		rc = add_claim(im, line, !known, id, err);
	if (rc < 0)
		return rc;
	*idmap_at(&im->objects, obj, sizeof obj) = 1;
	remember_entry(im, line, id);
	im->report.n_present += present;
	im->report.n_added += !present;
	return 0;
}

/* The id here of the claim that a retraction names. */
static int find_target(struct importer *im, const struct json *line, uint8_t ret_id[static ID_BYTES], struct err *err)
{
	const char *text = json_get_text(line, "entry");
	uint64_t local;
	struct stmt *s;
	int rc;

	if (!text || hex_decode(text, strlen(text), ret_id, ID_BYTES) < 0)
		return err_set(err, E_INVALID, "entry must be the id of the claim that is retracted (64 hex digits)");
	local = idmap_get(&im->entries, ret_id, ID_BYTES);
	if (local) {
		memcpy(ret_id, im->local[local - 1], ID_BYTES);
		return 0;
	}
	rc = db_prepare(view_db(im->view), "SELECT 1 FROM claim c JOIN entry e ON e.n = c.n WHERE e.id = ?1", &s, err);
	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, ret_id, ID_BYTES);
	rc = stmt_step(s, err);
	stmt_reset(s);
	if (rc == 0)
		return err_set(err, E_INVALID, "it retracts a claim that is neither in this file before it nor in this record");
	return rc < 0 ? rc : 0;
}

static int take_retraction(struct importer *im, const struct json *line, struct err *err)
{
	uint8_t target[ID_BYTES], id[ID_BYTES];
	bool present = false;
	int rc = find_target(im, line, target, err);

	if (rc == 0)
		rc = is_retracted(im, target, &present, err);
	if (rc == 0 && !present && !im->options->dry_run) {
		buf_clear(&im->body);
		retract_compose(target, json_get_text(line, "reason"), &im->body);
		rc = append(im, id, err);
	}
	if (rc < 0)
		return rc;
	if (!bytes_are_zero(target, sizeof target))
		*idmap_at(&im->retracted, target, sizeof target) = 1;
	im->report.n_present += present;
	im->report.n_added += !present;
	return 0;
}

static int take_line(struct importer *im, struct err *err)
{
	const struct json *line;
	const char *t;
	int rc;

	if (im->lines.too_long)
		return err_set(err, E_LIMIT, "the line is longer than %d bytes", NDJSON_LINE_MAX);
	rc = json_parse(&im->arena, buf_str(&im->lines.line), im->lines.line.n, &line, err);
	if (rc < 0)
		return rc;
	t = json_get_text(line, "t");
	if (!t || strcmp(t, "claim") == 0)
		return take_claim(im, line, err);
	if (strcmp(t, "retract") == 0)
		return take_retraction(im, line, err);
	if (strcmp(t, "chunk") == 0)
		return take_chunk(im, line, err);
	return err_set(err, E_INVALID, "t must be claim, retract or chunk");
}

static bool line_is_blank(const struct buf *line)
{
	const char *text = buf_str(line);

	return strspn(text, " \t\r") == line->n;
}

/* Whether a line that failed is the line's own fault; anything else stops the import. */
static bool is_fault_of_line(int rc)
{
	return rc == E_INVALID || rc == E_LIMIT;
}

static int import_lines(struct importer *im, struct err *err)
{
	const struct import_options *o = im->options;
	struct err why;
	int rc;

	while ((rc = lines_next(&im->lines, err)) == 1) {
		if (!im->lines.too_long && line_is_blank(&im->lines.line))
			continue;
		im->report.n_lines++;
		rc = take_line(im, &why);
		arena_release(&im->arena);
		if (rc < 0 && !is_fault_of_line(rc)) {
			if (err)
				*err = why;
			return rc;
		}
		if (rc < 0) {
			im->report.n_rejected++;
			if (o->rejected)
				o->rejected(o->ctx, im->lines.number, why.text);
		}
		rc = batch_close_if_full(im, err);
		if (rc < 0)
			return rc;
		if (o->progress && !o->progress(o->ctx, im->lines.bytes, im->lines.source->size)) {
			rc = batch_close(im, err);
			return rc < 0 ? rc : err_set(err, E_CANCELLED, "stopped at line %llu: what was taken stays",
						     (unsigned long long)im->lines.number);
		}
	}
	return rc < 0 ? rc : batch_close(im, err);
}

static void importer_release(struct importer *im)
{
	if (im->in_batch)
		record_rollback(im->record);
	lines_release(&im->lines);
	arena_release(&im->arena);
	buf_release(&im->body);
	buf_release(&im->file);
	idmap_release(&im->seen);
	idmap_release(&im->objects);
	idmap_release(&im->entries);
	idmap_release(&im->retracted);
	free(im->local);
	free(im);
}

static int import_once(struct record *record, struct view *view, const uint8_t circle[static ID_BYTES],
		       struct source *source, const struct import_options *options, struct import_report *ret,
		       struct err *err)
{
	struct importer *im = mem_alloc(sizeof *im);
	int rc;

	memset(im, 0, sizeof *im);
	im->record = record;
	im->view = view;
	im->circle = circle;
	im->options = options;
	lines_init(&im->lines, source);
	buf_init(&im->body, JSON_TEXT_MAX);
	buf_init(&im->file, ATTACHMENT_MAX);
	rc = import_lines(im, err);
	*ret = im->report;
	importer_release(im);
	return rc;
}

int ndjson_import(struct record *record, struct view *view, const uint8_t circle[static ID_BYTES],
		  struct source *source, int (*rewind)(void *ctx, struct err *err), const struct import_options *options,
		  struct import_report *ret, struct err *err)
{
	struct import_options check = *options;
	int rc;

	if (!options->strict || options->dry_run)
		return import_once(record, view, circle, source, options, ret, err);
	if (!rewind)
		return err_set(err, E_USAGE, "strict import reads the file twice: give a file, not a pipe");
	check.dry_run = true;
	rc = import_once(record, view, circle, source, &check, ret, err);
	if (rc < 0)
		return rc;
	if (ret->n_rejected > 0) {
		ret->n_added = 0;
		return err_set(err, E_INVALID, "%llu lines are not right, and with --strict nothing is taken then",
			       (unsigned long long)ret->n_rejected);
	}
	rc = rewind(source->ctx, err);
	return rc < 0 ? rc : import_once(record, view, circle, source, options, ret, err);
}
