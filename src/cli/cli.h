/* The command line: from argv to a command's run() and back to an exit status.
 *
 * main.c holds one table of commands and calls cli_main(). Here is what all
 * commands share: help, version, common options, errors as one line, the streams.
 *
 * Exit status: 0 done, 1 refused or not found, 2 wrong usage.
 *
 * Threads: the main thread. Memory: cli->arena lives as long as the command.
 */
#ifndef PARLEY_CLI_CLI_H
#define PARLEY_CLI_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/env.h"
#include "base/err.h"
#include "cli/opt.h"
#include "cli/term.h"

struct variable {
	const char *name; /* of the environment */
	const char *help;
};

struct program {
	const char *name, *version;
	const char *summary;                   /* one line */
	const char *about;                     /* paragraphs for the man page */
	const char *notice;                    /* licence lines behind --version */
	const struct command *const *commands; /* in the order of the overview; NULL ends */
	const struct variable *variables;      /* a row without name ends */
};

struct cli {
	const struct program *program;
	struct env *env;
	FILE *out, *errs; /* results; errors, notes and progress */
	struct term out_term, errs_term;
	struct arena arena;
	struct err err; /* what run() says when it fails */
	/* the common options */
	const char *home, *process; /* NULL: not given */
	bool json, quiet;
};

/** The command of that name ("add", "process create"), or NULL. */
const struct command *cli_find(const struct program *program, const char *name);

/** Run the command line on the real terminal.
 * @return exit status */
int cli_main(const struct program *program, struct env *env, int argc, char **argv);

/** The same on streams that cli has already.
 * @param cli  program, env, out, errs, out_term, errs_term are set; the rest is filled and released here */
int cli_run(struct cli *cli, int argc, char *const argv[]);

/** Tell the person something on stderr, unless --quiet; a newline is added. */
void cli_note(struct cli *cli, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** The home folder: --home, PARLEY_HOME, XDG_DATA_HOME/parley or ~/.local/share/parley.
 * @param ret  gives a path in cli->arena
 * @return 0; E_USAGE if none of them is set */
MUST_CHECK int cli_home(struct cli *cli, const char **ret, struct err *err);

/* Commands that every program has; list them in its table. */
extern const struct command cmd_help, cmd_completion;

#endif
