/* Mutated entries for two programs to judge: each line is what `tests/verifier/parley_verifier.py entry` reads, a tab, and
 * this program's own verdict in the words of that one. tests/differential/compare.py compares them.
 *
 *   emit COUNT [SEED] [--form]
 *
 * The same seed gives the same lines. With --form the body verdict is that of body_check() too.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "differential/samples.h"
#include "record/envelope.h"

static const uint32_t sections[] = { 256, 640, 1664, 3712, 7808, 16000, 32384, 65152 };

/* --- putting entries together, right or wrong -------------------------------------------------------------- */

enum padding { PAD_RIGHT, PAD_ZEROS, PAD_OTHER_MARK, PAD_TAIL, PAD_TWICE, PAD_FULL, N_PADDINGS };

/* How to seal a sample otherwise than the writer does. */
struct twist {
	enum padding padding;
	size_t larger; /* sections beyond the smallest */
	bool other_kcom;
	bool other_ad;
};

static void pad(uint8_t *plain, size_t n, size_t body_n, enum padding padding)
{
	memset(plain + body_n, 0, n - body_n);
	switch (padding) {
	case PAD_ZEROS:
		memset(plain, 0, n);
		return;
	case PAD_OTHER_MARK:
		plain[body_n] = 0x81;
		return;
	case PAD_TAIL:
		plain[body_n] = 0x80;
		plain[n - 1] ^= 1;
		return;
	case PAD_TWICE:
		plain[body_n] = 0x80;
		plain[n - 1] = 0x80;
		return;
	case PAD_FULL:
		memset(plain + body_n, 'x', n - body_n);
		return;
	default:
		plain[body_n] = 0x80;
	}
}

static uint32_t section_for(size_t needed, size_t larger)
{
	for (size_t i = 0; i < ARRAY_LEN(sections); i++)
		if (needed <= sections[i])
			return sections[i + larger < ARRAY_LEN(sections) ? i + larger : ARRAY_LEN(sections) - 1];
	return 0;
}

/* Header, section and signature of a sample; false if its body is too large. */
static bool put_together(const struct sample *s, const struct twist *t, struct mutant *m)
{
	const size_t overhead = s->boxes_n + (s->plain ? SALT_BYTES : SEAL_OVERHEAD);
	uint8_t *salt = m->bytes + ENVELOPE_BYTES + s->boxes_n, *plain = salt + SALT_BYTES;
	uint8_t k_entry[KEY_BYTES], split[64];
	struct envelope e = s->e;

	e.length = section_for(overhead + s->body_n + 1, t->larger);
	if (e.length == 0)
		return false;
	envelope_write(&e, m->bytes);
	memcpy(m->bytes + ENVELOPE_BYTES, s->boxes, s->boxes_n);
	memset(salt, 0x5a, SALT_BYTES);
	memcpy(plain, s->body, s->body_n);
	pad(plain, e.length - overhead, s->body_n, t->padding);
	if (!s->plain) {
		hash_keyed(s->key, LABEL_K_ENTRY, BYTES(m->bytes, 184), BYTES(salt, SALT_BYTES), NO_BYTES, k_entry,
			   KEY_BYTES);
		hash_keyed(k_entry, LABEL_K_SPLIT, NO_BYTES, NO_BYTES, NO_BYTES, split, sizeof split);
		memcpy(m->bytes + 184, split + KEY_BYTES, 32);
		m->bytes[184] ^= t->other_kcom;
		aead_seal(split, NULL, BYTES(m->bytes, t->other_ad ? 215 : 216), BYTES(plain, e.length - overhead),
			  plain);
	}
	m->n = ENVELOPE_BYTES + e.length;
	memcpy(m->key, s->key, KEY_BYTES);
	m->prefix = s->boxes_n;
	return true;
}

static void hash_section(struct mutant *m)
{
	if (m->n > ENVELOPE_BYTES)
		hash_labelled(LABEL_BODY, BYTES(m->bytes + ENVELOPE_BYTES, m->n - ENVELOPE_BYTES), NO_BYTES, NO_BYTES,
			      m->bytes + 216, HASH_BYTES);
}

/* --- mutations --------------------------------------------------------------------------------------------- */

