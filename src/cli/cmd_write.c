/* add, set, retract, redact: what a person writes. */
#include <string.h>

#include "base/limits.h"
#include "cli/ask.h"
#include "cli/commands.h"
#include "cli/open.h"
#include "record/kinds/kinds.h"

/* --- from field=value to the line of a claim --------------------------------------------------------------- */

struct draft {
	const struct kind *kind;
	const char *id;     /* NULL: a new object */
	struct buf set;     /* members of `set`, with commas */
	struct buf members; /* says, when, source, ..., each with a comma before it */
};

static void draft_init(struct draft *d)
{
	memset(d, 0, sizeof *d);
	buf_init(&d->set, JSON_TEXT_MAX);
	buf_init(&d->members, JSON_TEXT_MAX);
}

static void draft_release(struct draft *d)
{
	buf_release(&d->set);
	buf_release(&d->members);
}

/* Put one "field=value" where it belongs: the kind's own field, else a member that every claim may carry. */
static int draft_take(struct draft *d, struct arena *a, const char *pair, struct err *err)
{
	const char *equals = strchr(pair, '=');
	const char *name, *near;
	const struct kind *of = d->kind;
	const struct field *field;
	struct buf *to = &d->set;
	int rc;

	if (!equals || equals == pair)
		return err_set(err, E_USAGE, "'%.40s' is not FIELD=VALUE", pair);
	name = arena_copy(a, pair, (size_t)(equals - pair));
	field = kind_field(of, name);
	if (!field) {
		of = kinds_common();
		field = kind_field(of, name);
		to = &d->members;
	}
	if (!field) {
		near = kind_nearest_field(d->kind, name);
		return err_set(err, E_INVALID, "%s has no field '%.40s'%s%s%s: 'parley add %s --help' lists them",
			       d->kind->name, name, near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "",
			       d->kind->name);
	}
	if (to == &d->members || to->n > 0)
		buf_text(to, ",");
	json_write_text(to, name);
	buf_text(to, ":");
	rc = field_from_text(of, field, equals + 1, to, err);
	return rc;
}

/* The whole line, parsed: what node_write_claim() takes. */
static int draft_line(struct draft *d, struct arena *a, const struct json **ret, struct err *err)
{
	struct buf line;
	int rc;

	buf_init(&line, JSON_TEXT_MAX);
	buf_printf(&line, "{\"kind\":\"%s\"", d->kind->name);
	if (d->id) {
		buf_text(&line, ",\"id\":");
		json_write_text(&line, d->id);
	}
	buf_printf(&line, ",\"set\":{%s}%s", buf_str(&d->set), buf_str(&d->members));
	buf_text(&line, "}");
	rc = buf_check(&line, "a claim", err);
	if (rc == 0 && (d->set.overflowed || d->members.overflowed))
		rc = err_set(err, E_LIMIT, "the claim is too long: put long texts into a file and attach it");
	if (rc == 0)
		rc = json_parse(a, arena_copy(a, buf_str(&line), line.n), line.n, ret, err);
	buf_release(&line);
	return rc;
}

static void say_written(struct cli *cli, const struct written *w)
{
	char obj[2 * OBJECT_ID_BYTES + 1], entry[9];
	struct buf buf;

	hex_encode(w->obj, OBJECT_ID_BYTES, obj);
	cli_short_id(w->entry, entry);
	if (cli->json) {
		struct json_out out = cli_json_begin(cli, &buf);

		json_open(&out, NULL, '{');
		json_member_hex(&out, "id", w->obj, OBJECT_ID_BYTES);
		json_member_hex(&out, "entry", w->entry, ID_BYTES);
		json_member_bool(&out, "present", w->present);
		json_close(&out, '}');
		cli_json_end(cli, &buf);
		return;
	}
	fprintf(cli->out, "%s\n", obj);
	if (w->present)
		cli_note(cli, "your organisation has said just that already (entry %s): nothing was added", entry);
	else
		cli_note(cli, "recorded as entry %s", entry);
}

static int write_draft(struct cli *cli, const struct parsed *p, struct node *node, struct draft *d, bool must_exist)
{
	struct claim_request request = { .must_exist = must_exist };
	uint8_t circle[ID_BYTES];
	struct written written;
	int rc = node_find_process(node, cli->process, circle, &cli->err);

	request.files = opt_texts(p, "attach", &request.n_files);
	if (rc == 0)
		rc = draft_line(d, &cli->arena, &request.line, &cli->err);
	if (rc == 0)
		rc = node_write_claim(node, circle, &request, &written, &cli->err);
	if (rc == 0)
		say_written(cli, &written);
	return rc;
}

