/* Which fields of an object stand beside its name in a list, so that one tells it from others of its kind.
 *
 * Threads: constant data. Memory: static.
 */
#ifndef PARLEY_CLI_LIST_COLUMNS_H
#define PARLEY_CLI_LIST_COLUMNS_H

#define LIST_COLUMNS_MAX 3

/** The names of at most LIST_COLUMNS_MAX fields of a kind, NULL behind the last; none for an unknown kind. */
const char *const *list_columns(const char *kind);

#endif
