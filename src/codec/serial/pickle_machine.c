#include "base/xalloc.h"
#include "codec/serial/pickle.h"

#include <stdlib.h>

enum {
	MARK = PICKLE_MARK,
	MEMO_MAX = OUTLINE_TABLE,
};

static unsigned new_node(struct pickle *p, struct node node)
{
	p->nodes = xgrow(p->nodes, &p->node_cap, p->node_count + 1, sizeof *p->nodes);
	p->nodes[p->node_count] = node;
	return (unsigned)p->node_count++;
}

static void add_child(struct pickle *p, unsigned parent, unsigned child)
{
	p->links = xgrow(p->links, &p->link_cap, p->link_count + 1, sizeof *p->links);
	unsigned link = (unsigned)p->link_count++;
	p->links[link] = (struct link){.node = child};
	struct node *n = &p->nodes[parent];
	if (n->last != 0)
		p->links[n->last].next = link;
	else
		n->first = link;
	n->last = link;
}

void pickle_init(struct pickle *p, struct outline *o)
{
	*p = (struct pickle){.o = o};
	new_node(p, (struct node){.kind = NODE_ELLIPSIS});
	add_child(p, 0, 0);
}

void pickle_release(struct pickle *p)
{
	free(p->nodes);
	free(p->links);
	free(p->stack);
	free(p->memo);
}

bool pickle_within_limits(struct pickle *p)
{
	return (p->node_count < OUTLINE_TABLE && p->link_count < OUTLINE_TABLE &&
	        p->stack_count < OUTLINE_TABLE) ||
	       outline_cut(p->o);
}

bool pickle_push(struct pickle *p, unsigned node)
{
	p->stack = xgrow(p->stack, &p->stack_cap, p->stack_count + 1, sizeof *p->stack);
	p->stack[p->stack_count++] = node;
	return true;
}

bool pickle_push_new(struct pickle *p, struct node node)
{
	return pickle_push(p, new_node(p, node));
}

bool pickle_push_text(struct pickle *p, enum node_kind kind, struct slice text)
{
	return pickle_push_new(p, (struct node){.kind = kind, .text = text});
}

unsigned pickle_top(struct pickle *p)
{
	unsigned node = p->stack_count > 0 ? p->stack[p->stack_count - 1] : MARK;
	if (node == MARK)
		outline_broken(p->o);
	return node;
}

unsigned pickle_pop(struct pickle *p)
{
	unsigned node = pickle_top(p);
	if (node != MARK)
		p->stack_count--;
	return node;
}

bool pickle_find_mark(struct pickle *p, size_t *at)
{
	for (size_t i = p->stack_count; i-- > 0;) {
		if (p->stack[i] == MARK) {
			*at = i;
			return true;
		}
	}
	outline_broken(p->o);
	return false;
}

/* All above the highest mark become children of PARENT; they and the mark leave the stack. */
static bool gather(struct pickle *p, unsigned parent)
{
	size_t mark;
	if (!pickle_find_mark(p, &mark))
		return false;
	for (size_t i = mark + 1; i < p->stack_count; i++)
		add_child(p, parent, p->stack[i]);
	p->stack_count = mark;
	return true;
}

static bool is_container(const struct pickle *p, unsigned node)
{
	enum node_kind kind = p->nodes[node].kind;
	return kind == NODE_LIST || kind == NODE_DICT || kind == NODE_SET || kind == NODE_TUPLE;
}

bool pickle_collect(struct pickle *p, enum node_kind kind)
{
	unsigned node = new_node(p, (struct node){.kind = kind});
	return gather(p, node) && pickle_push(p, node);
}

bool pickle_tuple_of(struct pickle *p, size_t count)
{
	unsigned node = new_node(p, (struct node){.kind = NODE_TUPLE});
	if (count > p->stack_count)
		return outline_broken(p->o);
	for (size_t i = p->stack_count - count; i < p->stack_count; i++) {
		if (p->stack[i] == MARK)
			return outline_broken(p->o);
		add_child(p, node, p->stack[i]);
	}
	p->stack_count -= count;
	return pickle_push(p, node);
}

