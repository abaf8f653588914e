#include "proto/effect.h"

static const enum effect effects[VERB_COUNT] = {
    [VERB_SET] = EFFECT_CHANGES,
    [VERB_ADD] = EFFECT_CHANGES,
    [VERB_REPLACE] = EFFECT_CHANGES,
    [VERB_APPEND] = EFFECT_CHANGES,
    [VERB_PREPEND] = EFFECT_CHANGES,
    [VERB_CAS] = EFFECT_CHANGES,
    [VERB_GET] = EFFECT_READS,
    [VERB_GETS] = EFFECT_READS,
    [VERB_GAT] = EFFECT_CHANGES,
    [VERB_GATS] = EFFECT_CHANGES,
    [VERB_TOUCH] = EFFECT_CHANGES,
    [VERB_DELETE] = EFFECT_CHANGES,
    [VERB_INCR] = EFFECT_CHANGES,
    [VERB_DECR] = EFFECT_CHANGES,
    [VERB_STATS] = EFFECT_BY_TEXT,
    [VERB_VERSION] = EFFECT_READS,
    [VERB_VERBOSITY] = EFFECT_CHANGES,
    [VERB_FLUSH_ALL] = EFFECT_CHANGES,
    [VERB_SLABS] = EFFECT_CHANGES,
    [VERB_LRU] = EFFECT_CHANGES,
    [VERB_LRU_CRAWLER] = EFFECT_CHANGES,
    [VERB_CACHE_MEMLIMIT] = EFFECT_CHANGES,
    [VERB_EXTSTORE] = EFFECT_CHANGES,
    [VERB_REFRESH_CERTS] = EFFECT_CHANGES,
    [VERB_SHUTDOWN] = EFFECT_CHANGES,
    [VERB_CONFIG] = EFFECT_BY_TEXT,
    [VERB_QUIT] = EFFECT_READS,
    [VERB_LOGIN] = EFFECT_READS,
    [VERB_NOOP] = EFFECT_READS,
    [VERB_MG] = EFFECT_BY_TEXT,
    [VERB_MS] = EFFECT_CHANGES,
    [VERB_MD] = EFFECT_CHANGES,
    [VERB_MA] = EFFECT_CHANGES,
    [VERB_MN] = EFFECT_READS,
    [VERB_ME] = EFFECT_READS,
    [VERB_RAW] = EFFECT_BY_TEXT,
    [VERB_LISTEN] = EFFECT_CHANGES,
};

enum effect verb_effect(enum verb verb)
{
	return effects[verb];
}

/* stats reset and detail on, for example, change what all see; since 1.6.40 a server takes the
 * beginning of a word for it. */
static bool stats_reads(struct slice text)
{
	static const struct slice reading = SLICE_INIT(
	    "settings|items|slabs|sizes|conns|extstore|proxy|proxyfuncs|proxybe|detail dump");
	return text.len == 0 || slice_lists(reading, '|', text) ||
	       slice_starts(text, SLICE("cachedump "));
}

/* N creates an item on a miss, R hands out a win once, T changes the time to live; E and what is
 * not known here may change something, too. */
static bool mg_reads(struct slice flags)
{
	while (flags.len > 0) {
		struct slice flag = slice_take(&flags, ' ');
		if (flag.len > 0 && !strchr("bcfhklOqstuvCLP", flag.data[0]))
			return false;
	}
	return true;
}

static bool text_reads(const struct request *request)
{
	switch (request->verb) {
	case VERB_STATS:
		return stats_reads(request->text);
	case VERB_CONFIG:
		return slice_starts(request->text, SLICE("get "));
	case VERB_MG:
		return mg_reads(request->text);
	case VERB_RAW:
		return slice_eq_str(request->text, "config get cluster\r\n");
	default:
		return false;
	}
}

bool request_changes(const struct request *request)
{
	enum effect effect = verb_effect(request->verb);
	return effect == EFFECT_BY_TEXT ? !text_reads(request) : effect != EFFECT_READS;
}
