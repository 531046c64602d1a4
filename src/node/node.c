#include "node/node.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "node/node_internal.h"
#include "record/kinds/kinds.h"

/* A new snapshot after so many entries, and that part of those in the last: below it replaying them is quicker than
 * sealing all of them anew. */
#define SNAPSHOT_AFTER 256
#define SNAPSHOT_PART 32

static void name_own(struct node *node, struct view *view)
{
	uint8_t actor[OBJECT_ID_BYTES];

	org_actor(record_org_id(node->record), actor);
	view_name_own(view, actor, record_org_name(node->record));
}

int node_open(struct env *env, const char *home, const uint8_t root[static KEY_BYTES], enum node_mode mode,
	      const struct node_progress *progress, struct node **ret, struct err *err)
{
	struct node *node = mem_alloc(sizeof *node);
	bool loaded;
	int rc;

	memset(node, 0, sizeof *node);
	node->env = env;
	node->mode = mode;
	rc = record_open(env, home, root, mode == NODE_WRITE ? STORE_READ_WRITE : STORE_READ_ONLY, &node->record, err);
	if (rc == 0)
		rc = view_load(node->record, &node->view, &loaded, err);
	if (rc == 0) {
		name_own(node, node->view);
		node->snapshot_n = loaded ? view_applied(node->view) : 0;
		rc = view_catch_up(node->view, node->record, progress ? progress->step : NULL,
				   progress ? progress->ctx : NULL, err);
	}
	if (rc < 0) {
		node_close(node);
		return rc;
	}
	*ret = node;
	return 0;
}

/* A snapshot is a convenience: that it could not be written is no reason to fail what was done before. */
static void save_snapshot(struct node *node)
{
	struct err ignored;

	if (node->mode != NODE_WRITE || !node->view || !record_is_sound(node->record))
		return;
	if (view_applied(node->view) < node->snapshot_n + SNAPSHOT_AFTER + node->snapshot_n / SNAPSHOT_PART)
		return;
	if (view_save(node->view, node->record, &ignored) == 0)
		node->snapshot_n = view_applied(node->view);
}

void node_close(struct node *node)
{
	if (!node)
		return;
	if (node->record)
		save_snapshot(node);
	view_free(node->cut);
	view_free(node->view);
	record_close(node->record);
	free(node);
}

const char *node_trouble(const struct node *node)
{
	return record_trouble(node->record);
}

struct record *node_record(struct node *node)
{
	return node->record;
}

static bool cut_is_whole(const struct cut *cut)
{
	const struct reader *r = &cut->reader;

	return cut->as_of_ms == INT64_MAX && cut->known_ms == INT64_MAX && r->all_circles &&
	       r->cleared_for == TLP_RED && r->attribution;
}

int node_view(struct node *node, const struct cut *cut, struct view **ret, struct err *err)
{
	int rc = 0;

	if (!cut || cut_is_whole(cut)) {
		*ret = node->view;
		return 0;
	}
	view_free(node->cut);
	node->cut = NULL;
	rc = view_cut(node->view, cut, &node->cut, err);
	if (rc == 0)
		*ret = node->cut;
	return rc;
}

/* --- processes --------------------------------------------------------------------------------------------- */

static bool circle_matches(const struct circle_info *info, const char *name)
{
	char hex[2 * ID_BYTES + 1];

	if (strcmp(info->name, name) == 0)
		return true;
	hex_encode(info->id, ID_BYTES, hex);
	return strlen(name) >= 4 && strncmp(hex, name, strlen(name)) == 0;
}

int node_find_process(struct node *node, const char *name, uint8_t ret_circle[static ID_BYTES], struct err *err)
{
	size_t n = record_n_circles(node->record), found = 0;
	struct circle_info info;

	if (n == 0)
		return err_set(err, E_NOT_FOUND,
			       "this home has no process yet: 'parley process create NAME' founds one");
	if (!name && n > 1)
		return err_set(err, E_USAGE,
			       "this home has %zu processes: say which with --process NAME "
			       "('parley process list' shows them)",
			       n);
	for (size_t i = 0; i < n; i++) {
		record_circle(node->record, i, &info);
		if (!name || circle_matches(&info, name)) {
			memcpy(ret_circle, info.id, ID_BYTES);
			found++;
		}
	}
	if (found == 0)
		return err_set(err, E_NOT_FOUND, "there is no process of that name: 'parley process list' shows them");
	if (found > 1)
		return err_set(err, E_USAGE, "%zu processes fit that name: give more digits of the circle id", found);
	return 0;
}

