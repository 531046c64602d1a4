/* The tables of the vocabulary: are they whole and well formed, do their examples fit. */
#include "support/test.h"

#include <ctype.h>

#include "base/bytes.h"
#include "record/kinds/kinds.h"
#include "unit/record/kinds.h"

/* Every kind that the program promises. A kind that is dropped by mistake is missed here. */
static const char *const PROMISED[] = {
	/* who */ "actor",
	"person",
	"name",
	"identity",
	"tie",
	"alignment",
	"mandate",
	"consent",
	"funding",
	"faction",
	"constituency",
	"issue",
	"position",
	"designation",
	/* tables */ "forum",
	"dialogue",
	"session",
	"invitation",
	"bilateral",
	"seating",
	"pulse",
	/* ideas */ "proposal",
	"text",
	"transfer",
	"contribution",
	"practice",
	"adoption",
	/* promises */ "agreement",
	"signature",
	"provision",
	"commitment",
	"fulfilment",
	"ceasefire",
	"deed",
	"exchange",
	"measure_taken",
	/* events */ "incident",
	"episode",
	"attestation",
	"finding",
	"response",
	"release",
	"grievance",
	/* liaison */ "channel",
	"contact",
	"notification",
	"message",
	"readback",
	"term",
	"meeting",
	"handover",
	"journey",
	/* support */ "assistance",
	"tranche",
	"programme",
	"participation",
	"arrangement",
	"custom",
	"caseload",
	"transition",
	"acknowledgement",
	/* plans */ "plan",
	"line",
	"submission",
	/* guards */ "assessment",
	"clearance",
	"screening",
	/* order */ "charter",
	"member",
	"epoch",
	"device",
	"revocation",
	"head",
	"redaction",
	/* beside the list: who sat where, in what capacity */ "attendance",
};

static bool is_name(const char *name)
{
	if (!islower((unsigned char)name[0]))
		return false;
	for (; *name; name++)
		if (!islower((unsigned char)*name) && !isdigit((unsigned char)*name) && *name != '_')
			return false;
	return true;
}

static bool is_help(const char *text)
{
	size_t n = text ? strlen(text) : 0;

	return n > 2 && n < 200 && !strchr(text, '\n') && text[n - 1] != '.';
}

static void test_every_promised_kind_is_there(void **state)
{
	size_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(PROMISED); i++)
		kind_of(PROMISED[i]);
	kinds_all(&n);
	assert_int_equal(n, ARRAY_LEN(PROMISED));
	assert_null(kind_find("claim"));
	assert_null(kind_find(""));
	assert_null(kind_find("Actor"));
}

static void test_kinds_are_well_formed(void **state)
{
	size_t n;
	const struct kind *kinds = kinds_all(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		const struct kind *kind = &kinds[i];

		if (!is_name(kind->name) || !is_help(kind->help) || !is_help(kind->serves))
			fail_msg("%s: name, help or serves is not well formed", kind->name);
		if (i > 0 && kind->family < kinds[i - 1].family)
			fail_msg("%s stands outside its family", kind->name);
		if (((kind->flags & KIND_RECORD) != 0) != (kind->family == FAMILY_ORDER))
			fail_msg("%s: the record's own kinds are those of the family order", kind->name);
		if (kind_find(kind->name) != kind)
			fail_msg("there are two kinds %s", kind->name);
		assert_true(kind->n_fields > 0);
	}
}

/* What stands in the row fits the type: a kind, a list, a unit, limits. */
static void check_row(const struct kind *kind, const struct field *field)
{
	bool bounded = field->type == FIELD_NUMBER || field->type == FIELD_DECIMAL;

	if (field->type == FIELD_ID && *field->arg && !kind_find(field->arg))
		fail_msg("%s.%s names the kind %s, which is not there", kind->name, field->name, field->arg);
	if (field->type == FIELD_CODE && !code_list_find(field->arg))
		fail_msg("%s.%s names the list %s, which is not there", kind->name, field->name, field->arg);
	if (bounded && (!field->arg || !*field->arg || field->min >= field->max))
		fail_msg("%s.%s needs a unit and limits", kind->name, field->name);
	if (field->type == FIELD_TEXT && (field->max < 0 || field->max > FIELD_TEXT_MAX))
		fail_msg("%s.%s: a text has at most %d characters", kind->name, field->name, FIELD_TEXT_MAX);
	if ((field->flags & FIELD_LABEL) && (field->type != FIELD_TEXT || (field->flags & FIELD_LIST)))
		fail_msg("%s.%s: a label is one text", kind->name, field->name);
}

