/* One small file of each format, with the traps that its kind has: what it becomes, claim by claim and count by count.
 * tests/data/README.md says where the files come from. */
#include "unit/exchange/map_fixture.h"

static const struct import_options plain;

struct dataset {
	const char *format, *file;
	uint64_t n_lines, n_added, n_skipped;
	const char *kinds;   /* objects of each kind */
	const char *claim;   /* one of them in full, as a line of NDJSON */
	const char *refused; /* "LINE: reason\n" of each */
};

#define UCDP_SAYS "\"says\":\"@ucdp\",\"tlp\":\"clear\",\"lang\":\"en\","
#define PUBLISHED "\"source\":\"Published by "
#define KNOWN "\"known\":\"2019\","

static const struct dataset datasets[] = {
	{ "ucdp-ged", "ucdp-ged.csv", 4, 12, 0, "actor|8 incident|4",
	  "{\"kind\":\"incident\",\"id\":\"@ucdp/ged-214814\",\"when\":\"2016-01-01/2016-01-01\"," UCDP_SAYS PUBLISHED
	  "UCDP: Georeferenced Event Dataset, event 214814. \\\"SOHR,2016-01-01,Advances for SDF in Aleppo "
	  "countryside\\\"\"," KNOWN "\"set\":{\"summary\":\"Ahrar al-Sham, Jabhat Fateh al-Sham - SDF, 2 dead, Tanab "
	  "village\",\"type\":\"ASSAULT\","
	  "\"violence\":\"2\",\"place\":\"Tanab village "
	  "@36.496133,37.003318\",\"where_prec\":\"2\",\"date_prec\":\"1\",\"clarity\":"
	  "\"1\",\"alleged\":[\"@ucdp/actor-6389\"],\"targets\":[\"@ucdp/"
	  "actor-6288\"],\"deaths_low\":2,\"deaths_best\":2,"
	  "\"deaths_high\":2,\"civilians\":0,\"external_ids\":[\"ucdp-ged:214814\"]}}",
	  "" },
	/* the tag row is passed over; Gleditsch and Ward's number was written 100.0 */
	{ "ucdp-ged", "ucdp-ged-hdx.csv", 4, 9, 1, "actor|6 incident|3",
	  "{\"kind\":\"actor\",\"id\":\"@ucdp/actor-17\"," PUBLISHED
	  "UCDP: Georeferenced Event Dataset\"," UCDP_SAYS KNOWN
	  "\"set\":{\"name\":\"Government of Colombia\",\"external_ids\":[\"ucdp:17\",\"gw:100\"]}}",
	  "" },
	{ "ucdp-actors", "ucdp-actors.csv", 6, 29, 0, "actor|7 name|10 tie|12",
	  "{\"kind\":\"tie\",\"id\":\"@ucdp/actor-205/split-from-1067\",\"says\":\"@ucdp\",\"tlp\":\"clear\"," PUBLISHED
	  "UCDP: Actor Dataset 22.1, actor 205\"," KNOWN
	  "\"set\":{\"from\":\"@ucdp/actor-205\",\"to\":\"@ucdp/actor-1067\",\"code\":"
	  "\"splinter_of\",\"basis\":\"Listed as a splinter group of PLO, Rejectionist Front\"}}",
	  "" },
	/* `return ` and `ref ` end in blanks; in the third a name has a comma in it */
	{ "ucdp-agreements", "ucdp-agreements.csv", 4, 79, 0, "actor|21 agreement|4 provision|47 signature|7",
	  "{\"kind\":\"provision\",\"id\":\"@ucdp/agreement-1143/return\"," UCDP_SAYS PUBLISHED
	  "UCDP: Peace Agreement Dataset 22.1, agreement 1143\"," KNOWN
	  "\"set\":{\"agreement\":\"@ucdp/agreement-1143\",\"title\":"
	  "\"Return of refugees\",\"pam\":\"refugees\",\"theme\":\"UCDP provision return\"}}",
	  "" },
	/* the number of an episode is 1.4e+06 in three rows, and the day of its end is not known */
	{ "ucdp-terminations", "ucdp-terminations.csv", 14, 30, 0, "actor|8 episode|4",
	  "{\"kind\":\"episode\",\"id\":\"@ucdp/episode-14273-1\",\"when\":\"2015\",\"note\":\"The day of its end is "
	  "uncertain: "
	  "precision 5.\"," UCDP_SAYS PUBLISHED "UCDP: Conflict Termination Dataset 3, dyad 14273, episode 1\"," KNOWN
	  "\"set\":{\"outcome\":\"5\",\"ended\":\"2015\"}}",
	  "" },
	{ "pax", "pax-v1.csv", 4, 11, 0, "actor|1 agreement|2 provision|5 signature|3",
	  "{\"kind\":\"agreement\",\"id\":\"@pax/"
	  "agreement-5\",\"when\":\"2012-08-26\",\"says\":\"@pax\",\"tlp\":\"amber\",\"lang\":"
	  "\"en\"," PUBLISHED "PA-X: agreement 5\"," KNOWN
	  "\"set\":{\"title\":\"Framework Agreement, \\\"Harbour Accord\\\"\","
	  "\"nature\":\"Government\",\"status\":\"multiparty_signed\",\"type\":\"Intra\",\"stage\":\"SubComp\","
	  "\"substage\":\"FrAg\","
	  "\"form\":\"written\",\"pages\":12,\"external_ids\":[\"pax:5\",\"ucdp-conflict:289\",\"pam:12\"]}}",
	  "5: column Dat: 'N/A' is not a date\n6: column AgtId: '5.5' is not a whole number\n" },
	{ "pax", "pax-v9.csv", 2, 9, 0, "actor|1 agreement|2 provision|4 signature|2",
	  "{\"kind\":\"provision\",\"id\":\"@pax/agreement-8/"
	  "gewom\",\"says\":\"@pax\",\"tlp\":\"amber\",\"lang\":\"en\"," PUBLISHED
	  "PA-X: agreement 8, Atlantis: Harbour process\"," KNOWN
	  "\"set\":{\"agreement\":\"@pax/agreement-8\",\"title\":\"Women, "
	  "girls and gender\",\"issues\":[\"GeWom\"],\"depth\":3}}",
	  "" },
	{ "pax-signatories", "pax-signatories.csv", 6, 14, 0, "actor|4 agreement|2 name|2 signature|4",
	  "{\"kind\":\"actor\",\"id\":\"@pax/con_5f1\"," PUBLISHED
	  "PA-X: signatory table\",\"says\":\"@pax\",\"tlp\":\"amber\",\"lang\":"
	  "\"en\"," KNOWN
	  "\"set\":{\"name\":\"Government of Atlantis\",\"short\":\"GoA\",\"type\":\"state\",\"description\":\"The "
	  "state\",\"external_ids\":[\"pax-actor:CON_1\",\"ucdp:40\",\"gw:700\",\"acled:Military Forces of Atlantis "
	  "(2010-)\"]}}",
	  "6: column AgtId: 'x' is not a whole number\n" },
	/* neither actor is said to have begun it */
	{ "acled", "acled-old.csv", 5, 9, 0, "actor|6 incident|3",
	  "{\"kind\":\"incident\",\"id\":\"@acled/atl1\",\"when\":\"2019-01-31\",\"quote\":\"On 31 January, a clash "
	  "(\\\"at the mole\\\") "
	  "in Old Port. No fatalities.\",\"says\":\"@acled\",\"tlp\":\"amber\",\"lang\":\"en\"," PUBLISHED
	  "ACLED: event ATL1. Atlantis Daily\"," KNOWN
	  "\"set\":{\"summary\":\"Armed clash: Military Forces of Atlantis (2010-) and "
	  "HF: Harbour Front, Old Port\",\"type\":\"ASSAULT\",\"acled\":\"armed_clash\",\"place\":\"Old Port "
	  "@10.5,-20.25\","
	  "\"where_prec\":\"1\",\"date_prec\":\"1\",\"targets\":[\"@acled/"
	  "military-forces-of-atlantis-_282010--_29\",\"@acled/hf_3a-"
	  "harbour-front\",\"@acled/islands-militia\",\"@acled/"
	  "fishers_27-league\"],\"deaths_best\":0,\"external_ids\":[\"acled:ATL1\"]}}",
	  "5: column sub_event_type: 'Something new' is not in the table 'special' of the map\n"
	  "6: column latitude: '100.5' is not a latitude\n" },
	/* inter codes as words, dates year first, UTF-16 */
	{ "acled", "acled-new.csv", 4, 8, 0, "actor|6 incident|2",
	  "{\"kind\":\"actor\",\"id\":\"@acled/hf_3a-harbour-front\"," PUBLISHED
	  "ACLED\",\"says\":\"@acled\",\"tlp\":\"amber\",\"lang\":\"en\"," KNOWN
	  "\"set\":{\"name\":\"HF: Harbour Front\",\"inter\":\"2\","
	  "\"external_ids\":[\"acled:HF: Harbour Front\"]}}",
	  "4: column event_date: '2023-02-30' is not a date\n5: column fatalities: 'few' is not a whole number\n" },
	/* the same event number on another day is another event; a quotation mark is a character */
	{ "icews", "icews.tab", 6, 10, 2, "actor|7 incident|3",
	  "{\"kind\":\"incident\",\"id\":\"@icews/2018-06-02-1001\",\"when\":\"2018-06-02\",\"note\":\"CAMEO 141, "
	  "Goldstein scale "
	  "-6.5\",\"says\":\"@icews\",\"tlp\":\"clear\",\"lang\":\"en\"," PUBLISHED
	  "ICEWS: event 1001, story 47401600, sentence "
	  "2\"," KNOWN
	  "\"set\":{\"summary\":\"Protester (Atlantis): Demonstrate or rally, Unspecified Actor\",\"type\":\"PROTEST\","
	  "\"mode\":\"demo\",\"alleged\":[\"@icews/protester-_28atlantis_29\"],\"targets\":[\"@icews/"
	  "unspecified-actor\"],"
	  "\"external_ids\":[\"icews:2018-06-02/1001\"]}}",
	  "7: column CAMEO Code: '299' is not in the table 'event' of the map\n" },
	/* of a list of actors the first has no words: sectors and codes stay with whose they are */
	{ "plover", "plover.json", 7, 8, 1, "actor|5 incident|3",
	  "{\"kind\":\"actor\",\"id\":\"@plover/rebels-atlreb\"," PUBLISHED
	  "PLOVER\",\"says\":\"@plover\",\"tlp\":\"clear\"," KNOWN
	  "\"set\":{\"name\":\"rebels\",\"sector\":\"REB\",\"short\":\"ATLREB\"}}",
	  "11: column event: 'WHISPER' is not in the table 'event' of the map\n"
	  "12: column date: incident is something that happened: say when (such as when=2016-11-24)\n"
	  "13: column 35: expected a text, a number, true, false, null, { or [\n" },
	{ "sigacts", "sigacts.csv", 7, 6, 0, "actor|1 incident|5",
	  "{\"kind\":\"incident\",\"id\":\"@sigacts/"
	  "7e188956d8d3dae5ee48973cecb6e92c-2\",\"when\":\"2004-01-01T00:20Z\",\"says\":"
	  "\"@sigacts\",\"tlp\":\"clear\",\"lang\":\"en\",\"source\":\"Published under the US Freedom of Information "
	  "Act: "
	  "significant-activity report; time as printed, zone not stated\"," KNOWN
	  "\"set\":{\"summary\":\"IED against Coalition "
	  "Forces, Old Port\",\"type\":\"ASSAULT\",\"mode\":\"explosives\",\"place\":\"Old Port\"}}",
	  "4: a page heading of the printed report, not an event\n"
	  "8: column time: incident is something that happened: say when (such as when=2016-11-24)\n" },
	{ "edges", "edges.csv", 5, 7, 0, "actor|3 tie|4",
	  "{\"kind\":\"tie\",\"id\":\"@network/net/"
	  "tie-892b6a9b2e695486880efed72744a3ad-2\",\"tlp\":\"green\",\"source\":\"Network net\"," KNOWN
	  "\"set\":{\"from\":\"@network/net/ann-bo\",\"to\":\"@network/net/"
	  "cem-dag\",\"code\":\"kin\",\"sign\":\"cooperative\","
	  "\"basis\":\"Edge of the network net, relation kin, weight 1.5\"}}",
	  "6: the edge has no source\n" },
	{ "nodes", "nodes.csv", 4, 3, 0, "actor|3",
	  "{\"kind\":\"actor\",\"id\":\"@network/net/_d9_85_d8_ad_d9_85_d8_af\",\"tlp\":\"green\",\"source\":\"Network "
	  "net\"," KNOWN "\"set\":{\"name\":\"محمد\"}}",
	  "" },
	{ "graphml", "network.graphml", 7, 6, 0, "actor|3 tie|3",
	  "{\"kind\":\"actor\",\"id\":\"@network/net/n0\",\"tlp\":\"green\",\"source\":\"Network net\"," KNOWN
	  "\"set\":{\"name\":\"Sid'Hamed & Sons\",\"type\":\"militia\"}}",
	  "14: column 5: an edge has no source or no target\n" },
	{ "gml", "network.gml", 5, 4, 0, "actor|2 tie|2",
	  "{\"kind\":\"actor\",\"id\":\"@network/net/1\",\"tlp\":\"green\",\"source\":\"Network net\"," KNOWN
	  "\"set\":{\"name\":\"Old "
	  "Port\"}}",
	  "15: line 18, column 3: the node that ends here has no id\n" },
	{ "pajek", "network.net", 6, 6, 0, "actor|3 tie|3",
	  "{\"kind\":\"actor\",\"id\":\"@network/net/3\",\"tlp\":\"green\",\"source\":\"Network net\"," KNOWN
	  "\"set\":{\"name\":\"3\"}}",
	  "" },
};

