#include "proto/event.h"

#include "base/number.h"
#include "proto/attributes.h"

static const char *const names[EVENT_FIELDS] = {
    [EVENT_GID] = "gid",       [EVENT_TYPE] = "type",
    [EVENT_KEY] = "key",       [EVENT_STATUS] = "status",
    [EVENT_CMD] = "cmd",       [EVENT_TTL] = "ttl",
    [EVENT_CLSID] = "clsid",   [EVENT_CFD] = "cfd",
    [EVENT_SIZE] = "size",     [EVENT_FETCH] = "fetch",
    [EVENT_LA] = "la",         [EVENT_RIP] = "rip",
    [EVENT_RPORT] = "rport",   [EVENT_TRANSPORT] = "transport",
    [EVENT_REASON] = "reason",
};

const char *event_field_name(enum event_field field)
{
	return names[field];
}

/* Whether TYPE, of an event, has its meaning in fields. */
static bool has_fields(struct slice type)
{
	return slice_is_among(type,
	                      "item_get item_store eviction extwrite deleted conn_new conn_close");
}

/* "1795705517.23728": 23,728 microseconds, which are not padded. */
static bool read_time(struct slice text, struct event *out)
{
	struct slice seconds = slice_take(&text, '.');
	uint64_t usec;
	if (number_parse_u64(seconds, &out->sec) != NUMBER_OK ||
	    number_parse_u64(text, &usec) != NUMBER_OK || usec > 999999)
		return false;
	out->usec = (uint32_t)usec;
	return true;
}

/* skipped=12, or [skipped: 12] of memcached 1.4 */
static bool read_skipped(struct slice line, struct event *out)
{
	struct slice number;
	if (slice_starts(line, SLICE("skipped=")))
		number = slice_skip(line, 8);
	else if (slice_starts(line, SLICE("[skipped: ")))
		number = slice_before(slice_skip(line, 10), ']');
	else
		return false;
	out->skipped = true;
	return number_parse_u64(number, &out->number) == NUMBER_OK;
}

/* <24 get foo */
static void read_command(struct slice rest, struct event *out)
{
	rest = slice_skip(rest, 1);
	out->fields[EVENT_TYPE] = SLICE("rawcmd");
	out->fields[EVENT_CFD] = slice_take(&rest, ' ');
	out->text = rest;
}

static void read_fields(struct slice rest, struct event *out)
{
	struct attribute a;
	while (attribute_next(&rest, &a)) {
		for (size_t i = EVENT_KEY; i < EVENT_FIELDS; i++) {
			if (slice_eq_str(a.name, names[i]))
				out->fields[i] = a.value;
		}
	}
	struct slice status = out->fields[EVENT_STATUS];
	if (slice_eq_str(out->fields[EVENT_TYPE], "item_store") &&
	    (slice_eq_str(status, "too_large") || slice_eq_str(status, "no_memory")))
		out->fields[EVENT_CLSID] = out->fields[EVENT_CFD] = slice_of(NULL, 0);
}

bool event_parse(struct slice line, struct event *out)
{
	struct slice rest = line;
	struct attribute a;
	uint64_t gid;
	*out = (struct event){0};
	if (read_skipped(line, out))
		return true;
	if (out->skipped || !attribute_next(&rest, &a) || !slice_eq_str(a.name, "ts") ||
	    !read_time(a.value, out))
		return false;
	if (!attribute_next(&rest, &a) || !slice_eq_str(a.name, "gid") ||
	    number_parse_u64(a.value, &gid) != NUMBER_OK)
		return false;
	out->fields[EVENT_GID] = a.value;
	if (slice_starts(rest, SLICE("<"))) {
		read_command(rest, out);
		return true;
	}
	if (!attribute_next(&rest, &a) || !slice_eq_str(a.name, "type") || a.value.len == 0)
		return false;
	out->fields[EVENT_TYPE] = a.value;
	if (has_fields(a.value))
		read_fields(rest, out);
	else
		out->text = rest;
	return true;
}
