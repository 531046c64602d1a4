/* What every fuzz target shares: a promise that ends the program when it is broken, and the parts of an input.
 *
 * A target is one file fuzz/NAME.c with LLVMFuzzerTestOneInput() and a folder fuzz/corpus/NAME/. The first byte of most
 * inputs chooses what is done with the rest.
 */
#ifndef PARLEY_FUZZ_FUZZ_H
#define PARLEY_FUZZ_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/err.h"

/* A promise of the code under test. */
#define MUST(promise)                                                                                                  \
	do {                                                                                                           \
		if (!(promise)) {                                                                                      \
			fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #promise);                          \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)

/* The reason of a refusal is one line that is not empty. */
#define MUST_EXPLAIN(rc, err)                                                                                          \
	MUST((rc) == 0 || ((rc) == (err)->code && (err)->text[0] && !strpbrk((err)->text, "\n\r")))

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
