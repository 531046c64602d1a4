/* What the process' own is, and what is background; deaths by one sayer. */
#include "unit/node/overview_fixture.h"

#define GOVERNMENT 1
#define MOVEMENT 2
#define PUBLISHER 9
#define YEAR_2018 (DAY_0 + 731 * DAY)

/* A table of two parties from 2012 to 2015, and a publisher who numbers what it tells. */
static void put_process(struct seen *s)
{
	put_claim(&s->f, "actor", GOVERNMENT, "\"name\":\"Government\",\"level\":\"top\"", "");
	put_claim(&s->f, "actor", MOVEMENT, "\"name\":\"Movement\",\"level\":\"top\"", "");
	put_claim(&s->f, "actor", PUBLISHER, "\"name\":\"Data centre\"", "");
	put_claim(&s->f, "actor", 3, "\"name\":\"Village council\",\"level\":\"grassroots\"", "");
	put_claim(&s->f, "dialogue", 20,
		  text_of("\"name\":\"Table\",\"track\":\"1\",\"parties\":[\"%s\",\"%s\"]", obj_hex(GOVERNMENT),
			  obj_hex(MOVEMENT)),
		  ",\"when\":\"2012-03/2015-06-30\"");
}

static void put_published_actor(struct seen *s, int obj, const char *name)
{
	say(s, "actor", obj, text_of("\"name\":\"%s\",\"external_ids\":[\"data:%d\"]", name, obj), "", PUBLISHER);
}

static void put_event(struct seen *s, int obj, int alleged, const char *when, int deaths)
{
	say(s, "incident", obj,
	    text_of("\"summary\":\"Event\",\"type\":\"ASSAULT\",\"alleged\":[\"%s\"],\"deaths_best\":%d,"
		    "\"external_ids\":[\"event:%d\"]",
		    obj_hex(alleged), deaths, obj),
	    text_of(",\"when\":\"%s\"", when), PUBLISHER);
}

static void put_identity(struct seen *s, int obj, int one, int other, const char *verdict, int says)
{
	say(s, "identity", obj,
	    text_of("\"one\":\"%s\",\"other\":\"%s\",\"verdict\":\"%s\"", obj_hex(one), obj_hex(other), verdict), "",
	    says);
}

static void test_span(void **state)
{
	struct seen *s = *state;
	const struct overview *o;

	put_process(s);
	o = read_at(s, YEAR_2018);
	assert_string_equal(o->span.from, "2012-03-01");
	assert_string_equal(o->span.to, "2015-06-30");
	assert_int_equal(o->span.n_actors, 2);
	assert_null(o->background.by);
	/* under way: it ends now; an open end is no date */
	put_claim(&s->f, "session", 21, "\"title\":\"S\"", ",\"when\":\"2017-06-01/..\"");
	o = read_at(s, YEAR_2018);
	assert_string_equal(o->span.to, "2017-12-31");
	o = read_at(s, YEAR_2018 + 400 * DAY);
	assert_string_equal(o->span.to, "2017-05-31");
}

static void test_nothing_published(void **state)
{
	struct seen *s = *state;
	const struct overview *o;

	/* who numbers nothing is no publisher: a village that alone tells of an incident is heard */
	put_process(s);
	say(s, "incident", 30, "\"summary\":\"Shots\",\"type\":\"ASSAULT\",\"state\":\"ALLEGED\"",
	    ",\"when\":\"2001-01-01\"", 3);
	/* nor are the organisation's own numbers a publisher's */
	put_claim(&s->f, "incident", 31, "\"summary\":\"Old\",\"type\":\"ASSAULT\",\"external_ids\":[\"x:1\"]",
		  ",\"when\":\"1990\"");
	/* nor is a party */
	say(s, "incident", 32, "\"summary\":\"Ours\",\"type\":\"ASSAULT\",\"external_ids\":[\"x:2\"]",
	    ",\"when\":\"1990\"", MOVEMENT);
	o = read_at(s, YEAR_2018);
	assert_null(o->background.by);
	assert_int_equal(o->n_incidents, 3);
	assert_int_equal(o->n_published, 0);
	assert_string_equal(o->alerts[0].code, "incident");
}

