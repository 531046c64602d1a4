/* Questions to a person, on a terminal of their own: a child asks, the test types. */
#include "support/test.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "cli/prompt.h"

#define WAIT_MS 10000

/* What the child reports when its question is answered. */
struct report {
	int code;
	bool yes;
	char text[PROMPT_PASSPHRASE_MAX + 1];
	char why[200];
};

struct talk {
	pid_t child;
	int terminal, pipe;
	char seen[4000]; /* what a person would see */
	size_t n_seen;
};

typedef void ask_fn(struct buf *answer, struct report *r, struct err *err);

static void ask_passphrase(struct buf *answer, struct report *r, struct err *err)
{
	r->code = prompt_passphrase(env_system(), "Passphrase", answer, err);
}

static void ask_text(struct buf *answer, struct report *r, struct err *err)
{
	r->code = prompt_text("Organisation", NULL, "give --org NAME", answer, err);
}

static void ask_text_with_fallback(struct buf *answer, struct report *r, struct err *err)
{
	r->code = prompt_text("Organisation", "DAG", "give --org NAME", answer, err);
}

static void ask_yes(struct buf *answer, struct report *r, struct err *err)
{
	(void)answer;
	r->code = prompt_yes("Go on?", true, "give --yes", &r->yes, err);
}

static void child_asks(ask_fn *ask, int pipe)
{
	struct report r = { 0 };
	struct err err = { 0 };
	struct buf answer;
	struct termios before, after;

	memset(&before, 0, sizeof(before));
	memset(&after, 0, sizeof(after));
	tcgetattr(STDIN_FILENO, &before);
	buf_init(&answer, PROMPT_PASSPHRASE_MAX);
	ask(&answer, &r, &err);
	tcgetattr(STDIN_FILENO, &after);
	if (before.c_lflag != after.c_lflag)
		r.code = 1000; /* the terminal was not put right again */
	snprintf(r.text, sizeof(r.text), "%s", buf_str(&answer));
	snprintf(r.why, sizeof(r.why), "%.199s", err.text);
	buf_release(&answer);
	ssize_t n = write(pipe, &r, sizeof(r));
	_exit(n == (ssize_t)sizeof(r) ? 0 : 1);
}

static struct talk begin(ask_fn *ask)
{
	struct talk t = { 0 };
	int ends[2];
	assert_int_equal(pipe(ends), 0);
	t.child = forkpty(&t.terminal, NULL, NULL, NULL);
	assert_true(t.child >= 0);
	if (t.child == 0)
		child_asks(ask, ends[1]);
	close(ends[1]);
	t.pipe = ends[0];
	return t;
}

/* Read the screen until `text` has appeared on it n times. */
static void see(struct talk *t, const char *text, int times)
{
	for (;;) {
		int found = 0;
		for (const char *p = t->seen; (p = strstr(p, text)); p++)
			found++;
		if (found >= times)
			return;
		struct pollfd poll_it = { .fd = t->terminal, .events = POLLIN };
		if (poll(&poll_it, 1, WAIT_MS) != 1)
			fail_msg("waited in vain for \"%s\"; the screen: \"%s\"", text, t->seen);
		ssize_t n = read(t->terminal, t->seen + t->n_seen, sizeof(t->seen) - 1 - t->n_seen);
		if (n <= 0)
			fail_msg("the terminal closed before \"%s\"; the screen: \"%s\"", text, t->seen);
		t->n_seen += (size_t)n;
	}
}

static void type(struct talk *t, const char *keys)
{
	assert_int_equal(write(t->terminal, keys, strlen(keys)), strlen(keys));
}

static bool echoes(const struct talk *t)
{
	struct termios modes;
	assert_int_equal(tcgetattr(t->terminal, &modes), 0);
	return modes.c_lflag & ECHO;
}

static struct report end(struct talk *t)
{
	struct report r = { 0 };
	int status;
	assert_int_equal(read(t->pipe, &r, sizeof(r)), sizeof(r));
	assert_int_equal(waitpid(t->child, &status, 0), t->child);
	assert_int_equal(status, 0);
	close(t->pipe);
	close(t->terminal);
	return r;
}

