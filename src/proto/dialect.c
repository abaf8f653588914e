#include "proto/dialect.h"

#include "proto/binary.h"
#include "proto/binary_answer.h"
#include "proto/meta.h"
#include "proto/raw.h"

#define SET (UINT32_C(1) << VERB_SET)
#define CAS (UINT32_C(1) << VERB_CAS)
#define STORAGE                                                                                    \
	(SET | CAS | 1u << VERB_ADD | 1u << VERB_REPLACE | 1u << VERB_APPEND | 1u << VERB_PREPEND)

static const char binary_alone[] = "if it was started with -S: .set protocol binary";

/* Meta and raw lines share their connections with classic ones: what ends and what opens them is
 * classic's too (own is 0). */
const struct dialect dialects[DIALECT_COUNT] = {
    [DIALECT_CLASSIC] =
	{
	    .name = "classic",
	    .has_form = classic_has_form,
	    .check = classic_check,
	    .encode = classic_encode,
	    .read = classic_read,
	    .is_marked = classic_is_marked,
	    .leaves_rest = classic_leaves_rest,
	    .fence = &raw_version,
	    .unheard = binary_alone,
	    .refusal_deletes = SET,
	},
    [DIALECT_META] =
	{
	    .name = "meta",
	    .has_form = meta_has_form,
	    .encode = meta_encode,
	    .read = meta_read,
	    .is_marked = meta_is_marked,
	    .fence_len = meta_fence_len,
	    .leaves_rest = meta_leaves_rest,
	    .fence = &raw_version,
	    .unheard = binary_alone,
	    .opaque_max = META_OPAQUE_MAX,
	    .refusal_deletes = STORAGE,
	    .is_known_to = meta_is_known_to,
	    .probe = &meta_noop,
	},
    [DIALECT_BINARY] =
	{
	    .name = "binary",
	    .has_form = binary_has_form,
	    .check = binary_check,
	    .encode = binary_encode,
	    .read = binary_read,
	    .is_marked = binary_is_marked,
	    .fence_len = binary_fence_len,
	    .leaves_rest = binary_leaves_rest,
	    .own = DIALECT_BINARY,
	    .fence = &binary_noop,
	    .unheard = "if it speaks text alone: .set protocol auto",
	    .packets = true,
	    .refusal_deletes = SET | CAS, /* a cas is a set with a number */
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
	    .unheard = binary_alone,
	},
};

enum dialect_id dialect_spoken(struct slice protocol)
{
	for (enum dialect_id i = DIALECT_CLASSIC; i < DIALECT_COUNT; i++) {
		if (dialects[i].packets && slice_eq_str(protocol, dialects[i].name))
			return i;
	}
	return DIALECT_CLASSIC;
}

bool dialect_refusal_deletes(const struct request *request)
{
	return request->verb == VERB_MS ||
	       (verb_stores(request->verb) &&
	        (dialect_of(request)->refusal_deletes >> request->verb & 1));
}
