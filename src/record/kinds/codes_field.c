/* Code lists of event and conflict data: PLOVER, UCDP, ACLED; and of ceasefires and their monitoring. */
#include "record/kinds/tables.h"

static const struct code codes_plover_event[] = {
	C("AGREE", "agree, promise to cooperate; also a future meeting"),
	C("CONSULT", "meet or consult"),
	C("SUPPORT", "diplomatic cooperation, words of support, signature"),
	C("CONCEDE", "concede in words"),
	C("COOPERATE", "material cooperation of mutual use"),
	C("AID", "material aid to the recipient"),
	C("RETREAT", "yield in deed: withdraw, release, disarm, observe a ceasefire"),
	C("REQUEST", "request or demand"),
	C("ACCUSE", "accuse, disapprove, investigate"),
	C("REJECT", "reject"),
	C("THREATEN", "threaten"),
	C("PROTEST", "protest"),
	C("SANCTION", "reduce relations, punish"),
	C("MOBILIZE", "mobilize forces"),
	C("COERCE", "coerce, repress"),
	C("ASSAULT", "use violence"),
};

static const struct code codes_plover_mode[] = {
	C("visit", "CONSULT: visit"),
	C("third-party", "CONSULT: hosted by a third party"),
	C("multilateral", "CONSULT: multilateral"),
	C("phone", "CONSULT: by telephone or at a distance"),
	C("withdraw", "RETREAT: withdraw forces; SANCTION: withdraw"),
	C("release", "RETREAT: release captives"),
	C("disarm", "RETREAT: disarm"),
	C("ceasefire", "RETREAT: carry out a ceasefire"),
	C("access", "RETREAT: allow access"),
	C("resign", "RETREAT: resign"),
	C("assist", "REQUEST, REJECT: assistance or relations"),
	C("change", "REQUEST, REJECT: change of policy or government"),
	C("yield", "REQUEST, REJECT: concessions"),
	C("meet", "REQUEST, REJECT: meeting or negotiation"),
	C("disapprove", "ACCUSE: disapprove"),
	C("investigate", "ACCUSE: investigate"),
	C("allege", "ACCUSE: allege"),
	C("restrict", "THREATEN, COERCE: restrict"),
	C("arrest", "THREATEN, COERCE: arrest"),
	C("relations", "THREATEN: relations"),
	C("expel", "THREATEN, SANCTION: expel"),
	C("territory", "THREATEN: territory"),
	C("violence", "THREATEN: violence"),
	C("demo", "PROTEST: demonstration"),
	C("riot", "PROTEST: riot"),
	C("strike", "PROTEST: strike"),
	C("hunger", "PROTEST: hunger strike"),
	C("boycott", "PROTEST: boycott"),
	C("obstruct", "PROTEST: obstruct"),
	C("convict", "SANCTION: convict"),
	C("discontinue", "SANCTION: discontinue"),
	C("troops", "MOBILIZE: troops"),
	C("weapons", "MOBILIZE: weapons"),
	C("police", "MOBILIZE: police"),
	C("militia", "MOBILIZE: militia"),
	C("seize", "COERCE: seize property"),
	C("censor", "COERCE: censor"),
	C("curfew", "COERCE: curfew"),
	C("martial-law", "COERCE: martial law"),
	C("deport", "COERCE: deport"),
	C("withhold", "COERCE: withhold"),
	C("misinformation", "COERCE: misinformation"),
	C("cyber", "COERCE: cyber attack"),
	C("abduct", "ASSAULT: abduct"),
	C("beat", "ASSAULT: beat"),
	C("torture", "ASSAULT: torture"),
	C("sexual", "ASSAULT: sexual violence"),
	C("targeted", "ASSAULT: targeted killing"),
	C("destroy", "ASSAULT: destroy property"),
	C("primitive", "ASSAULT: primitive weapons"),
	C("firearms", "ASSAULT: firearms"),
	C("explosives", "ASSAULT: explosives"),
	C("suicide-attack", "ASSAULT: suicide attack"),
	C("aerial", "ASSAULT: from the air"),
	C("drone", "ASSAULT: by uncrewed aircraft"),
	C("heavy-weapons", "ASSAULT: heavy weapons"),
	C("crowd-control", "ASSAULT: crowd control"),
	C("unconventional", "ASSAULT: mass or unconventional violence"),
	C("return", "RETREAT: return property (draft 0.8 only)"),
	C("ease", "RETREAT: ease a blockade (draft 0.8 only)"),
	C("ban", "THREATEN, COERCE: ban (draft 0.8 only)"),
	C("political", "THREATEN: political (draft 0.8 only)"),
	C("assassinate", "ASSAULT: assassinate (draft 0.8 only)"),
	C("cleansing", "ASSAULT: ethnic cleansing (draft 0.8 only)"),
	C("massacre", "ASSAULT: massacre (draft 0.8 only)"),
};

