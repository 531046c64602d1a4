#include "cli/open.h"

#include <string.h>

#include "base/limits.h"
#include "cli/progress.h"
#include "cli/prompt.h"
#include "node/agent.h"

#define JSON_OUT_MAX ((size_t)256 * 1024 * 1024)

int cli_root_key_by_passphrase(struct cli *cli, const char *home, uint8_t ret_root[static KEY_BYTES])
{
	bool insecure = false;
	struct buf typed;
	int rc;

	buf_init(&typed, PROMPT_PASSPHRASE_MAX);
	rc = prompt_passphrase(cli->env, arena_printf(&cli->arena, "Passphrase of %s", home), &typed, &cli->err);
	if (rc == 0)
		rc = record_unlock(cli->env, home, buf_str(&typed), ret_root, &insecure, &cli->err);
	buf_release(&typed);
	if (rc == 0 && insecure)
		cli_note(cli,
			 "parley: this home was made with --insecure-test-passphrase: its passphrase protects nothing");
	return rc;
}

int cli_root_key(struct cli *cli, const char *home, uint8_t ret_root[static KEY_BYTES])
{
	struct err ignored;

	if (agent_ask(cli->env, home, ret_root, &ignored) == 0)
		return 0;
	return cli_root_key_by_passphrase(cli, home, ret_root);
}

static bool is_home(struct cli *cli, const char *home)
{
	char path[DISK_PATH_MAX];
	struct disk_stat st;

	return disk_join(home, "keys", path, &cli->err) == 0 &&
	       cli->env->disk->stat(cli->env->disk, path, &st, &cli->err) == 0 && st.type != DISK_ABSENT;
}

static bool step(void *ctx, uint64_t done, uint64_t total)
{
	return progress_step(ctx, done, total);
}

static int open_with_progress(struct cli *cli, const char *home, const uint8_t root[static KEY_BYTES],
			      enum node_mode mode, struct node **ret)
{
	struct progress progress;
	struct node_progress watch = { step, &progress };
	int rc;

	progress_begin(&progress, cli->errs, &cli->errs_term, cli->env, "Opening", "entries");
	rc = node_open(cli->env, home, root, mode, &watch, ret, &cli->err);
	progress_end(&progress);
	return rc;
}

/* Who only reads is content with a home that cannot be written. */
static int open_as_far_as_possible(struct cli *cli, const char *home, const uint8_t root[static KEY_BYTES],
				   enum node_mode mode, struct node **ret)
{
	int rc = open_with_progress(cli, home, root, NODE_WRITE, ret);

	if (rc == E_DENIED && mode == NODE_READ)
		rc = open_with_progress(cli, home, root, NODE_READ, ret);
	return rc;
}

int cli_open(struct cli *cli, enum node_mode mode, struct node **ret)
{
	uint8_t root[KEY_BYTES];
	const char *home = NULL;
	int rc = cli_home(cli, &home, &cli->err);

	if (rc < 0)
		return rc;
	if (!is_home(cli, home))
		return err_set(&cli->err, E_NOT_FOUND, "%s is not a Parley home: 'parley init --org NAME' makes one",
			       home);
	rc = cli_root_key(cli, home, root);
	if (rc == 0)
		rc = open_as_far_as_possible(cli, home, root, mode, ret);
	secret_wipe(root, sizeof root);
	if (rc == 0 && mode == NODE_READ && node_trouble(*ret)[0]) /* who writes is told when it is refused */
		cli_note(cli, "parley: %s", node_trouble(*ret));
	return rc;
}

int cli_cut(struct cli *cli, const struct parsed *p, struct cut *ret)
{
	struct cut cut = { .reader = view_reader_owner(), .as_of_ms = INT64_MAX, .known_ms = INT64_MAX };
	struct when when;
	const char *tlp = opt_text(p, "tlp");

	if (opt_when(p, "as-of", &when))
		cut.as_of_ms = when.to_ms;
	if (opt_when(p, "known", &when))
		cut.known_ms = when.to_ms;
	if (tlp) {
		int rc = tlp_parse(tlp, &cut.reader.cleared_for, &cli->err);

		if (rc < 0)
			return rc;
		cut.reader.attribution = false;
	}
	*ret = cut;
	return 0;
}

int cli_open_view(struct cli *cli, const struct parsed *p, struct node **ret_node, struct view **ret_view)
{
	struct node *node = NULL;
	struct cut cut;
	int rc = cli_cut(cli, p, &cut);

	if (rc == 0)
		rc = cli_open(cli, NODE_READ, &node);
	if (rc == 0)
		rc = node_view(node, &cut, ret_view, &cli->err);
	if (rc < 0) {
		node_close(node);
		return rc;
	}
	*ret_node = node;
	return 0;
}

struct json_out cli_json_begin(struct cli *cli, struct buf *buf)
{
	(void)cli;
	buf_init(buf, JSON_OUT_MAX);
	return json_out_begin(buf);
}

void cli_json_end(struct cli *cli, struct buf *buf)
{
	fprintf(cli->out, "%s\n", buf_str(buf));
	buf_release(buf);
}

void cli_short_id(const uint8_t *id, char out[static 9])
{
	hex_encode(id, 4, out);
}
