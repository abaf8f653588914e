#include "command/rows.h"
#include "lib/unit.h"
#include "shell/completion.h"
#include "shell/execute.h"
#include "shell/lang/complete.h"
#include "shell/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A command that is added changes what is offered for a few letters: not in this list. */
static const struct command *const few[] = {
    &command_set,
    &command_cas,
    &command_get,
    &command_gets,
    &command_gat,
    &command_get_multi,
    &command_touch,
    &command_delete,
    &command_incr,
    &command_stats,
    &command_version,
    &command_flush_all,
    &command_slabs,
    &command_lru,
    &command_lru_crawler,
    &command_config,
    &command_shutdown,
    &command_dot_set,
    &command_dot_format,
    &command_dot_trace,
    &command_dot_profile,
    &command_dot_servers,
    &command_dot_connect,
    &command_dot_sandbox,
    &command_dot_repeat,
    &command_dot_source,
    &command_dot_expect,
    &command_dot_record,
    &command_dot_help,
    &command_dot_cluster,
    &command_dot_on,
    &command_mg,
    &command_ms,
    &command_ma,
    NULL,
};

/* A session with a few keys seen, in a directory with a few files. */
struct bench {
	struct session session;
	struct sources from;
	struct candidates found;
	char dir[64];
};

static void make_file(const char *name)
{
	FILE *f = fopen(name, "w");
	assert_non_null(f);
	assert_int_equal(fclose(f), 0);
}

static int setup(void **state)
{
	static struct bench bench;
	struct bench *b = &bench;
	struct error error;
	static const struct slice servers[] = {SLICE("127.0.0.1:11311"), SLICE("/tmp/mc.sock")};
	*b = (struct bench){.dir = "/tmp/mcsh-complete.XXXXXX"};
	assert_non_null(mkdtemp(b->dir));
	assert_int_equal(chdir(b->dir), 0);
	make_file("alpha.mc");
	make_file("two words");
	make_file(".hidden");
	assert_int_equal(mkdir("sub", 0700), 0);
	make_file("sub/inner.mc");
	session_init(&b->session, few);
	assert_true(servers_connect(&b->session.servers, servers, 2, &error));
	keys_add(&b->session.run.keys, SLICE("user:1"));
	keys_add(&b->session.run.keys, SLICE("user:2"));
	keys_add(&b->session.run.keys, SLICE("it's"));
	keys_add(&b->session.run.keys, SLICE("--dashed"));
	b->from = completion_sources(&b->session);
	*state = b;
	return 0;
}

static int teardown(void **state)
{
	struct bench *b = *state;
	candidates_release(&b->found);
	session_end(&b->session);
	static const char *const names[] = {"alpha.mc", "two words", ".hidden", "sub/inner.mc"};
	for (size_t i = 0; i < 4; i++)
		unlink(names[i]);
	rmdir("sub");
	assert_int_equal(chdir("/"), 0);
	return rmdir(b->dir);
}

static void run_line(struct bench *b, const char *line)
{
	assert_int_equal(session_execute(&b->session, slice_str(line)), STATUS_OK);
}

/* WANT is the candidates with a '|' after each; the word replaced begins where '^' stands in
 * LINE, which is not part of it, and the cursor is at its end. */
static void offers_at(struct bench *b, const char *line, size_t cursor, const char *want)
{
	struct buf text = BUF_INIT, got = BUF_INIT;
	size_t start = SIZE_MAX, count = 0;
	for (const char *p = line; *p; p++) {
		if (*p == '^')
			start = text.len;
		else
			buf_add_char(&text, *p);
	}
	complete_line(&b->from, buf_slice(&text), cursor < text.len ? cursor : text.len, &b->found);
	for (size_t i = 0; i < b->found.words.len; i++) {
		char c = b->found.words.data[i];
		buf_add_char(&got, c ? c : '|');
		count += c == '\0';
	}
	if (!slice_eq_str(buf_slice(&got), want))
		print_error("'%s'\n", line);
	assert_bytes(buf_slice(&got), slice_str(want));
	assert_int_equal(b->found.count, count);
	if (start != SIZE_MAX && count > 0)
		assert_int_equal(b->found.start, start);
	buf_release(&text);
	buf_release(&got);
}

