#include "differential/samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"

#define ID16 "00112233445566778899aabbccddeeff"
#define ID32 "a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
#define MANY 20

static struct sample samples[MANY];
static size_t n_samples;
static struct sample drawn;
static uint64_t random_state;

/* SplitMix64: the same everywhere, and nothing secret hangs on it. */
uint64_t draw(uint64_t n)
{
	uint64_t z = random_state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	z ^= z >> 31;
	return n ? z % n : 0;
}

/* --- good entries ------------------------------------------------------------------------------------------ */

struct author {
	uint8_t key[KEY_BYTES], sk[64], box[KEY_BYTES], box_sk[KEY_BYTES];
};

static struct author author_of(uint8_t n)
{
	struct author a;
	uint8_t seed[KEY_BYTES];

	memset(seed, n, sizeof seed);
	sign_keypair(seed, a.key, a.sk);
	box_keypair(seed, a.box, a.box_sk);
	return a;
}

const uint8_t *sample_other_author(void)
{
	static struct author other;

	other = author_of(99);
	return other.key;
}

static struct member member_of(const struct author *a)
{
	struct member m;

	memset(m.organisation, 0xc1, ID_BYTES);
	memcpy(m.device, a->key, KEY_BYTES);
	memcpy(m.box, a->box, KEY_BYTES);
	return m;
}

/* A sample of that class with everything but boxes set. */
static struct sample *add(uint8_t cls, struct bytes body)
{
	const struct author a = author_of(1);
	struct sample *s = &samples[n_samples++];

	memset(s, 0, sizeof *s);
	s->e.cls = cls;
	s->e.seq = 1;
	s->e.time_ms = 1700000000000;
	s->plain = cls == CLASS_SIGCHAIN;
	memset(s->e.circle, 4, ID_BYTES);
	memcpy(s->e.author, a.key, KEY_BYTES);
	memcpy(s->sk, a.sk, sizeof s->sk);
	memset(s->key, 2, KEY_BYTES);
	if (!s->plain)
		memset(s->e.epoch, 5, ID_BYTES);
	memcpy(s->body, body.p, body.n);
	s->body_n = body.n;
	return s;
}

static struct sample *add_text(uint8_t cls, const char *text)
{
	return add(cls, BYTES(text, strlen(text)));
}

static void add_claims(void)
{
	static const char small[] =
		"{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"" ID16 "\",\"set\":{\"name\":\"x\"}}";
	static const char whole[] =
		"{\"t\":\"claim\",\"v\":1,\"kind\":\"some_kind\",\"id\":\"" ID16
		"\",\"set\":{\"a\":[1,{\"b\":null}],\"c\":-5},"
		"\"says\":\"" ID16 "\",\"when\":\"2012-08-26T14:05:30.250Z/2013\",\"known\":\"2012-08\",\"by\":\"b\","
		"\"source\":\"s\",\"quote\":\"\\u00e9\\n\\\"\",\"note\":\"\xc3\xa9\xf0\x9f\x98\x80\",\"files\":[{"
		"\"name\":\"f\","
		"\"size\":65104,\"hash\":\"" ID32 "\",\"key\":\"" ID32 "\",\"chunks\":[\"" ID32 "\",\"" ID32
		"\"]}],\"more\":true}";
	struct sample *s;

	add_text(CLASS_CLAIM, small);
	s = add_text(CLASS_CLAIM, small);
	s->e.seq = 7;
	memset(s->e.prev, 7, ID_BYTES);
	memset(s->e.seen, 8, ID_BYTES);
	add_text(CLASS_CLAIM, whole);
	add_text(CLASS_CLAIM, whole); /* twice, for it has most to be changed */
	add_text(CLASS_CLAIM, "{\"t\":\"retract\",\"v\":1,\"entry\":\"" ID32 "\",\"reason\":\"r\"}");
	add_text(CLASS_REDACTION,
		 "{\"t\":\"redact\",\"v\":1,\"entry\":\"" ID32 "\",\"reason\":\"r\",\"authority\":\"" ID32 "\"}");
	add_text(CLASS_CONTROL, "{\"t\":\"unknown\",\"v\":1,\"deps\":[]}");
	add_text(CLASS_CHUNK, "any bytes, of a file");
	add_text(128, "of a later version");
	add_text(200, "of a later version");
}

