/* A memcached as it should be, except that it stores nothing: what it answers follows from keys. */
#include "attack/attack.h"

#include "base/number.h"

#define WORDS_MAX 128

struct words {
	struct slice at[WORDS_MAX];
	size_t count;
};

/* Requests with more words than there is space for have keys after the first ones alone. */
static size_t split(struct slice line, struct words *words, size_t from)
{
	words->count = 0;
	size_t i = from;
	while (i < line.len && words->count < WORDS_MAX) {
		size_t start = i;
		while (i < line.len && line.data[i] != ' ')
			i++;
		if (i > start)
			words->at[words->count++] = slice_of(line.data + start, i - start);
		while (i < line.len && line.data[i] == ' ')
			i++;
	}
	return i;
}

static bool is(struct slice word, const char *list)
{
	return slice_lists(slice_str(list), ' ', word);
}

/* What a client asks that does not know our keys. */
static bool is_ours(struct slice key)
{
	return key.len == KEY_BYTES;
}

static void add_value(struct buf *out, struct slice key, bool cas)
{
	struct buf value = BUF_INIT;
	key_value(key, &value);
	buf_addf(out, "VALUE %.*s %llu %zu", (int)key.len, key.data,
	         (unsigned long long)key_flags(key), value.len);
	if (cas)
		buf_addf(out, " %llu", (unsigned long long)key_cas(key));
	buf_add_str(out, "\r\n");
	buf_add_slice(out, buf_slice(&value));
	buf_add_str(out, "\r\n");
	buf_release(&value);
}

static void add_values(struct buf *out, struct slice line, struct words *words)
{
	bool cas = is(words->at[0], "gets gats");
	size_t from = split(line, words, 0), first = is(words->at[0], "gat gats") ? 2 : 1;
	for (;;) {
		for (size_t i = first; i < words->count; i++) {
			if (is_ours(words->at[i]) && key_is_hit(words->at[i]))
				add_value(out, words->at[i], cas);
		}
		if (from >= line.len)
			break;
		from = split(line, words, from);
		first = 0;
	}
	buf_add_str(out, "END\r\n");
}

static bool has_flag(const struct words *words, size_t from, char flag)
{
	for (size_t i = from; i < words->count; i++) {
		if (words->at[i].data[0] == flag)
			return true;
	}
	return false;
}

/* The flags of the answer to WORDS that are known, in the order asked. */
static void add_meta_flags(struct buf *out, const struct words *words, size_t from,
                           const char *known, struct slice value)
{
	struct slice key = words->at[1];
	for (size_t i = from; i < words->count; i++) {
		char flag = words->at[i].data[0];
		if (!memchr(known, flag, strlen(known)))
			continue;
		buf_addf(out, " %c", flag);
		switch (flag) {
		case 'f':
			buf_add_u64(out, key_flags(key));
			break;
		case 'c':
			buf_add_u64(out, key_cas(key));
			break;
		case 's':
			buf_add_u64(out, value.len);
			break;
		case 't':
			buf_add_str(out, "-1");
			break;
		case 'k':
			buf_add_slice(out, key);
			break;
		default:
			buf_add_slice(out, slice_skip(words->at[i], 1));
		}
	}
}

static void meta_answer(struct buf *out, const struct words *words)
{
	struct slice verb = words->at[0], key = words->at[1];
	struct buf value = BUF_INIT;
	bool hit = is_ours(key) && key_is_hit(key), quiet = has_flag(words, 2, 'q');
	const char *word = "HD";
	size_t flags = is(verb, "ms") ? 3 : 2;
	if (is(verb, "mg")) {
		if (hit)
			key_value(key, &value);
		word = !hit ? "EN" : has_flag(words, 2, 'v') ? "VA" : "HD";
		quiet = quiet && !hit;
	} else if (is(verb, "ma")) {
		if (hit)
			buf_add_u64(&value, key_number(key));
		word = !hit ? "NF" : has_flag(words, 2, 'v') ? "VA" : "HD";
		quiet = quiet && hit;
	} else if (is(verb, "md")) {
		word = hit ? "HD" : "NF";
		quiet = quiet && hit;
	} else {
		bool adds = false, changes = false, compares = has_flag(words, 3, 'C');
		for (size_t i = 3; i < words->count; i++) {
			adds |= is(words->at[i], "ME");
			changes |= is(words->at[i], "MR MA MP");
		}
		if (compares)
			word = !hit ? "NF" : key.data[0] == 'e' ? "EX" : "HD";
		else if ((adds || changes) && is_ours(key))
			word = strcmp(key_answer(SLICE("add"), key), "STORED") == 0 ? "HD" : "NS";
		quiet = quiet && strcmp(word, "HD") == 0;
	}
	if (!quiet) {
		buf_add_str(out, word);
		if (strcmp(word, "VA") == 0)
			buf_addf(out, " %zu", value.len);
		add_meta_flags(out, words, flags,
		               strcmp(word, "EN") == 0 || strcmp(word, "NF") == 0 ? "Okb"
		                                                                  : "fcstkOb",
		               buf_slice(&value));
		buf_add_str(out, "\r\n");
		if (strcmp(word, "VA") == 0) {
			buf_add_slice(out, buf_slice(&value));
			buf_add_str(out, "\r\n");
		}
	}
	buf_release(&value);
}

