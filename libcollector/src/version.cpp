// SPDX-License-Identifier: MIT
#include "pap/version.hpp"

namespace pap {

// PAP_VERSION and PAP_BUILD come from the build, for this file alone.
std::string_view version() { return PAP_VERSION; }

std::string_view build_info() { return PAP_VERSION " (" PAP_BUILD ")"; }

}  // namespace pap
