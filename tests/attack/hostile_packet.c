/* The same in the binary protocol: honest answers as packets, and what is done to them. */
#include "attack/attack.h"

#include "base/number.h"
#include "proto/packet.h"

#include <stdio.h>

static const struct slice none = {NULL, 0};

bool is_packet(struct slice bytes)
{
	unsigned first = bytes.len > 0 ? (unsigned char)bytes.data[0] : 0;
	return first == PACKET_REQUEST || first == PACKET_REPLY;
}

/* The packet that BYTES begin with; false when it is not whole. */
static bool read_packet(struct slice bytes, struct packet *p)
{
	if (bytes.len < PACKET_HEADER || !packet_read_header(bytes.data, p) ||
	    bytes.len - PACKET_HEADER < p->body_length)
		return false;
	packet_read_body(bytes.data + PACKET_HEADER, p);
	return true;
}

static void add_packet(struct buf *out, const struct packet *p)
{
	char header[PACKET_HEADER];
	packet_write_header(p, header);
	buf_add(out, header, sizeof(header));
	buf_add_slice(out, p->extras);
	buf_add_slice(out, p->key);
	buf_add_slice(out, p->value);
}

/* The verb that P is, where it has a key. */
static const char *verb_of(const struct packet *p)
{
	static const struct {
		unsigned char opcode, quiet;
		const char *verb;
	} verbs[] = {
	    {OPCODE_SET, OPCODE_SETQ, "set"},
	    {OPCODE_ADD, OPCODE_ADDQ, "add"},
	    {OPCODE_REPLACE, OPCODE_REPLACEQ, "replace"},
	    {OPCODE_APPEND, OPCODE_APPENDQ, "append"},
	    {OPCODE_PREPEND, OPCODE_PREPENDQ, "prepend"},
	    {OPCODE_DELETE, OPCODE_DELETEQ, "delete"},
	    {OPCODE_INCR, OPCODE_INCRQ, "incr"},
	    {OPCODE_DECR, OPCODE_DECRQ, "decr"},
	    {OPCODE_TOUCH, OPCODE_TOUCH, "touch"},
	    {OPCODE_GETK, OPCODE_GETKQ, "get"},
	    {OPCODE_GATK, OPCODE_GATKQ, "gat"},
	};
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (p->opcode == verbs[i].opcode || p->opcode == verbs[i].quiet)
			return p->opcode == OPCODE_SET && p->cas != 0 ? "cas" : verbs[i].verb;
	}
	return "";
}

static bool is_quiet(unsigned opcode)
{
	return (opcode >= OPCODE_SETQ && opcode <= OPCODE_PREPENDQ) || opcode == OPCODE_GETKQ ||
	       opcode == OPCODE_GATKQ;
}

/* The status that says what WORD does in answer to VERB. */
static unsigned status_of(const char *verb, const char *word)
{
	if (strcmp(word, "EXISTS") == 0)
		return PACKET_EXISTS;
	if (strcmp(word, "NOT_FOUND") == 0)
		return PACKET_NOT_FOUND;
	if (strcmp(word, "NOT_STORED") != 0)
		return PACKET_OK;
	return strcmp(verb, "add") == 0       ? PACKET_EXISTS
	       : strcmp(verb, "replace") == 0 ? PACKET_NOT_FOUND
	                                      : PACKET_NOT_STORED;
}

/* The value, the number or the word that answers P about a key of ours. */
static void answer_key(const struct packet *p, struct packet *reply, struct buf *space)
{
	const char *verb = verb_of(p), *word = key_answer(slice_str(verb), p->key);
	bool hit = key_is_hit(p->key), gets = strcmp(verb, "get") == 0 || strcmp(verb, "gat") == 0;
	reply->status = word ? status_of(verb, word) : hit ? PACKET_OK : PACKET_NOT_FOUND;
	if (gets) {
		reply->key = p->key;
		reply->cas = key_cas(p->key);
	}
	if (word || !hit)
		return;
	char number[8];
	if (gets) {
		key_value(p->key, space);
		packet_put_number(number, 4, key_flags(p->key));
		buf_add(space, number, 4);
		reply->extras = slice_of(space->data + space->len - 4, 4);
		reply->value = slice_of(space->data, space->len - 4);
	} else {
		packet_put_number(number, 8, key_number(p->key));
		buf_add(space, number, 8);
		reply->value = buf_slice(space);
	}
}

static void add_stats(struct buf *out, struct packet reply, size_t count)
{
	for (size_t i = 0; i <= count; i++) {
		char name[30], value[30];
		snprintf(name, sizeof(name), "name%zu", i);
		snprintf(value, sizeof(value), "%zu", i * 1000003);
		reply.key = i < count ? slice_str(name) : none;
		reply.value = i < count ? slice_str(value) : none;
		add_packet(out, &reply);
	}
}

size_t packet_answer(struct slice in, struct buf *out)
{
	struct packet p;
	struct buf space = BUF_INIT;
	if (!read_packet(in, &p))
		return 0;
	struct packet reply = {.magic = PACKET_REPLY, .opcode = p.opcode, .opaque = p.opaque};
	if (p.key.len == KEY_BYTES && verb_of(&p)[0])
		answer_key(&p, &reply, &space);
	else if (p.opcode == OPCODE_VERSION)
		reply.value = SLICE("1.6.18");
	else if (p.opcode != OPCODE_NOOP && p.opcode != OPCODE_STAT && !verb_of(&p)[0])
		reply.status = PACKET_UNKNOWN_COMMAND;
	bool gets = p.opcode == OPCODE_GETKQ || p.opcode == OPCODE_GATKQ;
	if (p.opcode == OPCODE_STAT)
		add_stats(out, reply, p.key.len > 0 ? 7 : 40);
	else if (!is_quiet(p.opcode) || gets == (reply.status == PACKET_OK))
		add_packet(out, &reply);
	buf_release(&space);
	return PACKET_HEADER + p.body_length;
}

