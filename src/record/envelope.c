#include "record/envelope.h"

#include <string.h>

#define MAGIC "PRLY"
#define FORMAT_VERSION 1
#define PAD_MARK 0x80

/* Offsets of docs/format-record.md section 2. */
enum {
	AT_MAGIC = 0,
	AT_VERSION = 4,
	AT_CLASS = 6,
	AT_FLAGS = 7,
	AT_CIRCLE = 8,
	AT_AUTHOR = 40,
	AT_SEQ = 72,
	AT_PREV = 80,
	AT_EPOCH = 112,
	AT_SEEN = 144,
	AT_TIME = 176,
	AT_KCOM = 184,
	AT_BHASH = 216,
	AT_LENGTH = 248,
	AT_ZERO = 252,
};

static const uint32_t section_lengths[] = { 256, 640, 1664, 3712, 7808, 16000, 32384, SECTION_MAX };

uint32_t section_length(size_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(section_lengths); i++)
		if (n <= section_lengths[i])
			return section_lengths[i];
	return 0;
}

void envelope_write(const struct envelope *e, uint8_t header[static HEADER_BYTES])
{
	memset(header, 0, HEADER_BYTES);
	memcpy(header + AT_MAGIC, MAGIC, 4);
	put_u16(header + AT_VERSION, FORMAT_VERSION);
	header[AT_CLASS] = e->cls;
	memcpy(header + AT_CIRCLE, e->circle, ID_BYTES);
	memcpy(header + AT_AUTHOR, e->author, KEY_BYTES);
	put_u64(header + AT_SEQ, e->seq);
	memcpy(header + AT_PREV, e->prev, ID_BYTES);
	memcpy(header + AT_EPOCH, e->epoch, ID_BYTES);
	memcpy(header + AT_SEEN, e->seen, ID_BYTES);
	put_u64(header + AT_TIME, e->time_ms);
	memcpy(header + AT_KCOM, e->kcom, sizeof e->kcom);
	memcpy(header + AT_BHASH, e->bhash, HASH_BYTES);
	put_u32(header + AT_LENGTH, e->length);
}

static bool length_is_listed(uint32_t length)
{
	return length == 0 || (length <= SECTION_MAX && section_length(length) == length);
}

/* The rules that tie fields to the class; NULL when all hold, else what is broken. */
static const char *class_rule_broken(const struct envelope *e)
{
	bool no_epoch = bytes_are_zero(e->epoch, ID_BYTES);
	bool no_kcom = bytes_are_zero(e->kcom, sizeof e->kcom);

	if (e->cls == 0 || (e->cls > CLASS_CHUNK && e->cls < 128))
		return "class is not one of 1 to 6 or 128 to 255";
	if (e->cls == CLASS_SIGCHAIN && !no_epoch)
		return "epoch is set in a sigchain entry";
	if (no_epoch && e->cls != CLASS_SIGCHAIN && e->cls != CLASS_CONTROL && e->cls < 128)
		return "epoch is missing";
	if (no_kcom != (e->cls == CLASS_SIGCHAIN || e->length == 0))
		return "key commitment does not fit class and length";
	return NULL;
}

static const char *field_rule_broken(const uint8_t header[static HEADER_BYTES], const struct envelope *e)
{
	if (memcmp(header + AT_MAGIC, MAGIC, 4) != 0)
		return "does not begin with PRLY";
	if (get_u16(header + AT_VERSION) != FORMAT_VERSION)
		return "version is not 1";
	if (header[AT_FLAGS] != 0)
		return "flags are set";
	if (e->seq == 0 || e->seq > SEQ_MAX)
		return "seq is out of range";
	if (bytes_are_zero(e->prev, ID_BYTES) != (e->seq == 1))
		return "prev does not fit seq";
	if (e->time_ms > SEQ_MAX)
		return "time is out of range";
	if (!length_is_listed(e->length))
		return "length is not one of the sections";
	if (bytes_are_zero(e->bhash, HASH_BYTES) != (e->length == 0))
		return "body hash does not fit length";
	if (get_u32(header + AT_ZERO) != 0)
		return "bytes 252 to 255 are not zero";
	return NULL;
}

int envelope_read(const uint8_t header[static HEADER_BYTES], struct envelope *ret, struct err *err)
{
	struct envelope e;
	const char *broken;

	e.cls = header[AT_CLASS];
	memcpy(e.circle, header + AT_CIRCLE, ID_BYTES);
	memcpy(e.author, header + AT_AUTHOR, KEY_BYTES);
	e.seq = get_u64(header + AT_SEQ);
	memcpy(e.prev, header + AT_PREV, ID_BYTES);
	memcpy(e.epoch, header + AT_EPOCH, ID_BYTES);
	memcpy(e.seen, header + AT_SEEN, ID_BYTES);
	e.time_ms = get_u64(header + AT_TIME);
	memcpy(e.kcom, header + AT_KCOM, sizeof e.kcom);
	memcpy(e.bhash, header + AT_BHASH, HASH_BYTES);
	e.length = get_u32(header + AT_LENGTH);

	broken = field_rule_broken(header, &e);
	if (!broken)
		broken = class_rule_broken(&e);
	if (broken)
		return err_set(err, E_INVALID, "the header of an entry is not valid: %s", broken);
	*ret = e;
	return 0;
}

