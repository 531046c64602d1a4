/* Writing: entries and their chain, batches that come or go whole, new epochs, attachments. */
#include "unit/record/home.h"

static void begin(struct home *h)
{
	expect_ok(record_begin(h->record, false, &h->err), &h->err);
}

static void commit(struct home *h)
{
	expect_ok(record_commit(h->record, &h->err), &h->err);
}

static size_t n_epochs(const struct home *h)
{
	struct circle_info info;

	record_circle(h->record, 0, &info);
	return info.n_epochs;
}

static void test_entries_are_chained(void **state)
{
	uint8_t ids[5][ID_BYTES];
	struct record_entry entry, founding;
	struct home h;
	uint64_t n;

	(void)state;
	home_found(&h);
	expect_ok(record_read(h.record, 2, &founding, &h.err), &h.err);
	assert_int_equal(founding.envelope.cls, CLASS_CONTROL);
	assert_int_equal(founding.state, BODY_OPEN);
	memcpy(ids[0], founding.id, ID_BYTES);
	for (uint64_t i = 1; i < 5; i++) {
		char word[16];

		snprintf(word, sizeof word, "w%d", (int)i);
		h.machine.now_ms += 1000;
		begin(&h);
		expect_ok(record_append(h.record, h.circle, claim_body(word), &n, ids[i], &h.err), &h.err);
		assert_int_equal(n, 2 + i);
		expect_claim(&h, n, word); /* also before the batch is committed */
		commit(&h);
		expect_ok(record_read(h.record, n, &entry, &h.err), &h.err);
		assert_int_equal(entry.n, n);
		assert_memory_equal(entry.id, ids[i], ID_BYTES);
		assert_int_equal(entry.envelope.cls, CLASS_CLAIM);
		assert_int_equal(entry.envelope.seq, i + 1);
		assert_memory_equal(entry.envelope.prev, ids[i - 1], ID_BYTES);
		assert_memory_equal(entry.envelope.epoch, ids[0], ID_BYTES);
		assert_memory_equal(entry.envelope.circle, h.circle, ID_BYTES);
		assert_memory_equal(entry.envelope.author, record_device(h.record), KEY_BYTES);
		assert_true(entry.envelope.time_ms == (uint64_t)h.machine.now_ms);
		assert_int_equal(entry.raw.n, ENVELOPE_BYTES + 256);
		assert_int_equal(entry.text.p[entry.text.n], 0);
	}
	assert_int_equal(record_n_entries(h.record), 6);
	expect_err(record_read(h.record, 0, &entry, &h.err), E_NOT_FOUND, &h.err, "row 0");
	expect_err(record_read(h.record, 7, &entry, &h.err), E_NOT_FOUND, &h.err, "row 7");
	home_open(&h, STORE_READ_WRITE);
	expect_claim(&h, 6, "w4");
	assert_int_equal(expect_clean(&h).n_entries, 6);
	home_remove(&h);
}

static void test_what_is_not_signed(void **state)
{
	static const char no_file[] =
		"{\"t\":\"claim\",\"v\":1,\"kind\":\"a\",\"id\":\"00112233445566778899aabbccddeeff\","
		"\"set\":{\"x\":1},\"files\":[{}]}";
	static const char *const bodies[] = { "", "{}", "{\"t\":\"claim\",\"v\":1}", "{\"t\":\"redact\",\"v\":1}",
					      no_file };
	const uint8_t nowhere[ID_BYTES] = { 1 };
	uint8_t id[ID_BYTES];
	struct buf json;
	struct home h;
	uint64_t n;

	(void)state;
	home_found(&h);
	buf_init(&json, 4096);
	begin(&h);
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		expect_err(record_append(h.record, h.circle, BYTES(bodies[i], strlen(bodies[i])), &n, id, &h.err),
			   E_INVALID, &h.err, NULL);
	expect_err(record_append(h.record, nowhere, claim_body("x"), &n, id, &h.err), E_NOT_FOUND, &h.err, "no member");
	expect_err(record_append(h.record, record_org_id(h.record), claim_body("x"), &n, id, &h.err), E_NOT_FOUND,
		   &h.err, "no member");
	expect_err(record_attach(h.record, nowhere, "f", BYTES("x", 1), &json, &h.err), E_NOT_FOUND, &h.err,
		   "no member");
	commit(&h);
	assert_int_equal(record_n_entries(h.record), 2);
	/* Outside a batch nothing is written. */
	expect_err(record_append(h.record, h.circle, claim_body("x"), &n, id, &h.err), E_INVALID, &h.err, "batch");
	expect_err(record_attach(h.record, h.circle, "f", BYTES("x", 1), &json, &h.err), E_INVALID, &h.err, "batch");
	expect_err(record_commit(h.record, &h.err), E_INVALID, &h.err, "batch");
	record_rollback(h.record);
	begin(&h);
	expect_err(record_begin(h.record, false, &h.err), E_INVALID, &h.err, "transaction");
	expect_ok(record_append(h.record, h.circle, claim_body("x"), &n, id, &h.err), &h.err);
	commit(&h);
	assert_int_equal(n, 3);
	assert_int_equal(record_n_entries(h.record), 3);
	buf_release(&json);
	expect_clean(&h);
	home_remove(&h);
}

