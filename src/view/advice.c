#include "view/advice.h"

#include "proto/dialect.h"
#include "proto/software.h"

#include <ctype.h>

/* What a row is about: the request's verb, a bit each, or a bit above them; 0: any request. */
#define ABOUT(verb) (UINT64_C(1) << VERB_##verb)
#define STATS       ABOUT(STATS)
/* A line of the user's own, which may be wrong where those of mcsh cannot be. */
#define RAW (ABOUT(RAW) | ABOUT(LISTEN))
/* A refused set deletes the old value, and so does any ms. */
#define DELETES_OLD (UINT64_C(1) << VERB_COUNT)
/* stats proxy and its like, in place of STATS. */
#define STATS_PROXY (UINT64_C(1) << (VERB_COUNT + 1))

static uint64_t about(const struct request *r)
{
	if (r->verb == VERB_STATS && slice_starts(r->text, SLICE("proxy")))
		return STATS_PROXY;
	return UINT64_C(1) << r->verb | (dialect_refusal_deletes(r) ? DELETES_OLD : 0);
}

/* What a server with logins answers to whoever has not logged in: it takes the first set for one.
 */
#define NO_LOGIN                                                                                   \
	"the server wants a login before anything else (it was started with -Y), and took this "   \
	"for "                                                                                     \
	"one: .auth USER"

/*
 * A server's words by their beginning, which is whole words. Of the rows that fit, the one with the
 * most words is taken, and of two with the same words the one that is about the request; never the
 * first one, whatever the order.
 */
