/* Control entries of an open record: found an organisation, found a circle, begin an epoch, apply what is there. */
#include <string.h>

#include "base/limits.h"
#include "record/record_internal.h"

const struct circle *record_find_circle_const(const struct record *record, const uint8_t id[static ID_BYTES])
{
	for (size_t i = 0; i < record->n_circles; i++)
		if (memcmp(record->circles[i].id, id, ID_BYTES) == 0)
			return &record->circles[i];
	return NULL;
}

struct circle *record_find_circle(struct record *record, const uint8_t id[static ID_BYTES])
{
	for (size_t i = 0; i < record->n_circles; i++)
		if (memcmp(record->circles[i].id, id, ID_BYTES) == 0)
			return &record->circles[i];
	return NULL;
}

static struct circle *add_circle(struct record *record)
{
	struct circle *circle;

	record->circles = mem_resize(record->circles, (record->n_circles + 1) * sizeof *record->circles);
	circle = &record->circles[record->n_circles++];
	*circle = (struct circle){ 0 };
	return circle;
}

static void apply_epoch(struct record *record, const struct record_entry *entry)
{
	const struct epoch_raw *raw = keyring_epoch(&record->keys, entry->id);
	struct circle *circle = record_find_circle(record, entry->envelope.circle);
	bool founding = circle == NULL;

	if (!raw)
		return;
	if (founding)
		circle = add_circle(record);
	if (circle_apply_epoch(circle, entry->raw, &entry->envelope, entry->text, raw->raw, NULL) < 0 && founding)
		record->n_circles--;
}

void control_apply(struct record *record, const struct record_entry *entry)
{
	if (entry->state != BODY_OPEN)
		return;
	if (entry->envelope.cls == CLASS_SIGCHAIN &&
	    (record->org.n_devices == 0 || memcmp(entry->envelope.circle, record->org.id, ID_BYTES) == 0)) {
		/* An entry without effect stays in the record and is shown; nothing follows from it. */
		if (org_apply(&record->org, &entry->envelope, entry->text, NULL) < 0)
			return;
	} else if (entry->envelope.cls == CLASS_CONTROL && bytes_are_zero(entry->envelope.epoch, ID_BYTES)) {
		apply_epoch(record, entry);
	}
}

/* --- an organisation --------------------------------------------------------------------------------------- */

static void make_recovery_keys(struct record *record, struct recovery_key *keys)
{
	uint8_t sk[64];

	for (int i = 0; i < RECOVERY_KEYS; i++) {
		keys[i].number = i + 1;
		record->env->random(record->env, keys[i].seed, KEY_BYTES);
		sign_keypair(keys[i].seed, keys[i].public_key, sk);
	}
	secret_wipe(sk, sizeof sk);
}

int control_found_org(struct record *record, struct record_founding *founding, struct err *err)
{
	struct org_device device = { .role = ROLE_ADMIN };
	uint8_t recovery[RECOVERY_KEYS][KEY_BYTES], random[32], org[ID_BYTES], id[ID_BYTES];
	struct append what = { .cls = CLASS_SIGCHAIN, .circle = org };
	struct record_entry entry;
	struct buf body;
	uint64_t n;
	int rc;

	memcpy(device.key, record->keys.device, KEY_BYTES);
	memcpy(device.box, record->keys.box, KEY_BYTES);
	make_recovery_keys(record, founding->recovery);
	for (int i = 0; i < RECOVERY_KEYS; i++)
		memcpy(recovery[i], founding->recovery[i].public_key, KEY_BYTES);
	record->env->random(record->env, random, sizeof random);
	buf_init(&body, BODY_MAX);
	org_compose_genesis(&device, (const uint8_t(*)[KEY_BYTES])recovery, random, &body);
	what.body = BYTES(body.p, body.n);
	hash_labelled(LABEL_ORG, what.body, NO_BYTES, NO_BYTES, org, ID_BYTES);
	rc = append_own(record, &what, &n, id, err);
	if (rc == 0)
		rc = record_read(record, n, &entry, err);
	if (rc == 0)
		control_apply(record, &entry);
	for (int i = 0; i < RECOVERY_KEYS; i++)
		memcpy(founding->recovery[i].organisation, org, ID_BYTES);
	buf_release(&body);
	return rc;
}

/* --- epochs ------------------------------------------------------------------------------------------------ */