static const struct code codes_plover_context[] = {
	C("military", "state military"),
	C("intelligence", "state intelligence"),
	C("executive", "executive"),
	C("legislative", "legislature"),
	C("election", "elections"),
	C("political_institutions", "political institutions and parties"),
	C("pro_democracy", "democratization"),
	C("pro_autocracy", "autocratization"),
	C("economic", "economy, trade, finance"),
	C("legal", "courts and law"),
	C("reparations", "reparations"),
	C("human_rights", "human rights in general"),
	C("rights_freedoms", "political rights and freedoms"),
	C("repression", "repression by security forces"),
	C("human_security", "water, food, housing, land"),
	C("gender", "gender"),
	C("lgbt", "sexual minorities"),
	C("religion_ethnicity", "religion, ethnicity, caste, language"),
	C("inequality", "inequality"),
	C("diplomatic", "diplomacy"),
	C("territory", "territory"),
	C("peacekeeping", "peacekeeping"),
	C("health", "health and disease"),
	C("asylum", "asylum"),
	C("migration", "migration and displacement"),
	C("disasters", "disasters"),
	C("natural_resource", "natural resources"),
	C("environment", "environment"),
	C("technology", "technology"),
	C("terrorism", "terrorism"),
	C("cbrn", "chemical, biological, radiological, nuclear"),
	C("cyber", "cyber"),
	C("misinformation", "misinformation"),
	C("crime", "crime"),
	C("corruption", "corruption"),
	C("illegal_drugs", "illegal drugs"),
	C("trafficking", "trafficking"),
	C("humanitarian", "humanitarian assistance (draft 0.8 only)"),
	C("resource", "territory and resources (draft 0.8 only)"),
	C("disease", "disease (draft 0.8 only)"),
	C("enviro_disaster", "environment and disasters (draft 0.8 only)"),
};

static const struct code codes_plover_auxiliary[] = {
	C("historical", "of the past"),
	C("future", "of the future"),
	C("hypothetical", "hypothetical"),
	C("negation", "did not happen"),
};

static const struct code codes_plover_sector[] = {
	C("COP", "police"),
	C("GOV", "government, executive"),
	C("JUD", "judiciary"),
	C("LEG", "legislature"),
	C("MIL", "military"),
	C("PRM", "paramilitary"),
	C("PTY", "political party"),
	C("REB", "rebels"),
	C("SPY", "intelligence service"),
	C("UAF", "unidentified armed force"),
	C("UNK", "unknown"),
	C("AGR", "agriculture"),
	C("BUS", "business"),
	C("CRM", "criminals"),
	C("CVL", "civilians"),
	C("EDU", "education"),
	C("ELI", "elites"),
	C("JRN", "journalists, media"),
	C("LAB", "labour"),
	C("MED", "medical"),
	C("REF", "refugees"),
	C("OPP", "political opposition"),
	C("PRE", "partially recognised entity"),
	C("REL", "religious"),
	C("SOC", "civil society"),
};

static const struct code codes_ucdp_violence[] = {
	C("1", "state-based"),
	C("2", "non-state"),
	C("3", "one-sided"),
};

static const struct code codes_ucdp_incompatibility[] = {
	C("1", "territory"),
	C("2", "government"),
	C("3", "both"),
};

static const struct code codes_ucdp_conflict_type[] = {
	C("1", "extrasystemic"),
	C("2", "interstate"),
	C("3", "intrastate"),
	C("4", "internationalised intrastate"),
};

static const struct code codes_ucdp_intensity[] = {
	C("1", "minor: 25 to 999 battle-related deaths in the year"),
	C("2", "war: 1,000 or more in the year"),
};

static const struct code codes_ucdp_where_prec[] = {
	C("1", "exact place"),
	C("2", "near a known place, within about 25 km"),
	C("3", "second-order administrative division"),
	C("4", "first-order administrative division"),
	D("5", "along a line or in an area without formal borders"),
	C("6", "country only"),
	C("7", "international waters or airspace"),
};

