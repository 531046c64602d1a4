/* Domain separation: docs/format-record.md 1.1, the same table. No label is used for two things. */
#ifndef PARLEY_RECORD_LABELS_H
#define PARLEY_RECORD_LABELS_H

#define LABEL_BYTES 16

/* BLAKE2b personalisations: constant name, text of at most 16 bytes */
#define LABEL_TABLE(X)                                                                                                 \
	X(LABEL_ENTRY_ID, "Parley/1 entryid")                                                                          \
	X(LABEL_BODY, "Parley/1 body")                                                                                 \
	X(LABEL_K_ENTRY, "Parley/1 k-entry")                                                                           \
	X(LABEL_K_SPLIT, "Parley/1 k-split")                                                                           \
	X(LABEL_SALT, "Parley/1 salt")                                                                                 \
	X(LABEL_CIRCLE, "Parley/1 circle")                                                                             \
	X(LABEL_ORG, "Parley/1 org")                                                                                   \
	X(LABEL_EPOCH0, "Parley/1 epoch0")                                                                             \
	X(LABEL_EPOCH, "Parley/1 epoch")                                                                               \
	X(LABEL_BOX_EPH, "Parley/1 box-eph")                                                                           \
	X(LABEL_LABEL, "Parley/1 label")                                                                               \
	X(LABEL_CLAIM, "Parley/1 claim")                                                                               \
	X(LABEL_FILE, "Parley/1 file")                                                                                 \
	X(LABEL_ROW_KEY, "Parley/1 rowkey")                                                                            \
	X(LABEL_SLOT, "Parley/1 slot")                                                                                 \
	X(LABEL_SLOT_SUM, "Parley/1 slotsum")                                                                          \
	X(LABEL_HEADS, "Parley/1 heads")                                                                               \
	X(LABEL_HEAD_MAC, "Parley/1 headmac")                                                                          \
	X(LABEL_SNAP_KEY, "Parley/1 snapkey")                                                                          \
	X(LABEL_RECOVERY_SUM, "Parley/1 recsum")                                                                       \
	X(LABEL_WORDS, "Parley/1 words")                                                                               \
	X(LABEL_WIRE, "Parley/1 wire")                                                                                 \
	X(LABEL_TAG, "Parley/1 tag")                                                                                   \
	X(LABEL_PSK_ID, "Parley/1 pskid")

enum label {
#define X(name, text) name,
	LABEL_TABLE(X)
#undef X
		N_LABELS
};

/* Prefixes of signed messages: constant name, text of at most 16 bytes */
#define PREFIX_TABLE(X)                                                                                                \
	X(PREFIX_ENTRY, "Parley/1 entry")                                                                              \
	X(PREFIX_DEVICE, "Parley/1 device")                                                                            \
	X(PREFIX_RECOVERY, "Parley/1 recover")                                                                         \
	X(PREFIX_PERSON, "Parley/1 person")                                                                            \
	X(PREFIX_CHANNEL, "Parley/1 chan")

enum prefix {
#define X(name, text) name,
	PREFIX_TABLE(X)
#undef X
		N_PREFIXES
};

/** The 16 bytes of a label or prefix, padded with zeros. Static. */
const unsigned char *label_bytes(enum label label);
const unsigned char *prefix_bytes(enum prefix prefix);

#endif
