#include "exchange/gml_text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"

#define NAME_MAX_LEN 8 /* of &thetasym; and its like, none is read */

/* Latin-1 from 0xA0 on. */
static const char *const latin_1[] = {
	"nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",    "copy",   "ordf",
	"laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn", "sup2",   "sup3",   "acute",  "micro",
	"para",   "middot", "cedil",  "sup1",   "ordm",   "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave",
	"Aacute", "Acirc",  "Atilde", "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",
	"Igrave", "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde", "Ouml",
	"times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",  "szlig",  "agrave", "aacute",
	"acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil", "egrave", "eacute", "ecirc",  "euml",   "igrave",
	"iacute", "icirc",  "iuml",   "eth",    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide",
	"oslash", "ugrave", "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml",
};

_Static_assert(ARRAY_LEN(latin_1) == 0x60, "one name for each");

static const struct {
	const char *name;
	uint8_t code;
} ascii[] = { { "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' } };

static bool is_name(const char *name, const char *p, size_t n)
{
	return strlen(name) == n && memcmp(name, p, n) == 0;
}

/* -> the code; 0: there is no such name */
static uint32_t code_of_name(const char *p, size_t n)
{
	for (size_t i = 0; i < ARRAY_LEN(ascii); i++)
		if (is_name(ascii[i].name, p, n))
			return ascii[i].code;
	for (size_t i = 0; i < ARRAY_LEN(latin_1); i++)
		if (is_name(latin_1[i], p, n))
			return 0xa0 + (uint32_t)i;
	return 0;
}

/* -> the value of a digit; 16: it is none */
static uint32_t digit(char c)
{
	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0');
	c = (char)(c | 0x20);
	return c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a' + 10) : 16;
}

/* What stands behind &#. -> the code; 0: not the number of a character */
static uint32_t code_of_number(const char *p, size_t n)
{
	bool hex = n > 0 && (p[0] | 0x20) == 'x';
	uint32_t base = hex ? 16 : 10, code = 0;

	if (n == hex)
		return 0;
	for (size_t i = hex; i < n; i++) {
		uint32_t d = digit(p[i]);

		if (d >= base)
			return 0;
		code = code * base + d; /* at most eight digits: it cannot overflow */
	}
	return code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ? 0 : code;
}

static size_t put_utf8(char *out, uint32_t code)
{
	static const uint8_t lead[] = { 0, 0, 0xc0, 0xe0, 0xf0 };
	size_t n = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

	for (size_t i = n - 1; i > 0; i--, code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3f));
	out[0] = (char)(lead[n == 1 ? 0 : n] | code);
	return n;
}

/* The entity that begins at p, with its &. -> its length, and the code; 0: it is none */
static size_t entity(const char *p, size_t n, uint32_t *ret)
{
	size_t most = n < NAME_MAX_LEN + 2 ? n : NAME_MAX_LEN + 2;
	const char *end = memchr(p, ';', most);
	size_t len = end ? (size_t)(end - p) : 0;
	uint32_t code;

	if (len < 2)
		return 0;
	code = p[1] == '#' ? code_of_number(p + 2, len - 2) : code_of_name(p + 1, len - 1);
	*ret = code;
	return code ? len + 1 : 0;
}

size_t gml_text_decode(char *p, size_t n)
{
	size_t to = 0;

	for (size_t from = 0; from < n;) {
		uint32_t code = 0;
		size_t len = p[from] == '&' ? entity(p + from, n - from, &code) : 0;

		if (len == 0) {
			p[to++] = p[from++];
		} else { /* shorter than its name, which is at least as long as &lt; */
			to += put_utf8(p + to, code);
			from += len;
		}
	}
	return to;
}
