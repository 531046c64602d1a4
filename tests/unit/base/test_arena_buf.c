#include "base/arena.h"
#include "base/buf.h"
#include "base/bytes.h"

#include <stdalign.h>

#include "support/test.h"

/* A small generator, so that a failure can be run again from its seed. */
static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void test_arena_pieces(void **state)
{
	static const size_t SIZES[] = { 0, 1, 7, 8, 15, 16, 17, 100, 4000, 4096, 5000, 65536, 65537, 300000 };
	struct arena a = { 0 };
	uint8_t *pieces[50 * ARRAY_LEN(SIZES)];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) {
		const size_t n = SIZES[i * 5 % ARRAY_LEN(SIZES)];

		pieces[i] = arena_alloc(&a, n);
		assert_non_null(pieces[i]);
		assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		assert_true(bytes_are_zero(pieces[i], n));
		memset(pieces[i], (int)(i % 255) + 1, n);
	}
	for (size_t i = 0; i < ARRAY_LEN(pieces); i++) /* no piece lies on another */
		for (size_t k = 0; k < SIZES[i * 5 % ARRAY_LEN(SIZES)]; k += 97)
			assert_int_equal(pieces[i][k], i % 255 + 1);
	arena_release(&a);
	assert_null(a.blocks);
	assert_string_equal(arena_text(&a, "usable again"), "usable again");
	arena_release(&a);
	arena_release(&a);
}

static void test_arena_texts(void **state)
{
	struct arena a;
	char longer[1000];

	(void)state;
	arena_init(&a);
	assert_null(arena_text(&a, NULL));
	assert_string_equal(arena_text(&a, ""), "");
	assert_memory_equal(arena_copy(&a, "a\0b", 3), "a\0b\0", 4);
	assert_string_equal(arena_copy(&a, NULL, 0), "");
	assert_string_equal(arena_printf(&a, "%d %s", 7, "x"), "7 x");
	assert_string_equal(arena_printf(&a, "%s", ""), "");
	memset(longer, 'y', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	assert_string_equal(arena_printf(&a, "%s", longer), longer);
	arena_release(&a);
}

static void test_mem(void **state)
{
	uint8_t *p = mem_alloc(100);

	(void)state;
	assert_true(bytes_are_zero(p, 100));
	memset(p, 1, 100);
	p = mem_resize(p, 5000);
	assert_int_equal(p[99], 1);
	p = mem_resize(p, 0);
	assert_non_null(p);
	free(p);
	p = mem_alloc(0);
	assert_non_null(p);
	free(p);
}

static void test_buf_limit(void **state)
{
	struct buf b;
	struct err err;

	(void)state;
	buf_init(&b, 5);
	assert_string_equal(buf_str(&b), "");
	buf_text(&b, "abc");
	buf_put(&b, "de", 2);
	assert_int_equal(buf_check(&b, "it", &err), 0); /* at the limit */
	assert_string_equal(buf_str(&b), "abcde");
	buf_put(&b, "", 0);
	assert_int_equal(buf_check(&b, "it", &err), 0);
	buf_put(&b, "f", 1); /* one above */
	expect_err(buf_check(&b, "the note", &err), E_LIMIT, &err, "the note is larger than the limit of 5 bytes");
	assert_string_equal(buf_str(&b), "abcde");
	buf_clear(&b);
	assert_int_equal(buf_check(&b, "it", &err), 0);
	buf_text(&b, "abcdef"); /* all or nothing */
	assert_int_equal(buf_check(&b, "it", &err), E_LIMIT);
	assert_int_equal(b.n, 0);
	buf_text(&b, "a"); /* dropped, although it would fit */
	assert_int_equal(b.n, 0);
	buf_release(&b);
	assert_int_equal(buf_check(&b, "it", &err), 0);
	buf_text(&b, "12345");
	assert_string_equal(buf_str(&b), "12345");
	buf_release(&b);
	buf_release(&b);
}

static void test_buf_without_maximum_takes_nothing(void **state)
{
	struct buf b = { 0 };
	struct err err;

	(void)state;
	buf_put(&b, "", 0);
	assert_int_equal(buf_check(&b, "it", &err), 0);
	buf_put(&b, "x", 1);
	assert_int_equal(buf_check(&b, "it", &err), E_LIMIT);
	buf_release(&b);
}

static void test_buf_printf(void **state)
{
	char longer[600];
	struct buf b;
	struct err err;

	(void)state;
	buf_init(&b, 700);
	buf_printf(&b, "%d-%s", 12, "x");
	assert_string_equal(buf_str(&b), "12-x");
	memset(longer, 'y', sizeof(longer));
	for (size_t n = 254; n <= 258; n++) { /* around the size of its own room */
		buf_clear(&b);
		buf_printf(&b, "%.*s", (int)n, longer);
		assert_int_equal(b.n, n);
		assert_memory_equal(b.p, longer, n);
		assert_int_equal(b.p[n], 0);
	}
	buf_clear(&b);
	buf_printf(&b, "%.*s", 600, longer);
	buf_printf(&b, "%.*s", 100, longer);
	assert_int_equal(buf_check(&b, "it", &err), 0);
	buf_printf(&b, "%s", "z");
	assert_int_equal(buf_check(&b, "it", &err), E_LIMIT);
	assert_int_equal(b.n, 700);
	buf_release(&b);
}

static void test_buf_may_take_from_itself(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 16);
	buf_text(&b, "ab");
	while (b.n < 1 << 16)
		buf_put(&b, b.p, b.n);
	for (size_t i = 0; i < b.n; i++)
		assert_int_equal(b.p[i], i % 2 ? 'b' : 'a');
	buf_release(&b);
}

