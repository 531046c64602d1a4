#include "base/idmap.h"

#include <time.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "support/test.h"

#define N_MANY 60000
#define ROUNDS 20000

struct pair {
	uint8_t id[IDMAP_KEY_BYTES];
	size_t id_n;
	uint64_t value;
};

static uint64_t roll(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return *state >> 33;
}

static struct pair *find(struct pair *list, size_t n, const struct pair *wanted)
{
	for (size_t i = 0; i < n; i++)
		if (memcmp(list[i].id, wanted->id, sizeof wanted->id) == 0)
			return &list[i];
	return NULL;
}

/* Few different ids, short and long ones, that differ in one byte most often: what a map would mix up. */
static void random_id(uint64_t *dice, struct pair *ret)
{
	static const size_t sizes[] = { 1, 8, 16, IDMAP_KEY_BYTES };

	*ret = (struct pair){ .id_n = sizes[roll(dice) % ARRAY_LEN(sizes)] };
	ret->id[roll(dice) % ret->id_n] = (uint8_t)roll(dice);
	if (roll(dice) % 2)
		ret->id[ret->id_n - 1] = (uint8_t)(roll(dice) % 16);
}

static void test_same_as_a_list(void **state)
{
	struct pair *list = mem_alloc(ROUNDS * sizeof *list), one;
	struct idmap map = { 0 };
	uint64_t dice = 18;
	size_t n = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		struct pair *known;

		random_id(&dice, &one);
		known = find(list, n, &one);
		assert_true(idmap_get(&map, one.id, one.id_n) == (known ? known->value : 0));
		if (roll(&dice) % 2) {
			uint64_t *value = idmap_at(&map, one.id, one.id_n);

			assert_true(*value == (known ? known->value : 0));
			if (!known)
				list[n++] = one;
			known = known ? known : &list[n - 1];
			known->value = *value = roll(&dice);
		}
		assert_int_equal(map.n, n);
	}
	assert_in_range(n, 1000, ROUNDS);
	for (size_t i = 0; i < n; i++)
		assert_true(idmap_get(&map, list[i].id, list[i].id_n) == list[i].value);
	idmap_release(&map);
	assert_true(idmap_get(&map, list[0].id, list[0].id_n) == 0);
	free(list);
}

/* A shorter id is the same as the one with zeros behind it. */
static void test_short_ids_are_padded(void **state)
{
	const uint8_t id[IDMAP_KEY_BYTES] = { 7, 9 };
	struct idmap map = { 0 };

	(void)state;
	*idmap_at(&map, id, 2) = 5;
	assert_int_equal(idmap_get(&map, id, sizeof id), 5);
	assert_int_equal(idmap_get(&map, id, 1), 0);
	assert_int_equal(map.n, 1);
	idmap_release(&map);
}

/* Seconds of this program's time to put N_MANY numbers in, each written into its id at that place. */
static double time_of(size_t at, bool high_first, bool random)
{
	struct idmap map = { 0 };
	const clock_t begin = clock();
	uint64_t dice = 1;
	double seconds;

	for (uint64_t i = 1; i <= N_MANY; i++) {
		uint8_t id[IDMAP_KEY_BYTES] = { 0 }, number[8];

		put_u64(number, i);
		for (size_t j = 0; j < 4; j++)
			id[at + j] = number[high_first ? 4 + j : 7 - j];
		for (size_t j = 0; random && j < sizeof id; j++)
			id[j] = (uint8_t)roll(&dice);
		*idmap_at(&map, id, sizeof id) = i;
	}
	seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
	assert_int_equal(map.n, N_MANY);
	idmap_release(&map);
	return seconds;
}

/* Ids in a file that count up take no longer than random ones, wherever they count. */
static void test_ids_that_count_up(void **state)
{
	const double most = 20 * time_of(0, false, true) + 0.2;

	(void)state;
	for (size_t at = 0; at <= IDMAP_KEY_BYTES - 4; at += 4) {
		assert_true(time_of(at, true, false) < most);
		assert_true(time_of(at, false, false) < most);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same_as_a_list),
		cmocka_unit_test(test_short_ids_are_padded),
		cmocka_unit_test(test_ids_that_count_up),
	};

	return run_tests("base/idmap", tests);
}