static void add_heads(void)
{
	uint8_t records[2 * 72] = { 0 };
	char text[600], base64[200];

	memset(records, 0x11, 32);
	records[39] = 1;
	memset(records + 72, 0x22, 32);
	records[72 + 39] = 9;
	base64url_encode(records, sizeof records, base64);
	snprintf(text, sizeof text, "{\"t\":\"heads\",\"v\":1,\"heads\":\"%s\",\"box\":\"" ID32 "\"}", base64);
	add_text(CLASS_HEADS, text);
	add_text(CLASS_HEADS, "{\"t\":\"heads\",\"v\":1,\"heads\":\"\"}");
}

static void add_organisation(void)
{
	const struct author founder = author_of(1), second = author_of(2);
	const uint8_t recovery[RECOVERY_KEYS][KEY_BYTES] = { { 1 }, { 2 }, { 3 } }, deps[1][ID_BYTES] = { { 7 } };
	struct org_device device = { .role = ROLE_ADMIN };
	const uint8_t random[32] = { 9 };
	uint8_t org[ID_BYTES], message[CONSENT_BYTES], consent[SIGNATURE_BYTES];
	struct sample *s;
	struct buf body;

	memcpy(device.key, founder.key, KEY_BYTES);
	memcpy(device.box, founder.box, KEY_BYTES);
	buf_init(&body, BODY_MAX);
	org_compose_genesis(&device, recovery, random, &body);
	hash_labelled(LABEL_ORG, BYTES(body.p, body.n), NO_BYTES, NO_BYTES, org, sizeof org);
	s = add(CLASS_SIGCHAIN, BYTES(body.p, body.n));
	memcpy(s->e.circle, org, ID_BYTES);
	memcpy(device.key, second.key, KEY_BYTES);
	memcpy(device.box, second.box, KEY_BYTES);
	org_consent_message(org, &device, random, message);
	sign_prefixed(PREFIX_DEVICE, BYTES_OF(message), second.sk, consent);
	buf_clear(&body);
	org_compose_device_add(&device, random, consent, deps, 1, &body);
	s = add(CLASS_SIGCHAIN, BYTES(body.p, body.n));
	memcpy(s->e.circle, org, ID_BYTES);
	s->e.seq = 2;
	memset(s->e.prev, 3, ID_BYTES);
	buf_release(&body);
}

/* An epoch of n members; the founding one carries a charter. */
static void add_epoch(size_t n, bool founding)
{
	const uint8_t e_raw[KEY_BYTES] = { 0x77 }, process[ID_BYTES] = { 1 }, random[32] = { 2 };
	struct epoch_context context = { 0 };
	struct member members[8];
	struct buf charter, boxes, body;
	struct sample *s;

	for (size_t i = 0; i < n; i++) {
		const struct author a = author_of((uint8_t)(i + 1));

		members[i] = member_of(&a);
	}
	buf_init(&charter, BODY_MAX);
	buf_init(&boxes, BOXES_MAX);
	buf_init(&body, BODY_MAX);
	charter_compose("Havana", "Talks", &members[0], process, random, &charter);
	circle_id(BYTES(charter.p, charter.n), context.circle);
	if (!founding)
		memset(context.parent, 0x31, ID_BYTES);
	if (epoch_boxes(e_raw, &context, members, n, &boxes, NULL) < 0)
		abort();
	epoch_compose(members, n, founding ? NULL : context.parent, founding ? "founding" : "rotation",
		      BYTES(charter.p, charter.n), &body);
	s = add(CLASS_CONTROL, BYTES(body.p, body.n));
	memset(s->e.epoch, 0, ID_BYTES);
	memcpy(s->e.circle, context.circle, ID_BYTES);
	epoch_own_key(e_raw, &context, s->key);
	memcpy(s->boxes, boxes.p, boxes.n);
	s->boxes_n = boxes.n;
	if (!founding) {
		s->e.seq = 3;
		memset(s->e.prev, 6, ID_BYTES);
	}
	buf_release(&charter);
	buf_release(&boxes);
	buf_release(&body);
}

void samples_make(uint64_t seed)
{
	random_state = seed;
	n_samples = 0;
	add_claims();
	add_heads();
	add_organisation();
	add_epoch(1, true);
	add_epoch(2, false);
	add_epoch(5, true);
}

