// SPDX-License-Identifier: MIT
#include "support/fleet.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <map>
#include <mutex>
#include <queue>
#include <random>
#include <system_error>
#include <thread>

namespace pap::test {
namespace {

using Clock = std::chrono::steady_clock;
using Time = Clock::time_point;
using Duration = Fleet::Duration;
using std::chrono::duration_cast;
using std::chrono::microseconds;

constexpr std::chrono::seconds kTimeout{5};
constexpr std::chrono::seconds kAway{60};
constexpr std::chrono::seconds kIdleOpen{4};

Duration interval_of(const std::string& mode) {
  if (mode == "EMERGENCY") return std::chrono::seconds(5);
  return mode == "IDLE" ? std::chrono::seconds(30) : std::chrono::minutes(15);
}

std::string draw_uuid(std::mt19937_64& random) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text = "00000000-0000-4000-8000-000000000000";
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '0') text[i] = kDigits[random() % kDigits.size()];
  }
  return text;
}

int must(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void judge_answer(const HeartbeatPost& post, Beat& beat) {
  beat.status = post.status();
  const auto answer = nlohmann::json::parse(post.body(), nullptr, false);
  const auto has = [&](const char* name, bool (nlohmann::json::*is)() const noexcept) {
    return answer.contains(name) && (answer[name].*is)();
  };
  if (beat.status != 200 || !answer.is_object() || answer.size() != 4 ||
      answer.value("received", nlohmann::json()) != true ||
      !has("is_new", &nlohmann::json::is_boolean) ||
      !has("restart_detected", &nlohmann::json::is_boolean) ||
      !has("next_heartbeat_ms", &nlohmann::json::is_number_unsigned)) {
    beat.end = Beat::End::kBadAnswer;
    beat.answer = post.body();
    return;
  }
  beat.end = Beat::End::kAnswered;
  beat.is_new = answer["is_new"];
  beat.restart_detected = answer["restart_detected"];
}

}  // namespace

const Beat* AgentLife::last_answered() const {
  const auto found = std::find_if(beats.rbegin(), beats.rend(), [](const Beat& beat) {
    return beat.end == Beat::End::kAnswered;
  });
  return found == beats.rend() ? nullptr : &*found;
}

