/* .edit: a value in the user's editor, and back. */
#include "base/quote.h"
#include "codec/rewrite.h"
#include "command/rows.h"
#include "proto/item.h"
#include "shell/execute.h"
#include "shell/flow/ask.h"
#include "shell/flow/coded.h"
#include "shell/flow/look.h"
#include "shell/io/draft.h"
#include "shell/items/undo.h"
#include "shell/report.h"
#include "view/advice.h"
#include "view/text/hexdump.h"
#include "view/text/json_write.h"
#include "view/text/paint.h"
#include "view/text/time.h"

#include <stdlib.h>

/* An item in the editor. */
struct edit {
	struct session *session;
	const struct args *args;
	struct slice key; /* as it goes on the wire; args has it as it was typed */
	size_t server;
	bool unguarded; /* stored without a cas number */
	bool deleted;   /* the server has deleted the item in refusing the edit */
	int64_t exptime;
	struct look look;
	struct rewrite rewrite;
	struct draft draft;
	struct buf text, value; /* what the editor left, and what is stored for it */
};

static struct slice name_of(const struct edit *e)
{
	return e->args->operands[0];
}

/* Why the item cannot be stored again; NULL: it can. */
static const char *refusal(const struct edit *e)
{
	if (!e->rewrite.editable)
		return e->rewrite.why;
	if (e->look.item.flags > UINT32_MAX)
		return "mcsh stores flags of 32 bits, and it has more";
	if (e->look.item.cas == 0 && !e->unguarded)
		return "its server keeps no cas numbers, by which a change meanwhile is seen "
		       "(--unguarded stores it all the same)";
	return NULL;
}

static void show(struct edit *e, const char *word)
{
	struct session *s = e->session;
	struct buf *out = &s->output.results;
	bool stored = strcmp(word, "STORED") == 0;
	if (s->style.format == FORMAT_JSON) {
		buf_add_char(out, '{');
		json_string_member(out, "command", e->args->command->name);
		json_bytes_member(out, "key", "key_encoding", name_of(e));
		json_string_member(out, "server", servers_label(&s->servers, e->server));
		json_string_member(out, "reply", word);
		json_u64_member(out, "bytes", stored ? e->value.len : e->look.value.len);
		buf_add_str(out, "}\n");
		return;
	}
	bool pretty = s->style.format == FORMAT_PRETTY;
	paint_add(out, s->style.color && pretty, stored ? PAINT_GOOD : PAINT_NONE, word);
	if (pretty && stored) {
		buf_addf(out, "  (%s%s before)", count_text(e->value.len, " byte, ", " bytes, ").s,
		         grouped_text(e->look.value.len).s);
	}
	buf_add_char(out, '\n');
}

/* What came back for what was sent. */
struct sent {
	const struct request *request;
	enum status status;
	enum reply_kind kind;
	struct error error;
};

static void on_stored(void *ctx, const struct reply *reply)
{
	struct sent *sent = ctx;
	sent->kind = reply->kind;
	sent->status = reply_status(reply->kind);
	if (reply->kind == REPLY_LOST)
		sent->error = *reply->error;
	else if (sent->status == STATUS_NEGATIVE)
		error_set(&sent->error, "nothing was stored", "it was changed meanwhile (%s)",
		          reply_word(reply->kind));
	else if (sent->status != STATUS_OK)
		error_set(&sent->error, advice_for(sent->request, reply), "%s",
		          reply_text(reply).s);
}

/* Puts back what was there, which the server has deleted, or leaves it in a file. */
static void put_back(struct edit *e)
{
	struct session *s = e->session;
	struct request request = {.verb = VERB_ADD,
	                          .keys = &e->key,
	                          .key_count = 1,
	                          .flags = (uint32_t)e->look.item.flags,
	                          .exptime = e->exptime,
	                          .value = buf_slice(&e->look.value)};
	struct sent sent = {.request = &request, .kind = REPLY_LOST};
	struct buf path = BUF_INIT;
	coded_form(s, &request);
	ask_servers(s, &request, e->server, e->server + 1, on_stored, &sent, sizeof(sent));
	if (sent.status == STATUS_OK)
		report_errorf(s, STATUS_OK, "it has been put back",
		              "note: the server deleted the item in refusing the edit");
	else if (draft_keep(&e->draft, request.value, &path))
		report_errorf(s, STATUS_OK, "ms --file stores it",
		              "the server deleted the item in refusing the edit: what it held is "
		              "kept in %s",
		              buf_cstr(&path));
	else
		report_errorf(s, STATUS_OK, NULL,
		              "the server deleted the item in refusing the edit, and it could not "
		              "be put back");
	buf_release(&path);
}

