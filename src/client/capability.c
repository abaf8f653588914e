#include "client/capability.h"

#include "client/crawl_refusal.h"
#include "proto/meta.h"

#include <stdarg.h>
#include <stdio.h>

static const struct {
	const char *name, *meaning;
} rows[CAPABILITY_COUNT] = {
    [CAPABILITY_META] = {"meta", "meta commands: mg, ms, md, ma, mn, me"},
    [CAPABILITY_METADUMP] = {"metadump", "lru_crawler metadump lists its keys, .dump its items"},
    [CAPABILITY_MGDUMP] = {"mgdump", "lru_crawler mgdump lists its keys"},
    [CAPABILITY_WATCH] = {"watch", "watch shows what it does"},
    [CAPABILITY_CAS] = {"cas", "items have cas numbers"},
    [CAPABILITY_FLUSH] = {"flush", "flush_all is allowed"},
    [CAPABILITY_SHUTDOWN] = {"shutdown", "shutdown is allowed"},
    [CAPABILITY_EXTSTORE] = {"extstore", "values go to a disk too"},
    [CAPABILITY_PROXY] = {"proxy", "it hands requests on to other servers"},
    [CAPABILITY_TLS] = {"tls", "it speaks TLS"},
    [CAPABILITY_LOGIN] = {"login", "it wants a login"},
    [CAPABILITY_BINARY] = {"binary", "it speaks the binary protocol"},
};

const char *capability_name(enum capability capability)
{
	return rows[capability].name;
}

const char *capability_meaning(enum capability capability)
{
	return rows[capability].meaning;
}

#define RAW_LINE(words)                                                                            \
	{                                                                                          \
		.verb = VERB_RAW, .own = true, .text = SLICE_INIT(words "\r\n")                    \
	}

static const struct request requests[QUESTION_COUNT] = {
    [QUESTION_VERSION] = {.verb = VERB_VERSION, .own = true},
    [QUESTION_STATS] = {.verb = VERB_STATS, .own = true},
    [QUESTION_SETTINGS] = {.verb = VERB_STATS, .own = true, .text = SLICE_INIT("settings")},
    [QUESTION_META] = RAW_LINE("mn"),
    [QUESTION_METADUMP] = RAW_LINE("lru_crawler metadump 9999"),
    [QUESTION_MGDUMP] = RAW_LINE("lru_crawler mgdump 9999"),
    [QUESTION_WATCH] = RAW_LINE("watch nosuch"),
    [QUESTION_BINARY] = {.verb = VERB_VERSION, .own = true},
};

const struct request *card_request(enum card_question question)
{
	return &requests[question];
}

/* What each question is about, of those that are about one thing. */
static const enum capability subjects[QUESTION_COUNT] = {
    [QUESTION_META] = CAPABILITY_META,     [QUESTION_METADUMP] = CAPABILITY_METADUMP,
    [QUESTION_MGDUMP] = CAPABILITY_MGDUMP, [QUESTION_WATCH] = CAPABILITY_WATCH,
    [QUESTION_BINARY] = CAPABILITY_BINARY,
};

