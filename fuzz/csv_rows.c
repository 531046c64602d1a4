/* Separated values: whatever comes in, rows are read or refused, the same whatever the pieces in which it comes. */
#include "rows.h"

static struct csv_options options;

static int open_csv(struct source *source, struct rows **ret, struct err *err)
{
	return csv_rows_open(source, &options, ret, err);
}

/* The first byte: delimiter in the lowest three bits, then whether there is a header and whether marks are marks. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char delimiters[] = { 0, ',', ';', '\t', '|', 0, 0, 0 };

	if (size < 1)
		return 0;
	options = (struct csv_options){ .delimiter = delimiters[data[0] & 7],
					.header = data[0] & 8 ? "a,b ,a,,\xe1" : NULL,
					.no_quotes = data[0] & 16 };
	if (options.header && data[0] & 32)
		options.header = "a,b";
	fuzz_rows(open_csv, data + 1, size - 1);
	return 0;
}
