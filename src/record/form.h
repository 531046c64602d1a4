/* The members that bodies must have beside those that are read into struct body, and their forms. docs/format-record.md
 * 6 and 7.
 *
 * Threads: pure. Memory: none is kept.
 */
#ifndef PARLEY_RECORD_FORM_H
#define PARLEY_RECORD_FORM_H

#include "base/err.h"
#include "base/json.h"
#include "record/body.h"

/** Check the members of a body of that type: all of control bodies, the attachments of claims.
 * @return 0; E_INVALID with the member and what would be right */
MUST_CHECK int form_check(enum body_type type, const struct json *body, struct err *err);

/** Check a charter, whose bytes stand in the founding epoch.
 * @return 0; E_INVALID */
MUST_CHECK int form_check_charter(const struct json *charter, struct err *err);

/** The records of a `heads` text: device(32) ‖ seq(u64) ‖ entry id(32) each.
 * @param ret  gives malloc'ed bytes, ret_n their number, both also when there are none
 * @return 0; E_INVALID if it is not base64url of whole records, ascending by device, each with a seq in range */
MUST_CHECK int form_read_heads(const struct json *value, uint8_t **ret, size_t *ret_n, struct err *err);

/** Check what ties a body whose members are right to the header above it. As body_check().
 * @return 0; E_INVALID */
MUST_CHECK int form_check_tie(struct bytes entry, const struct envelope *e, const struct body *body, struct bytes text,
			      struct err *err);

#define HEADS_RECORD_BYTES (KEY_BYTES + 8 + ID_BYTES)

#endif
