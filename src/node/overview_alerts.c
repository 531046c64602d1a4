/* What needs attention: one rule a row; each finds objects by a query and judges their date. */
#include <stdlib.h>
#include <string.h>

#include "node/overview_internal.h"

/* Which dates count. */
enum date_test {
	DATE_ANY,    /* also none; the latest first */
	DATE_PASSED, /* the latest first */
	DATE_NEAR,   /* in the last or next OVERVIEW_SOON_MS; the nearest to come first */
	DATE_SOON,   /* in the next OVERVIEW_SOON_MS, the nearest first */
};

struct rule {
	const char *code, *title;
	const char *kind;
	enum date_test test;
	const char *sql; /* columns: object, date, who (id in hex digits or NULL). NULL: what was read already */
};

/* In the order of urgency: what endangers people, what endangers the process, what is owed. */
static const struct rule rules[] = {
	{ "journey", "Travellers late or out of touch", "journey", DATE_ANY,
	  "SELECT obj, " SQL_FIRST_WHEN ", NULL FROM k_journey k WHERE status IN ('delayed', 'missing')" },
	{ "notification", "Notices objected to and not closed", "notification", DATE_ANY,
	  "SELECT obj, " SQL_FIRST_WHEN
	  ", \"from\" FROM k_notification k WHERE status = 'objected' AND closed IS NULL" },
	{ "receipt", "Notices without receipt", "notification", DATE_PASSED,
	  "SELECT obj, answer_by, \"from\" FROM k_notification"
	  " WHERE coalesce(status, 'sent') = 'sent' AND received IS NULL AND closed IS NULL" },
	{ "readback", "Read back otherwise than meant", "readback", DATE_ANY,
	  "SELECT obj, " SQL_FIRST_WHEN ", reader FROM k_readback k WHERE match IN ('differs', 'unclear')" },
	{ "channel", "Lines blocked", "channel", DATE_ANY, NULL },
	{ "consent", "Consent withdrawn or refused", "consent", DATE_ANY,
	  "SELECT obj, t, NULL FROM (SELECT obj, status, " SQL_FIRST_WHEN " AS t,"
	  " max(coalesce(" SQL_LATEST_FROM ", -9e18)) FROM k_consent k GROUP BY party, \"to\")"
	  " WHERE status IN ('withdrawn', 'refused')" },
	{ "identity", "Who is who is disputed", "identity", DATE_ANY, NULL },
	{ "incident", "Incidents not verified", "incident", DATE_ANY,
	  "SELECT k.obj, " SQL_FIRST_WHEN ", NULL FROM k_incident k"
	  " LEFT JOIN " SQL_FINDINGS " f ON f.incident = lower(hex(k.obj)) WHERE k.auxiliary IS NULL"
	  " AND coalesce(f.state, k.state) IN ('ALLEGED', 'PRELIMINARY', 'TASKED', 'ACCESS_DENIED')" },
	{ "remedy", "Remedy asked, none recorded", "incident", DATE_ANY,
	  "SELECT k.obj, " SQL_FIRST_WHEN ", NULL FROM k_incident k"
	  " LEFT JOIN " SQL_FINDINGS " f ON f.incident = lower(hex(k.obj))"
	  " WHERE coalesce(f.state, k.state) = 'REMEDY_REQUESTED'" },
	{ "overdue", "Promises overdue", "commitment", DATE_PASSED, NULL },
	{ "due", "Promises falling due", "commitment", DATE_SOON, NULL },
	{ "ceasefire", "Ceasefires near or past their agreed end", "ceasefire", DATE_NEAR,
	  "SELECT obj, ends, NULL FROM k_ceasefire WHERE ended IS NULL" },
	{ "mandate", "Mandates running out", "mandate", DATE_NEAR,
	  "SELECT obj, until, holder FROM k_mandate WHERE withdrawn IS NULL" },
	{ "consent_ends", "Consent running out", "consent", DATE_NEAR,
	  "SELECT obj, until, NULL FROM k_consent WHERE status IN ('given', 'limited')" },
	{ "clearance", "Clearances running out", "clearance", DATE_NEAR,
	  "SELECT obj, until, actor FROM k_clearance"
	  " WHERE decision IN ('allowed', 'allowed_with_conditions', 'emergency')" },
	{ "waiver", "Travel waivers running out", "journey", DATE_NEAR,
	  "SELECT obj, exemption_until, NULL FROM k_journey" },
	{ "review", "Clearances to be reviewed", "clearance", DATE_PASSED,
	  "SELECT obj, review, actor FROM k_clearance" },
	{ "assessment", "Assessments to be reviewed", "assessment", DATE_PASSED,
	  "SELECT obj, review, subject FROM k_assessment" },
	{ "plan", "Plans to be reviewed", "plan", DATE_PASSED,
	  "SELECT obj, review, owner FROM k_plan WHERE coalesce(status, 'active') = 'active'" },
	{ "screening", "Screenings not decided", "screening", DATE_ANY,
	  "SELECT obj, " SQL_FIRST_WHEN ", \"of\" FROM k_screening k WHERE decision = 'undecided'" },
	{ "call", "Next calls", "contact", DATE_NEAR, "SELECT obj, next_due, counterpart FROM k_contact" },
	{ "session", "Sessions coming up", "session", DATE_SOON,
	  "SELECT obj, " SQL_FIRST_WHEN ", NULL FROM k_session k WHERE coalesce(status, 'planned') = 'planned'" },
	{ "message", "Messages without an answer", "message", DATE_PASSED,
	  "SELECT obj, answer_by, \"from\" FROM k_message"
	  " WHERE lower(hex(obj)) NOT IN (SELECT answers FROM k_message WHERE answers IS NOT NULL)" },
	{ "invitation", "Invitations without an answer", "invitation", DATE_PASSED,
	  "SELECT obj, reply_by, invitee FROM k_invitation"
	  " WHERE status IN ('sent', 'no_answer') AND answered IS NULL" },
	{ "response", "Answers or remedies due", "response", DATE_PASSED,
	  "SELECT obj, due, \"to\" FROM k_response"
	  " WHERE answer IS NULL AND action NOT IN ('remedied', 'closed')" },
	{ "transfer", "Transfers without receipt", "transfer", DATE_ANY,
	  "SELECT obj, " SQL_FIRST_WHEN ", NULL FROM k_transfer k"
	  " WHERE coalesce(receipt, 'sent') = 'sent' AND received IS NULL" },
	{ "submission", "Submissions without an answer", "submission", DATE_ANY,
	  "SELECT obj, " SQL_FIRST_WHEN ", \"from\" FROM k_submission k"
	  " WHERE coalesce(answer_state, 'received') IN ('received', 'unanswered') AND answered IS NULL" },
	{ "handover", "Handovers not accepted", "handover", DATE_PASSED,
	  "SELECT obj, " SQL_FIRST_WHEN ", \"to\" FROM k_handover k WHERE coalesce(accepted, 'false') <> 'true'" },
};

