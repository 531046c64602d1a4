/* Code lists of markings and law: grades, TLP, session rules, sanctions lists, humanitarian law, DDR, mediation. */
#include "record/kinds/tables.h"

static const struct code codes_admiralty_reliability[] = {
	C("A", "completely reliable"),  C("B", "usually reliable"), C("C", "fairly reliable"),
	C("D", "not usually reliable"), C("E", "unreliable"),       C("F", "reliability cannot be judged"),
};

static const struct code codes_admiralty_credibility[] = {
	C("1", "confirmed by other sources"),
	C("2", "probably true"),
	C("3", "possibly true"),
	C("4", "doubtful"),
	C("5", "improbable"),
	C("6", "truth cannot be judged"),
};

#define GRADES(letter, source)                                                                                         \
	C(letter "1", source ", confirmed"), C(letter "2", source ", probably true"),                                  \
		C(letter "3", source ", possibly true"), C(letter "4", source ", doubtful"),                           \
		C(letter "5", source ", improbable"), C(letter "6", source ", truth cannot be judged")

static const struct code codes_admiralty_grade[] = {
	GRADES("A", "completely reliable"), GRADES("B", "usually reliable"),
	GRADES("C", "fairly reliable"),     GRADES("D", "not usually reliable"),
	GRADES("E", "unreliable"),          GRADES("F", "reliability cannot be judged"),
};

static const struct code codes_tlp[] = {
	C("clear", "may be published"),
	C("green", "the community, not the public"),
	C("amber", "own organisation and its clients, need to know"),
	C("amber+strict", "own organisation only"),
	C("red", "named recipients, or those present, only"),
};

static const struct code codes_pap[] = {
	C("clear", "any use"),
	C("green", "active steps allowed"),
	C("amber", "passive checks only"),
	C("red", "nothing that the subject could notice"),
};

static const struct code codes_session_rule[] = {
	D("on_record", "on the record"),
	C("chatham_house",
	  "Chatham House Rule: use it, name neither speakers nor others present, nor where they belong"),
	D("not_for_attribution", "not for attribution: the speaker's sort may be named"),
	D("deep_background", "deep background: use it as one's own"),
	D("off_record", "off the record: no use"),
	D("confidential_to_parties", "confidential to the parties"),
};

static const struct code codes_sensitivity[] = {
	D("low", "low: disclosure unlikely to harm"),
	D("moderate", "moderate: limited harm"),
	D("high", "high: serious harm"),
	D("severe", "severe: lives at stake"),
};

static const struct code codes_designation_list[] = {
	C("un_1267", "UN Security Council 1267/1989/2253: ISIL and Al-Qaida"),
	C("un_1988", "UN Security Council 1988: Taliban"),
	C("un_other", "UN Security Council, another sanctions regime"),
	C("un_caac", "UN Secretary-General: annexes on children and armed conflict, which forbid nothing"),
	C("eu", "European Union"),
	C("us_ofac_sdn", "United States, OFAC: Specially Designated Nationals"),
	C("us_fto", "United States, State Department: Foreign Terrorist Organizations"),
	C("uk", "United Kingdom"),
	C("canada", "Canada"),
	C("other", "another list"),
};

static const struct code codes_ftm_topic[] = {
	C("sanction", "sanctioned"),
	C("sanction.linked", "linked to a sanctioned entity"),
	C("debarment", "debarred"),
	C("asset.frozen", "assets frozen"),
	D("wanted", "wanted"),
	D("crime", "crime"),
	C("crime.terror", "terrorism"),
	C("crime.war", "war crimes"),
	C("crime.boss", "leader of organised crime"),
	D("crime.traffick", "trafficking"),
	D("crime.fraud", "fraud"),
	D("crime.fin", "financial crime"),
	D("crime.cyber", "cyber crime"),
	C("role.pep", "politically exposed person"),
	C("role.rca", "close associate"),
	C("role.spy", "spy"),
	D("role.pol", "politician"),
	D("role.diplo", "diplomat"),
	D("role.judge", "judge"),
	D("role.act", "activist"),
	D("role.journo", "journalist"),
	D("gov", "government"),
	D("gov.national", "national government"),
	D("gov.igo", "intergovernmental organisation"),
	D("gov.head", "head of state or government"),
	C("gov.security", "security service"),
	C("mil", "military"),
	C("pol.party", "political party"),
	C("rel", "religious"),
	C("poi", "person of interest"),
};