static void test_the_longest_body(void **state)
{
	static const char head[] =
		"{\"t\":\"claim\",\"v\":1,\"kind\":\"a\",\"id\":\"00112233445566778899aabbccddeeff\","
		"\"set\":{\"x\":\"";
	char *body = malloc(BODY_MAX + 2);
	struct record_entry entry;
	uint8_t id[ID_BYTES];
	struct home h;
	uint64_t n;

	(void)state;
	home_found(&h);
	memset(body, 'x', BODY_MAX + 2);
	memcpy(body, head, strlen(head));
	memcpy(body + BODY_MAX - 3, "\"}}", 3);
	begin(&h);
	expect_ok(record_append(h.record, h.circle, BYTES(body, BODY_MAX), &n, id, &h.err), &h.err);
	memcpy(body + BODY_MAX - 3, "x\"}}", 4);
	expect_err(record_append(h.record, h.circle, BYTES(body, BODY_MAX + 1), &n, id, &h.err), E_LIMIT, &h.err,
		   "65103");
	commit(&h);
	expect_ok(record_read(h.record, 3, &entry, &h.err), &h.err);
	assert_int_equal(entry.text.n, BODY_MAX);
	assert_int_equal(record_n_entries(h.record), 3);
	free(body);
	expect_clean(&h);
	home_remove(&h);
}

/* A batch that is rolled back: no entries, no keys, no place in the feed. */
static void test_rollback(void **state)
{
	uint8_t first[ID_BYTES], id[ID_BYTES];
	struct record_entry entry;
	struct home h;
	uint64_t n, counter;

	(void)state;
	home_found(&h);
	home_claim(&h, "kept");
	counter = record_counter(h.record);
	begin(&h);
	for (int i = 0; i < 10; i++)
		expect_ok(record_append(h.record, h.circle, claim_body("gone"), &n, i == 0 ? first : id, &h.err),
			  &h.err);
	assert_int_equal(record_n_entries(h.record), 13);
	record_rollback(h.record);
	assert_int_equal(record_n_entries(h.record), 3);
	assert_true(record_counter(h.record) == counter);
	expect_err(record_read(h.record, 4, &entry, &h.err), E_NOT_FOUND, &h.err, NULL);
	assert_int_equal(home_claim(&h, "next"), 4);
	expect_ok(record_read(h.record, 4, &entry, &h.err), &h.err);
	assert_int_equal(entry.envelope.seq, 3);
	assert_memory_not_equal(entry.id, first, ID_BYTES);
	home_open(&h, STORE_READ_WRITE);
	expect_claim(&h, 4, "next");
	begin(&h); /* closing rolls back what was not committed */
	expect_ok(record_append(h.record, h.circle, claim_body("gone"), &n, id, &h.err), &h.err);
	home_open(&h, STORE_READ_WRITE);
	assert_int_equal(record_n_entries(h.record), 4);
	expect_clean(&h);
	home_remove(&h);
}

/* --- epochs */

