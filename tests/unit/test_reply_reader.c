#include "lib/reading.h"
#include "lib/unit.h"
#include "proto/dialect.h"

#include <stdlib.h>

TEST(values_are_read_by_length)
{
	const struct transcript list[] = {
	    {GET_FOO, SLICE("END\r\n"), SLICE("END\nleft 0")},
	    {GET_FOO, SLICE("VALUE foo 5 3\r\nbar\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 5 <bar>\nEND\nleft 0")},
	    {GET_FOO, SLICE("VALUE foo 0 0\r\n\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 0 <>\nEND\nleft 0")},
	    {GET_FOO, SLICE("VALUE foo 0 7\r\n\r\nEND\r\n\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 0 <\r\nEND\r\n>\nEND\nleft 0")},
	    {GET_FOO, SLICE("VALUE foo 18446744073709551615 4\r\na\0\xff\n\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 18446744073709551615 <a\0\xff\n>\nEND\nleft 0")},
	    {GETS_FOO, SLICE("VALUE foo 0 1 18446744073709551615\r\nx\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 0 cas 18446744073709551615 <x>\nEND\nleft 0")},
	    {{.verb = VERB_GAT, .keys = reading_foo, .key_count = 1},
	     SLICE("VALUE foo 0 1\r\nx\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 0 <x>\nEND\nleft 0")},
	    {{.verb = VERB_GATS, .keys = reading_foo, .key_count = 1},
	     SLICE("VALUE foo 0 1 9\r\nx\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 0 cas 9 <x>\nEND\nleft 0")},
	};
	CHECK(list);
}

TEST(values_name_the_key_that_they_answer)
{
	const struct transcript list[] = {
	    {GET_ABCA, SLICE("VALUE a 0 1\r\n1\r\nVALUE a 0 1\r\n2\r\nEND\r\n"),
	     SLICE("VALUE 0 a 0 <1>\nVALUE 3 a 0 <2>\nEND\nleft 0")},
	    {GET_ABCA, SLICE("VALUE b 0 1\r\n1\r\nVALUE a 0 1\r\n2\r\nEND\r\n"),
	     SLICE("VALUE 1 b 0 <1>\nVALUE 3 a 0 <2>\nEND\nleft 0")},
	    {GET_ABCA, SLICE("VALUE c 0 1\r\n1\r\nEND\r\n"), SLICE("VALUE 2 c 0 <1>\nEND\nleft 0")},
	    /* In another order than asked. */
	    {GET_ABCA, SLICE("VALUE c 0 1\r\n1\r\nVALUE b 0 1\r\n2\r\nEND\r\n"),
	     SLICE("VALUE 2 c 0 <1>\nVALUE 1 b 0 <2>\nEND\nleft 0")},
	    /* A key that was not asked, and one more often than asked. */
	    {GET_ABCA, SLICE("VALUE c 0 1\r\n1\r\nVALUE d 0 1\r\n2\r\nEND\r\n"),
	     SLICE("VALUE 2 c 0 <1>\nbad")},
	    {GET_FOO, SLICE("VALUE foo 0 1\r\n1\r\nVALUE foo 0 1\r\n2\r\nEND\r\n"),
	     SLICE("VALUE 0 foo 0 <1>\nbad")},
	};
	CHECK(list);
}