struct sample *sample_draw(void)
{
	const struct sample *s = &samples[draw(n_samples)];

	memcpy(&drawn, s, offsetof(struct sample, body));
	memcpy(drawn.body, s->body, s->body_n);
	drawn.body_n = s->body_n;
	return &drawn;
}

/* --- bodies made wrong ------------------------------------------------------------------------------------- */

/* Put n bytes in the place of the bytes [from, to). */
static void splice(struct sample *s, size_t from, size_t to, const void *p, size_t n)
{
	if (s->body_n - (to - from) + n > SECTION_MAX)
		return;
	memmove(s->body + from + n, s->body + to, s->body_n - to);
	if (n > 0)
		memmove(s->body + from, p, n);
	s->body_n = s->body_n - (to - from) + n;
}

/* Where the JSON value that begins at `at` ends; only as good as the text is. */
static size_t value_end(const struct sample *s, size_t at)
{
	size_t depth = 0;
	bool quoted = false;

	for (; at < s->body_n; at++) {
		const uint8_t c = s->body[at];

		if (quoted && c == '\\') {
			at++;
		} else if (c == '"') {
			quoted = !quoted;
		} else if (!quoted && (c == '[' || c == '{')) {
			depth++;
		} else if (!quoted && depth == 0 && (c == ',' || c == ']' || c == '}')) {
			return at;
		} else if (!quoted && (c == ']' || c == '}')) {
			depth--;
		}
	}
	return s->body_n;
}

/* The place behind a colon, drawn; 0 if there is none. */
static size_t draw_value(const struct sample *s)
{
	const size_t start = draw(s->body_n);

	for (size_t i = 0; i < s->body_n; i++)
		if (s->body[(start + i) % s->body_n] == ':')
			return (start + i) % s->body_n + 1;
	return 0;
}

static void change_value(struct sample *s)
{
	static const char id16[] = "\"" ID16 "\"", id32[] = "\"" ID32 "\"", id64[] = "\"" ID32 ID32 "\"";
	static const char ids_1[] = "[\"" ID32 "\"]", ids_2[] = "[\"" ID32 "\",\"" ID32 "\"]";
	static const char ids_3[] = "[\"" ID32 "\",\"" ID32 "\",\"" ID32 "\"]";
	static const char *const values[] = {
		"0",
		"1",
		"2",
		"-1",
		"3",
		"33554433",
		"9007199254740991",
		"9007199254740992",
		"-9007199254740992",
		"-0",
		"01",
		"1.0",
		"1e3",
		"null",
		"true",
		"false",
		"\"\"",
		"\"x\"",
		"[]",
		"{}",
		"[1]",
		"[[]]",
		"{\"a\":1,\"a\":1}",
		id16,
		id32,
		id64,
		ids_1,
		ids_2,
		ids_3,
		"\"A0112233445566778899aabbccddeeff\"",
		"\"2012\"",
		"\"2012-02-30\"",
		"\"2012-02-29\"",
		"\"0000\"",
		"\"9999-12\"",
		"\"2012/2011\"",
		"\"2012/2012-06\"",
		"\"../2012\"",
		"\"..\"",
		"\"2012-08-26T14Z\"",
		"\"2012-08-26T24:00Z\"",
		"\"2012-08-26T14:05:60Z\"",
		"\"founding\"",
		"\"rotation\"",
		"\"member\"",
		"\"admin\"",
		"\"writer\"",
		"\"reader\"",
		"\"claim\"",
		"\"epoch\"",
		"\"heads\"",
		"\"org\"",
		"\"AAAA\"",
		"\"AAA\"",
		"\"AAB\"",
		"\"AA==\"",
		"\"+/8\"",
		"\"\\u0000\"",
		"\"\\ud800\"",
		"\"\\ud83d\\ude00\"",
		"\"\xed\xa0\x80\"",
		"\"\xff\"",
		"\"\t\"",
		"\"\\x\"",
	};
	const char *value = values[draw(ARRAY_LEN(values))];
	const size_t at = draw_value(s);

	if (at > 0)
		splice(s, at, value_end(s, at), value, strlen(value));
}

