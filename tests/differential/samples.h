/* Good entries of every class and type, and bodies made wrong: what the mutants of emit.c start from.
 *
 * All randomness follows from one seed. Threads: one. Memory: static.
 */
#ifndef PARLEY_TESTS_DIFFERENTIAL_SAMPLES_H
#define PARLEY_TESTS_DIFFERENTIAL_SAMPLES_H

#include "record/body.h"
#include "record/circle.h"

#define BOXES_MAX (2 + 8 * BOX_BYTES)

/* What an entry is made of before it is sealed. */
struct sample {
	struct envelope e; /* all but kcom, bhash and length */
	uint8_t sk[64];
	uint8_t key[KEY_BYTES];
	bool plain; /* class 5: nothing is encrypted */
	uint8_t boxes[BOXES_MAX];
	size_t boxes_n;
	uint8_t body[SECTION_MAX];
	size_t body_n;
};

/* An entry for two programs to judge, and what a reader is given with it. */
struct mutant {
	uint8_t bytes[ENTRY_MAX + 4096];
	size_t n;
	uint8_t key[KEY_BYTES];
	size_t prefix;
};

/** Make the samples, and start the randomness. */
void samples_make(uint64_t seed);

/** A number from 0 to n - 1; 0 if n is 0. */
uint64_t draw(uint64_t n);

/** One of the samples, to be changed at will; valid until the next call. */
struct sample *sample_draw(void);

/** Make the body another one: a byte, a value, a member, white space, depth, size. It may stay valid. */
void sample_mutate_body(struct sample *s);

/** The key of a device that signed nothing. */
const uint8_t *sample_other_author(void);

#endif
