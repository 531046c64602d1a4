/* list, log, search: many objects, many entries. */
#include <string.h>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/open.h"
#include "cli/table.h"
#include "cli/text.h"
#include "node/find.h"
#include "node/show.h"

/* --- list -------------------------------------------------------------------------------------------------- */

static void when_words(const struct found *f, char out[static WHEN_TEXT_MAX])
{
	if (f->has_when && f->when_from != WHEN_OPEN_START)
		when_format_day(f->when_from, out);
	else
		out[0] = 0;
}

static void list_table(struct cli *cli, const struct found_list *list)
{
	static const struct column columns[] = {
		{ .title = "id", .min = 8 },           { .title = "kind", .min = 6 },
		{ .title = "what", .min = 20 },        { .title = "when", .min = 10 },
		{ .title = "claims", .number = true }, { .title = "contested", .number = true }
	};
	struct table t;

	table_begin(&t, cli->out, &cli->out_term, columns, ARRAY_LEN(columns));
	for (size_t i = 0; i < list->n; i++) {
		char id[9], when[WHEN_TEXT_MAX], claims[32], contested[32];

		cli_short_id(list->items[i].obj, id);
		when_words(&list->items[i], when);
		snprintf(claims, sizeof claims, "%lld", (long long)list->items[i].n_claims);
		snprintf(contested, sizeof contested, "%lld", (long long)list->items[i].n_contested);
		table_row(&t, (const char *const[]){ id, list->items[i].kind, list->items[i].label, when, claims,
						     list->items[i].n_contested ? contested : "" });
	}
	table_end(&t);
}

