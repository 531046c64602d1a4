/* GraphML as rows: keys, defaults, what is skipped and said, and what is refused. */
#include "unit/exchange/rows_fixture.h"

#define EXPECT(text, expected) expect_rows(graphml_rows_open, (text), (expected))
#define FILE_OF(keys, graph) "<graphml>" keys "<graph edgedefault=\"undirected\">" graph "</graph></graphml>"
#define BROKEN(text, expected) EXPECT((text), "open: E_DAMAGED line 1, column " expected "\n")

static void test_nodes_and_edges(void **state)
{
	(void)state;
	EXPECT("\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
	       "<graphml xmlns=\"http://graphml.graphdrawing.org/xmlns\">\r\n"
	       "  <!-- made by hand -->\r\n"
	       "  <key id=\"v\" for=\"node\" attr.name=\"name\" attr.type=\"string\"/>\r\n"
	       "  <graph id=\"G\" edgedefault=\"undirected\">\r\n"
	       "    <node id=\"n0\">\r\n      <data key=\"v\">Hama_Ag_Sid&apos;Hamed</data>\r\n    </node>\r\n"
	       "    <node id=\"n1\"/>\r\n"
	       "    <edge source=\"n0\" target=\"n1\"/>\r\n"
	       "  </graph>\r\n</graphml>\r\n",
	       "6 node: id=n0|name=Hama_Ag_Sid'Hamed\n9 node: id=n1\n10 edge: source=n0|target=n1|directed=false\n");
	EXPECT("<graphml/>", "");
	EXPECT("<graphml><graph/></graphml>", "");
	EXPECT("<graphml><graph edgedefault=\"directed\"><edge id=\"e\" source=\"a\" target=\"b\"/>"
	       "<edge source=\"a\" target=\"b\" directed=\"false\" sourceport=\"N\" "
	       "targetport=\"S\"/></graph></graphml>",
	       "1 edge: source=a|target=b|id=e|directed=true\n"
	       "1 edge: source=a|target=b|directed=false|sourceport=N|targetport=S\n");
	EXPECT("<graphml><graph><edge source=\"a\" target=\"b\"/></graph></graphml>", "1 edge: source=a|target=b\n");
}

static void test_prefixes_do_not_matter(void **state)
{
	(void)state;
	EXPECT("<g:graphml xmlns:g=\"x\"><g:key id=\"k\" attr.name=\"w\"/><g:graph><g:node id=\"a\"><g:data key=\"k\">1"
	       "</g:data></g:node></g:graph></g:graphml>",
	       "1 node: id=a|w=1\n");
	EXPECT("<g:graphml><g:graph><g:node id=\"a\"/></g:graph></g:graphml>", "1 node: id=a\n"); /* declared nowhere */
}

static void test_keys(void **state)
{
	(void)state;
	EXPECT(FILE_OF("<key id=\"a\" for=\"all\" attr.name=\"w\"/><key id=\"b\" for=\"edge\"/><key id=\"c\" "
		       "for=\"graph\"/>"
		       "<key id=\"d\" attr.name=\"\"/><data key=\"c\">1</data>",
		       "<desc>x</desc><data key=\"c\">2</data>"
		       "<node id=\"1\"><data key=\"d\">D</data><data key=\"a\">A</data></node>"
		       "<edge source=\"1\" target=\"1\"><data key=\"b\">B</data><data "
		       "key=\"a\">A</data><desc>said</desc></edge>"),
	       "1 node: id=1|w=A|d=D\n1 edge: source=1|target=1|directed=false|w=A|b=B|desc=said\n");
	/* an attribute called as another column */
	EXPECT(FILE_OF("<key id=\"k\" attr.name=\"id\"/><key id=\"l\" attr.name=\"id\"/>",
		       "<node id=\"1\"><data key=\"k\">K</data><data key=\"l\">L</data></node>"),
	       "1 node: id=1|id.k=K|id.l=L\n");
	EXPECT(FILE_OF("<key id=\"k\" for=\"node\"><desc>x</desc><default> 7 </default></key>",
		       "<node id=\"1\"/><node id=\"2\"><data key=\"k\">8</data></node><node id=\"3\"><data "
		       "key=\"k\"/></node>"
		       "<edge source=\"1\" target=\"2\"/>"),
	       "1 node: id=1|k=7\n1 node: id=2|k=8\n1 node: id=3|k=\n1 edge: source=1|target=2|directed=false\n");
}

static void test_values(void **state)
{
	(void)state;
	EXPECT(FILE_OF("<key id=\"g\" for=\"node\" yfiles.type=\"nodegraphics\"/>",
		       "<node id=\"1\"><data key=\"g\">\n <y:ShapeNode><y:Geometry x=\"1\"/><y:NodeLabel>Ab<i>c</i> d"
		       "<y:More/></y:NodeLabel></y:ShapeNode>\n</data></node>"),
	       "1 node: id=1|label=Abc d\n");
	EXPECT(FILE_OF("<key id=\"k\"/>",
		       "<node id=\"1\"><data key=\"k\"> &lt;a&gt;<![CDATA[ &amp; <b> ]]>&#xe1;&#10;</data>"
		       "</node>"),
	       "1 node: id=1|k=<a> &amp; <b> \xc3\xa1\n");
	EXPECT(FILE_OF("<key id=\"k\"/>", "<node id=\"1\"><data key=\"k\">a<node id=\"2\"/>b</data></node>"),
	       "1 node: id=1|k=ab\n");
}

