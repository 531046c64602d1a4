#include "cli/list_columns.h"

#include <stddef.h>
#include <string.h>

/* What the name does not say already, the most telling first. Names that are made from fields (tie, consent, ...) need few. */
static const struct {
	const char *kind, *fields[LIST_COLUMNS_MAX + 1];
} rows[] = {
	{ "acknowledgement", { "speaker", "to", NULL } },
	{ "actor", { "type", "level", NULL } },
	{ "agreement", { "parties", "stage", NULL } },
	{ "alignment", { "side", "role", NULL } },
	{ "arrangement", { "parties", "until", NULL } },
	{ "assessment", { "subject", "type", "rating", NULL } },
	{ "assistance", { "giver", "receiver", "status", NULL } },
	{ "attendance", { "who", "capacity", NULL } },
	{ "attestation", { "incident", "verdict", NULL } },
	{ "bilateral", { "between", "status", NULL } },
	{ "caseload", { "group", "stage", NULL } },
	{ "ceasefire", { "parties", "ended", "starts", NULL } },
	{ "channel", { "state", "ends", NULL } },
	{ "clearance", { "actor", "decision", "until", NULL } },
	{ "commitment", { "obligor", "due", "status", NULL } },
	{ "constituency", { "population", NULL } },
	{ "contact", { "counterpart", "channel", NULL } },
	{ "contribution", { "output", "outcome", NULL } },
	{ "custom", { "of", "type", NULL } },
	{ "deed", { "declarant", "status", "topic", NULL } },
	{ "designation", { "jurisdiction", "actor", NULL } },
	{ "dialogue", { "track", "status", NULL } },
	{ "episode", { "outcome", "ended", NULL } },
	{ "exchange", { "from", "to", "status", NULL } },
	{ "faction", { "before", "change", NULL } },
	{ "finding", { "incident", "state", NULL } },
	{ "forum", { "type", "convener", NULL } },
	{ "fulfilment", { "commitment", "level", NULL } },
	{ "funding", { "from", "to", "amount", NULL } },
	{ "grievance", { "holder", "status", NULL } },
	{ "handover", { "from", "to", NULL } },
	{ "identity", { "one", "other", "verdict", NULL } },
	{ "incident", { "alleged", "state", "type", NULL } },
	{ "invitation", { "to", "invitee", "status", NULL } },
	{ "issue", { "parent", NULL } },
	{ "journey", { "travellers", "to", "status", NULL } },
	{ "line", { "audience", NULL } },
	{ "mandate", { "holder", "giver", NULL } },
	{ "measure_taken", { "takers", "mode", "towards", NULL } },
	{ "meeting", { "channel", "status", NULL } },
	{ "message", { "from", "to", NULL } },
	{ "name", { "of", "language", "use", NULL } },
	{ "notification", { "from", "status", "window", NULL } },
	{ "participation", { "who", "programme", NULL } },
	{ "person", { "actor", "office", NULL } },
	{ "plan", { "owner", "status", NULL } },
	{ "position", { "actor", "issue", NULL } },
	{ "practice", { "type", NULL } },
	{ "programme", { "type", "organisers", "status", NULL } },
	{ "proposal", { "authors", "status", NULL } },
	{ "provision", { "agreement", "article", NULL } },
	{ "readback", { "of", "reader", "match", NULL } },
	{ "release", { "audience", "status", NULL } },
	{ "response", { "about", "addressee", "action", NULL } },
	{ "screening", { "of", "decision", NULL } },
	{ "session", { "dialogue", "status", "forum", NULL } },
	{ "signature", { "agreement", "capacity", NULL } },
	{ "submission", { "from", "to", "answer_state", NULL } },
	{ "term", { "language", NULL } },
	{ "text", { "document", "article", NULL } },
	{ "tranche", { "assistance", "amount", "state", NULL } },
	{ "transfer", { "from", "to", "receipt", NULL } },
	{ "transition", { "group", "step", NULL } },
};

const char *const *list_columns(const char *kind)
{
	static const char *const none[] = { NULL };

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (strcmp(rows[i].kind, kind) == 0)
			return rows[i].fields;
	return none;
}
