#include "base/buf.h"
#include "lib/unit.h"
#include "view/summary.h"

#include <stdlib.h>

static void check(const struct style *style, const struct bench_report *report, struct slice want)
{
	struct buf out = BUF_INIT;
	summary_add_bench(&out, style, report);
	assert_bytes(buf_slice(&out), want);
	buf_release(&out);
}

static struct bench_report report_of(const struct histogram *times)
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

static struct histogram *histogram_of(const int64_t *times, size_t count)
{
	struct histogram *t = calloc(1, sizeof(*t));
	for (size_t i = 0; i < count; i++)
		histogram_add(t, times[i]);
	return t;
}

static struct histogram *times_of(size_t count)
{
	return histogram_of(values, count);
}

static void check_repeat(const struct style *style, const int64_t *times, size_t count,
                         const char *want)
{
	struct buf out = BUF_INIT;
	struct histogram *t = histogram_of(times, count);
	summary_add_repeat(&out, style, "get", t);
	assert_bytes(buf_slice(&out), slice_str(want));
	free(t);
	buf_release(&out);
}

TEST(bench_in_plain_is_names_and_values)
{
	struct histogram *t = times_of(7), *none = times_of(0);
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

TEST(bench_in_json_has_the_histogram)
{
	struct histogram *t = times_of(7), *none = times_of(0);
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

TEST(a_bucket_of_the_histogram_begins_at_its_border)
{
	struct histogram *t = histogram_of((int64_t[]){50, 100, 100}, 3);
	struct bench_report report = {.command = ".bench", .times = t};
	struct buf out = BUF_INIT;
	summary_add_bench(&out, &(struct style){.format = FORMAT_JSON}, &report);
	const char *found = strstr(buf_cstr(&out), "\"histogram\":");
	assert_non_null(found);
	assert_string_equal(found, "\"histogram\":[{\"from\":0.000,\"count\":1},"
	                           "{\"from\":0.100,\"count\":2}]}\n");
	buf_release(&out);
	free(t);
}

TEST(bench_in_csv_is_a_row)
{
	struct histogram *t = times_of(7), *none = times_of(0);
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

TEST(bench_in_pretty_is_drawn)
{
	struct histogram *t = times_of(7), *none = times_of(0);
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
	            "  0.100 ms+  3  ##############\n"
	            "  0.120 ms+  2  #########\n"
	            "  0.150 ms+  2  #########\n"));
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

TEST(repeat_in_plain_is_names_and_microseconds)
{
	struct style plain = {.format = FORMAT_PLAIN};
	int64_t s[] = {5000, 1000, 4000, 2000, 3000};
	check_repeat(&plain, s, 5,
	             "count\t5\nmin\t1.000\nmedian\t3.000\np90\t5.000\np99\t5.000\nmax\t5.000\n");
	check_repeat(&plain, s, 0, "count\t0\n");
}

TEST(repeat_in_json_and_csv)
{
	struct style json = {.format = FORMAT_JSON}, csv = {.format = FORMAT_CSV};
	int64_t s[] = {2000, 1000};
	check_repeat(&json, s, 2,
	             "{\"command\":\"get\",\"count\":2,\"unit\":\"us\",\"min\":1.000,"
	             "\"median\":1.000,\"p90\":2.000,\"p99\":2.000,\"max\":2.000}\n");
	check_repeat(&json, s, 0, "{\"command\":\"get\",\"count\":0,\"unit\":\"us\"}\n");
	check_repeat(&csv, s, 2,
	             "command,count,min_us,median_us,p90_us,p99_us,max_us\n"
	             "get,2,1.000,1.000,2.000,2.000,2.000\n");
	check_repeat(&csv, s, 0,
	             "command,count,min_us,median_us,p90_us,p99_us,max_us\nget,0,,,,,\n");
}

TEST(repeat_in_pretty_is_drawn)
{
	int64_t s[] = {100000, 100000, 100000, 100000, 119000, 121000, 150000, 199999};
	struct style narrow = {.format = FORMAT_PRETTY, .columns = 30};
	struct style utf8 = {.format = FORMAT_PRETTY, .columns = 20, .utf8 = true};
	check_repeat(&narrow, s, 8,
	             "8 samples\n"
	             "  min 0.100 ms\n"
	             "  median 0.100 ms\n"
	             "  p90 0.200 ms  p99 0.200 ms\n"
	             "  max 0.200 ms\n"
	             "  0.100 ms+  5  ##############\n"
	             "  0.120 ms+  1  ###\n"
	             "  0.150 ms+  2  ######\n");
	check_repeat(&utf8, (int64_t[]){7}, 1,
	             "1 sample\n"
	             "  min 0.000 ms\n"
	             "  median 0.000 ms\n"
	             "  p90 0.000 ms\n"
	             "  p99 0.000 ms\n"
	             "  max 0.000 ms\n"
	             "  0.000 ms+  1  "
	             "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88\n");
	check_repeat(&narrow, s, 0, "0 samples\n");
}

TEST(times_of_any_range_get_twelve_buckets_at_the_most)
{
	int64_t s[] = {INT64_MIN, -1, 0, 1, 1000, 1000000000, INT64_MAX - 1, INT64_MAX};
	struct buf out = BUF_INIT;
	struct histogram *t = histogram_of(s, 8);
	summary_add_repeat(&out, &(struct style){.format = FORMAT_PRETTY, .columns = 80}, "get", t);
	size_t lines = 0;
	for (size_t i = 0; i < out.len; i++)
		lines += out.data[i] == '\n';
	assert_int_equal(lines, 3 + 12);
	free(t);
	buf_release(&out);
}

UNIT_MAIN(cmocka_unit_test(bench_in_plain_is_names_and_values),
          cmocka_unit_test(bench_in_json_has_the_histogram),
          cmocka_unit_test(a_bucket_of_the_histogram_begins_at_its_border),
          cmocka_unit_test(bench_in_csv_is_a_row), cmocka_unit_test(bench_in_pretty_is_drawn),
          cmocka_unit_test(repeat_in_plain_is_names_and_microseconds),
          cmocka_unit_test(repeat_in_json_and_csv), cmocka_unit_test(repeat_in_pretty_is_drawn),
          cmocka_unit_test(times_of_any_range_get_twelve_buckets_at_the_most))
