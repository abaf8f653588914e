/*
 * memcached's frames over UDP (doc/protocol.txt, "UDP protocol"): a header of four numbers of 16
 * bits, big-endian, then bytes of the text protocol. A request is one datagram; its answer is one
 * or more, which carry the request's number, their own place, from 0, and how many there are. They
 * may come in any order, twice, late or not at all.
 */
#ifndef PROTO_UDP_H
#define PROTO_UDP_H

#include "base/buf.h"

#define UDP_HEADER 8
/* The largest datagram that IPv4 carries. */
#define UDP_DATAGRAM_MAX 65507

/* Writes the header of request ID, which is in this datagram alone. */
void udp_add_header(struct buf *out, uint16_t id);

/* The answer to one request, as far as it has come. */
struct udp_answer {
	uint16_t id;
	unsigned total; /* datagrams that there are; 0: none has come */
	unsigned came;
	unsigned twice, out_of_order; /* of those that came */
	unsigned late;                /* datagrams with another request's number */
	unsigned next;                /* the place after the highest that has come */
	struct udp_part *parts;       /* total of them */
	struct buf bytes;             /* of all parts, in the order in which they came */
	size_t max;                   /* the most that the parts may have together */
};

enum udp_result {
	UDP_MORE,  /* it is not whole yet; the datagram may have been of no use */
	UDP_WHOLE, /* it is whole now */
	UDP_BAD,   /* the datagram belongs to no answer of memcached's */
	UDP_LARGE, /* the answer is larger than its ceiling */
};

/* No answer, of at most MAX bytes. */
void udp_answer_init(struct udp_answer *a, size_t max);
void udp_answer_release(struct udp_answer *a);

/* Forgets what came: the answer to request ID is awaited. Datagrams for another are counted. */
void udp_answer_expect(struct udp_answer *a, uint16_t id);

/* Takes one datagram. */
enum udp_result udp_answer_take(struct udp_answer *a, struct slice datagram);

/* The bytes of a whole answer, in their order. */
void udp_answer_join(const struct udp_answer *a, struct buf *out);

/* What became of the datagrams of an answer that is not whole: "2 of 3 datagrams came, number 2 did
 * not; 1 came twice, 1 for another request". */
void udp_answer_describe(const struct udp_answer *a, struct buf *out);

#endif
