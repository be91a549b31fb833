// SPDX-License-Identifier: MIT
#include "net/log_line.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "net/limits.hpp"

namespace pap::net {
namespace {

using namespace std::string_literals;

// 2026-11-24T14:30:13.042Z
constexpr LogHead kHead{protocol::WallTime(std::chrono::milliseconds(1'795'530'613'042)),
                        LogLevel::kInfo, "agent_death"};

std::string text(std::initializer_list<LogField> fields, std::uint64_t suppressed = 0) {
  std::string out;
  append_text_line(out, kHead, fields, suppressed);
  return out;
}

std::string json(std::initializer_list<LogField> fields, std::uint64_t suppressed = 0) {
  std::string out;
  append_json_line(out, kHead, fields, suppressed);
  return out;
}

// One value of a text line, as it is written.
std::string value(std::string_view text_value) {
  std::string line = text({{"v", text_value}});
  line.pop_back();
  return line.substr(line.find("v=") + 2);
}

TEST(LogLine, IsTextForPeople) {
  EXPECT_EQ(text({}), "2026-11-24T14:30:13.042Z info agent_death\n");
  EXPECT_EQ(text({{"agent_uuid", "550e"}, {"name", "a b"}, {"port", 8080}}),
            "2026-11-24T14:30:13.042Z info agent_death agent_uuid=550e name=\"a b\" port=8080\n");
}

TEST(LogLine, IsJsonForMachines) {
  EXPECT_EQ(json({}), R"({"time":"2026-11-24T14:30:13.042Z","level":"info","event":"agent_death"})"
                      "\n");
  EXPECT_EQ(json({{"name", "a b"}, {"port", 8080}}),
            R"({"time":"2026-11-24T14:30:13.042Z","level":"info","event":"agent_death",)"
            R"("name":"a b","port":8080})"
            "\n");
}

TEST(LogLine, SaysHowManyWereLeftOut) {
  EXPECT_EQ(text({{"a", 1}}, 7), "2026-11-24T14:30:13.042Z info agent_death a=1 suppressed=7\n");
  EXPECT_EQ(nlohmann::json::parse(json({{"a", 1}}, 7)).at("suppressed"), 7);
}

TEST(LogLine, TellsKindsOfValuesApart) {
  const std::string owned = "owned";
  const auto line =
      nlohmann::json::parse(json({{"text", "x"},
                                  {"string", owned},
                                  {"view", std::string_view("v")},
                                  {"yes", true},
                                  {"no", false},
                                  {"minus", -1},
                                  {"small", std::uint16_t{8080}},
                                  {"large", std::numeric_limits<std::uint64_t>::max()},
                                  {"least", std::numeric_limits<std::int64_t>::min()},
                                  {"double", 0.5},
                                  {"whole", 3600.0},
                                  {"not_a_number", std::nan("")}}));
  EXPECT_EQ(line.at("text"), "x");
  EXPECT_EQ(line.at("string"), "owned");
  EXPECT_EQ(line.at("view"), "v");
  EXPECT_EQ(line.at("yes"), true);
  EXPECT_EQ(line.at("no"), false);
  EXPECT_EQ(line.at("minus"), -1);
  EXPECT_EQ(line.at("small"), 8080);
  EXPECT_EQ(line.at("large"), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(line.at("least"), std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ(line.at("double"), 0.5);
  EXPECT_EQ(line.at("whole"), 3600);
  EXPECT_EQ(line.at("not_a_number"), nullptr);
  EXPECT_EQ(text({{"d", 0.5}, {"yes", true}}),
            "2026-11-24T14:30:13.042Z info agent_death d=0.5 yes=true\n");
}

TEST(LogLine, QuotesWhatWouldNotSplitBack) {
  EXPECT_EQ(value("plain-1.2:3/4"), "plain-1.2:3/4");
  EXPECT_EQ(value(""), R"("")");
  EXPECT_EQ(value("a=b"), R"("a=b")");
  EXPECT_EQ(value("say \"x\""), R"("say \"x\"")");
  EXPECT_EQ(value("a\\b"), R"("a\\b")");
  EXPECT_EQ(value("Zürich"), "\"Zürich\"");
}

TEST(LogLine, NeverLetsAValueBeginALineOrMoveTheCursor) {
  EXPECT_EQ(value("a\nb\r\tc"), R"("a\nb\r\tc")");
  EXPECT_EQ(value("\x1b[31m"), R"("\u001b[31m")");
  EXPECT_EQ(value("a\0b"s), R"("a\u0000b")");
  EXPECT_EQ(value("\x7f"), R"("\u007f")");
  EXPECT_EQ(value("\u0085\u009b"), R"("\u0085\u009b")");
  EXPECT_EQ(value("\u2028\u2029"), R"("\u2028\u2029")");
  EXPECT_EQ(value("\u202e\u2066\u200f\ufeff"), R"("\u202e\u2066\u200f\ufeff")");
}

TEST(LogLine, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(value("a\xff\xfe z"), "\"a\uFFFD\uFFFD z\"");
  EXPECT_EQ(value("\xc3"), "\"\uFFFD\"");
  const std::string line = json({{"v", "\xed\xa0\x80\xc3"}});
  EXPECT_TRUE(nlohmann::json::accept(line)) << line;
}

TEST(LogLine, LeavesOtherScriptsAlone) {
  EXPECT_EQ(value("名前 😀"), "\"名前 😀\"");
  EXPECT_EQ(nlohmann::json::parse(json({{"v", "名前 😀"}})).at("v"), "名前 😀");
}

TEST(LogLine, CutsAValueThatIsTooLongAtACharacter) {
  const std::string exact(kMaxLogValueBytes, 'x');
  EXPECT_EQ(value(exact), exact);
  EXPECT_EQ(value(exact + "y"), '"' + exact + "…\"");
  EXPECT_EQ(value(std::string(kMaxLogValueBytes - 1, 'x') + "ü"),
            '"' + std::string(kMaxLogValueBytes - 1, 'x') + "…\"");
}

TEST(LogLine, KeepsJsonWholeWhateverAValueHolds) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string odd = "a" + std::string(1, static_cast<char>(byte)) + "b";
    const std::string line = json({{"v", odd}});
    EXPECT_TRUE(nlohmann::json::accept(line)) << byte;
    EXPECT_EQ(line.find('\n'), line.size() - 1) << byte;
  }
}

}  // namespace
}  // namespace pap::net
