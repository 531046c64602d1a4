/* A kind as a table: which value stands in a cell, how a cell is written, what is not in it. */
#include "unit/exchange/export_fixture.h"

#include "record/kinds/kinds.h"

#define CELLS_MAX 256
#define X_SAYS "11111111111111111111111111111111"
#define Y_SAYS "22222222222222222222222222222222"
#define E1 "1000000000000000000000000000000000000000000000000000000000000000"

static const struct export_request actors = { .kind = "actor" };

/* --- reading it back, as RFC 4180 says --------------------------------------------------------------------- */

struct cells {
	struct buf text; /* cell by cell, each with a NUL behind it */
	const char *cells[CELLS_MAX];
	size_t n;
	size_t per_row; /* columns of the header */
};

/* Read one cell; returns what stands behind it: ',' or '\r'. */
static char read_cell(const char **at, struct buf *out)
{
	if (**at == '"') {
		for (++*at; **at != '"' || (*at)[1] == '"'; ++*at) {
			assert_int_not_equal(**at, 0);
			*at += **at == '"';
			buf_put(out, *at, 1);
		}
		++*at;
	} else {
		const size_t n = strcspn(*at, ",\r\n\"");

		buf_put(out, *at, n);
		*at += n;
	}
	buf_put(out, "", 1);
	assert_true(**at == ',' || (**at == '\r' && (*at)[1] == '\n'));
	return **at;
}

static void read_cells(const struct buf *csv, struct cells *ret)
{
	const char *at = buf_str(csv), *cell;

	memset(ret, 0, sizeof *ret);
	buf_init(&ret->text, EXPORT_TEXT_MAX);
	while (*at) {
		const bool ends = read_cell(&at, &ret->text) == '\r';

		ret->n++;
		at += ends ? 2 : 1;
		if (ends && ret->per_row == 0)
			ret->per_row = ret->n;
		if (ends)
			assert_int_equal(ret->n % ret->per_row, 0);
	}
	assert_in_range(ret->n, 1, CELLS_MAX);
	cell = buf_str(&ret->text);
	for (size_t i = 0; i < ret->n; i++) {
		ret->cells[i] = cell;
		cell += strlen(cell) + 1;
	}
}

/* The cell of a column in a row, counted from 1. */
static const char *cell_at(const struct cells *c, size_t row, const char *column)
{
	for (size_t i = 0; i < c->per_row; i++)
		if (strcmp(c->cells[i], column) == 0)
			return c->cells[row * c->per_row + i];
	fail_msg("there is no column %s", column);
	return NULL;
}

static struct export_report export_cells(struct home *h, struct export_request request, struct cells *ret)
{
	struct buf out;
	struct export_report report = export_text(h, h->view, csv_export, request, &out);

	read_cells(&out, ret);
	assert_int_equal(ret->n, (report.n + 1) * ret->per_row);
	buf_release(&out);
	return report;
}

/* --- columns ----------------------------------------------------------------------------------------------- */

static void test_an_empty_view_is_a_header(void **state)
{
	struct export_report report;
	struct home h;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	report = export_text(&h, h.view, csv_export, (struct export_request){ .kind = "tie" }, &out);
	assert_string_equal(buf_str(&out), "id,label,from,to,code,sign,strength,secrecy,support,basis,when,known,says,"
					   "source,grade,tlp,rule,n_claims,contested_fields\r\n");
	assert_int_equal(report.n, 0);
	for (size_t i = 0; i < N_EXPORT_LOSSES; i++)
		assert_int_equal(report.lost[i], 0);
	buf_release(&out);
	home_release(&h);
}

static void test_every_kind_has_columns_that_differ(void **state)
{
	size_t n;
	const struct kind *kinds = kinds_all(&n);
	struct home h;

	(void)state;
	home_init(&h, 1);
	for (size_t i = 0; i < n; i++) {
		struct cells c;

		export_cells(&h, (struct export_request){ .kind = kinds[i].name }, &c);
		assert_int_equal(c.per_row, 2 + kinds[i].n_fields + 9);
		for (size_t a = 0; a < c.per_row; a++)
			for (size_t b = 0; b < a; b++)
				assert_string_not_equal(c.cells[a], c.cells[b]);
		buf_release(&c.text);
	}
	home_release(&h);
}

