// SPDX-License-Identifier: MIT
#include "papsim/scenario/document.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pap::sim {
namespace {

using testing::ElementsAre;

std::vector<std::string> problems_of(std::string_view text) {
  Problems problems;
  parse_yaml(text, problems);
  std::vector<std::string> out;
  for (const Problem& problem : problems.sorted()) out.push_back(to_string("f", problem));
  return out;
}

TEST(Document, KnowsWhereEverythingStands) {
  Problems problems;
  const Node root = parse_yaml("a: 1\nb:\n  - {c: \"x y\"}\n", problems);
  EXPECT_TRUE(problems.empty());
  ASSERT_TRUE(root.is_map());
  const Node& c = *root.find("b")->items[0].find("c");
  EXPECT_EQ(c.text, "x y");
  EXPECT_TRUE(c.quoted);
  EXPECT_EQ(c.place.line, 3U);
  EXPECT_EQ(c.place.column, 9U);
  EXPECT_FALSE(root.find("a")->quoted);
  EXPECT_EQ(root.find("d"), nullptr);
}

TEST(Document, SaysWhereNothingStandsByItsKey) {
  Problems problems;
  const Node root = parse_yaml("a:\nb: 1\n", problems);
  EXPECT_EQ(root.find("a")->kind, Node::Kind::kNothing);
  EXPECT_EQ(root.find("a")->place.line, 1U);
}

TEST(Document, DoesNotTakeAKeyTwice) {
  EXPECT_THAT(problems_of("a: 1\nb: 2\na: 3\n"),
              ElementsAre("f:3:1: 'a' stands twice; first in line 1"));
}

TEST(Document, TakesNoAnchorsAliasesOrTags) {
  EXPECT_THAT(problems_of("a: &x 1\nb: *x\nc: !int 3\n"),
              ElementsAre("f:1:4: anchors are not taken; write it out",
                          "f:2:4: aliases are not taken; write it out",
                          "f:3:4: tags are not taken: '!int'"));
}

TEST(Document, TellsWhereYamlBreaks) {
  EXPECT_THAT(problems_of("a: {b: 1}}\n"), ElementsAre("f:1:10: illegal flow end"));
  EXPECT_THAT(problems_of("a: [1\nb: 2\n"), ElementsAre("f:2:2: end of sequence flow not found"));
}

TEST(Document, IsOneAFile) {
  EXPECT_THAT(problems_of(""), ElementsAre("f:1:1: the file is empty"));
  EXPECT_THAT(problems_of("# nothing but this\n"), ElementsAre("f:1:1: the file is empty"));
  EXPECT_THAT(problems_of("---\na: 1\n---\nb: 2\n"),
              ElementsAre("f:4:1: a second document; one scenario a file"));
}

TEST(Document, IsUtf8) {
  EXPECT_THAT(problems_of("a: 1\nb: x\xff\n"), ElementsAre("f:2:5: not UTF-8 from here on"));
}

TEST(Document, IsAPageAndNotAnAttack) {
  const std::string deep = std::string(20, '[') + std::string(20, ']') + '\n';
  EXPECT_THAT(problems_of(deep), ElementsAre("f:1:17: nested too deeply"));
  EXPECT_THAT(problems_of(std::string((1U << 20U) + 1, '#')),
              ElementsAre("f: larger than 1 MiB; no scenario is"));
}

}  // namespace
}  // namespace pap::sim
