/* The same thing twice: what is there already adds nothing, whatever the file looks like. */
#include "unit/exchange/fixture.h"

#define E1 "1100000000000000000000000000000000000000000000000000000000000000"
#define E2 "2200000000000000000000000000000000000000000000000000000000000000"
#define CLAIM(label, name) "{\"kind\":\"actor\",\"id\":\"@" label "\",\"set\":{\"name\":\"" name "\"}}\n"
#define FROM(entry, label, name)                                                                                       \
	"{\"kind\":\"actor\",\"id\":\"@" label "\",\"set\":{\"name\":\"" name "\"},\"entry\":\"" entry "\"}\n"
#define RETRACT(entry) "{\"t\":\"retract\",\"entry\":\"" entry "\",\"reason\":\"wrong\"}\n"

static int64_t effective(struct home *h)
{
	return count(h, "SELECT count(*) FROM claim WHERE status = 0");
}

static int64_t retracted(struct home *h)
{
	return count(h, "SELECT count(*) FROM claim WHERE status = 1");
}

/* --- files twice ------------------------------------------------------------------------------------------- */

/* A file, what it adds at first, and how many claims stand and are retracted after it. */
struct twice {
	const char *text;
	int added, present, rejected, effective, retracted;
};

static const struct twice cases[] = {
	{ CLAIM("a", "A"), 1, 0, 0, 1, 0 },
	{ CLAIM("a", "A") CLAIM("a", "A"), 2, 0, 0, 2, 0 }, /* said twice is there twice */
	{ CLAIM("a", "A") CLAIM("b", "B") CLAIM("a", "A"), 3, 0, 0, 3, 0 },
	{ FROM(E1, "a", "A") FROM(E1, "a", "A"), 1, 1, 0, 1, 0 }, /* but the same entry is one */
	{ FROM(E1, "a", "A") FROM(E1, "a", "B"), 2, 0, 0, 2, 0 }, /* unless it says something else */
	{ FROM(E1, "a", "A") RETRACT(E1), 2, 0, 0, 0, 1 },
	{ FROM(E1, "a", "A") RETRACT(E1) RETRACT(E1), 2, 1, 0, 0, 1 },
	{ FROM(E1, "a", "A") RETRACT(E1) FROM(E2, "a", "A"), 3, 0, 0, 1, 1 }, /* said again after it was taken back */
	{ FROM(E1, "a", "A") FROM(E2, "a", "A") RETRACT(E2), 3, 0, 0, 1, 1 },
	{ FROM(E1, "a", "A") RETRACT(E1) FROM(E2, "a", "A") RETRACT(E2), 4, 0, 0, 0, 2 },
	{ RETRACT(E1) FROM(E1, "a", "A"), 1, 0, 1, 1, 0 }, /* nothing to retract yet */
	{ RETRACT(E2) FROM(E1, "a", "A"), 1, 0, 1, 1, 0 },
	{ CLAIM("a", "A") "{}\n" CLAIM("b", "B"), 2, 0, 1, 2, 0 },
	{ "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"short\":\"S\"}}\n" CLAIM("a", "A"), 2, 0, 0, 2, 0 },
	{ "{\"kind\":\"person\",\"id\":\"@a\",\"set\":{\"name\":\"P\"}}\n" CLAIM("a", "A"), 1, 0, 1, 1, 0 },
};

static void expect_twice(const struct twice *c, bool pipe)
{
	struct text_source t = text_of(c->text, strlen(c->text));
	int all = c->added + c->present;
	uint64_t entries;
	struct home h;

	home_init(&h, 1);
	t.source.rewind = pipe ? NULL : text_rewind;
	expect_ok(import_from(&h, &t, (struct import_options){ 0 }), &h.err);
	expect_report(&h, c->added, c->present, c->rejected);
	assert_int_equal(effective(&h), c->effective);
	assert_int_equal(retracted(&h), c->retracted);
	entries = record_n_entries(h.record);
	for (int i = 0; i < 3; i++) {
		t.at = 0;
		expect_ok(import_from(&h, &t, (struct import_options){ .dry_run = i == 0 }), &h.err);
		expect_report(&h, 0, all, c->rejected);
	}
	assert_int_equal(record_n_entries(h.record), entries);
	assert_int_equal(effective(&h), c->effective);
	home_release(&h);
}

static void test_a_file_twice_adds_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_twice(&cases[i], false);
}

static void test_a_pipe_twice_adds_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (!strstr(cases[i].text, "short")) /* in one pass what introduces an object must come first */
			expect_twice(&cases[i], true);
}

/* --- any file twice ---------------------------------------------------------------------------------------- */

