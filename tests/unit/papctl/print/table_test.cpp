// SPDX-License-Identifier: MIT
#include "papctl/print/table.hpp"

#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "papctl/print/agent_rows.hpp"
#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

Agent agent_of(const std::string& id, const std::string& name, const std::string& mode,
               bool healthy, double uptime) {
  return Agent::from({{"agent_uuid", id},
                      {"agent_name", name},
                      {"mode", mode},
                      {"uptime_seconds", uptime},
                      {"last_seen", "2026-11-24T14:30:13.042Z"},
                      {"healthy", healthy},
                      {"observation_mode", false},
                      {"consecutive_heartbeats", 120U}});
}

class AgentTable : public testing::Test {
 protected:
  void SetUp() override { use_locale(); }

  // The whole table, as a terminal of these traits shows it.
  static std::string shown(const Terminal::Traits& traits, bool wide = false, bool headers = true) {
    const Terminal terminal(traits);
    const TimePoint now = *parse_timestamp("2026-11-24T14:32:14.042Z");
    std::vector<Table::Row> rows;
    for (const Agent& agent :
         {agent_of("550e8400-e29b-41d4-a716-446655440000", "my-agent", "EMERGENCY", false, 2.5),
          agent_of("550e8400-e29b-41d4-a716-446655440001", "東京\x1b[2J", "IDLE", true, 3600),
          agent_of("test-agent-123", "test-agent-123", "SLEEP", true, 1e6)}) {
      rows.push_back(agent_record(agent, now, wide, terminal).cells);
    }
    Table table(agent_columns(wide), terminal, headers);
    table.settle(rows);
    std::string out = table.header();
    for (const Table::Row& row : rows) out += table.line(row);
    return out;
  }
};

TEST_F(AgentTable, At200ColumnsShowsEverything) {
  EXPECT_EQ(shown({true, false, true, 200}),
            "AGENT                                 NAME         MODE       HEALTH       LAST SEEN  "
            "UPTIME  BEATS\n"
            "550e8400-e29b-41d4-a716-446655440000  my-agent     EMERGENCY  ✘ unhealthy   2m1s ago  "
            "    2s    120\n"
            "550e8400-e29b-41d4-a716-446655440001  東京\\x1b[2J  IDLE       ✔ healthy     2m1s ago "
            "     1h    120\n"
            "test-agent-123                        -            SLEEP      ✔ healthy     2m1s ago  "
            "   11d    120\n");
}

TEST_F(AgentTable, At80ColumnsKeepsWhatMatters) {
  EXPECT_EQ(shown({true, false, true, 80}),
            "AGENT                                 NAME     MODE       HEALTH       LAST SEEN\n"
            "550e8400-e29b-41d4-a716-446655440000  my-age…  EMERGENCY  ✘ unhealthy   2m1s ago\n"
            "550e8400-e29b-41d4-a716-446655440001  東京\\x…  IDLE       ✔ healthy     2m1s ago\n"
            "test-agent-123                        -        SLEEP      ✔ healthy     2m1s ago\n");
}

TEST_F(AgentTable, At40ColumnsStillTellsWhoAndHow) {
  EXPECT_EQ(shown({true, false, true, 40}),
            "AGENT             HEALTH       LAST SEEN\n"
            "550e840…55440000  ✘ unhealthy   2m1s ago\n"
            "550e840…55440001  ✔ healthy     2m1s ago\n"
            "test-agent-123    ✔ healthy     2m1s ago\n");
}

TEST_F(AgentTable, OfAsciiHasNoOtherCharacter) {
  EXPECT_EQ(shown({true, false, false, 80}),
            "AGENT                                 NAME     MODE       HEALTH       LAST SEEN\n"
            "550e8400-e29b-41d4-a716-446655440000  my-age~  EMERGENCY  ! unhealthy   2m1s ago\n"
            "550e8400-e29b-41d4-a716-446655440001  \\u6771~  IDLE       + healthy     2m1s ago\n"
            "test-agent-123                        -        SLEEP      + healthy     2m1s ago\n");
}

