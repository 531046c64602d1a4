/* What must hold for every map that comes with the program, whatever it is and whatever the file. */
#include "unit/exchange/map_fixture.h"

#include "exchange/maps.h"
#include "record/body.h"

#define COLUMNS 400

/* --- maps as texts ----------------------------------------------------------------------------------------- */

/* A map, line by line: which claim it is in. */
struct walk {
	const struct import_format *format;
	struct arena arena;
	struct map *map;
	const struct kind *kind;
	const struct code_table *columns; /* of the claim */
	size_t n_checked;
};

static const struct code_table *table_named(const struct walk *w, const char *name, size_t n)
{
	const struct code_table *t = w->map->codes;

	while (t && (strlen(t->name) != n || strncmp(t->name, name, n) != 0))
		t = t->next;
	assert_non_null(t);
	return t;
}

static void expect_code(struct walk *w, const struct field *field, const char *code, size_t n)
{
	const char *text = arena_copy(&w->arena, code, n);
	const struct code_list *list = code_list_find(field->arg);

	assert_non_null(list);
	if (!code_find(list, text))
		fail_msg("%s: %s.%s: '%s' is not in the list %s", w->format->name, w->kind->name, field->name, text,
			 field->arg);
	w->n_checked++;
}

/* "a;b" goes to a list of codes. */
static void expect_codes_of(struct walk *w, const struct field *field, const char *to)
{
	for (size_t n; *to; to += n + (to[n] == ';')) {
		to += strspn(to, " ");
		n = strcspn(to, ";");
		if (n > 0)
			expect_code(w, field, to, n);
	}
}

static void expect_table(struct walk *w, const struct field *field, const struct code_table *table)
{
	for (size_t i = 0; i < table->n; i++)
		expect_codes_of(w, field, table->rows[i].to);
}

/* "field = text" of a claim, where the field takes codes. */
static void walk_field(struct walk *w, const char *name, const char *text)
{
	const struct field *field = kind_field(w->kind, name);
	const char *codes = strstr(text, "|codes");

	assert_non_null(field);
	if (field->type != FIELD_CODE)
		return;
	if (codes) {
		codes = strchr(codes, ':') + 1;
		expect_table(w, field, table_named(w, codes, strcspn(codes, "|}")));
	} else if (strcmp(text, "{:column}") == 0) {
		assert_non_null(w->columns);
		for (size_t i = 0; w->columns && i < w->columns->n; i++)
			expect_code(w, field, w->columns->rows[i].from, strlen(w->columns->rows[i].from));
	} else if (!strchr(text, '{')) {
		expect_code(w, field, text, strlen(text));
	}
}

static void walk_line(struct walk *w, char *line)
{
	char *sign = strpbrk(line, "=:");

	if (strncmp(line, "claim ", 6) == 0) {
		w->kind = kind_find(line + 6);
		w->columns = NULL;
	} else if (line[0] != '\t') {
		w->kind = NULL;
	} else if (w->kind && strncmp(line, "\tcolumns: ", 10) == 0) {
		w->columns = table_named(w, line + 10, strlen(line + 10));
	} else if (w->kind && sign && *sign == '=') {
		sign[-1] = '\0';
		walk_field(w, line + 1, sign + 2);
	}
}

static void test_no_import_fails_for_a_code_of_ours(void **state)
{
	size_t n, n_checked = 0;
	const struct import_format *formats = import_formats(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct walk w = { .format = &formats[i] };
		struct err err = { 0 };
		char *rest = NULL;

		if (!formats[i].map)
			continue;
		expect_ok(map_read(&w.arena, formats[i].map, &w.map, &err), &err);
		for (char *line = strtok_r(arena_text(&w.arena, formats[i].map), "\n", &rest); line;
		     line = strtok_r(NULL, "\n", &rest))
			walk_line(&w, line);
		n_checked += w.n_checked;
		arena_release(&w.arena);
	}
	assert_true(n_checked > 800); /* ICEWS and PA-X alone have as many */
}

