/* How people find things: labels, ids, words. */
#include "unit/view/fixture.h"

static void expect_label(struct fixture *f, int obj, const char *expected)
{
	uint8_t id[OBJECT_ID_BYTES];
	char label[200];

	memset(id, obj, sizeof id);
	view_label(f->view, id, label, sizeof label);
	assert_string_equal(label, expected);
}

static void test_labels(void **state)
{
	struct fixture f;
	char set[200];

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"FARC-EP\"", "");
	put_claim(&f, "actor", 2, "\"name\":\"ELN\"", "");
	put_claim(&f, "actor", 3, "\"level\":\"top\"", "");
	snprintf(set, sizeof set, "\"from\":\"%s\",\"to\":\"%s\",\"code\":\"hostile_to\"", obj_hex(1), obj_hex(2));
	put_claim(&f, "tie", 4, set, "");
	snprintf(set, sizeof set, "\"from\":\"%s\",\"to\":\"%s\"", obj_hex(3), obj_hex(9));
	put_claim(&f, "tie", 5, set, "");
	put_claim(&f, "tie", 6, "\"code\":\"funds\"", "");
	put_claim(&f, "zebra", 7, "\"name\":\"x\"", "");
	put_claim(&f, "actor", 8, "\"name\":\"\"", "");
	apply_all(&f);
	expect_label(&f, 1, "FARC-EP");
	expect_label(&f, 3, "actor 03030303");
	expect_label(&f, 4, "FARC-EP - ELN (hostile_to)");
	expect_label(&f, 5, "actor 03030303 - object 09090909");
	expect_label(&f, 6, "tie 06060606");
	expect_label(&f, 7, "zebra 07070707");
	expect_label(&f, 8, "actor 08080808");
	expect_label(&f, 9, "object 09090909");
	fixture_release(&f);
}

/* Cut between characters, at every length. */
static void test_labels_are_cut_whole(void **state)
{
	uint8_t id[OBJECT_ID_BYTES];
	struct fixture f;
	char label[32];

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"añ世𝄞z\"", ""); /* 1, 2, 3, 4 and 1 bytes */
	apply_all(&f);
	memset(id, 1, sizeof id);
	for (size_t cap = 1; cap <= sizeof label; cap++) {
		view_label(f.view, id, label, cap);
		assert_true(strlen(label) < cap);
		assert_true(utf8_valid(label, strlen(label)));
		assert_true(strlen(label) + 5 > cap || cap > 11);
	}
	assert_string_equal(label, "añ世𝄞z");
	fixture_release(&f);
}

static void test_find_object(void **state)
{
	static const struct {
		const char *text;
		int code;
		const char *part;
	} cases[] = {
		{ "abcdef00000000000000000000000001", 0, NULL },
		{ "abcdef00000000000000000000000002", 0, NULL },
		{ "abcdef00000000000000000000000003", E_NOT_FOUND, "no such object" },
		{ "abcdef", E_INVALID, "2 objects" },
		{ "abcde", E_INVALID, "2 objects" },
		{ "0101", 0, NULL },
		{ "01010", 0, NULL },
		{ "0102", E_NOT_FOUND, NULL },
		{ "010", E_INVALID, "4 to 32" },
		{ "", E_INVALID, NULL },
		{ "ABCDEF", E_INVALID, "lower-case" },
		{ "01010101010101010101010101010101ff", E_INVALID, NULL },
		{ "@havana/table", 0, NULL },
		{ "@havana/tables", E_NOT_FOUND, NULL },
		{ "@Havana", E_INVALID, "label" },
	};
	struct fixture f;
	char text[200], hex[33];
	uint8_t id[OBJECT_ID_BYTES];

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1, "\"name\":\"x\"", "");
	expect_ok(object_id_parse("@havana/table", id, &f.err), &f.err);
	hex_encode(id, sizeof id, hex);
	for (int i = 0; i < 3; i++) {
		snprintf(text, sizeof text,
			 "{\"t\":\"claim\",\"v\":1,\"kind\":\"actor\",\"id\":\"%s\",\"set\":{\"name\":\"x\"}}",
			 i == 2 ? hex
			 : i    ? "abcdef00000000000000000000000001"
				: "abcdef00000000000000000000000002");
		put(&f, CLASS_CLAIM, text);
	}
	apply_all(&f);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t found[OBJECT_ID_BYTES] = { 0 };

		if (cases[i].code == 0) {
			expect_ok(view_find_object(f.view, cases[i].text, found, &f.err), &f.err);
			hex_encode(found, sizeof found, hex);
			if (cases[i].text[0] != '@')
				assert_memory_equal(hex, cases[i].text, strlen(cases[i].text));
			else
				assert_memory_equal(found, id, sizeof id);
		} else {
			expect_err(view_find_object(f.view, cases[i].text, found, &f.err), cases[i].code, &f.err,
				   cases[i].part);
			assert_true(bytes_are_zero(found, sizeof found));
		}
	}
	fixture_release(&f);
}

static void test_search(void **state)
{
	static const struct {
		const char *words, *rows;
	} cases[] = {
		{ "caqueta", "1" },
		{ "CAQUETÁ", "1" },
		{ "Caquetá", "1" },
		{ "insurgent", "1" },                        /* plain words of a code */
		{ "communique", "2" },                       /* source */
		{ "acordado", "2" },                         /* quote */
		{ "remark", "2" },                           /* note */
		{ "stripes OR zebra*", "3" },                /* values of fields that nobody knows, not their names */
		{ "ghost", "-" },                            /* retracted */
		{ "01010101010101010101010101010101", "-" }, /* ids are no words */
	};
	struct fixture f;

	(void)state;
	fixture_init(&f);
	put_claim(&f, "actor", 1,
		  "\"name\":\"Frente Sur\",\"type\":\"insurgent_group\",\"areas\":[\"Caquetá\",\"Meta\"]", "");
	put_claim(&f, "tie", 2, "\"from\":\"01010101010101010101010101010101\"",
		  ",\"source\":\"Joint communiqué 1\",\"quote\":\"han acordado\",\"note\":\"a remark\"");
	put_claim(&f, "unheard", 3, "\"zebras\":[\"zebra one\"],\"n\":5", "");
	put_mention(&f, "retract", put_claim(&f, "actor", 1, "\"name\":\"ghost\"", "")->id);
	apply_all(&f);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct stmt *s = NULL;
		int rc;

		expect_ok(db_prepare(view_db(f.view),
				     "SELECT group_concat(rowid, ' ') FROM search WHERE search MATCH ?", &s, &f.err),
			  &f.err);
		stmt_bind_text(s, 1, cases[i].words);
		rc = stmt_step(s, &f.err);
		assert_int_equal(rc, 1);
		assert_string_equal(stmt_is_null(s, 0) ? "-" : stmt_text(s, 0), cases[i].rows);
		stmt_reset(s);
	}
	fixture_release(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_labels_are_cut_whole),
		cmocka_unit_test(test_find_object),
		cmocka_unit_test(test_search),
	};

	return run_tests("view/label", tests);
}
