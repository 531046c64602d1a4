#include "cli/cli.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "cli/help.h"
#include "cli/text.h"

#if defined(__has_feature)
#define SANITIZED_BY_CLANG __has_feature(address_sanitizer)
#else
#define SANITIZED_BY_CLANG 0
#endif

#define HELP_WIDTH_MAX 100 /* longer lines are hard to read */

/* What the words behind the program's name mean: a command, or the first word that several share. */
struct found {
	const struct command *command;
	const char *group;
	size_t n_words;
};

static int help_width(const struct cli *cli)
{
	return cli->out_term.width < HELP_WIDTH_MAX ? cli->out_term.width : HELP_WIDTH_MAX;
}

const struct command *cli_find(const struct program *program, const char *name)
{
	for (const struct command *const *c = program->commands; *c; c++)
		if (strcmp((*c)->name, name) == 0)
			return *c;
	return NULL;
}

static bool is_group(const struct program *program, const char *word)
{
	size_t n = strlen(word);
	for (const struct command *const *c = program->commands; *c; c++)
		if (strncmp((*c)->name, word, n) == 0 && (*c)->name[n] == ' ')
			return true;
	return false;
}

static int no_such_command(const struct program *program, const char *typed, struct err *err)
{
	const char *best = NULL;
	for (const struct command *const *c = program->commands; *c; c++)
		best = opt_nearer(typed, best, (*c)->name);
	if (best)
		return err_set(err, E_USAGE, "there is no command '%.60s'; did you mean '%s'?", typed, best);
	return err_set(err, E_USAGE, "there is no command '%.60s'", typed);
}

/* Requires: n > 0. */
static int find(const struct program *program, const char *const *words, size_t n, struct arena *a, struct found *ret,
		struct err *err)
{
	const char *two = n > 1 ? arena_printf(a, "%s %s", words[0], words[1]) : NULL;
	struct found f = { two ? cli_find(program, two) : NULL, NULL, 2 };

	if (!f.command) {
		f.command = cli_find(program, words[0]);
		f.n_words = 1;
	}
	if (!f.command && is_group(program, words[0])) {
		if (two && words[1][0] != '-')
			return no_such_command(program, two, err);
		f.group = words[0];
	}
	if (!f.command && !f.group)
		return no_such_command(program, words[0], err);
	*ret = f;
	return 0;
}

/* `add commitment --help` is about commitments. */
static void show_command(struct cli *cli, const struct command *command, const char *const *args, size_t n_args)
{
	bool takes_kind = command->args && command->args[0].type == OPT_KIND && n_args;
	const struct kind *kind = takes_kind ? kind_find(args[0]) : NULL;
	if (kind)
		help_kind(kind, cli->out, help_width(cli));
	else
		help_command(cli->program, command, cli->out, help_width(cli));
}

static int run_help(struct cli *cli, const struct parsed *p)
{
	struct found f = { 0 };
	if (p->n_args == 0) {
		help_overview(cli->program, cli->out, help_width(cli));
		return 0;
	}
	int rc = find(cli->program, p->args, p->n_args, &cli->arena, &f, &cli->err);
	if (f.group)
		help_group(cli->program, f.group, cli->out, help_width(cli));
	else if (f.command)
		show_command(cli, f.command, p->args + f.n_words, p->n_args - f.n_words);
	return rc;
}

const struct command cmd_help = {
	.name = "help",
	.group = "Help",
	.summary = "tell how to use a command",
	.args =
		(const struct arg[]){
			{ "COMMAND", OPT_COMMAND, 0, 3, "a command; behind 'add' also a kind", NULL },
			{ 0 },
		},
	.examples =
		(const struct example[]){
			{ "parley help add", "what 'add' takes, and all kinds" },
			{ "parley help add commitment", "the fields of a commitment" },
			{ 0 },
		},
	.run = run_help,
};

static int run_completion(struct cli *cli, const struct parsed *p)
{
	fputs(completion_script(opt_arg(p, 0)), cli->out);
	return 0;
}

const struct command cmd_completion = {
	.name = "completion",
	.group = "Help",
	.summary = "write the script that lets a shell complete commands, kinds and fields",
	.args = (const struct arg[]){ { "SHELL", OPT_CHOICE, 1, 1, "the shell", "bash|zsh|fish" }, { 0 } },
	.examples =
		(const struct example[]){
			{ "source <(parley completion bash)",
			  "bash, for this session; put the line into ~/.bashrc to keep it" },
			{ "parley completion zsh > ~/.zfunc/_parley", "zsh, with ~/.zfunc in fpath" },
			{ "parley completion fish > ~/.config/fish/completions/parley.fish", "fish" },
			{ 0 },
		},
	.run = run_completion,
};

/* Things that the program does instead of a command. */
static bool run_instead(struct cli *cli, int argc, char *const argv[])
{
	const char *first = argc > 1 ? argv[1] : "--help";
	if (strcmp(first, "--version") == 0 || strcmp(first, "-V") == 0) {
		fprintf(cli->out, "%s %s\n%s\n", cli->program->name, cli->program->version, cli->program->notice);
	} else if (strcmp(first, "--man") == 0) {
		man_page(cli->program, cli->out);
	} else if (strcmp(first, "--complete") == 0) {
		completion_words(cli->program, cli->out, (const char *const *)argv + 2, (size_t)argc - 2);
	} else if (argc < 2) {
		help_overview(cli->program, cli->out, help_width(cli));
	} else {
		return false;
	}
	return true;
}

