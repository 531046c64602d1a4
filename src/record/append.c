/* Writing: batches, own entries, attachments. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "record/record_internal.h"

#define CHUNK_BYTES BODY_MAX

uint64_t record_now(struct record *record)
{
	int64_t now = record->env->now_ms(record->env);

	if (now < 0)
		return 0;
	return (uint64_t)now > SEQ_MAX ? SEQ_MAX : (uint64_t)now;
}

static bool has_device(const struct record *record)
{
	return record->keys.device_sk && record->keys.salt && record->keys.box_sk;
}

int record_begin(struct record *record, bool bulk, struct err *err)
{
	int rc = store_begin(record->store, err);

	if (rc < 0)
		return rc;
	if (!record_is_sound(record)) {
		store_rollback(record->store);
		return err_set(err, E_DAMAGED, "%s", record_trouble(record));
	}
	store_set_bulk(record->store, bulk);
	record->batch_org = record->org;
	record->batch_epochs_raw = record->keys.n_epochs;
	record->batch_circles = record->n_circles;
	record->in_batch = true;
	return 0;
}

/* Forget what the batch made in memory. Epochs of older circles that the batch began go too. */
static void forget_batch(struct record *record)
{
	record->org = record->batch_org;
	keyring_truncate(&record->keys, record->batch_epochs_raw);
	while (record->n_circles > record->batch_circles)
		circle_release(&record->circles[--record->n_circles]);
	for (size_t i = 0; i < record->n_circles; i++) {
		struct circle *circle = &record->circles[i];

		while (circle->n_epochs > 0 && !keyring_epoch(&record->keys, circle->epochs[circle->n_epochs - 1].id))
			secret_free(circle->epochs[--circle->n_epochs].secret);
	}
	record->in_batch = false;
}

static int check_in_batch(const struct record *record, struct err *err)
{
	return record->in_batch ? 0 : err_set(err, E_INVALID, "nothing is written outside a batch");
}

void record_rollback(struct record *record)
{
	if (!record->in_batch)
		return;
	intake_drop(record);
	places_drop(record);
	store_rollback(record->store);
	forget_batch(record);
}

int record_commit(struct record *record, struct err *err)
{
	int rc = check_in_batch(record, err);

	if (rc < 0)
		return rc;
	rc = intake_flush(record, err);
	if (rc < 0) {
		record_rollback(record);
		return rc;
	}
	rc = store_commit(record->store, err);
	if (rc < 0) {
		places_drop(record);
		forget_batch(record);
	}
	record->in_batch = false;
	return rc;
}

/* Move the feed's head to an entry just stored. */
static void advance_feed(struct record *record, const struct envelope *e, const uint8_t id[static ID_BYTES], uint64_t n)
{
	struct feed feed = { .seq = e->seq };

	memcpy(feed.circle, e->circle, ID_BYTES);
	memcpy(feed.device, e->author, KEY_BYTES);
	memcpy(feed.id, id, ID_BYTES);
	feed.own = memcmp(e->author, record->keys.device, KEY_BYTES) == 0;
	feed.sigchain = e->cls == CLASS_SIGCHAIN;
	store_set_feed(record->store, &feed);
	places_note(record, e, n);
	if (e->cls == CLASS_CONTROL || e->cls == CLASS_HEADS || e->cls == CLASS_SIGCHAIN)
		store_note_control(record->store, n);
}

static int store_entry(struct record *record, struct bytes entry, const struct envelope *e, bool sign, uint64_t *ret_n,
		       uint8_t ret_id[static ID_BYTES], struct err *err)
{
	int rc = intake_add(record, entry, sign, ret_n, err);

	if (rc < 0)
		return rc;
	entry_id(entry.p, ret_id);
	advance_feed(record, e, ret_id, *ret_n);
	return 0;
}

int append_own(struct record *record, const struct append *what, uint64_t *ret_n, uint8_t ret_id[static ID_BYTES],
	       struct err *err)
{
	const struct feed *feed = store_feed(record->store, what->circle, record->keys.device);
	struct envelope e = { .cls = what->cls, .seq = 1, .time_ms = record_now(record) };
	uint8_t noise[32];
	struct sealing sealing = {
		what->key, what->boxes, what->body, record->keys.salt, noise, NULL /* signed later, on its way in */
	};
	int rc = check_in_batch(record, err);

