/* Entries made elsewhere: in order, again, with gaps, forked, broken, of later classes; what they change and what not. */
#include "unit/record/devices.h"
#include "unit/record/home.h"

/* A device elsewhere that writes in a circle of which this home has no key. */
static const uint8_t far_circle[ID_BYTES] = { 0xfc };
static const uint8_t far_epoch[ID_BYTES] = { 0xfe };
static const uint8_t far_key[KEY_BYTES] = { 0xff };
static struct made made[4];

static const struct recipe far_claim = {
	.cls = CLASS_CLAIM,
	.circle = far_circle,
	.epoch = far_epoch,
	.key = far_key,
	.body = { (const uint8_t *)"{\"t\":\"x\",\"v\":1}", 15 },
};

/* Receive bytes in a batch of their own. */
static enum receive_verdict receive(struct home *h, const uint8_t *p, size_t n)
{
	enum receive_verdict verdict = RECEIVED_OUT_OF_ORDER;
	uint64_t row = 99, before = record_n_entries(h->record);

	expect_ok(record_begin(h->record, false, &h->err), &h->err);
	expect_ok(record_receive(h->record, BYTES(p, n), &verdict, &row, &h->err), &h->err);
	expect_ok(record_commit(h->record, &h->err), &h->err);
	assert_int_equal(record_n_entries(h->record), before + (verdict == RECEIVED));
	assert_int_equal(row, verdict == RECEIVED ? before + 1 : 0);
	return verdict;
}

static enum receive_verdict receive_made(struct home *h, const struct made *m)
{
	return receive(h, m->bytes, m->n);
}

static uint64_t n_quarantine(const struct home *h)
{
	uint64_t dropped;

	return record_n_quarantine(h->record, &dropped);
}

static void test_in_order(void **state)
{
	struct device d = device_make(1);
	struct record_entry entry;
	struct home h;

	(void)state;
	home_found(&h);
	for (int i = 0; i < 3; i++)
		device_write(&d, &far_claim, &made[i]);
	assert_int_equal(receive_made(&h, &made[1]), RECEIVED_OUT_OF_ORDER);
	assert_int_equal(receive_made(&h, &made[0]), RECEIVED);
	assert_int_equal(receive_made(&h, &made[2]), RECEIVED_OUT_OF_ORDER);
	assert_int_equal(receive_made(&h, &made[0]), RECEIVED_BEFORE);
	assert_int_equal(receive_made(&h, &made[1]), RECEIVED);
	assert_int_equal(receive_made(&h, &made[2]), RECEIVED);
	assert_int_equal(receive_made(&h, &made[1]), RECEIVED_BEFORE);
	assert_int_equal(n_quarantine(&h), 0);
	home_open(&h, STORE_READ_WRITE);
	expect_ok(record_read(h.record, 3, &entry, &h.err), &h.err);
	assert_memory_equal(entry.raw.p, made[0].bytes, made[0].n);
	assert_int_equal(entry.state, BODY_NO_KEY);
	assert_int_equal(receive_made(&h, &made[2]), RECEIVED_BEFORE);
	assert_int_equal(expect_clean(&h).n_no_key, 3);
	/* The own feed goes on beside it. */
	assert_int_equal(home_claim(&h, "own"), 6);
	expect_clean(&h);
	home_remove(&h);
}

