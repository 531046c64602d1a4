/* GML as rows: lists in lists, repeated keys, texts with entities, and what is refused. */
#include "unit/exchange/rows_fixture.h"

#include "exchange/gml_text.h"
#include "exchange/rows_internal.h"

#define EXPECT(text, expected) expect_rows(gml_rows_open, (text), (expected))

static void test_nodes_and_edges(void **state)
{
	(void)state;
	EXPECT("Creator \"by hand\"\nVersion 1\ngraph\n[\n  directed 0\n  node\n  [\n    id 0\n    name "
	       "\"Abdel_Hakim\"\n  ]\n"
	       "  node [ id 1 ]\n  edge\n  [\n    source 1\n    target 0\n    value -1.5E+3\n  ]\n]\n",
	       "6 node: id=0|name=Abdel_Hakim\n11 node: id=1\n12 edge: "
	       "source=1|target=0|directed=false|value=-1.5E+3\n");
	EXPECT("\xef\xbb\xbfGraph[Node[id 1]Edge[source 1 target 1]]", "1 node: id=1\n1 edge: source=1|target=1\n");
	EXPECT("graph [ directed 1 edge [ source 1 target 2 ] edge [ source 2 target 1 directed 0 ] ]",
	       "1 edge: source=1|target=2|directed=true\n1 edge: source=2|target=1|directed=0\n");
	EXPECT("graph [\r\n# node [ id 1 ]\r\n node [ id 2 # \"x ]\r\n ] ]\r\n# end", "3 node: id=2\n");
	EXPECT("graph [ ] ", "");
	EXPECT("#\ngraph [ node [ id 1 ] ] comment [ node [ id 2 ] ]", "2 node: id=1\n");
}

static void test_lists_in_lists(void **state)
{
	(void)state;
	EXPECT("graph [ label \"x\" node [ id 1 graphics [ x 1.0 y -2 Line [ point [ x 1 y 2 ] point [ x 3 y 4 ] ] w [ "
	       "] ] "
	       "alias \"a\" alias \"b\" ] ]",
	       "1 node: id=1|graphics.x=1.0|graphics.y=-2|graphics.Line.point.x=1; 3|graphics.Line.point.y=2; "
	       "4|alias=a; b\n");
	EXPECT("graph [ a [ node [ id 1 ] ] node [ a [ id 2 ] id 3 ] ]", "1 node: id=3|a.id=2\n");
	EXPECT("graph [ node [ id 1 x NAN y -INF z +inf ] ]", "1 node: id=1|x=NAN|y=-INF|z=+inf\n");
}

static void expect_text(const char *written, const char *meant)
{
	char text[128];

	snprintf(text, sizeof text, "%s", written);
	text[gml_text_decode(text, strlen(text))] = 0;
	assert_string_equal(text, meant);
}

static void test_texts(void **state)
{
	(void)state;
	EXPECT("graph [ node [ id 1 name \"a\n [b] # &quot;c&quot; &#233;\" short \"\" ] node [ id \"x\xc3\xa9\" ] ]",
	       "1 node: id=1|name=a\n [b] # \"c\" \xc3\xa9|short=\n2 node: id=x\xc3\xa9\n");
	expect_text("&amp;lt;&lt;&gt;&apos;&quot;", "&lt;<>'\"");
	expect_text("&nbsp;&Eacute;&yuml;&times;", "\xc2\xa0\xc3\x89\xc3\xbf\xc3\x97");
	expect_text("&#65;&#x42;&#Xe9;&#8364;&#x1F54A;&#0065;", "AB\xc3\xa9\xe2\x82\xac\xf0\x9f\x95\x8a"
								"A");
	expect_text("AT&T &; &#; &#x; &#xg; &#12a; &#0; &#xd800; &#x110000; &unknown; &amp &", /* as it stands */
		    "AT&T &; &#; &#x; &#xg; &#12a; &#0; &#xd800; &#x110000; &unknown; &amp &");
	expect_text("&#99999999;&#x99999999;&amp", "&#99999999;&#x99999999;&amp");
}

