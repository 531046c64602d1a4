/* What the tests of maps share: a row made by hand, what a template makes of it, and the claims of a whole file as text. */
#ifndef PARLEY_TESTS_UNIT_EXCHANGE_MAP_FIXTURE_H
#define PARLEY_TESTS_UNIT_EXCHANGE_MAP_FIXTURE_H

#include "unit/exchange/fixture.h"

#include "exchange/filters.h"
#include "exchange/formats.h"
#include "exchange/map.h"
#include "exchange/template.h"

/* --- rows by hand ------------------------------------------------------------------------------------------ */

#define HAND_COLUMNS 16

struct hand_row {
	struct arena arena;
	struct table table;
	const char *names[HAND_COLUMNS];
	struct cell cells[HAND_COLUMNS];
	struct row row;
	struct scope scope;
	struct err err;
};

/* Columns and cells by turns, NULL behind the last; a cell that is NULL is absent. */
static inline void hand_row_init(struct hand_row *h, const char *const *pairs)
{
	size_t n = 0;

	memset(h, 0, sizeof *h);
	for (; pairs[2 * n]; n++) {
		assert_true(n < HAND_COLUMNS);
		h->names[n] = pairs[2 * n];
		h->cells[n] = (struct cell){ pairs[2 * n + 1], pairs[2 * n + 1] ? strlen(pairs[2 * n + 1]) : 0 };
	}
	h->table = (struct table){ "row", h->names, n };
	h->row = (struct row){ &h->table, h->cells, 7 };
	h->scope = (struct scope){ .arena = &h->arena, .row = &h->row, .name = "file", .hash = "beef", .nth = 1 };
}

/* The texts of a template, "<" and ">" around each; or "CODE reason". */
static inline const char *make(struct hand_row *h, const char *text, const struct code_table *codes)
{
	struct template *t = NULL;
	struct values values = { 0 };
	struct buf out;
	const char *copy;
	int rc = template_read(&h->arena, text, codes, &t, &h->err);

	if (rc == 0)
		rc = template_make(t, &h->scope, &values, &h->err);
	if (rc < 0)
		return arena_printf(&h->arena, "%s %s", err_name(rc), h->err.text);
	buf_init(&out, (size_t)128 * 1024 * 1024);
	for (size_t i = 0; i < values.n; i++) {
		assert_true(values.items[i][0] != '\0');
		buf_printf(&out, "<%s>", values.items[i]);
	}
	copy = arena_text(&h->arena, buf_str(&out));
	buf_release(&out);
	return copy;
}

#define expect_made(pairs, template_text, expected)                                                                    \
	do {                                                                                                           \
		struct hand_row h_;                                                                                    \
		hand_row_init(&h_, (pairs));                                                                           \
		assert_string_equal(make(&h_, (template_text), NULL), (expected));                                     \
		arena_release(&h_.arena);                                                                              \
	} while (0)

/* --- claims of a file -------------------------------------------------------------------------------------- */

/* What is not taken, with its column as an import would say it. */
static inline void dump_refused(struct claims *claims, struct err *err, struct buf *out)
{
	if (claims->type->refused)
		claims->type->refused(claims, err);
	buf_printf(out, "%llu: %s\n", (unsigned long long)claims->line, err->text);
}

/* "LINE: {...}\n" for each claim, "LINE: reason\n" for what is refused, "LINE: passed over\n". */
static inline int dump_claims(struct claims *claims, struct buf *out, struct err *err)
{
	int rc;

	do {
		struct arena a = { 0 };
		struct claim_group group = { 0 };

		rc = claims->type->next(claims, &a, &group, err);
		if (rc == E_INVALID || rc == E_LIMIT)
			dump_refused(claims, err, out);
		if (rc == 1 && group.passed_over)
			buf_printf(out, "%llu: passed over\n", (unsigned long long)claims->line);
		for (size_t i = 0; i < group.n && rc == 1; i++) {
			buf_printf(out, "%llu: ", (unsigned long long)claims->line);
			json_write(out, group.lines[i]);
			buf_text(out, "\n");
		}
		arena_release(&a);
	} while (rc == 1 || rc == E_INVALID || rc == E_LIMIT);
	return rc;
}

static inline const struct import_format *format_of(const char *name)
{
	const struct import_format *format = import_format_find(name);

	if (!format)
		fail_msg("there is no format %s", name);
	return format;
}

/* The claims of a text by a format, or by a map (format "csv"). */
static inline int claims_of(const char *format, const struct format_options *options, struct text_source *t,
			    struct buf *out, struct err *err)
{
	struct claims *claims = NULL;
	int rc;

	t->source.ctx = t;
	rc = format_open(format_of(format), &t->source, options, &claims, err);
	if (rc == 0)
		rc = dump_claims(claims, out, err);
	claims_close(claims);
	return rc;
}

/* A map and a table must make exactly these claims, whatever the pieces in which the table comes. */
static inline void expect_claims(const char *map, const char *table, const char *expected)
{
	static const size_t pieces[] = { 0, 1, 7, 4096 };
	const struct format_options options = { .map = map, .name = "file" };
	struct buf out;

	buf_init(&out, (size_t)64 * 1024 * 1024);
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct text_source t = text_of(table, strlen(table));
		struct err err = { 0 };

		t.piece = pieces[i];
		buf_clear(&out);
		expect_ok(claims_of("csv", &options, &t, &out, &err), &err);
		assert_string_equal(buf_str(&out), expected);
	}
	buf_release(&out);
}

#endif
