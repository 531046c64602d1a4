/* Who takes part: bodies and people, their names, ties, sides, mandates, wants and listings. */
#include "record/kinds/tables.h"

static const struct field fields_actor[] = {
	TEXT("name", REQ | LABEL, 200, "types of non-state actors", "FARC-EP",
	     "working label by which the writer knows it; further names are claims of kind name"),
	CODE("type", 0, "actor_type", "types of non-state actors", "insurgent_group", "what sort of body it is"),
	CODE("level", 0, "pyramid_level", "tracks", "top", "level on the pyramid: top, middle, grassroots"),
	TEXT("short", 0, 40, "types of non-state actors", "FARC", "abbreviation"),
	TEXT("description", 0, 2000, "types of non-state actors", "Rural guerrilla, founded in 1964",
	     "what one should know of it in a few lines"),
	CODE("sector", 0, "plover_sector", "event data: sectors", "REB", "sector as event data name it"),
	CODE("inter", 0, "acled_inter", "conflict data: inter codes", "2", "kind of actor as conflict data number it"),
	FLAG("armed", 0, "types of non-state actors", "it bears arms"),
	FLAG("decides", 0, "measure: influence and gaps", "it takes decisions for its side"),
	NUMBER("strength", 0, "persons", 0, COUNT_MAX, "types of non-state actors", 7000,
	       "members or forces, as estimated"),
	PLACE("seat", 0, "actors on the map", "Havana @23.1330,-82.3830", "where it is led from"),
	PLACES("areas", 0, "actors on the map", "Caqueta", "where it is present"),
	DATE("founded", 0, "actor registry with splits", "1964-05-27", "when it came into being"),
	DATE("dissolved", 0, "actor registry with splits", "2017-08-27", "when it ceased to exist"),
	TEXTS("external_ids", 0, 100, "data can come in and leave", "ucdp:743",
	      "its ids in other registers, as register:id"),
};

static const struct field fields_person[] = {
	TEXT("name", REQ | LABEL, 200, "who sits for whom", "Ana Torres",
	     "working label; further names are claims of kind name"),
	ID("actor", 0, "actor", "who sits for whom", "body to which the person belongs now"),
	TEXT("office", 0, 200, "measure: influence and access", "Deputy minister of defence",
	     "office or function held"),
	DATE("office_from", 0, "measure: influence and access", "2014-08-07", "when the office was taken up"),
	DATE("office_until", 0, "measure: influence and access", "2018-08-07", "when the office was left"),
	CODE("capacity", 0, "attendance_capacity", "informal negotiators", "former_official",
	     "capacity in which the person usually takes part"),
	CODE("level", 0, "pyramid_level", "tracks", "middle", "level on the pyramid: top, middle, grassroots"),
	CODE("gender", 0, "gender", "measure: inclusion", "woman", "as the person states it"),
	FLAG("decides", 0, "measure: influence and gaps", "the person takes decisions for a side"),
	LANGUAGES("languages", 0, "misinterpretation", "es-CO", "languages spoken"),
	IDS("constituencies", 0, "constituency", "measure: inclusion", "groups for which the person can speak"),
	DATE("born", 0, "offline screening", "1961", "date of birth, as far as known: tells namesakes apart"),
	TEXT("nationality", 0, 100, "offline screening", "Colombian", "nationality: tells namesakes apart"),
	TEXTS("external_ids", 0, 100, "data can come in and leave", "ofac:10221",
	      "ids in other registers, as register:id"),
};

static const struct field fields_name[] = {
	ID("of", REQ, "", "every party keeps its own names",
	   "object that bears the name: an actor, person, place word or table"),
	TEXT("text", REQ | LABEL, 200, "every party keeps its own names", "Fuerzas Armadas Revolucionarias de Colombia",
	     "the name itself"),
	LANGUAGE("language", 0, "every party keeps its own names", "es", "language of the name"),
	TEXT("script", 0, 4, "actor registry with splits", "Latn", "script in four letters (ISO 15924)"),
	CODE("use", 0, "name_use", "actor registry with splits", "official", "who uses it, and how"),
};

static const struct field fields_tie[] = {
	ID("from", REQ, "", "relationships among actors", "actor or person at whom the tie begins"),
	ID("to", REQ, "", "relationships among actors", "actor or person at whom it ends"),
	CODE("code", REQ, "tie_code", "relationships among actors", "wing_of", "sort of tie, read from, code, to"),
	CODE("sign", 0, "tie_sign", "ties with type, sign, strength and dates", "cooperative",
	     "whether the two pull together"),
	DECIMAL("strength", 0, "share", 0, 1, "ties with type, sign, strength and dates", 0.7,
		"how strong, as judged: 0 nominal, 1 as strong as can be"),
	CODE("secrecy", 0, "secrecy", "ties with type, sign, strength and dates", "discreet", "how openly it is held"),
	CODES("support", 0, "ucdp_support", "conflict data: external support", "W", "for a patron: what is given"),
	TEXT("basis", 0, 1000, "a source for each fact", "Founded by the same three commanders",
	     "what the tie rests on"),
};

