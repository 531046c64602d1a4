/* tour: seven steps on the worked example. Each is a real command, run as a child of this program on a throw-away home,
 * so this file works on the machine itself, not through the environment, as its children do. */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/text.h"
#include "cli/tour.h"

#define PROGRAM_FILE "/proc/self/exe"
#define PAGE 4096 /* bytes of a page of the database */
#define PAGE_TAIL 10
#define ARGS_MAX 64

struct tour {
	struct cli *cli;
	const struct term *term;
	const char *folder, *home, *passphrase; /* the throw-away home and what belongs to it */
	char **environment;
	bool pauses, keeps, unlocked;
};

static const int watched[] = { SIGINT, SIGTERM, SIGHUP };
static volatile sig_atomic_t stop_asked;

static void ask_stop(int signal_number)
{
	(void)signal_number;
	stop_asked = 1;
}

/* --- children ---------------------------------------------------------------------------------------------- */

extern char **environ;

/* This process' environment with the throw-away home in place of any other. */
static void make_environment(struct tour *t)
{
	static const char *const own[] = { "PARLEY_HOME=", "PARLEY_PASSPHRASE_FILE=" };
	struct arena *a = &t->cli->arena;
	size_t n = 0, out = 0;

	while (environ[n])
		n++;
	t->environment = arena_alloc(a, (n + 4) * sizeof *t->environment);
	for (size_t i = 0; i < n; i++)
		if (strncmp(environ[i], own[0], strlen(own[0])) != 0 &&
		    strncmp(environ[i], own[1], strlen(own[1])) != 0)
			t->environment[out++] = environ[i];
	t->environment[out++] = arena_printf(a, "%s%s", own[0], t->home);
	t->environment[out++] = arena_printf(a, "%s%s", own[1], t->passphrase);
	if (!t->term->colour)
		t->environment[out++] = arena_text(a, "NO_COLOR=1");
}

static int await(struct tour *t, pid_t child, int *ret_status)
{
	int status;

	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return err_set(&t->cli->err, E_IO, "a command of the tour was lost: %s", strerror(errno));
		if (stop_asked)
			kill(child, SIGTERM);
	}
	if (stop_asked)
		return err_set(&t->cli->err, E_CANCELLED, "stopped");
	*ret_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return 0;
}

/* Run this program with the words given.
 * @param shown  whether its results go to the screen; errors always do */
static int run(struct tour *t, const char *const *words, bool shown, int *ret_status)
{
	posix_spawn_file_actions_t actions;
	char *argv[ARGS_MAX] = { arena_text(&t->cli->arena, "parley") };
	pid_t child;
	int failed;

	for (size_t i = 0; words[i] && i + 2 < ARGS_MAX; i++)
		argv[i + 1] = arena_text(&t->cli->arena, words[i]);
	fflush(t->cli->out);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	if (!shown)
		posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	failed = posix_spawn(&child, PROGRAM_FILE, &actions, NULL, argv, t->environment);
	posix_spawn_file_actions_destroy(&actions);
	if (failed)
		return err_set(&t->cli->err, E_IO, "a command of the tour could not be started: %s", strerror(failed));
	return await(t, child, ret_status);
}

static int expect_status(struct tour *t, const char *const *words, int expected, int status)
{
	if (status == expected)
		return 0;
	return err_set(&t->cli->err, E_IO, "'parley %s' of the tour ended with status %d instead of %d", words[0],
		       status, expected);
}

/* A command of the setting up: not shown, must succeed. */
static int run_quietly(struct tour *t, const char *const *words)
{
	int status = 0, rc = run(t, words, false, &status);

	return rc < 0 ? rc : expect_status(t, words, 0, status);
}

/* --- the throw-away home ----------------------------------------------------------------------------------- */

