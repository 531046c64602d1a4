/* A scripted day in a home: everything that writes, in about thirty steps, and what of it was acknowledged.
 *
 * The day runs on a simulated machine. A step that fails may be tried again after the home was opened anew; steps
 * take what stands already as done. Whatever a step acknowledged becomes a fact, which must hold ever after.
 *
 * Threads: one. Memory: day_release() frees; the disk is the caller's.
 */
#ifndef PARLEY_TESTS_DAY_H
#define PARLEY_TESTS_DAY_H

#include "node/node.h"
#include "support/simenv.h"

#define DAY_ROOM "/data"
#define DAY_HOME "/data/home"
#define DAY_WORD_MAX 40

enum fact_type {
	FACT_HOME,      /* the home was made */
	FACT_PROCESS,   /* id: the circle */
	FACT_CLAIM,     /* id: the entry, word: stands in its body */
	FACT_ATTACHED,  /* id: the entry of a claim whose first attachment is the file of `number` */
	FACT_RETRACTED, /* id: the entry of the claim */
	FACT_REDACTED,  /* id: the entry of the claim, word: stood in its body */
	FACT_EPOCHS,    /* number: so many at least */
};

enum day_script {
	DAY_WHOLE,
	DAY_LONG_LOG,   /* shorter, with so large a file that the database folds its log in by itself */
	DAY_SMALL_HOME, /* a few entries of every sort; the steps below leave it in states worth damaging */
};

/* Steps of DAY_SMALL_HOME behind which the home is closed, and one behind which its last writes are in the log only. */
#define SMALL_CREATED 1
#define SMALL_BEGUN 6
#define SMALL_WHOLE 10 /* the next to come is a redaction */
#define SMALL_CLOSED 14
#define SMALL_KILLED 17

struct fact {
	enum fact_type type;
	uint8_t id[ID_BYTES];
	uint64_t seq; /* FACT_CLAIM: in the feed of this device */
	unsigned number;
	char word[DAY_WORD_MAX];
};

struct day {
	enum day_script script;
	struct simenv machine;
	struct node *node;                             /* NULL while closed */
	char room[DISK_PATH_MAX], home[DISK_PATH_MAX]; /* DAY_ROOM and DAY_HOME on a simulated disk */
	char passphrase[PASSPHRASE_MAX], paper[PASSPHRASE_MAX];
	uint8_t recovery[RECOVERY_KEYS][KEY_BYTES]; /* seeds */
	uint8_t root[KEY_BYTES];
	uint8_t circle[ID_BYTES];
	size_t step; /* the next one to run */
	bool again;  /* it failed before */
	struct fact *facts;
	size_t n_facts;
	/* every word that was written, each once; none may ever be readable on the disk */
	char **words;
	size_t n_words;
};

/** A new machine on the disk, with DAY_ROOM there and nothing in it. */
void day_init(struct day *day, struct simdisk *disk, enum day_script script, uint64_t seed);

/** The same day on the real disk, in the folder `room`, which is there and empty; the home is "home" in it. */
void day_init_real(struct day *day, const char *room, enum day_script script, uint64_t seed);
void day_release(struct day *day);

size_t day_n_steps(const struct day *day);
const char *day_step_name(const struct day *day, size_t step);

/** Steps after which there is an open home with a process. */
#define DAY_STEPS_FOUNDED 3

/** True if the step to come redacts the claim of that number: cut short, it may have happened or not. */
bool day_redacts(const struct day *day, unsigned number);

/** Run the next step; day->step moves on when it succeeds, day->again says that it did not. */
MUST_CHECK int day_next(struct day *day, struct err *err);

/** Run steps until one fails or `until` (at most day_n_steps()) is reached. */
MUST_CHECK int day_run(struct day *day, size_t until, struct err *err);

/** Open the home if the step to come needs it open and it is not. */
MUST_CHECK int day_reopen(struct day *day, struct err *err);

/** Open the home of a day on a machine; also a copy of it, on another disk.
 * @param mode  NODE_READ or NODE_WRITE */
MUST_CHECK int day_open(struct env *env, const struct day *day, enum node_mode mode, struct node **ret,
			struct err *err);

/** Write the claim of that number (any, used once). ret gives its entry. */
MUST_CHECK int day_write_claim(struct day *day, struct node *node, unsigned number, struct written *ret,
			       struct err *err);

/** The word by which the body of the claim of that number is known. */
void day_claim_word(unsigned number, char out[static DAY_WORD_MAX]);

/** The content of the file that is attached to the claim of that number. */
void day_file(struct day *day, unsigned number, struct buf *out);

#endif
