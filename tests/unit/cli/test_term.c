/* Text on a terminal: safety, widths, cutting, wrapping, tables, bars, progress. */
#include "support/test.h"

#include <fcntl.h>
#include <locale.h>
#include <math.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/bytes.h"
#include "cli/progress.h"
#include "cli/table.h"
#include "cli/term.h"
#include "cli/text.h"

static const struct term utf8 = { .width = 80, .tty = true, .fit = true, .utf8 = true };
static const struct term ascii = { .width = 80, .tty = true, .fit = true };
static const struct term ascii_pipe = { .width = 80 };

/* What a record may hold: marks on marks, wide, joined, broken, hostile, right to left. */
static const char *const nasty[] = {
	"",
	"plain words, some longer than others: incommunicability",
	"e\u0301e\u0301e\u0301 a\u0308o\u0308u\u0308 z\u0335\u0321\u0322\u0327\u0328a\u0335\u0321\u0322\u0327l",
	"\u0301\u0301leading marks",
	"日本語の文章は空白なしで続くので文字の間で折り返す必要があります",
	"a\u65e5b\u672cc",
	"\U0001F54A\U0001F3FD peace \U0001F468\u200d\U0001F469\u200d\U0001F467",
	"می\u200cخواهم گفتگو را ادامه دهم",
	"العربية: اتفاق وقف إطلاق النار",
	"\u202egnp.exe\u202c \u2066isolated\u2069 \u200emark",
	"\033]0;title\007\033[2J\033[31mred\033[0m \302\23331m",
	"\xff\xfe broken \xc3 \xe2\x82 \xed\xa0\x80 \xf4\x90\x80\x80 \xc0\xaf end\xf0\x9f",
	"tab\there, newline\nthere, return\rback, nul-like \x01\x1f\x7f",
	"\ufeffmark \u200bspace \u2028line \u2029paragraph \U000E0041tag",
	"           spaces           everywhere           ",
	"\n\n\n",
};

static char *read_back(FILE *f, char **text)
{
	fclose(f);
	return *text;
}

static void expect_safe(const struct term *term, const char *raw, const char *expected)
{
	struct arena a;
	arena_init(&a);
	assert_string_equal(text_safe(&a, term, raw), expected);
	arena_release(&a);
}

static void test_safe(void **state)
{
	(void)state;
	expect_safe(&utf8, "Timochenko, FARC-EP ~", "Timochenko, FARC-EP ~");
	expect_safe(&utf8, "a\033[2Jb\a", "a␛[2Jb␇");
	expect_safe(&ascii, "a\033[2Jb\177", "a^[[2Jb^?");
	expect_safe(&utf8, "x\177\n\ty", "x␡␊ y");
	expect_safe(&utf8, "\302\23331m", "<U+009B>31m");
	expect_safe(&utf8, "a\u202eb\u2066c\u200ed\u061ce", "a<U+202E>b<U+2066>c<U+200E>d<U+061C>e");
	expect_safe(&utf8, "\u2028\u200b\ufeff\U000E0041", "<U+2028><U+200B><U+FEFF><U+E0041>");
	expect_safe(&utf8, "\xff\xc3(\xed\xa0\x80", "<FF><C3>(<ED><A0><80>");
	expect_safe(&utf8, "\xc0\xaf\xf4\x90\x80\x80", "<C0><AF><F4><90><80><80>");
	expect_safe(&utf8, "end\xf0\x9f\x95", "end<F0><9F><95>");
	expect_safe(&utf8, "می\u200cخواهم é 日本", "می\u200cخواهم é 日本");
	expect_safe(&ascii, "é日", "<U+00E9><U+65E5>");
	expect_safe(&ascii_pipe, "é日 \u202e", "é日 <U+202E>");

	struct arena a;
	arena_init(&a);
	assert_string_equal(text_safe_lines(&a, &utf8, "one\ntwo\033"), "one\ntwo␛");
	arena_release(&a);
}

/* Whatever was written, no byte that moves a cursor or turns a line reaches the terminal. */
static void test_safe_is_safe(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(nasty); i++) {
		struct arena a;
		arena_init(&a);
		for (const char *s = text_safe(&a, &utf8, nasty[i]); *s;) {
			uint32_t c;
			s += text_next(s, &c);
			assert_true(c >= 0x20 && c != 0x7f && !(c >= 0x80 && c <= 0x9f) && c != TEXT_BROKEN);
			assert_false((c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069));
		}
		for (const char *s = text_safe(&a, &ascii, nasty[i]); *s; s++)
			assert_true(*s >= 0x20 && *s < 0x7f);
		arena_release(&a);
	}
}

