#include "node/overview.h"

#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "node/overview_internal.h"
#include "node/show.h"
#include "record/kinds/kinds.h"

#define LABEL_CAP 160
#define LIST_SEPARATOR "\x1f" /* as in k_KIND tables */

/* --- what the parts share ---------------------------------------------------------------------------------- */

int overview_rows(struct overview_job *job, const char *sql, void (*take)(struct overview_job *job, struct stmt *s),
		  struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(job->view), sql, &s, err);

	if (rc < 0)
		return rc;
	if (strstr(sql, "?1"))
		stmt_bind_int(s, 1, job->to->now_ms);
	while ((rc = stmt_step(s, err)) == 1)
		take(job, s);
	return rc;
}

void *overview_more(struct arena *a, void *items, size_t n, size_t size)
{
	char *more;

	if (n & (n - 1)) /* room is made at 0 and at each power of two */
		return items;
	more = arena_alloc(a, (n ? 2 * n : 1) * size);
	if (n)
		memcpy(more, items, n * size);
	return more;
}

struct overview_ref overview_ref_of(struct overview_job *job, struct bytes obj, bool contested)
{
	struct overview_ref ref = { .label = "", .contested = contested };
	char label[LABEL_CAP];

	if (obj.n != OBJECT_ID_BYTES)
		return ref;
	memcpy(ref.obj, obj.p, sizeof ref.obj);
	view_label(job->view, ref.obj, label, sizeof label);
	ref.label = arena_text(job->a, label);
	return ref;
}

const char *overview_label(struct overview_job *job, const char *hex)
{
	uint8_t obj[OBJECT_ID_BYTES];

	if (!hex || hex_decode(hex, strlen(hex), obj, sizeof obj) < 0)
		return hex ? arena_text(job->a, hex) : NULL;
	return overview_ref_of(job, (struct bytes){ obj, sizeof obj }, false).label;
}

const char *overview_labels(struct overview_job *job, const char *list)
{
	char *out = NULL;
	size_t n;

	for (; list && *list; list += n + (list[n] != '\0')) {
		const char *label;

		n = strcspn(list, LIST_SEPARATOR);
		label = overview_label(job, arena_copy(job->a, list, n));
		out = out ? arena_printf(job->a, "%s, %s", out, label) : arena_text(job->a, label);
	}
	return out;
}

const char *overview_words(struct overview_job *job, const char *list, const char *code)
{
	const struct code_list *codes = code_list_find(list);
	const struct code *c = codes && code ? code_find(codes, code) : NULL;

	return c && c->label ? c->label : arena_text(job->a, code);
}

const char *overview_short_words(struct overview_job *job, const char *list, const char *code)
{
	const char *words = overview_words(job, list, code);

	return words ? arena_copy(job->a, words, strcspn(words, ":")) : NULL;
}

const char *overview_day_of(struct arena *a, int64_t ms)
{
	char day[WHEN_TEXT_MAX];

	if (ms == WHEN_OPEN_START || ms >= WHEN_OPEN_END - 1)
		return NULL;
	when_format_day(ms, day);
	return arena_text(a, day);
}

struct overview_date overview_date_of(struct arena *a, const char *text)
{
	struct overview_date date = { 0 };
	struct when when;

	if (!text || when_parse(text, &when, NULL) < 0)
		return date;
	date.from_ms = when.from_ms;
	date.to_ms = when.to_ms;
	date.text = arena_copy(a, text, strncmp(text, "../", 3) == 0 ? strlen(text) : strcspn(text, "/"));
	return date;
}

bool overview_is_past(const struct overview_job *job, const struct overview_date *date)
{
	return date->text && date->to_ms <= job->to->now_ms;
}

/* --- totals ------------------------------------------------------------------------------------------------ */

static void take_totals(struct overview_job *job, struct stmt *s)
{
	struct overview *to = job->to;

	to->n_entries = stmt_int(s, 0);
	to->n_unreadable = stmt_int(s, 1);
	to->n_claims = stmt_int(s, 2);
	to->n_retracted = stmt_int(s, 3);
	to->n_redacted = stmt_int(s, 4);
}

static void take_kind_count(struct overview_job *job, struct stmt *s)
{
	const struct kind *kind = kind_find(stmt_text(s, 0));

	if (kind && (kind->flags & KIND_RECORD))
		return;
	job->to->n_objects += stmt_int(s, 1);
	job->to->n_unknown_kind += kind ? 0 : stmt_int(s, 1);
}

static int read_totals(struct overview_job *job, struct err *err)
{
	int rc = overview_rows(job,
			       "SELECT (SELECT count(*) FROM entry),"
			       " (SELECT count(*) FROM entry WHERE state IN ('no_key', 'bad', 'damaged')),"
			       " count(*) FILTER (WHERE status = 0), count(*) FILTER (WHERE status = 1),"
			       " count(*) FILTER (WHERE status = 2) FROM claim",
			       take_totals, err);

	if (rc == 0)
		rc = overview_rows(job, "SELECT kind, count(*) FROM object GROUP BY kind", take_kind_count, err);
	return rc;
}

