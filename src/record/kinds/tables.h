/* How the tables of the vocabulary are written and put together. Private to this folder.
 *
 * A field row reads: name, flags, (list, unit, kind or size), what asked for it, an example, one line of help.
 * The plural forms (TEXTS, IDS, CODES, ...) are JSON arrays of the same.
 *
 * Threads: constant data. Memory: static.
 */
#ifndef PARLEY_RECORD_KINDS_TABLES_H
#define PARLEY_RECORD_KINDS_TABLES_H

#include "record/kinds/kinds.h"

#define N_ROWS(array) (sizeof(array) / sizeof((array)[0]))

#define REQ FIELD_REQUIRED
#define LABEL FIELD_LABEL

/* Ids are random in life; one fixed id serves every example. */
#define ID_EXAMPLE "9f86d081884c7d659a2feaa0c55ad015"
#define HASH_EXAMPLE "9f86d081884c7d659a2feaa0c55ad0159f86d081884c7d659a2feaa0c55ad015"

#define ONE_(name, type, flags, arg, min, max, serves, example, help)                                                  \
	{                                                                                                              \
		(name), (type), (flags), (arg), (min), (max), (help), (serves), example                                \
	}
#define MANY_(name, type, flags, arg, min, max, serves, example, help)                                                 \
	{                                                                                                              \
		(name), (type), (flags) | FIELD_LIST, (arg), (min), (max), (help), (serves), "[" example "]"           \
	}

#define TEXT(name, flags, size, serves, example, help)                                                                 \
	ONE_(name, FIELD_TEXT, flags, NULL, 0, size, serves, "\"" example "\"", help)
#define TEXTS(name, flags, size, serves, example, help)                                                                \
	MANY_(name, FIELD_TEXT, flags, NULL, 0, size, serves, "\"" example "\"", help)
#define HASH(name, flags, serves, help) ONE_(name, FIELD_TEXT, flags, NULL, 0, 64, serves, "\"" HASH_EXAMPLE "\"", help)
#define HASHES(name, flags, serves, help)                                                                              \
	MANY_(name, FIELD_TEXT, flags, NULL, 0, 64, serves, "\"" HASH_EXAMPLE "\"", help)
#define ID(name, flags, kind, serves, help) ONE_(name, FIELD_ID, flags, kind, 0, 0, serves, "\"" ID_EXAMPLE "\"", help)
#define IDS(name, flags, kind, serves, help)                                                                           \
	MANY_(name, FIELD_ID, flags, kind, 0, 0, serves, "\"" ID_EXAMPLE "\"", help)
#define CODE(name, flags, list, serves, example, help)                                                                 \
	ONE_(name, FIELD_CODE, flags, list, 0, 0, serves, "\"" example "\"", help)
#define CODES(name, flags, list, serves, example, help)                                                                \
	MANY_(name, FIELD_CODE, flags, list, 0, 0, serves, "\"" example "\"", help)
#define DATE(name, flags, serves, example, help)                                                                       \
	ONE_(name, FIELD_DATE, flags, NULL, 0, 0, serves, "\"" example "\"", help)
#define INTERVAL(name, flags, serves, example, help)                                                                   \
	ONE_(name, FIELD_INTERVAL, flags, NULL, 0, 0, serves, "\"" example "\"", help)
#define INTERVALS(name, flags, serves, example, help)                                                                  \
	MANY_(name, FIELD_INTERVAL, flags, NULL, 0, 0, serves, "\"" example "\"", help)
#define NUMBER(name, flags, unit, min, max, serves, example, help)                                                     \
	ONE_(name, FIELD_NUMBER, flags, unit, min, max, serves, #example, help)
#define DECIMAL(name, flags, unit, min, max, serves, example, help)                                                    \
	ONE_(name, FIELD_DECIMAL, flags, unit, min, max, serves, "\"" #example "\"", help)
#define AMOUNT(name, flags, serves, example, help)                                                                     \
	ONE_(name, FIELD_AMOUNT, flags, NULL, 0, 0, serves, "\"" example "\"", help)
#define PLACE(name, flags, serves, example, help)                                                                      \
	ONE_(name, FIELD_PLACE, flags, NULL, 0, 0, serves, "\"" example "\"", help)
#define PLACES(name, flags, serves, example, help)                                                                     \
	MANY_(name, FIELD_PLACE, flags, NULL, 0, 0, serves, "\"" example "\"", help)
#define LANGUAGE(name, flags, serves, example, help)                                                                   \
	ONE_(name, FIELD_LANGUAGE, flags, NULL, 0, 0, serves, "\"" example "\"", help)
#define LANGUAGES(name, flags, serves, example, help)                                                                  \
	MANY_(name, FIELD_LANGUAGE, flags, NULL, 0, 0, serves, "\"" example "\"", help)
#define FLAG(name, flags, serves, help) ONE_(name, FIELD_FLAG, flags, NULL, 0, 0, serves, "true", help)

#define COUNT_MAX 1000000000     /* people, weapons, votes: more is a typing error */
#define SEQ_MAX 9007199254740991 /* 2^53 - 1: the largest integer of our JSON */

/* KIND(WHO, actor, flags, serves, help): its fields stand above it as fields_actor[]. */
#define KIND(family, name, flags, serves, help)                                                                        \
	{                                                                                                              \
#name, FAMILY_##family, (flags), (help), (serves), fields_##name, N_ROWS(fields_##name)                \
	}

/* LIST(tlp, source, help): its codes stand above it as codes_tlp[]. */
#define LIST(name, source, help)                                                                                       \
	{                                                                                                              \
#name, (help), (source), codes_##name, N_ROWS(codes_##name)                                            \
	}
#define C(code, label)                                                                                                 \
	{                                                                                                              \
		(code), (label), 0                                                                                     \
	}
#define D(code, label)                                                                                                 \
	{                                                                                                              \
		(code), (label), CODE_DOUBTFUL                                                                         \
	}

struct kind_set {
	const struct kind *kinds;
	size_t n;
};

struct code_set {
	const struct code_list *lists;
	size_t n;
};

extern const struct kind_set kind_set_who, kind_set_tables, kind_set_ideas, kind_set_promises, kind_set_events,
	kind_set_liaison, kind_set_support, kind_set_plans, kind_set_guards, kind_set_order;

extern const struct code_set code_set_own, code_set_work, code_set_pax, code_set_field, code_set_law, code_set_iso;

#endif