/* The organisation speaks as an actor: its first claim says who it is. */
static int introduce_organisation(struct node *node, const uint8_t circle[static ID_BYTES], struct err *err)
{
	uint8_t actor[OBJECT_ID_BYTES];
	struct claim_request request = { .keep_unknown = true };
	struct written written;
	struct arena arena = { 0 };
	struct json_out w;
	struct buf text;
	int rc;

	org_actor(record_org_id(node->record), actor);
	buf_init(&text, JSON_TEXT_MAX);
	w = json_out_begin(&text);
	json_open(&w, NULL, '{');
	json_member_text(&w, "kind", "actor");
	json_member_hex(&w, "id", actor, sizeof actor);
	json_open(&w, "set", '{');
	json_member_text(&w, "name", record_org_name(node->record));
	json_close(&w, '}');
	json_member_text(&w, "note", "the organisation that keeps this record");
	json_close(&w, '}');
	rc = json_parse(&arena, buf_str(&text), text.n, &request.line, err);
	if (rc == 0)
		rc = node_write_claim(node, circle, &request, &written, err);
	buf_release(&text);
	arena_release(&arena);
	return rc;
}

int node_create_process(struct node *node, const char *name, const char *purpose, uint8_t ret_circle[static ID_BYTES],
			struct err *err)
{
	struct circle_info info;
	int rc;

	for (size_t i = 0; i < record_n_circles(node->record); i++) {
		record_circle(node->record, i, &info);
		if (strcmp(info.name, name) == 0)
			return err_set(err, E_EXISTS, "there is a process of that name already: choose another name");
	}
	rc = record_found_circle(node->record, name, purpose, ret_circle, err);
	if (rc == 0)
		rc = node_catch_up(node, err);
	if (rc == 0)
		rc = introduce_organisation(node, ret_circle, err);
	return rc;
}

/* --- checking ---------------------------------------------------------------------------------------------- */

int node_catch_up(struct node *node, struct err *err)
{
	return view_catch_up(node->view, node->record, NULL, NULL, err);
}

static int build_anew(struct node *node, const struct node_progress *progress, struct view **ret, struct err *err)
{
	struct view *view = NULL;
	int rc = view_new(&view, err);

	if (rc == 0)
		rc = view_catch_up(view, node->record, progress ? progress->step : NULL,
				   progress ? progress->ctx : NULL, err);
	if (rc < 0) {
		view_free(view);
		return rc;
	}
	*ret = view;
	return 0;
}

/* Old views may hold what a damaged row no longer gives: they are not thrown away for less. */
static int refuse_damaged(struct view *anew, struct err *err)
{
	struct stmt *s = NULL;
	int64_t n;
	int rc = db_prepare(view_db(anew), "SELECT count(*) FROM entry WHERE state = 'damaged'", &s, err);

	if (rc < 0)
		return rc;
	rc = stmt_step(s, err);
	n = rc == 1 ? stmt_int(s, 0) : 0;
	stmt_reset(s);
	if (n > 0)
		return err_set(err, E_DAMAGED,
			       "%lld entries of the record are damaged ('parley verify' names them): the views are "
			       "kept as they are, they may hold what those entries said",
			       (long long)n);
	return rc < 0 ? rc : 0;
}

int node_rebuild(struct node *node, const struct node_progress *progress, const char **ret_table, struct err *err)
{
	struct view *anew = NULL;
	int rc = build_anew(node, progress, &anew, err);

	if (rc == 0)
		rc = refuse_damaged(anew, err);
	if (rc == 0)
		rc = view_compare(node->view, anew, ret_table, err);
	if (rc < 0) {
		view_free(anew);
		return rc;
	}
	view_free(node->view);
	node->view = anew;
	name_own(node, anew);
	if (node->mode == NODE_WRITE && record_is_sound(node->record)) {
		rc = view_save(node->view, node->record, err);
		if (rc == 0)
			node->snapshot_n = view_applied(node->view);
	}
	return rc;
}

int node_verify(struct node *node, const struct verify_watch *watch, struct verify_report *ret, struct err *err)
{
	struct view *anew = NULL;
	const char *table = NULL;
	char line[128];
	int rc = record_verify(node->record, watch, ret, err);

	/* Views of a damaged record are what is left of it: rebuilding them would only lose more. */
	if (rc < 0 || ret->n_problems > 0)
		return rc;
	rc = build_anew(node, NULL, &anew, err);
	if (rc == 0)
		rc = view_compare(node->view, anew, &table, err);
	if (rc == 0 && table) {
		snprintf(line, sizeof line, "views: table %s differs from a rebuild: 'parley rebuild' mends it", table);
		ret->n_problems++;
		watch->problem(watch->ctx, line);
	}
	view_free(anew);
	return rc;
}
