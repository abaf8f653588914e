#include "lib/view.h"

#include "codec/codec.h"
#include "lib/unit.h"

static const struct timing timing = {0, 3000, 80000, 1499, 84499};

void bench_init(struct bench *b, enum format format)
{
	*b = (struct bench){.style = {.format = format, .columns = 80, .json = true, .utf8 = true}};
	b->keys[0] = SLICE("foo");
	b->keys[1] = SLICE("nope");
	b->keys[2] = SLICE("k\xc3\xa9y");
	b->keys[3] = SLICE("zoo");
	b->request = (struct request){.verb = VERB_GET, .keys = b->keys, .key_count = 1};
	b->question = (struct question){
	    .command = "get", .request = &b->request, .server = "127.0.0.1:11211"};
	view_init(&b->view, &b->style, &b->out);
}

void bench_release(struct bench *b)
{
	view_release(&b->view);
	buf_release(&b->out);
}

void ask(struct bench *b, enum verb verb, const char *command, size_t keys)
{
	buf_clear(&b->out);
	b->request.verb = verb;
	b->request.key_count = keys;
	b->question.command = command;
	view_begin(&b->view, &b->question);
}

void value_at(struct bench *b, size_t index, struct slice value, uint64_t flags)
{
	struct reply reply = {.kind = REPLY_VALUE,
	                      .key_index = index,
	                      .key = b->keys[index],
	                      .flags = flags,
	                      .value = value,
	                      .wire = SLICE("<value>")};
	if (b->request.verb == VERB_GETS || b->request.verb == VERB_GATS) {
		reply.has_cas = true;
		reply.cas = UINT64_MAX;
	}
	view_reply(&b->view, &reply);
}

void stat_line(struct bench *b, struct slice name, struct slice value)
{
	struct reply reply = {
	    .kind = REPLY_STAT, .key = name, .value = value, .wire = SLICE("<s>")};
	view_reply(&b->view, &reply);
}

void text_line(struct bench *b, struct slice line)
{
	struct reply reply = {.kind = REPLY_LINE, .value = line, .wire = SLICE("<line>")};
	view_reply(&b->view, &reply);
}

void end_with(struct bench *b, enum reply_kind kind, struct slice words)
{
	struct error error;
	error_set(&error, "start it", "cannot connect");
	struct reply reply = {.kind = kind,
	                      .value = words,
	                      .number = UINT64_MAX,
	                      .timing = &timing,
	                      .error = kind == REPLY_LOST ? &error : NULL};
	if (kind != REPLY_NONE && kind != REPLY_LOST)
		reply.wire = SLICE("<end>");
	view_reply(&b->view, &reply);
}

void end(struct bench *b)
{
	end_with(b, REPLY_END, SLICE(""));
}

void get_one(struct bench *b, struct slice value, uint64_t flags)
{
	ask(b, VERB_GET, "get", 1);
	value_at(b, 0, value, flags);
	end(b);
}

void believe(struct bench *b, const char *profile)
{
	b->style.profile = codec_find(slice_str(profile));
	b->style.inflate_max = 1000;
	assert_non_null(b->style.profile);
}
