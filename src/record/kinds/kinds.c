/* The tables of the vocabulary put together, and the look-ups. */
#include "record/kinds/kinds.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

#include "base/bytes.h"
#include "record/kinds/tables.h"

#define KINDS_MAX 96
#define LISTS_MAX 192

static const struct {
	const char *name;
	const char *title;
} families[N_FAMILIES] = {
	[FAMILY_WHO] = { "who", "Who takes part" },
	[FAMILY_TABLES] = { "tables", "Where they talk" },
	[FAMILY_IDEAS] = { "ideas", "What they think up" },
	[FAMILY_PROMISES] = { "promises", "What they promise" },
	[FAMILY_EVENTS] = { "events", "What happens" },
	[FAMILY_LIAISON] = { "liaison", "How they keep in touch" },
	[FAMILY_SUPPORT] = { "support", "What is given and done together" },
	[FAMILY_PLANS] = { "plans", "What the own side intends" },
	[FAMILY_GUARDS] = { "guards", "What is weighed first" },
	[FAMILY_ORDER] = { "order", "The record itself" },
};

static const struct kind_set *const kind_sets[] = {
	&kind_set_who,     &kind_set_tables,  &kind_set_ideas, &kind_set_promises, &kind_set_events,
	&kind_set_liaison, &kind_set_support, &kind_set_plans, &kind_set_guards,   &kind_set_order,
};

static const struct code_set *const code_sets[] = {
	&code_set_own, &code_set_work, &code_set_pax, &code_set_field, &code_set_law, &code_set_iso,
};

static const struct field fields_claim[] = {
	ID("says", 0, "actor", "claims, not facts",
	   "actor whose assertion this is; without it, the author's organisation"),
	INTERVAL("when", 0, "claims, not facts", "2012-08-26/2016-08-24",
		 "when it happened, or from when to when it holds"),
	DATE("known", 0, "claims, not facts", "2012-08-27", "since when the writer or the public could know it"),
	TEXT("by", 0, 120, "claims, not facts", "Desk officer, Havana",
	     "person of the author's organisation who writes"),
	TEXT("source", 0, 1000, "evidence behind every score", "Joint communique 1, 26 August 2012",
	     "where it is from: a citation or an address"),
	TEXT("quote", 0, 1000, "evidence behind every score", "the parties have decided to begin",
	     "the words of the source"),
	CODE("grade", 0, "admiralty_grade", "markings: Admiralty", "B2",
	     "reliability of the source and credibility of the information"),
	CODE("tlp", 0, "tlp", "markings: TLP", "amber", "who may see it"),
	CODE("rule", 0, "session_rule", "markings: session rules", "chatham_house", "how it may be attributed"),
	LANGUAGE("lang", 0, "claims, not facts", "es", "language of the texts in this claim"),
	TEXT("note", LABEL, 4000, "claims, not facts", "Check with the second delegate", "anything else"),
};

static const struct kind claim = {
	"claim",
	FAMILY_ORDER,
	0,
	"what every claim may carry beside the fields of its kind",
	"claims, not facts",
	fields_claim,
	N_ROWS(fields_claim),
};

/* The tables of the families, side by side: filled once, constant afterwards. */
static struct kind all_kinds[KINDS_MAX];
static size_t n_all_kinds;
static struct code_list all_lists[LISTS_MAX];
static size_t n_all_lists;
static once_flag assembled = ONCE_FLAG_INIT;

static int compare_lists(const void *a, const void *b)
{
	const struct code_list *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void assemble(void)
{
	for (size_t i = 0; i < N_ROWS(kind_sets); i++) {
		const struct kind_set *set = kind_sets[i];

		assert(n_all_kinds + set->n <= KINDS_MAX);
		memcpy(all_kinds + n_all_kinds, set->kinds, set->n * sizeof(*set->kinds));
		n_all_kinds += set->n;
	}
	for (size_t i = 0; i < N_ROWS(code_sets); i++) {
		const struct code_set *set = code_sets[i];

		assert(n_all_lists + set->n <= LISTS_MAX);
		memcpy(all_lists + n_all_lists, set->lists, set->n * sizeof(*set->lists));
		n_all_lists += set->n;
	}
	qsort(all_lists, n_all_lists, sizeof(all_lists[0]), compare_lists);
}

const struct kind *kinds_all(size_t *ret_n)
{
	call_once(&assembled, assemble);
	*ret_n = n_all_kinds;
	return all_kinds;
}

const struct code_list *kinds_code_lists(size_t *ret_n)
{
	call_once(&assembled, assemble);
	*ret_n = n_all_lists;
	return all_lists;
}

const struct kind *kinds_common(void)
{
	return &claim;
}

const char *kinds_family_name(enum family family)
{
	return families[family].name;
}

const char *kinds_family_title(enum family family)
{
	return families[family].title;
}

const struct kind *kind_find(const char *name)
{
	size_t n;
	const struct kind *kinds = kinds_all(&n);

	for (size_t i = 0; i < n; i++)
		if (name_is(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

const struct field *kind_field(const struct kind *kind, const char *name)
{
	for (size_t i = 0; i < kind->n_fields; i++)
		if (name_is(kind->fields[i].name, name))
			return &kind->fields[i];
	return NULL;
}

const struct field *kind_label_field(const struct kind *kind)
{
	for (size_t i = 0; i < kind->n_fields; i++)
		if (kind->fields[i].flags & FIELD_LABEL)
			return &kind->fields[i];
	return NULL;
}

const struct code_list *code_list_find(const char *name)
{
	size_t n;
	const struct code_list *lists = kinds_code_lists(&n);
	struct code_list key = { .name = name };

	return bsearch(&key, lists, n, sizeof(lists[0]), compare_lists);
}

const struct code *code_find(const struct code_list *list, const char *code)
{
	for (size_t i = 0; i < list->n_codes; i++)
		if (name_is(list->codes[i].code, code))
			return &list->codes[i];
	return NULL;
}
