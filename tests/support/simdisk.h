/* A disk in memory that fails on purpose: files, directories, locks, and what of them is on the platter.
 *
 * It keeps two states: what a running program sees, and what would be left after a power cut. A write, a new size,
 * a new name stays "pending" until the sync that makes it last. From any moment an image of the surviving disk can
 * be made under three models. Every operation that changes something is counted, and can be watched, can fail, or can
 * be the last before the power goes. A sync that fails loses what it should have kept, and a later one does not
 * bring it back: so do real kernels.
 *
 * Threads: one. Memory: simdisk_free() frees everything; files must be closed before.
 */
#ifndef PARLEY_TESTS_SIMDISK_H
#define PARLEY_TESTS_SIMDISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/disk.h"

#define SIM_SECTOR 512
#define SIM_PAGE 4096

/* The operations that are counted. */
enum sim_op {
	SIM_CREATE, /* an open that makes a file */
	SIM_WRITE,
	SIM_TRUNCATE,
	SIM_SYNC,
	SIM_RENAME,
	SIM_REMOVE,
	SIM_MAKE_DIR,
	SIM_SYNC_DIR,
	SIM_READ, /* counted apart: changes nothing */
	N_SIM_OPS
};

#define SIM_BIT(op) (1u << (op))
#define SIM_CHANGES (SIM_BIT(SIM_READ) - 1)

/* What a power cut leaves of what was not synced. */
enum sim_model {
	SIM_ALL_KEPT, /* also what a killed process leaves */
	SIM_UNSYNCED_DROPPED,
	SIM_TORN, /* each sector of each write, each truncation and each name is kept or dropped by the seed */
	N_SIM_MODELS
};

/* Which operations fail, and how. Writes that fail have written half. */
struct sim_fault {
	unsigned ops;   /* SIM_BIT() of the kinds meant; 0: none fails */
	uint64_t at;    /* the nth of them from the moment the fault is set, from 1 */
	bool lasting;   /* and all after it */
	bool growing;   /* only writes that make a file longer count, and new files: a full disk */
	int code;       /* E_IO, E_FULL */
	uint64_t met;   /* counts: operations of the kinds meant */
	uint64_t fired; /* counts: failures */
	char path[64];  /* of the first failure: the end of it, where it is longer */
};

struct sim_inode;
struct sim_name;
struct sim_name_op;

struct simdisk {
	struct disk disk; /* first */
	uint64_t n_ops;   /* changing operations so far; the running one counts */
	uint64_t n_of[N_SIM_OPS];
	uint64_t cut_at; /* the power goes before this operation: it and all others fail. 0: never */
	struct sim_fault fault;
	/* Called before each changing operation; written: what a write is about to write. May be NULL. */
	void (*before)(void *ctx, enum sim_op op, const char *path, struct bytes written);
	void *ctx;
	size_t n_open; /* files open now */
	/* within */
	struct sim_inode **inodes;
	size_t n_inodes;
	struct sim_name *live, *safe;
	size_t n_live, n_safe;
	struct sim_name_op *name_ops;
	size_t n_name_ops;
};

/** An empty disk with the directory "/". */
struct simdisk *simdisk_new(void);
void simdisk_free(struct simdisk *sd); /* NULL is fine */

/** The disk as it is after a power cut now, with everything synced and no fault set.
 * @param seed  of SIM_TORN */
struct simdisk *simdisk_after_cut(const struct simdisk *sd, enum sim_model model, uint64_t seed);

/** A number that differs when names or contents differ. */
uint64_t simdisk_digest(const struct simdisk *sd);

/** The names of files (directories left out), sorted; valid until the next change.
 * @param i  from 0
 * @return NULL behind the last */
const char *simdisk_name(const struct simdisk *sd, size_t i);

/** The bytes of a file, to look at and to damage; NULL if there is none. Valid until the file grows. */
uint8_t *simdisk_bytes(struct simdisk *sd, const char *path, size_t *ret_n);

/** Put a whole file there, synced. Uncounted. */
void simdisk_put(struct simdisk *sd, const char *path, const void *p, size_t n);

/** Take a file away, synced. Uncounted. */
void simdisk_drop(struct simdisk *sd, const char *path);

/** Take all files away, synced. Uncounted. */
void simdisk_clear(struct simdisk *sd);

/** Exchange two pages of SIM_PAGE bytes. */
void simdisk_swap_pages(struct simdisk *sd, const char *path, size_t i, size_t j);

/** "write", "sync", ... */
const char *sim_op_name(enum sim_op op);
const char *sim_model_name(enum sim_model model);

/** One step of SplitMix64, for everything in tests that is drawn by a seed. */
uint64_t sim_draw(uint64_t *seed);

#endif
