/* The words: every kind of claim, its fields and the code lists that they use.
 *
 * One row per kind, one row per field, one row per code; from these tables come
 * validation, the columns of the views, the options of `parley add`, and
 * docs/vocabulary.md. Adding a kind or a field is one edit in the table of its
 * family (who.c, tables.c, ...) and nothing else.
 *
 * The record is for ever, the vocabulary is not: a kind or field that this
 * version does not know is kept as it is (kinds_check_known() says so).
 *
 * Threads: constant data and pure functions. Memory: static.
 */
#ifndef PARLEY_RECORD_KINDS_H
#define PARLEY_RECORD_KINDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/json.h"

enum field_type {
	FIELD_TEXT,     /* JSON text of 1..max chars (0: FIELD_TEXT_MAX) */
	FIELD_ID,       /* id of an object of kind `arg` ("" for any): 32 lower-case hex digits */
	FIELD_CODE,     /* a code of the list `arg` */
	FIELD_DATE,     /* base/when.h, single */
	FIELD_INTERVAL, /* base/when.h, single or A/B */
	FIELD_NUMBER,   /* JSON integer in min..max, unit `arg` */
	FIELD_DECIMAL,  /* JSON text: a decimal such as "-12.50", in min..max, unit `arg` */
	FIELD_AMOUNT,   /* JSON text: decimal, space, ISO 4217 currency: "150000.00 USD" */
	FIELD_PLACE,    /* JSON text: a name, and degrees where known: "Havana @23.1330,-82.3830" */
	FIELD_LANGUAGE, /* JSON text: BCP 47 tag: "es", "es-CO" */
	FIELD_FLAG,     /* JSON true or false */
};

enum field_flags {
	FIELD_REQUIRED = 1, /* must be there in the first claim about an object (parley add) */
	FIELD_LIST = 2,     /* a JSON array of 1..FIELD_LIST_MAX values of the type, no value twice */
	FIELD_LABEL = 4,    /* the field by which people recognise the object in a list */
};

#define FIELD_TEXT_MAX 4000 /* chars (code points): longer texts are attachments */
#define FIELD_LIST_MAX 64

struct field {
	const char *name; /* [a-z][a-z0-9_]*, unique within its kind */
	enum field_type type;
	unsigned flags;
	const char *arg;     /* kind, code list or unit, by type; NULL if none */
	int64_t min, max;    /* FIELD_NUMBER, FIELD_DECIMAL: both 0 = unbounded. FIELD_TEXT: max chars */
	const char *help;    /* one line */
	const char *serves;  /* the design row that asked for it: "2.4 class", "seed: hotlines" */
	const char *example; /* a valid value, as JSON */
};

/* Families in the order of the vocabulary page. */
enum family {
	FAMILY_WHO,
	FAMILY_TABLES,
	FAMILY_IDEAS,
	FAMILY_PROMISES,
	FAMILY_EVENTS,
	FAMILY_LIAISON,
	FAMILY_SUPPORT,
	FAMILY_PLANS,
	FAMILY_GUARDS,
	FAMILY_ORDER,
	N_FAMILIES
};

enum kind_flags {
	KIND_EVENT = 1,     /* something that happened: `when` must be given */
	KIND_RECORD = 2,    /* family order: read from control entries; nobody adds one by hand */
	KIND_SENSITIVE = 4, /* informants, detainees, mandates: default marking is amber+strict, not green */
};

struct kind {
	const char *name; /* [a-z][a-z_]* */
	enum family family;
	unsigned flags;
	const char *help;   /* one line: what an object of this kind is */
	const char *serves; /* seed or design row */
	const struct field *fields;
	size_t n_fields;
};

enum code_flags {
	CODE_DOUBTFUL = 1, /* from general knowledge, not re-read in its source */
};

struct code {
	const char *code;  /* as written in the record */
	const char *label; /* plain words */
	unsigned flags;
};

struct code_list {
	const char *name;   /* [a-z][a-z0-9_]* */
	const char *help;   /* one line: what the list is */
	const char *source; /* standard, edition, licence */
	const struct code *codes;
	size_t n_codes;
};

/** All kinds, family by family. */
const struct kind *kinds_all(size_t *ret_n);

/** All code lists, by name. */
const struct code_list *kinds_code_lists(size_t *ret_n);

/** "who", "tables", ...: the name of a family, and its plain title. */
const char *kinds_family_name(enum family family);
const char *kinds_family_title(enum family family);

/** The kind of that name, or NULL. */
const struct kind *kind_find(const char *name);

/** The field of that name, or NULL. */
const struct field *kind_field(const struct kind *kind, const char *name);

/** The field flagged FIELD_LABEL, or NULL. */
const struct field *kind_label_field(const struct kind *kind);

/** The list of that name, or NULL. */
const struct code_list *code_list_find(const char *name);

/** The code, or NULL. */
const struct code *code_find(const struct code_list *list, const char *code);

/** The nearest name in the table by edit distance at most 3, or NULL: for "did you mean". */
const char *kinds_nearest_kind(const char *name);
const char *kind_nearest_field(const struct kind *kind, const char *name);

/** Plain words for what a field takes: "a date such as 2016-11-24", "one of: must, shall, should, may". */
void field_describe(const struct field *field, char *out, size_t cap);

/** Check one value against its field.
 * @return 0; E_INVALID with field, value (codes, dates and numbers only, cut at 40 chars) and what would be right */
MUST_CHECK int field_check(const struct kind *kind, const struct field *field, const struct json *value,
			   struct err *err);

/** Check the `set` object of a claim.
 *
 * @param first  the first claim about its object: required fields must be there
 * @param strict unknown fields are E_INVALID ("did you mean ..."); else they are kept unread
 * @return 0; E_INVALID */
MUST_CHECK int kind_check(const struct kind *kind, const struct json *set, bool first, bool strict, struct err *err);

/** Turn a text typed by a person ("150", "a,b", "yes") into the JSON value that the field takes.
 * Lists are separated by commas, or given as a JSON array.
 * @param out  gets the JSON text appended; not yet checked: call field_check() on the parsed whole
 * @return 0; E_INVALID */
MUST_CHECK int field_from_text(const struct kind *kind, const struct field *field, const char *text, struct buf *out,
			       struct err *err);

/** The common members that every claim may carry beside `set` (says, when, known, by, source, ...), as fields of a
 * kind named "claim", so that checks, help and pages treat them alike. */
const struct kind *kinds_common(void);

#endif
