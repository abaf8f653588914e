#include "proto/item_state.h"

#include "base/number.h"
#include "proto/attributes.h"
#include "proto/meta.h"

int64_t item_seconds_left(struct slice exp)
{
	int64_t n;
	if (number_parse_i64(exp, &n) != NUMBER_OK || n == -1 || n == INT64_MIN)
		return -1;
	return n < 0 ? -n : n;
}

int64_t item_exptime(int64_t ttl, int64_t now)
{
	if (ttl < 0)
		return 0;
	if (ttl > EXPTIME_RELATIVE_MAX)
		return now + ttl > INT32_MAX ? INT32_MAX : now + ttl;
	return ttl > 0 ? ttl : 1; /* 0 would be never */
}

static void take(struct item_state *item, const struct attribute *a)
{
	uint64_t n = 0;
	number_parse_u64(a->value, &n);
	if (slice_eq_str(a->name, "exp"))
		item->ttl = item_seconds_left(a->value);
	else if (slice_eq_str(a->name, "la"))
		item->bumped = n;
	else if (slice_eq_str(a->name, "cas"))
		item->cas = n;
	else if (slice_eq_str(a->name, "fetch"))
		item->fetched = slice_eq_str(a->value, "yes");
	else if (slice_eq_str(a->name, "cls"))
		item->class = n <= UINT8_MAX ? (unsigned)n : 0;
	else if (slice_eq_str(a->name, "size"))
		item->size = n;
}

bool item_state_describe(struct item_state *item, const struct reply *reply)
{
	*item = (struct item_state){.ttl = -1};
	if (reply->kind != REPLY_ME)
		return reply->kind == REPLY_EN;
	struct slice rest = meta_reply_flags(reply);
	struct attribute a;
	item->there = true;
	slice_take(&rest,
	           ' '); /* the key; what a blank in it leaves is overwritten by what follows */
	while (attribute_next(&rest, &a))
		take(item, &a);
	return true;
}

bool item_state_read(struct item_state *item, const struct request *request,
                     const struct reply *reply)
{
	item->there = item->has_value = reply->kind == REPLY_VA;
	if (reply->kind != REPLY_VA)
		return reply->kind == REPLY_EN;
	struct slice rest = meta_reply_flags(reply), flag;
	uint64_t n;
	while (meta_next_flag(request, &rest, &flag)) {
		struct slice token = slice_skip(flag, 1);
		bool number = number_parse_u64(token, &n) == NUMBER_OK;
		if (flag.data[0] == 'f' && number)
			item->flags = n;
		else if (flag.data[0] == 'c' && number)
			item->cas = n;
		else if (flag.data[0] == 't')
			item->ttl = number ? (int64_t)n : -1;
		else if (flag.data[0] == 'X')
			item->stale = true;
		else if (flag.data[0] == 'W')
			item->token = true;
	}
	return true;
}
