/* The overview of a process on a screen and as JSON. What it counts: node/overview.h.
 *
 * Fits any width from 40 columns on; at most OVERVIEW_WIDTH_MAX are used.
 *
 * Threads: the main thread. Memory: cli->arena.
 */
#ifndef PARLEY_CLI_OVERVIEW_H
#define PARLEY_CLI_OVERVIEW_H

#include "base/json.h"
#include "cli/cli.h"
#include "node/overview.h"

#define OVERVIEW_WIDTH_MAX 120

/* The names of the parts, for an option: "sides|pyramid|...". */
#define OVERVIEW_PARTS                                                                                                 \
	"sides|pyramid|tables|channels|notices|measures|agreements|commitments|deeds|ceasefires|exchanges|incidents|"  \
	"fighting|lists|contested|background|attention"

/* What stands over it. */
struct overview_head {
	const char *process, *organisation;
	bool as_of, known; /* whether a day was asked for; else it is today */
	int64_t known_ms;  /* the end of that day */
	const char *tlp;   /* the marking up to which it is shown, or NULL */
};

/** Print the parts named; all with n_parts 0. */
void overview_print(struct cli *cli, const struct overview_head *head, const struct overview *o,
		    const char *const *parts, size_t n_parts);

/** Write all parts as one object. */
void overview_json(struct json_out *w, const struct overview_head *head, const struct overview *o);

#endif
