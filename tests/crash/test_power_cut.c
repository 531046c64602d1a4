/* The power goes at every operation of a scripted day, under three models of what a disk keeps. */
#include "life.h"

#include <stdlib.h>

#define SEED 1
#define SEEDS_SOAK 10
/* Unless PARLEY_SOAK is set, only each so many of the writes is a cut; every other operation always is. */
#define WRITES_APART 6
#define WRITES_APART_LONG 211
#define WRITES_APART_LONG_SOAK 13
#define STOPS_APART 23 /* of the runs that are stopped in earnest */
#define N_STOPS_MAX 64
#define N_REMEMBERED 16

struct cuts {
	struct day day;
	uint64_t seed;
	uint64_t writes_apart; /* 1: all */
	/* images met lately, with the facts that had to hold: the same again proves nothing new */
	struct {
		uint64_t digest;
		size_t n_facts, step;
	} met[N_REMEMBERED];
	size_t n_met;
	uint64_t n_ops, n_cuts, n_images, n_same, n_creations;
};

static bool met_before(struct cuts *cuts, const struct simdisk *image)
{
	const uint64_t digest = simdisk_digest(image);

	for (size_t i = 0; i < N_REMEMBERED && i < cuts->n_met; i++)
		if (cuts->met[i].digest == digest && cuts->met[i].n_facts == cuts->day.n_facts &&
		    cuts->met[i].step == cuts->day.step)
			return true;
	cuts->met[cuts->n_met % N_REMEMBERED].digest = digest;
	cuts->met[cuts->n_met % N_REMEMBERED].n_facts = cuts->day.n_facts;
	cuts->met[cuts->n_met++ % N_REMEMBERED].step = cuts->day.step;
	return false;
}

static void check_images(struct cuts *cuts, const char *op, const char *path)
{
	struct simdisk *disk = cuts->day.machine.disk;
	const uint64_t n_op = disk->n_ops;

	cuts->n_cuts++;
	for (enum sim_model model = 0; model < N_SIM_MODELS; model++) {
		const uint64_t seed = cuts->seed + n_op * N_SIM_MODELS + model;
		struct simdisk *image = simdisk_after_cut(disk, model, seed);

		life_where("seed %d, step %zu, power cut before operation %d (%s %s), %s", (int)cuts->seed,
			   cuts->day.step, (int)n_op, op, path, sim_model_name(model));
		if (met_before(cuts, image)) {
			cuts->n_same++;
		} else if (cuts->day.n_facts == 0) {
			cuts->n_creations++;
			life_check_creation(image, seed);
		} else {
			cuts->n_images++;
			life_check(image, &cuts->day, cuts->day.n_facts, seed);
		}
		simdisk_free(image);
	}
}

static void before_operation(void *ctx, enum sim_op op, const char *path, struct bytes written)
{
	struct cuts *cuts = ctx;
	const uint64_t n_op = cuts->day.machine.disk->n_ops;

	(void)written;
	if (op != SIM_WRITE || n_op % cuts->writes_apart == 0)
		check_images(cuts, sim_op_name(op), path);
	simenv_seed_library(cuts->seed + n_op); /* the lives checked meanwhile drew from it, too */
}

static void cut_everywhere(struct cuts *cuts, enum day_script script, uint64_t seed)
{
	struct simdisk *disk = simdisk_new();
	struct err err;

	cuts->seed = seed;
	cuts->n_met = 0;
	day_init(&cuts->day, disk, script, seed);
	disk->before = before_operation;
	disk->ctx = cuts;
	life_where("seed %d, the day itself", (int)seed);
	life_ok(day_run(&cuts->day, day_n_steps(&cuts->day), &err), &err);
	check_images(cuts, "none", "the day is over");
	cuts->n_ops += disk->n_ops;
	day_release(&cuts->day);
	simdisk_free(disk);
}

