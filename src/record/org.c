#include <string.h>

#include "base/limits.h"
#include "record/body.h"
#include "record/circle.h"

static const char *role_name(enum device_role role)
{
	return role == ROLE_ADMIN ? "admin" : "writer";
}

void org_compose_genesis(const struct org_device *device, const uint8_t (*recovery)[KEY_BYTES],
			 const uint8_t random[static 32], struct buf *ret_body)
{
	struct json_out w = json_out_begin(ret_body);

	json_open(&w, NULL, '{');
	json_member_text(&w, "t", "org");
	json_member_int(&w, "v", 1);
	json_member_hex(&w, "device", device->key, KEY_BYTES);
	json_member_hex(&w, "box", device->box, KEY_BYTES);
	json_open(&w, "recovery", '[');
	for (int i = 0; i < RECOVERY_KEYS; i++)
		json_member_hex(&w, NULL, recovery[i], KEY_BYTES);
	json_close(&w, ']');
	json_member_int(&w, "need", 2);
	json_member_hex(&w, "random", random, 32);
	json_close(&w, '}');
}

void org_compose_device_add(const struct org_device *device, const uint8_t random[static 32],
			    const uint8_t consent[static SIGNATURE_BYTES], const uint8_t (*deps)[ID_BYTES],
			    size_t n_deps, struct buf *ret_body)
{
	struct json_out w = json_out_begin(ret_body);

	json_open(&w, NULL, '{');
	json_member_text(&w, "t", "device-add");
	json_member_int(&w, "v", 1);
	json_member_hex(&w, "device", device->key, KEY_BYTES);
	json_member_text(&w, "role", role_name(device->role));
	json_member_hex(&w, "box", device->box, KEY_BYTES);
	json_member_hex(&w, "random", random, 32);
	json_member_hex(&w, "consent", consent, SIGNATURE_BYTES);
	json_open(&w, "deps", '[');
	for (size_t i = 0; i < n_deps; i++)
		json_member_hex(&w, NULL, deps[i], ID_BYTES);
	json_close(&w, ']');
	json_close(&w, '}');
}

void org_consent_message(const uint8_t org[static ID_BYTES], const struct org_device *device,
			 const uint8_t random[static 32], uint8_t ret_message[static CONSENT_BYTES])
{
	memcpy(ret_message, org, ID_BYTES);
	ret_message[ID_BYTES] = (uint8_t)device->role;
	memcpy(ret_message + ID_BYTES + 1, random, 32);
	memcpy(ret_message + ID_BYTES + 33, device->box, KEY_BYTES);
}

const struct org_device *org_device(const struct org *org, const uint8_t key[static KEY_BYTES])
{
	for (size_t i = 0; i < org->n_devices; i++)
		if (memcmp(org->devices[i].key, key, KEY_BYTES) == 0)
			return &org->devices[i];
	return NULL;
}

/* Members of a body whose form is checked: what is read here is there and fits. */
static void read_bytes(const struct json *value, uint8_t *out, size_t n)
{
	if (!value || hex_decode(value->text, value->text_len, out, n) < 0)
		memset(out, 0, n);
}

static int apply_genesis(struct org *org, const struct envelope *e, const struct json *body, struct err *err)
{
	const struct json *recovery = json_get(body, "recovery")->child;

	if (org->n_devices > 0)
		return err_set(err, E_INVALID, "an organisation has one first entry only");
	*org = (struct org){ .n_devices = 1, .devices[0].role = ROLE_ADMIN };
	memcpy(org->id, e->circle, ID_BYTES);
	read_bytes(json_get(body, "device"), org->devices[0].key, KEY_BYTES);
	read_bytes(json_get(body, "box"), org->devices[0].box, KEY_BYTES);
	for (int i = 0; i < RECOVERY_KEYS; i++, recovery = recovery->next)
		read_bytes(recovery, org->recovery[i], KEY_BYTES);
	return 0;
}

static int apply_device_add(struct org *org, const struct envelope *e, const struct json *body, struct err *err)
{
	const struct org_device *author = org_device(org, e->author);
	const char *role = json_get_text(body, "role");
	uint8_t random[32], consent[SIGNATURE_BYTES], message[CONSENT_BYTES];
	struct org_device device = { 0 };

	if (memcmp(e->circle, org->id, ID_BYTES) != 0 || !author || author->role != ROLE_ADMIN)
		return err_set(err, E_INVALID, "a device was added by one that is no admin device");
	if (e->seq == 1 && !json_get(body, "deps")->child)
		return err_set(err, E_INVALID, "the first entry of an admin device must say what it follows");
	read_bytes(json_get(body, "device"), device.key, KEY_BYTES);
	read_bytes(json_get(body, "box"), device.box, KEY_BYTES);
	read_bytes(json_get(body, "random"), random, sizeof random);
	read_bytes(json_get(body, "consent"), consent, sizeof consent);
	device.role = role && strcmp(role, role_name(ROLE_ADMIN)) == 0 ? ROLE_ADMIN : ROLE_WRITER;
	if (org_device(org, device.key))
		return err_set(err, E_INVALID, "a device was added twice");
	if (org->n_devices == ORG_DEVICES_MAX)
		return err_set(err, E_LIMIT, "an organisation has at most %d devices", ORG_DEVICES_MAX);
	org_consent_message(org->id, &device, random, message);
	if (!verify_prefixed(PREFIX_DEVICE, BYTES_OF(message), consent, device.key))
		return err_set(err, E_UNVERIFIED, "a device was added without its consent");
	org->devices[org->n_devices++] = device;
	return 0;
}

int org_apply(struct org *org, const struct envelope *e, struct bytes text, struct err *err)
{
	struct body body = { .type = BODY_UNKNOWN };
	struct arena a = { 0 };
	int rc = body_check(&a, NO_BYTES, e, text, &body, err);

	if (rc == 0 && body.type == BODY_ORG)
		rc = apply_genesis(org, e, body.json, err);
	else if (rc == 0 && body.type == BODY_DEVICE_ADD)
		rc = apply_device_add(org, e, body.json, err);
	arena_release(&a);
	return rc;
}
