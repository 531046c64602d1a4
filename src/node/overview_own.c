/* What belongs to the process, and what is background: the rules stand in overview.h. */
#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "node/overview_internal.h"

#define LIST_SEPARATOR "\x1f" /* as in k_KIND tables */

/* Who speaks of an object, and whether the rules make it own all the same. */
enum { SPOKEN_PUBLISHER = 1, SPOKEN_OTHERS = 2, SPOKEN_OWN = 4, SPOKEN_TWIN = 8 };

/* How an actor came to be own. */
enum { OWN_ITSELF = 1, OWN_JOINED };

void overview_own_release(struct overview_own *own)
{
	idmap_release(&own->actors);
	idmap_release(&own->publishers);
	idmap_release(&own->objects);
	same_sets_release(&own->joined);
}

static uint64_t spoken_of(const struct overview_job *job, struct bytes obj)
{
	return job->own.published && obj.n == OBJECT_ID_BYTES ? idmap_get(&job->own.objects, obj.p, obj.n) : 0;
}

enum overview_place overview_place_of(const struct overview_job *job, struct bytes obj)
{
	const uint64_t spoken = spoken_of(job, obj);

	if (spoken & SPOKEN_TWIN)
		return PLACE_TWIN;
	return spoken == SPOKEN_PUBLISHER ? PLACE_BACKGROUND : PLACE_OWN;
}

bool overview_is_publisher(const struct overview_job *job, struct bytes actor)
{
	return actor.n == OBJECT_ID_BYTES && idmap_get(&job->own.publishers, actor.p, actor.n);
}

bool overview_is_published(const struct overview_job *job, struct bytes obj)
{
	const uint64_t spoken = spoken_of(job, obj);

	return (spoken & SPOKEN_PUBLISHER) && !(spoken & SPOKEN_OTHERS);
}

/* --- own actors -------------------------------------------------------------------------------------------- */

/* Call `each` with every id of a list as k_KIND tables hold it. */
static void each_id(const char *list, void (*each)(struct overview_job *job, const uint8_t *id),
		    struct overview_job *job)
{
	uint8_t id[OBJECT_ID_BYTES];
	size_t n;

	for (; list && *list; list += n + (list[n] != '\0')) {
		n = strcspn(list, LIST_SEPARATOR);
		if (hex_decode(list, n, id, sizeof id) == 0)
			each(job, id);
	}
}

static const char seeds_sql[] = "SELECT actor FROM k_alignment UNION SELECT holder FROM k_mandate"
				" UNION SELECT giver FROM k_mandate UNION SELECT party FROM k_consent"
				" UNION SELECT who FROM k_attendance UNION SELECT actor FROM k_attendance"
				" UNION SELECT parties FROM k_dialogue UNION SELECT parties FROM k_ceasefire"
				" UNION SELECT obligor FROM k_commitment UNION SELECT beneficiaries FROM k_commitment";

static void make_own(struct overview_job *job, const uint8_t *id)
{
	*idmap_at(&job->own.actors, id, OBJECT_ID_BYTES) = OWN_ITSELF;
}

static void take_seed(struct overview_job *job, struct stmt *s)
{
	each_id(stmt_text(s, 0), make_own, job);
}

/* Mark the sets of which a member has what is asked for.
 * @return by place, in the arena */
static bool *mark_sets(struct overview_job *job, bool (*has)(const struct overview_job *job, const uint8_t *id))
{
	struct same_sets *j = &job->own.joined;
	bool *marked = arena_alloc(job->a, (j->n + 1) * sizeof *marked);

	for (size_t i = 0; i < j->n; i++)
		if (has(job, j->ids[i]))
			marked[same_sets_root(j, i)] = true;
	for (size_t i = 0; i < j->n; i++)
		marked[i] = marked[same_sets_root(j, i)];
	return marked;
}

static bool is_own_actor(const struct overview_job *job, const uint8_t *id)
{
	return idmap_get(&job->own.actors, id, OBJECT_ID_BYTES) != 0;
}

/* Who is one with an own actor is own. */
static void join_own(struct overview_job *job)
{
	const bool *owned = mark_sets(job, is_own_actor);

	for (size_t i = 0; i < job->own.joined.n; i++)
		if (owned[i] && !is_own_actor(job, job->own.joined.ids[i]))
			*idmap_at(&job->own.actors, job->own.joined.ids[i], OBJECT_ID_BYTES) = OWN_JOINED;
}

static int read_identities(struct overview_job *job, struct err *err)
{
	struct overview_own *own = &job->own;
	int rc = same_read_judged(job->view, job->a, &own->judged, &own->n_judged, err);

	if (rc < 0)
		return rc;
	same_sets_init(&own->joined, job->a, own->judged, own->n_judged);
	for (size_t i = 0; i < own->n_judged; i++)
		job->to->span.n_identities += own->judged[i].verdict == SAME_YES;
	join_own(job);
	return 0;
}

