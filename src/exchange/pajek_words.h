/* The words of a Pajek file.
 *
 * Threads: one reader belongs to one thread. Memory: the text is owned.
 */
#ifndef PARLEY_EXCHANGE_PAJEK_WORDS_H
#define PARLEY_EXCHANGE_PAJEK_WORDS_H

#include "exchange/rows_internal.h"

enum pajek_word {
	PAJEK_WORD,
	PAJEK_QUOTED, /* text between quotation marks, without them */
	PAJEK_TIME,   /* what stands between [ and ], without them */
	PAJEK_OPEN,   /* a quotation mark or [ that nothing closes in its line */
	PAJEK_LINE_END
};

struct pajek_words {
	struct input in;
	struct buf text;    /* of the word read last; ROW_BYTES_MAX of it at most */
	struct place place; /* at which it begins */
};

/** Begin, as input_begin(). */
MUST_CHECK int pajek_words_begin(struct pajek_words *w, struct source *source, struct err *err);
void pajek_words_release(struct pajek_words *w);

/** Read the next word of this line; its end is not stepped over.
 * @return enum pajek_word; otherwise the source failed */
MUST_CHECK int pajek_word(struct pajek_words *w, struct err *err);

/** Step over what is left of this line.
 * @return 0; otherwise the source failed */
MUST_CHECK int pajek_skip_line(struct pajek_words *w, struct err *err);

/** Step over space, empty lines, and lines that are comments.
 * @return the next byte; INPUT_END; otherwise the source failed */
MUST_CHECK int pajek_next_line(struct pajek_words *w, struct err *err);

/** True if the word is a whole number of at most nine digits. */
bool pajek_number(const struct pajek_words *w, uint32_t *ret);

/** True if the word is this, whatever its capitals. */
bool pajek_is(const struct pajek_words *w, const char *word);

#endif
