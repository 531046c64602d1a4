/* The overview of lines, notices, measures, deeds, lists, exchanges and truces; which disputes are shown. */
#include "unit/node/overview_fixture.h"

#define YEAR_2018 (DAY_0 + 731 * DAY)

static void put_actor(struct seen *s, int obj, const char *name)
{
	put_claim(&s->f, "actor", obj, text_of("\"name\":\"%s\"", name), "");
}

/* --- lines ------------------------------------------------------------------------------------------------- */

static void put_state(struct seen *s, int obj, const char *state, const char *when, int says)
{
	say(s, "channel", obj, text_of("\"state\":\"%s\"", state), text_of(",\"when\":\"%s\"", when), says);
}

static void expect_standing(const struct overview_standing *standing, const char *state, const char *says,
			    const char *since)
{
	assert_string_equal(standing->state, state);
	assert_string_equal(standing->says, says);
	assert_string_equal(standing->since, since);
}

static void put_lines(struct seen *s)
{
	put_actor(s, 1, "North");
	put_actor(s, 2, "South");
	put_claim(&s->f, "channel", 10, "\"name\":\"Air line\"", ",\"when\":\"2010\"");
	put_state(s, 10, "open", "2015-10-20", 1);
	put_state(s, 10, "open", "2017-04-12", 1); /* says it again: since 2015 */
	put_state(s, 10, "blocked", "2017-04-07", 2);
	put_state(s, 10, "blocked", "2017-06-19", 2);
	put_state(s, 10, "open", "2017-09-17", 2);
	put_claim(&s->f, "channel", 11, "\"name\":\"Sea line\"", "");
	put_state(s, 11, "open", "2011", 1);
	put_state(s, 11, "blocked", "2010-02", 2);
	put_claim(&s->f, "channel", 12, "\"name\":\"Old line\"", "");
	put_state(s, 12, "dead", "2017-12-01", 1);
	put_claim(&s->f, "channel", 13, "\"name\":\"Land line\"", "");
	put_state(s, 13, "blocked", "2009", 2);
	put_claim(&s->f, "channel", 14, "\"name\":\"Some line\"", "");
}

static void test_lines(void **state)
{
	struct seen *s = *state;
	const struct overview *o;
	const struct overview_channel *c;

	put_lines(s);
	o = read_at(s, YEAR_2018);
	c = o->channels;
	assert_int_equal(o->n_channels, 5);
	assert_int_equal(o->n_channels_in_all, 5);
	/* contested first, then blocked, open, and what is dead or unsaid */
	expect_obj(&c[0].ref, 11);
	assert_true(c[0].differ);
	assert_int_equal(c[0].n_states, 2);
	expect_standing(&c[0].states[0], "blocked", "South", "2010-02"); /* the later word is shown first */
	expect_standing(&c[0].states[1], "open", "North", "2011");
	expect_obj(&c[1].ref, 13);
	expect_obj(&c[2].ref, 10);
	assert_false(c[2].differ);
	assert_int_equal(c[2].n_states, 2);
	expect_standing(&c[2].states[0], "open", "North", "2015-10-20");
	expect_standing(&c[2].states[1], "open", "South", "2017-09-17");
	expect_obj(&c[3].ref, 12);
	assert_string_equal(c[3].states[0].state, "dead");
	expect_obj(&c[4].ref, 14);
	assert_int_equal(c[4].n_states, 0);
	/* two are blocked by what is shown first, since it is said, not since the line was */
	assert_int_equal(o->n_alerts, 1);
	assert_string_equal(o->alerts[0].code, "channel");
	assert_int_equal(o->alerts[0].n_all, 2);
	expect_obj(&o->alerts[0].rows[0].ref, 11);
	assert_string_equal(o->alerts[0].rows[0].date.text, "2010-02");
	assert_string_equal(o->alerts[0].rows[0].who, "South");
}