static void test_what_is_skipped(void **state)
{
	(void)state;
	EXPECT(FILE_OF("", "<node id=\"1\"><port name=\"N\"><port name=\"M\"/></port><port/></node><node id=\"2\"/>"),
	       "E_INVALID line 1, column 55: a port is skipped: nodes are read without their ports\n"
	       "E_INVALID line 1, column 93: a port is skipped: nodes are read without their ports\n"
	       "1 node: id=1\n1 node: id=2\n");
	EXPECT(FILE_OF("", "<node id=\"1\"><graph><node id=\"2\"/><edge/></graph></node>"),
	       "E_INVALID line 1, column 55: a graph inside a node or edge is skipped with all that it holds; make it "
	       "a file of "
	       "its own\n1 node: id=1\n");
	EXPECT(FILE_OF("", "<hyperedge><endpoint node=\"1\"/></hyperedge><node id=\"1\"/>"),
	       "E_INVALID line 1, column 42: a hyperedge is skipped: an edge has two ends; write it as edges between "
	       "pairs\n"
	       "1 node: id=1\n");
	EXPECT("<graphml><graph><node id=\"1\"/></graph>\n<graph><node id=\"1\"/></graph></graphml>",
	       "1 node: id=1\nE_INVALID line 2, column 1: a second graph is skipped: a file is read as one network; "
	       "make it a file "
	       "of its own\n");
}

static void test_rows_that_cannot_be_read(void **state)
{
	(void)state;
	EXPECT(FILE_OF("", "<node/>\n<node id=\"1\"/>"),
	       "E_INVALID line 1, column 42: a node has no id\n2 node: id=1\n");
	EXPECT(FILE_OF("", "<edge source=\"1\"/><edge target=\"1\"/>"),
	       "E_INVALID line 1, column 42: an edge has no source or no target\n"
	       "E_INVALID line 1, column 60: an edge has no source or no target\n");
	EXPECT(FILE_OF("<key id=\"k\" for=\"edge\"/>", "<node id=\"1\"><data key=\"k\">1</data></node><node "
						       "id=\"2\"><data>1</data></node><node id=\"3\"/>"),
	       "E_INVALID line 1, column 79: no key of this id is declared for what this is\n"
	       "E_INVALID line 1, column 121: no key of this id is declared for what this is\n1 node: id=3\n");
	EXPECT(FILE_OF("<key id=\"k\"/>", "<node id=\"1\"><data key=\"k\">1</data><data key=\"k\">2</data></node>"),
	       "E_INVALID line 1, column 90: a value is there twice\n");
}

static void test_files_that_are_broken(void **state)
{
	static const char nul[] = "<graphml><graph>\0<node id=\"1\"/></graph></graphml>";

	(void)state;
	BROKEN("", "1: the file is empty");
	BROKEN("  ", "3: the file ends too early; a part of it is missing");
	BROKEN("id,name\n", "1: not well-formed XML: syntax error");
	BROKEN("<html></html>", "1: not GraphML: the outermost element is not <graphml>");
	BROKEN("\xff\xfe<\0", "1: not UTF-8 text, perhaps UTF-16; save it as UTF-8");
	BROKEN("<graphml", "1: not well-formed XML: unclosed token");
	EXPECT("<graphml>", "E_DAMAGED line 1, column 10: the file ends too early; a part of it is missing\n");
	EXPECT("<graphml><graph><node id=\"1\"/><node id=\"2\">",
	       "1 node: id=1\nE_DAMAGED line 1, column 44: the file ends too early; a part of it is missing\n");
	EXPECT("<graphml><graph><node id=\"1\"/>\n</graphml>",
	       "1 node: id=1\nE_DAMAGED line 2, column 3: not well-formed XML: mismatched tag\n");
	EXPECT("<graphml><graph><node id=\"1\"/><node id=\"\xe1\"/></graph></graphml>",
	       "1 node: id=1\nE_DAMAGED line 1, column 41: not well-formed XML, or not UTF-8 text; in that case save "
	       "it as UTF-8\n");
	EXPECT("<graphml/><graphml/>",
	       "E_DAMAGED line 1, column 11: not well-formed XML: junk after document element\n");
	EXPECT("<graphml><key/></graphml>", "E_DAMAGED line 1, column 10: a key has no id\n");
	EXPECT("<graphml><key id=\"a\"/><key id=\"a\"/></graphml>",
	       "E_DAMAGED line 1, column 23: two keys have the same id\n");
	expect_rows_of(
		graphml_rows_open, nul, sizeof nul - 1,
		"E_DAMAGED line 1, column 17: not well-formed XML, or not UTF-8 text; in that case save it as UTF-8\n");
	/* UTF-8 whatever the declaration says: the source has turned it already */
	EXPECT("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><graphml><graph><node "
	       "id=\"\xc3\xa1\"/></graph></graphml>",
	       "1 node: id=\xc3\xa1\n");
	expect_source_failure(graphml_rows_open, FILE_OF("<key id=\"k\"/>", "<node id=\"1\"/>\n<edge/>"));
}

