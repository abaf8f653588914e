#include "shell/servers/servers.h"

#include "base/number.h"
#include "base/quote.h"
#include "base/xalloc.h"
#include "client/addresses.h"
#include "shell/servers/cluster.h"

#include <stdlib.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

void servers_init(struct servers *servers)
{
	*servers = (struct servers){.options = {.timeout_ms = 5000,
	                                        .connect_timeout_ms = 3000,
	                                        .dead_retry_ms = 30000,
	                                        .value_max = (size_t)64 << 20,
	                                        .wake_fd = -1}};
	servers->client = client_new(&servers->options);
}

void servers_release(struct servers *servers)
{
	servers_login(servers, slice_of(NULL, 0), slice_of(NULL, 0)); /* wipes the password */
	client_free(servers->client);
	sandbox_free(servers->sandbox);
	buf_release(&servers->typed);
}

void servers_place_by(struct servers *servers, unsigned setup)
{
	if (servers->placed_by == setup)
		return;
	servers->placed_by = setup;
	client_set_setup(servers->client, &distribution_setups[setup]);
}

/* Whether the system may write mcsh's memory to a file, or show it to others: not while HOLDS. */
static void hide_memory(struct servers *servers, bool holds)
{
#ifdef __linux__
	if (holds && !servers->undumped)
		servers->undumped = prctl(PR_GET_DUMPABLE) == 1 && prctl(PR_SET_DUMPABLE, 0) == 0;
	if (!holds && servers->undumped)
		servers->undumped = prctl(PR_SET_DUMPABLE, 1) != 0;
#else
	(void)servers, (void)holds;
#endif
}

void servers_login(struct servers *servers, struct slice user, struct slice password)
{
	struct buf *login = &servers->login;
	bool holds = user.len > 0;
	/* The copy on its way to a server, too, is wiped before it may be dumped. */
	client_disconnect(servers->client);
	buf_wipe(login);
	hide_memory(servers, holds);
	if (holds) {
		buf_reserve(login, user.len + password.len);
		buf_add_slice(login, user);
		buf_add_slice(login, password);
	}
	servers->options.user = slice_of(login->data, holds ? user.len : 0);
	servers->options.password = slice_skip(buf_slice(login), servers->options.user.len);
}

void servers_speak(struct servers *servers, enum dialect_id dialect)
{
	if (servers->options.dialect == dialect)
		return;
	client_renew(servers->client);
	servers->options.dialect = dialect;
}

static void release_addresses(struct address *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		address_release(&list[i]);
	free(list);
}

/* "127.0.0.1 11211", as telnet takes it: no host has a number as its name. */
static bool is_port(const struct slice *specs, size_t i, struct error *error)
{
	uint64_t port;
	if (number_parse_u64(specs[i], &port) != NUMBER_OK)
		return false;
	struct slice host = i > 0 ? specs[i - 1] : SLICE("127.0.0.1");
	error_set(error, NULL, "%.*s is a port, and a server goes there", SLICE_ARGS(specs[i], 20));
	error_hint(error, "write %.*s:%.*s", SLICE_ARGS(host, 100), SLICE_ARGS(specs[i], 20));
	return true;
}

/* Whether SPEC stands for all addresses of a name. */
static bool is_all_of(struct slice spec)
{
	return slice_starts(spec, SLICE(ADDRESSES_SCHEME));
}

bool servers_parse(const struct slice *specs, size_t i, struct address *out, struct error *error)
{
	struct slice spec = specs[i];
	if (!is_all_of(spec))
		return !is_port(specs, i, error) && address_parse(spec, out, error);
	spec = slice_skip(spec, strlen(ADDRESSES_SCHEME));
	if (!address_parse(spec, out, error))
		return false;
	if (!out->path && out->scheme == ADDRESS_ANY)
		return true;
	address_release(out);
	return error_set(error, "write dns://name:port",
	                 "\"%.*s\" is not a name that has addresses", SLICE_ARGS(spec, 200));
}