/* Ends with the edit left in its file, since ERROR happened. */
static enum status keep(struct edit *e, enum status status, struct error *error)
{
	struct session *s = e->session;
	report_error(s, status, error);
	if (e->deleted)
		put_back(e);
	report_errorf(s, status,
	              item_key_is_classic(e->key)
	                  ? "set --file stores it; .edit begins again from what is there now"
	                  : "ms --file stores it; .edit begins again from what is there now",
	              "your edit is kept in %s", e->draft.path);
	draft_release(&e->draft);
	return status;
}

/* Whether the item is still the one that was edited; its ttl is read again, since a touch changes
 * no cas number. */
static enum status check_unchanged(struct edit *e, struct look *now, struct error *error)
{
	look_at(e->session, e->key, e->server, e->server + 1, now);
	if (now->status != STATUS_OK) {
		*error = now->error;
		return now->status;
	}
	if (!now->item.there)
		error_set(error, "nothing was stored", "it is not in the cache any more");
	else if (now->item.cas != e->look.item.cas)
		error_set(error, "nothing was stored", "it was changed meanwhile");
	else
		return STATUS_OK;
	return STATUS_NEGATIVE;
}

/* The value before, for .undo, which puts it back while the item is still what was stored now: its
 * cas number is that of the value stored here, and of no other. */
static void keep_old(struct edit *e)
{
	struct session *s = e->session;
	const struct item_state *old = &e->look.item;
	struct look now = {0};
	undo_begin(s);
	look_into(s, e->key, e->server, &now);
	if (now.item.cas != 0 && slice_eq(buf_slice(&now.value), buf_slice(&e->value)))
		undo_keep(s, e->server, e->key, buf_slice(&e->look.value), old->flags,
		          old->ttl < 0 ? 0 : e->look.now + old->ttl, now.item.cas);
	else
		report_errorf(s, STATUS_OK, "it was changed since, or has no cas number",
		              "note: .undo cannot bring the old value back");
	undo_end(s);
	look_release(&now);
}

static enum status store(struct edit *e)
{
	struct session *s = e->session;
	struct request request = {.verb = e->look.item.cas == 0 ? VERB_REPLACE : VERB_CAS,
	                          .keys = &e->key,
	                          .key_count = 1,
	                          .number = e->look.item.cas,
	                          .flags = (uint32_t)e->look.item.flags,
	                          .value = buf_slice(&e->value)};
	struct sent sent = {.request = &request, .kind = REPLY_LOST};
	struct item_limit limit = {0};
	struct look now = {0};
	struct error error;
	bool coded = coded_form(s, &request);
	if (coded && !coded_fits(s, e->server, &request, &limit, &error))
		return keep(e, STATUS_SERVER, &error);
	enum status status = check_unchanged(e, &now, &error);
	if (status != STATUS_OK)
		return keep(e, status, &error);
	request.exptime = e->exptime = item_exptime(now.item.ttl, now.now);
	ask_servers(s, &request, e->server, e->server + 1, on_stored, &sent, sizeof(sent));
	/* A refused ms has deleted what was there. */
	e->deleted = coded && reply_is_error(sent.kind);
	if (sent.status != STATUS_OK)
		return keep(e, sent.status, &sent.error);
	if (s->settings.undo)
		keep_old(e);
	show(e, "STORED");
	return STATUS_OK;
}

/* The editor has ended. */
static enum status finish(struct edit *e)
{
	struct session *s = e->session;
	struct error error;
	if (!draft_read(&e->draft, s->servers.options.value_max, &e->text, &error))
		return keep(e, STATUS_USAGE, &error);
	if (!slice_eq(buf_slice(&e->text), buf_slice(&e->rewrite.text))) {
		if (!rewrite_end(&e->rewrite, buf_slice(&e->text), &e->value, &error))
			return keep(e, STATUS_USAGE, &error);
		if (!slice_eq(buf_slice(&e->value), buf_slice(&e->look.value)))
			return store(e);
	}
	show(e, "unchanged");
	return STATUS_OK;
}