TEST(words_fit_what_was_asked)
{
	const struct transcript list[] = {
	    {SET, SLICE("STORED\r\n"), SLICE("STORED\nleft 0")},
	    {SET, SLICE("NOT_STORED\r\n"), SLICE("NOT_STORED\nleft 0")},
	    {SET, SLICE("EXISTS\r\n"), SLICE("EXISTS\nleft 0")},
	    {SET, SLICE("NOT_FOUND\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    {{.verb = VERB_TOUCH}, SLICE("TOUCHED\r\n"), SLICE("TOUCHED\nleft 0")},
	    {{.verb = VERB_TOUCH}, SLICE("NOT_FOUND\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    {{.verb = VERB_DELETE}, SLICE("DELETED\r\n"), SLICE("DELETED\nleft 0")},
	    {{.verb = VERB_DELETE}, SLICE("NOT_FOUND\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    {INCR, SLICE("18446744073709551615\r\n"), SLICE("NUMBER 18446744073709551615\nleft 0")},
	    {INCR, SLICE("0\r\n"), SLICE("NUMBER 0\nleft 0")},
	    {INCR, SLICE("NOT_FOUND\r\n"), SLICE("NOT_FOUND\nleft 0")},
	    {{.verb = VERB_VERSION},
	     SLICE("VERSION 1.6.18\r\n"),
	     SLICE("VERSION <1.6.18>\nleft 0")},
	    {{.verb = VERB_FLUSH_ALL}, SLICE("OK\r\n"), SLICE("OK\nleft 0")},
	    {{.verb = VERB_VERBOSITY}, SLICE("OK\r\n"), SLICE("OK\nleft 0")},
	    {SET, SLICE("DELETED\r\n"), SLICE("bad")},
	    {SET, SLICE("stored\r\n"), SLICE("bad")},
	    {SET, SLICE("STORED \r\n"), SLICE("bad")},
	    {SET, SLICE("STOREDSTORED\r\n"), SLICE("bad")},
	    {SET, SLICE("7\r\n"), SLICE("bad")},
	    {SET, SLICE("\r\n"), SLICE("bad")},
	    {{.verb = VERB_TOUCH}, SLICE("STORED\r\n"), SLICE("bad")},
	    {{.verb = VERB_DELETE}, SLICE("EXISTS\r\n"), SLICE("bad")},
	    {{.verb = VERB_VERSION}, SLICE("OK\r\n"), SLICE("bad")},
	    {{.verb = VERB_FLUSH_ALL}, SLICE("OKAY\r\n"), SLICE("bad")},
	    {{.verb = VERB_QUIT}, SLICE("OK\r\n"), SLICE("bad")},
	    {INCR, SLICE("18446744073709551616\r\n"), SLICE("bad")},
	    {INCR, SLICE("-1\r\n"), SLICE("bad")},
	    {INCR, SLICE("1 \r\n"), SLICE("bad")},
	    {INCR, SLICE("STORED\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("STORED\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("ENDING\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("STAT a b\r\nEND\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

#define SLABS                                                                                      \
	{                                                                                          \
		.verb = VERB_SLABS                                                                 \
	}
#define CONFIG                                                                                     \
	{                                                                                          \
		.verb = VERB_CONFIG                                                                \
	}

TEST(an_administrator_is_refused_by_many_words)
{
	const struct transcript list[] = {
	    {SLABS, SLICE("OK\r\n"), SLICE("OK\nleft 0")},
	    {SLABS, SLICE("BUSY currently processing reassign request\r\n"),
	     SLICE(" <BUSY currently processing reassign request>\nleft 0")},
	    {SLABS, SLICE("SAME\r\n"), SLICE(" <SAME>\nleft 0")},
	    {SLABS, SLICE("ERROR\r\n"), SLICE("ERROR <>\nleft 0")},
	    {SLABS, SLICE("BUSYBODY x\r\n"), SLICE("bad")},
	    {SLABS, SLICE("STORED\r\n"), SLICE("bad")},
	    {SLABS, SLICE("END\r\n"), SLICE("bad")},
	    {{.verb = VERB_REFRESH_CERTS},
	     SLICE("Error TLS not enabled\r\n"),
	     SLICE(" <Error TLS not enabled>\nleft 0")},
	    {{.verb = VERB_SHUTDOWN},
	     SLICE("ERROR: shutdown not enabled\r\n"),
	     SLICE("ERROR <shutdown not enabled>\nleft 0")},
	    {{.verb = VERB_SHUTDOWN}, SLICE("OK\r\n"), SLICE("bad")},
	    {SET, SLICE("BUSY x\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

TEST(a_configuration_is_a_block)
{
	const struct transcript list[] = {
	    {CONFIG, SLICE("CONFIG cluster 0 4\r\n1\nh\n\r\nEND\r\n"),
	     SLICE("LINE <1\nh\n>\nEND\nleft 0")},
	    {CONFIG, SLICE("CONFIG cluster 0 1\r\n1\r\n\r\nEND\r\n"),
	     SLICE("LINE <1>\nLINE\nEND\nleft 0")},
	    {CONFIG, SLICE("ERROR\r\n"), SLICE("ERROR <>\nleft 0")},
	    {CONFIG, SLICE("END\r\n"), SLICE("bad")},
	    {CONFIG, SLICE("CONFIG cluster 0\r\n"), SLICE("bad")},
	    {CONFIG, SLICE("CONFIG cluster 0 1001\r\n"), SLICE("bad")},
	    {CONFIG, SLICE("CONFIG cluster 0 1\r\n1\r\n\r\n\r\n"), SLICE("LINE <1>\nLINE\nbad")},
	    {CONFIG, SLICE("CONFIG cluster 0 1\r\n1\r\nCONFIG cluster 0 1\r\n"),
	     SLICE("LINE <1>\nbad")},
	};
	CHECK(list);
}

TEST(errors_answer_anything)
{
	const struct transcript list[] = {
	    {SET, SLICE("ERROR\r\n"), SLICE("ERROR <>\nleft 0")},
	    {SET, SLICE("CLIENT_ERROR bad data chunk\r\nERROR\r\n"),
	     SLICE("CLIENT_ERROR <bad data chunk>\nleft 7")},
	    {INCR, SLICE("CLIENT_ERROR cannot increment or decrement non-numeric value\r\n"),
	     SLICE("CLIENT_ERROR <cannot increment or decrement non-numeric value>\nleft 0")},
	    {SET, SLICE("SERVER_ERROR object too large for cache\r\n"),
	     SLICE("SERVER_ERROR <object too large for cache>\nleft 0")},
	    {{.verb = VERB_VERSION},
	     SLICE("ERROR Too many open connections\r\n"),
	     SLICE("ERROR <Too many open connections>\nleft 0")},
	    {STATS, SLICE("ERROR: shutdown not enabled\r\n"),
	     SLICE("ERROR <shutdown not enabled>\nleft 0")},
	    {STATS, SLICE("SERVER_ERROR: shutdown not enabled\r\n"),
	     SLICE("SERVER_ERROR <shutdown not enabled>\nleft 0")},
	    {GET_FOO, SLICE("CLIENT_ERROR bad command line format\r\n\r\n"),
	     SLICE("CLIENT_ERROR <bad command line format>\nleft 2")},
	    {GET_FOO,
	     SLICE("VALUE foo 0 1\r\nx\r\nSERVER_ERROR out of memory writing get response\r\n"),
	     SLICE("VALUE 0 foo 0 <x>\nSERVER_ERROR <out of memory writing get response>\n"
	           "left 0")},
	    {STATS, SLICE("STAT a 1\r\nSERVER_ERROR out of memory writing stats\r\n"),
	     SLICE("STAT a <1>\nSERVER_ERROR <out of memory writing stats>\nleft 0")},
	    {SET, SLICE("ERRORS\r\n"), SLICE("bad")},
	    {SET, SLICE("CLIENT_ERRORbad\r\n"), SLICE("bad")},
	    {SET, SLICE("error\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

TEST(stats_have_several_shapes)
{
	const struct transcript list[] = {
	    {STATS, SLICE("STAT pid 1\r\nSTAT version 1.6.18\r\nEND\r\n"),
	     SLICE("STAT pid <1>\nSTAT version <1.6.18>\nEND\nleft 0")},
	    {STATS, SLICE("STAT empty \r\nSTAT none\r\nSTAT words a b  c\r\nEND\r\n"),
	     SLICE("STAT empty <>\nSTAT none <>\nSTAT words <a b  c>\nEND\nleft 0")},
	    {STATS, SLICE("END\r\n"), SLICE("END\nleft 0")},
	    {STATS, SLICE("RESET\r\n"), SLICE("RESET\nleft 0")},
	    {STATS, SLICE("OK\r\n"), SLICE("OK\nleft 0")},
	    {STATS, SLICE("ITEM foo [3 b; 0 s]\r\nEND\r\n"),
	     SLICE("LINE <ITEM foo [3 b; 0 s]>\nEND\nleft 0")},
	    {STATS, SLICE("PREFIX user get 2 hit 1 set 1 del 1\r\nEND\r\n"),
	     SLICE("LINE <PREFIX user get 2 hit 1 set 1 del 1>\nEND\nleft 0")},
	    {STATS, SLICE("STAT \r\n"), SLICE("bad")},
	    {STATS, SLICE("STATS a b\r\n"), SLICE("bad")},
	    {STATS, SLICE("VALUE a 0 1\r\nx\r\n"), SLICE("bad")},
	    {STATS, SLICE("ITEM\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

/* Servers before 1.6.25 send these two no END; the next answer must not be taken for theirs. */
TEST(stats_sizes_enable_ends_without_an_end)
{
	const struct transcript list[] = {
	    {{.verb = VERB_STATS, .text = SLICE("sizes_enable")},
	     SLICE("STAT sizes_status enabled\r\n"),
	     SLICE("STAT sizes_status <enabled>\nEND\nleft 0")},
	    {{.verb = VERB_STATS, .text = SLICE("sizes_disable")},
	     SLICE("STAT sizes_status disabled\r\nSTORED\r\n"),
	     SLICE("STAT sizes_status <disabled>\nEND\nleft 8")},
	    {{.verb = VERB_STATS, .text = SLICE("sizes_enable")},
	     SLICE("ERROR\r\n"),
	     SLICE("ERROR <>\nleft 0")},
	    {{.verb = VERB_STATS, .text = SLICE("sizes")},
	     SLICE("STAT sizes_status disabled\r\nEND\r\n"),
	     SLICE("STAT sizes_status <disabled>\nEND\nleft 0")},
	};
	CHECK(list);
}

TEST(a_fence_ends_lines_of_any_kind)
{
	const struct transcript list[] = {
	    {RAW, SLICE("VERSION 1.6.18\r\n"), SLICE("END\nleft 0")},
	    {RAW, SLICE("STORED\r\nVERSION 1.6.18\r\n"), SLICE("LINE <STORED>\nEND\nleft 0")},
	    {RAW, SLICE("\r\n\r\nVERSION 1.6.18\r\n"), SLICE("LINE <>\nLINE <>\nEND\nleft 0")},
	    {{.verb = VERB_RAW, .raw_end = RAW_END_MN},
	     SLICE("VERSION 1.6.18\r\nMN\r\n"),
	     SLICE("LINE <VERSION 1.6.18>\nEND\nleft 0")},
	    {{.verb = VERB_RAW, .raw_end = RAW_END_MN},
	     SLICE("MN x\r\nMN\r\n"),
	     SLICE("LINE <MN x>\nEND\nleft 0")},
	    {RAW, SLICE("MN\r\nVERSION\r\nVERSION x\r\n"),
	     SLICE("LINE <MN>\nLINE <VERSION>\nEND\nleft 0")},
	    {RAW, SLICE("key=a exp=-1 la=1 cas=2 fetch=no cls=1 size=63\nEND\r\nVERSION x\r\n"),
	     SLICE("LINE <key=a exp=-1 la=1 cas=2 fetch=no cls=1 size=63>\nLINE <END>\nEND\n"
	           "left 0")},
	    {RAW, SLICE("VALUE foo 0 12\r\nVERSION 9\r\n\n\r\nEND\r\nVERSION x\r\n"),
	     SLICE("LINE <VALUE foo 0 12>\nLINE <VERSION 9\r\n\n>\nLINE <END>\nEND\nleft 0")},
	    {RAW, SLICE("VALUE foo 0 4 77\r\na\r\nb\r\nEND\r\nVERSION x\r\n"),
	     SLICE("LINE <VALUE foo 0 4 77>\nLINE <a\r\nb>\nLINE <END>\nEND\nleft 0")},
	    {RAW, SLICE("VA 11 f7 t-1\r\nVERSION 9\r\n\r\nVERSION x\r\n"),
	     SLICE("LINE <VA 11 f7 t-1>\nLINE <VERSION 9\r\n>\nEND\nleft 0")},
	    {RAW, SLICE("VA 0\r\n\r\nHD\r\nVERSION x\r\n"),
	     SLICE("LINE <VA 0>\nLINE <>\nLINE <HD>\nEND\nleft 0")},
	    /* What announces no length that can be read is a line. */
	    {RAW, SLICE("VA x\r\nVALUE foo\r\nVALUE\r\nVERSION x\r\n"),
	     SLICE("LINE <VA x>\nLINE <VALUE foo>\nLINE <VALUE>\nEND\nleft 0")},
	    {RAW, SLICE("VA 3\r\nabcd\r\nVERSION x\r\n"), SLICE("LINE <VA 3>\nbad")},
	    {RAW, SLICE("VA 1001\r\n"), SLICE("bad")},
	    {RAW, SLICE("STORED\r\n"), SLICE("LINE <STORED>\nmore")},
	    {{.verb = VERB_LISTEN},
	     SLICE("OK\r\nVERSION x\r\nMN\r\nts=1 type=x\n"),
	     SLICE("LINE <OK>\nLINE <VERSION x>\nLINE <MN>\nLINE <ts=1 type=x>\nmore")},
	};
	CHECK(list);
}

TEST(lies_end_the_connection)
{
	const struct transcript list[] = {
	    {GET_FOO, SLICE("VALUE bar 0 1\r\nx\r\nEND\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE fooo 0 1\r\nx\r\nEND\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE fo 0 1\r\nx\r\nEND\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 2\r\nbar\r\nEND\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 4\r\nbar\r\nEND\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 3\r\nbar\nEND\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 3\r\nbar\r\rEND\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 1001\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 4294967296\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 18446744073709551615\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 18446744073709551616\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 18446744073709551616 1\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 -1\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo -1 1\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE \r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE\r\n"), SLICE("bad")},
	    {GETS_FOO, SLICE("VALUE foo 0 1 2 3\r\nx\r\nEND\r\n"), SLICE("bad")},
	    {GETS_FOO, SLICE("VALUE foo 0 1 18446744073709551616\r\n"), SLICE("bad")},
	    {GETS_FOO, SLICE("VALUE foo 0 1 x\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("HTTP/1.1 400 Bad Request\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("\0\xff\x1b[2J\r\n"), SLICE("bad")},
	};
	CHECK(list);
}

TEST(what_is_left_is_the_next_answer)
{
	const struct transcript list[] = {
	    {SET, SLICE("STORED\r\nSTORED\r\n"), SLICE("STORED\nleft 8")},
	    {GET_FOO, SLICE("END\r\n\r\n"), SLICE("END\nleft 2")},
	    {GET_FOO, SLICE("END\r\nV"), SLICE("END\nleft 1")},
	    {INCR, SLICE("1\r\n2\r\n"), SLICE("NUMBER 1\nleft 3")},
	    {GET_FOO, SLICE("VALUE foo 0 3\r\nbar\r\n"), SLICE("VALUE 0 foo 0 <bar>\nmore")},
	    {GET_FOO, SLICE("VALUE foo 0 1000\r\nbar\r\n"), SLICE("more")},
	    {SET, SLICE("STORED"), SLICE("more")},
	    {SET, SLICE("STORED\r"), SLICE("more")},
	    {SET, SLICE(""), SLICE("more")},
	};
	CHECK(list);
}

TEST(lines_may_end_in_a_bare_line_feed)
{
	const struct transcript list[] = {
	    {SET, SLICE("STORED\n"), SLICE("STORED\nleft 0")},
	    {GET_FOO, SLICE("VALUE foo 0 3\nbar\r\nEND\n"),
	     SLICE("VALUE 0 foo 0 <bar>\nEND\nleft 0")},
	    {SET, SLICE("STORED\r\r\n"), SLICE("bad")},
	    {GET_FOO, SLICE("VALUE foo 0 3\nbar\nEND\n"), SLICE("bad")},
	};
	CHECK(list);
}

/* A line of LEN bytes for a stats request, fed in pieces of PIECE bytes. */
static enum reader_result read_line_of(size_t len, size_t piece)
{
	static const struct request stats = STATS;
	struct reply_reader reader;
	struct reply reply;
	struct error error;
	size_t cursor = 0;
	enum reader_result result = READER_MORE;
	char *line = malloc(len + 2);
	assert_non_null(line);
	memset(line, 'x', len);
	memcpy(line, "STAT a ", 7);
	memcpy(line + len, "\r\n", 2);
	reply_reader_init(&reader, VALUE_MAX);
	for (size_t i = 0; i < len + 2 && result == READER_MORE; i += piece) {
		size_t n = len + 2 - i < piece ? len + 2 - i : piece;
		reply_reader_feed(&reader, slice_of(line + i, n));
		result = dialect_read(&reader, &stats, &cursor, &reply, &error);
	}
	reply_reader_release(&reader);
	free(line);
	return result;
}

TEST(a_line_has_a_longest_length)
{
	static const size_t pieces[] = {1, 1000, 70000, 200000};
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(read_line_of(REPLY_LINE_MAX - 1, pieces[i]), READER_REPLY);
		assert_int_equal(read_line_of(REPLY_LINE_MAX + 1, pieces[i]), READER_BAD);
		assert_int_equal(read_line_of(150000, pieces[i]), READER_BAD);
	}
}

/* Memory follows what has come, not what was announced; nor does it grow with what was taken. */
TEST(memory_follows_the_bytes)
{
	static const struct request get = GET_FOO;
	struct reply_reader reader;
	struct reply reply;
	struct error error;
	size_t cursor = 0;
	reply_reader_init(&reader, (size_t)1 << 30);
	reply_reader_feed(&reader, SLICE("VALUE foo 0 1000000000\r\nabc"));
	assert_int_equal(dialect_read(&reader, &get, &cursor, &reply, &error), READER_MORE);
	assert_true(reader.in.cap < (size_t)1 << 20);
	reply_reader_reset(&reader);
	assert_false(reply_reader_pending(&reader));
	for (int i = 0; i < 20000; i++) {
		cursor = 0;
		reply_reader_feed(&reader, SLICE("VALUE foo 0 3\r\nbar\r\nEND\r\nVALUE"));
		assert_int_equal(dialect_read(&reader, &get, &cursor, &reply, &error),
		                 READER_REPLY);
		assert_int_equal(dialect_read(&reader, &get, &cursor, &reply, &error),
		                 READER_REPLY);
		assert_int_equal(reply.kind, REPLY_END);
		assert_true(reply_reader_pending(&reader));
		reply_reader_feed(&reader, SLICE(" foo 0 3\r\nbar\r\nEND\r\n"));
		cursor = 0;
		while (dialect_read(&reader, &get, &cursor, &reply, &error) == READER_REPLY &&
		       reply.kind != REPLY_END)
			assert_text(reply.value, "bar");
		assert_false(reply_reader_pending(&reader));
	}
	assert_true(reader.in.cap < (size_t)1 << 20);
	reply_reader_release(&reader);
}

UNIT_MAIN(cmocka_unit_test(values_are_read_by_length),
          cmocka_unit_test(values_name_the_key_that_they_answer),
          cmocka_unit_test(words_fit_what_was_asked),
          cmocka_unit_test(an_administrator_is_refused_by_many_words),
          cmocka_unit_test(a_configuration_is_a_block), cmocka_unit_test(errors_answer_anything),
          cmocka_unit_test(stats_have_several_shapes),
          cmocka_unit_test(stats_sizes_enable_ends_without_an_end),
          cmocka_unit_test(a_fence_ends_lines_of_any_kind),
          cmocka_unit_test(lies_end_the_connection),
          cmocka_unit_test(what_is_left_is_the_next_answer),
          cmocka_unit_test(lines_may_end_in_a_bare_line_feed),
          cmocka_unit_test(a_line_has_a_longest_length), cmocka_unit_test(memory_follows_the_bytes))
