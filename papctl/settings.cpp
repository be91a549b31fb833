// SPDX-License-Identifier: MIT
#include "papctl/settings.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <string_view>

#include <boost/asio.hpp>

#include "papctl/client/endpoint.hpp"
#include "papctl/exit_status.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {
constexpr std::size_t kLongestKey = 4096;
}

const Target& Settings::only_target() const {
  if (several()) {
    throw Failure(kUsage,
                  "this asks one collector, and " + std::to_string(targets.size()) + " are named",
                  "--collector URL names one.");
  }
  return targets.front();
}

std::vector<std::string> resolved(const std::vector<std::string>& collectors) {
  constexpr std::string_view kEveryAddress = "dns+";
  std::vector<std::string> out;
  for (const std::string& collector : collectors) {
    if (!collector.starts_with(kEveryAddress)) {
      out.push_back(collector);
      continue;
    }
    Endpoint endpoint = Endpoint::parse(collector.substr(kEveryAddress.size()));
    if (endpoint.tls) {
      throw Failure(kUsage, "\"" + visible(collector) +
                                "\": a certificate is for a name, so dns+ "
                                "is for http:// alone");
    }
    boost::asio::io_context io;
    boost::asio::ip::tcp::resolver resolver(io);
    boost::system::error_code error;
    const auto found = resolver.resolve(endpoint.host, std::to_string(endpoint.port), error);
    if (error || found.empty()) {
      throw Failure(kNotReachable,
                    "cannot look up " + visible(endpoint.host) + ": " + error.message());
    }
    for (const auto& entry : found) {
      endpoint.host = entry.endpoint().address().to_string();
      const std::string url = endpoint.url();
      if (std::find(out.begin(), out.end(), url) == out.end()) out.push_back(url);
    }
  }
  if (out.size() > kMostCollectors) {
    throw Failure(kUsage, std::to_string(out.size()) + " collectors: at most " +
                              std::to_string(kMostCollectors) + " are asked at once");
  }
  return out;
}

std::string read_key_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw Failure(kError, "cannot read the key file " + path + ": " + std::strerror(errno));
  }
  std::array<char, kLongestKey + 2> buffer{};
  file.read(buffer.data(), buffer.size());
  return checked_key({buffer.data(), static_cast<std::size_t>(file.gcount())},
                     "the key file " + path);
}

std::string checked_key(std::string key, const std::string& source) {
  while (!key.empty() && (key.back() == '\n' || key.back() == '\r')) key.pop_back();
  const bool odd = std::any_of(key.begin(), key.end(),
                               [](char c) { return static_cast<unsigned char>(c) < 0x20; });
  if (key.empty() || key.size() > kLongestKey || odd) {
    throw Failure(kError, source + " holds no key: it wants one line of text");
  }
  return key;
}

}  // namespace pap::ctl
