/* Reading: one row at a time, opened. */
#include <string.h>

#include "base/limits.h"
#include "record/record_internal.h"

/* E0 of an epoch entry, whose raw secret lies in the keyring. */
static bool epoch_entry_key(const struct record *record, const struct record_entry *entry,
			    uint8_t key[static KEY_BYTES])
{
	const struct epoch_raw *raw = keyring_epoch(&record->keys, entry->id);

	if (raw)
		epoch_own_key(raw->raw, &raw->context, key);
	return raw != NULL;
}

static enum body_state state_of(int rc)
{
	switch (rc) {
	case 0:
		return BODY_OPEN;
	case E_NOT_FOUND:
		return BODY_DROPPED;
	case E_DENIED:
		return BODY_NO_KEY;
	default:
		return BODY_BAD;
	}
}

/* The key and what stands in front of the salt, by class; false if this device has no key. */
static bool body_key(const struct record *record, const struct record_entry *entry, uint8_t key[static KEY_BYTES],
		     size_t *ret_prefix)
{
	const struct envelope *e = &entry->envelope;
	const struct circle *circle;
	const struct epoch *epoch;

	*ret_prefix = 0;
	if (bytes_are_zero(e->epoch, ID_BYTES))
		return epoch_prefix(entry->raw, ret_prefix, NULL) == 0 && epoch_entry_key(record, entry, key);
	circle = record_find_circle_const(record, e->circle);
	epoch = circle ? circle_epoch(circle, e->epoch) : NULL;
	if (!epoch || !epoch->secret)
		return false;
	memcpy(key, epoch->secret, KEY_BYTES);
	return true;
}

void read_body(const struct record *record, struct record_entry *entry, uint8_t *out)
{
	const struct envelope *e = &entry->envelope;
	uint8_t key[KEY_BYTES];
	size_t prefix = 0, n = 0;
	int rc;

	entry->text = NO_BYTES;
	if (entry->raw.n == ENVELOPE_BYTES && e->length > 0) {
		entry->state = BODY_DROPPED;
	} else if (e->cls > CLASS_CHUNK) {
		entry->state = BODY_IGNORED;
	} else if (e->cls == CLASS_CHUNK) {
		entry->state = BODY_CHUNK;
	} else if (e->cls == CLASS_SIGCHAIN) {
		rc = entry_open(entry->raw, e, NULL, 0, out, &n, NULL);
		entry->state = state_of(rc);
	} else if (!body_key(record, entry, key, &prefix)) {
		entry->state = BODY_NO_KEY;
	} else {
		rc = entry_open(entry->raw, e, key, prefix, out, &n, NULL);
		entry->state = state_of(rc);
		secret_wipe(key, sizeof key);
	}
	if (entry->state == BODY_OPEN)
		entry->text = BYTES(out, n);
}

int read_row(uint64_t n, struct bytes raw, struct record_entry *ret, struct err *err)
{
	struct record_entry entry = { .n = n, .raw = raw };
	struct err why;
	int rc;

	if (raw.n < ENVELOPE_BYTES)
		return err_set(err, E_DAMAGED, "record.db: table entry, row %llu is too short", (unsigned long long)n);
	rc = envelope_read(raw.p, &entry.envelope, &why);
	if (rc == 0 && raw.n != ENVELOPE_BYTES && raw.n != ENVELOPE_BYTES + entry.envelope.length)
		rc = err_set(&why, E_DAMAGED, "its length does not fit");
	if (rc < 0)
		return err_set(err, E_DAMAGED, "record.db: table entry, row %llu: %s", (unsigned long long)n, why.text);
	entry_id(raw.p, entry.id);
	*ret = entry;
	return 0;
}

int record_read(struct record *record, uint64_t n, struct record_entry *ret, struct err *err)
{
	struct record_entry entry = { 0 };
	int rc = intake_flush(record, err);

	if (rc == 0)
		rc = store_read(record->store, STORE_ENTRY, n, &record->row, err);
	if (rc == 0)
		rc = read_row(n, BYTES(record->row.p, record->row.n), &entry, err);
	if (rc < 0)
		return rc;
	read_body(record, &entry, record->body);
	*ret = entry;
	return 0;
}

int record_read_chunk(struct record *record, uint64_t n, const uint8_t key[static KEY_BYTES], struct bytes *ret,
		      struct err *err)
{
	struct record_entry entry = { 0 };
	size_t size = 0;
	int rc = record_read(record, n, &entry, err);

	if (rc == 0 && entry.envelope.cls != CLASS_CHUNK)
		rc = err_set(err, E_INVALID, "entry %llu is no part of an attachment", (unsigned long long)n);
	if (rc == 0)
		rc = entry_open(entry.raw, &entry.envelope, key, 0, record->body, &size, err);
	if (rc == 0 && size == 0)
		rc = err_set(err, E_INVALID, "entry %llu is an empty part of an attachment", (unsigned long long)n);
	if (rc == 0)
		*ret = BYTES(record->body, size);
	return rc;
}
