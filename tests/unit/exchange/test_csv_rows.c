/* Separated values as rows: RFC 4180, what spreadsheets make of it, and what cannot be read. */
#include "unit/exchange/rows_fixture.h"

static struct csv_options how;

static int open_csv(struct source *source, struct rows **ret, struct err *err)
{
	return csv_rows_open(source, &how, ret, err);
}

static int reset_options(void **state)
{
	(void)state;
	how = (struct csv_options){ 0 };
	return 0;
}

/* --- what is read ------------------------------------------------------------------------------------------ */

static void test_rfc_4180(void **state)
{
	(void)state;
	expect_rows(open_csv, "a,b\r\n1,2\r\n3,4", "2 row: a=1|b=2\n3 row: a=3|b=4\n");
	expect_rows(open_csv, "a,b\n\"x,y\",\"he said \"\"no\"\"\"\n", "2 row: a=x,y|b=he said \"no\"\n");
	expect_rows(open_csv, "a,b\n\"\",\n", "2 row: a=|b=\n"); /* there, and empty */
	expect_rows(open_csv, "a,b\n\"one\r\ntwo\nthree\",2\nx,y\n",
		    "2 row: a=one\r\ntwo\nthree|b=2\n5 row: a=x|b=y\n");
	expect_rows(open_csv, "a,b\n5\" gun,x\"y\"\n", "2 row: a=5\" gun|b=x\"y\"\n"); /* marks within bare values */
	expect_rows(open_csv, "a,b\n \"x\" , y \n", "2 row: a= \"x\" |b= y \n");
	expect_rows(open_csv, "a,b\n\"x\"  ,\"y\" \n", "2 row: a=x|b=y\n"); /* blanks behind a closing mark */
	expect_rows(open_csv, "a,b\n\"\"\"\",\"\"\"x\"\n", "2 row: a=\"|b=\"x\n");
}

static void test_line_ends(void **state)
{
	(void)state;
	expect_rows(open_csv, "a,b\r1,2\r3,4\r", "2 row: a=1|b=2\n3 row: a=3|b=4\n");
	expect_rows(open_csv, "a,b\n1,2\r\n3,4\r5,6\n", "2 row: a=1|b=2\n3 row: a=3|b=4\n4 row: a=5|b=6\n");
	expect_rows(open_csv, "\n\r\n  \na,b\n\n \t\n1,2\n\n\n3,4\n\n", "7 row: a=1|b=2\n10 row: a=3|b=4\n");
	expect_rows(open_csv, ",,\na,b,c\n,,\n1,,\n , ,\n\"\",,\n",
		    "4 row: a=1|b=|c=\n6 row: a=|b=|c=\n"); /* rows of nothing but delimiters are none */
	expect_rows(open_csv,
		    "\xef\xbb\xbf"
		    "a,b\n1,2\n",
		    "2 row: a=1|b=2\n");
	expect_rows(open_csv, "\xef\xbb\xbf\"a\",b\n1,2\n", "2 row: a=1|b=2\n");
}

static void test_delimiters_are_seen(void **state)
{
	(void)state;
	expect_rows(open_csv, "a;b;c\n1,5;2;3\n", "2 row: a=1,5|b=2|c=3\n");
	expect_rows(open_csv, "a\tb\n1,2,3\t;;\n", "2 row: a=1,2,3|b=;;\n");
	expect_rows(open_csv, "a|b\n1|2\n", "2 row: a=1|b=2\n");
	expect_rows(open_csv, "\"a,b,c\";d;e\n1;2;3\n", "2 row: a,b,c=1|d=2|e=3\n"); /* marks hide */
	expect_rows(open_csv, "\n\na;b\n1;2\n", "4 row: a=1|b=2\n");
	expect_rows(open_csv, "\"first\nname, all\";b;c\n1;2;3\n", "3 row: first\nname, all=1|b=2|c=3\n");
	expect_rows(open_csv, "only\n1\n2;3\n", "2 row: only=1\n3 row: only=2;3\n");
	how.delimiter = ';';
	expect_rows(open_csv, "a,x;b\n1;2\n", "2 row: a,x=1|b=2\n");
	how.delimiter = '\t';
	expect_rows(open_csv, "a\tb\n\"x\ty\" \tz\n", "2 row: a=x\ty|b=z\n");
}

