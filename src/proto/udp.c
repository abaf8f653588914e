#include "proto/udp.h"

#include "base/xalloc.h"

#include <stdlib.h>

/* Where in the bytes a part lies. */
struct udp_part {
	bool came;
	size_t offset, len;
};

static void add_u16(struct buf *out, unsigned n)
{
	buf_add_char(out, (char)(n >> 8));
	buf_add_char(out, (char)(n & 0xff));
}

static unsigned u16_at(struct slice bytes, size_t at)
{
	return (unsigned)(unsigned char)bytes.data[at] << 8 | (unsigned char)bytes.data[at + 1];
}

void udp_add_header(struct buf *out, uint16_t id)
{
	add_u16(out, id);
	add_u16(out, 0); /* its place */
	add_u16(out, 1); /* how many there are */
	add_u16(out, 0); /* reserved */
}

void udp_answer_init(struct udp_answer *a, size_t max)
{
	*a = (struct udp_answer){.max = max};
}

void udp_answer_release(struct udp_answer *a)
{
	free(a->parts);
	buf_release(&a->bytes);
	udp_answer_init(a, a->max);
}

void udp_answer_expect(struct udp_answer *a, uint16_t id)
{
	free(a->parts);
	buf_clear(&a->bytes);
	*a = (struct udp_answer){.id = id, .bytes = a->bytes, .max = a->max};
}

enum udp_result udp_answer_take(struct udp_answer *a, struct slice datagram)
{
	if (datagram.len < UDP_HEADER)
		return UDP_BAD;
	unsigned id = u16_at(datagram, 0), place = u16_at(datagram, 2);
	unsigned total = u16_at(datagram, 4);
	struct slice bytes = slice_skip(datagram, UDP_HEADER);
	if (id != a->id) {
		a->late++;
		return UDP_MORE;
	}
	if (place >= total || (a->total > 0 && a->total != total))
		return UDP_BAD;
	if (a->total == 0) {
		a->parts = xcalloc(total, sizeof(*a->parts));
		a->total = total;
	}
	struct udp_part *part = &a->parts[place];
	if (part->came) {
		a->twice++;
		return a->came == a->total ? UDP_WHOLE : UDP_MORE;
	}
	if (bytes.len > a->max || a->bytes.len > a->max - bytes.len)
		return UDP_LARGE;
	a->out_of_order += place != a->next;
	a->next = place >= a->next ? place + 1 : a->next;
	*part = (struct udp_part){true, a->bytes.len, bytes.len};
	buf_add_slice(&a->bytes, bytes);
	return ++a->came == a->total ? UDP_WHOLE : UDP_MORE;
}

void udp_answer_join(const struct udp_answer *a, struct buf *out)
{
	for (unsigned i = 0; i < a->total; i++) {
		struct slice part = slice_skip(buf_slice(&a->bytes), a->parts[i].offset);
		part.len = a->parts[i].len;
		buf_add_slice(out, part);
	}
}

/* "; 1 came twice", "; ..., 1 for another request" */
static void add_count(struct buf *out, unsigned n, const char *words, bool *any)
{
	if (n > 0)
		buf_addf(out, "%s%u %s", *any ? ", " : "; ", n, words);
	*any |= n > 0;
}

void udp_answer_describe(const struct udp_answer *a, struct buf *out)
{
	bool any = false;
	if (a->total == 0) {
		buf_add_str(out, "no datagram came");
	} else {
		unsigned missing = 0;
		while (missing < a->total && a->parts[missing].came)
			missing++;
		buf_addf(out, "%u of %u datagrams came, number %u did not", a->came, a->total,
		         missing + 1);
	}
	add_count(out, a->twice, "came twice", &any);
	add_count(out, a->out_of_order, "out of order", &any);
	add_count(out, a->late, "for another request", &any);
}
