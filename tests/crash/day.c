/* A scripted day in a home: see day.h. */
#include "day.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/limits.h"

#define TEXT_MAX 8192
#define N_IMPORTED 30
#define SMALL_FILE 900    /* bytes */
#define BIG_FILE 150000   /* three chunks */
#define HUGE_FILE 4300000 /* more than 1,000 pages: the write-ahead log is folded in by itself */

/* Numbers of claims: what is imported, what carries a file. */
#define FIRST_IMPORTED 100
#define SECOND_IMPORTED 200
#define WITH_BIG_FILE 50
#define WITH_SMALL_FILE 51
#define WITH_HUGE_FILE 52

/* --- words ------------------------------------------------------------------------------------------------- */

/* A word that occurs nowhere else; it is noted down as one that must not be readable, and lives as long as the day. */
static const char *word(struct day *day, const char *stem, unsigned number)
{
	char text[DAY_WORD_MAX];
	size_t i = 0;

	snprintf(text, sizeof text, "%squorum%03u", stem, number);
	while (i < day->n_words && strcmp(day->words[i], text) != 0)
		i++;
	if (i == day->n_words) {
		day->words = mem_resize(day->words, (day->n_words + 1) * sizeof *day->words);
		day->words[day->n_words] = mem_alloc(sizeof text);
		memcpy(day->words[day->n_words++], text, sizeof text);
	}
	return day->words[i];
}

void day_claim_word(unsigned number, char out[static DAY_WORD_MAX])
{
	snprintf(out, DAY_WORD_MAX, "titlequorum%03u", number);
}

void day_file(struct day *day, unsigned number, struct buf *out)
{
	const size_t n = number == WITH_HUGE_FILE ? HUGE_FILE : number == WITH_BIG_FILE ? BIG_FILE : SMALL_FILE;
	const size_t start = out->n;
	unsigned line = 0;

	while (out->n - start < n)
		buf_printf(out, "line %u: %s\n", line++, word(day, "content", number));
}

/* The members that every claim of the day carries; body words differ from claim to claim. */
static void put_claim(struct day *day, unsigned number, struct buf *out)
{
	static const char *const kinds[] = { "proposal", "incident", "person" };
	const char *kind = kinds[number % ARRAY_LEN(kinds)];
	struct json_out w = json_out_begin(out);
	char label[32], title[DAY_WORD_MAX];

	snprintf(label, sizeof label, "@day/object%u", number);
	day_claim_word(number, title);
	json_open(&w, NULL, '{');
	json_member_text(&w, "kind", kind);
	json_member_text(&w, "id", label);
	json_open(&w, "set", '{');
	if (strcmp(kind, "person") == 0) {
		json_member_text(&w, "name", word(day, "title", number));
		json_member_text(&w, "office", word(day, "office", number));
	} else if (strcmp(kind, "incident") == 0) {
		json_member_text(&w, "summary", word(day, "title", number));
		json_member_text(&w, "type", "ASSAULT");
		json_member_text(&w, "damage", word(day, "damage", number));
	} else {
		json_member_text(&w, "title", word(day, "title", number));
		json_member_text(&w, "text", word(day, "text", number));
	}
	json_close(&w, '}');
	json_member_text(&w, "when", "2026-09-20");
	json_member_text(&w, "by", word(day, "person", number));
	json_member_text(&w, "source", word(day, "source", number));
	json_member_text(&w, "quote", word(day, "quote", number));
	json_member_text(&w, "grade", "B2");
	json_member_text(&w, "note", word(day, "note", number));
	json_close(&w, '}');
}

/* --- facts ------------------------------------------------------------------------------------------------- */

static struct fact *add_fact(struct day *day, enum fact_type type, const uint8_t *id)
{
	struct fact *fact;

	day->facts = mem_resize(day->facts, (day->n_facts + 1) * sizeof *day->facts);
	fact = &day->facts[day->n_facts++];
	*fact = (struct fact){ .type = type };
	if (id)
		memcpy(fact->id, id, ID_BYTES);
	return fact;
}

