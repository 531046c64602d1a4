/* Opening a home: in a process of its own, from its start until the views are ready. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

/* Start this program anew for one task in a home; it prints its own lines. */
static int start_child(struct bench *b, const struct world *w, const char *task, struct err *err)
{
	char started[32];
	int status = 0;
	pid_t pid;

	fflush(stdout);
	snprintf(started, sizeof started, "%lld", (long long)clock_ns());
	pid = fork();
	if (pid == 0) {
		execl(b->self, b->self, "child", "--home", w->home, "--task", task, "--started", started, NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		return err_set(err, E_IO, "the measured process failed");
	return 0;
}

static int measure_in_child(struct bench *b, const char *task, struct err *err)
{
	struct world w;
	int rc = world_filled(b, &w, err);

	if (rc == 0)
		rc = start_child(b, &w, task, err);
	world_release(&w);
	return rc;
}

int run_open(struct bench *b, struct err *err)
{
	return measure_in_child(b, b->every_signature ? "open-all" : "open-chain", err);
}

int run_unlock(struct bench *b, struct err *err)
{
	return measure_in_child(b, "unlock", err);
}

/* --- in the child ------------------------------------------------------------------------------------------ */

static void say_problem(void *ctx, const char *line)
{
	(void)ctx;
	fprintf(stderr, "problem: %s\n", line);
}

static int count_rows(struct view *view, const char *sql, int64_t *ret, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(view), sql, &s, err);

	if (rc < 0)
		return rc;
	rc = stmt_step(s, err);
	*ret = rc == 1 ? stmt_int(s, 0) : 0;
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

/* Whether the views hold what the record holds. */
static int check_views(struct record *record, struct view *view, struct err *err)
{
	const uint64_t n = record_n_entries(record);
	int64_t entries = 0, claims = 0, objects = 0;
	int rc = count_rows(view, "SELECT count(*) FROM entry WHERE state = 'open'", &entries, err);

	if (rc == 0)
		rc = count_rows(view, "SELECT count(*) FROM claim WHERE status = 0", &claims, err);
	if (rc == 0)
		rc = count_rows(view, "SELECT count(*) FROM object", &objects, err);
	if (rc == 0 && (uint64_t)entries != n)
		rc = err_set(err, E_DAMAGED, "the views hold %lld open entries of %llu", (long long)entries,
			     (unsigned long long)n);
	if (rc == 0)
		say_check("views of %lld entries: %lld claims about %lld objects", (long long)entries,
			  (long long)claims, (long long)objects);
	return rc;
}

/* Open the record, check it, and have the views ready. */
static int open_checked(struct bench *b, const struct world *w, struct record **record, struct view **view,
			struct err *err)
{
	const enum start_check depth = b->every_signature ? CHECK_SIGNATURES : CHECK_CHAIN;
	const struct verify_watch watch = { say_problem, NULL, NULL };
	struct verify_report report = { 0 };
	bool loaded = false;
	int rc = record_open(b->env, w->home, w->root, STORE_READ_ONLY, record, err);

	if (rc == 0)
		rc = view_load_checked(*record, depth, &watch, &report, view, &loaded, err);
	if (rc == 0)
		rc = view_catch_up(*view, *record, NULL, NULL, err);
	if (rc == 0 && !loaded)
		rc = err_set(err, E_INVALID,
			     "the snapshot is of another version of the program: remove the folder of --dir");
	if (rc == 0 && (report.n_problems > 0 || report.n_entries != record_n_entries(*record)))
		rc = err_set(err, E_DAMAGED, "%llu of %llu entries are good", (unsigned long long)report.n_entries,
			     (unsigned long long)record_n_entries(*record));
	return rc;
}

static int open_verified(struct bench *b, const struct world *w, struct err *err)
{
	struct watch timer = { .start_ns = b->started_ns };
	struct record *record = NULL;
	struct view *view = NULL;
	int rc = open_checked(b, w, &record, &view, err);

	watch_stop(&timer);
	if (rc == 0) {
		say_rate(b->every_signature ? "record-open-all" : "record-open-chain", (double)record_n_entries(record),
			 &timer, "entries/s");
		rc = check_views(record, view, err);
	}
	view_free(view);
	record_close(record);
	return rc;
}

static int unlock(struct bench *b, const struct world *w, struct err *err)
{
	struct node *node = NULL;
	struct view *view = NULL;
	struct watch timer = { .start_ns = b->started_ns };
	int rc = node_open(b->env, w->home, w->root, NODE_READ, NULL, &node, err);

	watch_stop(&timer);
	if (rc == 0) {
		say("record-unlock", timer.s * 1000, "ms");
		say("record-unlock-processor", timer.processor * 1000, "ms");
		rc = node_view(node, NULL, &view, err);
	}
	if (rc == 0)
		rc = check_views(node_record(node), view, err);
	node_close(node);
	return rc;
}

int run_child(struct bench *b, struct err *err)
{
	struct world w;
	int rc = world_find(b, b->home, &w, err);

	b->every_signature = strcmp(b->task, "open-all") == 0;
	if (rc == 0)
		rc = strcmp(b->task, "unlock") == 0 ? unlock(b, &w, err) : open_verified(b, &w, err);
	world_release(&w);
	return rc;
}
