/* Time, memory, and the two lines that every measurement prints. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "bench.h"

int64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

double seconds_since(int64_t start_ns)
{
	return (double)(clock_ns() - start_ns) / 1e9;
}

double processor_seconds(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

void watch_start(struct watch *w)
{
	w->start_processor = processor_seconds();
	w->start_ns = clock_ns();
}

void watch_stop(struct watch *w)
{
	w->s += seconds_since(w->start_ns);
	w->processor += processor_seconds() - w->start_processor;
}

static uint64_t status_bytes(const char *field)
{
	FILE *f = fopen("/proc/self/status", "r");
	unsigned long long kib = 0;
	char line[256];

	if (!f)
		return 0;
	while (fgets(line, sizeof line, f))
		if (strncmp(line, field, strlen(field)) == 0)
			kib = strtoull(line + strlen(field), NULL, 10);
	fclose(f);
	return kib * 1024;
}

uint64_t resident_bytes(void)
{
	return status_bytes("VmRSS:");
}

uint64_t resident_most_bytes(void)
{
	return status_bytes("VmHWM:");
}

void say(const char *name, double number, const char *unit)
{
	printf("%s %.6g %s\n", name, number, unit);
	fflush(stdout);
}

void say_rate(const char *name, double n, const struct watch *w, const char *unit)
{
	char processor[64];

	say(name, n / w->s, unit);
	snprintf(processor, sizeof processor, "%s-processor", name);
	say(processor, w->processor / n * 1e6, "us");
}

void say_check(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("check ", stdout);
	vprintf(fmt, args);
	putchar('\n');
	va_end(args);
	fflush(stdout);
}
