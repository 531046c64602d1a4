/* Code lists of our own, first half: people, tables, ideas. Standard lists stand in codes_pax.c and codes_field.c. */
#include "record/kinds/tables.h"

static const struct code codes_actor_type[] = {
	C("state", "state or government"),
	C("state_armed_force", "state armed force"),
	C("igo", "intergovernmental organisation"),
	C("regional_alliance", "regional alliance"),
	C("peacekeeping_mission", "peacekeeping mission"),
	C("governance_network", "governance network secretariat"),
	C("court_or_oversight", "court or oversight body"),
	C("insurgent_group", "insurgent or rebel group"),
	C("militia", "militia"),
	C("paramilitary", "paramilitary"),
	C("political_party", "political party or movement"),
	C("ngo", "non-governmental organisation"),
	C("civil_society", "civil-society group"),
	C("religious_body", "religious body"),
	C("womens_group", "women's group"),
	C("youth_group", "youth group"),
	C("community_leader", "community leader"),
	C("private_military", "private military or security company"),
	C("defence_contractor", "defence contractor"),
	C("business", "business"),
	C("university", "university"),
	C("research_institute", "research institute or think tank"),
	C("foundation", "foundation"),
	C("media", "media"),
	C("individual", "individual who acts as a body would"),
};

static const struct code codes_pyramid_level[] = {
	C("top", "top leadership"),
	C("middle", "middle range: respected in their field, known to top and grassroots"),
	C("grassroots", "grassroots leadership"),
};

static const struct code codes_gender[] = {
	C("woman", "woman"),
	C("man", "man"),
	C("other", "other"),
	C("not_stated", "not stated"),
};

static const struct code codes_name_use[] = {
	C("official", "official name"),
	C("self", "name that the bearers use"),
	C("by_opponents", "name that opponents use"),
	C("alias", "alias"),
	C("nom_de_guerre", "nom de guerre"),
	C("former", "former name"),
	C("transliteration", "the same name in another script"),
};

static const struct code codes_identity_verdict[] = {
	C("same", "one and the same"),
	C("different", "not the same"),
	C("unsure", "cannot tell"),
};

static const struct code codes_tie_code[] = {
	C("commands", "commands"),
	C("wing_of", "is a wing of"),
	C("speaks_for", "speaks for"),
	C("member_of", "is a member of"),
	C("splinter_of", "split from"),
	C("patron_of", "is patron of; what is given stands in `support`"),
	C("funds", "funds"),
	C("convenes", "convenes"),
	C("hosts", "hosts"),
	C("guarantees", "guarantees for"),
	C("vetoes", "can veto"),
	C("mediates_for", "mediates for"),
	C("access_to", "has access to"),
	C("kin", "is kin of"),
	C("linked_with", "is linked with, in a way that the source does not say"),
	C("allied_with", "is allied with"),
	C("hostile_to", "is hostile to"),
	C("shares_routine", "shares routine or infrastructure with"),
};

static const struct code codes_tie_sign[] = {
	C("cooperative", "they pull together"),
	C("hostile", "they pull against each other"),
	C("mixed", "both"),
	C("neutral", "neither"),
};

static const struct code codes_secrecy[] = {
	C("open", "known to everybody"),
	C("discreet", "not published, not denied"),
	C("deniable", "can be denied by those who take part"),
};

static const struct code codes_side_role[] = {
	C("party", "party to the conflict"),
	C("ally", "fights or negotiates beside a party"),
	C("supporter", "supports a side without taking part"),
	C("third_party", "third party"),
	C("guarantor", "guarantees the process"),
	C("accompanying", "accompanies the process"),
	C("undecided", "takes no side yet"),
};

static const struct code codes_mandate_basis[] = {
	C("elected", "the giver is elected"),
	C("appointed_by_law", "the giver is appointed by law"),
	C("consulted_body", "the giver is a body that consulted those concerned"),
	C("custom", "custom or religious office"),
	C("command", "military command"),
	C("self_appointed", "nobody but the holder"),
	C("unknown", "not known"),
};

static const struct code codes_ratification[] = {
	C("parliament", "by parliament"),       C("head_of_state", "by the head of state or government"),
	C("referendum", "by referendum"),       C("congress", "by the group's congress or council"),
	C("commander", "by the top commander"), C("court", "by a court"),
	C("none", "needs no ratification"),     C("unknown", "not known"),
};