void packet_describe(struct slice request, char *out, size_t size)
{
	struct packet p;
	if (read_packet(request, &p))
		snprintf(out, size, "packet %s %.*s%s", opcode_name(p.opcode), (int)p.key.len,
		         p.key.len > 0 ? p.key.data : "", is_quiet(p.opcode) ? " k q" : "");
}

/* Packets that answer nothing: to no request, and to the one before P. */
static void add_unasked(struct mutation *m, struct buf *out, const struct packet *p,
                        struct rng *rng)
{
	static const unsigned opcodes[] = {OPCODE_GETK, OPCODE_GETKQ, OPCODE_SET,  OPCODE_NOOP,
	                                   OPCODE_STAT, OPCODE_SETQ,  OPCODE_INCR, 0xff};
	struct packet extra = {.magic = PACKET_REPLY,
	                       .opcode = opcodes[rng_below(rng, 8)],
	                       .opaque = rng_once_in(rng, 2) && p->opaque > 0 ? p->opaque - 1
	                                                                      : 0xdeadbeef,
	                       .status = rng_once_in(rng, 4) ? PACKET_NOT_STORED : PACKET_OK,
	                       .key = SLICE("h0000000000"),
	                       .value = SLICE("evil")};
	/* That a request without an answer failed is believed. */
	m->error_line |= extra.opcode == OPCODE_SETQ;
	add_packet(out, &extra);
}

static void change_lengths(char *header, struct rng *rng)
{
	static const uint64_t lengths[] = {0,      1,          2,          23,         24,
	                                   255,    0xffff,     0x10000,    67108864,   67175000,
	                                   999999, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe};
	uint64_t length = rng_once_in(rng, 3) ? rng_next(rng) : lengths[rng_below(rng, 15)];
	switch (rng_below(rng, 5)) {
	case 0:
		packet_put_number(header + 2, 2, length & 0xffff);
		break;
	case 1:
		packet_put_number(header + 4, 1, length & 0xff);
		break;
	case 2:
		packet_put_number(header + 8, 4, length & 0xffffffff);
		break;
	case 3:
		packet_put_number(header + 8, 4, number_big(header + 8, 4) + 1);
		break;
	default:
		packet_put_number(header + 8, 4, number_big(header + 8, 4) - 1);
	}
}

/* An error in place of the answer P, of any status, known or not. */
static void add_error(struct buf *out, const struct packet *p, struct rng *rng)
{
	struct packet error = {.magic = PACKET_REPLY, .opcode = p->opcode, .opaque = p->opaque};
	error.status = rng_once_in(rng, 4) ? (unsigned)rng_below(rng, 0x10000)
	                                   : 1 + (unsigned)rng_below(rng, 6);
	if (rng_once_in(rng, 4))
		error.status = 0x80 + (unsigned)rng_below(rng, 8);
	error.value = rng_once_in(rng, 2) ? SLICE("\x1b[2J said the server") : none;
	add_packet(out, &error);
}

/* The answer P as one about another key. */
static void add_other(struct mutation *m, struct buf *out, struct packet *p, struct rng *rng)
{
	struct key other = key_random_hit(rng);
	struct buf value = BUF_INIT;
	m->no_effect = p->extras.len != 4 || p->key.len == 0;
	if (!m->no_effect) {
		key_value(key_slice(&other), &value);
		p->key = key_slice(&other);
		p->value = buf_slice(&value);
		p->cas = key_cas(p->key);
	}
	add_packet(out, p);
	buf_release(&value);
}

bool packet_mutate(struct mutation *m, struct buf *reply, struct rng *rng)
{
	struct packet p;
	struct buf made = BUF_INIT;
	if (!read_packet(buf_slice(reply), &p))
		return false;
	switch (m->kind) {
	case MUTATE_EXTRA:
		if (rng_once_in(rng, 2))
			add_unasked(m, &made, &p, rng);
		buf_add_slice(&made, buf_slice(reply));
		if (made.len == reply->len)
			add_unasked(m, &made, &p, rng);
		break;
	case MUTATE_OTHER_KEY:
		add_other(m, &made, &p, rng);
		break;
	case MUTATE_LENGTH:
		change_lengths(reply->data, rng);
		return true;
	case MUTATE_OPAQUE:
		packet_put_number(reply->data + 12, 4, p.opaque ^ (1u << rng_below(rng, 32)));
		return true;
	case MUTATE_LINE_END: /* a wrong magic, in place of what packets have not */
		reply->data[0] = "\x80\x82\x00V"[rng_below(rng, 4)];
		return true;
	case MUTATE_ERROR:
		add_error(&made, &p, rng);
		m->error_line = true;
		break;
	case MUTATE_ENDLESS:
	case MUTATE_TRICKLE:
		m->first_len = PACKET_HEADER + p.body_length;
		m->way = rng_below(rng, 3) == 0 || m->first_len > sizeof(m->first) ? 6 : 3;
		if (m->way == 3)
			memcpy(m->first, reply->data, m->first_len);
		return true;
	default:
		return false;
	}
	buf_clear(reply);
	buf_add_slice(reply, buf_slice(&made));
	buf_release(&made);
	return true;
}
