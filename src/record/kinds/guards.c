/* What is weighed before one acts: assessments, clearances, screenings. */
#include "record/kinds/tables.h"

static const struct field fields_assessment[] = {
	TEXT("summary", REQ | LABEL, 500, "influence, legitimacy and willingness",
	     "Able and willing to hold a local truce", "result in one line"),
	CODE("type", REQ, "assessment_type", "influence, legitimacy and willingness", "willingness",
	     "what is assessed"),
	ID("subject", REQ, "", "influence, legitimacy and willingness",
	   "actor, assistance, plan or contact that is assessed"),
	CODE("rating", 0, "rating", "influence, legitimacy and willingness", "medium", "result on a scale of five"),
	CODE("confidence", 0, "confidence", "influence, legitimacy and willingness", "moderate", "how sure"),
	TEXT("reasoning", 0, 4000, "risk assessment with review date", "Orders were kept in three of four cases",
	     "reasons"),
	IDS("evidence", 0, "", "evidence behind every score", "claims on which it rests"),
	CODES("indicators", 0, "ihl_indicator", "law and lists: IHL party test", "command_structure",
	      "indicators that are met"),
	CODES("steps", 0, "hrddp_step", "law and lists: HRDDP", "assess_risk",
	      "steps of due diligence that were taken"),
	CODES("fundamentals", 0, "un_fundamental", "UN fundamentals: eight fundamentals", "CONSENT",
	      "fundamentals of mediation at stake"),
	DECIMAL("motivation", 0, "share", 0, 1, "measure: readiness", 0.8, "readiness: motivation to end the conflict"),
	DECIMAL("optimism", 0, "share", 0, 1, "measure: readiness", 0.6, "readiness: belief that talks can succeed"),
	DECIMAL("capability", 0, "share", 0, 1, "measure: spoiling", 0.5, "spoiling: means"),
	DECIMAL("intent", 0, "share", 0, 1, "measure: spoiling", 0.3, "spoiling: will"),
	DECIMAL("opportunity", 0, "share", 0, 1, "measure: spoiling", 0.4, "spoiling: occasion"),
	CODE("spoiler_type", 0, "spoiler_type", "measure: spoiling", "limited", "spoiling: how far its aims go"),
	CODE("spoiler_position", 0, "spoiler_position", "measure: spoiling", "inside",
	     "spoiling: inside or outside the process"),
	CODE("spoiler_locus", 0, "spoiler_locus", "measure: spoiling", "leader",
	     "spoiling: with the leader or the followers"),
	TEXT("harm", 0, 2000, "do no harm", "Rivals may see it as recognition", "harm that could follow"),
	TEXT("mitigation", 0, 2000, "law and lists: HRDDP", "No pictures; equal time for both",
	     "what lessens the risk"),
	DATE("review", 0, "risk assessment with review date", "2017-06-01", "when it is to be looked at again"),
};

static const struct field fields_clearance[] = {
	TEXT("purpose", REQ | LABEL, 500, "engagement gate", "Training in the law of armed conflict",
	     "what is to be done, and why"),
	ID("actor", REQ, "", "engagement gate", "actor or person with whom"),
	CODE("activity", REQ, "engagement_activity", "engagement gate", "ihl_training", "sort of activity"),
	TEXT("jurisdiction", REQ, 100, "engagement gate", "CH", "under whose law"),
	CODE("decision", REQ, "clearance_decision", "engagement gate", "allowed_with_conditions", "decision"),
	TEXT("law", 0, 2000, "engagement gate", "Common Article 3", "law relied on"),
	CODE("basis", 0, "clearance_basis", "licences and waivers", "general_licence", "ground of the decision"),
	TEXT("licence", 0, 300, "licences and waivers", "31 CFR 594.520", "licence or waiver, by number"),
	ID("person", 0, "person", "law and lists: travel waiver", "for a waiver: person"),
	PLACE("place", 0, "law and lists: travel waiver", "Geneva @46.2044,6.1432", "for a waiver: place"),
	INTERVAL("window", 0, "law and lists: travel waiver", "2016-05-01/2016-05-31", "for a waiver: dates"),
	TEXT("authority", 0, 300, "law and lists: travel waiver", "1988 Committee", "for a waiver: who granted it"),
	TEXT("conditions", 0, 2000, "engagement gate", "No fees, no equipment", "conditions"),
	TEXTS("approvals", 0, 120, "engagement gate", "Legal officer", "who signed; two are needed"),
	FLAG("urgent", 0, "a message to save life always goes", "it went ahead to save life and is reviewed after"),
	TEXT("reason", 0, 2000, "engagement gate", "Training in humanitarian law is exempt", "reasons"),
	ID("screening", 0, "screening", "offline screening", "screening on which it rests"),
	IDS("assessments", 0, "assessment", "risk assessment with review date", "assessments on which it rests"),
	DATE("until", 0, "engagement gate", "2016-12-31", "when it runs out"),
	DATE("review", 0, "risk assessment with review date", "2016-09-01", "when it is to be looked at again"),
};

static const struct field fields_screening[] = {
	TEXT("name", REQ | LABEL, 200, "offline screening", "Rodrigo Londono", "name that was looked up"),
	ID("of", 0, "", "offline screening", "actor or person that is meant"),
	CODES("lists", 0, "designation_list", "offline screening", "us_ofac_sdn", "lists that were searched"),
	TEXT("version", REQ, 200, "offline screening", "SDN of 2016-11-01, sha256 1f3a", "editions of the lists"),
	NUMBER("hits", 0, "entries", 0, 1000000, "offline screening", 2, "entries that came up"),
	DECIMAL("best", 0, "share", 0, 1, "offline screening", 0.91, "score of the nearest entry, 0 to 1"),
	TEXTS("references", 0, 200, "offline screening", "OFAC 10221", "entries that came up, nearest first"),
	CODE("decision", REQ, "screening_decision", "offline screening", "false_positive", "decision"),
	TEXT("reason", 0, 2000, "offline screening", "Other date of birth", "reasons"),
};

static const struct kind kinds[] = {
	KIND(GUARDS, assessment, KIND_EVENT | KIND_SENSITIVE, "risk assessment with review date",
	     "a judgement of an actor or a step, with reasons and review date"),
	KIND(GUARDS, clearance, KIND_EVENT | KIND_SENSITIVE, "engagement gate",
	     "may we do this, with this actor, under this law"),
	KIND(GUARDS, screening, KIND_EVENT | KIND_SENSITIVE, "offline screening", "a name was looked up in lists"),
};

const struct kind_set kind_set_guards = { kinds, N_ROWS(kinds) };
