/* A home: made, unlocked, opened, closed; what is refused; processes; the snapshot file. */
#include "unit/record/home.h"

static const char *path_in(const struct home *h, const char *name)
{
	static char path[DISK_PATH_MAX];
	struct err err;

	expect_ok(disk_join(h->folder, name, path, &err), &err);
	return path;
}

/* A number that differs when any file of the home differs. */
static uint64_t digest_of_files(const struct home *h)
{
	uint8_t digest[HASH_BYTES] = { 0 };
	struct dirent **entries = NULL;
	int n = scandir(h->folder, &entries, NULL, alphasort);

	assert_true(n >= 2);
	for (int i = 0; i < n; i++) {
		struct buf content;
		struct err err;

		buf_init(&content, 64 * 1024 * 1024);
		if (entries[i]->d_name[0] != '.') {
			expect_ok(disk_read_all(disk_system(), path_in(h, entries[i]->d_name), content.max, &content,
						&err),
				  &err);
			hash_labelled(LABEL_FILE, BYTES_OF(digest),
				      BYTES(entries[i]->d_name, strlen(entries[i]->d_name)),
				      BYTES(content.p, content.n), digest, sizeof digest);
		}
		buf_release(&content);
		free(entries[i]);
	}
	free(entries);
	return get_u64(digest);
}

static void put_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static void test_create(void **state)
{
	uint8_t root[KEY_BYTES], pk[KEY_BYTES], sk[64];
	char names[1024], hex[2 * KEY_BYTES + 1];
	struct record_entry entry;
	struct home h;
	bool insecure = false;
	uint64_t dropped = 9;

	(void)state;
	home_create(&h);
	folder_list(h.folder, names);
	assert_string_equal(names, "heads|keys|lock|record.db|record.db-wal|");
	assert_true(record_is_sound(h.record));
	assert_string_equal(record_trouble(h.record), "");
	assert_ptr_equal(record_env(h.record), &h.machine.env);
	assert_string_equal(record_org_name(h.record), "Mediation team");
	assert_int_equal(record_n_entries(h.record), 1);
	assert_int_equal(record_n_circles(h.record), 0);
	assert_int_equal(record_n_quarantine(h.record, &dropped), 0);
	assert_int_equal(dropped, 0);
	expect_ok(record_read(h.record, 1, &entry, &h.err), &h.err);
	assert_int_equal(entry.envelope.cls, CLASS_SIGCHAIN);
	assert_int_equal(entry.envelope.time_ms, MORNING);
	assert_memory_equal(entry.envelope.circle, record_org_id(h.record), ID_BYTES);
	assert_memory_equal(entry.envelope.author, record_device(h.record), KEY_BYTES);
	assert_int_equal(entry.state, BODY_OPEN);
	for (int i = 0; i < RECOVERY_KEYS; i++) {
		assert_int_equal(h.founding.recovery[i].number, i + 1);
		assert_memory_equal(h.founding.recovery[i].organisation, record_org_id(h.record), ID_BYTES);
		sign_keypair(h.founding.recovery[i].seed, pk, sk);
		assert_memory_equal(pk, h.founding.recovery[i].public_key, sizeof pk);
		hex_encode(pk, sizeof pk, hex);
		assert_non_null(strstr((const char *)entry.text.p, hex));
	}
	assert_string_not_equal(h.founding.passphrase, h.founding.paper);
	expect_ok(record_unlock(&h.machine.env, h.folder, h.founding.paper, root, &insecure, &h.err), &h.err);
	assert_memory_equal(root, h.root, sizeof root);
	expect_clean(&h);
	home_remove(&h);
}

static void test_round_trip(void **state)
{
	uint8_t device[KEY_BYTES], org[ID_BYTES], actor[OBJECT_ID_BYTES];
	struct circle_info info;
	uint64_t counter;
	struct home h;

	(void)state;
	home_found(&h);
	assert_int_equal(home_claim(&h, "one"), 3);
	memcpy(device, record_device(h.record), sizeof device);
	memcpy(org, record_org_id(h.record), sizeof org);
	counter = record_counter(h.record);
	assert_int_equal(counter, 4); /* the first state, the founding, the circle, the claim */
	for (int mode = STORE_READ_WRITE; mode <= STORE_READ_ONLY; mode++) {
		home_open(&h, (enum store_mode)mode);
		assert_true(record_is_sound(h.record));
		assert_memory_equal(record_device(h.record), device, sizeof device);
		assert_memory_equal(record_org_id(h.record), org, sizeof org);
		assert_string_equal(record_org_name(h.record), "Mediation team");
		assert_int_equal(record_n_entries(h.record), 3);
		assert_true(record_counter(h.record) == counter);
		assert_int_equal(record_n_circles(h.record), 1);
		record_circle(h.record, 0, &info);
		assert_memory_equal(info.id, h.circle, ID_BYTES);
		expect_claim(&h, 3, "one");
		expect_clean(&h);
	}
	org_actor(org, actor);
	assert_memory_equal(actor, org, sizeof actor);
	home_remove(&h);
}

