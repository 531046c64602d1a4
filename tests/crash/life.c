/* A later life of the home of a day: see life.h. */
#include "life.h"

#include "base/arena.h"
#include "base/limits.h"
#include "view/attachment.h"

#define WHERE_MAX 512
#define CLAIM_OF_LIFE 900 /* number of the claim that the first life after a cut makes; the next makes the next */
#define N_OPS_OF_LIFE 40  /* more operations than a life has, so that some have no second cut */

static char where[WHERE_MAX];

void life_where(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(where, sizeof where, fmt, args);
	va_end(args);
}

const char *life_where_text(void)
{
	return where;
}

/* --- facts ------------------------------------------------------------------------------------------------- */

/* A row of the view `entry`, with the claim's standing. */
struct row {
	uint64_t n, seq;
	int64_t status; /* -1: no claim */
};

static struct view *whole_view(struct node *node)
{
	struct view *view = NULL;
	struct err err;

	life_ok(node_view(node, NULL, &view, &err), &err);
	return view;
}

/* The row of an entry that must be there. */
static struct row find_row(struct node *node, const uint8_t id[static ID_BYTES])
{
	struct row row = { .status = -1 };
	struct stmt *s;
	struct err err;

	life_ok(db_prepare(view_db(whole_view(node)),
			   "SELECT e.n, e.seq, c.status FROM entry e LEFT JOIN claim c ON c.n = e.n WHERE e.id = ?1",
			   &s, &err),
		&err);
	stmt_bind_blob(s, 1, id, ID_BYTES);
	if (stmt_step(s, &err) != 1)
		fail_msg("%s: an acknowledged entry is not there", where);
	row.n = (uint64_t)stmt_int(s, 0);
	row.seq = (uint64_t)stmt_int(s, 1);
	row.status = stmt_is_null(s, 2) ? -1 : stmt_int(s, 2);
	stmt_reset(s);
	return row;
}

static const struct fact *find_fact(const struct day *day, size_t n_facts, enum fact_type type, const uint8_t *id)
{
	for (size_t i = 0; i < n_facts; i++)
		if (day->facts[i].type == type && memcmp(day->facts[i].id, id, ID_BYTES) == 0)
			return &day->facts[i];
	return NULL;
}

static void check_claim(struct node *node, struct day *day, size_t n_facts, const struct fact *fact)
{
	const bool redacted = find_fact(day, n_facts, FACT_REDACTED, fact->id) != NULL;
	const struct row row = find_row(node, fact->id);
	struct record_entry entry;
	struct err err;

	life_true(row.seq == fact->seq);
	life_ok(record_read(node_record(node), row.n, &entry, &err), &err);
	life_true(memcmp(entry.id, fact->id, ID_BYTES) == 0);
	if (redacted) {
		life_true(entry.state == BODY_DROPPED);
		life_true(row.status == CLAIM_REDACTED);
	}
	if (redacted || (day_redacts(day, fact->number) && entry.state == BODY_DROPPED))
		return;
	life_true(entry.state == BODY_OPEN);
	life_true(memmem(entry.text.p, entry.text.n, fact->word, strlen(fact->word)) != NULL);
	life_true(row.status == CLAIM_EFFECTIVE || row.status == CLAIM_RETRACTED);
}

static void check_attachment(struct node *node, struct day *day, const struct fact *fact)
{
	const struct row row = find_row(node, fact->id);
	struct record_entry entry;
	struct arena a = { 0 };
	struct buf got, expected;
	struct body body;
	struct err err;
	char *text;

	life_ok(record_read(node_record(node), row.n, &entry, &err), &err);
	if (entry.state == BODY_DROPPED)
		return; /* check_claim() has found that right */
	buf_init(&got, ATTACHMENT_MAX);
	buf_init(&expected, ATTACHMENT_MAX);
	day_file(day, fact->number, &expected);
	text = arena_copy(&a, (const char *)entry.text.p, entry.text.n);
	life_ok(body_read(&a, CLASS_CLAIM, BYTES(text, entry.text.n), &body, &err), &err);
	life_ok(attachment_read(whole_view(node), node_record(node), body.claim.files->child, &got, &err), &err);
	life_true(got.n == expected.n && memcmp(got.p, expected.p, got.n) == 0);
	buf_release(&got);
	buf_release(&expected);
	arena_release(&a);
}

