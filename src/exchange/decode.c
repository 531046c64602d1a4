#include "exchange/decode.h"

#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define BLOCK_BYTES (64 * 1024)
#define STEP_BYTES 32 /* more than one step of any encoding takes or gives */

struct decoder {
	struct source source;
	struct source *from;
	char *encoding; /* NULL: to be seen from the first bytes */
	iconv_t cd;
	bool converts, ended;
	bool flushed; /* some encodings keep back a character until they see that no mark for it follows */
	size_t at, n; /* of block */
	size_t spare_at, spare_n;
	uint64_t bytes;
	char spare[STEP_BYTES]; /* where the caller has less room than a character may take */
	char block[BLOCK_BYTES];
};

/* Fill up the block, keeping what is left of it. */
static int refill(struct decoder *d, struct err *err)
{
	size_t got = 0;
	int rc;

	memmove(d->block, d->block + d->at, d->n - d->at);
	d->n -= d->at;
	d->at = 0;
	rc = d->from->read(d->from->ctx, d->block + d->n, sizeof d->block - d->n, &got, err);
	if (rc < 0)
		return rc;
	d->n += got;
	d->bytes += got;
	d->ended = got == 0;
	return 0;
}

static int start_converting(struct decoder *d, const char *encoding, struct err *err)
{
	d->cd = iconv_open("UTF-8", encoding);
	d->converts = d->cd != (iconv_t)-1;
	return d->converts ? 0
			   : err_set(err, E_USAGE,
				     "there is no encoding '%.40s' here: 'iconv --list' shows what there is", encoding);
}

/* UTF-16 says so in its first two bytes. */
static int see_encoding(struct decoder *d, struct err *err)
{
	const char *encoding = NULL;
	int rc = 0;

	while (rc == 0 && d->n < 2 && !d->ended)
		rc = refill(d, err);
	if (rc < 0)
		return rc;
	if (d->encoding)
		encoding = strcasecmp(d->encoding, "utf-8") == 0 ? NULL : d->encoding;
	else if (d->n >= 2 && (memcmp(d->block, "\xff\xfe", 2) == 0 || memcmp(d->block, "\xfe\xff", 2) == 0))
		encoding = "UTF-16";
	return encoding ? start_converting(d, encoding, err) : 0;
}

static bool is_over(const struct decoder *d)
{
	return d->ended && d->at == d->n && (d->flushed || !d->converts);
}

/* What came out before bytes that are not of the encoding is given first. */
static int convert(struct decoder *d, char *out, size_t n, size_t *ret_n, struct err *err)
{
	char *in = d->block + d->at, *to = out;
	size_t left = d->n - d->at, room = n;
	size_t rc = iconv(d->cd, left ? &in : NULL, &left, &to, &room);
	const int error = rc == (size_t)-1 ? errno : 0;

	d->flushed = d->ended && d->at == d->n && error == 0;
	d->at = d->n - left;
	*ret_n = n - room;
	if (*ret_n == 0 && (error == EILSEQ || (error == EINVAL && d->ended)))
		return err_set(err, E_DAMAGED,
			       "byte %llu is not of the encoding in which the file is read: --encoding names another",
			       (unsigned long long)d->bytes - (d->n - d->at) + 1);
	return 0;
}

static void copy_some(const char *from, size_t *at, size_t end, void *out, size_t n, size_t *ret_n)
{
	*ret_n = end - *at < n ? end - *at : n;
	memcpy(out, from + *at, *ret_n);
	*at += *ret_n;
}

static int give(struct decoder *d, void *out, size_t n, size_t *ret_n, struct err *err)
{
	int rc = 0;

	if (d->converts && n >= sizeof d->spare)
		return convert(d, out, n, ret_n, err);
	if (d->converts) {
		d->spare_at = 0;
		rc = convert(d, d->spare, sizeof d->spare, &d->spare_n, err);
		copy_some(d->spare, &d->spare_at, d->spare_n, out, n, ret_n);
	} else {
		copy_some(d->block, &d->at, d->n, out, n, ret_n);
	}
	return rc;
}

static int decoder_read(void *ctx, void *out, size_t n, size_t *ret_n, struct err *err)
{
	struct decoder *d = ctx;
	int rc = d->bytes == 0 && !d->ended ? see_encoding(d, err) : 0;

	*ret_n = 0;
	if (rc == 0 && d->spare_at < d->spare_n) {
		copy_some(d->spare, &d->spare_at, d->spare_n, out, n, ret_n);
		return 0;
	}
	while (rc == 0 && *ret_n == 0 && !is_over(d)) {
		if (!d->ended && (d->at == d->n || (d->converts && d->n - d->at < STEP_BYTES)))
			rc = refill(d, err);
		if (rc == 0)
			rc = give(d, out, n, ret_n, err);
	}
	return rc;
}

static void reset(struct decoder *d)
{
	if (d->converts)
		iconv_close(d->cd);
	d->converts = d->ended = d->flushed = false;
	d->at = d->n = d->spare_at = d->spare_n = 0;
	d->bytes = 0;
}

static int decoder_rewind(void *ctx, struct err *err)
{
	struct decoder *d = ctx;

	reset(d);
	return d->from->rewind(d->from->ctx, err);
}

int decode_open(struct source *from, const char *encoding, struct source **ret, struct err *err)
{
	struct decoder *d = mem_alloc(sizeof *d);
	int rc = 0;

	d->from = from;
	d->source = (struct source){
		.read = decoder_read, .rewind = from->rewind ? decoder_rewind : NULL, .ctx = d, .size = from->size
	};
	if (encoding) {
		d->encoding = mem_alloc(strlen(encoding) + 1);
		memcpy(d->encoding, encoding, strlen(encoding) + 1);
	}
	if (encoding && strcasecmp(encoding, "utf-8") != 0) { /* a name that is not known must not wait for the file */
		rc = start_converting(d, encoding, err);
		reset(d);
	}
	if (rc < 0)
		decode_close(&d->source);
	else
		*ret = &d->source;
	return rc;
}

uint64_t decode_bytes(const struct source *decoder)
{
	return ((const struct decoder *)decoder->ctx)->bytes;
}

void decode_close(struct source *decoder)
{
	struct decoder *d = decoder ? decoder->ctx : NULL;

	if (!d)
		return;
	reset(d);
	free(d->encoding);
	free(d);
}
