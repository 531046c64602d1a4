/* What the tests of the readers of rows share: a reader's rows as one text, whatever the pieces in which the file comes. */
#ifndef PARLEY_TESTS_UNIT_EXCHANGE_ROWS_FIXTURE_H
#define PARLEY_TESTS_UNIT_EXCHANGE_ROWS_FIXTURE_H

#include "unit/exchange/fixture.h"

#include "exchange/rows.h"

typedef int rows_open_function(struct source *source, struct rows **ret, struct err *err);

static inline void dump_row(const struct row *row, struct buf *out)
{
	const char *before = "";

	buf_printf(out, "%llu %s: ", (unsigned long long)row->line, row->table->name);
	for (size_t i = 0; i < row->table->n_columns; i++)
		if (row->cells[i].p) {
			buf_printf(out, "%s%s=%.*s", before, row->table->columns[i], (int)row->cells[i].n,
				   row->cells[i].p);
			before = "|";
		}
	buf_text(out, "\n");
}

/* "LINE TABLE: COLUMN=CELL|...\n" for each row, without absent cells; "CODE TEXT\n" for each error. */
static inline void dump_rows(rows_open_function *open, struct text_source *t, struct buf *out)
{
	struct rows *rows = NULL;
	struct row row;
	struct err err = { 0 };
	int rc;

	t->source.ctx = t;
	rc = open(&t->source, &rows, &err);
	if (rc < 0) {
		assert_null(rows);
		buf_printf(out, "open: %s %s\n", err_name(rc), err.text);
		return;
	}
	while ((rc = rows_next(rows, &row, &err)) != 0) {
		if (rc == 1) {
			dump_row(&row, out);
			continue;
		}
		assert_int_equal(rc, err.code);
		assert_null(strchr(err.text, '\n'));
		buf_printf(out, "%s %s\n", err_name(rc), err.text);
		if (rc == E_INVALID || rc == E_LIMIT)
			assert_true(row.line > 0);
	}
	assert_int_equal(rows_next(rows, &row, &err), 0); /* the end stays the end */
	rows_close(rows);
}

static inline void expect_rows_of(rows_open_function *open, const void *text, size_t n, const char *expected)
{
	static const size_t pieces[] = { 0, 1, 7, 4096 };
	struct buf out;

	buf_init(&out, (size_t)64 * 1024 * 1024);
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct text_source t = text_of(text, n);

		buf_clear(&out);
		t.piece = pieces[i];
		dump_rows(open, &t, &out);
		assert_string_equal(buf_str(&out), expected);
	}
	buf_release(&out);
}

#define expect_rows(open, text, expected) expect_rows_of((open), (text), strlen(text), (expected))

/* A source that fails after so many bytes: its error arrives, and nothing comes behind it. */
static inline void expect_source_failure(rows_open_function *open, const char *text)
{
	struct buf out;

	buf_init(&out, 1024 * 1024);
	for (size_t at = 0; at < strlen(text); at++) {
		struct text_source t = text_of(text, strlen(text));

		t.piece = 1;
		t.fail_at = at;
		buf_clear(&out);
		dump_rows(open, &t, &out);
		assert_non_null(strstr(buf_str(&out), "E_IO the medium is gone\n"));
	}
	buf_release(&out);
}

/* For tests of limits: `before`, then `part` n times, then `after`. */
static inline void repeat(struct buf *out, const char *before, const char *part, size_t n, const char *after)
{
	buf_init(out, (size_t)64 * 1024 * 1024);
	buf_text(out, before);
	for (size_t i = 0; i < n; i++)
		buf_text(out, part);
	buf_text(out, after);
}

static inline void expect_rows_in(rows_open_function *open, struct buf *text, const char *part, const char *unlike)
{
	struct text_source t = text_of(text->p, text->n);
	struct buf out;

	buf_init(&out, (size_t)64 * 1024 * 1024);
	dump_rows(open, &t, &out);
	if (part && !strstr(buf_str(&out), part))
		fail_msg("\"%s\" is not in: %.300s", part, buf_str(&out));
	if (unlike && strstr(buf_str(&out), unlike))
		fail_msg("\"%s\" is in: %.300s", unlike, buf_str(&out));
	buf_release(&out);
	buf_release(text);
}

#endif
