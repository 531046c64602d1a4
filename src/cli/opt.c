#include "cli/opt.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

#define LONG_BASE 256 /* what getopt_long() returns for long option i is LONG_BASE + i; letters are below */

const struct opt opt_common[] = {
	{ "home", 0, OPT_DIR, .help = "where the node lives; else PARLEY_HOME, else the data folder of the user" },
	{ "process", 'p', OPT_TEXT, .metavar = "NAME", .help = "the process to work in, where the home has several" },
	{ "json", 'j', OPT_FLAG, .help = "write JSON for programs" },
	{ "quiet", 'q', OPT_FLAG, .help = "no notes and no progress, only results and errors" },
	{ "no-colour", 0, OPT_FLAG, .help = "no colours and no bold; NO_COLOR does the same" },
	{ "help", 'h', OPT_FLAG, .help = "tell how to use the command" },
	{ 0 },
};

void opt_init(struct parsed *p, struct arena *a)
{
	*p = (struct parsed){ .arena = a };
}

/* Row i of the command's options followed by the common ones, or NULL behind the last. */
static const struct opt *nth(const struct command *command, size_t i)
{
	for (const struct opt *opt = command ? command->opts : NULL; opt && opt->name; opt++)
		if (i-- == 0)
			return opt;
	return i + 1 < ARRAY_LEN(opt_common) ? &opt_common[i] : NULL;
}

/* What getopt_long() wants to be given, and what it found. */
struct reading {
	const struct command *command;
	char *const *argv;
	struct option *longs;
	char *letters;
};

static void make_tables(struct reading *r, struct arena *a)
{
	size_t n = 0;
	while (nth(r->command, n))
		n++;
	r->longs = arena_alloc(a, (n + 1) * sizeof(*r->longs));
	r->letters = arena_alloc(a, 2 * n + 3);
	char *letter = r->letters;
	*letter++ = r->command ? '-' : '+'; /* "-": positionals come in their place; "+": the first one ends */
	*letter++ = ':';                    /* a missing value is told apart */
	for (size_t i = 0; i < n; i++) {
		const struct opt *opt = nth(r->command, i);
		int takes = opt->type == OPT_FLAG ? no_argument : required_argument;
		r->longs[i] = (struct option){ opt->name, takes, NULL, LONG_BASE + (int)i };
		if (!opt->letter)
			continue;
		*letter++ = (char)opt->letter;
		if (takes == required_argument)
			*letter++ = ':';
	}
}

/* The row for a value of getopt_long(), or NULL. */
static const struct opt *row_of(const struct reading *r, int c)
{
	if (c >= LONG_BASE)
		return nth(r->command, (size_t)(c - LONG_BASE));
	const struct opt *opt;
	for (size_t i = 0; (opt = nth(r->command, i)); i++)
		if (opt->letter && opt->letter == c)
			return opt;
	return NULL;
}

static int no_such_option(const struct reading *r, struct err *err)
{
	const char *word = r->argv[optind - 1] + 2;
	int n = (int)strcspn(word, "=");
	char typed[64];
	snprintf(typed, sizeof(typed), "%.*s", n, word);

	const struct opt *opt;
	const char *best = NULL, *first = NULL, *second = NULL;
	for (size_t i = 0; (opt = nth(r->command, i)); i++) {
		best = opt_nearer(typed, best, opt->name);
		if (strncmp(opt->name, typed, strlen(typed)) == 0) {
			second = first && !second ? opt->name : second;
			first = first ? first : opt->name;
		}
	}
	if (second)
		return err_set(err, E_USAGE, "--%s may be --%s or --%s", typed, first, second);
	if (best)
		return err_set(err, E_USAGE, "unknown option --%s; did you mean --%s?", typed, best);
	return err_set(err, E_USAGE, "unknown option --%s", typed);
}

/* What getopt_long() did not like; c is '?' or ':'. */
static int wrong_option(const struct reading *r, int c, struct err *err)
{
	const struct opt *opt = optopt ? row_of(r, optopt) : NULL;

	if (!optopt)
		return no_such_option(r, err);
	if (!opt)
		return err_set(err, E_USAGE, "unknown option -%c", optopt);
	if (c == ':')
		return err_set(err, E_USAGE, "--%s needs a value: --%s %s", opt->name, opt->name,
			       opt_metavar(opt->type, opt->metavar, opt->choices));
	return err_set(err, E_USAGE, "--%s takes no value", opt->name);
}

static void add_given(struct parsed *p, const struct opt *opt, const char *text)
{
	struct given *g = arena_alloc(p->arena, sizeof(*g));
	*g = (struct given){ opt, text, p->last };
	p->last = g;
}

