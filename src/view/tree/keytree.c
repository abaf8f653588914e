#include "view/tree/keytree.h"

#include "base/xalloc.h"

#include <math.h>
#include <stdlib.h>

void keytree_init(struct keytree *t, const struct separators *separators, size_t most)
{
	*t = (struct keytree){.separators = *separators, .most = most, .count = 1};
	t->nodes = xcalloc(most, sizeof(*t->nodes));
	for (t->table_size = 64; t->table_size < 2 * most;)
		t->table_size *= 2;
	t->table = xcalloc(t->table_size, sizeof(*t->table));
}

void keytree_release(struct keytree *t)
{
	free(t->nodes);
	free(t->table);
	buf_release(&t->names);
	buf_release(&t->folded);
	*t = (struct keytree){0};
}

static struct slice name_of(const struct keytree *t, size_t node)
{
	const struct keytree_node *n = &t->nodes[node];
	return n->name_length ? slice_of(t->names.data + n->name, n->name_length)
	                      : slice_of(NULL, 0);
}

/* FNV-1a, of the parent's place and the name. */
static size_t hash_of(uint32_t parent, struct slice name)
{
	uint64_t hash = UINT64_C(14695981039346656037) ^ parent;
	for (size_t i = 0; i < name.len; i++)
		hash = (hash ^ (unsigned char)name.data[i]) * UINT64_C(1099511628211);
	return (size_t)(hash ^ hash >> 32);
}

/* The place of NAME below PARENT in the table: its node's, or a free one. */
static uint32_t *find(const struct keytree *t, uint32_t parent, struct slice name)
{
	size_t mask = t->table_size - 1;
	for (size_t i = hash_of(parent, name) & mask;; i = (i + 1) & mask) {
		uint32_t node = t->table[i];
		if (node == 0 ||
		    (t->nodes[node].parent == parent && slice_eq(name_of(t, node), name)))
			return &t->table[i];
	}
}

static uint32_t child(struct keytree *t, uint32_t parent, struct slice name)
{
	uint32_t *place = find(t, parent, name);
	if (*place)
		return *place;
	*place = (uint32_t)t->count++;
	t->nodes[*place] = (struct keytree_node){
	    .parent = parent, .name = (uint32_t)t->names.len, .name_length = (uint32_t)name.len};
	t->nodes[parent].children++;
	buf_add_slice(&t->names, name);
	return *place;
}

/* The leaves with the fewest items are marked by a parent of their own, until half of the nodes are
 * left. Those above a leaf come before it, and may become leaves. */
static void mark_few(struct keytree *t)
{
	size_t left = t->count;
	for (uint64_t most = 1; left > t->most / 2; most *= 2) {
		for (size_t i = t->count - 1; i > 0; i--) {
			struct keytree_node *n = &t->nodes[i];
			if (n->parent == i || n->children > 0 || n->sums.items > most)
				continue;
			t->nodes[n->parent].children--;
			n->parent = (uint32_t)i;
			left--;
		}
	}
}

static void give_up_few(struct keytree *t)
{
	uint32_t *moved = xcalloc(t->count, sizeof(*moved));
	struct buf names = BUF_INIT;
	size_t kept = 1;
	mark_few(t);
	memset(t->table, 0, t->table_size * sizeof(*t->table));
	for (size_t i = 1; i < t->count; i++) {
		struct keytree_node n = t->nodes[i];
		struct slice name = name_of(t, i);
		if (n.parent == i)
			continue;
		n.parent = moved[n.parent];
		n.name = (uint32_t)names.len;
		buf_add_slice(&names, name);
		moved[i] = (uint32_t)kept;
		t->nodes[kept++] = n;
	}
	t->given_up += t->count - kept;
	t->count = kept;
	buf_release(&t->names);
	t->names = names;
	for (size_t i = 1; i < kept; i++)
		*find(t, t->nodes[i].parent, name_of(t, i)) = (uint32_t)i;
	free(moved);
}

/* Two classes for each doubling: [2^e, 1.5 * 2^e) and [1.5 * 2^e, 2^(e+1)). */
static size_t class_of(int64_t ttl)
{
	unsigned e = 0;
	if (ttl < 2)
		return (size_t)ttl;
	while (e < 62 && ttl >> (e + 1))
		e++;
	size_t class = 2 * e + (ttl >> (e - 1) & 1);
	return class < KEYTREE_TTLS ? class : KEYTREE_TTLS - 1;
}

/* Where a class begins, and the one before it ends; the last one has no end. */
static double class_start(size_t class)
{
	double start = (double)(UINT64_C(1) << class / 2);
	if (class == KEYTREE_TTLS)
		return INFINITY;
	return class < 2 ? (double)class : class % 2 ? start * 1.5 : start;
}

static void add_sums(struct keytree_sums *sums, const struct crawled *item, int64_t ttl,
                     size_t class)
{
	sums->items++;
	sums->bytes += item->size;
	if (ttl < 0) {
		sums->forever++;
		return;
	}
	sums->ttls[class]++;
	if (ttl > sums->longest)
		sums->longest = ttl;
	if (ttl < sums->shortest || sums->items - sums->forever == 1)
		sums->shortest = ttl;
}

