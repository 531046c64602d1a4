/* process create, list, show. */
#include <string.h>

#include "base/limits.h"
#include "base/when.h"
#include "cli/commands.h"
#include "cli/open.h"
#include "cli/overview.h"
#include "cli/table.h"
#include "cli/text.h"

/* --- create ------------------------------------------------------------------------------------------------ */

static void say_created(struct cli *cli, const char *name, const uint8_t circle[static ID_BYTES])
{
	struct buf buf;
	struct json_out w;
	char id[9];

	if (cli->json) {
		w = cli_json_begin(cli, &buf);
		json_open(&w, NULL, '{');
		json_member_text(&w, "name", name);
		json_member_hex(&w, "circle", circle, ID_BYTES);
		json_close(&w, '}');
		cli_json_end(cli, &buf);
		return;
	}
	cli_short_id(circle, id);
	fprintf(cli->out, "%s\n", id);
	cli_note(cli, "founded, with a circle of its own; only your organisation is in it.\n"
		      "Next: 'parley add' writes a claim, 'parley import ndjson FILE' brings many in.");
}

static int run_create(struct cli *cli, const struct parsed *p)
{
	const char *purpose = opt_text(p, "purpose");
	uint8_t circle[ID_BYTES];
	struct node *node = NULL;
	int rc = cli_open(cli, NODE_WRITE, &node);

	if (rc == 0)
		rc = node_create_process(node, p->args[0], purpose ? purpose : "", circle, &cli->err);
	if (rc == 0)
		say_created(cli, p->args[0], circle);
	node_close(node);
	return rc;
}

const struct command cmd_process_create = {
	.name = "process create",
	.group = "A process",
	.summary = "found a process, with its founding circle",
	.args = (const struct arg[]){ { "NAME", OPT_TEXT, 1, 1, .help = "what people call it" }, { 0 } },
	.opts = (const struct opt[]){ { .name = "purpose",
					.type = OPT_TEXT,
					.metavar = "TEXT",
					.help = "what the circle is for: it stands in its charter" },
				      { 0 } },
	.about = "The founding circle is the audience of all that is written about the process: at first your own "
		 "organisation with this device. The name and the purpose go into its charter and are sealed like "
		 "everything "
		 "else.",
	.examples =
		(const struct example[]){ { "parley process create 'Havana process' --purpose 'Support to the talks'",
					    "prints the id of its circle" },
					  { 0 } },
	.run = run_create,
};

/* --- list -------------------------------------------------------------------------------------------------- */

static int count_entries(struct view *view, const uint8_t circle[static ID_BYTES], int64_t *ret, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(view), "SELECT count(*) FROM entry WHERE circle = ?1", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, circle, ID_BYTES);
	rc = stmt_step(s, err);
	if (rc == 1)
		*ret = stmt_int(s, 0);
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

/* One process of the list, with how many entries its circle holds. */
struct listed {
	struct circle_info info;
	int64_t n_entries;
};

static void list_table(struct cli *cli, const struct listed *list, size_t n)
{
	static const struct column columns[] = {
		{ .title = "process", .min = 12 },      { .title = "circle", .min = 8 },
		{ .title = "founded", .min = 10 },      { .title = "organisations", .number = true },
		{ .title = "devices", .number = true }, { .title = "entries", .number = true }
	};
	struct table t;

	table_begin(&t, cli->out, &cli->out_term, columns, ARRAY_LEN(columns));
	for (size_t i = 0; i < n; i++) {
		char id[9], founded[WHEN_TEXT_MAX], organisations[32], devices[32], entries[32];

		cli_short_id(list[i].info.id, id);
		when_format_day((int64_t)list[i].info.founded_ms, founded);
		term_count(list[i].info.n_organisations, organisations);
		term_count(list[i].info.n_members, devices);
		term_count((uint64_t)list[i].n_entries, entries);
		table_row(&t, (const char *const[]){ list[i].info.name, id, founded, organisations, devices, entries });
	}
	table_end(&t);
}

