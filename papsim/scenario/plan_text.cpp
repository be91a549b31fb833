// SPDX-License-Identifier: MIT
#include "papsim/scenario/plan_text.hpp"

#include <algorithm>

#include "papsim/scenario/actions.hpp"
#include "papsim/scenario/agent_ids.hpp"
#include "papsim/scenario/alerts_due.hpp"
#include "papsim/scenario/quantities.hpp"

namespace pap::sim {
namespace {

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string_view happening(StepKind kind, const Entry& entry) {
  switch (kind) {
    case StepKind::kStop:
      return "stop";
    case StepKind::kStart:
      return "start";
    case StepKind::kFreeze:
      return "freeze";
    case StepKind::kThaw:
      return "thaw";
    case StepKind::kLeave:
      return "leave";
    case StepKind::kMode:
      return "mode";
    case StepKind::kBegin:
    case StepKind::kEnd:
      break;
  }
  return verb_of(entry.action);
}

std::string_view unless(const AlertsDue& row) {
  if (row.certain) return "";
  return row.type == protocol::AlertType::kRestartDetected ? ", by when it beat last"
                                                           : ", unless a beat comes first";
}

class Text {
 public:
  Text(const Scenario& scenario, const Plan& plan, bool all)
      : scenario_(scenario), plan_(plan), ids_(scenario, plan), all_(all) {}

  std::string make() {
    head();
    fleet();
    timeline();
    alerts();
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kFewSteps = 40;
  static constexpr std::size_t kFewAgents = 3;
  static constexpr std::size_t kTimeWidth = 14;
  static constexpr std::size_t kKindWidth = 16;
  static constexpr std::size_t kTypeWidth = 18;

  void line(const std::string& text) {
    std::size_t end = text.size();
    while (end > 0 && text[end - 1] == ' ') --end;
    out_.append(text, 0, end).append("\n");
  }

  void head() {
    line(scenario_.name + ", seed " + std::to_string(plan_.seed));
    line("  " + scenario_.about);
    const Millis settled = settled_by(scenario_, plan_) - scenario_.run_for;
    line("  runs for " + clock_word(scenario_.run_for) + ", settles for " +
         clock_word(std::max(settled, scenario_.settle)) + " or as long as liveness takes");
  }

  void fleet() {
    out_ += "\nfleet\n";
    AgentNumber number = 0;
    std::size_t widest = 0;
    for (const Group& group : scenario_.fleet) widest = std::max(widest, group.name.size());
    for (const Group& group : scenario_.fleet) {
      std::array<std::uint32_t, protocol::kModeCount> modes{};
      Millis first = Millis::max();
      Millis last{0};
      const AgentNumber end = number + group.count;
      const std::string ids =
          ids_.of(number) + (group.count > 1 ? " .. " + ids_.of(end - 1) : std::string());
      for (; number < end; ++number) {
        const PlannedAgent& agent = plan_.agents[number];
        ++modes[index_of(agent.mode)];
        first = std::min(first, agent.first_beat);
        last = std::max(last, agent.first_beat);
      }
      std::string split;
      for (const protocol::Mode mode : protocol::kModes) {
        if (modes[index_of(mode)] == 0) continue;
        split += (split.empty() ? "" : ", ") + std::to_string(modes[index_of(mode)]) + ' ' +
                 std::string(to_string(mode));
      }
      line("  " + padded(group.name, widest) + "  " + split + "; first beats " + clock_word(first) +
           " .. " + clock_word(last) + "; " + ids);
    }
    const std::size_t later = plan_.agents.size() - number;
    if (later > 0) line("  and " + std::to_string(later) + " identities that come later");
  }

  std::string who(std::span<const AgentNumber> agents) const {
    if (agents.empty()) return {};
    std::string out = std::to_string(agents.size()) + ": ";
    const std::size_t shown = all_ || agents.size() <= kFewAgents + 1 ? agents.size() : kFewAgents;
    for (std::size_t i = 0; i < shown; ++i) out += (i > 0 ? ", " : "") + ids_.of(agents[i]);
    if (shown < agents.size()) out += ", … " + ids_.of(agents.back());
    return out;
  }

  void timeline() {
    out_ += "\ntimeline\n";
    std::size_t widest = 0;
    for (const Entry& entry : scenario_.timeline) widest = std::max(widest, entry.id.size());
    const std::size_t shown =
        all_ || plan_.steps.size() <= kFewSteps + 1 ? plan_.steps.size() : kFewSteps;
    for (std::size_t i = 0; i < shown; ++i) {
      const Step& step = plan_.steps[i];
      const Entry& entry = scenario_.timeline[step.entry];
      std::string what(happening(step.kind, entry));
      if (step.kind == StepKind::kMode) what += ' ' + std::string(to_string(step.mode));
      if (step.kind == StepKind::kEnd) what += " ends";
      line("  " + padded(clock_word(step.at), kTimeWidth) + padded(entry.id, widest) + "  " +
           padded(what, kKindWidth) + who(plan_.who_of(step)));
    }
    if (shown < plan_.steps.size()) {
      line("  … and " + std::to_string(plan_.steps.size() - shown) + " more (--all)");
    }
    line("  " + padded(clock_word(scenario_.run_for), kTimeWidth) + "all faults are healed");
  }

  bool has_faults() const {
    return std::any_of(scenario_.timeline.begin(), scenario_.timeline.end(),
                       [](const Entry& entry) {
                         return std::holds_alternative<NetFault>(entry.action) ||
                                std::holds_alternative<CollectorFault>(entry.action) ||
                                std::holds_alternative<AgentClock>(entry.action);
                       });
  }

  void alerts() {
    out_ += "\nalerts due\n";
    const auto due = alerts_due(scenario_, plan_);
    if (due.empty()) line("  none");
    const auto window = [](const AlertsDue& row) {
      return clock_word(row.earliest) + " .. " + clock_word(row.latest);
    };
    std::size_t widest = 0;
    for (const AlertsDue& row : due) widest = std::max(widest, window(row).size());
    for (const AlertsDue& row : due) {
      const std::string cause = row.entry ? scenario_.timeline[*row.entry].id
                                          : scenario_.fleet[row.group].name + ", at first sight";
      line("  " + padded(window(row), widest) + "  " +
           padded(std::string(to_string(row.type)), kTypeWidth) + std::to_string(row.count) +
           " by " + cause + std::string(unless(row)));
    }
    if (has_faults()) {
      line("  (in a world without the faults of net, collector and clocks above)");
    }
  }

  const Scenario& scenario_;
  const Plan& plan_;
  const AgentIds ids_;
  const bool all_;
  std::string out_;
};

}  // namespace

std::string plan_text(const Scenario& scenario, const Plan& plan, bool all) {
  return Text(scenario, plan, all).make();
}

}  // namespace pap::sim
