/* What a format can hold comes back: exported, read into another home, exported again, the same bytes. */
#include "unit/exchange/fixture.h"

#include "exchange/export.h"

static const struct import_options plain;

/* Three actors with whatever could be lost on the way, two persons, ties between them. */
static const char world[] =
	"{\"kind\":\"actor\",\"id\":\"@t/"
	"a\",\"set\":{\"name\":\"=SUM(A1)\",\"type\":\"state\",\"areas\":[\"Caquet\xc3\xa1\","
	"\"Meta\"],\"armed\":true,\"strength\":7000,\"founded\":\"1964-05\",\"description\":\"one; two\\nthree "
	"\\\"four\\\", "
	"five\"},\"when\":\"2012/2016-08\",\"known\":\"2012-09-04\",\"source\":\"A & B "
	"<c>\",\"grade\":\"B2\",\"tlp\":\"amber\"}\n"
	"{\"kind\":\"actor\",\"id\":\"@t/b\",\"set\":{\"name\":\"\xd8\xad\xd8\xb1\xd9\x83\xd8\xa9\",\"short\":\"'-x\","
	"\"external_ids\":[\"ucdp:743\",\"gw:100\"]},\"known\":\"2013\",\"says\":\"@t/a\"}\n"
	"{\"kind\":\"actor\",\"id\":\"@t/c\",\"set\":{\"name\":\"plain\"},\"known\":\"2014-01-02T03:04Z\"}\n"
	"{\"kind\":\"person\",\"id\":\"@t/p\",\"set\":{\"name\":\"Ana\",\"actor\":\"@t/"
	"a\",\"languages\":[\"es-CO\",\"en\"]},"
	"\"known\":\"2014\"}\n"
	"{\"kind\":\"tie\",\"id\":\"@t/t\",\"set\":{\"from\":\"@t/b\",\"to\":\"@t/"
	"a\",\"code\":\"hostile_to\",\"strength\":"
	"\"0.75\",\"sign\":\"hostile\"},\"when\":\"1964/..\",\"known\":\"2014\",\"says\":\"@t/b\"}\n"
	"{\"kind\":\"tie\",\"id\":\"@t/u\",\"set\":{\"from\":\"@t/p\",\"to\":\"@t/"
	"b\",\"code\":\"speaks_for\"},\"known\":\"2015\"}\n";

static int write_text(void *ctx, const void *p, size_t n, struct err *err)
{
	struct buf *out = ctx;

	buf_put(out, p, n);
	return buf_check(out, "the export", err);
}

typedef int export_function(struct view *view, struct sink *sink, const struct export_request *request,
			    struct export_report *ret, struct err *err);

static void export_from(struct home *h, export_function *function, const char *kind, struct buf *out)
{
	struct sink sink = { write_text, out };
	const struct export_request request = { .kind = kind };
	struct export_report report;

	buf_init(out, 4 * 1024 * 1024);
	expect_ok(function(h->view, &sink, &request, &report, &h->err), &h->err);
}

static void expect_back(export_function *function, const char *format, const char *kind, uint64_t n_objects)
{
	const struct format_options how = { .name = "back", .kind = strcmp(format, "csv") == 0 ? kind : NULL };
	struct home from, to;
	struct text_source t;
	struct buf out, again;

	home_init(&from, 1);
	home_init(&to, 2);
	expect_import(&from, world, 6, 0, 0);
	export_from(&from, function, kind, &out);
	t = text_of(out.p, out.n);
	expect_ok(import_as(&to, format, &how, &t, (struct import_options){ .strict = true }), &to.err);
	expect_report(&to, n_objects, 0, 0);
	export_from(&to, function, kind, &again);
	/* ties name organisations and bodies of the first home, so that only what was exported may stand in the second */
	assert_string_equal(buf_str(&again), buf_str(&out));
	t = text_of(out.p, out.n);
	expect_ok(import_as(&to, format, &how, &t, plain), &to.err);
	expect_report(&to, 0, n_objects, 0);
	buf_release(&out);
	buf_release(&again);
	home_release(&from);
	home_release(&to);
}

static void test_tables_come_back(void **state)
{
	(void)state;
	expect_back(csv_export, "csv", "actor", 3);
	expect_back(csv_export, "csv", "person", 1);
}

static void test_a_network_comes_back(void **state)
{
	(void)state;
	expect_back(graphml_export, "graphml", NULL, 6);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tables_come_back),
		cmocka_unit_test(test_a_network_comes_back),
	};

	return run_tests("exchange/round_trip", tests);
}
