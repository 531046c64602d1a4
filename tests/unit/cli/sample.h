/* A small program of five commands, and what the tests of the command line share.
 *
 * Golden files are in tests/golden/cli; with PARLEY_GOLDEN=write in the environment
 * they are written anew instead of compared.
 */
#ifndef PARLEY_TESTS_CLI_SAMPLE_H
#define PARLEY_TESTS_CLI_SAMPLE_H

#include "support/test.h"

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/help.h"

/* What the last command saw. */
static struct {
	int n_runs;
	const char *name;
	char text[200];
	int64_t number, duration_ms;
	size_t n_args, n_tags;
	char last_tag[20];
} seen;

static int run_seen(struct cli *cli, const struct parsed *p)
{
	seen.n_runs++;
	seen.name = p->command->name;
	seen.n_args = p->n_args;
	snprintf(seen.text, sizeof(seen.text), "%s", p->n_args ? opt_arg(p, p->n_args - 1) : "");
	if (strcmp(p->command->name, "rehearse") != 0)
		return 0;
	seen.number = opt_number(p, "members");
	seen.duration_ms = opt_duration_ms(p, "for");
	const char *const *tags = opt_texts(p, "tag", &seen.n_tags);
	snprintf(seen.last_tag, sizeof(seen.last_tag), "%s", seen.n_tags ? tags[seen.n_tags - 1] : "");
	if (cli->json)
		fprintf(cli->out, "{\"members\":%lld}\n", (long long)seen.number);
	return 0;
}

static int run_refuse(struct cli *cli, const struct parsed *p)
{
	(void)p;
	return err_set(&cli->err, E_DENIED, "closed; ask \u202elater");
}

static const struct command sample_add = {
	.name = "add",
	.group = "Write",
	.summary = "write a claim about a new object",
	.args =
		(const struct arg[]){
			{ "KIND", OPT_KIND, 1, 1, "what the claim is about", NULL },
			{ "FIELD=VALUE", OPT_FIELD, 0, ARGS_ANY, "what it says", NULL },
			{ 0 },
		},
	.run = run_seen,
};

static const struct command sample_rehearse = {
	.name = "rehearse",
	.group = "Think",
	.summary = "see what a next move might do",
	.args =
		(const struct arg[]){
			{ "SCENARIO", OPT_FILE, 1, 1, "what is tried", NULL },
			{ "FORMAT", OPT_CHOICE, 0, 1, "how it is written", "csv|json|ndjson" },
			{ 0 },
		},
	.opts =
		(const struct opt[]){
			{ "members", 'm', OPT_NUMBER, .fallback = "500", .min = 1, .max = 100000,
			  .help = "futures to simulate" },
			{ "measures", 0, OPT_TEXT, .metavar = "NAME,...", .help = "what is measured in each of them" },
			{ "for", 0, OPT_DURATION, .fallback = "1h30m", .help = "how long they run" },
			{ "as-of", 0, OPT_DATE, .help = "start from what had happened by then" },
			{ "strategy", 's', OPT_CHOICE, .choices = "wait|press|offer|withdraw|mediate",
			  .help = "what one side does" },
			{ "tag", 't', OPT_TEXT, .repeats = true, .help = "a word to find the run by" },
			{ 0 },
		},
	.about = "A rehearsal lets the present record run on, thousands of times, and counts what becomes of it. "
		 "It is no forecast: it shows what the assumptions lead to.\n\n"
		 "'Say .so' \\ is no request, nor is this:\n.so what - caf\u00e9.",
	.examples =
		(const struct example[]){
			{ "parley rehearse pause.json -m 50", "a quick look" },
			{ "parley rehearse pause.json --strategy wait --tag 'first try'", "one strategy, with a name" },
			{ 0 },
		},
	.run = run_seen,
};

static const struct command sample_create = {
	.name = "process create",
	.group = "Start",
	.summary = "begin a process with its founding circle; this line is long enough to be wrapped in the overview "
		   "of all commands",
	.args = (const struct arg[]){ { "NAME", OPT_TEXT, 1, 1, "what people call it", NULL }, { 0 } },
	.run = run_seen,
};

static const struct command sample_list = {
	.name = "process list",
	.group = "Start",
	.summary = "the processes of this home",
	.run = run_refuse,
};

static const struct program sample = {
	.name = "parley",
	.version = "1.2.3",
	.summary = "the shared memory of a peace process",
	.about = "Parley keeps.\n\nEach organisation runs its own node.",
	.notice = "Free software, GPL-3.0-or-later. No warranty.",
	.commands =
		(const struct command *const[]){
			&sample_create,
			&sample_list,
			&sample_add,
			&sample_rehearse,
			&cmd_help,
			&cmd_completion,
			NULL,
		},
	.variables =
		(const struct variable[]){
			{ "PARLEY_HOME", "The home folder, where --home is not given." },
			{ NULL, NULL },
		},
};

/* One run of the command line and what it wrote. */
struct run {
	int status;
	char *out, *errs;
};

static inline struct run run_line(int argc, char *const argv[])
{
	struct run r = { 0 };
	size_t n_out, n_errs;
	struct cli cli = {
		.program = &sample,
		.out = open_memstream(&r.out, &n_out),
		.errs = open_memstream(&r.errs, &n_errs),
		.out_term = { .width = 80 },
		.errs_term = { .width = 80 },
	};
	memset(&seen, 0, sizeof(seen));
	r.status = cli_run(&cli, argc, argv);
	fclose(cli.out);
	fclose(cli.errs);
	return r;
}

#define RUN(...)                                                                                                       \
	run_line((int)ARRAY_LEN(((char *[]){ "parley", __VA_ARGS__ })), (char *[]){ "parley", __VA_ARGS__, NULL })

static inline void run_free(struct run *r)
{
	free(r->out);
	free(r->errs);
}

static inline char *read_file(const char *path)
{
	FILE *f = fopen(path, "r");
	if (!f)
		fail_msg("%s is missing; PARLEY_GOLDEN=write makes it", path);
	char *text = calloc(1, 1 << 20);
	size_t n = fread(text, 1, (1 << 20) - 1, f);
	assert_true(n < (1 << 20) - 1);
	fclose(f);
	return text;
}

static inline void expect_golden(const char *name, const char *text)
{
	char path[200];
	const char *mode = getenv("PARLEY_GOLDEN");
	snprintf(path, sizeof(path), "tests/golden/cli/%s.txt", name);
	if (mode && strcmp(mode, "write") == 0) {
		FILE *f = fopen(path, "w");
		assert_non_null(f);
		assert_true(fputs(text, f) >= 0 && fclose(f) == 0);
	}
	char *golden = read_file(path);
	assert_string_equal(golden, text);
	free(golden);
}

#endif
