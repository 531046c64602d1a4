/* An import: its passes, its batches, its report. What one claim needs is in import_take.c. */
#include "exchange/import.h"

#include <stdlib.h>
#include <string.h>

#include "exchange/import_internal.h"

#define BATCH_ENTRIES 4096
#define BATCH_BYTES (4 * 1024 * 1024)
#define BATCH_MS 250

void claims_close(struct claims *claims)
{
	if (claims)
		claims->type->close(claims);
}

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

/* --- one step ---------------------------------------------------------------------------------------------- */

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

static int take_line(struct importer *im, const struct json *line, struct err *err)
{
	static const char *const of_retract[] = { "t",        "v",      "entry",   "reason", "author",
						  "recorded", "circle", "process", "status", NULL };
	static const char *const of_chunk[] = { "t", "v", "file", "i", "data", NULL };
	const char *t = "";
	int rc = read_type(line, &t, err);

	if (rc < 0)
		return rc;
	if (strcmp(t, "claim") == 0)
		return im->claims->gathering ? gather_claim(im, line, err) : take_claim(im, line, err);
	if (im->claims->gathering)
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

/* All or none: of several claims each is checked before the first is taken. */
static int take_group(struct importer *im, const struct claim_group *group, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < group->n && group->n > 1 && rc == 0; i++) {
		im->claims->at = i;
		rc = check_claim(im, group, i, err);
	}
	for (size_t i = 0; i < group->n && rc == 0; i++) {
		im->claims->at = i;
		rc = take_line(im, group->lines[i], err);
	}
	return rc;
}

/* Whether a step that failed is its own fault; anything else stops the import. */
static bool is_fault_of_step(int rc)
{
	return rc == E_INVALID || rc == E_LIMIT;
}

static void reject(struct importer *im, struct err *why)
{
	if (im->claims->type->refused)
		im->claims->type->refused(im->claims, why);
	if (im->claims->gathering)
		return;
	im->report.n_rejected++;
	if (im->options->rejected)
		im->options->rejected(im->options->ctx, im->claims->line, why->text);
}

/* @return 1 there was a step; 0 at the end; negative as import_claims() */
static int import_step(struct importer *im, struct err *err)
{
	struct claim_group group = { 0 };
	struct err why;
	int rc = im->claims->type->next(im->claims, &im->arena, &group, &why);
	const bool is_end = rc == 0;

	im->broken_file = rc == E_DAMAGED;

	if (rc == 1)
		rc = take_group(im, &group, &why);
	if (rc < 0 && !is_fault_of_step(rc)) {
		if (err)
			*err = why;
		arena_release(&im->arena);
		return rc;
	}
	if (!is_end) {
		im->report.n_lines++;
		im->report.n_skipped += group.passed_over;
	}
	if (rc < 0)
		reject(im, &why);
	arena_release(&im->arena);
	if (is_end)
		return 0;
	rc = batch_close_if_full(im, err);
	return rc < 0 ? rc : 1;
}

/* --- passes ------------------------------------------------------------------------------------------------ */

/* Whether to go on. */
static bool report_progress(struct importer *im)
{
	const struct import_options *o = im->options;
	uint64_t done = (im->bytes_before + im->claims->bytes) / im->n_passes;

	return !o->progress || o->progress(o->ctx, done, im->claims->size);
}

/* Who stops keeps what was taken so far. */
static int stop(struct importer *im, struct err *err)
{
	int rc = batch_close(im, err);

	if (rc < 0)
		return rc;
	if (im->claims->gathering)
		return err_set(err, E_CANCELLED, "stopped while the file was looked through: nothing was taken");
	return err_set(err, E_CANCELLED, "stopped at line %llu: what was taken stays",
		       (unsigned long long)im->claims->line);
}

static int import_steps(struct importer *im, struct err *err)
{
	int rc;

	while ((rc = import_step(im, err)) == 1)
		if (!report_progress(im))
			return stop(im, err);
	if (rc == E_CANCELLED ||
	    (rc == E_DAMAGED && im->broken_file)) { /* the source was stopped while it waited; a pipe ends broken */
		struct err why = *err;
		int rc_batch = batch_close(im, err);

		*err = rc_batch < 0 ? *err : why;
		return rc_batch < 0 ? rc_batch : rc;
	}
	return rc < 0 ? rc : batch_close(im, err);
}

/* Forget what one pass found out, but for the objects that the gathering pass filled. */
static void importer_clear(struct importer *im)
{
	if (im->in_batch)
		record_rollback(im->record);
	im->in_batch = false;
	arena_release(&im->arena);
	files_release(&im->files);
	idmap_release(&im->seen);
	idmap_release(&im->entries);
	idmap_release(&im->retracted);
	free(im->locals);
	im->locals = NULL;
	im->n_locals = 0;
}

static int import_pass(struct importer *im, const struct import_options *options, struct err *err)
{
	int rc;

	im->options = options;
	im->report = (struct import_report){ 0 };
	im->n_pretended = 0;
	files_init(&im->files, im->record, im->here.circle);
	rc = import_steps(im, err);
	im->bytes_before += im->claims->bytes;
	importer_clear(im);
	return rc;
}

static int rewind_claims(struct importer *im, struct err *err)
{
	return im->claims->type->rewind(im->claims, err);
}

/* See that the file is whole, and which objects it introduces. */
static int gather(struct importer *im, const struct import_options *options, struct err *err)
{
	int rc;

	im->claims->gathering = true;
	rc = import_pass(im, options, err);
	im->claims->gathering = false;
	im->report = (struct import_report){ 0 };
	return rc < 0 ? rc : rewind_claims(im, err);
}

/* With strict, nothing is written before all steps were found to be right. */
static int check_all(struct importer *im, const struct import_options *options, struct err *err)
{
	struct import_options check = *options;
	unsigned long long n;
	int rc;

	check.dry_run = true;
	rc = import_pass(im, &check, err);
	if (rc < 0)
		return rc;
	if (im->report.n_rejected == 0)
		return rewind_claims(im, err);
	im->report.n_added = 0;
	n = im->report.n_rejected;
	return err_set(err, E_INVALID, "%llu line%s not right, and with --strict nothing is taken then", n,
		       n == 1 ? " is" : "s are");
}

static int all_passes(struct importer *im, const struct import_options *options, struct err *err)
{
	const bool can_rewind = im->claims->can_rewind, check_first = options->strict && !options->dry_run;
	int rc = 0;

	im->n_passes = 1u + (can_rewind ? 1 : 0) + (check_first ? 1 : 0);
	if (check_first && !can_rewind)
		return err_set(err, E_USAGE, "strict import reads the file twice: give a file, not a pipe");
	if (can_rewind)
		rc = gather(im, options, err);
	if (rc == 0 && check_first)
		rc = check_all(im, options, err);
	return rc == 0 ? import_pass(im, options, err) : rc;
}

int import_claims(struct record *record, struct view *view, const uint8_t circle[static ID_BYTES],
		  struct claims *claims, const struct import_options *options, struct import_report *ret,
		  struct err *err)
{
	struct importer *im = mem_alloc(sizeof *im);
	struct err ignored;
	int rc;

	im->record = record;
	im->claims = claims;
	im->here = (struct here){ view, record_org_id(record), circle };
	buf_init(&im->body, JSON_TEXT_MAX);
	rc = all_passes(im, options, err ? err : &ignored);
	*ret = im->report;
	buf_release(&im->body);
	idmap_release(&im->objects);
	free(im);
	return rc;
}
