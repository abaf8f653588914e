#include "command/arguments.h"
#include "command/rows.h"
#include "command/storing.h"
#include "shell/lang/args.h"

#define FILE_OPTION                                                                                \
	{                                                                                          \
		"--file", "FILE",                                                                  \
		    "take the value from a file, in place of VALUE; - is standard input", "VALUE"  \
	}

static const struct command_option store_options[] = {
    STORAGE_TIME_OPTION,
    STORAGE_FLAGS_OPTION,
    STORAGE_TYPE_OPTION,
    STORAGE_COMPRESS_OPTION,
    NOREPLY_OPTION,
    FILE_OPTION,
    {0},
};

/* append and prepend keep the item's flags and time, and a piece of a stream is none. */
static const struct command_option join_options[] = {
    NOREPLY_OPTION,
    FILE_OPTION,
    {0},
};

static bool read_time(struct session *s, struct args *args, size_t index, struct request *request,
                      struct error *error)
{
	struct slice text;
	bool option = args_option(args, "--time", &text);
	if (option && index < args->count)
		return error_set(error, "give it once, as --time T or after the value",
		                 "%s has two times", args->command->name);
	if (!option && index >= args->count)
		return true;
	return argument_time(s, option ? text : args->operands[index], &request->exptime, error);
}

/* KEY VALUE, then CAS for cas, then [TIME]. */
static bool build_store(struct session *s, struct args *args, struct request *request,
                        struct error *error)
{
	struct storing how;
	size_t next = args_option(args, "--file", NULL) ? 1 : 2;

	request->keys = args->operands;
	request->key_count = 1;
	request->noreply = args_option(args, "--noreply", NULL);
	if (request->verb == VERB_CAS && !argument_number(args->operands[next++], "the cas number",
	                                                  UINT64_MAX, &request->number, error))
		return false;
	/* The time last: its warning is for a command that is sent. */
	return request_check_keys(request, error) && storing_read(s, args, &how, error) &&
	       argument_value(s, args, 1, &request->value, error) &&
	       storing_apply(&how, &request->value, &request->flags, &args->file, error) &&
	       read_time(s, args, next, request, error);
}

/* KEY VALUE: the bytes as they are. */
static bool build_join(struct session *s, struct args *args, struct request *request,
                       struct error *error)
{
	return argument_key(args, request, error) &&
	       argument_value(s, args, 1, &request->value, error);
}

static const struct command_hint set_hints[] = {
    {"setex psetex", "type set KEY VALUE TIME"},
    {0},
};

const struct command command_set = {
    .name = "set",
    .group = GROUP_STORE,
    .operands = "KEY VALUE [TIME]",
    .options = store_options,
    .hints = set_hints,
    .summary = "store a value, whether the key is there or not",
    .about =
	"Stores VALUE under KEY and replaces what was there, its flags and its time too. "
	"mcsh counts the bytes itself. A value with blanks is quoted; \\n \\r \\t \\0 \\xHH in "
	"double quotes are single bytes. A value that is too large for the server deletes the "
	"old one. With --type the value is checked, and gets the flags and the bytes that the "
	"client of .profile would give it, python-memcached's under auto; without it, it is "
	"bytes with flags 0.",
    .sends = "set <key> <flags> <exptime> <bytes>\\r\\n<value>\\r\\n",
    .replies =
	"STORED; SERVER_ERROR object too large for cache, SERVER_ERROR out of memory storing "
	"object",
    .example = "> set greeting \"hello, world\"\nSTORED\n> get greeting\nhello, world\n"
	       "> set session 1 90s\nSTORED\n> set --type int count 42\nSTORED\n",
    .verb = VERB_SET,
    .build = build_store,
};

const struct command command_add = {
    .name = "add",
    .group = GROUP_STORE,
    .operands = "KEY VALUE [TIME]",
    .options = store_options,
    .habits = "setnx",
    .summary = "store a value only if the key is not there",
    .about = "Stores VALUE under KEY unless the cache holds KEY already. Of several clients that "
	     "add the same key one succeeds, which makes add a simple lock.",
    .sends = "add <key> <flags> <exptime> <bytes>\\r\\n<value>\\r\\n",
    .replies = "STORED; NOT_STORED when the key is there",
    .example = "> add lock me 30s\nSTORED\n> add lock you 30s\nNOT_STORED\n",
    .verb = VERB_ADD,
    .build = build_store,
};

const struct command command_replace = {
    .name = "replace",
    .group = GROUP_STORE,
    .operands = "KEY VALUE [TIME]",
    .options = store_options,
    .summary = "store a value only if the key is there",
    .about = "Stores VALUE under KEY if the cache holds KEY, with new flags and a new time.",
    .sends = "replace <key> <flags> <exptime> <bytes>\\r\\n<value>\\r\\n",
    .replies = "STORED; NOT_STORED when the key is not there",
    .example = "> replace nothing here\nNOT_STORED\n",
    .verb = VERB_REPLACE,
    .build = build_store,
};

const struct command command_append = {
    .name = "append",
    .group = GROUP_STORE,
    .operands = "KEY VALUE",
    .options = join_options,
    .summary = "add bytes after a value",
    .about = "Adds VALUE after the value that KEY holds. Flags and time stay as they are.",
    .sends = "append <key> 0 0 <bytes>\\r\\n<value>\\r\\n",
    .replies = "STORED; NOT_STORED when the key is not there or the result would be too large",
    .example = "> set log one\nSTORED\n> append log \" two\"\nSTORED\n> get log\none two\n",
    .verb = VERB_APPEND,
    .build = build_join,
};

const struct command command_prepend = {
    .name = "prepend",
    .group = GROUP_STORE,
    .operands = "KEY VALUE",
    .options = join_options,
    .summary = "add bytes before a value",
    .about = "Adds VALUE before the value that KEY holds. Flags and time stay as they are.",
    .sends = "prepend <key> 0 0 <bytes>\\r\\n<value>\\r\\n",
    .replies = "STORED; NOT_STORED when the key is not there or the result would be too large",
    .example = "> set log two\nSTORED\n> prepend log \"one \"\nSTORED\n> get log\none two\n",
    .verb = VERB_PREPEND,
    .build = build_join,
};

const struct command command_cas = {
    .name = "cas",
    .group = GROUP_STORE,
    .operands = "KEY VALUE CAS [TIME]",
    .options = store_options,
    .summary = "store a value only if nobody changed it since",
    .about = "Check and set: stores VALUE under KEY if its cas number is still CAS, the one that "
	     "gets has shown. Every change gives an item a new one, so a change by another client "
	     "in between is noticed.",
    .sends = "cas <key> <flags> <exptime> <bytes> <cas>\\r\\n<value>\\r\\n",
    .replies = "STORED; EXISTS when it was changed in between; NOT_FOUND when it is gone",
    .example = "> cas nothing here 42\nNOT_FOUND\n",
    .verb = VERB_CAS,
    .build = build_store,
};
