/* lru_crawler: its settings are requests like others; a list of keys (metadump, mgdump) comes over
 * a connection of its own. */
#include "client/crawl.h"

#include "base/deadline.h"
#include "base/quote.h"
#include "client/wait.h"
#include "command/arguments.h"
#include "command/rows.h"
#include "shell/bulk_file.h"
#include "shell/execute.h"
#include "shell/interrupt.h"
#include "shell/report.h"
#include "shell/tracing.h"
#include "view/listed.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/time.h"

#include <time.h>

#define TICK_NS ((int64_t)100 * NSEC_PER_MSEC)

/* Of the other descriptors that are waited for. */
enum {
	OUT,
	WAKE,
	OTHERS,
};

struct listing {
	struct session *s;
	struct bulk_out out;
	struct rows rows;
	struct buf ask; /* the line as it is sent */
	bool as_sent;   /* the server's lines are shown as they are */
	uint64_t items;
	bool interrupted;
};

static void guard(void *ctx, int fd)
{
	(void)ctx;
	interrupt_guard_stop(0, fd, conn_cut);
}

static void show(struct listing *l, const char *server, struct slice line)
{
	l->items++;
	if (!l->as_sent && listed_add(&l->rows, server, line, (int64_t)time(NULL)))
		return;
	if (l->rows.label_width > 0) {
		escape_add_field(&l->out.text, slice_str(server));
		buf_add_char(&l->out.text, '\t');
	}
	if (l->s->style.format == FORMAT_PLAIN)
		escape_add_text(&l->out.text, line);
	else
		buf_add_slice(&l->out.text, line);
	buf_add_char(&l->out.text, '\n');
}

/* One round. Lines are taken as the output takes them; the list is read whatever becomes of them.
 */
static void step(struct listing *l, struct crawl *c, struct wait_set *w, const char *server)
{
	struct slice line;
	size_t waiting = wait_prepare(w);
	crawl_prepare(c);
	struct pollfd out = bulk_out_pollfd(&l->out);
	bool writes = out.fd >= 0 && out.events;
	*wait_other(w, OUT) = out;
	*wait_other(w, WAKE) =
	    (struct pollfd){.fd = l->s->servers.options.wake_fd, .events = POLLIN};
	bool waits = waiting > 0 || writes || crawl_pauses(c);
	if (waits)
		wait_poll(w, deadline_poll_ms(deadline_min(w->deadline, clock_now() + TICK_NS)));
	if (wait_other(w, WAKE)->revents) {
		l->interrupted = true;
		return;
	}
	wait_pump(w);
	crawl_step(c, w->came[0], waits ? w->now : clock_now());
	while (bulk_out_full(&l->out) < 0 && crawl_take_line(c, &line))
		show(l, server, line);
	bulk_out_show(&l->out);
	bulk_out_polled(&l->out, wait_other(w, OUT)->revents);
	tracing_write_some(l->s);
}

/* One server's list. */
static enum status list_server(struct listing *l, size_t server)
{
	struct session *s = l->s;
	struct crawl_plan plan = {.address = conn_address(client_server(s->servers.client, server)),
	                          .options = &s->servers.options,
	                          .ask = buf_cstr(&l->ask),
	                          .ctx = l,
	                          .guard = guard};
	struct crawl *c = crawl_new(&plan);
	struct wait_set w;
	struct error error;
	enum status status = STATUS_OK;
	wait_init(&w, 1, OTHERS);
	w.conns[0] = crawl_conn(c);
	while (!l->interrupted && !l->out.failed &&
	       (crawl_state(c) == CRAWL_LISTING || crawl_waiting(c) > 0))
		step(l, c, &w, plan.address->label);
	if (crawl_state(c) == CRAWL_FAILED)
		status = crawl_error(c, &error);
	if (interrupt_was_cut() && status == STATUS_LOST)
		error_set(&error, "give the command again",
		          "stopped while %s listed its keys: the list was closed, because a server "
		          "stands still with one that is not read",
		          plan.address->label);
	crawl_free(c);
	wait_release(&w);
	if (status != STATUS_OK && !l->out.failed) {
		bulk_out_close(&l->out, BULK_WHOLE);
		status = report_error(s, status, &error);
	}
	return status;
}

/* STATUS is that of the list: one that was refused has no number of items. */
static void add_end(struct listing *l, enum status status)
{
	struct session *s = l->s;
	struct buf *out = &s->output.results;
	if (s->style.format == FORMAT_JSON) {
		json_open(out, '{');
		json_string_member(out, "command", "lru_crawler");
		json_u64_member(out, "items", l->items);
		buf_add_str(out, "}\n");
	} else if (s->style.format == FORMAT_PRETTY && (status == STATUS_OK || l->items > 0)) {
		paint_on(out, s->style.color, PAINT_DIM);
		buf_add_char(out, '(');
		time_add_count(out, l->items, " item)", " items)");
		paint_off(out, s->style.color, PAINT_DIM);
		buf_add_char(out, '\n');
	}
}

