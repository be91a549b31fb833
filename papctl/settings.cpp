// SPDX-License-Identifier: MIT
#include "papctl/settings.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "papctl/exit_status.hpp"

namespace pap::ctl {

std::string read_key_file(const std::string& path) {
  constexpr std::size_t kLongestKey = 4096;
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Failure(kError, "cannot read the key file " + path + ": " + std::strerror(errno));
  }
  std::array<char, kLongestKey + 2> buffer{};
  file.read(buffer.data(), buffer.size());
  std::string key(buffer.data(), static_cast<std::size_t>(file.gcount()));
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  const bool odd = std::any_of(key.begin(), key.end(),
                               [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (key.empty() || key.size() > kLongestKey || odd) {
    throw Failure(kError, "the key file " + path + " holds no key: it wants one line of text");
  }
  return key;
}

}  // namespace pap::ctl
