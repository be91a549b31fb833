// SPDX-License-Identifier: MIT
#include "papsim/scenario/scenario_file.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "papsim/scenario/quantities.hpp"
#include "papsim/scenario/reading.hpp"
#include "papsim/scenario/vary.hpp"

namespace pap::sim {
namespace {

// The document with its `vary` drawn, read.
Scenario read_drawn(Node document, Draw draw, std::uint64_t seed, Problems& problems) {
  apply_vary(document, draw, seed, problems);
  if (!problems.empty()) return {};
  return read_scenario(document, problems);
}

}  // namespace

ScenarioFile ScenarioFile::from_text(std::string name, std::string_view text) {
  ScenarioFile out;
  out.name_ = std::move(name);
  std::istringstream lines{std::string{text}};
  for (std::string line; std::getline(lines, line);) out.lines_.emplace_back(trimmed(line));
  Problems problems;
  out.document_ = parse_yaml(text, problems);
  // Where YAML itself broke off there is no document, and nothing more to be told.
  if (out.document_.kind != Node::Kind::kNothing) {
    out.as_written_ = read_scenario(out.document_, problems);
  }
  if (problems.empty() && out.document_.find("vary") != nullptr) {
    read_drawn(out.document_, Draw::kLowest, 0, problems);
    read_drawn(out.document_, Draw::kHighest, 0, problems);
  }
  out.as_written_.file = out.name_;
  out.problems_ = problems.sorted();
  return out;
}

ScenarioFile ScenarioFile::load(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  // A folder opens, too, and fails at the first byte.
  if (!in || !(text << in.rdbuf())) {
    ScenarioFile out;
    out.name_ = path;
    std::error_code ignored;
    const bool empty = std::filesystem::is_regular_file(path, ignored) && in.is_open();
    const std::string why = errno != 0 ? std::strerror(errno) : "cannot be read";
    out.problems_.push_back({{}, empty ? "the file is empty" : why});
    return out;
  }
  return from_text(path, text.str());
}

std::string ScenarioFile::line(std::size_t number) const {
  return number >= 1 && number <= lines_.size() ? lines_[number - 1] : std::string{};
}

std::optional<Scenario> ScenarioFile::scenario(std::uint64_t seed,
                                               std::vector<Problem>& problems) const {
  Problems found;
  Scenario out = read_drawn(document_, Draw::kBySeed, seed, found);
  out.file = name_;
  if (found.empty()) return out;
  problems = found.sorted();
  for (Problem& problem : problems) {
    problem.message += " (drawn by seed " + std::to_string(seed) + ")";
  }
  return std::nullopt;
}

std::optional<std::vector<std::string>> scenario_files(const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (!fs::exists(status)) return std::nullopt;
  std::vector<std::string> out;
  if (!fs::is_directory(status)) return std::vector{path};
  const auto options = fs::directory_options::skip_permission_denied;
  for (fs::recursive_directory_iterator at(path, options, error), end; !error && at != end;
       at.increment(error)) {
    const fs::path& file = at->path();
    if (file.filename().string().starts_with('.')) {
      if (at->is_directory(error)) at.disable_recursion_pending();
    } else if (file.extension() == ".yaml" || file.extension() == ".yml") {
      // To read a pipe would wait for whoever writes it.
      std::error_code ignored;
      if (at->is_regular_file(ignored)) out.push_back(file.string());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace pap::sim
