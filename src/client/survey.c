#include "client/survey.h"

#include "base/buf.h"
#include "base/xalloc.h"
#include "client/client_wait.h"
#include "proto/dialect.h"

#include <stdlib.h>

/* A client of its own, and the options that it reads. */
struct line {
	struct client_options options;
	struct client *client;
};

struct survey {
	size_t count;
	struct card *cards;
	struct line own, text, packets;
	bool cancelled;
};

/* Of a question to one server. */
struct asked {
	struct card *card;
	enum card_question question;
};

static void begin(struct line *line, struct client *from, const struct client_options *options)
{
	line->options = *options;
	/* The other servers' answers are no reason to wait for one, and nothing is written yet. */
	line->options.dead_retry_ms = 0;
	line->options.live = NULL;
	line->options.reader_fd = 0;
	if (line->options.timeout_ms == 0)
		line->options.timeout_ms = SURVEY_MS;
	line->client = client_like(from, &line->options);
}

/* In DIALECT, without the login, which is the session's in its own; for MOST_MS at the most. */
static void begin_in(struct line *line, struct client *from, const struct client_options *options,
                     enum dialect_id dialect, uint64_t most_ms)
{
	struct client_options other = *options;
	other.dialect = dialect;
	other.user = other.password = slice_of(NULL, 0);
	if (other.timeout_ms == 0 || other.timeout_ms > most_ms)
		other.timeout_ms = most_ms;
	begin(line, from, &other);
}

static void on_reply(void *ctx, const struct reply *reply)
{
	struct asked *a = ctx;
	card_take(a->card, a->question, reply);
}

static struct line *line_of(struct survey *s, enum card_question question)
{
	if (question == QUESTION_BINARY)
		return &s->packets;
	return question >= QUESTION_META && s->text.client ? &s->text : &s->own;
}

/* Each server for which it is of use, and waits for all of them. */
static void ask(struct survey *s, enum card_question question)
{
	struct client *client = line_of(s, question)->client;
	struct asked *asked = xcalloc(s->count, sizeof(*asked));
	struct error error;
	for (size_t i = 0; i < s->count; i++) {
		asked[i] = (struct asked){.card = &s->cards[i], .question = question};
		if (card_wants(&s->cards[i], question) &&
		    !client_submit(client, card_request(question), i, on_reply, &asked[i],
		                   &error)) {
			struct reply lost = {.kind = REPLY_LOST, .unsent = true, .error = &error};
			on_reply(&asked[i], &lost);
		}
	}
	s->cancelled |= !client_run(client);
	free(asked);
}

static void finish(struct survey *s, size_t i)
{
	struct conn *c = client_server(s->own.client, i);
	struct buf transport = BUF_INIT;
	bool tls = conn_describe_transport(c, &transport) &&
	           slice_starts(buf_slice(&transport), SLICE("TLS"));
	card_finish(&s->cards[i], tls ? buf_cstr(&transport) : NULL);
	buf_release(&transport);
}

bool survey_run(struct client *client, const struct client_options *options, struct card *cards)
{
	struct survey s = {.count = client_server_count(client), .cards = cards};
	begin(&s.own, client, options);
	if (dialects[options->dialect].packets)
		begin_in(&s.text, client, options, DIALECT_CLASSIC,
		         options->timeout_ms ? options->timeout_ms : SURVEY_MS);
	begin_in(&s.packets, client, options, DIALECT_BINARY, SURVEY_PACKET_MS);
	for (size_t i = 0; i < s.count; i++)
		card_init(&cards[i]);
	for (enum card_question q = 0; q < QUESTION_COUNT && !s.cancelled; q++)
		ask(&s, q);
	for (size_t i = 0; i < s.count; i++)
		finish(&s, i);
	client_free(s.own.client);
	client_free(s.text.client);
	client_free(s.packets.client);
	return !s.cancelled;
}