static void founding_member(const struct record *record, struct member *ret)
{
	memcpy(ret->organisation, record->org.id, ID_BYTES);
	memcpy(ret->device, record->keys.device, KEY_BYTES);
	memcpy(ret->box, record->keys.box, KEY_BYTES);
}

/* Seal, append and apply one epoch entry. */
static int append_epoch(struct record *record, const struct epoch_context *context, const struct member *members,
			size_t n_members, struct buf *body, struct err *err)
{
	uint8_t e_raw[KEY_BYTES], e0[KEY_BYTES], id[ID_BYTES];
	struct append what = { .cls = CLASS_CONTROL, .circle = context->circle, .key = e0 };
	struct record_entry entry;
	struct buf boxes;
	uint64_t n;
	int rc;

	record->env->random(record->env, e_raw, sizeof e_raw);
	epoch_own_key(e_raw, context, e0);
	buf_init(&boxes, SECTION_MAX);
	rc = epoch_boxes(e_raw, context, members, n_members, &boxes, err);
	what.boxes = BYTES(boxes.p, boxes.n);
	what.body = BYTES(body->p, body->n);
	if (rc == 0)
		rc = append_own(record, &what, &n, id, err);
	if (rc == 0)
		rc = keyring_add_epoch(record, context, id, e_raw, err);
	if (rc == 0)
		rc = record_read(record, n, &entry, err);
	if (rc == 0)
		control_apply(record, &entry);
	secret_wipe(e_raw, sizeof e_raw);
	secret_wipe(e0, sizeof e0);
	buf_release(&boxes);
	return rc;
}

int control_begin_epoch(struct record *record, struct circle *circle, struct bytes charter, struct err *err)
{
	const struct epoch *parent = circle ? circle_newest_epoch(circle) : NULL;
	struct epoch_context context = { 0 };
	struct member founder;
	const struct member *members = circle ? circle->members : &founder;
	size_t n_members = circle ? circle->n_members : 1;
	struct buf body;
	int rc;

	if (circle)
		memcpy(context.circle, circle->id, ID_BYTES);
	else
		circle_id(charter, context.circle);
	if (parent)
		memcpy(context.parent, parent->id, ID_BYTES);
	founding_member(record, &founder);
	buf_init(&body, BODY_MAX);
	epoch_compose(members, n_members, parent ? parent->id : NULL, parent ? "rotation" : "founding", charter, &body);
	rc = append_epoch(record, &context, members, n_members, &body, err);
	buf_release(&body);
	return rc;
}

static bool text_fits(const char *text, size_t cap)
{
	return strlen(text) < cap && utf8_valid(text, strlen(text));
}

int record_found_circle(struct record *record, const char *name, const char *purpose,
			uint8_t ret_circle[static ID_BYTES], struct err *err)
{
	uint8_t process[ID_BYTES], random[32], id[ID_BYTES];
	struct member founder;
	struct buf charter;
	int rc;

	if (!*name || !text_fits(name, CIRCLE_NAME_MAX) || (purpose && !text_fits(purpose, PURPOSE_MAX)))
		return err_set(err, E_INVALID,
			       "a process needs a name of 1 to %d bytes and a purpose of at most %d, in UTF-8",
			       CIRCLE_NAME_MAX - 1, PURPOSE_MAX - 1);
	founding_member(record, &founder);
	record->env->random(record->env, process, sizeof process);
	record->env->random(record->env, random, sizeof random);
	buf_init(&charter, BODY_MAX);
	charter_compose(name, purpose, &founder, process, random, &charter);
	circle_id(BYTES(charter.p, charter.n), id);
	rc = record_begin(record, false, err);
	if (rc < 0)
		goto out;
	rc = control_begin_epoch(record, NULL, BYTES(charter.p, charter.n), err);
	if (rc == 0)
		rc = record_commit(record, err);
	else
		record_rollback(record);
	if (rc == 0)
		memcpy(ret_circle, id, ID_BYTES);
out:
	buf_release(&charter);
	return rc;
}

bool record_device_org(const struct record *record, const uint8_t circle[static ID_BYTES],
		       const uint8_t device[static KEY_BYTES], uint8_t ret_org[static ID_BYTES])
{
	const struct circle *at = record_find_circle_const(record, circle);
	const struct member *member = at ? circle_member(at, device) : NULL;

	if (member)
		memcpy(ret_org, member->organisation, ID_BYTES);
	else if (memcmp(circle, record->org.id, ID_BYTES) == 0 && org_device(&record->org, device))
		memcpy(ret_org, record->org.id, ID_BYTES);
	else
		return false;
	return true;
}