static const struct format_options how = { .name = "net", .known = "2019" };

static void read_file(const char *name, struct buf *out)
{
	char path[120];

	snprintf(path, sizeof path, "tests/data/%s", name);
	buf_init(out, 1024 * 1024);
	read_tree(path, out);
}

/* Objects of each kind that the import made: "actor|2 incident|1". */
static void expect_kinds(struct home *h, const struct dataset *d)
{
	struct buf out;

	buf_init(&out, 4096);
	dump(h->view,
	     "SELECT group_concat(kind || '|' || n, ' ') FROM (SELECT kind, count(*) AS n FROM object WHERE kind NOT "
	     "IN "
	     "('charter', 'device', 'epoch', 'member') GROUP BY kind ORDER BY kind)",
	     &out);
	if (strncmp(buf_str(&out), d->kinds, strlen(d->kinds)) != 0 || out.n != strlen(d->kinds) + 1)
		fail_msg("%s: %s", d->file, buf_str(&out));
	buf_release(&out);
}

static void expect_dataset(const struct dataset *d)
{
	struct text_source t;
	struct buf text;
	struct home h;

	read_file(d->file, &text);
	home_init(&h, 1);
	t = text_of(text.p, text.n);
	expect_ok(import_as(&h, d->format, &how, &t, plain), &h.err);
	if (strcmp(buf_str(&h.rejected), d->refused) != 0)
		fail_msg("%s: refused: %s", d->file, buf_str(&h.rejected));
	if (h.report.n_lines != d->n_lines || h.report.n_added != d->n_added || h.report.n_skipped != d->n_skipped)
		fail_msg("%s: %d lines, %d added, %d passed over", d->file, (int)h.report.n_lines,
			 (int)h.report.n_added, (int)h.report.n_skipped);
	expect_kinds(&h, d);
	t = text_of(text.p, text.n);
	expect_ok(import_as(&h, d->format, &how, &t, plain), &h.err);
	assert_int_equal(h.report.n_added, 0); /* twice is once */
	home_release(&h);
	buf_release(&text);
}

