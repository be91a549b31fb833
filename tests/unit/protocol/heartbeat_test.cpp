// SPDX-License-Identifier: MIT
#include "pap/protocol/heartbeat.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>
#include <string>

#include "unit/protocol/recordings.hpp"

namespace pap::protocol {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using Reason = Refusal::Reason;

// Fails the test when `body` is refused.
Heartbeat taken(HeartbeatReader& reader, std::string_view body) {
  const HeartbeatResult result = reader.read(body);
  if (result.has_value()) return *result;
  ADD_FAILURE() << body << " was refused: " << result.error().message;
  return {};
}

// Fails the test when `body` is taken.
Refusal refused(std::string_view body) {
  HeartbeatReader reader;
  const HeartbeatResult result = reader.read(body);
  if (result.has_error()) return result.error();
  ADD_FAILURE() << body << " was taken";
  return {};
}

void expect_refused(std::string_view body, Reason reason, std::string_view message) {
  const Refusal refusal = refused(body);
  EXPECT_EQ(refusal.reason, reason) << body;
  EXPECT_EQ(refusal.message, message) << body;
}

std::string nested(std::size_t depth) {
  // The body itself is one level.
  std::string body = R"({"mode":"IDLE","uptime_seconds":1,"x":)";
  for (std::size_t i = 1; i < depth; ++i) body += i % 2 == 0 ? "[" : R"({"x":)";
  body += "1";
  for (std::size_t i = depth - 1; i > 0; --i) body += i % 2 == 0 ? "]" : "}";
  return body + "}";
}

TEST(HeartbeatReader, TakesWhatNodesFetchSends) {
  HeartbeatReader reader;
  const Heartbeat heartbeat = taken(reader, recorded::kHeartbeat);
  EXPECT_EQ(heartbeat.mode, Mode::kIdle);
  EXPECT_EQ(heartbeat.uptime_seconds, 3600.123);
  EXPECT_EQ(heartbeat.agent_name, "my-agent");
}

TEST(HeartbeatReader, TakesEveryWayToWriteTheSame) {
  HeartbeatReader reader;
  const std::string_view bodies[] = {
      R"({"mode":"SLEEP","uptime_seconds":12,"agent_name":"x"})",
      R"({"agent_name":"x","uptime_seconds":12,"mode":"SLEEP"})",
      R"({"mode":"SLEEP","uptime_seconds":12.0,"agent_name":"x"})",
      R"({"mode":"SLEEP","uptime_seconds":1.2e1,"agent_name":"x"})",
      R"({"mode":"SLEEP","uptime_seconds":120E-1,"agent_name":"x"})",
      "\t{ \"mode\" :\r\n\"SLEEP\" , \"uptime_seconds\" : 12\n, \"agent_name\" : \"x\" }\n ",
      R"({"m\u006fde":"SL\u0045EP","uptime\u005fseconds":12,"agent_name":"\u0078"})",
      R"({"mode":"SLEEP","uptime_seconds":12,"agent_name":"x","extra":[{"mode":1}],"":null})",
      "\xEF\xBB\xBF{\"mode\":\"SLEEP\",\"uptime_seconds\":12,\"agent_name\":\"x\"}",
  };
  for (const auto body : bodies) {
    const Heartbeat heartbeat = taken(reader, body);
    EXPECT_EQ(heartbeat.mode, Mode::kSleep) << body;
    EXPECT_EQ(heartbeat.uptime_seconds, 12) << body;
    EXPECT_EQ(heartbeat.agent_name, "x") << body;
  }
}

TEST(HeartbeatReader, TakesEveryFiniteUptimeFromZeroUp) {
  struct Case {
    const char* text;
    double value;
  };
  const Case cases[] = {
      {"0", 0},
      {"-0", 0},
      {"-0.0", 0},
      {"0.0", 0},
      {"0e9", 0},
      {"5e-324", 5e-324},
      {"1e-400", 0},  // too small to be told from zero
      {"0.1", 0.1},
      {"2.5", 2.5},
      {"3600.123", 3600.123},
      {"999999999999999", 999999999999999.0},
      {"9007199254740993", 9007199254740992.0},
      {"18446744073709551615", 18446744073709551616.0},
      {"18446744073709551616", 18446744073709551616.0},
      {"123456789012345678901234567890", 123456789012345678901234567890.0},
      {"0.1000000000000000055511151231257827021181583404541015625", 0.1},
      {"1.7976931348623157e308", 1.7976931348623157e308},
      {"1e+2", 100},
  };
  HeartbeatReader reader;
  for (const Case& c : cases) {
    const auto body = R"({"mode":"IDLE","uptime_seconds":)" + std::string(c.text) + "}";
    const Heartbeat heartbeat = taken(reader, body);
    EXPECT_EQ(heartbeat.uptime_seconds, c.value) << c.text;
    EXPECT_FALSE(std::signbit(heartbeat.uptime_seconds)) << c.text;
  }
}

TEST(HeartbeatReader, RefusesNumbersThatJsonDoesNotHave) {
  for (const auto* number : {"01", "00", "+1", "1.", ".5", "1e", "1e+", "-", "--1", "0x10", "1_0",
                             "NaN", "Infinity", "-Infinity", "inf", "nan", "1,5", "1 2"}) {
    const auto body = R"({"mode":"IDLE","uptime_seconds":)" + std::string(number) + "}";
    EXPECT_EQ(refused(body).reason, Reason::kInvalidPayload) << number;
  }
}

TEST(HeartbeatReader, RefusesNumbersThatNoDoubleCanHoldAndNamesTheField) {
  expect_refused(R"({"mode":"IDLE","uptime_seconds":1e400})", Reason::kInvalidPayload,
                 R"(the number in "uptime_seconds" is out of range)");
  expect_refused(R"({"mode":"IDLE","uptime_seconds":-1e400})", Reason::kInvalidPayload,
                 R"(the number in "uptime_seconds" is out of range)");
  expect_refused(R"({"mode":"IDLE","uptime_seconds":1,"x":[1e309]})", Reason::kInvalidPayload,
                 R"(the number in "x" is out of range)");
  expect_refused("1e400", Reason::kInvalidPayload, "a number is out of range");
}

TEST(HeartbeatReader, RefusesANegativeUptime) {
  for (const auto* number : {"-1", "-0.001", "-5e-324", "-9223372036854775808", "-1e300"}) {
    expect_refused(R"({"mode":"IDLE","uptime_seconds":)" + std::string(number) + "}",
                   Reason::kInvalidPayload, "uptime_seconds must not be negative");
  }
}

TEST(HeartbeatReader, CountsANameThatIsNullOrEmptyAsAbsent) {
  HeartbeatReader reader;
  taken(reader, R"({"mode":"IDLE","uptime_seconds":1,"agent_name":"b\u0065fore"})");
  for (const auto body : {R"({"mode":"IDLE","uptime_seconds":1})"sv,
                          R"({"mode":"IDLE","uptime_seconds":1,"agent_name":null})"sv,
                          R"({"mode":"IDLE","uptime_seconds":1,"agent_name":""})"sv}) {
    EXPECT_EQ(taken(reader, body).agent_name, "") << body;
  }
}

TEST(HeartbeatReader, CutsALongNameBetweenCharactersHoweverItWasWritten) {
  const std::string plain(253, 'n');
  struct Case {
    std::string added;
    std::string added_escaped;
    std::size_t kept;
  };
  const Case cases[] = {
      {"ab", "a\\u0062", 255},
      {"abc", "ab\\u0063", 256},
      {"abcd", "abc\\u0064", 256},
      {"a\xC3\xA9", "a\\u00e9", 256},    // é ends at 256
      {"ab\xC3\xA9", "ab\\u00e9", 255},  // é lies across
      {"\xE2\x82\xAC", "\\u20ac", 256},  // €
      {"a\xE2\x82\xAC", "a\\u20ac", 254},
      {"\xF0\x9F\x98\x80", "\\ud83d\\ude00", 253},  // 😀
      {"ab\xF0\x9F\x98\x80", "ab\\ud83d\\ude00", 255},
  };
  HeartbeatReader reader;
  for (const Case& c : cases) {
    const std::string name = plain + c.added;
    for (const std::string& text : {name, plain + c.added_escaped}) {
      const auto body = R"({"mode":"IDLE","uptime_seconds":1,"agent_name":")" + text + "\"}";
      EXPECT_EQ(taken(reader, body).agent_name, name.substr(0, c.kept)) << text;
    }
  }
}

