/*
 * What memcached's counters are called and what they mean: doc/protocol.txt of memcached, "General-
 * purpose statistics" and "Settings statistics", and the names that servers from 1.4 on really
 * send. Order is the order of display.
 */
#include "view/stats/stat.h"

#include "base/number.h"
#include "base/quote.h"
#include "view/text/time.h"

const char *const stat_group_names[STATS_COUNT] = {
    [STATS_SERVER] = "Server",     [STATS_CONNECTIONS] = "Connections",
    [STATS_COMMANDS] = "Commands", [STATS_MEMORY] = "Memory",
    [STATS_ITEMS] = "Items",       [STATS_SLABS] = "Slabs",
    [STATS_LRU] = "LRU",           [STATS_EXTSTORE] = "Flash storage",
    [STATS_LOG] = "Log watchers",  [STATS_OTHER] = "Other",
};

/* clang-format off */
const struct stat_field stat_fields[] = {
    {"version", STATS_SERVER, UNIT_TEXT, "of the server"},
    {"pid", STATS_SERVER, UNIT_TEXT, "process number"},
    {"uptime", STATS_SERVER, UNIT_SECONDS, "since it was started"},
    {"time", STATS_SERVER, UNIT_UNIX, "its clock"},
    {"libevent", STATS_SERVER, UNIT_TEXT, "version of its event library"},
    {"pointer_size", STATS_SERVER, UNIT_TEXT, "bits of the machine"},
    {"threads", STATS_SERVER, UNIT_COUNT, "worker threads"},
    {"rusage_user", STATS_SERVER, UNIT_TEXT, "seconds of CPU in the program"},
    {"rusage_system", STATS_SERVER, UNIT_TEXT, "seconds of CPU in the kernel"},

    {"curr_connections", STATS_CONNECTIONS, UNIT_COUNT, "open now"},
    {"max_connections", STATS_CONNECTIONS, UNIT_COUNT, "the limit, -c"},
    {"total_connections", STATS_CONNECTIONS, UNIT_COUNT, "since the start"},
    {"rejected_connections", STATS_CONNECTIONS, UNIT_COUNT, "turned away at the limit"},
    {"connection_structures", STATS_CONNECTIONS, UNIT_COUNT, "allocated for connections"},
    {"accepting_conns", STATS_CONNECTIONS, UNIT_YES_NO, "new connections are taken"},
    {"listen_disabled_num", STATS_CONNECTIONS, UNIT_COUNT, "times the limit was hit"},
    {"time_in_listen_disabled_us", STATS_CONNECTIONS, UNIT_USEC, "spent at the limit"},
    {"conn_yields", STATS_CONNECTIONS, UNIT_COUNT, "times it let others go first"},
    {"reserved_fds", STATS_CONNECTIONS, UNIT_COUNT, "descriptors for internal use"},
    {"round_robin_fallback", STATS_CONNECTIONS, UNIT_COUNT, "threads chosen without a NAPI id"},
    {"unexpected_napi_ids", STATS_CONNECTIONS, UNIT_COUNT, "NAPI ids it did not know"},
    {"auth_cmds", STATS_CONNECTIONS, UNIT_COUNT, "logins tried"},
    {"auth_errors", STATS_CONNECTIONS, UNIT_COUNT, "logins refused"},
    {"ssl_handshake_errors", STATS_CONNECTIONS, UNIT_COUNT, "TLS handshakes that failed"},
    {"ssl_proto_errors", STATS_CONNECTIONS, UNIT_COUNT, "TLS protocol errors"},
    {"time_since_server_cert_refresh", STATS_CONNECTIONS, UNIT_SECONDS, "since certificates were read"},
    {"bytes_read", STATS_CONNECTIONS, UNIT_BYTES, "received from clients"},
    {"bytes_written", STATS_CONNECTIONS, UNIT_BYTES, "sent to clients"},

    {"cmd_get", STATS_COMMANDS, UNIT_COUNT, "keys asked for"},
    {"get_hits", STATS_COMMANDS, UNIT_COUNT, "keys found"},
    {"get_misses", STATS_COMMANDS, UNIT_COUNT, "keys not found"},
    {"get_expired", STATS_COMMANDS, UNIT_COUNT, "misses because the item had expired"},
    {"get_flushed", STATS_COMMANDS, UNIT_COUNT, "misses because of a flush_all"},
    {"cmd_set", STATS_COMMANDS, UNIT_COUNT, "values stored, by any storage command"},
    {"store_too_large", STATS_COMMANDS, UNIT_COUNT, "refused: larger than item_size_max"},
    {"store_no_memory", STATS_COMMANDS, UNIT_COUNT, "refused: out of memory"},
    {"cmd_touch", STATS_COMMANDS, UNIT_COUNT, "touch and gat"},
    {"touch_hits", STATS_COMMANDS, UNIT_COUNT, "keys touched"},
    {"touch_misses", STATS_COMMANDS, UNIT_COUNT, "keys to touch not found"},
    {"delete_hits", STATS_COMMANDS, UNIT_COUNT, "keys deleted"},
    {"delete_misses", STATS_COMMANDS, UNIT_COUNT, "keys to delete not found"},
    {"incr_hits", STATS_COMMANDS, UNIT_COUNT, "numbers raised"},
    {"incr_misses", STATS_COMMANDS, UNIT_COUNT, "numbers to raise not found"},
    {"decr_hits", STATS_COMMANDS, UNIT_COUNT, "numbers lowered"},
    {"decr_misses", STATS_COMMANDS, UNIT_COUNT, "numbers to lower not found"},
    {"cas_hits", STATS_COMMANDS, UNIT_COUNT, "cas stored"},
    {"cas_misses", STATS_COMMANDS, UNIT_COUNT, "cas: no such key"},
    {"cas_badval", STATS_COMMANDS, UNIT_COUNT, "cas: changed since it was read"},
    {"cmd_meta", STATS_COMMANDS, UNIT_COUNT, "meta commands"},
    {"cmd_flush", STATS_COMMANDS, UNIT_COUNT, "flush_all"},

    {"bytes", STATS_MEMORY, UNIT_BYTES, "used by items"},
    {"limit_maxbytes", STATS_MEMORY, UNIT_BYTES, "the limit, -m"},
    {"hash_bytes", STATS_MEMORY, UNIT_BYTES, "used by the hash table"},
    {"hash_power_level", STATS_MEMORY, UNIT_TEXT, "the table has 2 to this power slots"},
    {"hash_is_expanding", STATS_MEMORY, UNIT_YES_NO, "the table is growing now"},
    {"read_buf_count", STATS_MEMORY, UNIT_COUNT, "read buffers"},
    {"read_buf_bytes", STATS_MEMORY, UNIT_BYTES, "in read buffers"},
    {"read_buf_bytes_free", STATS_MEMORY, UNIT_BYTES, "in read buffers not in use"},
    {"read_buf_oom", STATS_MEMORY, UNIT_COUNT, "connections lost for want of a read buffer"},
    {"response_obj_count", STATS_MEMORY, UNIT_COUNT, "answers under way"},
    {"response_obj_bytes", STATS_MEMORY, UNIT_BYTES, "in answers under way"},
    {"response_obj_oom", STATS_MEMORY, UNIT_COUNT, "connections lost for want of one"},
    {"malloc_fails", STATS_MEMORY, UNIT_COUNT, "times memory was refused"},

    {"curr_items", STATS_ITEMS, UNIT_COUNT, "stored now (expired ones too, until met)"},
    {"total_items", STATS_ITEMS, UNIT_COUNT, "stored since the start"},
    {"evictions", STATS_ITEMS, UNIT_COUNT, "thrown out alive, to free memory"},
    {"evicted_unfetched", STATS_ITEMS, UNIT_COUNT, "of these, never read"},
    {"evicted_active", STATS_ITEMS, UNIT_COUNT, "of these, read lately"},
    {"reclaimed", STATS_ITEMS, UNIT_COUNT, "stored in the place of an expired one"},
    {"expired_unfetched", STATS_ITEMS, UNIT_COUNT, "expired and never read"},

    {"slab_global_page_pool", STATS_SLABS, UNIT_COUNT, "pages that no class owns"},
    {"slabs_moved", STATS_SLABS, UNIT_COUNT, "pages moved between classes"},
    {"slab_reassign_running", STATS_SLABS, UNIT_YES_NO, "a page is being moved now"},
    {"slab_reassign_rescues", STATS_SLABS, UNIT_COUNT, "items saved from a moved page"},
    {"slab_reassign_chunk_rescues", STATS_SLABS, UNIT_COUNT, "parts of large items saved"},
    {"slab_reassign_evictions_nomem", STATS_SLABS, UNIT_COUNT, "evicted for want of memory to save"},
    {"slab_reassign_inline_reclaim", STATS_SLABS, UNIT_COUNT, "reclaimed while saving"},
    {"slab_reassign_busy_items", STATS_SLABS, UNIT_COUNT, "items in use held a page up"},
    {"slab_reassign_busy_deletes", STATS_SLABS, UNIT_COUNT, "items deleted to free a page"},
    {"slab_reassign_busy_nomem", STATS_SLABS, UNIT_COUNT, "no memory held a page up"},
    {"slab_reassign_last_busy_status", STATS_SLABS, UNIT_TEXT, "what held the last page up"},

    {"moves_to_cold", STATS_LRU, UNIT_COUNT, "items moved to the COLD queue"},
    {"moves_to_warm", STATS_LRU, UNIT_COUNT, "items moved to the WARM queue"},
    {"moves_within_lru", STATS_LRU, UNIT_COUNT, "items moved up within a queue"},
    {"direct_reclaims", STATS_LRU, UNIT_COUNT, "times a worker had to free memory"},
    {"lru_bumps_dropped", STATS_LRU, UNIT_COUNT, "moves skipped under load"},
    {"lru_maintainer_juggles", STATS_LRU, UNIT_COUNT, "rounds of the maintainer thread"},
    {"lrutail_reflocked", STATS_LRU, UNIT_COUNT, "items in use met at the tail"},
    {"lru_crawler_running", STATS_LRU, UNIT_YES_NO, "the crawler is at work now"},
    {"lru_crawler_starts", STATS_LRU, UNIT_COUNT, "times the crawler was started"},
    {"crawler_items_checked", STATS_LRU, UNIT_COUNT, "items it looked at"},
    {"crawler_reclaimed", STATS_LRU, UNIT_COUNT, "items it freed"},

    {"get_extstore", STATS_EXTSTORE, UNIT_COUNT, "reads from flash"},
    {"get_aborted_extstore", STATS_EXTSTORE, UNIT_COUNT, "reads given up"},
    {"get_oom_extstore", STATS_EXTSTORE, UNIT_COUNT, "reads failed for want of memory"},
    {"recache_from_extstore", STATS_EXTSTORE, UNIT_COUNT, "items taken back to memory"},
    {"miss_from_extstore", STATS_EXTSTORE, UNIT_COUNT, "items gone from flash"},
    {"badcrc_from_extstore", STATS_EXTSTORE, UNIT_COUNT, "items damaged on flash"},
    {"extstore_compact_lost", STATS_EXTSTORE, UNIT_COUNT, "items lost in compaction"},
    {"extstore_compact_rescues", STATS_EXTSTORE, UNIT_COUNT, "items saved in compaction"},
    {"extstore_compact_skipped", STATS_EXTSTORE, UNIT_COUNT, "items passed over in compaction"},
    {"extstore_page_allocs", STATS_EXTSTORE, UNIT_COUNT, "pages begun"},
    {"extstore_page_evictions", STATS_EXTSTORE, UNIT_COUNT, "pages thrown out"},
    {"extstore_page_reclaims", STATS_EXTSTORE, UNIT_COUNT, "empty pages freed"},
    {"extstore_pages_free", STATS_EXTSTORE, UNIT_COUNT, "pages free"},
    {"extstore_pages_used", STATS_EXTSTORE, UNIT_COUNT, "pages in use"},
    {"extstore_objects_evicted", STATS_EXTSTORE, UNIT_COUNT, "items thrown out with their page"},
    {"extstore_objects_read", STATS_EXTSTORE, UNIT_COUNT, "items read"},
    {"extstore_objects_written", STATS_EXTSTORE, UNIT_COUNT, "items written"},
    {"extstore_objects_used", STATS_EXTSTORE, UNIT_COUNT, "items on flash"},
    {"extstore_bytes_evicted", STATS_EXTSTORE, UNIT_BYTES, "thrown out"},
    {"extstore_bytes_written", STATS_EXTSTORE, UNIT_BYTES, "written"},
    {"extstore_bytes_read", STATS_EXTSTORE, UNIT_BYTES, "read"},
    {"extstore_bytes_used", STATS_EXTSTORE, UNIT_BYTES, "used by items"},
    {"extstore_bytes_fragmented", STATS_EXTSTORE, UNIT_BYTES, "in pages, used by nothing"},
    {"extstore_limit_maxbytes", STATS_EXTSTORE, UNIT_BYTES, "the size of the storage"},
    {"extstore_io_queue", STATS_EXTSTORE, UNIT_COUNT, "reads and writes waiting"},

    {"log_watchers", STATS_LOG, UNIT_COUNT, "connections that watch"},
    {"log_watcher_sent", STATS_LOG, UNIT_COUNT, "lines sent to watchers"},
    {"log_watcher_skipped", STATS_LOG, UNIT_COUNT, "lines a slow watcher did not get"},
    {"log_worker_written", STATS_LOG, UNIT_COUNT, "lines logged by workers"},
    {"log_worker_dropped", STATS_LOG, UNIT_COUNT, "lines lost to a full log"},

    {"maxbytes", STATS_SETTINGS, UNIT_BYTES, "memory for items, -m"},
    {"maxconns", STATS_SETTINGS, UNIT_COUNT, "connections at once, -c"},
    {"tcpport", STATS_SETTINGS, UNIT_TEXT, "-p"},
    {"udpport", STATS_SETTINGS, UNIT_TEXT, "-U; 0 is off"},
    {"inter", STATS_SETTINGS, UNIT_TEXT, "address listened on, -l"},
    {"verbosity", STATS_SETTINGS, UNIT_TEXT, "-v"},
    {"oldest", STATS_SETTINGS, UNIT_SECONDS, "items older than this were flushed"},
    {"evictions", STATS_SETTINGS, UNIT_TEXT, "off with -M: errors when full"},
    {"domain_socket", STATS_SETTINGS, UNIT_TEXT, "unix socket, -s"},
    {"umask", STATS_SETTINGS, UNIT_TEXT, "of the unix socket, -a"},
    {"shutdown_command", STATS_SETTINGS, UNIT_TEXT, "clients may shut it down, -A"},
    {"growth_factor", STATS_SETTINGS, UNIT_TEXT, "between slab classes, -f"},
    {"chunk_size", STATS_SETTINGS, UNIT_BYTES, "least space for key, value and flags, -n"},
    {"num_threads", STATS_SETTINGS, UNIT_COUNT, "worker threads, -t"},
    {"num_threads_per_udp", STATS_SETTINGS, UNIT_COUNT, "of these for UDP"},
    {"stat_key_prefix", STATS_SETTINGS, UNIT_TEXT, "ends a prefix in stats detail, -D"},
    {"detail_enabled", STATS_SETTINGS, UNIT_TEXT, "stats detail is counting"},
    {"reqs_per_event", STATS_SETTINGS, UNIT_COUNT, "requests before others, -R"},
    {"cas_enabled", STATS_SETTINGS, UNIT_TEXT, "no with -C"},
    {"tcp_backlog", STATS_SETTINGS, UNIT_COUNT, "-b"},
    {"binding_protocol", STATS_SETTINGS, UNIT_TEXT, "-B"},
    {"auth_enabled_sasl", STATS_SETTINGS, UNIT_TEXT, "-S"},
    {"auth_enabled_ascii", STATS_SETTINGS, UNIT_TEXT, "-Y"},
    {"item_size_max", STATS_SETTINGS, UNIT_BYTES, "largest item with its header, -I"},
    {"maxconns_fast", STATS_SETTINGS, UNIT_TEXT, "too many: refuse at once"},
    {"hashpower_init", STATS_SETTINGS, UNIT_TEXT, "first size of the hash table"},
    {"slab_reassign", STATS_SETTINGS, UNIT_TEXT, "pages may move between classes"},
    {"slab_automove", STATS_SETTINGS, UNIT_TEXT, "0 off, 1 careful, 2 eager"},
    {"slab_chunk_max", STATS_SETTINGS, UNIT_BYTES, "larger items are split"},
    {"lru_crawler", STATS_SETTINGS, UNIT_TEXT, "expired items are looked for"},
    {"lru_crawler_sleep", STATS_SETTINGS, UNIT_USEC, "between two items"},
    {"lru_crawler_tocrawl", STATS_SETTINGS, UNIT_COUNT, "items a run; 0 is all"},
    {"flush_enabled", STATS_SETTINGS, UNIT_TEXT, "no with -F"},
    {"dump_enabled", STATS_SETTINGS, UNIT_TEXT, "keys may be listed; no with -X"},
    {"hash_algorithm", STATS_SETTINGS, UNIT_TEXT, "of the hash table"},
    {"lru_maintainer_thread", STATS_SETTINGS, UNIT_TEXT, "queues are kept in the background"},
    {"lru_segmented", STATS_SETTINGS, UNIT_TEXT, "HOT, WARM and COLD queues"},
    {"hot_lru_pct", STATS_SETTINGS, UNIT_TEXT, "per cent of memory for HOT"},
    {"warm_lru_pct", STATS_SETTINGS, UNIT_TEXT, "per cent of memory for WARM"},
    {"temp_lru", STATS_SETTINGS, UNIT_TEXT, "a queue for items that expire soon"},
    {"temporary_ttl", STATS_SETTINGS, UNIT_SECONDS, "soon is below this"},
    {"idle_timeout", STATS_SETTINGS, UNIT_SECONDS, "idle connections are closed; 0 never"},
    {"watcher_logbuf_size", STATS_SETTINGS, UNIT_BYTES, "for each watcher"},
    {"worker_logbuf_size", STATS_SETTINGS, UNIT_BYTES, "for each worker"},
    {"read_buf_mem_limit", STATS_SETTINGS, UNIT_BYTES, "for read buffers; 0: no limit"},
    {"track_sizes", STATS_SETTINGS, UNIT_TEXT, "stats sizes is counting"},
    {"client_flags_size", STATS_SETTINGS, UNIT_TEXT, "bytes of a value's flags"},
    {"ssl_enabled", STATS_SETTINGS, UNIT_TEXT, "TLS, -Z"},
    {"memory_file", STATS_SETTINGS, UNIT_TEXT, "items outlive a restart, -e"},

    {"age", STATS_CLASS, UNIT_SECONDS, NULL},
    {"age_hot", STATS_CLASS, UNIT_SECONDS, NULL},
    {"age_warm", STATS_CLASS, UNIT_SECONDS, NULL},
    {"evicted_time", STATS_CLASS, UNIT_SECONDS, NULL},
    {"secs_since_last_cmd", STATS_CLASS, UNIT_SECONDS, NULL},
    {"mem_requested", STATS_CLASS, UNIT_BYTES, NULL},
    {"chunk_size", STATS_CLASS, UNIT_BYTES, NULL},
    {"bytes", STATS_CLASS, UNIT_BYTES, NULL},
    {"free_bucket", STATS_CLASS, UNIT_COUNT, NULL},
    {"active_slabs", STATS_CLASS, UNIT_COUNT, "classes with at least a page"},
    {"total_malloced", STATS_CLASS, UNIT_BYTES, "memory taken for pages"},
};
/* clang-format on */
const size_t stat_field_count = sizeof(stat_fields) / sizeof(stat_fields[0]);

