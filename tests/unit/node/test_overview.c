/* The overview of small records, against counts reckoned by hand. */
#include "unit/node/small_process.h"

#include "unit/node/overview_fixture.h"

static int set_up_small(void **state)
{
	struct seen *s = mem_alloc(sizeof *s);

	*s = (struct seen){ 0 };
	small_process(&s->f);
	expect_ok(overview_read(s->f.view, &s->a, AS_OF, 0, &s->o, &s->f.err), &s->f.err);
	*state = s;
	return 0;
}

static void expect_date(const struct overview_date *date, const char *text)
{
	if (!text)
		assert_null(date->text);
	else
		assert_string_equal(date->text, text);
}

static const struct overview_alerts *alerts_of(const struct overview *o, const char *code)
{
	for (size_t i = 0; i < o->n_alerts; i++)
		if (strcmp(o->alerts[i].code, code) == 0)
			return &o->alerts[i];
	return NULL;
}

/* The rule found these objects, in this order; 0 ends. */
static void expect_alerts(const struct overview *o, const char *code, const int *objs)
{
	const struct overview_alerts *alerts = alerts_of(o, code);
	size_t n = 0;

	assert_non_null(alerts);
	for (; objs[n]; n++) {
		assert_true(n < alerts->n_rows);
		expect_obj(&alerts->rows[n].ref, objs[n]);
	}
	assert_int_equal(alerts->n_rows, n);
	assert_int_equal(alerts->n_all, n);
}

/* --- the small process ------------------------------------------------------------------------------------- */

static void test_totals(void **state)
{
	const struct overview *o = &((struct seen *)*state)->o;
	const int n = (int)(sizeof small_claims / sizeof small_claims[0]);

	assert_int_equal(o->now_ms, AS_OF - 1);
	assert_int_equal(o->n_entries, n + 2);
	assert_int_equal(o->n_claims, n);
	assert_int_equal(o->n_retracted, 1);
	assert_int_equal(o->n_redacted, 0);
	assert_int_equal(o->n_unreadable, 0);
	assert_int_equal(o->n_objects, n - 3); /* four claims are about incident 80 */
	assert_int_equal(o->n_unknown_kind, 1);
}

static void test_sides(void **state)
{
	const struct overview *o = &((struct seen *)*state)->o;

	/* the movement came first; who joins it in December is not there yet */
	assert_int_equal(o->n_sides, 3);
	assert_string_equal(o->sides[0].name, "movement");
	assert_int_equal(o->sides[0].n_members, 1);
	expect_obj(&o->sides[0].members[0].actor, 3);
	assert_false(o->sides[0].members[0].past); /* a single date says since when */
	assert_string_equal(o->sides[1].name, "government");
	assert_int_equal(o->sides[1].n_members, 2);
	assert_false(o->sides[1].members[0].past);
	expect_date(&o->sides[1].members[0].until, NULL);
	expect_obj(&o->sides[1].members[1].actor, 2);
	assert_true(o->sides[1].members[1].past);
	expect_date(&o->sides[1].members[1].until, "2016-03");
	assert_string_equal(o->sides[1].members[1].role, "ally");
	assert_string_equal(o->sides[2].name, "third");
	assert_false(o->sides[2].is_party);
	assert_false(o->sides[2].members[0].past);
	expect_date(&o->sides[2].members[0].until, "2017");
	assert_int_equal(o->sides[2].n_members, 3);
}

static void test_pyramid(void **state)
{
	const struct overview *o = &((struct seen *)*state)->o;
	const int64_t actors[N_LEVELS] = { 5, 1, 1, 1 }, persons[N_LEVELS] = { 1, 1, 0, 1 };
	const int64_t tables[N_TRACKS] = { 1, 1, 1, 1, 1 }, sessions[N_TRACKS] = { 2, 1, 0, 1, 0 };

	assert_memory_equal(o->actors, actors, sizeof actors);
	assert_memory_equal(o->persons, persons, sizeof persons);
	assert_memory_equal(o->tables, tables, sizeof tables);
	assert_memory_equal(o->sessions, sessions, sizeof sessions);
	assert_int_equal(o->n_forums, 1);
	assert_int_equal(o->n_forum_sessions, 1);
	assert_int_equal(o->n_loose_sessions, 1);
}