// As JSON.stringify writes a name that was cut within an emoji, and JSON.parse takes it.
TEST(HeartbeatReader, TakesHalfACharacterForTheReplacementCharacter) {
  const auto name_of = [](const std::string& escaped) {
    HeartbeatReader reader;
    const HeartbeatResult heartbeat =
        reader.read(R"({"mode":"IDLE","uptime_seconds":1,"agent_name":")" + escaped + R"("})");
    return heartbeat.has_value() ? std::string{heartbeat->agent_name} : "refused";
  };
  EXPECT_EQ(name_of(R"(bot \ud83d)"), "bot \uFFFD");
  EXPECT_EQ(name_of(R"(\uDE00 bot)"), "\uFFFD bot");
  EXPECT_EQ(name_of(R"(\ud83d\ud83d\ude00)"), "\uFFFD\U0001F600");
  EXPECT_EQ(name_of(R"(\ud83d\n)"), "\uFFFD\n");
  EXPECT_EQ(name_of(R"(\\ud83d)"), "\\ud83d") << "a backslash, and then no escape";
  EXPECT_EQ(name_of(R"(\ud83d\ude00)"), "\U0001F600");
  EXPECT_EQ(name_of(R"(\ud83)"), "refused");
}

TEST(HeartbeatReader, KeepsControlCharactersThatCameEscaped) {
  HeartbeatReader reader;
  const auto body = R"({"mode":"IDLE","uptime_seconds":1,"agent_name":"a\u0000b\n\u001b\u0085"})";
  EXPECT_EQ(taken(reader, body).agent_name, "a\0b\n\x1B\xC2\x85"sv);
}

