#include "codec/serial/outline.h"

#include "base/json_read.h"
#include "base/number.h"
#include "base/quote.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "codec/number.h"

#include <stdlib.h>

static const struct slice dots = {"...", 3};

void outline_init(struct outline *o, struct slice in, struct buf *out)
{
	*o = (struct outline){.in = in, .out = out};
}

void outline_release(struct outline *o)
{
	free(o->texts);
}

static bool finish(struct outline *o, enum outline_state state)
{
	if (o->state == OUTLINE_GOING) {
		o->state = state;
		buf_add_slice(o->out, dots);
	}
	return false;
}

bool outline_cut(struct outline *o)
{
	return finish(o, OUTLINE_CUT);
}

bool outline_broken(struct outline *o)
{
	return finish(o, OUTLINE_BROKEN);
}

static bool cut_short(struct outline *o)
{
	return finish(o, OUTLINE_SHORT);
}

bool outline_fits(const struct outline *o, size_t n)
{
	return n <= DECODED_OUTLINE_MAX - dots.len - o->out->len;
}

bool outline_add(struct outline *o, const char *text, size_t n)
{
	if (o->state != OUTLINE_GOING)
		return false;
	if (o->mute > 0)
		return true;
	if (!outline_fits(o, n))
		return outline_cut(o);
	return buf_add(o->out, text, n);
}

bool outline_str(struct outline *o, const char *text)
{
	return outline_add(o, text, strlen(text));
}

static bool add_and_release(struct outline *o, struct buf *text)
{
	bool ok = outline_add(o, text->data, text->len);
	buf_release(text);
	return ok;
}

bool outline_number(struct outline *o, int64_t n)
{
	struct buf text = BUF_INIT;
	buf_add_i64(&text, n);
	return add_and_release(o, &text);
}

bool outline_unsigned(struct outline *o, uint64_t n)
{
	struct buf text = BUF_INIT;
	buf_add_u64(&text, n);
	return add_and_release(o, &text);
}

bool outline_double(struct outline *o, double value, bool single)
{
	struct buf text = BUF_INIT;
	add_double(&text, value, single);
	return add_and_release(o, &text);
}

bool outline_name(struct outline *o, struct slice bytes)
{
	if (o->mute > 0)
		return o->state == OUTLINE_GOING;
	/* What is not plain goes by the character, so that a ceiling cuts no escape in two. */
	struct buf quoted = BUF_INIT;
	bool ok = o->state == OUTLINE_GOING;
	while (ok && bytes.len > 0) {
		uint32_t code;
		size_t plain = utf8_plain_run(bytes);
		size_t space = DECODED_OUTLINE_MAX - dots.len - o->out->len;
		plain = plain < space ? plain : space;
		if (plain > 0) {
			ok = outline_add(o, bytes.data, plain);
			bytes = slice_skip(bytes, plain);
			continue;
		}
		size_t n = utf8_decode(bytes, &code);
		buf_clear(&quoted);
		quote_add(&quoted, slice_of(bytes.data, n ? n : 1));
		ok = outline_add(o, quoted.data + 1, quoted.len - 2);
		bytes = slice_skip(bytes, n ? n : 1);
	}
	buf_release(&quoted);
	return ok;
}

bool outline_quoted(struct outline *o, struct slice bytes)
{
	return outline_add(o, "\"", 1) && outline_name(o, bytes) && outline_add(o, "\"", 1);
}

/* Long division of the magnitude by ten, until nothing is left. A number that would make this long
 * is left out. */
bool outline_magnitude(struct outline *o, bool negative, struct slice bytes)
{
	enum {
		MOST = 256,
		LIMBS = MOST / 4,
		DIGITS = MOST * 5 / 2
	};
	uint32_t limb[LIMBS] = {0};
	char digits[DIGITS];
	size_t at = DIGITS;

	while (bytes.len > 0 && bytes.data[bytes.len - 1] == 0)
		bytes.len--;
	if (bytes.len > MOST)
		return outline_cut(o);
	for (size_t i = 0; i < bytes.len; i++)
		limb[i / 4] |= (uint32_t)(unsigned char)bytes.data[i] << 8 * (i % 4);
	size_t used = (bytes.len + 3) / 4;
	do {
		uint64_t rest = 0;
		for (size_t i = used; i-- > 0;) {
			rest = rest << 32 | limb[i];
			limb[i] = (uint32_t)(rest / 10);
			rest %= 10;
		}
		digits[--at] = (char)('0' + rest);
		while (used > 0 && limb[used - 1] == 0)
			used--;
	} while (used > 0);
	return (!negative || outline_str(o, "-")) && outline_add(o, digits + at, DIGITS - at);
}

