/* A sealed file of any size, in chunks: the snapshot of the views. docs/format-record.md 8.4.
 *
 * Written beside the old one and renamed, so a crash leaves the old or the new.
 * Threads: as the env. Memory: the caller's.
 */
#ifndef PARLEY_RECORD_SEALED_FILE_H
#define PARLEY_RECORD_SEALED_FILE_H

#include "base/env.h"
#include "base/err.h"
#include "record/crypto.h"
#include "record/slots.h"

/** Seal head ‖ body into the file at path. */
MUST_CHECK int sealed_file_write(struct env *env, const char *path, const uint8_t root[static KEY_BYTES],
				 const uint8_t home_id[static HOME_ID_BYTES], struct bytes head, struct bytes body,
				 struct err *err);

/** Open the file.
 * @param ret  gives malloc'ed bytes (free() them, after secret_wipe()), ret_n their number
 * @return 0; E_NOT_FOUND; E_DAMAGED (truncated, changed, or of another home); E_LIMIT; E_IO */
MUST_CHECK int sealed_file_read(struct env *env, const char *path, const uint8_t root[static KEY_BYTES],
				const uint8_t home_id[static HOME_ID_BYTES], uint8_t **ret, size_t *ret_n,
				struct err *err);

#define SEALED_CHUNK_BYTES 65536 /* format 8.4 */

/* A sealed file, read piece by piece. */
struct sealed_reader;

/** Open the file for reading.
 * @param ret_n  fills how many bytes it holds
 * @return as sealed_file_read() */
MUST_CHECK int sealed_reader_open(struct env *env, const char *path, const uint8_t root[static KEY_BYTES],
				  const uint8_t home_id[static HOME_ID_BYTES], struct sealed_reader **ret,
				  uint64_t *ret_n, struct err *err);

/** Read the next n bytes. Where they end with a chunk, some may still be on their way to `out` when this returns: they
 * are opened by another processor.
 * @return 0; E_DAMAGED, also when there are fewer; E_IO */
MUST_CHECK int sealed_reader_read(struct sealed_reader *reader, uint8_t *out, size_t n, struct err *err);

/** Wait until all that was read is there. Before it returned 0 nothing of it counts.
 * @return 0; E_DAMAGED */
MUST_CHECK int sealed_reader_finish(struct sealed_reader *reader, struct err *err);
void sealed_reader_close(struct sealed_reader *reader); /* NULL is fine */

#endif
