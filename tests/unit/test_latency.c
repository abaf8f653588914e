#include "lib/unit.h"
#include "view/live/latency.h"

#include <stdlib.h>

static struct histogram *times_of(const int64_t *times, size_t count)
{
	struct histogram *h = calloc(1, sizeof(*h));
	for (size_t i = 0; i < count; i++)
		histogram_add(h, times[i]);
	return h;
}

static void check(struct style style, size_t count, const char *want)
{
	struct histogram *times = times_of((int64_t[]){100000, 100000, 100000, 150000}, 4);
	struct histogram *none = times_of(NULL, 0);
	struct latency_of list[] = {
	    {"a:1", times, 0, 40000, 30000}, {"b.sock", times, 0, 0, 0}, {"c:3", none, 1, 0, 0}};
	struct buf out = BUF_INIT;
	latency_show(&out, &style, list, count, 5000000000);
	assert_bytes(buf_slice(&out), slice_str(want));
	buf_release(&out);
	free(times);
	free(none);
}

#define PERCENTILES                                                                                \
	"  min 0.100 ms  median 0.100 ms  p90 0.150 ms  p99 0.150 ms  p99.9 0.150 ms\n"            \
	"  max 0.150 ms\n"                                                                         \
	"  0.100 ms+  3  ###############################################################\n"        \
	"  0.120 ms+  0\n"                                                                         \
	"  0.150 ms+  1  #####################\n"

TEST(one_server_has_percentiles_a_histogram_and_parts)
{
	check((struct style){.format = FORMAT_PRETTY, .columns = 79}, 1,
	      "a:1  4 round trips in 5.000 s\n" PERCENTILES
	      "  Of the median 0.030 ms is the network (the least round trip of TCP that the\n"
	      "  kernel saw; 0.040 ms smoothed), and 0.070 ms the rest: the server, and waking\n"
	      "  both programs.\n");
}

TEST(several_servers_have_a_table_first)
{
	check((struct style){.format = FORMAT_PRETTY, .columns = 79}, 3,
	      "server    median       p99       max   network      rest\n"
	      "a:1     0.100 ms  0.150 ms  0.150 ms  0.030 ms  0.070 ms\n"
	      "b.sock  0.100 ms  0.150 ms  0.150 ms         -         -\n"
	      "c:3            -         -         -         -         -\n"
	      "\n"
	      "a:1  4 round trips in 5.000 s\n" PERCENTILES
	      "  Of the median 0.030 ms is the network (the least round trip of TCP that the\n"
	      "  kernel saw; 0.040 ms smoothed), and 0.070 ms the rest: the server, and waking\n"
	      "  both programs.\n"
	      "\n"
	      "b.sock  4 round trips in 5.000 s\n" PERCENTILES
	      "  Which part is the network is known of TCP alone.\n"
	      "\n"
	      "c:3  0 round trips in 5.000 s, 1 lost\n");
}

TEST(programs_get_microseconds)
{
	check((struct style){.format = FORMAT_PLAIN}, 3,
	      "a:1\t4\t0\t100.000\t100.096\t150.000\t150.000\t150.000\t150.000\t40.000\t30.000\t"
	      "70.096\n"
	      "b.sock\t4\t0\t100.000\t100.096\t150.000\t150.000\t150.000\t150.000\t\t\t\n"
	      "c:3\t0\t1\t\t\t\t\t\t\t\t\t\n");
	check((struct style){.format = FORMAT_CSV}, 1,
	      "server,round_trips,lost,min_us,p50_us,p90_us,p99_us,p999_us,max_us,rtt_us,"
	      "least_rtt_us,rest_us\n"
	      "a:1,4,0,100.000,100.096,150.000,150.000,150.000,150.000,40.000,30.000,70.096\n");
	check((struct style){.format = FORMAT_JSON}, 3,
	      "{\"command\":\".latency\",\"seconds\":5.000,\"unit\":\"us\",\"servers\":["
	      "{\"server\":\"a:1\",\"round_trips\":4,\"lost\":0,\"min\":100.000,\"p50\":100.096,"
	      "\"p90\":150.000,\"p99\":150.000,\"p999\":150.000,\"max\":150.000,\"rtt\":40.000,"
	      "\"least_rtt\":30.000,\"rest\":70.096,\"histogram\":[{\"from\":100.000,\"count\":3},"
	      "{\"from\":120.000,\"count\":0},{\"from\":150.000,\"count\":1}]},"
	      "{\"server\":\"b.sock\",\"round_trips\":4,\"lost\":0,\"min\":100.000,"
	      "\"p50\":100.096,\"p90\":150.000,\"p99\":150.000,\"p999\":150.000,\"max\":150.000,"
	      "\"rtt\":null,\"least_rtt\":null,\"rest\":null,\"histogram\":["
	      "{\"from\":100.000,\"count\":3},{\"from\":120.000,\"count\":0},"
	      "{\"from\":150.000,\"count\":1}]},"
	      "{\"server\":\"c:3\",\"round_trips\":0,\"lost\":1,\"min\":null,\"p50\":null,"
	      "\"p90\":null,\"p99\":null,\"p999\":null,\"max\":null,\"rtt\":null,"
	      "\"least_rtt\":null,\"rest\":null,\"histogram\":[]}]}\n");
}

UNIT_MAIN(cmocka_unit_test(one_server_has_percentiles_a_histogram_and_parts),
          cmocka_unit_test(several_servers_have_a_table_first),
          cmocka_unit_test(programs_get_microseconds))
