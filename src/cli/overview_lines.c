/* Lines of the printed overview. */
#include <string.h>

#include "base/bytes.h"
#include "cli/overview_internal.h"
#include "cli/text.h"

#define TEXT_LEAST 16

const char *overview_safe(struct overview_page *p, const char *text)
{
	return text ? text_safe(p->a, p->term, text) : "";
}

const char *overview_day(const struct overview_date *date)
{
	return date->text ? date->text : "";
}

const char *overview_counted(struct overview_page *p, int64_t n, const char *one, const char *many)
{
	char digits[32];

	term_count((uint64_t)n, digits);
	return arena_printf(p->a, "%s %s", digits, n == 1 ? one : many);
}

const char *overview_marked(struct overview_page *p, const struct overview_ref *ref)
{
	p->has_marks |= ref->contested;
	return arena_printf(p->a, "%s%s", ref->contested ? "* " : "", overview_safe(p, ref->label));
}

const char *overview_from_to(struct overview_page *p, const char *from, const char *to)
{
	if (from && to)
		return arena_printf(p->a, "%s to %s", overview_safe(p, from), overview_safe(p, to));
	if (from || to)
		return arena_printf(p->a, "%s %s", from ? "by" : "to", overview_safe(p, from ? from : to));
	return "";
}

const char *overview_and(struct overview_page *p, const char *text, const char *more)
{
	if (!more || !*more)
		return text;
	return *text ? arena_printf(p->a, "%s, %s", text, more) : more;
}

const char *overview_interval(struct overview_page *p, const char *text)
{
	const char *safe = overview_safe(p, text), *slash = strchr(safe, '/');

	if (!slash)
		return safe;
	if (strcmp(slash, "/..") == 0)
		return arena_printf(p->a, "from %.*s", (int)(slash - safe), safe);
	return strncmp(safe, "../", 3) == 0 ? arena_printf(p->a, "to %s", slash + 1)
					    : arena_printf(p->a, "%.*s to %s", (int)(slash - safe), safe, slash + 1);
}

const char *overview_how_to_see(struct overview_page *p, const struct overview_ref *ref)
{
	char hex[9];

	hex_encode(ref->obj, 4, hex);
	return arena_printf(p->a, "%s%s", p->width < OVERVIEW_NARROW ? "" : "parley show ", hex);
}

void overview_heading(struct overview_page *p, const char *title, const char *more)
{
	const char *between = *more ? ": " : "";
	int at = text_width(title) + text_width(between) + text_width(more) + 1;

	if (at >= p->width) {
		fputc('\n', p->out);
		overview_line(p, 0, arena_printf(p->a, "%s%s%s", title, between, more));
		return;
	}
	fprintf(p->out, "\n%s%s%s%s%s %s", term_style(p->term, STYLE_BOLD), title, term_style(p->term, STYLE_END),
		between, more, term_style(p->term, STYLE_DIM));
	for (; at < p->width; at++)
		fputs(p->term->utf8 ? "─" : "-", p->out);
	fprintf(p->out, "%s\n", term_style(p->term, STYLE_END));
}

void overview_line(struct overview_page *p, int indent, const char *text)
{
	text_wrap(p->out, text, 0, indent, p->width);
}

/* Where the parts of a row go. */
struct row_layout {
	int left;   /* columns of what stands left */
	int at;     /* where the text begins */
	int room;   /* columns for it; 0: it stays whole */
	bool below; /* what stands right has no room there */
};

static struct row_layout lay_out(const struct overview_page *p, const struct overview_row *row)
{
	const int wide = row->left_width ? text_width(row->left) : 0;
	const int right = *row->right ? text_width(row->right) + 2 : 0;
	struct row_layout place = { .left = wide > row->left_width ? wide : row->left_width };

	place.at = row->indent + (place.left ? place.left + 2 : 0);
	place.below = right && p->width - place.at - right < TEXT_LEAST;
	if (p->term->fit)
		place.room = p->width - place.at - (place.below ? 0 : right);
	if (place.room < TEXT_LEAST / 2)
		place.room = 0;
	return place;
}

void overview_put_row(struct overview_page *p, const struct overview_row *row)
{
	const struct row_layout place = lay_out(p, row);
	const int hang = place.left ? 0 : 2;
	char **lines = (char *[]){ arena_text(p->a, *row->text ? row->text : " ") };
	const size_t n = place.room && *row->text ? overview_wrapped(p, row->text, place.room - hang, &lines) : 1;

	fprintf(p->out, "%*s", row->indent, "");
	if (place.left) {
		text_pad(p->out, row->left, place.left, false);
		fputs("  ", p->out);
	}
	if (*row->right && !place.below) {
		text_pad(p->out, lines[0], place.room, false);
		fprintf(p->out, "  %s\n", row->right);
	} else {
		fprintf(p->out, "%s\n", lines[0]);
	}
	for (size_t i = 1; i < n; i++)
		fprintf(p->out, "%*s%s\n", place.at + hang, "", lines[i]);
	if (place.below)
		overview_line(p, place.at, row->right);
}

int overview_widest_day(const struct overview_date *dates, size_t n, size_t step)
{
	int widest = OVERVIEW_DATE_WIDTH;

	for (size_t i = 0; i < n; i++) {
		const struct overview_date *date = (const void *)((const char *)dates + i * step);
		const int width = text_width(overview_day(date));

		widest = width > widest ? width : widest;
	}
	return widest;
}

void overview_say_more(struct overview_page *p, int indent, size_t n, const char *kind)
{
	if (n)
		overview_line(p, indent, arena_printf(p->a, "and %zu more: parley list %s", n, kind));
}
