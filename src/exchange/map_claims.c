/* Rows as claims, by a map. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/idmap.h"
#include "base/json.h"
#include "exchange/decode.h"
#include "exchange/map.h"

#define KEY_BYTES_ONCE 16
#define GROUP_MAX 4096 /* claims of one row */
#define POINTER_BYTES sizeof(void *)

struct table_claims {
	struct claims claims;
	struct arena arena; /* of the map */
	struct map *map;
	struct source *decoded;
	struct rows *rows; /* NULL before the first row and after a rewind */
	struct idmap once; /* claims made once -> 1 */
	struct idmap nth;  /* hash of a row -> how many equal ones there were */
	const char *name, *known;
	/* of the step at hand */
	uint8_t (*made)[KEY_BYTES_ONCE]; /* in `once`: taken back if the step is refused */
	size_t n_made, cap_made;
	const struct map_claim **of_line; /* which claim of the map made each line of the group; in the step's arena */
	size_t n_lines;
};

/* An object or array in the making: what is put stands behind what was. */
struct members {
	struct json *object, *last;
};

/* One row on its way. */
struct making {
	struct table_claims *tc;
	struct arena *arena;
	struct scope scope;
	size_t n_bytes; /* of scope */
	struct claim_group *group;
	size_t cap;
	bool any;                              /* a claim was made, perhaps one that was made before */
	struct members line, set;              /* of the claim at hand */
	struct members lists[KIND_FIELDS_MAX]; /* in its set: a field may be given in several lines of the map */
	size_t n_lists;
};

/* --- JSON in the arena ------------------------------------------------------------------------------------- */

static void put(struct members *to, struct json *value)
{
	if (to->last)
		to->last->next = value;
	else
		to->object->child = value;
	to->last = value;
}

static struct json *new_json(struct arena *a, enum json_type type, const char *key)
{
	struct json *j = arena_alloc(a, sizeof *j);

	j->type = type;
	j->key = key;
	return j;
}

static struct json *new_text(struct arena *a, const char *key, const char *text)
{
	struct json *j = new_json(a, JSON_T_TEXT, key);

	j->text = text;
	j->text_len = strlen(text);
	return j;
}

static bool has_member(const struct members *in, const char *key)
{
	const struct json *m = in->object->child;

	while (m && strcmp(m->key, key) != 0)
		m = m->next;
	return m != NULL;
}

/* --- values ------------------------------------------------------------------------------------------------ */

static int to_number(const char *text, int64_t *ret, struct err *err)
{
	char *end;
	const size_t n = strlen(text);

	*ret = strtoll(text, &end, 10);
	return n > 0 && n <= 16 && *end == '\0' && strspn(text, "-0123456789") == n
		       ? 0
		       : err_set(err, E_INVALID, "'%.40s' is not a whole number", text);
}

static int to_flag(const char *text, int64_t *ret, struct err *err)
{
	static const char *const yes[] = { "true", "yes", "1", "t" }, *const no[] = { "false", "no", "0", "f" };

	for (size_t i = 0; i < 4; i++)
		if (strcasecmp(text, yes[i]) == 0 || strcasecmp(text, no[i]) == 0) {
			*ret = strcasecmp(text, yes[i]) == 0;
			return 0;
		}
	return err_set(err, E_INVALID, "'%.40s' is neither true nor false", text);
}

/* The JSON value that a field takes; whether it is right in every other way is seen where all claims are checked. */
static int to_value(struct arena *a, const struct field *field, const char *text, struct json **ret, struct err *err)
{
	struct json *j = new_text(a, NULL, text);
	int rc = 0;

	if (field->type == FIELD_NUMBER) {
		j->type = JSON_T_INT;
		rc = to_number(text, &j->number, err);
	} else if (field->type == FIELD_FLAG) {
		j->type = JSON_T_BOOL;
		rc = to_flag(text, &j->number, err);
	}
	*ret = j;
	return rc;
}

