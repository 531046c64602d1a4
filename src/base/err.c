/* Errors: see err.h. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Room for two paths and words before the text is shortened to fit struct err. */
#define LONG_TEXT 10240

struct err_row {
	const char *name;
	int exit_status;
	int http_status;
};

#define X(name, exit_status, http, meaning) [name - ERR_BASE_ - 1] = { #name, exit_status, http },
static const struct err_row ROWS[] = { ERR_TABLE(X) };
#undef X

static const struct err_row *row_of(int code)
{
	const int i = code - ERR_BASE_ - 1;

	if (i < 0 || (size_t)i >= sizeof(ROWS) / sizeof(ROWS[0]))
		return NULL;
	return &ROWS[i];
}

static int is_continuation(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Copy a long text into err->text. What does not fit is cut from the middle: the reason stands at the end, and a
 * long path in front must not push it out. */
/* Bytes of a control character that begins here: C0, DEL, C1 (U+0080-9F), marks and overrides of direction (U+200E-F,
 * U+202A-E, U+2066-9); 0 if none does. */
static size_t obeyed_by_terminals(const unsigned char *p)
{
	if (*p < 0x20 || *p == 0x7f)
		return 1;
	if (p[0] == 0xc2 && p[1] >= 0x80 && p[1] <= 0x9f)
		return 2;
	if (p[0] != 0xe2 || (p[1] != 0x80 && p[1] != 0x81))
		return 0;
	if (p[1] == 0x80 && ((p[2] >= 0x8e && p[2] <= 0x8f) || (p[2] >= 0xaa && p[2] <= 0xae)))
		return 3;
	return p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9 ? 3 : 0;
}

static void store(struct err *err, const char *text)
{
	static const char GAP[] = "...";
	const size_t room = sizeof(err->text) - 1, gap = sizeof(GAP) - 1, n = strlen(text);
	size_t head = room / 3, tail = n;

	if (n <= room) {
		memcpy(err->text, text, n + 1);
	} else {
		tail = n - (room - gap - head);
		while (head > 0 && is_continuation(text[head]))
			head--;
		while (tail < n && is_continuation(text[tail]))
			tail++;
		memcpy(err->text, text, head);
		memcpy(err->text + head, GAP, gap);
		memcpy(err->text + head + gap, text + tail, n - tail + 1);
	}
	/* One line, and nothing that a terminal would obey. */
	for (char *p = err->text; *p; p++)
		for (size_t k = obeyed_by_terminals((const unsigned char *)p); k > 0; k--)
			p[k - 1] = '?';
}

int err_set(struct err *err, int code, const char *fmt, ...)
{
	char text[LONG_TEXT] = "";
	va_list args;

	if (!err)
		return code;
	va_start(args, fmt);
	if (vsnprintf(text, sizeof(text), fmt, args) < 0)
		text[0] = '\0';
	va_end(args);
	err->code = code;
	store(err, text);
	return code;
}

int err_prefix(struct err *err, const char *fmt, ...)
{
	char text[LONG_TEXT] = "";
	size_t n;
	va_list args;

	if (!err)
		return E_IO; /* there is no code to give back, and 0 would read as success */
	va_start(args, fmt);
	if (vsnprintf(text, sizeof(text) - sizeof(err->text), fmt, args) < 0)
		text[0] = '\0';
	va_end(args);
	n = strlen(text);
	memcpy(text + n, err->text, strlen(err->text) + 1);
	store(err, text);
	return err->code;
}

int err_exit_status(int code)
{
	const struct err_row *row = row_of(code);

	if (code == E_OK)
		return 0;
	return row ? row->exit_status : 1;
}

int err_http_status(int code)
{
	const struct err_row *row = row_of(code);

	if (code == E_OK)
		return 200;
	return row ? row->http_status : 500;
}

const char *err_name(int code)
{
	const struct err_row *row = row_of(code);

	if (code == E_OK)
		return "E_OK";
	return row ? row->name : "E_UNKNOWN";
}
