// SPDX-License-Identifier: MIT
#include <algorithm>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "papsim/expect/counted.hpp"
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

// The first thing that nothing was tested of.
std::string why_unknown(const Json& scenario) {
  for (const Json& seed : scenario["seeds"]) {
    for (const Json& check : seed["checks"]) {
      if (check["verdict"] != "unknown") continue;
      return check["rule"].get<std::string>() + ": " + check["what"].get<std::string>() + ": " +
             check["value"].get<std::string>();
    }
  }
  return "nothing was tested";
}

bool is_among(const Json& scenario, const Json& scenarios) {
  return std::any_of(scenarios.begin(), scenarios.end(), [&](const Json& each) {
    return each["file"] == scenario["file"] && each["name"] == scenario["name"];
  });
}

std::string testcase(const Json& scenario) {
  return "  <testcase classname=\"" + escaped(scenario["file"].get<std::string>()) + "\" name=\"" +
         escaped(scenario["name"].get<std::string>()) + "\">";
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
    cases += testcase(scenario);
    const std::string details = escaped(to_text(one));
    if (verdict == "fail") {
      ++failures;
      cases += "<failure message=\"fail\">" + details + "</failure>";
    } else if (verdict == "invalid") {
      ++errors;
      cases += "<error message=\"invalid\">" + details + "</error>";
    } else if (verdict == "unknown") {
      ++skipped;
      cases += "<skipped message=\"unknown: " + escaped(why_unknown(scenario)) + "\">" + details +
               "</skipped>";
    }
    cases += "</testcase>\n";
  }
  for (const Json& scenario : report.value("not_run", Json::array())) {
    if (is_among(scenario, report["scenarios"])) continue;  // begun, and so a case already
    ++tests;
    ++skipped;
    cases += testcase(scenario) + "<skipped message=\"not run: " +
             counted(scenario["seeds"].get<std::uint64_t>(), "seed") +
             ", stopped before\"/></testcase>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"papsim\" tests=\"" +
         std::to_string(tests) + "\" failures=\"" + std::to_string(failures) + "\" errors=\"" +
         std::to_string(errors) + "\" skipped=\"" + std::to_string(skipped) + "\">\n" + cases +
         "</testsuite>\n";
}

}  // namespace pap::sim
