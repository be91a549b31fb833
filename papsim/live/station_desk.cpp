// SPDX-License-Identifier: MIT
#include "papsim/live/station_desk.hpp"

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

#include <sys/eventfd.h>
#include <unistd.h>

namespace pap::sim {

StationDesk::StationDesk() : descriptor_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

StationDesk::~StationDesk() { ::close(descriptor_); }

StationAct StationDesk::ask(const ReceivedAlert& alert) {
  Waiting waiting{&alert, {}, false};
  std::unique_lock lock(mutex_);
  if (closed_) return StationAct::judge();
  waiting_.push_back(&waiting);
  const std::uint64_t one = 1;
  (void)!::write(descriptor_, &one, sizeof one);
  answered_.wait(lock, [&] { return waiting.done; });
  return std::move(waiting.act);
}

bool StationDesk::waited_at() const {
  const std::lock_guard lock(mutex_);
  return !waiting_.empty();
}

void StationDesk::serve(const std::function<StationAct(const ReceivedAlert&)>& decide) {
  std::uint64_t count = 0;
  if (::read(descriptor_, &count, sizeof count) < 0) return;  // nobody came
  const std::lock_guard lock(mutex_);
  // Whom it throws at stays in the row: close() lets them go.
  while (!waiting_.empty()) {
    Waiting* const waiting = waiting_.front();
    waiting->act = decide(*waiting->alert);
    waiting->done = true;
    waiting_.pop_front();
  }
  answered_.notify_all();
}

void StationDesk::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (Waiting* waiting : std::exchange(waiting_, {})) {
    waiting->act = StationAct::judge();
    waiting->done = true;
  }
  answered_.notify_all();
}

}  // namespace pap::sim
