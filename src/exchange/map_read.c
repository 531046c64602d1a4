/* The text of a map: statements line by line. */
#include "exchange/map.h"

#include <string.h>

struct map_text {
	struct arena *arena;
	struct map *map;
	unsigned line;
	struct map_claim *claim;  /* whose indented lines these are, or NULL */
	struct code_table *codes; /* or whose */
	struct map_claim **claims_end;
	const char *publisher; /* label */
};

static char *trim(char *text)
{
	char *end;

	text += strspn(text, " \t");
	end = text + strlen(text);
	while (end > text && (end[-1] == ' ' || end[-1] == '\t' || end[-1] == '\r'))
		*--end = '\0';
	return text;
}

static int read_template(struct map_text *r, const char *text, struct template **ret, struct err *err)
{
	int rc = template_read(r->arena, text, r->map->codes, ret, err);

	if (rc == 0)
		r->map->uses_hash |= template_uses(*ret, ":hash") || template_uses(*ret, ":nth");
	return rc;
}

/* --- tests ------------------------------------------------------------------------------------------------- */

/* Cut a text at a word; what follows, or NULL if the word is not there. */
static char *cut_at(char *text, const char *word)
{
	char *at = strstr(text, word);

	if (!at)
		return NULL;
	*at = '\0';
	return trim(at + strlen(word));
}

/* "{a} is not x", "{a} is x", "{a} is empty", "{a}" */
static int read_test(struct map_text *r, char *text, struct map_test **list, const char *reason, struct err *err)
{
	struct map_test *test = arena_alloc(r->arena, sizeof *test);
	char *value = cut_at(text, "} is not ");

	test->type = TEST_IS_NOT;
	if (!value) {
		value = cut_at(text, "} is ");
		test->type = TEST_IS;
	}
	if (value)
		text = arena_printf(r->arena, "%s}", text); /* the brace was cut off with the word */
	else
		test->type = TEST_FILLED;
	text = trim(text);
	if (!*text || !strchr("}]", text[strlen(text) - 1]))
		return err_set(
			err, E_INVALID,
			"a test is '{column}', '{column} is text', '{column} is not text' or '{column} is empty'");
	if (value && strcmp(value, "empty") == 0)
		test->type = test->type == TEST_IS ? TEST_EMPTY : TEST_FILLED;
	test->text = value;
	test->reason = reason;
	while (*list)
		list = &(*list)->next;
	*list = test;
	return read_template(r, text, &test->template, err);
}

/* "TEST -> reason" */
static int read_verdict(struct map_text *r, char *text, struct map_test **list, struct err *err)
{
	char *reason = cut_at(text, "->");

	if (!reason || !*reason)
		return err_set(err, E_INVALID, "behind the test must stand '-> ' and the reason");
	return read_test(r, text, list, reason, err);
}

/* --- claims ------------------------------------------------------------------------------------------------ */

static int add_member(struct map_text *r, struct map_member **list, struct map_member member, char *text,
		      struct err *err)
{
	struct map_member *m = arena_alloc(r->arena, sizeof *m);
	int rc;

	*m = member;
	rc = read_template(r, text, &m->template, err);
	while (*list)
		list = &(*list)->next;
	*list = m;
	return rc;
}

/* "when: {date}" of a claim, or at the margin of all claims. @return 0; 1: no such member */
static int read_common(struct map_text *r, struct map_member **list, const char *name, char *text, struct err *err)
{
	const bool is_id = strcmp(name, "id") == 0;
	const struct field *field = is_id ? NULL : kind_field(kinds_common(), name);

	if (!is_id && !field)
		return 1;
	return add_member(r, list, (struct map_member){ .name = arena_text(r->arena, name), .field = field }, text,
			  err);
}

static int find_codes(struct map_text *r, const char *name, const struct code_table **ret, struct err *err)
{
	struct code_table *table = r->map->codes;

	while (table && strcmp(table->name, name) != 0)
		table = table->next;
	*ret = table;
	return table ? 0 : err_set(err, E_INVALID, "the map has no table 'codes %.40s' above this line", name);
}