static const struct field fields_alignment[] = {
	ID("actor", REQ, "", "who sits for whom", "actor or person that is on a side"),
	TEXT("process", 0, 200, "who sits for whom", "Havana talks",
	     "process that is meant, when not the one of this circle"),
	TEXT("side", REQ, 80, "measure: brokerage", "government",
	     "name of the side, the same word throughout the process"),
	CODE("role", 0, "side_role", "who sits for whom", "party", "part that it plays on that side"),
	FLAG("contested", 0, "claims, not facts", "the writer knows that others see it otherwise"),
};

static const struct field fields_mandate[] = {
	ID("holder", REQ, "", "who sits for whom", "person or body that may act"),
	ID("giver", 0, "", "measure: answerability", "person or body in whose name"),
	TEXT("scope", REQ | LABEL, 500, "who sits for whom", "To negotiate the rural chapter", "what may be done"),
	CODE("basis", 0, "mandate_basis", "measure: answerability", "appointed_by_law",
	     "where the giver's authority comes from"),
	ID("table", 0, "", "who sits for whom", "dialogue or forum for which it holds"),
	IDS("issues", 0, "issue", "who sits for whom", "issues that it covers"),
	FLAG("may_sign", 0, "who sits for whom", "the holder may sign"),
	CODE("ratified", 0, "ratification", "who sits for whom", "parliament", "how what is signed becomes binding"),
	ID("reports_to", 0, "", "measure: answerability", "person or body to which the holder reports"),
	DATE("reported", 0, "measure: answerability", "2015-06-30", "when the holder last reported back"),
	DATE("until", 0, "who sits for whom", "2016-12-31", "when it runs out"),
	DATE("withdrawn", 0, "who sits for whom", "2016-03-01", "when it was taken back"),
};

static const struct field fields_consent[] = {
	ID("party", REQ, "actor", "UN fundamentals: consent", "party that consents"),
	ID("to", REQ, "", "UN fundamentals: consent", "table, mediator or monitor to which it consents"),
	CODE("status", REQ, "consent_status", "UN fundamentals: consent", "given",
	     "given, limited, withdrawn or refused"),
	TEXT("limits", 0, 1000, "UN fundamentals: consent", "Not on the amnesty question", "what it does not cover"),
	ID("given_by", 0, "person", "UN fundamentals: consent", "person who gave it"),
	DATE("until", 0, "UN fundamentals: consent", "2016-12-31", "when it runs out"),
};

static const struct field fields_funding[] = {
	ID("from", REQ, "", "co-option", "who pays"),
	ID("to", REQ, "", "co-option", "who is paid: an actor, person, forum, dialogue or programme"),
	TEXT("purpose", LABEL, 300, "co-option", "Travel of the delegation", "what it is for"),
	AMOUNT("amount", 0, "co-option", "150000.00 USD", "how much over the period"),
	FLAG("public", 0, "accountability", "it is publicly known"),
	TEXT("condition", 0, 1000, "co-option", "Yearly report", "what the giver asks in return"),
};

static const struct field fields_faction[] = {
	TEXT("summary", REQ | LABEL, 300, "types of non-state actors", "First Front rejects the accord",
	     "what happened"),
	CODE("change", REQ, "faction_change", "actor registry with splits", "split",
	     "split, merge, rename and the like"),
	IDS("before", REQ, "actor", "actor registry with splits", "bodies before the change"),
	IDS("after", 0, "actor", "actor registry with splits", "bodies after the change"),
	ID("leader", 0, "person", "actor registry with splits", "who led it"),
	TEXT("reason", 0, 1000, "actor registry with splits", "Refused to disarm", "why, as far as known"),
};

static const struct field fields_constituency[] = {
	TEXT("name", REQ | LABEL, 200, "democratic legitimacy", "Displaced families of Choco",
	     "group of people that is concerned"),
	TEXT("description", 0, 1000, "democratic legitimacy", "Displaced since 1997, mostly in the river towns",
	     "who they are"),
	NUMBER("population", 0, "persons", 0, COUNT_MAX, "measure: inclusion", 120000, "how many people"),
	DECIMAL("affected_share", 0, "share", 0, 1, "measure: inclusion", 0.35,
		"their share of all people affected by the conflict"),
	CODE("voice", 0, "inclusion_level", "measure: inclusion", "consulted",
	     "how far they are heard in the process today"),
	IDS("speaks_through", 0, "", "democratic legitimacy", "actors or persons through whom they speak"),
	PLACE("place", 0, "tracks", "Quibdo @5.6919,-76.6583", "where they live"),
};

static const struct field fields_issue[] = {
	TEXT("name", REQ | LABEL, 200, "tracks", "Land restitution", "what is to be settled"),
	TEXT("description", 0, 2000, "tracks", "Who gets back which land, by what proof",
	     "the question in a few lines"),
	ID("parent", 0, "issue", "tracks", "wider issue of which this is a part"),
	CODES("pax", 0, "pax_issue", "agreement data: issue codes", "LaRef", "the same in the terms of agreement data"),
	CODES("pam", 0, "pam_provision", "implementation data: provision types", "economic_and_social_development",
	      "the same in the terms of implementation data"),
	TEXT("scale_low", 0, 200, "measure: coherence", "No land is returned",
	     "what 0 means on the scale of positions"),
	TEXT("scale_high", 0, 200, "measure: coherence", "All land is returned",
	     "what 1 means on the scale of positions"),
};