static void test_new_epoch(void **state)
{
	struct record_entry entry;
	uint8_t first[ID_BYTES], second[ID_BYTES];
	char hex[2 * ID_BYTES + 1];
	struct home h;

	(void)state;
	home_found(&h);
	expect_ok(record_read(h.record, 2, &entry, &h.err), &h.err);
	memcpy(first, entry.id, ID_BYTES);
	home_claim(&h, "day 0");
	h.machine.now_ms = MORNING + EPOCH_LIFETIME_MS - 1;
	assert_int_equal(home_claim(&h, "day 6"), 4);
	assert_int_equal(n_epochs(&h), 1);
	h.machine.now_ms++;
	assert_int_equal(home_claim(&h, "day 7"), 6); /* row 5 is the new epoch */
	assert_int_equal(n_epochs(&h), 2);
	expect_ok(record_read(h.record, 5, &entry, &h.err), &h.err);
	memcpy(second, entry.id, ID_BYTES);
	assert_int_equal(entry.envelope.cls, CLASS_CONTROL);
	assert_int_equal(entry.state, BODY_OPEN);
	hex_encode(first, ID_BYTES, hex);
	assert_non_null(strstr((const char *)entry.text.p, "\"reason\":\"rotation\""));
	assert_non_null(strstr((const char *)entry.text.p, hex));
	assert_null(strstr((const char *)entry.text.p, "charter"));
	assert_int_equal(home_claim(&h, "day 7 too"), 7);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(n_epochs(&h), 2);
		expect_claim(&h, 3, "day 0");
		expect_claim(&h, 6, "day 7");
		expect_ok(record_read(h.record, 4, &entry, &h.err), &h.err);
		assert_memory_equal(entry.envelope.epoch, first, ID_BYTES);
		expect_ok(record_read(h.record, 7, &entry, &h.err), &h.err);
		assert_memory_equal(entry.envelope.epoch, second, ID_BYTES);
		assert_int_equal(expect_clean(&h).by_class[CLASS_CONTROL], 2);
		home_open(&h, STORE_READ_WRITE);
	}
	h.machine.now_ms += EPOCH_LIFETIME_MS;
	expect_ok(record_redact(h.record, 3, "r", NULL, 0, &h.err), &h.err);
	assert_int_equal(n_epochs(&h), 3); /* whoever writes next begins it, also by a redaction */
	expect_claim(&h, 7, "day 7 too");
	expect_clean(&h);
	home_remove(&h);
}

/* A new epoch begun in a batch that is rolled back: its key is forgotten, and the old one serves again. */
static void test_rolled_back_epoch(void **state)
{
	struct record_entry entry;
	uint8_t id[ID_BYTES];
	struct home h;
	uint64_t n;

	(void)state;
	home_found(&h);
	h.machine.now_ms += EPOCH_LIFETIME_MS;
	begin(&h);
	expect_ok(record_append(h.record, h.circle, claim_body("gone"), &n, id, &h.err), &h.err);
	assert_int_equal(n_epochs(&h), 2);
	expect_ok(record_read(h.record, 3, &entry, &h.err), &h.err);
	memcpy(id, entry.id, ID_BYTES);
	record_rollback(h.record);
	assert_int_equal(n_epochs(&h), 1);
	assert_int_equal(record_n_entries(h.record), 2);
	h.machine.now_ms = MORNING; /* the old epoch is young again */
	assert_int_equal(home_claim(&h, "kept"), 3);
	assert_int_equal(n_epochs(&h), 1);
	h.machine.now_ms += EPOCH_LIFETIME_MS;
	assert_int_equal(home_claim(&h, "later"), 5);
	assert_int_equal(n_epochs(&h), 2);
	expect_ok(record_read(h.record, 4, &entry, &h.err), &h.err);
	assert_memory_not_equal(entry.id, id, ID_BYTES); /* fresh secrets, not the ones that were rolled back */
	home_open(&h, STORE_READ_WRITE);
	assert_int_equal(n_epochs(&h), 2);
	expect_claim(&h, 3, "kept");
	expect_claim(&h, 5, "later");
	expect_clean(&h);
	home_remove(&h);
}