/* The folder of the examples that has the worked one. */
static int find_example(struct tour *t, glob_t *files)
{
	const char *asked = getenv("PARLEY_EXAMPLES");
	const char *const folders[] = { asked ? asked : PARLEY_EXAMPLES_DIR,
					asked ? asked : PARLEY_EXAMPLES_INSTALLED };

	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		const char *pattern = arena_printf(&t->cli->arena, "%s/havana/*.ndjson", folders[i]);

		if (glob(pattern, 0, NULL, files) == 0)
			return 0;
		globfree(files);
	}
	return err_set(&t->cli->err, E_NOT_FOUND,
		       "the worked example is not at %s/havana: set PARLEY_EXAMPLES to the folder 'examples' of Parley",
		       folders[0]);
}

static int import_example(struct tour *t)
{
	const char *words[ARGS_MAX] = { "import", "--quiet", "ndjson" };
	size_t n = 3;
	glob_t files = { 0 };
	int rc = find_example(t, &files);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < files.gl_pathc && n + 1 < ARGS_MAX; i++)
		words[n++] = files.gl_pathv[i];
	rc = run_quietly(t, words);
	globfree(&files);
	return rc;
}

static int make_folder(struct tour *t, const char *asked)
{
	struct arena *a = &t->cli->arena;
	const char *temporary = getenv("TMPDIR");
	char *made;

	if (asked) {
		int rc = t->cli->env->disk->make_dir(t->cli->env->disk, asked, &t->cli->err);

		t->folder = asked;
		return rc;
	}
	made = arena_printf(a, "%s/parley-tour-XXXXXX", temporary && *temporary ? temporary : "/tmp");
	if (!mkdtemp(made))
		return err_set(&t->cli->err, E_IO, "cannot make a folder for the tour in %s: %s",
			       temporary && *temporary ? temporary : "/tmp", strerror(errno));
	t->folder = made;
	return 0;
}

static int make_home(struct tour *t)
{
	const char *paper = arena_printf(&t->cli->arena, "%s/paper", t->folder);
	const char *const steps[][ARGS_MAX] = {
		{ "init", "--quiet", "--org", "The tour", "--insecure-test-passphrase", "--no-questions",
		  "--passphrase-file", t->passphrase, "--paper-file", paper, NULL },
		{ "unlock", "--quiet", "--for", "1h", NULL },
		{ "process", "create", "--quiet", "Havana process", "--purpose", "To see how Parley works", NULL },
	};
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(steps) && rc == 0; i++) {
		t->unlocked = i > 0; /* or nearly so: to lock what is not unlocked does no harm */
		rc = run_quietly(t, steps[i]);
	}
	return rc == 0 ? import_example(t) : rc;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

static void clear_away(struct tour *t)
{
	int status;

	stop_asked = 0;
	if (t->unlocked && run(t, (const char *const[]){ "lock", "--quiet", NULL }, false, &status) < 0)
		cli_note(t->cli, "parley: the home of the tour stays unlocked for at most an hour");
	if (t->keeps || !t->folder)
		return;
	if (nftw(t->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS) != 0)
		cli_note(t->cli, "parley: %s could not be removed; it holds only the example", t->folder);
}

/* --- turning a bit over ------------------------------------------------------------------------------------ */

/* Turn over one bit near the end of a page in the middle of the database: the tail of some row. Twice is nothing. */
static int turn_over(struct tour *t, const char **ret_where)
{
	const char *path = arena_printf(&t->cli->arena, "%s/%s", t->home, TOUR_DATABASE);
	struct disk *disk = t->cli->env->disk;
	struct disk_file *file = NULL;
	uint64_t size = 0, at;
	uint8_t byte = 0;
	size_t n = 0;
	int rc = disk->open(disk, path, DISK_READ | DISK_WRITE, &file, &t->cli->err);

	if (rc < 0)
		return rc;
	rc = disk->size(disk, file, &size, &t->cli->err);
	at = size / PAGE / 2 * PAGE + PAGE - PAGE_TAIL;
	if (rc == 0)
		rc = disk->read(disk, file, at, &byte, 1, &n, &t->cli->err);
	byte ^= 1;
	if (rc == 0)
		rc = disk->write(disk, file, at, &byte, 1, &t->cli->err);
	if (rc == 0)
		rc = disk->sync(disk, file, &t->cli->err);
	disk->close(disk, file);
	*ret_where = arena_printf(&t->cli->arena, "byte %llu of %llu of %s", (unsigned long long)at,
				  (unsigned long long)size, TOUR_DATABASE);
	return rc;
}

