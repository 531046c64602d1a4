/* list, log, search: many objects, many entries. */
#include <string.h>

#include "base/limits.h"
#include "cli/commands.h"
#include "cli/list_columns.h"
#include "cli/open.h"
#include "cli/table.h"
#include "cli/text.h"
#include "node/find.h"
#include "node/show.h"

#define LIST_SEPARATOR "\x1f" /* as in k_KIND tables */
#define WIDE 110              /* columns of the screen from which all fields stand beside the name */
#define NARROW 72             /* and below which only one does */
#define WHAT_MIN 24

/* --- list -------------------------------------------------------------------------------------------------- */

static void when_words(const struct found *f, char out[static WHEN_TEXT_MAX])
{
	if (f->has_when && f->when_from != WHEN_OPEN_START)
		when_format_day(f->when_from, out);
	else
		out[0] = 0;
}

/* A table of objects: of one kind with what tells them apart, else with their kinds. */
struct listing {
	struct view *view;
	struct arena *a;
	const struct found_list *list;
	const char *const *fields; /* beside the name; NULL behind the last */
	struct column columns[5 + LIST_COLUMNS_MAX];
	size_t n_columns;
	bool kinds, dates, contested; /* columns that are there */
};

/* What a field holds, in plain words; items of a list with commas. */
static const char *field_words(const struct listing *l, const struct found *f, const char *name)
{
	const char *text = NULL;

	for (size_t i = 0; i < f->n_values; i++) {
		const struct view_value *v = &f->values[i];
		size_t n;

		if (strcmp(v->field->name, name) != 0)
			continue;
		for (const char *at = v->value; *at; at += n + (at[n] != '\0')) {
			const char *words;

			n = strcspn(at, LIST_SEPARATOR);
			words = show_words(l->view, l->a, v->field, arena_copy(l->a, at, n));
			text = text ? arena_printf(l->a, "%s, %s", text, words) : words;
		}
	}
	return text;
}

static bool any_has(const struct found_list *list, const char *field)
{
	for (size_t i = 0; i < list->n; i++)
		for (size_t j = 0; j < list->items[i].n_values; j++)
			if (strcmp(list->items[i].values[j].field->name, field) == 0)
				return true;
	return false;
}

static void add_column(struct listing *l, struct column column)
{
	l->columns[l->n_columns++] = column;
}

/* The fields that stand beside the name: none in which nothing would stand, no more than leave room for the name. */
static size_t choose_fields(struct listing *l, const struct term *term, const char *kind)
{
	const char *const *all = list_columns(kind);
	const char **fields = arena_alloc(l->a, (LIST_COLUMNS_MAX + 1) * sizeof *fields);
	const size_t most = !term->fit || term->width >= WIDE ? LIST_COLUMNS_MAX : term->width >= NARROW ? 2 : 1;
	size_t n = 0;

	for (; *all && n < most; all++)
		if (any_has(l->list, *all))
			fields[n++] = *all;
	l->fields = fields;
	return n;
}

static void choose_columns(struct listing *l, const struct term *term, const char *kind)
{
	const size_t n = choose_fields(l, term, kind ? kind : "");

	l->kinds = !kind;
	for (size_t i = 0; i < l->list->n; i++) {
		l->contested |= l->list->items[i].n_contested > 0;
		l->dates |= l->list->items[i].has_when;
	}
	add_column(l, (struct column){ .title = "id", .min = 8 });
	if (l->kinds)
		add_column(l, (struct column){ .title = "kind", .min = 6 });
	add_column(l, (struct column){ .title = "what", .min = n == 0 || term->width < NARROW ? 16 : WHAT_MIN });
	for (size_t i = 0; i < n; i++)
		add_column(l, (struct column){ .title = l->fields[i], .min = 8 });
	if (l->dates)
		add_column(l, (struct column){ .title = "when", .min = 10 });
	add_column(l, (struct column){ .title = "claims", .number = true });
	if (l->contested && l->kinds)
		add_column(l, (struct column){ .title = "contested", .number = true });
}

static void list_row(const struct listing *l, struct table *t, const struct found *f)
{
	const char *cells[ARRAY_LEN(l->columns)] = { 0 };
	char id[9], when[WHEN_TEXT_MAX], claims[32], contested[32] = "";
	size_t n = 0;

	cli_short_id(f->obj, id);
	when_words(f, when);
	snprintf(claims, sizeof claims, "%lld", (long long)f->n_claims);
	if (f->n_contested)
		snprintf(contested, sizeof contested, "%lld", (long long)f->n_contested);
	cells[n++] = id;
	if (l->kinds)
		cells[n++] = f->kind;
	cells[n++] = f->n_contested && !l->kinds ? arena_printf(l->a, "* %s", f->label) : f->label;
	for (size_t i = 0; l->fields[i]; i++)
		cells[n++] = field_words(l, f, l->fields[i]);
	if (l->dates)
		cells[n++] = when;
	cells[n++] = claims;
	if (l->contested && l->kinds)
		cells[n++] = contested;
	table_row(t, cells);
}

/* @param kind  of all of them, or NULL if kinds differ */
static void list_table(struct cli *cli, struct view *view, const struct found_list *list, const char *kind)
{
	struct listing l = { .view = view, .a = &cli->arena, .list = list };
	struct table t;

	choose_columns(&l, &cli->out_term, kind);
	table_begin(&t, cli->out, &cli->out_term, l.columns, l.n_columns);
	for (size_t i = 0; i < list->n; i++)
		list_row(&l, &t, &list->items[i]);
	table_end(&t);
	if (l.contested && !l.kinds)
		cli_note(cli, "* is contested on some field: 'parley show ID' says by whom");
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
		list_table(cli, view, &list, query.kind);
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
		list_table(cli, view, &list, NULL);
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
