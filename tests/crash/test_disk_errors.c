/* The disk refuses during a scripted day: a write, a sync, a read, a name, once or from then on. Nothing acknowledged is
 * lost, nothing is half there, and with a disk that works again the day goes on. */
#include "life.h"

#include <stdlib.h>

#include "base/limits.h"

#define SEED 1
#define CLAIM_TRIED 800

struct plan {
	const char *name;
	struct sim_fault fault;
	unsigned apart; /* unless PARLEY_SOAK is set, only each so many of the operations fails */
	enum day_script script;
};

#define NAMES                                                                                                          \
	(SIM_BIT(SIM_CREATE) | SIM_BIT(SIM_RENAME) | SIM_BIT(SIM_REMOVE) | SIM_BIT(SIM_MAKE_DIR) |                     \
	 SIM_BIT(SIM_SYNC_DIR))
#define GROWTH (SIM_BIT(SIM_WRITE) | SIM_BIT(SIM_CREATE) | SIM_BIT(SIM_MAKE_DIR))

static const struct plan plans[] = {
	{ "sync fails once", { .ops = SIM_BIT(SIM_SYNC), .code = E_IO }, 3, DAY_WHOLE },
	{ "sync fails from then on", { .ops = SIM_BIT(SIM_SYNC), .code = E_IO, .lasting = true }, 3, DAY_WHOLE },
	{ "sync fails once, with a long log", { .ops = SIM_BIT(SIM_SYNC), .code = E_IO }, 4, DAY_LONG_LOG },
	{ "write fails once", { .ops = SIM_BIT(SIM_WRITE), .code = E_IO }, 23, DAY_WHOLE },
	{ "write fails from then on", { .ops = SIM_BIT(SIM_WRITE), .code = E_IO, .lasting = true }, 23, DAY_WHOLE },
	{ "one write finds no space", { .ops = SIM_BIT(SIM_WRITE), .code = E_FULL }, 23, DAY_WHOLE },
	{ "no write finds space", { .ops = SIM_BIT(SIM_WRITE), .code = E_FULL, .lasting = true }, 23, DAY_WHOLE },
	{ "nothing can grow", { .ops = GROWTH, .code = E_FULL, .lasting = true, .growing = true }, 11, DAY_WHOLE },
	{ "read fails once", { .ops = SIM_BIT(SIM_READ), .code = E_IO }, 11, DAY_WHOLE },
	{ "read fails from then on", { .ops = SIM_BIT(SIM_READ), .code = E_IO, .lasting = true }, 11, DAY_WHOLE },
	{ "resizing fails once", { .ops = SIM_BIT(SIM_TRUNCATE), .code = E_IO }, 1, DAY_WHOLE },
	{ "a name fails once", { .ops = NAMES, .code = E_IO }, 3, DAY_WHOLE },
};

struct counts {
	unsigned n_runs, n_failed, n_unharmed, n_refused, n_resumed;
};

struct run {
	const struct plan *plan;
	uint64_t at;
	struct day day;
	struct simdisk *disk;
	struct counts *counts;
};

static bool syncs(const struct plan *plan)
{
	return plan->fault.ops == SIM_BIT(SIM_SYNC);
}

static bool reads(const struct plan *plan)
{
	return plan->fault.ops == SIM_BIT(SIM_READ);
}

static void mend(struct run *run)
{
	run->disk->fault.ops = 0;
}

/* --- what must work though the disk refuses ---------------------------------------------------------------- */

static int sink_write(void *ctx, const void *p, size_t n, struct err *err)
{
	(void)err;
	buf_put(ctx, p, n);
	return 0;
}

static bool is_redacted(const struct day *day, const uint8_t id[static ID_BYTES])
{
	for (size_t i = 0; i < day->n_facts; i++)
		if (day->facts[i].type == FACT_REDACTED && memcmp(day->facts[i].id, id, ID_BYTES) == 0)
			return true;
	return false;
}

/* Everything acknowledged can be read, and taken elsewhere. */
static void check_reading(struct run *run, struct node *node)
{
	const struct export_options options = { .attachments = true };
	struct buf out;
	struct sink sink = { .write = sink_write, .ctx = &out };
	struct day *day = &run->day;
	struct view *view;
	uint64_t n = 0;
	struct err err;

	life_check_facts(node, day, day->n_facts);
	buf_init(&out, ATTACHMENT_MAX);
	life_ok(node_view(node, NULL, &view, &err), &err);
	life_ok(ndjson_export(node_record(node), view, &sink, &options, &n, &err), &err);
	for (size_t i = 0; i < day->n_facts; i++) {
		const struct fact *fact = &day->facts[i];

		if (fact->type == FACT_CLAIM && !is_redacted(day, fact->id) && !day_redacts(day, fact->number))
			life_true(memmem(out.p, out.n, fact->word, strlen(fact->word)) != NULL);
	}
	buf_release(&out);
}

/* After a sync that failed nobody knows what is on the disk: this run of the program signs no more. */
static void check_signs_no_more(struct run *run)
{
	const size_t n = strlen(run->disk->fault.path);
	struct sim_fault fault = run->disk->fault;
	struct written written = { 0 };
	struct err err;

	if (n >= 4 && strcmp(run->disk->fault.path + n - 4, ".new") == 0)
		return; /* a file that was to replace another: the old one stands */
	mend(run);
	life_true(day_write_claim(&run->day, run->day.node, CLAIM_TRIED, &written, &err) < 0);
	life_true(node_trouble(run->day.node)[0] != '\0');
	run->disk->fault = fault;
	run->counts->n_refused++;
}

