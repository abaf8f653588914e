/*
 * Python's pickle, protocols 0 to 5: a program for a machine with a stack, marks on the stack, and
 * a memo (the opcodes are described in Python's module pickletools). The machine here works on
 * slots (pickle_slots.h): a slot is the text of a value, or a bracket around other slots. No
 * object is made: a call stays the name of what would be called. At the end the slot on top of the
 * stack is written. Functions that return bool are false when the outline has ended.
 */
#include "base/number.h"
#include "base/xalloc.h"
#include "codec/number.h"
#include "codec/serial/pickle_slots.h"

#include <stdlib.h>

enum {
	MARK = 0, /* on the stack; as the answer of what returns a slot: none */
};

struct pickle {
	struct outline *o;
	const struct op *op; /* the opcode that runs, and its argument: a number, or bytes */
	uint64_t number;
	struct slice bytes;
	uint64_t memo_next; /* where MEMOIZE puts: the number of objects put so far */
	int protocol;
	unsigned stack_count;
	unsigned stack[SLOTS_STEP];
	unsigned memo[OUTLINE_TABLE]; /* MARK is an empty place */
	struct slots slots;
};

struct op {
	bool (*run)(struct pickle *p);
	enum {
		NOTHING,
		NUMBER,  /* SIZE bytes, the lowest first */
		BYTES,   /* SIZE bytes */
		COUNTED, /* a length of SIZE bytes, and so many bytes */
		LINE,    /* bytes up to a line feed */
	} argument;
	int size;
	int n;            /* how many slots it takes */
	enum kind kind;   /* of the slot that it makes */
	const char *text; /* of the slot that it makes, or what stands before the quote */
};

/* The stack. */

static bool push(struct pickle *p, unsigned slot)
{
	p->stack[p->stack_count++] = slot;
	return true;
}

static bool push_text(struct pickle *p)
{
	return push(p, slots_end_text(&p->slots));
}

static bool word(struct pickle *p)
{
	outline_str(slots_begin_text(&p->slots), p->op->text);
	return push_text(p);
}

/* The slot on top, which is not a mark; MARK, and the outline is broken, when there is none. */
static unsigned top(struct pickle *p)
{
	unsigned slot = p->stack_count > 0 ? p->stack[p->stack_count - 1] : MARK;
	if (slot == MARK)
		outline_broken(p->o);
	return slot;
}

static unsigned pop(struct pickle *p)
{
	unsigned slot = top(p);
	p->stack_count -= slot != MARK;
	return slot;
}

static bool drop(struct pickle *p)
{
	if (p->stack_count == 0)
		return outline_broken(p->o);
	p->stack_count--;
	return true;
}

static bool push_mark(struct pickle *p)
{
	return push(p, MARK);
}

static bool duplicate(struct pickle *p)
{
	return push(p, top(p));
}

/* Values, as text. */

/* One of one or two bytes is never negative. */
static bool integer(struct pickle *p)
{
	outline_number(slots_begin_text(&p->slots),
	               p->op->size == 4 ? outline_signed(p->number, 4) : (int64_t)p->number);
	return push_text(p);
}

static bool binary_double(struct pickle *p)
{
	uint64_t bits;
	if (!outline_big(p->o, 8, &bits))
		return false;
	outline_double(slots_begin_text(&p->slots), outline_double_bits(bits), false);
	return push_text(p);
}

static bool long_integer(struct pickle *p)
{
	return push(p, slots_long(&p->slots, p->bytes));
}

static bool unicode_line(struct pickle *p)
{
	return push(p, slots_unicode(&p->slots, p->bytes));
}

static bool literal_line(struct pickle *p)
{
	struct slice text = p->bytes;
	if (text.len < 2 || text.data[0] != text.data[text.len - 1] ||
	    (text.data[0] != '\'' && text.data[0] != '"'))
		return outline_broken(p->o);
	return push(p, slots_literal(&p->slots, slice_of(text.data + 1, text.len - 2)));
}

static bool string(struct pickle *p)
{
	outline_str(slots_begin_text(&p->slots), p->op->text);
	outline_quoted(&p->slots.piece, p->bytes);
	return push_text(p);
}

static bool integer_line(struct pickle *p)
{
	struct slice text = p->bytes;
	if (slice_eq_str(text, "01") || slice_eq_str(text, "00"))
		text = text.data[1] == '1' ? SLICE("True") : SLICE("False");
	else if (!is_integer(text))
		return outline_broken(p->o);
	outline_name(slots_begin_text(&p->slots), text);
	return push_text(p);
}

/* A long integer, which may end in L, or a double. */
static bool number_line(struct pickle *p)
{
	struct slice text = p->bytes;
	bool floating = p->op->text[0] == 'F';
	if (!floating && text.len > 0 && text.data[text.len - 1] == 'L')
		text.len--;
	if (floating ? !is_double(text) : !is_integer(text))
		return outline_broken(p->o);
	outline_name(slots_begin_text(&p->slots), text);
	return push_text(p);
}