/* --- publishers, and who speaks of what -------------------------------------------------------------------- */

/* Under a cut that hides who said it, `says` is zeros: nobody's. */
#define SQL_OUTSIDE "c.status = 0 AND c.says <> substr(c.org, 1, 16) AND c.says <> zeroblob(16)"

static void take_publisher(struct overview_job *job, struct stmt *s)
{
	struct bytes says = stmt_blob(s, 0);

	if (says.n != OBJECT_ID_BYTES || idmap_get(&job->own.actors, says.p, says.n))
		return;
	*idmap_at(&job->own.publishers, says.p, says.n) = 1;
	job->own.published = true;
}

static void take_spoken(struct overview_job *job, struct stmt *s)
{
	struct bytes obj = stmt_blob(s, 0), says = stmt_blob(s, 1);
	bool published;

	if (obj.n != OBJECT_ID_BYTES)
		return;
	published = says.n == OBJECT_ID_BYTES && idmap_get(&job->own.publishers, says.p, says.n);
	*idmap_at(&job->own.objects, obj.p, obj.n) |= published ? SPOKEN_PUBLISHER : SPOKEN_OTHERS;
}

static bool others_speak(const struct overview_job *job, const uint8_t *id)
{
	return idmap_get(&job->own.objects, id, OBJECT_ID_BYTES) & SPOKEN_OTHERS;
}

/* What a publisher tells of something that others tell too is one thing. */
static void find_twins(struct overview_job *job)
{
	const struct same_sets *j = &job->own.joined;
	const bool *told = mark_sets(job, others_speak);

	for (size_t i = 0; i < j->n; i++) {
		uint64_t *spoken = idmap_at(&job->own.objects, j->ids[i], OBJECT_ID_BYTES);

		if (!told[i] || *spoken != SPOKEN_PUBLISHER)
			continue;
		*spoken |= SPOKEN_TWIN;
		job->to->background.n_twins++;
	}
}

static int read_publishers(struct overview_job *job, struct err *err)
{
	int rc = overview_rows(job,
			       "SELECT c.says FROM claim c JOIN said s ON s.n = c.n AND s.field = 'external_ids'"
			       " AND s.i = 0 WHERE " SQL_OUTSIDE " GROUP BY c.says",
			       take_publisher, err);

	if (rc == 0 && job->own.published)
		rc = overview_rows(job, "SELECT obj, says FROM claim WHERE status = 0", take_spoken, err);
	if (rc == 0 && job->own.published)
		find_twins(job);
	return rc;
}

/* --- the span ---------------------------------------------------------------------------------------------- */

static const char dates_sql[] =
	"SELECT c.says, c.when_from, c.when_to, NULL, 0 FROM k_dialogue k CROSS JOIN claim c"
	" ON c.obj = k.obj AND c.status = 0 WHERE c.when_from IS NOT NULL"
	" UNION ALL SELECT c.says, c.when_from, c.when_to, NULL, 0 FROM k_session k CROSS JOIN claim c"
	" ON c.obj = k.obj AND c.status = 0 WHERE c.when_from IS NOT NULL"
	" UNION ALL SELECT c.says, c.when_from, c.when_to, k.parties, 1 FROM k_agreement k CROSS JOIN claim c"
	" ON c.obj = k.obj AND c.status = 0 WHERE c.when_from IS NOT NULL";

/* Is one of a list of ids an own actor? */
static bool has_own(const struct overview_job *job, const char *list)
{
	uint8_t id[OBJECT_ID_BYTES];
	size_t n;

	for (; list && *list; list += n + (list[n] != '\0')) {
		n = strcspn(list, LIST_SEPARATOR);
		if (hex_decode(list, n, id, sizeof id) == 0 && idmap_get(&job->own.actors, id, sizeof id))
			return true;
	}
	return false;
}

static void stretch(struct overview_span *span, int64_t ms)
{
	if (ms == WHEN_OPEN_START || ms == WHEN_OPEN_END)
		return;
	span->from_ms = ms < span->from_ms ? ms : span->from_ms;
	span->to_ms = ms > span->to_ms ? ms : span->to_ms;
}

static void take_date(struct overview_job *job, struct stmt *s)
{
	struct bytes says = stmt_blob(s, 0);

	if (says.n == OBJECT_ID_BYTES && idmap_get(&job->own.publishers, says.p, says.n))
		return;
	if (stmt_int(s, 4) && !has_own(job, stmt_text(s, 3)))
		return;
	stretch(&job->to->span, stmt_int(s, 1));
	stretch(&job->to->span, stmt_int(s, 2));
}

