/* The language of maps: every statement, every mistake with its line, and what rows become. */
#include "unit/exchange/map_fixture.h"

#define ID "claim actor\n\tid: @a/{id|slug}\n\tname = {name}\n"

/* --- mistakes ---------------------------------------------------------------------------------------------- */

static void expect_mistake(const char *text, const char *expected)
{
	struct arena a = { 0 };
	struct map *map = NULL;
	struct err err = { 0 };

	if (map_read(&a, text, &map, &err) == 0)
		fail_msg("taken: %s", text);
	assert_null(map);
	assert_string_equal(err.text, expected);
	arena_release(&a);
}

static void test_mistakes_at_the_margin(void **state)
{
	(void)state;
	expect_mistake("", "the map makes no claim: write 'claim KIND' and its fields");
	expect_mistake("# only a remark\n\ntitle: x\n", "the map makes no claim: write 'claim KIND' and its fields");
	expect_mistake(ID "title\n", "map, line 4: a line at the margin is 'word: text', 'codes NAME' or 'claim KIND'");
	expect_mistake("titel: x\n" ID, "map, line 1: 'titel:' is not a word of maps");
	expect_mistake("name = x\n", "map, line 1: a line at the margin is 'word: text', 'codes NAME' or 'claim KIND'");
	expect_mistake("\n\treader: csv\n", "map, line 2: an indented line belongs below 'claim KIND' or 'codes NAME'");
	expect_mistake(ID "lang: en\n\tname = x\n",
		       "map, line 5: an indented line belongs below 'claim KIND' or 'codes NAME'");
	expect_mistake("reader: xlsx\n", "map, line 1: reader must be csv, json, graphml, gml or pajek");
	expect_mistake("delimiter: :\n", "map, line 1: delimiter must be comma, semicolon, tab or bar");
	expect_mistake("publisher: @p\n", "map, line 1: publisher is '@label type-of-actor Name'");
	expect_mistake("publisher: @p igo\n", "map, line 1: publisher is '@label type-of-actor Name'");
	expect_mistake("skip: {a} is x\n", "map, line 1: behind the test must stand '-> ' and the reason");
	expect_mistake("reject: {a} is x ->\n", "map, line 1: behind the test must stand '-> ' and the reason");
	expect_mistake("reject: {a -> r\n",
		       "map, line 1: a test is '{column}', '{column} is text', '{column} is not text' or "
		       "'{column} is empty'");
	expect_mistake("skip: {a} equals x -> r\n",
		       "map, line 1: a test is '{column}', '{column} is text', '{column} is not text' "
		       "or '{column} is empty'");
	expect_mistake("source: {a\n", "map, line 1: a '{' is not closed; write {{ for the character");
	expect_mistake("claim actr\n", "map, line 1: there is no kind 'actr', did you mean actor?");
	expect_mistake("claim \n", "map, line 1: a line at the margin is 'word: text', 'codes NAME' or 'claim KIND'");
	expect_mistake("title: \xe1\n" ID, "the map is not UTF-8");
}

