#include "codec/serial/pickle_slots.h"

#include "base/number.h"
#include "base/utf8.h"

void slots_init(struct slots *s)
{
	memset(s, 0, offsetof(struct slots, slots));
	s->slot_count = s->link_count = 1;
}

void slots_release(struct slots *s)
{
	buf_release(&s->scratch);
	buf_release(&s->texts);
}

bool slots_within_limits(const struct slots *s)
{
	return s->slot_count < OUTLINE_TABLE && s->link_count < OUTLINE_TABLE;
}

unsigned slots_new(struct slots *s, enum kind kind)
{
	s->slots[s->slot_count] = (struct pickle_slot){.kind = kind};
	return s->slot_count++;
}

void slots_add_child(struct slots *s, unsigned parent, unsigned child)
{
	struct pickle_slot *slot = &s->slots[parent];
	s->links[s->link_count] = (struct link){.slot = child};
	if (slot->last != 0)
		s->links[slot->last].next = s->link_count;
	else
		slot->first = s->link_count;
	slot->last = s->link_count++;
}

struct outline *slots_begin_text(struct slots *s)
{
	buf_clear(&s->scratch);
	outline_init(&s->piece, SLICE(""), &s->scratch);
	return &s->piece;
}

unsigned slots_end_text(struct slots *s)
{
	unsigned number = slots_new(s, TEXT);
	struct pickle_slot *slot = &s->slots[number];
	slot->ends = s->piece.state != OUTLINE_GOING;
	slot->at = s->texts.len;
	slot->len = s->scratch.len - (slot->ends ? strlen("...") : 0);
	buf_add(&s->texts, s->scratch.data, slot->len);
	return number;
}

/* The magnitude of a negative number is the complement plus one. */
unsigned slots_long(struct slots *s, struct slice bytes)
{
	char magnitude[256];
	bool negative = bytes.len > 0 && (bytes.data[bytes.len - 1] & 0x80);
	if (negative && bytes.len <= sizeof magnitude) {
		unsigned carry = 1;
		for (size_t i = 0; i < bytes.len; i++) {
			carry += ~(unsigned)(unsigned char)bytes.data[i] & 255;
			magnitude[i] = (char)carry;
			carry >>= 8;
		}
		bytes.data = magnitude;
	}
	outline_magnitude(slots_begin_text(s), negative, bytes);
	return slots_end_text(s);
}

/* The code point that N hex digits after a backslash and a letter give; -1 when there are fewer. */
static int64_t escaped(struct slice text, size_t n)
{
	int64_t code = 0;
	if (text.len < 2 + n)
		return -1;
	for (size_t i = 2; i < 2 + n; i++) {
		int digit = number_hex_digit(text.data[i]);
		if (digit < 0)
			return -1;
		code = code << 4 | digit;
	}
	return code;
}

unsigned slots_unicode(struct slots *s, struct slice text)
{
	bool going = outline_str(slots_begin_text(s), "\"");
	while (going && text.len > 0) {
		bool escape = text.data[0] == '\\' && text.len > 1;
		size_t digits = escape && text.data[1] == 'u'   ? 4
		                : escape && text.data[1] == 'U' ? 8
		                                                : 0;
		int64_t code = digits > 0 ? escaped(text, digits) : -1;
		size_t used = code < 0 ? 1 : 2 + digits;
		if (code < 0)
			code = (unsigned char)text.data[0];
		if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
			code = 0xfffd;
		char utf8[4];
		going = outline_name(&s->piece, slice_of(utf8, utf8_encode((uint32_t)code, utf8)));
		text = slice_skip(text, used);
	}
	outline_str(&s->piece, "\"");
	return slots_end_text(s);
}

/* One character of a Python 2 string literal at the start of TEXT; *USED bytes of it. */
static char literal_byte(struct slice text, size_t *used)
{
	static const char names[] = "ntr\\'\"", bytes[] = "\n\t\r\\'\"";
	*used = 1;
	if (text.data[0] != '\\' || text.len < 2)
		return text.data[0];
	const char *found = memchr(names, text.data[1], sizeof names - 1);
	int64_t code = text.data[1] == 'x' ? escaped(text, 2) : -1;
	if (!found && code < 0)
		return text.data[0];
	*used = found ? 2 : 4;
	return found ? bytes[found - names] : (char)code;
}

