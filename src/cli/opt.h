/* The options and arguments of a command: one row each, in one visible table.
 *
 * From the rows come parsing and its errors, --help, the man page and shell
 * completion; nothing else says what a command takes. A table ends with a row
 * whose name is NULL.
 *
 *   const struct command cmd_rehearse = {
 *   	.name = "rehearse", .group = "Think", .summary = "what a next move might do",
 *   	.args = (const struct arg[]){ { "SCENARIO", OPT_FILE, 1, 1, .help = "what is tried" }, { 0 } },
 *   	.opts = (const struct opt[]){
 *   		{ "members", 'm', OPT_NUMBER, .fallback = "500", .min = 1, .max = 100000, .help = "futures to simulate" },
 *   		{ 0 } },
 *   	.about = "Paragraphs, parted by an empty line.",
 *   	.examples = (const struct example[]){ { "parley rehearse pause.toml -m 50", "a quick look" }, { 0 } },
 *   	.run = run_rehearse,
 *   };
 *
 * Threads: getopt_long() is of the process; one thread parses. Memory: arena.
 */
#ifndef PARLEY_CLI_OPT_H
#define PARLEY_CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/when.h"

struct cli;
struct parsed;

/* What a value is: how it is checked, what stands for it in help, what completion offers. */
enum opt_type {
	OPT_TEXT,
	OPT_FLAG,     /* options only: takes no value */
	OPT_NUMBER,   /* a whole number in min..max (both 0: any) */
	OPT_DURATION, /* 30s, 10m, 2h, 1d, 2w, 1h30m; min..max in ms */
	OPT_DATE,     /* base/when.h, single */
	OPT_CHOICE,   /* one of `choices`: "csv|json|ndjson" */
	OPT_FILE,
	OPT_DIR,
	OPT_KIND,    /* a kind of the record; as an argument it comes first */
	OPT_FIELD,   /* field=value of the kind named before it */
	OPT_COMMAND, /* words of a command's name */
};

struct opt {
	const char *name; /* without dashes */
	int letter;       /* or 0 */
	enum opt_type type;
	const char *metavar;  /* NULL: by type */
	const char *help;     /* one line, no capital, no full stop */
	const char *fallback; /* the value when not given, as text; NULL: none */
	const char *choices;
	int64_t min, max;
	bool repeats; /* may be given more than once; else the last one counts */
};

#define ARGS_ANY 1000000

struct arg {
	const char *name; /* in capitals; field=value pairs as "FIELD=VALUE" */
	enum opt_type type;
	unsigned min, max; /* how many; ARGS_ANY: no end. Only the last row may have max > 1 */
	const char *help;
	const char *choices;
};

struct example {
	const char *line; /* as typed */
	const char *help; /* what it does */
};

struct command {
	const char *name;               /* one or two words */
	const char *group;              /* heading in the overview; commands of a group stand together */
	const char *summary;            /* one line, no full stop */
	const struct arg *args;         /* NULL: none */
	const struct opt *opts;         /* NULL: only the common ones */
	const char *about;              /* paragraphs, parted by an empty line; NULL: none */
	const struct example *examples; /* NULL: none */
	/** Do it. @return 0, or a negative code with the text in cli->err */
	int (*run)(struct cli *cli, const struct parsed *p);
};

/** The options of every command, "home" to "help". */
extern const struct opt opt_common[];

struct given {
	const struct opt *opt;
	const char *text; /* NULL for a flag */
	const struct given *before;
};

struct parsed {
	const struct command *command; /* NULL: only common options were looked for */
	const struct given *last;      /* options in the reverse of their order */
	const char **args;             /* positionals */
	size_t n_args;
	struct arena *arena;
};

/** Nothing given yet. */
void opt_init(struct parsed *p, struct arena *a);

/** Read options and positionals behind argv[0]; what p holds already stays.
 * With command NULL: common options only, and the first positional ends them: p->args is the rest.
 * @return 0; E_USAGE, without the command's name */
MUST_CHECK int opt_parse(struct parsed *p, const struct command *command, int argc, char *const argv[],
			 struct err *err);

/** Check all values and the number of positionals.
 * @return 0; E_USAGE */
MUST_CHECK int opt_check(const struct parsed *p, struct err *err);

/* Values by name. The name must be of a row of that type: anything else is a bug and aborts.
 * Requires: opt_check() was content. */

/** Was it given? */
bool opt_given(const struct parsed *p, const char *name);
bool opt_flag(const struct parsed *p, const char *name);

/** Of any type but OPT_FLAG: the text given, else the fallback, else NULL. */
const char *opt_text(const struct parsed *p, const char *name);

/** 0 when neither given nor with a fallback. */
int64_t opt_number(const struct parsed *p, const char *name);
int64_t opt_duration_ms(const struct parsed *p, const char *name);

/** @return false when neither given nor with a fallback; ret is untouched then */
bool opt_when(const struct parsed *p, const char *name, struct when *ret);

/** All texts of a repeatable option in the order given; in the arena. */
const char *const *opt_texts(const struct parsed *p, const char *name, size_t *ret_n);

/** Positional i, or NULL. */
const char *opt_arg(const struct parsed *p, size_t i);

/* One value at a time (opt_value.c). */

/** Check a value against its type.
 * @param what  for the error: "--members", "SCENARIO"
 * @return 0; E_USAGE */
MUST_CHECK int opt_check_value(const char *what, enum opt_type type, const char *choices, int64_t min, int64_t max,
			       const char *text, struct err *err);

/** Read a whole number.
 * @return 0; E_INVALID */
MUST_CHECK int opt_parse_number(const char *text, int64_t *ret, struct err *err);

/** Read "1h30m".
 * @return 0; E_INVALID */
MUST_CHECK int opt_parse_duration(const char *text, int64_t *ret_ms, struct err *err);

/** The name nearest to what was typed, if it is near enough to be meant.
 * @param best      the nearest so far, or NULL
 * @param candidate another name
 * @return the nearer of the two, or NULL */
const char *opt_nearer(const char *typed, const char *best, const char *candidate);

/** What stands for the value in help: "N", "DIR", "csv|json". */
const char *opt_metavar(enum opt_type type, const char *metavar, const char *choices);

#endif
