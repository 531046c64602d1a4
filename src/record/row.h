/* The seal of one stored row: docs/format-record.md 8.2. For store.c.
 *
 * Threads: pure. Memory: the caller's.
 */
#ifndef PARLEY_RECORD_ROW_H
#define PARLEY_RECORD_ROW_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/err.h"
#include "record/crypto.h"
#include "record/slots.h"

#define ROW_NONCE_BYTES 24
#define ROW_OVERHEAD (4 + ROW_NONCE_BYTES + TAG_BYTES) /* bytes by which a sealed row is longer */

/* What a seal is bound to, and the key. */
struct row_place {
	const uint8_t *key;     /* KEY_BYTES: the row key, from row_key() */
	const uint8_t *home_id; /* HOME_ID_BYTES */
	const char *table;      /* its name, of at most 16 bytes */
	uint64_t n;
};

/** The key of stored rows. */
void row_key(const uint8_t root[static KEY_BYTES], uint8_t ret_key[static KEY_BYTES]);

/** Seal a row.
 * @param nonce    fresh random bytes
 * @param ret_box  gets plain.n + ROW_OVERHEAD bytes */
void row_seal(const struct row_place *at, const uint8_t nonce[static ROW_NONCE_BYTES], struct bytes plain,
	      uint8_t *ret_box);

/** Open it.
 * @param ret_plain  gets box.n - ROW_OVERHEAD bytes
 * @return 0; E_DAMAGED with table and number */
MUST_CHECK int row_unseal(const struct row_place *at, struct bytes box, uint8_t *ret_plain, struct err *err);

#endif