static const struct fact *fact_of(const struct day *day, enum fact_type type, unsigned number)
{
	for (size_t i = 0; i < day->n_facts; i++)
		if (day->facts[i].type == type && day->facts[i].number == number)
			return &day->facts[i];
	return NULL;
}

/* Its place in the feed, as the views say right after it was acknowledged. */
static int seq_of(struct node *node, const uint8_t id[static ID_BYTES], uint64_t *ret, struct err *err)
{
	struct view *view = NULL;
	struct stmt *s = NULL;
	int rc = node_view(node, NULL, &view, err);

	if (rc == 0)
		rc = db_prepare(view_db(view), "SELECT seq FROM entry WHERE id = ?1", &s, err);
	if (rc < 0)
		return rc;
	stmt_bind_blob(s, 1, id, ID_BYTES);
	rc = stmt_step(s, err);
	if (rc == 1)
		*ret = (uint64_t)stmt_int(s, 0);
	stmt_reset(s);
	if (rc == 0)
		return err_set(err, E_NOT_FOUND, "an acknowledged entry does not show in the views");
	return rc < 0 ? rc : 0;
}

static int claim_is_fact(struct day *day, unsigned number, const uint8_t id[static ID_BYTES], struct err *err)
{
	struct fact *fact;
	uint64_t seq = 0;
	int rc = seq_of(day->node, id, &seq, err);

	if (rc < 0)
		return rc;
	fact = add_fact(day, FACT_CLAIM, id);
	fact->number = number;
	fact->seq = seq;
	day_claim_word(number, fact->word);
	return 0;
}

/* --- writing ----------------------------------------------------------------------------------------------- */

/* Write the claim of that number with the file at path, or none. */
static int write_claim(struct day *day, struct node *node, unsigned number, const char *path, struct written *ret,
		       struct err *err)
{
	struct claim_request request = { .files = &path, .n_files = path != NULL };
	struct arena a = { 0 };
	struct buf text;
	int rc;

	buf_init(&text, TEXT_MAX);
	put_claim(day, number, &text);
	rc = json_parse(&a, buf_str(&text), text.n, &request.line, err);
	if (rc == 0)
		rc = node_write_claim(node, day->circle, &request, ret, err);
	arena_release(&a);
	buf_release(&text);
	return rc;
}

int day_write_claim(struct day *day, struct node *node, unsigned number, struct written *ret, struct err *err)
{
	return write_claim(day, node, number, NULL, ret, err);
}

/* --- steps: each returns 0 once what it stands for is acknowledged ------------------------------------------ */

static int step_create(struct day *day, unsigned number, struct err *err)
{
	struct record_founding founding = { .org_name = word(day, "organisation", number),
					    .cost = &kdf_cost_insecure_tests };
	struct record *record = NULL;
	int rc = record_create(&day->machine.env, day->home, &founding, &record, err);

	if (rc < 0)
		return rc;
	memcpy(day->passphrase, founding.passphrase, sizeof day->passphrase);
	memcpy(day->paper, founding.paper, sizeof day->paper);
	for (int i = 0; i < RECOVERY_KEYS; i++)
		memcpy(day->recovery[i], founding.recovery[i].seed, KEY_BYTES);
	add_fact(day, FACT_HOME, NULL);
	record_close(record);
	return 0;
}

int day_open(struct env *env, const struct day *day, enum node_mode mode, struct node **ret, struct err *err)
{
	uint8_t root[KEY_BYTES];
	bool insecure;
	int rc = record_unlock(env, day->home, day->passphrase, root, &insecure, err);

	return rc < 0 ? rc : node_open(env, day->home, root, mode, NULL, ret, err);
}

static int step_open(struct day *day, unsigned number, struct err *err)
{
	(void)number;
	return day_open(&day->machine.env, day, NODE_WRITE, &day->node, err);
}

static int step_close(struct day *day, unsigned number, struct err *err)
{
	(void)number;
	(void)err;
	node_close(day->node);
	day->node = NULL;
	return 0;
}