bool pickle_fill(struct pickle *p)
{
	size_t mark;
	if (!pickle_find_mark(p, &mark))
		return false;
	if (mark == 0 || p->stack[mark - 1] == MARK)
		return outline_broken(p->o);
	unsigned into = p->stack[mark - 1];
	if (!is_container(p, into) && p->nodes[into].kind != NODE_CALL)
		return outline_broken(p->o);
	return gather(p, into);
}

bool pickle_fill_with(struct pickle *p, size_t count)
{
	size_t base = p->stack_count - count;
	if (p->stack_count <= count)
		return outline_broken(p->o);
	for (size_t i = base - 1; i < p->stack_count; i++) {
		if (p->stack[i] == MARK)
			return outline_broken(p->o);
	}
	unsigned into = p->stack[base - 1];
	if (!is_container(p, into) && p->nodes[into].kind != NODE_CALL)
		return outline_broken(p->o);
	for (size_t i = base; i < p->stack_count; i++)
		add_child(p, into, p->stack[i]);
	p->stack_count = base;
	return true;
}

bool pickle_put(struct pickle *p, uint64_t place)
{
	unsigned node = pickle_top(p);
	if (node == MARK)
		return false;
	p->memo_next++;
	if (place >= MEMO_MAX)
		return true; /* a get of it will end the outline */
	size_t need = (size_t)place + 1;
	if (need > p->memo_count) {
		p->memo = xgrow(p->memo, &p->memo_cap, need, sizeof *p->memo);
		memset(p->memo + p->memo_count, 0, (need - p->memo_count) * sizeof *p->memo);
		p->memo_count = need;
	}
	p->memo[place] = node;
	return true;
}

bool pickle_get(struct pickle *p, uint64_t place)
{
	if (place >= MEMO_MAX)
		return outline_cut(p->o);
	if (place >= p->memo_count || p->memo[place] == MARK)
		return outline_broken(p->o);
	return pickle_push(p, p->memo[place]);
}

bool pickle_call(struct pickle *p, bool keywords)
{
	unsigned words = keywords ? pickle_pop(p) : MARK;
	unsigned arguments = pickle_pop(p), callee = pickle_pop(p);
	if (callee == MARK || arguments == MARK || p->nodes[arguments].kind != NODE_TUPLE)
		return outline_broken(p->o);
	unsigned node = new_node(p, (struct node){.kind = NODE_CALL});
	add_child(p, node, callee);
	add_child(p, node, arguments);
	if (words != MARK)
		add_child(p, node, words);
	return pickle_push(p, node);
}

bool pickle_build(struct pickle *p)
{
	unsigned state = pickle_pop(p), object = pickle_top(p);
	if (state == MARK || object == MARK || p->nodes[object].kind != NODE_CALL)
		return outline_broken(p->o);
	add_child(p, object, state);
	return true;
}

unsigned pickle_salvage(struct pickle *p)
{
	unsigned root = 0, into = 0, last = 0;
	for (size_t i = 0; i < p->stack_count; i++) {
		unsigned node = p->stack[i];
		if (node == MARK) {
			if (last != 0 && is_container(p, last)) {
				into = last;
				last = 0;
				continue;
			}
			node = new_node(p, (struct node){.kind = NODE_TUPLE});
		}
		if (root == 0) {
			root = node;
			into = is_container(p, node) ? node : 0;
		} else if (into != 0) {
			add_child(p, into, node);
			if (p->protocol == 0 && is_container(p, node))
				into = node;
		}
		if (p->stack[i] == MARK)
			into = node;
		last = node;
	}
	if (into != 0)
		add_child(p, into, new_node(p, (struct node){.kind = NODE_ELLIPSIS}));
	return root;
}
