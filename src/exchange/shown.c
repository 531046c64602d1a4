#include "exchange/shown.h"

#include <stdlib.h>
#include <string.h>

#define LIST_SEPARATOR '\x1f' /* view.h */
#define PIECE_BYTES 65536     /* handed to the sink at once */

const char *const member_names[N_MEMBERS] = {
	[MEMBER_WHEN] = "when",     [MEMBER_KNOWN] = "known",       [MEMBER_SAYS] = "says",
	[MEMBER_SOURCE] = "source", [MEMBER_GRADE] = "grade",       [MEMBER_TLP] = "tlp",
	[MEMBER_RULE] = "rule",     [MEMBER_N_CLAIMS] = "n_claims", [MEMBER_CONTESTED] = "contested_fields",
};

const char *export_loss_words(enum export_loss loss)
{
	static const char *const words[N_EXPORT_LOSSES] = {
		[LOSS_CLAIMS] = "further claims about the same objects: who says so, when, from which source",
		[LOSS_VALUES] = "values that others say, or that were said before",
		[LOSS_WORDS] = "quotes, notes, languages and writers of claims",
		[LOSS_FILES] = "attached files",
		[LOSS_RETRACTED] = "retracted claims",
		[LOSS_FIELDS] = "values of fields that have no place in it",
		[LOSS_ITEMS] = "items of lists that cannot be told apart, because they hold '; '",
		[LOSS_CHARACTERS] = "control characters",
		[LOSS_TYPES] = "values that are not what their field asks for",
		[LOSS_ENDS] = "edges with an end that is not there",
		[LOSS_SPANS] = "breaks in the time for which an edge holds",
		[LOSS_DATES] = "dates that are open or out of order",
		[LOSS_INCIDENTS] = "incidents of an unknown type or without a date",
		[LOSS_CODES] = "codes that PLOVER 2.0 does not have",
	};

	return words[loss];
}

int export_put(struct sink *sink, struct buf *text, bool all, struct err *err)
{
	int rc = buf_check(text, "one object in the export", err);

	if (rc < 0 || (!all && text->n < PIECE_BYTES) || text->n == 0)
		return rc;
	rc = sink->write(sink->ctx, text->p, text->n, err);
	buf_clear(text);
	return rc;
}

void shown_put_list(struct buf *out, const char *value, uint64_t *ret_lost)
{
	if (strchr(value, LIST_SEPARATOR) && strstr(value, "; "))
		++*ret_lost;
	for (const char *at = value; *at;) {
		size_t n = strcspn(at, (const char[]){ LIST_SEPARATOR, 0 });

		buf_put(out, at, n);
		at += n;
		if (*at) {
			buf_text(out, "; ");
			at++;
		}
	}
}

bool text_is_whole(const char *text)
{
	size_t digits;

	text += *text == '-';
	digits = strspn(text, "0123456789");
	return digits > 0 && digits <= 18 && text[digits] == 0;
}

bool text_is_decimal(const char *text)
{
	size_t digits;

	text += *text == '-';
	digits = strspn(text, "0123456789");
	if (digits == 0 || text[digits] != '.')
		return digits > 0 && text[digits] == 0;
	text += digits + 1;
	digits = strspn(text, "0123456789");
	return digits > 0 && text[digits] == 0;
}

/* --- the claims about one object --------------------------------------------------------------------------- */

struct said {
	int64_t n;
	const char *members[N_MEMBERS]; /* MEMBER_WHEN .. MEMBER_RULE */
	bool has_when;
	struct span span;
	bool has_words, has_files;
	bool is_shown; /* a value of it stands first */
};

/* One object while it is put together. */
struct subject {
	struct shown_walk *walk;
	struct arena a;
	struct shown shown;
	struct said *claims; /* ascending by n */
	size_t n_claims;
	size_t *first; /* [kind->n_fields]: place from 1 of the claim from which the value comes; 0: nobody said */
	uint64_t n_values_behind;
};

enum {
	COL_N,
	COL_WHEN_TEXT,
	COL_WHEN_FROM,
	COL_WHEN_TO,
	COL_KNOWN_TEXT,
	COL_KNOWN,
	COL_SAYS,
	COL_SOURCE,
	COL_GRADE,
	COL_TLP,
	COL_RULE,
	COL_FILES,
	COL_WORDS
};

