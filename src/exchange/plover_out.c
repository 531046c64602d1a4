#include <stdlib.h>
#include <string.h>

#include "exchange/shown.h"

#define LIST_SEPARATOR "\x1f" /* view.h */

struct writer {
	struct view *view;
	struct sink *sink;
	struct export_report *report;
	struct buf text;
	struct json_out w;
};

/* --- the codes of PLOVER 2.0 ------------------------------------------------------------------------------- */

/* Types of events with the modes that each of them has. */
static const struct event {
	const char *type, *modes;
} events[] = {
	{ "AGREE", " " },
	{ "CONSULT", " visit third-party multilateral phone " },
	{ "SUPPORT", " " },
	{ "CONCEDE", " " },
	{ "COOPERATE", " " },
	{ "AID", " " },
	{ "RETREAT", " withdraw release disarm ceasefire access resign " },
	{ "REQUEST", " assist change yield meet " },
	{ "ACCUSE", " disapprove investigate allege " },
	{ "REJECT", " assist change yield meet " },
	{ "THREATEN", " restrict arrest relations expel territory violence " },
	{ "PROTEST", " demo riot strike hunger boycott obstruct " },
	{ "SANCTION", " convict expel withdraw discontinue " },
	{ "MOBILIZE", " troops weapons police militia " },
	{ "COERCE", " seize restrict censor curfew martial-law arrest deport withhold misinformation cyber " },
	{ "ASSAULT",
	  " abduct beat torture sexual targeted destroy primitive firearms explosives suicide-attack aerial drone "
	  "heavy-weapons crowd-control unconventional " },
};

static const char contexts[] =
	" military intelligence executive legislative election political_institutions pro_democracy pro_autocracy "
	"economic "
	"legal reparations human_rights rights_freedoms repression human_security gender lgbt religion_ethnicity "
	"inequality "
	"diplomatic territory peacekeeping health asylum migration disasters natural_resource environment technology "
	"terrorism cbrn cyber misinformation crime corruption illegal_drugs trafficking ";

static const char auxiliaries[] = " historical future hypothetical negation ";

static const struct event *find_event(const char *type)
{
	for (size_t i = 0; type && i < ARRAY_LEN(events); i++)
		if (strcmp(events[i].type, type) == 0)
			return &events[i];
	return NULL;
}

/* Whether the n bytes are one of the words, each of which has a blank on both sides. */
static bool is_word_of(const char *words, const char *word, size_t n)
{
	if (n == 0 || memchr(word, ' ', n))
		return false;
	for (const char *at = words; (at = strchr(at, ' ')) != NULL; at++)
		if (strncmp(at + 1, word, n) == 0 && at[1 + n] == ' ')
			return true;
	return false;
}

/* --- parts of a record ------------------------------------------------------------------------------------- */

static const char *field_value(const struct shown *shown, const char *name)
{
	const struct field *field = kind_field(shown->kind, name);

	return field ? shown->values[field - shown->kind->fields] : NULL;
}

/* The codes of a list that PLOVER has, one behind the other in an array that is open. */
static void put_codes(struct writer *w, const char *codes, const char *words)
{
	while (codes && *codes) {
		const size_t n = strcspn(codes, LIST_SEPARATOR);

		if (is_word_of(words, codes, n)) {
			struct arena a = { 0 };

			json_member_text(&w->w, NULL, arena_copy(&a, codes, n));
			arena_release(&a);
		} else {
			w->report->lost[LOSS_CODES]++;
		}
		codes += n + (codes[n] != 0);
	}
}

static void put_what(struct writer *w, const struct shown *shown, const struct event *event)
{
	json_open(&w->w, "event", '[');
	json_member_text(&w->w, NULL, event->type);
	json_close(&w->w, ']');
	json_open(&w->w, "mode", '[');
	put_codes(w, field_value(shown, "mode"), event->modes);
	json_close(&w->w, ']');
	json_open(&w->w, "context", '[');
	put_codes(w, field_value(shown, "contexts"), contexts);
	put_codes(w, field_value(shown, "auxiliary"), auxiliaries);
	json_close(&w->w, ']');
}

/* The time of a date of `when`, as it was written: "14:05Z". */
static void put_time(struct writer *w, const char *key, const char *date, size_t n)
{
	const char *time = memchr(date, 'T', n);
	struct arena a = { 0 };

	if (time)
		json_member_text(&w->w, key, arena_copy(&a, time + 1, (size_t)(date + n - time - 1)));
	arena_release(&a);
}

static void put_when(struct writer *w, const char *text, const struct when *when)
{
	const size_t n = strcspn(text, "/");
	char first[WHEN_TEXT_MAX], last[WHEN_TEXT_MAX];

	when_format_day(when->from_ms, first);
	json_member_text(&w->w, "date", first);
	put_time(w, "time", text, n);
	if (when->to_ms == WHEN_OPEN_END) {
		w->report->lost[LOSS_DATES]++;
		return;
	}
	when_format_day(when->to_ms - 1, last);
	if (when->interval || strcmp(first, last) != 0)
		json_member_text(&w->w, "enddate", last);
	if (when->interval)
		put_time(w, "endtime", text + n + 1, strlen(text + n + 1));
}