static void test_mistakes_of_claims(void **state)
{
	(void)state;
	expect_mistake("claim actor\n\tname = x\n", "map, line 1: claim actor needs 'id: @...'");
	expect_mistake(ID "\nclaim tie\n\tid: @x\n", "map, line 5: claim tie needs a field ('name = ...')");
	expect_mistake("claim actor\n\tid @x\n", "map, line 2: a line of a claim is 'member: text' or 'field = text'");
	expect_mistake("claim actor\n\tname: x\n",
		       "map, line 2: 'name:' is not a member of a claim; fields are written 'name = ...'");
	expect_mistake("claim actor\n\tnam = x\n", "map, line 2: actor has no field 'nam', did you mean name?");
	expect_mistake("claim actor\n\tzzzzzzz = x\n", "map, line 2: actor has no field 'zzzzzzz'");
	expect_mistake("claim actor\n\tonce: maybe\n", "map, line 2: once is yes or no");
	expect_mistake("claim actor\n\tif: {a} in b\n",
		       "map, line 2: a test is '{column}', '{column} is text', '{column} is not "
		       "text' or '{column} is empty'");
	expect_mistake("claim actor\n\tif:\n",
		       "map, line 2: a test is '{column}', '{column} is text', '{column} is not text' or "
		       "'{column} is empty'");
	expect_mistake("claim actor\n\tcolumns: c\n", "map, line 2: the map has no table 'codes c' above this line");
	expect_mistake("claim actor\n\tname = {a|codes:c}\n",
		       "map, line 2: the map has no table 'codes c' above this line");
	expect_mistake("claim actor\n\teach: [{a}\n",
		       "map, line 2: '[' and ']' must stand in pairs, not within each other");
	expect_mistake("claim actor\n\tname = {a|cut:1}\n",
		       "map, line 2: cut takes a number of characters, at least 4");
	expect_mistake("codes c\n\ta\n", "map, line 2: a line of codes is 'what the file says = code'");
}

static void test_a_long_map(void **state)
{
	struct buf text;

	(void)state;
	buf_init(&text, 1024 * 1024);
	buf_text(&text, ID);
	while (text.n <= MAP_TEXT_MAX)
		buf_text(&text, "# remark\n");
	expect_mistake(buf_str(&text), "the map is longer than 262144 bytes");
	buf_release(&text);
}

/* --- statements -------------------------------------------------------------------------------------------- */

static void test_statements(void **state)
{
	static const char text[] =
		"\xef\xbb\xbf"
		"title: T: t\r\nabout: A\ncite: C\nlicence: L\nreader: csv\ndelimiter: semicolon\n"
		"encoding: windows-1252\nheader: a,b\nneeds: a\nneeds: b\nneeds: c , d\n  # a remark\n\ncodes one\n\tx "
		"= y\n\ta = b = c\n"
		"codes two\n    1* = z\nsource: S {a}\nskip: {a} is 1 -> one\nreject: {a} is empty -> none\n" ID;
	struct arena a = { 0 };
	struct map *map = NULL;
	struct err err = { 0 };

	(void)state;
	expect_ok(map_read(&a, text, &map, &err), &err);
	assert_string_equal(map->title, "T: t");
	assert_string_equal(map->about, "A");
	assert_string_equal(map->cite, "C");
	assert_string_equal(map->licence, "L");
	assert_int_equal(map->reader, READ_CSV);
	assert_int_equal(map->csv.delimiter, ';');
	assert_string_equal(map->encoding, "windows-1252");
	assert_string_equal(map->csv.header, "a,b");
	assert_int_equal(map->n_needs, 4);
	assert_string_equal(map->needs[1], "b");
	assert_string_equal(map->needs[2], "c");
	assert_string_equal(map->codes->name, "two");
	assert_string_equal(map->codes->next->rows[1].from, "a = b");
	assert_string_equal(map->codes->next->rows[1].to, "c");
	assert_string_equal(map->skips->reason, "one");
	assert_int_equal(map->rejects->type, TEST_EMPTY);
	assert_false(map->uses_hash);
	arena_release(&a);
}

static void test_readers(void **state)
{
	static const char *const names[] = { "csv", "json", "graphml", "gml", "pajek" };
	static const char delimiters[] = ",;\t|", *const words[] = { "comma", "semicolon", "tab", "bar" };
	struct err err = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct arena a = { 0 };
		struct map *map = NULL;

		expect_ok(map_read(&a, arena_printf(&a, "reader: %s\n" ID, names[i]), &map, &err), &err);
		assert_int_equal(map->reader, i);
		arena_release(&a);
	}
	for (size_t i = 0; i < ARRAY_LEN(words); i++) {
		struct arena a = { 0 };
		struct map *map = NULL;

		expect_ok(map_read(&a, arena_printf(&a, "delimiter: %s\n" ID "\twhen: {:nth}", words[i]), &map, &err),
			  &err);
		assert_int_equal(map->csv.delimiter, delimiters[i]);
		assert_true(map->uses_hash);
		arena_release(&a);
	}
}

