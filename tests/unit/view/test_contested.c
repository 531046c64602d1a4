/* Which value is shown first, and what is contested: against a naive reckoning over all claims, and by hand. */
#include "unit/view/fixture.h"

#include "record/kinds/kinds.h"

/* --- the model: plain loops over the whole history ---------------------------------------------------------- */

struct model {
	const struct op *ops;
	size_t n;
	uint8_t (*ids)[ID_BYTES];
	bool *effective;
};

static bool is_redacted(const struct op *ops, size_t n, size_t i)
{
	for (size_t j = 0; j < n; j++)
		if (ops[j].type == OP_REDACT && ops[j].target == i && op_touches(&ops[j], &ops[i]))
			return true;
	return false;
}

static bool is_retracted(const struct op *ops, size_t n, size_t i)
{
	for (size_t j = 0; j < n; j++)
		if (ops[j].type == OP_RETRACT && ops[j].target == i && op_touches(&ops[j], &ops[i]) &&
		    !is_redacted(ops, n, j))
			return true;
	return false;
}

static void model_init(struct model *m, const struct op *ops, size_t n)
{
	*m = (struct model){ .ops = ops, .n = n };
	m->ids = mem_alloc(n * sizeof *m->ids);
	m->effective = mem_alloc(n * sizeof *m->effective);
	for (size_t i = 0; i < n; i++) {
		op_id((uint32_t)i, m->ids[i]);
		m->effective[i] = ops[i].type == OP_CLAIM && !is_redacted(ops, n, i) && !is_retracted(ops, n, i);
	}
}

static void model_release(struct model *m)
{
	free(m->ids);
	free(m->effective);
}

static int64_t known_ms(const struct op *op)
{
	return op->known ? DAY_0 + op->known * DAY : op->time;
}

/* Who says it, as a number: organisations from 1, others from 201. */
static int speaker(const struct op *op)
{
	return op->says ? 200 + op->says : op->device / 10;
}

static bool is_later(const struct model *m, size_t a, size_t b)
{
	const struct op *x = &m->ops[a], *y = &m->ops[b];

	if (x->has_when != y->has_when)
		return x->has_when;
	if (x->has_when && x->when != y->when)
		return x->when > y->when;
	if (known_ms(x) != known_ms(y))
		return known_ms(x) > known_ms(y);
	if (x->time != y->time)
		return x->time > y->time;
	if (op_seq(a) != op_seq(b))
		return op_seq(a) > op_seq(b);
	return memcmp(m->ids[a], m->ids[b], ID_BYTES) > 0;
}

static bool is_better(const struct model *m, size_t a, size_t b)
{
	const struct op *x = &m->ops[a], *y = &m->ops[b];

	if (x->grade != y->grade)
		return x->grade < y->grade;
	if (known_ms(x) != known_ms(y))
		return known_ms(x) > known_ms(y);
	if (x->time != y->time)
		return x->time > y->time;
	if (op_seq(a) != op_seq(b))
		return op_seq(a) > op_seq(b);
	return memcmp(m->ids[a], m->ids[b], ID_BYTES) < 0;
}