int opt_parse(struct parsed *p, const struct command *command, int argc, char *const argv[], struct err *err)
{
	struct reading r = { .command = command, .argv = argv };
	int c;

	p->command = command;
	p->args = arena_alloc(p->arena, ((size_t)argc + 1) * sizeof(*p->args));
	p->n_args = 0;
	make_tables(&r, p->arena);
	optind = 0; /* start anew */
	opterr = 0;
	while ((c = getopt_long(argc, argv, r.letters, r.longs, NULL)) != -1) {
		if (c == '?' || c == ':')
			return wrong_option(&r, c, err);
		if (c == 1)
			p->args[p->n_args++] = optarg;
		else
			add_given(p, row_of(&r, c), optarg);
	}
	while (optind < argc)
		p->args[p->n_args++] = argv[optind++];
	return 0;
}

/* The row that positional i belongs to; there is one. */
static const struct arg *arg_row(const struct command *command, size_t i)
{
	const struct arg *arg = command->args;
	for (; i >= arg->max; arg++)
		i -= arg->max;
	return arg;
}

static int check_args(const struct parsed *p, struct err *err)
{
	size_t most = 0;
	for (const struct arg *arg = p->command->args; arg && arg->name; arg++) {
		if (arg->min > 0 && p->n_args < most + arg->min)
			return err_set(err, E_USAGE, "%s is missing", arg->name);
		most += arg->max;
	}
	if (most == 0 && p->n_args)
		return err_set(err, E_USAGE, "takes no arguments");
	if (p->n_args > most)
		return err_set(err, E_USAGE, "takes at most %zu argument%s; texts with spaces need quotes", most,
			       most == 1 ? "" : "s");
	for (size_t i = 0; i < p->n_args; i++) {
		const struct arg *arg = arg_row(p->command, i);
		int rc = opt_check_value(arg->name, arg->type, arg->choices, 0, 0, p->args[i], err);
		if (rc)
			return rc;
	}
	return 0;
}

int opt_check(const struct parsed *p, struct err *err)
{
	for (const struct given *g = p->last; g; g = g->before) {
		char what[80];
		snprintf(what, sizeof(what), "--%s", g->opt->name);
		int rc = g->text ? opt_check_value(what, g->opt->type, g->opt->choices, g->opt->min, g->opt->max,
						   g->text, err)
				 : 0;
		if (rc)
			return rc;
	}
	return p->command ? check_args(p, err) : 0;
}

/* The row of that name; a name that no table has is a bug. */
static const struct opt *row(const struct parsed *p, const char *name)
{
	const struct opt *opt = NULL;
	for (size_t i = 0; (opt = nth(p->command, i)); i++)
		if (strcmp(opt->name, name) == 0)
			break;
	assert(opt);
	return opt;
}

static const struct given *last_given(const struct parsed *p, const struct opt *opt)
{
	const struct given *g = p->last;
	while (g && g->opt != opt)
		g = g->before;
	return g;
}

bool opt_given(const struct parsed *p, const char *name)
{
	return last_given(p, row(p, name));
}

bool opt_flag(const struct parsed *p, const char *name)
{
	const struct opt *opt = row(p, name);
	assert(opt->type == OPT_FLAG);
	return last_given(p, opt);
}

const char *opt_text(const struct parsed *p, const char *name)
{
	const struct opt *opt = row(p, name);
	assert(opt->type != OPT_FLAG);
	const struct given *g = last_given(p, opt);
	return g ? g->text : opt->fallback;
}

int64_t opt_number(const struct parsed *p, const char *name)
{
	assert(row(p, name)->type == OPT_NUMBER);
	const char *text = opt_text(p, name);
	int64_t v = 0;
	int rc = text ? opt_parse_number(text, &v, NULL) : 0;
	assert(rc == 0);
	(void)rc;
	return v;
}

int64_t opt_duration_ms(const struct parsed *p, const char *name)
{
	assert(row(p, name)->type == OPT_DURATION);
	const char *text = opt_text(p, name);
	int64_t v = 0;
	int rc = text ? opt_parse_duration(text, &v, NULL) : 0;
	assert(rc == 0);
	(void)rc;
	return v;
}

bool opt_when(const struct parsed *p, const char *name, struct when *ret)
{
	assert(row(p, name)->type == OPT_DATE);
	const char *text = opt_text(p, name);
	return text && when_parse_single(text, ret, NULL) == 0;
}

const char *const *opt_texts(const struct parsed *p, const char *name, size_t *ret_n)
{
	const struct opt *opt = row(p, name);
	size_t n = 0;
	assert(opt->repeats);
	for (const struct given *g = p->last; g; g = g->before)
		n += g->opt == opt;
	const char **texts = arena_alloc(p->arena, (n + 1) * sizeof(*texts));
	*ret_n = n;
	for (const struct given *g = p->last; g; g = g->before)
		if (g->opt == opt)
			texts[--n] = g->text;
	return texts;
}

const char *opt_arg(const struct parsed *p, size_t i)
{
	return i < p->n_args ? p->args[i] : NULL;
}
