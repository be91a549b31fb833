// SPDX-License-Identifier: MIT
#include "papsim/scenario/vocabulary.hpp"

#include <array>
#include <cassert>

namespace pap::sim {
namespace {

constexpr std::int64_t kNoEnd = 1'000'000'000'000;

constexpr std::array kScenario{
    Key{"papsim", Form::kInteger, "version of the format", "", true, false, 1, 1},
    Key{"name", Form::kName, "name of the scenario, in reports", "", true},
    Key{"about", Form::kText, "the story in a sentence or two", "", true},
    Key{"fails", Form::kNames,
        "a canary: it must fail, by this rule or one of these (table of rules)"},
    Key{"sabotage", Form::kNames, "a canary: what the harness does wrong (table of canaries)"},
    Key{.name = "seeds", .form = Form::kMap, .about = "how often it is run", .section = "seeds"},
    Key{.name = "run",
        .form = Form::kMap,
        .about = "how long it takes",
        .required = true,
        .section = "run"},
    Key{.name = "collector",
        .form = Form::kMap,
        .about = "the collector's settings",
        .section = "collector"},
    Key{.name = "fleet",
        .form = Form::kOwn,
        .about = "groups of agents, a map from a group's name to the group",
        .required = true,
        .section = "group"},
    Key{.name = "timeline",
        .form = Form::kOwn,
        .about = "what happens, a list of entries",
        .section = "entry"},
    Key{.name = "vary",
        .form = Form::kOwn,
        .about = "what each seed draws, before anything else: a map from a path "
                 "(fleet.rack.count, timeline.cut.at) to a range (10..100, 60s..90s) or to a list "
                 "of words to choose from"},
    Key{.name = "expect",
        .form = Form::kMap,
        .about = "what must come of it",
        .required = true,
        .section = "expect"},
};

constexpr std::array kSeeds{
    Key{"ci", Form::kSeeds, "run on every change, and without --seed; 20 means 1..20", "1"},
    Key{"nightly", Form::kSeeds, "run each night", "20"},
};

constexpr std::array kRun{
    Key{"for", Form::kDuration, "the timeline lies before this; then all faults are healed", "",
        true, false, 1, kNoEnd},
    Key{"settle", Form::kDuration,
        "how long it may take afterwards; lengthened to the longest liveness bound in play, but "
        "not over sockets",
        "30s"},
    Key{"observers", Form::kInteger,
        "over sockets: so many agents are observed, each by a client that reads slowly; in virtual "
        "time some of each group are observed in any case",
        "0", false, false, 0, 1'000},
};

// Bounds are the collector's own (`collectord --help`).
constexpr std::array kCollector{
    Key{"zombie_check_interval_ms", Form::kMillis, "enters the slack: min(I / 10, 3/4 of this)",
        "10000", false, false, 100, 600'000},
    Key{"alert_queue_max_size", Form::kInteger, "alerts kept while the Station is away", "100",
        false, false, 1, 1'000'000},
    Key{"alert_queue_ttl_ms", Form::kMillis, "how long each of them is kept", "300000", false,
        false, 1'000, 604'800'000},
    Key{"agent_retention_ms", Form::kMillis,
        "a dead agent is forgotten this long after its death was told; 0: never", "604800000",
        false, false, 0, 315'360'000'000},
    Key{"max_agents", Form::kInteger, "agents kept; beyond it the longest dead makes room",
        "1000000", false, false, 1, kMostAgents},
    Key{"drain_ms", Form::kMillis, "after SIGTERM beats are still answered for this long", "5000",
        false, false, 0, 300'000},
    Key{"shutdown_grace_ms", Form::kMillis, "after that, how long waiting alerts are offered",
        "8000", false, false, 0, 300'000},
    Key{"station", Form::kWord, "none: no Station is set, alerts are logged only", "set", false,
        false, 0, 0, "set|none"},
    Key{"slice", Form::kInteger,
        "agents and alerts handled at once, to press the core; no setting of the daemon", "100",
        false, false, 1, 1'000'000},
};

constexpr std::array kGroup{
    Key{"count", Form::kInteger, "how many agents", "", true, false, 1, kMostAgents},
    Key{"id", Form::kText,
        "pattern of their ids: {uuid} makes a UUID, {i} the number from 0, {i:04} the same with at "
        "least four digits",
        "{uuid}"},
    Key{"ids_of", Form::kName,
        "instead of id: the i-th agent has the id of that group's i-th, as two pods of one name "
        "would"},
    Key{"mode", Form::kOwn,
        "IDLE, EMERGENCY or SLEEP; or shares that sum to 100%, {IDLE: 90%, SLEEP: 10%}, split "
        "exactly, by largest remainder",
        "IDLE"},
    Key{"jitter", Form::kShare,
        "each gap between beats is I x (1 + U[0, jitter]); two gaps at 10% exceed 2I + slack",
        "0%"},
    Key{"phase", Form::kWord,
        "first beats: spread, the i-th of n at i x I / n; aligned, all at once; poisson, at random "
        "within I. Default: aligned with join, else spread",
        "", false, false, 0, 0, "spread|aligned|poisson"},
    Key{"join",
        Form::kOwn,
        "when they come: a duration over which they do, or {from, over, by, steps}",
        "0s",
        false,
        false,
        0,
        0,
        {},
        "join"},
    Key{"uptime", Form::kDurationRange,
        "at the first beat, or a range from which each draws. Default: 0s with join, else 1h"},
    Key{"retry", Form::kWord,
        "real: after a beat that failed for 5 s an agent keeps away for over 60 s, beats at the "
        "Station, and after three failures there goes into EMERGENCY; steady: it counts gaps from "
        "the planned moment of the last beat, and goes on whatever comes back",
        "real", false, false, 0, 0, "real|steady"},
};

constexpr std::array kJoin{
    Key{"from", Form::kDuration, "when the first one comes", "0s"},
    Key{"over", Form::kDuration, "from the first to the last", "0s"},
    Key{"by", Form::kWord, "how they are laid out in it", "spread", false, false, 0, 0,
        "spread|poisson|steps"},
    Key{"steps", Form::kInteger, "by: steps, in as many equal lots", "", false, false, 1, 100'000},
};

constexpr std::array kEntry{
    Key{"id", Form::kName, "its name, by which who, expect and during refer to it", "", true},
    Key{"at", Form::kDuration, "when it happens", "", false, true},
    Key{"every",
        Form::kMap,
        "happens again and again; a pick is drawn anew each time",
        "",
        false,
        true,
        0,
        0,
        {},
        "every"},
    Key{"during", Form::kOwn,
        "[from, to]: a state holds, and the former one returns; where states overlap, the one "
        "further down in the file holds",
        "", false, true},
    Key{"pace",
        Form::kMap,
        "with at: laid out over a time instead of at once",
        "",
        false,
        false,
        0,
        0,
        {},
        "pace"},
    Key{"who",
        Form::kOwn,
        "a group, an earlier entry's id (all whom it picked), a list of these, or {group, pick, "
        "order}; `collector` for its own link to the Station",
        "",
        false,
        false,
        0,
        0,
        {},
        "who"},
    Key{"do", Form::kOwn, "what happens: a verb, or a map from one verb to its parameters", "",
        true},
};

constexpr std::array kPace{
    Key{"over", Form::kDuration, "how long it takes until all are met", "", true, false, 1, kNoEnd},
    Key{"by", Form::kWord,
        "spread, the i-th of n at i x over / n; poisson, each at a moment of its own; steps, in "
        "equal "
        "lots, over / steps apart",
        "spread", false, false, 0, 0, "spread|poisson|steps"},
    Key{"steps", Form::kInteger, "by: steps, in as many lots", "", false, false, 1, 100'000},
};

constexpr std::array kEvery{
    Key{"each", Form::kDuration, "from one time to the next", "", true, false, 1, kNoEnd},
    Key{"from", Form::kDuration, "the first time", "", true},
    Key{"to", Form::kDuration, "no time after this", "", true},
    Key{"lasts", Form::kDuration, "a state: how long it holds each time", "", false, false, 1,
        kNoEnd},
};

constexpr std::array kWho{
    Key{"group", Form::kName, "out of which group", "", true},
    Key{"pick", Form::kCountOrShare,
        "how many of those alive; a share is of the group as declared, rounded up", "", true, false,
        1, kMostAgents},
    Key{"order", Form::kWord, "who comes first", "random", false, false, 0, 0, "random|id"},
};

constexpr std::array kRestart{
    Key{"down", Form::kDuration, "from its end to the next start", "1s"},
    Key{"identity", Form::kWord, "new: a death, and a new id", "same", false, false, 0, 0,
        "same|new"},
};

constexpr std::array kSwizzle{
    Key{"over", Form::kDuration,
        "they stop one by one in its first half and come back in its second, the last of n over / "
        "2n before its end",
        "", true, false, 2, kNoEnd},
};

constexpr std::array kClock{
    Key{"step", Form::kSignedDuration, "it jumps, and goes on from there", "", false, true},
    Key{"drift", Form::kDrift, "it goes fast or slow by so much; a state", "", false, true,
        -900'000, 10'000'000},
    Key{"freeze", Form::kFlag, "it stands still; a state", "", false, true},
};

constexpr std::array kMonotonic{
    Key{"step", Form::kDuration, "it jumps forward, as on a migrated machine", "", false, true, 1,
        kNoEnd},
    Key{"drift", Form::kDrift, "it goes fast or slow by so much; a state", "", false, true,
        -900'000, 10'000'000},
};

constexpr std::array kNet{
    Key{"link", Form::kWord, "which links of the agents", "collector", false, false, 0, 0,
        "collector|station|both"},
    Key{"loss", Form::kShare, "share of requests that never arrive", "0%"},
    Key{"delay", Form::kDurationRange,
        "how long a request is on its way, or a range from which each draws", "0s"},
    Key{"duplicate", Form::kShare, "share of requests that arrive a second time, up to 5 s later",
        "0%"},
    Key{"reorder", Form::kShare,
        "share of requests that are up to 5 s late, so that those of others overtake them", "0%"},
    Key{"cut", Form::kWord,
        "to: no request arrives; from: each is heard, and its answer is lost; both: the same to "
        "the agent as to",
        "none", false, false, 0, 0, "none|to|from|both"},
};

constexpr std::array kStation{
    Key{"down", Form::kFlag, "connections are refused", "", false, true},
    Key{"status", Form::kInteger, "answers this to everything", "", false, true, 300, 599},
    Key{"slow", Form::kDuration, "every answer is this late", "", false, true, 1, kNoEnd},
    Key{"reset", Form::kFlag, "takes what is sent, then the connection breaks", "", false, true},
    Key{"hang", Form::kFlag, "takes connections, never answers", "", false, true},
    Key{"garbage", Form::kFlag, "what comes back is not HTTP", "", false, true},
    Key{"limit", Form::kInteger, "takes so many a second, and answers 429 beyond", "", false, true,
        1, 1'000'000},
    Key{"ids", Form::kWord, "uuid: refuses ids that are none, with 400, as the real one does", "",
        false, true, 0, 0, "any|uuid"},
    Key{"retry_after", Form::kDuration, "with status or limit: the Retry-After of its answers", "",
        false, false, 1'000, 86'400'000},
    Key{"share", Form::kShare, "of the requests; not with limit or ids", "100%", false, false, 1,
        1'000'000},
};

constexpr std::array kCollectorFault{
    Key{"pause", Form::kLasting, "it stands still; its machine still takes connections", "", false,
        true, 1, kNoEnd},
    Key{"suspend", Form::kLasting, "its machine stands still, and takes none", "", false, true, 1,
        kNoEnd},
    Key{"deaf", Form::kLasting, "it runs, and has no room for any connection; they wait", "", false,
        true, 1, kNoEnd},
    Key{"restart",
        Form::kMap,
        "it ends, and another one starts, knowing nothing",
        "",
        false,
        true,
        0,
        0,
        {},
        "collector_restart"},
    Key{"starve", Form::kShare, "it does not run for this share of each second; a state", "", false,
        true, 1, 999'999},
    Key{"clock", Form::kMap, "its clocks", "", false, true, 0, 0, {}, "collector_clock"},
};

constexpr std::array kCollectorRestart{
    Key{"down", Form::kDuration, "from its end until the next one listens", "1s"},
    Key{"how", Form::kWord, "term: it drains and takes its leave; kill: it is gone at once", "term",
        false, false, 0, 0, "term|kill"},
};

constexpr std::array kCollectorClock{
    Key{"wall", Form::kMap, "what people read", "", false, true, 0, 0, {}, "clock"},
    Key{"monotonic", Form::kMap, "what decides", "", false, true, 0, 0, {}, "monotonic"},
};

constexpr std::array kExpect{
    Key{.name = "alerts",
        .form = Form::kMap,
        .about = "who is told of, counted by key, posted at least once",
        .section = "alerts"},
    Key{.name = "detection",
        .form = Form::kMap,
        .about = "when deaths are decided; or a list of such",
        .section = "detection"},
    Key{.name = "outbox", .form = Form::kOwn, .about = "figures of alerts (table of figures)"},
    Key{.name = "agents", .form = Form::kOwn, .about = "figures of the table of agents"},
    Key{.name = "heartbeats", .form = Form::kOwn, .about = "figures of heartbeats"},
    Key{.name = "station", .form = Form::kOwn, .about = "figures of the Station"},
    Key{.name = "collector", .form = Form::kOwn, .about = "figures of the collector"},
    Key{.name = "deaths", .form = Form::kOwn, .about = "figures of detection"},
    Key{.name = "live", .form = Form::kOwn, .about = "figures of runs over sockets alone"},
    Key{.name = "allow",
        .form = Form::kOwn,
        .about = "excuses that are granted where the oracle proves them (table of excuses): a "
                 "list, or a map from an excuse to how often at most, as {agent_away: \"<= 5\"}, "
                 "or any"},
    Key{.name = "reach",
        .form = Form::kNames,
        .about = "marks that every seed must hit (table of marks)"},
};

constexpr std::array kAlerts{
    Key{.name = "AGENT_DEATH",
        .form = Form::kMap,
        .about = "of this type: none, any, or about whom; or a list of such",
        .section = "alert"},
    Key{.name = "EMERGENCY_MODE", .form = Form::kMap, .about = "the same", .section = "alert"},
    Key{.name = "RESTART_DETECTED", .form = Form::kMap, .about = "the same", .section = "alert"},
    Key{.name = "*",
        .form = Form::kWord,
        .about = "every (type, agent) that no line above names; without alerts nothing is asked of "
                 "any",
        .fallback = "none",
        .words = "none|any"},
};

constexpr std::array kAlert{
    Key{"exactly", Form::kSet, "these agents and no others", "", false, true},
    Key{"at_most", Form::kSet, "no others than these", "", false, true},
    Key{"at_least", Form::kSet, "these, and perhaps others", "", false, true},
    Key{"times", Form::kTimes, "how often, for each of them that is told of", ""},
};

constexpr std::array kDetection{
    Key{"of", Form::kSet, "whose deaths", "", true},
    Key{"from", Form::kWord,
        "last_accepted: the last beat that the collector counted; event: what the timeline did to "
        "the agent",
        "last_accepted", false, false, 0, 0, "last_accepted|event"},
    Key{"window", Form::kOwn,
        "[earliest, latest], ends included, by listening time; I and slack are those of the "
        "agent's mode at its last beat",
        "", true},
};

constexpr std::array kSections{
    Section{"scenario", "The file.", kScenario},
    Section{"seeds", "Both ends of a range are in it.", kSeeds},
    Section{"run", "", kRun},
    Section{"collector", "Settings under their names in the environment, in lower case.",
            kCollector},
    Section{"group", "A group of the fleet.", kGroup},
    Section{"join", "When the members of a group come.", kJoin},
    Section{"entry", "An entry of the timeline.", kEntry},
    Section{"every", "", kEvery},
    Section{"pace", "", kPace},
    Section{"who", "A pick out of a group.", kWho},
    Section{"restart", "", kRestart},
    Section{"swizzle", "", kSwizzle},
    Section{"clock", "An agent's clock, from which it reckons its uptime; and a collector's.",
            kClock},
    Section{"monotonic", "The collector's monotonic clock.", kMonotonic},
    Section{"net", "A request at a time.", kNet},
    Section{"station", "With who: only towards what is about these agents.", kStation},
    Section{"collector_fault", "", kCollectorFault},
    Section{"collector_restart", "", kCollectorRestart},
    Section{"collector_clock", "", kCollectorClock},
    Section{"expect", "At least one of alerts, detection, a figure and reach.", kExpect},
    Section{"alerts", "", kAlerts},
    Section{"alert", "A set is a group, a timeline entry's id, or a list of them.", kAlert},
    Section{"detection", "", kDetection},
};

constexpr Key kFreezeFor{"freeze", Form::kDuration, "how long", "", true, false, 1, kNoEnd};
constexpr Key kModeWord{"mode", Form::kWord,           "which", "", true, false, 0,
                        0,      "EMERGENCY|IDLE|SLEEP"};

constexpr std::array kVerbs{
    Verb{"die", Subject::kAgents, "", nullptr, false, "the process ends, without a word"},
    Verb{"revive", Subject::kAgents, "", nullptr, false,
         "a new process of the same id, uptime 0; of those who are dead"},
    Verb{"freeze", Subject::kAgents, "", &kFreezeFor, false,
         "the process stands still for this long, then goes on"},
    Verb{"restart", Subject::kAgents, "restart", nullptr, false, "it ends, and comes back"},
    Verb{"mode", Subject::kAgents, "", &kModeWord, true, "EMERGENCY, IDLE or SLEEP from now on"},
    Verb{"leave", Subject::kAgents, "", nullptr, false,
         "a last beat is answered, then DELETE, then silence"},
    Verb{"swizzle", Subject::kAgents, "swizzle", nullptr, false,
         "they stop one by one, and come back in another order"},
    Verb{"clock", Subject::kAgents, "clock", nullptr, true, "the agent's wall clock"},
    Verb{"net", Subject::kNet, "net", nullptr, true, "the agents' links, or the collector's own"},
    Verb{"station", Subject::kStation, "station", nullptr, true, "what the Station does"},
    Verb{"collector", Subject::kCollector, "collector_fault", nullptr, true,
         "what happens to the collector"},
};

}  // namespace

const Key* Section::find(std::string_view key) const {
  for (const Key& k : keys) {
    if (k.name == key) return &k;
  }
  return nullptr;
}

std::span<const Section> sections() { return kSections; }

const Section& section(std::string_view name) {
  for (const Section& s : kSections) {
    if (s.name == name) return s;
  }
  assert(false && "no such section");
  return kSections.front();
}

std::span<const Verb> verbs() { return kVerbs; }

const Verb* find_verb(std::string_view name) {
  for (const Verb& verb : kVerbs) {
    if (verb.name == name) return &verb;
  }
  return nullptr;
}

std::vector<std::string_view> words_of(std::string_view joined) {
  std::vector<std::string_view> out;
  while (!joined.empty()) {
    const std::size_t end = std::min(joined.find('|'), joined.size());
    out.push_back(joined.substr(0, end));
    joined.remove_prefix(std::min(end + 1, joined.size()));
  }
  return out;
}

std::string_view looks_like(Form form) {
  switch (form) {
    case Form::kInteger:
      return "a whole number";
    case Form::kDuration:
      return "a duration, like 70s, 500ms or 1h30m";
    case Form::kSignedDuration:
      return "a duration, like 1h or -1h";
    case Form::kDurationRange:
      return "a duration or a range of them, like 70s or 1h..7d";
    case Form::kMillis:
      return "milliseconds, like 10000, or a duration, like 10s";
    case Form::kShare:
      return "a share, like 10% or 0.4%";
    case Form::kDrift:
      return "a share, like 5%, -0.1% or 200ppm";
    case Form::kCountOrShare:
      return "a number or a share, like 10 or 10%";
    case Form::kSeeds:
      return "a number of seeds or a range of them, like 20 or 1..20";
    case Form::kWord:
      return "a word";
    case Form::kName:
      return "a name of letters, digits, - and _, beginning with a letter";
    case Form::kText:
      return "a text";
    case Form::kFlag:
      return "true";
    case Form::kLasting:
      return "a duration, like 70s, or true within during";
    case Form::kBound:
      return "a sum like 2I + slack or 2I + 500ms";
    case Form::kTimes:
      return "a number or a range, like 1 or 0..3";
    case Form::kSet:
      return "the name of a group or a timeline entry, or a list of them";
    case Form::kNames:
      return "a name, or a list of them";
    case Form::kMap:
    case Form::kOwn:
      break;
  }
  return "a map";
}

}  // namespace pap::sim