static void test_columns(void **state)
{
	(void)state;
	expect_rows(open_csv, "ref ,\treturn \n1,2\n", "2 row: ref=1|return=2\n"); /* names with blanks at their ends */
	expect_rows(open_csv, "a,b,\n1,2,\n3,4,5\n", "2 row: a=1|b=2|=\n3 row: a=3|b=4|=5\n");
	expect_rows(open_csv, "a,b,a,,\n1,2,3,4,5\n", "2 row: a=1|b=2|=3|=4|=5\n"); /* the second a has no name */
	expect_rows(open_csv, "\"a \"\"x\"\"\",\"b,c\"\n1,2\n", "2 row: a \"x\"=1|b,c=2\n");
	expect_rows(open_csv, "\"\",\"\"\n1,2\n", "2 row: =1|=2\n");
	how.header = "x, y ,z";
	expect_rows(open_csv, "1,2,3\n4,5,6\n", "1 row: x=1|y=2|z=3\n2 row: x=4|y=5|z=6\n");
	expect_rows(open_csv, "", "");
	how.header = "x,\xe1";
	expect_rows(open_csv, "1,2\n",
		    "open: E_DAMAGED the name of a column is not UTF-8 text; save the file as UTF-8\n");
	how.header = "x,y,x";
	expect_rows(open_csv, "1,2,3\n", "1 row: x=1|y=2|=3\n");
}

/* --- what is not ------------------------------------------------------------------------------------------- */

static void test_too_few_and_too_many_values(void **state)
{
	(void)state;
	expect_rows(
		open_csv, "a,b,c\n1,2\n1,2,3\n1,2,3,4\n1,2,3,,\n1,2,3, ,\n1\n",
		"E_INVALID line 2: the row has 2 values and there are 3 columns: is a delimiter or a quotation mark "
		"missing?\n"
		"3 row: a=1|b=2|c=3\n"
		"E_INVALID line 4: the row has 4 values and there are 3 columns: is a delimiter or a quotation mark "
		"missing?\n"
		"5 row: a=1|b=2|c=3\n6 row: a=1|b=2|c=3\n"
		"E_INVALID line 7: the row has 1 values and there are 3 columns: is a delimiter or a quotation mark "
		"missing?\n");
}

static void test_text_behind_a_closing_mark(void **state)
{
	(void)state;
	expect_rows(open_csv, "a,b\n\"x\"y,1\n\"x\" y,2\n1,\"x\"\"\"z\n3,4\n",
		    "E_INVALID line 2, column 4: text stands behind a closing quotation mark\n"
		    "E_INVALID line 3, column 5: text stands behind a closing quotation mark\n"
		    "E_INVALID line 4, column 8: text stands behind a closing quotation mark\n"
		    "5 row: a=3|b=4\n");
}

static void test_marks_that_nothing_closes(void **state)
{
	struct buf text;

	(void)state;
	expect_rows(
		open_csv, "a,b\n1,2\n3,\"x\n5,6\n",
		"2 row: a=1|b=2\nE_DAMAGED line 3, column 3: the quotation mark that opens here is never closed: mend "
		"the file there\n");
	expect_rows(
		open_csv, "a,\"b\n1,2\n",
		"open: E_DAMAGED line 1, column 3: the quotation mark that opens here is never closed: mend the file "
		"there\n");
	repeat(&text, "a,b\n1,2\n3,\"", "0123456789abcdef", 65536 + 1, "\"\n7,8\n");
	expect_rows_in(open_csv, &text,
		       "E_DAMAGED line 3, column 3: the quotation mark that opens here is not closed within",
		       "row: a=7");
}

