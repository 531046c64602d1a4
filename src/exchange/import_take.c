/* Claims and retractions on their way in. */
#include <string.h>

#include "exchange/import_internal.h"

static int append(struct importer *im, uint8_t ret_id[static ID_BYTES], struct err *err)
{
	uint64_t n;
	int rc = batch_open(im, err);

	if (rc == 0)
		rc = record_append(im->record, im->here.circle, BYTES(im->body.p, im->body.n), &n, ret_id, err);
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
	bool repeated; /* the file said it before, and that is enough */
	bool present;
	uint8_t id[ID_BYTES];  /* here */
	uint64_t known_before; /* mark of the kind as which its own group introduces the object, or 0 */
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
		rc = files_put(&im->files, &im->arena, line, false, &line, &ignored, err);
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
	rc = here_claim(&im->here, in->entry, &here, err);
	if (rc < 0 || !here.found)
		return rc;
	if (here.status == CLAIM_REDACTED)
		return err_set(err, E_INVALID, "the entry that it names was redacted here: it is not taken in again");
	if (!here.in_circle)
		return 0;
	rc = here_export_digest(&im->here, &im->arena, in->entry, &found, digest, err);
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
	in->repeated = im->claims->once && **ret_count > 0;
	if (in->repeated)
		return 0;
	return here_kth_equal(&im->here, in->digest, **ret_count + 1, &in->present, in->id, err);
}

/* Where this file introduces an object as of a kind; of exported lines any kind holds, else the first. */
static uint64_t *introduced_as(struct importer *im, const uint8_t obj[static OBJECT_ID_BYTES], uint64_t kind)
{
	uint8_t key[OBJECT_ID_BYTES + sizeof kind];

	memcpy(key, obj, OBJECT_ID_BYTES);
	put_u64(key + OBJECT_ID_BYTES, kind);
	return idmap_at(&im->objects, key, sizeof key);
}

static void introduce(struct importer *im, const struct json *line, const uint8_t obj[static OBJECT_ID_BYTES])
{
	uint64_t kind = kind_mark(json_get_text(line, "kind"));
	uint64_t *first = introduced_as(im, obj, 0);

	if (*first == 0)
		*first = kind;
	if (json_get(line, "entry"))
		*introduced_as(im, obj, kind) = 1;
}

/* A new claim must fit what is known of its object, and the first about an object must be whole. For lines that were
 * exported both were seen to where they were written, and what stood before them may have been left out. Equal lines are
 * judged alike, or one that was refused would be taken for one that was not when the file comes again. */
static int check_new(struct importer *im, const struct incoming *in, struct err *err)
{
	uint64_t known = 0, kind = kind_mark(json_get_text(in->line, "kind"));
	int rc;

	if (in->has_files && !in->files_here)
		return err_set(err, E_INVALID,
			       "its attachment is not in the lines before it: export with --attachments");
	rc = here_kind(&im->here, in->obj, &known, err);
	if (rc < 0)
		return rc;
	if (known == 0)
		known = *introduced_as(im, in->obj, 0);
	if (known == 0)
		known = in->known_before;
	if (in->has_entry || known == kind || *introduced_as(im, in->obj, kind))
		return 0;
	if (known != 0)
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
			rc = files_put(&im->files, &im->arena, line, true, &line, &im->batch, err);
		if (rc == 0)
			rc = compose(im, line, false, err);
	}
	return rc == 0 ? append(im, in->id, err) : rc;
}

static void remember(struct importer *im, const struct incoming *in)
{
	introduce(im, in->line, in->obj);
	if (!in->has_entry)
		return;
	im->locals = mem_resize(im->locals, (im->n_locals + 1) * sizeof *im->locals);
	memcpy(im->locals[im->n_locals].id, in->id, ID_BYTES);
	memcpy(im->locals[im->n_locals++].digest, in->digest, HASH_BYTES);
	*idmap_at(&im->entries, in->entry, ID_BYTES) = im->n_locals;
}

/* The kind as which a line before the ith introduces an object, or NULL. */
static const char *kind_in_group(const struct claim_group *group, size_t i, const char *id)
{
	for (size_t k = 0; k < i; k++)
		if (strcmp(json_get_text(group->lines[k], "id"), id) == 0)
			return json_get_text(group->lines[k], "kind");
	return NULL;
}

int check_claim(struct importer *im, const struct claim_group *group, size_t i, struct err *err)
{
	const struct json *line = group->lines[i];
	struct incoming in = { .line = line, .known_before = 0 };
	const char *kind;
	int rc = read_object(line, in.obj, err);

	if (rc == 0)
		rc = compose(im, line, false, err);
	if (rc < 0 || im->claims->gathering)
		return rc;
	kind = kind_in_group(group, i, json_get_text(line, "id"));
	in.known_before = kind ? kind_mark(kind) : 0;
	return check_new(im, &in, err);
}

int take_claim(struct importer *im, const struct json *line, struct err *err)
{
	struct incoming in;
	uint64_t *count = NULL;
	int rc = read_claim(im, line, &in, err);

	if (rc == 0 && !is_in_file(im, &in))
		rc = find_own_entry(im, &in, err);
	if (rc == 0 && !in.present)
		rc = find_equal(im, &in, &count, err);
	if (rc == 0 && in.repeated)
		return 0;
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
int gather_claim(struct importer *im, const struct json *line, struct err *err)
{
	uint8_t obj[OBJECT_ID_BYTES];
	int rc = read_object(line, obj, err);

	if (rc == 0)
		rc = compose(im, line, !json_get(line, "entry"), err);
	if (rc == 0)
		introduce(im, line, obj);
	return rc;
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
	rc = here_claim(&im->here, ret_id, &here, err);
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
	if (here.found && !*ret_retracted && !im->options->take_retractions)
		return err_set(
			err, E_INVALID,
			"it retracts a claim that stood here before this file: --take-retractions signs that too");
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

int take_retraction(struct importer *im, const struct json *line, struct err *err)
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
