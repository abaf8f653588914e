/*
 * The slab classes of servers, a row each, and what stands out of them:
 *
 *   pretty           a table a server, in two parts where the screen is narrow, and below it each
 *                    finding, which the column "see" of its classes refers to
 *   plain, raw, wire the columns of csv with tabs between, without the server where there is one
 *   csv              server,class,chunk_size,pages,free_chunks,items,used,wasted,evicted,
 *                    evicted_unfetched,age,reclaimed,outofmemory,note; the note names the rules
 *   json             {"command":"slabs","rows":[{...,"note":["coarse"]}],"findings":[{"server":...,
 *                    "rule":"coarse","level":"notice","classes":[5],"evidence":...,"advice":...}]}
 *
 * Bytes, seconds and numbers of items; empty, or null, is what is not known.
 */
#ifndef VIEW_STATS_SLAB_TABLE_H
#define VIEW_STATS_SLAB_TABLE_H

#include "base/buf.h"
#include "view/stats/slabs.h"
#include "view/style.h"

/* One server's, sorted. */
struct slabs_of {
	const char *server; /* NULL: it did not answer, and has been reported */
	struct slabs slabs;
};

void slab_table_show(struct buf *out, const struct style *style, const struct slabs_of *list,
                     size_t count);

#endif
