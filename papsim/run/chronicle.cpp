// SPDX-License-Identifier: MIT
#include "papsim/run/chronicle.hpp"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "papsim/run/step_words.hpp"
#include "papsim/scenario/quantities.hpp"

namespace pap::sim {

namespace {

constexpr std::size_t kStoriesACheck = 2;
constexpr std::size_t kMostPages = 8;

std::string word(WorldTime time) { return clock_word(Millis{time}); }

std::string uptime_word(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  return std::string{text} + " s";
}

}  // namespace

Chronicle::Chronicle(const Scenario& scenario, const Plan& plan, const Moments& ids)
    : scenario_(scenario), plan_(plan) {
  for (const auto& [id, moments] : ids) pages_[id].asked = moments;
  for (AgentNumber number = 0; number < plan.agents.size(); ++number) {
    if (Page* page = this->page(plan.agents[number].same_id_as)) page->numbers.push_back(number);
  }
}

// --- writing ---

Chronicle::Page* Chronicle::page(AgentNumber id) {
  const auto found = pages_.find(id);
  return found == pages_.end() ? nullptr : &found->second;
}

void Chronicle::put_beats(Page& page, std::vector<Line>& lines) {
  if (page.earlier_beats > 0) {
    Line earlier = *page.earlier;
    earlier.event.what = page.earlier_beats == 1
                             ? "a heartbeat"
                             : "the last of " + std::to_string(page.earlier_beats) + " heartbeats";
    lines.push_back(std::move(earlier));
  }
  std::move(page.beats.begin(), page.beats.end(), std::back_inserter(lines));
  page.beats.clear();
  page.earlier_beats = 0;
}

void Chronicle::write(AgentNumber id, Line line) {
  Page* page = this->page(id);
  if (page == nullptr) return;
  put_beats(*page, page->lines);
  page->lines.push_back(std::move(line));
}

void Chronicle::write_to_all(Line line) {
  for (auto& [id, page] : pages_) put_beats(page, page.lines);
  everybody_.lines.push_back(std::move(line));
}

void Chronicle::beat(AgentNumber id, std::string what) {
  Page* page = this->page(id);
  if (page == nullptr) return;
  while (!page->asked.empty() && *page->asked.begin() < world_->now()) {
    put_beats(*page, page->lines);
    page->asked.erase(page->asked.begin());
  }
  page->beats.push_back(line(std::move(what)));
  if (page->beats.size() <= kBeatsKept) return;
  page->earlier = std::move(page->beats.front());
  page->beats.pop_front();
  ++page->earlier_beats;
}

// --- the plan ---

void Chronicle::follow() {
  const WorldTime now = world_->now();
  while (next_step_ < plan_.steps.size() && plan_.steps[next_step_].at.count() <= now) {
    follow(plan_.steps[next_step_++]);
  }
  if (!healed_ && now >= scenario_.run_for.count()) {
    healed_ = true;
    Line healing = line("all faults are healed");
    healing.event.at = scenario_.run_for.count();
    write_to_all(std::move(healing));
  }
  look_who_is_away();
}

// Nobody tells of a beat that did not arrive; but it can be seen of its agent.
void Chronicle::look_who_is_away() {
  for (auto& [id, page] : pages_) {
    for (const AgentNumber number : page.numbers) {
      const WorldTime until = world_->fleet().away_until(number);
      if (until <= page.away_until) continue;
      page.away_until = until;
      Line line = this->line("a beat of it has failed, and it keeps away until " + word(until));
      line.event.at = std::min(world_->now(), until - (kAgentAway + 1));
      write(id, std::move(line));
    }
  }
}

void Chronicle::follow(const Step& step) {
  const Entry& entry = scenario_.timeline[step.entry];
  const auto who = plan_.who_of(step);
  const auto planned = [&](const std::string& what) {
    Line line = this->line(entry.id + ": " + what);
    line.event.at = step.at.count();
    line.event.place = entry.place;
    return line;
  };
  if (who.empty()) return write_to_all(planned(step_words(step, entry, true)));
  for (const AgentNumber agent : who) {
    write(plan_.agents[agent].same_id_as, planned(step_words(step, entry, true)));
  }
  // For the story of nobody alone.
  const bool one = who.size() == 1;
  const std::string many = std::to_string(who.size()) + (one ? " agent, " : " agents, ");
  everybody_.beats.push_back(planned(many + step_words(step, entry, one)));
}

// --- what is seen ---

void Chronicle::started(WorldTime) {
  follow();
  last_call_.reset();
  for (auto& [id, page] : pages_) page.heard.reset();
  write_to_all(line("the collector begins, and knows nobody"));
}

void Chronicle::stopped(WorldTime, const core::Collector&) {
  follow();
  write_to_all(line("the collector ends"));
}

void Chronicle::called(WorldTime now) {
  follow();
  const WorldTime gap = last_call_ ? now - *last_call_ : 0;
  last_call_ = now;
  if (gap <= kLongestCall) return;
  write_to_all(line("the collector goes on, after it was still for " + word(gap)));
}

void Chronicle::draining(WorldTime) {
  follow();
  write_to_all(line("the collector is told to stop, and drains"));
}

void Chronicle::accepted(WorldTime, const SeenBeat& seen, const SeenAnswer& answer) {
  Page* page = this->page(seen.agent);
  if (page == nullptr) return;
  std::string what = "heartbeat accepted: ";
  what += to_string(seen.mode);
  what += ", uptime " + uptime_word(seen.uptime_seconds);
  if (answer.is_new) what += ", new";
  if (answer.restart_detected) what += ", a restart";
  page->heard = world_->now();
  beat(seen.agent, std::move(what));
}

void Chronicle::refused(WorldTime, const SeenBeat& seen) {
  follow();
  beat(seen.agent, seen.uptime_seconds < 0 ? "heartbeat refused: its start lies in the future"
                                           : "heartbeat refused: the table is full");
}

void Chronicle::removed(WorldTime, AgentNumber agent) { write(agent, "removed by DELETE"); }

void Chronicle::forgotten(WorldTime, AgentNumber agent, bool to_make_room) {
  write(agent, to_make_room ? "forgotten, to make room for another"
                            : "forgotten, its retention being over");
}

// How the process of it does, beside what the collector thinks.
std::string Chronicle::state_of(AgentNumber id) const {
  std::string state = "no process of it runs";
  for (const AgentNumber number : pages_.at(id).numbers) {
    if (!world_->fleet().beating(number)) continue;
    if (!world_->fleet().away(number)) return "its process runs";
    state = "its process runs, and keeps away until " + word(world_->fleet().away_until(number));
  }
  return state;
}

void Chronicle::decided_dead(WorldTime, AgentNumber agent) {
  const Page* page = this->page(agent);
  if (page == nullptr) return;
  std::string what = "decided dead";
  if (page->heard) what += ", " + word(world_->now() - *page->heard) + " after its last heartbeat";
  write(agent, what + " (" + state_of(agent) + ")");
}

void Chronicle::posted(WorldTime, std::string_view key, std::string_view body) {
  const auto alert = nlohmann::json::parse(body);
  const AgentNumber agent =
      world_->identities().find(alert.at("agent_uuid").get_ref<const std::string&>());
  if (page(agent) == nullptr) return;
  const bool is_new = posted_.emplace(std::string{key}, agent).second;
  write(agent, alert.at("type").get<std::string>() + (is_new ? " posted" : " posted again") +
                   ", key " + std::string{key});
}

void Chronicle::answered(WorldTime, std::string_view key, std::optional<std::uint16_t> status,
                         std::optional<WorldTime> retry_after) {
  const auto found = posted_.find(std::string{key});
  if (found == posted_.end()) return;
  std::string what = "the Station ";
  what += status ? "answers " + std::to_string(*status) : std::string{"gives no whole answer"};
  if (retry_after) what += ", Retry-After " + word(*retry_after);
  write(found->second, what + " (" + found->first + ")");
}

void Chronicle::dropped(WorldTime, AgentNumber agent, protocol::AlertType type, DropCause cause) {
  write(agent,
        std::string{to_string(type)} + (cause == DropCause::kFull ? " dropped: the queue is full"
                                                                  : " dropped: its time ran out"));
}

void Chronicle::retold(WorldTime, AgentNumber agent, protocol::AlertType type) {
  write(agent,
        std::string{to_string(type)} + " is to be told afresh: it was dropped, and still holds");
}

void Chronicle::station_away(WorldTime, bool away) {
  write_to_all(line(away ? "to the collector the Station is away; what waits counts"
                         : "to the collector the Station is back"));
}

// --- telling ---

Story Chronicle::story(std::optional<AgentNumber> id, std::optional<WorldTime> until) const {
  Story story;
  std::vector<Line> lines = everybody_.lines;
  if (id) {
    story.agent = world_->identities().text_of(*id);
    Page page = pages_.at(*id);
    lines.insert(lines.end(), page.lines.begin(), page.lines.end());
    put_beats(page, lines);
  } else {
    lines.insert(lines.end(), everybody_.beats.begin(), everybody_.beats.end());
  }
  std::sort(lines.begin(), lines.end(), [](const Line& a, const Line& b) {
    return std::pair(a.event.at, a.number) < std::pair(b.event.at, b.number);
  });
  if (until) {
    std::erase_if(lines, [&](const Line& line) { return line.event.at > *until; });
  }
  if (lines.size() > kMostEvents) {
    const std::size_t left_out = lines.size() - kMostEvents + 1;
    const auto gap = lines.begin() + kMostEvents / 4;
    gap->event.what = "… and " + std::to_string(left_out) + " more";
    gap->event.place = {};
    lines.erase(gap + 1, gap + static_cast<std::ptrdiff_t>(left_out));
  }
  for (Line& line : lines) story.events.push_back(std::move(line.event));
  return story;
}

namespace {

// What the story comes to.
std::string end_of(const Check& check) {
  const bool is_rule = std::any_of(kRules.begin(), kRules.end(), [&](const RuleName& rule) {
    return rule.name == check.rule && rule.about == check.what;
  });
  std::string end =
      is_rule ? "here " + check.rule + " is broken: " : "not as " + check.rule + " has it: ";
  end += check.what;
  if (!check.bound.empty() && check.bound != "never") end += "; required: " + check.bound;
  return end;
}

// Of as many as are told of, each once: an agent may be named for each of its alerts.
std::vector<AgentNumber> first_ids(const Plan& plan, const std::vector<AgentNumber>& agents) {
  std::vector<AgentNumber> ids;
  for (const AgentNumber agent : agents) {
    const AgentNumber id = plan.agents[agent].same_id_as;
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    if (ids.size() == kStoriesACheck) break;
  }
  return ids;
}

bool has_story(const Check& check) {
  return check.verdict == Verdict::kFailed && check.rule != "fails";
}

}  // namespace

void tell_stories(const Scenario& scenario, const Plan& plan, const std::function<bool()>& stop,
                  std::vector<Check>& checks) {
  if (std::none_of(checks.begin(), checks.end(), has_story)) return;
  Chronicle::Moments ids;
  for (Check& check : checks) {
    if (!has_story(check)) continue;
    check.agents = first_ids(plan, check.agents);
    for (const AgentNumber agent : check.agents) {
      if (ids.size() >= kMostPages && !ids.contains(agent)) continue;
      std::set<WorldTime>& moments = ids[agent];
      if (check.at) moments.insert(*check.at);
    }
  }
  Chronicle chronicle(scenario, plan, ids);
  const auto world = std::make_unique<World>(scenario, plan, chronicle);
  chronicle.watch(*world);
  world->run(stop);
  if (stop()) return;
  for (Check& check : checks) {
    if (!has_story(check)) continue;
    for (const AgentNumber agent : check.agents) {
      if (ids.contains(agent)) check.stories.push_back(chronicle.story(agent, check.at));
    }
    if (check.stories.empty()) check.stories.push_back(chronicle.story({}, check.at));
    for (Story& story : check.stories) {
      story.events.push_back({check.at.value_or(world->now()), check.place, end_of(check)});
    }
  }
}

}  // namespace pap::sim
