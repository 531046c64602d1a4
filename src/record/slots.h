/* Key slots: the file `keys`, in which the root key lies wrapped under a passphrase and under the words of a
 * paper sheet. docs/format-record.md 8.1.
 *
 * Threads: as the env. Memory: the caller's; root keys belong into secret_alloc() memory.
 */
#ifndef PARLEY_RECORD_SLOTS_H
#define PARLEY_RECORD_SLOTS_H

#include "base/env.h"
#include "base/err.h"
#include "record/crypto.h"

#define HOME_ID_BYTES 16
#define PASSPHRASE_WORDS 7
#define PASSPHRASE_MAX 256 /* bytes, NUL included; a generated one has at most 7 * 9 + 6 + 1 */
#define SLOTS_MAX 8

enum slot_type { SLOT_PASSPHRASE = 1, SLOT_PAPER = 2 };

/* What a passphrase costs to try. */
struct kdf_cost {
	uint32_t memory_kib;
	uint32_t passes;
	bool insecure; /* test parameters: said at every unlock */
};

extern const struct kdf_cost kdf_cost_standard;       /* 256 MiB, 3 passes: about half a second */
extern const struct kdf_cost kdf_cost_insecure_tests; /* 8 KiB, 1 pass: for tests only, protects nothing */

struct slot_info {
	enum slot_type type;
	struct kdf_cost cost;
	bool damaged; /* its checksum does not fit, or a field is not as the format has it */
};

/** Draw PASSPHRASE_WORDS words (about 90 bits) from the list of 7,776. */
void passphrase_generate(struct env *env, char out[static PASSPHRASE_MAX]);

/** Bring a typed passphrase to the form that is hashed: A to Z in lower case, runs of hyphens, spaces, tabs and line
 * ends as single spaces, trimmed. Everything else stays as typed, so a generated "yo-yo" is hashed as "yo yo".
 * @return 0; E_LIMIT if longer than PASSPHRASE_MAX - 1; E_INVALID if empty or not UTF-8 */
MUST_CHECK int passphrase_normalise(const char *typed, char out[static PASSPHRASE_MAX], struct err *err);

/** The nth word (from 1) of a passphrase, for "type word 3 of your sheet": true if `typed` is it. */
bool passphrase_word_matches(const char *passphrase, int nth, const char *typed);

/* A slot to be made; the passphrase is normalised. */
struct new_slot {
	enum slot_type type;
	const char *passphrase;
	const struct kdf_cost *cost;
};

/** Write a new `keys` file with n slots and a new home id; it must not exist.
 * @param root  the root key to wrap
 * @return 0; E_EXISTS; E_INVALID (n not 1..SLOTS_MAX, an empty passphrase, a cost too small); E_LIMIT (a passphrase too
 *         long, a cost above the cap, too little memory); E_IO, E_FULL */
MUST_CHECK int slots_create(struct env *env, const char *path, const uint8_t root[static KEY_BYTES],
			    const struct new_slot *slots, size_t n, uint8_t ret_home_id[static HOME_ID_BYTES],
			    struct err *err);

/** Open any slot with a passphrase (normalised here).
 * @param ret_root  fills the root key
 * @param ret_insecure  the slot has test parameters
 * @return 0; E_DENIED "wrong passphrase"; E_DAMAGED (which slot); E_LIMIT if a slot asks for more than the cap;
 *         E_NOT_FOUND without the file; E_IO */
MUST_CHECK int slots_open(struct env *env, const char *path, const char *typed, uint8_t ret_root[static KEY_BYTES],
			  uint8_t ret_home_id[static HOME_ID_BYTES], bool *ret_insecure, struct err *err);

/** Read header and slots without opening them.
 * @return 0, also when single slots are damaged; E_DAMAGED if the header is; E_NOT_FOUND; E_IO */
MUST_CHECK int slots_inspect(struct env *env, const char *path, uint8_t ret_home_id[static HOME_ID_BYTES],
			     struct slot_info ret_slots[static SLOTS_MAX], size_t *ret_n, struct err *err);

#endif