/* --- rows -------------------------------------------------------------------------------------------------- */

#define A(line, id, name) line ": {\"kind\":\"actor\",\"id\":\"@a/" id "\",\"set\":{\"name\":\"" name "\"}}\n"

static void test_rows_become_claims(void **state)
{
	(void)state;
	expect_claims(ID, "id,name\n1,One\n2,Two\n", A("2", "1", "One") A("3", "2", "Two"));
	expect_claims(ID "\tsource: row {:line} of {:name}\n\tquote: {name}\n", "id,name\n1,One\n",
		      "2: {\"kind\":\"actor\",\"id\":\"@a/1\",\"source\":\"row 2 of "
		      "file\",\"quote\":\"One\",\"set\":{\"name\":"
		      "\"One\"}}\n");
	/* what the claim says itself holds, not what the margin says */
	expect_claims(
		"tlp: green\nlang: es\n" ID "\tlang: en\n", "id,name\n1,One\n",
		"2: "
		"{\"kind\":\"actor\",\"id\":\"@a/1\",\"lang\":\"en\",\"tlp\":\"green\",\"set\":{\"name\":\"One\"}}\n");
	expect_claims(ID, "id,name\n1,\n,Two\n",
		      "2: passed over\n3: actor: what its id is made of is empty\n"); /* nothing to claim of 1 */
}

static void test_publisher(void **state)
{
	(void)state;
	expect_claims(
		"publisher: @p ngo The P\n" ID, "id,name\n1,One\n2,Two\n",
		"2: {\"kind\":\"actor\",\"id\":\"@p\",\"source\":\"Publisher of the data that were imported\",\"set\":{"
		"\"name\":\"The P\",\"type\":\"ngo\"}}\n"
		"2: {\"kind\":\"actor\",\"id\":\"@a/1\",\"says\":\"@p\",\"set\":{\"name\":\"One\"}}\n"
		"3: {\"kind\":\"actor\",\"id\":\"@a/2\",\"says\":\"@p\",\"set\":{\"name\":\"Two\"}}\n");
}

static void test_tests(void **state)
{
	static const char table[] = "id,name\n1,x\n2,y\n3,\n4,X\n";

	(void)state;
	expect_claims(ID "\tshort = {id}\n\tif: {name} is x\n", table,
		      "2: {\"kind\":\"actor\",\"id\":\"@a/1\",\"set\":{\"name\":\"x\",\"short\":\"1\"}}\n3: passed "
		      "over\n4: passed over\n"
		      "5: passed over\n");
	expect_claims(ID "\tif: {name} is not x\n", table,
		      "2: passed over\n" A("3", "2", "y") "4: passed over\n" A("5", "4", "X"));
	expect_claims("claim actor\n\tid: @a/{id}\n\tif: {name} is empty\n\tname = {id}\n", table,
		      "2: passed over\n3: passed over\n" A("4", "3", "3") "5: passed over\n");
	expect_claims("claim actor\n\tid: @a/{id}\n\tif: {name} is not empty\n\tif: {id} is not 1\n\tname = {id}\n",
		      table, "2: passed over\n" A("3", "2", "2") "4: passed over\n" A("5", "4", "4"));
	expect_claims(ID "\tif: {name}\n\tif: {id|only:2}\n", table,
		      "2: passed over\n" A("3", "2", "y") "4: passed over\n5: passed over\n");
	expect_claims(ID "\tif: {id}-{name} is 2-y\n", table,
		      "2: passed over\n" A("3", "2", "y") "4: passed over\n5: passed over\n");
	expect_claims("skip: {name} is x -> r\nreject: {name} is empty -> there is no name\n" ID, table,
		      "2: passed over\n" A("3", "2", "y") "4: there is no name\n" A("5", "4", "X"));
}