	if (rc < 0)
		return rc;
	if (!has_device(record))
		return err_set(err, E_DAMAGED, "this home has no device key: nothing can be signed");
	memcpy(e.circle, what->circle, ID_BYTES);
	memcpy(e.author, record->keys.device, KEY_BYTES);
	if (feed) {
		e.seq = feed->seq + 1;
		memcpy(e.prev, feed->id, ID_BYTES);
	}
	if (what->epoch)
		memcpy(e.epoch, what->epoch, ID_BYTES);
	record->env->random(record->env, noise, sizeof noise);
	rc = entry_seal(&e, &sealing, record->entry, err);
	if (rc == 0)
		rc = store_entry(record, BYTES(record->entry, ENVELOPE_BYTES + e.length), &e, true, ret_n, ret_id, err);
	return rc;
}

int record_writing_epoch(struct record *record, const uint8_t circle_id[static ID_BYTES], const struct epoch **ret,
			 struct err *err)
{
	struct circle *circle = record_find_circle(record, circle_id);
	const struct epoch *epoch = circle ? circle_newest_epoch(circle) : NULL;
	int rc = 0;

	if (!circle || !circle_member(circle, record->keys.device))
		return err_set(err, E_NOT_FOUND, "this device is no member of that circle");
	/* An epoch from far ahead, of a clock that was wrong, must not put the next one off until then. */
	if (epoch && llabs((int64_t)(record_now(record) - epoch->time_ms)) >= EPOCH_LIFETIME_MS) {
		rc = control_begin_epoch(record, circle, NO_BYTES, err);
		epoch = circle_newest_epoch(circle);
	}
	if (rc == 0 && !epoch)
		rc = err_set(err, E_DENIED, "this device has no key of that circle that it may seal with");
	*ret = epoch;
	return rc;
}

/* What is signed stays for ever, so it must be what every reader will find valid. */
static int check_claim_body(struct bytes text, struct err *err)
{
	const struct envelope e = { .cls = CLASS_CLAIM };
	struct arena a = { 0 };
	struct body body;
	int rc = body_check(&a, NO_BYTES, &e, text, &body, err);

	arena_release(&a);
	return rc;
}

int record_append(struct record *record, const uint8_t circle[static ID_BYTES], struct bytes body, uint64_t *ret_n,
		  uint8_t ret_id[static ID_BYTES], struct err *err)
{
	struct append what = { .cls = CLASS_CLAIM, .circle = circle, .body = body };
	const struct epoch *epoch = NULL;
	int rc = check_claim_body(body, err);

	if (rc == 0)
		rc = record_writing_epoch(record, circle, &epoch, err);
	if (rc < 0 || !epoch)
		return rc;
	what.epoch = epoch->id;
	what.key = epoch->secret;
	return append_own(record, &what, ret_n, ret_id, err);
}

/* Append the chunks of a file; their ids go into the writer's open array. */
static int append_chunks(struct record *record, const struct epoch *epoch, const uint8_t *circle,
			 const uint8_t key[static KEY_BYTES], struct bytes content, struct json_out *w, struct err *err)
{
	struct append what = { .cls = CLASS_CHUNK, .circle = circle, .epoch = epoch->id, .key = key };
	uint8_t id[ID_BYTES];
	uint64_t n;

	for (size_t at = 0; at < content.n; at += what.body.n) {
		size_t left = content.n - at;
		int rc;

		what.body = BYTES(content.p + at, left < CHUNK_BYTES ? left : CHUNK_BYTES);
		rc = append_own(record, &what, &n, id, err);
		if (rc < 0)
			return rc;
		json_member_hex(w, NULL, id, ID_BYTES);
	}
	return 0;
}

int record_attach(struct record *record, const uint8_t circle[static ID_BYTES], const char *name, struct bytes content,
		  struct buf *ret_json, struct err *err)
{
	struct json_out w = json_out_begin(ret_json);
	uint8_t key[KEY_BYTES], hash[HASH_BYTES];
	const struct epoch *epoch = NULL;
	int rc;

