/* Pajek's networks as rows: every section, attributes, times, relations, matrices, and what is refused. */
#include "unit/exchange/rows_fixture.h"

#define EXPECT(text, expected) expect_rows(pajek_rows_open, (text), (expected))
#define V2 "*Vertices 2\n1\n2\n"
#define ROWS_OF_V2 "2 node: id=1\n3 node: id=2\n"
#define NO_VERTEX "expected the number of a vertex, from 1 to that behind *Vertices\n"

static void test_vertices(void **state)
{
	(void)state;
	EXPECT("*Vertices 3\n1 \"Abu Bakar Ba'asyir\"\n 2 Adung\n3\n",
	       "2 node: id=1|label=Abu Bakar Ba'asyir\n3 node: id=2|label=Adung\n4 node: id=3\n");
	EXPECT("\xef\xbb\xbf% by hand\n\n*network test\n*VERTICES 2\n01 \"\" 0.1 -2e-1 0.5 ellipse ic Red bc \"Dark "
	       "Blue\" x_fact 2 [1-3,5-*]\n"
	       "2 b 0.5 box\n",
	       "5 node: id=1|label=|x=0.1|y=-2e-1|z=0.5|shape=ellipse|ic=Red|bc=Dark Blue|x_fact=2|time=1-3,5-*\n"
	       "6 node: id=2|label=b|x=0.5|shape=box\n");
	EXPECT("*Vertices 2\n1 [1-3]\n2 a[1] [4, 5]\n", "2 node: id=1|time=1-3\n3 node: id=2|label=a[1]|time=4, 5\n");
	EXPECT("*Vertices 0\n", "");
}

/* A file may leave vertices out that have no more than a number. */
static void test_vertices_not_listed(void **state)
{
	(void)state;
	EXPECT("*Vertices 2\n*Edges\n1 2\n", "1 node: id=1\n1 node: id=2\n3 edge: source=1|target=2|directed=false\n");
	EXPECT("\n*Vertices 3\n2 b", "3 node: id=2|label=b\n2 node: id=1\n2 node: id=3\n");
	EXPECT("*Vertices 17 16\n",
	       "1 node: id=1|mode=1\n1 node: id=2|mode=1\n1 node: id=3|mode=1\n1 node: id=4|mode=1\n"
	       "1 node: id=5|mode=1\n1 node: id=6|mode=1\n1 node: id=7|mode=1\n1 node: id=8|mode=1\n"
	       "1 node: id=9|mode=1\n1 node: id=10|mode=1\n1 node: id=11|mode=1\n1 node: id=12|mode=1\n"
	       "1 node: id=13|mode=1\n1 node: id=14|mode=1\n1 node: id=15|mode=1\n1 node: id=16|mode=1\n"
	       "1 node: id=17|mode=2\n");
}

static void test_edges(void **state)
{
	(void)state;
	EXPECT(V2 "*Arcs\n1 2\n 2 1 -0.5\n*Edges\n1 1 3 w 2 c Blue l \"an edge\" p Dashed [2-3]\n", ROWS_OF_V2
	       "5 edge: source=1|target=2|directed=true\n6 edge: source=2|target=1|weight=-0.5|directed=true\n"
	       "8 edge: source=1|target=1|weight=3|directed=false|w=2|c=Blue|l=an edge|p=Dashed|time=2-3\n");
	EXPECT(V2 "*Arcs :2 \"is kin of\"\n1 2 1\n*Edges :10\n1 2\n*Edges\n3: 1 2 7\n",
	       ROWS_OF_V2 "5 edge: source=1|target=2|weight=1|directed=true|relation=is kin of|relation_number=2\n"
			  "7 edge: source=1|target=2|directed=false|relation=10|relation_number=10\n"
			  "9 edge: source=1|target=2|weight=7|directed=false|relation=3|relation_number=3\n");
	EXPECT(V2 "*Arcslist :1 a\n1 2 1\n\n2\n*Edgeslist\n 2 1\n",
	       ROWS_OF_V2 "5 edge: source=1|target=2|directed=true|relation=a|relation_number=1\n"
			  "5 edge: source=1|target=1|directed=true|relation=a|relation_number=1\n"
			  "9 edge: source=2|target=1|directed=false\n");
}

