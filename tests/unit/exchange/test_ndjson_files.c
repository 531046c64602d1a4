/* Attachments in and out: every size, several a claim, and all that can be wrong with their chunks. */
#include "unit/exchange/fixture.h"

#include "view/attachment.h"

#define PART 48000 /* bytes in a chunk line */
#define ZEROS "0000000000000000000000000000000000000000000000000000000000000000"

/* n bytes that look like nothing, the same for the same seed. */
static uint8_t *content_of(size_t n, uint64_t seed)
{
	uint8_t *p = mem_alloc(n + 1);

	for (size_t i = 0; i < n; i++)
		p[i] = (uint8_t)(sim_draw(&seed) >> 32);
	return p;
}

static void hash_hex(const uint8_t *p, size_t n, char hex[static 2 * HASH_BYTES + 1])
{
	uint8_t hash[HASH_BYTES];

	hash_labelled(LABEL_FILE, BYTES(p, n), NO_BYTES, NO_BYTES, hash, sizeof hash);
	hex_encode(hash, sizeof hash, hex);
}

static void put_chunk(struct buf *out, const char *hash, int i, const uint8_t *p, size_t n)
{
	char *text = mem_alloc(base64url_len(n) + 1);

	base64url_encode(p, n, text);
	buf_printf(out, "{\"t\":\"chunk\",\"file\":\"%s\",\"i\":%d,\"data\":\"%s\"}\n", hash, i, text);
	free(text);
}

/* The chunk lines of a file; `skip` is left out (-1: none). */
static void put_chunks(struct buf *out, const uint8_t *p, size_t n, int skip)
{
	char hash[2 * HASH_BYTES + 1];
	size_t at = 0;
	int i = 0;

	hash_hex(p, n, hash);
	do {
		size_t part = n - at < PART ? n - at : PART;

		if (i != skip)
			put_chunk(out, hash, i, p + at, part);
		at += part;
		i++;
	} while (at < n);
}

static void put_item(struct buf *out, const char *name, const uint8_t *p, size_t n)
{
	char hash[2 * HASH_BYTES + 1];

	hash_hex(p, n, hash);
	buf_printf(out, "{\"name\":\"%s\",\"size\":%zu,\"hash\":\"%s\"}", name, n, hash);
}

static void claim_begin(struct buf *out)
{
	buf_text(out, "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"name\":\"A\"},\"files\":[");
}

static void claim_end(struct buf *out)
{
	buf_text(out, "]}\n");
}

static void put_claim(struct buf *out, const uint8_t *p, size_t n)
{
	claim_begin(out);
	put_item(out, "a.pdf", p, n);
	claim_end(out);
}

/* The content of the nth file (from 0) of the only claim here must be this. */
static void expect_content(struct home *h, int nth, const uint8_t *p, size_t n)
{
	struct arena a = { 0 };
	const struct json *claim, *file;
	struct stmt *s = NULL;
	struct buf content;
	const char *body;

	expect_ok(db_prepare(view_db(h->view), "SELECT body FROM claim WHERE files IS NOT NULL", &s, &h->err), &h->err);
	assert_int_equal(stmt_step(s, &h->err), 1);
	body = stmt_text(s, 0);
	expect_ok(json_parse(&a, body, strlen(body), &claim, &h->err), &h->err);
	stmt_reset(s);
	file = json_get(claim, "files")->child;
	while (nth-- > 0)
		file = file->next;
	buf_init(&content, ATTACHMENT_MAX);
	expect_ok(attachment_read(h->view, h->record, file, &content, &h->err), &h->err);
	assert_int_equal(content.n, n);
	if (n)
		assert_memory_equal(content.p, p, n);
	buf_release(&content);
	arena_release(&a);
}

static void import_buf(struct home *h, const struct buf *text, struct import_options options)
{
	struct text_source t = text_of(buf_str(text), text->n);

	expect_ok(import_from(h, &t, options), &h->err);
}

/* --- every size -------------------------------------------------------------------------------------------- */

