/* What control entries say: circles, members, devices, heads, redactions. */
#include "unit/view/fixture.h"

#define HEX_OF(pair) pair pair pair pair pair pair pair pair
#define ID_0B HEX_OF("0b0b0b0b") /* device 11 */
#define ID_0C HEX_OF("0c0c0c0c") /* device 12 */
#define ID_C1 HEX_OF("c1c1c1c1") /* organisation 1 */
#define ID_C2 HEX_OF("c2c2c2c2") /* organisation 2 */
#define ID_5E HEX_OF("5e5e5e5e")
#define ID_00 HEX_OF("00000000")

static const char charter[] =
	"{\"t\":\"charter\",\"v\":1,\"rules\":1,\"name\":\"Havana\",\"purpose\":\"Working level\",\"process\":\"" ID_5E
	"\",\"random\":\"" ID_5E "\",\"device\":\"" ID_0B "\",\"box\":\"" ID_5E "\",\"organisations\":["
	"{\"id\":\"" ID_C1 "\",\"roles\":[\"write\",\"admin\",\"read\"]},"
	"{\"id\":\"" ID_C2 "\",\"roles\":[\"read\",\"write\"]}],"
	"\"thresholds\":{\"admit\":1,\"remove\":2,\"amend\":2},\"retention_days\":90,\"history\":\"none\","
	"\"min_version\":1,\"hubs\":[]}";

/* An epoch entry with that charter; the double's circles are one byte each, so the circle is set by hand. */
static struct double_entry *put_epoch(struct fixture *f, const char *reason, bool with_charter)
{
	char text[8192], encoded[4096];
	struct double_entry *e;

	base64url_encode((const uint8_t *)charter, strlen(charter), encoded);
	snprintf(text, sizeof text,
		 "{\"t\":\"epoch\",\"v\":1,\"members\":[{\"organisation\":\"" ID_C1 "\",\"device\":\"" ID_0B
		 "\",\"box\":\"" ID_5E "\"},{\"organisation\":\"" ID_C2 "\",\"device\":\"" ID_0C "\",\"box\":\"" ID_5E
		 "\"}],\"deps\":[],\"parents\":[%s],"
		 "\"reason\":\"%s\",\"psk\":\"" ID_00 "\"%s%s%s}",
		 with_charter ? "" : "\"" ID_5E "\"", reason, with_charter ? ",\"charter\":\"" : "",
		 with_charter ? encoded : "", with_charter ? "\"" : "");
	e = put(f, CLASS_CONTROL, text);
	e->boxes = 2;
	return e;
}

/* Apply the last entry as one of the circle that the charter makes. */
static void apply_in_charters_circle(struct fixture *f)
{
	struct record_entry e;

	expect_ok(record_read(&f->record, f->record.n, &e, &f->err), &f->err);
	hash_labelled(LABEL_CIRCLE, BYTES(charter, strlen(charter)), NO_BYTES, NO_BYTES, e.envelope.circle, ID_BYTES);
	expect_ok(view_apply(f->view, &f->record, &e, &f->err), &f->err);
}

static void test_founding(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_epoch(&f, "founding", true);
	apply_in_charters_circle(&f);
	expect_ask(f.view,
		   "SELECT purpose || '|' || process || '|' || founder || '|' || approvals || '|' || retention || '|' "
		   "|| history"
		   " FROM k_charter",
		   "Working level|" ID_5E "|" ID_0B "|2|90 days|Newcomers read nothing older");
	expect_ask(f.view, "SELECT founders FROM k_charter", ID_C1 "\x1f" ID_C2);
	expect_ask(f.view, "SELECT hex(obj) = upper(substr(circle, 1, 32)) FROM k_charter", "1");
	expect_ask(f.view, "SELECT group_concat(role, ' ') FROM (SELECT role FROM k_member ORDER BY organisation)",
		   "admin writer");
	expect_ask(f.view, "SELECT members || reason || coalesce(parents, '-') FROM k_epoch", "2founding-");
	expect_ask(f.view,
		   "SELECT group_concat(kind || '=' || coalesce(label, '-'), ' ') FROM (SELECT * FROM object ORDER BY "
		   "kind)",
		   "charter=Working level epoch=- member=- member=-");
	expect_ask(f.view, "SELECT sum(n_claims) || state FROM object, entry", "0open");
	fixture_release(&f);
}

/* A weekly change of keys is a new epoch of the same members, with the roles that the charter gave. */
static void test_rotation(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_epoch(&f, "founding", true);
	apply_in_charters_circle(&f);
	put_epoch(&f, "rotation", false);
	apply_in_charters_circle(&f);
	expect_ask(f.view, "SELECT group_concat(reason, ' ') FROM (SELECT reason FROM k_epoch ORDER BY reason)",
		   "founding weekly");
	expect_ask(f.view, "SELECT count(*) || group_concat(role, '') FROM (SELECT role FROM k_member ORDER BY role)",
		   "2adminwriter");
	expect_ask(f.view, "SELECT count(DISTINCT entry) FROM k_member", "1");
	fixture_release(&f);
}

static void test_charter_of_another_circle(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_epoch(&f, "founding", true); /* in circle 1, which that charter does not make */
	apply_all(&f);
	expect_ask(f.view, "SELECT (SELECT count(*) FROM k_charter) || (SELECT count(*) FROM k_epoch)", "01");
	expect_ask(f.view, "SELECT count(role) FROM k_member", "0");
	fixture_release(&f);
}

