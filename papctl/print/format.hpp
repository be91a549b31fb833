// SPDX-License-Identifier: MIT
#pragma once

// The forms in which answers are printed.
//
// table and wide are for people; tsv, json, jsonl, yaml and name for programs: full values, and
// nothing that depends on the terminal; raw is what the collector served, where a command has it.
// Threads: values.

#include <cstdint>

namespace pap::ctl {

enum class Format : std::uint8_t { kTable, kWide, kJson, kJsonl, kYaml, kName, kTsv, kRaw };

constexpr bool is_for_people(Format format) {
  return format == Format::kTable || format == Format::kWide;
}

}  // namespace pap::ctl