static const struct code codes_consent_status[] = {
	C("given", "given"),
	C("limited", "given with limits"),
	C("withdrawn", "withdrawn"),
	C("refused", "refused"),
};

static const struct code codes_faction_change[] = {
	C("split", "one becomes several"),
	C("merge", "several become one"),
	C("rename", "a new name"),
	C("absorb", "one is absorbed by another"),
	C("realign", "a unit moves to another body"),
	C("dissolve", "ceases to exist"),
};

static const struct code codes_inclusion_level[] = {
	C("absent", "absent"),         C("informed", "informed"), C("consulted", "consulted"),
	C("at_table", "at the table"), C("decides", "decides"),
};

static const struct code codes_sanction_measure[] = {
	C("asset_freeze", "asset freeze"),
	C("travel_ban", "travel ban"),
	C("arms_embargo", "arms embargo"),
	C("services_ban", "ban on services, training or advice"),
	C("membership_offence", "membership or support is an offence"),
	C("debarment", "debarment from contracts"),
	C("visa_ban", "visa or entry ban"),
};

static const struct code codes_forum_type[] = {
	C("platform", "platform that many attend, such as a security conference"),
	C("governance_network", "governance network that issues guidance"),
	C("regional_alliance", "regional alliance or organisation"),
	C("contact_group", "contact group or group of friends"),
	C("joint_commission", "joint commission of the parties"),
	C("national_dialogue", "national dialogue"),
	C("community_forum", "community forum"),
	C("academic", "academic or research conference"),
};

static const struct code codes_track[] = {
	C("1", "official leaders"),
	C("1.5", "officials in unofficial dialogue, often with a non-state host"),
	C("2", "influential people without office"),
	C("3", "communities and grassroots"),
};

static const struct code codes_dialogue_purpose[] = {
	C("open", "open dialogue before a formal process"),
	C("broaden", "broaden participation"),
	C("keep_open", "keep a channel while official talks are frozen"),
	C("detail", "work on details that officials have not taken up"),
	C("decide", "negotiate and decide"),
	C("implement", "carry out what was agreed"),
};

static const struct code codes_formality[] = {
	C("0", "chance or private talk"),
	C("1", "informal: no agenda, no record"),
	C("2", "semi-formal: agenda, no binding record"),
	C("3", "formal talks with agenda and record"),
	C("4", "formal negotiation with mandates to sign"),
};

static const struct code codes_dialogue_status[] = {
	C("prepared", "in preparation"), C("active", "active"), C("frozen", "frozen"),
	C("concluded", "concluded"),     C("failed", "failed"), C("abandoned", "abandoned"),
};

static const struct code codes_process_phase[] = {
	C("pre_negotiation", "before negotiation: relations and contact"),
	C("negotiation", "negotiation"),
	C("implementation", "implementation"),
};

static const struct code codes_venue_neutrality[] = {
	C("neutral", "ground of neither side"),
	C("side", "ground of one side"),
	C("alternating", "by turns"),
	C("contested", "its neutrality is in doubt"),
};

static const struct code codes_meeting_mode[] = {
	D("plenary", "direct, all in one room"),
	D("bilateral", "direct, two of them"),
	D("proximity", "proximity: same place, different rooms"),
	C("shuttle", "shuttle between places"),
	D("backchannel", "backchannel"),
	D("workshop", "problem-solving workshop"),
	D("consultation", "consultation"),
	D("side_event", "side event"),
};

static const struct code codes_mediator_strategy[] = {
	C("facilitation", "communication and facilitation"),
	C("procedural", "procedural, formulation"),
	C("directive", "substantive, directive, manipulation"),
};

static const struct code codes_inclusion_modality[] = {
	C("direct_representation", "direct representation at the table"),
	C("observer_status", "observer status"),
	C("consultations", "consultations"),
	C("inclusive_commissions", "inclusive commissions"),
	C("problem_solving_workshops", "high-level problem-solving workshops"),
	C("public_decision", "public decision-making, such as a referendum"),
	C("mass_action", "mass action"),
};

static const struct code codes_session_layer[] = {
	C("public", "public"),
	C("invitation", "by invitation"),
	C("off_record", "off the record"),
};

static const struct code codes_session_format[] = {
	C("in_person", "in one place"),
	C("virtual", "at a distance"),
	C("hybrid", "both"),
};

static const struct code codes_session_status[] = {
	C("planned", "planned"),   C("held", "held"),           C("interrupted", "broken off"),
	C("postponed", "put off"), C("cancelled", "cancelled"),
};

