#include "view/live/watched.h"

#include <stdio.h>

/* The columns: ts, then the fields, text, and what pretty has last, where its length moves nothing:
 * the key, or what happened. */
enum {
	TS,
	FIELDS,
	TEXT = FIELDS + EVENT_FIELDS,
	LAST,
};

/* From this width on further columns are shown. */
#define WIDE 100

void watched_columns(struct row_column columns[WATCHED_COLUMNS], unsigned width, bool of_server)
{
	static const struct {
		const char *heading;
		unsigned width, from; /* the terminal's */
		bool number;
		enum paint paint;
	} shown[EVENT_FIELDS] = {
	    [EVENT_GID] = {NULL, 0, 0, true, PAINT_NONE},
	    [EVENT_TYPE] = {"event", 10, 0, false, PAINT_NONE},
	    [EVENT_STATUS] = {"status", 10, 0, false, PAINT_STRING},
	    [EVENT_CMD] = {"cmd", 7, 0, false, PAINT_NONE},
	    [EVENT_SIZE] = {"size", 8, 0, true, PAINT_NUMBER},
	    [EVENT_TTL] = {"ttl", 7, WIDE, true, PAINT_NONE},
	    [EVENT_CLSID] = {"class", 5, WIDE, true, PAINT_NONE},
	    [EVENT_CFD] = {"fd", 4, WIDE, true, PAINT_NONE},
	    [EVENT_LA] = {NULL, 0, 0, true, PAINT_NONE},
	    [EVENT_RPORT] = {NULL, 0, 0, true, PAINT_NONE},
	};
	columns[TS] = (struct row_column){"ts", "time (UTC)", 12, true, PAINT_DIM};
	for (size_t i = 0; i < EVENT_FIELDS; i++) {
		bool fits = shown[i].heading && width >= shown[i].from;
		columns[FIELDS + i] = (struct row_column){
		    event_field_name((enum event_field)i), fits ? shown[i].heading : NULL,
		    shown[i].width, shown[i].number, shown[i].paint};
	}
	columns[TEXT] = (struct row_column){"text", NULL, 0, false, PAINT_NONE};
	if (of_server)
		columns[FIELDS + EVENT_TYPE].width = sizeof("compact_read_start") - 1;
	columns[LAST] = (struct row_column){NULL, "key", 0, false, PAINT_KEY};
}

/* Where a connection comes from: "tcp 10.0.0.1:4711". */
static void add_peer(struct buf *out, const struct slice *fields)
{
	struct slice rip = fields[EVENT_RIP], port = fields[EVENT_RPORT],
		     transport = fields[EVENT_TRANSPORT];
	buf_add_slice(out, transport);
	if (rip.len == 0 || slice_eq_str(rip, "unix"))
		return;
	buf_add_char(out, ' ');
	buf_add_slice(out, rip);
	buf_add_char(out, ':');
	buf_add_slice(out, port);
}

void watched_add(struct rows *r, const char *server, const struct event *event, struct slice key)
{
	struct slice cells[WATCHED_COLUMNS] = {{0}}, eyes[WATCHED_COLUMNS] = {{0}};
	char ts[40], clock[40];
	struct buf peer = BUF_INIT;
	snprintf(ts, sizeof(ts), "%llu.%06u", (unsigned long long)event->sec, event->usec);
	unsigned second = (unsigned)(event->sec % 86400);
	snprintf(clock, sizeof(clock), "%02u:%02u:%02u.%03u", second / 3600, second / 60 % 60,
	         second % 60, event->usec / 1000);
	if (event->fields[EVENT_TYPE].len > 0) {
		cells[TS] = slice_str(ts);
		eyes[TS] = slice_str(clock);
	}
	memcpy(cells + FIELDS, event->fields, sizeof(event->fields));
	cells[FIELDS + EVENT_KEY] = key;
	cells[TEXT] = event->text;
	add_peer(&peer, event->fields);
	eyes[FIELDS + EVENT_STATUS] = event->fields[EVENT_REASON];
	eyes[LAST] = key.len > 0 ? key : event->text.len > 0 ? event->text : buf_slice(&peer);
	rows_add(r, server, cells, eyes);
	buf_release(&peer);
}
