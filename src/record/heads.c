/* The heads file: see heads.h. */
#include "record/heads.h"

#include <string.h>

#define N_SLOTS 2
#define SLOT_DISTANCE 4096
#define SLOT_BYTES 72 /* counter, hash of the state, MAC */
#define AT_HASH 8
#define AT_MAC 40
#define FILE_BYTES (SLOT_DISTANCE + SLOT_BYTES)

struct slot {
	bool good;    /* its MAC holds */
	bool damaged; /* written, and its MAC does not hold */
	uint64_t counter;
	uint8_t hash[HASH_BYTES];
};

struct heads {
	uint8_t mac_key[KEY_BYTES];
	uint8_t home_id[HOME_ID_BYTES];
	struct env *env;
	struct disk_file *file; /* NULL: there is none */
	bool write;
	struct slot slots[N_SLOTS];
};

static void make_mac_key(const uint8_t root[static KEY_BYTES], const uint8_t home_id[static HOME_ID_BYTES],
			 uint8_t ret[static KEY_BYTES])
{
	hash_keyed(root, LABEL_HEAD_MAC, BYTES(home_id, HOME_ID_BYTES), NO_BYTES, NO_BYTES, ret, KEY_BYTES);
}

static void hash_state(struct bytes state, uint8_t ret[static HASH_BYTES])
{
	hash_labelled(LABEL_HEADS, state, NO_BYTES, NO_BYTES, ret, HASH_BYTES);
}

static void slot_mac(const uint8_t mac_key[static KEY_BYTES], const uint8_t home_id[static HOME_ID_BYTES],
		     const uint8_t slot[static SLOT_BYTES], uint8_t ret[static HASH_BYTES])
{
	hash_keyed(mac_key, LABEL_HEAD_MAC, BYTES(home_id, HOME_ID_BYTES), BYTES(slot, AT_MAC), NO_BYTES, ret,
		   HASH_BYTES);
}

static void slot_write(const uint8_t mac_key[static KEY_BYTES], const uint8_t home_id[static HOME_ID_BYTES],
		       uint64_t counter, const uint8_t hash[static HASH_BYTES], uint8_t ret[static SLOT_BYTES])
{
	put_u64(ret, counter);
	memcpy(ret + AT_HASH, hash, HASH_BYTES);
	slot_mac(mac_key, home_id, ret, ret + AT_MAC);
}

/* A slot at the place of the other one was not written there by Parley: damaged too. */
static struct slot slot_read(const struct heads *heads, size_t i, const uint8_t bytes[static SLOT_BYTES])
{
	struct slot slot = { .counter = get_u64(bytes) };
	uint8_t mac[HASH_BYTES];

	memcpy(slot.hash, bytes + AT_HASH, HASH_BYTES);
	slot_mac(heads->mac_key, heads->home_id, bytes, mac);
	slot.good = secret_equal(mac, bytes + AT_MAC, HASH_BYTES) && slot.counter % N_SLOTS == i;
	slot.damaged = !slot.good && !bytes_are_zero(bytes, SLOT_BYTES);
	return slot;
}

/* The newest slot whose MAC holds, or NULL. */
static const struct slot *newest(const struct heads *heads)
{
	const struct slot *best = NULL;

	for (size_t i = 0; i < N_SLOTS; i++)
		if (heads->slots[i].good && (!best || heads->slots[i].counter > best->counter))
			best = &heads->slots[i];
	return best;
}

static enum heads_verdict compare(const struct heads *heads, uint64_t counter, const uint8_t hash[static HASH_BYTES])
{
	const struct slot *slot = newest(heads);

	if (!slot)
		return HEADS_UNREADABLE;
	if (slot->counter != counter)
		return slot->counter > counter ? HEADS_AHEAD : HEADS_BEHIND;
	return memcmp(slot->hash, hash, HASH_BYTES) == 0 ? HEADS_AGREE : HEADS_DIFFER;
}

