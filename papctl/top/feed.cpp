// SPDX-License-Identifier: MIT
#include "papctl/top/feed.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "papctl/client/agent.hpp"
#include "papctl/client/fleet.hpp"
#include "papctl/client/json_text.hpp"

namespace pap::ctl::top {
namespace {

using Json = nlohmann::ordered_json;

// A screen that says nothing new for longer is told why instead.
constexpr std::chrono::milliseconds kPatience{5'000};

Moment now() { return {std::chrono::steady_clock::now(), std::chrono::system_clock::now()}; }

}  // namespace

Feed::Feed(boost::asio::io_context& io, Fetcher& fetcher, const Target& target, std::size_t place,
           Model& model, std::function<void()> told)
    : timer_(io),
      fetcher_(fetcher),
      target_(target),
      endpoint_(Endpoint::parse(target.collector)),
      place_(place),
      model_(model),
      told_(std::move(told)) {}

void Feed::ask() {
  timer_.cancel();
  fetch_.reset();
  choice_ = model_.choice();
  sort_ = model_.sort();
  part_ = {};
  old_ = false;
  pages_ = 0;
  ask_agents(false, {});
}

void Feed::ask_agents(bool healthy, const std::string& cursor) {
  asks_healthy_ = healthy;
  broken_ = false;
  splitter_ = std::make_unique<AgentSplitter>(
      [this](std::string_view text) { return take(text, page_time_); });
  const std::size_t limit = healthy ? kMostRows : kPage;
  const std::string path = agents_query(choice_, healthy, limit) +
                           (cursor.empty() ? "" : "&cursor=" + percent_encoded(cursor));
  fetch_ = fetcher_.get(
      target_, path, kPatience,
      [this, healthy](const Fetched& fetched) { on_agents(healthy, fetched); },
      [this](std::string_view piece, TimePoint time) {
        page_time_ = time;
        broken_ = !splitter_->feed(piece);
        return !broken_;
      });
}

bool Feed::take(std::string_view text, TimePoint time) {
  Json json = read_json(text);
  if (!json.is_object()) return false;
  Agent agent = Agent::from(std::move(json));
  if (agent.healthy && !asks_healthy_) old_ = true;
  if (!choice_.takes(agent)) return true;
  part_.rows.push_back(AgentRow::from(std::move(agent), time));
  // Of a whole fleet, no more than twice what is kept is ever here.
  if (part_.rows.size() >= 2 * kMostRows) cut(kMostRows);
  return true;
}

void Feed::cut(std::size_t size) {
  if (part_.rows.size() <= size) return;
  std::nth_element(part_.rows.begin(), part_.rows.begin() + static_cast<std::ptrdiff_t>(size),
                   part_.rows.end(),
                   [this](const AgentRow& a, const AgentRow& b) { return before(sort_, a, b); });
  part_.rows.resize(size);
  part_.more = true;
}

void Feed::on_agents(bool healthy, const Fetched& fetched) {
  if (is_lost(fetched, "/agents")) return;
  const Json rest = read_json(splitter_->rest());
  if (broken_ || !rest.is_object()) {
    return lost("its answer is not JSON",
                {kError, "the answer of " + endpoint_.url("/agents") + " is not JSON",
                 "Is this a collector? --debug shows the exchange."});
  }
  if (!part_.counts) part_.counts = Counts::from(rest.value("stats", Json::object()));
  std::string cursor;
  if (const auto found = rest.find("next_cursor"); found != rest.end() && found->is_string()) {
    cursor = found->get<std::string>();
  }
  if (!healthy) {
    if (!cursor.empty() && ++pages_ < kMostPages) return ask_agents(false, cursor);
    if (!cursor.empty()) part_.more = true;
    if (!old_ && part_.rows.size() < kMostRows) return ask_agents(true, {});
    if (!old_) part_.more = true;
  } else if (!cursor.empty()) {
    part_.more = true;
  }
  cut(kMostRows);
  model_.on_agents(place_, std::exchange(part_, {}), now());
  begun_ = true;
  told_();
  ask_metrics();
}

void Feed::ask_metrics() {
  fetch_ = fetcher_.get(target_, "/metrics", kPatience, [this](const Fetched& fetched) {
    if (fetched.failure) return lost(fetched.why, *fetched.failure);
    const bool there = fetched.answer.status == 200;
    model_.on_metrics(place_, there ? Metrics::parse(fetched.answer.body) : Metrics{}, now());
    ask_alerts();
  });
}

void Feed::ask_alerts() {
  const std::string path = "/alerts?limit=" + std::to_string(kMostAlerts);
  fetch_ = fetcher_.get(target_, path, kPatience, [this](const Fetched& fetched) {
    if (fetched.answer.status != 404 && is_lost(fetched, "/alerts")) return;
    model_.on_alerts(place_, fetched.answer.status == 404
                                 ? std::nullopt
                                 : std::optional(read_json(fetched.answer.body)));
    told_();
    rest();
  });
}

bool Feed::is_lost(const Fetched& fetched, const std::string& path) {
  if (fetched.failure) {
    lost(fetched.why, *fetched.failure);
  } else if (fetched.answer.status != 200) {
    const Failure failure = refusal_of(endpoint_.url(path), fetched.answer);
    lost(failure.status() == kNotAuthorised
             ? "not authorised"
             : "it answered " + std::to_string(fetched.answer.status),
         failure);
  } else {
    return false;
  }
  return true;
}

void Feed::lost(const std::string& why, const Failure& failure) {
  model_.on_lost(place_, why, now());
  if (!std::exchange(begun_, true)) first_failure_ = failure;
  told_();
  rest();
}

void Feed::rest() {
  timer_.expires_after(kAskEvery);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) ask();
  });
}

}  // namespace pap::ctl::top