static void flip_bits(uint8_t *p, size_t from, size_t to)
{
	for (uint64_t i = 1 + draw(3); i > 0 && to > from; i--) {
		const size_t at = from + draw(to - from);

		p[at] ^= (uint8_t)(1 << draw(8));
	}
}

static void set_bytes(uint8_t *p, size_t n)
{
	static const uint8_t fills[] = { 0x00, 0xff, 0x01 };

	memset(p, fills[draw(ARRAY_LEN(fills))], n);
}

static uint64_t draw_number(void)
{
	static const uint64_t numbers[] = { 0, 1, 2, SEQ_MAX - 1, SEQ_MAX, SEQ_MAX + 1, UINT64_MAX, 1 << 20 };

	return numbers[draw(ARRAY_LEN(numbers))];
}

static uint32_t draw_length(void)
{
	static const uint32_t lengths[] = { 0, 1, 255, 256, 257, 384, 640, 1664, 65103, 65152, 65153, UINT32_MAX };

	return lengths[draw(ARRAY_LEN(lengths))];
}

/* Give one field of the header another value. */
static void change_field(struct mutant *m)
{
	uint8_t *h = m->bytes;

	switch (draw(12)) {
	case 0:
		flip_bits(h, 0, 8); /* magic, version, class, flags */
		break;
	case 1:
		h[6] = (uint8_t)draw(10);
		break;
	case 2:
		h[6] = (uint8_t)(120 + draw(136));
		break;
	case 3:
		put_u64(h + 72, draw_number());
		break;
	case 4:
		set_bytes(h + 80, 32);
		break;
	case 5:
		set_bytes(h + 112, 32);
		break;
	case 6:
		set_bytes(h + 144, 32);
		break;
	case 7:
		put_u64(h + 176, draw_number());
		break;
	case 8:
		set_bytes(h + 184, 32);
		break;
	case 9:
		set_bytes(h + 216, 32);
		break;
	case 10:
		put_u32(h + 248, draw_length());
		break;
	default:
		put_u32(h + 252, (uint32_t)draw(3));
	}
}

/* Cut bytes off, or add some. */
static void change_size(struct mutant *m)
{
	const size_t edge = draw(2) ? ENVELOPE_BYTES - 10 : m->n - 10;
	size_t n = draw(2) ? draw(m->n + 1) : edge + draw(20);

	if (n > sizeof m->bytes)
		n = sizeof m->bytes;
	if (n > m->n)
		memset(m->bytes + m->n, draw(2) ? 0 : 0x77, n - m->n);
	m->n = n;
}

/* A section of another listed length, whether or not the header says so. */
static void change_section(struct mutant *m)
{
	const size_t n = ENVELOPE_BYTES + (draw(8) == 0 ? 0 : sections[draw(draw(8) == 0 ? 8 : 4)]);

	if (n > m->n)
		memset(m->bytes + m->n, 0x33, n - m->n);
	m->n = n;
	if (draw(3))
		put_u32(m->bytes + 248, (uint32_t)(n - ENVELOPE_BYTES));
	if (n == ENVELOPE_BYTES && draw(2))
		memset(m->bytes + 184, 0, 64);
}

/* What happens to header and section before the author signs. */
static void mutate_before_signing(struct mutant *m)
{
	switch (draw(6)) {
	case 0:
		flip_bits(m->bytes, 0, HEADER_BYTES);
		break;
	case 1:
	case 2:
		change_field(m);
		break;
	case 3:
		flip_bits(m->bytes, ENVELOPE_BYTES, m->n);
		hash_section(m);
		break;
	case 4:
		change_section(m);
		hash_section(m);
		break;
	default:
		change_section(m);
	}
}

/* S + L is another encoding of the same signature. */
static void add_order(uint8_t s[static 32])
{
	static const uint8_t order[32] = { 0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
					   0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10 };
	unsigned carry = 0;

	for (size_t i = 0; i < 32; i++) {
		carry += (unsigned)s[i] + order[i];
		s[i] = (uint8_t)carry;
		carry >>= 8;
	}
}

static void mutate_after_signing(struct mutant *m)
{
	switch (draw(7)) {
	case 0:
		flip_bits(m->bytes, 0, m->n);
		break;
	case 1:
		flip_bits(m->bytes, HEADER_BYTES, ENVELOPE_BYTES);
		break;
	case 2:
		add_order(m->bytes + HEADER_BYTES + 32);
		break;
	case 3:
		set_bytes(m->bytes + HEADER_BYTES + 32 * draw(2), 32);
		break;
	case 4:
		m->n = ENVELOPE_BYTES;
		break;
	default:
		change_size(m);
	}
}

