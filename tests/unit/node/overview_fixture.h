/* What the tests of the overview share: a record in memory, read as of a day. */
#ifndef PARLEY_TESTS_UNIT_NODE_OVERVIEW_FIXTURE_H
#define PARLEY_TESTS_UNIT_NODE_OVERVIEW_FIXTURE_H

#include "unit/view/fixture.h"

#include "node/overview.h"

struct seen {
	struct fixture f;
	struct arena a;
	struct overview o;
};

static inline int set_up_empty(void **state)
{
	struct seen *s = mem_alloc(sizeof *s);

	*s = (struct seen){ 0 };
	fixture_init(&s->f);
	*state = s;
	return 0;
}

static inline int tear_down(void **state)
{
	struct seen *s = *state;

	arena_release(&s->a);
	fixture_release(&s->f);
	free(s);
	return 0;
}

/* Show what was put into an empty record, as of the clock. */
static inline const struct overview *read_at(struct seen *s, int64_t now_ms)
{
	apply_all(&s->f);
	expect_ok(overview_read(s->f.view, &s->a, INT64_MAX, now_ms, &s->o, &s->f.err), &s->f.err);
	return &s->o;
}

static inline void expect_obj(const struct overview_ref *ref, int obj)
{
	char hex[2 * OBJECT_ID_BYTES + 1];

	hex_encode(ref->obj, sizeof ref->obj, hex);
	assert_string_equal(hex, obj_hex(obj));
}

/* A claim with more members (a comma in front) and, unless it is 0, a sayer. */
static inline void say(struct seen *s, const char *kind, int obj, const char *set, const char *more, int says)
{
	char text[600];

	snprintf(text, sizeof text, "%s", more);
	if (says)
		snprintf(text, sizeof text, "%s,\"says\":\"%s\"", more, obj_hex(says));
	put_claim(&s->f, kind, obj, set, text);
}

/* printf into one of a few texts that are used in turn. */
static inline const char *text_of(const char *fmt, ...) PRINTF_LIKE(1, 2);
static inline const char *text_of(const char *fmt, ...)
{
	static char texts[8][600];
	static int next;
	char *text = texts[next++ % 8];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof texts[0], fmt, args);
	va_end(args);
	return text;
}

#endif