/* In, once more, out, into another home, and out of that. */
static void test_files_of_every_size_go_round(void **state)
{
	static const size_t sizes[] = { 0, 1, BODY_MAX, BODY_MAX + 1, PART, PART + 1, 3 * 1024 * 1024 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		uint8_t *p = content_of(sizes[i], i);
		size_t parts = (sizes[i] + BODY_MAX - 1) / BODY_MAX;
		struct home h, other;
		struct buf text, out;
		uint64_t before;

		buf_init(&text, (size_t)64 * 1024 * 1024);
		put_chunks(&text, p, sizes[i], -1);
		put_claim(&text, p, sizes[i]);
		home_init(&h, 1);
		before = record_n_entries(h.record);
		import_buf(&h, &text, (struct import_options){ .dry_run = true });
		expect_report(&h, 1, 0, 0);
		assert_int_equal(record_n_entries(h.record), before);
		import_buf(&h, &text, (struct import_options){ .strict = true });
		expect_report(&h, 1, 0, 0);
		assert_int_equal(record_n_entries(h.record), before + 1 + parts);
		expect_content(&h, 0, p, sizes[i]);
		import_buf(&h, &text, (struct import_options){ 0 });
		expect_report(&h, 0, 1, 0);
		assert_int_equal(record_n_entries(h.record), before + 1 + parts);

		export_view(&h, h.view, (struct export_options){ .attachments = true }, &out);
		home_init(&other, 2);
		import_buf(&other, &out, (struct import_options){ 0 });
		expect_report(&other, 1, 0, 0);
		expect_content(&other, 0, p, sizes[i]);
		home_release(&other);
		home_release(&h);
		buf_release(&out);
		buf_release(&text);
		free(p);
	}
}

/* --- several a claim --------------------------------------------------------------------------------------- */

static void test_a_claim_with_several_files(void **state)
{
	static const size_t sizes[] = { 100000, 0, 5, 70000 };
	uint8_t *p[ARRAY_LEN(sizes)];
	struct home h, other;
	struct buf text, out;

	(void)state;
	buf_init(&text, (size_t)64 * 1024 * 1024);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		p[i] = content_of(sizes[i], i);
		put_chunks(&text, p[i], sizes[i], -1);
	}
	claim_begin(&text);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		if (i)
			buf_text(&text, ",");
		put_item(&text, "part", p[ARRAY_LEN(sizes) - 1 - i], sizes[ARRAY_LEN(sizes) - 1 - i]);
	}
	buf_text(&text, ",");
	put_item(&text, "the first again", p[0], sizes[0]);
	claim_end(&text);
	home_init(&h, 1);
	import_buf(&h, &text, (struct import_options){ 0 });
	expect_report(&h, 1, 0, 0);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		expect_content(&h, (int)i, p[ARRAY_LEN(sizes) - 1 - i], sizes[ARRAY_LEN(sizes) - 1 - i]);
	expect_content(&h, 4, p[0], sizes[0]);
	export_view(&h, h.view, (struct export_options){ .attachments = true }, &out);
	home_init(&other, 2);
	import_buf(&other, &out, (struct import_options){ 0 });
	expect_report(&other, 1, 0, 0);
	expect_content(&other, 4, p[0], sizes[0]);
	import_buf(&other, &out, (struct import_options){ 0 });
	expect_report(&other, 0, 1, 0);
	home_release(&other);
	home_release(&h);
	buf_release(&out);
	buf_release(&text);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++)
		free(p[i]);
}

/* Claims one behind the other may name the same content. */
static void test_content_serves_the_claims_behind_it_until_new_content_comes(void **state)
{
	uint8_t *p = content_of(10, 1), *q = content_of(10, 2);
	struct home h;
	struct buf text;

	(void)state;
	buf_init(&text, 1024 * 1024);
	put_chunks(&text, p, 10, -1);
	put_claim(&text, p, 10);
	buf_text(&text, "{\"kind\":\"actor\",\"id\":\"@b\",\"set\":{\"name\":\"B\"},\"files\":[");
	put_item(&text, "b.pdf", p, 10);
	claim_end(&text);
	put_chunks(&text, q, 10, -1);
	buf_text(&text, "{\"kind\":\"actor\",\"id\":\"@c\",\"set\":{\"name\":\"C\"},\"files\":[");
	put_item(&text, "c.pdf", p, 10);
	claim_end(&text);
	home_init(&h, 1);
	import_buf(&h, &text, (struct import_options){ 0 });
	expect_report(&h, 2, 0, 1);
	expect_rejected(&h, "5: its attachment is not in the lines before it");
	home_release(&h);
	buf_release(&text);
	free(p);
	free(q);
}

/* --- what is wrong ----------------------------------------------------------------------------------------- */

