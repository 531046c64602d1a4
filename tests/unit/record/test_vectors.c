/* The published cases of tests/vectors/envelope.json: what each reader must say of them. */
#include "base/limits.h"
#include "record/body.h"
#include "support/test.h"

#define LINE_MAX (2 * ENTRY_MAX + 4096)

/* Format 5.1: an unknown code is valid, and grade and tlp are codes. The cases were made before that was said. */
static const char *const unsettled[] = { "form: grade G1", "form: grade A7", "form: tlp white" };

struct vector {
	char name[128], chain[8], open[16], body[16];
	uint8_t entry[ENTRY_MAX + 4096];
	size_t n, prefix;
	bool has_key;
	uint8_t key[KEY_BYTES];
};

/* The value of a member in a line: where it begins, its length; quotes are left out. */
static const char *member(const char *line, const char *name, size_t *ret_n)
{
	char key[64];
	const char *at;

	snprintf(key, sizeof key, "\"%s\": ", name);
	at = strstr(line, key);
	if (!at) {
		fail_msg("a case has no %s", name);
		abort();
	}
	at += strlen(key);
	*ret_n = *at == '"' ? strcspn(at + 1, "\"") : strcspn(at, ",}");
	return *at == '"' ? at + 1 : at;
}

static void read_word(const char *line, const char *name, char *out, size_t cap)
{
	size_t n;
	const char *at = member(line, name, &n);

	assert_true(n < cap);
	memcpy(out, at, n);
	out[n] = '\0';
}

static void read_vector(const char *line, struct vector *v)
{
	char prefix[16];
	const char *hex;
	size_t n;

	read_word(line, "name", v->name, sizeof v->name);
	read_word(line, "chain", v->chain, sizeof v->chain);
	read_word(line, "open", v->open, sizeof v->open);
	read_word(line, "body", v->body, sizeof v->body);
	read_word(line, "prefix", prefix, sizeof prefix);
	v->prefix = strtoul(prefix, NULL, 10);
	hex = member(line, "entry", &n);
	v->n = n / 2;
	assert_true(v->n <= sizeof v->entry);
	assert_int_equal(hex_decode(hex, n, v->entry, v->n), 0);
	hex = member(line, "key", &n);
	v->has_key = n == 2 * KEY_BYTES;
	assert_int_equal(v->has_key ? hex_decode(hex, n, v->key, KEY_BYTES) : 0, 0);
}

static const char *word_of(int rc)
{
	switch (rc) {
	case 0:
		return "ok";
	case E_DENIED:
		return "keys-differ";
	case E_NOT_FOUND:
		return "absent";
	default:
		return "bad";
	}
}

static bool is_unsettled(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(unsettled); i++)
		if (strcmp(unsettled[i], name) == 0)
			return true;
	return false;
}

static void check_body(const struct vector *v, const struct envelope *e)
{
	static uint8_t out[SECTION_MAX + 1];
	const struct bytes entry = BYTES(v->entry, v->n);
	struct arena a = { 0 };
	struct body body;
	size_t n = 0;
	int rc;

	if (e->cls >= 128) {
		assert_string_equal(v->open, "ignored");
		return;
	}
	rc = entry_open(entry, e, e->cls == CLASS_SIGCHAIN ? NULL : v->key, v->prefix, out, &n, NULL);
	if (strcmp(word_of(rc), v->open) != 0)
		fail_msg("%s: opening says %s, expected %s", v->name, word_of(rc), v->open);
	if (rc == 0)
		rc = body_check(&a, entry, e, BYTES(out, n), &body, NULL) < 0 ? E_INVALID : 0;
	if (strcmp(word_of(rc), v->body) != 0 && !is_unsettled(v->name))
		fail_msg("%s: its body is %s, expected %s", v->name, word_of(rc), v->body);
	arena_release(&a);
}

static void test_every_case(void **state)
{
	FILE *f = fopen("tests/vectors/envelope.json", "r");
	char *line = malloc(LINE_MAX);
	size_t n = 0, n_bodies = 0;

	(void)state;
	assert_non_null(f);
	assert_non_null(line);
	while (fgets(line, LINE_MAX, f)) {
		static struct vector v;
		struct envelope e;
		int rc;

		if (line[0] != '{')
			continue;
		read_vector(line, &v);
		rc = entry_check(BYTES(v.entry, v.n), &e, NULL);
		if ((rc == 0) != (strcmp(v.chain, "ok") == 0))
			fail_msg("%s: the chain is %s, expected %s", v.name, rc == 0 ? "ok" : "bad", v.chain);
		n++;
		if (rc == 0 && strcmp(v.open, "null") != 0) {
			check_body(&v, &e);
			n_bodies++;
		}
	}
	assert_true(n > 190 && n_bodies > 120);
	free(line);
	fclose(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_every_case) };

	if (crypto_start(NULL) < 0)
		return 1;
	return run_tests("record/vectors", tests);
}
