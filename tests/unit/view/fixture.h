/* What the tests of the views share: a record in memory with a view on it, short ways to write and to ask, and random
 * histories with fixed seeds. */
#ifndef PARLEY_TESTS_UNIT_VIEW_FIXTURE_H
#define PARLEY_TESTS_UNIT_VIEW_FIXTURE_H

#include "support/test.h"

#include "base/when.h"
#include "unit/view/record_double.h"
#include "view/view.h"

#define DAY INT64_C(86400000)
#define DAY_0 (INT64_C(16801) * DAY) /* 2016-01-01 */

struct fixture {
	struct record record;
	struct view *view;
	struct err err;
	uint32_t names;
};

static inline void fixture_init(struct fixture *f)
{
	*f = (struct fixture){ 0 };
	expect_ok(crypto_start(&f->err), &f->err);
	expect_ok(view_new(&f->view, &f->err), &f->err);
}

static inline void fixture_release(struct fixture *f)
{
	view_free(f->view);
	double_release(&f->record);
}

/* Objects are 16 times a number. */
static inline const char *obj_hex(int obj)
{
	static char texts[4][33];
	static int next;
	char *text = texts[next++ % 4];
	uint8_t id[OBJECT_ID_BYTES];

	memset(id, obj, sizeof id);
	hex_encode(id, sizeof id, text);
	return text;
}

/* Write an entry without letting the view see it. Members of the entry may be changed before apply_all(). */
static inline struct double_entry *put(struct fixture *f, uint8_t cls, const char *text)
{
	struct double_entry *e = double_add(&f->record, f->names, cls, text);

	e->time = DAY_0 + f->names++ * 1000;
	return e;
}

/* A claim about an object: `set` is the inside of the set object, `more` further members with a comma in front. */
static inline struct double_entry *put_claim(struct fixture *f, const char *kind, int obj, const char *set,
					     const char *more)
{
	char text[4096];

	snprintf(text, sizeof text, "{\"t\":\"claim\",\"v\":1,\"kind\":\"%s\",\"id\":\"%s\",\"set\":{%s}%s}", kind,
		 obj_hex(obj), set, more);
	return put(f, CLASS_CLAIM, text);
}

/* A retraction ("retract", class 1) or a redaction ("redact", class 4) of an entry. */
static inline struct double_entry *put_mention(struct fixture *f, const char *type, const uint8_t *id)
{
	char text[512], hex[2 * ID_BYTES + 1];

	hex_encode(id, ID_BYTES, hex);
	snprintf(text, sizeof text,
		 "{\"t\":\"%s\",\"v\":1,\"entry\":\"%s\",\"reason\":\"because\",\"authority\":\"%s\"}", type, hex, hex);
	return put(f, strcmp(type, "redact") == 0 ? CLASS_REDACTION : CLASS_CLAIM, text);
}

/* Let the view see what it has not seen yet, one by one. */
static inline void apply_all(struct fixture *f)
{
	struct record_entry e;

	while (view_applied(f->view) < f->record.n) {
		expect_ok(record_read(&f->record, view_applied(f->view) + 1, &e, &f->err), &f->err);
		expect_ok(view_apply(f->view, &f->record, &e, &f->err), &f->err);
	}
}

/* The first column of the first row as text; "(none)" without a row, "(null)" for NULL. Valid for four calls. */
static inline const char *ask(struct view *view, const char *sql)
{
	static char texts[4][512];
	static int next;
	char *text = texts[next++ % 4];
	struct stmt *s = NULL;
	struct err err = { 0 };
	int rc;

	expect_ok(db_prepare(view_db(view), sql, &s, &err), &err);
	rc = stmt_step(s, &err);
	if (rc < 0)
		fail_msg("%s: %s", sql, err.text);
	if (rc == 0)
		snprintf(text, sizeof texts[0], "(none)");
	else
		snprintf(text, sizeof texts[0], "%s", stmt_is_null(s, 0) ? "(null)" : stmt_text(s, 0));
	stmt_reset(s);
	return text;
}

#define expect_ask(view, sql, expected) assert_string_equal(ask((view), (sql)), (expected))

/* All rows of a query as one text, cells with "|", rows with a line break: to compare tables of two views. */
static inline void ask_all(struct view *view, const char *sql, struct buf *out)
{
	struct stmt *s = NULL;
	struct err err = { 0 };
	int rc;

	expect_ok(db_prepare(view_db(view), sql, &s, &err), &err);
	while ((rc = stmt_step(s, &err)) == 1) {
		for (int i = 0; i < stmt_n_columns(s); i++) {
			const struct bytes cell = stmt_blob(s, i);

			buf_text(out, stmt_is_null(s, i) ? "~" : "'");
			buf_put(out, cell.p, cell.n);
			buf_text(out, "|");
		}
		buf_text(out, "\n");
	}
	if (rc < 0)
		fail_msg("%s: %s", sql, err.text);
}