/* One box key: in the genesis, in the charter, in the founding epoch. */
static void test_box_key_is_said_everywhere(void **state)
{
	struct record_entry entry;
	char box[sizeof "\"box\":\"" + 64 + 1] = "";
	const char *at;
	struct home h;

	(void)state;
	home_found(&h);
	expect_ok(record_read(h.record, 1, &entry, &h.err), &h.err);
	at = strstr((const char *)entry.text.p, "\"box\":\"");
	assert_non_null(at);
	memcpy(box, at, sizeof box - 1);
	assert_null(strstr(box, "00000000"));
	expect_ok(record_read(h.record, 2, &entry, &h.err), &h.err);
	assert_non_null(strstr((const char *)entry.text.p, box));
	home_remove(&h);
}

static void test_killed(void **state)
{
	struct home h;

	(void)state;
	home_found(&h);
	home_claim(&h, "one");
	record_abandon(h.record);
	h.record = NULL;
	home_open(&h, STORE_READ_WRITE);
	expect_claim(&h, 3, "one");
	assert_int_equal(home_claim(&h, "two"), 4);
	expect_clean(&h);
	record_close(NULL);
	record_abandon(NULL);
	home_remove(&h);
}

static void test_wrong_passphrase(void **state)
{
	uint8_t root[KEY_BYTES] = { 0x5a }, other[KEY_BYTES] = { 1 };
	struct record *record = NULL;
	struct home h;
	bool insecure;

	(void)state;
	home_create(&h);
	home_close(&h);
	expect_err(record_unlock(&h.machine.env, h.folder, "no such words", root, &insecure, &h.err), E_DENIED, &h.err,
		   NULL);
	expect_err(record_open(&h.machine.env, h.folder, other, STORE_READ_WRITE, &record, &h.err), E_DAMAGED, &h.err,
		   "state");
	assert_null(record);
	home_remove(&h);
}

static void test_in_use(void **state)
{
	struct record *second = NULL;
	struct home h;

	(void)state;
	home_create(&h);
	expect_err(record_open(&h.machine.env, h.folder, h.root, STORE_READ_WRITE, &second, &h.err), E_LOCKED, &h.err,
		   "in use");
	expect_err(record_open(&h.machine.env, h.folder, h.root, STORE_READ_ONLY, &second, &h.err), E_LOCKED, &h.err,
		   "in use");
	assert_null(second);
	assert_true(record_is_sound(h.record));
	home_close(&h);
	expect_ok(record_open(&h.machine.env, h.folder, h.root, STORE_READ_WRITE, &second, &h.err), &h.err);
	record_close(second);
	home_remove(&h);
}

static void test_not_a_home(void **state)
{
	static const char *const none[] = { "", "/none", "/file/home" };
	struct record *record = NULL;
	char path[DISK_PATH_MAX + 16];
	uint8_t root[KEY_BYTES];
	struct home h;
	bool insecure;

	(void)state;
	home_init(&h);
	put_file(path_in(&h, "file"), "x");
	for (size_t i = 0; i < ARRAY_LEN(none); i++) {
		int rc;

		snprintf(path, sizeof path, "%s%s", h.folder, none[i]);
		rc = record_open(&h.machine.env, path, root, STORE_READ_WRITE, &record, &h.err);
		if (i == 2)
			assert_true(rc < 0);
		else
			expect_err(rc, E_NOT_FOUND, &h.err, "'parley init' makes one");
		assert_null(record);
		rc = record_unlock(&h.machine.env, path, "words", root, &insecure, &h.err);
		if (i == 2)
			assert_true(rc < 0);
		else
			expect_err(rc, E_NOT_FOUND, &h.err, "'parley init' makes one");
	}
	/* The directory is a file, or stands below one. */
	expect_err(record_create(&h.machine.env, path_in(&h, "file"), &h.founding, &record, &h.err), E_INVALID, &h.err,
		   "is a file, not a directory");
	assert_true(record_create(&h.machine.env, path, &h.founding, &record, &h.err) < 0);
	assert_null(record);
	home_remove(&h);
}

static void test_nothing_is_overwritten(void **state)
{
	static const char *const names[] = { "keys", "record.db", "heads", "lock" };
	struct record *record = NULL;
	struct home h;
	uint64_t before;

	(void)state;
	home_create(&h);
	home_close(&h);
	before = digest_of_files(&h);
	expect_err(record_create(&h.machine.env, h.folder, &h.founding, &record, &h.err), E_EXISTS, &h.err,
		   "a Parley home already");
	assert_true(digest_of_files(&h) == before);
	home_remove(&h);
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		home_init(&h);
		put_file(path_in(&h, names[i]), "");
		expect_err(record_create(&h.machine.env, h.folder, &h.founding, &record, &h.err), E_EXISTS, &h.err,
			   NULL);
		assert_null(record);
		home_remove(&h);
	}
}