class Fleet::Impl {
 public:
  Impl(Target target, std::uint64_t seed) : random_(seed), target_(std::move(target)) {
    raise_descriptor_limit();
    epoll_ = must(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    poke_ = must(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd");
    watch(poke_, kPoke, EPOLLIN);
    thread_ = std::thread([this] { run(); });
  }

  ~Impl() {
    command([this] { stopping_ = true; });
    thread_.join();
    ::close(poke_);
    ::close(epoll_);
  }

  // Runs `change` between two events, and lets the thread look at its queue anew.
  template <typename Change>
  void command(Change change) {
    {
      const std::lock_guard lock(mutex_);
      change();
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(poke_, &one, sizeof one);
  }

  template <typename Change>
  void each(std::span<const Agent> agents, Change change) {
    command([&] { std::ranges::for_each(agents, change); });
  }

  void join(const AgentWish& wish, Time first, Agents& agents) {
    const Time now = Clock::now();
    agents.push_back(lives_.size());
    AgentLife life;
    life.id = wish.id.empty() ? draw_uuid(random_) : wish.id;
    life.mode = wish.mode;
    lives_.push_back(std::move(life));
    states_.push_back({wish, target_, now - wish.age, {}, {}, 0, false, false, {}});
    plan(agents.back(), first);
  }

  void end_process(Agent agent) {
    State& state = states_[agent];
    ++state.generation;
    for (auto it = posts_.begin(); it != posts_.end();) {
      if (it->second.agent != agent) {
        ++it;
        continue;
      }
      if (!it->second.resting) {
        Beat& beat = beat_of(it->second);
        beat.end = Beat::End::kAbandoned;
        beat.ended = Clock::now();
      }
      it = posts_.erase(it);
    }
    lives_[agent].alive = false;
    lives_[agent].died = Clock::now();
  }

  void restart(Agent agent, Duration down) {
    end_process(agent);
    State& state = states_[agent];
    state.born = Clock::now() + down;
    state.away_until = {};
    state.frozen_until = {};
    lives_[agent].alive = true;
    plan(agent, state.born);
  }

  void set_mode(Agent agent, const std::string& mode) {
    lives_[agent].mode = mode;
    ++states_[agent].generation;
    plan(agent, Clock::now());
  }

  bool wait(const std::function<bool(const Lives&)>& is_true, Duration patience) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, patience, [&] { return is_true(lives_); });
  }

  struct State {
    AgentWish wish;
    Target target;
    Time born;
    Time away_until;
    Time frozen_until;
    std::uint64_t generation = 0;  // an older one's beats are void
    bool lose_next = false;
    bool lost_last = false;
    Time planned;  // of the next beat, without its jitter
  };

  // Behind the mutex.
  std::mutex mutex_;
  std::condition_variable changed_;
  std::mt19937_64 random_;
  Target target_;
  Lives lives_;
  std::vector<State> states_;
  FleetCounts counts_;

 private:
  static constexpr std::uint64_t kPoke = 0;

  struct Post {
    std::unique_ptr<HeartbeatPost> wire;
    Agent agent = 0;
    std::uint64_t generation = 0;  // of the agent
    std::size_t beat = 0;          // of its life
    bool resting = false;          // answered, and still open
  };
  struct Event {
    enum class Kind : std::uint8_t { kBeat, kPostOver };
    Time when;
    Kind kind;
    Agent agent;           // of kBeat
    std::uint64_t number;  // kBeat: the agent's generation; kPostOver: the post
    friend bool operator<(const Event& a, const Event& b) { return a.when > b.when; }
  };

  void watch(int descriptor, std::uint64_t number, std::uint32_t events) const {
    epoll_event event{};
    event.events = events;
    event.data.u64 = number;
    must(::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event), "epoll_ctl");
  }

  Beat& beat_of(const Post& post) { return lives_[post.agent].beats[post.beat]; }

  void run() {
    std::array<epoll_event, 256> ready{};
    std::unique_lock lock(mutex_);
    while (!stopping_) {
      const int timeout = work_off_due();
      lock.unlock();
      const int count = ::epoll_wait(epoll_, ready.data(), static_cast<int>(ready.size()), timeout);
      lock.lock();
      for (int i = 0; i < count; ++i) {
        const std::uint64_t number = ready[static_cast<std::size_t>(i)].data.u64;
        if (number == kPoke) {
          std::uint64_t ignored = 0;
          [[maybe_unused]] const auto bytes = ::read(poke_, &ignored, sizeof ignored);
        } else if (const auto found = posts_.find(number); found != posts_.end()) {
          go_on(found);
        }
      }
    }
    posts_.clear();
  }