static const char claims_sql[] = "SELECT n, when_text, when_from, when_to, known_text, known, says, source, grade, "
				 "tlp, rule, files IS NOT NULL, "
				 "\"by\" IS NOT NULL OR quote IS NOT NULL OR lang IS NOT NULL OR note IS NOT NULL "
				 "FROM claim WHERE obj = ?1 AND status = 0 ORDER BY n";

static const char *says_text(struct arena *a, struct stmt *s)
{
	struct bytes says = stmt_blob(s, COL_SAYS);
	char *hex;

	if (says.n != OBJECT_ID_BYTES || bytes_are_zero(says.p, says.n))
		return NULL; /* hidden from this reader */
	hex = arena_alloc(a, 2 * OBJECT_ID_BYTES + 1);
	hex_encode(says.p, says.n, hex);
	return hex;
}

static const char *known_text(struct arena *a, struct stmt *s)
{
	char text[WHEN_TEXT_MAX];

	if (!stmt_is_null(s, COL_KNOWN_TEXT))
		return arena_text(a, stmt_text(s, COL_KNOWN_TEXT));
	when_format_ms(stmt_int(s, COL_KNOWN), text);
	return arena_text(a, text);
}

static void read_claim(struct subject *t, struct stmt *s)
{
	struct said *c = &t->claims[t->n_claims++];

	*c = (struct said){ .n = stmt_int(s, COL_N),
			    .has_when = !stmt_is_null(s, COL_WHEN_FROM),
			    .span = { stmt_int(s, COL_WHEN_FROM), stmt_int(s, COL_WHEN_TO) },
			    .has_files = stmt_int(s, COL_FILES),
			    .has_words = stmt_int(s, COL_WORDS) };
	c->members[MEMBER_WHEN] = arena_text(&t->a, stmt_text(s, COL_WHEN_TEXT));
	c->members[MEMBER_KNOWN] = known_text(&t->a, s);
	c->members[MEMBER_SAYS] = says_text(&t->a, s);
	c->members[MEMBER_SOURCE] = arena_text(&t->a, stmt_text(s, COL_SOURCE));
	c->members[MEMBER_GRADE] = arena_text(&t->a, stmt_text(s, COL_GRADE));
	c->members[MEMBER_TLP] = arena_text(&t->a, stmt_text(s, COL_TLP));
	c->members[MEMBER_RULE] = arena_text(&t->a, stmt_text(s, COL_RULE));
}

/* @param n  how many the object has, by its row */
static int read_claims(struct subject *t, size_t n, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(t->walk->view), claims_sql, &s, err);

	if (rc < 0)
		return rc;
	t->claims = arena_alloc(&t->a, (n + 1) * sizeof *t->claims);
	stmt_bind_blob(s, 1, t->shown.obj, OBJECT_ID_BYTES);
	while ((rc = stmt_step(s, err)) == 1 && t->n_claims < n)
		read_claim(t, s);
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

static int by_n(const void *key, const void *item)
{
	const int64_t *n = key;
	const struct said *c = item;

	return (*n > c->n) - (*n < c->n);
}

/* As view_ranks() asks for it. */
static void take_rank(void *ctx, const char *name, int64_t n, enum rank rank)
{
	struct subject *t = ctx;
	const struct field *field = kind_field(t->shown.kind, name);
	struct said *c;

	t->n_values_behind += rank != RANK_FIRST;
	if (!field || rank != RANK_FIRST)
		return;
	c = bsearch(&n, t->claims, t->n_claims, sizeof *c, by_n);
	if (c) {
		t->first[field - t->shown.kind->fields] = (size_t)(c - t->claims) + 1;
		c->is_shown = true;
	}
}

/* The claim that stands for the object: see export.h. Requires: there is one. */
static struct said *leading_claim(struct subject *t)
{
	const struct field *label = kind_label_field(t->shown.kind);
	size_t lead = label ? t->first[label - t->shown.kind->fields] : 0;

	for (size_t i = 0; i < t->shown.kind->n_fields && lead == 0; i++)
		lead = t->first[i];
	return &t->claims[lead > 0 ? lead - 1 : 0];
}

/* --- markings and rules ------------------------------------------------------------------------------------ */

/* How strict a marking is; one of a later version is the strictest. */
static int strictness(const char *tlp)
{
	enum tlp marking;

	return tlp_parse(tlp, &marking, NULL) == 0 ? (int)marking : TLP_RED + 1;
}