/* A circle founded by a batch before, an epoch in one that fails to commit because the disk is full. */
static void test_epoch_that_is_not_committed(void **state)
{
	uint8_t id[ID_BYTES];
	struct home h;
	uint64_t n;

	(void)state;
	home_found(&h);
	h.machine.now_ms += EPOCH_LIFETIME_MS;
	begin(&h);
	expect_ok(record_append(h.record, h.circle, claim_body("gone"), &n, id, &h.err), &h.err);
	h.machine.disk.code = E_FULL;
	h.machine.disk.fail_at = h.machine.disk.n + 1;
	expect_err(record_commit(h.record, &h.err), E_FULL, &h.err, NULL);
	assert_int_equal(n_epochs(&h), 1);
	assert_int_equal(record_n_entries(h.record), 2);
	assert_true(record_is_sound(h.record));
	h.machine.disk.fail_at = 0;
	assert_int_equal(home_claim(&h, "again"), 4);
	assert_int_equal(n_epochs(&h), 2);
	expect_clean(&h);
	home_remove(&h);
}

/* A clock that says anything: what is signed is valid for ever. */
static void test_odd_clocks(void **state)
{
	static const struct {
		int64_t now;
		uint64_t time;
	} cases[] = {
		{ -1, 0 },
		{ INT64_MIN, 0 },
		{ INT64_C(9007199254740991), SEQ_MAX },
		{ INT64_C(9007199254740992), SEQ_MAX },
		{ INT64_MAX, SEQ_MAX },
		{ 0, 0 },
	};
	struct record_entry entry;
	struct home h;

	(void)state;
	home_found(&h);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		h.machine.now_ms = cases[i].now;
		expect_ok(record_read(h.record, home_claim(&h, "x"), &entry, &h.err), &h.err);
		assert_true(entry.envelope.time_ms == cases[i].time);
	}
	expect_clean(&h);
	home_remove(&h);
}

/* --- attachments */

/* Attach n bytes; gives what a claim must say. */
static const struct json *attach(struct home *h, struct arena *a, const uint8_t *content, size_t n)
{
	const struct json *file;
	struct buf json;

	buf_init(&json, BODY_MAX);
	begin(h);
	expect_ok(record_attach(h->record, h->circle, "a \"file\"", BYTES(content, n), &json, &h->err), &h->err);
	commit(h);
	expect_ok(json_parse(a, arena_copy(a, buf_str(&json), json.n), json.n, &file, &h->err), &h->err);
	buf_release(&json);
	return file;
}

/* Read the chunks from row `from` on and compare. */
static void expect_content(struct home *h, uint64_t from, const uint8_t *key, const uint8_t *content, size_t n)
{
	size_t at = 0;

	for (uint64_t row = from; at < n; row++) {
		struct bytes chunk;

		expect_ok(record_read_chunk(h->record, row, key, &chunk, &h->err), &h->err);
		assert_int_equal(chunk.n, n - at < BODY_MAX ? n - at : BODY_MAX);
		assert_memory_equal(chunk.p, content + at, chunk.n);
		at += chunk.n;
	}
}

static void test_attachments(void **state)
{
	static const size_t sizes[] = { 0, 1, 65103, 65104, 2 * 65103, 1024 * 1024 };
	uint8_t *content = malloc(1024 * 1024);

	(void)state;
	for (size_t i = 0; i < 1024 * 1024; i++)
		content[i] = (uint8_t)(i * 31 + i / 256);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		const size_t n_chunks = (sizes[i] + BODY_MAX - 1) / BODY_MAX;
		uint8_t key[KEY_BYTES], hash[HASH_BYTES], expected[HASH_BYTES], chunk_id[ID_BYTES];
		const struct json *file, *chunk;
		struct record_entry entry;
		struct arena a = { 0 };
		struct home h;
		uint64_t row = 3;

		home_found(&h);
		file = attach(&h, &a, content, sizes[i]);
		assert_string_equal(json_get_text(file, "name"), "a \"file\"");
		assert_int_equal(json_get_int(file, "size", -1), sizes[i]);
		assert_int_equal(hex_decode(json_get_text(file, "hash"), 64, hash, sizeof hash), 0);
		hash_labelled(LABEL_FILE, BYTES(content, sizes[i]), NO_BYTES, NO_BYTES, expected, sizeof expected);
		assert_memory_equal(hash, expected, sizeof hash);
		assert_int_equal(hex_decode(json_get_text(file, "key"), 64, key, sizeof key), 0);
		assert_int_equal(record_n_entries(h.record), 2 + n_chunks);
		for (chunk = json_get(file, "chunks")->child; chunk; chunk = chunk->next) {
			expect_ok(record_read(h.record, row++, &entry, &h.err), &h.err);
			assert_int_equal(entry.envelope.cls, CLASS_CHUNK);
			assert_int_equal(entry.state, BODY_CHUNK);
			assert_int_equal(hex_decode(chunk->text, chunk->text_len, chunk_id, sizeof chunk_id), 0);
			assert_memory_equal(entry.id, chunk_id, sizeof chunk_id);
		}
		assert_int_equal(row, 3 + n_chunks);
		home_open(&h, STORE_READ_WRITE);
		expect_content(&h, 3, key, content, sizes[i]);
		assert_int_equal(expect_clean(&h).by_class[CLASS_CHUNK], n_chunks);
		arena_release(&a);
		home_remove(&h);
	}
	free(content);
}

