/* Prepared statements of a database: kept by their text, bound, stepped, read. See db.h. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/db_private.h"

/* From some of its letters: texts are long, and asked for at every step. Which of a bucket it is, strcmp() says. */
static size_t bucket_of(const char *sql, size_t n)
{
	uint32_t hash = 2166136261u ^ (uint32_t)n; /* FNV-1a */

	for (size_t i = 0; i < 16; i++)
		hash = (hash ^ (uint8_t)sql[n * i / 16]) * 16777619u;
	return hash % N_BUCKETS;
}

static int compile(struct db *db, const char *sql, sqlite3_stmt **ret, struct err *err)
{
	sqlite3_stmt *inner = NULL;
	const char *tail = NULL;
	int rc;

	db_forget_disk_error(db);
	rc = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &inner, &tail);
	if (rc != SQLITE_OK)
		return db_failed_sql(db, rc, err);
	if (!inner || tail[strspn(tail, " \t\r\n;")] != '\0') {
		sqlite3_finalize(inner);
		return err_set(err, E_INVALID, "%s: exactly one SQL statement is expected", db->name);
	}
	*ret = inner;
	return 0;
}

int db_prepare(struct db *db, const char *sql, struct stmt **ret, struct err *err)
{
	const size_t n = strlen(sql) + 1, bucket = bucket_of(sql, n);
	struct stmt *s = db->buckets[bucket];
	sqlite3_stmt *inner = NULL;
	int rc;

	while (s && strcmp(s->sql, sql) != 0)
		s = s->next;
	if (s && s->inner) {
		stmt_reset(s);
		*ret = s;
		return 0;
	}
	rc = compile(db, sql, &inner, err);
	if (rc < 0)
		return rc;
	if (!s) {
		s = mem_alloc(sizeof(*s));
		s->db = db;
		s->sql = mem_alloc(n);
		memcpy(s->sql, sql, n);
		s->next = db->buckets[bucket];
		db->buckets[bucket] = s;
	}
	s->inner = inner;
	s->bind_code = SQLITE_OK;
	*ret = s;
	return 0;
}

void db_finalize_statements(struct db *db)
{
	for (size_t i = 0; i < N_BUCKETS; i++) {
		for (struct stmt *s = db->buckets[i]; s; s = s->next) {
			sqlite3_finalize(s->inner);
			s->inner = NULL;
		}
	}
}

void db_free_statements(struct db *db)
{
	struct stmt *s, *next;

	db_finalize_statements(db);
	for (size_t i = 0; i < N_BUCKETS; i++) {
		for (s = db->buckets[i]; s; s = next) {
			next = s->next;
			free(s->sql);
			free(s);
		}
	}
}

static void keep_bind_code(struct stmt *s, int rc)
{
	if (s->bind_code == SQLITE_OK)
		s->bind_code = rc;
}

void stmt_bind_int(struct stmt *s, int i, int64_t v)
{
	keep_bind_code(s, sqlite3_bind_int64(s->inner, i, v));
}

void stmt_bind_text(struct stmt *s, int i, const char *text)
{
	if (!text)
		stmt_bind_null(s, i);
	else
		keep_bind_code(s, sqlite3_bind_text64(s->inner, i, text, strlen(text), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void stmt_bind_blob(struct stmt *s, int i, const void *p, size_t n)
{
	if (n == 0) /* a NULL pointer would bind SQL NULL */
		keep_bind_code(s, sqlite3_bind_zeroblob(s->inner, i, 0));
	else
		keep_bind_code(s, sqlite3_bind_blob64(s->inner, i, p, n, SQLITE_TRANSIENT));
}

void stmt_lend_text(struct stmt *s, int i, const char *text)
{
	if (!text)
		stmt_bind_null(s, i);
	else
		keep_bind_code(s, sqlite3_bind_text64(s->inner, i, text, strlen(text), SQLITE_STATIC, SQLITE_UTF8));
}

void stmt_lend_blob(struct stmt *s, int i, const void *p, size_t n)
{
	if (n == 0)
		stmt_bind_blob(s, i, p, n);
	else
		keep_bind_code(s, sqlite3_bind_blob64(s->inner, i, p, n, SQLITE_STATIC));
}

void stmt_bind_null(struct stmt *s, int i)
{
	keep_bind_code(s, sqlite3_bind_null(s->inner, i));
}

/* As db_failed_sql(), while values are bound: a plain SQLITE_ERROR may repeat them, such as the words of a search. */
static int failed_step(struct db *db, int sqlite_rc, struct err *err)
{
	if (sqlite_rc == SQLITE_ERROR)
		return db_failed(db, sqlite_rc, "a statement cannot be run with these values", err);
	return db_failed_sql(db, sqlite_rc, err);
}

int stmt_step(struct stmt *s, struct err *err)
{
	int rc = s->bind_code;

	if (rc != SQLITE_OK) {
		rc = db_failed(s->db, rc, "a value could not be bound to a statement", err);
		s->bind_code = SQLITE_OK;
		sqlite3_reset(s->inner);
		return rc;
	}
	db_forget_disk_error(s->db);
	rc = sqlite3_step(s->inner);
	if (rc == SQLITE_ROW)
		return 1;
	rc = rc == SQLITE_DONE ? 0 : failed_step(s->db, rc, err);
	sqlite3_reset(s->inner);
	return rc;
}

int stmt_run(struct stmt *s, struct err *err)
{
	int rc;

	do {
		rc = stmt_step(s, err);
	} while (rc > 0);
	return rc;
}

void stmt_reset(struct stmt *s)
{
	sqlite3_reset(s->inner);
	if (s->inner)
		sqlite3_clear_bindings(s->inner);
	s->bind_code = SQLITE_OK;
}

int64_t stmt_int(struct stmt *s, int i)
{
	return sqlite3_column_int64(s->inner, i);
}

const char *stmt_text(struct stmt *s, int i)
{
	return (const char *)sqlite3_column_text(s->inner, i);
}

struct bytes stmt_blob(struct stmt *s, int i)
{
	static const uint8_t EMPTY[1];
	const uint8_t *p = sqlite3_column_blob(s->inner, i);
	const int n = sqlite3_column_bytes(s->inner, i);

	return (struct bytes){ p ? p : EMPTY, p ? (size_t)n : 0 };
}

bool stmt_is_null(struct stmt *s, int i)
{
	return sqlite3_column_type(s->inner, i) == SQLITE_NULL;
}

bool stmt_cells_equal(struct stmt *a, struct stmt *b, int i)
{
	const int type = sqlite3_column_type(a->inner, i);
	struct bytes x, y;

	if (type != sqlite3_column_type(b->inner, i))
		return false;
	if (type == SQLITE_NULL)
		return true;
	if (type == SQLITE_INTEGER)
		return stmt_int(a, i) == stmt_int(b, i);
	x = stmt_blob(a, i); /* a real number comes as its decimal text */
	y = stmt_blob(b, i);
	return x.n == y.n && (x.n == 0 || memcmp(x.p, y.p, x.n) == 0);
}

int stmt_n_columns(struct stmt *s)
{
	return sqlite3_column_count(s->inner);
}

const char *stmt_column_name(struct stmt *s, int i)
{
	return sqlite3_column_name(s->inner, i);
}
