/* The texts of GML: ASCII, with every other character written as in HTML.
 *
 * Threads: pure. Memory: the caller's.
 */
#ifndef PARLEY_EXCHANGE_GML_TEXT_H
#define PARLEY_EXCHANGE_GML_TEXT_H

#include <stddef.h>

/** Replace &#225; &#xE1; &aacute; and their like (numbers, and the names of Latin-1 and of & < > " ') by what they mean,
 * in UTF-8 and in place; what is none of them stays as it is.
 * @return the new length, never more than n */
size_t gml_text_decode(char *p, size_t n);

#endif
