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
	json_member_int(w, "reported_late_without_level", o->n_reported_late);
	put_promises(w, "next", o->next, o->n_next, o->n_next_in_all);
	json_close(w, '}');
}

static void put_ceasefires(struct json_out *w, const struct overview *o)
{
	static const char *const states[N_TRUCES] = { "unknown",         "to_come", "running",
						      "no_end_recorded", "lapsed",  "ended" };

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
		json_member_text(w, "denied_by", c->denied_by);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_member_int(w, "ceasefires_in_all", (int64_t)o->n_ceasefires_in_all);
}

static void put_deaths(struct json_out *w, const struct overview_deaths *d)
{
	json_member_int(w, "with_deaths", d->n_incidents);
	json_member_int(w, "deaths_low", d->low);
	json_member_int(w, "deaths_best", d->best);
	json_member_int(w, "deaths_high", d->high);
	json_member_int(w, "deaths_contested", d->n_contested);
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
		put_deaths(w, &s->deaths);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_member_int(w, "by_publishers_alone", o->n_published);
	json_member_int(w, "not_events", o->n_not_events);
	json_open(w, "attestations", '{');
	json_member_int(w, "confirm", o->n_confirmed);
	json_member_int(w, "deny", o->n_denied);
	json_member_int(w, "cannot_tell", o->n_cannot_tell);
	json_close(w, '}');
	json_close(w, '}');
}

static void put_episodes(struct json_out *w, const struct overview *o)
{
	json_open(w, "episodes", '[');
	for (size_t i = 0; i < o->n_episodes; i++) {
		json_open(w, NULL, '{');
		put_ref(w, &o->episodes[i].ref);
		json_member_text(w, "from", o->episodes[i].from);
		json_member_text(w, "to", o->episodes[i].to);
		json_member_bool(w, "ended", o->episodes[i].ended);
		json_member_text(w, "outcome", o->episodes[i].outcome);
		json_close(w, '}');
	}
	json_close(w, ']');
}

/* --- own and background ------------------------------------------------------------------------------------ */

static void put_own(struct json_out *w, const struct overview *o)
{
	json_open(w, "own", '{');
	json_member_text(w, "from", o->span.from);
	json_member_text(w, "to", o->span.to);
	json_member_int(w, "actors", o->span.n_actors);
	json_member_int(w, "joined_by_identity", o->span.n_joined);
	json_member_int(w, "identities", o->span.n_identities);
	json_member_int(w, "agreements", (int64_t)o->n_agreements_in_all);
	json_member_int(w, "episodes", (int64_t)o->n_episodes_in_all);
	json_member_int(w, "incidents", o->n_incidents + o->n_not_events);
	json_close(w, '}');
}

static void put_background(struct json_out *w, const struct overview *o)
{
	const struct overview_background *b = &o->background;

	json_open(w, "background", '{');
	json_member_text(w, "by", b->by);
	json_member_text(w, "from", b->from);
	json_member_text(w, "to", b->to);
	json_member_int(w, "actors", b->n_actors);
	json_member_int(w, "agreements", b->n_agreements);
	json_member_int(w, "episodes", b->n_episodes);
	json_member_int(w, "incidents", b->n_incidents);
	put_deaths(w, &b->deaths);
	json_member_int(w, "twins_of_own", b->n_twins);
	json_close(w, '}');
}

/* --- what binds, and how they keep in touch ---------------------------------------------------------------- */

static void put_channels(struct json_out *w, const struct overview *o)
{
	json_open(w, "channels", '[');
	for (size_t i = 0; i < o->n_channels; i++) {
		const struct overview_channel *c = &o->channels[i];

		json_open(w, NULL, '{');
		put_ref(w, &c->ref);
		json_member_bool(w, "states_differ", c->differ);
		json_open(w, "states", '[');
		for (size_t j = 0; j < c->n_states; j++) {
			json_open(w, NULL, '{');
			json_member_text(w, "state", c->states[j].state);
			json_member_text(w, "since", c->states[j].since);
			json_member_text(w, "says", c->states[j].says);
			json_close(w, '}');
		}
		json_close(w, ']');
		json_close(w, '}');
	}
	json_close(w, ']');
	json_member_int(w, "channels_in_all", (int64_t)o->n_channels_in_all);
}

