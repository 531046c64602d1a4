/* What they think up: proposals, drafts, and how ideas travel from table to table and into practice. */
#include "record/kinds/tables.h"

static const struct field fields_proposal[] = {
	TEXT("title", REQ | LABEL, 300, "Track 2 to Track 1", "A land fund of three million hectares",
	     "the idea in one line"),
	TEXT("text", 0, 4000, "Track 2 to Track 1", "The fund buys, and gives to families without land",
	     "the idea itself"),
	CODE("form", 0, "idea_form", "Track 2 to Track 1", "option_paper", "shape that it has"),
	ID("table", 0, "", "measure: transfer", "dialogue, forum or session where it arose"),
	CODE("track", 0, "track", "measure: provenance of options", "2", "track on which it arose"),
	IDS("authors", 0, "", "measure: provenance of options", "who made it, where that may be said"),
	FLAG("attributable", 0, "markings: session rules", "its authors may be named"),
	IDS("issues", 0, "issue", "measure: overlap", "issues that it answers"),
	CODE("status", 0, "proposal_status", "measure: transfer", "tabled", "where it stands"),
	IDS("backed_by", 0, "actor", "Track 2 to Track 1", "who is for it"),
	IDS("opposed_by", 0, "actor", "Track 2 to Track 1", "who is against it"),
	ID("replaces", 0, "proposal", "transfer between tracks", "earlier form of the same idea"),
};

static const struct field fields_text[] = {
	TEXT("document", REQ | LABEL, 200, "one-text drafting", "Draft accord, chapter 1",
	     "draft to which the passage belongs"),
	TEXT("article", 0, 40, "one-text drafting", "1.2", "article or paragraph"),
	NUMBER("version", 0, "number", 1, 100000, "one-text drafting", 4, "number of the draft"),
	TEXT("wording", REQ, 4000, "one-text drafting", "The fund holds [three] million hectares",
	     "the words, open ones in square brackets"),
	IDS("brackets", 0, "actor", "one-text drafting", "who put the brackets"),
	TEXT("dissent", 0, 2000, "demonstrative unity", "We hold that two million suffice",
	     "reservation, in the dissenter's words"),
	IDS("dissenters", 0, "actor", "demonstrative unity", "whose reservation it is"),
	IDS("accepted_by", 0, "actor", "one-text drafting", "who accepts the wording"),
	CODE("status", 0, "text_status", "one-text drafting", "bracketed", "where it stands"),
	LANGUAGE("language", 0, "misinterpretation", "es", "language of the wording"),
	FLAG("authentic", 0, "misinterpretation", "this language version is authentic"),
	ID("dialogue", 0, "dialogue", "one-text drafting", "table at which it is drafted"),
	ID("replaces", 0, "text", "one-text drafting", "earlier draft of the same passage"),
};

static const struct field fields_transfer[] = {
	TEXT("summary", LABEL, 300, "transfer between tracks", "Land fund paper handed to the delegation",
	     "what was passed on"),
	ID("what", REQ, "", "transfer between tracks", "proposal, text, practice or person that was passed on"),
	ID("from", REQ, "", "transfer between tracks", "table or actor from which it came"),
	ID("to", 0, "", "transfer between tracks", "table or actor to which it went"),
	CODE("audience", 0, "audience", "tracks: transfer", "officials", "to whom, where no table or actor is named"),
	CODE("direction", 0, "transfer_direction", "tracks: transfer", "up", "up, down, sideways or out"),
	CODE("content", 0, "transfer_content", "tracks: transfer", "ideas", "ideas, texts or people"),
	CODE("effect", 0, "transfer_effect", "tracks: transfer", "process",
	     "whether it touched the process or the outcome"),
	TEXT("side", 0, 80, "transfer on both sides", "government", "side that received it: one-sided transfer blocks"),
	ID("carrier", 0, "", "transfer between tracks", "who carried it"),
	CODE("receipt", 0, "transfer_receipt", "transfer between tracks", "used", "what the receiver did with it"),
	DATE("received", 0, "transfer between tracks", "2013-03-02", "when the receiver confirmed"),
	TEXT("use", 0, 1000, "transfer between tracks", "Became article 1.1", "what use was made of it"),
};

