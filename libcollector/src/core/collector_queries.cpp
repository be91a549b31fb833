// SPDX-License-Identifier: MIT
// What the collector answers and shows: views, lists, counts, observers and notices.
#include <algorithm>
#include <charconv>
#include <utility>

#include "core/mutants.hpp"
#include "pap/core/collector.hpp"

namespace pap::core {

using protocol::AgentId;
using protocol::AgentView;

AgentView Collector::view_of(Slot slot, Instant now, std::string& id_buffer) const {
  const AgentRecord& record = table_[slot];
  id_buffer.clear();
  record.id().append_to(id_buffer);
  const std::string_view name =
      record.name.empty() ? std::string_view{id_buffer} : record.name.view();
  return {id_buffer,
          name,
          record.mode,
          record.uptime_seconds,
          now.wall_of(record.heard),
          detector_.is_healthy(slot, timeline_.now()) &&
              !(planted(Mutant::kHealthyWithTheSecondBeat) && record.heartbeats == 1),
          record.has(AgentRecord::kObserved),
          record.heartbeats};
}

bool Collector::settle_health(Instant now, std::size_t budget) {
  budget_ = budget;
  const bool settled = detector_.advance_health(advance(now), budget_);
  counters_.work_slices.add(budget - budget_);
  return settled;
}

protocol::FleetStats Collector::stats() const {
  protocol::FleetStats stats;
  stats.total = table_.size();
  stats.unhealthy = dead_ + detector_.unhealthy();
  stats.healthy = stats.total - stats.unhealthy;
  stats.by_mode = by_mode_;
  stats.observed = observed_;
  return stats;
}

bool Collector::append_agent(std::string& out, const AgentId& id, Instant now) {
  advance(now);
  const Slot slot = table_.find(id);
  if (slot == kNone) return false;
  std::string id_text;
  protocol::append_agent_answer(out, settings_.cluster, view_of(slot, now, id_text));
  return true;
}

// --- lists ---

std::optional<AgentList> Collector::begin_list(ListFilter filter, std::optional<std::size_t> limit,
                                               std::string_view cursor) const {
  AgentList list;
  list.filter = std::move(filter);
  list.end = table_.end();
  if (limit) list.remaining = *limit;
  if (cursor.empty()) return list;

  // start_id, a dash, the slot to go on from. Slots keep their agents, so a cursor of this start
  // stays good, whatever came and went meanwhile.
  const std::string& start = settings_.start_id;
  if (cursor.size() <= start.size() + 1 || cursor.substr(0, start.size()) != start ||
      cursor[start.size()] != '-') {
    return std::nullopt;
  }
  const std::string_view digits = cursor.substr(start.size() + 1);
  const char* const last = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), last, list.next);
  if (error != std::errc{} || stopped != last) return std::nullopt;
  return list;
}

void Collector::continue_list(AgentList& list, std::string& out, Instant now, std::size_t budget) {
  advance(now);
  const ListeningTime listening = timeline_.now();
  std::string id_text;
  const std::size_t most_bytes = out.size() + kListSliceBytes;
  const Slot begin = list.next;
  const auto count = [&] { counters_.list_slices.add(list.next - begin); };
  for (; list.next < list.end && budget > 0 && out.size() < most_bytes; ++list.next, --budget) {
    const Slot slot = list.next;
    if (!table_.known(slot)) continue;
    const AgentRecord& record = table_[slot];
    const ListFilter& filter = list.filter;
    if (filter.mode && record.mode != *filter.mode) continue;
    if (filter.healthy && detector_.is_healthy(slot, listening) != *filter.healthy) continue;
    const AgentView view = view_of(slot, now, id_text);
    if (view.agent_name.find(filter.name_part) == std::string_view::npos) continue;

    if (list.remaining == 0) {  // one more matches, so there is a next page
      list.next_cursor = settings_.start_id + '-' + std::to_string(slot);
      list.done = true;
      return count();
    }
    if (!std::exchange(list.first, false)) out += ',';
    protocol::append_agent(out, view);
    --list.remaining;
  }
  list.done = list.next >= list.end;
  count();
}

// --- observers ---

ObserverId Collector::observe(Watch watch, std::size_t max_queued_bytes, Instant now) {
  advance(now);
  const std::optional<std::string> id_text = watch.agent_id;
  const ObserverId observer = events_.add(std::move(watch), max_queued_bytes);
  if (!id_text) return observer;

  std::string message;
  const auto id = AgentId::parse(*id_text);
  const Slot slot = id ? table_.find(*id) : kNone;
  if (slot == kNone) {
    protocol::append_initial_unknown(message, settings_.cluster.id, *id_text);
  } else {
    AgentRecord& record = table_[slot];
    if (!record.has(AgentRecord::kObserved)) {
      record.set(AgentRecord::kObserved);
      ++observed_;
    }
    std::string buffer;
    protocol::append_initial(message, settings_.cluster.id, view_of(slot, now, buffer));
  }
  events_.send(observer, std::make_shared<const std::string>(std::move(message)));
  return observer;
}

void Collector::stop_observing(ObserverId observer) {
  const auto agent_id = events_.agent_of(observer);
  events_.remove(observer);
  if (!agent_id || events_.watches(*agent_id)) return;
  const auto id = AgentId::parse(*agent_id);
  const Slot slot = id ? table_.find(*id) : kNone;
  if (slot == kNone) return;
  AgentRecord& record = table_[slot];
  if (!record.has(AgentRecord::kObserved)) return;
  record.clear(AgentRecord::kObserved);
  --observed_;
}

bool Collector::watched(const AgentRecord& record) const {
  return record.has(AgentRecord::kObserved) || events_.anybody_for_all();
}

void Collector::publish(Slot slot, std::string message) {
  const AgentRecord& record = table_[slot];
  const std::string id = record.id().str();
  const std::string_view name = record.name.empty() ? std::string_view{id} : record.name.view();
  const std::uint64_t before = events_.published() + events_.missed();
  events_.publish({id, name, record.mode}, std::make_shared<const std::string>(std::move(message)));
  const std::uint64_t messages = events_.published() + events_.missed() - before;
  budget_ -= std::min<std::size_t>(budget_, messages / kMessagesPerUnit);
}

void Collector::publish_heartbeat(Slot slot, bool recovered, Instant now) {
  std::string id_text;
  const AgentView view = view_of(slot, now, id_text);
  if (recovered) {
    std::string message;
    protocol::append_recovered(message, settings_.cluster.id, view, now.wall);
    publish(slot, std::move(message));
  }
  std::string message;
  protocol::append_heartbeat_message(message, settings_.cluster.id, view, now.wall);
  publish(slot, std::move(message));
}

// --- notices ---

Notice& Collector::note(Notice::Kind kind, Slot agent) {
  if (notices_.size() >= kMaxNotices) {
    ++notices_lost_;
    notices_.pop_back();
  }
  Notice& notice = notices_.emplace_back();
  notice.kind = kind;
  if (agent == kNone) return notice;
  const AgentRecord& record = table_[agent];
  record.id().append_to(notice.agent_id);
  notice.agent_name = record.name.view();
  return notice;
}

std::vector<Notice> Collector::take_notices() { return std::exchange(notices_, {}); }

std::optional<Nanos> Collector::since_last_heartbeat(Instant now) const {
  if (!last_heartbeat_) return std::nullopt;
  return now.mono - *last_heartbeat_;
}

}  // namespace pap::core