static void offers(struct bench *b, const char *line, const char *want)
{
	offers_at(b, line, SIZE_MAX, want);
}

#define BENCH struct bench *b = *state

static void commands_by_their_beginning(void **state)
{
	BENCH;
	offers(b, "^ge", "get|get_multi|gets|");
	offers(b, "  ^gets", "gets|");
	offers(b, "^.tr", ".trace|");
	offers(b, "^.s", ".sandbox|.servers|.set|.source|");
	offers(b, "^flush", "flush_all|");
	offers(b, ".record ^of", "off|");
	offers(b, ".expect ^s", "status|");
	offers(b, "^zzz", "");
	/* With nothing typed there is every command, in the order of their bytes. */
	complete_line(&b->from, SLICE(""), 0, &b->found);
	size_t rows = 0;
	while (few[rows])
		rows++;
	assert_int_equal(b->found.count, rows);
	assert_true(slice_starts(buf_slice(&b->found.words), SLICE(".")));
}

static void the_word_at_the_cursor_counts(void **state)
{
	BENCH;
	offers_at(b, "^tou user:1", 3, "touch|");
	offers_at(b, "get ^user:1 x", 8, "user:1|user:2|");
	offers_at(b, "^.trace on", 4, ".trace|");
}

static void keys_that_were_seen(void **state)
{
	BENCH;
	offers(b, "get ^", "\"--dashed\"|\"it's\"|user:1|user:2|");
	offers(b, "get ^us", "user:1|user:2|");
	offers(b, "get user:1 ^user:2", "user:2|");
	offers(b, "get ^nothing", "");
	offers(b, "set ^user:1", "user:1|");
	offers(b, "set user:1 ^u", "");
	offers(b, "gat ^1", "");
	offers(b, "gat 10 ^u", "user:1|user:2|");
	offers(b, "set --time 5 ^u", "user:1|user:2|");
	offers(b, "set -- ^u", "user:1|user:2|");
}

static void words_in_quotes(void **state)
{
	BENCH;
	offers(b, "get ^\"us", "user:1|user:2|");
	offers(b, "get ^'us", "user:1|user:2|");
	offers(b, "get ^us\"er:", "user:1|user:2|");
	offers(b, "get ^\"it'", "\"it's\"|");
	offers(b, "get ^it\\'", "\"it's\"|");
	offers(b, "get \"user:1\" ^\"u", "user:1|user:2|");
	offers(b, "get a\\q^", "");
}

static void options_of_the_command(void **state)
{
	BENCH;
	offers(b, "set ^--",
	       "--file|--flags|--hash|--min-compress-len|--noreply|--server|--time|--type|");
	offers(b, "set ^--f", "--file|--flags|");
	offers(b, "set ^-",
	       "--file|--flags|--hash|--min-compress-len|--noreply|--server|--time|--type|");
	offers(b, "set --noreply ^--t", "--time|--type|");
	offers(b, "delete ^--", "--hash|--noreply|--server|");
	offers(b, "get ^--", "--hash|--server|");
	offers(b, "set -- ^--d", "\"--dashed\"|");
	offers(b, "set k ^--", "");
}

static void values_of_options(void **state)
{
	BENCH;
	offers(b, "set --file ^", "alpha.mc|sub/|\"two words\"|");
	offers(b, "set --file ^al", "alpha.mc|");
	offers(b, "set --time ^", "");
	offers(b, "set --flags ^u", "");
	offers(b, "set --type ^", "bytes|int|json|long|text|");
	offers(b, "cas --type ^i", "int|");
}

static void files(void **state)
{
	BENCH;
	offers(b, ".source ^", "alpha.mc|sub/|\"two words\"|");
	offers(b, ".source ^sub/", "sub/inner.mc|");
	offers(b, ".source ^./al", "./alpha.mc|");
	offers(b, ".source ^.h", ".hidden|");
	offers(b, ".source ^'two", "\"two words\"|");
	offers(b, ".source ^nowhere/", "");
	offers(b, "get k > ^al", "alpha.mc|");
	offers(b, "get k >> ^su", "sub/|");
	offers(b, "get k | ^al", "");
}

