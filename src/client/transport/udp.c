#include "client/transport/udp.h"

#include "base/deadline.h"
#include "base/xalloc.h"
#include "proto/udp.h"

#include <errno.h>
#include <stdlib.h>

/* What an answer may have beside its values. */
#define ANSWER_BYTES ((size_t)1024 * 1024)

/* The datagrams of an answer come all at once; the system allows less than that. */
#define RECEIVE_BYTES ((size_t)4 * 1024 * 1024)

/*
 * memcached answers each key of a get by frames of their own, all with the number of the request
 * and places from 0: two of them look like one that came twice. So each key is asked for by a
 * request of its own, and the answers, but for the END of all but the last, are one again.
 */
struct udp {
	uint16_t id;              /* of the last request */
	bool awaited;             /* its answer is not whole */
	struct udp_answer answer; /* to it */
	struct buf whole;         /* the answer's bytes, of which the first `taken` were read */
	size_t taken;
	struct buf command;  /* the line that is being asked, without its end */
	size_t word, key;    /* of a get: its word with a blank; where the next key is */
	struct buf datagram; /* the one being made */
	char received[UDP_DATAGRAM_MAX];
};

static const char only[] = "UDP carries get, gets, version and stats alone";
static const char elsewhere[] = "name the server without udp://";

static bool udp_carries(const struct request *request)
{
	switch (request->verb) {
	case VERB_GET:
	case VERB_GETS:
	case VERB_VERSION:
	case VERB_STATS:
		return request->dialect == DIALECT_CLASSIC;
	case VERB_RAW:
		return request->text.len == 0; /* a fence, which is a version */
	default:
		return false;
	}
}

