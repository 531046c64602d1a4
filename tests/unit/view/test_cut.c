/* What passes a cut: by reader, by date, by attribution rule. */
#include "unit/view/fixture.h"

static struct view *cut(struct fixture *f, const struct cut *by)
{
	struct view *ret = NULL;

	expect_ok(view_cut(f->view, by, &ret, &f->err), &f->err);
	return ret;
}

static struct cut everything(void)
{
	return (struct cut){ .reader = view_reader_owner(), .as_of_ms = INT64_MAX, .known_ms = INT64_MAX };
}

/* All that a view holds as readable text must be free of the word, its image too. */
static bool holds(struct view *view, const void *p, size_t n)
{
	struct bytes image;
	struct err err = { 0 };

	expect_ok(db_serialize(view_db(view), &image, &err), &err);
	return memmem(image.p, image.n, p, n) != NULL;
}

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define FILE_OF(name) "[{\"name\":\"" name "\",\"size\":0,\"hash\":\"" HASH "\",\"key\":\"" HASH "\",\"chunks\":[]}]"

/* A claim with one file of one part. */
static struct double_entry *put_claim_of_file(struct fixture *f, int obj, const char *more, const uint8_t *chunk)
{
	char files[512], hex[2 * ID_BYTES + 1];

	hex_encode(chunk, ID_BYTES, hex);
	snprintf(files, sizeof files,
		 ",\"files\":[{\"name\":\"a\",\"size\":5,\"hash\":\"" HASH "\",\"key\":\"" HASH
		 "\",\"chunks\":[\"%s\"]}]%s",
		 hex, more);
	return put_claim(f, "actor", obj, "\"name\":\"x\"", files);
}

/* --- who may read ------------------------------------------------------------------------------------------ */

static void test_matrix_of_markings(void **state)
{
	static const char *const markings[] = { "clear", "green", "amber", "amber+strict", "red" };
	const uint8_t circle[1][ID_BYTES] = { { 1 } }, other[ID_BYTES] = { 2 };

	(void)state;
	for (int cleared = TLP_CLEAR; cleared <= TLP_RED; cleared++) {
		const struct reader in = { .circles = circle, .n_circles = 1, .cleared_for = (enum tlp)cleared };
		const struct reader all = { .all_circles = true, .cleared_for = (enum tlp)cleared };

		for (int marking = TLP_CLEAR; marking <= TLP_RED; marking++) {
			const char *tlp = markings[marking];
			enum tlp parsed;

			assert_int_equal(tlp_parse(tlp, &parsed, NULL), 0);
			assert_int_equal((int)parsed, marking);
			assert_int_equal(reader_may_see(&in, circle[0], "actor", tlp), marking <= cleared);
			assert_int_equal(reader_may_see(&all, other, "actor", tlp), marking <= cleared);
			assert_false(reader_may_see(&in, other, "actor", tlp));
		}
		/* without a marking: by kind; a kind or a marking that is not known counts as the narrower */
		assert_int_equal(reader_may_see(&in, circle[0], "actor", NULL), cleared >= TLP_GREEN);
		assert_int_equal(reader_may_see(&in, circle[0], "mandate", NULL), cleared >= TLP_AMBER_STRICT);
		assert_int_equal(reader_may_see(&in, circle[0], "zebra", NULL), cleared >= TLP_AMBER_STRICT);
		assert_int_equal(reader_may_see(&in, circle[0], "actor", "purple"), cleared >= TLP_RED);
	}
}

static void test_nobody_reads_nothing(void **state)
{
	const struct reader nobody = { 0 };
	const uint8_t circle[ID_BYTES] = { 0 };

	(void)state;
	assert_false(reader_may_see(&nobody, circle, "actor", "clear"));
}

static void test_marking_must_be_known(void **state)
{
	enum tlp tlp = TLP_AMBER;
	struct err err = { 0 };

	(void)state;
	expect_err(tlp_parse("AMBER", &tlp, &err), E_INVALID, &err, "clear, green, amber");
	assert_int_equal(tlp, TLP_AMBER);
}