static const struct code codes_attendance_capacity[] = {
	C("official", "official"),
	C("official_private", "official in private capacity"),
	C("former_official", "former official"),
	C("serving_officer", "serving officer"),
	C("retired_officer", "retired officer"),
	C("adviser", "adviser"),
	C("expert", "expert"),
	C("community", "for a community or constituency"),
	C("host", "host"),
	C("note_taker", "note-taker"),
	C("interpreter", "interpreter"),
};

static const struct code codes_table_role[] = {
	C("delegation_head", "head of a party's delegation"),
	C("negotiator", "member of a party's delegation"),
	C("mediator", "mediator"),
	C("facilitator", "facilitator"),
	C("guarantor", "guarantor"),
	C("accompanying", "permanent accompanying partner"),
	C("witness", "witness"),
	C("depositary", "depositary"),
	C("military_observer", "observer of the armed forces"),
	C("observer", "observer"),
	C("technical", "technical team"),
	C("speaker", "speaker"),
	C("participant", "participant"),
};

static const struct code codes_invitation_status[] = {
	C("sent", "sent"),
	C("accepted", "accepted"),
	C("tentative", "perhaps"),
	C("declined", "declined"),
	C("no_answer", "no answer"),
	C("withdrawn", "taken back"),
	C("accredited", "accredited"),
};

static const struct code codes_bilateral_status[] = {
	C("asked", "asked for"),
	C("accepted", "accepted, no time yet"),
	C("scheduled", "has a time and room"),
	C("held", "held"),
	C("declined", "declined"),
	C("missed", "did not come about"),
};

static const struct code codes_seating_shape[] = {
	C("circle", "circle"), C("square", "square"),
	C("u_shape", "U"),     C("facing_rows", "two rows facing each other"),
	C("line", "line"),     C("theatre", "rows towards a stage"),
};

static const struct code codes_seating_rule[] = {
	C("alphabetical", "alphabetical by name"),
	C("alphabetical_country", "alphabetical by country or body"),
	C("rank", "by rank"),
	C("delegations", "by delegation"),
	C("mixed", "mixed on purpose"),
	C("lot", "by lot"),
	C("free", "free"),
};

static const struct code codes_idea_form[] = {
	C("idea", "spoken idea"),      C("non_paper", "non-paper"), C("option_paper", "option paper"),
	C("draft_text", "draft text"), C("roadmap", "roadmap"),     C("demand", "demand"),
};

static const struct code codes_proposal_status[] = {
	C("floated", "mentioned"),          C("tabled", "tabled"),       C("discussed", "under discussion"),
	C("parked", "set aside for later"), C("adopted", "adopted"),     C("cited", "cited in what was adopted"),
	C("rejected", "rejected"),          C("withdrawn", "withdrawn"),
};

static const struct code codes_text_status[] = {
	C("draft", "draft"),
	C("bracketed", "open, in brackets"),
	C("ad_referendum", "agreed subject to approval at home"),
	C("agreed", "agreed"),
	C("replaced", "replaced by a later draft"),
	C("dropped", "dropped"),
};

static const struct code codes_audience[] = {
	C("officials", "officials"),     C("parties", "the parties"), C("other_table", "another table"),
	C("communities", "communities"), C("media", "media"),         C("donors", "donors"),
	C("public", "the public"),
};

static const struct code codes_transfer_direction[] = {
	C("up", "towards a more official track"),
	C("down", "towards a less official track"),
	C("sideways", "to a table of the same track"),
	C("out", "to the public"),
};

static const struct code codes_transfer_content[] = {
	C("ideas", "ideas"),
	C("texts", "texts"),
	C("people", "people who change table"),
};

static const struct code codes_transfer_effect[] = {
	C("process", "on the process"),
	C("outcome", "on the outcome"),
	C("none", "none"),
	C("unknown", "not known"),
};

static const struct code codes_transfer_generation[] = {
	C("1.0", "from workshops"),
	C("2.0", "from other ways of inclusion"),
};

static const struct code codes_transfer_receipt[] = {
	C("sent", "sent, no answer yet"), C("received", "received"), C("read", "read and discussed"), C("used", "used"),
	C("refused", "refused"),
};

static const struct code codes_contribution_verdict[] = {
	C("necessary", "it would not have happened without"),
	C("helped", "it helped"),
	C("no_effect", "no effect"),
	C("harmed", "it did harm"),
	C("cannot_tell", "cannot tell"),
};

