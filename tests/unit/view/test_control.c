/* What control entries say: circles, members, devices, heads, redactions. */
#include "unit/view/fixture.h"

#define HEX_OF(pair) pair pair pair pair pair pair pair pair
#define ID_0B HEX_OF("0b0b0b0b") /* device 11 */
#define ID_0C HEX_OF("0c0c0c0c") /* device 12 */
#define ID_C1 HEX_OF("c1c1c1c1") /* organisation 1 */
#define ID_C2 HEX_OF("c2c2c2c2") /* organisation 2 */
#define ID_5E HEX_OF("5e5e5e5e")

static const char charter[] =
	"{\"t\":\"charter\",\"v\":1,\"rules\":1,\"name\":\"Havana\",\"purpose\":\"Working level\",\"process\":\"" ID_5E
	"\",\"random\":\"" ID_5E "\",\"device\":\"" ID_0B "\",\"box\":\"" ID_5E "\",\"organisations\":["
	"{\"id\":\"" ID_C1 "\",\"roles\":[\"write\",\"admin\",\"read\"]},"
	"{\"id\":\"" ID_C2 "\",\"roles\":[\"read\",\"write\"]}],"
	"\"thresholds\":{\"admit\":1,\"remove\":2,\"amend\":2},\"retention_days\":90,\"history\":\"none\","
	"\"min_version\":1,\"hubs\":[\"a:1\",\"b:2\"]}";

/* An epoch entry with that charter; the double's circles are one byte each, so the circle is set by hand. */
static struct double_entry *put_epoch(struct fixture *f, const char *reason, bool with_charter)
{
	char text[8192], encoded[4096];

	base64url_encode((const uint8_t *)charter, strlen(charter), encoded);
	snprintf(text, sizeof text,
		 "{\"t\":\"epoch\",\"v\":1,\"members\":[{\"organisation\":\"" ID_C1 "\",\"device\":\"" ID_0B
		 "\",\"box\":\"" ID_5E "\"},{\"organisation\":\"" ID_C2 "\",\"device\":\"" ID_0C "\",\"box\":\"" ID_5E
		 "\"}],\"deps\":[],\"parents\":[%s],"
		 "\"reason\":\"%s\",\"psk\":\"" ID_5E "\"%s%s%s}",
		 with_charter ? "" : "\"" ID_5E "\"", reason, with_charter ? ",\"charter\":\"" : "",
		 with_charter ? encoded : "", with_charter ? "\"" : "");
	return put(f, CLASS_CONTROL, text);
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
	expect_ask(f.view, "SELECT founders || '|' || hubs FROM k_charter",
		   ID_C1 "\x1f" ID_C2 "|a:1\x1f"
			 "b:2");
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

static void test_devices(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put(&f, CLASS_SIGCHAIN, "{\"t\":\"org\",\"v\":1,\"device\":\"" ID_0B "\"}")->circle = 0xc1;
	put(&f, CLASS_SIGCHAIN, "{\"t\":\"device-add\",\"v\":1,\"device\":\"" ID_0C "\",\"role\":\"writer\"}")->circle =
		0xc1;
	/* the record does not count this one to that organisation */
	put(&f, CLASS_SIGCHAIN,
	    "{\"t\":\"device-add\",\"v\":1,\"device\":\"" HEX_OF("15151515") "\",\"role\":\"writer\"}")
		->circle = 0xc1;
	apply_all(&f);
	expect_ask(f.view, "SELECT group_concat(device || role, ' ') FROM (SELECT * FROM k_device ORDER BY device)",
		   ID_0B "admin " ID_0C "node");
	expect_ask(f.view,
		   "SELECT count(*) FROM k_device WHERE organisation = '" ID_C1
		   "' AND hex(obj) = upper(substr(device, 1, 32))",
		   "2");
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
	put(&f, CLASS_SIGCHAIN, "{\"t\":\"org\",\"v\":1,\"device\":\"" ID_0B "\"}")->circle = 0xc1;
	put_claim(&f, "actor", 0x0b, "\"name\":\"impostor\",\"role\":\"witness\"", "");
	apply_all(&f);
	expect_ask(f.view, "SELECT kind || coalesce(label, '-') || n_claims FROM object", "device-0");
	expect_ask(f.view, "SELECT role || (SELECT count(*) FROM k_actor) FROM k_device", "admin0");
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
	};

	return run_tests("view/control", tests);
}
