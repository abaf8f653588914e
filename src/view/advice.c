#include "view/advice.h"

/* Any verb. */
#define ANY VERB_COUNT

/* A server's words by their beginning; the first row that fits is taken, so the longer of two
 * beginnings stands first, and a row for one verb before that for any. */
static const struct advice {
	enum reply_kind kind;
	enum verb verb;
	const char *words;
	const char *text;
} table[] = {
    {REPLY_SERVER_ERROR, VERB_SET, "object too large for cache",
     "the item is larger than the server's limit (stats settings: item_size_max), and a set has "
     "deleted the old value; start the server with a larger -I, or store less"},
    {REPLY_SERVER_ERROR, ANY, "object too large for cache",
     "the item is larger than the server's limit (stats settings: item_size_max); start the server "
     "with a larger -I, or store less"},
    {REPLY_SERVER_ERROR, ANY, "out of memory storing object",
     "the server found no room in the slab class of this size; raise its memory (-m), or look at "
     "stats slabs; with -M it never evicts"},
    {REPLY_SERVER_ERROR, ANY, "out of memory",
     "the server is short of memory for connections; look at stats: read_buf_oom, "
     "response_obj_oom"},
    {REPLY_SERVER_ERROR, ANY, "Out of memory",
     "the server is short of memory for connections; look at stats: read_buf_oom, "
     "response_obj_oom"},
    {REPLY_SERVER_ERROR, ANY, "output line too long",
     "the answer does not fit a line of the server's; ask for less at a time"},
    {REPLY_SERVER_ERROR, ANY, "Connection refused",
     "a proxy answers, and the server behind it is down; ask that server directly"},
    {REPLY_SERVER_ERROR, ANY, "shutdown not enabled",
     "the server was started without -A; end it where it runs"},
    {REPLY_SERVER_ERROR, ANY, "proxy",
     "a proxy answers, and found no server behind it to ask; look at its configuration"},

    {REPLY_CLIENT_ERROR, ANY, "bad data chunk",
     "the data block is longer or shorter than the length that the line announced, in bytes; what "
     "is too much is read as the next command"},
    {REPLY_CLIENT_ERROR, VERB_DELETE, "bad command line format",
     "memcached takes no time with delete, except 0; leave the time out"},
    {REPLY_CLIENT_ERROR, VERB_GET, "bad command line format",
     "a key is longer than 250 bytes; of all the keys asked none was answered"},
    {REPLY_CLIENT_ERROR, VERB_GETS, "bad command line format",
     "a key is longer than 250 bytes; of all the keys asked none was answered"},
    {REPLY_CLIENT_ERROR, ANY, "bad command line format",
     "the server wants other words, or other numbers, on this line; a key has at most 250 bytes, "
     "flags at most 4294967295"},
    {REPLY_CLIENT_ERROR, ANY, "bad command line termination",
     "the data block does not end where its length says; count bytes, not characters"},
    {REPLY_CLIENT_ERROR, ANY, "bad command line",
     "a word is missing; stats cachedump wants a class and a limit, 0 for all"},
    {REPLY_CLIENT_ERROR, ANY, "line too long",
     "the server gave up on a line of more than 2048 bytes; ask for fewer keys at a time"},
    {REPLY_CLIENT_ERROR, ANY, "cannot increment or decrement non-numeric value",
     "incr and decr work on decimal digits alone, up to 64 bits without a sign; a client may have "
     "stored the number serialised"},
    {REPLY_CLIENT_ERROR, VERB_INCR, "invalid numeric delta argument",
     "the delta is a whole number from 0 to 18446744073709551615; to go down, use decr"},
    {REPLY_CLIENT_ERROR, ANY, "invalid numeric delta argument",
     "the delta is a whole number from 0 to 18446744073709551615; to go up, use incr"},
    {REPLY_CLIENT_ERROR, ANY, "invalid exptime argument",
     "a time is a whole number of seconds: up to 2592000 from now, above that a Unix time"},
    {REPLY_CLIENT_ERROR, ANY, "flush_all not allowed",
     "the server was started with -F; delete single keys, or restart it"},
    {REPLY_CLIENT_ERROR, ANY, "stats cachedump not allowed",
     "the server was started with -X, which forbids listing keys"},
    {REPLY_CLIENT_ERROR, ANY, "stats detail not allowed",
     "the server was started with -X, which forbids listing keys"},
    {REPLY_CLIENT_ERROR, ANY, "watch commands not allowed",
     "the server was started with -W, which forbids watching"},
    {REPLY_CLIENT_ERROR, ANY, "usage: stats detail",
     "type stats detail and one of on, off and dump"},
    {REPLY_CLIENT_ERROR, ANY, "Illegal slab id",
     "slab classes are numbers below 64; stats items names those in use"},
    {REPLY_CLIENT_ERROR, ANY, "unauthenticated",
     "the server wants a login before anything else (it was started with -Y): .auth USER PASSWORD"},
    {REPLY_CLIENT_ERROR, ANY, "authentication failure",
     "the user or the password is wrong; the server's -Y file holds the right ones"},
    {REPLY_CLIENT_ERROR, ANY, "bad authentication token format",
     "a login is the user, one blank, and the password"},
    {REPLY_CLIENT_ERROR, ANY, "auth token too long",
     "the server takes no login of this length; shorten the password"},
    {REPLY_CLIENT_ERROR, ANY, "lru crawler disabled", "turn it on first: lru_crawler enable"},
    {REPLY_CLIENT_ERROR, ANY, "slab reassignment disabled",
     "start the server with -o slab_reassign"},
    {REPLY_CLIENT_ERROR, ANY, "sleep must be one second or less",
     "the crawler's sleep is in microseconds, at most 1000000"},
    {REPLY_CLIENT_ERROR, ANY, "automove window too low or too high",
     "the window is from 3 to 1800 seconds"},
    {REPLY_CLIENT_ERROR, ANY, "invalid shutdown mode", "type shutdown, or shutdown graceful"},
    {REPLY_CLIENT_ERROR, ANY, "invalid or duplicate flag",
     "a meta flag is unknown to this server or stands twice; flags are single letters, some with a "
     "value behind them"},
    {REPLY_CLIENT_ERROR, ANY, "invalid flag",
     "a meta flag is unknown to this server; flags are single letters, and newer servers know "
     "more"},
    {REPLY_CLIENT_ERROR, ANY, "duplicate flag", "each meta flag may stand once on a line"},
    {REPLY_CLIENT_ERROR, ANY, "options flags",
     "a meta line has at most 20 words, on older servers 19"},
    {REPLY_CLIENT_ERROR, ANY, "bad token in command line format",
     "the number in one of the meta flags cannot be read; it follows the letter without a blank"},
    {REPLY_CLIENT_ERROR, ANY, "error decoding key",
     "with the flag b the key is base64, padded with = to a multiple of four characters"},
    {REPLY_CLIENT_ERROR, ANY, "opaque token too long",
     "the opaque value behind O has at most 31 bytes"},
    {REPLY_CLIENT_ERROR, ANY, "invalid mode for ms",
     "the mode of ms is one of ME add, MA append, MP prepend, MR replace, MS set"},
    {REPLY_CLIENT_ERROR, ANY, "invalid mode for ma",
     "the mode of ma is one of MI or M+ to raise, MD or M- to lower"},
    {REPLY_CLIENT_ERROR, ANY, "incorrect length for M token", "the mode is one letter behind M"},

    {REPLY_ERROR, ANY, "Too many open connections",
     "the server is at its limit of connections (-c); close some, or raise it"},
    {REPLY_ERROR, ANY, "shutdown not enabled",
     "the server was started without -A; end it where it runs"},
    {REPLY_ERROR, ANY, "metadump not allowed",
     "the server was started with -X, which forbids listing keys"},
    {REPLY_ERROR, ANY, "key dump not allowed",
     "the server was started with -X, which forbids listing keys"},
    {REPLY_ERROR, ANY, "cannot pipeline other commands before",
     "send it alone, with every earlier answer read"},
    {REPLY_ERROR, ANY, "failed to start lru crawler",
     "the crawler is running already; lru_crawler disable stops it"},
    {REPLY_ERROR, ANY, "hot and warm pcts", "together HOT and WARM may have 80 per cent of memory"},
    {REPLY_ERROR, ANY, "hot/warm age factors", "the age factors are numbers above 0"},
    {REPLY_ERROR, VERB_GAT, "",
     "the server does not know gat; memcached has it since 1.5.3, and proxies often lack it"},
    {REPLY_ERROR, VERB_GATS, "",
     "the server does not know gats; memcached has it since 1.5.3, and proxies often lack it"},
    {REPLY_ERROR, VERB_STATS, "",
     "the server knows no stats of that name: settings, items, slabs, sizes, conns and detail are "
     "the usual ones"},
    {REPLY_ERROR, VERB_RAW, "",
     "the server does not know the line: names are lower case, blanks separate words, and a "
     "storage "
     "line is name key flags exptime bytes with the data on a line of its own"},
    {REPLY_ERROR, ANY, "", "the server does not know the command; is it an older one, or a proxy?"},
};

/* Rows without words are for an answer without words. */
static bool fits(const struct advice *row, const struct request *request, enum reply_kind kind,
                 struct slice words)
{
	return row->kind == kind && (row->verb == ANY || row->verb == request->verb) &&
	       (row->words[0] == '\0' ? words.len == 0
	                              : slice_starts(words, slice_str(row->words)));
}

const char *advice_for(const struct request *request, const struct reply *reply)
{
	struct slice words = slice_trim(reply->value);
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		if (fits(&table[i], request, reply->kind, words))
			return table[i].text;
	}
	switch (reply->kind) {
	case REPLY_SERVER_ERROR:
		return "the server could not do it; its log (memcached -vv) may say more";
	case REPLY_CLIENT_ERROR:
		return "the server refused the request; .trace on shows what was sent";
	default:
		return "the server did not accept the command; .trace on shows what was sent";
	}
}