static void test_width(void **state)
{
	(void)state;
	assert_int_equal(text_width(""), 0);
	assert_int_equal(text_width("abc"), 3);
	assert_int_equal(text_width("e\u0301"), 1);
	assert_int_equal(text_width("日本"), 4);
	assert_int_equal(text_width("می\u200cخ"), 3);
	assert_int_equal(text_width("\u0301"), 0);
}

static void test_cut(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	assert_string_equal(text_cut(&a, &utf8, "abcdef", 6), "abcdef");
	assert_string_equal(text_cut(&a, &utf8, "abcdef", 5), "abcd…");
	assert_string_equal(text_cut(&a, &utf8, "abcdef", 1), "…");
	assert_string_equal(text_cut(&a, &utf8, "abcdef", 0), "");
	assert_string_equal(text_cut(&a, &ascii, "abcdef", 5), "ab...");
	assert_string_equal(text_cut(&a, &ascii, "abcdef", 2), "..");
	assert_string_equal(text_cut(&a, &utf8, "日本語", 4), "日…");
	assert_string_equal(text_cut(&a, &utf8, "e\u0301e\u0301e\u0301", 2), "e\u0301…");
	for (size_t i = 0; i < ARRAY_LEN(nasty); i++)
		for (int width = 0; width <= 200; width++) {
			char *safe = text_safe(&a, &utf8, nasty[i]);
			char *cut = text_cut(&a, &utf8, safe, width);
			assert_true(utf8_valid(cut, strlen(cut)));
			assert_in_range(text_width(cut), 0, width);
			assert_true(text_width(safe) > width || strcmp(safe, cut) == 0);
		}
	arena_release(&a);
}

static void test_pad(void **state)
{
	(void)state;
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	text_pad(f, "日本", 6, false);
	text_pad(f, "7", 3, true);
	text_pad(f, "too wide", 3, true);
	assert_string_equal(read_back(f, &text), "日本    7too wide");
	free(text);
}

static char *wrap(const char *s, int at, int indent, int width)
{
	char *text;
	size_t n;
	FILE *f = open_memstream(&text, &n);
	text_wrap(f, s, at, indent, width);
	return read_back(f, &text);
}

static void expect_wrap(const char *s, int at, int indent, int width, const char *expected)
{
	char *text = wrap(s, at, indent, width);
	assert_string_equal(text, expected);
	free(text);
}

static void test_wrap(void **state)
{
	(void)state;
	expect_wrap("", 0, 0, 10, "\n");
	expect_wrap("one two three", 0, 0, 7, "one two\nthree\n");
	expect_wrap("one two three", 0, 0, 6, "one\ntwo\nthree\n");
	expect_wrap("one two", 0, 2, 8, "  one\n  two\n");
	expect_wrap("one two", 3, 5, 80, "  one two\n");       /* a label of three columns stands there */
	expect_wrap("one two", 6, 5, 80, "\n     one two\n");  /* a label too long */
	expect_wrap("one\n\ntwo", 0, 1, 80, " one\n\n two\n"); /* paragraphs, no spaces on the empty line */
	expect_wrap("abcdefgh ij", 0, 0, 3, "abc\ndef\ngh\nij\n");
	expect_wrap("日本語", 0, 0, 5, "日本\n語\n");
	expect_wrap("日本", 0, 0, 1, "日\n本\n");
	expect_wrap("日\u0301本", 0, 0, 1, "日\u0301\n本\n"); /* a mark stays with its base */
	expect_wrap("  spaces   between  ", 0, 0, 80, "spaces between\n");
}

/* At every width: no line is too wide, no character is lost, none is broken. */
static void test_wrap_any_width(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	for (size_t i = 0; i < ARRAY_LEN(nasty); i++)
		for (int width = 1; width <= 200; width++) {
			char *safe = text_safe_lines(&a, &utf8, nasty[i]);
			char *text = wrap(safe, 0, width % 7, width);
			assert_true(utf8_valid(text, strlen(text)));
			const char *left = safe;
			for (char *line = text, *end; *line; line = end + 1) {
				end = strchr(line, '\n');
				assert_non_null(end);
				*end = '\0';
				assert_in_range(text_width(line), 0, width < 2 ? 2 : width);
				for (const char *p = line; *p; p++)
					if (*p != ' ') {
						left += strspn(left, " \n");
						assert_int_equal(*left++, *p);
					}
			}
			assert_int_equal(left[strspn(left, " \n")], '\0');
			free(text);
		}
	arena_release(&a);
}

