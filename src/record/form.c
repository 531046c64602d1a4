#include "record/form.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "record/circle.h"

/* A member, and the check of its value: 0, or E_INVALID with words that continue its name ("must be ..."). */
struct member_form {
	const char *name;
	int (*check)(const struct json *value, struct err *err);
	bool optional;
};

#define FORM(name) name, ARRAY_LEN(name)

static int check_all(const struct json *obj, const struct member_form *forms, size_t n, struct err *err)
{
	if (obj->type != JSON_T_OBJECT)
		return err_set(err, E_INVALID, "must be an object, not %s", json_type_words(obj->type));
	for (size_t i = 0; i < n; i++) {
		const struct json *value = json_get(obj, forms[i].name);
		int rc = 0;

		if (value)
			rc = forms[i].check(value, err);
		else if (!forms[i].optional)
			rc = err_set(err, E_INVALID, "is missing");
		if (rc < 0) {
			err_prefix(err, "%s ", forms[i].name);
			return rc;
		}
	}
	return 0;
}

static bool text_is(const struct json *obj, const char *name, const char *expected)
{
	const char *text = json_get_text(obj, name);

	return text && expected && strcmp(text, expected) == 0;
}

/* --- values ------------------------------------------------------------------------------------------------ */

static int check_hex(const struct json *value, size_t n, struct err *err)
{
	uint8_t out[SIGNATURE_BYTES];

	if (value->type != JSON_T_TEXT || hex_decode(value->text, value->text_len, out, n) < 0)
		return err_set(err, E_INVALID, "must be %zu lower-case hex digits", 2 * n);
	return 0;
}

static int check_id(const struct json *value, struct err *err)
{
	return check_hex(value, ID_BYTES, err);
}

static int check_signature(const struct json *value, struct err *err)
{
	return check_hex(value, SIGNATURE_BYTES, err);
}

static int check_text(const struct json *value, struct err *err)
{
	if (value->type != JSON_T_TEXT)
		return err_set(err, E_INVALID, "must be a text, not %s", json_type_words(value->type));
	return 0;
}

static int check_integer(const struct json *value, int64_t min, int64_t max, struct err *err)
{
	if (value->type == JSON_T_INT && value->number >= min && value->number <= max)
		return 0;
	if (min == max)
		return err_set(err, E_INVALID, "must be %lld", (long long)min);
	return err_set(err, E_INVALID, "must be an integer from %lld to %lld", (long long)min, (long long)max);
}

/* One of a few words, which stand in `words` with a space behind each. */
static int check_word(const struct json *value, const char *words, struct err *err)
{
	for (const char *word = words; value->type == JSON_T_TEXT && *word;) {
		size_t n = strcspn(word, " ");

		if (value->text_len == n && memcmp(value->text, word, n) == 0)
			return 0;
		word += n + 1;
	}
	return err_set(err, E_INVALID, "must be one of: %s", words);
}

static int check_array(const struct json *value, size_t min, size_t max,
		       int (*check)(const struct json *item, struct err *err), struct err *err)
{
	size_t n = 0;

	if (value->type != JSON_T_ARRAY)
		return err_set(err, E_INVALID, "must be an array, not %s", json_type_words(value->type));
	for (const struct json *item = value->child; item; item = item->next) {
		int rc = ++n <= max ? check(item, err) : 0;

		if (rc < 0) {
			err_prefix(err, "%zu: ", n);
			return rc;
		}
	}
	if (n < min || n > max)
		return err_set(err, E_INVALID, "holds %zu values; it must hold %zu to %zu", n, min, max);
	return 0;
}

static int check_ids(const struct json *value, struct err *err)
{
	return check_array(value, 0, SIZE_MAX, check_id, err);
}

/* The bytes of a base64url text, malloc'ed. */
static int decode(const struct json *value, uint8_t **ret, size_t *ret_n, struct err *err)
{
	uint8_t *p;

	if (value->type != JSON_T_TEXT)
		return err_set(err, E_INVALID, "must be a text, not %s", json_type_words(value->type));
	p = mem_alloc(value->text_len + 1);
	if (base64url_decode(value->text, value->text_len, p, value->text_len, ret_n) == 0) {
		*ret = p;
		return 0;
	}
	free(p);
	return err_set(err, E_INVALID, "must be base64url without padding");
}