static bool is_there(const struct json *array, const struct json *value)
{
	for (const struct json *v = array->child; v; v = v->next)
		if (value->type == JSON_T_TEXT ? strcmp(v->text, value->text) == 0 : v->number == value->number)
			return true;
	return false;
}

/* The array of a list field in the set. */
static struct members *list_of(struct making *mk, const char *name)
{
	struct members *list = mk->lists;

	while (list < mk->lists + mk->n_lists && strcmp(list->object->key, name) != 0)
		list++;
	if (list == mk->lists + mk->n_lists) {
		*list = (struct members){ new_json(mk->arena, JSON_T_ARRAY, name), NULL };
		put(&mk->set, list->object);
		mk->n_lists++;
	}
	return list;
}

static int put_field(struct making *mk, const struct map_member *m, const struct values *values, struct err *err)
{
	const bool is_list = m->field->flags & FIELD_LIST;
	struct members *list = is_list ? list_of(mk, m->name) : NULL;
	struct json *value;
	int rc = 0;

	if (!is_list && values->n > 1)
		return err_set(err, E_INVALID, "there are %zu values where the field takes one", values->n);
	for (size_t i = 0; i < values->n && rc == 0; i++) {
		rc = to_value(mk->arena, m->field, values->items[i], &value, err);
		if (rc == 0 && !is_list) {
			value->key = m->name;
			put(&mk->set, value);
		} else if (rc == 0 && !is_there(list->object, value)) {
			put(list, value);
		}
	}
	return rc;
}

static int put_member(struct making *mk, const struct map_member *m, struct err *err)
{
	struct values values;
	int rc = template_make(m->template, &mk->scope, &values, err);

	if (rc < 0 || values.n == 0)
		return rc;
	/* of several lines for what takes one value, the first that gives any holds */
	if (!m->in_set) {
		if (!has_member(&mk->line, m->name))
			put(&mk->line, new_text(mk->arena, m->name, values.items[0]));
		return 0;
	}
	if (!(m->field->flags & FIELD_LIST) && has_member(&mk->set, m->name))
		return 0;
	rc = put_field(mk, m, &values, err);
	if (rc < 0)
		template_blame(m->template, err);
	return rc;
}

/* --- claims ------------------------------------------------------------------------------------------------ */

static int test_holds(const struct map_test *test, const struct scope *scope, bool *ret, struct err *err)
{
	struct values values;
	int rc = template_make(test->template, scope, &values, err);

	if (rc < 0)
		return rc;
	if (test->type == TEST_FILLED || test->type == TEST_EMPTY)
		*ret = (values.n > 0) == (test->type == TEST_FILLED);
	else
		*ret = (values.n > 0 && strcmp(values.items[0], test->text) == 0) == (test->type == TEST_IS);
	return 0;
}

/* Two runs of FNV-1a from different beginnings: equal rows and claims are told by it, nobody is kept out. */
static void mark(const void *p, size_t n, uint64_t h[static 2])
{
	const uint8_t *bytes = p;

	for (size_t i = 0; i < n; i++) {
		h[0] = (h[0] ^ bytes[i]) * UINT64_C(0x100000001b3);
		h[1] = (h[1] ^ bytes[i]) * UINT64_C(0x100000001b3) + (h[0] >> 32);
	}
}

static void begin_mark(uint64_t h[static 2])
{
	h[0] = UINT64_C(0xcbf29ce484222325);
	h[1] = UINT64_C(0x6c62272e07bb0142);
}

/* Whether a claim that is made once was made; notes that it is. */
static bool made_before(struct table_claims *tc, const struct json *line)
{
	uint8_t key[KEY_BYTES_ONCE];
	struct buf text;
	uint64_t h[2], *seen;

	buf_init(&text, JSON_TEXT_MAX);
	json_write(&text, line);
	begin_mark(h);
	mark(text.p, text.n, h);
	buf_release(&text);
	put_u64(key, h[0]);
	put_u64(key + 8, h[1]);
	seen = idmap_at(&tc->once, key, sizeof key);
	if (*seen)
		return true;
	*seen = 1;
	if (tc->n_made == tc->cap_made) {
		tc->cap_made = tc->cap_made ? 2 * tc->cap_made : 8;
		tc->made = mem_resize(tc->made, tc->cap_made * sizeof *tc->made);
	}
	memcpy(tc->made[tc->n_made++], key, sizeof key);
	return false;
}