static void check_epochs(struct node *node, const struct fact *fact)
{
	struct circle_info info;

	record_circle(node_record(node), 0, &info);
	life_true(info.n_epochs >= fact->number);
}

static void check_process(struct node *node, const struct fact *fact)
{
	struct circle_info info;

	life_true(record_n_circles(node_record(node)) == 1);
	record_circle(node_record(node), 0, &info);
	life_true(memcmp(info.id, fact->id, ID_BYTES) == 0);
}

/* In every feed the places 1..n are taken once each. */
static void check_feeds(struct node *node)
{
	struct stmt *s;
	struct err err;

	life_ok(db_prepare(view_db(whole_view(node)),
			   "SELECT count(*), count(DISTINCT seq), max(seq), min(seq), count(DISTINCT id) FROM entry "
			   "GROUP BY circle, device",
			   &s, &err),
		&err);
	while (stmt_step(s, &err) == 1) {
		life_true(stmt_int(s, 0) == stmt_int(s, 1));
		life_true(stmt_int(s, 0) == stmt_int(s, 2));
		life_true(stmt_int(s, 0) == stmt_int(s, 4));
		life_true(stmt_int(s, 3) == 1);
	}
}

static void check_fact(struct node *node, struct day *day, size_t n_facts, const struct fact *fact)
{
	switch (fact->type) {
	case FACT_HOME:
		break;
	case FACT_PROCESS:
		check_process(node, fact);
		break;
	case FACT_CLAIM:
		check_claim(node, day, n_facts, fact);
		break;
	case FACT_ATTACHED:
		check_attachment(node, day, fact);
		break;
	case FACT_RETRACTED:
		life_true(find_row(node, fact->id).status != CLAIM_EFFECTIVE);
		break;
	case FACT_REDACTED:
		life_true(find_row(node, fact->id).status == CLAIM_REDACTED);
		break;
	case FACT_EPOCHS:
		check_epochs(node, fact);
		break;
	}
}

void life_check_facts(struct node *node, struct day *day, size_t n_facts)
{
	for (size_t i = 0; i < n_facts; i++)
		check_fact(node, day, n_facts, &day->facts[i]);
	check_feeds(node);
}

/* --- verify ------------------------------------------------------------------------------------------------ */

static void print_problem(void *ctx, const char *line)
{
	(void)ctx;
	print_message("# %s: verify: %s\n", where, line);
}

void life_check_verify(struct node *node)
{
	const struct verify_watch watch = { .problem = print_problem };
	struct verify_report report = { 0 };
	struct err err;

	life_ok(node_verify(node, &watch, &report, &err), &err);
	life_true(report.n_problems == 0);
	life_true(report.n_entries == record_n_entries(node_record(node)));
	life_true(report.n_no_key == 0);
}

/* --- lives ------------------------------------------------------------------------------------------------- */

/* A redacted word must not lie in the sealed copy of the views either, acknowledged or not. */
static void check_snapshot_forgot(struct node *node, const struct day *day, size_t n_facts)
{
	uint8_t *image = NULL;
	size_t n = 0;

	if (record_read_snapshot(node_record(node), &image, &n, NULL) < 0)
		return;
	for (size_t i = 0; i < n_facts; i++) {
		const struct fact *fact = &day->facts[i];

		if (fact->type == FACT_CLAIM && find_row(node, fact->id).status == CLAIM_REDACTED)
			life_true(memmem(image, n, fact->word, strlen(fact->word)) == NULL);
	}
	free(image);
}

/* The claims that lives after the cut made, and what a second cut left. */
struct life {
	struct simdisk *disk;
	struct day *day;
	size_t n_facts;
	struct fact claims[2];
	size_t n_claims;
	uint64_t seed;
	uint64_t cut_before; /* operation; 0: no second cut */
	struct simdisk *second;
	size_t n_claims_then;
};

static void cut_again(void *ctx, enum sim_op op, const char *path, struct bytes written)
{
	struct life *life = ctx;
	uint64_t seed = life->seed;
	enum sim_model model;

	(void)op;
	(void)path;
	(void)written;
	if (life->disk->n_ops != life->cut_before)
		return;
	model = (enum sim_model)(sim_draw(&seed) % N_SIM_MODELS);
	life->second = simdisk_after_cut(life->disk, model, sim_draw(&seed));
	life->n_claims_then = life->n_claims;
}

