// SPDX-License-Identifier: MIT
#pragma once

#include <string_view>

#include "pap/export.hpp"

namespace pap {

// The release, `major.minor.patch`, and what was built: `1.0.0 (gcc 12.2.0, Release)`.
PAP_API std::string_view version();
PAP_API std::string_view build_info();

}  // namespace pap
