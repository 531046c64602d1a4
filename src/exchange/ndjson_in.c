#include <stdlib.h>
#include <string.h>

#include "exchange/ndjson_internal.h"

#define BATCH_ENTRIES 4096
#define BATCH_BYTES (4 * 1024 * 1024)
#define BATCH_MS 250

/* A claim of the file that carries `entry`. */
struct local {
	uint8_t id[ID_BYTES]; /* its entry here */
	uint8_t digest[HASH_BYTES];
};

struct importer {
	struct record *record;
	struct view *view; /* as it was before the import: it is not changed here */
	const uint8_t *circle;
	const struct import_options *options;
	struct import_report report;
	struct lines lines;
	struct arena arena; /* of one line */
	struct buf body;
	struct files files;
	struct idmap seen;    /* claim digest -> equal claims met in this file */
	struct idmap objects; /* object id -> mark of the kind as which this file introduces it */
	struct idmap entries; /* entry id in the file -> 1 + index in locals */
	struct local *locals;
	size_t n_locals;
	struct idmap retracted; /* entry id here -> 1: retracted in this import */
	uint64_t n_pretended;   /* claims that a dry run did not write */
	bool gathering;         /* only objects are filled */
	uint64_t bytes_before;  /* read in earlier passes */
	unsigned n_passes;
	bool in_batch;
	uint64_t batch_added;
	struct sealed_size batch;
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
	im->batch_added = 0;
	im->batch = (struct sealed_size){ 0 };
	im->batch_began_ms = monotonic(im);
	return 0;
}

static int batch_close(struct importer *im, struct err *err)
{
	int rc;

	if (!im->in_batch)
		return 0;
	im->in_batch = false;
	rc = record_commit(im->record, err);
	if (rc == 0)
		im->report.n_added += im->batch_added;
	return rc;
}