const struct stat_field *stat_field_find(struct slice name, enum stat_group group)
{
	for (size_t i = 0; i < stat_field_count; i++) {
		const struct stat_field *field = &stat_fields[i];
		bool of_kind = group >= STATS_SETTINGS ? field->group == group
		                                       : field->group < STATS_COUNT;
		if (of_kind && slice_eq_str(name, field->name))
			return field;
	}
	return NULL;
}

bool stat_number(const struct stat *stats, size_t count, const char *name, uint64_t *out)
{
	for (size_t i = 0; i < count; i++) {
		if (slice_eq_str(stats[i].name, name))
			return number_parse_u64(stats[i].value, out) == NUMBER_OK;
	}
	return false;
}

struct short_text stat_text(uint64_t n, enum stat_unit unit)
{
	switch (unit) {
	case UNIT_COUNT:
		return grouped_text(n);
	case UNIT_BYTES:
		return size_text(n);
	case UNIT_SECONDS:
		return span_text(n);
	case UNIT_USEC:
		return time_text(n < INT64_MAX / 1000 ? (int64_t)n * 1000 : INT64_MAX);
	case UNIT_YES_NO:
		if (n <= 1)
			return n ? (struct short_text){"yes"} : (struct short_text){"no"};
		break;
	case UNIT_TEXT:
	case UNIT_UNIX:
		break;
	}
	return digits_text(n);
}

