#include "proto/dialect.h"

#include "proto/meta.h"
#include "proto/raw.h"

/* Meta and raw lines share their connections with classic ones: what ends and what opens them is
 * classic's too (own is 0). */
const struct dialect dialects[DIALECT_COUNT] = {
    [DIALECT_CLASSIC] =
	{
	    .name = "classic",
	    .has_form = classic_has_form,
	    .encode = classic_encode,
	    .read = classic_read,
	    .is_marked = classic_is_marked,
	    .leaves_rest = classic_leaves_rest,
	    .fence = &raw_version,
	},
    [DIALECT_META] =
	{
	    .name = "meta",
	    .has_form = meta_has_form,
	    .encode = meta_encode,
	    .read = meta_read,
	    .is_marked = meta_is_marked,
	    .fence_len = meta_fence_len,
	    .leaves_rest = classic_leaves_rest,
	    .fence = &raw_version,
	    .opaque_max = META_OPAQUE_MAX,
	    .refusal_deletes = true,
	    .is_known_to = meta_is_known_to,
	    .probe = &meta_noop,
	},
    [DIALECT_RAW] =
	{
	    .name = "raw",
	    .has_form = raw_has_form,
	    .encode = raw_encode,
	    .read = raw_read,
	    .is_marked = raw_is_marked,
	    .fence_len = raw_fence_len,
	    .fence = &raw_version,
	},
};

bool dialect_refusal_deletes(const struct request *request)
{
	return request->verb == VERB_SET || request->verb == VERB_MS ||
	       (verb_stores(request->verb) && dialect_of(request)->refusal_deletes);
}
