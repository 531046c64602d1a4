/* Makes a home with something of everything in it, and prints what this program's verify counts there, a name and a number
 * a line. tests/differential/compare_home.py asks the second program the same.
 *
 *   home      the home is made below $TMPDIR; its passphrase and recovery files lie beside it
 */
#include "unit/record/home.h"
#include "unit/record/devices.h"

static const uint8_t far_circle[ID_BYTES] = { 0xfc };
static const uint8_t far_epoch[ID_BYTES] = { 0xfe };
static const uint8_t far_key[KEY_BYTES] = { 0xff };
static struct made made;

static void begin(struct home *h)
{
	expect_ok(record_begin(h->record, false, &h->err), &h->err);
}

static void commit(struct home *h)
{
	expect_ok(record_commit(h->record, &h->err), &h->err);
}

static uint64_t append(struct home *h, struct bytes body, uint8_t ret_id[static ID_BYTES])
{
	uint64_t n = 0;

	begin(h);
	expect_ok(record_append(h->record, h->circle, body, &n, ret_id, &h->err), &h->err);
	commit(h);
	return n;
}

/* A claim with attachments of these sizes; its row. The chunks stand right before it. */
static uint64_t claim_with_files(struct home *h, const char *word, const size_t *sizes, size_t n_sizes)
{
	static uint8_t content[200000];
	const struct bytes plain = claim_body(word);
	struct buf body;
	uint8_t id[ID_BYTES];
	uint64_t n = 0;

	memset(content, word[0], sizeof content);
	buf_init(&body, BODY_MAX);
	buf_put(&body, plain.p, plain.n - 1);
	buf_text(&body, ",\"files\":[");
	begin(h);
	for (size_t i = 0; i < n_sizes; i++) {
		struct buf file;

		buf_init(&file, BODY_MAX);
		expect_ok(record_attach(h->record, h->circle, "f", BYTES(content, sizes[i]), &file, &h->err), &h->err);
		buf_text(&body, i > 0 ? "," : "");
		buf_put(&body, file.p, file.n);
		buf_release(&file);
	}
	buf_text(&body, "]}");
	expect_ok(record_append(h->record, h->circle, BYTES(body.p, body.n), &n, id, &h->err), &h->err);
	commit(h);
	buf_release(&body);
	return n;
}

static void retract(struct home *h, const uint8_t entry[static ID_BYTES])
{
	uint8_t id[ID_BYTES];
	struct buf body;

	buf_init(&body, BODY_MAX);
	retract_compose(entry, "said otherwise since", &body);
	append(h, BYTES(body.p, body.n), id);
	buf_release(&body);
}

/* What this organisation does in two weeks. */
static void work(struct home *h)
{
	static const size_t kept[] = { 0, 1, 65103, 65104 }, dropped[] = { 70000 };
	uint8_t id[ID_BYTES];
	uint64_t row;

	append(h, claim_body("first"), id);
	retract(h, id);
	append(h, claim_body("equal"), id);
	append(h, claim_body("equal"), id);
	claim_with_files(h, "kept", kept, ARRAY_LEN(kept));
	row = claim_with_files(h, "dropped", dropped, ARRAY_LEN(dropped));
	expect_ok(record_redact(h->record, row, "named a source", (uint64_t[]){ row - 2, row - 1 }, 2, &h->err),
		  &h->err);
	h->machine.now_ms += EPOCH_LIFETIME_MS;
	row = append(h, claim_body("second week"), id);
	expect_ok(record_redact(h->record, row, "again", NULL, 0, &h->err), &h->err);
	row = claim_with_files(h, "one part", dropped, ARRAY_LEN(dropped));
	expect_ok(record_redact(h->record, row - 2, "a part alone", NULL, 0, &h->err), &h->err);
	expect_ok(record_found_circle(h->record, "Second", NULL, id, &h->err), &h->err);
	expect_ok(record_write_snapshot(h->record, BYTES("head", 4), BYTES("views", 5), &h->err), &h->err);
}