TEST_F(AgentTable, WideShowsWhenTheyWereSeen) {
  EXPECT_EQ(shown({true, false, true, 200}, true),
            "AGENT                                 NAME         MODE       HEALTH       LAST SEEN  "
            "UPTIME  BEATS  SEEN AT                   OBSERVED\n"
            "550e8400-e29b-41d4-a716-446655440000  my-agent     EMERGENCY  ✘ unhealthy   2m1s ago  "
            "    2s    120  2026-11-24T14:30:13.042Z  no\n"
            "550e8400-e29b-41d4-a716-446655440001  東京\\x1b[2J  IDLE       ✔ healthy     2m1s ago "
            "     1h    120  2026-11-24T14:30:13.042Z  no\n"
            "test-agent-123                        -            SLEEP      ✔ healthy     2m1s ago  "
            "   11d    120  2026-11-24T14:30:13.042Z  no\n");
}

TEST_F(AgentTable, InColoursHasTheSameWidths) {
  const std::string plain = shown({true, false, true, 80});
  std::string colored = shown({true, true, true, 80});
  EXPECT_NE(colored.find("\x1b[1;31m✘ unhealthy\x1b[0m"), std::string::npos);
  EXPECT_NE(colored.find("\x1b[32m✔ healthy\x1b[0m"), std::string::npos);
  for (std::size_t at = 0; (at = colored.find("\x1b[", at)) != std::string::npos;) {
    colored.erase(at, colored.find('m', at) + 1 - at);
  }
  EXPECT_EQ(colored, plain);
}

TEST_F(AgentTable, WithoutHeadersBeginsWithTheFirstAgent) {
  EXPECT_TRUE(shown({true, false, true, 200}, false, false).starts_with("550e8400"));
}

TEST_F(AgentTable, NeverIsWiderThanTheTerminal) {
  for (const bool wide : {false, true}) {
    for (std::size_t columns = 20; columns <= 200; ++columns) {
      const std::string text = shown({true, false, true, columns}, wide);
      std::size_t begin = 0;
      for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string::npos;
           begin = end + 1) {
        ASSERT_LE(width_of(text.substr(begin, end - begin)), columns) << text;
      }
    }
  }
}

TEST(Table, OfAPipeHasNoEdge) {
  const Terminal pipe({false, false, true, std::nullopt});
  Table table({{"A", 4, 10, false}, {"B", 0, 90, false}}, pipe, true);
  const Table::Row row{{std::string(100, 'a')}, {"b"}};
  table.settle({row});
  EXPECT_EQ(table.line(row), std::string(100, 'a') + "  b\n");
  const Table::Row longer{{std::string(120, 'a')}, {"b"}};
  EXPECT_EQ(table.line(longer), std::string(120, 'a') + "  b\n") << "nothing is lost in a file";
}

TEST(Table, CutsALaterRowToTheWidthsThatWereSettled) {
  const Terminal terminal({true, false, true, 80});
  Table table({{"NAME", 4, 90, false}, {"N", 0, 80, true}}, terminal, true);
  table.settle({{{"short"}, {"7"}}});
  EXPECT_EQ(table.header(), "NAME   N\n");
  EXPECT_EQ(table.line({{"longer"}, {"8"}}), "long…  8\n");
}

TEST(Table, AlignsNumbersToTheRight) {
  const Terminal terminal({true, false, true, 80});
  Table table({{"N", 0, 80, true}, {"WHAT", 0, 90, false}}, terminal, false);
  table.settle({{{"1"}, {"x"}}, {{"100"}, {"y"}}});
  EXPECT_EQ(table.line({{"1"}, {"x"}}), "  1  x\n");
}

TEST(Table, LosesTheLeastImportantColumnFirst) {
  const Terminal terminal({true, false, true, 12});
  Table table({{"AAAAAA", 0, 90, false}, {"BBBBBB", 0, 10, false}, {"CCCC", 0, 20, false}},
              terminal, true);
  table.settle({});
  EXPECT_EQ(table.header(), "AAAAAA  CCCC\n");
}

}  // namespace
}  // namespace pap::ctl