/* One line of a random file: of few objects and few entries, so that everything meets everything. */
static void put_random_line(struct buf *out, uint64_t *seed)
{
	uint64_t draw = sim_draw(seed);
	unsigned object = draw & 3, name = draw >> 2 & 1, entry = draw >> 3 & 3;

	switch (draw >> 8 & 7) {
	case 0:
		buf_printf(out, "{\"t\":\"retract\",\"entry\":\"%u%063d\"}\n", entry, 0);
		break;
	case 1:
		buf_printf(out, "{\"kind\":\"actor\",\"id\":\"@o/%u\",\"set\":{\"short\":\"%u\"}}\n", object, name);
		break;
	case 2:
		buf_printf(out, "{\"kind\":\"person\",\"id\":\"@o/%u\",\"set\":{\"name\":\"%u\"}}\n", object, name);
		break;
	case 3:
		buf_text(out, "{\"kind\":\"actor\",\"id\":\"@o/0\",\"set\":{\"nme\":\"x\"}}\n");
		break;
	case 4:
	case 5:
		buf_printf(out, "{\"kind\":\"actor\",\"id\":\"@o/%u\",\"set\":{\"name\":\"%u\"}}\n", object, name);
		break;
	default:
		buf_printf(out,
			   "{\"kind\":\"actor\",\"id\":\"@o/%u\",\"set\":{\"name\":\"%u\"},\"entry\":\"%u%063d\"}\n",
			   object, name, entry, 0);
	}
}

static void test_any_file_twice_adds_nothing(void **state)
{
	int rounds = getenv("PARLEY_SOAK") ? 2000 : 60;

	(void)state;
	for (int round = 0; round < rounds; round++) {
		uint64_t seed = (uint64_t)round + 1, first;
		struct import_report dry;
		struct home h;
		struct buf text;

		buf_init(&text, 65536);
		for (uint64_t n = sim_draw(&seed) % 24; n > 0; n--)
			put_random_line(&text, &seed);
		home_init(&h, 1);
		expect_ok(import_text(&h, buf_str(&text), (struct import_options){ .dry_run = true }), &h.err);
		dry = h.report;
		expect_ok(import_text(&h, buf_str(&text), (struct import_options){ 0 }), &h.err);
		first = h.report.n_added + h.report.n_present;
		if (memcmp(&dry, &h.report, sizeof dry) != 0)
			fail_msg("round %d: a dry run counts otherwise than:\n%s", round, buf_str(&text));
		expect_ok(import_text(&h, buf_str(&text), (struct import_options){ 0 }), &h.err);
		if (h.report.n_added != 0 || h.report.n_present != first)
			fail_msg("round %d: the second time %llu were added of:\n%s", round,
				 (unsigned long long)h.report.n_added, buf_str(&text));
		home_release(&h);
		buf_release(&text);
	}
}

/* --- what is here ------------------------------------------------------------------------------------------ */

/* Import with leave to retract what stood here before. */
static void expect_taking(struct home *h, const char *text, uint64_t added, uint64_t present)
{
	expect_ok(import_text(h, text, (struct import_options){ .take_retractions = true }), &h->err);
	assert_int_equal(h->report.n_added, added);
	assert_int_equal(h->report.n_present, present);
	assert_int_equal(h->report.n_rejected, 0);
}

/* Claims that were typed, not imported, are equal to lines too. */
static void test_a_claim_typed_here_is_met_again(void **state)
{
	struct home h;

	(void)state;
	home_init(&h, 1);
	expect_import(&h, CLAIM("a", "A"), 1, 0, 0);
	expect_import(&h, FROM(E1, "a", "A") RETRACT(E1), 0, 1, 1); /* anyone's file could take our word back */
	expect_rejected(&h, "stood here before");
	assert_int_equal(effective(&h), 1);
	expect_taking(&h, FROM(E1, "a", "A") RETRACT(E1), 1, 1);
	assert_int_equal(effective(&h), 0);
	expect_import(&h, CLAIM("a", "A"), 0, 1, 0); /* who took it back does not get it back by an old file */
	expect_import(&h, CLAIM("a", "A") CLAIM("a", "A"), 1, 1, 0);
	assert_int_equal(effective(&h), 1);
	home_release(&h);
}

/* The last claim's entry id as text. */
static void last_entry(struct home *h, char hex[static 2 * ID_BYTES + 1])
{
	struct stmt *s = NULL;

	expect_ok(db_prepare(view_db(h->view), "SELECT e.id FROM claim c JOIN entry e ON e.n = c.n ORDER BY c.n DESC",
			     &s, &h->err),
		  &h->err);
	assert_int_equal(stmt_step(s, &h->err), 1);
	hex_encode(stmt_blob(s, 0).p, ID_BYTES, hex);
	stmt_reset(s);
}

