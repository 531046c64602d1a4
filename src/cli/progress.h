/* Progress of something that takes over a second, on stderr, if a person is looking.
 *
 * While one is running, the first Ctrl-C asks the work to stop at its next safe
 * point; the second ends the process as usual.
 *
 *   progress_begin(&p, cli->errs, &cli->errs_term, cli->env, "Importing", "rows");
 *   ... each step: if (!progress_step(&p, done, total)) stop with E_CANCELLED
 *   progress_end(&p);
 *
 * Threads: one at a time per process (it owns SIGINT meanwhile).
 */
#ifndef PARLEY_CLI_PROGRESS_H
#define PARLEY_CLI_PROGRESS_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/env.h"
#include "cli/term.h"

struct progress {
	FILE *out;
	const struct term *term;
	struct env *env;
	const char *what, *unit;
	int64_t started_ms, shown_ms; /* shown_ms: when it was drawn last; 0 not yet */
	int drawn;                    /* columns on the screen now */
	struct sigaction before;
};

/** Begin; from here on Ctrl-C sets the flag that progress_step() reports.
 * @param what  "Importing"; @param unit  "rows", "bytes", ... */
void progress_begin(struct progress *p, FILE *out, const struct term *term, struct env *env, const char *what,
		    const char *unit);

/** Say how far the work is; cheap enough for every row. Draws after a second, then ten times a second.
 * @param total  0 when nobody knows
 * @return false once the user asked to stop */
bool progress_step(struct progress *p, uint64_t done, uint64_t total);

/** Wipe the line and give Ctrl-C back. */
void progress_end(struct progress *p);

/** Append the line as progress_step() draws it, at most width columns: what, done/total, bar, share, rate, time left. */
void progress_line(const struct progress *p, uint64_t done, uint64_t total, int64_t elapsed_ms, struct buf *out);

#endif
