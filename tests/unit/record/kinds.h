/* What the tests of the vocabulary share: find a kind or field or fail, check one value given as JSON. */
#ifndef PARLEY_TESTS_RECORD_KINDS_H
#define PARLEY_TESTS_RECORD_KINDS_H

#include "base/arena.h"
#include "base/json.h"
#include "record/kinds/kinds.h"
#include "support/test.h"

static inline const struct kind *kind_of(const char *name)
{
	const struct kind *kind = strcmp(name, "claim") == 0 ? kinds_common() : kind_find(name);

	if (!kind)
		fail_msg("there is no kind %s", name);
	return kind;
}

static inline const struct field *field_of(const char *kind, const char *name)
{
	const struct field *field = kind_field(kind_of(kind), name);

	if (!field)
		fail_msg("%s has no field %s", kind, name);
	return field;
}

/* The value of a field, given as JSON. */
static inline int check_json(const struct kind *kind, const struct field *field, const char *json, struct err *err)
{
	struct arena a = { 0 };
	const struct json *object;
	char *whole = arena_printf(&a, "{\"v\":%s}", json);
	int rc;

	expect_ok(json_parse(&a, whole, strlen(whole), &object, err), err);
	rc = field_check(kind, field, object->child, err);
	arena_release(&a);
	return rc;
}

#endif
