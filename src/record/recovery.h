/* Recovery files: three offline keys, two of which can later revoke and add devices; they open nothing.
 * docs/format-record.md 8.5.
 *
 * Threads: as the env. Memory: the caller's.
 */
#ifndef PARLEY_RECORD_RECOVERY_H
#define PARLEY_RECORD_RECOVERY_H

#include "base/env.h"
#include "base/err.h"
#include "record/crypto.h"

#define RECOVERY_KEYS 3

struct recovery_key {
	int number; /* 1..RECOVERY_KEYS */
	uint8_t organisation[ID_BYTES];
	uint8_t seed[KEY_BYTES];
	uint8_t public_key[KEY_BYTES];
};

/** Write one key to a new file (0600; it must not exist), then read it back and check it by a signature.
 * @return 0; E_EXISTS; E_IO, E_FULL; E_UNVERIFIED if what came back does not work */
MUST_CHECK int recovery_write(struct env *env, const char *path, const struct recovery_key *key, struct err *err);

/** Read a recovery file. @return 0; E_NOT_FOUND; E_INVALID (which line); E_DAMAGED if its check does not fit */
MUST_CHECK int recovery_read(struct env *env, const char *path, struct recovery_key *ret, struct err *err);

#endif