static void choices_and_settings(void **state)
{
	BENCH;
	offers(b, ".format ^", "csv|json|plain|pretty|raw|wire|");
	offers(b, ".format ^p", "plain|pretty|");
	offers(b, ".trace ^", "explain|hex|off|on|");
	offers(b, ".format json ^", "");
	offers(b, ".set ^ti", "timeout|timing|");
	offers(b, ".set timing ^", "full|off|on|");
	offers(b, ".set timing ^f", "full|");
	offers(b, ".set pager ^", "off|on|");
	offers(b, ".set fo ^j", "json|");
	offers(b, ".set trace_file ^al", "alpha.mc|");
	offers(b, ".set timeout ^", "");
	offers(b, ".profile ^p",
	       "pecl-memcache|php-memcached|pylibmc|pymemcache|python-memcached|");
	offers(b, ".set profile ^n", "node-memcached|none|");
	offers(b, ".set compress_level ^d", "default|");
	offers(b, ".set nothing ^", "");
}

static void words_that_a_row_suggests(void **state)
{
	BENCH;
	offers(b, "stats ^s", "settings|sizes|sizes_disable|sizes_enable|slabs|");
	offers(b, "stats ^",
	       "cachedump|conns|detail|extstore|items|proxy|proxybe|proxyfuncs|reset|settings|"
	       "sizes|sizes_disable|sizes_enable|slabs|");
	offers(b, "stats detail ^", "dump|off|on|");
	offers(b, "stats --server 1 detail ^d", "dump|");
	offers(b, "stats settings ^", "");
	offers(b, "slabs ^", "automove|reassign|");
	offers(b, "slabs automove ^", "0|1|2|freeratio|ratio|window|");
	offers(b, "slabs automove ratio ^", "");
	offers(b, "lru_crawler metadump ^h", "hash|");
	offers(b, "config get ^", "cluster|");
	offers(b, ".connect ^", "/tmp/mc.sock|127.0.0.1:11311|");
	offers(b, ".connect ^12", "127.0.0.1:11311|");
	run_line(b, ".cluster prod = a b");
	run_line(b, ".cluster test = c");
	offers(b, ".connect ^@", "@prod|@test|");
	offers(b, ".connect ^@t", "@test|");
	offers(b, ".on ^@", "");
	offers(b, "get --server ^@", "");
}

static void commands_within_commands(void **state)
{
	BENCH;
	offers(b, ".help ^tou", "touch|");
	offers(b, "? ^tou", "touch|");
	offers(b, ".help get ^", "");
	offers(b, ".repeat ^", "");
	offers(b, ".repeat 10 ^tou", "touch|");
	offers(b, ".repeat 10 get ^us", "user:1|user:2|");
	offers(b, ".repeat 10 .repeat 5 ^tou", "touch|");
	offers(b, ".repeat 10 .format ^w", "wire|");
}

static void hint(struct bench *b, const char *line, const char *want)
{
	struct buf got = BUF_INIT;
	complete_hint(b->session.commands, slice_str(line), &got);
	if (!slice_eq_str(buf_slice(&got), want))
		print_error("'%s'\n", line);
	assert_bytes(buf_slice(&got), slice_str(want));
	buf_release(&got);
}

/* After NAME, the candidates' meanings with a '|' after each. */
static void means(struct bench *b, const char *line, const char *want)
{
	struct buf got = BUF_INIT;
	complete_line(&b->from, slice_str(line), SIZE_MAX, &b->found);
	for (size_t i = 0; i < b->found.notes.len; i++)
		buf_add_char(&got, b->found.notes.data[i] ? b->found.notes.data[i] : '|');
	assert_bytes(buf_slice(&got), slice_str(want));
	buf_release(&got);
}