static void test_attachment_over_the_limit(void **state)
{
	uint8_t *content = calloc(1, ATTACHMENT_MAX + 1);
	struct arena a = { 0 };
	const struct json *file;
	struct buf json;
	struct home h;

	(void)state;
	assert_non_null(content);
	home_found(&h);
	buf_init(&json, BODY_MAX);
	begin(&h);
	expect_err(record_attach(h.record, h.circle, "f", BYTES(content, ATTACHMENT_MAX + 1), &json, &h.err), E_LIMIT,
		   &h.err, "33554432");
	commit(&h);
	assert_int_equal(record_n_entries(h.record), 2);
	file = attach(&h, &a, content, ATTACHMENT_MAX); /* what a claim says of the largest fits into a claim */
	assert_int_equal(record_n_entries(h.record), 2 + 516);
	assert_int_equal(json_get_int(file, "size", 0), ATTACHMENT_MAX);
	buf_release(&json);
	arena_release(&a);
	free(content);
	home_remove(&h);
}

static void test_chunks_and_keys(void **state)
{
	uint8_t key[KEY_BYTES], other[KEY_BYTES] = { 1 };
	const struct json *first, *second;
	struct arena a = { 0 };
	struct bytes chunk;
	struct home h;

	(void)state;
	home_found(&h);
	first = attach(&h, &a, (const uint8_t *)"same", 4);
	second = attach(&h, &a, (const uint8_t *)"same", 4);
	assert_string_equal(json_get_text(first, "hash"), json_get_text(second, "hash"));
	assert_string_not_equal(json_get_text(first, "key"), json_get_text(second, "key"));
	assert_int_equal(hex_decode(json_get_text(first, "key"), 64, key, sizeof key), 0);
	expect_ok(record_read_chunk(h.record, 3, key, &chunk, &h.err), &h.err);
	expect_err(record_read_chunk(h.record, 4, key, &chunk, &h.err), E_DENIED, &h.err, "share");
	expect_err(record_read_chunk(h.record, 3, other, &chunk, &h.err), E_DENIED, &h.err, "share");
	expect_err(record_read_chunk(h.record, 2, key, &chunk, &h.err), E_INVALID, &h.err, "no part of an attachment");
	expect_err(record_read_chunk(h.record, 5, key, &chunk, &h.err), E_NOT_FOUND, &h.err, "row 5");
	arena_release(&a);
	home_remove(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entries_are_chained),
		cmocka_unit_test(test_what_is_not_signed),
		cmocka_unit_test(test_the_longest_body),
		cmocka_unit_test(test_rollback),
		cmocka_unit_test(test_new_epoch),
		cmocka_unit_test(test_rolled_back_epoch),
		cmocka_unit_test(test_epoch_that_is_not_committed),
		cmocka_unit_test(test_odd_clocks),
		cmocka_unit_test(test_attachments),
		cmocka_unit_test(test_attachment_over_the_limit),
		cmocka_unit_test(test_chunks_and_keys),
	};

	return run_tests("record/append", tests);
}