static int check_base64url(const struct json *value, struct err *err)
{
	uint8_t *p = NULL;
	size_t n;
	int rc = decode(value, &p, &n, err);

	free(p);
	return rc;
}

/* --- attachments ------------------------------------------------------------------------------------------- */

static int check_file_size(const struct json *value, struct err *err)
{
	return check_integer(value, 0, ATTACHMENT_MAX, err);
}

static int check_file(const struct json *value, struct err *err)
{
	static const struct member_form file[] = {
		{ "name", check_text, false }, { "size", check_file_size, false }, { "hash", check_id, false },
		{ "key", check_id, false },    { "chunks", check_ids, false },
	};
	int64_t size = json_get_int(value, "size", 0), n = 0;
	int rc = check_all(value, FORM(file), err);

	if (rc < 0)
		return rc;
	for (const struct json *c = json_get(value, "chunks")->child; c; c = c->next)
		n++;
	if (n != (size + BODY_MAX - 1) / BODY_MAX)
		return err_set(err, E_INVALID, "chunks are %lld, which do not make up %lld bytes", (long long)n,
			       (long long)size);
	return 0;
}

static int check_files(const struct json *value, struct err *err)
{
	return check_array(value, 0, SIZE_MAX, check_file, err);
}

/* --- organisations ----------------------------------------------------------------------------------------- */

static int check_recovery(const struct json *value, struct err *err)
{
	return check_array(value, RECOVERY_KEYS, RECOVERY_KEYS, check_id, err);
}

static int check_need(const struct json *value, struct err *err)
{
	return check_integer(value, 2, 2, err);
}

static int check_role(const struct json *value, struct err *err)
{
	return check_word(value, "admin writer ", err);
}

/* --- epochs and charters ----------------------------------------------------------------------------------- */

static int check_member(const struct json *value, struct err *err)
{
	static const struct member_form member[] = {
		{ "organisation", check_id, false },
		{ "device", check_id, false },
		{ "box", check_id, false },
	};

	return check_all(value, FORM(member), err);
}

static int check_member_list(const struct json *value, struct err *err)
{
	int rc = check_array(value, 1, EPOCH_MEMBERS_MAX, check_member, err);

	if (rc < 0)
		return rc;
	for (const struct json *m = value->child; m; m = m->next)
		for (const struct json *before = value->child; before != m; before = before->next)
			if (text_is(before, "device", json_get_text(m, "device")))
				return err_set(err, E_INVALID, "must not name a device twice");
	return 0;
}

static int check_reason(const struct json *value, struct err *err)
{
	return check_word(value, "founding rotation member device fork ", err);
}

static int check_no_psk(const struct json *value, struct err *err)
{
	uint8_t psk[KEY_BYTES];
	int rc = check_id(value, err);

	if (rc == 0 &&
	    (hex_decode(value->text, value->text_len, psk, sizeof psk) < 0 || !bytes_are_zero(psk, sizeof psk)))
		rc = err_set(err, E_INVALID, "must be zeros: this version has no pre-shared secret");
	return rc;
}

/* No parents, a charter and the reason `founding` go together. */
static int check_founding(const struct json *body, struct err *err)
{
	const bool founding = text_is(body, "reason", "founding");

	if (founding != !json_get(body, "parents")->child)
		return err_set(err, E_INVALID, "parents must be empty at founding, and only then");
	if (founding != (json_get(body, "charter") != NULL))
		return err_set(err, E_INVALID, "charter must be there at founding, and only then");
	return 0;
}

static int check_rules(const struct json *value, struct err *err)
{
	if (value->type == JSON_T_INT && value->number == 1)
		return 0;
	return err_set(err, E_INVALID, "are of a kind that this version of Parley does not know: use a newer one");
}

