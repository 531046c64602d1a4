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

/* --- input ------------------------------------------------------------------------------------------------- */

struct refused;

struct input {
	struct cli *cli;
	struct refused *refused;
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

/* --- what is not taken ------------------------------------------------------------------------------------- */

#define REFUSED_SHOWN 100  /* lines, of one command */
#define REASONS_COUNTED 20 /* different ones, of the lines that are not shown */

/* Lines that were not taken: the first are shown one by one, the others by their reason. */
struct refused {
	struct cli *cli;
	FILE *list;       /* all of them, or NULL */
	const char *path; /* of the file at hand */
	uint64_t n;
	struct {
		char text[160];
		uint64_t n;
	} reasons[REASONS_COUNTED];
	size_t n_reasons;
};

static void count_reason(struct refused *r, const char *reason)
{
	size_t i = 0;

	while (i < r->n_reasons && strncmp(r->reasons[i].text, reason, sizeof r->reasons[i].text - 1) != 0)
		i++;
	if (i == r->n_reasons && r->n_reasons < REASONS_COUNTED)
		snprintf(r->reasons[r->n_reasons++].text, sizeof r->reasons[i].text, "%s", reason);
	if (i < r->n_reasons)
		r->reasons[i].n++;
}

static void list_text(FILE *list, const char *text)
{
	fputc('"', list);
	for (; *text; text++)
		fprintf(list, *text == '"' ? "\"\"" : "%c", *text);
	fputc('"', list);
}

/* One row of the list: file, line, reason. */
static void list_refused(const struct refused *r, uint64_t line, const char *reason)
{
	list_text(r->list, r->path);
	fprintf(r->list, ",%llu,", (unsigned long long)line);
	list_text(r->list, reason);
	fputc('\n', r->list);
}

static void say_refused(struct input *in, uint64_t line, const char *reason)
{
	struct refused *r = in->refused;

	if (r->list)
		list_refused(r, line, reason);
	if (r->n++ < REFUSED_SHOWN)
		fprintf(in->cli->errs, "line %llu: %s\n", (unsigned long long)line, reason);
	else
		count_reason(r, reason);
}

static void on_refused(void *ctx, uint64_t line, const char *reason)
{
	say_refused(ctx, line, reason);
}

/* The rest, by reason. */
static void sum_up_refused(const struct refused *r)
{
	uint64_t n = r->n > REFUSED_SHOWN ? r->n - REFUSED_SHOWN : 0;

	for (size_t i = 0; i < r->n_reasons; i++) {
		n -= r->reasons[i].n;
		fprintf(r->cli->errs, "and %llu more: %s\n", (unsigned long long)r->reasons[i].n, r->reasons[i].text);
	}
	if (n > 0)
		fprintf(r->cli->errs, "and %llu more for other reasons (--rejects FILE lists all)\n",
			(unsigned long long)n);
}

/* --- import ------------------------------------------------------------------------------------------------ */

static bool say_progress(void *ctx, uint64_t done, uint64_t total)
{
	struct input *in = ctx;

	return progress_step(&in->progress, done, total);
}

static void say_report(struct cli *cli, const struct import_report *r, bool dry_run)
{
	const unsigned long long lines = r->n_lines, added = r->n_added, present = r->n_present, skipped = r->n_skipped,
				 rejected = r->n_rejected;

	if (cli->json) {
		fprintf(cli->out,
			"{\"lines\":%llu,\"added\":%llu,\"present\":%llu,\"passed_over\":%llu,\"rejected\":%llu,"
			"\"dry_run\":%s}\n",
			lines, added, present, skipped, rejected, dry_run ? "true" : "false");
		return;
	}
	fprintf(cli->out, "%llu line%s: %llu claim%s %s, %llu there already", lines, lines == 1 ? "" : "s", added,
		added == 1 ? "" : "s", dry_run ? "would be added" : "added", present);
	if (skipped > 0)
		fprintf(cli->out, ", %llu line%s passed over", skipped, skipped == 1 ? "" : "s");
	fprintf(cli->out, ", %llu not taken\n", rejected);
}

#define NAME_MAX_SHOWN 60 /* characters: a label has room for as many beside what tells the rows apart */

/* The name of a file without its folder and ending, in the characters of a label. */
static const char *plain_name(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/'), *base = slash ? slash + 1 : path, *dot = strrchr(base, '.');
	char *out = arena_copy(a, base, dot && dot > base ? (size_t)(dot - base) : strlen(base));

	if (strlen(out) > NAME_MAX_SHOWN)
		out[NAME_MAX_SHOWN] = '\0';
	for (char *p = out; *p; p++) {
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p + 'a' - 'A');
		else if (!(*p >= 'a' && *p <= 'z') && !(*p >= '0' && *p <= '9'))
			*p = '-';
	}
	return out;
}

