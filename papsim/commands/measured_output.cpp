// SPDX-License-Identifier: MIT
#include "papsim/commands/measured_output.hpp"

#include <cstdio>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "papsim/commands/running.hpp"
#include "papsim/report/report_html.hpp"

namespace pap::sim {

void MeasuredOutput::add_options(CLI::App& app) {
  app.add_option("--json", json, "write all figures as JSON; - for stdout");
  app.add_option("--report", report, "write them as a page to this file; - for stdout");
}

int MeasuredOutput::check() const {
  return check_outputs({{"--json", json}, {"--report", report, true}});
}

bool MeasuredOutput::write(const nlohmann::ordered_json& measured, const std::string& text) const {
  // Where one of them goes to stdout, nothing else does.
  std::fputs(text.c_str(), json == "-" || report == "-" ? stderr : stdout);
  bool written = json.empty() || write_file(json, measured.dump(2) + '\n');
  if (!report.empty()) written = replace_file(report, measured_to_html(measured, text)) && written;
  return written;
}

}  // namespace pap::sim
