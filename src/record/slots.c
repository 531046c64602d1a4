/* Key slots: see slots.h. */
#include "record/slots.h"

#include <sodium.h>
#include <string.h>

#define KEYS_HEADER_BYTES 64
#define SLOT_BYTES 256
#define KEYS_BYTES_MAX (KEYS_HEADER_BYTES + SLOTS_MAX * SLOT_BYTES)
#define KEYS_VERSION 1

/* Places in the header, from "PRLK" on. */
#define AT_VERSION 4
#define AT_COUNT 6
#define AT_HOME_ID 8
#define AT_ZEROS 24
#define AT_HEADER_SUM 32

/* Places in a slot. */
#define AT_FLAGS 1
#define AT_MEMORY 4
#define AT_PASSES 8
#define AT_SALT 16
#define AT_COMMITMENT 32
#define AT_WRAPPED 64
#define WRAPPED_BYTES (KEY_BYTES + TAG_BYTES)
#define AT_SLOT_SUM 224

#define FLAG_INSECURE 1

/* A stored slot may come from an enemy and ask for terabytes. */
#define MEMORY_KIB_MIN 8
#define MEMORY_KIB_MAX (UINT32_C(1024) * 1024)
#define PASSES_MAX 10

const struct kdf_cost kdf_cost_standard = { .memory_kib = 256 * 1024, .passes = 3 };
const struct kdf_cost kdf_cost_insecure_tests = { .memory_kib = MEMORY_KIB_MIN, .passes = 1, .insecure = true };

/* The file, in memory. Slots that the file is too short for are zeros, and so damaged. */
struct keys_file {
	uint8_t home_id[HOME_ID_BYTES];
	size_t n;
	uint8_t slots[SLOTS_MAX][SLOT_BYTES];
};

/* What must be wiped; lives in secret memory. */
struct unlock {
	char passphrase[PASSPHRASE_MAX];
	uint8_t wrapping[KEY_BYTES];   /* w of the format; must stand right before committing */
	uint8_t committing[KEY_BYTES]; /* c */
	uint8_t root[KEY_BYTES];
};

_Static_assert(offsetof(struct unlock, committing) == offsetof(struct unlock, wrapping) + KEY_BYTES, "w and c joined");

static const char *type_words(uint8_t type)
{
	return type == SLOT_PASSPHRASE ? "passphrase" : type == SLOT_PAPER ? "paper sheet" : "unknown kind";
}

static void header_sum(const uint8_t header[static KEYS_HEADER_BYTES], uint8_t sum[static HASH_BYTES])
{
	hash_labelled(LABEL_SLOT_SUM, BYTES(header, AT_HEADER_SUM), NO_BYTES, NO_BYTES, sum, HASH_BYTES);
}

static void slot_sum(const uint8_t home_id[static HOME_ID_BYTES], const uint8_t slot[static SLOT_BYTES],
		     uint8_t sum[static HASH_BYTES])
{
	hash_labelled(LABEL_SLOT_SUM, BYTES(home_id, HOME_ID_BYTES), BYTES(slot, AT_SLOT_SUM), NO_BYTES, sum,
		      HASH_BYTES);
}

static void slot_commitment(const uint8_t home_id[static HOME_ID_BYTES], const uint8_t slot[static SLOT_BYTES],
			    const struct unlock *u, uint8_t commitment[static HASH_BYTES])
{
	hash_keyed(u->committing, LABEL_SLOT, BYTES(home_id, HOME_ID_BYTES), BYTES(slot, AT_COMMITMENT), NO_BYTES,
		   commitment, HASH_BYTES);
}

/* What the wrapping is bound to: home id and slot up to the wrapped key. */
static void slot_context(const uint8_t home_id[static HOME_ID_BYTES], const uint8_t slot[static SLOT_BYTES],
			 uint8_t context[static HOME_ID_BYTES + AT_WRAPPED])
{
	memcpy(context, home_id, HOME_ID_BYTES);
	memcpy(context + HOME_ID_BYTES, slot, AT_WRAPPED);
}

