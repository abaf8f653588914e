/* The connections of a session. */
#include "attack/attack.h"

#include "base/deadline.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#define PEERS_MAX 8

/* An endless stream ends here after all: what reads on by then has no ceiling. */
#define ENDLESS_MAX ((size_t)512 * 1024 * 1024)

/* And a list of keys that trickles after so many of them: mcsh reads one as long as it goes on. */
#define TRICKLE_MAX 200

/* What is taken from the client in one go, and then answered by one write. */
#define TAKE ((size_t)64 * 1024)

struct peer {
	int fd;
	struct buf in, out, held;
	size_t sent; /* of out */
	bool silent; /* nothing more is sent, ever */
	bool drips;  /* a byte at a time */
	bool closes; /* once all is sent */
	struct mutation *endless;
	uint64_t serial;
	size_t streamed;
	int64_t next; /* of a trickle */
};

struct server {
	struct session *session;
	struct peer peers[PEERS_MAX];
	size_t count;
	int silence_ms; /* waits since something came */
};

static void peer_close(struct server *v, size_t i)
{
	struct peer *p = &v->peers[i];
	close(p->fd);
	buf_release(&p->in);
	buf_release(&p->out);
	buf_release(&p->held);
	*p = v->peers[--v->count];
}

/* The mutation whose turn it is, if it is one of a greeting or of a reply, as asked. */
static struct mutation *due(struct session *s, bool greeting)
{
	for (size_t i = 0; i < s->mutation_count; i++) {
		struct mutation *m = &s->mutations[i];
		if (!m->done && s->exchanges >= m->at && (m->kind == MUTATE_GREETING) == greeting)
			return m;
	}
	return NULL;
}

static void accept_peer(struct server *v, int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd < 0)
		return;
	if (v->count == PEERS_MAX) {
		close(fd);
		return;
	}
	struct peer *p = &v->peers[v->count++];
	*p = (struct peer){.fd = fd};
	struct mutation *m = due(v->session, true);
	if (!m)
		return;
	mutate_greet(m, &p->out);
	snprintf(m->request, sizeof(m->request), "greeted with %.*s",
	         (int)(p->out.len < 60 ? p->out.len : 60), p->out.data);
}

static bool has_lines(struct slice reply)
{
	return slice_starts(reply, SLICE("\x81\x10")) || slice_starts(reply, SLICE("STAT ")) ||
	       slice_starts(reply, SLICE("key=")) || slice_starts(reply, SLICE("VALUE "));
}

/* Adds REPLY to what P is sent, whatever becomes of it. */
static void add_reply(struct session *s, struct peer *p, struct slice request, struct buf *reply)
{
	struct mutation *m = due(s, false);
	/* A noreply command has nothing that could be changed; and most answers that do not end are
	 * kept for a question that has many lines for an answer. */
	if (m && (reply->len == 0 || (m->wants_lines && !has_lines(buf_slice(reply)))))
		m = NULL;
	s->exchanges++;
	if (m) {
		if (is_packet(request))
			packet_describe(request, m->request, sizeof(m->request));
		else
			snprintf(m->request, sizeof(m->request), "%.*s",
			         (int)strcspn(request.data, "\r\n"), request.data);
		mutate(m, reply);
	}
	if (m && m->kind == MUTATE_SWAP && p->held.len == 0) {
		buf_add_slice(&p->held, buf_slice(reply));
		return;
	}
	buf_add_slice(&p->out, buf_slice(reply));
	if (reply->len > 0 && p->held.len > 0) {
		buf_add_slice(&p->out, buf_slice(&p->held));
		buf_clear(&p->held);
	}
	if (!m)
		return;
	p->closes |= m->kind == MUTATE_CLOSE;
	p->silent |= m->kind == MUTATE_STALL;
	p->drips |= m->kind == MUTATE_DRIP;
	if (m->kind == MUTATE_ENDLESS || m->kind == MUTATE_TRICKLE)
		p->endless = m;
}

/* Answers what is whole of what has come. */
static void answer_all(struct server *v, struct peer *p)
{
	struct buf reply = BUF_INIT;
	size_t pos = 0;
	while (!p->silent && !p->closes && !p->endless) {
		buf_clear(&reply);
		struct slice request = slice_skip(buf_slice(&p->in), pos);
		size_t used = answer(v->session, request, &reply);
		if (used == 0)
			break;
		pos += used;
		add_reply(v->session, p, request, &reply);
	}
	if (p->silent || p->closes || p->endless)
		pos = p->in.len;
	buf_drop(&p->in, pos);
	buf_release(&reply);
}