/* The text of the map that --map names. */
static int read_map(struct cli *cli, const char *path, const char **ret)
{
	struct disk *disk = cli->env->disk;
	struct disk_file *file = NULL;
	const size_t cap = 1024 * 1024;
	char *text = arena_alloc(&cli->arena, cap);
	size_t n = 0, got = 1;
	int rc = disk->open(disk, path, DISK_READ, &file, &cli->err);

	while (rc == 0 && got > 0 && n < cap - 1) {
		rc = disk->read(disk, file, n, text + n, cap - 1 - n, &got, &cli->err);
		n += got;
	}
	if (file)
		disk->close(disk, file);
	if (rc == 0 && memchr(text, '\0', n))
		rc = err_set(&cli->err, E_INVALID, "the map is not a text");
	*ret = text;
	return rc;
}

static int read_how(struct cli *cli, const struct parsed *p, const char *path, struct format_options *ret)
{
	const char *map = opt_text(p, "map"), *name = opt_text(p, "name");

	*ret = (struct format_options){ .name = plain_name(&cli->arena, name ? name : path),
					.encoding = opt_text(p, "encoding"),
					.kind = opt_text(p, "kind"),
					.known = opt_text(p, "known") };
	return map ? read_map(cli, map, &ret->map) : 0;
}

static int import_file(struct cli *cli, const struct parsed *p, struct node *node, const char *path,
		       struct refused *refused, struct import_report *ret)
{
	struct input in = { .cli = cli, .refused = refused };
	struct import_options options = { .dry_run = opt_flag(p, "dry-run"),
					  .strict = opt_flag(p, "strict"),
					  .keep_unknown = opt_flag(p, "keep-unknown"),
					  .take_retractions = opt_flag(p, "take-retractions"),
					  .rejected = on_refused,
					  .progress = say_progress,
					  .ctx = &in };
	struct source source;
	struct import_file file = { .format = p->args[0], .source = &source };
	uint8_t circle[ID_BYTES];
	int rc = node_find_process(node, cli->process, circle, &cli->err);

	if (rc == 0)
		rc = read_how(cli, p, path, &file.how);
	if (rc == 0)
		rc = input_open(&in, path, &source);
	if (rc == 0) {
		progress_begin(&in.progress, cli->errs, &cli->errs_term, cli->env, "Importing", "bytes");
		rc = node_import(node, circle, &file, &options, ret, &cli->err);
		progress_end(&in.progress);
	}
	input_close(&in);
	return rc;
}

static int import_files(struct cli *cli, const struct parsed *p, struct refused *refused, struct import_report *ret)
{
	struct node *node = NULL;
	int rc = cli_open(cli, NODE_WRITE, &node);

	for (size_t i = 1; i < p->n_args && rc == 0; i++) {
		struct import_report one = { 0 };

		refused->path = p->args[i];
		if (p->n_args > 2)
			cli_note(cli, "%s", p->args[i]);
		rc = import_file(cli, p, node, p->args[i], refused, &one);
		ret->n_lines += one.n_lines;
		ret->n_added += one.n_added;
		ret->n_present += one.n_present;
		ret->n_skipped += one.n_skipped;
		ret->n_rejected += one.n_rejected;
	}
	node_close(node);
	return rc;
}

static int import_and_report(struct cli *cli, const struct parsed *p, struct refused *refused)
{
	struct import_report report = { 0 };
	int rc = import_files(cli, p, refused, &report);

	sum_up_refused(refused);
	if (rc == 0 || report.n_lines > 0)
		say_report(cli, &report, opt_flag(p, "dry-run"));
	if (rc == 0 && report.n_rejected > 0)
		rc = err_set(&cli->err, E_INVALID, "%llu line%s not taken (the reasons stand above); the others are in",
			     (unsigned long long)report.n_rejected, report.n_rejected == 1 ? " was" : "s were");
	return rc;
}

/* --guess: a proposed map on standard output. It needs no home. */
static int guess(struct cli *cli, const struct parsed *p)
{
	struct input in = { .cli = cli };
	struct format_options how;
	struct source source;
	struct buf map;
	int rc;

	buf_init(&map, 1024 * 1024);
	rc = read_how(cli, p, p->args[1], &how);
	if (rc == 0)
		rc = input_open(&in, p->args[1], &source);
	if (rc == 0) {
		progress_begin(&in.progress, cli->errs, &cli->errs_term, cli->env, "Looking", "bytes");
		rc = node_guess_map(&source, &how, &map, &cli->err);
		progress_end(&in.progress);
	}
	if (rc == 0)
		fputs(buf_str(&map), cli->out);
	input_close(&in);
	buf_release(&map);
	return rc;
}

/* --show-map: a map to be changed. */
static int show_map(struct cli *cli, const char *format)
{
	const char *map = node_format_map(format);

	if (!map)
		return err_set(&cli->err, E_NOT_FOUND, "%s has no map", format);
	fputs(map, cli->out);
	return 0;
}