static const struct field fields_contribution[] = {
	TEXT("summary", REQ | LABEL, 300, "evidence that unofficial talks mattered",
	     "The workshop gave the land fund its shape", "the claim in one line"),
	ID("output", REQ, "", "evidence that unofficial talks mattered",
	   "proposal, text, session or programme that is said to have mattered"),
	ID("outcome", 0, "", "evidence that unofficial talks mattered",
	   "agreement, provision, fulfilment or other result"),
	TEXT("mechanism", 0, 2000, "evidence that unofficial talks mattered",
	     "Two participants sat on the drafting team", "how the one led to the other"),
	TEXT("evidence_for", 0, 2000, "evidence that unofficial talks mattered", "The wording is the same",
	     "what speaks for it"),
	TEXT("evidence_against", 0, 2000, "evidence that unofficial talks mattered", "The ministry had a similar paper",
	     "what speaks against it"),
	TEXT("rival", 0, 2000, "evidence that unofficial talks mattered", "The fund was a campaign promise",
	     "other explanations"),
	CODE("verdict", 0, "contribution_verdict", "evidence that unofficial talks mattered", "helped",
	     "what the writer concludes"),
};

static const struct field fields_practice[] = {
	TEXT("title", REQ | LABEL, 300, "recommendations and toolkits", "Good practices on juvenile justice",
	     "its title"),
	CODE("type", REQ, "practice_type", "recommendations and toolkits", "good_practice",
	     "what sort of document it is"),
	TEXT("text", 0, 4000, "recommendations and toolkits", "Children are victims first", "what it recommends"),
	ID("forum", 0, "forum", "governance networks", "forum that issued it"),
	IDS("drafters", 0, "", "measure: co-production", "who drafted it"),
	IDS("endorsers", 0, "actor", "law and lists: GCTF", "who endorsed it"),
	CODES("topics", 0, "gctf_topic", "law and lists: GCTF topics", "criminal_justice", "its topics"),
	TEXT("implements", 0, 300, "governance networks", "UN Security Council resolution 2178",
	     "instrument that it puts into practice"),
	CODE("strength", 0, "obligation", "DDR: Must/Shall/Should", "should", "strongest duty that it states"),
};

static const struct field fields_adoption[] = {
	ID("practice", REQ, "practice", "adoption of good practices", "practice that is taken up"),
	ID("adopter", REQ, "actor", "adoption of good practices", "who takes it up"),
	CODE("rung", REQ, "adoption_rung", "adoption of good practices", "3",
	     "rung of the ladder that is reached, 0 to 5"),
	TEXT("how", LABEL, 500, "adoption of good practices", "Decree 14 of 2016", "by what act"),
	TEXT("evidence", 0, 1000, "adoption of good practices", "Official gazette", "what shows it"),
};

static const struct kind kinds[] = {
	KIND(IDEAS, proposal, KIND_EVENT, "Track 2 to Track 1", "an idea put forward for settling something"),
	KIND(IDEAS, text, 0, "one-text drafting", "one passage of a common draft, with brackets and dissent"),
	KIND(IDEAS, transfer, KIND_EVENT, "Track 2 to Track 1",
	     "an idea, text or person passes from one table to another or to the public"),
	KIND(IDEAS, contribution, 0, "evidence that unofficial talks mattered",
	     "a reasoned claim that an output led to an outcome"),
	KIND(IDEAS, practice, 0, "governance networks",
	     "a recommendation, toolkit or other guidance that a network issued"),
	KIND(IDEAS, adoption, KIND_EVENT, "adoption of good practices",
	     "somebody takes up a practice, up to a rung of the ladder"),
};

const struct kind_set kind_set_ideas = { kinds, N_ROWS(kinds) };
