#include "base/deadline.h"
#include "lib/unit.h"
#include "view/live/followed.h"

#include <stdio.h>

static const struct style plain = {.format = FORMAT_PLAIN};

static void happens(struct followed *f, const char *line, const char *key)
{
	struct event event;
	assert_true(event_parse(slice_str(line), &event));
	followed_add(f, 0, "server:1", &event, slice_str(key));
}

static void get(struct followed *f, const char *key, const char *cfd, const char *status)
{
	char line[200];
	snprintf(line, sizeof(line),
	         "ts=10.5 gid=1 type=item_get key=%s status=%s clsid=1 cfd=%s size=3", key, status,
	         cfd);
	happens(f, line, key);
}

static void store(struct followed *f, const char *key, const char *cfd)
{
	char line[200];
	snprintf(line, sizeof(line),
	         "ts=10.5 gid=1 type=item_store key=%s status=stored cmd=set ttl=60 clsid=1 cfd=%s "
	         "size=3",
	         key, cfd);
	happens(f, line, key);
}

#define READ(client, key)   "10.000005\tread\t" client "\t\tfound\t\t3\t" key "\n"
#define STORED(client, key) "10.000005\tstored\t" client "\tset\tstored\t60\t3\t" key "\n"

static void shows(struct buf *out, const char *want)
{
	assert_bytes(buf_slice(out), slice_str(want));
	buf_clear(out);
}

TEST(a_look_up_waits_for_the_store_that_it_may_belong_to)
{
	struct buf out = BUF_INIT;
	struct followed *f = followed_new(&plain, &out, false);
	get(f, "foo", "24", "found");
	shows(&out, "");
	store(f, "foo", "24");
	shows(&out, STORED("fd 24", "foo"));
	assert_int_equal(0, followed_count(f, FOLLOWED_READ));
	assert_int_equal(1, followed_count(f, FOLLOWED_STORED));
	followed_free(f);
	buf_release(&out);
}

TEST(a_look_up_is_a_read_where_its_connection_does_something_else)
{
	struct buf out = BUF_INIT;
	struct followed *f = followed_new(&plain, &out, false);
	get(f, "foo", "24", "found");
	get(f, "foo", "25", "found");
	store(f, "bar", "24");
	shows(&out, READ("fd 24", "foo") STORED("fd 24", "bar"));
	store(f, "foo", "25");
	shows(&out, STORED("fd 25", "foo"));
	get(f, "foo", "24", "found");
	get(f, "foo", "24", "found");
	shows(&out, READ("fd 24", "foo"));
	followed_settle(f, 0, clock_now());
	shows(&out, READ("fd 24", "foo"));
	followed_free(f);
	buf_release(&out);
}

TEST(a_look_up_after_which_nothing_comes_is_shown_after_its_time)
{
	struct buf out = BUF_INIT;
	struct followed *f = followed_new(&plain, &out, false);
	get(f, "foo", "24", "found");
	followed_settle(f, 300, 1000);
	followed_settle(f, 300, 1299);
	shows(&out, "");
	followed_settle(f, 300, 1300);
	shows(&out, READ("fd 24", "foo"));
	followed_free(f);
	buf_release(&out);
}

TEST(clients_are_named_as_they_connect)
{
	struct buf out = BUF_INIT;
	struct followed *f = followed_new(&plain, &out, false);
	followed_client(f, 0, 24, SLICE("10.0.0.1:1"));
	store(f, "foo", "24");
	shows(&out, STORED("10.0.0.1:1", "foo"));
	happens(f, "ts=9.5 gid=1 type=conn_new rip=10.0.0.2 rport=77 transport=tcp cfd=24", "");
	store(f, "foo", "24");
	shows(&out, STORED("10.0.0.2:77", "foo"));
	store(f, "foo", "30000");
	shows(&out, STORED("fd 30000", "foo"));
	followed_client(f, 5, 99999999, SLICE("10.0.0.1:1"));
	followed_free(f);
	buf_release(&out);
}

TEST(an_eviction_has_no_client_and_a_refused_store_is_none)
{
	struct buf out = BUF_INIT;
	struct followed *f = followed_new(&plain, &out, false);
	happens(f, "ts=10.5 gid=1 type=eviction key=foo fetch=no ttl=-1 la=7 clsid=1 size=66",
	        "foo");
	shows(&out, "10.000005\tevicted\t\t\t\t-1\t66\tfoo\n");
	happens(f,
	        "ts=10.5 gid=1 type=item_store key=foo status=not_stored cmd=add ttl=0 clsid=1 "
	        "cfd=4 size=1",
	        "foo");
	shows(&out, "10.000005\trefused\tfd 4\tadd\tnot_stored\t0\t1\tfoo\n");
	happens(f, "ts=10.5 gid=1 type=deleted key=foo cmd=delete clsid=1 cfd=4 size=66", "foo");
	assert_int_equal(1, followed_count(f, FOLLOWED_DELETED));
	buf_clear(&out);
	for (int i = 0; i < 600; i++) {
		char cfd[20];
		snprintf(cfd, sizeof(cfd), "%d", i);
		get(f, "foo", cfd, "not_found");
	}
	followed_settle(f, 0, 1);
	assert_int_equal(600, followed_count(f, FOLLOWED_MISS));
	followed_free(f);
	buf_release(&out);
}

TEST(a_look_up_before_a_deletion_belongs_to_it_and_names_its_client)
{
	struct buf out = BUF_INIT;
	struct followed *f = followed_new(&plain, &out, false);
	get(f, "foo", "23", "found");
	get(f, "foo", "24", "found");
	get(f, "bar", "25", "found");
	happens(f, "ts=10.5 gid=1 type=deleted key=foo cmd=delete clsid=1 size=66", "foo");
	shows(&out, "10.000005\tdeleted\tfd 24\tdelete\t\t\t66\tfoo\n");
	followed_settle(f, 0, 1);
	shows(&out, READ("fd 23", "foo") READ("fd 25", "bar"));
	happens(f, "ts=10.5 gid=1 type=deleted key=foo cmd=delete clsid=1 size=66", "foo");
	shows(&out, "10.000005\tdeleted\t\tdelete\t\t\t66\tfoo\n");
	followed_free(f);
	buf_release(&out);
}

UNIT_MAIN(cmocka_unit_test(a_look_up_waits_for_the_store_that_it_may_belong_to),
          cmocka_unit_test(a_look_up_is_a_read_where_its_connection_does_something_else),
          cmocka_unit_test(a_look_up_after_which_nothing_comes_is_shown_after_its_time),
          cmocka_unit_test(clients_are_named_as_they_connect),
          cmocka_unit_test(a_look_up_before_a_deletion_belongs_to_it_and_names_its_client),
          cmocka_unit_test(an_eviction_has_no_client_and_a_refused_store_is_none))
