#include "cli/help.h"

#include <ctype.h>
#include <string.h>

#include "base/bytes.h"
#include "cli/text.h"

/* Characters that roff takes for its own, and those that it would print as another one. */
static const char *escape_of(char c)
{
	static const struct {
		char c;
		const char *escape;
	} escapes[] = {
		{ '\\', "\\e" },  { '-', "\\-" },   { '\'', "\\(aq" },
		{ '`', "\\(ga" }, { '^', "\\(ha" }, { '~', "\\(ti" },
	};
	for (size_t i = 0; i < ARRAY_LEN(escapes); i++)
		if (escapes[i].c == c)
			return escapes[i].escape;
	return NULL;
}

/* Write text; a newline is kept, and a dot that would begin a request is guarded. */
static void put(FILE *out, const char *s)
{
	bool line_start = true;
	while (*s) {
		uint32_t c;
		size_t n = text_next(s, &c);
		const char *escape = n == 1 ? escape_of(*s) : NULL;
		if (line_start && *s == '.')
			fputs("\\&", out);
		if (escape)
			fputs(escape, out);
		else if (n > 1)
			fprintf(out, "\\[u%04X]", c);
		else
			fputc(*s, out);
		line_start = *s == '\n';
		s += n;
	}
}

static void bold(FILE *out, const char *s)
{
	fputs("\\fB", out);
	put(out, s);
	fputs("\\fR", out);
}

static void italic(FILE *out, const char *s)
{
	fputs("\\fI", out);
	put(out, s);
	fputs("\\fR", out);
}

static void paragraphs(FILE *out, const char *text)
{
	while (text && *text) {
		const char *end = strstr(text, "\n\n");
		size_t n = end ? (size_t)(end - text) : strlen(text);
		struct arena a;
		arena_init(&a);
		fputs(".PP\n", out);
		put(out, arena_copy(&a, text, n));
		fputc('\n', out);
		arena_release(&a);
		text += n + (end ? 2 : 0);
	}
}

static void section(FILE *out, const char *title)
{
	fprintf(out, ".SH %s\n", title);
}

static void options(FILE *out, const struct opt *opts)
{
	struct arena a;
	arena_init(&a);
	for (const struct opt *opt = opts; opt && opt->name; opt++) {
		const char *metavar = opt_metavar(opt->type, opt->metavar, opt->choices);
		fputs(".TP\n", out);
		if (opt->letter) {
			bold(out, arena_printf(&a, "-%c", opt->letter));
			fputs(", ", out);
		}
		bold(out, arena_printf(&a, "--%s", opt->name));
		if (*metavar) {
			fputc(' ', out);
			italic(out, metavar);
		}
		fputc('\n', out);
		put(out, help_of_opt(&a, opt));
		fputc('\n', out);
	}
	arena_release(&a);
}

static void arguments(FILE *out, const struct arg *args)
{
	struct arena a;
	arena_init(&a);
	for (const struct arg *arg = args; arg && arg->name; arg++) {
		fputs(".TP\n", out);
		italic(out, arg->name);
		fputc('\n', out);
		put(out, help_of_arg(&a, arg));
		fputc('\n', out);
	}
	arena_release(&a);
}

/* Help lines begin with a small letter; sentences do not. */
static void put_sentence(FILE *out, const char *s, const char *end)
{
	fputc(toupper((unsigned char)*s), out);
	put(out, s + 1);
	fputs(end, out);
}

static void examples(FILE *out, const struct example *rows)
{
	for (const struct example *row = rows; row && row->line; row++) {
		fputs(".PP\n", out);
		put_sentence(out, row->help, ":\n.RS\n.EX\n");
		put(out, row->line);
		fputs("\n.EE\n.RE\n", out);
	}
}

static void usage(FILE *out, const struct command *command)
{
	for (const struct arg *arg = command->args; arg && arg->name; arg++) {
		fputs(arg->min ? " " : " [", out);
		italic(out, arg->name);
		fputs(arg->max > 1 ? " ..." : "", out);
		fputs(arg->min ? "" : "]", out);
	}
	fputc('\n', out);
}

static void command_section(const struct program *program, const struct command *command, FILE *out)
{
	struct arena a;
	arena_init(&a);
	fputs(".SS ", out);
	put(out, arena_printf(&a, "%s %s", program->name, command->name));
	fputc('\n', out);
	bold(out, arena_printf(&a, "%s %s", program->name, command->name));
	fputs(" [", out);
	italic(out, "OPTION");
	fputs(" ...]", out);
	usage(out, command);
	fputs(".PP\n", out);
	put_sentence(out, command->summary, ".\n");
	paragraphs(out, command->about);
	arguments(out, command->args);
	options(out, command->opts);
	examples(out, command->examples);
	arena_release(&a);
}

static void rows(FILE *out, const char *const pairs[][2], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		fputs(".TP\n", out);
		bold(out, pairs[i][0]);
		fputc('\n', out);
		put(out, pairs[i][1]);
		fputc('\n', out);
	}
}

static void header(const struct program *program, FILE *out)
{
	fputs(".\\\" Made from the command tables of the program; change those instead.\n.TH ", out);
	for (const char *p = program->name; *p; p++)
		fputc(toupper((unsigned char)*p), out);
	fprintf(out, " 1 \"\" \"%s %s\" \"User Commands\"\n.nh\n", program->name, program->version);
	section(out, "NAME");
	put(out, program->name);
	fputs(" \\- ", out);
	put(out, program->summary);
	fputc('\n', out);
	section(out, "SYNOPSIS");
	bold(out, program->name);
	fputc(' ', out);
	italic(out, "COMMAND");
	fputs(" [", out);
	italic(out, "OPTION");
	fputs(" ...] [", out);
	italic(out, "ARGUMENT");
	fputs(" ...]\n", out);
}

void man_page(const struct program *program, FILE *out)
{
	static const char *const statuses[][2] = {
		{ "0", "Done." },
		{ "1", "Refused, not found, or failed; one line on standard error says why and what to do." },
		{ "2", "The command was worded wrongly." },
	};
	header(program, out);
	section(out, "DESCRIPTION");
	paragraphs(out, program->about);
	section(out, "OPTIONS OF EVERY COMMAND");
	options(out, opt_common);
	section(out, "COMMANDS");
	for (const struct command *const *c = program->commands; *c; c++)
		command_section(program, *c, out);
	section(out, "ENVIRONMENT");
	for (const struct variable *v = program->variables; v && v->name; v++)
		rows(out, (const char *const[][2]){ { v->name, v->help } }, 1);
	section(out, "EXIT STATUS");
	rows(out, statuses, ARRAY_LEN(statuses));
}
