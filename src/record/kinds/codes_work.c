/* Code lists of our own, second half: promises, incidents, liaison, support, guards, the record. */
#include "record/kinds/tables.h"

static const struct code codes_obligation[] = {
	C("must", "must"), C("shall", "shall"), C("should", "should"), C("may", "may"), C("can", "can"),
};

static const struct code codes_commitment_form[] = {
	C("spoken", "spoken"),
	C("written", "written"),
};

static const struct code codes_commitment_status[] = {
	C("open", "stands"),
	C("released", "the beneficiary released the obligor"),
	C("replaced", "replaced by another"),
	C("disputed", "it is disputed that it was given"),
	C("withdrawn", "the obligor took it back"),
};

static const struct code codes_ceasefire_end[] = {
	C("expired", "ran out"),
	C("replaced", "replaced by another or by an agreement"),
	C("withdrawn", "a party declared it over"),
	C("collapsed", "fighting resumed"),
	C("fulfilled", "its purpose was reached"),
	C("unknown", "not known"),
};

static const struct code codes_specificity[] = {
	C("vague", "a general wish to stop violence"),
	C("partial", "says who and when, not where or what"),
	C("precise", "says who stops what, where and from when"),
};

static const struct code codes_deed_status[] = {
	C("in_force", "in force"), C("reported", "reported on"), C("verified", "verified"),
	C("breached", "breached"), C("withdrawn", "withdrawn"),
};

static const struct code codes_exchange_what[] = {
	C("prisoners_of_war", "prisoners of war"), C("detainees", "detainees"), C("hostages", "hostages"),
	C("convicts", "convicted persons"),        C("children", "children"),   C("wounded", "wounded and sick"),
	C("remains", "remains of the dead"),
};

static const struct code codes_exchange_status[] = {
	C("proposed", "proposed"), C("agreed", "agreed"),       C("under_way", "under way"),
	C("done", "done"),         C("suspended", "suspended"), C("failed", "failed"),
};

static const struct code codes_cbm_mode[] = {
	C("notify", "notify"),
	C("observe", "let observe"),
	C("constrain", "constrain oneself"),
};

static const struct code codes_information_harm[] = {
	C("false_claim", "false or unproven claim"),
	C("incitement", "incitement"),
	C("doxxing", "publishing a person's whereabouts or data"),
	C("leak", "leak of what was confidential"),
	C("impersonation", "impersonation or forgery"),
	C("threat", "threat by words"),
};

static const struct code codes_attestation_verdict[] = {
	C("confirm", "confirms"),
	C("deny", "denies"),
	C("cannot_tell", "cannot tell"),
};

static const struct code codes_attestation_method[] = {
	C("site_visit", "visit of the site"),
	C("interview", "interview"),
	C("witness", "witness's own sight"),
	C("document", "document"),
	C("photo_video", "picture or film"),
	C("satellite", "satellite image"),
	C("drone", "uncrewed aircraft"),
	C("camera", "fixed camera"),
	C("sensor", "radar, acoustic or other sensor"),
	C("forensic", "forensic examination"),
	C("open_source", "open sources"),
	C("party_report", "report of a party"),
	C("hearsay", "hearsay"),
};

static const struct code codes_access_state[] = {
	C("free", "free"),     C("escorted", "under escort"),         C("delayed", "delayed"),
	C("denied", "denied"), C("unsafe", "not reached for safety"), C("not_needed", "not needed"),
};

static const struct code codes_confidence[] = {
	C("low", "low"),
	C("moderate", "moderate"),
	C("high", "high"),
};

static const struct code codes_addressee[] = {
	C("reporter", "the one who reported"), C("parties", "the parties"), C("community", "the people concerned"),
	C("authority", "an authority"),        C("public", "the public"),
};

static const struct code codes_response_action[] = {
	C("acknowledged", "receipt acknowledged"),
	C("under_review", "being checked"),
	C("answered", "answered"),
	C("referred", "passed on"),
	C("remedy_requested", "remedy asked"),
	C("remedied", "remedied"),
	C("protection", "protection given"),
	C("closed", "closed"),
};