/* The strictest marking of all that is shown; NULL where none of it is marked. */
static const char *strictest_marking(const struct subject *t)
{
	const char *implied = t->shown.kind->flags & KIND_SENSITIVE ? "amber+strict" : "green";
	const char *strictest = NULL;
	bool is_marked = false;

	for (size_t i = 0; i < t->n_claims; i++) {
		const char *own = t->claims[i].members[MEMBER_TLP], *tlp = own ? own : implied;

		if (!t->claims[i].is_shown)
			continue;
		is_marked = is_marked || own;
		if (!strictest || strictness(tlp) > strictness(strictest))
			strictest = tlp;
	}
	return is_marked ? strictest : NULL;
}

static bool hides_speaker(const char *rule)
{
	return rule && strcmp(rule, "on_record") != 0;
}

static const char *strictest_rule(const struct subject *t, const struct said *lead)
{
	if (hides_speaker(lead->members[MEMBER_RULE]))
		return lead->members[MEMBER_RULE];
	for (size_t i = 0; i < t->n_claims; i++)
		if (t->claims[i].is_shown && hides_speaker(t->claims[i].members[MEMBER_RULE]))
			return t->claims[i].members[MEMBER_RULE];
	return lead->members[MEMBER_RULE];
}

/* --- spans ------------------------------------------------------------------------------------------------- */

static int by_start(const void *x, const void *y)
{
	const struct span *a = x, *b = y;

	if (a->from_ms != b->from_ms)
		return a->from_ms < b->from_ms ? -1 : 1;
	return (a->to_ms > b->to_ms) - (a->to_ms < b->to_ms);
}

static bool is_same_speaker(const struct said *a, const struct said *b)
{
	const char *x = a->members[MEMBER_SAYS], *y = b->members[MEMBER_SAYS];

	return a == b || (x && y && strcmp(x, y) == 0);
}

static void collect_spans(struct subject *t, const struct said *lead)
{
	struct span *spans = arena_alloc(&t->a, t->n_claims * sizeof *spans);
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < t->n_claims; i++)
		if (t->claims[i].has_when && is_same_speaker(&t->claims[i], lead))
			spans[n++] = t->claims[i].span;
	if (n > 1)
		qsort(spans, n, sizeof *spans, by_start);
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && spans[i].from_ms <= spans[kept - 1].to_ms) {
			if (spans[i].to_ms > spans[kept - 1].to_ms)
				spans[kept - 1].to_ms = spans[i].to_ms;
		} else {
			spans[kept++] = spans[i];
		}
	}
	t->shown.spans = spans;
	t->shown.n_spans = kept;
}

/* --- one object -------------------------------------------------------------------------------------------- */

static int read_values(struct subject *t, struct err *err)
{
	struct view_value *values;
	size_t n;
	int rc = view_values(t->walk->view, &t->a, t->shown.kind->name, t->shown.obj, &values, &n, err);

	if (rc < 0)
		return rc;
	t->shown.values = arena_alloc(&t->a, t->shown.kind->n_fields * sizeof *t->shown.values);
	for (size_t i = 0; i < n; i++)
		t->shown.values[values[i].field - t->shown.kind->fields] = values[i].value;
	return 0;
}

static int read_contested(struct subject *t, struct err *err)
{
	const char *names = NULL;
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(t->walk->view), "SELECT field FROM contested WHERE obj = ?1 ORDER BY field", &s,
			    err);

	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, t->shown.obj, OBJECT_ID_BYTES);
	while ((rc = stmt_step(s, err)) == 1)
		names = names ? arena_printf(&t->a, "%s; %s", names, stmt_text(s, 0))
			      : arena_text(&t->a, stmt_text(s, 0));
	t->shown.members[MEMBER_CONTESTED] = names;
	return rc;
}

static void count_losses(const struct subject *t, const struct said *lead)
{
	uint64_t *lost = t->walk->report->lost;

	lost[LOSS_CLAIMS] += t->n_claims - 1;
	lost[LOSS_VALUES] += t->n_values_behind;
	lost[LOSS_WORDS] += lead->has_words;
	for (size_t i = 0; i < t->n_claims; i++)
		lost[LOSS_FILES] += t->claims[i].has_files;
}

