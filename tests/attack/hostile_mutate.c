/* What is done to an honest answer. */
#include "attack/attack.h"

const char *const mutation_names[MUTATE_KINDS] = {[MUTATE_DRIP] = "drip",
                                                  [MUTATE_DUPLICATE] = "duplicate",
                                                  [MUTATE_OMIT] = "omit",
                                                  [MUTATE_SWAP] = "swap",
                                                  [MUTATE_EXTRA] = "extra line",
                                                  [MUTATE_OTHER_KEY] = "other key",
                                                  [MUTATE_LENGTH] = "wrong length",
                                                  [MUTATE_BYTE] = "wrong byte",
                                                  [MUTATE_CUT] = "cut",
                                                  [MUTATE_LINE_END] = "line end",
                                                  [MUTATE_OPAQUE] = "opaque",
                                                  [MUTATE_CLOSE] = "close",
                                                  [MUTATE_STALL] = "stall",
                                                  [MUTATE_ENDLESS] = "endless",
                                                  [MUTATE_TRICKLE] = "trickle",
                                                  [MUTATE_FOREIGN] = "foreign",
                                                  [MUTATE_ERROR] = "error",
                                                  [MUTATE_GREETING] = "greeting"};

static const char *const lines[] = {
    "STORED\r\n",
    "END\r\n",
    "NOT_FOUND\r\n",
    "HD\r\n",
    "EN\r\n",
    "MN\r\n",
    "7\r\n",
    "OK\r\n",
    "VERSION 1.6.18\r\n",
    "VERSION \r\n",
    "VALUE h0000000000 0 4\r\nevil\r\n",
    "VALUE h0000000000 0 4 1\r\nevil\r\nEND\r\n",
    "VA 4 f0\r\nevil\r\n",
    "VA 4 f0 O0\r\nevil\r\n",
    "STAT a 1\r\n",
    "STAT \r\n",
    "STAT\r\n",
    "VALUE\r\n",
    "VALUE \r\n",
    "VA\r\n",
    "VA \r\n",
    "key=x exp=-1 la=1 cas=1 fetch=no cls=1 size=1\n",
    "key=%4 exp=\n",
    "key=%00%ff exp=99999999999999999999\n",
    "VALUE h0000000000 0 18446744073709551615\r\n",
    "VA 18446744073709551615 f0\r\n",
    "CONFIG cluster 0 -1\r\n",
    "\x1b[2J\x1b]0;title\x07\r\n",
    "\xc2\x9b\x33\x31m\xe2\x80\xae\r\n",
    "99999999999999999999999\r\n",
    "-1\r\n",
};

static const char *const foreign[] = {
    "HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html>\n",
    "\x15\x03\x01\x00\x02\x02\x46",
    "\x15\x03\x03\x00\x02\x02\x0a\r\n",
    "-ERR unknown command 'get'\r\n",
    "+PONG\r\n",
    "$-1\r\n",
    "*1\r\n$4\r\nevil\r\n",
    "220 mail.example.org ESMTP\r\n",
    "SSH-2.0-OpenSSH_9.2p1\r\n",
    "\x81\x00\x00\x00\x00\x00\x00\x81\x00\x00\x00\x00",
};

static const char *const errors[] = {
    "ERROR\r\n",
    "ERROR Too many open connections\r\n",
    "CLIENT_ERROR bad command line format\r\n",
    "CLIENT_ERROR bad command line format\r\n\r\n",
    "CLIENT_ERROR bad data chunk\r\nERROR\r\n",
    "CLIENT_ERROR unauthenticated\r\n",
    "CLIENT_ERROR \x1b[2J\r\n",
    "SERVER_ERROR object too large for cache\r\n",
    "SERVER_ERROR out of memory\r\n",
    "SERVER_ERROR: shutdown not enabled\r\n",
    "SERVER_ERROR\r\n",
};

#define COUNT(array)   (sizeof(array) / sizeof((array)[0]))
#define PICK(array, n) ((array)[(n) % COUNT(array)])

static void replace_bytes(struct buf *b, size_t at, size_t old, struct slice with)
{
	struct buf made = BUF_INIT;
	buf_add(&made, b->data, at);
	buf_add_slice(&made, with);
	buf_add(&made, b->data + at + old, b->len - at - old);
	buf_clear(b);
	buf_add_slice(b, buf_slice(&made));
	buf_release(&made);
}

/* Where the length stands in a reply that has a block: after the third blank of VALUE, the first
 * of VA. */
static bool find_length(const struct buf *reply, size_t *at, size_t *len)
{
	struct slice r = buf_slice(reply);
	int blanks = slice_starts(r, SLICE("VALUE ")) ? 3 : slice_starts(r, SLICE("VA ")) ? 1 : 0;
	if (blanks == 0)
		return false;
	for (*at = 0; blanks > 0; ++*at)
		blanks -= r.data[*at] == ' ';
	for (*len = 0; r.data[*at + *len] >= '0' && r.data[*at + *len] <= '9';)
		++*len;
	return true;
}