static const struct code codes_release_medium[] = {
	C("press_statement", "press statement"),
	C("press_conference", "press conference"),
	C("report", "report"),
	C("broadcast", "radio or television"),
	C("online", "online"),
	C("meeting", "public meeting"),
	C("letter", "letter"),
};

static const struct code codes_release_status[] = {
	C("draft", "draft"),       C("held", "held back"),      C("approved", "approved"),
	C("released", "released"), C("corrected", "corrected"), C("withdrawn", "withdrawn"),
};

static const struct code codes_severity[] = {
	C("low", "low"),
	C("moderate", "moderate"),
	C("high", "high"),
	C("grave", "grave"),
};

static const struct code codes_grievance_status[] = {
	C("raised", "raised"),     C("heard", "heard"),         C("on_agenda", "on the agenda of a table"),
	C("answered", "answered"), C("redressed", "redressed"), C("rejected", "rejected"),
};

static const struct code codes_channel_medium[] = {
	C("in_person", "in person"),
	C("courier", "courier"),
	C("landline", "landline"),
	C("mobile", "mobile telephone"),
	C("satellite_phone", "satellite telephone"),
	C("radio", "radio"),
	C("messenger", "encrypted messenger"),
	C("email", "electronic mail"),
	C("video", "video"),
	C("letter", "letter"),
	C("parley", "this program"),
};

static const struct code codes_channel_state[] = {
	C("open", "open"),
	C("blocked", "blocked: exists, nobody answers or it is forbidden"),
	C("dead", "dead: no longer exists"),
};

static const struct code codes_initiative[] = {
	C("ours", "we called"),
	C("theirs", "they called"),
	C("third_party", "a third party brought us together"),
	C("scheduled", "as scheduled"),
};

static const struct code codes_tone[] = {
	C("warm", "warm"),   C("businesslike", "businesslike"), C("cool", "cool"),
	C("tense", "tense"), C("hostile", "hostile"),
};

static const struct code codes_notification_type[] = {
	C("movement", "movement of forces"),
	C("convoy", "convoy"),
	C("humanitarian_site", "humanitarian site"),
	C("evacuation", "evacuation"),
	C("repair", "repair of lines, wells or roads"),
	C("flight", "flight"),
	C("exercise", "exercise"),
	C("missile_test", "missile or space launch"),
	C("demining", "demining or disposal"),
	C("delegation", "travel of a delegation"),
	C("burial", "recovery or burial of the dead"),
};

static const struct code codes_notification_status[] = {
	C("sent", "sent"),
	C("acknowledged", "acknowledged"),
	C("read_back", "read back and found the same"),
	C("objected", "objected to"),
	C("changed", "changed"),
	C("cancelled", "cancelled"),
	C("closed", "closed"),
};

static const struct code codes_payload[] = {
	C("information", "information"),
	C("request", "request"),
	C("offer", "offer"),
	C("proposal", "proposal"),
	C("warning", "warning"),
	C("protest", "protest"),
	C("apology", "apology"),
	C("acknowledgement", "acknowledgement"),
	C("test", "test of the line"),
};

static const struct code codes_urgency[] = {
	C("routine", "routine"),
	C("priority", "priority"),
	C("immediate", "immediate"),
	C("life", "to save life"),
};

static const struct code codes_readback_match[] = {
	C("same", "same meaning"),
	C("differs", "differs"),
	C("unclear", "unclear"),
};

static const struct code codes_journey_status[] = {
	C("planned", "planned"),           C("cleared", "cleared by all sides"),
	C("under_way", "under way"),       C("arrived", "arrived"),
	C("returned", "returned"),         C("delayed", "delayed"),
	C("missing", "missed a check-in"), C("cancelled", "cancelled"),
};

static const struct code codes_assistance_type[] = {
	C("humanitarian", "humanitarian"),
	C("development", "development"),
	C("technical", "technical"),
	C("resources", "access to resources or markets"),
	C("security_service", "security service"),
	C("financial", "money"),
	C("political", "recognition or standing"),
	C("legal", "legal relief"),
};

