#include "view/text/time.h"

#include "base/number.h"

#include <stdio.h>
#include <time.h>

#define USEC_PER_SEC 1000000u

struct short_text short_textf(const char *format, ...)
{
	struct short_text text;
	va_list args;
	va_start(args, format);
	vsnprintf(text.s, sizeof(text.s), format, args);
	va_end(args);
	return text;
}

static unsigned long long usec(int64_t ns)
{
	return ns > 0 ? ((unsigned long long)ns + 500) / 1000 : 0;
}

struct short_text time_text(int64_t ns)
{
	unsigned long long us = usec(ns), tenths = (us + 50) / 100, ms = (us + 500) / 1000;
	if (us < 10000)
		return short_textf("%llu.%03llu ms", us / 1000, us % 1000);
	if (us + 50 < USEC_PER_SEC)
		return short_textf("%llu.%llu ms", tenths / 10, tenths % 10);
	return short_textf("%llu.%03llu s", ms / 1000, ms % 1000);
}

struct short_text span_text(uint64_t seconds)
{
	static const struct {
		const char *name;
		unsigned long long seconds;
	} units[] = {{"d", 86400}, {"h", 3600}, {"min", 60}, {"s", 1}};
	const size_t last = sizeof(units) / sizeof(units[0]) - 1;

	size_t i = 0;
	while (i < last && seconds < units[i].seconds)
		i++;
	unsigned long long whole = seconds / units[i].seconds, rest = seconds % units[i].seconds;
	if (i == last || rest < units[i + 1].seconds)
		return short_textf("%llu %s", whole, units[i].name);
	return short_textf("%llu %s %llu %s", whole, units[i].name, rest / units[i + 1].seconds,
	                   units[i + 1].name);
}

struct short_text date_text(uint64_t seconds)
{
	const uint64_t year_10000 = 253402300800;
	time_t t = (time_t)seconds;
	struct tm tm;
	if (seconds >= year_10000 || !gmtime_r(&t, &tm))
		return digits_text(seconds);
	return short_textf("%04d-%02d-%02d %02d:%02d:%02d UTC", tm.tm_year + 1900, tm.tm_mon + 1,
	                   tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

struct short_text size_text(uint64_t bytes)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
	const size_t last = sizeof(units) / sizeof(units[0]) - 1;
	if (bytes < 1024)
		return short_textf("%s %s", grouped_text(bytes).s, units[0]);
	/* Tenths of the unit, rounded; 1023.95 KiB and more are shown as 1 MiB. */
	size_t unit = 0;
	unsigned long long tenths = 0;
	for (unsigned shift = 10; unit < last; shift += 10) {
		unit++;
		uint64_t whole = bytes >> shift, rest = bytes & (((uint64_t)1 << shift) - 1);
		/* The rest is scaled down first where times ten would not fit. */
		uint64_t tenth = shift > 50 ? ((rest >> 10) * 10 + ((uint64_t)1 << (shift - 11))) >>
		                                  (shift - 10)
		                            : (rest * 10 + ((uint64_t)1 << (shift - 1))) >> shift;
		tenths = whole * 10 + tenth;
		if (tenths < 10240)
			break;
	}
	if (tenths % 10 == 0)
		return short_textf("%s %s", grouped_text(tenths / 10).s, units[unit]);
	return short_textf("%s.%llu %s", grouped_text(tenths / 10).s, tenths % 10, units[unit]);
}

struct short_text digits_text(uint64_t n)
{
	return short_textf("%llu", (unsigned long long)n);
}

struct short_text grouped_text(uint64_t n)
{
	struct short_text grouped;
	char digits[NUMBER_DIGITS];
	struct slice text = number_u64(digits, n);
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (i > 0 && (text.len - i) % 3 == 0)
			grouped.s[len++] = ',';
		grouped.s[len++] = text.data[i];
	}
	grouped.s[len] = 0;
	return grouped;
}

struct short_text count_text(uint64_t n, const char *one, const char *many)
{
	return short_textf("%s%.100s", grouped_text(n).s, n == 1 ? one : many);
}

struct short_text percent_text(uint64_t part, uint64_t whole)
{
	if (whole == 0)
		return short_textf("-");
	return short_textf("%.1f %%", (double)part * 100.0 / (double)whole);
}

/* A part, in the unit of the total. */
static struct short_text part_text(int64_t ns, bool in_seconds)
{
	unsigned long long n = in_seconds ? (usec(ns) + 500) / 1000 : usec(ns);
	return short_textf("%llu.%03llu", n / 1000, n % 1000);
}

struct short_text timing_text(enum timing_mode mode, const struct timing *timing)
{
	struct short_text connect = {""};
	if (mode == TIMING_OFF || !timing)
		return connect;
	if (mode != TIMING_FULL)
		return time_text(timing->total);
	bool in_seconds = usec(timing->total) + 50 >= USEC_PER_SEC;
	if (timing->connect > 0)
		connect = short_textf("connect %s, ", part_text(timing->connect, in_seconds).s);
	return short_textf("%s: %ssend %s, wait %s, receive %s", time_text(timing->total).s,
	                   connect.s, part_text(timing->send, in_seconds).s,
	                   part_text(timing->wait, in_seconds).s,
	                   part_text(timing->receive, in_seconds).s);
}