static struct kdf_cost slot_cost(const uint8_t slot[static SLOT_BYTES])
{
	return (struct kdf_cost){
		.memory_kib = get_u32(slot + AT_MEMORY),
		.passes = get_u32(slot + AT_PASSES),
		.insecure = slot[AT_FLAGS] & FLAG_INSECURE,
	};
}

static bool cost_is_capped(const struct kdf_cost *cost)
{
	return cost->memory_kib <= MEMORY_KIB_MAX && cost->passes <= PASSES_MAX;
}

static bool unused_are_zero(const uint8_t slot[static SLOT_BYTES])
{
	return bytes_are_zero(slot + AT_FLAGS + 1, AT_MEMORY - AT_FLAGS - 1) &&
	       bytes_are_zero(slot + AT_PASSES + 4, AT_SALT - AT_PASSES - 4) &&
	       bytes_are_zero(slot + AT_WRAPPED + WRAPPED_BYTES, AT_SLOT_SUM - AT_WRAPPED - WRAPPED_BYTES);
}

/* A slot whose checksum fits but whose fields the format does not allow was not written by any Parley. */
static bool slot_is_damaged(const struct keys_file *keys, size_t i)
{
	const uint8_t *slot = keys->slots[i];
	const struct kdf_cost cost = slot_cost(slot);
	uint8_t sum[HASH_BYTES];

	slot_sum(keys->home_id, slot, sum);
	if (memcmp(sum, slot + AT_SLOT_SUM, HASH_BYTES) != 0 || !unused_are_zero(slot))
		return true;
	return (slot[0] != SLOT_PASSPHRASE && slot[0] != SLOT_PAPER) || slot[AT_FLAGS] > FLAG_INSECURE ||
	       cost.memory_kib < MEMORY_KIB_MIN || cost.passes < 1 ||
	       (slot[AT_FLAGS] == 0 && (cost.memory_kib < kdf_cost_standard.memory_kib ||
					cost.passes < kdf_cost_standard.passes)); /* weak, and does not say so */
}

/* Fill wrapping and committing key from the passphrase. */
static int stretch(struct unlock *u, const uint8_t slot[static SLOT_BYTES], struct err *err)
{
	const struct kdf_cost cost = slot_cost(slot);
	const size_t memory = (size_t)cost.memory_kib * 1024;

	if (crypto_pwhash(u->wrapping, 2 * KEY_BYTES, u->passphrase, strlen(u->passphrase), slot + AT_SALT, cost.passes,
			  memory, crypto_pwhash_ALG_ARGON2ID13) == 0)
		return 0;
	return err_set(err, E_LIMIT,
		       "too little free memory to try the passphrase (it takes %u MiB); close other programs",
		       (unsigned)(cost.memory_kib / 1024));
}

static int keys_parse(const struct buf *file, const char *path, struct keys_file *ret, struct err *err)
{
	uint8_t sum[HASH_BYTES];

	if (file->n >= KEYS_HEADER_BYTES)
		header_sum(file->p, sum);
	if (file->n < KEYS_HEADER_BYTES || memcmp(sum, file->p + AT_HEADER_SUM, HASH_BYTES) != 0)
		return err_set(err, E_DAMAGED, "the header of %s is damaged; put the file back from a backup", path);
	ret->n = get_u16(file->p + AT_COUNT);
	if (memcmp(file->p, "PRLK", AT_VERSION) != 0 || get_u16(file->p + AT_VERSION) != KEYS_VERSION || ret->n < 1 ||
	    ret->n > SLOTS_MAX || !bytes_are_zero(file->p + AT_ZEROS, AT_HEADER_SUM - AT_ZEROS))
		return err_set(err, E_DAMAGED, "%s is not a file of keys of version %d; use the Parley that wrote it",
			       path, KEYS_VERSION);
	if (file->n > KEYS_HEADER_BYTES + ret->n * SLOT_BYTES)
		return err_set(err, E_DAMAGED, "%s is longer than its header says; put the file back from a backup",
			       path);
	memcpy(ret->home_id, file->p + AT_HOME_ID, HOME_ID_BYTES);
	memset(ret->slots, 0, sizeof(ret->slots));
	memcpy(ret->slots, file->p + KEYS_HEADER_BYTES, file->n - KEYS_HEADER_BYTES);
	return 0;
}