static const struct code codes_assistance_status[] = {
	C("offered", "offered"),     C("agreed", "agreed"),       C("running", "running"),
	C("suspended", "suspended"), C("completed", "completed"), C("cancelled", "cancelled"),
};

static const struct code codes_tranche_state[] = {
	C("planned", "planned"),   C("released", "released"), C("delivered", "delivered"),
	C("withheld", "withheld"), C("diverted", "diverted"), C("returned", "returned"),
};

static const struct code codes_programme_type[] = {
	C("cultural", "culture"),
	C("language", "language"),
	C("education", "education"),
	C("heritage", "heritage"),
	C("community", "community project"),
	C("exercise", "joint exercise"),
	C("capacity", "capacity-building"),
	C("ddr", "disarmament, demobilization, reintegration"),
	C("peacekeeping", "peacekeeping mission"),
	C("exchange", "exchange of people"),
};

static const struct code codes_programme_status[] = {
	C("planned", "planned"),     C("running", "running"),     C("suspended", "suspended"),
	C("completed", "completed"), C("cancelled", "cancelled"),
};

static const struct code codes_participation_role[] = {
	C("lead", "lead"),
	C("contributor", "contributor"),
	C("participant", "participant"),
	C("trainer", "trainer"),
	C("trainee", "trainee"),
	C("observer", "observer"),
	C("host", "host"),
	C("donor", "donor"),
};

static const struct code codes_custom_type[] = {
	C("greeting", "greeting"),
	C("honorific", "form of address"),
	C("hospitality", "hospitality"),
	C("food", "food"),
	C("dress", "dress"),
	C("holiday", "holiday"),
	C("prayer", "prayer"),
	C("mourning", "mourning"),
	C("taboo", "taboo"),
	C("law", "customary law"),
	C("gesture", "gesture"),
};

static const struct code codes_transition_step[] = {
	C("announced", "announced"),
	C("ceased_fire", "ceased fire for good"),
	C("disarmed", "disarmed"),
	C("registered", "registered as a party"),
	C("congress", "held a congress"),
	C("stood", "stood for election"),
	C("seated", "took seats"),
	C("in_government", "entered government"),
	C("split", "part of it went on under arms"),
	C("dissolved", "dissolved"),
};

static const struct code codes_acknowledgement_type[] = {
	C("regret", "regret"),
	C("responsibility", "acceptance of responsibility"),
	C("apology", "apology"),
	C("recognition", "recognition of victims"),
	C("truth", "telling what happened"),
	C("commemoration", "commemoration"),
};

static const struct code codes_reception[] = {
	C("accepted", "accepted"),
	C("mixed", "mixed"),
	C("rejected", "rejected"),
	C("unknown", "not known"),
};

static const struct code codes_plan_status[] = {
	C("draft", "draft"),       C("active", "active"),
	C("paused", "paused"),     C("stopped", "stopped on a stop condition"),
	C("achieved", "achieved"), C("replaced", "replaced"),
};

static const struct code codes_consultation_method[] = {
	C("public_meeting", "public meeting"),
	C("survey", "survey"),
	C("online", "online dialogue"),
	C("delegation", "delegation"),
	C("petition", "petition"),
	C("local_dialogue", "local dialogue"),
	C("representative", "through a representative body"),
};

static const struct code codes_submission_state[] = {
	C("received", "received"),       C("considered", "considered"),          C("taken_up", "taken up"),
	C("partly", "taken up in part"), C("rejected", "rejected with reasons"), C("unanswered", "no answer"),
};

static const struct code codes_assessment_type[] = {
	C("influence", "influence"),
	C("legitimacy", "legitimacy"),
	C("willingness", "willingness"),
	C("ihl_organisation", "organisation under the law of armed conflict"),
	C("ihl_intensity", "intensity of the conflict under the law of armed conflict"),
	C("co_option", "co-option"),
	C("hrddp", "human rights due diligence"),
	C("escalation", "escalation"),
	C("do_no_harm", "do no harm"),
	C("readiness", "readiness to negotiate"),
	C("spoiler", "spoiling"),
	C("counterpart", "counterpart"),
	C("private_security", "vetting of a private security company"),
};

