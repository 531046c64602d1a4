/* Recovery files: see recovery.h. */
#include "record/recovery.h"

#include <string.h>

#include "record/sync_parent.h"

#define CHECK_BYTES 8
#define TEXT_MAX 1024 /* a recovery file has about 230 bytes */

/* The lines of the file, in their order. */
enum line { LINE_VERSION, LINE_ORGANISATION, LINE_KEY, LINE_SEED, LINE_CHECK, N_LINES };

static const char *const line_names[N_LINES] = {
	[LINE_VERSION] = "parley-recovery",
	[LINE_ORGANISATION] = "organisation",
	[LINE_KEY] = "key",
	[LINE_SEED] = "seed",
	[LINE_CHECK] = "check",
};

static const char *const line_values[N_LINES] = {
	[LINE_VERSION] = "1",
	[LINE_ORGANISATION] = "64 digits 0-9 a-f",
	[LINE_KEY] = "1, 2 or 3",
	[LINE_SEED] = "64 digits 0-9 a-f",
	[LINE_CHECK] = "16 digits 0-9 a-f",
};

static void checksum(const struct recovery_key *key, uint8_t ret[static CHECK_BYTES])
{
	const uint8_t number = (uint8_t)key->number;
	uint8_t hash[HASH_BYTES];

	hash_labelled(LABEL_RECOVERY_SUM, BYTES_OF(key->organisation), BYTES(&number, 1), BYTES_OF(key->seed), hash,
		      sizeof(hash));
	memcpy(ret, hash, CHECK_BYTES);
}

static void put_hex_line(struct buf *out, enum line line, const uint8_t *p, size_t n)
{
	char hex[2 * KEY_BYTES + 1];

	hex_encode(p, n, hex);
	buf_text(out, line_names[line]);
	buf_text(out, ": ");
	buf_text(out, hex);
	buf_text(out, "\n");
	secret_wipe(hex, sizeof(hex));
}

static void format(const struct recovery_key *key, struct buf *out)
{
	uint8_t check[CHECK_BYTES];

	checksum(key, check);
	buf_printf(out, "%s: 1\n", line_names[LINE_VERSION]);
	put_hex_line(out, LINE_ORGANISATION, key->organisation, ID_BYTES);
	buf_printf(out, "%s: %d\n", line_names[LINE_KEY], key->number);
	put_hex_line(out, LINE_SEED, key->seed, KEY_BYTES);
	put_hex_line(out, LINE_CHECK, check, CHECK_BYTES);
}

/* Take the next line off the text, without what an editor of another system leaves at its end. */
static struct bytes next_line(struct bytes *text)
{
	const uint8_t *end = text->n > 0 ? memchr(text->p, '\n', text->n) : NULL;
	const size_t n = end ? (size_t)(end - text->p) : text->n;
	struct bytes line = { text->p, n };

	text->p += end ? n + 1 : n;
	text->n -= end ? n + 1 : n;
	while (line.n > 0 && (line.p[line.n - 1] == '\r' || line.p[line.n - 1] == ' '))
		line.n--;
	return line;
}

/* The value of "name: value", or one of length 0. */
static struct bytes line_value(enum line line, struct bytes text)
{
	const size_t n_name = strlen(line_names[line]);

	if (text.n < n_name + 1 || memcmp(text.p, line_names[line], n_name) != 0 || text.p[n_name] != ':')
		return NO_BYTES;
	text.p += n_name + 1;
	text.n -= n_name + 1;
	while (text.n > 0 && text.p[0] == ' ') {
		text.p++;
		text.n--;
	}
	return text;
}

static bool parse_value(enum line line, struct bytes value, struct recovery_key *key, uint8_t check[static CHECK_BYTES])
{
	const char *text = (const char *)value.p;

	switch (line) {
	case LINE_VERSION:
		return value.n == 1 && text[0] == '1';
	case LINE_ORGANISATION:
		return hex_decode(text, value.n, key->organisation, ID_BYTES) == 0;
	case LINE_KEY:
		key->number = value.n == 1 ? text[0] - '0' : 0;
		return key->number >= 1 && key->number <= RECOVERY_KEYS;
	case LINE_SEED:
		return hex_decode(text, value.n, key->seed, KEY_BYTES) == 0;
	default:
		return hex_decode(text, value.n, check, CHECK_BYTES) == 0;
	}
}