/* Which field of which kind a name is, wherever it stands: an object may get claims of several kinds. */
static bool says_field(const struct model *m, size_t i, int obj, const char *field, int *ret_place)
{
	if (!m->effective[i] || m->ops[i].obj != obj)
		return false;
	for (int f = 0; f < OP_FIELDS; f++) {
		if (strcmp(op_kinds[m->ops[i].kind].fields[f], field) == 0 && m->ops[i].values[f]) {
			*ret_place = f;
			return true;
		}
	}
	return false;
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void value_of(const struct op *op, int place, bool sorted, char ret[100])
{
	char values[OP_VALUES][24];
	const int n = op_values(op, place, values);
	struct buf text;

	if (sorted)
		qsort(values, (size_t)n, sizeof values[0], compare_texts);
	buf_init(&text, 100);
	for (int i = 0; i < n; i++)
		buf_printf(&text, "%s%s", i > 0 ? "\x1f" : "", values[i]);
	assert_false(text.overflowed);
	snprintf(ret, 100, "%s", buf_str(&text));
	buf_release(&text);
}

/* The model's word on one field of one object: what is shown ("" if nobody said), how many different values. */
static void model_field(const struct model *m, int obj, const char *field, char ret_shown[100], int *ret_n_values)
{
	char contents[256][100];
	size_t best = SIZE_MAX;
	int n_contents = 0, place = 0;

	for (size_t i = 0; i < m->n; i++) {
		bool latest = says_field(m, i, obj, field, &place), known = false;
		char content[100];
		int other;

		for (size_t j = 0; latest && j < m->n; j++)
			if (j != i && says_field(m, j, obj, field, &other) &&
			    speaker(&m->ops[j]) == speaker(&m->ops[i]) && is_later(m, j, i))
				latest = false;
		if (!latest)
			continue;
		if (best == SIZE_MAX || is_better(m, i, best))
			best = i;
		value_of(&m->ops[i], place, true, content);
		for (int k = 0; k < n_contents; k++)
			known |= strcmp(contents[k], content) == 0;
		if (!known)
			memcpy(contents[n_contents++], content, sizeof content);
	}
	*ret_n_values = n_contents;
	ret_shown[0] = '\0';
	if (best != SIZE_MAX && says_field(m, best, obj, field, &place))
		value_of(&m->ops[best], place, false, ret_shown);
}

static bool is_recorded_before(const struct model *m, size_t a, size_t b)
{
	if (m->ops[a].time != m->ops[b].time)
		return m->ops[a].time < m->ops[b].time;
	if (op_seq(a) != op_seq(b))
		return op_seq(a) < op_seq(b);
	return memcmp(m->ids[a], m->ids[b], ID_BYTES) < 0;
}

/* The kind of the effective claim recorded first, or -1 without any. */
static int model_kind(const struct model *m, int obj, int *ret_n_claims)
{
	size_t first = SIZE_MAX;

	*ret_n_claims = 0;
	for (size_t i = 0; i < m->n; i++) {
		if (!m->effective[i] || m->ops[i].obj != obj)
			continue;
		++*ret_n_claims;
		if (first == SIZE_MAX || is_recorded_before(m, i, first))
			first = i;
	}
	return first == SIZE_MAX ? -1 : m->ops[first].kind;
}

/* --- comparison -------------------------------------------------------------------------------------------- */

static int compare_field(struct view *view, const struct model *m, int obj, int kind, const char *field)
{
	char shown[100], sql[300], n_text[24];
	int n_values;

	model_field(m, obj, field, shown, &n_values);
	snprintf(sql, sizeof sql, "SELECT n_values FROM contested WHERE lower(hex(obj)) = '%s' AND field = '%s'",
		 obj_hex(obj), field);
	snprintf(n_text, sizeof n_text, "%d", n_values);
	assert_string_equal(ask(view, sql), n_values > 1 ? n_text : "(none)");
	if (strcmp(op_kinds[kind].name, "zebra") != 0 && kind_field(kind_find(op_kinds[kind].name), field)) {
		snprintf(sql, sizeof sql, "SELECT \"%s\" FROM k_%s WHERE lower(hex(obj)) = '%s'", field,
			 op_kinds[kind].name, obj_hex(obj));
		assert_string_equal(ask(view, sql), shown[0] ? shown : "(null)");
	}
	return n_values > 1;
}

static int compare_object(struct view *view, const struct model *m, int obj)
{
	static const char *const fields[] = { "name", "title", "areas", "languages", "strength", "planned", "zz" };
	int n_claims, contested = 0;
	const int kind = model_kind(m, obj, &n_claims);
	char sql[200], expected[100];

	snprintf(sql, sizeof sql,
		 "SELECT kind || ' ' || n_claims || ' ' || n_contested FROM object WHERE lower(hex(obj)) = '%s'",
		 obj_hex(obj));
	if (kind < 0) {
		expect_ask(view, sql, "(none)");
		return 0;
	}
	for (size_t i = 0; i < ARRAY_LEN(fields); i++)
		contested += compare_field(view, m, obj, kind, fields[i]);
	snprintf(expected, sizeof expected, "%s %d %d", op_kinds[kind].name, n_claims, contested);
	expect_ask(view, sql, expected);
	return contested;
}

static void test_random_histories(void **state)
{
	const uint64_t n_seeds = getenv("PARLEY_SOAK") ? 50 : 3;
	int contested = 0;

	(void)state;
	for (uint64_t seed = 100; seed < 100 + n_seeds; seed++) {
		const size_t n = 600;
		struct op *ops = history_random(seed, n);
		struct fixture f;
		struct model m;

		fixture_init(&f);
		for (size_t i = 0; i < n; i++)
			history_put(&f.record, ops, i);
		apply_all(&f);
		model_init(&m, ops, n);
		for (int obj = 0; obj <= 61; obj++)
			contested += compare_object(f.view, &m, obj);
		assert_int_equal(strtol(ask(f.view, "SELECT count(*) FROM contested"), NULL, 10) > 0, 1);
		model_release(&m);
		fixture_release(&f);
		free(ops);
	}
	assert_true(contested > 100); /* the histories must have something to contest */
}

/* --- by hand ----------------------------------------------------------------------------------------------- */

/* "The army says 20, the guerrilla says 12": one author, two who say it. */
static void test_two_say_different_things(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "incident", 1, "\"deaths_best\":20", ",\"says\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"");
	put_claim(&f, "incident", 1, "\"deaths_best\":12", ",\"says\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"");
	apply_all(&f);
	expect_ask(f.view, "SELECT field || n_values FROM contested", "deaths_best2");
	/* the first of them agrees: nothing is contested any more */
	put_claim(&f, "incident", 1, "\"deaths_best\":12", ",\"says\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"");
	apply_all(&f);
	expect_ask(f.view, "SELECT count(*) FROM contested", "0");
	expect_ask(f.view, "SELECT n_contested FROM object", "0");
	fixture_release(&f);
}

static void test_who_corrects_himself_contests_nothing(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"strength\":1", ",\"when\":\"2016-02\"");
	put_claim(&f, "actor", 1, "\"strength\":2", ",\"when\":\"2016-01\"");
	put_claim(&f, "actor", 1, "\"strength\":3", "");
	apply_all(&f);
	expect_ask(f.view, "SELECT strength FROM k_actor", "1"); /* the latest `when`, not the latest entry */
	expect_ask(f.view, "SELECT count(*) FROM contested", "0");
	fixture_release(&f);
}

static void test_grade_decides_what_is_shown(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"strength\":1", ",\"says\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"grade\":\"B1\"");
	put_claim(&f, "actor", 1, "\"strength\":2", ",\"says\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\",\"grade\":\"A6\"");
	put_claim(&f, "actor", 1, "\"strength\":3", ",\"says\":\"cccccccccccccccccccccccccccccccc\"");
	put_claim(&f, "actor", 1, "\"strength\":4", ",\"says\":\"dddddddddddddddddddddddddddddddd\",\"grade\":\"X9\"");
	apply_all(&f);
	expect_ask(f.view, "SELECT strength FROM k_actor", "2");
	expect_ask(f.view, "SELECT n_values FROM contested", "4");
	fixture_release(&f);
}

/* The same things in another order are the same. */
static void test_lists_are_compared_as_sets(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"areas\":[\"Meta\",\"Cauca\"]",
		  ",\"says\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\",\"grade\":\"A1\"");
	put_claim(&f, "actor", 1, "\"areas\":[\"Cauca\",\"Meta\"]", ",\"says\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"");
	apply_all(&f);
	expect_ask(f.view, "SELECT count(*) FROM contested", "0");
	expect_ask(f.view, "SELECT areas FROM k_actor",
		   "Meta\x1f"
		   "Cauca");
	put_claim(&f, "actor", 1, "\"areas\":[\"Cauca\"]", ",\"says\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\"");
	apply_all(&f);
	expect_ask(f.view, "SELECT n_values FROM contested", "2");
	fixture_release(&f);
}

static void test_kind_follows_the_first_claim(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"a\"", "");
	put_claim(&f, "person", 1, "\"name\":\"b\",\"office\":\"o\"", "");
	apply_all(&f);
	expect_ask(f.view, "SELECT kind FROM object", "actor");
	expect_ask(f.view, "SELECT count(*) FROM k_person", "0");
	put_mention(&f, "retract", f.record.entries[0].id);
	apply_all(&f);
	expect_ask(f.view, "SELECT kind || label FROM object", "personb");
	expect_ask(f.view, "SELECT (SELECT count(*) FROM k_actor) || (SELECT office FROM k_person)", "0o");
	fixture_release(&f);
}

