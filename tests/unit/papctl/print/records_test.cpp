// SPDX-License-Identifier: MIT
#include "papctl/print/records.hpp"

#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <yaml-cpp/yaml.h>

#include "papctl/print/text.hpp"

namespace pap::ctl {
namespace {

using Json = nlohmann::ordered_json;

const std::vector<std::string>& hostile_texts() {
  static const std::vector<std::string> texts{
      "yes",        "null",     "~",           "1e3",       "007",
      "",           " a ",      "a: b",        "- a",       "# a",
      "\"quoted\"", "'single'", "{a}",         "[a]",       "&a *b !c",
      "a\nb",       "a\tb",     "\x1b[2J\x07", "\u202eabc", "東京 😀",
      "a\\nb",      "%TAG",     "--- a",       "...",       "\U000E0041\x7f",
      "\u2028",     "a\r\nb",   "?: |>-"};
  return texts;
}

// What a list of these prints.
std::string printed(Format format, const std::vector<std::string>& texts, bool headers = true) {
  use_locale();
  testing::internal::CaptureStdout();
  {
    const Terminal pipe({false, false, true, std::nullopt});
    Output out;
    Records records(format, headers, false, pipe, out, {{"NAME", 0, 90, false}, {"N", 0, 80, true}},
                    {"name", "n"});
    for (const std::string& text : texts) {
      Record record;
      record.cells = {{visible(text)}, {"1"}};
      record.full = {text, "1"};
      record.name = text;
      record.json = {{"name", text}, {"n", 1}, {"none", nullptr}, {"list", {true, 2.5}}};
      records.add(std::move(record));
    }
    records.end({});
  }
  return testing::internal::GetCapturedStdout();
}

// Nothing that a terminal obeys, but newlines (and tabs, where they are the format).
void expect_harmless(const std::string& text) {
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    ASSERT_TRUE(byte >= 0x20 || c == '\n' || c == '\t') << static_cast<int>(byte);
    ASSERT_NE(byte, 0x7f);
  }
  EXPECT_EQ(text.find("\u202e"), std::string::npos);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

TEST(Records, InNoFormatWriteRawToTheTerminal) {
  for (const Format format : {Format::kTable, Format::kWide, Format::kJson, Format::kJsonl,
                              Format::kYaml, Format::kName, Format::kTsv}) {
    expect_harmless(printed(format, hostile_texts()));
  }
}

TEST(Records, InJsonAreOneArrayWithTheSameTexts) {
  const Json parsed = Json::parse(printed(Format::kJson, hostile_texts()));
  ASSERT_EQ(parsed.size(), hostile_texts().size());
  for (std::size_t i = 0; i < parsed.size(); ++i) EXPECT_EQ(parsed[i]["name"], hostile_texts()[i]);
  EXPECT_EQ(printed(Format::kJson, {}), "[]\n");
}

TEST(Records, InJsonLinesAreOneALine) {
  const auto lines = lines_of(printed(Format::kJsonl, hostile_texts()));
  ASSERT_EQ(lines.size(), hostile_texts().size());
  for (std::size_t i = 0; i < lines.size(); ++i) {
    EXPECT_EQ(Json::parse(lines[i])["name"], hostile_texts()[i]);
  }
  EXPECT_EQ(lines[0], R"({"name":"yes","n":1,"none":null,"list":[true,2.5]})");
  EXPECT_EQ(printed(Format::kJsonl, {}), "");
}

TEST(Records, InYamlAreASequenceWithTheSameTexts) {
  const YAML::Node parsed = YAML::Load(printed(Format::kYaml, hostile_texts()));
  ASSERT_TRUE(parsed.IsSequence());
  ASSERT_EQ(parsed.size(), hostile_texts().size());
  for (std::size_t i = 0; i < parsed.size(); ++i) {
    EXPECT_TRUE(parsed[i]["name"].IsScalar()) << hostile_texts()[i];
    EXPECT_EQ(parsed[i]["name"].Scalar(), hostile_texts()[i]);
    EXPECT_EQ(parsed[i]["name"].Tag(), "!") << "quoted, so that it stays a text";
  }
  EXPECT_EQ(parsed[0]["n"].as<int>(), 1);
  EXPECT_TRUE(parsed[0]["none"].IsNull());
  EXPECT_TRUE(parsed[0]["list"][0].as<bool>());
  EXPECT_EQ(parsed[0]["list"][1].as<double>(), 2.5);
  EXPECT_TRUE(YAML::Load(printed(Format::kYaml, {})).IsSequence());
}

TEST(Records, InTsvAreOneALineUnderHeaders) {
  const auto lines = lines_of(printed(Format::kTsv, hostile_texts()));
  ASSERT_EQ(lines.size(), hostile_texts().size() + 1);
  EXPECT_EQ(lines[0], "name\tn");
  EXPECT_EQ(lines[1], "yes\t1");
  EXPECT_EQ(printed(Format::kTsv, {"a"}, false), "a\t1\n");
  EXPECT_EQ(printed(Format::kTsv, {}), "name\tn\n");
}

TEST(Records, ByNameAreNamesAlone) { EXPECT_EQ(printed(Format::kName, {"a", "b\n"}), "a\nb\\n\n"); }

TEST(Records, InATableAreAligned) {
  EXPECT_EQ(printed(Format::kTable, {"long one", "b"}), "NAME      N\nlong one  1\nb         1\n");
  EXPECT_EQ(printed(Format::kTable, {"b"}, false), "b  1\n");
  EXPECT_EQ(printed(Format::kTable, {}), "") << "a header above nothing helps nobody";
}

TEST(Records, InATableAreAllThereBeyondTheRowsThatSettleIt) {
  const std::vector<std::string> texts(Records::kSettleRows * 2 + 1, "x");
  EXPECT_EQ(lines_of(printed(Format::kTable, texts)).size(), texts.size() + 1);
}

TEST(TsvLine, EscapesSoThatEveryTextCanBeReadBack) {
  EXPECT_EQ(tsv_line({"a\tb", "c\nd", "e\\f"}), "a\\tb\tc\\nd\te\\\\f\n");
  EXPECT_EQ(tsv_line({"a\\nb"}), "a\\\\nb\n") << "no newline";
  EXPECT_EQ(tsv_line({"", "", "x"}), "\t\tx\n");
  EXPECT_EQ(tsv_line({""}), "\n");
  EXPECT_EQ(tsv_line({"\xff\x1b"}), "\\xff\\x1b\n");
}

TEST(InFormat, WritesOneValue) {
  const Json value{{"a", "\u202e"}, {"b", {1, 2}}};
  EXPECT_EQ(in_format(value, Format::kJsonl), "{\"a\":\"\\u202e\",\"b\":[1,2]}\n");
  EXPECT_EQ(in_format(value, Format::kJson),
            "{\n  \"a\": \"\\u202e\",\n  \"b\": [\n    1,\n    2\n  ]\n}\n");
  EXPECT_EQ(in_format(value, Format::kYaml), "a: \"\\u202e\"\nb:\n  - 1\n  - 2\n");
}

TEST(InFormat, QuotesKeysThatAreNoPlainText) {
  const Json value{{"a: b", 1}, {"", 2}, {"x\n\x1b", 3}};
  const std::string text = in_format(value, Format::kYaml);
  expect_harmless(text);
  const YAML::Node parsed = YAML::Load(text);
  EXPECT_EQ(parsed["a: b"].as<int>(), 1);
  EXPECT_EQ(parsed[""].as<int>(), 2);
}

TEST(InFormat, ReplacesWhatIsNoUtf8) {
  EXPECT_EQ(in_format(Json("a\xff"), Format::kJsonl), "\"a\uFFFD\"\n");
}

}  // namespace
}  // namespace pap::ctl
