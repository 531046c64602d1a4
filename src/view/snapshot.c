/* The sealed snapshot: the tables as one image, and a head that says of which program and which record it is. */
#include <stdlib.h>
#include <string.h>

#include "view/view_internal.h"

/* magic(8) ‖ schema digest(u64) ‖ rows applied(u64) ‖ id of the last of them(32) */
#define HEAD_BYTES (8 + 8 + 8 + ID_BYTES)

static const uint8_t magic[8] = { 'P', 'R', 'L', 'V', 'I', 'E', 'W', '1' };

static int write_head(const struct view *view, struct record *record, uint8_t head[static HEAD_BYTES], struct err *err)
{
	struct record_entry last;
	int rc;

	memset(head, 0, HEAD_BYTES);
	memcpy(head, magic, sizeof magic);
	put_u64(head + 8, schema_digest(view));
	put_u64(head + 16, view->applied);
	if (view->applied == 0)
		return 0;
	rc = record_read(record, view->applied, &last, err);
	if (rc == 0)
		memcpy(head + 24, last.id, ID_BYTES);
	return rc;
}

int view_save(struct view *view, struct record *record, struct err *err)
{
	uint8_t head[HEAD_BYTES];
	struct bytes image;
	int rc;

	if (view->is_cut)
		return err_set(err, E_INVALID, "a cut of the views is not kept; save the whole view");
	rc = write_head(view, record, head, err);
	if (rc == 0)
		rc = db_serialize(view->db, &image, err);
	if (rc == 0)
		rc = record_write_snapshot(record, BYTES_OF(head), image, err);
	return rc;
}

/* Is this the head of a snapshot that this program made of the beginning of this record? */
static bool head_fits(const struct view *view, struct record *record, const uint8_t head[static HEAD_BYTES])
{
	uint8_t expected[HEAD_BYTES];
	struct view then = *view;

	then.applied = get_u64(head + 16);
	return then.applied <= record_n_entries(record) && write_head(&then, record, expected, NULL) == 0 &&
	       memcmp(head, expected, HEAD_BYTES) == 0;
}

/* Read the image into the view. The seal says that it is what was written. */
static bool take_image(struct view *view, struct snapshot_reader *reader, size_t n)
{
	uint8_t *image = db_image_alloc(n);

	if (!image)
		return false;
	if (snapshot_read(reader, image, n, NULL) < 0) {
		db_image_free(image);
		return false;
	}
	return db_adopt(view->db, image, n, NULL) == 0;
}

/* Put the snapshot into the view, if there is one that fits. */
static bool take_snapshot(struct view *view, struct record *record)
{
	struct snapshot_reader *reader = NULL;
	uint8_t head[HEAD_BYTES];
	uint64_t n = 0;
	bool taken;

	if (snapshot_open(record, &reader, &n, NULL) < 0)
		return false;
	taken = n > HEAD_BYTES && snapshot_read(reader, head, HEAD_BYTES, NULL) == 0 && head_fits(view, record, head) &&
		take_image(view, reader, (size_t)n - HEAD_BYTES);
	if (taken) {
		view->applied = get_u64(head + 16);
		view->mentions = true;
	}
	snapshot_close(reader);
	return taken;
}

int view_load(struct record *record, struct view **ret, bool *ret_loaded, struct err *err)
{
	struct view *view = NULL;
	bool loaded;
	int rc;

	rc = view_new_bare(&view, err);
	if (rc < 0)
		return rc;
	loaded = take_snapshot(view, record);
	if (!loaded) { /* anew: a failed load may have left something behind */
		view_free(view);
		rc = view_new(&view, err);
	}
	if (rc < 0)
		return rc;
	*ret = view;
	*ret_loaded = loaded;
	return 0;
}