static void receive(struct home *h, const uint8_t *p, size_t n, enum receive_verdict expected)
{
	enum receive_verdict verdict;
	uint64_t row;

	begin(h);
	expect_ok(record_receive(h->record, BYTES(p, n), &verdict, &row, &h->err), &h->err);
	commit(h);
	assert_int_equal(verdict, expected);
}

static void write_and_receive(struct home *h, struct device *d, uint8_t cls, size_t n_cut)
{
	struct recipe r = { .cls = cls, .circle = far_circle, .epoch = far_epoch, .key = far_key };

	r.body = BYTES("{\"t\":\"x\",\"v\":1}", 15);
	device_write(d, &r, &made);
	receive(h, made.bytes, n_cut ? n_cut : made.n, RECEIVED);
}

/* Entries of a circle of which this home has no key. */
static void receive_far_circle(struct home *h, struct device *d)
{
	static uint8_t e0[KEY_BYTES];
	struct epoch_context context = { 0 };
	const struct member member = member_of(d, 9);
	const uint8_t e_raw[KEY_BYTES] = { 5 };
	struct buf boxes;

	memcpy(context.circle, far_circle, ID_BYTES);
	epoch_own_key(e_raw, &context, e0);
	buf_init(&boxes, 4096);
	expect_ok(epoch_boxes(e_raw, &context, &member, 1, &boxes, &h->err), &h->err);
	device_write(d,
		     &(struct recipe){ .cls = CLASS_CONTROL,
				       .circle = far_circle,
				       .key = e0,
				       .boxes = BYTES(boxes.p, boxes.n),
				       .body = BYTES("{\"t\":\"epoch\",\"v\":2}", 19) },
		     &made);
	buf_release(&boxes);
	receive(h, made.bytes, made.n, RECEIVED);
	write_and_receive(h, d, CLASS_HEADS, 0);
	write_and_receive(h, d, CLASS_CLAIM, 0);
	write_and_receive(h, d, CLASS_REDACTION, 0);
	write_and_receive(h, d, CLASS_CONTROL, 0);
	write_and_receive(h, d, CLASS_CHUNK, 0);
	write_and_receive(h, d, CLASS_CHUNK, ENVELOPE_BYTES);
	write_and_receive(h, d, 128, 0);
	write_and_receive(h, d, 200, 0);
	write_and_receive(h, d, 200, ENVELOPE_BYTES);
}

static void receive_sigchain(struct home *h)
{
	struct device founder = device_make(3), second = device_make(4);
	const struct org_device device = org_device_of(&second, ROLE_WRITER);
	uint8_t random[32] = { 1 }, message[CONSENT_BYTES], consent[SIGNATURE_BYTES], org[ID_BYTES];
	struct buf body;

	device_found(&founder, &made);
	memcpy(org, made.e.circle, sizeof org);
	receive(h, made.bytes, made.n, RECEIVED);
	org_consent_message(org, &device, random, message);
	sign_prefixed(PREFIX_DEVICE, BYTES_OF(message), second.sk, consent);
	buf_init(&body, BODY_MAX);
	org_compose_device_add(&device, random, consent, NULL, 0, &body);
	device_write(&founder, &(struct recipe){ .cls = CLASS_SIGCHAIN, .circle = org, .body = BYTES(body.p, body.n) },
		     &made);
	buf_release(&body);
	receive(h, made.bytes, made.n, RECEIVED);
}

