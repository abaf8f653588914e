#include "base/number.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

enum number_result number_parse_u64(struct slice text, uint64_t *out)
{
	if (text.len == 0)
		return NUMBER_EMPTY;
	bool negative = text.data[0] == '-' && text.len > 1;
	uint64_t n = 0;
	bool over = false;
	size_t i = negative ? 1 : 0;
	/* So few digits cannot pass the limit. */
	for (; i < text.len && i < 19 && is_digit(text.data[i]); i++)
		n = n * 10 + (uint64_t)(text.data[i] - '0');
	for (; i < text.len; i++) {
		if (!is_digit(text.data[i]))
			return NUMBER_JUNK;
		uint64_t digit = (uint64_t)(text.data[i] - '0');
		if (n > (UINT64_MAX - digit) / 10)
			over = true;
		else
			n = n * 10 + digit;
	}
	if (negative)
		return NUMBER_NEGATIVE;
	if (over)
		return NUMBER_OVERFLOW;
	*out = n;
	return NUMBER_OK;
}

enum number_result number_parse_i64(struct slice text, int64_t *out)
{
	bool negative = text.len > 1 && text.data[0] == '-';
	uint64_t n;
	enum number_result result = number_parse_u64(negative ? slice_skip(text, 1) : text, &n);
	if (result != NUMBER_OK)
		return result == NUMBER_NEGATIVE ? NUMBER_JUNK : result;
	if (n > (uint64_t)INT64_MAX + (negative ? 1 : 0))
		return NUMBER_OVERFLOW;
	*out = negative ? (int64_t)(0 - n) : (int64_t)n;
	return NUMBER_OK;
}

/* A unit's letters and what one of it counts. */
struct unit {
	const char *name;
	uint64_t factor;
};

/* Digits, an optional fraction, an optional unit. The fraction is scaled exactly, nine digits of
 * it at the most; what is below one of the smallest unit is cut off. */
static enum number_result parse_scaled(struct slice text, const struct unit *units,
                                       uint64_t default_factor, uint64_t *out)
{
	size_t i = 0;
	while (i < text.len && is_digit(text.data[i]))
		i++;
	uint64_t whole;
	enum number_result result = number_parse_u64(slice_of(text.data, i), &whole);
	if (text.len > 1 && text.data[0] == '-' && is_digit(text.data[1]))
		return NUMBER_NEGATIVE;
	if (result != NUMBER_OK)
		return text.len == 0 || result == NUMBER_OVERFLOW ? result : NUMBER_JUNK;

	uint64_t fraction = 0, scale = 1;
	if (i + 1 < text.len && text.data[i] == '.' && is_digit(text.data[i + 1])) {
		for (i++; i < text.len && is_digit(text.data[i]); i++) {
			if (scale < 1000000000) {
				fraction = fraction * 10 + (uint64_t)(text.data[i] - '0');
				scale *= 10;
			}
		}
	}
	struct slice suffix = slice_skip(text, i);
	uint64_t factor = default_factor;
	if (suffix.len > 0) {
		factor = 0;
		for (const struct unit *u = units; u->name; u++) {
			if (slice_eq_str(suffix, u->name))
				factor = u->factor;
		}
		if (factor == 0)
			return NUMBER_JUNK;
	}
	if (whole > UINT64_MAX / factor)
		return NUMBER_OVERFLOW;
	uint64_t part = fraction * factor / scale; /* both below 2^30 */
	if (whole * factor > UINT64_MAX - part)
		return NUMBER_OVERFLOW;
	*out = whole * factor + part;
	return NUMBER_OK;
}

enum number_result number_parse_duration(struct slice text, uint64_t default_unit_ms, uint64_t *ms)
{
	static const struct unit units[] = {
	    {"ms", 1},       {"s", 1000},       {"m", 60000}, {"h", 3600000},
	    {"d", 86400000}, {"w", 604800000u}, {NULL, 0},
	};
	return parse_scaled(text, units, default_unit_ms, ms);
}

enum number_result number_parse_size(struct slice text, uint64_t *bytes)
{
	static const struct unit units[] = {
	    {"b", 1},          {"k", 1u << 10},   {"kb", 1u << 10},  {"kib", 1u << 10},
	    {"K", 1u << 10},   {"KB", 1u << 10},  {"KiB", 1u << 10}, {"m", 1u << 20},
	    {"mb", 1u << 20},  {"M", 1u << 20},   {"MB", 1u << 20},  {"mib", 1u << 20},
	    {"MiB", 1u << 20}, {"g", 1u << 30},   {"gb", 1u << 30},  {"G", 1u << 30},
	    {"GB", 1u << 30},  {"gib", 1u << 30}, {"GiB", 1u << 30}, {NULL, 0},
	};
	return parse_scaled(text, units, 1, bytes);
}

int number_hex_digit(char c)
{
	static const char digits[] = "00112233445566778899AaBbCcDdEeFf";
	const char *at = memchr(digits, c, sizeof(digits) - 1);
	return at ? (int)(at - digits) / 2 : -1;
}

const char *number_why(enum number_result result)
{
	static const char *const why[] = {
	    [NUMBER_OK] = "is a number",
	    [NUMBER_EMPTY] = "is empty",
	    [NUMBER_JUNK] = "is not a number",
	    [NUMBER_NEGATIVE] = "is negative",
	    [NUMBER_OVERFLOW] = "is larger than 64 bits hold",
	};
	return why[result];
}

struct slice number_u64(char digits[static NUMBER_DIGITS - 1], uint64_t n)
{
	char *end = digits + NUMBER_DIGITS - 1, *p = end;
	do {
		*--p = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	return slice_of(p, (size_t)(end - p));
}