static void test_reader_of_one_circle(void **state)
{
	static const uint8_t circles[1][ID_BYTES] = { { 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2,
							2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2 } };
	struct cut by = everything();
	struct fixture f;
	struct view *seen;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"secretname\"", "");
	put_claim(&f, "actor", 1, "\"strength\":5", ",\"tlp\":\"clear\"")->circle = 2;
	put_claim(&f, "actor", 2, "\"name\":\"hidden\"", ",\"tlp\":\"red\"")->circle = 2;
	put_mention(&f, "retract", f.record.entries[0].id);
	put_mention(&f, "retract", f.record.entries[2].id)->circle = 2;
	apply_all(&f);
	by.reader = (struct reader){ .circles = circles, .n_circles = 1, .cleared_for = TLP_AMBER_STRICT };
	seen = cut(&f, &by);
	expect_ask(seen, "SELECT group_concat(n, '') FROM entry", "2");
	expect_ask(seen, "SELECT group_concat(n, '') FROM claim", "2");
	expect_ask(seen, "SELECT count(*) FROM retraction", "0");
	expect_ask(seen, "SELECT coalesce(name, '-') || strength FROM k_actor", "-5");
	assert_false(holds(seen, "secretname", 10));
	assert_false(holds(seen, "hidden", 6));
	assert_int_equal(view_applied(seen), 5);
	view_free(seen);
	fixture_release(&f);
}

static void test_owner_sees_everything(void **state)
{
	struct op *ops = history_random(5, 1000);
	const struct cut by = everything();
	uint8_t never[ID_BYTES];
	struct fixture f;
	struct view *seen;

	(void)state;
	fixture_init(&f);
	f.names = 1000; /* behind those of the history */
	for (size_t i = 0; i < 1000; i++)
		history_put(&f.record, ops, i);
	put_claim_of_file(&f, 1, "", put(&f, CLASS_CHUNK, "")->id);
	put(&f, CLASS_CLAIM, "bad");
	op_id(90000, never);
	put_mention(&f, "retract", never);
	apply_all(&f);
	seen = cut(&f, &by);
	expect_same(f.view, seen);
	view_free(seen);
	fixture_release(&f);
	free(ops);
}

static void test_a_cut_stays_as_it_is(void **state)
{
	const struct cut by = everything();
	struct fixture f;
	struct view *seen, *again;
	struct record_entry e;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"a\"", "");
	apply_all(&f);
	seen = cut(&f, &by);
	put_claim(&f, "actor", 1, "\"name\":\"b\"", "");
	expect_ok(record_read(&f.record, 2, &e, &f.err), &f.err);
	expect_err(view_apply(seen, &f.record, &e, &f.err), E_INVALID, &f.err, "does not grow");
	expect_err(view_catch_up(seen, &f.record, NULL, NULL, &f.err), E_INVALID, &f.err, NULL);
	expect_err(view_cut(seen, &by, &again, &f.err), E_INVALID, &f.err, "cut");
	expect_err(view_save(seen, &f.record, &f.err), E_INVALID, &f.err, "cut");
	expect_ask(seen, "SELECT name FROM k_actor", "a");
	view_free(seen);
	fixture_release(&f);
}

static void expect_entries(struct fixture *f, const struct cut *by, const char *expected)
{
	struct view *seen = cut(f, by);

	expect_ask(seen, "SELECT coalesce(group_concat(n, ' '), '') FROM (SELECT n FROM entry ORDER BY n)", expected);
	view_free(seen);
}