/* The bytes are gathered before they are written: those that are UTF-8 together show as text. */
unsigned slots_literal(struct slots *s, struct slice text)
{
	struct buf bytes = BUF_INIT;
	while (text.len > 0 && bytes.len < DECODED_OUTLINE_MAX) {
		size_t used;
		buf_add_char(&bytes, literal_byte(text, &used));
		text = slice_skip(text, used);
	}
	if (outline_quoted(slots_begin_text(s), buf_slice(&bytes)) && text.len > 0)
		outline_cut(&s->piece);
	buf_release(&bytes);
	return slots_end_text(s);
}

struct slice slots_text(const struct slots *s, unsigned slot)
{
	/* Where no text was ever written there is no memory to point into. */
	return s->texts.len == 0 ? slice_of(NULL, 0)
	                         : slice_of(s->texts.data + s->slots[slot].at, s->slots[slot].len);
}

bool slots_is_container(const struct slots *s, unsigned slot)
{
	return s->slots[slot].kind >= LIST && s->slots[slot].kind <= DICT;
}

/* As much as there is space for, and no escape cut in two; of a number all or nothing. */
static bool write_text(struct slots *s, struct outline *o, unsigned slot)
{
	struct slice text = slots_text(s, slot);
	bool whole = text.len > 0 && strchr("-0123456789<", text.data[0]);
	while (text.len > 0) {
		uint32_t code;
		size_t n = whole || outline_fits(o, text.len) ? text.len : utf8_decode(text, &code);
		if (n == 1 && text.data[0] == '\\')
			n = text.data[1] == 'x' ? 4 : 2;
		if (!outline_add(o, text.data, n))
			return false;
		text = slice_skip(text, n);
	}
	return !s->slots[slot].ends || outline_cut(o);
}

/* The children from link AT on, separated by commas; every second comma is a colon in a dict. */
static bool write_children(struct slots *s, struct outline *o, unsigned at, bool dict)
{
	for (bool value = false; at != 0; at = s->links[at].next, value = !value) {
		if (!slots_write(s, o, s->links[at].slot))
			return false;
		if (s->links[at].next != 0 && !outline_str(o, dict && !value ? ": " : ", "))
			return false;
	}
	return true;
}

/* name(arguments, states). Of copyreg._reconstructor(Class, base, state), by which protocols 0 and
 * 1 make any object, the class is what a reader wants to see. */
static bool write_call(struct slots *s, struct outline *o, unsigned slot)
{
	const struct link *callee = &s->links[s->slots[slot].first];
	const struct link *arguments = &s->links[callee->next];
	unsigned name = callee->slot, first = s->slots[arguments->slot].first;
	if (s->slots[name].kind == TEXT && first != 0 &&
	    (slice_eq_str(slots_text(s, name), "copy_reg._reconstructor") ||
	     slice_eq_str(slots_text(s, name), "copyreg._reconstructor"))) {
		name = s->links[first].slot;
		first = 0;
	}
	return slots_write(s, o, name) && outline_open(o, "(") &&
	       write_children(s, o, first, false) &&
	       (first == 0 || arguments->next == 0 || outline_str(o, ", ")) &&
	       write_children(s, o, arguments->next, false) && outline_close(o, ")");
}

static bool write_any(struct slots *s, struct outline *o, unsigned slot)
{
	static const struct {
		const char *open, *close;
	} brackets[] = {
	    [LIST] = {"[", "]"},
	    [TUPLE] = {"(", ")"},
	    [SET] = {"{", "}"},
	    [DICT] = {"{", "}"},
	    [FROZENSET] = {"frozenset({", "})"},
	};
	const struct pickle_slot *this = &s->slots[slot];
	if (this->kind == TEXT)
		return write_text(s, o, slot);
	if (this->kind == CUT)
		return outline_cut(o);
	if (this->kind == CALL)
		return write_call(s, o, slot);
	if (this->kind == SET && this->first == 0)
		return outline_str(o, "set()");
	bool single = this->kind == TUPLE && this->first != 0 && this->first == this->last;
	return outline_open(o, brackets[this->kind].open) &&
	       write_children(s, o, this->first, this->kind == DICT) &&
	       outline_close(o, single ? ",)" : brackets[this->kind].close);
}

bool slots_write(struct slots *s, struct outline *o, unsigned slot)
{
	return outline_enter(o) && outline_leave(o, write_any(s, o, slot));
}
