/* Networks: what becomes a node, what an edge, since when until when; and XML that every parser takes. */
#include "unit/exchange/export_fixture.h"

#include "exchange/graph_out.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccc"
#define D "dddddddddddddddddddddddddddddddd"
#define T "11111111111111111111111111111111"
#define X_SAYS "22222222222222222222222222222222"
#define Y_SAYS "33333333333333333333333333333333"

static const struct export_request ties = { 0 };

/* Two actors of that name; nothing is known of them but that. */
#define TWO_ACTORS                                                                                                     \
	"{'kind':'actor','id':'" A "','set':{'name':'Front'}}\n{'kind':'actor','id':'" B "','set':{'name':'Wing'}}\n"

static int count_of(const struct buf *out, const char *part)
{
	int n = 0;

	for (const char *at = buf_str(out); (at = strstr(at, part)) != NULL; at += strlen(part))
		n++;
	return n;
}

static void collect(struct home *h, struct view *view, unsigned with, struct graph *ret, struct export_report *report)
{
	memset(ret, 0, sizeof *ret);
	memset(report, 0, sizeof *report);
	expect_ok(graph_collect(view, &(struct export_request){ .with = with }, ret, report, &h->err), &h->err);
	assert_int_equal(report->n, ret->nodes.n);
	assert_int_equal(report->n_edges, ret->edges.n);
}

static const struct graph_item *node_of(const struct graph *g, const char *label)
{
	for (size_t i = 0; i < g->nodes.n; i++)
		if (strcmp(g->nodes.items[i].label, label) == 0)
			return &g->nodes.items[i];
	fail_msg("there is no node %s", label);
	return NULL;
}

static const char *value_in(const struct graph_part *part, const struct graph_item *item, const char *column)
{
	for (size_t i = 0; i < item->n_values; i++)
		if (strcmp(part->columns[item->values[i].column].name, column) == 0)
			return item->values[i].text;
	return NULL;
}

static void expect_days(const struct span *span, const char *first, const char *last)
{
	char from[WHEN_TEXT_MAX], to[WHEN_TEXT_MAX];

	span_days(span, from, to);
	assert_string_equal(from, first);
	assert_string_equal(to, last);
}

/* --- what is in it ----------------------------------------------------------------------------------------- */

static void test_actors_persons_and_ties(void **state)
{
	struct export_report report;
	struct graph g;
	struct home h;

	(void)state;
	home_init(&h, 1);
	take(&h,
	     "{'kind':'actor','id':'" A "','set':{'name':'Front','type':'insurgent_group','level':'top','armed':true,"
	     "'strength':7000,'founded':'1964-05','dissolved':'2017','external_ids':['ucdp:743','x:1']}}\n"
	     "{'kind':'person','id':'" B "','set':{'name':'Ana','gender':'woman'}}\n"
	     "{'kind':'tie','id':'" T "','set':{'from':'" B "','to':'" A "','code':'speaks_for','sign':'cooperative',"
	     "'strength':'0.7','secrecy':'open'},'when':'2012-08-26/2016','known':'2013','source':'Paper'}\n");
	collect(&h, h.view, 0, &g, &report);
	assert_int_equal(g.nodes.n, 2);
	assert_int_equal(g.edges.n, 1);
	assert_string_equal(value_in(&g.nodes, node_of(&g, "Front"), "kind"), "actor");
	assert_string_equal(value_in(&g.nodes, node_of(&g, "Front"), "armed"), "true");
	assert_string_equal(value_in(&g.nodes, node_of(&g, "Front"), "strength"), "7000");
	assert_string_equal(value_in(&g.nodes, node_of(&g, "Front"), "external_ids"), "ucdp:743; x:1");
	assert_string_equal(value_in(&g.nodes, node_of(&g, "Ana"), "kind"), "person");
	assert_null(value_in(&g.nodes, node_of(&g, "Ana"), "type"));
	assert_int_equal(node_of(&g, "Front")->n_spans, 1);
	expect_days(node_of(&g, "Front")->spans, "1964-05-01", "2017-12-31");
	assert_int_equal(node_of(&g, "Ana")->n_spans, 0);
	assert_string_equal(g.edges.items[0].id, T);
	assert_string_equal(g.edges.items[0].label, "speaks_for");
	assert_string_equal(g.nodes.items[g.edges.items[0].source].label, "Ana");
	assert_string_equal(g.nodes.items[g.edges.items[0].target].label, "Front");
	assert_string_equal(value_in(&g.edges, &g.edges.items[0], "strength"), "0.7");
	assert_string_equal(value_in(&g.edges, &g.edges.items[0], "when"), "2012-08-26/2016");
	assert_string_equal(value_in(&g.edges, &g.edges.items[0], "known"), "2013");
	expect_days(g.edges.items[0].spans, "2012-08-26", "2016-12-31");
	graph_release(&g);
	home_release(&h);
}