/* --- showing ----------------------------------------------------------------------------------------------- */

static void say(struct tour *t, const char *text)
{
	int width = t->term->width < 100 ? t->term->width : 100;

	text_wrap(t->cli->out, text, 0, 0, width);
}

/* As one would type it. */
static void say_command(struct tour *t, const char *const *words)
{
	FILE *out = t->cli->out;

	fprintf(out, "\n%s$ parley", term_style(t->term, STYLE_BOLD));
	for (size_t i = 0; words[i]; i++) {
		const char *equals = strchr(words[i], '=');
		bool plain = words[i][strcspn(words[i], " '\"()*;&|<>")] == '\0';

		if (plain)
			fprintf(out, " %s", words[i]);
		else if (equals)
			fprintf(out, " %.*s'%s'", (int)(equals - words[i] + 1), words[i], equals + 1);
		else
			fprintf(out, " '%s'", words[i]);
	}
	fprintf(out, "%s\n", term_style(t->term, STYLE_END));
}

/* Wait for a line on standard input. A signal that asks to stop counts whenever it comes: it is let in only while
 * waiting.
 * @return whether there is one */
static bool await_line(void)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	sigset_t held, before;
	int n = -1;

	sigemptyset(&held);
	for (size_t i = 0; i < ARRAY_LEN(watched); i++)
		sigaddset(&held, watched[i]);
	sigprocmask(SIG_BLOCK, &held, &before);
	while (!stop_asked && n < 0) {
		n = ppoll(&input, 1, NULL, &before);
		if (n < 0 && errno != EINTR)
			break;
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	return n > 0 && !stop_asked;
}

/* @return whether to go on */
static bool pause_tour(struct tour *t)
{
	char answer[80];

	if (!t->pauses)
		return true;
	fprintf(t->cli->out, "\n%s[Enter goes on, q leaves]%s ", term_style(t->term, STYLE_DIM),
		term_style(t->term, STYLE_END));
	fflush(t->cli->out);
	if (!await_line() || !fgets(answer, sizeof answer, stdin))
		return false;
	return answer[0] != 'q' && answer[0] != 'Q';
}

/* Run while one bit is turned over; it is turned back whatever happens. */
static int run_damaged(struct tour *t, const char *const *words, int *ret_status)
{
	const char *where = "";
	struct err err_back;
	int rc = turn_over(t, &where), rc_back;

	if (rc < 0)
		return rc;
	fputc('\n', t->cli->out);
	say(t, arena_printf(&t->cli->arena, "(One bit is turned over: %s.)", where));
	say_command(t, words);
	rc = run(t, words, true, ret_status);
	err_back = t->cli->err;
	rc_back = turn_over(t, &where);
	if (rc < 0)
		t->cli->err = err_back;
	return rc < 0 ? rc : rc_back;
}

static int show_act(struct tour *t, const struct tour_act *act)
{
	int status = 0, rc;

	if (act->waits && !pause_tour(t))
		return err_set(&t->cli->err, E_CANCELLED, "left");
	if (act->say) {
		fputc('\n', t->cli->out);
		say(t, act->say);
	}
	if (act->damaged) {
		rc = run_damaged(t, act->words, &status);
	} else {
		say_command(t, act->words);
		rc = run(t, act->words, true, &status);
	}
	if (rc == 0)
		rc = expect_status(t, act->words, act->status, status);
	if (rc == 0 && act->status)
		fprintf(t->cli->out, "(exit status %d)\n", status);
	return rc;
}

static int show_steps(struct tour *t)
{
	int rc = 0;

	for (size_t i = 0; i < tour_n_steps && rc == 0; i++) {
		const struct tour_step *step = &tour_steps[i];

		fprintf(t->cli->out, "\n%s%zu of %zu: %s%s\n", term_style(t->term, STYLE_BOLD), i + 1, tour_n_steps,
			step->title, term_style(t->term, STYLE_END));
		for (size_t j = 0; j < TOUR_ACTS_MAX && step->acts[j].words[0] && rc == 0; j++)
			rc = show_act(t, &step->acts[j]);
		if (rc == 0 && i + 1 < tour_n_steps && !pause_tour(t))
			return err_set(&t->cli->err, E_CANCELLED, "left");
	}
	return rc;
}

