/* Deaths of an incident as one sayer tells them: numbers of several sayers, put together, can be impossible. */
#include <stdlib.h>
#include <string.h>

#include "node/overview_internal.h"

enum { LOW, BEST, HIGH, N_NUMBERS };

static const char *const names[N_NUMBERS] = { "deaths_low", "deaths_best", "deaths_high" };

#define SQL_NUMBERS "('deaths_low', 'deaths_best', 'deaths_high')"

/* A number that counts: the latest word of its sayer. */
struct counted {
	int64_t n;
	int number;
	bool first;
};

struct counted_list {
	struct counted *items;
	size_t n;
};

static void take_rank(void *ctx, const char *field, int64_t n, enum rank rank)
{
	struct counted_list *list = ctx;

	for (int i = 0; i < N_NUMBERS; i++) {
		if (rank == RANK_OLDER || strcmp(field, names[i]) != 0)
			continue;
		if ((list->n & (list->n - 1)) == 0)
			list->items = mem_resize(list->items, (list->n ? 2 * list->n : 1) * sizeof *list->items);
		list->items[list->n++] = (struct counted){ n, i, rank == RANK_FIRST };
	}
}

/* The claim whose sayer's numbers are taken: the one with the best estimate shown first. */
static const struct counted *leading(const struct counted_list *list)
{
	static const int order[N_NUMBERS] = { BEST, LOW, HIGH };

	for (int o = 0; o < N_NUMBERS; o++)
		for (size_t i = 0; i < list->n; i++)
			if (list->items[i].first && list->items[i].number == order[o])
				return &list->items[i];
	return NULL;
}

/* The number that a claim gives, if its sayer is the one who leads. */
static int add_number(struct overview_job *job, const struct counted *c, int64_t leader, int64_t numbers[N_NUMBERS],
		      struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(job->view),
			    "SELECT s.value FROM claim c JOIN said s ON s.n = c.n AND s.field = ?2 WHERE c.n = ?1"
			    " AND c.says IS (SELECT says FROM claim WHERE n = ?3)",
			    &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_int(s, 1, c->n);
	stmt_bind_text(s, 2, names[c->number]);
	stmt_bind_int(s, 3, leader);
	rc = stmt_step(s, err);
	if (rc == 1)
		numbers[c->number] = stmt_int(s, 0);
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static int read_toll(struct overview_job *job, const uint8_t obj[static OBJECT_ID_BYTES], struct overview_toll *ret,
		     struct err *err)
{
	int64_t numbers[N_NUMBERS] = { -1, -1, -1 };
	struct counted_list list = { 0 };
	int rc = view_ranks(job->view, obj, take_rank, &list, err);
	const struct counted *leader = rc == 0 ? leading(&list) : NULL;

	for (size_t i = 0; leader && i < list.n && rc == 0; i++)
		rc = add_number(job, &list.items[i], leader->n, numbers, err);
	if (rc == 0)
		*ret = (struct overview_toll){ numbers[LOW], numbers[BEST], numbers[HIGH] };
	free(list.items);
	return rc;
}

static int take_several(struct overview_job *job, struct overview_tolls *tolls, struct bytes obj, struct err *err)
{
	tolls->items = overview_more(job->a, tolls->items, tolls->n, sizeof *tolls->items);
	*idmap_at(&tolls->at, obj.p, obj.n) = ++tolls->n;
	return read_toll(job, obj.p, &tolls->items[tolls->n - 1], err);
}

int overview_read_tolls(struct overview_job *job, struct overview_tolls *ret, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(
		view_db(job->view),
		"SELECT k.obj, EXISTS (SELECT 1 FROM contested c WHERE c.obj = k.obj AND c.field IN " SQL_NUMBERS
		") FROM k_incident k JOIN object o ON o.obj = k.obj WHERE o.n_claims > 1"
		" AND coalesce(k.deaths_low, k.deaths_best, k.deaths_high) IS NOT NULL",
		&s, err);

	if (rc < 0)
		return rc;
	while ((rc = stmt_step(s, err)) == 1) {
		struct bytes obj = stmt_blob(s, 0);

		if (stmt_int(s, 1))
			*idmap_at(&ret->contested, obj.p, obj.n) = 1;
		rc = take_several(job, ret, obj, err);
		if (rc < 0)
			break;
	}
	stmt_reset(s);
	return rc;
}

void overview_tolls_release(struct overview_tolls *tolls)
{
	idmap_release(&tolls->at);
	idmap_release(&tolls->contested);
}

static int64_t either(int64_t a, int64_t b, int64_t c)
{
	return a >= 0 ? a : b >= 0 ? b : c;
}

void overview_add_toll(const struct overview_tolls *tolls, struct bytes obj, struct overview_toll shown,
		       struct overview_deaths *to)
{
	const uint64_t at = idmap_get(&tolls->at, obj.p, obj.n);
	const struct overview_toll t = at ? tolls->items[at - 1] : shown;
	const int64_t best = either(t.best, t.low, t.high), low = either(t.low, t.best, 0),
		      high = either(t.high, best, best);

	if (best < 0)
		return;
	to->n_incidents++;
	to->best += best;
	to->low += low < best ? low : best; /* a sayer may contradict himself */
	to->high += high > best ? high : best;
	to->n_contested += idmap_get(&tolls->contested, obj.p, obj.n) != 0;
}