/* What a reader is given beside the entry. */
static void mutate_reader(struct mutant *m)
{
	if (draw(2))
		m->key[draw(KEY_BYTES)] ^= 1;
	else
		m->prefix = draw(2) ? draw(300) : m->prefix ^ (1 << draw(12));
}

static void make_mutant(struct mutant *m)
{
	struct twist twist = { 0 };
	struct sample *s = sample_draw();
	const uint64_t what = draw(16);

	if (what < 6)
		sample_mutate_body(s);
	if (what == 6)
		twist.padding = (enum padding)(1 + draw(N_PADDINGS - 1));
	twist.larger = what == 7 ? 1 + draw(2) : 0;
	twist.other_kcom = what == 8 && draw(2);
	twist.other_ad = what == 8 && !twist.other_kcom;
	if (!put_together(s, &twist, m)) {
		s->body_n = 0;
		put_together(s, &twist, m);
	}
	hash_section(m);
	if (what >= 9 && what < 12)
		mutate_before_signing(m);
	if (draw(40) == 0)
		memcpy(m->bytes + 40, sample_other_author(), KEY_BYTES);
	envelope_sign(m->bytes, s->sk, m->bytes + HEADER_BYTES);
	if (what == 12 || what == 13)
		mutate_after_signing(m);
	if (what == 14)
		mutate_reader(m);
}

/* --- verdicts ---------------------------------------------------------------------------------------------- */

static const char *word_of(int rc)
{
	switch (rc) {
	case 0:
		return "ok";
	case E_DENIED:
		return "keys-differ";
	case E_NOT_FOUND:
		return "absent";
	default:
		return "bad";
	}
}

static const char *body_verdict(const struct mutant *m, const struct envelope *e, bool form)
{
	static uint8_t out[SECTION_MAX + 1];
	const struct bytes entry = BYTES(m->bytes, m->n);
	const bool plain = e->cls == CLASS_SIGCHAIN;
	struct arena a = { 0 };
	struct body body;
	size_t n = 0;
	int rc;

	if (e->cls >= 128)
		return "ignored";
	rc = entry_open(entry, e, plain ? NULL : m->key, plain ? 0 : m->prefix, out, &n, NULL);
	if (rc == 0 && form)
		rc = body_check(&a, entry, e, BYTES(out, n), &body, NULL) < 0 ? E_INVALID : 0;
	arena_release(&a);
	return word_of(rc);
}

static void print_hex(const uint8_t *p, size_t n)
{
	static char hex[2 * sizeof(((struct mutant *)NULL)->bytes) + 1];

	hex_encode(p, n, hex);
	fputs(hex, stdout);
}

/* A body is asked for where the header can be read; without that nobody can say what stands where. */
static void print_mutant(const struct mutant *m, bool form)
{
	const struct bytes entry = BYTES(m->bytes, m->n);
	struct envelope e;
	const bool good = entry_check(entry, &e, NULL) == 0;
	const bool readable = m->n >= ENVELOPE_BYTES && envelope_read(m->bytes, &e, NULL) == 0;

	if (m->n > 0)
		print_hex(m->bytes, m->n);
	else
		putchar('-');
	if (readable) {
		putchar(' ');
		print_hex(m->key, KEY_BYTES);
		printf(" %zu", m->prefix);
	}
	printf("\tchain-%s", good ? "ok" : "bad");
	if (readable)
		printf(" body-%s", body_verdict(m, &e, form));
	putchar('\n');
}

int main(int argc, char **argv)
{
	static struct mutant m;
	const bool form = argc > 1 && strcmp(argv[argc - 1], "--form") == 0;
	const int n_args = argc - form;
	uint64_t count;

	if (n_args < 2 || n_args > 3 || crypto_start(NULL) < 0) {
		fputs("use: emit COUNT [SEED] [--form]\n", stderr);
		return 2;
	}
	count = strtoull(argv[1], NULL, 10);
	samples_make(n_args > 2 ? strtoull(argv[2], NULL, 10) : 1);
	for (uint64_t i = 0; i < count; i++) {
		make_mutant(&m);
		print_mutant(&m, form);
	}
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
