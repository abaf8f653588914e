#include "command/arguments.h"
#include "command/rows.h"

static const struct command_form config_forms[] = {
    {"get cluster", "the version of the cluster's configuration, and its nodes"},
    {0},
};

const struct command command_config = {
    .name = "config",
    .group = GROUP_SERVER,
    .flags = COMMAND_FAN_OUT,
    .operands = "get cluster",
    .forms = config_forms,
    .summary = "show the nodes of a cluster",
    .about =
	"ElastiCache's and other services' own: the node asked names all nodes of its cluster, "
	"each as host|ip|port, after the version of that list. memcached answers ERROR. "
	".servers --discover connects to them.",
    .sends = "config get cluster\\r\\n",
    .replies = "CONFIG cluster 0 <bytes> and the list, END; ERROR",
    .verb = VERB_CONFIG,
    .build = argument_words,
};