/* A view made anew from the whole record. */
static inline struct view *rebuilt(struct fixture *f)
{
	struct view *view = NULL;

	expect_ok(view_new(&view, &f->err), &f->err);
	expect_ok(view_catch_up(view, &f->record, NULL, NULL, &f->err), &f->err);
	return view;
}

static inline void expect_same(struct view *a, struct view *b)
{
	const char *table = "?";
	struct err err = { 0 };

	expect_ok(view_compare(a, b, &table, &err), &err);
	if (table)
		fail_msg("the views differ in table %s", table);
}

/* --- random histories -------------------------------------------------------------------------------------- */

struct dice {
	uint64_t state;
};

/* 0..n-1 */
static inline uint32_t roll(struct dice *d, uint32_t n)
{
	d->state = d->state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(d->state >> 33) % n;
}

enum op_type { OP_CLAIM, OP_RETRACT, OP_REDACT };

#define OP_FIELDS 4
#define OP_VALUES 3

/* One entry of a history, as plain numbers, from which its body is written and from which a model reckons. */
struct op {
	enum op_type type;
	int device, circle;
	int64_t time;
	size_t target;       /* of a retraction or redaction */
	int obj, kind, says; /* says 0: the author's organisation */
	bool has_when;
	int when, known; /* days; known 0: not said */
	int grade;       /* 0..35; 36: none */
	/* Values of the fields, 0: not said. Field 1 is a list: digits of its values, written from the right. */
	int values[OP_FIELDS];
};

struct op_kind {
	const char *name;
	const char *fields[OP_FIELDS]; /* a text, a list, a number, one that the vocabulary does not know */
};

static const struct op_kind op_kinds[] = {
	{ "actor", { "name", "areas", "strength", "zz" } },
	{ "programme", { "title", "languages", "planned", "zz" } },
	{ "zebra", { "name", "areas", "strength", "zz" } },
};

#define N_OP_KINDS (sizeof op_kinds / sizeof op_kinds[0])

static inline struct op op_random(struct dice *d, const struct op *before, size_t n)
{
	struct op op = { .type = OP_CLAIM, .device = 11, .circle = 1 };
	const uint32_t choice = roll(d, 100);

	if (choice < 12)
		op.type = OP_RETRACT;
	else if (choice < 16)
		op.type = OP_REDACT;
	op.device = (int)(10 * (1 + roll(d, 3)) + roll(d, 2));
	op.circle = (int)(1 + roll(d, 2));
	op.time = DAY_0 + roll(d, 6) * DAY / 2; /* few, so that every tie comes up */
	if (op.type != OP_CLAIM && n > 0) {
		op.target = roll(d, (uint32_t)n);
		if (roll(d, 4) > 0) { /* most are by the author of what they name, or nothing would happen */
			op.device = before[op.target].device;
			op.circle = before[op.target].circle;
		}
		return op;
	}
	op.type = OP_CLAIM;
	op.obj = (int)(1 + roll(d, 40));
	op.kind = (int)roll(d, 20) < 18 ? op.obj % (int)N_OP_KINDS : (int)roll(d, N_OP_KINDS);
	op.says = (int)roll(d, 4);
	op.has_when = roll(d, 3) > 0;
	op.when = (int)roll(d, 3);
	op.known = (int)roll(d, 3);
	op.grade = roll(d, 2) ? (int)roll(d, 36) : 36;
	for (int i = 0; i < OP_FIELDS; i++)
		op.values[i] = (int)roll(d, 4);
	if (op.values[1])
		op.values[1] = (int)(roll(d, 2) ? 12 : 21) + (int)roll(d, 2) * 300;
	if (!op.values[0] && !op.values[1] && !op.values[2] && !op.values[3])
		op.values[0] = 1;
	return op;
}

/* The values of a field of an op as the tables write them; returns how many. */
static inline int op_values(const struct op *op, int field, char ret[OP_VALUES][24])
{
	int n = 0;

	if (field == 1) {
		for (int rest = op->values[1]; rest; rest /= 10)
			snprintf(ret[n++], 24, "area %d", rest % 10);
	} else if (op->values[field]) {
		snprintf(ret[n++], 24, field == 2 ? "%d" : "Válue %d", op->values[field]);
	}
	return n;
}

