/* Homes to measure in: founding, claims, filling. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "bench.h"

#define CLAIMS_PER_OBJECT 4
#define WORDS 4096 /* different words in the texts */

static uint64_t scatter(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

/* A made-up word of 4 to 8 letters; common ones come often, as in a text. */
static void put_word(struct buf *out, uint64_t seed)
{
	const uint64_t share = seed % 1000, rank = share * share * share / (1000000000 / WORDS);
	uint64_t letters = scatter(rank);
	char word[9];
	const size_t n = 4 + rank % 5;

	for (size_t i = 0; i < n; i++, letters /= 26)
		word[i] = (char)('a' + letters % 26);
	buf_put(out, word, n);
}

static void put_words(struct buf *out, uint64_t seed, size_t until)
{
	for (bool first = true; out->n < until; first = false) {
		if (!first)
			buf_text(out, " ");
		seed = scatter(seed);
		put_word(out, seed);
	}
}

void world_body(const struct bench *b, size_t i, struct buf *ret)
{
	static const char *const types[] = { "ASSAULT", "PROTEST", "AGREE", "CONSULT" };
	const size_t object = i / CLAIMS_PER_OBJECT, start = ret->n;
	const size_t tail = sizeof "\"},\"when\":\"2016-08-26\",\"source\":\"report 1234567\",\"grade\":\"B2\"}";

	buf_printf(ret,
		   "{\"t\":\"claim\",\"v\":1,\"kind\":\"incident\",\"id\":\"%016llx%016llx\",\"set\":{\"summary\":\"",
		   (unsigned long long)scatter(object), (unsigned long long)scatter(object + 1));
	put_words(ret, i, start + 140);
	buf_printf(ret, "\",\"type\":\"%s\",\"deaths_best\":%zu,\"damage\":\"", types[object % ARRAY_LEN(types)],
		   i % 7);
	put_words(ret, ~(uint64_t)i, start + (b->size > 300 ? b->size - tail : 220));
	buf_printf(ret, "\"},\"when\":\"20%02zu-%02zu-%02zu\",\"source\":\"report %zu\",\"grade\":\"%c%zu\"}",
		   i / 336 % 26, i / 28 % 12 + 1, i % 28 + 1, i, (int)('A' + i % 6), i % 6 + 1);
}

/* --- making ------------------------------------------------------------------------------------------------ */

static int home_place(struct bench *b, const char *name, struct world *w, struct err *err)
{
	return disk_join(b->dir, name, w->home, err);
}

/* The key lies beside the home, which holds nothing but made-up words. */
static int key_place(const struct world *w, char path[static DISK_PATH_MAX], struct err *err)
{
	const int n = snprintf(path, DISK_PATH_MAX, "%s.root", w->home);

	return n > 0 && n < DISK_PATH_MAX ? 0 : err_set(err, E_LIMIT, "%s: the path is too long", w->home);
}

static int keep_key(struct bench *b, const struct world *w, struct err *err)
{
	char path[DISK_PATH_MAX];
	int rc = key_place(w, path, err);

	return rc == 0 ? disk_replace(b->env->disk, path, w->root, sizeof w->root, err) : rc;
}

static int found_circles(struct world *w, size_t n, struct err *err)
{
	int rc = 0;

	w->circles = mem_alloc(n * sizeof *w->circles);
	for (size_t i = 0; i < n && rc == 0; i++) {
		char name[32];

		snprintf(name, sizeof name, "process %zu", i + 1);
		rc = record_found_circle(w->record, name, "to be measured", w->circles[i], err);
		w->n_circles = i + 1;
	}
	return rc;
}

int world_make(struct bench *b, const char *name, size_t authors, struct world *ret, struct err *err)
{
	struct record_founding founding = { .org_name = "Bench", .cost = &kdf_cost_insecure_tests };
	bool insecure;
	int rc;

	*ret = (struct world){ 0 };
	rc = home_place(b, name, ret, err);
	if (rc == 0)
		rc = record_create(b->env, ret->home, &founding, &ret->record, err);
	if (rc == 0)
		rc = record_unlock(b->env, ret->home, founding.passphrase, ret->root, &insecure, err);
	if (rc == 0)
		rc = keep_key(b, ret, err);
	if (rc == 0)
		rc = found_circles(ret, authors, err);
	if (rc == 0)
		ret->n_before = record_n_entries(ret->record);
	return rc;
}

void world_close(struct world *w)
{
	record_close(w->record);
	w->record = NULL;
}

void world_release(struct world *w)
{
	world_close(w);
	free(w->circles);
	*w = (struct world){ 0 };
}

int world_find(struct bench *b, const char *home, struct world *ret, struct err *err)
{
	char path[DISK_PATH_MAX];
	struct buf key;
	int rc;

	*ret = (struct world){ 0 };
	buf_init(&key, KEY_BYTES);
	snprintf(ret->home, sizeof ret->home, "%s", home);
	rc = key_place(ret, path, err);
	if (rc == 0)
		rc = disk_read_all(b->env->disk, path, KEY_BYTES, &key, err);
	if (rc == 0 && key.n != KEY_BYTES)
		rc = err_set(err, E_INVALID, "%s is not a key", path);
	if (rc == 0)
		memcpy(ret->root, key.p, KEY_BYTES);
	buf_release(&key);
	return rc;
}

/* The bodies of one transaction, one behind the other. */
struct bodies {
	struct buf bytes;
	size_t *ends;
};

static void make_bodies(const struct bench *b, size_t from, size_t n, struct bodies *out)
{
	buf_clear(&out->bytes);
	for (size_t i = 0; i < n; i++) {
		world_body(b, from + i, &out->bytes);
		out->ends[i] = out->bytes.n;
	}
}

static int append_bodies(struct world *w, size_t from, size_t n, const struct bodies *bodies, struct err *err)
{
	int rc = record_begin(w->record, n > 1, err);
	uint8_t id[ID_BYTES];
	size_t at = 0;
	uint64_t row;

	for (size_t i = 0; i < n && rc == 0; i++) {
		const uint8_t *circle = w->circles[(from + i) % w->n_circles];

		rc = record_append(w->record, circle, BYTES(bodies->bytes.p + at, bodies->ends[i] - at), &row, id, err);
		at = bodies->ends[i];
	}
	return rc == 0 ? record_commit(w->record, err) : rc;
}

int world_fill(struct bench *b, struct world *w, size_t from, size_t to, struct watch *watch, struct err *err)
{
	const uint64_t before = record_n_entries(w->record);
	struct bodies bodies = { .ends = mem_alloc(b->batch * sizeof *bodies.ends) };
	int rc = 0;

	buf_init(&bodies.bytes, b->batch * BODY_MAX);
	for (size_t i = from, n; i < to && rc == 0; i += n) {
		n = to - i < b->batch ? to - i : b->batch;
		make_bodies(b, i, n, &bodies);
		watch_start(watch);
		rc = append_bodies(w, i, n, &bodies, err);
		watch_stop(watch);
	}
	if (rc == 0 && record_n_entries(w->record) != before + (to - from))
		rc = err_set(err, E_DAMAGED, "there are not as many entries as were appended");
	buf_release(&bodies.bytes);
	free(bodies.ends);
	return rc;
}

static int save_views(struct bench *b, const struct world *w, struct err *err)
{
	struct node *node = NULL;
	int rc = node_open(b->env, w->home, w->root, NODE_WRITE, NULL, &node, err);

	node_close(node);
	return rc;
}

int world_filled(struct bench *b, struct world *ret, struct err *err)
{
	struct watch ignored = { 0 };
	struct disk_stat st = { 0 };
	int rc;

	*ret = (struct world){ 0 };
	rc = home_place(b, "filled", ret, err);

	if (rc == 0)
		rc = b->env->disk->stat(b->env->disk, ret->home, &st, err);
	if (rc < 0)
		return rc;
	if (st.type == DISK_DIRECTORY) {
		char home[DISK_PATH_MAX];

		snprintf(home, sizeof home, "%s", ret->home);
		return world_find(b, home, ret, err);
	}
	rc = world_make(b, "filled", b->authors, ret, err);
	if (rc == 0)
		rc = world_fill(b, ret, 0, b->n, &ignored, err);
	world_close(ret);
	return rc == 0 ? save_views(b, ret, err) : rc;
}

uint64_t world_file_bytes(struct bench *b, const struct world *w, const char *name)
{
	char path[DISK_PATH_MAX];
	struct disk_stat st = { 0 };
	struct err err;

	if (disk_join(w->home, name, path, &err) < 0 || b->env->disk->stat(b->env->disk, path, &st, &err) < 0)
		return 0;
	return st.type == DISK_REGULAR ? st.size : 0;
}
