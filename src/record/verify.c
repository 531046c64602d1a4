/* Verify: every byte that counts. Says where, never what. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "record/record_internal.h"
#include "record/state.h"

/* An entry that some redaction names, and an entry without body: compared at the end. */
struct id_list {
	uint8_t (*ids)[ID_BYTES];
	size_t n;
};

struct verifier {
	struct record *record;
	const struct verify_watch *watch;
	struct verify_report report;
	struct state seen; /* heads of the feeds as the rows give them */
	struct id_list redacted, dropped;
	struct arena arena;
};

__attribute__((format(printf, 2, 3))) static void problem(struct verifier *v, const char *fmt, ...)
{
	char line[640];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof line, fmt, args);
	va_end(args);
	v->report.n_problems++;
	v->watch->problem(v->watch->ctx, line);
}

static void list_add(struct id_list *list, const uint8_t id[static ID_BYTES])
{
	list->ids = mem_resize(list->ids, (list->n + 1) * sizeof *list->ids);
	memcpy(list->ids[list->n++], id, ID_BYTES);
}

static bool list_has(const struct id_list *list, const uint8_t id[static ID_BYTES])
{
	for (size_t i = 0; i < list->n; i++)
		if (memcmp(list->ids[i], id, ID_BYTES) == 0)
			return true;
	return false;
}

static void check_slots(struct verifier *v)
{
	struct slot_info slots[SLOTS_MAX];
	uint8_t home_id[HOME_ID_BYTES];
	char path[DISK_PATH_MAX];
	struct err err;
	size_t n = 0;
	int rc = disk_join(v->record->home, "keys", path, &err);

	if (rc == 0)
		rc = slots_inspect(v->record->env, path, home_id, slots, &n, &err);
	if (rc < 0)
		problem(v, "keys: %s", err.text);
	for (size_t i = 0; rc == 0 && i < n; i++)
		if (slots[i].damaged)
			problem(v, "keys: slot %zu is damaged: its %s no longer opens this home", i + 1,
				slots[i].type == SLOT_PAPER ? "paper sheet" : "passphrase");
}

static void check_heads(struct verifier *v)
{
	if (!store_is_sound(v->record->store))
		problem(v, "%s", store_trouble(v->record->store));
	if (store_damaged_heads(v->record->store) > 0)
		problem(v, "heads: %d of its 2 slots %s damaged", store_damaged_heads(v->record->store),
			store_damaged_heads(v->record->store) == 1 ? "is" : "are");
}

/* Rows are numbered without gaps: their number must be what the state says. */
static void check_counts(struct verifier *v)
{
	static const char *const names[] = { "entry", "key", "quarantine" };
	const struct state *state = store_state(v->record->store);
	const uint64_t expected[] = { state->n_entries, state->n_keys, state->n_quarantine };

	for (int t = STORE_ENTRY; t <= STORE_QUARANTINE; t++) {
		uint64_t n = 0;
		struct err err;

		if (store_count(v->record->store, (enum store_table)t, &n, &err) < 0)
			problem(v, "record.db: table %s: %s", names[t], err.text);
		else if (n != expected[t])
			problem(v, "record.db: table %s has %llu rows, it should have %llu", names[t],
				(unsigned long long)n, (unsigned long long)expected[t]);
	}
}

static void check_small_rows(struct verifier *v, enum store_table table, uint64_t n_rows)
{
	struct err err;

	for (uint64_t n = 1; n <= n_rows; n++)
		if (store_read(v->record->store, table, n, &v->record->row, &err) < 0)
			problem(v, "%s", err.text);
}

/* The entry must be the next of its feed. */
static void check_chain(struct verifier *v, const struct record_entry *entry)
{
	const struct envelope *e = &entry->envelope;
	const struct feed *before = state_feed(&v->seen, e->circle, e->author);
	struct feed feed = { .seq = e->seq, .sigchain = e->cls == CLASS_SIGCHAIN };

	if (before && before->sigchain != feed.sigchain)
		problem(v, "record.db: table entry, row %llu is of a class that its feed may not hold",
			(unsigned long long)entry->n);
	if (e->seq != (before ? before->seq + 1 : 1) || (before && memcmp(e->prev, before->id, ID_BYTES) != 0))
		problem(v, "record.db: table entry, row %llu does not follow the entry before it in its feed",
			(unsigned long long)entry->n);
	memcpy(feed.circle, e->circle, ID_BYTES);
	memcpy(feed.device, e->author, KEY_BYTES);
	memcpy(feed.id, entry->id, ID_BYTES);
	state_set_feed(&v->seen, &feed);
}

static void check_open_body(struct verifier *v, const struct record_entry *entry)
{
	struct body body;
	struct err err;
	uint8_t author[ID_BYTES];

	if (body_read(&v->arena, entry->envelope.cls, entry->text, &body, &err) < 0) {
		problem(v, "record.db: table entry, row %llu: its body is not valid: %s", (unsigned long long)entry->n,
			err.text);
		return;
	}
	v->report.n_bodies++;
	if (body.type == BODY_REDACT &&
	    record_device_org(v->record, entry->envelope.circle, entry->envelope.author, author))
		list_add(&v->redacted, body.mention.entry);
}