static int read_span(struct overview_job *job, struct err *err)
{
	struct overview_span *span = &job->to->span;
	int rc;

	span->from_ms = INT64_MAX;
	span->to_ms = INT64_MIN;
	rc = overview_rows(job, dates_sql, take_date, err);
	if (rc < 0 || span->from_ms > span->to_ms)
		return rc;
	if (span->to_ms < job->to->now_ms && job->to->now_ms - span->to_ms < OVERVIEW_UNDER_WAY_MS)
		span->to_ms = job->to->now_ms;
	span->from = overview_day_of(job->a, span->from_ms);
	span->to = overview_day_of(job->a, span->to_ms - 1);
	return rc;
}

/* --- what publishers tell of the process ------------------------------------------------------------------- */

static const char involved_sql[] =
	"SELECT k.obj, o.when_from, o.when_to, alleged, targets FROM k_incident k JOIN object o ON o.obj = k.obj"
	" UNION ALL SELECT k.obj, o.when_from, o.when_to, parties, NULL FROM k_agreement k"
	" JOIN object o ON o.obj = k.obj"
	" UNION ALL SELECT k.obj, o.when_from, o.when_to, side_a, side_b FROM k_episode k"
	" JOIN object o ON o.obj = k.obj";

static void take_involved(struct overview_job *job, struct stmt *s)
{
	const struct overview_span *span = &job->to->span;
	struct bytes obj = stmt_blob(s, 0);

	if (overview_place_of(job, obj) != PLACE_BACKGROUND || stmt_is_null(s, 1))
		return;
	if (stmt_int(s, 1) >= span->to_ms || stmt_int(s, 2) <= span->from_ms)
		return;
	if (has_own(job, stmt_text(s, 3)) || has_own(job, stmt_text(s, 4)))
		*idmap_at(&job->own.objects, obj.p, obj.n) |= SPOKEN_OWN;
}

static void take_actor(struct overview_job *job, struct stmt *s)
{
	struct bytes obj = stmt_blob(s, 0);

	const uint64_t own = obj.n == OBJECT_ID_BYTES ? idmap_get(&job->own.actors, obj.p, obj.n) : 0;

	if (!own)
		return;
	job->to->span.n_joined += own == OWN_JOINED;
	if (overview_place_of(job, obj) == PLACE_TWIN)
		return;
	job->to->span.n_actors++;
	if (job->own.published)
		*idmap_at(&job->own.objects, obj.p, obj.n) |= SPOKEN_OWN;
}

static void take_by(struct overview_job *job, struct stmt *s)
{
	struct overview_background *b = &job->to->background;
	struct bytes says = stmt_blob(s, 1);
	uint64_t *seen;
	const char *label;

	if (says.n != OBJECT_ID_BYTES || overview_place_of(job, stmt_blob(s, 0)) != PLACE_BACKGROUND)
		return;
	seen = idmap_at(&job->own.publishers, says.p, says.n);
	if (*seen != 1)
		return;
	*seen = 2;
	label = overview_ref_of(job, says, false).label;
	b->by = b->by ? arena_printf(job->a, "%s, %s", b->by, label) : label;
}

void overview_count_other(struct overview_job *job, int64_t *count, struct stmt *s, int column_of_dates)
{
	struct overview_background *b = &job->to->background;
	int64_t from = stmt_int(s, column_of_dates), to = stmt_int(s, column_of_dates + 1);

	if (overview_place_of(job, stmt_blob(s, 0)) != PLACE_BACKGROUND)
		return;
	(*count)++;
	if (stmt_is_null(s, column_of_dates))
		return;
	if (from != WHEN_OPEN_START && (!b->from || from < b->from_ms)) {
		b->from_ms = from;
		b->from = overview_day_of(job->a, from);
	}
	if (to != WHEN_OPEN_END && (!b->to || to > b->to_ms)) {
		b->to_ms = to;
		b->to = overview_day_of(job->a, to - 1);
	}
}

int overview_read_own(struct overview_job *job, struct err *err)
{
	int rc = overview_rows(job, seeds_sql, take_seed, err);

	if (rc == 0)
		rc = read_identities(job, err);
	if (rc == 0)
		rc = read_publishers(job, err);
	if (rc == 0)
		rc = read_span(job, err);
	if (rc == 0)
		rc = overview_rows(job, "SELECT obj FROM k_actor", take_actor, err);
	if (rc == 0 && job->own.published)
		rc = overview_rows(job, involved_sql, take_involved, err);
	if (rc == 0 && job->own.published)
		rc = overview_rows(job, "SELECT obj, says FROM claim WHERE status = 0 ORDER BY n", take_by, err);
	return rc;
}