static const struct code codes_rating[] = {
	C("very_low", "very low"),   C("low", "low"), C("medium", "medium"), C("high", "high"),
	C("very_high", "very high"),
};

static const struct code codes_spoiler_type[] = {
	C("limited", "limited aims"),
	C("greedy", "aims that grow with what is offered"),
	C("total", "wants all; two assessors needed"),
};

static const struct code codes_spoiler_position[] = {
	C("inside", "inside the process"),
	C("outside", "outside the process"),
};

static const struct code codes_spoiler_locus[] = {
	C("leader", "the leader"),
	C("followers", "the followers"),
};

static const struct code codes_engagement_activity[] = {
	C("contact", "contact, exploratory"),
	C("meeting", "meeting"),
	C("mediation", "mediation or facilitation"),
	C("hosting", "hosting"),
	C("travel", "travel of listed persons"),
	C("ihl_training", "training in humanitarian law"),
	C("training", "other training or expert advice"),
	C("humanitarian_aid", "humanitarian aid"),
	C("payment", "payment or refund of costs"),
	C("goods", "goods"),
	C("services", "services"),
	C("ddr", "disarmament, demobilization, reintegration"),
	C("intelligence_sharing", "sharing of information"),
	C("joint_operation", "joint operation"),
	C("publication", "publication"),
};

static const struct code codes_clearance_decision[] = {
	C("allowed", "allowed"),
	C("allowed_with_conditions", "allowed with conditions"),
	C("needs_licence", "needs a licence first"),
	C("deferred", "put off"),
	C("refused", "refused"),
	C("emergency", "went ahead to save life, reviewed after"),
};

static const struct code codes_clearance_basis[] = {
	C("not_listed", "nobody concerned is listed"),
	C("not_prohibited", "the activity is not prohibited"),
	C("humanitarian_exemption", "standing humanitarian exemption"),
	C("general_licence", "general licence"),
	C("specific_licence", "specific licence"),
	C("waiver", "waiver for a person, place and time"),
	C("legal_advice", "legal advice"),
};

static const struct code codes_screening_decision[] = {
	C("no_hit", "nothing came up"),
	C("false_positive", "what came up is somebody else"),
	C("match", "it is the one listed"),
	C("undecided", "not decided"),
};

static const struct code codes_member_role[] = {
	C("admin", "may change the circle"),
	C("writer", "may write"),
	C("reader", "may read"),
	C("witness", "publishes what it has seen of others' feeds"),
};

static const struct code codes_device_role[] = {
	C("admin", "may add and cut off devices"),
	C("node", "writes and reads"),
	C("witness", "witnesses"),
};

static const struct code codes_epoch_reason[] = {
	C("founding", "the circle was founded"),
	C("member_added", "somebody joined"),
	C("member_removed", "somebody left or was removed"),
	C("device_revoked", "a device was cut off"),
	C("role_changed", "somebody lost the right to read"),
	C("weekly", "it was time"),
	C("fork", "two versions signed by one device were found"),
};

static const struct code codes_revocation_reason[] = {
	C("lost", "lost"),
	C("seized", "seized"),
	C("compromised", "key may be known to others"),
	C("rolled_back", "restored from an old copy"),
	C("replaced", "replaced"),
	C("retired", "no longer used"),
};

static const struct code codes_redaction_reason[] = {
	C("danger_to_life", "danger to life"), C("personal_data", "personal data"),
	C("court_order", "order of a court"),  C("consent_withdrawn", "consent was withdrawn"),
	C("error", "recorded by mistake"),     C("agreed", "agreed by the parties"),
};

static const struct code codes_signature_capacity[] = {
	C("party", "party"),
	C("third_party", "third party"),
	C("guarantor", "guarantor"),
	C("witness", "witness"),
	C("mediator", "mediator or facilitator"),
	C("depositary", "depositary"),
	C("observer", "observer"),
	C("other", "other"),
};

#define OWN "this project"

