/* JSON as rows: every form of file, flattening, numbers as written, and what is refused. */
#include "unit/exchange/rows_fixture.h"

#define EXPECT(text, expected) expect_rows(json_rows_open, (text), (expected))

static void test_one_array(void **state)
{
	(void)state;
	EXPECT("[]", "");
	EXPECT(" [ ] \n", "");
	EXPECT("[{}]", "1 row: \n");
	EXPECT("[{\"a\":1},\n {\"b\":\"x\",\"a\":2}]", "1 row: a=1\n2 row: a=2|b=x\n");
	EXPECT("\xef\xbb\xbf[{\"a\":1}]", "1 row: a=1\n");
}

static void test_objects_one_after_the_other(void **state)
{
	(void)state;
	EXPECT("{\"a\":1}", "1 row: a=1\n");
	EXPECT("{\"a\":1}\n{\"a\":2}\n", "1 row: a=1\n2 row: a=2\n");
	EXPECT("{\"a\":1}\r\n\r\n{\"a\":2}\r\n", "1 row: a=1\n3 row: a=2\n");
	EXPECT("{\n \"a\":\n 1\n}\n{\n \"a\": 2\n}", "1 row: a=1\n5 row: a=2\n");
	EXPECT("{\"a\":[{\"b\":1}]}{\"a\":[{\"b\":2}]}",
	       "1 row: a.0.b=1\n1 row: a.0.b=2\n"); /* no wrapping: there are two */
}

static void test_rows_inside_an_object(void **state)
{
	(void)state;
	EXPECT("{\"status\":200,\"data\":[{\"a\":1},\n{\"a\":2}],\"more\":{\"x\":[1]}}\n", "1 row: a=1\n2 row: a=2\n");
	EXPECT("{\"bbox\":[1,2],\"o\":{\"x\":[{}]},\"none\":[],\"f\":[{\"a\":1}]}", "1 row: a=1\n");
	EXPECT("{\"bbox\":[1,2],\"o\":{\"x\":[{}]}}", "1 row: bbox=1; 2\n"); /* no array of objects: it is the row */
	EXPECT("{\"d\":[{\"a\":1}]}\nx", "1 row: d.0.a=1\nE_INVALID line 2, column 1: not an object; each row is one, "
					 "in { and }\n"); /* it is not alone */
	EXPECT("[{\"a\":1}] x",
	       "1 row: a=1\nE_DAMAGED line 1, column 11: something stands behind the end of the JSON text\n");
}

static void test_flattening(void **state)
{
	(void)state;
	EXPECT("{\"a\":{\"b\":{\"c\":1},\"d\":2},\"e\":{}}", "1 row: a.b.c=1|a.d=2\n");
	EXPECT("[{\"a\":[\"x\",2,true,null,\"\"],\"b\":[],\"c\":null,\"d\":\"\",\"e\":false}]",
	       "1 row: a=x; 2; true; |d=|e=false\n");
	EXPECT("[{\"s\":[{\"n\":\"A\",\"c\":1},{\"n\":\"B\"}],\"t\":\"\"}]", "1 row: s.0.n=A|s.0.c=1|s.1.n=B|t=\n");
	EXPECT("[{\"g\":[[1,2],[3.50,4]]}]", "1 row: g=1; 2; 3.50; 4\n");
	EXPECT("[{\"g\":[[{\"a\":1}],[{\"a\":2}],\"x\"]}]", "1 row: g.0.a=1|g.1.a=2|g=x\n");
	EXPECT("[{\"\":1,\"a\":{\"\":2}}]", "1 row: =1|a.=2\n");
}

static void test_scalars_as_written(void **state)
{
	(void)state;
	EXPECT("[{\"a\":0,\"b\":-0,\"c\":1.50,\"d\":-2e+10,\"e\":1E-5,\"f\":123456789012345678901234567890,\"g\":0.1e1}"
	       "]",
	       "1 row: a=0|b=-0|c=1.50|d=-2e+10|e=1E-5|f=123456789012345678901234567890|g=0.1e1\n");
	EXPECT("[{\"a\":\"\\\"\\\\\\/\\b\\f\\r\\t\\u00e1\\u20AC\\ud83d\\udd4a\"}]",
	       "1 row: a=\"\\/\b\f\r\t\xc3\xa1\xe2\x82\xac\xf0\x9f\x95\x8a\n");
	EXPECT("[{\"\\u0061\\n\":\"}]{[\"}]", "1 row: a\n=}]{[\n");
}

static void expect_refused_value(const char *value, const char *expected)
{
	struct buf text;

	repeat(&text, "[{\"a\":", value, 1, "},{\"a\":7}]");
	expect_rows_in(json_rows_open, &text, expected, NULL);
	repeat(&text, "[{\"a\":", value, 1, "},{\"a\":7}]");
	expect_rows_in(json_rows_open, &text, "\n1 row: a=7\n", NULL); /* the next row is read */
}

