/*
 *	{"command":".report","time":1795705517,
 *	 "servers":[{"server":...,"up":true,"version":...,"counters":{"uptime":...},
 *	             "listed":{"items":...,"bytes":...}}],
 *	 "counters":{...},"hit_ratio":0.973,
 *	 "since":{"time":...,"seconds":...,"restarted":false,"rises":{...},"hit_ratio":...,
 *	          "findings_new":[...],"findings_gone":[...]},
 *	 "keys":{"whole":true,"scope":"user:*","looked_at":...,"all":{"items":...,"bytes":...},"unread":{...},"forever":{...},
 *	         "misplaced":{...},"size":[{"from":0,"items":...,"bytes":...}],"ttl":[...,
 *	         {"from":null,...}],"unbumped":[...],
 *	         "prefixes":[{"prefix":"user:","items":...,"bytes":...,"error":0,"unread_bytes":...,
 *	                      "forever_bytes":...}],
 *	         "largest":[{"key":...,"server":...,"bytes":...,"ttl":...}]},
 *	 "findings_left_out":["unread",...],
 *	 "findings":[{"rule":...,"level":"bad","server":...,"evidence":...,"advice":...,"source":...}]}
 *
 * What is not known is not there; ttl -1 and the border null are never. scope and looked_at are
 * of a report of a part of the keys, findings_left_out of such a one, and of one without keys.
 */
#include "view/overview/classes.h"
#include "view/overview/show.h"
#include "view/text/json_write.h"

static void add_ratio(struct buf *out, const struct overview_counts *c)
{
	unsigned ratio;
	if (!overview_hit_ratio(c, &ratio))
		return;
	json_name(out, "hit_ratio");
	buf_addf(out, "%u.%03u", ratio / 1000, ratio % 1000);
}

static void add_counters(struct buf *out, const struct overview_counts *c)
{
	json_open_member(out, "counters", '{');
	for (size_t i = 0; i < OVERVIEW_COUNTERS; i++) {
		if (overview_knows(c, (enum overview_counter)i))
			json_u64_member(out, overview_counter_name((enum overview_counter)i),
			                c->n[i]);
	}
	buf_add_char(out, '}');
}

static void add_share(struct buf *out, const char *name, const struct overview_share *share)
{
	json_open_member(out, name, '{');
	json_u64_member(out, "items", share->items);
	json_u64_member(out, "bytes", share->bytes);
	buf_add_char(out, '}');
}

