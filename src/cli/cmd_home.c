/* init, unlock, lock: a home and its key. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/open.h"
#include "cli/prompt.h"
#include "cli/text.h"
#include "node/agent.h"

/* --- init -------------------------------------------------------------------------------------------------- */

/* Where the three recovery files go: as said, or beside the home in three folders to carry away. */
static int recovery_paths(struct cli *cli, const struct parsed *p, const char *home, const char *paths[RECOVERY_KEYS])
{
	size_t n = 0;
	const char *const *given = opt_texts(p, "recovery-dir", &n);

	if (n != 0 && n != RECOVERY_KEYS)
		return err_set(&cli->err, E_USAGE, "give --recovery-dir %d times, once for each place, or not at all",
			       RECOVERY_KEYS);
	for (int i = 0; i < RECOVERY_KEYS; i++) {
		const char *dir = n ? given[i] : arena_printf(&cli->arena, "%s-recovery/%d", home, i + 1);
		int rc = cli->env->disk->make_dir(cli->env->disk, dir, &cli->err);

		if (rc < 0)
			return rc;
		paths[i] = arena_printf(&cli->arena, "%s/parley-recovery-%d.txt", dir, i + 1);
	}
	return 0;
}

/* Everything that init writes must be new: seen before the home is made, so that nothing is left half done. */
static int check_new(struct cli *cli, const char *path)
{
	struct disk_stat st;
	int rc = path ? cli->env->disk->stat(cli->env->disk, path, &st, &cli->err) : 0;

	if (rc == 0 && path && st.type != DISK_ABSENT)
		rc = err_set(&cli->err, E_EXISTS,
			     "%s is there already: move it away, or name another place; nothing was made", path);
	return rc;
}

static int check_all_new(struct cli *cli, const struct parsed *p, const char *const paths[RECOVERY_KEYS])
{
	int rc = check_new(cli, opt_text(p, "passphrase-file"));

	if (rc == 0)
		rc = check_new(cli, opt_text(p, "paper-file"));
	for (int i = 0; i < RECOVERY_KEYS && rc == 0; i++)
		rc = check_new(cli, paths[i]);
	return rc;
}

static int write_recovery(struct cli *cli, const struct record_founding *f, const char *const paths[RECOVERY_KEYS])
{
	int rc = 0;

	for (int i = 0; i < RECOVERY_KEYS && rc == 0; i++)
		rc = recovery_write(cli->env, paths[i], &f->recovery[i], &cli->err);
	return rc;
}

/* Write a secret text to a new file of its own, 0600. */
static int write_secret(struct cli *cli, const char *path, const char *text)
{
	char *line = arena_printf(&cli->arena, "%s\n", text);
	int rc = disk_write_new(cli->env->disk, path, line, strlen(line), &cli->err);

	secret_wipe(line, strlen(line));
	return rc;
}

static void say_secrets(struct cli *cli, const struct parsed *p, const struct record_founding *f, const char *home,
			const char *const paths[RECOVERY_KEYS])
{
	const char *file = opt_text(p, "passphrase-file"), *paper = opt_text(p, "paper-file");

	fprintf(cli->out, "A home for %s is at %s\n\n", text_safe(&cli->arena, &cli->out_term, f->org_name), home);
	if (file)
		fprintf(cli->out, "Its passphrase is in %s\n", file);
	else
		fprintf(cli->out, "Its passphrase (learn it; nobody can give it back to you):\n\n    %s\n\n",
			f->passphrase);
	if (paper)
		fprintf(cli->out, "The words of the paper sheet are in %s: print them and delete the file\n", paper);
	else
		fprintf(cli->out,
			"The paper sheet (write it down and lock it away; it opens the home too):\n\n    %s\n\n",
			f->paper);
	fprintf(cli->out,
		"Recovery files, for when devices are lost; each opens nothing alone. Carry them to three places:\n");
	for (int i = 0; i < RECOVERY_KEYS; i++)
		fprintf(cli->out, "    %s\n", paths[i]);
}