static const struct advice {
	enum reply_kind kind;
	uint64_t about;
	const char *words;
	const char *text;
} table[] = {
    {REPLY_SERVER_ERROR, DELETES_OLD, "object too large for cache",
     "the item is larger than the server's limit (stats settings: item_size_max), and a set has "
     "deleted the old value; start the server with a larger -I, or store less"},
    {REPLY_SERVER_ERROR, 0, "object too large for cache",
     "the item is larger than the server's limit (stats settings: item_size_max); start the server "
     "with a larger -I, or store less"},
    {REPLY_SERVER_ERROR, 0, "out of memory storing object",
     "the server found no space in the slab class of this size; raise its memory (-m), or look at "
     "stats slabs; with -M it never evicts"},
    {REPLY_SERVER_ERROR, DELETES_OLD, "out of memory storing object",
     "the server found no space in the slab class of this size, and a set has deleted the old "
     "value; raise its memory (-m), or look at stats slabs; with -M it never evicts"},
    {REPLY_SERVER_ERROR, ABOUT(INCR) | ABOUT(DECR), "out of memory",
     "the number has become longer, and the server found no space for it; raise its memory (-m), "
     "or "
     "look at stats slabs; with -M it never evicts"},
    {REPLY_SERVER_ERROR, 0, "out of memory",
     "the server is short of memory for connections; look at stats: read_buf_oom, "
     "response_obj_oom"},
    {REPLY_SERVER_ERROR, 0, "Out of memory",
     "the server is short of memory for connections; look at stats: read_buf_oom, "
     "response_obj_oom"},
    {REPLY_SERVER_ERROR, 0, "Out of memory allocating",
     "the server found no space in the slab class of this size; raise its memory (-m), or look at "
     "stats slabs; with -M it never evicts"},
    {REPLY_SERVER_ERROR, 0, "Out of memory incrementing value",
     "the number has become longer, and the server found no space for it; raise its memory (-m), "
     "or look at stats slabs; with -M it never evicts"},
    {REPLY_SERVER_ERROR, 0, "Unhandled storage type",
     "the server is at fault; report it to memcached, with its version"},
    {REPLY_SERVER_ERROR, 0, "refcount overflow during fetch",
     "too many answers with this value are under way; try again, or read them faster"},
    {REPLY_SERVER_ERROR, 0, "output line too long",
     "the answer is longer than the server's output line; ask for less at a time"},
    {REPLY_SERVER_ERROR, 0, "Connection refused",
     "a proxy answers, and its server is down; ask that server directly"},
    {REPLY_SERVER_ERROR, 0, "shutdown not enabled",
     "the server was started without -A; end it where it runs"},
    {REPLY_SERVER_ERROR, 0, "backend failure",
     "a proxy answers, and its server does not; ask that server directly"},
    {REPLY_SERVER_ERROR, 0, "proxy",
     "a proxy answers, and found none of its servers to ask; look at its configuration"},

    {REPLY_CLIENT_ERROR, 0, "bad data chunk",
     "the data block is longer or shorter than the length that the line announced, in bytes; what "
     "is too much is read as the next command"},
    {REPLY_CLIENT_ERROR, 0, "bad command line format.  Usage: delete",
     "memcached takes no time with delete, except 0; leave the time out"},
    {REPLY_CLIENT_ERROR, ABOUT(GETS), "bad command line format",
     "the keys are within their limits, so it is the command that the server, or a proxy before "
     "it, does not take; try get"},
    {REPLY_CLIENT_ERROR, ABOUT(SLABS), "bad command line format",
     "the server does not know these words; freeratio and window are memcached's since 1.6.34"},
    {REPLY_CLIENT_ERROR, RAW, "bad command line format",
     "the server wants other words, or other numbers, on this line; a key has at most 250 bytes, "
     "flags at most 4294967295"},
    {REPLY_CLIENT_ERROR, 0, "bad command line format",
     "keys and numbers are within their limits, so it is the command, or its form, that the "
     "server, or a proxy before it, does not take; .trace on shows what was sent"},
    {REPLY_CLIENT_ERROR, 0, "bad command line termination",
     "the data block does not end where its length says; count bytes, not characters"},
    {REPLY_CLIENT_ERROR, STATS, "bad command line",
     "a word is missing; stats cachedump wants a class and a limit, 0 for all"},
    {REPLY_CLIENT_ERROR, 0, "bad command line",
     "the server wants other words on this line; .trace on shows what was sent"},
    {REPLY_CLIENT_ERROR, 0, "line too long",
     "the server rejects a line of more than 2048 bytes; ask for fewer keys at a time"},
    {REPLY_CLIENT_ERROR, 0, "cannot increment or decrement non-numeric value",
     "incr and decr work on decimal digits alone, up to 64 bits without a sign; a client may have "
     "stored the number serialised"},
    {REPLY_CLIENT_ERROR, ABOUT(INCR), "invalid numeric delta argument",
     "the delta is a whole number from 0 to 18446744073709551615; to go down, use decr"},
    {REPLY_CLIENT_ERROR, ABOUT(DECR), "invalid numeric delta argument",
     "the delta is a whole number from 0 to 18446744073709551615; to go up, use incr"},
    {REPLY_CLIENT_ERROR, 0, "invalid numeric delta argument",
     "the delta is a whole number from 0 to 18446744073709551615"},
    {REPLY_CLIENT_ERROR, 0, "invalid numeric delta value",
     "the delta, after D, is a whole number from 0 to 18446744073709551615"},
    {REPLY_CLIENT_ERROR, 0, "invalid numeric initial value",
     "the initial value, after J, is a whole number from 0 to 18446744073709551615"},
    {REPLY_CLIENT_ERROR, 0, "invalid exptime argument",
     "a time is a whole number of seconds: up to 2592000 from now, above that a Unix time"},
    {REPLY_CLIENT_ERROR, 0, "flush_all not allowed",
     "the server was started with -F; delete single keys, or restart it"},
    {REPLY_CLIENT_ERROR, 0, "stats cachedump not allowed",
     "the server was started with -X, which forbids listing keys"},
    {REPLY_CLIENT_ERROR, 0, "stats detail not allowed",
     "the server was started with -X, which forbids listing keys"},
    {REPLY_CLIENT_ERROR, 0, "watch commands not allowed",
     "the server was started with -W, which forbids watching"},
    {REPLY_CLIENT_ERROR, 0, "usage: stats detail", "type stats detail and one of on, off and dump"},
    {REPLY_CLIENT_ERROR, 0, "Illegal slab id",
     "slab classes are numbers below 64; stats items names those in use"},
    {REPLY_CLIENT_ERROR, 0, "unauthenticated",
     "the server wants a login before anything else (it was started with -Y): .auth USER"},
    {REPLY_CLIENT_ERROR, 0, "Auth failure",
     "the server wants a login before anything else (it was started with -S): .auth USER"},
    {REPLY_CLIENT_ERROR, ABOUT(FLUSH_ALL), "Auth failure",
     "the server was started with -F; or it wants a login first (-S): .auth USER"},
    {REPLY_CLIENT_ERROR, 0, "authentication failure", NO_LOGIN},
    {REPLY_CLIENT_ERROR, 0, "bad authentication token format", NO_LOGIN},
    {REPLY_CLIENT_ERROR, 0, "auth token too long", NO_LOGIN},
    {REPLY_CLIENT_ERROR, RAW, "authentication failure",
     "the user or the password is wrong; the server's -Y file holds the right ones"},
    {REPLY_CLIENT_ERROR, RAW, "bad authentication token format",
     "a login is the user, one blank, and the password"},
    {REPLY_CLIENT_ERROR, RAW, "auth token too long",
     "the server takes no login of this length; shorten the password"},
    {REPLY_CLIENT_ERROR, 0, "lru crawler disabled", "enable it first: lru_crawler enable"},
    {REPLY_CLIENT_ERROR, 0, "slab reassignment disabled", "start the server with -o slab_reassign"},
    {REPLY_CLIENT_ERROR, 0, "sleep must be one second or less",
     "the crawler's sleep is in microseconds, at most 1000000"},
    {REPLY_CLIENT_ERROR, 0, "automove window too low or too high",
     "the window is from 3 to 1800 seconds"},
    {REPLY_CLIENT_ERROR, 0, "invalid shutdown mode", "type shutdown, or shutdown graceful"},
    {REPLY_CLIENT_ERROR, 0, "invalid or duplicate flag",
     "a meta flag is unknown to this server or stands twice; flags are single letters, some with a "
     "value after them"},
    {REPLY_CLIENT_ERROR, 0, "invalid flag",
     "a meta flag is unknown to this server; flags are single letters, and newer servers know "
     "more"},
    {REPLY_CLIENT_ERROR, 0, "duplicate flag", "each meta flag may stand once on a line"},
    {REPLY_CLIENT_ERROR, 0, "options flags",
     "a meta line has at most 20 words, on older servers 19"},
    {REPLY_CLIENT_ERROR, 0, "bad token in command line format",
     "the number in one of the meta flags cannot be read; it follows the letter without a blank"},
    {REPLY_CLIENT_ERROR, 0, "error decoding key",
     "with the flag b the key is base64, padded with = to a multiple of four characters"},
    {REPLY_CLIENT_ERROR, 0, "opaque token too long",
     "the opaque value after O has at most 31 bytes"},
    {REPLY_CLIENT_ERROR, 0, "invalid mode for ms",
     "the mode of ms is one of ME add, MA append, MP prepend, MR replace, MS set"},
    {REPLY_CLIENT_ERROR, 0, "invalid mode for ma",
     "the mode of ma is one of MI or M+ to raise, MD or M- to lower"},
    {REPLY_CLIENT_ERROR, 0, "incorrect length for M token", "the mode is one letter after M"},

    {REPLY_ERROR, 0, "Too many open connections",
     "the server is at its limit of connections (-c); close some, or raise it"},
    {REPLY_ERROR, 0, "shutdown not enabled",
     "the server was started without -A; end it where it runs"},
    {REPLY_ERROR, 0, "locked try again later",
     "the server's hash table grows, and cannot be walked meanwhile: try again"},
    {REPLY_ERROR, 0, "metadump not allowed",
     "the server was started with -X, which forbids listing keys"},
    {REPLY_ERROR, 0, "key dump not allowed",
     "the server was started with -X, which forbids listing keys"},
    {REPLY_ERROR, 0, "cannot pipeline other commands before",
     "send it alone, with every earlier answer read"},
    {REPLY_ERROR, 0, "failed to start lru crawler",
     "the crawler is running already; lru_crawler disable stops it"},
    {REPLY_ERROR, 0, "failed to stop lru crawler",
     "the crawler did not stop; its log (memcached -vv) may say why"},
    {REPLY_ERROR, 0, "an unknown error happened",
     "the crawler could not be started; try again, or look at the server's log (memcached -vv)"},
    {REPLY_REFUSED, ABOUT(SLABS), "BUSY", "a page is being moved already; try again in a second"},
    {REPLY_REFUSED, ABOUT(LRU_CRAWLER), "BUSY",
     "the crawler is at work already; try again when lru_crawler_running of stats is 0"},
    {REPLY_REFUSED, 0, "BUSY", "the server is at such work already; try again"},
    {REPLY_REFUSED, ABOUT(SLABS), "BADCLASS",
     "it has no such slab class, or no page in it; stats slabs shows those in use"},
    {REPLY_REFUSED, 0, "BADCLASS", "it has no such slab class; stats items shows those in use"},
    {REPLY_REFUSED, 0, "NOSPARE",
     "the class has no page to give away: one with two pages or more has (stats slabs: "
     "total_pages)"},
    {REPLY_REFUSED, 0, "NOTFULL",
     "the class it would go to has free chunks; memory is moved to where it is short"},
    {REPLY_REFUSED, 0, "UNSAFE", "the page cannot be moved now; try again"},
    {REPLY_REFUSED, 0, "SAME", "name two slab classes; -1 as the first is any"},
    {REPLY_REFUSED, 0, "WATCHER_TOO_MANY",
     "a server takes 20 watchers at a time (stats: log_watchers); end one of them"},
    {REPLY_REFUSED, 0, "WATCHER_FAILED", "the server had no memory for it; try again"},
    {REPLY_REFUSED, 0, "NOTSTARTED", "there are no items to crawl; stats items shows them"},
    {REPLY_REFUSED, 0, "MEMLIMIT_TOO_SMALL", "8 MiB are the least"},
    {REPLY_REFUSED, 0, "MEMLIMIT_ADJUST_FAILED",
     "the server cannot change its limit to that: the number is in MiB, and one that took its "
     "memory at the start (-L) cannot grow"},
    {REPLY_REFUSED, 0, "MEMLIMIT_ADJUST_FAILED input value is megabytes not bytes",
     "the number is in MiB: for a gigabyte write 1024"},
    {REPLY_REFUSED, 0, "Error TLS not enabled",
     "the server speaks no TLS, so it has no certificates; it would be started with -Z"},
    {REPLY_REFUSED, 0, "Error",
     "the server keeps the certificates that it has; look at the files that it was started with "
     "(-o "
     "ssl_chain_cert, ssl_key)"},
    {REPLY_ERROR, 0, "hot and warm pcts", "together HOT and WARM may have 80 per cent of memory"},
    {REPLY_ERROR, 0, "hot/warm age factors", "the age factors are numbers above 0"},
    {REPLY_ERROR, ABOUT(SLABS), "",
     "the server does not know these words; freeratio and window are memcached's since 1.6.34, and "
     "proxies know no slabs"},
    {REPLY_ERROR, ABOUT(LRU), "",
     "the server does not know these words, or runs without the thread that does it (-o "
     "no_lru_maintainer)"},
    {REPLY_ERROR, ABOUT(REFRESH_CERTS), "",
     "the server was built without TLS; memcached has refresh_certs since 1.5.13"},
    {REPLY_ERROR, ABOUT(CONFIG), "",
     "memcached knows no config: services such as ElastiCache do, where discovery is on"},
    {REPLY_ERROR, ABOUT(EXTSTORE), "",
     "the server does not know these words, or was built without extstore"},
    {REPLY_ERROR, ABOUT(GAT), "",
     "the server does not know gat; memcached has it since 1.5.3, and proxies often lack it"},
    {REPLY_ERROR, ABOUT(GATS), "",
     "the server does not know gats; memcached has it since 1.5.3, and proxies often lack it"},
    {REPLY_ERROR, STATS, "",
     "the server knows no stats of that name: settings, items, slabs, sizes, conns and detail are "
     "the usual ones; proxies and services may have stats alone"},
    {REPLY_ERROR, STATS_PROXY, "",
     "the server was built without memcached's proxy (--enable-proxy), or is older than 1.6.13; "
     "proxybe is since 1.6.27"},
    {REPLY_ERROR, RAW, "",
     "the server does not know the line: names are lower case, blanks separate words, and a "
     "storage line is name key flags exptime bytes with the data on a line of its own"},
    {REPLY_ERROR, 0, "",
     "the server does not know the command; is it an older one, a proxy, or a service that leaves "
     "it out?"},
};