static void test_tables(void **state)
{
	const struct overview *o = &((struct seen *)*state)->o;
	static const int order[] = { 30, 31, 33, 32, 34, 35 };
	const struct overview_table *t = o->table_list;

	assert_int_equal(o->n_table_list, 6);
	for (size_t i = 0; i < 6; i++)
		expect_obj(&t[i].ref, order[i]);
	assert_string_equal(t[0].status, "active");
	assert_string_equal(t[0].host, "Norland");
	assert_null(t[0].convener);
	assert_int_equal(t[0].n_sessions, 2);
	expect_date(&t[0].last, "2016-03"); /* as precise as it was recorded */
	expect_date(&t[0].next, "2016-07-15");
	assert_string_equal(t[1].convener, "Norland");
	assert_string_equal(t[1].host, "Sudland");
	expect_date(&t[1].last, "2016-02-01");
	assert_int_equal(t[2].n_sessions, 0);
	expect_date(&t[2].last, NULL);
	assert_int_equal(t[3].n_sessions, 1); /* held, nobody says when */
	expect_date(&t[3].last, NULL);
	assert_int_equal(t[4].track, TRACK_UNSAID);
	assert_true(t[5].is_forum);
	expect_date(&t[5].last, "2016-05-05"); /* of an interval its beginning */
}

static void test_agreements(void **state)
{
	const struct overview *o = &((struct seen *)*state)->o;
	const struct overview_agreement *g = o->agreements;

	assert_int_equal(o->n_agreements, 4);
	expect_obj(&g[0].ref, 50);
	assert_string_equal(g[0].stage, "Cea");
	expect_date(&g[0].rejected, NULL);
	assert_null(g[0].replaced_by);
	expect_obj(&g[1].ref, 51);
	expect_date(&g[1].date, "2016-02");
	expect_date(&g[1].rejected, "2016-03-05"); /* the second of the incident's targets */
	assert_non_null(g[1].replaced_by);
	expect_obj(g[1].replaced_by, 52);
	expect_date(&g[2].in_force, "2016-05-01");
	assert_string_equal(g[2].stage_words, "substantive, comprehensive");
	expect_obj(&g[3].ref, 53); /* without a date: behind */
	assert_null(g[3].stage);
	expect_date(&g[3].date, NULL);
}

static void test_commitments(void **state)
{
	const struct overview *o = &((struct seen *)*state)->o;
	const int64_t fates[N_FATES] = { [FATE_COMPLETE] = 2,
					 [FATE_MINIMUM] = 1,
					 [FATE_NO_EVIDENCE] = 1,
					 [FATE_NO_LEVEL] = 1,
					 [FATE_NO_REPORT] = 3 };

	assert_int_equal(o->n_commitments, 8);
	assert_int_equal(o->n_dropped, 1);
	assert_memory_equal(o->fates, fates, sizeof fates);
	assert_int_equal(o->n_judged_differently, 1);
	assert_int_equal(o->n_undated, 1);
	/* due on the as-of day itself, or in its month: not overdue yet */
	assert_int_equal(o->n_overdue, 2);
	assert_int_equal(o->n_overdue_in_all, 2);
	expect_obj(&o->overdue[0].ref, 64);
	assert_int_equal(o->overdue[0].fate, FATE_MINIMUM);
	expect_obj(&o->overdue[1].ref, 61);
	assert_string_equal(o->overdue[1].obligor, "Movement");
	expect_date(&o->overdue[1].due, "2016-06-29");
	assert_int_equal(o->n_next, 3);
	expect_obj(&o->next[0].ref, 60);
	expect_obj(&o->next[1].ref, 62);
	expect_obj(&o->next[2].ref, 67);
	assert_null(o->next[1].obligor);
}

