// SPDX-License-Identifier: MIT
#pragma once

// The files of report/page, as they were when the program was built (cmake/PapEmbed.cmake).
//
// Threads: constants.

#include <span>
#include <string_view>

namespace pap::sim {

struct PagePart {
  std::string_view name;  // of the file, without its folder
  std::string_view text;
};

std::span<const PagePart> page_parts();

}  // namespace pap::sim
