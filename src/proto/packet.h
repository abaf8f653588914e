/*
 * The packets of memcached's binary protocol (its doc/protocol-binary, "Packet Structure"): a
 * header of 24 bytes, then extras, key and value, whose lengths the header has. Numbers are
 * big-endian.
 *
 *   offset  bytes  request         reply
 *   0       1      magic 0x80      magic 0x81
 *   1       1      opcode          opcode
 *   2       2      key length      key length
 *   4       1      extras length   extras length
 *   5       1      data type, 0    data type, 0
 *   6       2      vbucket, 0      status
 *   8       4      body length: extras, key and value together
 *   12      4      opaque, which the reply repeats
 *   16      8      cas unique
 */
#ifndef PROTO_PACKET_H
#define PROTO_PACKET_H

#include "base/slice.h"
#include "proto/field.h"

#include <stdint.h>

#define PACKET_HEADER 24

enum {
	PACKET_REQUEST = 0x80,
	PACKET_REPLY = 0x81,
};

enum opcode {
	OPCODE_GET = 0x00,
	OPCODE_SET = 0x01,
	OPCODE_ADD = 0x02,
	OPCODE_REPLACE = 0x03,
	OPCODE_DELETE = 0x04,
	OPCODE_INCR = 0x05,
	OPCODE_DECR = 0x06,
	OPCODE_QUIT = 0x07,
	OPCODE_FLUSH = 0x08,
	OPCODE_GETQ = 0x09,
	OPCODE_NOOP = 0x0a,
	OPCODE_VERSION = 0x0b,
	OPCODE_GETK = 0x0c,
	OPCODE_GETKQ = 0x0d,
	OPCODE_APPEND = 0x0e,
	OPCODE_PREPEND = 0x0f,
	OPCODE_STAT = 0x10,
	OPCODE_SETQ = 0x11, /* a quiet one is answered only when it fails */
	OPCODE_ADDQ = 0x12,
	OPCODE_REPLACEQ = 0x13,
	OPCODE_DELETEQ = 0x14,
	OPCODE_INCRQ = 0x15,
	OPCODE_DECRQ = 0x16,
	OPCODE_QUITQ = 0x17,
	OPCODE_FLUSHQ = 0x18,
	OPCODE_APPENDQ = 0x19,
	OPCODE_PREPENDQ = 0x1a,
	OPCODE_TOUCH = 0x1c,
	OPCODE_GAT = 0x1d,
	OPCODE_GATQ = 0x1e,
	OPCODE_SASL_LIST = 0x20,
	OPCODE_SASL_AUTH = 0x21,
	OPCODE_SASL_STEP = 0x22,
	OPCODE_GATK = 0x23,
	OPCODE_GATKQ = 0x24,
};

enum packet_status {
	PACKET_OK = 0x00,
	PACKET_NOT_FOUND = 0x01,
	PACKET_EXISTS = 0x02,
	PACKET_TOO_LARGE = 0x03,
	PACKET_INVALID = 0x04, /* the server closes after it */
	PACKET_NOT_STORED = 0x05,
	PACKET_NON_NUMERIC = 0x06,
	PACKET_AUTH_FAILED = 0x20,
	PACKET_AUTH_CONTINUE = 0x21,
	PACKET_UNKNOWN_COMMAND = 0x81,
	PACKET_NO_MEMORY = 0x82,
};

struct packet {
	unsigned magic, opcode, data_type;
	unsigned status; /* of a reply; vbucket of a request */
	uint32_t opaque;
	uint64_t cas;
	size_t key_length, extras_length, body_length;
	struct slice extras, key, value; /* empty where only the header was read */
};

/* The opcode's name in lower case, "setq"; NULL: unknown. */
const char *opcode_name(unsigned opcode);

/* What a status means, in a few words; NULL: unknown. */
const char *packet_status_name(unsigned status);

/* Reads a header of PACKET_HEADER bytes. False: the body is shorter than what it consists of. */
bool packet_read_header(const char *bytes, struct packet *packet);

/* Reads the body after it, of PACKET->body_length bytes; borrowed. */
void packet_read_body(const char *bytes, struct packet *packet);

/* Writes PACKET's header, whose lengths are those of its slices. */
void packet_write_header(const struct packet *packet, char bytes[PACKET_HEADER]);

/* Notes in F, which may be NULL, where the fields of P lie that begins at OFFSET; KEY and VALUE are
 * what its key and its value are. */
void packet_note(const struct packet *p, struct fields *f, size_t offset, enum field_kind key,
                 enum field_kind value);

/* Writes a number of COUNT bytes, 8 at most. */
void packet_put_number(char *bytes, size_t count, uint64_t number);

#endif
