// SPDX-License-Identifier: MIT
// A fixed stream of heartbeats through the library without sockets, for valgrind's callgrind to
// count the instructions (instructions.py): `bench_instructions PART` runs one part, without an
// argument their names are listed. What a part is counted by, and how many of them there were, is
// known here and goes to stdout.
//
// Exact: the same bytes, ids, moments and hash seeds in every run. Of clocks only the values differ
// between two runs, and nothing that is counted branches on them.
#include <valgrind/callgrind.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/io_context.hpp>

#include "bench/support/beats.hpp"
#include "net/driver.hpp"
#include "net/limits.hpp"
#include "net/request_parser.hpp"
#include "net/router.hpp"
#include "net/server.hpp"

namespace pap::bench {
namespace {

using namespace std::chrono_literals;
using core::Nanos;
using protocol::Heartbeat;
using protocol::Mode;

constexpr std::size_t kAgents = 10'000;
constexpr std::size_t kMillion = 1'000'000;
constexpr std::uint64_t kSeed = 1;

// Collects from its making to its end; prints how many units were worked off.
class Counted {
 public:
  explicit Counted(std::size_t units) {
    std::cout << units << '\n';
    CALLGRIND_START_INSTRUMENTATION;
    CALLGRIND_TOGGLE_COLLECT;
  }
  ~Counted() {
    CALLGRIND_TOGGLE_COLLECT;
    CALLGRIND_STOP_INSTRUMENTATION;
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
};

// Three rounds of a fleet of which a quarter has names; the first, in which all are new, is not
// counted.
void count_core() {
  const auto ids = ids_of(kAgents);
  std::vector<std::string> names;
  for (std::size_t i = 0; i < kAgents; ++i) names.push_back(i % 4 == 0 ? name_of(i) : "");
  core::Collector collector(settings(), moment(0s));
  const auto round = [&](int number) {
    for (std::size_t i = 0; i < kAgents; ++i) {
      const Nanos at = number * 30s + Nanos{static_cast<std::int64_t>(i)};
      collector.heartbeat(ids[i], {Mode::kIdle, 3600.0 + 30 * number, names[i]}, moment(at));
      if (i == 0) collector.tick(moment(at));
    }
  };
  const auto wait = [&](int number) {
    for (Nanos second = 1s; second < 30s; second += 1s) {
      collector.tick(moment(number * 30s + second));
    }
  };
  round(0);
  wait(0);
  round(1);
  wait(1);
  const Counted counted(kAgents);
  round(2);
}

// Request bytes to answer bytes: parser, router, handler, core, head of the answer.
class Http {
 public:
  Http() : log_(net::LogLevel::kOff, net::LogFormat::kText), driver_(io_, config_, log_, kSeed) {
    config_.cluster_id = "bench";
  }

  void answer(const std::string& request) {
    net::RequestParser parser({config_.max_header_bytes, config_.max_body_bytes});
    if (parser.feed(request) != net::RequestParser::State::kComplete) std::abort();
    const net::Request parsed = net::request_from(parser);
    net::Response& response = server_.scratch();
    response.reset();
    net::route(server_, parsed, response, false);
    if (response.status != 200) std::abort();
    net::Head head{};
    head.status = response.status;
    head.content_type = response.content_type;
    head.headers = response.headers;
    head.content_length = response.body.size();
    head.close = !parser.keep_alive();
    out_.clear();
    net::append_head(out_, head, "Tue, 24 Nov 2026 14:30:13 GMT");
    out_ += response.body;
  }

 private:
  net::Config config_;
  boost::asio::io_context io_;
  net::Logger log_;
  net::Driver driver_;
  net::Server server_{io_, config_, log_, driver_};
  std::string out_;
};

void count_http() {
  Http http;
  std::vector<std::string> first;
  std::vector<std::string> second;
  for (std::size_t i = 0; i < kAgents; ++i) {
    const Habit habit = i % 2 == 0 ? Habit::kKeep : Habit::kClose;
    first.push_back(request_of(id_of(i), body_of(3'600'000), habit));
    second.push_back(request_of(id_of(i), body_of(3'630'250), habit));
  }
  for (const std::string& request : first) http.answer(request);
  const Counted counted(kAgents);
  for (const std::string& request : second) http.answer(request);
}

constexpr Heartbeat kBeat{Mode::kIdle, 3600, {}};

// A fleet that was heard once, ticked every second until then.
std::unique_ptr<core::Collector> silent_fleet(Nanos until, std::size_t agents = kAgents) {
  auto collector = std::make_unique<core::Collector>(settings(), moment(0s));
  for (std::size_t i = 0; i < agents; ++i) collector->heartbeat(id_of(i), kBeat, moment(0s));
  for (Nanos second = 1s; second <= until; second += 1s) {
    while (collector->tick(moment(second))) {
    }
  }
  return collector;
}

template <std::size_t kFleet>
void count_tick() {
  const auto collector = silent_fleet(1s, kFleet);
  constexpr int kTicks = 50;
  const Counted counted(kTicks);
  for (int i = 2; i < 2 + kTicks; ++i) {
    collector->tick(moment(i * 1s));
    if (collector->next_deadline(moment(i * 1s)) <= moment(i * 1s).mono) std::abort();
  }
}

void count_deaths() {
  const auto collector = silent_fleet(62s);
  {
    const Counted counted(kAgents);
    while (collector->tick(moment(63s))) {
    }
  }
  if (collector->dead() != kAgents) std::abort();
}

void count_list() {
  core::Collector collector(settings(), moment(0s));
  for (std::size_t i = 0; i < kAgents; ++i) {
    collector.heartbeat(id_of(i), {Mode::kIdle, 3600.123, name_of(i)}, moment(0s));
  }
  std::string out;
  out.reserve(1U << 20U);
  const Counted counted(kAgents);
  auto list = collector.begin_list({}, std::nullopt, {});
  while (!list->done) {
    out.clear();
    collector.continue_list(*list, out, moment(1s));
  }
}

struct Part {
  std::string_view name;
  void (*run)();
};
constexpr std::array kParts{
    Part{"core_heartbeat", count_core},
    Part{"http_heartbeat", count_http},
    Part{"tick_nothing_due", count_tick<1>},
    Part{"tick_nothing_due_of_a_million", count_tick<kMillion>},
    Part{"death", count_deaths},
    Part{"list_agent", count_list},
};

}  // namespace
}  // namespace pap::bench

int main(int argc, char** argv) {
  for (const auto& part : pap::bench::kParts) {
    if (argc < 2) {
      std::cout << part.name << '\n';
    } else if (part.name == argv[1]) {
      part.run();
      return 0;
    }
  }
  return argc < 2 ? 0 : 2;
}