static void test_a_row(void **state)
{
	struct home h;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	take(&h,
	     "{'kind':'actor','id':'000102030405060708090a0b0c0d0e0f','set':{'name':'A, B','type':'ngo','armed':false,"
	     "'strength':7,'areas':['North','South @1.5,-2.25'],'external_ids':['ucdp:1','x:2']},"
	     "'says':'ffffffffffffffffffffffffffffffff','when':'2012/2016-11','known':'2012-02','source':'Paper',"
	     "'grade':'B2','tlp':'amber','rule':'on_record'}\n");
	export_text(&h, h.view, csv_export, actors, &out);
	expect_part(&out, "\r\n000102030405060708090a0b0c0d0e0f,\"A, B\",\"A, B\",ngo,,,,,,false,,7,,"
			  "\"North; South @1.5,-2.25\",,,\"ucdp:1; x:2\",2012/2016-11,2012-02,"
			  "ffffffffffffffffffffffffffffffff,Paper,B2,amber,on_record,1,\r\n");
	buf_release(&out);
	home_release(&h);
}

static void test_a_kind_is_needed(void **state)
{
	struct export_report report;
	struct sink sink = { refuse, NULL };
	struct home h;

	(void)state;
	home_init(&h, 1);
	expect_err(csv_export(h.view, &sink, &(struct export_request){ .kind = "acter" }, &report, &h.err), E_INVALID,
		   &h.err, "kind");
	expect_err(csv_export(h.view, &sink, &(struct export_request){ 0 }, &report, &h.err), E_INVALID, &h.err,
		   "kind");
	home_release(&h);
}

/* --- cells that are not meant well ------------------------------------------------------------------------- */

static const char *const hostile[] = {
	"plain",
	"\"quoted\"",
	"\"",
	"two\nlines",
	"two\r\nlines\rand a half",
	", ;",
	" blanks ",
	"<b>&amp;</b>",
	"\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d \xe2\x80\xae reversed",
	"=HYPERLINK(\"http://example.org\",\"x\")",
	"+cmd|' /C calc'!A0",
	"-1+1",
	"@SUM(1)",
	"\t=1",
	"\r=1",
	"'=1",
	"''=1",
	"'plain",
	"'",
	"=",
	"-",
	"-.5",
	"\xf0\x9f\x95\x8a",
};

static void test_hostile_cells_come_back(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		struct cells guarded, raw;
		struct home h;

		home_init(&h, i + 1);
		append_actor(&h, X_SAYS, hostile[i]);
		export_cells(&h, actors, &guarded);
		assert_string_equal(csv_unguard(cell_at(&guarded, 1, "name")), hostile[i]);
		assert_string_equal(csv_unguard(cell_at(&guarded, 1, "label")), hostile[i]);
		assert_null(strchr("=+-@\t\r", *cell_at(&guarded, 1, "name")));
		export_cells(&h, (struct export_request){ .kind = "actor", .raw = true }, &raw);
		assert_string_equal(cell_at(&raw, 1, "name"), hostile[i]);
		buf_release(&guarded.text);
		buf_release(&raw.text);
		home_release(&h);
	}
}

static void test_control_characters_are_left_out(void **state)
{
	struct export_report report;
	struct cells c;
	struct home h;

	(void)state;
	home_init(&h, 1);
	append_actor(&h, X_SAYS, "\x01=1\x1b[31m\x7f");
	report = export_cells(&h, actors, &c);
	assert_string_equal(cell_at(&c, 1, "name"), "'=1[31m");
	assert_int_equal(report.lost[LOSS_CHARACTERS], 6); /* in the label and in the name */
	buf_release(&c.text);
	home_release(&h);
}

