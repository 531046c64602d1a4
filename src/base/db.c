/* Thin SQLite: opening, settings, errors, transactions and images. See db.h; statements stand in db_stmt.c. */
#include "base/db.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

#include "base/arena.h"
#include "base/db_private.h"
#include "base/db_vfs.h"
#include "base/limits.h"

#define MEMORY_NAME "the database in memory"

/* The most that SQLite allocates in one piece, and so the most that a database in memory can hold. */
#define IMAGE_MAX ((sqlite3_int64)0x7ffffe00)

/* A setting, and what reading it back must give. A NULL cell: not set in that kind of database. */
struct setting {
	const char *name;
	const char *set, *read;
	const char *in_file, *in_read_only, *in_memory;
};

/* Exclusive locking stands before the first access to the file, or SQLite would want shared memory. */
static const struct setting SETTINGS[] = {
	{ "locking_mode", "PRAGMA locking_mode=EXCLUSIVE", "PRAGMA locking_mode", "exclusive", "exclusive", NULL },
	{ "secure_delete", "PRAGMA secure_delete=ON", "PRAGMA secure_delete", "1", "1", "1" },
	{ "cell_size_check", "PRAGMA cell_size_check=ON", "PRAGMA cell_size_check", "1", "1", "1" },
	{ "trusted_schema", "PRAGMA trusted_schema=OFF", "PRAGMA trusted_schema", "0", "0", "0" },
	{ "temp_store", "PRAGMA temp_store=MEMORY", "PRAGMA temp_store", "2", "2", "2" },
	{ "mmap_size", "PRAGMA mmap_size=0", "PRAGMA mmap_size", "", "", "" }, /* the files know no mapping at all */
	{ "synchronous", "PRAGMA synchronous=FULL", "PRAGMA synchronous", "2", "2", NULL },
};

/* Behind them, and in files that may be written only. */
static const struct setting JOURNAL = {
	"journal_mode", "PRAGMA journal_mode=WAL", "PRAGMA journal_mode", "wal", NULL, NULL
};

static int code_of(int sqlite_rc)
{
	switch (sqlite_rc) {
	case SQLITE_CONSTRAINT_UNIQUE:
	case SQLITE_CONSTRAINT_PRIMARYKEY:
	case SQLITE_CONSTRAINT_ROWID:
		return E_EXISTS;
	case SQLITE_IOERR_NOMEM:
		return E_FULL;
	default:
		break;
	}
	switch (sqlite_rc & 0xff) {
	case SQLITE_FULL:
	case SQLITE_NOMEM:
		return E_FULL;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return E_DAMAGED;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_PROTOCOL:
		return E_IO;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return E_LOCKED;
	case SQLITE_TOOBIG:
		return E_LIMIT;
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return E_DENIED;
	default:
		return E_INVALID;
	}
}

/* Views hold in one row what stood in many entries; a limit that they could reach would stop them for ever. */
static int row_max(const struct db *db)
{
	return db->vfs ? DB_ROW_MAX : DB_MEMORY_ROW_MAX;
}

/* A disk error tells more than SQLite makes of it, so it goes first. */
int db_failed(struct db *db, int sqlite_rc, const char *why, struct err *err)
{
	const struct err *disk = db->vfs ? db_vfs_error(db->vfs) : NULL;
	const int code = code_of(sqlite_rc);

	if (disk && disk->code != 0 && (code == E_IO || code == E_FULL))
		return err_set(err, disk->code, "%s", disk->text);
	if (code == E_DAMAGED)
		return err_set(err, code, "%s is damaged: %s", db->name, why);
	if (code == E_LIMIT)
		return err_set(err, code, "%s: a row is larger than the limit of %d bytes", db->name, row_max(db));
	return err_set(err, code, "%s: %s", db->name, why);
}

int db_failed_sql(struct db *db, int sqlite_rc, struct err *err)
{
	return db_failed(db, sqlite_rc, sqlite3_errmsg(db->handle), err);
}

void db_forget_disk_error(struct db *db)
{
	if (db->vfs)
		db_vfs_forget(db->vfs);
}

static once_flag once = ONCE_FLAG_INIT;
static int library_code;

