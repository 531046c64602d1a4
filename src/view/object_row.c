/* Writing what was judged of an object: its row, and the row of its kind. */
#include <string.h>

#include "view/view_internal.h"

static int run_with_id(struct view *view, const char *sql, const uint8_t obj[static OBJECT_ID_BYTES], struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view->db, sql, &s, err);

	if (rc < 0)
		return rc;
	stmt_lend_blob(s, 1, obj, OBJECT_ID_BYTES);
	return stmt_run(s, err);
}

/* An object whose first claim went may be of another kind now: its old row must go. */
static int remove_old_row(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES], const char *new_kind,
			  bool *ret_existed, struct err *err)
{
	const struct kind_table *old = NULL;
	struct stmt *s = NULL;
	int rc = db_prepare(view->db, "SELECT kind FROM object WHERE obj = ?", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, obj, OBJECT_ID_BYTES);
	rc = stmt_step(s, err);
	*ret_existed = rc == 1;
	if (rc == 1 && (!new_kind || strcmp(stmt_text(s, 0), new_kind) != 0))
		old = schema_kind(view, stmt_text(s, 0));
	stmt_reset(s);
	if (rc < 0)
		return rc;
	return old ? run_with_id(view, old->remove, obj, err) : 0;
}

static int put_kind_row(struct view *view, const struct kind_table *table, const uint8_t obj[static OBJECT_ID_BYTES],
			const char *const *shown, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view->db, table->put, &s, err);

	if (rc < 0)
		return rc;
	stmt_lend_blob(s, 1, obj, OBJECT_ID_BYTES);
	for (size_t i = 0; i < table->kind->n_fields; i++)
		stmt_lend_text(s, (int)i + 2, shown[i]);
	return stmt_run(s, err);
}

/* The value of the field by which people recognise it, or NULL. An empty one helps nobody. */
static const char *label_of(const struct kind_table *table, const struct verdict *verdict)
{
	const struct field *field = table ? kind_label_field(table->kind) : NULL;
	const char *label = field ? verdict->shown[field - table->kind->fields] : NULL;

	return label && *label ? label : NULL;
}

static int put_object_row(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES], const struct verdict *verdict,
			  const char *label, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view->db,
			    "INSERT OR REPLACE INTO object"
			    " (obj, kind, label, n_claims, n_contested, when_from, when_to, recorded)"
			    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			    &s, err);

	if (rc < 0)
		return rc;
	stmt_lend_blob(s, 1, obj, OBJECT_ID_BYTES);
	stmt_lend_text(s, 2, verdict->kind);
	stmt_lend_text(s, 3, label);
	stmt_bind_int(s, 4, verdict->n_claims);
	stmt_bind_int(s, 5, verdict->n_contested);
	if (verdict->has_when) {
		stmt_bind_int(s, 6, verdict->when_from);
		stmt_bind_int(s, 7, verdict->when_to);
	} else {
		stmt_bind_null(s, 6);
		stmt_bind_null(s, 7);
	}
	stmt_bind_int(s, 8, verdict->recorded);
	return stmt_run(s, err);
}

int object_write(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES], const struct verdict *verdict,
		 struct err *err)
{
	const struct kind_table *table = schema_kind(view, verdict->kind);
	bool existed = false;
	int rc = remove_old_row(view, obj, verdict->kind, &existed, err);

	if (rc < 0)
		return rc;
	if (!verdict->kind)
		return existed ? run_with_id(view, "DELETE FROM object WHERE obj = ?", obj, err) : 0;
	if (table)
		rc = put_kind_row(view, table, obj, verdict->shown, err);
	if (rc == 0)
		rc = put_object_row(view, obj, verdict, label_of(table, verdict), err);
	return rc;
}

int view_values(struct view *view, struct arena *a, const char *kind, const uint8_t obj[static OBJECT_ID_BYTES],
		struct view_value **ret, size_t *ret_n, struct err *err)
{
	const struct kind_table *table = schema_kind(view, kind);
	struct view_value *values;
	struct stmt *s = NULL;
	size_t n = 0;
	int rc;

	*ret_n = 0;
	*ret = NULL;
	if (!table)
		return 0;
	rc = db_prepare(view->db, table->read_one, &s, err);
	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, obj, OBJECT_ID_BYTES);
	rc = stmt_step(s, err);
	values = arena_alloc(a, table->kind->n_fields * sizeof *values);
	for (size_t i = 0; rc == 1 && i < table->kind->n_fields; i++)
		if (!stmt_is_null(s, (int)i + 1))
			values[n++] =
				(struct view_value){ &table->kind->fields[i], arena_text(a, stmt_text(s, (int)i + 1)) };
	stmt_reset(s);
	*ret = values;
	*ret_n = n;
	return rc < 0 ? rc : 0;
}
