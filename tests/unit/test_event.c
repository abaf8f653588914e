#include "lib/unit.h"
#include "proto/event.h"
#include "view/keys/listed.h"
#include "view/live/watched.h"

#include <stdlib.h>

static struct event reads(const char *line)
{
	struct event e;
	assert_true(event_parse(slice_str(line), &e));
	assert_false(e.skipped);
	return e;
}

TEST(a_store_is_read)
{
	struct event e = reads("ts=1795705517.125739 gid=5 type=item_store key=a%20b status=stored "
	                       "cmd=set ttl=60 clsid=1 cfd=24 size=3");
	assert_int_equal(e.sec, 1795705517);
	assert_int_equal(e.usec, 125739);
	assert_text(e.fields[EVENT_GID], "5");
	assert_text(e.fields[EVENT_TYPE], "item_store");
	assert_text(e.fields[EVENT_KEY], "a%20b");
	assert_text(e.fields[EVENT_STATUS], "stored");
	assert_text(e.fields[EVENT_CMD], "set");
	assert_text(e.fields[EVENT_TTL], "60");
	assert_text(e.fields[EVENT_CLSID], "1");
	assert_text(e.fields[EVENT_CFD], "24");
	assert_text(e.fields[EVENT_SIZE], "3");
	assert_text(e.fields[EVENT_REASON], "");
	assert_text(e.text, "");
}

/* ts=1795327625.23728 is 23,728 microseconds after the second. */
TEST(microseconds_are_not_padded)
{
	assert_int_equal(reads("ts=1795327625.23728 gid=1 type=x").usec, 23728);
	assert_int_equal(reads("ts=1795327625.7 gid=1 type=x").usec, 7);
	assert_int_equal(reads("ts=1795327625.0 gid=1 type=x").usec, 0);
}

TEST(what_a_server_leaves_at_random_is_unknown)
{
	struct event e =
	    reads("ts=1.2 gid=14 type=item_store key=big status=too_large cmd=set ttl=0 "
	          "clsid=24 cfd=4 size=0");
	assert_text(e.fields[EVENT_CLSID], "");
	assert_text(e.fields[EVENT_CFD], "");
	assert_text(e.fields[EVENT_TTL], "0");
	e = reads(
	    "ts=1.2 gid=14 type=item_store key=b status=no_memory cmd=set ttl=0 clsid=9 cfd=9 "
	    "size=0");
	assert_text(e.fields[EVENT_CFD], "");
	e = reads("ts=1.2 gid=14 type=item_store key=b status=stored cmd=set ttl=0 clsid=9 cfd=8 "
	          "size=0");
	assert_text(e.fields[EVENT_CFD], "8");
}

TEST(other_events_are_read)
{
	struct event e = reads("ts=1.2 gid=3 type=conn_close rip=10.0.0.1 rport=4711 transport=tcp "
	                       "reason=normal cfd=24");
	assert_text(e.fields[EVENT_RIP], "10.0.0.1");
	assert_text(e.fields[EVENT_RPORT], "4711");
	assert_text(e.fields[EVENT_TRANSPORT], "tcp");
	assert_text(e.fields[EVENT_REASON], "normal");
	e = reads("ts=1.2 gid=3 type=conn_close rip= rport=0 transport=local reason=error cfd=24");
	assert_text(e.fields[EVENT_RIP], "");
	e = reads("ts=1.2 gid=3 type=eviction key=k fetch=no ttl=-1 la=20 clsid=1 size=3");
	assert_text(e.fields[EVENT_FETCH], "no");
	assert_text(e.fields[EVENT_TTL], "-1");
	assert_text(e.fields[EVENT_LA], "20");
	e = reads("ts=1.2 gid=3 type=deleted key=k cmd=md clsid=1 size=3");
	assert_text(e.fields[EVENT_CMD], "md");
	/* Of these the words are free. */
	e = reads("ts=1.2 gid=3 type=proxy_user msg=any key=words status=4");
	assert_text(e.fields[EVENT_TYPE], "proxy_user");
	assert_text(e.fields[EVENT_KEY], "");
	assert_text(e.text, "msg=any key=words status=4");
	e = reads(
	    "ts=1.2 gid=3 type=proxy_req elapsed=12 type=105 code=17 status=0 be=h:1 detail=d "
	    "req=get /a/b");
	assert_text(e.fields[EVENT_TYPE], "proxy_req");
	assert_text(e.text, "elapsed=12 type=105 code=17 status=0 be=h:1 detail=d req=get /a/b");
	e = reads("ts=1.2 gid=7 <31 get foo bar");
	assert_text(e.fields[EVENT_TYPE], "rawcmd");
	assert_text(e.fields[EVENT_CFD], "31");
	assert_text(e.text, "get foo bar");
}