static void start_library(void)
{
	const sqlite3_int64 none = 0;
	const sqlite3_int64 image_max = SNAPSHOT_MAX < (size_t)IMAGE_MAX ? (sqlite3_int64)SNAPSHOT_MAX : IMAGE_MAX;
	int rc;

	rc = sqlite3_config(SQLITE_CONFIG_MULTITHREAD); /* a db belongs to one thread */
	if (rc == SQLITE_OK)
		rc = sqlite3_config(SQLITE_CONFIG_URI, 0);
	if (rc == SQLITE_OK)
		rc = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	if (rc == SQLITE_OK)
		rc = sqlite3_config(SQLITE_CONFIG_MMAP_SIZE, none, none);
	if (rc == SQLITE_OK)
		rc = sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, -1); /* never into a file */
	if (rc == SQLITE_OK)
		rc = sqlite3_config(SQLITE_CONFIG_MEMDB_MAXSIZE, image_max);
	if (rc == SQLITE_OK)
		rc = sqlite3_initialize();
	library_code = rc;
}

static int start(struct err *err)
{
	call_once(&once, start_library);
	if (library_code == SQLITE_OK)
		return 0;
	return err_set(err, E_IO, "the database library does not start: %s", sqlite3_errstr(library_code));
}

/* The first column of the first row as text, cut to fit; "" if there is none. */
static int read_text(struct db *db, const char *sql, char *ret, size_t n, struct err *err)
{
	sqlite3_stmt *s = NULL;
	int rc;

	rc = sqlite3_prepare_v2(db->handle, sql, -1, &s, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_step(s);
	snprintf(ret, n, "%s", rc == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : "");
	rc = rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : db_failed_sql(db, rc, err);
	sqlite3_finalize(s);
	return rc;
}

static int apply_setting(struct db *db, const struct setting *setting, const char *expected, struct err *err)
{
	char got[32] = "";
	int rc;

	rc = db_exec(db, setting->set, err);
	if (rc == 0)
		rc = read_text(db, setting->read, got, sizeof(got), err);
	if (rc == 0 && strcmp(got, expected) != 0)
		rc = err_set(err, E_IO, "%s: the setting %s is \"%s\" where it must be \"%s\"", db->name, setting->name,
			     got, expected);
	return rc;
}

static int apply_settings(struct db *db, enum db_mode mode, struct err *err)
{
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(SETTINGS) && rc == 0; i++) {
		const struct setting *setting = &SETTINGS[i];
		const char *expected = !db->vfs               ? setting->in_memory
				       : mode == DB_READ_ONLY ? setting->in_read_only
							      : setting->in_file;

		if (expected)
			rc = apply_setting(db, setting, expected, err);
	}
	return rc;
}

/* The first page of a new file is written without a journal beside it: there is nothing to go back to. */
static int apply_journal(struct db *db, struct err *err)
{
	char n_pages[32] = "";
	int rc;

	rc = read_text(db, "PRAGMA page_count", n_pages, sizeof(n_pages), err);
	if (rc == 0 && strcmp(n_pages, "0") == 0)
		rc = db_exec(db, "PRAGMA journal_mode=MEMORY", err);
	return rc < 0 ? rc : apply_setting(db, &JOURNAL, JOURNAL.in_file, err);
}