/* Parts of attachments pass with a claim that names them, and never otherwise. */
static void test_chunks_pass_with_their_claim(void **state)
{
	struct cut by = everything();
	uint8_t id[ID_BYTES];
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim_of_file(&f, 1, ",\"known\":\"2015-12-01\",\"when\":\"2015-12-01\"", put(&f, CLASS_CHUNK, "")->id);
	put_claim_of_file(&f, 2, ",\"tlp\":\"red\"", put(&f, CLASS_CHUNK, "")->id); /* rows 3, 4 */
	put_claim_of_file(&f, 3, ",\"rule\":\"chatham_house\",\"when\":\"2016-05\"", put(&f, CLASS_CHUNK, "")->id);
	put(&f, CLASS_CHUNK, "");                            /* 7: of nothing */
	memcpy(id, put(&f, CLASS_CHUNK, "")->id, sizeof id); /* 8 */
	put_claim_of_file(&f, 4, "", id)->device = 12;       /* of another feed */
	put_claim_of_file(&f, 4, "", id)->circle = 2;        /* of another circle */
	op_id(11, id);
	put_claim_of_file(&f, 4, "", id);                      /* 11: before its part */
	put(&f, CLASS_CHUNK, "");                              /* 12 */
	put_claim_of_file(&f, 5, "", f.record.entries[11].id); /* 13: names 12, and is redacted */
	put_mention(&f, "redact", f.record.entries[12].id);
	apply_all(&f);
	expect_entries(&f, &by, "1 2 3 4 5 6 9 10 11 13 14");
	by.reader.cleared_for = TLP_GREEN;
	expect_entries(&f, &by, "1 2 5 6 9 10 11 13 14");
	by.reader.attribution = false;
	expect_entries(&f, &by, "1 2 6 9 10 11 13 14"); /* 5 would tell whose device it was */
	by = everything();
	by.as_of_ms = DAY_0;
	expect_entries(&f, &by, "1 2 3 4 9 10 11 13 14");
	by.known_ms = DAY_0; /* row 2 was known before it was recorded, so its part is there too */
	expect_entries(&f, &by, "1 2");
	fixture_release(&f);
}

/* That something was redacted may be known, but the reason can betray it: its marking is gone with the body. */
static void test_reasons_of_redactions(void **state)
{
	struct cut by = everything();
	struct fixture f;
	struct view *seen;

	(void)state;
	fixture_init(&f);
	put_mention(&f, "redact", put_claim(&f, "actor", 1, "\"name\":\"x\"", ",\"tlp\":\"red\"")->id);
	apply_all(&f);
	for (int cleared = TLP_GREEN; cleared <= TLP_RED; cleared++) {
		for (int attribution = 0; attribution <= 1; attribution++) {
			const bool shown = cleared >= TLP_AMBER_STRICT && attribution;

			by.reader.cleared_for = (enum tlp)cleared;
			by.reader.attribution = attribution;
			seen = cut(&f, &by);
			expect_ask(seen, "SELECT count(*) || coalesce(reason, '-') FROM redaction",
				   shown ? "1because" : "1-");
			expect_ask(seen, "SELECT count(*) || coalesce(reason, '-') FROM k_redaction",
				   shown ? "1because" : "1-");
			expect_ask(seen, "SELECT count(*) FROM control WHERE field = 'reason'", shown ? "1" : "0");
			assert_int_equal(holds(seen, "because", 7), shown);
			view_free(seen);
		}
	}
	fixture_release(&f);
}

/* --- dates ------------------------------------------------------------------------------------------------- */

static void expect_claims(struct fixture *f, int64_t as_of, int64_t known, const char *expected)
{
	struct cut by = everything();
	struct view *seen;

	by.as_of_ms = as_of;
	by.known_ms = known;
	seen = cut(f, &by);
	expect_ask(seen, "SELECT coalesce(group_concat(n || status, ' '), '') FROM claim", expected);
	view_free(seen);
}

static void test_borders_of_as_of(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"a\"", ",\"when\":\"2016-01-02\"");
	put_claim(&f, "actor", 1, "\"name\":\"b\"", "");
	put_claim(&f, "actor", 1, "\"name\":\"c\"", ",\"when\":\"../2016-01-02\"");
	put_claim(&f, "actor", 1, "\"name\":\"d\"", ",\"when\":\"2016-01-01/2016-01-09\"");
	apply_all(&f);
	expect_claims(&f, DAY_0 + DAY, INT64_MAX, "20 30 40"); /* begins exactly then: not before it */
	expect_claims(&f, DAY_0 + DAY + 1, INT64_MAX, "10 20 30 40");
	expect_claims(&f, DAY_0, INT64_MAX, "20 30");
	expect_claims(&f, INT64_MIN, INT64_MAX, "20");
	fixture_release(&f);
}

static void test_borders_of_known(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"a\"", "")->time = DAY_0 + 500;
	put_claim(&f, "actor", 1, "\"name\":\"b\"", ",\"known\":\"2015-12-31\"")->time = DAY_0 + 9000;
	apply_all(&f);
	expect_claims(&f, INT64_MAX, DAY_0 + 500, "20");
	expect_claims(&f, INT64_MAX, DAY_0 + 501, "10 20");
	expect_claims(&f, INT64_MAX, DAY_0 - DAY, "");
	expect_claims(&f, INT64_MAX, DAY_0 - DAY + 1, "20");
	fixture_release(&f);
}

