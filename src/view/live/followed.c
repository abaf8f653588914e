#include "view/live/followed.h"

#include "base/number.h"
#include "base/xalloc.h"

#include <stdio.h>
#include <stdlib.h>

/* Look-ups that are kept back at a time; more are shown at once. */
#define KEPT_MAX 256

/* Where a line is shorter than this, less is kept free for an address: most have fewer digits. */
#define COLUMNS_NARROW 100
#define CLIENT_NARROW  15

/* Connections whose addresses are known: descriptors up to this. */
#define FD_MAX 65536

#define ADDRESS_MAX 64

enum {
	TS,
	EVENT,
	CLIENT,
	CMD,
	STATUS,
	TTL,
	SIZE,
	KEY,
	KEY_LAST, /* pretty has it there, where its length moves nothing */
};

static const struct row_column columns[FOLLOWED_COLUMNS] = {
    [TS] = {"ts", "time (UTC)", 12, true, PAINT_DIM},
    [EVENT] = {"event", "event", 16, false, PAINT_HEADING},
    [CLIENT] = {"client", "client", 21, false, PAINT_NONE},
    [CMD] = {"cmd", NULL, 0, false, PAINT_NONE}, /* pretty has both with the event */
    [STATUS] = {"status", NULL, 0, false, PAINT_NONE},
    [TTL] = {"ttl", "ttl", 5, true, PAINT_NONE},
    [SIZE] = {"size", "size", 6, true, PAINT_NUMBER},
    [KEY] = {"key", NULL, 0, false, PAINT_KEY},
    [KEY_LAST] = {NULL, "key", 0, false, PAINT_KEY},
};

const char *const followed_names[FOLLOWED_EVENTS] = {
    [FOLLOWED_READ] = "read",       [FOLLOWED_MISS] = "miss",       [FOLLOWED_STORED] = "stored",
    [FOLLOWED_REFUSED] = "refused", [FOLLOWED_DELETED] = "deleted", [FOLLOWED_EVICTED] = "evicted",
};

/* One row, all of it copied. */
struct row {
	enum followed_event event;
	size_t server;
	const char *label;
	int64_t at; /* when it was kept back */
	uint64_t fd;
	struct buf cells[FOLLOWED_COLUMNS];
	struct buf time; /* of the day */
	struct buf what; /* the event, and the command and the status that it does not say */
};

struct clients {
	char (*addresses)[ADDRESS_MAX];
	size_t count, cap;
};

struct followed {
	struct rows rows;
	struct row_column columns[FOLLOWED_COLUMNS];
	struct clients *servers;
	size_t server_count, server_cap;
	struct row kept[KEPT_MAX]; /* in the order in which they came */
	size_t kept_count;
	uint64_t counts[FOLLOWED_EVENTS];
};

struct followed *followed_new(const struct style *style, struct buf *out, bool keyed)
{
	struct followed *f = xcalloc(1, sizeof(*f));
	memcpy(f->columns, columns, sizeof(columns));
	if (!keyed)
		f->columns[KEY_LAST].heading = NULL;
	if (style->columns < COLUMNS_NARROW)
		f->columns[CLIENT].width = CLIENT_NARROW;
	rows_init(&f->rows, style, out, ".watch", f->columns, FOLLOWED_COLUMNS);
	return f;
}

static void row_release(struct row *r)
{
	for (size_t i = 0; i < FOLLOWED_COLUMNS; i++)
		buf_release(&r->cells[i]);
	buf_release(&r->time);
	buf_release(&r->what);
}

void followed_free(struct followed *f)
{
	for (size_t i = 0; i < f->kept_count; i++)
		row_release(&f->kept[i]);
	for (size_t i = 0; i < f->server_count; i++)
		free(f->servers[i].addresses);
	free(f->servers);
	rows_release(&f->rows);
	free(f);
}

void followed_label(struct followed *f, const char *server)
{
	rows_label(&f->rows, server);
}