static int harden(struct db *db, struct err *err)
{
	static const struct {
		int option, value;
	} OPTIONS[] = {
		{ SQLITE_DBCONFIG_DEFENSIVE, 1 },
		{ SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
		{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 },
		{ SQLITE_DBCONFIG_DQS_DML, 0 },
		{ SQLITE_DBCONFIG_DQS_DDL, 0 },
	};

	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_limit(db->handle, SQLITE_LIMIT_LENGTH, row_max(db));
	for (size_t i = 0; i < ARRAY_LEN(OPTIONS); i++) {
		int now = -1;

		if (sqlite3_db_config(db->handle, OPTIONS[i].option, OPTIONS[i].value, &now) != SQLITE_OK ||
		    now != OPTIONS[i].value)
			return err_set(err, E_IO, "%s: the database library lacks a safety switch", db->name);
	}
	return 0;
}

static struct db *db_new(const char *name)
{
	struct db *db = mem_alloc(sizeof(*db));

	db->name = mem_alloc(strlen(name) + 1);
	memcpy(db->name, name, strlen(name));
	return db;
}

/* Open the handle and make it ours. On failure the caller frees db. */
static int set_up(struct db *db, int flags, const char *vfs_name, enum db_mode mode, struct err *err)
{
	int rc = sqlite3_open_v2(db->name, &db->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, vfs_name);

	if (rc != SQLITE_OK)
		return db_failed(db, rc, sqlite3_errstr(rc), err);
	rc = harden(db, err);
	if (rc == 0)
		rc = apply_settings(db, mode, err);
	if (rc == 0 && db->vfs && mode == DB_READ_WRITE)
		rc = apply_journal(db, err);
	return rc;
}

int db_open(struct disk *disk, const char *path, enum db_mode mode, struct db **ret, struct err *err)
{
	const bool read_only = mode == DB_READ_ONLY;
	const int flags = read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
	struct db *db = NULL;
	int rc;

	rc = start(err);
	if (rc < 0)
		return rc;
	db = db_new(path);
	rc = db_vfs_new(disk, read_only, &db->vfs, err);
	if (rc == 0)
		rc = set_up(db, flags, db_vfs_name(db->vfs), mode, err);
	if (rc == 0) /* a foreign or damaged file is refused here, not at the first use */
		rc = db_exec(db, "SELECT count(*) FROM sqlite_schema", err);
	if (rc < 0) {
		db_close(db);
		return rc;
	}
	*ret = db;
	return 0;
}

/* Through SQLite's own "memdb", which holds the database in one piece: db_serialize() need not copy it. */
int db_open_memory(struct db **ret, struct err *err)
{
	struct db *db = NULL;
	int rc;

	rc = start(err);
	if (rc < 0)
		return rc;
	db = db_new(MEMORY_NAME);
	rc = set_up(db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "memdb", DB_READ_WRITE, err);
	if (rc == 0)
		rc = db_exec(db, "PRAGMA user_version=0", err); /* makes page 1, so that there is an image */
	if (rc < 0) {
		db_close(db);
		return rc;
	}
	*ret = db;
	return 0;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	db_free_statements(db);
	sqlite3_close(db->handle);
	db_vfs_free(db->vfs);
	sqlite3_free(db->copy);
	free(db->name);
	free(db);
}

void db_abandon(struct db *db)
{
	if (db && db->vfs) {
		db_vfs_abandon(db->vfs);
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	}
	db_close(db);
}

int db_exec(struct db *db, const char *sql, struct err *err)
{
	int rc;

	db_forget_disk_error(db);
	rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK ? 0 : db_failed_sql(db, rc, err);
}

int db_begin(struct db *db, struct err *err)
{
	return db_exec(db, "BEGIN IMMEDIATE", err);
}

/* What could not be committed is rolled back, so that no failure leaves a transaction open. */
int db_commit(struct db *db, struct err *err)
{
	const int rc = db_exec(db, "COMMIT", err);

	if (rc < 0)
		db_rollback(db);
	return rc;
}

void db_rollback(struct db *db)
{
	if (!sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

int64_t db_last_rowid(struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

int64_t db_changes(struct db *db)
{
	return sqlite3_changes64(db->handle);
}

int db_checkpoint(struct db *db, struct err *err)
{
	int rc;

	db_forget_disk_error(db);
	rc = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return rc == SQLITE_OK ? 0 : db_failed_sql(db, rc, err);
}

bool db_sync_failed(const struct db *db)
{
	return db->vfs && db_vfs_sync_failed(db->vfs);
}

void db_set_autocheckpoint(struct db *db, int pages)
{
	sqlite3_wal_autocheckpoint(db->handle, pages);
}

/* Whole images exist in memory only, and between transactions. */
static int check_image_call(struct db *db, struct err *err)
{
	if (db->vfs)
		return err_set(err, E_INVALID, "%s is a file; only a database in memory has an image", db->name);
	if (!sqlite3_get_autocommit(db->handle))
		return err_set(err, E_INVALID, "%s: a transaction is open; end it first", db->name);
	return 0;
}

int db_serialize(struct db *db, struct bytes *ret, struct err *err)
{
	sqlite3_int64 n = 0;
	const unsigned char *image;
	int rc;

	rc = check_image_call(db, err);
	if (rc < 0)
		return rc;
	sqlite3_free(db->copy);
	db->copy = NULL;
	image = sqlite3_serialize(db->handle, "main", &n, SQLITE_SERIALIZE_NOCOPY);
	if (!image)
		image = db->copy = sqlite3_serialize(db->handle, "main", &n, 0);
	if (!image)
		return err_set(err, E_FULL, "%s: not enough memory for a copy", db->name);
	*ret = (struct bytes){ image, (size_t)n };
	return 0;
}

/* Whether the header of an image is SQLite's and tells the size that the image has. */
static bool header_fits(struct bytes image)
{
	static const char MAGIC[] = "SQLite format 3"; /* with its NUL */
	uint32_t page_bytes;

	if (image.n < 512 || memcmp(image.p, MAGIC, sizeof(MAGIC)) != 0)
		return false;
	page_bytes = get_u16(image.p + 16);
	if (page_bytes == 1) /* so the header says 65,536 */
		page_bytes = 65536;
	return page_bytes > 0 && image.n % page_bytes == 0 && image.n / page_bytes == get_u32(image.p + 28);
}

/* Look at an image from a handle of its own, so that a bad one never replaces a good database. */
static int check_image(unsigned char *image, sqlite3_int64 n, struct err *err)
{
	struct db *probe = NULL;
	char verdict[64] = "";
	int rc;

	rc = db_open_memory(&probe, err);
	if (rc < 0)
		return rc;
	if (sqlite3_deserialize(probe->handle, "main", image, n, n, SQLITE_DESERIALIZE_READONLY) != SQLITE_OK)
		rc = err_set(err, E_FULL, MEMORY_NAME ": not enough memory to read an image");
	else
		rc = read_text(probe, "PRAGMA quick_check(1)", verdict, sizeof(verdict), err);
	if (rc == E_DAMAGED || rc == E_INVALID || rc == E_IO || (rc == 0 && strcmp(verdict, "ok") != 0))
		rc = err_set(err, E_DAMAGED, "the image is damaged, or is no database in memory");
	db_close(probe);
	return rc;
}

/* The image is freed by SQLite, on failure too. */
static int adopt(struct db *db, unsigned char *image, size_t n, struct err *err)
{
	int rc;

	db_finalize_statements(db);
	rc = sqlite3_deserialize(db->handle, "main", image, (sqlite3_int64)n, (sqlite3_int64)n,
				 SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE);
	return rc == SQLITE_OK ? apply_settings(db, DB_READ_WRITE, err) : db_failed_sql(db, rc, err);
}

int db_deserialize(struct db *db, struct bytes image, struct err *err)
{
	unsigned char *copy;
	int rc;

	rc = check_image_call(db, err);
	if (rc < 0)
		return rc;
	if (image.n > (size_t)IMAGE_MAX)
		return err_set(err, E_LIMIT, "the image has %zu bytes; SQLite takes %lld at most", image.n, IMAGE_MAX);
	if (!header_fits(image))
		return err_set(err, E_DAMAGED, "the image is damaged: its header does not fit its size");
	copy = sqlite3_malloc64(image.n);
	if (!copy)
		return err_set(err, E_FULL, "%s: not enough memory to read an image", db->name);
	memcpy(copy, image.p, image.n);
	rc = check_image(copy, (sqlite3_int64)image.n, err);
	if (rc < 0) {
		sqlite3_free(copy);
		return rc;
	}
	return adopt(db, copy, image.n, err);
}

uint8_t *db_image_alloc(size_t n)
{
	return n > 0 && n <= (size_t)IMAGE_MAX && start(NULL) == 0 ? sqlite3_malloc64(n) : NULL;
}

void db_image_free(uint8_t *image)
{
	sqlite3_free(image);
}

int db_adopt(struct db *db, uint8_t *image, size_t n, struct err *err)
{
	int rc = check_image_call(db, err);

	if (rc == 0 && !header_fits((struct bytes){ image, n }))
		rc = err_set(err, E_DAMAGED, "the image is damaged: its header does not fit its size");
	if (rc < 0) {
		sqlite3_free(image);
		return rc;
	}
	return adopt(db, image, n, err);
}