static void test_retraction_not_known_yet(void **state)
{
	struct cut by = everything();
	struct fixture f;
	struct view *seen;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"then\"", "")->time = DAY_0;
	put_mention(&f, "retract", f.record.entries[0].id)->time = DAY_0 + 500;
	apply_all(&f);
	by.known_ms = DAY_0 + 500;
	seen = cut(&f, &by);
	expect_ask(seen, "SELECT status FROM claim", "0");
	expect_ask(seen, "SELECT name || (SELECT label FROM object) FROM k_actor", "thenthen");
	expect_ask(seen, "SELECT count(*) FROM search WHERE search MATCH 'then'", "1");
	expect_ask(seen, "SELECT count(*) FROM retraction", "0");
	view_free(seen);
	by.known_ms = DAY_0 + 501;
	seen = cut(&f, &by);
	expect_ask(seen, "SELECT status FROM claim", "1");
	expect_ask(seen, "SELECT reason FROM retraction", "because");
	expect_ask(seen, "SELECT count(*) FROM object", "0");
	view_free(seen);
	fixture_release(&f);
}

static void test_redaction_always_counts(void **state)
{
	struct cut by = everything();
	struct fixture f;
	struct view *seen;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"then\"", "")->time = DAY_0;
	put_mention(&f, "redact", f.record.entries[0].id)->time = DAY_0 + 500;
	apply_all(&f);
	by.known_ms = DAY_0 + 1;
	seen = cut(&f, &by);
	expect_ask(seen, "SELECT status FROM claim", "2");
	expect_ask(seen, "SELECT count(*) FROM object", "0");
	view_free(seen);
	fixture_release(&f);
}

/* A view of then is what the view was then, if everybody claims what he learns at once. */
static void test_known_cut_equals_view_of_then(void **state)
{
	const size_t n = 800, then = 500;
	struct op *ops = history_random(9, n);
	struct cut by = everything();
	struct fixture f;
	struct view *seen, *was;
	const char *table = NULL;

	(void)state;
	fixture_init(&f);
	for (size_t i = 0; i < n; i++) {
		if (ops[i].type == OP_REDACT)
			ops[i].type = OP_RETRACT;
		ops[i].time = DAY_0 + (int64_t)i;
		ops[i].known = 0;
		history_put(&f.record, ops, i);
	}
	f.record.n = then;
	was = rebuilt(&f);
	f.record.n = n;
	apply_all(&f);
	by.known_ms = DAY_0 + (int64_t)then;
	seen = cut(&f, &by);
	expect_ok(view_compare(was, seen, &table, &f.err), &f.err);
	if (table)
		fail_msg("they differ in %s", table);
	view_free(seen);
	view_free(was);
	fixture_release(&f);
	free(ops);
}

/* --- attribution ------------------------------------------------------------------------------------------- */

#define SAYS_A ",\"says\":\"6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d6d\"" /* "mmmm..." */
#define SAYS_B ",\"says\":\"7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a7a\"" /* "zzzz..." */

static void put_round_table(struct fixture *f)
{
	put_claim(f, "incident", 1, "\"deaths_best\":20",
		  SAYS_A ",\"rule\":\"chatham_house\",\"by\":\"Zambrano\",\"source\":\"Quintana\"");
	put_claim(f, "incident", 1, "\"deaths_best\":12", SAYS_B ",\"rule\":\"a_rule_of_later\"");
	put_claim(f, "incident", 2, "\"deaths_best\":3", ",\"rule\":\"on_record\",\"by\":\"Ortega\"");
	put_claim(f, "incident", 2, "\"injured\":3", "")->device = 21;
	put_mention(f, "retract", put_claim(f, "incident", 3, "\"deaths_best\":1", ",\"rule\":\"chatham_house\"")->id);
	put_claim(f, "incident", 4, "\"deaths_best\":1",
		  ",\"rule\":\"chatham_house\",\"lang\":\"quz\",\"files\":" FILE_OF("Zambrano-notes.txt"));
	put_mention(f, "retract", put_claim(f, "incident", 5, "\"deaths_best\":1", ",\"lang\":\"es\"")->id);
	apply_all(f);
}