static void test_each_and_once(void **state)
{
	(void)state;
	expect_claims("claim actor\n\teach: {ids|split:;}\n\tid: @a/{:each}\n\tname = {names|split:;|nth} {:index}\n",
		      "ids,names\n1;2,One;Two\n3,\n", A("2", "1", "One 1") A("2", "2", "Two 2") A("3", "3", " 1"));
	/* which name is whose is not known where there are more names than numbers */
	expect_claims("claim actor\n\teach: {ids|split:;}\n\tif: {names|split:;|nth}\n\tid: @a/{:each}\n\tname = "
		      "{names|split:;|nth}\n",
		      "ids,names\n1;2,One;Two;Too\n3,One;Two\n1;2,One\n3;2;1,a;b;c\n",
		      "2: passed over\n3: passed over\n4: passed over\n" A("5", "3", "a") A("5", "2", "b")
			      A("5", "1", "c"));
	expect_claims("claim actor\n\tonce: yes\n\teach: {ids|split:;}\n\tid: @a/{:each}\n\tname = {:each}\n",
		      "ids\n1;2;1\n2;3\n", A("2", "1", "1") A("2", "2", "2") A("3", "3", "3"));
	expect_claims("claim actor\n\tonce: no\n\tid: @a/{ids}\n\tname = {ids}\n", "ids\n1\n1\n",
		      A("2", "1", "1") A("3", "1", "1"));
	/* what was made only in a refused row is made again */
	expect_claims(
		"claim actor\n\tonce: yes\n\tid: @a/p\n\tname = P\nclaim actor\n\tid: @a/{id}\n\tname = {d|whole}\n",
		"id,d\n1,x\n2,5\n3,6\n",
		"2: column d: 'x' is not a whole number\n" A("3", "p", "P") A("3", "2", "5") A("4", "3", "6"));
}

static void test_columns(void **state)
{
	(void)state;
	expect_claims(
		"codes c\n\ta = A\n\tb* = B\nclaim actor\n\tcolumns: c\n\tif: {:each|only:1}\n\tid: @a/{id}/{:column}\n"
		"\tname = {:column|codes:c}\n",
		"id,a,b1,c\n1,1,0,1\n2, ,\" 1 \",1\n", A("2", "1/a", "A") A("3", "2/b1", "B"));
}

static void test_fields(void **state)
{
	(void)state;
	/* of several lines for one field the first that gives anything holds; a list takes all, each value once */
	expect_claims(
		"claim actor\n\tid: @a/{id}\n\tname = {x|split:;}\n\tname = {y}\n\tshort = {none}\n\texternal_ids = "
		"p:{x|split:;}\n"
		"\texternal_ids = q:{y}\n\texternal_ids = p:{z}\n",
		"id,x,y,z\n1,,Y,2\n2,1;2,Y,2\n",
		"2: {\"kind\":\"actor\",\"id\":\"@a/1\",\"set\":{\"name\":\"Y\",\"external_ids\":[\"q:Y\",\"p:2\"]}}\n"
		"3: column x: there are 2 values where the field takes one\n");
	expect_claims("claim actor\n\tid: @a/{id}\n\tname = {id}\n\tstrength = {n}\n\tarmed = {f}\n",
		      "id,n,f\n1,5,Yes\n2,5.0,\n3,,0\n4,,x\n",
		      "2: {\"kind\":\"actor\",\"id\":\"@a/1\",\"set\":{\"name\":\"1\",\"strength\":5,\"armed\":true}}\n"
		      "3: column n: '5.0' is not a whole number\n"
		      "4: {\"kind\":\"actor\",\"id\":\"@a/3\",\"set\":{\"name\":\"3\",\"armed\":false}}\n"
		      "5: column f: 'x' is neither true nor false\n");
}