static const struct code codes_ucdp_date_prec[] = {
	C("1", "exact day"),
	C("2", "within two to six days"),
	C("3", "the week"),
	C("4", "the month"),
	C("5", "more than a month, within the year"),
};

static const struct code codes_ucdp_event_clarity[] = {
	C("1", "one event, clearly told"),
	C("2", "summary of several events"),
};

static const struct code codes_ucdp_termination[] = {
	C("1", "peace agreement"),
	C("2", "ceasefire agreement"),
	C("3", "victory of the government or side A"),
	C("4", "victory of the rebels or side B"),
	C("5", "low activity"),
	C("6", "an actor ceases to exist"),
};

static const struct code codes_ucdp_support[] = {
	D("X", "troops that fight as a warring party"),
	D("P", "foreign troop presence"),
	C("W", "weapons"),
	D("M", "materiel and logistics"),
	C("T", "training and expertise"),
	C("F", "funding and economic support"),
	D("I", "intelligence material"),
	D("L", "access to territory"),
	D("Y", "access to military or intelligence infrastructure"),
	D("O", "other"),
	D("U", "unknown"),
};

static const struct code codes_acled_event[] = {
	C("battles", "battles"),
	C("explosions_remote_violence", "explosions and remote violence"),
	C("violence_against_civilians", "violence against civilians"),
	C("protests", "protests"),
	C("riots", "riots"),
	C("strategic_developments", "strategic developments"),
};

static const struct code codes_acled_sub_event[] = {
	C("armed_clash", "battles: armed clash"),
	C("government_regains_territory", "battles: government regains territory"),
	C("non_state_overtakes_territory", "battles: non-state actor overtakes territory"),
	C("chemical_weapon", "explosions: chemical weapon"),
	C("air_drone_strike", "explosions: air or drone strike"),
	C("suicide_bomb", "explosions: suicide bomb"),
	C("shelling_artillery_missile", "explosions: shelling, artillery or missile attack"),
	C("remote_explosive_landmine_ied", "explosions: remote explosive, landmine or improvised device"),
	C("grenade", "explosions: grenade"),
	C("sexual_violence", "violence against civilians: sexual violence"),
	C("attack", "violence against civilians: attack"),
	C("abduction_forced_disappearance", "violence against civilians: abduction or forced disappearance"),
	C("peaceful_protest", "protests: peaceful"),
	C("protest_with_intervention", "protests: with intervention"),
	C("excessive_force", "protests: excessive force against protesters"),
	C("violent_demonstration", "riots: violent demonstration"),
	C("mob_violence", "riots: mob violence"),
	C("agreement", "strategic: agreement"),
	C("arrests", "strategic: arrests"),
	C("change_to_group", "strategic: change to group or activity"),
	C("disrupted_weapons_use", "strategic: disrupted weapons use"),
	C("headquarters_or_base", "strategic: headquarters or base established"),
	C("looting_property_destruction", "strategic: looting or property destruction"),
	C("non_violent_transfer", "strategic: non-violent transfer of territory"),
	C("other", "strategic: other"),
};

static const struct code codes_acled_inter[] = {
	C("1", "state forces"), C("2", "rebel group"), C("3", "political militia"), C("4", "identity militia"),
	C("5", "rioters"),      C("6", "protesters"),  C("7", "civilians"),         C("8", "external or other forces"),
};

static const struct code codes_acled_precision[] = {
	C("1", "exact"),
	C("2", "near: part of a region, or within the week"),
	C("3", "coarse: the region, or within the month"),
};

static const struct code codes_ceasefire_class[] = {
	C("cessation_of_hostilities", "cessation of hostilities: no mechanism of compliance"),
	C("preliminary", "preliminary: has a mechanism of compliance"),
	C("definitive", "definitive: provides for demobilisation or settles the incompatibility"),
};

static const struct code codes_ceasefire_purpose[] = {
	C("peace_process", "peace process"),
	C("humanitarian", "humanitarian"),
	C("holiday", "holiday or religious observance"),
	C("election", "election"),
	D("exchange", "exchange of prisoners or remains"),
	D("local", "local arrangement"),
	C("other", "other"),
};

static const struct code codes_ceasefire_declaration[] = {
	C("unilateral", "unilateral"),
	C("bilateral", "bilateral"),
	C("multilateral", "multilateral"),
};

static const struct code codes_ceasefire_form[] = {
	C("verbal", "spoken"),
	D("announced", "announced in public by each side"),
	D("brief_written", "written, brief"),
	C("detailed_written", "written, in detail"),
};