static void add_stats(struct buf *out, const struct words *words)
{
	size_t count = words->count > 1 ? 7 : 40;
	for (size_t i = 0; i < count; i++)
		buf_addf(out, "STAT %s%zu %zu\r\n", words->count > 1 ? "items:1:name" : "name", i,
		         i * 1000003);
	buf_add_str(out, "END\r\n");
}

static void add_list(const struct session *s, struct buf *out)
{
	for (size_t i = 0; i < s->dumped_count; i++)
		buf_addf(out, "key=%.*s exp=-1 la=1795692150 cas=%llu fetch=yes cls=1 size=100\n",
		         KEY_BYTES, s->dumped[i].text,
		         (unsigned long long)key_cas(key_slice(&s->dumped[i])));
	buf_add_str(out, "END\r\n");
}

static void classic_answer(const struct session *s, struct slice line, struct words *words,
                           struct buf *out)
{
	struct slice verb = words->at[0], key = words->at[1];
	const char *word = words->count > 1 && is_ours(key) ? key_answer(verb, key) : NULL;
	if (is(verb, "version"))
		buf_add_str(out, "VERSION 1.6.18\r\n");
	else if (is(verb, "mn"))
		buf_add_str(out, "MN\r\n");
	else if (is(verb, "stats"))
		add_stats(out, words);
	else if (is(verb, "lru_crawler"))
		add_list(s, out);
	else if (words->count > 1 && is(verb, "get gets gat gats"))
		add_values(out, line, words);
	else if (word)
		buf_addf(out, "%s\r\n", word);
	else if (words->count > 1 && is(verb, "set add replace append prepend cas"))
		buf_add_str(out, "STORED\r\n"); /* of .load */
	else if (words->count > 2 && is(verb, "incr decr") && key_is_hit(key))
		buf_addf(out, "%llu\r\n", (unsigned long long)key_number(key));
	else if (words->count > 2 && is(verb, "incr decr"))
		buf_add_str(out, "NOT_FOUND\r\n");
	else
		buf_add_str(out, "ERROR\r\n");
}

size_t answer(const struct session *s, struct slice in, struct buf *out)
{
	if (is_packet(in))
		return packet_answer(in, out);
	const char *end = in.len ? memchr(in.data, '\n', in.len) : NULL;
	struct words words;
	uint64_t len;
	if (!end)
		return 0;
	size_t used = (size_t)(end - in.data) + 1;
	struct slice line = slice_trim(slice_of(in.data, used - 1));
	split(line, &words, 0);
	if (words.count == 0) {
		buf_add_str(out, "ERROR\r\n");
		return used;
	}
	struct slice verb = words.at[0];
	bool classic = is(verb, "set add replace append prepend cas") && words.count > 4;
	if ((classic || (is(verb, "ms") && words.count > 2)) &&
	    number_parse_u64(words.at[classic ? 4 : 2], &len) == NUMBER_OK) {
		if (in.len < used + len + 2)
			return 0;
		used += (size_t)len + 2;
	}
	if (is(words.at[words.count - 1], "noreply"))
		return used;
	if (is(verb, "mg ms md ma") && words.count > 1)
		meta_answer(out, &words);
	else
		classic_answer(s, line, &words, out);
	return used;
}
