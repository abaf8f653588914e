#include "view/stats/slab_rules.h"

#include "view/text/time.h"

/* What the numbers have to reach; see the table at the end. */
#define FREE_PAGES_TENTHS 25      /* MIN_PAGES_FOR_RECLAIM, 2.5 */
#define SOURCE_PAGES      2       /* MIN_PAGES_FOR_SOURCE: one with more may give a page away */
#define AGES_APART        10      /* the oldest items of two classes */
#define AGE_LEAST         60      /* seconds; younger caches say nothing yet */
#define WASTE_LEAST       1048576 /* bytes: a page */
#define WASTE_PERCENT                                                                              \
	15              /* of what the items take; evenly spread sizes waste half of               \
	                 * 1 - 1/factor, a tenth at 1.25 */
#define UNREAD_FROM 100 /* evictions */

/* Adds "class 5", "classes 5 and 7", "classes 5, 7, 9 and 12 more": those that are marked. */
static void add_classes(struct buf *out, const struct slabs *s, const bool *marks)
{
	enum {
		NAMED = 3
	};
	size_t total = 0, named = 0;
	for (size_t i = 0; i < s->count; i++)
		total += marks[i];
	buf_add_str(out, total == 1 ? "class" : "classes");
	size_t most = total <= NAMED + 1 ? total : NAMED;
	for (size_t i = 0; i < s->count && named < most; i++) {
		if (!marks[i])
			continue;
		named++;
		buf_add_str(out, named == 1 ? " " : named == total ? " and " : ", ");
		buf_add_u64(out, s->classes[i].id);
	}
	if (total > most)
		buf_addf(out, " and %zu more", total - most);
}

static size_t count_marks(const struct slabs *s, const bool *marks)
{
	size_t total = 0;
	for (size_t i = 0; i < s->count; i++)
		total += marks[i];
	return total;
}

static uint64_t sum_evicted(const struct slabs *s, const bool *marks)
{
	uint64_t total = 0;
	for (size_t i = 0; i < s->count; i++)
		total += marks[i] ? s->classes[i].evicted : 0;
	return total;
}

/* The marked class that has evicted most. */
static const struct slab_class *most_evicted(const struct slabs *s, const bool *marks)
{
	const struct slab_class *most = NULL;
	for (size_t i = 0; i < s->count; i++) {
		if (marks[i] && (!most || s->classes[i].evicted > most->evicted))
			most = &s->classes[i];
	}
	return most;
}

/* How a page comes from class FROM to class TO on this server. */
static void add_move(struct buf *out, const struct slabs *s, uint64_t from, uint64_t to)
{
	if (s->never_moves) {
		buf_add_str(out, "it was started with no_slab_reassign, so that no page moves; "
		                 "start it without");
		return;
	}
	if (s->automove_known && s->automove == 0)
		buf_add_str(out, "slabs automove 1 lets the server move pages by itself; ");
	else if (s->automove_known)
		buf_addf(out, "the server moves pages by itself (automove %llu), slowly; ",
		         (unsigned long long)s->automove);
	buf_addf(out, "slabs reassign %llu %llu moves one now", (unsigned long long)from,
	         (unsigned long long)to);
}

static bool find_refused(const struct slabs *s, struct slab_finding *f)
{
	uint64_t total = 0;
	for (size_t i = 0; i < s->count; i++) {
		f->marks[i] = s->classes[i].outofmemory > 0;
		total += s->classes[i].outofmemory;
	}
	if (total == 0)
		return false;
	add_classes(&f->evidence, s, f->marks);
	buf_addf(&f->evidence, " refused %s for want of memory",
	         count_text(total, " item", " items").s);
	if (s->never_evicts)
		buf_add_str(&f->advice,
		            "it was started with -M and evicts nothing; -m gives it more memory");
	else if (s->automove_known && s->automove == 0 && !s->never_moves)
		buf_add_str(&f->advice,
		            "slabs automove 1 lets it have pages of other classes; -m gives more");
	else
		buf_add_str(&f->advice, "-m gives the server more memory");
	return true;
}

/* Tenths of pages whose chunks are free. */
static uint64_t free_tenths(const struct slab_class *c)
{
	return c->chunks_per_page > 0
	           ? c->free_chunks / c->chunks_per_page * 10 +
	                 c->free_chunks % c->chunks_per_page * 10 / c->chunks_per_page
	           : 0;
}

static bool find_beside_free(const struct slabs *s, struct slab_finding *f)
{
	const struct slab_class *spare = NULL;
	for (size_t i = 0; i < s->count; i++) {
		const struct slab_class *c = &s->classes[i];
		bool has = free_tenths(c) >= FREE_PAGES_TENTHS;
		f->marks[i] = c->evicted > 0 && !has;
		if (has && (!spare || free_tenths(c) > free_tenths(spare)))
			spare = c;
	}
	const struct slab_class *most = most_evicted(s, f->marks);
	if (!most || !spare)
		return false;
	add_classes(&f->evidence, s, f->marks);
	buf_addf(&f->evidence, "%s%s while class %llu has %s pages of free chunks",
	         count_marks(s, f->marks) == 1 ? " has evicted " : " have evicted ",
	         count_text(sum_evicted(s, f->marks), " item", " items").s,
	         (unsigned long long)spare->id, grouped_text(free_tenths(spare) / 10).s);
	add_move(&f->advice, s, spare->id, most->id);
	return true;
}

/* Memory was given out for sizes that are hardly stored any more: one class evicts items soon after
 * their last use, another keeps pages of items that nobody has used for much longer. */