static void test_notices_and_measures(void **state)
{
	struct seen *s = *state;
	const struct overview *o;

	put_actor(s, 1, "North");
	put_actor(s, 2, "South");
	put_claim(&s->f, "notification", 20,
		  text_of("\"what\":\"Convoy\",\"from\":\"%s\",\"to\":[\"%s\"],\"window\":\"2016-01-02/2016-01-03\","
			  "\"status\":\"objected\",\"objection\":\"Mines\",\"received\":\"2016-01-01\"",
			  obj_hex(1), obj_hex(2)),
		  "");
	put_claim(&s->f, "notification", 21, "\"what\":\"Flight\",\"window\":\"2017-05\"", "");
	put_claim(&s->f, "measure_taken", 22,
		  text_of("\"title\":\"Halt\",\"mode\":\"constrain\",\"takers\":[\"%s\"],\"towards\":[\"%s\"]",
			  obj_hex(1), obj_hex(2)),
		  ",\"when\":\"2016-03-01/2016-03-02\"");
	o = read_at(s, YEAR_2018);
	assert_int_equal(o->n_notices, 2);
	expect_obj(&o->notices[0].ref, 21); /* the latest first */
	assert_null(o->notices[0].status);
	assert_string_equal(o->notices[1].window, "2016-01-02/2016-01-03");
	assert_string_equal(o->notices[1].from, "North");
	assert_string_equal(o->notices[1].to, "South");
	assert_string_equal(o->notices[1].status, "objected to");
	assert_string_equal(o->notices[1].objection, "Mines");
	assert_string_equal(o->notices[1].received.text, "2016-01-01");
	assert_int_equal(o->n_measures, 1);
	assert_string_equal(o->measures[0].takers, "North");
	assert_string_equal(o->measures[0].towards, "South");
	assert_string_equal(o->measures[0].when, "2016-03-01/2016-03-02");
}

/* --- deeds, lists, exchanges ------------------------------------------------------------------------------- */

static void put_listing(struct seen *s, int obj, int actor, const char *jurisdiction, const char *more)
{
	put_claim(&s->f, "designation", obj,
		  text_of("\"actor\":\"%s\",\"list\":\"other\",\"jurisdiction\":\"%s\"%s", obj_hex(actor), jurisdiction,
			  more),
		  "");
}

static void test_lists(void **state)
{
	struct seen *s = *state;
	const struct overview_listed *l;

	put_actor(s, 1, "Zebras");
	put_actor(s, 2, "Antelopes");
	put_listing(s, 30, 1, "Norland", ",\"listed\":\"1997\"");
	put_listing(s, 31, 1, "Union", ",\"listed\":\"2002\",\"delisted\":\"2017-06\"");
	put_listing(s, 32, 2, "Norland", "");
	put_listing(s, 33, 2, "Sudland", ",\"delisted\":\"2019\"");
	l = read_at(s, YEAR_2018)->listed;
	assert_int_equal(s->o.n_listed, 2);
	assert_int_equal(s->o.n_listings, 3);
	assert_string_equal(l[0].actor.label, "Antelopes");
	assert_int_equal(l[0].n_listings, 2);
	assert_false(l[0].listings[1].past); /* until 2019 */
	assert_string_equal(l[0].not_there, "Union");
	assert_string_equal(l[1].listings[0].jurisdiction, "Norland");
	assert_true(l[1].listings[1].past);
	assert_string_equal(l[1].not_there, "Sudland");
}

static void test_deeds_and_exchanges(void **state)
{
	struct seen *s = *state;
	const struct overview *o;

	put_actor(s, 1, "North");
	put_actor(s, 2, "South");
	put_claim(&s->f, "deed", 40,
		  text_of("\"title\":\"No mines\",\"declarant\":\"%s\",\"topic\":\"mines\",\"witnesses\":[\"%s\"]",
			  obj_hex(1), obj_hex(2)),
		  ",\"when\":\"2014-06\"");
	put_claim(&s->f, "deed", 41, "\"title\":\"Earlier\",\"topic\":\"mines\"", ",\"when\":\"2013\"");
	put_claim(&s->f, "exchange", 42,
		  text_of("\"title\":\"Three\",\"what\":\"detainees\",\"from\":\"%s\",\"done\":3", obj_hex(1)),
		  ",\"when\":\"2015\"");
	o = read_at(s, YEAR_2018);
	assert_int_equal(o->n_deeds, 2);
	expect_obj(&o->deeds[0].ref, 41);
	assert_null(o->deeds[0].declarant);
	assert_string_equal(o->deeds[1].declarant, "North");
	assert_string_equal(o->deeds[1].witnesses, "South");
	assert_int_equal(o->n_exchanges, 1);
	assert_int_equal(o->exchanges[0].done, 3);
	assert_int_equal(o->exchanges[0].planned, -1);
	assert_string_equal(o->exchanges[0].from, "North");
	assert_null(o->exchanges[0].to);
}

/* --- truces and promises ----------------------------------------------------------------------------------- */

static enum overview_truce truce(struct seen *s, int64_t now_ms)
{
	return read_at(s, now_ms)->ceasefires[0].state;
}