static const struct code_list lists[] = {
	LIST(access_state, OWN ", after reports of monitoring missions", "whether a place could be reached"),
	LIST(acknowledgement_type, OWN, "sort of acknowledgement"),
	LIST(addressee, OWN, "to whom a response goes"),
	LIST(assessment_type, OWN, "what is assessed"),
	LIST(assistance_status, OWN, "where an assistance stands"),
	LIST(assistance_type, OWN, "sort of assistance"),
	LIST(attestation_method, OWN, "how something was learnt"),
	LIST(attestation_verdict, OWN, "what an attestation says"),
	LIST(cbm_mode, OWN, "how a measure builds confidence"),
	LIST(ceasefire_end, OWN, "why a ceasefire ended"),
	LIST(channel_medium, OWN, "means of a line"),
	LIST(channel_state, OWN, "state of a line"),
	LIST(clearance_basis, OWN, "ground of a clearance"),
	LIST(clearance_decision, OWN, "decision of a clearance"),
	LIST(commitment_form, OWN, "spoken or written"),
	LIST(commitment_status, OWN, "whether a commitment stands"),
	LIST(confidence, OWN, "how sure a judgement is"),
	LIST(consultation_method, OWN, "how a submission was gathered"),
	LIST(custom_type, OWN, "sort of custom"),
	LIST(deed_status, OWN, "where a deed stands"),
	LIST(device_role, OWN, "what a device is used for"),
	LIST(engagement_activity, OWN, "what one wants to do with an actor"),
	LIST(epoch_reason, OWN, "why keys were changed"),
	LIST(exchange_status, OWN, "where an exchange stands"),
	LIST(exchange_what, OWN, "who or what is exchanged"),
	LIST(grievance_status, OWN, "where a grievance stands"),
	LIST(information_harm, OWN, "harm done by words"),
	LIST(initiative, OWN, "who made contact"),
	LIST(journey_status, OWN, "where a journey stands"),
	LIST(member_role, OWN, "what a member of a circle may do"),
	LIST(notification_status, OWN, "where a notification stands"),
	LIST(notification_type, OWN, "what is notified"),
	LIST(obligation, "usage of the Integrated DDR Standards and of standards at large", "how strong a duty is"),
	LIST(participation_role, OWN, "part played in a programme"),
	LIST(payload, OWN, "sort of message"),
	LIST(plan_status, OWN, "where a plan stands"),
	LIST(programme_status, OWN, "where a programme stands"),
	LIST(programme_type, OWN, "sort of programme"),
	LIST(rating, OWN, "scale of five"),
	LIST(readback_match, OWN, "does the read-back fit"),
	LIST(reception, OWN, "how something was received"),
	LIST(redaction_reason, OWN, "why a body was removed"),
	LIST(release_medium, OWN, "how a statement was made"),
	LIST(release_status, OWN, "where a statement stands"),
	LIST(response_action, OWN, "what was done in response"),
	LIST(revocation_reason, OWN, "why a device was cut off"),
	LIST(screening_decision, OWN, "decision of a screening"),
	LIST(severity, OWN, "how grave"),
	LIST(signature_capacity, OWN ", after roles named in signed texts", "in what capacity one signs"),
	LIST(specificity, OWN ", after the UN Guidance on Mediation of Ceasefires (2022)", "how exact a ceasefire is"),
	LIST(spoiler_locus, "Stedman, Spoiler Problems in Peace Processes (1997)", "where spoiling comes from"),
	LIST(spoiler_position, "Stedman, Spoiler Problems in Peace Processes (1997)", "inside or outside the process"),
	LIST(spoiler_type, "Stedman, Spoiler Problems in Peace Processes (1997)", "how far a spoiler's aims go"),
	LIST(submission_state, OWN, "what a table did with a submission"),
	LIST(tone, OWN, "tone of a contact or message"),
	LIST(tranche_state, OWN, "where a part of an assistance stands"),
	LIST(transition_step, OWN, "step from armed group to party"),
	LIST(urgency, OWN, "how urgent a message is"),
};

const struct code_set code_set_work = { lists, N_ROWS(lists) };
