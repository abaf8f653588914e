#include "codec/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static size_t digits_at(struct slice s, size_t i)
{
	size_t n = 0;
	while (i + n < s.len && s.data[i + n] >= '0' && s.data[i + n] <= '9')
		n++;
	return n;
}

bool is_integer(struct slice value)
{
	size_t sign = value.len > 0 && value.data[0] == '-' ? 1 : 0;
	size_t n = digits_at(value, sign);
	return n > 0 && sign + n == value.len;
}

struct slice without_padding(struct slice value)
{
	while (value.len > 0 && value.data[value.len - 1] == ' ')
		value.len--;
	return value;
}

bool is_stored_integer(struct slice value)
{
	return is_integer(without_padding(value));
}

static bool is_special_double(struct slice value)
{
	value = slice_skip(value, value.len > 0 && value.data[0] == '-');
	return slice_is_among(value, "Infinity INF inf NaN NAN nan");
}

bool is_double(struct slice value)
{
	size_t i = value.len > 0 && value.data[0] == '-' ? 1 : 0;
	size_t whole = digits_at(value, i), fraction = 0;
	i += whole;
	if (i < value.len && value.data[i] == '.') {
		fraction = digits_at(value, i + 1);
		i += 1 + fraction;
	}
	if (whole + fraction == 0)
		return is_special_double(value);
	if (i < value.len && (value.data[i] == 'e' || value.data[i] == 'E')) {
		i++;
		if (i < value.len && (value.data[i] == '+' || value.data[i] == '-'))
			i++;
		size_t exponent = digits_at(value, i);
		if (exponent == 0)
			return false;
		i += exponent;
	}
	return i == value.len;
}

static bool reads_back(const char *text, double value, bool single)
{
	return single ? strtof(text, NULL) == (float)value : strtod(text, NULL) == value;
}

void add_double(struct buf *out, double value, bool single)
{
	if (isnan(value)) {
		buf_add_str(out, "NaN");
		return;
	}
	if (isinf(value)) {
		buf_add_str(out, value < 0 ? "-Infinity" : "Infinity");
		return;
	}
	/* "-d.dddde+xxx": the shortest that reads back, 17 digits at the most. */
	char text[40];
	int digits = 1;
	for (; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*e", digits - 1, value);
		if (reads_back(text, value, single))
			break;
	}
	const char *e = strchr(text, 'e');
	long exponent = e ? strtol(e + 1, NULL, 10) : 0;
	if (exponent < -4 || exponent >= 16) {
		buf_add_str(out, text);
		return;
	}
	long decimals = digits - 1 - exponent;
	buf_addf(out, "%.*f", (int)(decimals > 1 ? decimals : 1), value);
}

bool add_time_ms(struct buf *out, int64_t ms)
{
	int64_t part = ms % 1000;
	if (part < 0)
		part += 1000;
	time_t seconds = (time_t)((ms - part) / 1000);
	struct tm tm;
	if (ms < INT64_MIN + 1000 || !gmtime_r(&seconds, &tm) || tm.tm_year < -1900 ||
	    tm.tm_year > 9999 - 1900)
		return false;
	buf_addf(out, "%04d-%02d-%02dT%02d:%02d:%02d", tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday,
	         tm.tm_hour, tm.tm_min, tm.tm_sec);
	if (part != 0)
		buf_addf(out, ".%03d", (int)part);
	return buf_add_char(out, 'Z');
}
