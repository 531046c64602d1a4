/* Strict JSON: what is accepted is written and read again without change. */
#include "fuzz.h"

#include "base/json.h"
#include "base/json_quick.h"
#include "base/limits.h"

static void expect_round(struct arena *a, const struct json *value)
{
	const struct json *again = NULL;
	struct buf first, second;
	struct err err = { 0 };

	buf_init(&first, 6 * JSON_TEXT_MAX); /* an escape takes up to six bytes */
	buf_init(&second, 6 * JSON_TEXT_MAX);
	json_write(&first, value);
	MUST(!first.overflowed);
	MUST(utf8_valid(buf_str(&first), first.n));
	if (first.n <= JSON_TEXT_MAX) {
		MUST(json_parse(a, buf_str(&first), first.n, &again, &err) == 0);
		json_write(&second, again);
		MUST(first.n == second.n && memcmp(first.p, second.p, first.n) == 0);
	}
	buf_release(&first);
	buf_release(&second);
}

/* The quick way accepts nothing that the long way refuses, and gives the same value. */
static void expect_same(struct arena *a, const char *text, size_t n)
{
	const struct json *quick = json_quick(a, text, n), *slow = NULL;
	struct buf first, second;
	struct err err = { 0 };

	if (!quick)
		return;
	buf_init(&first, 6 * JSON_TEXT_MAX);
	buf_init(&second, 6 * JSON_TEXT_MAX);
	MUST(json_parse_slowly(a, text, n, &slow, &err) == 0);
	json_write(&first, quick);
	json_write(&second, slow);
	MUST(first.n == second.n && memcmp(first.p, second.p, first.n) == 0);
	buf_release(&first);
	buf_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct json *value = NULL;
	struct arena a = { 0 };
	struct err err = { 0 };
	int rc = json_parse(&a, (const char *)data, size, &value, &err);

	MUST_EXPLAIN(rc, &err);
	MUST(rc == 0 || rc == E_INVALID || (rc == E_LIMIT && size > JSON_TEXT_MAX));
	if (rc == 0) {
		MUST(value->type == JSON_T_OBJECT);
		expect_round(&a, value);
	}
	if (size <= JSON_TEXT_MAX)
		expect_same(&a, (const char *)data, size);
	arena_release(&a);
	return 0;
}
