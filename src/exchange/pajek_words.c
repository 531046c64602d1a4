#include "exchange/pajek_words.h"

#include <string.h>

int pajek_words_begin(struct pajek_words *w, struct source *source, struct err *err)
{
	buf_init(&w->text, ROW_BYTES_MAX);
	return input_begin(&w->in, source, err);
}

void pajek_words_release(struct pajek_words *w)
{
	buf_release(&w->text);
}

static bool is_line_end(int byte)
{
	return byte == '\n' || byte == '\r' || byte == INPUT_END;
}

static bool is_blank(int byte)
{
	return byte == ' ' || byte == '\t' || byte == '\v' || byte == '\f';
}

/* The byte at which the next word begins, or the line's end. */
static int skip_blank(struct pajek_words *w, struct err *err)
{
	int byte;

	while (is_blank(byte = input_peek(&w->in, err)))
		input_step(&w->in);
	return byte;
}

static void keep(struct pajek_words *w, int byte)
{
	uint8_t kept = (uint8_t)byte;

	buf_put(&w->text, &kept, 1);
	input_step(&w->in);
}

/* What stands up to that byte of this line. */
static int read_up_to(struct pajek_words *w, int end, int kind, struct err *err)
{
	int byte;

	input_step(&w->in);
	while (!is_line_end(byte = input_peek(&w->in, err)) && byte >= 0 && byte != end)
		keep(w, byte);
	if (byte < INPUT_END)
		return byte;
	if (byte != end)
		return PAJEK_OPEN;
	input_step(&w->in);
	return kind;
}

int pajek_word(struct pajek_words *w, struct err *err)
{
	int byte = skip_blank(w, err);

	buf_clear(&w->text);
	w->place = w->in.place;
	if (is_line_end(byte))
		return PAJEK_LINE_END;
	if (byte == '"')
		return read_up_to(w, '"', PAJEK_QUOTED, err);
	if (byte == '[')
		return read_up_to(w, ']', PAJEK_TIME, err);
	while (byte >= 0 && !is_line_end(byte) && !is_blank(byte)) {
		keep(w, byte);
		byte = input_peek(&w->in, err);
	}
	return byte < INPUT_END ? byte : PAJEK_WORD;
}

int pajek_skip_line(struct pajek_words *w, struct err *err)
{
	int byte;

	while (!is_line_end(byte = input_peek(&w->in, err)) && byte >= 0)
		input_step(&w->in);
	return byte < INPUT_END ? byte : 0;
}

int pajek_next_line(struct pajek_words *w, struct err *err)
{
	int byte = skip_blank(w, err);

	while (byte == '\n' || byte == '\r' || byte == '%') {
		int rc = byte == '%' ? pajek_skip_line(w, err) : 0;

		if (rc < 0)
			return rc;
		if (byte != '%')
			input_step(&w->in);
		byte = skip_blank(w, err);
	}
	w->place = w->in.place;
	return byte;
}

bool pajek_number(const struct pajek_words *w, uint32_t *ret)
{
	uint32_t number = 0;

	if (w->text.n == 0 || w->text.n > 9)
		return false;
	for (size_t i = 0; i < w->text.n; i++) {
		if (w->text.p[i] < '0' || w->text.p[i] > '9')
			return false;
		number = number * 10 + (w->text.p[i] - '0');
	}
	*ret = number;
	return true;
}

bool pajek_is(const struct pajek_words *w, const char *word)
{
	return w->text.n == strlen(word) && strncasecmp(buf_str(&w->text), word, w->text.n) == 0;
}
