/* parley-bench: how fast the record is, with the check that makes each number honest. docs/benchmarks.md. */
#include <ftw.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"

static const struct command commands[] = {
	{ "record-append", "append --n entries in transactions of --batch: signed, sealed, chained, on the disk",
	  run_append },
	{ "record-append1", "append --n entries, each in a transaction of its own", run_append_one },
	{ "record-open", "start a process and open a home: --verify chain or all, until the views are ready",
	  run_open },
	{ "record-unlock", "the same without checking more than opening does: until the views are ready", run_unlock },
	{ "record-import", "import NDJSON lines into record and views; then once more", run_import },
	{ "record-export", "export all claims as NDJSON", run_export },
	{ "record-rebuild", "make the views anew, compare them with the old ones, save them", run_rebuild },
	{ "record-verify", "check every byte that counts, and the views against a rebuild, as `parley verify` does",
	  run_verify },
	{ "record-size", "bytes on the disk and in memory for an entry", run_size },
	{ "limits", "what this machine can do at most: signatures, hashes, seals, syncs, rows", run_limits },
	{ "child", NULL, run_child },
};

static void help(void)
{
	puts("usage: parley-bench COMMAND [--n N] [--size BYTES] [--authors N] [--batch N] [--verify chain|all]\n"
	     "                            [--dir FOLDER]\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (commands[i].what)
			printf("  %-16s %s\n", commands[i].name, commands[i].what);
	puts("\n"
	     "  --n        entries (100000; record-append1: 2000)\n"
	     "  --size     bytes of one body, at least 300 (400)\n"
	     "  --authors  feeds (50; record-append1: 1). A feed is one device in one circle. Here they are circles of "
	     "one\n"
	     "             device: each has its chain, its epoch and its key, and each entry costs the same work as "
	     "one of\n"
	     "             as many devices: one seal, one place in its own chain, one signature\n"
	     "  --batch    entries of one transaction (1000)\n"
	     "  --verify   chain: every row's seal, every header's hash and place in its chain, each feed's last "
	     "signature;\n"
	     "             all: every signature and every body's hash\n"
	     "  --dir      where homes are made, and kept to be measured again (default: a temporary folder, removed)");
}

/* --- a temporary folder ------------------------------------------------------------------------------------ */

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static int make_folder(char path[static DISK_PATH_MAX], struct err *err)
{
	const char *tmp = getenv("TMPDIR");

	snprintf(path, DISK_PATH_MAX, "%s/parley-bench-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	return mkdtemp(path) ? 0 : err_set(err, E_IO, "%s: no such folder can be made", path);
}

static int run_in_folder(struct bench *b, const struct command *command, struct err *err)
{
	char folder[DISK_PATH_MAX];
	int rc;

	if (b->dir || b->home) {
		rc = b->dir ? b->env->disk->make_dir(b->env->disk, b->dir, err) : 0;
		return rc < 0 ? rc : command->run(b, err);
	}
	rc = make_folder(folder, err);
	if (rc < 0)
		return rc;
	b->dir = folder;
	rc = command->run(b, err);
	nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	return rc;
}

/* --- options ----------------------------------------------------------------------------------------------- */

static int read_number(const char *text, size_t least, size_t most, size_t *ret, struct err *err)
{
	char *end = NULL;
	const unsigned long long value = strtoull(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || value < least || value > most)
		return err_set(err, E_USAGE, "%s: a number from %zu to %zu is expected", text, least, most);
	*ret = (size_t)value;
	return 0;
}

static int read_verify(struct bench *b, const char *text, struct err *err)
{
	b->every_signature = strcmp(text, "all") == 0;
	return b->every_signature || strcmp(text, "chain") == 0 ? 0 : err_set(err, E_USAGE, "--verify: chain or all");
}

static int read_option(struct bench *b, int option, const char *value, struct err *err)
{
	size_t started = 0;
	int rc = 0;

	switch (option) {
	case 'n':
		return read_number(value, 1, 100000000, &b->n, err);
	case 's':
		return read_number(value, 300, 60000, &b->size, err);
	case 'a':
		return read_number(value, 1, AUTHORS_MAX, &b->authors, err);
	case 'b':
		return read_number(value, 1, 1000000, &b->batch, err);
	case 'v':
		return read_verify(b, value, err);
	case 'd':
		b->dir = value;
		return 0;
	case 'h':
		b->home = value;
		return 0;
	case 't':
		b->task = value;
		return 0;
	case 'S':
		rc = read_number(value, 0, INT64_MAX, &started, err);
		b->started_ns = rc == 0 ? (int64_t)started : 0;
		return rc;
	default:
		return err_set(err, E_USAGE, "an option that there is not: parley-bench --help");
	}
}

static int read_options(struct bench *b, int argc, char **argv, struct err *err)
{
	static const struct option options[] = {
		{ "n", required_argument, NULL, 'n' },       { "size", required_argument, NULL, 's' },
		{ "authors", required_argument, NULL, 'a' }, { "batch", required_argument, NULL, 'b' },
		{ "verify", required_argument, NULL, 'v' },  { "dir", required_argument, NULL, 'd' },
		{ "home", required_argument, NULL, 'h' },    { "task", required_argument, NULL, 't' },
		{ "started", required_argument, NULL, 'S' }, { NULL, 0, NULL, 0 },
	};
	int option, rc = 0;

	while (rc == 0 && (option = getopt_long(argc, argv, "", options, NULL)) != -1)
		rc = read_option(b, option, optarg, err);
	return rc;
}

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

int main(int argc, char **argv)
{
	struct bench b = { .env = env_system(), .n = 100000, .size = 400, .authors = 50, .batch = 1000 };
	const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;
	struct err err;
	int rc;

	if (!command) {
		help();
		return argc > 1 && strcmp(argv[1], "--help") == 0 ? 0 : 2;
	}
	b.self = "/proc/self/exe";
	if (command->run == run_append_one) {
		b.n = 2000;
		b.authors = 1;
	}
	rc = read_options(&b, argc - 1, argv + 1, &err);
	if (rc == 0)
		rc = run_in_folder(&b, command, &err);
	if (rc < 0)
		fprintf(stderr, "parley-bench: %s\n", err.text);
	return rc < 0 ? err_exit_status(rc) : 0;
}