TEST(HeartbeatReader, RefusesABodyThatIsNotJsonAndSaysWhere) {
  struct Case {
    std::string_view body;
    const char* message;
  };
  const Case cases[] = {
      {"", "the body is empty"},
      {" \r\n\t", "the body is empty"},
      {"{", "the body ends before its JSON does"},
      {R"({"mode":"IDL)", "the body ends before its JSON does"},
      {R"({"mode":"IDLE","uptime_seconds":1)", "the body ends before its JSON does"},
      {R"({"mode" 1})", "invalid JSON at byte 8"},
      {R"({'mode':1})", "invalid JSON at byte 1"},
      {R"({mode:1})", "invalid JSON at byte 1"},
      {R"({"mode":1,})", "invalid JSON at byte 10"},
      {R"({"mode":tru})", "invalid JSON at byte 11"},
      {"{\"mode\":\"a\nb\"}", "invalid JSON at byte 10"},
      {R"({"mode":"\x"})", "invalid JSON at byte 10"},
      {R"(// a comment
         {})",
       "invalid JSON at byte 0"},
      {"{}x", "something follows the JSON at byte 2"},
      {"{} {}", "something follows the JSON at byte 3"},
      {R"({"mode":"IDLE","uptime_seconds":1}})", "something follows the JSON at byte 34"},
      {"{\"mode\":\"IDLE\",\"uptime_seconds\":1}\0"sv, "a NUL at byte 34"},
      {"{\"mode\":\"IDLE\",\"uptime_seconds\":1}\0{}"sv, "a NUL at byte 34"},
      {"{\"mode\":\"ID\0LE\",\"uptime_seconds\":1}"sv, "a NUL at byte 11"},
      {"{\"mode\":\"IDLE\xFF\",\"uptime_seconds\":1}", "invalid UTF-8 at byte 13"},
      {"{\"mode\":\"IDLE\",\"\xC0\x80\":1}", "invalid UTF-8 at byte 16"},
      {"{\"agent_name\":\"\xED\xA0\x80\"}", "invalid UTF-8 at byte 15"},
      {"{\"agent_name\":\"\xC3\"}", "invalid UTF-8 at byte 15"},
      {"{\"agent_name\":\"\xF4\x90\x80\x80\"}", "invalid UTF-8 at byte 15"},
      {"\xFF\xFE{\0}\0"sv, "a NUL at byte 3"},  // UTF-16
      {"{\"mode\":\"IDLE\",\"uptime_seconds\":1}\xC3\xA9", "something follows the JSON at byte 34"},
  };
  for (const Case& c : cases) expect_refused(c.body, Reason::kInvalidPayload, c.message);
}

TEST(HeartbeatReader, RefusesJsonThatIsNotAnObject) {
  struct Case {
    const char* body;
    const char* type;
  };
  const Case cases[] = {
      {"null", "null"},    {"true", "a boolean"},
      {"1", "a number"},   {"-1", "a number"},
      {"1.5", "a number"}, {R"("IDLE")", "a string"},
      {"[]", "an array"},  {R"(["mode",{"mode":"IDLE","uptime_seconds":1}])", "an array"},
  };
  for (const Case& c : cases) {
    expect_refused(c.body, Reason::kInvalidPayload,
                   "the body must be a JSON object, not " + std::string(c.type));
  }
}

