/* Who may read what: the one place that decides. */
#include <string.h>

#include "view/view_internal.h"

static const char *const markings[] = {
	[TLP_CLEAR] = "clear", [TLP_GREEN] = "green", [TLP_AMBER] = "amber", [TLP_AMBER_STRICT] = "amber+strict",
	[TLP_RED] = "red",
};

struct reader view_reader_owner(void)
{
	return (struct reader){ .all_circles = true, .cleared_for = TLP_RED, .attribution = true };
}

int tlp_parse(const char *text, enum tlp *ret, struct err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(markings); i++) {
		if (strcmp(text, markings[i]) == 0) {
			*ret = (enum tlp)i;
			return 0;
		}
	}
	return err_set(err, E_INVALID, "a marking must be one of clear, green, amber, amber+strict, red");
}

static bool is_in_circle(const struct reader *reader, const uint8_t circle[static ID_BYTES])
{
	for (size_t i = 0; i < reader->n_circles; i++)
		if (memcmp(reader->circles[i], circle, ID_BYTES) == 0)
			return true;
	return false;
}

/* Whether a kind of a later version is sensitive nobody knows here, so it counts as if it were. */
static enum tlp default_marking(const char *name)
{
	const struct kind *kind = kind_find(name);

	return kind && !(kind->flags & KIND_SENSITIVE) ? TLP_GREEN : TLP_AMBER_STRICT;
}

bool reader_may_see(const struct reader *reader, const uint8_t circle[static ID_BYTES], const char *kind,
		    const char *tlp)
{
	enum tlp marking;

	if (!reader->all_circles && !is_in_circle(reader, circle))
		return false;
	if (!tlp)
		marking = default_marking(kind);
	else if (tlp_parse(tlp, &marking, NULL) < 0)
		marking = TLP_RED; /* a marking of a later version: the narrowest */
	return marking <= reader->cleared_for;
}

bool rule_hides_speaker(const char *rule)
{
	return rule && strcmp(rule, "on_record") != 0;
}