static void test_silent_truce(void **state)
{
	struct seen *s = *state;

	put_actor(s, 2, "South");
	put_claim(&s->f, "ceasefire", 50, "\"name\":\"Truce\",\"starts\":\"2016-02-01\"",
		  ",\"when\":\"2016-02-01\",\"known\":\"2016-02-01\"");
	assert_int_equal(truce(s, DAY_0 + 200 * DAY), TRUCE_RUNNING);
	assert_int_equal(truce(s, DAY_0 + 31 * DAY + 365 * DAY), TRUCE_RUNNING);
	assert_int_equal(truce(s, DAY_0 + 31 * DAY + 366 * DAY), TRUCE_NO_END);
	/* somebody speaks of it again */
	say(s, "attestation", 51, text_of("\"incident\":\"%s\",\"verdict\":\"cannot_tell\"", obj_hex(50)),
	    ",\"when\":\"2017-08\",\"known\":\"2017-08\"", 2);
	assert_int_equal(truce(s, YEAR_2018), TRUCE_RUNNING);
	assert_null(s->o.ceasefires[0].denied_by);
	/* ... and denies it */
	say(s, "attestation", 52, text_of("\"incident\":\"%s\",\"verdict\":\"deny\"", obj_hex(50)),
	    ",\"when\":\"2017-09\",\"known\":\"2017-09\"", 2);
	read_at(s, YEAR_2018);
	assert_string_equal(s->o.ceasefires[0].denied_by, "South");
}

static void test_reported_without_level(void **state)
{
	struct seen *s = *state;
	const struct overview *o;

	put_claim(&s->f, "commitment", 60, "\"summary\":\"Open the road\",\"due\":\"2017-05-01\"",
		  ",\"when\":\"2016\"");
	put_claim(&s->f, "commitment", 61, "\"summary\":\"Later\",\"due\":\"2019-05-01\"", ",\"when\":\"2016\"");
	assert_int_equal(read_at(s, YEAR_2018)->n_overdue, 1);
	for (int i = 0; i < 2; i++)
		put_claim(&s->f, "fulfilment", 62 + i,
			  text_of("\"commitment\":\"%s\",\"basis\":\"Work has begun\"", obj_hex(60 + i)),
			  ",\"when\":\"2017-06\"");
	o = read_at(s, YEAR_2018);
	assert_int_equal(o->n_overdue, 0);
	assert_int_equal(o->n_reported_late, 1);
	assert_int_equal(o->fates[FATE_NO_LEVEL], 2);
	assert_int_equal(o->n_next, 1); /* not due yet */
	assert_int_equal(o->n_alerts, 0);
	/* that nothing was begun is a level */
	put_claim(&s->f, "fulfilment", 64, text_of("\"commitment\":\"%s\",\"level\":\"0\"", obj_hex(60)),
		  ",\"when\":\"2017-07\"");
	o = read_at(s, YEAR_2018);
	assert_int_equal(o->n_overdue, 1);
	assert_int_equal(o->n_reported_late, 0);
}

/* --- what is contested ------------------------------------------------------------------------------------- */

/* Twelve numbers, and one of each other sort: each sort has its share. */
static void test_each_sort_shows(void **state)
{
	struct seen *s = *state;
	const struct overview *o;
	static const char *const fields[] = { "state", "place", "damage" };

	for (int i = 0; i < 24; i++)
		say(s, "incident", 1 + i / 2, text_of("\"deaths_best\":%d", i % 2), ",\"when\":\"2016\"", 200 + i % 2);
	for (int i = 0; i < 2; i++)
		say(s, "incident", 30,
		    text_of("\"state\":\"%s\",\"place\":\"P%d\",\"damage\":\"D%d\"", i ? "ALLEGED" : "CLOSED", i, i),
		    ",\"when\":\"2016-02-03\"", 200 + i);
	o = read_at(s, DAY_0);
	assert_int_equal(o->n_contested_fields, 15);
	assert_int_equal(o->n_contests, OVERVIEW_CONTESTED_MAX);
	for (size_t i = 0; i < 7; i++)
		assert_string_equal(o->contests[i].field, "deaths_best");
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(o->contests[7 + i].field, fields[i]);
	assert_string_equal(o->contests[9].date, "2016-02-03");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_lines, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_notices_and_measures, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_lists, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_deeds_and_exchanges, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_silent_truce, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_reported_without_level, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_each_sort_shows, set_up_empty, tear_down),
	};

	return run_tests("overview of bonds and lines", tests);
}
