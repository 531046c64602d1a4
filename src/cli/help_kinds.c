#include "cli/help.h"

#include <string.h>

#include "cli/text.h"

#define NAME_COLUMN 20

void help_kinds(FILE *out, int width)
{
	size_t n;
	const struct kind *kinds = kinds_all(&n);
	for (enum family family = 0; family < N_FAMILIES; family++) {
		struct arena a;
		const char *names = NULL;
		arena_init(&a);
		for (size_t i = 0; i < n; i++)
			if (kinds[i].family == family && !(kinds[i].flags & KIND_RECORD))
				names = names ? arena_printf(&a, "%s, %s", names, kinds[i].name) : kinds[i].name;
		if (names)
			help_row(out, arena_printf(&a, "  %s", kinds_family_name(family)), names, 14, width);
		arena_release(&a);
	}
}

/* "*" before the name says required; the line behind it what it is, what it takes, an example. */
static void help_field(const struct field *field, FILE *out, int width)
{
	char takes[512];
	struct arena a;

	arena_init(&a);
	field_describe(field, takes, sizeof(takes));
	const char *mark = field->flags & FIELD_REQUIRED ? "*" : " ";
	const char *example = field->example ? arena_printf(&a, "; such as %s", field->example) : "";
	const char *text = arena_printf(&a, "%s: %s%s", field->help, takes, example);
	help_row(out, arena_printf(&a, " %s%s", mark, field->name), text, NAME_COLUMN, width);
	arena_release(&a);
}

void help_kind(const struct kind *kind, FILE *out, int width)
{
	const struct kind *common = kinds_common();

	struct arena a;

	arena_init(&a);
	text_wrap(out, arena_printf(&a, "%s - %s", kind->name, kind->help), 0, 0, width);
	arena_release(&a);
	fputs("\nFields (* must be given):\n", out);
	for (size_t i = 0; i < kind->n_fields; i++)
		help_field(&kind->fields[i], out, width);
	fputs("\nFields of every claim:\n", out);
	for (size_t i = 0; i < common->n_fields; i++)
		help_field(&common->fields[i], out, width);
}
