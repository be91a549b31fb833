// SPDX-License-Identifier: MIT
#include "papsim/live/live_world.hpp"

#include <algorithm>
#include <csignal>
#include <stdexcept>
#include <utility>

#include <sys/resource.h>

#include <nlohmann/json.hpp>

#include "papsim/live/collector_metrics.hpp"

namespace pap::sim {

namespace {

constexpr std::chrono::seconds kReadyWithin{20};
constexpr std::uint32_t kPollEvery = 64;  // events of one millisecond
constexpr std::size_t kRemovesAtOnce = 200;
constexpr std::chrono::seconds kExitPatience{30};

// As many descriptors as we may have: each connection takes one.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

StationWish station_wish(const LiveOptions& options) {
  StationWish wish;
  wish.port = options.station_port;
  wish.key = kStationKey;
  wish.only_uuids = false;  // as the scenario says (VirtualStation)
  wish.keeps = false;
  return wish;
}

std::int64_t wall_ms() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<Millis>(now).count();
}

}  // namespace

LiveWorld::LiveWorld(const Scenario& scenario, const Plan& plan, const LiveOptions& options)
    : scenario_(scenario),
      plan_(plan),
      options_(options),
      identities_(scenario, plan),
      links_(scenario),
      station_(plan.seed),
      server_(station_wish(options)),
      zero_(steady_now()),
      oracle_(scenario, plan, identities_),
      fleet_(scenario, plan, wheel_, links_, station_, *this),
      lived_since_(plan.agents.size()) {
  raise_descriptor_limit();
  std::string url = options.against;
  if (url.empty()) {
    SpawnedCollector::Wish wish;
    wish.command = options.spawn;
    wish.config = scenario.collector;
    wish.started = options.started;
    if (scenario.collector.has_station) {
      wish.station_url = server_.url();
      wish.station_key = kStationKey;
    }
    collector_ = std::make_unique<SpawnedCollector>(std::move(wish));
    collector_->start();
    if (!collector_->wait_until_ready(kReadyWithin)) {
      const std::string words = collector_->last_words();
      throw std::runtime_error('"' + options.spawn + "\" does not answer GET /health" +
                               (words.empty() ? "" : ": " + words));
    }
    url = collector_->url();
  } else {
    const auto health = fetch(url, "/health");
    if (!health || health->status != 200) {
      throw std::runtime_error(url + " does not answer GET /health with 200");
    }
    oracle_.among_others();
  }
  options.tell("collector", "at " + url);
  std::string error;
  const auto target = resolve(url, error);
  if (!target) throw std::runtime_error(error);
  if (!collector_ && target->loopback) listener_ = listener_on(target->port());
  client_ = std::make_unique<RequestClient>(
      *target, options.connections, [this](const RequestClient::Result& r) { on_result(r); });
  client_->watch(desk_.descriptor());
  writer_ = std::make_unique<RequestWriter>(target->host, options.connections);
  oracle_.ask([this](AgentNumber id) { return truth_of(id); });
  // Last: should anything above throw, nobody would answer who waits at the desk.
  server_.decide([this](const ReceivedAlert& alert) { return desk_.ask(alert); });
}

LiveWorld::~LiveWorld() { desk_.close(); }

// --- the loop ---

void LiveWorld::run(const std::function<bool()>& stop) {
  const WorldTime end = (scenario_.run_for + scenario_.settle).count();
  zero_ = steady_now();
  oracle_.begins(wall_ms());
  fleet_.join_all();
  later(kScrapeEvery, kScrape);
  observe();
  while (wheel_.now() < end && !stop()) {
    go_to(std::min(real_now(), end - 1));
    if (real_now() >= end) break;
    const WorldTime next = wheel_.peek(std::min(end, wheel_.now() + kScrapeEvery));
    wait(zero_ + Millis{next} - steady_now());
  }
  if (!stop()) return finish();
  // Whoever was there before keeps nothing of us, whenever we leave.
  if (!collector_ && !options_.keeps_nobody) remove_all();
}

