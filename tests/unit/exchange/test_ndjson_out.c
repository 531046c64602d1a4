/* What goes out: all of a home, and in another organisation's home it is the same; a cut, and nothing beyond it. */
#include "unit/exchange/fixture.h"

#include "record/kinds/kinds.h"

#define EXPORT_MAX ((size_t)64 * 1024 * 1024)

/* --- a home with everything -------------------------------------------------------------------------------- */

/* A claim with every field of a kind, from the examples of the vocabulary, and every member that a claim can have. */
static void put_whole_claim(const struct kind *kind, int variant, struct buf *out)
{
	const struct kind *common = kinds_common();

	buf_printf(out, "{\"t\":\"claim\",\"v\":1,\"kind\":\"%s\",\"id\":\"@kinds/%s\",\"set\":{", kind->name,
		   kind->name);
	for (size_t i = 0; i < kind->n_fields; i++)
		buf_printf(out, "%s\"%s\":%s", i ? "," : "", kind->fields[i].name, kind->fields[i].example);
	buf_text(out, "}");
	if (!(kind->flags & KIND_EVENT) && variant == 0)
		buf_text(out, ",\"known\":\"2015\"");
	else if (variant != 1)
		for (size_t i = 0; i < common->n_fields; i++)
			buf_printf(out, ",\"%s\":%s", common->fields[i].name, common->fields[i].example);
	else
		buf_text(out, ",\"when\":\"2016-08-24T20:15Z/..\"");
	buf_text(out, "}\n");
}

static void put_kinds(struct buf *out)
{
	size_t n;
	const struct kind *kinds = kinds_all(&n);

	for (int variant = 0; variant < 3; variant++)
		for (size_t i = 0; i < n; i++)
			if (!(kinds[i].flags & KIND_RECORD))
				put_whole_claim(&kinds[i], variant, out);
}

#define ZEROS "000000000000000000000000000000000000000000000000000000000000000"
#define E1 "1" ZEROS
#define E2 "2" ZEROS
#define E3 "3" ZEROS

/* What the examples of the vocabulary alone would not show. Here and below ' stands for ". */
static const char others[] =
	/* contested: two sayers; corrected: the same sayer later; said twice */
	"{'kind':'actor','id':'@o/a','set':{'name':'A','strength':100},'says':'@o/x','known':'2014'}\n"
	"{'kind':'actor','id':'@o/a','set':{'strength':200},'says':'@o/y','grade':'C3','known':'2014'}\n"
	"{'kind':'actor','id':'@o/a','set':{'strength':150},'says':'@o/y','when':'2015','known':'2016-05'}\n"
	"{'kind':'actor','id':'@o/a','set':{'short':'AA'}}\n"
	"{'kind':'actor','id':'@o/a','set':{'short':'AA'}}\n"
	/* retracted, and said again */
	"{'kind':'actor','id':'@o/b','set':{'name':'B'},'entry':'" E1 "'}\n"
	"{'t':'retract','entry':'" E1 "','reason':'a \\'slip\\'\\n'}\n"
	"{'kind':'actor','id':'@o/b','set':{'name':'B'},'entry':'" E2 "'}\n"
	/* retracted for good, without a reason */
	"{'kind':'actor','id':'@o/c','set':{'name':'C'},'entry':'" E3 "'}\n"
	"{'t':'retract','entry':'" E3 "'}\n"
	/* of a later version */
	"{'kind':'spaceship','id':'@o/d','set':{'crew':[1,{'x':null,'y':[true]}],'name':'D'},'warp':9}\n"
	"{'kind':'actor','id':'@o/a','set':{'mood':{'deep':['calm']},'decides':false},'weight':[3]}\n"
	/* every character that JSON writes in its own way */
	"{'kind':'actor','id':'@o/e','set':{'name':'\\' \\\\ \\/ \xf0\x9f\x95\x8a \\ud83d\\udd4a',"
	"'raw':'\\u0001 \\u007f \\u2028\\b\\f\\n\\r\\t'}}\n"
	/* attached */
	"{'t':'chunk','file':'%s','i':0,'data':'aGVsbG8'}\n"
	"{'kind':'actor','id':'@o/f','set':{'name':'F'},'files':[{'name':'f.txt','size':5,'hash':'%s'}]}\n";

static void quote(struct buf *text)
{
	for (size_t i = 0; i < text->n; i++)
		if (text->p[i] == '\'')
			text->p[i] = '"';
}