/* False when the connection is at its end. */
static bool receive(struct server *v, struct peer *p)
{
	for (size_t taken = 0; taken < TAKE;) {
		char *data = buf_reserve(&p->in, TAKE);
		ssize_t n = recv(p->fd, data, TAKE, 0);
		if (n < 0 && errno == EAGAIN)
			break;
		if (n <= 0)
			return false;
		p->in.len += (size_t)n;
		taken += (size_t)n;
	}
	answer_all(v, p);
	return true;
}

static void stream(struct peer *p)
{
	if (!p->endless || p->streamed >= ENDLESS_MAX)
		return;
	if (p->endless->kind == MUTATE_TRICKLE) {
		if (clock_now() < p->next)
			return;
		p->next = clock_now() + 5 * NSEC_PER_MSEC;
		p->closes = p->serial >= TRICKLE_MAX && p->endless->way == 2;
	}
	size_t before = p->out.len;
	mutate_endless(p->endless, &p->out, p->serial);
	p->serial += p->endless->kind == MUTATE_TRICKLE ? 1 : 50000;
	p->streamed += p->out.len - before;
}

/* False when the connection is at its end. */
static bool send_some(struct peer *p)
{
	if (p->out.len == 0)
		stream(p);
	while (p->sent < p->out.len) {
		size_t left = p->out.len - p->sent;
		ssize_t n = send(p->fd, p->out.data + p->sent, p->drips ? 1 : left, MSG_NOSIGNAL);
		if (n < 0 && errno == EAGAIN)
			return true;
		if (n < 0)
			return false;
		p->sent += (size_t)n;
	}
	buf_clear(&p->out);
	p->sent = 0;
	return !p->closes;
}

static short wants(const struct peer *p)
{
	bool sends = p->out.len > 0 || (p->endless && p->endless->kind == MUTATE_ENDLESS &&
	                                p->streamed < ENDLESS_MAX);
	return (short)(sends ? POLLIN | POLLOUT : POLLIN);
}

/* For how long nothing may come from mcsh, which waits for half a minute at the most. What is
 * counted are the waits of this process, which a busy machine holds up as well. */
#define SILENCE_MS 60000

/* And what all of a session may take: an mcsh that asks for ever. */
#define SESSION_MS 1200000

/* One round; whether the process has ended. */
static bool turn(struct server *v, int listener, int pidfd)
{
	struct pollfd polled[PEERS_MAX + 2] = {{.fd = listener, .events = POLLIN},
	                                       {.fd = pidfd, .events = POLLIN}};
	size_t count = v->count;
	int wait = 100;
	for (size_t i = 0; i < count; i++) {
		polled[i + 2] =
		    (struct pollfd){.fd = v->peers[i].fd, .events = wants(&v->peers[i])};
		if (v->peers[i].endless)
			wait = 5;
	}
	v->silence_ms = poll(polled, (nfds_t)(count + 2), wait) > 0 ? 0 : v->silence_ms + wait;
	/* From the last one on: the one that takes a closed one's place has had its turn. */
	for (size_t i = count; i-- > 0;) {
		struct peer *p = &v->peers[i];
		bool open = true;
		if (polled[i + 2].revents & (POLLIN | POLLHUP | POLLERR))
			open = receive(v, p);
		if (open && (p->out.len > 0 || p->endless || p->closes))
			open = send_some(p);
		if (!open)
			peer_close(v, i);
	}
	if (polled[0].revents)
		accept_peer(v, listener);
	return polled[1].revents != 0;
}

bool serve(struct session *s, int listener, int pidfd)
{
	struct server v = {.session = s};
	int64_t deadline = deadline_in(SESSION_MS);
	bool ended = false;
	while (!ended && v.silence_ms < SILENCE_MS && clock_now() < deadline)
		ended = turn(&v, listener, pidfd);
	while (v.count > 0)
		peer_close(&v, v.count - 1);
	/* Those that came too late to be served. */
	for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0;)
		close(fd);
	return ended;
}