// The first so many agents; each once, whoever answers.
void LiveWorld::observe() {
  const std::string url = collector_ ? collector_->url() : options_.against;
  std::string error;
  const auto target = resolve(url, error);
  if (!target) return;
  const auto count = std::min<std::size_t>(scenario_.observers, plan_.agents.size());
  for (AgentNumber number = 0; number < count; ++number) {
    const std::string id = identities_.text_of(plan_.agents[number].same_id_as);
    observers_.push_back(std::make_unique<SlowObserver>(*target, id, options_.collector_key));
  }
  if (!observers_.empty()) later(SlowObserver::kReadEvery, kRead);
}

// All that is due at `now` and before.
void LiveWorld::go_to(WorldTime now) {
  const WorldTime heal_at = scenario_.run_for.count();
  while (wheel_.now() <= now) {
    WorldTime limit = now + 1;
    if (!healed_) limit = std::min(limit, heal_at);
    if (next_step_ < plan_.steps.size()) {
      limit = std::min<WorldTime>(limit, plan_.steps[next_step_].at.count());
    }
    wheel_.advance(std::max(limit, wheel_.now()));
    if (wheel_.now() > now) break;
    while (next_step_ < plan_.steps.size() && plan_.steps[next_step_].at.count() <= wheel_.now()) {
      carry_out(plan_.steps[next_step_++]);
    }
    if (!healed_ && wheel_.now() >= heal_at) heal();
    Event event;
    std::uint32_t count = 0;
    while (wheel_.take(event)) {
      dispatch(event);
      if (++count % kPollEvery == 0) wait(Nanos{0});
    }
    wheel_.step();
  }
}

void LiveWorld::wait(Nanos at_most) {
  client_->wait(at_most);
  if (!desk_.waited_at()) return;
  // The collector answers a heartbeat before it posts what follows from it: so do we hear of them.
  client_->wait(Nanos{0});
  desk_.serve([this](const ReceivedAlert& alert) { return on_post(alert); });
}

void LiveWorld::dispatch(const Event& event) {
  switch (event.kind) {
    case EventKind::kBeat:
      return fleet_.on_beat(event.who, event.data);
    case EventKind::kArrive:
      return send(event.data);
    case EventKind::kGiveUp:
      return on_give_up(event.data);
    case EventKind::kCollector:
      return on_collector(event.who);
    case EventKind::kTick:
    case EventKind::kStationAnswer:
      break;  // of the virtual world
  }
}

// --- requests ---

std::uint32_t LiveWorld::new_request(What what) {
  std::uint32_t index = static_cast<std::uint32_t>(requests_.size());
  if (free_requests_.empty()) {
    requests_.emplace_back();
  } else {
    index = free_requests_.back();
    free_requests_.pop_back();
  }
  requests_[index] = {};
  requests_[index].what = what;
  requests_[index].in_use = true;
  return index;
}

void LiveWorld::release(std::uint32_t index) {
  Request& request = requests_[index];
  if (request.copies > 0 || !request.over || !request.in_use) return;
  request.in_use = false;
  free_requests_.push_back(index);
}

void LiveWorld::beat_collector(AgentNumber number, VirtualAgent& agent) {
  start_beat(number, agent, false);
}

void LiveWorld::leave(AgentNumber number, VirtualAgent& agent) {
  start_beat(number, agent, true);
  fleet_.stop_process(number);
}

void LiveWorld::start_beat(AgentNumber number, VirtualAgent& agent, bool leaving) {
  ++figures_.planned;
  const std::uint32_t index = new_request(What::kHeartbeat);
  Request& request = requests_[index];
  request.agent = number;
  request.epoch = agent.epoch;
  request.beat = fleet_.beat_of(number, agent);
  request.planned = zero_ + Millis{wheel_.now()};
  request.leaving = leaving;
  request.copies = 1;
  const LinkCondition& link = links_.to_collector(agent.link);
  if (link.clean()) return send(index);

  const Fleet::Fate fate = fleet_.draw_fate(number, agent, link);
  if (fate.bitten) links_.bite(link);
  request.copies = fate.copies;
  request.deaf = link.cut == Cut::kFrom || link.cut == Cut::kBoth;
  request.delayed = true;
  wheel_.add(wheel_.now() + kAgentPatience, {number, index, EventKind::kGiveUp});
  if (fate.copies == 0) ++figures_.sent;
  for (std::uint8_t copy = 0; copy < fate.copies; ++copy) {
    wheel_.add(wheel_.now() + fate.delays[copy], {number, index, EventKind::kArrive});
  }
}