static int add_line(struct making *mk, const struct map_claim *claim, const struct json *line, struct err *err)
{
	struct claim_group *group = mk->group;

	mk->any = true;
	if (claim->once && made_before(mk->tc, line))
		return 0;
	if (group->n == GROUP_MAX)
		return err_set(err, E_INVALID, "the row makes more than %d claims", GROUP_MAX);
	if (group->n == mk->cap) {
		const struct json **lines;
		const struct map_claim **of_line;

		mk->cap = mk->cap ? 2 * mk->cap : 8;
		lines = arena_alloc(mk->arena, mk->cap * POINTER_BYTES);
		of_line = arena_alloc(mk->arena, mk->cap * POINTER_BYTES);
		if (group->n > 0) {
			memcpy(lines, group->lines, group->n * POINTER_BYTES);
			memcpy(of_line, mk->tc->of_line, group->n * POINTER_BYTES);
		}
		group->lines = lines;
		mk->tc->of_line = of_line;
	}
	mk->tc->of_line[group->n] = claim;
	group->lines[group->n++] = line;
	mk->tc->n_lines = group->n;
	return 0;
}

static int tests_hold(const struct making *mk, const struct map_test *tests, bool *ret, struct err *err)
{
	int rc = 0;

	*ret = true;
	for (const struct map_test *t = tests; t && *ret && rc == 0; t = t->next)
		rc = test_holds(t, &mk->scope, ret, err);
	return rc;
}

/* What all claims of the file say, unless this one says it itself. */
static int put_common(struct making *mk, const struct map_claim *claim, struct err *err)
{
	int rc = 0;

	for (const struct map_member *m = mk->tc->map->common; m && !claim->no_common && rc == 0; m = m->next)
		if (!claim->own_word || strcmp(m->name, "says") != 0)
			rc = put_member(mk, m, err);
	if (mk->tc->known && !has_member(&mk->line, "known"))
		put(&mk->line, new_text(mk->arena, "known", mk->tc->known));
	return rc;
}

static int make_claim(struct making *mk, const struct map_claim *claim, struct err *err)
{
	bool holds;
	int rc = tests_hold(mk, claim->tests, &holds, err);

	if (rc < 0 || !holds)
		return rc;
	mk->line = (struct members){ new_json(mk->arena, JSON_T_OBJECT, NULL), NULL };
	mk->set = (struct members){ new_json(mk->arena, JSON_T_OBJECT, "set"), NULL };
	mk->n_lists = 0;
	put(&mk->line, new_text(mk->arena, "kind", claim->kind->name));
	for (const struct map_member *m = claim->members; m && rc == 0; m = m->next)
		rc = put_member(mk, m, err);
	if (rc < 0 || !mk->set.object->child)
		return rc;
	if (!has_member(&mk->line, "id"))
		return err_set(err, E_INVALID, "%s: what its id is made of is empty", claim->kind->name);
	rc = put_common(mk, claim, err);
	put(&mk->line, mk->set.object);
	return rc == 0 ? add_line(mk, claim, mk->line.object, err) : rc;
}

static int make_for_each(struct making *mk, const struct map_claim *claim, struct err *err)
{
	struct values values;
	int rc = template_make(claim->each, &mk->scope, &values, err);

	mk->scope.n_each = values.n_places;
	for (size_t i = 0; i < values.n && rc == 0; i++) {
		mk->scope.each = values.items[i];
		mk->scope.index =
			values.places[i]; /* among those that are empty, so that nth finds what stands beside it */
		rc = make_claim(mk, claim, err);
	}
	mk->scope.each = NULL;
	mk->scope.index = mk->scope.n_each = 0;
	return rc;
}