void followed_client(struct followed *f, size_t server, uint64_t fd, struct slice address)
{
	if (fd >= FD_MAX || server >= FD_MAX)
		return;
	size_t before = f->server_count;
	if (server >= before) {
		f->servers = xgrow(f->servers, &f->server_cap, server + 1, sizeof(*f->servers));
		memset(f->servers + before, 0, (server + 1 - before) * sizeof(*f->servers));
		f->server_count = server + 1;
	}
	struct clients *c = &f->servers[server];
	if (fd >= c->count) {
		c->addresses = xgrow(c->addresses, &c->cap, (size_t)fd + 1, ADDRESS_MAX);
		memset(c->addresses + c->count, 0, ((size_t)fd + 1 - c->count) * ADDRESS_MAX);
		c->count = (size_t)fd + 1;
	}
	snprintf(c->addresses[fd], ADDRESS_MAX, "%.*s", SLICE_ARGS(address, ADDRESS_MAX - 1));
}

static void add_client(const struct followed *f, struct row *r, struct slice cfd)
{
	if (cfd.len == 0)
		return;
	if (r->server < f->server_count && r->fd < f->servers[r->server].count &&
	    f->servers[r->server].addresses[r->fd][0])
		buf_add_str(&r->cells[CLIENT], f->servers[r->server].addresses[r->fd]);
	else
		buf_addf(&r->cells[CLIENT], "fd %.*s", SLICE_ARGS(cfd, 20));
}

/* What happened; false: it is nothing that happens to a key. */
static bool read_event(const struct event *e, enum followed_event *out)
{
	struct slice type = e->fields[EVENT_TYPE], status = e->fields[EVENT_STATUS];
	if (slice_eq_str(type, "item_get"))
		*out = slice_eq_str(status, "found") ? FOLLOWED_READ : FOLLOWED_MISS;
	else if (slice_eq_str(type, "item_store"))
		*out = slice_eq_str(status, "stored") ? FOLLOWED_STORED : FOLLOWED_REFUSED;
	else if (slice_eq_str(type, "deleted"))
		*out = FOLLOWED_DELETED;
	else if (slice_eq_str(type, "eviction"))
		*out = FOLLOWED_EVICTED;
	else
		return false;
	return true;
}

/* For eyes, the command and the status with the event: "stored (set)", "not_stored (add)",
 * "miss (expired)". */
static void add_what(struct buf *out, enum followed_event event, struct slice cmd,
                     struct slice status)
{
	struct slice more = cmd;
	if (event == FOLLOWED_REFUSED && status.len > 0)
		buf_add_slice(out, status);
	else
		buf_add_str(out, followed_names[event]);
	if (event == FOLLOWED_MISS && !slice_eq_str(status, "not_found"))
		more = status;
	if (more.len > 0)
		buf_addf(out, " (%.*s)", SLICE_ARGS(more, 20));
}

static void fill(const struct followed *f, struct row *r, const struct event *e, struct slice key)
{
	uint32_t day = (uint32_t)(e->sec % 86400);
	buf_addf(&r->cells[TS], "%llu.%06u", (unsigned long long)e->sec, (unsigned)e->usec);
	buf_addf(&r->time, "%02u:%02u:%02u.%03u", day / 3600, day / 60 % 60, day % 60,
	         (unsigned)e->usec / 1000);
	buf_add_str(&r->cells[EVENT], followed_names[r->event]);
	add_what(&r->what, r->event, e->fields[EVENT_CMD], e->fields[EVENT_STATUS]);
	add_client(f, r, e->fields[EVENT_CFD]);
	buf_add_slice(&r->cells[CMD], e->fields[EVENT_CMD]);
	buf_add_slice(&r->cells[STATUS], e->fields[EVENT_STATUS]);
	buf_add_slice(&r->cells[TTL], e->fields[EVENT_TTL]);
	buf_add_slice(&r->cells[SIZE], e->fields[EVENT_SIZE]);
	buf_add_slice(&r->cells[KEY], key);
	buf_add_slice(&r->cells[KEY_LAST], key);
}

