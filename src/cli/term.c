#include "cli/term.h"

#include <langinfo.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/bytes.h"

static bool is_set(const char *variable)
{
	const char *value = getenv(variable);
	return value && *value;
}

void term_set_locale(void)
{
	if (!setlocale(LC_ALL, "") || (!is_set("LC_ALL") && !is_set("LC_CTYPE") && !is_set("LANG")))
		(void)setlocale(LC_CTYPE, "C.UTF-8"); /* a bare container says nothing, and means nothing by it */
	(void)setlocale(LC_NUMERIC, "C");             /* numbers are written one way */
}

static int width_of_environment(void)
{
	const char *text = getenv("COLUMNS");
	if (!text)
		return 0;
	char *end;
	long n = strtol(text, &end, 10);
	return *end == '\0' && n >= 1 && n <= TERM_WIDTH_MAX ? (int)n : 0;
}

/* `parley ... | less` has its terminal on stderr or stdin only. */
static int width_of_terminal(int fd)
{
	const int fds[] = { fd, STDERR_FILENO, STDIN_FILENO };
	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		struct winsize size;
		if (fds[i] >= 0 && ioctl(fds[i], TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
			return size.ws_col < TERM_WIDTH_MAX ? size.ws_col : TERM_WIDTH_MAX;
	}
	return 0;
}

void term_detect(struct term *ret, FILE *stream)
{
	int fd = fileno(stream);
	int asked = width_of_environment();
	int found = asked ? asked : width_of_terminal(fd);
	const char *term = getenv("TERM");

	ret->width = found ? found : TERM_WIDTH_DEFAULT;
	ret->tty = fd >= 0 && isatty(fd);
	ret->fit = ret->tty || asked;
	ret->colour = ret->tty && !is_set("NO_COLOR") && term && strcmp(term, "dumb") != 0;
	ret->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

const char *term_style(const struct term *term, enum term_style style)
{
	static const char *const sequences[] = {
		[STYLE_BOLD] = "\033[1m",  [STYLE_DIM] = "\033[2m", [STYLE_WARN] = "\033[33m",
		[STYLE_GOOD] = "\033[32m", [STYLE_END] = "\033[0m",
	};
	return term->colour ? sequences[style] : "";
}

void term_bar(const struct term *term, double share, int width, struct buf *out)
{
	static const char *const eighths[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
	int unit = term->utf8 ? 8 : 1;
	int steps = width * unit;
	int filled = 0;

	if (width <= 0)
		return;
	if (isnan(share)) {
		buf_printf(out, "%-*s", width, "?");
		return;
	}
	if (share >= 1)
		filled = steps;
	else if (share > 0)
		filled = (int)(share * steps + 0.5);
	if (share > 0 && filled == 0)
		filled = 1;
	if (share < 1 && filled == steps && steps > 1)
		filled = steps - 1;

	int rest = filled % unit;
	for (int i = 0; i < filled / unit; i++)
		buf_text(out, term->utf8 ? "█" : "#");
	buf_text(out, eighths[rest]);
	buf_printf(out, "%*s", width - filled / unit - (rest != 0), "");
}

void term_count(uint64_t n, char out[static 32])
{
	char digits[24];
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);
	char *p = out;
	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*p++ = ',';
		*p++ = digits[i];
	}
	*p = '\0';
}

void term_span(int64_t ms, char out[static 32])
{
	long long s = ms > 0 ? (long long)(ms / 1000) : 0;
	if (s < 60)
		snprintf(out, 32, "%lld s", s);
	else if (s < 3600)
		snprintf(out, 32, "%lld:%02lld min", s / 60, s % 60);
	else if (s < 2 * 86400)
		snprintf(out, 32, "%lld:%02lld h", s / 3600, s / 60 % 60);
	else
		snprintf(out, 32, "%lld d", s / 86400);
}
