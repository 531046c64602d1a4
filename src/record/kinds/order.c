/* The record itself, as one would show it: read from control entries, never added by hand. */
#include "record/kinds/tables.h"

static const struct field fields_charter[] = {
	TEXT("purpose", REQ | LABEL, 500, "the record", "Ceasefire commission, working level",
	     "what the circle is for"),
	HASH("circle", REQ, "the record", "circle id: the hash of its charter"),
	HASH("process", 0, "the record", "process to which the circle belongs"),
	HASH("founder", 0, "the record", "device that founded it"),
	HASHES("founders", 0, "the record", "organisations that founded it"),
	NUMBER("approvals", 0, "organisations", 1, 1000, "the record", 2, "organisations that must approve a change"),
	TEXT("retention", 0, 200, "the record", "Kept for ever", "how long bodies are kept"),
	TEXT("history", 0, 200, "the record", "Newcomers read nothing older", "what newcomers may read"),
	TEXTS("hubs", 0, 200, "the record", "hub.example.org:7443", "hubs that relay it"),
};

static const struct field fields_member[] = {
	HASH("circle", REQ, "the record", "circle"),
	HASH("organisation", REQ, "the record", "organisation"),
	CODE("role", REQ, "member_role", "the record", "writer", "what it may do"),
	TEXT("name", LABEL, 200, "the record", "Ministry of defence", "the writer's own name for it"),
	HASH("entry", 0, "the record", "entry that made it so"),
};

static const struct field fields_epoch[] = {
	HASH("circle", REQ, "the record", "circle"),
	HASH("entry", REQ, "the record", "epoch entry"),
	HASHES("parents", 0, "the record", "epochs that it follows"),
	CODE("reason", 0, "epoch_reason", "the record", "weekly", "why keys were changed"),
	NUMBER("members", 0, "devices", 1, 100000, "the record", 12, "devices to which it was sealed"),
	TEXT("remark", LABEL, 200, "the record", "After the loss of a laptop", "a few words"),
};

static const struct field fields_device[] = {
	HASH("device", REQ, "the record", "fingerprint of its signing key"),
	HASH("organisation", REQ, "the record", "organisation to which it belongs"),
	CODE("role", 0, "device_role", "the record", "node", "what it is used for"),
	TEXT("name", LABEL, 120, "the record", "Laptop of the duty desk", "the owner's own name for it"),
	HASH("entry", 0, "the record", "entry that added it"),
};

static const struct field fields_revocation[] = {
	HASH("device", REQ, "the record", "device that is cut off"),
	HASH("organisation", 0, "the record", "organisation to which it belonged"),
	CODE("reason", 0, "revocation_reason", "the record", "lost", "why"),
	NUMBER("last", 0, "entry", 0, SEQ_MAX, "the record", 418, "last entry of the device that is accepted"),
	HASH("entry", 0, "the record", "entry that revoked it"),
	TEXT("remark", LABEL, 200, "the record", "Left in a taxi", "a few words"),
};

static const struct field fields_head[] = {
	HASH("circle", REQ, "the record", "circle"),
	HASH("device", REQ, "the record", "device"),
	NUMBER("seq", REQ, "entry", 1, SEQ_MAX, "the record", 1041, "number of its latest entry that was seen"),
	HASH("entry", REQ, "the record", "that entry"),
	HASH("witness", 0, "the record", "device that saw it"),
};

static const struct field fields_redaction[] = {
	HASH("entry", REQ, "redaction that keeps proof", "entry whose body is removed"),
	CODE("reason", REQ, "redaction_reason", "redaction that keeps proof", "danger_to_life", "why"),
	TEXT("authority", LABEL, 300, "redaction that keeps proof", "Decision of the joint commission, 3 May",
	     "by what authority"),
	HASHES("approved_by", 0, "redaction that keeps proof", "organisations that approved it"),
};

static const struct kind kinds[] = {
	KIND(ORDER, charter, KIND_RECORD, "the record", "what a circle is for, and its rules"),
	KIND(ORDER, member, KIND_RECORD, "the record", "an organisation belongs to a circle"),
	KIND(ORDER, epoch, KIND_RECORD, "the record", "the keys of a circle were changed"),
	KIND(ORDER, device, KIND_RECORD, "the record", "a device of an organisation"),
	KIND(ORDER, revocation, KIND_RECORD, "the record", "a device is cut off"),
	KIND(ORDER, head, KIND_RECORD, "the record", "how far a device's feed was seen"),
	KIND(ORDER, redaction, KIND_RECORD, "redaction that keeps proof", "a body was removed, its proof kept"),
};

const struct kind_set kind_set_order = { kinds, N_ROWS(kinds) };
