// SPDX-License-Identifier: MIT
#include "papctl/print/observation.hpp"

#include <cstdlib>
#include <ctime>
#include <optional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

std::string heartbeat(const std::string& time, const std::string& mode = "IDLE",
                      double uptime = 3600, const std::string& name = "web-1") {
  return json{{"type", "heartbeat"},
              {"cluster_id", "c"},
              {"agent",
               {{"agent_uuid", "a-1"},
                {"agent_name", name},
                {"mode", mode},
                {"uptime_seconds", uptime},
                {"last_seen", time},
                {"consecutive_heartbeats", 2}}},
              {"timestamp", time}}
      .dump();
}

class Lines : public testing::Test {
 protected:
  void SetUp() override {
    use_locale();
    ::setenv("TZ", "UTC", 1);  // NOLINT(concurrency-mt-unsafe)
    ::tzset();
  }

  std::string people(const std::string& message) { return people_.line_for(message).out; }
  std::string tsv(const std::string& message) { return tsv_.line_for(message).out; }

  const Terminal terminal_{{true, false, true, 200}};
  const Terminal pipe_{{false, false, true, std::nullopt}};
  ObservationLines people_{Format::kTable, false, terminal_};
  ObservationLines tsv_{Format::kTsv, false, pipe_};
};

TEST_F(Lines, ShowTheFirstHeartbeatWithoutAGap) {
  EXPECT_EQ(people(heartbeat("2026-11-24T14:30:13.042Z")),
            "14:30:13.042 ♥ web-1                    IDLE      up 1h\n");
}

TEST_F(Lines, ShowTheGapSinceTheLastOne) {
  people(heartbeat("2026-11-24T14:30:13.042Z"));
  EXPECT_EQ(people(heartbeat("2026-11-24T14:30:43.142Z", "IDLE", 3630)),
            "14:30:43.142 ♥ web-1                    IDLE      up 1h     +30.1s\n");
}

TEST_F(Lines, AreOfAgentsWithANameThatMatches) {
  const std::string time = "2026-11-24T14:30:13.042Z";
  ObservationLines lines(Format::kName, false, pipe_, "web-?");
  const std::string removed = R"({"type":"removed","agent_uuid":"a-1"})";
  const std::string alert =
      R"({"type":"alert","alert":{"agent_uuid":"x","agent_name":"my-web-1","type":"T"}})";
  EXPECT_FALSE(lines.line_for(removed).counts) << "nobody knows its name";
  EXPECT_EQ(lines.line_for(alert).out, "");
  EXPECT_EQ(lines.line_for(heartbeat(time, "IDLE", 1, "web-12")).out, "");
  EXPECT_FALSE(lines.line_for(heartbeat(time, "IDLE", 1, "web-12")).counts);
  EXPECT_FALSE(lines.line_for(removed).counts);
  EXPECT_EQ(lines.line_for(heartbeat(time, "IDLE", 1, "web-1")).out, "a-1\n");
  EXPECT_EQ(lines.line_for(removed).out, "a-1\n");
  EXPECT_THAT(lines.line_for(R"({"type":"dropped","count":3})").complaint, HasSubstr("3"));
}

TEST_F(Lines, CountHeartbeatsThatWereMissed) {
  people(heartbeat("2026-11-24T14:30:00.000Z"));
  EXPECT_THAT(people(heartbeat("2026-11-24T14:30:59.900Z", "IDLE", 3660)),
              Not(HasSubstr("missed")));
  EXPECT_THAT(people(heartbeat("2026-11-24T14:32:29.900Z", "IDLE", 3750)), HasSubstr("missed 2"));
}

TEST_F(Lines, TellWhatChanged) {
  people(heartbeat("2026-11-24T14:30:00.000Z"));
  EXPECT_THAT(people(heartbeat("2026-11-24T14:30:05.000Z", "EMERGENCY", 3605)),
              HasSubstr("mode was IDLE"));
  EXPECT_THAT(people(heartbeat("2026-11-24T14:30:10.000Z", "EMERGENCY", 3)),
              HasSubstr("uptime was 1h"));
  EXPECT_THAT(people(heartbeat("2026-11-24T14:30:15.000Z", "EMERGENCY", 8, "web-2")),
              HasSubstr("name was web-1"));
}

