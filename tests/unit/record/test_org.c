/* Organisations: the genesis, and devices that are added with their consent. */
#include "unit/record/devices.h"

/* An addition; each member can be made wrong before it is signed. */
struct addition {
	struct device *author;
	struct org_device device;
	const struct device *consents; /* signs the consent */
	uint8_t random[32];
	/* What the consent is signed over instead, where it is not NULL. */
	const struct org_device *consent_device;
	const uint8_t *consent_org;
	bool no_deps;
};

static struct made genesis, entry;

static struct addition addition_of(struct device *author, const struct device *device, enum device_role role)
{
	return (struct addition){ .author = author, .device = org_device_of(device, role), .consents = device };
}

static void make_addition(const struct org *org, const struct addition *a, struct made *ret)
{
	uint8_t message[CONSENT_BYTES], consent[SIGNATURE_BYTES];
	const uint8_t deps[1][ID_BYTES] = { { 7 } };
	struct buf body;

	org_consent_message(a->consent_org ? a->consent_org : org->id,
			    a->consent_device ? a->consent_device : &a->device, a->random, message);
	sign_prefixed(PREFIX_DEVICE, BYTES_OF(message), a->consents->sk, consent);
	buf_init(&body, BODY_MAX);
	org_compose_device_add(&a->device, a->random, consent, deps, a->no_deps ? 0 : 1, &body);
	device_write(a->author,
		     &(struct recipe){ .cls = CLASS_SIGCHAIN, .circle = org->id, .body = BYTES(body.p, body.n) }, ret);
	buf_release(&body);
}

static int apply(struct org *org, const struct made *m, struct err *err)
{
	return org_apply(org, &m->e, BYTES(m->body, m->body_n), err);
}

static int add(struct org *org, const struct addition *a, struct err *err)
{
	make_addition(org, a, &entry);
	return apply(org, &entry, err);
}

static void expect_refused(struct org *org, const struct addition *a, int code, const char *says)
{
	struct org before = *org;
	struct err err;

	expect_err(add(org, a, &err), code, &err, says);
	assert_memory_equal(org, &before, sizeof before);
}

static void found(struct device *d, struct org *ret)
{
	struct err err;

	memset(ret, 0, sizeof *ret);
	device_found(d, &genesis);
	expect_ok(apply(ret, &genesis, &err), &err);
}

static void test_genesis(void **state)
{
	struct device d = device_make(1), other = device_make(2);
	const uint8_t third[KEY_BYTES] = { 3 };
	struct org org, before;
	struct err err;

	(void)state;
	found(&d, &org);
	assert_memory_equal(org.id, genesis.e.circle, ID_BYTES);
	assert_int_equal(org.n_devices, 1);
	assert_int_equal(org.devices[0].role, ROLE_ADMIN);
	assert_memory_equal(org.devices[0].key, d.key, KEY_BYTES);
	assert_memory_equal(org.devices[0].box, d.box, KEY_BYTES);
	assert_memory_equal(org.recovery[2], third, KEY_BYTES);
	assert_ptr_equal(org_device(&org, d.key), &org.devices[0]);
	assert_null(org_device(&org, other.key));
	before = org;
	expect_err(apply(&org, &genesis, &err), E_INVALID, &err, "one first entry");
	device_found(&other, &genesis);
	expect_err(apply(&org, &genesis, &err), E_INVALID, &err, "one first entry");
	assert_memory_equal(&org, &before, sizeof org);
}

/* A genesis that is not the one of its feed: at another place, by another device, of another organisation. */
static void test_genesis_out_of_place(void **state)
{
	struct device d = device_make(1);
	struct org org = { 0 };
	struct err err;

	(void)state;
	device_found(&d, &genesis);
	entry = genesis;
	entry.e.seq = 2;
	expect_err(apply(&org, &entry, &err), E_INVALID, &err, "first entry");
	entry = genesis;
	entry.e.author[0] ^= 1;
	expect_err(apply(&org, &entry, &err), E_INVALID, &err, "author");
	entry = genesis;
	entry.e.circle[0] ^= 1;
	expect_err(apply(&org, &entry, &err), E_INVALID, &err, "its id names");
	assert_int_equal(org.n_devices, 0);
	expect_ok(apply(&org, &genesis, &err), &err);
}