/* Options that another format takes are not passed over in silence. */
static int check_options(struct cli *cli, const struct parsed *p)
{
	static const char *const of_ndjson[] = { "take-retractions", "keep-unknown" };
	const bool is_ndjson = strcmp(p->args[0], "ndjson") == 0;

	for (size_t i = 0; i < 2 && !is_ndjson; i++)
		if (opt_flag(p, of_ndjson[i]))
			return err_set(&cli->err, E_USAGE, "--%s is only for ndjson", of_ndjson[i]);
	if (!opt_flag(p, "guess"))
		return 0;
	if (strcmp(p->args[0], "csv") != 0)
		return err_set(&cli->err, E_USAGE,
			       "--guess is for tables that nobody described: 'parley import csv --guess FILE'");
	if (p->n_args > 2)
		return err_set(&cli->err, E_USAGE, "--guess looks at one file at a time");
	return opt_text(p, "map") ? err_set(&cli->err, E_USAGE, "--guess makes a map: it takes none") : 0;
}

static int run_import(struct cli *cli, const struct parsed *p)
{
	const char *rejects = opt_text(p, "rejects");
	struct refused refused = { .cli = cli };
	int rc;

	if (opt_flag(p, "show-map"))
		return show_map(cli, p->args[0]);
	if (p->n_args < 2)
		return err_set(&cli->err, E_USAGE, "say which file: 'parley import %s FILE'", p->args[0]);
	rc = check_options(cli, p);
	if (rc < 0)
		return rc;
	if (opt_flag(p, "guess"))
		return guess(cli, p);
	if (rejects && !(refused.list = fopen(rejects, "we")))
		return err_set(&cli->err, E_IO, "%s cannot be written", rejects);
	if (rejects)
		fputs("file,line,reason\n", refused.list);
	rc = import_and_report(cli, p, &refused);
	if (rejects && fclose(refused.list) != 0 && rc == 0)
		rc = err_set(&cli->err, E_IO, "%s could not be written whole", rejects);
	return rc;
}

/* "|ndjson|ucdp-ged": the names as choices, behind the first character. */
#define OR_NAME(name, map, summary) "|" name
static const char or_names[] = IMPORT_FORMATS(OR_NAME);

#define PARAGRAPH(name, map, summary) "\n\n" name ": " summary "."

const struct command cmd_import = {
	.name = "import",
	.group = "Exchange",
	.summary = "bring data in",
	.args = (const struct arg[]){ { "FORMAT", OPT_CHOICE, 1, 1, .choices = &or_names[1],
					.help = "what the file is" },
				      { "FILE", OPT_FILE, 0, ARGS_ANY, .help = "- is standard input" },
				      { 0 } },
	.opts =
		(const struct opt[]){
			{ .name = "dry-run",
			  .letter = 'n',
			  .type = OPT_FLAG,
			  .help = "check everything, write nothing" },
			{ .name = "strict",
			  .type = OPT_FLAG,
			  .help = "one line that is not right refuses the whole file" },
			{ .name = "rejects",
			  .type = OPT_FILE,
			  .help = "list every line that is not taken in a file, with its reason" },
			{ .name = "map", .type = OPT_FILE, .help = "a map in place of the format's own" },
			{ .name = "kind", .type = OPT_KIND, .help = "csv: Parley exported the table, of this kind" },
			{ .name = "guess",
			  .type = OPT_FLAG,
			  .help = "csv: propose a map from the first rows; nothing is imported" },
			{ .name = "show-map",
			  .type = OPT_FLAG,
			  .help = "print the format's map, to be changed and used with --map" },
			{ .name = "encoding",
			  .type = OPT_TEXT,
			  .help = "of the file, when it is not UTF-8: windows-1252, ..." },
			{ .name = "name",
			  .type = OPT_TEXT,
			  .help = "of the file, for ids of what has none; its own name if not given" },
			{ .name = "known",
			  .type = OPT_DATE,
			  .help = "since when the content could be known, where it does not say; today if not given" },
			{ .name = "take-retractions",
			  .type = OPT_FLAG,
			  .help = "ndjson: sign retractions of claims that stood here before the file" },
			{ .name = "keep-unknown",
			  .type = OPT_FLAG,
			  .help = "ndjson: keep kinds and fields that this version does not know" },
			{ 0 } },
	.about = "Every line or row goes the way of a typed claim: checked, signed, sealed, stored. Those that are not "
		 "right "
		 "are listed with their reason and the good ones stay. The same file twice adds nothing, so that an "
		 "import "
		 "that was stopped is taken up by running it again. What a published dataset says is its publisher's "
		 "word, "
		 "never this organisation's. docs/importing.md has each format with its command." IMPORT_FORMATS(
			 PARAGRAPH),
	.examples =
		(const struct example[]){
			{ "parley import ndjson examples/havana/*.ndjson", "the worked example" },
			{ "parley import ucdp-ged --known 2019-06 ged191.csv", "published events" },
			{ "parley import csv --guess events.csv > events.map", "a map to begin with" },
			{ "parley import csv --map events.map events.csv", "and its use" },
			{ 0 } },
	.run = run_import,
};