static int check_one(const struct json *value, struct err *err)
{
	return check_integer(value, 1, 1, err);
}

static int check_number(const struct json *value, struct err *err)
{
	return check_integer(value, 0, (int64_t)SEQ_MAX, err);
}

static int check_votes(const struct json *value, struct err *err)
{
	return check_integer(value, 1, (int64_t)SEQ_MAX, err);
}

static int check_circle_role(const struct json *value, struct err *err)
{
	return check_word(value, "admin write read ", err);
}

static int check_roles(const struct json *value, struct err *err)
{
	return check_array(value, 0, SIZE_MAX, check_circle_role, err);
}

static int check_party(const struct json *value, struct err *err)
{
	static const struct member_form party[] = { { "id", check_id, false }, { "roles", check_roles, false } };

	return check_all(value, FORM(party), err);
}

static int check_parties(const struct json *value, struct err *err)
{
	return check_array(value, 1, SIZE_MAX, check_party, err);
}

static int check_thresholds(const struct json *value, struct err *err)
{
	static const struct member_form thresholds[] = {
		{ "admit", check_votes, false },
		{ "remove", check_votes, false },
		{ "amend", check_votes, false },
	};

	return check_all(value, FORM(thresholds), err);
}

static int check_history(const struct json *value, struct err *err)
{
	return check_word(value, "none all ", err);
}

static int check_no_hubs(const struct json *value, struct err *err)
{
	return check_array(value, 0, 0, check_text, err);
}

static int check_charter_type(const struct json *value, struct err *err)
{
	return check_word(value, "charter ", err);
}

int form_check_charter(const struct json *charter, struct err *err)
{
	static const struct member_form form[] = {
		{ "t", check_charter_type, false },
		{ "v", check_one, false },
		{ "rules", check_rules, false },
		{ "name", check_text, false },
		{ "purpose", check_text, false },
		{ "process", check_id, false },
		{ "random", check_id, false },
		{ "device", check_id, false },
		{ "box", check_id, false },
		{ "organisations", check_parties, false },
		{ "thresholds", check_thresholds, false },
		{ "retention_days", check_number, false },
		{ "history", check_history, false },
		{ "min_version", check_one, false },
		{ "hubs", check_no_hubs, false },
	};

	return check_all(charter, FORM(form), err);
}

/* --- heads ------------------------------------------------------------------------------------------------- */

int form_read_heads(const struct json *value, uint8_t **ret, size_t *ret_n, struct err *err)
{
	uint8_t *p = NULL;
	size_t n = 0;
	int rc = decode(value, &p, &n, err);

	if (rc == 0 && n % HEADS_RECORD_BYTES != 0)
		rc = err_set(err, E_INVALID, "must hold whole records of %d bytes", HEADS_RECORD_BYTES);
	for (size_t at = 0; rc == 0 && p && at < n; at += HEADS_RECORD_BYTES) {
		uint64_t seq = get_u64(p + at + KEY_BYTES);

		if (at > 0 && memcmp(p + at - HEADS_RECORD_BYTES, p + at, KEY_BYTES) >= 0)
			rc = err_set(err, E_INVALID, "must ascend by device");
		else if (seq < 1 || seq > SEQ_MAX)
			rc = err_set(err, E_INVALID, "must name places from 1 to 2^53 - 1");
	}
	if (rc < 0) {
		free(p);
		return rc;
	}
	*ret = p;
	*ret_n = n;
	return 0;
}

static int check_heads(const struct json *value, struct err *err)
{
	uint8_t *p = NULL;
	size_t n;
	int rc = form_read_heads(value, &p, &n, err);

	free(p);
	return rc;
}

/* --- bodies ------------------------------------------------------------------------------------------------ */