/* Shows the value in the editor, and stores what comes back unless WHY says that it cannot be. */
static enum status open_editor(struct edit *e, const char *why)
{
	struct session *s = e->session;
	struct buf dump = BUF_INIT;
	struct slice text = buf_slice(&e->rewrite.text);
	struct error error;
	if (e->rewrite.binary) {
		hexdump_add(&dump, text, 0, 0, s->style.columns);
		text = buf_slice(&dump);
	}
	enum status status = STATUS_OK;
	if (why)
		report_errorf(s, STATUS_OK, "nothing will be stored",
		              "note: %.*s opens read-only: %s", SLICE_ARGS(name_of(e), 80), why);
	if (!draft_make(&e->draft, name_of(e), e->rewrite.json ? ".json" : ".txt", text,
	                why != NULL, &error))
		status = report_error(s, STATUS_LOST, &error);
	else if (!draft_edit(&e->draft, s, &error))
		status = report_error(s, STATUS_NEGATIVE, &error);
	else if (why)
		show(e, "unchanged");
	else
		status = finish(e);
	draft_drop(&e->draft);
	buf_release(&dump);
	return status;
}

static enum status edit_item(struct edit *e)
{
	struct session *s = e->session;
	struct error error;
	if (!look_server(s, e->args, e->key, &e->server, &error))
		return report_error(s, STATUS_USAGE, &error);
	if (!look_can(s, e->server, &error))
		return report_error(s, STATUS_SERVER, &error);
	look_into(s, e->key, e->server, &e->look);
	if (e->look.status != STATUS_OK)
		return report_error(s, e->look.status, &e->look.error);
	if (!e->look.item.there)
		return report_key(s, STATUS_NEGATIVE, "set makes it", name_of(e),
		                  "is not in the cache");
	look_report_token(s, &e->look);
	rewrite_begin(&e->rewrite, args_option(e->args, "--raw", NULL) ? NULL : s->style.profile,
	              e->look.item.flags, buf_slice(&e->look.value), s->servers.options.value_max);
	return open_editor(e, refusal(e));
}

static enum status run_edit(struct session *s, struct args *args)
{
	struct buf arena = BUF_INIT;
	struct slice *keys = ask_prefixed(execute_prefix(s, args), args->operands, 1, &arena);
	struct edit e = {.session = s,
	                 .args = args,
	                 .key = keys[0],
	                 .unguarded = args_option(args, "--unguarded", NULL)};
	enum status status = edit_item(&e);
	look_release(&e.look);
	rewrite_release(&e.rewrite);
	buf_release(&e.text);
	buf_release(&e.value);
	free(keys);
	buf_release(&arena);
	return status;
}

static const struct command_option edit_options[] = {
    {"--raw", NULL, "the bytes as they are stored, whatever they mean", NULL},
    {"--unguarded", NULL, "store also where the server keeps no cas numbers (-C)", NULL},
    {0},
};

const struct command command_dot_edit = {
    .name = ".edit",
    .group = GROUP_EXPLORE,
    .flags = COMMAND_ROUTED | COMMAND_MIXED | COMMAND_YIELDS,
    .operands = "KEY",
    .options = edit_options,
    .habits = "vi vim",
    .summary = "change a value in an editor",
    .about =
	"Opens the value of KEY in $VISUAL, else $EDITOR, else vi, and stores what the editor "
	"leaves, with its flags and the time that is left to it, if nobody has changed it "
	"meanwhile (cas). Where someone has, or where it cannot be stored, the edit stays in its "
	"file, which is named. What was not changed is not sent. A value that its client "
	"compressed, or gave a type, is edited as what it means, and stored the same way; JSON "
	"that is on one line is spread over several, and put on one again. What would not come "
	"back byte for byte opens read-only: a serialised object, bytes that are not text, a "
	"stream that another compressor made. A key with blanks or control bytes goes by ms: what "
	"is "
	"larger than the server's limit is not sent, since a refusal deletes the item, and what is "
	"refused for want of memory is put back. The file is yours alone; a line feed is added at "
	"its "
	"end, and taken off again.",
    .sends = "mg <key> v f t c u\\r\\n; me <key>\\r\\n and cas <key> <flags> <exptime> <bytes> "
	     "<cas>\\r\\n<value>\\r\\n; of a key with blanks ms <key> <bytes> b C<cas>",
    .replies = "STORED; EXISTS or NOT_FOUND when it was changed meanwhile; SERVER_ERROR object too "
	       "large for cache",
    .effect = EFFECT_CHANGES,
    .run = run_edit,
};
