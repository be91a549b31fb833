// SPDX-License-Identifier: MIT
#pragma once

// The shared library hides everything that does not carry PAP_API.
#define PAP_API __attribute__((visibility("default")))
