#include "record/row.h"

#include <string.h>

#define ROW_KEY_ID 1
#define ROW_HEAD_BYTES (4 + ROW_NONCE_BYTES)
#define ROW_AD_BYTES (HOME_ID_BYTES + 16 + 8)

void row_key(const uint8_t root[static KEY_BYTES], uint8_t ret_key[static KEY_BYTES])
{
	uint8_t key_id[4];

	put_u32(key_id, ROW_KEY_ID);
	hash_keyed(root, LABEL_ROW_KEY, BYTES_OF(key_id), NO_BYTES, NO_BYTES, ret_key, KEY_BYTES);
}

static void row_ad(const struct row_place *at, uint8_t ad[static ROW_AD_BYTES])
{
	memset(ad, 0, ROW_AD_BYTES);
	memcpy(ad, at->home_id, HOME_ID_BYTES);
	memcpy(ad + HOME_ID_BYTES, at->table, strlen(at->table));
	put_u64(ad + HOME_ID_BYTES + 16, at->n);
}

void row_seal(const struct row_place *at, const uint8_t nonce[static ROW_NONCE_BYTES], struct bytes plain,
	      uint8_t *ret_box)
{
	uint8_t ad[ROW_AD_BYTES];

	put_u32(ret_box, ROW_KEY_ID);
	memcpy(ret_box + 4, nonce, ROW_NONCE_BYTES);
	row_ad(at, ad);
	aead_seal(at->key, nonce, BYTES_OF(ad), plain, ret_box + ROW_HEAD_BYTES);
}

int row_unseal(const struct row_place *at, struct bytes box, uint8_t *ret_plain, struct err *err)
{
	uint8_t ad[ROW_AD_BYTES];

	if (box.n < ROW_OVERHEAD || get_u32(box.p) != ROW_KEY_ID)
		return err_set(err, E_DAMAGED, "record.db: table %s, row %llu is damaged (not a sealed row)", at->table,
			       (unsigned long long)at->n);
	row_ad(at, ad);
	if (aead_open(at->key, box.p + 4, BYTES_OF(ad), BYTES(box.p + ROW_HEAD_BYTES, box.n - ROW_HEAD_BYTES),
		      ret_plain) < 0)
		return err_set(err, E_DAMAGED, "record.db: table %s, row %llu is damaged (its seal does not fit)",
			       at->table, (unsigned long long)at->n);
	return 0;
}
