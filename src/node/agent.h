/* The unlock agent: keeps a home's root key for a while, so that each command does not hash a passphrase again.
 *
 * It listens on agent.sock in the home (0600), answers processes of the same
 * user only, holds the key in guarded memory, and ends by itself.
 *
 * Threads: the agent is a process of its own. Memory: the key is wiped at the end.
 */
#ifndef PARLEY_NODE_AGENT_H
#define PARLEY_NODE_AGENT_H

#include <stdint.h>

#include "base/env.h"
#include "base/err.h"
#include "record/crypto.h"

/** Serve until the time is over (time asleep counts) or someone asks to stop. Call in the process that is to be the agent.
 * @param root  secret_alloc() memory; takes it: wiped and freed at the end, whatever happens
 * @return 0 at its end; E_LOCKED if an agent serves this home already; E_IO */
MUST_CHECK int agent_serve(struct env *env, const char *home, uint8_t *root, int64_t for_ms, struct err *err);

/** Ask the agent for the root key.
 * @return 0; E_NOT_FOUND if none serves; E_DENIED, E_IO */
MUST_CHECK int agent_ask(struct env *env, const char *home, uint8_t ret_root[static KEY_BYTES], struct err *err);

/** Tell the agent to wipe and end; returns when it has.
 * @return 0; E_NOT_FOUND if none serves; E_IO if it does not end */
MUST_CHECK int agent_stop(struct env *env, const char *home, struct err *err);

#endif
