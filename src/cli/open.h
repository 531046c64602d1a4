/* From a command to an open home, and the words that reading commands share.
 *
 * Threads: the main thread. Memory: as node.h.
 */
#ifndef PARLEY_CLI_OPEN_H
#define PARLEY_CLI_OPEN_H

#include "cli/cli.h"
#include "node/node.h"

/** The root key of the home: from the agent, else by passphrase. */
MUST_CHECK int cli_root_key(struct cli *cli, const char *home, uint8_t ret_root[static KEY_BYTES]);

/** The same, by passphrase only. */
MUST_CHECK int cli_root_key_by_passphrase(struct cli *cli, const char *home, uint8_t ret_root[static KEY_BYTES]);

/** Open the home of this command; who reads is told on stderr what is wrong with it, who writes by what is refused.
 * NODE_READ also works where nothing can be written. */
MUST_CHECK int cli_open(struct cli *cli, enum node_mode mode, struct node **ret);

/* Options of commands that read: put CLI_READ_OPTS into the table. */
#define CLI_READ_OPTS                                                                                                  \
	{ .name = "as-of", .type = OPT_DATE, .help = "what had happened by the end of that day" },                     \
		{ .name = "known", .type = OPT_DATE, .help = "what was known by the end of that day" },                \
	{                                                                                                              \
		.name = "tlp", .type = OPT_CHOICE, .choices = "clear|green|amber|amber+strict|red",                    \
		.help = "only what a reader cleared for that marking may see, without names under the Chatham House "  \
			"Rule"                                                                                         \
	}

/** The cut that these options ask for. */
MUST_CHECK int cli_cut(struct cli *cli, const struct parsed *p, struct cut *ret);

/** Open the home and the view that the options ask for. */
MUST_CHECK int cli_open_view(struct cli *cli, const struct parsed *p, struct node **ret_node, struct view **ret_view);

/** A JSON buffer to fill and print. */
struct json_out cli_json_begin(struct cli *cli, struct buf *buf);
void cli_json_end(struct cli *cli, struct buf *buf); /* prints one line and releases */

/** First 8 digits of an id. */
void cli_short_id(const uint8_t *id, char out[static 9]);

#endif
