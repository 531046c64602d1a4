/* What the tests of exchange share: homes on a machine in memory, texts as sources, rejected lines in a list. */
#ifndef PARLEY_TESTS_UNIT_EXCHANGE_FIXTURE_H
#define PARLEY_TESTS_UNIT_EXCHANGE_FIXTURE_H

#include "support/test.h"

#include "base/arena.h"
#include "base/limits.h"
#include "exchange/formats.h"
#include "exchange/ndjson.h"
#include "support/simenv.h"

/* --- sources ----------------------------------------------------------------------------------------------- */

struct text_source {
	struct source source; /* first */
	const char *text;
	size_t n, at;
	size_t piece;   /* at most so many bytes at a time; 0: as many as asked for */
	size_t fail_at; /* a read from here on fails with E_IO */
};

static inline int text_read(void *ctx, void *out, size_t n, size_t *ret_n, struct err *err)
{
	struct text_source *t = ctx;
	size_t left = t->n - t->at;

	if (t->at >= t->fail_at)
		return err_set(err, E_IO, "the medium is gone");
	if (t->piece && n > t->piece)
		n = t->piece;
	*ret_n = n < left ? n : left;
	memcpy(out, t->text + t->at, *ret_n);
	t->at += *ret_n;
	return 0;
}

static inline int text_rewind(void *ctx, struct err *err)
{
	struct text_source *t = ctx;

	(void)err;
	t->at = 0;
	return 0;
}

static inline struct text_source text_of(const void *text, size_t n)
{
	return (struct text_source){ .source = { .read = text_read, .rewind = text_rewind, .size = n },
				     .text = text,
				     .n = n,
				     .fail_at = SIZE_MAX };
}

/* --- homes ------------------------------------------------------------------------------------------------- */

struct home {
	struct simenv machine;
	struct simdisk *disk;
	struct record *record;
	struct view *view;
	uint8_t circle[ID_BYTES];
	char passphrase[PASSPHRASE_MAX];
	struct err err;
	struct import_report report; /* of the last import */
	struct buf rejected;         /* "3: reason\n" for each line not taken by the last import */
};

static inline void home_init(struct home *h, uint64_t seed)
{
	struct record_founding founding = { .org_name = "Test", .cost = &kdf_cost_insecure_tests };

	memset(h, 0, sizeof *h);
	h->disk = simdisk_new();
	simenv_init(&h->machine, h->disk, seed);
	buf_init(&h->rejected, 16 * 1024 * 1024);
	expect_ok(record_create(&h->machine.env, "/home", &founding, &h->record, &h->err), &h->err);
	memcpy(h->passphrase, founding.passphrase, sizeof h->passphrase);
	expect_ok(record_found_circle(h->record, "Process", "to test", h->circle, &h->err), &h->err);
	expect_ok(view_new(&h->view, &h->err), &h->err);
	expect_ok(view_catch_up(h->view, h->record, NULL, NULL, &h->err), &h->err);
}

static inline void home_release(struct home *h)
{
	view_free(h->view);
	record_close(h->record);
	simdisk_free(h->disk);
	buf_release(&h->rejected);
}

static inline void note_rejected(void *ctx, uint64_t line, const char *reason)
{
	struct home *h = ctx;

	buf_printf(&h->rejected, "%llu: %s\n", (unsigned long long)line, reason);
	assert_null(strchr(reason, '\n'));
}

/* The same home as it would be after the power was cut now. */
static inline void home_after_cut(struct home *ret, const struct home *h)
{
	uint8_t root[KEY_BYTES];
	bool insecure;

	memset(ret, 0, sizeof *ret);
	ret->disk = simdisk_after_cut(h->disk, SIM_UNSYNCED_DROPPED, 1);
	simenv_init(&ret->machine, ret->disk, 99);
	memcpy(ret->circle, h->circle, sizeof ret->circle);
	buf_init(&ret->rejected, 16 * 1024 * 1024);
	expect_ok(record_unlock(&ret->machine.env, "/home", h->passphrase, root, &insecure, &ret->err), &ret->err);
	expect_ok(record_open(&ret->machine.env, "/home", root, STORE_READ_WRITE, &ret->record, &ret->err), &ret->err);
	assert_true(record_is_sound(ret->record));
	expect_ok(view_new(&ret->view, &ret->err), &ret->err);
	expect_ok(view_catch_up(ret->view, ret->record, NULL, NULL, &ret->err), &ret->err);
}