int heads_create(struct env *env, const char *path, const uint8_t root[static KEY_BYTES],
		 const uint8_t home_id[static HOME_ID_BYTES], uint64_t counter, struct bytes state, struct err *err)
{
	uint8_t file[FILE_BYTES] = { 0 };
	uint8_t mac_key[KEY_BYTES], hash[HASH_BYTES];
	struct disk_stat st;
	int rc = env->disk->stat(env->disk, path, &st, err);

	if (rc < 0)
		return rc;
	if (st.type != DISK_ABSENT)
		return err_set(err, E_EXISTS, "%s is there already; what it remembers is not replaced", path);
	make_mac_key(root, home_id, mac_key);
	hash_state(state, hash);
	slot_write(mac_key, home_id, counter, hash, file + counter % N_SLOTS * SLOT_DISTANCE);
	secret_wipe(mac_key, sizeof(mac_key));
	return disk_replace(env->disk, path, file, sizeof(file), err);
}

/* A file too short for a slot gives zeros in place of what is missing. */
static int read_slots(struct heads *heads, struct err *err)
{
	for (size_t i = 0; i < N_SLOTS; i++) {
		uint8_t bytes[SLOT_BYTES] = { 0 };
		size_t n = 0;
		int rc = heads->env->disk->read(heads->env->disk, heads->file, i * SLOT_DISTANCE, bytes, sizeof(bytes),
						&n, err);

		if (rc < 0)
			return rc;
		heads->slots[i] = slot_read(heads, i, bytes);
	}
	return 0;
}

int heads_open(struct env *env, const char *path, const uint8_t root[static KEY_BYTES],
	       const uint8_t home_id[static HOME_ID_BYTES], bool write, struct heads **ret, struct err *err)
{
	struct heads *heads = secret_alloc(sizeof(*heads));
	int rc;

	heads->env = env;
	heads->write = write;
	memcpy(heads->home_id, home_id, HOME_ID_BYTES);
	make_mac_key(root, home_id, heads->mac_key);
	rc = env->disk->open(env->disk, path, DISK_READ | (write ? DISK_WRITE : 0u), &heads->file, err);
	if (rc == 0)
		rc = read_slots(heads, err);
	else if (rc == E_NOT_FOUND)
		rc = 0;
	if (rc < 0) {
		heads_close(heads);
		return rc;
	}
	*ret = heads;
	return 0;
}

void heads_close(struct heads *heads)
{
	if (!heads)
		return;
	if (heads->file)
		heads->env->disk->close(heads->env->disk, heads->file);
	secret_free(heads);
}

enum heads_verdict heads_compare(const struct heads *heads, uint64_t counter, struct bytes state,
				 int *ret_damaged_slots)
{
	uint8_t hash[HASH_BYTES];

	*ret_damaged_slots = heads->slots[0].damaged + heads->slots[1].damaged;
	hash_state(state, hash);
	return compare(heads, counter, hash);
}

/* What would be written over must not be newer: the caller's database fell back meanwhile. */
static int may_write(const struct heads *heads, uint64_t counter, const uint8_t hash[static HASH_BYTES],
		     struct err *err)
{
	const enum heads_verdict verdict = compare(heads, counter, hash);

	if (!heads->write)
		return err_set(err, E_DENIED, "the heads file is open for reading only");
	if (!heads->file)
		return err_set(err, E_NOT_FOUND, "the heads file is missing, so nothing can be acknowledged");
	if (verdict == HEADS_AHEAD || verdict == HEADS_DIFFER)
		return err_set(err, E_ROLLED_BACK,
			       "the heads file knows a newer or another state than the one to be "
			       "acknowledged; check the home");
	return 0;
}

int heads_write(struct heads *heads, uint64_t counter, struct bytes state, struct err *err)
{
	const size_t i = counter % N_SLOTS;
	struct disk *disk = heads->env->disk;
	uint8_t bytes[SLOT_BYTES];
	uint8_t hash[HASH_BYTES];
	int rc;

	hash_state(state, hash);
	rc = may_write(heads, counter, hash, err);
	if (rc < 0)
		return rc;
	slot_write(heads->mac_key, heads->home_id, counter, hash, bytes);
	rc = disk->write(disk, heads->file, i * SLOT_DISTANCE, bytes, sizeof(bytes), err);
	if (rc == 0)
		rc = disk->sync(disk, heads->file, err);
	if (rc == 0)
		heads->slots[i] = slot_read(heads, i, bytes);
	return rc;
}
