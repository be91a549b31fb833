// SPDX-License-Identifier: MIT
#pragma once

// papctl as a program, asked about a collector of its own.
//
// Threads: the test's own.

#include <algorithm>
#include <regex>
#include <string>
#include <utility>
#include <vector>

#include "contract/contract_test.hpp"
#include "support/child_process.hpp"
#include "support/pseudo_terminal.hpp"
#include "support/temp_file.hpp"

namespace pap::test {

using Words = std::vector<std::string>;

inline ChildWish papctl_wish(const std::string& collector, Words arguments,
                             Environment environment = {}) {
  environment.try_emplace("PAPCTL_COLLECTOR", collector);
  environment.try_emplace("XDG_CONFIG_HOME", "/none");
  environment.try_emplace("TZ", "UTC");
  ChildWish wish;
  wish.program = std::string(PAP_BIN_DIR) + "/papctl";
  wish.arguments = std::move(arguments);
  wish.environment = std::move(environment);
  return wish;
}

class PapctlTest : public ContractTest {
 protected:
  // Stdin is /dev/null, stdout and stderr are pipes.
  Outcome papctl(Words arguments, Environment environment = {}) {
    return run(wish(std::move(arguments), std::move(environment)));
  }
  ChildWish wish(Words arguments, Environment environment = {}) {
    return papctl_wish(collectord().url(), std::move(arguments), std::move(environment));
  }
  // Through a shell, as `PAPCTL` there: with pipes and redirections.
  Outcome shell(const std::string& script) {
    ChildWish all = wish({});
    all.environment["PAPCTL"] = all.program;
    all.program = "sh";
    all.arguments = {"-c", script};
    return run(all);
  }
};

// It has said so by now, on whichever stream, or does within the test's patience.
inline bool holds(const ChildProcess& process, const std::string& text) {
  return process.wait_for_output([&](const std::string& out, const std::string& err) {
    return (out + err).find(text) != std::string::npos;
  });
}

// "3s ago" is "0s ago", so that tables can be compared.
inline std::string without_ages(const std::string& text) {
  static const std::regex form(R"(\b\ds ago)");
  return std::regex_replace(text, form, "0s ago");
}

// The lines of a text, without their ends.
inline Words lines_of(const std::string& text) {
  Words lines;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

}  // namespace pap::test
