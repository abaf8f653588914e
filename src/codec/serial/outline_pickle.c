/*
 * Python's pickle, protocols 0 to 5: a program for a machine with a stack, marks on the stack, and
 * a memo of objects (the opcodes are described in Python's module pickletools). The machine here
 * builds nodes, never objects: a call stays the name of what would be called.
 */
#include "base/number.h"
#include "codec/decode.h"
#include "codec/serial/pickle.h"

enum {
	MARK = PICKLE_MARK,
};

/* Opcodes above ASCII have no letter that would name them. */
enum {
	OP_PROTO = 0x80,
	OP_NEWOBJ,
	OP_EXT1,
	OP_EXT2,
	OP_EXT4,
	OP_TUPLE1,
	OP_TUPLE2,
	OP_TUPLE3,
	OP_NEWTRUE,
	OP_NEWFALSE,
	OP_LONG1,
	OP_LONG4,
	OP_SHORT_BINUNICODE,
	OP_BINUNICODE8,
	OP_BINBYTES8,
	OP_EMPTY_SET,
	OP_ADDITEMS,
	OP_FROZENSET,
	OP_NEWOBJ_EX,
	OP_STACK_GLOBAL,
	OP_MEMOIZE,
	OP_FRAME,
	OP_BYTEARRAY8,
	OP_NEXT_BUFFER,
	OP_READONLY_BUFFER,
};

static bool read_global(struct pickle *p)
{
	struct slice module, name;
	return outline_until(p->o, '\n', &module) && outline_until(p->o, '\n', &name) &&
	       pickle_push_new(p, (struct node){.kind = NODE_GLOBAL, .text = module, .name = name});
}

static bool stack_global(struct pickle *p)
{
	unsigned name = pickle_pop(p), module = pickle_pop(p);
	if (name == MARK || module == MARK || p->nodes[name].kind != NODE_STR ||
	    p->nodes[module].kind != NODE_STR)
		return outline_broken(p->o);
	return pickle_push_new(p, (struct node){.kind = NODE_GLOBAL,
	                                        .text = p->nodes[module].text,
	                                        .name = p->nodes[name].text});
}

/* An instance in the manner of protocol 0 (the class is read here) or 1 (it lies above the mark).
 */
static bool instance(struct pickle *p, bool class_on_stack)
{
	size_t mark;
	if (!pickle_find_mark(p, &mark))
		return false;
	unsigned class;
	if (class_on_stack) {
		if (mark + 1 >= p->stack_count)
			return outline_broken(p->o);
		class = p->stack[mark + 1];
		p->stack[mark + 1] = MARK;
	} else {
		if (!read_global(p))
			return false;
		class = pickle_pop(p);
	}
	if (!pickle_collect(p, NODE_TUPLE))
		return false;
	unsigned arguments = pickle_pop(p);
	if (class_on_stack)
		p->stack_count--; /* the mark below the class */
	return pickle_push(p, class) && pickle_push(p, arguments) && pickle_call(p, false);
}

/* I, L and F: a number in a line of text. */
static bool number_line(struct pickle *p, unsigned op)
{
	struct slice text;
	if (!outline_until(p->o, '\n', &text))
		return false;
	if (op == 'I' && (slice_eq_str(text, "00") || slice_eq_str(text, "01")))
		return pickle_push_text(p, NODE_WORD,
		                        text.data[1] == '1' ? SLICE("True") : SLICE("False"));
	if (op == 'L' && text.len > 0 && text.data[text.len - 1] == 'L')
		text.len--;
	if (op == 'F' ? !is_double(text) : !is_integer(text))
		return outline_broken(p->o);
	return pickle_push_text(p, NODE_WORD, text);
}

/* An integer of BYTES bytes; one and two bytes are never negative. */
static bool number_bytes(struct pickle *p, int bytes)
{
	uint64_t n;
	if (!outline_little(p->o, bytes, &n))
		return false;
	if (bytes == 4)
		n = (uint64_t)outline_signed(n, 4);
	return pickle_push_new(p, (struct node){.kind = NODE_INT, .bits = n});
}

static bool binary_double(struct pickle *p)
{
	uint64_t bits;
	return outline_big(p->o, 8, &bits) &&
	       pickle_push_new(p, (struct node){.kind = NODE_DOUBLE, .bits = bits});
}