static void test_rows_that_cannot_be_read(void **state)
{
	static const char *numbers[] = {
		"01", "-", "+1", "1.", ".5", "1e", "1e+", "-a", "NaN", "Infinity", "0x1", "1_0"
	};
	static const char *others[] = { "tru", "True", "nulll",   "'x'",      "",           ",",     "[1,]",  "[1 2]",
					"[,]", "{,}",  "{\"b\"}", "{\"b\":}", "{\"b\":1,}", "{b:1}", "{1:1}", "/**/1" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		expect_refused_value(numbers[i], "E_INVALID line 1, column ");
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		expect_refused_value(others[i], "E_INVALID line 1, column ");
	expect_refused_value("1,\"a\":2", "E_INVALID line 1, column 14: a member is there twice\n");
	expect_refused_value("{\"b\":1},\"a.b\":2", "twice");
	expect_refused_value("1,\"a\":[2]", "twice");
	expect_refused_value("\"\\u0000\"", "\\u0000");
	expect_refused_value("\"\\x\"", "no such escape");
	expect_refused_value("\"\\u12g4\"", "four hexadecimal digits");
	expect_refused_value("\"\\ud83d\"", "half of a \\u pair");
	expect_refused_value("\"\\ud83d\\u0041\"", "half of a \\u pair");
	expect_refused_value("\"\\udd4a\"", "half of a \\u pair");
	expect_refused_value("\"\t\"", "control character");
	expect_refused_value("\"\xe1\"", "E_INVALID line 1: a value of this row is not UTF-8 text");
	expect_refused_value("1,\"\xff\":2", "E_INVALID line 1, column 14: the name of a column is not UTF-8 text");
	expect_refused_value("[}", "E_INVALID");
	EXPECT("[1,\"x\",[{}],null,{\"a\":1}]",
	       "E_INVALID line 1, column 2: not an object; each row is one, in { and }\n"
	       "E_INVALID line 1, column 4: not an object; each row is one, in { and }\n"
	       "E_INVALID line 1, column 8: not an object; each row is one, in { and }\n"
	       "E_INVALID line 1, column 13: not an object; each row is one, in { and }\n"
	       "1 row: a=1\n");
	EXPECT("{\"a\":1}\nx {\n{\"a\":2}\n",
	       "1 row: a=1\nE_INVALID line 2, column 1: not an object; each row is one, in { and }\n3 row: a=2\n");
}

static void test_files_that_are_broken(void **state)
{
	static const char nul[] = "[{\"a\":1},\0{\"a\":2}]", inside[] = "[{\"a\":\"x\0y\"},{\"a\":2}]";

	(void)state;
	EXPECT("", "open: E_DAMAGED line 1, column 1: the file is empty\n");
	EXPECT(" \n", "open: E_DAMAGED line 2, column 1: the file is empty\n");
	EXPECT("a,b\n", "open: E_DAMAGED line 1, column 1: not JSON: expected { or [ at the beginning\n");
	EXPECT("\xff\xfe[\1", "open: E_DAMAGED line 1, column 1: not UTF-8 text, perhaps UTF-16; save it as UTF-8\n");
	EXPECT("\xef\xbb[", "open: E_DAMAGED line 1, column 1: not UTF-8 text; save it as UTF-8\n");
	EXPECT("[",
	       "E_DAMAGED line 1, column 2: the file ends inside the array; a part of it is missing, or its ] is\n");
	EXPECT("[{\"a\":1}", "1 row: a=1\nE_DAMAGED line 1, column 9: the file ends inside the array; a part of it is "
			     "missing, or its ] is\n");
	EXPECT("[{\"a\":\"x",
	       "E_DAMAGED line 1, column 9: the file ends inside a value; a part of it is missing, or a \" or } is\n");
	EXPECT("[{\"a\":\"x}\n,{\"a\":1}]",
	       "E_DAMAGED line 1, column 10: a text does not end in the line in which it begins; a \" is missing\n");
	EXPECT("[{\"a\":1} {\"a\":2}]",
	       "1 row: a=1\nE_DAMAGED line 1, column 10: expected , or ] behind a value of the array\n");
	EXPECT("[{\"a\":1},]", "1 row: a=1\nE_DAMAGED line 1, column 10: no value stands behind a comma\n");
	EXPECT("[]]", "E_DAMAGED line 1, column 3: something stands behind the end of the JSON text\n");
	EXPECT("{\"a\" 1}", "E_DAMAGED line 1, column 6: expected : behind the name of a member\n");
	EXPECT("{a:1}", "E_DAMAGED line 1, column 2: expected a member, or } at the end of the object\n");
	expect_rows_of(json_rows_open, nul, sizeof nul - 1,
		       "1 row: a=1\nE_INVALID line 1, column 10: not an object; each row is one, in { and }\n"
		       "E_DAMAGED line 1, column 10: expected , or ] behind a value of the array\n");
	expect_rows_of(
		json_rows_open, inside, sizeof inside - 1,
		"E_INVALID line 1, column 9: a text holds a control character; write it as an escape\n1 row: a=2\n");
	expect_source_failure(json_rows_open, "{\"a\":[{\"x\":1},{}],\"b\":\"\\n\"} ");
	expect_source_failure(json_rows_open, "{\"a\":1}\n{\"a\":2}\nx\n");
}

static void test_depth(void **state)
{
	struct buf text;

	(void)state;
	EXPECT("[{\"a\":[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]}]", "1 row: a=1\n"); /* 16 levels */
	EXPECT("[{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]},{\"a\":2}]",
	       "E_LIMIT line 1, column 22: more than 16 levels of { and [\n1 row: a=2\n");
	repeat(&text, "[{\"a\":", "[", 1000000, "");
	expect_rows_in(json_rows_open, &text, "E_DAMAGED line 1, column 1000007: the file ends inside a value", NULL);
	repeat(&text, "", "{\"a\":", 2000000, "");
	expect_rows_in(json_rows_open, &text, "E_DAMAGED line 1, column 10000001: the file ends inside a value", NULL);
}

/* A file of one object with one member of n bytes, before a second row. */
static void expect_size(const char *before, size_t n, const char *after, const char *part, const char *unlike)
{
	struct buf text;

	repeat(&text, before, "x", n, after);
	expect_rows_in(json_rows_open, &text, part, unlike);
}

static void test_sizes(void **state)
{
	size_t fits = ROW_BYTES_MAX - strlen("{\"a\":\"\"}");
	struct buf text;

	(void)state;
	expect_size("[{\"a\":\"", fits, "\"},{\"a\":2}]", "xxx\n1 row: a=2\n", "E_");
	expect_size("[{\"a\":\"", fits + 1, "\"},{\"a\":2}]",
		    "E_LIMIT line 1, column 2: this row is larger than 1 MiB; split it\n1 row: a=2\n", NULL);
	expect_size("{\"a\":\"", fits, "\"}\n{\"a\":2}", "xxx\n2 row: a=2\n", "E_");
	expect_size("{\"a\":\"", fits + 1, "\"}\n{\"a\":2}",
		    "E_LIMIT line 1, column 1: this row is larger than 1 MiB; split it\n2 row: a=2\n", NULL);
	expect_size("{\"a\":\"", fits, "\"}", "xxx\n", "E_");
	expect_size("{\"a\":\"", fits + 1, "\"}", "E_LIMIT line 1, column 1: this row is larger", NULL);
	expect_size("{\"a\":\"", fits + 1, "\",\n\"rows\":[{\"b\":1}]}", "2 row: b=1\n", "E_");
	expect_size("[{\"a\":[{\"b\\\"\":\"", 2 * fits, "\"}]},{\"a\":2}]", "E_LIMIT line 1, column 2", NULL);
	repeat(&text, "{\"v\":1,\n\"rows\":[{\"b\":0}", ",\n{\"b\":1}", 200000, "]}");
	expect_rows_in(json_rows_open, &text, "\n200002 row: b=1\n", "E_");
	repeat(&text, "[{\"a\":[1", ",1", ROW_BYTES_MAX / 16 - 1, "]}]");
	expect_rows_in(json_rows_open, &text, "1 row: a=1; 1", "E_");
	repeat(&text, "[{\"a\":[1", ",1", ROW_BYTES_MAX / 16, "]}]");
	expect_rows_in(json_rows_open, &text, "E_LIMIT line 1: this row is larger than 1 MiB or has more than 65,536",
		       NULL);
}

static void test_many_columns_and_objects(void **state)
{
	struct buf text;

	(void)state;
	repeat(&text, "[{\"a\":[{}", ",{\"b\":1}", 63, "]}]");
	expect_rows_in(json_rows_open, &text, "a.63.b=1\n", "E_");
	repeat(&text, "[{\"a\":[{}", ",{\"b\":1}", 64, "]},{\"a\":2}]");
	expect_rows_in(json_rows_open, &text, "more than 64 objects in one array of this row\n1 row: a=2\n", "a.0");
	repeat(&text, "[{\"", "n", 4096, "\":1}]");
	expect_rows_in(json_rows_open, &text, "n=1\n", "E_");
	repeat(&text, "[{\"", "n", 4097, "\":1}]");
	expect_rows_in(json_rows_open, &text, "E_LIMIT line 1, column 4104: the name of a column is longer", NULL);
	buf_init(&text, 1024 * 1024);
	buf_text(&text, "[{\"c0\":0}");
	for (int i = 1; i <= ROW_COLUMNS_MAX; i++)
		buf_printf(&text, ",\n{\"c%d\":1}", i);
	buf_text(&text, ",{\"c2047\":3}]");
	expect_rows_in(
		json_rows_open, &text,
		"2048 row: c2047=1\nE_LIMIT line 2049, column 11: more than 2048 columns; split the file by columns\n"
		"2049 row: c2047=3\n",
		NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_array),
		cmocka_unit_test(test_objects_one_after_the_other),
		cmocka_unit_test(test_rows_inside_an_object),
		cmocka_unit_test(test_flattening),
		cmocka_unit_test(test_scalars_as_written),
		cmocka_unit_test(test_rows_that_cannot_be_read),
		cmocka_unit_test(test_files_that_are_broken),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_many_columns_and_objects),
	};

	return run_tests("json_rows", tests);
}
