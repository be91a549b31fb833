// SPDX-License-Identifier: MIT
#include <string_view>

#include <nlohmann/json.hpp>

#include "papsim/report/report.hpp"

namespace pap::sim {

namespace {

using Json = nlohmann::ordered_json;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        // XML 1.0 has no way to write most control characters.
        out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

}  // namespace

std::string to_junit(const Json& report) {
  std::string cases;
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;
  for (const Json& scenario : report["scenarios"]) {
    ++tests;
    const auto verdict = scenario["verdict"].get<std::string>();
    const Json one{{"scenarios", Json::array({scenario})}};
    cases += "  <testcase classname=\"" + escaped(scenario["file"].get<std::string>()) +
             "\" name=\"" + escaped(scenario["name"].get<std::string>()) + "\">";
    const std::string details = escaped(to_text(one));
    if (verdict == "fail") {
      ++failures;
      cases += "<failure message=\"fail\">" + details + "</failure>";
    } else if (verdict == "invalid") {
      ++errors;
      cases += "<error message=\"invalid\">" + details + "</error>";
    } else if (verdict == "unknown") {
      ++skipped;
      cases += "<skipped message=\"unknown: nothing was tested\"/>";
    }
    cases += "</testcase>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"papsim\" tests=\"" +
         std::to_string(tests) + "\" failures=\"" + std::to_string(failures) + "\" errors=\"" +
         std::to_string(errors) + "\" skipped=\"" + std::to_string(skipped) + "\">\n" + cases +
         "</testsuite>\n";
}

}  // namespace pap::sim