/* Shows R and frees what it holds. */
static void show(struct followed *f, struct row *r)
{
	struct slice cells[FOLLOWED_COLUMNS], eyes[FOLLOWED_COLUMNS] = {{0}};
	for (size_t i = 0; i < FOLLOWED_COLUMNS; i++)
		cells[i] = buf_slice(&r->cells[i]);
	eyes[TS] = buf_slice(&r->time);
	eyes[EVENT] = buf_slice(&r->what);
	rows_add(&f->rows, r->label, cells, eyes);
	f->counts[r->event]++;
	row_release(r);
}

/* Takes the I-th that is kept back out of the list. */
static struct row take(struct followed *f, size_t i)
{
	struct row r = f->kept[i];
	f->kept_count--;
	memmove(&f->kept[i], &f->kept[i + 1], (f->kept_count - i) * sizeof(r));
	return r;
}

/* Whether R is the look-up that belongs to the store or deletion NEXT. */
static bool belongs(const struct row *r, const struct row *next)
{
	return (next->event == FOLLOWED_STORED || next->event == FOLLOWED_REFUSED ||
	        next->event == FOLLOWED_DELETED) &&
	       slice_eq(buf_slice(&r->cells[KEY]), buf_slice(&next->cells[KEY]));
}

/* memcached does not log who deleted: the connection that was the last to look the key up. */
static void add_deleter(const struct followed *f, struct row *deleted)
{
	for (size_t i = f->kept_count; i-- > 0;) {
		const struct row *r = &f->kept[i];
		if (r->server == deleted->server && belongs(r, deleted)) {
			deleted->fd = r->fd;
			buf_add_slice(&deleted->cells[CLIENT], buf_slice(&r->cells[CLIENT]));
			return;
		}
	}
}

/* What is kept back of the same connection is decided by NEXT, which comes after it. */
static void settle_before(struct followed *f, const struct row *next)
{
	for (size_t i = 0; i < f->kept_count;) {
		if (f->kept[i].server != next->server || f->kept[i].fd != next->fd) {
			i++;
			continue;
		}
		struct row r = take(f, i);
		if (belongs(&r, next))
			row_release(&r);
		else
			show(f, &r);
	}
}

void followed_add(struct followed *f, size_t server, const char *label, const struct event *e,
                  struct slice key)
{
	struct row r = {.server = server, .label = label, .fd = UINT64_MAX};
	struct slice rip = e->fields[EVENT_RIP], rport = e->fields[EVENT_RPORT];
	number_parse_u64(e->fields[EVENT_CFD], &r.fd);
	if (slice_eq_str(e->fields[EVENT_TYPE], "conn_new")) {
		char address[ADDRESS_MAX];
		snprintf(address, sizeof(address), "%.*s:%.*s", SLICE_ARGS(rip, 45),
		         SLICE_ARGS(rport, 10));
		followed_client(f, server, r.fd,
		                slice_eq_str(e->fields[EVENT_TRANSPORT], "tcp") ? slice_str(address)
		                                                                : slice_of("", 0));
	}
	if (!read_event(e, &r.event) || key.len == 0)
		return;
	fill(f, &r, e, key);
	if (r.event == FOLLOWED_DELETED && e->fields[EVENT_CFD].len == 0)
		add_deleter(f, &r);
	settle_before(f, &r);
	bool looks = r.event == FOLLOWED_READ || r.event == FOLLOWED_MISS;
	if (!looks || f->kept_count == KEPT_MAX) {
		show(f, &r);
		return;
	}
	f->kept[f->kept_count++] = r;
}

void followed_settle(struct followed *f, int64_t ns, int64_t now)
{
	for (size_t i = 0; i < f->kept_count;) {
		if (f->kept[i].at == 0)
			f->kept[i].at = now;
		if (ns > 0 && now - f->kept[i].at < ns) {
			i++;
			continue;
		}
		struct row r = take(f, i);
		show(f, &r);
	}
}

uint64_t followed_count(const struct followed *f, enum followed_event event)
{
	return f->counts[event];
}
