#include "record/circle.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"

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

static int read_hex(const struct json *obj, const char *key, uint8_t *out, size_t n, struct err *err)
{
	const struct json *m = json_get(obj, key);

	if (!m || m->type != JSON_T_TEXT || hex_decode(m->text, m->text_len, out, n) < 0)
		return err_set(err, E_INVALID, "%s must be %zu lower-case hex digits", key, 2 * n);
	return 0;
}

static bool device_is_listed(const struct member *members, size_t n, const uint8_t *device)
{
	for (size_t i = 0; i < n; i++)
		if (memcmp(members[i].device, device, KEY_BYTES) == 0)
			return true;
	return false;
}

/* The member list of an epoch body, as malloc'ed array. */
static int read_members(const struct json *body, struct member **ret, size_t *ret_n, struct err *err)
{
	const struct json *list = json_get(body, "members");
	struct member *members = mem_alloc(EPOCH_MEMBERS_MAX * sizeof *members);
	size_t n = 0;
	int rc = 0;

	if (!list || list->type != JSON_T_ARRAY || !list->child)
		rc = err_set(err, E_INVALID, "members must be a list of devices");
	for (const struct json *m = rc == 0 ? list->child : NULL; m && rc == 0; m = m->next) {
		struct member *to = &members[n];

		if (n == EPOCH_MEMBERS_MAX) {
			rc = err_set(err, E_LIMIT, "an epoch takes at most %d devices", EPOCH_MEMBERS_MAX);
			break;
		}
		rc = read_hex(m, "organisation", to->organisation, ID_BYTES, err);
		if (rc == 0)
			rc = read_hex(m, "device", to->device, KEY_BYTES, err);
		if (rc == 0)
			rc = read_hex(m, "box", to->box, KEY_BYTES, err);
		if (rc == 0 && device_is_listed(members, n, to->device))
			rc = err_set(err, E_INVALID, "a device is listed twice in an epoch");
		n++;
	}
	if (rc < 0) {
		free(members);
		return rc;
	}
	*ret = members;
	*ret_n = n;
	return 0;
}

static int read_short_text(const struct json *obj, const char *key, char *out, size_t cap, struct err *err)
{
	const char *text = json_get_text(obj, key);

	if (!text || strlen(text) >= cap)
		return err_set(err, E_INVALID, "%s of a charter must be a text of at most %zu bytes", key, cap - 1);
	memcpy(out, text, strlen(text) + 1);
	return 0;
}

/* The founding body carries the charter bytes; they must hash to the circle's id and name the founding device. */
static int read_charter(struct arena *a, const struct json *body, const struct envelope *e, struct circle *circle,
			struct err *err)
{
	const char *text = json_get_text(body, "charter");
	uint8_t *bytes = arena_alloc(a, BODY_MAX);
	uint8_t id[ID_BYTES], device[KEY_BYTES];
	const struct json *charter;
	size_t n = 0;
	int rc;

	if (!text || base64url_decode(text, strlen(text), bytes, BODY_MAX, &n) < 0)
		return err_set(err, E_INVALID, "a founding epoch must carry its charter");
	circle_id(BYTES(bytes, n), id);
	if (memcmp(id, e->circle, ID_BYTES) != 0)
		return err_set(err, E_INVALID, "the charter is not the one that the circle's id names");
	rc = json_parse(a, (const char *)bytes, n, &charter, err);
	if (rc < 0)
		return rc;
	if (json_get_int(charter, "rules", 0) != RULES_VERSION)
		return err_set(err, E_INVALID, "this circle follows rules that this version of Parley does not know: "
			       "use a newer one");
	rc = read_hex(charter, "device", device, KEY_BYTES, err);
	if (rc == 0 && memcmp(device, e->author, KEY_BYTES) != 0)
		rc = err_set(err, E_INVALID, "the charter names another founding device");
	if (rc == 0)
		rc = read_hex(charter, "process", circle->process, ID_BYTES, err);
	if (rc == 0)
		rc = read_short_text(charter, "name", circle->name, sizeof circle->name, err);
	if (rc == 0)
		rc = read_short_text(charter, "purpose", circle->purpose, sizeof circle->purpose, err);
	return rc;
}