static void test_bar(void **state)
{
	(void)state;
	static const struct {
		const struct term *term;
		double share;
		const char *bar;
	} cases[] = {
		{ &utf8, 0, "    " },       { &utf8, 0.5, "██  " },    { &utf8, 1, "████" },
		{ &utf8, 0.28125, "█▏  " }, { &utf8, 0.0001, "▏   " }, { &utf8, 0.9999, "███▉" },
		{ &utf8, -3, "    " },      { &utf8, 7, "████" },      { &utf8, NAN, "?   " },
		{ &ascii, 0.5, "##  " },    { &ascii, 0.001, "#   " }, { &ascii, 0.999, "### " },
		{ &ascii, 1, "####" },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b;
		buf_init(&b, 1000);
		term_bar(cases[i].term, cases[i].share, 4, &b);
		assert_string_equal(buf_str(&b), cases[i].bar);
		buf_release(&b);
	}
	for (int width = 0; width <= 200; width++) {
		struct buf b;
		buf_init(&b, 1000);
		term_bar(&utf8, 0.37, width, &b);
		assert_int_equal(text_width(buf_str(&b)), width);
		buf_release(&b);
	}
}

static void test_counts_and_spans(void **state)
{
	(void)state;
	static const struct {
		int64_t ms;
		const char *text;
	} spans[] = {
		{ -5, "0 s" },         { 8999, "8 s" },       { 60000, "1:00 min" },     { 185000, "3:05 min" },
		{ 3600000, "1:00 h" }, { 7800000, "2:10 h" }, { 4 * 86400000LL, "4 d" },
	};
	char text[32];
	for (size_t i = 0; i < ARRAY_LEN(spans); i++) {
		term_span(spans[i].ms, text);
		assert_string_equal(text, spans[i].text);
	}
	term_count(999, text);
	assert_string_equal(text, "999");
	term_count(1234567, text);
	assert_string_equal(text, "1,234,567");
	term_count(UINT64_MAX, text);
	assert_string_equal(text, "18,446,744,073,709,551,615");
}

static const struct column columns[] = {
	{ .title = "Actor", .min = 6 },
	{ .title = "What it says", .min = 8 },
	{ .title = "Entries", .number = true },
	{ .title = "Since" },
};

static char *table_text(const struct term *term, size_t n_rows, const char *const (*rows)[4])
{
	char *text;
	size_t n;
	struct table t;
	FILE *f = open_memstream(&text, &n);
	table_begin(&t, f, term, columns, ARRAY_LEN(columns));
	for (size_t i = 0; i < n_rows; i++)
		table_row(&t, rows[i]);
	assert_int_equal(table_end(&t), n_rows);
	return read_back(f, &text);
}

static const char *const few[][4] = {
	{ "Government", "twenty were released at the bridge", "1204", "2012" },
	{ "日本国", "e\u0301tat\nof \033things", "7", NULL },
};

static void test_table(void **state)
{
	(void)state;
	struct term term = utf8;
	char *text = table_text(&term, 2, few);
	assert_string_equal(text, "Actor       What it says                        Entries  Since\n"
				  "──────────  ──────────────────────────────────  ───────  ─────\n"
				  "Government  twenty were released at the bridge     1204  2012\n"
				  "日本国      e\u0301tat␊of ␛things                           7\n");
	free(text);
	term.width = 44;
	text = table_text(&term, 2, few);
	assert_string_equal(text, "Actor       What it says      Entries  Since\n"
				  "──────────  ────────────────  ───────  ─────\n"
				  "Government  twenty were rel…     1204  2012\n"
				  "日本国      e\u0301tat␊of ␛things         7\n");
	free(text);
	term = ascii;
	term.width = 32;
	text = table_text(&term, 1, few);
	assert_string_equal(text, "Actor   What ...  Entries  Since\n"
				  "------  --------  -------  -----\n"
				  "Gov...  twent...     1204  2012\n");
	free(text);
	term.width = 20; /* narrower than the least that a table needs */
	text = table_text(&term, 2, few);
	assert_string_equal(text, "Actor: Government\nWhat it says: twenty\nwere released at the\nbridge\n"
				  "Entries: 1204\nSince: 2012\n\n"
				  "Actor:\n<U+65E5><U+672C><U+5\n6FD>\n"
				  "What it says:\ne<U+0301>tat^Jof\n^[things\nEntries: 7\n");
	free(text);
	text = table_text(&utf8, 0, NULL);
	assert_string_equal(text, "");
	free(text);
}