static void test_passphrase(void **state)
{
	(void)state;
	struct talk t = begin(ask_passphrase);
	see(&t, "Passphrase: ", 1);
	assert_false(echoes(&t));
	type(&t, "correct horse\n");
	see(&t, "\n", 1);
	struct report r = end(&t);
	assert_int_equal(r.code, 0);
	assert_string_equal(r.text, "correct horse");
	assert_null(strstr(t.seen, "correct"));
}

static void test_passphrase_empty_and_ended(void **state)
{
	(void)state;
	struct talk t = begin(ask_passphrase);
	see(&t, "Passphrase: ", 1);
	type(&t, "\n");
	struct report r = end(&t);
	assert_int_equal(r.code, E_INVALID);
	assert_string_equal(r.why, "the passphrase is empty");

	t = begin(ask_passphrase);
	see(&t, "Passphrase: ", 1);
	type(&t, "\004"); /* Ctrl-D */
	r = end(&t);
	assert_int_equal(r.code, E_CANCELLED);
}

static void test_passphrase_too_long(void **state)
{
	(void)state;
	char keys[PROMPT_PASSPHRASE_MAX + 3];
	struct talk t = begin(ask_passphrase);
	see(&t, "Passphrase: ", 1);
	memset(keys, 'x', sizeof(keys));
	keys[PROMPT_PASSPHRASE_MAX] = '\n';
	keys[PROMPT_PASSPHRASE_MAX + 1] = '\0';
	type(&t, keys);
	struct report r = end(&t);
	assert_int_equal(r.code, 0);
	assert_int_equal(strlen(r.text), PROMPT_PASSPHRASE_MAX);

	t = begin(ask_passphrase);
	see(&t, "Passphrase: ", 1);
	keys[PROMPT_PASSPHRASE_MAX] = 'x';
	keys[PROMPT_PASSPHRASE_MAX + 1] = '\n';
	keys[PROMPT_PASSPHRASE_MAX + 2] = '\0';
	type(&t, keys);
	r = end(&t);
	assert_int_equal(r.code, E_LIMIT);
}

/* Ctrl-C in the middle ends the process, and leaves a terminal that echoes. */
static void test_interrupt(void **state)
{
	(void)state;
	struct talk t = begin(ask_passphrase);
	int status;
	see(&t, "Passphrase: ", 1);
	assert_false(echoes(&t));
	type(&t, "half a pass\003");
	assert_int_equal(waitpid(t.child, &status, 0), t.child);
	assert_true(WIFSIGNALED(status));
	assert_int_equal(WTERMSIG(status), SIGINT);
	assert_true(echoes(&t));
	close(t.pipe);
	close(t.terminal);
}

/* Ctrl-Z: the signal is passed on with the terminal as it was, and then the question comes again. (A child of the test
 * has no shell that could continue it, so the system does not stop it here.) */
static void test_stop_and_go_on(void **state)
{
	(void)state;
	struct talk t = begin(ask_passphrase);
	see(&t, "Passphrase: ", 1);
	type(&t, "half a pass\032");
	see(&t, "Passphrase: ", 2);
	type(&t, "again\n");
	struct report r = end(&t);
	assert_int_equal(r.code, 0);
	assert_string_equal(r.text, "again");
}

static void test_text(void **state)
{
	(void)state;
	struct talk t = begin(ask_text);
	see(&t, "Organisation: ", 1);
	assert_true(echoes(&t));
	type(&t, "\n"); /* needs an answer */
	see(&t, "Organisation: ", 2);
	type(&t, "Casa \xc3\xa9t\xc3\xa9\n");
	struct report r = end(&t);
	assert_int_equal(r.code, 0);
	assert_string_equal(r.text, "Casa \xc3\xa9t\xc3\xa9");

	t = begin(ask_text_with_fallback);
	see(&t, "Organisation [DAG]: ", 1);
	type(&t, "\n");
	r = end(&t);
	assert_int_equal(r.code, 0);
	assert_string_equal(r.text, "DAG");
}

static void expect_yes(const char *keys, int code, bool yes)
{
	struct talk t = begin(ask_yes);
	see(&t, "Go on? [Y/n] ", 1);
	type(&t, keys);
	struct report r = end(&t);
	assert_int_equal(r.code, code);
	assert_int_equal(r.yes, yes);
}

