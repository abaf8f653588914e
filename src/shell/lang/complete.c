#include "shell/lang/complete.h"

#include "base/quote.h"
#include "base/xalloc.h"
#include "proto/meta_flags.h"
#include "shell/lang/forms.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

/* The most candidates that are gathered. */
#define CANDIDATES_MAX 2000

/* A completion under way: what is being looked for, and what was found. */
struct search {
	const struct sources *from;
	struct slice prefix; /* what stands before the cursor in the word */
	char **found;
	size_t count, cap;
	struct slice flags_of; /* what was found are flags of this meta command */
	bool bare;             /* what was found are options: quoted they would be operands */
};

void candidates_release(struct candidates *c)
{
	buf_release(&c->words);
	buf_release(&c->notes);
	*c = (struct candidates){0};
}

static void offer(struct search *q, struct slice word)
{
	if (!slice_starts(word, q->prefix) || q->count == CANDIDATES_MAX)
		return;
	q->found = xgrow(q->found, &q->cap, q->count + 1, sizeof(*q->found));
	q->found[q->count++] = xmemdup0(word.data, word.len);
}

/* Each of the words in LIST, separated by SEPARATOR. */
static void offer_list(struct search *q, struct slice list, char separator)
{
	while (list.len > 0) {
		struct slice word = slice_take(&list, separator);
		if (word.len > 0)
			offer(q, word);
	}
}

static void offer_commands(struct search *q)
{
	for (const struct command *const *c = q->from->commands; *c; c++)
		offer(q, slice_str((*c)->name));
}

/* Each of the names that NAME_AT lists. */
static void offer_names(struct search *q, names_fn *name_at)
{
	const char *name;
	for (size_t i = 0; (name = name_at(q->from->ctx, i)); i++)
		offer(q, slice_str(name));
}

static void offer_keys(struct search *q)
{
	for (size_t i = 0; i < q->from->keys->count; i++)
		offer(q, slice_str(q->from->keys->list[i]));
}

/* File names; a directory ends in a slash. */
static void offer_files(struct search *q)
{
	const char *slash = q->prefix.len ? memrchr(q->prefix.data, '/', q->prefix.len) : NULL;
	size_t dir_len = slash ? (size_t)(slash - q->prefix.data) + 1 : 0;
	struct slice base = slice_skip(q->prefix, dir_len);
	char *dir = dir_len ? xmemdup0(q->prefix.data, dir_len) : xstrdup("./");
	DIR *d = opendir(dir);
	struct buf path = BUF_INIT;
	for (struct dirent *e; d && (e = readdir(d));) {
		struct stat st;
		if (!slice_starts(slice_str(e->d_name), base) ||
		    (e->d_name[0] == '.' && base.len == 0))
			continue;
		buf_clear(&path);
		buf_addf(&path, "%s%s", dir, e->d_name);
		bool is_dir = stat(buf_cstr(&path), &st) == 0 && S_ISDIR(st.st_mode);
		if (dir_len == 0)
			buf_drop(&path, 2);
		if (is_dir)
			buf_add_char(&path, '/');
		offer(q, buf_slice(&path));
	}
	if (d)
		closedir(d);
	buf_release(&path);
	free(dir);
}

/* The values that the setting named SETTING takes. */
static void offer_values(struct search *q, struct slice setting)
{
	struct buf list = BUF_INIT;
	if (q->from->values(q->from->ctx, setting, &list))
		offer_files(q);
	offer_list(q, buf_slice(&list), '|');
	buf_release(&list);
}

/* What can stand where an operand (or an option's value) of this NAME goes. */
static void offer_kind(struct search *q, const struct command *command, struct slice name,
                       struct slice before)
{
	if (operand_is_choice(name))
		offer_list(q, name, '|');
	else if (slice_eq_str(name, "KEY"))
		offer_keys(q);
	else if (slice_eq_str(name, "FILE") || slice_eq_str(name, "PATH"))
		offer_files(q);
	else if (slice_eq_str(name, "SERVER"))
		offer_names(q, q->from->server);
	else if (slice_eq_str(name, "COMMAND"))
		offer_commands(q);
	else if (slice_eq_str(name, "SETTING"))
		offer_names(q, q->from->setting);
	else if (slice_eq_str(name, "PROFILE"))
		offer_values(q, SLICE("profile"));
	else if (slice_eq_str(name, "VALUE") && before.len > 0)
		offer_values(q, before);
	if ((slice_eq_str(name, "WORD") || slice_eq_str(name, "STREAM") ||
	     slice_eq_str(name, "FILE") || slice_eq_str(name, "COMMAND")) &&
	    command->suggest)
		offer_list(q, slice_str(command->suggest), ' ');
}

