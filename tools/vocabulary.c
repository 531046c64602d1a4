/* Prints docs/vocabulary.md from the tables of src/record/kinds.
 *
 *   vocabulary > docs/vocabulary.md
 *   vocabulary --check docs/vocabulary.md     status 1 if the file is not what would be printed
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/kinds/kinds.h"

static const char intro[] =
	"# Vocabulary\n\n"
	"What can be written down, word by word. A *claim* says something about one object of a *kind*; the fields of\n"
	"the kind are what can be said. This page is made from the tables in `src/record/kinds/`\n"
	"(`ninja -C build vocabulary && build/vocabulary > docs/vocabulary.md`); a test fails when it is stale.\n\n"
	"* **needed**: must be there in the first claim about an object. **list**: a JSON array of 1 to 64 values, "
	"none\n"
	"  twice. **label**: the field by which people recognise the object in a list.\n"
	"* *event*: something that happened; the claim must say `when`. *sensitive*: marked amber+strict unless the "
	"writer\n"
	"  says otherwise. *record*: read from the record's own entries, nobody writes one by hand.\n"
	"* **?** behind a code: from general knowledge of its standard, not read again in the source.\n"
	"* Kinds and fields that a version does not know are kept, shown raw and passed on.\n\n";

/* Helps begin small, since they also stand behind a name; on the page they are sentences. */
static void print_sentence(const char *text, FILE *out)
{
	fputc(toupper((unsigned char)text[0]), out);
	fputs(text + 1, out);
}

/* A bar would end the cell of the table. */
static void print_cell(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (*text == '|')
			fputc('\\', out);
		fputc(*text, out);
	}
}

static void print_takes(const struct field *field, FILE *out)
{
	char words[512];

	if (field->type == FIELD_CODE) {
		fprintf(out, "%sa code of [%s](#list-%s)", field->flags & FIELD_LIST ? "a list, each " : "", field->arg,
			field->arg);
		return;
	}
	field_describe(field, words, sizeof(words));
	print_cell(words, out);
}

static void print_fields(const struct kind *kind, FILE *out)
{
	fputs("| field | takes | | what | example |\n|---|---|---|---|---|\n", out);
	for (size_t i = 0; i < kind->n_fields; i++) {
		const struct field *field = &kind->fields[i];

		fprintf(out, "| `%s` | ", field->name);
		print_takes(field, out);
		fprintf(out, " | %s%s%s | ", field->flags & FIELD_REQUIRED ? "needed" : "",
			(field->flags & FIELD_REQUIRED) && (field->flags & FIELD_LABEL) ? ", " : "",
			field->flags & FIELD_LABEL ? "label" : "");
		print_cell(field->help, out);
		fputs(" | `", out);
		print_cell(field->example, out);
		fputs("` |\n", out);
	}
	fputc('\n', out);
}

static void print_kind(const struct kind *kind, FILE *out)
{
	fprintf(out, "### %s\n\n", kind->name);
	print_sentence(kind->help, out);
	fprintf(out, "%s%s%s. Serves: %s.\n\n", kind->flags & KIND_EVENT ? " (*event*)" : "",
		kind->flags & KIND_SENSITIVE ? " (*sensitive*)" : "", kind->flags & KIND_RECORD ? " (*record*)" : "",
		kind->serves);
	print_fields(kind, out);
}

static void print_contents(FILE *out)
{
	size_t n, n_fields = 0, n_lists, n_codes = 0, n_doubtful = 0;
	const struct kind *kinds = kinds_all(&n);
	const struct code_list *lists = kinds_code_lists(&n_lists);

	for (size_t i = 0; i < n; i++)
		n_fields += kinds[i].n_fields;
	for (size_t i = 0; i < n_lists; i++)
		for (size_t j = 0; j < lists[i].n_codes; j++, n_codes++)
			n_doubtful += (lists[i].codes[j].flags & CODE_DOUBTFUL) != 0;
	fprintf(out, "%zu kinds, %zu fields; %zu code lists, %zu codes, of which %zu are marked **?**.\n\n", n,
		n_fields, n_lists, n_codes, n_doubtful);
	fputs("| family | kinds |\n|---|---|\n", out);
	for (int family = 0; family < N_FAMILIES; family++) {
		fprintf(out, "| %s |", kinds_family_name((enum family)family));
		for (size_t i = 0; i < n; i++)
			if ((int)kinds[i].family == family)
				fprintf(out, " [%s](#%s)", kinds[i].name, kinds[i].name);
		fputs(" |\n", out);
	}
	fputc('\n', out);
}

static void print_kinds(FILE *out)
{
	size_t n;
	const struct kind *kinds = kinds_all(&n);
	const struct kind *common = kinds_common();

	fputs("## Every claim\n\n", out);
	print_sentence(common->help, out);
	fputs(".\n\n", out);
	print_fields(common, out);
	for (int family = 0; family < N_FAMILIES; family++) {
		fprintf(out, "## %s: %s\n\n", kinds_family_title((enum family)family),
			kinds_family_name((enum family)family));
		for (size_t i = 0; i < n; i++)
			if ((int)kinds[i].family == family)
				print_kind(&kinds[i], out);
	}
}

static void print_list(const struct code_list *list, FILE *out)
{
	fprintf(out, "### List `%s`\n\n", list->name);
	print_sentence(list->help, out);
	fprintf(out, ". Source: %s.\n\n| code | meaning |\n|---|---|\n", list->source);
	for (size_t i = 0; i < list->n_codes; i++) {
		const struct code *code = &list->codes[i];

		fprintf(out, "| `%s`%s | ", code->code, code->flags & CODE_DOUBTFUL ? " **?**" : "");
		print_cell(code->label, out);
		fputs(" |\n", out);
	}
	fputc('\n', out);
}

static void print_page(FILE *out)
{
	size_t n;
	const struct code_list *lists = kinds_code_lists(&n);

	fputs(intro, out);
	print_contents(out);
	print_kinds(out);
	fputs("## Code lists\n\n", out);
	for (size_t i = 0; i < n; i++)
		print_list(&lists[i], out);
}

/* 1 if the file holds exactly these bytes */
static int same(const char *path, const char *page, size_t n)
{
	FILE *file = fopen(path, "rb");
	char *text = malloc(n + 1);
	size_t got = 0;

	if (file && text)
		got = fread(text, 1, n + 1, file);
	int is_same = file && text && got == n && memcmp(text, page, n) == 0;
	if (file)
		fclose(file);
	free(text);
	return is_same;
}

int main(int argc, char **argv)
{
	char *page = NULL;
	size_t n = 0;
	int status = EXIT_SUCCESS;

	if (argc == 1) {
		print_page(stdout);
		return ferror(stdout) || fflush(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
	}
	if (argc != 3 || strcmp(argv[1], "--check") != 0) {
		fputs("usage: vocabulary [--check FILE]\n", stderr);
		return 2;
	}
	FILE *out = open_memstream(&page, &n);
	if (!out)
		return EXIT_FAILURE;
	print_page(out);
	if (fclose(out) || !same(argv[2], page, n)) {
		fprintf(stderr,
			"%s is not what the tables say; run: ninja -C build vocabulary && build/vocabulary > %s\n",
			argv[2], "docs/vocabulary.md");
		status = EXIT_FAILURE;
	}
	free(page);
	return status;
}
