/* What this machine can do at most, by the calls that the record uses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/work.h"
#include "bench.h"

#define ROUNDS 2000
#define ROW_BYTES 432

/* The parts of a limit: keys and buffers that every round uses. */
struct rig {
	uint8_t pk[KEY_BYTES], sk[64], key[KEY_BYTES];
	uint8_t header[HEADER_BYTES], signature[SIGNATURE_BYTES];
	uint8_t *megabyte, *sealed;
};

#define MEGABYTE ((size_t)1 << 20)

static void round_sign(struct rig *r)
{
	sign_prefixed(PREFIX_ENTRY, BYTES_OF(r->header), r->sk, r->signature);
}

static void round_verify(struct rig *r)
{
	if (!verify_prefixed(PREFIX_ENTRY, BYTES_OF(r->header), r->signature, r->pk))
		abort();
}

static void round_hash(struct rig *r)
{
	uint8_t hash[HASH_BYTES];

	hash_labelled(LABEL_ENTRY_ID, BYTES_OF(r->header), NO_BYTES, NO_BYTES, hash, sizeof hash);
	memcpy(r->header + 40, hash, 8);
}

static void round_hash_megabyte(struct rig *r)
{
	uint8_t hash[HASH_BYTES];

	hash_labelled(LABEL_BODY, BYTES(r->megabyte, MEGABYTE), NO_BYTES, NO_BYTES, hash, sizeof hash);
	memcpy(r->megabyte, hash, sizeof hash);
}

static void round_seal(struct rig *r)
{
	aead_seal(r->key, NULL, NO_BYTES, BYTES(r->megabyte, 256), r->sealed);
}

static void round_seal_megabyte(struct rig *r)
{
	aead_seal(r->key, NULL, NO_BYTES, BYTES(r->megabyte, MEGABYTE), r->sealed);
}

static void round_open_megabyte(struct rig *r)
{
	if (aead_open(r->key, NULL, NO_BYTES, BYTES(r->sealed, MEGABYTE + TAG_BYTES), r->megabyte) < 0)
		abort();
}

static void verify_aside(void *ctx, size_t i)
{
	(void)i;
	round_verify(ctx);
}

static void measure_verify_threads(struct rig *r)
{
	const size_t n = 20000;
	const int64_t start = clock_ns();

	work_each(n, verify_aside, r);
	say("limit-verify-threads", (double)n / seconds_since(start), "signatures/s");
}

/* Rounds a second, over at least a third of a second. */
static double rate(void (*round)(struct rig *), struct rig *r, size_t rounds)
{
	const int64_t start = clock_ns();
	size_t done = 0;

	do {
		for (size_t i = 0; i < rounds; i++)
			round(r);
		done += rounds;
	} while (seconds_since(start) < 0.33);
	return (double)done / seconds_since(start);
}

static void measure_crypto(struct rig *r)
{
	say("limit-sign", rate(round_sign, r, 100), "signatures/s");
	round_sign(r);
	say("limit-verify", rate(round_verify, r, 100), "signatures/s");
	measure_verify_threads(r);
	say("limit-blake2b-256", rate(round_hash, r, 1000), "hashes/s");
	say("limit-blake2b-1MiB", rate(round_hash_megabyte, r, 1) * MEGABYTE / 1e9, "GB/s");
	say("limit-seal-256", rate(round_seal, r, 1000), "seals/s");
	say("limit-seal-1MiB", rate(round_seal_megabyte, r, 1) * MEGABYTE / 1e9, "GB/s");
	round_seal_megabyte(r);
	memcpy(r->megabyte, r->sealed, MEGABYTE);
	say("limit-open-1MiB", rate(round_open_megabyte, r, 1) * MEGABYTE / 1e9, "GB/s");
}

static int measure_sync(struct bench *b, struct err *err)
{
	static const uint8_t page[4096] = { 1 };
	struct disk *disk = b->env->disk;
	struct disk_file *file = NULL;
	char path[DISK_PATH_MAX];
	int64_t start;
	int rc = disk_join(b->dir, "limit-sync", path, err);

	if (rc == 0)
		rc = disk->open(disk, path, DISK_READ | DISK_WRITE | DISK_CREATE, &file, err);
	if (rc < 0)
		return rc;
	rc = disk->write(disk, file, 0, page, sizeof page, err);
	start = clock_ns();
	for (size_t i = 0; i < ROUNDS && rc == 0; i++) {
		rc = disk->write(disk, file, 0, page, sizeof page, err);
		if (rc == 0)
			rc = disk->sync(disk, file, err);
	}
	if (rc == 0)
		say("limit-sync-4KiB", ROUNDS / seconds_since(start), "syncs/s");
	disk->close(disk, file);
	return rc < 0 ? rc : disk->remove(disk, path, err);
}

static int insert_rows(struct db *db, size_t batch, size_t batches, struct err *err)
{
	static uint8_t row[ROW_BYTES];
	struct stmt *s = NULL;
	int rc = 0;

	for (size_t i = 0; i < batches && rc == 0; i++) {
		rc = db_begin(db, err);
		for (size_t j = 0; j < batch && rc == 0; j++) {
			rc = db_prepare(db, "INSERT INTO t(box) VALUES(?1)", &s, err);
			if (rc == 0) {
				put_u64(row, i * batch + j);
				stmt_bind_blob(s, 1, row, sizeof row);
				rc = stmt_run(s, err);
			}
		}
		if (rc == 0)
			rc = db_commit(db, err);
	}
	return rc;
}

static int measure_rows(struct bench *b, size_t batch, size_t batches, struct err *err)
{
	struct disk *disk = b->env->disk;
	char path[DISK_PATH_MAX], name[64];
	struct db *db = NULL;
	int64_t start;
	int rc = disk_join(b->dir, "limit-rows", path, err);

	snprintf(name, sizeof name, "limit-sqlite-rows-%zu", batch);
	if (rc == 0)
		rc = db_open(disk, path, DB_READ_WRITE, &db, err);
	if (rc == 0)
		rc = db_exec(db, "CREATE TABLE t(n INTEGER PRIMARY KEY, box BLOB)", err);
	start = clock_ns();
	if (rc == 0)
		rc = insert_rows(db, batch, batches, err);
	if (rc == 0)
		say(name, (double)(batch * batches) / seconds_since(start), "rows/s");
	db_close(db);
	return rc < 0 ? rc : disk->remove(disk, path, err);
}

int run_limits(struct bench *b, struct err *err)
{
	struct rig r = { .header = { 'P', 'R', 'L', 'Y' } };
	int rc = crypto_start(err);

	if (rc < 0)
		return rc;
	r.megabyte = mem_alloc(MEGABYTE);
	r.sealed = mem_alloc(MEGABYTE + TAG_BYTES);
	sign_keypair(r.key, r.pk, r.sk);
	measure_crypto(&r);
	rc = measure_sync(b, err);
	if (rc == 0)
		rc = measure_rows(b, 1, ROUNDS, err);
	if (rc == 0)
		rc = measure_rows(b, 1000, 100, err);
	if (rc == 0)
		rc = measure_composed(b, err);
	if (rc == 0)
		say_check("every signature and seal made was accepted again");
	free(r.megabyte);
	free(r.sealed);
	return rc;
}
