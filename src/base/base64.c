#include "base/base64.h"

#include <stdint.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_add(struct buf *out, struct slice bytes)
{
	char *to = bytes.len > 0 ? buf_reserve(out, base64_length(bytes.len)) : NULL;
	if (!to)
		return;
	const unsigned char *b = (const unsigned char *)bytes.data;
	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t left = bytes.len - i;
		uint32_t bits = (uint32_t)b[i] << 16;
		bits |= left > 1 ? (uint32_t)b[i + 1] << 8 : 0;
		bits |= left > 2 ? b[i + 2] : 0;
		*to++ = alphabet[bits >> 18];
		*to++ = alphabet[bits >> 12 & 63];
		*to++ = left > 1 ? alphabet[bits >> 6 & 63] : '=';
		*to++ = left > 2 ? alphabet[bits & 63] : '=';
	}
	out->len += base64_length(bytes.len);
}

/* The six bits of a letter; 64 when it is none. */
static uint32_t bits_of(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint32_t)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (uint32_t)(c - 'a' + 26);
	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0' + 52);
	return c == '+' ? 62 : c == '/' ? 63 : 64;
}

bool base64_decode(struct buf *out, struct slice text)
{
	size_t before = out->len, pads = 0;
	if (text.len % 4 != 0)
		return false;
	while (pads < 2 && pads < text.len && text.data[text.len - 1 - pads] == '=')
		pads++;
	char *to = text.len > 0 ? buf_reserve(out, text.len / 4 * 3) : NULL;
	if (text.len > 0 && !to)
		return false;
	for (size_t i = 0; i < text.len; i += 4) {
		uint32_t bits = 0;
		for (size_t k = i; k < i + 4; k++) {
			uint32_t six = k < text.len - pads ? bits_of(text.data[k]) : 0;
			if (six > 63)
				return false;
			bits = bits << 6 | six;
		}
		*to++ = (char)(bits >> 16);
		*to++ = (char)(bits >> 8);
		*to++ = (char)bits;
	}
	out->len += text.len / 4 * 3 - pads;
	/* What the padding leaves unused of the last letter is zero. */
	for (size_t i = 0; i < pads; i++) {
		if (to[-1 - (ptrdiff_t)i] != 0) {
			out->len = before;
			return false;
		}
	}
	return true;
}
