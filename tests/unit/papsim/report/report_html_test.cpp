// SPDX-License-Identifier: MIT
#include "papsim/report/report_html.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "papsim/report/page_parts.hpp"
#include "papsim/report/report.hpp"

namespace pap::sim {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using Json = nlohmann::ordered_json;

Json report_about(const std::string& about) {
  SeedResult seed;
  seed.seed = 7;
  return to_json({{"fast/story.yaml", "story", about, {seed}}});
}

// What the page holds as its data.
std::string data_of(const std::string& page, const std::string& id = "report") {
  const std::string open = "<script type=\"application/json\" id=\"" + id + "\">";
  const std::size_t from = page.find(open) + open.size();
  return page.substr(from, page.find("</script>", from) - from);
}

TEST(ReportHtml, IsOneWholePage) {
  const std::string page = to_html(report_about("A story."));
  EXPECT_THAT(page, StartsWith("<!DOCTYPE html>\n"));
  EXPECT_THAT(page, EndsWith("</html>\n"));
  EXPECT_THAT(page, Not(HasSubstr("{{")));
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_THAT(page, HasSubstr("@media print"));
}

TEST(ReportHtml, HoldsTheJsonItself) {
  const Json report = report_about("A story.");
  EXPECT_EQ(Json::parse(data_of(to_html(report))), report);
}

TEST(ReportHtml, HoldsWordsThatLookLikeMarkup) {
  const Json report = report_about("</script><!-- {{json}} & <b>bold</b>");
  const std::string page = to_html(report);
  EXPECT_EQ(Json::parse(data_of(page)), report);
  EXPECT_THAT(page, Not(HasSubstr("<b>bold")));
}

TEST(ReportHtml, AsksForNothingFromAnywhere) {
  const std::string page = to_html(report_about("A story."));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  for (const char* way : {"https://", " src=", "@import", "url(", "fetch(", "XMLHttpRequest"}) {
    EXPECT_THAT(page, Not(HasSubstr(way))) << way;
  }
}

TEST(ReportHtml, IsReadableWithoutAScript) {
  const Json report = report_about("A story.");
  EXPECT_THAT(to_html(report), HasSubstr("<noscript>"));
  EXPECT_THAT(to_html(report), HasSubstr("<pre>" + to_text(report) + "</pre>"));
}

TEST(MeasuredHtml, IsOneWholePageThatAsksForNothing) {
  const std::string page = measured_to_html({{"papsim_measured", 1}, {"kind", "load"}}, "Words.");
  EXPECT_THAT(page, StartsWith("<!DOCTYPE html>\n"));
  EXPECT_THAT(page, EndsWith("</html>\n"));
  EXPECT_THAT(page, Not(HasSubstr("{{")));
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  for (const char* way : {"https://", " src=", "@import", "url(", "fetch(", "XMLHttpRequest"}) {
    EXPECT_THAT(page, Not(HasSubstr(way))) << way;
  }
}

TEST(MeasuredHtml, HoldsItsJsonWhateverTheNamesInIt) {
  const Json measured{{"papsim_measured", 1},
                      {"kind", "capacity"},
                      {"target", "</script><!-- {{json}} & <b>bold</b>"}};
  const std::string page = measured_to_html(measured, "Words.");
  EXPECT_EQ(Json::parse(data_of(page, "measured")), measured);
  EXPECT_THAT(page, Not(HasSubstr("<b>bold")));
}

TEST(MeasuredHtml, IsReadableWithoutAScript) {
  const std::string page = measured_to_html({{"papsim_measured", 1}}, "10 < 20 & {{json}}");
  EXPECT_THAT(page, HasSubstr("<noscript>"));
  EXPECT_THAT(page, HasSubstr("<pre>10 &lt; 20 &amp; {{json}}</pre>"));
}

TEST(PageParts, AreTheFilesOfThePageWithTheirLicence) {
  for (const PagePart& part : page_parts()) {
    EXPECT_THAT(std::string{part.text.substr(0, 100)}, HasSubstr("SPDX-License-Identifier: MIT"))
        << part.name;
  }
  EXPECT_GE(page_parts().size(), 5U);
}

}  // namespace
}  // namespace pap::sim