static void fill(struct home *h)
{
	char hex[2 * HASH_BYTES + 1];
	uint8_t hash[HASH_BYTES];
	struct text_source t;
	struct buf text;

	hash_labelled(LABEL_FILE, BYTES("hello", 5), NO_BYTES, NO_BYTES, hash, sizeof hash);
	hex_encode(hash, sizeof hash, hex);
	buf_init(&text, EXPORT_MAX);
	buf_printf(&text, others, hex, hex);
	quote(&text);
	put_kinds(&text);
	t = text_of(buf_str(&text), text.n);
	expect_ok(import_from(h, &t, (struct import_options){ .keep_unknown = true }), &h->err);
	assert_string_equal(buf_str(&h->rejected), "");
	buf_release(&text);
	/* redacted: its body is in no export, and what stands on it is */
	expect_import(h, "{\"kind\":\"actor\",\"id\":\"@o/g\",\"set\":{\"name\":\"Unspeakable\"}}", 1, 0, 0);
	expect_import(h, "{\"kind\":\"actor\",\"id\":\"@o/g\",\"set\":{\"short\":\"G\"}}", 1, 0, 0);
	expect_ok(record_redact(h->record, record_n_entries(h->record) - 1, "named a source", NULL, 0, &h->err),
		  &h->err);
	expect_ok(view_catch_up(h->view, h->record, NULL, NULL, &h->err), &h->err);
}

/* --- two homes side by side -------------------------------------------------------------------------------- */

/* Everything of a view that does not belong to the home: who recorded it when, under which ids and rows. Redacted claims
 * and retractions that took no effect do not travel. */
static void dump_view(struct view *view, struct buf *out)
{
	static const char claims[] =
		"SELECT c.kind, hex(c.obj), v.field, v.i, v.value, hex(c.says), c.when_text, c.when_from, c.when_to, "
		"c.known,"
		" c.\"by\", c.source, c.quote, c.grade, c.tlp, c.rule, c.lang, c.note, c.status,"
		" (SELECT count(*) FROM claim x WHERE x.n < c.n AND x.status < 2)"
		" FROM claim c LEFT JOIN value v ON v.n = c.n WHERE c.status < 2 ORDER BY c.n, v.field, v.i";
	static const char retractions[] = "SELECT (SELECT count(*) FROM claim x JOIN entry y ON y.n = x.n WHERE y.n < "
					  "e.n AND x.status < 2), r.reason"
					  " FROM retraction r JOIN entry e ON e.id = r.target ORDER BY 1, 2";
	static const char objects[] =
		"SELECT hex(obj), kind, label, n_claims, n_contested, when_from, when_to FROM object"
		" WHERE n_claims > 0 ORDER BY 1";
	static const char *const queries[] = {
		claims,
		retractions,
		objects,
		"SELECT hex(obj), field, n_values FROM contested ORDER BY 1, 2",
		"SELECT term, doc, cnt FROM search_word",
		"SELECT hex(sz) FROM search_docsize ORDER BY id",
	};
	size_t n;
	const struct kind *kinds = kinds_all(&n);

	buf_init(out, EXPORT_MAX);
	for (size_t i = 0; i < ARRAY_LEN(queries); i++)
		dump(view, queries[i], out);
	for (size_t i = 0; i < n; i++) {
		char sql[200];

		if (kinds[i].flags & KIND_RECORD)
			continue;
		snprintf(sql, sizeof sql, "SELECT * FROM k_%s ORDER BY obj", kinds[i].name);
		buf_printf(out, "k_%s\n", kinds[i].name);
		dump(view, sql, out);
	}
	expect_ok(buf_check(out, "a view", &(struct err){ 0 }), &(struct err){ 0 });
}

/* Show the first line that differs. */
static void expect_equal_texts(const char *a, const char *b)
{
	size_t at = 0, line = 0;

	while (a[at] && a[at] == b[at]) {
		at++;
		if (a[at - 1] == '\n')
			line = at;
	}
	if (a[at] != b[at])
		fail_msg("they differ:\n%.*s\n%.*s", (int)strcspn(a + line, "\n"), a + line,
			 (int)strcspn(b + line, "\n"), b + line);
}

static void expect_equal_views(struct view *a, struct view *b)
{
	struct buf of_a, of_b;

	dump_view(a, &of_a);
	dump_view(b, &of_b);
	assert_true(of_a.n > 0);
	expect_equal_texts(buf_str(&of_a), buf_str(&of_b));
	buf_release(&of_a);
	buf_release(&of_b);
}

/* Put x over a hex or time member, where it names an entry, an organisation or a moment of this home. */
static void blank(char *text, const char *member)
{
	for (char *at = strstr(text, member); at; at = strstr(at, member))
		for (at += strlen(member); *at != '"'; at++)
			*at = 'x';
}

