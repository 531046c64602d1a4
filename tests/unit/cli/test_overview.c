/* The overview on screens of several widths, against golden files. */
#include "sample.h"

#include "cli/overview.h"
#include "cli/text.h"
#include "unit/node/small_process.h"

#include <locale.h>

struct shown_page {
	struct fixture f;
	struct cli cli;
	char *text;
	size_t n;
};

static void page_begin(struct shown_page *page, int width, bool utf8)
{
	const struct term term = { .width = width, .fit = true, .utf8 = utf8 };

	page->cli = (struct cli){ .out_term = term };
	page->cli.out = open_memstream(&page->text, &page->n);
	assert_non_null(page->cli.out);
}

static void page_end(struct shown_page *page)
{
	free(page->text);
	arena_release(&page->cli.arena);
	fixture_release(&page->f);
}

static void print_at(struct shown_page *page, int64_t as_of_ms, const struct overview_head *head,
		     const char *const *parts, size_t n_parts)
{
	struct overview o;

	expect_ok(overview_read(page->f.view, &page->cli.arena, as_of_ms, DAY_0, &o, &page->f.err), &page->f.err);
	overview_print(&page->cli, head, &o, parts, n_parts);
	fclose(page->cli.out);
}

static const struct overview_head small_head = { .process = "Talks on the North",
						 .organisation = "Mediators",
						 .as_of = true };

/* No line is wider than the screen, nor ends in spaces. */
static void expect_neat(const char *text, int width)
{
	char line[2000];

	while (*text) {
		const size_t n = strcspn(text, "\n");

		assert_true(n < sizeof line);
		memcpy(line, text, n);
		line[n] = '\0';
		if (text_width(line) > width)
			fail_msg("wider than %d: %s", width, line);
		if (n > 0 && line[n - 1] == ' ')
			fail_msg("spaces at its end: %s", line);
		text += n + (text[n] == '\n');
	}
}

static void expect_page(int width, bool utf8, const char *golden)
{
	struct shown_page page = { 0 };

	small_process(&page.f);
	page_begin(&page, width, utf8);
	print_at(&page, AS_OF, &small_head, NULL, 0);
	expect_neat(page.text, width);
	expect_golden(golden, page.text);
	page_end(&page);
}

static void test_widths(void **state)
{
	(void)state;
	expect_page(60, true, "overview-60");
	expect_page(80, true, "overview-80");
	expect_page(120, true, "overview-120");
}

static void test_ascii(void **state)
{
	(void)state;
	expect_page(80, false, "overview-80-ascii");
}

/* Nothing breaks on screens that nobody has. */
static void test_any_width(void **state)
{
	(void)state;
	for (int width = 40; width <= 130; width++) {
		struct shown_page page = { 0 };

		small_process(&page.f);
		page_begin(&page, width, true);
		print_at(&page, AS_OF, &small_head, NULL, 0);
		expect_neat(page.text, width);
		page_end(&page);
	}
}

static void test_empty(void **state)
{
	const struct overview_head head = { .process = "New", .organisation = "Mediators" };
	struct shown_page page = { 0 };

	(void)state;
	fixture_init(&page.f);
	page_begin(&page, 80, true);
	print_at(&page, INT64_MAX, &head, NULL, 0);
	expect_golden("overview-empty", page.text);
	page_end(&page);
}

static void test_parts(void **state)
{
	static const char *const parts[] = { "sides", "contested" };
	struct shown_page page = { 0 };

	(void)state;
	small_process(&page.f);
	page_begin(&page, 80, true);
	print_at(&page, AS_OF, &small_head, parts, 2);
	assert_non_null(strstr(page.text, "\nSides"));
	assert_non_null(strstr(page.text, "\nContested"));
	assert_null(strstr(page.text, "\nTables"));
	assert_null(strstr(page.text, "attention"));
	page_end(&page);
}

static size_t count_of(const char *text, const char *part)
{
	size_t n = 0;

	for (; (text = strstr(text, part)); text++)
		n++;
	return n;
}

/* Of many the latest of each track and stage are shown, and how many more there are. */
static void test_many(void **state)
{
	const struct overview_head head = { .process = "Much", .organisation = "Mediators" };
	struct shown_page page = { 0 };
	char set[100], more[40];

	(void)state;
	fixture_init(&page.f);
	for (int i = 1; i <= 12; i++) {
		snprintf(set, sizeof set, "\"name\":\"Table %02d\",\"track\":\"%s\"", i, i < 12 ? "1" : "3");
		snprintf(more, sizeof more, ",\"when\":\"2015-01-%02d\"", i);
		put_claim(&page.f, "dialogue", i, set, more);
		snprintf(set, sizeof set, "\"title\":\"Text %02d\",\"stage\":\"%s\"", i, i < 11 ? "Imp" : "Later");
		put_claim(&page.f, "agreement", 100 + i, set, more);
	}
	apply_all(&page.f);
	page_begin(&page, 80, true);
	print_at(&page, INT64_MAX, &head, NULL, 0);
	assert_null(strstr(page.text, "Table 03"));
	for (int i = 4; i <= 12; i++) {
		snprintf(set, sizeof set, "Table %02d", i);
		assert_non_null(strstr(page.text, set));
	}
	assert_non_null(strstr(page.text, "\n  and 3 more: parley list dialogue"));
	assert_null(strstr(page.text, "Text 02"));
	assert_non_null(strstr(page.text, "Text 03"));
	assert_non_null(strstr(page.text, "    and 2 more: parley list agreement --where stage=Imp"));
	assert_int_equal(count_of(page.text, "unknown to this version"), 1);
	assert_int_equal(count_of(page.text, "Text 11"), 1);
	page_end(&page);
}