/* A length of BYTES bytes, and so many bytes. */
static bool counted(struct pickle *p, int bytes, enum node_kind kind)
{
	uint64_t n;
	struct slice text;
	return outline_little(p->o, bytes, &n) && outline_take(p->o, n, &text) &&
	       pickle_push_text(p, kind, text);
}

static bool line(struct pickle *p, enum node_kind kind)
{
	struct slice text;
	return outline_until(p->o, '\n', &text) && pickle_push_text(p, kind, text);
}

static bool quoted_line(struct pickle *p)
{
	struct slice text;
	if (!outline_until(p->o, '\n', &text))
		return false;
	if (text.len < 2 || text.data[0] != text.data[text.len - 1] ||
	    (text.data[0] != '\'' && text.data[0] != '"'))
		return outline_broken(p->o);
	return pickle_push_text(p, NODE_REPR, slice_of(text.data + 1, text.len - 2));
}

/* The memo's opcodes: a place in a line of text, or in BYTES bytes. */
static bool memo_place(struct pickle *p, int bytes, uint64_t *place)
{
	struct slice text;
	if (bytes > 0)
		return outline_little(p->o, bytes, place);
	return outline_until(p->o, '\n', &text) &&
	       (number_parse_u64(text, place) == NUMBER_OK || outline_broken(p->o));
}

static bool put_at(struct pickle *p, int bytes)
{
	uint64_t place;
	return memo_place(p, bytes, &place) && pickle_put(p, place);
}

static bool get_at(struct pickle *p, int bytes)
{
	uint64_t place;
	return memo_place(p, bytes, &place) && pickle_get(p, place);
}

/* Something that is not in the pickle: a persistent object, a registered extension, a buffer. */
static bool elsewhere(struct pickle *p, uint64_t skip)
{
	struct slice bytes;
	return outline_take(p->o, skip, &bytes) && pickle_push_text(p, NODE_UNKNOWN, SLICE(""));
}

static bool pop_to_mark(struct pickle *p)
{
	size_t mark;
	if (!pickle_find_mark(p, &mark))
		return false;
	p->stack_count = mark;
	return true;
}

static bool drop(struct pickle *p)
{
	if (p->stack_count == 0)
		return outline_broken(p->o);
	p->stack_count--;
	return true;
}

static bool announce(struct pickle *p)
{
	unsigned protocol;
	if (!outline_byte(p->o, &protocol))
		return false;
	p->protocol = (int)protocol;
	return protocol <= 5 || outline_broken(p->o);
}

/* Protocol 1 does not name itself: its opcodes give it away. */
static void notice_binary(struct pickle *p, unsigned op)
{
	if (p->protocol == 0 && (op >= 0x80 || strchr("]})KMJGTUXBCeuqrhjoQ", (int)op)))
		p->protocol = 1;
}

static bool step_binary(struct pickle *p, unsigned op)
{
	struct slice skipped;
	switch (op) {
	case OP_PROTO:
		return announce(p);
	case OP_FRAME:
		return outline_take(p->o, 8, &skipped);
	case OP_NEWTRUE:
		return pickle_push_text(p, NODE_WORD, SLICE("True"));
	case OP_NEWFALSE:
		return pickle_push_text(p, NODE_WORD, SLICE("False"));
	case OP_LONG1:
		return counted(p, 1, NODE_LONG);
	case OP_LONG4:
		return counted(p, 4, NODE_LONG);
	case OP_SHORT_BINUNICODE:
		return counted(p, 1, NODE_STR);
	case OP_BINUNICODE8:
		return counted(p, 8, NODE_STR);
	case OP_BINBYTES8:
	case OP_BYTEARRAY8:
		return counted(p, 8, NODE_BYTES);
	case OP_TUPLE1:
	case OP_TUPLE2:
	case OP_TUPLE3:
		return pickle_tuple_of(p, op - OP_TUPLE1 + 1);
	case OP_EMPTY_SET:
		return pickle_push_text(p, NODE_SET, SLICE(""));
	case OP_ADDITEMS:
		return pickle_fill(p);
	case OP_FROZENSET:
		return pickle_collect(p, NODE_FROZEN);
	case OP_NEWOBJ:
		return pickle_call(p, false);
	case OP_NEWOBJ_EX:
		return pickle_call(p, true);
	case OP_STACK_GLOBAL:
		return stack_global(p);
	case OP_MEMOIZE:
		return pickle_put(p, p->memo_next);
	case OP_EXT1:
		return elsewhere(p, 1);
	case OP_EXT2:
		return elsewhere(p, 2);
	case OP_EXT4:
		return elsewhere(p, 4);
	case OP_NEXT_BUFFER:
		return elsewhere(p, 0);
	case OP_READONLY_BUFFER:
		return true;
	default:
		return outline_broken(p->o);
	}
}