static void test_matrices(void **state)
{
	(void)state;
	EXPECT(V2 "*Matrix\n0 1.5\n-1 0.00\n", ROWS_OF_V2 "5 edge: source=1|target=2|weight=1.5|directed=true\n6 edge: "
							  "source=2|target=1|weight=-1|directed=true\n");
	EXPECT(V2 "*Matrix :4 \"r\"\n0\n0 0e5 1E0", /* in any lines */
	       ROWS_OF_V2 "6 edge: source=2|target=2|weight=1E0|directed=true|relation=r|relation_number=4\n");
	EXPECT("*Vertices 3 1\n1\n2\n3\n*Matrix\n1 1\n*Matrix\n0 2\n",
	       "2 node: id=1|mode=1\n3 node: id=2|mode=2\n4 node: id=3|mode=2\n"
	       "6 edge: source=1|target=2|weight=1|directed=false\n6 edge: source=1|target=3|weight=1|directed=false\n"
	       "8 edge: source=1|target=3|weight=2|directed=false\n");
	EXPECT(V2 "*Matrix\n0 x 0 1\n", ROWS_OF_V2 "E_INVALID line 5, column 3: expected a number of the matrix\n"
						   "5 edge: source=2|target=2|weight=1|directed=true\n");
	EXPECT(V2 "*Matrix\n0 0 0 0 1 1\n1\n*Arcs\n1 2\n",
	       ROWS_OF_V2 "E_INVALID line 5, column 9: the matrix has more numbers than its vertices need\n"
			  "8 edge: source=1|target=2|directed=true\n");
	EXPECT(V2 "*Matrix\n0 0 0\n*Arcs\n1 2\n",
	       ROWS_OF_V2 "E_DAMAGED line 6, column 1: the matrix ends too early; a part of it is missing\n");
	EXPECT("*Vertices 0\n*Matrix\n*Arcs", "");
}

/* LF, CR LF, CR: one line each. */
static void test_line_ends(void **state)
{
	static const char *const ends[] = { "\n", "\r\n", "\r" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		const char *e = ends[i];
		struct buf text;

		buf_init(&text, 1024);
		buf_printf(&text, "*Vertices 2%s1 \"a\"%s2 b%s*Arcs%s%s1 2%s*Edgeslist%s1 2%s", e, e, e, e, e, e, e, e);
		expect_rows_of(pajek_rows_open, text.p, text.n,
			       "2 node: id=1|label=a\n3 node: id=2|label=b\n6 edge: source=1|target=2|directed=true\n"
			       "8 edge: source=1|target=2|directed=false\n");
		buf_release(&text);
	}
}

static void test_rows_that_cannot_be_read(void **state)
{
	(void)state;
	EXPECT("*Vertices 1\n0 a\n2 b\nx c\n-1\n1 a\n1 b\n1234567890\n",
	       "E_INVALID line 2, column 1: " NO_VERTEX "E_INVALID line 3, column 1: " NO_VERTEX
	       "E_INVALID line 4, column 1: " NO_VERTEX "E_INVALID line 5, column 1: " NO_VERTEX
	       "6 node: id=1|label=a\n"
	       "E_INVALID line 7, column 1: this vertex is there twice\nE_INVALID line 8, column 1: " NO_VERTEX);
	EXPECT("*Vertices 7\n1 \"a\n2 a 1 ic\n3 a ic [1]\n4 a [1\n5 a 1 2 3 4\n6 a ic Red ic Blue\n7 a \"b\" c\n",
	       "E_INVALID line 2, column 3: the \" or ] that ends this is missing\n"
	       "E_INVALID line 3, column 9: an attribute has no value\n"
	       "E_INVALID line 4, column 8: an attribute has no value\n"
	       "E_INVALID line 5, column 5: the \" or ] that ends this is missing\n"
	       "E_INVALID line 6, column 11: expected the name of an attribute, which begins with a letter\n"
	       "E_INVALID line 7, column 15: an attribute is there twice\n"
	       "E_INVALID line 8, column 5: expected the name of an attribute, which begins with a letter\n");
	EXPECT("*Vertices 1\n1 \xe1\n*Edges\n1\n2 1\n1 2\n1 1 1 1\n\"1\" 1\n1 1\n",
	       "E_INVALID line 2: a value of this row is not UTF-8 text; save the file as UTF-8\n"
	       "E_INVALID line 4, column 2: " NO_VERTEX "E_INVALID line 5, column 1: " NO_VERTEX
	       "E_INVALID line 6, column 3: " NO_VERTEX
	       "E_INVALID line 7, column 7: expected the name of an attribute, which begins with a letter\n"
	       "E_INVALID line 8, column 1: " NO_VERTEX "9 edge: source=1|target=1|directed=false\n");
	EXPECT(V2 "*Arcslist\n1 x 2\n3 1\n1 2\n",
	       ROWS_OF_V2 "E_INVALID line 5, column 3: " NO_VERTEX "E_INVALID line 6, column 1: " NO_VERTEX
			  "7 edge: source=1|target=2|directed=true\n");
}

static void test_what_is_skipped(void **state)
{
	(void)state;
	EXPECT("*Network a\n" V2 "*Partition p\n*Vertices 2\n1\n1\n*Network b\n*Vertices 2\n*Arcs\n1 2\n",
	       "3 node: id=1\n4 node: id=2\n"
	       "E_INVALID line 5, column 1: a partition, vector or its like is skipped: only networks are read\n");
	EXPECT("*Partition p\n*Vertices 1\n1\n*Network b\n*Vertices 1\n*Arcs\n1 1\n",
	       "E_INVALID line 1, column 1: a partition, vector or its like is skipped: only networks are read\n"
	       "5 node: id=1\n7 edge: source=1|target=1|directed=true\n");
	EXPECT(V2 "*Vertices 1\n1\n", ROWS_OF_V2 "E_INVALID line 4, column 1: a second network is skipped: a file is "
						 "read as one; make it a file of its own\n");
	EXPECT(V2 "*Network\n*Vertices 1\n", ROWS_OF_V2 "E_INVALID line 4, column 1: a second network is skipped: a "
							"file is read as one; make it a file of its own\n");
	EXPECT(V2 "*Events\n1 2\n*Arcs\n1 2\n", ROWS_OF_V2
	       "E_INVALID line 4, column 1: a section is skipped: none of the names of sections that are read\n"
	       "7 edge: source=1|target=2|directed=true\n");
	EXPECT("*Network a\nb\n" V2,
	       "E_INVALID line 2, column 1: this line belongs to no section\n4 node: id=1\n5 node: id=2\n");
}