/* A record with something of each sort that a process may lack. */
static const struct small_claim busy_claims[] = {
	{ "actor", 1, "\"name\":\"Northern Front for Land and Dignity\"", "", { 0 } },
	{ "actor", 2, "\"name\":\"Government of the Republic\"", "", { 0 } },
	{ "actor", 3, "\"name\":\"Data centre\"", "", { 0 } },
	{ "dialogue",
	  4,
	  "\"name\":\"Table\",\"track\":\"1\",\"parties\":[\"%1\",\"%2\"]",
	  ",\"when\":\"2015-02/2016-03\"",
	  { 1, 2 } },
	{ "channel",
	  10,
	  "\"name\":\"Line over the river\",\"state\":\"open\"",
	  ",\"when\":\"2016-01-02\",\"says\":\"%1\"",
	  { 1 } },
	{ "channel", 10, "\"state\":\"blocked\"", ",\"when\":\"2016-04\",\"says\":\"%1\"", { 2 } },
	{ "channel", 11, "\"name\":\"Hotline\",\"state\":\"open\"", ",\"when\":\"2016-01-03\"", { 0 } },
	{ "notification",
	  12,
	  "\"what\":\"Medical convoy\",\"from\":\"%1\",\"to\":[\"%2\"],\"status\":\"objected\",\"objection\":\"Mines "
	  "at "
	  "km 12\",\"window\":\"2016-05-01T06:00Z/2016-05-01T18:00Z\",\"closed\":\"2016-05-02\"",
	  "",
	  { 1, 2 } },
	{ "notification", 13, "\"what\":\"Flight\",\"window\":\"2016-06/..\"", "", { 0 } },
	{ "measure_taken",
	  14,
	  "\"title\":\"No flights below 3,000 metres\",\"mode\":\"constrain\",\"takers\":[\"%1\"],\"towards\":[\"%2\"]",
	  ",\"when\":\"2016-02\"",
	  { 2, 1 } },
	{ "deed",
	  15,
	  "\"title\":\"Ban on mines\",\"declarant\":\"%1\",\"topic\":\"mines\",\"status\":\"in_force\",\"witnesses\":"
	  "[\"%2\"]",
	  ",\"when\":\"2014-06-05\"",
	  { 1, 3 } },
	{ "exchange",
	  16,
	  "\"title\":\"Second phase\",\"what\":\"detainees\",\"from\":\"%1\",\"to\":\"%2\",\"planned\":40,\"done\":38",
	  ",\"when\":\"2016-03-03\"",
	  { 1, 2 } },
	{ "ceasefire",
	  17,
	  "\"name\":\"Truce of the river\",\"parties\":[\"%1\",\"%2\"],\"starts\":\"2016-05-01T06:00Z\"",
	  ",\"when\":\"2016-05-01\"",
	  { 1, 2 } },
	{ "attestation",
	  18,
	  "\"incident\":\"%1\",\"verdict\":\"deny\"",
	  ",\"when\":\"2016-05-02\",\"says\":\"%2\"",
	  { 17, 2 } },
	{ "designation",
	  19,
	  "\"actor\":\"%1\",\"list\":\"us_fto\",\"jurisdiction\":\"United States\",\"listed\":\"1997-10-08\"",
	  "",
	  { 1 } },
	{ "designation",
	  20,
	  "\"actor\":\"%1\",\"list\":\"eu\",\"jurisdiction\":\"European "
	  "Union\",\"listed\":\"2002\",\"delisted\":\"2015\"",
	  "",
	  { 1 } },
	{ "designation", 21, "\"actor\":\"%1\",\"list\":\"eu\",\"jurisdiction\":\"European Union\"", "", { 2 } },
	{ "episode",
	  22,
	  "\"summary\":\"Front against Government\",\"side_a\":\"%1\",\"side_b\":\"%2\",\"outcome\":\"2\"",
	  ",\"when\":\"2012/2016\"",
	  { 1, 2 } },
	{ "actor", 23, "\"name\":\"Others\",\"external_ids\":[\"data:1\"]", ",\"says\":\"%1\"", { 3 } },
	{ "incident",
	  24,
	  "\"summary\":\"Far away\",\"type\":\"ASSAULT\",\"alleged\":[\"%1\"],\"deaths_low\":1200,\"deaths_best\":1300,"
	  "\"external_ids\":[\"event:1\"]",
	  ",\"when\":\"1999-05-05\",\"says\":\"%2\"",
	  { 23, 3 } },
	{ "incident",
	  25,
	  "\"summary\":\"Near\",\"type\":\"ASSAULT\",\"alleged\":[\"%1\"],\"deaths_best\":2,\"external_ids\":[\"event:"
	  "2\"]",
	  ",\"when\":\"2015-05-05\",\"says\":\"%2\"",
	  { 1, 3 } },
	{ "commitment", 26, "\"summary\":\"Open the road\",\"due\":\"2016-02-01\"", ",\"when\":\"2016\"", { 0 } },
	{ "fulfilment", 27, "\"commitment\":\"%1\",\"basis\":\"Begun\"", ",\"when\":\"2016-03\"", { 26 } },
};