void entry_id(const uint8_t header[static HEADER_BYTES], uint8_t ret_id[static ID_BYTES])
{
	hash_labelled(LABEL_ENTRY_ID, BYTES(header, HEADER_BYTES), NO_BYTES, NO_BYTES, ret_id, ID_BYTES);
}

void envelope_sign(const uint8_t header[static HEADER_BYTES], const uint8_t sk[static 64],
		   uint8_t signature[static SIGNATURE_BYTES])
{
	sign_prefixed(PREFIX_ENTRY, BYTES(header, HEADER_BYTES), sk, signature);
}

/* Length and hash of the section. */
static int check_section(struct bytes entry, const struct envelope *e, struct err *err)
{
	uint8_t bhash[HASH_BYTES];

	if (entry.n != ENVELOPE_BYTES && entry.n != ENVELOPE_BYTES + e->length)
		return err_set(err, E_INVALID, "an entry of %zu bytes does not have the length that its header says",
			       entry.n);
	if (entry.n == ENVELOPE_BYTES)
		return 0;
	hash_labelled(LABEL_BODY, BYTES(entry.p + ENVELOPE_BYTES, e->length), NO_BYTES, NO_BYTES, bhash, HASH_BYTES);
	if (memcmp(bhash, e->bhash, HASH_BYTES) != 0)
		return err_set(err, E_UNVERIFIED, "the body of an entry is not the one that was signed");
	return 0;
}

int entry_check(struct bytes entry, struct envelope *ret, struct err *err)
{
	struct envelope e = { 0 };
	int rc;

	if (entry.n < ENVELOPE_BYTES)
		return err_set(err, E_INVALID, "an entry of %zu bytes is shorter than an envelope", entry.n);
	rc = envelope_read(entry.p, &e, err);
	if (rc == 0)
		rc = check_section(entry, &e, err);
	if (rc < 0)
		return rc;
	if (!verify_prefixed(PREFIX_ENTRY, BYTES(entry.p, HEADER_BYTES), entry.p + HEADER_BYTES, e.author))
		return err_set(err, E_UNVERIFIED, "the signature of an entry does not fit");
	*ret = e;
	return 0;
}

/* k_enc and kcom, behind each other: format section 3. */
static void split_key(const uint8_t k_entry[static KEY_BYTES], uint8_t out[static 64])
{
	hash_keyed(k_entry, LABEL_K_SPLIT, NO_BYTES, NO_BYTES, NO_BYTES, out, 64);
}

static void derive_k_entry(const uint8_t key[static KEY_BYTES], const uint8_t *header, const uint8_t *salt,
			   uint8_t out[static KEY_BYTES])
{
	hash_keyed(key, LABEL_K_ENTRY, BYTES(header, AT_KCOM), BYTES(salt, SALT_BYTES), NO_BYTES, out, KEY_BYTES);
}

/* Lay out boxes, salt and padded plaintext behind the envelope; the plaintext is sealed in place later. */
static uint8_t *lay_out_section(struct envelope *e, const struct sealing *what, uint8_t out[static ENTRY_MAX],
				size_t *ret_padded)
{
	size_t overhead = what->boxes.n + (what->key ? SEAL_OVERHEAD : SALT_BYTES);
	uint8_t *plain;

	e->length = section_length(overhead + what->body.n + 1);
	if (e->length == 0)
		return NULL;
	plain = out + ENVELOPE_BYTES + what->boxes.n + SALT_BYTES;
	*ret_padded = e->length - overhead;
	if (what->boxes.n)
		memcpy(out + ENVELOPE_BYTES, what->boxes.p, what->boxes.n);
	memset(plain, 0, *ret_padded);
	if (what->body.n)
		memcpy(plain, what->body.p, what->body.n);
	plain[what->body.n] = PAD_MARK;
	return plain;
}

/* Encrypt the padded plaintext where it stands, and commit to its key in the header. */
static void seal_section(struct envelope *e, const uint8_t key[static KEY_BYTES], uint8_t *header, const uint8_t *salt,
			 uint8_t *plain, size_t padded)
{
	uint8_t k_entry[KEY_BYTES], split[64];

	derive_k_entry(key, header, salt, k_entry);
	split_key(k_entry, split);
	memcpy(e->kcom, split + KEY_BYTES, sizeof e->kcom);
	memcpy(header + AT_KCOM, e->kcom, sizeof e->kcom);
	aead_seal(split, NULL, BYTES(header, AT_BHASH), BYTES(plain, padded), plain);
	secret_wipe(k_entry, sizeof k_entry);
	secret_wipe(split, sizeof split);
}

