/* The sealed snapshot: the tables as one image, and a head that says of which program and which record it is. */
#include <stdlib.h>
#include <string.h>

#include "record/sealed_file.h"
#include "view/view_internal.h"

/* magic(8) ‖ schema digest(u64) ‖ rows applied(u64) ‖ id of the last of them(32) */
#define HEAD_BYTES (8 + 8 + 8 + ID_BYTES)

static const uint8_t magic[8] = { 'P', 'R', 'L', 'V', 'I', 'E', 'W', '1' };

static int write_head(const struct view *view, struct record *record, uint8_t head[static HEAD_BYTES], struct err *err)
{
	struct record_entry last;
	int rc;

	memset(head, 0, HEAD_BYTES);
	memcpy(head, magic, sizeof magic);
	put_u64(head + 8, schema_digest(view));
	put_u64(head + 16, view->applied);
	if (view->applied == 0)
		return 0;
	rc = record_read(record, view->applied, &last, err);
	if (rc == 0)
		memcpy(head + 24, last.id, ID_BYTES);
	return rc;
}

int view_save(struct view *view, struct record *record, struct err *err)
{
	uint8_t head[HEAD_BYTES];
	struct bytes image;
	int rc;

	if (view->is_cut)
		return err_set(err, E_INVALID, "a cut of the views is not kept; save the whole view");
	rc = write_head(view, record, head, err);
	if (rc == 0)
		rc = db_serialize(view->db, &image, err);
	if (rc == 0)
		rc = record_write_snapshot(record, BYTES_OF(head), image, err);
	return rc;
}

/* Is this the head of a snapshot that this program made of the beginning of this record? */
static bool head_fits(const struct view *view, struct record *record, const uint8_t head[static HEAD_BYTES])
{
	uint8_t expected[HEAD_BYTES];
	struct view then = *view;

	then.applied = get_u64(head + 16);
	return then.applied <= record_n_entries(record) && write_head(&then, record, expected, NULL) == 0 &&
	       memcmp(head, expected, HEAD_BYTES) == 0;
}

/* --- loading, in steps ------------------------------------------------------------------------------------- */

#define STEP_BYTES ((size_t)16 * SEALED_CHUNK_BYTES)

/* A snapshot on its way into a view. */
struct loading {
	struct record *record;
	struct snapshot_reader *reader; /* NULL: there is no snapshot that fits, or it is damaged */
	uint64_t applied;
	uint8_t *image;
	size_t n, at; /* bytes of the image, and how many of them were asked for */
};

static void loading_stop(struct loading *l)
{
	snapshot_close(l->reader);
	db_image_free(l->image);
	l->reader = NULL;
	l->image = NULL;
}

/* Find a snapshot that fits. None is no error. */
static void loading_begin(struct loading *l, const struct view *view)
{
	uint8_t head[HEAD_BYTES];
	uint64_t n = 0;

	if (snapshot_open(l->record, &l->reader, &n, NULL) < 0)
		return;
	if (n > HEAD_BYTES && snapshot_read(l->reader, head, HEAD_BYTES, NULL) == 0 &&
	    head_fits(view, l->record, head)) {
		l->applied = get_u64(head + 16);
		l->n = (size_t)n - HEAD_BYTES;
		l->image = db_image_alloc(l->n);
	}
	if (!l->image)
		loading_stop(l);
}

/* Ask for the next bytes, until at least `upto` of them are on their way. All but the last piece end with a chunk. */
static void loading_step(struct loading *l, size_t upto)
{
	while (l->reader && l->at < upto) {
		const size_t to_chunk = STEP_BYTES - (l->at + HEAD_BYTES) % STEP_BYTES;
		const size_t n = to_chunk < l->n - l->at ? to_chunk : l->n - l->at;

		if (snapshot_read(l->reader, l->image + l->at, n, NULL) < 0)
			loading_stop(l);
		else
			l->at += n;
	}
}

/* Put the image into the view. The seal says that it is what was written. */
static bool loading_end(struct loading *l, struct view *view)
{
	uint8_t *image;

	loading_step(l, l->n);
	if (!l->reader || snapshot_finish(l->reader, NULL) < 0) {
		loading_stop(l);
		return false;
	}
	image = l->image;
	l->image = NULL;
	loading_stop(l);
	if (db_adopt(view->db, image, l->n, NULL) < 0)
		return false;
	view->applied = l->applied;
	view->mentions = true;
	return true;
}

static int finish_load(struct loading *l, struct view *view, struct view **ret, bool *ret_loaded, struct err *err)
{
	const bool loaded = loading_end(l, view);
	int rc = 0;

	if (!loaded) { /* anew: a failed load may have left something behind */
		view_free(view);
		rc = view_new(&view, err);
	}
	if (rc < 0)
		return rc;
	*ret = view;
	*ret_loaded = loaded;
	return 0;
}

int view_load(struct record *record, struct view **ret, bool *ret_loaded, struct err *err)
{
	struct loading l = { .record = record };
	struct view *view = NULL;
	int rc = view_new_bare(&view, err);

	if (rc < 0)
		return rc;
	loading_begin(&l, view);
	return finish_load(&l, view, ret, ret_loaded, err);
}

/* A snapshot that is loaded while the record is checked. */
struct checking {
	struct loading loading;
	const struct verify_watch *watch;
};

static void pass_problem(void *ctx, const char *line)
{
	const struct checking *c = ctx;

	c->watch->problem(c->watch->ctx, line);
}

/* As far as the one has come the other may come. */
static bool step_beside(void *ctx, uint64_t done, uint64_t total)
{
	struct checking *c = ctx;

	loading_step(&c->loading, (size_t)((double)c->loading.n * (double)done / (double)total));
	return !c->watch->progress || c->watch->progress(c->watch->ctx, done, total);
}

int view_load_checked(struct record *record, enum start_check depth, const struct verify_watch *watch,
		      struct verify_report *ret_report, struct view **ret, bool *ret_loaded, struct err *err)
{
	struct checking c = { .loading = { .record = record }, .watch = watch };
	const struct verify_watch beside = { pass_problem, step_beside, &c };
	struct view *view = NULL;
	int rc = view_new_bare(&view, err);

	if (rc < 0)
		return rc;
	loading_begin(&c.loading, view);
	rc = record_verify_start(record, depth, &beside, ret_report, err);
	if (rc < 0) {
		loading_stop(&c.loading);
		view_free(view);
		return rc;
	}
	return finish_load(&c.loading, view, ret, ret_loaded, err);
}
