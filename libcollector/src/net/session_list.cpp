// SPDX-License-Identifier: MIT
#include "net/session_list.hpp"

#include <numeric>

namespace pap::net {

void SessionList::enter(SessionLink& session, Phase phase, Time now) {
  leave(session);
  const std::size_t kind = index(phase);
  session.phase = phase;
  session.due = now + timeouts_[kind];
  session.previous = tails_[kind];
  session.next = nullptr;
  (tails_[kind] == nullptr ? heads_[kind] : tails_[kind]->next) = &session;
  tails_[kind] = &session;
  session.linked = true;
  ++sizes_[kind];
}

void SessionList::leave(SessionLink& session) {
  if (!session.linked) return;
  const std::size_t kind = index(session.phase);
  (session.previous == nullptr ? heads_[kind] : session.previous->next) = session.next;
  (session.next == nullptr ? tails_[kind] : session.next->previous) = session.previous;
  session.linked = false;
  --sizes_[kind];
}

SessionLink* SessionList::overdue(Phase phase, Time now) const {
  SessionLink* const head = heads_[index(phase)];
  return head != nullptr && head->due <= now ? head : nullptr;
}

std::size_t SessionList::size() const {
  return std::accumulate(sizes_.begin(), sizes_.end(), std::size_t{0});
}

}  // namespace pap::net