bool stat_add_value(struct buf *out, struct slice value, enum stat_unit unit)
{
	uint64_t n;
	if (unit == UNIT_TEXT || number_parse_u64(value, &n) != NUMBER_OK) {
		escape_add_field(out, value);
		return false;
	}
	buf_add_str(out, stat_text(n, unit).s);
	return (unit == UNIT_BYTES && n >= 1024) || (unit == UNIT_SECONDS && n >= 60) ||
	       (unit == UNIT_USEC && n >= 10000);
}

/* What follows from two or three counters; shown with its formula. */
static const struct ratio {
	const char *name;
	const char *part;
	const char *whole;
	const char *also; /* added to the whole, or NULL */
	bool rate;        /* a second, not a percentage */
	const char *formula;
} ratios[STATS_RATIOS] = {
    {"hit ratio", "get_hits", "get_hits", "get_misses", false,
     "get_hits / (get_hits + get_misses)"},
    {"memory used", "bytes", "limit_maxbytes", NULL, false, "bytes / limit_maxbytes"},
    {"connections used", "curr_connections", "max_connections", NULL, false,
     "curr_connections / max_connections"},
    {"evicted of all stored", "evictions", "total_items", NULL, false, "evictions / total_items"},
    {"gets a second", "cmd_get", "uptime", NULL, true, "cmd_get / uptime"},
    {"sets a second", "cmd_set", "uptime", NULL, true, "cmd_set / uptime"},
};

