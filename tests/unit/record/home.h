/* A home in a folder of the test's own, on the real disk, with a clock that the test sets. Its passphrase is cheap. */
#ifndef PARLEY_TESTS_RECORD_HOME_H
#define PARLEY_TESTS_RECORD_HOME_H

#include <stdlib.h>

#include "base/env.h"
#include "base/limits.h"
#include "record/circle.h"
#include "record/record.h"
#include "support/faulty_disk.h"
#include "support/test.h"

#define MORNING INT64_C(1700000000000)

/* The real machine, but for the clock and a list of the 32-byte draws, in which the keys of a home are found. */
struct machine {
	struct env env; /* first */
	struct faulty_disk disk;
	int64_t now_ms;
	uint8_t draws[64][32];
	size_t n_draws;
};

struct home {
	char folder[DISK_PATH_MAX];
	struct machine machine;
	struct record_founding founding;
	uint8_t root[KEY_BYTES];
	struct record *record; /* NULL while closed */
	uint8_t circle[ID_BYTES];
	struct err err;
};

static inline int64_t machine_now(struct env *env)
{
	return ((struct machine *)env)->now_ms;
}

static inline void machine_random(struct env *env, void *out, size_t n)
{
	struct machine *m = (struct machine *)env;

	env_system()->random(env_system(), out, n);
	if (n == 32 && m->n_draws < ARRAY_LEN(m->draws))
		memcpy(m->draws[m->n_draws++], out, n);
}

static inline void machine_init(struct machine *m)
{
	faulty_disk_init(&m->disk);
	m->disk.lazy = true;
	m->env = *env_system();
	m->env.now_ms = machine_now;
	m->env.random = machine_random;
	m->env.disk = &m->disk.disk;
	m->now_ms = MORNING;
	m->n_draws = 0;
}

static inline void home_close(struct home *h)
{
	record_close(h->record);
	h->record = NULL;
}

static inline void home_open(struct home *h, enum store_mode mode)
{
	home_close(h);
	expect_ok(record_open(&h->machine.env, h->folder, h->root, mode, &h->record, &h->err), &h->err);
}

/* A folder, and nothing in it yet. */
static inline void home_init(struct home *h)
{
	memset(h, 0, sizeof *h);
	folder_make(h->folder);
	machine_init(&h->machine);
	h->founding.org_name = "Mediation team";
	h->founding.cost = &kdf_cost_insecure_tests;
}

static inline void home_create(struct home *h)
{
	bool insecure = false;

	home_init(h);
	expect_ok(record_create(&h->machine.env, h->folder, &h->founding, &h->record, &h->err), &h->err);
	expect_ok(record_unlock(&h->machine.env, h->folder, h->founding.passphrase, h->root, &insecure, &h->err),
		  &h->err);
	assert_true(insecure);
}

/* A home with a process. */
static inline void home_found(struct home *h)
{
	home_create(h);
	expect_ok(record_found_circle(h->record, "Havana", "Talks", h->circle, &h->err), &h->err);
}

static inline void home_remove(struct home *h)
{
	home_close(h);
	folder_clear(h->folder, true);
}

/* The seed of this home's own device, which is among what the machine drew. */
static inline void home_own_seed(const struct home *h, uint8_t ret_seed[static KEY_BYTES])
{
	uint8_t pk[KEY_BYTES], sk[64];

	for (size_t i = 0; i < h->machine.n_draws; i++) {
		sign_keypair(h->machine.draws[i], pk, sk);
		if (memcmp(pk, record_device(h->record), KEY_BYTES) == 0) {
			memcpy(ret_seed, h->machine.draws[i], KEY_BYTES);
			return;
		}
	}
	fail_msg("the seed of the device was not drawn");
}

/* The body of a small claim. */
static inline struct bytes claim_body(const char *word)
{
	static char text[512];
	int n = snprintf(text, sizeof text,
			 "{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"00112233445566778899aabbccddeeff\","
			 "\"set\":{\"name\":\"%s\"}}",
			 word);

	assert_true(n > 0 && n < (int)sizeof text);
	return BYTES(text, (size_t)n);
}

/* Append a claim in a batch of its own; gives its row. */
static inline uint64_t home_claim(struct home *h, const char *word)
{
	uint8_t id[ID_BYTES];
	uint64_t n = 0;

	expect_ok(record_begin(h->record, false, &h->err), &h->err);
	expect_ok(record_append(h->record, h->circle, claim_body(word), &n, id, &h->err), &h->err);
	expect_ok(record_commit(h->record, &h->err), &h->err);
	return n;
}

/* The row must hold that claim, open. */
static inline void expect_claim(struct home *h, uint64_t n, const char *word)
{
	struct bytes expected = claim_body(word);
	struct record_entry entry;

	expect_ok(record_read(h->record, n, &entry, &h->err), &h->err);
	assert_int_equal(entry.state, BODY_OPEN);
	assert_int_equal(entry.text.n, expected.n);
	assert_memory_equal(entry.text.p, expected.p, expected.n);
}

/* --- verify */

struct findings {
	size_t n;
	char lines[16][640];
};

static inline void findings_take(void *ctx, const char *line)
{
	struct findings *f = ctx;

	if (f->n < ARRAY_LEN(f->lines))
		snprintf(f->lines[f->n], sizeof f->lines[0], "%s", line);
	f->n++;
}

static inline struct verify_report home_verify(struct home *h, struct findings *ret)
{
	const struct verify_watch watch = { findings_take, NULL, ret };
	struct verify_report report;

	ret->n = 0;
	expect_ok(record_verify(h->record, &watch, &report, &h->err), &h->err);
	assert_int_equal(report.n_problems, ret->n);
	return report;
}

static inline bool findings_say(const struct findings *f, const char *part)
{
	for (size_t i = 0; i < f->n && i < ARRAY_LEN(f->lines); i++)
		if (strstr(f->lines[i], part))
			return true;
	return false;
}

/* Everything in the home must hold. */
static inline struct verify_report expect_clean(struct home *h)
{
	struct findings f;
	struct verify_report report = home_verify(h, &f);

	if (f.n > 0)
		fail_msg("verify: %s", f.lines[0]);
	return report;
}

/* Exactly n lines, one of which says `part`. */
static inline struct verify_report expect_findings(struct home *h, size_t n, const char *part)
{
	struct findings f;
	struct verify_report report = home_verify(h, &f);

	if (!findings_say(&f, part) || f.n != n) {
		for (size_t i = 0; i < f.n && i < ARRAY_LEN(f.lines); i++)
			print_message("# %s\n", f.lines[i]);
		fail_msg("%zu findings, expected %zu and \"%s\"", f.n, n, part);
	}
	return report;
}

#endif
