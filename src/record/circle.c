#include "record/circle.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "record/body.h"
#include "record/form.h"

#define RULES_VERSION 1

void circle_release(struct circle *circle)
{
	for (size_t i = 0; i < circle->n_epochs; i++)
		secret_free(circle->epochs[i].secret);
	free(circle->epochs);
	free(circle->members);
	*circle = (struct circle){ 0 };
}

/* --- writing ----------------------------------------------------------------------------------------------- */

static void write_roles(struct json_out *w)
{
	json_open(w, "roles", '[');
	json_member_text(w, NULL, "admin");
	json_member_text(w, NULL, "write");
	json_member_text(w, NULL, "read");
	json_close(w, ']');
}

static void write_thresholds(struct json_out *w)
{
	json_open(w, "thresholds", '{');
	json_member_int(w, "admit", 1);
	json_member_int(w, "remove", 1);
	json_member_int(w, "amend", 1);
	json_close(w, '}');
}

void charter_compose(const char *name, const char *purpose, const struct member *founder,
		     const uint8_t process[static ID_BYTES], const uint8_t random[static 32], struct buf *ret_charter)
{
	struct json_out w = json_out_begin(ret_charter);

	json_open(&w, NULL, '{');
	json_member_text(&w, "t", "charter");
	json_member_int(&w, "v", 1);
	json_member_int(&w, "rules", RULES_VERSION);
	json_member_text(&w, "name", name);
	json_member_text(&w, "purpose", purpose ? purpose : "");
	json_member_hex(&w, "process", process, ID_BYTES);
	json_member_hex(&w, "random", random, 32);
	json_member_hex(&w, "device", founder->device, KEY_BYTES);
	json_member_hex(&w, "box", founder->box, KEY_BYTES);
	json_open(&w, "organisations", '[');
	json_open(&w, NULL, '{');
	json_member_hex(&w, "id", founder->organisation, ID_BYTES);
	write_roles(&w);
	json_close(&w, '}');
	json_close(&w, ']');
	write_thresholds(&w);
	json_member_int(&w, "retention_days", 0);
	json_member_text(&w, "history", "none");
	json_member_int(&w, "min_version", 1);
	json_open(&w, "hubs", '[');
	json_close(&w, ']');
	json_close(&w, '}');
}

void circle_id(struct bytes charter, uint8_t ret_id[static ID_BYTES])
{
	hash_labelled(LABEL_CIRCLE, charter, NO_BYTES, NO_BYTES, ret_id, ID_BYTES);
}

static void write_base64(struct json_out *w, const char *key, struct bytes p)
{
	char *text = mem_alloc(base64url_len(p.n) + 1);

	base64url_encode(p.p, p.n, text);
	json_member_text(w, key, text);
	free(text);
}

void epoch_compose(const struct member *members, size_t n_members, const uint8_t *parent, const char *reason,
		   struct bytes charter, struct buf *ret_body)
{
	static const uint8_t no_psk[KEY_BYTES];
	struct json_out w = json_out_begin(ret_body);