static void find(struct card *card, enum capability capability, bool yes, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

static void find(struct card *card, enum capability capability, bool yes, const char *format, ...)
{
	struct finding *f = &card->found[capability];
	va_list args;
	f->state = yes ? FINDING_YES : FINDING_NO;
	va_start(args, format);
	vsnprintf(f->why, sizeof(f->why), format, args);
	va_end(args);
}

static void find_plain(struct card *card, enum capability capability, bool yes, const char *no)
{
	find(card, capability, yes, "%s", yes ? "" : no);
}

/* WHY, where it is not known. */
static void explain(struct card *card, enum capability capability, const char *why)
{
	struct finding *f = &card->found[capability];
	if (f->state == FINDING_UNKNOWN && !f->why[0])
		snprintf(f->why, sizeof(f->why), "%.*s", (int)sizeof(f->why) - 1, why);
}

void card_init(struct card *card)
{
	*card = (struct card){.software = &software_unknown};
}

/* The settings say it already, or the binary protocol would be answered by silence. */
static bool wants_packets(const struct card *card)
{
	return card->found[CAPABILITY_BINARY].state == FINDING_UNKNOWN &&
	       card->found[CAPABILITY_LOGIN].state != FINDING_YES;
}

bool card_wants(const struct card *card, enum card_question question)
{
	if (card->settled || card->lost.what[0])
		return false;
	if (question < QUESTION_META)
		return true;
	return question == QUESTION_BINARY
	           ? wants_packets(card)
	           : card->found[subjects[question]].state == FINDING_UNKNOWN;
}

static void copy(char out[CARD_TEXT], struct slice text)
{
	snprintf(out, CARD_TEXT, "%.*s", SLICE_ARGS(text, CARD_TEXT - 1));
}

/* Nothing else is answered until there is a login. */
static void want_login(struct card *card)
{
	find(card, CAPABILITY_LOGIN, true, "before anything else (-Y or -S): .auth USER");
	card->settled = true;
}

static void take_version(struct card *card, const struct reply *reply)
{
	if (reply->kind == REPLY_VERSION) {
		copy(card->version, reply->value);
		card->software = software_of(reply->value);
		if (card->software->proxies)
			find(card, CAPABILITY_PROXY, true, "%s", card->software->name);
	} else if (reply->kind == REPLY_LOST) {
		card->lost = *reply->error;
	} else if (reply_is_error(reply->kind) &&
	           (slice_starts(reply->value, SLICE("unauthenticated")) ||
	            slice_starts(reply->value, SLICE("Auth failure")))) {
		want_login(card);
	}
}

/* At a command that it does not know it closes: none of the other questions is worth asking. */
static void take_closing(struct card *card)
{
	card->software = &software_closing;
	card->settled = true;
	find(card, CAPABILITY_PROXY, true, "such as twemproxy: the version is a server's after it");
	for (enum capability i = 0; i <= CAPABILITY_WATCH; i++)
		find(card, i, false, "it closes the connection at commands that it does not know");
}

static void take_stat(struct card *card, const struct reply *reply)
{
	if (slice_eq_str(reply->key, "uptime"))
		copy(card->uptime, reply->value);
	else if (slice_eq_str(reply->key, "limit_maxbytes"))
		copy(card->memory, reply->value);
	else if (slice_starts(reply->key, SLICE("extstore_")))
		find(card, CAPABILITY_EXTSTORE, true, "%s", "");
	else if (slice_starts(reply->key, SLICE("proxy_")))
		find(card, CAPABILITY_PROXY, true, "memcached's own");
}

/* A setting that is yes or no. */
static void take_switch(struct card *card, const struct reply *reply)
{
	static const struct {
		const char *name;
		enum capability capability;
		const char *no;
	} switches[] = {
	    {"cas_enabled", CAPABILITY_CAS, "started with -C"},
	    {"flush_enabled", CAPABILITY_FLUSH, "started with -F"},
	    {"shutdown_command", CAPABILITY_SHUTDOWN, "started without -A"},
	    {"ssl_enabled", CAPABILITY_TLS, "built with it, started without -Z"},
	    {"proxy_enabled", CAPABILITY_PROXY, "built with it, started without proxy_config"},
	};
	bool yes = slice_eq_str(reply->value, "yes");
	for (size_t i = 0; i < sizeof(switches) / sizeof(switches[0]); i++) {
		if (slice_eq_str(reply->key, switches[i].name))
			find_plain(card, switches[i].capability, yes, switches[i].no);
	}
}

static void take_login(struct card *card, const struct reply *reply)
{
	bool ascii = slice_eq_str(reply->key, "auth_enabled_ascii");
	if (!ascii && !slice_eq_str(reply->key, "auth_enabled_sasl"))
		return;
	if (slice_eq_str(reply->value, "no")) {
		if (card->found[CAPABILITY_LOGIN].state == FINDING_UNKNOWN)
			find_plain(card, CAPABILITY_LOGIN, false, "");
		return;
	}
	find(card, CAPABILITY_LOGIN, true, ascii ? "a token (-Y)" : "SASL (-S)");
	find(card, CAPABILITY_BINARY, !ascii,
	     ascii ? "with -Y it speaks text alone" : "with -S it speaks nothing else");
	for (enum capability i = 0; !ascii && i <= CAPABILITY_WATCH; i++)
		find(card, i, false, "with -S it speaks the binary protocol alone");
}

static void take_setting(struct card *card, const struct reply *reply)
{
	card->has_settings = true;
	take_switch(card, reply);
	take_login(card, reply);
	if (slice_eq_str(reply->key, "maxbytes"))
		copy(card->memory, reply->value);
	else if (slice_eq_str(reply->key, "item_size_max"))
		copy(card->item_max, reply->value);
	else if (slice_eq_str(reply->key, "maxconns"))
		copy(card->connections, reply->value);
	else if (slice_eq_str(reply->key, "binding_protocol") &&
	         !slice_eq_str(reply->value, "auto-negotiate"))
		find_plain(card, CAPABILITY_BINARY, slice_eq_str(reply->value, "binary"),
		           "started with -B ascii");
	else if (slice_eq_str(reply->key, "ext_item_size") &&
	         card->found[CAPABILITY_EXTSTORE].state == FINDING_UNKNOWN)
		find_plain(card, CAPABILITY_EXTSTORE, false,
		           "built with it, started without -o ext_path");
}

/* It does not have what memcached has since 1.MINOR.PATCH: because it is something else, or is
 * older, or for a reason of its own, with LINE. */
static void lack(struct card *card, enum capability capability, unsigned minor, unsigned patch,
                 struct slice line)
{
	const char *them = capability == CAPABILITY_META ? "them" : "it";
	if (card->software->lacks)
		find(card, capability, false, "%s does not have %s", card->software->name, them);
	else if (software_is_since(slice_str(card->version), 1, minor, patch))
		find(card, capability, false, "it answers %.*s", SLICE_ARGS(line, 100));
	else
		find(card, capability, false, "memcached has %s since 1.%u.%u", them, minor, patch);
}

static void take_meta(struct card *card, struct slice line)
{
	if (!slice_eq_str(line, "MN"))
		lack(card, CAPABILITY_META, 6, 0, line);
	else if (card->software->lacks)
		find(card, CAPABILITY_META, false, "%s answers mn, and takes but a part of them",
		     card->software->name);
	else
		find_plain(card, CAPABILITY_META, meta_is_known_to(slice_str(card->version)),
		           "in an older form: memcached has them as they are since 1.6.12");
}

static void take_list(struct card *card, enum capability capability, struct slice line)
{
	bool busy = slice_starts(line, SLICE("BUSY"));
	const char *hint = crawl_refusal_hint(line);
	if (busy || slice_starts(line, SLICE("BADCLASS")))
		find(card, capability, true, "%s", busy ? "at another list or crawl now" : "");
	else if (card->software->lacks || slice_eq_str(line, "ERROR") || !hint)
		lack(card, capability, capability == CAPABILITY_MGDUMP ? 6 : 4,
		     capability == CAPABILITY_MGDUMP ? 19 : 31, line);
	else
		find(card, capability, false, "%s", hint);
}

static const char answers_error[] = "it answers ERROR";

/* Where watch is not known at all it is ERROR too: so it is by its version, or where another
 * command that memcached of that version has is answered so. */
static void take_watch(struct card *card, struct slice line)
{
	if (slice_starts(line, SLICE("CLIENT_ERROR watch commands not allowed")))
		find(card, CAPABILITY_WATCH, false, "started with -W");
	else if (slice_eq_str(line, "ERROR") &&
	         software_is_since(slice_str(card->version), 1, 4, 26) &&
	         strcmp(card->found[CAPABILITY_METADUMP].why, answers_error) != 0)
		find_plain(card, CAPABILITY_WATCH, true, "");
	else
		lack(card, CAPABILITY_WATCH, 4, 26, line);
}

/* The first line is the answer. */
static void take_line(struct card *card, enum card_question question, struct slice line)
{
	if (card->found[subjects[question]].state != FINDING_UNKNOWN)
		return;
	if (question == QUESTION_META)
		take_meta(card, line);
	else if (question == QUESTION_WATCH)
		take_watch(card, line);
	else
		take_list(card, subjects[question], line);
}

static void take_lost(struct card *card, enum card_question question, const struct reply *reply)
{
	if (question >= QUESTION_META)
		explain(card, subjects[question], reply->error->what);
	if (reply->unsent)
		return;
	if (reply->hung_up && question < QUESTION_META)
		take_closing(card);
	else if (reply->hung_up && card->found[subjects[question]].state == FINDING_UNKNOWN)
		find(card, subjects[question], false, "it closes the connection");
	else if (question == QUESTION_BINARY)
		find(card, CAPABILITY_BINARY, false, "no answer to a packet");
	else if (!reply->hung_up)
		card->settled = true; /* one that is silent is so again */
}

void card_take(struct card *card, enum card_question question, const struct reply *reply)
{
	if (question == QUESTION_VERSION)
		take_version(card, reply);
	else if (reply->kind == REPLY_LOST)
		take_lost(card, question, reply);
	else if (reply->kind == REPLY_STAT && question == QUESTION_STATS)
		take_stat(card, reply);
	else if (reply->kind == REPLY_STAT)
		take_setting(card, reply);
	else if (reply->kind == REPLY_LINE)
		take_line(card, question, reply->value);
	else if (question == QUESTION_BINARY)
		find_plain(card, CAPABILITY_BINARY, reply->kind == REPLY_VERSION,
		           "it refuses packets");
}

void card_finish(struct card *card, const char *transport)
{
	const char *why = card->lost.what[0] ? "it did not answer"
	                  : card->settled    ? "it did not answer more"
	                                     : "it does not say";
	if (transport)
		find(card, CAPABILITY_TLS, true, "%s", transport);
	if (card->has_settings) {
		/* What a setting would say that only such a build has. */
		static const enum capability builds[] = {CAPABILITY_EXTSTORE, CAPABILITY_PROXY,
		                                         CAPABILITY_TLS};
		for (size_t i = 0; i < sizeof(builds) / sizeof(builds[0]); i++) {
			if (card->found[builds[i]].state == FINDING_UNKNOWN)
				find_plain(card, builds[i], false, "built without it");
		}
	}
	if (card->found[CAPABILITY_LOGIN].state == FINDING_YES && !card->has_settings)
		why = "it wants a login first";
	for (enum capability i = 0; i < CAPABILITY_COUNT; i++)
		explain(card, i, why);
}