TEST(HeartbeatReader, RefusesADuplicateKeyAndNamesIt) {
  struct Case {
    const char* body;
    const char* key;
  };
  const Case cases[] = {
      {R"({"mode":"IDLE","uptime_seconds":1,"mode":"IDLE"})", R"("mode")"},
      {R"({"mode":"IDLE","uptime_seconds":1,"m\u006fde":"SLEEP"})", R"("mode")"},
      {R"({"mode":"IDLE","uptime_seconds":1,"uptime_seconds":1})", R"("uptime_seconds")"},
      {R"({"mode":"IDLE","uptime_seconds":1,"agent_name":"a","agent_name":"a"})",
       R"("agent_name")"},
      {R"({"mode":"IDLE","uptime_seconds":1,"agent_name":"","agent_name":""})", R"("agent_name")"},
      {R"({"x":1,"mode":"IDLE","uptime_seconds":1,"x":1})", R"("x")"},
      {R"({"":1,"":1})", R"("")"},
      {R"({"x":{"y":[{"z":1,"w":2,"z":3}]}})", R"("z")"},
      {R"({"x":[{"y":1},{"y":1,"y":2}]})", R"("y")"},
      {R"({"x":{"y":1},"z":{},"x":2})", R"("x")"},
  };
  for (const Case& c : cases) {
    expect_refused(c.body, Reason::kInvalidPayload,
                   "the key " + std::string(c.key) + " comes twice in one object");
  }
}

TEST(HeartbeatReader, TakesTheSameKeyInDifferentObjects) {
  HeartbeatReader reader;
  taken(reader, R"({"mode":"IDLE","uptime_seconds":1,"x":{"mode":1,"x":[{"x":1},{"x":1}]}})");
}