static void check_fields(const struct kind *kind)
{
	size_t n_labels = 0, n_required = 0;
	struct err err = { 0 };

	for (size_t i = 0; i < kind->n_fields; i++) {
		const struct field *field = &kind->fields[i];

		if (!is_name(field->name) || !is_help(field->help) || !is_help(field->serves))
			fail_msg("%s.%s: name, help or serves is not well formed", kind->name, field->name);
		if (kind_field(kind, field->name) != field)
			fail_msg("%s.%s stands there twice", kind->name, field->name);
		check_row(kind, field);
		expect_ok(check_json(kind, field, field->example, &err), &err);
		n_labels += (field->flags & FIELD_LABEL) != 0;
		n_required += (field->flags & FIELD_REQUIRED) != 0;
	}
	if (n_labels > 1)
		fail_msg("%s has %zu labels", kind->name, n_labels);
	if (n_required == 0 && kind != kinds_common())
		fail_msg("%s needs nothing: an empty claim would do", kind->name);
}

static void test_fields_are_well_formed_and_examples_fit(void **state)
{
	size_t n;
	const struct kind *kinds = kinds_all(&n);

	(void)state;
	for (size_t i = 0; i < n; i++)
		check_fields(&kinds[i]);
	check_fields(kinds_common());
}

/* `parley add KIND a=1 b=2` takes both: no name may mean two things. */
static void test_fields_do_not_hide_members_of_the_claim(void **state)
{
	static const char *const members[] = { "id", "kind", "set", "t", "v", "files" };
	size_t n;
	const struct kind *kinds = kinds_all(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < kinds_common()->n_fields; j++)
			if (kind_field(&kinds[i], kinds_common()->fields[j].name))
				fail_msg("%s.%s is a member of every claim", kinds[i].name,
					 kinds_common()->fields[j].name);
		for (size_t j = 0; j < ARRAY_LEN(members); j++)
			if (kind_field(&kinds[i], members[j]))
				fail_msg("%s.%s is a member of every claim", kinds[i].name, members[j]);
	}
}

static void test_events_and_sensitive_kinds(void **state)
{
	static const char *const events[] = { "session", "incident", "contact", "fulfilment", "agreement", "tranche" };
	static const char *const lasting[] = { "actor", "tie", "alignment", "mandate", "issue", "channel", "plan" };
	static const char *const sensitive[] = { "mandate", "exchange", "attestation", "screening", "line" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(events); i++)
		assert_true(kind_of(events[i])->flags & KIND_EVENT);
	for (size_t i = 0; i < ARRAY_LEN(lasting); i++)
		assert_false(kind_of(lasting[i])->flags & KIND_EVENT);
	for (size_t i = 0; i < ARRAY_LEN(sensitive); i++)
		assert_true(kind_of(sensitive[i])->flags & KIND_SENSITIVE);
	assert_string_equal(kind_label_field(kind_of("actor"))->name, "name");
	assert_string_equal(kind_label_field(kind_of("incident"))->name, "summary");
	assert_null(kind_label_field(kind_of("tie")));
}

static void test_families(void **state)
{
	static const char *const names[] = { "who",     "tables",  "ideas", "promises", "events",
					     "liaison", "support", "plans", "guards",   "order" };

	(void)state;
	assert_int_equal(ARRAY_LEN(names), N_FAMILIES);
	for (int i = 0; i < N_FAMILIES; i++) {
		assert_string_equal(kinds_family_name((enum family)i), names[i]);
		assert_true(strlen(kinds_family_title((enum family)i)) > 5);
	}
}

/* --- code lists */

static bool is_code(const char *code)
{
	if (!*code || strlen(code) > 40)
		return false;
	for (; *code; code++)
		if (!isalnum((unsigned char)*code) && !strchr("_-+./", *code))
			return false;
	return true;
}

static void check_codes(const struct code_list *list)
{
	assert_true(list->n_codes > 1);
	for (size_t i = 0; i < list->n_codes; i++) {
		const struct code *code = &list->codes[i];

		if (!is_code(code->code) || !code->label || !*code->label)
			fail_msg("%s.%s is not well formed", list->name, code->code);
		if (code_find(list, code->code) != code)
			fail_msg("%s.%s stands there twice", list->name, code->code);
	}
}