static int batch_close_if_full(struct importer *im, struct err *err)
{
	if (!im->in_batch || (im->batch.entries < BATCH_ENTRIES && im->batch.bytes < BATCH_BYTES &&
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
	im->batch.entries++;
	im->batch.bytes += im->body.n;
	im->batch_added += rc == 0;
	return rc;
}

/* An id for what a dry run does not write, so that it counts as a real run would. */
static void pretend(struct importer *im, uint8_t ret_id[static ID_BYTES])
{
	memset(ret_id, 0xff, ID_BYTES);
	put_u64(ret_id, ++im->n_pretended);
	im->report.n_added++;
}

/* --- claims ------------------------------------------------------------------------------------------------ */

/* What is found out about a claim line. */
struct incoming {
	const struct json *line;
	uint8_t obj[OBJECT_ID_BYTES];
	bool has_entry;
	uint8_t entry[ID_BYTES]; /* as the line names it */
	bool has_files, files_here;
	uint8_t digest[HASH_BYTES];
	bool present;
	uint8_t id[ID_BYTES]; /* here */
};

static int compose(struct importer *im, const struct json *line, bool first, struct err *err)
{
	struct compose_rules rules = { .first = first, .keep_unknown = im->options->keep_unknown };

	buf_clear(&im->body);
	return claim_compose(&im->arena, line, &rules, &im->body, err);
}

static int read_object(const struct json *line, uint8_t ret[static OBJECT_ID_BYTES], struct err *err)
{
	const char *text = json_get_text(line, "id");
	int rc = text ? object_id_parse(text, ret, err) : err_set(err, E_INVALID, "must be the id of an object");

	return rc < 0 ? err_prefix(err, "id: ") : 0;
}

static int read_entry(const struct json *line, struct incoming *in, struct err *err)
{
	const struct json *entry = json_get(line, "entry");

	in->has_entry = entry != NULL;
	if (entry &&
	    (entry->type != JSON_T_TEXT || hex_decode(entry->text, entry->text_len, in->entry, sizeof in->entry) < 0))
		return err_set(err, E_INVALID, "entry must be 64 lower-case hex digits");
	return 0;
}

/* Read the line, with its files as they would be sealed, into im->body. */
static int read_claim(struct importer *im, const struct json *line, struct incoming *ret, struct err *err)
{
	struct incoming in = { .line = line, .has_files = json_get(line, "files") != NULL };
	struct sealed_size ignored = { 0 };
	int rc = read_object(line, in.obj, err);

	if (rc == 0)
		rc = read_entry(line, &in, err);
	if (rc == 0 && in.has_files)
		rc = files_check(&im->files, line, &in.files_here, err);
	if (rc == 0 && in.files_here)
		rc = files_put(&im->files, &im->arena, line, NULL, im->circle, &line, &ignored, err);
	if (rc == 0)
		rc = compose(im, line, false, err);
	if (rc < 0)
		return rc;
	claim_digest(BYTES(im->body.p, im->body.n), in.digest);
	*ret = in;
	return 0;
}

/* The same entry twice in one file is one claim. */
static bool is_in_file(struct importer *im, struct incoming *in)
{
	uint64_t local = in->has_entry ? idmap_get(&im->entries, in->entry, ID_BYTES) : 0;

	if (!local || memcmp(im->locals[local - 1].digest, in->digest, HASH_BYTES) != 0)
		return false;
	memcpy(in->id, im->locals[local - 1].id, ID_BYTES);
	in->present = true;
	return true;
}

/* An export that comes home: the line names an entry of this record, and says what it says. */
static int find_own_entry(struct importer *im, struct incoming *in, struct err *err)
{
	uint8_t digest[HASH_BYTES];
	struct here_claim here;
	bool found = false;
	int rc;

	if (!in->has_entry)
		return 0;
	rc = here_claim(im->view, in->entry, record_org_id(im->record), im->circle, &here, err);
	if (rc < 0 || !here.found)
		return rc;
	if (here.status == CLAIM_REDACTED)
		return err_set(err, E_INVALID, "the entry that it names was redacted here: it is not taken in again");
	if (!here.in_circle)
		return 0;
	rc = here_export_digest(im->view, &im->arena, in->entry, &found, digest, err);
	if (rc == 0 && found && memcmp(digest, in->digest, HASH_BYTES) == 0) {
		memcpy(in->id, in->entry, ID_BYTES);
		in->present = true;
	}
	return rc;
}

/* The k-th equal claim of the file is there if the circle holds k of them. Lines whose files are not at hand are counted
 * apart: they are never added, so they must not stand for one that is. */
static int find_equal(struct importer *im, struct incoming *in, uint64_t **ret_count, struct err *err)
{
	uint8_t key[HASH_BYTES];

	memcpy(key, in->digest, sizeof key);
	key[HASH_BYTES - 1] ^= in->has_files && !in->files_here;
	*ret_count = idmap_at(&im->seen, key, sizeof key);
	return here_kth_equal(im->view, record_org_id(im->record), im->circle, in->digest, **ret_count + 1,
			      &in->present, in->id, err);
}

/* A new claim must fit what is known of its object; the first about an object must be whole, unless it was exported:
 * then that was seen to where it was written, and what stood before it may have been left out. */
static int check_new(struct importer *im, const struct incoming *in, struct err *err)
{
	uint64_t kind = 0, own = kind_mark(json_get_text(in->line, "kind"));
	int rc;

	if (in->has_files && !in->files_here)
		return err_set(err, E_INVALID,
			       "its attachment is not in the lines before it: export with --attachments");
	rc = here_kind(im->view, in->obj, &kind, err);
	if (rc < 0)
		return rc;
	if (kind == 0)
		kind = idmap_get(&im->objects, in->obj, OBJECT_ID_BYTES);
	if (in->has_entry || kind == own)
		return 0;
	if (kind != 0)
		return err_set(err, E_INVALID,
			       "kind: another claim says that this object is of another kind; was its id meant?");
	return compose(im, in->line, true, err);
}

/* Sign a claim that is new here. */
static int add_claim(struct importer *im, struct incoming *in, struct err *err)
{
	const struct json *line = in->line;
	int rc = 0;

	if (im->options->dry_run) {
		pretend(im, in->id);
		return 0;
	}
	if (in->has_files) {
		rc = batch_open(im, err);
		if (rc == 0)
			rc = files_put(&im->files, &im->arena, line, im->record, im->circle, &line, &im->batch, err);
		if (rc == 0)
			rc = compose(im, line, false, err);
	}
	return rc == 0 ? append(im, in->id, err) : rc;
}

static void remember(struct importer *im, const struct incoming *in)
{
	uint64_t *object = idmap_at(&im->objects, in->obj, OBJECT_ID_BYTES);

	if (*object == 0)
		*object = kind_mark(json_get_text(in->line, "kind"));
	if (!in->has_entry)
		return;
	im->locals = mem_resize(im->locals, (im->n_locals + 1) * sizeof *im->locals);
	memcpy(im->locals[im->n_locals].id, in->id, ID_BYTES);
	memcpy(im->locals[im->n_locals++].digest, in->digest, HASH_BYTES);
	*idmap_at(&im->entries, in->entry, ID_BYTES) = im->n_locals;
}

static int take_claim(struct importer *im, const struct json *line, struct err *err)
{
	struct incoming in;
	uint64_t *count = NULL;
	int rc = read_claim(im, line, &in, err);

	if (rc == 0 && !is_in_file(im, &in))
		rc = find_own_entry(im, &in, err);
	if (rc == 0 && !in.present)
		rc = find_equal(im, &in, &count, err);
	if (rc == 0 && !in.present) {
		rc = check_new(im, &in, err);
		if (rc == 0)
			rc = add_claim(im, &in, err);
	}
	if (rc < 0)
		return rc;
	if (count)
		++*count;
	im->report.n_present += in.present;
	remember(im, &in);
	return 0;
}

/* Before anything is taken: which objects this file introduces, wherever in it. */
static int gather_claim(struct importer *im, const struct json *line, struct err *err)
{
	uint8_t obj[OBJECT_ID_BYTES];
	uint64_t *object;
	int rc = read_object(line, obj, err);

	if (rc == 0)
		rc = compose(im, line, !json_get(line, "entry"), err);
	if (rc < 0)
		return rc;
	object = idmap_at(&im->objects, obj, sizeof obj);
	if (*object == 0)
		*object = kind_mark(json_get_text(line, "kind"));
	return 0;
}

/* --- retractions ------------------------------------------------------------------------------------------- */

/* The id here of the claim that a retraction names, and whether it is retracted. */
static int find_target(struct importer *im, const struct json *line, uint8_t ret_id[static ID_BYTES],
		       bool *ret_retracted, struct err *err)
{
	const char *text = json_get_text(line, "entry");
	struct here_claim here;
	uint64_t local;
	int rc;

	if (!text || hex_decode(text, strlen(text), ret_id, ID_BYTES) < 0)
		return err_set(err, E_INVALID, "entry must be the id of the claim that is retracted (64 hex digits)");
	local = idmap_get(&im->entries, ret_id, ID_BYTES);
	if (local)
		memcpy(ret_id, im->locals[local - 1].id, ID_BYTES);
	rc = here_claim(im->view, ret_id, record_org_id(im->record), im->circle, &here, err);
	if (rc < 0)
		return rc;
	*ret_retracted = here.status != CLAIM_EFFECTIVE || idmap_get(&im->retracted, ret_id, ID_BYTES) != 0;
	if (!here.found && !local)
		return err_set(err, E_INVALID,
			       "it retracts a claim that is neither in this file before it nor in this record");
	if (here.found && !here.in_circle)
		return err_set(err, E_INVALID, "it retracts a claim of another process");
	if (here.found && !here.own && !*ret_retracted)
		return err_set(err, E_INVALID, "only the organisation that made a claim can retract it");
	return 0;
}

static int read_reason(const struct json *line, const char **ret, struct err *err)
{
	const struct json *reason = json_get(line, "reason");

	if (reason && reason->type != JSON_T_TEXT)
		return err_set(err, E_INVALID, "reason must be a text, not %s", json_type_words(reason->type));
	*ret = reason ? reason->text : NULL;
	return 0;
}

static int take_retraction(struct importer *im, const struct json *line, struct err *err)
{
	uint8_t target[ID_BYTES], id[ID_BYTES];
	const char *reason = NULL;
	bool present = false;
	int rc = read_reason(line, &reason, err);

	if (rc == 0)
		rc = find_target(im, line, target, &present, err);
	if (rc < 0)
		return rc;
	if (present) {
		im->report.n_present++;
		return 0;
	}
	buf_clear(&im->body);
	retract_compose(target, reason, &im->body);
	if (im->body.overflowed || im->body.n > BODY_MAX)
		return err_set(err, E_LIMIT, "reason is too long: an entry holds at most %d bytes", BODY_MAX);
	if (im->options->dry_run)
		pretend(im, id);
	else
		rc = append(im, id, err);
	if (rc == 0)
		*idmap_at(&im->retracted, target, sizeof target) = 1;
	return rc;
}

/* --- lines ------------------------------------------------------------------------------------------------- */

/* What is not a claim may hold nothing that would be lost. */
static int check_members(const struct json *line, const char *const *allowed, struct err *err)
{
	for (const struct json *m = line->child; m; m = m->next) {
		size_t i = 0;

		while (allowed[i] && strcmp(allowed[i], m->key) != 0)
			i++;
		if (!allowed[i])
			return err_set(err, E_INVALID, "'%.40s' is not a member of such a line", m->key);
	}
	return 0;
}

/* The type of a line; a claim needs none. */
static int read_type(const struct json *line, const char **ret, struct err *err)
{
	const struct json *t = json_get(line, "t"), *v = json_get(line, "v");

	if (v && (v->type != JSON_T_INT || v->number != 1))
		return err_set(err, E_INVALID,
			       "v must be 1: what a later version writes can be read by that version only");
	if (t && t->type != JSON_T_TEXT)
		return err_set(err, E_INVALID, "t must be claim, retract or chunk");
	*ret = t ? t->text : "claim";
	return 0;
}

static int take_line(struct importer *im, struct err *err)
{
	static const char *const of_retract[] = { "t",        "v",      "entry",   "reason", "author",
						  "recorded", "circle", "process", "status", NULL };
	static const char *const of_chunk[] = { "t", "v", "file", "i", "data", NULL };
	const struct json *line;
	const char *t;
	int rc;

	if (im->lines.too_long)
		return err_set(err, E_LIMIT, "the line is longer than %d bytes", NDJSON_LINE_MAX);
	rc = json_parse(&im->arena, buf_str(&im->lines.line), im->lines.line.n, &line, err);
	if (rc == 0)
		rc = read_type(line, &t, err);
	if (rc < 0)
		return rc;
	if (strcmp(t, "claim") == 0)
		return im->gathering ? gather_claim(im, line, err) : take_claim(im, line, err);
	if (im->gathering)
		return 0;
	if (strcmp(t, "retract") == 0) {
		rc = check_members(line, of_retract, err);
		return rc < 0 ? rc : take_retraction(im, line, err);
	}
	if (strcmp(t, "chunk") == 0) {
		rc = check_members(line, of_chunk, err);
		return rc < 0 ? rc : files_take_chunk(&im->files, &im->arena, line, err);
	}
	return err_set(err, E_INVALID, "t must be claim, retract or chunk");
}

static bool line_is_blank(const struct lines *lines)
{
	return !lines->too_long && strspn(buf_str(&lines->line), " \t\r") == lines->line.n;
}

/* Whether a line that failed is the line's own fault; anything else stops the import. */
static bool is_fault_of_line(int rc)
{
	return rc == E_INVALID || rc == E_LIMIT;
}

static void reject(struct importer *im, const char *reason)
{
	static const char place[] = "JSON, line 1, "; /* every line is the first of its own text */
	size_t skip = strncmp(reason, place, sizeof place - 1) == 0 ? sizeof place - 1 : 0;

	im->report.n_rejected++;
	if (im->options->rejected)
		im->options->rejected(im->options->ctx, im->lines.number, reason + skip);
}

/* Whether to go on. */
static bool report_progress(struct importer *im)
{
	const struct import_options *o = im->options;
	uint64_t done = (im->bytes_before + im->lines.bytes) / im->n_passes;

	return !o->progress || o->progress(o->ctx, done, im->lines.source->size);
}

static int import_line(struct importer *im, struct err *err)
{
	struct err why;
	int rc = take_line(im, &why);

	arena_release(&im->arena);
	if (rc < 0 && !is_fault_of_line(rc)) {
		if (err)
			*err = why;
		return rc;
	}
	if (im->gathering)
		return 0;
	im->report.n_lines++;
	if (rc < 0)
		reject(im, why.text);
	return batch_close_if_full(im, err);
}

/* UTF-16 has no lines that could be told apart: one reason for all of it. */
static bool is_utf16(const struct lines *lines)
{
	const struct buf *line = &lines->line;

	return lines->number == 1 && line->n >= 2 &&
	       (memcmp(line->p, "\xff\xfe", 2) == 0 || memcmp(line->p, "\xfe\xff", 2) == 0);
}

static int import_lines(struct importer *im, struct err *err)
{
	int rc;

	while ((rc = lines_next(&im->lines, err)) == 1) {
		if (is_utf16(&im->lines)) {
			im->report.n_lines++;
			reject(im, "the file is UTF-16: it must be UTF-8 (iconv -f UTF-16 -t UTF-8); nothing of it was "
				   "read");
			break;
		}
		if (!line_is_blank(&im->lines))
			rc = import_line(im, err);
		if (rc < 0)
			return rc;
		if (!report_progress(im)) {
			rc = batch_close(im, err);
			return rc < 0 ? rc
				      : err_set(err, E_CANCELLED, "stopped at line %llu: what was taken stays",
						(unsigned long long)im->lines.number);
		}
	}
	return rc < 0 ? rc : batch_close(im, err);
}

/* --- passes ------------------------------------------------------------------------------------------------ */

/* Forget what one pass found out, but for the objects that the gathering pass filled. */
static void importer_clear(struct importer *im)
{
	if (im->in_batch)
		record_rollback(im->record);
	im->in_batch = false;
	lines_release(&im->lines);
	arena_release(&im->arena);
	files_release(&im->files);
	idmap_release(&im->seen);
	idmap_release(&im->entries);
	idmap_release(&im->retracted);
	free(im->locals);
	im->locals = NULL;
	im->n_locals = 0;
}

static int import_pass(struct importer *im, struct source *source, const struct import_options *options,
		       struct err *err)
{
	int rc;

	im->options = options;
	im->report = (struct import_report){ 0 };
	im->n_pretended = 0;
	lines_init(&im->lines, source);
	files_init(&im->files);
	rc = import_lines(im, err);
	im->bytes_before += im->lines.bytes;
	importer_clear(im);
	return rc;
}

static int gather(struct importer *im, struct source *source, const struct import_options *options, struct err *err)
{
	struct import_options quiet = *options;
	int rc;

	quiet.rejected = NULL;
	im->gathering = true;
	rc = import_pass(im, source, &quiet, err);
	im->gathering = false;
	im->report = (struct import_report){ 0 };
	return rc;
}

/* With strict, nothing is written before all lines were found to be right. */
static int check_all(struct importer *im, struct source *source, const struct import_options *options, struct err *err)
{
	struct import_options check = *options;
	unsigned long long n;
	int rc;

	check.dry_run = true;
	rc = import_pass(im, source, &check, err);
	if (rc < 0 || im->report.n_rejected == 0)
		return rc;
	im->report.n_added = 0;
	n = im->report.n_rejected;
	return err_set(err, E_INVALID, "%llu line%s not right, and with --strict nothing is taken then", n,
		       n == 1 ? " is" : "s are");
}

static int all_passes(struct importer *im, struct source *source, int (*rewind)(void *ctx, struct err *err),
		      const struct import_options *options, struct err *err)
{
	bool check_first = options->strict && !options->dry_run;
	int rc = 0;

	im->n_passes = 1u + (rewind ? 1 : 0) + (check_first ? 1 : 0);
	if (check_first && !rewind)
		return err_set(err, E_USAGE, "strict import reads the file twice: give a file, not a pipe");
	if (rewind) {
		rc = gather(im, source, options, err);
		if (rc == 0)
			rc = rewind(source->ctx, err);
	}
	if (rc == 0 && check_first) {
		rc = check_all(im, source, options, err);
		if (rc == 0)
			rc = rewind(source->ctx, err);
	}
	return rc == 0 ? import_pass(im, source, options, err) : rc;
}

int ndjson_import(struct record *record, struct view *view, const uint8_t circle[static ID_BYTES],
		  struct source *source, int (*rewind)(void *ctx, struct err *err),
		  const struct import_options *options, struct import_report *ret, struct err *err)
{
	struct importer *im = mem_alloc(sizeof *im);
	int rc;

	memset(im, 0, sizeof *im);
	im->record = record;
	im->view = view;
	im->circle = circle;
	buf_init(&im->body, JSON_TEXT_MAX);
	rc = all_passes(im, source, rewind, options, err);
	*ret = im->report;
	buf_release(&im->body);
	idmap_release(&im->objects);
	free(im);
	return rc;
}
