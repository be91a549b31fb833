// SPDX-License-Identifier: MIT
// The table of commands.
#include <array>

#include "papctl/commands/command.hpp"

namespace pap::ctl {
namespace {

constexpr std::array kGroups{
    Group{"agents", "who is there: list, get, delete, wait"},
    Group{"observe", "heartbeats and alerts as they come"},
    Group{"alerts", "what was told to the Station: list, watch"},
    Group{"heartbeat", "a heartbeat by hand"},
    Group{"config", "contexts: collectors by name"},
};

constexpr std::array kCommands{
    Command{"agents", "list", "list agents, the unhealthy first",
            "Examples:\n"
            "  papctl agents list\n"
            "  papctl agents list --unhealthy --sort-by last-seen\n"
            "  papctl agents list --name 'web-*' -o name | wc -l\n",
            prepare_agents_list},
    Command{"agents", "get", "show agents by id, or by the beginning of an id",
            "Examples:\n"
            "  papctl agents get 550e8400\n"
            "  papctl agents get test-agent-123 -o yaml\n",
            prepare_agents_get},
    Command{"agents", "delete", "make the collector forget agents",
            "Waiting alerts of an agent are withdrawn. One that beats again is new.\n\n"
            "Example:\n"
            "  papctl agents delete test-agent-123 --yes\n",
            prepare_agents_delete},
    Command{"agents", "wait", "wait until an agent is healthy, unhealthy, gone or in a mode",
            "Exit status 124 when it takes longer than --timeout.\n\n"
            "Examples:\n"
            "  papctl agents wait test-agent-123 --for healthy --timeout 2m\n"
            "  papctl agents wait test-agent-123 --for mode=EMERGENCY\n",
            prepare_agents_wait},
    Command{"observe", "agent", "show heartbeats and alerts of agents as they come",
            "One line a heartbeat or alert: when, who, mode, uptime, the gap since the last one, "
            "and\nwhat changed. Lost connections are made again, and said on stderr. Piped, the "
            "lines are\nTSV; with -o json they are the collector's messages, one a line.\n\n"
            "Examples:\n"
            "  papctl observe agent 550e8400-e29b-41d4-a716-446655440000\n"
            "  papctl observe agent --mode EMERGENCY --for 10m\n"
            "  papctl observe agent --all -o json | jq .type\n",
            prepare_observe_agent},
    Command{"alerts", "list", "list the most recent alerts, newest first",
            "Each with its delivery: queued, delivered, refused or dropped, and the attempts.\n\n"
            "Example:\n"
            "  papctl alerts list\n",
            prepare_alerts_list},
    Command{"alerts", "watch", "show alerts, and then each that is new or told to the Station",
            "The most recent alerts, the newest last; then each alert when it comes, and again "
            "when its\ndelivery has changed. Collectors are asked every 2 s; one that is lost is "
            "asked again until\nit is back, and said on stderr. With -o json an alert is a "
            "line.\n\n"
            "Examples:\n"
            "  papctl alerts watch\n"
            "  papctl alerts watch --for 10m -o jsonl | jq -r .type\n",
            prepare_alerts_watch},
    Command{"", "status", "one screen: health, counts, queue, Station, version",
            "Examples:\n"
            "  papctl status\n"
            "  papctl status --exit-code || page-somebody\n",
            prepare_status},
    Command{"", "top", "the fleet on a whole screen, as it is now",
            "Health and modes as bars, heartbeats a second, the Station, the latest alerts, and "
            "the agents,\nthe unhealthy and longest silent first. Enter observes the chosen one, "
            "/ filters by name,\nm by mode, s sorts otherwise, ? shows all keys, q quits. A "
            "collector that is lost is named, and\nasked again until it is back.\n\n"
            "Examples:\n"
            "  papctl top\n"
            "  papctl top -c http://east:8080 -c http://west:8080\n",
            prepare_top},
    Command{"", "metrics", "the collector's metrics, readable",
            "Examples:\n"
            "  papctl metrics\n"
            "  papctl metrics alerts\n"
            "  papctl metrics -o raw\n",
            prepare_metrics},
    Command{"heartbeat", "send", "send a heartbeat by hand, to try a collector",
            "Beware: whoever sends one for a living agent speaks for it.\n\n"
            "Example:\n"
            "  papctl heartbeat send test-agent-123 --mode IDLE --uptime 12.5\n",
            prepare_heartbeat_send},
    Command{"config", "set-context", "name collectors, and how to reach them",
            "The first context that is set is in use at once.\n\n"
            "Examples:\n"
            "  papctl config set-context prod -c https://collector.example --readonly \\\n"
            "      --key-file ~/.collector-key\n"
            "  papctl config set-context all -c dns+http://collectors.agents.svc:8080\n",
            prepare_config_set_context},
    Command{"config", "use-context", "use this context from now on",
            "Example:\n"
            "  papctl config use-context prod\n",
            prepare_config_use_context},
    Command{"config", "delete-context", "forget a context",
            "When it was in use, none is afterwards. Files that it names are left alone.\n\n"
            "Example:\n"
            "  papctl config delete-context prod\n",
            prepare_config_delete_context},
    Command{"config", "view", "show the contexts, and where they are kept",
            "Example:\n"
            "  papctl config view\n",
            prepare_config_view},
    Command{"", "completion", "the script that lets Tab complete papctl's words in a shell",
            "Commands, options and their values are completed, names of contexts, and the ids "
            "of agents\nas the collector knows them at that moment.\n\n"
            "Examples:\n"
            "  source <(papctl completion bash)\n"
            "  papctl completion zsh > \"${fpath[1]}/_papctl\"\n"
            "  papctl completion fish > ~/.config/fish/completions/papctl.fish\n",
            prepare_completion},
    Command{"", "man", "a manual page, for man(1) to show",
            "Examples:\n"
            "  papctl man | man -l -\n"
            "  papctl man agents list | man -l -\n",
            prepare_man},
};

}  // namespace

std::span<const Group> groups() { return kGroups; }
std::span<const Command> commands() { return kCommands; }

}  // namespace pap::ctl
