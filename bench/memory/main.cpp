// SPDX-License-Identifier: MIT
// What an agent and an idle connection cost in memory, as Markdown. Every row is measured in a
// process of its own, so that none finds memory that another gave back.
#include <malloc.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "bench/memory/whole_process.hpp"
#include "bench/support/beats.hpp"

namespace pap::bench {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kMillion = 1'000'000;
constexpr std::size_t kIdleConnections = 5'000;

std::size_t allocated_bytes() {
  const auto books = ::mallinfo2();
  return books.uordblks + books.hblkhd;
}

void in_a_process(const std::function<void()>& measure) {
  std::fflush(stdout);
  const pid_t child = ::fork();
  if (child == 0) {
    measure();
    std::fflush(stdout);
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
}

struct Case {
  std::uint64_t agents;
  bool names;
  bool churn;         // ten times as many ids have come and gone
  bool dead = false;  // all died in one instant, and wait to be told
};

void measure_core(const Case& each) {
  const std::size_t resident_before = resident_bytes(::getpid());
  const std::size_t before = allocated_bytes();
  core::Collector collector(settings(), moment(0s));
  const auto beat = [&](std::uint64_t number) {
    const std::string name = each.names ? name_of(number) : "";
    collector.heartbeat(id_of(number), {protocol::Mode::kIdle, 3600, name}, moment(0s));
  };
  for (std::uint64_t i = 0; i < each.agents; ++i) beat(i);
  for (std::uint64_t i = 0; each.churn && i < 10 * each.agents; ++i) {
    collector.remove(id_of(i), moment(0s));
    collector.take_notices();
    beat(i + each.agents);
  }
  for (auto now = 1s; each.dead && now <= 63s; now += 1s) {
    while (collector.tick(moment(now))) collector.take_notices();
    collector.take_notices();
  }
  const auto per_agent = [&each](std::size_t bytes) {
    return static_cast<double>(bytes) / static_cast<double>(each.agents);
  };
  std::printf("| %llu agents%s%s%s | %.1f | %.1f |\n", static_cast<unsigned long long>(each.agents),
              each.names ? ", names of 12 bytes" : "", each.churn ? ", after churn" : "",
              each.dead ? ", whose deaths wait to be told" : "",
              per_agent(allocated_bytes() - before),
              per_agent(resident_bytes(::getpid()) - resident_before));
}

// The kernel's objects behind one accepted connection, each of the size that it has here.
void print_kernel_objects() {
  std::ifstream slabs("/proc/slabinfo");
  if (!slabs) {
    std::puts("\nThe kernel's objects: /proc/slabinfo is not to be read here.");
    return;
  }
  std::size_t sum = 0;
  std::string of;
  std::string line;
  while (std::getline(slabs, line)) {
    std::istringstream fields(line);
    std::string name;
    std::size_t active = 0;
    std::size_t all = 0;
    std::size_t size = 0;
    fields >> name >> active >> all >> size;
    for (const char* wanted : {"TCPv6", "sock_inode_cache", "filp", "dentry", "eventpoll_epi"}) {
      if (name != wanted) continue;
      sum += size;
      of += (of.empty() ? "" : ", ") + name + ' ' + std::to_string(size);
    }
  }
  std::printf("\nThe kernel's objects for one (%s): %zu bytes.\n", of.c_str(), sum);
}

void measure_whole(std::uint64_t agents, bool names = false) {
  WholeProcess process;
  const std::size_t empty = resident_bytes(process.pid());
  process.feed(agents, names);
  const std::size_t full = resident_bytes(process.pid());
  std::printf("| %llu agents%s | %.1f | %.1f |\n", static_cast<unsigned long long>(agents),
              names ? ", names of 12 bytes" : "", static_cast<double>(empty) / (1U << 20U),
              static_cast<double>(full) / (1U << 20U));
}

void measure_idle_connections() {
  WholeProcess process;
  process.feed(1000, false);
  const std::size_t before = resident_bytes(process.pid());
  const long pages_before = tcp_pages();
  const std::size_t connections = process.open_idle(kIdleConnections);
  const std::size_t after = resident_bytes(process.pid());
  std::printf(
      "\nAn idle connection that has had its answer, of %zu: ours %.0f bytes resident; "
      "buffers of both ends in the kernel %.0f bytes.\n",
      connections, static_cast<double>(after - before) / static_cast<double>(connections),
      static_cast<double>((tcp_pages() - pages_before) * ::sysconf(_SC_PAGESIZE)) /
          static_cast<double>(connections));
}

void run() {
  std::puts("| the core alone | bytes an agent, allocated | resident |\n|---|---|---|");
  for (const std::uint64_t agents : {kMillion / 1000, kMillion / 10, kMillion}) {
    for (const bool names : {false, true}) {
      for (const bool churn : {false, true}) {
        in_a_process([&] { measure_core({agents, names, churn}); });
      }
    }
  }
  in_a_process([] { measure_core({kMillion, false, false, true}); });
  std::puts("\n| the whole process | MiB resident without | with |\n|---|---|---|");
  for (const std::uint64_t agents : {kMillion / 100, kMillion / 10, kMillion}) {
    in_a_process([&] { measure_whole(agents); });
  }
  in_a_process([] { measure_whole(kMillion, true); });
  in_a_process(measure_idle_connections);
  print_kernel_objects();
}

}  // namespace
}  // namespace pap::bench

int main() {
  ::signal(SIGPIPE, SIG_IGN);
  pap::bench::run();
  return 0;
}