static void test_devices_are_added(void **state)
{
	struct device d[5];
	struct org org;
	struct addition a;
	struct err err;

	(void)state;
	for (uint8_t i = 0; i < 5; i++)
		d[i] = device_make((uint8_t)(i + 1));
	found(&d[0], &org);
	a = addition_of(&d[0], &d[1], ROLE_ADMIN);
	expect_ok(add(&org, &a, &err), &err);
	assert_non_null(strstr(entry.body, "\"role\":\"admin\""));
	a = addition_of(&d[0], &d[2], ROLE_WRITER);
	expect_ok(add(&org, &a, &err), &err);
	assert_non_null(strstr(entry.body, "\"role\":\"writer\""));
	a = addition_of(&d[1], &d[3], ROLE_ADMIN); /* the added admin adds, in a feed of its own */
	expect_ok(add(&org, &a, &err), &err);
	a = addition_of(&d[3], &d[4], ROLE_WRITER);
	expect_ok(add(&org, &a, &err), &err);
	assert_int_equal(org.n_devices, 5);
	for (size_t i = 0; i < 5; i++) {
		const struct org_device *device = org_device(&org, d[i].key);

		assert_non_null(device);
		assert_memory_equal(device->box, d[i].box, KEY_BYTES);
		assert_int_equal(device->role, i == 2 || i == 4 ? ROLE_WRITER : ROLE_ADMIN);
	}
}

static void test_only_admins_add(void **state)
{
	struct device d[4];
	struct org org, other;
	struct addition a;
	struct err err;

	(void)state;
	for (uint8_t i = 0; i < 4; i++)
		d[i] = device_make((uint8_t)(i + 1));
	found(&d[0], &org);
	a = addition_of(&d[0], &d[1], ROLE_WRITER);
	expect_ok(add(&org, &a, &err), &err);
	a = addition_of(&d[1], &d[2], ROLE_WRITER);
	expect_refused(&org, &a, E_INVALID, "no admin device");
	a = addition_of(&d[3], &d[2], ROLE_WRITER);
	expect_refused(&org, &a, E_INVALID, "no admin device");
	/* An admin of another organisation, and the own admin in another organisation's sigchain. */
	d[3] = device_make(4); /* at the beginning of another feed */
	found(&d[3], &other);
	a = addition_of(&d[3], &d[2], ROLE_WRITER);
	expect_refused(&org, &a, E_INVALID, "no admin device");
	a = addition_of(&d[0], &d[2], ROLE_WRITER);
	make_addition(&other, &a, &entry);
	expect_err(apply(&org, &entry, &err), E_INVALID, &err, "no admin device");
	assert_int_equal(org.n_devices, 2);
	memset(&other, 0, sizeof other);
	expect_err(apply(&other, &entry, &err), E_INVALID, &err, "no admin device");
}

static void test_consent(void **state)
{
	struct device d = device_make(1), added = device_make(2), other = device_make(3);
	struct org_device as_admin = org_device_of(&added, ROLE_ADMIN), other_box = org_device_of(&added, ROLE_WRITER);
	uint8_t other_org[ID_BYTES] = { 9 };
	struct addition good, a;
	struct org org;
	struct err err;

	(void)state;
	found(&d, &org);
	good = addition_of(&d, &added, ROLE_WRITER);
	a = good;
	a.consents = &d;
	expect_refused(&org, &a, E_UNVERIFIED, "without its consent");
	a = good;
	a.consent_device = &as_admin;
	expect_refused(&org, &a, E_UNVERIFIED, "without its consent");
	a = good;
	memcpy(other_box.box, other.box, KEY_BYTES);
	a.consent_device = &other_box;
	expect_refused(&org, &a, E_UNVERIFIED, "without its consent");
	a = good;
	a.consent_org = other_org;
	expect_refused(&org, &a, E_UNVERIFIED, "without its consent");
	expect_ok(add(&org, &good, &err), &err);
}