static void test_the_ends_of_an_edge_are_no_attributes(void **state)
{
	struct export_report report;
	struct graph g;
	struct home h;

	(void)state;
	home_init(&h, 1);
	collect(&h, h.view, WITH_MANDATE, &g, &report);
	for (size_t i = 0; i < g.edges.n_columns; i++) {
		assert_string_not_equal(g.edges.columns[i].name, "from");
		assert_string_not_equal(g.edges.columns[i].name, "holder");
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(g.edges.columns[i].name, g.edges.columns[k].name);
	}
	graph_release(&g);
	home_release(&h);
}

static void test_tables_at_the_end_of_a_tie_are_nodes(void **state)
{
	struct export_report report;
	struct graph g;
	struct home h;

	(void)state;
	home_init(&h, 1);
	take(&h, TWO_ACTORS "{'kind':'dialogue','id':'" C "','set':{'name':'Table','track':'1'},'when':'2012'}\n"
			    "{'kind':'dialogue','id':'" D "','set':{'name':'Other','track':'2'}}\n"
			    "{'kind':'tie','id':'" T "','set':{'from':'" A "','to':'" C "','code':'hosts'}}\n");
	collect(&h, h.view, 0, &g, &report);
	assert_int_equal(g.nodes.n, 3);
	assert_string_equal(value_in(&g.nodes, node_of(&g, "Table"), "kind"), "dialogue");
	expect_days(node_of(&g, "Table")->spans, "2012-01-01", "2012-12-31");
	assert_string_equal(g.nodes.items[g.edges.items[0].target].id, C);
	graph_release(&g);
	home_release(&h);
}

static void test_more_edges_on_request(void **state)
{
	struct export_report report;
	struct graph g;
	struct home h;

	(void)state;
	home_init(&h, 1);
	take(&h, TWO_ACTORS
	     "{'kind':'alignment','id':'@al1','set':{'actor':'" A "','side':'south'}}\n"
	     "{'kind':'alignment','id':'@al2','set':{'actor':'" B "','side':'south','contested':true},'when':'2012'}\n"
	     "{'kind':'alignment','id':'@al3','set':{'actor':'" B "','side':'north'}}\n"
	     "{'kind':'mandate','id':'@m1','set':{'holder':'" B "','giver':'" A "','scope':'All'}}\n"
	     "{'kind':'mandate','id':'@m2','set':{'holder':'" B "','scope':'From nobody'}}\n"
	     "{'kind':'session','id':'" C "','set':{'title':'First'},'when':'2012-03'}\n"
	     "{'kind':'attendance','id':'@at','set':{'session':'" C "','who':'" A "','role':'negotiator'}}\n");
	collect(&h, h.view, 0, &g, &report);
	assert_int_equal(g.nodes.n, 2);
	assert_int_equal(g.edges.n, 0);
	graph_release(&g);
	collect(&h, h.view, WITH_ALIGNMENT | WITH_MANDATE | WITH_ATTENDANCE, &g, &report);
	assert_int_equal(g.nodes.n, 5);
	assert_int_equal(g.edges.n, 5);
	assert_int_equal(report.lost[LOSS_ENDS], 1);
	assert_string_equal(node_of(&g, "north")->id, "side-1");
	assert_string_equal(value_in(&g.nodes, node_of(&g, "south"), "kind"), "side");
	assert_string_equal(value_in(&g.nodes, node_of(&g, "First"), "kind"), "session");
	assert_int_equal(g.edges.columns[0].type, GRAPH_TEXT);
	graph_release(&g);
	home_release(&h);
}

static void test_times_that_one_speaker_names(void **state)
{
	struct export_report report;
	struct graph g;
	struct home h;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	take(&h, TWO_ACTORS
	     "{'kind':'tie','id':'" T "','set':{'from':'" A "','to':'" B
	     "','code':'funds'},'when':'2016','says':'" X_SAYS "','grade':'A1'}\n"
	     "{'kind':'tie','id':'" T "','set':{'sign':'mixed'},'when':'2012-03/2012-05','says':'" X_SAYS "'}\n"
	     "{'kind':'tie','id':'" T "','set':{'sign':'hostile'},'when':'2012-04/2012-06-10','says':'" X_SAYS "'}\n"
	     "{'kind':'tie','id':'" T "','set':{'code':'kin'},'when':'2019/..','says':'" Y_SAYS "','grade':'F6'}\n");
	collect(&h, h.view, 0, &g, &report);
	assert_int_equal(g.edges.items[0].n_spans, 2);
	expect_days(&g.edges.items[0].spans[0], "2012-03-01", "2012-06-10");
	expect_days(&g.edges.items[0].spans[1], "2016-01-01", "2016-12-31");
	graph_release(&g);
	report = export_text(&h, h.view, gexf_export, ties, &out);
	expect_part(&out, "<spells><spell start=\"2012-03-01\" end=\"2012-06-10\"/><spell start=\"2016-01-01\" "
			  "end=\"2016-12-31\"/></spells></edge>");
	assert_int_equal(report.lost[LOSS_SPANS], 0);
	buf_release(&out);
	report = export_text(&h, h.view, graphml_export, ties, &out);
	expect_part(&out, "<data key=\"e1\">2012-03-01</data><data key=\"e2\">2016-12-31</data>");
	assert_int_equal(report.lost[LOSS_SPANS], 1);
	buf_release(&out);
	home_release(&h);
}