static void test_rows_that_cannot_be_read(void **state)
{
	static const struct {
		const char *row, *reason;
	} cases[] = {
		{ "node [ ]", "E_INVALID line 1, column 16: the node that ends here has no id\n" },
		{ "node [ id 1 id 2 ]",
		  "E_INVALID line 1, column 24: a node or edge has two of id, source or target\n" },
		{ "edge [ target 1 ]", "E_INVALID line 1, column 25: the edge that ends here has no source\n" },
		{ "edge [ source 1 ]", "E_INVALID line 1, column 25: the edge that ends here has no target\n" },
		{ "node [ id ]", "E_INVALID line 1, column 19: a key has no value\n" },
		{ "node [ id one ]",
		  "E_INVALID line 1, column 19: expected a number, a text in quotation marks or a list in [ and ]\n" },
		{ "node [ id 1.2.3 ]", "E_INVALID line 1, column 19: expected a number" },
		{ "node [ id 1 \"x\" ]", "E_INVALID line 1, column 21: expected a key before a value\n" },
		{ "node [ id 1 2 ]", "E_INVALID line 1, column 21: expected a key before a value\n" },
		{ "node [ id 1 [ a 1 ] ]", "E_INVALID line 1, column 21: expected a key before a list\n" },
		{ "node [ id 1 ,a 2 ]", "E_INVALID line 1, column 21: expected a key, which begins with a letter\n" },
		{ "node [ id 1 a \"\xe1\" ]", "E_INVALID line 1: a value of this row is not UTF-8 text" },
		{ "node [ id 1 a\xe1 1 ]", "E_INVALID line 1, column 24: the name of a column is not UTF-8 text" },
		{ "node [ id 1 x [ y [ z one ] ] w [ x 1 ] ]", "E_INVALID line 1, column 31: expected a number" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf text;

		repeat(&text, "graph [ ", cases[i].row, 1, "\nnode [ id 7 ] ]");
		expect_rows_in(gml_rows_open, &text, cases[i].reason, NULL);
		repeat(&text, "graph [ ", cases[i].row, 1, "\nnode [ id 7 ] ]");
		expect_rows_in(gml_rows_open, &text, "\n2 node: id=7\n", "1 node"); /* the next one is read */
	}
	EXPECT("graph [ node [ id 1 ] ]\ngraph [ node [ id 1 ] ]",
	       "1 node: id=1\nE_INVALID line 2, column 1: a second graph is skipped: a file is read as one network; "
	       "make it a file "
	       "of its own\n");
}

static void test_files_that_are_broken(void **state)
{
	static const char nul[] = "graph [ node [ id 1 a \"\0\" ] \0 ]";

	(void)state;
	EXPECT("", "open: E_DAMAGED line 1, column 1: the file is empty\n");
	EXPECT(" \n# nothing\n", "open: E_DAMAGED line 3, column 1: the file is empty\n");
	EXPECT("id,name\n1,x\n", "open: E_DAMAGED line 1, column 1: not GML: expected a key, such as graph\n");
	EXPECT("<graphml/>", "open: E_DAMAGED line 1, column 1: not GML: expected a key, such as graph\n");
	EXPECT("*Vertices 1", "open: E_DAMAGED line 1, column 1: not GML: expected a key, such as graph\n");
	EXPECT("\xfe\xffg", "open: E_DAMAGED line 1, column 1: not UTF-8 text, perhaps UTF-16; save it as UTF-8\n");
	EXPECT("hello world",
	       "E_DAMAGED line 1, column 7: expected a number, a text in quotation marks or a list in [ and ]\n");
	EXPECT("Version 1", "E_DAMAGED line 1, column 10: the file has no graph [ ]\n");
	EXPECT("graph [ node [ id 1 ]", "1 node: id=1\nE_DAMAGED line 1, column 22: the file ends inside the graph; a "
					"part of it is missing, or its ] is\n");
	EXPECT("graph [ node [ id 1", "E_DAMAGED line 1, column 20: the file ends inside a node or edge; a part of it "
				      "is missing, or its ] is\n");
	EXPECT("graph [ a [ b 1  ",
	       "E_DAMAGED line 1, column 18: the file ends inside a list; a part of it is missing, or its ] is\n");
	EXPECT("graph [\nnode [ id \"1 ]\n]\n", "E_DAMAGED line 2, column 11: the \" that ends this text is missing\n");
	EXPECT("graph [ ] ]", "E_DAMAGED line 1, column 11: expected a key, which begins with a letter\n");
	EXPECT("graph [ 1 ]", "E_DAMAGED line 1, column 9: expected a key, which begins with a letter\n");
	EXPECT("graph [ a ]",
	       "E_DAMAGED line 1, column 11: expected a number, a text in quotation marks or a list in [ and ]\n");
	expect_rows_of(gml_rows_open, nul, sizeof nul - 1,
		       "E_INVALID line 1: a value of this row is not UTF-8 text; save the file as UTF-8\n"
		       "E_DAMAGED line 1, column 29: expected a key, which begins with a letter\n");
	expect_source_failure(gml_rows_open, "graph [ # x\n a [ b 1 ] directed 1 node [ id 1 a \"x\" ] ] ");
}

static void test_limits(void **state)
{
	struct buf text;

	(void)state;
	repeat(&text, "graph [ node [ id 1", " a [", 15, " b 1 ]]]]]]]]]]]]]]]] ]");
	expect_rows_in(gml_rows_open, &text, "a.a.a.b=1\n", "E_");
	repeat(&text, "graph [ node [ id 1", " a [", 16, " b 1 ]]]]]]]]]]]]]]]]] node [ id 2 ] ]");
	expect_rows_in(gml_rows_open, &text,
		       "E_LIMIT line 1, column 83: more than 16 lists in each other\n1 node: id=2\n", "1 node: id=1");
	repeat(&text, "graph [ node [", " a [", 1000000, "");
	expect_rows_in(gml_rows_open, &text, "the file ends inside a node or edge", NULL);
	repeat(&text, "", "graph [ ", 1000000, "");
	expect_rows_in(gml_rows_open, &text, "the file ends inside a list", NULL);
	repeat(&text, "graph [ node [ id 1 a \"", "x", ROW_BYTES_MAX - 1, "\" ] node [ id 2 ] ]");
	expect_rows_in(gml_rows_open, &text, "xxx\n1 node: id=2\n", "E_");
	repeat(&text, "graph [ node [ id 1 a \"", "x", ROW_BYTES_MAX, "\" ] node [ id 2 ] ]");
	expect_rows_in(gml_rows_open, &text, "E_LIMIT line 1: this row is larger than 1 MiB", "xxx");
	repeat(&text, "graph [ node [ id 1", " a 1", 70000, " ] node [ id 2 ] ]");
	expect_rows_in(gml_rows_open, &text, "split it\n1 node: id=2\n", NULL);
	repeat(&text, "graph [ node [ id 1 ", "a", (size_t)2 * ROW_BYTES_MAX, " 1 ] node [ id 2 ] ]");
	expect_rows_in(gml_rows_open, &text, "E_INVALID line 1, column 21: expected a key, which begins", NULL);
	repeat(&text, "graph [ node [ id 1 ", "a", COLUMN_NAME_MAX + 1, " 1 ] node [ id 2 ] ]");
	expect_rows_in(gml_rows_open, &text, "E_LIMIT line 1, column 21: the names of keys in each other are too long",
		       NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nodes_and_edges),
		cmocka_unit_test(test_lists_in_lists),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_rows_that_cannot_be_read),
		cmocka_unit_test(test_files_that_are_broken),
		cmocka_unit_test(test_limits),
	};

	return run_tests("gml_rows", tests);
}
