/* What the files of an open record share; nobody outside src/record includes it. */
#ifndef PARLEY_RECORD_RECORD_INTERNAL_H
#define PARLEY_RECORD_RECORD_INTERNAL_H

#include "base/buf.h"
#include "record/circle.h"
#include "record/record.h"
#include "record/store.h"

enum key_row { KEY_ERASED, KEY_DEVICE, KEY_BOX, KEY_SALT, KEY_EPOCH, KEY_ORG_NAME };

/* E_raw of one epoch. */
struct epoch_raw {
	uint8_t epoch[ID_BYTES];
	struct epoch_context context;
	uint8_t *raw; /* secret memory */
};

/* This device's secrets. */
struct keyring {
	uint8_t device[KEY_BYTES];
	uint8_t *device_sk; /* 64 bytes, secret memory */
	uint8_t box[KEY_BYTES];
	uint8_t *box_sk; /* secret memory */
	uint8_t *salt;   /* secret memory */
	struct epoch_raw *epochs;
	size_t n_epochs;
	char org_name[ORG_NAME_MAX];
};

struct record {
	struct env *env;
	char home[DISK_PATH_MAX];
	uint8_t *root; /* secret memory */
	uint8_t home_id[HOME_ID_BYTES];
	struct store *store;
	struct keyring keys;
	struct org org;
	struct circle *circles;
	size_t n_circles;
	/* As before the running batch, to fall back to when it is rolled back. */
	size_t batch_epochs_raw, batch_circles;
	struct org batch_org;
	bool in_batch;
	struct intake *intake; /* entries of the batch that are not in the store yet; NULL before the first */
	struct places *places; /* NULL before it is first asked for */
	char trouble[512];     /* a key or control row that does not read */
	struct buf row;
	uint8_t body[SECTION_MAX + 1];
	uint8_t entry[ENTRY_MAX];
};

/* keyring.c */
void keyring_release(struct keyring *keys);
MUST_CHECK int keyring_load_row(struct keyring *keys, struct bytes plain, struct err *err);
MUST_CHECK int keyring_make_device(struct record *record, struct err *err);
MUST_CHECK int keyring_add_epoch(struct record *record, const struct epoch_context *context,
				 const uint8_t epoch[static ID_BYTES], const uint8_t e_raw[static KEY_BYTES],
				 struct err *err);
const struct epoch_raw *keyring_epoch(const struct keyring *keys, const uint8_t epoch[static ID_BYTES]);
void keyring_truncate(struct keyring *keys, size_t n_epochs);

/* control.c */
/* Apply the class-2 or class-5 entry of a row; an entry without effect is no error. */
void control_apply(struct record *record, const struct record_entry *entry);
struct circle *record_find_circle(struct record *record, const uint8_t id[static ID_BYTES]);
const struct circle *record_find_circle_const(const struct record *record, const uint8_t id[static ID_BYTES]);
MUST_CHECK int control_found_org(struct record *record, struct record_founding *founding, struct err *err);
/* Begin a new epoch of a circle (parent NULL: found it) inside a batch. */
MUST_CHECK int control_begin_epoch(struct record *record, struct circle *circle, struct bytes charter, struct err *err);

/* append.c */
struct append {
	uint8_t cls;
	const uint8_t *circle;
	const uint8_t *epoch; /* NULL: zeros */
	const uint8_t *key;   /* NULL: plain section */
	struct bytes boxes;
	struct bytes body;
};
MUST_CHECK int append_own(struct record *record, const struct append *what, uint64_t *ret_n,
			  uint8_t ret_id[static ID_BYTES], struct err *err);
/* The wall clock, within what a header can hold. */
uint64_t record_now(struct record *record);
/* The epoch to seal to; a new one is begun first where the last is too old. ret is NULL on failure only. */
MUST_CHECK int record_writing_epoch(struct record *record, const uint8_t circle[static ID_BYTES],
				    const struct epoch **ret, struct err *err);

/* intake.c */
/* Number an entry and bring it into the store by and by; sign: with this device's key, first. */
MUST_CHECK int intake_add(struct record *record, struct bytes entry, bool sign, uint64_t *ret_n, struct err *err);
/* Until all of them are there, read back and compared. */
MUST_CHECK int intake_flush(struct record *record, struct err *err);
/* Forget those of a batch that is rolled back. */
void intake_drop(struct record *record);
void intake_release(struct record *record);

/* places.c */
/* The row of the entry at that place (circle, author, seq), which is not behind the feed's head. E_DAMAGED if it does not
 * open. */
MUST_CHECK int places_find(struct record *record, const struct envelope *e, uint64_t *ret_n, struct err *err);
/* An entry was added in row n. */
void places_note(struct record *record, const struct envelope *e, uint64_t n);
void places_drop(struct record *record);

/* read.c */
/* Read the header of an opened row; the body is left alone. On any thread.
 * @return 0; E_DAMAGED with the row */
MUST_CHECK int read_row(uint64_t n, struct bytes raw, struct record_entry *ret, struct err *err);
/* Open the body of an entry whose bytes are in raw into out (as entry_open()); fills state and text. On any thread: the
 * record's circles and keys are only read. */
void read_body(const struct record *record, struct record_entry *entry, uint8_t *out);

#endif