static void test_entities(void **state)
{
	(void)state;
	BROKEN("<!DOCTYPE graphml [<!ENTITY a \"x\"><!ENTITY b \"&a;&a;&a;\">]><graphml/>",
	       "19: the DOCTYPE declares entities or their like, which are not read; write their text in their place");
	BROKEN("<!DOCTYPE graphml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><graphml/>",
	       "19: the DOCTYPE declares entities or their like, which are not read; write their text in their place");
	BROKEN("<!DOCTYPE graphml [<!ENTITY % a \"x\">%a;]><graphml/>",
	       "19: the DOCTYPE declares entities or their like, which are not read; write their text in their place");
	EXPECT("<!DOCTYPE graphml SYSTEM \"graphml.dtd\"><graphml><graph><node id=\"1\"/></graph></graphml>",
	       "1 node: id=1\n");
	EXPECT("<!DOCTYPE graphml SYSTEM \"x.dtd\"><graphml>&a;</graphml>",
	       "E_DAMAGED line 1, column 43: an entity whose text is not in the file; write the text in its place\n");
	EXPECT("<graphml>&a;</graphml>", "E_DAMAGED line 1, column 10: not well-formed XML: undefined entity\n");
}

/* Of 257 elements in each other, one is refused; no depth is too deep for the program. */
static void test_depth(void **state)
{
	struct buf text;

	(void)state;
	repeat(&text, "<graphml>", "<a>", 255, "");
	expect_rows_in(graphml_rows_open, &text, "the file ends too early", "256");
	repeat(&text, "<graphml>", "<a>", 256, "");
	expect_rows_in(graphml_rows_open, &text,
		       "E_DAMAGED line 1, column 775: more than 256 elements inside each other", NULL);
	repeat(&text, "", "<graphml>", 1000000, "");
	expect_rows_in(graphml_rows_open, &text, "more than 256 elements inside each other", NULL);
}

#define VALUE_BEFORE "<graphml><key id=\"k\"/><graph><node id=\"1\"><data key=\"k\">"
#define VALUE_AFTER "</data></node><node id=\"2\"/></graph></graphml>"

static void test_sizes(void **state)
{
	struct buf text;

	(void)state;
	repeat(&text, VALUE_BEFORE, "x", ROW_BYTES_MAX - 1, VALUE_AFTER);
	expect_rows_in(graphml_rows_open, &text, "xxx\n1 node: id=2\n", "E_");
	repeat(&text, VALUE_BEFORE, "x", ROW_BYTES_MAX, VALUE_AFTER);
	expect_rows_in(graphml_rows_open, &text, "E_LIMIT line 1: this row is larger than 1 MiB", NULL);
	repeat(&text, VALUE_BEFORE, "x", (size_t)30 * ROW_BYTES_MAX, VALUE_AFTER);
	expect_rows_in(graphml_rows_open, &text, "split it\n1 node: id=2\n", "xxx");
	repeat(&text, "<graphml><graph><node id=\"", "x", (size_t)2 * ROW_BYTES_MAX, "\"/></graph></graphml>");
	expect_rows_in(graphml_rows_open, &text, "E_DAMAGED line 1, column 17: a tag or comment is larger than 1 MiB",
		       NULL);
	repeat(&text, "<graphml><!--", "x", (size_t)2 * ROW_BYTES_MAX, "--></graphml>");
	expect_rows_in(graphml_rows_open, &text, "E_DAMAGED line 1, column 10: a tag or comment is larger than 1 MiB",
		       NULL);
	repeat(&text, "<graphml><key id=\"k\"><default>", "x", 65537, "</default></key></graphml>");
	expect_rows_in(graphml_rows_open, &text, "E_DAMAGED line 1, column 65568: the defaults of the keys are larger",
		       NULL);
	buf_init(&text, 1024 * 1024);
	buf_text(&text, "<graphml>");
	for (int i = 0; i < ROW_COLUMNS_MAX; i++) /* id is there already */
		buf_printf(&text, "<key id=\"k%d\" for=\"node\"/>", i);
	buf_text(&text, "</graphml>");
	expect_rows_in(graphml_rows_open, &text, "E_DAMAGED line 1, column 56216: more than 2048 columns", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nodes_and_edges),
		cmocka_unit_test(test_prefixes_do_not_matter),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_what_is_skipped),
		cmocka_unit_test(test_rows_that_cannot_be_read),
		cmocka_unit_test(test_files_that_are_broken),
		cmocka_unit_test(test_entities),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_sizes),
	};

	return run_tests("graphml_rows", tests);
}
