/* Where they talk: forums, dialogues, sessions, who is invited, who sits where, how it was. */
#include "record/kinds/tables.h"

static const struct field fields_forum[] = {
	TEXT("name", REQ | LABEL, 200, "platforms", "Munich Security Conference", "name of the forum"),
	CODE("type", REQ, "forum_type", "platforms", "platform", "what sort of forum it is"),
	ID("convener", 0, "actor", "platforms", "who convenes it"),
	ID("host", 0, "actor", "platforms", "who hosts it"),
	ID("secretariat", 0, "actor", "measure: overlap", "who keeps its office"),
	IDS("members", 0, "actor", "governance networks", "its members, where membership is fixed"),
	CODES("layers", 0, "session_layer", "layered architecture", "public", "layers of meeting that it has"),
	CODE("attribution", 0, "session_rule", "markings: session rules", "chatham_house",
	     "attribution rule, unless a session says otherwise"),
	FLAG("state_led", 0, "governance networks", "states alone are members"),
	FLAG("binding", 0, "governance networks", "its decisions bind the members"),
	TEXT("rhythm", 0, 100, "measure: convening", "Yearly, in February", "how often it meets"),
	PLACE("place", 0, "platforms", "Munich @48.1402,11.5735", "where it usually meets"),
	IDS("issues", 0, "issue", "measure: overlap", "issues that it deals with"),
	CODES("topics", 0, "gctf_topic", "law and lists: GCTF topics", "criminal_justice",
	      "topics of a counter-terrorism network"),
};

static const struct field fields_dialogue[] = {
	TEXT("name", REQ | LABEL, 200, "tracks", "Havana table", "name of the table"),
	CODE("track", REQ, "track", "tracks", "1", "track 1, 1.5, 2 or 3"),
	CODES("purpose", 0, "dialogue_purpose", "tracks: Track 2 roles", "open", "what it is for"),
	CODE("formality", 0, "formality", "grades of formalization", "3", "how formal, from 0 to 4"),
	CODE("secrecy", 0, "secrecy", "informal negotiators", "discreet", "how openly it is held"),
	CODE("status", 0, "dialogue_status", "keep open while frozen", "active", "state that it is in"),
	TEXT("reason", 0, 1000, "keep open while frozen", "The delegation was recalled", "why it is in that state"),
	CODE("phase", 0, "process_phase", "tracks: third-party phases", "negotiation",
	     "phase of the process that it serves"),
	IDS("parties", 0, "actor", "tracks", "parties at the table"),
	ID("convener", 0, "", "tracks", "who convenes it"),
	IDS("endorsers", 0, "", "tracks", "who stands behind it"),
	ID("host", 0, "actor", "neutral venues", "who hosts it"),
	IDS("mediators", 0, "", "tracks", "who mediates or facilitates"),
	ID("secretariat", 0, "actor", "measure: overlap", "who keeps its papers"),
	PLACE("venue", 0, "neutral venues", "Havana @23.1330,-82.3830", "where it usually meets"),
	CODE("neutrality", 0, "venue_neutrality", "neutral venues", "neutral", "whose ground the venue is"),
	CODE("mode", 0, "meeting_mode", "tracks: meeting modes", "plenary", "how the parties usually meet"),
	CODE("strategy", 0, "mediator_strategy", "tracks: mediator strategies", "procedural", "how the mediator works"),
	CODES("inclusion", 0, "inclusion_modality", "tracks: inclusion modalities", "consultations",
	      "ways in which others are brought in"),
	ID("parent", 0, "dialogue", "layered architecture", "table of which this is a part"),
	ID("forum", 0, "forum", "platforms", "forum within which it takes place"),
	IDS("issues", 0, "issue", "measure: overlap", "issues on its agenda"),
};

static const struct field fields_session[] = {
	TEXT("title", REQ | LABEL, 200, "layered architecture", "Round 12, rural reform", "name of the session"),
	ID("dialogue", 0, "dialogue", "tracks", "dialogue to which it belongs"),
	ID("forum", 0, "forum", "platforms", "forum to which it belongs"),
	CODE("layer", 0, "session_layer", "layered sessions", "invitation", "public, by invitation, or off the record"),
	CODE("attribution", 0, "session_rule", "attribution rule kept in minutes and exports", "chatham_house",
	     "how what was said may be attributed"),
	CODE("mode", 0, "meeting_mode", "tracks: meeting modes", "proximity", "how the parties met"),
	CODE("format", 0, "session_format", "virtual meetings", "in_person", "in one room, online or both"),
	CODE("status", 0, "session_status", "measure: freezes", "held", "planned, held, put off or cancelled"),
	PLACE("place", 0, "neutral venues", "Havana @23.1330,-82.3830", "where it took place"),
	CODE("neutrality", 0, "venue_neutrality", "neutral venues", "neutral", "whose ground the venue is"),
	IDS("issues", 0, "issue", "measure: gaps", "issues that were treated"),
	IDS("facilitators", 0, "", "tracks", "who chaired or facilitated"),
	LANGUAGES("languages", 0, "misinterpretation", "es", "languages used"),
	TEXT("agenda", 0, 4000, "tracks", "1. Land fund 2. Titles", "what was on the agenda"),
	TEXT("outcome", 0, 4000, "tracks", "Agreement on the land fund in principle",
	     "what came of it, within the rule"),
	NUMBER("participants", 0, "persons", 0, 100000, "measure: inclusion", 24,
	       "head count, where names are not recorded"),
	NUMBER("women", 0, "persons", 0, 100000, "measure: inclusion", 7, "how many of them are women"),
};