static enum transport_result open_udp(struct transport *t, struct error *error)
{
	struct udp *u = xcalloc(1, sizeof(*u));
	int bytes = (int)RECEIVE_BYTES;
	(void)error;
	(void)setsockopt(t->fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	/* Not what a connection before at the same port has asked with. */
	u->id = (uint16_t)(clock_now() / NSEC_PER_MSEC);
	udp_answer_init(&u->answer, t->options->value_max + ANSWER_BYTES);
	t->state = u;
	return TRANSPORT_OPEN;
}

static void udp_close(struct transport *t)
{
	struct udp *u = t->state;
	udp_answer_release(&u->answer);
	buf_release(&u->whole);
	buf_release(&u->command);
	buf_release(&u->datagram);
	free(u);
}

/* The line at the beginning of BYTES, line end included, when it is one that UDP carries; else an
 * empty one. */
static struct slice line_to_send(struct slice bytes)
{
	static const struct slice begins[] = {SLICE_INIT("get "), SLICE_INIT("gets "),
	                                      SLICE_INIT("version\r\n"), SLICE_INIT("stats\r\n"),
	                                      SLICE_INIT("stats ")};
	const char *end = memmem(bytes.data, bytes.len, "\r\n", 2);
	for (size_t i = 0; end && i < sizeof(begins) / sizeof(begins[0]); i++) {
		if (slice_starts(bytes, begins[i]))
			return slice_of(bytes.data, (size_t)(end - bytes.data) + 2);
	}
	return slice_of(NULL, 0);
}

static bool refuse(struct transport *t, const char *hint, const char *what)
{
	errno = EPROTO;
	return error_set(&t->error, hint, "%s: %s", t->address->label, what);
}

/* The other end has no socket there (ICMP). */
static bool fail(struct transport *t)
{
	if (errno == ECONNREFUSED)
		error_set(&t->error, "memcached listens on UDP when it was started with -U PORT",
		          "nothing listens at %s", t->address->label);
	return false;
}

/* Sends COMMAND, a line without its end, as the next request. */
static bool send_request(struct transport *t, struct slice command)
{
	struct udp *u = t->state;
	udp_answer_expect(&u->answer, ++u->id);
	buf_clear(&u->datagram);
	udp_add_header(&u->datagram, u->id);
	buf_add_slice(&u->datagram, command);
	buf_add_str(&u->datagram, "\r\n");
	u->awaited = send(t->fd, u->datagram.data, u->datagram.len, MSG_NOSIGNAL) >= 0;
	t->write_on = POLLIN;
	return u->awaited || fail(t);
}

/* Asks for the next of the command's keys. */
static bool send_next_key(struct transport *t)
{
	struct udp *u = t->state;
	struct slice word = slice_of(u->command.data, u->word), keys = buf_slice(&u->command);
	struct slice key = slice_before(slice_skip(keys, u->key), ' ');
	struct buf one = BUF_INIT;
	buf_add_slice(&one, word);
	buf_add_slice(&one, key);
	u->key += key.len + 1;
	bool sent = send_request(t, buf_slice(&one));
	buf_release(&one);
	return sent;
}

static ssize_t udp_write(struct transport *t, const char *data, size_t len)
{
	struct udp *u = t->state;
	struct slice line = line_to_send(slice_of(data, len));
	if (u->awaited) {
		errno = EAGAIN;
		return -1;
	}
	if (line.len == 0) {
		refuse(t, elsewhere, only);
		return -1;
	}
	bool keyed = line.data[0] == 'g';
	buf_clear(&u->command);
	buf_add(&u->command, line.data, line.len - 2);
	u->word = keyed ? slice_before(line, ' ').len + 1 : 0;
	u->key = keyed ? u->word : u->command.len;
	if (!(keyed ? send_next_key(t) : send_request(t, buf_slice(&u->command))))
		return -1;
	return (ssize_t)line.len;
}

/* The answer to a request is whole. False when the next one could not be sent. */
static bool take_answer(struct transport *t)
{
	static const struct slice end = SLICE_INIT("END\r\n");
	struct udp *u = t->state;
	u->awaited = false;
	t->write_on = POLLOUT;
	buf_clear(&u->whole);
	u->taken = 0;
	udp_answer_join(&u->answer, &u->whole);
	if (u->key >= u->command.len || !slice_ends(buf_slice(&u->whole), end))
		return true;
	u->whole.len -= end.len;
	return send_next_key(t);
}

/* Takes what has come, until there are bytes. False with errno when there are none. */
static bool receive(struct transport *t)
{
	struct udp *u = t->state;
	while (u->taken == u->whole.len) {
		ssize_t n = recv(t->fd, u->received, sizeof(u->received), MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno != EAGAIN && fail(t);
		if (!u->awaited)
			continue; /* late, or a part that came twice */
		switch (udp_answer_take(&u->answer, slice_of(u->received, (size_t)n))) {
		case UDP_MORE:
			break;
		case UDP_WHOLE:
			if (!take_answer(t))
				return false;
			break;
		case UDP_BAD:
			return refuse(t, "is it memcached's UDP port?",
			              "a datagram came that belongs to no answer");
		case UDP_LARGE:
			return refuse(t, ".set max_value allows more",
			              "the answer is larger than any that is accepted");
		}
	}
	return true;
}

static ssize_t udp_read(struct transport *t, char *data, size_t space)
{
	struct udp *u = t->state;
	if (!receive(t))
		return -1;
	struct slice left = slice_skip(buf_slice(&u->whole), u->taken);
	size_t n = left.len < space ? left.len : space;
	memcpy(data, left.data, n);
	u->taken += n;
	t->more = u->taken < u->whole.len;
	return (ssize_t)n;
}

/* Nothing is ever asked of an idle one. */
static ssize_t udp_peek(struct transport *t, char *data, size_t space)
{
	(void)data;
	(void)space;
	if (receive(t))
		errno = EAGAIN;
	return -1;
}

static bool udp_overdue(const struct transport *t, struct error *error)
{
	const struct udp *u = t->state;
	struct buf text = BUF_INIT;
	if (!u || !u->awaited)
		return false;
	udp_answer_describe(&u->answer, &text);
	error_set(error,
	          u->answer.total > 0
	              ? "datagrams are lost on the way; TCP sends them again"
	              : "lost on the way, or does memcached listen on UDP there (-U PORT)?",
	          "%s did not answer in time: %s", t->address->label, buf_cstr(&text));
	buf_release(&text);
	return true;
}

const struct transport_row transport_udp = {
    .name = "UDP",
    .carries = udp_carries,
    .refusal = only,
    .handshake = open_udp,
    .read = udp_read,
    .peek = udp_peek,
    .write = udp_write,
    .overdue = udp_overdue,
    .close = udp_close,
};
