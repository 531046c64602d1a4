/* A record in memory in the place of the real one: the functions of record/record.h that the views call, over a plain
 * array. So tests can have several organisations, any order of arrival, and bodies that come and go.
 *
 * Devices are 32 times their number; device d belongs to organisation d / 10, from 90 on to nobody. Circles likewise;
 * organisation 1 may have an id of its own (double_found()), for a genesis must have the hash of its body.
 * It is included by one C file of a test program, which then links none of the real functions.
 */
#ifndef PARLEY_TESTS_UNIT_VIEW_RECORD_DOUBLE_H
#define PARLEY_TESTS_UNIT_VIEW_RECORD_DOUBLE_H

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "record/epoch.h"
#include "record/record.h"

struct double_entry {
	uint8_t id[ID_BYTES];
	uint8_t cls;
	uint8_t device, circle;
	uint64_t seq;
	int64_t time;
	enum body_state state;
	bool damaged;
	bool in_org_1;  /* its circle is the id of organisation 1 */
	uint16_t boxes; /* of an epoch */
	char *text;     /* owned */
	uint8_t *raw;   /* owned; NULL until it is read */
};

struct record {
	struct double_entry *entries;
	size_t n, cap;
	uint8_t *snapshot;
	size_t snapshot_n;
	uint8_t org_1[ID_BYTES]; /* zeros: as the others */
};

/* An entry of the next row. Its id depends on `name` only, so that the same entry can come at another place. */
static inline struct double_entry *double_add(struct record *r, uint32_t name, uint8_t cls, const char *text)
{
	struct double_entry *e;
	uint8_t number[4];

	if (r->n == r->cap) {
		r->cap = r->cap ? 2 * r->cap : 64;
		r->entries = mem_resize(r->entries, r->cap * sizeof *r->entries);
	}
	e = &r->entries[r->n++];
	*e = (struct double_entry){ .cls = cls, .device = 11, .circle = 1, .seq = name + 1, .state = BODY_OPEN };
	put_u32(number, name);
	hash_labelled(LABEL_ENTRY_ID, BYTES_OF(number), NO_BYTES, NO_BYTES, e->id, ID_BYTES);
	e->text = mem_alloc(strlen(text) + 1);
	memcpy(e->text, text, strlen(text));
	return e;
}

static inline void double_release(struct record *r)
{
	for (size_t i = 0; i < r->n; i++) {
		free(r->entries[i].text);
		free(r->entries[i].raw);
	}
	free(r->entries);
	free(r->snapshot);
	*r = (struct record){ 0 };
}

static inline void double_org(uint8_t org, uint8_t ret[static ID_BYTES])
{
	memset(ret, 0xc0 + org, ID_BYTES);
}

/* From now on organisation 1 is the one with that genesis. */
static inline void double_found(struct record *r, const char *genesis)
{
	hash_labelled(LABEL_ORG, BYTES(genesis, strlen(genesis)), NO_BYTES, NO_BYTES, r->org_1, ID_BYTES);
}

/* Envelope and section as far as anybody looks at them: how many boxes stand in front of the body of an epoch. */
static inline struct bytes double_raw(struct double_entry *e)
{
	const size_t n = ENVELOPE_BYTES + 2 + e->boxes * (size_t)BOX_BYTES + SEAL_OVERHEAD + 1;

	free(e->raw);
	e->raw = mem_alloc(n);
	put_u16(e->raw + ENVELOPE_BYTES, e->boxes);
	return BYTES(e->raw, n);
}

uint64_t record_n_entries(const struct record *record)
{
	return record->n;
}

void org_actor(const uint8_t org[static ID_BYTES], uint8_t ret_id[static OBJECT_ID_BYTES])
{
	memcpy(ret_id, org, OBJECT_ID_BYTES);
}

bool record_device_org(const struct record *record, const uint8_t circle[static ID_BYTES],
		       const uint8_t device[static KEY_BYTES], uint8_t ret_org[static ID_BYTES])
{
	(void)circle;
	if (device[0] >= 90)
		return false;
	double_org(device[0] / 10, ret_org);
	if (device[0] / 10 == 1 && !bytes_are_zero(record->org_1, ID_BYTES))
		memcpy(ret_org, record->org_1, ID_BYTES);
	return true;
}

