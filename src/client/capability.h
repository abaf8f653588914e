/*
 * What a server can do, found out by asking it: the questions, and what their answers mean. Nothing
 * here is sent or waited for (client/survey.h does that): a card is filled by the replies that it
 * is given.
 *
 * No question changes anything or lists a key. A refusal is an answer: `watch nosuch` is ERROR
 * where watching is allowed, since there is no such stream, and CLIENT_ERROR where it is not;
 * `lru_crawler metadump 9999` is BADCLASS where keys may be listed. doc/protocol.txt of memcached
 * has the settings ("stats settings"), its proto_text.c and crawler.c the refusals.
 */
#ifndef CLIENT_CAPABILITY_H
#define CLIENT_CAPABILITY_H

#include "base/status.h"
#include "proto/reply.h"
#include "proto/request.h"
#include "proto/software.h"

enum capability {
	CAPABILITY_META,     /* the meta commands as they are since 1.6.12 */
	CAPABILITY_METADUMP, /* its keys can be listed: lru_crawler metadump */
	CAPABILITY_MGDUMP,   /* and as mg lines */
	CAPABILITY_WATCH,    /* watch is allowed */
	CAPABILITY_CAS,      /* items have cas numbers */
	CAPABILITY_FLUSH,    /* flush_all is allowed */
	CAPABILITY_SHUTDOWN, /* shutdown is allowed */
	CAPABILITY_EXTSTORE, /* items go to a disk too */
	CAPABILITY_PROXY,    /* it hands requests on to other servers */
	CAPABILITY_TLS,      /* it speaks TLS */
	CAPABILITY_LOGIN,    /* it wants a login */
	CAPABILITY_BINARY,   /* it speaks the binary protocol */
	CAPABILITY_COUNT,
};

/* "metadump": of a row, and a member in JSON. */
const char *capability_name(enum capability capability);

/* What a yes means: "flush_all is allowed". */
const char *capability_meaning(enum capability capability);

/* What is known of one. */
struct finding {
	enum {
		FINDING_UNKNOWN,
		FINDING_NO,
		FINDING_YES,
	} state;
	char why[200]; /* in a few words; "": a plain yes or no */
};

/* The space of a number or a version; longer ones are cut. */
#define CARD_TEXT 64

struct card {
	const struct software *software;
	char version[CARD_TEXT];     /* its own words; these are "" while they are not known */
	char uptime[CARD_TEXT];      /* seconds */
	char memory[CARD_TEXT];      /* bytes for items (maxbytes) */
	char item_max[CARD_TEXT];    /* bytes of the largest item (item_size_max) */
	char connections[CARD_TEXT]; /* at most (maxconns) */
	struct finding found[CAPABILITY_COUNT];
	struct error lost; /* why it is not there, "": it is */
	bool settled;      /* there is nothing more to be learnt by asking */
	bool has_settings;
};

/* In the order in which they are asked, each when the one before it has been answered: a server may
 * close the connection at one, and what it wants no command before, it refuses. */
enum card_question {
	QUESTION_VERSION,
	QUESTION_STATS,
	QUESTION_SETTINGS,
	QUESTION_META,
	QUESTION_METADUMP,
	QUESTION_MGDUMP,
	QUESTION_WATCH,
	QUESTION_BINARY, /* `version` on a connection that speaks packets */
	QUESTION_COUNT,
};

/* What asks QUESTION. Of QUESTION_BINARY it is for a client with that dialect; those from
 * QUESTION_META on before it are text alone. */
const struct request *card_request(enum card_question question);

void card_init(struct card *card);

/* Whether the answer to QUESTION is not known yet, and asking can bring it. */
bool card_wants(const struct card *card, enum card_question question);

/* Takes one reply of the answer to QUESTION, REPLY_LOST too. */
void card_take(struct card *card, enum card_question question, const struct reply *reply);

/* All was asked: what is still unknown gets a reason. TRANSPORT is what carries the connection,
 * NULL where that is not TLS. */
void card_finish(struct card *card, const char *transport);

#endif
