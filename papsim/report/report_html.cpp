// SPDX-License-Identifier: MIT
#include "papsim/report/report_html.hpp"

#include <algorithm>
#include <string_view>

#include <nlohmann/json.hpp>

#include "papsim/report/page_parts.hpp"
#include "papsim/report/report.hpp"

namespace pap::sim {

namespace {

// Within a script nothing may look like its end, or like a comment's begin.
std::string within_script(std::string json) {
  std::string out;
  out.reserve(json.size());
  for (const char c : json) {
    if (c == '<') {
      out += "\\u003c";
    } else {
      out += c;
    }
  }
  return out;
}

std::string within_text(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else {
      out += c;
    }
  }
  return out;
}

std::string_view part(std::string_view name) {
  const auto parts = page_parts();
  const auto found = std::find_if(parts.begin(), parts.end(),
                                  [name](const PagePart& each) { return each.name == name; });
  return found == parts.end() ? std::string_view{} : found->text;
}

// The page of that name with its parts, the JSON and the text in their places.
std::string filled(std::string_view name, const nlohmann::ordered_json& json,
                   std::string_view text) {
  std::string out;
  std::string_view page = part(name);
  while (true) {
    const std::size_t open = page.find("{{");
    if (open == std::string_view::npos) break;
    const std::size_t close = page.find("}}", open);
    const std::string_view place = page.substr(open + 2, close - open - 2);
    out += page.substr(0, open);
    if (place == "json") {
      out += within_script(json.dump());
    } else if (place == "text") {
      out += within_text(text);
    } else {
      out += part(place);
    }
    page.remove_prefix(close + 2);
  }
  out += page;
  return out;
}

}  // namespace

std::string to_html(const nlohmann::ordered_json& report) {
  return filled("report.html", report, to_text(report));
}

std::string measured_to_html(const nlohmann::ordered_json& measured, const std::string& text) {
  return filled("measured.html", measured, text);
}

}  // namespace pap::sim