  // Returns how long the next event is away, in milliseconds for epoll_wait().
  int work_off_due() {
    while (!events_.empty()) {
      const Time now = Clock::now();
      const Event event = events_.top();
      if (event.when > now) {
        const auto away = std::chrono::ceil<Duration>(event.when - now);
        return static_cast<int>(std::min<Duration::rep>(away.count(), 60'000));
      }
      events_.pop();
      if (event.kind == Event::Kind::kPostOver) {
        post_over(event.number);
      } else if (event.number == states_[event.agent].generation) {
        beat(event.agent, now);
      }
    }
    return -1;
  }

  // ---- An agent's next beat ----

  void plan(Agent agent, Time when) {
    State& state = states_[agent];
    state.planned = when;
    Time due = when;
    if (state.wish.jitter.count() > 0) {
      due += microseconds(random_() %
                          static_cast<std::uint64_t>(microseconds(state.wish.jitter).count()));
    }
    events_.push({due, Event::Kind::kBeat, agent, state.generation});
  }

  void plan_after(Agent agent, Time base) {
    const Duration interval = interval_of(lives_[agent].mode);
    Time next = base + interval;
    // Each of these would have gone to the Station.
    while (next <= states_[agent].away_until) next += interval;
    plan(agent, next);
  }

  void beat(Agent agent, Time now) {
    State& state = states_[agent];
    if (now < state.frozen_until) return resume_later(agent);
    AgentLife& life = lives_[agent];
    Beat beat;
    beat.planned = state.planned;
    beat.sent = now;
    const Time planned = state.planned;
    const bool steady = state.wish.manner == Manner::kSteady;
    if (steady) plan_after(agent, planned);
    if (is_lost(state)) {
      beat.end = Beat::End::kLost;
      beat.ended = now;
      life.beats.push_back(beat);
      count(beat);
      if (!steady) plan_after(agent, planned);
      changed_.notify_all();
      return;
    }
    const Time due_latest = planned + state.wish.jitter;
    counts_.lag = std::max(counts_.lag, duration_cast<microseconds>(now - due_latest));
    life.beats.push_back(beat);
    send(agent, life.beats.size() - 1, now);
  }

  bool is_lost(State& state) {
    const bool drawn = state.wish.loss > 0 && !state.lost_last &&
                       std::uniform_real_distribution<>()(random_) < state.wish.loss;
    state.lost_last = std::exchange(state.lose_next, false) || drawn;
    return state.lost_last;
  }

  void resume_later(Agent agent) {
    State& state = states_[agent];
    Time next = state.planned;
    while (next < state.frozen_until) next += interval_of(lives_[agent].mode);
    plan(agent, next);
  }

  void send(Agent agent, std::size_t beat, Time now) {
    const State& state = states_[agent];
    // Node tells milliseconds.
    const auto uptime = duration_cast<Duration>(now - state.born);
    nlohmann::json heartbeat{{"mode", lives_[agent].mode},
                             {"uptime_seconds", static_cast<double>(uptime.count()) / 1000}};
    if (!state.wish.name.empty()) heartbeat["agent_name"] = state.wish.name;
    const std::uint64_t number = ++last_post_;
    Post post{std::make_unique<HeartbeatPost>(state.target, lives_[agent].id, heartbeat), agent,
              state.generation, beat, false};
    if (post.wire->socket() >= 0) {
      watch(post.wire->socket(), number, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET);
    }
    events_.push({now + kTimeout, Event::Kind::kPostOver, agent, number});
    go_on(posts_.emplace(number, std::move(post)).first);
  }

  // ---- What comes of it ----

  using PostAt = std::map<std::uint64_t, Post>::iterator;

  void go_on(PostAt at) {
    Post& post = at->second;
    if (post.resting) {
      if (post.wire->still_open()) return;
      ++counts_.idle_cut;
      posts_.erase(at);
      return;
    }
    switch (post.wire->go_on()) {
      case HeartbeatPost::State::kPending:
        return;
      case HeartbeatPost::State::kAnswered:
        judge_answer(*post.wire, beat_of(post));
        return ended(at);
      case HeartbeatPost::State::kRefused:
        beat_of(post).end = Beat::End::kRefused;
        return ended(at);
      case HeartbeatPost::State::kCut:
        beat_of(post).end = Beat::End::kCut;
        return ended(at);
      case HeartbeatPost::State::kNoSocket:
        beat_of(post).end = Beat::End::kNoSocket;
        return ended(at);
    }
  }

  void post_over(std::uint64_t number) {
    const auto at = posts_.find(number);
    if (at == posts_.end()) return;
    if (at->second.resting) {
      posts_.erase(at);
      return;
    }
    beat_of(at->second).end = Beat::End::kTimedOut;
    ended(at);
  }

  void ended(PostAt at) {
    const Post& post = at->second;
    const Agent agent = post.agent;
    const bool plans_the_next =
        states_[agent].wish.manner == Manner::kReal && post.generation == states_[agent].generation;
    Beat& beat = beat_of(post);
    beat.ended = Clock::now();
    count(beat);
    const bool failed = beat.end != Beat::End::kAnswered && beat.end != Beat::End::kBadAnswer;
    const Time ended_at = beat.ended;
    if (failed || post.wire->server_closes()) {
      posts_.erase(at);
    } else {
      at->second.resting = true;
      events_.push({ended_at + kIdleOpen, Event::Kind::kPostOver, agent, at->first});
    }
    if (plans_the_next) {
      if (beat.end != Beat::End::kAnswered) states_[agent].away_until = ended_at + kAway;
      plan_after(agent, ended_at);
    }
    changed_.notify_all();
  }

  void count(const Beat& beat) {
    ++counts_.ends[static_cast<std::size_t>(beat.end)];
    if (beat.end != Beat::End::kAnswered) return;
    counts_.slowest =
        std::max(counts_.slowest, duration_cast<microseconds>(beat.ended - beat.sent));
  }

  int epoll_ = -1;
  int poke_ = -1;
  bool stopping_ = false;  // behind the mutex, as is all that follows
  std::uint64_t last_post_ = kPoke;
  std::map<std::uint64_t, Post> posts_;
  std::priority_queue<Event> events_;
  std::thread thread_;
};

Fleet::Fleet(Target target, std::uint64_t seed)
    : impl_(std::make_unique<Impl>(std::move(target), seed)) {}
Fleet::~Fleet() = default;

Fleet::Agents Fleet::join(std::size_t count, const AgentWish& wish, Duration over) {
  Agents agents;
  impl_->command([&] {
    const Time now = Clock::now();
    for (std::size_t i = 0; i < count; ++i) {
      impl_->join(wish, now + microseconds(over) * i / count, agents);
    }
  });
  return agents;
}

void Fleet::die(std::span<const Agent> agents) {
  impl_->each(agents, [&](Agent agent) { impl_->end_process(agent); });
}

void Fleet::freeze(std::span<const Agent> agents, Duration time) {
  const Time until = Clock::now() + time;
  impl_->each(agents, [&](Agent agent) { impl_->states_[agent].frozen_until = until; });
}

void Fleet::lose_next(std::span<const Agent> agents) {
  impl_->each(agents, [&](Agent agent) { impl_->states_[agent].lose_next = true; });
}

void Fleet::set_mode(std::span<const Agent> agents, const std::string& mode) {
  impl_->each(agents, [&](Agent agent) { impl_->set_mode(agent, mode); });
}

void Fleet::restart(std::span<const Agent> agents, Duration down) {
  impl_->each(agents, [&](Agent agent) { impl_->restart(agent, down); });
}

void Fleet::aim(const Target& target) {
  impl_->command([&] {
    impl_->target_ = target;
    for (auto& state : impl_->states_) state.target = target;
  });
}

void Fleet::aim(std::span<const Agent> agents, const Target& target) {
  impl_->each(agents, [&](Agent agent) { impl_->states_[agent].target = target; });
}

Lives Fleet::lives() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->lives_;
}

FleetCounts Fleet::counts() const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->counts_;
}

std::string Fleet::id(Agent agent) const {
  const std::lock_guard lock(impl_->mutex_);
  return impl_->lives_[agent].id;
}

bool Fleet::wait_for(const std::function<bool(const Lives&)>& is_true, Duration patience) const {
  return impl_->wait(is_true, patience);
}

void Fleet::live_until(Time time) const {
  std::unique_lock lock(impl_->mutex_);
  while (impl_->changed_.wait_until(lock, time) != std::cv_status::timeout) {
  }
}

bool Fleet::wait_for_answers(std::span<const Agent> agents, std::size_t times,
                             Duration patience) const {
  const Time since = Clock::now();
  return wait_for(
      [&](const Lives& lives) {
        return std::ranges::all_of(agents, [&](Agent agent) {
          std::size_t count = 0;
          const auto& beats = lives[agent].beats;
          for (auto beat = beats.rbegin(); beat != beats.rend() && beat->planned >= since; ++beat) {
            if (beat->end == Beat::End::kAnswered) ++count;
          }
          return count >= times;
        });
      },
      patience);
}

}  // namespace pap::test