static const struct code codes_ihl_indicator[] = {
	C("command_structure", "command structure, ranks, orders that are carried out"),
	C("military_operations", "ability to plan and run operations"),
	C("logistics", "logistics: recruits, arms, supplies, communications"),
	C("discipline", "discipline, ability to apply humanitarian law"),
	C("one_voice", "speaks with one voice, can negotiate and conclude"),
	C("territory", "controls territory"),
};

static const struct code codes_deed_topic[] = {
	C("mines", "anti-personnel mines"),
	C("children", "children in armed conflict"),
	C("sexual_violence", "sexual violence and gender discrimination"),
	C("health_care", "health care"),
	C("displacement", "forced displacement"),
	C("starvation", "starvation and food security"),
	C("cultural_heritage", "cultural heritage"),
	C("humanitarian_access", "humanitarian access"),
	C("detention", "detention"),
	C("other", "other"),
};

static const struct code codes_hrddp_support[] = {
	C("training", "training, mentoring, advice"),
	C("capacity_support", "support to the institutions that command them"),
	C("financial", "financial support"),
	C("logistical", "logistics"),
	C("operational", "support to operations"),
	C("joint_operations", "joint operations"),
	C("excluded", "outside the policy, such as training in humanitarian law"),
};

static const struct code codes_hrddp_step[] = {
	C("communicate", "tell the receiver the conditions"),
	C("assess_risk", "assess the risk"),
	C("mitigate", "lessen the risk"),
	C("monitor", "monitor"),
	C("intervene", "intervene"),
	C("suspend", "suspend or withdraw on grave violations"),
};

static const struct code codes_cbm_family[] = {
	C("communication", "communication and coordination"),
	C("observation", "observation and verification"),
	C("cooperation", "cooperation and integration"),
	C("constraint", "constraint"),
	C("training", "training and education"),
};

static const struct code codes_gctf_topic[] = {
	C("cve", "countering violent extremism"),
	C("criminal_justice", "criminal justice and rule of law"),
	C("detention_reintegration", "detention and reintegration"),
	C("foreign_fighters", "foreign terrorist fighters"),
	C("financing", "countering terrorist financing, and civil society"),
	C("soft_targets", "soft targets"),
	C("victims", "victims"),
	C("kidnapping", "kidnapping for ransom"),
	C("borders", "borders"),
	C("crime_terror_nexus", "crime and terrorism nexus"),
	C("uas", "uncrewed aircraft systems"),
};

static const struct code codes_iddrs_level[] = {
	C("1", "general"),
	C("2", "strategic concepts"),
	C("3", "structures and processes"),
	C("4", "operations, programmes and support"),
	C("5", "cross-cutting issues"),
	C("6", "linkages with other processes"),
};

static const struct code codes_ddr_stage[] = {
	C("operational_planning", "disarmament: operational planning"),
	C("weapons_collection", "disarmament: weapons collection"),
	C("stockpile_management", "disarmament: stockpile management"),
	C("disposal", "disarmament: disposal of materiel"),
	C("demobilization", "demobilization"),
	C("reinsertion", "reinsertion, within demobilization"),
	C("reintegration", "reintegration"),
	C("integration", "integration into security forces or peacekeeping"),
};

static const struct code codes_ddr_tool[] = {
	C("community_violence_reduction", "community violence reduction"),
	C("transitional_weapons_management", "transitional weapons and ammunition management"),
	C("pre_ddr", "pre-DDR"),
	C("mediation_support", "support to mediation"),
	C("transitional_security", "support to transitional security arrangements"),
	C("reintegration_support", "reintegration support without a DDR programme"),
};