static void test_day_after(void **state)
{
	struct seen *s = *state;

	/* one day later what was due on the day itself, and in its month, is overdue */
	expect_ok(overview_read(s->f.view, &s->a, AS_OF + DAY, 0, &s->o, &s->f.err), &s->f.err);
	assert_int_equal(s->o.n_overdue, 4);
	expect_obj(&s->o.overdue[2].ref, 60);
	expect_obj(&s->o.overdue[3].ref, 62);
	/* and so it is for the clock, from midnight on */
	expect_ok(overview_read(s->f.view, &s->a, INT64_MAX, AS_OF, &s->o, &s->f.err), &s->f.err);
	assert_int_equal(s->o.n_overdue, 4);
	expect_ok(overview_read(s->f.view, &s->a, INT64_MAX, AS_OF - 1, &s->o, &s->f.err), &s->f.err);
	assert_int_equal(s->o.n_overdue, 2);
}

static void test_ceasefires(void **state)
{
	const struct overview *o = &((struct seen *)*state)->o;
	static const struct {
		int obj;
		enum overview_truce state;
	} expected[] = { { 71, TRUCE_ENDED },
			 { 70, TRUCE_RUNNING },
			 { 73, TRUCE_LAPSED },
			 { 72, TRUCE_TO_COME },
			 { 74, TRUCE_UNKNOWN } };

	assert_int_equal(o->n_ceasefires, 5);
	for (size_t i = 0; i < 5; i++) {
		expect_obj(&o->ceasefires[i].ref, expected[i].obj);
		assert_int_equal(o->ceasefires[i].state, expected[i].state);
	}
	assert_string_equal(o->ceasefires[0].end_reason, "withdrawn");
	assert_string_equal(o->ceasefires[1].parties, "Government, Movement"); /* a list */
}

static void test_incidents(void **state)
{
	const struct overview *o = &((struct seen *)*state)->o;
	const struct overview_incidents *i = o->incidents;

	assert_int_equal(o->n_incident_states, 3);
	assert_int_equal(o->n_incidents, 4);
	assert_int_equal(o->n_not_events, 2);
	assert_string_equal(i[0].state, "ALLEGED");
	assert_int_equal(i[0].n, 1);
	assert_int_equal(i[0].deaths.low, 2);
	assert_int_equal(i[0].deaths.best, 3);
	assert_int_equal(i[0].deaths.high, 5);
	assert_int_equal(i[0].deaths.n_contested, 1);
	/* by the latest finding, not by its own word nor the earlier finding; the best number stands for the others */
	assert_string_equal(i[1].state, "VIOLATION_DETERMINED");
	assert_int_equal(i[1].n, 1);
	assert_int_equal(i[1].deaths.n_incidents, 1);
	assert_int_equal(i[1].deaths.low, 4);
	assert_int_equal(i[1].deaths.high, 4);
	assert_int_equal(i[1].deaths.n_contested, 0);
	assert_null(i[2].state);
	assert_int_equal(i[2].n, 2);
	assert_int_equal(i[2].deaths.n_incidents, 0);
	assert_int_equal(o->n_confirmed, 1);
	assert_int_equal(o->n_denied, 1);
	assert_int_equal(o->n_cannot_tell, 0);
}

static void test_contested(void **state)
{
	const struct overview *o = &((struct seen *)*state)->o;
	const struct overview_contest *c = o->contests;

	assert_int_equal(o->n_contested_fields, 2);
	assert_int_equal(o->n_contested_objects, 1);
	assert_int_equal(o->n_contests, 2);
	assert_string_equal(c[0].field, "deaths_best"); /* numbers before words, though fewer differ */
	assert_false(c[0].is_label);
	assert_int_equal(c[0].n_voices, 3);
	assert_string_equal(c[0].voices[0].value, "3"); /* the best grade first, all who say so together */
	assert_string_equal(c[0].voices[0].says, "Government");
	assert_string_equal(c[0].voices[0].grade, "B2");
	assert_string_equal(c[0].voices[0].known, "2016-01-01"); /* when it was recorded: nobody said */
	assert_string_equal(c[0].voices[1].value, "3");
	assert_string_equal(c[0].voices[1].says, "Village council");
	assert_string_equal(c[0].voices[2].value, "7");
	assert_string_equal(c[0].voices[2].says, "Movement");
	assert_string_equal(c[0].date, "2016-06-01");
	assert_string_equal(c[1].field, "summary");
	assert_true(c[1].is_label);
	assert_int_equal(c[1].n_voices, 3);
}