/* What was known of a batch that was rolled back is forgotten with it. */
static void test_again_after_rollback(void **state)
{
	struct device d = device_make(1), other = device_make(2);
	enum receive_verdict verdict;
	struct home h;
	uint64_t n;

	(void)state;
	home_found(&h);
	for (int i = 0; i < 2; i++)
		device_write(&d, &far_claim, &made[i]);
	device_write(&other, &far_claim, &made[2]);
	assert_int_equal(receive_made(&h, &made[0]), RECEIVED);
	assert_int_equal(receive_made(&h, &made[0]), RECEIVED_BEFORE);
	expect_ok(record_begin(h.record, false, &h.err), &h.err);
	expect_ok(record_receive(h.record, BYTES(made[1].bytes, made[1].n), &verdict, &n, &h.err), &h.err);
	assert_int_equal(verdict, RECEIVED);
	assert_int_equal(n, 4);
	expect_ok(record_receive(h.record, BYTES(made[1].bytes, made[1].n), &verdict, &n, &h.err), &h.err);
	assert_int_equal(verdict, RECEIVED_BEFORE);
	record_rollback(h.record);
	assert_int_equal(receive_made(&h, &made[2]), RECEIVED);
	assert_int_equal(receive_made(&h, &made[1]), RECEIVED);
	assert_int_equal(receive_made(&h, &made[1]), RECEIVED_BEFORE);
	assert_int_equal(receive_made(&h, &made[2]), RECEIVED_BEFORE);
	assert_int_equal(n_quarantine(&h), 0);
	expect_clean(&h);
	home_remove(&h);
}

/* The bodies of entries may be missing; a later class is kept in the chain, its body is not looked at. */
static void test_without_body_and_later_classes(void **state)
{
	struct device d = device_make(1);
	struct recipe later = far_claim;
	struct record_entry entry;
	struct verify_report report;
	struct home h;

	(void)state;
	home_found(&h);
	device_write(&d, &far_claim, &made[0]);
	later.cls = 200;
	device_write(&d, &later, &made[1]);
	later.cls = CLASS_CHUNK;
	device_write(&d, &later, &made[2]);
	assert_int_equal(receive(&h, made[0].bytes, ENVELOPE_BYTES), RECEIVED);
	assert_int_equal(receive_made(&h, &made[1]), RECEIVED);
	assert_int_equal(receive(&h, made[2].bytes, ENVELOPE_BYTES), RECEIVED);
	assert_int_equal(receive_made(&h, &made[0]), RECEIVED_BEFORE);
	expect_ok(record_read(h.record, 3, &entry, &h.err), &h.err);
	assert_int_equal(entry.state, BODY_DROPPED);
	expect_ok(record_read(h.record, 4, &entry, &h.err), &h.err);
	assert_int_equal(entry.envelope.cls, 200);
	assert_int_equal(entry.state, BODY_IGNORED);
	assert_int_equal(entry.text.n, 0);
	report = expect_findings(&h, 1, "row 3: its body is missing and no redaction says why");
	assert_int_equal(report.by_class[0], 1);
	assert_int_equal(report.n_dropped, 2);
	home_remove(&h);
}

/* Entries without a section are good in the chain; they have no body and never will. Chunks hold something. */
static void test_empty_bodies(void **state)
{
	struct device d = device_make(1);
	struct recipe empty = far_claim, chunk = far_claim;
	struct record_entry entry;
	uint8_t epoch[ID_BYTES];
	struct bytes bytes;
	struct home h;

	(void)state;
	home_found(&h);
	expect_ok(record_read(h.record, 2, &entry, &h.err), &h.err);
	memcpy(epoch, entry.id, ID_BYTES);
	empty.circle = chunk.circle = h.circle;
	empty.epoch = chunk.epoch = epoch;
	device_write(&d, &empty, &made[0]);
	memset(made[0].bytes + 184, 0, 72);
	envelope_sign(made[0].bytes, d.sk, made[0].bytes + HEADER_BYTES);
	entry_id(made[0].bytes, d.prev);
	assert_int_equal(receive(&h, made[0].bytes, ENVELOPE_BYTES), RECEIVED);
	expect_ok(record_read(h.record, 3, &entry, &h.err), &h.err);
	assert_int_equal(entry.state, BODY_BAD);
	expect_findings(&h, 1, "row 3: its body does not open as it should");
	chunk.cls = CLASS_CHUNK;
	chunk.body = NO_BYTES;
	device_write(&d, &chunk, &made[1]);
	chunk.body = BYTES("x", 1);
	device_write(&d, &chunk, &made[2]);
	assert_int_equal(receive_made(&h, &made[1]), RECEIVED);
	assert_int_equal(receive_made(&h, &made[2]), RECEIVED);
	expect_err(record_read_chunk(h.record, 4, far_key, &bytes, &h.err), E_INVALID, &h.err, "empty");
	expect_ok(record_read_chunk(h.record, 5, far_key, &bytes, &h.err), &h.err);
	assert_int_equal(bytes.n, 1);
	home_remove(&h);
}

