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

static int read_key(const struct json *obj, const char *name, uint8_t *out, size_t n, struct err *err)
{
	const char *text = json_get_text(obj, name);

	if (!text || hex_decode(text, strlen(text), out, n) < 0)
		return err_set(err, E_INVALID, "%s of a sigchain entry must be %zu lower-case hex digits", name, 2 * n);
	return 0;
}

static int read_recovery(const struct json *body, struct org *org, struct err *err)
{
	const struct json *list = json_get(body, "recovery");
	const struct json *item = list ? list->child : NULL;

	for (int i = 0; i < RECOVERY_KEYS; i++, item = item->next)
		if (!item || item->type != JSON_T_TEXT ||
		    hex_decode(item->text, item->text_len, org->recovery[i], KEY_BYTES) < 0)
			return err_set(err, E_INVALID, "an organisation must name %d recovery keys", RECOVERY_KEYS);
	if (item || json_get_int(body, "need", 0) != 2)
		return err_set(err, E_INVALID, "an organisation must name %d recovery keys, two of which are needed",
			       RECOVERY_KEYS);
	return 0;
}

static int apply_genesis(struct org *org, const struct envelope *e, struct bytes text, const struct json *body,
			 struct err *err)
{
	struct org next = { .n_devices = 1, .devices[0].role = ROLE_ADMIN };
	int rc;

	hash_labelled(LABEL_ORG, text, NO_BYTES, NO_BYTES, next.id, ID_BYTES);
	if (org->n_devices > 0 || e->seq != 1 || memcmp(next.id, e->circle, ID_BYTES) != 0)
		return err_set(err, E_INVALID, "an organisation's first entry is not the one that its id names");
	rc = read_key(body, "device", next.devices[0].key, KEY_BYTES, err);
	if (rc == 0 && memcmp(next.devices[0].key, e->author, KEY_BYTES) != 0)
		rc = err_set(err, E_INVALID, "an organisation's first entry names another device");
	if (rc == 0)
		rc = read_key(body, "box", next.devices[0].box, KEY_BYTES, err);
	if (rc == 0)
		rc = read_recovery(body, &next, err);
	if (rc == 0)
		*org = next;
	return rc;
}

static int read_new_device(const struct json *body, struct org_device *ret, uint8_t random[static 32],
			   uint8_t consent[static SIGNATURE_BYTES], struct err *err)
{
	const char *role = json_get_text(body, "role");
	int rc = read_key(body, "device", ret->key, KEY_BYTES, err);

	if (rc == 0)
		rc = read_key(body, "box", ret->box, KEY_BYTES, err);
	if (rc == 0)
		rc = read_key(body, "random", random, 32, err);
	if (rc == 0)
		rc = read_key(body, "consent", consent, SIGNATURE_BYTES, err);
	if (rc < 0)
		return rc;
	if (role && strcmp(role, role_name(ROLE_ADMIN)) == 0)
		ret->role = ROLE_ADMIN;
	else if (role && strcmp(role, role_name(ROLE_WRITER)) == 0)
		ret->role = ROLE_WRITER;
	else
		return err_set(err, E_INVALID, "role of a device must be admin or writer");
	return 0;
}

static int apply_device_add(struct org *org, const struct envelope *e, const struct json *body, struct err *err)
{
	const struct org_device *author = org_device(org, e->author);
	uint8_t random[32], consent[SIGNATURE_BYTES], message[CONSENT_BYTES];
	struct org_device device;
	int rc;

	if (!author || author->role != ROLE_ADMIN)
		return err_set(err, E_INVALID, "a device was added by one that is no admin device");
	rc = read_new_device(body, &device, random, consent, err);
	if (rc < 0)
		return rc;
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
	struct arena a = { 0 };
	struct body body;
	int rc = body_read(&a, CLASS_SIGCHAIN, text, &body, err);

	if (rc == 0 && body.type == BODY_ORG)
		rc = apply_genesis(org, e, text, body.json, err);
	else if (rc == 0 && body.type == BODY_DEVICE_ADD)
		rc = apply_device_add(org, e, body.json, err);
	arena_release(&a);
	return rc;
}
