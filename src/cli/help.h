/* What the tables of commands, options and kinds say, written for readers.
 *
 * Threads: any. Memory: none kept.
 */
#ifndef PARLEY_CLI_HELP_H
#define PARLEY_CLI_HELP_H

#include <stdio.h>

#include "cli/cli.h"
#include "record/kinds/kinds.h"

/** All commands, one line each. */
void help_overview(const struct program *program, FILE *out, int width);

/** The commands whose first word is `group` ("process"). */
void help_group(const struct program *program, const char *group, FILE *out, int width);

/** One command: usage, text, arguments, options, examples; for commands that take a kind, the list of kinds. */
void help_command(const struct program *program, const struct command *command, FILE *out, int width);

/** All kinds by family. (help_kinds.c) */
void help_kinds(FILE *out, int width);

/** The fields of one kind: what each takes, whether required, an example. (help_kinds.c) */
void help_kind(const struct kind *kind, FILE *out, int width);

/** "[OPTION ...] KIND [FIELD=VALUE ...]": what stands behind the command's name. */
void help_usage(const struct command *command, FILE *out);

/** Help line of an option with its default and limits, in the arena. */
const char *help_of_opt(struct arena *a, const struct opt *opt);

/** Help line of an argument with its choices, in the arena or the table. */
const char *help_of_arg(struct arena *a, const struct arg *arg);

/** A label and its text beside it. */
void help_row(FILE *out, const char *label, const char *text, int column, int width);

/** The man page, for man(1) or groff -man. (man.c) */
void man_page(const struct program *program, FILE *out);

/** The script that teaches a shell ("bash", "zsh", "fish") to complete; NULL if unknown. (completion.c) */
const char *completion_script(const char *shell);

/** Write what may stand for the last word, one per line: the word, a tab, help.
 * ":file" or ":dir" asks the shell for names of files. A word that ends with "=" goes on. (completion.c)
 * @param words    what was typed behind the program's name; the last one may be "" */
void completion_words(const struct program *program, FILE *out, const char *const words[], size_t n_words);

#endif
