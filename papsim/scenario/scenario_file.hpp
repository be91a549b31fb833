// SPDX-License-Identifier: MIT
#pragma once

// A scenario file: read, checked for all seeds at once, and then the scenario of each seed.
//
// Checked are the file as it is written and both ends of everything that `vary` may draw; so a
// seed hardly ever finds a mistake that loading did not.
// Errors: as problems, all at once; a file with problems has no scenario.
// Ownership: values. Threads: values; scenario() is pure.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "papsim/scenario/document.hpp"
#include "papsim/scenario/model.hpp"
#include "papsim/scenario/problem.hpp"

namespace pap::sim {

class ScenarioFile {
 public:
  static ScenarioFile load(const std::string& path);
  static ScenarioFile from_text(std::string name, std::string_view text);

  bool good() const { return problems_.empty(); }
  const std::string& name() const { return name_; }  // as it was given
  const std::vector<Problem>& problems() const { return problems_; }
  // As it is written, without the blanks around it; from 1 on, and empty beyond the last.
  std::string line(std::size_t number) const;
  // With `vary` as a list of what would be drawn, and the values that stand in the file.
  const Scenario& as_written() const { return as_written_; }
  // With everything drawn, and no `vary`. None when this seed draws something that is wrong.
  std::optional<Scenario> scenario(std::uint64_t seed, std::vector<Problem>& problems) const;

 private:
  std::string name_;
  std::vector<std::string> lines_;
  Node document_;
  Scenario as_written_;
  std::vector<Problem> problems_;
};

// The scenario files in a file or folder (and the folders in it), by name; hidden ones and those
// that do not end in .yaml or .yml are left out of folders. None when there is no such path.
std::optional<std::vector<std::string>> scenario_files(const std::string& path);

}  // namespace pap::sim
