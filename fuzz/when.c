/* Dates: what is accepted is a span that is not empty, and its ends are written as dates that are accepted. */
#include "fuzz.h"

#include "base/when.h"

#define TEXT_MAX 200

static void expect_formatted(int64_t ms)
{
	char text[WHEN_TEXT_MAX];
	struct when when;

	if (ms == WHEN_OPEN_START || ms == WHEN_OPEN_END)
		return;
	when_format_ms(ms, text);
	if (strlen(text) > 4 && text[4] != '-') /* the end of the year 9999 is in the year 10000 */
		return;
	MUST(when_parse_single(text, &when, NULL) == 0);
	MUST(when.from_ms == ms);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct when when, single;
	struct err err = { 0 };
	char text[TEXT_MAX];
	int rc;

	if (size >= sizeof text)
		return 0;
	memcpy(text, data, size);
	text[size] = 0;
	rc = when_parse(text, &when, &err);
	MUST_EXPLAIN(rc, &err);
	MUST(rc == 0 || rc == E_INVALID);
	if (rc == 0) {
		MUST(when.from_ms < when.to_ms);
		MUST(when.interval == (strchr(text, '/') != NULL));
		expect_formatted(when.from_ms);
		expect_formatted(when.to_ms);
	}
	err = (struct err){ 0 };
	MUST((when_parse_single(text, &single, &err) == 0) == (rc == 0 && !when.interval));
	if (rc == 0 && !when.interval)
		MUST(single.from_ms == when.from_ms && single.to_ms == when.to_ms &&
		     single.precision == when.precision);
	return 0;
}