/* What does not verify, for each of its reasons, and more than fits. */
static void receive_trouble(struct home *h, const struct device *d)
{
	static const uint8_t junk[ENTRY_MAX + 1];
	struct device next = *d, twin = device_make(1);

	write_and_receive(h, &next, CLASS_CLAIM, 0);
	receive(h, made.bytes, made.n, RECEIVED_BEFORE);
	twin.seq = 1;
	twin.prev[0] = 1;
	device_write(&twin,
		     &(struct recipe){ .cls = CLASS_CLAIM,
				       .circle = far_circle,
				       .epoch = far_epoch,
				       .key = far_key,
				       .body = BYTES("{}", 2) },
		     &made);
	receive(h, made.bytes, made.n, QUARANTINED); /* fork */
	twin = next;
	twin.prev[0] ^= 1;
	device_write(&twin,
		     &(struct recipe){ .cls = CLASS_CLAIM,
				       .circle = far_circle,
				       .epoch = far_epoch,
				       .key = far_key,
				       .body = BYTES("{}", 2) },
		     &made);
	receive(h, made.bytes, made.n, QUARANTINED); /* chain */
	made.bytes[made.n - 1] ^= 1;
	receive(h, made.bytes, made.n, QUARANTINED);     /* body */
	receive(h, made.bytes, made.n - 1, QUARANTINED); /* body: of another length */
	made.bytes[made.n - 1] ^= 1;
	made.bytes[HEADER_BYTES] ^= 1;
	receive(h, made.bytes, made.n, QUARANTINED); /* signature */
	made.bytes[7] = 1;
	receive(h, made.bytes, made.n, QUARANTINED); /* header */
	receive(h, made.bytes, 100, QUARANTINED);    /* header: too short */
	receive(h, junk, sizeof junk, QUARANTINED);  /* too long to be kept */
}

static void put_secrets(struct home *h)
{
	char path[DISK_PATH_MAX + 32];
	FILE *f;

	snprintf(path, sizeof path, "%s-passphrase", h->folder);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "%s\n", h->founding.passphrase);
	assert_int_equal(fclose(f), 0);
	for (int i = 0; i < RECOVERY_KEYS; i++) {
		snprintf(path, sizeof path, "%s-recovery-%d", h->folder, i + 1);
		expect_ok(recovery_write(&h->machine.env, path, &h->founding.recovery[i], &h->err), &h->err);
	}
}

static void print_counts(struct home *h)
{
	struct findings f;
	const struct verify_report report = home_verify(h, &f);
	uint64_t dropped;

	for (size_t i = 0; i < f.n && i < ARRAY_LEN(f.lines); i++)
		fprintf(stderr, "%s\n", f.lines[i]);
	printf("folder: %s\n", h->folder);
	printf("problems: %llu\n", (unsigned long long)report.n_problems);
	printf("entries: %llu\n", (unsigned long long)report.n_entries);
	for (size_t cls = 0; cls < ARRAY_LEN(report.by_class); cls++)
		printf("class %zu: %llu\n", cls, (unsigned long long)report.by_class[cls]);
	printf("bodies: %llu\n", (unsigned long long)report.n_bodies);
	printf("dropped: %llu\n", (unsigned long long)report.n_dropped);
	printf("no key: %llu\n", (unsigned long long)report.n_no_key);
	printf("feeds: %llu\n", (unsigned long long)report.n_feeds);
	printf("circles: %zu\n", record_n_circles(h->record));
	printf("quarantined: %llu\n", (unsigned long long)record_n_quarantine(h->record, &dropped));
	printf("quarantine dropped: %llu\n", (unsigned long long)dropped);
}

int main(void)
{
	static struct home h;
	struct device far = device_make(1);

	if (crypto_start(NULL) < 0)
		return 1;
	home_found(&h);
	work(&h);
	receive_far_circle(&h, &far);
	receive_sigchain(&h);
	receive_trouble(&h, &far);
	append(&h, claim_body("last"), (uint8_t[ID_BYTES]){ 0 });
	expect_ok(record_write_snapshot(h.record, BYTES("head", 4), BYTES("views", 5), &h.err), &h.err);
	put_secrets(&h);
	home_open(&h, STORE_READ_ONLY);
	print_counts(&h);
	home_close(&h);
	return 0;
}
