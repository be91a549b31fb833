// SPDX-License-Identifier: MIT
#include "papctl/top/model.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace pap::ctl::top {
namespace {

using Json = nlohmann::ordered_json;
using Kind = Key::Kind;

std::uint64_t count_of(const Json& object, const char* key) {
  if (!object.is_object()) return 0;
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

std::optional<double> beats_of(const Metrics& metrics) {
  std::optional<double> sum;
  for (const char* mode : kModes) {
    const auto beats = metrics.value("heartbeats_total", "mode=\"" + std::string(mode) + '"');
    if (beats && std::isfinite(*beats)) sum = sum.value_or(0) + *beats;
  }
  return sum;
}

std::size_t rank_of(const std::string& mode) {
  return static_cast<std::size_t>(std::find(kModes.begin(), kModes.end(), mode) - kModes.begin());
}

}  // namespace

Counts Counts::from(const Json& stats) {
  Counts out;
  out.total = count_of(stats, "total");
  out.healthy = count_of(stats, "healthy");
  out.unhealthy = count_of(stats, "unhealthy");
  const Json modes = stats.is_object() ? stats.value("by_mode", Json()) : Json();
  for (std::size_t i = 0; i < kModes.size(); ++i) out.by_mode[i] = count_of(modes, kModes[i]);
  return out;
}

AgentRow AgentRow::from(Agent agent, TimePoint now) {
  AgentRow row;
  row.id = std::move(agent.id);
  row.name = std::move(agent.name);
  row.mode = std::move(agent.mode);
  row.healthy = agent.healthy;
  // A Date is cut to the second: what seems to lie ahead is now.
  if (agent.last_seen) {
    row.silent =
        std::max(std::chrono::duration_cast<std::chrono::milliseconds>(now - *agent.last_seen),
                 std::chrono::milliseconds{0});
  }
  row.uptime_seconds = agent.uptime_seconds;
  row.beats = agent.beats;
  return row;
}

const char* name_of(Sort sort) {
  switch (sort) {
    case Sort::kWorst:
      return "worst";
    case Sort::kName:
      return "name";
    case Sort::kMode:
      return "mode";
    case Sort::kUptime:
      return "uptime";
    case Sort::kBeats:
      return "beats";
  }
  return "";
}

bool before(Sort sort, const AgentRow& a, const AgentRow& b) {
  switch (sort) {
    case Sort::kWorst:
      if (a.healthy != b.healthy) return !a.healthy;
      if (a.silent != b.silent) return a.silent > b.silent;
      break;
    case Sort::kName:
      if (a.name != b.name) return a.name < b.name;
      break;
    case Sort::kMode:
      if (a.mode != b.mode) return rank_of(a.mode) < rank_of(b.mode);
      break;
    case Sort::kUptime:
      if (a.uptime_seconds != b.uptime_seconds) return a.uptime_seconds > b.uptime_seconds;
      break;
    case Sort::kBeats:
      if (a.beats != b.beats) return a.beats > b.beats;
      break;
  }
  return a.id < b.id;
}

Model::Model(const std::vector<std::string>& labels) {
  for (const std::string& label : labels) {
    CollectorState state;
    state.label = label;
    collectors_.push_back(std::move(state));
  }
}

void Model::on_agents(std::size_t collector, FleetPart part, Moment now) {
  CollectorState& state = collectors_[collector];
  state.answered = true;
  state.why_lost.reset();
  state.counts = part.counts.value_or(Counts{});
  state.rows = std::move(part.rows);
  state.more = part.more;
  state.rows_at = now.steady;
}

void Model::on_metrics(std::size_t collector, const Metrics& metrics, Moment now) {
  CollectorState& state = collectors_[collector];
  const auto beats = beats_of(metrics);
  // A collector that has started anew counts from nought.
  if (!beats || (!state.beats.empty() && *beats < state.beats.back().second)) state.beats.clear();
  if (beats) state.beats.emplace_back(now.steady, *beats);
  if (state.beats.size() > kRateSamples) state.beats.pop_front();
  state.rate.reset();
  if (state.beats.size() > 1) {
    const std::chrono::duration<double> time = now.steady - state.beats.front().first;
    if (time.count() > 0) state.rate = (*beats - state.beats.front().second) / time.count();
  }
  state.queue = metrics.value("alert_queue_size");
  state.waiting = metrics.value("alerts_waiting");
  state.in_flight = metrics.value("alerts_in_flight");
  state.station_away = metrics.value("station_away");
  state.station_set = metrics.value("station_set").value_or(1) > 0;
}

void Model::on_alerts(std::size_t collector, std::optional<Json> answer) {
  CollectorState& state = collectors_[collector];
  state.has_alerts = answer.has_value();
  state.alerts.clear();
  if (!answer || !answer->is_object()) return;
  const Json alerts = answer->value("alerts", Json::array());
  if (!alerts.is_array()) return;
  for (const Json& alert : alerts) {
    if (state.alerts.size() == kMostAlerts) break;
    if (alert.is_object()) state.alerts.push_back(alert);
  }
}

void Model::on_lost(std::size_t collector, const std::string& why, Moment now) {
  CollectorState& state = collectors_[collector];
  if (!state.why_lost) state.lost_since = now.wall;
  state.why_lost = why;
  // How fast it hears is not known any more, and what it heard meanwhile is no rate.
  state.rate.reset();
  state.beats.clear();
}

void Model::on_message(std::string message) {
  if (!drill_) return;
  drill_->messages.push_back(std::move(message));
  if (drill_->messages.size() > kMostMessages) drill_->messages.pop_front();
}

void Model::on_stream(std::string trouble) {
  if (drill_) drill_->trouble = std::move(trouble);
}

Choice Model::choice() const {
  Choice choice;
  choice.mode = mode_;
  if (filter_.empty()) return choice;
  // What holds no sign of a glob may stand anywhere in the name, as people expect of a search.
  const bool glob = filter_.find_first_of("*?[\\") != std::string::npos;
  choice.name_glob = glob ? filter_ : '*' + filter_ + '*';
  return choice;
}

std::vector<Listed> Model::listed() const {
  std::vector<Listed> out;
  const Choice wanted = choice();
  for (std::size_t i = 0; i < collectors_.size(); ++i) {
    for (const AgentRow& row : collectors_[i].rows) {
      Agent agent;
      agent.name = row.name;
      agent.mode = row.mode;
      if (wanted.takes(agent)) out.push_back({i, &row});
    }
  }
  std::stable_sort(out.begin(), out.end(), [this](const Listed& a, const Listed& b) {
    return before(sort_, *a.row, *b.row);
  });
  return out;
}

std::size_t Model::selected(const std::vector<Listed>& listed) const {
  const auto found = std::find_if(listed.begin(), listed.end(), [this](const Listed& each) {
    return each.collector == selected_.first && each.row->id == selected_.second;
  });
  if (!selected_.second.empty() && found != listed.end()) {
    return static_cast<std::size_t>(found - listed.begin());
  }
  return listed.empty() ? 0 : std::min(place_, listed.size() - 1);
}

void Model::select(const std::vector<Listed>& listed, std::size_t place) {
  if (listed.empty()) return;
  place_ = std::min(place, listed.size() - 1);
  // At the top it is the worst that is wanted, whoever that will be.
  selected_ = {listed[place_].collector, place_ == 0 ? std::string() : listed[place_].row->id};
}

Todo Model::on_key(const Key& key, std::size_t page) {
  if (key.kind == Kind::kRedraw) return Todo::kRedraw;
  if (editing_) return edit(key);
  return command(key, page);
}

Todo Model::edit(const Key& key) {
  const std::string was = filter_;
  switch (key.kind) {
    case Kind::kText:
      if (filter_.size() + key.text.size() <= kLongestFilter) filter_ += key.text;
      break;
    case Kind::kBackspace:
      // A character, not a byte.
      while (!filter_.empty() && (static_cast<unsigned char>(filter_.back()) & 0xC0U) == 0x80U) {
        filter_.pop_back();
      }
      if (!filter_.empty()) filter_.pop_back();
      break;
    case Kind::kClearLine:
      filter_.clear();
      break;
    case Kind::kEscape:
      filter_ = before_edit_;
      editing_ = false;
      break;
    case Kind::kEnter:
      editing_ = false;
      break;
    default:
      break;
  }
  if (filter_ == was) return Todo::kNothing;
  place_ = 0;
  selected_ = {};
  return Todo::kAskAgain;
}

Todo Model::command(const Key& key, std::size_t page) {
  if (key.is('q')) return Todo::kQuit;
  if (help_) {  // any other key has read it
    help_ = false;
    return Todo::kNothing;
  }
  if (key.is('?') || key.is('h')) {
    help_ = true;
    return Todo::kNothing;
  }
  if (drill_) {
    if (key.kind != Kind::kEscape) return Todo::kNothing;
    drill_.reset();
    return Todo::kLeave;
  }

  const auto all = listed();
  const std::size_t at = selected(all);
  const std::size_t step = std::max<std::size_t>(page, 1);
  if (key.kind == Kind::kUp || key.is('k')) {
    select(all, at - std::min<std::size_t>(at, 1));
  } else if (key.kind == Kind::kDown || key.is('j')) {
    select(all, at + 1);
  } else if (key.kind == Kind::kPageUp) {
    select(all, at - std::min(at, step));
  } else if (key.kind == Kind::kPageDown) {
    select(all, at + step);
  } else if (key.kind == Kind::kHome || key.is('g')) {
    select(all, 0);
  } else if (key.kind == Kind::kEnd || key.is('G')) {
    select(all, all.size());
  } else if (key.kind == Kind::kEnter && !all.empty()) {
    drill_ = Drill{all[at].collector, all[at].row->id, all[at].row->name, {}, {}};
    return Todo::kObserve;
  } else if (key.is('/')) {
    before_edit_ = filter_;
    editing_ = true;
  } else if (key.kind == Kind::kEscape && (!filter_.empty() || mode_)) {
    filter_.clear();
    mode_.reset();
    return Todo::kAskAgain;
  } else if (key.is('m')) {
    const std::size_t next = mode_ ? rank_of(*mode_) + 1 : 0;
    mode_ = next < kModes.size() ? std::optional<std::string>(kModes[next]) : std::nullopt;
    return Todo::kAskAgain;
  } else if (key.is('s')) {
    sort_ = sort_ == Sort::kBeats ? Sort::kWorst : static_cast<Sort>(static_cast<int>(sort_) + 1);
    return Todo::kAskAgain;
  }
  return Todo::kNothing;
}

}  // namespace pap::ctl::top
