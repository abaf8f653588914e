#include "shell/lang/forms.h"

#include "base/number.h"

enum kind {
	KIND_WHOLE,   /* a whole number */
	KIND_DECIMAL, /* a number with or without a point */
	KIND_CLASSES, /* slab classes, divided by commas */
	KIND_WORD,    /* whatever no form has as a fixed word */
};

/* What a value of a form may be. */
static const struct value {
	const char *name;
	enum kind kind;
	int64_t least, most; /* of KIND_DECIMAL in thousandths */
	const char *hint;
} values[] = {
    {"SRC", KIND_WHOLE, -1, 63, "a slab class from 1 to 63, -1 for any, or 0 for the free pages"},
    {"DST", KIND_WHOLE, 0, 63, "a slab class from 1 to 63, or 0 for the free pages"},
    {"CLASS", KIND_WHOLE, 1, 63, "a slab class from 1 to 63; stats items names those in use"},
    {"CLASSES", KIND_CLASSES, 1, 63, "slab classes from 1 to 63 with commas between, or all"},
    {"LIMIT", KIND_WHOLE, 0, UINT32_MAX, "a whole number, 0 for no limit"},
    {"N", KIND_WHOLE, 0, UINT32_MAX, "a whole number from 0 to 4294967295"},
    {"RATIO", KIND_DECIMAL, 1, 1000, "a share from 0.001 to 1, as 0.8"},
    {"SECONDS", KIND_WHOLE, 3, 1800, "a whole number from 3 to 1800"},
    {"HOT", KIND_WHOLE, 0, 80, "a percentage from 0 to 80"},
    {"WARM", KIND_WHOLE, 0, 80, "a percentage from 0 to 80"},
    {"HOT-AGE", KIND_DECIMAL, 1, INT64_MAX, "a number above 0, as 0.2"},
    {"WARM-AGE", KIND_DECIMAL, 1, INT64_MAX, "a number above 0, as 2.0"},
    {"TTL", KIND_WHOLE, -1, INT32_MAX, "seconds, or -1 to do without"},
    {"MICROSECONDS", KIND_WHOLE, 0, 1000000, "a whole number from 0 to 1000000"},
    {"MEGABYTES", KIND_WHOLE, 8, 1000000000, "a whole number from 8 to 1000000000, in MiB"},
    {"WORD", KIND_WORD, 0, 0, "a word"},
};

static const struct value *value_named(struct slice name)
{
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		if (slice_eq_str(name, values[i].name))
			return &values[i];
	}
	return NULL;
}

static bool is_whole(struct slice word, const struct value *v)
{
	int64_t n;
	return number_parse_i64(word, &n) == NUMBER_OK && n >= v->least && n <= v->most;
}

/* 12, 0.8 or .8, of at most eighteen digits. */
static bool is_decimal(struct slice word, const struct value *v)
{
	int64_t thousandths = 0;
	size_t digits = 0, places = 0;
	bool point = false;
	for (size_t i = 0; i < word.len; i++) {
		char c = word.data[i];
		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (c < '0' || c > '9' || ++digits > 18)
			return false;
		if (point && ++places > 3)
			continue;
		if (thousandths > INT64_MAX / 100000)
			return false;
		thousandths = thousandths * 10 + (c - '0');
	}
	for (; places < 3; places++)
		thousandths *= 10;
	return digits > 0 && thousandths >= v->least && thousandths <= v->most;
}

static bool is_classes(struct slice word, const struct value *v)
{
	bool last;
	do {
		struct slice number = slice_before(word, ',');
		last = number.len == word.len;
		if (!is_whole(number, v))
			return false;
		word = slice_skip(word, number.len + 1);
	} while (!last);
	return true;
}

/* Whether WORD may stand for NAME, the I-th word of a form of COMMAND. */
static bool fits(const struct command *command, size_t i, struct slice name, struct slice word);

/* A form of which the first words are held against those of a line. */
struct walk {
	size_t depth;        /* so many words fit */
	bool whole;          /* the form has no more */
	struct operand next; /* else what stands there */
	struct slice rest;   /* the form from there on */
};

static struct walk walk_form(const struct command *command, const struct command_form *form,
                             const struct slice *words, size_t count)
{
	struct walk w = {.rest = slice_str(form->words)};
	while (true) {
		struct slice before = slice_trim(w.rest);
		if (!operand_next(&w.rest, &w.next)) {
			w.whole = true;
			return w;
		}
		if (w.depth == count || !fits(command, w.depth, w.next.name, words[w.depth])) {
			w.rest = before;
			return w;
		}
		w.depth++;
	}
}

/* The fixed words that forms have in the I-th place and that begin with WORD: their number, and,
 * with OUT, themselves, with '|' between. */
static size_t fixed_from(const struct command *command, size_t i, struct slice word,
                         struct buf *out)
{
	size_t count = 0;
	for (const struct command_form *f = command->forms; f->words; f++) {
		struct slice rest = slice_str(f->words), name;
		struct operand o = {0};
		size_t at = 0;
		while (at <= i && operand_next(&rest, &o))
			at++;
		if (at <= i || !operand_is_choice(o.name))
			continue;
		for (struct slice list = o.name; list.len > 0;) {
			name = slice_take(&list, '|');
			if (!slice_starts(name, word) ||
			    (out && slice_lists(buf_slice(out), '|', name)))
				continue;
			if (out)
				buf_addf(out, "%s%.*s", count > 0 ? "|" : "", (int)name.len,
				         name.data);
			count++;
		}
	}
	return count;
}