/* Everything beside the values; objects of control entries have no claims, and so none of it. */
static int judge_claims(struct subject *t, struct err *err)
{
	struct said *lead;
	int rc = 0;

	t->first = arena_alloc(&t->a, t->shown.kind->n_fields * sizeof *t->first);
	if (t->n_claims > 1)
		rc = view_ranks(t->walk->view, t->shown.obj, take_rank, t, err);
	if (rc < 0 || t->n_claims == 0)
		return rc;
	lead = leading_claim(t);
	lead->is_shown = true;
	memcpy(t->shown.members, lead->members, sizeof t->shown.members);
	t->shown.members[MEMBER_TLP] = strictest_marking(t);
	t->shown.members[MEMBER_RULE] = strictest_rule(t, lead);
	t->shown.members[MEMBER_N_CLAIMS] = arena_printf(&t->a, "%zu", t->n_claims);
	collect_spans(t, lead);
	count_losses(t, lead);
	return read_contested(t, err);
}

/* Columns: obj, n_claims. */
static int show(struct shown_walk *walk, const struct kind *kind, struct stmt *s, struct subject *t, struct err *err)
{
	struct bytes obj = stmt_blob(s, 0);
	int rc;

	t->walk = walk;
	t->shown.kind = kind;
	memcpy(t->shown.obj, obj.p, obj.n < OBJECT_ID_BYTES ? obj.n : OBJECT_ID_BYTES);
	hex_encode(t->shown.obj, OBJECT_ID_BYTES, t->shown.id);
	view_label(walk->view, t->shown.obj, t->shown.label, sizeof t->shown.label);
	rc = read_claims(t, (size_t)stmt_int(s, 1), err);
	if (rc == 0)
		rc = read_values(t, err);
	return rc == 0 ? judge_claims(t, err) : rc;
}

/* --- all of them ------------------------------------------------------------------------------------------- */

/* The one number that a query on a kind gives. */
static int count_of_kind(struct view *view, const char *sql, const struct kind *kind, uint64_t *ret, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(view), sql, &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_text(s, 1, kind->name);
	rc = stmt_step(s, err);
	if (rc == 1)
		*ret += (uint64_t)stmt_int(s, 0);
	stmt_reset(s);
	return rc < 0 ? rc : 0;
}

int shown_begin(struct shown_walk *walk, const struct kind *const *kinds, size_t n, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < n && rc == 0; i++)
		rc = count_of_kind(walk->view, "SELECT count(*) FROM object WHERE kind = ?1", kinds[i], &walk->total,
				   err);
	return rc;
}

/* Fields that the kind does not have in this version. */
static int count_unknown_fields(struct shown_walk *walk, const struct kind *kind, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(walk->view),
			    "SELECT field, count(DISTINCT n) FROM value WHERE kind = ?1 GROUP BY field", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_text(s, 1, kind->name);
	while ((rc = stmt_step(s, err)) == 1)
		if (!kind_field(kind, stmt_text(s, 0)))
			walk->report->lost[LOSS_FIELDS] += (uint64_t)stmt_int(s, 1);
	return rc;
}

static int step_on(struct shown_walk *walk, struct err *err)
{
	const struct export_request *r = walk->request;

	if (r->progress && !r->progress(r->ctx, ++walk->done, walk->total))
		return err_set(err, E_CANCELLED, "stopped after %llu objects", (unsigned long long)walk->done);
	return 0;
}

int shown_each(struct shown_walk *walk, const struct kind *kind,
	       int (*each)(void *ctx, const struct shown *shown, struct err *err), void *ctx, struct err *err)
{
	struct stmt *s = NULL;
	int rc = db_prepare(view_db(walk->view),
			    "SELECT obj, n_claims FROM object WHERE kind = ?1 ORDER BY when_from, label, obj", &s, err);

	if (rc < 0)
		return rc;
	stmt_bind_text(s, 1, kind->name);
	while ((rc = stmt_step(s, err)) == 1) {
		struct subject t = { 0 };

		rc = show(walk, kind, s, &t, err);
		if (rc == 0)
			rc = each(ctx, &t.shown, err);
		arena_release(&t.a);
		if (rc == 0)
			rc = step_on(walk, err);
		if (rc < 0)
			break;
	}
	stmt_reset(s);
	if (rc == 0)
		rc = count_unknown_fields(walk, kind, err);
	if (rc == 0)
		rc = count_of_kind(walk->view, "SELECT count(*) FROM claim WHERE kind = ?1 AND status = 1", kind,
				   &walk->report->lost[LOSS_RETRACTED], err);
	return rc;
}
