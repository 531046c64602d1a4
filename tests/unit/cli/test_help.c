/* Help, man page and completion from the tables: golden files for the sample program, and the real kinds. */
#include "sample.h"

#include <locale.h>

static void expect_out(struct run r, const char *golden)
{
	assert_int_equal(r.status, 0);
	assert_string_equal(r.errs, "");
	expect_golden(golden, r.out);
	run_free(&r);
}

static void test_overview(void **state)
{
	(void)state;
	expect_out(run_line(1, (char *[]){ "parley", NULL }), "help");
	expect_out(RUN("help"), "help");
	expect_out(RUN("--help"), "help");
	expect_out(RUN("-h"), "help");
}

static void test_command(void **state)
{
	(void)state;
	expect_out(RUN("rehearse", "--help"), "help-rehearse");
	expect_out(RUN("help", "rehearse"), "help-rehearse");
	expect_out(RUN("--help", "rehearse"), "help-rehearse");
	expect_out(RUN("rehearse", "too", "many", "words", "-h"), "help-rehearse"); /* help comes before complaints */
	assert_int_equal(seen.n_runs, 0);
}

static void test_two_words(void **state)
{
	(void)state;
	expect_out(RUN("help", "process"), "help-process");
	expect_out(RUN("process", "--help"), "help-process");
	expect_out(RUN("process", "create", "--help"), "help-process-create");
	expect_out(RUN("help", "process", "create"), "help-process-create");
}

static void test_narrow(void **state)
{
	(void)state;
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	help_command(&sample, &sample_rehearse, f, 40);
	fclose(f);
	expect_golden("help-rehearse-40", text);
	free(text);
}

static void test_help_of_nothing(void **state)
{
	(void)state;
	struct run r = RUN("help", "rehaerse");
	assert_int_equal(r.status, 2);
	assert_string_equal(r.errs, "parley: help: there is no command 'rehaerse'; did you mean 'rehearse'? "
				    "See 'parley help --help'\n");
	run_free(&r);
}

static void test_version(void **state)
{
	(void)state;
	struct run r = RUN("--version");
	assert_string_equal(r.out, "parley 1.2.3\nFree software, GPL-3.0-or-later. No warranty.\n");
	assert_int_equal(r.status, 0);
	run_free(&r);
}

/* Kinds come from the record's own table: every one that can be added is named, none that cannot. */
static void test_kinds(void **state)
{
	(void)state;
	size_t n;
	const struct kind *kinds = kinds_all(&n);
	struct run r = RUN("add", "--help");
	const char *list = strstr(r.out, "\nKinds:\n");
	assert_non_null(list);
	for (size_t i = 0; i < n; i++) {
		bool named = false;
		size_t len = strlen(kinds[i].name);
		for (const char *p = list; (p = strstr(p, kinds[i].name)); p += len)
			named = named || (strchr(" \n", p[-1]) && strchr(",\n", p[len]));
		assert_int_equal(named, !(kinds[i].flags & KIND_RECORD));
	}
	run_free(&r);
}

static void test_kind(void **state)
{
	(void)state;
	struct run r = RUN("help", "add", "commitment"), same = RUN("add", "commitment", "--help");
	const struct kind *kind = kind_find("commitment");
	assert_non_null(kind);
	for (size_t i = 0; i < kind->n_fields; i++) {
		char line[100];
		bool required = kind->fields[i].flags & FIELD_REQUIRED;
		snprintf(line, sizeof(line), "\n %s%s ", required ? "*" : " ", kind->fields[i].name);
		assert_non_null(strstr(r.out, line));
	}
	assert_non_null(strstr(r.out, "\nFields of every claim:\n"));
	assert_string_equal(r.out, same.out);
	run_free(&r);
	run_free(&same);
}

static void test_man(void **state)
{
	(void)state;
	expect_out(RUN("--man"), "man");
}

static void test_scripts(void **state)
{
	(void)state;
	expect_out(RUN("completion", "bash"), "completion-bash");
	expect_out(RUN("completion", "zsh"), "completion-zsh");
	expect_out(RUN("completion", "fish"), "completion-fish");
	struct run r = RUN("completion", "csh");
	assert_int_equal(r.status, 2);
	run_free(&r);
	r = RUN("completion", "bash", "zsh");
	assert_int_equal(r.status, 2);
	run_free(&r);
}

/* What is offered for a line, without its help, parted by spaces. */
#define expect_offer(expected, ...)                                                                                    \
	do {                                                                                                           \
		struct run r_ = RUN("--complete", __VA_ARGS__);                                                        \
		char offer_[2000] = "";                                                                                \
		for (char *line_ = strtok(r_.out, "\n"); line_; line_ = strtok(NULL, "\n"))                            \
			snprintf(offer_ + strlen(offer_), sizeof(offer_) - strlen(offer_), "%s%.*s",                   \
				 *offer_ ? " " : "", (int)strcspn(line_, "\t"), line_);                                \
		assert_string_equal(offer_, expected);                                                                 \
		run_free(&r_);                                                                                         \
	} while (0)

static void test_offers(void **state)
{
	(void)state;
	expect_offer("process add rehearse help completion", "");
	expect_offer("process", "pr");
	expect_offer("", "zz");
	expect_offer("create list", "process", "");
	expect_offer("create", "--home", "/tmp", "-q", "process", "c");
	expect_offer("--home --process --json --quiet --no-colour --help", "-");
	expect_offer("--members --measures", "rehearse", "--me");
	expect_offer(":file", "rehearse", "");
	expect_offer("csv", "rehearse", "x.json", "c");
	expect_offer("", "rehearse", "x.json", "csv", "");
	expect_offer("csv json ndjson", "rehearse", "--members", "3", "-m5", "x.json", "");
	expect_offer("wait withdraw", "rehearse", "--strategy", "w");
	expect_offer("wait withdraw", "rehearse", "-s", "w");
	expect_offer("--strategy=wait --strategy=withdraw", "rehearse", "--strategy=w");
	expect_offer("", "rehearse", "--members", "");
	expect_offer("", "rehearse", "--nonsense=");
	expect_offer(":dir", "add", "--home", "");
	expect_offer("rehearse", "help", "re");
	expect_offer("bash zsh fish", "completion", "");
	expect_offer("", "add", "actor", "--", "-");
}

static void test_offers_of_kinds(void **state)
{
	(void)state;
	expect_offer("commitment", "add", "commitm");
	expect_offer("due= due_rule=", "add", "commitment", "due");
	expect_offer("due= due_rule=", "add", "-q", "commitment", "obligor=x", "due");
	expect_offer("", "add", "commitment", "due=");
	expect_offer("strength=must strength=may", "add", "commitment", "strength=m");
	expect_offer("", "add", "epoch"); /* nobody adds one by hand */
	expect_offer("source=", "add", "no-such-kind", "sou");
	expect_offer("", "add", "commitment", "no_such_field=");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_overview),
		cmocka_unit_test(test_command),
		cmocka_unit_test(test_two_words),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_help_of_nothing),
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_kind),
		cmocka_unit_test(test_man),
		cmocka_unit_test(test_scripts),
		cmocka_unit_test(test_offers),
		cmocka_unit_test(test_offers_of_kinds),
	};
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77; /* no UTF-8 on this machine */
	return run_tests("help", tests);
}
