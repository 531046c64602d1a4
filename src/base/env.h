/* The outside world as an argument: clock, randomness, disk and network.
 *
 * Nothing above base reads the clock, draws a random number, touches a file or
 * opens a socket by another way. The system environment is the real machine;
 * tests pass one whose disk tears writes, whose clock jumps and whose power
 * fails, and run the same code.
 *
 * Threads: an env belongs to one thread. Memory: the caller keeps env, disk and net alive.
 */
#ifndef PARLEY_BASE_ENV_H
#define PARLEY_BASE_ENV_H

#include <stddef.h>
#include <stdint.h>

#include "base/disk.h"
#include "base/net.h"

struct env {
	int64_t (*now_ms)(struct env *env);                   /* wall clock: ms since 1970-01-01T00:00Z; may jump */
	int64_t (*monotonic_ms)(struct env *env);             /* never goes back; counts while the process lives */
	void (*random)(struct env *env, void *out, size_t n); /* cryptographic randomness; aborts if there is none */
	struct disk *disk;
	struct net *net;
};

/** The real machine. One static object; never freed. */
struct env *env_system(void);

#endif
