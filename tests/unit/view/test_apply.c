/* Entries into tables, one by one: claims, retractions, redactions, and what is neither. */
#include "base/limits.h"
#include "unit/view/fixture.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define FILES "[{\"name\":\"a\",\"size\":0,\"hash\":\"" HASH "\",\"key\":\"" HASH "\",\"chunks\":[]}]"

static void test_claim_fills_tables(void **state)
{
	struct fixture f;
	struct double_entry *e;

	(void)state;
	fixture_init(&f);
	e = put_claim(
		&f, "actor", 1,
		"\"name\":\"FARC-EP\",\"type\":\"insurgent_group\",\"strength\":7000,\"areas\":[\"Caqueta\",\"Meta\"],"
		"\"armed\":true",
		",\"when\":\"2012-08\",\"by\":\"desk\",\"source\":\"press\",\"quote\":\"q\",\"grade\":\"B2\",\"tlp\":"
		"\"amber\","
		"\"rule\":\"on_record\",\"lang\":\"es\",\"note\":\"n\",\"files\":" FILES);
	e->time = 1500000000123;
	apply_all(&f);
	expect_ask(f.view,
		   "SELECT kind || '|' || hex(obj) || '|' || hex(circle) || '|' || hex(org) || '|' || hex(says) FROM "
		   "claim",
		   "actor|01010101010101010101010101010101|"
		   "0101010101010101010101010101010101010101010101010101010101010101|"
		   "C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1|"
		   "C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1C1");
	expect_ask(
		f.view,
		"SELECT when_text || '|' || when_from || '|' || when_to || '|' || known || '|' || recorded FROM claim",
		"2012-08|1343779200000|1346457600000|1500000000123|1500000000123");
	expect_ask(f.view,
		   "SELECT \"by\" || source || quote || grade || tlp || rule || lang || note || files FROM claim",
		   "deskpressqB2amberon_recordesn" FILES);
	expect_ask(f.view, "SELECT known_text IS NULL AND length(digest) = 32 AND status = 0 FROM claim", "1");
	expect_ask(f.view, "SELECT group_concat(field || i || '=' || value, ' ') FROM value",
		   "areas0=Caqueta areas1=Meta armed0=true name0=FARC-EP strength0=7000 type0=insurgent_group");
	expect_ask(f.view, "SELECT name || '|' || type || '|' || strength || '|' || areas || '|' || armed FROM k_actor",
		   "FARC-EP|insurgent_group|7000|Caqueta\x1fMeta|true");
	expect_ask(f.view, "SELECT typeof(strength) || typeof(name) || typeof(level) FROM k_actor", "integertextnull");
	expect_ask(f.view,
		   "SELECT kind || '|' || label || '|' || n_claims || '|' || n_contested || '|' || when_from || '|' ||"
		   " when_to || '|' || recorded FROM object",
		   "actor|FARC-EP|1|0|1343779200000|1346457600000|1500000000123");
	expect_ask(f.view,
		   "SELECT hex(id) = '' OR length(id) <> 32 OR class <> 1 OR seq <> 1 OR state <> 'open' FROM entry",
		   "0");
	fixture_release(&f);
}

static void test_says_and_known_as_said(void **state)
{
	struct fixture f;
	char more[100];

	(void)state;
	fixture_init(&f);
	snprintf(more, sizeof more, ",\"says\":\"%s\",\"known\":\"2012-08-26\"", obj_hex(0x77));
	put_claim(&f, "actor", 1, "\"name\":\"x\"", more);
	apply_all(&f);
	expect_ask(f.view, "SELECT hex(says) || known_text || known FROM claim",
		   "777777777777777777777777777777772012-08-261345939200000");
	fixture_release(&f);
}