static void expect_equal_exports(struct buf *a, struct buf *b)
{
	static const char *const own[] = { "\"entry\":\"", "\"author\":\"", "\"recorded\":\"" };

	for (size_t i = 0; i < ARRAY_LEN(own); i++) {
		blank((char *)a->p, own[i]);
		blank((char *)b->p, own[i]);
	}
	/* times with and without milliseconds have other lengths: the tests' clock has none */
	expect_equal_texts(buf_str(a), buf_str(b));
}

static void take_export(struct home *to, const struct buf *text)
{
	struct text_source t = text_of(buf_str(text), text->n);

	expect_ok(import_from(to, &t, (struct import_options){ .keep_unknown = true, .strict = true }), &to->err);
	assert_int_equal(to->report.n_present, 0);
}

static void test_all_of_a_home_goes_round(void **state)
{
	struct home h, other;
	struct buf first, second;
	uint64_t n;

	(void)state;
	home_init(&h, 1);
	home_init(&other, 2);
	fill(&h);
	n = export_view(&h, h.view, (struct export_options){ .attachments = true }, &first);
	assert_int_equal(n, count(&h, "SELECT count(*) FROM claim WHERE status < 2") + 2 + 1);
	assert_null(strstr(buf_str(&first), "Unspeakable"));
	take_export(&other, &first);
	expect_equal_views(h.view, other.view);
	assert_int_equal(export_view(&other, other.view, (struct export_options){ .attachments = true }, &second), n);
	expect_equal_exports(&first, &second);
	buf_release(&second);
	/* and back: what went out is here */
	export_view(&h, h.view, (struct export_options){ .attachments = true }, &second);
	{
		struct text_source t = text_of(buf_str(&second), second.n);

		expect_ok(import_from(&h, &t, (struct import_options){ .keep_unknown = true }), &h.err);
		assert_int_equal(h.report.n_added, 0);
		assert_string_equal(buf_str(&h.rejected), "");
	}
	buf_release(&first);
	buf_release(&second);
	home_release(&other);
	home_release(&h);
}

/* What is taken in within the same millisecond keeps its order: the later line is the later word, here and elsewhere. */
static void test_lines_of_the_same_moment_keep_their_order(void **state)
{
	struct home h, other;
	struct buf text;

	(void)state;
	home_init(&h, 1);
	home_init(&other, 2);
	h.machine.now_step_ms = 0;
	other.machine.now_step_ms = 0;
	buf_init(&text, 1024 * 1024);
	for (int object = 0; object < 20; object++)
		for (int word = 0; word < 4; word++)
			buf_printf(
				&text,
				"{\"kind\":\"actor\",\"id\":\"@o/%d\",\"set\":{\"name\":\"%d\"},\"known\":\"2016\"}\n",
				object, word);
	expect_import(&h, buf_str(&text), 80, 0, 0);
	assert_int_equal(count(&h, "SELECT count(*) FROM k_actor WHERE name = '3'"), 20);
	buf_release(&text);
	export_view(&h, h.view, (struct export_options){ 0 }, &text);
	take_export(&other, &text);
	expect_equal_views(h.view, other.view);
	buf_release(&text);
	home_release(&other);
	home_release(&h);
}

/* --- what an export says that a claim need not ------------------------------------------------------------- */

static void test_an_export_says_who_and_since_when(void **state)
{
	char says[2 * OBJECT_ID_BYTES + 1], expected[64];
	struct home h;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	expect_import(&h, "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"name\":\"A\"}}", 1, 0, 0);
	assert_int_equal(count(&h, "SELECT known_text IS NULL AND known = recorded FROM claim"), 1);
	export_view(&h, h.view, (struct export_options){ 0 }, &out);
	hex_encode(record_org_id(h.record), OBJECT_ID_BYTES, says);
	snprintf(expected, sizeof expected, "\"says\":\"%s\"", says);
	assert_non_null(strstr(buf_str(&out), expected));
	{
		const char *known = strstr(buf_str(&out), "\"known\":\""),
			   *recorded = strstr(buf_str(&out), "\"recorded\":\"");

		assert_non_null(known);
		assert_non_null(recorded);
		assert_memory_equal(known + 9, recorded + 12, strlen("2026-09-21T13:06:46Z"));
	}
	buf_release(&out);
	home_release(&h);
}