static void test_yes(void **state)
{
	(void)state;
	expect_yes("y\n", 0, true);
	expect_yes("YES\n", 0, true);
	expect_yes("\n", 0, true);
	expect_yes("n\n", 0, false);
	expect_yes("No\n", 0, false);
	expect_yes("maybe\nno\n", 0, false);
	expect_yes("maybe\nnope\nyess\n", E_CANCELLED, false);
	expect_yes("\004", E_CANCELLED, false);
}

/* A process without any terminal: nothing hangs, and the error says what to use instead. */
static void expect_no_terminal(ask_fn *ask, const char *instead)
{
	int ends[2], status;
	struct report r = { 0 };
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		setsid();
		int null = open("/dev/null", O_RDWR);
		dup2(null, STDIN_FILENO);
		child_asks(ask, ends[1]);
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &r, sizeof(r)), sizeof(r));
	assert_int_equal(waitpid(child, &status, 0), child);
	close(ends[0]);
	assert_int_equal(r.code, E_USAGE);
	if (!strstr(r.why, instead))
		fail_msg("\"%s\" does not say \"%s\"", r.why, instead);
}

static void test_without_terminal(void **state)
{
	(void)state;
	expect_no_terminal(ask_passphrase, "set PARLEY_PASSPHRASE_FILE");
	expect_no_terminal(ask_text, "give --org NAME");
	expect_no_terminal(ask_yes, "give --yes");
}

static int of_file(const char *content, size_t n, struct buf *answer, struct err *err)
{
	char path[] = "/tmp/parley-test-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, content, n), n);
	close(fd);
	setenv("PARLEY_PASSPHRASE_FILE", path, 1);
	buf_clear(answer);
	int rc = prompt_passphrase(env_system(), "Passphrase", answer, err);
	unlink(path);
	unsetenv("PARLEY_PASSPHRASE_FILE");
	return rc;
}

static void test_passphrase_file(void **state)
{
	(void)state;
	static char longest[PROMPT_PASSPHRASE_MAX + 2];
	struct buf answer;
	struct err err = { 0 };

	buf_init(&answer, PROMPT_PASSPHRASE_MAX);
	expect_ok(of_file("one\n", 4, &answer, &err), &err);
	assert_string_equal(buf_str(&answer), "one");
	expect_ok(of_file("two words \r\nsecond line\n", 24, &answer, &err), &err);
	assert_string_equal(buf_str(&answer), "two words ");
	expect_ok(of_file("three", 5, &answer, &err), &err);
	assert_string_equal(buf_str(&answer), "three");
	expect_err(of_file("\n", 1, &answer, &err), E_INVALID, &err, "empty");
	expect_err(of_file("", 0, &answer, &err), E_INVALID, &err, "empty");
	memset(longest, 'x', sizeof(longest));
	longest[PROMPT_PASSPHRASE_MAX] = '\n';
	expect_ok(of_file(longest, PROMPT_PASSPHRASE_MAX + 1, &answer, &err), &err);
	assert_int_equal(answer.n, PROMPT_PASSPHRASE_MAX);
	longest[PROMPT_PASSPHRASE_MAX] = 'x';
	expect_err(of_file(longest, PROMPT_PASSPHRASE_MAX + 1, &answer, &err), E_LIMIT, &err, "the passphrase");

	setenv("PARLEY_PASSPHRASE_FILE", "/nowhere/at/all", 1);
	expect_err(prompt_passphrase(env_system(), "Passphrase", &answer, &err), E_NOT_FOUND, &err,
		   "PARLEY_PASSPHRASE_FILE: ");
	unsetenv("PARLEY_PASSPHRASE_FILE");
	buf_release(&answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_passphrase),
		cmocka_unit_test(test_passphrase_empty_and_ended),
		cmocka_unit_test(test_passphrase_too_long),
		cmocka_unit_test(test_interrupt),
		cmocka_unit_test(test_stop_and_go_on),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_yes),
		cmocka_unit_test(test_without_terminal),
		cmocka_unit_test(test_passphrase_file),
	};
	unsetenv("PARLEY_PASSPHRASE_FILE");
	return run_tests("prompt", tests);
}
