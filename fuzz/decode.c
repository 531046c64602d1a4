/* Encodings: whatever comes in, the same UTF-8 comes out whatever the pieces in which it comes and goes, or none. */
#include "rows.h"

#include "exchange/decode.h"

#define OUT_MAX (64 * 1024)

static const char *const encodings[] = {
	NULL,       "utf-8",  "windows-1252", "windows-1255", "windows-1258", "UTF-16",
	"UTF-16LE", "UTF-32", "shift_jis",    "iso-2022-jp",  "UTF-7",        "gb18030"
};

/* All that comes out, as one number. */
static uint64_t read_all(const char *encoding, const uint8_t *data, size_t size, size_t piece, size_t room)
{
	static char block[OUT_MAX];
	struct pieces pieces = { .p = data, .n = size, .piece = piece };
	struct source from = { .read = pieces_read, .ctx = &pieces }, *decoded = NULL;
	uint64_t hash = 0xcbf29ce484222325;
	size_t n = 1;
	struct err err;
	int rc = decode_open(&from, encoding, &decoded, &err);

	MUST(rc == 0);
	while (rc == 0 && n > 0) {
		rc = decoded->read(decoded->ctx, block, room, &n, &err);
		MUST(rc == 0 || rc == E_DAMAGED);
		MUST_EXPLAIN(rc, &err);
		MUST(rc < 0 || n <= room);
		for (size_t i = 0; i < n && rc == 0; i++)
			hash = (hash ^ (uint8_t)block[i]) * 0x100000001b3;
	}
	MUST(rc < 0 || decode_bytes(decoded) == size);
	decode_close(decoded);
	return rc < 0 ? mix(hash, err.text, strlen(err.text)) : hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *encoding;
	uint64_t whole;

	if (size < 1)
		return 0;
	encoding = encodings[data[0] % (sizeof encodings / sizeof *encodings)];
	whole = read_all(encoding, data + 1, size - 1, SIZE_MAX, OUT_MAX);
	MUST(whole == read_all(encoding, data + 1, size - 1, 1 + size % 61, OUT_MAX));
	MUST(whole == read_all(encoding, data + 1, size - 1, SIZE_MAX, 1 + size % 40));
	return 0;
}
