#include "proto/effect.h"

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
	enum effect effect = verb_rows[request->verb].effect;
	return effect == EFFECT_BY_TEXT ? !text_reads(request) : effect != EFFECT_READS;
}
