// SPDX-License-Identifier: MIT
#include "pap/core/event_bus.hpp"

#include <algorithm>
#include <utility>

#include "pap/protocol/answers.hpp"

namespace pap::core {
namespace {

// No longer than this: {"type":"dropped","count":18446744073709551615}
constexpr std::size_t kDropNoticeBytes = 48;

}  // namespace

ObserverId EventBus::add(Watch watch, std::size_t max_queued_bytes) {
  const ObserverId id = ++last_id_;
  if (watch.agent_id) {
    by_agent_[*watch.agent_id].push_back(id);
  } else {
    for_all_.push_back(id);
  }
  Observer observer;
  observer.watch = std::move(watch);
  observer.max_bytes = max_queued_bytes;
  observers_.emplace(id, std::move(observer));
  return id;
}

void EventBus::remove(ObserverId id) {
  const auto found = observers_.find(id);
  if (found == observers_.end()) return;
  const Watch& watch = found->second.watch;
  if (watch.agent_id) {
    const auto agent = by_agent_.find(*watch.agent_id);
    agent->second.erase(std::find(agent->second.begin(), agent->second.end(), id));
    if (agent->second.empty()) by_agent_.erase(agent);
  } else {
    for_all_.erase(std::find(for_all_.begin(), for_all_.end(), id));
  }
  queued_bytes_ -= found->second.bytes;
  observers_.erase(found);
}

std::optional<std::string> EventBus::agent_of(ObserverId id) const {
  const auto found = observers_.find(id);
  if (found == observers_.end()) return std::nullopt;
  return found->second.watch.agent_id;
}

void EventBus::publish(const Subject& subject, const Message& message) {
  if (const auto agent = by_agent_.find(subject.agent_id); agent != by_agent_.end()) {
    for (const ObserverId id : agent->second) queue(id, observers_.at(id), message);
  }
  for (const ObserverId id : for_all_) {
    Observer& observer = observers_.at(id);
    const Watch& watch = observer.watch;
    if (watch.mode && *watch.mode != subject.mode) continue;
    if (subject.agent_name.find(watch.name_part) == std::string_view::npos) continue;
    queue(id, observer, message);
  }
}

void EventBus::send(ObserverId id, const Message& message) {
  const auto found = observers_.find(id);
  if (found != observers_.end()) queue(id, found->second, message);
}

void EventBus::queue(ObserverId id, Observer& observer, const Message& message) {
  const auto wake = [&] {
    if (!std::exchange(observer.woken, true)) woken_.push_back(id);
  };
  const std::size_t notice_bytes = observer.dropped > 0 ? kDropNoticeBytes : 0;
  if (observer.bytes + notice_bytes + message->size() > observer.max_bytes) {
    ++observer.dropped;
    ++missed_;
    wake();  // with an empty queue, where it was too long by itself: the notice can go
    return;
  }
  if (observer.dropped > 0) {
    std::string notice;
    protocol::append_dropped(notice, std::exchange(observer.dropped, 0));
    observer.queue.push_back(std::make_shared<const std::string>(std::move(notice)));
    observer.bytes += observer.queue.back()->size();
    queued_bytes_ += observer.queue.back()->size();
  }
  observer.queue.push_back(message);
  observer.bytes += message->size();
  queued_bytes_ += message->size();
  ++published_;
  wake();
}

Message EventBus::next(ObserverId id) {
  const auto found = observers_.find(id);
  if (found == observers_.end()) return nullptr;
  Observer& observer = found->second;
  if (observer.queue.empty() && observer.dropped > 0) {
    // Nothing fitted after what was dropped: the notice goes by itself.
    std::string notice;
    protocol::append_dropped(notice, std::exchange(observer.dropped, 0));
    return std::make_shared<const std::string>(std::move(notice));
  }
  if (observer.queue.empty()) {
    observer.woken = false;
    return nullptr;
  }
  Message message = std::move(observer.queue.front());
  observer.queue.pop_front();
  observer.bytes -= message->size();
  queued_bytes_ -= message->size();
  return message;
}

std::vector<ObserverId> EventBus::take_woken(std::size_t most) {
  const auto end = woken_.begin() + static_cast<std::ptrdiff_t>(std::min(most, woken_.size()));
  std::vector<ObserverId> taken(woken_.begin(), end);
  woken_.erase(woken_.begin(), end);
  return taken;
}

}  // namespace pap::core