static void test_span_of_an_object(void **state)
{
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "tie", 1, "\"code\":\"funds\"", "");
	put_claim(&f, "tie", 1, "\"code\":\"funds\"", ",\"when\":\"2014/2015\"");
	put_claim(&f, "tie", 1, "\"code\":\"funds\"", ",\"when\":\"2013-06-01\"");
	apply_all(&f);
	expect_ask(f.view, "SELECT when_from || '|' || when_to FROM object", "1370044800000|1451606400000");
	put_claim(&f, "tie", 1, "\"code\":\"funds\"", ",\"when\":\"2016/..\"");
	apply_all(&f);
	expect_ask(f.view, "SELECT when_to FROM object", "9223372036854775807");
	fixture_release(&f);
}

static void note_rank(void *ctx, const char *field, int64_t n, enum rank rank)
{
	char *out = ctx;

	if (strcmp(field, "strength") == 0)
		out[n] = "olf"[rank];
}

static void test_ranks(void **state)
{
	uint8_t obj[OBJECT_ID_BYTES];
	char ranks[6] = " ----";
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"strength\":1", ",\"grade\":\"A1\"");
	put_claim(&f, "actor", 1, "\"strength\":2", ",\"says\":\"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\",\"grade\":\"C3\"");
	put_claim(&f, "actor", 1, "\"name\":\"x\"", "");
	put_claim(&f, "actor", 1, "\"strength\":3", "");
	apply_all(&f);
	memset(obj, 1, sizeof obj);
	expect_ok(view_ranks(f.view, obj, note_rank, ranks, &f.err), &f.err);
	assert_string_equal(ranks, " of-l");
	expect_ask(f.view, "SELECT strength FROM k_actor", "2");
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random_histories),
		cmocka_unit_test(test_two_say_different_things),
		cmocka_unit_test(test_who_corrects_himself_contests_nothing),
		cmocka_unit_test(test_grade_decides_what_is_shown),
		cmocka_unit_test(test_lists_are_compared_as_sets),
		cmocka_unit_test(test_kind_follows_the_first_claim),
		cmocka_unit_test(test_span_of_an_object),
		cmocka_unit_test(test_ranks),
	};

	return run_tests("view/contested", tests);
}
