/* A disk in memory that fails on purpose: see simdisk.h. */
#include "support/simdisk.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

/* A write or a truncation that is not on the platter yet. */
struct pending {
	bool truncates;
	uint64_t at; /* the new size, of a truncation */
	size_t n;
	uint8_t *data;
};

struct content {
	uint8_t *p;
	size_t n, cap;
};

struct sim_inode {
	struct content live;
	struct content safe; /* meaningful while `split` */
	bool split;          /* live and safe differ, or may */
	bool lost;           /* a sync failed: what it should have kept never comes to the platter */
	struct pending *pending;
	size_t n_pending;
	const struct disk_file *locked_by;
};

struct sim_name {
	char *path;
	struct sim_inode *inode; /* NULL: a directory */
};

/* A change of names that is not on the platter yet; unset or set may be NULL. */
struct sim_name_op {
	char *unset, *set;
	struct sim_inode *inode;
};

struct disk_file {
	struct sim_inode *inode;
	char *path;
	bool writes;
};

uint64_t sim_draw(uint64_t *seed)
{
	uint64_t z = *seed += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

const char *sim_op_name(enum sim_op op)
{
	static const char *const names[N_SIM_OPS] = { "create", "write",    "truncate", "sync", "rename",
						      "remove", "make_dir", "sync_dir", "read" };

	return names[op];
}

const char *sim_model_name(enum sim_model model)
{
	static const char *const names[N_SIM_MODELS] = { "all kept", "unsynced dropped", "torn" };

	return names[model];
}

static struct simdisk *of(struct disk *disk)
{
	return (struct simdisk *)disk;
}

static char *copy_text(const char *text)
{
	const size_t n = strlen(text) + 1;

	return memcpy(mem_alloc(n), text, n);
}

/* --- contents ---------------------------------------------------------------------------------------------- */

static void content_resize(struct content *c, size_t n)
{
	if (!c->p || n > c->cap) {
		c->cap = n > 2 * c->cap ? n : 2 * c->cap;
		c->p = mem_resize(c->p, c->cap);
	}
	if (n > c->n)
		memset(c->p + c->n, 0, n - c->n);
	c->n = n;
}

static void content_write(struct content *c, uint64_t at, const uint8_t *p, size_t n)
{
	if (n == 0)
		return;
	if (!c->p || at + n > c->n)
		content_resize(c, at + n);
	memcpy(c->p + at, p, n);
}

static void content_copy(struct content *to, const struct content *from)
{
	to->n = 0;
	content_write(to, 0, from->p, from->n);
}

static void content_release(struct content *c)
{
	free(c->p);
	*c = (struct content){ 0 };
}

static void pending_apply(const struct pending *pending, struct content *to)
{
	if (pending->truncates)
		content_resize(to, pending->at);
	else
		content_write(to, pending->at, pending->data, pending->n);
}

/* Each sector that the write touches is kept or dropped. */
static void pending_apply_torn(const struct pending *pending, struct content *to, uint64_t *seed)
{
	size_t done = 0;

	if (pending->truncates) {
		if (sim_draw(seed) & 1)
			content_resize(to, pending->at);
		return;
	}
	while (done < pending->n) {
		const uint64_t at = pending->at + done;
		size_t n = SIM_SECTOR - (size_t)(at % SIM_SECTOR);

		if (n > pending->n - done)
			n = pending->n - done;
		if (sim_draw(seed) & 1)
			content_write(to, at, pending->data + done, n);
		done += n;
	}
}

static struct sim_inode *inode_new(struct simdisk *sd)
{
	struct sim_inode *inode = mem_alloc(sizeof *inode);

	*inode = (struct sim_inode){ 0 };
	sd->inodes = mem_resize(sd->inodes, (sd->n_inodes + 1) * sizeof(struct sim_inode *));
	return sd->inodes[sd->n_inodes++] = inode;
}

static void pending_forget(struct sim_inode *inode)
{
	for (size_t i = 0; i < inode->n_pending; i++)
		free(inode->pending[i].data);
	free(inode->pending);
	inode->pending = NULL;
	inode->n_pending = 0;
}

static void inode_free(struct sim_inode *inode)
{
	pending_forget(inode);
	content_release(&inode->live);
	content_release(&inode->safe);
	free(inode);
}

static void inode_change(struct sim_inode *inode, struct pending change)
{
	if (!inode->split)
		content_copy(&inode->safe, &inode->live);
	inode->split = true;
	pending_apply(&change, &inode->live);
	inode->pending = mem_resize(inode->pending, (inode->n_pending + 1) * sizeof *inode->pending);
	inode->pending[inode->n_pending++] = change;
}

static void inode_sync(struct sim_inode *inode)
{
	for (size_t i = 0; i < inode->n_pending; i++)
		pending_apply(&inode->pending[i], &inode->safe);
	pending_forget(inode);
	if (inode->lost)
		return;
	inode->split = false;
	content_release(&inode->safe);
}

/* What a cut leaves of a file. */
static void inode_survive(const struct sim_inode *inode, enum sim_model model, uint64_t *seed, struct content *to)
{
	if (!inode->split || model == SIM_ALL_KEPT) {
		content_copy(to, &inode->live);
		return;
	}
	content_copy(to, &inode->safe);
	for (size_t i = 0; i < inode->n_pending && model == SIM_TORN; i++)
		pending_apply_torn(&inode->pending[i], to, seed);
}

/* --- names: sorted by path --------------------------------------------------------------------------------- */

/* Index of the first name not below the path. */
static size_t name_place(const struct sim_name *names, size_t n, const char *path)
{
	size_t i = 0;

	while (i < n && strcmp(names[i].path, path) < 0)
		i++;
	return i;
}

static struct sim_name *name_find(struct sim_name *names, size_t n, const char *path)
{
	const size_t i = name_place(names, n, path);

	return i < n && strcmp(names[i].path, path) == 0 ? &names[i] : NULL;
}

static void name_unset(struct sim_name **names, size_t *n, const char *path)
{
	const size_t i = name_place(*names, *n, path);

	if (!*names || i == *n || strcmp((*names)[i].path, path) != 0)
		return;
	free((*names)[i].path);
	memmove(*names + i, *names + i + 1, (*n - i - 1) * sizeof **names);
	--*n;
}

static void name_set(struct sim_name **names, size_t *n, const char *path, struct sim_inode *inode)
{
	size_t i;

	name_unset(names, n, path);
	i = name_place(*names, *n, path);
	*names = mem_resize(*names, (*n + 1) * sizeof **names);
	memmove(*names + i + 1, *names + i, (*n - i) * sizeof **names);
	(*names)[i] = (struct sim_name){ copy_text(path), inode };
	++*n;
}

static void names_free(struct sim_name *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(names[i].path);
	free(names);
}

static void name_op_apply(const struct sim_name_op *op, struct sim_name **names, size_t *n)
{
	if (op->unset)
		name_unset(names, n, op->unset);
	if (op->set)
		name_set(names, n, op->set, op->inode);
}

static void name_op_free(struct sim_name_op *op)
{
	free(op->unset);
	free(op->set);
}

static void change_names(struct simdisk *sd, const char *unset, const char *set, struct sim_inode *inode)
{
	struct sim_name_op op = { unset ? copy_text(unset) : NULL, set ? copy_text(set) : NULL, inode };

	name_op_apply(&op, &sd->live, &sd->n_live);
	sd->name_ops = mem_resize(sd->name_ops, (sd->n_name_ops + 1) * sizeof *sd->name_ops);
	sd->name_ops[sd->n_name_ops++] = op;
}

static bool stands_in(const char *path, const char *dir)
{
	char parent[DISK_PATH_MAX];

	disk_parent(path, parent);
	return strcmp(parent, dir) == 0;
}

static bool is_dir(const struct simdisk *sd, const char *path)
{
	const struct sim_name *name = name_find(sd->live, sd->n_live, path);

	return name && !name->inode;
}

/* --- counting, failing ------------------------------------------------------------------------------------- */

static bool fault_means(const struct sim_fault *f, enum sim_op op, bool grows)
{
	if (!(f->ops & SIM_BIT(op)))
		return false;
	return !f->growing || op != SIM_WRITE || grows;
}

#define NOTHING ((struct bytes){ NULL, 0 })

static bool power_is_gone(const struct simdisk *sd)
{
	return sd->cut_at && sd->n_ops >= sd->cut_at;
}

static int no_power(const char *path, struct err *err)
{
	return err_set(err, E_IO, "cannot reach %s: the power is gone", path);
}

static void note_path(struct sim_fault *f, const char *path)
{
	const size_t n = strlen(path), skip = n < sizeof f->path ? 0 : n + 1 - sizeof f->path;

	memcpy(f->path, path + skip, n + 1 - skip);
}

/* Count an operation. @return 0, or the code with which it must fail */
static int step(struct simdisk *sd, enum sim_op op, const char *path, struct bytes written, bool grows, struct err *err)
{
	struct sim_fault *f = &sd->fault;

	sd->n_of[op]++;
	if (op != SIM_READ) {
		sd->n_ops++;
		if (sd->before)
			sd->before(sd->ctx, op, path, written);
	}
	if (power_is_gone(sd))
		return no_power(path, err);
	if (!fault_means(f, op, grows))
		return 0;
	f->met++;
	if (f->met != f->at && !(f->lasting && f->met > f->at))
		return 0;
	if (f->fired++ == 0)
		note_path(f, path);
	return err_set(err, f->code, "cannot %s %s: %s", sim_op_name(op), path,
		       f->code == E_FULL ? "no space left on the disk" : "input/output error");
}

/* --- the operations ---------------------------------------------------------------------------------------- */

static int no_such(const char *verb, const char *path, struct err *err)
{
	return err_set(err, E_NOT_FOUND, "cannot %s %s: no such file or directory", verb, path);
}

static int create(struct simdisk *sd, const char *path, struct err *err)
{
	char parent[DISK_PATH_MAX];
	int rc;

	disk_parent(path, parent);
	if (!is_dir(sd, parent))
		return no_such("write", path, err);
	rc = step(sd, SIM_CREATE, path, NOTHING, true, err);
	if (rc < 0)
		return rc;
	change_names(sd, NULL, path, inode_new(sd));
	return 0;
}

static int sim_open(struct disk *disk, const char *path, unsigned flags, struct disk_file **ret, struct err *err)
{
	struct simdisk *sd = of(disk);
	const struct sim_name *name = name_find(sd->live, sd->n_live, path);
	struct disk_file *file;
	int rc;

	if (name && flags & DISK_EXCLUSIVE)
		return err_set(err, E_EXISTS, "cannot write %s: it exists already", path);
	if (name && !name->inode)
		return err_set(err, E_INVALID, "cannot open %s: is a directory, not a file", path);
	if (!name && !(flags & DISK_CREATE))
		return no_such("open", path, err);
	if (power_is_gone(sd))
		return no_power(path, err);
	rc = name ? 0 : create(sd, path, err);
	if (rc < 0)
		return rc;
	file = mem_alloc(sizeof *file);
	file->inode = name_find(sd->live, sd->n_live, path)->inode;
	file->path = copy_text(path);
	file->writes = (flags & DISK_WRITE) != 0;
	sd->n_open++;
	*ret = file;
	return 0;
}

static void sim_close(struct disk *disk, struct disk_file *file)
{
	if (!file)
		return;
	if (file->inode->locked_by == file)
		file->inode->locked_by = NULL;
	of(disk)->n_open--;
	free(file->path);
	free(file);
}

static int sim_read(struct disk *disk, struct disk_file *file, uint64_t at, void *out, size_t n, size_t *ret_n,
		    struct err *err)
{
	const struct content *c = &file->inode->live;
	const int rc = step(of(disk), SIM_READ, file->path, NOTHING, false, err);

	if (rc < 0)
		return rc;
	if (at >= c->n)
		n = 0;
	else if (n > c->n - at)
		n = c->n - (size_t)at;
	if (n > 0)
		memcpy(out, c->p + at, n);
	*ret_n = n;
	return 0;
}

static int sim_write(struct disk *disk, struct disk_file *file, uint64_t at, const void *p, size_t n, struct err *err)
{
	struct simdisk *sd = of(disk);
	struct pending change = { .at = at, .n = n };
	int rc;

	if (!file->writes)
		return err_set(err, E_DENIED, "cannot write %s: opened for reading", file->path);
	rc = step(sd, SIM_WRITE, file->path, (struct bytes){ p, n }, at + n > file->inode->live.n, err);
	if (rc < 0)
		change.n = power_is_gone(sd) ? 0 : n / 2;
	if (change.n > 0) {
		change.data = mem_alloc(change.n);
		memcpy(change.data, p, change.n);
		inode_change(file->inode, change);
	}
	return rc;
}

static int sim_truncate(struct disk *disk, struct disk_file *file, uint64_t size, struct err *err)
{
	int rc;

	if (!file->writes)
		return err_set(err, E_DENIED, "cannot resize %s: opened for reading", file->path);
	rc = step(of(disk), SIM_TRUNCATE, file->path, NOTHING, size > file->inode->live.n, err);
	if (rc == 0 && size != file->inode->live.n)
		inode_change(file->inode, (struct pending){ .truncates = true, .at = size });
	return rc;
}

static int sim_sync(struct disk *disk, struct disk_file *file, struct err *err)
{
	struct simdisk *sd = of(disk);
	const int rc = step(sd, SIM_SYNC, file->path, NOTHING, false, err);

	if (rc == 0) {
		inode_sync(file->inode);
	} else if (!sd->cut_at && file->inode->n_pending > 0) {
		pending_forget(file->inode);
		file->inode->lost = true;
	}
	return rc;
}

static int sim_size(struct disk *disk, struct disk_file *file, uint64_t *ret, struct err *err)
{
	if (power_is_gone(of(disk)))
		return no_power(file->path, err);
	*ret = file->inode->live.n;
	return 0;
}

static int sim_lock(struct disk *disk, struct disk_file *file, struct err *err)
{
	if (power_is_gone(of(disk)))
		return no_power(file->path, err);
	if (file->inode->locked_by && file->inode->locked_by != file)
		return err_set(err, E_LOCKED, "%s is in use by another program", file->path);
	file->inode->locked_by = file;
	return 0;
}

static int sim_stat(struct disk *disk, const char *path, struct disk_stat *ret, struct err *err)
{
	struct simdisk *sd = of(disk);
	const struct sim_name *name = name_find(sd->live, sd->n_live, path);

	if (power_is_gone(sd))
		return no_power(path, err);
	*ret = (struct disk_stat){ .type = DISK_ABSENT };
	if (name && !name->inode)
		*ret = (struct disk_stat){ .type = DISK_DIRECTORY, .mode = 0700, .device = 1, .inode = 1 };
	for (size_t i = 0; name && name->inode && i < sd->n_inodes; i++)
		if (sd->inodes[i] == name->inode)
			*ret = (struct disk_stat){ .type = DISK_REGULAR,
						   .size = name->inode->live.n,
						   .mode = 0600,
						   .device = 1,
						   .inode = i + 2 };
	return 0;
}

static int sim_rename(struct disk *disk, const char *from, const char *to, struct err *err)
{
	struct simdisk *sd = of(disk);
	const struct sim_name *name = name_find(sd->live, sd->n_live, from);
	int rc;

	if (!name)
		return no_such("rename", from, err);
	rc = step(sd, SIM_RENAME, to, NOTHING, false, err);
	if (rc == 0)
		change_names(sd, from, to, name->inode);
	return rc;
}

static int sim_remove(struct disk *disk, const char *path, struct err *err)
{
	struct simdisk *sd = of(disk);
	int rc;

	if (!name_find(sd->live, sd->n_live, path))
		return no_such("remove", path, err);
	rc = step(sd, SIM_REMOVE, path, NOTHING, false, err);
	if (rc == 0)
		change_names(sd, path, NULL, NULL);
	return rc;
}

static int sim_sync_dir(struct disk *disk, const char *path, struct err *err);

static int sim_make_dir(struct disk *disk, const char *path, struct err *err)
{
	struct simdisk *sd = of(disk);
	char parent[DISK_PATH_MAX];
	int rc = 0;

	if (is_dir(sd, path))
		return 0;
	if (name_find(sd->live, sd->n_live, path))
		return err_set(err, E_EXISTS, "cannot make the directory %s: a file has that name", path);
	disk_parent(path, parent);
	if (!is_dir(sd, parent))
		rc = sim_make_dir(disk, parent, err);
	if (rc == 0)
		rc = step(sd, SIM_MAKE_DIR, path, NOTHING, true, err);
	if (rc < 0)
		return rc;
	change_names(sd, NULL, path, NULL);
	return sim_sync_dir(disk, parent, err);
}

static int sim_sync_dir(struct disk *disk, const char *path, struct err *err)
{
	struct simdisk *sd = of(disk);
	size_t left = 0;
	int rc;

	if (!is_dir(sd, path))
		return no_such("sync", path, err);
	rc = step(sd, SIM_SYNC_DIR, path, NOTHING, false, err);
	if (rc < 0)
		return rc;
	for (size_t i = 0; i < sd->n_name_ops; i++) {
		struct sim_name_op *op = &sd->name_ops[i];

		if (stands_in(op->set ? op->set : op->unset, path)) {
			name_op_apply(op, &sd->safe, &sd->n_safe);
			name_op_free(op);
		} else {
			sd->name_ops[left++] = *op;
		}
	}
	sd->n_name_ops = left;
	return 0;
}

/* --- disks ------------------------------------------------------------------------------------------------- */

struct simdisk *simdisk_new(void)
{
	struct simdisk *sd = mem_alloc(sizeof *sd);

	*sd = (struct simdisk){ .disk = { .open = sim_open,
					  .close = sim_close,
					  .read = sim_read,
					  .write = sim_write,
					  .truncate = sim_truncate,
					  .sync = sim_sync,
					  .size = sim_size,
					  .lock = sim_lock,
					  .stat = sim_stat,
					  .rename = sim_rename,
					  .remove = sim_remove,
					  .make_dir = sim_make_dir,
					  .sync_dir = sim_sync_dir } };
	name_set(&sd->live, &sd->n_live, "/", NULL);
	name_set(&sd->safe, &sd->n_safe, "/", NULL);
	return sd;
}

void simdisk_free(struct simdisk *sd)
{
	if (!sd)
		return;
	for (size_t i = 0; i < sd->n_inodes; i++)
		inode_free(sd->inodes[i]);
	for (size_t i = 0; i < sd->n_name_ops; i++)
		name_op_free(&sd->name_ops[i]);
	free(sd->inodes);
	free(sd->name_ops);
	names_free(sd->live, sd->n_live);
	names_free(sd->safe, sd->n_safe);
	free(sd);
}

/* Names as a cut leaves them, with the inodes of the old disk. */
static struct sim_name *surviving_names(const struct simdisk *sd, enum sim_model model, uint64_t *seed, size_t *ret_n)
{
	struct sim_name *names = NULL;
	size_t n = 0;

	for (size_t i = 0; i < sd->n_safe; i++)
		name_set(&names, &n, sd->safe[i].path, sd->safe[i].inode);
	for (size_t i = 0; i < sd->n_name_ops; i++)
		if (model == SIM_ALL_KEPT || (model == SIM_TORN && sim_draw(seed) & 1))
			name_op_apply(&sd->name_ops[i], &names, &n);
	*ret_n = n;
	return names;
}

struct simdisk *simdisk_after_cut(const struct simdisk *sd, enum sim_model model, uint64_t seed)
{
	struct simdisk *left = simdisk_new();
	size_t n = 0;
	struct sim_name *names = surviving_names(sd, model, &seed, &n);

	for (size_t i = 0; i < n; i++) {
		char parent[DISK_PATH_MAX];
		struct sim_inode *inode = NULL;

		disk_parent(names[i].path, parent);
		if (!is_dir(left, parent))
			continue; /* sorted, so what it stands in would be there already */
		if (names[i].inode) {
			inode = inode_new(left);
			inode_survive(names[i].inode, model, &seed, &inode->live);
		}
		name_set(&left->live, &left->n_live, names[i].path, inode);
		name_set(&left->safe, &left->n_safe, names[i].path, inode);
	}
	names_free(names, n);
	return left;
}

static uint64_t digest_bytes(uint64_t digest, const uint8_t *p, size_t n)
{
	uint64_t word;

	for (; n >= sizeof word; p += sizeof word, n -= sizeof word) {
		memcpy(&word, p, sizeof word);
		digest = (digest ^ word) * UINT64_C(0x9fb21c651e98df25);
		digest ^= digest >> 29;
	}
	word = n;
	if (n > 0)
		memcpy(&word, p, n);
	digest = (digest ^ word) * UINT64_C(0x9fb21c651e98df25);
	return digest ^ digest >> 32;
}

uint64_t simdisk_digest(const struct simdisk *sd)
{
	uint64_t digest = 1;

	for (size_t i = 0; i < sd->n_live; i++) {
		const struct sim_name *name = &sd->live[i];

		digest = digest_bytes(digest, (const uint8_t *)name->path, strlen(name->path));
		if (name->inode)
			digest = digest_bytes(digest ^ name->inode->live.n, name->inode->live.p, name->inode->live.n);
	}
	return digest;
}

const char *simdisk_name(const struct simdisk *sd, size_t i)
{
	for (size_t at = 0; at < sd->n_live; at++)
		if (sd->live[at].inode && i-- == 0)
			return sd->live[at].path;
	return NULL;
}

uint8_t *simdisk_bytes(struct simdisk *sd, const char *path, size_t *ret_n)
{
	struct sim_name *name = name_find(sd->live, sd->n_live, path);

	if (!name || !name->inode)
		return NULL;
	*ret_n = name->inode->live.n;
	content_resize(&name->inode->live, name->inode->live.n + 1); /* so that it is never NULL */
	name->inode->live.n--;
	return name->inode->live.p;
}

void simdisk_put(struct simdisk *sd, const char *path, const void *p, size_t n)
{
	struct sim_name *name = name_find(sd->live, sd->n_live, path);
	struct sim_inode *inode = name ? name->inode : inode_new(sd);

	inode->live.n = 0;
	content_write(&inode->live, 0, p, n);
	pending_forget(inode);
	inode->split = inode->lost = false;
	name_set(&sd->live, &sd->n_live, path, inode);
	name_set(&sd->safe, &sd->n_safe, path, inode);
}

void simdisk_drop(struct simdisk *sd, const char *path)
{
	name_unset(&sd->live, &sd->n_live, path);
	name_unset(&sd->safe, &sd->n_safe, path);
}

static void drop_files(struct sim_name *names, size_t *n)
{
	size_t n_left = 0;

	for (size_t i = 0; i < *n; i++)
		if (names[i].inode)
			free(names[i].path);
		else
			names[n_left++] = names[i];
	*n = n_left;
}

void simdisk_clear(struct simdisk *sd)
{
	drop_files(sd->live, &sd->n_live);
	drop_files(sd->safe, &sd->n_safe);
}

void simdisk_swap_pages(struct simdisk *sd, const char *path, size_t i, size_t j)
{
	uint8_t page[SIM_PAGE];
	size_t n = 0;
	uint8_t *p = simdisk_bytes(sd, path, &n);

	memcpy(page, p + i * SIM_PAGE, SIM_PAGE);
	memcpy(p + i * SIM_PAGE, p + j * SIM_PAGE, SIM_PAGE);
	memcpy(p + j * SIM_PAGE, page, SIM_PAGE);
}