/* Where a line stands: which command, and what comes next in it. */
struct place {
	const struct command *command;
	const struct command_option *option; /* its value comes next, or NULL */
	size_t operands;                     /* whole operands before the place */
	size_t last;                         /* the word before the place */
	bool options_over;
};

/* Reads the COUNT whole words from FIRST on. False when they name no command. */
static bool find_place(const struct command *const *commands, const struct words *w, size_t first,
                       size_t count, struct place *p)
{
	*p = (struct place){0};
	if (first >= count)
		return false;
	p->command = command_find(commands, w->list[first].text, NULL);
	if (!p->command)
		return false;
	for (size_t i = first + 1; i < count; i++) {
		struct slice word = w->list[i].text;
		p->last = i;
		if (p->option) {
			p->option = NULL;
		} else if (!p->options_over && word.len > 1 && word.data[0] == '-' &&
		           !w->list[i].quoted) {
			p->options_over = slice_eq_str(word, "--");
			size_t at;
			const struct command_option *o =
			    command_option_named(p->command, word, &at);
			p->option = o && o->value ? o : NULL;
		} else {
			p->options_over |= !(p->command->flags & (COMMAND_MIXED | COMMAND_FAN_OUT));
			p->operands++;
		}
	}
	return true;
}

/* The operand that the N-th word goes to, in a row's list, and its place there. */
static bool operand_at(const struct command *command, size_t n, struct operand *out, size_t *place)
{
	struct slice rest = slice_str(command->operands);
	for (*place = 0; operand_next(&rest, out); ++*place) {
		if (*place == n || out->repeated)
			return true;
	}
	return false;
}

static void offer_form(void *ctx, struct slice name)
{
	if (operand_is_choice(name))
		offer_list(ctx, name, '|');
}

/* The whole operands before a place; the caller frees. */
static struct slice *operands_before(const struct words *w, const struct place *p)
{
	struct slice *operands = xcalloc(p->operands + 1, sizeof(*operands));
	for (size_t i = 0; i < p->operands; i++)
		operands[i] = w->list[p->last + 1 - p->operands + i].text;
	return operands;
}

/* Whether a word of the operands is the flag LETTER. */
static bool has_flag(const struct words *w, const struct place *p, char letter)
{
	for (size_t i = p->last + 1 - p->operands; i <= p->last; i++) {
		if (w->list[i].text.len > 0 && w->list[i].text.data[0] == letter)
			return true;
	}
	return false;
}

/* The flags of a meta command that are not there yet, and after M the modes. Of one that was begun
 * and wants a token nothing more is known. */
static void offer_flags(struct search *q, const struct words *w, const struct place *p)
{
	q->flags_of = slice_str(p->command->name);
	for (const struct meta_flag *f = meta_flags; f->letter; f++) {
		bool begun = q->prefix.len > 0 && q->prefix.data[0] == f->letter;
		if (meta_flag_find(q->flags_of, f->letter) != f ||
		    (p->operands > 1 && has_flag(w, p, f->letter)))
			continue;
		for (const char *mode = "EAPRSID"; f->token == META_TOKEN_MODE && begun && *mode;
		     mode++) {
			if (meta_mode_meaning(q->flags_of, *mode))
				offer(q, slice_of((char[]){'M', *mode}, 2));
		}
		if (!begun || f->token == META_TOKEN_NONE)
			offer(q, slice_of(&f->letter, 1));
	}
}

/* What the flag WORD means, in words: "T, SECONDS: the new time to live" without its letter. */
static void add_flag_note(struct buf *out, struct slice command, struct slice word)
{
	const struct meta_flag *f = word.len > 0 ? meta_flag_find(command, word.data[0]) : NULL;
	const char *mode = f && f->token == META_TOKEN_MODE && word.len == 2
	                       ? meta_mode_meaning(command, word.data[1])
	                       : NULL;
	if (!f)
		return;
	if (f->token != META_TOKEN_NONE && !mode)
		buf_addf(out, "%s: ", meta_token_name(f->token));
	buf_add_str(out, mode ? mode : f->asks);
	if (f->since > 0)
		buf_addf(out, " (1.6.%u)", f->since);
}