static void put_busy(struct fixture *f)
{
	char set[600], more[200];

	fixture_init(f);
	for (size_t i = 0; i < ARRAY_LEN(busy_claims); i++) {
		const struct small_claim *c = &busy_claims[i];

		small_fill(c->set, c->ids, set, sizeof set);
		small_fill(c->more, c->ids, more, sizeof more);
		put_claim(f, c->kind, c->obj, set, more);
	}
	apply_all(f);
}

static void test_busy(void **state)
{
	(void)state;
	for (int width = 40; width <= 130; width++) {
		struct shown_page page = { 0 };

		put_busy(&page.f);
		page_begin(&page, width, true);
		print_at(&page, AS_OF, &small_head, NULL, 0);
		expect_neat(page.text, width);
		if (width == 60 || width == 80)
			expect_golden(width == 60 ? "overview-busy-60" : "overview-busy-80", page.text);
		page_end(&page);
	}
}

/* What nobody recorded is named to who asks for it, and to nobody else. */
static void test_lacking(void **state)
{
	static const char *const parts[] = { "channels", "sides" };
	struct shown_page page = { 0 };

	(void)state;
	small_process(&page.f);
	page_begin(&page, 80, true);
	print_at(&page, AS_OF, &small_head, parts, 2);
	assert_non_null(strstr(page.text, "Nothing is recorded for: channels."));
	page_end(&page);
}

/* What others wrote cannot steer the terminal. */
static void test_hostile_names(void **state)
{
	struct shown_page page = { 0 };
	const struct overview_head head = { .process = "A\033[31mB", .organisation = "C\nD" };

	(void)state;
	fixture_init(&page.f);
	put_claim(&page.f, "alignment", 1, "\"actor\":\"02020202020202020202020202020202\",\"side\":\"x\\u001b[2Jy\"",
		  "");
	put_claim(&page.f, "actor", 2, "\"name\":\"e\\u202evil\\nline\"", "");
	put_claim(&page.f, "dialogue", 3, "\"name\":\"\\u001b]0;t\\u0007\",\"track\":\"1\",\"status\":\"\\u001b[1m\"",
		  "");
	apply_all(&page.f);
	page_begin(&page, 80, true);
	print_at(&page, INT64_MAX, &head, NULL, 0);
	for (const char *c = page.text; *c; c++)
		assert_true(*c == '\n' || (unsigned char)*c >= 0x20);
	assert_null(strstr(page.text, "\u202e"));
	page_end(&page);
}

static void test_json(void **state)
{
	struct shown_page page = { 0 };
	const struct json *o;
	struct overview read;
	struct json_out w;
	struct buf buf;

	(void)state;
	small_process(&page.f);
	page_begin(&page, 80, true);
	expect_ok(overview_read(page.f.view, &page.cli.arena, AS_OF, 0, &read, &page.f.err), &page.f.err);
	buf_init(&buf, 1 << 20);
	w = json_out_begin(&buf);
	overview_json(&w, &small_head, &read);
	expect_ok(json_parse(&page.cli.arena, buf_str(&buf), buf.n, &o, &page.f.err), &page.f.err);
	assert_string_equal(json_get_text(o, "process"), "Talks on the North");
	assert_string_equal(json_get_text(o, "as_of"), "2016-06-30");
	assert_null(json_get(o, "known"));
	assert_int_equal(json_get_int(json_get(json_get(o, "levels"), "top"), "actors", -1), 5);
	assert_int_equal(json_get_int(json_get(json_get(o, "commitments"), "levels"), "3", -1), 2);
	assert_string_equal(json_get_text(json_get(o, "attention")->child, "rule"), "consent");
	fclose(page.cli.out);
	buf_release(&buf);
	page_end(&page);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_widths),        cmocka_unit_test(test_ascii), cmocka_unit_test(test_any_width),
		cmocka_unit_test(test_empty),         cmocka_unit_test(test_parts), cmocka_unit_test(test_many),
		cmocka_unit_test(test_hostile_names), cmocka_unit_test(test_json),  cmocka_unit_test(test_busy),
		cmocka_unit_test(test_lacking),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return run_tests("overview", tests);
}
