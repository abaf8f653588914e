#include "command/topics.h"

const struct topic topics[] = {
    {"quoting", "words, quotes and escapes on a line",
     "Blanks separate words. Pieces that touch are one word. A line whose first character is # is "
     "a "
     "comment. An open quote goes on in the next line.\n"
     " 'text'      the bytes as they are\n"
     " \"text\"      with escapes: \\n \\r \\t \\0 \\e \\\\ \\\" \\' \\xHH\n"
     " text        a bare word knows the same escapes\n"
     " --          ends the options; what follows is data\n"
     " | COMMAND   pipes what is shown into a shell command\n"
     " > FILE      writes it to a file; >> FILE appends\n"
     "Quoted, these are data: set a '>' stores one character. What mcsh prints in quotes can be "
     "typed "
     "back and means the same bytes.\n"},
    {"times", "how a TIME is written, and how the server reads it",
     "A TIME is how long an item lives. mcsh sends what is meant in the form that the server "
     "reads: "
     "seconds up to 30 days, a date beyond.\n"
     " 0           never expires\n"
     " 90          seconds\n"
     " 90s 15m     seconds, minutes\n"
     " 12h 45d 2w  hours, days, weeks\n"
     " @UNIXTIME   at that second\n"
     " -1          at once\n"
     "A bare number over 2592000 (30 days) is what the server takes for a date: mcsh warns. Write "
     "45d "
     "in place of 3888000.\n"},
    {"formats", "pretty, plain, raw, json, csv and wire",
     ".format chooses how answers are written, --format from the start.\n"
     " pretty      for eyes: decoded, coloured, laid out; at a prompt\n"
     " plain       for pipes: a value and a line feed, name<TAB>value\n"
     " raw         a value's bytes as stored, nothing added\n"
     " json        one object with a status for each command\n"
     " csv         tables, with a header line\n"
     " wire        the reply's bytes as received\n"
     "In pretty, JSON is laid out (.set json), long values are cut (.set max_shown), and what is "
     "longer than the screen goes through $PAGER (.set pager). A value that is redirected arrives "
     "byte for byte.\n"},
    {"redis", "what a redis-cli user types here",
     "memcached has keys and values, and no types: a list or a hash is a value that a client "
     "serialised. What these commands of Redis do is done by:\n"
     " SET k v EX 10   set k v 10s\n"
     " SET k v NX      add k v\n"
     " SET k v XX      replace k v\n"
     " SETEX k 10 v    set k v 10s\n"
     " MGET a b        get a b\n"
     " MSET a 1 b 2    set_multi a 1 b 2\n"
     " GETEX k EX 10   gat 10s k\n"
     " DEL k           delete k\n"
     " EXISTS k        get k, and its status\n"
     " INCR k          incr k; the key must exist\n"
     " DECRBY k 5      decr k 5; never below 0\n"
     " EXPIRE k 10     touch k 10s\n"
     " APPEND k v      append k v\n"
     " WATCH, MULTI    gets k, then cas k v CAS\n"
     " KEYS, SCAN      .dump, which lists items\n"
     " INFO            stats\n"
     " FLUSHALL        flush_all\n"
     " PING            version\n"
     " MONITOR         .raw --for 10s watch fetchers mutations\n"
     "There is no TTL of a key in the classic protocol; the meta get knows it: .raw mg k t.\n"},
    {"telnet", "typing the protocol itself, as over telnet",
     "Over telnet the length is counted by hand and the value has a line of its own. mcsh counts, "
     "and asks for neither flags nor length.\n"
     " set k 0 0 3 / abc     set k abc\n"
     " set k 5 60 3 / abc    set --flags 5 k abc 60\n"
     " cas k 0 0 3 42 / abc  cas k abc 42\n"
     " get k                 get k\n"
     "To send the protocol's own line, give the data block with --data:\n"
     " .raw --data abc set k 0 0 3\n"
     " .raw mg k v t\n"
     "To see every byte that crosses, .trace on; .trace hex adds a dump.\n"},
    {0},
};

const struct topic *topic_find(struct slice name)
{
	for (const struct topic *t = topics; t->name; t++) {
		if (slice_eq_str(name, t->name))
			return t;
	}
	return NULL;
}
