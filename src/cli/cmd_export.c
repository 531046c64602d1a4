/* export, save: files out. */
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/open.h"
#include "cli/progress.h"
#include "node/export.h"

/* --- export ------------------------------------------------------------------------------------------------ */

enum { TAKES_KIND = 1, TAKES_ATTACHMENTS = 2, TAKES_RAW = 4, TAKES_WITH = 8 };

/* Format, function (NULL: ndjson_export()), options that fit it, what it counts, what it is for. */
#define EXPORT_FORMATS(X)                                                                                              \
	X(ndjson, NULL, TAKES_KIND | TAKES_ATTACHMENTS, "line",                                                        \
	  "everything, one claim a line: the one format that 'parley import' reads back without loss")                 \
	X(csv, csv_export, TAKES_KIND | TAKES_RAW, "row",                                                              \
	  "one kind as a table, with the value of each field that is shown first")                                     \
	X(graphml, graphml_export, TAKES_WITH, "node",                                                                 \
	  "actors, persons and the ties between them, for programs that draw and reckon with networks")                \
	X(gexf, gexf_export, TAKES_WITH, "node",                                                                       \
	  "the same network with its dates, for programs that show it over time")                                      \
	X(plover, plover_export, 0, "record", "incidents as event data: PLOVER 2.0, one JSON record a line")

struct format {
	const char *name;
	export_fn *write;
	unsigned takes;
	const char *unit;
};

static const struct format formats[] = {
#define X(name, write, takes, unit, help) { #name, write, takes, unit },
	EXPORT_FORMATS(X)
#undef X
};

/* "|ndjson|csv": the names as choices, behind the first character. */
#define OR_NAME(name, write, takes, unit, help) "|" #name
static const char or_names[] = EXPORT_FORMATS(OR_NAME);

#define PARAGRAPH(name, write, takes, unit, help) "\n\n" #name ": " help "."

static const struct {
	const char *option;
	unsigned takes;
} fitting[] = {
	{ "kind", TAKES_KIND },
	{ "attachments", TAKES_ATTACHMENTS },
	{ "raw", TAKES_RAW },
	{ "with", TAKES_WITH },
};

struct output {
	struct cli *cli;
	struct progress progress;
};

static int write_stream(void *ctx, const void *p, size_t n, struct err *err)
{
	struct output *out = ctx;

	if (fwrite(p, 1, n, out->cli->out) != n)
		return err_set(err, E_IO, "the export cannot be written: is the disk full, or the reader gone?");
	return 0;
}

static bool say_progress(void *ctx, uint64_t done, uint64_t total)
{
	struct output *out = ctx;

	return progress_step(&out->progress, done, total);
}

static const struct format *find_format(const char *name)
{
	size_t i = 0;

	while (strcmp(formats[i].name, name) != 0) /* opt_check() knows the choices */
		i++;
	return &formats[i];
}

/* The formats that take an option: "graphml and gexf". */
static const char *takers(struct arena *a, unsigned takes)
{
	const char *text = NULL;

	for (size_t i = 0; i < ARRAY_LEN(formats); i++)
		if (formats[i].takes & takes)
			text = text ? arena_printf(a, "%s and %s", text, formats[i].name) : formats[i].name;
	return text;
}

static int check_options(struct cli *cli, const struct parsed *p, const struct format *format)
{
	for (size_t i = 0; i < ARRAY_LEN(fitting); i++)
		if (opt_given(p, fitting[i].option) && !(format->takes & fitting[i].takes))
			return err_set(&cli->err, E_USAGE, "--%s is for %s: %s does not take it", fitting[i].option,
				       takers(&cli->arena, fitting[i].takes), format->name);
	if (format->write == csv_export && !opt_given(p, "kind"))
		return err_set(&cli->err, E_USAGE, "a table holds one kind: say which, as in --kind actor");
	return 0;
}

static unsigned with_given(const struct parsed *p)
{
	size_t n;
	const char *const *texts = opt_texts(p, "with", &n);
	unsigned with = 0;

	for (size_t i = 0; i < n; i++) {
		if (strcmp(texts[i], "alignment") == 0)
			with |= WITH_ALIGNMENT;
		else if (strcmp(texts[i], "mandate") == 0)
			with |= WITH_MANDATE;
		else
			with |= WITH_ATTENDANCE;
	}
	return with;
}

static int export_lines(struct output *out, const struct parsed *p, struct node *node, const uint8_t *circle,
			struct export_report *ret)
{
	struct export_options options = { .circle = circle,
					  .kind = opt_text(p, "kind"),
					  .attachments = opt_flag(p, "attachments"),
					  .progress = say_progress,
					  .ctx = out };
	struct sink sink = { write_stream, out };
	struct view *view = NULL;
	struct cut cut;
	int rc = cli_cut(out->cli, p, &cut);

	if (rc == 0)
		rc = node_view(node, &cut, &view, &out->cli->err);
	if (rc == 0)
		rc = ndjson_export(node_record(node), view, &sink, &options, &ret->n, &out->cli->err);
	return rc;
}

