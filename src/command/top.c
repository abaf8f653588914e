#include "view/live/top.h"
#include "base/deadline.h"
#include "base/number.h"
#include "base/quote.h"
#include "base/xalloc.h"
#include "client/wait.h"
#include "command/rows.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/io/fullscreen.h"
#include "shell/io/interrupt.h"
#include "shell/report.h"
#include "shell/watchers.h"
#include "view/rows.h"
#include "view/text/json_write.h"
#include "view/text/time.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define INTERVAL_DEFAULT NSEC_PER_SEC
#define INTERVAL_MIN_MS  100
#define INTERVAL_MAX_MS  3600000
/* What the answers of a round may take before it is shown without them. */
#define ROUND_MAX ((int64_t)500 * NSEC_PER_MSEC)
/* So many without an answer make a server one that does not answer. */
#define MISSED_MAX 2
/* How often the size of the terminal is looked at. */
#define TICK ((int64_t)200 * NSEC_PER_MSEC)

/* Of the other descriptors that are waited for. */
enum {
	WAKE,
	KEYS,
	OTHERS,
};

static const struct request question = {.verb = VERB_STATS, .own = true};

/* One server, asked over a connection of its own. */
struct asked {
	struct conn *conn;
	struct top_server *shown;
	struct sample before, coming;
	bool asked, fresh; /* fresh: an answer came that is in no round yet */
	bool reported;
	unsigned missed; /* rounds in a row without an answer */
	struct failure failure;
};

struct top {
	struct session *s;
	struct client_options options;
	struct asked *asked;
	struct top_server *servers;
	size_t count;
	struct top_history total;
	struct top_view view;
	struct wait_set wait;
	struct fullscreen screen;
	struct rows rows;
	struct row_column columns[TOP_FIGURES + 1];
	uint64_t rounds; /* that were shown */
	int64_t due;     /* the next round */
	int64_t open;    /* the round that waits for answers began then; 0: none does */
	int64_t end;
	bool redraw, over;
	enum status status;
};

static void on_stat(void *ctx, const struct reply *reply)
{
	struct asked *a = ctx;
	if (reply->kind == REPLY_STAT) {
		sample_add(&a->coming, reply->key, reply->value);
		return;
	}
	if (!reply_is_last(reply->kind))
		return;
	a->asked = false;
	if (!failure_take(&a->failure, &question, reply)) {
		a->failure.status = STATUS_OK;
		a->reported = false;
		a->coming.at = clock_now();
		a->fresh = true;
	}
	a->missed = 0;
	a->shown->problem = a->failure.status == STATUS_OK ? NULL : a->failure.error.what;
}

/* Begins a round. One that has not answered is not asked again. */
static void ask(struct top *t, int64_t now)
{
	for (size_t i = 0; i < t->count; i++) {
		struct asked *a = &t->asked[i];
		if (a->asked)
			continue;
		sample_clear(&a->coming);
		a->asked = conn_submit(a->conn, &question, ROUTE_HERE, on_stat, a);
	}
	t->open = now;
	t->due = t->due + t->view.interval > now ? t->due + t->view.interval
	                                         : now + t->view.interval;
}

static void take_server(struct asked *a, struct top_look *look)
{
	struct sample before = a->before;
	struct interval v;
	uint64_t uptime;
	interval_of(&v, &a->before, &a->coming);
	top_look_of(look, &v);
	interval_release(&v);
	if (sample_number(&a->coming, "uptime", &uptime))
		a->shown->uptime = uptime;
	for (size_t i = 0; i < a->coming.count; i++) {
		struct stat stat = sample_at(&a->coming, i);
		if (slice_eq_str(stat.name, "version"))
			snprintf(a->shown->version, sizeof(a->shown->version), "%.*s",
			         SLICE_ARGS(stat.value, 31));
	}
	a->before = a->coming;
	a->coming = before;
	sample_clear(&a->coming);
	a->fresh = false;
}

