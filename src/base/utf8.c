#include "base/utf8.h"

#include "base/eight.h"

#include <utf8proc.h>

size_t utf8_decode(struct slice text, uint32_t *code)
{
	if (text.len == 0)
		return 0;
	const unsigned char *b = (const unsigned char *)text.data;
	if (b[0] < 0x80) {
		*code = b[0];
		return 1;
	}
	size_t len = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;
	if (b[0] < 0xc2 || b[0] > 0xf4 || text.len < len)
		return 0;
	uint32_t c = b[0] & (0x7fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (b[i] & 0x3f);
	}
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*code = c;
	return len;
}

bool utf8_valid(struct slice text)
{
	uint32_t code;
	uint64_t eight;
	while (text.len > 0) {
		/* ASCII, as most text is, by eight bytes at a time. */
		while (text.len >= sizeof(eight)) {
			memcpy(&eight, text.data, sizeof(eight));
			if (eight & 0x8080808080808080u)
				break;
			text = slice_of(text.data + sizeof(eight), text.len - sizeof(eight));
		}
		if (text.len == 0)
			break;
		size_t n = (unsigned char)*text.data < 0x80 ? 1 : utf8_decode(text, &code);
		if (n == 0)
			return false;
		text = slice_skip(text, n);
	}
	return true;
}

/* Bytes that compilers compare in one step. */
#define PLAIN_BLOCK 16

static bool is_plain_block(const char *data)
{
	unsigned char other = 0;
	for (size_t i = 0; i < PLAIN_BLOCK; i++) {
		unsigned char c = (unsigned char)data[i];
		other |= (unsigned char)(c - 0x20) > 0x7e - 0x20 || c == '"' || c == '\\';
	}
	return !other;
}

size_t utf8_plain_run(struct slice text)
{
	size_t i = 0, place;
	while (i + PLAIN_BLOCK <= text.len && is_plain_block(text.data + i))
		i += PLAIN_BLOCK;
	/* The rest of a text that is plain is looked at with what is before it. */
	if (i > 0 && i + PLAIN_BLOCK > text.len &&
	    is_plain_block(text.data + text.len - PLAIN_BLOCK))
		return text.len;
	for (; i + 8 <= text.len; i += 8) {
		uint64_t word = eight_at(text.data + i);
		if (eight_found(word | eight_below(word, 0x20) | eight_equal(word, 0x7f) |
		                    eight_equal(word, '"') | eight_equal(word, '\\'),
		                &place))
			return i + place;
	}
	while (i < text.len && text.data[i] >= 0x20 && text.data[i] < 0x7f && text.data[i] != '"' &&
	       text.data[i] != '\\')
		i++;
	return i;
}

size_t utf8_count(struct slice text)
{
	size_t n = 0;
	for (size_t i = 0; i < text.len; i++)
		n += !utf8_continues(text.data[i]);
	return n;
}

size_t utf8_encode(uint32_t code, char out[static 4])
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	for (size_t i = len - 1; i > 0; i--) {
		out[i] = (char)(0x80 | (code & 0x3f));
		code >>= 6;
	}
	static const unsigned char lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
	out[0] = (char)(lead[len] | code);
	return len;
}

int utf8_width(uint32_t code)
{
	if (code < 0x300)
		return 1;
	/* The planes of ideographs are wide, those not assigned yet too (Unicode Annex 11). */
	if (code >= 0x20000 && code <= 0x3fffd)
		return 2;
	/* utf8proc gives a spacing mark no width; terminals draw it in a column of its own. */
	const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)code);
	return property->category == UTF8PROC_CATEGORY_MC ? 1 : property->charwidth;
}

size_t utf8_columns(struct slice text)
{
	size_t columns = 0;
	for (size_t i = 0; i < text.len;) {
		if ((unsigned char)text.data[i] < 0x80) {
			columns++;
			i++;
			continue;
		}
		uint32_t code;
		size_t n = utf8_decode(slice_skip(text, i), &code);
		columns += n == 0 ? 1 : (size_t)utf8_width(code);
		i += n == 0 ? 1 : n;
	}
	return columns;
}

void utf8_widen(size_t *width, struct slice text)
{
	size_t columns = utf8_columns(text);
	if (columns > *width)
		*width = columns;
}

bool utf8_drives(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c ||
	       (code >= 0x200e && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

struct range {
	uint32_t first, last;
};

static bool in_ranges(uint32_t code, const struct range *ranges, size_t count)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t mid = low + (high - low) / 2;
		if (code > ranges[mid].last)
			low = mid + 1;
		else if (code < ranges[mid].first)
			high = mid;
		else
			return true;
	}
	return false;
}

/* Unicode's Default_Ignorable_Code_Point and its format controls (category Cf), less the two
 * variation selectors that choose between text and emoji. Sorted. */
static const struct range unseen[] = {
    {0x00ad, 0x00ad},   {0x034f, 0x034f},   {0x061c, 0x061c},   {0x115f, 0x1160},
    {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x200b, 0x200f},   {0x2028, 0x202e},
    {0x2060, 0x206f},   {0x3164, 0x3164},   {0xfe00, 0xfe0d},   {0xfeff, 0xfeff},
    {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0x13430, 0x1343f}, {0x1bca0, 0x1bca3},
    {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

bool utf8_dangerous(uint32_t code)
{
	if (code < 0xad)
		return code < 0x20 || (code >= 0x7f && code < 0xa0);
	return in_ranges(code, unseen, sizeof(unseen) / sizeof(unseen[0]));
}
