// SPDX-License-Identifier: MIT
#include "contract/contract_test.hpp"

#include <algorithm>
#include <chrono>
#include <regex>
#include <sstream>
#include <thread>
#include <vector>

namespace pap::test {
namespace {

struct Sample {
  std::string name;
  std::vector<std::string> labels;  // sorted, without `cluster`

  friend bool operator==(const Sample&, const Sample&) = default;
};

// `name{a="x",b="y"}`; no label value here holds a comma or a brace.
Sample sample_of(const std::string& text) {
  Sample sample;
  const std::size_t brace = std::min(text.find('{'), text.size());
  sample.name = text.substr(0, brace);
  std::istringstream labels(text.substr(std::min(brace + 1, text.size())));
  for (std::string label; std::getline(labels, label, ',');) {
    if (label.ends_with('}')) label.pop_back();
    if (!label.empty() && !label.starts_with("cluster=")) sample.labels.push_back(label);
  }
  std::ranges::sort(sample.labels);
  return sample;
}

}  // namespace

Collectord& ContractTest::start_with_station(Environment environment) {
  station_ = std::make_unique<Station>();
  environment.try_emplace("STATION_ALERT_URL", station_->url());
  environment.try_emplace("STATION_ALERT_KEY", "test-key");
  return start(std::move(environment));
}

HttpAnswer ContractTest::ask(std::string_view method, std::string_view target,
                             std::string_view header_lines, std::string_view body) {
  RawClient client = connect();
  client.send(http_request(method, target, header_lines, body));
  return client.receive(method == "HEAD");
}

HttpAnswer ContractTest::beat(std::string_view id, std::string_view body,
                              std::string_view header_lines) {
  return ask("POST", "/heartbeat/" + std::string(id), header_lines, body);
}

std::optional<double> ContractTest::metric(const std::string& sample) {
  const Sample wanted = sample_of("pap_collector_" + sample);
  std::istringstream text(get("/metrics").body);
  for (std::string line; std::getline(text, line);) {
    const std::size_t space = line.rfind(' ');
    if (line.starts_with('#') || space == std::string::npos) continue;
    if (sample_of(line.substr(0, space)) == wanted) return std::stod(line.substr(space + 1));
  }
  return std::nullopt;
}

std::string agent_id(std::size_t number) {
  const std::string digits = std::to_string(number);
  return "550e8400-e29b-41d4-a716-" + std::string(12 - digits.size(), '0') + digits;
}

std::string heartbeat(std::string_view mode, double uptime_seconds, std::string_view name) {
  nlohmann::ordered_json body{{"mode", mode}, {"uptime_seconds", uptime_seconds}};
  if (!name.empty()) body["agent_name"] = name;
  return body.dump();
}

bool eventually(const std::function<bool()>& holds, std::chrono::milliseconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (!holds()) {
    if (std::chrono::steady_clock::now() >= end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));  // poll
  }
  return true;
}

std::string without_times(std::string text) {
  static const std::regex form(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)");
  return std::regex_replace(text, form, "2026-11-24T22:51:27.549Z");
}

}  // namespace pap::test
