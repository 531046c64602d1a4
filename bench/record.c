/* Appending, rebuilding, size. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

static void say_problem(void *ctx, const char *line)
{
	(void)ctx;
	fprintf(stderr, "problem: %s\n", line);
}

/* Every row again, from the disk: seals, chains, signatures, bodies. */
static int verify_all(struct bench *b, const struct world *w, uint64_t expected, struct err *err)
{
	const struct verify_watch watch = { .problem = say_problem };
	struct verify_report report = { 0 };
	struct record *record = NULL;
	int rc = record_open(b->env, w->home, w->root, STORE_READ_ONLY, &record, err);

	if (rc == 0)
		rc = record_verify(record, &watch, &report, err);
	record_close(record);
	if (rc == 0 && (report.n_problems > 0 || report.n_entries != expected || report.n_bodies != expected))
		rc = err_set(err, E_DAMAGED, "%llu problems, %llu of %llu entries and %llu bodies are good",
			     (unsigned long long)report.n_problems, (unsigned long long)report.n_entries,
			     (unsigned long long)expected, (unsigned long long)report.n_bodies);
	if (rc == 0)
		say_check("opened anew: %llu of %llu entries signed, chained and readable, %llu feeds",
			  (unsigned long long)report.n_entries, (unsigned long long)expected,
			  (unsigned long long)report.n_feeds);
	return rc;
}

/* Append b->n entries and check them from the disk. */
static int measure_append(struct bench *b, const char *name, struct err *err)
{
	struct world w;
	struct watch watch = { 0 };
	int rc = world_make(b, name, b->authors, &w, err);

	if (rc == 0)
		rc = world_fill(b, &w, 0, b->n, &watch, err);
	world_close(&w);
	if (rc == 0) {
		say_rate(name, (double)b->n, &watch, "entries/s");
		rc = verify_all(b, &w, w.n_before + b->n, err);
	}
	world_release(&w);
	return rc;
}

int run_append(struct bench *b, struct err *err)
{
	return measure_append(b, "record-append", err);
}

int run_append_one(struct bench *b, struct err *err)
{
	b->batch = 1;
	return measure_append(b, "record-append1", err);
}

int run_rebuild(struct bench *b, struct err *err)
{
	const char *table = NULL;
	struct node *node = NULL;
	struct world w;
	struct watch watch = { 0 };
	int rc = world_filled(b, &w, err);

	if (rc == 0)
		rc = node_open(b->env, w.home, w.root, NODE_WRITE, NULL, &node, err);
	if (rc == 0) {
		watch_start(&watch);
		rc = node_rebuild(node, NULL, &table, err);
		watch_stop(&watch);
	}
	if (rc == 0 && table)
		rc = err_set(err, E_DAMAGED, "table %s differs from what it was", table);
	if (rc == 0) {
		say_rate("record-rebuild", (double)record_n_entries(node_record(node)), &watch, "entries/s");
		say_check("all tables equal to the views before, compared and saved within the time");
	}
	node_close(node);
	world_release(&w);
	return rc;
}

/* What `parley verify` does: every byte that counts, and the views made anew and compared. */
int run_verify(struct bench *b, struct err *err)
{
	const struct verify_watch watch = { say_problem, NULL, NULL };
	struct verify_report report = { 0 };
	struct watch timer = { 0 };
	struct node *node = NULL;
	struct world w;
	int rc = world_filled(b, &w, err);

	if (rc == 0)
		rc = node_open(b->env, w.home, w.root, NODE_READ, NULL, &node, err);
	if (rc == 0) {
		watch_start(&timer);
		rc = node_verify(node, &watch, &report, err);
		watch_stop(&timer);
	}
	if (rc == 0 && (report.n_problems > 0 || report.n_entries != record_n_entries(node_record(node))))
		rc = err_set(err, E_DAMAGED, "%llu problems", (unsigned long long)report.n_problems);
	if (rc == 0) {
		say_rate("record-verify", (double)report.n_entries, &timer, "entries/s");
		say_check("%llu entries and %llu bodies are good, the views equal a rebuild",
			  (unsigned long long)report.n_entries, (unsigned long long)report.n_bodies);
	}
	node_close(node);
	world_release(&w);
	return rc;
}

int run_size(struct bench *b, struct err *err)
{
	struct node *node = NULL;
	struct world w;
	uint64_t before, open, n = 0;
	int rc = world_filled(b, &w, err);

	before = resident_bytes();
	if (rc == 0)
		rc = node_open(b->env, w.home, w.root, NODE_READ, NULL, &node, err);
	if (rc == 0) {
		open = resident_bytes();
		n = record_n_entries(node_record(node));
		say("record-size-disk", (double)world_file_bytes(b, &w, "record.db") / (double)n, "bytes/entry");
		say("record-size-snapshot", (double)world_file_bytes(b, &w, "snapshot") / (double)n, "bytes/entry");
		say("record-size-memory", (double)(open - before) / (double)n, "bytes/entry");
		say("record-size-most", (double)resident_most_bytes() / 1048576, "MiB");
		say_check("%llu entries, views of all of them in memory", (unsigned long long)n);
	}
	node_close(node);
	world_release(&w);
	return rc;
}
