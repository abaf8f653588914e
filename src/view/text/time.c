#include "view/text/time.h"

#include "base/number.h"

#include <time.h>

#define USEC_PER_SEC 1000000u

static uint64_t usec(int64_t ns)
{
	return ns > 0 ? ((uint64_t)ns + 500) / 1000 : 0;
}

/* N / SCALE with DECIMALS digits after the point; SCALE is 10 to the power of DECIMALS. */
static void add_decimals(struct buf *out, uint64_t n, unsigned decimals)
{
	char digits[NUMBER_DIGITS];
	struct slice text = number_u64(digits, n);
	if (text.len <= decimals) {
		buf_add_str(out, "0.");
		buf_add_repeat(out, '0', decimals - text.len);
		buf_add_slice(out, text);
		return;
	}
	buf_add(out, text.data, text.len - decimals);
	buf_add_char(out, '.');
	buf_add_slice(out, slice_skip(text, text.len - decimals));
}

void time_add(struct buf *out, int64_t ns)
{
	uint64_t us = usec(ns);
	if (us < 10000) {
		add_decimals(out, us, 3);
		buf_add_str(out, " ms");
	} else if (us + 50 < USEC_PER_SEC) {
		add_decimals(out, (us + 50) / 100, 1);
		buf_add_str(out, " ms");
	} else {
		add_decimals(out, (us + 500) / 1000, 3);
		buf_add_str(out, " s");
	}
}

void time_add_span(struct buf *out, uint64_t seconds)
{
	static const struct {
		const char *name;
		uint64_t seconds;
	} units[] = {{" d", 86400}, {" h", 3600}, {" min", 60}, {" s", 1}};
	const size_t last = sizeof(units) / sizeof(units[0]) - 1;

	size_t i = 0;
	while (i < last && seconds < units[i].seconds)
		i++;
	buf_add_u64(out, seconds / units[i].seconds);
	buf_add_str(out, units[i].name);
	uint64_t rest = seconds % units[i].seconds;
	if (i < last && rest >= units[i + 1].seconds) {
		buf_add_char(out, ' ');
		buf_add_u64(out, rest / units[i + 1].seconds);
		buf_add_str(out, units[i + 1].name);
	}
}

void time_add_unix(struct buf *out, uint64_t seconds)
{
	const uint64_t year_10000 = 253402300800;
	time_t t = (time_t)seconds;
	struct tm tm;
	if (seconds >= year_10000 || !gmtime_r(&t, &tm)) {
		buf_add_u64(out, seconds);
		return;
	}
	buf_addf(out, "%04d-%02d-%02d %02d:%02d:%02d UTC", tm.tm_year + 1900, tm.tm_mon + 1,
	         tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

void time_add_size(struct buf *out, uint64_t bytes)
{
	static const char *const units[] = {" B", " KiB", " MiB", " GiB", " TiB", " PiB", " EiB"};
	const size_t last = sizeof(units) / sizeof(units[0]) - 1;
	if (bytes < 1024) {
		buf_add_u64(out, bytes);
		buf_add_str(out, units[0]);
		return;
	}
	/* Tenths of the unit, rounded; 1023.95 KiB and more are shown as 1 MiB. */
	size_t unit = 0;
	uint64_t tenths = 0;
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
		buf_add_u64(out, tenths / 10);
	else
		add_decimals(out, tenths, 1);
	buf_add_str(out, units[unit]);
}

void time_add_grouped(struct buf *out, uint64_t n)
{
	char digits[NUMBER_DIGITS];
	struct slice text = number_u64(digits, n);
	for (size_t i = 0; i < text.len; i++) {
		if (i > 0 && (text.len - i) % 3 == 0)
			buf_add_char(out, ',');
		buf_add_char(out, text.data[i]);
	}
}

void time_add_count(struct buf *out, uint64_t n, const char *one, const char *many)
{
	time_add_grouped(out, n);
	buf_add_str(out, n == 1 ? one : many);
}

void time_add_percent(struct buf *out, uint64_t part, uint64_t whole)
{
	if (whole == 0) {
		buf_add_char(out, '-');
		return;
	}
	buf_addf(out, "%.1f %%", (double)part * 100.0 / (double)whole);
}

static void add_part(struct buf *out, const char *name, int64_t ns, bool in_seconds)
{
	buf_add_str(out, name);
	add_decimals(out, in_seconds ? (usec(ns) + 500) / 1000 : usec(ns), 3);
}

void time_add_timing(struct buf *out, enum timing_mode mode, const struct timing *timing)
{
	if (mode == TIMING_OFF || !timing)
		return;
	time_add(out, timing->total);
	if (mode != TIMING_FULL)
		return;
	bool in_seconds = usec(timing->total) + 50 >= USEC_PER_SEC;
	buf_add_str(out, ": ");
	if (timing->connect > 0)
		add_part(out, "connect ", timing->connect, in_seconds);
	add_part(out, timing->connect > 0 ? ", send " : "send ", timing->send, in_seconds);
	add_part(out, ", wait ", timing->wait, in_seconds);
	add_part(out, ", receive ", timing->receive, in_seconds);
}