static const struct code codes_practice_type[] = {
	C("recommendation", "recommendation"),
	C("good_practice", "good practices"),
	C("memorandum", "memorandum"),
	C("toolkit", "toolkit"),
	C("guideline", "guideline"),
	C("code_of_conduct", "code of conduct"),
	C("framework_document", "framework document"),
};

static const struct code codes_adoption_rung[] = {
	C("0", "known of"),
	C("1", "endorsed in words"),
	C("2", "taken up in training or plans"),
	C("3", "taken up in law, policy or doctrine"),
	C("4", "carried out with money and staff"),
	C("5", "carried out and its effect checked"),
};

#define OWN "this project"

static const struct code_list lists[] = {
	LIST(actor_type, OWN, "what sort of body; being listed is never a type"),
	LIST(adoption_rung, OWN, "ladder of adoption of a practice"),
	LIST(attendance_capacity, OWN, "in what capacity somebody sits at a table"),
	LIST(audience, OWN, "to whom something is said"),
	LIST(bilateral_status, OWN, "where a bilateral meeting stands"),
	LIST(consent_status, OWN ", after the UN Guidance for Effective Mediation (A/66/811, 2012)",
	     "where a consent stands"),
	LIST(contribution_verdict, OWN, "did it matter"),
	LIST(dialogue_purpose, OWN ", after the Track 2 roles in the literature", "what a dialogue is for"),
	LIST(dialogue_status, OWN, "state of a dialogue"),
	LIST(faction_change, OWN, "how bodies change"),
	LIST(formality, OWN, "how formal a dialogue is"),
	LIST(forum_type, OWN, "what sort of forum"),
	LIST(gender, OWN, "gender as stated"),
	LIST(idea_form, OWN, "shape of a proposal"),
	LIST(identity_verdict, OWN, "whether two of the record are one"),
	LIST(inclusion_level, OWN, "how far a constituency is heard"),
	LIST(inclusion_modality,
	     "Inclusive Peace and Transition Initiative: seven modalities of inclusion (Paffenholz)",
	     "ways in which others are brought into a process"),
	LIST(invitation_status, OWN, "where an invitation stands"),
	LIST(mandate_basis, OWN, "where a mandate's authority comes from"),
	LIST(mediator_strategy, "mediation literature: three strategies (Touval and Zartman; Bercovitch)",
	     "how a mediator works"),
	LIST(meeting_mode, OWN ", after practitioners' terms", "how parties meet"),
	LIST(name_use, OWN, "who uses a name, and how"),
	LIST(practice_type, OWN, "sort of guidance"),
	LIST(process_phase, OWN ", after third-party practice", "phase of a process; phases overlap"),
	LIST(proposal_status, OWN, "where a proposal stands"),
	LIST(pyramid_level, "Lederach, Building Peace (1997): three levels of leadership", "level on the pyramid"),
	LIST(ratification, OWN, "how a signature becomes binding"),
	LIST(sanction_measure, OWN, "what a listing forbids"),
	LIST(seating_rule, OWN, "how places are given"),
	LIST(seating_shape, OWN, "shape of the table"),
	LIST(secrecy, OWN, "how openly something is held"),
	LIST(session_format, OWN, "in one place or at a distance"),
	LIST(session_layer, OWN, "layer of a meeting"),
	LIST(session_status, OWN, "where a session or meeting stands"),
	LIST(side_role, OWN, "part that an actor plays on a side"),
	LIST(table_role, OWN ", after roles named in signed texts", "part that somebody plays at a table"),
	LIST(text_status, OWN, "where a passage of a draft stands"),
	LIST(tie_code, OWN, "sort of tie between two actors"),
	LIST(tie_sign, OWN, "whether a tie is friendly"),
	LIST(track, "diplomacy literature: official and unofficial tracks", "track of a dialogue"),
	LIST(transfer_content, "transfer literature (Fisher; Cuhadar)", "what passes from table to table"),
	LIST(transfer_direction, OWN ", after the transfer literature", "which way it passes"),
	LIST(transfer_effect, "transfer literature (Cuhadar 2009)", "what it touched"),
	LIST(transfer_generation, "transfer literature (Palmiano Federer)", "generation of transfer"),
	LIST(transfer_receipt, OWN, "what the receiver did"),
	LIST(venue_neutrality, OWN, "whose ground a venue is"),
};

const struct code_set code_set_own = { lists, N_ROWS(lists) };