static void test_ends_of_time(void **state)
{
	static const struct {
		const char *when, *days;
	} cases[] = {
		{ "2012-02-29", " start=\"2012-02-29\" end=\"2012-02-29\">" },
		{ "2012-08-26T14:05Z", " start=\"2012-08-26\" end=\"2012-08-26\">" },
		{ "2012-08-26T23Z/2012-08-27T00Z", " start=\"2012-08-26\" end=\"2012-08-27\">" },
		{ "2012/..", " start=\"2012-01-01\">" },
		{ "../2012", " end=\"2012-12-31\">" },
		{ "0001/9999", " start=\"0001-01-01\" end=\"9999-12-31\">" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char line[512];
		struct home h;
		struct buf out;

		home_init(&h, i + 1);
		snprintf(line, sizeof line,
			 TWO_ACTORS "{'kind':'tie','id':'" T "','set':{'from':'" A "','to':'" B
				    "','code':'kin'},'when':'%s'}\n",
			 cases[i].when);
		take(&h, line);
		export_text(&h, h.view, gexf_export, ties, &out);
		expect_part(&out, cases[i].days);
		buf_release(&out);
		home_release(&h);
	}
}

static void test_values_that_are_not_what_they_should_be(void **state)
{
	struct export_report report;
	struct graph g;
	struct home h;

	(void)state;
	home_init(&h, 1);
	append(&h, "{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"" A "\",\"set\":{\"name\":\"A\",\"strength\":"
		   "\"about 20\",\"armed\":\"yes\",\"founded\":\"long ago\"}}");
	append(&h, "{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"" B "\",\"set\":{\"name\":\"B\",\"founded\":"
		   "\"2016\",\"dissolved\":\"2015\"}}");
	collect(&h, h.view, 0, &g, &report);
	assert_int_equal(report.lost[LOSS_TYPES], 2);
	assert_int_equal(report.lost[LOSS_DATES], 2);
	assert_null(value_in(&g.nodes, node_of(&g, "A"), "strength"));
	assert_null(value_in(&g.nodes, node_of(&g, "A"), "armed"));
	assert_string_equal(value_in(&g.nodes, node_of(&g, "A"), "founded"), "long ago");
	assert_int_equal(node_of(&g, "A")->n_spans, 0);
	assert_int_equal(node_of(&g, "B")->n_spans, 0);
	graph_release(&g);
	home_release(&h);
	assert_true(text_is_whole("-12") && text_is_whole("0") && text_is_whole("999999999999999999"));
	assert_false(text_is_whole("") || text_is_whole("-") || text_is_whole("1.0") || text_is_whole("1 "));
	assert_false(text_is_whole("9999999999999999999"));
	assert_true(text_is_decimal("-12.50") && text_is_decimal("3") && text_is_decimal("0.7"));
	assert_false(text_is_decimal(".7") || text_is_decimal("7.") || text_is_decimal("1e5") ||
		     text_is_decimal("--1"));
}

/* --- readers ----------------------------------------------------------------------------------------------- */

static void test_no_tie_without_both_ends(void **state)
{
	struct export_report report;
	struct home h;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	take(&h, "{'kind':'actor','id':'" A "','set':{'name':'Open'},'tlp':'clear'}\n"
		 "{'kind':'actor','id':'" B "','set':{'name':'Hidden'},'tlp':'red'}\n"
		 "{'kind':'actor','id':'" C "','set':{'name':'Also open'},'tlp':'clear'}\n"
		 "{'kind':'tie','id':'" T "','set':{'from':'" A "','to':'" B "','code':'funds'},'tlp':'clear'}\n"
		 "{'kind':'tie','id':'" D "','set':{'from':'" A "','to':'" C "','code':'kin'},'tlp':'clear',"
		 "'rule':'chatham_house','says':'" X_SAYS "','source':'Hidden'}\n");
	report = export_cleared(&h, TLP_CLEAR, gexf_export, ties, &out);
	assert_int_equal(report.n, 2);
	assert_int_equal(report.n_edges, 1);
	assert_int_equal(report.lost[LOSS_ENDS], 1);
	expect_no_part(&out, "Hidden");
	expect_no_part(&out, B);
	expect_no_part(&out, X_SAYS);
	expect_part(&out, "kind=\"kin\"");
	buf_release(&out);
	report = export_cleared(&h, TLP_RED, graphml_export, ties, &out);
	assert_int_equal(report.n, 3);
	assert_int_equal(report.n_edges, 2);
	expect_part(&out, B);
	buf_release(&out);
	home_release(&h);
}

/* --- XML --------------------------------------------------------------------------------------------------- */

static void test_what_xml_cannot_hold(void **state)
{
	static const struct {
		const char *text, *xml;
		int lost;
	} cases[] = {
		{ "", "", 0 },
		{ "a<b>&\"'c", "a&lt;b&gt;&amp;&quot;'c", 0 },
		{ "]]>", "]]&gt;", 0 },
		{ "1\n2\r3\t4", "1&#10;2&#13;3&#9;4", 0 },
		{ "\x01\x02x\x1b[31m\x7f", "x[31m\x7f", 3 },
		{ "\xef\xbf\xbe\xef\xbf\xbf\xef\xbf\xbd\xef\xbb\xbf", "\xef\xbf\xbd\xef\xbb\xbf", 2 },
		{ "\xd7\xa9\xe2\x80\xae\xf0\x9f\x95\x8a", "\xd7\xa9\xe2\x80\xae\xf0\x9f\x95\x8a", 0 },
		{ "\xef", "\xef", 0 }, /* never happens: texts of the record are UTF-8 */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf out;
		uint64_t lost = 0;

		buf_init(&out, 1024);
		xml_put(&out, cases[i].text, &lost);
		assert_string_equal(buf_str(&out), cases[i].xml);
		assert_int_equal(lost, cases[i].lost);
		buf_release(&out);
	}
}

static void test_hostile_labels(void **state)
{
	export_fn *const formats[] = { graphml_export, gexf_export };
	struct home h;

	(void)state;
	home_init(&h, 1);
	append_actor(&h, A, "<script>\"x\" & 'y'</script>\x1b\n]]>");
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		struct buf out;
		struct export_report report = export_text(&h, h.view, formats[i], ties, &out);

		expect_part(&out, "&lt;script&gt;&quot;x&quot; &amp; 'y'&lt;/script&gt;&#10;]]&gt;");
		expect_no_part(&out, "<script>");
		expect_no_part(&out, "\x1b");
		assert_int_equal(report.lost[LOSS_CHARACTERS], 2); /* in the label and in the name */
		buf_release(&out);
	}
	home_release(&h);
}