static void test_what_a_spreadsheet_would_reckon_is_guarded(void **state)
{
	static const struct {
		const char *text, *cell;
	} cases[] = {
		{ "=1+1", "'=1+1" }, { "@x", "'@x" },        { "+1 234", "'+1 234" }, { "'=x", "''=x" },
		{ "'x", "'x" },      { "-12.50", "-12.50" }, { "+5", "+5" },          { "-", "'-" },
		{ "a=b", "a=b" },    { "1-1", "1-1" },       { "'-5", "''-5" },       { "-5-", "'-5-" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct cells c;
		struct home h;

		home_init(&h, i + 1);
		append_actor(&h, X_SAYS, cases[i].text);
		export_cells(&h, actors, &c);
		assert_string_equal(cell_at(&c, 1, "name"), cases[i].cell);
		buf_release(&c.text);
		home_release(&h);
	}
	assert_string_equal(csv_unguard("-5"), "-5");
	assert_string_equal(csv_unguard(""), "");
}

/* --- several claims ---------------------------------------------------------------------------------------- */

static void test_the_leading_claim(void **state)
{
	struct export_report report;
	struct cells c;
	struct home h;

	(void)state;
	home_init(&h, 1);
	take(&h, "{'kind':'actor','id':'@a','set':{'name':'A','strength':1},'says':'" X_SAYS
		 "','grade':'B2','known':'2014',"
		 "'source':'first','tlp':'clear','note':'n'}\n"
		 "{'kind':'actor','id':'@a','set':{'name':'Alpha'},'says':'" Y_SAYS "','grade':'C3','known':'2015'}\n"
		 "{'kind':'actor','id':'@a','set':{'short':'AA'},'grade':'A1','known':'2013','rule':'chatham_house',"
		 "'source':'second'}\n"
		 "{'kind':'actor','id':'@a','set':{'short':'BB'},'grade':'A1','known':'2012','tlp':'red'}\n");
	report = export_cells(&h, actors, &c);
	assert_string_equal(cell_at(&c, 1, "name"), "A");
	assert_string_equal(cell_at(&c, 1, "short"), "AA");
	assert_string_equal(cell_at(&c, 1, "says"), X_SAYS);
	assert_string_equal(cell_at(&c, 1, "source"), "first");
	assert_string_equal(cell_at(&c, 1, "known"), "2014");
	assert_string_equal(cell_at(&c, 1, "grade"), "B2");
	assert_string_equal(cell_at(&c, 1, "n_claims"), "4");
	assert_string_equal(cell_at(&c, 1, "contested_fields"), "name");
	/* AA is not marked, so it is green: stricter than the leading claim; what is marked red is not shown */
	assert_string_equal(cell_at(&c, 1, "tlp"), "green");
	assert_string_equal(cell_at(&c, 1, "rule"), "chatham_house");
	assert_int_equal(report.lost[LOSS_CLAIMS], 3);
	assert_int_equal(report.lost[LOSS_VALUES], 2);
	assert_int_equal(report.lost[LOSS_WORDS], 1);
	buf_release(&c.text);
	home_release(&h);
}

static void test_without_a_label_the_first_field_leads(void **state)
{
	struct cells c;
	struct home h;

	(void)state;
	home_init(&h, 1);
	take(&h, "{'kind':'tie','id':'@t','set':{'from':'@a','to':'@b','code':'funds'},'known':'2014','source':'one'}\n"
		 "{'kind':'tie','id':'@t','set':{'code':'funds','sign':'mixed'},'known':'2015','source':'two'}\n");
	export_cells(&h, (struct export_request){ .kind = "tie" }, &c);
	assert_string_equal(cell_at(&c, 1, "source"), "one");
	assert_string_equal(cell_at(&c, 1, "sign"), "mixed");
	assert_string_equal(cell_at(&c, 1, "tlp"), "");
	buf_release(&c.text);
	home_release(&h);
}

static void test_what_does_not_fit_is_counted(void **state)
{
	char hex[2 * HASH_BYTES + 1], chunk[512];
	uint8_t hash[HASH_BYTES];
	struct export_report report;
	struct cells c;
	struct home h;

	(void)state;
	home_init(&h, 1);
	hash_labelled(LABEL_FILE, BYTES("hello", 5), NO_BYTES, NO_BYTES, hash, sizeof hash);
	hex_encode(hash, sizeof hash, hex);
	snprintf(chunk, sizeof chunk,
		 "{'t':'chunk','file':'%s','i':0,'data':'aGVsbG8'}\n"
		 "{'kind':'actor','id':'@f','set':{'name':'F'},'files':[{'name':'f.txt','size':5,'hash':'%s'}]}\n",
		 hex, hex);
	take(&h, chunk);
	take(&h, "{'kind':'actor','id':'@a','set':{'name':'A','mood':'calm','areas':['x; y','z']}}\n"
		 "{'kind':'actor','id':'@b','set':{'name':'B'},'entry':'" E1 "'}\n"
		 "{'t':'retract','entry':'" E1 "'}\n");
	report = export_cells(&h, actors, &c);
	assert_int_equal(report.n, 2);
	assert_int_equal(report.lost[LOSS_FILES], 1);
	assert_int_equal(report.lost[LOSS_FIELDS], 1);
	assert_int_equal(report.lost[LOSS_ITEMS], 1);
	assert_int_equal(report.lost[LOSS_RETRACTED], 1);
	assert_int_equal(report.lost[LOSS_CLAIMS], 0);
	for (size_t i = 0; i < N_EXPORT_LOSSES; i++)
		assert_true(strlen(export_loss_words((enum export_loss)i)) > 4);
	buf_release(&c.text);
	home_release(&h);
}

static void test_rows_stand_by_date_and_label(void **state)
{
	struct cells c;
	struct home h;

	(void)state;
	home_init(&h, 1);
	take(&h, "{'kind':'session','id':'@b','set':{'title':'b'},'when':'2015'}\n"
		 "{'kind':'session','id':'@a','set':{'title':'a'},'when':'2015'}\n"
		 "{'kind':'session','id':'@c','set':{'title':'c'},'when':'2014-12-31'}\n");
	export_cells(&h, (struct export_request){ .kind = "session" }, &c);
	assert_string_equal(cell_at(&c, 1, "title"), "c");
	assert_string_equal(cell_at(&c, 2, "title"), "a");
	assert_string_equal(cell_at(&c, 3, "title"), "b");
	buf_release(&c.text);
	home_release(&h);
}

/* --- readers ----------------------------------------------------------------------------------------------- */

static void test_a_reader_gets_what_he_may_see(void **state)
{
	struct home h;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	take(&h, "{'kind':'actor','id':'@a','set':{'name':'Open'},'tlp':'clear'}\n"
		 "{'kind':'actor','id':'@a','set':{'short':'Hidden'},'tlp':'red'}\n"
		 "{'kind':'actor','id':'@b','set':{'name':'Hidden'},'tlp':'amber'}\n"
		 "{'kind':'actor','id':'@c','set':{'name':'Whispered'},'tlp':'clear','rule':'chatham_house',"
		 "'says':'" X_SAYS "','source':'Hidden','by':'Hidden'}\n");
	export_cleared(&h, TLP_CLEAR, csv_export, actors, &out);
	expect_part(&out, ",Open,Open,");
	expect_part(&out, ",Whispered,Whispered,");
	expect_no_part(&out, "Hidden");
	expect_no_part(&out, X_SAYS);
	expect_no_part(&out, "00000000000000000000000000000000");
	buf_release(&out);
	export_text(&h, h.view, csv_export, actors, &out);
	expect_part(&out, X_SAYS ",Hidden,,clear,chatham_house,1,");
	buf_release(&out);
	home_release(&h);
}

static void test_it_can_be_stopped(void **state)
{
	struct home h;

	(void)state;
	home_init(&h, 1);
	take(&h, "{'kind':'actor','id':'@a','set':{'name':'A'}}\n"
		 "{'kind':'actor','id':'@b','set':{'name':'B'}}\n");
	expect_stops(&h, csv_export, actors);
	home_release(&h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_an_empty_view_is_a_header),
		cmocka_unit_test(test_every_kind_has_columns_that_differ),
		cmocka_unit_test(test_a_row),
		cmocka_unit_test(test_a_kind_is_needed),
		cmocka_unit_test(test_hostile_cells_come_back),
		cmocka_unit_test(test_control_characters_are_left_out),
		cmocka_unit_test(test_what_a_spreadsheet_would_reckon_is_guarded),
		cmocka_unit_test(test_the_leading_claim),
		cmocka_unit_test(test_without_a_label_the_first_field_leads),
		cmocka_unit_test(test_what_does_not_fit_is_counted),
		cmocka_unit_test(test_rows_stand_by_date_and_label),
		cmocka_unit_test(test_a_reader_gets_what_he_may_see),
		cmocka_unit_test(test_it_can_be_stopped),
	};

	return run_tests("exchange/csv-out", tests);
}