static void mutate_length(struct mutation *m, struct buf *reply, struct rng *rng)
{
	static const char *const lengths[] = {"",
	                                      "-1",
	                                      "-",
	                                      "0x5",
	                                      "+5",
	                                      "5a",
	                                      "4294967296",
	                                      "4294967301",
	                                      "2147483647",
	                                      "2147483648",
	                                      "67108865",
	                                      "9223372036854775808",
	                                      "18446744073709551615",
	                                      "18446744073709551616",
	                                      "18446744073709551621",
	                                      "99999999999999999999999999999999",
	                                      "1e3",
	                                      "\xd9\xa1",
	                                      "0",
	                                      " "};
	size_t at, len;
	if (!find_length(reply, &at, &len)) {
		m->no_effect = true;
		return;
	}
	struct buf text = BUF_INIT;
	size_t way = rng_below(rng, 8);
	unsigned long long real = 0;
	for (size_t i = 0; i < len; i++)
		real = real * 10 + (unsigned)(reply->data[at + i] - '0');
	switch (way) {
	case 0:
		buf_addf(&text, "%llu", real + 1);
		break;
	case 1:
		buf_addf(&text, "%llu", real - 1);
		break;
	case 2:
		buf_addf(&text, "%llu", real + 1 + rng_below(rng, 3000));
		break;
	case 3:
		buf_addf(&text, "%llu", real / 2);
		break;
	default:
		buf_add_str(&text, lengths[rng_below(rng, COUNT(lengths))]);
	}
	replace_bytes(reply, at, len, buf_slice(&text));
	buf_release(&text);
}

/* Whether the first line of REPLY, a meta one, names its key. */
static bool has_key(struct slice reply)
{
	return memmem(reply.data, slice_before(reply, '\n').len, " k", 2) != NULL;
}

/* The whole reply to another key, in the form of this one. */
static void mutate_key(struct mutation *m, struct buf *reply, struct rng *rng)
{
	struct key other = key_random_hit(rng);
	struct buf value = BUF_INIT;
	bool meta = slice_starts(buf_slice(reply), SLICE("VA ")) && has_key(buf_slice(reply));
	if (!meta && !slice_starts(buf_slice(reply), SLICE("VALUE "))) {
		m->no_effect = true;
		return;
	}
	key_value(key_slice(&other), &value);
	buf_clear(reply);
	if (meta) {
		buf_addf(reply, "VA %zu f%llu k%.*s\r\n", value.len,
		         (unsigned long long)key_flags(key_slice(&other)), KEY_BYTES, other.text);
		buf_add_slice(reply, buf_slice(&value));
		buf_add_str(reply, "\r\n");
		buf_release(&value);
		return;
	}
	buf_addf(reply, "VALUE %.*s %llu %zu\r\n", KEY_BYTES, other.text,
	         (unsigned long long)key_flags(key_slice(&other)), value.len);
	buf_add_slice(reply, buf_slice(&value));
	buf_add_str(reply, "\r\nEND\r\n");
	buf_release(&value);
}

/* Of a meta answer; others bear none. */
static void mutate_opaque(struct mutation *m, struct buf *reply)
{
	struct slice head = slice_before(buf_slice(reply), '\r');
	char *at = memmem(head.data, head.len, " O", 2);
	m->no_effect = !at || slice_starts(head, SLICE("V")) != slice_starts(head, SLICE("VA "));
	if (!m->no_effect)
		at[2] ^= 1;
}

static void mutate_line_end(struct mutation *m, struct buf *reply, struct rng *rng)
{
	size_t ends[64], count = 0;
	for (size_t i = 0; i + 1 < reply->len && count < COUNT(ends); i++) {
		if (reply->data[i] == '\r' && reply->data[i + 1] == '\n')
			ends[count++] = i;
	}
	if (count == 0) {
		m->no_effect = true;
		return;
	}
	static const char *const with[] = {"\n", "\r", "", "\r\r\n", "\n\r", " \r\n", "\r\n\r\n"};
	replace_bytes(reply, ends[rng_below(rng, count)], 2, slice_str(PICK(with, rng_next(rng))));
}

/* The first value of REPLY, if it is a short one. */
static void find_first(struct mutation *m, const struct buf *reply)
{
	size_t at, len;
	if (!find_length(reply, &at, &len) || reply->data[0] != 'V' || reply->data[1] != 'A')
		return;
	size_t size = 0;
	for (size_t i = 0; i < len; i++)
		size = size * 10 + (size_t)(reply->data[at + i] - '0');
	const char *end = memchr(reply->data, '\n', reply->len);
	size += (size_t)(end - reply->data) + 3;
	if (size > sizeof(m->first) || size > reply->len)
		return;
	memcpy(m->first, reply->data, size);
	m->first_len = size;
}

static bool is_of_list(struct slice line)
{
	return slice_starts(line, SLICE("STAT ")) || slice_starts(line, SLICE("key="));
}

static void mutate_extra(struct mutation *m, struct buf *reply, struct rng *rng)
{
	m->error_line = rng_once_in(rng, 4);
	struct slice extra =
	    slice_str(m->error_line ? PICK(errors, rng_next(rng)) : PICK(lines, rng_next(rng)));
	/* A line of a list that was asked for is taken for one of it. */
	m->error_line |= is_of_list(extra);
	replace_bytes(reply, rng_once_in(rng, 2) ? 0 : reply->len, 0, extra);
}

