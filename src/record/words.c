/* Passphrases of words: see slots.h. */
#include <string.h>

#include "record/slots.h"

#define WORD_MAX 10 /* chars of the longest word of the list, NUL included */
#define N_WORDS 7776

static const char words[N_WORDS][WORD_MAX] = {
#include "record/words_en.inc"
};

/* Every word equally likely: a draw at or above the largest multiple of N_WORDS in 16 bits is made again. */
static unsigned draw_word(struct env *env)
{
	const unsigned limit = UINT16_MAX + 1 - (UINT16_MAX + 1) % N_WORDS;
	uint8_t drawn[2];
	unsigned v;

	do {
		env->random(env, drawn, sizeof(drawn));
		v = get_u16(drawn);
	} while (v >= limit);
	secret_wipe(drawn, sizeof(drawn));
	return v % N_WORDS;
}

void passphrase_generate(struct env *env, char out[static PASSPHRASE_MAX])
{
	size_t n = 0;

	memset(out, 0, PASSPHRASE_MAX);
	for (int i = 0; i < PASSPHRASE_WORDS; i++) {
		const char *word = words[draw_word(env)];

		if (i > 0)
			out[n++] = ' ';
		memcpy(out + n, word, strlen(word));
		n += strlen(word);
	}
}

static bool is_gap(char c)
{
	return c == ' ' || c == '-' || (c >= '\t' && c <= '\r');
}

/* Only A to Z change: what lower case means beyond them differs between systems and years, and this is for ever. */
static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* @return bytes of the normal form of n typed bytes, without a NUL, or PASSPHRASE_MAX if there is no room for one */
static size_t normalise(const char *typed, size_t n, char out[static PASSPHRASE_MAX])
{
	size_t n_out = 0;
	bool gap = false;

	for (size_t i = 0; i < n; i++) {
		if (is_gap(typed[i])) {
			gap = n_out > 0;
			continue;
		}
		if (n_out + gap + 1 >= PASSPHRASE_MAX)
			return PASSPHRASE_MAX;
		if (gap)
			out[n_out++] = ' ';
		out[n_out++] = lower(typed[i]);
		gap = false;
	}
	out[n_out] = '\0';
	return n_out;
}

int passphrase_normalise(const char *typed, char out[static PASSPHRASE_MAX], struct err *err)
{
	char normal[PASSPHRASE_MAX] = "";
	const size_t n = normalise(typed, strlen(typed), normal);
	int rc = 0;

	if (!utf8_valid(typed, strlen(typed)))
		rc = err_set(err, E_INVALID, "the passphrase is not UTF-8; type it on a keyboard set to UTF-8");
	else if (n == 0)
		rc = err_set(err, E_INVALID, "the passphrase is empty; type its words");
	else if (n == PASSPHRASE_MAX)
		rc = err_set(err, E_LIMIT, "the passphrase is longer than %d bytes; type a shorter one",
			     PASSPHRASE_MAX - 1);
	else
		memcpy(out, normal, n + 1);
	secret_wipe(normal, sizeof(normal));
	return rc;
}

bool passphrase_word_matches(const char *passphrase, int nth, const char *typed)
{
	char wanted[PASSPHRASE_MAX] = "", got[PASSPHRASE_MAX] = "";
	const char *word = passphrase;
	size_t n_wanted, n_got;
	bool same;

	for (int i = 1; i < nth && word; i++) {
		word = strchr(word, ' ');
		word = word ? word + 1 : NULL;
	}
	if (!word || nth < 1)
		return false;
	n_wanted = normalise(word, strcspn(word, " "), wanted);
	n_got = normalise(typed, strlen(typed), got);
	same = n_wanted > 0 && n_wanted < PASSPHRASE_MAX && n_got == n_wanted && memcmp(wanted, got, n_got) == 0;
	secret_wipe(wanted, sizeof(wanted));
	secret_wipe(got, sizeof(got));
	return same;
}
