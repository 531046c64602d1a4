#include "cli/help.h"

#include <string.h>

#include "base/bytes.h"

/* The scripts only ask the program, so that they fit every later version too. */

static const char bash_script[] =
	"# Completion of parley for bash.\n"
	"_parley() {\n"
	"\tlocal -a words=()\n"
	"\tlocal word tail cut i\n"
	"\t# bash has cut words at = and :, so put them together again\n"
	"\tfor ((i = 1; i <= COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif ((i > 1)) && [[ $word == [=:]* || ${words[-1]} == *[=:] ]]; then\n"
	"\t\t\twords[-1]+=$word\n"
	"\t\telse\n"
	"\t\t\twords+=(\"$word\")\n"
	"\t\tfi\n"
	"\tdone\n"
	"\ttail=${words[-1]##*[=:]}\n"
	"\tcut=${words[-1]%\"$tail\"}\n"
	"\tCOMPREPLY=()\n"
	"\twhile IFS=$'\\t' read -r word _; do\n"
	"\t\tcase $word in\n"
	"\t\t:file) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$tail\") ;;\n"
	"\t\t:dir) compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$tail\") ;;\n"
	"\t\t*=) compopt -o nospace; COMPREPLY+=(\"${word#\"$cut\"}\") ;;\n"
	"\t\t*) COMPREPLY+=(\"${word#\"$cut\"}\") ;;\n"
	"\t\tesac\n"
	"\tdone < <(\"${COMP_WORDS[0]}\" --complete \"${words[@]}\" 2>/dev/null)\n"
	"}\n"
	"complete -F _parley parley\n";

static const char zsh_script[] = "#compdef parley\n"
				 "# Completion of parley for zsh.\n"
				 "_parley() {\n"
				 "\tlocal line word help\n"
				 "\tlocal -a closed open\n"
				 "\tfor line in ${(f)\"$(${(Q)words[1]} --complete ${(Q)words[2,CURRENT-1]} "
				 "\"${(Q)words[CURRENT]}\" 2>/dev/null)\"}; do\n"
				 "\t\tword=${line%%$'\\t'*}\n"
				 "\t\thelp=${line#*$'\\t'}\n"
				 "\t\tcase $word in\n"
				 "\t\t:file) compset -P '*='; _files ;;\n"
				 "\t\t:dir) compset -P '*='; _files -/ ;;\n"
				 "\t\t*=) open+=(\"${word//:/\\\\:}:$help\") ;;\n"
				 "\t\t*) closed+=(\"${word//:/\\\\:}:$help\") ;;\n"
				 "\t\tesac\n"
				 "\tdone\n"
				 "\t((${#closed})) && _describe parley closed\n"
				 "\t((${#open})) && _describe parley open -S ''\n"
				 "}\n"
				 "if [[ $funcstack[1] == _parley ]]; then\n"
				 "\t_parley \"$@\"\n"
				 "else\n"
				 "\tcompdef _parley parley\n"
				 "fi\n";

static const char fish_script[] = "# Completion of parley for fish.\n"
				  "function __parley_complete\n"
				  "\tset -l words (commandline -opc)\n"
				  "\tset -l word (commandline -ct)\n"
				  "\tfor line in ($words[1] --complete $words[2..-1] \"$word\" 2>/dev/null)\n"
				  "\t\tswitch $line\n"
				  "\t\t\tcase ':file*' ':dir*'\n"
				  "\t\t\t\t__fish_complete_path \"$word\"\n"
				  "\t\t\tcase '*'\n"
				  "\t\t\t\techo $line\n"
				  "\t\tend\n"
				  "\tend\n"
				  "end\n"
				  "complete -c parley -f -a '(__parley_complete)'\n";

const char *completion_script(const char *shell)
{
	static const struct {
		const char *shell, *script;
	} scripts[] = {
		{ "bash", bash_script },
		{ "zsh", zsh_script },
		{ "fish", fish_script },
	};
	for (size_t i = 0; i < ARRAY_LEN(scripts); i++)
		if (strcmp(scripts[i].shell, shell) == 0)
			return scripts[i].script;
	return NULL;
}

