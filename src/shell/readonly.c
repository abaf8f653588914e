#include "shell/readonly.h"

#include "proto/effect.h"

/* Adds who has made the session read-only, and how to change something all the same. */
static bool hint(const struct session *s, struct error *error)
{
	switch (s->settings.readonly_by) {
	case READONLY_BY_USER:
		error_hint(error, ".set readonly off allows it");
		break;
	case READONLY_BY_CLUSTER:
		error_hint(error, "the cluster %s is marked so; .connect elsewhere leaves it",
		           s->servers.cluster ? cluster_name(s->servers.cluster) : "");
		break;
	case READONLY_BY_START:
		error_hint(error, "start mcsh without --readonly to change anything");
		break;
	}
	return false;
}

static bool refuse(const struct session *s, const struct args *args, struct error *error)
{
	error_set(error, NULL, "%s is refused: this session is read-only", args->command->name);
	return hint(s, error);
}

bool readonly_allows(const struct session *s, const struct args *args, bool runs,
                     struct error *error)
{
	const struct command *command = args->command;
	enum effect effect = runs ? command->effect : verb_rows[command->verb].effect;
	return effect == EFFECT_READS || effect == EFFECT_BY_TEXT || refuse(s, args, error);
}

bool readonly_allows_request(const struct session *s, const struct args *args,
                             const struct request *request, struct error *error)
{
	return !request_changes(request) || refuse(s, args, error);
}

bool readonly_may_end(const struct session *s, struct error *error)
{
	if (!s->servers.options.readonly || s->settings.readonly_by == READONLY_BY_USER)
		return true;
	error_set(error, NULL, "this session stays read-only");
	return hint(s, error);
}
