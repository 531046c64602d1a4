/* Who may be who: forms of names, pairs proposed, pairs judged. */
#include "unit/view/fixture.h"

#include "base/bytes.h"
#include "node/same.h"

struct seen {
	struct fixture f;
	struct arena a;
};

static int set_up(void **state)
{
	struct seen *s = mem_alloc(sizeof *s);

	*s = (struct seen){ 0 };
	fixture_init(&s->f);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct seen *s = *state;

	arena_release(&s->a);
	fixture_release(&s->f);
	free(s);
	return 0;
}

/* --- forms of names ---------------------------------------------------------------------------------------- */

static void expect_forms(struct seen *s, const char *name, const char *const *forms)
{
	const char *got[SAME_FORMS_MAX];
	const size_t n = same_name_forms(&s->a, name, got);
	size_t i = 0;

	for (; forms[i]; i++) {
		assert_true(i < n);
		assert_string_equal(got[i], forms[i]);
	}
	assert_int_equal(n, i);
}

#define EXPECT_FORMS(s, name, ...) expect_forms(s, name, (const char *const[]){ __VA_ARGS__, NULL })

static void test_plain_forms(void **state)
{
	struct seen *s = *state;

	EXPECT_FORMS(s, "FARC-EP", "farc ep");
	EXPECT_FORMS(s, "The Government of Colombia", "government colombia");
	EXPECT_FORMS(s, "Gobierno de la República", "gobierno republica");
	EXPECT_FORMS(s, "  People's   Protection—Units. ", "peoples protection units");
	EXPECT_FORMS(s, "Şanlıurfa İli", "sanliurfa ili");
	EXPECT_FORMS(s, "Straße Łódź Æther Þór", "strasse lodz aether thor");
	EXPECT_FORMS(s, "Nguyễn", "nguyen");
	EXPECT_FORMS(s, "e\xcc\x81lan", "elan"); /* the accent as a character of its own */
	EXPECT_FORMS(s, "ОБСЕ Ёлка ΑΒΓ", "обсе ёлка αβγ");
	EXPECT_FORMS(s, "لجنة السلام", "لجنة السلام");
	EXPECT_FORMS(s, "平和", "平和");
	EXPECT_FORMS(s, "M-19", "m 19");
	EXPECT_FORMS(s, "La De", "la de"); /* nothing but small words */
}

static void test_brackets(void **state)
{
	struct seen *s = *state;

	EXPECT_FORMS(s, "Islamic State (ISIL)", "islamic state isil", "islamic state", "isil");
	EXPECT_FORMS(s, "Army [North (old)]", "army north old", "army", "north old");
	EXPECT_FORMS(s, "Army )(", "army");
	EXPECT_FORMS(s, "Army (B)", "army b", "army"); /* one letter says nothing */
}

static void test_no_forms(void **state)
{
	struct seen *s = *state;
	const char *got[SAME_FORMS_MAX];

	assert_int_equal(same_name_forms(&s->a, "", got), 0);
	assert_int_equal(same_name_forms(&s->a, "X", got), 0);
	assert_int_equal(same_name_forms(&s->a, "... (!) ...", got), 0);
}

/* --- pairs ------------------------------------------------------------------------------------------------- */

static struct same_list find_pairs(struct seen *s, size_t limit)
{
	struct same_list list = { 0 };

	apply_all(&s->f);
	expect_ok(same_find(s->f.view, &s->a, limit, &list, &s->f.err), &s->f.err);
	return list;
}

static void expect_pair(const struct same_pair *pair, int one, int other, const char *why)
{
	char hex[2 * OBJECT_ID_BYTES + 1];

	hex_encode(pair->one, OBJECT_ID_BYTES, hex);
	assert_string_equal(hex, obj_hex(one));
	hex_encode(pair->other, OBJECT_ID_BYTES, hex);
	assert_string_equal(hex, obj_hex(other));
	assert_string_equal(pair->why, why);
}