static void test_names_of_organisations(void **state)
{
	char longest[ORG_NAME_MAX + 1];
	struct record *record = NULL;
	struct home h;

	(void)state;
	memset(longest, 'x', sizeof longest);
	longest[ORG_NAME_MAX] = '\0';
	home_init(&h);
	h.founding.org_name = "";
	expect_err(record_create(&h.machine.env, h.folder, &h.founding, &record, &h.err), E_INVALID, &h.err,
		   "1 to 199");
	h.founding.org_name = longest;
	expect_err(record_create(&h.machine.env, h.folder, &h.founding, &record, &h.err), E_INVALID, &h.err,
		   "1 to 199");
	h.founding.org_name = "\xff";
	expect_err(record_create(&h.machine.env, h.folder, &h.founding, &record, &h.err), E_INVALID, &h.err, "UTF-8");
	assert_null(record);
	h.founding.org_name = longest + 1;
	expect_ok(record_create(&h.machine.env, h.folder, &h.founding, &h.record, &h.err), &h.err);
	assert_string_equal(record_org_name(h.record), longest + 1);
	home_remove(&h);
}

/* Every operation of the disk fails once while a home is made: the folder is empty again, and the next try succeeds. */
static void test_unfinished_home(void **state)
{
	long n_operations = 0;

	(void)state;
	for (long at = 1; n_operations == 0; at++) {
		struct record *record = NULL;
		char names[1024];
		struct home h;

		home_init(&h);
		h.machine.disk.fail_at = at;
		if (record_create(&h.machine.env, h.folder, &h.founding, &record, &h.err) == 0)
			n_operations = at;
		else
			assert_null(record);
		h.machine.disk.fail_at = 0;
		if (!record) {
			folder_list(h.folder, names);
			assert_string_equal(names, "");
			expect_ok(record_create(&h.machine.env, h.folder, &h.founding, &record, &h.err), &h.err);
		}
		record_close(record);
		home_remove(&h);
	}
	assert_true(n_operations > 30);
}

static void test_read_only(void **state)
{
	uint8_t id[ID_BYTES];
	struct home h;
	uint64_t n, before;

	(void)state;
	home_found(&h);
	home_claim(&h, "one");
	home_close(&h);
	before = digest_of_files(&h);
	home_open(&h, STORE_READ_ONLY);
	assert_true(record_is_sound(h.record));
	expect_claim(&h, 3, "one");
	expect_err(record_begin(h.record, false, &h.err), E_DENIED, &h.err, "reading only");
	expect_err(record_found_circle(h.record, "x", NULL, id, &h.err), E_DENIED, &h.err, "reading only");
	expect_err(record_redact(h.record, 3, "r", NULL, 0, &h.err), E_DENIED, &h.err, "reading only");
	expect_err(record_append(h.record, h.circle, claim_body("x"), &n, id, &h.err), E_INVALID, &h.err, "batch");
	assert_int_equal(record_n_circles(h.record), 1);
	expect_clean(&h);
	home_close(&h);
	assert_true(digest_of_files(&h) == before);
	home_remove(&h);
}

static void test_circles(void **state)
{
	char name[CIRCLE_NAME_MAX + 1], purpose[PURPOSE_MAX + 1];
	uint8_t id[ID_BYTES], org[ID_BYTES];
	struct circle_info info;
	struct home h;

	(void)state;
	memset(name, 'n', sizeof name);
	memset(purpose, 'p', sizeof purpose);
	name[CIRCLE_NAME_MAX] = purpose[PURPOSE_MAX] = '\0';
	home_found(&h);
	expect_err(record_found_circle(h.record, "", NULL, id, &h.err), E_INVALID, &h.err, "1 to 199");
	expect_err(record_found_circle(h.record, name, NULL, id, &h.err), E_INVALID, &h.err, "1 to 199");
	expect_err(record_found_circle(h.record, "\xc3", NULL, id, &h.err), E_INVALID, &h.err, "UTF-8");
	expect_err(record_found_circle(h.record, "x", purpose, id, &h.err), E_INVALID, &h.err, "at most 999");
	assert_int_equal(record_n_circles(h.record), 1);
	h.machine.now_ms += 5;
	expect_ok(record_found_circle(h.record, name + 1, purpose + 1, id, &h.err), &h.err);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(record_n_circles(h.record), 2);
		record_circle(h.record, 1, &info);
		assert_memory_equal(info.id, id, ID_BYTES);
		assert_string_equal(info.name, name + 1);
		assert_string_equal(info.purpose, purpose + 1);
		assert_true(info.founded_ms == MORNING + 5);
		assert_int_equal(info.n_members, 1);
		assert_int_equal(info.n_organisations, 1);
		assert_int_equal(info.n_epochs, 1);
		assert_false(bytes_are_zero(info.process, ID_BYTES));
		record_circle(h.record, 0, &info);
		assert_memory_equal(info.id, h.circle, ID_BYTES);
		assert_string_equal(info.name, "Havana");
		assert_true(record_device_org(h.record, id, record_device(h.record), org));
		assert_memory_equal(org, record_org_id(h.record), ID_BYTES);
		assert_true(record_device_org(h.record, record_org_id(h.record), record_device(h.record), org));
		assert_false(record_device_org(h.record, id, id, org));
		assert_false(record_device_org(h.record, record_org_id(h.record), id, org));
		home_open(&h, STORE_READ_WRITE);
	}
	expect_ok(record_found_circle(h.record, "no purpose", NULL, id, &h.err), &h.err);
	record_circle(h.record, 2, &info);
	assert_string_equal(info.purpose, "");
	expect_clean(&h);
	home_remove(&h);
}

