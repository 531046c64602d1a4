/* Questions to the person at the terminal.
 *
 * A passphrase is read from /dev/tty without echo, even when stdin and stdout
 * are redirected. The terminal is put right again when a signal comes in the
 * middle. Without a terminal every function fails at once and says what to use
 * instead; nothing ever hangs in a script.
 *
 * Threads: the main thread (signals). Memory: the caller's buffer; buf_release() wipes it.
 */
#ifndef PARLEY_CLI_PROMPT_H
#define PARLEY_CLI_PROMPT_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/env.h"
#include "base/err.h"

#define PROMPT_PASSPHRASE_MAX 1024 /* bytes */

/** Get the passphrase: the first line of the file that PARLEY_PASSPHRASE_FILE names, else from the person.
 * @param question  "Passphrase of ~/.local/share/parley"
 * @param ret       an empty buffer of at least PROMPT_PASSPHRASE_MAX; gives the text without a newline
 * @return 0; E_USAGE without a terminal; E_INVALID if empty; E_CANCELLED at end of input; errors of disk_read_all() */
MUST_CHECK int prompt_passphrase(struct env *env, const char *question, struct buf *ret, struct err *err);

/** Ask for one line of text.
 * @param fallback  what an empty line means, shown in brackets; NULL: an empty line is asked again
 * @param instead   how to answer without a terminal: "give --org NAME"
 * @param ret       an empty buffer; gives the answer without a newline
 * @return 0; E_USAGE without a terminal on stdin; E_LIMIT; E_CANCELLED at end of input */
MUST_CHECK int prompt_text(const char *question, const char *fallback, const char *instead, struct buf *ret,
			   struct err *err);

/** Ask yes or no; an empty line is `fallback`.
 * @return 0 and *ret; E_USAGE, E_CANCELLED as above */
MUST_CHECK int prompt_yes(const char *question, bool fallback, const char *instead, bool *ret, struct err *err);

#endif