static void remove_member(struct sample *s)
{
	const size_t at = draw_value(s), end = at > 0 ? value_end(s, at) : 0;
	size_t key = at;

	if (at < 3)
		return;
	for (key = at - 3; key > 0 && s->body[key] != '"';)
		key--;
	if (end < s->body_n && s->body[end] == ',')
		splice(s, key, end + 1, NULL, 0);
	else if (key > 0 && s->body[key - 1] == ',')
		splice(s, key - 1, end, NULL, 0);
}

static void add_member(struct sample *s)
{
	static const char *const members[] = {
		"\"x\":1,",           "\"t\":\"claim\",",      "\"\\u0074\":\"claim\",", "\"reason\":\"x\",",
		"\"files\":[],",      "\"parents\":[],",       "\"note\":\"n\",",        "\"\":{},",
		"\"when\":\"2012\",", "\"charter\":\"AAAA\",",
	};
	const char *member = members[draw(ARRAY_LEN(members))];

	if (s->body_n > 0)
		splice(s, 1, 1, member, strlen(member));
}

static void change_byte(struct sample *s)
{
	static const char letters[] = "{}[]\",:0123456789.-+eE\\utfn abcdefAZ\n\t\x80\xc3\xff\x01";
	const size_t at = draw(s->body_n), to = at + draw(s->body_n - at < 20 ? s->body_n - at + 1 : 20);
	char letter = letters[draw(sizeof letters)]; /* with the NUL at its end */
	uint8_t copy[20];

	if (s->body_n == 0)
		return;
	switch (draw(5)) {
	case 0:
		s->body[at] ^= (uint8_t)(1 << draw(8));
		break;
	case 1:
		splice(s, at, at + 1, &letter, 1);
		break;
	case 2:
		splice(s, at, at, &letter, 1);
		break;
	case 3:
		splice(s, at, to, NULL, 0);
		break;
	default:
		memcpy(copy, s->body + at, to - at);
		splice(s, at, at, copy, to - at);
	}
}

/* White space, and bytes behind the object. */
static void add_space(struct sample *s)
{
	static const char *const spaces[] = { " ",  "\n", "\t\r\n ", "\xc2\xa0", "\x0b", "\xef\xbb\xbf",
					      "{}", ",",  "\x80" };
	const char *space = spaces[draw(ARRAY_LEN(spaces))];
	const size_t at = draw(3) == 0 ? draw(s->body_n + 1) : draw(2) ? 0 : s->body_n;

	splice(s, at, at, space, strlen(space));
}

/* Nest a value about as deep as is allowed. */
static void nest(struct sample *s)
{
	static const char open[] = "[[[[[[[[[[[[[[[[[[[[", close[] = "]]]]]]]]]]]]]]]]]]]]";
	const size_t at = draw_value(s), depth = 12 + draw(6);

	if (at == 0)
		return;
	splice(s, value_end(s, at), value_end(s, at), close, depth);
	splice(s, at, at, open, depth);
}

/* Grow to the edge of a section, or near it, as a rule a small one. */
static void change_length(struct sample *s)
{
	static const size_t lengths[] = { 256, 640, 640, 640, 1664, 1664, 3712, 3712, 7808, 16000, 32384, 65152 };
	const size_t overhead = s->boxes_n + (s->plain ? SALT_BYTES : SEAL_OVERHEAD);
	const size_t section = lengths[draw(draw(20) == 0 ? 12 : 8)], near = section - overhead - 2 + draw(4);
	const size_t at = s->body_n > 0 ? s->body_n - 1 : 0;

	if (section < overhead + 8 || near <= s->body_n || near > SECTION_MAX)
		return;
	memmove(s->body + at + (near - s->body_n), s->body + at, s->body_n - at);
	memset(s->body + at, ' ', near - s->body_n);
	s->body_n = near;
}

void sample_mutate_body(struct sample *s)
{
	static void (*const mutations[])(struct sample *) = {
		change_value, change_value, change_value, remove_member, add_member,
		change_byte,  add_space,    nest,         change_length,
	};

	for (uint64_t i = 1 + draw(8) / 6; i > 0; i--)
		mutations[draw(ARRAY_LEN(mutations))](s);
	if (draw(50) == 0)
		s->body_n = 0;
	/* A genesis that is another one still has the id that it gives itself, as a rule. */
	if (s->plain && s->e.seq == 1 && draw(4))
		hash_labelled(LABEL_ORG, BYTES(s->body, s->body_n), NO_BYTES, NO_BYTES, s->e.circle, ID_BYTES);
}