/* What does not hold: kept apart, with the feed where it was. */
static void test_quarantine(void **state)
{
	struct device d = device_make(1);
	struct home h;
	uint64_t n = 0;

	(void)state;
	home_found(&h);
	device_write(&d, &far_claim, &made[0]);
	made[1] = made[0];
	made[1].bytes[HEADER_BYTES] ^= 1; /* signature */
	assert_int_equal(receive_made(&h, &made[1]), QUARANTINED);
	assert_int_equal(n_quarantine(&h), ++n);
	made[1] = made[0];
	made[1].bytes[7] = 1; /* header */
	assert_int_equal(receive_made(&h, &made[1]), QUARANTINED);
	assert_int_equal(n_quarantine(&h), ++n);
	made[1] = made[0];
	made[1].bytes[made[1].n - 1] ^= 1; /* section */
	assert_int_equal(receive_made(&h, &made[1]), QUARANTINED);
	assert_int_equal(n_quarantine(&h), ++n);
	assert_int_equal(receive(&h, made[0].bytes, made[0].n - 1), QUARANTINED);
	assert_int_equal(n_quarantine(&h), ++n);
	assert_int_equal(receive(&h, made[0].bytes, 100), QUARANTINED);
	assert_int_equal(n_quarantine(&h), ++n);
	assert_int_equal(receive(&h, NULL, 0), QUARANTINED);
	assert_int_equal(n_quarantine(&h), ++n);
	/* None of that stands in the way of the entry itself. */
	assert_int_equal(receive_made(&h, &made[0]), RECEIVED);
	d.prev[0] ^= 1; /* seq 2 that does not follow seq 1 */
	device_write(&d, &far_claim, &made[1]);
	assert_int_equal(receive_made(&h, &made[1]), QUARANTINED);
	assert_int_equal(n_quarantine(&h), ++n);
	home_open(&h, STORE_READ_WRITE);
	assert_int_equal(n_quarantine(&h), n);
	assert_int_equal(record_n_entries(h.record), 3);
	expect_clean(&h);
	home_remove(&h);
}

/* Two entries at one place of a feed: the first stays, the second is kept as proof. */
static void test_fork(void **state)
{
	struct device d = device_make(1), twin;
	struct recipe other = far_claim;
	struct record_entry entry;
	struct home h;

	(void)state;
	home_found(&h);
	device_write(&d, &far_claim, &made[0]);
	device_write(&d, &far_claim, &made[1]);
	twin = device_make(1);
	other.body = BYTES("{\"t\":\"y\",\"v\":1}", 15);
	device_write(&twin, &other, &made[2]);
	assert_int_equal(receive_made(&h, &made[0]), RECEIVED);
	assert_int_equal(receive_made(&h, &made[2]), QUARANTINED);
	assert_int_equal(n_quarantine(&h), 1);
	assert_int_equal(receive_made(&h, &made[1]), RECEIVED); /* the branch that came first goes on */
	assert_int_equal(receive_made(&h, &made[2]), QUARANTINED);
	assert_int_equal(n_quarantine(&h), 2);
	expect_ok(record_read(h.record, 3, &entry, &h.err), &h.err);
	assert_memory_equal(entry.id, made[0].id, ID_BYTES);
	expect_clean(&h);
	home_remove(&h);
}