static void test_a_part_of_it(void **state)
{
	uint8_t first[ID_BYTES];
	struct home h;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	memcpy(first, h.circle, sizeof first);
	expect_import(&h,
		      "{\"kind\":\"actor\",\"id\":\"@a\",\"set\":{\"name\":\"A\"}}\n"
		      "{\"kind\":\"person\",\"id\":\"@b\",\"set\":{\"name\":\"B\"}}",
		      2, 0, 0);
	expect_ok(record_found_circle(h.record, "Second", "", h.circle, &h.err), &h.err);
	expect_ok(view_catch_up(h.view, h.record, NULL, NULL, &h.err), &h.err);
	expect_import(&h, "{\"kind\":\"actor\",\"id\":\"@c\",\"set\":{\"name\":\"C\"}}", 1, 0, 0);
	assert_int_equal(export_view(&h, h.view, (struct export_options){ 0 }, &out), 3);
	buf_release(&out);
	assert_int_equal(export_view(&h, h.view, (struct export_options){ .circle = first }, &out), 2);
	buf_release(&out);
	assert_int_equal(export_view(&h, h.view, (struct export_options){ .circle = first, .kind = "person" }, &out),
			 1);
	assert_non_null(strstr(buf_str(&out), "\"name\":\"B\""));
	buf_release(&out);
	home_release(&h);
}

/* --- cuts -------------------------------------------------------------------------------------------------- */

static const char guarded[] =
	"{'kind':'actor','id':'@a','set':{'name':'open'},'tlp':'clear','known':'2014'}\n"
	"{'kind':'actor','id':'@a','set':{'short':'green'},'known':'2014'}\n"
	"{'kind':'actor','id':'@a','set':{'short':'red'},'tlp':'red','known':'2014'}\n"
	"{'kind':'actor','id':'@a','set':{'short':'late'},'tlp':'clear','known':'2015-02'}\n"
	"{'kind':'actor','id':'@a','set':{'short':'happened'},'tlp':'clear','when':'2014-06','known':'2014-07'}\n"
	"{'kind':'actor','id':'@b','set':{'name':'taken back'},'tlp':'clear','known':'2014','entry':'" E1 "'}\n"
	"{'t':'retract','entry':'" E1 "','reason':'why'}\n"
	"{'kind':'actor','id':'@c','set':{'name':'whispered','strength':7,'armed':true,'areas':['North','South']},"
	"'says':'@speaker','by':'someone','source':'secret source','quote':'the quote','tlp':'clear',"
	"'rule':'chatham_house','known':'2014','when':'2014','lang':'en','note':'n','grade':'B2'}\n"
	"{'kind':'actor','id':'@d','set':{'name':'whispered, then taken back'},'says':'@speaker','tlp':'clear',"
	"'rule':'chatham_house','known':'2014','entry':'" E2 "'}\n"
	"{'t':'retract','entry':'" E2 "','reason':'told me so'}\n";

#define N_GUARDED 10

static void fill_guarded(struct home *h)
{
	struct buf text;

	buf_init(&text, 65536);
	buf_text(&text, guarded);
	quote(&text);
	expect_import(h, buf_str(&text), N_GUARDED, 0, 0);
	buf_release(&text);
}

static struct cut cut_of(enum tlp tlp)
{
	struct cut cut = { .reader = view_reader_owner(), .as_of_ms = INT64_MAX, .known_ms = INT64_MAX };

	cut.reader.cleared_for = tlp;
	cut.reader.attribution = false;
	return cut;
}

static void export_cut(struct home *h, const struct cut *cut, struct buf *out)
{
	struct view *view = NULL;

	expect_ok(view_cut(h->view, cut, &view, &h->err), &h->err);
	export_view(h, view, (struct export_options){ .attachments = true }, out);
	view_free(view);
}

static void expect_holds(const struct buf *out, const char *const *words, bool held)
{
	for (; *words; words++)
		if ((strstr(buf_str(out), *words) != NULL) != held)
			fail_msg("\"%s\" is %s in: %s", *words, held ? "not" : "", buf_str(out));
}

