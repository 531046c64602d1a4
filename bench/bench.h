/* What the files of parley-bench share.
 *
 * Each measurement prints `NAME NUMBER UNIT` and, below it, a line `check ...`: what makes the number honest. A check
 * that fails ends the program with status 1, and no number counts then.
 *
 * Threads: one. Memory: none is kept between measurements.
 */
#ifndef PARLEY_BENCH_BENCH_H
#define PARLEY_BENCH_BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/env.h"
#include "node/node.h"
#include "record/record.h"

#define AUTHORS_MAX 1000

struct bench {
	struct env *env;
	size_t n;       /* entries */
	size_t size;    /* bytes of one body */
	size_t authors; /* feeds */
	size_t batch;   /* entries of one transaction */
	bool every_signature;
	const char *dir;    /* where homes are made; it exists */
	const char *self;   /* this program, to be started anew */
	const char *home;   /* of a child: the home to open */
	const char *task;   /* of a child: what to do */
	int64_t started_ns; /* of a child: when its parent started it */
};

struct command {
	const char *name;
	const char *what; /* one line */
	int (*run)(struct bench *b, struct err *err);
};

/* --- clock.c ----------------------------------------------------------------------------------------------- */

int64_t clock_ns(void);
double seconds_since(int64_t start_ns);

/** Seconds that all processors together worked for this process, the kernel's share included: what is left of a figure
 * when the machine has others to serve. */
double processor_seconds(void);

/* A time that is taken, in pieces if need be. */
struct watch {
	int64_t start_ns;
	double start_processor, s, processor;
};

void watch_start(struct watch *w);
void watch_stop(struct watch *w);

/** Bytes of resident memory now; the most there were. */
uint64_t resident_bytes(void);
uint64_t resident_most_bytes(void);

void say(const char *name, double number, const char *unit);

/** NAME n/s UNIT, and NAME-processor in microseconds each. */
void say_rate(const char *name, double n, const struct watch *w, const char *unit);
__attribute__((format(printf, 1, 2))) void say_check(const char *fmt, ...);

/* --- world.c ----------------------------------------------------------------------------------------------- */

/* A home for measuring: its passphrase is cheap, its key lies beside it. */
struct world {
	char home[DISK_PATH_MAX];
	uint8_t root[KEY_BYTES];
	uint8_t (*circles)[ID_BYTES]; /* one feed each */
	size_t n_circles;
	uint64_t n_before; /* entries that founding took */
	struct record *record;
};

/** Found an organisation and `authors` circles in DIR/NAME. The record is left open. */
MUST_CHECK int world_make(struct bench *b, const char *name, size_t authors, struct world *ret, struct err *err);

/** Let go of the record. */
void world_close(struct world *w);
void world_release(struct world *w);

/** The home and its key, from the folder of an earlier world_make(). */
MUST_CHECK int world_find(struct bench *b, const char *home, struct world *ret, struct err *err);

/** The body of claim i: the same for the same i and size, about b->size bytes, on one of n/4 objects. */
void world_body(const struct bench *b, size_t i, struct buf *ret);

/** Append claims from..to, in turn to each circle, b->batch in a transaction. Checks the number of entries.
 * @param watch  runs while they are appended, not while their bodies are made */
MUST_CHECK int world_fill(struct bench *b, struct world *w, size_t from, size_t to, struct watch *watch,
			  struct err *err);

/** A world of b->n claims in DIR/"filled", closed, with a snapshot of its views; made once. */
MUST_CHECK int world_filled(struct bench *b, struct world *ret, struct err *err);

/** Bytes of one file of the home, 0 if it is not there. */
uint64_t world_file_bytes(struct bench *b, const struct world *w, const char *name);

/* --- the measurements -------------------------------------------------------------------------------------- */

int run_append(struct bench *b, struct err *err);
int run_append_one(struct bench *b, struct err *err);
int run_open(struct bench *b, struct err *err);
int run_unlock(struct bench *b, struct err *err);
int run_import(struct bench *b, struct err *err);
int run_export(struct bench *b, struct err *err);
int run_rebuild(struct bench *b, struct err *err);
int run_verify(struct bench *b, struct err *err);
int run_size(struct bench *b, struct err *err);
int run_limits(struct bench *b, struct err *err);

/** The bare work of appending and opening, put together: what no record that signs, seals and chains can pass. */
MUST_CHECK int measure_composed(struct bench *b, struct err *err);

/** What a child does that run_open() and the like start, so that it begins cold. */
int run_child(struct bench *b, struct err *err);

#endif