TEST(HeartbeatReader, TakesNestingOf32LevelsAndRefusesMore) {
  HeartbeatReader reader;
  taken(reader, nested(31));
  taken(reader, nested(32));
  expect_refused(nested(33), Reason::kInvalidPayload, "nested deeper than 32 levels");
  expect_refused(std::string(100'000, '['), Reason::kInvalidPayload,
                 "nested deeper than 32 levels");
}

TEST(HeartbeatReader, NamesEveryFieldThatIsMissing) {
  expect_refused("{}", Reason::kInvalidPayload, "mode is missing; uptime_seconds is missing");
  expect_refused(R"({"mode":"IDLE"})", Reason::kInvalidPayload, "uptime_seconds is missing");
  expect_refused(R"({"uptime_seconds":1,"agent_name":"a"})", Reason::kInvalidPayload,
                 "mode is missing");
  expect_refused(R"({"Mode":"IDLE","x":{"mode":"IDLE"},"uptime_seconds":1})",
                 Reason::kInvalidPayload, "mode is missing");
}

TEST(HeartbeatReader, NamesEveryFieldOfAWrongType) {
  struct Type {
    const char* json;
    const char* name;
  };
  const Type types[] = {{"null", "null"},
                        {"true", "a boolean"},
                        {"1", "a number"},
                        {"-1", "a number"},
                        {"1.5", "a number"},
                        {R"("IDLE")", "a string"},
                        {R"({"a":1})", "an object"},
                        {R"([1,"IDLE"])", "an array"}};
  HeartbeatReader reader;
  for (const Type& type : types) {
    const std::string json = type.json;
    const std::string name = type.name;
    if (name != "a string") {
      expect_refused(R"({"mode":)" + json + R"(,"uptime_seconds":1})", Reason::kInvalidPayload,
                     "mode must be a string, not " + name);
    }
    if (name != "a number") {
      expect_refused(R"({"mode":"IDLE","uptime_seconds":)" + json + "}", Reason::kInvalidPayload,
                     "uptime_seconds must be a number, not " + name);
    }
    if (name != "a string" && name != "null") {
      expect_refused(R"({"mode":"IDLE","uptime_seconds":1,"agent_name":)" + json + "}",
                     Reason::kInvalidPayload, "agent_name must be a string or null, not " + name);
    }
    taken(reader, R"({"mode":"IDLE","uptime_seconds":1,"x":)" + json + "}");
  }
  expect_refused(R"({"agent_name":[],"uptime_seconds":"1"})", Reason::kInvalidPayload,
                 "agent_name must be a string or null, not an array; "
                 "uptime_seconds must be a number, not a string; mode is missing");
}

TEST(HeartbeatReader, RefusesResourceDataAndNamesIt) {
  for (const auto* field : {"cpu_percent", "memory_mb", "requests_handled", "custom_metrics"}) {
    for (const auto* value : {"1", "null", "{}", R"("")"}) {
      const std::string member = "\"" + std::string(field) + "\":" + value;
      expect_refused(
          R"({"mode":"IDLE","uptime_seconds":1,)" + member + "}", Reason::kForbiddenField,
          "resource data is forbidden in heartbeats (PAP-RFC-001): " + std::string(field));
    }
  }
  expect_refused(R"({"memory_mb":1,"mode":"IDLE","\u0063pu_percent":1})", Reason::kForbiddenField,
                 "resource data is forbidden in heartbeats (PAP-RFC-001): memory_mb; cpu_percent");
}

TEST(HeartbeatReader, IgnoresForbiddenNamesFurtherIn) {
  HeartbeatReader reader;
  taken(reader, R"({"mode":"IDLE","uptime_seconds":1,"x":{"cpu_percent":1}})");
  taken(reader, R"({"mode":"IDLE","uptime_seconds":1,"cpu_percents":1,"agent_name":"memory_mb"})");
}

TEST(HeartbeatReader, RefusesAnUnknownModeAndQuotesIt) {
  const auto with_mode = [](std::string_view mode) {
    return R"({"mode":")" + std::string(mode) + R"(","uptime_seconds":1})";
  };
  const auto message = [](std::string_view quoted) {
    return "mode is " + std::string(quoted) + ", which is none of EMERGENCY, IDLE, SLEEP";
  };
  const std::string forty(40, 'x');
  struct Case {
    std::string mode;
    std::string quoted;
  };
  const Case cases[] = {
      {"", R"("")"},
      {"idle", R"("idle")"},
      {"IDLE ", R"("IDLE ")"},
      {"DEAD", R"("DEAD")"},
      {R"(a\u0000\"\n)", R"("a\u0000\"\n")"},
      {forty, '"' + forty + '"'},
      {forty + "x", '"' + forty + "\" and so on"},
      {std::string(100'000, 'x'), '"' + forty + "\" and so on"},
  };
  for (const Case& c : cases) {
    expect_refused(with_mode(c.mode), Reason::kInvalidMode, message(c.quoted));
  }
}

TEST(HeartbeatReader, NamesTheGraverFaultOfTwo) {
  // An unknown mode gives way to a missing field, that to a forbidden one, that to broken JSON.
  expect_refused(R"({"mode":"DEAD"})", Reason::kInvalidPayload, "uptime_seconds is missing");
  EXPECT_EQ(refused(R"({"mode":"DEAD","uptime_seconds":-1})").reason, Reason::kInvalidPayload);
  EXPECT_EQ(refused(R"({"mode":"DEAD","uptime_seconds":1,"agent_name":1})").reason,
            Reason::kInvalidPayload);
  EXPECT_EQ(refused(R"({"mode":1,"cpu_percent":1})").reason, Reason::kForbiddenField);
  EXPECT_EQ(refused(R"({"cpu_percent":1,"mode":1)").reason, Reason::kInvalidPayload);
  EXPECT_EQ(refused(R"({"cpu_percent":1,"cpu_percent":1})").reason, Reason::kInvalidPayload);
}

TEST(HeartbeatReader, RemembersNothingOfABodyBefore) {
  HeartbeatReader reader;
  EXPECT_TRUE(reader.read(R"({"mode":"DEAD","agent_name":"gh\u006fst"})").has_error());
  const Heartbeat heartbeat = taken(reader, R"({"mode":"IDLE","uptime_seconds":1,"x":0})");
  EXPECT_EQ(heartbeat.agent_name, "");
}

TEST(HeartbeatResult, ThrowsTheMessageWhenItsValueIsTakenUnasked) {
  HeartbeatReader reader;
  try {
    static_cast<void>(reader.read("{}").value());
    FAIL() << "nothing was thrown";
  } catch (const std::runtime_error& error) {
    EXPECT_EQ(std::string(error.what()),
              "heartbeat refused: mode is missing; uptime_seconds is missing");
  }
}

}  // namespace
}  // namespace pap::protocol