static int export_as(struct output *out, const struct parsed *p, const struct format *format, struct node *node,
		     struct export_report *ret)
{
	struct node_export what = { .write = format->write,
				    .request = { .kind = opt_text(p, "kind"),
						 .raw = opt_flag(p, "raw"),
						 .with = with_given(p),
						 .progress = say_progress,
						 .ctx = out } };
	struct sink sink = { write_stream, out };
	int rc = node_find_process(node, out->cli->process, what.circle[0], &out->cli->err);

	if (rc == 0 && !format->write)
		return export_lines(out, p, node, what.circle[0], ret);
	if (rc == 0)
		rc = cli_cut(out->cli, p, &what.cut);
	if (rc == 0)
		rc = node_export(node, &what, &sink, ret, &out->cli->err);
	return rc;
}

/* How much went out, and what could not. */
static void say_report(struct cli *cli, const struct format *format, const struct export_report *r)
{
	cli_note(cli, "%llu %s%s", (unsigned long long)r->n, format->unit, r->n == 1 ? "" : "s");
	if (format->takes & TAKES_WITH)
		cli_note(cli, "%llu edge%s", (unsigned long long)r->n_edges, r->n_edges == 1 ? "" : "s");
	for (enum export_loss i = 0; i < N_EXPORT_LOSSES; i++)
		if (r->lost[i] > 0)
			cli_note(cli, "not in it: %s (%llu)", export_loss_words(i), (unsigned long long)r->lost[i]);
}

static int run_export(struct cli *cli, const struct parsed *p)
{
	const struct format *format = find_format(p->args[0]);
	struct output out = { .cli = cli };
	struct export_report report = { 0 };
	struct node *node = NULL;
	int rc = check_options(cli, p, format);

	if (rc == 0)
		rc = cli_open(cli, NODE_READ, &node);
	if (rc == 0) {
		progress_begin(&out.progress, cli->errs, &cli->errs_term, cli->env, "Exporting",
			       format->write ? "objects" : "entries");
		rc = export_as(&out, p, format, node, &report);
		progress_end(&out.progress);
	}
	if (rc == 0 && fflush(cli->out) != 0)
		rc = err_set(&cli->err, E_IO, "the export cannot be written: is the disk full, or the reader gone?");
	if (rc == 0)
		say_report(cli, format, &report);
	node_close(node);
	return rc;
}

const struct command cmd_export = {
	.name = "export",
	.group = "Exchange",
	.summary = "write data out",
	.args = (const struct arg[]){ { "FORMAT", OPT_CHOICE, 1, 1, .choices = &or_names[1], .help = "what to write" },
				      { 0 } },
	.opts = (const struct opt[]){ CLI_READ_OPTS,
				      { .name = "kind", .type = OPT_KIND, .help = "only this kind" },
				      { .name = "attachments",
					.type = OPT_FLAG,
					.help = "ndjson: with the content of attached files" },
				      { .name = "raw",
					.type = OPT_FLAG,
					.help = "csv: no apostrophe before what a spreadsheet takes for a formula" },
				      { .name = "with",
					.type = OPT_CHOICE,
					.choices = "alignment|mandate|attendance",
					.repeats = true,
					.help = "graphml, gexf: these as edges, too" },
				      { 0 } },
	.about = "Writes to standard output, in clear: what leaves this way is no longer protected by Parley. Redacted "
		 "entries are left out, and so is what the reader asked for with --tlp, --known and --as-of may not "
		 "see. What a format cannot hold is counted on standard error." EXPORT_FORMATS(PARAGRAPH),
	.examples =
		(const struct example[]){ { "parley export ndjson > copy.ndjson", "everything" },
					  { "parley export ndjson --tlp clear", "what anyone may read" },
					  { "parley export csv --kind commitment > promises.csv", "for a spreadsheet" },
					  { "parley export gexf --with mandate > ties.gexf", "for a picture" },
					  { 0 } },
	.run = run_export,
};

/* --- save -------------------------------------------------------------------------------------------------- */

static int run_save(struct cli *cli, const struct parsed *p)
{
	struct node *node = NULL;
	int rc = cli_open(cli, NODE_READ, &node);

	if (rc == 0)
		rc = node_save_attachment(node, p->args[0], (int)opt_number(p, "file"), p->args[1], &cli->err);
	if (rc == 0)
		cli_note(cli, "saved in clear as %s", p->args[1]);
	node_close(node);
	return rc;
}

const struct command cmd_save = {
	.name = "save",
	.group = "Exchange",
	.summary = "write an attached file out",
	.args = (const struct arg[]){ { "ENTRY", OPT_TEXT, 1, 1, .help = "8 digits or more of the claim's entry id" },
				      { "FILE", OPT_FILE, 1, 1, .help = "must not exist yet" },
				      { 0 } },
	.opts = (const struct opt[]){ { .name = "file",
					.type = OPT_NUMBER,
					.fallback = "1",
					.min = 1,
					.max = 1000,
					.help = "which of its files" },
				      { 0 } },
	.run = run_save,
};
