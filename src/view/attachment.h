/* Attachments as the views see them: one item of a claim's `files`, put together from its chunks.
 * docs/format-record.md 7.
 *
 * Threads: as the view. Memory: the caller's.
 */
#ifndef PARLEY_VIEW_ATTACHMENT_H
#define PARLEY_VIEW_ATTACHMENT_H

#include "base/buf.h"
#include "base/json.h"
#include "base/limits.h"
#include "view/view.h"

#define ATTACHMENT_CHUNKS_MAX (ATTACHMENT_MAX / BODY_MAX + 1)

/** The rows of the chunks of one file, in order.
 * @param skip_missing  leave out what is not here, instead of failing
 * @param rows  fills at most ATTACHMENT_CHUNKS_MAX, from rows[*n] on, and raises *n
 * @return 0; E_INVALID if `file` does not name them; E_NOT_FOUND if one is not here */
MUST_CHECK int attachment_rows(struct view *view, const struct json *file, bool skip_missing, uint64_t *rows, size_t *n,
			       struct err *err);

/** The content of one file, checked against its hash.
 * @return 0; E_INVALID; E_NOT_FOUND; E_UNVERIFIED if the hash does not fit; E_LIMIT */
MUST_CHECK int attachment_read(struct view *view, struct record *record, const struct json *file, struct buf *out,
			       struct err *err);

#endif
