// SPDX-License-Identifier: MIT
// The load generator: one thread, one epoll, one slice of time against one server. Prints what it
// saw as one line of JSON.
//
// Habits: `kept`, connections that stay; `fresh`, one for each beat, which asks the server to close
// it; `node`, one for each beat, kept open by both until the client closes it. (Node's fetch
// closes what was idle for 4 s. A slice is shorter, so here the oldest is closed when
// kIdleConnections are idle, and as many are idle when the slice begins: a beat opens one and
// closes one, as it does in the long run.)
//
// Load: `--rate 0` saturates, each connection beating again once it is answered; else beats are
// planned evenly, and a latency counts from the planned moment, however late the beat left.
#include <sys/epoll.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <arpa/inet.h>
#include <CLI/CLI.hpp>

#include "bench/side_by_side/connection.hpp"
#include "bench/support/beats.hpp"

namespace pap::bench {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::nanoseconds;

constexpr std::size_t kIdleConnections = 256;
constexpr std::size_t kMostUnderWay = 1024;  // beyond it a server is not keeping up; beats wait
constexpr std::uint8_t kSources = 32;
constexpr int kEventsAtOnce = 64;

struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::string habit = "kept";
  unsigned rate = 0;
  unsigned connections = 8;
  unsigned duration_ms = 300;
  unsigned agents = 1000;
  std::vector<int> pids;
};

struct Beat {
  Connection connection;
  Clock::time_point planned;
  bool idle = false;  // it stands in the list of the idle ones
};

nanoseconds cpu_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return std::chrono::seconds{time.tv_sec} + nanoseconds{time.tv_nsec};
}

// Of all threads of the processes, to the nanosecond.
nanoseconds cpu_of(const std::vector<int>& pids) {
  nanoseconds sum{0};
  for (const int pid : pids) {
    clockid_t clock{};
    if (::clock_getcpuclockid(pid, &clock) == 0) sum += cpu_of(clock);
  }
  return sum;
}

