#include "view/overview/past.h"

#include "base/json_find.h"
#include "base/number.h"

#include <stdio.h>

static bool find_u64(struct slice text, const char *path, uint64_t *out)
{
	struct slice value;
	return json_find(text, slice_str(path), &value) == JSON_FOUND &&
	       number_parse_u64(value, out) == NUMBER_OK;
}

static void read_share(struct slice keys, const char *name, struct overview_share *share)
{
	struct slice object;
	if (json_find(keys, slice_str(name), &object) != JSON_FOUND)
		return;
	find_u64(object, "items", &share->items);
	find_u64(object, "bytes", &share->bytes);
}

static void read_findings(struct overview_past *past, struct slice text)
{
	char path[40];
	struct slice rule;
	for (size_t i = 0; i < PAST_FINDINGS; i++) {
		snprintf(path, sizeof(path), "findings[%zu].rule", i);
		if (json_find(text, slice_str(path), &rule) != JSON_FOUND)
			return;
		/* With its quotes. */
		if (rule.len > 2 && rule.len - 2 < sizeof(past->findings[0]))
			memcpy(past->findings[past->findings_count++], rule.data + 1, rule.len - 2);
	}
}

bool overview_past_read(struct overview_past *past, struct slice text, struct error *error)
{
	struct slice command, counters, keys, scope;
	uint64_t time = 0;
	*past = (struct overview_past){0};
	if (json_find(text, SLICE("command"), &command) != JSON_FOUND ||
	    !slice_eq_str(command, "\".report\"") || !find_u64(text, "time", &time) ||
	    json_find(text, SLICE("counters"), &counters) != JSON_FOUND)
		return error_set(error, "write one with: .report --format json > FILE",
		                 "it is not a report in json");
	past->time = (int64_t)time;
	for (size_t i = 0; i < OVERVIEW_COUNTERS; i++) {
		if (find_u64(counters, overview_counter_name((enum overview_counter)i),
		             &past->sum.n[i]))
			past->sum.known |= (uint64_t)1 << i;
	}
	past->listed = json_find(text, SLICE("keys"), &keys) == JSON_FOUND;
	if (past->listed) {
		past->scoped = json_find(keys, SLICE("scope"), &scope) == JSON_FOUND;
		read_share(keys, "all", &past->all);
		read_share(keys, "unread", &past->unread);
		read_share(keys, "forever", &past->forever);
	}
	read_findings(past, text);
	return true;
}

int64_t overview_past_span(const struct overview_past *past, const struct overview *now)
{
	return now->time > past->time ? now->time - past->time : 0;
}

bool overview_past_restarted(const struct overview_past *past, const struct overview *now)
{
	for (size_t i = 0; i < OVERVIEW_COUNTERS; i++) {
		if (overview_counter_grows((enum overview_counter)i) &&
		    (past->sum.known & now->sum.known) >> i & 1 && now->sum.n[i] < past->sum.n[i])
			return true;
	}
	/* Two clocks, in whole seconds. */
	return overview_knows(&now->sum, COUNT_UPTIME) &&
	       now->sum.n[COUNT_UPTIME] + 2 < (uint64_t)overview_past_span(past, now);
}

bool overview_past_rise(const struct overview_past *past, const struct overview *now,
                        enum overview_counter counter, uint64_t *rise)
{
	if (!overview_counter_grows(counter) || overview_past_restarted(past, now) ||
	    !overview_knows(&past->sum, counter) || !overview_knows(&now->sum, counter))
		return false;
	*rise = now->sum.n[counter] - past->sum.n[counter];
	return true;
}

static bool found_then(const struct overview_past *past, const char *rule)
{
	for (size_t i = 0; i < past->findings_count; i++) {
		if (strcmp(past->findings[i], rule) == 0)
			return true;
	}
	return false;
}

bool overview_past_lacked(const struct overview_past *past, const char *rule)
{
	bool judged = !finding_takes_keys(rule) || (past->listed && !past->scoped);
	return judged && !found_then(past, rule);
}

const char *overview_past_gone(const struct overview_past *past, const struct overview *now,
                               const struct findings *found, size_t i)
{
	for (size_t n = 0; n < past->findings_count; n++) {
		const char *rule = past->findings[n];
		bool judged = !finding_takes_keys(rule) || overview_has_all_keys(now);
		if (judged && !findings_have(found, rule) && i-- == 0)
			return rule;
	}
	return NULL;
}