static void test_unknown_words_are_kept(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "zebra", 1, "\"stripes\":12,\"deep\":{\"a\":[1,true,null]},\"none\":null", ",\"tail\":1");
	put_claim(&f, "actor", 2, "\"name\":\"x\",\"stripes\":[\"a\",\"b\"]", "");
	apply_all(&f);
	expect_ask(f.view, "SELECT group_concat(field || i || '=' || value, ' ') FROM value",
		   "deep0={\"a\":[1,true,null]} stripes0=12 name0=x stripes0=a stripes1=b");
	expect_ask(f.view, "SELECT kind || n_claims || coalesce(label, '-') FROM object ORDER BY obj LIMIT 1",
		   "zebra1-");
	expect_ask(f.view, "SELECT body LIKE '%\"tail\":1%' FROM claim WHERE n = 1", "1");
	expect_ask(f.view, "SELECT name FROM k_actor", "x");
	expect_ask(f.view, "SELECT count(*) FROM sqlite_schema WHERE name = 'k_zebra'", "0");
	fixture_release(&f);
}

/* What a foreign program wrote in place of the type that a field takes must not stop anything. */
static void test_values_of_wrong_type_are_kept(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":[\"a\",[\"b\"]],\"strength\":\"many\",\"areas\":5,\"type\":{}", "");
	apply_all(&f);
	expect_ask(f.view, "SELECT name || '|' || strength || '|' || areas || '|' || type FROM k_actor",
		   "a\x1f[\"b\"]|many|5|{}");
	fixture_release(&f);
}

static void test_states_of_entries(void **state)
{
	static const struct {
		uint8_t cls, device;
		enum body_state state;
		const char *text, *expected;
	} cases[] = {
		{ 1, 11, BODY_OPEN, "{\"t\":\"claim\",\"v\":1}", "bad" },
		{ 1, 11, BODY_OPEN, "no json", "bad" },
		{ 1, 11, BODY_OPEN, "{\"t\":\"redact\",\"v\":1,\"entry\":\"00\"}", "bad" },
		{ 1, 11, BODY_OPEN, "{\"t\":\"dance\",\"v\":1}", "ignored" },
		{ 1, 11, BODY_OPEN, "{\"t\":\"claim\",\"v\":2}", "ignored" },
		{ 1, 99, BODY_OPEN,
		  "{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"00000000000000000000000000000000\",\"set\":{"
		  "\"name\":\"x\"}}",
		  "ignored" },
		{ 1, 11, BODY_OPEN,
		  "{\"t\":\"claim\",\"v\":1,\"kind\":\"device\",\"id\":\"00000000000000000000000000000000\",\"set\":{"
		  "\"name\":\"x\"}}",
		  "bad" },
		{ 1, 11, BODY_DROPPED, "", "dropped" },
		{ 1, 11, BODY_NO_KEY, "", "no_key" },
		{ 1, 11, BODY_BAD, "", "bad" },
		{ 2, 11, BODY_NO_KEY, "", "no_key" },
		{ 6, 11, BODY_CHUNK, "", "chunk" },
		{ 6, 11, BODY_DROPPED, "", "chunk" },
		{ 200, 11, BODY_IGNORED, "", "ignored" },
	};
	struct fixture f;
	char sql[100];

	(void)state;
	fixture_init(&f);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct double_entry *e = put(&f, cases[i].cls, cases[i].text);

		e->device = cases[i].device;
		e->state = cases[i].state;
	}
	apply_all(&f);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		snprintf(sql, sizeof sql, "SELECT state FROM entry WHERE n = %zu", i + 1);
		expect_ask(f.view, sql, cases[i].expected);
	}
	expect_ask(f.view,
		   "SELECT (SELECT count(*) FROM claim) + (SELECT count(*) FROM value) + (SELECT count(*) FROM object)",
		   "0");
	expect_ask(f.view, "SELECT org IS NULL FROM entry WHERE n = 6", "1");
	fixture_release(&f);
}

static void test_retraction(void **state)
{
	struct fixture f;
	uint8_t id[ID_BYTES];

	(void)state;
	fixture_init(&f);
	memcpy(id, put_claim(&f, "actor", 1, "\"name\":\"old\"", "")->id, ID_BYTES);
	put_claim(&f, "actor", 1, "\"level\":\"top\"", "");
	apply_all(&f);
	put_mention(&f, "retract", id)->device = 12; /* another device of the same organisation */
	apply_all(&f);
	expect_ask(f.view, "SELECT group_concat(status, '') FROM claim", "10");
	expect_ask(f.view, "SELECT coalesce(name, '-') || level FROM k_actor", "-top");
	expect_ask(f.view, "SELECT coalesce(label, '-') || n_claims FROM object", "-1");
	expect_ask(f.view,
		   "SELECT group_concat(n, '') || '/' || (SELECT group_concat(rowid, '') FROM search) FROM value",
		   "2/2");
	expect_ask(f.view, "SELECT reason || n FROM retraction", "because3");
	fixture_release(&f);
}