void LiveWorld::send(std::uint32_t index) {
  const Request& request = requests_[index];
  const std::string id = identities_.text_of(request.beat.agent);
  client_->send(request.agent, index, writer_->heartbeat(id, request.beat));
}

void LiveWorld::send_remove(AgentNumber number) {
  const std::uint32_t index = new_request(What::kRemoval);
  requests_[index].agent = number;
  const std::string id = identities_.text_of(plan_.agents[number].same_id_as);
  client_->send(number, index, writer_->remove(id, options_.collector_key));
}

void LiveWorld::on_result(const RequestClient::Result& result) {
  const auto index = static_cast<std::uint32_t>(result.token);
  Request& request = requests_[index];
  const bool ok = result.end == RequestClient::End::kAnswered && result.answer.status == 200;
  switch (request.what) {
    case What::kHeartbeat:
      return on_heartbeat(index, result);
    case What::kRemoval:
      if (ok) oracle_.removed(run_time(result.ended) + 1, plan_.agents[request.agent].same_id_as);
      break;
    case What::kScrape:
      if (ok) {
        read_metrics(result.answer.body, served_, is_served_);
        book_.sample(read_figures());
      }
      break;
  }
  request.over = true;
  release(index);
}

void LiveWorld::on_heartbeat(std::uint32_t index, const RequestClient::Result& result) {
  using End = RequestClient::End;
  Request& request = requests_[index];
  --request.copies;
  ++figures_.ends[static_cast<std::size_t>(result.end)];
  const LiveOracle::Beat beat{request.beat, run_time(result.sent), run_time(result.ended) + 1};
  const auto micros = [](Nanos time) { return time.count() / 1000; };
  if (result.end != End::kNoSocket) {
    ++figures_.sent;
    if (!request.delayed) figures_.lag.add(micros(result.sent - request.planned));
  }
  bool taken = false;
  if (result.end == End::kAnswered) {
    const std::uint16_t status = result.answer.status;
    if (status < figures_.by_status.size()) ++figures_.by_status[status];
    std::string why;
    const auto receipt = status == 200 ? read_receipt(result.answer, why) : std::nullopt;
    if (receipt) {
      taken = true;
      ++figures_.accepted;
      oracle_.accepted(beat, *receipt);
      figures_.exchange.add(micros(result.ended - result.sent));
      if (!request.delayed) figures_.answer.add(micros(result.ended - request.planned));
    } else {
      ++figures_.refused;
      if (status == 200) {
        oracle_.wrong(beat, why);
      } else {
        oracle_.refused(beat, status);
      }
    }
  } else if (result.end != End::kRefused && result.end != End::kNoSocket) {
    oracle_.unanswered(beat);
  }
  if (taken && request.leaving) send_remove(requests_[index].agent);
  if (!requests_[index].deaf) end_for_agent(index, taken);
  release(index);
}

void LiveWorld::on_give_up(std::uint32_t index) {
  end_for_agent(index, false);
  release(index);
}

void LiveWorld::end_for_agent(std::uint32_t index, bool taken) {
  Request& request = requests_[index];
  if (std::exchange(request.over, true)) return;
  VirtualAgent& agent = fleet_.at(request.agent);
  if (agent.epoch != request.epoch) return;
  if (agent.has(VirtualAgent::kFrozen)) return agent.set(VirtualAgent::kMissed);
  const WorldTime now = std::max(real_now(), wheel_.now());
  if (taken) {
    fleet_.end_beat(request.agent, agent, now);
  } else {
    fleet_.fail_beat(request.agent, agent, now);
  }
}