/* A number that may have decimals: the uptime of an interval has them (view/stats/sample.h). */
static bool stat_decimal(const struct stat *stats, size_t count, const char *name, double *out)
{
	for (size_t i = 0; i < count; i++) {
		struct slice fraction = stats[i].value;
		uint64_t whole, rest = 0;
		if (!slice_eq_str(stats[i].name, name))
			continue;
		if (number_parse_u64(slice_take(&fraction, '.'), &whole) != NUMBER_OK ||
		    (fraction.len > 0 && number_parse_u64(fraction, &rest) != NUMBER_OK))
			return false;
		double scale = 1;
		for (size_t n = 0; n < fraction.len; n++)
			scale *= 10;
		*out = (double)whole + (double)rest / scale;
		return true;
	}
	return false;
}

bool stats_ratio_value(const struct stat *stats, size_t count, size_t i, double *value,
                       bool *percent)
{
	const struct ratio *ratio = &ratios[i];
	double part, whole, also = 0;
	if (!stat_decimal(stats, count, ratio->part, &part) ||
	    !stat_decimal(stats, count, ratio->whole, &whole) ||
	    (ratio->also && !stat_decimal(stats, count, ratio->also, &also)) || whole + also <= 0)
		return false;
	*percent = !ratio->rate;
	*value = part / (whole + also) * (ratio->rate ? 1 : 100);
	return true;
}