static const struct member_form claim_form[] = { { "files", check_files, true } };
static const struct member_form epoch_form[] = {
	{ "members", check_member_list, false }, { "deps", check_ids, false },   { "parents", check_ids, false },
	{ "reason", check_reason, false },       { "psk", check_no_psk, false }, { "charter", check_base64url, true },
};
static const struct member_form heads_form[] = { { "heads", check_heads, false }, { "box", check_id, true } };
static const struct member_form org_form[] = {
	{ "device", check_id, false }, { "box", check_id, false },    { "recovery", check_recovery, false },
	{ "need", check_need, false }, { "random", check_id, false },
};
static const struct member_form device_add_form[] = {
	{ "device", check_id, false }, { "role", check_role, false },         { "box", check_id, false },
	{ "random", check_id, false }, { "consent", check_signature, false }, { "deps", check_ids, false },
};

int form_check(enum body_type type, const struct json *body, struct err *err)
{
	static const struct {
		const struct member_form *members;
		size_t n;
	} forms[] = {
		[BODY_CLAIM] = { FORM(claim_form) },
		[BODY_RETRACT] = { NULL, 0 }, /* as is BODY_REDACT: read whole by body_read() */
		[BODY_REDACT] = { NULL, 0 },
		[BODY_EPOCH] = { FORM(epoch_form) },
		[BODY_HEADS] = { FORM(heads_form) },
		[BODY_ORG] = { FORM(org_form) },
		[BODY_DEVICE_ADD] = { FORM(device_add_form) },
		[BODY_UNKNOWN] = { NULL, 0 },
	};
	int rc = check_all(body, forms[type].members, forms[type].n, err);

	return rc == 0 && type == BODY_EPOCH ? check_founding(body, err) : rc;
}

/* --- a body and the header above it ------------------------------------------------------------------------ */

static int check_genesis(const struct envelope *e, const struct json *body, struct bytes text, struct err *err)
{
	uint8_t id[ID_BYTES];
	char author[2 * KEY_BYTES + 1];

	hash_labelled(LABEL_ORG, text, NO_BYTES, NO_BYTES, id, sizeof id);
	hex_encode(e->author, KEY_BYTES, author);
	if (!text_is(body, "device", author))
		return err_set(err, E_INVALID, "device of an organisation's first entry is not its author");
	if (e->seq != 1 || memcmp(id, e->circle, ID_BYTES) != 0)
		return err_set(err, E_INVALID, "an organisation's first entry is not the one that its id names");
	return 0;
}

static int check_own_feed_left_out(const struct envelope *e, const struct json *body, struct err *err)
{
	uint8_t *heads = NULL;
	size_t n = 0;
	int rc = form_read_heads(json_get(body, "heads"), &heads, &n, err);

	for (size_t at = 0; rc == 0 && heads && at < n; at += HEADS_RECORD_BYTES)
		if (memcmp(heads + at, e->author, KEY_BYTES) == 0)
			rc = err_set(err, E_INVALID, "heads must leave the author's own feed out");
	free(heads);
	return rc;
}

static int check_box_count(struct bytes entry, const struct json *body, struct err *err)
{
	size_t prefix = 0, n = 0;
	int rc = epoch_prefix(entry, &prefix, err);

	for (const struct json *m = json_get(body, "members")->child; m; m = m->next)
		n++;
	if (rc == 0 && prefix != 2 + n * BOX_BYTES)
		rc = err_set(err, E_INVALID, "members are %zu, and there are %zu boxes", n, (prefix - 2) / BOX_BYTES);
	return rc;
}

int form_check_tie(struct bytes entry, const struct envelope *e, const struct body *b, struct bytes text,
		   struct err *err)
{
	const bool epoch_layout = e->cls == CLASS_CONTROL && bytes_are_zero(e->epoch, ID_BYTES);

	if (epoch_layout && !text_is(b->json, "t", "epoch"))
		return err_set(err, E_INVALID, "t must be epoch in an entry that names no epoch");
	if (!epoch_layout && b->type == BODY_EPOCH)
		return err_set(err, E_INVALID, "t is epoch in an entry that names another epoch");
	switch (b->type) {
	case BODY_ORG:
		return check_genesis(e, b->json, text, err);
	case BODY_HEADS:
		return check_own_feed_left_out(e, b->json, err);
	case BODY_EPOCH:
		return check_box_count(entry, b->json, err);
	default:
		return 0;
	}
}
