#include "cli/progress.h"

#include "cli/text.h"

#define FIRST_AFTER_MS 1000
#define EVERY_MS 100
#define LINE_MAX_BYTES 4096
#define BAR_WIDTH 20

static volatile sig_atomic_t asked_to_stop;

static void on_interrupt(int signal)
{
	(void)signal;
	asked_to_stop = 1;
}

void progress_begin(struct progress *p, FILE *out, const struct term *term, struct env *env, const char *what,
		    const char *unit)
{
	*p = (struct progress){ .out = out, .term = term, .env = env, .what = what, .unit = unit };
	p->started_ms = env->monotonic_ms(env);

	struct sigaction once = { .sa_handler = on_interrupt, .sa_flags = SA_RESTART | (int)SA_RESETHAND };
	sigemptyset(&once.sa_mask);
	asked_to_stop = 0;
	sigaction(SIGINT, &once, &p->before);
}

/* A rate or a time as a whole number; what nobody would believe is cut. */
static int64_t whole(double v)
{
	return v < 1e15 ? (int64_t)v : (int64_t)1e15;
}

static void put_rate(const struct progress *p, uint64_t done, uint64_t total, int64_t elapsed_ms, struct buf *out)
{
	char text[32];
	double per_ms = elapsed_ms > 0 ? (double)done / (double)elapsed_ms : 0;

	term_count((uint64_t)whole(per_ms * 1000), text);
	buf_printf(out, "  %s %s/s", text, p->unit);
	if (total && done && done <= total) {
		term_span(whole((double)(total - done) / per_ms), text);
		buf_printf(out, "  %s left", text);
	}
}

void progress_line(const struct progress *p, uint64_t done, uint64_t total, int64_t elapsed_ms, struct buf *out)
{
	struct arena a;
	struct buf line;
	char text[32];

	arena_init(&a);
	buf_init(&line, LINE_MAX_BYTES);
	term_count(done, text);
	buf_printf(&line, "%s  %s", p->what, text);
	if (total) {
		double share = (double)done / (double)total;
		term_count(total, text);
		buf_printf(&line, "/%s  ", text);
		term_bar(p->term, share, BAR_WIDTH, &line);
		buf_printf(&line, " %3d%%", share < 1 ? (int)(share * 100) : 100);
	}
	put_rate(p, done, total, elapsed_ms, &line);
	buf_text(out, text_cut(&a, p->term, buf_str(&line), p->term->width - 1));
	buf_release(&line);
	arena_release(&a);
}

static void draw(struct progress *p, const char *line)
{
	int width = text_width(line);
	int rest = p->drawn > width ? p->drawn - width : 0;
	fprintf(p->out, "\r%s%*s", line, rest, "");
	for (int i = 0; i < rest; i++)
		fputc('\b', p->out);
	fflush(p->out);
	p->drawn = width;
}

bool progress_step(struct progress *p, uint64_t done, uint64_t total)
{
	if (p->term->tty) {
		int64_t now = p->env->monotonic_ms(p->env);
		int64_t due = p->shown_ms ? p->shown_ms + EVERY_MS : p->started_ms + FIRST_AFTER_MS;
		if (now >= due) {
			struct buf line;
			buf_init(&line, LINE_MAX_BYTES);
			progress_line(p, done, total, now - p->started_ms, &line);
			draw(p, buf_str(&line));
			buf_release(&line);
			p->shown_ms = now;
		}
	}
	return !asked_to_stop;
}

void progress_end(struct progress *p)
{
	if (p->drawn) {
		draw(p, "");
		fputc('\r', p->out);
		fflush(p->out);
	}
	sigaction(SIGINT, &p->before, NULL);
}
