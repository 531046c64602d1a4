/* What the tests of the exporters share: texts with ' for ", exports of a view or of a cut of it. */
#ifndef PARLEY_TESTS_UNIT_EXCHANGE_EXPORT_FIXTURE_H
#define PARLEY_TESTS_UNIT_EXCHANGE_EXPORT_FIXTURE_H

#include "unit/exchange/fixture.h"

#include "exchange/export.h"

#define EXPORT_TEXT_MAX ((size_t)16 * 1024 * 1024)

/* Take in lines of NDJSON in which ' stands for ". */
static inline void take(struct home *h, const char *lines)
{
	struct buf text;

	buf_init(&text, EXPORT_TEXT_MAX);
	buf_text(&text, lines);
	for (size_t i = 0; i < text.n; i++)
		if (text.p[i] == '\'')
			text.p[i] = '"';
	expect_ok(import_text(h, buf_str(&text), (struct import_options){ .keep_unknown = true }), &h->err);
	assert_string_equal(buf_str(&h->rejected), "");
	buf_release(&text);
}

/* Append a body as another version may write it: its form is checked, the vocabulary is not. */
static inline void append(struct home *h, const char *body)
{
	uint8_t id[ID_BYTES];
	uint64_t n;

	expect_ok(record_begin(h->record, false, &h->err), &h->err);
	expect_ok(record_append(h->record, h->circle, BYTES(body, strlen(body)), &n, id, &h->err), &h->err);
	expect_ok(record_commit(h->record, &h->err), &h->err);
	expect_ok(view_catch_up(h->view, h->record, NULL, NULL, &h->err), &h->err);
}

/* Append an actor of that name, whatever it holds. */
static inline void append_actor(struct home *h, const char *id, const char *name)
{
	struct buf text;

	buf_init(&text, EXPORT_TEXT_MAX);
	buf_printf(&text, "{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"%s\",\"set\":{\"name\":", id);
	json_write_text(&text, name);
	buf_text(&text, "}}");
	append(h, buf_str(&text));
	buf_release(&text);
}

/* An export of a view as one text; the caller releases it. */
static inline struct export_report export_text(struct home *h, struct view *view, export_fn *write,
					       struct export_request request, struct buf *out)
{
	struct export_report report = { 0 };
	struct sink sink = { keep_bytes, out };

	buf_init(out, EXPORT_TEXT_MAX);
	expect_ok(write(view, &sink, &request, &report, &h->err), &h->err);
	return report;
}

/* What a reader who is cleared for that marking gets, without attribution. */
static inline struct export_report export_cleared(struct home *h, enum tlp tlp, export_fn *write,
						  struct export_request request, struct buf *out)
{
	struct cut cut = { .reader = view_reader_owner(), .as_of_ms = INT64_MAX, .known_ms = INT64_MAX };
	struct export_report report;
	struct view *view = NULL;

	cut.reader.cleared_for = tlp;
	cut.reader.attribution = false;
	expect_ok(view_cut(h->view, &cut, &view, &h->err), &h->err);
	report = export_text(h, view, write, request, out);
	view_free(view);
	return report;
}

#define expect_part(out, part)                                                                                         \
	do {                                                                                                           \
		if (!strstr(buf_str(out), (part)))                                                                     \
			fail_msg("\"%s\" is not in: %s", (part), buf_str(out));                                        \
	} while (0)

#define expect_no_part(out, part)                                                                                      \
	do {                                                                                                           \
		if (strstr(buf_str(out), (part)))                                                                      \
			fail_msg("\"%s\" is in: %s", (part), buf_str(out));                                            \
	} while (0)

static inline int refuse(void *ctx, const void *p, size_t n, struct err *err)
{
	(void)ctx;
	(void)p;
	(void)n;
	return err_set(err, E_FULL, "no room");
}

static inline bool stop_at_second(void *ctx, uint64_t done, uint64_t total)
{
	assert_true(done <= total);
	assert_ptr_equal(ctx, NULL);
	return done < 2;
}

/* A sink that fails and a user who stops end an export; the report is untouched. */
static inline void expect_stops(struct home *h, export_fn *write, struct export_request request)
{
	struct export_report report = { .n = 99 };
	struct buf out;
	struct sink full = { refuse, NULL }, sink = { keep_bytes, &out };

	buf_init(&out, EXPORT_TEXT_MAX);
	expect_err(write(h->view, &full, &request, &report, &h->err), E_FULL, &h->err, "no room");
	request.progress = stop_at_second;
	expect_err(write(h->view, &sink, &request, &report, &h->err), E_CANCELLED, &h->err, "2 objects");
	assert_int_equal(report.n, 99);
	buf_release(&out);
}

#endif