/* Long rows whose marks are all closed are one row that is not taken each. */
static void test_rows_over_a_mebibyte(void **state)
{
	struct buf text;

	(void)state;
	repeat(&text, "a,b\n1,", "0123456789abcdef", 65536 + 1, "\n7,8\n");
	expect_rows_in(open_csv, &text, "E_LIMIT line 2: the row is longer than a mebibyte\n3 row: a=7|b=8\n", "a=1|");
	repeat(&text, "a,b\n1,", "0123456789abcdef", 65536 - 1, "\n7,8\n");
	expect_rows_in(open_csv, &text, "3 row: a=7|b=8\n", "E_LIMIT");
	repeat(&text, "a,b\n\"y\",", "0123456789abcdef", 65536 + 1, ",\"x\"\n7,8\n");
	expect_rows_in(open_csv, &text, "E_LIMIT line 2: the row is longer than a mebibyte\n3 row: a=7|b=8\n",
		       "E_DAMAGED");
	repeat(&text, "a,b\n", "\"0123456789abcdef\"x", 65536 * 2, ",\"x\"\n7,8\n");
	expect_rows_in(open_csv, &text, "E_LIMIT line 2: the row is longer than a mebibyte\n3 row: a=7|b=8\n",
		       "E_DAMAGED");
	repeat(&text, "a,b\n", ",", 200 * 1000, "x\n7,8\n");
	expect_rows_in(open_csv, &text, "E_INVALID line 2: the row has 200001 values", NULL);
}

static void test_bytes_that_are_no_text(void **state)
{
	static const char nul[] = "a,b\n1,x\0y\n3,4\n", wide[] = "\xff\xfe"
								 "a\0,\0b\0\n\0";

	(void)state;
	expect_rows(
		open_csv, "a,b\n1,Bogot\xe1\n3,4\n",
		"E_INVALID line 2: a value of this row is not UTF-8 text; save the file as UTF-8\n3 row: a=3|b=4\n");
	expect_rows_of(
		open_csv, nul, sizeof nul - 1,
		"E_INVALID line 2: a value of this row is not UTF-8 text; save the file as UTF-8\n3 row: a=3|b=4\n");
	expect_rows_of(open_csv, wide, sizeof wide - 1,
		       "open: E_DAMAGED line 1, column 1: not UTF-8 text, perhaps UTF-16; save it as UTF-8\n");
	expect_rows(open_csv, "a,Bogot\xe1\n1,2\n",
		    "open: E_DAMAGED line 1: the name of a column is not UTF-8 text; save the file as UTF-8\n");
}

static void test_headers_that_name_nothing(void **state)
{
	struct buf text;

	(void)state;
	expect_rows(open_csv, "", "open: E_DAMAGED the file is empty: the first row must name the columns\n");
	expect_rows(open_csv, "\n \n\n", "open: E_DAMAGED the file is empty: the first row must name the columns\n");
	expect_rows(open_csv, "a,b", "");
	expect_rows(open_csv, "a,b\r\n", "");
	expect_rows(open_csv, "\"a\"x,b\n1,2\n",
		    "open: E_DAMAGED line 1, column 1: the row that should name the columns "
		    "cannot be read\n");
	repeat(&text, "a", ",x", ROW_COLUMNS_MAX, "\n1,2\n");
	expect_rows_in(open_csv, &text, "open: E_DAMAGED line 1, column 1: there are more columns than can be read",
		       NULL);
	repeat(&text, "a,b", "c", 5000, "\n1,2\n");
	expect_rows_in(open_csv, &text, "open: E_DAMAGED line 1: the name of a column is longer than", NULL);
}

static void test_sources_that_fail(void **state)
{
	(void)state;
	expect_source_failure(open_csv, "a;b\r\n\"x\"\"y\";2\r\n\r\n3;4");
	how.header = "a,b";
	expect_source_failure(open_csv, "x,\"y\"\r1,2\r");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_rfc_4180, reset_options),
		cmocka_unit_test_setup(test_line_ends, reset_options),
		cmocka_unit_test_setup(test_delimiters_are_seen, reset_options),
		cmocka_unit_test_setup(test_columns, reset_options),
		cmocka_unit_test_setup(test_too_few_and_too_many_values, reset_options),
		cmocka_unit_test_setup(test_text_behind_a_closing_mark, reset_options),
		cmocka_unit_test_setup(test_marks_that_nothing_closes, reset_options),
		cmocka_unit_test_setup(test_rows_over_a_mebibyte, reset_options),
		cmocka_unit_test_setup(test_bytes_that_are_no_text, reset_options),
		cmocka_unit_test_setup(test_headers_that_name_nothing, reset_options),
		cmocka_unit_test_setup(test_sources_that_fail, reset_options),
	};

	return run_tests("csv rows", tests);
}
