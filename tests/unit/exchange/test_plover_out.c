/* Incidents as event data. */
#include "unit/exchange/export_fixture.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define I "11111111111111111111111111111111"
#define X_SAYS "22222222222222222222222222222222"

static const struct export_request all = { 0 };

/* The export of one incident; `rest` stands behind its summary and type in `set`. */
static struct export_report export_one(uint64_t seed, const char *type, const char *rest, const char *when,
				       struct buf *out)
{
	struct export_report report;
	struct home h;
	struct buf line;

	home_init(&h, seed);
	buf_init(&line, 4096);
	buf_printf(&line,
		   "{'kind':'incident','id':'" I
		   "','set':{'summary':'Shots','type':'%s'%s},'when':'%s','known':'2014'}\n",
		   type, rest, when);
	take(&h, buf_str(&line));
	buf_release(&line);
	report = export_text(&h, h.view, plover_export, all, out);
	home_release(&h);
	return report;
}

static void test_a_whole_record(void **state)
{
	struct export_report report;
	struct home h;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	take(&h, "{'kind':'actor','id':'" A
		 "','set':{'name':'Front','sector':'REB','external_ids':['x:1','wikidata:Q5']}}\n"
		 "{'kind':'actor','id':'" B "','set':{'name':'Republic','type':'state','sector':'GOV',"
		 "'external_ids':['iso3:COL']}}\n"
		 "{'kind':'incident','id':'" I "','set':{'summary':'Shots at the \\'crossing\\'','type':'ASSAULT',"
		 "'mode':'firearms','contexts':['territory','military'],'auxiliary':'historical','state':'ALLEGED',"
		 "'place':'Inz\xc3\xa1 @-2.5,76.067221','alleged':['" A "'],'targets':['" B "'],'deaths_best':3,"
		 "'injured':2,'displaced':9},'when':'2013-12-07T14:05Z','known':'2013-12-08','says':'" X_SAYS "',"
		 "'source':'Paper','grade':'B2','tlp':'green','rule':'not_for_attribution'}\n");
	report = export_text(&h, h.view, plover_export, all, &out);
	assert_int_equal(report.n, 1);
	assert_string_equal(
		buf_str(&out),
		"{\"id\":\"" I "\",\"date\":\"2013-12-07\",\"time\":\"14:05Z\",\"actor\":[{\"sector\":\"REB\","
		"\"entity_text\":\"Front\",\"identifier_id\":\"Q5\",\"id\":\"" A
		"\"}],\"recipient\":[{\"code\":\"COL\","
		"\"sector\":\"GOV\",\"entity_text\":\"Republic\",\"id\":\"" B "\"}],\"event\":[\"ASSAULT\"],"
		"\"mode\":[\"firearms\"],\"context\":[\"territory\",\"military\",\"historical\"],\"event_loc\":{"
		"\"extracted_place\":\"Inz\xc3\xa1\",\"lat\":-2.5,\"lon\":76.067221},\"text\":\"Shots at the "
		"\\\"crossing\\\"\","
		"\"size\":{\"dead\":3,\"injured\":2},\"cite_info\":{\"citation\":\"Paper\",\"codebook\":\"plover-2.0\"}"
		","
		"\"state\":\"ALLEGED\",\"says\":\"" X_SAYS
		"\",\"known\":\"2013-12-08\",\"grade\":\"B2\",\"tlp\":\"green\","
		"\"rule\":\"not_for_attribution\"}\n");
	assert_int_equal(report.lost[LOSS_FIELDS], 1);
	assert_int_equal(report.lost[LOSS_CODES], 0);
	buf_release(&out);
	home_release(&h);
}