/* A map names who publishes, what it is and by what licence; no two lines of a table say different things. */
static void test_maps_are_whole(void **state)
{
	size_t n;
	const struct import_format *formats = import_formats(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct arena a = { 0 };
		struct map *map = NULL;
		struct err err = { 0 };

		if (!formats[i].map)
			continue;
		expect_ok(map_read(&a, formats[i].map, &map, &err), &err);
		assert_non_null(map->title);
		for (const struct code_table *t = map->codes; t; t = t->next)
			for (size_t k = 1; k < t->n; k++)
				for (size_t m = 0; m < k; m++)
					if (strcmp(t->rows[k].from, t->rows[m].from) == 0)
						fail_msg("%s: codes %s has '%s' twice", formats[i].name, t->name,
							 t->rows[k].from);
		arena_release(&a);
	}
}

/* --- labels ------------------------------------------------------------------------------------------------ */

/* The columns that a map names, each with a value that its filters take. */
struct hostile {
	struct arena arena;
	struct map *map;
	char *text; /* of the map, for a table of separated values */
	const char *names[COLUMNS], *values[COLUMNS];
	size_t n;
};

static const char *first_of_table(struct hostile *h, const char *codes)
{
	struct walk w = { .map = h->map };
	const char *name = strchr(codes, ':') + 1, *from = table_named(&w, name, strcspn(name, "|}"))->rows[0].from;

	return *from == '*' ? "x" : arena_copy(&h->arena, from, strcspn(from, "*"));
}

static void add_column(struct hostile *h, const char *place, bool in_claim)
{
	const size_t n = strcspn(place, "}"), n_name = strcspn(place, "|}");
	size_t at = 0;
	const char *all = arena_copy(&h->arena, place, n), *name = arena_copy(&h->arena, place, n_name);
	char *star = strstr(name, ".*.") ? strchr(arena_text(&h->arena, name), '*') : NULL;

	if (*name == ':')
		return;
	if (star) {
		*star = '0';
		name = star - (strchr(name, '*') - name);
	}
	while (at < h->n && strcmp(h->names[at], name) != 0)
		at++;
	assert_true(at < COLUMNS);
	if (at == h->n)
		h->names[h->n++] = name;
	else if (strcmp(h->values[at], "5") != 0)
		return;
	if (in_claim && strncmp(place + n, "} is empty", 10) == 0)
		h->values[at] = "";
	else if (strstr(all, "|date") || strstr(all, "|time") || strstr(all, "|year"))
		h->values[at] = "2012-08-26";
	else if (strstr(all, "|codes"))
		h->values[at] = first_of_table(h, strstr(all, "|codes"));
	else
		h->values[at] = "5";
}

/* The map as one for a table: its own reader, tables of a network and needs left out. */
static void as_table(struct hostile *h, const char *map)
{
	char *out = h->text = arena_alloc(&h->arena, strlen(map) + 1), *rest = NULL;

	for (char *line = strtok_r(arena_text(&h->arena, map), "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		if (strncmp(line, "reader:", 7) == 0 || strncmp(line, "delimiter:", 10) == 0 ||
		    strncmp(line, "quotes:", 7) == 0 || strncmp(line, "\tfrom:", 6) == 0)
			continue;
		out = stpcpy(stpcpy(out, line), "\n");
		for (char *p = line; *line != '#' && (p = strchr(p, '{')) != NULL; p++)
			add_column(h, p + 1, *line == '\t');
	}
	for (size_t i = 0; i < h->map->n_needs; i++)
		add_column(h, arena_printf(&h->arena, "%s}", h->map->needs[i]), false);
}

static void put_cell(struct buf *out, const char *cell)
{
	buf_text(out, "\"");
	for (; *cell; cell++)
		buf_printf(out, *cell == '"' ? "\"\"" : "%c", *cell);
	buf_text(out, "\"");
}

