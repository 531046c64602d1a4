/* show: one object, every claim with who made it. */
#include <stdlib.h>
#include <string.h>

#include "cli/commands.h"
#include "cli/open.h"
#include "cli/text.h"
#include "node/show.h"

/* --- for people: the values first, each with the number of the claim it stands in; then the claims ------------ */

#define CLAIM_INDENT 8

struct page {
	struct cli *cli;
	FILE *out;
	const struct term *term;
	bool history;                      /* older words too */
	const struct shown_claim **claims; /* each claim once, by arrival */
	size_t n_claims;
};

static const char *safe(struct page *p, const char *text)
{
	return text_safe(&p->cli->arena, p->term, text);
}

static bool is_shown(const struct page *p, const struct shown_claim *c)
{
	return c->rank != RANK_OLDER || p->history;
}

static int by_arrival(const void *a, const void *b)
{
	const struct shown_claim *const *x = a, *const *y = b;

	return ((*x)->n > (*y)->n) - ((*x)->n < (*y)->n);
}

/* Collect each claim once: a claim that sets five fields stands in five of them. */
static void number_claims(struct page *p, const struct shown *s)
{
	size_t n = 0, max = 0;

	for (size_t i = 0; i < s->n_fields; i++)
		max += s->fields[i].n_claims;
	p->claims = arena_alloc(&p->cli->arena, (max + 1) * sizeof(struct shown_claim *));
	for (size_t i = 0; i < s->n_fields; i++)
		for (size_t j = 0; j < s->fields[i].n_claims; j++)
			if (is_shown(p, &s->fields[i].claims[j]) && s->fields[i].claims[j].n)
				p->claims[n++] = &s->fields[i].claims[j];
	qsort(p->claims, n, sizeof(struct shown_claim *), by_arrival);
	for (size_t i = 0; i < n; i++)
		if (p->n_claims == 0 || p->claims[p->n_claims - 1]->n != p->claims[i]->n)
			p->claims[p->n_claims++] = p->claims[i];
}

static size_t number_of(const struct page *p, const struct shown_claim *c)
{
	size_t i = 0;

	while (i < p->n_claims && p->claims[i]->n != c->n)
		i++;
	return i + 1;
}

static const char *sayer(struct page *p, const struct shown_claim *c)
{
	return c->says ? safe(p, c->says) : "not attributed";
}

/* What a value is beside the one shown first, in the order in which they are put. */
enum place { PLACE_FIRST, PLACE_ALSO, PLACE_BUT, PLACE_BEFORE, N_PLACES };

static const char *const place_marks[N_PLACES] = { "", "also: ", "but: ", "before: " };

static enum place place_of(const struct shown_field *f, const struct shown_claim *c)
{
	if (c->rank == RANK_OLDER)
		return PLACE_BEFORE;
	if (c->rank == RANK_FIRST)
		return PLACE_FIRST;
	return strcmp(c->raw, f->claims[0].raw) == 0 ? PLACE_ALSO : PLACE_BUT;
}

/* One value: what, who says it where that matters, and in which claim. */
static void put_value(struct page *p, const struct shown_field *f, const struct shown_claim *c)
{
	const char *mark = place_marks[place_of(f, c)];
	bool who = f->contested || c->rank == RANK_OLDER;

	if (c->n == 0) { /* read from a control entry, not claimed by anyone */
		text_wrap(p->out, safe(p, c->value), 0, 6, p->term->width);
		return;
	}
	text_wrap(p->out,
		  arena_printf(&p->cli->arena, "%s%s  (%s%s%s%s[%zu])", mark, safe(p, c->value), who ? sayer(p, c) : "",
			       who ? ", " : "", who ? c->grade ? c->grade : "no grade" : "", who ? " " : "",
			       number_of(p, c)),
		  0, 6, p->term->width);
}

static void put_field(struct page *p, const struct shown_field *f)
{
	fprintf(p->out, "  %s%s%s%s\n", term_style(p->term, STYLE_BOLD), safe(p, f->name),
		term_style(p->term, STYLE_END),
		f->contested ? ": contested"
		: f->field   ? ""
			     : " (not known to this version)");
	for (int place = PLACE_FIRST; place < N_PLACES; place++)
		for (size_t i = 0; i < f->n_claims; i++)
			if (place_of(f, &f->claims[i]) == (enum place)place && is_shown(p, &f->claims[i]))
				put_value(p, f, &f->claims[i]);
}

static void add_part(struct page *p, char **line, const char *label, const char *value)
{
	if (value)
		*line = arena_printf(&p->cli->arena, "%s%s%s%s", *line, **line ? "; " : "", label, safe(p, value));
}

