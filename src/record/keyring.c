/* This device's secrets, and the rows in which they lie. docs/format-record.md 8.2. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "record/record_internal.h"

void keyring_truncate(struct keyring *keys, size_t n_epochs)
{
	while (keys->n_epochs > n_epochs)
		secret_free(keys->epochs[--keys->n_epochs].raw);
}

void keyring_release(struct keyring *keys)
{
	keyring_truncate(keys, 0);
	free(keys->epochs);
	secret_free(keys->device_sk);
	secret_free(keys->box_sk);
	secret_free(keys->salt);
	*keys = (struct keyring){ 0 };
}

static uint8_t *secret_copy(const uint8_t *p, size_t n)
{
	uint8_t *copy = secret_alloc(n);

	memcpy(copy, p, n);
	return copy;
}

static void take_device(struct keyring *keys, const uint8_t seed[static KEY_BYTES])
{
	secret_free(keys->device_sk);
	keys->device_sk = secret_alloc(64);
	sign_keypair(seed, keys->device, keys->device_sk);
}

#define EPOCH_ROW_BYTES (3 * ID_BYTES + KEY_BYTES)

/* circle, epoch, parent, raw secret */
static void take_epoch(struct keyring *keys, const uint8_t row[static EPOCH_ROW_BYTES])
{
	struct epoch_raw *at;

	keys->epochs = mem_resize(keys->epochs, (keys->n_epochs + 1) * sizeof *keys->epochs);
	at = &keys->epochs[keys->n_epochs++];
	memcpy(at->context.circle, row, ID_BYTES);
	memcpy(at->epoch, row + ID_BYTES, ID_BYTES);
	memcpy(at->context.parent, row + 2 * ID_BYTES, ID_BYTES);
	at->raw = secret_copy(row + 3 * ID_BYTES, KEY_BYTES);
}

/* Bytes of a row's value by type; 0: any length. */
static size_t value_bytes(enum key_row type)
{
	switch (type) {
	case KEY_DEVICE:
	case KEY_SALT:
		return KEY_BYTES;
	case KEY_BOX:
		return 2 * KEY_BYTES;
	case KEY_EPOCH:
		return EPOCH_ROW_BYTES;
	default:
		return 0;
	}
}

int keyring_load_row(struct keyring *keys, struct bytes plain, struct err *err)
{
	enum key_row type = plain.n ? (enum key_row)plain.p[0] : KEY_ERASED;
	const uint8_t *value = plain.p + 1;
	size_t n = plain.n ? plain.n - 1 : 0;

	if (plain.n == 0 || (value_bytes(type) && n != value_bytes(type)))
		return err_set(err, E_DAMAGED, "record.db: a key row does not hold a key");
	switch (type) {
	case KEY_DEVICE:
		take_device(keys, value);
		break;
	case KEY_BOX:
		secret_free(keys->box_sk);
		keys->box_sk = secret_copy(value, KEY_BYTES);
		memcpy(keys->box, value + KEY_BYTES, KEY_BYTES);
		break;
	case KEY_SALT:
		secret_free(keys->salt);
		keys->salt = secret_copy(value, KEY_BYTES);
		break;
	case KEY_EPOCH:
		take_epoch(keys, value);
		break;
	case KEY_ORG_NAME:
		if (n >= sizeof keys->org_name)
			return err_set(err, E_DAMAGED, "record.db: the name row is too long");
		memcpy(keys->org_name, value, n);
		keys->org_name[n] = '\0';
		break;
	case KEY_ERASED:
		break;
	default:
		return err_set(err, E_DAMAGED, "record.db: a key row holds a key of an unknown type");
	}
	return 0;
}

/* Store a key row and take its key over, as if it had been loaded. */
static int add_row(struct record *record, enum key_row type, struct bytes value, struct err *err)
{
	struct buf row;
	uint8_t type_byte = (uint8_t)type;
	uint64_t n;
	int rc;

	buf_init(&row, 4096);
	buf_put(&row, &type_byte, 1);
	buf_put(&row, value.p, value.n);
	rc = store_append(record->store, STORE_KEY, BYTES(row.p, row.n), &n, err);
	if (rc == 0)
		rc = keyring_load_row(&record->keys, BYTES(row.p, row.n), err);
	buf_release(&row);
	return rc;
}

int keyring_make_device(struct record *record, struct err *err)
{
	struct env *env = record->env;
	uint8_t seed[KEY_BYTES], box[2 * KEY_BYTES];
	int rc;

	env->random(env, seed, sizeof seed);
	rc = add_row(record, KEY_DEVICE, BYTES_OF(seed), err);
	env->random(env, seed, sizeof seed);
	if (rc == 0)
		rc = add_row(record, KEY_SALT, BYTES_OF(seed), err);
	env->random(env, seed, sizeof seed);
	box_keypair(seed, box + KEY_BYTES, box);
	if (rc == 0)
		rc = add_row(record, KEY_BOX, BYTES_OF(box), err);
	secret_wipe(seed, sizeof seed);
	secret_wipe(box, sizeof box);
	return rc;
}

int keyring_add_epoch(struct record *record, const struct epoch_context *context, const uint8_t epoch[static ID_BYTES],
		      const uint8_t e_raw[static KEY_BYTES], struct err *err)
{
	uint8_t value[EPOCH_ROW_BYTES];
	int rc;

	memcpy(value, context->circle, ID_BYTES);
	memcpy(value + ID_BYTES, epoch, ID_BYTES);
	memcpy(value + 2 * ID_BYTES, context->parent, ID_BYTES);
	memcpy(value + 3 * ID_BYTES, e_raw, KEY_BYTES);
	rc = add_row(record, KEY_EPOCH, BYTES_OF(value), err);
	secret_wipe(value, sizeof value);
	return rc;
}

const struct epoch_raw *keyring_epoch(const struct keyring *keys, const uint8_t epoch[static ID_BYTES])
{
	for (size_t i = 0; i < keys->n_epochs; i++)
		if (memcmp(keys->epochs[i].epoch, epoch, ID_BYTES) == 0)
			return &keys->epochs[i];
	return NULL;
}
