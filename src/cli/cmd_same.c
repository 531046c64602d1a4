/* same: who may be who, and who is judged to be. */
#include <string.h>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/open.h"
#include "cli/table.h"
#include "node/same.h"

/* --- what may be one --------------------------------------------------------------------------------------- */

static void pairs_table(struct cli *cli, const struct same_list *list)
{
	static const struct column columns[] = { { .title = "id", .min = 8 },
						 { .title = "one", .min = 10 },
						 { .title = "id", .min = 8 },
						 { .title = "other", .min = 10 },
						 { .title = "why", .min = 20 } };
	struct table t;

	table_begin(&t, cli->out, &cli->out_term, columns, ARRAY_LEN(columns));
	for (size_t i = 0; i < list->n; i++) {
		const struct same_pair *pair = &list->items[i];
		char one[9], other[9];

		cli_short_id(pair->one, one);
		cli_short_id(pair->other, other);
		table_row(&t, (const char *const[]){ one, pair->labels[0], other, pair->labels[1], pair->why });
	}
	table_end(&t);
}

static void put_object(struct json_out *w, const char *key, const uint8_t *obj, const char *label)
{
	json_open(w, key, '{');
	json_member_hex(w, "id", obj, OBJECT_ID_BYTES);
	json_member_text(w, "label", label);
	json_close(w, '}');
}

static void pairs_json(struct cli *cli, const struct same_list *list)
{
	struct buf buf;
	struct json_out w = cli_json_begin(cli, &buf);

	json_open(&w, NULL, '{');
	json_member_int(&w, "count", (int64_t)list->n_all);
	json_open(&w, "pairs", '[');
	for (size_t i = 0; i < list->n; i++) {
		const struct same_pair *pair = &list->items[i];

		json_open(&w, NULL, '{');
		json_member_text(&w, "kind", pair->kind);
		put_object(&w, "one", pair->one, pair->labels[0]);
		put_object(&w, "other", pair->other, pair->labels[1]);
		json_member_text(&w, "why", pair->why);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	cli_json_end(cli, &buf);
}

static int propose(struct cli *cli, const struct parsed *p)
{
	struct same_list list = { 0 };
	struct node *node = NULL;
	struct view *view = NULL;
	int rc = cli_open_view(cli, p, &node, &view);

	if (rc == 0)
		rc = same_find(view, &cli->arena, (size_t)opt_number(p, "limit"), &list, &cli->err);
	if (rc == 0 && cli->json)
		pairs_json(cli, &list);
	else if (rc == 0)
		pairs_table(cli, &list);
	if (rc == 0 && list.n_all > list.n)
		cli_note(cli, "%zu of %zu; --limit 0 shows all", list.n, list.n_all);
	if (rc == 0 && list.n_all == 0)
		cli_note(cli, "no pair that shares a number or a name is left to judge");
	else if (rc == 0)
		cli_note(cli,
			 "nothing is merged: 'parley same ID ID --verdict same|different|unsure' says what you know");
	node_close(node);
	return rc;
}

/* --- what is judged ---------------------------------------------------------------------------------------- */

static void say_judged(struct cli *cli, const struct written *written)
{
	char obj[2 * OBJECT_ID_BYTES + 1], entry[9];
	struct json_out w;
	struct buf buf;

	hex_encode(written->obj, OBJECT_ID_BYTES, obj);
	cli_short_id(written->entry, entry);
	if (cli->json) {
		w = cli_json_begin(cli, &buf);
		json_open(&w, NULL, '{');
		json_member_text(&w, "id", obj);
		json_member_hex(&w, "entry", written->entry, ID_BYTES);
		json_member_bool(&w, "present", written->present);
		json_close(&w, '}');
		cli_json_end(cli, &buf);
		return;
	}
	fprintf(cli->out, "%s\n", obj);
	if (written->present)
		cli_note(cli, "your organisation says just that already (entry %s): nothing was added", entry);
	else
		cli_note(cli, "recorded as entry %s", entry);
}

static int judge(struct cli *cli, const struct parsed *p)
{
	const struct same_judgement judgement = { p->args[0], p->args[1], opt_text(p, "verdict"),
						  opt_text(p, "basis") };
	struct written written = { 0 };
	uint8_t circle[ID_BYTES];
	struct node *node = NULL;
	int rc = cli_open(cli, NODE_WRITE, &node);

	if (rc == 0)
		rc = node_find_process(node, cli->process, circle, &cli->err);
	if (rc == 0)
		rc = same_judge(node, circle, cli->env->now_ms(cli->env), &judgement, &written, &cli->err);
	if (rc == 0)
		say_judged(cli, &written);
	node_close(node);
	return rc;
}

static int run_same(struct cli *cli, const struct parsed *p)
{
	if (p->n_args == 0 && !opt_given(p, "verdict") && !opt_given(p, "basis"))
		return propose(cli, p);
	if (p->n_args != 2)
		return err_set(&cli->err, E_USAGE, "name two objects: parley same ID ID --verdict same");
	if (!opt_given(p, "verdict"))
		return err_set(&cli->err, E_USAGE, "say what you know of them: --verdict same, different or unsure");
	return judge(cli, p);
}

const struct command cmd_same = {
	.name = "same",
	.group = "Write",
	.summary = "actors or persons that may be one, and your judgement",
	.args = (const struct arg[]){ { "ID", OPT_TEXT, 0, 2,
					.help = "two of one kind, to judge: actors, persons, agreements" },
				      { 0 } },
	.opts =
		(const struct opt[]){
			{ .name = "verdict",
			  .type = OPT_CHOICE,
			  .choices = "same|different|unsure",
			  .help = "whether the two are one" },
			{ .name = "basis", .type = OPT_TEXT, .metavar = "TEXT", .help = "what the judgement rests on" },
			CLI_READ_OPTS,
			{ .name = "limit",
			  .type = OPT_NUMBER,
			  .fallback = "50",
			  .min = 0,
			  .max = 1000000,
			  .help = "at most so many pairs; 0: all" },
			{ 0 } },
	.about = "Without ID: pairs that share a number of a register, or a name, and of which nobody has judged yet. "
		 "Names "
		 "are compared without case, accents, punctuation and the words the, of, and, de, la; what stands in "
		 "brackets is tried apart.\n\n"
		 "With two: records a claim of kind identity in your organisation's name. Nothing is merged: both keep "
		 "all "
		 "that is said of them, and an overview counts them as one where somebody says so and nobody says "
		 "otherwise.",
	.examples =
		(const struct example[]){
			{ "parley same", "what there is to judge" },
			{ "parley same 3f9a12cd 77ab01ee --verdict same --basis 'Both are UCDP actor 743'",
			  "a claim like any other: another organisation may differ" },
			{ 0 } },
	.run = run_same,
};
