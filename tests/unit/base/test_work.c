/* Work by all processors: every call happens once, whatever the number of threads. */
#include "base/work.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"
#include "support/test.h"

struct tally {
	unsigned char *calls;
	size_t *squares;
};

static void square(void *ctx, size_t i)
{
	struct tally *t = ctx;

	t->calls[i]++;
	t->squares[i] = i * i;
}

static void expect_each_once(size_t n)
{
	struct tally t = { mem_alloc(n), mem_alloc(n * sizeof *t.squares) };

	work_each(n, square, &t);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(t.calls[i], 1);
		assert_int_equal(t.squares[i], i * i);
	}
	free(t.calls);
	free(t.squares);
}

static void test_each_index_once(void **state)
{
	static const size_t sizes[] = { 0, 1, 2, 3, 4, 5, 17, 1000 };

	(void)state;
	for (unsigned threads = 1; threads <= WORK_THREADS_MAX; threads++) {
		work_set_threads(threads);
		assert_int_equal(work_threads(), threads);
		for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
			expect_each_once(sizes[i]);
	}
}

static void test_number_of_threads(void **state)
{
	(void)state;
	work_set_threads(WORK_THREADS_MAX + 1);
	assert_int_equal(work_threads(), WORK_THREADS_MAX);
	work_set_threads(0);
	assert_in_range(work_threads(), 1, WORK_THREADS_MAX);
}

static void count(void *ctx, size_t i)
{
	(void)i;
	atomic_fetch_add((atomic_size_t *)ctx, 1);
}

/* The caller's own work goes on beside; two jobs may run at once. */
static void test_beside_the_caller(void **state)
{
	atomic_size_t first = 0, second = 0;
	struct work *one, *other;

	(void)state;
	work_set_threads(4);
	one = work_begin(500, count, &first);
	other = work_begin(700, count, &second);
	work_end(other);
	work_end(one);
	work_end(NULL);
	work_end(work_aside(count, &second));
	assert_int_equal(first, 500);
	assert_int_equal(second, 701);
}

static void meet(void *ctx, size_t i)
{
	atomic_size_t *arrived = ctx;

	(void)i;
	atomic_fetch_add(arrived, 1);
	while (atomic_load(arrived) < 2)
		continue;
}

/* Calls that wait for each other end only where two threads make them at once. */
static void test_at_the_same_time(void **state)
{
	atomic_size_t arrived = 0;
	struct work *work;

	(void)state;
	work_set_threads(2);
	work = work_aside(meet, &arrived);
	meet(&arrived, 0);
	work_end(work);
	arrived = 0;
	work_each(8, meet, &arrived);
	assert_int_equal(arrived, 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_index_once),
		cmocka_unit_test(test_number_of_threads),
		cmocka_unit_test(test_beside_the_caller),
		cmocka_unit_test(test_at_the_same_time),
	};

	return run_tests("base/work", tests);
}