static void list_json(struct cli *cli, const struct found_list *list)
{
	struct buf buf;
	struct json_out w = cli_json_begin(cli, &buf);

	json_open(&w, NULL, '{');
	json_open(&w, "objects", '[');
	for (size_t i = 0; i < list->n; i++) {
		json_open(&w, NULL, '{');
		json_member_hex(&w, "id", list->items[i].obj, OBJECT_ID_BYTES);
		json_member_text(&w, "kind", list->items[i].kind);
		json_member_text(&w, "label", list->items[i].label);
		json_open(&w, "fields", '{');
		for (size_t j = 0; j < list->items[i].n_values; j++)
			json_member_text(&w, list->items[i].values[j].field->name, list->items[i].values[j].value);
		json_close(&w, '}');
		json_member_int(&w, "claims", list->items[i].n_claims);
		json_member_int(&w, "contested", list->items[i].n_contested);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	cli_json_end(cli, &buf);
}

static int run_list(struct cli *cli, const struct parsed *p)
{
	struct find_query query = { .kind = p->args[0],
				    .contested = opt_flag(p, "contested"),
				    .limit = (size_t)opt_number(p, "limit") };
	struct node *node = NULL;
	struct view *view = NULL;
	struct found_list list = { 0 };
	int rc;

	query.where = opt_texts(p, "where", &query.n_where);
	rc = cli_open_view(cli, p, &node, &view);
	if (rc == 0)
		rc = find_objects(view, &cli->arena, &query, &list, &cli->err);
	if (rc == 0 && cli->json)
		list_json(cli, &list);
	else if (rc == 0)
		list_table(cli, &list);
	if (rc == 0 && list.n_all > list.n)
		cli_note(cli, "%zu of %zu; --limit 0 shows all", list.n, list.n_all);
	else if (rc == 0 && list.n == 0)
		cli_note(cli, "none");
	node_close(node);
	return rc;
}

const struct command cmd_list = {
	.name = "list",
	.group = "Read",
	.summary = "the objects of a kind",
	.args = (const struct arg[]){ { "KIND", OPT_KIND, 1, 1, .help = "actor, session, commitment, ..." }, { 0 } },
	.opts = (const struct opt[]){ { .name = "where",
					.type = OPT_TEXT,
					.metavar = "FIELD=VALUE",
					.repeats = true,
					.help = "only with that value (~ instead of =: that contains it)" },
				      { .name = "contested", .type = OPT_FLAG, .help = "only where sayers differ" },
				      CLI_READ_OPTS,
				      { .name = "limit",
					.type = OPT_NUMBER,
					.fallback = "200",
					.min = 0,
					.max = 1000000,
					.help = "at most so many; 0: all" },
				      { 0 } },
	.examples =
		(const struct example[]){ { "parley list actor --where type=ngo", "organisations" },
					  { "parley list commitment --as-of 2016-12-31", "at the end of that year" },
					  { 0 } },
	.run = run_list,
};

/* --- log --------------------------------------------------------------------------------------------------- */

static void log_table(struct cli *cli, const struct log_list *list)
{
	static const struct column columns[] = {
		{ .title = "entry", .min = 8 },  { .title = "recorded", .min = 16, .max = 20 },
		{ .title = "act", .min = 8 },    { .title = "what", .min = 20 },
		{ .title = "object", .min = 8 }, { .title = "says", .min = 10 }
	};
	struct table t;

	table_begin(&t, cli->out, &cli->out_term, columns, ARRAY_LEN(columns));
	for (size_t i = 0; i < list->n; i++) {
		char entry[9], obj[9] = "", time[WHEN_TEXT_MAX];

		cli_short_id(list->items[i].entry, entry);
		if (list->items[i].has_obj)
			cli_short_id(list->items[i].obj, obj);
		when_format_ms(list->items[i].recorded_ms, time);
		table_row(&t, (const char *const[]){ entry, time, list->items[i].act, list->items[i].what, obj,
						     list->items[i].says });
	}
	table_end(&t);
}

static void log_json(struct cli *cli, const struct log_list *list)
{
	struct buf buf;
	struct json_out w = cli_json_begin(cli, &buf);

	json_open(&w, NULL, '{');
	json_open(&w, "entries", '[');
	for (size_t i = 0; i < list->n; i++) {
		char time[WHEN_TEXT_MAX];

		json_open(&w, NULL, '{');
		json_member_hex(&w, "entry", list->items[i].entry, ID_BYTES);
		when_format_ms(list->items[i].recorded_ms, time);
		json_member_text(&w, "recorded", time);
		json_member_text(&w, "act", list->items[i].act);
		json_member_text(&w, "what", list->items[i].what);
		if (list->items[i].has_obj)
			json_member_hex(&w, "id", list->items[i].obj, OBJECT_ID_BYTES);
		json_member_text(&w, "says", list->items[i].says);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	cli_json_end(cli, &buf);
}

static int run_log(struct cli *cli, const struct parsed *p)
{
	size_t limit = (size_t)opt_number(p, "limit");
	uint8_t obj[OBJECT_ID_BYTES];
	struct node *node = NULL;
	struct view *view = NULL;
	struct log_list list = { 0 };
	int rc = cli_open_view(cli, p, &node, &view);

	if (rc == 0 && p->n_args > 0)
		rc = view_find_object(view, p->args[0], obj, &cli->err);
	if (rc == 0)
		rc = find_log(view, &cli->arena, p->n_args > 0 ? obj : NULL, limit, &list, &cli->err);
	if (rc == 0 && cli->json)
		log_json(cli, &list);
	else if (rc == 0)
		log_table(cli, &list);
	if (rc == 0 && list.n_all > list.n)
		cli_note(cli, "the last %zu of %zu; --limit 0 shows all", list.n, list.n_all);
	node_close(node);
	return rc;
}

const struct command cmd_log = {
	.name = "log",
	.group = "Read",
	.summary = "what was written, in order of arrival",
	.args = (const struct arg[]){ { "ID", OPT_TEXT, 0, 1, .help = "only of this object" }, { 0 } },
	.opts = (const struct opt[]){ CLI_READ_OPTS,
				      { .name = "limit",
					.type = OPT_NUMBER,
					.fallback = "50",
					.min = 0,
					.max = 10000000,
					.help = "the last so many; 0: all" },
				      { 0 } },
	.about = "Retracted and redacted claims are here too, with what took them back.",
	.run = run_log,
};

/* --- search ------------------------------------------------------------------------------------------------ */

static int run_search(struct cli *cli, const struct parsed *p)
{
	struct node *node = NULL;
	struct view *view = NULL;
	struct found_list list = { 0 };
	int rc = cli_open_view(cli, p, &node, &view);

	if (rc == 0)
		rc = find_text(view, &cli->arena, p->args, p->n_args, (size_t)opt_number(p, "limit"), &list, &cli->err);
	if (rc == 0 && cli->json)
		list_json(cli, &list);
	else if (rc == 0)
		list_table(cli, &list);
	if (rc == 0 && list.n_all > list.n)
		cli_note(cli, "%zu of %zu; --limit 0 shows all", list.n, list.n_all);
	if (rc == 0 && list.n == 0)
		rc = err_set(&cli->err, E_NOT_FOUND, "no claim holds all of these words");
	node_close(node);
	return rc;
}

const struct command cmd_search = {
	.name = "search",
	.group = "Read",
	.summary = "objects by words in their claims",
	.args = (const struct arg[]){ { "TEXT", OPT_TEXT, 1, ARGS_ANY,
					.help = "all of these words, or beginnings of words; accents do not matter" },
				      { 0 } },
	.opts = (const struct opt[]){ CLI_READ_OPTS,
				      { .name = "limit",
					.type = OPT_NUMBER,
					.fallback = "50",
					.min = 0,
					.max = 1000000,
					.help = "at most so many; 0: all" },
				      { 0 } },
	.examples = (const struct example[]){ { "parley search gomez", "finds Gómez" }, { 0 } },
	.run = run_search,
};
