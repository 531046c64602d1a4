/* Names as they are compared: without what spellings of one name differ in. */
#include <string.h>

#include "base/bytes.h"
#include "node/same.h"

/* Latin letters with marks, by code point: the letter without. A capital stands for two letters, '-' for what is kept,
 * a space for what parts words. */
static const char latin[] = /* U+00C0 to U+024F */
	"aaaaaaAceeeeiiiidnooooo ouuuuyTSaaaaaaAceeeeiiiidnooooo ouuuuyTy"
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiIIjjkkklllllll"
	"lllnnnnnnnnnooooooOOrrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
	"---------------a--f-------------oo-------------uu---------------"
	"-------------aaiioouuuuuuuuuueaaaaAA--ggkkoooo--j---gg--nnaaAAoo"
	"aaaaeeeeiiiioooorrrruuuusstt--hh------aaeeooooooooyy------------"
	"----------------";

static const char latin_more[] = /* U+1E00 to U+1EFF */
	"aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
	"mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
	"wwwwwwwwwwxxxxyyzzzzzzhtwyas--S-aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
	"eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy------";

static const struct {
	char mark;
	const char *letters;
} doubles[] = { { 'A', "ae" }, { 'I', "ij" }, { 'O', "oe" }, { 'S', "ss" }, { 'T', "th" } };

/* One form that grows: letters and digits, one space between words. */
struct form {
	char *text;
	size_t n;
	size_t letters; /* code points without spaces */
	bool gap;       /* a space is owed before the next letter */
};

static void put_text(struct form *f, const char *text, size_t n)
{
	if (f->gap && f->n > 0)
		f->text[f->n++] = ' ';
	f->gap = false;
	memcpy(f->text + f->n, text, n);
	f->n += n;
	f->letters++;
}

static void put_folded(struct form *f, char folded, const char *as_is, size_t n)
{
	if (folded == ' ') {
		f->gap = true;
	} else if (folded == '-') {
		put_text(f, as_is, n);
	} else if (folded >= 'a') {
		put_text(f, &folded, 1);
	} else {
		for (size_t i = 0; i < ARRAY_LEN(doubles); i++)
			if (doubles[i].mark == folded)
				put_text(f, doubles[i].letters, strlen(doubles[i].letters));
	}
}

/* Length of the UTF-8 character; the record holds no broken ones. */
static size_t read_char(const char *s, uint32_t *ret)
{
	const unsigned char *p = (const unsigned char *)s;
	const size_t n = p[0] < 0x80 ? 1 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	uint32_t c = n == 1 ? p[0] : (uint32_t)(p[0] & (0x7f >> n));

	for (size_t i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80) {
			*ret = p[0];
			return 1;
		}
		c = c << 6 | (p[i] & 0x3f);
	}
	*ret = c;
	return n;
}

/* Capitals of Greek and Cyrillic become small ones. */
static void put_lower(struct form *f, uint32_t c)
{
	const uint32_t lower = c >= 0x400 && c <= 0x40f ? c + 80 : c + 32;
	const char text[2] = { (char)(0xc0 | lower >> 6), (char)(0x80 | (lower & 0x3f)) };

	put_text(f, text, sizeof text);
}

static bool is_capital(uint32_t c)
{
	return (c >= 0x391 && c <= 0x3a9) || (c >= 0x400 && c <= 0x42f);
}

/* Quotes and marks that stand within a word: O'Neill, People's; combining accents; soft hyphens and the like. */
static bool is_silent(uint32_t c)
{
	static const uint32_t marks[] = { '\'', '`', 0xad, 0xb4, 0x2bc, 0x2018, 0x2019, 0x200b, 0x200c, 0x200d };

	for (size_t i = 0; i < ARRAY_LEN(marks); i++)
		if (c == marks[i])
			return true;
	return c >= 0x300 && c <= 0x36f;
}

static bool parts_words(uint32_t c)
{
	return c < 0xc0 || (c >= 0x2000 && c <= 0x206f) || (c >= 0x3000 && c <= 0x303f) || c == 0x60c || c == 0x61b;
}

static bool is_plain(uint32_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == 0xaa || c == 0xba;
}

static void put_char(struct form *f, uint32_t c, const char *as_is, size_t n)
{
	if (is_silent(c))
		return;
	if (c >= 'A' && c <= 'Z')
		put_text(f, &(char){ (char)(c + 32) }, 1);
	else if (parts_words(c) && !is_plain(c))
		f->gap = true;
	else if (c >= 0xc0 && c <= 0x24f)
		put_folded(f, latin[c - 0xc0], as_is, n);
	else if (c >= 0x1e00 && c <= 0x1eff)
		put_folded(f, latin_more[c - 0x1e00], as_is, n);
	else if (is_capital(c))
		put_lower(f, c);
	else
		put_text(f, as_is, n);
}

static bool is_small_word(const char *word, size_t n)
{
	static const char *const words[] = { "the", "of", "and", "de", "la" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (strlen(words[i]) == n && memcmp(words[i], word, n) == 0)
			return true;
	return false;
}

/* Leave the small words out, unless nothing else is there. */
static void drop_small_words(struct form *f)
{
	size_t kept = 0;

	for (size_t i = 0, n; i < f->n; i += n + 1) {
		const char *space = memchr(f->text + i, ' ', f->n - i);

		n = space ? (size_t)(space - f->text) - i : f->n - i;
		if (is_small_word(f->text + i, n))
			continue;
		if (kept > 0)
			f->text[kept++] = ' ';
		memmove(f->text + kept, f->text + i, n);
		kept += n;
	}
	if (kept > 0)
		f->n = kept;
}

/* What of a name is taken. */
enum take { TAKE_ALL, TAKE_OUTSIDE, TAKE_INSIDE };

/* @return the form, or NULL if it is too short to say anything */
static const char *form_of(struct arena *a, const char *name, enum take take)
{
	/* a letter gives at most twice its bytes, and a space before it */
	struct form f = { .text = arena_alloc(a, 3 * strlen(name) + 1) };
	int depth = 0;
	uint32_t c;

	for (size_t n; *name; name += n) {
		n = read_char(name, &c);
		if (c == '(' || c == '[' || c == ')' || c == ']') {
			depth += c == '(' || c == '[' ? 1 : depth > 0 ? -1 : 0;
			f.gap = true;
		} else if (take == TAKE_ALL || (take == TAKE_INSIDE) == (depth > 0)) {
			put_char(&f, c, name, n);
		}
	}
	drop_small_words(&f);
	f.text[f.n] = '\0';
	return f.letters < 2 ? NULL : f.text;
}

size_t same_name_forms(struct arena *a, const char *name, const char **ret)
{
	static const enum take parts[] = { TAKE_OUTSIDE, TAKE_INSIDE };
	const char *form = form_of(a, name, TAKE_ALL);
	size_t n = 0;

	if (form)
		ret[n++] = form;
	if (n == 0 || !strpbrk(name, "(["))
		return n;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		form = form_of(a, name, parts[i]);
		if (form && strcmp(form, ret[0]) != 0)
			ret[n++] = form;
	}
	return n;
}
