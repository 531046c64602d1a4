/* Maps for Parley's own exports (export.h): columns and attributes have the names of fields and members. */
#include <string.h>

#include "exchange/export.h"
#include "exchange/map.h"

/* The ends of a tie are the ends of its edge. */
static const char *column_of(const struct field *field, bool is_edge)
{
	if (is_edge && strcmp(field->name, "from") == 0)
		return "source";
	return is_edge && strcmp(field->name, "to") == 0 ? "target" : field->name;
}

void map_own(struct buf *out, const struct kind *kind, const char *table)
{
	static const char *const members[] = { "when", "known", "says", "source", "grade", "tlp", "rule" };
	const bool is_edge = table && strcmp(table, "edge") == 0;
	const char *guard = table ? "" : "|unguard";

	buf_printf(out, "\nclaim %s\n\tcommon: no\n", kind->name);
	if (table)
		buf_printf(out, "\tfrom: %s\n\tif: {kind} is %s\n", table, kind->name);
	buf_text(out, "\tid: {id}\n");
	for (size_t i = 0; i < sizeof members / sizeof *members; i++)
		buf_printf(out, "\t%s: {%s%s}\n", members[i],
			   is_edge && strcmp(members[i], "source") == 0 ? GRAPH_CITATION : members[i], guard);
	for (size_t i = 0; i < kind->n_fields; i++) {
		const struct field *field = &kind->fields[i];

		buf_printf(out, "\t%s = {%s%s%s}\n", field->name, column_of(field, is_edge), guard,
			   field->flags & FIELD_LIST ? "|split:; " : "");
	}
}
