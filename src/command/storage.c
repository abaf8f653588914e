#include "command/storage.h"

#include "base/quote.h"
#include "base/zip.h"
#include "command/common.h"
#include "command/rows.h"

#define NOREPLY_OPTION                                                                             \
	{                                                                                          \
		"--noreply", NULL, "ask the server for no answer", NULL                            \
	}
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
	if (option && index < args->count) {
		error_set(error, "give it once, as --time T or behind the value",
		          "%s has two times", args->command->name);
		return false;
	}
	if (!option && index >= args->count)
		return true;
	return common_time(s, option ? text : args->operands[index], &request->exptime, error);
}

/* The clients that have flags for TYPE, as a hint. */
static void hint_profiles(enum decoded_type type, struct error *error)
{
	struct buf names = BUF_INIT;
	for (size_t i = 0; i < codec_count; i++) {
		const struct codec *p = codecs[i];
		if (codec_writer(p) == p && p->flags_for(type) != UINT64_MAX)
			buf_addf(&names, "%s%s", names.len ? ", " : "", p->name);
	}
	error_hint(error, "store it as text, or with .profile one of %s", buf_cstr(&names));
	buf_release(&names);
}

static bool read_type(const struct args *args, struct slice name, struct storing *how,
                      struct error *error)
{
	if (!operand_has_choice(SLICE(STORAGE_TYPES), name) ||
	    !decoded_type_find(name, &how->type)) {
		error_set(error, "it takes " STORAGE_TYPES, "--type does not know \"%.*s\"",
		          (int)(name.len < 60 ? name.len : 60), name.data);
		return false;
	}
	if (args_option(args, "--flags", NULL)) {
		error_set(error, "give one of them",
		          "--type and --flags both say what the flags shall be");
		return false;
	}
	uint64_t flags = how->profile->flags_for(how->type);
	if (flags == UINT64_MAX) {
		error_set(error, NULL, "%s has no flags for %s", how->profile->name,
		          decoded_type_name(how->type));
		hint_profiles(how->type, error);
		return false;
	}
	how->typed = true;
	how->flags = (uint32_t)flags;
	return true;
}

static bool read_compression(const struct session *s, const struct args *args, struct storing *how,
                             struct error *error)
{
	struct slice text;
	uint64_t least = s->settings.min_compress_len;
	if (args_option(args, "--min-compress-len", &text) &&
	    !common_number(text, "--min-compress-len", UINT32_MAX, &least, error))
		return false;
	how->min_compress_len = (size_t)least;
	how->level = (int)s->settings.compress_level + ZIP_LEVEL_DEFAULT;
	if (least == 0 || how->profile->zlib_flags)
		return true;
	error_set(error,
	          "leave --min-compress-len away and .set min_compress_len off, or choose another "
	          ".profile",
	          "%s does not compress with zlib", how->profile->name);
	return false;
}

bool storing_read(const struct session *s, const struct args *args, struct storing *how,
                  struct error *error)
{
	struct slice text;
	uint64_t flags = 0;
	*how = (struct storing){.profile = codec_writer(codecs[s->settings.profile])};
	if (args_option(args, "--flags", &text) &&
	    !common_number(text, "--flags", UINT32_MAX, &flags, error))
		return false;
	how->flags = (uint32_t)flags;
	if (args_option(args, "--type", &text) && !read_type(args, text, how, error))
		return false;
	return read_compression(s, args, how, error);
}

/* The start of a value in quotes, for an error. */
static void quote_start(struct buf *out, struct slice value)
{
	quote_add(out, slice_of(value.data, value.len < 40 ? value.len : 40));
	if (value.len > 40)
		buf_add_str(out, "...");
}

static bool refuse_value(const struct storing *how, struct slice value, struct error *error)
{
	static const struct {
		const char *what, *hint;
	} words[] = {
	    [DECODED_TEXT] = {"valid UTF-8", "store other bytes with --type bytes"},
	    [DECODED_INTEGER] = {"a whole number",
	                         "write decimal digits, behind a minus if need be"},
	    [DECODED_LONG] = {"a whole number", "write decimal digits, behind a minus if need be"},
	    [DECODED_JSON] = {"a JSON document", "quote a whole one, as in '{\"a\": [1, 2]}'"},
	};
	struct buf text = BUF_INIT;
	quote_start(&text, value);
	error_set(error, words[how->type].hint, "the value %s is not %s", buf_cstr(&text),
	          words[how->type].what);
	buf_release(&text);
	return false;
}

static bool refuse_range(const struct storing *how, struct slice value, struct error *error)
{
	struct buf text = BUF_INIT;
	quote_start(&text, value);
	error_set(error, "store it as text, or choose another .profile",
	          "the value %s is more than the %s of %s can hold", buf_cstr(&text),
	          decoded_type_name(how->type), how->profile->name);
	buf_release(&text);
	return false;
}

/* MADE takes the place of what ROOM holds, and of the value. */
static void replace_value(struct buf *made, struct buf *room, struct slice *value)
{
	buf_release(room);
	*room = *made;
	*value = room->len > 0 ? buf_slice(room) : SLICE("");
}

static bool encode(const struct storing *how, struct slice *value, struct buf *room,
                   struct error *error)
{
	struct buf made = BUF_INIT;
	if (!decoded_type_fits(how->type, *value))
		return refuse_value(how, *value, error);
	if (!how->profile->encode)
		return true;
	if (!how->profile->encode(how->type, *value, &made)) {
		buf_release(&made);
		return refuse_range(how, *value, error);
	}
	replace_value(&made, room, value);
	return true;
}

static void compress(const struct storing *how, struct slice *value, uint32_t *flags,
                     struct buf *room)
{
	const struct codec *p = how->profile;
	uint64_t added = how->min_compress_len > 0 ? p->zlib_flags(how->type) : 0;
	struct buf stream = BUF_INIT, made = BUF_INIT;
	if (added == 0 ||
	    !zip_compress_if_smaller(*value, how->min_compress_len, how->level, &stream) ||
	    stream.len + p->zlib_prefix >= value->len) {
		buf_release(&stream);
		return;
	}
	for (unsigned i = 0; i < p->zlib_prefix; i++)
		buf_add_char(&made, (char)(unsigned char)(value->len >> 8 * i));
	buf_add_slice(&made, buf_slice(&stream));
	buf_release(&stream);
	replace_value(&made, room, value);
	*flags |= (uint32_t)added;
}

bool storing_apply(const struct storing *how, struct slice *value, uint32_t *flags,
                   struct buf *room, struct error *error)
{
	*flags = how->flags;
	if (how->typed && !encode(how, value, room, error))
		return false;
	compress(how, value, flags, room);
	return true;
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
	if (request->verb == VERB_CAS && !common_number(args->operands[next++], "the cas number",
	                                                UINT64_MAX, &request->number, error))
		return false;
	/* The time last: its warning is for a command that is sent. */
	return key_check(args->operands[0], error) && storing_read(s, args, &how, error) &&
	       common_value(s, args, 1, &request->value, error) &&
	       storing_apply(&how, &request->value, &request->flags, &args->file, error) &&
	       read_time(s, args, next, request, error);
}

/* KEY VALUE: the bytes as they are. */
static bool build_join(struct session *s, struct args *args, struct request *request,
                       struct error *error)
{
	request->keys = args->operands;
	request->key_count = 1;
	request->noreply = args_option(args, "--noreply", NULL);
	return key_check(args->operands[0], error) &&
	       common_value(s, args, 1, &request->value, error);
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
