/* Limits that are put together: the bare work of a record, without rows sealed a second time, padding, reading back, heads,
 * checks of what is written, or views. Upper marks, not peers.
 *
 *   append: each body of 400 bytes sealed, hashed and chained on one thread, a batch signed on all, stored in one
 *           transaction; the stages do not overlap
 *   open:   all rows read in order; headers hashed and compared with the chain, bodies opened, on all threads; of each
 *           author's last entry the signature
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/db.h"
#include "base/limits.h"
#include "base/work.h"
#include "bench.h"

#define BATCH 1000
#define BATCHES 50
#define ENTRIES ((size_t)BATCH * BATCHES)
#define AUTHORS 50
#define BODY_BYTES 400
#define ROW_BYTES (ENVELOPE_BYTES + BODY_BYTES + TAG_BYTES)
#define AT_AUTHOR 40
#define AT_PREV 80
#define AT_BODY_HASH 216

struct bare {
	uint8_t pk[AUTHORS][KEY_BYTES], sk[AUTHORS][64], key[KEY_BYTES];
	uint8_t heads[AUTHORS][ID_BYTES];
	uint8_t rows[BATCH][ROW_BYTES];
	uint8_t ids[BATCH][ID_BYTES]; /* while opening: of the rows */
	bool good[BATCH];
	size_t first; /* number of the first row */
	struct db *db;
};

static void seal_entry(struct bare *w, size_t i)
{
	static const uint8_t body[BODY_BYTES] = { '{', '}' };
	const size_t author = (w->first + i) % AUTHORS;
	uint8_t *row = w->rows[i];

	memset(row, 0, ENVELOPE_BYTES);
	memcpy(row + AT_AUTHOR, w->pk[author], KEY_BYTES);
	memcpy(row + AT_PREV, w->heads[author], ID_BYTES);
	put_u64(row + 72, w->first + i);
	aead_seal(w->key, NULL, BYTES(row, AT_BODY_HASH), BYTES_OF(body), row + ENVELOPE_BYTES);
	hash_labelled(LABEL_BODY, BYTES(row + ENVELOPE_BYTES, BODY_BYTES + TAG_BYTES), NO_BYTES, NO_BYTES,
		      row + AT_BODY_HASH, HASH_BYTES);
	entry_id(row, w->heads[author]);
}

static void sign_entry(void *ctx, size_t i)
{
	struct bare *w = ctx;

	envelope_sign(w->rows[i], w->sk[(w->first + i) % AUTHORS], w->rows[i] + HEADER_BYTES);
}

static int store_batch(struct bare *w, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_begin(w->db, err);

	for (size_t i = 0; i < BATCH && rc == 0; i++) {
		rc = db_prepare(w->db, "INSERT INTO t(n, row) VALUES(?1, ?2)", &s, err);
		if (rc == 0) {
			stmt_bind_int(s, 1, (int64_t)(w->first + i));
			stmt_bind_blob(s, 2, w->rows[i], ROW_BYTES);
			rc = stmt_run(s, err);
		}
	}
	return rc == 0 ? db_commit(w->db, err) : rc;
}

static int append_all(struct bare *w, struct err *err)
{
	const int64_t start = clock_ns();
	int rc = 0;

	for (w->first = 0; w->first < ENTRIES && rc == 0; w->first += BATCH) {
		for (size_t i = 0; i < BATCH; i++)
			seal_entry(w, i);
		work_each(BATCH, sign_entry, w);
		rc = store_batch(w, err);
	}
	if (rc == 0)
		say("limit-record-append", ENTRIES / seconds_since(start), "entries/s");
	return rc;
}

static void open_entry(void *ctx, size_t i)
{
	struct bare *w = ctx;
	uint8_t *row = w->rows[i], header[AT_BODY_HASH], body[BODY_BYTES];

	memcpy(header, row, sizeof header);
	entry_id(row, w->ids[i]);
	w->good[i] = aead_open(w->key, NULL, BYTES_OF(header), BYTES(row + ENVELOPE_BYTES, BODY_BYTES + TAG_BYTES),
			       body) == 0;
}

static int read_batch(struct bare *w, struct err *err)
{
	struct stmt *s = NULL;
	size_t n = 0;
	int rc = db_prepare(w->db, "SELECT row FROM t WHERE n BETWEEN ?1 AND ?2", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_int(s, 1, (int64_t)w->first);
	stmt_bind_int(s, 2, (int64_t)(w->first + BATCH - 1));
	while (n < BATCH && (rc = stmt_step(s, err)) == 1)
		memcpy(w->rows[n++], stmt_blob(s, 0).p, ROW_BYTES);
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

/* Whether the batch continues the chains, and what is an author's last entry is signed by him. */
static bool follow_chains(struct bare *w)
{
	bool good = true;

	for (size_t i = 0; i < BATCH && good; i++) {
		const size_t author = (w->first + i) % AUTHORS;
		const uint8_t *row = w->rows[i];

		good = w->good[i] && memcmp(row + AT_PREV, w->heads[author], ID_BYTES) == 0;
		memcpy(w->heads[author], w->ids[i], ID_BYTES);
		if (w->first + i + AUTHORS >= ENTRIES)
			good = good && verify_prefixed(PREFIX_ENTRY, BYTES(row, HEADER_BYTES), row + HEADER_BYTES,
						       w->pk[author]);
	}
	return good;
}

static int open_all(struct bare *w, struct err *err)
{
	const int64_t start = clock_ns();
	int rc = 0;

	memset(w->heads, 0, sizeof w->heads);
	for (w->first = 0; w->first < ENTRIES && rc == 0; w->first += BATCH) {
		rc = read_batch(w, err);
		if (rc < 0)
			return rc;
		work_each(BATCH, open_entry, w);
		if (!follow_chains(w))
			rc = err_set(err, E_DAMAGED, "the bare record does not open again");
	}
	if (rc == 0)
		say("limit-record-open", ENTRIES / seconds_since(start), "entries/s");
	return rc;
}

int measure_composed(struct bench *b, struct err *err)
{
	struct bare *w = mem_alloc(sizeof *w);
	struct disk *disk = b->env->disk;
	char path[DISK_PATH_MAX];
	int rc = disk_join(b->dir, "limit-record", path, err);

	for (size_t i = 0; i < AUTHORS; i++) {
		uint8_t seed[KEY_BYTES] = { (uint8_t)i };

		sign_keypair(seed, w->pk[i], w->sk[i]);
	}
	if (rc == 0)
		rc = db_open(disk, path, DB_READ_WRITE, &w->db, err);
	if (rc == 0)
		rc = db_exec(w->db, "CREATE TABLE t(n INTEGER PRIMARY KEY, row BLOB)", err);
	if (rc == 0)
		rc = append_all(w, err);
	if (rc == 0)
		rc = open_all(w, err);
	db_close(w->db);
	free(w);
	return rc < 0 ? rc : disk->remove(disk, path, err);
}