class Slice {
 public:
  explicit Slice(const Options& options)
      : options_(options), epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
    server_.sin_family = AF_INET;
    server_.sin_port = htons(options.port);
    if (::inet_pton(AF_INET, options.address.c_str(), &server_.sin_addr) != 1) {
      throw CLI::ValidationError("--address", "not an IPv4 address");
    }
    const Habit habit = options.habit == "fresh"  ? Habit::kClose
                        : options.habit == "kept" ? Habit::kKeep
                                                  : Habit::kNode;
    for (unsigned i = 0; i < options.agents; ++i) {
      requests_.push_back(request_of(id_of(i), body_of(3'600'123), habit));
    }
  }

  void run() {
    prepare();
    const auto start = Clock::now();
    const auto server_before = cpu_of(options_.pids);
    const auto own_before = cpu_of(CLOCK_PROCESS_CPUTIME_ID);
    const auto end = start + std::chrono::milliseconds{options_.duration_ms};
    if (options_.rate == 0) {
      for (unsigned i = 0; i < options_.connections; ++i) begin(Clock::now());
    }
    for (auto now = Clock::now(); now < end; now = Clock::now()) {
      if (options_.rate > 0) begin_planned(start, now);
      wait(end);
    }
    const auto seconds = std::chrono::duration<double>(Clock::now() - start).count();
    report(seconds, cpu_of(options_.pids) - server_before,
           cpu_of(CLOCK_PROCESS_CPUTIME_ID) - own_before);
  }

 private:
  void prepare() {
    if (options_.habit == "kept") {
      for (unsigned i = 0; i < options_.connections; ++i) {
        auto beat = std::make_unique<Beat>();
        beat->idle = true;
        if (connect(*beat)) idle_.push_back(std::move(beat));
      }
    } else if (options_.habit == "node") {
      while (idle_.size() < kIdleConnections && failed_ == 0 && !told_to_close_) {
        begin(Clock::now());
        while (under_way_ > 0) wait(Clock::now() + std::chrono::seconds{1});
      }
    }
    answered_ = 0;
    latencies_.clear();
    prepared_ = true;
  }

  bool connect(Beat& beat) {
    if (!beat.connection.open(server_, static_cast<std::uint8_t>(1 + next_ % kSources))) {
      ++failed_;
      return false;
    }
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.ptr = &beat;
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, beat.connection.fd(), &event);
    return true;
  }

  // Owned by the event that will come for it.
  void begin(Clock::time_point planned) {
    std::unique_ptr<Beat> beat;
    if (options_.habit == "kept") {
      if (idle_.empty()) return;
      beat = std::move(idle_.front());
      idle_.pop_front();
      beat->idle = false;
    } else {
      beat = std::make_unique<Beat>();
      if (!connect(*beat)) return;
    }
    beat->planned = planned;
    if (!beat->connection.send(requests_[next_++ % requests_.size()])) {
      ++failed_;
      return;
    }
    ++under_way_;
    beat.release();
  }

  void begin_planned(Clock::time_point start, Clock::time_point now) {
    const nanoseconds step{1'000'000'000 / options_.rate};
    while (start + planned_ * step <= now && under_way_ < kMostUnderWay) {
      if (options_.habit == "kept" && idle_.empty()) return;
      begin(start + planned_ * step);
      ++planned_;
    }
    wake_at_ = start + planned_ * step;
  }

  // Planned moments are met to the microsecond: epoll's own timeout is in milliseconds.
  void wait(Clock::time_point end) {
    const auto until = options_.rate > 0 && prepared_ ? std::min(end, wake_at_) : end;
    const auto rest = std::max(nanoseconds{0}, nanoseconds{until - Clock::now()});
    const auto whole = std::chrono::floor<std::chrono::seconds>(rest);
    const timespec timeout{whole.count(), (rest - whole).count()};
    std::array<epoll_event, kEventsAtOnce> events{};
    const int count = ::epoll_pwait2(epoll_, events.data(), kEventsAtOnce, &timeout, nullptr);
    for (int i = 0; i < count; ++i) {
      on_readable(static_cast<Beat*>(events[static_cast<std::size_t>(i)].data.ptr));
    }
    gone_.clear();
  }

  void on_readable(Beat* raw) {
    if (raw->idle) return drop_idle(raw);  // the server closed it
    std::unique_ptr<Beat> beat(raw);
    const auto state = beat->connection.read();
    if (state == Connection::State::kPending) {
      beat.release();
      return;
    }
    --under_way_;
    if (state == Connection::State::kFailed) {
      ++failed_;
    } else {
      ++answered_;
      latencies_.push_back(Clock::now() - beat->planned);
      put_away(std::move(beat));
    }
    if (options_.rate == 0 && prepared_) begin(Clock::now());
  }

  void drop_idle(Beat* raw) {
    const auto found = std::find_if(idle_.begin(), idle_.end(),
                                    [raw](const auto& idle) { return idle.get() == raw; });
    if (found == idle_.end()) return;  // … and so did we, a moment ago
    gone_.push_back(std::move(*found));
    idle_.erase(found);
  }

  void put_away(std::unique_ptr<Beat> beat) {
    if (options_.habit == "fresh") return;
    if (beat->connection.told_to_close()) {
      told_to_close_ = true;
      if (options_.habit == "kept") ++failed_;
      return;
    }
    beat->idle = true;
    idle_.push_back(std::move(beat));
    if (options_.habit == "node" && idle_.size() > kIdleConnections) {
      idle_.front()->connection.close();
      gone_.push_back(std::move(idle_.front()));
      idle_.pop_front();
    }
  }

  void report(double seconds, nanoseconds server, nanoseconds own) {
    std::sort(latencies_.begin(), latencies_.end());
    const auto at = [this](double share) {
      if (latencies_.empty()) return 0.0;
      const auto index = static_cast<std::size_t>(share * static_cast<double>(latencies_.size()));
      return std::chrono::duration<double, std::micro>(
                 latencies_[std::min(index, latencies_.size() - 1)])
          .count();
    };
    std::printf(
        "{\"beats\":%zu,\"failed\":%zu,\"seconds\":%.6f,\"server_cpu_ns\":%lld,"
        "\"generator_cpu_ns\":%lld,\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f}\n",
        answered_, failed_, seconds, static_cast<long long>(server.count()),
        static_cast<long long>(own.count()), at(0.5), at(0.99), at(0.999));
  }

  const Options& options_;
  const int epoll_;
  sockaddr_in server_{};
  std::vector<std::string> requests_;

  std::deque<std::unique_ptr<Beat>> idle_;   // longest idle first
  std::vector<std::unique_ptr<Beat>> gone_;  // an event of this round may still name them
  std::size_t under_way_ = 0;
  std::size_t next_ = 0;
  std::int64_t planned_ = 0;
  Clock::time_point wake_at_;
  bool prepared_ = false;
  bool told_to_close_ = false;
  std::size_t answered_ = 0;
  std::size_t failed_ = 0;
  std::vector<nanoseconds> latencies_;
};

}  // namespace
}  // namespace pap::bench

int main(int argc, char** argv) {
  pap::bench::Options options;
  CLI::App app{"One slice of heartbeats against one server"};
  app.add_option("--address", options.address, "of the server")->capture_default_str();
  app.add_option("--port", options.port)->required();
  app.add_option("--habit", options.habit)->check(CLI::IsMember({"kept", "fresh", "node"}));
  app.add_option("--rate", options.rate, "beats a second; 0 saturates");
  app.add_option("--connections", options.connections, "at once, when kept or saturating");
  app.add_option("--duration-ms", options.duration_ms);
  app.add_option("--agents", options.agents)->check(CLI::PositiveNumber);
  app.add_option("--pid", options.pids, "of the server, for its CPU time");
  CLI11_PARSE(app, argc, argv);
  try {
    pap::bench::Slice(options).run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "load: %s\n", error.what());
    return 1;
  }
  return 0;
}
