/* `parley add` without arguments: asks for a kind, then field by field.
 *
 * Threads: the main thread. Memory: cli->arena.
 */
#ifndef PARLEY_CLI_ASK_H
#define PARLEY_CLI_ASK_H

#include "cli/cli.h"
#include "record/kinds/kinds.h"

/** Ask what it is; lists the kinds on request. */
MUST_CHECK int ask_kind(struct cli *cli, const struct kind **ret);

/** Ask for each field, required ones first; an answer that is not right is asked again with what would be.
 * Shows the whole at the end and asks whether to record it.
 * @param ret  gives "field=value" texts
 * @return 0; E_CANCELLED if the person says no; E_USAGE without a terminal */
MUST_CHECK int ask_fields(struct cli *cli, const struct kind *kind, const char ***ret, size_t *ret_n);

MUST_CHECK int ask_yes(struct cli *cli, const char *question, bool *ret);

#endif