/* What a power cut right now would leave holds all facts too. */
static void check_survivors(struct run *run)
{
	const char *name = life_where_text();
	char before[512];

	snprintf(before, sizeof before, "%s", name);
	for (enum sim_model model = 0; model < N_SIM_MODELS; model++) {
		struct simdisk *left = simdisk_after_cut(run->disk, model, run->at);

		life_where("%s, then a power cut, %s", before, sim_model_name(model));
		if (run->day.n_facts > 0)
			life_check(left, &run->day, run->day.n_facts, run->at);
		simdisk_free(left);
	}
	life_where("%s", before);
}

/* --- one run ----------------------------------------------------------------------------------------------- */

static bool has_home(const struct run *run)
{
	return run->day.n_facts > 0;
}

/* The home that was not made is made again, if need be after doing what the error says. */
static void create_again(struct run *run)
{
	struct err err;
	int rc = day_next(&run->day, &err);

	if (rc == E_EXISTS) {
		life_true(strstr(err.text, "remove") != NULL);
		simdisk_clear(run->disk);
		rc = day_next(&run->day, &err);
	}
	life_ok(rc, &err);
}

/* Close, or be killed; then start again on a disk that works. */
static void start_again(struct run *run)
{
	struct simdisk *left = NULL;
	struct node *node = NULL;
	struct err err;

	if (run->at % 2)
		left = simdisk_after_cut(run->disk, SIM_ALL_KEPT, 0);
	node_close(run->day.node);
	run->day.node = NULL;
	life_true(run->disk->n_open == 0);
	if (!left && !reads(run->plan)) { /* a disk that still refuses to write can be read */
		life_ok(day_open(&run->day.machine.env, &run->day, NODE_READ, &node, &err), &err);
		check_reading(run, node);
		node_close(node);
	}
	if (left) {
		simdisk_free(run->disk);
		run->disk = run->day.machine.disk = left;
		run->day.machine.env.disk = &left->disk;
	}
	mend(run);
	life_ok(day_reopen(&run->day, &err), &err);
	if (!run->day.node)
		return;
	life_true(node_trouble(run->day.node)[0] == '\0');
	life_check_facts(run->day.node, &run->day, run->day.n_facts);
	life_check_verify(run->day.node);
}

static void after_failure(struct run *run, int code)
{
	const bool stopped = run->day.node && node_trouble(run->day.node)[0];
	struct err err;

	life_true(code == run->plan->fault.code || code == E_IO ||
		  (code == E_DAMAGED && (stopped || reads(run->plan))));
	run->counts->n_failed++;
	if (!has_home(run)) {
		mend(run);
		create_again(run);
		return;
	}
	check_survivors(run);
	if (run->day.node && !reads(run->plan))
		check_reading(run, run->day.node);
	if (run->day.node && syncs(run->plan))
		check_signs_no_more(run);
	if (run->day.node && run->plan->fault.code == E_FULL && run->at % 3 == 0) {
		mend(run); /* somebody made room */
		if (day_next(&run->day, &err) == 0) {
			run->counts->n_resumed++;
			return;
		}
		life_true(node_trouble(run->day.node)[0] != '\0');
	}
	start_again(run);
}

/* The step was acknowledged all the same: what failed was not needed for it. */
static void after_luck(struct run *run)
{
	run->counts->n_unharmed++;
	check_survivors(run);
	if (run->day.node && syncs(run->plan))
		check_signs_no_more(run);
}

/* @return false if the fault never came: the day has fewer such operations */
static bool run_day(const struct plan *plan, uint64_t at, struct counts *counts)
{
	struct run run = { .plan = plan, .at = at, .disk = simdisk_new(), .counts = counts };
	bool fired = false;
	struct err err = { 0 };

	life_where("seed %d, %s, the %dth time", SEED, plan->name, (int)at);
	day_init(&run.day, run.disk, plan->script, SEED);
	run.disk->fault = plan->fault;
	run.disk->fault.at = at;
	while (run.day.step < day_n_steps(&run.day)) {
		const int rc = day_next(&run.day, &err);
		const bool first = !fired && run.disk->fault.fired > 0;

		fired = fired || first;
		if (rc < 0 && !fired)
			life_ok(rc, &err);
		else if (rc < 0)
			after_failure(&run, rc);
		else if (first)
			after_luck(&run);
	}
	if (fired) {
		mend(&run);
		life_check(run.disk, &run.day, run.day.n_facts, at);
		counts->n_runs++;
	}
	day_release(&run.day);
	simdisk_free(run.disk);
	return fired;
}

static void test_plan(void **state)
{
	const struct plan *plan = *state;
	const unsigned apart = getenv("PARLEY_SOAK") ? 1 : plan->apart;
	struct counts counts = { 0 };
	uint64_t at = 1;

	while (run_day(plan, at, &counts))
		at += apart;
	print_message("# %s: %u runs; %u times a step failed, %u times none did; %u times signing stopped, "
		      "%u times the day went on at once\n",
		      plan->name, counts.n_runs, counts.n_failed, counts.n_unharmed, counts.n_refused,
		      counts.n_resumed);
	assert_true(counts.n_runs > 2);
}

int main(void)
{
	static struct plan copies[ARRAY_LEN(plans)]; /* cmocka wants them writable */
	struct CMUnitTest tests[ARRAY_LEN(plans)] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(plans); i++) {
		copies[i] = plans[i];
		tests[i].name = plans[i].name;
		tests[i].test_func = test_plan;
		tests[i].initial_state = &copies[i];
	}
	return run_tests("disk errors", tests);
}