/* Rows without a number are told by their content, and equal ones by how many came before. */
static void test_rows_without_a_number(void **state)
{
	static const char map[] = "claim actor\n\tid: @a/{:hash|head:8}[-{:nth|not:1}]\n\tname = {x}\n";
	struct text_source t = text_of("x,y\na,\nb,\na,\na,1\n", 17);
	const struct format_options how = { .map = map };
	struct err err = { 0 };
	struct buf out;

	(void)state;
	buf_init(&out, 65536);
	expect_ok(claims_of("csv", &how, &t, &out, &err), &err);
	/* the same on every machine and in every version: ids must not change */
	assert_string_equal(buf_str(&out), A("2", "109f8471", "a") A("3", "56608458", "b") A("4", "109f8471-2", "a")
						   A("5", "9dbd410e", "a"));
	buf_release(&out);
}

/* A tag row of HXL is passed over; a row with one '#' is not one. */
static void test_tag_rows(void **state)
{
	(void)state;
	expect_claims(ID, "id,name\n#id,#name\n1,#2\n#3,x\n", "2: passed over\n" A("3", "1", "#2") A("4", "_233", "x"));
}

static void test_rows_that_cannot_be_read(void **state)
{
	(void)state;
	expect_claims(
		ID, "id,name\n1\n2,Two\n3,\"x\"y\n",
		"2: the row has 1 values and there are 2 columns: is a delimiter or a quotation mark missing?\n" A(
			"3", "2", "Two") "4: column 6: text stands behind a closing quotation mark\n");
}

static void test_known_and_encoding(void **state)
{
	const struct format_options how = { .map = ID, .known = "2019", .encoding = "windows-1252" };
	struct text_source t = text_of("id,name\n1,Bogot\xe1\n", 17);
	struct err err = { 0 };
	struct buf out;

	(void)state;
	buf_init(&out, 65536);
	expect_ok(claims_of("csv", &how, &t, &out, &err), &err);
	assert_string_equal(
		buf_str(&out),
		"2: {\"kind\":\"actor\",\"id\":\"@a/1\",\"known\":\"2019\",\"set\":{\"name\":\"Bogotá\"}}\n");
	buf_release(&out);
}

/* A row that makes claims without end is refused, and the next is taken. */
static void test_rows_that_make_too_much(void **state)
{
	struct buf table, out;
	const struct format_options how = { .map = "claim actor\n\teach: {a|split:;}\n\tid: @a/{:each}\n\tname = "
						   "x\nclaim actor\n\tid: @b\n\tname = {a|cut:20}\n" };
	struct text_source t;
	struct err err = { 0 };

	(void)state;
	buf_init(&table, 1024 * 1024);
	buf_init(&out, 1024 * 1024);
	buf_text(&table, "a\n");
	for (int i = 0; i < 4096; i++)
		buf_printf(&table, "%d;", i);
	buf_text(&table, "\n1\n");
	t = text_of(table.p, table.n);
	expect_ok(claims_of("csv", &how, &t, &out, &err), &err);
	assert_string_equal(buf_str(&out),
			    "2: the row makes more than 4096 claims\n" A(
				    "3", "1", "x") "3: {\"kind\":\"actor\",\"id\":\"@b\",\"set\":{\"name\":\"1\"}}\n");
	buf_release(&table);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mistakes_at_the_margin),
		cmocka_unit_test(test_mistakes_of_claims),
		cmocka_unit_test(test_a_long_map),
		cmocka_unit_test(test_statements),
		cmocka_unit_test(test_readers),
		cmocka_unit_test(test_rows_become_claims),
		cmocka_unit_test(test_publisher),
		cmocka_unit_test(test_tests),
		cmocka_unit_test(test_each_and_once),
		cmocka_unit_test(test_columns),
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_rows_without_a_number),
		cmocka_unit_test(test_tag_rows),
		cmocka_unit_test(test_rows_that_cannot_be_read),
		cmocka_unit_test(test_known_and_encoding),
		cmocka_unit_test(test_rows_that_make_too_much),
	};

	return run_tests("map", tests);
}
