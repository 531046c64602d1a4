/* The heads file: outside SQLite, it remembers what was acknowledged last. docs/format-record.md 8.3.
 *
 * Threads: as the env. Memory: the caller's.
 */
#ifndef PARLEY_RECORD_HEADS_H
#define PARLEY_RECORD_HEADS_H

#include "base/env.h"
#include "base/err.h"
#include "record/crypto.h"
#include "record/slots.h"

struct heads; /* an open heads file */

enum heads_verdict {
	HEADS_AGREE,      /* same counter, same hash */
	HEADS_BEHIND,     /* crash between commit and heads write: fine */
	HEADS_AHEAD,      /* the database fell back: acknowledged entries are missing */
	HEADS_DIFFER,     /* same counter, another state: damage */
	HEADS_UNREADABLE, /* no slot whose MAC holds, or no file: what was acknowledged is not known */
};

/** Create the file for a new home, with counter and state hash.
 * @return 0; E_EXISTS (what a file remembers is not replaced: take it away first); E_IO, E_FULL */
MUST_CHECK int heads_create(struct env *env, const char *path, const uint8_t root[static KEY_BYTES],
			    const uint8_t home_id[static HOME_ID_BYTES], uint64_t counter, struct bytes state,
			    struct err *err);

/** Open the file; a missing or damaged one opens too, and heads_compare() says HEADS_UNREADABLE.
 * @param write  false: heads_write() is not allowed */
MUST_CHECK int heads_open(struct env *env, const char *path, const uint8_t root[static KEY_BYTES],
			  const uint8_t home_id[static HOME_ID_BYTES], bool write, struct heads **ret, struct err *err);
void heads_close(struct heads *heads); /* NULL is fine; wipes */

/** Compare what the newest good slot says with the database's counter and state.
 * @param ret_damaged_slots  fills the number of slots (0..2) that were written and do not hold */
enum heads_verdict heads_compare(const struct heads *heads, uint64_t counter, struct bytes state,
				 int *ret_damaged_slots);

/** Write and sync the slot for this counter. Only after the transaction is on the disk.
 * The same counter and state again is fine. After a failure the disk may hold either slot: write nothing more.
 * @return 0; E_ROLLED_BACK if the file knows a higher counter, or another state for this one; E_NOT_FOUND if the file
 *         was missing at opening; E_DENIED if opened without `write`; E_IO, E_FULL */
MUST_CHECK int heads_write(struct heads *heads, uint64_t counter, struct bytes state, struct err *err);

#endif