/* Into a pipe nothing is cut, however narrow the terminal. */
static void test_table_in_pipe(void **state)
{
	(void)state;
	struct term term = { .width = 10, .utf8 = true };
	char *text = table_text(&term, 2, few);
	assert_non_null(strstr(text, "twenty were released at the bridge"));
	free(text);
}

/* Cells wider than the rows looked ahead had: they push the line, but never touch their neighbour. */
static void test_table_wider_later(void **state)
{
	(void)state;
	static const struct column two[] = { { .title = "A" }, { .title = "N", .number = true }, { .title = "B" } };
	struct term term = { .width = 10 };
	char *text;
	size_t n;
	struct table t;
	FILE *f = open_memstream(&text, &n);
	table_begin(&t, f, &term, two, ARRAY_LEN(two));
	for (size_t i = 0; i < TABLE_LOOK_AHEAD; i++)
		table_row(&t, (const char *const[]){ "a", "1", "b" });
	table_row(&t, (const char *const[]){ "aaaa", "1234567", "bb" });
	table_row(&t, (const char *const[]){ "a", "", "b" });
	table_end(&t);
	read_back(f, &text);
	assert_non_null(strstr(text, "a  1  b\naaaa  1234567  bb\na     b\n"));
	free(text);
}

static void test_table_any_width(void **state)
{
	(void)state;
	const char *rows[ARRAY_LEN(nasty)][4];
	for (size_t i = 0; i < ARRAY_LEN(nasty); i++) {
		rows[i][0] = nasty[i];
		rows[i][1] = nasty[(i + 5) % ARRAY_LEN(nasty)];
		rows[i][2] = "123";
		rows[i][3] = nasty[(i + 9) % ARRAY_LEN(nasty)];
	}
	for (int width = 1; width <= 200; width++) {
		struct term term = utf8;
		term.width = width;
		char *text = table_text(&term, ARRAY_LEN(nasty), (const char *const(*)[4])rows);
		assert_true(utf8_valid(text, strlen(text)));
		for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
			assert_in_range(text_width(line), 0, width < 2 ? 2 : width);
		free(text);
	}
}

/* Longer than the look-ahead: one header, no row lost, later rows cut to the same columns. */
static void test_table_long(void **state)
{
	(void)state;
	char *text;
	size_t n, lines = 0;
	struct table t;
	FILE *f = open_memstream(&text, &n);
	table_begin(&t, f, &utf8, columns, 2);
	for (size_t i = 0; i < 2 * TABLE_LOOK_AHEAD + 1; i++)
		table_row(&t,
			  (const char *const[]){ "actor", i < TABLE_LOOK_AHEAD ? "short words" : "far longer words" });
	assert_int_equal(table_end(&t), 2 * TABLE_LOOK_AHEAD + 1);
	read_back(f, &text);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"), lines++)
		if (lines > TABLE_LOOK_AHEAD + 2)
			assert_string_equal(line, "actor  far longer …");
	assert_int_equal(lines, 2 * TABLE_LOOK_AHEAD + 3);
	free(text);
}

static void test_detect(void **state)
{
	(void)state;
	char *text;
	size_t n;
	struct term term;
	FILE *f = open_memstream(&text, &n);
	setenv("COLUMNS", "33", 1);
	term_detect(&term, f);
	assert_int_equal(term.width, 33);
	assert_true(term.fit);
	assert_false(term.tty);
	assert_false(term.colour);
	assert_true(term.utf8);
	assert_string_equal(term_style(&term, STYLE_BOLD), "");
	setenv("COLUMNS", "12x", 1);
	term_detect(&term, f);
	assert_int_not_equal(term.width, 12);
	assert_false(term.fit);
	unsetenv("COLUMNS");
	fclose(f);
	free(text);

	int master = posix_openpt(O_RDWR);
	if (master < 0 || grantpt(master) < 0 || unlockpt(master) < 0)
		skip();
	int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(slave >= 0);
	FILE *tty = fdopen(slave, "r+");
	assert_non_null(tty);
	struct winsize size = { .ws_col = 47 };
	ioctl(master, TIOCSWINSZ, &size);
	setenv("TERM", "xterm", 1);
	unsetenv("NO_COLOR");
	term_detect(&term, tty);
	assert_true(term.tty && term.fit && term.colour);
	assert_int_equal(term.width, 47);
	assert_string_equal(term_style(&term, STYLE_BOLD), "\033[1m");
	setenv("NO_COLOR", "1", 1);
	term_detect(&term, tty);
	assert_false(term.colour);
	unsetenv("NO_COLOR");
	setenv("TERM", "dumb", 1);
	term_detect(&term, tty);
	assert_false(term.colour);
	fclose(tty);
	close(master);
}

