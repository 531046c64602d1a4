/* What is given and done together: assistance, programmes, sharing, customs, disarmament, transition. */
#include "record/kinds/tables.h"

static const struct field fields_assistance[] = {
	TEXT("title", REQ | LABEL, 300, "incentives", "Seed and tools for the zones", "what is given"),
	CODE("type", REQ, "assistance_type", "incentives", "development", "sort of assistance"),
	ID("giver", REQ, "", "incentive ledger tied to conduct", "who gives"),
	ID("receiver", REQ, "", "incentive ledger tied to conduct", "who receives"),
	IDS("beneficiaries", 0, "constituency", "incentive ledger tied to conduct", "who is to be better off"),
	AMOUNT("amount", 0, "incentive ledger tied to conduct", "1200000.00 EUR", "value in all"),
	TEXT("in_kind", 0, 1000, "incentive ledger tied to conduct", "40 t of seed", "what is given in kind"),
	TEXT("condition", 0, 1000, "incentives", "While the ceasefire is kept", "on what it depends"),
	IDS("tied_to", 0, "commitment", "incentive ledger tied to conduct", "commitments to which it is tied"),
	CODE("hrddp", 0, "hrddp_support", "law and lists: HRDDP", "training",
	     "sort of support to security forces, if it is such"),
	PLACE("area", 0, "incentive ledger tied to conduct", "Cauca", "where"),
	FLAG("public", 0, "accountability", "it is publicly known"),
	CODE("status", 0, "assistance_status", "incentive ledger tied to conduct", "agreed", "where it stands"),
	IDS("assessments", 0, "assessment", "risk assessment with review date", "assessments made before it"),
	ID("clearance", 0, "clearance", "engagement gate", "clearance under which it is given"),
};

static const struct field fields_tranche[] = {
	ID("assistance", REQ, "assistance", "incentive ledger tied to conduct", "assistance of which it is a part"),
	TEXT("title", LABEL, 200, "incentive ledger tied to conduct", "Second instalment", "what this part is"),
	NUMBER("number", 0, "number", 1, 10000, "incentive ledger tied to conduct", 2, "number of the part"),
	AMOUNT("amount", 0, "incentive ledger tied to conduct", "300000.00 EUR", "value of the part"),
	CODE("state", REQ, "tranche_state", "incentive ledger tied to conduct", "delivered",
	     "released, delivered, diverted and the like"),
	AMOUNT("diverted", 0, "co-option", "20000.00 EUR", "value that went elsewhere"),
	FLAG("condition_met", 0, "incentives", "the condition was met"),
	ID("verified_by", 0, "", "incentive ledger tied to conduct", "who checked"),
};

static const struct field fields_programme[] = {
	TEXT("title", REQ | LABEL, 300, "cultural and social engagement", "Language courses for liaison officers",
	     "its title"),
	CODE("type", REQ, "programme_type", "cultural and social engagement", "language", "sort of programme"),
	TEXT("aim", 0, 1000, "cultural, language and training programmes",
	     "Officers can hold a call without interpreter", "what it is to achieve"),
	IDS("organisers", 0, "", "cultural, language and training programmes", "who runs it"),
	IDS("partners", 0, "", "cultural, language and training programmes", "who takes part as a body"),
	PLACE("place", 0, "cultural, language and training programmes", "Popayan @2.4448,-76.6147", "where"),
	LANGUAGES("languages", 0, "language learning", "pbb", "languages used or taught"),
	AMOUNT("budget", 0, "cultural, language and training programmes", "80000.00 USD", "budget"),
	NUMBER("planned", 0, "persons", 0, COUNT_MAX, "cultural, language and training programmes", 60,
	       "how many are to take part"),
	NUMBER("notice", 0, "days", 0, 10000, "law and lists: CBM families", 42,
	       "for an exercise: days of notice given"),
	IDS("observers", 0, "", "law and lists: CBM families", "for an exercise: who was invited to observe"),
	CODE("status", 0, "programme_status", "cultural, language and training programmes", "running",
	     "where it stands"),
	TEXT("outcome", 0, 2000, "cultural, language and training programmes", "41 passed the test", "what came of it"),
	ID("framework", 0, "", "regional alliances", "agreement, forum or measure under which it runs"),
};

