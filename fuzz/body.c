/* Bodies: what is read is written and read again without change; what is composed is read, and composes to itself. */
#include "fuzz.h"

#include "base/json.h"
#include "base/limits.h"
#include "record/body.h"
#include "record/envelope.h"

/* First byte: the class of the entry, and how strictly a claim is composed. */
enum { CLASS_BITS = 0x07, FIRST = 0x08, KEEP_UNKNOWN = 0x10 };

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void expect_same_claim(const struct claim *a, const struct claim *b)
{
	MUST(strcmp(a->kind, b->kind) == 0);
	MUST(memcmp(a->id, b->id, sizeof a->id) == 0);
	MUST(a->has_says == b->has_says && (!a->has_says || memcmp(a->says, b->says, sizeof a->says) == 0));
	MUST(same_text(a->when_text, b->when_text) && same_text(a->known_text, b->known_text));
	MUST(same_text(a->by, b->by) && same_text(a->source, b->source) && same_text(a->quote, b->quote));
	MUST(same_text(a->grade, b->grade) && same_text(a->tlp, b->tlp) && same_text(a->rule, b->rule));
	MUST(same_text(a->lang, b->lang) && same_text(a->note, b->note));
	MUST(!a->files == !b->files);
}

static void read_body(struct arena *a, uint8_t cls, struct bytes text)
{
	struct body body, again;
	struct err err = { 0 };
	struct buf written;
	int rc = body_read(a, cls, text, &body, &err);

	MUST_EXPLAIN(rc, &err);
	if (rc < 0)
		return;
	buf_init(&written, 6 * JSON_TEXT_MAX);
	json_write(&written, body.json);
	if (written.n <= JSON_TEXT_MAX) {
		MUST(body_read(a, cls, BYTES(written.p, written.n), &again, &err) == 0);
		MUST(again.type == body.type);
		if (body.type == BODY_CLAIM)
			expect_same_claim(&body.claim, &again.claim);
		if (body.type == BODY_RETRACT || body.type == BODY_REDACT)
			MUST(memcmp(body.mention.entry, again.mention.entry, ID_BYTES) == 0 &&
			     same_text(body.mention.reason, again.mention.reason));
	}
	buf_release(&written);
}

static void compose_claim(struct arena *a, const struct json *line, const struct compose_rules *rules)
{
	uint8_t digest[HASH_BYTES], digest_again[HASH_BYTES];
	const struct json *parsed = NULL;
	struct body body;
	struct err err = { 0 };
	struct buf first, second;
	int rc;

	buf_init(&first, JSON_TEXT_MAX);
	buf_init(&second, JSON_TEXT_MAX);
	rc = claim_compose(a, line, rules, &first, &err);
	MUST_EXPLAIN(rc, &err);
	MUST(rc == 0 || rc == E_INVALID || rc == E_LIMIT);
	if (rc == 0) {
		MUST(first.n <= BODY_MAX);
		MUST(body_read(a, CLASS_CLAIM, BYTES(first.p, first.n), &body, &err) == 0);
		MUST(body.type == BODY_CLAIM);
		MUST(json_parse(a, buf_str(&first), first.n, &parsed, &err) == 0);
		MUST(claim_compose(a, parsed, rules, &second, &err) == 0);
		MUST(first.n == second.n && memcmp(first.p, second.p, first.n) == 0);
		claim_digest(BYTES(first.p, first.n), digest);
		claim_digest(BYTES(second.p, second.n), digest_again);
		MUST(memcmp(digest, digest_again, sizeof digest) == 0);
	}
	buf_release(&first);
	buf_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct compose_rules rules;
	const struct json *line = NULL;
	struct arena a = { 0 };
	uint8_t cls;

	if (size < 1)
		return 0;
	rules = (struct compose_rules){ .first = data[0] & FIRST, .keep_unknown = data[0] & KEEP_UNKNOWN };
	cls = data[0] & CLASS_BITS;
	if (cls >= CLASS_CLAIM && cls < CLASS_CHUNK)
		read_body(&a, cls, BYTES(data + 1, size - 1));
	if (json_parse(&a, (const char *)data + 1, size - 1, &line, NULL) == 0)
		compose_claim(&a, line, &rules);
	arena_release(&a);
	return 0;
}
