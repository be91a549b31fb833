// SPDX-License-Identifier: MIT
#include "papctl/manual/page.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "papctl/commands/command_line.hpp"

namespace pap::ctl {
namespace {

using testing::HasSubstr;
using testing::Not;

// As a reader sees it, but for paragraphs.
std::string plain(std::string page) {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{{"\\-", "-"},
                                                                                 {"\\fB", ""},
                                                                                 {"\\fI", ""},
                                                                                 {"\\fR", ""},
                                                                                 {"\\(aq", "'"},
                                                                                 {"\\[u2026]", "…"},
                                                                                 {"\n", " "}}) {
    for (std::size_t at = page.find(from); at != std::string::npos; at = page.find(from, at)) {
      page.replace(at, from.size(), to);
    }
  }
  return page;
}

TEST(ManualPage, OfEachCommandNamesAndExplainsEachOption) {
  const CommandLine line;
  for (const CommandLine::Defined& command : line.commands()) {
    const std::string page = plain(manual_page(line, command));
    EXPECT_THAT(page, HasSubstr("papctl " + full_name(*command.command)));
    EXPECT_THAT(page, HasSubstr(std::string(command.command->summary)));
    for (const CLI::Option* option : command.app->get_options()) {
      const std::string name =
          option->get_positional() ? option->get_name() : "--" + option->get_lnames().front();
      EXPECT_THAT(page, HasSubstr(name)) << full_name(*command.command);
      EXPECT_THAT(page, HasSubstr(option->get_description().substr(0, 12))) << name;
    }
    EXPECT_THAT(page, HasSubstr(".SH EXAMPLES"));
    EXPECT_THAT(page, HasSubstr("124"));
  }
}

TEST(ManualPage, OfPapctlNamesEachCommandAndEachOptionOfAll) {
  const CommandLine line;
  const std::string page = plain(manual_page(line));
  for (const CommandLine::Defined& command : line.commands()) {
    EXPECT_THAT(page, HasSubstr(full_name(*command.command)));
  }
  for (const CLI::Option* option : line.app().get_options()) {
    EXPECT_THAT(page, HasSubstr("--" + option->get_lnames().front()));
  }
  EXPECT_THAT(page, HasSubstr("PAPCTL_COLLECTOR"));
}

TEST(ManualPage, IsInAsciiAndInShortLines) {
  const CommandLine line;
  std::string all = manual_page(line);
  for (const CommandLine::Defined& command : line.commands()) all += manual_page(line, command);
  EXPECT_TRUE(std::all_of(all.begin(), all.end(),
                          [](char c) { return c == '\n' || (c >= ' ' && c <= '~'); }));
  EXPECT_THAT(all, HasSubstr("\\[u2026]")) << "the ellipsis of --key's help";
  EXPECT_THAT(all, Not(HasSubstr("\n'")));
}

}  // namespace
}  // namespace pap::ctl
