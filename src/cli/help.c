#include "cli/help.h"

#include <string.h>

#include "base/bytes.h"
#include "cli/text.h"

#define COLUMN_MAX 30

void help_row(FILE *out, const char *label, const char *text, int column, int width)
{
	fputs(label, out);
	text_wrap(out, text, text_width(label), column, width);
}

static void heading(FILE *out, const char *title)
{
	fprintf(out, "\n%s:\n", title);
}

static void title(FILE *out, int width, const char *name, const char *summary)
{
	struct arena a;
	arena_init(&a);
	text_wrap(out, arena_printf(&a, "%s - %s", name, summary), 0, 0, width);
	arena_release(&a);
}

/* "a|b|c" as "; one of a, b, c". */
static const char *choices_text(struct arena *a, const char *choices)
{
	const char *text = "; one of";
	for (const char *p = choices; *p;) {
		int n = (int)strcspn(p, "|");
		text = arena_printf(a, "%s%s %.*s", text, p == choices ? "" : ",", n, p);
		p += n + (p[n] == '|');
	}
	return text;
}

const char *help_of_arg(struct arena *a, const struct arg *arg)
{
	return arg->choices ? arena_printf(a, "%s%s", arg->help, choices_text(a, arg->choices)) : arg->help;
}

const char *help_of_opt(struct arena *a, const struct opt *opt)
{
	const char *choices = "", *range = "", *fallback = "";
	if (opt->type == OPT_CHOICE && opt_metavar(opt->type, opt->metavar, opt->choices) != opt->choices)
		choices = choices_text(a, opt->choices);
	if (opt->type == OPT_NUMBER && (opt->min || opt->max))
		range = arena_printf(a, ", %lld to %lld", (long long)opt->min, (long long)opt->max);
	if (opt->fallback)
		fallback = arena_printf(a, " (default: %s)", opt->fallback);
	return arena_printf(a, "%s%s%s%s%s", opt->help, range, choices, opt->repeats ? "; may be repeated" : "",
			    fallback);
}

static const char *opt_label(struct arena *a, const struct opt *opt)
{
	const char *metavar = opt_metavar(opt->type, opt->metavar, opt->choices);
	const char *letter = opt->letter ? arena_printf(a, "-%c, ", opt->letter) : "    ";
	return arena_printf(a, "  %s--%s%s%s", letter, opt->name, *metavar ? " " : "", metavar);
}

static int column_for(int column, const char *label)
{
	int wanted = text_width(label) + 2;
	return wanted > column && wanted <= COLUMN_MAX ? wanted : column;
}

static void options(const char *title, const struct opt *opts, FILE *out, int width)
{
	struct arena a;
	int column = 0;

	arena_init(&a);
	for (const struct opt *opt = opts; opt && opt->name; opt++)
		column = column_for(column, opt_label(&a, opt));
	if (opts && opts->name)
		heading(out, title);
	for (const struct opt *opt = opts; opt && opt->name; opt++)
		help_row(out, opt_label(&a, opt), help_of_opt(&a, opt), column ? column : COLUMN_MAX, width);
	arena_release(&a);
}

static void arguments(const struct arg *args, FILE *out, int width)
{
	struct arena a;
	int column = 0;

	arena_init(&a);
	for (const struct arg *arg = args; arg && arg->name; arg++)
		column = column_for(column, arena_printf(&a, "  %s", arg->name));
	if (args && args->name)
		heading(out, "Arguments");
	for (const struct arg *arg = args; arg && arg->name; arg++)
		help_row(out, arena_printf(&a, "  %s", arg->name), help_of_arg(&a, arg), column, width);
	arena_release(&a);
}

static void examples(const struct example *rows, FILE *out, int width)
{
	if (rows && rows->line)
		heading(out, "Examples");
	for (const struct example *row = rows; row && row->line; row++) {
		fprintf(out, "  %s\n", row->line);
		help_row(out, "", row->help, 6, width);
	}
}

void help_usage(const struct command *command, FILE *out)
{
	fputs(" [OPTION ...]", out);
	for (const struct arg *arg = command->args; arg && arg->name; arg++) {
		const char *dots = arg->max > 1 ? " ..." : "";
		fprintf(out, arg->min ? " %s%s" : " [%s%s]", arg->name, dots);
	}
}

void help_command(const struct program *program, const struct command *command, FILE *out, int width)
{
	struct arena a;
	arena_init(&a);
	title(out, width, arena_printf(&a, "%s %s", program->name, command->name), command->summary);
	arena_release(&a);
	fprintf(out, "\nUsage: %s %s", program->name, command->name);
	help_usage(command, out);
	fputc('\n', out);
	if (command->about) {
		fputc('\n', out);
		text_wrap(out, command->about, 0, 0, width);
	}
	arguments(command->args, out, width);
	options("Options", command->opts, out, width);
	options("Options of every command", opt_common, out, width);
	examples(command->examples, out, width);
	if (command->args && command->args[0].type == OPT_KIND) {
		heading(out, "Kinds");
		help_kinds(out, width);
		fprintf(out, "\n'%s %s KIND --help' lists the fields of a kind.\n", program->name, command->name);
	}
}

/* The commands whose name begins with the prefix, under the headings of their groups if asked. */
static void commands(const struct program *program, const char *prefix, bool grouped, FILE *out, int width)
{
	struct arena a;
	const char *group = "";
	int column = 0;

	arena_init(&a);
	for (const struct command *const *c = program->commands; *c; c++)
		column = column_for(column, arena_printf(&a, "  %s", (*c)->name));
	for (const struct command *const *c = program->commands; *c; c++) {
		if (strncmp((*c)->name, prefix, strlen(prefix)) != 0)
			continue;
		if (grouped && strcmp(group, (*c)->group) != 0)
			heading(out, (*c)->group);
		group = (*c)->group;
		help_row(out, arena_printf(&a, "  %s", (*c)->name), (*c)->summary, column, width);
	}
	arena_release(&a);
}

void help_overview(const struct program *program, FILE *out, int width)
{
	title(out, width, program->name, program->summary);
	fprintf(out, "\nUsage: %s COMMAND [OPTION ...] [ARGUMENT ...]\n", program->name);
	commands(program, "", true, out, width);
	options("Options of every command", opt_common, out, width);
	fprintf(out, "\n'%s COMMAND --help' tells more.\n", program->name);
}

void help_group(const struct program *program, const char *group, FILE *out, int width)
{
	struct arena a;
	arena_init(&a);
	fprintf(out, "Usage: %s %s COMMAND [OPTION ...] [ARGUMENT ...]\n", program->name, group);
	heading(out, "Commands");
	commands(program, arena_printf(&a, "%s ", group), false, out, width);
	fprintf(out, "\n'%s %s COMMAND --help' tells more.\n", program->name, group);
	arena_release(&a);
}