static void test_files_that_are_broken(void **state)
{
	static const char nul[] = "*Vertices 2\n1 a\0b\n\0\n2 \"\0\"\n";

	(void)state;
	EXPECT("", "open: E_DAMAGED line 1, column 1: the file is empty\n");
	EXPECT("% a\n \n", "open: E_DAMAGED line 3, column 1: the file is empty\n");
	EXPECT("source,target\n", "open: E_DAMAGED line 1, column 1: not Pajek: expected *Vertices or *Network\n");
	EXPECT("\xff\xfe*", "open: E_DAMAGED line 1, column 1: not UTF-8 text, perhaps UTF-16; save it as UTF-8\n");
	EXPECT("*Network a\n", "E_DAMAGED line 2, column 1: the file has no *Vertices\n");
	EXPECT("*Arcs\n1 2\n", "E_DAMAGED line 1, column 1: edges stand before *Vertices\n");
	EXPECT("*Vertices\n", "E_DAMAGED line 1, column 10: expected the number of vertices, at most 1,000,000\n");
	EXPECT("*Vertices 1000001\n",
	       "E_DAMAGED line 1, column 11: expected the number of vertices, at most 1,000,000\n");
	EXPECT("*Vertices -1\n", "E_DAMAGED line 1, column 11: expected the number of vertices, at most 1,000,000\n");
	EXPECT("*Vertices 2 3\n",
	       "E_DAMAGED line 1, column 13: expected how many of the vertices are of the first mode\n");
	EXPECT(V2 "*Matrix\n0 1",
	       ROWS_OF_V2 "5 edge: source=1|target=2|weight=1|directed=true\n"
			  "E_DAMAGED line 5, column 4: the matrix ends too early; a part of it is missing\n");
	expect_rows_of(pajek_rows_open, nul, sizeof nul - 1,
		       "E_INVALID line 2: a value of this row is not UTF-8 text; save the file as UTF-8\n"
		       "E_INVALID line 3, column 1: " NO_VERTEX
		       "E_INVALID line 4: a value of this row is not UTF-8 text; save the file as UTF-8\n");
	expect_source_failure(pajek_rows_open,
			      "% x\n*Vertices 2 1\n1 \"a\" 0.1 box ic Red [1]\n*Arcs :1 \"x\"\n1: 1 2 3 w 2\n"
			      "*Arcslist\n1 2\n*Matrix\n0\n");
}

static void test_limits(void **state)
{
	struct buf text;

	(void)state;
	repeat(&text, "*Vertices 1000000 5\n", "1", 0, "");
	expect_rows_in(pajek_rows_open, &text, "1 node: id=1000000|mode=2\n", "E_");
	repeat(&text, "*Vertices 2\n1 \"", "x", ROW_BYTES_MAX - 1, "\"\n2 b\n");
	expect_rows_in(pajek_rows_open, &text, "xxx\n3 node: id=2|label=b\n", "E_");
	repeat(&text, "*Vertices 2\n1 \"", "x", ROW_BYTES_MAX, "\"\n2 b\n");
	expect_rows_in(pajek_rows_open, &text, "E_LIMIT line 2: this row is larger than 1 MiB", "xxx");
	repeat(&text, "*Vertices 2\n1 a ", "x", 4097, " 1\n2 b\n");
	expect_rows_in(pajek_rows_open, &text,
		       "E_LIMIT line 2, column 4103: the name of a column is longer than 4096 bytes", NULL);
	repeat(&text, "*Vertices 2\n1 a ", "x", (size_t)2 * ROW_BYTES_MAX, " 1\n2 b\n");
	expect_rows_in(pajek_rows_open, &text, "\n3 node: id=2|label=b\n", "xxx");
	repeat(&text, "*Vertices 1\n1\n*Arcslist\n1", " 1", 1000000, "\n"); /* a line of any length */
	expect_rows_in(pajek_rows_open, &text, "edge", "E_");
	repeat(&text, "*Vertices 1\n", "[", 1000000, "\n1 a");
	expect_rows_in(pajek_rows_open, &text, "\n3 node: id=1|label=a\n", NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vertices),        cmocka_unit_test(test_vertices_not_listed),
		cmocka_unit_test(test_edges),           cmocka_unit_test(test_matrices),
		cmocka_unit_test(test_line_ends),       cmocka_unit_test(test_rows_that_cannot_be_read),
		cmocka_unit_test(test_what_is_skipped), cmocka_unit_test(test_files_that_are_broken),
		cmocka_unit_test(test_limits),
	};

	return run_tests("pajek_rows", tests);
}