static void offer_at(struct search *q, const struct words *w, size_t first, size_t count)
{
	struct place p;
	struct operand operand;
	size_t place;
	if (first == count) {
		offer_commands(q);
		return;
	}
	if (!find_place(q->from->commands, w, first, count, &p))
		return;
	if (p.option) {
		offer_kind(q, p.command, slice_str(p.option->value), slice_of(NULL, 0));
	} else if (!p.options_over && q->prefix.len > 0 && q->prefix.data[0] == '-') {
		const struct command_option *o;
		q->bare = true;
		for (size_t i = 0; (o = command_option_at(p.command, i)); i++)
			offer(q, slice_str(o->name));
	} else if (p.command->forms) {
		struct slice *operands = operands_before(w, &p);
		forms_next(p.command, operands, p.operands, offer_form, q);
		free(operands);
	} else if (operand_at(p.command, p.operands, &operand, &place)) {
		/* A command within a command: its words are its own. */
		if (operand.repeated && slice_eq_str(operand.name, "COMMAND"))
			offer_at(q, w, first + 1 + place, count);
		else if (slice_eq_str(operand.name, "FLAG"))
			offer_flags(q, w, &p);
		else
			offer_kind(q, p.command, operand.name,
			           p.operands ? w->list[p.last].text : slice_of(NULL, 0));
		if (operand.repeated && slice_eq_str(operand.name, "SERVER"))
			offer_names(q, q->from->cluster);
	}
}

static int by_bytes(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void hand_over(struct search *q, struct candidates *c)
{
	if (q->count > 0)
		qsort(q->found, q->count, sizeof(*q->found), by_bytes);
	for (size_t i = 0; i < q->count; i++) {
		if (i == 0 || strcmp(q->found[i], q->found[i - 1]) != 0) {
			if (q->bare)
				buf_add_str(&c->words, q->found[i]);
			else
				quote_add_word(&c->words, slice_str(q->found[i]));
			buf_add_char(&c->words, '\0');
			c->count++;
			if (q->flags_of.len > 0) {
				add_flag_note(&c->notes, q->flags_of, slice_str(q->found[i]));
				buf_add_char(&c->notes, '\0');
			}
		}
	}
	for (size_t i = 0; i < q->count; i++)
		free(q->found[i]);
	free(q->found);
}

void complete_line(const struct sources *from, struct slice line, size_t cursor,
                   struct candidates *c)
{
	struct search q = {.from = from};
	struct words w = {0};
	struct error ignored;
	struct slice before = slice_first(line, cursor);

	buf_clear(&c->words);
	buf_clear(&c->notes);
	c->count = 0;
	c->start = before.len;
	enum tokenize_result result = tokenize(before, &w, &ignored);
	bool in_word = w.count > 0 && w.list[w.count - 1].end == before.len;
	if (result == TOKENIZE_OK && (w.sink == SINK_FILE || w.sink == SINK_APPEND)) {
		if (w.target.len > 0 && w.list[w.count].end == before.len) {
			q.prefix = w.target;
			c->start = w.list[w.count].start;
			offer_files(&q);
		}
	} else if (result != TOKENIZE_BAD && w.sink == SINK_NONE && !line_is_comment(before)) {
		size_t whole = in_word ? w.count - 1 : w.count;
		if (in_word) {
			q.prefix = w.list[whole].text;
			c->start = w.list[whole].start;
		}
		offer_at(&q, &w, 0, whole);
	}
	hand_over(&q, c);
	words_release(&w);
}

/* The flag that is being typed at the end of LINE, of a meta command: what it means. False: there
 * is none. */
static bool hint_flag(const struct words *w, const struct place *p, struct slice line,
                      struct buf *out)
{
	struct operand operand;
	size_t place;
	if (p->operands == 0 || p->option || w->list[p->last].end != line.len ||
	    !operand_at(p->command, p->operands - 1, &operand, &place) ||
	    !slice_eq_str(operand.name, "FLAG"))
		return false;
	add_flag_note(out, slice_str(p->command->name), w->list[p->last].text);
	if (out->len == 0)
		buf_addf(out, "no flag of %s", p->command->name);
	return true;
}

void complete_hint(const struct command *const *commands, struct slice line, struct buf *out)
{
	struct words w = {0};
	struct error ignored;
	struct place p = {0};
	struct operand operand;
	enum tokenize_result result = tokenize(line, &w, &ignored);

	if (result != TOKENIZE_BAD && w.sink == SINK_NONE &&
	    find_place(commands, &w, 0, w.count, &p) && p.command->forms && !p.option) {
		struct slice *operands = operands_before(&w, &p);
		forms_hint(p.command, operands, p.operands, out);
		free(operands);
	} else if (result != TOKENIZE_BAD && w.sink == SINK_NONE && p.command &&
	           !hint_flag(&w, &p, line, out)) {
		size_t typed = p.operands, i = 0;
		struct slice rest = slice_str(p.command->operands);
		if (p.option)
			buf_add_str(out, p.option->value);
		while (operand_next(&rest, &operand)) {
			if (i++ < typed && !operand.repeated)
				continue;
			if (out->len > 0)
				buf_add_char(out, ' ');
			buf_addf(out,
			         operand.optional || (operand.repeated && i <= typed) ? "[%.*s%s]"
			                                                              : "%.*s%s",
			         (int)operand.name.len, operand.name.data,
			         operand.repeated ? "..." : "");
		}
	}
	words_release(&w);
}
