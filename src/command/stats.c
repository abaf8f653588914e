#include "command/rows.h"
#include "shell/lang/args.h"
#include "shell/session.h"

/* memcached since 1.6.40 takes the beginning of a word for it: `stats r` would reset the counters.
 * The words that change something are therefore known only whole, and anything else is sent as it
 * was typed. */
static bool stats_word_is_whole(struct slice word, struct error *error)
{
	if (word.len > 0 && word.len < 5 && slice_starts(SLICE("reset"), word))
		return error_set(error, "type stats reset, if that is meant",
		                 "some servers read \"stats %.*s\" as stats reset", (int)word.len,
		                 word.data);
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

const struct command command_stats = {
    .name = "stats",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT,
    .operands = "[WORD...]",
    .suggest = "cachedump conns detail extstore items reset settings sizes slabs",
    .habits = "info status",
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
