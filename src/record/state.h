/* The state row as bytes and as a struct: docs/format-record.md 8.3.
 *
 * Threads: pure. Memory: a struct state owns its arrays; { 0 } is empty.
 */
#ifndef PARLEY_RECORD_STATE_H
#define PARLEY_RECORD_STATE_H

#include "base/buf.h"
#include "base/bytes.h"
#include "record/store.h"

void state_release(struct state *state);

/** Make to a copy of from; what to held is freed. */
void state_copy(struct state *to, const struct state *from);

void state_encode(const struct state *state, struct buf *out);

/** @return 0; E_DAMAGED if the bytes are not a state row */
MUST_CHECK int state_decode(struct bytes in, struct state *ret, struct err *err);

/** The feed, or NULL. */
const struct feed *state_feed(const struct state *state, const uint8_t circle[static ID_BYTES],
			      const uint8_t device[static KEY_BYTES]);

/** Replace or insert the feed. */
void state_set_feed(struct state *state, const struct feed *feed);

void state_add_control_row(struct state *state, uint64_t n);

#endif