int entry_seal(struct envelope *e, const struct sealing *what, uint8_t out[static ENTRY_MAX], struct err *err)
{
	size_t padded = 0;
	uint8_t *plain = lay_out_section(e, what, out, &padded);
	uint8_t *salt;

	if (!plain)
		return err_set(err, E_LIMIT,
			       "an entry of %zu bytes is too large (the most is %d): put long texts into an attachment",
			       what->body.n, SECTION_MAX - SEAL_OVERHEAD - 1);
	salt = plain - SALT_BYTES;
	memset(e->kcom, 0, sizeof e->kcom);
	memset(e->bhash, 0, sizeof e->bhash);
	envelope_write(e, out);
	hash_keyed(what->salt_secret, LABEL_SALT, BYTES(out, AT_KCOM), BYTES(plain, padded), BYTES(what->noise, 32),
		   salt, SALT_BYTES);
	if (what->key)
		seal_section(e, what->key, out, salt, plain, padded);
	hash_labelled(LABEL_BODY, BYTES(out + ENVELOPE_BYTES, e->length), NO_BYTES, NO_BYTES, e->bhash, HASH_BYTES);
	memcpy(out + AT_BHASH, e->bhash, HASH_BYTES);
	if (what->sk)
		envelope_sign(out, what->sk, out + HEADER_BYTES);
	return 0;
}

/* Strip the padding and hold the smallest-section rule. */
static int unpad(uint8_t *plain, size_t padded, size_t overhead, size_t *ret_n, struct err *err)
{
	size_t n = padded;

	while (n > 0 && plain[n - 1] == 0)
		n--;
	if (n == 0 || plain[n - 1] != PAD_MARK)
		return err_set(err, E_INVALID, "the padding of an entry's body is not valid");
	if (section_length(overhead + n) != overhead + padded)
		return err_set(err, E_INVALID, "the body of an entry stands in a larger section than it needs");
	plain[n - 1] = 0;
	*ret_n = n - 1;
	return 0;
}

static int section_is_there(struct bytes entry, const struct envelope *e, size_t overhead, struct err *err)
{
	if (e->length == 0)
		return err_set(err, E_INVALID, "an entry without a body section has no meaning in its class");
	if (entry.n == ENVELOPE_BYTES)
		return err_set(err, E_NOT_FOUND,
			       "the body of this entry is not here: it was redacted or has not arrived");
	if (entry.n != ENVELOPE_BYTES + e->length)
		return err_set(err, E_INVALID,
			       "the body section of an entry does not have the length that its header says");
	if (e->length <= overhead)
		return err_set(err, E_INVALID, "the body section of an entry is too short for what it must hold");
	return 0;
}

int entry_key(struct bytes entry, const uint8_t key[static KEY_BYTES], size_t prefix,
	      uint8_t ret_k_entry[static KEY_BYTES], struct err *err)
{
	struct envelope e = { 0 };
	int rc = envelope_read(entry.p, &e, err);

	if (rc == 0)
		rc = section_is_there(entry, &e, prefix + SEAL_OVERHEAD, err);
	if (rc == 0)
		derive_k_entry(key, entry.p, entry.p + ENVELOPE_BYTES + prefix, ret_k_entry);
	return rc;
}

/* Check the commitment, then decrypt section (behind prefix) into out. */
static int open_sealed(struct bytes entry, const struct envelope *e, const uint8_t key[static KEY_BYTES], size_t prefix,
		       uint8_t *out, struct err *err)
{
	const uint8_t *salt = entry.p + ENVELOPE_BYTES + prefix;
	uint8_t k_entry[KEY_BYTES], split[64];
	int rc = 0;

	derive_k_entry(key, entry.p, salt, k_entry);
	split_key(k_entry, split);
	if (!secret_equal(split + KEY_BYTES, e->kcom, sizeof e->kcom))
		rc = err_set(err, E_DENIED, "not openable: author and reader do not share this entry's key");
	else if (aead_open(split, NULL, BYTES(entry.p, AT_BHASH),
			   BYTES(salt + SALT_BYTES, e->length - prefix - SALT_BYTES), out) < 0)
		rc = err_set(err, E_UNVERIFIED, "the body of an entry does not decrypt although its key fits");
	secret_wipe(k_entry, sizeof k_entry);
	secret_wipe(split, sizeof split);
	return rc;
}

int entry_open(struct bytes entry, const struct envelope *e, const uint8_t *key, size_t prefix, uint8_t *out,
	       size_t *ret_n, struct err *err)
{
	size_t overhead = prefix + (key ? SEAL_OVERHEAD : SALT_BYTES);
	int rc = section_is_there(entry, e, overhead, err);

	if (rc < 0)
		return rc;
	if (key)
		rc = open_sealed(entry, e, key, prefix, out, err);
	else
		memcpy(out, entry.p + ENVELOPE_BYTES + overhead, e->length - overhead);
	if (rc == 0)
		rc = unpad(out, e->length - overhead, overhead, ret_n, err);
	return rc;
}