static void test_shared_number(void **state)
{
	struct seen *s = *state;
	struct same_list list;
	char more[80];

	put_claim(&s->f, "actor", 2, "\"name\":\"FARC-EP\",\"external_ids\":[\"ucdp:743\"]", "");
	put_claim(&s->f, "actor", 1, "\"name\":\"Government of Colombia - FARC\",\"external_ids\":[\"x:1\"]", "");
	/* another sayer's later word, not the one shown first, counts too */
	snprintf(more, sizeof more, ",\"says\":\"%s\",\"grade\":\"F6\"", obj_hex(9));
	put_claim(&s->f, "actor", 1, "\"external_ids\":[\"gw:100\",\"ucdp:743\"]", more);
	/* a person is no actor */
	put_claim(&s->f, "person", 3, "\"name\":\"FARC-EP\",\"external_ids\":[\"ucdp:743\"]", "");
	list = find_pairs(s, 0);
	assert_int_equal(list.n_all, 1);
	expect_pair(&list.items[0], 1, 2, "both have ucdp:743");
	assert_string_equal(list.items[0].kind, "actor");
	assert_string_equal(list.items[0].labels[1], "FARC-EP");
}

static void test_shared_names(void **state)
{
	struct seen *s = *state;
	struct same_list list;
	char set[120];

	put_claim(&s->f, "actor", 1, "\"name\":\"Islamic State (ISIL)\"", "");
	put_claim(&s->f, "actor", 2, "\"name\":\"Daesh\",\"short\":\"Isil\"", "");
	put_claim(&s->f, "actor", 3, "\"name\":\"Somebody\"", "");
	snprintf(set, sizeof set, "\"of\":\"%s\",\"text\":\"The Islamic State\"", obj_hex(3));
	put_claim(&s->f, "name", 4, set, "");
	/* what is in brackets alone makes no pair */
	put_claim(&s->f, "actor", 5, "\"name\":\"Army (North)\"", "");
	put_claim(&s->f, "actor", 6, "\"name\":\"Police (North)\"", "");
	put_claim(&s->f, "actor", 7, "\"name\":\"Army (South)\"", "");
	/* a name of nobody known, and of something that is neither */
	snprintf(set, sizeof set, "\"of\":\"%s\",\"text\":\"Daesh\"", obj_hex(88));
	put_claim(&s->f, "name", 8, set, "");
	list = find_pairs(s, 0);
	assert_int_equal(list.n_all, 2);
	expect_pair(&list.items[0], 1, 2, "Islamic State (ISIL) / Isil");
	expect_pair(&list.items[1], 1, 3, "Islamic State (ISIL) / The Islamic State");
}

static void put_identity(struct seen *s, int obj, int one, int other, const char *verdict, const char *more)
{
	char set[200];

	snprintf(set, sizeof set, "\"one\":\"%s\",\"other\":\"%s\",\"verdict\":\"%s\"", obj_hex(one), obj_hex(other),
		 verdict);
	put_claim(&s->f, "identity", obj, set, more);
}

static void test_judged_are_left_out(void **state)
{
	struct seen *s = *state;
	struct same_list list;

	for (int i = 1; i <= 3; i++)
		put_claim(&s->f, "actor", i, "\"name\":\"Movement\"", "");
	put_identity(s, 10, 2, 1, "unsure", "");
	list = find_pairs(s, 0);
	assert_int_equal(list.n_all, 2);
	expect_pair(&list.items[0], 1, 3, "both are called Movement");
	expect_pair(&list.items[1], 2, 3, "both are called Movement");
}

/* What is one by two judgements is one; and who is judged different from one of them is judged. */
static void test_sets(void **state)
{
	struct seen *s = *state;
	struct same_list list;

	for (int i = 1; i <= 5; i++)
		put_claim(&s->f, "actor", i, "\"name\":\"Movement\"", "");
	put_identity(s, 10, 1, 2, "same", "");
	put_identity(s, 11, 2, 3, "same", "");
	put_identity(s, 12, 3, 4, "different", "");
	list = find_pairs(s, 0);
	assert_int_equal(list.n_all, 2);
	expect_pair(&list.items[0], 1, 5, "both are called Movement");
	expect_pair(&list.items[1], 4, 5, "both are called Movement");
}

