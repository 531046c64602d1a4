/* Errors: one table of causes, one small struct that carries the text.
 *
 * A fallible function returns 0 or one of the negative codes below and fills
 * the caller's struct err with one plain line: what, why, what to do. The
 * lowest function writes the text; callers may prefix it with err_prefix().
 * Texts never hold names, bodies or keys of the record.
 *
 * Threads: a struct err belongs to one thread. Memory: none is allocated.
 */
#ifndef PARLEY_BASE_ERR_H
#define PARLEY_BASE_ERR_H

#include <stddef.h>

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt_index, first) __attribute__((format(printf, fmt_index, first)))

/* code, exit status, HTTP status, meaning */
#define ERR_TABLE(X)                                                                                                   \
	X(E_USAGE, 2, 400, "the command or request is worded wrongly")                                                 \
	X(E_INVALID, 1, 422, "a value is not what its place asks for")                                                 \
	X(E_NOT_FOUND, 1, 404, "there is no such thing")                                                               \
	X(E_EXISTS, 1, 409, "it is there already")                                                                     \
	X(E_DENIED, 1, 403, "not allowed")                                                                             \
	X(E_LOCKED, 1, 423, "in use by another program, or no key to open it")                                         \
	X(E_DAMAGED, 1, 500, "stored bytes are not what was written")                                                  \
	X(E_ROLLED_BACK, 1, 500, "the home is older than what it acknowledged")                                        \
	X(E_UNVERIFIED, 1, 422, "a signature, hash or key does not fit")                                               \
	X(E_LIMIT, 1, 413, "larger than a stated limit")                                                               \
	X(E_IO, 1, 500, "the disk or the network refused")                                                             \
	X(E_FULL, 1, 507, "no space left")                                                                             \
	X(E_CANCELLED, 1, 499, "stopped by the user")

enum {
	E_OK = 0,
	ERR_BASE_ = -100,
#define X(name, exit_status, http, meaning) name,
	ERR_TABLE(X)
#undef X
};

struct err {
	int code;
	char text[512];
};

/** Write code and text; returns code, so that `return err_set(...)` reads well.
 * @param err  may be NULL: only the code is returned then */
int err_set(struct err *err, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/** Put more context in front of the text that err holds already; returns err's code. */
int err_prefix(struct err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/** Exit status of the process for a code (0 for E_OK). */
int err_exit_status(int code);

/** HTTP status for a code (200 for E_OK). */
int err_http_status(int code);

/** The name of a code, as in the table: "E_INVALID". */
const char *err_name(int code);

#endif