	json_open(&w, NULL, '{');
	json_member_text(&w, "t", "epoch");
	json_member_int(&w, "v", 1);
	json_open(&w, "members", '[');
	for (size_t i = 0; i < n_members; i++) {
		json_open(&w, NULL, '{');
		json_member_hex(&w, "organisation", members[i].organisation, ID_BYTES);
		json_member_hex(&w, "device", members[i].device, KEY_BYTES);
		json_member_hex(&w, "box", members[i].box, KEY_BYTES);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	for (int i = 0; i < 2; i++) { /* with one linear chain of control entries, deps and parents are the same */
		json_open(&w, i == 0 ? "deps" : "parents", '[');
		if (parent)
			json_member_hex(&w, NULL, parent, ID_BYTES);
		json_close(&w, ']');
	}
	json_member_text(&w, "reason", reason);
	json_member_hex(&w, "psk", no_psk, KEY_BYTES);
	if (!parent)
		write_base64(&w, "charter", charter);
	json_close(&w, '}');
}

int epoch_boxes(const uint8_t e_raw[static KEY_BYTES], const struct epoch_context *context,
		const struct member *members, size_t n_members, struct buf *ret_boxes, struct err *err)
{
	uint8_t count[2], box[BOX_BYTES];
	int rc = 0;

	if (n_members == 0 || n_members > EPOCH_MEMBERS_MAX)
		return err_set(err, E_LIMIT, "an epoch takes 1 to %d devices, not %zu", EPOCH_MEMBERS_MAX, n_members);
	put_u16(count, (uint16_t)n_members);
	buf_put(ret_boxes, count, sizeof count);
	for (size_t i = 0; i < n_members && rc == 0; i++) {
		rc = epoch_box(e_raw, context, &members[i], box, err);
		if (rc == 0)
			buf_put(ret_boxes, box, sizeof box);
	}
	return rc;
}

/* --- reading ----------------------------------------------------------------------------------------------- */

int epoch_prefix(struct bytes entry, size_t *ret, struct err *err)
{
	size_t section = entry.n > ENVELOPE_BYTES ? entry.n - ENVELOPE_BYTES : 0;
	size_t count = section >= 2 ? get_u16(entry.p + ENVELOPE_BYTES) : 0;
	size_t prefix = 2 + count * BOX_BYTES;

	if (count == 0 || count > EPOCH_MEMBERS_MAX || prefix + SEAL_OVERHEAD >= section)
		return err_set(err, E_INVALID, "an epoch entry does not hold the boxes that it announces");
	*ret = prefix;
	return 0;
}

/* Members of a body whose form is checked: what is read here is there and fits. */
static void read_id(const struct json *obj, const char *key, uint8_t out[static ID_BYTES])
{
	const char *text = json_get_text(obj, key);

	if (!text || hex_decode(text, strlen(text), out, ID_BYTES) < 0)
		memset(out, 0, ID_BYTES);
}

/* The member list of an epoch body, as malloc'ed array. */
static struct member *read_members(const struct json *body, size_t *ret_n)
{
	struct member *members = mem_alloc(EPOCH_MEMBERS_MAX * sizeof *members);
	size_t n = 0;

	for (const struct json *m = json_get(body, "members")->child; m && n < EPOCH_MEMBERS_MAX; m = m->next) {
		read_id(m, "organisation", members[n].organisation);
		read_id(m, "device", members[n].device);
		read_id(m, "box", members[n].box);
		n++;
	}
	*ret_n = n;
	return members;
}

static const struct member *find_member(const struct member *members, size_t n, const uint8_t *device)
{
	for (size_t i = 0; i < n; i++)
		if (memcmp(members[i].device, device, KEY_BYTES) == 0)
			return &members[i];
	return NULL;
}

/* A text of any length, cut between characters where there is no room: it is only shown. */
static void read_shown_text(const struct json *obj, const char *key, char *out, size_t cap)
{
	const char *text = json_get_text(obj, key);
	size_t n = text ? strnlen(text, cap - 1) : 0;

	while (n > 0 && !utf8_valid(text, n))
		n--;
	if (n > 0)
		memcpy(out, text, n);
	out[n] = '\0';
}

static bool organisation_founds(const struct json *charter, const uint8_t organisation[static ID_BYTES])
{
	for (const struct json *o = json_get(charter, "organisations")->child; o; o = o->next) {
		uint8_t id[ID_BYTES];

		read_id(o, "id", id);
		if (memcmp(id, organisation, ID_BYTES) == 0)
			return true;
	}
	return false;
}

/* The charter names the founding device and its sub-key; all members are of the founding organisations. */
static int check_founders(const struct json *charter, const struct envelope *e, const struct member *members, size_t n,
			  struct err *err)
{
	const struct member *founder = find_member(members, n, e->author);
	uint8_t device[KEY_BYTES], box[KEY_BYTES];