static const struct field fields_participation[] = {
	ID("programme", REQ, "", "regional alliances", "programme, mission or exercise"),
	ID("who", REQ, "", "regional alliances", "actor or person that takes part"),
	CODE("role", 0, "participation_role", "regional alliances", "participant", "part that it plays"),
	TEXT("capability", LABEL, 300, "regional alliances", "Two mine-clearing teams", "what it brings"),
	TEXT("caveats", 0, 1000, "regional alliances", "Not beyond the river", "what it will not do"),
	NUMBER("persons", 0, "persons", 0, COUNT_MAX, "peacekeeping integration", 24, "how many people"),
	FLAG("completed", 0, "cultural, language and training programmes", "it was carried through"),
	TEXT("result", 0, 1000, "cultural, language and training programmes", "Certificate", "what came of it"),
};

static const struct field fields_arrangement[] = {
	TEXT("title", REQ | LABEL, 300, "intelligence sharing", "Sharing of incident reports", "its title"),
	IDS("parties", REQ, "", "intelligence sharing", "who shares"),
	TEXT("subjects", 0, 1000, "intelligence sharing", "Mines, crossings, detentions", "what is shared"),
	IDS("releasable_to", 0, "", "intelligence sharing", "to whom it may be passed on"),
	FLAG("originator_consent", 0, "intelligence sharing", "passing on needs the originator's consent"),
	CODE("marking", 0, "tlp", "markings: TLP", "amber", "usual marking: who may see it"),
	CODE("actions", 0, "pap", "markings: PAP", "green", "what may be done with it"),
	CODE("attribution", 0, "session_rule", "markings: session rules", "not_for_attribution",
	     "how it may be attributed"),
	CODE("sensitivity", 0, "sensitivity", "markings: humanitarian sensitivity", "high",
	     "sensitivity that the parties agreed"),
	DATE("review", 0, "markings: humanitarian sensitivity", "2017-01-01", "when it is reviewed"),
	DATE("until", 0, "intelligence sharing", "2017-12-31", "when it ends"),
};

static const struct field fields_custom[] = {
	TEXT("name", REQ | LABEL, 200, "cultural engagement", "Mourning of forty days", "what it is called"),
	IDS("of", 0, "", "cultural engagement", "actors or constituencies that keep it"),
	CODE("type", REQ, "custom_type", "cultural engagement", "mourning", "sort of custom"),
	TEXT("advice", 0, 2000, "cultural engagement", "Send condolences first; no business in that time",
	     "what a visitor should do or not do"),
	TEXT("period", 0, 200, "cultural engagement", "Forty days after a burial", "when it applies"),
	PLACE("place", 0, "cultural engagement", "Northern district", "where it applies"),
};