/* The disk is full at each operation of a founding: nothing of the circle stays, in memory or on the disk. */
static void test_founding_that_is_rolled_back(void **state)
{
	bool done = false;

	(void)state;
	for (long at = 1; !done; at++) {
		struct home h;
		uint8_t id[ID_BYTES];
		int rc;

		home_create(&h);
		h.machine.disk.code = E_FULL;
		h.machine.disk.fail_at = h.machine.disk.n + at;
		rc = record_found_circle(h.record, "Havana", NULL, id, &h.err);
		done = rc == 0 && h.machine.disk.fired == 0;
		h.machine.disk.fail_at = 0;
		if (rc < 0) {
			assert_int_equal(record_n_circles(h.record), 0);
			home_open(&h, STORE_READ_WRITE);
		}
		assert_true(record_is_sound(h.record));
		assert_int_equal(record_n_circles(h.record), record_n_entries(h.record) - 1);
		expect_clean(&h);
		expect_ok(record_found_circle(h.record, "again", NULL, id, &h.err), &h.err);
		expect_clean(&h);
		home_remove(&h);
		assert_true(at < 1000);
	}
}

static void test_snapshot(void **state)
{
	struct home h, other;
	uint8_t *p = NULL;
	size_t n = 0;
	struct buf content;

	(void)state;
	home_create(&h);
	expect_err(record_read_snapshot(h.record, &p, &n, &h.err), E_NOT_FOUND, &h.err, NULL);
	expect_ok(record_drop_snapshot(h.record, &h.err), &h.err);
	expect_ok(record_write_snapshot(h.record, BYTES("head", 4), BYTES("body", 4), &h.err), &h.err);
	expect_ok(record_read_snapshot(h.record, &p, &n, &h.err), &h.err);
	assert_int_equal(n, 8);
	assert_memory_equal(p, "headbody", 8);
	free(p);
	p = NULL;
	expect_ok(record_write_snapshot(h.record, BYTES("new", 3), NO_BYTES, &h.err), &h.err);
	home_open(&h, STORE_READ_WRITE);
	expect_ok(record_read_snapshot(h.record, &p, &n, &h.err), &h.err);
	assert_int_equal(n, 3);
	free(p);
	p = NULL;
	/* The snapshot of another home is no snapshot of this one. */
	home_create(&other);
	expect_ok(record_write_snapshot(other.record, BYTES("head", 4), BYTES("body", 4), &h.err), &h.err);
	buf_init(&content, 65536);
	expect_ok(disk_read_all(disk_system(), path_in(&other, "snapshot"), 65536, &content, &h.err), &h.err);
	expect_ok(disk_replace(disk_system(), path_in(&h, "snapshot"), content.p, content.n, &h.err), &h.err);
	buf_release(&content);
	expect_err(record_read_snapshot(h.record, &p, &n, &h.err), E_DAMAGED, &h.err, NULL);
	expect_findings(&h, 1, "snapshot: ");
	expect_ok(record_drop_snapshot(h.record, &h.err), &h.err);
	expect_err(record_read_snapshot(h.record, &p, &n, &h.err), E_NOT_FOUND, &h.err, NULL);
	assert_null(p);
	home_remove(&other);
	home_remove(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_create),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_box_key_is_said_everywhere),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_wrong_passphrase),
		cmocka_unit_test(test_in_use),
		cmocka_unit_test(test_not_a_home),
		cmocka_unit_test(test_nothing_is_overwritten),
		cmocka_unit_test(test_names_of_organisations),
		cmocka_unit_test(test_unfinished_home),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_circles),
		cmocka_unit_test(test_founding_that_is_rolled_back),
		cmocka_unit_test(test_snapshot),
	};

	return run_tests("record/record", tests);
}
