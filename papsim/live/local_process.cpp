// SPDX-License-Identifier: MIT
#include "papsim/live/local_process.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <system_error>

#include <unistd.h>

namespace pap::sim {

namespace fs = std::filesystem;

namespace {

// The inode of the socket that listens there; 0 for none.
std::uint64_t listening_inode(const char* table, std::uint16_t port) {
  constexpr const char* kListen = "0A";
  std::ifstream file(table);
  std::string line;
  std::getline(file, line);  // names of the columns
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string slot;
    std::string local;
    std::string remote;
    std::string state;
    std::string skipped;
    std::uint64_t inode = 0;
    words >> slot >> local >> remote >> state;
    // queues, timer, retransmissions, user, time-out
    for (int i = 0; i < 5; ++i) words >> skipped;
    words >> inode;
    const std::size_t colon = local.rfind(':');
    unsigned number = 0;
    if (colon == std::string::npos || state != kListen) continue;
    std::from_chars(local.data() + colon + 1, local.data() + local.size(), number, 16);
    if (number == port) return inode;
  }
  return 0;
}

bool holds(const fs::path& process, const std::string& socket) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(process / "fd", failed)) {
    if (fs::read_symlink(entry.path(), failed) == socket) return true;
  }
  return false;
}

}  // namespace

std::optional<pid_t> listener_on(std::uint16_t port) {
  std::uint64_t inode = listening_inode("/proc/net/tcp", port);
  if (inode == 0) inode = listening_inode("/proc/net/tcp6", port);
  if (inode == 0) return std::nullopt;
  const std::string socket = "socket:[" + std::to_string(inode) + ']';
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator("/proc", failed)) {
    const std::string name = entry.path().filename();
    pid_t process = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), process);
    if (error != std::errc() || end != name.data() + name.size()) continue;
    if (holds(entry.path(), socket)) return process;
  }
  return std::nullopt;
}

std::optional<ProcessUse> use_of(pid_t process) {
  const std::string folder = "/proc/" + std::to_string(process);
  std::ifstream stat(folder + "/stat");
  std::string line;
  if (!std::getline(stat, line)) return std::nullopt;
  // The name in brackets may hold anything, so the fields are counted from behind it.
  std::istringstream words(line.substr(std::min(line.rfind(')') + 1, line.size())));
  std::string skipped;
  for (int i = 0; i < 11; ++i) words >> skipped;
  std::int64_t user = 0;
  std::int64_t system = 0;
  words >> user >> system;
  std::uint64_t pages = 0;
  std::uint64_t resident = 0;
  std::ifstream(folder + "/statm") >> pages >> resident;
  ProcessUse use;
  use.cpu = std::chrono::milliseconds((user + system) * 1000 / ::sysconf(_SC_CLK_TCK));
  use.resident_bytes = resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  return use;
}

}  // namespace pap::sim
