/* Are two views the same, table by table? */
#include "view/view_internal.h"

static bool rows_equal(struct stmt *a, struct stmt *b)
{
	const int n = stmt_n_columns(a);
	bool equal = n == stmt_n_columns(b);

	for (int i = 0; i < n && equal; i++)
		equal = stmt_cells_equal(a, b, i);
	return equal;
}

static int tables_equal(struct view *a, struct view *b, const char *sql, bool *ret, struct err *err)
{
	struct stmt *x = NULL, *y = NULL;
	int more_x, more_y, rc;

	rc = db_prepare(a->db, sql, &x, err);
	if (rc == 0)
		rc = db_prepare(b->db, sql, &y, err);
	if (rc < 0)
		return rc;
	do {
		more_x = stmt_step(x, err);
		more_y = more_x < 0 ? 0 : stmt_step(y, err);
		*ret = more_x == more_y && (more_x == 0 || (more_x == 1 && rows_equal(x, y)));
	} while (*ret && more_x == 1);
	stmt_reset(x);
	stmt_reset(y);
	return more_x < 0 ? more_x : more_y < 0 ? more_y : 0;
}

int view_compare(struct view *a, struct view *b, const char **ret_table, struct err *err)
{
	size_t n_tables;
	const struct view_table *tables = schema_tables(&n_tables);
	const char *differs = NULL;
	bool equal = true;
	int rc = 0;

	if (a == b) /* its statements cannot be read twice at the same time */
		n_tables = 0;
	for (size_t i = 0; i < n_tables && rc == 0 && equal; i++) {
		rc = tables_equal(a, b, tables[i].read, &equal, err);
		differs = equal ? NULL : tables[i].name;
	}
	for (size_t i = 0; a != b && i < a->n_kinds && rc == 0 && equal; i++) {
		rc = tables_equal(a, b, a->kinds[i].read, &equal, err);
		differs = equal ? NULL : a->kinds[i].name;
	}
	if (rc == 0)
		*ret_table = differs;
	return rc;
}