/* For eyes, of what is known. */
static struct short_text bytes_text(double bytes)
{
	return bytes >= 0 && bytes < 1e18 ? size_text((uint64_t)(bytes + 0.5))
	                                  : (struct short_text){""};
}

/* A row for a server, without rates none: there was no look before. */
static void add_row(struct top *t, size_t server, const struct top_look *look)
{
	struct short_text texts[TOP_FIGURES + 1] = {{""}}, *text = texts;
	struct short_text in = bytes_text(look->sums[TOP_IN]);
	struct short_text out = bytes_text(look->sums[TOP_OUT]);
	struct slice cells[TOP_FIGURES + 1], shown[TOP_FIGURES + 1] = {{0}};
	struct timespec now;
	struct tm utc;
	char clock[16];
	if (isnan(look->sums[TOP_IN]) && isnan(look->sums[TOP_GETS]))
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	snprintf(text->s, sizeof(text->s), "%lld.%03ld", (long long)now.tv_sec,
	         now.tv_nsec / NSEC_PER_MSEC);
	for (size_t i = 0; i < TOP_FIGURES; i++) {
		double value = top_value(look, i);
		text = &texts[i + 1];
		if (!isnan(value) && value < 1e18)
			snprintf(text->s, sizeof(text->s), top_is_count(i) ? "%.0f" : "%.1f",
			         value);
	}
	for (size_t i = 0; i <= TOP_FIGURES; i++)
		cells[i] = slice_str(texts[i].s);
	strftime(clock, sizeof(clock), "%H:%M:%S", gmtime_r(&now.tv_sec, &utc));
	shown[0] = slice_str(clock);
	shown[9] = slice_str(in.s);
	shown[10] = slice_str(out.s);
	rows_add(&t->rows, t->servers[server].label, cells, shown);
}

/* In lines a server that is down is reported once, until it has answered again. */
static void report_down(struct top *t, struct asked *a)
{
	if (a->failure.status == STATUS_OK || a->reported)
		return;
	a->reported = true;
	t->status = status_max(t->status, failure_report(t->s, &a->failure));
}

/* It has the question still. When it answers it is as before. */
static void give_up(struct asked *a)
{
	a->failure.status = STATUS_LOST;
	error_set(&a->failure.error, "--timeout would close its connection", "%s does not answer",
	          a->shown->label);
	a->shown->problem = a->failure.error.what;
}

/* The answers of the round, as far as they came, are shown. */
static void close_round(struct top *t)
{
	struct top_look total, look;
	top_look_unknown(&total);
	t->open = 0;
	for (size_t i = 0; i < t->count; i++) {
		struct asked *a = &t->asked[i];
		top_look_unknown(&look);
		if (a->fresh)
			take_server(a, &look);
		else if (a->asked && a->failure.status == STATUS_OK && ++a->missed == MISSED_MAX)
			give_up(a);
		top_history_add(&a->shown->history, &look);
		top_look_add(&total, &look);
		if (t->screen.open)
			continue;
		add_row(t, i, &look);
		report_down(t, a);
	}
	top_history_add(&t->total, &total);
	t->rounds++;
	t->redraw = true;
	if (!t->screen.open && !output_flush(&t->s->output))
		t->over = true;
}

static bool round_is_whole(const struct top *t)
{
	for (size_t i = 0; i < t->count; i++) {
		if (t->asked[i].asked)
			return false;
	}
	return true;
}

static void draw(struct top *t)
{
	struct style style = t->s->style;
	struct buf text = BUF_INIT;
	style.columns = t->screen.columns;
	top_draw(&text, &style, t->screen.rows, &t->view);
	fullscreen_draw(&t->screen, buf_slice(&text));
	buf_release(&text);
	t->redraw = false;
}

