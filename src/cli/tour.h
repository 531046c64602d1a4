/* The script of the tour: what is said and what is run. cmd_tour.c plays it.
 *
 * Threads: constant data. Memory: static.
 */
#ifndef PARLEY_CLI_TOUR_H
#define PARLEY_CLI_TOUR_H

#include <stdbool.h>
#include <stddef.h>

#define TOUR_ACTS_MAX 6
#define TOUR_WORDS_MAX 16
#define TOUR_DATABASE "record.db" /* of a home */

/* Something said (or NULL), then a command run. */
struct tour_act {
	const char *say;
	const char *words[TOUR_WORDS_MAX]; /* behind "parley" */
	int status;                        /* with which the command must end */
	bool damaged;                      /* run while one bit of the database is turned over */
	bool waits;                        /* for Enter before it: what went before fills a screen */
};

struct tour_step {
	const char *title;
	struct tour_act acts[TOUR_ACTS_MAX]; /* an empty one ends */
};

extern const struct tour_step tour_steps[];
extern const size_t tour_n_steps;

#endif