/* What a rule has found so far, not named yet. */
struct found {
	uint8_t obj[OBJECT_ID_BYTES];
	struct overview_date date;
	const char *who; /* hex digits */
};

struct catch
{
	const struct rule *rule;
	struct found *items;
	size_t n;
};

static bool counts(const struct overview_job *job, enum date_test test, const struct overview_date *date)
{
	const int64_t now = job->to->now_ms;

	if (test == DATE_ANY)
		return true;
	if (!date->text)
		return false;
	if (test == DATE_PASSED)
		return overview_is_past(job, date);
	if (date->from_ms > now && date->from_ms - now > OVERVIEW_SOON_MS)
		return false;
	return test == DATE_SOON ? date->from_ms > now
				 : !overview_is_past(job, date) || now - date->to_ms <= OVERVIEW_SOON_MS;
}

static void catch_one(struct overview_job *job, struct catch *c, struct stmt *s)
{
	const struct overview_date date = overview_date_of(job->a, stmt_text(s, 1));
	struct found *f;

	if (stmt_blob(s, 0).n != OBJECT_ID_BYTES || !counts(job, c->rule->test, &date))
		return;
	if (overview_place_of(job, stmt_blob(s, 0)) != PLACE_OWN)
		return;
	if ((c->n & (c->n - 1)) == 0)
		c->items = mem_resize(c->items, (c->n ? 2 * c->n : 1) * sizeof *c->items);
	f = &c->items[c->n++];
	*f = (struct found){ .date = date, .who = arena_text(job->a, stmt_text(s, 2)) };
	memcpy(f->obj, stmt_blob(s, 0).p, OBJECT_ID_BYTES);
}

/* Undated ones come last. */
static int compare_dates(const struct overview_date *a, const struct overview_date *b, int direction)
{
	if (!a->text != !b->text)
		return a->text ? -1 : 1;
	if (!a->text || a->to_ms == b->to_ms)
		return 0;
	return a->to_ms < b->to_ms ? -direction : direction;
}

static int latest_first(const void *x, const void *y)
{
	const struct found *a = x, *b = y;
	int c = compare_dates(&a->date, &b->date, -1);

	return c ? c : memcmp(a->obj, b->obj, OBJECT_ID_BYTES);
}

static int nearest_first(const void *x, const void *y)
{
	const struct found *a = x, *b = y;
	int c = compare_dates(&a->date, &b->date, 1);

	return c ? c : memcmp(a->obj, b->obj, OBJECT_ID_BYTES);
}

static struct overview_alerts *add_alerts(struct overview_job *job, const struct rule *rule, size_t n_all)
{
	struct overview *to = job->to;
	struct overview_alerts *alerts;

	to->alerts = overview_more(job->a, to->alerts, to->n_alerts, sizeof *alerts);
	alerts = &to->alerts[to->n_alerts++];
	*alerts = (struct overview_alerts){
		.code = rule->code, .title = rule->title, .kind = rule->kind, .n_all = n_all
	};
	alerts->n_rows = n_all < OVERVIEW_ALERTS_MAX ? n_all : OVERVIEW_ALERTS_MAX;
	alerts->rows = arena_alloc(job->a, alerts->n_rows * sizeof *alerts->rows);
	return alerts;
}