static void take_keys(struct top *t)
{
	int key;
	while ((key = fullscreen_key()) != -1) {
		if (key == -2 || key == 'q' || key == 'Q' || key == 4) {
			t->over = true;
			return;
		}
		int sort = top_sort_of((char)key);
		if (key == 'r')
			t->view.reverse = !t->view.reverse;
		else if (sort >= 0)
			t->view.sort = sort;
		t->redraw = true;
	}
}

/* One round of the loop. */
static void step(struct top *t)
{
	int64_t now = clock_now(), limit = t->view.interval / 2;
	if (limit > ROUND_MAX)
		limit = ROUND_MAX;
	if (!t->open && now >= t->due)
		ask(t, now);
	size_t waiting = wait_prepare(&t->wait);
	if (t->open && (round_is_whole(t) || now >= t->open + limit))
		close_round(t);
	if (t->screen.open && (fullscreen_changed(&t->screen) || t->redraw))
		draw(t);
	int64_t next = t->open ? t->open + limit : t->due;
	next = deadline_min(next, t->end);
	if (t->screen.open)
		next = deadline_min(next, now + TICK);
	if (waiting > 0)
		next = deadline_min(next, t->wait.deadline);
	*wait_other(&t->wait, WAKE) =
	    (struct pollfd){.fd = t->s->servers.options.wake_fd, .events = POLLIN};
	*wait_other(&t->wait, KEYS) =
	    (struct pollfd){.fd = t->screen.open ? STDIN_FILENO : -1, .events = POLLIN};
	if (t->over)
		return;
	wait_poll(&t->wait, deadline_poll_ms(next));
	t->over = wait_other(&t->wait, WAKE)->revents != 0 || t->wait.now >= t->end;
	wait_pump(&t->wait);
	if (wait_other(&t->wait, KEYS)->revents)
		take_keys(t);
}

static void begin_rows(struct top *t, size_t first)
{
	static const struct {
		const char *heading;
		unsigned width;
	} eyes[TOP_FIGURES] = {
	    [0] = {"gets", 7},     [1] = {"sets", 7}, [6] = {"hit %", 5},  [7] = {"evict", 5},
	    [8] = {"received", 9}, [9] = {"sent", 9}, [10] = {"conns", 5}, [12] = {"mem %", 5}};
	t->columns[0] = (struct row_column){"time", "time", 8, true, PAINT_DIM};
	for (size_t i = 0; i < TOP_FIGURES; i++)
		t->columns[i + 1] = (struct row_column){top_name(i), eyes[i].heading, eyes[i].width,
		                                        true, PAINT_NONE};
	rows_init(&t->rows, &t->s->style, &t->s->output.results, ".top", t->columns,
	          TOP_FIGURES + 1);
	for (size_t i = 0; t->count > 1 && i < t->count; i++)
		rows_label(&t->rows, servers_label(&t->s->servers, first + i));
}

static void begin(struct top *t, size_t first, size_t count)
{
	struct session *s = t->s;
	t->options = s->servers.options;
	t->options.trace = NULL;
	t->options.message = NULL;
	t->options.live = NULL;
	t->count = count;
	t->asked = xcalloc(count, sizeof(*t->asked));
	t->servers = xcalloc(count, sizeof(*t->servers));
	wait_init(&t->wait, count, OTHERS);
	for (size_t i = 0; i < count; i++) {
		t->servers[i].label = servers_label(&s->servers, first + i);
		t->asked[i].shown = &t->servers[i];
		t->asked[i].conn = conn_new(
		    conn_address(client_server(s->servers.client, first + i)), &t->options, NULL);
		t->wait.conns[i] = t->asked[i].conn;
	}
	t->view.servers = t->servers;
	t->view.count = count;
	t->view.total = count > 1 ? &t->total : &t->servers[0].history;
	t->view.sort = TOP_FIGURES;
	begin_rows(t, first);
	t->due = clock_now();
	output_flush(&s->output);
	if (s->style.format == FORMAT_PRETTY && s->screen.terminal && s->screen.keyboard &&
	    !s->mode.driven && s->output.sink == SINK_NONE && !s->run.quiet)
		fullscreen_open(&t->screen);
	t->redraw = true;
}