static int read_once(struct map_claim *claim, const char *text, struct err *err)
{
	claim->once = strcmp(text, "yes") == 0;
	return claim->once || strcmp(text, "no") == 0 ? 0 : err_set(err, E_INVALID, "once is yes or no");
}

/* The words that steer a claim. @return 0; 1: no such word */
static int read_control(struct map_text *r, const char *name, char *text, struct err *err)
{
	struct map_claim *claim = r->claim;

	if (strcmp(name, "from") == 0)
		claim->table = text;
	else if (strcmp(name, "once") == 0)
		return read_once(claim, text, err);
	else if (strcmp(name, "common") == 0)
		claim->no_common = strcmp(text, "no") == 0;
	else if (strcmp(name, "if") == 0)
		return read_test(r, text, &claim->tests, NULL, err);
	else if (strcmp(name, "each") == 0)
		return read_template(r, text, &claim->each, err);
	else if (strcmp(name, "columns") == 0)
		return find_codes(r, text, &claim->columns, err);
	else
		return 1;
	return 0;
}

static int read_member(struct map_text *r, const char *name, char *text, struct err *err)
{
	int rc = read_control(r, name, text, err);

	if (rc == 1)
		rc = read_common(r, &r->claim->members, name, text, err);
	return rc == 1 ? err_set(err, E_INVALID,
				 "'%.40s:' is not a member of a claim; fields are written '%.40s = ...'", name, name)
		       : rc;
}

static int read_field(struct map_text *r, const char *name, char *text, struct err *err)
{
	const struct kind *kind = r->claim->kind;
	const struct field *field = kind_field(kind, name);
	const char *near = field ? NULL : kind_nearest_field(kind, name);

	if (!field)
		return err_set(err, E_INVALID, "%s has no field '%.40s'%s%s%s", kind->name, name,
			       near ? ", did you mean " : "", near ? near : "", near ? "?" : "");
	return add_member(r, &r->claim->members, (struct map_member){ field->name, field, true, NULL, NULL }, text,
			  err);
}

/* An indented line of a claim: "name = text" or "name: text", whichever sign comes first. */
static int read_claim_line(struct map_text *r, char *line, struct err *err)
{
	const size_t n = strcspn(line, "=:");
	char *text;
	const bool is_field = line[n] == '=';

	if (!line[n])
		return err_set(err, E_INVALID, "a line of a claim is 'member: text' or 'field = text'");
	line[n] = '\0';
	text = trim(line + n + 1);
	return is_field ? read_field(r, trim(line), text, err) : read_member(r, trim(line), text, err);
}

static struct map_claim *new_claim(struct map_text *r, const struct kind *kind)
{
	struct map_claim *claim = arena_alloc(r->arena, sizeof *claim);

	claim->kind = kind;
	claim->line = r->line;
	*r->claims_end = claim;
	r->claims_end = &claim->next;
	return claim;
}

static int begin_claim(struct map_text *r, char *name, struct err *err)
{
	const struct kind *kind = kind_find(name);
	const char *near = kind ? NULL : kinds_nearest_kind(name);

	if (!kind)
		return err_set(err, E_INVALID, "there is no kind '%.40s'%s%s%s", name, near ? ", did you mean " : "",
			       near ? near : "", near ? "?" : "");
	r->claim = new_claim(r, kind);
	return 0;
}

/* --- codes ------------------------------------------------------------------------------------------------- */

static void begin_codes(struct map_text *r, const char *name)
{
	struct code_table *table = arena_alloc(r->arena, sizeof *table);

	table->name = name;
	table->next = r->map->codes;
	r->map->codes = r->codes = table;
}

static int read_code(struct map_text *r, char *line, struct err *err)
{
	struct code_table *table = r->codes;
	char *to = strrchr(line, '=');
	struct code_row *rows;

	if (!to)
		return err_set(err, E_INVALID, "a line of codes is 'what the file says = code'");
	*to++ = '\0';
	if ((table->n & (table->n - 1)) == 0) { /* a power of two: room for as many again */
		rows = arena_alloc(r->arena, (table->n ? 2 * table->n : 1) * sizeof *rows);
		if (table->n > 0)
			memcpy(rows, table->rows, table->n * sizeof *rows);
		table->rows = rows;
	}
	table->rows[table->n++] = (struct code_row){ trim(line), trim(to) };
	return 0;
}