static void test_last_claim_retracted(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"old\"", "");
	put_mention(&f, "retract", f.record.entries[0].id);
	apply_all(&f);
	expect_ask(
		f.view,
		"SELECT (SELECT count(*) FROM object) + (SELECT count(*) FROM k_actor) + (SELECT count(*) FROM value)",
		"0");
	fixture_release(&f);
}

/* By another organisation, from another circle, of a thing that is no claim: no effect, and no way to learn it. */
static void test_retraction_without_effect(void **state)
{
	struct fixture f;
	uint8_t id[ID_BYTES];

	(void)state;
	fixture_init(&f);
	memcpy(id, put_claim(&f, "actor", 1, "\"name\":\"x\"", "")->id, ID_BYTES);
	put_mention(&f, "retract", id)->device = 21;
	put_mention(&f, "retract", id)->circle = 2;
	put_mention(&f, "retract", id)->device = 99;
	memcpy(id, f.record.entries[1].id, ID_BYTES);
	put_mention(&f, "retract", id)->device = 21; /* a retraction of a retraction */
	put_mention(&f, "redact", f.record.entries[0].id)->device = 21;
	apply_all(&f);
	expect_ask(f.view, "SELECT status FROM claim", "0");
	expect_ask(f.view, "SELECT name FROM k_actor", "x");
	expect_ask(f.view, "SELECT count(*) FROM retraction", "3");
	fixture_release(&f);
}

static void test_retraction_before_its_target(void **state)
{
	struct fixture f;
	uint8_t id[ID_BYTES];

	(void)state;
	fixture_init(&f);
	op_id(1, id); /* the claim will be the second entry */
	put_mention(&f, "retract", id);
	put_claim(&f, "actor", 1, "\"name\":\"x\"", "");
	apply_all(&f);
	expect_ask(f.view, "SELECT status FROM claim", "1");
	expect_ask(f.view, "SELECT count(*) FROM object", "0");
	fixture_release(&f);
}

/* Does any byte of the view hold the word? */
static bool holds(struct view *view, const char *word)
{
	struct bytes image;
	struct err err = { 0 };

	expect_ok(db_serialize(view_db(view), &image, &err), &err);
	return memmem(image.p, image.n, word, strlen(word)) != NULL;
}

static void test_redaction_leaves_nothing(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"plain\"", "");
	put_claim(&f, "actor", 1, "\"name\":\"canaryword\"",
		  ",\"note\":\"canaryword\",\"says\":\"77777777777777777777777777777777\"");
	for (int i = 0; i < 20; i++)
		put_claim(&f, "actor", 2 + i, "\"name\":\"other\"", "");
	apply_all(&f);
	assert_true(holds(f.view, "canaryword"));
	put_mention(&f, "redact", f.record.entries[1].id);
	apply_all(&f);
	assert_false(holds(f.view, "canaryword"));
	assert_false(holds(f.view, "wwwwwwwwwwwwwwww")); /* 0x77: who said it */
	expect_ask(f.view,
		   "SELECT count(*) FROM claim WHERE n = 2 AND status = 2 AND kind IS NULL AND obj IS NULL AND says IS "
		   "NULL"
		   " AND body IS NULL AND digest IS NULL AND circle IS NOT NULL AND org IS NOT NULL",
		   "1");
	expect_ask(f.view, "SELECT state FROM entry WHERE n = 2", "dropped");
	expect_ask(f.view, "SELECT name FROM k_actor WHERE obj = zeroblob(16) OR hex(obj) LIKE '01%'", "plain");
	expect_ask(f.view, "SELECT reason FROM redaction", "because");
	expect_ask(f.view, "SELECT count(*) FROM search WHERE search MATCH 'other'", "20");
	fixture_release(&f);
}