static bool find_calcified(const struct slabs *s, struct slab_finding *f)
{
	const struct slab_class *old = NULL;
	for (size_t i = 0; i < s->count; i++) {
		const struct slab_class *c = &s->classes[i];
		if (c->items > 0 && c->pages > SOURCE_PAGES && c->age >= AGE_LEAST &&
		    (!old || c->age > old->age))
			old = c;
	}
	if (!old)
		return false;
	for (size_t i = 0; i < s->count; i++) {
		const struct slab_class *c = &s->classes[i];
		f->marks[i] = c->evicted > 0 && c->items > 0 && c->age <= old->age / AGES_APART;
	}
	const struct slab_class *most = most_evicted(s, f->marks);
	if (!most)
		return false;
	add_classes(&f->evidence, s, f->marks);
	bool one = count_marks(s, f->marks) == 1;
	buf_add_str(&f->evidence, one ? " evicts with items unused for " : " evict, class ");
	if (!one)
		buf_addf(&f->evidence, "%llu with items unused for ", (unsigned long long)most->id);
	buf_addf(&f->evidence, "%s at the most, while class %llu keeps %s with items unused for %s",
	         span_text(most->age).s, (unsigned long long)old->id,
	         count_text(old->pages, " page", " pages").s, span_text(old->age).s);
	add_move(&f->advice, s, old->id, most->id);
	return true;
}

static bool find_coarse(const struct slabs *s, struct slab_finding *f)
{
	const struct slab_class *worst = NULL;
	uint64_t wasted, worst_wasted = 0, total = 0, taken = 0;
	for (size_t i = 0; i < s->count; i++) {
		const struct slab_class *c = &s->classes[i];
		if (!slab_wasted(c, &wasted) || wasted < WASTE_LEAST ||
		    wasted / WASTE_PERCENT < c->items * c->chunk_size / 100)
			continue;
		f->marks[i] = true;
		total += wasted;
		taken += c->items * c->chunk_size;
		if (wasted > worst_wasted) {
			worst_wasted = wasted;
			worst = c;
		}
	}
	if (!worst)
		return false;
	bool one = count_marks(s, f->marks) == 1;
	add_classes(&f->evidence, s, f->marks);
	buf_addf(&f->evidence, "%s%s of the %s%s", one ? " wastes " : " waste ",
	         percent_text(total, taken).s, size_text(taken).s,
	         one ? " that its items take" : " that their items take");
	if (!one)
		buf_addf(&f->evidence, ", class %llu most", (unsigned long long)worst->id);
	buf_addf(&f->evidence, ": items of %s on average in chunks of %s",
	         size_text(worst->requested / worst->items).s, size_text(worst->chunk_size).s);
	buf_addf(&f->advice,
	         "a smaller growth factor at its start (-f%s%s), or sizes that fit (-o "
	         "slab_sizes=...)",
	         s->factor[0] ? ", now " : "", s->factor);
	return true;
}

static bool find_unread(const struct slabs *s, struct slab_finding *f)
{
	uint64_t evicted = 0, unread = 0;
	for (size_t i = 0; i < s->count; i++) {
		const struct slab_class *c = &s->classes[i];
		f->marks[i] = c->evicted >= UNREAD_FROM && c->evicted_unfetched > c->evicted / 2;
		evicted += f->marks[i] ? c->evicted : 0;
		unread += f->marks[i] ? c->evicted_unfetched : 0;
	}
	if (evicted == 0)
		return false;
	buf_addf(&f->evidence, "%s of the %s that ", grouped_text(unread).s,
	         count_text(evicted, " item", " items").s);
	add_classes(&f->evidence, s, f->marks);
	buf_add_str(&f->evidence, count_marks(s, f->marks) == 1 ? " has evicted" : " have evicted");
	buf_add_str(&f->evidence, " were never read");
	buf_add_str(&f->advice, "store less of what nobody asks for, or with a shorter time");
	return true;
}

static const struct rule {
	const char *name;
	enum paint level;
	bool (*find)(const struct slabs *s, struct slab_finding *f);
	const char *source;
} rules[SLAB_RULES] = {
    {"out_of_memory", PAINT_BAD, find_refused,
     "memcached doc/protocol.txt, outofmemory: the slab class could not store an item"},
    {"evicts_beside_free", PAINT_NOTICE, find_beside_free,
     "memcached slab_automove.c, MIN_PAGES_FOR_RECLAIM: a class with 2.5 free pages gives one up"},
    {"calcified", PAINT_NOTICE, find_calcified,
     "memcached slab_automove.c: a page goes from the class of the oldest items to the youngest"},
    {"coarse", PAINT_NOTICE, find_coarse,
     "memcached doc/protocol.txt, mem_requested; doc/memcached.1, -f and slab_sizes"},
    {"evicted_unread", PAINT_NOTICE, find_unread,
     "memcached doc/protocol.txt, evicted_unfetched: evicted and never touched by get"},
};

const char *slab_rule_name(size_t rule)
{
	return rules[rule].name;
}

const char *slab_rule_source(size_t rule)
{
	return rules[rule].source;
}

bool slab_find(const struct slabs *s, size_t rule, struct slab_finding *f)
{
	*f = (struct slab_finding){.rule = rules[rule].name,
	                           .level = rules[rule].level,
	                           .evidence = BUF_INIT,
	                           .advice = BUF_INIT};
	if (rules[rule].find(s, f))
		return true;
	slab_finding_release(f);
	return false;
}

void slab_finding_release(struct slab_finding *f)
{
	buf_release(&f->evidence);
	buf_release(&f->advice);
}
