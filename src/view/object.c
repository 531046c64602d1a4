/* One object judged anew from all that is effectively claimed about it: which value is shown first, and what is
 * contested. The rule stands in view.h; everything here reads sets, never the order of arrival. */
#include <stdlib.h>
#include <string.h>

#include "view/view_internal.h"

#define NO_GRADE 36

/* One effective claim about the object. */
struct word {
	int64_t n;
	size_t rank; /* among all words, the latest first */
	const char *kind;
	uint8_t says[OBJECT_ID_BYTES];
	bool has_when;
	int64_t when_from, when_to, known, recorded, seq;
	int grade; /* 0 (A1) .. 35 (F6), NO_GRADE */
	uint8_t id[ID_BYTES];
};

/* What one claim says of one field. */
struct cell {
	const struct word *word;
	size_t field;        /* place in the fields of the bench */
	const char *shown;   /* lists joined in their order */
	const char *content; /* lists joined in sorted order: what is compared */
};

struct bench {
	struct view *view;
	struct arena arena;
	struct word *words; /* ascending by n */
	size_t n_words;
	struct cell *cells;
	size_t n_cells, cap_cells;
	const char **fields; /* names that occur */
	size_t n_fields, cap_fields;
	struct verdict verdict;
	const struct kind_table *table;
	/* view_ranks(): told of every cell, and nothing is written */
	void (*each)(void *ctx, const char *field, int64_t n, enum rank rank);
	void *ctx;
};

static int grade_rank(const char *grade)
{
	if (!grade || strlen(grade) != 2 || grade[0] < 'A' || grade[0] > 'F' || grade[1] < '1' || grade[1] > '6')
		return NO_GRADE;
	return 6 * (grade[0] - 'A') + grade[1] - '1';
}

