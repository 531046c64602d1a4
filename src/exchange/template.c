#include "exchange/template.h"

#include <stdlib.h>
#include <string.h>

#include "exchange/filters.h"

#define FILTERS_MAX 8
#define PARTS_MAX 64

/* A place for a cell. */
struct place_of_cell {
	const char *column;                    /* or ":name" */
	const char *before_star, *behind_star; /* of "source.*.code"; else NULL */
	const struct table *table;             /* in which it was looked up last */
	size_t n_columns, index;               /* as the table was then; n_columns if it is not there */
	struct filter filters[FILTERS_MAX];
	size_t n_filters;
};

enum part_type { PART_TEXT, PART_CELL, PART_OPEN, PART_CLOSE };

struct part {
	enum part_type type;
	const char *text;
	struct place_of_cell *cell;
};

struct template
{
	struct part parts[PARTS_MAX];
	size_t n;
};

/* --- reading ----------------------------------------------------------------------------------------------- */

static int add_part(struct template *t, struct part part, struct err *err)
{
	if (t->n == PARTS_MAX)
		return err_set(err, E_INVALID, "the template has more than %d parts", PARTS_MAX);
	t->parts[t->n++] = part;
	return 0;
}

static bool is_special(const char *name)
{
	static const char *const names[] = { ":name", ":line", ":hash", ":nth", ":each", ":index", ":column" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return false;
}

/* "column|filter|filter:argument" */
static int read_cell(struct arena *a, char *text, const struct code_table *codes, struct place_of_cell **ret,
		     struct err *err)
{
	struct place_of_cell *cell = arena_alloc(a, sizeof *cell);
	char *bar = strchr(text, '|'), *star;
	int rc = 0;

	if (bar)
		*bar++ = '\0';
	cell->column = text;
	if (text[0] == '\0')
		return err_set(err, E_INVALID, "a place {} must name a column");
	if (text[0] == ':' && !is_special(text))
		return err_set(err, E_INVALID, "there is no '{%.40s}'", text);
	star = text[0] == ':' ? NULL : strstr(text, ".*.");
	if (star) {
		cell->column = arena_text(a, text);
		star[1] = '\0';
		cell->before_star = text;
		cell->behind_star = star + 2;
	}
	for (char *next; bar && rc == 0; bar = next) {
		next = strchr(bar, '|');
		if (next)
			*next++ = '\0';
		if (cell->n_filters == FILTERS_MAX)
			return err_set(err, E_INVALID, "more than %d filters in one place", FILTERS_MAX);
		rc = filter_read(bar, a, codes, &cell->filters[cell->n_filters++], err);
	}
	*ret = cell;
	return rc;
}

/* The text up to a brace or bracket; those that stand doubled are themselves. */
static const char *read_plain(struct arena *a, const char *p, const char **ret)
{
	char *out = arena_alloc(a, strlen(p) + 1), *end = out;

	for (; *p; p++) {
		const bool special = strchr("{}[]", *p) != NULL;

		if (special && p[1] != *p)
			break;
		*end++ = *p;
		p += special;
	}
	*ret = out;
	return p;
}

static int read_part(struct arena *a, const char **p, const struct code_table *codes, struct template *t,
		     struct err *err)
{
	const char *end;
	struct part part = { .type = **p == '[' ? PART_OPEN : **p == ']' ? PART_CLOSE : PART_CELL };
	int rc = 0;

	if (**p == '}')
		return err_set(err, E_INVALID, "a '}' closes nothing; write }} for the character");
	if (part.type != PART_CELL) {
		++*p;
		return add_part(t, part, err);
	}
	end = strchr(*p, '}');
	if (!end)
		return err_set(err, E_INVALID, "a '{' is not closed; write {{ for the character");
	rc = read_cell(a, arena_copy(a, *p + 1, (size_t)(end - *p - 1)), codes, &part.cell, err);
	*p = end + 1;
	return rc < 0 ? rc : add_part(t, part, err);
}

static int check_brackets(const struct template *t, struct err *err)
{
	int depth = 0;

	for (size_t i = 0; i < t->n && depth >= 0 && depth <= 1; i++)
		depth += (t->parts[i].type == PART_OPEN) - (t->parts[i].type == PART_CLOSE);
	return depth == 0 ? 0 : err_set(err, E_INVALID, "'[' and ']' must stand in pairs, not within each other");
}

int template_read(struct arena *a, const char *text, const struct code_table *codes, struct template **ret,
		  struct err *err)
{
	struct template *t = arena_alloc(a, sizeof *t);
	int rc = 0;

	while (rc == 0 && *text) {
		struct part plain = { .type = PART_TEXT };

		text = read_plain(a, text, &plain.text);
		if (plain.text[0])
			rc = add_part(t, plain, err);
		if (rc == 0 && *text)
			rc = read_part(a, &text, codes, t, err);
	}
	if (rc == 0)
		rc = check_brackets(t, err);
	*ret = t;
	return rc;
}

/* --- cells ------------------------------------------------------------------------------------------------- */

static size_t find_column(const struct table *table, const char *name)
{
	size_t i = 0;

	while (i < table->n_columns && strcmp(table->columns[i], name) != 0)
		i++;
	return i;
}

/* Columns become more and never move: what was found stays, what was not is looked for again when there are more. A
 * file that is read again begins with few once more, perhaps at the same place in memory. */
static struct cell cell_of(struct place_of_cell *cell, const struct row *row)
{
	const struct table *table = row->table;

	if (cell->table != table || cell->n_columns > table->n_columns ||
	    (cell->index == cell->n_columns && cell->n_columns < table->n_columns)) {
		cell->table = table;
		cell->n_columns = table->n_columns;
		cell->index = find_column(table, cell->column);
	}
	return cell->index < cell->n_columns ? row->cells[cell->index] : (struct cell){ 0 };
}

/* CR LF and CR become LF: no text of a record may hold others. */
static char *with_line_ends(char *text)
{
	char *end = text;

	for (const char *p = text; *p; p++)
		if (*p != '\r')
			*end++ = *p;
		else if (p[1] != '\n')
			*end++ = '\n';
	*end = '\0';
	return text;
}

const char *cell_text(struct arena *a, struct cell cell)
{
	while (cell.n > 0 && strchr(" \t\r\n", cell.p[0])) {
		cell.p++;
		cell.n--;
	}
	while (cell.n > 0 && strchr(" \t\r\n", cell.p[cell.n - 1]))
		cell.n--;
	return cell.n > 0 ? with_line_ends(arena_copy(a, cell.p, cell.n)) : NULL;
}

static void one_value(struct arena *a, const char *text, struct values *ret)
{
	if (!text || !*text)
		return;
	ret->items = arena_alloc(a, sizeof *ret->items);
	ret->items[0] = text;
	ret->n = 1;
}

/* The number behind "source." in "source.12.code", and what stands behind it; -1 if it is another column. */
static long star_number(const struct place_of_cell *cell, const char *column, const char **ret_behind)
{
	const size_t n = strlen(cell->before_star);
	const char *end = column + n;
	long number;

	if (strncmp(column, cell->before_star, n) != 0)
		return -1;
	end += strspn(end, "0123456789");
	number = strtol(column + n, NULL, 10);
	*ret_behind = end;
	return end > column + n && *end == '.' && number < VALUES_MAX ? number : -1;
}

/* All values of "source.*.code", one for each number that the row has anything for. Those without are "" so that several
 * such places stay in step. */
static void star_values(const struct place_of_cell *cell, const struct scope *scope, struct values *ret)
{
	const struct table *table = scope->row->table;
	const struct cell *cells = scope->row->cells;
	const char *behind = NULL;

	ret->n = 0;
	for (size_t i = 0; i < table->n_columns; i++) {
		const long number = cells[i].p ? star_number(cell, table->columns[i], &behind) : -1;

		if (number >= (long)ret->n)
			ret->n = (size_t)number + 1;
	}
	ret->items = arena_alloc(scope->arena, (ret->n + 1) * sizeof *ret->items);
	for (size_t i = 0; i < ret->n; i++)
		ret->items[i] = "";
	for (size_t i = 0; i < table->n_columns; i++) {
		const long number = cells[i].n > 0 ? star_number(cell, table->columns[i], &behind) : -1;
		const char *text = number >= 0 && strcmp(behind, cell->behind_star) == 0
					   ? cell_text(scope->arena, cells[i])
					   : NULL;

		if (text)
			ret->items[number] = text;
	}
}

static const char *special_value(const struct scope *scope, const char *name)
{
	if (strcmp(name, ":name") == 0)
		return scope->name;
	if (strcmp(name, ":line") == 0)
		return arena_printf(scope->arena, "%llu", (unsigned long long)scope->row->line);
	if (strcmp(name, ":hash") == 0)
		return scope->hash;
	if (strcmp(name, ":nth") == 0)
		return arena_printf(scope->arena, "%llu", (unsigned long long)scope->nth);
	if (strcmp(name, ":index") == 0)
		return arena_printf(scope->arena, "%zu", scope->index + 1);
	return strcmp(name, ":column") == 0 ? scope->column : scope->each;
}

/* What a short row can ask for is bounded: a claim for each of 4,096 values, and a long cell in each of them. */
static int spend(const struct scope *scope, size_t n, struct err *err)
{
	if (!scope->n_bytes)
		return 0;
	*scope->n_bytes += n;
	return *scope->n_bytes <= ROW_TEXTS_MAX
		       ? 0
		       : err_set(err, E_LIMIT, "the row makes more than 64 MiB of text by this map");
}

static int cell_values(struct place_of_cell *cell, const struct scope *scope, struct values *ret, struct err *err)
{
	int rc = 0;

	*ret = (struct values){ 0 };
	if (cell->column[0] != ':' && !cell->before_star)
		rc = spend(scope, cell_of(cell, scope->row).n * (1 + cell->n_filters), err);
	if (rc < 0)
		return rc;
	if (cell->before_star)
		star_values(cell, scope, ret);
	else if (cell->column[0] == ':')
		one_value(scope->arena, special_value(scope, cell->column), ret);
	else
		one_value(scope->arena, cell_text(scope->arena, cell_of(cell, scope->row)), ret);
	for (size_t i = 0; i < cell->n_filters && rc == 0; i++)
		rc = filter_run(&cell->filters[i], scope, ret, err);
	if (rc < 0)
		err_prefix(err, "column %s: ", cell->column);
	return rc;
}

/* --- making ------------------------------------------------------------------------------------------------ */

/* The values of every place, and how many texts they make. */
struct made {
	struct values of[PARTS_MAX];
	size_t n_texts;
	bool any_text;
};

static int make_cells(struct template *t, const struct scope *scope, struct made *made, struct err *err)
{
	int rc = 0;

	made->n_texts = 1;
	made->any_text = false;
	for (size_t i = 0; i < t->n && rc == 0; i++) {
		struct values *v = &made->of[i];

		if (t->parts[i].type != PART_CELL)
			continue;
		made->any_text = true;
		rc = cell_values(t->parts[i].cell, scope, v, err);
		if (rc == 0 && v->n > 1 && made->n_texts > 1 && v->n != made->n_texts)
			return err_set(err, E_INVALID, "column %s: it has %zu values where another has %zu",
				       t->parts[i].cell->column, v->n, made->n_texts);
		if (v->n > 1)
			made->n_texts = v->n;
	}
	return rc;
}

static const char *value_at(const struct values *v, size_t k)
{
	return v->n == 0 ? "" : v->items[v->n == 1 ? 0 : k];
}

/* Whether a cell between the brackets that open at part i is empty. */
static bool group_lacks(const struct template *t, const struct made *made, size_t i, size_t k)
{
	for (; t->parts[i].type != PART_CLOSE; i++)
		if (t->parts[i].type == PART_CELL && !*value_at(&made->of[i], k))
			return true;
	return false;
}

/* The kth text; NULL if all its cells are empty. */
static const char *make_text(const struct template *t, const struct made *made, const struct scope *scope, size_t k)
{
	const char *pieces[PARTS_MAX];
	size_t n = 0, total = 0;
	bool any = !made->any_text, skipping = false;
	char *out, *end;

	for (size_t i = 0; i < t->n; i++) {
		const enum part_type type = t->parts[i].type;

		if (type == PART_OPEN)
			skipping = group_lacks(t, made, i, k);
		if (type == PART_CLOSE)
			skipping = false;
		if (skipping || type == PART_OPEN || type == PART_CLOSE)
			continue;
		pieces[n] = type == PART_TEXT ? t->parts[i].text : value_at(&made->of[i], k);
		any |= type == PART_CELL && *pieces[n];
		total += strlen(pieces[n++]);
	}
	if (!any)
		return NULL;
	out = end = arena_alloc(scope->arena, total + 1);
	for (size_t i = 0; i < n; i++) {
		const size_t length = strlen(pieces[i]);

		memcpy(end, pieces[i], length);
		end += length;
	}
	return out;
}

int template_make(struct template *t, const struct scope *scope, struct values *ret, struct err *err)
{
	struct made made = { 0 };
	size_t *places;
	int rc = make_cells(t, scope, &made, err);

	*ret = (struct values){ 0 };
	if (rc < 0)
		return rc;
	ret->items = arena_alloc(scope->arena, made.n_texts * sizeof *ret->items);
	ret->n_places = made.n_texts;
	ret->places = places = arena_alloc(scope->arena, made.n_texts * sizeof *places);
	for (size_t k = 0; k < made.n_texts && rc == 0; k++) {
		const char *text = make_text(t, &made, scope, k);

		if (!text || !*text)
			continue;
		places[ret->n] = k;
		ret->items[ret->n++] = text;
		rc = spend(scope, strlen(text), err);
	}
	return rc;
}

/* --- asking ------------------------------------------------------------------------------------------------ */

bool template_uses(const struct template *t, const char *name)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->parts[i].type == PART_CELL && strcmp(t->parts[i].cell->column, name) == 0)
			return true;
	return false;
}

const char *template_column(const struct template *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->parts[i].type == PART_CELL && t->parts[i].cell->column[0] != ':')
			return t->parts[i].cell->column;
	return NULL;
}

void template_blame(const struct template *t, struct err *err)
{
	const char *column = template_column(t);

	if (column && err && strncmp(err->text, "column ", 7) != 0)
		err_prefix(err, "column %s: ", column);
}