/* The depth of a new epoch from its parents, all of which must be known. */
static int read_parents(const struct circle *circle, const struct json *body, uint32_t *ret_depth, struct err *err)
{
	const struct json *parents = json_get(body, "parents");
	uint32_t depth = 0;

	if (!parents || parents->type != JSON_T_ARRAY)
		return err_set(err, E_INVALID, "parents must be a list of epochs");
	for (const struct json *p = parents->child; p; p = p->next) {
		uint8_t id[ID_BYTES];
		const struct epoch *parent = NULL;

		if (p->type == JSON_T_TEXT && hex_decode(p->text, p->text_len, id, ID_BYTES) == 0)
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

static bool same_members(const struct member *a, size_t n_a, const struct member *b, size_t n_b)
{
	if (n_a != n_b)
		return false;
	for (size_t i = 0; i < n_a; i++)
		if (!device_is_listed(b, n_b, a[i].device))
			return false;
	return true;
}

/* Every holder of the secret can make the boxes again: they must be the ones in the entry. */
static int check_boxes(struct bytes entry, const struct envelope *e, const struct json *body,
		       const struct member *members, size_t n, const uint8_t e_raw[static KEY_BYTES], struct err *err)
{
	const struct json *parents = json_get(body, "parents");
	struct epoch_context context = { 0 };
	struct buf boxes;
	int rc = 0;

	memcpy(context.circle, e->circle, ID_BYTES);
	if (parents->child)
		rc = hex_decode(parents->child->text, parents->child->text_len, context.parent, ID_BYTES);
	buf_init(&boxes, SECTION_MAX);
	if (rc == 0)
		rc = epoch_boxes(e_raw, &context, members, n, &boxes, err);
	if (rc == 0 && (boxes.n > entry.n - ENVELOPE_BYTES ||
			memcmp(boxes.p, entry.p + ENVELOPE_BYTES, boxes.n) != 0))
		rc = err_set(err, E_INVALID, "an epoch's boxes are not made for the members that it lists");
	buf_release(&boxes);
	return rc;
}

static void add_epoch(struct circle *circle, struct bytes entry, const struct envelope *e, uint32_t depth,
		      const uint8_t e_raw[static KEY_BYTES])
{
	struct epoch *epoch;

	circle->epochs = mem_resize(circle->epochs, (circle->n_epochs + 1) * sizeof *circle->epochs);
	epoch = &circle->epochs[circle->n_epochs++];
	entry_id(entry.p, epoch->id);
	epoch->depth = depth;
	epoch->time_ms = e->time_ms;
	epoch->secret = secret_alloc(KEY_BYTES);
	epoch_secret(e_raw, epoch->id, epoch->secret);
}

/* Check who writes and for whom; at founding the member list is the circle's. Takes `members` over when it is. */
static int check_membership(struct circle *circle, const struct envelope *e, struct member *members, size_t n,
			    struct err *err)
{
	if (!device_is_listed(members, n, e->author))
		return err_set(err, E_INVALID, "an epoch was written by a device that is no member");
	if (circle->n_epochs > 0 && !same_members(members, n, circle->members, circle->n_members))
		return err_set(err, E_INVALID, "an epoch lists other members than the circle has");
	return 0;
}

int circle_apply_epoch(struct circle *circle, struct bytes entry, const struct envelope *e, struct bytes text,
		       const uint8_t e_raw[static KEY_BYTES], struct err *err)
{
	bool founding = circle->n_epochs == 0;
	struct circle next = *circle;
	struct member *members = NULL;
	const struct json *body = NULL;
	struct arena a = { 0 };
	uint32_t depth = 0;
	size_t n = 0;
	int rc = json_parse(&a, (const char *)text.p, text.n, &body, err);

	if (rc == 0)
		rc = read_parents(circle, body, &depth, err);
	if (rc == 0)
		rc = read_members(body, &members, &n, err);
	if (rc == 0)
		rc = check_membership(circle, e, members, n, err);
	if (rc == 0)
		rc = check_boxes(entry, e, body, members, n, e_raw, err);
	if (rc == 0 && founding)
		rc = read_charter(&a, body, e, &next, err);
	if (rc == 0 && founding) {
		memcpy(next.id, e->circle, ID_BYTES);
		next.founded_ms = e->time_ms;
		next.members = members;
		next.n_members = n;
		members = NULL;
		*circle = next;
	}
	if (rc == 0)
		add_epoch(circle, entry, e, depth, e_raw);
	free(members);
	arena_release(&a);
	return rc;
}

const struct epoch *circle_newest_epoch(const struct circle *circle)
{
	const struct epoch *best = NULL;

	for (size_t i = 0; i < circle->n_epochs; i++) {
		const struct epoch *at = &circle->epochs[i];

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