static int keys_read(struct env *env, const char *path, struct keys_file *ret, struct err *err)
{
	struct buf file;
	int rc;

	buf_init(&file, KEYS_BYTES_MAX);
	rc = disk_read_all(env->disk, path, KEYS_BYTES_MAX, &file, err);
	if (rc == 0)
		rc = keys_parse(&file, path, ret, err);
	else if (rc == E_LIMIT)
		rc = err_set(err, E_DAMAGED, "%s is longer than any file of keys; put the file back from a backup",
			     path);
	buf_release(&file);
	return rc;
}

/* Try one undamaged, capped slot with u->passphrase; fills u->root.
 * @return 0; E_DENIED if the passphrase is not this slot's; E_DAMAGED; E_LIMIT */
static int slot_try(const struct keys_file *keys, size_t i, struct unlock *u, struct err *err)
{
	const uint8_t *slot = keys->slots[i];
	uint8_t commitment[HASH_BYTES], context[HOME_ID_BYTES + AT_WRAPPED];
	int rc = stretch(u, slot, err);

	if (rc < 0)
		return rc;
	slot_commitment(keys->home_id, slot, u, commitment);
	if (!secret_equal(commitment, slot + AT_COMMITMENT, HASH_BYTES))
		return err_set(err, E_DENIED, "wrong passphrase");
	slot_context(keys->home_id, slot, context);
	if (aead_open(u->wrapping, NULL, BYTES_OF(context), BYTES(slot + AT_WRAPPED, WRAPPED_BYTES), u->root) < 0)
		return err_set(err, E_DAMAGED, "slot %zu (%s) does not give the key that it was made for", i + 1,
			       type_words(slot[0]));
	return 0;
}

/* Try every slot that may be tried. What is said when none opens: first what a wrong passphrase does not explain. */
static int keys_unlock(const struct keys_file *keys, struct unlock *u, size_t *ret_slot, struct err *err)
{
	int rc = err_set(err, E_DENIED, "wrong passphrase");

	for (size_t i = 0; i < keys->n; i++) {
		const uint8_t *slot = keys->slots[i];
		const struct kdf_cost cost = slot_cost(slot);
		struct err one = { 0 };
		int tried;

		if (slot_is_damaged(keys, i))
			tried = err_set(&one, E_DAMAGED,
					"slot %zu of the keys is damaged and the passphrase opens no "
					"other; use that of another slot (the paper sheet), or a backup",
					i + 1);
		else if (!cost_is_capped(&cost))
			tried = err_set(&one, E_LIMIT,
					"slot %zu (%s) asks for more memory or time than Parley gives; "
					"do not use this file of keys",
					i + 1, type_words(slot[0]));
		else
			tried = slot_try(keys, i, u, &one);
		if (tried == 0) {
			*ret_slot = i;
			return 0;
		}
		if (rc == E_DENIED) {
			rc = tried;
			if (err)
				*err = one;
		}
	}
	return rc;
}

int slots_open(struct env *env, const char *path, const char *typed, uint8_t ret_root[static KEY_BYTES],
	       uint8_t ret_home_id[static HOME_ID_BYTES], bool *ret_insecure, struct err *err)
{
	struct unlock *u = secret_alloc(sizeof(*u));
	struct keys_file keys = { 0 };
	size_t slot = 0;
	int rc = passphrase_normalise(typed, u->passphrase, err);

	if (rc == 0)
		rc = keys_read(env, path, &keys, err);
	if (rc == 0)
		rc = keys_unlock(&keys, u, &slot, err);
	if (rc == 0) {
		memcpy(ret_root, u->root, KEY_BYTES);
		memcpy(ret_home_id, keys.home_id, HOME_ID_BYTES);
		*ret_insecure = slot_cost(keys.slots[slot]).insecure;
	}
	secret_free(u);
	return rc;
}