static const struct code codes_un_fundamental[] = {
	C("PREPAREDNESS", "preparedness"),
	C("CONSENT", "consent"),
	C("IMPARTIALITY", "impartiality"),
	C("INCLUSIVITY", "inclusivity"),
	C("NATIONAL_OWNERSHIP", "national ownership"),
	C("INTL_LAW_NORMATIVE", "international law and normative frameworks"),
	C("COHERENCE_COORDINATION_COMPLEMENTARITY", "coherence, coordination and complementarity"),
	C("QUALITY_AGREEMENTS", "quality peace agreements"),
};

static const struct code codes_mediation_term[] = {
	C("ripeness", "ripeness"),
	C("mutually_hurting_stalemate", "mutually hurting stalemate"),
	C("asymmetric_alternative", "best alternative under asymmetry"),
	C("pre_negotiation", "pre-negotiation"),
	C("insider_partial", "insider-partial mediation"),
	C("non_endorsement", "engagement without endorsement"),
	C("deed_of_commitment", "engagement by deed of commitment"),
	C("parallel_tracks", "engagement on parallel tracks"),
	C("networked_multilateralism", "networked multilateralism"),
	C("multimediation", "many partial talks in place of one process"),
	C("deconfliction", "notification and deconfliction"),
	C("convoy_negotiation", "negotiation of convoys and corridors"),
	C("sequenced_relief", "relief in sequence, tied to conduct"),
	C("neutrality_erosion", "erosion of neutrality"),
};

#define ADMIRALTY "Admiralty code (NATO source grading); each axis is judged alone"
#define IDDRS "Integrated DDR Standards, United Nations"

static const struct code_list lists[] = {
	LIST(admiralty_credibility, ADMIRALTY, "credibility of the information"),
	LIST(admiralty_grade, ADMIRALTY, "reliability of the source and credibility of the information"),
	LIST(admiralty_reliability, ADMIRALTY, "reliability of the source"),
	LIST(cbm_family, "UN Office for Disarmament Affairs: military confidence-building measures",
	     "family of measures"),
	LIST(ddr_stage, IDDRS " (stages and disarmament phases)", "stage of DDR"),
	LIST(ddr_tool, IDDRS " (2019 revision)", "DDR-related tool"),
	LIST(deed_topic, "Geneva Call: deeds of commitment; other topics by this project", "what a deed is about"),
	LIST(designation_list, "the listing authorities named", "sanctions and proscription lists"),
	LIST(ftm_topic, "FollowTheMoney topics (OpenSanctions); MIT licence", "topics of screening data"),
	LIST(gctf_topic, "Global Counterterrorism Forum: framework documents by topic", "topic of guidance"),
	LIST(hrddp_step, "UN Human Rights Due Diligence Policy (A/67/775)", "step of due diligence"),
	LIST(hrddp_support, "UN Human Rights Due Diligence Policy (A/67/775)", "support that the policy covers"),
	LIST(iddrs_level, IDDRS, "level of a module"),
	LIST(ihl_indicator, "case law of the ICTY (Boskoski, Haradinaj): indicative, none decisive",
	     "indicators of an organised armed group"),
	LIST(mediation_term, "practitioners' shorthand; names only", "terms of mediation and negotiation"),
	LIST(pap, "Permissible Actions Protocol 2.0, as in the MISP taxonomies", "what may be done with it"),
	LIST(sensitivity, "OCHA data responsibility guidelines; levels agreed per context", "sensitivity of data"),
	LIST(session_rule, "Chatham House Rule (2002); the other rules by custom",
	     "how what was said may be attributed"),
	LIST(tlp, "Traffic Light Protocol 2.0, FIRST", "who may see it"),
	LIST(un_fundamental, "UN Guidance for Effective Mediation (A/66/811, 2012)", "fundamentals of mediation"),
};

const struct code_set code_set_law = { lists, N_ROWS(lists) };