static void finish(struct top *t)
{
	struct session *s = t->s;
	fullscreen_close(&t->screen);
	for (size_t i = 0; i < t->count; i++) {
		report_down(t, &t->asked[i]);
		conn_free(t->asked[i].conn);
		sample_release(&t->asked[i].before);
		sample_release(&t->asked[i].coming);
	}
	if (s->style.format == FORMAT_JSON && !s->output.failed) {
		struct buf *out = &s->output.results;
		json_open(out, '{');
		json_string_member(out, "command", ".top");
		json_u64_member(out, "rounds", t->rounds);
		buf_add_str(out, "}\n");
	}
	rows_release(&t->rows);
	wait_release(&t->wait);
	free(t->asked);
	free(t->servers);
}

static bool read_interval(const struct args *args, struct top *t, struct error *error)
{
	int64_t span = 0;
	uint64_t ms = INTERVAL_DEFAULT / NSEC_PER_MSEC;
	if (args->count > 0 && (number_parse_duration(args->operands[0], 1000, &ms) != NUMBER_OK ||
	                        ms < INTERVAL_MIN_MS || ms > INTERVAL_MAX_MS))
		return error_set(error, "write 500ms, 2 or 1m; 100ms at the least, 1h at the most",
		                 "invalid INTERVAL");
	if (!watchers_span(args, &span, error))
		return false;
	t->view.interval = (int64_t)ms * NSEC_PER_MSEC;
	t->end = span > 0 ? clock_now() + span : DEADLINE_NEVER;
	return true;
}

static enum status run_top(struct session *s, struct args *args)
{
	struct top *t = xcalloc(1, sizeof(*t));
	struct interrupt_scope scope;
	struct error error;
	size_t first, end;
	t->s = s;
	if (!read_interval(args, t, &error) || !execute_servers(s, args, &first, &end, &error)) {
		free(t);
		return report_error(s, STATUS_USAGE, &error);
	}
	int wake_fd = s->servers.options.wake_fd;
	s->servers.options.wake_fd = interrupt_enter(&scope, wake_fd);
	begin(t, first, end - first);
	while (!t->over)
		step(t);
	finish(t);
	s->servers.options.wake_fd = wake_fd;
	if (interrupt_leave(&scope))
		s->mode.leaving = true;
	enum status status = t->status;
	free(t);
	return status;
}

static const struct command_option top_options[] = {
    {"--for", "T", "end after this long (500ms, 5s, 2m)", NULL},
    {0},
};

const struct command command_dot_top = {
    .name = ".top",
    .group = GROUP_EXPLORE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED,
    .operands = "[INTERVAL]",
    .options = top_options,
    .habits = "htop",
    .summary = "watch the servers' load on a live screen",
    .about =
	"Shows on a screen of its own what happens now, a new look each INTERVAL, a second unless "
	"it is given: commands a second by kind, hit ratio, evictions, bytes received and sent, "
	"connections, items and memory, each with how it was before. Of several servers it shows "
	"what they make together, and a row for each; n, g, s, h, e, i, o, c and m sort these by "
	"number, gets, sets, hits, evictions, bytes in and out, connections and memory, and r "
	"turns the order round. q and Ctrl-C leave. Where there is no terminal each look is a line "
	"for each server, until Ctrl-C or --for ends it: time, gets, sets, deletes, counts, "
	"touches, metas, hit_ratio, evictions, bytes_in, bytes_out, connections, items, memory; "
	"the ratio and the memory in percent. The first line comes with the second look. The trace "
	"is off meanwhile.",
    .sends = "stats\\r\\n, on a connection of its own",
    .replies = "STAT <name> <value> lines, then END",
    .example = "> .top 200ms --for 700ms | cut -f2 | head -n 1\n0.0\n",
    .effect = EFFECT_READS,
    .run = run_top,
};
