/* A view's life: new, apply, catch up, free. */
#include "view/view.h"

#include <stdlib.h>
#include <string.h>

#include "view/view_internal.h"

#define BATCH_ROWS 4096 /* of the record in one transaction, while catching up */

int view_new_bare(struct view **ret, struct err *err)
{
	struct view *view = mem_alloc(sizeof *view);
	int rc;

	*view = (struct view){ 0 };
	arena_init(&view->texts);
	schema_compose(view);
	rc = db_open_memory(&view->db, err);
	if (rc < 0)
		view_free(view);
	else
		*ret = view;
	return rc;
}

int view_new(struct view **ret, struct err *err)
{
	struct view *view = NULL;
	int rc = view_new_bare(&view, err);

	if (rc < 0)
		return rc;
	rc = schema_create(view, err);
	if (rc < 0)
		view_free(view);
	else
		*ret = view;
	return rc;
}

void view_free(struct view *view)
{
	if (!view)
		return;
	db_close(view->db);
	arena_release(&view->texts);
	free(view->touched);
	free(view);
}

struct db *view_db(struct view *view)
{
	return view->db;
}

uint64_t view_applied(const struct view *view)
{
	return view->applied;
}

void view_touch(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES])
{
	if (view->n_touched > 0 && memcmp(view->touched[view->n_touched - 1], obj, OBJECT_ID_BYTES) == 0)
		return;
	if (view->n_touched == view->cap_touched) {
		view->cap_touched = view->cap_touched ? 2 * view->cap_touched : 64;
		view->touched = mem_resize(view->touched, view->cap_touched * sizeof *view->touched);
	}
	memcpy(view->touched[view->n_touched++], obj, OBJECT_ID_BYTES);
}

static int compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, OBJECT_ID_BYTES);
}

int view_judge_touched(struct view *view, struct err *err)
{
	int rc = 0;

	if (view->n_touched > 1)
		qsort(view->touched, view->n_touched, sizeof *view->touched, compare_ids);
	for (size_t i = 0; i < view->n_touched && rc == 0; i++)
		if (i == 0 || compare_ids(view->touched[i], view->touched[i - 1]) != 0)
			rc = object_judge(view, view->touched[i], err);
	if (rc == 0 && view->scrub) /* deleted words stay in the index until its parts are merged */
		rc = db_exec(view->db, "INSERT INTO search (search) VALUES ('optimize')", err);
	view->scrub = false;
	view->n_touched = 0;
	return rc;
}

/* End a transaction that began when `before` rows were applied. */
static int end(struct view *view, uint64_t before, int rc, struct err *err)
{
	if (rc == 0)
		rc = view_judge_touched(view, err);
	if (rc == 0)
		rc = db_commit(view->db, err);
	if (rc < 0) {
		db_rollback(view->db);
		view->applied = before;
		view->n_touched = 0;
		view->scrub = false;
	}
	return rc;
}

static int begin(struct view *view, struct err *err)
{
	if (view->is_cut)
		return err_set(err, E_INVALID, "a cut of the views does not grow; cut the whole view again");
	return db_begin(view->db, err);
}

int view_apply(struct view *view, const struct record *record, const struct record_entry *entry, struct err *err)
{
	const uint64_t before = view->applied;
	int rc;

	if (entry->n != before + 1)
		return err_set(err, E_INVALID, "the views hold rows up to %llu and cannot take row %llu next; rebuild them",
			       (unsigned long long)before, (unsigned long long)entry->n);
	rc = begin(view, err);
	if (rc < 0)
		return rc;
	rc = apply_entry(view, record, entry, err);
	view->applied++;
	return end(view, before, rc, err);
}

static int apply_row(struct view *view, struct record *record, uint64_t n, struct err *err)
{
	struct record_entry entry;
	int rc = record_read(record, n, &entry, err);

	if (rc == E_DAMAGED || rc == E_NOT_FOUND || rc == E_INVALID)
		return apply_damaged(view, n, err);
	if (rc == 0)
		rc = apply_entry(view, record, &entry, err);
	return rc;
}

static int apply_batch(struct view *view, struct record *record, uint64_t last, struct err *err)
{
	const uint64_t before = view->applied;
	int rc = begin(view, err);

	if (rc < 0)
		return rc;
	while (view->applied < last && rc == 0) {
		rc = apply_row(view, record, view->applied + 1, err);
		view->applied++;
	}
	return end(view, before, rc, err);
}

int view_catch_up(struct view *view, struct record *record, bool (*progress)(void *ctx, uint64_t done, uint64_t total),
		  void *ctx, struct err *err)
{
	const uint64_t total = record_n_entries(record);
	int rc = 0;

	while (view->applied < total && rc == 0) {
		const uint64_t left = total - view->applied;

		rc = apply_batch(view, record, view->applied + (left < BATCH_ROWS ? left : BATCH_ROWS), err);
		if (rc == 0 && progress && !progress(ctx, view->applied, total))
			rc = err_set(err, E_CANCELLED, "stopped after %llu of %llu rows of the record",
				     (unsigned long long)view->applied, (unsigned long long)total);
	}
	return rc;
}
