/* What an administrator tunes: slabs, lru, cache_memlimit, extstore, refresh_certs. */
#include "base/number.h"
#include "command/arguments.h"
#include "command/question.h"
#include "command/rows.h"
#include "command/slab_classes.h"
#include "view/text/time.h"

static const struct command_form slabs_forms[] = {
    {"", "the classes: their memory, items and evictions, and what stands out"},
    {"reassign SRC DST", "moves a page of memory from one slab class to another"},
    {"automove 0|1|2", "the server moves pages by itself: never, when it helps, at each eviction"},
    {"automove ratio RATIO", "automove keeps the ages of classes within this share"},
    {"automove freeratio RATIO", "automove keeps this share of memory free (1.6.34)"},
    {"automove window SECONDS", "automove looks at so many seconds (1.6.34)"},
    {0},
};

const struct command command_slabs = {
    .name = "slabs",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT,
    .operands = "[reassign|automove] [WORD...]",
    .forms = slabs_forms,
    .summary = "show the slab classes, or move memory between them",
    .about =
	"Memory comes in pages of 1 MiB, and each belongs to the slab class of one size of items. "
	"Without a word slabs shows a row for each class, of stats slabs and stats items: the size "
	"of its chunks, its pages, items, the bytes that these use and those that their chunks "
	"waste, how many were evicted, and of these how many never read, for how long the oldest "
	"item has not been used, how many places of expired items were reclaimed, and how many "
	"items could not be stored (oom). What stands out is marked, and explained below the "
	"table: a class that could not store, one that evicts while another has free pages, memory "
	"that stays with sizes that are no longer stored, chunks that do not fit the sizes, and "
	"evictions of what nobody has read. reassign moves one page, by evicting what is in it; "
	"automove lets the server do so.",
    .sends = "stats slabs\\r\\n, stats items\\r\\n, stats settings\\r\\n; slabs <words>\\r\\n",
    .replies = "STAT <name> <value> lines, then END; OK; BUSY, BADCLASS, NOSPARE or SAME and why "
	       "not; CLIENT_ERROR",
    .example =
	"> set foo bar\nSTORED\n> slabs | cut -f1-5\n1\t96\t1\t10921\t1\n> slabs automove 1\nOK\n",
    .verb = VERB_SLABS,
    .build = argument_words,
    .effect = EFFECT_READS,
    .run = slab_classes_run,
    .runs = slab_classes_runs,
};

static const struct command_form lru_forms[] = {
    {"tune HOT WARM HOT-AGE WARM-AGE",
     "the shares of memory of HOT and WARM, 80 % at most together, and how old their items may be, "
     "as a multiple of the oldest in COLD"},
    {"mode flat|segmented", "one queue, or HOT, WARM and COLD"},
    {"temp_ttl TTL", "items with a shorter time than this are never evicted; -1: no such"},
    {0},
};

static bool build_lru(struct session *s, struct args *args, struct request *request,
                      struct error *error)
{
	uint64_t hot, warm;
	if (args->count == 5 && number_parse_u64(args->operands[1], &hot) == NUMBER_OK &&
	    number_parse_u64(args->operands[2], &warm) == NUMBER_OK && hot + warm > 80)
		return error_set(error, "together they may have 80 at most",
		                 "lru tune: HOT and WARM are %llu per cent of memory together",
		                 (unsigned long long)(hot + warm));
	return argument_words(s, args, request, error);
}

const struct command command_lru = {
    .name = "lru",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT,
    .operands = "tune|mode|temp_ttl WORD...",
    .forms = lru_forms,
    .summary = "tune which items are evicted",
    .about = "New items are in HOT; what was asked for twice lives in WARM, the rest ages in COLD "
	     "and is evicted from there. stats settings shows the numbers, stats items what is "
	     "where.",
    .sends = "lru <words>\\r\\n",
    .replies = "OK; ERROR and why not",
    .example = "> lru mode segmented\nOK\n",
    .verb = VERB_LRU,
    .build = build_lru,
};

static const struct command_form memlimit_forms[] = {
    {"MEGABYTES", "the most memory for items, in MiB"},
    {0},
};

static bool question_memlimit(struct session *s, struct args *args, struct buf *out,
                              struct error *error)
{
	uint64_t megabytes = 0;
	size_t count;
	number_parse_u64(args->operands[0], &megabytes);
	buf_add_str(out, "cache_memlimit sets the memory for items of ");
	if (!question_servers(s, args, HOLDING_MEMORY, out, &count, error))
		return false;
	buf_addf(out,
	         " to %s%s; what no longer fits is evicted, for everybody who uses this cache.",
	         grouped_text(megabytes).s, count > 1 ? " MiB each" : " MiB");
	return true;
}

const struct command command_cache_memlimit = {
    .name = "cache_memlimit",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT | COMMAND_CONFIRM,
    .operands = "MEGABYTES",
    .forms = memlimit_forms,
    .summary = "set how much memory items may take",
    .about = "The limit of -m, until the server is restarted, in MiB, 8 at the least. When it "
	     "falls, pages are given back as the server finds them, by evicting what they hold. "
	     "At a prompt mcsh says what the servers hold and asks first (.set confirm off).",
    .sends = "cache_memlimit <megabytes>\\r\\n",
    .replies = "OK; MEMLIMIT_TOO_SMALL or MEMLIMIT_ADJUST_FAILED and why not",
    .example = "> cache_memlimit 64\nOK\n",
    .question = question_memlimit,
    .verb = VERB_CACHE_MEMLIMIT,
    .build = argument_words,
};

static const struct command_form extstore_forms[] = {
    {"item_size N", "values of so many bytes and more go to disk"},
    {"item_age N", "items that nobody asked for in so many seconds do"},
    {"low_ttl N", "items that expire within so many seconds have pages of their own"},
    {"recache_rate N", "of so many reads from disk one brings the item back to memory"},
    {"compact_under N", "pages are rewritten when so few are free"},
    {"drop_under N", "pages are dropped when so few are free"},
    {"max_frag RATIO", "pages that are used less than this share are rewritten"},
    {"drop_unread 0|1", "rewriting drops what was not read"},
    {"max_sleep MICROSECONDS", "how long its threads pause at the most"},
    {"free_memchunks CLASS N", "nothing any more: servers accept and ignore it"},
    {0},
};

const struct command command_extstore = {
    .name = "extstore",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT,
    .operands = "WORD N...",
    .forms = extstore_forms,
    .summary = "tune the items on disk",
    .about = "For servers that keep large values on disk (-o ext_path=...). One without answers OK "
	     "all the same. stats extstore shows the pages, stats settings the numbers (ext_...).",
    .sends = "extstore <words>\\r\\n",
    .replies = "OK; ERROR",
    .example = "> extstore item_age 3600\nOK\n",
    .verb = VERB_EXTSTORE,
    .build = argument_words,
};

const struct command command_refresh_certs = {
    .name = "refresh_certs",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT,
    .operands = "",
    .summary = "make the server read its certificates again",
    .about = "A server that speaks TLS reads the files of its certificate and key again; "
	     "connections that are open keep the old ones.",
    .sends = "refresh_certs\\r\\n",
    .replies = "OK; Error and why not",
    .verb = VERB_REFRESH_CERTS,
    .build = argument_none,
};