const char *stats_ratio(const struct stat *stats, size_t count, size_t i, struct buf *out)
{
	const struct ratio *ratio = &ratios[i];
	uint64_t part, whole = 0, also = 0;
	double seconds = 0;
	if (!stat_number(stats, count, ratio->part, &part) ||
	    (ratio->rate ? !stat_decimal(stats, count, ratio->whole, &seconds)
	                 : !stat_number(stats, count, ratio->whole, &whole)) ||
	    (ratio->also && !stat_number(stats, count, ratio->also, &also)))
		return NULL;
	if (!ratio->rate)
		buf_add_str(out, percent_text(part, whole + also).s);
	else if (seconds <= 0)
		buf_add_char(out, '-');
	else if ((double)part / seconds >= 1000)
		buf_add_str(out, grouped_text((uint64_t)((double)part / seconds)).s);
	else
		buf_addf(out, "%.1f", (double)part / seconds);
	return ratio->name;
}

const char *stats_ratio_name(size_t i)
{
	return ratios[i].name;
}

const char *stats_ratio_formula(size_t i)
{
	return ratios[i].formula;
}

struct short_text stat_rate_text(double rate, enum stat_unit unit)
{
	if (unit == UNIT_BYTES)
		return size_text((uint64_t)(rate + 0.5));
	if (rate >= 1000)
		return grouped_text((uint64_t)(rate + 0.5));
	return short_textf(rate >= 10 ? "%.1f" : "%.2f", rate);
}