static void put_text(struct page *p, const char *label, const char *open, const char *text, const char *close)
{
	if (text)
		text_wrap(p->out, arena_printf(&p->cli->arena, "%s%s%s%s", label, open, safe(p, text), close), 0,
			  CLAIM_INDENT, p->term->width);
}

/* Where one claim comes from. */
static void put_claim(struct page *p, const struct shown_claim *c)
{
	char *line = arena_text(&p->cli->arena, ""), *number, entry[9], day[WHEN_TEXT_MAX];

	cli_short_id(c->entry, entry);
	when_format_day(c->known_ms, day);
	number = arena_printf(&p->cli->arena, "  [%zu]", number_of(p, c));
	fprintf(p->out, "%s%s%s", term_style(p->term, STYLE_BOLD), number, term_style(p->term, STYLE_END));
	add_part(p, &line, "says ", c->says ? c->says : "someone (not attributed)");
	add_part(p, &line, "written by ", c->author);
	add_part(p, &line, "by ", c->by);
	add_part(p, &line, "grade ", c->grade ? c->grade : "none");
	add_part(p, &line, "when ", c->when);
	add_part(p, &line, "known since ", day);
	add_part(p, &line, "marked TLP:", c->tlp);
	add_part(p, &line, "rule ", c->rule);
	add_part(p, &line, "entry ", entry);
	text_wrap(p->out, line, (int)strlen(number), CLAIM_INDENT, p->term->width);
	put_text(p, "source: ", "", c->source, "");
	put_text(p, "", p->term->utf8 ? "“" : "\"", c->quote, p->term->utf8 ? "”" : "\"");
	put_text(p, "note: ", "", c->note, "");
}

static size_t count_older(const struct shown *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_fields; i++)
		for (size_t j = 0; j < s->fields[i].n_claims; j++)
			n += s->fields[i].claims[j].rank == RANK_OLDER;
	return n;
}

static void put_links(struct page *p, const struct shown *s)
{
	if (s->n_links_in_all == 0)
		return;
	fprintf(p->out, "\nNamed by\n");
	for (size_t i = 0; i < s->n_links; i++) {
		char id[9];

		cli_short_id(s->links[i].obj, id);
		fprintf(p->out, "  %s  %s\n", id,
			text_cut(&p->cli->arena, p->term,
				 arena_printf(&p->cli->arena, "%s: %s (as %s)", safe(p, s->links[i].kind),
					      safe(p, s->links[i].label), safe(p, s->links[i].field)),
				 p->term->width - 12));
	}
	if (s->n_links_in_all > s->n_links)
		fprintf(p->out, "  and %zu more\n", s->n_links_in_all - s->n_links);
}

static void put_head(struct page *p, const struct shown *s)
{
	char hex[2 * OBJECT_ID_BYTES + 1];
	size_t n_contested = 0;

	hex_encode(s->obj, OBJECT_ID_BYTES, hex);
	for (size_t i = 0; i < s->n_fields; i++)
		n_contested += s->fields[i].contested;
	fprintf(p->out, "%s%s%s\n", term_style(p->term, STYLE_BOLD), safe(p, s->label), term_style(p->term, STYLE_END));
	fprintf(p->out, "%s%s  %s\n", safe(p, s->kind), s->known_kind ? "" : " (a kind not known to this version)",
		hex);
	if (n_contested)
		fprintf(p->out, "%zu field%s contested: those who say differ; the best graded comes first\n",
			n_contested, n_contested == 1 ? " is" : "s are");
	fprintf(p->out, "\n");
}

static void put_object(struct page *p, const struct shown *s)
{
	size_t n_older = count_older(s);

	number_claims(p, s);
	put_head(p, s);
	for (size_t i = 0; i < s->n_fields; i++)
		put_field(p, &s->fields[i]);
	if (p->n_claims)
		fprintf(p->out, "\nClaims\n");
	for (size_t i = 0; i < p->n_claims; i++)
		put_claim(p, p->claims[i]);
	put_links(p, s);
	if (s->n_retracted || s->n_redacted)
		fprintf(p->out, "\n%zu claims were retracted, %zu redacted: 'parley log ID' lists them\n",
			s->n_retracted, s->n_redacted);
	if (n_older && !p->history)
		fprintf(p->out, "\n%zu older values of the same sayers: --history shows them\n", n_older);
}

/* --- for machines ------------------------------------------------------------------------------------------ */

