#include <stdlib.h>
#include <string.h>

#include "exchange/ndjson_internal.h"

#define BATCH_ENTRIES 4096
#define BATCH_BYTES (4 * 1024 * 1024)
#define BATCH_MS 250

/* --- batches ----------------------------------------------------------------------------------------------- */

static int64_t monotonic(struct importer *im)
{
	struct env *env = record_env(im->record);

	return env->monotonic_ms(env);
}

int batch_open(struct importer *im, struct err *err)
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

/* How exports begin a chunk line: long, and of no interest to the first pass. */
static bool line_begins_as_chunk(const struct buf *line)
{
	static const char begin[] = "{\"t\":\"chunk\",";

	return line->n >= sizeof begin - 1 && memcmp(line->p, begin, sizeof begin - 1) == 0;
}

static int take_line(struct importer *im, struct err *err)
{
	static const char *const of_retract[] = { "t",        "v",      "entry",   "reason", "author",
						  "recorded", "circle", "process", "status", NULL };
	static const char *const of_chunk[] = { "t", "v", "file", "i", "data", NULL };
	const struct json *line;
	const char *t = "";
	int rc;

	if (im->gathering && line_begins_as_chunk(&im->lines.line))
		return 0;
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

/* Who stops keeps what was taken so far. */
static int stop(struct importer *im, struct err *why, struct err *err)
{
	int rc = batch_close(im, err);

	if (rc == 0 && err)
		*err = *why;
	return rc < 0 ? rc : E_CANCELLED;
}

static int import_lines(struct importer *im, struct err *err)
{
	struct err why;
	int rc;

	while ((rc = lines_next(&im->lines, &why)) == 1) {
		if (is_utf16(&im->lines)) {
			im->report.n_lines++;
			reject(im, "the file is UTF-16: it must be UTF-8 (iconv -f UTF-16 -t UTF-8); nothing of it was "
				   "read");
			return 0;
		}
		if (!line_is_blank(&im->lines))
			rc = import_line(im, err);
		if (rc < 0)
			return rc;
		if (!report_progress(im)) {
			rc = err_set(&why, E_CANCELLED, "stopped at line %llu: what was taken stays",
				     (unsigned long long)im->lines.number);
			break;
		}
	}
	if (rc == E_CANCELLED)
		return stop(im, &why, err);
	if (rc < 0 && err)
		*err = why;
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
	files_init(&im->files, im->record, im->here.circle);
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

static int all_passes(struct importer *im, struct source *source, const struct import_options *options, struct err *err)
{
	bool check_first = options->strict && !options->dry_run;
	int rc = 0;

	im->n_passes = 1u + (source->rewind ? 1 : 0) + (check_first ? 1 : 0);
	if (check_first && !source->rewind)
		return err_set(err, E_USAGE, "strict import reads the file twice: give a file, not a pipe");
	if (source->rewind) {
		rc = gather(im, source, options, err);
		if (rc == 0)
			rc = source->rewind(source->ctx, err);
	}
	if (rc == 0 && check_first) {
		rc = check_all(im, source, options, err);
		if (rc == 0)
			rc = source->rewind(source->ctx, err);
	}
	return rc == 0 ? import_pass(im, source, options, err) : rc;
}

int ndjson_import(struct record *record, struct view *view, const uint8_t circle[static ID_BYTES],
		  struct source *source, const struct import_options *options, struct import_report *ret,
		  struct err *err)
{
	struct importer *im = mem_alloc(sizeof *im);
	int rc;

	memset(im, 0, sizeof *im);
	im->record = record;
	im->here = (struct here){ view, record_org_id(record), circle };
	buf_init(&im->body, JSON_TEXT_MAX);
	rc = all_passes(im, source, options, err);
	*ret = im->report;
	buf_release(&im->body);
	idmap_release(&im->objects);
	free(im);
	return rc;
}