size_t advice_count(void)
{
	return sizeof(table) / sizeof(table[0]);
}

const char *advice_row(size_t row)
{
	return table[row].text;
}

/* Rows without words are for an answer without words. */
static bool fits(const struct advice *row, const struct request *request, enum reply_kind kind,
                 struct slice words)
{
	if (row->kind != kind || (row->about && !(row->about & about(request))))
		return false;
	if (row->words[0] == '\0')
		return words.len == 0;
	struct slice begin = slice_str(row->words);
	return slice_starts(words, begin) &&
	       (words.len == begin.len || !isalnum((unsigned char)words.data[begin.len]));
}

/* How much a row that fits says of an answer. */
static size_t rank(const struct advice *row)
{
	return 2 * strlen(row->words) + (row->about != 0);
}

/* The best row, or NULL; *COUNT is how many are as good. */
static const struct advice *find(const struct request *request, const struct reply *reply,
                                 size_t *count)
{
	struct slice words = slice_trim(reply->value);
	const struct advice *best = NULL;
	*count = 0;
	for (size_t i = 0; i < advice_count(); i++) {
		const struct advice *row = &table[i];
		if (!fits(row, request, reply->kind, words))
			continue;
		if (!best || rank(row) > rank(best)) {
			best = row;
			*count = 1;
		} else if (rank(row) == rank(best)) {
			++*count;
		}
	}
	return best;
}

