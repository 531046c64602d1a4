/* The overview as JSON: the same parts, for programs. */
#include "base/when.h"
#include "cli/overview.h"

static void put_day(struct json_out *w, const char *key, int64_t ms)
{
	char text[WHEN_TEXT_MAX];

	when_format_day(ms, text);
	json_member_text(w, key, text);
}

static void put_ref(struct json_out *w, const struct overview_ref *ref)
{
	json_member_hex(w, "id", ref->obj, sizeof ref->obj);
	json_member_text(w, "label", ref->label);
	json_member_bool(w, "contested", ref->contested);
}

static void put_sides(struct json_out *w, const struct overview *o)
{
	json_open(w, "sides", '[');
	for (size_t i = 0; i < o->n_sides; i++) {
		json_open(w, NULL, '{');
		json_member_text(w, "side", o->sides[i].name);
		json_open(w, "members", '[');
		for (size_t j = 0; j < o->sides[i].n_members; j++) {
			const struct overview_member *m = &o->sides[i].members[j];

			json_open(w, NULL, '{');
			put_ref(w, &m->actor);
			json_member_text(w, "role", m->role);
			json_member_text(w, "until", m->until.text);
			json_member_bool(w, "past", m->past);
			json_close(w, '}');
		}
		json_close(w, ']');
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void put_pyramid(struct json_out *w, const struct overview *o)
{
	static const char *const levels[N_LEVELS] = { "top", "middle", "grassroots", "not_said" };
	static const char *const tracks[N_TRACKS] = { "1", "1.5", "2", "3", "not_said" };

	json_open(w, "levels", '{');
	for (int i = 0; i < N_LEVELS; i++) {
		json_open(w, levels[i], '{');
		json_member_int(w, "actors", o->actors[i]);
		json_member_int(w, "persons", o->persons[i]);
		json_close(w, '}');
	}
	json_close(w, '}');
	json_open(w, "tracks", '{');
	for (int i = 0; i < N_TRACKS; i++) {
		json_open(w, tracks[i], '{');
		json_member_int(w, "tables", o->tables[i]);
		json_member_int(w, "sessions", o->sessions[i]);
		json_close(w, '}');
	}
	json_close(w, '}');
}

static void put_tables(struct json_out *w, const struct overview *o)
{
	static const char *const tracks[N_TRACKS] = { "1", "1.5", "2", "3", NULL };

	json_open(w, "tables", '[');
	for (size_t i = 0; i < o->n_table_list; i++) {
		const struct overview_table *t = &o->table_list[i];

		json_open(w, NULL, '{');
		put_ref(w, &t->ref);
		json_member_text(w, "kind", t->is_forum ? "forum" : "dialogue");
		json_member_text(w, "track", t->is_forum ? NULL : tracks[t->track]);
		json_member_text(w, t->is_forum ? "type" : "status", t->status);
		json_member_text(w, "convener", t->convener);
		json_member_text(w, "host", t->host);
		json_member_int(w, "sessions", t->n_sessions);
		json_member_text(w, "last", t->last.text);
		json_member_text(w, "next", t->next.text);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_member_int(w, "sessions_without_table", o->n_loose_sessions);
}

static void put_agreements(struct json_out *w, const struct overview *o)
{
	json_open(w, "agreements", '[');
	for (size_t i = 0; i < o->n_agreements; i++) {
		const struct overview_agreement *g = &o->agreements[i];

		json_open(w, NULL, '{');
		put_ref(w, &g->ref);
		json_member_text(w, "stage", g->stage);
		json_member_text(w, "date", g->date.text);
		json_member_text(w, "rejected", g->rejected.text);
		json_member_text(w, "in_force", g->in_force.text);
		json_member_text(w, "ended", g->ended.text);
		if (g->replaced_by)
			json_member_hex(w, "replaced_by", g->replaced_by->obj, OBJECT_ID_BYTES);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_member_int(w, "agreements_in_all", (int64_t)o->n_agreements_in_all);
}

static void put_promises(struct json_out *w, const char *key, const struct overview_commitment *list, size_t n,
			 size_t n_all)
{
	json_open(w, key, '{');
	json_member_int(w, "count", (int64_t)n_all);
	json_open(w, "list", '[');
	for (size_t i = 0; i < n; i++) {
		json_open(w, NULL, '{');
		put_ref(w, &list[i].ref);
		json_member_text(w, "obligor", list[i].obligor);
		json_member_text(w, "due", list[i].due.text);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_close(w, '}');
}

static void put_commitments(struct json_out *w, const struct overview *o)
{
	static const char *const fates[N_FATES] = { "3", "2", "1", "0", "no_evidence", "no_level", "no_report" };

	json_open(w, "commitments", '{');
	json_member_int(w, "standing", o->n_commitments);
	json_member_int(w, "released_replaced_withdrawn", o->n_dropped);
	json_open(w, "levels", '{');
	for (int i = 0; i < N_FATES; i++)
		json_member_int(w, fates[i], o->fates[i]);
	json_close(w, '}');
	json_member_int(w, "judged_differently", o->n_judged_differently);
	json_member_int(w, "without_due_date", o->n_undated);
	put_promises(w, "overdue", o->overdue, o->n_overdue, o->n_overdue_in_all);
	put_promises(w, "next", o->next, o->n_next, o->n_next_in_all);
	json_close(w, '}');
}

static void put_ceasefires(struct json_out *w, const struct overview *o)
{
	static const char *const states[N_TRUCES] = { "unknown", "to_come", "running", "lapsed", "ended" };

	json_open(w, "ceasefires", '[');
	for (size_t i = 0; i < o->n_ceasefires; i++) {
		const struct overview_ceasefire *c = &o->ceasefires[i];

		json_open(w, NULL, '{');
		put_ref(w, &c->ref);
		json_member_text(w, "parties", c->parties);
		json_member_text(w, "state", states[c->state]);
		json_member_text(w, "starts", c->starts.text);
		json_member_text(w, "ends", c->ends.text);
		json_member_text(w, "ended", c->ended.text);
		json_member_text(w, "end_reason", c->end_reason);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_member_int(w, "ceasefires_in_all", (int64_t)o->n_ceasefires_in_all);
}

static void put_incidents(struct json_out *w, const struct overview *o)
{
	json_open(w, "incidents", '{');
	json_member_int(w, "count", o->n_incidents);
	json_open(w, "states", '[');
	for (size_t i = 0; i < o->n_incident_states; i++) {
		const struct overview_incidents *s = &o->incidents[i];

		json_open(w, NULL, '{');
		json_member_text(w, "state", s->state);
		json_member_int(w, "count", s->n);
		json_member_int(w, "with_deaths", s->n_with_deaths);
		json_member_int(w, "deaths_low", s->deaths_low);
		json_member_int(w, "deaths_best", s->deaths_best);
		json_member_int(w, "deaths_high", s->deaths_high);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_member_int(w, "not_events", o->n_not_events);
	json_open(w, "attestations", '{');
	json_member_int(w, "confirm", o->n_confirmed);
	json_member_int(w, "deny", o->n_denied);
	json_member_int(w, "cannot_tell", o->n_cannot_tell);
	json_close(w, '}');
	json_close(w, '}');
}

static void put_contests(struct json_out *w, const struct overview *o)
{
	json_open(w, "contested", '{');
	json_member_int(w, "fields", o->n_contested_fields);
	json_member_int(w, "objects", o->n_contested_objects);
	json_open(w, "list", '[');
	for (size_t i = 0; i < o->n_contests; i++) {
		const struct overview_contest *c = &o->contests[i];

		json_open(w, NULL, '{');
		json_member_hex(w, "id", c->ref.obj, sizeof c->ref.obj);
		json_member_text(w, "label", c->ref.label);
		json_member_text(w, "kind", c->kind);
		json_member_text(w, "field", c->field);
		json_open(w, "values", '[');
		for (size_t j = 0; j < c->n_voices; j++) {
			json_open(w, NULL, '{');
			json_member_text(w, "value", c->voices[j].value);
			json_member_text(w, "says", c->voices[j].says);
			json_close(w, '}');
		}
		json_close(w, ']');
		json_close(w, '}');
	}
	json_close(w, ']');
	json_close(w, '}');
}

static void put_alerts(struct json_out *w, const struct overview *o)
{
	json_open(w, "attention", '[');
	for (size_t i = 0; i < o->n_alerts; i++) {
		const struct overview_alerts *alerts = &o->alerts[i];

		json_open(w, NULL, '{');
		json_member_text(w, "rule", alerts->code);
		json_member_text(w, "title", alerts->title);
		json_member_int(w, "count", (int64_t)alerts->n_all);
		json_open(w, "list", '[');
		for (size_t j = 0; j < alerts->n_rows; j++) {
			json_open(w, NULL, '{');
			put_ref(w, &alerts->rows[j].ref);
			json_member_text(w, "date", alerts->rows[j].date.text);
			json_member_text(w, "who", alerts->rows[j].who);
			json_close(w, '}');
		}
		json_close(w, ']');
		json_close(w, '}');
	}
	json_close(w, ']');
}

void overview_json(struct json_out *w, const struct overview_head *head, const struct overview *o)
{
	json_open(w, NULL, '{');
	json_member_text(w, "process", head->process);
	json_member_text(w, "organisation", head->organisation);
	put_day(w, "as_of", o->now_ms);
	if (head->known)
		put_day(w, "known", head->known_ms - 1);
	json_member_text(w, "tlp", head->tlp);
	json_member_int(w, "entries", o->n_entries);
	json_member_int(w, "unreadable", o->n_unreadable);
	json_member_int(w, "claims", o->n_claims);
	json_member_int(w, "retracted", o->n_retracted);
	json_member_int(w, "redacted", o->n_redacted);
	json_member_int(w, "objects", o->n_objects);
	json_member_int(w, "unknown_kind", o->n_unknown_kind);
	put_sides(w, o);
	put_pyramid(w, o);
	put_tables(w, o);
	put_agreements(w, o);
	put_commitments(w, o);
	put_ceasefires(w, o);
	put_incidents(w, o);
	put_contests(w, o);
	put_alerts(w, o);
	json_close(w, '}');
}