/* --- sides ------------------------------------------------------------------------------------------------- */

/* An alignment lasts to the end of its latest interval; a single date says since when, and ends nothing. */
#define SQL_UNTIL                                                                                                      \
	"(SELECT CASE WHEN instr(wc.when_text, '/') > 0 THEN substr(wc.when_text, instr(wc.when_text, '/') + 1) END"   \
	" FROM claim wc WHERE wc.obj = k.obj AND wc.status = 0 AND wc.when_text IS NOT NULL"                           \
	" ORDER BY instr(wc.when_text, '/') = 0 DESC, wc.when_to DESC, wc.n LIMIT 1)"

/* Members of one role stand together, in the order of the code list. */
#define SQL_ROLE                                                                                                       \
	"CASE k.role WHEN 'party' THEN 0 WHEN 'ally' THEN 1 WHEN 'supporter' THEN 2 WHEN 'third_party' THEN 3"         \
	" WHEN 'guarantor' THEN 4 WHEN 'accompanying' THEN 5 ELSE 6 END, coalesce(k.role, '')"

static const char sides_sql[] =
	"SELECT k.side, k.actor, k.role, " SQL_UNTIL ", o.n_contested > 0 OR coalesce(k.contested, '') = 'true'"
	" FROM k_alignment k JOIN object o ON o.obj = k.obj"
	" LEFT JOIN (SELECT side AS name, max(role = 'party') AS party, min(a.when_from) AS since FROM k_alignment"
	"  JOIN object a USING (obj) GROUP BY side) g ON g.name = k.side"
	" WHERE o.when_from IS NULL OR o.when_from <= ?1"
	" ORDER BY coalesce(g.party, 0) DESC, g.since IS NULL, g.since, k.side, " SQL_ROLE ","
	" o.when_from, o.obj";

static struct overview_side *side_of(struct overview_job *job, const char *name)
{
	struct overview *to = job->to;
	struct overview_side *side = to->n_sides ? &to->sides[to->n_sides - 1] : NULL;

	if (side && strcmp(side->name, name) == 0)
		return side;
	to->sides = overview_more(job->a, to->sides, to->n_sides, sizeof *to->sides);
	side = &to->sides[to->n_sides++];
	*side = (struct overview_side){ .name = arena_text(job->a, name) };
	return side;
}

static void take_member(struct overview_job *job, struct stmt *s)
{
	const char *name = stmt_text(s, 0), *role = stmt_text(s, 2);
	struct overview_side *side = side_of(job, name ? name : "");
	struct overview_member *m;
	uint8_t obj[OBJECT_ID_BYTES] = { 0 };
	const char *actor = stmt_text(s, 1);

	if (!actor || hex_decode(actor, strlen(actor), obj, sizeof obj) < 0)
		return;
	side->members = overview_more(job->a, side->members, side->n_members, sizeof *m);
	m = &side->members[side->n_members++];
	*m = (struct overview_member){ .until = overview_date_of(job->a, stmt_text(s, 3)) };
	m->actor = overview_ref_of(job, (struct bytes){ obj, sizeof obj }, stmt_int(s, 4));
	m->role = arena_text(job->a, role);
	m->past = overview_is_past(job, &m->until);
	side->is_party |= role && strcmp(role, "party") == 0;
}

/* --- the pyramid ------------------------------------------------------------------------------------------- */

static size_t index_in(const char *const *names, size_t n, const char *name)
{
	size_t i = 0;

	while (i < n && (!name || strcmp(names[i], name) != 0))
		i++;
	return i;
}

/* Columns: whether a person, level, object. */
static void take_level(struct overview_job *job, struct stmt *s)
{
	static const char *const levels[] = { "top", "middle", "grassroots" };
	int64_t *counts = stmt_int(s, 0) ? job->to->persons : job->to->actors;

	if (overview_is_publisher(job, stmt_blob(s, 2)))
		return;
	switch (overview_place_of(job, stmt_blob(s, 2))) {
	case PLACE_OWN:
		counts[index_in(levels, LEVEL_UNSAID, stmt_text(s, 1))]++;
		break;
	case PLACE_BACKGROUND:
		job->to->background.n_actors += !stmt_int(s, 0);
		break;
	case PLACE_TWIN:
		break;
	}
}

/* --- tables ------------------------------------------------------------------------------------------------ */

/* Sessions as (table, beginning, words of it): those that took place, and those to come. A session of a dialogue
 * within a forum counts for the dialogue. */