static const struct field fields_attendance[] = {
	ID("session", REQ, "", "attribution rule kept in minutes and exports", "session or meeting"),
	ID("who", REQ, "", "who sits for whom", "person, or body where the person is not named"),
	ID("actor", 0, "actor", "who sits for whom", "body for which the person sat there"),
	CODE("capacity", 0, "attendance_capacity", "informal negotiators", "former_official", "in what capacity"),
	CODE("role", 0, "table_role", "tracks: mediation roles", "negotiator", "part played at the table"),
	TEXT("side", 0, 80, "measure: seating", "government", "side on which the person sat"),
	FLAG("present", 0, "measure: inclusion", "false: expected, but did not come"),
	NUMBER("speaking", 0, "minutes", 0, 100000, "measure: inclusion", 35, "speaking time"),
	NUMBER("rank", 0, "place", 1, 100000, "measure: seating", 2, "place in the order of protocol, 1 first"),
	IDS("constituencies", 0, "constituency", "measure: inclusion", "groups for which the person spoke"),
};

static const struct field fields_invitation[] = {
	ID("to", REQ, "", "invitations and accreditation", "forum, dialogue or session to which one is invited"),
	ID("invitee", REQ, "", "invitations and accreditation", "person or body that is invited"),
	ID("inviter", 0, "", "invitations and accreditation", "who invites"),
	CODE("capacity", 0, "attendance_capacity", "invitations and accreditation", "expert", "in what capacity"),
	TEXT("side", 0, 80, "measure: convening", "government", "side for which the invitee would sit"),
	CODE("status", REQ, "invitation_status", "invitations and accreditation", "accepted", "where it stands"),
	DATE("reply_by", 0, "invitations and accreditation", "2016-01-15", "when an answer is asked"),
	DATE("answered", 0, "invitations and accreditation", "2016-01-12", "when the answer came"),
	TEXT("reason", 0, 500, "invitations and accreditation", "No visa", "reason given"),
};

static const struct field fields_bilateral[] = {
	TEXT("subject", LABEL, 300, "bilateral requests and schedule", "Border posts", "what it is about"),
	IDS("between", REQ, "", "bilateral requests and schedule", "the two sides, persons or bodies"),
	ID("asked_by", 0, "", "bilateral requests and schedule", "who asked for it"),
	ID("forum", 0, "", "bilateral requests and schedule", "forum or session in whose margins it takes place"),
	NUMBER("priority", 0, "level", 1, 5, "measure: bilateral schedule", 2, "how much it is wanted, 1 most"),
	CODE("status", 0, "bilateral_status", "bilateral requests and schedule", "asked", "where it stands"),
	INTERVALS("windows", 0, "measure: bilateral schedule", "2016-02-12T09:00Z/2016-02-12T12:00Z",
		  "when both could meet"),
	TEXT("room", 0, 100, "measure: bilateral schedule", "Room 3", "where"),
	TEXT("outcome", 0, 1000, "bilateral requests and schedule", "To meet again in March", "what came of it"),
};

static const struct field fields_seating[] = {
	ID("session", REQ, "", "seating with keep-apart rules", "session or meeting"),
	CODE("shape", 0, "seating_shape", "measure: seating", "circle", "shape of the table"),
	CODE("placing", REQ, "seating_rule", "alphabetical seating", "alphabetical", "how places are given"),
	LANGUAGE("language", 0, "alphabetical seating", "en", "language of the alphabetical order"),
	IDS("order", 0, "", "measure: seating", "who sits where, going round from the chair's left"),
	IDS("apart", 0, "", "seating with keep-apart rules", "those of whom no two may sit side by side"),
};

static const struct field fields_pulse[] = {
	ID("session", REQ, "", "evidence that unofficial talks mattered", "session or meeting that it is about"),
	NUMBER("heard", 0, "of 5", 1, 5, "evidence that unofficial talks mattered", 4, "I was heard: 1 no, 5 yes"),
	NUMBER("understood", 0, "of 5", 1, 5, "evidence that unofficial talks mattered", 3,
	       "I understood the others better than before"),
	NUMBER("safe", 0, "of 5", 1, 5, "trust and confidentiality at a distance", 5,
	       "I could speak without fear for what becomes of it"),
	NUMBER("useful", 0, "of 5", 1, 5, "evidence that unofficial talks mattered", 4, "it was worth the time"),
	NUMBER("trust", 0, "of 5", 1, 5, "trust and confidentiality at a distance", 3,
	       "I trust the other side to do what it said"),
	FLAG("again", 0, "measure: convening", "I would come again"),
	TEXT("comment", LABEL, 500, "evidence that unofficial talks mattered", "More time for the second point",
	     "a few words, without names"),
};

static const struct kind kinds[] = {
	KIND(TABLES, forum, 0, "platforms, governance networks, regional alliances",
	     "a standing place where many meet"),
	KIND(TABLES, dialogue, 0, "tracks", "a table at which a process is talked about, on one track"),
	KIND(TABLES, session, KIND_EVENT, "layered architecture", "one meeting of a dialogue or forum"),
	KIND(TABLES, attendance, 0, "who sits for whom", "one person or body at one session, in a stated capacity"),
	KIND(TABLES, invitation, KIND_EVENT, "invitations and accreditation",
	     "somebody is invited to a forum, dialogue or session"),
	KIND(TABLES, bilateral, 0, "bilateral requests and schedule",
	     "a meeting of two in the margins; `when` is its time, once fixed"),
	KIND(TABLES, seating, 0, "seating with keep-apart rules", "who sits where, and by what rule"),
	KIND(TABLES, pulse, KIND_EVENT, "evidence that unofficial talks mattered",
	     "an anonymous card after a session; shown from five answers on"),
};

const struct kind_set kind_set_tables = { kinds, N_ROWS(kinds) };
