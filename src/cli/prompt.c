#include "cli/prompt.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/bytes.h"

#define CHUNK 256
#define TRIES 3
#define FILE_MAX (4 * PROMPT_PASSPHRASE_MAX) /* bytes; lines behind the first may be notes */

/* What may end or stop the process while the terminal does not echo. */
static const int watched[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };

static volatile sig_atomic_t caught;

struct tty {
	int fd;
	struct termios modes;
	sigset_t mask;
	struct sigaction actions[ARRAY_LEN(watched)];
};

static void on_signal(int signal)
{
	caught = signal;
}

/* From here on a signal is only noted, and only while ppoll() waits. */
static void tty_take(struct tty *t, bool echo)
{
	struct sigaction note = { .sa_handler = on_signal };
	sigset_t block;

	sigemptyset(&note.sa_mask);
	sigemptyset(&block);
	for (size_t i = 0; i < ARRAY_LEN(watched); i++)
		sigaddset(&block, watched[i]);
	sigprocmask(SIG_BLOCK, &block, &t->mask);
	caught = 0;
	for (size_t i = 0; i < ARRAY_LEN(watched); i++) {
		sigaction(watched[i], NULL, &t->actions[i]);
		if (t->actions[i].sa_handler != SIG_IGN)
			sigaction(watched[i], &note, NULL);
	}

	tcgetattr(t->fd, &t->modes);
	struct termios modes = t->modes;
	modes.c_lflag |= ICANON | ISIG | ECHO;
	if (!echo)
		modes.c_lflag &= ~(tcflag_t)ECHO;
	tcsetattr(t->fd, echo ? TCSADRAIN : TCSAFLUSH, &modes);
}

static void tty_give_back(struct tty *t)
{
	tcsetattr(t->fd, TCSADRAIN, &t->modes);
	for (size_t i = 0; i < ARRAY_LEN(watched); i++)
		sigaction(watched[i], &t->actions[i], NULL);
	sigprocmask(SIG_SETMASK, &t->mask, NULL);
}

static int say(int fd, const char *text, struct err *err)
{
	size_t n = strlen(text);
	if (write(fd, text, n) != (ssize_t)n)
		return err_set(err, E_IO, "cannot write to the terminal");
	return 0;
}

/* @return 1 the line is whole; 0 go on; negative an error */
static int read_chunk(struct tty *t, struct buf *ret, struct err *err)
{
	struct pollfd poll = { .fd = t->fd, .events = POLLIN };
	if (ppoll(&poll, 1, NULL, &t->mask) < 0) {
		if (caught)
			return err_set(err, E_CANCELLED, "stopped by a signal");
		return errno == EINTR ? 0 : err_set(err, E_IO, "cannot wait for the terminal");
	}

	char chunk[CHUNK];
	ssize_t n = read(t->fd, chunk, sizeof(chunk));
	if (n < 0)
		return errno == EINTR ? 0 : err_set(err, E_IO, "cannot read from the terminal");
	if (n == 0)
		return err_set(err, E_CANCELLED, "nothing was answered");
	bool whole = chunk[n - 1] == '\n';
	buf_put(ret, chunk, (size_t)(whole ? n - 1 : n));
	explicit_bzero(chunk, sizeof(chunk));
	return whole;
}

static int read_line(struct tty *t, const char *question, bool echo, struct buf *ret, struct err *err)
{
	buf_clear(ret);
	tty_take(t, echo);
	int rc = say(t->fd, question, err);
	while (rc == 0)
		rc = read_chunk(t, ret, err);
	if (!echo || rc < 0)
		(void)say(t->fd, "\n", NULL);
	tty_give_back(t);
	if (caught)
		raise(caught); /* now that the terminal is as it was */
	return rc < 0 ? rc : buf_check(ret, "the answer", err);
}

static int ask(const char *question, bool echo, struct buf *ret, struct err *err)
{
	struct tty t = { .fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY) };
	int rc;

	if (t.fd < 0)
		return err_set(err, E_USAGE, "there is no terminal to ask");
	do {
		rc = read_line(&t, question, echo, ret, err);
	} while (rc == E_CANCELLED && caught == SIGTSTP); /* back in the foreground */
	close(t.fd);
	return rc;
}

static int passphrase_of_file(struct env *env, const char *path, struct buf *ret, struct err *err)
{
	struct buf text;
	buf_init(&text, FILE_MAX);
	int rc = disk_read_all(env->disk, path, FILE_MAX, &text, err);
	if (rc == 0)
		buf_put(ret, buf_str(&text), strcspn(buf_str(&text), "\r\n"));
	buf_release(&text);
	return rc < 0 ? err_prefix(err, "PARLEY_PASSPHRASE_FILE: ") : buf_check(ret, "the passphrase", err);
}

int prompt_passphrase(struct env *env, const char *question, struct buf *ret, struct err *err)
{
	const char *path = getenv("PARLEY_PASSPHRASE_FILE");
	int rc;

	if (path && *path) {
		rc = passphrase_of_file(env, path, ret, err);
	} else {
		char text[512];
		snprintf(text, sizeof(text), "%.500s: ", question);
		rc = ask(text, false, ret, err);
		if (rc == E_USAGE)
			return err_set(err, rc,
				       "there is no terminal to ask for the passphrase; put it into a file and "
				       "set PARLEY_PASSPHRASE_FILE to the file's path");
	}
	if (rc == 0 && ret->n == 0)
		return err_set(err, E_INVALID, "the passphrase is empty");
	return rc;
}

static int ask_person(const char *question, const char *instead, struct buf *ret, struct err *err)
{
	int rc = isatty(STDIN_FILENO) ? ask(question, true, ret, err) : E_USAGE;
	if (rc == E_USAGE)
		return err_set(err, rc, "there is no terminal to ask; %s", instead);
	return rc;
}

int prompt_text(const char *question, const char *fallback, const char *instead, struct buf *ret, struct err *err)
{
	char text[512];
	snprintf(text, sizeof(text), fallback ? "%.300s [%.200s]: " : "%.300s: ", question, fallback ? fallback : "");
	int rc;
	do {
		rc = ask_person(text, instead, ret, err);
	} while (rc == 0 && ret->n == 0 && !fallback);
	if (rc == 0 && ret->n == 0)
		buf_text(ret, fallback);
	return rc < 0 ? rc : buf_check(ret, "the answer", err);
}

static bool is_word(const char *answer, const char *word)
{
	return *answer && strncasecmp(answer, word, strlen(answer)) == 0;
}

int prompt_yes(const char *question, bool fallback, const char *instead, bool *ret, struct err *err)
{
	char text[512];
	struct buf answer;
	int rc = 0;

	snprintf(text, sizeof(text), "%.400s %s ", question, fallback ? "[Y/n]" : "[y/N]");
	buf_init(&answer, CHUNK);
	for (int i = 0; i < TRIES; i++) {
		rc = ask_person(text, instead, &answer, err);
		bool yes = is_word(buf_str(&answer), "yes"), no = is_word(buf_str(&answer), "no");
		if (rc < 0 || yes || no || answer.n == 0) {
			if (rc == 0)
				*ret = yes || (!no && fallback);
			goto out;
		}
	}
	rc = err_set(err, E_CANCELLED, "neither yes nor no");
out:
	buf_release(&answer);
	return rc;
}