/* A list of addresses that grows. */
struct listed {
	struct address *list;
	size_t count, cap;
	bool unknown; /* a name is among them whose addresses were not found */
};

static void add_address(struct listed *l, const struct address *a)
{
	l->list = xgrow(l->list, &l->cap, l->count + 1, sizeof(*l->list));
	l->list[l->count++] = *a;
}

/* Adds the servers of one spec. */
static bool add_servers(struct servers *servers, struct listed *l, const struct slice *specs,
                        size_t i, struct error *error)
{
	struct address one, *all;
	if (!servers_parse(specs, i, &one, error))
		return false;
	if (!is_all_of(specs[i])) {
		add_address(l, &one);
		return true;
	}
	size_t count = addresses_of(&one, &servers->options, &all);
	for (size_t k = 0; k < count; k++)
		add_address(l, &all[k]);
	free(all);
	if (count == 0) { /* left as it is: connecting to it says what is wrong */
		l->unknown = true;
		add_address(l, &one);
	} else {
		address_release(&one);
	}
	return true;
}

/* Keeps SPECS where they name what may be looked up again. */
static void remember(struct servers *servers, const struct slice *specs, size_t count)
{
	struct buf typed = BUF_INIT;
	bool any = false;
	for (size_t i = 0; i < count; i++) {
		any |= is_all_of(specs[i]);
		buf_add_slice(&typed, specs[i]);
		buf_add_char(&typed, '\0');
	}
	buf_release(&servers->typed);
	if (any)
		servers->typed = typed;
	else
		buf_release(&typed);
}

/* Reads all of SPECS; on false L holds nothing. */
static bool list_servers(struct servers *servers, struct listed *l, const struct slice *specs,
                         size_t count, struct error *error)
{
	bool ok = true;
	*l = (struct listed){0};
	for (size_t i = 0; ok && count <= SERVERS_MAX && i < count; i++)
		ok = add_servers(servers, l, specs, i, error);
	size_t named = count > SERVERS_MAX ? count : l->count;
	if (ok && named > SERVERS_MAX)
		ok = error_set(error, "leave some out",
		               "%zu servers are named, and mcsh takes %d at most", named,
		               SERVERS_MAX);
	if (!ok)
		release_addresses(l->list, l->count);
	return ok;
}

/* Talks to those of L, whose strings the client takes over. */
static void talk_to(struct servers *servers, struct listed *l)
{
	client_set_servers(servers->client, l->list, l->count,
	                   &distribution_setups[servers->placed_by]);
	servers->in_sandbox = false;
	servers->configured = 0;
	free(l->list);
}

bool servers_connect(struct servers *servers, const struct slice *specs, size_t count,
                     struct error *error)
{
	struct listed l;
	if (!list_servers(servers, &l, specs, count, error))
		return false;
	talk_to(servers, &l);
	remember(servers, specs, count);
	return true;
}

/* Whether L is what is talked to. */
static bool is_same(const struct servers *servers, const struct listed *l)
{
	bool same = l->count == client_server_count(servers->client);
	for (size_t i = 0; same && i < l->count; i++) {
		const struct address *a = conn_address(client_server(servers->client, i));
		same = strcmp(a->label, l->list[i].label) == 0 && a->weight == l->list[i].weight;
	}
	return same;
}

bool servers_look_up(struct servers *servers)
{
	struct slice *specs = NULL, rest = buf_slice(&servers->typed);
	struct error ignored;
	struct listed l;
	size_t count = 0, cap = 0;
	if (servers->in_sandbox || rest.len == 0)
		return false;
	while (rest.len > 0) {
		specs = xgrow(specs, &cap, count + 1, sizeof(*specs));
		specs[count++] = slice_take(&rest, '\0');
	}
	bool listed = list_servers(servers, &l, specs, count, &ignored);
	bool changed = listed && !l.unknown && !is_same(servers, &l);
	if (changed)
		talk_to(servers, &l);
	else if (listed)
		release_addresses(l.list, l.count);
	free(specs);
	return changed;
}

