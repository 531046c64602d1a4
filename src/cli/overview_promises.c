/* The printed overview's part on promises: agreements, commitments. */
#include <string.h>

#include "base/bytes.h"
#include "cli/overview_internal.h"
#include "cli/table.h"
#include "cli/text.h"
#include "record/kinds/kinds.h"

#define AGREEMENTS_MAX 8 /* of one stage */
#define BAR_WIDTH 20
#define BAR_AT 32

/* --- agreements -------------------------------------------------------------------------------------------- */

/* "rejected 2016-10-02, ended 2016-10-02, replaced by 1a2b3c4d" */
static const char *fate_text(struct overview_page *p, const struct overview_agreement *g)
{
	const struct {
		const char *words;
		const struct overview_date *date;
	} dates[] = { { "rejected", &g->rejected }, { "in force", &g->in_force }, { "ended", &g->ended } };
	char *text = arena_text(p->a, "");
	char hex[9];

	for (size_t i = 0; i < ARRAY_LEN(dates); i++)
		if (dates[i].date->text)
			text = arena_printf(p->a, "%s%s%s %s", text, *text ? ", " : "", dates[i].words,
					    dates[i].date->text);
	if (g->replaced_by) {
		hex_encode(g->replaced_by->obj, 4, hex);
		text = arena_printf(p->a, "%s%sreplaced by %s", text, *text ? ", " : "", hex);
	}
	return text;
}

static bool is_of_stage(const struct overview_agreement *g, const char *stage)
{
	return stage && g->stage ? strcmp(stage, g->stage) == 0 : !stage && !g->stage;
}

static size_t count_stage(const struct overview *o, const char *stage)
{
	size_t n = 0;

	for (size_t i = 0; i < o->n_agreements; i++)
		n += is_of_stage(&o->agreements[i], stage);
	return n;
}

/* Is it the first agreement with a stage of a later version? */
static bool is_new_stage(const struct overview *o, size_t i, const struct code_list *known)
{
	const char *stage = o->agreements[i].stage;

	if (!stage || (known && code_find(known, stage)))
		return false;
	for (size_t j = 0; j < i; j++)
		if (is_of_stage(&o->agreements[j], stage))
			return false;
	return true;
}

/* The latest agreements of a stage. */
static void print_stage(struct overview_page *p, const char *stage, const char *words)
{
	const struct overview *o = p->o;
	const size_t n = count_stage(o, stage), hidden = n > AGREEMENTS_MAX ? n - AGREEMENTS_MAX : 0;
	size_t at = 0;

	if (n == 0)
		return;
	overview_line(p, 2, stage ? arena_printf(p->a, "%s (%s)", words, stage) : words);
	for (size_t i = 0; i < o->n_agreements; i++) {
		const struct overview_agreement *g = &o->agreements[i];

		if (is_of_stage(g, stage) && at++ >= hidden)
			overview_put_row(p, &(struct overview_row){ 4, OVERVIEW_DATE_WIDTH, overview_day(&g->date),
								    overview_marked(p, &g->ref), fate_text(p, g) });
	}
	overview_say_more(p, 4, hidden, stage ? arena_printf(p->a, "agreement --where stage=%s", stage) : "agreement");
}

bool overview_print_agreements(struct overview_page *p)
{
	const struct code_list *stages = code_list_find("pax_stage");
	const struct overview *o = p->o;

	if (o->n_agreements == 0)
		return false;
	overview_heading(p, "Agreements", arena_printf(p->a, "%zu, by stage of the process", o->n_agreements_in_all));
	for (size_t i = 0; stages && i < stages->n_codes; i++)
		print_stage(p, stages->codes[i].code, stages->codes[i].label);
	for (size_t i = 0; i < o->n_agreements; i++)
		if (is_new_stage(o, i, stages))
			print_stage(p, o->agreements[i].stage, "stage unknown to this version");
	print_stage(p, NULL, "no stage said");
	overview_say_more(p, 2, o->n_agreements_in_all - o->n_agreements, "agreement");
	return true;
}

/* --- commitments ------------------------------------------------------------------------------------------- */

static void print_fates(struct overview_page *p)
{
	static const char *const names[N_FATES] = { "3 complete",      "2 intermediate", "1 minimum",
						    "0 not begun",     "no evidence",    "reported on, no level",
						    "nothing reported" };
	const int room = p->width - BAR_AT;
	struct buf bar;

	for (int i = 0; i < N_FATES; i++) {
		char count[32], *drawn;
		size_t n;

		buf_init(&bar, 1024);
		term_bar(p->term, (double)p->o->fates[i] / (double)p->o->n_commitments,
			 room < BAR_WIDTH ? room : BAR_WIDTH, &bar);
		drawn = arena_text(p->a, buf_str(&bar));
		buf_release(&bar);
		for (n = strlen(drawn); n > 0 && drawn[n - 1] == ' '; n--)
			drawn[n - 1] = '\0';
		term_count((uint64_t)p->o->fates[i], count);
		fprintf(p->out, "  %-21s %6s%s%s\n", names[i], count, *drawn ? "  " : "", drawn);
	}
}

static const char *promise_text(struct overview_page *p, const struct overview_commitment *c)
{
	if (!c->obligor)
		return overview_marked(p, &c->ref);
	return arena_printf(p->a, "%s: %s", overview_safe(p, c->obligor), overview_marked(p, &c->ref));
}

static void put_promise(struct overview_page *p, const char *words, const struct overview_commitment *c)
{
	overview_line(p, 2, words);
	overview_put_row(p, &(struct overview_row){ 4, OVERVIEW_DATE_WIDTH, overview_day(&c->due), promise_text(p, c),
						    overview_how_to_see(p, &c->ref) });
}

bool overview_print_commitments(struct overview_page *p)
{
	const struct overview *o = p->o;
	const char *more = arena_printf(p->a, "%lld stand", (long long)o->n_commitments);

	if (o->n_commitments == 0 && o->n_dropped == 0)
		return false;
	if (o->n_dropped)
		more = arena_printf(p->a, "%s, %lld released, replaced or withdrawn", more, (long long)o->n_dropped);
	overview_heading(p, "Commitments", more);
	if (o->n_commitments == 0)
		return true;
	print_fates(p);
	if (o->n_judged_differently)
		overview_line(p, 2,
			      arena_printf(p->a, "%s differently by different sayers.",
					   overview_counted(p, o->n_judged_differently, "is judged", "are judged")));
	if (o->n_undated)
		overview_line(p, 2,
			      arena_printf(p->a, "%s no due date.",
					   overview_counted(p, o->n_undated, "of those not complete has",
							    "of those not complete have")));
	if (o->n_overdue)
		put_promise(p, arena_printf(p->a, "%zu overdue; the oldest:", o->n_overdue_in_all), &o->overdue[0]);
	if (o->n_reported_late)
		overview_line(p, 2,
			      arena_printf(p->a,
					   "%s without a level: how far kept is not said, so not counted as overdue.",
					   overview_counted(p, o->n_reported_late, "more was due and is reported on",
							    "more were due and are reported on")));
	if (o->n_next)
		put_promise(p, arena_printf(p->a, "%zu to fall due; the next:", o->n_next_in_all), &o->next[0]);
	return true;
}