void keytree_add(struct keytree *t, struct slice key, const struct crawled *item)
{
	int64_t ttl = crawled_ttl(item);
	size_t class = ttl < 0 ? 0 : class_of(ttl);
	uint32_t node = 0;
	if (t->count + KEYTREE_DEPTH > t->most)
		give_up_few(t);
	add_sums(&t->nodes[0].sums, item, ttl, class);
	for (size_t depth = 0; depth < KEYTREE_DEPTH; depth++) {
		buf_clear(&t->folded);
		if (!fold_next(&t->separators, &key, &t->folded))
			break;
		node = child(t, node, buf_slice(&t->folded));
		add_sums(&t->nodes[node].sums, item, ttl, class);
	}
}

int64_t keytree_median_ttl(const struct keytree_sums *sums)
{
	double half = (double)(sums->items - sums->forever) / 2;
	if (sums->items == sums->forever)
		return -1;
	for (size_t i = 0; i < KEYTREE_TTLS; i++) {
		double here = sums->ttls[i];
		if (here > 0 && here >= half) {
			double from = class_start(i), to = class_start(i + 1);
			if (from < (double)sums->shortest)
				from = (double)sums->shortest;
			if (to > (double)sums->longest)
				to = (double)sums->longest;
			return (int64_t)(from + (to - from) * half / here + 0.5);
		}
		half -= here;
	}
	return 0;
}

/* What is shown. */

struct showing {
	struct keytree *tree;
	const struct keytree_view *view;
	struct buf path;
};

static uint64_t weight(const struct showing *s, uint32_t node)
{
	const struct keytree_sums *sums = &s->tree->nodes[node].sums;
	return s->view->by_items ? sums->items : sums->bytes;
}

/* qsort_r's: by parent, the largest first, then by name. */
static int compare(const void *a, const void *b, void *ctx)
{
	const struct showing *s = ctx;
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	const struct keytree_node *n = &s->tree->nodes[x], *m = &s->tree->nodes[y];
	uint64_t wx = weight(s, x), wy = weight(s, y);
	if (n->parent != m->parent)
		return n->parent < m->parent ? -1 : 1;
	if (wx != wy)
		return wx > wy ? -1 : 1;
	return slice_compare(name_of(s->tree, x), name_of(s->tree, y));
}

/* Chains each node's children in their order. */
static void sort(struct showing *s)
{
	struct keytree *t = s->tree;
	size_t count = t->count - 1;
	uint32_t *order = xcalloc(count + 1, sizeof(*order));
	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)i + 1;
	qsort_r(order, count, sizeof(*order), compare, s);
	for (size_t i = count; i-- > 0;) {
		struct keytree_node *parent = &t->nodes[t->nodes[order[i]].parent];
		t->nodes[order[i]].next = parent->first;
		parent->first = order[i];
	}
	free(order);
}

static void subtract(struct keytree_sums *from, const struct keytree_sums *part)
{
	from->items -= part->items;
	from->bytes -= part->bytes;
	from->forever -= part->forever;
	for (size_t i = 0; i < KEYTREE_TTLS; i++)
		from->ttls[i] -= part->ttls[i];
}

static void hand_over(struct showing *s, size_t name_start, unsigned depth,
                      const struct keytree_sums *sums, bool others)
{
	struct slice path = buf_slice(&s->path);
	struct keytree_row row = {.path = path,
	                          .name = slice_skip(path, name_start),
	                          .depth = depth,
	                          .others = others,
	                          .sums = *sums};
	s->view->row(s->view->ctx, &row);
}

/* Adds the names of segments that all keys below NODE share; the last of these nodes. */
static uint32_t follow_shared(struct showing *s, uint32_t node)
{
	const struct keytree_node *nodes = s->tree->nodes;
	while (nodes[node].children == 1 &&
	       nodes[nodes[node].first].sums.items == nodes[node].sums.items) {
		node = nodes[node].first;
		buf_add_slice(&s->path, name_of(s->tree, node));
	}
	return node;
}

static void show(struct showing *s, uint32_t node, unsigned depth);

static void show_children(struct showing *s, uint32_t node, unsigned depth)
{
	const struct keytree_node *nodes = s->tree->nodes;
	struct keytree_sums others = nodes[node].sums;
	size_t shown = 0, path = s->path.len;
	for (uint32_t i = nodes[node].first; i && shown < s->view->top; i = nodes[i].next) {
		show(s, i, depth);
		subtract(&others, &nodes[i].sums);
		shown++;
	}
	if (shown > 0 && others.items > 0)
		hand_over(s, path, depth, &others, true);
}

static void show(struct showing *s, uint32_t node, unsigned depth)
{
	size_t path = s->path.len;
	buf_add_slice(&s->path, name_of(s->tree, node));
	if (depth > 0)
		node = follow_shared(s, node);
	hand_over(s, path, depth, &s->tree->nodes[node].sums, false);
	if (depth < s->view->depth)
		show_children(s, node, depth + 1);
	buf_cut(&s->path, path);
}

void keytree_show(struct keytree *t, const struct keytree_view *view)
{
	struct showing s = {.tree = t, .view = view};
	sort(&s);
	show(&s, 0, 0);
	buf_release(&s.path);
}