#define MODEL_MAX 2000

/* What a buffer is, said as simply as can be. */
struct model {
	uint8_t p[MODEL_MAX];
	size_t n, max;
	bool overflowed;
};

static void model_put(struct model *m, const uint8_t *p, size_t n, size_t allowance)
{
	if (m->overflowed)
		return;
	if (m->n + n > m->max + allowance) {
		m->overflowed = true;
		return;
	}
	memcpy(m->p + m->n, p, n);
	m->n += n;
}

static bool same(const struct buf *b, const struct model *m)
{
	if (b->n != m->n || b->overflowed != m->overflowed || (b->p && b->p[b->n] != 0))
		return false;
	return m->n == 0 || (b->p && memcmp(b->p, m->p, m->n) == 0);
}

/* Random appends and clears on both. An allowance above 0 makes the model wrong: then they must differ. */
static bool agree(uint32_t seed, size_t allowance)
{
	struct model m = { .max = next_random(&seed) % (MODEL_MAX - 64) };
	struct buf b;
	uint8_t piece[64];
	bool ok = true;

	buf_init(&b, m.max);
	for (int step = 0; step < 400 && ok; step++) {
		const size_t n = next_random(&seed) % sizeof(piece);

		for (size_t i = 0; i < n; i++)
			piece[i] = (uint8_t)next_random(&seed);
		if (next_random(&seed) % 64 == 0) {
			buf_clear(&b);
			m.n = 0;
			m.overflowed = false;
		} else {
			buf_put(&b, piece, n);
			model_put(&m, piece, n, allowance);
		}
		ok = same(&b, &m);
	}
	buf_release(&b);
	return ok;
}

static void test_buf_against_model(void **state)
{
	int noticed = 0;

	(void)state;
	for (uint32_t seed = 1; seed <= 2000; seed++) {
		if (!agree(seed, 0))
			fail_msg("buf and model differ with seed %u", seed);
		noticed += !agree(seed, 20);
	}
	assert_true(noticed > 500); /* a limit that is 20 too high is seen in many runs: the comparison works */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_arena_pieces),
		cmocka_unit_test(test_arena_texts),
		cmocka_unit_test(test_mem),
		cmocka_unit_test(test_buf_limit),
		cmocka_unit_test(test_buf_without_maximum_takes_nothing),
		cmocka_unit_test(test_buf_printf),
		cmocka_unit_test(test_buf_may_take_from_itself),
		cmocka_unit_test(test_buf_against_model),
	};

	return run_tests("base/arena_buf", tests);
}