static void test_dates(void **state)
{
	static const struct {
		const char *when, *dates;
		int lost;
	} cases[] = {
		{ "2012-08-26", "\"date\":\"2012-08-26\",\"actor\"", 0 },
		{ "2012-08", "\"date\":\"2012-08-01\",\"enddate\":\"2012-08-31\",\"actor\"", 0 },
		{ "2012", "\"date\":\"2012-01-01\",\"enddate\":\"2012-12-31\",\"actor\"", 0 },
		{ "2012-08-26T14Z", "\"date\":\"2012-08-26\",\"time\":\"14Z\",\"actor\"", 0 },
		{ "2012-08-26T23:59:59Z/2012-08-27",
		  "\"date\":\"2012-08-26\",\"time\":\"23:59:59Z\","
		  "\"enddate\":\"2012-08-27\",\"actor\"",
		  0 },
		{ "2012-08-26T01Z/2012-08-26T02Z",
		  "\"date\":\"2012-08-26\",\"time\":\"01Z\",\"enddate\":\"2012-08-26\","
		  "\"endtime\":\"02Z\",\"actor\"",
		  0 },
		{ "2012/..", "\"date\":\"2012-01-01\",\"actor\"", 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out;
		struct export_report report = export_one(i + 1, "PROTEST", "", cases[i].when, &out);

		expect_part(&out, cases[i].dates);
		assert_int_equal(report.lost[LOSS_DATES], cases[i].lost);
		buf_release(&out);
	}
}

static void test_an_incident_without_a_beginning_is_left_out(void **state)
{
	struct buf out;
	struct export_report report = { 0 };

	(void)state;
	report = export_one(1, "PROTEST", "", "../2012", &out);
	assert_string_equal(buf_str(&out), "");
	assert_int_equal(report.n, 0);
	assert_int_equal(report.lost[LOSS_INCIDENTS], 1);
	buf_release(&out);
}

static void test_codes_that_plover_does_not_have(void **state)
{
	static const struct {
		const char *type, *rest, *codes;
		int lost;
	} cases[] = {
		{ "AGREE", "", "\"event\":[\"AGREE\"],\"mode\":[],\"context\":[]", 0 },
		{ "CONSULT", ",'mode':'third-party'", "\"mode\":[\"third-party\"],\"context\":[]", 0 },
		{ "CONSULT", ",'mode':'firearms'", "\"mode\":[],\"context\":[]", 1 },
		{ "ASSAULT", ",'mode':'massacre'", "\"mode\":[],\"context\":[]", 1 },
		{ "ASSAULT", ",'contexts':['humanitarian','health','disease']", "\"context\":[\"health\"]", 2 },
		{ "ASSAULT", ",'auxiliary':'negation'", "\"context\":[\"negation\"]", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out;
		struct export_report report = export_one(i + 1, cases[i].type, cases[i].rest, "2012", &out);

		expect_part(&out, cases[i].codes);
		assert_int_equal(report.lost[LOSS_CODES], cases[i].lost);
		buf_release(&out);
	}
}

/* What a later version may write. */
static void test_values_that_are_not_what_they_should_be(void **state)
{
	struct export_report report;
	struct home h;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	append(&h, "{\"t\":\"claim\",\"v\":1,\"kind\":\"incident\",\"id\":\"" A
		   "\",\"set\":{\"summary\":\"\",\"type\":\"RUMOUR\"},"
		   "\"when\":\"2012\"}");
	append(&h,
	       "{\"t\":\"claim\",\"v\":1,\"kind\":\"incident\",\"id\":\"" B "\",\"set\":{\"type\":\"ASSAULT\",\"mode\":"
	       "\"beat torture\",\"place\":\"X @north,1e5\",\"alleged\":[\"nobody\"],\"deaths_best\":\"some\"},"
	       "\"when\":\"2012\"}");
	append(&h, "{\"t\":\"claim\",\"v\":1,\"kind\":\"incident\",\"id\":\"" I
		   "\",\"set\":{\"type\":\"ASSAULT\",\"place\":\"Y @-002.5,00\"},\"when\":\"2012\"}");
	report = export_text(&h, h.view, plover_export, all, &out);
	assert_int_equal(report.n, 2);
	assert_int_equal(report.lost[LOSS_INCIDENTS], 1);
	assert_int_equal(report.lost[LOSS_CODES], 1);
	assert_int_equal(report.lost[LOSS_TYPES], 4);
	expect_part(&out, "\"actor\":[{\"sector\":\"UNK\"}]");
	expect_part(&out, "\"mode\":[]");
	expect_part(&out, "\"event_loc\":{\"extracted_place\":\"X\"}");
	expect_part(&out, "\"size\":{}");
	expect_part(&out, "{\"extracted_place\":\"Y\",\"lat\":-2.5,\"lon\":0}");
	buf_release(&out);
	home_release(&h);
}

static void test_places_and_numbers(void **state)
{
	static const struct {
		const char *rest, *part;
	} cases[] = {
		{ ",'place':'Somewhere'", "\"event_loc\":{\"extracted_place\":\"Somewhere\"}" },
		{ ",'place':'A @0,0'", "\"lat\":0,\"lon\":0}" },
		{ ",'place':'A @-0.5,0.25'", "\"lat\":-0.5,\"lon\":0.25}" },
		{ ",'injured':0", "\"size\":{\"injured\":0}" },
		{ "", "\"actor\":[{\"sector\":\"UNK\"}],\"event\"" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out;

		export_one(i + 1, "ASSAULT", cases[i].rest, "2012", &out);
		expect_part(&out, cases[i].part);
		buf_release(&out);
	}
}

static void test_a_reader_gets_what_he_may_see(void **state)
{
	struct export_report report;
	struct home h;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	take(&h,
	     "{'kind':'actor','id':'" A "','set':{'name':'Hidden','sector':'MIL','type':'igo'},'tlp':'red'}\n"
	     "{'kind':'actor','id':'" B "','set':{'name':'Open','type':'igo'},'tlp':'clear'}\n"
	     "{'kind':'incident','id':'" I "','set':{'summary':'Shots','type':'ASSAULT','alleged':['" A "','" B "']},"
	     "'when':'2012','tlp':'clear','rule':'chatham_house','says':'" X_SAYS "','source':'Hidden'}\n"
	     "{'kind':'incident','id':'@x','set':{'summary':'Hidden','type':'ASSAULT'},'when':'2012','tlp':'green'}\n");
	report = export_cleared(&h, TLP_CLEAR, plover_export, all, &out);
	assert_int_equal(report.n, 1);
	expect_part(&out, "\"actor\":[{\"sector\":\"UNK\",\"id\":\"" A "\"},{\"code\":\"IGO\",\"entity_text\":\"Open\","
			  "\"id\":\"" B "\"}]");
	expect_no_part(&out, "Hidden");
	expect_no_part(&out, "MIL");
	expect_no_part(&out, X_SAYS);
	buf_release(&out);
	home_release(&h);
}

static void test_an_empty_view_is_an_empty_file(void **state)
{
	struct home h;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	assert_int_equal(export_text(&h, h.view, plover_export, all, &out).n, 0);
	assert_int_equal(out.n, 0);
	buf_release(&out);
	home_release(&h);
}

static void test_it_can_be_stopped(void **state)
{
	struct home h;

	(void)state;
	home_init(&h, 1);
	take(&h, "{'kind':'incident','id':'@a','set':{'summary':'a','type':'ASSAULT'},'when':'2012'}\n"
		 "{'kind':'incident','id':'@b','set':{'summary':'b','type':'ASSAULT'},'when':'2012'}\n");
	expect_stops(&h, plover_export, all);
	home_release(&h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_whole_record),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_an_incident_without_a_beginning_is_left_out),
		cmocka_unit_test(test_codes_that_plover_does_not_have),
		cmocka_unit_test(test_values_that_are_not_what_they_should_be),
		cmocka_unit_test(test_places_and_numbers),
		cmocka_unit_test(test_a_reader_gets_what_he_may_see),
		cmocka_unit_test(test_an_empty_view_is_an_empty_file),
		cmocka_unit_test(test_it_can_be_stopped),
	};

	return run_tests("exchange/plover-out", tests);
}