	if (content.n > ATTACHMENT_MAX)
		return err_set(err, E_LIMIT, "the attachment has %zu bytes, the most is %d", content.n, ATTACHMENT_MAX);
	rc = record_writing_epoch(record, circle, &epoch, err);
	if (rc < 0)
		return rc;
	record->env->random(record->env, key, sizeof key);
	hash_labelled(LABEL_FILE, content, NO_BYTES, NO_BYTES, hash, HASH_BYTES);
	json_open(&w, NULL, '{');
	json_member_text(&w, "name", name);
	json_member_int(&w, "size", (int64_t)content.n);
	json_member_hex(&w, "hash", hash, HASH_BYTES);
	json_member_hex(&w, "key", key, KEY_BYTES);
	json_open(&w, "chunks", '[');
	rc = append_chunks(record, epoch, circle, key, content, &w, err);
	json_close(&w, ']');
	json_close(&w, '}');
	secret_wipe(key, sizeof key);
	return rc;
}

/* --- entries made elsewhere -------------------------------------------------------------------------------- */

enum quarantine_reason { REASON_HEADER = 1, REASON_SIGNATURE, REASON_CHAIN, REASON_FORK, REASON_BODY };

static int quarantine(struct record *record, enum quarantine_reason reason, struct bytes entry, struct err *err)
{
	const struct state *state = store_state(record->store);
	uint8_t reason_byte = (uint8_t)reason;
	struct buf row;
	uint64_t n;
	int rc;

	if (state->quarantine_bytes + entry.n > QUARANTINE_MAX_BYTES || entry.n > ENTRY_MAX) {
		store_note_quarantine(record->store, 0, 1);
		return 0;
	}
	buf_init(&row, ENTRY_MAX + 1);
	buf_put(&row, &reason_byte, 1);
	buf_put(&row, entry.p, entry.n);
	rc = store_append(record->store, STORE_QUARANTINE, BYTES(row.p, row.n), &n, err);
	if (rc == 0)
		store_note_quarantine(record->store, entry.n, 0);
	buf_release(&row);
	return rc;
}

/* Which part of an entry does not hold. */
static enum quarantine_reason find_fault(struct bytes entry)
{
	struct envelope e;

	if (entry.n < ENVELOPE_BYTES || envelope_read(entry.p, &e, NULL) < 0)
		return REASON_HEADER;
	return entry_check(BYTES(entry.p, ENVELOPE_BYTES), &e, NULL) < 0 ? REASON_SIGNATURE : REASON_BODY;
}

/* What an entry at or before the feed's head is: one that is here already, or the other branch of a fork. */
static int judge_old_entry(struct record *record, struct bytes entry, const struct envelope *e,
			   enum receive_verdict *ret, struct err *err)
{
	struct record_entry at = { 0 };
	uint8_t id[ID_BYTES];
	uint64_t n = 0;
	int rc = places_find(record, e, &n, err);

	if (rc == 0)
		rc = record_read(record, n, &at, err);
	if (rc < 0)
		return rc;
	entry_id(entry.p, id);
	if (memcmp(at.id, id, ID_BYTES) == 0)
		*ret = RECEIVED_BEFORE;
	return *ret == QUARANTINED ? quarantine(record, REASON_FORK, entry, err) : 0;
}

static int take_effect(struct record *record, uint64_t n, struct err *err)
{
	struct record_entry entry = { 0 };
	int rc = record_read(record, n, &entry, err);

	if (rc == 0)
		control_apply(record, &entry);
	return rc;
}

int record_receive(struct record *record, struct bytes entry, enum receive_verdict *ret, uint64_t *ret_n,
		   struct err *err)
{
	const struct feed *feed;
	struct envelope e = { 0 };
	uint8_t id[ID_BYTES];
	int rc = check_in_batch(record, err);

	if (rc < 0)
		return rc;
	*ret = QUARANTINED;
	*ret_n = 0;
	if (entry_check(entry, &e, NULL) < 0)
		return quarantine(record, find_fault(entry), entry, err);
	feed = store_feed(record->store, e.circle, e.author);
	if (feed && e.seq <= feed->seq)
		return judge_old_entry(record, entry, &e, ret, err);
	if (e.seq != (feed ? feed->seq + 1 : 1)) {
		*ret = RECEIVED_OUT_OF_ORDER;
		return 0;
	}
	if (feed && (memcmp(e.prev, feed->id, ID_BYTES) != 0 || feed->sigchain != (e.cls == CLASS_SIGCHAIN)))
		return quarantine(record, REASON_CHAIN, entry, err);
	*ret = RECEIVED;
	rc = store_entry(record, entry, &e, false, ret_n, id, err);
	if (rc == 0 && (e.cls == CLASS_CONTROL || e.cls == CLASS_SIGCHAIN))
		rc = take_effect(record, *ret_n, err);
	return rc;
}
