// SPDX-License-Identifier: MIT
#include "contract/survival.hpp"

#include <cstdio>
#include <ctime>
#include <sstream>
#include <thread>

#include <httplib.h>

namespace pap::test {
namespace {

using std::chrono::duration_cast;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Wall times of the wire are cut to milliseconds, and both clocks are read one after the other.
constexpr milliseconds kClockError{100};

std::string in_seconds(milliseconds time) {
  std::ostringstream text;
  text << static_cast<double>(time.count()) / 1000 << " s";
  return text.str();
}

std::string text_between(SteadyTime from, SteadyTime until) {
  return in_seconds(duration_cast<milliseconds>(until - from));
}

}  // namespace

Environment told_to(const Station& station) {
  return {{"STATION_ALERT_URL", station.url()}, {"STATION_ALERT_KEY", "test-key"}};
}

Told told(const Station& station, const std::string& type) {
  Told all;
  for (ReceivedAlert& alert : station.stored()) {
    if (alert.alert["type"] == type) all[alert.alert["agent_uuid"]].push_back(std::move(alert));
  }
  return all;
}

std::size_t agents_in(const Station::Alerts& alerts, const std::string& type) {
  std::set<std::string> ids;
  for (const ReceivedAlert& alert : alerts) {
    if (alert.status == 200 && alert.alert["type"] == type) ids.insert(alert.alert["agent_uuid"]);
  }
  return ids.size();
}

std::set<std::string> ids_of(const Lives& lives, const Fleet::Agents& agents) {
  std::set<std::string> ids;
  for (const Fleet::Agent agent : agents) ids.insert(lives[agent].id);
  return ids;
}

std::set<std::string> ids_of(const Told& told) {
  std::set<std::string> ids;
  for (const auto& [id, alerts] : told) ids.insert(id);
  return ids;
}

SteadyTime time_of(const nlohmann::json& text) {
  std::tm parts{};
  int millis = 0;
  const auto& form = text.get_ref<const std::string&>();
  if (std::sscanf(form.c_str(), "%d-%d-%dT%d:%d:%d.%dZ", &parts.tm_year, &parts.tm_mon,
                  &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &millis) != 7) {
    throw std::invalid_argument("no time: " + form);
  }
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  const auto wall = std::chrono::system_clock::from_time_t(::timegm(&parts)) + milliseconds(millis);
  const auto ago = std::chrono::system_clock::now() - wall;
  return std::chrono::steady_clock::now() - duration_cast<std::chrono::steady_clock::duration>(ago);
}

double metric(const Collectord& collectord, const std::string& name, const std::string& label,
              const std::string& another) {
  httplib::Client client("127.0.0.1", collectord.port());
  client.set_read_timeout(30, 0);
  const auto answer = client.Get("/metrics");
  if (!answer) return -1;
  std::istringstream lines(answer->body);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t labels_end = line.find('}');
    if (!line.starts_with("pap_collector_" + name + '{') || labels_end == std::string::npos)
      continue;
    const std::string labels = line.substr(0, labels_end);
    if (labels.find(label) == std::string::npos) continue;
    if (labels.find(another) == std::string::npos) continue;
    return std::stod(line.substr(labels_end + 1));
  }
  return -1;
}

testing::AssertionResult wait_for_metric(const Collectord& collectord, const std::string& name,
                                         const std::string& label, const std::string& another,
                                         double value, seconds patience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  double seen = 0;
  do {
    seen = metric(collectord, name, label, another);
    if (seen == value) return testing::AssertionSuccess();
    std::this_thread::sleep_for(milliseconds(100));  // poll
  } while (std::chrono::steady_clock::now() < end);
  return testing::AssertionFailure()
         << name << ' ' << label << ' ' << another << " is " << seen << ", not " << value;
}

testing::AssertionResult nothing_left_to_tell(const Collectord& collectord) {
  for (const char* gauge : {"alerts_waiting", "alerts_in_flight", "alerts_held"}) {
    if (auto result = wait_for_metric(collectord, gauge, "", "", 0); !result) return result;
  }
  return testing::AssertionSuccess();
}

void expect_told_in_time(const Told& deaths, const Lives& lives, const Fleet::Agents& agents,
                         milliseconds latest) {
  for (const Fleet::Agent agent : agents) {
    const AgentLife& life = lives[agent];
    const auto found = deaths.find(life.id);
    ASSERT_NE(found, deaths.end()) << life.id << " was never told dead";
    EXPECT_EQ(found->second.size(), 1U) << life.id;
    const ReceivedAlert& alert = found->second.front();
    // A beat that was under way when the agent died may have been heard.
    const Beat& last = *life.last_answered();
    const SteadyTime heard_last = std::max(last.ended, life.beats.back().sent);
    EXPECT_GE(alert.at, last.sent + kGrace)
        << life.id << " was told dead after " << text_between(last.sent, alert.at);
    EXPECT_LE(alert.at, heard_last + kGrace + kSlack + latest)
        << life.id << " was told dead after " << text_between(heard_last, alert.at);
    // The event's own time does not hang on how fast the Station is.
    const SteadyTime event = time_of(alert.alert["timestamp"]);
    EXPECT_GE(event, last.sent + kGrace - kClockError) << life.id;
    EXPECT_LE(event, heard_last + kGrace + kClockError) << life.id;
  }
}

testing::AssertionResult no_beat_failed(const FleetCounts& counts) {
  const auto of = [&](Beat::End end) { return std::to_string(counts.of(end)); };
  if (counts.of(Beat::End::kNoSocket) > 0) {
    return testing::AssertionFailure() << "this machine ran out of ports or descriptors";
  }
  if (counts.failed() == 0 && counts.idle_cut == 0) return testing::AssertionSuccess();
  return testing::AssertionFailure()
         << "bad answers " << of(Beat::End::kBadAnswer) << ", refused " << of(Beat::End::kRefused)
         << ", cut " << of(Beat::End::kCut) << ", timed out " << of(Beat::End::kTimedOut)
         << ", idle connections cut " << counts.idle_cut << "; slowest answer "
         << counts.slowest.count() << " us, own lag " << counts.lag.count() << " us";
}

}  // namespace pap::test
