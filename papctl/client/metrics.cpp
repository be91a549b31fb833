// SPDX-License-Identifier: MIT
#include "papctl/client/metrics.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>

namespace pap::ctl {
namespace {

constexpr std::string_view kPrefix = "pap_collector_";

// Up to the brace that ends the labels; one within a quoted value does not.
std::size_t end_of_labels(std::string_view text) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && quoted) {
      ++i;
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (text[i] == '}' && !quoted) {
      return i;
    }
  }
  return std::string_view::npos;
}

// `a="1",cluster="c",b="2"` without the cluster's.
std::string without_cluster(std::string_view labels) {
  std::string out;
  while (!labels.empty()) {
    bool quoted = false;
    std::size_t end = 0;
    for (; end < labels.size() && (quoted || labels[end] != ','); ++end) {
      if (labels[end] == '\\' && quoted) {
        ++end;
      } else if (labels[end] == '"') {
        quoted = !quoted;
      }
    }
    const std::string_view label = labels.substr(0, end);
    if (!label.starts_with("cluster=") && !label.empty()) {
      if (!out.empty()) out += ',';
      out += label;
    }
    labels.remove_prefix(std::min(end + 1, labels.size()));
  }
  return out;
}

bool is_name(std::string_view text) {
  const auto fits = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_' || c == ':'; };
  return !text.empty() && std::all_of(text.begin(), text.end(), fits);
}

bool is_number(const std::string& text) {
  char* end = nullptr;
  std::strtod(text.c_str(), &end);
  return end != text.c_str() && *end == '\0';
}

}  // namespace

Metrics Metrics::parse(std::string_view text) {
  Metrics out;
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    std::string_view line = text.substr(0, newline);
    text = newline == std::string_view::npos ? std::string_view{} : text.substr(newline + 1);
    if (line.empty() || line.front() == '#') continue;
    Sample sample;
    const std::size_t name_end = line.find_first_of("{ ");
    if (name_end == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, name_end);
    sample.name = name;
    if (sample.name.starts_with(kPrefix)) sample.name.erase(0, kPrefix.size());
    line.remove_prefix(name_end);
    if (line.front() == '{') {
      const std::size_t end = end_of_labels(line);
      if (end == std::string_view::npos) continue;
      sample.labels = without_cluster(line.substr(1, end - 1));
      line.remove_prefix(end + 1);
    }
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos) continue;
    line.remove_prefix(begin);
    sample.value = line.substr(0, line.find(' '));
    if (!is_name(name) || !is_number(sample.value)) continue;
    out.samples.push_back(std::move(sample));
  }
  return out;
}

std::optional<double> Metrics::value(std::string_view name, std::string_view labels) const {
  const auto found = std::find_if(samples.begin(), samples.end(), [&](const Sample& sample) {
    return sample.name == name && sample.labels == labels;
  });
  if (found == samples.end()) return std::nullopt;
  char* end = nullptr;
  const double value = std::strtod(found->value.c_str(), &end);
  if (end == found->value.c_str()) return std::nullopt;
  return value;
}

}  // namespace pap::ctl
