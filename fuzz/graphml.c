/* GraphML: whatever comes in, rows are read or refused, the same whatever the pieces in which it comes. */
#include "rows.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	fuzz_rows(graphml_rows_open, data, size);
	return 0;
}
