/* The meta commands as they are typed: mg ms md ma mn me. What each flag is, proto/meta_flags.h
 * has. */
#include "proto/meta.h"
#include "base/base64.h"
#include "base/number.h"
#include "base/quote.h"
#include "command/arguments.h"
#include "command/rows.h"
#include "proto/meta_flags.h"
#include "proto/software.h"
#include "shell/execute.h"
#include "shell/flow/window.h"
#include "shell/lang/args.h"
#include "shell/report.h"
#include "shell/tracing.h"

#define FORCE_OPTION                                                                               \
	{                                                                                          \
		"--force", NULL, "send the flags as they are, whether they are known or not", NULL \
	}

static const struct command_option flag_options[] = {FORCE_OPTION, {0}};

static const struct command_option value_options[] = {
    {"--file", "FILE", "take the value from a file, in place of VALUE; - is standard input",
     "VALUE"},
    FORCE_OPTION,
    {0},
};

static bool find_flag(const struct slice *flags, size_t count, char letter)
{
	for (size_t i = 0; i < count; i++) {
		if (flags[i].len > 0 && flags[i].data[0] == letter)
			return true;
	}
	return false;
}

/* The server that REQUEST goes to; SERVER_BY_KEY: none is known. */
static size_t target_server(struct session *s, const struct args *args,
                            const struct request *request)
{
	struct target target;
	struct error ignored;
	if (!execute_target(s, args, &target, &ignored))
		return SERVER_BY_KEY;
	size_t server = servers_named(&s->servers, &target);
	if (server != SERVER_BY_KEY)
		return server;
	struct buf key = BUF_INIT;
	buf_add_slice(&key, execute_prefix(s, args));
	buf_add_slice(&key, request->keys[0]);
	server = client_server_for(s->servers.client, buf_slice(&key));
	buf_release(&key);
	return server;
}

/* Refuses FLAGS that the server is too old for. It is asked for its version, once a connection, if
 * one of them is newer than the commands. */
static bool check_version(struct session *s, const struct args *args, const struct request *request,
                          const struct slice *flags, size_t count, size_t others,
                          struct error *error)
{
	struct slice why, command = slice_str(args->command->name);
	unsigned since = meta_flags_since(command, flags, count, others, &why);
	size_t server = since > 0 ? target_server(s, args, request) : SERVER_BY_KEY;
	if (server >= client_server_count(s->servers.client) || !window_barrier(s))
		return true;
	tracing_begin(&s->tracing);
	struct slice version = client_version(s->servers.client, server);
	tracing_end(&s->tracing);
	/* Of software that is not memcached it is not known which flags it has. */
	if (version.len == 0 || software_of(version) != &software_memcached ||
	    software_is_since(version, 1, 6, since))
		return true;
	struct buf has = BUF_INIT;
	escape_add_field(&has, version);
	if (why.len > 0)
		error_set(error, NULL, "%.*s knows the flag %.*s since memcached 1.6.%u",
		          (int)command.len, command.data, SLICE_ARGS(why, 40), since);
	else
		error_set(error, NULL, "the line has %zu words", 1 + others + count);
	error_hint(error, "%s has %s%s; --force sends it all the same",
	           servers_label(&s->servers, server), buf_cstr(&has),
	           why.len > 0 ? "" : ", which takes 19");
	buf_release(&has);
	return false;
}

/* Warns of what has no effect, and of a time that is read as a date. */
static void warn_of_flags(struct session *s, const struct args *args, const struct slice *flags,
                          size_t count)
{
	struct slice command = slice_str(args->command->name);
	for (size_t i = 0; i < count; i++) {
		const struct meta_flag *f = meta_flag_find(command, flags[i].data[0]);
		int64_t seconds;
		if (f && f->partner && !find_flag(flags, count, f->partner) && window_barrier(s))
			report_errorf(s, STATUS_OK, "give both, or leave it out",
			              "warning: %c changes nothing without %c", f->letter,
			              f->partner);
		if (f && f->token == META_TOKEN_SECONDS && f->letter != 'R' &&
		    number_parse_i64(slice_skip(flags[i], 1), &seconds) == NUMBER_OK &&
		    seconds > EXPTIME_RELATIVE_MAX && window_barrier(s))
			report_errorf(s, STATUS_OK, "up to 2592000 it counts from now",
			              "warning: the server reads %.*s as a date, being over 30 "
			              "days",
			              SLICE_ARGS(flags[i], 20));
	}
}

/* A bare number where the protocol has the length: a line of the protocol, typed or pasted, whose
 * data would be run as commands. */