int slots_inspect(struct env *env, const char *path, uint8_t ret_home_id[static HOME_ID_BYTES],
		  struct slot_info ret_slots[static SLOTS_MAX], size_t *ret_n, struct err *err)
{
	struct keys_file keys = { 0 };
	int rc = keys_read(env, path, &keys, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < keys.n; i++)
		ret_slots[i] = (struct slot_info){
			.type = keys.slots[i][0],
			.cost = slot_cost(keys.slots[i]),
			.damaged = slot_is_damaged(&keys, i),
		};
	memcpy(ret_home_id, keys.home_id, HOME_ID_BYTES);
	*ret_n = keys.n;
	return 0;
}

/* Fill one slot of 256 zero bytes; u holds the root key. */
static int slot_make(struct env *env, const uint8_t home_id[static HOME_ID_BYTES], const struct new_slot *new,
		     struct unlock *u, uint8_t slot[static SLOT_BYTES], struct err *err)
{
	uint8_t context[HOME_ID_BYTES + AT_WRAPPED];
	int rc = passphrase_normalise(new->passphrase, u->passphrase, err);

	if (rc < 0)
		return rc;
	slot[0] = (uint8_t) new->type;
	slot[AT_FLAGS] = new->cost->insecure ? FLAG_INSECURE : 0;
	put_u32(slot + AT_MEMORY, new->cost->memory_kib);
	put_u32(slot + AT_PASSES, new->cost->passes);
	env->random(env, slot + AT_SALT, crypto_pwhash_SALTBYTES);
	rc = stretch(u, slot, err);
	if (rc < 0)
		return rc;
	slot_commitment(home_id, slot, u, slot + AT_COMMITMENT);
	slot_context(home_id, slot, context);
	aead_seal(u->wrapping, NULL, BYTES_OF(context), BYTES(u->root, KEY_BYTES), slot + AT_WRAPPED);
	slot_sum(home_id, slot, slot + AT_SLOT_SUM);
	return 0;
}

static int check_new(struct env *env, const char *path, const struct new_slot *slots, size_t n, struct err *err)
{
	struct disk_stat st;
	int rc;

	if (n < 1 || n > SLOTS_MAX)
		return err_set(err, E_INVALID, "a file of keys has 1 to %d slots, not %zu", SLOTS_MAX, n);
	for (size_t i = 0; i < n; i++) {
		if (slots[i].cost->memory_kib < MEMORY_KIB_MIN || slots[i].cost->passes < 1)
			return err_set(err, E_INVALID, "a slot takes at least %d KiB and 1 pass", MEMORY_KIB_MIN);
		if (!cost_is_capped(slots[i].cost))
			return err_set(err, E_LIMIT, "a slot takes at most %u KiB and %d passes", MEMORY_KIB_MAX,
				       PASSES_MAX);
	}
	rc = env->disk->stat(env->disk, path, &st, err);
	if (rc < 0)
		return rc;
	if (st.type != DISK_ABSENT)
		return err_set(err, E_EXISTS, "%s is there already; its keys are not replaced", path);
	return 0;
}

int slots_create(struct env *env, const char *path, const uint8_t root[static KEY_BYTES], const struct new_slot *slots,
		 size_t n, uint8_t ret_home_id[static HOME_ID_BYTES], struct err *err)
{
	uint8_t file[KEYS_BYTES_MAX] = { 'P', 'R', 'L', 'K' };
	struct unlock *u;
	int rc = check_new(env, path, slots, n, err);

	if (rc < 0)
		return rc;
	put_u16(file + AT_VERSION, KEYS_VERSION);
	put_u16(file + AT_COUNT, (uint16_t)n);
	env->random(env, file + AT_HOME_ID, HOME_ID_BYTES);
	header_sum(file, file + AT_HEADER_SUM);
	u = secret_alloc(sizeof(*u));
	memcpy(u->root, root, KEY_BYTES);
	for (size_t i = 0; i < n && rc == 0; i++)
		rc = slot_make(env, file + AT_HOME_ID, &slots[i], u, file + KEYS_HEADER_BYTES + i * SLOT_BYTES, err);
	secret_free(u);
	if (rc == 0)
		rc = disk_replace(env->disk, path, file, KEYS_HEADER_BYTES + n * SLOT_BYTES, err);
	if (rc == 0)
		memcpy(ret_home_id, file + AT_HOME_ID, HOME_ID_BYTES);
	return rc;
}
