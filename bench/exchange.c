/* Import and export of NDJSON, from and to memory. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "bench.h"

/* A file in memory. */
struct text {
	struct buf bytes;
	size_t at;
};

static int text_read(void *ctx, void *out, size_t n, size_t *ret_n, struct err *err)
{
	struct text *t = ctx;
	const size_t left = t->bytes.n - t->at;

	(void)err;
	*ret_n = n < left ? n : left;
	if (*ret_n > 0)
		memcpy(out, t->bytes.p + t->at, *ret_n);
	t->at += *ret_n;
	return 0;
}

static int text_rewind(void *ctx, struct err *err)
{
	struct text *t = ctx;

	(void)err;
	t->at = 0;
	return 0;
}

static int text_write(void *ctx, const void *p, size_t n, struct err *err)
{
	struct text *t = ctx;

	buf_put(&t->bytes, p, n);
	return buf_check(&t->bytes, "the export", err);
}

static void make_lines(const struct bench *b, struct buf *out)
{
	buf_init(out, (size_t)1 << 40);
	for (size_t i = 0; i < b->n; i++) {
		world_body(b, i, out);
		buf_text(out, "\n");
	}
}

static int import_lines(struct bench *b, struct node *node, struct text *text, struct import_report *ret,
			struct err *err)
{
	const struct import_options options = { 0 };
	struct source source = { text_read, text_rewind, text, text->bytes.n };
	uint8_t circle[ID_BYTES];
	int rc = node_find_process(node, "process 1", circle, err);

	text->at = 0;
	if (rc == 0)
		rc = node_import(node, circle, &(struct import_file){ .format = "ndjson", .source = &source }, &options,
				 ret, err);
	if (rc == 0 && ret->n_added + ret->n_present != b->n)
		rc = err_set(err, E_INVALID, "%llu of %zu lines were taken", (unsigned long long)ret->n_added, b->n);
	return rc;
}

int run_import(struct bench *b, struct err *err)
{
	struct import_report first = { 0 }, again = { 0 };
	struct node *node = NULL;
	struct text text = { 0 };
	struct world w;
	struct watch watch = { 0 }, watch_again = { 0 };
	int rc = world_make(b, "import", 1, &w, err);

	make_lines(b, &text.bytes);
	world_close(&w);
	if (rc == 0)
		rc = node_open(b->env, w.home, w.root, NODE_WRITE, NULL, &node, err);
	if (rc == 0) {
		watch_start(&watch);
		rc = import_lines(b, node, &text, &first, err);
		watch_stop(&watch);
	}
	if (rc == 0) {
		watch_start(&watch_again);
		rc = import_lines(b, node, &text, &again, err);
		watch_stop(&watch_again);
	}
	if (rc == 0 && (first.n_added != b->n || again.n_added != 0))
		rc = err_set(err, E_DAMAGED, "the second import found something new");
	if (rc == 0) {
		say_rate("record-import", (double)b->n, &watch, "entries/s");
		say_rate("record-import-again", (double)b->n, &watch_again, "lines/s");
		say_check("%llu added to record and views, %llu found present when imported again",
			  (unsigned long long)first.n_added, (unsigned long long)again.n_present);
	}
	node_close(node);
	world_release(&w);
	buf_release(&text.bytes);
	return rc;
}

int run_export(struct bench *b, struct err *err)
{
	const struct export_options options = { 0 };
	struct node *node = NULL;
	struct view *view = NULL;
	struct text text = { 0 };
	struct sink sink = { text_write, &text };
	struct world w;
	struct watch watch = { 0 };
	uint64_t n = 0;
	int rc = world_filled(b, &w, err);

	buf_init(&text.bytes, (size_t)1 << 40);
	if (rc == 0)
		rc = node_open(b->env, w.home, w.root, NODE_READ, NULL, &node, err);
	if (rc == 0)
		rc = node_view(node, NULL, &view, err);
	if (rc == 0) {
		watch_start(&watch);
		rc = ndjson_export(node_record(node), view, &sink, &options, &n, err);
		watch_stop(&watch);
	}
	if (rc == 0 && n < b->n)
		rc = err_set(err, E_DAMAGED, "%llu of %zu claims were exported", (unsigned long long)n, b->n);
	if (rc == 0) {
		say_rate("record-export", (double)n, &watch, "entries/s");
		say_check("%llu lines, %zu bytes", (unsigned long long)n, text.bytes.n);
	}
	node_close(node);
	world_release(&w);
	buf_release(&text.bytes);
	return rc;
}