static void check_body(struct verifier *v, const struct record_entry *entry)
{
	switch (entry->state) {
	case BODY_OPEN:
		check_open_body(v, entry);
		break;
	case BODY_DROPPED:
		v->report.n_dropped++;
		if (entry->envelope.cls == CLASS_CLAIM)
			list_add(&v->dropped, entry->id);
		break;
	case BODY_NO_KEY:
		v->report.n_no_key++;
		break;
	case BODY_BAD:
		problem(v, "record.db: table entry, row %llu: its body does not open as it should",
			(unsigned long long)entry->n);
		break;
	case BODY_CHUNK:
	case BODY_IGNORED:
		break;
	}
}

static void check_entry(struct verifier *v, uint64_t n)
{
	struct record_entry entry;
	struct envelope e;
	struct err err;
	int rc = record_read(v->record, n, &entry, &err);

	if (rc == 0) {
		rc = entry_check(entry.raw, &e, &err);
		if (rc < 0)
			err_prefix(&err, "record.db: table entry, row %llu: ", (unsigned long long)n);
	}
	if (rc < 0) {
		problem(v, "%s", err.text);
		return;
	}
	check_chain(v, &entry);
	check_body(v, &entry);
	v->report.n_entries++;
	v->report.by_class[entry.envelope.cls <= CLASS_CHUNK ? entry.envelope.cls : 0]++;
	arena_release(&v->arena);
}

/* A redacted entry that has a body again: an old part of the file was put back. (One that never arrived is fine.) */
static void check_redacted_is_gone(struct verifier *v, const uint8_t id[static ID_BYTES])
{
	struct record_entry entry;

	for (uint64_t n = 1; n <= record_n_entries(v->record); n++)
		if (record_read(v->record, n, &entry, NULL) == 0 && memcmp(entry.id, id, ID_BYTES) == 0)
			problem(v, "record.db: table entry, row %llu: its body was redacted and is back: an old part of the "
				"file was put in its place", (unsigned long long)n);
}

/* Bodies are gone exactly where a redaction says so. */
static void check_redactions(struct verifier *v)
{
	for (size_t i = 0; i < v->dropped.n; i++)
		if (!list_has(&v->redacted, v->dropped.ids[i]))
			problem(v, "record.db: the body of an entry is missing and no redaction says why");
	for (size_t i = 0; i < v->redacted.n; i++)
		if (!list_has(&v->dropped, v->redacted.ids[i]))
			check_redacted_is_gone(v, v->redacted.ids[i]);
}

static void check_feeds(struct verifier *v)
{
	const struct state *state = store_state(v->record->store);

	v->report.n_feeds = state->n_feeds;
	for (size_t i = 0; i < state->n_feeds; i++) {
		const struct feed *at = state_feed(&v->seen, state->feeds[i].circle, state->feeds[i].device);

		if (!at || at->seq != state->feeds[i].seq || memcmp(at->id, state->feeds[i].id, ID_BYTES) != 0)
			problem(v, "record.db: feed %zu of %zu ends otherwise than the state row says", i + 1,
				state->n_feeds);
	}
	if (v->seen.n_feeds != state->n_feeds)
		problem(v, "record.db: there are entries of %zu feeds, the state row knows %zu", v->seen.n_feeds,
			state->n_feeds);
}

/* The snapshot is derived: damage is said, and costs only a rebuild. */
static void check_snapshot(struct verifier *v)
{
	uint8_t *image = NULL;
	size_t n = 0;
	struct err err;
	int rc = record_read_snapshot(v->record, &image, &n, &err);

	if (rc == 0)
		secret_wipe(image, n);
	free(image);
	if (rc < 0 && rc != E_NOT_FOUND)
		problem(v, "snapshot: %s (it is derived: 'parley rebuild' makes a new one)", err.text);
}

int record_verify(struct record *record, const struct verify_watch *watch, struct verify_report *ret, struct err *err)
{
	struct verifier v = { .record = record, .watch = watch };
	uint64_t total = record_n_entries(record);
	int rc = 0;

	check_slots(&v);
	check_heads(&v);
	check_counts(&v);
	check_small_rows(&v, STORE_KEY, store_state(record->store)->n_keys);
	check_small_rows(&v, STORE_QUARANTINE, store_state(record->store)->n_quarantine);
	for (uint64_t n = 1; n <= total && rc == 0; n++) {
		check_entry(&v, n);
		if (watch->progress && n % 256 == 0 && !watch->progress(watch->ctx, n, total))
			rc = err_set(err, E_CANCELLED, "stopped after %llu of %llu entries", (unsigned long long)n,
				     (unsigned long long)total);
	}
	if (rc == 0) {
		check_feeds(&v);
		check_redactions(&v);
		check_snapshot(&v);
		*ret = v.report;
	}
	state_release(&v.seen);
	free(v.redacted.ids);
	free(v.dropped.ids);
	arena_release(&v.arena);
	return rc;
}
