/* A small process, written so that every count of its overview can be reckoned by hand, as of 30 June 2016.
 *
 * Object n has the id nn nn ... nn in hex digits: actor 1 is "01010101...". The author's organisation is c1c1c1c1...
 */
#ifndef PARLEY_TESTS_UNIT_NODE_SMALL_PROCESS_H
#define PARLEY_TESTS_UNIT_NODE_SMALL_PROCESS_H

#include "unit/view/fixture.h"

#define AS_OF (DAY_0 + 182 * DAY) /* 2016-07-01T00:00Z: the end of 30 June */

/* A claim of the small process: %1..%9 in set and more stand for the ids of the objects in `ids`. */
struct small_claim {
	const char *kind;
	int obj;
	const char *set, *more;
	int ids[4];
};

static const struct small_claim small_claims[] = {
	/* who */
	{ "actor", 1, "\"name\":\"Government\",\"type\":\"state\",\"level\":\"top\"", "", { 0 } },
	{ "actor", 2, "\"name\":\"Army of the North\",\"type\":\"state_armed_force\",\"level\":\"top\"", "", { 0 } },
	{ "actor", 3, "\"name\":\"Movement\",\"type\":\"insurgent_group\",\"level\":\"top\"", "", { 0 } },
	{ "actor", 4, "\"name\":\"Women's network\",\"type\":\"womens_group\",\"level\":\"middle\"", "", { 0 } },
	{ "actor",
	  5,
	  "\"name\":\"Village council\",\"type\":\"community_leader\",\"level\":\"grassroots\"",
	  "",
	  { 0 } },
	{ "actor", 6, "\"name\":\"Norland\",\"type\":\"state\",\"level\":\"top\"", "", { 0 } },
	{ "actor", 7, "\"name\":\"لجنة السلام\",\"type\":\"ngo\"", "", { 0 } },
	{ "actor", 8, "\"name\":\"Sudland\",\"type\":\"state\",\"level\":\"top\"", "", { 0 } },
	{ "person", 10, "\"name\":\"Ana\",\"level\":\"top\"", "", { 0 } },
	{ "person", 11, "\"name\":\"Ben\",\"level\":\"middle\"", "", { 0 } },
	{ "person", 12, "\"name\":\"Cho\"", "", { 0 } },
	{ "alignment",
	  20,
	  "\"actor\":\"%1\",\"side\":\"government\",\"role\":\"party\"",
	  ",\"when\":\"2015/..\"",
	  { 1 } },
	{ "alignment",
	  21,
	  "\"actor\":\"%1\",\"side\":\"government\",\"role\":\"ally\"",
	  ",\"when\":\"2015/2016-03\"",
	  { 2 } },
	{ "alignment",
	  22,
	  "\"actor\":\"%1\",\"side\":\"movement\",\"role\":\"party\"",
	  ",\"when\":\"2014-05-01\"",
	  { 3 } },
	{ "alignment",
	  23,
	  "\"actor\":\"%1\",\"side\":\"third\",\"role\":\"third_party\"",
	  ",\"when\":\"2013-06/2017\"",
	  { 6 } },
	{ "alignment",
	  24,
	  "\"actor\":\"%1\",\"side\":\"third\",\"role\":\"third_party\"",
	  ",\"when\":\"2013-06/2017\"",
	  { 8 } },
	{ "alignment",
	  26,
	  "\"actor\":\"%1\",\"side\":\"third\",\"role\":\"third_party\"",
	  ",\"when\":\"2013-06/2017\"",
	  { 7 } },
	{ "alignment", 25, "\"actor\":\"%1\",\"side\":\"movement\"", ",\"when\":\"2016-12-01\"", { 4 } },
	/* tables: 30 met twice and meets again, 33 never, 34 has no track */
	{ "dialogue",
	  30,
	  "\"name\":\"Main table\",\"track\":\"1\",\"status\":\"active\",\"host\":\"%1\"",
	  ",\"when\":\"2016-01-05/..\"",
	  { 6 } },
	{ "dialogue",
	  31,
	  "\"name\":\"Back channel\",\"track\":\"1.5\",\"status\":\"frozen\",\"convener\":\"%1\",\"host\":\"%2\"",
	  "",
	  { 6, 8 } },
	{ "dialogue", 32, "\"name\":\"محادثات القرية\",\"track\":\"3\"", "", { 0 } },
	{ "dialogue",
	  33,
	  "\"name\":\"平和の対話と未来のための専門家会議\",\"track\":\"2\",\"status\":\"prepared\"",
	  "",
	  { 0 } },
	{ "dialogue", 34, "\"name\":\"Somewhere\"", "", { 0 } },
	{ "forum", 35, "\"name\":\"Yearly forum\",\"type\":\"platform\",\"host\":\"%1\"", "", { 8 } },
	{ "session",
	  40,
	  "\"title\":\"First\",\"dialogue\":\"%1\",\"status\":\"held\"",
	  ",\"when\":\"2016-01-10\"",
	  { 30 } },
	{ "session",
	  41,
	  "\"title\":\"Second\",\"dialogue\":\"%1\",\"status\":\"interrupted\"",
	  ",\"when\":\"2016-03\"",
	  { 30 } },
	{ "session",
	  42,
	  "\"title\":\"Third\",\"dialogue\":\"%1\",\"status\":\"planned\"",
	  ",\"when\":\"2016-07-15\"",
	  { 30 } },
	{ "session",
	  43,
	  "\"title\":\"None\",\"dialogue\":\"%1\",\"status\":\"cancelled\"",
	  ",\"when\":\"2016-04-01\"",
	  { 30 } },
	{ "session", 44, "\"title\":\"Quiet\",\"dialogue\":\"%1\"", ",\"when\":\"2016-02-01\"", { 31 } },
	{ "session", 45, "\"title\":\"Nowhere\",\"status\":\"held\"", ",\"when\":\"2016-02-02\"", { 0 } },
	{ "session",
	  46,
	  "\"title\":\"Forum 2016\",\"forum\":\"%1\",\"status\":\"held\"",
	  ",\"when\":\"2016-05-05/2016-05-07\"",
	  { 35 } },
	{ "session", 47, "\"title\":\"Some day\",\"dialogue\":\"%1\",\"status\":\"held\"", "", { 32 } },
	/* agreements: 51 was rejected and replaced by 52 */
	{ "agreement", 50, "\"title\":\"Truce accord\",\"stage\":\"Cea\"", ",\"when\":\"2016-01-20\"", { 0 } },
	{ "agreement", 51, "\"title\":\"Framework\",\"stage\":\"SubComp\"", ",\"when\":\"2016-02\"", { 0 } },
	{ "agreement",
	  52,
	  "\"title\":\"New framework\",\"stage\":\"SubComp\",\"replaces\":\"%1\",\"in_force\":\"2016-05-01\"",
	  ",\"when\":\"2016-04-10\"",
	  { 51 } },
	{ "agreement", 53, "\"title\":\"A note without date\"", "", { 0 } },
	/* promises */
	{ "commitment",
	  60,
	  "\"summary\":\"Due on the day itself\",\"obligor\":\"%1\",\"due\":\"2016-06-30\"",
	  ",\"when\":\"2016-01-20\"",
	  { 1 } },
	{ "commitment",
	  61,
	  "\"summary\":\"Due on the day before\",\"obligor\":\"%1\",\"due\":\"2016-06-29\"",
	  ",\"when\":\"2016-01-20\"",
	  { 3 } },
	{ "commitment",
	  62,
	  "\"summary\":\"Due in that month\",\"due\":\"2016-06\"",
	  ",\"when\":\"2016-01-20\"",
	  { 0 } },
	{ "commitment", 63, "\"summary\":\"Kept\",\"due\":\"2016-05-01\"", ",\"when\":\"2016-01-20\"", { 0 } },
	{ "commitment",
	  64,
	  "\"summary\":\"Half kept\",\"obligor\":\"%1\",\"due\":\"2016-04-01\"",
	  ",\"when\":\"2016-01-20\"",
	  { 3 } },
	{ "commitment", 65, "\"summary\":\"Nobody knows\"", ",\"when\":\"2016-01-20\"", { 0 } },
	{ "commitment",
	  66,
	  "\"summary\":\"Let off\",\"due\":\"2016-02-01\",\"status\":\"released\"",
	  ",\"when\":\"2016-01-20\"",
	  { 0 } },
	{ "commitment", 67, "\"summary\":\"Later\",\"due\":\"2016-09-01\"", ",\"when\":\"2016-01-20\"", { 0 } },
	{ "commitment", 68, "\"summary\":\"Late but kept\",\"due\":\"2016-02-01\"", ",\"when\":\"2016-01-20\"", { 0 } },
	{ "fulfilment", 120, "\"commitment\":\"%1\",\"level\":\"3\"", ",\"when\":\"2016-05-02\"", { 63 } },
	{ "fulfilment", 127, "\"commitment\":\"%1\",\"basis\":\"Some say more\"", ",\"when\":\"2016-06-02\"", { 63 } },
	{ "fulfilment",
	  121,
	  "\"commitment\":\"%1\",\"level\":\"2\"",
	  ",\"when\":\"2016-04-02\",\"says\":\"%2\"",
	  { 64, 1 } },
	{ "fulfilment",
	  122,
	  "\"commitment\":\"%1\",\"level\":\"1\"",
	  ",\"when\":\"2016-05-02\",\"says\":\"%2\"",
	  { 64, 3 } },
	{ "fulfilment", 123, "\"commitment\":\"%1\",\"no_evidence\":true", ",\"when\":\"2016-05-02\"", { 65 } },
	{ "fulfilment", 124, "\"commitment\":\"%1\",\"basis\":\"Work has begun\"", ",\"when\":\"2016-05-02\"", { 67 } },
	{ "fulfilment", 125, "\"commitment\":\"%1\",\"level\":\"3\"", ",\"when\":\"2016-04-01\"", { 68 } },
	{ "fulfilment", 126, "\"commitment\":\"%1\",\"level\":\"0\"", ",\"when\":\"2016-03-01\"", { 68 } },
	/* ceasefires, one in each state */
	{ "ceasefire",
	  70,
	  "\"name\":\"General truce\",\"parties\":[\"%1\",\"%2\"],\"starts\":\"2016-01-25\"",
	  ",\"when\":\"2016-01-20\"",
	  { 1, 3 } },
	{ "ceasefire",
	  71,
	  "\"name\":\"Autumn "
	  "truce\",\"parties\":[\"%1\"],\"starts\":\"2015-10-01\",\"ended\":\"2015-12-01\",\"end_reason\":"
	  "\"withdrawn\"",
	  ",\"when\":\"2015-09-20\"",
	  { 3 } },
	{ "ceasefire",
	  72,
	  "\"name\":\"Harvest truce\",\"parties\":[\"%1\"],\"starts\":\"2016-08-01\"",
	  ",\"when\":\"2016-06-20\"",
	  { 3 } },
	{ "ceasefire",
	  73,
	  "\"name\":\"May truce\",\"parties\":[\"%1\"],\"starts\":\"2016-05-01\",\"ends\":\"2016-05-31\"",
	  ",\"when\":\"2016-04-20\"",
	  { 3 } },
	{ "ceasefire", 74, "\"name\":\"Some truce\",\"parties\":[\"%1\"]", ",\"when\":\"2016-04-21\"", { 1 } },
	/* incidents */
	{ "incident",
	  80,
	  "\"summary\":\"Shots at the "
	  "bridge\",\"type\":\"ASSAULT\",\"state\":\"ALLEGED\",\"deaths_low\":2,\"deaths_best\":3,\"deaths_high\":5",
	  ",\"when\":\"2016-06-02\",\"says\":\"%1\",\"grade\":\"B2\"",
	  { 1 } },
	{ "incident",
	  80,
	  "\"summary\":\"An ambush\",\"deaths_best\":7",
	  ",\"when\":\"2016-06-02\",\"says\":\"%1\",\"grade\":\"C3\"",
	  { 3 } },
	{ "incident", 80, "\"deaths_best\":9", ",\"when\":\"2016-06-01\",\"says\":\"%1\",\"grade\":\"A1\"", { 3 } },
	{ "incident",
	  80,
	  "\"summary\":\"Hunters\",\"deaths_best\":3",
	  ",\"when\":\"2016-06-02\",\"says\":\"%1\",\"grade\":\"C3\"",
	  { 5 } },
	{ "incident",
	  81,
	  "\"summary\":\"Mine on the road\",\"type\":\"ASSAULT\",\"state\":\"ALLEGED\",\"deaths_best\":4",
	  ",\"when\":\"2016-04-30\"",
	  { 0 } },
	{ "incident",
	  82,
	  "\"summary\":\"Bridge repaired together\",\"type\":\"COOPERATE\"",
	  ",\"when\":\"2016-05-01\"",
	  { 0 } },
	{ "incident",
	  83,
	  "\"summary\":\"A feared "
	  "attack\",\"type\":\"ASSAULT\",\"state\":\"ALLEGED\",\"auxiliary\":\"hypothetical\",\"deaths_best\":90",
	  ",\"when\":\"2016-05-01\"",
	  { 0 } },
	{ "incident",
	  84,
	  "\"summary\":\"A feared no\",\"type\":\"REJECT\",\"auxiliary\":\"hypothetical\",\"targets\":[\"%1\"]",
	  ",\"when\":\"2016-05-01\"",
	  { 50 } },
	{ "incident",
	  92,
	  "\"summary\":\"Voters say no\",\"type\":\"REJECT\",\"targets\":[\"%1\",\"%2\"]",
	  ",\"when\":\"2016-03-05\"",
	  { 1, 51 } },
	{ "finding", 90, "\"incident\":\"%1\",\"state\":\"VIOLATION_DETERMINED\"", ",\"when\":\"2016-05-10\"", { 81 } },
	{ "finding", 91, "\"incident\":\"%1\",\"state\":\"INCONCLUSIVE\"", ",\"when\":\"2016-05-01\"", { 81 } },
	{ "attestation", 93, "\"incident\":\"%1\",\"verdict\":\"confirm\"", ",\"when\":\"2016-05-02\"", { 81 } },
	{ "attestation", 94, "\"incident\":\"%1\",\"verdict\":\"deny\"", ",\"when\":\"2016-06-03\"", { 80 } },
	/* guards and traffic: 101 withdraws what 100 gave, 103 gives again what 102 withdrew */
	{ "consent",
	  100,
	  "\"party\":\"%1\",\"to\":\"%2\",\"status\":\"given\"",
	  ",\"when\":\"2016-01-05\"",
	  { 3, 30 } },
	{ "consent",
	  101,
	  "\"party\":\"%1\",\"to\":\"%2\",\"status\":\"withdrawn\"",
	  ",\"when\":\"2016-06-01\"",
	  { 3, 30 } },
	{ "consent",
	  102,
	  "\"party\":\"%1\",\"to\":\"%2\",\"status\":\"withdrawn\"",
	  ",\"when\":\"2016-02-01\"",
	  { 1, 30 } },
	{ "consent",
	  103,
	  "\"party\":\"%1\",\"to\":\"%2\",\"status\":\"given\"",
	  ",\"when\":\"2016-03-01\"",
	  { 1, 30 } },
	{ "clearance",
	  104,
	  "\"purpose\":\"Training\",\"actor\":\"%1\",\"decision\":\"allowed\",\"until\":\"2016-07-10\"",
	  ",\"when\":\"2016-01-01\"",
	  { 3 } },
	{ "clearance",
	  105,
	  "\"purpose\":\"Talks\",\"actor\":\"%1\",\"decision\":\"allowed\",\"until\":\"2016-12-31\"",
	  ",\"when\":\"2016-01-01\"",
	  { 3 } },
	{ "clearance",
	  106,
	  "\"purpose\":\"Old talks\",\"actor\":\"%1\",\"decision\":\"allowed\",\"until\":\"2016-05-01\"",
	  ",\"when\":\"2016-01-01\"",
	  { 3 } },
	{ "transfer",
	  107,
	  "\"summary\":\"Paper on pasture\",\"what\":\"%1\",\"from\":\"%1\",\"to\":\"%2\"",
	  ",\"when\":\"2016-03-01\"",
	  { 32, 30 } },
	{ "transfer",
	  108,
	  "\"summary\":\"Paper on wells\",\"what\":\"%1\",\"from\":\"%1\",\"to\":\"%2\",\"receipt\":\"used\"",
	  ",\"when\":\"2016-03-02\"",
	  { 32, 30 } },
	{ "zebra", 110, "\"stripes\":\"many\"", "", { 0 } },
};

/* Copy a template with the ids in the place of %1..%4. */
static inline void small_fill(const char *from, const int *ids, char *out, size_t cap)
{
	size_t n = 0;

	for (; *from && n + 40 < cap; from++) {
		if (*from == '%') {
			memcpy(out + n, obj_hex(ids[from[1] - '1']), 32);
			n += 32;
			from++;
		} else {
			out[n++] = *from;
		}
	}
	out[n] = '\0';
}

static inline void small_process(struct fixture *f)
{
	struct double_entry *last = NULL;
	char set[2048], more[512];

	fixture_init(f);
	for (size_t i = 0; i < sizeof small_claims / sizeof small_claims[0]; i++) {
		const struct small_claim *c = &small_claims[i];

		small_fill(c->set, c->ids, set, sizeof set);
		small_fill(c->more, c->ids, more, sizeof more);
		last = put_claim(f, c->kind, c->obj, set, more);
	}
	last = put_claim(f, "actor", 9, "\"name\":\"Taken back\"", "");
	put_mention(f, "retract", last->id);
	apply_all(f);
}

#endif