static uint64_t last_seq(struct node *node, const uint8_t circle[static ID_BYTES])
{
	uint64_t seq = 0;
	struct stmt *s;
	struct err err;

	life_ok(db_prepare(view_db(whole_view(node)), "SELECT max(seq) FROM entry WHERE circle = ?1", &s, &err), &err);
	stmt_bind_blob(s, 1, circle, ID_BYTES);
	if (stmt_step(s, &err) == 1)
		seq = (uint64_t)stmt_int(s, 0);
	stmt_reset(s);
	return seq;
}

static bool has_process(const struct life *life)
{
	for (size_t i = 0; i < life->n_facts; i++)
		if (life->day->facts[i].type == FACT_PROCESS)
			return true;
	return false;
}

/* What was signed is never signed over: the next entry takes the next place. */
static void write_next(struct life *life, struct node *node, unsigned number)
{
	struct fact *fact = &life->claims[life->n_claims];
	struct written written = { 0 };
	uint64_t before;
	struct err err;

	if (!has_process(life))
		return;
	before = last_seq(node, life->day->circle);
	life_ok(day_write_claim(life->day, node, number, &written, &err), &err);
	*fact = (struct fact){ .type = FACT_CLAIM, .number = number };
	memcpy(fact->id, written.entry, ID_BYTES);
	day_claim_word(number, fact->word);
	fact->seq = find_row(node, written.entry).seq;
	life_true(fact->seq == before + 1 || fact->seq == before + 2); /* a new epoch may come before it */
	life->n_claims++;
}

static void check_claims_of_lives(struct life *life, struct node *node)
{
	for (size_t i = 0; i < life->n_claims; i++)
		check_claim(node, life->day, life->n_facts, &life->claims[i]);
}

/* Two runs of the program: one that writes, one that looks. */
static void live(struct life *life, unsigned number)
{
	struct node *node = NULL;
	struct simenv machine;
	struct err err;

	simenv_init(&machine, life->disk, life->seed);
	machine.now_ms = life->day->machine.now_ms;
	life_ok(day_open(&machine.env, life->day, NODE_WRITE, &node, &err), &err);
	if (node_trouble(node)[0])
		fail_msg("%s: the home is not sound: %s", where, node_trouble(node));
	life_check_facts(node, life->day, life->n_facts);
	check_claims_of_lives(life, node);
	check_snapshot_forgot(node, life->day, life->n_facts);
	life_check_verify(node);
	write_next(life, node, number);
	node_close(node);
	life_true(life->disk->n_open == 0);

	life_ok(day_open(&machine.env, life->day, NODE_READ, &node, &err), &err);
	check_claims_of_lives(life, node);
	check_feeds(node);
	node_close(node);
}

void life_check(struct simdisk *disk, struct day *day, size_t n_facts, uint64_t seed)
{
	struct life life = { .disk = disk, .day = day, .n_facts = n_facts, .seed = seed };
	struct life third = { .day = day, .n_facts = n_facts, .seed = seed + 1 };

	life.cut_before = disk->n_ops + 1 + sim_draw(&seed) % N_OPS_OF_LIFE;
	disk->before = cut_again;
	disk->ctx = &life;
	live(&life, CLAIM_OF_LIFE);
	disk->before = NULL;
	if (!life.second)
		return;
	third.disk = life.second;
	third.n_claims = life.n_claims_then;
	memcpy(third.claims, life.claims, sizeof third.claims);
	live(&third, CLAIM_OF_LIFE + 1);
	simdisk_free(life.second);
}

/* --- creation ---------------------------------------------------------------------------------------------- */

void life_check_creation(struct simdisk *disk, uint64_t seed)
{
	struct day day;
	struct err err;
	int rc;

	day_init(&day, disk, DAY_WHOLE, seed);
	rc = day_next(&day, &err);
	if (rc == E_EXISTS) {
		if (!strstr(err.text, "remove"))
			fail_msg("%s: the error does not say what to do: %s", where, err.text);
		simdisk_clear(disk);
		rc = day_next(&day, &err);
	}
	life_ok(rc, &err);
	life_ok(day_run(&day, DAY_STEPS_FOUNDED, &err), &err);
	life_check_facts(day.node, &day, day.n_facts);
	life_check_verify(day.node);
	day_release(&day);
	life_true(disk->n_open == 0);
}
