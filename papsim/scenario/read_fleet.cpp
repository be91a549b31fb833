// SPDX-License-Identifier: MIT
// The fleet: a map from the name of a group to the group.

#include "papsim/scenario/map_reader.hpp"
#include "papsim/scenario/nearest.hpp"
#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/reading.hpp"

namespace pap::sim {
namespace {

constexpr std::array<std::string_view, protocol::kModeCount> kModeNames{
    to_string(protocol::Mode::kEmergency), to_string(protocol::Mode::kIdle),
    to_string(protocol::Mode::kSleep)};

void add_share(Group& group, const Node::Pair& pair, Problems& problems) {
  const auto mode = protocol::parse_mode(pair.key.text);
  if (!mode) {
    problems.add(pair.key.place, "there is no mode '" + pair.key.text + "'" +
                                     suggestion(pair.key.text, kModeNames));
    return;
  }
  const auto share = parse_share(trimmed(pair.value.text));
  if (!pair.value.is_word() || !share) {
    problems.add(pair.value.place, pair.key.text + ": " + described(pair.value) + " is not " +
                                       std::string(looks_like(Form::kShare)));
    return;
  }
  group.mode[index_of(*mode)] = *share;
}

void read_mode(Group& group, MapReader& in, Problems& problems) {
  const Node* node = in.find("mode");
  if (node == nullptr) {
    group.mode[index_of(protocol::Mode::kIdle)] = kAll;
    return;
  }
  if (node->is_word()) {
    const auto mode = protocol::parse_mode(trimmed(node->text));
    if (mode) {
      group.mode[index_of(*mode)] = kAll;
    } else {
      problems.add(node->place,
                   "there is no mode '" + node->text + "'" + suggestion(node->text, kModeNames));
    }
    return;
  }
  if (!node->is_map()) {
    problems.add(node->place, "mode must be a mode or shares of modes, not " + described(*node));
    return;
  }
  const std::size_t problems_before = problems.size();
  for (const Node::Pair& pair : node->pairs) add_share(group, pair, problems);
  std::uint64_t sum = 0;
  for (const PartsPerMillion share : group.mode) sum += share;
  if (sum != kAll && problems.size() == problems_before) {
    problems.add(node->place, "the shares of mode sum to " +
                                  share_word(static_cast<std::int64_t>(sum)) + ", not to 100%");
  }
}

void read_join(Group& group, MapReader& in, Problems& problems) {
  const Node* node = in.find("join");
  if (node == nullptr) return;
  if (node->is_word()) {
    const auto over = parse_duration(trimmed(node->text));
    if (over) {
      group.join.over = *over;
    } else {
      problems.add(node->place,
                   "join: '" + node->text + "' is not " + std::string(looks_like(Form::kDuration)));
    }
    return;
  }
  MapReader join(*node, section("join"), in.where() + ".join", problems);
  group.join_from = join.duration("from");
  group.join.over = join.duration("over");
  group.join.by = join.word<PaceKind>("by");
  group.join.steps = join.count("steps");
  if (group.join.by == PaceKind::kSteps && !join.given("steps")) {
    problems.add(join.place("by"), "by: steps wants to know how many: 'steps' is missing");
  }
  if (group.join.by != PaceKind::kSteps && join.given("steps")) {
    problems.add(join.place("steps"), "steps goes with by: steps alone");
  }
}

Group read_group(const Node::Pair& pair, const Resolver& names, Problems& problems) {
  Group group;
  group.name = pair.key.text;
  group.place = pair.key.place;
  Value unused;
  constexpr Key kNameKey{"name of a group", Form::kName};
  if (std::string error = parse_value(kNameKey, group.name, unused); !error.empty()) {
    problems.add(group.place, std::move(error));
  }
  MapReader in(pair.value, section("group"), "fleet." + group.name, problems);
  group.count = in.count("count");
  read_mode(group, in, problems);
  group.jitter = in.share("jitter");
  group.retry = in.word<Retry>("retry");
  read_join(group, in, problems);
  const bool joins = group.join_from > Millis{0} || group.join.over > Millis{0};
  group.phase = in.given("phase")             ? in.word<PhaseKind>("phase")
                : group.join.over.count() > 0 ? PhaseKind::kAligned
                                              : PhaseKind::kSpread;
  if (in.given("uptime")) {
    const Value uptime = in.value("uptime");
    group.uptime_from = Millis{uptime.first};
    group.uptime_to = Millis{uptime.last};
  } else if (!joins) {
    group.uptime_from = group.uptime_to = std::chrono::hours{1};
  }
  group.id = in.text("id");
  if (const Node* other = in.find("ids_of"); other != nullptr && !in.text("ids_of").empty()) {
    group.ids_of = names.group(*other);
    if (in.given("id")) problems.add(in.place("id"), "'id' and 'ids_of' exclude each other");
  }
  return group;
}

}  // namespace

std::vector<Group> read_fleet(const Node& fleet, const Resolver& names, Problems& problems) {
  std::vector<Group> out;
  if (!fleet.is_map()) {
    problems.add(fleet.place, "fleet must be a map of groups, not " + described(fleet));
    return out;
  }
  if (fleet.pairs.empty()) problems.add(fleet.place, "the fleet has no group");
  for (const Node::Pair& pair : fleet.pairs) out.push_back(read_group(pair, names, problems));
  return out;
}

}  // namespace pap::sim
