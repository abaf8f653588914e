#include "command/storing.h"

#include "base/quote.h"
#include "base/zip.h"
#include "command/arguments.h"
#include "shell/lang/args.h"

/* The clients that have flags for TYPE, as a hint. */
static void hint_profiles(enum decoded_type type, struct error *error)
{
	struct buf names = BUF_INIT;
	for (size_t i = 0; i < codec_count; i++) {
		const struct codec *p = codecs[i];
		if (p->typed && p->typed[type].has)
			buf_addf(&names, "%s%s", names.len ? ", " : "", p->name);
	}
	error_hint(error, "store it as text, or with .profile one of %s", buf_cstr(&names));
	buf_release(&names);
}

static bool read_type(const struct args *args, struct slice name, struct storing *how,
                      struct error *error)
{
	if (!operand_has_choice(SLICE(STORAGE_TYPES), name) || !decoded_type_find(name, &how->type))
		return error_set(error, "it takes " STORAGE_TYPES,
		                 "invalid value for --type: \"%.*s\"", SLICE_ARGS(name, 60));
	if (args_option(args, "--flags", NULL))
		return error_set(error, "give one of them",
		                 "--type and --flags both say what the flags shall be");
	const struct codec_typed *typed = &how->profile->typed[how->type];
	if (!typed->has) {
		error_set(error, NULL, "%s has no flags for %s", how->profile->name,
		          decoded_type_name(how->type));
		hint_profiles(how->type, error);
		return false;
	}
	how->typed = true;
	how->flags = typed->flags;
	return true;
}

static bool read_compression(const struct session *s, const struct args *args, struct storing *how,
                             struct error *error)
{
	struct slice text;
	uint64_t least = s->settings.min_compress_len;
	if (args_option(args, "--min-compress-len", &text) &&
	    !argument_number(text, "--min-compress-len", UINT32_MAX, &least, error))
		return false;
	how->min_compress_len = (size_t)least;
	how->level = (int)s->settings.compress_level + ZIP_LEVEL_DEFAULT;
	if (least == 0 || how->profile->typed[DECODED_BYTES].zlib != 0)
		return true;
	return error_set(
	    error,
	    "leave --min-compress-len away and .set min_compress_len off, or choose another "
	    ".profile",
	    "%s does not compress with zlib", how->profile->name);
}

bool storing_read(const struct session *s, const struct args *args, struct storing *how,
                  struct error *error)
{
	struct slice text;
	uint64_t flags = 0;
	*how = (struct storing){.profile = codec_writer(codecs[s->settings.profile])};
	if (args_option(args, "--flags", &text) &&
	    !argument_number(text, "--flags", UINT32_MAX, &flags, error))
		return false;
	how->flags = (uint32_t)flags;
	if (args_option(args, "--type", &text) && !read_type(args, text, how, error))
		return false;
	return read_compression(s, args, how, error);
}

/* The start of a value in quotes, for an error. */
static void quote_start(struct buf *out, struct slice value)
{
	quote_add(out, slice_first(value, 40));
	if (value.len > 40)
		buf_add_str(out, "...");
}

static bool refuse_value(const struct storing *how, struct slice value, struct error *error)
{
	static const struct {
		const char *what, *hint;
	} words[] = {
	    [DECODED_TEXT] = {"valid UTF-8", "store other bytes with --type bytes"},
	    [DECODED_INTEGER] = {"a whole number",
	                         "write decimal digits, with a minus in front if it is negative"},
	    [DECODED_LONG] = {"a whole number",
	                      "write decimal digits, with a minus in front if it is negative"},
	    [DECODED_JSON] = {"a JSON document", "quote a whole one, as in '{\"a\": [1, 2]}'"},
	};
	struct buf text = BUF_INIT;
	quote_start(&text, value);
	error_set(error, words[how->type].hint, "the value %s is not %s", buf_cstr(&text),
	          words[how->type].what);
	buf_release(&text);
	return false;
}

static bool refuse_range(const struct storing *how, struct slice value, struct error *error)
{
	struct buf text = BUF_INIT;
	quote_start(&text, value);
	error_set(error, "store it as text, or choose another .profile",
	          "the value %s is more than the %s of %s can hold", buf_cstr(&text),
	          decoded_type_name(how->type), how->profile->name);
	buf_release(&text);
	return false;
}

/* MADE takes the place of what SPACE holds, and of the value. */
static void replace_value(struct buf *made, struct buf *space, struct slice *value)
{
	buf_release(space);
	*space = *made;
	*value = space->len > 0 ? buf_slice(space) : SLICE("");
}

static bool encode(const struct storing *how, struct slice *value, struct buf *space,
                   struct error *error)
{
	struct buf made = BUF_INIT;
	if (!decoded_type_fits(how->type, *value))
		return refuse_value(how, *value, error);
	if (!how->profile->encode)
		return true;
	if (!how->profile->encode(how->type, *value, &made)) {
		buf_release(&made);
		return refuse_range(how, *value, error);
	}
	replace_value(&made, space, value);
	return true;
}

static void compress(const struct storing *how, struct slice *value, uint32_t *flags,
                     struct buf *space)
{
	const struct codec *p = how->profile;
	uint32_t added = how->min_compress_len > 0 ? p->typed[how->type].zlib : 0;
	struct buf stream = BUF_INIT, made = BUF_INIT;
	if (added == 0 ||
	    !zip_compress_if_smaller(*value, how->min_compress_len, how->level, &stream) ||
	    stream.len + p->zlib_prefix >= value->len) {
		buf_release(&stream);
		return;
	}
	for (unsigned i = 0; i < p->zlib_prefix; i++)
		buf_add_char(&made, (char)(unsigned char)(value->len >> 8 * i));
	buf_add_slice(&made, buf_slice(&stream));
	buf_release(&stream);
	replace_value(&made, space, value);
	*flags |= added;
}

bool storing_apply(const struct storing *how, struct slice *value, uint32_t *flags,
                   struct buf *space, struct error *error)
{
	*flags = how->flags;
	if (how->typed && !encode(how, value, space, error))
		return false;
	compress(how, value, flags, space);
	return true;
}