static void flags_of_meta_commands(void **state)
{
	BENCH;
	offers(b, "mg ^us", "user:1|user:2|");
	offers(b, "ma foo ^", "C|D|E|J|L|M|N|O|P|T|b|c|k|q|t|v|");
	offers(b, "ma foo v q C1 D2 E3 J4 L P M+ ^", "N|O|T|b|c|k|t|");
	offers(b, "ms foo bar ^M", "MA|ME|MP|MR|MS|");
	offers(b, "ma foo ^M", "MD|MI|");
	offers(b, "mg foo ^v", "v|");
	offers(b, "mg foo ^T", "");
	offers(b, "mg foo ^y", "");
	means(b, "ma foo v q C1 D2 E3 J4 L P M+ T1 b c ",
	      "SECONDS: on a miss make the number, to live so long|"
	      "TEXT: an opaque: the answer repeats it|return the key|"
	      "return the seconds left to live|");
	means(b, "ms foo bar MA", "append|");
	means(b, "get us", "");
}

static void hints_say_what_is_still_wanted(void **state)
{
	BENCH;
	hint(b, "", "");
	hint(b, "nothing", "");
	hint(b, "# set", "");
	hint(b, "set", "KEY VALUE [TIME]");
	hint(b, "set ", "KEY VALUE [TIME]");
	hint(b, "set foo", "VALUE [TIME]");
	hint(b, "set foo ", "VALUE [TIME]");
	hint(b, "set foo 'open", "[TIME]");
	hint(b, "set foo bar", "[TIME]");
	hint(b, "set foo bar 5", "");
	hint(b, "slabs reassign", "SRC DST");
	hint(b, "slabs reassign 1", "DST");
	hint(b, "slabs automove ", "0|1|2|ratio|freeratio|window");
	hint(b, "slabs automove ratio", "RATIO");
	hint(b, "slabs automove 1", "");
	hint(b, "slabs --server", "SERVER [reassign|automove] [WORD...]");
	hint(b, "shutdown", "[graceful]");
	hint(b, "lru tune 20", "WARM HOT-AGE WARM-AGE");
	hint(b, "lru_crawler crawl ", "all|CLASSES");
	hint(b, "set --time", "T KEY VALUE [TIME]");
	hint(b, "set --time 5", "KEY VALUE [TIME]");
	hint(b, "set --noreply", "KEY VALUE [TIME]");
	hint(b, "get", "KEY...");
	hint(b, "get foo", "[KEY...]");
	hint(b, "get foo bar", "[KEY...]");
	hint(b, "gat", "TIME KEY...");
	hint(b, "gat 5", "KEY...");
	hint(b, "gat 5 foo", "[KEY...]");
	hint(b, "incr foo", "[DELTA]");
	hint(b, ".format", "[pretty|plain|raw|json|csv|wire]");
	hint(b, "version", "");
	hint(b, "mg", "KEY [FLAG...]");
	hint(b, "mg foo ", "[FLAG...]");
	hint(b, "mg foo T", "SECONDS: the new time to live");
	hint(b, "mg foo T90", "SECONDS: the new time to live");
	hint(b, "mg foo T90 ", "[FLAG...]");
	hint(b, "ms foo bar", "[FLAG...]");
	hint(b, "ms foo bar MA", "append");
	hint(b, "ms foo bar s", "return the length of what is stored (1.6.20)");
	hint(b, "mg foo y", "no flag of mg");
	hint(b, "get foo | sort", "");
	hint(b, "get foo > file", "");
	hint(b, "set \\q", "");
}

#define ENTRY(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

UNIT_MAIN(ENTRY(commands_by_their_beginning), ENTRY(the_word_at_the_cursor_counts),
          ENTRY(keys_that_were_seen), ENTRY(words_in_quotes), ENTRY(options_of_the_command),
          ENTRY(values_of_options), ENTRY(files), ENTRY(choices_and_settings),
          ENTRY(words_that_a_row_suggests), ENTRY(commands_within_commands),
          ENTRY(flags_of_meta_commands), ENTRY(hints_say_what_is_still_wanted))
