// SPDX-License-Identifier: MIT
#include "papctl/top/keys.hpp"

#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace pap::ctl::top {
namespace {

using Kind = Key::Kind;
using testing::ElementsAre;
using testing::IsEmpty;

Key text(const std::string& character) { return {Kind::kText, character}; }

TEST(Keys, AreCharactersAndWhatTerminalsSendForTheRest) {
  for (const auto& [bytes, kind] :
       std::vector<std::pair<std::string, Kind>>{{"\r", Kind::kEnter},
                                                 {"\x7f", Kind::kBackspace},
                                                 {"\x1b[A", Kind::kUp},
                                                 {"\x1bOA", Kind::kUp},
                                                 {"\x1b[B", Kind::kDown},
                                                 {"\x1b[5~", Kind::kPageUp},
                                                 {"\x1b[6~", Kind::kPageDown},
                                                 {"\x1b[H", Kind::kHome},
                                                 {"\x1bOF", Kind::kEnd},
                                                 {"\x15", Kind::kClearLine},
                                                 {"\x0c", Kind::kRedraw}}) {
    EXPECT_THAT(KeyReader().feed(bytes), ElementsAre(Key{kind, {}})) << bytes;
  }
  EXPECT_THAT(KeyReader().feed("q/\u00e9"), ElementsAre(text("q"), text("/"), text("\u00e9")));
}

TEST(Keys, ComeInPieces) {
  KeyReader reader;
  EXPECT_THAT(reader.feed("a\x1b"), ElementsAre(text("a")));
  EXPECT_TRUE(reader.waits());
  EXPECT_THAT(reader.feed("["), IsEmpty());
  EXPECT_THAT(reader.feed("Ab"), ElementsAre(Key{Kind::kUp, {}}, text("b")));
  EXPECT_FALSE(reader.waits());
  EXPECT_THAT(reader.feed("\xc3"), IsEmpty());
  EXPECT_THAT(reader.feed("\xa9"), ElementsAre(text("\u00e9")));
}

TEST(Keys, OfEscapeAloneAreKnownWhenNothingFollows) {
  KeyReader reader;
  EXPECT_THAT(reader.feed("\x1b"), IsEmpty());
  EXPECT_THAT(reader.settle(), ElementsAre(Key{Kind::kEscape, {}}));
  EXPECT_THAT(reader.settle(), IsEmpty());
  EXPECT_THAT(KeyReader().feed("\x1bq"), ElementsAre(Key{Kind::kEscape, {}}, text("q")));
}

TEST(Keys, ThatNobodyKnowsAreSwallowed) {
  EXPECT_THAT(KeyReader().feed("\x1b[1;5Cq"), ElementsAre(text("q")));
  EXPECT_THAT(KeyReader().feed("\x1b[200~q"), ElementsAre(text("q")));
  EXPECT_THAT(KeyReader().feed(std::string("\x01\x00\x02q", 4)), ElementsAre(text("q")));
  KeyReader endless;
  EXPECT_FALSE(endless.feed("\x1b[" + std::string(1000, ';')).empty() && endless.waits())
      << "a sequence that never ends is not waited for";
}

}  // namespace
}  // namespace pap::ctl::top