/* --- statements -------------------------------------------------------------------------------------------- */

static int set_reader(struct map_text *r, const char *name, struct err *err)
{
	static const char *const names[] = { "csv", "json", "graphml", "gml", "pajek" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0) {
			r->map->reader = (enum map_reader)i;
			return 0;
		}
	return err_set(err, E_INVALID, "reader must be csv, json, graphml, gml or pajek");
}

static int set_quotes(struct map_text *r, const char *text, struct err *err)
{
	r->map->csv.no_quotes = strcmp(text, "no") == 0;
	return r->map->csv.no_quotes || strcmp(text, "yes") == 0 ? 0 : err_set(err, E_INVALID, "quotes is yes or no");
}

static int set_delimiter(struct map_text *r, const char *text, struct err *err)
{
	static const char *const names[] = { "comma", ",", "semicolon", ";", "tab", "\t", "bar", "|" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i += 2)
		if (strcmp(text, names[i]) == 0) {
			r->map->csv.delimiter = names[i + 1][0];
			return 0;
		}
	return err_set(err, E_INVALID, "delimiter must be comma, semicolon, tab or bar");
}

static void set_needs(struct map_text *r, char *text)
{
	struct map *map = r->map;
	const char **before = map->needs;
	size_t n = map->n_needs + 1;

	for (const char *p = text; *p; p++)
		n += *p == ',';
	map->needs = arena_alloc(r->arena, n * sizeof *map->needs);
	for (size_t i = 0; i < map->n_needs; i++)
		map->needs[i] = before[i];
	for (char *next; text; text = next) {
		next = strchr(text, ',');
		if (next)
			*next++ = '\0';
		map->needs[map->n_needs++] = trim(text);
	}
}

/* "publisher: @ucdp research_institute Uppsala Conflict Data Program": the actor whose word all of it is, introduced. */
static int set_publisher(struct map_text *r, char *text, struct err *err)
{
	char publisher_source[] = "Publisher of the data that were imported";
	char *type = cut_at(text, " "), *name = type ? cut_at(type, " ") : NULL;
	struct map_claim *claim = new_claim(r, kind_find("actor"));
	struct map_claim *outer = r->claim;
	int rc;

	if (!name || !*name)
		return err_set(err, E_INVALID, "publisher is '@label type-of-actor Name'");
	claim->once = claim->own_word = true;
	r->claim = claim;
	rc = read_common(r, &claim->members, "id", text, err);
	if (rc == 0)
		rc = read_common(r, &claim->members, "source", publisher_source, err);
	if (rc == 0)
		rc = read_field(r, "name", name, err);
	if (rc == 0)
		rc = read_field(r, "type", type, err);
	r->claim = outer;
	return rc == 0 ? read_common(r, &r->map->common, "says", text, err) : rc;
}

static int read_word(struct map_text *r, const char *name, char *text, struct err *err)
{
	const struct {
		const char *name;
		const char **to;
	} texts[] = { { "title", &r->map->title },       { "about", &r->map->about },
		      { "cite", &r->map->cite },         { "licence", &r->map->licence },
		      { "header", &r->map->csv.header }, { "encoding", &r->map->encoding } };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (strcmp(name, texts[i].name) == 0) {
			*texts[i].to = text;
			return 0;
		}
	if (strcmp(name, "reader") == 0)
		return set_reader(r, text, err);
	if (strcmp(name, "delimiter") == 0)
		return set_delimiter(r, text, err);
	if (strcmp(name, "quotes") == 0)
		return set_quotes(r, text, err);
	if (strcmp(name, "publisher") == 0)
		return set_publisher(r, text, err);
	if (strcmp(name, "skip") == 0)
		return read_verdict(r, text, &r->map->skips, err);
	if (strcmp(name, "reject") == 0)
		return read_verdict(r, text, &r->map->rejects, err);
	return 1;
}

