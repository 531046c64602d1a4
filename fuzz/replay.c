/* Run a fuzz target without a fuzzer: every input of its corpus, then changed copies of them.
 *
 * A target is one file fuzz/NAME.c with LLVMFuzzerTestOneInput(). Every build links it with this main() as a test; the
 * clang build with -Dfuzz=true links it with libFuzzer instead, and script/test lets it run for a while.
 *
 * Usage: replay NAME CORPUS-FOLDER COPIES (of each input). Prints TAP; a finding ends the program (abort, sanitizer).
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX ((size_t)1024 * 1024)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
	uint8_t *bytes;
	size_t n;
};

static uint64_t next_random(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state;
}

static struct input read_input(const char *folder, const char *name)
{
	struct input in = { malloc(INPUT_MAX), 0 };
	char path[4096];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", folder, name);
	file = fopen(path, "rb");
	if (!file || !in.bytes) {
		printf("Bail out! cannot read %s\n", path);
		exit(1);
	}
	in.n = fread(in.bytes, 1, INPUT_MAX, file);
	fclose(file);
	return in;
}

/* Hand the target a copy of exactly that size, so that a sanitizer sees one byte read too far. */
static void run_one(const uint8_t *bytes, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);

	if (!copy)
		abort();
	memcpy(copy, bytes, n);
	LLVMFuzzerTestOneInput(copy, n);
	free(copy);
}

static void run_changed(const struct input *in, uint64_t *random)
{
	size_t n = in->n, changes = next_random(random) % 4;
	uint8_t *copy;

	if (n == 0)
		return;
	copy = malloc(n);
	if (!copy)
		abort();
	memcpy(copy, in->bytes, n);
	for (size_t i = 0; i < changes; i++)
		copy[next_random(random) % n] = (uint8_t)next_random(random);
	if (changes == 0)
		n = next_random(random) % n;
	run_one(copy, n);
	free(copy);
}

int main(int argc, char **argv)
{
	struct dirent **names = NULL;
	uint64_t random = 0x9e3779b97f4a7c15;
	int n, n_inputs = 0, n_copies = argc == 4 ? (int)strtol(argv[3], NULL, 10) : 0;

	if (n_copies < 1) {
		fprintf(stderr, "usage: replay NAME CORPUS-FOLDER COPIES\n");
		return 2;
	}
	puts("1..2");
	n = scandir(argv[2], &names, NULL, alphasort);
	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.') {
			struct input in = read_input(argv[2], names[i]->d_name);

			run_one(in.bytes, in.n);
			for (int k = 0; k < n_copies; k++)
				run_changed(&in, &random);
			free(in.bytes);
			n_inputs++;
		}
		free(names[i]);
	}
	free(names);
	printf("%s 1 - %s: the corpus has inputs\n", n_inputs > 0 ? "ok" : "not ok", argv[1]);
	printf("ok 2 - %s: %d inputs and %d changed copies of each\n", argv[1], n_inputs, n_copies);
	return n_inputs > 0 ? 0 : 1;
}
