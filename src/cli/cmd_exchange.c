/* import: files in. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/open.h"
#include "cli/progress.h"

/* --- import ------------------------------------------------------------------------------------------------ */

struct input {
	struct cli *cli;
	struct disk_file *file; /* NULL: standard input */
	uint64_t at;
	struct progress progress;
};

/* A pipe may be slow: whoever stops the import meanwhile need not wait for it. */
static int await_stdin(struct input *in, struct err *err)
{
	struct pollfd poll_in = { .fd = STDIN_FILENO, .events = POLLIN };

	while (poll(&poll_in, 1, -1) < 0) {
		if (errno != EINTR)
			return err_set(err, E_IO, "standard input cannot be waited for");
		if (!progress_step(&in->progress, in->at, 0))
			return err_set(err, E_CANCELLED, "stopped while waiting for input: what was taken stays");
	}
	return 0;
}

static int read_stdin(struct input *in, void *out, size_t n, size_t *ret_n, struct err *err)
{
	int rc = await_stdin(in, err);
	ssize_t got = rc == 0 ? read(STDIN_FILENO, out, n) : 0;

	if (got < 0)
		return err_set(err, E_IO, "standard input cannot be read");
	*ret_n = (size_t)got;
	return rc;
}

static int input_read(void *ctx, void *out, size_t n, size_t *ret_n, struct err *err)
{
	struct input *in = ctx;
	struct disk *disk = in->cli->env->disk;
	int rc = in->file ? disk->read(disk, in->file, in->at, out, n, ret_n, err) : read_stdin(in, out, n, ret_n, err);

	if (rc == 0)
		in->at += *ret_n;
	return rc;
}

static int input_rewind(void *ctx, struct err *err)
{
	struct input *in = ctx;

	(void)err;
	in->at = 0;
	return 0;
}

static int input_open(struct input *in, const char *path, struct source *source)
{
	struct disk *disk = in->cli->env->disk;
	int rc = 0;

	*source = (struct source){ .read = input_read, .ctx = in };
	if (strcmp(path, "-") == 0)
		return 0;
	source->rewind = input_rewind;
	rc = disk->open(disk, path, DISK_READ, &in->file, &in->cli->err);
	if (rc == 0)
		rc = disk->size(disk, in->file, &source->size, &in->cli->err);
	return rc;
}

static void input_close(struct input *in)
{
	if (in->file)
		in->cli->env->disk->close(in->cli->env->disk, in->file);
}

static void say_rejected(void *ctx, uint64_t line, const char *reason)
{
	struct input *in = ctx;

	fprintf(in->cli->errs, "line %llu: %s\n", (unsigned long long)line, reason);
}

static bool say_progress(void *ctx, uint64_t done, uint64_t total)
{
	struct input *in = ctx;

	return progress_step(&in->progress, done, total);
}

static void say_report(struct cli *cli, const struct import_report *r, bool dry_run)
{
	if (cli->json)
		fprintf(cli->out, "{\"lines\":%llu,\"added\":%llu,\"present\":%llu,\"rejected\":%llu,\"dry_run\":%s}\n",
			(unsigned long long)r->n_lines, (unsigned long long)r->n_added,
			(unsigned long long)r->n_present, (unsigned long long)r->n_rejected,
			dry_run ? "true" : "false");
	else
		fprintf(cli->out, "%llu line%s: %llu %s, %llu there already, %llu not taken\n",
			(unsigned long long)r->n_lines, r->n_lines == 1 ? "" : "s", (unsigned long long)r->n_added,
			dry_run ? "would be added" : "added", (unsigned long long)r->n_present,
			(unsigned long long)r->n_rejected);
}

static int import_file(struct cli *cli, const struct parsed *p, struct node *node, const char *path,
		       struct import_report *ret)
{
	struct input in = { .cli = cli };
	struct import_options options = { .dry_run = opt_flag(p, "dry-run"),
					  .strict = opt_flag(p, "strict"),
					  .keep_unknown = opt_flag(p, "keep-unknown"),
					  .take_retractions = opt_flag(p, "take-retractions"),
					  .rejected = say_rejected,
					  .progress = say_progress,
					  .ctx = &in };
	uint8_t circle[ID_BYTES];
	struct source source;
	int rc = node_find_process(node, cli->process, circle, &cli->err);

	if (rc == 0)
		rc = input_open(&in, path, &source);
	if (rc == 0) {
		progress_begin(&in.progress, cli->errs, &cli->errs_term, cli->env, "Importing", "bytes");
		rc = node_import(node, circle, &source, &options, ret, &cli->err);
		progress_end(&in.progress);
	}
	input_close(&in);
	return rc;
}

static int run_import(struct cli *cli, const struct parsed *p)
{
	struct import_report report = { 0 };
	struct node *node = NULL;
	int rc = cli_open(cli, NODE_WRITE, &node);

	for (size_t i = 1; i < p->n_args && rc == 0; i++) {
		struct import_report one = { 0 };

		if (p->n_args > 2)
			cli_note(cli, "%s", p->args[i]);
		rc = import_file(cli, p, node, p->args[i], &one);
		report.n_lines += one.n_lines;
		report.n_added += one.n_added;
		report.n_present += one.n_present;
		report.n_rejected += one.n_rejected;
	}
	node_close(node);
	if (rc == 0 || report.n_lines > 0)
		say_report(cli, &report, opt_flag(p, "dry-run"));
	if (rc == 0 && report.n_rejected > 0)
		rc = err_set(&cli->err, E_INVALID, "%llu line%s not taken (the reasons stand above); the others are in",
			     (unsigned long long)report.n_rejected, report.n_rejected == 1 ? " was" : "s were");
	return rc;
}

const struct command cmd_import = {
	.name = "import",
	.group = "Exchange",
	.summary = "bring data in",
	.args = (const struct arg[]){ { "FORMAT", OPT_CHOICE, 1, 1, .choices = "ndjson", .help = "what the file is" },
				      { "FILE", OPT_FILE, 1, ARGS_ANY, .help = "- is standard input" },
				      { 0 } },
	.opts = (const struct opt[]){ { .name = "dry-run",
					.letter = 'n',
					.type = OPT_FLAG,
					.help = "check everything, write nothing" },
				      { .name = "strict",
					.type = OPT_FLAG,
					.help = "one line that is not right refuses the whole file" },
				      { .name = "take-retractions",
					.type = OPT_FLAG,
					.help = "sign retractions of claims that stood here before the file" },
				      { .name = "keep-unknown",
					.type = OPT_FLAG,
					.help = "keep kinds and fields that this version does not know" },
				      { 0 } },
	.about = "Every line goes the way of a typed claim: checked, signed, sealed, stored. Lines that are not right "
		 "are listed with "
		 "their reason and the good ones stay. The same file twice adds nothing.",
	.examples = (const struct example[]){ { "parley import ndjson examples/havana/*.ndjson", "the worked example" },
					      { 0 } },
	.run = run_import,
};