bool servers_find(const struct servers *servers, struct slice text, size_t *server,
                  struct error *error)
{
	uint64_t number;
	size_t count = client_server_count(servers->client);
	if (number_parse_u64(text, &number) == NUMBER_OK && number >= 1 && number <= count) {
		*server = (size_t)number - 1;
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		if (slice_eq_str(text, servers_label(servers, i))) {
			*server = i;
			return true;
		}
	}
	error_set(error, NULL, "unknown server \"%.*s\"", SLICE_ARGS(text, 100));
	error_hint(error, "give its number from 1 to %zu, or its address; .servers lists them",
	           count);
	return false;
}

size_t servers_named(const struct servers *servers, const struct target *target)
{
	if (target->kind == TARGET_SERVER)
		return target->server;
	if (target->kind == TARGET_HASH && client_server_count(servers->client) > 1)
		return client_server_for_hash(servers->client, target->hash);
	return SERVER_BY_KEY;
}

struct servers servers_take(struct servers *servers)
{
	struct servers before = *servers;
	servers->typed = (struct buf)BUF_INIT;
	servers->client = client_new(&servers->options);
	return before;
}

void servers_restore(struct servers *servers, struct servers *before)
{
	client_free(servers->client);
	buf_release(&servers->typed);
	*servers = *before;
}

void servers_drop(struct servers *before)
{
	client_free(before->client);
	buf_release(&before->typed);
}

bool servers_sandbox(struct servers *servers, unsigned n, struct error *error)
{
	bool again = n == 0 && servers->sandbox && !servers->sandbox_ends;
	if (n == 0)
		n = servers->sandbox ? sandbox_count(servers->sandbox) : 1;
	struct sandbox *sandbox = again ? servers->sandbox : sandbox_new(n, error);
	if (!sandbox)
		return false;
	unsigned count = sandbox_count(sandbox);
	struct slice *specs = xcalloc(count, sizeof(*specs));
	for (unsigned i = 0; i < count; i++)
		specs[i] = slice_str(sandbox_path(sandbox, i));
	bool ok = servers_connect(servers, specs, count, error);
	free(specs);
	if (!again)
		sandbox_free(ok ? servers->sandbox : sandbox);
	if (ok) {
		servers->sandbox = sandbox;
		servers->sandbox_ends = false;
	}
	servers->in_sandbox |= ok;
	return ok;
}

const char *servers_label(const struct servers *servers, size_t server)
{
	return server < client_server_count(servers->client)
	           ? conn_address(client_server(servers->client, server))->label
	           : "";
}

void servers_name(const struct servers *servers, struct buf *out)
{
	size_t count = client_server_count(servers->client);
	if (servers->in_sandbox)
		buf_add_str(out, "sandbox");
	else if (servers->cluster)
		buf_add_str(out, cluster_name(servers->cluster));
	else if (count > 1)
		buf_addf(out, "%zu servers", count);
	else
		escape_add_line(out, slice_str(servers_label(servers, 0)));
}

bool servers_are_production(const struct servers *servers)
{
	return servers->cluster && servers->cluster->production && !servers->in_sandbox;
}

void servers_describe(struct servers *servers, struct buf *out)
{
	size_t count = client_server_count(servers->client), down = 0;
	for (size_t i = 0; i < count; i++) {
		struct conn *c = client_server(servers->client, i);
		conn_check(c);
		down += conn_state(c) != CONN_OPEN && !conn_renewed(c);
	}
	servers_name(servers, out);
	if (down > 0 && count > 1)
		buf_addf(out, " (%zu not connected)", down);
	else if (down > 0)
		buf_add_str(out, " (not connected)");
}
