#include "base/buf.h"
#include "lib/unit.h"
#include "view/bench.h"

#include <stdlib.h>

static void check(const struct style *style, const struct bench_report *report, struct slice want)
{
	struct buf out = BUF_INIT;
	bench_add(&out, style, report);
	assert_bytes(buf_slice(&out), want);
	buf_release(&out);
}

static struct bench_report report_of(const struct tally *times)
{
	return (struct bench_report){.command = ".bench",
	                             .threads = 4,
	                             .connections = 2,
	                             .commands = 1234,
	                             .errors = 1,
	                             .misses = 1200,
	                             .elapsed = 2000500700,
	                             .times = times};
}

static const int64_t values[] = {100000, 100000, 100000, 119999, 120000, 150000, 199999};

static struct tally *times_of(size_t count)
{
	struct tally *t = calloc(1, sizeof(*t));
	for (size_t i = 0; i < count; i++)
		tally_add(t, values[i]);
	return t;
}

TEST(plain_is_names_and_values)
{
	struct tally *t = times_of(7), *none = times_of(0);
	struct bench_report report = report_of(t);
	struct style style = {.format = FORMAT_PLAIN};
	check(&style, &report,
	      SLICE("threads\t4\nconnections\t2\ncommands\t1234\nerrors\t1\nmisses\t1200\n"
	            "seconds\t2.000500\nper_second\t616.8\nmin\t100.000\np50\t120.064\n"
	            "p90\t199.999\np99\t199.999\np999\t199.999\nmax\t199.999\n"));
	report.times = none;
	report.elapsed = 0;
	check(&style, &report,
	      SLICE("threads\t4\nconnections\t2\ncommands\t1234\nerrors\t1\nmisses\t1200\n"
	            "seconds\t0.000000\nper_second\t0.0\n"));
	free(t);
	free(none);
}

TEST(json_has_the_histogram)
{
	struct tally *t = times_of(7), *none = times_of(0);
	struct bench_report report = report_of(t);
	struct style style = {.format = FORMAT_JSON};
	check(&style, &report,
	      SLICE("{\"command\":\".bench\",\"threads\":4,\"connections\":2,\"commands\":1234,"
	            "\"errors\":1,\"misses\":1200,\"seconds\":2.000500,\"per_second\":616.8,"
	            "\"unit\":\"us\",\"min\":100.000,\"p50\":120.064,\"p90\":199.999,"
	            "\"p99\":199.999,\"p999\":199.999,\"max\":199.999,\"histogram\":["
	            "{\"from\":100.000,\"count\":3},{\"from\":120.000,\"count\":2},"
	            "{\"from\":150.000,\"count\":2}]}\n"));
	report.times = none;
	check(&style, &report,
	      SLICE("{\"command\":\".bench\",\"threads\":4,\"connections\":2,\"commands\":1234,"
	            "\"errors\":1,\"misses\":1200,\"seconds\":2.000500,\"per_second\":616.8,"
	            "\"unit\":\"us\"}\n"));
	free(t);
	free(none);
}

TEST(csv_is_a_row)
{
	struct tally *t = times_of(7), *none = times_of(0);
	struct bench_report report = report_of(t);
	struct style style = {.format = FORMAT_CSV};
	check(&style, &report,
	      SLICE("command,threads,connections,commands,errors,misses,not_stored,exists,"
	            "not_found,seconds,per_second,min_us,"
	            "p50_us,p90_us,p99_us,p999_us,max_us\n"
	            ".bench,4,2,1234,1,1200,0,0,0,2.000500,616.8,100.000,120.064,199.999,199.999,"
	            "199.999,"
	            "199.999\n"));
	report.times = none;
	check(&style, &report,
	      SLICE("command,threads,connections,commands,errors,misses,not_stored,exists,"
	            "not_found,seconds,per_second,min_us,"
	            "p50_us,p90_us,p99_us,p999_us,max_us\n"
	            ".bench,4,2,1234,1,1200,0,0,0,2.000500,616.8,,,,,,\n"));
	free(t);
	free(none);
}

TEST(pretty_is_drawn)
{
	struct tally *t = times_of(7), *none = times_of(0);
	struct bench_report report = report_of(t);
	struct style style = {.format = FORMAT_PRETTY, .columns = 30};
	check(&style, &report,
	      SLICE("1,234 commands in 2.001 s:\n"
	            "  617 per second,\n"
	            "  1,200 misses, 1 error\n"
	            "  4 threads over 2 connections\n"
	            "  p50 0.120 ms  p90 0.200 ms\n"
	            "  p99 0.200 ms  p99.9 0.200 ms\n"
	            "  max 0.200 ms\n"
	            "   0.100 ms+  3  #############\n"
	            "   0.120 ms+  2  #########\n"
	            "   0.150 ms+  2  #########\n"));
	style.columns = 80;
	report = (struct bench_report){.threads = 1,
	                               .connections = 1,
	                               .commands = 1,
	                               .errors = 0,
	                               .misses = 1,
	                               .elapsed = 1000000,
	                               .times = none};
	check(&style, &report,
	      SLICE("1 command in 1.000 ms: 1,000 per second, 1 miss\n"
	            "  1 thread over 1 connection\n"));
	free(t);
	free(none);
}

UNIT_MAIN(cmocka_unit_test(plain_is_names_and_values), cmocka_unit_test(json_has_the_histogram),
          cmocka_unit_test(csv_is_a_row), cmocka_unit_test(pretty_is_drawn))