/* A row for every column and every value that it should not have. */
static void put_rows(struct hostile *h, struct buf *out)
{
	char many[3001], dashes[200];
	const char *const nasty[] = {
		"A b-c/d", "Ä ö",          "@x",  "%",   "_",  "..",   many,   dashes, "محمد; حركة",           "1,2,3",
		"a;b;c",   "\"q\"",        "5.0", "1e5", "-1", "a\nb", "{}[]", "'",    "12345678901234567890", "x|y",
		"0",       "\xe2\x80\x8b", "#"
	};

	memset(many, 'x', sizeof many - 1);
	many[sizeof many - 1] = '\0';
	memset(dashes, '-', sizeof dashes - 1);
	dashes[sizeof dashes - 1] = '\0';
	for (size_t i = 0; i < h->n; i++) {
		buf_text(out, i ? "," : "");
		put_cell(out, h->names[i]);
	}
	for (size_t v = 0; v < ARRAY_LEN(nasty); v++)
		for (size_t c = 0; c <= h->n; c++) { /* the last time in all of them */
			buf_text(out, "\n");
			for (size_t i = 0; i < h->n; i++) {
				buf_text(out, i ? "," : "");
				put_cell(out, i == c || c == h->n ? nasty[v] : h->values[i]);
			}
		}
	buf_text(out, "\n");
}

static void expect_id(const char *format, const struct json *value)
{
	uint8_t id[OBJECT_ID_BYTES];
	struct err err = { 0 };

	if (object_id_parse(value->text, id, &err) < 0)
		fail_msg("%s: %s: %s", format, value->text, err.text);
}

static void expect_labels_of(const char *format, const struct json *line)
{
	const struct kind *kind = kind_find(json_get_text(line, "kind"));

	expect_id(format, json_get(line, "id"));
	for (const struct json *m = json_get(line, "set")->child; m; m = m->next) {
		if (kind_field(kind, m->key)->type != FIELD_ID)
			continue;
		if (m->type == JSON_T_TEXT)
			expect_id(format, m);
		for (const struct json *v = m->type == JSON_T_ARRAY ? m->child : NULL; v; v = v->next)
			expect_id(format, v);
	}
}

static size_t expect_labels(const char *format, struct claims *claims)
{
	size_t n = 0;
	int rc;

	do {
		struct arena a = { 0 };
		struct claim_group group = { 0 };
		struct err err = { 0 };

		rc = claims->type->next(claims, &a, &group, &err);
		for (size_t i = 0; i < group.n && rc == 1; i++, n++)
			expect_labels_of(format, group.lines[i]);
		if (rc == E_DAMAGED)
			fail_msg("%s: %s", format, err.text);
		arena_release(&a);
	} while (rc != 0);
	return n;
}

static void test_labels_are_right_whatever_the_cell(void **state)
{
	size_t n;
	const struct import_format *formats = import_formats(&n);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		struct hostile h = { 0 };
		struct format_options how = { .name = "network" };
		struct claims *claims = NULL;
		struct text_source t;
		struct err err = { 0 };
		struct buf table;

		if (!formats[i].map)
			continue;
		buf_init(&table, (size_t)64 * 1024 * 1024);
		expect_ok(map_read(&h.arena, formats[i].map, &h.map, &err), &err);
		as_table(&h, formats[i].map);
		put_rows(&h, &table);
		how.map = h.text;
		t = text_of(table.p, table.n);
		t.source.ctx = &t;
		expect_ok(format_open(format_of("csv"), &t.source, &how, &claims, &err), &err);
		if (expect_labels(formats[i].name, claims) < 15)
			fail_msg("%s: hardly a claim was made", formats[i].name);
		claims_close(claims);
		buf_release(&table);
		arena_release(&h.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_import_fails_for_a_code_of_ours),
		cmocka_unit_test(test_maps_are_whole),
		cmocka_unit_test(test_labels_are_right_whatever_the_cell),
	};

	return run_tests("maps", tests);
}