static void say_end(struct tour *t)
{
	fputc('\n', t->cli->out);
	if (!t->keeps) {
		say(t,
		    "That was the tour; the throw-away home is removed now. 'parley init --org NAME' makes your own, "
		    "'parley --help' lists all commands.");
		return;
	}
	say(t, "That was the tour. Its home stays where you asked for it; to go on with it:");
	fprintf(t->cli->out, "\n  export PARLEY_HOME=%s PARLEY_PASSPHRASE_FILE=%s\n", t->home, t->passphrase);
}

static void say_begin(struct tour *t)
{
	say(t, arena_printf(
		       &t->cli->arena,
		       "Seven steps on a worked example: the Havana process between the Government of Colombia and the "
		       "FARC-EP, 2011 to 2017, from public sources. Each step runs a real command.\n\n"
		       "They work on a throw-away home in %s. Its passphrase is of the kind for tests and protects "
		       "nothing; "
		       "it is for this tour only. %s Your own home is not touched.",
		       t->folder, t->keeps ? "It stays there, as you asked." : "At the end it is removed."));
	fflush(t->cli->out);
}

static int take_tour(struct tour *t)
{
	int rc;

	say_begin(t);
	rc = make_home(t);
	if (rc == 0)
		rc = pause_tour(t) ? show_steps(t) : err_set(&t->cli->err, E_CANCELLED, "left");
	if (rc == 0)
		say_end(t);
	if (rc == E_CANCELLED && !stop_asked) { /* leaving is no failure */
		fputs(t->keeps ? "\nYou left the tour; its home stays.\n"
			       : "\nYou left the tour; its home is removed.\n",
		      t->cli->out);
		rc = 0;
	}
	return rc;
}

static void watch_signals(struct sigaction before[static ARRAY_LEN(watched)], bool begin)
{
	const struct sigaction action = { .sa_handler = ask_stop }; /* no SA_RESTART: waiting ends */

	for (size_t i = 0; i < ARRAY_LEN(watched); i++)
		sigaction(watched[i], begin ? &action : &before[i], begin ? &before[i] : NULL);
}

static int run_tour(struct cli *cli, const struct parsed *p)
{
	const char *keep = opt_text(p, "keep");
	struct tour t = { .cli = cli, .term = &cli->out_term, .keeps = keep != NULL };
	struct sigaction before[ARRAY_LEN(watched)];
	int rc;

	if (cli->home)
		return err_set(&cli->err, E_USAGE, "the tour makes a home of its own: --keep DIR says where");
	t.pauses = !opt_flag(p, "no-pause") && cli->out_term.tty && isatty(STDIN_FILENO);
	stop_asked = 0;
	watch_signals(before, true);
	rc = make_folder(&t, keep);
	if (rc == 0) {
		t.home = arena_printf(&cli->arena, "%s/home", t.folder);
		t.passphrase = arena_printf(&cli->arena, "%s/passphrase", t.folder);
		make_environment(&t);
		rc = take_tour(&t);
		clear_away(&t);
	}
	watch_signals(before, false);
	return rc;
}

const struct command cmd_tour = {
	.name = "tour",
	.group = "Start here",
	.summary = "seven steps through what Parley does, on a worked example",
	.opts = (const struct opt[]){ { .name = "no-pause", .type = OPT_FLAG, .help = "do not wait between the steps" },
				      { .name = "keep",
					.type = OPT_DIR,
					.help = "make the home of the tour there and leave it, to go on with it" },
				      { 0 } },
	.about = "Makes a throw-away home with the Havana process in it, runs real commands on it and shows what they "
		 "print: who "
		 "sits where; two sources disagree; a promise and its fate; write one; take it back; damage one bit "
		 "and verify; "
		 "who may read this. Your own home is not touched.\n\n"
		 "The example is read from the folder that PARLEY_EXAMPLES names, else from where Parley was built or "
		 "installed.",
	.run = run_tour,
};