/* What has been typed, and how far it is understood. */
struct typed {
	const struct program *program;
	FILE *out;
	const char *const *words;
	size_t n;          /* words before the last */
	const char *last;  /* the word to complete */
	const char *first; /* first word of the command's name, or NULL */
	const struct command *command;
	const char *kind; /* the first positional of a command that takes a kind */
	size_t n_args;    /* positionals before the last word */
	bool only_args;   /* behind "--" */
};

/* Offer the first n bytes of prefix and the word, if what was typed is the beginning of that. */
static void offer(const struct typed *t, const char *prefix, size_t n, const char *word, const char *suffix,
		  const char *help)
{
	size_t typed = strlen(t->last), in_prefix = typed < n ? typed : n;
	if (strncmp(prefix, t->last, in_prefix) == 0 && strncmp(word, t->last + in_prefix, typed - in_prefix) == 0)
		fprintf(t->out, "%.*s%s%s\t%s\n", (int)n, prefix, word, suffix, help);
}

static const struct opt *find_opt(const struct typed *t, const char *name, size_t n)
{
	const struct opt *const tables[] = { opt_common, t->command ? t->command->opts : NULL };
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		for (const struct opt *opt = tables[i]; opt && opt->name; opt++)
			if (strlen(opt->name) == n && memcmp(opt->name, name, n) == 0)
				return opt;
	return NULL;
}

static const struct opt *find_letter(const struct typed *t, char letter)
{
	const struct opt *const tables[] = { opt_common, t->command ? t->command->opts : NULL };
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		for (const struct opt *opt = tables[i]; opt && opt->name; opt++)
			if (opt->letter == letter)
				return opt;
	return NULL;
}

/* The option that takes the next word as its value, or NULL. */
static const struct opt *wants_next(const struct typed *t, const char *word)
{
	const struct opt *opt = NULL;
	if (strncmp(word, "--", 2) == 0 && !strchr(word, '='))
		opt = find_opt(t, word + 2, strlen(word + 2));
	else if (word[0] == '-' && word[1] && word[1] != '-' && !word[2])
		opt = find_letter(t, word[1]);
	return opt && opt->type != OPT_FLAG ? opt : NULL;
}

static void take_word(struct typed *t, const char *word)
{
	if (t->command) {
		if (t->n_args++ == 0 && t->command->args && t->command->args[0].type == OPT_KIND)
			t->kind = word;
		return;
	}
	char two[128];
	snprintf(two, sizeof(two), "%s%s%s", t->first ? t->first : "", t->first ? " " : "", word);
	t->command = cli_find(t->program, two);
	if (!t->command && !t->first)
		t->first = word;
}

/* Follow the words before the last; gives the option whose value the last one is, or NULL. */
static const struct opt *follow(struct typed *t)
{
	const struct opt *waiting = NULL;
	for (size_t i = 0; i < t->n; i++) {
		const char *word = t->words[i];
		if (waiting)
			waiting = NULL;
		else if (!t->only_args && strcmp(word, "--") == 0)
			t->only_args = true;
		else if (!t->only_args && word[0] == '-' && word[1])
			waiting = wants_next(t, word);
		else
			take_word(t, word);
	}
	return waiting;
}

static void offer_commands(const struct typed *t)
{
	size_t skip = t->first ? strlen(t->first) + 1 : 0;
	const char *before = "";
	for (const struct command *const *c = t->program->commands; *c; c++) {
		const char *name = (*c)->name;
		if (skip && (strncmp(name, t->first, skip - 1) != 0 || name[skip - 1] != ' '))
			continue;
		size_t n = strcspn(name + skip, " ");
		char word[64];
		snprintf(word, sizeof(word), "%.*s", (int)n, name + skip);
		if (strcmp(before, name) != 0 && !(strncmp(before, name, skip + n) == 0 && before[skip + n] == ' '))
			offer(t, "", 0, word, "", name[skip + n] ? "" : (*c)->summary);
		before = name;
	}
}

static void offer_options(const struct typed *t)
{
	const struct opt *const tables[] = { t->command ? t->command->opts : NULL, opt_common };
	for (size_t i = 0; i < ARRAY_LEN(tables); i++)
		for (const struct opt *opt = tables[i]; opt && opt->name; opt++)
			offer(t, "--", 2, opt->name, "", opt->help);
}