TEST_F(Lines, PaintAFallIntoEmergency) {
  const Terminal colors({true, true, true, 200});
  ObservationLines lines(Format::kTable, false, colors);
  lines.line_for(heartbeat("2026-11-24T14:30:00.000Z"));
  EXPECT_THAT(lines.line_for(heartbeat("2026-11-24T14:30:05.000Z", "EMERGENCY", 3605)).out,
              testing::StartsWith("\x1b[1;31m"));
}

TEST_F(Lines, TellHowItStoodAtFirst) {
  EXPECT_THAT(people(R"({"type":"initial","agent":{"agent_uuid":"a-1","agent_name":"web-1",)"
                     R"("mode":"IDLE","uptime_seconds":3600,"healthy":true,)"
                     R"("last_seen":"2026-11-24T14:30:00.000Z"}})"),
              HasSubstr("is healthy"));
  EXPECT_THAT(people(heartbeat("2026-11-24T14:30:30.000Z")), HasSubstr("+30.0s"));
  EXPECT_THAT(people(R"({"type":"initial","agent":{"agent_uuid":"b","status":"unknown"}})"),
              HasSubstr("b                        not seen yet"));
}

TEST_F(Lines, TellAlertsRecoveriesAndRemovals) {
  const std::string alert =
      people(R"({"type":"alert","alert":{"type":"AGENT_DEATH","agent_uuid":"a-1",)"
             R"("agent_name":"web-1","severity":"critical","details":{"missed_intervals":2,)"
             R"("mode":"IDLE"},"timestamp":"2026-11-24T14:30:00.000Z"}})");
  EXPECT_THAT(alert, HasSubstr("14:30:00.000 ✘ web-1"));
  EXPECT_THAT(alert, HasSubstr("AGENT_DEATH, missed_intervals 2, mode IDLE"));
  EXPECT_THAT(people(R"({"type":"recovered","agent":{"agent_uuid":"a-1","agent_name":"web-1"}})"),
              HasSubstr("is back"));
  people(heartbeat("2026-11-24T14:30:00.000Z"));
  EXPECT_THAT(people(R"({"type":"removed","agent_uuid":"a-1"})"), HasSubstr("a-1"));
  EXPECT_THAT(people(heartbeat("2026-11-24T14:30:30.000Z")), Not(HasSubstr("+")))
      << "who was removed is new when it beats again";
}

TEST_F(Lines, ComplainWhenMessagesWereDropped) {
  const auto line = people_.line_for(R"({"type":"dropped","count":17})");
  EXPECT_EQ(line.out, "");
  EXPECT_THAT(line.complaint, HasSubstr("dropped 17 messages"));
  EXPECT_FALSE(line.counts);
}

TEST_F(Lines, CountHeartbeatsAndAlertsButNotTheBeginning) {
  EXPECT_TRUE(people_.line_for(heartbeat("2026-11-24T14:30:00.000Z")).counts);
  EXPECT_TRUE(people_.line_for(R"({"type":"alert","alert":{}})").counts);
  EXPECT_FALSE(people_.line_for(R"({"type":"initial","agent":{}})").counts);
  EXPECT_FALSE(people_.line_for(R"({"type":"pong"})").counts);
}

TEST_F(Lines, InTsvHaveAFieldForEverything) {
  EXPECT_EQ(tsv_.header(),
            "timestamp\ttype\tagent_uuid\tagent_name\tmode\tuptime_seconds\tgap_ms\tnote\n");
  EXPECT_EQ(tsv(heartbeat("2026-11-24T14:30:00.000Z", "IDLE", 2.5)),
            "2026-11-24T14:30:00.000Z\theartbeat\ta-1\tweb-1\tIDLE\t2.5\t\t\n");
  EXPECT_EQ(tsv(heartbeat("2026-11-24T14:30:05.001Z", "EMERGENCY", 7.5)),
            "2026-11-24T14:30:05.001Z\theartbeat\ta-1\tweb-1\tEMERGENCY\t7.5\t5001\tmode was "
            "IDLE\n");
}

