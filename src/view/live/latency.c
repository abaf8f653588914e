#include "view/live/latency.h"

#include "base/quote.h"
#include "view/figures.h"
#include "view/summary.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/table.h"
#include "view/text/time.h"
#include "view/text/wrap.h"

static const struct rank ranks[] = {
    {"min", "min", 0},
    {"p50", "median", 500},
    {"p90", "p90", 900},
    {"p99", "p99", 990},
    {"p999", "p99.9", 999},
    {"max", "max", 1000},
    {0},
};

/* The median without the network; -1: not known. */
static int64_t rest_of(const struct latency_of *of)
{
	if (of->least_rtt == 0 || of->times->count == 0)
		return -1;
	int64_t rest = histogram_at(of->times, 500) - of->least_rtt;
	return rest > 0 ? rest : 0;
}

/* The times beside the percentiles, for programs; -1: not known. */
static void parts_of(const struct latency_of *of, int64_t parts[3])
{
	parts[0] = of->rtt > 0 ? of->rtt : -1;
	parts[1] = of->least_rtt > 0 ? of->least_rtt : -1;
	parts[2] = rest_of(of);
}

static void add_parts(struct buf *out, const struct style *style, const struct latency_of *of)
{
	struct buf line = BUF_INIT;
	if (of->least_rtt > 0) {
		buf_addf(
		    &line,
		    "Of the median %s is the network (the least round trip of TCP that the kernel "
		    "saw; %s smoothed), and %s the rest: the server, and waking both programs.",
		    time_text(of->least_rtt).s, time_text(of->rtt).s, time_text(rest_of(of)).s);
	} else {
		buf_add_str(&line, "Which part is the network is known of TCP alone.");
	}
	wrap_add_painted(out, style, PAINT_DIM, buf_slice(&line), 2);
	buf_release(&line);
}

static void show_server(struct buf *out, const struct style *style, const struct latency_of *of,
                        int64_t elapsed)
{
	struct buf text = BUF_INIT;
	paint_slice(&text, style->color, PAINT_HEADING, escape_add_field, slice_str(of->server));
	size_t column = wrap_piece(out, buf_slice(&text), "", 0, 0, style->columns);
	buf_clear(&text);
	buf_addf(&text, "%s%s",
	         count_text(of->times->count, " round trip in ", " round trips in ").s,
	         time_text(elapsed).s);
	if (of->lost > 0) {
		buf_add_str(&text, ", ");
		paint_addf(&text, style->color, PAINT_BAD, "%s lost", grouped_text(of->lost).s);
	}
	wrap_piece(out, buf_slice(&text), "  ", 2, column, style->columns);
	buf_add_char(out, '\n');
	buf_release(&text);
	if (of->times->count > 0) {
		summary_add_times(out, style, of->times, ranks);
		add_parts(out, style, of);
	}
}

static void add_time(struct table *t, enum paint paint, int64_t ns)
{
	table_cell_str(t, paint, ns >= 0 ? time_text(ns).s : "");
}

static void show_table(struct buf *out, const struct style *style, const struct latency_of *list,
                       size_t count)
{
	static const struct table_column columns[] = {{"server", false}, {"median", true},
	                                              {"p99", true},     {"max", true},
	                                              {"network", true}, {"rest", true}};
	struct table t;
	table_begin(&t, style, out, ".latency", columns, 6);
	for (size_t i = 0; i < count; i++) {
		const struct histogram *times = list[i].times;
		bool any = times->count > 0;
		table_cell_str(&t, PAINT_KEY, list[i].server);
		add_time(&t, PAINT_NUMBER, any ? histogram_at(times, 500) : -1);
		add_time(&t, PAINT_NONE, any ? histogram_at(times, 990) : -1);
		add_time(&t, PAINT_NONE, any ? histogram_at(times, 1000) : -1);
		add_time(&t, PAINT_NONE, list[i].least_rtt > 0 ? list[i].least_rtt : -1);
		add_time(&t, PAINT_NONE, rest_of(&list[i]));
	}
	table_end(&t);
}

static void show_pretty(struct buf *out, const struct style *style, const struct latency_of *list,
                        size_t count, int64_t elapsed)
{
	if (count > 1)
		show_table(out, style, list, count);
	for (size_t i = 0; i < count; i++) {
		if (count > 1)
			buf_add_char(out, '\n');
		show_server(out, style, &list[i], elapsed);
	}
}

static void show_lines(struct buf *out, const struct style *style, const struct latency_of *list,
                       size_t count)
{
	static const struct table_column columns[] = {
	    {"server", false}, {"round_trips", true}, {"lost", true},         {"min_us", true},
	    {"p50_us", true},  {"p90_us", true},      {"p99_us", true},       {"p999_us", true},
	    {"max_us", true},  {"rtt_us", true},      {"least_rtt_us", true}, {"rest_us", true}};
	struct table t;
	struct buf text = BUF_INIT;
	table_begin(&t, style, out, ".latency", columns, 12);
	for (size_t i = 0; i < count; i++) {
		int64_t times[9], *next = times;
		for (const struct rank *r = ranks; r->name; r++)
			*next++ = list[i].times->count > 0
			              ? histogram_at(list[i].times, r->per_mille)
			              : -1;
		parts_of(&list[i], next);
		table_cell_str(&t, PAINT_NONE, list[i].server);
		table_cellf(&t, PAINT_NONE, "%llu", (unsigned long long)list[i].times->count);
		table_cellf(&t, PAINT_NONE, "%llu", (unsigned long long)list[i].lost);
		for (size_t n = 0; n < 9; n++) {
			buf_clear(&text);
			if (times[n] >= 0)
				figures_add_microseconds(&text, times[n]);
			table_cell(&t, PAINT_NONE, buf_slice(&text));
		}
	}
	table_end(&t);
	buf_release(&text);
}

static void add_json_time(struct buf *out, const char *name, int64_t ns)
{
	json_name(out, name);
	if (ns >= 0)
		figures_add_microseconds(out, ns);
	else
		buf_add_str(out, "null");
}

static void show_json(struct buf *out, const struct latency_of *list, size_t count, int64_t elapsed)
{
	static const char *const parts[] = {"rtt", "least_rtt", "rest"};
	json_open(out, '{');
	json_string_member(out, "command", ".latency");
	json_name(out, "seconds");
	buf_addf(out, "%.3f", (double)elapsed / 1e9);
	json_string_member(out, "unit", "us");
	json_open_member(out, "servers", '[');
	for (size_t i = 0; i < count; i++) {
		const struct histogram *times = list[i].times;
		int64_t values[3];
		parts_of(&list[i], values);
		json_open(out, '{');
		json_text_member(out, "server", slice_str(list[i].server));
		json_u64_member(out, "round_trips", times->count);
		json_u64_member(out, "lost", list[i].lost);
		for (const struct rank *r = ranks; r->name; r++)
			add_json_time(out, r->name,
			              times->count > 0 ? histogram_at(times, r->per_mille) : -1);
		for (size_t n = 0; n < 3; n++)
			add_json_time(out, parts[n], values[n]);
		json_name(out, "histogram");
		figures_add_histogram(out, times);
		buf_add_char(out, '}');
	}
	buf_add_str(out, "]}\n");
}

void latency_show(struct buf *out, const struct style *style, const struct latency_of *list,
                  size_t count, int64_t elapsed)
{
	if (style->format == FORMAT_PRETTY)
		show_pretty(out, style, list, count, elapsed);
	else if (style->format == FORMAT_JSON)
		show_json(out, list, count, elapsed);
	else
		show_lines(out, style, list, count);
}