bool outline_comma(struct outline *o, uint64_t i)
{
	return i == 0 || outline_str(o, ", ");
}

bool outline_reference(struct outline *o, uint64_t n)
{
	return outline_str(o, "&") && outline_unsigned(o, n);
}

bool outline_enter(struct outline *o)
{
	if (o->nest >= 2 * OUTLINE_DEPTH)
		return outline_cut(o);
	o->nest++;
	return true;
}

bool outline_leave(struct outline *o, bool ok)
{
	o->nest--;
	return ok;
}

bool outline_remember(struct outline *o, struct slice text)
{
	if (o->text_count >= OUTLINE_TABLE)
		return outline_cut(o);
	o->texts = xgrow(o->texts, &o->text_cap, o->text_count + 1, sizeof *o->texts);
	o->texts[o->text_count++] = text;
	return true;
}

bool outline_recall(struct outline *o, uint64_t n, struct slice *text)
{
	if (n >= o->text_count)
		return outline_broken(o);
	*text = o->texts[n];
	return true;
}

bool outline_open(struct outline *o, const char *bracket)
{
	if (o->depth >= OUTLINE_DEPTH)
		return outline_cut(o);
	o->depth++;
	return outline_str(o, bracket);
}

bool outline_close(struct outline *o, const char *bracket)
{
	o->depth--;
	return outline_str(o, bracket);
}

bool outline_members(struct outline *o, const char *brackets, uint64_t n,
                     bool (*member)(struct outline *o))
{
	if (!outline_open(o, (char[]){brackets[0], '\0'}))
		return false;
	for (uint64_t i = 0; i < n; i++) {
		if (!outline_comma(o, i) || !member(o))
			return false;
	}
	return outline_close(o, brackets + 1);
}

bool outline_take(struct outline *o, uint64_t n, struct slice *bytes)
{
	if (o->state != OUTLINE_GOING)
		return false;
	if (n > o->in.len - o->at)
		return cut_short(o);
	*bytes = slice_of(o->in.data + o->at, (size_t)n);
	o->at += (size_t)n;
	return true;
}

bool outline_byte(struct outline *o, unsigned *byte)
{
	struct slice one;
	if (!outline_take(o, 1, &one))
		return false;
	*byte = (unsigned char)one.data[0];
	return true;
}

bool outline_big(struct outline *o, int n, uint64_t *number)
{
	struct slice bytes;
	if (!outline_take(o, (uint64_t)n, &bytes))
		return false;
	*number = number_big(bytes.data, bytes.len);
	return true;
}

bool outline_little(struct outline *o, int n, uint64_t *number)
{
	struct slice bytes;
	if (!outline_take(o, (uint64_t)n, &bytes))
		return false;
	*number = number_little(bytes.data, bytes.len);
	return true;
}

bool outline_until(struct outline *o, char end, struct slice *bytes)
{
	if (o->state != OUTLINE_GOING)
		return false;
	struct slice rest = slice_of(o->in.data + o->at, o->in.len - o->at);
	const char *found = rest.len > 0 ? memchr(rest.data, end, rest.len) : NULL;
	if (!found)
		return cut_short(o);
	*bytes = slice_of(rest.data, (size_t)(found - rest.data));
	o->at += bytes->len + 1;
	return true;
}

bool outline_expect(struct outline *o, char c)
{
	if (o->state != OUTLINE_GOING)
		return false;
	if (o->at >= o->in.len)
		return cut_short(o);
	if (o->in.data[o->at] != c)
		return outline_broken(o);
	o->at++;
	return true;
}

int64_t outline_signed(uint64_t number, int bytes)
{
	if (bytes >= 8)
		return (int64_t)number;
	uint64_t sign = (uint64_t)1 << (8 * bytes - 1);
	return (int64_t)((number ^ sign) - sign);
}

double outline_double_bits(uint64_t bits)
{
	double value;
	memcpy(&value, &bits, sizeof value);
	return value;
}

double outline_float_bits(uint64_t bits)
{
	uint32_t low = (uint32_t)bits;
	float value;
	memcpy(&value, &low, sizeof value);
	return (double)value;
}
