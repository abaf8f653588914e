#include "command/arguments.h"
#include "command/rows.h"
#include "command/stats_since.h"

static const struct command_form stats_forms[] = {
    {"", "the general counters"},
    {"settings", "how the server was started and set"},
    {"items", "the items of each slab class: how many, how old, evicted"},
    {"slabs", "the memory of each slab class"},
    {"sizes", "how many items there are of each size (-o track_sizes)"},
    {"sizes_enable|sizes_disable", "start and stop counting sizes, on servers before 1.6.25"},
    {"conns", "the open connections, and what each is doing"},
    {"detail on|off|dump", "counters for each prefix of keys, up to the first colon (-D)"},
    {"extstore", "the pages of items on disk"},
    {"proxy", "counters of memcached's proxy"},
    {"proxyfuncs", "what the proxy's functions use"},
    {"proxybe", "the backends of the proxy"},
    {"cachedump CLASS LIMIT", "keys of a class, of some; lru_crawler metadump lists all"},
    {"reset", "sets the counters to 0, for everybody"},
    {"WORD", "what another server or a proxy may know"},
    {0},
};

static const struct command_option stats_options[] = {
    {"--since", NULL, "what changed since the last look in this session", NULL},
    {0},
};

static const struct command_hint stats_hints[] = {
    {"client clients connections conns", "type stats conns"},
    {"show", "type stats; the keys: .keys"},
    {"hits hitrate ratio", "type .report --no-keys; stats at a prompt begins with the hit ratio"},
    {0},
};

const struct command command_stats = {
    .name = "stats",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT,
    .operands = "[WORD...]",
    .forms = stats_forms,
    .options = stats_options,
    .habits = "info status",
    .hints = stats_hints,
    .summary = "show the server's counters",
    .about = "Without a word the general counters; with one a set of them. Words are sent whole: "
	     "memcached since 1.6.40 takes the beginning of one for it, and stats r would reset "
	     "the counters. --since shows what changed since the last stats or stats --since of "
	     "this session, with rates and the ratios of that interval; the first time, since the "
	     "server was started. For eyes what did not change is left out, and of three servers "
	     "and more those are marked that are far from the others.",
    .sends = "stats [<word>...]\\r\\n",
    .replies = "STAT <name> <value>, ITEM or PREFIX lines, then END; RESET; OK",
    .example = "> stats reset\nRESET\n",
    .verb = VERB_STATS,
    .build = argument_words,
    .effect = EFFECT_READS,
    .run = stats_since_run,
    .runs = stats_since_runs,
};