/* A feed that begins with class 5 holds nothing else, others never hold it. */
static void test_class_families(void **state)
{
	struct device d = device_make(1), founder = device_make(2);
	struct recipe sigchain = { .cls = CLASS_SIGCHAIN,
				   .circle = far_circle,
				   .body = BYTES("{\"t\":\"x\",\"v\":1}", 15) };
	struct recipe claim = far_claim;
	struct home h;

	(void)state;
	home_found(&h);
	device_write(&d, &far_claim, &made[0]);
	device_write(&d, &sigchain, &made[1]);
	assert_int_equal(receive_made(&h, &made[0]), RECEIVED);
	assert_int_equal(receive_made(&h, &made[1]), QUARANTINED);
	device_found(&founder, &made[0]);
	claim.circle = made[0].e.circle;
	device_write(&founder, &claim, &made[1]);
	assert_int_equal(receive_made(&h, &made[0]), RECEIVED);
	assert_int_equal(receive_made(&h, &made[1]), QUARANTINED);
	assert_int_equal(n_quarantine(&h), 2);
	home_open(&h, STORE_READ_WRITE);
	assert_int_equal(receive_made(&h, &made[1]), QUARANTINED);
	expect_clean(&h);
	home_remove(&h);
}

/* The quarantine is bounded: beyond that, and beyond the size of an entry, things are counted and not kept. */
static void test_quarantine_is_bounded(void **state)
{
	static uint8_t junk[ENTRY_MAX + 1];
	const uint64_t fit = QUARANTINE_MAX_BYTES / ENTRY_MAX;
	enum receive_verdict verdict;
	uint64_t row, dropped;
	struct home h;

	(void)state;
	home_create(&h);
	assert_int_equal(receive(&h, junk, ENTRY_MAX + 1), QUARANTINED);
	assert_int_equal(record_n_quarantine(h.record, &dropped), 0);
	assert_int_equal(dropped, 1);
	expect_ok(record_begin(h.record, true, &h.err), &h.err);
	for (uint64_t i = 0; i < fit + 3; i++) {
		expect_ok(record_receive(h.record, BYTES(junk, ENTRY_MAX), &verdict, &row, &h.err), &h.err);
		assert_int_equal(verdict, QUARANTINED);
	}
	expect_ok(record_commit(h.record, &h.err), &h.err);
	assert_int_equal(record_n_quarantine(h.record, &dropped), fit);
	assert_int_equal(dropped, 4);
	assert_int_equal(receive(&h, junk, QUARANTINE_MAX_BYTES - fit * ENTRY_MAX + 1), QUARANTINED);
	assert_int_equal(record_n_quarantine(h.record, &dropped), fit);
	assert_int_equal(dropped, 5);
	assert_int_equal(receive(&h, junk, QUARANTINE_MAX_BYTES - fit * ENTRY_MAX), QUARANTINED); /* fits exactly */
	home_open(&h, STORE_READ_WRITE);
	assert_int_equal(record_n_quarantine(h.record, &dropped), fit + 1);
	assert_int_equal(dropped, 5);
	expect_clean(&h);
	home_remove(&h);
}

static void test_batches(void **state)
{
	struct device d = device_make(1);
	enum receive_verdict verdict;
	struct home h;
	uint64_t row;

	(void)state;
	home_found(&h);
	device_write(&d, &far_claim, &made[0]);
	device_write(&d, &far_claim, &made[1]);
	expect_err(record_receive(h.record, BYTES(made[0].bytes, made[0].n), &verdict, &row, &h.err), E_INVALID, &h.err,
		   "batch");
	expect_ok(record_begin(h.record, false, &h.err), &h.err);
	for (int i = 0; i < 2; i++) {
		expect_ok(record_receive(h.record, BYTES(made[i].bytes, made[i].n), &verdict, &row, &h.err), &h.err);
		assert_int_equal(verdict, RECEIVED);
	}
	expect_ok(record_receive(h.record, BYTES("x", 1), &verdict, &row, &h.err), &h.err);
	record_rollback(h.record);
	assert_int_equal(record_n_entries(h.record), 2);
	assert_int_equal(n_quarantine(&h), 0);
	assert_int_equal(receive_made(&h, &made[0]), RECEIVED);
	expect_clean(&h);
	home_remove(&h);
}