TEST(skipped_lines_are_counted)
{
	struct event e;
	assert_true(event_parse(SLICE("skipped=12"), &e));
	assert_true(e.skipped);
	assert_int_equal(e.number, 12);
	assert_true(event_parse(SLICE("[skipped: 7]"), &e));
	assert_int_equal(e.number, 7);
	assert_false(event_parse(SLICE("skipped="), &e));
	assert_false(event_parse(SLICE("skipped=x"), &e));
}

TEST(no_beginning_of_a_line_is_read_beyond_its_end)
{
	static const char line[] =
	    "ts=1795705517.125739 gid=5 type=item_store key=a%20b status=stored "
	    "cmd=set ttl=60 clsid=1 cfd=24 size=3";
	size_t whole = 0;
	for (size_t len = 0; len < sizeof(line); len++) {
		/* In memory of its own, so that a sanitizer sees every look beyond the end. */
		char *copy = malloc(len + 1);
		struct event e;
		memcpy(copy, line, len);
		whole += event_parse(slice_of(copy, len), &e);
		free(copy);
	}
	/* From "type=i" on. */
	assert_int_equal(whole, sizeof(line) - (strlen("ts=1795705517.125739 gid=5 type=i")));
}

TEST(other_lines_are_refused)
{
	static const char *const lines[] = {
	    "",
	    "OK",
	    "ts=1 gid=2 type=x",
	    "ts=1. gid=2 type=x",
	    "ts=.1 gid=2 type=x",
	    "ts=1.1000000 gid=2 type=x",
	    "ts=1.-1 gid=2 type=x",
	    "ts=1.2 gid=x type=x",
	    "ts=1.2 gid=2 type=",
	    "ts=1.2 gid=2 key=a",
	    "gid=2 ts=1.2 type=x",
	    "VALUE a 0 1",
	};
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct event e;
		if (event_parse(slice_str(lines[i]), &e))
			fail_msg("%s", lines[i]);
	}
}

/* Two lines in FORMAT; the second has no key. */
static void shows(enum format format, unsigned width, const char *want)
{
	struct style style = {.format = format, .columns = width};
	struct buf out = BUF_INIT;
	struct row_column columns[WATCHED_COLUMNS];
	struct rows rows;
	watched_columns(columns, width, false);
	rows_init(&rows, &style, &out, "watch", columns, WATCHED_COLUMNS);
	struct event e = reads("ts=1795705517.23728 gid=5 type=item_store key=a%20b status=stored "
	                       "cmd=set ttl=60 clsid=1 cfd=24 size=3");
	watched_add(&rows, "h:1", &e, SLICE("a b"));
	e = reads("ts=1795705518.5 gid=6 type=conn_close rip=10.0.0.1 rport=47 transport=tcp "
	          "reason=normal cfd=24");
	watched_add(&rows, "h:1", &e, SLICE(""));
	assert_bytes(buf_slice(&out), slice_str(want));
	rows_release(&rows);
	buf_release(&out);
}

TEST(events_are_rows)
{
	shows(
	    FORMAT_PLAIN, 80,
	    "1795705517.023728\t5\titem_store\ta b\tstored\tset\t60\t1\t24\t3\t\t\t\t\t\t\t\n"
	    "1795705518.000005\t6\tconn_close\t\t\t\t\t\t24\t\t\t\t10.0.0.1\t47\ttcp\tnormal\t\n");
	shows(FORMAT_CSV, 80,
	      "ts,gid,type,key,status,cmd,ttl,clsid,cfd,size,fetch,la,rip,rport,transport,reason,"
	      "text\n"
	      "1795705517.023728,5,item_store,a b,stored,set,60,1,24,3,,,,,,,\n"
	      "1795705518.000005,6,conn_close,,,,,,24,,,,10.0.0.1,47,tcp,normal,\n");
	shows(FORMAT_JSON, 80,
	      "{\"command\":\"watch\",\"server\":\"h:1\",\"ts\":1795705517.023728,\"gid\":5,"
	      "\"type\":\"item_store\",\"key\":\"a b\",\"result\":\"stored\",\"cmd\":\"set\","
	      "\"ttl\":60,\"clsid\":1,\"cfd\":24,\"size\":3}\n"
	      "{\"command\":\"watch\",\"server\":\"h:1\",\"ts\":1795705518.000005,\"gid\":6,"
	      "\"type\":\"conn_close\",\"cfd\":24,\"rip\":\"10.0.0.1\",\"rport\":47,"
	      "\"transport\":\"tcp\",\"reason\":\"normal\"}\n");
	shows(FORMAT_PRETTY, 80,
	      "  time (UTC)  event       status      cmd          size  key\n"
	      "15:05:17.023  item_store  stored      set             3  a b\n"
	      "15:05:18.000  conn_close  normal      -               -  tcp 10.0.0.1:47\n");
	shows(FORMAT_PRETTY, 100,
	      "  time (UTC)  event       status      cmd          ttl  class    fd      size  key\n"
	      "15:05:17.023  item_store  stored      set           60      1    24         3  a b\n"
	      "15:05:18.000  conn_close  normal      -              -      -    24         -  tcp "
	      "10.0.0.1:47\n");
}