static void test_chatham_house_hides_speakers(void **state)
{
	struct cut by = everything();
	struct fixture f;
	struct view *seen;

	(void)state;
	fixture_init(&f);
	put_round_table(&f);
	by.reader.attribution = false;
	seen = cut(&f, &by);
	expect_ask(seen,
		   "SELECT count(*) FROM claim WHERE says = zeroblob(16) AND \"by\" IS NULL AND org IS NULL AND source "
		   "IS NULL"
		   " AND body IS NULL AND digest IS NULL AND lang IS NULL AND files IS NULL",
		   "4");
	expect_ask(seen, "SELECT group_concat(n, '') FROM entry WHERE device IS NULL AND org IS NULL AND seq IS NULL",
		   "12567");
	expect_ask(seen, "SELECT group_concat(n || (org IS NULL) || coalesce(reason, '-'), ' ') FROM retraction",
		   "61- 90because");
	expect_ask(seen, "SELECT lang FROM claim WHERE n = 8", "es");
	view_free(seen);
	fixture_release(&f);
}

static void test_chatham_house_leaves_the_rest(void **state)
{
	struct cut by = everything();
	struct fixture f;
	struct view *seen;

	(void)state;
	fixture_init(&f);
	put_round_table(&f);
	by.reader.attribution = false;
	seen = cut(&f, &by);
	assert_false(holds(seen, "Zambrano", 8) || holds(seen, "Quintana", 8) || holds(seen, "quintana", 8));
	assert_false(holds(seen, "mmmmmmmmmmmmmmmm", 16) || holds(seen, "zzzzzzzzzzzzzzzz", 16));
	/* what was said may be used, and that it is contested is part of it */
	expect_ask(seen, "SELECT field || n_values FROM contested", "deaths_best2");
	expect_ask(seen, "SELECT group_concat(value, ' ') FROM value WHERE n < 3", "20 12");
	expect_ask(seen, "SELECT \"by\" || (says <> zeroblob(16)) || (org IS NOT NULL) FROM claim WHERE n = 3",
		   "Ortega11");
	expect_ask(seen,
		   "SELECT (device IS NOT NULL) || (body IS NOT NULL) FROM entry JOIN claim USING (n) WHERE n = 4",
		   "11");
	view_free(seen);
	by.reader.attribution = true;
	seen = cut(&f, &by);
	expect_same(f.view, seen);
	view_free(seen);
	fixture_release(&f);
}

static void count_older(void *ctx, const char *field, int64_t n, enum rank rank)
{
	int *older = ctx;

	(void)field;
	(void)n;
	*older += rank == RANK_OLDER;
}

/* Two hidden speakers are not taken for one who changed his mind. */
static void test_hidden_speakers_stay_apart(void **state)
{
	struct cut by = everything();
	uint8_t obj[OBJECT_ID_BYTES];
	struct fixture f;
	struct view *seen;
	int older = 0;

	(void)state;
	fixture_init(&f);
	put_round_table(&f);
	by.reader.attribution = false;
	seen = cut(&f, &by);
	memset(obj, 1, sizeof obj);
	expect_ok(view_ranks(seen, obj, count_older, &older, &f.err), &f.err);
	assert_int_equal(older, 0);
	view_free(seen);
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matrix_of_markings),
		cmocka_unit_test(test_nobody_reads_nothing),
		cmocka_unit_test(test_marking_must_be_known),
		cmocka_unit_test(test_reader_of_one_circle),
		cmocka_unit_test(test_owner_sees_everything),
		cmocka_unit_test(test_a_cut_stays_as_it_is),
		cmocka_unit_test(test_chunks_pass_with_their_claim),
		cmocka_unit_test(test_reasons_of_redactions),
		cmocka_unit_test(test_borders_of_as_of),
		cmocka_unit_test(test_borders_of_known),
		cmocka_unit_test(test_retraction_not_known_yet),
		cmocka_unit_test(test_redaction_always_counts),
		cmocka_unit_test(test_known_cut_equals_view_of_then),
		cmocka_unit_test(test_chatham_house_hides_speakers),
		cmocka_unit_test(test_chatham_house_leaves_the_rest),
		cmocka_unit_test(test_hidden_speakers_stay_apart),
	};

	return run_tests("view/cut", tests);
}
