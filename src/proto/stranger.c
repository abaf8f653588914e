#include "proto/stranger.h"

#include <stddef.h>
#include <string.h>

#define TLS_PORT "a TLS port"

const char *stranger_name(struct slice bytes)
{
	static const struct {
		struct slice begins;
		const char *name;
	} rows[] = {
	    {{"HTTP/", 5}, "a web server"},           {{"<html", 5}, "a web server"},
	    {{"<!DOCTYPE", 9}, "a web server"},       {{"-ERR ", 5}, "a Redis server"},
	    {{"-NOAUTH ", 8}, "a Redis server"},      {{"-NOPERM ", 8}, "a Redis server"},
	    {{"-DENIED ", 8}, "a Redis server"},      {{"-WRONGTYPE ", 11}, "a Redis server"},
	    {{"-MOVED ", 7}, "a Redis server"},       {{"-LOADING ", 9}, "a Redis server"},
	    {{"+OK", 3}, "a Redis or a mail server"}, {{"$-1", 3}, "a Redis server"},
	    {{"SSH-", 4}, "an SSH server"},           {{"220 ", 4}, "a mail or FTP server"},
	    {{"220-", 4}, "a mail or FTP server"},    {{"* OK ", 5}, "an IMAP server"},
	    {{"AMQP", 4}, "a message broker (AMQP)"},
	};
	/* A TLS alert: type 21, version 3.0 to 3.4, two bytes. */
	if (bytes.len >= 5 && bytes.data[0] == 0x15 && bytes.data[1] == 3 && bytes.data[2] <= 4 &&
	    bytes.data[3] == 0 && bytes.data[4] == 2)
		return TLS_PORT;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (slice_starts(bytes, rows[i].begins))
			return rows[i].name;
	}
	/* Its greeting: a length of three bytes, the number 0, protocol 10, which ends a line. */
	if (bytes.len >= 4 && bytes.data[2] == 0 && bytes.data[3] == 0 &&
	    (bytes.len == 4 || bytes.data[4] == 10))
		return "a MySQL server";
	return slice_find(bytes, SLICE("mysql_native_password")) ? "a MySQL server" : NULL;
}

bool stranger_is(struct error *error, const char *label, struct slice bytes)
{
	const char *name = stranger_name(bytes);
	if (!name)
		return false;
	error_set(error,
	          strcmp(name, TLS_PORT) == 0
	              ? "--tls talks TLS to it, and so does tls:// before its name"
	              : "is it the right port? memcached's own is 11211",
	          "%s is %s", label, name);
	return true;
}