static void test_background(void **state)
{
	struct seen *s = *state;
	const struct overview *o;

	put_process(s);
	put_published_actor(s, 40, "Rebels");
	put_published_actor(s, 41, "Bandits");
	put_event(s, 50, MOVEMENT, "2014-05-05", 3);   /* own: a party, in the span */
	put_event(s, 51, MOVEMENT, "1999-05-05", 20);  /* another time */
	put_event(s, 52, 41, "2014-05-06", 100);       /* others */
	put_event(s, 53, 40, "2015-06-30", 7);         /* others, but see test_identity */
	put_event(s, 54, MOVEMENT, "2015-07-01", 400); /* the day after */
	say(s, "agreement", 60,
	    text_of("\"title\":\"Old\",\"parties\":[\"%s\"],\"external_ids\":[\"a:1\"]", obj_hex(41)),
	    ",\"when\":\"1964-01-01\"", PUBLISHER);
	o = read_at(s, YEAR_2018);
	assert_string_equal(o->background.by, "Data centre");
	assert_int_equal(o->n_incidents, 1);
	assert_int_equal(o->n_published, 1);
	assert_int_equal(o->incidents[0].deaths.best, 3);
	assert_int_equal(o->background.n_incidents, 4);
	assert_int_equal(o->background.deaths.best, 527);
	assert_int_equal(o->background.n_actors, 2);
	assert_int_equal(o->background.n_agreements, 1);
	assert_int_equal(o->n_agreements, 0);
	assert_string_equal(o->background.from, "1964-01-01");
	assert_string_equal(o->background.to, "2015-07-01");
	assert_int_equal(o->actors[LEVEL_UNSAID], 0); /* not even the publisher, of whom the organisation speaks */
}

static void put_episode(struct seen *s, int obj, int side, const char *when, const char *more)
{
	say(s, "episode", obj,
	    text_of("\"summary\":\"Fighting\",\"side_a\":\"%s\",\"side_b\":\"%s\",\"external_ids\":[\"e:%d\"]%s",
		    obj_hex(side), obj_hex(99), obj, more),
	    text_of(",\"when\":\"%s\"", when), PUBLISHER);
}

static void test_episodes(void **state)
{
	struct seen *s = *state;
	const struct overview *o;

	put_process(s);
	put_episode(s, 60, MOVEMENT, "1964/2012-04", "");
	put_episode(s, 61, MOVEMENT, "2015", ",\"outcome\":\"1\",\"ended\":\"2015-11-24\"");
	put_episode(s, 62, MOVEMENT, "1964/2011", "");
	put_episode(s, 63, 41, "2014", "");
	o = read_at(s, YEAR_2018);
	assert_int_equal(o->n_episodes, 2);
	assert_int_equal(o->background.n_episodes, 2);
	expect_obj(&o->episodes[0].ref, 60);
	assert_string_equal(o->episodes[0].from, "1964");
	assert_string_equal(o->episodes[0].to, "2012-04-30");
	assert_false(o->episodes[0].ended);
	assert_string_equal(o->episodes[1].to, "2015-11-24");
	assert_string_equal(o->episodes[1].outcome, "peace agreement");
	assert_true(o->episodes[1].ended);
}

/* An identity makes another's actor own, by way of a third, whichever way round. */
static void test_identity(void **state)
{
	struct seen *s = *state;
	const struct overview *o;

	put_process(s);
	put_published_actor(s, 40, "Rebels");
	put_published_actor(s, 42, "Rebels (old name)");
	put_event(s, 53, 40, "2015-06-30", 7);
	put_identity(s, 70, 42, MOVEMENT, "same", 0);
	put_identity(s, 71, 42, 40, "same", 0);
	o = read_at(s, YEAR_2018);
	assert_int_equal(o->n_incidents, 1);
	assert_int_equal(o->span.n_identities, 2);
	assert_int_equal(o->span.n_joined, 2);
	assert_int_equal(o->span.n_actors, 2); /* one body is counted once */
	assert_int_equal(o->background.n_actors, 0);
	assert_int_equal(o->background.n_twins, 2);
	/* another sees it otherwise: joined nowhere, and said */
	put_identity(s, 71, 42, 40, "different", 3);
	o = read_at(s, YEAR_2018);
	assert_int_equal(o->n_incidents, 0);
	assert_int_equal(o->background.n_incidents, 1);
	assert_int_equal(o->n_alerts, 1);
	assert_string_equal(o->alerts[0].code, "identity");
	assert_int_equal(o->alerts[0].n_all, 1);
	assert_string_equal(o->alerts[0].rows[0].ref.label, "Rebels = Rebels (old name)?");
	/* who can not tell disputes nothing */
	put_identity(s, 71, 42, 40, "unsure", 3);
	o = read_at(s, YEAR_2018);
	assert_int_equal(o->n_incidents, 1);
	assert_int_equal(o->n_alerts, 0);
}