static void test_counts_and_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(datasets); i++)
		expect_dataset(&datasets[i]);
}

static void test_every_format_has_a_file(void **state)
{
	size_t n;
	const struct import_format *formats = import_formats(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < ARRAY_LEN(datasets) && strcmp(datasets[k].format, formats[i].name) != 0)
			k++;
		if (k == ARRAY_LEN(datasets) && formats[i].map)
			fail_msg("no file of %s is tested", formats[i].name);
	}
}

/* The claims of a file as they come, the same whatever the pieces. */
static void claims_of_dataset(const struct dataset *d, struct buf *out)
{
	static const size_t pieces[] = { 1, 7, 4096, 0 };
	struct buf text, first;

	read_file(d->file, &text);
	buf_init(&first, 4 * 1024 * 1024);
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		struct text_source t = text_of(text.p, text.n);
		struct err err = { 0 };

		t.piece = pieces[i];
		buf_clear(out);
		expect_ok(claims_of(d->format, &how, &t, out, &err), &err);
		if (i == 0)
			buf_put(&first, out->p, out->n);
		assert_string_equal(buf_str(out), buf_str(&first));
	}
	buf_release(&first);
	buf_release(&text);
}

static void test_a_claim_in_full(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4 * 1024 * 1024);
	for (size_t i = 0; i < ARRAY_LEN(datasets); i++) {
		claims_of_dataset(&datasets[i], &out);
		if (!strstr(buf_str(&out), datasets[i].claim))
			fail_msg("%s: not there: %s", datasets[i].file, datasets[i].claim);
	}
	buf_release(&out);
}