/* Degrees as JSON takes them, which knows no leading zeros. Requires: a member stands before it. */
static void put_degrees(struct writer *w, const char *key, const char *text)
{
	const bool is_negative = *text == '-';

	if (!text_is_decimal(text)) {
		w->report->lost[LOSS_TYPES]++;
		return;
	}
	text += is_negative;
	while (*text == '0' && text[1] >= '0' && text[1] <= '9')
		text++;
	buf_printf(w->w.out, ",\"%s\":%s%s", key, is_negative ? "-" : "", text);
}

static void put_place(struct writer *w, const char *place)
{
	const char *degrees = place ? strstr(place, " @") : NULL;
	const char *comma = degrees ? strchr(degrees, ',') : NULL;
	struct arena a = { 0 };

	if (!place)
		return;
	json_open(&w->w, "event_loc", '{');
	json_member_text(&w->w, "extracted_place", comma ? arena_copy(&a, place, (size_t)(degrees - place)) : place);
	if (comma) {
		put_degrees(w, "lat", arena_copy(&a, degrees + 2, (size_t)(comma - degrees - 2)));
		put_degrees(w, "lon", comma + 1);
	}
	json_close(&w->w, '}');
	arena_release(&a);
}

static void put_number(struct writer *w, const char *key, const char *text)
{
	if (text && text_is_whole(text))
		json_member_int(&w->w, key, strtoll(text, NULL, 10));
	else if (text)
		w->report->lost[LOSS_TYPES]++;
}

static void put_size(struct writer *w, const struct shown *shown)
{
	const char *dead = field_value(shown, "deaths_best"), *injured = field_value(shown, "injured");

	if (!dead && !injured)
		return;
	json_open(&w->w, "size", '{');
	put_number(w, "dead", dead);
	put_number(w, "injured", injured);
	json_close(&w->w, '}');
}

/* --- actors and recipients --------------------------------------------------------------------------------- */

/* What an entity may hold of an object that the reader sees. */
struct entity {
	const char *type, *sector, *office, *external_ids;
};

static int read_entity(struct writer *w, const uint8_t obj[static OBJECT_ID_BYTES], struct arena *a, struct entity *ret,
		       bool *ret_found, struct err *err)
{
	struct view_value *values;
	struct stmt *s = NULL;
	const char *kind = NULL;
	size_t n;
	int rc = db_prepare(view_db(w->view), "SELECT kind FROM object WHERE obj = ?1", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, obj, OBJECT_ID_BYTES);
	rc = stmt_step(s, err);
	*ret_found = rc == 1;
	if (rc == 1)
		kind = arena_text(a, stmt_text(s, 0));
	stmt_reset(s);
	if (rc <= 0)
		return rc;
	rc = view_values(w->view, a, kind, obj, &values, &n, err);
	for (size_t i = 0; i < n && rc == 0; i++) {
		const char *name = values[i].field->name;

		if (strcmp(name, "sector") == 0)
			ret->sector = values[i].value;
		else if (strcmp(name, "office") == 0)
			ret->office = values[i].value;
		else if (strcmp(name, "external_ids") == 0)
			ret->external_ids = values[i].value;
		else if (strcmp(name, "type") == 0 && kind && strcmp(kind, "actor") == 0)
			ret->type = values[i].value;
	}
	return rc;
}

/* What stands behind "register:" in a list of external ids; NULL if there is none. */
static const char *id_in(const char *ids, const char *reg, struct arena *a)
{
	const size_t n = strlen(reg);

	while (ids && *ids) {
		const size_t len = strcspn(ids, LIST_SEPARATOR);

		if (len > n && strncmp(ids, reg, n) == 0 && ids[n] == ':')
			return arena_copy(a, ids + n + 1, len - n - 1);
		ids += len + (ids[len] != 0);
	}
	return NULL;
}

static const char *entity_code(const struct entity *e, struct arena *a)
{
	const char *country = id_in(e->external_ids, "iso3", a);

	if (country || !e->type)
		return country;
	if (strcmp(e->type, "igo") == 0)
		return "IGO";
	return strcmp(e->type, "ngo") == 0 ? "NGO" : NULL;
}

/* PLOVER asks for an actor: where nobody is named, or nobody that is here, it is an unknown one. */
static void put_unknown(struct writer *w)
{
	json_open(&w->w, NULL, '{');
	json_member_text(&w->w, "sector", "UNK");
	json_close(&w->w, '}');
}