/* Another organisation's sigchain is kept and changes nothing here. */
static void test_another_organisation(void **state)
{
	struct device d = device_make(1);
	uint8_t own[ID_BYTES], org[ID_BYTES];
	struct home h;

	(void)state;
	home_found(&h);
	memcpy(own, record_org_id(h.record), ID_BYTES);
	device_found(&d, &made[0]);
	assert_int_equal(receive_made(&h, &made[0]), RECEIVED);
	for (int i = 0; i < 2; i++) {
		assert_memory_equal(record_org_id(h.record), own, ID_BYTES);
		assert_false(record_device_org(h.record, made[0].e.circle, d.key, org));
		expect_clean(&h);
		home_open(&h, STORE_READ_WRITE);
	}
	home_remove(&h);
}

/* This home's own device behind its genesis, as it would sign elsewhere. */
static struct device own_device(struct home *h)
{
	struct record_entry genesis;
	struct device d = { .seq = 1 };
	uint8_t seed[KEY_BYTES];

	home_own_seed(h, seed);
	sign_keypair(seed, d.key, d.sk);
	expect_ok(record_read(h->record, 1, &genesis, &h->err), &h->err);
	memcpy(d.prev, genesis.id, ID_BYTES);
	return d;
}

/* A device added to the own organisation counts at once, not after a rollback, and still when the home was reopened. */
static void test_device_added(void **state)
{
	struct device own, added = device_make(9);
	const struct org_device device = org_device_of(&added, ROLE_WRITER);
	uint8_t random[32] = { 3 }, message[CONSENT_BYTES], consent[SIGNATURE_BYTES], org[ID_BYTES];
	enum receive_verdict verdict;
	struct buf body;
	struct home h;
	uint64_t row;

	(void)state;
	home_found(&h);
	own = own_device(&h);
	org_consent_message(record_org_id(h.record), &device, random, message);
	sign_prefixed(PREFIX_DEVICE, BYTES_OF(message), added.sk, consent);
	buf_init(&body, BODY_MAX);
	org_compose_device_add(&device, random, consent, NULL, 0, &body);
	device_write(&own,
		     &(struct recipe){
			     .cls = CLASS_SIGCHAIN, .circle = record_org_id(h.record), .body = BYTES(body.p, body.n) },
		     &made[0]);
	buf_release(&body);
	expect_ok(record_begin(h.record, false, &h.err), &h.err);
	expect_ok(record_receive(h.record, BYTES(made[0].bytes, made[0].n), &verdict, &row, &h.err), &h.err);
	assert_int_equal(verdict, RECEIVED);
	assert_true(record_device_org(h.record, record_org_id(h.record), added.key, org));
	record_rollback(h.record);
	assert_false(record_device_org(h.record, record_org_id(h.record), added.key, org));
	assert_int_equal(receive_made(&h, &made[0]), RECEIVED);
	for (int i = 0; i < 2; i++) {
		assert_true(record_device_org(h.record, record_org_id(h.record), added.key, org));
		assert_memory_equal(org, record_org_id(h.record), ID_BYTES);
		assert_false(record_device_org(h.record, h.circle, added.key, org)); /* in no circle yet */
		expect_clean(&h);
		home_open(&h, STORE_READ_WRITE);
	}
	home_remove(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_in_order),
		cmocka_unit_test(test_again_after_rollback),
		cmocka_unit_test(test_without_body_and_later_classes),
		cmocka_unit_test(test_empty_bodies),
		cmocka_unit_test(test_quarantine),
		cmocka_unit_test(test_fork),
		cmocka_unit_test(test_class_families),
		cmocka_unit_test(test_quarantine_is_bounded),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_another_organisation),
		cmocka_unit_test(test_device_added),
	};

	return run_tests("record/receive", tests);
}