static void add_servers(struct buf *out, const struct overview *o)
{
	json_open_member(out, "servers", '[');
	for (size_t i = 0; i < o->count; i++) {
		const struct overview_server *s = &o->servers[i];
		json_open(out, '{');
		json_text_member(out, "server", slice_str(s->label));
		json_bool_member(out, "up", s->answered);
		if (s->version[0])
			json_text_member(out, "version", slice_str(s->version));
		add_counters(out, &s->counts);
		if (o->listed)
			add_share(out, "listed", &s->listed);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void add_rules(struct buf *out, const struct overview_page *p, bool fresh)
{
	const struct overview_past *past = p->past;
	json_open_member(out, fresh ? "findings_new" : "findings_gone", '[');
	for (size_t i = 0; fresh && i < p->findings->count; i++) {
		if (overview_past_lacked(past, p->findings->list[i].rule))
			json_string(out, slice_str(p->findings->list[i].rule));
	}
	const char *rule;
	for (size_t i = 0; !fresh && (rule = overview_past_gone(past, p->overview, p->findings, i));
	     i++)
		json_string(out, slice_str(rule));
	buf_add_char(out, ']');
}

static void add_since(struct buf *out, const struct overview_page *p)
{
	struct overview_counts rises = {0};
	json_open_member(out, "since", '{');
	json_name(out, "time");
	buf_add_i64(out, p->past->time);
	json_name(out, "seconds");
	buf_add_i64(out, overview_past_span(p->past, p->overview));
	json_bool_member(out, "restarted", overview_past_restarted(p->past, p->overview));
	json_open_member(out, "rises", '{');
	for (size_t i = 0; i < OVERVIEW_COUNTERS; i++) {
		enum overview_counter counter = (enum overview_counter)i;
		if (overview_past_rise(p->past, p->overview, counter, &rises.n[i]))
			json_u64_member(out, overview_counter_name(counter), rises.n[i]);
	}
	buf_add_char(out, '}');
	add_ratio(out, &rises);
	add_rules(out, p, true);
	add_rules(out, p, false);
	buf_add_char(out, '}');
}

static void add_classes(struct buf *out, const struct overview_classes *c)
{
	json_open_member(out, c->section, '[');
	for (size_t i = 0; i < c->count; i++) {
		json_open(out, '{');
		json_name(out, "from");
		if (i < c->borders_count)
			json_u64(out, c->borders[i]);
		else
			buf_add_str(out, "null");
		json_u64_member(out, "items", c->classes[i].items);
		json_u64_member(out, "bytes", c->classes[i].bytes);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void add_prefixes(struct buf *out, const struct overview *o)
{
	json_open_member(out, "prefixes", '[');
	for (size_t i = 0; i < o->prefix_count; i++) {
		const struct overview_prefix *x = &o->prefixes[i];
		json_open(out, '{');
		json_bytes_member(out, "prefix", "encoding", x->name);
		json_u64_member(out, "items", x->all.items);
		json_u64_member(out, "bytes", x->bytes);
		json_u64_member(out, "error", x->error);
		if (o->known & CRAWLED_FETCHED)
			json_u64_member(out, "unread_bytes", x->unread);
		json_u64_member(out, "forever_bytes", x->forever);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void add_largest(struct buf *out, const struct overview *o)
{
	json_open_member(out, "largest", '[');
	for (size_t i = 0; i < o->large; i++) {
		const struct overview_large *l = &o->largest[i];
		json_open(out, '{');
		json_bytes_member(out, "key", "encoding", slice_of(l->key, l->key_len));
		json_text_member(out, "server", slice_str(o->servers[l->server].label));
		json_u64_member(out, "bytes", l->size);
		json_name(out, "ttl");
		buf_add_i64(out, l->ttl);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

static void add_keys(struct buf *out, const struct overview *o)
{
	json_open_member(out, "keys", '{');
	json_bool_member(out, "whole", o->whole);
	if (o->scope.len > 0) {
		json_text_member(out, "scope", o->scope);
		json_u64_member(out, "looked_at", o->looked_at);
	}
	add_share(out, "all", &o->all);
	if (o->known & CRAWLED_FETCHED)
		add_share(out, "unread", &o->unread);
	add_share(out, "forever", &o->forever);
	if (o->count > 1)
		add_share(out, "misplaced", &o->misplaced);
	for (size_t i = 0; i < OVERVIEW_DISTRIBUTIONS; i++) {
		struct overview_classes c = overview_classes_at(o, i);
		if (c.known)
			add_classes(out, &c);
	}
	add_prefixes(out, o);
	add_largest(out, o);
	buf_add_char(out, '}');
}

static void add_left_out(struct buf *out, const struct overview *o)
{
	struct buf names = BUF_INIT;
	findings_add_left_out(&names, o, " ");
	struct slice rest = buf_slice(&names);
	if (rest.len > 0) {
		json_open_member(out, "findings_left_out", '[');
		while (rest.len > 0)
			json_string(out, slice_take(&rest, ' '));
		buf_add_char(out, ']');
	}
	buf_release(&names);
}

static void add_findings(struct buf *out, const struct findings *list)
{
	json_open_member(out, "findings", '[');
	for (size_t i = 0; i < list->count; i++) {
		const struct overview_finding *f = &list->list[i];
		json_open(out, '{');
		json_string_member(out, "rule", f->rule);
		json_string_member(out, "level", finding_level(f));
		if (f->server)
			json_text_member(out, "server", slice_str(f->server));
		json_text_member(out, "evidence", buf_slice(&f->evidence));
		json_text_member(out, "advice", buf_slice(&f->advice));
		json_string_member(out, "source", f->source);
		buf_add_char(out, '}');
	}
	buf_add_char(out, ']');
}

void overview_show_json(struct buf *out, const struct overview_page *p)
{
	const struct overview *o = p->overview;
	json_open(out, '{');
	json_string_member(out, "command", ".report");
	json_name(out, "time");
	buf_add_i64(out, o->time);
	add_servers(out, o);
	add_counters(out, &o->sum);
	add_ratio(out, &o->sum);
	if (p->past)
		add_since(out, p);
	if (o->listed)
		add_keys(out, o);
	add_left_out(out, o);
	add_findings(out, p->findings);
	buf_add_str(out, "}\n");
}
