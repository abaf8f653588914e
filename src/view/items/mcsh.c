/*
 * Commands that mcsh runs: .source reads them back, and so does a pipe into it.
 */
#include "base/quote.h"
#include "view/items/items.h"

/* set takes no key that the classic commands do not carry, and no flags of more than 32 bits. */
static bool mcsh_add(struct buf *out, const struct item *item, bool cas)
{
	(void)cas;
	if (!item_key_is_classic(item->key) || item->flags > UINT32_MAX)
		return false;
	buf_add_str(out, "set ");
	if (item->flags != 0)
		buf_addf(out, "--flags %u ", (unsigned)item->flags);
	quote_add_word(out, item->key);
	buf_add_char(out, ' ');
	quote_add_word(out, item->value);
	if (item->exptime != 0)
		buf_addf(out, " @%lld", (long long)item->exptime);
	buf_add_char(out, '\n');
	return true;
}

const struct item_format item_format_mcsh = {
    .name = "mcsh",
    .extensions = "mcsh",
    .add = mcsh_add,
    .record = item_line,
};