/* What is imported is its publisher's word: nothing is graded, confirmed or said in our own name. */
static void expect_word_of_publisher(const char *line, const char *format)
{
	static const char *const networks[] = { "edges", "nodes", "graphml", "gml", "pajek" };
	bool is_network = false;

	for (size_t i = 0; i < ARRAY_LEN(networks); i++)
		is_network |= strcmp(format, networks[i]) == 0;
	if (strstr(line, "\"grade\"") || strstr(line, "\"state\":") || strstr(line, "\"by\":"))
		fail_msg("invented: %s", line);
	if (is_network || strstr(line, "Publisher of the data that were imported"))
		return;
	if (!strstr(line, "\"says\":\"@") || !strstr(line, "\"source\":\"Published "))
		fail_msg("not the publisher's word: %s", line);
}

static void test_the_publisher_says_it(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4 * 1024 * 1024);
	for (size_t i = 0; i < ARRAY_LEN(datasets); i++) {
		size_t n = 0;
		char *rest = NULL, *text;

		claims_of_dataset(&datasets[i], &out);
		text = strdup(buf_str(&out));
		for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
			if (strstr(line, ": {\"kind\"")) {
				expect_word_of_publisher(line, datasets[i].format);
				n++;
			}
		assert_true(n >= 3);
		free(text);
	}
	buf_release(&out);
}

