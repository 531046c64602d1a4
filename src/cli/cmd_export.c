/* export, save: files out. */
#include <stdio.h>

#include "cli/commands.h"
#include "cli/open.h"

/* --- export ------------------------------------------------------------------------------------------------ */

static int write_stream(void *ctx, const void *p, size_t n, struct err *err)
{
	FILE *out = ctx;

	if (fwrite(p, 1, n, out) != n)
		return err_set(err, E_IO, "the export cannot be written: is the disk full, or the reader gone?");
	return 0;
}

static int run_export(struct cli *cli, const struct parsed *p)
{
	struct export_options options = { .kind = opt_text(p, "kind"), .attachments = opt_flag(p, "attachments") };
	struct sink sink = { write_stream, cli->out };
	uint8_t circle[ID_BYTES];
	struct node *node = NULL;
	struct view *view = NULL;
	uint64_t n = 0;
	int rc = cli_open_view(cli, p, &node, &view);

	if (rc == 0)
		rc = node_find_process(node, cli->process, circle, &cli->err);
	options.circle = circle;
	if (rc == 0)
		rc = ndjson_export(node_record(node), view, &sink, &options, &n, &cli->err);
	if (rc == 0 && fflush(cli->out) != 0)
		rc = err_set(&cli->err, E_IO, "the export cannot be written: is the disk full, or the reader gone?");
	if (rc == 0)
		cli_note(cli, "%llu line%s", (unsigned long long)n, n == 1 ? "" : "s");
	node_close(node);
	return rc;
}

const struct command cmd_export = {
	.name = "export",
	.group = "Exchange",
	.summary = "write data out",
	.args = (const struct arg[]){ { "FORMAT", OPT_CHOICE, 1, 1, .choices = "ndjson", .help = "what to write" },
				      { 0 } },
	.opts =
		(const struct opt[]){
			CLI_READ_OPTS,
			{ .name = "kind", .type = OPT_KIND, .help = "only this kind" },
			{ .name = "attachments", .type = OPT_FLAG, .help = "with the content of attached files" },
			{ 0 } },
	.about = "Writes to standard output, in clear: what leaves this way is no longer protected by Parley. Redacted "
		 "entries are "
		 "left out; retracted ones come with their retraction. 'parley import' reads it back without loss.",
	.examples = (const struct example[]){ { "parley export ndjson > copy.ndjson", "everything" },
					      { "parley export ndjson --tlp clear", "what anyone may read" },
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