static void test_limit(void **state)
{
	struct seen *s = *state;
	struct same_list list;

	for (int i = 1; i <= 5; i++)
		put_claim(&s->f, "person", i, "\"name\":\"Ana Torres\"", "");
	list = find_pairs(s, 4);
	assert_int_equal(list.n, 4);
	assert_int_equal(list.n_all, 10);
	assert_string_equal(list.items[0].kind, "person");
}

/* What publishers number among themselves comes behind. */
static void test_own_first(void **state)
{
	struct seen *s = *state;
	struct same_list list;
	char more[80];

	snprintf(more, sizeof more, ",\"says\":\"%s\"", obj_hex(9));
	put_claim(&s->f, "actor", 1, "\"name\":\"A\",\"external_ids\":[\"a:1\"]", more);
	put_claim(&s->f, "actor", 2, "\"name\":\"B\",\"external_ids\":[\"a:1\"]", more);
	put_claim(&s->f, "actor", 3, "\"name\":\"Zebras\"", "");
	put_claim(&s->f, "actor", 4, "\"name\":\"The Zebras\"", more);
	list = find_pairs(s, 1);
	assert_int_equal(list.n_all, 2);
	expect_pair(&list.items[0], 3, 4, "Zebras / The Zebras");
}

/* Of many that share a name each is paired with the first. */
static void test_many_share(void **state)
{
	struct seen *s = *state;
	struct same_list list;
	const int n = SAME_SHARED_MAX + 5;

	for (int i = 1; i <= n; i++)
		put_claim(&s->f, "actor", i, "\"name\":\"Unidentified armed group\"", "");
	list = find_pairs(s, 0);
	assert_int_equal(list.n_all, n - 1);
	for (int i = 2; i <= n; i++)
		expect_pair(&list.items[i - 2], 1, i, "both are called Unidentified armed group");
}

static void test_nobody(void **state)
{
	assert_int_equal(find_pairs(*state, 0).n_all, 0);
}

/* --- judgements -------------------------------------------------------------------------------------------- */

static enum same_verdict judged(struct seen *s, size_t expected, size_t at)
{
	struct same_judged *list = NULL;
	size_t n = 0;

	apply_all(&s->f);
	expect_ok(same_read_judged(s->f.view, &s->a, &list, &n, &s->f.err), &s->f.err);
	assert_int_equal(n, expected);
	return list[at].verdict;
}

static const char *said_by(int actor)
{
	static char more[80];

	snprintf(more, sizeof more, ",\"says\":\"%s\"", obj_hex(actor));
	return more;
}

static void test_judgements(void **state)
{
	struct seen *s = *state;

	put_identity(s, 10, 1, 2, "same", said_by(50));
	assert_int_equal(judged(s, 1, 0), SAME_YES);
	/* the other way round, under another object, by another: it is the same pair */
	put_identity(s, 11, 2, 1, "unsure", said_by(51));
	assert_int_equal(judged(s, 1, 0), SAME_YES);
	put_identity(s, 11, 2, 1, "different", said_by(51));
	assert_int_equal(judged(s, 1, 0), SAME_DISPUTED);
	/* who said the same takes it back by a later word */
	put_identity(s, 10, 1, 2, "different", said_by(50));
	assert_int_equal(judged(s, 1, 0), SAME_NO);
	put_identity(s, 12, 3, 4, "unsure", "");
	assert_int_equal(judged(s, 2, 1), SAME_UNSURE);
	/* oneself is no pair */
	put_identity(s, 13, 5, 5, "same", "");
	assert_int_equal(judged(s, 2, 0), SAME_NO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_plain_forms, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_brackets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_no_forms, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_shared_number, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_shared_names, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_judged_are_left_out, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_sets, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_limit, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_own_first, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_many_share, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_nobody, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_judgements, set_up, tear_down),
	};

	return run_tests("same", tests);
}