// --- what is known at the end ---

LiveOracle::Truth LiveWorld::truth_of(AgentNumber id) const {
  LiveOracle::Truth truth;
  truth.lived_since = lived_since_[id];
  for (const AgentNumber number : processes_of(scenario_, plan_, id)) {
    if (!fleet_.beating(number)) continue;
    truth.beating = true;
    truth.away_until = std::max(truth.away_until, fleet_.away_until(number));
  }
  return truth;
}

Figures LiveWorld::read_figures() const {
  Figures figures = served_;
  const auto set = [&](Metric metric, std::uint64_t value) {
    sim::figure(figures, metric) = static_cast<std::int64_t>(value);
  };
  set(Metric::kHeartbeatsSent, figures_.sent);
  set(Metric::kHeartbeatsAccepted, figures_.accepted);
  set(Metric::kHeartbeatsRefused, figures_.refused);
  set(Metric::kHeartbeatsFailed, fleet_.beats_failed());
  set(Metric::kHeartbeatsToStation, fleet_.beats_at_station());
  set(Metric::kStationPosts, posts_);
  set(Metric::kStationStored, stores_);
  set(Metric::kStationStoredTwice, stored_twice_);
  set(Metric::kLiveErrors, figures_.planned - figures_.accepted);
  return figures;
}

std::optional<std::int64_t> LiveWorld::figure(Metric metric, Statistic statistic,
                                              std::optional<std::size_t> during) const {
  if (is_served(metric)) {
    const auto index = static_cast<std::size_t>(metric);
    const bool counts = kMetrics[index].kind == MetricKind::kCounter;
    if (is_served_.empty() || !is_served_[index] || (counts && restarts_ > 0)) return std::nullopt;
  }
  return book_.value(metric, statistic, during, read_figures());
}

std::optional<ProcessUse> LiveWorld::collector_use() const {
  if (collector_) return use_of(collector_->pid());
  return listener_ ? use_of(*listener_) : std::nullopt;
}

void LiveWorld::finish() {
  if (options_.keeps_nobody) return;
  while (stopped_ > 0) let_collector_go_on();
  const std::string url = collector_ ? collector_->url() : options_.against;
  const WorldTime from = real_now();
  const auto agents = fetch(url, "/agents", options_.collector_key);
  const WorldTime to = real_now() + 1;
  const auto list = agents && agents->status == 200
                        ? nlohmann::json::parse(agents->body, nullptr, false)
                        : nlohmann::json();
  if (!list.is_object()) {
    throw std::runtime_error("GET /agents of " + url + " is not answered with a list at the end" +
                             (agents ? ": status " + std::to_string(agents->status) : ""));
  }
  oracle_.listed(from, to, list);
  for (const auto& observer : observers_) {
    if (!observer->trouble().empty()) oracle_.not_observed(to, observer->trouble());
  }
  const auto metrics = fetch(url, "/metrics");
  if (metrics && metrics->status == 200) read_metrics(metrics->body, served_, is_served_);
  book_.sample(read_figures());
  if (collector_) {
    wait_for_exit();
  } else {
    remove_all();
  }
}

void LiveWorld::wait_for_exit() {
  oracle_.told_to_end(real_now());
  collector_->signal(SIGTERM);
  const Nanos until = steady_now() + kExitPatience;
  while (collector_->running() && steady_now() < until) wait(Millis{10});
  if (collector_->running()) collector_->signal(SIGKILL);
  oracle_.ended(real_now());
}

// A collector that was there before keeps nothing of us.
void LiveWorld::remove_all() {
  for (AgentNumber number = 0; number < plan_.agents.size(); ++number) {
    if (plan_.agents[number].same_id_as != number) continue;
    while (client_->waiting() >= kRemovesAtOnce) wait(Millis{10});
    send_remove(number);
  }
  const Nanos until = steady_now() + kExitPatience;
  while (client_->waiting() > 0 && steady_now() < until) wait(Millis{10});
}

}  // namespace pap::sim