static bool fits(const struct command *command, size_t i, struct slice name, struct slice word)
{
	if (operand_is_choice(name))
		return operand_has_choice(name, word);
	const struct value *v = value_named(name);
	switch (v ? v->kind : KIND_WORD) {
	case KIND_WHOLE:
		return is_whole(word, v);
	case KIND_DECIMAL:
		return is_decimal(word, v);
	case KIND_CLASSES:
		return is_classes(word, v);
	case KIND_WORD:
		break;
	}
	return word.len > 0 && fixed_from(command, i, word, NULL) == 0;
}

/* A list of what may come next: each once. */
struct choice {
	struct buf names; /* with '|' between */
	size_t count;
	const struct value *value; /* the last of them that is one */
};

static void add_choice(void *ctx, struct slice name)
{
	struct choice *c = ctx;
	if (slice_lists(buf_slice(&c->names), '|', name))
		return;
	if (c->count++ > 0)
		buf_add_char(&c->names, '|');
	buf_add_slice(&c->names, name);
	if (!operand_is_choice(name))
		c->value = value_named(name);
}

void forms_next(const struct command *command, const struct slice *words, size_t count,
                void (*fn)(void *ctx, struct slice name), void *ctx)
{
	for (const struct command_form *f = command->forms; f->words; f++) {
		struct walk w = walk_form(command, f, words, count);
		if (w.depth == count && !w.whole)
			fn(ctx, w.next.name);
	}
}

void forms_hint(const struct command *command, const struct slice *words, size_t count,
                struct buf *out)
{
	struct choice c = {.names = BUF_INIT};
	struct slice rest = {0};
	size_t fitting = 0;
	bool optional = false;
	for (const struct command_form *f = command->forms; f->words; f++) {
		struct walk w = walk_form(command, f, words, count);
		if (w.depth < count)
			continue;
		optional |= w.whole;
		if (w.whole)
			continue;
		fitting++;
		rest = w.rest;
		add_choice(&c, w.next.name);
	}
	if (fitting > 0) {
		buf_addf(out, optional ? "[%.*s]" : "%.*s",
		         (int)(fitting == 1 ? rest.len : c.names.len),
		         fitting == 1 ? rest.data : c.names.data);
	}
	buf_release(&c.names);
}

/* "slabs automove": the command and the first COUNT of WORDS. */
static void add_begin(const struct command *command, const struct slice *words, size_t count,
                      struct buf *out)
{
	buf_add_str(out, command->name);
	for (size_t i = 0; i < count; i++) {
		buf_add_char(out, ' ');
		buf_add_slice(out, slice_first(words[i], 60));
	}
}

/* What may stand after the words of BEGIN. */
static void explain_choice(const struct command *command, struct choice *c, struct error *error)
{
	const struct value *v = c->value && c->value->kind != KIND_WORD ? c->value : NULL;
	if (v && c->count == 1)
		error_hint(error, "%s is %s", v->name, v->hint);
	else if (v)
		error_hint(error, "it takes %s; %s is %s", buf_cstr(&c->names), v->name, v->hint);
	else
		error_hint(error, "it takes %s; .help %s", buf_cstr(&c->names), command->name);
}

/* WORDS fit up to DEPTH, and go no further. */
static void explain(const struct command *command, const struct slice *words, size_t count,
                    size_t depth, struct error *error)
{
	struct choice c = {.names = BUF_INIT};
	struct buf begin = BUF_INIT, meant = BUF_INIT;
	struct slice word = depth < count ? words[depth] : slice_of("", 0);
	int shown = (int)(word.len < 60 ? word.len : 60);
	forms_next(command, words, depth, add_choice, &c);
	add_begin(command, words, depth, &begin);
	if (word.len > 0)
		fixed_from(command, depth, word, &meant);
	if (c.count == 0) {
		error_set(error, NULL, "%s takes no more words", buf_cstr(&begin));
		error_hint(error, "leave out \"%.*s\"; see .help %s", shown, word.data,
		           command->name);
	} else if (depth == count) {
		error_set(error, NULL, "%s: a word is missing", buf_cstr(&begin));
		explain_choice(command, &c, error);
	} else if (meant.len > 0) {
		error_set(error, NULL, "%s: \"%.*s\" is an abbreviation", buf_cstr(&begin), shown,
		          word.data);
		error_hint(error, "write the whole word, %s: a server may take part of one for it",
		           buf_cstr(&meant));
	} else {
		error_set(error, NULL, "%s: %s cannot be \"%.*s\"", buf_cstr(&begin),
		          c.count == 1 && c.value ? c.value->name : "the next word", shown,
		          word.data);
		explain_choice(command, &c, error);
	}
	buf_release(&c.names);
	buf_release(&begin);
	buf_release(&meant);
}

bool forms_check(const struct command *command, const struct slice *words, size_t count,
                 struct error *error)
{
	size_t deepest = 0;
	for (const struct command_form *f = command->forms; f->words; f++) {
		struct walk w = walk_form(command, f, words, count);
		if (w.whole && w.depth == count)
			return true;
		deepest = w.depth > deepest ? w.depth : deepest;
	}
	explain(command, words, count, deepest, error);
	return false;
}