size_t advice_rivals(const struct request *request, const struct reply *reply)
{
	size_t count;
	find(request, reply, &count);
	return count;
}

/* Software that is not memcached, which lacks what proxies lack too. */
static bool is_lacking(const struct request *request, const struct reply *reply)
{
	return reply->software && reply->software->lacks && !software_proxies_take(request) &&
	       (reply->kind == REPLY_ERROR || reply->kind == REPLY_CLIENT_ERROR);
}

const char *advice_for(const struct request *request, const struct reply *reply)
{
	if (is_lacking(request, reply))
		return reply->software->advice;
	size_t count;
	const struct advice *row = find(request, reply, &count);
	if (row)
		return row->text;
	switch (reply->kind) {
	case REPLY_SERVER_ERROR:
		return "the server could not do it; its log (memcached -vv) may say more";
	case REPLY_CLIENT_ERROR:
		return "the server refused the request; .trace on shows what was sent";
	default:
		return "the server did not accept the command; .trace on shows what was sent";
	}
}

void advice_set(struct error *error, const struct request *request, const struct reply *reply)
{
	error_set(error, advice_for(request, reply), "%s answers %s%s%.*s with %s",
	          reply->server ? reply->server : "the server", verb_word(request->verb),
	          request->text.len > 0 ? " " : "", SLICE_ARGS(request->text, 40),
	          reply_text(reply).s);
}