static void put_notices(struct json_out *w, const struct overview *o)
{
	json_open(w, "notices", '[');
	for (size_t i = 0; i < o->n_notices; i++) {
		const struct overview_notice *n = &o->notices[i];

		json_open(w, NULL, '{');
		put_ref(w, &n->ref);
		json_member_text(w, "window", n->window);
		json_member_text(w, "from", n->from);
		json_member_text(w, "to", n->to);
		json_member_text(w, "status", n->status);
		json_member_text(w, "received", n->received.text);
		json_member_text(w, "objection", n->objection);
		json_member_text(w, "closed", n->closed.text);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_member_int(w, "notices_in_all", (int64_t)o->n_notices_in_all);
}

static void put_measures(struct json_out *w, const struct overview *o)
{
	json_open(w, "measures", '[');
	for (size_t i = 0; i < o->n_measures; i++) {
		const struct overview_measure *m = &o->measures[i];

		json_open(w, NULL, '{');
		put_ref(w, &m->ref);
		json_member_text(w, "when", m->when);
		json_member_text(w, "takers", m->takers);
		json_member_text(w, "towards", m->towards);
		json_member_text(w, "mode", m->mode);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_member_int(w, "measures_in_all", (int64_t)o->n_measures_in_all);
}

static void put_deeds(struct json_out *w, const struct overview *o)
{
	json_open(w, "deeds", '[');
	for (size_t i = 0; i < o->n_deeds; i++) {
		const struct overview_deed *d = &o->deeds[i];

		json_open(w, NULL, '{');
		put_ref(w, &d->ref);
		json_member_text(w, "date", d->date.text);
		json_member_text(w, "declarant", d->declarant);
		json_member_text(w, "topic", d->topic);
		json_member_text(w, "status", d->status);
		json_member_text(w, "witnesses", d->witnesses);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_member_int(w, "deeds_in_all", (int64_t)o->n_deeds_in_all);
}

static void put_exchanges(struct json_out *w, const struct overview *o)
{
	json_open(w, "exchanges", '[');
	for (size_t i = 0; i < o->n_exchanges; i++) {
		const struct overview_exchange *x = &o->exchanges[i];

		json_open(w, NULL, '{');
		put_ref(w, &x->ref);
		json_member_text(w, "date", x->date.text);
		json_member_text(w, "from", x->from);
		json_member_text(w, "to", x->to);
		json_member_text(w, "what", x->what);
		json_member_text(w, "status", x->status);
		if (x->planned >= 0)
			json_member_int(w, "planned", x->planned);
		if (x->done >= 0)
			json_member_int(w, "done", x->done);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_member_int(w, "exchanges_in_all", (int64_t)o->n_exchanges_in_all);
}

static void put_listings(struct json_out *w, const struct overview_listed *l)
{
	json_open(w, "listings", '[');
	for (size_t i = 0; i < l->n_listings; i++) {
		json_open(w, NULL, '{');
		put_ref(w, &l->listings[i].ref);
		json_member_text(w, "jurisdiction", l->listings[i].jurisdiction);
		json_member_text(w, "list", l->listings[i].list);
		json_member_text(w, "listed", l->listings[i].listed.text);
		json_member_text(w, "delisted", l->listings[i].delisted.text);
		json_member_bool(w, "past", l->listings[i].past);
		json_close(w, '}');
	}
	json_close(w, ']');
}

static void put_lists(struct json_out *w, const struct overview *o)
{
	json_open(w, "listed", '[');
	for (size_t i = 0; i < o->n_listed; i++) {
		json_open(w, NULL, '{');
		put_ref(w, &o->listed[i].actor);
		put_listings(w, &o->listed[i]);
		json_member_text(w, "no_listing_recorded_by", o->listed[i].not_there);
		json_close(w, '}');
	}
	json_close(w, ']');
	json_member_int(w, "listings_that_hold", o->n_listings);
}

/* --- the whole --------------------------------------------------------------------------------------------- */

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
			json_member_text(w, "grade", c->voices[j].grade);
			json_member_text(w, "known", c->voices[j].known);
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
	put_own(w, o);
	put_background(w, o);
	put_sides(w, o);
	put_pyramid(w, o);
	put_tables(w, o);
	put_channels(w, o);
	put_notices(w, o);
	put_measures(w, o);
	put_agreements(w, o);
	put_commitments(w, o);
	put_deeds(w, o);
	put_ceasefires(w, o);
	put_exchanges(w, o);
	put_incidents(w, o);
	put_episodes(w, o);
	put_lists(w, o);
	put_contests(w, o);
	put_alerts(w, o);
	json_close(w, '}');
}