static enum status list_all(struct listing *l, size_t first, size_t end)
{
	struct session *s = l->s;
	struct interrupt_scope scope;
	int wake_fd = s->servers.options.wake_fd;
	enum status status = STATUS_OK;
	s->servers.options.wake_fd = interrupt_enter(&scope, wake_fd);
	tracing_begin(s);
	s->tracing.holding = true;
	for (size_t i = first; i < end && !l->interrupted && !l->out.failed; i++)
		status = status_max(status, list_server(l, i));
	s->tracing.holding = false;
	tracing_end(s);
	bulk_out_close(&l->out, BULK_WHOLE);
	if (l->interrupted)
		status = report_errorf(s, STATUS_LOST, "what came by then was shown",
		                       "interrupted after %llu items",
		                       (unsigned long long)l->items);
	s->servers.options.wake_fd = wake_fd;
	if (interrupt_leave(&scope))
		s->mode.leaving = true;
	if (!l->out.failed)
		add_end(l, status);
	return status;
}

static bool runs_lru_crawler(const struct args *args)
{
	return args->count > 0 && list_names("metadump mgdump", args->operands[0]);
}

static enum status run_lru_crawler(struct session *s, struct args *args)
{
	struct listing l = {.s = s};
	struct error error;
	size_t first, end, count;
	bool keys_alone = slice_eq_str(args->operands[0], "mgdump");
	if (!execute_servers(s, args, &first, &end, &error) ||
	    !bulk_out_open(&l.out, s, SLICE("-"), &error))
		return report_error(s, STATUS_USAGE, &error);
	buf_addf(&l.ask, "lru_crawler %.*s %.*s\r\n", (int)args->operands[0].len,
	         args->operands[0].data, (int)args->operands[1].len, args->operands[1].data);
	const struct row_column *columns = listed_columns(keys_alone, &count);
	l.as_sent = s->style.format != FORMAT_PRETTY && s->style.format != FORMAT_JSON &&
	            s->style.format != FORMAT_CSV;
	rows_init(&l.rows, &s->style, &l.out.text, "lru_crawler", columns, count);
	for (size_t i = first; end - first > 1 && i < end; i++)
		rows_label(&l.rows, servers_label(&s->servers, i));
	enum status status = list_all(&l, first, end);
	rows_release(&l.rows);
	bulk_out_release(&l.out);
	buf_release(&l.ask);
	return status;
}

static const struct command_form crawler_forms[] = {
    {"enable|disable", "starts and stops the thread that finds what has expired"},
    {"sleep MICROSECONDS", "how long it pauses between two items"},
    {"tocrawl N", "how many items of a class it looks at in one run; 0: all"},
    {"crawl all", "runs through all slab classes"},
    {"crawl CLASSES", "runs through these, as 1,2,3"},
    {"metadump all|hash", "every item: its key, when it expires, when it was used, its size"},
    {"metadump CLASSES", "those of slab classes"},
    {"mgdump all|hash", "every key, as a line for mg (1.6.19)"},
    {"mgdump CLASSES", "those of slab classes"},
    {0},
};

const struct command command_lru_crawler = {
    .name = "lru_crawler",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT,
    .operands = "enable|disable|sleep|tocrawl|crawl|metadump|mgdump [WORD]",
    .forms = crawler_forms,
    .summary = "list the keys, or tune the crawler",
    .about =
	"metadump and mgdump list the keys of a server, on a connection of their own, which is "
	"read as fast as it comes: a server may stand still with a list that is not read. In "
	"pretty each item is a row, its key as its bytes are; in plain the lines are the server's, "
	"in json each is an object. all leaves out what is in use just then, which hash does not. "
	".dump writes items with their values. The other words tune the thread that removes what "
	"has expired.",
    .sends = "lru_crawler <words>\\r\\n; before a list stats\\r\\n, to see whether a crawler runs",
    .replies = "OK; key=<key> exp=<time> ... or mg <key>, END or EN; BUSY, BADCLASS or NOTSTARTED "
	       "and why not; ERROR, CLIENT_ERROR",
    .example = "> set foo bar\nSTORED\n> lru_crawler metadump all | cut -d ' ' -f 1\nkey=foo\n",
    .verb = VERB_LRU_CRAWLER,
    .build = argument_words,
    .effect = EFFECT_READS,
    .run = run_lru_crawler,
    .runs = runs_lru_crawler,
};