#define ATTACH_OPT                                                                                                     \
	{                                                                                                              \
		.name = "attach", .type = OPT_FILE, .repeats = true,                                                   \
		.help = "seal a file into the record with the claim"                                                   \
	}

/* --- add --------------------------------------------------------------------------------------------------- */

static int known_kind(const char *name, const struct kind **ret, struct err *err)
{
	const char *near;

	*ret = kind_find(name);
	if (*ret)
		return 0;
	near = kinds_nearest_kind(name);
	return err_set(err, E_INVALID, "there is no kind '%.40s'%s%s%s: 'parley add --help' lists them", name,
		       near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
}

static int run_add(struct cli *cli, const struct parsed *p)
{
	struct node *node = NULL;
	struct draft d;
	int rc = 0;

	draft_init(&d);
	d.id = opt_text(p, "id");
	if (p->n_args > 0) {
		rc = known_kind(p->args[0], &d.kind, &cli->err);
		for (size_t i = 1; i < p->n_args && rc == 0; i++)
			rc = draft_take(&d, &cli->arena, p->args[i], &cli->err);
	} else {
		rc = ask_kind(cli, &d.kind);
	}
	if (rc == 0 && p->n_args == 0) {
		const char **pairs = NULL;
		size_t n = 0;

		rc = ask_fields(cli, d.kind, &pairs, &n);
		for (size_t i = 0; i < n && rc == 0; i++)
			rc = draft_take(&d, &cli->arena, pairs[i], &cli->err);
	}
	if (rc == 0)
		rc = cli_open(cli, NODE_WRITE, &node);
	if (rc == 0)
		rc = write_draft(cli, p, node, &d, false);
	node_close(node);
	draft_release(&d);
	return rc;
}

const struct command cmd_add = {
	.name = "add",
	.group = "Write",
	.summary = "record a claim about a new object",
	.args = (const struct arg[]){ { "KIND", OPT_KIND, 0, 1, .help = "what it is: actor, session, commitment, ..." },
				      { "FIELD=VALUE", OPT_FIELD, 0, ARGS_ANY,
					.help = "what is claimed, and where it comes from" },
				      { 0 } },
	.opts = (const struct opt[]){ { .name = "id",
					.type = OPT_TEXT,
					.metavar = "@LABEL",
					.help = "name the object by a label of your own instead of at random" },
				      ATTACH_OPT,
				      { 0 } },
	.about = "Signs, seals and stores one claim, and prints the object's id. Beside the kind's own fields every "
		 "claim can say "
		 "where it comes from: says (whose assertion it is), when (it happened), known (since when), by, "
		 "source, quote, "
		 "grade (A1 to F6), tlp, rule, lang, note.\n\n"
		 "Without a kind it asks, step by step. 'parley add KIND --help' lists the fields of a kind.",
	.examples = (const struct example[]){ { "parley add actor name='Red Cross of Ruritania' type=ngo "
						"source='https://example.org' grade=B2",
						"an actor" },
					      { "parley add", "be asked" },
					      { 0 } },
	.run = run_add,
};

/* --- set --------------------------------------------------------------------------------------------------- */

/* The kind of the object that a person means; its id as hex in the arena. */
static int find_object(struct cli *cli, struct node *node, const char *text, struct draft *d)
{
	uint8_t obj[OBJECT_ID_BYTES] = { 0 };
	struct view *view = NULL;
	struct stmt *s = NULL;
	char *hex;
	int rc = node_view(node, NULL, &view, &cli->err);

	if (rc == 0)
		rc = view_find_object(view, text, obj, &cli->err);
	if (rc == 0)
		rc = db_prepare(view_db(view), "SELECT kind FROM object WHERE obj = ?1", &s, &cli->err);
	if (rc < 0)
		return rc;
	hex = arena_alloc(&cli->arena, 2 * OBJECT_ID_BYTES + 1);
	hex_encode(obj, sizeof obj, hex);
	d->id = hex;
	stmt_bind_blob(s, 1, obj, sizeof obj);
	rc = stmt_step(s, &cli->err);
	if (rc == 1)
		rc = known_kind(stmt_text(s, 0), &d->kind, &cli->err);
	else if (rc == 0)
		rc = err_set(&cli->err, E_NOT_FOUND, "nothing is known of that object: 'parley add KIND' makes one");
	stmt_reset(s);
	return rc;
}

static int run_set(struct cli *cli, const struct parsed *p)
{
	struct node *node = NULL;
	struct draft d;
	int rc;

	draft_init(&d);
	rc = cli_open(cli, NODE_WRITE, &node);
	if (rc == 0)
		rc = find_object(cli, node, p->args[0], &d);
	for (size_t i = 1; i < p->n_args && rc == 0; i++)
		rc = draft_take(&d, &cli->arena, p->args[i], &cli->err);
	if (rc == 0)
		rc = write_draft(cli, p, node, &d, true);
	node_close(node);
	draft_release(&d);
	return rc;
}

const struct command cmd_set = {
	.name = "set",
	.group = "Write",
	.summary = "record another claim about an object",
	.args = (const struct arg[]){ { "ID", OPT_TEXT, 1, 1,
					.help = "the object: its id, the beginning of it, or @LABEL" },
				      { "FIELD=VALUE", OPT_FIELD, 1, ARGS_ANY, .help = "as for add" },
				      { 0 } },
	.opts = (const struct opt[]){ ATTACH_OPT, { 0 } },
	.about = "Nothing is overwritten: what was claimed before stays and is shown beside it. Where two sides say "
		 "different "
		 "things, give says=ID of the one whose word it is.",
	.examples =
		(const struct example[]){
			{ "parley set 3f9a status=concluded when=2016-11-24 source='Joint communique' grade=A1",
			  "what is new" },
			{ 0 } },
	.run = run_set,
};

/* --- retract, redact --------------------------------------------------------------------------------------- */

static int run_retract(struct cli *cli, const struct parsed *p)
{
	struct node *node = NULL;
	uint64_t n = 0;
	int rc = cli_open(cli, NODE_WRITE, &node);

	if (rc == 0)
		rc = node_retract(node, p->args[0], opt_text(p, "reason"), &n, &cli->err);
	if (rc == 0 && cli->json)
		fprintf(cli->out, "{\"retracted\":%llu}\n", (unsigned long long)n);
	else if (rc == 0)
		fprintf(cli->out, "%llu claim%s taken back; the record keeps %s, marked as retracted\n",
			(unsigned long long)n, n == 1 ? "" : "s", n == 1 ? "it" : "them");
	node_close(node);
	return rc;
}

const struct command cmd_retract = {
	.name = "retract",
	.group = "Write",
	.summary = "take your organisation's claims back",
	.args =
		(const struct arg[]){
			{ "ID", OPT_TEXT, 1, 1,
			  .help = "an entry (8 digits or more), or an object: all that you claimed of it" },
			{ 0 } },
	.opts = (const struct opt[]){ { .name = "reason", .type = OPT_TEXT, .help = "why" }, { 0 } },
	.about = "A retracted claim no longer counts, and stays readable in 'parley log' with the retraction beside "
		 "it. To remove "
		 "what a claim says for ever, see 'parley redact'.",
	.examples = (const struct example[]){ { "parley retract 9c41e02b --reason 'wrong date'", "one entry" }, { 0 } },
	.run = run_retract,
};

static int run_redact(struct cli *cli, const struct parsed *p)
{
	struct node *node = NULL;
	bool yes = opt_flag(p, "yes");
	int rc = 0;

	if (!opt_text(p, "reason"))
		return err_set(&cli->err, E_USAGE,
			       "say why with --reason TEXT: it stays in the record in the place of the words");
	if (!yes)
		rc = ask_yes(
			cli,
			"What the entry says will be gone for ever, here and with all who follow the rules. Go on?",
			&yes);
	if (rc == 0 && !yes)
		rc = err_set(&cli->err, E_CANCELLED, "nothing was redacted");
	if (rc == 0)
		rc = cli_open(cli, NODE_WRITE, &node);
	if (rc == 0)
		rc = node_redact(node, p->args[0], opt_text(p, "reason"), &cli->err);
	if (rc == 0)
		fprintf(cli->out,
			cli->json ? "{\"redacted\":1}\n"
				  : "redacted: the entry keeps its place and signature, what it said is gone\n");
	node_close(node);
	return rc;
}

const struct command cmd_redact = {
	.name = "redact",
	.group = "Write",
	.summary = "remove what one entry says, for ever",
	.args = (const struct arg[]){ { "ENTRY", OPT_TEXT, 1, 1, .help = "8 digits or more of its id" }, { 0 } },
	.opts = (const struct opt[]){ { .name = "reason", .type = OPT_TEXT, .help = "why; it stays in the record" },
				      { .name = "yes", .letter = 'y', .type = OPT_FLAG, .help = "do not ask" },
				      { 0 } },
	.about = "Header, signature and chain stay valid, so that anyone can see that something was said and removed, "
		 "and by whom. "
		 "Files attached to the claim go too. Copies on solid-state disks and in backups may survive.",
	.run = run_redact,
};