static int step_process(struct day *day, unsigned number, struct err *err)
{
	const char *name = word(day, "process", number);
	int rc = node_create_process(day->node, name, word(day, "purpose", number), day->circle, err);

	if (rc == E_EXISTS && day->again)
		rc = node_find_process(day->node, name, day->circle, err);
	if (rc == 0)
		add_fact(day, FACT_PROCESS, day->circle);
	return rc;
}

static int step_claim(struct day *day, unsigned number, struct err *err)
{
	struct written written = { 0 };
	int rc = day_write_claim(day, day->node, number, &written, err);

	return rc < 0 ? rc : claim_is_fact(day, number, written.entry, err);
}

/* What somebody wants to attach lies outside the home; on a simulated disk it is put there uncounted. */
static int put_file(struct day *day, unsigned number, const char *path, struct err *err)
{
	struct buf content;
	int rc = 0;

	buf_init(&content, ATTACHMENT_MAX);
	day_file(day, number, &content);
	if (day->machine.disk)
		simdisk_put(day->machine.disk, path, content.p, content.n);
	else
		rc = disk_replace(disk_system(), path, content.p, content.n, err);
	buf_release(&content);
	return rc;
}

static int step_attach(struct day *day, unsigned number, struct err *err)
{
	struct written written = { 0 };
	char path[DISK_PATH_MAX];
	int rc = disk_join(day->room, word(day, "file", number), path, err);

	if (rc == 0)
		rc = put_file(day, number, path, err);
	if (rc == 0)
		rc = write_claim(day, day->node, number, path, &written, err);
	if (rc == 0)
		rc = claim_is_fact(day, number, written.entry, err);
	if (rc == 0)
		add_fact(day, FACT_ATTACHED, written.entry)->number = number;
	return rc;
}

static int step_retract(struct day *day, unsigned number, struct err *err)
{
	const struct fact *claim = fact_of(day, FACT_CLAIM, number);
	char hex[2 * ID_BYTES + 1];
	uint8_t id[ID_BYTES];
	uint64_t n = 0;
	int rc;

	memcpy(id, claim->id, sizeof id);
	hex_encode(id, sizeof id, hex);
	rc = node_retract(day->node, hex, word(day, "takenback", number), &n, err);
	if (rc == E_NOT_FOUND && day->again)
		rc = 0; /* nothing stands there: the first try got through */
	if (rc == 0)
		add_fact(day, FACT_RETRACTED, id)->number = number;
	return rc;
}

static int step_redact(struct day *day, unsigned number, struct err *err)
{
	const struct fact *claim = fact_of(day, FACT_CLAIM, number);
	char hex[2 * ID_BYTES + 1];
	struct fact *fact;
	uint8_t id[ID_BYTES];
	int rc;

	memcpy(id, claim->id, sizeof id);
	hex_encode(id, sizeof id, hex);
	rc = node_redact(day->node, hex, word(day, "removed", number), err);
	if (rc == E_INVALID && day->again)
		rc = 0; /* its body is gone: the first try got through */
	if (rc < 0)
		return rc;
	fact = add_fact(day, FACT_REDACTED, id);
	fact->number = number;
	day_claim_word(number, fact->word);
	return 0;
}

/* Bytes from a buffer, for the import. */
struct text_source {
	const struct buf *text;
	size_t at;
};

static int source_read(void *ctx, void *out, size_t n, size_t *ret_n, struct err *err)
{
	struct text_source *s = ctx;

	(void)err;
	if (n > s->text->n - s->at)
		n = s->text->n - s->at;
	if (n > 0)
		memcpy(out, s->text->p + s->at, n);
	s->at += n;
	*ret_n = n;
	return 0;
}