#define SQL_SESSIONS                                                                                                   \
	"s AS (SELECT coalesce(k.dialogue, k.forum) AS at, k.status AS st, o.when_from AS w, " SQL_FIRST_WHEN " AS t"  \
	" FROM k_session k JOIN object o ON o.obj = k.obj),"                                                           \
	" past AS (SELECT * FROM s WHERE coalesce(st, 'held') IN ('held', 'interrupted') AND (w IS NULL OR w <= ?1))," \
	" next AS (SELECT * FROM s WHERE coalesce(st, 'planned') = 'planned' AND w > ?1)"

static const char tables_sql[] =
	"WITH " SQL_SESSIONS ", tables AS ("
	"SELECT obj, 0 AS forum, track, status, convener, host FROM k_dialogue UNION ALL "
	"SELECT obj, 1, NULL, type, convener, host FROM k_forum) "
	"SELECT t.obj, t.forum, t.track, t.status, t.convener, t.host, o.n_contested, p.n, p.t, x.t"
	" FROM tables t JOIN object o ON o.obj = t.obj"
	" LEFT JOIN (SELECT at, count(*) AS n, max(coalesce(w, -9e18)), t FROM past GROUP BY at) p"
	"  ON p.at = lower(hex(t.obj))"
	" LEFT JOIN (SELECT at, min(w), t FROM next GROUP BY at) x ON x.at = lower(hex(t.obj))"
	" ORDER BY t.forum, coalesce(t.track, '9'), o.when_from IS NULL, o.when_from, o.obj";

static const char loose_sql[] =
	"WITH " SQL_SESSIONS " SELECT count(*) FROM past WHERE at IS NULL OR at NOT IN"
	" (SELECT lower(hex(obj)) FROM k_dialogue UNION ALL SELECT lower(hex(obj)) FROM k_forum)";

static void take_table(struct overview_job *job, struct stmt *s)
{
	static const char *const tracks[] = { "1", "1.5", "2", "3" };
	struct overview *to = job->to;
	struct overview_table t = { .is_forum = stmt_int(s, 1), .n_sessions = stmt_int(s, 7) };

	t.track = (enum overview_track)index_in(tracks, TRACK_UNSAID, stmt_text(s, 2));
	if (t.is_forum) {
		to->n_forums++;
		to->n_forum_sessions += t.n_sessions;
	} else {
		to->tables[t.track]++;
		to->sessions[t.track] += t.n_sessions;
	}
	if (to->n_table_list == OVERVIEW_ROWS_MAX)
		return;
	t.ref = overview_ref_of(job, stmt_blob(s, 0), stmt_int(s, 6));
	t.status = overview_words(job, t.is_forum ? "forum_type" : "dialogue_status", stmt_text(s, 3));
	t.convener = overview_label(job, stmt_text(s, 4));
	t.host = overview_label(job, stmt_text(s, 5));
	t.last = overview_date_of(job->a, stmt_text(s, 8));
	t.next = overview_date_of(job->a, stmt_text(s, 9));
	to->table_list = overview_more(job->a, to->table_list, to->n_table_list, sizeof t);
	to->table_list[to->n_table_list++] = t;
}

static void take_loose(struct overview_job *job, struct stmt *s)
{
	job->to->n_loose_sessions = stmt_int(s, 0);
}

static int read_who(struct overview_job *job, struct err *err)
{
	int rc = overview_rows(job, sides_sql, take_member, err);

	if (rc == 0)
		rc = overview_rows(job,
				   "SELECT 0, level, obj FROM k_actor UNION ALL SELECT 1, level, obj FROM k_person",
				   take_level, err);
	if (rc == 0)
		rc = overview_rows(job, tables_sql, take_table, err);
	if (rc == 0)
		rc = overview_rows(job, loose_sql, take_loose, err);
	return rc;
}

int overview_read(struct view *view, struct arena *a, int64_t as_of_ms, int64_t now_ms, struct overview *ret,
		  struct err *err)
{
	struct overview overview = { .now_ms = as_of_ms == INT64_MAX ? now_ms : as_of_ms - 1 };
	struct overview_job job = { .view = view, .a = a, .to = &overview };
	int rc = read_totals(&job, err);

	if (rc == 0)
		rc = overview_read_own(&job, err);
	if (rc == 0)
		rc = read_who(&job, err);
	if (rc == 0)
		rc = overview_read_promises(&job, err);
	if (rc == 0)
		rc = overview_read_bonds(&job, err);
	if (rc == 0)
		rc = overview_read_contacts(&job, err);
	if (rc == 0)
		rc = overview_read_events(&job, err);
	if (rc == 0)
		rc = overview_read_contests(&job, err);
	if (rc == 0)
		rc = overview_read_alerts(&job, err);
	if (rc == 0)
		*ret = overview;
	overview_own_release(&job.own);
	return rc;
}
