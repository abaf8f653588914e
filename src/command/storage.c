#include "base/zip.h"
#include "command/common.h"
#include "command/rows.h"

/* The flag bit that python-memcached and its kin give to a zlib stream. */
#define FLAG_ZLIB 8

#define TIME_OPTION                                                                                \
	{                                                                                          \
		"--time", "T", "when it expires: seconds, 90s 15m 12h 45d, @UNIXTIME; 0 never",    \
		    NULL                                                                           \
	}
#define FLAGS_OPTION                                                                               \
	{                                                                                          \
		"--flags", "F", "the 32-bit number kept with the value (default 0)", NULL          \
	}
#define COMPRESS_OPTION                                                                            \
	{                                                                                          \
		"--min-compress-len", "N",                                                         \
		    "compress with zlib when longer than N bytes and smaller so (adds flag 8)",    \
		    NULL                                                                           \
	}
#define NOREPLY_OPTION                                                                             \
	{                                                                                          \
		"--noreply", NULL, "ask the server for no answer", NULL                            \
	}
#define FILE_OPTION                                                                                \
	{                                                                                          \
		"--file", "FILE", "take the value from a file; - is standard input", "VALUE"       \
	}

static const struct command_option store_options[] = {
    TIME_OPTION, FLAGS_OPTION, COMPRESS_OPTION, NOREPLY_OPTION, FILE_OPTION, {0},
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
	if (option && index < args->count) {
		error_set(error, "give it once, as --time T or behind the value",
		          "%s has two times", args->command->name);
		return false;
	}
	if (!option && index >= args->count)
		return true;
	return common_time(s, option ? text : args->operands[index], &request->exptime, error);
}

static bool read_compression(struct args *args, struct request *request, struct error *error)
{
	struct slice text;
	uint64_t least;
	struct buf stream = BUF_INIT;
	if (!args_option(args, "--min-compress-len", &text))
		return true;
	if (!common_number(text, "--min-compress-len", UINT32_MAX, &least, error))
		return false;
	if (zip_compress_if_smaller(request->value, least, ZIP_LEVEL_DEFAULT, &stream)) {
		/* The stream takes the place of what --file has read. */
		buf_release(&args->file);
		args->file = stream;
		request->value = buf_slice(&args->file);
		request->flags |= FLAG_ZLIB;
	} else {
		buf_release(&stream);
	}
	return true;
}

/* KEY VALUE, then CAS for cas, then [TIME]. */
static bool build_store(struct session *s, struct args *args, struct request *request,
                        struct error *error)
{
	struct slice text;
	uint64_t flags = 0;
	size_t next = args_option(args, "--file", NULL) ? 1 : 2;

	request->keys = args->operands;
	request->key_count = 1;
	request->noreply = args_option(args, "--noreply", NULL);
	if (request->verb == VERB_CAS && !common_number(args->operands[next++], "the cas number",
	                                                UINT64_MAX, &request->number, error))
		return false;
	if (args_option(args, "--flags", &text) &&
	    !common_number(text, "--flags", UINT32_MAX, &flags, error))
		return false;
	request->flags = (uint32_t)flags;
	/* The time last: its warning is for a command that is sent. */
	return key_check(args->operands[0], error) &&
	       common_value(s, args, 1, &request->value, error) &&
	       read_compression(args, request, error) && read_time(s, args, next, request, error);
}

const struct command command_set = {
    .name = "set",
    .group = GROUP_STORE,
    .operands = "KEY VALUE [TIME]",
    .options = store_options,
    .summary = "store a value, whether the key is there or not",
    .about =
	"Stores VALUE under KEY and replaces what was there, its flags and its time too. "
	"mcsh counts the bytes itself. A value with blanks is quoted; \\n \\r \\t \\0 \\xHH in "
	"double quotes are single bytes. A value that is too large for the server deletes the "
	"old one.",
    .sends = "set <key> <flags> <exptime> <bytes>\\r\\n<value>\\r\\n",
    .replies =
	"STORED; SERVER_ERROR object too large for cache, SERVER_ERROR out of memory storing "
	"object",
    .example = "> set greeting \"hello, world\"\nSTORED\n> get greeting\nhello, world\n"
	       "> set session 1 90s\nSTORED\n",
    .verb = VERB_SET,
    .build = build_store,
};

const struct command command_add = {
    .name = "add",
    .group = GROUP_STORE,
    .operands = "KEY VALUE [TIME]",
    .options = store_options,
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
    .summary = "add bytes behind a value",
    .about = "Adds VALUE behind the value that KEY holds. Flags and time stay as they are.",
    .sends = "append <key> 0 0 <bytes>\\r\\n<value>\\r\\n",
    .replies = "STORED; NOT_STORED when the key is not there or the result would be too large",
    .example = "> set log one\nSTORED\n> append log \" two\"\nSTORED\n> get log\none two\n",
    .verb = VERB_APPEND,
    .build = build_store,
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
    .build = build_store,
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