/* The entry whose claim holds the word, as the views know it. */
static int find_claim(struct node *node, const char *title, uint8_t ret[static ID_BYTES], struct err *err)
{
	struct view *view = NULL;
	struct stmt *s = NULL;
	int rc = node_view(node, NULL, &view, err);

	if (rc == 0)
		rc = db_prepare(view_db(view),
				"SELECT e.id FROM claim c JOIN entry e ON e.n = c.n WHERE instr(c.body, ?1)", &s, err);
	if (rc < 0)
		return rc;
	stmt_bind_text(s, 1, title);
	rc = stmt_step(s, err);
	if (rc == 1)
		memcpy(ret, stmt_blob(s, 0).p, ID_BYTES);
	stmt_reset(s);
	if (rc == 0)
		return err_set(err, E_NOT_FOUND, "an imported claim does not show in the views");
	return rc < 0 ? rc : 0;
}

static int step_import(struct day *day, unsigned number, struct err *err)
{
	struct import_options options = { 0 };
	struct import_report report = { 0 };
	struct text_source text_source = { 0 };
	struct source source = { .read = source_read, .ctx = &text_source };
	const struct import_file file = { .format = "ndjson", .source = &source };
	char title[DAY_WORD_MAX];
	uint8_t id[ID_BYTES];
	struct buf text;
	int rc;

	buf_init(&text, N_IMPORTED * TEXT_MAX);
	for (unsigned i = 0; i < N_IMPORTED; i++) {
		put_claim(day, number + i, &text);
		buf_text(&text, "\n");
	}
	text_source.text = &text;
	rc = node_import(day->node, day->circle, &file, &options, &report, err);
	if (rc == 0 && report.n_rejected > 0)
		rc = err_set(err, E_INVALID, "the import rejected lines");
	for (unsigned i = 0; i < N_IMPORTED && rc == 0; i++) {
		day_claim_word(number + i, title);
		rc = find_claim(day->node, title, id, err);
		if (rc == 0)
			rc = claim_is_fact(day, number + i, id, err);
	}
	buf_release(&text);
	return rc;
}

static int step_rebuild(struct day *day, unsigned number, struct err *err)
{
	const char *table = NULL;
	int rc = node_rebuild(day->node, NULL, &table, err);

	(void)number;
	if (rc == 0 && table)
		rc = err_set(err, E_DAMAGED, "table %s differs after a rebuild", table);
	return rc;
}

static int step_days_pass(struct day *day, unsigned number, struct err *err)
{
	(void)err;
	day->machine.now_ms += number * SIM_DAY_MS;
	return 0;
}

/* A claim with which a new epoch begins. */
static int step_claim_in_epoch(struct day *day, unsigned number, struct err *err)
{
	struct circle_info info;
	int rc = step_claim(day, number, err);

	if (rc < 0)
		return rc;
	record_circle(node_record(day->node), 0, &info);
	add_fact(day, FACT_EPOCHS, NULL)->number = (unsigned)info.n_epochs;
	return 0;
}

struct day_step {
	const char *name;
	int (*run)(struct day *day, unsigned number, struct err *err);
	unsigned number;
};

/* A step a line. */
/* clang-format off */
static const struct day_step whole_day[] = {
	{ "create", step_create, 1 },
	{ "open", step_open, 0 },
	{ "process", step_process, 1 },
	{ "claim", step_claim, 1 },
	{ "claim", step_claim, 2 },
	{ "claim", step_claim, 3 },
	{ "claim", step_claim, 4 },
	{ "attach", step_attach, WITH_BIG_FILE },
	{ "retract", step_retract, 2 },
	{ "attach", step_attach, WITH_SMALL_FILE },
	{ "redact", step_redact, 3 },
	{ "claim", step_claim, 5 },
	{ "redact", step_redact, WITH_SMALL_FILE },
	{ "import", step_import, FIRST_IMPORTED },
	{ "rebuild", step_rebuild, 0 },
	{ "claim", step_claim, 6 },
	{ "close", step_close, 0 },
	{ "open", step_open, 0 },
	{ "eight days pass", step_days_pass, 8 },
	{ "claim in a new epoch", step_claim_in_epoch, 7 },
	{ "import", step_import, SECOND_IMPORTED },
	{ "redact", step_redact, 5 },
	{ "rebuild", step_rebuild, 0 },
	{ "close", step_close, 0 },
	{ "open", step_open, 0 },
	{ "claim", step_claim, 8 },
	{ "retract", step_retract, 7 },
	{ "claim", step_claim, 9 },
	{ "close", step_close, 0 },
};