/* Import as the node does it: the views are brought up to date afterwards, whatever came of it. */
static inline int import_as(struct home *h, const char *format, const struct format_options *how, struct text_source *t,
			    struct import_options options)
{
	struct claims *claims = NULL;
	int rc;

	t->source.ctx = t;
	buf_clear(&h->rejected);
	options.rejected = note_rejected;
	options.ctx = h;
	h->report = (struct import_report){ 0 };
	rc = format_open(import_format_find(format), &t->source, how, &claims, &h->err);
	if (rc == 0)
		rc = import_claims(h->record, h->view, h->circle, claims, &options, &h->report, &h->err);
	claims_close(claims);
	expect_ok(view_catch_up(h->view, h->record, NULL, NULL, &(struct err){ 0 }), &h->err);
	return rc;
}

static inline int import_from(struct home *h, struct text_source *t, struct import_options options)
{
	return import_as(h, "ndjson", &(struct format_options){ 0 }, t, options);
}

static inline int import_text(struct home *h, const char *text, struct import_options options)
{
	struct text_source t = text_of(text, strlen(text));

	return import_from(h, &t, options);
}

/* Import a text that must go through, with these counts. */
#define expect_import(h, text, added, present, n_rejected_)                                                            \
	do {                                                                                                           \
		expect_ok(import_text((h), (text), (struct import_options){ 0 }), &(h)->err);                          \
		expect_report((h), (added), (present), (n_rejected_));                                                 \
	} while (0)

#define expect_report(h, added, present, n_rejected_)                                                                  \
	do {                                                                                                           \
		if ((h)->report.n_rejected != (uint64_t)(n_rejected_))                                                 \
			fail_msg("rejected: %s", buf_str(&(h)->rejected));                                             \
		assert_int_equal((h)->report.n_added, (added));                                                        \
		assert_int_equal((h)->report.n_present, (present));                                                    \
	} while (0)

/* The reasons of the last import must hold each of these texts. */
#define expect_rejected(h, text)                                                                                       \
	do {                                                                                                           \
		if (!strstr(buf_str(&(h)->rejected), (text)))                                                          \
			fail_msg("\"%s\" is not among: %s", (text), buf_str(&(h)->rejected));                          \
	} while (0)

/* --- looking ----------------------------------------------------------------------------------------------- */

static inline int64_t count(struct home *h, const char *sql)
{
	struct stmt *s = NULL;
	int64_t n;

	expect_ok(db_prepare(view_db(h->view), sql, &s, &h->err), &h->err);
	assert_int_equal(stmt_step(s, &h->err), 1);
	n = stmt_int(s, 0);
	stmt_reset(s);
	return n;
}

/* All cells of a query, row by row, as one text. */
static inline void dump(struct view *view, const char *sql, struct buf *out)
{
	struct stmt *s = NULL;
	struct err err = { 0 };
	int rc;

	expect_ok(db_prepare(view_db(view), sql, &s, &err), &err);
	while ((rc = stmt_step(s, &err)) == 1)
		for (int i = 0; i < stmt_n_columns(s); i++)
			buf_printf(out, "%s%s", stmt_is_null(s, i) ? "(null)" : stmt_text(s, i),
				   i + 1 < stmt_n_columns(s) ? "|" : "\n");
	expect_ok(rc, &err);
}

static inline int keep_bytes(void *ctx, const void *p, size_t n, struct err *err)
{
	struct buf *out = ctx;

	buf_put(out, p, n);
	return buf_check(out, "the export", err);
}

/* The export of a view of this home as one text. */
static inline uint64_t export_view(struct home *h, struct view *view, struct export_options options, struct buf *out)
{
	struct sink sink = { keep_bytes, out };
	uint64_t n = 0;

	buf_init(out, (size_t)256 * 1024 * 1024);
	expect_ok(ndjson_export(h->record, view, &sink, &options, &n, &h->err), &h->err);
	return n;
}

static inline void read_tree(const char *path, struct buf *out)
{
	struct err err = { 0 };

	expect_ok(disk_read_all(disk_system(), path, 16 * 1024 * 1024, out, &err), &err);
}

#endif
