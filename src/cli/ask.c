#include "cli/ask.h"

#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "cli/help.h"
#include "cli/prompt.h"
#include "cli/text.h"

#define ANSWER_MAX 16384
#define INSTEAD "give KIND and FIELD=VALUE as arguments"

struct answers {
	const char **pairs;
	size_t n;
};

int ask_yes(struct cli *cli, const char *question, bool *ret)
{
	return prompt_yes(question, false, "give --yes", ret, &cli->err);
}

/* What was typed as a kind: found, or an answer to it is printed. */
static const struct kind *judge_kind(struct cli *cli, const char *typed)
{
	const struct kind *kind = kind_find(typed);
	const char *near = kinds_nearest_kind(typed);

	if (strcmp(typed, "?") == 0)
		help_kinds(cli->out, cli->out_term.width);
	else if (!kind && near)
		fprintf(cli->out, "There is no such kind; did you mean %s?\n", near);
	else if (!kind)
		fprintf(cli->out, "There is no such kind.\n");
	else if (kind->flags & KIND_RECORD)
		fprintf(cli->out, "That kind is written by the record itself.\n");
	else
		return kind;
	return NULL;
}

int ask_kind(struct cli *cli, const struct kind **ret)
{
	int rc = 0;

	*ret = NULL;
	while (rc == 0 && !*ret) {
		struct buf typed;

		buf_init(&typed, ANSWER_MAX);
		rc = prompt_text("What is it? (a kind such as actor, session, commitment, incident; ? lists them)",
				 NULL, INSTEAD, &typed, &cli->err);
		if (rc == 0)
			*ret = judge_kind(cli, buf_str(&typed));
		buf_release(&typed);
	}
	return rc;
}

/* Whether the text is a right value of the field; says what is wrong. */
static bool answer_is_right(struct cli *cli, const struct kind *kind, const struct field *field, const char *text)
{
	struct arena a = { 0 };
	const struct json *obj;
	struct buf line;
	struct err err;
	int rc;

	buf_init(&line, JSON_TEXT_MAX);
	buf_printf(&line, "{\"%s\":", field->name);
	rc = field_from_text(kind, field, text, &line, &err);
	buf_text(&line, "}");
	if (rc == 0)
		rc = json_parse(&a, buf_str(&line), line.n, &obj, &err);
	if (rc == 0 && !(field->type == FIELD_ID && strchr(text, '@'))) /* labels are resolved later */
		rc = field_check(kind, field, obj->child, &err);
	if (rc < 0)
		fprintf(cli->out, "  %s\n", text_safe(&cli->arena, &cli->out_term, err.text));
	buf_release(&line);
	arena_release(&a);
	return rc == 0;
}

static void add_answer(struct cli *cli, struct answers *to, const char *name, const char *text)
{
	const char **grown = arena_alloc(&cli->arena, (to->n + 1) * sizeof *grown);

	if (to->n)
		memcpy(grown, to->pairs, to->n * sizeof *grown);
	grown[to->n++] = arena_printf(&cli->arena, "%s=%s", name, text);
	to->pairs = grown;
}

/* Ask one field until the answer is right, or empty where it may be. */
static int ask_field(struct cli *cli, const struct kind *kind, const struct field *field, bool required,
		     struct answers *to)
{
	char takes[512];
	bool done = false;
	int rc = 0;

	field_describe(field, takes, sizeof takes);
	fprintf(cli->out, "\n%s: %s\n  %s%s\n", field->name, field->help, takes, required ? " (required)" : "");
	while (rc == 0 && !done) {
		struct buf typed;

		buf_init(&typed, ANSWER_MAX);
		rc = prompt_text(field->name, required ? NULL : "", INSTEAD, &typed, &cli->err);
		if (rc == 0 && typed.n == 0) {
			done = !required;
		} else if (rc == 0 && answer_is_right(cli, kind, field, buf_str(&typed))) {
			add_answer(cli, to, field->name, buf_str(&typed));
			done = true;
		}
		buf_release(&typed);
	}
	return rc;
}

/* The members of every claim that are worth asking for; the others can be given as arguments. */
static int ask_provenance(struct cli *cli, const struct kind *kind, struct answers *to)
{
	static const char *const names[] = { "when", "says", "source", "grade", "tlp", "note" };
	const struct kind *common = kinds_common();
	int rc = 0;

	fprintf(cli->out, "\nWhere it comes from:\n");
	for (size_t i = 0; i < ARRAY_LEN(names) && rc == 0; i++) {
		const struct field *field = kind_field(common, names[i]);
		bool required = strcmp(names[i], "when") == 0 && (kind->flags & KIND_EVENT);

		rc = ask_field(cli, common, field, required, to);
	}
	return rc;
}

int ask_fields(struct cli *cli, const struct kind *kind, const char ***ret, size_t *ret_n)
{
	struct answers answers = { 0 };
	bool yes = false;
	int rc = 0;

	fprintf(cli->out, "%s: %s\nAn empty line leaves a field out.\n", kind->name, kind->help);
	for (int required = 1; required >= 0; required--)
		for (size_t i = 0; i < kind->n_fields && rc == 0; i++)
			if (((kind->fields[i].flags & FIELD_REQUIRED) != 0) == required)
				rc = ask_field(cli, kind, &kind->fields[i], required, &answers);
	if (rc == 0)
		rc = ask_provenance(cli, kind, &answers);
	if (rc < 0)
		return rc;
	fprintf(cli->out, "\n%s\n", kind->name);
	for (size_t i = 0; i < answers.n; i++)
		fprintf(cli->out, "  %s\n", text_safe(&cli->arena, &cli->out_term, answers.pairs[i]));
	rc = prompt_yes("Record it?", true, INSTEAD, &yes, &cli->err);
	if (rc == 0 && !yes)
		rc = err_set(&cli->err, E_CANCELLED, "nothing was recorded");
	*ret = answers.pairs;
	*ret_n = answers.n;
	return rc;
}