static void offer_choices(const struct typed *t, size_t prefix, const char *choices)
{
	while (*choices) {
		size_t n = strcspn(choices, "|");
		char word[64];
		snprintf(word, sizeof(word), "%.*s", (int)n, choices);
		offer(t, t->last, prefix, word, "", "");
		choices += n + (choices[n] == '|');
	}
}

static void offer_kinds(const struct typed *t, size_t prefix)
{
	size_t n;
	const struct kind *kinds = kinds_all(&n);
	for (size_t i = 0; i < n; i++)
		if (!(kinds[i].flags & KIND_RECORD))
			offer(t, t->last, prefix, kinds[i].name, "", kinds[i].help);
}

/* Values behind "field=": codes, or true and false; in a list behind the last comma. */
static void offer_field_values(const struct typed *t, const struct field *field, size_t prefix)
{
	const char *comma = strrchr(t->last + prefix, ',');
	if (comma && field->flags & FIELD_LIST)
		prefix = (size_t)(comma + 1 - t->last);
	if (field->type == FIELD_FLAG)
		offer_choices(t, prefix, "true|false");
	const struct code_list *list = field->type == FIELD_CODE ? code_list_find(field->arg) : NULL;
	for (size_t i = 0; list && i < list->n_codes; i++)
		offer(t, t->last, prefix, list->codes[i].code, "", list->codes[i].label);
}

static void offer_fields(const struct typed *t, size_t prefix)
{
	const struct kind *const kinds[] = { t->kind ? kind_find(t->kind) : NULL, kinds_common() };
	const char *start = t->last + prefix, *equals = strchr(start, '=');

	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		for (size_t i = 0; kinds[k] && i < kinds[k]->n_fields; i++) {
			const struct field *field = &kinds[k]->fields[i];
			if (!equals)
				offer(t, t->last, prefix, field->name, "=", field->help);
			else if (strncmp(field->name, start, (size_t)(equals - start)) == 0 &&
				 !field->name[equals - start])
				offer_field_values(t, field, (size_t)(equals + 1 - t->last));
		}
}

/* The value of an option or argument, of which the first `prefix` bytes of the last word are no part. */
static void offer_values(const struct typed *t, enum opt_type type, const char *choices, size_t prefix)
{
	switch (type) {
	case OPT_CHOICE:
		offer_choices(t, prefix, choices);
		break;
	case OPT_FILE:
		fputs(":file\n", t->out);
		break;
	case OPT_DIR:
		fputs(":dir\n", t->out);
		break;
	case OPT_KIND:
		offer_kinds(t, prefix);
		break;
	case OPT_FIELD:
		offer_fields(t, prefix);
		break;
	case OPT_COMMAND:
		offer_commands(t);
		break;
	case OPT_TEXT:
	case OPT_FLAG:
	case OPT_NUMBER:
	case OPT_DURATION:
	case OPT_DATE:
		break; /* only the person knows */
	}
}

static void offer_argument(const struct typed *t)
{
	size_t i = t->n_args;
	for (const struct arg *arg = t->command->args; arg && arg->name; arg++) {
		if (i < arg->max) {
			offer_values(t, arg->type, arg->choices, 0);
			return;
		}
		i -= arg->max;
	}
}

void completion_words(const struct program *program, FILE *out, const char *const words[], size_t n_words)
{
	struct typed t = { .program = program, .out = out, .words = words, .n = n_words ? n_words - 1 : 0 };
	t.last = n_words ? words[n_words - 1] : "";

	const struct opt *waiting = follow(&t);
	const char *equals = strchr(t.last, '=');
	bool is_option = !t.only_args && t.last[0] == '-';
	if (waiting)
		offer_values(&t, waiting->type, waiting->choices, 0);
	else if (is_option && equals && t.last[1] == '-') {
		const struct opt *opt = find_opt(&t, t.last + 2, (size_t)(equals - t.last) - 2);
		if (opt)
			offer_values(&t, opt->type, opt->choices, (size_t)(equals + 1 - t.last));
	} else if (is_option)
		offer_options(&t);
	else if (!t.command)
		offer_commands(&t);
	else
		offer_argument(&t);
}