static bool refuse_length(const struct args *args, struct error *error)
{
	const struct word *word = &args->words[1];
	uint64_t n;
	if (args_option(args, "--file", NULL) || word->quoted ||
	    number_parse_u64(word->text, &n) != NUMBER_OK)
		return false;
	error_set(error, NULL, "ms: %.*s may be the value or, as in the protocol, its length",
	          SLICE_ARGS(word->text, 20));
	error_hint(error, "mcsh counts the bytes itself: quote it if it is the value, '%.*s'",
	           SLICE_ARGS(word->text, 20));
	return true;
}

/* The key: base64 where b says so, or where it has to be. What is decoded is in args->key. */
static bool read_key(struct session *s, struct args *args, struct request *request, bool typed_b,
                     struct error *error)
{
	struct error ignored;
	struct slice text = args->operands[0];
	request->keys = &args->key;
	request->key_count = 1;
	request->key_coded = true;
	if (!typed_b) {
		struct slice prefix = execute_prefix(s, args);
		args->key = text;
		/* One that is too long is no shorter in base64. */
		request->key_coded = text.len > 0 && text.len <= KEY_MAX_BYTES &&
		                     (!key_check(text, &ignored) ||
		                      (prefix.len > 0 && !key_check(prefix, &ignored)));
		return request_check_keys(request, error);
	}
	size_t from = args->file.len;
	if (base64_decode(&args->file, text)) {
		args->key = slice_skip(buf_slice(&args->file), from);
		return request_check_keys(request, error);
	}
	args->key = text;
	request->key_coded = false;
	if (args_option(args, "--force", NULL))
		return request_check_keys(request, error);
	return error_set(
	    error, "leave b out: where it has to, mcsh writes a key in base64 by itself",
	    "b says that the key is base64, and \"%.*s\" is not", SLICE_ARGS(text, 60));
}

/* The operands from FIRST on are flags: checks them, reads the key, and makes the request's text.
 */
static bool read_flags(struct session *s, struct args *args, size_t first, struct request *request,
                       struct error *error)
{
	const struct slice *flags = args->operands + first;
	size_t count = args->count - first, others = request->verb == VERB_MS ? 2 : 1;
	bool force = args_option(args, "--force", NULL), b = find_flag(flags, count, 'b');
	struct slice command = slice_str(args->command->name);
	if (!force && !meta_flags_check(command, flags, count, others, error))
		return false;
	size_t text = args->file.len;
	for (size_t i = 0; i < count; i++) {
		buf_add_str(&args->file, i > 0 ? " " : "");
		buf_add_slice(&args->file, flags[i]);
	}
	size_t end = args->file.len;
	if (!read_key(s, args, request, b, error))
		return false;
	request->text = slice_of(args->file.data + text, end - text);
	others += request->key_coded && !b;
	if (!force && !check_version(s, args, request, flags, count, others, error))
		return false;
	if (!force)
		warn_of_flags(s, args, flags, count);
	return true;
}

static bool build_flags(struct session *s, struct args *args, struct request *request,
                        struct error *error)
{
	buf_clear(&args->file);
	return read_flags(s, args, 1, request, error);
}

static bool build_ms(struct session *s, struct args *args, struct request *request,
                     struct error *error)
{
	bool file = args_option(args, "--file", NULL);
	buf_clear(&args->file);
	if (refuse_length(args, error) || !argument_value(s, args, 1, &request->value, error) ||
	    !read_flags(s, args, file ? 1 : 2, request, error))
		return false;
	if (file) /* what was added after it may have moved it */
		request->value.data = args->file.data;
	return true;
}

#define FLAGS_ABOUT                                                                                \
	"The flags are those of memcached's protocol.txt, each a word of its own: a letter, and "  \
	"after it, without a blank, its token. One that the command does not know, or that is "    \
	"newer than the server, is an error and nothing is sent; --force sends it all the same. "  \
	"A key with blanks or control bytes goes out in base64, and the flag b with it."

const struct command command_mg = {
    .name = "mg",
    .group = GROUP_META,
    .operands = "KEY [FLAG...]",
    .options = flag_options,
    .summary = "show what is known of an item, and its value",
    .about =
	"Meta get: shows of KEY what the flags ask for, as v its value, t the seconds that it has "
	"left to live and f its client flags; without flags, whether it is there. " FLAGS_ABOUT
	" In plain format the line is the value, or HD without v, and after tabs the flags as they "
	"came; a miss prints nothing. With q a miss is not answered: the silence is the answer.",
    .sends = "mg <key> <flags>*\\r\\n",
    .replies = "VA <size> <flags>* and the value with v; HD <flags>*; EN for a miss. W: you have "
	       "won the right to fetch it again; X: it is stale; Z: someone else has won",
    .example =
	"> set foo bar\nSTORED\n> mg foo v\nbar\n> mg foo v t f\nbar\tt-1\tf0\n> mg foo\nHD\n",
    .verb = VERB_MG,
    .build = build_flags,
};

