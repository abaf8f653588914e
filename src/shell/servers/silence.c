#include "shell/servers/silence.h"

#include "base/xalloc.h"

#include <stdlib.h>
#include <string.h>

struct silent {
	char *server;
	struct error error;
};

void silence_clear(struct silence *s)
{
	for (; s->count > 0; s->count--)
		free(s->list[s->count - 1].server);
}

void silence_release(struct silence *s)
{
	silence_clear(s);
	free(s->list);
	*s = (struct silence){0};
}

void silence_add(struct silence *s, const char *server, const struct error *error)
{
	if (silence_of(s, server))
		return;
	s->list = xgrow(s->list, &s->cap, s->count + 1, sizeof(*s->list));
	s->list[s->count++] = (struct silent){.server = xstrdup(server), .error = *error};
}

const struct error *silence_of(const struct silence *s, const char *server)
{
	for (size_t i = 0; i < s->count; i++) {
		if (strcmp(s->list[i].server, server) == 0)
			return &s->list[i].error;
	}
	return NULL;
}
