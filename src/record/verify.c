/* Verify: every byte that counts. Says where, never what. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"
#include "record/record_internal.h"
#include "record/state.h"

/* What a redaction names, or an entry without body; org is that of the author. They are compared at the end. */
struct trace {
	uint64_t n; /* row */
	uint8_t cls;
	uint8_t id[ID_BYTES], circle[ID_BYTES], org[ID_BYTES];
};

struct trace_list {
	struct trace *traces;
	size_t n, cap;
};

struct verifier {
	struct record *record;
	const struct verify_watch *watch;
	uint64_t total;
	bool whole;    /* record_verify(); else only what a start checks */
	unsigned what; /* to scan */
	struct verify_report report;
	struct state seen; /* heads of the feeds and control rows, as the rows give them */
	struct trace_list redactions, dropped;
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

/* A device of no known organisation leaves zeros, which no organisation has as its id. */
static struct trace trace_of(const struct record *record, const struct record_entry *entry, const uint8_t *id)
{
	struct trace t = { .n = entry->n, .cls = entry->envelope.cls };

	memcpy(t.id, id, ID_BYTES);
	memcpy(t.circle, entry->envelope.circle, ID_BYTES);
	if (!record_device_org(record, t.circle, entry->envelope.author, t.org))
		memset(t.org, 0, ID_BYTES);
	return t;
}

static void list_add(struct trace_list *list, const struct trace *trace)
{
	if (list->n == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 16;
		list->traces = mem_resize(list->traces, list->cap * sizeof *list->traces);
	}
	list->traces[list->n++] = *trace;
}

/* By what is named: rows and classes are of no account. */
static int compare_traces(const void *x, const void *y)
{
	const struct trace *a = x, *b = y;
	int c = memcmp(a->id, b->id, ID_BYTES);

	if (c == 0)
		c = memcmp(a->circle, b->circle, ID_BYTES);
	return c ? c : memcmp(a->org, b->org, ID_BYTES);
}

static void list_sort(struct trace_list *list)
{
	if (list->n > 1)
		qsort(list->traces, list->n, sizeof *list->traces, compare_traces);
}

/* A redaction counts for entries of its own circle and its author's organisation. The list is sorted. */
static bool list_has(const struct trace_list *list, const struct trace *t)
{
	return list->n > 0 && !bytes_are_zero(t->org, ID_BYTES) &&
	       bsearch(t, list->traces, list->n, sizeof *list->traces, compare_traces) != NULL;
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

/* Rows are numbered without gaps: their number must be what the state says. Where there is no time to count entries, the
 * number of the last stands for theirs: each one before it is asked for anyway. */
static void check_counts(struct verifier *v)
{
	static const char *const names[] = { "entry", "key", "quarantine", "state" };
	const struct state *state = store_state(v->record->store);
	const uint64_t expected[] = { state->n_entries, state->n_keys, state->n_quarantine, 1 };

	for (int t = STORE_ENTRY; t < N_STORE_TABLES; t++) {
		const bool by_last = t == STORE_ENTRY && !v->whole;
		uint64_t n = 0;
		struct err err;

		if (store_count(v->record->store, (enum store_table)t, by_last, &n, &err) < 0)
			problem(v, "record.db: table %s: %s", names[t], err.text);
		else if (n != expected[t])
			problem(v, "record.db: table %s has %llu rows, it should have %llu", names[t],
				(unsigned long long)n, (unsigned long long)expected[t]);
	}
}

static void check_keys(struct verifier *v)
{
	const uint64_t n_rows = store_state(v->record->store)->n_keys;
	struct buf *row = &v->record->row;
	struct keyring scratch = { 0 };
	struct err err;

	for (uint64_t n = 1; n <= n_rows; n++) {
		int rc = store_read(v->record->store, STORE_KEY, n, row, &err);

		if (rc == 0)
			rc = keyring_load_row(&scratch, BYTES(row->p, row->n), &err);
		if (rc < 0)
			problem(v, "%s", err.text);
	}
	keyring_release(&scratch);
}

static void check_quarantine(struct verifier *v)
{
	const struct state *state = store_state(v->record->store);
	struct buf *row = &v->record->row;
	uint64_t bytes = 0, n_good = 0;
	struct err err;

	for (uint64_t n = 1; n <= state->n_quarantine; n++) {
		if (store_read(v->record->store, STORE_QUARANTINE, n, row, &err) < 0) {
			problem(v, "%s", err.text);
		} else {
			bytes += row->n - 1; /* one says why it is there */
			n_good++;
		}
	}
	if (n_good == state->n_quarantine && bytes != state->quarantine_bytes)
		problem(v, "record.db: table quarantine holds %llu bytes, the state row says %llu",
			(unsigned long long)bytes, (unsigned long long)state->quarantine_bytes);
}

/* The entry must be the next of its feed. */
static bool check_chain(struct verifier *v, const struct record_entry *entry)
{
	const struct envelope *e = &entry->envelope;
	const struct feed *before = state_feed(&v->seen, e->circle, e->author);
	struct feed feed = { .seq = e->seq, .sigchain = e->cls == CLASS_SIGCHAIN };
	const uint64_t n_before = v->report.n_problems;

	if (before && before->sigchain != feed.sigchain)
		problem(v, "record.db: table entry, row %llu is of a class that its feed may not hold",
			(unsigned long long)entry->n);
	if (e->seq != (before ? before->seq + 1 : 1) || (before && memcmp(e->prev, before->id, ID_BYTES) != 0))
		problem(v, "record.db: table entry, row %llu does not follow the entry before it in its feed",
			(unsigned long long)entry->n);
	memcpy(feed.circle, e->circle, ID_BYTES);
	memcpy(feed.device, e->author, KEY_BYTES);
	memcpy(feed.id, entry->id, ID_BYTES);
	feed.own = memcmp(e->author, v->record->keys.device, KEY_BYTES) == 0;
	state_set_feed(&v->seen, &feed);
	if (e->cls == CLASS_CONTROL || e->cls == CLASS_HEADS || e->cls == CLASS_SIGCHAIN)
		state_add_control_row(&v->seen, entry->n);
	return v->report.n_problems == n_before;
}

static void check_open_body(struct verifier *v, const struct scanned *row)
{
	struct trace redaction;

	if (row->body_rc < 0) {
		problem(v, "record.db: table entry, row %llu: its body is not valid: %s",
			(unsigned long long)row->entry.n, row->body_why);
		return;
	}
	v->report.n_bodies++;
	if (row->body.type != BODY_REDACT)
		return;
	redaction = trace_of(v->record, &row->entry, row->body.mention.entry);
	list_add(&v->redactions, &redaction);
}

static void note_dropped(struct verifier *v, const struct record_entry *entry)
{
	const struct trace dropped = trace_of(v->record, entry, entry->id);

	v->report.n_dropped++;
	list_add(&v->dropped, &dropped);
	if (dropped.cls < CLASS_CHUNK && dropped.cls != CLASS_CLAIM)
		problem(v, "record.db: table entry, row %llu: its body is missing, and no redaction may take it away",
			(unsigned long long)entry->n);
}

static void check_body(struct verifier *v, const struct scanned *row)
{
	const struct record_entry *entry = &row->entry;

	switch (entry->state) {
	case BODY_OPEN:
		check_open_body(v, row);
		break;
	case BODY_DROPPED:
		note_dropped(v, entry);
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

/* Where the chain alone is checked, the signature of each feed's last entry stands for those before it. */
static void check_head_signature(struct verifier *v, const struct record_entry *entry)
{
	const struct envelope *e = &entry->envelope;
	const struct feed *head = store_feed(v->record->store, e->circle, e->author);
	struct envelope ignored;
	struct err err;

	if (head && head->seq == e->seq && entry_check(entry->raw, &ignored, &err) < 0)
		problem(v, "record.db: table entry, row %llu: %s", (unsigned long long)entry->n, err.text);
}

static int check_entry(void *ctx, const struct scanned *row, struct err *err)
{
	struct verifier *v = ctx;
	const struct record_entry *entry = &row->entry;
	const struct verify_watch *watch = v->watch;

	if (row->rc < 0) {
		problem(v, "%s", row->why);
	} else {
		if (check_chain(v, entry)) {
			v->report.n_entries++;
			v->report.by_class[entry->envelope.cls <= CLASS_CHUNK ? entry->envelope.cls : 0]++;
		}
		check_body(v, row);
		if (!(v->what & SCAN_SIGNATURES))
			check_head_signature(v, entry);
	}
	if (watch->progress && entry->n % 256 == 0 && !watch->progress(watch->ctx, entry->n, v->total))
		return err_set(err, E_CANCELLED, "stopped after %llu of %llu entries", (unsigned long long)entry->n,
			       (unsigned long long)v->total);
	return 0;
}

/* Redacted entries that have a body again: an old part of the file was put back. (One that never arrived is fine.) */
static void check_redacted_are_gone(struct verifier *v)
{
	struct record_entry entry;

	for (uint64_t n = 1; n <= record_n_entries(v->record); n++) {
		struct trace t;

		if (record_read(v->record, n, &entry, NULL) < 0 || entry.state == BODY_DROPPED ||
		    (entry.envelope.cls != CLASS_CLAIM && entry.envelope.cls != CLASS_CHUNK))
			continue;
		t = trace_of(v->record, &entry, entry.id);
		if (list_has(&v->redactions, &t))
			problem(v,
				"record.db: table entry, row %llu: its body was redacted and is back: an old part of "
				"the "
				"file was put in its place",
				(unsigned long long)n);
	}
}

/* Bodies are gone exactly where a redaction says so; a chunk goes with its claim, whose redaction names the claim only. */
static void check_redactions(struct verifier *v)
{
	bool all_gone = true;

	list_sort(&v->redactions);
	for (size_t i = 0; i < v->dropped.n; i++)
		if (v->dropped.traces[i].cls == CLASS_CLAIM && !list_has(&v->redactions, &v->dropped.traces[i]))
			problem(v, "record.db: table entry, row %llu: its body is missing and no redaction says why",
				(unsigned long long)v->dropped.traces[i].n);
	list_sort(&v->dropped);
	for (size_t i = 0; i < v->redactions.n; i++)
		all_gone = all_gone && list_has(&v->dropped, &v->redactions.traces[i]);
	if (!all_gone)
		check_redacted_are_gone(v);
}

static bool feeds_are_same(const struct feed *a, const struct feed *b)
{
	return a->seq == b->seq && a->own == b->own && a->sigchain == b->sigchain &&
	       memcmp(a->id, b->id, ID_BYTES) == 0;
}

static void check_feeds(struct verifier *v)
{
	const struct state *state = store_state(v->record->store);

	v->report.n_feeds = state->n_feeds;
	for (size_t i = 0; i < state->n_feeds; i++) {
		const struct feed *at = state_feed(&v->seen, state->feeds[i].circle, state->feeds[i].device);

		if (!at || !feeds_are_same(at, &state->feeds[i]))
			problem(v, "record.db: feed %zu of %zu ends otherwise than the state row says", i + 1,
				state->n_feeds);
	}
	if (v->seen.n_feeds != state->n_feeds)
		problem(v, "record.db: there are entries of %zu feeds, the state row knows %zu", v->seen.n_feeds,
			state->n_feeds);
	if (v->seen.n_control_rows != state->n_control_rows ||
	    (state->n_control_rows > 0 && memcmp(v->seen.control_rows, state->control_rows,
						 state->n_control_rows * sizeof *state->control_rows) != 0))
		problem(v, "record.db: the control entries are others than the state row says");
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

static int verify(struct verifier *v, struct verify_report *ret, struct err *err)
{
	int rc;

	v->total = record_n_entries(v->record);
	check_slots(v);
	check_heads(v);
	check_counts(v);
	check_keys(v);
	check_quarantine(v);
	rc = record_scan(v->record, 1, v->total, v->what, check_entry, v, err);
	if (rc == 0) {
		check_feeds(v);
		check_redactions(v);
		if (v->whole)
			check_snapshot(v);
		*ret = v->report;
	}
	state_release(&v->seen);
	free(v->redactions.traces);
	free(v->dropped.traces);
	return rc;
}

int record_verify(struct record *record, const struct verify_watch *watch, struct verify_report *ret, struct err *err)
{
	struct verifier v = { .record = record, .watch = watch, .whole = true, .what = SCAN_SIGNATURES | SCAN_BODIES };

	return verify(&v, ret, err);
}

int record_verify_start(struct record *record, enum start_check depth, const struct verify_watch *watch,
			struct verify_report *ret, struct err *err)
{
	struct verifier v = { .record = record,
			      .watch = watch,
			      .what = depth == CHECK_SIGNATURES ? SCAN_SIGNATURES : 0 };

	return verify(&v, ret, err);
}