const struct command command_ms = {
    .name = "ms",
    .group = GROUP_META,
    .operands = "KEY VALUE [FLAG...]",
    .options = value_options,
    .summary = "store a value, as the flags say",
    .about =
	"Meta set: stores VALUE under KEY, T its time to live, F its client flags, M the "
	"mode. VALUE stands where the protocol has its length: mcsh counts the bytes, and a bare "
	"number there is refused: quoted it is a value. " FLAGS_ABOUT
	" A value that the server refuses deletes the old one, in each mode.",
    .sends = "ms <key> <size> <flags>*\\r\\n<value>\\r\\n",
    .replies =
	"HD <flags>*; NS when the mode does not allow it; EX when the cas number of C is "
	"another; NF when the key of C is not there; SERVER_ERROR object too large for cache",
    .example = "> ms foo bar T90 F5\nHD\n> mg foo v f\nbar\tf5\n> ms foo two ME\nNS\n"
	       "> ms foo ! MA\nHD\n> get foo\nbar!\n",
    .verb = VERB_MS,
    .build = build_ms,
};

const struct command command_md = {
    .name = "md",
    .group = GROUP_META,
    .operands = "KEY [FLAG...]",
    .options = flag_options,
    .summary = "remove an item, or mark it stale",
    .about = "Meta delete: removes KEY. With I it is kept and marked stale: the first who gets it "
	     "then is shown W, and is to fetch it again, while the others still have the old "
	     "value. " FLAGS_ABOUT,
    .sends = "md <key> <flags>*\\r\\n",
    .replies = "HD <flags>*; NF when the key is not there; EX when the cas number of C is another",
    .example = "> set foo bar\nSTORED\n> md foo I T30\nHD\n> mg foo v\nbar\tX\tW\n> md foo\nHD\n"
	       "> md foo\nNF\n",
    .verb = VERB_MD,
    .build = build_flags,
};

const struct command command_ma = {
    .name = "ma",
    .group = GROUP_META,
    .operands = "KEY [FLAG...]",
    .options = flag_options,
    .summary = "add to a number, or subtract from it",
    .about = "Meta arithmetic: adds 1, or the delta of D, to the decimal number that KEY holds; MD "
	     "subtracts. N makes the number where KEY is not there, J says what it begins "
	     "with. " FLAGS_ABOUT,
    .sends = "ma <key> <flags>*\\r\\n",
    .replies = "VA <size> <flags>* and the number with v; HD <flags>*; NF when the key is not "
	       "there; EX when the cas number of C is another; CLIENT_ERROR cannot increment or "
	       "decrement non-numeric value",
    .example = "> ma counter N0 J10 v\n10\n> ma counter D5 v\n15\n> ma counter MD v t\n14\tt-1\n",
    .verb = VERB_MA,
    .build = build_flags,
};

const struct command command_mn = {
    .name = "mn",
    .group = GROUP_META,
    .flags = COMMAND_FAN_OUT,
    .operands = "",
    .summary = "do nothing, and have it answered",
    .about = "Meta no-op: its answer says that everything before it was answered. mcsh sends one "
	     "after each quiet command, and so knows what its silence means.",
    .sends = "mn\\r\\n",
    .replies = "MN",
    .example = "> mn\nMN\n",
    .verb = VERB_MN,
    .build = argument_none,
};

const struct command command_me = {
    .name = "me",
    .group = GROUP_META,
    .operands = "KEY [FLAG...]",
    .options = flag_options,
    .summary = "show what the server keeps of an item, without touching it",
    .about =
	"Meta debug: when KEY expires, when it was last used, its cas number, whether it was ever "
	"read, its slab class and the memory that it takes. The item is not counted as read. The "
	"only flag is b. exp is shown as the server sends it: seconds left, which servers before "
	"1.6.24 write with a minus; -1 is never.",
    .sends = "me <key>\\r\\n",
    .replies = "ME <key> <name>=<value>*; EN for a miss",
    .example = "> set foo bar\nSTORED\n> me foo | grep fetch\nfetch\tno\n",
    .verb = VERB_ME,
    .build = build_flags,
};