/* A retracted claim has no words in the tables, but its body and the index did hold them. */
static void test_redaction_of_retracted(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"canaryword\"", "");
	put_mention(&f, "retract", f.record.entries[0].id);
	apply_all(&f);
	put_mention(&f, "redact", f.record.entries[0].id);
	apply_all(&f);
	assert_false(holds(f.view, "canaryword"));
	expect_ask(f.view, "SELECT status FROM claim", "2");
	fixture_release(&f);
}

static void test_redaction_before_its_target(void **state)
{
	struct fixture f;
	uint8_t id[ID_BYTES];

	(void)state;
	fixture_init(&f);
	op_id(1, id);
	put_mention(&f, "redact", id);
	put_claim(&f, "actor", 1, "\"name\":\"canaryword\"", "");
	apply_all(&f);
	assert_false(holds(f.view, "canaryword"));
	expect_ask(f.view, "SELECT status || (SELECT state FROM entry WHERE n = 2) FROM claim", "2dropped");
	fixture_release(&f);
}

/* When the record is read again, nobody can see what a redacted entry had retracted; so it must not count before. */
static void test_redacted_retraction_does_not_count(void **state)
{
	struct fixture f;
	struct view *again;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"x\"", "");
	put_mention(&f, "retract", f.record.entries[0].id);
	put_mention(&f, "redact", f.record.entries[1].id);
	apply_all(&f);
	expect_ask(f.view, "SELECT group_concat(status, '') FROM claim", "02");
	expect_ask(f.view, "SELECT name FROM k_actor", "x");
	f.record.entries[1].state = BODY_DROPPED;
	again = rebuilt(&f);
	expect_same(f.view, again);
	view_free(again);
	fixture_release(&f);
}

static void test_rows_come_in_order(void **state)
{
	struct fixture f;
	struct record_entry e;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"x\"", "");
	put_claim(&f, "actor", 1, "\"name\":\"y\"", "");
	expect_ok(record_read(&f.record, 2, &e, &f.err), &f.err);
	expect_err(view_apply(f.view, &f.record, &e, &f.err), E_INVALID, &f.err, "row 2");
	assert_int_equal(view_applied(f.view), 0);
	expect_ask(f.view, "SELECT count(*) FROM entry", "0");
	fixture_release(&f);
}

static void test_damaged_rows_are_shown(void **state)
{
	struct fixture f;
	struct view *view;

	(void)state;
	fixture_init(&f);
	for (int i = 0; i < 3; i++)
		put_claim(&f, "actor", 1, "\"name\":\"x\"", "");
	f.record.entries[1].damaged = true;
	view = rebuilt(&f);
	expect_ask(view, "SELECT group_concat(state) FROM entry", "open,damaged,open");
	assert_int_equal(view_applied(view), 3);
	view_free(view);
	fixture_release(&f);
}

static bool stop_at_second(void *ctx, uint64_t done, uint64_t total)
{
	int *calls = ctx;

	assert_true(done <= total);
	assert_int_equal(total, 9000);
	return ++*calls < 2;
}

static void test_catch_up_can_be_stopped(void **state)
{
	struct fixture f;
	int calls = 0;

	(void)state;
	fixture_init(&f);
	for (int i = 0; i < 9000; i++)
		put_claim(&f, "actor", i % 100, "\"name\":\"x\"", "");
	expect_err(view_catch_up(f.view, &f.record, stop_at_second, &calls, &f.err), E_CANCELLED, &f.err,
		   "8192 of 9000");
	assert_int_equal(view_applied(f.view), 8192);
	expect_ask(f.view, "SELECT sum(n_claims) FROM object", "8192"); /* what is there is whole */
	expect_ok(view_catch_up(f.view, &f.record, NULL, NULL, &f.err), &f.err);
	expect_ask(f.view, "SELECT sum(n_claims) FROM object", "9000");
	fixture_release(&f);
}