static void test_an_export_holds_nothing_beyond_its_cut(void **state)
{
	static const char *const clear[] = { "open", "late", "happened", "taken back", "\"why\"", "whispered", NULL };
	static const char *const beyond_clear[] = { "\"green\"", "\"red\"", NULL };
	static const char *const by_2014[] = { "open", "\"green\"", "\"red\"", "happened", "taken back", NULL };
	static const char *const beyond_2014[] = { "late", "\"why\"", NULL };
	static const char *const beyond_june[] = { "happened", NULL };
	struct cut cut = cut_of(TLP_CLEAR);
	struct when when;
	struct home h;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	fill_guarded(&h);
	export_cut(&h, &cut, &out);
	expect_holds(&out, clear, true);
	expect_holds(&out, beyond_clear, false);
	buf_release(&out);
	cut = cut_of(TLP_RED);
	expect_ok(when_parse("2014", &when, &h.err), &h.err);
	cut.known_ms = when.to_ms;
	export_cut(&h, &cut, &out);
	expect_holds(&out, by_2014, true);
	expect_holds(&out, beyond_2014, false); /* the retraction came later: the claim stood */
	buf_release(&out);
	cut = cut_of(TLP_RED);
	expect_ok(when_parse("2014-05", &when, &h.err), &h.err);
	cut.as_of_ms = when.to_ms;
	export_cut(&h, &cut, &out);
	expect_holds(&out, beyond_june, false);
	buf_release(&out);
	home_release(&h);
}

/* Under the Chatham House Rule it goes out what was said, and not by whom; and that can be read in. */
static void test_who_said_it_is_left_out(void **state)
{
	static const char *const hidden[] = { "someone",         "secret source", "\"lang\"",
					      "then taken back", "told me so",    NULL };
	static const char *const said[] = {
		"\"set\":{\"areas\":[\"North\",\"South\"],\"armed\":true,\"name\":\"whispered\",\"strength\":7}",
		"\"says\":\"00000000000000000000000000000000\"",
		"\"when\":\"2014\"",
		"\"known\":\"2014\"",
		"the quote",
		"\"rule\":\"chatham_house\"",
		"\"grade\":\"B2\"",
		NULL,
	};
	char speaker[2 * OBJECT_ID_BYTES + 1];
	uint8_t id[OBJECT_ID_BYTES];
	struct cut cut = cut_of(TLP_RED);
	struct home h, other;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	home_init(&other, 2);
	fill_guarded(&h);
	export_cut(&h, &cut, &out);
	expect_holds(&out, hidden, false);
	expect_holds(&out, said, true);
	expect_ok(object_id_parse("@speaker", id, &h.err), &h.err);
	hex_encode(id, sizeof id, speaker);
	assert_null(strstr(buf_str(&out), speaker));
	take_export(&other, &out);
	assert_int_equal(other.report.n_added, N_GUARDED - 2); /* of what is hidden and retracted nothing is left */
	buf_release(&out);
	home_release(&other);
	home_release(&h);
}

/* A whole home cut down still comes in elsewhere: what stood before a line may be gone. */
static void test_a_cut_of_everything_can_be_read_in(void **state)
{
	struct cut cut = cut_of(TLP_AMBER);
	struct home h, other;
	struct buf out;

	(void)state;
	home_init(&h, 1);
	home_init(&other, 2);
	fill(&h);
	export_cut(&h, &cut, &out);
	take_export(&other, &out);
	assert_true(other.report.n_added > 50);
	buf_release(&out);
	home_release(&other);
	home_release(&h);
}

/* --- a sink that fails ------------------------------------------------------------------------------------- */

static int refuse_after(void *ctx, const void *p, size_t n, struct err *err)
{
	int *left = ctx;

	(void)p;
	(void)n;
	return (*left)-- > 0 ? 0 : err_set(err, E_FULL, "no space left");
}

static bool stop(void *ctx, uint64_t done, uint64_t total)
{
	(void)ctx;
	assert_true(done <= total);
	return done < 3;
}

static void test_a_sink_that_fails_and_a_user_who_stops(void **state)
{
	int left = 5;
	struct sink sink = { refuse_after, &left };
	struct export_options options = { .attachments = true };
	struct home h;
	uint64_t n = 99;

	(void)state;
	home_init(&h, 1);
	fill(&h);
	expect_err(ndjson_export(h.record, h.view, &sink, &options, &n, &h.err), E_FULL, &h.err, NULL);
	left = 1000000;
	options.progress = stop;
	expect_err(ndjson_export(h.record, h.view, &sink, &options, &n, &h.err), E_CANCELLED, &h.err, "3 lines");
	assert_int_equal(n, 99);
	home_release(&h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_of_a_home_goes_round),
		cmocka_unit_test(test_lines_of_the_same_moment_keep_their_order),
		cmocka_unit_test(test_an_export_says_who_and_since_when),
		cmocka_unit_test(test_a_part_of_it),
		cmocka_unit_test(test_an_export_holds_nothing_beyond_its_cut),
		cmocka_unit_test(test_who_said_it_is_left_out),
		cmocka_unit_test(test_a_cut_of_everything_can_be_read_in),
		cmocka_unit_test(test_a_sink_that_fails_and_a_user_who_stops),
	};

	return run_tests("exchange/ndjson-out", tests);
}
