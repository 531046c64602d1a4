/* What the own side intends: plans, lines to take, and what was brought to the table for others. */
#include "record/kinds/tables.h"

static const struct field fields_plan[] = {
	TEXT("title", REQ | LABEL, 300, "clear objectives", "Reopen the northern line by March", "its title"),
	TEXT("objective", REQ, 2000, "clear objectives", "A tested line with read-back between both commands",
	     "what is to be reached"),
	TEXT("theory", 0, 4000, "clear objectives", "Fewer accidents leave fewer reasons to retaliate",
	     "why the steps should lead there"),
	TEXTS("steps", 0, 500, "coherent strategy", "D+7: test calls twice a day",
	      "steps, by date or relative to D-day"),
	TEXTS("assumptions", 0, 500, "thorough risk assessment", "Both commanders stay in post", "what must hold"),
	TEXTS("stop", 0, 500, "thorough risk assessment", "The line is used to fix positions for attack",
	      "conditions on which to stop"),
	TEXTS("if_then", 0, 500, "prevent escalation", "If shots at the crossing: the brigade calls the front",
	      "if X, then who calls whom"),
	TEXTS("indicators", 0, 500, "clear objectives", "Median answer below 30 minutes", "by what one sees progress"),
	ID("owner", 0, "", "clear objectives", "who answers for it"),
	DATE("d_day", 0, "ceasefires: D-day calendar", "2016-12-01", "day from which the steps count"),
	DATE("review", 0, "clear objectives", "2017-03-01", "when it is reviewed"),
	CODE("status", 0, "plan_status", "clear objectives", "active", "where it stands"),
};

static const struct field fields_line[] = {
	TEXT("topic", REQ | LABEL, 200, "coherent strategy", "Amnesty", "what it is about"),
	ID("issue", 0, "issue", "measure: coherence", "issue to which it belongs"),
	TEXT("may_say", 0, 2000, "coherent strategy", "The law will follow the accord", "what may be said"),
	TEXT("may_not_say", 0, 2000, "coherent strategy", "Any number of years", "what may not be said"),
	IDS("to", 0, "", "coherent strategy", "to whom, where named"),
	CODE("audience", 0, "audience", "measure: coherence", "officials", "to whom, in general"),
	DATE("until", 0, "coherent strategy", "2016-06-30", "until when it holds"),
	ID("approved_by", 0, "", "coherent strategy", "who approved it"),
};

static const struct field fields_submission[] = {
	TEXT("summary", REQ | LABEL, 500, "democratic legitimacy", "Victims ask to be heard at the table",
	     "what was brought"),
	ID("from", REQ, "", "community and public input", "constituency or actor from which it comes"),
	ID("to", REQ, "", "community and public input", "table or forum to which it went"),
	TEXT("text", 0, 4000, "community and public input", "Five delegations of twelve", "what was said"),
	IDS("issues", 0, "issue", "community and public input", "issues to which it belongs"),
	CODE("method", 0, "consultation_method", "community and public input", "public_meeting", "how it was gathered"),
	NUMBER("people", 0, "persons", 0, COUNT_MAX, "community and public input", 3000,
	       "how many people stand behind it"),
	CODE("voice", 0, "inclusion_level", "measure: inclusion", "consulted", "how far they were heard by it"),
	CODE("answer_state", 0, "submission_state", "democratic legitimacy", "taken_up", "what the table did with it"),
	TEXT("answer", 0, 2000, "democratic legitimacy", "Delegations were invited to five rounds",
	     "answer that it got"),
	DATE("answered", 0, "democratic legitimacy", "2014-08-16", "when the answer came"),
};

static const struct kind kinds[] = {
	KIND(PLANS, plan, 0, "clear objectives", "what is to be reached, how, and when to stop"),
	KIND(PLANS, line, KIND_SENSITIVE, "coherent strategy",
	     "what may and may not be said, to whom; `when` is the span for which it holds"),
	KIND(PLANS, submission, KIND_EVENT, "democratic legitimacy",
	     "something that a constituency brought to a table, with the answer it got"),
};

const struct kind_set kind_set_plans = { kinds, N_ROWS(kinds) };