static void say_secrets_json(struct cli *cli, const struct parsed *p, const struct record_founding *f,
			     const struct record *record, const char *home, const char *const paths[RECOVERY_KEYS])
{
	struct buf buf;
	struct json_out w = cli_json_begin(cli, &buf);

	json_open(&w, NULL, '{');
	json_member_text(&w, "home", home);
	json_member_hex(&w, "organisation", record_org_id(record), ID_BYTES);
	if (!opt_text(p, "passphrase-file"))
		json_member_text(&w, "passphrase", f->passphrase);
	if (!opt_text(p, "paper-file"))
		json_member_text(&w, "paper", f->paper);
	json_open(&w, "recovery", '[');
	for (int i = 0; i < RECOVERY_KEYS; i++)
		json_member_text(&w, NULL, paths[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	cli_json_end(cli, &buf);
}

/* Whether the sheet was really written down: two of its words. */
static int ask_words(struct cli *cli, const char *paper)
{
	uint8_t draw[2];
	int words[2];

	cli->env->random(cli->env, draw, sizeof draw);
	words[0] = 1 + draw[0] % PASSPHRASE_WORDS;
	words[1] = 1 + (words[0] + draw[1] % (PASSPHRASE_WORDS - 1)) % PASSPHRASE_WORDS;
	for (int i = 0; i < 2;) {
		struct buf typed;
		int rc;

		buf_init(&typed, PROMPT_PASSPHRASE_MAX);
		rc = prompt_text(arena_printf(&cli->arena, "To be sure: word %d of your paper sheet", words[i]), NULL,
				 "give --no-questions", &typed, &cli->err);
		if (rc == 0 && passphrase_word_matches(paper, words[i], buf_str(&typed)))
			i++;
		else if (rc == 0)
			fprintf(cli->out, "That is not it: look at the sheet and try again.\n");
		buf_release(&typed);
		if (rc < 0)
			return rc;
	}
	return 0;
}

/* Swap may keep what was in memory; say how to switch it off. */
static void warn_of_swap(struct cli *cli)
{
	struct buf swaps;
	struct err ignored;
	const char *line;

	buf_init(&swaps, 64 * 1024);
	if (disk_read_all(cli->env->disk, "/proc/swaps", 64 * 1024, &swaps, &ignored) == 0) {
		line = strchr(buf_str(&swaps), '\n');
		if (line && line[1] && strncmp(line + 1, "/dev/zram", 9) != 0)
			cli_note(cli,
				 "parley: this machine swaps to a disk; unless that is encrypted, what you read may "
				 "stay there: 'sudo swapoff -a' stops it");
	}
	buf_release(&swaps);
}

static int org_name(struct cli *cli, const struct parsed *p, const char **ret)
{
	struct buf typed;
	int rc;

	*ret = opt_text(p, "org");
	if (*ret)
		return 0;
	buf_init(&typed, ORG_NAME_MAX);
	rc = prompt_text("Name of your organisation (only for you; it is not sent anywhere)", NULL, "give --org NAME",
			 &typed, &cli->err);
	*ret = arena_text(&cli->arena, buf_str(&typed));
	buf_release(&typed);
	return rc;
}

static int hand_over(struct cli *cli, const struct parsed *p, const struct record_founding *f,
		     const struct record *record, const char *home, const char *const paths[RECOVERY_KEYS])
{
	int rc = write_recovery(cli, f, paths);

	if (rc == 0 && opt_text(p, "passphrase-file"))
		rc = write_secret(cli, opt_text(p, "passphrase-file"), f->passphrase);
	if (rc == 0 && opt_text(p, "paper-file"))
		rc = write_secret(cli, opt_text(p, "paper-file"), f->paper);
	if (rc < 0)
		return rc;
	if (cli->json) {
		say_secrets_json(cli, p, f, record, home, paths);
		return 0;
	}
	say_secrets(cli, p, f, home, paths);
	if (!opt_flag(p, "no-questions") && !opt_text(p, "paper-file"))
		rc = ask_words(cli, f->paper);
	if (rc == 0)
		fprintf(cli->out, "\nNext: parley process create NAME\n");
	return rc;
}

static int run_init(struct cli *cli, const struct parsed *p)
{
	struct record_founding f = { .cost = &kdf_cost_standard };
	const char *home = NULL, *paths[RECOVERY_KEYS] = { NULL };
	struct record *record = NULL;
	int rc = cli_home(cli, &home, &cli->err);

	if (rc == 0)
		rc = org_name(cli, p, &f.org_name);
	if (rc == 0)
		rc = recovery_paths(cli, p, home, paths);
	if (rc == 0)
		rc = check_all_new(cli, p, paths);
	if (rc < 0)
		return rc;
	if (opt_flag(p, "insecure-test-passphrase"))
		f.cost = &kdf_cost_insecure_tests;
	warn_of_swap(cli);
	rc = record_create(cli->env, home, &f, &record, &cli->err);
	if (rc == 0)
		rc = hand_over(cli, p, &f, record, home, paths);
	record_close(record);
	secret_wipe(&f, sizeof f);
	return rc;
}

const struct command cmd_init = {
	.name = "init",
	.group = "A home",
	.summary = "make a home: organisation, device, passphrase, recovery files",
	.opts =
		(const struct opt[]){
			{ .name = "org",
			  .type = OPT_TEXT,
			  .metavar = "NAME",
			  .help = "your organisation, as you call it" },
			{ .name = "recovery-dir",
			  .type = OPT_DIR,
			  .repeats = true,
			  .help = "where a recovery file goes; give it three times (default: three folders beside the "
				  "home)" },
			{ .name = "passphrase-file",
			  .type = OPT_FILE,
			  .help = "write the passphrase there instead of on the screen" },
			{ .name = "paper-file", .type = OPT_FILE, .help = "write the words of the paper sheet there" },
			{ .name = "no-questions",
			  .type = OPT_FLAG,
			  .help = "do not ask for two words of the paper sheet" },
			{ .name = "insecure-test-passphrase",
			  .type = OPT_FLAG,
			  .help = "for tests only: a passphrase that is quick to guess" },
			{ 0 } },
	.about = "Makes a new home in the folder that --home, PARLEY_HOME or the XDG data folder names. It draws a "
		 "passphrase of "
		 "seven words, a second one for a paper sheet, and three recovery keys, two of which can later remove "
		 "a lost "
		 "device and add a new one; they open nothing.\n\n"
		 "Nothing of this is stored elsewhere: who loses passphrase and sheet loses the record.",
	.examples =
		(const struct example[]){ { "parley init --org 'Office of the Facilitator'", "make a home" }, { 0 } },
	.run = run_init,
};

/* --- unlock, lock ------------------------------------------------------------------------------------------ */

/* In the child: cut loose from the terminal and from what the shell left open, then serve. */
static void serve_in_child(struct cli *cli, const char *home, uint8_t *root, int64_t for_ms)
{
	int null = open("/dev/null", O_RDWR);
	struct err err;

	if (setsid() < 0 || chdir("/") < 0 || null < 0)
		_exit(1);
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (dup2(null, fd) < 0)
			_exit(1);
	if (close_range(STDERR_FILENO + 1, ~0U, 0) < 0)
		_exit(1);
	_exit(agent_serve(cli->env, home, root, for_ms, &err) < 0);
}

/* Wait until the agent answers, at most some seconds, or until it has given up. */
static int await_agent(struct cli *cli, const char *home, pid_t agent)
{
	uint8_t root[KEY_BYTES];
	int rc = E_IO;

	for (int tries = 0; tries < 200 && rc != 0 && waitpid(agent, NULL, WNOHANG) == 0; tries++) {
		rc = agent_ask(cli->env, home, root, &cli->err);
		if (rc != 0)
			usleep(25 * 1000);
	}
	secret_wipe(root, sizeof root);
	return rc == 0 ? 0
		       : err_set(&cli->err, E_IO, "the home could not be kept open: can files be made in its folder?");
}

static int start_agent(struct cli *cli, const char *home, uint8_t *root, int64_t for_ms)
{
	char *whole = realpath(home, NULL);
	pid_t pid;

	if (!whole)
		return err_set(&cli->err, E_NOT_FOUND, "%s cannot be found", home);
	fflush(NULL);
	pid = fork();
	if (pid == 0)
		serve_in_child(cli, whole, root, for_ms);
	free(whole);
	if (pid < 0)
		return err_set(&cli->err, E_IO, "the agent could not be started");
	return await_agent(cli, home, pid);
}

static int run_unlock(struct cli *cli, const struct parsed *p)
{
	int64_t for_ms = opt_duration_ms(p, "for");
	uint8_t *root;
	const char *home = NULL;
	struct err ignored;
	char span[32];
	int rc = crypto_start(&cli->err);

	if (rc < 0)
		return rc;
	root = secret_alloc(KEY_BYTES); /* the child keeps this very memory */
	rc = cli_home(cli, &home, &cli->err);
	/* The passphrase is asked for even if an agent serves: who types it may set the time anew. */
	if (rc == 0)
		rc = cli_root_key_by_passphrase(cli, home, root);
	if (rc == 0 && agent_stop(cli->env, home, &ignored) == 0)
		cli_note(cli, "parley: the time begins anew");
	if (rc == 0)
		rc = start_agent(cli, home, root, for_ms);
	secret_free(root);
	if (rc == 0) {
		warn_of_swap(cli);
		term_span(for_ms, span);
		cli_note(cli, "unlocked for %s; 'parley lock' ends it", span);
	}
	return rc;
}

const struct command cmd_unlock = {
	.name = "unlock",
	.group = "A home",
	.summary = "keep the home open for later commands, for a while",
	.opts = (const struct opt[]){ { .name = "for",
					.type = OPT_DURATION,
					.fallback = "30m",
					.min = 1000,
					.max = 12 * 3600 * 1000,
					.help = "how long" },
				      { 0 } },
	.about = "Asks for the passphrase and leaves a small program behind that holds the key in memory and answers "
		 "commands of "
		 "the same user on this machine, until the time is over or 'parley lock'.",
	.examples = (const struct example[]){ { "parley unlock --for 2h", "for a working session" }, { 0 } },
	.run = run_unlock,
};

static int run_lock(struct cli *cli, const struct parsed *p)
{
	const char *home = NULL;
	int rc = cli_home(cli, &home, &cli->err);

	(void)p;
	if (rc == 0)
		rc = agent_stop(cli->env, home, &cli->err);
	if (rc == E_NOT_FOUND) {
		cli_note(cli, "it was locked already");
		return 0;
	}
	if (rc == 0)
		cli_note(cli, "locked");
	return rc;
}

const struct command cmd_lock = {
	.name = "lock",
	.group = "A home",
	.summary = "end what unlock began",
	.run = run_lock,
};
