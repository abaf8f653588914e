#include "command/arguments.h"
#include "command/rows.h"
#include "shell/lang/args.h"

static bool build_get(struct session *s, struct args *args, struct request *request,
                      struct error *error)
{
	(void)s;
	request->keys = args->operands;
	request->key_count = args->count;
	return request_check_keys(request, error);
}

static bool build_gat(struct session *s, struct args *args, struct request *request,
                      struct error *error)
{
	request->keys = args->operands + 1;
	request->key_count = args->count - 1;
	return request_check_keys(request, error) &&
	       argument_time_at(s, args, 0, &request->exptime, error);
}

const struct command command_get = {
    .name = "get",
    .group = GROUP_READ,
    .operands = "KEY...",
    .habits = "exists cat fetch read",
    .summary = "show the values of keys",
    .about =
	"Shows the value of each KEY. A key that is not there is a miss: that is not an error, "
	"nothing is printed for it in plain format, and the exit status is 1. One key alone "
	"gives its value; several give a line each, key, tab and value.",
    .sends = "get <key> [<key>...]\\r\\n",
    .replies = "VALUE <key> <flags> <bytes>\\r\\n<value>\\r\\n for each hit, then END",
    .example = "> set foo bar\nSTORED\n> set fox box\nSTORED\n> get foo\nbar\n"
	       "> get foo fox nope\nfoo\tbar\nfox\tbox\n",
    .verb = VERB_GET,
    .build = build_get,
};

static const struct command_option multi_options[] = {
    {"--key-prefix", "P", "put P before every key; it is not shown", NULL},
    {NULL, NULL, NULL, NULL},
};

const struct command command_get_multi = {
    .name = "get_multi",
    .group = GROUP_READ,
    .flags = COMMAND_KEYED,
    .operands = "KEY...",
    .options = multi_options,
    .habits = "mget",
    .summary = "show the values of many keys, each with its key",
    .about = "Like get, except that every value is shown with its key, one alone too, and that "
	     "--key-prefix puts a prefix before every key. Several servers are asked at once.",
    .sends = "get <key> [<key>...]\\r\\n, one line a server",
    .replies = "VALUE <key> <flags> <bytes>\\r\\n<value>\\r\\n for each hit, then END",
    .example =
	"> set_multi --key-prefix pfx_ k1 1 k2 2\n> get_multi --key-prefix pfx_ k1 k2 nonexist\n"
	"k1\t1\nk2\t2\n",
    .verb = VERB_GET,
    .build = build_get,
};

const struct command command_gets = {
    .name = "gets",
    .group = GROUP_READ,
    .operands = "KEY...",
    .summary = "show values and their cas numbers",
    .about = "Like get, with each item's cas number, which cas takes. In plain format each hit is "
	     "a line: key, tab, cas number, tab, value.",
    .sends = "gets <key> [<key>...]\\r\\n",
    .replies = "VALUE <key> <flags> <bytes> <cas>\\r\\n<value>\\r\\n for each hit, then END",
    .example = "> gets nope\n",
    .verb = VERB_GETS,
    .build = build_get,
};

const struct command command_gat = {
    .name = "gat",
    .group = GROUP_READ,
    .operands = "TIME KEY...",
    .summary = "show values and give them a new time to live",
    .about = "Get and touch: like get, and every KEY that is there expires after TIME from now.",
    .sends = "gat <exptime> <key> [<key>...]\\r\\n",
    .replies = "VALUE <key> <flags> <bytes>\\r\\n<value>\\r\\n for each hit, then END",
    .example = "> set foo bar 10s\nSTORED\n> gat 1h foo\nbar\n",
    .verb = VERB_GAT,
    .build = build_gat,
};

const struct command command_gats = {
    .name = "gats",
    .group = GROUP_READ,
    .operands = "TIME KEY...",
    .summary = "show values and cas numbers and give a new time to live",
    .about = "Like gat, with each item's cas number.",
    .sends = "gats <exptime> <key> [<key>...]\\r\\n",
    .replies = "VALUE <key> <flags> <bytes> <cas>\\r\\n<value>\\r\\n for each hit, then END",
    .example = "> gats 1h nope\n",
    .verb = VERB_GATS,
    .build = build_gat,
};
