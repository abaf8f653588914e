#include "base/quote.h"
#include "command/common.h"
#include "command/rows.h"

/* memcached since 1.6.40 takes the beginning of a word for it: `stats r` would reset the counters.
 * The words that change something are therefore known only whole, and anything else is sent as it
 * was typed. */
static bool stats_word_is_whole(struct slice word, struct error *error)
{
	if (word.len > 0 && word.len < 5 && slice_starts(SLICE("reset"), word)) {
		error_set(error, "type stats reset, if that is meant",
		          "some servers read \"stats %.*s\" as stats reset", (int)word.len,
		          word.data);
		return false;
	}
	return true;
}

static bool build_stats(struct session *s, struct args *args, struct request *request,
                        struct error *error)
{
	(void)s;
	if (args->count > 0 && !stats_word_is_whole(args->operands[0], error))
		return false;
	buf_clear(&args->file);
	for (size_t i = 0; i < args->count; i++) {
		if (i > 0)
			buf_add_char(&args->file, ' ');
		buf_add_slice(&args->file, args->operands[i]);
	}
	request->text = buf_slice(&args->file);
	return true;
}

static bool build_plain(struct session *s, struct args *args, struct request *request,
                        struct error *error)
{
	(void)s;
	(void)args;
	(void)request;
	(void)error;
	return true;
}

static bool build_verbosity(struct session *s, struct args *args, struct request *request,
                            struct error *error)
{
	(void)s;
	request->noreply = args_option(args, "--noreply", NULL);
	return common_number(args->operands[0], "the level", UINT32_MAX, &request->number, error);
}

static bool build_flush_all(struct session *s, struct args *args, struct request *request,
                            struct error *error)
{
	int64_t delay;
	request->noreply = args_option(args, "--noreply", NULL);
	if (args->count == 0)
		return true;
	if (!common_time(s, args->operands[0], &delay, error))
		return false;
	if (delay < 0) {
		error_set(error, "leave it out to flush at once", "the delay is negative");
		return false;
	}
	request->has_exptime = true;
	request->number = (uint64_t)delay;
	return true;
}

static const struct command_option noreply_options[] = {
    {"--noreply", NULL, "ask the server for no answer", NULL},
    {0},
};

const struct command command_stats = {
    .name = "stats",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT,
    .operands = "[WORD...]",
    .suggest = "cachedump conns detail extstore items reset settings sizes slabs",
    .summary = "show the server's counters",
    .about = "Without a word the general counters; with one a set of them: items, slabs, sizes, "
	     "settings, conns, extstore, detail on|off|dump, cachedump CLASS LIMIT. stats reset "
	     "sets the counters to 0, for everybody.",
    .sends = "stats [<word>...]\\r\\n",
    .replies = "STAT <name> <value> lines, then END; RESET; OK",
    .example = "> stats reset\nRESET\n",
    .verb = VERB_STATS,
    .build = build_stats,
};

const struct command command_version = {
    .name = "version",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT,
    .operands = "",
    .summary = "show the server's version",
    .about = "Shows which memcached answers. It changes nothing, and so serves to see whether a "
	     "server is there.",
    .sends = "version\\r\\n",
    .replies = "VERSION <text>",
    .example = "> version | grep -c .\n1\n",
    .verb = VERB_VERSION,
    .build = build_plain,
};

const struct command command_verbosity = {
    .name = "verbosity",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT,
    .operands = "LEVEL",
    .options = noreply_options,
    .summary = "set how much the server logs",
    .about = "0 logs nothing but errors, 1 and 2 more of what it does, to its standard error.",
    .sends = "verbosity <level>\\r\\n",
    .replies = "OK",
    .example = "> verbosity 0\nOK\n",
    .verb = VERB_VERBOSITY,
    .build = build_verbosity,
};

const struct command command_flush_all = {
    .name = "flush_all",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT | COMMAND_CONFIRM,
    .operands = "[DELAY]",
    .options = noreply_options,
    .summary = "make every item expire",
    .about = "Every item stored until now is gone, or will be after DELAY seconds. Memory is not "
	     "given back, and counters of items go down only as room is used again. At a prompt "
	     "mcsh asks first (.set confirm off).",
    .sends = "flush_all [<delay>]\\r\\n",
    .replies = "OK; CLIENT_ERROR flush_all not allowed",
    .example = "> set foo bar\nSTORED\n> flush_all\nOK\n> get foo\n",
    .question = "flush_all makes every item expire, for everybody who uses this cache.",
    .verb = VERB_FLUSH_ALL,
    .build = build_flush_all,
};

const struct command command_quit = {
    .name = "quit",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT | COMMAND_LEAVES,
    .operands = "",
    .summary = "say goodbye to the server and leave",
    .about = "Sends the protocol's quit, which the server answers by closing the connection, and "
	     "leaves mcsh. .quit leaves without a word to the server.",
    .sends = "quit\\r\\n",
    .replies = "nothing: the server closes the connection",
    .example = "> quit\n",
    .verb = VERB_QUIT,
    .build = build_plain,
};