/* The opcodes that are letters. */
static bool step_letter(struct pickle *p, unsigned op)
{
	switch (op) {
	case '(':
		return pickle_push(p, MARK);
	case '0':
		return drop(p);
	case '1':
		return pop_to_mark(p);
	case '2':
		return pickle_push(p, pickle_top(p));
	case 'N':
		return pickle_push_text(p, NODE_WORD, SLICE("None"));
	case 'I':
	case 'L':
	case 'F':
		return number_line(p, op);
	case 'K':
		return number_bytes(p, 1);
	case 'M':
		return number_bytes(p, 2);
	case 'J':
		return number_bytes(p, 4);
	case 'G':
		return binary_double(p);
	case 'S':
		return quoted_line(p);
	case 'V':
		return line(p, NODE_UNICODE);
	case 'T':
	case 'X':
		return counted(p, 4, NODE_STR);
	case 'U':
		return counted(p, 1, NODE_STR);
	case 'B':
		return counted(p, 4, NODE_BYTES);
	case 'C':
		return counted(p, 1, NODE_BYTES);
	case ']':
		return pickle_push_text(p, NODE_LIST, SLICE(""));
	case '}':
		return pickle_push_text(p, NODE_DICT, SLICE(""));
	case ')':
		return pickle_push_text(p, NODE_TUPLE, SLICE(""));
	case 'l':
		return pickle_collect(p, NODE_LIST);
	case 'd':
		return pickle_collect(p, NODE_DICT);
	case 't':
		return pickle_collect(p, NODE_TUPLE);
	case 'e':
	case 'u':
		return pickle_fill(p);
	case 'a':
		return pickle_fill_with(p, 1);
	case 's':
		return pickle_fill_with(p, 2);
	case 'p':
		return put_at(p, 0);
	case 'q':
		return put_at(p, 1);
	case 'r':
		return put_at(p, 4);
	case 'g':
		return get_at(p, 0);
	case 'h':
		return get_at(p, 1);
	case 'j':
		return get_at(p, 4);
	case 'c':
		return read_global(p);
	case 'R':
		return pickle_call(p, false);
	case 'b':
		return pickle_build(p);
	case 'i':
	case 'o':
		return instance(p, op == 'o');
	case 'P':
		return line(p, NODE_UNKNOWN);
	case 'Q':
		return pickle_pop(p) != MARK && elsewhere(p, 0);
	default:
		return outline_broken(p->o);
	}
}

/* Runs up to the opcode that stops; false when something else ended it. */
static bool run(struct pickle *p)
{
	unsigned op;
	while (pickle_within_limits(p) && outline_byte(p->o, &op)) {
		if (op == '.')
			return pickle_top(p) != MARK;
		notice_binary(p, op);
		if (!(op >= 0x80 ? step_binary(p, op) : step_letter(p, op)) ||
		    p->o->state != OUTLINE_GOING)
			return false;
	}
	return false;
}

static bool write_salvaged(struct pickle *p, size_t start)
{
	struct outline *o = p->o;
	enum outline_state state = o->state;
	buf_cut(o->out, start);
	o->state = OUTLINE_GOING;
	unsigned root = pickle_salvage(p);
	if (root != 0)
		pickle_write(p, root);
	outline_cut(o);
	o->state = state;
	return false;
}

bool outline_pickle(struct outline *o, int *protocol)
{
	struct pickle p;
	size_t start = o->out->len;
	pickle_init(&p, o);
	bool ok = run(&p) ? pickle_write(&p, pickle_top(&p)) : write_salvaged(&p, start);
	*protocol = p.protocol;
	pickle_release(&p);
	return ok;
}
