/* verify, rebuild: is the record what it was? */
#include "cli/commands.h"
#include "cli/open.h"
#include "cli/progress.h"

struct checking {
	struct cli *cli;
	struct progress progress;
};

static void say_problem(void *ctx, const char *line)
{
	struct checking *c = ctx;

	fprintf(c->cli->errs, "%s\n", line);
}

static bool say_step(void *ctx, uint64_t done, uint64_t total)
{
	struct checking *c = ctx;

	return progress_step(&c->progress, done, total);
}

static void say_report_json(struct cli *cli, const struct verify_report *r, uint64_t n_quarantine)
{
	fprintf(cli->out,
		"{\"entries\":%llu,\"claims\":%llu,\"control\":%llu,\"redactions\":%llu,\"sigchain\":%llu,\"chunks\":%"
		"llu,"
		"\"opened\":%llu,\"removed\":%llu,\"no_key\":%llu,\"feeds\":%llu,\"quarantine\":%llu,\"problems\":%llu}"
		"\n",
		(unsigned long long)r->n_entries, (unsigned long long)r->by_class[CLASS_CLAIM],
		(unsigned long long)r->by_class[CLASS_CONTROL], (unsigned long long)r->by_class[CLASS_REDACTION],
		(unsigned long long)r->by_class[CLASS_SIGCHAIN], (unsigned long long)r->by_class[CLASS_CHUNK],
		(unsigned long long)r->n_bodies, (unsigned long long)r->n_dropped, (unsigned long long)r->n_no_key,
		(unsigned long long)r->n_feeds, (unsigned long long)n_quarantine, (unsigned long long)r->n_problems);
}

static void say_report(struct cli *cli, const struct verify_report *r, uint64_t n_quarantine)
{
	const uint64_t n_control = r->by_class[CLASS_CONTROL] + r->by_class[CLASS_SIGCHAIN];
	char n[32], claims[32];

	term_count(r->n_entries, n);
	term_count(r->by_class[CLASS_CLAIM], claims);
	fprintf(cli->out,
		"%s entries checked in %llu feeds: seal, signature, chain, body (%s claims, %llu control, %llu "
		"redactions, %llu parts of files)\n",
		n, (unsigned long long)r->n_feeds, claims, (unsigned long long)n_control,
		(unsigned long long)r->by_class[CLASS_REDACTION], (unsigned long long)r->by_class[CLASS_CHUNK]);
	if (r->n_dropped)
		fprintf(cli->out, "%llu bod%s removed by redaction\n", (unsigned long long)r->n_dropped,
			r->n_dropped == 1 ? "y was" : "ies were");
	if (r->n_no_key)
		fprintf(cli->out, "%llu entries are sealed to keys that this device does not have\n",
			(unsigned long long)r->n_no_key);
	if (n_quarantine)
		fprintf(cli->out, "%llu received items did not verify and are kept apart\n",
			(unsigned long long)n_quarantine);
	if (r->n_problems == 0)
		fprintf(cli->out, "Everything is as it was written; the views equal a rebuild.\n");
}

static int run_verify(struct cli *cli, const struct parsed *p)
{
	struct checking c = { .cli = cli };
	struct verify_watch watch = { say_problem, say_step, &c };
	struct verify_report report = { 0 };
	struct node *node = NULL;
	uint64_t n_quarantine = 0, dropped = 0;
	int rc = cli_open(cli, NODE_READ, &node);

	(void)p;
	if (rc == 0) {
		progress_begin(&c.progress, cli->errs, &cli->errs_term, cli->env, "Verifying", "entries");
		rc = node_verify(node, &watch, &report, &cli->err);
		progress_end(&c.progress);
		n_quarantine = record_n_quarantine(node_record(node), &dropped);
	}
	if (rc == 0 && cli->json)
		say_report_json(cli, &report, n_quarantine);
	else if (rc == 0)
		say_report(cli, &report, n_quarantine);
	if (rc == 0 && report.n_problems > 0)
		rc = err_set(&cli->err, E_DAMAGED,
			     "%llu problem%s found: keep a copy of the home as it is; 'parley export "
			     "ndjson' saves what still opens",
			     (unsigned long long)report.n_problems, report.n_problems == 1 ? " was" : "s were");
	node_close(node);
	return rc;
}

const struct command cmd_verify = {
	.name = "verify",
	.group = "Check",
	.summary = "check every byte of the record",
	.about = "Opens every row, checks every signature, hash chain, body and redaction, the key slots, the heads "
		 "file and the "
		 "snapshot, and that the views equal a rebuild. Exit status 1 and a line for each place that is not as "
		 "it was "
		 "written; it never says what an entry holds.",
	.run = run_verify,
};

static int run_rebuild(struct cli *cli, const struct parsed *p)
{
	struct checking c = { .cli = cli };
	struct node_progress watch = { say_step, &c };
	struct node *node = NULL;
	const char *table = NULL;
	int rc = cli_open(cli, NODE_WRITE, &node);

	(void)p;
	if (rc == 0) {
		progress_begin(&c.progress, cli->errs, &cli->errs_term, cli->env, "Rebuilding", "entries");
		rc = node_rebuild(node, &watch, &table, &cli->err);
		progress_end(&c.progress);
	}
	if (rc == 0 && node_trouble(node)[0])
		cli_note(cli, "parley: %s", node_trouble(node));
	if (rc == 0 && cli->json)
		fprintf(cli->out, "{\"entries\":%llu,\"equal\":%s}\n",
			(unsigned long long)record_n_entries(node_record(node)), table ? "false" : "true");
	else if (rc == 0)
		fprintf(cli->out, "The views were built anew from %llu entries; %s\n",
			(unsigned long long)record_n_entries(node_record(node)),
			table ? "the old ones differed and were replaced" : "they equal the old ones, table by table");
	node_close(node);
	return rc;
}

const struct command cmd_rebuild = {
	.name = "rebuild",
	.group = "Check",
	.summary = "drop the views and build them anew from the record",
	.run = run_rebuild,
};