/* A consent cannot be used again under other random bytes. */
static void test_consent_covers_the_random_bytes(void **state)
{
	struct device d = device_make(1), added = device_make(2);
	struct org org;
	struct addition a;
	struct err err;
	char *random;

	(void)state;
	found(&d, &org);
	a = addition_of(&d, &added, ROLE_WRITER);
	make_addition(&org, &a, &entry);
	random = strstr(entry.body, "\"random\":\"");
	assert_non_null(random);
	random[strlen("\"random\":\"")] ^= 1;
	expect_err(apply(&org, &entry, &err), E_UNVERIFIED, &err, "without its consent");
	random[strlen("\"random\":\"")] ^= 1;
	expect_ok(apply(&org, &entry, &err), &err);
}

static void test_twice(void **state)
{
	struct device d = device_make(1), added = device_make(2);
	struct org org;
	struct addition a;
	struct err err;

	(void)state;
	found(&d, &org);
	a = addition_of(&d, &added, ROLE_WRITER);
	expect_ok(add(&org, &a, &err), &err);
	expect_refused(&org, &a, E_INVALID, "twice");
	a = addition_of(&d, &added, ROLE_ADMIN);
	expect_refused(&org, &a, E_INVALID, "twice");
	a = addition_of(&d, &d, ROLE_WRITER); /* the founder itself */
	expect_refused(&org, &a, E_INVALID, "twice");
}

static void test_first_entry_says_what_it_follows(void **state)
{
	struct device d = device_make(1), second = device_make(2), third = device_make(3);
	struct org org;
	struct addition a;
	struct err err;

	(void)state;
	found(&d, &org);
	a = addition_of(&d, &second, ROLE_ADMIN);
	a.no_deps = true; /* not its first entry */
	expect_ok(add(&org, &a, &err), &err);
	a = addition_of(&second, &third, ROLE_WRITER);
	a.no_deps = true;
	expect_refused(&org, &a, E_INVALID, "follows");
}

static void test_limit(void **state)
{
	struct device d = device_make(1);
	struct org org;
	struct err err;

	(void)state;
	found(&d, &org);
	for (uint8_t i = 2; i <= ORG_DEVICES_MAX + 1; i++) {
		struct device next = device_make(i);
		struct addition a = addition_of(&d, &next, ROLE_WRITER);

		if (i <= ORG_DEVICES_MAX)
			expect_ok(add(&org, &a, &err), &err);
		else
			expect_refused(&org, &a, E_LIMIT, "64");
	}
	assert_int_equal(org.n_devices, ORG_DEVICES_MAX);
}

static void set_body(struct made *m, const char *body)
{
	m->body_n = strlen(body);
	memcpy(m->body, body, m->body_n);
}

static void test_later_versions_have_no_effect(void **state)
{
	struct device d = device_make(1);
	struct org org, before;
	struct err err;

	(void)state;
	found(&d, &org);
	before = org;
	set_body(&entry, "{\"t\":\"device-add\",\"v\":2}");
	entry.e = genesis.e;
	expect_ok(apply(&org, &entry, &err), &err);
	set_body(&entry, "{\"t\":\"device-revoke\",\"v\":1}");
	expect_ok(apply(&org, &entry, &err), &err);
	set_body(&entry, "{\"t\":\"device-add\",\"v\":1}");
	expect_err(apply(&org, &entry, &err), E_INVALID, &err, "device is missing");
	assert_memory_equal(&org, &before, sizeof org);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_genesis),
		cmocka_unit_test(test_genesis_out_of_place),
		cmocka_unit_test(test_devices_are_added),
		cmocka_unit_test(test_only_admins_add),
		cmocka_unit_test(test_consent),
		cmocka_unit_test(test_consent_covers_the_random_bytes),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_first_entry_says_what_it_follows),
		cmocka_unit_test(test_limit),
		cmocka_unit_test(test_later_versions_have_no_effect),
	};

	if (crypto_start(NULL) < 0)
		return 1;
	return run_tests("record/org", tests);
}