static void take_common(struct cli *cli, const struct parsed *p)
{
	cli->home = opt_text(p, "home");
	cli->process = opt_text(p, "process");
	cli->json = opt_flag(p, "json");
	cli->quiet = opt_flag(p, "quiet");
	if (opt_flag(p, "no-colour"))
		cli->out_term.colour = cli->errs_term.colour = false;
}

/* The common options before the command and the command itself; the rest is in p->args. */
static int find_in_argv(struct cli *cli, struct parsed *p, int argc, char *const argv[], struct found *ret)
{
	int rc = opt_parse(p, NULL, argc, argv, &cli->err);
	if (rc < 0)
		return rc;
	if (p->n_args == 0 && !opt_flag(p, "help"))
		return err_set(&cli->err, E_USAGE, "a command is missing");
	*ret = (struct found){ .command = &cmd_help };
	return p->n_args ? find(cli->program, p->args, p->n_args, &cli->arena, ret, &cli->err) : 0;
}

static int run_group(struct cli *cli, const char *group, struct parsed *p, int argc, char *const argv[])
{
	const struct command bare = { .name = group };
	int rc = opt_parse(p, &bare, argc, argv, &cli->err);
	if (rc == 0 && !opt_flag(p, "help"))
		rc = err_set(&cli->err, E_USAGE, "say which of its commands");
	if (rc == 0)
		help_group(cli->program, group, cli->out, help_width(cli));
	return rc;
}

static int run_command(struct cli *cli, const struct command *command, struct parsed *p, int argc, char *const argv[])
{
	int rc = opt_parse(p, command, argc, argv, &cli->err);
	if (rc < 0)
		return rc;
	take_common(cli, p);
	if (opt_flag(p, "help")) {
		show_command(cli, command, p->args, p->n_args);
		return 0;
	}
	rc = opt_check(p, &cli->err);
	return rc < 0 ? rc : command->run(cli, p);
}

static int dispatch(struct cli *cli, int argc, char *const argv[], const char **ret_name)
{
	struct parsed p;
	struct found f;

	opt_init(&p, &cli->arena);
	int rc = find_in_argv(cli, &p, argc, argv, &f);
	if (rc < 0)
		return rc;
	if (!p.n_args) {
		help_overview(cli->program, cli->out, help_width(cli));
		return 0;
	}
	*ret_name = f.group ? f.group : f.command->name;
	int skip = argc - (int)p.n_args + (int)f.n_words - 1; /* the command's last word stands for argv[0] */
	if (f.group)
		return run_group(cli, f.group, &p, argc - skip, argv + skip);
	return run_command(cli, f.command, &p, argc - skip, argv + skip);
}

static void report(struct cli *cli, const char *command, int rc)
{
	const char *text = cli->err.text[0] ? cli->err.text : err_name(rc);
	const char *space = command ? " " : "", *name = command ? command : "";

	fprintf(cli->errs, "%s: %s%s%s", cli->program->name, name, command ? ": " : "",
		text_safe(&cli->arena, &cli->errs_term, text));
	if (rc == E_USAGE) {
		bool asks = text[strlen(text) - 1] == '?';
		fprintf(cli->errs, "%s '%s%s%s --help'", asks ? " See" : "; see", cli->program->name, space, name);
	}
	fputc('\n', cli->errs);
}

int cli_run(struct cli *cli, int argc, char *const argv[])
{
	const char *command = NULL;
	int rc = 0;

	arena_init(&cli->arena);
	cli->err = (struct err){ 0 };
	if (!run_instead(cli, argc, argv))
		rc = dispatch(cli, argc, argv, &command);
	if ((fflush(cli->out) != 0 || ferror(cli->out)) && rc == 0)
		rc = err_set(&cli->err, E_IO, "the output could not be written to its end");
	if (rc < 0)
		report(cli, command, rc);
	arena_release(&cli->arena);
	return err_exit_status(rc);
}

/* Nothing of this process is for others: no core files, no attaching, no files that others may read; and a file that
 * may not grow is an error to report, not a signal to die of. */
static void harden(void)
{
	const struct rlimit none = { 0, 0 };

	umask(077);
	signal(SIGXFSZ, SIG_IGN);
	if (setrlimit(RLIMIT_CORE, &none) < 0)
		perror("parley: core files cannot be switched off");
#if !defined(__SANITIZE_ADDRESS__) && !SANITIZED_BY_CLANG /* its leak check must attach */
	if (prctl(PR_SET_DUMPABLE, 0) < 0)
		perror("parley: memory dumps cannot be switched off");
#endif
}

int cli_main(const struct program *program, struct env *env, int argc, char **argv)
{
	struct cli cli = { .program = program, .env = env, .out = stdout, .errs = stderr };

	harden();
	term_set_locale();
	term_detect(&cli.out_term, stdout);
	term_detect(&cli.errs_term, stderr);
	return cli_run(&cli, argc, argv);
}

void cli_note(struct cli *cli, const char *fmt, ...)
{
	if (cli->quiet)
		return;
	va_list args;
	va_start(args, fmt);
	vfprintf(cli->errs, fmt, args);
	va_end(args);
	fputc('\n', cli->errs);
}

int cli_home(struct cli *cli, const char **ret, struct err *err)
{
	const char *asked = getenv("PARLEY_HOME"), *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");

	if (cli->home)
		*ret = cli->home;
	else if (asked && *asked)
		*ret = arena_text(&cli->arena, asked);
	else if (data && *data == '/') /* the XDG rule: relative paths are ignored */
		*ret = arena_printf(&cli->arena, "%s/parley", data);
	else if (home && *home)
		*ret = arena_printf(&cli->arena, "%s/.local/share/parley", home);
	else
		return err_set(err, E_USAGE, "no home folder: give --home DIR or set PARLEY_HOME");
	return 0;
}