static bool has(struct buf *out, const char *text)
{
	return strstr(buf_str(out), text) != NULL;
}

/* Traps that show only beside a claim that is right. */
static void test_traps(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4 * 1024 * 1024);
	claims_of_dataset(&datasets[3], &out);
	assert_true(has(&out, "\"@ucdp/agreement-1334/ref\""));
	assert_true(has(&out, "\"ended\":\"2010-12-31\"")); /* `duration` is the day on which it ended */
	assert_false(
		has(&out, "\"@ucdp/actor-170\",\"source\"")); /* whose name has a comma: left to the actor dataset */
	assert_true(has(&out, "\"parties\":[\"@ucdp/actor-154\",\"@ucdp/actor-170\"]"));
	claims_of_dataset(&datasets[4], &out);
	assert_true(has(&out, "\"when\":\"2003-11-26\"")); /* known to the day */
	assert_true(has(&out, "\"when\":\"1946-07-21\"")); /* two digits from 46 on are of the last century */
	assert_false(has(&out, "1.4e+06"));
	claims_of_dataset(&datasets[5], &out);
	assert_true(has(&out, "\"@pax/agreement-5/gewom\""));                         /* 1.0 */
	assert_true(has(&out, "Government of Atlantis, A. Person;\\nHarbour Front")); /* CR LF within a cell */
	assert_false(has(&out, "N/A\""));
	claims_of_dataset(&datasets[9], &out);
	assert_true(has(&out, "\"inter\":\"6\""));
	assert_true(has(
		&out,
		"[\"@acled/protesters-_28atlantis_29\",\"@acled/fishers_27-league\",\"@acled/women_27s-network\"]"));
	claims_of_dataset(&datasets[10], &out);
	assert_true(has(&out, "CAMEO 040,")); /* leading zeros */
	assert_true(has(&out, "\\\"Island\\\" Times"));
	buf_release(&out);
}

/* A file of another kind is named as such, and nothing of it is taken. */
static void test_other_files(void **state)
{
	struct buf text;
	struct text_source t;
	struct home h;

	(void)state;
	read_file("sigacts.csv", &text);
	home_init(&h, 1);
	t = text_of(text.p, text.n);
	expect_err(import_as(&h, "ucdp-ged", &how, &t, plain), E_DAMAGED, &h.err,
		   "it has no column 'id': it is another file");
	assert_int_equal(h.report.n_added, 0);
	t = text_of(text.p, text.n);
	expect_err(import_as(&h, "graphml", &how, &t, plain), E_DAMAGED, &h.err, NULL);
	t = text_of(text.p, text.n);
	expect_err(import_as(&h, "csv", &how, &t, plain), E_USAGE, &h.err, "--map");
	home_release(&h);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_counts_and_refusals),
		cmocka_unit_test(test_every_format_has_a_file),
		cmocka_unit_test(test_a_claim_in_full),
		cmocka_unit_test(test_the_publisher_says_it),
		cmocka_unit_test(test_traps),
		cmocka_unit_test(test_other_files),
	};

	return run_tests("datasets", tests);
}