TEST_F(Lines, InJsonAreTheMessagesAsTheyCame) {
  ObservationLines lines(Format::kJson, false, pipe_);
  const std::string message = heartbeat("2026-11-24T14:30:00.000Z");
  EXPECT_EQ(lines.line_for(message).out, message + '\n');
  const std::string name = "x\u202e\x7f";
  const std::string shown = lines.line_for(heartbeat("t", "IDLE", 1, name)).out;
  EXPECT_THAT(shown, HasSubstr("x\\u202e\\u007f"));
  EXPECT_EQ(json::parse(shown)["agent"]["agent_name"], name);
}

TEST_F(Lines, InYamlAreDocuments) {
  ObservationLines lines(Format::kYaml, false, pipe_);
  const std::string both = lines.line_for(heartbeat("2026-11-24T14:30:00.000Z")).out +
                           lines.line_for(heartbeat("2026-11-24T14:30:30.000Z")).out;
  const auto documents = YAML::LoadAll(both);
  ASSERT_EQ(documents.size(), 2U);
  EXPECT_EQ(documents[1]["timestamp"].as<std::string>(), "2026-11-24T14:30:30.000Z");
}

TEST_F(Lines, ByNameTellWhoAlone) {
  ObservationLines lines(Format::kName, false, pipe_);
  EXPECT_EQ(lines.line_for(heartbeat("2026-11-24T14:30:00.000Z")).out, "a-1\n");
  EXPECT_EQ(lines.line_for(R"({"type":"initial","agent":{"agent_uuid":"a-1"}})").out, "");
}

TEST_F(Lines, AreCutToTheTerminalAndNeverToAPipe) {
  const Terminal narrow({true, false, true, 40});
  ObservationLines cut(Format::kTable, false, narrow);
  ObservationLines whole(Format::kTable, false, pipe_);
  for (const std::string& message :
       {heartbeat("2026-11-24T14:30:00.000Z"),
        heartbeat("2026-11-24T15:30:00.000Z", "SLEEP", 2, "東京東京東京東京東京東京東京")}) {
    const std::string line = cut.line_for(message).out;
    EXPECT_LE(width_of(line.substr(0, line.size() - 1)), 40U) << line;
    EXPECT_THAT(whole.line_for(message).out, Not(HasSubstr("…"))) << message;
  }
}

TEST_F(Lines, NeverWriteRawWhatOthersChose) {
  const std::string evil = "\x1b]0;owned\x07\n\u202e\u009b2J";
  const std::string message = json{
      {"type", "alert"},
      {"timestamp", evil},
      {"alert",
       {{"type", evil},
        {"agent_uuid", evil},
        {"agent_name", evil},
        {"severity", evil},
        {"timestamp", evil},
        {"details",
         {{evil, evil}}}}}}.dump();
  for (const Format format : {Format::kTable, Format::kWide, Format::kJson, Format::kJsonl,
                              Format::kYaml, Format::kName, Format::kTsv}) {
    ObservationLines lines(format, false, terminal_);
    for (const std::string& each :
         {message, heartbeat(evil, evil, 1, evil), heartbeat(evil, "IDLE", 1, "plain"),
          json{{"error", evil}}.dump(), json{{"type", "dropped"}, {"count", evil}}.dump(), evil}) {
      const auto line = lines.line_for(each);
      for (const std::string& text : {line.out, line.complaint}) {
        EXPECT_THAT(text, Not(HasSubstr("\x1b")));
        EXPECT_THAT(text, Not(HasSubstr("\x07")));
        EXPECT_THAT(text, Not(HasSubstr("\u202e")));
        EXPECT_THAT(text, Not(HasSubstr("\u009b")));
      }
    }
  }
}