static void test_code_lists_are_well_formed(void **state)
{
	size_t n;
	const struct code_list *lists = kinds_code_lists(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		if (!is_name(lists[i].name) || !is_help(lists[i].help) || !is_help(lists[i].source))
			fail_msg("list %s: name, help or source is not well formed", lists[i].name);
		if (i > 0 && strcmp(lists[i - 1].name, lists[i].name) >= 0)
			fail_msg("list %s is there twice or out of order", lists[i].name);
		assert_ptr_equal(code_list_find(lists[i].name), &lists[i]);
		check_codes(&lists[i]);
	}
	assert_null(code_list_find("no_such_list"));
	assert_null(code_list_find(""));
}

static void test_standard_lists_are_whole(void **state)
{
	static const struct {
		const char *list;
		size_t n;
	} sizes[] = {
		{ "admiralty_grade", 36 },   { "plover_event", 16 }, { "pam_provision", 51 },   { "pam_level", 4 },
		{ "pax_stage", 7 },          { "pax_substage", 21 }, { "acled_sub_event", 25 }, { "tlp", 5 },
		{ "un_fundamental", 8 },     { "adoption_rung", 6 }, { "incident_state", 13 },  { "formality", 5 },
		{ "inclusion_modality", 7 }, { "actor_type", 25 },   { "plover_sector", 25 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		const struct code_list *list = code_list_find(sizes[i].list);

		assert_non_null(list);
		if (list->n_codes != sizes[i].n)
			fail_msg("%s has %zu codes, not %zu", list->name, list->n_codes, sizes[i].n);
	}
	assert_non_null(code_find(code_list_find("iso4217"), "COP"));
	assert_null(code_find(code_list_find("iso4217"), "cop"));
}

static void test_nearest(void **state)
{
	(void)state;
	assert_string_equal(kinds_nearest_kind("acter"), "actor");
	assert_string_equal(kinds_nearest_kind("comitment"), "commitment");
	assert_string_equal(kinds_nearest_kind("tei"), "tie");
	/* two swaps are two edits, not four */
	assert_string_equal(kinds_nearest_kind("gareemetn"), "agreement");
	assert_null(kinds_nearest_kind("helicopter"));
	assert_null(kinds_nearest_kind("zzz"));
	assert_null(kinds_nearest_kind(""));
	assert_null(kinds_nearest_kind("commitmentcommitmentcommitmentcommitmentcommitment"));
	assert_string_equal(kind_nearest_field(kind_of("actor"), "nmae"), "name");
	assert_string_equal(kind_nearest_field(kind_of("incident"), "deaths_hihg"), "deaths_high");
	assert_null(kind_nearest_field(kind_of("actor"), "wavelength"));
}

static void test_describe(void **state)
{
	static const struct {
		const char *kind, *field, *words;
	} cases[] = {
		{ "actor", "name", "a text of at most 200 characters" },
		{ "plan", "steps", "a list, each a text of at most 500 characters" },
		{ "person", "actor", "the id of an actor" },
		{ "tie", "from", "the id of an object" },
		{ "commitment", "strength", "one of: must, shall, should, may, can" },
		{ "actor", "type", "a code of the list actor_type (see docs/vocabulary.md)" },
		{ "pulse", "heard", "a whole number from 1 to 5 (of 5)" },
		{ "tie", "strength", "a decimal from 0 to 1 (share)" },
		{ "actor", "armed", "true or false" },
		{ "actor", "founded", "a date such as 2016-11-24 or 2016-11-24T14:05Z" },
	};
	char words[256], few[8];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		field_describe(field_of(cases[i].kind, cases[i].field), words, sizeof words);
		assert_string_equal(words, cases[i].words);
	}
	field_describe(field_of("actor", "name"), few, sizeof few);
	assert_string_equal(few, "a text ");
	field_describe(field_of("actor", "name"), NULL, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_promised_kind_is_there),
		cmocka_unit_test(test_kinds_are_well_formed),
		cmocka_unit_test(test_fields_are_well_formed_and_examples_fit),
		cmocka_unit_test(test_fields_do_not_hide_members_of_the_claim),
		cmocka_unit_test(test_events_and_sensitive_kinds),
		cmocka_unit_test(test_families),
		cmocka_unit_test(test_code_lists_are_well_formed),
		cmocka_unit_test(test_standard_lists_are_whole),
		cmocka_unit_test(test_nearest),
		cmocka_unit_test(test_describe),
	};

	return run_tests("record/kinds", tests);
}