struct clock {
	struct env env;
	int64_t ms;
};

static int64_t clock_ms(struct env *env)
{
	return ((struct clock *)(void *)env)->ms;
}

static void test_progress(void **state)
{
	(void)state;
	char *text;
	size_t n;
	struct term term = ascii;
	struct progress p;
	struct clock clock = { .env = { .monotonic_ms = clock_ms }, .ms = 5000 };
	FILE *f = open_memstream(&text, &n);

	progress_begin(&p, f, &term, &clock.env, "Importing", "rows");
	clock.ms += 999;
	assert_true(progress_step(&p, 10, 100));
	fflush(f);
	assert_int_equal(n, 0); /* not yet a second */
	clock.ms += 1001;
	assert_true(progress_step(&p, 5000, 20000));
	fflush(f);
	assert_string_equal(text, "\rImporting  5,000/20,000  #####                 25%  2,500 rows/s  6 s left");
	clock.ms += 50;
	progress_step(&p, 5100, 20000);
	fflush(f);
	assert_null(strstr(text, "5,100")); /* ten times a second is enough */
	raise(SIGINT);
	assert_false(progress_step(&p, 5101, 20000));
	progress_end(&p);
	assert_int_equal(read_back(f, &text)[n - 1], '\r');
	free(text);
}

static void test_progress_line(void **state)
{
	(void)state;
	struct progress p = { .term = &utf8, .what = "Checking", .unit = "entries" };
	struct buf b;
	buf_init(&b, 10000);
	progress_line(&p, 42, 0, 2000, &b);
	assert_string_equal(buf_str(&b), "Checking  42  21 entries/s");
	buf_clear(&b);
	progress_line(&p, 0, 10, 0, &b);
	assert_string_equal(buf_str(&b), "Checking  0/10                         0%  0 entries/s");
	buf_clear(&b);
	progress_line(&p, 10, 10, 1000, &b);
	assert_string_equal(buf_str(&b), "Checking  10/10  ████████████████████ 100%  10 entries/s  0 s left");
	buf_clear(&b);
	progress_line(&p, UINT64_MAX, 1, 1, &b); /* more than all, and absurdly fast */
	assert_in_range(text_width(buf_str(&b)), 1, 79);
	buf_clear(&b);
	progress_line(&p, 1, 1000, INT64_MAX, &b); /* absurdly slow */
	assert_non_null(strstr(buf_str(&b), "0 entries/s  11574074 d left"));
	for (int width = 1; width <= 200; width++) {
		struct term term = utf8;
		term.width = width;
		p.term = &term;
		buf_clear(&b);
		progress_line(&p, 123456, 234567, 3000, &b);
		assert_in_range(text_width(buf_str(&b)), 0, width - 1);
	}
	buf_release(&b);
}

/* Nobody is looking: nothing is drawn, but Ctrl-C still asks to stop, and is given back at the end. */
static void test_progress_unseen(void **state)
{
	(void)state;
	char *text;
	size_t n;
	struct progress p;
	struct sigaction after;
	struct clock clock = { .env = { .monotonic_ms = clock_ms } };
	FILE *f = open_memstream(&text, &n);
	progress_begin(&p, f, &ascii_pipe, &clock.env, "Importing", "rows");
	clock.ms = 100000;
	assert_true(progress_step(&p, 1, 2));
	raise(SIGINT);
	assert_false(progress_step(&p, 1, 2));
	progress_end(&p);
	sigaction(SIGINT, NULL, &after);
	assert_true(after.sa_handler == SIG_DFL);
	assert_string_equal(read_back(f, &text), "");
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_safe),
		cmocka_unit_test(test_safe_is_safe),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_pad),
		cmocka_unit_test(test_wrap),
		cmocka_unit_test(test_wrap_any_width),
		cmocka_unit_test(test_bar),
		cmocka_unit_test(test_counts_and_spans),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_table_in_pipe),
		cmocka_unit_test(test_table_wider_later),
		cmocka_unit_test(test_table_any_width),
		cmocka_unit_test(test_table_long),
		cmocka_unit_test(test_detect),
		cmocka_unit_test(test_progress),
		cmocka_unit_test(test_progress_line),
		cmocka_unit_test(test_progress_unseen),
	};
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 77; /* no UTF-8 on this machine */
	return run_tests("term", tests);
}