static const struct field fields_caseload[] = {
	TEXT("title", LABEL, 200, "DDR caseload and weapons tallies", "Zone 7, second count", "which count it is"),
	ID("group", REQ, "", "DDR caseload and weapons tallies", "body whose members are counted"),
	CODE("stage", REQ, "ddr_stage", "DDR: IDDRS", "demobilization", "stage that is counted"),
	CODE("tool", 0, "ddr_tool", "DDR: DDR-related tools", "community_violence_reduction",
	     "tool, when it is not classical DDR"),
	ID("programme", 0, "programme", "DDR caseload and weapons tallies", "programme that runs it"),
	NUMBER("persons", 0, "persons", 0, COUNT_MAX, "DDR caseload and weapons tallies", 6804, "people at this stage"),
	NUMBER("women", 0, "persons", 0, COUNT_MAX, "DDR caseload and weapons tallies", 1500, "women among them"),
	NUMBER("children", 0, "persons", 0, COUNT_MAX, "DDR caseload and weapons tallies", 55,
	       "under eighteen among them"),
	NUMBER("weapons", 0, "weapons", 0, COUNT_MAX, "DDR caseload and weapons tallies", 8112, "weapons handed in"),
	NUMBER("ammunition", 0, "rounds", 0, COUNT_MAX, "DDR caseload and weapons tallies", 1300000,
	       "rounds handed in"),
	NUMBER("destroyed", 0, "weapons", 0, COUNT_MAX, "DDR caseload and weapons tallies", 8000,
	       "weapons disposed of"),
	NUMBER("integrated", 0, "persons", 0, COUNT_MAX, "peacekeeping integration", 300,
	       "taken into the security forces"),
	NUMBER("peacekeeping", 0, "persons", 0, COUNT_MAX, "peacekeeping integration", 40,
	       "taken into peacekeeping tasks"),
	NUMBER("left", 0, "persons", 0, COUNT_MAX, "DDR caseload and weapons tallies", 210, "left the programme"),
	PLACE("place", 0, "DDR caseload and weapons tallies", "Zone 7", "where"),
	ID("verified_by", 0, "", "DDR caseload and weapons tallies", "who counted or checked"),
};

static const struct field fields_transition[] = {
	TEXT("summary", REQ | LABEL, 300, "agreement data: rebels becoming parties", "Registered as a political party",
	     "what happened"),
	ID("group", REQ, "actor", "agreement data: rebels becoming parties", "armed group"),
	ID("party", 0, "actor", "agreement data: rebels becoming parties", "party that came from it"),
	CODE("step", REQ, "transition_step", "agreement data: rebels becoming parties", "registered",
	     "step that was taken"),
	NUMBER("seats", 0, "seats", 0, 100000, "agreement data: rebels becoming parties", 10, "seats held"),
	DECIMAL("votes", 0, "percent", 0, 100, "agreement data: rebels becoming parties", 0.34, "share of the votes"),
	IDS("remnants", 0, "actor", "agreement data: rebels becoming parties", "bodies that went on under arms"),
};

static const struct field fields_acknowledgement[] = {
	TEXT("words", REQ | LABEL, 2000, "accountability", "We ask the families' forgiveness", "what was said"),
	ID("speaker", REQ, "", "accountability", "who acknowledges"),
	IDS("of", 0, "", "accountability", "incidents or grievances that are meant"),
	IDS("to", 0, "", "accountability", "to whom"),
	CODE("type", REQ, "acknowledgement_type", "accountability", "apology", "sort of acknowledgement"),
	CODE("reception", 0, "reception", "accountability", "mixed", "how it was received"),
	PLACE("place", 0, "accountability", "Bojaya @6.5585,-76.8869", "where"),
};

static const struct kind kinds[] = {
	KIND(SUPPORT, assistance, 0, "incentives", "help that one gives another; `when` is the period"),
	KIND(SUPPORT, tranche, KIND_EVENT, "incentives",
	     "a part of an assistance is released, delivered, withheld or diverted"),
	KIND(SUPPORT, programme, 0, "cultural and social engagement",
	     "a programme of culture, language, education, community or exercise; `when` is its span"),
	KIND(SUPPORT, participation, 0, "regional alliances",
	     "an actor or person takes part in a programme, mission or exercise"),
	KIND(SUPPORT, arrangement, 0, "intelligence sharing", "an agreement on what is shared and who may pass it on"),
	KIND(SUPPORT, custom, 0, "cultural engagement", "a custom that a visitor must know"),
	KIND(SUPPORT, caseload, KIND_EVENT, "DDR", "how many people and weapons are at a stage, as of `when`"),
	KIND(SUPPORT, transition, KIND_EVENT, "agreement data: rebels becoming parties",
	     "a step of an armed group towards a political party"),
	KIND(SUPPORT, acknowledgement, KIND_EVENT, "accountability", "somebody acknowledges a wrong"),
};

const struct kind_set kind_set_support = { kinds, N_ROWS(kinds) };
