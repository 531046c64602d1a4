#include "cli/text.h"

#include <string.h>
#include <wchar.h>

#include "base/bytes.h"

/* Bytes of the character that a lead byte begins, 0 if it begins none. */
static size_t length_of(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

size_t text_next(const char *s, uint32_t *ret)
{
	static const uint32_t lowest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	static const uint8_t lead_bits[] = { 0, 0x7f, 0x1f, 0x0f, 0x07 };
	size_t n = length_of((unsigned char)*s);
	uint32_t c = (unsigned char)*s & lead_bits[n];

	*ret = TEXT_BROKEN;
	for (size_t i = 1; i < n; i++) {
		if (((unsigned char)s[i] & 0xc0) != 0x80) /* the NUL at the end stops here too */
			return 1;
		c = c << 6 | ((unsigned char)s[i] & 0x3f);
	}
	if (n == 0 || c < lowest[n] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 1;
	*ret = c;
	return n;
}

/* Characters that no font shows but that change what a reader sees: direction controls, line
 * separators, invisible operators and spaces, annotations, tags. The joiners U+200C and U+200D
 * are not among them: Persian and Indic names are spelt with them. */
static bool is_unseen(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x0080, 0x009f }, { 0x061c, 0x061c }, { 0x115f, 0x1160 },   { 0x180e, 0x180e }, { 0x200b, 0x200b },
		{ 0x200e, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },   { 0x3164, 0x3164 }, { 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 }, { 0xfff0, 0xfffb }, { 0xe0000, 0xe0fff },
	};
	for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

static bool is_plain(const char *s)
{
	for (; *s; s++)
		if (*s < 0x20 || *s > 0x7e)
			return false;
	return true;
}

#define MARK_MAX 16 /* bytes of the longest mark, its NUL included */

static size_t put_control_mark(char *out, const struct term *term, uint32_t c)
{
	unsigned picture = c == 0x7f ? 0xa1 : 0x80 + c; /* U+2400 + c, U+2421 for DEL */
	return (size_t)(term->utf8 ? snprintf(out, MARK_MAX, "\xe2\x90%c", (int)picture)
				   : snprintf(out, MARK_MAX, "^%c", (int)(c ^ 0x40)));
}

/* Write the character c, the n bytes at s, or its mark; gives the number of bytes written. */
static size_t put_safe(char *out, const struct term *term, const char *s, size_t n, uint32_t c)
{
	if (c == TEXT_BROKEN)
		return (size_t)snprintf(out, MARK_MAX, "<%02X>", (unsigned char)*s);
	if (c == '\t') {
		*out = ' ';
		return 1;
	}
	if (c < 0x20 || c == 0x7f)
		return put_control_mark(out, term, c);
	bool unshown = term->utf8 ? wcwidth((wchar_t)c) < 0 : c > 0x7e && term->tty;
	if (is_unseen(c) || unshown)
		return (size_t)snprintf(out, MARK_MAX, "<U+%04X>", c);
	memcpy(out, s, n);
	return n;
}

static char *safe(struct arena *a, const struct term *term, const char *s, bool lines)
{
	if (is_plain(s))
		return arena_text(a, s);
	char *out = arena_alloc(a, 4 * strlen(s) + MARK_MAX); /* a mark takes at most four times the bytes it is for */
	size_t used = 0;
	for (size_t n; *s; s += n) {
		uint32_t c;
		n = text_next(s, &c);
		if (c == '\n' && lines)
			out[used++] = '\n';
		else
			used += put_safe(out + used, term, s, n, c);
	}
	out[used] = '\0';
	return out;
}

char *text_safe(struct arena *a, const struct term *term, const char *s)
{
	return safe(a, term, s, false);
}

char *text_safe_lines(struct arena *a, const struct term *term, const char *s)
{
	return safe(a, term, s, true);
}

/* Bytes of one character with the zero-width marks behind it, and its columns. */
static size_t next_cell(const char *s, int *ret_columns)
{
	size_t n = 0;
	*ret_columns = 0;
	while (s[n]) {
		uint32_t c;
		size_t step = text_next(s + n, &c);
		int columns = c == TEXT_BROKEN ? 1 : wcwidth((wchar_t)c);
		if (columns < 0)
			columns = 1; /* a locale that does not know the character */
		if (n && columns > 0)
			break;
		n += step;
		*ret_columns += columns;
	}
	return n;
}

int text_width(const char *s)
{
	int width = 0;
	while (*s) {
		int columns;
		s += next_cell(s, &columns);
		width += columns;
	}
	return width;
}

/* Bytes of the longest beginning of s, at most n bytes, that fits in width columns. */
static size_t fitting(const char *s, size_t n, int width)
{
	size_t used = 0;
	while (used < n) {
		int columns;
		size_t step = next_cell(s + used, &columns);
		width -= columns;
		if (width < 0)
			break;
		used += step;
	}
	return used;
}

char *text_cut(struct arena *a, const struct term *term, const char *s, int width)
{
	if (text_width(s) <= width)
		return arena_text(a, s);
	const char *ellipsis = term->utf8 ? "…" : "...";
	int ellipsis_width = term->utf8 ? 1 : 3;
	if (width < ellipsis_width)
		return arena_printf(a, "%.*s", width > 0 ? width : 0, "..");
	size_t n = fitting(s, strlen(s), width - ellipsis_width);
	return arena_printf(a, "%.*s%s", (int)n, s, ellipsis);
}

void text_pad(FILE *out, const char *s, int width, bool right)
{
	int spaces = width - text_width(s);
	if (spaces < 0)
		spaces = 0;
	if (right)
		fprintf(out, "%*s%s", spaces, "", s);
	else
		fprintf(out, "%s%*s", s, spaces, "");
}

/* Where text_wrap() stands. */
struct wrapped {
	FILE *out;
	int width, indent;
	int at;     /* column of the cursor */
	bool fresh; /* nothing of the text on this line yet */
};

static void wrapped_break(struct wrapped *w)
{
	fputc('\n', w->out);
	w->at = 0;
	w->fresh = true;
}

/* Write the blanks before the next piece: the indent, or one space between words. */
static void wrapped_gap(struct wrapped *w)
{
	int spaces = w->fresh ? w->indent - w->at : 1;
	fprintf(w->out, "%*s", spaces, "");
	w->at += spaces;
	w->fresh = false;
}

static int width_of(const char *s, size_t n)
{
	int width = 0;
	for (size_t used = 0; used < n;) {
		int columns;
		used += next_cell(s + used, &columns);
		width += columns;
	}
	return width;
}

static void wrapped_word(struct wrapped *w, const char *word, size_t n)
{
	int columns = width_of(word, n);
	if (!w->fresh && w->at + 1 + columns > w->width)
		wrapped_break(w);
	wrapped_gap(w);
	while (w->at + columns > w->width) { /* wider than a whole line */
		int first;
		size_t piece = fitting(word, n, w->width - w->at);
		if (piece == 0)
			piece = next_cell(word, &first); /* one wide character on a line of one column */
		fwrite(word, 1, piece, w->out);
		columns -= width_of(word, piece);
		word += piece;
		n -= piece;
		if (n == 0)
			return;
		wrapped_break(w);
		wrapped_gap(w);
	}
	fwrite(word, 1, n, w->out);
	w->at += columns;
}

void text_wrap(FILE *out, const char *s, int at, int indent, int width)
{
	int most = width < 4 ? 0 : width / 2; /* a wide character needs two columns behind the indent */
	struct wrapped w = { out, width, indent < most ? indent : most, at, true };
	if (at > 0 && at + 2 > w.indent)
		wrapped_break(&w);
	while (*s) {
		size_t n = strcspn(s, " \n");
		if (n)
			wrapped_word(&w, s, n);
		if (s[n] == '\n')
			wrapped_break(&w);
		s += n + (s[n] != '\0');
	}
	fputc('\n', out);
}
