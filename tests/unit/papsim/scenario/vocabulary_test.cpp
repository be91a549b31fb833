// SPDX-License-Identifier: MIT
// The table of the format is whole, and the files that are written from it say what it says.
#include "papsim/scenario/vocabulary.hpp"

#include <fstream>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include "papsim/scenario/names.hpp"
#include "papsim/scenario/values.hpp"
#include "papsim/scenario/vocabulary_text.hpp"

namespace pap::sim {
namespace {

std::string content(const std::string& path) {
  std::ifstream in(PAP_SOURCE_DIR "/" + path);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

TEST(Vocabulary, HasADefaultThatItWouldReadItself) {
  for (const Section& section : sections()) {
    for (const Key& key : section.keys) {
      if (key.fallback.empty() || key.form == Form::kText || key.form == Form::kOwn) continue;
      Value value;
      EXPECT_EQ(parse_value(key, key.fallback, value), "") << section.name << '.' << key.name;
    }
  }
}

TEST(Vocabulary, NamesOnlySectionsThatExist) {
  std::set<std::string_view> names;
  for (const Section& section : sections()) EXPECT_TRUE(names.insert(section.name).second);
  for (const Section& section : sections()) {
    std::set<std::string_view> keys;
    for (const Key& key : section.keys) {
      EXPECT_TRUE(keys.insert(key.name).second) << section.name << '.' << key.name;
      EXPECT_FALSE(key.about.empty()) << section.name << '.' << key.name;
      EXPECT_TRUE(key.section.empty() || names.contains(key.section)) << key.section;
    }
  }
  for (const Verb& verb : verbs()) {
    EXPECT_TRUE(verb.section.empty() || names.contains(verb.section)) << verb.name;
  }
}

TEST(Vocabulary, NamesEveryFigureOnce) {
  std::set<std::string> names;
  for (const MetricName& metric : kMetrics) {
    EXPECT_TRUE(names.insert(std::string(metric.section) + '.' + std::string(metric.name)).second);
    EXPECT_NE(section("expect").find(metric.section), nullptr) << metric.section;
  }
}

TEST(Vocabulary, IsWhatTheSchemaSays) {
  EXPECT_TRUE(content("scenarios/schema.json") == vocabulary_schema())
      << "papsim words --schema > scenarios/schema.json";
}

TEST(Vocabulary, IsWhatTheReadmeSays) {
  EXPECT_TRUE(content("scenarios/README.md").ends_with(vocabulary_tables()))
      << "put what `papsim words` prints at the end of scenarios/README.md";
}

}  // namespace
}  // namespace pap::sim