static void cut_and_report(enum day_script script, uint64_t n_seeds, uint64_t writes_apart)
{
	struct cuts *cuts = calloc(1, sizeof *cuts);

	cuts->writes_apart = writes_apart;
	for (uint64_t seed = SEED; seed < SEED + n_seeds; seed++)
		cut_everywhere(cuts, script, seed);
	print_message("# %d operations; the power cut before %d of them, three models each: %d homes opened and "
		      "checked, %d in the making, %d the same as one before\n",
		      (int)cuts->n_ops, (int)cuts->n_cuts, (int)cuts->n_images, (int)cuts->n_creations,
		      (int)cuts->n_same);
	assert_true(cuts->n_images > 50);
	free(cuts);
}

static bool soak(void)
{
	return getenv("PARLEY_SOAK") != NULL;
}

static void test_every_operation(void **state)
{
	(void)state;
	cut_and_report(DAY_WHOLE, soak() ? SEEDS_SOAK : 1, soak() ? 1 : WRITES_APART);
}

static void test_long_log(void **state)
{
	(void)state;
	cut_and_report(DAY_LONG_LOG, 1, soak() ? WRITES_APART_LONG_SOAK : WRITES_APART_LONG);
}

/* --- a machine that stops in earnest: the same disk is left, and nothing is acknowledged without power ------- */

struct stop {
	uint64_t op;
	size_t n_facts;
	uint64_t digests[N_SIM_MODELS];
};

struct stops {
	struct day day;
	struct stop list[N_STOPS_MAX];
	size_t n;
};

static void note_stop(const struct day *day, uint64_t op, struct stop *stop)
{
	*stop = (struct stop){ .op = op, .n_facts = day->n_facts };
	for (enum sim_model model = 0; model < N_SIM_MODELS; model++) {
		struct simdisk *image = simdisk_after_cut(day->machine.disk, model, stop->op);

		stop->digests[model] = simdisk_digest(image);
		simdisk_free(image);
	}
}

static void note_some(void *ctx, enum sim_op op, const char *path, struct bytes written)
{
	struct stops *stops = ctx;
	const uint64_t n_op = stops->day.machine.disk->n_ops;

	(void)op;
	(void)path;
	(void)written;
	if (n_op % STOPS_APART == 1 && stops->n < N_STOPS_MAX)
		note_stop(&stops->day, n_op, &stops->list[stops->n++]);
	simenv_seed_library(n_op);
}

static void reseed(void *ctx, enum sim_op op, const char *path, struct bytes written)
{
	const struct simdisk *disk = ctx;

	(void)op;
	(void)path;
	(void)written;
	simenv_seed_library(disk->n_ops);
}

/* Close everything without power, then compare what is left. */
static void stop_and_compare(const struct stop *expected)
{
	struct simdisk *disk = simdisk_new();
	struct stop left;
	struct day day;
	struct err err;

	day_init(&day, disk, DAY_WHOLE, SEED);
	disk->before = reseed;
	disk->ctx = disk;
	disk->cut_at = expected->op;
	life_where("seed %d, stopped at operation %d", SEED, (int)expected->op);
	while (day.step < day_n_steps(&day) && day_next(&day, &err) == 0)
		;
	node_close(day.node);
	day.node = NULL;
	life_true(disk->n_open == 0);
	note_stop(&day, expected->op, &left);
	life_true(left.n_facts == expected->n_facts);
	life_true(memcmp(left.digests, expected->digests, sizeof left.digests) == 0);
	day_release(&day);
	simdisk_free(disk);
}

static void test_stopped_machine(void **state)
{
	struct stops *stops = calloc(1, sizeof *stops);
	struct simdisk *disk = simdisk_new();
	struct err err;

	(void)state;
	day_init(&stops->day, disk, DAY_WHOLE, SEED);
	disk->before = note_some;
	disk->ctx = stops;
	life_where("seed %d, the day itself", SEED);
	life_ok(day_run(&stops->day, day_n_steps(&stops->day), &err), &err);
	assert_true(stops->n > 10);
	for (size_t i = 0; i < stops->n; i++)
		stop_and_compare(&stops->list[i]);
	print_message("# stopped in earnest at %d of %d operations: nothing acknowledged after, the same disk left\n",
		      (int)stops->n, (int)disk->n_ops);
	day_release(&stops->day);
	simdisk_free(disk);
	free(stops);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_operation),
		cmocka_unit_test(test_long_log),
		cmocka_unit_test(test_stopped_machine),
	};

	return run_tests("power cut", tests);
}