/* A class or a function: module.name. */
static bool global_lines(struct pickle *p)
{
	struct slice name;
	if (!outline_until(p->o, '\n', &name))
		return false;
	outline_name(slots_begin_text(&p->slots), p->bytes);
	outline_str(&p->slots.piece, ".");
	outline_name(&p->slots.piece, name);
	return push_text(p);
}

/* The same of two strings on the stack, texts in quotes. */
static bool stack_global(struct pickle *p)
{
	unsigned name = pop(p), module = pop(p);
	const unsigned parts[] = {module, name};
	struct outline *o = slots_begin_text(&p->slots);
	for (int i = 0; i < 2; i++) {
		const struct pickle_slot *s = &p->slots.slots[parts[i]];
		struct slice text = slots_text(&p->slots, parts[i]);
		if (s->kind != TEXT || text.len == 0 || text.data[0] != '"')
			return outline_broken(p->o);
		outline_add(o, text.data + 1, text.len - (s->ends ? 1 : 2));
		if (s->ends)
			outline_cut(o);
		outline_str(o, i == 0 ? "." : "");
	}
	return push_text(p);
}

/* An object that is not in the pickle, by a name on the stack. */
static bool kept_by_top(struct pickle *p)
{
	return pop(p) != MARK && word(p);
}

/* Brackets. */

static bool empty(struct pickle *p)
{
	return push(p, slots_new(&p->slots, p->op->kind));
}

/* How many slots lie above the highest mark. */
static bool count_to_mark(struct pickle *p, unsigned *n)
{
	for (*n = 0; *n < p->stack_count; ++*n) {
		if (p->stack[p->stack_count - 1 - *n] == MARK)
			return true;
	}
	return outline_broken(p->o);
}

static bool pop_to_mark(struct pickle *p)
{
	unsigned n;
	if (!count_to_mark(p, &n))
		return false;
	p->stack_count -= n + 1;
	return true;
}

/* The N slots on top, which are not marks, become children of PARENT. */
static bool gather(struct pickle *p, unsigned parent, unsigned n)
{
	p->stack_count -= n;
	for (unsigned i = 0; i < n; i++)
		slots_add_child(&p->slots, parent, p->stack[p->stack_count + i]);
	return true;
}

/* At least N slots lie on the stack, above all marks. */
static bool has(struct pickle *p, unsigned n)
{
	for (unsigned i = 1; i <= n; i++) {
		if (i > p->stack_count || p->stack[p->stack_count - i] == MARK)
			return outline_broken(p->o);
	}
	return true;
}

/* A container of all above the highest mark. */
static bool collect(struct pickle *p)
{
	unsigned n, slot = slots_new(&p->slots, p->op->kind);
	return count_to_mark(p, &n) && gather(p, slot, n) && drop(p) && push(p, slot);
}

static bool tuple(struct pickle *p)
{
	unsigned n = (unsigned)p->op->n, slot = slots_new(&p->slots, TUPLE);
	return has(p, n) && gather(p, slot, n) && push(p, slot);
}

/* All above the highest mark, or N slots, go into the container below, or into the object that a
 * call made. */
static bool fill(struct pickle *p)
{
	unsigned n = (unsigned)p->op->n, marks = n == 0;
	if (n == 0 ? !count_to_mark(p, &n) : !has(p, n))
		return false;
	unsigned below = p->stack_count - n - marks;
	unsigned into = below > 0 ? p->stack[below - 1] : MARK;
	if (into == MARK ||
	    (!slots_is_container(&p->slots, into) && p->slots.slots[into].kind != CALL))
		return outline_broken(p->o);
	gather(p, into, n);
	p->stack_count -= marks;
	return true;
}

static bool add_call(struct pickle *p, unsigned callee, unsigned arguments, unsigned keywords)
{
	if (callee == MARK || arguments == MARK || p->slots.slots[arguments].kind != TUPLE)
		return outline_broken(p->o);
	unsigned slot = slots_new(&p->slots, CALL);
	slots_add_child(&p->slots, slot, callee);
	slots_add_child(&p->slots, slot, arguments);
	if (keywords != MARK)
		slots_add_child(&p->slots, slot, keywords);
	return push(p, slot);
}

static bool call(struct pickle *p)
{
	unsigned arguments = pop(p), callee = pop(p);
	return add_call(p, callee, arguments, MARK);
}

static bool call_with_keywords(struct pickle *p)
{
	unsigned keywords = pop(p), arguments = pop(p), callee = pop(p);
	return add_call(p, callee, arguments, keywords);
}

/* The state of an object is laid into it. */
static bool build(struct pickle *p)
{
	unsigned state = pop(p), object = top(p);
	if (state == MARK || object == MARK || p->slots.slots[object].kind != CALL)
		return outline_broken(p->o);
	slots_add_child(&p->slots, object, state);
	return true;
}

/* An instance, its arguments above a mark: in protocol 0 the class is read here, in protocol 1 (N)
 * it comes before the arguments. */