/* A publisher's account of an event of which the organisation speaks too is no second event. */
static void test_twins(void **state)
{
	struct seen *s = *state;
	const struct overview *o;

	put_process(s);
	put_event(s, 50, MOVEMENT, "2014-05-05", 3);
	put_claim(&s->f, "incident", 55, "\"summary\":\"Mine\",\"type\":\"ASSAULT\",\"deaths_best\":4",
		  ",\"when\":\"2014-05-05\"");
	put_identity(s, 70, 50, 55, "same", 0);
	o = read_at(s, YEAR_2018);
	assert_int_equal(o->n_incidents, 1);
	assert_int_equal(o->incidents[0].deaths.best, 4);
	assert_int_equal(o->background.n_incidents, 0);
	assert_int_equal(o->background.n_twins, 1);
}

/* What a publisher tells of others is neither contested here nor in need of attention. */
static void test_background_is_quiet(void **state)
{
	struct seen *s = *state;
	const struct overview *o;

	put_process(s);
	put_event(s, 52, 41, "2014-05-06", 100);
	say(s, "incident", 52, "\"deaths_best\":90,\"state\":\"ALLEGED\",\"external_ids\":[\"b:52\"]",
	    ",\"when\":\"2014-05-06\"", 10); /* another publisher */
	o = read_at(s, YEAR_2018);
	assert_int_equal(o->n_contested_fields, 0);
	assert_int_equal(o->n_alerts, 0);
	assert_int_equal(o->background.n_incidents, 1);
	/* the organisation's word makes it own */
	put_claim(&s->f, "incident", 52, "\"injured\":2", ",\"when\":\"2014-05-06\"");
	o = read_at(s, YEAR_2018);
	assert_int_equal(o->n_incidents, 1);
	assert_int_equal(o->n_alerts, 1);
	assert_true(o->n_contested_fields > 0);
}

/* --- deaths ------------------------------------------------------------------------------------------------ */

static void put_toll(struct seen *s, int obj, const char *numbers, const char *grade, int says)
{
	say(s, "incident", obj, text_of("\"summary\":\"I\",\"type\":\"ASSAULT\",%s", numbers),
	    text_of(",\"when\":\"2014\",\"grade\":\"%s\"", grade), says);
}

/* Numbers of several sayers, each shown first for itself, would be 90, 56, 60. */
static void test_one_sayer(void **state)
{
	struct seen *s = *state;
	const struct overview_deaths *d;

	put_toll(s, 30, "\"deaths_best\":56,\"deaths_high\":60", "A1", 5);
	put_toll(s, 30, "\"deaths_low\":90,\"deaths_best\":100", "B2", 6);
	d = &read_at(s, YEAR_2018)->incidents[0].deaths;
	assert_int_equal(d->n_incidents, 1);
	assert_int_equal(d->low, 56);
	assert_int_equal(d->best, 56);
	assert_int_equal(d->high, 60);
	assert_int_equal(d->n_contested, 1);
}

/* Nobody gives a best one: then who leads is whose lowest is shown first; he may correct himself field by field. */
static void test_no_best(void **state)
{
	struct seen *s = *state;
	const struct overview_deaths *d;

	put_toll(s, 30, "\"deaths_high\":9", "A1", 5);
	put_toll(s, 30, "\"deaths_low\":4,\"deaths_high\":5", "B2", 6);
	put_toll(s, 30, "\"deaths_low\":3", "B2", 6);
	d = &read_at(s, YEAR_2018)->incidents[0].deaths;
	assert_int_equal(d->low, 3);
	assert_int_equal(d->best, 3);
	assert_int_equal(d->high, 5);
}

/* One sayer's own numbers may be impossible: the interval holds them all. */
static void test_impossible(void **state)
{
	struct seen *s = *state;
	const struct overview_deaths *d;

	put_toll(s, 30, "\"deaths_low\":9,\"deaths_best\":5,\"deaths_high\":4", "A1", 5);
	put_toll(s, 31, "\"deaths_high\":8", "A1", 5);
	d = &read_at(s, YEAR_2018)->incidents[0].deaths;
	assert_int_equal(d->n_incidents, 2);
	assert_int_equal(d->low, 5);
	assert_int_equal(d->best, 13);
	assert_int_equal(d->high, 13);
	assert_int_equal(d->n_contested, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_span, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_nothing_published, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_background, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_episodes, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_identity, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_twins, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_background_is_quiet, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_one_sayer, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_no_best, set_up_empty, tear_down),
		cmocka_unit_test_setup_teardown(test_impossible, set_up_empty, tear_down),
	};

	return run_tests("overview of what is own", tests);
}