/* Into the sigchain of organisation 1: its genesis with that device (role NULL), or an added device. */
static void put_device(struct fixture *f, const char *role, const char *device)
{
	char text[2048], more[512] = "\"recovery\":[\"" ID_5E "\",\"" ID_5E "\",\"" ID_5E "\"],\"need\":2";

	if (role)
		snprintf(more, sizeof more, "\"role\":\"%s\",\"deps\":[],\"consent\":\"" ID_5E ID_5E "\"", role);
	snprintf(text, sizeof text,
		 "{\"t\":\"%s\",\"v\":1,\"device\":\"%s\",\"box\":\"" ID_5E "\",\"random\":\"" ID_5E "\",%s}",
		 role ? "device-add" : "org", device, more);
	if (!role)
		double_found(&f->record, text);
	put(f, CLASS_SIGCHAIN, text)->in_org_1 = true;
}

static void test_devices(void **state)
{
	char sql[256], org[2 * ID_BYTES + 1];
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_device(&f, NULL, ID_0B);
	put_device(&f, "writer", ID_0C);
	put_device(&f, "writer", HEX_OF("15151515")); /* the record does not count this one to that organisation */
	apply_all(&f);
	expect_ask(f.view, "SELECT group_concat(device || role, ' ') FROM (SELECT * FROM k_device ORDER BY device)",
		   ID_0B "admin " ID_0C "node");
	hex_encode(f.record.org_1, ID_BYTES, org);
	snprintf(sql, sizeof sql,
		 "SELECT count(*) FROM k_device WHERE organisation = '%s' AND hex(obj) = upper(substr(device, 1, 32))",
		 org);
	expect_ask(f.view, sql, "2");
	fixture_release(&f);
}

/* How far a device was seen: the greatest number counts, in whatever order it is said. */
static void test_heads(void **state)
{
	static const uint64_t seqs[] = { 5, 1041, 9 };
	struct fixture f;

	(void)state;
	fixture_init(&f);
	for (size_t i = 0; i < ARRAY_LEN(seqs); i++) {
		uint8_t record[72];
		char encoded[200], text[300];

		memset(record, 0x0c, sizeof record);
		put_u64(record + 32, seqs[i]);
		base64url_encode(record, sizeof record, encoded);
		snprintf(text, sizeof text, "{\"t\":\"heads\",\"v\":1,\"heads\":\"%s\"}", encoded);
		put(&f, CLASS_HEADS, text);
	}
	put(&f, CLASS_HEADS, "{\"t\":\"heads\",\"v\":1,\"heads\":\"AAAA\"}");
	apply_all(&f);
	expect_ask(f.view, "SELECT count(*) || '|' || seq || '|' || device || '|' || witness FROM k_head",
		   "1|1041|" ID_0C "|" ID_0B);
	fixture_release(&f);
}

static void test_redaction_is_an_object(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_mention(&f, "redact", put_claim(&f, "actor", 1, "\"name\":\"x\"", "")->id);
	apply_all(&f);
	expect_ask(f.view, "SELECT reason || (r.entry = lower(hex(e.id))) FROM k_redaction r, entry e WHERE e.n = 1",
		   "because1");
	expect_ask(f.view,
		   "SELECT count(*) FROM object o, entry e WHERE o.kind = 'redaction' AND o.obj = substr(e.id, 1, 16)",
		   "1");
	fixture_release(&f);
}

/* A claim about the id of a device does not change what the record says of the device. */
static void test_claims_do_not_reach_control_objects(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_device(&f, NULL, ID_0B);
	put_claim(&f, "actor", 0x0b, "\"name\":\"impostor\",\"role\":\"witness\"", "");
	apply_all(&f);
	expect_ask(f.view, "SELECT kind || coalesce(label, '-') || n_claims FROM object", "device-0");
	expect_ask(f.view, "SELECT role || (SELECT count(*) FROM k_actor) FROM k_device", "admin0");
	fixture_release(&f);
}

/* What record_verify() reports as not valid for its entry is in no table but `entry`. */
static void test_what_is_not_valid_does_not_count(void **state)
{
	uint8_t own_head[72];
	char encoded[200], text[300];
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_epoch(&f, "founding", true)->boxes = 1; /* two members */
	put_epoch(&f, "founding", false);           /* has parents */
	put(&f, CLASS_CONTROL, "{\"t\":\"epoch\",\"v\":1,\"reason\":\"rotation\"}")->boxes = 1;
	memset(own_head, 0x0b, sizeof own_head);
	put_u64(own_head + 32, 5);
	base64url_encode(own_head, sizeof own_head, encoded);
	snprintf(text, sizeof text, "{\"t\":\"heads\",\"v\":1,\"heads\":\"%s\"}", encoded);
	put(&f, CLASS_HEADS, text);  /* names its own feed */
	put_device(&f, NULL, ID_0C); /* a genesis by another device than it names */
	put_claim(&f, "actor", 1, "\"name\":\"x\"", ",\"files\":[{\"name\":\"a\"}]");
	apply_all(&f);
	expect_ask(f.view, "SELECT count(*) || group_concat(DISTINCT state) FROM entry", "6bad");
	expect_ask(f.view,
		   "SELECT (SELECT count(*) FROM control) || (SELECT count(*) FROM claim) || (SELECT count(*) FROM "
		   "object)",
		   "000");
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_founding),
		cmocka_unit_test(test_rotation),
		cmocka_unit_test(test_charter_of_another_circle),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_heads),
		cmocka_unit_test(test_redaction_is_an_object),
		cmocka_unit_test(test_claims_do_not_reach_control_objects),
		cmocka_unit_test(test_what_is_not_valid_does_not_count),
	};

	return run_tests("view/control", tests);
}