static bool instance(struct pickle *p)
{
	unsigned n, arguments = slots_new(&p->slots, TUPLE), class = MARK,
		    before = (unsigned)p->op->n;
	if (!count_to_mark(p, &n) || !has(p, before))
		return false;
	if (before == 0) {
		if (!outline_until(p->o, '\n', &p->bytes) || !global_lines(p))
			return false;
		class = pop(p);
	}
	gather(p, arguments, n - before);
	if (before == 1)
		class = pop(p);
	return drop(p) && add_call(p, class, arguments, MARK);
}

/* The memo. */

/* The place is a number in a line of text, or in bytes. */
static bool place(struct pickle *p)
{
	return p->op->argument != LINE || number_parse_u64(p->bytes, &p->number) == NUMBER_OK ||
	       outline_broken(p->o);
}

/* The slot on top is remembered; one beyond the limit is not, and a get of it ends the outline. */
static bool put_at(struct pickle *p, uint64_t at)
{
	unsigned slot = top(p);
	if (slot == MARK)
		return false;
	p->memo_next++;
	if (at < OUTLINE_TABLE)
		p->memo[at] = slot;
	return true;
}

static bool put(struct pickle *p)
{
	return place(p) && put_at(p, p->number);
}

static bool memoize(struct pickle *p)
{
	return put_at(p, p->memo_next);
}

static bool get(struct pickle *p)
{
	if (!place(p))
		return false;
	if (p->number >= OUTLINE_TABLE)
		return outline_cut(p->o);
	unsigned slot = p->memo[p->number];
	return slot != MARK ? push(p, slot) : outline_broken(p->o);
}

static bool protocol(struct pickle *p)
{
	p->protocol = (int)p->number;
	return p->number <= 5 || outline_broken(p->o);
}

static bool nothing(struct pickle *p)
{
	(void)p;
	return true;
}

#define ELSEWHERE "<kept elsewhere>" /* a persistent object, a registered extension, a buffer */

#include "codec/serial/pickle_ops.h"

static bool read_argument(struct pickle *p)
{
	struct outline *o = p->o;
	switch (p->op->argument) {
	case NUMBER:
		return outline_little(o, p->op->size, &p->number);
	case BYTES:
		return outline_take(o, (uint64_t)p->op->size, &p->bytes);
	case COUNTED:
		return outline_little(o, p->op->size, &p->number) &&
		       outline_take(o, p->number, &p->bytes);
	case LINE:
		return outline_until(o, '\n', &p->bytes);
	case NOTHING:
		break;
	}
	return true;
}

/* Runs up to the opcode that stops. */
static bool run(struct pickle *p)
{
	unsigned code;
	for (;;) {
		if (p->stack_count >= OUTLINE_TABLE || !slots_within_limits(&p->slots))
			return outline_cut(p->o);
		if (!outline_byte(p->o, &code))
			return false;
		if (code == '.')
			return top(p) != MARK;
		/* Protocol 1 does not name itself: its opcodes give it away. */
		if (p->protocol == 0 && (code >= 0x80 || strchr("]})KMJGTUXBCeuqrhjoQ", (int)code)))
			p->protocol = 1;
		p->op = &ops[code];
		if (!p->op->run)
			return outline_broken(p->o);
		if (!read_argument(p) || !p->op->run(p) || p->o->state != OUTLINE_GOING)
			return false;
	}
}

/* What lies on the stack when reading was abandoned, made into one thing: what is above a mark
 * belongs to the container below the mark; in protocol 0, which fills containers piece by piece,
 * what is above any container belongs to it. MARK when there is nothing. */
static unsigned salvage(struct pickle *p)
{
	unsigned root = MARK, into = MARK, last = MARK;
	for (unsigned i = 0; i < p->stack_count; i++) {
		unsigned slot = p->stack[i];
		if (slot == MARK && last != MARK && slots_is_container(&p->slots, last)) {
			into = last;
			last = MARK;
			continue;
		}
		if (slot == MARK)
			slot = slots_new(&p->slots, TUPLE);
		if (root == MARK)
			root = slot;
		else if (into != MARK)
			slots_add_child(&p->slots, into, slot);
		if (p->stack[i] == MARK || (slots_is_container(&p->slots, slot) &&
		                            (root == slot || (into != MARK && p->protocol == 0))))
			into = slot;
		last = slot;
	}
	if (into != MARK)
		slots_add_child(&p->slots, into, slots_new(&p->slots, CUT));
	return root;
}

static bool write_salvaged(struct pickle *p, size_t start)
{
	struct outline *o = p->o;
	enum outline_state state = o->state;
	buf_cut(o->out, start);
	o->state = OUTLINE_GOING;
	unsigned root = salvage(p);
	if (root != MARK)
		slots_write(&p->slots, p->o, root);
	outline_cut(o);
	o->state = state;
	return false;
}

bool outline_pickle(struct outline *o)
{
	struct pickle *p = xmalloc(sizeof *p);
	size_t start = o->out->len;
	memset(p, 0, offsetof(struct pickle, slots));
	slots_init(&p->slots);
	p->o = o;
	bool ok = run(p) ? slots_write(&p->slots, p->o, top(p)) : write_salvaged(p, start);
	o->protocol = p->protocol;
	slots_release(&p->slots);
	free(p);
	return ok;
}