static void test_a_retraction_names_what_is_here(void **state)
{
	char entry[2 * ID_BYTES + 1], line[256];
	struct home h;

	(void)state;
	home_init(&h, 1);
	expect_import(&h, CLAIM("a", "A"), 1, 0, 0);
	last_entry(&h, entry);
	snprintf(line, sizeof line, "{\"t\":\"retract\",\"entry\":\"%s\"}", entry);
	expect_import(&h, line, 0, 0, 1);
	expect_rejected(&h, "stood here before");
	assert_int_equal(retracted(&h), 0);
	expect_taking(&h, line, 1, 0);
	assert_int_equal(retracted(&h), 1);
	expect_import(&h, line, 0, 1, 0);
	home_release(&h);
}

static void test_what_was_redacted_does_not_come_back(void **state)
{
	char entry[2 * ID_BYTES + 1], line[512];
	struct home h;

	(void)state;
	home_init(&h, 1);
	expect_import(&h, CLAIM("a", "A"), 1, 0, 0);
	last_entry(&h, entry);
	expect_ok(record_redact(h.record, record_n_entries(h.record), "x", NULL, 0, &h.err), &h.err);
	expect_ok(view_catch_up(h.view, h.record, NULL, NULL, &h.err), &h.err);
	snprintf(line, sizeof line, "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"name\":\"A\"},\"entry\":\"%s\"}",
		 entry);
	expect_import(&h, line, 0, 0, 1);
	expect_rejected(&h, "redacted");
	home_release(&h);
}

/* What another organisation wrote into the same circle. Views of it are enough to be asked. */
static void test_only_its_author_retracts_a_claim(void **state)
{
	char entry[2 * ID_BYTES + 1], line[256];
	struct home h;

	(void)state;
	home_init(&h, 1);
	expect_import(&h, CLAIM("a", "A"), 1, 0, 0);
	last_entry(&h, entry);
	expect_ok(db_exec(view_db(h.view), "UPDATE claim SET org = zeroblob(32)", &h.err), &h.err);
	snprintf(line, sizeof line, "{\"t\":\"retract\",\"entry\":\"%s\"}", entry);
	expect_import(&h, line, 0, 0, 1);
	expect_rejected(&h, "only the organisation that made a claim");
	expect_import(&h, CLAIM("a", "A"), 1, 0, 0); /* what another said is not said by us */
	home_release(&h);
}

static void test_another_circle_is_another_place(void **state)
{
	char entry[2 * ID_BYTES + 1], line[256];
	uint8_t first[ID_BYTES];
	struct home h;

	(void)state;
	home_init(&h, 1);
	expect_import(&h, CLAIM("a", "A"), 1, 0, 0);
	last_entry(&h, entry);
	memcpy(first, h.circle, sizeof first);
	expect_ok(record_found_circle(h.record, "Second", "", h.circle, &h.err), &h.err);
	expect_ok(view_catch_up(h.view, h.record, NULL, NULL, &h.err), &h.err);
	expect_import(&h, CLAIM("a", "A"), 1, 0, 0);
	expect_import(&h, CLAIM("a", "A"), 0, 1, 0);
	snprintf(line, sizeof line, "{\"t\":\"retract\",\"entry\":\"%s\"}", entry);
	expect_import(&h, line, 0, 0, 1);
	expect_rejected(&h, "another process");
	memcpy(h.circle, first, sizeof first);
	expect_taking(&h, line, 1, 0);
	home_release(&h);
}

/* An export read into the home that it came from adds nothing, though its lines say more than the claims did. */
static void test_an_export_that_comes_home_adds_nothing(void **state)
{
	struct buf text;
	struct home h;

	(void)state;
	home_init(&h, 1);
	expect_import(&h, FROM(E1, "a", "A") RETRACT(E1) FROM(E2, "a", "A") CLAIM("b", "B") CLAIM("b", "B"), 5, 0, 0);
	export_view(&h, h.view, (struct export_options){ .circle = h.circle }, &text);
	expect_import(&h, buf_str(&text), 0, 5, 0);
	/* an edited line is another claim */
	memcpy(strstr(buf_str(&text), "\"B\""), "\"X\"", 3);
	expect_import(&h, buf_str(&text), 1, 4, 0);
	expect_import(&h, buf_str(&text), 0, 5, 0);
	buf_release(&text);
	home_release(&h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_file_twice_adds_nothing),
		cmocka_unit_test(test_a_pipe_twice_adds_nothing),
		cmocka_unit_test(test_any_file_twice_adds_nothing),
		cmocka_unit_test(test_a_claim_typed_here_is_met_again),
		cmocka_unit_test(test_a_retraction_names_what_is_here),
		cmocka_unit_test(test_what_was_redacted_does_not_come_back),
		cmocka_unit_test(test_only_its_author_retracts_a_claim),
		cmocka_unit_test(test_another_circle_is_another_place),
		cmocka_unit_test(test_an_export_that_comes_home_adds_nothing),
	};

	return run_tests("exchange/ndjson-again", tests);
}