TEST_F(Lines, OutliveEveryMessageThatIsNone) {
  for (const char* message :
       {"",
        "[]",
        "1",
        "null",
        "{}",
        "{",
        R"({"type":1})",
        R"({"type":"heartbeat"})",
        R"({"type":"heartbeat","agent":[]})",
        R"({"type":"heartbeat","agent":{"mode":1}})",
        R"({"type":"initial"})",
        R"({"type":"initial","agent":7})",
        R"({"type":"initial","agent":[{}]})",
        R"({"type":"alert"})",
        R"({"type":"alert","alert":"text"})",
        R"({"type":"alert","alert":[1]})",
        R"({"type":"alert","alert":{"details":[1]}})",
        R"({"type":"removed","agent_uuid":{}})",
        R"({"type":"recovered","agent":null})",
        R"({"type":"dropped"})",
        R"({"type":"dropped","count":{"a":1}})",
        R"({"error":{"a":1}})",
        R"({"type":"heartbeat","timestamp":"1969-12-31T23:59:59.500Z","agent":{}})",
        R"({"type":"heartbeat","agent":{"uptime_seconds":1e300}})",
        R"({"type":"heartbeat","agent":{"uptime_seconds":-1e300}})",
        "\xff\xfe"}) {
    for (const Format format : {Format::kTable, Format::kWide, Format::kJson, Format::kYaml,
                                Format::kName, Format::kTsv}) {
      ObservationLines lines(format, false, terminal_);
      EXPECT_NO_THROW(lines.line_for(message)) << message;
    }
  }
}

TEST_F(Lines, OfSeveralCollectorsSayWhoseTheyAre) {
  ObservationLines tsv(Format::kTsv, true, pipe_);
  ObservationLines json_lines(Format::kJson, true, pipe_);
  ObservationLines table(Format::kTable, true, terminal_);
  const std::string message = heartbeat("2026-11-24T14:30:00.000Z");
  EXPECT_THAT(tsv.header(), testing::StartsWith("collector\ttimestamp\t"));
  EXPECT_THAT(tsv.line_for(message, "c:1").out, testing::StartsWith("c:1\t2026-11-24T"));
  EXPECT_EQ(json::parse(json_lines.line_for(message, "c:1").out)["collector"], "c:1");
  EXPECT_THAT(table.line_for(message, "c:1").out, testing::EndsWith("  c:1\n"));
}

TEST_F(Lines, OfSeveralCollectorsSaySoHoweverLongTheNote) {
  const Terminal narrow({true, false, true, 60});
  ObservationLines table(Format::kTable, true, narrow);
  const std::string alert =
      R"({"type":"alert","alert":{"agent_uuid":"x","type":"AGENT_DEATH","details":)"
      R"({"last_seen":"2026-11-24T14:30:00.000Z","uptime_before_death":3600}}})";
  const std::string line = table.line_for(alert, "c:1").out;
  EXPECT_THAT(line, testing::EndsWith("…  c:1\n"));
  EXPECT_EQ(width_of(line.substr(0, line.size() - 1)), 60U);
}

TEST_F(Lines, OfAgentsThatShareANameSayWhichOneItIs) {
  const auto beat_of = [](const std::string& id) {
    return R"({"type":"heartbeat","agent":{"agent_uuid":")" + id +
           R"(","agent_name":"web","mode":"IDLE"},"timestamp":"2026-11-24T14:30:00.000Z"})";
  };
  EXPECT_THAT(people(beat_of("0195f3a2-0001")), HasSubstr("♥ web                      IDLE"));
  EXPECT_THAT(people(beat_of("0195f3a2-0002")), HasSubstr("♥ web 0195…0002            IDLE"));
  EXPECT_THAT(people(beat_of("0195f3a2-0001")), HasSubstr("♥ web 0195…0001            IDLE"));
  EXPECT_THAT(people(heartbeat("2026-11-24T14:30:00.000Z")), HasSubstr("♥ web-1                "));
}

TEST_F(Lines, OfAsciiHaveNoOtherCharacter) {
  const Terminal ascii({true, false, false, 200});
  ObservationLines lines(Format::kTable, false, ascii);
  for (const std::string& message :
       {heartbeat("2026-11-24T14:30:00.000Z", "IDLE", 1, "東京"),
        heartbeat("2026-11-24T14:30:30.000Z", "SLEEP", 1, std::string(60, 'x')),
        std::string(R"({"type":"removed","agent_uuid":"a-1"})"),
        std::string(R"({"type":"alert","alert":{"type":"AGENT_DEATH"}})")}) {
    for (const char c : lines.line_for(message).out) EXPECT_LT(static_cast<unsigned char>(c), 0x7f);
  }
}

}  // namespace
}  // namespace pap::ctl