static void json_claim(struct json_out *w, const struct shown_claim *c)
{
	char time[WHEN_TEXT_MAX];

	json_open(w, NULL, '{');
	json_member_text(w, "value", c->raw);
	json_member_text(w, "words", c->value);
	json_member_hex(w, "says", c->says_id, OBJECT_ID_BYTES);
	json_member_text(w, "says_label", c->says);
	json_member_text(w, "author", c->author);
	json_member_text(w, "by", c->by);
	json_member_text(w, "when", c->when);
	when_format_ms(c->known_ms, time);
	json_member_text(w, "known", time);
	when_format_ms(c->recorded_ms, time);
	json_member_text(w, "recorded", time);
	json_member_text(w, "source", c->source);
	json_member_text(w, "quote", c->quote);
	json_member_text(w, "grade", c->grade);
	json_member_text(w, "tlp", c->tlp);
	json_member_text(w, "rule", c->rule);
	json_member_text(w, "lang", c->lang);
	json_member_text(w, "note", c->note);
	json_member_hex(w, "entry", c->entry, ID_BYTES);
	json_member_text(w, "rank", c->rank == RANK_FIRST ? "first" : c->rank == RANK_LATEST ? "latest" : "older");
	json_close(w, '}');
}

static void json_object(struct cli *cli, const struct shown *s)
{
	struct buf buf;
	struct json_out w = cli_json_begin(cli, &buf);

	json_open(&w, NULL, '{');
	json_member_hex(&w, "id", s->obj, OBJECT_ID_BYTES);
	json_member_text(&w, "kind", s->kind);
	json_member_text(&w, "label", s->label);
	json_open(&w, "fields", '[');
	for (size_t i = 0; i < s->n_fields; i++) {
		json_open(&w, NULL, '{');
		json_member_text(&w, "name", s->fields[i].name);
		json_member_bool(&w, "contested", s->fields[i].contested);
		json_open(&w, "claims", '[');
		for (size_t j = 0; j < s->fields[i].n_claims; j++)
			json_claim(&w, &s->fields[i].claims[j]);
		json_close(&w, ']');
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_member_int(&w, "retracted", (int64_t)s->n_retracted);
	json_member_int(&w, "redacted", (int64_t)s->n_redacted);
	json_open(&w, "named_by", '[');
	for (size_t i = 0; i < s->n_links; i++) {
		json_open(&w, NULL, '{');
		json_member_hex(&w, "id", s->links[i].obj, OBJECT_ID_BYTES);
		json_member_text(&w, "kind", s->links[i].kind);
		json_member_text(&w, "label", s->links[i].label);
		json_member_text(&w, "field", s->links[i].field);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	cli_json_end(cli, &buf);
}

/* The object that is meant, among those that the reader may see: of others he learns not even that they are there. Who
 * sees all claims, but of some days only, is told that there are others. */
static int find_shown(struct cli *cli, const struct parsed *p, struct node *node, struct view *view,
		      uint8_t ret[static OBJECT_ID_BYTES])
{
	struct view *whole = NULL;
	int rc = view_find_object(view, p->args[0], ret, &cli->err);

	if (rc != E_NOT_FOUND || opt_text(p, "tlp"))
		return rc;
	rc = node_view(node, NULL, &whole, &cli->err);
	if (rc < 0)
		return rc;
	rc = view_find_object(whole, p->args[0], ret, &cli->err);
	return rc < 0 ? rc : err_set(&cli->err, E_NOT_FOUND, "nothing was claimed of that object as of these dates");
}

static int run_show(struct cli *cli, const struct parsed *p)
{
	struct page page = { .cli = cli, .out = cli->out, .term = &cli->out_term, .history = opt_flag(p, "history") };
	uint8_t obj[OBJECT_ID_BYTES];
	struct node *node = NULL;
	struct view *view = NULL;
	struct shown shown;
	int rc = cli_open_view(cli, p, &node, &view);

	if (rc == 0)
		rc = find_shown(cli, p, node, view, obj);
	if (rc == 0)
		rc = show_object(view, &cli->arena, obj, &shown, &cli->err);
	if (rc == 0 && cli->json)
		json_object(cli, &shown);
	else if (rc == 0)
		put_object(&page, &shown);
	node_close(node);
	return rc;
}

const struct command cmd_show = {
	.name = "show",
	.group = "Read",
	.summary = "one object, with every claim about it",
	.args = (const struct arg[]){ { "ID", OPT_TEXT, 1, 1, .help = "its id, the beginning of it, or @LABEL" },
				      { 0 } },
	.opts =
		(const struct opt[]){
			CLI_READ_OPTS,
			{ .name = "history", .type = OPT_FLAG, .help = "older words of the same sayers too" },
			{ 0 } },
	.about = "Field by field: what is claimed, who says it, who wrote it down, from which source and how good that "
		 "is. Where "
		 "sayers differ, the field is contested and all values are shown; the one with the best grade comes "
		 "first (then "
		 "the latest known, then the latest recorded). Nothing here decides who is right.",
	.examples =
		(const struct example[]){ { "parley show @havana/inc-guapi --known 2015-06-01", "what was known then" },
					  { 0 } },
	.run = run_show,
};
