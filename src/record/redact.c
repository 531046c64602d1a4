/* Redaction: the body goes, header, signature and chain stay. */
#include <string.h>

#include "base/limits.h"
#include "record/record_internal.h"

static void redact_compose(const uint8_t entry[static ID_BYTES], const uint8_t authority[static ID_BYTES],
			   const char *reason, struct buf *ret_body)
{
	struct json_out w = json_out_begin(ret_body);

	json_open(&w, NULL, '{');
	json_member_text(&w, "t", "redact");
	json_member_int(&w, "v", 1);
	json_member_hex(&w, "entry", entry, ID_BYTES);
	json_member_text(&w, "reason", reason);
	json_member_hex(&w, "authority", authority, ID_BYTES);
	json_close(&w, '}');
}

/* Whether the entry may be redacted, and by this organisation. */
static int check_target(struct record *record, const struct record_entry *target, struct err *err)
{
	const struct envelope *e = &target->envelope;
	uint8_t org[ID_BYTES];

	if (e->cls != CLASS_CLAIM && e->cls != CLASS_CHUNK)
		return err_set(err, E_INVALID, "entry %llu is no claim and no attachment: the record needs it",
			       (unsigned long long)target->n);
	if (target->state == BODY_DROPPED)
		return err_set(err, E_INVALID, "the body of entry %llu is gone already", (unsigned long long)target->n);
	if (!record_device_org(record, e->circle, e->author, org) || memcmp(org, record->org.id, ID_BYTES) != 0)
		return err_set(err, E_DENIED, "entry %llu was written by another organisation: only it can redact it",
			       (unsigned long long)target->n);
	return 0;
}

static int drop_body(struct record *record, uint64_t n, struct err *err)
{
	struct record_entry target = { 0 };
	uint8_t envelope[ENVELOPE_BYTES];
	int rc = record_read(record, n, &target, err);

	if (rc == 0 && target.state != BODY_DROPPED) {
		memcpy(envelope, target.raw.p, ENVELOPE_BYTES);
		rc = store_replace(record->store, STORE_ENTRY, n, BYTES_OF(envelope), err);
	}
	return rc;
}

/* Sign the class-4 entry for one target. */
static int append_redaction(struct record *record, const uint8_t circle[static ID_BYTES],
			    const uint8_t target[static ID_BYTES], const char *reason, struct err *err)
{
	struct append what = { .cls = CLASS_REDACTION, .circle = circle };
	const struct epoch *epoch = NULL;
	uint8_t id[ID_BYTES];
	struct buf body;
	uint64_t n;
	int rc = record_writing_epoch(record, circle, &epoch, err);

	if (rc < 0 || !epoch)
		return rc;
	buf_init(&body, BODY_MAX);
	redact_compose(target, record->org.id, reason, &body);
	what.epoch = epoch->id;
	what.key = epoch->secret;
	what.body = BYTES(body.p, body.n);
	rc = append_own(record, &what, &n, id, err);
	buf_release(&body);
	return rc;
}

/* A part of an attachment stands in the feed of the claim that names it, before it. */
static int check_chunk(struct record *record, uint64_t n, const struct envelope *claim, struct err *err)
{
	struct record_entry chunk = { 0 };
	int rc = record_read(record, n, &chunk, err);

	if (rc == 0 &&
	    (chunk.envelope.cls != CLASS_CHUNK || memcmp(chunk.envelope.author, claim->author, KEY_BYTES) != 0 ||
	     memcmp(chunk.envelope.circle, claim->circle, ID_BYTES) != 0 || chunk.envelope.seq >= claim->seq))
		rc = err_set(err, E_INVALID, "entry %llu is no attachment of the redacted entry",
			     (unsigned long long)n);
	return rc;
}

static int redact_in_batch(struct record *record, uint64_t n, const char *reason, const uint64_t *also, size_t n_also,
			   struct err *err)
{
	struct record_entry target = { 0 };
	int rc = record_read(record, n, &target, err);

	if (rc == 0)
		rc = check_target(record, &target, err);
	if (rc == 0)
		rc = append_redaction(record, target.envelope.circle, target.id, reason, err);
	if (rc == 0)
		rc = drop_body(record, n, err);
	for (size_t i = 0; i < n_also && rc == 0; i++) {
		rc = check_chunk(record, also[i], &target.envelope, err);
		if (rc == 0)
			rc = drop_body(record, also[i], err);
	}
	return rc;
}

int record_redact(struct record *record, uint64_t n, const char *reason, const uint64_t *also, size_t n_also,
		  struct err *err)
{
	int rc;

	if (!reason || !*reason)
		return err_set(err, E_INVALID, "a redaction must give its reason");
	rc = record_begin(record, false, err);
	if (rc < 0)
		return rc;
	rc = redact_in_batch(record, n, reason, also, n_also, err);
	if (rc == 0) /* before it is acknowledged: a crash in between must not leave the body in the sealed views */
		rc = record_drop_snapshot(record, err);
	if (rc < 0) {
		record_rollback(record);
		return rc;
	}
	rc = record_commit(record, err);
	if (rc == 0)
		rc = store_scrub(record->store, err);
	return rc;
}
