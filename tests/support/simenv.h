/* A machine that is all settable: disk in memory, clock, randomness by seed, a network that refuses.
 *
 * SQLite draws its own random numbers (they only tell one run of its log from another); simenv_seed_library() makes
 * these repeatable too.
 *
 * Threads: one. Memory: the disk is the caller's.
 */
#ifndef PARLEY_TESTS_SIMENV_H
#define PARLEY_TESTS_SIMENV_H

#include "base/env.h"
#include "support/simdisk.h"

#define SIM_MORNING INT64_C(1790000000000) /* 2026-09-21: when clocks start */
#define SIM_DAY_MS (INT64_C(24) * 3600 * 1000)

struct simenv {
	struct env env; /* first */
	struct net net;
	struct simdisk *disk;
	int64_t now_ms;      /* what the wall clock says next */
	int64_t now_step_ms; /* by how much each look moves it */
	int64_t monotonic_now_ms, monotonic_step_ms;
	uint64_t seed; /* of the next random bytes */
};

/** A machine in the morning of SIM_MORNING; each look at a clock moves it by 1 s (wall) and 20 ms (monotonic).
 * Not for secrets: whoever knows the seed knows every key.
 * @param disk  NULL: the caller sets env.disk himself
 */
void simenv_init(struct simenv *e, struct simdisk *disk, uint64_t seed);

/** Make SQLite's random numbers follow from the seed, from here on. */
void simenv_seed_library(uint64_t seed);

#endif