/* A text of which nothing is taken, for that reason. */
static void expect_nothing(struct buf *text, const char *reason)
{
	struct home h;
	uint64_t before;

	home_init(&h, 1);
	before = record_n_entries(h.record);
	for (int dry = 1; dry >= 0; dry--) {
		import_buf(&h, text, (struct import_options){ .dry_run = dry });
		assert_int_equal(h.report.n_added, 0);
		assert_int_not_equal(h.report.n_rejected, 0);
		expect_rejected(&h, reason);
	}
	assert_int_equal(record_n_entries(h.record), before); /* no chunk without its claim */
	home_release(&h);
	buf_release(text);
	buf_init(text, (size_t)128 * 1024 * 1024);
}

static void test_chunks_that_are_missing_or_in_disorder(void **state)
{
	size_t n = 3 * (size_t)PART;
	uint8_t *p = content_of(n, 1);
	char hash[2 * HASH_BYTES + 1];
	struct buf text;

	(void)state;
	hash_hex(p, n, hash);
	buf_init(&text, (size_t)128 * 1024 * 1024);
	put_claim(&text, p, n);
	expect_nothing(&text, "1: its attachment is not in the lines before it");
	put_chunks(&text, p, n, 0);
	put_claim(&text, p, n);
	expect_nothing(&text, "1: a chunk must follow");
	put_chunks(&text, p, n, 1);
	put_claim(&text, p, n);
	expect_nothing(&text, "2: a chunk must follow");
	put_chunks(&text, p, n, 2);
	put_claim(&text, p, n);
	expect_nothing(&text, "3: its attachment");
	put_chunk(&text, hash, 0, p, PART);
	put_chunk(&text, hash, 2, p + 2 * PART, PART);
	put_chunk(&text, hash, 1, p + PART, PART);
	put_claim(&text, p, n);
	expect_nothing(&text, "2: a chunk must follow");
	put_chunk(&text, hash, 0, p, PART);
	put_chunk(&text, hash, 1, p + PART, PART);
	put_chunk(&text, hash, 1, p + PART, PART);
	put_claim(&text, p, n);
	expect_nothing(&text, "3: a chunk must follow");
	free(p);
	buf_release(&text);
}

static void test_content_that_is_not_what_was_named(void **state)
{
	uint8_t *p = content_of(100, 1), *q = content_of(100, 2);
	char hash[2 * HASH_BYTES + 1];
	struct buf text;

	(void)state;
	hash_hex(p, 100, hash);
	buf_init(&text, (size_t)128 * 1024 * 1024);
	put_chunk(&text, hash, 0, q, 100); /* another content under that hash */
	put_claim(&text, p, 100);
	expect_nothing(&text, "2: its attachment");
	put_chunk(&text, hash, 0, p, 99);
	put_claim(&text, p, 100);
	expect_nothing(&text, "2: its attachment");
	put_chunks(&text, p, 100, -1);
	put_claim(&text, q, 100);
	expect_nothing(&text, "2: its attachment");
	put_chunks(&text, p, 100, -1);
	put_claim(&text, p, 100);
	memcpy(strstr(buf_str(&text), "\"size\":100"), "\"size\":101", 10);
	expect_nothing(&text, "2: files: size");
	put_chunk(&text, hash, 0, p, 50); /* a chunk that is not right ends its file */
	buf_printf(&text, "{\"t\":\"chunk\",\"file\":\"%s\",\"i\":1,\"data\":\"*\"}\n", hash);
	put_chunk(&text, hash, 1, p + 50, 50);
	put_claim(&text, p, 100);
	expect_nothing(&text, "3: a chunk must follow");
	free(p);
	free(q);
	buf_release(&text);
}

static void test_files_that_are_not_whole(void **state)
{
	static const char *const items[] = {
		"",
		"5",
		"{}",
		"{\"name\":\"x\"}",
		"{\"name\":\"\",\"size\":0,\"hash\":\"" ZEROS "\"}",
		"{\"name\":\"x\",\"size\":-1,\"hash\":\"" ZEROS "\"}",
		"{\"name\":\"x\",\"size\":0,\"hash\":\"00\"}",
	};
	struct buf text;

	(void)state;
	buf_init(&text, 1024 * 1024);
	for (size_t i = 0; i < ARRAY_LEN(items); i++) {
		claim_begin(&text);
		buf_text(&text, items[i]);
		claim_end(&text);
		expect_nothing(&text, "1: files");
	}
	buf_text(&text, "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"name\":\"A\"},\"files\":{}}");
	expect_nothing(&text, "1: files must be an array");
	buf_release(&text);
}

