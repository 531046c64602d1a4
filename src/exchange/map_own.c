/* Maps for Parley's own exports (export.h): columns and attributes have the names of fields. */
#include <string.h>

#include "exchange/map.h"

/* What a network calls otherwise. */
static const char *column_of(const struct kind *kind, const struct field *field, bool network)
{
	if (network && strcmp(kind->name, "tie") == 0 && strcmp(field->name, "from") == 0)
		return "source";
	if (network && strcmp(kind->name, "tie") == 0 && strcmp(field->name, "to") == 0)
		return "target";
	return field->name;
}

void map_own(struct buf *out, const struct kind *kind, const char *table)
{
	static const char *const members[] = { "when", "known", "says", "source", "grade", "tlp", "rule" };

	buf_printf(out, "\nclaim %s\n", kind->name);
	if (table)
		buf_printf(out, "\tfrom: %s\n\tif: {kind} is %s\n", table, kind->name);
	buf_text(out, "\tid: {id}\n");
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		buf_printf(out, "\t%s: {%s|unguard}\n", members[i], members[i]);
	for (size_t i = 0; i < kind->n_fields; i++) {
		const struct field *field = &kind->fields[i];

		buf_printf(out, "\t%s = {%s|unguard%s}\n", field->name, column_of(kind, field, table != NULL),
			   field->flags & FIELD_LIST ? "|split:; " : "");
	}
}