static int make_for_columns(struct making *mk, const struct map_claim *claim, struct err *err)
{
	const struct row *row = mk->scope.row;
	int rc = 0;

	for (size_t i = 0; i < row->table->n_columns && rc == 0; i++) {
		if (!row->cells[i].n || !code_table_find(claim->columns, row->table->columns[i]))
			continue;
		mk->scope.column = row->table->columns[i];
		mk->scope.each = cell_text(mk->arena, row->cells[i]);
		if (mk->scope.each)
			rc = make_claim(mk, claim, err);
	}
	mk->scope.column = mk->scope.each = NULL;
	return rc;
}

static int make_all(struct making *mk, struct err *err)
{
	int rc = 0;

	for (const struct map_claim *c = mk->tc->map->claims; c && rc == 0; c = c->next) {
		if (c->table && strcmp(c->table, mk->scope.row->table->name) != 0)
			continue;
		if (c->each)
			rc = make_for_each(mk, c, err);
		else if (c->columns)
			rc = make_for_columns(mk, c, err);
		else
			rc = make_claim(mk, c, err);
	}
	return rc;
}

/* --- rows -------------------------------------------------------------------------------------------------- */

/* The hash of a row's cells, and how many equal ones there were up to it. */
static void identify(struct table_claims *tc, struct scope *scope)
{
	const struct row *row = scope->row;
	uint8_t key[KEY_BYTES_ONCE];
	uint64_t h[2];

	begin_mark(h);
	for (size_t i = 0; i < row->table->n_columns; i++) {
		put_u64(key, row->cells[i].n); /* the same on every machine */
		mark(key, 8, h);
		mark(row->cells[i].p, row->cells[i].n, h);
	}
	put_u64(key, h[0]);
	put_u64(key + 8, h[1]);
	scope->nth = ++*idmap_at(&tc->nth, key, sizeof key);
	scope->hash = arena_printf(scope->arena, "%016llx%016llx", (unsigned long long)h[0], (unsigned long long)h[1]);
}

/* The tag row of the Humanitarian Exchange Language: every cell that is filled begins with '#'. */
static bool is_hxl(const struct row *row)
{
	size_t n = 0;

	for (size_t i = 0; i < row->table->n_columns; i++) {
		if (row->cells[i].n > 0 && row->cells[i].p[0] != '#')
			return false;
		n += row->cells[i].n > 1;
	}
	return n > 1;
}

/* @return 0 to go on; 1 to pass the row over; E_INVALID: it is refused, with its reason */
static int judge_row(struct table_claims *tc, const struct scope *scope, struct err *err)
{
	bool holds;
	int rc = 0;

	if (is_hxl(scope->row))
		return 1;
	for (const struct map_test *t = tc->map->skips; t && rc == 0; t = t->next) {
		rc = test_holds(t, scope, &holds, err);
		if (rc == 0 && holds)
			return 1;
	}
	for (const struct map_test *t = tc->map->rejects; t && rc == 0; t = t->next) {
		rc = test_holds(t, scope, &holds, err);
		if (rc == 0 && holds)
			rc = err_set(err, E_INVALID, "%s", t->reason);
	}
	return rc;
}

/* The line is said by who reports the reason. */
static void drop_line(struct err *err, uint64_t line)
{
	char place[40];
	const size_t n = (size_t)snprintf(place, sizeof place, "line %llu", (unsigned long long)line);

	if (err && strncmp(err->text, place, n) == 0 && (err->text[n] == ',' || err->text[n] == ':'))
		memmove(err->text, err->text + n + 2, strlen(err->text + n + 2) + 1);
}

/* The header shows whether it is the file that the map is for. */
static int check_needs(const struct map *map, const struct table *table, struct err *err)
{
	for (size_t i = 0; i < map->n_needs; i++) {
		size_t k = 0;

		while (k < table->n_columns && strcmp(table->columns[k], map->needs[i]) != 0)
			k++;
		if (k == table->n_columns)
			return err_set(
				err, E_DAMAGED,
				"it has no column '%.40s': it is another file, or it is separated by something else",
				map->needs[i]);
	}
	return 0;
}