/* --- limits ------------------------------------------------------------------------------------------------ */

static void test_the_largest_file_and_one_byte_more(void **state)
{
	uint8_t *p = content_of((size_t)ATTACHMENT_MAX + 1, 1);
	struct home h;
	struct buf text;

	(void)state;
	buf_init(&text, (size_t)128 * 1024 * 1024);
	put_chunks(&text, p, (size_t)ATTACHMENT_MAX + 1, -1);
	put_claim(&text, p, (size_t)ATTACHMENT_MAX + 1);
	expect_nothing(&text, "700: an attachment holds at most 33554432 bytes");
	put_chunks(&text, p, ATTACHMENT_MAX, -1);
	put_claim(&text, p, ATTACHMENT_MAX);
	home_init(&h, 1);
	import_buf(&h, &text, (struct import_options){ 0 });
	expect_report(&h, 1, 0, 0);
	expect_content(&h, 0, p, ATTACHMENT_MAX);
	home_release(&h);
	buf_release(&text);
	free(p);
}

/* A file of nothing but chunks takes no more memory than the limit, and says why. */
static void test_content_is_bounded_until_a_claim_comes(void **state)
{
	uint8_t *p = content_of(PART, 1);
	char hash[2 * HASH_BYTES + 1];
	struct home h;
	struct buf text;

	(void)state;
	hash_hex(p, PART, hash);
	buf_init(&text, (size_t)256 * 1024 * 1024);
	for (int i = 0; i < 513; i++)
		put_chunk(&text, hash, 0, p, i % 2 ? 0 : PART);
	home_init(&h, 1);
	import_buf(&h, &text, (struct import_options){ 0 });
	expect_report(&h, 0, 0, 1);
	expect_rejected(&h, "513: more than 512 files");
	buf_clear(&text);
	for (int i = 0; i < 1500; i++)
		put_chunk(&text, hash, i % 500, p, PART);
	import_buf(&h, &text, (struct import_options){ 0 });
	expect_rejected(&h, "1399: the files before one claim hold at most 67108864 bytes together");
	home_release(&h);
	buf_release(&text);
	free(p);
}

/* Without content: what is here already is recognised, what is not is refused. */
static void test_lines_without_content(void **state)
{
	uint8_t *p = content_of(100, 1);
	struct home h, other;
	struct buf text, out;

	(void)state;
	buf_init(&text, 1024 * 1024);
	put_claim(&text, p, 100); /* refused */
	put_chunks(&text, p, 100, -1);
	put_claim(&text, p, 100);
	home_init(&h, 1);
	import_buf(&h, &text, (struct import_options){ 0 });
	expect_report(&h, 1, 0, 1);
	import_buf(&h, &text, (struct import_options){ 0 });
	expect_report(&h, 0, 2, 0);
	export_view(&h, h.view, (struct export_options){ 0 }, &out);
	assert_null(strstr(buf_str(&out), "\"key\""));
	assert_null(strstr(buf_str(&out), "\"chunk"));
	import_buf(&h, &out, (struct import_options){ 0 });
	expect_report(&h, 0, 1, 0);
	home_init(&other, 2);
	import_buf(&other, &out, (struct import_options){ 0 });
	expect_report(&other, 0, 0, 1);
	expect_rejected(&other, "export with --attachments");
	home_release(&other);
	home_release(&h);
	buf_release(&out);
	buf_release(&text);
	free(p);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files_of_every_size_go_round),
		cmocka_unit_test(test_a_claim_with_several_files),
		cmocka_unit_test(test_content_serves_the_claims_behind_it_until_new_content_comes),
		cmocka_unit_test(test_chunks_that_are_missing_or_in_disorder),
		cmocka_unit_test(test_content_that_is_not_what_was_named),
		cmocka_unit_test(test_files_that_are_not_whole),
		cmocka_unit_test(test_the_largest_file_and_one_byte_more),
		cmocka_unit_test(test_content_is_bounded_until_a_claim_comes),
		cmocka_unit_test(test_lines_without_content),
	};

	return run_tests("exchange/ndjson-files", tests);
}