static void test_alerts(void **state)
{
	const struct overview *o = &((struct seen *)*state)->o;
	static const char *const order[] = { "consent",   "incident",  "overdue", "due",
					     "ceasefire", "clearance", "session", "transfer" };

	assert_int_equal(o->n_alerts, 8);
	for (size_t i = 0; i < 8; i++)
		assert_string_equal(o->alerts[i].code, order[i]);
	expect_alerts(o, "consent", (const int[]){ 101, 0 });
	expect_alerts(o, "incident", (const int[]){ 80, 0 });
	expect_alerts(o, "overdue", (const int[]){ 64, 61, 0 });
	assert_string_equal(alerts_of(o, "overdue")->rows[1].who, "Movement");
	expect_alerts(o, "due", (const int[]){ 60, 62, 0 });
	expect_alerts(o, "ceasefire", (const int[]){ 73, 0 });
	expect_alerts(o, "clearance", (const int[]){ 104, 0 });
	expect_date(&alerts_of(o, "clearance")->rows[0].date, "2016-07-10");
	expect_alerts(o, "session", (const int[]){ 42, 0 });
	expect_alerts(o, "transfer", (const int[]){ 107, 0 });
}

/* --- other records ----------------------------------------------------------------------------------------- */

static void test_empty(void **state)
{
	const struct overview *o = read_at(*state, DAY_0);
	const struct overview nothing = { .now_ms = DAY_0 };

	assert_int_equal(o->now_ms, DAY_0);
	assert_int_equal(o->n_entries + o->n_claims + o->n_objects, 0);
	assert_int_equal(o->n_sides + o->n_table_list + o->n_agreements + o->n_ceasefires + o->n_contests, 0);
	assert_int_equal(o->n_overdue + o->n_next + o->n_incident_states + o->n_alerts, 0);
	assert_memory_equal(o->fates, nothing.fates, sizeof o->fates);
	assert_memory_equal(o->actors, nothing.actors, sizeof o->actors);
}

/* Ids of objects that nobody described, values that are no ids, codes and levels of a later version. */
static void test_strange_values(void **state)
{
	struct seen *s = *state;
	const struct overview *o;
	char set[512];

	put_claim(&s->f, "actor", 1, "\"name\":\"X\",\"level\":\"sideways\"", "");
	snprintf(set, sizeof set, "\"actor\":\"%s\",\"side\":\"blue\",\"role\":\"onlooker\"", obj_hex(77));
	put_claim(&s->f, "alignment", 2, set, "");
	put_claim(&s->f, "dialogue", 3, "\"name\":\"T\",\"track\":\"4\",\"status\":\"asleep\"", "");
	put_claim(&s->f, "agreement", 4, "\"title\":\"A\",\"stage\":\"Later\"", ",\"when\":\"2016\"");
	snprintf(set, sizeof set, "\"commitment\":\"%s\",\"level\":\"3\"", obj_hex(78));
	put_claim(&s->f, "fulfilment", 5, set, ",\"when\":\"2016\"");
	put_claim(&s->f, "incident", 6, "\"summary\":\"I\",\"state\":\"DREAMT\",\"deaths_high\":9",
		  ",\"when\":\"2016\"");
	o = read_at(s, DAY_0);
	assert_int_equal(o->actors[LEVEL_UNSAID], 1);
	assert_int_equal(o->n_sides, 1);
	assert_string_equal(o->sides[0].members[0].role, "onlooker");
	assert_non_null(strstr(o->sides[0].members[0].actor.label, "4d4d4d4d"));
	assert_int_equal(o->tables[TRACK_UNSAID], 1);
	assert_string_equal(o->table_list[0].status, "asleep");
	assert_string_equal(o->agreements[0].stage_words, "Later");
	assert_int_equal(o->n_commitments, 0); /* the promise itself is not here */
	assert_string_equal(o->incidents[0].words, "DREAMT");
	assert_int_equal(o->incidents[0].deaths.low, 0);
	assert_int_equal(o->incidents[0].deaths.best, 9);
}