/* A reader at the beginning of the file, if there is none yet. */
static int open_rows(struct table_claims *tc, struct err *err)
{
	int rc;

	if (tc->rows)
		return 0;
	rc = map_rows_open(tc->map, tc->decoded, &tc->rows, err);
	if (rc == 0 && tc->rows->header)
		rc = check_needs(tc->map, tc->rows->header, err);
	return rc < 0 ? rc : 0;
}

static int next_row(struct table_claims *tc, struct row *ret, struct err *err)
{
	int rc = open_rows(tc, err);

	if (rc == 0)
		rc = rows_next(tc->rows, ret, err);
	tc->claims.bytes = decode_bytes(tc->decoded);
	if (rc != 0)
		tc->claims.line = ret->line;
	if (rc == E_INVALID || rc == E_LIMIT)
		drop_line(err, ret->line);
	return rc;
}

static int table_next(struct claims *claims, struct arena *a, struct claim_group *ret, struct err *err)
{
	struct table_claims *tc = (struct table_claims *)claims;
	struct making mk = { .tc = tc, .arena = a, .group = ret };
	struct row row = { .line = claims->line };
	int rc = next_row(tc, &row, err);

	*ret = (struct claim_group){ 0 };
	tc->n_made = tc->n_lines = claims->at = 0;
	if (rc != 1)
		return rc;
	mk.scope = (struct scope){ .arena = a, .row = &row, .name = tc->name, .n_bytes = &mk.n_bytes };
	rc = judge_row(tc, &mk.scope, err);
	ret->passed_over = rc == 1;
	if (rc == 0 && tc->map->uses_hash)
		identify(tc, &mk.scope);
	if (rc == 0)
		rc = make_all(&mk, err);
	ret->passed_over |= rc == 0 && !mk.any;
	return rc < 0 ? rc : 1;
}

/* --- the whole --------------------------------------------------------------------------------------------- */

static void table_refused(struct claims *claims, struct err *why)
{
	struct table_claims *tc = (struct table_claims *)claims;

	for (size_t i = 0; i < tc->n_made; i++)
		*idmap_at(&tc->once, tc->made[i], KEY_BYTES_ONCE) = 0;
	tc->n_made = 0;
	if (claims->at < tc->n_lines)
		map_blame(tc->map, tc->of_line[claims->at], why);
}

static void forget(struct table_claims *tc)
{
	rows_close(tc->rows);
	tc->rows = NULL;
	idmap_release(&tc->once);
	idmap_release(&tc->nth);
	tc->n_made = 0;
	tc->claims.line = 0;
}

static int table_rewind(struct claims *claims, struct err *err)
{
	struct table_claims *tc = (struct table_claims *)claims;

	forget(tc);
	return tc->decoded->rewind(tc->decoded->ctx, err);
}

static void table_close(struct claims *claims)
{
	struct table_claims *tc = (struct table_claims *)claims;

	forget(tc);
	decode_close(tc->decoded);
	free(tc->made);
	arena_release(&tc->arena);
	free(tc);
}

int map_claims_open(struct arena *arena, struct map *map, struct source *source, const char *name, const char *known,
		    struct claims **ret, struct err *err)
{
	static const struct claims_type type = {
		.next = table_next, .rewind = table_rewind, .refused = table_refused, .close = table_close
	};
	struct table_claims *tc = mem_alloc(sizeof *tc);
	int rc;

	tc->claims = (struct claims){
		.type = &type, .can_rewind = source->rewind != NULL, .once = true, .size = source->size
	};
	tc->arena = *arena;
	*arena = (struct arena){ 0 };
	tc->map = map;
	tc->name = name;
	tc->known = known;
	rc = decode_open(source, map->encoding, &tc->decoded, err);
	if (rc < 0)
		table_close(&tc->claims);
	else
		*ret = &tc->claims;
	return rc;
}