static int parse(struct bytes text, const char *path, struct recovery_key *key, struct err *err)
{
	uint8_t check[CHECK_BYTES], wanted[CHECK_BYTES];

	for (enum line line = 0; line < N_LINES; line++) {
		const struct bytes value = line_value(line, next_line(&text));

		if (value.n == 0 || !parse_value(line, value, key, check))
			return err_set(err, E_INVALID, "%s, line %d: should be \"%s: \" and %s", path, (int)line + 1,
				       line_names[line], line_values[line]);
	}
	while (text.n > 0)
		if (next_line(&text).n > 0)
			return err_set(err, E_INVALID, "%s, line %d: a recovery file ends before it", path,
				       N_LINES + 1);
	checksum(key, wanted);
	if (!secret_equal(check, wanted, CHECK_BYTES))
		return err_set(err, E_DAMAGED, "%s is damaged: its check does not fit; use another recovery file",
			       path);
	return 0;
}

int recovery_read(struct env *env, const char *path, struct recovery_key *ret, struct err *err)
{
	struct recovery_key key = { 0 };
	uint8_t sk[64];
	struct buf text;
	int rc;

	buf_init(&text, TEXT_MAX);
	rc = disk_read_all(env->disk, path, TEXT_MAX, &text, err);
	if (rc == E_LIMIT)
		rc = err_set(err, E_INVALID, "%s is too long for a recovery file", path);
	if (rc == 0)
		rc = parse(BYTES(buf_str(&text), text.n), path, &key, err);
	if (rc == 0) {
		sign_keypair(key.seed, key.public_key, sk);
		*ret = key;
	}
	buf_release(&text);
	secret_wipe(sk, sizeof(sk));
	secret_wipe(&key, sizeof(key));
	return rc;
}

static int write_text(struct env *env, const char *path, struct disk_file *file, struct bytes text, struct err *err)
{
	int rc = env->disk->write(env->disk, file, 0, text.p, text.n, err);

	if (rc == 0)
		rc = env->disk->sync(env->disk, file, err);
	return rc < 0 ? rc : sync_parent(env->disk, path, err);
}

/* Sign with what the file gives, verify with what the organisation will publish. Noise is no recovery statement, and
 * the signature is not kept. */
static int prove(struct env *env, const char *path, const struct recovery_key *key, struct err *err)
{
	uint8_t noise[32], pk[KEY_BYTES], sk[64], signature[SIGNATURE_BYTES];
	struct recovery_key back = { 0 };
	bool works;
	int rc = recovery_read(env, path, &back, err);

	if (rc < 0)
		return err_set(err, E_UNVERIFIED, "%s does not give back what was written; use another medium", path);
	env->random(env, noise, sizeof(noise));
	sign_keypair(back.seed, pk, sk);
	sign_prefixed(PREFIX_RECOVERY, BYTES_OF(noise), sk, signature);
	works = back.number == key->number && memcmp(back.organisation, key->organisation, ID_BYTES) == 0 &&
		verify_prefixed(PREFIX_RECOVERY, BYTES_OF(noise), signature, key->public_key);
	secret_wipe(&back, sizeof(back));
	secret_wipe(sk, sizeof(sk));
	secret_wipe(signature, sizeof(signature));
	if (!works)
		return err_set(err, E_UNVERIFIED, "the key in %s does not fit its public key; use another medium",
			       path);
	return 0;
}

int recovery_write(struct env *env, const char *path, const struct recovery_key *key, struct err *err)
{
	struct disk_file *file = NULL;
	struct err ignored;
	struct buf text;
	int rc;

	if (key->number < 1 || key->number > RECOVERY_KEYS)
		return err_set(err, E_INVALID, "recovery keys have the numbers 1 to %d", RECOVERY_KEYS);
	rc = env->disk->open(env->disk, path, DISK_WRITE | DISK_CREATE | DISK_EXCLUSIVE, &file, err);
	if (rc < 0)
		return rc;
	buf_init(&text, TEXT_MAX);
	format(key, &text);
	rc = write_text(env, path, file, BYTES(text.p, text.n), err);
	env->disk->close(env->disk, file);
	buf_release(&text);
	if (rc == 0)
		rc = prove(env, path, key, err);
	if (rc < 0)
		(void)env->disk->remove(env->disk, path, &ignored); /* never left as if it worked */
	return rc;
}