/* A sayer's later word replaces the earlier one; then all agree again. */
static void test_judges_agree_again(void **state)
{
	struct seen *s = *state;
	const struct overview *o;
	char set[512], more[512];

	put_claim(&s->f, "commitment", 1, "\"summary\":\"P\"", ",\"when\":\"2015\"");
	snprintf(set, sizeof set, "\"commitment\":\"%s\",\"level\":\"1\"", obj_hex(1));
	snprintf(more, sizeof more, ",\"when\":\"2016-01-01\",\"says\":\"%s\"", obj_hex(50));
	put_claim(&s->f, "fulfilment", 2, set, more);
	snprintf(set, sizeof set, "\"commitment\":\"%s\",\"level\":\"2\"", obj_hex(1));
	snprintf(more, sizeof more, ",\"when\":\"2016-01-02\",\"says\":\"%s\"", obj_hex(51));
	put_claim(&s->f, "fulfilment", 3, set, more);
	o = read_at(s, DAY_0);
	assert_int_equal(o->fates[FATE_INTERMEDIATE], 1);
	assert_int_equal(o->n_judged_differently, 1);
	snprintf(more, sizeof more, ",\"when\":\"2016-01-03\",\"says\":\"%s\"", obj_hex(50));
	put_claim(&s->f, "fulfilment", 2, "\"level\":\"2\"", more);
	o = read_at(s, DAY_0);
	assert_int_equal(o->fates[FATE_INTERMEDIATE], 1);
	assert_int_equal(o->n_judged_differently, 0);
}

/* More is contested than is kept; the counts say so. */
static void test_many_contested(void **state)
{
	struct seen *s = *state;
	const struct overview *o;
	char set[64], more[128];

	for (int i = 0; i < 2 * (OVERVIEW_CONTESTED_MAX + 3); i++) {
		snprintf(set, sizeof set, "\"deaths_best\":%d", i % 2);
		snprintf(more, sizeof more, ",\"when\":\"2016\",\"says\":\"%s\"", obj_hex(200 + i % 2));
		put_claim(&s->f, "incident", 1 + i / 2, set, more);
	}
	o = read_at(s, DAY_0);
	assert_int_equal(o->n_contests, OVERVIEW_CONTESTED_MAX);
	assert_int_equal(o->n_contested_fields, OVERVIEW_CONTESTED_MAX + 3);
	assert_int_equal(o->n_contested_objects, OVERVIEW_CONTESTED_MAX + 3);
	expect_obj(&o->contests[0].ref, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_totals, set_up_small, tear_down),
		cmocka_unit_test_setup_teardown(test_sides, set_up_small, tear_down),
		cmocka_unit_test_setup_teardown(test_pyramid, set_up_small, tear_down),
		cmocka_unit_test_setup_teardown(test_tables, set_up_small, tear_down),
		cmocka_unit_test_setup_teardown(test_agreements, set_up_small, tear_down),
		cmocka_unit_test_setup_teardown(test_commitments, set_up_small, tear_down),
		cmocka_unit_test_setup_teardown(test_day_after, set_up_small, tear_down),
		cmocka_unit_test_setup_teardown(test_ceasefires, set_up_small, tear_down),
		cmocka_unit_test_setup_teardown(test_incidents, set_up_small, tear_down),
		cmocka_unit_test_setup_teardown(test_contested, set_up_small, tear_down),
		cmocka_unit_test_setup_teardown(test_alerts, set_up_small, tear_down),
		cmocka_unit_test_setup_teardown(test_empty, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_strange_values, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_judges_agree_again, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_many_contested, set_up_empty, tear_down),
	};

	return run_tests("overview", tests);
}
