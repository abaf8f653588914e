#include "base/utf8.h"
#include "codec/serial/pickle.h"

static bool write_node(struct pickle *p, unsigned index);

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The code point in N hex digits at the start of TEXT; -1 when there are fewer. */
static int64_t hex_number(struct slice text, size_t n)
{
	if (text.len < n)
		return -1;
	int64_t code = 0;
	for (size_t i = 0; i < n; i++) {
		int digit = hex_digit(text.data[i]);
		if (digit < 0)
			return -1;
		code = code << 4 | digit;
	}
	return code;
}

static bool add_code(struct outline *o, uint32_t code)
{
	char utf8[4];
	if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		code = 0xfffd;
	return outline_name(o, slice_of(utf8, utf8_encode(code, utf8)));
}

/* Python's raw-unicode-escape, as protocol 0 writes text. */
static bool write_unicode(struct outline *o, struct slice text)
{
	if (!outline_str(o, "\""))
		return false;
	while (text.len > 0) {
		uint32_t code = (unsigned char)text.data[0];
		size_t used = 1;
		if (code == '\\' && text.len > 1 && (text.data[1] == 'u' || text.data[1] == 'U')) {
			size_t digits = text.data[1] == 'u' ? 4 : 8;
			int64_t escaped = hex_number(slice_skip(text, 2), digits);
			if (escaped >= 0) {
				code = (uint32_t)escaped;
				used = 2 + digits;
			}
		}
		if (!add_code(o, code))
			return false;
		text = slice_skip(text, used);
	}
	return outline_str(o, "\"");
}

/* One character of a Python 2 string literal at the start of TEXT; *USED bytes of it. */
static char literal_byte(struct slice text, size_t *used)
{
	static const char names[] = "ntr\\'\"", bytes[] = "\n\t\r\\'\"";
	*used = 1;
	if (text.data[0] != '\\' || text.len < 2)
		return text.data[0];
	const char *found = memchr(names, text.data[1], sizeof names - 1);
	if (found) {
		*used = 2;
		return bytes[found - names];
	}
	int64_t code = text.data[1] == 'x' ? hex_number(slice_skip(text, 2), 2) : -1;
	if (code < 0)
		return text.data[0];
	*used = 4;
	return (char)code;
}

static bool write_repr(struct outline *o, struct slice text)
{
	/* Whole before it is written: bytes that are UTF-8 together show as text. */
	struct buf bytes = BUF_INIT;
	while (text.len > 0 && bytes.len < DECODED_OUTLINE_MAX) {
		size_t used;
		buf_add_char(&bytes, literal_byte(text, &used));
		text = slice_skip(text, used);
	}
	bool ok = outline_quoted(o, buf_slice(&bytes)) && (text.len == 0 || outline_cut(o));
	buf_release(&bytes);
	return ok;
}

static bool write_long(struct outline *o, struct slice bytes)
{
	bool negative = bytes.len > 0 && (bytes.data[bytes.len - 1] & 0x80);
	if (!negative)
		return outline_magnitude(o, false, bytes);
	/* The magnitude is the complement plus one. */
	char magnitude[256];
	if (bytes.len > sizeof magnitude)
		return outline_cut(o);
	unsigned carry = 1;
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned sum = (~(unsigned)(unsigned char)bytes.data[i] & 255) + carry;
		magnitude[i] = (char)sum;
		carry = sum >> 8;
	}
	return outline_magnitude(o, true, slice_of(magnitude, bytes.len));
}

/* The children from link AT on, separated by commas; every second comma is a colon in a dict. */
static bool write_children(struct pickle *p, unsigned at, bool dict)
{
	for (bool value = false; at != 0; at = p->links[at].next, value = !value) {
		if (!write_node(p, p->links[at].node))
			return false;
		if (p->links[at].next != 0 && !outline_str(p->o, dict && !value ? ": " : ", "))
			return false;
	}
	return true;
}

static bool write_brackets(struct pickle *p, const struct node *n, const char *open,
                           const char *close)
{
	return outline_open(p->o, open) && write_children(p, n->first, n->kind == NODE_DICT) &&
	       outline_close(p->o, close);
}

/* What a pickle calls to make any object of protocols 0 and 1: copyreg._reconstructor(Class, base,
 * state). The class is what a reader wants to see. */
static bool is_reconstructor(const struct node *n)
{
	return n->kind == NODE_GLOBAL && slice_eq_str(n->name, "_reconstructor") &&
	       (slice_eq_str(n->text, "copy_reg") || slice_eq_str(n->text, "copyreg"));
}

/* name(arguments, states): a call whose children are the callee, a tuple, and more. */
static bool write_call(struct pickle *p, const struct node *n)
{
	const struct link *callee = &p->links[n->first];
	const struct link *arguments = &p->links[callee->next];
	unsigned name = callee->node;
	unsigned first = p->nodes[arguments->node].first;
	if (is_reconstructor(&p->nodes[name]) && first != 0) {
		name = p->links[first].node;
		first = 0;
	}
	return write_node(p, name) && outline_open(p->o, "(") && write_children(p, first, false) &&
	       (first == 0 || arguments->next == 0 || outline_str(p->o, ", ")) &&
	       write_children(p, arguments->next, false) && outline_close(p->o, ")");
}

static bool write_tuple(struct pickle *p, const struct node *n)
{
	bool single = n->first != 0 && n->first == n->last;
	return write_brackets(p, n, "(", single ? ",)" : ")");
}

static bool write_any(struct pickle *p, unsigned index)
{
	const struct node *n = &p->nodes[index];
	struct outline *o = p->o;
	switch (n->kind) {
	case NODE_WORD:
		return outline_name(o, n->text);
	case NODE_INT:
		return outline_number(o, (int64_t)n->bits);
	case NODE_DOUBLE:
		return outline_double(o, outline_double_bits(n->bits), false);
	case NODE_LONG:
		return write_long(o, n->text);
	case NODE_STR:
		return outline_quoted(o, n->text);
	case NODE_BYTES:
		return outline_str(o, "b") && outline_quoted(o, n->text);
	case NODE_REPR:
		return write_repr(o, n->text);
	case NODE_UNICODE:
		return write_unicode(o, n->text);
	case NODE_GLOBAL:
		return outline_name(o, n->text) && outline_str(o, ".") && outline_name(o, n->name);
	case NODE_LIST:
		return write_brackets(p, n, "[", "]");
	case NODE_TUPLE:
		return write_tuple(p, n);
	case NODE_SET:
		return n->first ? write_brackets(p, n, "{", "}") : outline_str(o, "set()");
	case NODE_FROZEN:
		return write_brackets(p, n, "frozenset({", "})");
	case NODE_DICT:
		return write_brackets(p, n, "{", "}");
	case NODE_CALL:
		return write_call(p, n);
	case NODE_UNKNOWN:
		return outline_str(o, "<kept elsewhere>");
	case NODE_ELLIPSIS:
		return outline_cut(o);
	}
	return outline_cut(o);
}

static bool write_node(struct pickle *p, unsigned index)
{
	if (p->nest >= 2 * OUTLINE_DEPTH)
		return outline_cut(p->o);
	p->nest++;
	bool ok = write_any(p, index);
	p->nest--;
	return ok;
}

bool pickle_write(struct pickle *p, unsigned root)
{
	return write_node(p, root);
}
