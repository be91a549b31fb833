// SPDX-License-Identifier: MIT
#include "papctl/top/frame.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "papctl/print/text.hpp"
#include "top_test.hpp"

namespace pap::ctl::top {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

class TopFrame : public testing::Test {
 protected:
  void SetUp() override {
    ::setenv("TZ", "UTC", 1);  // NOLINT(concurrency-mt-unsafe)
    ::tzset();
    use_locale();
  }

  static Terminal::Traits traits(bool utf8 = true, bool colors = false) {
    Terminal::Traits out;
    out.utf8 = utf8;
    out.colors = colors;
    return out;
  }

  static std::string drawn(const Model& model, Size size, bool utf8 = true, int second = 10) {
    std::string out;
    for (const std::string& line : draw(model, size, traits(utf8), at(second)).lines) {
      EXPECT_LE(width_of(line), size.columns) << line;
      out += line + '\n';
    }
    return out;
  }

  static nlohmann::ordered_json alert(const std::string& name, const std::string& state) {
    return {{"type", "AGENT_DEATH"},
            {"agent_uuid", "550e8400-e29b-41d4-a716-446655440000"},
            {"agent_name", name},
            {"severity", "critical"},
            {"timestamp", "2025-11-25T03:06:42.000Z"},
            {"delivery", {{"state", state}}}};
  }