	read_id(charter, "device", device);
	read_id(charter, "box", box);
	if (e->seq != 1 || memcmp(device, e->author, KEY_BYTES) != 0)
		return err_set(err, E_INVALID,
			       "a circle must be founded by the first entry of the device in its charter");
	if (!founder || memcmp(founder->box, box, KEY_BYTES) != 0)
		return err_set(err, E_INVALID, "a circle's members lack the founding device with its box key");
	for (size_t i = 0; i < n; i++)
		if (!organisation_founds(charter, members[i].organisation))
			return err_set(err, E_INVALID,
				       "a circle was founded with a member of no founding organisation");
	return 0;
}

/* The charter in a founding body: it must hash to the circle's id. */
static int read_charter(struct arena *a, const struct json *body, const uint8_t id[static ID_BYTES],
			const struct json **ret, struct err *err)
{
	const char *text = json_get_text(body, "charter");
	uint8_t *bytes = arena_alloc(a, BODY_MAX);
	uint8_t hash[ID_BYTES];
	const struct json *charter = NULL;
	size_t n = 0;
	int rc;

	if (!text || base64url_decode(text, strlen(text), bytes, BODY_MAX, &n) < 0)
		return err_set(err, E_INVALID, "a founding epoch must carry its charter");
	circle_id(BYTES(bytes, n), hash);
	if (memcmp(hash, id, ID_BYTES) != 0)
		return err_set(err, E_INVALID, "the charter is not the one that the circle's id names");
	rc = json_parse(a, (const char *)bytes, n, &charter, err);
	if (rc == 0)
		rc = form_check_charter(charter, err);
	if (rc < 0)
		err_prefix(err, "charter: ");
	else
		*ret = charter;
	return rc;
}

static int found(struct arena *a, const struct json *body, const struct envelope *e, struct circle *circle,
		 struct err *err)
{
	const struct json *charter = NULL;
	int rc = read_charter(a, body, e->circle, &charter, err);