static inline void op_write_field(const struct op *op, int field, struct buf *out)
{
	char values[OP_VALUES][24];
	const int n = op_values(op, field, values);

	if (n == 0)
		return;
	buf_printf(out, "%s\"%s\":%s", out->p[out->n - 1] == '{' ? "" : ",", op_kinds[op->kind].fields[field],
		   field == 1 ? "[" : "");
	for (int i = 0; i < n; i++) {
		buf_text(out, i ? "," : "");
		buf_printf(out, field == 2 ? "%s" : "\"%s\"", values[i]);
	}
	buf_text(out, field == 1 ? "]" : "");
}

static inline void op_write(const struct op *op, const uint8_t *target, struct buf *out)
{
	char hex[2 * ID_BYTES + 1], day[WHEN_TEXT_MAX];

	if (op->type != OP_CLAIM) {
		hex_encode(target, ID_BYTES, hex);
		buf_printf(out, "{\"t\":\"%s\",\"v\":1,\"entry\":\"%s\",\"reason\":\"r\",\"authority\":\"%s\"}",
			   op->type == OP_RETRACT ? "retract" : "redact", hex, hex);
		return;
	}
	buf_printf(out, "{\"t\":\"claim\",\"v\":1,\"kind\":\"%s\",\"id\":\"%s\",\"set\":{", op_kinds[op->kind].name,
		   obj_hex(op->obj));
	for (int i = 0; i < OP_FIELDS; i++)
		op_write_field(op, i, out);
	buf_text(out, "}");
	if (op->says)
		buf_printf(out, ",\"says\":\"%s\"", obj_hex(200 + op->says));
	when_format_day(DAY_0 + op->when * DAY, day);
	if (op->has_when)
		buf_printf(out, ",\"when\":\"%s\"", day);
	when_format_day(DAY_0 + op->known * DAY, day);
	if (op->known)
		buf_printf(out, ",\"known\":\"%s\"", day);
	if (op->grade < 36)
		buf_printf(out, ",\"grade\":\"%c%c\"", 'A' + op->grade / 6, '1' + op->grade % 6);
	buf_text(out, "}");
}

static inline void op_id(uint32_t name, uint8_t ret[static ID_BYTES])
{
	uint8_t number[4];

	put_u32(number, name);
	hash_labelled(LABEL_ENTRY_ID, BYTES_OF(number), NO_BYTES, NO_BYTES, ret, ID_BYTES);
}

/* Would this retraction or redaction touch that entry? */
static inline bool op_touches(const struct op *by, const struct op *target)
{
	return by->device / 10 == target->device / 10 && by->circle == target->circle;
}

/* n random ops; a target is always an earlier op. */
static inline struct op *history_random(uint64_t seed, size_t n)
{
	struct op *ops = mem_alloc(n * sizeof *ops);
	struct dice dice = { seed };

	for (size_t i = 0; i < n; i++)
		ops[i] = op_random(&dice, ops, i);
	return ops;
}

/* Its place in its feed; of several devices the same one is met often, so that the entry ids have to decide. */
static inline uint64_t op_seq(size_t i)
{
	return 1 + i / 8;
}

/* Put op number i of a history into the record: its id is the same wherever it comes. */
static inline void history_put(struct record *record, const struct op *ops, size_t i)
{
	struct double_entry *e;
	uint8_t target[ID_BYTES];
	struct buf text;

	buf_init(&text, 4096);
	op_id((uint32_t)ops[i].target, target);
	op_write(&ops[i], target, &text);
	e = double_add(record, (uint32_t)i, ops[i].type == OP_REDACT ? CLASS_REDACTION : CLASS_CLAIM, buf_str(&text));
	e->device = (uint8_t)ops[i].device;
	e->circle = (uint8_t)ops[i].circle;
	e->time = ops[i].time;
	e->seq = op_seq(i);
	buf_release(&text);
}

/* What the real record does as well: bodies that are redacted are gone when the record is read again. */
static inline void history_drop_bodies(struct record *record, const struct op *ops, size_t n)
{
	uint8_t id[ID_BYTES];

	for (size_t i = 0; i < n; i++) {
		if (ops[i].type != OP_REDACT || ops[ops[i].target].type == OP_REDACT ||
		    !op_touches(&ops[i], &ops[ops[i].target]))
			continue;
		op_id((uint32_t)ops[i].target, id);
		for (size_t j = 0; j < record->n; j++)
			if (memcmp(record->entries[j].id, id, ID_BYTES) == 0)
				record->entries[j].state = BODY_DROPPED;
	}
}

#endif