static void keep_catch(struct overview_job *job, const struct catch *c)
{
	const bool nearest = c->rule->test == DATE_NEAR || c->rule->test == DATE_SOON;
	struct overview_alerts *alerts;

	if (c->n == 0)
		return;
	qsort(c->items, c->n, sizeof *c->items, nearest ? nearest_first : latest_first);
	alerts = add_alerts(job, c->rule, c->n);
	for (size_t i = 0; i < alerts->n_rows; i++) {
		const struct found *f = &c->items[i];

		alerts->rows[i].ref = overview_ref_of(job, (struct bytes){ f->obj, sizeof f->obj }, false);
		alerts->rows[i].date = f->date;
		alerts->rows[i].who = overview_label(job, f->who);
	}
}

static int run_query(struct overview_job *job, const struct rule *rule, struct err *err)
{
	struct catch c = { .rule = rule };
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(job->view), rule->sql, &s, err);

	if (rc < 0)
		return rc;
	while ((rc = stmt_step(s, err)) == 1)
		catch_one(job, &c, s);
	if (rc == 0)
		keep_catch(job, &c);
	free(c.items);
	return rc;
}

/* Promises were read already, in order: the overdue ones, and those that fall due. */
static void run_on_promises(struct overview_job *job, const struct rule *rule)
{
	const struct overview *to = job->to;
	const bool overdue = rule->test == DATE_PASSED;
	const struct overview_commitment *from = overdue ? to->overdue : to->next;
	size_t n = overdue ? to->n_overdue_in_all : 0;
	struct overview_alerts *alerts;

	while (!overdue && n < to->n_next && counts(job, DATE_NEAR, &from[n].due))
		n++;
	if (n == 0)
		return;
	alerts = add_alerts(job, rule, n);
	for (size_t i = 0; i < alerts->n_rows; i++)
		alerts->rows[i] = (struct overview_alert){ from[i].ref, from[i].due, from[i].obligor };
}

/* Who is who among publishers of data is theirs to settle. */
static bool is_disputed(const struct overview_job *job, const struct same_judged *pair)
{
	const struct bytes one = { pair->one, sizeof pair->one }, other = { pair->other, sizeof pair->other };

	return pair->verdict == SAME_DISPUTED &&
	       (overview_place_of(job, one) != PLACE_BACKGROUND || overview_place_of(job, other) != PLACE_BACKGROUND);
}

static void run_on_identities(struct overview_job *job, const struct rule *rule)
{
	const struct overview_own *own = &job->own;
	struct overview_alerts *alerts;
	size_t n = 0, at = 0;

	for (size_t i = 0; i < own->n_judged; i++)
		n += is_disputed(job, &own->judged[i]);
	if (n == 0)
		return;
	alerts = add_alerts(job, rule, n);
	for (size_t i = 0; i < own->n_judged && at < alerts->n_rows; i++) {
		const struct same_judged *pair = &own->judged[i];
		struct overview_alert *row = &alerts->rows[at];

		if (!is_disputed(job, pair))
			continue;
		row->ref = overview_ref_of(job, (struct bytes){ pair->obj, sizeof pair->obj }, false);
		row->ref.label = arena_printf(
			job->a, "%s = %s?",
			overview_ref_of(job, (struct bytes){ pair->one, sizeof pair->one }, false).label,
			overview_ref_of(job, (struct bytes){ pair->other, sizeof pair->other }, false).label);
		at++;
	}
}

static bool is_blocked(const struct overview_channel *c)
{
	return c->n_states > 0 && strcmp(c->states[0].state, "blocked") == 0;
}

/* Lines were read already, with since when each is blocked and who says so. */
static void run_on_channels(struct overview_job *job, const struct rule *rule)
{
	const struct overview *to = job->to;
	struct overview_alerts *alerts;
	size_t n = 0, at = 0;

	for (size_t i = 0; i < to->n_channels; i++)
		n += is_blocked(&to->channels[i]);
	if (n == 0)
		return;
	alerts = add_alerts(job, rule, n);
	for (size_t i = 0; i < to->n_channels && at < alerts->n_rows; i++) {
		const struct overview_channel *c = &to->channels[i];

		if (is_blocked(c))
			alerts->rows[at++] =
				(struct overview_alert){ .ref = c->ref,
							 .date = overview_date_of(job->a, c->states[0].since),
							 .who = c->states[0].says };
	}
}

/* Rules on what was read already. */
static void run_on_read(struct overview_job *job, const struct rule *rule)
{
	if (strcmp(rule->kind, "identity") == 0)
		run_on_identities(job, rule);
	else if (strcmp(rule->kind, "channel") == 0)
		run_on_channels(job, rule);
	else
		run_on_promises(job, rule);
}

int overview_read_alerts(struct overview_job *job, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(rules) && rc == 0; i++) {
		if (rules[i].sql)
			rc = run_query(job, &rules[i], err);
		else
			run_on_read(job, &rules[i]);
	}
	return rc;
}