static void list_json(struct cli *cli, const struct listed *list, size_t n)
{
	char founded[WHEN_TEXT_MAX];
	struct buf buf;
	struct json_out w = cli_json_begin(cli, &buf);

	json_open(&w, NULL, '{');
	json_open(&w, "processes", '[');
	for (size_t i = 0; i < n; i++) {
		json_open(&w, NULL, '{');
		json_member_text(&w, "name", list[i].info.name);
		json_member_hex(&w, "circle", list[i].info.id, ID_BYTES);
		json_member_text(&w, "purpose", list[i].info.purpose);
		when_format_ms((int64_t)list[i].info.founded_ms, founded);
		json_member_text(&w, "founded", founded);
		json_member_int(&w, "organisations", (int64_t)list[i].info.n_organisations);
		json_member_int(&w, "devices", (int64_t)list[i].info.n_members);
		json_member_int(&w, "entries", list[i].n_entries);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	cli_json_end(cli, &buf);
}

static int read_list(struct cli *cli, struct node *node, struct listed **ret, size_t *ret_n)
{
	const size_t n = record_n_circles(node_record(node));
	struct listed *list = arena_alloc(&cli->arena, (n + 1) * sizeof *list);
	struct view *view = NULL;
	int rc = node_view(node, NULL, &view, &cli->err);

	for (size_t i = 0; i < n && rc == 0; i++) {
		record_circle(node_record(node), i, &list[i].info);
		rc = count_entries(view, list[i].info.id, &list[i].n_entries, &cli->err);
	}
	if (rc == 0) {
		*ret = list;
		*ret_n = n;
	}
	return rc;
}

static int run_list(struct cli *cli, const struct parsed *p)
{
	struct listed *list = NULL;
	struct node *node = NULL;
	size_t n = 0;
	int rc = cli_open(cli, NODE_READ, &node);

	(void)p;
	if (rc == 0)
		rc = read_list(cli, node, &list, &n);
	if (rc == 0 && cli->json)
		list_json(cli, list, n);
	else if (rc == 0)
		list_table(cli, list, n);
	if (rc == 0 && n == 0)
		cli_note(cli, "none; 'parley process create NAME' founds one");
	node_close(node);
	return rc;
}

const struct command cmd_process_list = {
	.name = "process list",
	.group = "A process",
	.summary = "the processes of this home, and who is in their circles",
	.run = run_list,
};

/* --- show -------------------------------------------------------------------------------------------------- */

/* A process with all its circles that this home has. */
struct process {
	struct circle_info founding;
	uint8_t (*circles)[ID_BYTES];
	size_t n_circles;
};

static void collect_circles(struct cli *cli, const struct record *record, const uint8_t founding[static ID_BYTES],
			    struct process *ret)
{
	const size_t n = record_n_circles(record);
	struct circle_info info;

	ret->circles = arena_alloc(&cli->arena, (n + 1) * sizeof *ret->circles);
	for (size_t i = 0; i < n; i++) {
		record_circle(record, i, &info);
		if (memcmp(info.id, founding, ID_BYTES) == 0)
			ret->founding = info;
	}
	for (size_t i = 0; i < n; i++) {
		record_circle(record, i, &info);
		if (memcmp(info.process, ret->founding.process, ID_BYTES) == 0)
			memcpy(ret->circles[ret->n_circles++], info.id, ID_BYTES);
	}
}

static int find_process(struct cli *cli, const struct parsed *p, struct node *node, struct process *ret)
{
	const char *name = opt_arg(p, 0);
	uint8_t founding[ID_BYTES];
	int rc = node_find_process(node, name ? name : cli->process, founding, &cli->err);

	if (rc == 0)
		collect_circles(cli, node_record(node), founding, ret);
	return rc;
}

/* The view of one process: of a home that has no other, no cut is needed for that. */
static int open_process(struct cli *cli, struct node *node, const struct process *process, struct cut *cut,
			struct view **ret)
{
	if (process->n_circles < record_n_circles(node_record(node))) {
		cut->reader.all_circles = false;
		cut->reader.circles = (const uint8_t(*)[ID_BYTES])process->circles;
		cut->reader.n_circles = process->n_circles;
	}
	return node_view(node, cut, ret, &cli->err);
}

static void say_overview(struct cli *cli, const struct parsed *p, const struct overview_head *head,
			 const struct overview *overview)
{
	const char *const *parts;
	size_t n_parts = 0;
	struct buf buf;

	if (cli->json) {
		struct json_out w = cli_json_begin(cli, &buf);

		overview_json(&w, head, overview);
		cli_json_end(cli, &buf);
		return;
	}
	parts = opt_texts(p, "part", &n_parts);
	overview_print(cli, head, overview, parts, n_parts);
}

static int run_show(struct cli *cli, const struct parsed *p)
{
	struct process process = { 0 };
	struct overview overview;
	struct node *node = NULL;
	struct view *view = NULL;
	struct cut cut;
	int rc = cli_cut(cli, p, &cut);

	if (rc == 0)
		rc = cli_open(cli, NODE_READ, &node);
	if (rc == 0)
		rc = find_process(cli, p, node, &process);
	if (rc == 0)
		rc = open_process(cli, node, &process, &cut, &view);
	if (rc == 0)
		rc = overview_read(view, &cli->arena, cut.as_of_ms, cli->env->now_ms(cli->env), &overview, &cli->err);
	if (rc == 0) {
		const struct overview_head head = { .process = process.founding.name,
						    .organisation = record_org_name(node_record(node)),
						    .as_of = cut.as_of_ms != INT64_MAX,
						    .known = cut.known_ms != INT64_MAX,
						    .known_ms = cut.known_ms,
						    .tlp = opt_text(p, "tlp") };

		say_overview(cli, p, &head, &overview);
	}
	node_close(node);
	return rc;
}

const struct command cmd_process_show = {
	.name = "process show",
	.group = "A process",
	.summary = "the overview: who, where, what was promised, what needs attention",
	.args = (const struct arg[]){ { "NAME", OPT_TEXT, 0, 1, .help = "needed only if this home has several" },
				      { 0 } },
	.opts = (const struct opt[]){ CLI_READ_OPTS,
				      { .name = "part",
					.type = OPT_CHOICE,
					.choices = OVERVIEW_PARTS,
					.repeats = true,
					.help = "only that part; may be given several times" },
				      { 0 } },
	.about = "Sides and their actors; the pyramid with actors by level and tables by track; each table with its "
		 "last "
		 "session; lines with their state now; notices and measures; agreements by stage; promises by how far "
		 "they "
		 "were kept, and what is overdue; deeds, ceasefires, exchanges; incidents by verification; who stands "
		 "on "
		 "which list; what is contested, with who says what; what needs attention. Parts of which there is "
		 "nothing "
		 "are left out.\n\n"
		 "The numbers count what is claimed in the record. Of each field the value is taken that 'parley show' "
		 "puts "
		 "first. A promise stands where the latest judgement puts it that gives a level or says that there is "
		 "no "
		 "evidence; it is overdue when its due date lies wholly before the day of the overview, unless it is "
		 "reported on without a level.\n\n"
		 "What publishers of data alone tell (UCDP, ACLED, ...) is the process' own where it involves an actor "
		 "of "
		 "the process within its dates; all else of it is counted apart, as background. 'parley same' says who "
		 "of "
		 "theirs is who.",
	.examples = (const struct example[]){ { "parley process show --part attention", "what to look at today" },
					      { "parley process show --as-of 2015-06-01 --known 2015-06-01",
						"the process as it looked then" },
					      { 0 } },
	.run = run_show,
};