static const struct field fields_position[] = {
	ID("actor", REQ, "", "negotiation: counterpart analysis", "who holds it"),
	ID("issue", REQ, "issue", "negotiation: counterpart analysis", "on what"),
	TEXT("stance", REQ | LABEL, 500, "negotiation: counterpart analysis", "Return only with title deeds",
	     "position in words"),
	DECIMAL("point", 0, "share", 0, 1, "measure: coherence and convergence", 0.4,
		"place on the issue's scale from 0 to 1"),
	DECIMAL("salience", 0, "share", 0, 1, "rehearsal", 0.8, "how much it matters to the holder, 0 to 1"),
	TEXT("red_line", 0, 500, "negotiator's tools: red lines", "No collective titles",
	     "what the holder says it will not accept"),
	TEXT("interest", 0, 1000, "negotiation: motive", "Keep the cattle ranchers' support",
	     "what is wanted behind the position"),
	TEXT("alternative", 0, 1000, "negotiation: BATNA under asymmetry", "Wait for the election",
	     "best course without agreement"),
	TEXT("reasoning", 0, 1000, "negotiation: reasoning", "Deeds alone stand in court", "how the holder argues"),
	TEXT("next_test", 0, 500, "negotiation: next observable test", "Vote in the land committee",
	     "what would show whether it holds"),
	CODE("audience", 0, "audience", "measure: coherence", "public", "to whom it was said"),
};

static const struct field fields_designation[] = {
	ID("actor", REQ, "", "law and lists: lists", "actor or person that is listed"),
	CODE("list", REQ, "designation_list", "law and lists: lists", "us_fto", "list on which it stands"),
	TEXT("reference", LABEL, 200, "law and lists: lists", "QDe.004", "reference number or entry name on the list"),
	TEXT("jurisdiction", REQ, 100, "law and lists: lists", "US",
	     "where the listing has force: a country, union or UN"),
	DATE("listed", 0, "law and lists: lists", "1997-10-08", "when it was listed"),
	DATE("delisted", 0, "law and lists: lists", "2021-12-01", "when it was taken off"),
	CODES("measures", 0, "sanction_measure", "law and lists: lists", "asset_freeze", "what the listing forbids"),
	CODES("topics", 0, "ftm_topic", "law and lists: FtM topics", "crime.terror",
	      "topics in the terms of screening data"),
	TEXT("programme", 0, 100, "law and lists: lists", "SDGT", "sanctions programme"),
};

static const struct field fields_identity[] = {
	ID("one", REQ, "", "names under which one is met", "actor, person, event or agreement"),
	ID("other", REQ, "", "names under which one is met", "the one met under another name or number"),
	CODE("verdict", REQ, "identity_verdict", "names under which one is met", "same", "whether the two are one"),
	TEXT("basis", LABEL, 1000, "a source for each fact", "Both carry UCDP actor number 743",
	     "what the judgement rests on"),
};

static const struct kind kinds[] = {
	KIND(WHO, actor, 0, "types of non-state actors", "a body that acts, or one person who acts as a body would"),
	KIND(WHO, person, 0, "informal negotiators", "a human being who takes part"),
	KIND(WHO, name, 0, "every party keeps its own names",
	     "one name of an actor, person or place, in one language, as one party uses it"),
	KIND(WHO, identity, 0, "names under which one is met",
	     "whether two objects of the record are one and the same: nothing is merged without it"),
	KIND(WHO, tie, 0, "relationships among actors",
	     "a lasting relation between two actors or persons; `when` is the span for which it holds"),
	KIND(WHO, alignment, 0, "who sits for whom",
	     "an actor is on a side of a process; `when` is the span for which it holds"),
	KIND(WHO, mandate, KIND_SENSITIVE, "who sits for whom",
	     "authority to act or sign for somebody; `when` is the span for which it holds"),
	KIND(WHO, consent, KIND_EVENT, "UN fundamentals: consent",
	     "a party's agreement to a table, mediator or monitor, which it can take back"),
	KIND(WHO, funding, 0, "co-option", "money or means that one gives another; `when` is the period"),
	KIND(WHO, faction, KIND_EVENT, "types of non-state actors", "a body splits, merges, is renamed or dissolves"),
	KIND(WHO, constituency, 0, "democratic legitimacy", "a group of people whose lot the process decides"),
	KIND(WHO, issue, 0, "tracks", "a question that is to be settled"),
	KIND(WHO, position, 0, "negotiation: counterpart analysis",
	     "what an actor wants on an issue; `when` is when it was held"),
	KIND(WHO, designation, 0, "law and lists: lists",
	     "an actor or person stands on a sanctions or proscription list"),
};

const struct kind_set kind_set_who = { kinds, N_ROWS(kinds) };