  static Model fleet() {
    Model model({"east:8080"});
    model.on_agents(
        0,
        part({agent("550e8400-e29b-41d4-a716-446655440000", "web-frontend", false, 75, "EMERGENCY"),
              agent("550e8400-e29b-41d4-a716-446655440001", "billing", true, 5),
              agent("test-agent-123", "test-agent-123", true, 3, "SLEEP")},
             true),
        at(5));
    const auto metrics = [](int beats) {
      return Metrics::parse("pap_collector_heartbeats_total{mode=\"IDLE\"} " +
                            std::to_string(beats) +
                            "\npap_collector_station_away 0\npap_collector_alert_queue_size 2\n"
                            "pap_collector_alerts_waiting 3\npap_collector_alerts_in_flight 1\n");
    };
    model.on_metrics(0, metrics(0), at(1));
    model.on_metrics(0, metrics(50), at(5));
    model.on_alerts(0,
                    nlohmann::ordered_json{
                        {"alerts", {alert("web-frontend", "queued"), alert("db", "delivered")}}});
    return model;
  }
};

TEST_F(TopFrame, AtEightyColumns) {
  EXPECT_EQ(drawn(fleet(), {80, 16}), std::string(R"(
papctl top  east:8080                                                   03:06:50
AGENTS  ████████████████████████████░░░░░░░░░░░░░  3  ✔ 2 healthy  ✘ 1 unhealthy
MODES   ████████████▒▒▒▒▒▒▒▒▒▒▒▒░░░░░░░░░░░░  █ EMERGENCY 1  ▒ IDLE 1  ░ SLEEP 1
BEATS   12.5/s  Station ✔  queue 2  waiting 3  in flight 1
03:06:42 ✘ AGENT_DEATH      web-frontend 550e…0000  queued
03:06:42 ✘ AGENT_DEATH      db 550e…0000  delivered
  AGENT                                 NAME     MODE       HEALTH        SILENT
▶ 550e8400-e29b-41d4-a716-446655440000  web-fr…  EMERGENCY  ✘ unhealthy      80s
  550e8400-e29b-41d4-a716-446655440001  billing  IDLE       ✔ healthy        10s
  test-agent-123                        -        SLEEP      ✔ healthy         8s





? help  by worst  1-3 of 3+  q quit  / filter  m mode  s sort  Enter observe
)")
                                          .substr(1));
}

TEST_F(TopFrame, AtFortyColumnsAndTenLines) {
  EXPECT_EQ(drawn(fleet(), {40, 10}), std::string(R"(
papctl top  east:8080           03:06:50
AGENTS  █████████████░░░░░░  3  ✔ 2  ✘ 1
MODES   █████▒▒▒░░░  █ E 1  ▒ I 1  ░ S 1
BEATS   12.5/s  Station ✔  queue 2
03:06:42 ✘ AGENT_DEATH web-…tend  queued
  AGENT             HEALTH        SILENT
▶ 550e840…55440000  ✘ unhealthy      80s
  550e840…55440001  ✔ healthy        10s
  test-agent-123    ✔ healthy         8s
? help  by worst  1-3 of 3+  q quit
)")
                                          .substr(1));
}

TEST_F(TopFrame, AtTwoHundredColumns) {
  EXPECT_EQ(drawn(fleet(), {200, 12}),
            "papctl top  east:8080" + std::string(171, ' ') +
                "03:06:50\n"
                "AGENTS  ████████████████████████████████████████░░░░░░░░░░░░░░░░░░░░  "
                "3  ✔ 2 healthy  ✘ 1 unhealthy\n"
                "MODES   ████████████████████▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒░░░░░░░░░░░░░░░░░░░░  "
                "█ EMERGENCY 1  ▒ IDLE 1  ░ SLEEP 1\n"
                "BEATS   12.5/s  Station ✔  queue 2  waiting 3  in flight 1\n"
                "03:06:42 ✘ AGENT_DEATH      web-frontend 550e…0000  queued\n"
                "  AGENT                                 NAME          MODE       "
                "HEALTH        SILENT  UPTIME  BEATS\n"
                "▶ 550e8400-e29b-41d4-a716-446655440000  web-frontend  EMERGENCY  ✘ "
                "unhealthy      80s      1h      7\n"
                "  550e8400-e29b-41d4-a716-446655440001  billing       IDLE       ✔ "
                "healthy        10s      1h      7\n"
                "  test-agent-123                        -             SLEEP      ✔ "
                "healthy         8s      1h      7\n"
                "\n"
                "\n"
                "? help  by worst  1-3 of 3+  q quit  / filter  m mode  s sort  Enter "
                "observe\n");
}

TEST_F(TopFrame, WithoutUtf8IsAscii) {
  const std::string ascii = drawn(fleet(), {80, 16}, false);
  EXPECT_TRUE(std::all_of(ascii.begin(), ascii.end(), [](char c) {
    return c == '\n' || (c >= ' ' && c <= '~');
  })) << ascii;
  EXPECT_THAT(ascii, HasSubstr("! unhealthy"));
}

TEST_F(TopFrame, FitsIntoAnySize) {
  Model model = fleet();
  Model lost = fleet();
  lost.on_lost(0, "cannot connect", at(6));
  Model helping = fleet();
  helping.on_key(key('?'), 1);
  Model editing = fleet();
  type(editing, "/a-very-long-filter-that-fits-nowhere");
  Model drilled = fleet();
  drilled.on_key(key(Key::Kind::kEnter), 1);
  drilled.on_stream("no stream, and a long text why that is so");
  for (Model* each : {&model, &lost, &helping, &editing, &drilled}) {
    for (std::size_t columns = 1; columns < 130; columns += 3) {
      for (std::size_t lines = 1; lines < 30; lines += 2) {
        const Frame frame = draw(*each, {columns, lines}, traits(), at(10));
        EXPECT_LE(frame.lines.size(), lines);
        if (columns < 20) continue;  // no table is cut below
        for (const std::string& line : frame.lines) {
          EXPECT_LE(width_of(line), columns) << columns << 'x' << lines << ": " << line;
        }
      }
    }
  }
}

TEST_F(TopFrame, SaysSinceWhenACollectorIsNotReachable) {
  Model model({"east:8080", "west:8080"});
  model.on_agents(0, part({agent("a", "a")}), at(0));
  model.on_lost(1, "cannot connect", at(5));
  const std::string text = drawn(model, {80, 20});
  EXPECT_THAT(text, HasSubstr("✘ west:8080 not reachable since 03:06:45: cannot connect\n"));
  EXPECT_THAT(text, HasSubstr("2 collectors"));
  EXPECT_THAT(text, HasSubstr("COLLECTOR"));
}

TEST_F(TopFrame, DoesNotSayHowAgentsOfALostCollectorAre) {
  Model model({"c:1"});
  model.on_agents(0, part({agent("a", "a")}), at(0));
  EXPECT_THAT(drawn(model, {80, 20}), HasSubstr("✔ healthy "));
  model.on_lost(0, "cannot connect", at(5));
  EXPECT_THAT(drawn(model, {80, 20}), HasSubstr("? unknown"));
  EXPECT_THAT(drawn(model, {80, 20}), Not(HasSubstr("✔ healthy ")));
}

TEST_F(TopFrame, NamesFewOfManyLostCollectors) {
  std::vector<std::string> labels;
  for (int i = 0; i < 30; ++i) labels.push_back("c" + std::to_string(i));
  Model model(labels);
  for (std::size_t i = 0; i < labels.size(); ++i) model.on_lost(i, "cannot connect", at(0));
  EXPECT_THAT(drawn(model, {80, 24}), HasSubstr("28 more are not reachable\n"));
  EXPECT_THAT(drawn(model, {80, 24}), HasSubstr("no answer yet"));
}

TEST_F(TopFrame, LetsAgesGrowBetweenAnswers) {
  EXPECT_THAT(drawn(fleet(), {80, 16}, true, 5), HasSubstr(" 75s"));
  EXPECT_THAT(drawn(fleet(), {80, 16}, true, 15), HasSubstr(" 85s"));
}

TEST_F(TopFrame, ShowsTheChosenAgentHoweverFarDown) {
  std::vector<AgentRow> rows;
  for (int i = 0; i < 50; ++i) {
    rows.push_back(agent("id-" + std::to_string(100 + i), "n", true, 1));
  }
  Model model({"c:1"});
  model.on_agents(0, part(std::move(rows)), at(0));
  EXPECT_THAT(drawn(model, {80, 24}), HasSubstr("▶ id-100"));
  model.on_key(key(Key::Kind::kEnd), 10);
  EXPECT_THAT(drawn(model, {80, 24}), HasSubstr("▶ id-149"));
  EXPECT_THAT(drawn(model, {80, 10}), HasSubstr("▶ id-149"));
}

TEST_F(TopFrame, OfNobodySaysSo) {
  Model model({"c:1"});
  EXPECT_THAT(drawn(model, {80, 24}), HasSubstr("no answer yet"));
  model.on_agents(0, part({}), at(0));
  EXPECT_THAT(drawn(model, {80, 24}), HasSubstr("no agents\n"));
  model.on_key(key('m'), 10);
  EXPECT_THAT(drawn(model, {80, 24}), HasSubstr("no agents that match"));
}

TEST_F(TopFrame, OfAnOlderCollectorSaysWhatIsMissing) {
  Model model({"c:1"});
  model.on_agents(0, part({agent("a", "a")}), at(0));
  model.on_metrics(0, Metrics{}, at(0));
  model.on_alerts(0, std::nullopt);
  EXPECT_THAT(drawn(model, {80, 24}), HasSubstr("ALERTS  not told by an older collector"));
}

TEST_F(TopFrame, ShowsWhatOneAgentDoes) {
  Model model = fleet();
  model.on_key(key(Key::Kind::kEnter), 10);
  EXPECT_THAT(drawn(model, {80, 24}), HasSubstr("nothing heard yet"));
  const std::string beat =
      R"({"type":"heartbeat","agent":{"agent_uuid":"x","agent_name":"web","mode":"IDLE",)"
      R"("uptime_seconds":1},"timestamp":"2025-11-25T03:06:42.000Z"})";
  for (int i = 0; i < 100; ++i) model.on_message(beat);
  const std::string text = drawn(model, {80, 12});
  EXPECT_THAT(text, HasSubstr("web-frontend  550e8400-e29b-41d4-a716-446655440000"));
  EXPECT_THAT(text, HasSubstr("03:06:42.000 ♥ web"));
  EXPECT_THAT(text, HasSubstr("Esc back"));
}

TEST_F(TopFrame, NeverShowsRawWhatOthersSay) {
  const std::string evil = "\x1b[2J\u202e\x07\n";
  Model model({"c:1"});
  model.on_agents(0, part({agent(evil, evil)}), at(0));
  nlohmann::ordered_json hostile = alert(evil, evil);
  hostile["type"] = evil;
  model.on_alerts(0, nlohmann::ordered_json{{"alerts", {hostile}}});
  const auto is_clean = [&] {
    const std::string text = drawn(model, {200, 24});
    EXPECT_THAT(text, Not(HasSubstr("\x1b")));
    EXPECT_THAT(text, Not(HasSubstr("\u202e")));
    EXPECT_THAT(text, Not(HasSubstr("\x07")));
  };
  is_clean();
  type(model, "/");
  model.on_key({Key::Kind::kText, "\u202e"}, 10);
  is_clean();
  model.on_key(key(Key::Kind::kEscape), 10);
  model.on_key(key(Key::Kind::kEnter), 10);
  model.on_message(evil);
  model.on_stream(evil);
  is_clean();
}

TEST_F(TopFrame, HasColoursWhereTheyAreWanted) {
  const Frame frame = draw(fleet(), {80, 16}, traits(true, true), at(10));
  EXPECT_THAT(frame.lines, Contains(HasSubstr("\x1b[1;31m✘ unhealthy\x1b[0m")));
}

}  // namespace
}  // namespace pap::ctl::top
