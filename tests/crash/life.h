/* A later life of the home of a day: opened on what a fault left of the disk, every fact is looked up.
 *
 * A check that fails ends the running test, and says where: seed, operation, model, as given to life_where().
 *
 * Threads: one.
 */
#ifndef PARLEY_TESTS_LIFE_H
#define PARLEY_TESTS_LIFE_H

#include "day.h"
#include "support/test.h"

/** Say what the checks to come are about: "seed 1, power cut before operation 214 (write /data/home/heads), torn". */
void life_where(const char *fmt, ...) PRINTF_LIKE(1, 2);
const char *life_where_text(void);

/** Run a call that must succeed; where, call and the error's own line are printed if it does not. */
#define life_ok(call, errp)                                                                                            \
	do {                                                                                                           \
		int rc_ = (call);                                                                                      \
		if (rc_ != 0)                                                                                          \
			fail_msg("%s: %s: %s: %s", life_where_text(), #call, err_name(rc_), (errp)->text);             \
	} while (0)

#define life_true(condition)                                                                                           \
	do {                                                                                                           \
		if (!(condition))                                                                                      \
			fail_msg("%s: not so: %s", life_where_text(), #condition);                                     \
	} while (0)

/** All of the first n facts hold in an open node: every acknowledged entry is there under its id, at its place in the
 * feed, and opens; retractions, redactions, attachments and epochs too; no place of a feed is taken twice. */
void life_check_facts(struct node *node, struct day *day, size_t n_facts);

/** `verify` finds nothing, and the views equal a rebuild. */
void life_check_verify(struct node *node);

/** Start the home again on this disk, as the next run of the program would: it opens without a complaint, all facts
 * hold, it verifies, takes one more claim at the next place of its feed, and does so again in the run after that.
 * Somewhere in between the power is cut a second time, and what that leaves is checked alike.
 * @param seed  of the keys drawn in that life, and of the second cut */
void life_check(struct simdisk *disk, struct day *day, size_t n_facts, uint64_t seed);

/** The power went while the home was made: it can be made again, if need be after doing what the error says. */
void life_check_creation(struct simdisk *disk, uint64_t seed);

#endif
