#include "shell/servers/looks.h"

#include "base/deadline.h"
#include "base/xalloc.h"
#include "shell/servers/servers.h"
#include "view/stats/sample.h"

#include <stdlib.h>

struct look {
	char *server;
	struct sample seen, coming; /* coming: an answer that is not whole yet */
};

static void look_release(struct look *look)
{
	free(look->server);
	sample_release(&look->seen);
	sample_release(&look->coming);
}

void looks_release(struct looks *l)
{
	for (size_t i = 0; i < l->count; i++)
		look_release(&l->list[i]);
	free(l->list);
	*l = (struct looks){0};
}

static struct look *find(struct looks *l, const char *server)
{
	if (l->last < l->count && strcmp(l->list[l->last].server, server) == 0)
		return &l->list[l->last];
	for (size_t i = 0; i < l->count; i++) {
		if (strcmp(l->list[i].server, server) == 0) {
			l->last = i;
			return &l->list[i];
		}
	}
	return NULL;
}

/* The look of SERVER, found or new; of too many the first is forgotten. */
static struct look *look_at(struct looks *l, const char *server)
{
	struct look *look = find(l, server);
	if (look)
		return look;
	if (l->count == SERVERS_MAX) {
		look_release(&l->list[0]);
		memmove(l->list, l->list + 1, --l->count * sizeof(*l->list));
	}
	l->list = xgrow(l->list, &l->cap, l->count + 1, sizeof(*l->list));
	l->last = l->count++;
	look = &l->list[l->last];
	*look = (struct look){.server = xstrdup(server)};
	return look;
}

void looks_take(struct looks *l, const struct request *request, const struct reply *reply)
{
	if (request->verb != VERB_STATS || slice_trim(request->text).len > 0 || !reply->server)
		return;
	struct look *look = look_at(l, reply->server);
	if (reply->kind == REPLY_STAT) {
		sample_add(&look->coming, reply->key, reply->value);
	} else if (reply->kind == REPLY_END && look->coming.count > 0) {
		look->coming.at = clock_now();
		looks_put(l, look->server, &look->coming);
	} else if (reply_is_last(reply->kind)) {
		sample_clear(&look->coming);
	}
}

const struct sample *looks_of(struct looks *l, const char *server)
{
	const struct look *look = find(l, server);
	return look && look->seen.at != 0 ? &look->seen : NULL;
}

void looks_put(struct looks *l, const char *server, struct sample *sample)
{
	struct look *look = look_at(l, server);
	struct sample before = look->seen;
	look->seen = *sample;
	*sample = before;
	sample_clear(sample);
}
