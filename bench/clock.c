/* Time, memory, and the two lines that every measurement prints. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