static int compare_int(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* The one recorded later first. An import records many in one millisecond; the writer's own count then tells them apart. */
static int by_recorded(const struct word *a, const struct word *b)
{
	int c = compare_int(b->recorded, a->recorded);

	return c ? c : compare_int(b->seq, a->seq);
}

/* The later word first. */
static int by_latest(const struct word *a, const struct word *b)
{
	int c = compare_int(b->has_when, a->has_when);

	if (c == 0 && a->has_when)
		c = compare_int(b->when_from, a->when_from);
	if (c == 0)
		c = compare_int(b->known, a->known);
	if (c == 0)
		c = by_recorded(a, b);
	return c ? c : memcmp(b->id, a->id, ID_BYTES);
}

/* The better word first. */
static int by_grade(const struct word *a, const struct word *b)
{
	int c = compare_int(a->grade, b->grade);

	if (c == 0)
		c = compare_int(b->known, a->known);
	if (c == 0)
		c = by_recorded(a, b);
	return c ? c : memcmp(a->id, b->id, ID_BYTES);
}

/* A word in a list that is sorted without moving the words. */
struct place {
	struct word *word;
};

/* Speaker by speaker, the latest word first. */
static int by_speaker(const void *x, const void *y)
{
	const struct place *a = x, *b = y;
	const int c = memcmp(a->word->says, b->word->says, OBJECT_ID_BYTES);

	return c ? c : by_latest(a->word, b->word);
}

/* Field by field, in the order of the words. */
static int by_field(const void *x, const void *y)
{
	const struct cell *a = x, *b = y;

	if (a->field != b->field)
		return a->field < b->field ? -1 : 1;
	return (a->word->rank > b->word->rank) - (a->word->rank < b->word->rank);
}

static int by_text(const void *x, const void *y)
{
	const char *const *a = x, *const *b = y;

	return strcmp(*a, *b);
}

/* --- reading ----------------------------------------------------------------------------------------------- */

static void read_word(struct bench *b, struct stmt *s)
{
	struct word *w = &b->words[b->n_words++];
	struct bytes says = stmt_blob(s, 2), id = stmt_blob(s, 8);

	*w = (struct word){ .n = stmt_int(s, 0) };
	w->kind = arena_text(&b->arena, stmt_text(s, 1));
	memcpy(w->says, says.p, says.n < sizeof w->says ? says.n : sizeof w->says);
	if (b->view->is_cut &&
	    bytes_are_zero(w->says, sizeof w->says)) /* hidden: none is taken for another's later word */
		put_u64(w->says, (uint64_t)w->n);
	w->has_when = !stmt_is_null(s, 3);
	w->when_from = stmt_int(s, 3);
	w->when_to = stmt_int(s, 4);
	w->known = stmt_int(s, 5);
	w->recorded = stmt_int(s, 6);
	w->grade = grade_rank(stmt_text(s, 7));
	w->seq = stmt_int(s, 9);
	memcpy(w->id, id.p, id.n < sizeof w->id ? id.n : sizeof w->id);
}

static void wipe_and_free(void *p, size_t n)
{
	if (p)
		secret_wipe(p, n);
	free(p);
}

/* Not by realloc(), which would leave ids and dates in memory that is no longer ours. */
static size_t grow_words(struct bench *b, size_t cap)
{
	const size_t n = b->n_words * sizeof *b->words;
	struct word *old = b->words;

	cap = cap ? 2 * cap : 8;
	b->words = mem_alloc(cap * sizeof *b->words);
	if (old)
		memcpy(b->words, old, n);
	wipe_and_free(old, n);
	return cap;
}

static int read_words(struct bench *b, const uint8_t obj[static OBJECT_ID_BYTES], struct err *err)
{
	struct stmt *s = NULL;
	size_t cap = 0;
	int rc = db_prepare(
		b->view->db,
		"SELECT c.n, c.kind, c.says, c.when_from, c.when_to, c.known, c.recorded, c.grade, e.id, e.seq"
		" FROM claim c JOIN entry e ON e.n = c.n WHERE c.obj = ? AND c.status = 0 ORDER BY c.n",
		&s, err);

	if (rc < 0)
		return rc;
	stmt_lend_blob(s, 1, obj, OBJECT_ID_BYTES);
	while ((rc = stmt_step(s, err)) == 1) {
		if (b->n_words == cap)
			cap = grow_words(b, cap);
		read_word(b, s);
	}
	stmt_reset(s);
	return rc;
}

/* Number the words in the order of by_speaker(), so that cells need not compare more than numbers. */
static void rank_words(struct bench *b)
{
	struct place *places = arena_alloc(&b->arena, b->n_words * sizeof *places);

	for (size_t i = 0; i < b->n_words; i++)
		places[i].word = &b->words[i];
	if (b->n_words > 1)
		qsort(places, b->n_words, sizeof *places, by_speaker);
	for (size_t i = 0; i < b->n_words; i++)
		places[i].word->rank = i;
}

/* The number of a field's name; it follows or equals `hint`'s, most often, for claims name fields in one order. */
static size_t number_field(struct bench *b, const char *name, size_t hint)
{
	for (size_t i = 0; i < b->n_fields; i++) {
		const size_t at = (hint + i) % b->n_fields;

		if (strcmp(b->fields[at], name) == 0)
			return at;
	}
	if (b->n_fields == b->cap_fields) {
		b->cap_fields = b->cap_fields ? 2 * b->cap_fields : 32;
		b->fields = mem_resize(b->fields, b->cap_fields * sizeof *b->fields);
	}
	b->fields[b->n_fields] = arena_text(&b->arena, name);
	return b->n_fields++;
}

static struct cell *add_cell(struct bench *b, const struct word *word, size_t field)
{
	struct cell *cell;

	if (b->n_cells == b->cap_cells) {
		b->cap_cells = b->cap_cells ? 2 * b->cap_cells : 32;
		b->cells = mem_resize(b->cells, b->cap_cells * sizeof *b->cells);
	}
	cell = &b->cells[b->n_cells++];
	*cell = (struct cell){ .word = word, .field = field };
	return cell;
}

static const char *join(struct arena *a, const char *const *texts, size_t n)
{
	size_t size = 1, at = 0;
	char *out;

	for (size_t i = 0; i < n; i++)
		size += strlen(texts[i]) + 1;
	out = arena_alloc(a, size);
	for (size_t i = 0; i < n; i++) {
		const size_t len = strlen(texts[i]);

		if (i > 0)
			out[at++] = LIST_SEPARATOR[0];
		memcpy(out + at, texts[i], len);
		at += len;
	}
	return out;
}

/* The values of one cell, as they are read. */
struct list {
	const char **items;
	size_t n, cap;
};

static void fill_cell(struct bench *b, struct cell *cell, struct list *list)
{
	if (!cell)
		return;
	cell->shown = list->n == 1 ? list->items[0] : join(&b->arena, list->items, list->n);
	cell->content = cell->shown;
	if (list->n > 1) {
		qsort(list->items, list->n, sizeof *list->items, by_text);
		cell->content = join(&b->arena, list->items, list->n);
	}
	list->n = 0;
}

static void append(struct list *list, const char *text)
{
	if (list->n == list->cap) {
		list->cap = list->cap ? 2 * list->cap : 16;
		list->items = mem_resize(list->items, list->cap * sizeof *list->items);
	}
	list->items[list->n++] = text;
}

/* Read the values, which come claim by claim in the order of the words. */
static int read_cells(struct bench *b, const uint8_t obj[static OBJECT_ID_BYTES], struct err *err)
{
	struct list list = { 0 };
	struct cell *cell = NULL;
	struct stmt *s = NULL;
	size_t at = 0, field = 0;
	int rc = db_prepare(b->view->db, "SELECT n, field, value FROM value WHERE obj = ? ORDER BY n, field, i", &s,
			    err);

	if (rc < 0)
		return rc;
	stmt_lend_blob(s, 1, obj, OBJECT_ID_BYTES);
	while ((rc = stmt_step(s, err)) == 1) {
		const int64_t n = stmt_int(s, 0);

		while (at < b->n_words && b->words[at].n < n)
			at++;
		if (at == b->n_words || b->words[at].n != n)
			continue;
		field = number_field(b, stmt_text(s, 1), field);
		if (!cell || cell->word != &b->words[at] || cell->field != field) {
			fill_cell(b, cell, &list);
			cell = add_cell(b, &b->words[at], field);
		}
		append(&list, arena_text(&b->arena, stmt_text(s, 2)));
	}
	fill_cell(b, cell, &list);
	stmt_reset(s);
	free(list.items);
	return rc;
}

/* --- judging ----------------------------------------------------------------------------------------------- */

/* Was a recorded before b? The entry id settles what was recorded in the same millisecond. */
static bool is_earlier(const struct word *a, const struct word *b)
{
	int c = by_recorded(a, b);

	return c ? c > 0 : memcmp(a->id, b->id, ID_BYTES) < 0;
}

static void widen_span(struct verdict *v, const struct word *w)
{
	if (!w->has_when)
		return;
	if (!v->has_when || w->when_from < v->when_from)
		v->when_from = w->when_from;
	if (!v->has_when || w->when_to > v->when_to)
		v->when_to = w->when_to;
	v->has_when = true;
}

/* The kind is that of the claim recorded first; the rest of the row is counts and spans. */
static void judge_words(struct bench *b)
{
	const struct word *first = &b->words[0];
	struct verdict *v = &b->verdict;

	v->n_claims = (int64_t)b->n_words;
	v->recorded = first->recorded;
	for (size_t i = 0; i < b->n_words; i++) {
		const struct word *w = &b->words[i];

		if (is_earlier(w, first))
			first = w;
		if (w->recorded > v->recorded)
			v->recorded = w->recorded;
		widen_span(v, w);
	}
	v->kind = first->kind;
	b->table = schema_kind(b->view, v->kind);
	if (b->table)
		v->shown = arena_alloc(&b->arena, b->table->kind->n_fields * sizeof *v->shown);
}

static int write_contested(struct bench *b, const uint8_t obj[static OBJECT_ID_BYTES], const char *field,
			   int64_t n_values, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(b->view->db, "INSERT INTO contested (obj, field, n_values) VALUES (?, ?, ?)", &s, err);

	if (rc < 0)
		return rc;
	b->verdict.n_contested++;
	stmt_lend_blob(s, 1, obj, OBJECT_ID_BYTES);
	stmt_lend_text(s, 2, field);
	stmt_bind_int(s, 3, n_values);
	return stmt_run(s, err);
}

/* How many different texts; sorts them. */
static int64_t count_distinct(const char **texts, size_t n)
{
	int64_t count = 0;

	qsort(texts, n, sizeof *texts, by_text);
	for (size_t i = 0; i < n; i++)
		count += i == 0 || strcmp(texts[i], texts[i - 1]) != 0;
	return count;
}

/* Tell where each cell of one field stands. */
static void tell_ranks(struct bench *b, const struct cell *cells, size_t n, const struct cell *best)
{
	for (size_t i = 0; i < n; i++) {
		const bool older = i > 0 && memcmp(cells[i].word->says, cells[i - 1].word->says, OBJECT_ID_BYTES) == 0;

		b->each(b->ctx, b->fields[cells[i].field], cells[i].word->n,
			&cells[i] == best ? RANK_FIRST
			: older           ? RANK_OLDER
					  : RANK_LATEST);
	}
}

/* Judge the field of cells[0..n): keep each speaker's latest word, show the best of these, count what differs. */
static int judge_field(struct bench *b, const uint8_t obj[static OBJECT_ID_BYTES], const struct cell *cells, size_t n,
		       struct err *err)
{
	const char **contents = arena_alloc(&b->arena, n * sizeof *contents);
	const char *name = b->fields[cells[0].field];
	const struct field *field = b->table ? kind_field(b->table->kind, name) : NULL;
	const struct cell *best = NULL;
	size_t n_speakers = 0;
	int64_t n_values;

	for (size_t i = 0; i < n; i++) {
		if (i > 0 && memcmp(cells[i].word->says, cells[i - 1].word->says, OBJECT_ID_BYTES) == 0)
			continue;
		contents[n_speakers++] = cells[i].content;
		if (!best || by_grade(cells[i].word, best->word) < 0)
			best = &cells[i];
	}
	if (b->each) {
		tell_ranks(b, cells, n, best);
		return 0;
	}
	if (field && best)
		b->verdict.shown[field - b->table->kind->fields] = best->shown;
	n_values = count_distinct(contents, n_speakers);
	return n_values > 1 ? write_contested(b, obj, name, n_values, err) : 0;
}

static int judge_fields(struct bench *b, const uint8_t obj[static OBJECT_ID_BYTES], struct err *err)
{
	size_t from = 0;
	int rc = 0;

	if (b->n_words > 1)
		qsort(b->cells, b->n_cells, sizeof *b->cells, by_field);
	for (size_t i = 1; i <= b->n_cells && rc == 0; i++) {
		if (i < b->n_cells && b->cells[i].field == b->cells[from].field)
			continue;
		rc = judge_field(b, obj, b->cells + from, i - from, err);
		from = i;
	}
	return rc;
}

/* Read all words about the object and judge them field by field. */
static int judge(struct bench *b, const uint8_t obj[static OBJECT_ID_BYTES], struct err *err)
{
	int rc = read_words(b, obj, err);

	if (rc < 0 || b->n_words == 0)
		return rc;
	judge_words(b);
	rank_words(b);
	rc = read_cells(b, obj, err);
	return rc == 0 ? judge_fields(b, obj, err) : rc;
}

/* What was claimed is opened text here; the arena wipes what it holds itself. */
static void bench_release(struct bench *b)
{
	wipe_and_free(b->words, b->n_words * sizeof *b->words);
	wipe_and_free(b->cells, b->n_cells * sizeof *b->cells);
	wipe_and_free(b->fields, b->n_fields * sizeof *b->fields);
	arena_release(&b->arena);
}

static int clear_contested(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES], struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view->db, "DELETE FROM contested WHERE obj = ?", &s, err);

	if (rc < 0)
		return rc;
	stmt_lend_blob(s, 1, obj, OBJECT_ID_BYTES);
	return stmt_run(s, err);
}

int object_judge(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES], struct err *err)
{
	struct bench b = { .view = view };
	bool controlled = false;
	int rc = clear_contested(view, obj, err);

	if (rc == 0)
		rc = control_judge(view, obj, &controlled, err);
	if (rc < 0 || controlled)
		return rc;
	rc = judge(&b, obj, err);
	if (rc == 0)
		rc = object_write(view, obj, &b.verdict, err);
	bench_release(&b);
	return rc;
}

int view_ranks(struct view *view, const uint8_t obj[static OBJECT_ID_BYTES],
	       void (*each)(void *ctx, const char *field, int64_t n, enum rank rank), void *ctx, struct err *err)
{
	struct bench b = { .view = view, .each = each, .ctx = ctx };
	int rc = judge(&b, obj, err);

	bench_release(&b);
	return rc;
}