void mutate(struct mutation *m, struct buf *reply)
{
	struct rng rng = {m->die};
	m->done = true;
	m->no_effect = reply->len == 0 && m->kind != MUTATE_EXTRA && m->kind != MUTATE_FOREIGN &&
	               m->kind != MUTATE_ERROR;
	if (m->no_effect)
		return;
	if (is_packet(buf_slice(reply)) && packet_mutate(m, reply, &rng))
		return;
	size_t cut = 0;
	switch (m->kind) {
	case MUTATE_OMIT:
		buf_clear(reply);
		break;
	case MUTATE_DUPLICATE:
		cut = reply->len;
		buf_reserve(reply, cut);
		buf_add(reply, reply->data, cut);
		break;
	case MUTATE_EXTRA:
		mutate_extra(m, reply, &rng);
		break;
	case MUTATE_OTHER_KEY:
		mutate_key(m, reply, &rng);
		break;
	case MUTATE_LENGTH:
		mutate_length(m, reply, &rng);
		break;
	case MUTATE_BYTE: {
		static const char bytes[] = "\0\x1b\r\n \x7f\xff\x80-0";
		size_t at = rng_below(&rng, reply->len < 60 ? reply->len : 60);
		reply->data[at] = rng_once_in(&rng, 3) ? (char)rng_next(&rng)
		                                       : bytes[rng_below(&rng, 10)];
		break;
	}
	case MUTATE_CUT:
		/* Of several values not so much that one has the head of another: nobody could see
		 * that. */
		cut = reply->len;
		if (memmem(reply->data + 1, reply->len - 1, "VALUE ", 6) && cut > 20)
			cut = 20;
		cut = 1 + rng_below(&rng, cut);
		replace_bytes(reply, rng_below(&rng, reply->len - cut + 1), cut, SLICE(""));
		break;
	case MUTATE_LINE_END:
		mutate_line_end(m, reply, &rng);
		break;
	case MUTATE_OPAQUE:
		mutate_opaque(m, reply);
		break;
	case MUTATE_CLOSE:
	case MUTATE_STALL:
		buf_cut(reply, rng_below(&rng, reply->len + (m->kind == MUTATE_CLOSE)));
		break;
	case MUTATE_FOREIGN:
		buf_clear(reply);
		buf_add_str(reply, PICK(foreign, rng_next(&rng)));
		break;
	case MUTATE_ERROR:
		buf_clear(reply);
		buf_add_str(reply, PICK(errors, rng_next(&rng)));
		m->error_line = true;
		break;
	case MUTATE_ENDLESS:
	case MUTATE_TRICKLE:
		m->way = rng_below(&rng, 7);
		if (rng_once_in(&rng, 4))
			break;
		find_first(m, reply);
		m->way = slice_starts(buf_slice(reply), SLICE("STAT "))    ? 0
		         : slice_starts(buf_slice(reply), SLICE("key="))   ? 2
		         : slice_starts(buf_slice(reply), SLICE("VALUE ")) ? 3
		                                                           : m->way;
		/* The stream goes on where the answer would have ended. */
		if (reply->len > 5 && memcmp(reply->data + reply->len - 5, "END\r\n", 5) == 0)
			buf_cut(reply, reply->len - 5);
		break;
	default:
		break;
	}
}

void mutate_greet(struct mutation *m, struct buf *out)
{
	struct rng rng = {m->die};
	m->done = true;
	size_t way = rng_below(&rng, 5);
	m->error_line = way == 0;
	buf_add_str(out, way == 0   ? PICK(errors, rng_next(&rng))
	                 : way == 1 ? PICK(foreign, rng_next(&rng))
	                            : PICK(lines, rng_next(&rng)));
	m->error_line |= is_of_list(buf_slice(out));
}

void mutate_endless(const struct mutation *m, struct buf *out, uint64_t serial)
{
	size_t more = m->kind == MUTATE_TRICKLE ? 1 : 50000;
	for (size_t i = 0; i < more; i++, serial++) {
		switch (m->way) {
		case 0:
		case 1:
			buf_addf(out, "STAT name%llu 1\r\n", (unsigned long long)serial);
			break;
		case 2:
			buf_addf(out, "key=h%010llx exp=-1 la=1 cas=1 fetch=no cls=1 size=1\n",
			         (unsigned long long)serial);
			break;
		case 3:
			if (m->first_len > 0)
				buf_add(out, m->first, m->first_len);
			else
				buf_addf(out, "VALUE h%010llx 0 3\r\nabc\r\n",
				         (unsigned long long)serial);
			break;
		case 4:
			buf_add_str(out, "\r\n");
			break;
		case 5:
			buf_addf(out, "ITEM h%010llx [1 b; 0 s]\r\n", (unsigned long long)serial);
			break;
		default:
			buf_add_str(out, "xxxxxxxxxxxxxxxx");
		}
	}
}
