// SPDX-License-Identifier: MIT
#pragma once

// One collector, asked again and again for what the model shows of it: the unhealthy, as many of
// the healthy as have room, metrics and alerts.
//
// Limits: kMostPages pages of the unhealthy a round; of what they hold, kMostRows are kept.
// Threads: the loop's.

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include "papctl/client/agent_splitter.hpp"
#include "papctl/client/fetch.hpp"
#include "papctl/top/model.hpp"

namespace pap::ctl::top {

inline constexpr std::chrono::milliseconds kAskEvery{2'000};
inline constexpr std::size_t kMostPages = 8;

class Feed {
 public:
  // `told` is called when the model has changed.
  Feed(boost::asio::io_context& io, Fetcher& fetcher, const Target& target, std::size_t place,
       Model& model, std::function<void()> told);

  // A round from its beginning, now: the choice has changed.
  void ask();
  // Of the first round, when it ended and there was no answer.
  const std::optional<Failure>& first_failure() const { return first_failure_; }
  bool has_begun() const { return begun_; }

 private:
  void ask_agents(bool healthy, const std::string& cursor);
  void on_agents(bool healthy, const Fetched& fetched);
  void ask_metrics();
  void ask_alerts();
  bool take(std::string_view text, TimePoint now);
  void cut(std::size_t size);
  // Of an answer that is none.
  bool is_lost(const Fetched& fetched, const std::string& path);
  void lost(const std::string& why, const Failure& failure);
  void rest();

  boost::asio::steady_timer timer_;
  Fetcher& fetcher_;
  const Target target_;
  const Endpoint endpoint_;
  const std::size_t place_;
  Model& model_;
  const std::function<void()> told_;

  std::unique_ptr<Fetch> fetch_;
  std::unique_ptr<AgentSplitter> splitter_;
  Choice choice_;
  Sort sort_ = Sort::kWorst;
  FleetPart part_;
  std::size_t pages_ = 0;
  TimePoint page_time_;
  bool asks_healthy_ = false;
  bool old_ = false;  // it answers with the whole fleet, whatever is asked
  bool broken_ = false;
  bool begun_ = false;
  std::optional<Failure> first_failure_;
};

}  // namespace pap::ctl::top
