#include "proto/packet.h"

#include "base/number.h"

const char *opcode_name(unsigned opcode)
{
	static const char *const names[] = {
	    [OPCODE_GET] = "get",
	    [OPCODE_SET] = "set",
	    [OPCODE_ADD] = "add",
	    [OPCODE_REPLACE] = "replace",
	    [OPCODE_DELETE] = "delete",
	    [OPCODE_INCR] = "incr",
	    [OPCODE_DECR] = "decr",
	    [OPCODE_QUIT] = "quit",
	    [OPCODE_FLUSH] = "flush",
	    [OPCODE_GETQ] = "getq",
	    [OPCODE_NOOP] = "noop",
	    [OPCODE_VERSION] = "version",
	    [OPCODE_GETK] = "getk",
	    [OPCODE_GETKQ] = "getkq",
	    [OPCODE_APPEND] = "append",
	    [OPCODE_PREPEND] = "prepend",
	    [OPCODE_STAT] = "stat",
	    [OPCODE_SETQ] = "setq",
	    [OPCODE_ADDQ] = "addq",
	    [OPCODE_REPLACEQ] = "replaceq",
	    [OPCODE_DELETEQ] = "deleteq",
	    [OPCODE_INCRQ] = "incrq",
	    [OPCODE_DECRQ] = "decrq",
	    [OPCODE_QUITQ] = "quitq",
	    [OPCODE_FLUSHQ] = "flushq",
	    [OPCODE_APPENDQ] = "appendq",
	    [OPCODE_PREPENDQ] = "prependq",
	    [OPCODE_TOUCH] = "touch",
	    [OPCODE_GAT] = "gat",
	    [OPCODE_GATQ] = "gatq",
	    [OPCODE_SASL_LIST] = "sasl list",
	    [OPCODE_SASL_AUTH] = "sasl auth",
	    [OPCODE_SASL_STEP] = "sasl step",
	    [OPCODE_GATK] = "gatk",
	    [OPCODE_GATKQ] = "gatkq",
	};
	return opcode < sizeof(names) / sizeof(names[0]) ? names[opcode] : NULL;
}

const char *packet_status_name(unsigned status)
{
	static const struct {
		unsigned status;
		const char *name;
	} names[] = {
	    {PACKET_OK, "ok"},
	    {PACKET_NOT_FOUND, "not found"},
	    {PACKET_EXISTS, "exists"},
	    {PACKET_TOO_LARGE, "too large"},
	    {PACKET_INVALID, "invalid arguments"},
	    {PACKET_NOT_STORED, "not stored"},
	    {PACKET_NON_NUMERIC, "non-numeric"},
	    {PACKET_AUTH_FAILED, "authentication failed"},
	    {PACKET_AUTH_CONTINUE, "authentication continues"},
	    {PACKET_UNKNOWN_COMMAND, "unknown command"},
	    {PACKET_NO_MEMORY, "out of memory"},
	};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (names[i].status == status)
			return names[i].name;
	}
	return NULL;
}

void packet_put_number(char *bytes, size_t count, uint64_t number)
{
	for (size_t i = count; i > 0; number >>= 8)
		bytes[--i] = (char)(number & 0xff);
}

bool packet_read_header(const char *bytes, struct packet *packet)
{
	*packet = (struct packet){
	    .magic = (unsigned)number_big(bytes, 1),
	    .opcode = (unsigned)number_big(bytes + 1, 1),
	    .key_length = (size_t)number_big(bytes + 2, 2),
	    .extras_length = (size_t)number_big(bytes + 4, 1),
	    .data_type = (unsigned)number_big(bytes + 5, 1),
	    .status = (unsigned)number_big(bytes + 6, 2),
	    .body_length = (size_t)number_big(bytes + 8, 4),
	    .opaque = (uint32_t)number_big(bytes + 12, 4),
	    .cas = number_big(bytes + 16, 8),
	};
	return packet->key_length + packet->extras_length <= packet->body_length;
}

void packet_read_body(const char *bytes, struct packet *packet)
{
	struct slice rest = slice_of(bytes, packet->body_length);
	packet->extras = slice_of(rest.data, packet->extras_length);
	rest = slice_skip(rest, packet->extras_length);
	packet->key = slice_of(rest.data, packet->key_length);
	packet->value = slice_skip(rest, packet->key_length);
}

void packet_write_header(const struct packet *packet, char bytes[PACKET_HEADER])
{
	packet_put_number(bytes, 1, packet->magic);
	packet_put_number(bytes + 1, 1, packet->opcode);
	packet_put_number(bytes + 2, 2, packet->key.len);
	packet_put_number(bytes + 4, 1, packet->extras.len);
	packet_put_number(bytes + 5, 1, packet->data_type);
	packet_put_number(bytes + 6, 2, packet->status);
	packet_put_number(bytes + 8, 4, packet->extras.len + packet->key.len + packet->value.len);
	packet_put_number(bytes + 12, 4, packet->opaque);
	packet_put_number(bytes + 16, 8, packet->cas);
}

/* The header's fields, in their order. */
static const struct part {
	enum field_kind kind;
	size_t length;
} header_parts[] = {
    {FIELD_MAGIC, 1},         {FIELD_OPCODE, 1},    {FIELD_KEY_LENGTH, 2},
    {FIELD_EXTRAS_LENGTH, 1}, {FIELD_DATA_TYPE, 1}, {FIELD_VBUCKET, 2},
    {FIELD_BODY_LENGTH, 4},   {FIELD_OPAQUE, 4},    {FIELD_CAS, 8},
};

/* What the extras of LENGTH bytes consist of. */
static const struct part *extras_parts(const struct packet *p)
{
	static const struct part stored[] = {{FIELD_FLAGS, 4}, {FIELD_EXPTIME, 4}, {0, 0}},
				 counted[] = {{FIELD_DELTA, 8},
	                                      {FIELD_INITIAL, 8},
	                                      {FIELD_EXPTIME, 4},
	                                      {0, 0}},
				 flags[] = {{FIELD_FLAGS, 4}, {0, 0}},
				 delay[] = {{FIELD_DELAY, 4}, {0, 0}},
				 exptime[] = {{FIELD_EXPTIME, 4}, {0, 0}}, none[] = {{0, 0}};
	switch (p->extras.len) {
	case 4:
		return p->magic == PACKET_REPLY                                  ? flags
		       : p->opcode == OPCODE_FLUSH || p->opcode == OPCODE_FLUSHQ ? delay
		                                                                 : exptime;
	case 8:
		return stored;
	case 20:
		return counted;
	default:
		return none;
	}
}

void packet_note(const struct packet *p, struct fields *f, size_t offset, enum field_kind key,
                 enum field_kind value)
{
	if (!f)
		return;
	size_t at = offset;
	for (size_t i = 0; i < sizeof(header_parts) / sizeof(header_parts[0]); i++) {
		bool status = header_parts[i].kind == FIELD_VBUCKET && p->magic == PACKET_REPLY;
		fields_add(f, status ? FIELD_STATUS : header_parts[i].kind, at,
		           header_parts[i].length);
		at += header_parts[i].length;
	}
	for (const struct part *part = extras_parts(p); part->length > 0; part++) {
		fields_add(f, part->kind, at, part->length);
		at += part->length;
	}
	size_t extras_end = offset + PACKET_HEADER + p->extras.len;
	if (at < extras_end)
		fields_add(f, FIELD_LINE, at, extras_end - at);
	fields_add(f, key, extras_end, p->key.len);
	fields_add(f, value, extras_end + p->key.len, p->value.len);
}