static int read_statement(struct map_text *r, char *line, struct err *err)
{
	char *text = cut_at(line, ":");
	int rc;

	if (!text)
		return err_set(err, E_INVALID, "a line at the margin is 'word: text', 'codes NAME' or 'claim KIND'");
	if (strcmp(line, "needs") == 0) {
		set_needs(r, text);
		return 0;
	}
	rc = read_word(r, line, text, err);
	if (rc == 1)
		rc = read_common(r, &r->map->common, line, text, err);
	return rc == 1 ? err_set(err, E_INVALID, "'%.40s:' is not a word of maps", line) : rc;
}

static int read_line(struct map_text *r, char *line, struct err *err)
{
	const bool indented = line[0] == ' ' || line[0] == '\t';

	line = trim(line);
	if (!*line || *line == '#')
		return 0;
	if (indented && r->codes)
		return read_code(r, line, err);
	if (indented)
		return r->claim
			       ? read_claim_line(r, line, err)
			       : err_set(err, E_INVALID, "an indented line belongs below 'claim KIND' or 'codes NAME'");
	r->claim = NULL;
	r->codes = NULL;
	if (strncmp(line, "claim ", 6) == 0)
		return begin_claim(r, trim(line + 6), err);
	if (strncmp(line, "codes ", 6) == 0) {
		begin_codes(r, trim(line + 6));
		return 0;
	}
	return read_statement(r, line, err);
}

/* Every claim must say of which object it is. */
static int check_claims(const struct map *map, struct err *err)
{
	if (!map->claims)
		return err_set(err, E_INVALID, "the map makes no claim: write 'claim KIND' and its fields");
	for (const struct map_claim *c = map->claims; c; c = c->next) {
		bool has_id = false, has_field = false;

		for (const struct map_member *m = c->members; m; m = m->next) {
			has_id |= strcmp(m->name, "id") == 0 && !m->in_set;
			has_field |= m->in_set;
		}
		if (!has_id || !has_field)
			return err_set(err, E_INVALID, "map, line %u: claim %s needs %s", c->line, c->kind->name,
				       has_id ? "a field ('name = ...')" : "'id: @...'");
	}
	return 0;
}

int map_read(struct arena *a, const char *text, struct map **ret, struct err *err)
{
	struct map_text r = { .arena = a, .map = arena_alloc(a, sizeof *r.map) };
	char *copy, *next;
	int rc = 0;

	if (strlen(text) > MAP_TEXT_MAX)
		return err_set(err, E_LIMIT, "the map is longer than %d bytes", MAP_TEXT_MAX);
	if (!utf8_valid(text, strlen(text)))
		return err_set(err, E_INVALID, "the map is not UTF-8");
	r.claims_end = &r.map->claims;
	copy = arena_text(a, strncmp(text, "\xef\xbb\xbf", 3) == 0 ? text + 3 : text);
	for (char *line = copy; line && rc == 0; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		r.line++;
		rc = read_line(&r, line, err);
		if (rc < 0)
			err_prefix(err, "map, line %u: ", r.line);
	}
	if (rc == 0)
		rc = check_claims(r.map, err);
	if (rc == 0)
		*ret = r.map;
	return rc;
}

/* --- what was not right ------------------------------------------------------------------------------------ */

/* Whether an error that begins "actor.name: ..." or "when: ...", or says that there is no date, is about this member of a
 * claim. */
static bool is_about(const struct err *why, const char *kind, const struct map_member *m)
{
	const char *text = why->text;
	const size_t n = strlen(kind), length = strlen(m->name);

	if (!m->in_set && strcmp(m->name, "when") == 0 && strstr(text, ": say when"))
		return true;
	if (m->in_set) {
		if (strncmp(text, kind, n) != 0 || text[n] != '.')
			return false;
		text += n + 1;
	}
	return strncmp(text, m->name, length) == 0 && (text[length] == ':' || text[length] == ' ');
}

void map_blame(const struct map *map, const struct map_claim *claim, struct err *why)
{
	const struct map_member *const lists[] = { claim->members, map->common };

	for (size_t i = 0; i < 2; i++)
		for (const struct map_member *m = lists[i]; m; m = m->next)
			if (is_about(why, claim->kind->name, m) && template_column(m->template)) {
				template_blame(m->template, why);
				return;
			}
}
