/* Lines of the printed overview. */
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

const char *overview_who(struct overview_page *p, const char *label)
{
	return text_cut(p->a, p->term, overview_safe(p, label), p->term->fit ? p->width / 4 : p->width);
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

void overview_put_row(struct overview_page *p, const struct overview_row *row)
{
	const int at = row->indent + (row->left_width ? row->left_width + 2 : 0);
	const int right = *row->right ? text_width(row->right) + 2 : 0;
	const bool below = right && p->width - at - right < TEXT_LEAST;
	const int room = p->width - at - (below ? 0 : right);
	const char *text = p->term->fit ? text_cut(p->a, p->term, row->text, room) : row->text;

	fprintf(p->out, "%*s", row->indent, "");
	if (row->left_width) {
		text_pad(p->out, row->left, row->left_width, false);
		fputs("  ", p->out);
	}
	if (right && !below) {
		text_pad(p->out, text, p->term->fit ? room : 0, false);
		fprintf(p->out, "  %s\n", row->right);
		return;
	}
	fprintf(p->out, "%s\n", text);
	if (right)
		overview_line(p, at, row->right);
}

void overview_say_more(struct overview_page *p, int indent, size_t n, const char *kind)
{
	if (n)
		overview_line(p, indent, arena_printf(p->a, "and %zu more: parley list %s", n, kind));
}
