/* The command table and nothing else. */
#include "base/env.h"
#include "cli/cli.h"
#include "cli/commands.h"

static const struct command *const commands[] = {
	&cmd_tour,

	&cmd_init,         &cmd_unlock,       &cmd_lock,

	&cmd_process_show, &cmd_process_list, &cmd_process_create,

	&cmd_add,          &cmd_set,          &cmd_retract,
	&cmd_redact,       &cmd_same,

	&cmd_show,         &cmd_list,         &cmd_log,
	&cmd_search,

	&cmd_import,       &cmd_export,       &cmd_save,

	&cmd_verify,       &cmd_rebuild,

	&cmd_completion,   &cmd_help,         NULL,
};

static const struct variable variables[] = {
	{ "PARLEY_HOME", "the home folder, where --home is not given" },
	{ "PARLEY_PASSPHRASE_FILE", "a file whose first line is the passphrase; it is not asked for then" },
	{ "PARLEY_EXAMPLES", "the folder of the worked examples, for the tour" },
	{ "NO_COLOR", "set to anything: no colours" },
	{ 0 },
};

static const struct program parley = {
	.name = "parley",
	.version = PARLEY_VERSION,
	.summary = "the shared memory of a peace process",
	.about = "Parley keeps what an organisation writes about a peace process: actors and ties, tables, promises, "
		 "incidents, "
		 "safeguards. Every claim is signed, sealed for a chosen audience, appended to a record that cannot be "
		 "silently "
		 "changed, and read back as views: who says what, from which source, known since when, and what is "
		 "contested.\n\n"
		 "A home is one folder of one organisation. Everything in it is sealed under a passphrase.",
	.notice = "Licence GPL-3.0-or-later: you may change and share it. There is no warranty.",
	.commands = commands,
	.variables = variables,
};

int main(int argc, char **argv)
{
	return cli_main(&parley, env_system(), argc, argv);
}
