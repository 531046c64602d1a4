/* Devices, organisations and epoch entries made in memory, as the tests of control entries and of receiving need them. */
#ifndef PARLEY_TESTS_RECORD_DEVICES_H
#define PARLEY_TESTS_RECORD_DEVICES_H

#include "base/limits.h"
#include "record/circle.h"
#include "support/test.h"

struct device {
	uint8_t key[KEY_BYTES], sk[64];
	uint8_t box[KEY_BYTES], box_sk[KEY_BYTES];
	uint64_t seq; /* of its feed in the circle at hand */
	uint8_t prev[ID_BYTES];
};

/* An entry as its author made it. */
struct made {
	struct envelope e;
	uint8_t id[ID_BYTES];
	uint8_t bytes[ENTRY_MAX];
	size_t n;
	char body[BODY_MAX + 1];
	size_t body_n;
};

/* Device number n: the same keys every time. */
static inline struct device device_make(uint8_t n)
{
	struct device d = { 0 };
	uint8_t seed[KEY_BYTES];

	memset(seed, n, sizeof seed);
	sign_keypair(seed, d.key, d.sk);
	memset(seed, 0x80 ^ n, sizeof seed);
	box_keypair(seed, d.box, d.box_sk);
	return d;
}

static inline struct org_device org_device_of(const struct device *d, enum device_role role)
{
	struct org_device o = { .role = role };

	memcpy(o.key, d->key, KEY_BYTES);
	memcpy(o.box, d->box, KEY_BYTES);
	return o;
}

static inline struct member member_of(const struct device *d, uint8_t org)
{
	struct member m;

	memset(m.organisation, org, ID_BYTES);
	memcpy(m.device, d->key, KEY_BYTES);
	memcpy(m.box, d->box, KEY_BYTES);
	return m;
}

/* What an entry is to be made of; the header follows from the device's feed. */
struct recipe {
	uint8_t cls;
	const uint8_t *circle;
	const uint8_t *epoch; /* NULL: zeros */
	const uint8_t *key;   /* NULL: plain */
	struct bytes boxes, body;
};

/* The next entry of a device's feed. */
static inline void device_write(struct device *d, const struct recipe *r, struct made *ret)
{
	static const uint8_t same[32];
	const struct sealing sealing = { r->key, r->boxes, r->body, same, same, d->sk };
	struct err err;

	memset(&ret->e, 0, sizeof ret->e);
	ret->e.cls = r->cls;
	ret->e.seq = ++d->seq;
	ret->e.time_ms = 1700000000000 + d->seq;
	memcpy(ret->e.circle, r->circle, ID_BYTES);
	memcpy(ret->e.author, d->key, KEY_BYTES);
	memcpy(ret->e.prev, d->prev, ID_BYTES);
	if (r->epoch)
		memcpy(ret->e.epoch, r->epoch, ID_BYTES);
	expect_ok(entry_seal(&ret->e, &sealing, ret->bytes, &err), &err);
	ret->n = ENVELOPE_BYTES + ret->e.length;
	entry_id(ret->bytes, ret->id);
	memcpy(d->prev, ret->id, ID_BYTES);
	if (r->body.n > 0)
		memcpy(ret->body, r->body.p, r->body.n);
	ret->body_n = r->body.n;
}

/* A genesis by that device, sealed and signed. */
static inline void device_found(struct device *d, struct made *ret)
{
	const struct org_device founder = org_device_of(d, ROLE_ADMIN);
	const uint8_t recovery[RECOVERY_KEYS][KEY_BYTES] = { { 1 }, { 2 }, { 3 } };
	uint8_t random[32] = { 0 }, org[ID_BYTES];
	struct buf body;

	memcpy(random, d->key, 32);
	buf_init(&body, BODY_MAX);
	org_compose_genesis(&founder, recovery, random, &body);
	hash_labelled(LABEL_ORG, BYTES(body.p, body.n), NO_BYTES, NO_BYTES, org, sizeof org);
	device_write(d, &(struct recipe){ .cls = CLASS_SIGCHAIN, .circle = org, .body = BYTES(body.p, body.n) }, ret);
	buf_release(&body);
}

#endif