TEST(events_of_the_server_itself_have_long_names)
{
	struct style style = {.format = FORMAT_PRETTY, .columns = 80};
	struct buf out = BUF_INIT;
	struct row_column columns[WATCHED_COLUMNS];
	struct rows rows;
	watched_columns(columns, 80, true);
	rows_init(&rows, &style, &out, "watch", columns, WATCHED_COLUMNS);
	struct event e = reads("ts=1795705517.23728 gid=5 type=compact_read_start id=3");
	watched_add(&rows, "h:1", &e, SLICE(""));
	e = reads("ts=1795705518.5 gid=6 type=slab_move src=1 dst=2");
	watched_add(&rows, "h:1", &e, SLICE(""));
	assert_text(
	    buf_slice(&out),
	    "  time (UTC)  event               status      cmd          size  key\n"
	    "15:05:17.023  compact_read_start  -           -               -  id=3\n"
	    "15:05:18.000  slab_move           -           -               -  src=1 dst=2\n");
	rows_release(&rows);
	buf_release(&out);
}

static void lists(bool keys_alone, enum format format, const char *want)
{
	struct style style = {.format = format, .columns = 80};
	struct buf out = BUF_INIT;
	struct rows rows;
	size_t count;
	const struct row_column *columns = listed_columns(keys_alone, &count);
	rows_init(&rows, &style, &out, "lru_crawler", columns, count);
	listed_add(&rows, "s",
	           SLICE("key=a%2Cb exp=160 la=40 cas=2 fetch=yes cls=1 size=66 flags=5 "), 100);
	/* Of a server that mixes them. */
	listed_add(&rows, "s", SLICE("mg YSBi b"), 100);
	listed_add(&rows, "s", SLICE("mg foo"), 100);
	/* In another order, and with words that are not known. */
	listed_add(&rows, "s", SLICE("la=40 ext=yes key=b monkey=1 exp=-1"), 100);
	/* What cannot be read is shown as it was sent. */
	listed_add(&rows, "s", SLICE("mg Y b"), 100);
	listed_add(&rows, "s", SLICE("key= exp=1"), 100);
	listed_add(&rows, "s", SLICE("key=%2 exp=1"), 100);
	assert_bytes(buf_slice(&out), slice_str(want));
	rows_release(&rows);
	buf_release(&out);
}

TEST(listed_items_are_rows)
{
	lists(false, FORMAT_CSV,
	      "key,exp,la,cas,fetch,cls,size,flags\n\"a,b\",160,40,2,yes,1,66,5\na b,,,,,,,\n"
	      "foo,,,,,,,\nb,-1,40,,,,,\nY b,,,,,,,\nkey= exp=1,1,,,,,,\n%2,1,,,,,,\n");
	lists(true, FORMAT_CSV, "key\n\"a,b\"\na b\nfoo\nb\nY b\nkey= exp=1\n%2\n");
	lists(false, FORMAT_PRETTY,
	      " expires in     idle for  read  class      size   flags  key\n"
	      "      1 min        1 min  yes       1        66       5  a,b\n"
	      "          -            -  -         -         -       -  a b\n"
	      "          -            -  -         -         -       -  foo\n"
	      "      never        1 min  -         -         -       -  b\n"
	      "          -            -  -         -         -       -  Y b\n"
	      "       gone            -  -         -         -       -  key= exp=1\n"
	      "       gone            -  -         -         -       -  %2\n");
}

UNIT_MAIN(cmocka_unit_test(a_store_is_read), cmocka_unit_test(microseconds_are_not_padded),
          cmocka_unit_test(what_a_server_leaves_at_random_is_unknown),
          cmocka_unit_test(other_events_are_read), cmocka_unit_test(skipped_lines_are_counted),
          cmocka_unit_test(no_beginning_of_a_line_is_read_beyond_its_end),
          cmocka_unit_test(other_lines_are_refused), cmocka_unit_test(events_are_rows),
          cmocka_unit_test(events_of_the_server_itself_have_long_names),
          cmocka_unit_test(listed_items_are_rows))