static const struct code codes_incident_state[] = {
	C("ALLEGED", "alleged"),
	C("PRELIMINARY", "preliminary inquiry"),
	C("TASKED", "a team is tasked"),
	C("ACCESS_DENIED", "access was denied"),
	C("INVESTIGATED", "investigated"),
	C("REPORTED", "reported"),
	C("VIOLATION_DETERMINED", "a violation was determined"),
	C("NOT_A_VIOLATION", "not a violation"),
	C("INCONCLUSIVE", "inconclusive"),
	C("TECH_COMMITTEE", "before the technical committee"),
	C("BOARD", "before the board"),
	C("REMEDY_REQUESTED", "remedy requested"),
	C("REMEDIED", "remedied"),
};

static const struct code codes_violation_family[] = {
	C("hostilities", "hostilities"),
	C("unauthorised_movement", "unauthorised movement"),
	C("civilian_harm", "harm to civilians"),
	C("sexual_violence", "sexual and gender-based violence"),
	C("child_recruitment", "recruitment of children"),
	C("aid_obstruction", "obstruction of aid"),
	C("incitement", "incitement and propaganda"),
	C("monitor_interference", "interference with monitors"),
};

static const struct code codes_mv_verb[] = {
	C("monitor", "watch broadly"), C("verify", "check against a term"), C("investigate", "find out what happened"),
	C("report", "report"),         C("resolve", "resolve a dispute"),
};

#define PLOVER "PLOVER 2.0 manual, Open Event Data Alliance; CC BY-SA 4.0"
#define UCDP "Uppsala Conflict Data Program; CC BY 4.0"
#define ACLED "ACLED codebook; terms only, its data have their own terms of use"
#define CEASEFIRE                                                                                                      \
	"ETH/PRIO Civil Conflict Ceasefire Dataset; Clayton and Sticher, The Logic of Ceasefires in Civil War (2021)"
#define CTSAMVM "procedure of the ceasefire monitoring mechanism in South Sudan (CTSAMVM)"

static const struct code_list lists[] = {
	LIST(acled_event, ACLED, "event type"),
	LIST(acled_inter, ACLED " (inter codes; newer releases print labels)", "kind of actor"),
	LIST(acled_precision, ACLED, "precision of time or place"),
	LIST(acled_sub_event, ACLED, "sub-event type"),
	LIST(ceasefire_class, CEASEFIRE, "class of a ceasefire by its provisions"),
	LIST(ceasefire_declaration, CEASEFIRE, "who declares a ceasefire"),
	LIST(ceasefire_form, CEASEFIRE, "form of a ceasefire"),
	LIST(ceasefire_purpose, CEASEFIRE, "what a ceasefire is for"),
	LIST(incident_state, CTSAMVM, "state of an incident's handling"),
	LIST(mv_verb, "usage of ceasefire monitoring and verification", "what monitors may do"),
	LIST(plover_auxiliary, PLOVER, "auxiliary modes"),
	LIST(plover_context, PLOVER, "what an event is about"),
	LIST(plover_event, PLOVER, "type of event"),
	LIST(plover_mode, PLOVER, "how, within the type"),
	LIST(plover_sector, PLOVER, "sector of an actor"),
	LIST(ucdp_conflict_type, UCDP ", with PRIO: Armed Conflict Dataset", "type of conflict"),
	LIST(ucdp_date_prec, UCDP ": Georeferenced Event Dataset", "how exactly the day is known"),
	LIST(ucdp_event_clarity, UCDP ": Georeferenced Event Dataset", "one event or a summary"),
	LIST(ucdp_incompatibility, UCDP ", with PRIO: Armed Conflict Dataset", "what a conflict is about"),
	LIST(ucdp_intensity, UCDP ", with PRIO: Armed Conflict Dataset", "intensity of a conflict in a year"),
	LIST(ucdp_support, UCDP ": External Support Dataset", "what a patron gives"),
	LIST(ucdp_termination, UCDP ": Conflict Termination Dataset", "how a conflict ended"),
	LIST(ucdp_violence, UCDP ": Georeferenced Event Dataset", "type of organised violence"),
	LIST(ucdp_where_prec, UCDP ": Georeferenced Event Dataset", "how exactly the place is known"),
	LIST(violation_family, CTSAMVM "; core commitments and reported violations", "family of violation"),
};

const struct code_set code_set_field = { lists, N_ROWS(lists) };