int record_read(struct record *record, uint64_t n, struct record_entry *ret, struct err *err)
{
	struct double_entry *e;

	if (n < 1 || n > record->n)
		return err_set(err, E_NOT_FOUND, "there is no row %llu", (unsigned long long)n);
	e = &record->entries[n - 1];
	if (e->damaged)
		return err_set(err, E_DAMAGED, "row %llu is damaged", (unsigned long long)n);
	*ret = (struct record_entry){ .n = n, .state = e->state };
	memcpy(ret->id, e->id, ID_BYTES);
	ret->envelope.cls = e->cls;
	ret->envelope.seq = e->seq;
	ret->envelope.time_ms = (uint64_t)e->time;
	memset(ret->envelope.circle, e->circle, ID_BYTES);
	if (e->in_org_1)
		memcpy(ret->envelope.circle, record->org_1, ID_BYTES);
	ret->raw = double_raw(e);
	memset(ret->envelope.author, e->device, KEY_BYTES);
	if (e->state == BODY_OPEN)
		ret->text = BYTES(e->text, strlen(e->text));
	return 0;
}

int record_scan(struct record *record, uint64_t first, uint64_t last, unsigned what,
		int (*each)(void *ctx, const struct scanned *row, struct err *err), void *ctx, struct err *err)
{
	int rc = 0;

	for (uint64_t n = first; n <= last && rc == 0; n++) {
		struct scanned row = { .entry.n = n };
		struct arena a = { 0 };
		struct err why;

		row.rc = record_read(record, n, &row.entry, &why);
		row.entry.n = n;
		row.why = why.text;
		if (row.rc == 0 && row.entry.state == BODY_OPEN && (what & SCAN_BODIES)) {
			row.body_rc =
				body_check(&a, row.entry.raw, &row.entry.envelope, row.entry.text, &row.body, NULL);
			if (what & SCAN_DIGESTS)
				claim_digest(row.entry.text, row.digest);
		}
		rc = each(ctx, &row, err);
		arena_release(&a);
	}
	return rc;
}

int record_write_snapshot(struct record *record, struct bytes head, struct bytes body, struct err *err)
{
	(void)err;
	free(record->snapshot);
	record->snapshot_n = head.n + body.n;
	record->snapshot = mem_alloc(record->snapshot_n);
	memcpy(record->snapshot, head.p, head.n);
	memcpy(record->snapshot + head.n, body.p, body.n);
	return 0;
}

int record_read_snapshot(struct record *record, uint8_t **ret, size_t *ret_n, struct err *err)
{
	if (!record->snapshot)
		return err_set(err, E_NOT_FOUND, "there is no snapshot");
	*ret = mem_alloc(record->snapshot_n);
	memcpy(*ret, record->snapshot, record->snapshot_n);
	*ret_n = record->snapshot_n;
	return 0;
}

struct snapshot_reader {
	const struct record *record;
	size_t at;
};

int snapshot_open(struct record *record, struct snapshot_reader **ret, uint64_t *ret_n, struct err *err)
{
	if (!record->snapshot)
		return err_set(err, E_NOT_FOUND, "there is no snapshot");
	*ret = mem_alloc(sizeof **ret);
	(*ret)->record = record;
	*ret_n = record->snapshot_n;
	return 0;
}

int snapshot_read(struct snapshot_reader *reader, uint8_t *out, size_t n, struct err *err)
{
	if (n > reader->record->snapshot_n - reader->at)
		return err_set(err, E_DAMAGED, "the snapshot has fewer bytes");
	memcpy(out, reader->record->snapshot + reader->at, n);
	reader->at += n;
	return 0;
}

int snapshot_finish(struct snapshot_reader *reader, struct err *err)
{
	(void)reader;
	(void)err;
	return 0;
}

int record_verify_start(struct record *record, enum start_check depth, const struct verify_watch *watch,
			struct verify_report *ret, struct err *err)
{
	(void)record;
	(void)depth;
	(void)watch;
	(void)ret;
	return err_set(err, E_INVALID, "the double of a record cannot be verified");
}

void snapshot_close(struct snapshot_reader *reader)
{
	free(reader);
}

#endif