	if (rc == 0)
		rc = check_founders(charter, e, circle->members, circle->n_members, err);
	if (rc == 0) {
		read_shown_text(charter, "name", circle->name, sizeof circle->name);
		read_shown_text(charter, "purpose", circle->purpose, sizeof circle->purpose);
		read_id(charter, "process", circle->process);
		memcpy(circle->id, e->circle, ID_BYTES);
		circle->founded_ms = e->time_ms;
	}
	return rc;
}

/* The depth of a new epoch from its parents, all of which must be known. */
static int read_parents(const struct circle *circle, const struct json *body, uint32_t *ret_depth, struct err *err)
{
	uint32_t depth = 0;

	for (const struct json *p = json_get(body, "parents")->child; p; p = p->next) {
		uint8_t id[ID_BYTES];
		const struct epoch *parent = NULL;

		if (hex_decode(p->text, p->text_len, id, ID_BYTES) == 0)
			parent = circle_epoch(circle, id);
		if (!parent)
			return err_set(err, E_INVALID, "an epoch names a parent that is not known");
		if (parent->depth > depth)
			depth = parent->depth;
	}
	if ((depth == 0) != (circle->n_epochs == 0))
		return err_set(err, E_INVALID, "only the first epoch of a circle has no parent");
	*ret_depth = depth + 1;
	return 0;
}

/* Nothing changes membership in this version, so a later epoch lists whom the founding one listed. */
static int check_membership(const struct circle *circle, const struct envelope *e, const struct member *members,
			    size_t n, struct err *err)
{
	bool same = n == circle->n_members && memcmp(e->circle, circle->id, ID_BYTES) == 0;

	if (!find_member(members, n, e->author))
		return err_set(err, E_INVALID, "an epoch was written by a device that is no member");
	for (size_t i = 0; i < n && same; i++) {
		const struct member *known = circle_member(circle, members[i].device);

		same = known && memcmp(known, &members[i], sizeof *known) == 0;
	}
	return same ? 0 : err_set(err, E_INVALID, "an epoch lists other members than the circle has");
}

/* Every holder of the secret can make the boxes again. Where they are not the ones in the entry, some member cannot
 * read what is sealed to this epoch. */
static bool boxes_are_right(struct bytes entry, const struct json *body, const struct envelope *e,
			    const struct circle *circle, const uint8_t e_raw[static KEY_BYTES])
{
	const struct json *parent = json_get(body, "parents")->child;
	struct epoch_context context = { 0 };
	struct buf boxes;
	bool right;

	memcpy(context.circle, e->circle, ID_BYTES);
	buf_init(&boxes, SECTION_MAX);
	right = !parent || hex_decode(parent->text, parent->text_len, context.parent, ID_BYTES) == 0;
	right = right && epoch_boxes(e_raw, &context, circle->members, circle->n_members, &boxes, NULL) == 0 &&
		boxes.n <= entry.n - ENVELOPE_BYTES && memcmp(boxes.p, entry.p + ENVELOPE_BYTES, boxes.n) == 0;
	buf_release(&boxes);
	return right;
}

static void add_epoch(struct circle *circle, const struct epoch *made, const uint8_t e_raw[static KEY_BYTES])
{
	struct epoch *epoch;

	circle->epochs = mem_resize(circle->epochs, (circle->n_epochs + 1) * sizeof *circle->epochs);
	epoch = &circle->epochs[circle->n_epochs++];
	*epoch = *made;
	epoch->secret = secret_alloc(KEY_BYTES);
	epoch_secret(e_raw, epoch->id, epoch->secret);
}

/* Depth and members; at founding, what the charter says goes into `circle`. */
static int read_epoch(struct arena *a, struct circle *circle, const struct envelope *e, const struct json *body,
		      uint32_t *ret_depth, struct err *err)
{
	struct member *members;
	size_t n;
	int rc = read_parents(circle, body, ret_depth, err);

	if (rc < 0)
		return rc;
	members = read_members(body, &n);
	if (circle->n_epochs > 0) {
		rc = check_membership(circle, e, members, n, err);
		free(members);
		return rc;
	}
	circle->members = members;
	circle->n_members = n;
	return found(a, body, e, circle, err);
}

int circle_apply_epoch(struct circle *circle, struct bytes entry, const struct envelope *e, struct bytes text,
		       const uint8_t e_raw[static KEY_BYTES], struct err *err)
{
	struct body body = { .type = BODY_UNKNOWN };
	struct epoch epoch = { .time_ms = e->time_ms };
	struct circle next = *circle;
	struct arena a = { 0 };
	int rc = body_check(&a, entry, e, text, &body, err);

	entry_id(entry.p, epoch.id);
	if (rc == 0 && body.type != BODY_EPOCH)
		rc = err_set(err, E_INVALID, "an epoch of a later version has no effect here");
	if (rc == 0 && circle_epoch(circle, epoch.id))
		rc = err_set(err, E_INVALID, "an epoch was begun already");
	if (rc == 0)
		rc = read_epoch(&a, &next, e, body.json, &epoch.depth, err);
	if (rc == 0) {
		epoch.may_seal = boxes_are_right(entry, body.json, e, &next, e_raw);
		add_epoch(&next, &epoch, e_raw);
		*circle = next;
	} else if (next.members != circle->members) {
		free(next.members);
	}
	arena_release(&a);
	return rc;
}

const struct epoch *circle_newest_epoch(const struct circle *circle)
{
	const struct epoch *best = NULL;

	for (size_t i = 0; i < circle->n_epochs; i++) {
		const struct epoch *at = &circle->epochs[i];

		if (!at->may_seal || !at->secret)
			continue;
		if (!best || at->depth > best->depth ||
		    (at->depth == best->depth && memcmp(at->id, best->id, ID_BYTES) < 0))
			best = at;
	}
	return best;
}

const struct epoch *circle_epoch(const struct circle *circle, const uint8_t id[static ID_BYTES])
{
	for (size_t i = 0; i < circle->n_epochs; i++)
		if (memcmp(circle->epochs[i].id, id, ID_BYTES) == 0)
			return &circle->epochs[i];
	return NULL;
}

const struct member *circle_member(const struct circle *circle, const uint8_t device[static KEY_BYTES])
{
	for (size_t i = 0; i < circle->n_members; i++)
		if (memcmp(circle->members[i].device, device, KEY_BYTES) == 0)
			return &circle->members[i];
	return NULL;
}