/* A claim whose body is as large as one can be: its text is filled up with `filler` where it says "%s". */
static void put_largest(struct fixture *f, const char *format, const char *filler)
{
	const size_t frame = strlen(format) - 2, n = strlen(filler);
	char *fill = mem_alloc(BODY_MAX), *text = mem_alloc(BODY_MAX + 1);

	for (size_t at = 0; frame + at + n <= BODY_MAX; at += n)
		memcpy(fill + at, filler, n);
	snprintf(text, BODY_MAX + 1, "%.*s%s%s", (int)(strstr(format, "%s") - format), format, fill,
		 strstr(format, "%s") + 2);
	put(f, CLASS_CLAIM, text);
	free(text);
	free(fill);
}

/* The kind with the most fields, each set as large as can be by another claim: its one row holds them all. */
static void test_largest_row_of_a_kind(void **state)
{
	size_t n_kinds, largest = 0;
	const struct kind *kinds = kinds_all(&n_kinds);
	char format[300], sql[200];
	struct fixture f;

	(void)state;
	for (size_t i = 0; i < n_kinds; i++) {
		assert_in_range(kinds[i].n_fields, 1, KIND_FIELDS_MAX);
		if (kinds[i].n_fields > kinds[largest].n_fields)
			largest = i;
	}
	assert_true(kinds[largest].n_fields * BODY_MAX > DB_ROW_MAX);
	fixture_init(&f);
	for (size_t i = 0; i < kinds[largest].n_fields; i++) {
		snprintf(format, sizeof format,
			 "{\"t\":\"claim\",\"v\":1,\"kind\":\"%s\",\"id\":\"%s\",\"set\":{\"%s\":\"%%s\"}}",
			 kinds[largest].name, obj_hex(1), kinds[largest].fields[i].name);
		put_largest(&f, format, "x");
	}
	expect_ok(view_catch_up(f.view, &f.record, NULL, NULL, &f.err), &f.err);
	snprintf(sql, sizeof sql, "SELECT count(*) || '|' || (length(\"%s\") > 64000) FROM k_%s",
		 kinds[largest].fields[kinds[largest].n_fields - 1].name, kinds[largest].name);
	expect_ask(f.view, sql, "1|1");
	fixture_release(&f);
}

/* One code, thousands of times, whose words are much longer than the code: the row of the full text has its limit. */
static void test_more_words_than_the_search_takes(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_largest(&f,
		    "{\"t\":\"claim\",\"v\":1,\"kind\":\"incident\",\"id\":\"01010101010101010101010101010101\","
		    "\"set\":{\"date_prec\":[%s\"1\"]}}",
		    "\"5\",");
	put_claim(&f, "incident", 1, "\"place\":\"Guapi\"", "");
	expect_ok(view_catch_up(f.view, &f.record, NULL, NULL, &f.err), &f.err);
	expect_ask(f.view, "SELECT count(*) FROM search WHERE search MATCH 'month'", "1");
	expect_ask(f.view, "SELECT count(*) FROM search WHERE search MATCH 'guapi'", "1");
	expect_ask(f.view, "SELECT cnt BETWEEN 10000 AND 16000 FROM search_word WHERE term = 'month'", "1");
	expect_ask(f.view, "SELECT count(*) > 16000 FROM value", "1");
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_claim_fills_tables),
		cmocka_unit_test(test_says_and_known_as_said),
		cmocka_unit_test(test_unknown_words_are_kept),
		cmocka_unit_test(test_values_of_wrong_type_are_kept),
		cmocka_unit_test(test_states_of_entries),
		cmocka_unit_test(test_retraction),
		cmocka_unit_test(test_last_claim_retracted),
		cmocka_unit_test(test_retraction_without_effect),
		cmocka_unit_test(test_retraction_before_its_target),
		cmocka_unit_test(test_redaction_leaves_nothing),
		cmocka_unit_test(test_redaction_of_retracted),
		cmocka_unit_test(test_redaction_before_its_target),
		cmocka_unit_test(test_redacted_retraction_does_not_count),
		cmocka_unit_test(test_rows_come_in_order),
		cmocka_unit_test(test_damaged_rows_are_shown),
		cmocka_unit_test(test_catch_up_can_be_stopped),
		cmocka_unit_test(test_largest_row_of_a_kind),
		cmocka_unit_test(test_more_words_than_the_search_takes),
	};

	return run_tests("view/apply", tests);
}
