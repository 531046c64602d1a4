/* Other encodings than UTF-8, on their way in.
 *
 * Threads: one decoder belongs to one thread. Memory: decode_close() frees.
 */
#ifndef PARLEY_EXCHANGE_DECODE_H
#define PARLEY_EXCHANGE_DECODE_H

#include "exchange/stream.h"

/** A source that gives in UTF-8 what another gives in an encoding, and counts the bytes of that one.
 * @param encoding  as iconv names it ("windows-1252"); NULL or "utf-8": bytes come through as they are, but UTF-16 with a
 *                  byte order mark is decoded
 * @return 0; E_USAGE: this system does not know the encoding. Reading returns E_DAMAGED where bytes are not of it */
MUST_CHECK int decode_open(struct source *from, const char *encoding, struct source **ret, struct err *err);

/** Bytes that were read of the source below, since the last rewind. */
uint64_t decode_bytes(const struct source *decoder);

void decode_close(struct source *decoder); /* NULL is fine */

#endif