static const struct day_step long_log[] = {
	{ "create", step_create, 1 },
	{ "open", step_open, 0 },
	{ "process", step_process, 1 },
	{ "attach", step_attach, WITH_HUGE_FILE },
	{ "claim", step_claim, 1 },
	{ "claim", step_claim, 2 },
	{ "import", step_import, FIRST_IMPORTED },
	{ "retract", step_retract, 2 },
	{ "claim", step_claim, 3 },
	{ "close", step_close, 0 },
};

static const struct day_step small_home[] = {
	{ "create", step_create, 1 },
	{ "open", step_open, 0 },
	{ "process", step_process, 1 },
	{ "claim", step_claim, 1 },
	{ "claim", step_claim, 3 },
	{ "close", step_close, 0 },
	{ "open", step_open, 0 },
	{ "attach", step_attach, WITH_SMALL_FILE },
	{ "retract", step_retract, 1 },
	{ "close", step_close, 0 },
	{ "open", step_open, 0 },
	{ "redact", step_redact, 3 },
	{ "rebuild", step_rebuild, 0 },
	{ "close", step_close, 0 },
	{ "open", step_open, 0 },
	{ "claim", step_claim, 4 },
	{ "retract", step_retract, 4 },
	{ "close", step_close, 0 },
};
/* clang-format on */

static const struct {
	const struct day_step *steps;
	size_t n;
} scripts[] = {
	[DAY_WHOLE] = { whole_day, ARRAY_LEN(whole_day) },
	[DAY_LONG_LOG] = { long_log, ARRAY_LEN(long_log) },
	[DAY_SMALL_HOME] = { small_home, ARRAY_LEN(small_home) },
};

size_t day_n_steps(const struct day *day)
{
	return scripts[day->script].n;
}

const char *day_step_name(const struct day *day, size_t step)
{
	return step < day_n_steps(day) ? scripts[day->script].steps[step].name : "evening";
}

static const struct day_step *next_step(const struct day *day)
{
	static const struct day_step none;

	return day->step < day_n_steps(day) ? &scripts[day->script].steps[day->step] : &none;
}

bool day_redacts(const struct day *day, unsigned number)
{
	return next_step(day)->run == step_redact && next_step(day)->number == number;
}

void day_init(struct day *day, struct simdisk *disk, enum day_script script, uint64_t seed)
{
	struct err err;

	*day = (struct day){ .script = script, .room = DAY_ROOM, .home = DAY_HOME };
	if (disk->disk.make_dir(&disk->disk, DAY_ROOM, &err) < 0)
		abort();
	disk->n_ops = 0;
	simenv_init(&day->machine, disk, seed);
}

void day_init_real(struct day *day, const char *room, enum day_script script, uint64_t seed)
{
	*day = (struct day){ .script = script };
	simenv_init(&day->machine, NULL, seed);
	day->machine.env.disk = disk_system();
	snprintf(day->room, sizeof day->room, "%s", room);
	if (disk_join(room, "home", day->home, NULL) < 0)
		abort();
}

void day_release(struct day *day)
{
	node_close(day->node);
	free(day->facts);
	for (size_t i = 0; i < day->n_words; i++)
		free(day->words[i]);
	free(day->words);
	*day = (struct day){ 0 };
}

int day_reopen(struct day *day, struct err *err)
{
	if (day->node || next_step(day)->run == step_open || !fact_of(day, FACT_HOME, 0))
		return 0;
	return step_open(day, 0, err);
}

int day_next(struct day *day, struct err *err)
{
	const struct day_step *step = next_step(day);
	const int rc = step->run(day, step->number, err);

	day->again = rc < 0;
	if (rc == 0)
		day->step++;
	return rc;
}

int day_run(struct day *day, size_t until, struct err *err)
{
	int rc = 0;

	while (rc == 0 && day->step < until)
		rc = day_next(day, err);
	return rc;
}