static void test_an_empty_view_is_a_whole_file(void **state)
{
	struct home h;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	assert_int_equal(export_text(&h, h.view, graphml_export, ties, &out).n, 0);
	expect_part(&out, "  <graph edgedefault=\"directed\">\n  </graph>\n</graphml>\n");
	assert_int_equal(count_of(&out, "<key "), count_of(&out, "/>"));
	buf_release(&out);
	assert_int_equal(export_text(&h, h.view, gexf_export, ties, &out).n, 0);
	expect_part(&out,
		    "<nodes count=\"0\">\n    </nodes>\n    <edges count=\"0\">\n    </edges>\n  </graph>\n</gexf>\n");
	buf_release(&out);
	home_release(&h);
}

static void test_they_can_be_stopped(void **state)
{
	struct home h;

	(void)state;
	home_init(&h, 1);
	take(&h, TWO_ACTORS "{'kind':'actor','id':'@x','set':{'name':'X'}}\n");
	expect_stops(&h, graphml_export, ties);
	expect_stops(&h, gexf_export, ties);
	home_release(&h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_actors_persons_and_ties),
		cmocka_unit_test(test_the_ends_of_an_edge_are_no_attributes),
		cmocka_unit_test(test_tables_at_the_end_of_a_tie_are_nodes),
		cmocka_unit_test(test_more_edges_on_request),
		cmocka_unit_test(test_times_that_one_speaker_names),
		cmocka_unit_test(test_ends_of_time),
		cmocka_unit_test(test_values_that_are_not_what_they_should_be),
		cmocka_unit_test(test_no_tie_without_both_ends),
		cmocka_unit_test(test_what_xml_cannot_hold),
		cmocka_unit_test(test_hostile_labels),
		cmocka_unit_test(test_an_empty_view_is_a_whole_file),
		cmocka_unit_test(test_they_can_be_stopped),
	};

	return run_tests("exchange/graph-out", tests);
}
