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

static int compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, OBJECT_ID_BYTES);
}

static void sort_touched(struct view *view)
{
	size_t n = 0;

	if (view->n_touched > 1)
		qsort(view->touched, view->n_touched, sizeof *view->touched, compare_ids);
	for (size_t i = 0; i < view->n_touched; i++)
		if (n == 0 || compare_ids(view->touched[i], view->touched[n - 1]) != 0)
			memmove(view->touched[n++], view->touched[i], OBJECT_ID_BYTES);
	view->n_touched = n;
}

/* The list grows with the number of objects only, not with how often each is touched. */
void view_touch(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES])
{
	if (view->n_touched > 0 && compare_ids(view->touched[view->n_touched - 1], obj) == 0)
		return;
	if (view->n_touched == view->cap_touched) {
		sort_touched(view);
		if (view->n_touched >= view->cap_touched / 2) {
			view->cap_touched = view->cap_touched ? 2 * view->cap_touched : 64;
			view->touched = mem_resize(view->touched, view->cap_touched * sizeof *view->touched);
		}
	}
	memcpy(view->touched[view->n_touched++], obj, OBJECT_ID_BYTES);
}

int view_judge_touched(struct view *view, struct err *err)
{
	int rc = 0;

	sort_touched(view);
	for (size_t i = 0; i < view->n_touched && rc == 0; i++)
		rc = object_judge(view, view->touched[i], err);
	if (rc == 0 && view->scrub) /* deleted words stay in the index until its parts are merged */
		rc = db_exec(view->db, "INSERT INTO search (search) VALUES ('optimize')", err);
	return rc;
}

static int begin(struct view *view, struct err *err)
{
	if (view->is_cut)
		return err_set(err, E_INVALID, "a cut of the views does not grow; cut the whole view again");
	return db_begin(view->db, err);
}

/* End a transaction that began when `before` rows were applied. What was touched stays touched if it fails: to judge
 * an object once more than needed does no harm. */
static int end(struct view *view, uint64_t before, bool judge, int rc, struct err *err)
{
	if (rc == 0 && judge)
		rc = view_judge_touched(view, err);
	if (rc == 0)
		rc = db_commit(view->db, err);
	if (rc < 0) {
		db_rollback(view->db);
		view->applied = before;
	} else if (judge) {
		view->n_touched = 0;
		view->scrub = false;
	}
	return rc;
}

int view_apply(struct view *view, const struct record *record, const struct record_entry *entry, struct err *err)
{
	const uint64_t before = view->applied;
	struct scanned row = { .entry = *entry };
	struct arena a = { 0 };
	int rc;

	if (entry->n != before + 1)
		return err_set(err, E_INVALID,
			       "the views hold rows up to %llu and cannot take row %llu next; rebuild them",
			       (unsigned long long)before, (unsigned long long)entry->n);
	rc = begin(view, err);
	if (rc < 0)
		return rc;
	if (entry->state == BODY_OPEN) {
		row.body_rc = body_check(&a, entry->raw, &entry->envelope, entry->text, &row.body, NULL);
		claim_digest(entry->text, row.digest);
	}
	rc = apply_entry(view, record, &row, err);
	view->applied++;
	rc = end(view, before, true, rc, err);
	arena_release(&a);
	return rc;
}

/* Catching up: rows come one by one, a transaction holds many. */
struct catching_up {
	struct view *view;
	struct record *record;
	bool (*progress)(void *ctx, uint64_t done, uint64_t total);
	void *ctx;
	uint64_t total;
	uint64_t before; /* rows applied when the running transaction began */
	bool in_transaction;
};

static int apply_row(struct catching_up *c, const struct scanned *row, struct err *err)
{
	if (row->rc == 0)
		return apply_entry(c->view, c->record, row, err);
	if (row->rc == E_DAMAGED || row->rc == E_NOT_FOUND || row->rc == E_INVALID)
		return apply_damaged(c->view, row->entry.n, err);
	return err_set(err, row->rc, "%s", row->why);
}

static int begin_batch(struct catching_up *c, struct err *err)
{
	int rc = begin(c->view, err);

	c->before = c->view->applied;
	c->in_transaction = rc == 0;
	return rc;
}

static int end_batch(struct catching_up *c, int rc, struct err *err)
{
	c->in_transaction = false;
	return end(c->view, c->before, false, rc, err);
}

static int take_row(void *ctx, const struct scanned *row, struct err *err)
{
	struct catching_up *c = ctx;
	int rc = c->in_transaction ? 0 : begin_batch(c, err);

	if (rc < 0)
		return rc;
	rc = apply_row(c, row, err);
	c->view->applied++;
	if (rc == 0 && c->view->applied < c->total && c->view->applied - c->before < BATCH_ROWS)
		return 0;
	rc = end_batch(c, rc, err);
	if (rc == 0 && c->progress && !c->progress(c->ctx, c->view->applied, c->total))
		rc = err_set(err, E_CANCELLED, "stopped after %llu of %llu rows of the record",
			     (unsigned long long)c->view->applied, (unsigned long long)c->total);
	return rc;
}

/* Judge what the batches touched: once at the end, for an object may be touched in each of them. */
static int judge_batches(struct view *view, struct err *err)
{
	int rc = begin(view, err);

	return rc < 0 ? rc : end(view, view->applied, true, 0, err);
}

int view_catch_up(struct view *view, struct record *record, bool (*progress)(void *ctx, uint64_t done, uint64_t total),
		  void *ctx, struct err *err)
{
	struct catching_up c = { view, record, progress, ctx, .total = record_n_entries(record) };
	int rc = record_scan(record, view->applied + 1, c.total, SCAN_BODIES | SCAN_DIGESTS, take_row, &c, err);

	if (c.in_transaction) /* the database of the record gave way between two rows */
		rc = end_batch(&c, rc, rc == 0 ? err : NULL);
	if (view->n_touched > 0 || view->scrub) {
		/* also after a failure, whose text must stay */
		const int judged = judge_batches(view, rc == 0 ? err : NULL);

		rc = rc == 0 ? judged : rc;
	}
	return rc;
}
