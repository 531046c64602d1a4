/* NDJSON: whatever comes in, lines are refused and the import goes on; what was taken once is not taken twice. */
#include "fuzz.h"

#include "exchange/ndjson.h"
#include "support/simenv.h"

/* First byte. A real import needs a home of its own, which takes time: short inputs, and of them one in REAL_OF. */
enum { KEEP_UNKNOWN = 0x01, PIPE = 0x02, STRICT = 0x04, REAL = 0x08 };

#define REAL_MAX 2000
#define REAL_OF 16

struct home {
	struct simenv machine;
	struct simdisk *disk;
	struct record *record;
	struct view *view;
	uint8_t circle[ID_BYTES];
};

struct input {
	struct source source; /* first */
	const uint8_t *p;
	size_t n, at, piece;
};

struct refusals {
	uint64_t n, last_line;
};

static int input_read(void *ctx, void *out, size_t n, size_t *ret_n, struct err *err)
{
	struct input *in = ctx;
	size_t left = in->n - in->at;

	(void)err;
	if (n > in->piece)
		n = in->piece;
	*ret_n = n < left ? n : left;
	memcpy(out, in->p + in->at, *ret_n);
	in->at += *ret_n;
	return 0;
}

static int input_rewind(void *ctx, struct err *err)
{
	struct input *in = ctx;

	(void)err;
	in->at = 0;
	return 0;
}

static void on_refused(void *ctx, uint64_t line, const char *reason)
{
	struct refusals *r = ctx;

	MUST(line > r->last_line);
	MUST(reason[0] && !strpbrk(reason, "\n\r"));
	r->last_line = line;
	r->n++;
}

/* The home that lives to the end is held by guarded memory, into which leak detection does not look. */
void __lsan_disable(void) __attribute__((weak));
void __lsan_enable(void) __attribute__((weak));

static void home_init(struct home *h)
{
	struct record_founding founding = { .org_name = "Fuzz", .cost = &kdf_cost_insecure_tests };
	struct err err;

	memset(h, 0, sizeof *h);
	h->disk = simdisk_new();
	simenv_init(&h->machine, h->disk, 1);
	MUST(record_create(&h->machine.env, "/home", &founding, &h->record, &err) == 0);
	MUST(record_found_circle(h->record, "Process", "", h->circle, &err) == 0);
	MUST(view_new(&h->view, &err) == 0);
	MUST(view_catch_up(h->view, h->record, NULL, NULL, &err) == 0);
}

static void home_release(struct home *h)
{
	view_free(h->view);
	record_close(h->record);
	simdisk_free(h->disk);
}

static struct import_report import(struct home *h, struct bytes text, uint8_t mode, bool dry, size_t piece)
{
	struct refusals refusals = { 0 };
	struct input in = {
		.source = { .read = input_read, .size = text.n }, .p = text.p, .n = text.n, .piece = piece
	};
	struct import_options options = { .dry_run = dry,
					  .strict = dry && mode & STRICT,
					  .keep_unknown = mode & KEEP_UNKNOWN,
					  .rejected = on_refused,
					  .ctx = &refusals };
	struct import_report report;
	struct claims *claims;
	struct err err;
	int rc;

	in.source.ctx = &in;
	if (!(mode & PIPE))
		in.source.rewind = input_rewind;
	claims = ndjson_claims(&in.source);
	rc = import_claims(h->record, h->view, h->circle, claims, &options, &report, &err);
	claims_close(claims);
	MUST(rc == 0 || rc == E_DAMAGED); /* UTF-16 */
	MUST(report.n_rejected == refusals.n);
	MUST(report.n_added + report.n_present + report.n_rejected <= report.n_lines);
	MUST(view_catch_up(h->view, h->record, NULL, NULL, &err) == 0);
	return report;
}

static bool same_report(struct import_report a, struct import_report b)
{
	return a.n_lines == b.n_lines && a.n_added == b.n_added && a.n_present == b.n_present &&
	       a.n_rejected == b.n_rejected;
}

/* The pieces in which a text comes change nothing, and a dry run writes nothing. */
static struct import_report import_dry(struct home *h, struct bytes text, uint8_t mode)
{
	uint64_t counter = record_counter(h->record);
	struct import_report whole = import(h, text, mode, true, SIZE_MAX);
	struct import_report cut = import(h, text, mode, true, 1 + text.n % 61);

	MUST(same_report(whole, cut));
	MUST(record_counter(h->record) == counter);
	return whole;
}

static void import_twice(struct bytes text, uint8_t mode)
{
	struct import_report dry, first, second;
	struct home h;

	home_init(&h);
	dry = import_dry(&h, text, mode);
	first = import(&h, text, mode, false, SIZE_MAX);
	second = import(&h, text, mode, false, SIZE_MAX);
	MUST(same_report(dry, first));
	if (!(mode & PIPE)) {
		MUST(second.n_added == 0);
		MUST(second.n_present >= first.n_added + first.n_present); /* more: claims named before their content */
	}
	home_release(&h);
}

static bool is_real(const uint8_t *data, size_t size)
{
	unsigned sum = 0;

	for (size_t i = 1; i < size; i++)
		sum += data[i];
	return data[0] & REAL && size <= REAL_MAX && sum % REAL_OF == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct home home;

	if (!home.record) {
		if (__lsan_disable)
			__lsan_disable();
		home_init(&home);
		if (__lsan_enable)
			__lsan_enable();
	}
	if (size < 1)
		return 0;
	if (is_real(data, size))
		import_twice(BYTES(data + 1, size - 1), data[0]);
	else
		import_dry(&home, BYTES(data + 1, size - 1), data[0]);
	return 0;
}