static int put_entity(struct writer *w, const char *id, size_t n, struct err *err)
{
	uint8_t obj[OBJECT_ID_BYTES];
	char label[SHOWN_LABEL_MAX];
	struct entity entity = { 0 };
	struct arena a = { 0 };
	bool found = false;
	int rc;

	if (hex_decode(id, n, obj, sizeof obj) < 0) {
		w->report->lost[LOSS_TYPES]++;
		put_unknown(w);
		return 0;
	}
	rc = read_entity(w, obj, &a, &entity, &found, err);
	json_open(&w->w, NULL, '{');
	json_member_text(&w->w, "code", entity_code(&entity, &a));
	json_member_text(&w->w, "sector", found ? entity.sector : "UNK");
	if (found) {
		view_label(w->view, obj, label, sizeof label);
		json_member_text(&w->w, "entity_text", label);
	}
	json_member_text(&w->w, "identifier_id", id_in(entity.external_ids, "wikidata", &a));
	json_member_text(&w->w, "office", entity.office);
	json_member_hex(&w->w, "id", obj, sizeof obj);
	json_close(&w->w, '}');
	arena_release(&a);
	return rc;
}

static int put_entities(struct writer *w, const char *key, const char *ids, struct err *err)
{
	int rc = 0;

	json_open(&w->w, key, '[');
	while (ids && *ids && rc == 0) {
		const size_t n = strcspn(ids, LIST_SEPARATOR);

		rc = put_entity(w, ids, n, err);
		ids += n + (ids[n] != 0);
	}
	json_close(&w->w, ']');
	return rc;
}

static int put_who(struct writer *w, const struct shown *shown, struct err *err)
{
	const char *alleged = field_value(shown, "alleged"), *targets = field_value(shown, "targets");
	int rc = 0;

	if (alleged) {
		rc = put_entities(w, "actor", alleged, err);
	} else {
		json_open(&w->w, "actor", '[');
		put_unknown(w);
		json_close(&w->w, ']');
	}
	return rc == 0 && targets ? put_entities(w, "recipient", targets, err) : rc;
}

/* --- records ----------------------------------------------------------------------------------------------- */

/* What PLOVER has no names for: without it an allegation would look like a fact. */
static void put_own(struct writer *w, const struct shown *shown)
{
	static const enum member own[] = { MEMBER_SAYS, MEMBER_KNOWN, MEMBER_GRADE,
					   MEMBER_TLP,  MEMBER_RULE,  MEMBER_CONTESTED };

	json_open(&w->w, "cite_info", '{');
	json_member_text(&w->w, "citation", shown->members[MEMBER_SOURCE]);
	json_member_text(&w->w, "codebook", "plover-2.0");
	json_close(&w->w, '}');
	json_member_text(&w->w, "state", field_value(shown, "state"));
	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		json_member_text(&w->w, member_names[own[i]], shown->members[own[i]]);
}

static void count_left_out(struct writer *w, const struct shown *shown)
{
	static const char written[] =
		" summary type mode contexts auxiliary state place alleged targets deaths_best injured ";

	for (size_t i = 0; i < shown->kind->n_fields; i++) {
		const char *name = shown->kind->fields[i].name;

		w->report->lost[LOSS_FIELDS] += shown->values[i] && !is_word_of(written, name, strlen(name));
	}
}

static int put_record(void *ctx, const struct shown *shown, struct err *err)
{
	struct writer *w = ctx;
	const struct event *event = find_event(field_value(shown, "type"));
	const char *text = shown->members[MEMBER_WHEN];
	struct when when;
	int rc;

	if (!event || !text || when_parse(text, &when, NULL) < 0 || when.from_ms == WHEN_OPEN_START) {
		w->report->lost[LOSS_INCIDENTS]++;
		return 0;
	}
	w->w = json_out_begin(&w->text);
	json_open(&w->w, NULL, '{');
	json_member_text(&w->w, "id", shown->id);
	put_when(w, text, &when);
	rc = put_who(w, shown, err);
	put_what(w, shown, event);
	put_place(w, field_value(shown, "place"));
	json_member_text(&w->w, "text", field_value(shown, "summary"));
	put_size(w, shown);
	put_own(w, shown);
	json_close(&w->w, '}');
	buf_text(&w->text, "\n");
	count_left_out(w, shown);
	w->report->n++;
	return rc == 0 ? export_put(w->sink, &w->text, false, err) : rc;
}

int plover_export(struct view *view, struct sink *sink, const struct export_request *request, struct export_report *ret,
		  struct err *err)
{
	const struct kind *kind = kind_find("incident");
	struct export_report report = { 0 };
	struct writer w = { .view = view, .sink = sink, .report = &report };
	struct shown_walk walk = { .view = view, .request = request, .report = &report };
	int rc;

	buf_init(&w.text, EXPORT_ROW_MAX);
	rc = shown_begin(&walk, &kind, 1, err);
	if (rc == 0)
		rc = shown_each(&walk, kind, put_record, &w, err);
	if (rc == 0)
		rc = export_put(sink, &w.text, true, err);
	buf_release(&w.text);
	if (rc == 0)
		*ret = report;
	return rc;
}
